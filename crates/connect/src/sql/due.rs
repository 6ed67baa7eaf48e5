//! Rows by their age: the condition under which a row is due, how many there are, and which.
//!
//! The condition is one WHERE. The table's own columns come first, so that an index on the moment
//! serves; what keeps a row back (minimum ages, holds, rows that refer to it) follows as
//! `NOT EXISTS`, each table below the last one level deeper.
//!
//! Rows that refer to rows of their own table are leaves first: a row is due once nothing but
//! itself refers to it. Rows that refer to each other in a circle are never due, nor is one that
//! refers to itself by a declared reference in MySQL, which cannot delete it; they count as held
//! back.

use std::time::Duration;

use model::{Micros, RowKey, Value};

use super::Sql;
use super::except;
use super::expr;
use super::failure::At;
use super::find::holds;
use super::link::Link;
use super::moment::{self, Tells};
use super::pace::{Pace, row};
use super::purge::{Task, Way};
use super::scan;
use super::shape::{ColumnShape, KeyKind, Kind, Shape, TableShape};
use super::statement::{Dialect, Statement};
use crate::{Dependent, Due, DueRows, Error, Old, Past, Referrer, Result, Sink};

/// Which rows a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Due,
    /// Old enough, and kept back by something.
    HeldBack,
}

/// Who asks for fewer than this expects none. They are asked for in the order of the index: a server
/// that remembers a table full of old rows would rather walk the whole of it for the first few.
const FEW: u64 = 100;

/// 1 January 9999: before it lies every moment that is one.
const LAST: Micros = Micros(253_370_764_800_000_000);

impl Sql {
    pub(super) async fn count_due(&self, due: &Due, at_most: u64) -> Result<DueRows> {
        let shape = self.shape();
        let table = shape.table(&due.table)?;
        let at = At { table: Some(table), action: "read" };
        let mut loan = self.links.borrow().await?;
        let link = &mut loan.link;
        let mut counting = count(&shape, due, Which::Due)?;
        if at_most < FEW {
            let task = Task { limits: &self.limits, shape: &shape, table, due, ways: &self.ways };
            let way = Way::of(link, &task).await?;
            task.oldest_first(&mut counting, way)?;
        }
        let counted = link.figure(limited(counting, at_most.saturating_add(1)), at).await?;
        let mut answer = DueRows {
            rows: counted.min(at_most),
            at_least: counted > at_most,
            ..DueRows::default()
        };
        if is_guarded(due) {
            let held = count(&shape, due, Which::HeldBack)?;
            answer.held_back = link.figure(limited(held, at_most), at).await?;
        }
        if counted > 0 {
            answer.oldest = oldest(link, &shape, table, due).await?;
        }
        loan.keep();
        Ok(answer)
    }

    pub(super) async fn count_undated(&self, due: &Due, at_most: u64) -> Result<u64> {
        let Old::Column { column, .. } = &due.old else { return Ok(0) };
        let shape = self.shape();
        let table = shape.table(&due.table)?;
        let aged = table.column(column)?;
        let mut st = Statement::new(shape.dialect);
        let mysql = shape.dialect == Dialect::MySql;
        st.word(if mysql { "SELECT CAST(COUNT(*) AS CHAR)" } else { "SELECT count(*)" });
        st.word(" FROM (SELECT 1 AS one FROM ");
        expr::from(&mut st, table);
        st.word(" WHERE ");
        let tells = moment::told_by(shape.dialect, table, aged)?;
        let mut loan = self.links.borrow().await?;
        let task = Task { limits: &self.limits, shape: &shape, table, due, ways: &self.ways };
        let years = match shape.dialect {
            Dialect::MySql => years(&mut loan.link, &task, aged).await?,
            _ => None,
        };
        moment::perhaps_unset(&mut st, aged, tells, years);
        moment::before(&mut st, aged, tells, LAST);
        st.word(" IS NOT TRUE");
        for condition in &due.when {
            st.word(" AND ");
            holds(&mut st, table.column(&condition.column)?, &condition.any_of);
        }
        let st = limited(st, at_most);
        let counted = loan.link.figure(st, At { table: Some(table), action: "read" }).await?;
        loan.keep();
        Ok(counted)
    }

