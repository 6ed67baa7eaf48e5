//! The log through the command line: an older copy of `.upheld` is put back, is noticed before
//! anything is done, and the log goes on without ever contradicting what it signed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::path::Path;

use common::House;

/// Something that is worth an entry, sealed.
fn something_happens(house: &House, note: &str) -> u64 {
    house.must(0, &["attest", "measures", "--by", "the security lead", "--note", note]);
    let verified = house.json(0, &["ledger", "verify"]).remove(0);
    verified["verified"]["entries"].as_u64().unwrap()
}

fn copied(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    let ran = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(ran.unwrap().success());
}

#[test]
fn an_older_copy_of_the_state_is_refused_until_it_is_reconciled() {
    let house = House::new("ledger-restored");
    let state = house.folder.join(".upheld");
    let backup = house.folder.with_file_name("backup");
    let first = something_happens(&house, "the first");
    copied(&state, &backup);
    let before = house.beside("before");
    house.must(0, &["ledger", "export", &before]);
    let last = something_happens(&house, "the second, which will be lost");
    assert_eq!(last, first + 1);
    let newest = house.beside("newest");
    house.must(0, &["ledger", "export", &newest]);
    let newest = format!("{newest}/checkpoint");
    assert!(house.must(0, &["ledger", "anchor"]).out.contains("state-of-the-user"));

    let mut names = std::collections::BTreeSet::new();
    for time in ["the first time", "the same backup again"] {
        copied(&backup, &state);
        // Whatever is asked for is refused before it is done, and says what to do.
        for words in [
            &["attest", "measures", "--by", "the security lead"][..],
            &["attest", "--list"],
            &["request", "list"],
            &["ledger", "export", &house.beside("refused")],
        ] {
            let said = house.must(2, words).said();
            assert!(said.contains("older") && said.contains("reconcile"), "{time}: {said}");
            assert!(said.contains(&format!("over {last}")), "{time}: {said}");
        }
        let said = house.must(1, &["ledger", "verify"]).said();
        assert!(said.contains("does not hold") && said.contains("older"), "{time}: {said}");
        house.must(1, &["ledger", "anchor"]);
        // Asked without a reason, it explains and changes nothing.
        let said = house.must(1, &["ledger", "reconcile"]).said();
        assert!(
            said.contains("restore a newer copy") && said.contains("everything after"),
            "{said}"
        );
        house.must(2, &["attest", "--list"]);
        let done = house.json(0, &["ledger", "reconcile", "--reason", "the disk failed"]).remove(0);
        assert_eq!(done["entry"].as_u64(), Some(first), "the next entry says what was lost");
        assert_eq!(done["missing"]["here"].as_u64(), Some(first));
        assert_eq!(done["missing"]["there"].as_u64(), Some(last));
        assert!(names.insert(done["origin"].as_str().unwrap().to_owned()), "a name is used once");
        let after = something_happens(&house, "after the restore");
        assert_eq!(after, first + 2);
        let said = house.must(0, &["ledger", "reconcile"]).said();
        assert!(said.contains("Nothing is missing"), "{said}");
        // What was signed before is another log's now; it is not contradicted.
        let said = house.must(2, &["ledger", "anchor", &newest]).said();
        assert!(said.contains("upheld.example/log/"), "{said}");
    }
    assert_eq!(names.len(), 2);
}

#[test]
fn a_file_that_somebody_kept_tells_what_nothing_here_remembers() {
    let house = House::new("ledger-kept");
    let state = house.folder.join(".upheld");
    let backup = house.folder.with_file_name("backup");
    std::fs::write(house.folder.join("upheld.toml"), "anchors = []\n").unwrap();
    let first = something_happens(&house, "the first");
    copied(&state, &backup);
    something_happens(&house, "the second");
    let export = house.beside("kept");
    house.must(0, &["ledger", "export", &export]);
    let kept = format!("{export}/checkpoint");
    house.must(0, &["ledger", "anchor", &kept]);
    copied(&backup, &state);
    // Without an anchor nothing can tell. A file can.
    house.must(0, &["attest", "--list"]);
    let said = house.must(1, &["ledger", "anchor", &kept]).said();
    assert!(
        said.contains(&format!("{} entries were signed, more than are here", first + 1)),
        "{said}"
    );
    // Where a place is named for it, it is remembered, and the log stops.
    let share = house.folder.with_file_name("share");
    let settings = format!("anchors = [{:?}]\n", share.to_string_lossy());
    std::fs::write(house.folder.join("upheld.toml"), settings).unwrap();
    let said = house.must(0, &["ledger", "anchor"]).said();
    assert!(said.contains("was not looked at") && said.contains("mounted"), "{said}");
    std::fs::create_dir_all(&share).unwrap();
    house.must(1, &["ledger", "anchor", &kept]);
    house.must(2, &["attest", "--list"]);
    let said = house.must(2, &["ledger", "anchor", &house.path("notice.md")]).said();
    assert!(said.contains("no signed checkpoint"), "{said}");
}

#[test]
fn a_folder_of_the_log_that_is_lost_is_written_anew() {
    let house = House::new("ledger-folder-lost");
    let entries = something_happens(&house, "the first");
    let log = house.folder.join(".upheld/ledger");
    let checkpoint = std::fs::read(log.join("checkpoint")).unwrap();
    std::fs::remove_dir_all(&log).unwrap();
    house.must(2, &["attest", "--list"]);
    let done = house.json(0, &["ledger", "reconcile"]).remove(0);
    assert_eq!(
        (done["entries"].as_u64(), &done["entry"]),
        (Some(entries), &serde_json::Value::Null)
    );
    assert_eq!(
        std::fs::read(log.join("checkpoint")).unwrap(),
        checkpoint,
        "nothing new was signed"
    );
    house.must(0, &["ledger", "verify"]);
}
