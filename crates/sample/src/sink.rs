//! From invented rows to a database: rows are gathered into blocks on one thread and written as
//! multi-row inserts on another, within one transaction.

use std::{fmt::Write as _, fs, path::Path};

use model::{RowKey, Value};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::mpsc;

use crate::{
    Progress,
    error::{Error, Result},
    places::{Mark, Marked},
};

/// Rows in one insert. Beyond a few dozen a longer statement gains nothing.
const ROWS: usize = 60;
/// Blocks under way between the two threads.
const UNDER_WAY: usize = 64;

/// A table as the generator knows it.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [&'static str],
}

/// A database to be made.
pub(crate) struct System {
    pub(crate) name: &'static str,
    pub(crate) schema: &'static str,
    pub(crate) indexes: &'static str,
    /// About how many rows it will have, for the progress display.
    pub(crate) expected: u64,
}

struct Block {
    table: &'static Table,
    cells: Vec<Value>,
    rows: usize,
}

/// The writing side went away; its own error says why.
#[derive(Debug)]
pub(crate) struct Gone;

/// Where a generator puts its rows.
pub(crate) struct Out {
    system: &'static str,
    sender: mpsc::Sender<Block>,
    open: Vec<Block>,
    pub(crate) marked: Marked,
}

impl Out {
    /// One row.
    pub(crate) fn row<const N: usize>(
        &mut self,
        table: &'static Table,
        cells: [Value; N],
    ) -> std::result::Result<(), Gone> {
        let place = match self.open.iter().position(|block| std::ptr::eq(block.table, table)) {
            Some(place) => place,
            None => {
                self.open.push(Block { table, cells: Vec::new(), rows: 0 });
                self.open.len() - 1
            }
        };
        if let Some(block) = self.open.get_mut(place) {
            block.cells.extend(cells);
            block.rows += 1;
            if block.rows == ROWS {
                let cells = Vec::with_capacity(block.cells.len());
                let full = std::mem::replace(block, Block { table, cells, rows: 0 });
                self.sender.blocking_send(full).map_err(|_| Gone)?;
            }
        }
        Ok(())
    }

    /// One row of the script, with what it is there for.
    pub(crate) fn marked_row<const N: usize>(
        &mut self,
        table: &'static Table,
        key: Vec<Value>,
        marks: &[Mark],
        cells: [Value; N],
    ) -> std::result::Result<(), Gone> {
        let key = RowKey(key);
        for mark in marks {
            self.marked.note(self.system, table.name, &key, mark);
        }
        self.row(table, cells)
    }

    fn finish(mut self) -> std::result::Result<Marked, Gone> {
        for block in self.open.drain(..).filter(|block| block.rows > 0) {
            self.sender.blocking_send(block).map_err(|_| Gone)?;
        }
        Ok(self.marked)
    }
}

/// How many rows a table received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCount {
    /// The system.
    pub system: &'static str,
    /// The table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// What came of one system.
pub(crate) struct Made {
    pub(crate) counts: Vec<TableCount>,
    pub(crate) marked: Marked,
    pub(crate) bytes: u64,
}

/// Makes one database in `folder`. It appears under its name only when it is whole.
pub(crate) async fn make<F>(
    folder: &Path,
    system: System,
    progress: &(dyn Fn(Progress) + Sync),
    generate: F,
) -> Result<Made>
where
    F: FnOnce(&mut Out) -> std::result::Result<(), Gone> + Send + 'static,
{
    let name = system.name;
    let failed = |reason| Error::Database { system: name, reason };
    let path = folder.join(format!("{name}.db"));
    let part = folder.join(format!("{name}.db.part"));
    if part.exists() {
        fs::remove_file(&part).map_err(|reason| Error::Disk { path: part.clone(), reason })?;
    }
    // A half-made file is thrown away, never repaired: no journal and no waiting for the disk.
    let mut connection = SqliteConnectOptions::new()
        .filename(&part)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false)
        .pragma("cache_size", "-65536")
        .connect()
        .await
        .map_err(failed)?;
    sqlx::raw_sql(system.schema).execute(&mut connection).await.map_err(failed)?;

    let (sender, receiver) = mpsc::channel(UNDER_WAY);
    let mut out = Out { system: name, sender, open: Vec::new(), marked: Marked::default() };
    let generator = tokio::task::spawn_blocking(move || {
        generate(&mut out)?;
        out.finish()
    });
    let counts = write(&mut connection, receiver, &system, progress).await.map_err(failed)?;
    let marked = match generator.await {
        Ok(Ok(marked)) => marked,
        Ok(Err(Gone)) => {
            return Err(Error::Broken { system: name, reason: "nobody took them".to_owned() });
        }
        Err(reason) => return Err(Error::Broken { system: name, reason: reason.to_string() }),
    };
    sqlx::raw_sql(system.indexes).execute(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    let bytes = fs::metadata(&part).map_or(0, |data| data.len());
    fs::rename(&part, &path).map_err(|reason| Error::Disk { path, reason })?;
    Ok(Made { counts, marked, bytes })
}

async fn write(
    connection: &mut SqliteConnection,
    mut receiver: mpsc::Receiver<Block>,
    system: &System,
    progress: &(dyn Fn(Progress) + Sync),
) -> std::result::Result<Vec<TableCount>, sqlx::Error> {
    let mut counts: Vec<TableCount> = Vec::new();
    let mut total = 0;
    let mut told = 0;
    let mut transaction = connection.begin().await?;
    while let Some(block) = receiver.recv().await {
        let (table, rows) = (block.table, block.rows as u64);
        // Identifiers and shape come from our own constants, values travel as parameters.
        let sql = AssertSqlSafe(insert(table, block.rows));
        let mut query = sqlx::query(sql).persistent(block.rows == ROWS);
        for cell in block.cells {
            query = match cell {
                Value::Null => query.bind(None::<String>),
                Value::Bool(truth) => query.bind(truth),
                Value::Int(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query.execute(&mut *transaction).await?;
        match counts.iter_mut().find(|count| count.table == table.name) {
            Some(count) => count.rows += rows,
            None => counts.push(TableCount { system: system.name, table: table.name, rows }),
        }
        total += rows;
        if total - told >= 5_000 {
            told = total;
            let expected = system.expected.max(total);
            progress(Progress { system: system.name, rows: total, expected });
        }
    }
    transaction.commit().await?;
    progress(Progress { system: system.name, rows: total, expected: total });
    counts.sort_by_key(|count| count.table);
    Ok(counts)
}

fn insert(table: &Table, rows: usize) -> String {
    let width = table.columns.len();
    let mut sql = String::with_capacity(80 + rows * (2 * width + 3));
    let _ = write!(sql, "INSERT INTO {} ({}) VALUES ", table.name, table.columns.join(", "));
    let one = format!("({})", vec!["?"; width].join(","));
    for row in 0..rows {
        if row > 0 {
            sql.push(',');
        }
        sql.push_str(&one);
    }
    sql
}
