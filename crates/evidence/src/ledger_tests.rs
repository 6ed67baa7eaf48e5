use std::process::Command;
use std::sync::Arc;

use model::SeededRng;
use store::commitment;

use super::*;
use crate::faults::Faults;
use crate::room_for_tests::{ORIGIN, Room, append, copy_files, files};
use crate::{verify, verify_proof};

#[tokio::test]
async fn what_happened_is_sealed_proved_and_verified() {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    let verifier = ledger.verifier(&room.vault).unwrap();
    assert!(matches!(verify(ledger.path(), &verifier), Err(Error::Empty(_))));
    assert_eq!(ledger.seal_pending(&store, &room.vault).await.unwrap(), Sealed::default());
    let events = room.events(600);
    for part in [&events[..3], &events[3..4], &events[4..257], &events[257..]] {
        append(&store, part).await;
        let waiting = ledger.prove(&store, &part[0].id).await;
        assert!(matches!(waiting, Err(Error::Waiting(_))));
        let sealed = ledger.seal_pending(&store, &room.vault).await.unwrap();
        assert_eq!(sealed.entries, part.len() as u64);
    }
    assert!(!ledger.path().join("tile/0/000.p").exists(), "replaced by the full tile");
    let whole = verify(ledger.path(), &verifier).unwrap();
    assert_eq!((whole.entries, whole.bundles, whole.tiles, whole.opened), (600, 3, 4, 0));
    append(&store, &room.events(2)).await;
    let against = ledger.verify(&store, &room.vault).await.unwrap();
    assert_eq!((against.opened, against.erased, against.waiting), (600, 0, 2));

    for (at, event) in events.iter().enumerate().step_by(37) {
        let proof = ledger.prove(&store, &event.id).await.unwrap();
        let opening = proof.opening.unwrap();
        let proven = verify_proof(&proof.text, Some(&opening), &verifier).unwrap();
        assert_eq!((proven.index, proven.size, proven.opened), (at as u64, 600, true));
        assert_eq!(proven.leaf.id, event.id);
        let read = crate::Opening::from_json(&opening.to_json().unwrap()).unwrap();
        assert_eq!(read.body.as_bytes(), event.body);
        let forged = crate::Opening { body: read.body.replace("jane", "john"), ..read };
        assert!(matches!(verify_proof(&proof.text, Some(&forged), &verifier), Err(Error::Opening)));
        assert!(!proof.text.contains("jane"));
    }
    let unknown = ledger.prove(&store, "none").await;
    assert!(matches!(unknown, Err(Error::NoEvent(_))));
}

