//! Every bit, every rollback, every second history; and what a dictionary finds after an erasure.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use merkle::Checkpoint;
use model::{Rng as _, SeededRng};
use store::{Event, Location, Store, commitment};

use crate::leaf::unhex;
use crate::room_for_tests::{Room, append, copy_files, files};
use crate::{Anchor, Error, Opening, Stand, verify, verify_proof};

#[tokio::test]
async fn flipped_bits_are_all_found() {
    flipped(200).await;
}

/// The full number: `cargo test --release -p evidence -- --ignored ten_thousand`.
#[tokio::test]
#[ignore = "minutes without optimisation; fewer bits of the same files are turned over above"]
async fn ten_thousand_flipped_bits_are_all_found() {
    flipped(10_000).await;
}

/// Turns over at least so many bits, one at a time, spread over every kind of file.
async fn flipped(wanted: u64) {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    let events = room.events(300);
    append(&store, &events).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    let verifier = ledger.verifier(&room.vault).unwrap();
    let (to, keys) = (room.path("export"), &room.vault);
    ledger.export(&to, keys).await.unwrap();
    let proof = ledger.prove(&store, &events[299].id).await.unwrap();
    let opening = proof.opening.unwrap().to_json().unwrap();
    let mut all = files(&to);
    // Help for a stranger, and no part of the log: read it before you run it, it says itself.
    all.retain(|name, _| !["README.txt", "check_log.py", "lock"].contains(&name.as_str()));
    let kinds = [
        "checkpoint",
        "log.der",
        "log.vkey",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    ];
    assert_eq!(all.keys().map(String::as_str).collect::<Vec<_>>(), kinds);
    all.insert("the proof".to_owned(), proof.text.clone().into_bytes());
    all.insert("its opening".to_owned(), opening.clone().into_bytes());
    let found = |name: &str, bytes: &[u8]| match name {
        "the proof" => std::str::from_utf8(bytes).map_or(true, |text| {
            verify_proof(text, Some(&Opening::from_json(&opening).unwrap()), &verifier).is_err()
        }),
        "its opening" => std::str::from_utf8(bytes).map_or(true, |text| {
            Opening::from_json(text)
                .and_then(|opening| verify_proof(&proof.text, Some(&opening), &verifier))
                .is_err()
        }),
        name => {
            std::fs::write(to.join(name), bytes).unwrap();
            verify(&to, &verifier).is_err()
        }
    };
    let mut looked: BTreeMap<&str, u64> = BTreeMap::new();
    let mut missed = Vec::new();
    let rng = SeededRng::new(26);
    // Every bit of what is small if that leaves half for the rest; of the rest, as many as make up
    // the number.
    let sizes = all.values().map(|bytes| bytes.len() as u64 * 8);
    let small: u64 = sizes.filter(|bits| *bits < 1_600).sum();
    let limit = if small * 2 < wanted { 1_600 } else { 0 };
    let (small, large): (Vec<u64>, Vec<u64>) =
        all.values().map(|bytes| bytes.len() as u64 * 8).partition(|bits| *bits < limit);
    let share = (wanted - small.iter().sum::<u64>()).div_ceil(large.len() as u64);
    for (name, bytes) in &all {
        assert!(!found(name, bytes), "{name} is found wrong as it is");
        let bits = bytes.len() as u64 * 8;
        let count = if bits < limit { bits } else { share.min(bits) };
        for number in 0..count {
            let bit = if count == bits {
                number
            } else {
                let mut random = [0; 8];
                rng.fill(&mut random);
                u64::from_le_bytes(random) % bits
            };
            let mut changed = bytes.clone();
            changed[usize::try_from(bit / 8).unwrap()] ^= 1 << (bit % 8);
            if !found(name, &changed) {
                missed.push((name, bit));
            }
            *looked.entry(name).or_default() += 1;
        }
        found(name, bytes);
    }
    let total: u64 = looked.values().sum();
    println!("{} of {total} flipped bits were found: {looked:?}", total - missed.len() as u64);
    assert!(missed.is_empty() && total >= wanted, "{total} looked at, missed: {missed:?}");
}

/// The state of an installation at some moment: its database and the folder of its log.
struct Moment {
    size: u64,
    database: Vec<u8>,
    log: BTreeMap<String, Vec<u8>>,
}

