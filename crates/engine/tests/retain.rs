//! Retention on real databases: what is due goes, what must stay stays, whatever happens on the way.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    dead_code,
    reason = "helpers of tests fail as tests do"
)]

#[path = "retain/house.rs"]
mod house;

use engine::retain::{Ended, Found, Resolver, Root, Run};
use house::{Base, House, Kept};
use model::{RowKey, Value};
use plan::{Excepted, Exceptions, Place};
use policy::Client;

const TABLES: &str = "
CREATE TABLE companies (id integer PRIMARY KEY, name varchar(40));
CREATE TABLE tickets (id integer PRIMARY KEY, company_id integer, closed_at timestamp NULL, status varchar(20));
CREATE TABLE comments (id integer PRIMARY KEY, ticket_id integer, written_at timestamp NULL, body varchar(200),
  FOREIGN KEY (ticket_id) REFERENCES tickets (id));
CREATE TABLE invoices (id integer PRIMARY KEY, ticket_id integer, issued_on date NULL,
  FOREIGN KEY (ticket_id) REFERENCES tickets (id));
INSERT INTO companies VALUES (1, 'Northwind'), (2, 'Acme');
INSERT INTO tickets VALUES
  (1, 1, '2015-03-01 10:00:00', 'closed'), (2, 1, '2015-03-01 10:00:00', 'open'), (3, 2, NULL, 'closed'),
  (4, 2, '2019-11-23 12:00:00', 'closed'), (5, 2, '2019-11-23 11:59:59', 'closed'), (6, 2, '2025-01-01 10:00:00', 'closed'),
  (7, 1, '2014-01-01 10:00:00', 'closed'), (8, 1, '2014-01-01 10:00:00', 'closed');
INSERT INTO comments VALUES (1, 1, '2015-03-01 10:00:00', 'a'), (2, 1, '2015-03-01 10:00:00', 'b'),
  (3, 7, '2024-01-01 10:00:00', 'young'), (4, 6, '2025-01-01 10:00:00', 'c');
INSERT INTO invoices VALUES (1, 8, '2020-05-01'), (2, NULL, '2019-11-22'), (3, NULL, '2019-11-23')
";

const MAP: &str = "
dataset:
- fides_key: desk
  collections:
  - name: companies
    fields: [{name: id, fides_meta: {primary_key: true}}, {name: name}]
  - name: tickets
    upheld: {retain: [{max: 7 years, from: closed_at, when: {status: closed}, with: [comments]}]}
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - name: company_id
      upheld: {references: [{to: companies.id}]}
    - name: closed_at
    - name: status
  - name: comments
    upheld: {keep: [{for: 8 years, from: written_at, because: labour law}]}
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - name: written_at
    - name: ticket_id
      upheld: {references: [{to: tickets.id}]}
  - name: invoices
    upheld: {retain: [{max: 7 years, from: issued_on}], keep: [{for: 7 years, from: issued_on, because: tax law}]}
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - name: issued_on
    - name: ticket_id
      upheld: {references: [{to: tickets.id}]}
";

fn held(because: &str) -> Excepted {
    Excepted { because: because.into(), last_day: None }
}

#[tokio::test]
async fn what_is_due_goes_with_what_belongs_to_it_and_nothing_else() {
    for base in &Base::all("retain_due") {
        base.sql(TABLES);
        let house = House::new(vec![("desk", base)], &[MAP], "2026-11-23");
        // 1 and 5 are due. 7 has a young comment, 8 an invoice. 4 is at the limit.
        let due = ["invoices 1 due, 0 held back", "tickets 2 due, 2 held back"];
        assert_eq!(house.due().await, due, "{}", base.name());
        let run = house.run().await;
        assert_eq!(base.ids("tickets"), ["2", "3", "4", "6", "7", "8"], "{}", base.name());
        assert_eq!(base.ids("comments"), ["3", "4"]);
        assert_eq!(base.ids("invoices"), ["1", "3"]);
        let tickets = &run.tasks[1];
        assert_eq!((tickets.rows, tickets.dependents.values().sum::<u64>()), (2, 2));
        assert_eq!((tickets.in_flight, tickets.unknown), (0, 0));
        assert_eq!(tickets.left.map(|left| (left.rows, left.held_back)), Some((0, 2)));
        assert!(tickets.respected.contains("8 years from `written_at`: labour law"));
        assert!(run.is_complete() && run.rows() == 5);
        // Again: nothing.
        assert_eq!(house.run().await.rows(), 0);
    }
}

