//! The part of the kit that needs no SQL: tables are given as rows, so that folders of files and
//! databases answer the same questions. Rows are told apart by the keys that the connector gives.

use std::collections::BTreeSet;

use async_trait::async_trait;
use model::{Micros, Row, RowKey, TableName, Value};

use super::{Check, Report, Why, by, ensure, found, only, scanned, set_one, shown};
use crate::{
    Address, Batch, Change, ChangeSet, Condition, Connector, Due, Error, Fold, Limits, Lookup,
    Match, Old, Past, Purge, RowChange, Scan, SetTo,
};

/// A table to be made: its columns take text and NULL, and the first tells the rows apart.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Value>>,
}

/// A system under test that is made of given rows.
#[async_trait]
pub trait RecordFixture: Send + Sync {
    /// The address of a new system that holds these tables.
    async fn fresh(&self, tables: &[Made]) -> String;

    /// What the connector calls the table that was made under this name.
    fn table(&self, name: &str) -> TableName;

    /// Opens such a system. A connector of somebody else's is opened in its own way.
    async fn open(&self, address: &str, limits: Limits) -> crate::Result<Box<dyn Connector>> {
        crate::open(&Address::parse(address)?, limits).await
    }

    /// Whether a column can have this name here.
    fn takes_name(&self, name: &str) -> bool {
        !name.is_empty()
    }

    /// Whether a field can hold this text here.
    fn takes_text(&self, text: &str) -> bool {
        let _ = text;
        true
    }
}

/// Runs every check that needs no SQL.
pub async fn run_records(fixture: &dyn RecordFixture) -> Report {
    let mut report = Report::default();
    macro_rules! checks {
        ($($check:ident),* $(,)?) => {$(
            match $check(fixture).await {
                Ok(()) => report.passed.push(stringify!($check)),
                Err(why) => report.failed.push((stringify!($check), why.0)),
            }
        )*};
    }
    checks! {
        columns_may_have_any_name,
        what_is_not_there_is_refused,
        text_goes_there_and_back,
        lookups_fold_and_conditions_hold,
        many_values_at_once,
        every_row_is_scanned_once,
        a_set_is_all_or_nothing,
        what_is_done_is_known_as_done,
        rows_go_and_others_stay,
        a_rehearsal_changes_nothing,
        a_reader_writes_nothing,
        errors_quote_nothing,
        old_rows_are_told_listed_and_deleted,
    }
    report
}

struct Bench<'a> {
    fixture: &'a dyn RecordFixture,
    address: String,
    system: Box<dyn Connector>,
}

fn made(name: &str, columns: &[&str], rows: &[&[&str]]) -> Made {
    let cell = |text: &&str| if *text == "-" { Value::Null } else { Value::from(*text) };
    Made {
        name: name.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    }
}

impl<'a> Bench<'a> {
    async fn new(fixture: &'a dyn RecordFixture, tables: &[Made]) -> crate::Result<Self> {
        let address = fixture.fresh(tables).await;
        let system = fixture.open(&address, Limits::default()).await?;
        Ok(Self { fixture, address, system })
    }

    fn table(&self, name: &str) -> TableName {
        self.fixture.table(name)
    }

    async fn rows(&self, by: Match, name: &str, columns: &[&str]) -> crate::Result<Vec<Row>> {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        let lookup = Lookup { table: self.table(name), by, when: Vec::new(), columns };
        found(self.system.as_ref(), &lookup).await
    }

    /// The rows side by side, sorted.
    async fn all(&self, name: &str, columns: &[&str]) -> crate::Result<Vec<String>> {
        let rows = self.rows(Match::All, name, columns).await?;
        let mut rows: Vec<String> = rows.iter().map(shown).collect();
        rows.sort();
        Ok(rows)
    }

    /// The key of the row whose `id` this is.
    async fn key(&self, name: &str, id: &str) -> std::result::Result<RowKey, Why> {
        let rows = self.rows(by("id", id, Fold::Exact), name, &[]).await?;
        match rows.as_slice() {
            [only] => Ok(only.key.clone()),
            rows => Err(Why(format!("`{id}` is found {} times", rows.len()))),
        }
    }
}

