//! Finding and scanning.

use std::collections::BTreeSet;

use model::{Product, Value};

use super::{Bench, Check, Fixture, by, ensure, found, key, only, scanned, set_one, shown};
use crate::{Condition, Fold, Limits, Lookup, Match, Scan};

pub(super) async fn numbers_and_their_text_find_each_other(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(
        fixture,
        "CREATE TABLE entry (id int PRIMARY KEY, number int, word varchar(50)){end}; \
         INSERT INTO entry VALUES (1, 27, '27'), (2, 28, '28'), (3, NULL, 'twenty-seven'), (4, 270, '027');",
    )
    .await?;
    for (column, value, ids) in [
        ("number", Value::Int(27), "1"),
        ("number", Value::from("27"), "1"),
        ("number", Value::from("twenty-seven"), ""),
        ("number", Value::from("99999999999999999999999"), ""),
        ("number", Value::Bytes(vec![0xff]), ""),
        ("number", Value::Null, ""),
        ("word", Value::Int(27), "1"),
        ("word", Value::from("27"), "1"),
        ("word", Value::from("twenty-seven"), "3"),
        ("word", Value::Null, ""),
    ] {
        let shown_value = value.to_plain_text();
        let rows = bench.rows(by(column, value, Fold::Exact), "entry", &["id"]).await?;
        let got = rows.iter().map(shown).collect::<Vec<_>>().join(",");
        ensure!(got == ids, "{column} = {shown_value:?} finds `{got}`, not `{ids}`");
    }
    Ok(())
}

pub(super) async fn letter_case_and_digits_fold(fixture: &dyn Fixture) -> Check {
    let exact = match fixture.product() {
        Product::MySql | Product::MariaDb => " COLLATE utf8mb4_bin",
        _ => "",
    };
    let sql = format!(
        "CREATE TABLE person (id int PRIMARY KEY, name varchar(80){exact}, phone varchar(80)){{end}}; \
         INSERT INTO person VALUES (1, 'JANE.DOE@acme.example', '+1 (416) 555-0123'), (2, 'jane.doe@acme.example', '4165550123 x'), \
         (3, 'MÜLLER', '416.555.0199'), (4, 'müller', NULL), (5, 'jane.doe@acme.example.org', '55'), (6, 'Müller', '1-55-501-24');"
    );
    let bench = Bench::new(fixture, &sql).await?;
    for (column, value, fold, ids) in [
        ("name", "Jane.Doe@ACME.example", Fold::Case, "1,2"),
        ("name", "jane.doe@acme.example", Fold::Exact, "2"),
        ("name", "müller", Fold::Case, "3,4,6"),
        ("phone", "416-555-0123", Fold::Digits, "1,2"),
        ("phone", "0199", Fold::Digits, ""),
        ("phone", "(55)", Fold::Digits, "5"),
        ("phone", "no digits", Fold::Digits, ""),
    ] {
        let rows = bench.rows(by(column, value, fold), "person", &["id"]).await?;
        let got = rows.iter().map(shown).collect::<Vec<_>>().join(",");
        ensure!(got == ids, "{column} {value} {fold:?} finds `{got}`, not `{ids}`");
        let lookup = Lookup {
            table: bench.table("person"),
            by: by(column, value, fold),
            when: vec![],
            columns: vec![],
        };
        let count = bench.system.count(&lookup).await?;
        ensure!(count == rows.len() as u64, "{column} {value} {fold:?} counts {count}");
    }
    Ok(())
}

