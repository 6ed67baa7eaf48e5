//! Every text of tickets and notes is searched, for one person and for a thousand at once, beside the
//! rate at which the database hands the same columns out.

use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use crate::msp::{Msp, Texts};
use crate::report::{Bar, Line, Report, median};

/// The columns that the map calls free text, all of them.
const COLUMNS: [&str; 3] = [
    "COPY (SELECT id, subject, description FROM tickets) TO STDOUT",
    "COPY (SELECT id, body FROM ticket_notes) TO STDOUT",
    "COPY (SELECT id, remark FROM contacts) TO STDOUT",
];

pub(crate) fn run(msp: &Msp, rounds: u64) {
    let mut report = Report::new("search");
    let bytes: f64 = msp
        .psql(
            "SELECT (SELECT sum(octet_length(subject) + octet_length(description)) FROM tickets)
                  + (SELECT sum(octet_length(body)) FROM ticket_notes)
                  + (SELECT coalesce(sum(octet_length(remark)), 0) FROM contacts)",
        )
        .trim()
        .parse()
        .unwrap_or(0.0);
    let (searched, left) = (msp.house(Texts::Searched), msp.house(Texts::Left));
    let mut turns = Vec::new();
    for people in [1_u64, 1_000] {
        let (mut copies, mut searches) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            let list: Vec<String> = (0..people)
                .map(|number| msp.company.email(msp.company.light(round * 5_000 + number)))
                .collect();
            let file = searched.beside("people.txt");
            std::fs::write(&file, list.join("\n")).unwrap_or_else(|error| panic!("{error}"));
            let copy = hand_out(msp);
            // What is not search (start, look-ups, packages) is done without search as well, and
            // taken off.
            let all = searched.must(&words(&file, &searched.beside(&format!("s{people}-{round}"))));
            let rest = left.must(&words(&file, &left.beside(&format!("l{people}-{round}"))));
            let copy_again = hand_out(msp);
            let search = (all.seconds() - rest.seconds()).max(1e-3);
            turns.push(json!({
                "people": people, "copy_seconds": [copy, copy_again], "with_search_seconds": all.seconds(),
                "without_search_seconds": rest.seconds(), "peak_mib": all.peak_mib(),
            }));
            copies.push(f64::midpoint(copy, copy_again));
            searches.push(search);
        }
        let rate = |seconds: &[f64]| bytes / 1e6 / median(seconds);
        report.line(&Line {
            what: format!("text search for {people} at once, {:.0} MB of text", bytes / 1e6),
            ours: (rate(&searches), "MB/s"),
            beside: Some(("COPY of the same columns to nowhere", rate(&copies), "MB/s")),
            figure: (rate(&searches) / rate(&copies), "of the rate"),
            bar: Bar::AtLeast(0.7),
            moonshot: Bar::AtLeast(0.95),
        });
    }
    report.raw("turns", turns);
    report.raw("bytes_of_text", bytes);
    report.raw("scale", msp.scale);
    report.raw("server", msp.version());
    report.keep();
}

fn words<'w>(file: &'w str, folder: &'w str) -> [&'w str; 6] {
    ["request", "access", "--emails", file, "-o", folder]
}

/// The database hands the columns out, and nobody looks at them. Seconds.
fn hand_out(msp: &Msp) -> f64 {
    let begun = Instant::now();
    for column in COLUMNS {
        let psql = Command::new("psql")
            .args(["-X", "-q", "-d", msp.url(), "-c", column])
            .stdout(Stdio::null())
            .status();
        assert!(psql.is_ok_and(|status| status.success()), "psql failed");
    }
    begun.elapsed().as_secs_f64()
}