async fn columns_may_have_any_name(fixture: &dyn RecordFixture) -> Check {
    let names: Vec<String> = super::names::hostile()
        .iter()
        .filter(|name| fixture.takes_name(name))
        .map(|name| (*name).to_owned())
        .collect();
    ensure!(names.len() > 15, "only {} names", names.len());
    let mut columns = vec!["id".to_owned()];
    columns.extend(names.iter().cloned());
    let row = |id: &str| -> Vec<Value> {
        let cells = (0..columns.len()).map(|index| Value::Text(format!("{id} {index}")));
        let mut cells: Vec<Value> = cells.collect();
        if let Some(first) = cells.first_mut() {
            *first = Value::from(id);
        }
        cells
    };
    let wide =
        Made { name: "wide".into(), columns: columns.clone(), rows: vec![row("a"), row("b")] };
    let bench = Bench::new(fixture, &[wide]).await?;
    let catalogue = bench.system.catalogue().await?;
    let Some(table) = catalogue.table(&bench.table("wide")) else {
        return Err(Why("the table is not in the catalogue".to_owned()));
    };
    for (index, name) in names.iter().enumerate() {
        ensure!(table.column(name).is_some(), "column `{name}` is not in the catalogue");
        let wanted = format!("a {}", index + 1);
        let rows = bench.rows(by(name, wanted.as_str(), Fold::Exact), "wide", &[name]).await?;
        let [one] = rows.as_slice() else { return Err(Why(format!("`{name}` is not found"))) };
        let change =
            set_one(bench.table("wide"), one.key.clone(), name, Value::from(wanted), "x".into());
        let done = bench.system.change(&only(change)).await?;
        ensure!(done.updated == 1, "`{name}` is not changed");
    }
    let left = bench.rows(by("id", "b", Fold::Exact), "wide", &[]).await?;
    ensure!(left.len() == 1, "a bystander was touched");
    Ok(())
}

async fn what_is_not_there_is_refused(fixture: &dyn RecordFixture) -> Check {
    let bench = Bench::new(fixture, &[made("person", &["id", "email"], &[&["1", "a"]])]).await?;
    let here = bench.table("person");
    let key = bench.key("person", "1").await?;
    for name in ["nobody", "../person", "person\"", "*", ""] {
        let table = TableName { schema: here.schema.clone(), table: name.to_owned() };
        let lookup = Lookup { table: table.clone(), by: Match::All, when: vec![], columns: vec![] };
        let told = bench.system.count(&lookup).await;
        ensure!(matches!(told, Err(Error::NoTable(_))), "table `{name}`: {told:?}");
        let change = set_one(table, key.clone(), "email", Value::Null, Value::Null);
        let told = bench.system.change(&only(change)).await;
        ensure!(matches!(told, Err(Error::NoTable(_))), "change of `{name}`: {told:?}");
    }
    for name in ["nothing", "*", "id, email", ""] {
        let when = Condition { column: name.to_owned(), any_of: vec![Value::Null] };
        let lookup = |by, when, columns| Lookup { table: here.clone(), by, when, columns };
        for lookup in [
            lookup(Match::All, vec![], vec![name.to_owned()]),
            lookup(Match::All, vec![when], vec![]),
            lookup(by(name, "x", Fold::Exact), vec![], vec![]),
        ] {
            let told = bench.system.count(&lookup).await;
            ensure!(matches!(told, Err(Error::NoColumn { .. })), "column `{name}`: {told:?}");
        }
        let change = set_one(here.clone(), key.clone(), name, Value::Null, Value::Null);
        let told = bench.system.change(&only(change)).await;
        ensure!(matches!(told, Err(Error::NoColumn { .. })), "change of `{name}`: {told:?}");
    }
    let half = bench.rows(Match::Keys(vec![RowKey(vec![])]), "person", &[]).await;
    ensure!(half.is_err(), "half a key is accepted");
    Ok(())
}