pub(super) async fn further_columns_must_hold(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(
        fixture,
        "CREATE TABLE entry (id int PRIMARY KEY, kind varchar(40), about int, state int){end}; \
         INSERT INTO entry VALUES (1, 'RT::User', 7, 1), (2, 'RT::Ticket', 7, 1), (3, 'RT::User', 8, 1), (4, 'rt::user', 7, 1), (5, 'RT::User', 7, NULL);",
    )
    .await?;
    for (kinds, states, ids) in [
        (vec![Value::from("RT::User")], vec![], "1,5"),
        (vec![Value::from("RT::User"), Value::from("RT::Ticket")], vec![Value::Int(1)], "1,2"),
        (vec![Value::from("RT::User")], vec![Value::Null], "5"),
        (vec![Value::from("RT::User")], vec![Value::from("1"), Value::Null], "1,5"),
        (vec![], vec![Value::Int(1)], ""),
    ] {
        let mut when = vec![Condition { column: "kind".into(), any_of: kinds }];
        if !states.is_empty() {
            when.push(Condition { column: "state".into(), any_of: states });
        }
        let lookup = Lookup {
            table: bench.table("entry"),
            by: by("about", 7, Fold::Exact),
            when,
            columns: vec!["id".into()],
        };
        let rows = found(bench.system.as_ref(), &lookup).await?;
        let got = rows.iter().map(shown).collect::<Vec<_>>().join(",");
        ensure!(got == ids, "finds `{got}`, not `{ids}`");
        ensure!(bench.system.count(&lookup).await? == rows.len() as u64, "counts otherwise");
    }
    Ok(())
}

pub(super) async fn composite_keys_tell_rows_apart(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(
        fixture,
        "CREATE TABLE member (team varchar(40) NOT NULL, person int NOT NULL, note varchar(40), PRIMARY KEY (team, person)){end}; \
         INSERT INTO member VALUES ('a', 1, 'a1'), ('a', 2, 'a2'), ('b', 1, 'b1'), ('b', 2, 'b2');",
    )
    .await?;
    let keys = vec![
        key(&[Value::from("b"), Value::Int(1)]),
        key(&[Value::from("a"), Value::Int(2)]),
        key(&[Value::from("c"), Value::Int(1)]),
    ];
    let rows = bench.rows(Match::Keys(keys.clone()), "member", &["note"]).await?;
    let got = rows.iter().map(shown).collect::<Vec<_>>().join(",");
    ensure!(got == "a2,b1", "finds `{got}`");
    let change = set_one(
        bench.table("member"),
        key(&[Value::from("b"), Value::Int(1)]),
        "note",
        Value::from("b1"),
        Value::Null,
    );
    let done = bench.system.change(&only(change)).await?;
    ensure!(done.updated == 1, "{done:?}");
    let gone = crate::Change::Delete { table: bench.table("member"), keys };
    let done = bench.system.change(&only(gone)).await?;
    ensure!((done.deleted, done.already) == (2, 1), "{done:?}");
    let left = bench.all("member", &["note"]).await?;
    ensure!(left == ["a1", "b2"], "left {left:?}");
    let scan = Scan { table: bench.table("member"), columns: vec!["note".into()], sample: None };
    ensure!(
        scanned(bench.system.as_ref(), &scan).await?.len() == 2,
        "a scan by a composite key loses rows"
    );
    let short = bench.rows(Match::Keys(vec![key(&[Value::from("a")])]), "member", &[]).await;
    ensure!(short.is_err(), "half a key is accepted");
    Ok(())
}

