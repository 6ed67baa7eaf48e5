//! Deleting by age, one bounded batch at a time, each in one transaction.
//!
//! Where nothing depends on the rows, a batch is one statement that chooses, locks and deletes.
//! Else the batch is chosen and locked first ([`super::batch`]), its dependents are locked level by
//! level, everything is looked at once more, and then the deepest go first. Rows that somebody else
//! has locked are passed over: a purge never waits for a writer, and a writer waits at most for one
//! batch.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use model::{Micros, TableName};

use super::Sql;
use super::batch;
use super::due;
use super::except::knows_json;
use super::expr;
use super::failure::{At, failure};
use super::link::Link;
use super::moment::{self, Tells};
use super::shape::{Shape, TableShape};
use super::statement::{Dialect, Statement};
use crate::{Dependent, Due, Error, Limits, Old, Purge, Purged, Result};

impl Sql {
    pub(super) async fn purge_due(&self, purge: &Purge, limit: u32) -> Result<Purged> {
        if self.limits.read_only {
            return Err(Error::ReadOnly);
        }
        let shape = self.shape();
        let table = shape.table(&purge.due.table)?;
        expr::must_be_changeable(table)?;
        must_all_be_changeable(&shape, &purge.due.dependents)?;
        must_agree(table, purge)?;
        if limit == 0 {
            return Ok(Purged::default());
        }
        // As for a change: what is not kept is closed, and the server undoes it.
        let mut loan = self.links.borrow().await?;
        let due = &purge.due;
        let task = Task { limits: &self.limits, shape: &shape, table, due, ways: &self.ways };
        match task.run(&mut loan.link, limit.into()).await {
            Ok(purged) => {
                loan.keep();
                Ok(purged)
            }
            Err(error) => {
                let _ = loan.link.control("ROLLBACK").await;
                Err(error)
            }
        }
    }
}

/// INVARIANT: what is younger than `not_after` allows is not purged, whatever is asked.
fn must_agree(table: &TableShape, purge: &Purge) -> Result<()> {
    let asked = match &purge.due.old {
        Old::Column { before, .. } | Old::File { before } => Some(*before),
        Old::OneOf { .. } => None,
    };
    let beyond = |asked: Micros, last: Micros| asked > last;
    match (asked, purge.not_after) {
        (Some(asked), Some(last)) if beyond(asked, last) => {
            Err(table.constraint("rows younger than the youngest that may go were asked for"))
        }
        _ => Ok(()),
    }
}

fn must_all_be_changeable(shape: &Shape, dependents: &[Dependent]) -> Result<()> {
    dependents.iter().try_for_each(|dependent| {
        expr::must_be_changeable(shape.table(&dependent.refers.table)?)?;
        must_all_be_changeable(shape, &dependent.dependents)
    })
}

/// One batch.
pub(super) struct Task<'a> {
    pub(super) limits: &'a Limits,
    pub(super) shape: &'a Shape,
    pub(super) table: &'a TableShape,
    pub(super) due: &'a Due,
    pub(super) ways: &'a Ways,
}

/// What was learnt of each table and column of an age, until the catalogue is read again.
pub(super) type Ways = Mutex<BTreeMap<(TableName, String), Way>>;

