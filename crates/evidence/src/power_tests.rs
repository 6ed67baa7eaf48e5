//! The power goes between any two calls to the disk, and the disk keeps what it likes.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use store::{Location, Store};
use testkit::disk::{Disk, Loss, Op, lay_out};

use crate::faults::Faults;
use crate::room_for_tests::{ORIGIN, Room, append, copy_files, files};
use crate::{Anchor, Ledger, verify};

/// A log of 250 entries, and 280 more that wait: full tiles come to be, partial ones are replaced.
async fn begun(room: &Room) -> Store {
    let events = room.events(530);
    let (first, second) = events.split_at(250);
    let store = room.store("db").await;
    append(&store, first).await;
    room.ledger("log").seal_pending(&store, &room.vault).await.unwrap();
    append(&store, second).await;
    store.scrub().await.unwrap();
    std::fs::copy(room.path("db"), room.path("before.db")).unwrap();
    store
}

fn failing(path: &Path, faults: &Arc<Faults>) -> Ledger {
    let mut ledger = Ledger::open(path, ORIGIN).unwrap();
    ledger.folder = ledger.folder.with_faults(Arc::clone(faults));
    ledger
}

#[tokio::test]
async fn whatever_the_disk_keeps_the_old_log_or_the_new_is_there_and_goes_on() {
    let room = Room::new();
    let store = begun(&room).await;
    let log = room.path("log");
    let mut disk = Disk::holding(&log);
    let faults = Arc::new(Faults::default());
    failing(&log, &faults).seal_pending(&store, &room.vault).await.unwrap();
    store.scrub().await.unwrap();
    std::fs::copy(room.path("db"), room.path("after.db")).unwrap();
    let reference = files(&log);
    let journal = std::mem::take(&mut faults.tests.lock().unwrap().journal);
    assert!(journal.len() > 40, "{} calls", journal.len());
    let verifier = room.ledger("log").verifier(&room.vault).unwrap();
    let (mut noted, mut old, mut new, mut looked) = (false, 0, 0, 0);
    for at in 0..=journal.len() {
        let all = [Loss::All, Loss::Nothing, Loss::Bytes];
        let seeds = (0..12).map(|seed| Loss::Some(seed * 1_000 + at as u64));
        for (number, loss) in all.into_iter().chain(seeds).enumerate() {
            let to = room.path("cut");
            let _ = std::fs::remove_dir_all(&to);
            std::fs::create_dir(&to).unwrap();
            lay_out(&disk.after_power_cut(loss), &log, &to);
            let size =
                verify(&to, &verifier).unwrap_or_else(|e| panic!("{at} {loss:?}: {e}")).entries;
            looked += 1;
            match size {
                250 => old += 1,
                530 => new += 1,
                _ => panic!("{at} {loss:?}: {size} entries"),
            }
            assert!(!noted || size == 530, "{at} {loss:?}: noted in the database and gone");
            // Going on is slower than looking: not with every seed.
            if number > 3 {
                continue;
            }
            let db = room.path("cut.db");
            for end in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", db.display()));
            }
            let before = if noted { "after.db" } else { "before.db" };
            std::fs::copy(room.path(before), &db).unwrap();
            let store = Store::open(&Location::Sqlite(db)).await.unwrap();
            let ledger = Ledger::open(&to, ORIGIN).unwrap();
            let sealed = ledger.seal_pending(&store, &room.vault).await;
            assert_eq!(sealed.map(|s| s.size).ok(), Some(530), "{at} {loss:?}");
            assert_eq!(ledger.verify(&store, &room.vault).await.unwrap().opened, 530);
            store.close().await;
            let now = files(&to);
            for (name, bytes) in &reference {
                assert_eq!(Some(bytes), now.get(name), "{at} {loss:?}: {name}");
            }
        }
        if let Some(op) = journal.get(at) {
            disk.call(op);
            noted |= *op == Op::Mark("noted");
        }
    }
    println!(
        "{} calls, {looked} cuts looked at: {old} left the old log, {new} the new",
        journal.len()
    );
    assert!(old > 200 && new > 50, "{old} old, {new} new");
}

/// The disk is full at any call, and has room again a moment later.
#[tokio::test]
async fn a_full_disk_is_told_and_passes() {
    let room = Room::new();
    let store = begun(&room).await;
    store.close().await;
    let log = files(&room.path("log"));
    let mut at = 0;
    loop {
        let name = format!("full{at}");
        copy_files(&log, &room.path(&name));
        std::fs::copy(room.path("before.db"), room.path(&format!("{name}.db"))).unwrap();
        let store = room.store(&format!("{name}.db")).await;
        let faults = Arc::new(Faults::default());
        let ledger = failing(&room.path(&name), &faults);
        {
            let mut plan = faults.tests.lock().unwrap();
            (plan.left, plan.kind) = (Some(at), Some(ErrorKind::StorageFull));
        }
        let first = ledger.seal_pending(&store, &room.vault).await;
        faults.tests.lock().unwrap().left = None;
        if let Err(error) = &first {
            assert!(
                error.is_passing() && error.to_string().contains("no storage space"),
                "{error}"
            );
        }
        let verifier = ledger.verifier(&room.vault).unwrap();
        let size = verify(ledger.path(), &verifier).unwrap().entries;
        assert!(size == 250 || size == 530, "{at}: {size}");
        // The same program goes on.
        assert_eq!(ledger.seal_pending(&store, &room.vault).await.unwrap().size, 530, "{at}");
        assert_eq!(ledger.verify(&store, &room.vault).await.unwrap().opened, 530);
        store.close().await;
        if first.is_ok() {
            break;
        }
        at += 1;
    }
    assert!(at > 40, "full at {at} calls only");
}

/// An anchor is either as it was or as it shall be; and without it the log goes on.
#[tokio::test]
async fn an_anchor_that_cannot_be_written_stays_and_keeps_nothing_from_being_sealed() {
    let room = Room::new();
    let store = room.store("db").await;
    let away = Anchor::elsewhere(&room.path("not mounted"));
    let own = Anchor::own(&room.path("own"));
    let ledger = room.ledger("log").anchored(vec![away, own]);
    append(&store, &room.events(3)).await;
    assert_eq!(ledger.seal_pending(&store, &room.vault).await.unwrap().size, 3);
    assert!(!room.path("not mounted").exists(), "a share that is away is not made");
    let stands = ledger.anchors(&room.vault).await.unwrap();
    assert!(
        matches!(&stands[0].stand, crate::Stand::Unread { reason } if reason.contains("mounted"))
    );
    assert_eq!(stands[1].stand, crate::Stand::Holds { size: 3 });
    // It is there again: the next look brings it up.
    std::fs::create_dir(room.path("not mounted")).unwrap();
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    let stands = ledger.anchors(&room.vault).await.unwrap();
    assert_eq!(stands[0].stand, crate::Stand::Holds { size: 3 });
    let file = std::fs::read_dir(room.path("own")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, "something else").unwrap();
    let error = ledger.check_standing(&store, &room.vault).await.unwrap_err().to_string();
    assert!(error.contains("move it away"), "{error}");
}
