//! The corpus that fuzzing left.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "each test uses its part of it")]

use std::path::{Path, PathBuf};

/// `fuzz/corpus/TARGET`.
pub fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target)
}

/// Every input of a target's corpus, in the order of their names.
pub fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = folder(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(&path).unwrap())
    };
    files.into_iter().map(read).collect()
}
