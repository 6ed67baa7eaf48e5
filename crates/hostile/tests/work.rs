//! Work: twice the input may take little more than twice the instructions, in every shape of
//! trouble. Instructions are counted by valgrind, so that the machine and its load do not matter.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test"
)]

use std::path::Path;
use std::process::Command;

/// Twice the work, and something for tables that grow.
const AT_MOST: f64 = 2.3;

/// The instructions of `hostile TARGET BYTES`.
fn instructions(target: &str, bytes: usize) -> u64 {
    let out = tempfile(target, bytes);
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", &format!("--callgrind-out-file={}", out.display())])
        .arg(env!("CARGO_BIN_EXE_hostile"))
        .args([target, &bytes.to_string()])
        .output()
        .expect("valgrind is installed: see scripts/test-servers.sh");
    let _ = std::fs::remove_file(&out);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{target}: {told}");
    let counted = told.lines().find_map(|line| line.split_once("Collected : "));
    let (_, counted) = counted.unwrap_or_else(|| panic!("no count in {told}"));
    counted.trim().parse().unwrap()
}

fn tempfile(target: &str, bytes: usize) -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{target}-{bytes}.callgrind"))
}

fn linear(names: &[&str], bytes: usize) {
    let mut steep = Vec::new();
    for name in names {
        let (none, once, twice) =
            (instructions(name, 0), instructions(name, bytes), instructions(name, 2 * bytes));
        let (once, twice) = (once.saturating_sub(none).max(1), twice.saturating_sub(none));
        #[expect(clippy::cast_precision_loss, reason = "a ratio of counts")]
        let ratio = twice as f64 / once as f64;
        println!("{name}: {once} for {bytes} bytes, {twice} for twice as many: {ratio:.2}");
        if ratio > AT_MOST {
            steep.push(format!("{name}: {ratio:.2}"));
        }
    }
    assert!(steep.is_empty(), "more than linear: {steep:?}");
}

// In four tests, so that they run beside each other.

#[test]
#[ignore = "minutes under valgrind: cargo nextest run -p hostile --run-ignored only"]
fn texts_take_linear_work() {
    linear(&["policy", "quote", "address", "dates"], 16 << 10);
}

#[test]
#[ignore = "minutes under valgrind: cargo nextest run -p hostile --run-ignored only"]
fn people_take_linear_work() {
    linear(&["search", "redact", "kinds", "packed"], 8 << 10);
}

#[test]
#[ignore = "minutes under valgrind: cargo nextest run -p hostile --run-ignored only"]
fn files_take_linear_work() {
    linear(&["csv", "jsonl", "lines", "gzip"], 8 << 10);
}

#[test]
#[ignore = "minutes under valgrind: cargo nextest run -p hostile --run-ignored only"]
fn proofs_and_shown_text_take_linear_work() {
    linear(&["tile", "note", "proof", "shown"], 16 << 10);
}