async fn text_goes_there_and_back(fixture: &dyn RecordFixture) -> Check {
    let rows: &[&[&str]] = &[&["1", "-"], &["2", "bystander"]];
    let bench = Bench::new(fixture, &[made("person", &["id", "said"], rows)]).await?;
    let mut before = Value::Null;
    let mut key = bench.key("person", "1").await?;
    let texts = super::values::hostile_text();
    for text in texts.into_iter().filter(|text| fixture.takes_text(text)) {
        let named: String = text.chars().take(30).collect();
        let to = Value::Text(text);
        let change = set_one(bench.table("person"), key, "said", before, to.clone());
        let done = bench.system.change(&only(change)).await?;
        ensure!(done.updated == 1, "`{named}` is not written: {done:?}");
        let rows = bench.rows(by("said", to.clone(), Fold::Exact), "person", &["said"]).await?;
        let [one] = rows.as_slice() else {
            return Err(Why(format!("`{named}` finds {} rows", rows.len())));
        };
        ensure!(one.values == [to.clone()], "`{named}` comes back otherwise");
        key = one.key.clone();
        before = to;
    }
    let change = set_one(bench.table("person"), key, "said", before, Value::Null);
    ensure!(bench.system.change(&only(change)).await?.updated == 1, "NULL is not written");
    let left = bench.all("person", &["id", "said"]).await?;
    ensure!(left == ["1|-", "2|bystander"], "left {left:?}");
    Ok(())
}

async fn lookups_fold_and_conditions_hold(fixture: &dyn RecordFixture) -> Check {
    let rows: &[&[&str]] = &[
        &["1", "JANE.DOE@acme.example", "+1 (416) 555-0123", "open"],
        &["2", "jane.doe@acme.example", "4165550123 x", "-"],
        &["3", "MÜLLER", "416.555.0199", "open"],
        &["4", "müller", "-", "Open"],
        &["5", "jane.doe@acme.example.org", "55", "done"],
        &["6", "27", "27", "done"],
    ];
    let bench =
        Bench::new(fixture, &[made("person", &["id", "name", "phone", "state"], rows)]).await?;
    let all: &[Value] = &[];
    for (column, value, fold, when, ids) in [
        ("name", Value::from("Jane.Doe@ACME.example"), Fold::Case, all, "1,2"),
        ("name", Value::from("jane.doe@acme.example"), Fold::Exact, all, "2"),
        ("name", Value::from("Müller"), Fold::Case, all, "3,4"),
        ("name", Value::Int(27), Fold::Exact, all, "6"),
        ("name", Value::Null, Fold::Exact, all, ""),
        ("phone", Value::from("416-555-0123"), Fold::Digits, all, "1,2"),
        ("phone", Value::from("0199"), Fold::Digits, all, ""),
        ("phone", Value::from("no digits"), Fold::Digits, all, ""),
        ("name", Value::from("jane.doe@acme.example"), Fold::Case, &[Value::Null], "2"),
        ("name", Value::from("müller"), Fold::Case, &["open".into()], "3"),
        (
            "name",
            Value::from("jane.doe@acme.example"),
            Fold::Case,
            &[Value::from("open"), Value::Null],
            "1,2",
        ),
    ] {
        let conditions = if when.is_empty() {
            vec![]
        } else {
            vec![Condition { column: "state".into(), any_of: when.to_vec() }]
        };
        let lookup = Lookup {
            table: bench.table("person"),
            by: Match::Column { column: column.into(), any_of: vec![value], fold },
            when: conditions,
            columns: vec!["id".into()],
        };
        let rows = found(bench.system.as_ref(), &lookup).await?;
        let mut got: Vec<String> = rows.iter().map(shown).collect();
        got.sort();
        ensure!(got.join(",") == ids, "{column} {fold:?} finds {got:?}, not `{ids}`");
        let count = bench.system.count(&lookup).await?;
        ensure!(count == rows.len() as u64, "{column} {fold:?} counts {count}");
    }
    Ok(())
}

fn people(count: usize) -> Made {
    let row =
        |id: usize| vec![Value::Text(id.to_string()), Value::Text(format!("p{id}@acme.example"))];
    Made {
        name: "person".into(),
        columns: vec!["id".into(), "email".into()],
        rows: (1..=count).map(row).collect(),
    }
}

async fn many_values_at_once(fixture: &dyn RecordFixture) -> Check {
    let bench = Bench::new(fixture, &[people(3_000)]).await?;
    let any_of = (1..=10_000).rev().map(|id| Value::Text(format!("P{id}@acme.example"))).collect();
    let by = Match::Column { column: "email".into(), any_of, fold: Fold::Case };
    let rows = bench.rows(by, "person", &["id"]).await?;
    let ids: BTreeSet<String> = rows.iter().map(shown).collect();
    ensure!((rows.len(), ids.len()) == (3_000, 3_000), "{} rows", rows.len());
    let keys: Vec<RowKey> = rows.iter().map(|row| row.key.clone()).collect();
    let again = bench.rows(Match::Keys(keys), "person", &["id"]).await?;
    ensure!(again.len() == 3_000, "{} rows by key", again.len());
    let lookup =
        Lookup { table: bench.table("person"), by: Match::All, when: vec![], columns: vec![] };
    let mut stop = |_: Batch| Err(Error::Stopped("enough".into()));
    let told = bench.system.find(&lookup, &mut stop).await;
    ensure!(told == Err(Error::Stopped("enough".into())), "a stopped stream goes on: {told:?}");
    ensure!(bench.system.count(&lookup).await? == 3_000, "after a stopped stream nothing works");
    Ok(())
}

