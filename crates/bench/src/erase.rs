//! The erasure of a heavy person beside one set-based transaction over as many rows.

use serde_json::json;

use crate::client;
use crate::msp::Msp;
use crate::report::{Bar, Line, Report, median};

/// Whose turn it is: by hand or by the binary, so that a drift of the machine hits both.
const TURNS: [bool; 4] = [false, true, true, false];

pub(crate) fn run(msp: &Msp, rounds: u64) {
    let mut report = Report::new("erase");
    let house = msp.house();
    let (mut ours, mut psql, mut bare, mut turns, mut peak) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), 0.0_f64);
    let mut person = 0;
    for round in 0..rounds {
        for by_binary in TURNS {
            let contact = msp.company.heavy(person);
            person += 1;
            assert!(
                person <= msp.company.heavies(),
                "nobody heavy is left: a larger scale, please"
            );
            let email = msp.company.email(contact);
            let before = left(msp, contact);
            let (what, seconds) = if by_binary {
                let out = house.beside(&format!("certificate-{contact}.json"));
                let words =
                    ["request", "erase", "--by-reference", "--email", &email, "--yes", "-o", &out];
                // By reference alone no erasure counts as complete, and the exit code says so: what is
                // left is counted below.
                let took = house.run(&words);
                assert!(matches!(took.code, Some(0 | 1)), "{}", took.said);
                peak = peak.max(took.peak_mib());
                ours.push(took.seconds());
                ("upheld", took.seconds())
            } else {
                let statements = client::erasure(contact, &email);
                // By psql and by the bare client in turns as well.
                if round % 2 == 0 {
                    let took = client::by_psql(msp, &statements).as_secs_f64();
                    psql.push(took);
                    ("psql", took)
                } else {
                    let (took, _) = client::by_client(msp.url(), &statements);
                    bare.push(took.as_secs_f64());
                    ("client", took.as_secs_f64())
                }
            };
            assert_eq!(left(msp, contact), 0, "something of contact {contact} is left");
            turns.push(json!({ "by": what, "rows": before, "seconds": seconds }));
        }
    }
    let middle = median(&ours);
    for (name, beside) in [
        ("one set-based transaction, through psql", &psql),
        ("the same through a bare client, with connecting", &bare),
    ] {
        if beside.is_empty() {
            continue;
        }
        let judged = name.contains("psql");
        report.line(&Line {
            what: format!("erasure of a heavy person, scale {}, by reference", msp.scale),
            ours: (middle * 1e3, "ms"),
            beside: Some((name, median(beside) * 1e3, "ms")),
            figure: (middle / median(beside), "×"),
            bar: if judged { Bar::AtMost(3.0) } else { Bar::None },
            moonshot: if judged { Bar::AtMost(1.5) } else { Bar::None },
        });
    }
    report.raw("turns", turns);
    report.raw("peak_mib", peak);
    report.raw("server", msp.version());
    report.keep();
}

fn left(msp: &Msp, contact: u64) -> u64 {
    msp.psql(&client::left(contact)).trim().parse().unwrap_or(u64::MAX)
}
