//! The server as whoever runs it meets it: the real program, real databases, real mail, real signals.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails where something is not as it must be, and waits for processes"
)]

mod common;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use common::House;
use common::running::Running;
use testkit::http::{get, post};
use testkit::mail::Smtp;

/// Whom the mail server has taken something for.
fn reached(server: &Smtp) -> (BTreeSet<String>, usize) {
    let mails = server.mails();
    let to = |mail: &String| {
        let at = mail.find("person")?;
        let rest = mail.get(at..)?;
        rest.split_once('@').map(|(name, _)| name.to_owned())
    };
    (mails.iter().filter_map(to).collect(), mails.len())
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(180), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_first_start_prints_a_way_in_and_the_end_is_in_order() {
    let house = House::new("serve-first");
    let server = Running::start(&house, &[]);
    assert_eq!(get(&server.at, "/readyz", &[]).status, 200);
    let link = server.set_up.clone().unwrap();
    let path = link.split_once("localhost:").unwrap().1.split_once('/').unwrap().1;
    let page = get(&server.at, &format!("/{path}"), &[]);
    assert!(page.status == 200 && page.text().contains("Set up Upheld"), "{}", page.text());
    // Whoever restarts it before anybody came gets another link, and the first is worth nothing.
    assert_eq!(server.end(), Some(0));
    let server = Running::start(&house, &[]);
    assert_ne!(server.set_up.as_deref(), Some(link.as_str()));
    assert_eq!(get(&server.at, &format!("/{path}"), &[]).status, 422);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn two_servers_share_the_work_and_when_one_is_killed_nothing_is_lost() {
    const PEOPLE: usize = 40;
    let postgres = testkit::postgres();
    let database = postgres.fresh_database("two_servers");
    let mail = Smtp::start();
    let house = House::new("serve-two");
    let settings = format!(
        "anchors = []\ndatabase = \"env:STATE\"\n[serve]\nforms_a_minute = 10000\nworkers = 1\n[mail.out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        mail.port()
    );
    std::fs::write(house.path("upheld.toml"), settings).unwrap();
    let variables = [("STATE", database.as_str())];
    let one = Running::start(&house, &variables);
    let two = Running::start(&house, &variables);
    for number in 0..PEOPLE {
        let server = if number % 2 == 0 { &one.at } else { &two.at };
        // Each letter takes the mail server a second, so that some are always in hand.
        let address = format!("slow.person{number}@acme.example");
        let answer = post(server, "/fr/request", &[], &[("kind", "access"), ("email", &address)]);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    wait_for("some letters go out", || reached(&mail).1 >= PEOPLE / 4);
    one.kill();
    let before = reached(&mail).0.len();
    assert!(before < PEOPLE, "it was killed while there was work");
    wait_for("every letter goes out", || reached(&mail).0.len() == PEOPLE);
    // What was in hand when the one died is done again by the other: at most what a worker holds at once.
    assert!(reached(&mail).1 <= PEOPLE + 8, "{}", reached(&mail).1);
    assert_eq!(get(&two.at, "/readyz", &[]).status, 200);
    let counted = "SELECT COUNT(*) FROM requests";
    assert_eq!(postgres.execute(&database, counted).trim(), PEOPLE.to_string());
    assert_eq!(two.end(), Some(0));
}

#[test]
fn without_a_worker_a_letter_waits_for_the_next_server() {
    let mail = Smtp::start();
    let house = House::new("serve-worker");
    let settings = |workers: u32| {
        format!(
            "anchors = []\n[serve]\nworkers = {workers}\n[mail.out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
            mail.port()
        )
    };
    std::fs::write(house.path("upheld.toml"), settings(0)).unwrap();
    let server = Running::start(&house, &[]);
    let fields = [("kind", "access"), ("email", "bob@acme.example")];
    assert_eq!(post(&server.at, "/fr/request", &[], &fields).status, 200);
    let link = format!("{}/fr/request/confirm/", server.url);
    std::thread::sleep(Duration::from_millis(1_500));
    assert!(mail.mails_to("bob@acme.example").is_empty());
    assert_eq!(server.end(), Some(0));
    std::fs::write(house.path("upheld.toml"), settings(1)).unwrap();
    let server = Running::start(&house, &[]);
    wait_for("the letter goes out", || !mail.mails_to("bob@acme.example").is_empty());
    // The link leads to where people reached the server when they asked.
    let letter = mail.mails_to("bob@acme.example").remove(0);
    assert!(letter.contains(&link), "{letter}");
    assert_eq!(server.end(), Some(0));
}
