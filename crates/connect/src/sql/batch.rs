//! A batch whose rows are chosen before they are deleted, with what depends on them.
//!
//! 1. The rows are chosen and locked; then their dependents, level by level.
//! 2. Rows under which somebody else holds a dependent are left out, and so is what is no longer
//!    due when it is looked at once more under the locks: the batch begins again without them.
//! 3. The deepest dependents go first, the rows last.
//!
//! With a declared reference nobody can add a dependent once the row is locked. Without one, a
//! dependent that is written in the moment between the second look and the end is left behind, as
//! it would be by anybody's deletion.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::time::Duration;

use model::{Product, RowKey, TableName, Value};

use super::change;
use super::due;
use super::expr::{self, Helper, HelperColumn};
use super::failure::At;
use super::find::holds;
use super::link::Link;
use super::purge::{Task, Way, begin, control, lock};
use super::shape::{ColumnShape, KeyKind, Kind, TableShape};
use super::statement::{Dialect, Statement};
use crate::{Dependent, Error, Purged, Result};

/// How often a batch begins again before it is given up as busy.
const TRIES: u32 = 4;

/// A row under lock: its key and the values by which others refer to it.
struct Held {
    key: RowKey,
    links: BTreeMap<String, Value>,
}

/// What goes: rows of one table, in the order in which the tables must be cleared.
type Going<'a> = Vec<(&'a TableShape, Vec<RowKey>)>;

/// What goes before some rows, and those of them that must stay.
type Gathering<'r, 't> =
    Pin<Box<dyn Future<Output = Result<(Going<'t>, BTreeSet<RowKey>)>> + Send + 'r>>;

/// Values of the columns of one reference.
type Tie = Vec<Option<String>>;

pub(super) async fn run(task: &Task<'_>, link: &mut Link, limit: u64) -> Result<Purged> {
    let way = Way::of(link, task).await?;
    let mut purged = Purged::default();
    let mut counts = BTreeMap::<TableName, u64>::new();
    let mut among: Option<Vec<RowKey>> = None;
    let mut tries = 0;
    begin(link).await?;
    loop {
        let room = limit - purged.rows;
        let rows = match &among {
            None => chosen(task, link, way, room).await?,
            Some(keys) => again(task, link, keys).await?,
        };
        if rows.is_empty() {
            break;
        }
        let found = rows.len() as u64;
        let (going, lost) = gather(task, link, task.table, &rows, &task.due.dependents).await?;
        let keys: Vec<RowKey> = rows.iter().map(|row| row.key.clone()).collect();
        let mut stay = lost;
        if stay.is_empty() && !task.due.dependents.is_empty() {
            stay = no_longer_due(task, link, &keys).await?;
        }
        if !stay.is_empty() {
            tries += 1;
            if tries >= TRIES || purged.rows > 0 {
                return Err(Error::Busy("rows that depend on due rows are being written".into()));
            }
            control(link, "ROLLBACK").await?;
            among = Some(keys.into_iter().filter(|key| !stay.contains(key)).collect());
            begin(link).await?;
            continue;
        }
        for (table, keys) in &going {
            *counts.entry(table.table.name.clone()).or_default() +=
                delete(task, link, table, keys).await?;
        }
        delete(task, link, task.table, &keys).await?;
        purged.rows += found;
        if !task.is_tree() || among.is_some() || purged.rows >= limit {
            break;
        }
    }
    model::crash::site("connect.purge.before_commit");
    control(link, "COMMIT").await?;
    model::crash::site("connect.purge.committed");
    purged.dependents = counts.into_iter().filter(|(_, rows)| *rows > 0).collect();
    // After a second choice, whether more is due is not known.
    purged.done = among.is_none() && purged.rows < limit;
    Ok(purged)
}

/// The columns of a table by which these dependents refer to it.
fn referred(dependents: &[Dependent]) -> BTreeSet<String> {
    let columns = dependents.iter().flat_map(|dependent| &dependent.refers.columns);
    columns.map(|(_, there)| there.clone()).collect()
}

/// Writes `SELECT key, columns FROM`; the kinds of what is read.
fn select(st: &mut Statement, table: &TableShape, columns: &BTreeSet<String>) -> Result<Vec<Kind>> {
    let columns: Vec<&ColumnShape> =
        columns.iter().map(|name| table.column(name)).collect::<Result<_>>()?;
    let read: Vec<&ColumnShape> = table.key.iter().chain(columns).collect();
    st.word("SELECT ");
    for (index, column) in read.iter().enumerate() {
        st.between(index, ", ");
        expr::read(st, column);
    }
    st.word(" FROM ");
    Ok(read.iter().map(|column| column.kind).collect())
}

async fn read(
    link: &mut Link,
    st: Statement,
    kinds: &[Kind],
    table: &TableShape,
    columns: &BTreeSet<String>,
    into: &mut Vec<Held>,
) -> Result<()> {
    let at = At { table: Some(table), action: "change" };
    let width = table.key.len();
    link.stream(st, kinds, at, |mut cells| {
        let values = cells.split_off(width.min(cells.len()));
        let links = columns.iter().cloned().zip(values).collect();
        into.push(Held { key: RowKey(cells), links });
        Ok(Duration::ZERO)
    })
    .await
}

async fn chosen(task: &Task<'_>, link: &mut Link, way: Way, limit: u64) -> Result<Vec<Held>> {
    let columns = referred(&task.due.dependents);
    let mut st = Statement::new(task.shape.dialect);
    let kinds = select(&mut st, task.table, &columns)?;
    task.choose(&mut st, way, limit)?;
    let mut rows = Vec::new();
    read(link, st, &kinds, task.table, &columns, &mut rows).await?;
    Ok(rows)
}

/// Those of these rows that are due and free, locked.
async fn again(task: &Task<'_>, link: &mut Link, keys: &[RowKey]) -> Result<Vec<Held>> {
    let columns = referred(&task.due.dependents);
    let mut rows = Vec::new();
    for keys in keys.chunks(at_once(task.shape.dialect)) {
        let helper = Helper::of_keys(task.table, keys, task.shape.dialect)?;
        let mut st = Statement::new(task.shape.dialect);
        helper.ahead(&mut st);
        let kinds = select(&mut st, task.table, &columns)?;
        change::joined(&mut st, task.table, &helper);
        st.word(" AND ");
        due::condition(&mut st, task.shape, task.due)?;
        lock(&mut st, task.shape);
        read(link, st, &kinds, task.table, &columns, &mut rows).await?;
    }
    Ok(rows)
}

/// Which of the rows under lock are not due any more.
async fn no_longer_due(
    task: &Task<'_>,
    link: &mut Link,
    keys: &[RowKey],
) -> Result<BTreeSet<RowKey>> {
    // SQLite has one writer, and that is us.
    if task.shape.dialect == Dialect::Sqlite {
        return Ok(BTreeSet::new());
    }
    let none = BTreeSet::new();
    let mut due_still = Vec::new();
    for keys in keys.chunks(at_once(task.shape.dialect)) {
        let helper = Helper::of_keys(task.table, keys, task.shape.dialect)?;
        let mut st = Statement::new(task.shape.dialect);
        helper.ahead(&mut st);
        let kinds = select(&mut st, task.table, &none)?;
        change::joined(&mut st, task.table, &helper);
        st.word(" AND ");
        due::condition(&mut st, task.shape, task.due)?;
        read(link, st, &kinds, task.table, &none, &mut due_still).await?;
    }
    let due_still: BTreeSet<RowKey> = due_still.into_iter().map(|row| row.key).collect();
    Ok(keys.iter().filter(|key| !due_still.contains(key)).cloned().collect())
}

const fn at_once(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Postgres => 10_000,
        Dialect::MySql => 500,
        Dialect::Sqlite => 2_000,
    }
}