#[tokio::test]
async fn rows_that_stay_are_told_apart_by_what_keeps_them() {
    const MORE: &str = "
CREATE TABLE custom_values (id integer PRIMARY KEY, object_type varchar(20), object_id integer);
INSERT INTO custom_values VALUES (1, 'Ticket', 1), (2, 'Ticket', 1), (3, 'User', 5), (4, 'Ticket', 7), (5, 'Ticket', 6)";
    let map = format!(
        "{MAP}  - name: custom_values
    fields:
    - {{name: id, fides_meta: {{primary_key: true}}}}
    - name: object_type
    - name: object_id
      upheld: {{references: [{{to: tickets.id, when: {{object_type: Ticket}}}}]}}
"
    );
    let told = async |house: &House<'_>| {
        let due = house.runner().due(&house.schedule(), &house.except).await;
        let Found::Counted(counted) = &due[1].found else { panic!("{due:?}") };
        let by: Vec<&str> = counted.pointed_by.iter().map(String::as_str).collect();
        (counted.rows, counted.held_back, counted.pointed_at, by.join(" "))
    };
    for base in &Base::all("retain_pointed") {
        base.sql(TABLES);
        base.sql(MORE);
        // 5 is due. 1 is pointed at by custom values, 8 by an invoice. 7 is pointed at and has a
        // comment under its minimum age as well, which is reason enough.
        let mut house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
        let all = (1, 3, 2, "custom_values invoices".to_owned());
        assert_eq!(told(&house).await, all, "{}", base.name());
        // What a hold keeps is not kept by what points at it.
        let tickets = Place::new("desk", "tickets");
        house.except.row(&tickets, RowKey(vec![Value::from(1)]), held("hold a"));
        assert_eq!(told(&house).await, (1, 3, 1, "invoices".to_owned()), "{}", base.name());
        house.except = Exceptions::default();
        house.except.collection(&tickets, held("hold b"));
        assert_eq!(told(&house).await, (1, 3, 0, String::new()), "{}", base.name());
        house.except = Exceptions::default();
        let run = house.run().await;
        let left = run.tasks[1].left.unwrap();
        assert_eq!((left.rows, left.held_back, left.pointed_at), (0, 3, 2), "{}", base.name());
        assert_eq!(
            run.tasks[1].pointed_by.iter().collect::<Vec<_>>(),
            ["custom_values", "invoices"]
        );
        // Named in `with`, those that belong to the ticket go with it, and no others.
        house.systems[0].collections[1].retain[0].with.push("custom_values".into());
        assert_eq!(told(&house).await, (1, 2, 1, "invoices".to_owned()), "{}", base.name());
        house.run().await;
        assert_eq!(base.ids("tickets"), ["2", "3", "4", "6", "7", "8"], "{}", base.name());
        assert_eq!(base.ids("custom_values"), ["3", "4", "5"], "{}", base.name());
    }
}

#[tokio::test]
async fn holds_keep_rows_places_and_what_belongs_to_them() {
    for base in &Base::all("retain_hold") {
        base.sql(TABLES);
        let mut house = House::new(vec![("desk", base)], &[MAP], "2026-11-23");
        // A comment on hold keeps its ticket.
        let comments = Place::new("desk", "comments");
        house.except.row(&comments, RowKey(vec![Value::from(2)]), held("hold a"));
        assert_eq!(house.due().await[1], "tickets 1 due, 3 held back", "{}", base.name());
        house.run().await;
        assert_eq!(base.ids("tickets"), ["1", "2", "3", "4", "6", "7", "8"]);
        assert_eq!(base.ids("comments"), ["1", "2", "3", "4"]);
        // A collection on hold keeps the rules that would take its rows along.
        house.except = Exceptions::default();
        house.except.collection(&comments, held("hold b"));
        assert_eq!(house.due().await[1], "tickets held: hold b");
        let run = house.run().await;
        assert_eq!(run.tasks[1].ended, Some(Ended::Held("hold b".into())));
        assert!(run.is_complete() && base.ids("tickets").len() == 7);
        // Lifted.
        house.except = Exceptions::default();
        house.run().await;
        assert_eq!(base.ids("tickets"), ["2", "3", "4", "6", "7", "8"]);
    }
}