/// An installation that grew in steps, with a copy of everything at each.
async fn grown(room: &Room, sizes: &[u64], anchor: &Anchor) -> Vec<Moment> {
    let events = room.events(*sizes.last().unwrap());
    let (store, mut at) = (room.store("db").await, 0);
    let ledger = room.ledger("log").anchored(vec![anchor.clone()]);
    let mut moments = Vec::new();
    for &size in sizes {
        let end = usize::try_from(size).unwrap();
        append(&store, &events[at..end]).await;
        at = end;
        assert_eq!(ledger.seal_pending(&store, &room.vault).await.unwrap().size, size);
        store.scrub().await.unwrap();
        let database = std::fs::read(room.path("db")).unwrap();
        moments.push(Moment { size, database, log: files(ledger.path()) });
    }
    moments
}

/// Puts one moment's database beside another's log.
async fn restored(room: &Room, database: &Moment, log: &Moment) -> Store {
    let _ = std::fs::remove_dir_all(room.path("there"));
    copy_files(&log.log, &room.path("there/log"));
    std::fs::write(room.path("there/db"), &database.database).unwrap();
    Store::open(&Location::Sqlite(room.path("there/db"))).await.unwrap()
}

#[tokio::test]
async fn every_rollback_is_noticed_and_mended_only_as_far_as_it_can_be() {
    let room = Room::new();
    let anchor = Anchor::own(&room.path("anchor"));
    let moments = grown(&room, &[3, 256, 300, 301, 512, 600], &anchor).await;
    let last = moments.last().unwrap();
    for database in &moments {
        for log in &moments {
            let name = format!("database of {}, log of {}", database.size, log.size);
            let store = restored(&room, database, log).await;
            let ledger = room.ledger("there/log").anchored(vec![anchor.clone()]);
            let standing = ledger.check_standing(&store, &room.vault).await;
            let sealed = ledger.seal_pending(&store, &room.vault).await;
            let gap = ledger.gap(&store, &room.vault).await.unwrap();
            if (database.size, log.size) == (last.size, last.size) {
                standing.unwrap();
                assert_eq!((sealed.unwrap().size, gap), (last.size, None));
                continue;
            }
            for error in [standing.unwrap_err(), sealed.unwrap_err()] {
                let said = error.to_string();
                assert!(!error.is_passing(), "{name}: {said}");
                assert!(said.contains("restored") && said.contains("older"), "{name}: {said}");
            }
            assert_eq!(files(&room.path("there/log")), log.log, "{name}: something was written");
            let gap = gap.unwrap_or_else(|| panic!("{name}: no gap"));
            let here = database.size;
            assert_eq!((gap.here, gap.there, gap.split), (here, 600, false), "{name}");
            assert_eq!(gap.since.map(|at| at.0), Some(i64::try_from(here).unwrap() - 1), "{name}");
            assert_eq!(gap.is_whole(), here == 600, "{name}");
            let rebuilt = ledger.rebuild(&store, &room.vault, &gap.checkpoint).await;
            if here < 600 {
                assert!(matches!(rebuilt, Err(Error::Restored(_))), "{name}: {rebuilt:?}");
                continue;
            }
            // Nothing is lost: the folder is what it was, and no new signature was made.
            assert_eq!(rebuilt.unwrap().size, 600);
            ledger.check_standing(&store, &room.vault).await.unwrap();
            assert_eq!(ledger.verify(&store, &room.vault).await.unwrap().opened, 600);
            assert_eq!(files(&room.path("there/log"))["checkpoint"], last.log["checkpoint"]);
        }
    }
}

#[tokio::test]
async fn without_an_anchor_a_whole_rollback_cannot_be_told_and_with_one_it_can() {
    let room = Room::new();
    let anchor = Anchor::own(&room.path("anchor"));
    let moments = grown(&room, &[40, 90], &anchor).await;
    let store = restored(&room, &moments[0], &moments[0]).await;
    let bare = room.ledger("there/log");
    bare.check_standing(&store, &room.vault).await.unwrap();
    let ledger = bare.anchored(vec![anchor]);
    let error = ledger.check_standing(&store, &room.vault).await.unwrap_err();
    assert!(matches!(error, Error::Behind { here: 40, there: 90, .. }), "{error}");
}

