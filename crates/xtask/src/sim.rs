//! `cargo xtask sim`: builds the simulation and hands it the words. `--release` is for a million
//! seeds: it builds longer and plays many times as fast.

use std::path::Path;
use std::process::Command;

/// Runs the simulation; true if no seed broke a rule and every planted mistake was found.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<bool, String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--locked", "-p", "sim"]).current_dir(root);
    if words.iter().any(|word| word == "--release") {
        cargo.arg("--release");
    }
    cargo.arg("--").args(words.iter().filter(|word| *word != "--release"));
    let status = cargo.status().map_err(|error| format!("cannot run cargo: {error}"))?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err("the simulation could not run; its words stand above".to_owned()),
    }
}
