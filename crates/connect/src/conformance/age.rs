//! What is old, and what keeps an old row.

use std::collections::BTreeSet;

use model::{Micros, Product, RowKey, Value};

use super::{Bench, Check, Fixture, Why, ensure, key};
use crate::{
    Batch, Condition, Connector, Dependent, Due, Error, Old, Past, Purge, Purged, Referrer, Result,
};

/// 2020-01-01T00:00:00Z.
pub(super) const Y2020: Micros = Micros(1_577_836_800_000_000);
/// 1 January 9998: later than any moment in a test.
const Y9998: Micros = Micros(253_339_228_800_000_000);

/// A column's type, its values as literals, and whether each lies before 2020.
type Reading = (&'static str, &'static str, Vec<(&'static str, bool)>);

fn readings(product: Product) -> Vec<Reading> {
    let (zoned, plain) = match product {
        Product::PostgreSql => ("timestamptz", "timestamp"),
        Product::MySql | Product::MariaDb => ("timestamp NULL", "datetime(6)"),
        _ => ("text", "datetime"),
    };
    let mysql = matches!(product, Product::MySql | Product::MariaDb);
    let mut stamps = vec![
        ("'2019-12-31 23:59:59'", true),
        ("'2020-01-01 00:00:00'", false),
        ("'2037-01-01 00:00:00'", false),
        ("'1975-06-01 10:00:00'", true),
        ("NULL", false),
    ];
    let zones = stamps.clone();
    stamps.extend([
        ("'2019-12-31 23:59:59.999'", true),
        ("'1950-06-01 10:00:00'", true),
        ("'1900-01-01 00:00:00'", false),
        ("'1753-01-01 00:00:00'", false),
        ("'1970-01-01 00:00:00'", false),
    ]);
    let mut days = vec![
        ("'2019-12-31'", true),
        ("'2020-01-01'", false),
        ("'2100-01-01'", false),
        ("'1970-01-01'", false),
        ("NULL", false),
    ];
    if mysql {
        stamps.extend([("'0000-00-00 00:00:00'", false), ("'2019-00-00 00:00:00'", false)]);
        days.extend([("'0000-00-00'", false), ("'2019-05-00'", false)]);
    }
    if product == Product::PostgreSql {
        stamps.extend([("'infinity'", false), ("'-infinity'", false)]);
        days.push(("'-infinity'", false));
    }
    let numbers = vec![
        ("20191231", true),
        ("20200101", false),
        ("20191301", false),
        ("20190132", false),
        ("19700101", false),
        ("1577836799", true),
        ("1577836800", false),
        ("1577836799999", true),
        ("1577836800000", false),
        ("1577836799999999", true),
        ("1577836800000000", false),
        ("201901020304", false),
        ("0", false),
        ("-1577836799", false),
        ("2019", false),
        ("NULL", false),
    ];
    let texts = vec![
        ("'2019-12-31'", true),
        ("'2020-01-01'", false),
        ("'2019-12-31 23:59:59'", true),
        ("'2019-12-31 23:59'", true),
        ("'2019-12-31T23:59:59Z'", true),
        ("'2019-12-31T23:59:59.5Z'", true),
        ("'2020-01-01T00:30:00+01:00'", true),
        ("'2020-01-01 00:30:00+01:00'", true),
        ("'2019-12-31T23:30:00-01:00'", false),
        ("'2019-02-31'", true),
        ("'2019-13-01'", false),
        ("'1899-12-30'", false),
        ("'1970-01-01 00:00:00'", false),
        ("' 2019-12-31'", false),
        ("'2019-12-31 soon'", false),
        ("'12:30'", false),
        ("'2458000.5'", false),
        ("'soon'", false),
        ("'now'", false),
        ("''", false),
        ("NULL", false),
    ];
    vec![
        ("zoned", zoned, zones),
        ("plain", plain, stamps),
        ("day", "date", days),
        ("number", "bigint", numbers),
        ("words", "varchar(40)", texts),
    ]
}

pub(super) async fn moments_are_read_from_every_kind_of_column(fixture: &dyn Fixture) -> Check {
    let mysql = matches!(fixture.product(), Product::MySql | Product::MariaDb);
    let readings = readings(fixture.product());
    // By an index it is another statement.
    for (&(column, kind, ref values), indexed) in
        readings.iter().flat_map(|reading| [(reading, false), (reading, true)])
    {
        // Zero dates and UTC, as loose servers of long ago let them in.
        let mut sql =
            String::from(if mysql { "SET sql_mode = '', time_zone = '+00:00'; " } else { "" });
        if fixture.product() == Product::PostgreSql {
            sql.push_str("SET TIME ZONE 'UTC'; ");
        }
        sql.push_str(&format!(
            "CREATE TABLE old (id int PRIMARY KEY, {{q}}{column}{{q}} {kind}){{end}}; "
        ));
        for (id, (value, _)) in values.iter().enumerate() {
            sql.push_str(&format!("INSERT INTO old VALUES ({id}, {value}); "));
        }
        if indexed {
            sql.push_str(&format!("CREATE INDEX old_by_age ON old ({{q}}{column}{{q}}); "));
        }
        let bench = Bench::new(fixture, &sql).await?;
        let due = aged(&bench, "old", column, Y2020);
        let ever = bench.system.due(&aged(&bench, "old", column, Y9998), 1_000).await?.rows;
        let never = bench.system.undated(&due, 1_000).await?;
        ensure!(
            ever + never == values.len() as u64 && never > 0,
            "{column}: {ever} rows can be old and {never} tell no moment, of {}",
            values.len()
        );
        let wanted = values.iter().enumerate().filter(|(_, (_, old))| *old);
        let wanted: Vec<i64> = wanted.filter_map(|(id, _)| i64::try_from(id).ok()).collect();
        let listed = listed(bench.system.as_ref(), &due).await?;
        ensure!(listed == wanted, "{column}: old are {listed:?}, should be {wanted:?}");
        let told = bench.system.due(&due, 1_000).await?;
        ensure!(told.rows == wanted.len() as u64 && !told.at_least, "{column}: {told:?}");
        let oldest = match column {
            "zoned" => Micros(170_848_800_000_000),
            "plain" => Micros(-618_069_600_000_000),
            "day" => Micros(Y2020.0 - 86_400_000_000),
            "number" => Micros(Y2020.0 - 86_400_000_000),
            _ => Micros(1_551_571_200_000_000),
        };
        ensure!(told.oldest == Some(oldest), "{column}: the oldest is {:?}", told.oldest);
        // As a minimum age: what cannot be read stays.
        let past = vec![Past { column: column.into(), before: Y2020 }];
        let ids = (0..values.len()).filter_map(|id| i64::try_from(id).ok().map(Value::Int));
        let old = Old::OneOf { column: "id".into(), any_of: ids.collect() };
        let by_past = Due { old, past, ..due.clone() };
        let told = bench.system.due(&by_past, 1_000).await?;
        ensure!(
            (told.rows, told.held_back)
                == (wanted.len() as u64, (values.len() - wanted.len()) as u64),
            "{column} as a minimum age: {told:?}"
        );
        let done = bench.system.purge(&only(due), 1_000).await?;
        ensure!(done.rows == wanted.len() as u64 && done.done, "{column}: {done:?}");
        ensure!(listed_left(&bench, "old").await?.len() == values.len() - wanted.len(), "{column}");
    }
    Ok(())
}

/// A ticket, its notes, their files; and invoices that refer to tickets.
pub(super) const DESK: &str = "CREATE TABLE ticket (id int PRIMARY KEY, status varchar(10), made date, paid date){end}; \
    CREATE TABLE note (id int PRIMARY KEY, ticket int NOT NULL, made date, CONSTRAINT note_ticket FOREIGN KEY (ticket) REFERENCES ticket (id)){end}; \
    CREATE TABLE file (id int PRIMARY KEY, note int NOT NULL, made date, CONSTRAINT file_note FOREIGN KEY (note) REFERENCES note (id)){end}; \
    CREATE TABLE invoice (id int PRIMARY KEY, kind varchar(10), object varchar(20)){end}; \
    INSERT INTO ticket VALUES (1, 'closed', '2010-01-01', '2010-01-01'), (2, 'closed', '2011-01-01', NULL), (3, 'open', '2012-01-01', '2010-01-01'), \
      (4, 'closed', '2025-01-01', '2010-01-01'), (5, 'closed', '2013-01-01', '2024-01-01'), (6, 'closed', '2014-01-01', '2010-01-01'); \
    INSERT INTO note VALUES (10, 1, '2010-02-01'), (11, 1, '2010-03-01'), (20, 2, '2011-02-01'), (50, 5, '2013-01-01'), (60, 6, '2014-01-01'), (61, 6, '2025-01-01'); \
    INSERT INTO file VALUES (100, 10, '2010-02-01'), (101, 11, '2024-02-01'), (200, 20, '2011-02-01'); \
    INSERT INTO invoice VALUES (1, 'Ticket', '5'), (2, 'Client', '1'), (3, 'Ticket', '51');";

pub(super) async fn what_keeps_a_row_keeps_it(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(fixture, DESK).await?;
    let due = aged(&bench, "ticket", "made", Y2020);
    let closed = condition("status", &[Value::from("closed")]);
    let past = |column: &str| vec![Past { column: column.into(), before: Y2020 }];
    let file = refers(&bench, "file", "note", "id");
    let note = refers(&bench, "note", "ticket", "id");
    let file = Dependent { refers: file, ..nothing(&bench) };
    let notes =
        Dependent { refers: note.clone(), dependents: vec![file.clone()], ..nothing(&bench) };
    let with = |dependent: Dependent| Due { dependents: vec![dependent], ..due.clone() };
    let invoice = Referrer {
        table: bench.table("invoice"),
        columns: vec![("object".into(), "id".into())],
        when: vec![condition("kind", &[Value::from("Ticket")])],
    };
    let old_files = Dependent { past: past("made"), ..file.clone() };
    let held_file = Dependent { except: vec![id(200)], ..file.clone() };
    let asked: Vec<(&str, Due, &[i64], u64)> = vec![
        ("age alone", due.clone(), &[1, 2, 3, 5, 6], 0),
        ("when", Due { when: vec![closed.clone()], ..due.clone() }, &[1, 2, 5, 6], 0),
        ("past", Due { past: past("paid"), ..due.clone() }, &[1, 3, 6], 2),
        ("except", Due { except: vec![id(1), id(4), id(99)], ..due.clone() }, &[2, 3, 5, 6], 1),
        ("referred", Due { unless_referred: vec![note.clone()], ..due.clone() }, &[3], 4),
        (
            "referred when",
            Due { unless_referred: vec![invoice.clone()], ..due.clone() },
            &[1, 2, 3, 6],
            1,
        ),
        ("dependents", with(notes.clone()), &[1, 2, 3, 5, 6], 0),
        ("young note", with(Dependent { past: past("made"), ..notes.clone() }), &[1, 2, 3, 5], 1),
        ("held note", with(Dependent { except: vec![id(20)], ..notes.clone() }), &[1, 3, 5, 6], 1),
        (
            "young file of a note",
            with(Dependent { dependents: vec![old_files], ..notes.clone() }),
            &[2, 3, 5, 6],
            1,
        ),
        (
            "held file of a note",
            with(Dependent { dependents: vec![held_file], ..notes.clone() }),
            &[1, 3, 5, 6],
            1,
        ),
        (
            "note referred to",
            with(Dependent { unless_referred: vec![file.refers.clone()], ..notes.clone() }),
            &[3, 5, 6],
            2,
        ),
    ];
    for (what, due, wanted, held_back) in &asked {
        let listed = listed(bench.system.as_ref(), due).await?;
        ensure!(listed == *wanted, "{what}: {listed:?}");
        let told = bench.system.due(due, 100).await?;
        let expected = (wanted.len() as u64, *held_back, false);
        ensure!((told.rows, told.held_back, told.at_least) == expected, "{what}: {told:?}");
        let few = bench.system.due(due, 0).await?;
        ensure!((few.rows, few.at_least) == (0, true), "{what}, at most none: {few:?}");
    }
    let all = Dependent {
        past: past("made"),
        dependents: vec![Dependent { past: past("made"), ..file }],
        ..notes
    };
    let due = Due { when: vec![closed], unless_referred: vec![invoice], ..with(all) };
    let done = bench.system.purge(&only(due.clone()), 10).await?;
    let dependents = vec![(bench.table("file"), 1), (bench.table("note"), 1)];
    ensure!(done == Purged { rows: 1, dependents, done: true }, "{done:?}");
    ensure!(listed_left(&bench, "ticket").await? == [1, 3, 4, 5, 6], "tickets");
    ensure!(listed_left(&bench, "note").await? == [10, 11, 50, 60, 61], "notes");
    ensure!(listed_left(&bench, "file").await? == [100, 101], "files");
    let done = bench.system.purge(&only(due), 10).await?;
    ensure!(done == Purged { done: true, ..Purged::default() }, "again: {done:?}");
    Ok(())
}

pub(super) async fn many_rows_are_left_out_at_once(fixture: &dyn Fixture) -> Check {
    let mut sql = String::from(
        "CREATE TABLE many (id int PRIMARY KEY, made date){end}; \
         CREATE TABLE named (name varchar(40) NOT NULL, part int NOT NULL, made date, PRIMARY KEY (name, part)){end}; \
         INSERT INTO many VALUES (1, '2010-01-01'); ",
    );
    for doubled in 0..17 {
        sql.push_str(&format!("INSERT INTO many SELECT id + {}, made FROM many; ", 1 << doubled));
    }
    sql.push_str(
        "INSERT INTO named SELECT 'it''s \"', id, made FROM many WHERE id <= 2000; \
         INSERT INTO named SELECT 'zoë\\', id, made FROM many WHERE id <= 10;",
    );
    if matches!(fixture.product(), Product::MySql | Product::MariaDb) {
        sql.insert_str(0, "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; ");
    }
    let bench = Bench::new(fixture, &sql).await?;
    let held: Vec<RowKey> = (1..=100_000).map(id).collect();
    let due = Due { except: held, ..aged(&bench, "many", "made", Y2020) };
    let told = bench.system.due(&due, 200_000).await?;
    ensure!((told.rows, told.held_back) == (31_072, 100_000), "{told:?}");
    let mut rows = 0;
    loop {
        let done = bench.system.purge(&only(due.clone()), 20_000).await?;
        rows += done.rows;
        if done.done {
            break;
        }
    }
    ensure!(rows == 31_072, "{rows} rows went");
    let left = bench.system.due(&aged(&bench, "many", "made", Y2020), 200_000).await?;
    ensure!(left.rows == 100_000, "{left:?}");
    let name = |name: &str, part: i64| key(&[Value::from(name), Value::Int(part)]);
    let mut held: Vec<RowKey> = (1..=1_999).map(|part| name("it's \"", part)).collect();
    held.push(name("zoë\\", 3));
    let due = Due { except: held, ..aged(&bench, "named", "made", Y2020) };
    let done = bench.system.purge(&only(due), 5_000).await?;
    ensure!((done.rows, done.done) == (10, true), "{done:?}");
    let left = bench.system.due(&aged(&bench, "named", "made", Y2020), 5_000).await?;
    ensure!(left.rows == 2_000, "{left:?}");
    Ok(())
}

pub(super) async fn due_rows_are_read_in_pages(fixture: &dyn Fixture) -> Check {
    let mut sql = String::from(
        "CREATE TABLE page (a int, b varchar(9), made date, PRIMARY KEY (a, b)){end}; ",
    );
    for row in 0..23 {
        let (a, b) = (row % 4, row / 4);
        sql.push_str(&format!(
            "INSERT INTO page VALUES ({a}, 'b{b}', '20{:02}-01-01'); ",
            10 + row % 12
        ));
    }
    let bench = Bench::new(fixture, &sql).await?;
    let due = aged(&bench, "page", "made", Y2020);
    let (mut after, mut seen, mut pages) = (None, BTreeSet::new(), 0);
    loop {
        let mut rows = Vec::new();
        let mut take = |batch: Batch| {
            rows.extend(batch.0);
            Ok(())
        };
        let columns = ["made".to_owned()];
        bench.system.list_due(&due, &columns, after.as_ref(), 4, &mut take).await?;
        let Some(last) = rows.last() else { break };
        ensure!(after.as_ref().is_none_or(|after| *after < last.key), "out of order");
        ensure!(rows.iter().all(|row| row.values.len() == 1), "columns");
        after = Some(last.key.clone());
        seen.extend(rows.into_iter().map(|row| row.key));
        pages += 1;
    }
    let all = bench.system.due(&due, 100).await?.rows;
    ensure!(seen.len() as u64 == all && all == 20, "{} of {all} in {pages} pages", seen.len());
    Ok(())
}

pub(super) async fn what_cannot_be_told_is_an_error(fixture: &dyn Fixture) -> Check {
    let bench = Bench::new(fixture, DESK).await?;
    let due = aged(&bench, "ticket", "made", Y2020);
    let missing = [
        aged(&bench, "ticket", "gone", Y2020),
        Due { past: vec![Past { column: "gone".into(), before: Y2020 }], ..due.clone() },
        Due { when: vec![condition("gone", &[Value::Null])], ..due.clone() },
        Due { unless_referred: vec![refers(&bench, "note", "gone", "id")], ..due.clone() },
        Due { unless_referred: vec![refers(&bench, "note", "ticket", "gone")], ..due.clone() },
    ];
    for (index, due) in missing.into_iter().enumerate() {
        for told in [
            bench.system.due(&due, 10).await.map(|_| ()),
            bench.system.purge(&only(due.clone()), 10).await.map(|_| ()),
        ] {
            ensure!(matches!(told, Err(Error::NoColumn { .. })), "{index}: {told:?}");
        }
    }
    let told = bench.system.due(&aged(&bench, "gone", "made", Y2020), 10).await;
    ensure!(matches!(told, Err(Error::NoTable(_))), "{told:?}");
    let loose = Referrer { columns: Vec::new(), ..refers(&bench, "note", "ticket", "id") };
    let told = bench.system.due(&Due { unless_referred: vec![loose], ..due }, 10).await;
    ensure!(matches!(told, Err(Error::Constraint { .. })), "{told:?}");
    Ok(())
}

/// Rows of a table by the age in a column.
pub(super) fn aged(bench: &Bench<'_>, table: &str, column: &str, before: Micros) -> Due {
    Due {
        table: bench.table(table),
        old: Old::Column { column: column.into(), before },
        when: Vec::new(),
        past: Vec::new(),
        except: Vec::new(),
        unless_referred: Vec::new(),
        dependents: Vec::new(),
    }
}

pub(super) fn only(due: Due) -> Purge {
    Purge { due, not_after: Some(Y2020) }
}

pub(super) fn refers(bench: &Bench<'_>, table: &str, from: &str, to: &str) -> Referrer {
    let columns = vec![(from.to_owned(), to.to_owned())];
    Referrer { table: bench.table(table), columns, when: Vec::new() }
}

/// A dependent without any guard, to be filled.
pub(super) fn nothing(bench: &Bench<'_>) -> Dependent {
    Dependent {
        refers: refers(bench, "note", "ticket", "id"),
        past: Vec::new(),
        except: Vec::new(),
        dependents: Vec::new(),
        unless_referred: Vec::new(),
    }
}

fn condition(column: &str, any_of: &[Value]) -> Condition {
    Condition { column: column.into(), any_of: any_of.to_vec() }
}

pub(super) fn id(number: i64) -> RowKey {
    key(&[Value::Int(number)])
}

/// The keys of the rows that are due, as numbers.
async fn listed(system: &dyn Connector, due: &Due) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    let mut take = |batch: Batch| {
        ids.extend(batch.0.iter().filter_map(|row| match row.key.0.first() {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }));
        Ok(())
    };
    system.list_due(due, &[], None, 1_000, &mut take).await?;
    Ok(ids)
}

/// The keys of all rows that a table still has.
pub(super) async fn listed_left(
    bench: &Bench<'_>,
    table: &str,
) -> std::result::Result<Vec<i64>, Why> {
    let rows = bench.all(table, &["id"]).await?;
    Ok(rows.iter().filter_map(|text| text.parse().ok()).collect())
}
