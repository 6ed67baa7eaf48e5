//! Scores the detector on labelled texts: `accuracy DIR|FILE… [--wrong TYPE]`, and beside peers with
//! `--peers DIR --json FILE`.
//!
//! Texts stand in JSON Lines (`{"id", "text", "spans": [[start, end, TYPE], …]}`, offsets in
//! characters) or in JSON (one such object, or a list of them). What cannot be read is told, line by
//! line. `--own DIR` writes the project's own texts in that form, which its tests use too.

#![expect(clippy::print_stdout, reason = "a tool for people at a terminal: printing is its work")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a tool: what is wrong ends it"
)]

#[path = "../../tests/labelled/corpus.rs"]
mod corpus;
mod findings;
mod own;
mod read;
mod report;
mod score;
#[path = "../../tests/labelled/secrets/mod.rs"]
mod secrets;

use std::path::Path;
use std::process::ExitCode;

use score::Type;

const USAGE: &str = "usage: accuracy DIR|FILE… [--wrong TYPE] [--peers DIR] [--json FILE]\n       accuracy --own DIR";

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut option = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        let value = words.get(at + 1).cloned();
        words.drain(at..(at + 2).min(words.len()));
        value
    };
    let (wrong, peers, json) = (option("--wrong"), option("--peers"), option("--json"));
    if let Some(folder) = option("--own") {
        own::write(Path::new(&folder));
        return ExitCode::SUCCESS;
    }
    if words.is_empty() {
        println!("{USAGE}");
        return ExitCode::from(2);
    }
    let mut unread = 0;
    let mut results = Vec::new();
    for file in words.iter().flat_map(|word| read::files(Path::new(word))) {
        let corpus = read::corpus(&file);
        for message in &corpus.unread {
            println!("not read: {message}");
        }
        unread += corpus.unread.len();
        if corpus.documents.is_empty() {
            continue;
        }
        let mut all = vec![findings::ours(&corpus)];
        if let Some(folder) = &peers {
            all.extend(findings::peers(&corpus, Path::new(folder)));
        }
        if let Some(kind) = wrong.as_deref().and_then(Type::of_label) {
            report::wrong(&corpus, &all[0], kind);
        }
        let scored = report::Scored::new(&corpus, &all);
        scored.print();
        results.push(scored);
    }
    if let Some(path) = json {
        report::keep(&results, Path::new(&path));
    }
    if unread > 0 {
        println!("{unread} places could not be read");
    }
    if unread > 0 || results.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
