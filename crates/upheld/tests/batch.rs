//! A list of people, answered together: what each gets, what the folder says, what happens when the
//! list is unsound, when the command is stopped in the middle, and when no text is read.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]
#![allow(clippy::disallowed_methods, reason = "a test waits for a process on its own thread")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::House;
use common::dump::Dump;
use serde_json::Value;

/// Forty people with two tickets each; each is named, without any reference, in the ticket of the
/// next one.
const DESK: &str = "
create table contact (id integer primary key, full_name text, email text unique, phone text);
create table ticket (id integer primary key, contact_id integer not null references contact (id), subject text, body text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
insert into contact select i, 'Name' || char(64 + i % 26) || ' Family' || i, 'p' || i || '@acme.example', '+1 902 555 01' || printf('%02d', i) from n;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 80)
insert into ticket select i, 1 + i % 40, 'Ticket ' || i, 'Ask p' || (1 + (i + 1) % 40) || '@acme.example for the key' from n;
";

const MAP: &str = "
dataset:
- fides_key: desk
  collections:
  - name: contact
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - {name: full_name, data_categories: [user.name], upheld: {erase: {text: erased}}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone}}
  - name: ticket
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - {name: contact_id, upheld: {references: [{to: contact.id, tie: authored}]}}
    - {name: subject, upheld: {free_text: true}}
    - {name: body, upheld: {free_text: true}}
";

struct Desk {
    house: House,
    base: PathBuf,
}

impl Desk {
    fn new(name: &str) -> Self {
        let house = House::new(&format!("batch-{name}"));
        let base = PathBuf::from(house.beside("desk.db"));
        let program = "import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None).executescript(sys.argv[2])";
        let python = Command::new("python3").args(["-c", program]).arg(&base).arg(DESK).status();
        assert!(python.unwrap().success());
        house.must(0, &["connect", "desk", &format!("sqlite:{}", base.display()), "--yes"]);
        std::fs::write(house.folder.join("systems/desk.yaml"), MAP).unwrap();
        house.must(0, &["check"]);
        Self { house, base }
    }

    fn list(&self, name: &str, text: &str) -> String {
        let path = self.house.beside(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The words of a list of so many people.
    fn people(&self, count: usize) -> String {
        let lines = (1..=count).map(|i| format!("T-{i},p{i}@acme.example\n"));
        self.list("people.csv", &format!("reference,email\n{}", lines.collect::<String>()))
    }
}

/// What a package says, without what differs from run to run.
fn content(package: &Path) -> BTreeMap<String, String> {
    let folder = common::unpack(&package.to_string_lossy());
    let mut found = BTreeMap::new();
    for file in ["csv/desk.contact.csv", "csv/desk.ticket.csv"] {
        found.insert(file.to_owned(), std::fs::read_to_string(folder.join(file)).unwrap());
    }
    let data: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("data.json")).unwrap()).unwrap();
    for part in ["systems", "lists", "not_shown", "redacted_others"] {
        found.insert(part.to_owned(), data[part].to_string());
    }
    found
}

#[test]
fn each_person_of_a_list_gets_what_they_get_alone() {
    let desk = Desk::new("alone");
    let (house, list) = (&desk.house, desk.people(6));
    for by_reference in [false, true] {
        let more: &[&str] = if by_reference { &["--by-reference"] } else { &[] };
        let folder = house.beside(&format!("answers-{by_reference}"));
        let ask = ["request", "access", "--batch", &list, "-o", &folder];
        let told = house.json(0, &[&ask[..], more].concat()).remove(0);
        assert_eq!(told["people"], 6);
        assert_eq!(told["settled"], 6);
        assert_eq!(told["texts_searched"], !by_reference);
        for (at, one) in told["requests"].as_array().unwrap().iter().enumerate() {
            assert_eq!(one["reference"], format!("T-{}", at + 1));
            assert_eq!(one["state"], "handed out");
            let package = PathBuf::from(one["file"].as_str().unwrap());
            let email = format!("p{}@acme.example", at + 1);
            let alone = house.beside("alone.zip");
            let ask = ["request", "access", "--email", &email, "-o", &alone];
            house.must(0, &[&ask[..], more].concat());
            let (alone, together) = (content(Path::new(&alone)), content(&package));
            assert_eq!(together, alone, "{email}, by reference: {by_reference}");
            let tickets = together["csv/desk.ticket.csv"].lines().count() - 1;
            // Two of her own, and those of others whose text names her.
            assert_eq!(tickets, if by_reference { 2 } else { 4 }, "{email}");
            let said = together["not_shown"].contains("texts were not searched");
            assert_eq!(said, by_reference);
        }
        let table = std::fs::read_to_string(Path::new(&folder).join("summary.csv")).unwrap();
        assert_eq!(table.lines().count(), 7);
        for name in ["summary.csv", "requests.json"] {
            let text = std::fs::read_to_string(Path::new(&folder).join(name)).unwrap();
            assert!(!text.contains("acme.example"), "{name} says whom it is about");
        }
    }
    house.must(0, &["ledger", "verify"]);
}

