//! Changes: one transaction for a whole set, each field compared with what it held when it was
//! read, rows set by set.

use std::collections::BTreeSet;

use model::{RowKey, Value};

use super::Sql;
use super::expr::{self, Helper, HelperColumn};
use super::failure::{At, failure};
use super::link::Link;
use super::shape::{ColumnShape, KeyKind, Kind, Shape, TableShape};
use super::statement::{Dialect, Param, Statement};
use crate::{Change, ChangeSet, Changed, Error, Result, RowChange};

/// The largest statement, in rows and in bytes of parameters.
pub(super) const fn largest(dialect: Dialect) -> (usize, usize) {
    match dialect {
        Dialect::Postgres => (5_000, 8 << 20),
        Dialect::MySql => (200, 4 << 20),
        Dialect::Sqlite => (2_000, 8 << 20),
    }
}

/// One statement's worth of a change, checked against the catalogue.
enum Work<'a> {
    Update { shape: &'a TableShape, columns: Vec<&'a ColumnShape>, helper: Helper<'a> },
    Delete { shape: &'a TableShape, helper: Helper<'a> },
}

impl Sql {
    /// Applies the set; commits when `keep`, else undoes it after every constraint was asked.
    pub(super) async fn apply(&self, set: &ChangeSet, keep: bool) -> Result<Changed> {
        if self.limits.read_only {
            return Err(Error::ReadOnly);
        }
        let shape = self.shape();
        let works = works(&shape, set)?;
        if works.is_empty() {
            return Ok(Changed::default());
        }
        // A loan that is not kept is closed, and the server undoes what was under way: that is
        // what happens on every error and when this future is dropped.
        let mut loan = self.links.borrow().await?;
        let done = self.transact(&mut loan.link, &works, keep).await;
        match done {
            Ok(changed) => {
                loan.keep();
                Ok(changed)
            }
            Err(error) => {
                // Closing would undo it too, a moment later; the caller may read at once.
                let _ = loan.link.control("ROLLBACK").await;
                Err(error)
            }
        }
    }

    async fn transact(&self, link: &mut Link, works: &[Work<'_>], keep: bool) -> Result<Changed> {
        let begin = if link.dialect() == Dialect::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        control(link, begin).await?;
        // Nearly always every row still holds what it was read with, and one statement says so by
        // changing them all. Else all of it begins again, and each row is looked at first.
        let mut total = Changed::default();
        if !self.change_all(link, works, &mut total).await? {
            control(link, "ROLLBACK").await?;
            control(link, begin).await?;
            total = Changed::default();
            for work in works {
                self.work(link, work, &mut total).await?;
            }
        }
        if keep {
            model::crash::site("connect.change.before_commit");
            control(link, "COMMIT").await?;
            model::crash::site("connect.change.committed");
        } else {
            if link.dialect() == Dialect::Postgres {
                control(link, "SET CONSTRAINTS ALL IMMEDIATE").await?;
            }
            control(link, "ROLLBACK").await?;
        }
        Ok(total)
    }

    /// Changes rows without a look at each before; `false` if one of them was not as it was read.
    async fn change_all(
        &self,
        link: &mut Link,
        works: &[Work<'_>],
        total: &mut Changed,
    ) -> Result<bool> {
        let dialect = link.dialect();
        for work in works {
            match work {
                Work::Update { shape, columns, helper } if shape.key_kind == KeyKind::Firm => {
                    let at = At { table: Some(shape), action: "change" };
                    let updated =
                        link.run(update(dialect, shape, columns, helper), &self.limits, at).await?;
                    if updated != helper.rows.len() as u64 {
                        return Ok(false);
                    }
                    total.updated += updated;
                }
                Work::Update { .. } | Work::Delete { .. } => {
                    self.work(link, work, total).await?;
                }
            }
        }
        Ok(true)
    }

    async fn work(&self, link: &mut Link, work: &Work<'_>, total: &mut Changed) -> Result<()> {
        let dialect = link.dialect();
        match work {
            Work::Update { shape, columns, helper } => {
                let at = At { table: Some(shape), action: "change" };
                let asked = helper.rows.len() as u64;
                // INVARIANT: the rows are locked here, so what is counted is what is changed.
                let (mut held, mut same, mut other) = (0, 0, 0);
                link.stream(
                    survey(dialect, shape, columns, helper),
                    &[Kind::Int; 3],
                    at,
                    |cells| {
                        if let [Value::Int(a), Value::Int(b), Value::Int(c)] = cells.as_slice() {
                            let figure = |number: &i64| u64::try_from(*number).unwrap_or(0);
                            (held, same, other) = (figure(a), figure(b), figure(c));
                        }
                        Ok(std::time::Duration::ZERO)
                    },
                )
                .await?;
                let changed = |rows| Error::Changed { table: shape.table.name.clone(), rows };
                let missing = asked.saturating_sub(held);
                if other > 0 {
                    return Err(changed(other));
                }
                if missing > 0 && shape.key_kind == KeyKind::Fleeting {
                    return Err(changed(missing));
                }
                if held > same {
                    let updated =
                        link.run(update(dialect, shape, columns, helper), &self.limits, at).await?;
                    if updated != held - same {
                        return Err(changed((held - same).abs_diff(updated)));
                    }
                    total.updated += updated;
                }
                total.already += same + missing;
            }
            Work::Delete { shape, helper } => {
                let at = At { table: Some(shape), action: "change" };
                let asked = helper.rows.len() as u64;
                let deleted = link.run(delete(dialect, shape, helper), &self.limits, at).await?;
                let missing = asked.saturating_sub(deleted);
                if missing > 0 && shape.key_kind == KeyKind::Fleeting {
                    return Err(Error::Changed { table: shape.table.name.clone(), rows: missing });
                }
                total.deleted += deleted;
                total.already += missing;
            }
        }
        Ok(())
    }
}

async fn control(link: &mut Link, sql: &'static str) -> Result<()> {
    let at = At { table: None, action: "change" };
    link.control(sql).await.map_err(|error| failure(&error, at))
}

/// Checks everything before anything is sent.
fn works<'a>(shape: &'a Shape, set: &ChangeSet) -> Result<Vec<Work<'a>>> {
    let mut works = Vec::new();
    for change in &set.changes {
        match change {
            Change::Update { table, columns, rows } => {
                let table = shape.table(table)?;
                expr::must_be_changeable(table)?;
                let columns: Vec<&ColumnShape> =
                    columns.iter().map(|name| table.column(name)).collect::<Result<_>>()?;
                for column in &columns {
                    expr::must_be_writable(table, column)?;
                }
                if !columns.is_empty() {
                    updates(shape.dialect, table, &columns, rows, &mut works)?;
                }
            }
            Change::Delete { table, keys } => {
                let table = shape.table(table)?;
                expr::must_be_changeable(table)?;
                let keys: BTreeSet<&RowKey> = keys.iter().collect();
                let keys: Vec<RowKey> = keys.into_iter().cloned().collect();
                let (most, _) = largest(shape.dialect);
                for keys in keys.chunks(most) {
                    let helper = Helper::of_keys(table, keys, shape.dialect)?;
                    works.push(Work::Delete { shape: table, helper });
                }
            }
        }
    }
    Ok(works)
}

