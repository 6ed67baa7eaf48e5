//! How fast are events appended, sealed and verified on this machine, with every write synced?
//!
//! `cargo run --release -p evidence --example measure -- DIR [EVENTS]`; DIR must not exist.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use evidence::Ledger;
use model::{Micros, Rng as _};
use store::{Event, Location, Store, new_id};
use vault::{OsRng, Vault};

#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "measuring is its purpose")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().ok_or("name a folder to make")?);
    let count: u32 = arguments.next().map_or(Ok(200_000), |count| count.parse())?;
    let store = Store::open(&Location::Sqlite(folder.join("db"))).await?;
    let vault = Vault::create(&folder.join("keys"), Arc::new(OsRng))?;
    let ledger = Ledger::open(&folder.join("ledger"), "measure.example/log")?;
    let event = |at: u32| {
        let mut salt = [0; 32];
        OsRng.fill(&mut salt);
        Event {
            id: new_id(&OsRng),
            organisation: "measured".to_owned(),
            kind: "system erased".to_owned(),
            case: None,
            at: Micros(i64::from(at)),
            body: format!(r#"{{"rows_changed":{at},"system":"tickets"}}"#).into_bytes(),
            salt,
        }
    };
    let say = |what: &str, number: u32, since: Instant| {
        let seconds = since.elapsed().as_secs_f64();
        println!("{what}: {number} in {seconds:.2} s, {:.0} a second", f64::from(number) / seconds);
    };
    let events: Vec<Event> = (0..count).map(event).collect();
    let start = Instant::now();
    for batch in events.chunks(1000) {
        let mut tx = store.begin().await?;
        tx.append_events(batch).await?;
        tx.commit().await?;
    }
    say("appended, 1,000 a transaction", count, start);
    let sealing = Instant::now();
    ledger.seal_pending(&store, &vault).await?;
    say("sealed", count, sealing);
    say("appended and sealed", count, start);
    let start = Instant::now();
    for at in 0..100 {
        let mut tx = store.begin().await?;
        tx.append_event(&event(at)).await?;
        tx.commit().await?;
        ledger.seal_pending(&store, &vault).await?;
    }
    say("appended and sealed one by one", 100, start);
    let verifier = ledger.verifier(&vault)?;
    let start = Instant::now();
    evidence::verify(ledger.path(), &verifier)?;
    say("verified offline", count + 100, start);
    let start = Instant::now();
    ledger.verify(&store, &vault).await?;
    say("verified against the database", count + 100, start);
    let start = Instant::now();
    let first = events.first().ok_or("no events")?;
    let proof = ledger.prove(&store, &first.id).await?;
    say("proved", 1, start);
    ledger.export(&folder.join("export"), &vault).await?;
    std::fs::write(folder.join("export").join("first.tlog-proof"), proof.text)?;
    Ok(())
}