/// Two installations went on from one, with the same key: whatever the sizes, they are told apart.
#[tokio::test]
async fn every_second_history_is_noticed() {
    let sizes = [0u64, 1, 2, 255, 256, 257, 300];
    let (mut splits, mut behind) = (0, 0);
    for common in [0usize, 1, 255, 256] {
        let room = Room::new();
        let shared = room.events(common as u64);
        let grow = async |name: &str, more: &[Event]| {
            let store = room.store(&format!("{name}.db")).await;
            let ledger = room.ledger(name);
            let mut checkpoints = BTreeMap::new();
            append(&store, &shared).await;
            let mut size = 0;
            for &add in &sizes {
                let add = usize::try_from(add).unwrap();
                append(&store, &more[size..add]).await;
                size = add;
                ledger.seal_pending(&store, &room.vault).await.unwrap();
                if let Some(known) = store.read().await.unwrap().ledger_state().await.unwrap() {
                    checkpoints.insert(known.size, known.checkpoint);
                }
            }
            (store, ledger, checkpoints)
        };
        let (_, _, others) = grow("one", &room.events(300)).await;
        let (store, ledger, own) = grow("two", &room.events(300)).await;
        let size = common as u64 + 300;
        for (at, checkpoint) in own {
            let stand = ledger.compare(&checkpoint, &room.vault).await.unwrap();
            assert_eq!(stand, Stand::Holds { size: at }, "its own history");
        }
        for (at, checkpoint) in others {
            let stand = ledger.compare(&checkpoint, &room.vault).await.unwrap();
            let wanted = if at <= common as u64 {
                Stand::Holds { size: at }
            } else {
                splits += 1;
                Stand::Split { size: at }
            };
            assert_eq!(stand, wanted, "{common} in common, the other has {at}, this one {size}");
            // The same from an anchor, when this one was behind, and when it had overtaken.
            let place = room.path("anchor");
            let _ = std::fs::remove_dir_all(&place);
            let verifier = ledger.verifier(&room.vault).unwrap();
            let anchor = Anchor::own(&place);
            anchor.advance(&checkpoint.parse().unwrap(), &verifier).unwrap();
            let ledger = room.ledger("two").anchored(vec![anchor]);
            let standing = ledger.check_standing(&store, &room.vault).await;
            let sealed = ledger.seal_pending(&store, &room.vault).await;
            if at <= common as u64 {
                standing.unwrap();
                continue;
            }
            for error in [standing.unwrap_err(), sealed.unwrap_err()] {
                assert!(error.to_string().contains("two histories"), "{error}");
            }
            let gap = ledger.gap(&store, &room.vault).await.unwrap().unwrap();
            assert!(gap.split && !gap.is_whole() && gap.there == at);
        }
        // One that is shorter than the other cannot know that it is another; it is stopped all the same.
        let (short, ledger) = (room.store("short.db").await, room.ledger("short"));
        append(&short, &room.events(1)).await;
        ledger.seal_pending(&short, &room.vault).await.unwrap();
        let anchor = Anchor::own(&room.path("ahead"));
        let known = store.read().await.unwrap().ledger_state().await.unwrap().unwrap();
        let verifier = ledger.verifier(&room.vault).unwrap();
        anchor.advance(&known.checkpoint.parse().unwrap(), &verifier).unwrap();
        let error = ledger.anchored(vec![anchor]).check_standing(&short, &room.vault).await;
        behind += usize::from(matches!(error, Err(Error::Behind { .. })));
    }
    println!("{splits} second histories, all of them noticed");
    assert!(splits >= 20 && behind == 4, "{splits} splits, {behind} behind");
}

