//! Deleting by age: bounded, beside writers, and never what may not go.

use std::time::Duration;

use model::{Product, Value};

use super::age::{DESK, Y2020, aged, id, listed_left, nothing, only, refers};
use super::{Bench, Check, Fixture, ensure};
use crate::{Dependent, Due, Error, Limits, Old, Purge, Purged, Referrer};

pub(super) async fn a_purge_is_bounded(fixture: &dyn Fixture) -> Check {
    // With a key of two columns, with none, and with an index on the age.
    for table in [
        "CREATE TABLE log (id int, part varchar(5), made date, PRIMARY KEY (id, part)){end}; ",
        "CREATE TABLE log (id int, part varchar(5), made date){end}; ",
        "CREATE TABLE log (id int PRIMARY KEY, part varchar(5), made date){end}; CREATE INDEX log_made ON log (made); ",
    ] {
        let mut sql = String::from(table);
        for row in 0..25 {
            sql.push_str(&format!(
                "INSERT INTO log VALUES ({row}, 'x', '2010-01-{:02}'); ",
                row + 1
            ));
        }
        sql.push_str("INSERT INTO log VALUES (30, 'x', '2025-01-01'), (31, NULL, NULL);");
        let sql =
            if table.contains("part))") { sql.replace("NULL, NULL", "'y', NULL") } else { sql };
        let bench = Bench::new(fixture, &sql).await?;
        let due = aged(&bench, "log", "made", Y2020);
        let told = bench.system.due(&due, 7).await?;
        ensure!((told.rows, told.at_least) == (7, true), "{told:?}");
        for (rows, done) in [(10, false), (10, false), (5, true), (0, true)] {
            let told = bench.system.purge(&only(due.clone()), 10).await?;
            let expected = Purged { rows, dependents: Vec::new(), done };
            ensure!(told == expected, "{told:?} instead of {expected:?}: {table}");
        }
        let mut left = listed_left(&bench, "log").await?;
        left.sort_unstable();
        ensure!(left == [30, 31], "left: {left:?}");
    }
    Ok(())
}

pub(super) async fn leaves_go_before_what_they_hang_on(fixture: &dyn Fixture) -> Check {
    // 1 refers to itself; 2 … 40 are a chain; 50 and 51 refer to each other; 60 is young, under 61.
    let mut sql = String::from(
        "CREATE TABLE folder (id int PRIMARY KEY, above int, made date){end}; \
        INSERT INTO folder VALUES (1, 1, '2010-01-01'), (50, 51, '2010-01-01'), (51, 50, '2010-01-01'), \
        (61, NULL, '2010-01-01'), (60, 61, '2025-01-01'); ",
    );
    for row in 2..=40 {
        sql.push_str(&format!("INSERT INTO folder VALUES ({row}, {}, '2010-01-01'); ", row - 1));
    }
    if fixture.product() != Product::Sqlite {
        sql.push_str(
            "ALTER TABLE folder ADD CONSTRAINT up FOREIGN KEY (above) REFERENCES folder (id);",
        );
    }
    let bench = Bench::new(fixture, &sql).await?;
    let tree = refers(&bench, "folder", "above", "id");
    let due = Due { unless_referred: vec![tree], ..aged(&bench, "folder", "made", Y2020) };
    let told = bench.system.due(&due, 100).await?;
    ensure!((told.rows, told.held_back) == (1, 42), "{told:?}");
    let (mut rows, mut batches) = (0, 0);
    loop {
        let told = bench.system.purge(&only(due.clone()), 7).await?;
        rows += told.rows;
        batches += 1;
        ensure!(told.rows <= 7 && batches < 20, "{told:?} in batch {batches}");
        if told.done {
            break;
        }
    }
    // InnoDB refuses to delete a row that refers to itself by a declared reference.
    let mysql = matches!(fixture.product(), Product::MySql | Product::MariaDb);
    let stuck = i64::from(mysql);
    ensure!(
        (rows, batches) == (if mysql { 39 } else { 40 }, 6),
        "{rows} rows in {batches} batches"
    );
    let left = listed_left(&bench, "folder").await?;
    ensure!(left.iter().filter(|id| **id > stuck).eq(&[50, 51, 60, 61]), "left: {left:?}");
    Ok(())
}