fn updates<'a>(
    dialect: Dialect,
    shape: &'a TableShape,
    columns: &[&'a ColumnShape],
    rows: &[RowChange],
    works: &mut Vec<Work<'a>>,
) -> Result<()> {
    let (most, most_bytes) = largest(dialect);
    let width = shape.key.len() + 2 * columns.len();
    let most =
        if dialect == Dialect::Postgres { most } else { most.min(30_000 / width.max(1)).max(1) };
    let key = shape.key.iter().enumerate();
    let mut heads: Vec<HelperColumn<'a>> =
        key.map(|(index, column)| HelperColumn { letter: "k", index, column }).collect();
    for letter in ["o", "n"] {
        let set = columns.iter().enumerate();
        heads.extend(set.map(|(index, column)| HelperColumn { letter, index, column }));
    }
    let (mut helper, mut bytes, mut keys) = (Vec::new(), 0, BTreeSet::new());
    let mut close = |rows: &mut Vec<Vec<Param>>| {
        if !rows.is_empty() {
            let helper = Helper { columns: heads.clone(), rows: std::mem::take(rows) };
            works.push(Work::Update { shape, columns: columns.to_vec(), helper });
        }
    };
    for row in rows {
        if row.set.len() != columns.len() {
            return Err(shape.constraint("a row names another number of values than of columns"));
        }
        // A row that is named twice is changed twice, one after the other.
        if helper.len() >= most || bytes >= most_bytes || keys.contains(&row.key) {
            close(&mut helper);
            bytes = 0;
            keys.clear();
        }
        keys.insert(row.key.clone());
        let mut params = expr::key_params(shape, &row.key, dialect)?;
        for (column, field) in columns.iter().zip(&row.set) {
            params.push(expr::must_fit(shape, column, &field.from, dialect)?);
        }
        for (column, field) in columns.iter().zip(&row.set) {
            if dialect == Dialect::MySql
                && column.kind == Kind::Text
                && matches!(field.to, Value::Bytes(_))
            {
                return Err(
                    shape.constraint(format!("`{}` takes text, not bytes", column.name.as_str()))
                );
            }
            params.push(expr::must_fit(shape, column, &field.to, dialect)?);
        }
        bytes += row
            .set
            .iter()
            .flat_map(|field| [&field.from, &field.to])
            .map(|value| value.as_bytes().map_or(8, <[u8]>::len))
            .sum::<usize>();
        helper.push(params);
    }
    close(&mut helper);
    Ok(())
}

/// Every column holds its new value.
fn all_new(st: &mut Statement, columns: &[&ColumnShape]) {
    st.word("(");
    for (index, column) in columns.iter().enumerate() {
        st.between(index, " AND ");
        expr::already(st, column, index);
    }
    st.word(")");
}

