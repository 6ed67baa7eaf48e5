//! `upheld retain` and `upheld hold`: what is too old goes, what is held stays, and what an erasure
//! had to keep goes by itself when the reason ends.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::path::PathBuf;
use std::process::Command;

use common::House;

const TABLES: &str = "
CREATE TABLE contacts (id integer PRIMARY KEY, email varchar(100), name varchar(50));
CREATE TABLE tickets (id integer PRIMARY KEY, contact_id integer REFERENCES contacts (id),
  closed_at timestamp, subject varchar(100));
CREATE TABLE comments (id integer PRIMARY KEY, ticket_id integer REFERENCES tickets (id), body text);
INSERT INTO contacts VALUES (1, 'jane@acme.example', 'Jane Doe'), (2, 'bob@acme.example', 'Bob Roe');
INSERT INTO tickets VALUES (1, 1, '2012-01-01 10:00:00', 'Printer'), (2, 2, '2012-01-01 10:00:00', 'Mail'),
  (3, 2, '2026-01-01 10:00:00', 'New');
INSERT INTO comments VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c')";

const MAP: &str = "
system: {title: Desk}
dataset:
- fides_key: desk
  collections:
  - name: contacts
    upheld: {title: Contacts}
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name]}
  - name: tickets
    upheld: {title: Tickets, retain: {max: 7 years, from: closed_at, with: [comments]}}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - name: contact_id
      data_categories: [system]
      upheld: {references: [{to: contacts.id, follow: here, tie: shared}]}
    - {name: closed_at, data_categories: [system]}
    - {name: subject, data_categories: [user.content], upheld: {free_text: yes}}
  - name: comments
    upheld: {title: Comments}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - name: ticket_id
      data_categories: [system]
      upheld: {references: [{to: tickets.id, follow: here, tie: shared}]}
    - {name: body, data_categories: [user.content], upheld: {free_text: yes}}
";

struct Desk {
    house: House,
    base: PathBuf,
}

impl Desk {
    fn new(name: &str) -> Self {
        let house = House::new(name);
        let base = house.folder.join("desk.db");
        let desk = Self { house, base };
        desk.sql(TABLES);
        desk.house.must(0, &["connect", "desk", "sqlite:desk.db", "--yes"]);
        std::fs::write(desk.house.folder.join("systems/desk.yaml"), MAP).unwrap();
        desk
    }

    fn sql(&self, sql: &str) -> String {
        let program = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
for part in [p for p in sys.argv[2].split(';') if p.strip()]:
    for row in base.execute(part).fetchall(): print('|'.join('' if v is None else str(v) for v in row))";
        let ran = Command::new("python3").args(["-c", program]).arg(&self.base).arg(sql).output();
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    }

    fn tickets(&self) -> String {
        self.sql("SELECT group_concat(id) FROM tickets").trim().to_owned()
    }

