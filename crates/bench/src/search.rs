//! Every text of tickets and notes is searched, for one person and for a thousand at once, beside the
//! rate at which the database hands the same columns out.

use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use crate::msp::Msp;
use crate::report::{Bar, Line, Report, median};

/// The texts of each table, all of which are searched whatever the map calls them.
const TEXTS: [(&str, &[&str]); 8] = [
    ("tickets", &["subject", "description", "status", "priority"]),
    ("ticket_notes", &["body"]),
    ("contacts", &["email", "first_name", "last_name", "phone", "job_title", "remark"]),
    ("invoices", &["number", "bill_to_name", "bill_to_email", "bill_to_address"]),
    ("payments", &["method", "iban", "card_ending", "payer"]),
    ("devices", &["host_name", "serial_number", "mac_address", "last_user"]),
    ("newsletter_subscribers", &["email", "name", "source"]),
    ("login_audit", &["user_agent"]),
];

pub(crate) fn run(msp: &Msp, rounds: u64) {
    let mut report = Report::new("search");
    let sizes = TEXTS.map(|(table, texts)| {
        let bytes: Vec<String> =
            texts.iter().map(|text| format!("coalesce(sum(octet_length({text})), 0)")).collect();
        format!("(SELECT {} FROM {table})", bytes.join(" + "))
    });
    let bytes = msp.psql(&format!("SELECT {}", sizes.join(" + ")));
    let bytes: f64 = bytes.trim().parse().unwrap_or(f64::NAN);
    let house = msp.house();
    let mut turns = Vec::new();
    for people in [1_u64, 1_000] {
        let (mut copies, mut searches) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            let list: Vec<String> = (0..people)
                .map(|number| msp.company.email(msp.company.light(round * 5_000 + number)))
                .collect();
            let file = house.beside("people.txt");
            std::fs::write(&file, list.join("\n")).unwrap_or_else(|error| panic!("{error}"));
            let copy = hand_out(msp);
            // What is not search (start, look-ups, packages) is done without search as well, and
            // taken off.
            let request = |out: &str, more: &[&str]| {
                let out = house.beside(&format!("{out}-{people}-{round}"));
                house.must(&[&["request", "access", "--batch", &file, "-o", &out], more].concat())
            };
            let all = request("searched", &[]);
            let rest = request("left", &["--by-reference"]);
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

/// The database hands the columns out, and nobody looks at them. Seconds.
fn hand_out(msp: &Msp) -> f64 {
    let begun = Instant::now();
    for (table, texts) in TEXTS {
        let copy = format!("COPY (SELECT id, {} FROM {table}) TO STDOUT", texts.join(", "));
        let psql = Command::new("psql")
            .args(["-X", "-q", "-d", msp.url(), "-c", &copy])
            .stdout(Stdio::null())
            .status();
        assert!(psql.is_ok_and(|status| status.success()), "psql failed");
    }
    begun.elapsed().as_secs_f64()
}
