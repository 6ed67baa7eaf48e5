//! `upheld doctor`: the accounts that it writes are enough for everything that Upheld does, and no part
//! of them is too much; the index that it advises serves.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use common::House;
use serde_json::Value;

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
    postgres: bool,
    url: String,
}

impl Desk {
    fn new(name: &str, postgres: bool) -> Self {
        let house = House::new(&format!("doctor_{name}_{postgres}"));
        let url = if postgres {
            testkit::postgres().fresh_database("desk")
        } else {
            testkit::mariadb().fresh_database("desk")
        };
        let desk = Self { house, postgres, url };
        let moment = if postgres { "timestamp" } else { "datetime" };
        desk.sql(&format!(
            "CREATE TABLE contacts (id integer PRIMARY KEY, email varchar(100), name varchar(50));
             CREATE TABLE tickets (id integer PRIMARY KEY, contact_id integer REFERENCES contacts (id), closed_at {moment}, subject varchar(100));
             CREATE TABLE comments (id integer PRIMARY KEY, ticket_id integer REFERENCES tickets (id), body text);
             INSERT INTO contacts VALUES (1, 'jane@acme.example', 'Jane Doe'), (2, 'bob@acme.example', 'Bob Roe');
             INSERT INTO tickets VALUES (1, 1, '2012-01-01 10:00:00', 'Printer'), (3, 2, '2026-01-01 10:00:00', 'New'),
               (4, 1, '2026-01-01 10:00:00', 'Jane Doe cannot print');
             INSERT INTO comments VALUES (1, 1, 'a'), (3, 3, 'c'), (4, 4, 'Jane Doe <jane@acme.example> called');"
        ));
        desk.house.must(0, &["connect", "desk", &desk.url, "--yes"]);
        desk.write_map();
        desk
    }

    fn write_map(&self) {
        std::fs::write(self.house.folder.join("systems/desk.yaml"), MAP).unwrap();
    }

    fn sql(&self, sql: &str) -> String {
        match self.postgres {
            true => testkit::postgres().execute(&self.url, sql).trim().to_owned(),
            false => testkit::mariadb().execute(&self.url, sql).trim().to_owned(),
        }
    }

    /// Makes the account of this role as a person would, from the statements, and signs in with it.
    fn sign_in(&self, role: &str) -> (String, Vec<Value>) {
        let account = format!("up_{role}_{}", std::process::id());
        let told =
            self.house.json(0, &["doctor", "--grants", "desk", "--account", &account]).remove(0);
        let offers = told[0]["offers"].as_array().unwrap();
        let offer = offers.iter().find(|offer| offer["role"] == role).unwrap();
        for create in offer["create"].as_array().unwrap() {
            self.sql(&create.as_str().unwrap().replace("<password>", "'pw'"));
        }
        let grants = offer["grants"].as_array().unwrap().clone();
        for grant in &grants {
            self.sql(grant["give"].as_str().unwrap());
        }
        let own = self.url.replacen("postgres@", &format!("{account}:pw@"), 1);
        let own = own.replacen("root@", &format!("{account}:pw@"), 1);
        let mut words = vec!["connect", "desk", &own, "--again", "--yes"];
        if role == "look" {
            words.push("--read-only");
        }
        let found = self.house.must(0, &words);
        assert!(found.out.contains("3 collections") && !found.out.contains("lacks"), "{found:?}");
        self.write_map();
        (account, grants)
    }

    fn drop(&self, account: &str) {
        self.sql(&match self.postgres {
            true => format!("DROP OWNED BY {account}; DROP ROLE {account}"),
            false => format!("DROP USER {account}@'%'"),
        });
    }

    /// The report on the system.
    fn report(&self) -> Value {
        let ran = self.house.upheld(&["doctor", "--json"]);
        let all = ran.answers().remove(0);
        all.as_array().unwrap().iter().find(|one| one["what"] == "Desk").unwrap().clone()
    }
}

const HER: [&str; 2] = ["--email", "jane@acme.example"];

