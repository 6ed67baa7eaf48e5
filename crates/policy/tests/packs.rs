//! The packs that ship.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use policy::{Sources, load, packs, render};

#[test]
fn every_pack_is_sound() {
    for pack in packs() {
        let sources: Sources = pack.files().into_iter().collect();
        let checked = load(&sources);
        assert_eq!(render(&checked.findings, false, 100), "", "{}", pack.key);
        let policy = checked.policy.unwrap();
        for s in &policy.coverage().without_promise { println!("{}: {}", pack.key, s.text); }
    }
}
