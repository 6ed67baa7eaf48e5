//! How long a look-up takes, measured and not guessed: as things are, along the table's own key, and
//! with an index that is built for the question and undone with it.

use std::time::Duration;

use tokio::time::Instant;

use super::failure::{At, failure};
use super::find;
use super::probe;
use super::shape::{KeyKind, Shape, TableShape};
use super::statement::Dialect;
use super::{Sql, link::Link};
use crate::{Error, Fold, How, Probe, Result, Timed, Timing};

/// How often a look-up is timed, and for how long at most.
const RUNS: u32 = 5;
const ENOUGH: Duration = Duration::from_secs(5);

const INDEX_SIZE: &str = "SELECT pg_indexes_size(c.oid)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = $1 AND c.relname = $2";

impl Sql {
    pub(super) async fn timed(&self, probe: &Probe, timing: Timing) -> Result<Timed> {
        let shape = self.shape();
        let table = shape.table(&probe.table)?;
        match timing {
            Timing::Now => self.now(&shape, table, probe).await,
            Timing::ByKey => {
                let key = table.key.first().filter(|_| table.key_kind == KeyKind::Firm);
                let key = key.ok_or(Error::NotOffered { what: "look rows up by a key" })?;
                let lookup = probe::lookup(table, key, Fold::Exact);
                let mut loan = self.links.borrow().await?;
                let timed = repeat(&mut loan.link, &shape, table, &lookup).await?;
                loan.keep();
                Ok(timed)
            }
            Timing::Trial => self.tried(&shape, table, probe).await,
        }
    }

    async fn now(&self, shape: &Shape, table: &TableShape, probe: &Probe) -> Result<Timed> {
        let column = table.column(&probe.column)?;
        match probe.how {
            How::Value(fold) => {
                let lookup = probe::lookup(table, column, fold);
                let mut loan = self.links.borrow().await?;
                let timed = repeat(&mut loan.link, shape, table, &lookup).await?;
                loan.keep();
                Ok(timed)
            }
            How::Age => {
                let due = probe::due(table, column);
                let mut times = Vec::new();
                while more(&times) {
                    let begun = Instant::now();
                    self.count_due(&due, 1_000).await?;
                    times.push(begun.elapsed());
                }
                Ok(middle(times))
            }
        }
    }

    /// Builds the index in a transaction, times the look-up along it, and undoes everything.
    async fn tried(&self, shape: &Shape, table: &TableShape, probe: &Probe) -> Result<Timed> {
        if self.limits.read_only {
            return Err(Error::ReadOnly);
        }
        let How::Value(fold) = probe.how else {
            return Err(Error::NotOffered { what: "try an index on a moment" });
        };
        if shape.dialect != Dialect::Postgres {
            return Err(Error::NotOffered { what: "undo an index: only PostgreSQL can" });
        }
        let column = table.column(&probe.column)?;
        let lookup = probe::lookup(table, column, fold);
        // A loan that is not kept is closed, and the server undoes it.
        let mut loan = self.links.borrow().await?;
        let link = &mut loan.link;
        let indexes = probe::indexes(link, shape, probe, false).await?;
        let at = At { table: Some(table), action: "change" };
        let name = &table.table.name;
        let told = |error: sqlx::Error| failure(&error, at);
        link.control("BEGIN").await.map_err(told)?;
        link.control("SET LOCAL lock_timeout = '2s'").await.map_err(told)?;
        let size = |rows: Vec<Vec<Option<String>>>| -> u64 {
            let cell = rows.into_iter().flatten().next().flatten();
            cell.and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        let before = size(link.ask(INDEX_SIZE, &[&name.schema, &name.table]).await?);
        let begun = Instant::now();
        for statement in indexes {
            link.command(statement, at).await?;
        }
        let built_in = begun.elapsed();
        let after = size(link.ask(INDEX_SIZE, &[&name.schema, &name.table]).await?);
        let timed = repeat(link, shape, table, &lookup).await?;
        link.control("ROLLBACK").await.map_err(told)?;
        loan.keep();
        Ok(Timed { built_in: Some(built_in), bytes: Some(after.saturating_sub(before)), ..timed })
    }
}

fn more(times: &[Duration]) -> bool {
    let spent: Duration = times.iter().sum();
    times.is_empty() || (times.len() < RUNS as usize && spent < ENOUGH)
}

async fn repeat(
    link: &mut Link,
    shape: &Shape,
    table: &TableShape,
    lookup: &crate::Lookup,
) -> Result<Timed> {
    let at = At { table: Some(table), action: "read" };
    let mut times = Vec::new();
    while more(&times) {
        let statement = find::counting(shape, lookup, "")?;
        let begun = Instant::now();
        link.figure(statement, at).await?;
        times.push(begun.elapsed());
    }
    Ok(middle(times))
}

fn middle(mut times: Vec<Duration>) -> Timed {
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    Timed { median, runs: u32::try_from(times.len()).unwrap_or(u32::MAX), ..Timed::default() }
}