    pub(super) async fn list_due_rows(
        &self,
        due: &Due,
        columns: &[String],
        after: Option<&RowKey>,
        limit: u32,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let shape = self.shape();
        let table = shape.table(&due.table)?;
        let columns: Vec<&ColumnShape> =
            columns.iter().map(|name| table.column(name)).collect::<Result<_>>()?;
        let fleeting = table.key_kind == KeyKind::Fleeting;
        let ordered =
            table.key_kind == KeyKind::Firm || (fleeting && shape.dialect == Dialect::Postgres);
        if after.is_some() && !ordered {
            return Err(Error::NotOffered { what: "go on after a row of a table without a key" });
        }
        let read: Vec<&ColumnShape> = table.key.iter().chain(columns).collect();
        let kinds: Vec<Kind> = read.iter().map(|column| column.kind).collect();
        let mut st = Statement::new(shape.dialect);
        st.word("SELECT ");
        for (index, column) in read.iter().enumerate() {
            st.between(index, ", ");
            expr::read(&mut st, column);
        }
        if read.is_empty() {
            st.word("1");
        }
        st.word(" FROM ");
        expr::from(&mut st, table);
        st.word(" WHERE ");
        condition(&mut st, &shape, due)?;
        let order: Vec<ColumnShape> =
            table.key.iter().filter(|column| column.kind != Kind::Xmin).cloned().collect();
        if let Some(after) = after {
            if after.0.len() != table.key.len() {
                return Err(table.constraint("its rows are not told apart by a key of this form"));
            }
            let values = table.key.iter().zip(&after.0);
            let values = values.filter(|(column, _)| column.kind != Kind::Xmin);
            let values: Vec<Value> = values.map(|(_, value)| value.clone()).collect();
            st.word(" AND (");
            scan::beyond(&mut st, &order, &RowKey(values));
            st.word(")");
        }
        if ordered {
            scan::in_order(&mut st, &order);
        }
        st.word(" LIMIT ").number(limit.into());
        let at = At { table: Some(table), action: "read" };
        let width = table.key.len();
        let mut loan = self.links.borrow().await?;
        let mut pace = Pace::new(sink, self.limits.rows_per_second);
        loan.link.stream(st, &kinds, at, |cells| pace.add(row(cells, width))).await?;
        pace.finish()?;
        loan.keep();
        Ok(())
    }
}

/// Whether anything but its age can keep a row back.
pub(super) fn is_guarded(due: &Due) -> bool {
    !due.past.is_empty()
        || !due.except.is_empty()
        || !due.unless_referred.is_empty()
        || due.dependents.iter().any(guards)
}

/// Whether a dependent, or one below it, can keep back what it refers to.
fn guards(dependent: &Dependent) -> bool {
    !dependent.past.is_empty()
        || !dependent.except.is_empty()
        || !dependent.unless_referred.is_empty()
        || dependent.dependents.iter().any(guards)
}

/// Everything but the end of it: [`limited`] closes it.
fn count(shape: &Shape, due: &Due, which: Which) -> Result<Statement> {
    let mut st = Statement::new(shape.dialect);
    let mysql = shape.dialect == Dialect::MySql;
    st.word(if mysql { "SELECT CAST(COUNT(*) AS CHAR)" } else { "SELECT count(*)" });
    st.word(" FROM (SELECT 1 AS one FROM ");
    let table = shape.table(&due.table)?;
    expr::from(&mut st, table);
    st.word(" WHERE ");
    match which {
        Which::Due => condition(&mut st, shape, due)?,
        Which::HeldBack => {
            old_enough(&mut st, table, due)?;
            st.word(" AND (1 = 1");
            may_go(&mut st, shape, table, &Guards::of(due))?;
            st.word(") IS NOT TRUE");
        }
    }
    Ok(st)
}

fn limited(mut st: Statement, at_most: u64) -> Statement {
    // Beyond any table, and within every product's numbers.
    st.word(" LIMIT ").number(at_most.min(1 << 62)).word(") AS x");
    st
}