#[test]
fn nothing_is_begun_with_an_unsound_list() {
    let desk = Desk::new("unsound");
    let house = &desk.house;
    let folder = house.beside("answers");
    for (text, told) in [
        (
            "email\np1@acme.example\nnobody\n",
            "line 3: what was given as email does not look like one",
        ),
        ("email,shoe\np1@acme.example,42\n", "must name its columns"),
        ("p1@acme.example\nP1@acme.example\n", "line 2: is the same person as line 1"),
        ("name\nJane Doe\n", "line 2: a name alone"),
        ("", "the list names nobody"),
    ] {
        let list = desk.list("bad.csv", text);
        let said = house.must(2, &["request", "access", "--batch", &list, "-o", &folder]).said();
        assert!(said.contains(told), "{text}: {said}");
        assert!(!said.contains("acme.example"), "{said}");
        assert!(!Path::new(&folder).exists());
    }
    assert_eq!(house.json(0, &["request", "list"])[0].as_array().unwrap().len(), 0);
    let list = desk.people(2);
    let said = house.must(2, &["request", "close", "--batch", &list]).said();
    assert!(said.contains("person by person"), "{said}");
}

#[test]
fn the_same_command_goes_on_where_it_was_stopped_and_does_nothing_twice() {
    let desk = Desk::new("again");
    let (house, list) = (&desk.house, desk.people(40));
    let folder = PathBuf::from(house.beside("answers"));
    let out = folder.to_string_lossy().into_owned();
    let ask = ["request", "access", "--batch", &list, "--by-reference", "-o", &out];
    let mut running = house.start(&ask);
    let packages = || {
        let names = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        names.filter(|file| file.file_name().to_string_lossy().ends_with(".zip")).count()
    };
    common::until("a package is there, or all of them", || packages() > 0);
    drop(running.kill());
    running.wait().unwrap();
    let before = packages();
    assert!(before > 0);
    let told = house.json(0, &ask).remove(0);
    assert_eq!(told["settled"], 40, "{told}");
    assert_eq!(packages(), 40, "none is missing and none is there twice");
    let requests = house.json(0, &["request", "list"]).remove(0);
    let done = requests.as_array().unwrap().iter().filter(|one| one["status"] == "done").count();
    assert_eq!((done, requests.as_array().unwrap().len()), (40, 40));
    // Once more: everything was answered.
    let told = house.json(0, &ask).remove(0);
    let states: Vec<&Value> =
        told["requests"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert!(states.iter().all(|state| *state == "answered before"), "{states:?}");
    let other = desk.list("other.csv", "email\np1@acme.example\n");
    let said = house.must(2, &["request", "access", "--batch", &other, "-o", &out]).said();
    assert!(said.contains("answers to another list"), "{said}");
    house.must(0, &["ledger", "verify"]);
}

#[test]
fn people_of_a_list_are_erased_together_and_nobody_else() {
    let desk = Desk::new("erase");
    let (house, list) = (&desk.house, desk.people(5));
    let folder = house.beside("certificates");
    let before = Dump::sqlite(&desk.base);
    let ask = ["request", "erase", "--batch", &list, "-o", &folder];
    let told = house.json(1, &ask).remove(0);
    let states = |told: &Value| -> Vec<String> {
        let requests = told["requests"].as_array().unwrap();
        requests.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(states(&told), ["waits"; 5], "{told}");
    assert_eq!(Dump::sqlite(&desk.base), before, "nothing was changed");

    let told = house.json(0, &[&ask[..], &["--yes"]].concat()).remove(0);
    assert_eq!(states(&told), ["erased"; 5], "{told}");
    let after = Dump::sqlite(&desk.base);
    let hers = |i: usize| [format!("p{i}@acme.example"), format!("family{i} ")];
    for i in 1..=5 {
        let words = hers(i);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert!(after.naming(&words[..1], &[]).is_empty(), "person {i} is gone");
    }
    for changed in before.changed(&after) {
        let id: usize = changed.key.parse().unwrap();
        let concerned = match changed.table {
            "contact" => (1..=5).contains(&id),
            // Their own two tickets, and those that named them.
            _ => (1..=5).any(|i| 1 + id % 40 == i || 1 + (id + 1) % 40 == i),
        };
        assert!(concerned, "{changed:?}");
    }
    for one in told["requests"].as_array().unwrap() {
        let certificate = std::fs::read_to_string(one["file"].as_str().unwrap()).unwrap();
        assert!(certificate.contains("\"complete\""), "{certificate}");
    }
    house.must(0, &["ledger", "verify"]);
}

#[test]
fn an_erasure_by_reference_says_that_it_is_not_complete_until_the_texts_are_read() {
    let desk = Desk::new("by-reference");
    let house = &desk.house;
    let certificate = house.beside("certificate.json");
    let her = ["--email", "p7@acme.example", "--yes", "-o", &certificate];
    let ran = house.must(1, &[&["request", "erase", "--by-reference"], &her[..]].concat());
    assert!(ran.said().contains("no text was searched"), "{}", ran.said());
    let text = std::fs::read_to_string(&certificate).unwrap();
    assert!(text.contains("\"incomplete\"") && text.contains("No text was searched"), "{text}");
    let named = |base: &Path| Dump::sqlite(base).naming(&["p7@acme.example"], &[]);
    assert_eq!(named(&desk.base).len(), 2, "the tickets of others name her still");
    let (request, _) = house.last_request();
    house.must(0, &["request", "resume", &request, "--yes", "-o", &certificate]);
    assert!(named(&desk.base).is_empty());
    let text = std::fs::read_to_string(&certificate).unwrap();
    assert!(text.contains("\"complete\"") && !text.contains("No text was searched"), "{text}");
}
