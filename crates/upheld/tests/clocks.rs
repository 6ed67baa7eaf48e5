//! A request has a clock from the day it came: it is listed, stops, is put off once, and ends.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use common::House;
use common::dump::Dump;
use serde_json::Value;

/// The clock of the request that was opened last, as the list shows it.
fn last(house: &House) -> (String, Value) {
    let listed = house.json(0, &["request", "list"]);
    let last = listed[0].as_array().unwrap().last().unwrap().clone();
    (last["id"].as_str().unwrap().to_owned(), last["clock"].clone())
}

/// A day so many days before the test runs, as the machine's `date` knows it.
fn days_ago(days: u32) -> String {
    let ago = format!("{days} days ago");
    let said = std::process::Command::new("date").args(["-u", "-d", &ago, "+%F"]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_request_is_counted_from_the_day_it_came_until_it_is_answered() {
    let folder = common::empty_folder("clocks");
    let house = House { folder: folder.join("msp") };
    let made = common::run(&["demo", &house.path(""), "--people", "250", "--json"]);
    assert_eq!(made.code, Some(0), "{}", made.said());

    // What was opened without a word about place or day has a clock too, and is answered.
    let (_, clock) = last(&house);
    assert_eq!(clock["in_time"], Value::Bool(true), "{clock}");

    let somebody = "somebody.new@nowhere-known.example";
    let ask = |more: &[&str]| {
        let words = ["request", "erase", "--plan", "--email"];
        house.upheld(&[&words[..], more].concat())
    };
    let refused = ask(&[somebody, "--received", "2999-01-01"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("still to come"), "{}", refused.said());
    let refused = ask(&[somebody, "--place", "ZZ"]);
    assert!(refused.err.contains("no place that policy.yaml"), "{}", refused.said());

    let someone = known_person(&house);
    let received = days_ago(3);
    let asked = ask(&[&someone, "--place", "CA", "--received", &received]);
    assert_eq!(asked.code, Some(0), "{}", asked.said());
    let (id, clock) = last(&house);
    assert_eq!(clock["days_left"], 27, "{clock}");
    assert_eq!(clock["by"], "notice");

    // Canada's clocks wait for nobody's identity; that is said, and what is awaited is noted.
    let paused = house.must(0, &["request", "pause", &id, "--for", "identity"]);
    assert!(paused.out.contains("No clock of this request stops"), "{}", paused.said());
    assert_eq!(last(&house).1["waits_for"], "identity");
    let again = house.must(2, &["request", "pause", &id, "--for", "fee"]);
    assert!(again.err.contains("already"), "{}", again.said());
    house.must(0, &["request", "resume-clock", &id]);
    house.must(2, &["request", "resume-clock", &id]);

    // Once, with a reason.
    house.must(2, &["request", "extend", &id, "--reason", " "]);
    house.must(0, &["request", "extend", &id, "--reason", "an archive must be restored first"]);
    assert_eq!(last(&house).1["days_left"], 57);
    let twice = house.must(2, &["request", "extend", &id, "--reason", "and another"]);
    assert!(twice.err.contains("once is all"), "{}", twice.said());

    // Taken back is not answered.
    house.must(0, &["request", "withdraw", &id]);
    let (_, clock) = last(&house);
    assert_eq!(
        (&clock["ended"]["answered"], &clock["in_time"]),
        (&Value::Bool(false), &Value::Null)
    );
    house.must(2, &["request", "extend", &id, "--reason", "too late"]);

    // Late from the start: it cannot be put off any more, and is answered late.
    let received = days_ago(40);
    ask(&[&someone, "--place", "CA", "--received", &received]);
    let (id, clock) = last(&house);
    assert_eq!(clock["days_left"], -10, "{clock}");
    house.must(2, &["request", "extend", &id, "--reason", "we forgot"]);
    let listed = house.must(0, &["request", "list"]);
    assert!(listed.out.contains("10 days late"), "{}", listed.said());
    assert!(listed.out.contains("1 late"), "{}", listed.said());
    house.must(0, &["request", "withdraw", &id]);
    let out = house.beside("late.zip");
    let words = ["request", "access", "--email", &someone, "--received", &received, "-o", &out];
    house.must(0, &words);
    assert_eq!(last(&house).1["in_time"], Value::Bool(false));
    house.must(0, &["ledger", "verify"]);
}

#[test]
fn the_clocks_of_a_place_are_shown_with_law_source_and_confidence() {
    let house = House::new("clocks-shown");
    let shown = house.must(0, &["clocks", "--place", "CA-QC", "--received", "2026-11-20"]);
    for words in
        ["answer by 20 December 2026", "P-39.1", "◆ unverified", "30 days later: 2026-12-20"]
    {
        assert!(shown.out.contains(words), "{words}\n{}", shown.said());
    }
    for line in shown.out.lines().filter(|line| !line.contains("https://")) {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let breach = house.must(
        0,
        &["clocks", "--place", "DE", "--kind", "breach", "--received", "2026-11-20T16:30"],
    );
    assert!(breach.out.contains("72 hours: 2026-11-23 16:30"), "{}", breach.said());
    let answers = house.json(0, &["clocks", "--place", "GB", "--kind", "erase"]);
    assert_eq!(answers[0]["requests"][0]["sources"].as_array().unwrap().len(), 2);
    let slip = house.must(2, &["clocks", "--kind", "breech"]);
    assert!(slip.err.contains("one of access"), "{}", slip.said());
}

/// The address of somebody whom the sample knows, and who is not its heroine.
fn known_person(house: &House) -> String {
    let crm = Dump::sqlite(&house.folder.join(sample::FOLDER).join("crm.db"));
    let contacts = crm.0.iter().filter(|((table, _), _)| table == "contact");
    let mut addresses = contacts.filter_map(|(_, row)| row.get("email"));
    String::from_utf8(addresses.nth(30).unwrap().clone()).unwrap()
}
