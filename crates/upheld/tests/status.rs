//! `upheld status`: each promise of the sample provider turns with the system behind it, and back.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::type_complexity,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::path::Path;

use common::House;
use serde_json::Value;

const PEOPLE: &str = "200";

/// A small sample provider.
fn provider(name: &str) -> House {
    let house = House { folder: common::empty_folder(name).join("msp") };
    let made = common::run(&["demo", &house.path(""), "--people", PEOPLE, "--quiet"]);
    assert_eq!(made.code, Some(0), "{}", made.said());
    house
}

/// Runs `upheld status` and ends with this exit code; the answer.
fn status(house: &House, code: i32, words: &[&str]) -> Value {
    let words: Vec<&str> = ["status"].iter().chain(words).copied().collect();
    house.json(code, &words).remove(0)
}

/// A promise of an answer.
fn promise<'v>(status: &'v Value, id: &str) -> &'v Value {
    let sentences = status["status"]["sections"].as_array().unwrap().iter();
    let sentences = sentences.flat_map(|section| section["sentences"].as_array().unwrap());
    let mut promises = sentences.flat_map(|sentence| sentence["promises"].as_array().unwrap());
    promises.find(|promise| promise["id"] == id).unwrap_or_else(|| panic!("no promise {id}"))
}

#[track_caller]
fn stands(status: &Value, id: &str, state: &str, words: &str) {
    let promise = promise(status, id);
    let reason = promise["reason"].as_str().unwrap();
    assert!(
        promise["state"] == state && reason.contains(words),
        "{promise:#}\nwanted {state}: {words}"
    );
}

/// Replaces promises.yaml by these controls, each behind a sentence of a notice of its own.
fn promises(house: &House, all: &[(&str, &str)]) {
    let sentence = |id: &str| format!("We keep the promise of {id}.");
    let notice: Vec<String> = all.iter().map(|(id, _)| sentence(id)).collect();
    std::fs::write(house.path("notice.md"), format!("# Notice\n\n{}\n", notice.join("\n\n")))
        .unwrap();
    let mut text = "promises:\n".to_owned();
    for (id, control) in all {
        text += &format!(
            "  - id: {id}\n    quote: {}\n    controls:\n      - {control}\n",
            sentence(id)
        );
    }
    std::fs::write(house.path("promises.yaml"), text).unwrap();
}