/// Every column holds what it was read with, or its new value.
fn all_known(st: &mut Statement, columns: &[&ColumnShape]) {
    st.word("(");
    for (index, column) in columns.iter().enumerate() {
        st.between(index, " AND ").word("(");
        expr::same(st, column, "u.o", index);
        st.word(" OR ");
        expr::already(st, column, index);
        st.word(")");
    }
    st.word(")");
}

/// Locks the rows and counts: those there are, those that are as wanted, those with other content.
fn survey(
    dialect: Dialect,
    shape: &TableShape,
    columns: &[&ColumnShape],
    helper: &Helper<'_>,
) -> Statement {
    let mut st = Statement::new(dialect);
    helper.ahead(&mut st);
    match dialect {
        Dialect::Postgres => {
            st.word("SELECT count(*), count(*) FILTER (WHERE x.same), count(*) FILTER (WHERE NOT x.known) FROM (SELECT ");
            all_new(&mut st, columns);
            st.word(" AS same, ");
            all_known(&mut st, columns);
            st.word(" AS known FROM ");
        }
        Dialect::MySql => {
            st.word("SELECT CAST(COUNT(*) AS CHAR), CAST(COALESCE(SUM(");
            all_new(&mut st, columns);
            st.word("), 0) AS CHAR), CAST(COALESCE(SUM(NOT ");
            all_known(&mut st, columns);
            st.word("), 0) AS CHAR) FROM ");
        }
        Dialect::Sqlite => {
            st.word("SELECT count(*), coalesce(sum(");
            all_new(&mut st, columns);
            st.word("), 0), coalesce(sum(NOT ");
            all_known(&mut st, columns);
            st.word("), 0) FROM ");
        }
    }
    joined(&mut st, shape, helper);
    match dialect {
        Dialect::Postgres => {
            st.word(" FOR UPDATE OF t) AS x");
        }
        Dialect::MySql => {
            st.word(" FOR UPDATE");
        }
        Dialect::Sqlite => {}
    }
    st
}

/// `u, t WHERE key`.
pub(super) fn joined(st: &mut Statement, shape: &TableShape, helper: &Helper<'_>) {
    helper.among(st);
    st.word(match st.dialect() {
        Dialect::Sqlite => " CROSS JOIN ",
        Dialect::MySql => " STRAIGHT_JOIN ",
        Dialect::Postgres => ", ",
    });
    expr::from(st, shape);
    expr::by_its_key(st, shape);
    st.word(" WHERE ");
    expr::key_matches(st, shape);
}

fn update(
    dialect: Dialect,
    shape: &TableShape,
    columns: &[&ColumnShape],
    helper: &Helper<'_>,
) -> Statement {
    let mut st = Statement::new(dialect);
    helper.ahead(&mut st);
    st.word("UPDATE ");
    if dialect == Dialect::MySql {
        helper.among(&mut st);
        st.word(" STRAIGHT_JOIN ");
    }
    expr::from(&mut st, shape);
    st.word(" SET ");
    for (index, column) in columns.iter().enumerate() {
        st.between(index, ", ");
        if dialect == Dialect::MySql {
            st.column(&column.name);
        } else {
            st.name(&column.name);
        }
        st.word(" = ");
        expr::set(&mut st, column, index);
    }
    // `ON UPDATE CURRENT_TIMESTAMP`: an erasure is no news about the row.
    let itself = shape.columns.iter().filter(|column| {
        column.updates_itself && !columns.iter().any(|set| set.name == column.name)
    });
    for column in itself {
        st.word(", ").column(&column.name).word(" = ").column(&column.name);
    }
    if dialect != Dialect::MySql {
        st.word(" FROM ");
        helper.among(&mut st);
    }
    st.word(" WHERE ");
    expr::key_matches(&mut st, shape);
    st.word(" AND ");
    all_known(&mut st, columns);
    st.word(" AND NOT ");
    all_new(&mut st, columns);
    st
}

pub(super) fn delete(dialect: Dialect, shape: &TableShape, helper: &Helper<'_>) -> Statement {
    let mut st = Statement::new(dialect);
    helper.ahead(&mut st);
    match dialect {
        Dialect::Postgres => {
            st.word("DELETE FROM ");
            expr::from(&mut st, shape);
            st.word(" USING ");
            helper.among(&mut st);
            st.word(" WHERE ");
            expr::key_matches(&mut st, shape);
        }
        Dialect::MySql => {
            st.word("DELETE t FROM ");
            joined(&mut st, shape, helper);
        }
        Dialect::Sqlite => {
            let row_number: Vec<_> = shape.rowid.iter().collect();
            let key: Vec<_> = shape.key.iter().map(|column| &column.name).collect();
            let names = if row_number.is_empty() { key } else { row_number };
            st.word("DELETE FROM ").name(&shape.name).word(" WHERE (");
            for (index, name) in names.iter().enumerate() {
                st.between(index, ", ").name(name);
            }
            st.word(") IN (SELECT ");
            for (index, name) in names.iter().enumerate() {
                st.between(index, ", ").column(name);
            }
            st.word(" FROM ");
            joined(&mut st, shape, helper);
            st.word(")");
        }
    }
    st
}