/// INVARIANT: an anchor never goes down, whoever writes to it.
#[tokio::test]
async fn an_anchor_only_goes_up() {
    let room = Room::new();
    let anchor = Anchor::own(&room.path("anchor"));
    let moments = grown(&room, &[5, 9], &anchor).await;
    let ledger = room.ledger("log");
    let verifier = ledger.verifier(&room.vault).unwrap();
    let old = String::from_utf8(moments[0].log["checkpoint"].clone()).unwrap();
    anchor.advance(&old.parse().unwrap(), &verifier).unwrap();
    assert_eq!(anchor.checkpoint(&verifier).unwrap().0.size, 9);
    let stranger = vault::Vault::create(&room.path("other"), Arc::new(SeededRng::new(3))).unwrap();
    let forged = {
        let verifier = ledger.verifier(&stranger).unwrap();
        let key = stranger.signing_key().unwrap();
        let (checkpoint, _) = anchor.checkpoint(&ledger.verifier(&room.vault).unwrap()).unwrap();
        let text = Checkpoint { size: 99, ..checkpoint }.to_string();
        merkle::SignedNote::sign(&text, &verifier, |text| key.sign(text)).unwrap().unwrap()
    };
    assert!(anchor.advance(&forged, &verifier).is_err(), "signed by somebody else");
    assert_eq!(anchor.checkpoint(&verifier).unwrap().0.size, 9);
}

/// How many of these guesses open the commitment.
fn hits(salts: &[[u8; 32]], wanted: &[u8; 32], guesses: u64) -> usize {
    let mut hits = 0;
    for at in 0..guesses {
        let body = format!(r#"{{"email":"jane{at}@acme.example"}}"#);
        hits += salts.iter().filter(|salt| commitment(salt, body.as_bytes()) == *wanted).count();
    }
    hits
}

async fn dictionary(guesses: u64) {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    let events = room.events(20);
    append(&store, &events).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    let leaf = ledger.prove(&store, &events[7].id).await.unwrap().leaf;
    let wanted = unhex(&leaf.commit).unwrap();
    assert_eq!(
        hits(&[events[7].salt], &wanted, guesses),
        1,
        "with what opens it, the one is found"
    );
    let mut tx = store.begin().await.unwrap();
    tx.erase_event(&events[7].id).await.unwrap();
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    for (name, bytes) in files(room.folder.path()) {
        assert!(!bytes.windows(32).any(|window| window == events[7].salt), "{name}");
    }
    // What is left to try: a salt that is still there, none, and what stands in the log itself.
    let left = [events[8].salt, [0; 32], wanted];
    assert_eq!(hits(&left, &wanted, guesses), 0, "without it, none of {guesses} is");
    println!("1 of {guesses} guesses opened the entry before it was erased, 0 of {guesses} after");
}

#[tokio::test]
async fn a_dictionary_opens_no_erased_entry() {
    dictionary(100_000).await;
}

/// The full number: `cargo test -p evidence -- --ignored a_dictionary_of_a_million`.
#[tokio::test]
#[ignore = "half a minute without optimisation; the same with 100,000 is above"]
async fn a_dictionary_of_a_million_opens_no_erased_entry() {
    dictionary(1_000_000).await;
}

/// The database's files are cut where a page or a frame ends, as a disk does that was full or failed.
#[tokio::test]
async fn a_database_that_was_cut_is_old_or_new_or_refused() {
    const PAGE: usize = 4096;
    const FRAME: usize = PAGE + 24;
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    append(&store, &room.events(40)).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    store.scrub().await.unwrap();
    append(&store, &room.events(60)).await;
    append(&store, &room.events(30)).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    // With the write-ahead file as it lies there in the middle of work.
    let main = std::fs::read(room.path("db")).unwrap();
    let wal = std::fs::read(room.path("db-wal")).unwrap();
    assert!(wal.len() > 20 * FRAME && main.len() > 10 * PAGE, "{} {}", wal.len(), main.len());
    let log = files(ledger.path());
    let cuts = (0..=main.len())
        .step_by(PAGE)
        .map(|at| (at, wal.len()))
        .chain((0..=wal.len()).step_by(FRAME / 2).map(|at| (main.len(), at)));
    let (mut same, mut older, mut refused) = (0, 0, 0);
    for (number, (main_end, wal_end)) in cuts.enumerate() {
        let name = format!("cut {number}: main file {main_end}, write-ahead file {wal_end}");
        let folder = room.path("cut");
        let _ = std::fs::remove_dir_all(&folder);
        copy_files(&log, &folder.join("log"));
        std::fs::write(folder.join("db"), &main[..main_end]).unwrap();
        std::fs::write(folder.join("db-wal"), &wal[..wal_end]).unwrap();
        let store = match Store::open(&Location::Sqlite(folder.join("db"))).await {
            Ok(store) => store,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
                continue;
            }
        };
        let ledger = room.ledger("cut/log");
        let whole = async {
            ledger.check_standing(&store, &room.vault).await?;
            ledger.seal_pending(&store, &room.vault).await?;
            ledger.verify(&store, &room.vault).await
        };
        match whole.await {
            Ok(verified) => {
                assert_eq!((verified.entries, verified.opened), (130, 130), "{name}");
                same += 1;
            }
            Err(Error::Restored(said)) => {
                // What is there is a state that once was, and the log knows that it is an old one.
                assert!(said.contains("older"), "{name}: {said}");
                let mut tx = store.read().await.unwrap();
                let count = tx.event_count().await.unwrap();
                assert!([0, 40, 100, 130].contains(&count), "{name}: {count} events");
                older += 1;
            }
            Err(Error::Store(_)) => refused += 1,
            Err(error) => panic!("{name}: {error}"),
        }
        store.close().await;
    }
    println!("{same} as it was, {older} older and refused, {refused} not opened");
    assert!(same >= 1 && older >= 10 && refused >= 5, "{same} {older} {refused}");
    assert_eq!(files(ledger.path()), log);
}