pub(super) async fn what_may_not_go_is_refused(fixture: &dyn Fixture) -> Check {
    let view = format!("{DESK} CREATE VIEW tickets AS SELECT * FROM ticket;");
    let bench = Bench::new(fixture, &view).await?;
    let due = aged(&bench, "ticket", "made", Y2020);
    let late = aged(&bench, "ticket", "made", model::Micros(Y2020.0 + 1));
    let told = bench.system.purge(&only(late), 10).await;
    ensure!(matches!(told, Err(Error::Constraint { .. })), "younger than allowed: {told:?}");
    let told = bench.system.purge(&only(aged(&bench, "tickets", "made", Y2020)), 10).await;
    ensure!(matches!(told, Err(Error::Constraint { .. })), "a view: {told:?}");
    ensure!(bench.system.due(&aged(&bench, "tickets", "made", Y2020), 10).await?.rows == 5, "view");
    let file = Due { old: Old::File { before: Y2020 }, ..due.clone() };
    let told = bench.system.purge(&only(file), 10).await;
    ensure!(matches!(told, Err(Error::NotOffered { .. })), "by file: {told:?}");
    let reader = bench.open(Limits { read_only: true, ..Limits::default() }).await?;
    let told = reader.purge(&only(due.clone()), 10).await;
    ensure!(matches!(told, Err(Error::ReadOnly)), "a reader: {told:?}");
    ensure!(reader.due(&due, 10).await?.rows == 5, "a reader may count");
    let told = bench.system.purge(&only(due.clone()), 10).await;
    ensure!(matches!(told, Err(Error::Constraint { .. })), "referred to: {told:?}");
    ensure!(listed_left(&bench, "ticket").await?.len() == 6, "something went");
    let told = bench.system.purge(&only(due.clone()), 0).await?;
    ensure!(told == Purged::default(), "no rows: {told:?}");
    // To whom something has ended: the second lock is for ages.
    let any_of = vec![Value::Int(3), Value::from("4"), Value::Int(99), Value::Null];
    let due = Due { old: Old::OneOf { column: "id".into(), any_of }, ..due };
    let told = bench.system.due(&due, 10).await?;
    ensure!((told.rows, told.oldest) == (2, None), "{told:?}");
    let told = bench.system.purge(&Purge { due, not_after: None }, 10).await?;
    ensure!((told.rows, told.done) == (2, true), "{told:?}");
    Ok(())
}