/// Locks everything below these rows. What goes before them, deepest first; and the rows under
/// which somebody else holds something.
fn gather<'r, 't: 'r>(
    task: &'r Task<'t>,
    link: &'r mut Link,
    table: &'r TableShape,
    rows: &'r [Held],
    dependents: &'r [Dependent],
) -> Gathering<'r, 't> {
    Box::pin(async move {
        let (mut going, mut lost) = (Vec::new(), BTreeSet::new());
        for dependent in dependents {
            if rows.is_empty() {
                break;
            }
            let below = task.shape.table(&dependent.refers.table)?;
            let held = children(task, link, table, rows, below, dependent, true).await?;
            let all = children(task, link, table, rows, below, dependent, false).await?;
            let (deeper, deeper_lost) =
                gather(task, link, below, &held, &dependent.dependents).await?;
            let keys: BTreeSet<&RowKey> = held.iter().map(|row| &row.key).collect();
            let stuck: BTreeSet<Tie> = all
                .iter()
                .filter(|row| !keys.contains(&row.key) || deeper_lost.contains(&row.key))
                .map(|row| tie(row, dependent.refers.columns.iter().map(|(here, _)| here)))
                .collect();
            if !stuck.is_empty() {
                let mut hit = false;
                for row in rows {
                    let mine = tie(row, dependent.refers.columns.iter().map(|(_, there)| there));
                    if stuck.contains(&mine) {
                        hit = true;
                        lost.insert(row.key.clone());
                    }
                }
                if !hit {
                    // They are tied by a comparison that is looser than ours.
                    return Err(Error::Busy("a dependent row is locked by somebody else".into()));
                }
            }
            going.extend(deeper);
            going.push((below, held.into_iter().map(|row| row.key).collect()));
        }
        Ok((going, lost))
    })
}

fn tie<'a>(row: &Held, columns: impl Iterator<Item = &'a String>) -> Tie {
    columns.map(|name| row.links.get(name).and_then(Value::to_plain_text)).collect()
}

