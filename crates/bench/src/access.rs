//! One light access beside the SQL that somebody would write by hand for the same rows.

use serde_json::json;

use crate::client;
use crate::msp::Msp;
use crate::report::{Bar, Line, Report, median};

/// A whole process each: start, catalogue, look-ups, package, log entry.
pub(crate) fn run(msp: &Msp, rounds: u64) {
    let mut report = Report::new("access");
    let house = msp.house();
    let (mut ours, mut psql, mut bare, mut peaks, mut turns) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds + 1 {
        let email = msp.company.email(msp.company.light(1_000 + round * 11));
        let statements = client::access(&email);
        let out = house.beside(&format!("access-{round}.zip"));
        let words =
            ["--json", "request", "access", "--by-reference", "--email", &email, "-o", &out];
        // Whoever comes first finds the pages cold: in turns.
        let mut took = None;
        let (mut by_psql, mut by_client) = Default::default();
        for turn in 0..3 {
            match (turn + round) % 3 {
                0 => took = Some(house.must(&words)),
                1 => by_psql = client::by_psql(msp, &statements),
                _ => by_client = client::by_client(msp.url(), &statements),
            }
        }
        let (by_client, rows): (std::time::Duration, u64) = by_client;
        let Some(took) = took else { continue };
        assert_eq!(took.number("records"), Some(rows), "not the same rows: {}", took.said);
        // The first round makes the house's own state and is told apart.
        if round == 0 {
            report.raw("first_ms", took.seconds() * 1e3);
            continue;
        }
        turns.push(json!({
            "rows": rows, "upheld_ms": took.seconds() * 1e3, "psql_ms": by_psql.as_secs_f64() * 1e3,
            "client_ms": by_client.as_secs_f64() * 1e3,
        }));
        ours.push(took.seconds() * 1e3);
        psql.push(by_psql.as_secs_f64() * 1e3);
        bare.push(by_client.as_secs_f64() * 1e3);
        peaks.push(took.peak_mib());
    }
    let middle = median(&ours);
    for (name, beside) in [
        ("eight statements by hand, through psql", median(&psql)),
        ("the same through a bare client, with connecting", median(&bare)),
    ] {
        let judged = name.contains("psql");
        report.line(&Line {
            what: format!("one light access, scale {}, by reference", msp.scale),
            ours: (middle, "ms"),
            beside: Some((name, beside, "ms")),
            figure: (middle / beside, "×"),
            bar: if judged { Bar::AtMost(2.0) } else { Bar::None },
            moonshot: if judged { Bar::AtMost(1.3) } else { Bar::None },
        });
    }
    report.raw("turns", turns);
    report.raw("peak_mib", median(&peaks));
    report.raw("server", msp.version());
    report.keep();
}