#[tokio::test]
async fn an_erased_event_cannot_be_guessed_and_its_proof_still_holds() {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    let events = room.events(20);
    append(&store, &events).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    let salt = events[7].salt;
    let before = ledger.prove(&store, &events[7].id).await.unwrap();
    // Brute force over everybody there is: with the salt one candidate fits.
    let guesses = |salts: &[[u8; 32]], commit: &str| {
        let mut hits = 0;
        for at in 0..2000 {
            let body = format!(r#"{{"email":"jane{at}@acme.example"}}"#);
            for salt in salts {
                hits += usize::from(crate::leaf::hex(&commitment(salt, body.as_bytes())) == commit);
            }
        }
        hits
    };
    assert_eq!(guesses(&[salt], &before.leaf.commit), 1);
    let mut tx = store.begin().await.unwrap();
    tx.erase_event(&events[7].id).await.unwrap();
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    // Without it, not even all other salts and the obvious ones help.
    let mut left: Vec<[u8; 32]> =
        events.iter().map(|e| e.salt).filter(|other| *other != salt).collect();
    left.extend([[0; 32], [255; 32]]);
    assert_eq!(guesses(&left, &before.leaf.commit), 0);
    for (name, bytes) in files(room.folder.path()) {
        assert!(!bytes.windows(32).any(|window| window == salt), "{name}");
    }
    let verifier = ledger.verifier(&room.vault).unwrap();
    let after = ledger.prove(&store, &events[7].id).await.unwrap();
    assert!(after.opening.is_none());
    for proof in [&before.text, &after.text] {
        assert_eq!(verify_proof(proof, None, &verifier).unwrap().leaf, before.leaf);
    }
    let verified = ledger.verify(&store, &room.vault).await.unwrap();
    assert_eq!((verified.opened, verified.erased), (19, 1));
}

#[tokio::test]
async fn nothing_personal_stands_in_the_log() {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    let events = room.events(300);
    append(&store, &events).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    let found = files(ledger.path());
    assert!(found.contains_key("tile/entries/001.p/44") && found.contains_key("checkpoint"));
    for (name, bytes) in found {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for token in ["jane", "acme", "marjoram", "email", "@acme"] {
            assert!(!text.contains(token), "`{token}` in {name}");
        }
        for event in &events {
            assert!(
                !bytes.windows(32).any(|w| w == event.salt)
                    && !text.contains(&crate::leaf::hex(&event.salt))
            );
        }
    }
}

/// The power goes at each write, one after the other; what is there afterwards is continued.
#[tokio::test]
async fn cut_short_at_any_write_it_resumes_to_the_same_tree() {
    let room = Room::new();
    let events = room.events(530);
    let (first, second) = events.split_at(250);
    let reference = {
        let (store, ledger) = (room.store("reference.db").await, room.ledger("reference"));
        for part in [first, second] {
            append(&store, part).await;
            ledger.seal_pending(&store, &room.vault).await.unwrap();
        }
        files(ledger.path())
    };
    let template = room.store("template.db").await;
    append(&template, first).await;
    room.ledger("template").seal_pending(&template, &room.vault).await.unwrap();
    append(&template, second).await;
    template.close().await;
    let mut cut = 0;
    loop {
        let name = format!("cut{cut}");
        std::fs::copy(room.path("template.db"), room.path(&format!("{name}.db"))).unwrap();
        copy_files(&files(&room.path("template")), &room.path(&name));
        let store = room.store(&format!("{name}.db")).await;
        let ledger = room.ledger(&name);
        let faults = Arc::new(Faults::default());
        faults.tests.lock().unwrap().left = Some(cut);
        let failing = Ledger {
            folder: Folder::new(ledger.path()).with_faults(faults),
            origin: ORIGIN.to_owned(),
            anchors: Vec::new(),
        };
        let done = failing.seal_pending(&store, &room.vault).await.is_ok();
        // Whatever the checkpoint shows at this moment can be verified.
        let verifier = ledger.verifier(&room.vault).unwrap();
        let size = verify(ledger.path(), &verifier).unwrap().entries;
        assert!(size == 250 || size == 530, "cut at {cut}: {size}");
        // More happens before the next try.
        let sealed = ledger.seal_pending(&store, &room.vault).await.unwrap();
        assert_eq!(sealed.size, 530, "cut at {cut}");
        assert_eq!(ledger.verify(&store, &room.vault).await.unwrap().opened, 530);
        let now = files(ledger.path());
        for (name, bytes) in &reference {
            assert_eq!(Some(bytes), now.get(name), "cut at {cut}: {name}");
        }
        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.unsealed(1).await.unwrap(), []);
        drop(tx);
        store.close().await;
        if done {
            break;
        }
        cut += 1;
    }
    println!("{cut} writes were cut");
    assert!(cut > 20, "only {cut} writes were cut");
}

#[tokio::test]
async fn a_half_that_was_restored_from_an_older_backup_is_noticed() {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    append(&store, &room.events(10)).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    store.scrub().await.unwrap();
    std::fs::copy(room.path("db"), room.path("old.db")).unwrap();
    let old_log = files(ledger.path());
    append(&store, &room.events(10)).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();

    let refused = |store: Store, log: &'static str| {
        let (ledger, vault) = (room.ledger(log), &room.vault);
        async move {
            let error = ledger.seal_pending(&store, vault).await.unwrap_err();
            assert!(matches!(error, Error::Restored(_)), "{error}");
            assert!(!error.is_passing());
            error.to_string()
        }
    };
    let old = room.store("old.db").await;
    assert!(refused(old.clone(), "log").await.contains("restored from an older backup"));
    // With new events in place of the lost ones, and with more of them than were lost.
    for more in [10, 10] {
        append(&old, &room.events(more)).await;
        assert!(refused(old.clone(), "log").await.contains("two histories"));
    }
    let empty = room.store("empty.db").await;
    refused(empty, "log").await;
    copy_files(&old_log, &room.path("restored"));
    assert!(refused(store.clone(), "restored").await.contains("the folder was restored"));
    assert!(refused(store.clone(), "gone").await.contains("restore the folder"));
    // The log itself was never touched by any of this.
    assert_eq!(ledger.verify(&store, &room.vault).await.unwrap().entries, 20);
    // Another key ring cannot go on with this log.
    let keys = room.path("other keys");
    let stranger = Vault::create(&keys, Arc::new(SeededRng::new(77))).unwrap();
    let error = ledger.seal_pending(&store, &stranger).await.unwrap_err();
    assert!(matches!(error, Error::Proof(_)), "{error}");
}