async fn every_row_is_scanned_once(fixture: &dyn RecordFixture) -> Check {
    let bench = Bench::new(fixture, &[people(6_000)]).await?;
    let scan = Scan { table: bench.table("person"), columns: vec!["id".into()], sample: None };
    let rows = scanned(bench.system.as_ref(), &scan).await?;
    let different: BTreeSet<&RowKey> = rows.iter().map(|row| &row.key).collect();
    ensure!((rows.len(), different.len()) == (6_000, 6_000), "{} rows", rows.len());
    let few = scanned(bench.system.as_ref(), &Scan { sample: Some(200), ..scan.clone() }).await?;
    ensure!(!few.is_empty() && few.len() <= 200, "a sample of 200 has {}", few.len());
    let whole = Scan { sample: Some(10_000), ..scan.clone() };
    let all = scanned(bench.system.as_ref(), &whole).await?;
    ensure!(all.len() == 6_000, "a sample larger than the table has {}", all.len());
    let limits = Limits { rows_per_second: Some(20_000), ..Limits::default() };
    let slow = fixture.open(&bench.address, limits).await?;
    let begun = tokio::time::Instant::now();
    scanned(slow.as_ref(), &scan).await?;
    let spent = begun.elapsed();
    ensure!(spent.as_millis() >= 250, "6,000 rows at 20,000 a second took {spent:?}");
    Ok(())
}

const PEOPLE: &[&[&str]] = &[
    &["1", "jane@acme.example", "Jane"],
    &["2", "bob@acme.example", "Bob"],
    &["3", "zoe@acme.example", "-"],
];
const BEFORE: &[&str] =
    &["1|jane@acme.example|Jane", "2|bob@acme.example|Bob", "3|zoe@acme.example|-"];

async fn three_people(fixture: &dyn RecordFixture) -> std::result::Result<Bench<'_>, Why> {
    let other = made("note", &["id", "body"], &[&["10", "about Jane"], &["11", "about Bob"]]);
    Ok(Bench::new(fixture, &[made("person", &["id", "email", "name"], PEOPLE), other]).await?)
}

async fn a_set_is_all_or_nothing(fixture: &dyn RecordFixture) -> Check {
    let bench = three_people(fixture).await?;
    let (one, two, three) = (
        bench.key("person", "1").await?,
        bench.key("person", "2").await?,
        bench.key("person", "3").await?,
    );
    let note = bench.key("note", "10").await?;
    let good = [
        set_one(bench.table("note"), note, "body", "about Jane".into(), "[erased]".into()),
        set_one(bench.table("person"), one, "name", "Jane".into(), Value::Null),
    ];
    for (key, from, to) in [
        (&two, Value::from("bob"), Value::Null),
        (&two, Value::from("Bob "), Value::Null),
        (&two, Value::Null, Value::from("x")),
        (&three, Value::from("Zoe"), Value::from("x")),
        (&three, Value::from(""), Value::from("x")),
    ] {
        let bad = set_one(bench.table("person"), key.clone(), "name", from, to);
        let changes = good.iter().cloned().chain([bad]).collect();
        let told = bench.system.change(&ChangeSet { changes }).await;
        ensure!(matches!(told, Err(Error::Changed { .. })), "{told:?}");
        let left = bench.all("person", &["id", "email", "name"]).await?;
        ensure!(left == BEFORE, "something was written");
        let notes = bench.all("note", &["body"]).await?;
        ensure!(notes == ["about Bob", "about Jane"], "something was written elsewhere");
    }
    let done = bench.system.change(&ChangeSet { changes: good.to_vec() }).await?;
    ensure!(done.updated == 2, "{done:?}");
    Ok(())
}