/// Changes an SQLite file, by way of Python.
fn sqlite(file: &Path, sql: &str) {
    let program = "import sqlite3, sys\nbase = sqlite3.connect(sys.argv[1])\nbase.executescript(sys.argv[2])\nbase.commit()\n";
    let ran =
        std::process::Command::new("python3").args(["-c", program]).arg(file).arg(sql).output();
    let ran = ran.expect("python3 is installed");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// Names what goes along when a ticket goes.
fn tickets_go_with(house: &House, with: &str) {
    house.edit("systems/ticketing.yaml", |text| {
        let ours = |line: &&str| line.trim().starts_with("with: [attachments, ");
        let line = text.lines().find(ours).unwrap_or_else(|| panic!("{text}")).to_owned();
        text.replace(line.trim(), &format!("with: [{with}]"))
    });
}

fn billing(house: &House) -> std::path::PathBuf {
    Path::new(&house.path(sample::FOLDER)).join("billing.db")
}

fn ticketing(house: &House) -> std::path::PathBuf {
    Path::new(&house.path(sample::FOLDER)).join("ticketing.db")
}

#[test]
fn a_promise_turns_with_the_system_and_back() {
    let house = provider("status-turns");
    promises(
        &house,
        &[
            ("tickets", "retention: { class: tickets, max: 7 years }"),
            ("cards", "absence: { of: [user.financial.credit_card] }"),
            (
                "suppliers",
                "recipient_evidence: { any_of: [SOC 2, ISO 27001], recipients: [payment-gateway] }",
            ),
            ("way", "encryption: { in_transit: yes }"),
            ("access", "request_right: access"),
            ("words", "notice_text: { because: It says what it says. }"),
            (
                "reviews",
                "attestation: { what: A review was held., owner: security lead, every: 6 months }",
            ),
        ],
    );
    tickets_go_with(&house, "attachments, custom_values, notes, ticket_watchers");
    // Everything old goes, so that one old ticket can be told.
    let db = ticketing(&house);
    sqlite(&db, "PRAGMA foreign_keys = OFF; DELETE FROM tickets WHERE closed_at < '2021-01-01'");
    sqlite(
        &db,
        "UPDATE tickets SET subject = 'Printer', description = 'It does not print.'; UPDATE notes SET body = 'Seen.'; DELETE FROM attachments",
    );
    let first = status(&house, 0, &["--full"]);
    stands(&first, "tickets", "upheld", "Nothing of Tickets in Ticketing is past the limit");
    stands(&first, "cards", "upheld", "No payment card was found.");
    stands(&first, "suppliers", "upheld", "Cedarpoint Payments");
    stands(&first, "way", "upheld", "4 connections stay on this machine");
    stands(&first, "access", "upheld", "1 request for access was answered in time");
    stands(&first, "words", "upheld", "It says what it says.");
    stands(&first, "reviews", "unproven", "upheld attest reviews --by NAME");
    assert_eq!(first["status"]["before"], Value::Null, "nothing was compared yet");
    assert_eq!(first["tally"]["unproven"], 1);

    // An old ticket, a card number, a lapsed report: each breaks its own promise and no other.
    sqlite(
        &db,
        "UPDATE tickets SET closed_at = '2017-03-03 10:00:00', created_at = '2017-03-01 10:00:00' WHERE id = (SELECT min(id) FROM tickets WHERE closed_at IS NOT NULL)",
    );
    sqlite(
        &db,
        "UPDATE notes SET body = 'She read out 4111 1111 1111 1111 to me.' WHERE id = (SELECT max(id) FROM notes)",
    );
    // The demo dates its papers by the day on which it is made.
    let papers = house.text("recipients.yaml");
    let lapsed =
        |line: &str| match line.split_once("title: SOC 2").and_then(|_| line.split_once("until: "))
        {
            Some((before, after)) => format!("{before}until: 2026-10-31{}\n", after.split_at(10).1),
            None => format!("{line}\n"),
        };
    house.edit("recipients.yaml", |text| text.lines().map(lapsed).collect());
    assert_ne!(house.text("recipients.yaml"), papers, "a paper has lapsed");
    let second = status(&house, 1, &["--full"]);
    stands(
        &second,
        "tickets",
        "broken",
        "1 row of Tickets in Ticketing is past the limit of 7 years",
    );
    stands(&second, "tickets", "broken", "the oldest of 3 March 2017");
    stands(&second, "cards", "broken", "`ticketing.notes.body` holds card numbers in 1 of");
    stands(
        &second,
        "suppliers",
        "broken",
        "The SOC 2 of Cedarpoint Payments ended on 31 October 2026.",
    );
    stands(&second, "way", "upheld", "");
    let turned: Vec<String> = second["status"]["turned"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {}", one["promise"], one["from"], one["to"]).replace('"', ""))
        .collect();
    assert_eq!(turned, ["tickets upheld broken", "cards upheld broken", "suppliers upheld broken"]);
    assert!(!second.to_string().contains("4111"), "a value is told");

    // What was found is kept, and shown without looking.
    sqlite(&db, "UPDATE notes SET body = 'Seen.'");
    let last = status(&house, 1, &["--last"]);
    stands(&last, "cards", "broken", "`ticketing.notes.body`");
    let control = &promise(&last, "cards")["controls"][0];
    assert!(
        control["entry"].is_u64() && control["evidence"].as_str().unwrap().contains("looked at")
    );

    // Mended, one after the other; a look at one promise leaves the others as they stood.
    let third = status(&house, 1, &["--full", "--promise", "cards"]);
    stands(&third, "cards", "upheld", "");
    stands(&third, "tickets", "broken", "");
    house.edit("recipients.yaml", |_| papers);
    sqlite(&db, "PRAGMA foreign_keys = OFF; DELETE FROM tickets WHERE closed_at < '2018-01-01'");
    let paper = house.beside("review.txt");
    std::fs::write(&paper, "all fine").unwrap();
    let kept =
        house.json(0, &["attest", "reviews", "--by", "Robin Doe", "--evidence", &paper]).remove(0);
    assert_eq!(kept["sha256"], sha256(&paper));
    let fourth = status(&house, 0, &["--full"]);
    assert_eq!(fourth["tally"]["upheld"], 7, "{fourth:#}");
    let database = std::fs::read(house.path(".upheld/upheld.db")).unwrap();
    let wal = std::fs::read(house.path(".upheld/upheld.db-wal")).unwrap_or_default();
    let holds = |bytes: &[u8]| bytes.windows(9).any(|window| window == b"Robin Doe");
    assert!(!holds(&database) && !holds(&wal), "who confirmed it stands in the open");
    let listed = house.json(0, &["attest", "--list"]).remove(0);
    assert_eq!((&listed[0]["by"], &listed[0]["state"]), (&"Robin Doe".into(), &"upheld".into()));
    house.must(0, &["ledger", "verify"]);

    let text = house.must(0, &["status", "--html", &house.beside("status.html")]);
    // Where the page lies is as long as the folder's name is.
    let mut lines = text.out.lines().filter(|line| !line.ends_with("status.html"));
    assert!(lines.all(|line| line.chars().count() <= 100), "{}", text.out);
    let page = std::fs::read_to_string(house.beside("status.html")).unwrap();
    assert!(page.contains("entry ") && !page.contains("Robin"), "{page}");
}

/// The hash as a tool that is not ours computes it.
fn sha256(file: &str) -> String {
    let output =
        std::process::Command::new("openssl").args(["dgst", "-sha256", "-r", file]).output();
    let output = String::from_utf8(output.expect("openssl is installed").stdout).unwrap();
    output.split(' ').next().unwrap().to_owned()
}

#[test]
fn a_run_of_retention_keeps_the_promise_again() {
    let house = provider("status-retain");
    promises(&house, &[("tickets", "retention: { class: tickets, max: 7 years }")]);
    tickets_go_with(&house, "attachments, notes, ticket_watchers");
    // Old tickets: some with values that point at them, some without.
    sqlite(
        &ticketing(&house),
        "UPDATE tickets SET closed_at = '2017-03-03 10:00:00' WHERE id IN (SELECT object_id FROM custom_values LIMIT 3)
            OR id IN (SELECT id FROM tickets WHERE id NOT IN (SELECT object_id FROM custom_values) LIMIT 3)",
    );
    let before = status(&house, 1, &[]);
    stands(&before, "tickets", "broken", "of Tickets in Ticketing are past the limit of 7 years");
    house.must(0, &["retain", "run", "--yes"]);
    // What other rows point at stayed, and the sentence is as false as before.
    let kept = status(&house, 1, &[]);
    stands(&kept, "tickets", "broken", "because Custom values point at");
    tickets_go_with(&house, "attachments, custom_values, notes, ticket_watchers");
    house.must(0, &["retain", "run", "--yes"]);
    let after = status(&house, 0, &[]);
    stands(&after, "tickets", "upheld", "Nothing of Tickets in Ticketing is past the limit");
    let evidence = promise(&after, "tickets")["controls"][0]["evidence"].as_str().unwrap();
    assert!(evidence.contains("the last run of retention ended on"), "{evidence}");
}

#[test]
fn a_stranger_who_may_read_breaks_the_promise_until_it_is_revoked() {
    let server = testkit::postgres();
    let url = server.fresh_database("status_grants");
    let ask = |sql: &str| server.execute(&url, sql);
    ask("CREATE TABLE tickets (id int PRIMARY KEY, body text NOT NULL)");
    ask("INSERT INTO tickets VALUES (1, 'It does not print.')");
    let house = House::new("status-grants");
    house.must(0, &["connect", "desk", &url, "--yes"]);
    ask("DROP ROLE IF EXISTS status_intern; CREATE ROLE status_intern LOGIN");
    promises(&house, &[("roles", "access: {}")]);
    let unasked = status(&house, 0, &[]);
    stands(&unasked, "roles", "unproven", "write `accounts:` into systems/desk.yaml");
    // Whoever administers the server reads everything: the policy names them.
    let known: Vec<String> = ask("SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolsuper")
        .lines()
        .map(|name| format!("{name:?}"))
        .collect();
    let roles: Vec<String> =
        ["technician", "account manager", "billing", "privacy officer", "security lead"]
            .map(|role| format!("    {role}: [{}]\n", known.join(", ")))
            .to_vec();
    let accounts = format!("  accounts:\n{}", roles.concat());
    house.edit("systems/desk.yaml", |text| {
        text.replacen("\ndataset:", &format!("\n{accounts}dataset:"), 1)
    });
    stands(&status(&house, 0, &[]), "roles", "upheld", "No account reads what its role may not");
    ask("GRANT SELECT ON tickets TO status_intern");
    let broken = status(&house, 1, &[]);
    stands(&broken, "roles", "broken", "`status_intern` reads `public.tickets`");
    ask("REVOKE SELECT ON tickets FROM status_intern");
    stands(&status(&house, 0, &[]), "roles", "upheld", "");
    ask("DROP ROLE status_intern");
}

#[test]
fn a_page_that_no_longer_says_it_breaks_the_promise() {
    use std::io::{Read as _, Write as _};
    let house = provider("status-page");
    promises(&house, &[("words", "notice_text: { because: It says what it says. }")]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for (stream, page) in listener.incoming().zip([
            "<main><p>We keep the <b>promise</b> of words.</p></main>",
            "<main><p>We promise nothing.</p></main>",
        ]) {
            let mut stream = stream.unwrap();
            let mut asked = [0; 2048];
            let read = stream.read(&mut asked).unwrap();
            assert!(asked[..read].starts_with(b"GET /privacy "));
            let length = page.len();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{page}").unwrap();
        }
    });
    house.edit("policy.yaml", |text| {
        text.replacen(
            "  file: notice.md",
            &format!("  url: http://127.0.0.1:{port}/privacy\n  file: notice.md"),
            1,
        )
    });
    stands(&status(&house, 0, &[]), "words", "upheld", "It says what it says.");
    let gone = status(&house, 1, &[]);
    stands(&gone, "words", "broken", "does not say so any more");
    assert_eq!(gone["status"]["turned"][0]["to"], "broken");
    // Nobody answers any more: what the page says is not known.
    let lost = status(&house, 0, &[]);
    stands(&lost, "words", "unproven", "no connection to its server");
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let house = provider("status-refused");
    promises(&house, &[("words", "notice_text: { because: It says what it says. }")]);
    let last = status(&house, 0, &["--last"]);
    stands(&last, "words", "unproven", "It has not been looked at yet");
    for (words, says) in [
        (&["status", "--promise", "word"][..], "did you mean `words`?"),
        (&["status", "--promise", "nothing"], "`upheld status` lists them"),
        (&["attest", "words", "--by", "Robin"], "asks nobody to confirm it"),
        (&["attest", "words"], "--by"),
    ] {
        let ran = house.must(2, words);
        assert!(ran.err.contains(says), "{words:?}: {}", ran.err);
    }
    let checked = house.must(0, &["check"]);
    assert!(checked.out.contains("no system was looked"), "{}", checked.out);
    assert!(checked.out.contains("The sentence stands in the notice"), "{}", checked.out);
}

#[test]
fn a_system_that_does_not_answer_is_named_and_proves_nothing() {
    let house = provider("status-lost");
    promises(
        &house,
        &[
            ("cards", "absence: { of: [user.financial.credit_card], systems: [billing] }"),
            ("way", "encryption: { in_transit: yes, systems: [billing] }"),
        ],
    );
    std::fs::rename(billing(&house), house.beside("away.db")).unwrap();
    let lost = status(&house, 0, &[]);
    stands(&lost, "cards", "unproven", "Billing was not reached");
    stands(&lost, "way", "unproven", "Billing could not be asked");
    assert_eq!(lost["status"]["not_reached"], serde_json::json!(["Billing"]));
    assert_eq!(lost["status"]["systems_checked"], 3);
}
