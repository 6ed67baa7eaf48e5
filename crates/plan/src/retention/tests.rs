use std::collections::BTreeSet;

use model::Micros;
use policy::{ClientEvent, CountFrom, FieldPath};

use super::*;

const DESK: &str = "
dataset:
- fides_key: desk
  collections:
  - name: tickets
    upheld: {retain: [{max: 7 years, from: closed_at, when: {status: closed}, with: [comments, files]}]}
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - name: closed_at
    - name: status
    - name: parent_id
      upheld: {references: [{to: tickets.id}]}
  - name: comments
    upheld: {keep: [{for: 8 years, from: written_at, because: labour law}]}
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - name: written_at
    - name: ticket_id
      upheld: {references: [{to: tickets.id}]}
  - name: files
    fields:
    - name: comment_id
      upheld: {references: [{to: comments.id}]}
    - name: ticket_id
      upheld: {references: [{to: tickets.id}]}
  - name: invoices
    upheld:
      keep: [{for: 7 years, from: issued_on, because: tax law}]
      retain: [{max: 7 years, from: issued_on}]
    fields:
    - name: issued_on
    - name: ticket_id
      upheld: {references: [{to: tickets.id}]}
    - name: guessed_id
      upheld:
        references: [{to: comments.id, inferred: {confidence: 30, reason: the values fit}}]
  - name: guessed
    upheld:
      retain: [{max: 1 year, from: at, inferred: {confidence: 99, reason: its name}}]
    fields: [{name: at}]
  - name: refused
    upheld:
      retain: [{max: 1 year, from: at, inferred: {confidence: 9, reason: x, confirmed: no}}]
    fields: [{name: at}]
  - name: archive
    upheld: {skip: nobody reads it.}
    fields: [{name: at}]
  - name: calls
    fields: [{name: at}]
";

fn almanac(now: &str) -> Almanac {
    let at: jiff::Timestamp = now.parse().unwrap();
    Almanac::new(Micros(at.as_microsecond()), "America/Halifax").unwrap()
}

fn desk() -> System {
    let mut desk = policy::read_system("desk", DESK).unwrap_or_else(|why| panic!("{why}"));
    // A map read by itself has no matrix around it.
    for collection in &mut desk.collections {
        if ["calls", "archive"].contains(&collection.name.as_str()) {
            collection.fields[0].class = Some("phone".into());
        }
    }
    desk
}

fn matrix() -> Vec<ClassRow> {
    let row = serde_json::json!({
        "key": "phone", "title": "Calls", "sensitivity": "low", "max": "90 days"
    });
    vec![serde_json::from_value(row).unwrap()]
}

fn schedule(systems: &[System], clients: &[Client], now: &str) -> Schedule {
    let classification = matrix();
    let read_only = BTreeSet::new();
    let book = Book { systems, clients, classification: &classification, read_only: &read_only };
    Schedule::new(&book, &almanac(now))
}

/// `comments(files) files` for a tree.
fn tree(branches: &[Branch]) -> String {
    let told: Vec<String> = branches
        .iter()
        .map(|branch| {
            let name = &branch.link.place.collection;
            match tree(&branch.dependents) {
                below if below.is_empty() => name.clone(),
                below => format!("{name}({below})"),
            }
        })
        .collect();
    told.join(" ")
}

fn places(links: &[Link]) -> Vec<&str> {
    links.iter().map(|link| link.place.collection.as_str()).collect()
}

#[test]
fn a_rule_becomes_a_task_with_all_that_stands_around_it() {
    let systems = [desk()];
    let schedule = schedule(&systems, &[], "2026-11-23T12:00:00Z");
    let told: Vec<(&str, &str)> =
        schedule.tasks.iter().map(|task| (task.id.as_str(), task.rule.as_str())).collect();
    // Invoices point at tickets, so they come first.
    assert_eq!(
        told,
        [
            ("desk.invoices/1", "7 years after `issued_on`"),
            ("desk.tickets/1", "7 years after `closed_at`, `status` closed"),
        ]
    );
    let tickets = &schedule.tasks[1];
    assert_eq!(tree(&tickets.dependents), "comments(files) files");
    // An invoice and a child ticket hold a ticket; a guess about a comment holds nothing.
    assert_eq!(places(&tickets.referrers), ["tickets", "invoices"]);
    assert_eq!(places(&tickets.dependents[0].referrers), [""; 0]);
    assert_eq!(tickets.dependents[0].guards[0].because, "labour law");
    assert_eq!(
        tickets.reasons().into_iter().collect::<Vec<_>>(),
        ["8 years from `written_at`: labour law"]
    );
    assert_eq!(schedule.tasks[0].guards[0].cutoff, schedule.tasks[0].cutoff);
}

#[test]
fn what_no_rule_covers_is_said() {
    let systems = [desk()];
    let schedule = schedule(&systems, &[], "2026-11-23T12:00:00Z");
    let told: Vec<String> = schedule
        .not_covered
        .iter()
        .map(|left| format!("{}: {}", left.place.collection, left.because))
        .collect();
    assert_eq!(
        told,
        [
            "archive: the map leaves it out: nobody reads it",
            "calls: it is kept at most 90 days (`phone`), and no rule disposes of it",
            "guessed: nobody has confirmed the rule “1 year after `at`”",
            "refused: the rule “1 year after `at`” was answered with no",
        ]
    );
}