async fn what_is_done_is_known_as_done(fixture: &dyn RecordFixture) -> Check {
    let bench = three_people(fixture).await?;
    let mut rows = Vec::new();
    for (id, email, name) in
        [("1", "jane@acme.example", "Jane".into()), ("3", "zoe@acme.example", Value::Null)]
    {
        let to = Value::Text(format!("{id}@erased.invalid"));
        let set = vec![SetTo { from: email.into(), to }, SetTo { from: name, to: Value::Null }];
        rows.push(RowChange { key: bench.key("person", id).await?, set });
    }
    let set = only(Change::Update {
        table: bench.table("person"),
        columns: vec!["email".into(), "name".into()],
        rows,
    });
    let first = bench.system.change(&set).await?;
    ensure!((first.updated, first.already) == (2, 0), "{first:?}");
    let second = bench.system.change(&set).await?;
    ensure!((second.updated, second.already) == (0, 2), "again: {second:?}");
    let left = bench.all("person", &["id", "email", "name"]).await?;
    ensure!(
        left == ["1|1@erased.invalid|-", "2|bob@acme.example|Bob", "3|3@erased.invalid|-"],
        "{left:?}"
    );
    Ok(())
}

async fn rows_go_and_others_stay(fixture: &dyn RecordFixture) -> Check {
    let bench = Bench::new(fixture, &[people(2_000)]).await?;
    let rows = bench.rows(Match::All, "person", &["id"]).await?;
    let odd = |row: &&Row| shown(row).parse::<u32>().is_ok_and(|id| id % 2 == 1);
    let mut keys: Vec<RowKey> = rows.iter().filter(odd).map(|row| row.key.clone()).collect();
    let twice = keys.first().cloned();
    keys.extend(twice);
    let gone = only(Change::Delete { table: bench.table("person"), keys });
    let done = bench.system.change(&gone).await?;
    ensure!(done.deleted == 1_000, "{done:?}");
    let left = bench.rows(Match::All, "person", &["id"]).await?;
    ensure!(left.len() == 1_000 && !left.iter().any(|row| odd(&row)), "other rows are gone");
    // A row keeps its key when others go.
    let kept = left.iter().filter(|row| rows.iter().any(|before| before.key == row.key)).count();
    ensure!(kept == 1_000, "{} rows have another key", 1_000 - kept);
    let told = bench.system.change(&gone).await;
    let fair =
        matches!(told, Err(Error::Changed { .. })) || told.is_ok_and(|done| done.deleted == 0);
    ensure!(fair, "rows that are gone are deleted again");
    Ok(())
}

async fn a_rehearsal_changes_nothing(fixture: &dyn RecordFixture) -> Check {
    let bench = three_people(fixture).await?;
    let key = bench.key("person", "1").await?;
    let good = set_one(bench.table("person"), key.clone(), "name", "Jane".into(), Value::Null);
    ensure!(bench.system.rehearse(&only(good)).await?.updated == 1, "nothing was tried");
    let bad = set_one(bench.table("person"), key.clone(), "name", "Joan".into(), Value::Null);
    let told = bench.system.rehearse(&only(bad)).await;
    ensure!(matches!(told, Err(Error::Changed { .. })), "{told:?}");
    let gone = Change::Delete { table: bench.table("person"), keys: vec![key] };
    ensure!(bench.system.rehearse(&only(gone)).await?.deleted == 1, "nothing was tried");
    let left = bench.all("person", &["id", "email", "name"]).await?;
    ensure!(left == BEFORE, "a rehearsal wrote something");
    Ok(())
}

async fn a_reader_writes_nothing(fixture: &dyn RecordFixture) -> Check {
    let bench = three_people(fixture).await?;
    let limits = Limits { read_only: true, ..Limits::default() };
    let reader = fixture.open(&bench.address, limits).await?;
    let key = bench.key("person", "1").await?;
    let set = only(set_one(bench.table("person"), key, "name", "Jane".into(), Value::Null));
    let told = (reader.change(&set).await, reader.rehearse(&set).await);
    ensure!(told == (Err(Error::ReadOnly), Err(Error::ReadOnly)), "{told:?}");
    let seen = reader.catalogue().await?;
    let both = ["person", "note"].iter().all(|name| seen.table(&bench.table(name)).is_some());
    ensure!(both, "a reader sees other tables");
    let left = bench.all("person", &["id", "email", "name"]).await?;
    ensure!(left == BEFORE, "a reader wrote");
    Ok(())
}

