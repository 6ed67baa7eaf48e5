//! Errors, waits and pulled plugs.

use std::time::Duration;

use model::{Product, Value};

use super::{Bench, Check, Fixture, ensure, fill, key, only, set_one};
use crate::{Address, Change, ChangeSet, Error, Limits, Match};

/// A word that stands in the data and must stand in no message.
const CANARY: &str = "canary-7319";

pub(super) async fn errors_never_quote_a_value(fixture: &dyn Fixture) -> Check {
    let lenient = fixture.product() == Product::Sqlite;
    let bench = Bench::new(
        fixture,
        "CREATE TABLE person (id int PRIMARY KEY, email varchar(60) NOT NULL, name varchar(20), born date, age int, CONSTRAINT grown CHECK (age > 10)){end}; \
         CREATE UNIQUE INDEX person_email ON person (email); CREATE TABLE code (word varchar(60) PRIMARY KEY){end}; \
         CREATE TABLE owns (id int PRIMARY KEY, word varchar(60), CONSTRAINT owns_code FOREIGN KEY (word) REFERENCES code (word)){end}; \
         INSERT INTO person VALUES (1, 'canary-7319', 'canary-7319', '2000-01-01', 20), (2, 'b', 'b', '2000-01-01', 20); \
         INSERT INTO code VALUES ('canary-7319'); INSERT INTO owns VALUES (1, 'canary-7319');",
    )
    .await?;
    let person = bench.table("person");
    let two = |column: &str, from: Value, to: Value| {
        set_one(person.clone(), key(&[Value::Int(2)]), column, from, to)
    };
    let canary = || Value::from(CANARY);
    let day = || Value::from("2000-01-01");
    let mut wrongs = vec![
        ("unique", two("email", Value::from("b"), canary())),
        (
            "not null",
            set_one(person.clone(), key(&[Value::Int(1)]), "email", canary(), Value::Null),
        ),
        ("check", two("age", Value::Int(20), Value::Int(5))),
        ("changed", two("name", canary(), Value::Null)),
        (
            "reference",
            set_one(
                bench.table("owns"),
                key(&[Value::Int(1)]),
                "word",
                canary(),
                Value::Text(format!("{CANARY}x")),
            ),
        ),
        (
            "referred to",
            Change::Delete { table: bench.table("code"), keys: vec![key(&[canary()])] },
        ),
    ];
    if !lenient {
        wrongs.push(("too long", two("name", Value::from("b"), Value::from(CANARY.repeat(3)))));
        wrongs.push(("no number", two("age", Value::Int(20), canary())));
        wrongs.push(("no day", two("born", day(), canary())));
    }
    for (what, change) in wrongs {
        for told in [
            bench.system.rehearse(&only(change.clone())).await,
            bench.system.change(&only(change.clone())).await,
        ] {
            let Err(error) = told else { return Err(super::Why(format!("{what} is accepted"))) };
            let text = format!("{error} {error:?}");
            ensure!(!text.contains("canary"), "{what} quotes a value");
            let expected = matches!(error, Error::Constraint { .. } | Error::Changed { .. });
            ensure!(expected, "{what}: {text}");
        }
    }
    Ok(())
}

pub(super) async fn a_locked_row_ends_the_wait(fixture: &dyn Fixture) -> Check {
    let sql = "CREATE TABLE person (id int PRIMARY KEY, name varchar(20)){end}; INSERT INTO person VALUES (1, 'Jane'), (2, 'Bob');";
    let bench = Bench::new(fixture, sql).await?;
    let hasty = bench.open(Limits { lock_ms: 1_000, ..Limits::default() }).await?;
    let held = fixture.hold(&bench.address, "UPDATE person SET name = 'held' WHERE id = 2;").await;
    let set = ChangeSet {
        changes: vec![
            set_one(
                bench.table("person"),
                key(&[Value::Int(1)]),
                "name",
                Value::from("Jane"),
                Value::Null,
            ),
            set_one(
                bench.table("person"),
                key(&[Value::Int(2)]),
                "name",
                Value::from("Bob"),
                Value::Null,
            ),
        ],
    };
    let begun = tokio::time::Instant::now();
    let told = hasty.change(&set).await;
    let waited = begun.elapsed();
    ensure!(matches!(told, Err(Error::Busy(_))), "{told:?}");
    ensure!(
        waited >= Duration::from_millis(500) && waited < Duration::from_secs(4),
        "waited {waited:?}"
    );
    let mut names = bench.all("person", &["name"]).await?;
    ensure!(names == ["Jane", "Bob"], "half done: {names:?}");
    drop(held);
    // The other session's end takes a moment to reach the server.
    let mut told = hasty.change(&set).await;
    for _ in 0..20 {
        if told.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        told = hasty.change(&set).await;
    }
    ensure!(told.as_ref().is_ok_and(|done| done.updated == 2), "after the lock is gone: {told:?}");
    names = bench.all("person", &["name"]).await?;
    ensure!(names == ["-", "-"], "not done: {names:?}");
    Ok(())
}

pub(super) async fn a_killed_server_leaves_nothing_half_done(fixture: &dyn Fixture) -> Check {
    let Some(address) = fixture.fresh_to_kill().await else { return Ok(()) };
    let sql = "CREATE TABLE person (id int PRIMARY KEY, name varchar(20)){end}; INSERT INTO person VALUES (1, 'Jane'), (2, 'Bob');";
    fixture.execute(&address, &fill(fixture, sql)).await;
    let limits = Limits { lock_ms: 20_000, ..Limits::default() };
    let system = crate::open(&Address::parse(&address)?, limits).await?;
    let bench = Bench { fixture, address, system };
    let held = fixture.hold(&bench.address, "UPDATE person SET name = 'held' WHERE id = 2;").await;
    let set = ChangeSet {
        changes: vec![
            set_one(
                bench.table("person"),
                key(&[Value::Int(1)]),
                "name",
                Value::from("Jane"),
                Value::Null,
            ),
            set_one(
                bench.table("person"),
                key(&[Value::Int(2)]),
                "name",
                Value::from("Bob"),
                Value::Null,
            ),
        ],
    };
    // The first row is changed and the second waited for when the plug is pulled.
    let pull = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        fixture.kill_and_restart().await;
    };
    let (told, ()) = futures_util::future::join(bench.system.change(&set), pull).await;
    drop(held);
    ensure!(matches!(told, Err(Error::Broken(_))), "{told:?}");
    let names = bench.all("person", &["name"]).await?;
    ensure!(names == ["Jane", "Bob"], "half done: {names:?}");
    let done = bench.system.change(&set).await?;
    ensure!(done.updated == 2, "after the restart: {done:?}");
    let rows = bench.rows(Match::All, "person", &["name"]).await?;
    ensure!(rows.len() == 2, "rows are gone");
    Ok(())
}