/// A real file system without room. The test runs itself on one; where nobody may mount, a limit
/// on the size of files does the same.
#[tokio::test]
async fn a_disk_that_is_full_leaves_the_database_as_it_was() {
    let test = std::env::current_exe().unwrap();
    let inner = "damage_tests::on_a_small_disk";
    let script = format!(
        r#"set -e
if unshare -rm true 2>/dev/null; then
    exec unshare -rm sh -ec 'mount -t tmpfs -o size=4400k none "$0" && export SMALL="$0" && exec "$1" --exact {inner} --ignored --nocapture' "$1" "$2"
fi
trap '' XFSZ
ulimit -f 2400
SMALL="$1" exec "$2" --exact {inner} --ignored --nocapture"#
    );
    let place = tempfile::tempdir().unwrap();
    let ran = Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(place.path())
        .arg(&test)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let complained = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}{complained}");
    assert!(said.contains("the disk was full"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, on a disk that is small"]
#[expect(clippy::disallowed_methods, reason = "its parent tells it where the small disk is")]
async fn on_a_small_disk() {
    let small = std::env::var("SMALL").unwrap();
    let room = Room::new();
    let small = Path::new(&small);
    let location = || Location::Sqlite(small.join("db"));
    let store = Store::open(&location()).await.unwrap();
    let ledger = crate::Ledger::open(&small.join("log"), crate::room_for_tests::ORIGIN).unwrap();
    let (mut committed, mut failed) = (0u64, 0);
    while failed < 3 {
        let events = room.events(50);
        let mut tx = store.begin().await.unwrap();
        let appended = tx.append_events(&events).await;
        let done = match appended {
            Ok(_) => tx.commit().await,
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => committed += 50,
            Err(error) => {
                assert!(!error.to_string().contains("acme"), "{error}");
                failed += 1;
            }
        }
        if let Err(error) = ledger.seal_pending(&store, &room.vault).await {
            failed += 1;
            assert!(!matches!(error, Error::Restored(_) | Error::Broken(_)), "{error}");
        }
        assert!(committed < 100_000, "the disk is not small");
    }
    println!("the disk was full after {committed} events");
    assert!(committed > 0);
    store.close().await;
    // What was promised is there; what failed is not; and nothing that was signed is contradicted.
    let store = Store::open(&location()).await.unwrap();
    assert_eq!(store.read().await.unwrap().event_count().await.unwrap(), committed);
    ledger.check_standing(&store, &room.vault).await.unwrap();
    let verifier = ledger.verifier(&room.vault).unwrap();
    let before = verify(ledger.path(), &verifier).unwrap().entries;
    assert!(before <= committed);
    // With room again it goes on.
    let roomy = room.path("roomy");
    copy_files(&files(small), &roomy);
    let store = Store::open(&Location::Sqlite(roomy.join("db"))).await.unwrap();
    let ledger = room.ledger("roomy/log");
    assert_eq!(ledger.seal_pending(&store, &room.vault).await.unwrap().size, committed);
    assert_eq!(ledger.verify(&store, &room.vault).await.unwrap().opened, committed);
}
