//! Backups of a real house, put back, cut, changed, and put where they do not belong.

use std::path::Path;
use std::sync::Arc;

use model::SeededRng;
use store::Event;

use super::{RESTORED, new_file, restore};
use crate::fixture::{Hands, folder, house};
use crate::house::{House, Means};
use crate::replay::{Look, Read, Wish};
use crate::staff::{LinkKind, Staff};

const SYSTEM: &str = "systems: []\n";

fn means() -> Means {
    Means {
        clock: Hands::at("2026-11-23"),
        rng: Arc::new(SeededRng::new(11)),
        ..Means::of_this_machine()
    }
}

/// Something happens, and is sealed into the log.
async fn happens(house: &House, times: usize) {
    let state = house.state().await.unwrap();
    let rng = state.means().rng.clone();
    for _ in 0..times {
        let mut salt = [0; 32];
        rng.fill(&mut salt);
        let event = Event {
            id: store::new_id(rng.as_ref()),
            organisation: "acme".to_owned(),
            kind: "request.received".to_owned(),
            case: None,
            at: state.means().clock.now(),
            body: b"{}".to_vec(),
            salt,
        };
        let mut tx = state.store.begin().await.unwrap();
        tx.append_event(&event).await.unwrap();
        tx.commit().await.unwrap();
    }
    let ledger = house.ledger(&state).unwrap();
    ledger.seal_pending(&state.store, &state.vault).await.unwrap();
}

async fn backup(house: &House) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = house.back_up(&mut bytes).await.unwrap();
    assert!(written.rows > 0 && written.left_out.is_empty(), "{written:?}");
    bytes
}

/// Every file below a folder, and what it holds.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|(below, b)| (format!("{name}/{below}"), b)));
        } else {
            all.push((name, std::fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[tokio::test]
async fn what_was_backed_up_comes_back_and_its_log_is_the_same() {
    let here = folder("anchors = []\n");
    let one = house(here.path(), Hands::at("2026-11-23"), 1, &[]);
    happens(&one, 300).await;
    let staff = Staff::new(&one, None, "Northlight").unwrap();
    let link = staff.first_link(&one).await.unwrap().unwrap();
    std::fs::create_dir(here.path().join("letters")).unwrap();
    std::fs::write(here.path().join("letters/refusal.en.md"), "No.").unwrap();
    std::fs::create_dir(here.path().join(".git")).unwrap();
    std::fs::write(here.path().join(".git/config"), "x").unwrap();
    std::fs::write(here.path().join("access.zip"), "everything of somebody").unwrap();
    let mut bytes = Vec::new();
    let written = one.back_up(&mut bytes).await.unwrap();
    assert_eq!(written.left_out.len(), 1, "{written:?}");
    assert!(
        written.left_out[0].0 == "access.zip" && !bytes.windows(9).any(|it| it == b"of somebo")
    );
    let there = tempfile::tempdir().unwrap();
    let to = there.path().join("new");
    let restored = restore(&to, bytes.as_slice(), means()).await.unwrap();
    assert_eq!((restored.files, restored.missing.len()), (6, 0));
    assert_eq!(std::fs::read(to.join("letters/refusal.en.md")).unwrap(), b"No.");
    assert!(!to.join(".git").exists());
    let two = House::open(&to, means()).unwrap();
    let log = |house: &Path| {
        let mut log = files(&house.join(".upheld/ledger"));
        log.retain(|(name, _)| name != "lock");
        log
    };
    assert_eq!(log(&to), log(here.path()), "the log is written anew as it was");
    let (a, b) = (one.state().await.unwrap(), two.state().await.unwrap());
    two.ledger(&b).unwrap().verify(&b.store, &b.vault).await.unwrap();
    assert_eq!(a.vault.derive("x").unwrap().mac(b"y"), b.vault.derive("x").unwrap().mac(b"y"));
    // What let somebody in then lets nobody in now.
    let staff_there = Staff::new(&two, None, "Northlight").unwrap();
    let secret = link.expose_secret();
    assert!(staff.enrolment(&one, LinkKind::SetUp, secret).await.unwrap().is_ok());
    assert!(staff_there.enrolment(&two, LinkKind::SetUp, secret).await.unwrap().is_err());
    // Nothing of the work is left over.
    let left: Vec<_> = std::fs::read_dir(&to).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".restore")), "{left:?}");
    assert!(!files(here.path()).iter().any(|(name, _)| name.contains("backup-")));
}