async fn errors_quote_nothing(fixture: &dyn RecordFixture) -> Check {
    const CANARY: &str = "canary-7319";
    let bench = Bench::new(fixture, &[made("person", &["id", "name"], &[&["1", CANARY]])]).await?;
    let key = bench.key("person", "1").await?;
    let table = bench.table("person");
    let wrongs = [
        set_one(table.clone(), key.clone(), "name", "canary-x".into(), "canary-y".into()),
        set_one(table.clone(), key, CANARY, Value::Null, Value::Null),
        set_one(
            table,
            RowKey(vec![CANARY.into(), CANARY.into()]),
            "name",
            CANARY.into(),
            Value::Null,
        ),
    ];
    for (index, wrong) in wrongs.into_iter().enumerate() {
        if let Err(error) = bench.system.change(&only(wrong)).await {
            let text = format!("{error} {error:?}");
            // A column's name is what was asked for, not what is held.
            ensure!(index == 1 || !text.contains("canary"), "error {index} quotes a value");
        } else {
            ensure!(index == 2, "wrong change {index} is accepted");
        }
    }
    Ok(())
}

/// 2020-01-01T00:00:00Z.
const Y2020: Micros = Micros(1_577_836_800_000_000);

async fn old_rows_are_told_listed_and_deleted(fixture: &dyn RecordFixture) -> Check {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut add = |id: String, at: &str, paid: &str, state: &str| {
        let cell = |text: &str| if text == "-" { Value::Null } else { Value::from(text) };
        rows.push(vec![Value::Text(id), cell(at), cell(paid), cell(state)]);
    };
    for index in 0..500 {
        add(format!("old{index}"), "2019-06-01 10:00:00", "2019-06-01", "done");
        add(format!("new{index}"), "2020-01-01 00:00:00", "2019-06-01", "done");
    }
    add("paid".into(), "2019-12-31 23:59:59", "2022-01-01", "done");
    add("open".into(), "2019-12-31 23:59:59", "2019-06-01", "open");
    add("none".into(), "-", "2019-06-01", "done");
    let columns = ["id", "at", "paid", "state"].map(str::to_owned).to_vec();
    let bench = Bench::new(fixture, &[Made { name: "ticket".into(), columns, rows }]).await?;
    let held = bench.key("ticket", "old7").await?;
    let due = Due {
        table: bench.table("ticket"),
        old: Old::Column { column: "at".into(), before: Y2020 },
        when: vec![Condition { column: "state".into(), any_of: vec!["done".into()] }],
        past: vec![Past { column: "paid".into(), before: Y2020 }],
        except: vec![held],
        unless_referred: vec![],
        dependents: vec![],
    };
    let told = bench.system.due(&due, 10_000).await?;
    ensure!((told.rows, told.held_back, told.at_least) == (499, 2, false), "{told:?}");
    ensure!(told.oldest == Some(Micros(1_559_383_200_000_000)), "the oldest: {told:?}");
    ensure!(bench.system.due(&due, 100).await?.at_least, "counting did not stop");
    let mut listed: BTreeSet<String> = BTreeSet::new();
    let mut after = None;
    for _ in 0..20 {
        let mut page = Vec::new();
        let mut take = |batch: Batch| {
            page.extend(batch.0);
            Ok(())
        };
        bench.system.list_due(&due, &["id".into()], after.as_ref(), 60, &mut take).await?;
        ensure!(page.len() <= 60, "a page of {}", page.len());
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        listed.extend(page.iter().map(shown));
    }
    ensure!(listed.len() == 499, "{} rows are listed", listed.len());
    let early = Purge { due: due.clone(), not_after: Some(Micros(0)) };
    let told = bench.system.purge(&early, 100).await;
    ensure!(matches!(told, Err(Error::Constraint { .. })), "the second lock: {told:?}");
    let purge = Purge { due, not_after: Some(Y2020) };
    let mut rows = 0;
    for _ in 0..20 {
        let done = bench.system.purge(&purge, 100).await?;
        rows += done.rows;
        if done.done {
            break;
        }
    }
    ensure!(rows == 499, "{rows} rows went");
    let left = bench.all("ticket", &["id"]).await?;
    let stayed = ["none", "old7", "open", "paid"].iter().all(|id| left.iter().any(|l| l == id));
    ensure!(left.len() == 504 && stayed, "{} rows are left", left.len());
    Ok(())
}