#[tokio::test]
async fn a_client_is_held_with_everything_that_refers_to_it() {
    for base in &Base::all("retain_client") {
        base.sql(TABLES);
        let house = House::new(vec![("desk", base)], &[MAP], "2026-11-23");
        let runner = house.runner();
        let resolver =
            Resolver { systems: &house.systems, reach: &house, progress: runner.progress };
        let path = policy::FieldPath {
            system: "desk".into(),
            collection: "companies".into(),
            field: "id".into(),
        };
        let told = |resolved: engine::retain::Resolved| -> Vec<String> {
            let count = |(place, rows): (Place, std::collections::BTreeSet<RowKey>)| {
                format!("{} {}", place.collection, rows.len())
            };
            resolved.rows.into_iter().map(count).collect()
        };
        let client = resolver.resolve(&[Root::Field(path, "1".into())]).await;
        assert_eq!(told(client), ["comments 3", "companies 1", "invoices 1", "tickets 4"]);
        let record = Root::Record(Place::new("desk", "tickets"), "7".into());
        assert_eq!(told(resolver.resolve(&[record]).await), ["comments 1", "tickets 1"]);
        let none = Root::Record(Place::new("desk", "tickets"), "7,1".into());
        assert!(resolver.resolve(&[none]).await.rows.is_empty(), "{}", base.name());
    }
}