#[test]
fn rows_of_a_kind_go_along_and_the_rest_is_not_covered() {
    let more = "
  - name: values
    fields:
    - name: kind
    - name: of
      upheld:
        references:
        - {to: tickets.id, when: {kind: Ticket}}
        - {to: comments.id, when: {kind: Comment}}
        - {to: invoices.issued_on, when: {kind: Invoice}}
";
    let text = format!("{}{more}", DESK.trim_end());
    let mut desk = policy::read_system("desk", &text).unwrap_or_else(|why| panic!("{why}"));
    let at = desk.collections.iter().position(|one| one.name == "values").unwrap();
    desk.collections[at].class = Some("phone".into());
    assert_eq!(goes_along(&desk, &desk.collections[at]), GoesAlong::No);
    desk.collections[0].retain[0].with.push("values".into());
    let kinds = "`kind` is Comment, or `kind` is Ticket";
    assert_eq!(goes_along(&desk, &desk.collections[at]), GoesAlong::Where(kinds.into()));
    let files = desk.collections.iter().find(|one| one.name == "files").unwrap();
    assert_eq!(goes_along(&desk, files), GoesAlong::All);
    let systems = [desk];
    let schedule = schedule(&systems, &[], "2026-11-23T12:00:00Z");
    let left = schedule.not_covered.iter().find(|left| left.place.collection == "values").unwrap();
    assert_eq!(
        left.because,
        format!(
            "only its rows where {kinds} go with others; the rest is kept at most 90 days (`phone`), and no rule disposes of it"
        )
    );
    let tickets = schedule.tasks.iter().find(|task| task.place.collection == "tickets").unwrap();
    assert_eq!(tree(&tickets.dependents), "comments(files values) files values");
    let values = &tickets.dependents.last().unwrap().link;
    assert_eq!(values.when, [When { column: "kind".into(), any_of: vec!["Ticket".into()] }]);
}

#[test]
fn a_client_is_over_when_its_last_day_is_and_not_before() {
    let client = |key: &str, id: &str, end: Option<&str>| Client {
        key: key.into(),
        name: key.into(),
        known_as: [("crm.companies.id".to_owned(), id.to_owned())].into(),
        agreement_end: end.map(|day| day.parse().unwrap()),
        service_end: None,
        papers: Vec::new(),
    };
    let clients = [
        client("over", "1", Some("2025-11-22")),
        client("at the limit", "2", Some("2025-11-23")),
        client("running", "3", None),
        client("renewed, first", "4", Some("2020-01-01")),
        client("renewed, again", "4", None),
        client("ends later", "5", Some("2031-01-01")),
    ];
    let mut desk = desk();
    desk.collections[0].retain[0].max = policy::words::parse_period("1 year").unwrap();
    desk.collections[0].retain[0].from = CountFrom::Client {
        event: ClientEvent::AgreementEnd,
        by: "status".into(),
        key: FieldPath { system: "crm".into(), collection: "companies".into(), field: "id".into() },
    };
    let systems = [desk];
    // Midnight in Halifax is 04:00 in UTC: a microsecond later the 22nd is over for a year.
    for (now, over) in [
        ("2026-11-23T03:59:00Z", vec![]),
        ("2026-11-23T04:00:00Z", vec![]),
        ("2026-11-23T04:00:00.000001Z", vec!["1"]),
        ("2026-11-24T12:00:00Z", vec!["1", "2"]),
    ] {
        let schedule = schedule(&systems, &clients, now);
        let tickets = schedule.tasks.iter().find(|task| task.place.collection == "tickets");
        let Old::Clients { any_of, not_yet, .. } = &tickets.unwrap().old else { panic!() };
        assert_eq!(any_of, &over, "{now}");
        assert_eq!(*not_yet, 5 - over.len() as u64, "{now}");
    }
}

#[test]
fn the_digest_holds_for_a_day_and_changes_with_a_rule() {
    let mut systems = [desk()];
    let digest = |systems: &[System], now: &str| schedule(systems, &[], now).digest();
    let morning = digest(&systems, "2026-11-23T12:00:00Z");
    assert_eq!(morning, digest(&systems, "2026-11-23T20:00:00Z"));
    assert_ne!(morning, digest(&systems, "2026-11-24T12:00:00Z"));
    systems[0].collections[1].keep.clear();
    assert_ne!(morning, digest(&systems, "2026-11-23T12:00:00Z"));
    let one = schedule(&systems, &[], "2026-11-23T12:00:00Z").only("other");
    assert!(one.tasks.is_empty() && one.not_covered.is_empty());
}

#[test]
fn systems_that_may_not_be_changed_are_counted_and_say_so() {
    let systems = [desk()];
    let read_only = ["desk".to_owned()].into();
    let book = Book { systems: &systems, clients: &[], classification: &[], read_only: &read_only };
    let schedule = Schedule::new(&book, &almanac("2026-11-23T12:00:00Z"));
    assert!(schedule.tasks.iter().all(|task| task.read_only));
}
