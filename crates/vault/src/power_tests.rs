//! The power goes, or the disk is full, between any two calls that change the key ring's folder.

use std::cell::RefCell;
use std::io::{ErrorKind, Result as Io};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use model::{Secret, SeededRng};
use testkit::disk::{Disk, Loss, Op, lay_out};

use crate::{Error, Vault};

thread_local! {
    /// The calls of this thread, and after how many of them the disk is full.
    static CALLS: RefCell<(Vec<Op>, Option<usize>)> = const { RefCell::new((Vec::new(), None)) };
}

/// Notes a call that is about to be made, or fails in its place.
pub(crate) fn call(op: Op) -> Io<()> {
    CALLS.with_borrow_mut(|(calls, room)| {
        if room.is_some_and(|room| calls.len() >= room) {
            return Err(ErrorKind::StorageFull.into());
        }
        calls.push(op);
        Ok(())
    })
}

fn calls() -> Vec<Op> {
    CALLS.with_borrow_mut(|(calls, _)| std::mem::take(calls))
}

fn room_for(room: Option<usize>) {
    CALLS.with_borrow_mut(|(calls, limit)| (*calls, *limit) = (Vec::new(), room));
}

const STEPS: [&str; 5] = ["made", "key", "secret", "replaced", "rotated"];

/// A short life of a key ring. After each step it says what is promised from then on.
fn live(keys: &Path, mut said: impl FnMut(&'static str, &Vault)) -> crate::Result<()> {
    let vault = Vault::open_or_create(keys, Arc::new(SeededRng::new(9)))?;
    said("made", &vault);
    vault.signing_key()?;
    said("key", &vault);
    vault.put_secret("crm", &Secret::new("old".to_owned()))?;
    said("secret", &vault);
    vault.put_secret("crm", &Secret::new("new".to_owned()))?;
    said("replaced", &vault);
    vault.rotate()?;
    said("rotated", &vault);
    Ok(())
}

/// Opens what is left and looks whether everything that was promised is there.
fn holds(keys: &Path, promised: &[&str], public: [u8; 32], name: &str) {
    let vault = match Vault::open_or_create(keys, Arc::new(SeededRng::new(77))) {
        Ok(vault) => vault,
        Err(error) => panic!("{name}: {error}"),
    };
    let key = vault.signing_key().unwrap_or_else(|error| panic!("{name}: {error}"));
    if promised.contains(&"key") {
        assert_eq!(key.public_key(), public, "{name}: another key signs the log");
    }
    let secret = vault.secret("crm").unwrap_or_else(|error| panic!("{name}: {error}"));
    let secret = secret.as_ref().map(|secret| secret.expose_secret().as_str());
    if promised.contains(&"replaced") {
        assert_eq!(secret, Some("new"), "{name}");
    } else if promised.contains(&"secret") {
        assert!(matches!(secret, Some("old" | "new")), "{name}: {secret:?}");
    } else {
        assert!(matches!(secret, None | Some("old")), "{name}: {secret:?}");
    }
}

#[test]
fn whatever_the_disk_keeps_every_key_that_was_promised_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    std::fs::create_dir(&state).unwrap();
    let mut disk = Disk::holding(&state);
    let keys = state.join("keys");
    let mut public = [0; 32];
    room_for(None);
    live(&keys, |step, vault| {
        call(Op::mark(step)).unwrap();
        if step == "key" {
            public = vault.signing_key().unwrap().public_key();
        }
    })
    .unwrap();
    let journal = calls();
    let mut promised = Vec::new();
    let mut looked = 0;
    for at in 0..=journal.len() {
        let all = [Loss::All, Loss::Nothing, Loss::Bytes];
        let seeds = (0..60).map(|seed| Loss::Some(seed * 1_000 + at as u64));
        for loss in all.into_iter().chain(seeds) {
            let to = folder.path().join("cut");
            let _ = std::fs::remove_dir_all(&to);
            std::fs::create_dir(&to).unwrap();
            lay_out(&disk.after_power_cut(loss), &state, &to);
            own(&to);
            holds(&to.join("keys"), &promised, public, &format!("call {at}, {loss:?}"));
            looked += 1;
        }
        if let Some(op) = journal.get(at) {
            disk.call(op);
            if let Op::Mark(step) = op {
                promised.push(*step);
            }
        }
    }
    assert_eq!(promised, STEPS);
    println!("{} calls, {looked} cuts", journal.len());
    assert!(looked > 2_000, "{looked}");
}

#[test]
fn on_a_full_disk_nothing_that_was_promised_is_lost() {
    let mut full = 0;
    for room in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let (mut promised, mut public) = (Vec::new(), [0; 32]);
        room_for(Some(room));
        let lived = live(&keys, |step, vault| {
            promised.push(step);
            if step == "key" {
                public = vault.signing_key().unwrap().public_key();
            }
        });
        room_for(None);
        if let Err(error) = &lived {
            assert!(matches!(error, Error::Disk { .. }), "{error}");
            assert!(error.to_string().contains("no storage space"), "{error}");
            full += 1;
        }
        holds(&keys, &promised, public, &format!("room for {room} calls"));
        if lived.is_ok() {
            break;
        }
    }
    calls();
    assert!(full > 30, "full at {full} calls only");
}

/// What was laid out belongs to its owner alone, as it did before.
fn own(folder: &Path) {
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        let mode = if at.is_dir() { 0o700 } else { 0o600 };
        std::fs::set_permissions(&at, std::fs::Permissions::from_mode(mode)).unwrap();
        if at.is_dir() {
            waiting.extend(std::fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
}