pub(super) async fn what_somebody_else_holds_is_passed_over(fixture: &dyn Fixture) -> Check {
    let sql = format!(
        "{DESK} CREATE TABLE log (id int PRIMARY KEY, made date){{end}}; \
        INSERT INTO log VALUES (1, '2010-01-01'), (2, '2010-01-02'), (3, '2010-01-03'), (4, '2025-01-01');"
    );
    let bench = Bench::new(fixture, &sql).await?;
    let hasty = bench.open(Limits { lock_ms: 1_000, ..Limits::default() }).await?;
    let log = aged(&bench, "log", "made", Y2020);
    let held = fixture
        .hold(&bench.address, "UPDATE log SET made = '2025-01-01' WHERE id = 2; INSERT INTO log VALUES (5, '2010-01-01'); UPDATE note SET made = '2025-01-01' WHERE id = 11;")
        .await;
    let notes = Dependent {
        refers: refers(&bench, "note", "ticket", "id"),
        past: vec![crate::Past { column: "made".into(), before: Y2020 }],
        dependents: vec![Dependent {
            refers: refers(&bench, "file", "note", "id"),
            ..nothing(&bench)
        }],
        ..nothing(&bench)
    };
    let tickets = Due { dependents: vec![notes], ..aged(&bench, "ticket", "made", Y2020) };
    if fixture.product() == Product::Sqlite {
        // One writer at a time: the purge waits its while and says so.
        let told = hasty.purge(&only(log.clone()), 10).await;
        ensure!(matches!(told, Err(Error::Busy(_))), "{told:?}");
        drop(held);
        return Ok(());
    }
    let begun = tokio::time::Instant::now();
    let told = hasty.purge(&only(log.clone()), 10).await?;
    ensure!(told.rows == 2, "beside a locked row: {told:?}");
    // Ticket 1 has the locked note, ticket 6 a young one.
    let told = hasty.purge(&only(tickets.clone()), 10).await?;
    ensure!(told.rows == 3, "beside a locked dependent: {told:?}");
    let waited = begun.elapsed();
    ensure!(waited < Duration::from_millis(900), "waited {waited:?}");
    ensure!(listed_left(&bench, "ticket").await? == [1, 4, 6], "tickets");
    drop(held);
    // The other session's end takes a moment to reach the server.
    let mut rows = 0;
    for _ in 0..20 {
        rows += hasty.purge(&only(log.clone()), 10).await?.rows;
        rows += hasty.purge(&only(tickets.clone()), 10).await?.rows;
        if rows >= 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    ensure!(rows == 2, "after the lock is gone: {rows}");
    ensure!(listed_left(&bench, "log").await? == [4], "log");
    Ok(())
}

pub(super) async fn dependents_of_every_kind_go_along(fixture: &dyn Fixture) -> Check {
    // Keys of two columns, a reference by text to a number, a dependent without a key, NULLs.
    let sql = "CREATE TABLE device (site int NOT NULL, name varchar(20) NOT NULL, made date, serial int, PRIMARY KEY (site, name)){end}; \
        CREATE TABLE event (site int, device varchar(20), body varchar(20)){end}; \
        CREATE TABLE tag (id int PRIMARY KEY, kind varchar(10), object varchar(20)){end}; \
        INSERT INTO device VALUES (1, 'a', '2010-01-01', 7), (1, 'b', '2010-01-01', NULL), (2, 'a', '2025-01-01', 8), (2, 'zoë''s', '2010-01-01', 9); \
        INSERT INTO event VALUES (1, 'a', 'x'), (1, 'a', 'y'), (1, NULL, 'z'), (2, 'a', 'w'), (2, 'zoë''s', 'v'), (NULL, 'a', 'u'); \
        INSERT INTO tag VALUES (1, 'Device', '7'), (2, 'User', '7'), (3, 'Device', '8'), (4, 'Device', '7x'), (5, 'Device', NULL);";
    let bench = Bench::new(fixture, sql).await?;
    let pairs = vec![("site".into(), "site".into()), ("device".into(), "name".into())];
    let event = Referrer { table: bench.table("event"), columns: pairs, when: Vec::new() };
    let when =
        vec![crate::Condition { column: "kind".into(), any_of: vec![Value::from("Device")] }];
    let tag = Referrer { when, ..refers(&bench, "tag", "object", "serial") };
    let dependents = vec![
        Dependent { refers: event, ..nothing(&bench) },
        Dependent { refers: tag, except: vec![id(99)], ..nothing(&bench) },
    ];
    let due = Due { dependents, ..aged(&bench, "device", "made", Y2020) };
    let told = bench.system.due(&due, 10).await?;
    ensure!((told.rows, told.held_back) == (3, 0), "{told:?}");
    let told = bench.system.purge(&only(due), 10).await?;
    let dependents = vec![(bench.table("event"), 3), (bench.table("tag"), 1)];
    ensure!(told == Purged { rows: 3, dependents, done: true }, "{told:?}");
    let mut left = bench.all("event", &["body"]).await?;
    left.sort();
    ensure!(left == ["u", "w", "z"], "events: {left:?}");
    ensure!(listed_left(&bench, "tag").await? == [2, 3, 4, 5], "tags");
    Ok(())
}
