//! A system is restored from a backup that is older than an erasure. What came back with it is found
//! without anybody having remembered who it was, and erased again.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::path::Path;

use common::House;
use common::dump::Dump;

const PEOPLE: u32 = 300;

fn sample_in(folder: &Path) -> sample::Summary {
    let options = sample::Options { people: PEOPLE, ..sample::Options::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(sample::build(folder, &options, &|_| {})).unwrap()
}

fn restore(from: &Path, house: &House, system: &str) {
    let to = house.folder.join(sample::FOLDER).join(format!("{system}.db"));
    for ending in ["-wal", "-shm"] {
        let mut beside = to.clone().into_os_string();
        beside.push(ending);
        drop(std::fs::remove_file(beside));
    }
    std::fs::copy(from.join(format!("{system}.db")), to).unwrap();
}

#[test]
fn what_a_backup_brought_back_is_erased_again_and_nothing_else() {
    let folder = common::empty_folder("replay");
    let house = House { folder: folder.join("msp") };
    let people = PEOPLE.to_string();
    let made = common::run(&["demo", &house.path(""), "--people", &people, "--json"]);
    assert_eq!(made.code, Some(0), "{}", made.said());
    let backup = sample_in(&folder.join("backup"));
    let erased = |system: &str| {
        Dump::sqlite(&house.folder.join(sample::FOLDER).join(format!("{system}.db")))
    };
    let after_erasure = [erased("ticketing"), erased("crm")];
    let her = backup.heroine();
    let words: Vec<String> = her.emails.iter().map(|email| email.to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let others = ["samaelle.to@fastpost.example"];

    let nobody = house.must(0, &["replay"]);
    assert!(nobody.out.contains("0 of these people are there again"), "{}", nobody.said());

    for system in ["ticketing", "crm"] {
        restore(&backup.folder, &house, system);
    }
    assert!(!erased("ticketing").naming(&words, &others).is_empty());

    // A backup of tomorrow holds every erasure already.
    let later = house.must(0, &["replay", "--backup-of", "2999-01-01", "--plan"]);
    assert!(later.out.contains("0 earlier erasure(s)"), "{}", later.said());
    let wrong = house.must(2, &["replay", "--backup-of", "yesterday"]);
    assert!(wrong.err.contains("write it as 2026-01-31"), "{}", wrong.said());
    let unknown = house.must(2, &["replay", "--system", "tickets"]);
    assert!(unknown.err.contains("there is no system `tickets`"), "{}", unknown.said());

    let looked = &house.json(1, &["replay", "--plan"])[0];
    assert_eq!(looked["people"].as_array().unwrap().len(), 1, "{looked}");
    let found = looked["people"][0]["found"].as_object().unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), ["crm", "ticketing"], "{looked}");
    let told = looked.to_string().to_lowercase();
    assert!(words.iter().all(|word| !told.contains(word)), "the answer names her: {told}");
    assert!(!erased("ticketing").naming(&words, &others).is_empty(), "a plan changed something");

    // Without a yes nothing happens.
    house.must(1, &["replay"]);
    assert!(!erased("ticketing").naming(&words, &others).is_empty());

    let out = house.beside("again");
    let again = house.must(0, &["replay", "--yes", "-o", &out]);
    assert!(again.out.contains("again in crm"), "{}", again.said());
    let certificates: Vec<_> = std::fs::read_dir(&out).unwrap().collect();
    assert_eq!(certificates.len(), 2, "a certificate and its page");
    // The backup brought back what had reached the end of its time, too.
    house.must(0, &["retain", "run", "--yes", "-o", &house.beside("destroyed.json")]);
    for (system, before) in ["ticketing", "crm"].into_iter().zip(&after_erasure) {
        let now = erased(system);
        assert!(now.naming(&words, &others).is_empty(), "{system}: she is still there");
        let keys = |dump: &Dump| dump.0.keys().cloned().collect::<Vec<_>>();
        assert!(keys(&now) == keys(before), "{system}: other rows than after the first erasure");
        // Pseudonyms are made anew; everything else reads as it did.
        let marked =
            |row: &common::dump::Row| row.values().any(|value| value.starts_with(b"erased-"));
        for (key, row) in &now.0 {
            let then = &before.0[key];
            assert!(
                row == then || marked(row) && marked(then),
                "{system}: {key:?} reads otherwise"
            );
        }
    }
    house.must(0, &["replay"]);
    house.must(0, &["ledger", "verify"]);
}

#[test]
fn somebody_who_must_stay_keeps_nobody_else_in_a_restored_system() {
    let folder = common::empty_folder("replay-restricted");
    let house = House { folder: folder.join("msp") };
    let people = PEOPLE.to_string();
    let made = common::run(&["demo", &house.path(""), "--people", &people, "--json"]);
    assert_eq!(made.code, Some(0), "{}", made.said());
    let backup = sample_in(&folder.join("backup"));
    let her = &backup.heroine().emails[0];
    let letters = || {
        Dump::sqlite(&house.folder.join(sample::FOLDER).join("newsletter.db")).keys("subscriber")
    };
    // The demo has erased her; somebody else asks too.
    let other =
        letters().into_iter().find(|key| key.contains('@') && !key.contains("erased")).unwrap();
    let out = house.beside("other.json");
    house.must(0, &["request", "erase", "--email", &other, "--yes", "-o", &out]);
    assert!(!letters().contains(&other));
    restore(&backup.folder, &house, "newsletter");
    let restored = letters();
    assert!(restored.contains(&other), "the backup brought them back");
    house.must(0, &["request", "restrict", "--email", her]);

    let again = house.must(1, &["replay", "--yes", "-o", &house.beside("again")]);
    assert!(again.said().contains("and not again"), "{}", again.said());
    let gone: Vec<_> = restored.difference(&letters()).cloned().collect();
    assert_eq!(gone, [other], "only who did not ask to stay");
}