#[tokio::test]
async fn nobody_is_served_until_the_erasures_were_replayed() {
    let here = folder("anchors = []\n");
    std::fs::write(here.path().join("systems.yaml"), SYSTEM).unwrap();
    let one = house(here.path(), Hands::at("2026-11-23"), 1, &[]);
    happens(&one, 3).await;
    assert_eq!(one.must_replay().await.unwrap(), None);
    let bytes = backup(&one).await;
    let there = tempfile::tempdir().unwrap();
    restore(there.path(), bytes.as_slice(), means()).await.unwrap();
    let two = House::open(there.path(), means()).unwrap();
    let of = two.must_replay().await.unwrap();
    assert!(of.is_some());
    let look = |not_reached: Vec<(String, String)>| Look {
        read: vec![Read::default()],
        not_reached,
        erasures: 1,
        people: Vec::new(),
    };
    let away = look(vec![("crm".to_owned(), "away".to_owned())]);
    assert!(!two.note_replayed(&away, true).await.unwrap(), "a system was not reached");
    assert!(!two.note_replayed(&look(Vec::new()), false).await.unwrap(), "somebody is left");
    assert_eq!(two.must_replay().await.unwrap(), of);
    let whole = two.look_for_erased(&Wish::default()).await.unwrap();
    assert!(two.note_replayed(&whole, true).await.unwrap());
    assert_eq!(two.must_replay().await.unwrap(), None);
    assert!(!two.note_replayed(&whole, true).await.unwrap(), "it is settled once");
}

#[tokio::test]
async fn a_backup_that_is_cut_or_changed_puts_nothing_in_place() {
    let here = folder("anchors = []\n");
    let one = house(here.path(), Hands::at("2026-11-23"), 1, &[]);
    happens(&one, 20).await;
    let bytes = backup(&one).await;
    let there = tempfile::tempdir().unwrap();
    let refused = |bytes: Vec<u8>| {
        let to = there.path().to_owned();
        async move {
            let done = restore(&to, bytes.as_slice(), means()).await;
            let error = done.map(drop).map_err(|error| error.to_string());
            let left = std::fs::read_dir(&to).unwrap().count();
            if error.is_ok() {
                std::fs::remove_dir_all(&to).unwrap();
                std::fs::create_dir(&to).unwrap();
            } else {
                assert_eq!(left, 0, "{error:?}");
            }
            error
        }
    };
    for part in 1..24 {
        let mut cut = bytes.clone();
        cut.truncate(bytes.len() * part / 24);
        let error = refused(cut).await.unwrap_err();
        assert!(error.contains("Nothing was changed"), "{error}");
    }
    let mut changed = 0;
    for at in (0..bytes.len()).step_by(bytes.len() / 150) {
        let mut other = bytes.clone();
        other[at] ^= 0x20;
        // What fills a block up belongs to no file.
        changed += usize::from(refused(other).await.is_err());
    }
    assert!(changed > 120, "{changed}");
    let error = refused(b"not a backup at all".repeat(100)).await.unwrap_err();
    assert!(error.contains("cannot be used"), "{error}");
}

/// An archive as somebody with bad intentions would make it: its name is written past the library.
fn with_entry(name: &str, kind: tar::EntryType) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    let field = &mut header.as_gnu_mut().unwrap().name;
    field[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(1);
    header.set_cksum();
    tar.append(&header, &b"x"[..]).unwrap();
    tar.into_inner().unwrap()
}

#[tokio::test]
async fn an_archive_writes_nowhere_but_where_it_is_unpacked() {
    let there = tempfile::tempdir().unwrap();
    let to = there.path().join("new");
    for (name, kind) in [
        ("../out", tar::EntryType::Regular),
        ("/tmp/upheld-out", tar::EntryType::Regular),
        ("state/../../out", tar::EntryType::Regular),
        ("state/link", tar::EntryType::Symlink),
        ("state/hard", tar::EntryType::Link),
        ("state", tar::EntryType::Directory),
        ("state/pipe", tar::EntryType::Fifo),
    ] {
        let error = restore(&to, with_entry(name, kind).as_slice(), means()).await.unwrap_err();
        assert!(error.to_string().contains("no backup of Upheld does"), "{name}: {error}");
        assert_eq!(std::fs::read_dir(there.path()).unwrap().count(), 1, "{name}");
        assert_eq!(std::fs::read_dir(&to).unwrap().count(), 0, "{name}");
    }
}