#[test]
fn everything_runs_with_the_account_that_was_written_and_with_no_less() {
    for postgres in [true, false] {
        let desk = Desk::new("exact", postgres);
        let house = &desk.house;
        let report = desk.report();
        let says = report["beyond"].to_string();
        assert!(says.contains("superuser") && report["missing"] == serde_json::json!([]), "{says}");

        // The one that only looks.
        let (account, _) = desk.sign_in("look");
        let report = desk.report();
        let none = serde_json::json!([]);
        assert_eq!((&report["missing"], &report["beyond"]), (&none, &none), "{report}");
        let package = house.beside("jane.zip");
        house.must(0, &[&["request", "access", "-o", &package], &HER[..]].concat());
        house.must(0, &["retain", "plan"]);
        let status = house.upheld(&["status"]);
        assert!(!status.said().contains("may not"), "{}", status.said());
        desk.drop(&account);

        // The one that changes.
        house.must(0, &["connect", "desk", &desk.url, "--again", "--yes"]);
        desk.write_map();
        let (account, grants) = desk.sign_in("change");
        let report = desk.report();
        assert_eq!((&report["missing"], &report["beyond"]), (&none, &none), "{report}");
        let record = house.beside("record.json");
        let erase = [&["request", "erase", "--plan"], &HER[..]].concat();
        for grant in &grants {
            let (give, take) = (grant["give"].as_str().unwrap(), grant["take"].as_str().unwrap());
            // What `status` reads of the server's accounts, and the sight of tables made tomorrow.
            if give.contains("`mysql`") || give.contains("REFERENCES") {
                continue;
            }
            desk.sql(take);
            let work: &[&str] = match give {
                _ if give.contains("DELETE") => &["retain", "run", "--yes", "-o", &record],
                _ => &erase,
            };
            let ran = house.upheld(work);
            let said = ran.said().split_whitespace().collect::<Vec<_>>().join(" ");
            // At least as much of it as this work took.
            let (right, place) = give.split_once(" ON ").unwrap();
            let right = right.split(" (").next().unwrap();
            let told = said.contains(right) && said.contains(&format!("ON {place}"));
            assert!(told, "{take}: {}\n{give}", ran.said());
            let missing = desk.report()["missing"].to_string();
            let quoted = serde_json::to_string(give).unwrap();
            assert!(missing.contains(&quoted), "{missing}\n{give}");
            desk.sql(give);
        }
        let set = ["--set", "name=Jane Roe"];
        let out = house.beside("certificate.json");
        house.must(0, &[&["request", "rectify", "--yes", "-o", &out], &HER[..], &set].concat());
        assert_eq!(desk.sql("SELECT name FROM contacts WHERE id = 1"), "Jane Roe");
        house.must(0, &["retain", "run", "--yes", "-o", &record]);
        assert_eq!(desk.sql("SELECT count(*) FROM tickets"), "2");
        house.must(0, &[&["request", "access", "-o", &package], &HER[..]].concat());
        let status = house.upheld(&["status"]);
        assert!(!status.said().contains("may not"), "{}", status.said());
        house.must(0, &[&["request", "erase", "--yes", "-o", &out], &HER[..]].concat());
        let left = "SELECT count(*) FROM contacts WHERE email LIKE '%jane%' OR name LIKE '%Jane%'";
        assert_eq!(desk.sql(left), "0");
        assert_eq!(desk.sql("SELECT count(*) FROM comments WHERE body LIKE '%jane@acme%'"), "0");
        desk.drop(&account);
    }
}

#[test]
fn the_statements_and_the_advice_fit_a_page() {
    let desk = Desk::new("page", true);
    let house = &desk.house;
    desk.sql("INSERT INTO contacts SELECT n, 'm' || n || '@x.example', 'Somebody Else' FROM generate_series(10, 12000) n; ANALYZE;");
    let grants = house.must(0, &["doctor", "--grants"]).out;
    let whole = grants.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["CREATE ROLE \"upheld_change\"", "GRANT DELETE ON TABLE", "PASSWORD <password>"] {
        assert!(whole.contains(words), "{words}\n{grants}");
    }
    let advice = house.must(0, &["doctor", "--indexes", "desk", "--measure"]).out;
    for words in ["public.contacts.email, whatever its capitals", "CONCURRENTLY", "measured:"] {
        assert!(advice.contains(words), "{words}\n{advice}");
    }
    let report = house.must(0, &["doctor"]).out;
    assert!(report.contains("doctor --indexes desk"), "{report}");
    for text in [&grants, &advice, &report] {
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
    let told = house.json(0, &["doctor", "--indexes", "desk"]).remove(0);
    for statement in told[0]["helped"][0]["statements"].as_array().unwrap() {
        desk.sql(statement.as_str().unwrap());
    }
    let advice = house.must(0, &["doctor", "--indexes", "desk"]).out;
    assert!(advice.contains("nothing to advise"), "{advice}");
    let refused = house.must(2, &["doctor", "--grants", "nowhere"]);
    assert!(refused.err.contains("the policy has no system `nowhere`"), "{}", refused.err);
}