pub(super) async fn loose_collations_give_candidates(fixture: &dyn Fixture) -> Check {
    let (before, column) = match fixture.product() {
        Product::PostgreSql => (
            "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);",
            "text COLLATE loose",
        ),
        Product::MySql | Product::MariaDb => ("", "varchar(90) COLLATE utf8mb4_general_ci"),
        Product::Sqlite => ("", "TEXT COLLATE NOCASE"),
        // This part of the kit speaks SQL.
        Product::Files => return Ok(()),
    };
    let sql = format!(
        "{before} CREATE TABLE person (id int PRIMARY KEY, email {column}){{end}}; \
         INSERT INTO person VALUES (1, 'Zoë.Müller@acme.example'), (2, 'ZOE.MULLER@acme.example'), (3, 'other@acme.example'), (4, 'zoe.muller@acme.example'); \
         CREATE TABLE account (login {column} NOT NULL PRIMARY KEY, note varchar(20)){{end}}; INSERT INTO account VALUES ('Zoe', 'one'), ('Bob', 'two');"
    );
    let bench = Bench::new(fixture, &sql).await?;
    let catalogue = bench.system.catalogue().await?;
    let loose = catalogue
        .table(&bench.table("person"))
        .and_then(|table| table.column("email"))
        .is_some_and(|c| c.loose_collation);
    ensure!(loose, "the catalogue does not say that the collation is loose");
    let rows =
        bench.rows(by("email", "zoe.muller@acme.example", Fold::Exact), "person", &["id"]).await?;
    let got = rows.iter().map(shown).collect::<Vec<_>>();
    ensure!(got.contains(&"4".to_owned()) && !got.contains(&"3".to_owned()), "candidates {got:?}");
    // A further column must hold exactly, however loose it is.
    let when = vec![Condition {
        column: "email".into(),
        any_of: vec![Value::from("zoe.muller@acme.example")],
    }];
    let lookup =
        Lookup { table: bench.table("person"), by: Match::All, when, columns: vec!["id".into()] };
    let rows = found(bench.system.as_ref(), &lookup).await?;
    ensure!(rows.iter().map(shown).collect::<Vec<_>>() == ["4"], "a condition is met loosely");
    // The value compared before a change is compared to the byte.
    let wrong = set_one(
        bench.table("person"),
        key(&[Value::Int(2)]),
        "email",
        Value::from("zoe.muller@acme.example"),
        Value::Null,
    );
    let told = bench.system.change(&only(wrong)).await;
    ensure!(matches!(told, Err(crate::Error::Changed { rows: 1, .. })), "{told:?}");
    let same_but_case = set_one(
        bench.table("person"),
        key(&[Value::Int(2)]),
        "email",
        Value::from("ZOE.MULLER@acme.example"),
        Value::from("zoe.muller@ACME.example"),
    );
    let done = bench.system.change(&only(same_but_case)).await?;
    ensure!(done.updated == 1, "a change of letter case alone is not seen: {done:?}");
    // A key under a loose collation means the one spelling.
    let other = crate::Change::Delete {
        table: bench.table("account"),
        keys: vec![key(&[Value::from("ZOE")])],
    };
    let done = bench.system.change(&only(other)).await?;
    ensure!((done.deleted, done.already) == (0, 1), "another spelling of a key deletes: {done:?}");
    let own = crate::Change::Delete {
        table: bench.table("account"),
        keys: vec![key(&[Value::from("Zoe")])],
    };
    let done = bench.system.change(&only(own)).await?;
    ensure!(done.deleted == 1, "the key's own spelling does not delete: {done:?}");
    Ok(())
}

/// `INSERT` of rows 1 to `rows`, a few hundred to a statement.
pub(super) fn filled(table: &str, rows: u32, row: impl Fn(u32) -> String) -> String {
    let mut sql = String::new();
    let ids: Vec<u32> = (1..=rows).collect();
    for chunk in ids.chunks(500) {
        let values: Vec<String> = chunk.iter().map(|id| row(*id)).collect();
        sql.push_str(&format!("INSERT INTO {table} VALUES {};\n", values.join(", ")));
    }
    sql
}