#[tokio::test]
async fn what_is_there_is_never_written_over() {
    let here = folder("anchors = []\n");
    let one = house(here.path(), Hands::at("2026-11-23"), 1, &[]);
    happens(&one, 2).await;
    let bytes = backup(&one).await;
    let before = files(here.path());
    let error = restore(here.path(), bytes.as_slice(), means()).await.unwrap_err().to_string();
    assert!(error.contains("is there already") && error.contains("keep it"), "{error}");
    assert_eq!(files(here.path()), before);
    // A policy that is there stays; only the state comes back.
    let there = folder("anchors = []\n# ours\n");
    let restored = restore(there.path(), bytes.as_slice(), means()).await.unwrap();
    assert_eq!(restored.files, 0);
    assert!(std::fs::read_to_string(there.path().join("upheld.toml")).unwrap().contains("# ours"));
    let file = there.path().join("b.tar");
    drop(new_file(&file).unwrap());
    assert!(new_file(&file).unwrap_err().to_string().contains("never written over"));
}

#[tokio::test]
async fn a_backup_older_than_what_was_signed_is_noticed() {
    let kept = tempfile::tempdir().unwrap();
    let here = folder(&format!("anchors = [{:?}]\n", kept.path()));
    let one = house(here.path(), Hands::at("2026-11-23"), 1, &[]);
    happens(&one, 5).await;
    let bytes = backup(&one).await;
    happens(&one, 4).await;
    let there = tempfile::tempdir().unwrap();
    let restored = restore(there.path(), bytes.as_slice(), means()).await.unwrap();
    let said = restored.missing.join(" ");
    assert!(said.contains("9 entries") && said.contains("5 are here"), "{said}");
    let two = House::open(there.path(), means()).unwrap();
    let error = two.must_replay().await.unwrap_err().to_string();
    assert!(error.contains("upheld ledger reconcile"), "{error}");
    two.reconcile("the disk burned").await.unwrap();
    assert!(
        two.must_replay().await.unwrap().is_some(),
        "and the erasures are still to be replayed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_moves_from_one_server_to_another() {
    let server = testkit::postgres();
    let from = server.fresh_database("backup_from");
    let to = server.fresh_database("backup_to");
    let settings = "anchors = []\ndatabase = \"env:STATE\"\n";
    let here = folder(settings);
    let one = house(here.path(), Hands::at("2026-11-23"), 1, &[("STATE", &from)]);
    happens(&one, 40).await;
    // Others write while the backup is taken: it is one picture.
    let busy = {
        let one = Arc::clone(&one);
        tokio::spawn(async move { happens(&one, 40).await })
    };
    let bytes = backup(&one).await;
    busy.await.unwrap();
    let there = tempfile::tempdir().unwrap();
    let variable = to.clone();
    let elsewhere = || {
        let to = variable.clone();
        Means {
            environment: Arc::new(move |name: &str| (name == "STATE").then(|| to.clone())),
            ..means()
        }
    };
    let restored = restore(there.path(), bytes.as_slice(), elsewhere()).await.unwrap();
    assert!(!there.path().join(".upheld/upheld.db").exists(), "it lies on the server");
    let two = House::open(there.path(), elsewhere()).unwrap();
    let state = two.state().await.unwrap();
    let mut tx = state.store.read().await.unwrap();
    let entries = tx.event_count().await.unwrap();
    assert!(tx.setting(RESTORED).await.unwrap().is_some());
    tx.rollback().await.unwrap();
    assert_eq!(entries, restored.manifest.entries);
    assert!((40..=80).contains(&entries));
    two.ledger(&state).unwrap().verify(&state.store, &state.vault).await.unwrap();
    // A server that has something already is left alone.
    let other = tempfile::tempdir().unwrap();
    let error = restore(other.path(), bytes.as_slice(), elsewhere()).await.unwrap_err().to_string();
    assert!(error.contains("something in it already"), "{error}");
    assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 0);
}