impl Task<'_> {
    async fn run(&self, link: &mut Link, limit: u64) -> Result<Purged> {
        let simple = self.due.dependents.is_empty();
        match self.shape.dialect {
            Dialect::MySql => {
                let alone = simple
                    && self.due.except.is_empty()
                    && self.due.unless_referred.is_empty()
                    && self.shape.product == model::Product::MariaDb;
                if alone {
                    match self.in_statements(link, limit).await {
                        // Somebody has locked one of the rows: choose among the others.
                        Err(Error::Busy(_)) if knows_json(self.shape) => {
                            control(link, "ROLLBACK").await?;
                        }
                        told => return told,
                    }
                }
                batch::run(self, link, limit).await
            }
            Dialect::Postgres if simple && !self.is_tree() && !due::is_guarded(self.due) => {
                self.unlocked_first(link, limit).await
            }
            _ if simple => self.in_statements(link, limit).await,
            _ => batch::run(self, link, limit).await,
        }
    }

    /// PostgreSQL writes every row twice that is locked before it is deleted. Where nobody else is at
    /// the rows, they are deleted as they are chosen, each looked at once more as it is by then;
    /// where somebody is, that fails after a moment, and the next batches choose among the others.
    async fn unlocked_first(&self, link: &mut Link, limit: u64) -> Result<Purged> {
        let mut way = Way::of(link, self).await?;
        if !way.alone || way.crowded > 0 {
            way.crowded = way.crowded.saturating_sub(1);
            self.remember(way)?;
            return self.in_statements(link, limit).await;
        }
        control(link, HASTY).await?;
        let at = At { table: Some(self.table), action: "change" };
        match link.run(self.delete_unlocked(way, limit)?, self.limits, at).await {
            Ok(rows) => {
                model::crash::site("connect.purge.before_commit");
                control(link, "COMMIT").await?;
                model::crash::site("connect.purge.committed");
                Ok(Purged { rows, dependents: Vec::new(), done: rows < limit })
            }
            Err(Error::Busy(_)) => {
                control(link, "ROLLBACK").await?;
                way.crowded = CROWDED;
                self.remember(way)?;
                self.in_statements(link, limit).await
            }
            Err(error) => Err(error),
        }
    }

    fn delete_unlocked(&self, way: Way, limit: u64) -> Result<Statement> {
        let mut st = Statement::new(self.shape.dialect);
        st.word("DELETE FROM ONLY ");
        expr::from(&mut st, self.table);
        st.word(" WHERE t.ctid = ANY (ARRAY (SELECT t.ctid FROM ONLY ");
        self.choose_unlocked(&mut st, way, limit)?;
        // INVARIANT: a row that was changed in between is judged by what it is now. The address alone
        // would not do: not every version of the server compares it again.
        st.word(")) AND (");
        due::condition(&mut st, self.shape, self.due)?;
        st.word(")");
        Ok(st)
    }

    /// The table and the column of its age, where an index on it could serve.
    fn place(&self) -> Result<(TableName, String)> {
        let mut column = "";
        if let Old::Column { column: aged, .. } = &self.due.old {
            let tells = moment::told_by(self.shape.dialect, self.table, self.table.column(aged)?)?;
            if matches!(tells, Tells::Zoned | Tells::Plain | Tells::Day) {
                column = aged;
            }
        }
        Ok((self.table.table.name.clone(), column.to_owned()))
    }

    fn remember(&self, way: Way) -> Result<()> {
        let place = self.place()?;
        self.ways.lock().unwrap_or_else(PoisonError::into_inner).insert(place, way);
        Ok(())
    }

    /// Whether rows of this table keep other rows of it: then leaves go first, and their parents
    /// become leaves.
    pub(super) fn is_tree(&self) -> bool {
        self.due.unless_referred.iter().any(|referrer| referrer.table == self.due.table)
    }

    async fn in_statements(&self, link: &mut Link, limit: u64) -> Result<Purged> {
        let at = At { table: Some(self.table), action: "change" };
        let way = Way::of(link, self).await?;
        let tree = self.is_tree();
        if tree {
            begin(link).await?;
        } else if link.dialect() == Dialect::MySql && !way.indexed {
            // Along an index the gaps that are locked lie between old rows, and the isolation that
            // locks none costs InnoDB twice the time; without an index they lie everywhere.
            control(link, LOOSE).await?;
        }
        let mut rows = 0;
        loop {
            let statement = self.delete(way, limit - rows)?;
            let deleted = link.run(statement, self.limits, at).await?;
            rows += deleted;
            if deleted == 0 || rows >= limit || !tree {
                break;
            }
        }
        // A single statement is a transaction of its own.
        if tree {
            model::crash::site("connect.purge.before_commit");
            control(link, "COMMIT").await?;
        }
        model::crash::site("connect.purge.committed");
        Ok(Purged { rows, dependents: Vec::new(), done: rows < limit })
    }

    fn delete(&self, way: Way, limit: u64) -> Result<Statement> {
        let table = self.table;
        let mut st = Statement::new(self.shape.dialect);
        match self.shape.dialect {
            Dialect::MySql => {
                // Rows of somebody else's are not waited for.
                st.word("SET STATEMENT innodb_lock_wait_timeout = 0 FOR DELETE FROM ");
                expr::table(&mut st, table);
                st.without_alias(&table.name).word(" WHERE ");
                due::condition(&mut st, self.shape, self.due)?;
                self.oldest_first(&mut st, way)?;
                st.word(" LIMIT ").number(limit);
            }
            Dialect::Postgres if way.alone => {
                // INVARIANT: `ONLY`, since an address is an address in one table.
                st.word("DELETE FROM ONLY ");
                expr::from(&mut st, table);
                st.word(" WHERE t.ctid = ANY (ARRAY (SELECT t.ctid FROM ONLY ");
                self.choose(&mut st, way, limit)?;
                st.word("))");
            }
            Dialect::Postgres => {
                st.word("DELETE FROM ");
                expr::from(&mut st, table);
                st.word(" USING (SELECT t.tableoid AS o, t.ctid AS c FROM ");
                self.choose(&mut st, way, limit)?;
                st.word(") AS x WHERE t.ctid = x.c AND t.tableoid = x.o");
            }
            Dialect::Sqlite => {
                let row_number: Vec<_> = table.rowid.iter().collect();
                let key: Vec<_> = table.key.iter().map(|column| &column.name).collect();
                let names = if row_number.is_empty() { key } else { row_number };
                st.word("DELETE FROM ").name(&table.name).word(" WHERE (");
                for (index, name) in names.iter().enumerate() {
                    st.between(index, ", ").name(name);
                }
                st.word(") IN (SELECT ");
                for (index, name) in names.iter().enumerate() {
                    st.between(index, ", ").column(name);
                }
                st.word(" FROM ");
                self.choose(&mut st, way, limit)?;
                st.word(")");
            }
        }
        Ok(st)
    }

    /// `t WHERE it is due … LIMIT`, locked where the product locks rows.
    pub(super) fn choose(&self, st: &mut Statement, way: Way, limit: u64) -> Result<()> {
        self.choose_unlocked(st, way, limit)?;
        lock(st, self.shape);
        Ok(())
    }

    fn choose_unlocked(&self, st: &mut Statement, way: Way, limit: u64) -> Result<()> {
        expr::from(st, self.table);
        st.word(" WHERE ");
        due::condition(st, self.shape, self.due)?;
        self.oldest_first(st, way)?;
        st.word(" LIMIT ").number(limit);
        Ok(())
    }

    /// In the order of the index, so that the server walks it rather than the whole table.
    pub(super) fn oldest_first(&self, st: &mut Statement, way: Way) -> Result<()> {
        if let (true, Old::Column { column, .. }) = (way.indexed, &self.due.old) {
            st.word(" ORDER BY ").column(&self.table.column(column)?.name);
        }
        Ok(())
    }
}

