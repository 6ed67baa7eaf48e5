//! `cargo xtask accuracy DIR|FILE…`: builds the detector's scorer and hands it the words. Each line
//! of a file is `{"id", "text", "spans": [[start, end, TYPE], …]}`, with offsets in characters;
//! `--wrong TYPE` shows what was found in vain or missed.

use std::path::Path;
use std::process::Command;

/// Runs the scorer; true if it could read the files.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<bool, String> {
    let here = std::env::current_dir().map_err(|error| format!("where am I? {error}"))?;
    let mut cargo = Command::new("cargo");
    cargo.args([
        "run",
        "--quiet",
        "--locked",
        "--release",
        "-p",
        "detect",
        "--example",
        "accuracy",
    ]);
    cargo.arg("--manifest-path").arg(root.join("Cargo.toml"));
    cargo.arg("--").args(words).current_dir(here);
    let status = cargo.status().map_err(|error| format!("cannot run cargo: {error}"))?;
    Ok(status.success())
}
