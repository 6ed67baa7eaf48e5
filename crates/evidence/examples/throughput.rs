//! How fast are events committed, sealed and verified on this machine, with every write synced?
//!
//! `cargo run --release -p evidence --example throughput -- DIR [EVENTS] [BATCH]`; DIR must not exist.
//! With a DIR that it made before, it checks the export there again and does nothing else.
//! The log is left in `DIR/export` for others to check: `scripts/check-log-foreign.py DIR/export`.
//!
//! "Batched" is the whole way and not a part of it: a batch of events is committed to the database
//! and synced, its tiles are written and synced, a checkpoint over it is signed, shown and noted in
//! the database, and only then the next batch begins.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use evidence::{Anchor, Ledger};
use model::{Micros, Rng as _};
use store::{Event, Location, Store, new_id};
use vault::{OsRng, Vault};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Entries that are sealed one by one: each pays for every sync alone.
const ALONE: u32 = 200;

fn event(at: u32) -> Event {
    let mut salt = [0; 32];
    OsRng.fill(&mut salt);
    Event {
        id: new_id(&OsRng),
        organisation: "measured".to_owned(),
        kind: "system erased".to_owned(),
        case: None,
        at: Micros(1_764_000_000_000_000 + i64::from(at)),
        body: format!(r#"{{"rows_changed":{at},"system":"tickets"}}"#).into_bytes(),
        salt,
    }
}

#[expect(clippy::print_stdout, reason = "measuring is its purpose")]
fn say(what: &str, number: u32, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    println!("{what}: {number} in {seconds:.2} s, {:.0} a second", f64::from(number) / seconds);
}

#[expect(clippy::disallowed_methods, reason = "measuring is its purpose")]
#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to make")?);
    let count: u32 = arguments.next().map_or(Ok(1_000_000), |count| count.parse())?;
    let batch: usize = arguments.next().map_or(Ok(10_000), |batch| batch.parse())?;
    if let Ok(key) = std::fs::read_to_string(folder.join("export").join("log.vkey")) {
        let start = Instant::now();
        let checked = evidence::verify(&folder.join("export"), &key.trim().parse()?)?;
        say("verified offline", u32::try_from(checked.entries)?, start);
        return Ok(());
    }
    let store = Store::open(&Location::Sqlite(folder.join("db"))).await?;
    let vault = Vault::create(&folder.join("keys"), Arc::new(OsRng))?;
    let ledger = Ledger::open(&folder.join("ledger"), "measure.example/log")?
        .anchored(vec![Anchor::own(&folder.join("anchor"))]);
    let events: Vec<Event> = (0..count).map(event).collect();

    let start = Instant::now();
    let (mut committing, mut sealing) = (0.0, 0.0);
    for batch in events.chunks(batch) {
        let begun = Instant::now();
        let mut tx = store.begin().await?;
        tx.append_events(batch).await?;
        tx.commit().await?;
        committing += begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        ledger.seal_pending(&store, &vault).await?;
        sealing += begun.elapsed().as_secs_f64();
    }
    say(&format!("committed and sealed, batches of {batch}"), count, start);
    #[expect(clippy::print_stdout, reason = "measuring is its purpose")]
    {
        println!("  of it {committing:.2} s committing and {sealing:.2} s sealing");
    }

    let start = Instant::now();
    for at in 0..ALONE {
        let mut tx = store.begin().await?;
        tx.append_event(&event(at)).await?;
        tx.commit().await?;
        ledger.seal_pending(&store, &vault).await?;
    }
    say("committed and sealed one by one", ALONE, start);

    let verifier = ledger.verifier(&vault)?;
    let start = Instant::now();
    ledger.export(&folder.join("export"), &vault).await?;
    say("exported", count + ALONE, start);
    for _ in 0..3 {
        let start = Instant::now();
        evidence::verify(&folder.join("export"), &verifier)?;
        say("verified offline, the whole exported folder", count + ALONE, start);
    }
    let start = Instant::now();
    ledger.verify(&store, &vault).await?;
    say("verified against the database", count + ALONE, start);
    let start = Instant::now();
    let first = events.first().ok_or("no events")?;
    let proof = ledger.prove(&store, &first.id).await?;
    say("proved", 1, start);
    std::fs::write(folder.join("first.tlog-proof"), proof.text)?;
    Ok(())
}