/// ` FOR UPDATE`, passing over what is locked.
pub(super) fn lock(st: &mut Statement, shape: &Shape) {
    match shape.dialect {
        Dialect::Postgres => {
            st.word(" FOR UPDATE OF t SKIP LOCKED");
        }
        Dialect::MySql if knows_json(shape) => {
            st.word(" FOR UPDATE SKIP LOCKED");
        }
        Dialect::MySql => {
            st.word(" FOR UPDATE");
        }
        Dialect::Sqlite => {}
    }
}

/// Somebody else's rows are waited for no longer than a glance.
const HASTY: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 20";
/// So many batches choose among rows that nobody has locked, once somebody was in the way.
const CROWDED: u8 = 16;

const LOOSE: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Begins the transaction of a batch. MySQL's default isolation would lock the gaps between rows,
/// and so writers of rows that are none of our business.
pub(super) async fn begin(link: &mut Link) -> Result<()> {
    match link.dialect() {
        Dialect::Postgres => control(link, "BEGIN ISOLATION LEVEL READ COMMITTED").await,
        Dialect::MySql => {
            control(link, LOOSE).await?;
            control(link, "BEGIN").await
        }
        Dialect::Sqlite => control(link, "BEGIN IMMEDIATE").await,
    }
}

pub(super) async fn control(link: &mut Link, sql: &'static str) -> Result<()> {
    let at = At { table: None, action: "change" };
    link.control(sql).await.map_err(|error| failure(&error, at))
}

/// What the server knows of the table that makes one statement better than another.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Way {
    /// An index begins with the column of the age, in its own order.
    pub(super) indexed: bool,
    /// PostgreSQL: a table without partitions or heirs.
    alone: bool,
    /// So many batches are still to be chosen among rows that nobody has locked.
    crowded: u8,
}

const PG_WAY: &str = "SELECT (c.relkind = 'r' AND NOT c.relhassubclass)::text, EXISTS (SELECT FROM pg_index i \
    JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am m ON m.oid = ic.relam AND m.amname = 'btree' \
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND a.attname = $3)::text \
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";
const MYSQL_WAY: &str = "SELECT 'true', CASE WHEN COUNT(*) > 0 THEN 'true' ELSE 'false' END FROM information_schema.STATISTICS \
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = ? AND SEQ_IN_INDEX = 1 AND INDEX_TYPE = 'BTREE'";

impl Way {
    pub(super) async fn of(link: &mut Link, task: &Task<'_>) -> Result<Self> {
        let place = task.place()?;
        let (name, column) = (&place.0, place.1.as_str());
        let known = || task.ways.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = known().get(&place) {
            return Ok(*way);
        }
        let told = match task.shape.dialect {
            Dialect::Postgres => link.ask(PG_WAY, &[&name.schema, &name.table, column]).await?,
            Dialect::MySql if column.is_empty() => return Ok(Self::default()),
            Dialect::MySql => link.ask(MYSQL_WAY, &[&name.table, column]).await?,
            Dialect::Sqlite => return Ok(Self::default()),
        };
        let mut cells = told.into_iter().flatten().map(|cell| cell.as_deref() == Some("true"));
        let (alone, indexed) = (cells.next().unwrap_or(false), cells.next().unwrap_or(false));
        let way = Self { indexed, alone, crowded: 0 };
        known().insert(place, way);
        Ok(way)
    }
}
