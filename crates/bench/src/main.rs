//! Measures the shipped binary beside its peer, or beside the limit of the machine, in one run.
//!
//! Machines are shared and noisy, so seconds are told and never judged; what counts is the ratio of
//! two things done in turns, minutes apart at most, on the same data. Every run writes what it
//! measured, raw, into a JSON file, and `cargo xtask bench` makes the tables of BENCHMARKS.md from
//! those files.
//!
//! `cargo run --release -p bench -- access erase --scale 1` · see `bench/README.md`
#![expect(clippy::print_stdout, reason = "a tool for people at a terminal: printing is its work")]
#![expect(clippy::panic, reason = "a measurement that cannot be made must say why and stop")]
#![allow(clippy::disallowed_methods, reason = "a stopwatch asks the machine for the time")]

mod access;
mod accuracy;
mod batch;
mod binary;
mod client;
mod encoded;
mod erase;
mod kinds;
mod ledger;
mod logs;
mod memory;
mod msp;
mod planning;
mod report;
mod retention;
#[path = "../../plan/examples/scale/mod.rs"]
mod scale;
mod search;
mod serve;
mod start;
#[path = "../../detect/examples/texts/mod.rs"]
mod texts;
mod writer;

use std::process::ExitCode;

use msp::Msp;

/// Measurements that work on the generated provider, in the order in which they can share one.
const ON_MSP: [&str; 5] = ["access", "batch", "search", "memory", "erase"];

const USAGE: &str = "usage: bench MEASUREMENT… [options]
  on a generated provider:  access batch search memory erase
     --scale S      1: a million tickets, three million notes (1)
     --url URL      a database that `bench generate` made at the same scale
     --people N     in a batch (1000)
     --megabytes N  of documents in the large package (1000)
  by themselves:            planning encoded detect ledger start
     --megabytes N  of mails (64)
     --entries N    of the log (200000)
  of the server:            serve [--requests N] [--receipts N]
  of rules:                 retention [--rows N] [--only postgres|mariadb]
                            logs [--files N] [--megabytes N]
  of the detector:          accuracy [--corpora DIR]  labelled texts of others beside our own
  --rounds N  how often each is done (5)
bench generate [--scale S]  makes the provider and a policy folder for it, and keeps both until Ctrl-C";

/// What stands after the names.
struct Options(Vec<String>);

impl Options {
    fn text(&self, name: &str) -> Option<&str> {
        let at = self.0.iter().position(|word| word == name)?;
        self.0.get(at + 1).map(String::as_str)
    }

    fn number<N: std::str::FromStr>(&self, name: &str, otherwise: N) -> N {
        let Some(word) = self.text(name) else { return otherwise };
        word.parse().unwrap_or_else(|_| panic!("{name} wants a number, not `{word}`"))
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let end = words.iter().position(|word| word.starts_with("--")).unwrap_or(words.len());
    let (names, rest) = words.split_at(end);
    let options = Options(rest.to_vec());
    let known = |name: &str| {
        let alone = [
            "planning",
            "encoded",
            "detect",
            "ledger",
            "start",
            "serve",
            "retention",
            "logs",
            "accuracy",
            "generate",
        ];
        ON_MSP.contains(&name) || alone.contains(&name)
    };
    if names.is_empty() || names.iter().any(|name| !known(name)) {
        println!("{USAGE}");
        return ExitCode::from(2);
    }
    let rounds = options.number("--rounds", 5);
    for name in names {
        match name.as_str() {
            "planning" => planning::run(rounds),
            "encoded" => encoded::run(options.number("--megabytes", 64), rounds),
            "detect" => kinds::run(options.number("--megabytes", 64), rounds),
            "ledger" => ledger::run(options.number("--entries", 200_000), rounds.min(3)),
            "start" => start::run(rounds),
            "serve" => serve::run(
                options.number("--requests", 100_000),
                options.number("--receipts", 1_000_000),
                rounds,
            ),
            "accuracy" => accuracy::run(&options.text("--corpora").into_iter().collect::<Vec<_>>()),
            "retention" => {
                retention::run(options.number("--rows", 10_000_000), options.text("--only"));
            }
            "logs" => {
                logs::run(options.number("--files", 2_000), options.number("--megabytes", 10));
            }
            _ => {}
        }
    }
    let scale = options.number("--scale", 1.0);
    if names.iter().any(|name| name == "generate") {
        let msp = Msp::at(scale, None);
        let house = msp.house();
        println!("A policy folder for it: {}", house.policy().display());
        msp.serve();
    }
    if names.iter().any(|name| ON_MSP.contains(&name.as_str())) {
        let msp = Msp::at(scale, options.text("--url"));
        // What erases comes last.
        for name in ON_MSP.into_iter().filter(|name| names.iter().any(|given| given == name)) {
            match name {
                "access" => access::run(&msp, rounds * 3),
                "batch" => batch::run(&msp, options.number("--people", 1_000), rounds.min(3)),
                "search" => search::run(&msp, rounds.min(3)),
                "memory" => memory::run(&msp, options.number("--megabytes", 1_000)),
                _ => erase::run(&msp, rounds.min(4)),
            }
        }
    }
    ExitCode::SUCCESS
}
