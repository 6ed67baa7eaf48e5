//! The log: events appended and sealed with every write synced, beside a plain file that is synced as
//! often; and verified offline, beside hashing the same leaves and nothing else.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use evidence::Ledger;
use model::{Micros, Rng as _};
use serde_json::json;
use store::{Event, Location, Store, new_id};
use vault::{OsRng, Vault};

use crate::report::{Bar, Line, Report, median};

/// Events in one transaction.
const BATCH: usize = 1_000;

pub(crate) fn run(entries: u64, rounds: u64) {
    let mut report = Report::new("ledger");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let (mut sealed, mut plain, mut verified, mut hashed) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        plain.push(entries as f64 / synced_file(entries));
        let once = runtime.block_on(once(entries));
        let (seal, verify) = once.unwrap_or_else(|error| panic!("the log failed: {error}"));
        sealed.push(entries as f64 / seal);
        verified.push(entries as f64 / verify);
        hashed.push(entries as f64 / hashing(entries));
    }
    report.line(&Line {
        what: format!(
            "ledger: {entries} entries appended and sealed, {BATCH} at a time, with fsync"
        ),
        ours: (median(&sealed), "/s"),
        beside: Some(("the same bytes into one file, synced as often", median(&plain), "/s")),
        figure: (median(&sealed), "/s"),
        bar: Bar::AtLeast(10_000.0),
        moonshot: Bar::AtLeast(30_000.0),
    });
    report.line(&Line {
        what: format!("ledger: {entries} entries verified offline"),
        ours: (median(&verified), "/s"),
        beside: Some(("hashing the leaves on one core", median(&hashed), "/s")),
        figure: (median(&verified), "/s"),
        bar: Bar::AtLeast(500_000.0),
        moonshot: Bar::None,
    });
    report.raw("sealed_per_second", sealed);
    report.raw("plain_file_per_second", plain);
    report.raw("verified_per_second", verified);
    report.raw("hashed_per_second", hashed);
    report.raw("entries", json!(entries));
    report.keep();
}

fn event(at: u64) -> Event {
    let mut salt = [0; 32];
    OsRng.fill(&mut salt);
    Event {
        id: new_id(&OsRng),
        organisation: "measured".to_owned(),
        kind: "system erased".to_owned(),
        case: None,
        at: Micros(i64::try_from(at).unwrap_or(0)),
        body: format!(r#"{{"rows_changed":{at},"system":"tickets"}}"#).into_bytes(),
        salt,
    }
}

/// Seconds to append and seal, and to verify.
async fn once(entries: u64) -> Result<(f64, f64), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&Location::Sqlite(folder.path().join("db"))).await?;
    let vault = Vault::create(&folder.path().join("keys"), Arc::new(OsRng))?;
    let ledger = Ledger::open(&folder.path().join("ledger"), "measured.example/log")?;
    let events: Vec<Event> = (0..entries).map(event).collect();
    let begun = Instant::now();
    for batch in events.chunks(BATCH) {
        let mut tx = store.begin().await?;
        tx.append_events(batch).await?;
        tx.commit().await?;
        ledger.seal_pending(&store, &vault).await?;
    }
    let seal = begun.elapsed().as_secs_f64();
    let verifier = ledger.verifier(&vault)?;
    let begun = Instant::now();
    let checked = evidence::verify(ledger.path(), &verifier)?;
    let verify = begun.elapsed().as_secs_f64();
    assert_eq!(checked.entries, entries);
    Ok((seal, verify))
}

/// A line like an entry, as often as there are entries, synced after each batch. Seconds.
fn synced_file(entries: u64) -> f64 {
    let mut file = tempfile::tempfile().unwrap_or_else(|error| panic!("no file: {error}"));
    let batch = LEAF.repeat(BATCH);
    let begun = Instant::now();
    for _ in 0..entries / BATCH as u64 {
        let written = file.write_all(batch.as_bytes()).and_then(|()| file.sync_data());
        written.unwrap_or_else(|error| panic!("no room: {error}"));
    }
    begun.elapsed().as_secs_f64()
}

fn hashing(entries: u64) -> f64 {
    let begun = Instant::now();
    for _ in 0..entries {
        std::hint::black_box(merkle::leaf_hash(std::hint::black_box(LEAF.as_bytes())));
    }
    begun.elapsed().as_secs_f64()
}

/// As long as a leaf of the log.
const LEAF: &str = r#"{"at":1764000000000000,"commit":"9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c","id":"4f0c4f0c4f0c4f0c4f0c4f0c4f0c4f0c","org":"77ab77ab77ab77ab77ab77ab77ab77ab","type":"system erased","v":1}
"#;