/// The first and the last year of the moments in a column, where an index tells it at once.
async fn years(
    link: &mut Link,
    task: &Task<'_>,
    column: &ColumnShape,
) -> Result<Option<(i64, i64)>> {
    if !Way::of(link, task).await?.indexed {
        return Ok(None);
    }
    let mut told = Vec::new();
    for (which, beyond) in [("MIN(", " > '1900-01-02'"), ("MAX(", " < '9000-01-01'")] {
        let mut st = Statement::new(task.shape.dialect);
        st.word("SELECT CAST(COALESCE(YEAR(").word(which).column(&column.name);
        st.word(")), 1900) AS CHAR) FROM ");
        expr::from(&mut st, task.table);
        st.word(" WHERE ").column(&column.name).word(beyond);
        let year = link.figure(st, At { table: Some(task.table), action: "read" }).await?;
        told.push(i64::try_from(year).unwrap_or(0));
    }
    Ok(told.first().copied().zip(told.last().copied()))
}

async fn oldest(
    link: &mut Link,
    shape: &Shape,
    table: &TableShape,
    due: &Due,
) -> Result<Option<Micros>> {
    let Old::Column { column, .. } = &due.old else { return Ok(None) };
    let column = table.column(column)?;
    let tells = moment::told_by(shape.dialect, table, column)?;
    let mut st = Statement::new(shape.dialect);
    st.word("SELECT ");
    let way = moment::oldest(&mut st, column, tells);
    st.word(" FROM ");
    expr::from(&mut st, table);
    st.word(" WHERE ");
    condition(&mut st, shape, due)?;
    if way == moment::Oldest::First {
        st.word(" ORDER BY ").column(&column.name).word(" LIMIT 1");
    }
    let kinds: &[Kind] = match tells {
        Tells::Any => &[Kind::Int; 5],
        Tells::Whole | Tells::Number => &[Kind::Int; 4],
        _ => &[Kind::Int],
    };
    let mut cells = Vec::new();
    let at = At { table: Some(table), action: "read" };
    link.stream(st, kinds, at, |row| {
        cells = row
            .iter()
            .map(|value| match value {
                Value::Int(number) => Some(*number),
                _ => None,
            })
            .collect();
        Ok(Duration::ZERO)
    })
    .await?;
    Ok(moment::read_oldest(tells, &cells))
}

/// The whole condition under which a row of `t` is due.
pub(super) fn condition(st: &mut Statement, shape: &Shape, due: &Due) -> Result<()> {
    let table = shape.table(&due.table)?;
    old_enough(st, table, due)?;
    may_go(st, shape, table, &Guards::of(due))
}

/// It is old, and of the kind that is asked for.
fn old_enough(st: &mut Statement, table: &TableShape, due: &Due) -> Result<()> {
    match &due.old {
        Old::Column { column, before } => {
            let column = table.column(column)?;
            let tells = moment::told_by(st.dialect(), table, column)?;
            moment::before(st, column, tells, *before);
        }
        Old::OneOf { column, any_of } => {
            let values: Vec<Value> =
                any_of.iter().filter(|value| !value.is_null()).cloned().collect();
            holds(st, table.column(column)?, &values);
        }
        Old::File { .. } => {
            return Err(Error::NotOffered { what: "tell when a row's file was written" });
        }
    }
    for condition in &due.when {
        st.word(" AND ");
        holds(st, table.column(&condition.column)?, &condition.any_of);
    }
    Ok(())
}

/// What can keep a row back.
struct Guards<'a> {
    past: &'a [Past],
    except: &'a [RowKey],
    unless_referred: &'a [Referrer],
    dependents: &'a [Dependent],
}

impl<'a> Guards<'a> {
    fn of(due: &'a Due) -> Self {
        Self {
            past: &due.past,
            except: &due.except,
            unless_referred: &due.unless_referred,
            dependents: &due.dependents,
        }
    }

    fn of_dependent(dependent: &'a Dependent) -> Self {
        Self {
            past: &dependent.past,
            except: &dependent.except,
            unless_referred: &dependent.unless_referred,
            dependents: &dependent.dependents,
        }
    }
}