#[tokio::test]
async fn a_stopped_or_killed_run_goes_on_and_counts_nothing_twice() {
    for base in &Base::all("retain_kill") {
        base.sql("CREATE TABLE logs (id integer PRIMARY KEY, at timestamp NULL)");
        let values = |range: std::ops::Range<u32>, at: &str| {
            range.map(|id| format!("({id}, '{at}')")).collect::<Vec<_>>().join(",")
        };
        for from in (0..30_000).step_by(2_500) {
            let old = values(from..from + 2_500, "2020-01-01 00:00:00");
            base.sql(&format!("INSERT INTO logs VALUES {old}"));
        }
        base.sql(&format!(
            "INSERT INTO logs VALUES {}",
            values(30_000..30_010, "2026-11-22 00:00:00")
        ));
        let map = "
dataset:
- fides_key: desk
  collections:
  - name: logs
    upheld: {retain: [{max: 90 days, from: at}]}
    fields: [{name: id, fides_meta: {primary_key: true}}, {name: at}]
";
        let house = House::new(vec![("desk", base)], &[map], "2026-11-23");
        // Stopped after the second batch was announced: it is finished, and no other begun.
        let mut run = Run::begin("1", house.now, &house.schedule());
        let kept = Kept { stop_at: Some(2), ..Kept::default() };
        house.go_on(&mut run, &kept).await.unwrap();
        assert_eq!(run.tasks[0].ended, Some(Ended::Stopped));
        let gone = 30_010 - base.ids("logs").len() as u64;
        assert_eq!(run.tasks[0].rows, gone, "{}", base.name());
        assert!((500..30_000).contains(&gone), "{gone}");
        // Killed: a batch is done and what it did was not written down.
        let kept = Kept { fail_at: Some(1), ..Kept::default() };
        run.take_up(&house.schedule());
        assert!(house.go_on(&mut run, &kept).await.is_err());
        let mut run = kept.runs.lock().unwrap()[0].clone();
        let counted = run.tasks[0].rows;
        let gone = 30_010 - base.ids("logs").len() as u64;
        assert!(counted < gone && gone <= counted + run.tasks[0].in_flight, "{}", base.name());
        run.take_up(&house.schedule());
        assert_eq!((run.interrupted, run.tasks[0].unknown), (2, 5_000));
        house.go_on(&mut run, &Kept::default()).await.unwrap();
        assert_eq!(base.ids("logs").len(), 10);
        let told = &run.tasks[0];
        assert!(told.rows < 30_000 && told.rows + told.unknown >= 30_000, "{}", base.name());
        assert!(run.is_complete());
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Somebody holds all rows for a while, or one of them for good.
#[test]
fn what_somebody_has_locked_is_waited_for_and_then_told() {
    let map = "
dataset:
- fides_key: desk
  collections:
  - name: logs
    upheld: {retain: [{max: 90 days, from: at}]}
    fields: [{name: id, fides_meta: {primary_key: true}}, {name: at}]
";
    for base in Base::all("retain_locked").into_iter().filter(|base| base.name() != "SQLite") {
        let name = base.name();
        base.sql("CREATE TABLE logs (id integer PRIMARY KEY, at timestamp NULL)");
        base.sql("CREATE INDEX logs_at ON logs (at)");
        let fill = || {
            let rows: Vec<_> = (0..2_000).map(|id| format!("({id}, '2020-01-01')")).collect();
            base.sql(&format!("INSERT INTO logs VALUES {}", rows.join(",")));
        };
        let house = House::new(vec![("desk", &base)], &[map], "2026-11-23");
        for (rows, seconds) in [("id >= 0", 1), ("id = 7", 60)] {
            fill();
            let pause = if name == "MariaDB" { "DO SLEEP" } else { "SELECT pg_sleep" };
            let hold = format!(
                "BEGIN; UPDATE logs SET at = at WHERE {rows}; {pause}({seconds}); ROLLBACK;"
            );
            let (run, left) = std::thread::scope(|scope| {
                let holder = scope.spawn(|| std::panic::catch_unwind(|| base.sql(&hold)));
                while base.sleepers().is_empty() {
                    std::thread::yield_now();
                }
                let run = runtime().block_on(house.run());
                let left = base.ids("logs");
                base.wake();
                let _ = holder.join();
                (run, left)
            });
            if seconds == 1 {
                assert!(run.is_complete() && left.is_empty(), "{name}: {:?}", run.tasks[0].ended);
            } else {
                assert_eq!(left, ["7"], "{name}");
                assert!(!run.is_complete(), "{name}");
                let ended = format!("{:?}", run.tasks[0].ended);
                assert!(ended.contains("locked by somebody else"), "{name}: {ended}");
                assert_eq!(run.tasks[0].rows, 1_999, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn days_elsewhere_count_and_one_that_goes_on_keeps_all() {
    let crm = "
dataset:
- fides_key: crm
  collections:
  - name: services
    fields:
    - {name: id, fides_meta: {primary_key: true}}
    - name: code
    - name: ended_on
";
    let desk = "
dataset:
- fides_key: desk
  collections:
  - name: passwords
    upheld: {retain: [{max: 1 year, from: service}]}
    fields: [{name: id, fides_meta: {primary_key: true}}, {name: service}]
";
    for (one, other) in Base::all("retain_event").iter().zip(Base::all("retain_crm").iter().rev()) {
        one.sql(
            "CREATE TABLE passwords (id integer PRIMARY KEY, service varchar(20));
            INSERT INTO passwords VALUES (1, 'over'), (2, 'running'), (3, 'twice'), (4, 'lately'), (5, NULL)",
        );
        other.sql(
            "CREATE TABLE services (id integer PRIMARY KEY, code varchar(20), ended_on date NULL);
            INSERT INTO services VALUES (1, 'over', '2025-01-31'), (2, 'running', NULL),
              (3, 'twice', '2025-01-31'), (4, 'twice', NULL), (5, 'lately', '2026-01-31')",
        );
        let bases = vec![("crm", other), ("desk", one)];
        let mut house = House::new(bases, &[crm, desk], "2026-11-23");
        // What `from: crm.services.ended_on, by: service` resolves to.
        house.systems[1].collections[0].retain[0].from = policy::CountFrom::Field {
            event: policy::FieldPath {
                system: "crm".into(),
                collection: "services".into(),
                field: "ended_on".into(),
            },
            key: "code".into(),
            by: "service".into(),
        };
        let places = format!("{} and {}", one.name(), other.name());
        house.down.insert("crm".into());
        let not_reached = house.due().await;
        assert!(not_reached[0].contains("in which the days stand, was not reached"), "{places}");
        let run = house.run().await;
        assert!(!run.is_complete() && run.rows() == 0, "{places}");
        house.down.clear();
        assert_eq!(house.due().await, ["passwords 1 due, 0 held back"], "{places}");
        house.run().await;
        assert_eq!(one.ids("passwords"), ["2", "3", "4", "5"], "{places}");
    }
}

#[tokio::test]
async fn clients_whose_agreement_ended_are_purged_and_no_others() {
    for base in &Base::all("retain_clients") {
        base.sql(TABLES);
        let map = MAP.replace(
            "{max: 7 years, from: closed_at, when: {status: closed}, with: [comments]}",
            "{max: 0 days, from: closed_at, with: [comments]}",
        );
        let mut house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
        let client = |id: &str, end: Option<&str>| Client {
            key: id.into(),
            name: id.into(),
            known_as: [("desk.companies.id".to_owned(), id.to_owned())].into(),
            agreement_end: end.map(|day| day.parse().unwrap()),
            service_end: None,
            papers: Vec::new(),
        };
        house.clients = vec![client("1", None), client("2", Some("2026-11-21"))];
        let tickets = &mut house.systems[0].collections[1].retain[0];
        tickets.from = policy::CountFrom::Client {
            event: policy::ClientEvent::AgreementEnd,
            by: "company_id".into(),
            key: policy::FieldPath {
                system: "desk".into(),
                collection: "companies".into(),
                field: "id".into(),
            },
        };
        house.run().await;
        // Ticket 6 has a comment under age.
        assert_eq!(base.ids("tickets"), ["1", "2", "6", "7", "8"], "{}", base.name());
    }
}

#[tokio::test]
async fn a_system_that_is_down_is_named_and_the_others_are_done() {
    let bases = Base::all("retain_down");
    for base in &bases {
        base.sql(TABLES);
    }
    let mut house = House::new(
        vec![("desk", &bases[0]), ("other", &bases[1])],
        &[MAP, &MAP.replace("fides_key: desk", "fides_key: other")],
        "2026-11-23",
    );
    house.down.insert("desk".into());
    let run = house.run().await;
    assert!(!run.is_complete());
    let down: Vec<_> = run
        .tasks
        .iter()
        .filter(|task| matches!(task.ended, Some(Ended::NotReached(_))))
        .map(|task| task.place.system.as_str())
        .collect();
    assert_eq!(down, ["desk", "desk"]);
    assert_eq!(bases[0].ids("tickets").len(), 8);
    assert_eq!(bases[1].ids("tickets").len(), 6);
}

#[tokio::test]
async fn a_map_that_no_longer_fits_touches_nothing() {
    for base in &Base::all("retain_drift") {
        base.sql(TABLES);
        let map = MAP.replace("written_at", "typed_at");
        let house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
        let run = house.run().await;
        let Some(Ended::Refused(why)) = &run.tasks[1].ended else { panic!("{}", base.name()) };
        assert!(why.contains("has no column `typed_at` any more"), "{why}");
        assert_eq!(base.ids("tickets").len(), 8);
    }
}

const PEOPLE: &str = "
dataset:
- fides_key: desk
  collections:
  - name: people
    upheld: {retain: [{max: 1 year, from: seen_at, method: METHOD}]}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name]}
    - {name: note, data_categories: [user.content], upheld: {free_text: yes}}
    - {name: plan, data_categories: [system]}
    - {name: seen_at, data_categories: [system]}
";

fn people(base: &Base) {
    base.sql(
        "CREATE TABLE people (id integer PRIMARY KEY, email varchar(60) UNIQUE NOT NULL, name varchar(40),
          note varchar(200), plan varchar(20), seen_at timestamp NULL);
        INSERT INTO people VALUES
          (1, 'jane@acme.example', 'Jane Doe', 'Jane Doe called from bob@else.example', 'gold', '2020-01-15 10:00:00'),
          (2, 'bob@acme.example', 'Bob Roe', 'nothing to see', 'gold', '2020-01-20 10:00:00'),
          (3, 'ann@acme.example', NULL, NULL, 'free', '2020-02-01 10:00:00'),
          (4, 'new@acme.example', 'New One', 'New One', 'free', '2026-11-01 10:00:00')",
    );
}

fn of_people(base: &Base, id: u8) -> Vec<String> {
    let told = base.sql(&format!("SELECT email, name, note, plan FROM people WHERE id = {id}"));
    let line = told.lines().find(|line| line.contains('@') || line.contains("erased")).unwrap();
    line.split(['|', '\t']).map(|cell| cell.trim().to_owned()).collect()
}

#[tokio::test]
async fn what_is_anonymised_is_so_once_and_is_not_due_again() {
    for base in &Base::all("retain_anonymise") {
        people(base);
        let map = PEOPLE.replace("METHOD", "anonymise");
        let house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
        assert_eq!(house.due().await, ["people 3 due, 0 held back"], "{}", base.name());
        assert_eq!(house.run().await.rows(), 3);
        let jane = of_people(base, 1);
        assert!(jane[0].starts_with("erased-") && jane[0].ends_with("@erased.invalid"), "{jane:?}");
        assert_eq!(jane[3], "gold");
        assert!(!jane.join(" ").contains("Jane") && !jane.join(" ").contains("bob@"), "{jane:?}");
        assert_eq!(of_people(base, 4)[..2], ["new@acme.example", "New One"]);
        assert_eq!(house.due().await, ["people 0 due, 0 held back"], "{}", base.name());
        let again = house.run().await;
        assert_eq!((again.rows(), again.is_complete()), (0, true));
        assert_eq!(of_people(base, 1), jane);
    }
}

#[tokio::test]
async fn names_are_taken_out_of_texts_and_the_rest_stays() {
    for base in &Base::all("retain_redact") {
        people(base);
        let map = PEOPLE.replace("METHOD", "redact");
        let house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
        assert_eq!(house.due().await, ["people 1 due, 0 held back"], "{}", base.name());
        house.run().await;
        let jane = of_people(base, 1);
        assert_eq!(jane[..3], ["jane@acme.example", "Jane Doe", "[erased] called from [erased]"]);
        assert_eq!(of_people(base, 2)[2], "nothing to see");
        assert_eq!(house.run().await.rows(), 0, "{}", base.name());
    }
}

#[tokio::test]
async fn rows_are_counted_once_however_often_the_run_is_killed() {
    for base in &Base::all("retain_aggregate") {
        people(base);
        let map = PEOPLE.replace("METHOD", "{aggregate: {by: [plan]}}");
        let house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
        // Killed after the page was counted and before anybody knew that it was deleted.
        let kept = Kept { fail_at: Some(1), ..Kept::default() };
        let mut run = Run::begin("1", house.now, &house.schedule());
        assert!(house.go_on(&mut run, &kept).await.is_err());
        let written = kept.runs.lock().unwrap()[0].clone();
        assert!(written.tasks[0].pending.is_some() && written.tasks[0].counts.is_empty());
        let mut run = written.clone();
        run.take_up(&house.schedule());
        house.go_on(&mut run, &Kept::default()).await.unwrap();
        let told: Vec<(String, u64)> = run.tasks[0]
            .counts
            .iter()
            .map(|(key, rows)| (key.replace(engine::retain::SEPARATOR, " "), *rows))
            .collect();
        let expected = [("2020-01 gold".to_owned(), 2), ("2020-02 free".to_owned(), 1)];
        assert_eq!(told, expected, "{}", base.name());
        assert_eq!((run.tasks[0].rows, base.ids("people")), (3, vec!["4".to_owned()]));
        // Killed before it was deleted: the page is still there and is counted anew.
        base.sql("DELETE FROM people");
        base.sql("INSERT INTO people VALUES (1, 'a@b.example', NULL, NULL, 'gold', '2020-01-15 10:00:00')");
        let mut run = written;
        run.take_up(&house.schedule());
        house.go_on(&mut run, &Kept::default()).await.unwrap();
        assert_eq!(run.tasks[0].counts.values().sum::<u64>(), 1, "{}", base.name());
    }
}

/// A page that was counted and still stands there was taken for deleted when a hold, or an edited
/// rule, kept it from being due, and was counted a second time later.
#[tokio::test]
async fn a_counted_page_that_is_no_longer_due_is_not_taken_for_deleted() {
    for base in &Base::all("retain_counted_held") {
        people(base);
        let map = PEOPLE.replace("METHOD", "{aggregate: {by: [plan]}}");
        let mut house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
        let kept = Kept { fail_at: Some(1), ..Kept::default() };
        let mut run = Run::begin("1", house.now, &house.schedule());
        assert!(house.go_on(&mut run, &kept).await.is_err());
        let written = kept.runs.lock().unwrap()[0].clone();
        // As if it had been killed before the page was deleted.
        base.sql("DELETE FROM people");
        people_again(base);
        let place = Place::new("desk", "people");
        for id in 1..=3 {
            house.except.row(&place, RowKey(vec![Value::Int(id)]), held("hold a"));
        }
        let mut run = written.clone();
        run.take_up(&house.schedule());
        house.go_on(&mut run, &Kept::default()).await.unwrap();
        assert_eq!((run.rows(), run.tasks[0].counts.len()), (0, 0), "{}", base.name());
        assert_eq!(base.ids("people"), ["1", "2", "3", "4"]);
        // The rule was edited, so that nothing is due.
        let other = map.replace("1 year", "20 years");
        let house = House::new(vec![("desk", base)], &[&other], "2026-11-23");
        let mut run = written;
        run.take_up(&house.schedule());
        house.go_on(&mut run, &Kept::default()).await.unwrap();
        assert_eq!((run.rows(), run.is_open()), (0, false), "{}", base.name());
        let rules: Vec<&str> = run.tasks.iter().map(|task| task.rule.as_str()).collect();
        assert_eq!(rules, ["1 year after `seen_at`", "20 years after `seen_at`"]);
    }
}

fn people_again(base: &Base) {
    base.sql("DROP TABLE people");
    people(base);
}

/// What was counted and deleted was lost when the run was taken up without its rule.
#[tokio::test]
async fn what_was_counted_is_settled_though_its_rule_is_gone() {
    let base = &Base::all("retain_counted_gone")[0];
    people(base);
    let map = PEOPLE.replace("METHOD", "{aggregate: {by: [plan]}}");
    let house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
    let kept = Kept { fail_at: Some(1), ..Kept::default() };
    let mut run = Run::begin("1", house.now, &house.schedule());
    assert!(house.go_on(&mut run, &kept).await.is_err());
    let written = kept.runs.lock().unwrap()[0].clone();
    // The system is down: the run stays open.
    let mut down = House::new(vec![("desk", base)], &[&map], "2026-11-23");
    down.down.insert("desk".to_owned());
    let mut run = written.clone();
    run.take_up(&down.schedule());
    down.go_on(&mut run, &Kept::default()).await.unwrap();
    assert!(run.is_open() && !run.is_complete());
    // The rule deletes by now, and another counts.
    let other = PEOPLE.replace("METHOD", "delete");
    let house = House::new(vec![("desk", base)], &[&other], "2026-11-23");
    run.take_up(&house.schedule());
    house.go_on(&mut run, &Kept::default()).await.unwrap();
    assert!(!run.is_open());
    let first = &run.tasks[0];
    assert_eq!((first.method.as_str(), first.rows), ("aggregate", 3));
    assert_eq!(first.counted_by, ["month", "plan"]);
    assert_eq!(first.counts.values().sum::<u64>(), 3);
    assert_eq!((run.tasks[1].method.as_str(), run.tasks[1].rows), ("delete", 0));
}

/// A run whose rows could not be counted afterwards was told as complete.
#[tokio::test]
async fn what_could_not_be_counted_afterwards_is_not_complete() {
    let base = &Base::all("retain_not_counted")[0];
    people(base);
    let map = PEOPLE.replace("METHOD", "delete");
    let house = House::new(vec![("desk", base)], &[&map], "2026-11-23");
    let mut run = house.run().await;
    assert!(run.is_complete());
    run.tasks[0].left = None;
    assert_eq!((run.tasks[0].ended.as_ref(), run.is_complete()), (Some(&Ended::Done), false));
}

#[tokio::test]
async fn whole_partitions_are_dropped_and_a_held_row_keeps_its_own() {
    let base = Base::Postgres(testkit::postgres().fresh_database("retain_partitions"));
    base.sql(
        "CREATE TABLE logs (id integer, at timestamp, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
        CREATE TABLE logs_2019 PARTITION OF logs FOR VALUES FROM ('2019-01-01') TO ('2020-01-01');
        CREATE TABLE logs_2020 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE logs_2026 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        INSERT INTO logs SELECT g, '2019-06-01' FROM generate_series(1, 500) g;
        INSERT INTO logs SELECT g, '2020-06-01' FROM generate_series(501, 600) g;
        INSERT INTO logs VALUES (601, '2026-11-22'), (602, '2026-01-01')",
    );
    let map = "
dataset:
- fides_key: desk
  collections:
  - name: logs
    upheld: {retain: [{max: 90 days, from: at}]}
    fields: [{name: id, fides_meta: {primary_key: true}}, {name: at, fides_meta: {primary_key: true}}]
";
    let mut house = House::new(vec![("desk", &base)], &[map], "2026-11-23");
    let held_row = RowKey(vec![Value::from(550), Value::from("2020-06-01 00:00:00")]);
    house.except.row(&Place::new("desk", "logs"), held_row, held("hold a"));
    let run = house.run().await;
    let told = &run.tasks[0];
    assert_eq!(told.partitions.len(), 1, "{told:?}");
    assert_eq!((told.partitions[0].1, told.rows), (500, 100));
    assert_eq!(base.ids("logs"), ["550", "601"]);
    assert_eq!(told.left.map(|left| (left.rows, left.held_back)), Some((0, 1)));
    assert!(run.is_complete());
}
