//! The house's own checks, run as `cargo xtask COMMAND`.
//!
//! * `arch` compares the table of rooms in ARCHITECTURE.md with what the crates really depend on,
//!   and `deny.toml` with who really touches which foreign crate.
//! * `tidy` reads every file of the project for what a reviewer should not have to look for.
//! * `gauge` counts the instructions of small pieces of work and compares them with what is kept.
//! * `bench` measures, and writes the tables of BENCHMARKS.md from the raw data.
//! * `test` runs everything: the servers, the format, both checks above, the lints, all tests.
//!
//! What is deliberately not here: anything that a shipped crate needs, and any rule that rustc or
//! clippy can state better. This crate is built first on a clean machine, so it stays small.

#![expect(clippy::print_stdout, reason = "a tool for people at a terminal: printing is its work")]

mod accuracy;
mod arch;
mod bench;
mod cargo;
mod gauge;
mod kill_loop;
mod lines;
mod links;
mod rooms;
mod sim;
mod steps;
mod supply;
mod tidy;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

/// Something that a person must put right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    /// The file, or the file and the line (`ARCHITECTURE.md:31`).
    place: String,
    /// What is wrong, and what to do.
    message: String,
}

impl Problem {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// What a check found: problems fail it, remarks do not.
#[derive(Debug, Default)]
struct Findings {
    problems: Vec<Problem>,
    remarks: Vec<Problem>,
    /// What was looked at, in plain words, for the closing line.
    looked_at: String,
}

impl Findings {
    /// Prints everything; true if nothing must be put right.
    fn report(mut self, check: &str) -> bool {
        self.problems.sort();
        self.remarks.sort();
        for remark in &self.remarks {
            println!("remark: {remark}");
        }
        for problem in &self.problems {
            println!("error: {problem}");
        }
        if self.problems.is_empty() {
            println!("{check}: fine ({})", self.looked_at);
        } else {
            println!("{check}: {} to put right ({})", self.problems.len(), self.looked_at);
        }
        self.problems.is_empty()
    }
}

/// The folder that holds the workspace's Cargo.toml.
fn root() -> Result<PathBuf, String> {
    let here = std::env::current_dir().map_err(|error| format!("where am I? {error}"))?;
    here.ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file())
        .map(PathBuf::from)
        .ok_or_else(|| "run this inside the project's folder".to_owned())
}

fn read(path: &std::path::Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn run() -> Result<bool, String> {
    let mut words = std::env::args().skip(1);
    let command = words.next();
    let rest: Vec<String> = words.collect();
    let root = root()?;
    match (command.as_deref(), rest.is_empty()) {
        (Some("arch"), true) => Ok(arch::check(&root)?.report("arch")),
        (Some("accuracy"), false) => accuracy::run(&root, &rest),
        (Some("tidy"), true) => Ok(tidy::check(&root)?.report("tidy")),
        (Some("kill-loop"), _) => kill_loop::run(&root, &rest),
        (Some("test"), true) => steps::test(&root),
        (Some("bench"), _) => bench::run(&root, &rest),
        (Some("sim"), _) => sim::run(&root, &rest),
        (Some("gauge"), _) if rest.iter().all(|word| word == "--update") => {
            match gauge::run(&root, !rest.is_empty())? {
                gauge::Gauged::Fine => Ok(true),
                gauge::Gauged::Failed => Ok(false),
                gauge::Gauged::Skipped(reason) => {
                    println!("gauge: skipped, {reason}");
                    Ok(true)
                }
            }
        }
        _ => {
            println!(
                "cargo xtask arch   rooms, arrows and foreign crates are as the documents say"
            );
            println!("cargo xtask accuracy DIR|FILE  scores the detector on labelled texts");
            println!("cargo xtask tidy   every file is as STYLE.md asks");
            println!(
                "cargo xtask kill-loop  kills the program at random moments; --times, --engine, --seed"
            );
            println!(
                "cargo xtask gauge  instructions are not over three percent more than are kept"
            );
            println!("                   --update keeps the counts as they are now");
            println!(
                "cargo xtask bench  measures; --quick, or names with options; then the tables"
            );
            println!("                   --tables writes the tables of BENCHMARKS.md alone");
            println!(
                "cargo xtask sim    plays seeds; --planted, or --seed SEED --trace; --release"
            );
            println!("cargo xtask test   everything: servers, format, lints, checks, all tests");
            Ok(command.is_none())
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            println!("error: {message}");
            ExitCode::from(2)
        }
    }
}
