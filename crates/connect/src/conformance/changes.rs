//! Changing.

use model::Value;

use super::{Bench, Check, Fixture, by, ensure, key, only, set_one, shown};
use crate::{Change, ChangeSet, Error, Fold, Limits, Match, RowChange, SetTo};

const PEOPLE: &str = "CREATE TABLE person (id int PRIMARY KEY, email varchar(60) NOT NULL, name varchar(10)){end}; \
    CREATE UNIQUE INDEX person_email ON person (email); \
    CREATE TABLE note (id int PRIMARY KEY, person int, body varchar(100), CONSTRAINT note_person FOREIGN KEY (person) REFERENCES person (id)){end}; \
    INSERT INTO person VALUES (1, 'jane@acme.example', 'Jane'), (2, 'bob@acme.example', 'Bob'), (3, 'zoe@acme.example', NULL); \
    INSERT INTO note VALUES (10, 1, 'about Jane'), (11, 2, 'about Bob');";
const BEFORE: &str = "jane@acme.example|Jane,bob@acme.example|Bob,zoe@acme.example|-";

async fn people(bench: &Bench<'_>) -> Result<String, super::Why> {
    Ok(bench.all("person", &["email", "name"]).await?.join(","))
}

fn id(number: i64) -> model::RowKey {
    key(&[Value::Int(number)])
}

pub(super) async fn a_set_is_all_or_nothing(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(fixture, PEOPLE).await?;
    let (person, note) = (bench.table("person"), bench.table("note"));
    let good = set_one(person.clone(), id(1), "name", Value::from("Jane"), Value::Null);
    let bad = [
        set_one(
            person.clone(),
            id(2),
            "email",
            Value::from("bob@acme.example"),
            Value::from("zoe@acme.example"),
        ),
        set_one(person.clone(), id(2), "email", Value::from("bob@acme.example"), Value::Null),
        set_one(note.clone(), id(11), "person", Value::Int(2), Value::Int(99)),
        Change::Delete { table: person.clone(), keys: vec![id(2)] },
    ];
    for (index, bad) in bad.into_iter().enumerate() {
        let told = bench.system.change(&ChangeSet { changes: vec![good.clone(), bad] }).await;
        ensure!(matches!(told, Err(Error::Constraint { .. })), "bad change {index}: {told:?}");
        ensure!(people(&bench).await? == BEFORE, "bad change {index} left something behind");
    }
    let order = vec![
        good,
        Change::Delete { table: note, keys: vec![id(11), id(11), id(12)] },
        Change::Delete { table: person, keys: vec![id(2)] },
    ];
    let done = bench.system.change(&ChangeSet { changes: order }).await?;
    ensure!((done.updated, done.deleted, done.already) == (1, 2, 1), "{done:?}");
    let left = people(&bench).await?;
    ensure!(left == "jane@acme.example|-,zoe@acme.example|-", "left {left}");
    Ok(())
}

pub(super) async fn somebody_elses_change_undoes_the_set(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(fixture, PEOPLE).await?;
    let person = bench.table("person");
    for (number, from, to) in [
        (2, Value::from("bob"), Value::Null),
        (2, Value::from("Bob "), Value::Null),
        (2, Value::Null, Value::from("x")),
        (3, Value::from("Zoe"), Value::from("x")),
        (3, Value::from(""), Value::from("x")),
    ] {
        let changes = vec![
            set_one(person.clone(), id(1), "name", Value::from("Jane"), Value::from("erased")),
            set_one(person.clone(), id(number), "name", from, to),
        ];
        let told = bench.system.change(&ChangeSet { changes }).await;
        ensure!(matches!(told, Err(Error::Changed { rows: 1, .. })), "{told:?}");
        ensure!(people(&bench).await? == BEFORE, "something was written");
    }
    Ok(())
}

pub(super) async fn what_is_done_counts_as_done(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(fixture, PEOPLE).await?;
    let row = |number: i64, email: &str, name: Value, to: &str| RowChange {
        key: id(number),
        set: vec![
            SetTo { from: Value::from(email), to: Value::Text(format!("{to}@erased.invalid")) },
            SetTo { from: name, to: Value::Null },
        ],
    };
    let set = only(Change::Update {
        table: bench.table("person"),
        columns: vec!["email".into(), "name".into()],
        rows: vec![
            row(1, "jane@acme.example", Value::from("Jane"), "1"),
            row(3, "zoe@acme.example", Value::Null, "3"),
            row(77, "gone@acme.example", Value::Null, "77"),
        ],
    });
    let first = bench.system.change(&set).await?;
    ensure!((first.updated, first.already) == (2, 1), "{first:?}");
    let second = bench.system.change(&set).await?;
    ensure!((second.updated, second.already) == (0, 3), "again: {second:?}");
    // One field done, the other not yet: the rest is done.
    let sql = "UPDATE person SET name = 'Jane' WHERE id = 1;";
    bench.fixture.execute(&bench.address, sql).await;
    let third = bench.system.change(&set).await?;
    ensure!((third.updated, third.already) == (1, 2), "half done: {third:?}");
    Ok(())
}