    fn hold(&self) -> String {
        self.house.json(0, &["hold", "list"])[0][0]["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn an_old_ticket_is_shown_held_lifted_and_gone() {
    let desk = Desk::new("retention_story");
    let house = &desk.house;
    let plan = house.must(0, &["retain", "plan"]).out;
    assert!(plan.contains("2 rows are due by 1 rule."), "{plan}");
    assert!(
        plan.contains("7 years after `closed_at`") && plan.contains("1 January 2012"),
        "{plan}"
    );
    assert!(plan.lines().all(|line| line.chars().count() <= 100), "{plan}");
    // Without a yes nothing is changed.
    house.must(1, &["retain", "run"]);
    assert_eq!(desk.tickets(), "1,2,3");

    let person = ["--person-email", "jane@acme.example"];
    let why = ["--reason", "claim 12", "--owner", "legal"];
    house.must(0, &[&["hold", "add"][..], &person, &why].concat());
    let plan = house.json(0, &["retain", "plan"]);
    assert_eq!(
        (&plan[0]["rules"][0]["due"], &plan[0]["rules"][0]["held_back"]),
        (&1.into(), &1.into())
    );
    let record = house.beside("record.json");
    let ran = house.json(0, &["retain", "run", "--yes", "-o", &record]);
    assert_eq!(ran[0]["complete"], true);
    assert_eq!(desk.tickets(), "1,3");
    let text = std::fs::read_to_string(&record).unwrap();
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    let rule = &told["record"]["rules"][0];
    assert_eq!(
        (&rule["rows"], &rule["held_back"], &rule["left"]),
        (&1.into(), &1.into(), &0.into())
    );
    assert!(rule["respected"].to_string().contains("claim 12"), "{rule}");
    assert!(std::fs::metadata(record.replace(".json", ".html")).unwrap().len() > 1_000);

    let held = house.must(2, &["hold", "lift", "ffff", "--reason", "x"]);
    assert!(held.err.contains("there is no hold ffff"), "{}", held.err);
    house.must(0, &["hold", "lift", &desk.hold(), "--reason", "settled"]);
    house.must(0, &["retain", "run", "--yes", "-o", &record]);
    assert_eq!(desk.tickets(), "3");
    assert_eq!(desk.sql("SELECT count(*) FROM comments").trim(), "1");
    assert_eq!(house.json(0, &["retain", "list"])[0].as_array().unwrap().len(), 2);

    house.must(0, &["ledger", "verify"]);
    let log = house.beside("log");
    house.must(0, &["ledger", "export", &log]);
    for file in [record, house.path(".upheld/upheld.db"), format!("{log}/checkpoint")] {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let holds = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
        assert!(!holds(b"jane@acme.example") && !holds(b"Jane Doe"), "{file}");
    }
}

#[test]
fn that_others_point_at_a_row_is_no_reason_to_keep_it() {
    let desk = Desk::new("retention_pointed");
    let house = &desk.house;
    house.edit("systems/desk.yaml", |text| text.replace(", with: [comments]", ""));
    let hold = ["hold", "add", "--record", "desk.comments:2", "--reason", "x", "--owner", "y"];
    house.must(0, &hold);
    let plan = house.json(0, &["retain", "plan"]);
    let rule = &plan[0]["rules"][0];
    assert_eq!((&rule["held_back"], &rule["pointed_at"]), (&2.into(), &2.into()), "{rule}");
    assert_eq!(rule["pointed_by"], serde_json::json!(["Comments"]));
    let record = house.beside("record.json");
    let ran = house.must(0, &["retain", "run", "--yes", "-o", &record]).out;
    let told = ran.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("because Comments point at them: name them in `with:`"), "{ran}");
    let mut lines = ran.lines().filter(|line| !line.starts_with("Record: "));
    assert!(lines.all(|line| line.chars().count() <= 100), "{ran}");
    assert_eq!(desk.tickets(), "1,2,3");

    // Named there, the hold on a comment is what keeps its ticket, and the other goes.
    house.edit("systems/desk.yaml", |text| {
        text.replace("from: closed_at}", "from: closed_at, with: [comments]}")
    });
    let plan = house.json(0, &["retain", "plan"]);
    let rule = &plan[0]["rules"][0];
    assert_eq!((&rule["due"], &rule["held_back"]), (&1.into(), &1.into()), "{rule}");
    assert_eq!(rule["pointed_at"], 0);
    house.must(0, &["retain", "run", "--yes", "-o", &record]);
    assert_eq!(desk.tickets(), "2,3");
}

#[test]
fn what_a_hold_kept_from_an_erasure_is_erased_by_itself_when_it_ends() {
    let desk = Desk::new("retention_wake");
    let house = &desk.house;
    let record = ["--record", "desk.contacts:1"];
    let why = ["--reason", "claim 12", "--owner", "legal"];
    house.must(0, &[&["hold", "add"][..], &record, &why].concat());
    let certificate = house.beside("certificate.json");
    let erase = ["request", "erase", "--email", "jane@acme.example", "--yes", "-o", &certificate];
    house.must(0, &erase);
    assert_eq!(desk.sql("SELECT name FROM contacts WHERE id = 1").trim(), "Jane Doe");
    let text = std::fs::read_to_string(&certificate).unwrap();
    assert!(text.contains("legal hold") && text.contains("erased by itself"), "{text}");
    // It rests: it cannot be taken up while the hold holds, and a run changes nothing.
    let (id, _) = house.last_request();
    let refused = house.must(2, &["request", "resume", &id]);
    assert!(refused.err.contains("a legal hold keeps"), "{}", refused.err);
    let destroyed = house.beside("destroyed.json");
    house.must(0, &["retain", "run", "--yes", "-o", &destroyed]);
    assert_eq!(desk.sql("SELECT name FROM contacts WHERE id = 1").trim(), "Jane Doe");

    house.must(0, &["hold", "lift", &desk.hold(), "--reason", "settled"]);
    let ran = house.json(0, &["retain", "run", "--yes", "-o", &destroyed]);
    assert_eq!(ran[0]["erasures"][0]["request"], id.as_str(), "{}", ran[0]);
    assert!(ran[0]["erasures"][0]["certificate"].is_string(), "{}", ran[0]);
    let left = desk.sql("SELECT email, name FROM contacts WHERE id = 1");
    assert_eq!(left.trim(), "|");
    // And now it is forgotten.
    let refused = house.must(2, &["request", "resume", &id]);
    assert!(refused.err.contains("is forgotten"), "{}", refused.err);
    let ran = house.json(0, &["retain", "run", "--yes", "-o", &destroyed]);
    assert_eq!(ran[0]["erasures"], serde_json::json!([]));
    house.must(0, &["ledger", "verify"]);
}

#[test]
fn where_two_must_agree_the_digest_of_the_plan_is_asked_for() {
    let desk = Desk::new("retention_digest");
    let house = &desk.house;
    house.edit("policy.yaml", |text| text.replace("require_approval: no", "require_approval: yes"));
    let refused = house.must(2, &["retain", "run", "--yes"]);
    assert!(refused.err.contains("second person"), "{}", refused.err);
    let wrong = house.must(2, &["retain", "run", "--yes", "--digest", "0123456789ab"]);
    assert!(wrong.err.contains("not the digest"), "{}", wrong.err);
    let plan = house.json(0, &["retain", "plan"]);
    let digest = plan[0]["digest"].as_str().unwrap()[..12].to_owned();
    let record = house.beside("record.json");
    house.must(0, &["retain", "run", "--yes", "--digest", &digest, "-o", &record]);
    assert_eq!(desk.tickets(), "3");
}