/// ` AND …` for everything that must hold so that a row of the table at hand may go.
fn may_go(
    st: &mut Statement,
    shape: &Shape,
    table: &TableShape,
    guarded: &Guards<'_>,
) -> Result<()> {
    for past in guarded.past {
        let column = table.column(&past.column)?;
        let tells = moment::told_by(st.dialect(), table, column)?;
        st.word(" AND ");
        moment::before(st, column, tells, past.before);
    }
    if !guarded.except.is_empty() {
        st.word(" AND ");
        except::is_none_of(st, shape, table, guarded.except)?;
    }
    for referrer in guarded.unless_referred {
        st.word(" AND NOT EXISTS (SELECT 1 FROM ");
        st.deeper(|st| refers(st, shape, table, referrer))?;
        st.word(")");
    }
    for dependent in guarded.dependents.iter().filter(|dependent| guards(dependent)) {
        st.word(" AND NOT EXISTS (SELECT 1 FROM ");
        st.deeper(|st| {
            refers(st, shape, table, &dependent.refers)?;
            let below = shape.table(&dependent.refers.table)?;
            st.word(" AND (1 = 1");
            may_go(st, shape, below, &Guards::of_dependent(dependent))?;
            st.word(") IS NOT TRUE");
            Ok::<(), Error>(())
        })?;
        st.word(")");
    }
    Ok(())
}

/// `referrer AS t1 WHERE it refers to the row of the level above`.
fn refers(st: &mut Statement, shape: &Shape, to: &TableShape, referrer: &Referrer) -> Result<()> {
    let from = shape.table(&referrer.table)?;
    expr::from(st, from);
    st.word(" WHERE ");
    if referrer.columns.is_empty() {
        return Err(from.constraint("no column is named by which it refers"));
    }
    for (index, (here, there)) in referrer.columns.iter().enumerate() {
        st.between(index, " AND ");
        agree(st, from.column(here)?, to.column(there)?);
    }
    for condition in &referrer.when {
        st.word(" AND ");
        holds(st, from.column(&condition.column)?, &condition.any_of);
    }
    // A row that refers to itself does not keep itself; but InnoDB never deletes a row under a
    // declared reference to itself, and there it stays.
    let is_own = referrer.table == to.table.name && to.key_kind != KeyKind::None;
    let stuck = st.dialect() == Dialect::MySql
        && to.table.references.iter().any(|declared| declared.to == to.table.name);
    if is_own && !stuck {
        st.word(" AND NOT (");
        let keys = to.key.iter().filter(|column| column.kind != Kind::Xmin);
        for (index, column) in keys.enumerate() {
            st.between(index, " AND ").column(&column.name);
            st.word(match st.dialect() {
                Dialect::Postgres => " = ",
                Dialect::MySql => " <=> ",
                Dialect::Sqlite => " IS ",
            });
            let above = st.level().saturating_sub(1);
            st.column_at(above, &column.name);
        }
        st.word(")");
    }
    Ok(())
}

/// A column of the table at hand equals one of the level above. The column at hand stands bare
/// where its type allows it, so that its index serves.
fn agree(st: &mut Statement, here: &ColumnShape, there: &ColumnShape) {
    let above = st.level().saturating_sub(1);
    let (mine, theirs) = (&here.name, &there.name);
    let number = |kind| matches!(kind, Kind::Int | Kind::Decimal);
    let alike = (number(here.kind) && number(there.kind))
        || (here.kind == there.kind && here.word == there.word);
    match st.dialect() {
        Dialect::Sqlite => {
            st.column(mine).word(" = ").column_at(above, theirs);
        }
        Dialect::Postgres if alike || (here.kind == Kind::Text && there.kind == Kind::Text) => {
            st.column(mine).word(" = ").column_at(above, theirs);
        }
        Dialect::Postgres => {
            st.column(mine).word("::text = ").column_at(above, theirs).word("::text");
        }
        Dialect::MySql if alike && here.collation == there.collation => {
            st.column(mine).word(" = ").column_at(above, theirs);
        }
        Dialect::MySql if here.kind == Kind::Text => {
            // A number beside text would make MySQL compare both as floating numbers.
            st.column(mine).word(" = CONVERT(CAST(").column_at(above, theirs);
            st.word(" AS CHAR) USING ");
            match (&here.word, &here.collation) {
                (Some(charset), Some(collation)) => {
                    st.server(charset).word(") COLLATE ").server(collation)
                }
                _ => st.word("utf8mb4)"),
            };
        }
        Dialect::MySql => {
            st.word("CAST(").column(mine).word(" AS BINARY) = CAST(");
            st.column_at(above, theirs).word(" AS BINARY)");
        }
    }
}