#[tokio::test]
async fn tampering_is_found_and_its_place_is_named() {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    append(&store, &room.events(300)).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    let verifier = ledger.verifier(&room.vault).unwrap();
    for (name, bytes) in files(ledger.path()) {
        if name == "lock" || name == "log.vkey" {
            continue;
        }
        let path = ledger.path().join(&name);
        for at in [0, bytes.len() / 2, bytes.len() - 2] {
            let mut changed = bytes.clone();
            changed[at] ^= 2;
            std::fs::write(&path, changed).unwrap();
            let error = verify(ledger.path(), &verifier).unwrap_err().to_string();
            let number = name.split('/').nth(2).unwrap_or_default();
            assert!(error.contains(number), "{name}: {error}");
        }
        std::fs::write(&path, bytes).unwrap();
    }
    verify(ledger.path(), &verifier).unwrap();
    store.close().await;
    for (change, part) in [
        ("UPDATE events SET kind = 'other' WHERE seq = 17", "entry 17 "),
        ("UPDATE events SET at = at + 1 WHERE seq = 280", "entry 280 "),
        ("UPDATE events SET body = x'7b7d' WHERE seq = 0", "entry 0 "),
        ("UPDATE events SET commitment = salt WHERE seq = 255", "entry 255 "),
        ("DELETE FROM events WHERE seq = 299", "entry 299 "),
    ] {
        let copy = room.path("changed.db");
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", copy.display()));
        }
        std::fs::copy(room.path("db"), &copy).unwrap();
        let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", copy.display())).await.unwrap();
        sqlx::query(change).execute(&pool).await.unwrap();
        pool.close().await;
        let store = room.store("changed.db").await;
        let error = ledger.verify(&store, &room.vault).await.unwrap_err().to_string();
        assert!(error.contains(part), "{change}: {error}");
        store.close().await;
    }
}

#[tokio::test]
async fn sealing_goes_on_in_the_background() {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let keeping = ledger.keep_sealing(&store, &room.vault, async {
        let _ = stopped.await;
    });
    let working = async {
        for round in 1..=2u64 {
            append(&store, &room.events(3)).await;
            tokio::time::sleep(Duration::from_millis(1000)).await;
            let state = store.read().await.unwrap().ledger_state().await.unwrap();
            assert_eq!(state.map(|state| state.size), Some(round * 3));
        }
        append(&store, &room.events(1)).await;
        stop.send(()).unwrap();
    };
    let (kept, ()) = tokio::join!(keeping, working);
    kept.unwrap();
    assert_eq!(
        ledger.verify(&store, &room.vault).await.unwrap().entries,
        7,
        "once more at the end"
    );
}

/// The README's own commands, run as a stranger would.
#[tokio::test]
async fn a_stranger_checks_the_export_with_tools_of_others() {
    let room = Room::new();
    let (store, ledger) = (room.store("db").await, room.ledger("log"));
    let events = room.events(600);
    append(&store, &events).await;
    ledger.seal_pending(&store, &room.vault).await.unwrap();
    let proof = ledger.prove(&store, &events[598].id).await.unwrap();
    let to = room.path("export");
    ledger.export(&to, &room.vault).await.unwrap();
    assert!(matches!(ledger.export(&to, &room.vault).await, Err(Error::Exists(_))));
    let verifier = ledger.verifier(&room.vault).unwrap();
    assert_eq!(verify(&to, &verifier).unwrap().entries, 600);
    let opening = proof.opening.unwrap();
    std::fs::write(to.join("your.tlog-proof"), &proof.text).unwrap();
    std::fs::write(to.join("opening.json"), opening.to_json().unwrap()).unwrap();

    let readme = std::fs::read_to_string(to.join("README.txt")).unwrap();
    assert!(readme.contains(&verifier.to_string()) && !readme.contains("{key}"));
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| {
            ["head ", "sed ", "openssl ", "tail ", "python3 "].iter().any(|p| line.starts_with(p))
        })
        .collect();
    assert_eq!(commands.len(), 8);
    let script =
        commands.join("\n").replace("/tmp/", &format!("{}/", room.folder.path().display()));
    let run = |script: &str| {
        let output = Command::new("sh").arg("-ec").arg(script).current_dir(&to).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (fine, said) = run(&script);
    assert!(fine, "needs openssl and python3: {said}");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "Signature Verified Successfully");
    assert_eq!(lines[1], lines[2], "the same key twice");
    assert!(
        lines[3].contains("600 entries") && lines.contains(&proof.leaf.commit.as_str()),
        "{said}"
    );
    assert!(said.contains(&format!("your.tlog-proof proves: {{\"at\":{}", proof.leaf.at)));

    let tile = to.join("tile/entries/001");
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    assert!(!run("python3 check_log.py").0, "a changed entry is noticed");
}
