//! Measures the shipped binary beside its peer, or beside the limit of the machine, in one run.
//!
//! Machines are shared and noisy, so seconds are told and never judged; what counts is the ratio of
//! two things done in turns, minutes apart at most, on the same data. Every run writes what it
//! measured, raw, into a JSON file beside the table that it prints.
//!
//! `cargo run --release -p bench -- retention` · `cargo run --release -p bench -- logs`
#![expect(clippy::print_stdout, reason = "a tool for people at a terminal: printing is its work")]
#![expect(clippy::panic, reason = "a measurement that cannot be made must say why and stop")]
#![allow(clippy::disallowed_methods, reason = "a stopwatch asks the machine for the time")]

mod binary;
mod logs;
mod retention;
mod writer;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, otherwise: u64| {
        let at = words.iter().position(|word| word == name);
        let given = at.and_then(|at| words.get(at + 1)).and_then(|word| word.parse().ok());
        given.unwrap_or(otherwise)
    };
    match words.first().map(String::as_str) {
        Some("retention") => {
            let only = words.iter().position(|word| word == "--only");
            let only = only.and_then(|at| words.get(at + 1)).map(String::as_str);
            retention::run(number("--rows", 10_000_000), only);
            ExitCode::SUCCESS
        }
        Some("logs") => {
            logs::run(number("--files", 2_000), number("--megabytes", 10));
            ExitCode::SUCCESS
        }
        _ => {
            println!(
                "usage: bench retention [--rows N] [--only postgres|mariadb]\n       bench logs [--files N] [--megabytes N]"
            );
            ExitCode::from(2)
        }
    }
}
