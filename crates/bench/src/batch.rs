//! Many people's accesses in one run, by reference: how many a second, and when the first package lies
//! there; beside the same statements by hand, one person after the other on one connection.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client;
use crate::msp::Msp;
use crate::report::{Bar, Line, Report, median};

pub(crate) fn run(msp: &Msp, people: u64, rounds: u64) {
    let mut report = Report::new("batch");
    let house = msp.house();
    let (mut rates, mut firsts, mut hands, mut peaks, mut turns) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let emails: Vec<String> = (0..people)
            .map(|number| msp.company.email(msp.company.light(20_000 + round * people + number)))
            .collect();
        let file = house.beside("batch.txt");
        std::fs::write(&file, emails.join("\n")).unwrap_or_else(|error| panic!("{error}"));
        let by_hand = || {
            let statements: Vec<String> =
                emails.iter().flat_map(|one| client::access(one)).collect();
            client::by_client(msp.url(), &statements)
        };
        let mut hand = None;
        if round % 2 == 0 {
            hand = Some(by_hand());
        }
        let folder = PathBuf::from(house.beside(&format!("batch-{round}")));
        let waiting = folder.clone();
        let begun = Instant::now();
        let (took, first) = std::thread::scope(|scope| {
            let watch = scope.spawn(|| first_package(&waiting, begun));
            let out = folder.to_string_lossy();
            let words =
                ["--json", "request", "access", "--by-reference", "--batch", &file, "-o", &out];
            let took = house.must(&words);
            // Whoever watches must find something now, if there is anything.
            (took, watch.join().unwrap_or_default())
        });
        let (by_hand, rows) = hand.unwrap_or_else(by_hand);
        let packages = packages(&folder);
        assert_eq!(packages, people, "{}", took.said);
        let share = first.as_secs_f64() / took.seconds();
        turns.push(json!({
            "people": people, "rows": rows, "seconds": took.seconds(), "first_seconds": first.as_secs_f64(),
            "by_hand_seconds": by_hand.as_secs_f64(), "peak_mib": took.peak_mib(),
        }));
        rates.push(people as f64 / took.seconds());
        firsts.push(share * 100.0);
        hands.push(people as f64 / by_hand.as_secs_f64());
        peaks.push(took.peak_mib());
    }
    report.line(&Line {
        what: format!("{people} accesses in a batch, scale {}, by reference", msp.scale),
        ours: (median(&rates), "/s"),
        beside: Some(("eight statements each by hand, one connection", median(&hands), "/s")),
        figure: (median(&rates), "/s"),
        bar: Bar::AtLeast(200.0),
        moonshot: Bar::AtLeast(1_000.0),
    });
    report.line(&Line {
        what: "the first package of the batch is there".to_owned(),
        ours: (median(&firsts), "% of the time"),
        beside: None,
        figure: (median(&firsts), "%"),
        bar: Bar::AtMost(5.0),
        moonshot: Bar::None,
    });
    report.line(&Line {
        what: format!("peak memory of a batch of {people}"),
        ours: (median(&peaks), "MiB"),
        beside: None,
        figure: (median(&peaks), "MiB"),
        bar: Bar::AtMost(256.0),
        moonshot: Bar::AtMost(64.0),
    });
    report.raw("turns", turns);
    report.raw("server", msp.version());
    report.keep();
}

/// When the first package lay in the folder.
fn first_package(folder: &Path, begun: Instant) -> Duration {
    while packages(folder) == 0 && begun.elapsed() < Duration::from_secs(3_600) {
        std::thread::sleep(Duration::from_millis(3));
    }
    begun.elapsed()
}

fn packages(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "zip")).count() as u64
}