/// The rows of `below` that refer to these rows.
async fn children(
    task: &Task<'_>,
    link: &mut Link,
    table: &TableShape,
    rows: &[Held],
    below: &TableShape,
    dependent: &Dependent,
    locked: bool,
) -> Result<Vec<Held>> {
    let dialect = task.shape.dialect;
    let refers = &dependent.refers;
    if refers.columns.is_empty() {
        return Err(below.constraint("no column is named by which it refers"));
    }
    let mut columns = referred(&dependent.dependents);
    columns.extend(refers.columns.iter().map(|(here, _)| here.clone()));
    let mine: Vec<&ColumnShape> =
        refers.columns.iter().map(|(here, _)| below.column(here)).collect::<Result<_>>()?;
    let heads: Vec<HelperColumn<'_>> = mine
        .iter()
        .enumerate()
        .map(|(index, column)| HelperColumn { letter: "k", index, column })
        .collect();
    // Each combination of values once; NULL refers to nothing.
    let mut wanted = BTreeSet::new();
    for row in rows {
        let values = refers.columns.iter().map(|(_, there)| row.links.get(there).cloned());
        if let Some(values) = values.collect::<Option<Vec<Value>>>()
            && !values.iter().any(Value::is_null)
        {
            wanted.insert(values);
        }
    }
    let wanted: Vec<Vec<Value>> = wanted.into_iter().collect();
    let mut found = Vec::new();
    for part in wanted.chunks(at_once(dialect)) {
        // A value that the column's type cannot hold is referred to by no row.
        let params = part.iter().filter_map(|values| {
            mine.iter()
                .zip(values)
                .map(|(column, value)| expr::param(dialect, column, value))
                .collect()
        });
        let helper = Helper { columns: heads.clone(), rows: params.collect() };
        if helper.rows.is_empty() {
            continue;
        }
        let mut st = Statement::new(dialect);
        helper.ahead(&mut st);
        let kinds = select(&mut st, below, &columns)?;
        helper.among(&mut st);
        st.word(match dialect {
            Dialect::Sqlite => " CROSS JOIN ",
            Dialect::MySql => " STRAIGHT_JOIN ",
            Dialect::Postgres => ", ",
        });
        expr::from(&mut st, below);
        st.word(" WHERE ");
        expr::cells_match(&mut st, &mine);
        for condition in &refers.when {
            st.word(" AND ");
            holds(&mut st, below.column(&condition.column)?, &condition.any_of);
        }
        if locked {
            lock(&mut st, task.shape);
        }
        read(link, st, &kinds, below, &columns, &mut found).await?;
    }
    if below.table.name == table.table.name {
        // A row that refers to itself is not its own dependent.
        let selves: BTreeMap<&RowKey, &Held> = rows.iter().map(|row| (&row.key, row)).collect();
        found.retain(|row| {
            selves.get(&row.key).is_none_or(|same| {
                tie(row, refers.columns.iter().map(|(here, _)| here))
                    != tie(same, refers.columns.iter().map(|(_, there)| there))
            })
        });
    }
    Ok(found)
}

async fn delete(
    task: &Task<'_>,
    link: &mut Link,
    table: &TableShape,
    keys: &[RowKey],
) -> Result<u64> {
    let at = At { table: Some(table), action: "change" };
    let mut deleted = 0;
    for part in keys.chunks(change::largest(task.shape.dialect).0) {
        if let Some(statement) = by_number(task.shape.product, table, part) {
            match link.run(statement, task.limits, at).await {
                // It met a row that is none of ours: the helper finds each row by its key.
                Err(Error::Busy(_)) => {}
                told => {
                    deleted += told?;
                    continue;
                }
            }
        }
        let helper = Helper::of_keys(table, part, task.shape.dialect)?;
        let statement = change::delete(task.shape.dialect, table, &helper);
        deleted += link.run(statement, task.limits, at).await?;
    }
    Ok(deleted)
}

/// MariaDB walks a list of numbers faster than a helper table. A small table it walks from end to
/// end, over every row that somebody else has locked: then it does not wait for him.
fn by_number(product: Product, table: &TableShape, keys: &[RowKey]) -> Option<Statement> {
    let [column] = table.key.as_slice() else { return None };
    let numbered = column.kind == Kind::Int && table.key_kind == KeyKind::Firm;
    if product != Product::MariaDb || !numbered {
        return None;
    }
    let mut st = Statement::new(Dialect::MySql);
    // Without an alias: with one, more tables are walked from end to end.
    st.word("SET STATEMENT innodb_lock_wait_timeout = 0 FOR DELETE FROM ");
    expr::table(&mut st, table);
    st.without_alias(&table.name).word(" WHERE ").column(&column.name).word(" IN (");
    for (index, key) in keys.iter().enumerate() {
        let Some(Value::Int(number)) = key.0.first() else { return None };
        st.between(index, ", ").signed(*number);
    }
    st.word(")");
    Some(st)
}