pub(super) async fn a_rehearsal_leaves_no_trace(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(fixture, PEOPLE).await?;
    let person = bench.table("person");
    let good = only(set_one(person.clone(), id(1), "name", Value::from("Jane"), Value::Null));
    let done = bench.system.rehearse(&good).await?;
    ensure!(done.updated == 1, "{done:?}");
    let long = only(set_one(
        person.clone(),
        id(1),
        "name",
        Value::from("Jane"),
        Value::from("longer than ten"),
    ));
    let told = bench.system.rehearse(&long).await;
    // SQLite lets any length in, and so does its rehearsal.
    let lenient = fixture.product() == model::Product::Sqlite;
    ensure!(told.is_ok() == lenient, "too long: {told:?}");
    let taken = set_one(
        person,
        id(1),
        "email",
        Value::from("jane@acme.example"),
        Value::from("bob@acme.example"),
    );
    let told = bench.system.rehearse(&only(taken)).await;
    ensure!(matches!(told, Err(Error::Constraint { .. })), "taken: {told:?}");
    ensure!(people(&bench).await? == BEFORE, "a rehearsal wrote something");
    Ok(())
}

pub(super) async fn rows_without_a_key_can_be_changed(fixture: &dyn Fixture) -> Check {
    let sql = "CREATE TABLE log (who varchar(40), what varchar(40), size int){end}; \
        INSERT INTO log VALUES ('jane', 'in', 1), ('jane', 'out', NULL), ('bob', NULL, 1), (NULL, NULL, NULL);";
    let bench = Bench::new(fixture, sql).await?;
    let rows = bench.rows(by("who", "jane", Fold::Exact), "log", &["what"]).await?;
    ensure!(rows.len() == 2, "{} rows", rows.len());
    let [first, second] = rows.as_slice() else { return Ok(()) };
    let again = bench.rows(Match::Keys(vec![first.key.clone()]), "log", &["what"]).await?;
    ensure!(
        again.len() == 1 && again.first().map(shown) == Some(shown(first)),
        "not found again by its key"
    );
    let change = set_one(
        bench.table("log"),
        first.key.clone(),
        "who",
        Value::from("jane"),
        Value::from("erased"),
    );
    let done = bench.system.change(&only(change)).await?;
    ensure!(done.updated == 1, "{done:?}");
    let gone = only(Change::Delete { table: bench.table("log"), keys: vec![second.key.clone()] });
    let done = bench.system.change(&gone).await?;
    ensure!(done.deleted == 1, "{done:?}");
    let told = bench.system.change(&gone).await;
    let fair =
        matches!(told, Err(Error::Changed { .. })) || told.is_ok_and(|done| done.already == 1);
    ensure!(fair, "a row that is gone: neither done nor changed");
    let mut left = bench.all("log", &["who"]).await?;
    left.sort();
    ensure!(left == ["-", "bob", "erased"], "left {left:?}");
    Ok(())
}

pub(super) async fn large_sets_are_one_transaction(fixture: &dyn Fixture) -> Check {
    let mut sql =
        "CREATE TABLE person (id int PRIMARY KEY, name varchar(80) NOT NULL){end};".to_owned();
    sql.push_str(&super::lookups::filled("person", 6_000, |id| format!("({id}, 'Name {id}')")));
    let bench = Bench::new(fixture, &sql).await?;
    let row = |number: i64, to: Value| RowChange {
        key: id(number),
        set: vec![SetTo { from: Value::Text(format!("Name {number}")), to }],
    };
    let mut rows: Vec<RowChange> =
        (1..=6_000).map(|number| row(number, Value::from("erased"))).collect();
    let change = |rows: &[RowChange]| {
        only(Change::Update {
            table: bench.table("person"),
            columns: vec!["name".into()],
            rows: rows.to_vec(),
        })
    };
    if let Some(last) = rows.last_mut() {
        last.set = vec![SetTo { from: Value::from("Name 6000"), to: Value::Null }];
    }
    let told = bench.system.change(&change(&rows)).await;
    ensure!(matches!(told, Err(Error::Constraint { .. })), "{told:?}");
    let untouched = bench.rows(by("name", "erased", Fold::Exact), "person", &[]).await?;
    ensure!(untouched.is_empty(), "{} rows of an undone set are changed", untouched.len());
    rows.pop();
    let done = bench.system.change(&change(&rows)).await?;
    ensure!(done.updated == 5_999, "{done:?}");
    let keys = (1..=6_000).map(id).collect();
    let done =
        bench.system.change(&only(Change::Delete { table: bench.table("person"), keys })).await?;
    ensure!(done.deleted == 6_000, "{done:?}");
    Ok(())
}

pub(super) async fn a_reader_cannot_write(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(fixture, PEOPLE).await?;
    let reader = bench.open(Limits { read_only: true, ..Limits::default() }).await?;
    let set = only(set_one(bench.table("person"), id(1), "name", Value::from("Jane"), Value::Null));
    let told = (reader.change(&set).await, reader.rehearse(&set).await);
    ensure!(told == (Err(Error::ReadOnly), Err(Error::ReadOnly)), "{told:?}");
    ensure!(reader.catalogue().await?.tables.len() == 2, "a reader sees no tables");
    ensure!(people(&bench).await? == BEFORE, "a reader wrote");
    let view = only(Change::Delete { table: bench.table("nowhere"), keys: vec![id(1)] });
    ensure!(
        matches!(bench.system.change(&view).await, Err(Error::NoTable(_))),
        "a table that is not there is changed"
    );
    Ok(())
}