pub(super) async fn many_values_are_asked_for_at_once(fixture: &dyn Fixture) -> Check {
    let mut sql = "CREATE TABLE person (id int PRIMARY KEY, email varchar(80)){end};".to_owned();
    sql.push_str(&filled("person", 3_000, |id| format!("({id}, 'p{id}@acme.example')")));
    let bench = Bench::new(fixture, &sql).await?;
    let any_of: Vec<Value> =
        (1..=10_000).rev().map(|id| Value::Text(format!("P{id}@acme.example"))).collect();
    let by = Match::Column { column: "email".into(), any_of, fold: Fold::Case };
    let rows = bench.rows(by, "person", &["id"]).await?;
    let ids: BTreeSet<String> = rows.iter().map(shown).collect();
    ensure!(
        rows.len() == 3_000 && ids.len() == 3_000,
        "{} rows, {} of them different",
        rows.len(),
        ids.len()
    );
    let keys = (1..=10_000).map(|id| key(&[Value::Int(id)])).collect();
    let rows = bench.rows(Match::Keys(keys), "person", &["id"]).await?;
    ensure!(rows.len() == 3_000, "{} rows by key", rows.len());
    let mut seen = 0;
    let lookup =
        Lookup { table: bench.table("person"), by: Match::All, when: vec![], columns: vec![] };
    let mut stop = |_: crate::Batch| {
        seen += 1;
        Err(crate::Error::Stopped("enough".into()))
    };
    let told = bench.system.find(&lookup, &mut stop).await;
    ensure!(
        told == Err(crate::Error::Stopped("enough".into())) && seen == 1,
        "a stopped stream goes on"
    );
    ensure!(bench.system.count(&lookup).await? == 3_000, "after a stopped stream nothing works");
    Ok(())
}

pub(super) async fn a_scan_sees_every_row_once(fixture: &dyn Fixture) -> Check {
    let mut sql = "CREATE TABLE keyed (id int PRIMARY KEY, body varchar(4000)){end}; CREATE TABLE free (body varchar(4000), id int){end}; \
        CREATE TABLE worded (code varchar(40) PRIMARY KEY, id int){end}; CREATE VIEW seen AS SELECT id FROM keyed;"
        .to_owned();
    sql.push_str(&filled("keyed", 6_000, |id| format!("({}, 'body {id}')", i64::from(id) * 7)));
    sql.push_str(&filled("free", 3_000, |id| format!("('body {id}', {id})")));
    sql.push_str(&filled("worded", 5_000, |id| format!("('Code {id} é', {id})")));
    let bench = Bench::new(fixture, &sql).await?;
    for (name, rows) in [("keyed", 6_000), ("free", 3_000), ("worded", 5_000), ("seen", 6_000)] {
        let scan = Scan { table: bench.table(name), columns: vec!["id".into()], sample: None };
        let got = scanned(bench.system.as_ref(), &scan).await?;
        let different: BTreeSet<String> = got.iter().map(shown).collect();
        ensure!(
            (got.len(), different.len()) == (rows, rows),
            "{name}: {} rows, {} different",
            got.len(),
            different.len()
        );
        let few =
            scanned(bench.system.as_ref(), &Scan { sample: Some(100), ..scan.clone() }).await?;
        ensure!(!few.is_empty() && few.len() <= 100, "{name}: a sample of 100 has {}", few.len());
        let all = scanned(bench.system.as_ref(), &Scan { sample: Some(10_000), ..scan }).await?;
        ensure!(all.len() == rows, "{name}: a sample larger than the table has {}", all.len());
    }
    let scan = Scan { table: bench.table("keyed"), columns: vec!["id".into()], sample: Some(200) };
    let few = scanned(bench.system.as_ref(), &scan).await?;
    let ids: Vec<i64> = few.iter().filter_map(|row| shown(row).parse().ok()).collect();
    let (low, high) = (
        ids.iter().filter(|id| **id < 14_000).count(),
        ids.iter().filter(|id| **id > 28_000).count(),
    );
    ensure!(
        low > 20 && high > 20,
        "a sample is not spread: {low} low, {high} high of {}",
        ids.len()
    );
    let slow = bench.open(Limits { rows_per_second: Some(20_000), ..Limits::default() }).await?;
    let begun = tokio::time::Instant::now();
    let scan = Scan { table: bench.table("keyed"), columns: vec![], sample: None };
    scanned(slow.as_ref(), &scan).await?;
    let spent = begun.elapsed();
    ensure!(spent.as_millis() >= 250, "6,000 rows at 20,000 a second took {spent:?}");
    Ok(())
}
