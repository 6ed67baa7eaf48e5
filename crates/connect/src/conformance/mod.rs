//! The conformance kit: what every connector must pass, on a real system.
//!
//! It has two parts. [`run_records`] makes its tables of given rows ([`RecordFixture`]) and asks what
//! every system can be asked, a folder of files too. [`run`] is for SQL: it makes its tables itself.
//!
//! Implement [`Fixture`] for a product, call [`run`], and look at the [`Report`]. The kit makes its
//! own tables in fresh databases, by the fixture's own means, and then uses nothing but the
//! [`Connector`]. It needs the feature `conformance` and is not part of the shipped binary.
//!
//! Two things that it takes for right, so that nobody is surprised:
//!
//! * A lookup on a column whose collation folds letters returns *candidates*: asked for
//!   `zoe.muller@…`, MariaDB's `general_ci` returns `Zoë.Müller@…` too. The catalogue must say so
//!   (`loose_collation`), and a change by key must still touch the one row that is meant.
//! * Where rows have no key of their own, a row that changed cannot be told from one that is gone;
//!   a change of such a row ends in [`crate::Error::Changed`] rather than in a guess.

mod age;
mod changes;
mod faults;
mod lookups;
mod names;
mod purges;
mod records;
mod values;

use std::any::Any;
use std::fmt;

use async_trait::async_trait;
use model::{Product, Row, RowKey, TableName, Value};

use crate::{
    Address, Batch, Change, ChangeSet, Connector, Fold, Limits, Lookup, Match, Page, Result,
    RowChange, Scan, SetTo,
};

pub use records::{Made, RecordFixture, run_records};

/// A product under test, with the means to prepare it behind the connector's back.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// The product.
    fn product(&self) -> Product;

    /// The address of a new, empty database.
    async fn fresh(&self) -> String;

    /// Runs SQL on it, several statements at once.
    async fn execute(&self, address: &str, sql: &str);

    /// Runs SQL in a transaction that stays open until the returned value is dropped.
    async fn hold(&self, address: &str, sql: &str) -> Box<dyn Any + Send>;

    /// A fresh database on a server that may be killed. `None` where there is no server.
    async fn fresh_to_kill(&self) -> Option<String>;

    /// Kills that server without notice and starts it again.
    async fn kill_and_restart(&self);
}

/// What the kit found.
#[derive(Debug, Default)]
pub struct Report {
    /// The checks that passed.
    pub passed: Vec<&'static str>,
    /// The checks that failed, and why.
    pub failed: Vec<(&'static str, String)>,
}

impl Report {
    /// Whether everything passed.
    pub const fn is_clean(&self) -> bool {
        self.failed.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} passed, {} failed", self.passed.len(), self.failed.len())?;
        self.failed.iter().try_for_each(|(check, why)| writeln!(f, "  {check}: {why}"))
    }
}

/// Runs every check.
pub async fn run(fixture: &dyn Fixture) -> Report {
    let mut report = Report::default();
    macro_rules! checks {
        ($($room:ident :: $check:ident),* $(,)?) => {$(
            match $room::$check(fixture).await {
                Ok(()) => report.passed.push(stringify!($check)),
                Err(why) => report.failed.push((stringify!($check), why.0)),
            }
        )*};
    }
    checks! {
        names::hostile_names_are_names,
        names::what_is_not_in_the_catalogue_is_refused,
        values::hostile_values_are_values,
        values::every_type_goes_there_and_back,
        lookups::numbers_and_their_text_find_each_other,
        lookups::letter_case_and_digits_fold,
        lookups::further_columns_must_hold,
        lookups::composite_keys_tell_rows_apart,
        lookups::loose_collations_give_candidates,
        lookups::many_values_are_asked_for_at_once,
        lookups::a_scan_sees_every_row_once,
        changes::a_set_is_all_or_nothing,
        changes::somebody_elses_change_undoes_the_set,
        changes::what_is_done_counts_as_done,
        changes::a_rehearsal_leaves_no_trace,
        changes::rows_without_a_key_can_be_changed,
        changes::large_sets_are_one_transaction,
        changes::a_reader_cannot_write,
        age::moments_are_read_from_every_kind_of_column,
        age::what_keeps_a_row_keeps_it,
        age::many_rows_are_left_out_at_once,
        age::due_rows_are_read_in_pages,
        age::what_cannot_be_told_is_an_error,
        purges::a_purge_is_bounded,
        purges::leaves_go_before_what_they_hang_on,
        purges::what_may_not_go_is_refused,
        purges::what_somebody_else_holds_is_passed_over,
        purges::dependents_of_every_kind_go_along,
        faults::errors_never_quote_a_value,
        faults::a_locked_row_ends_the_wait,
        faults::a_killed_server_leaves_nothing_half_done,
    }
    report
}

/// Why a check failed.
struct Why(String);

impl From<crate::Error> for Why {
    fn from(error: crate::Error) -> Self {
        Self(format!("unexpected: {error}"))
    }
}

type Check = std::result::Result<(), Why>;

/// The check fails unless this holds.
macro_rules! ensure {
    ($held:expr, $($why:tt)+) => {
        if !$held {
            return Err($crate::conformance::Why(format!($($why)+)));
        }
    };
}
use ensure;

/// A database under test.
struct Bench<'a> {
    fixture: &'a dyn Fixture,
    address: String,
    system: Box<dyn Connector>,
}

impl<'a> Bench<'a> {
    /// A fresh database in which `sql` was run. In it, `{q}name{q}` is a quoted name.
    async fn new(fixture: &'a dyn Fixture, sql: &str) -> Result<Self> {
        let address = fixture.fresh().await;
        fixture.execute(&address, &fill(fixture, sql)).await;
        let system = crate::open(&Address::parse(&address)?, Limits::default()).await?;
        Ok(Self { fixture, address, system })
    }

    async fn open(&self, limits: Limits) -> Result<Box<dyn Connector>> {
        crate::open(&Address::parse(&self.address)?, limits).await
    }

    fn table(&self, name: &str) -> TableName {
        table(self.fixture, name)
    }

    async fn rows(&self, by: Match, name: &str, columns: &[&str]) -> Result<Vec<Row>> {
        let lookup = Lookup {
            table: self.table(name),
            by,
            when: Vec::new(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        };
        found(self.system.as_ref(), &lookup).await
    }

    /// The first of `columns` of every row, as text, in the order of the key.
    async fn all(&self, name: &str, columns: &[&str]) -> Result<Vec<String>> {
        let rows = self.rows(Match::All, name, columns).await?;
        Ok(rows.iter().map(shown).collect())
    }
}

/// Puts the product's words into the kit's SQL.
fn fill(fixture: &dyn Fixture, sql: &str) -> String {
    let mysql = matches!(fixture.product(), Product::MySql | Product::MariaDb);
    let (quote, engine) = if mysql { ("`", " ENGINE=InnoDB") } else { ("\"", "") };
    sql.replace("{q}", quote).replace("{end}", engine)
}

fn table(fixture: &dyn Fixture, name: &str) -> TableName {
    let schema = if fixture.product() == Product::PostgreSql { "public" } else { "" };
    TableName::new(schema, name)
}

async fn found(system: &dyn Connector, lookup: &Lookup) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut take = |batch: Batch| {
        rows.extend(batch.0);
        Ok(())
    };
    system.find(lookup, &mut take).await?;
    Ok(rows)
}

async fn scanned(system: &dyn Connector, scan: &Scan) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut take = |batch: Batch| {
        rows.extend(batch.0);
        Ok(())
    };
    system.scan(scan, &mut take).await?;
    // Whoever reads pages reads the same rows.
    let mut swept = Vec::new();
    let mut take = |page: Page| {
        swept.extend((0..page.rows()).map(|row| page.row(row)));
        Ok(())
    };
    system.sweep(scan, &mut take).await?;
    let mut sorted = rows.clone();
    let by_key = |a: &Row, b: &Row| (&a.key, &a.values).cmp(&(&b.key, &b.values));
    sorted.sort_by(by_key);
    swept.sort_by(by_key);
    assert!(swept == sorted, "a sweep of {} reads other rows than a scan", scan.table);
    beyond(system, scan, &sorted).await?;
    Ok(rows)
}

/// Where rows are told apart by one whole number, those beyond any of them are read alone.
async fn beyond(system: &dyn Connector, scan: &Scan, sorted: &[Row]) -> Result<()> {
    let number = |row: &Row| match row.key.0.as_slice() {
        [Value::Int(number)] => Some(*number),
        _ => None,
    };
    let all: Option<Vec<i64>> = sorted.iter().map(number).collect();
    let Some(all) = all.filter(|all| !all.is_empty() && scan.sample.is_none()) else {
        return Ok(());
    };
    for from in [all.first(), all.get(all.len() / 2), all.last()].into_iter().flatten() {
        let mut read = Vec::new();
        let mut take = |page: Page| {
            read.extend((0..page.rows()).filter_map(|row| number(&page.row(row))));
            Ok(())
        };
        system.sweep_beyond(scan, *from, &mut take).await?;
        read.sort_unstable();
        let wanted: Vec<i64> = all.iter().copied().filter(|number| number > from).collect();
        assert!(read == wanted, "beyond {from} {} has other rows than a scan says", scan.table);
    }
    Ok(())
}

/// A row's values side by side.
fn shown(row: &Row) -> String {
    let cells = row.values.iter().map(|value| value.to_plain_text().unwrap_or_else(|| "-".into()));
    cells.collect::<Vec<_>>().join("|")
}

fn by(column: &str, value: impl Into<Value>, fold: Fold) -> Match {
    Match::Column { column: column.to_owned(), any_of: vec![value.into()], fold }
}

/// One row's one column from one value to another.
fn set_one(table: TableName, key: RowKey, column: &str, from: Value, to: Value) -> Change {
    let rows = vec![RowChange { key, set: vec![SetTo { from, to }] }];
    Change::Update { table, columns: vec![column.to_owned()], rows }
}

fn only(change: Change) -> ChangeSet {
    ChangeSet { changes: vec![change] }
}

fn key(values: &[Value]) -> RowKey {
    RowKey(values.to_vec())
}
