//! What a connector does, and the words in which it is told.

use async_trait::async_trait;
use model::{Catalogue, Grants, Row, RowKey, Table, TableName, Value};

use crate::Result;

/// How the engine reaches one system.
#[async_trait]
pub trait Connector: Send + Sync {
    /// The shape of the system, read afresh. Also what every later identifier is checked against.
    async fn catalogue(&self) -> Result<Catalogue>;

    /// What the account may do. `writes` names the tables that the work will change.
    async fn grants(&self, writes: &[TableName]) -> Result<Grants>;

    /// The columns by which this connector tells rows of `table` apart: the primary key; without
    /// one a unique key over NOT NULL columns, the product's physical row address, or, where there
    /// is none, every column. Empty for a view, whose rows are read and never changed.
    ///
    /// PostgreSQL's address of a row without a key (`ctid`, `xmin`) names one version of it: when
    /// anybody changes the row, its key changes. A change or deletion that no longer finds such a
    /// row, or one told apart by every column, ends in [`crate::Error::Changed`]: it may be gone or
    /// it may read otherwise.
    fn row_key(&self, table: &Table) -> Vec<String>;

    /// The rows that match, each once, streamed into `sink`. About ten thousand values may be asked
    /// for at once; the connector sorts them and splits them into statements of a size that it
    /// likes. Within a statement rows arrive in key order, and the whole order is the same for the
    /// same data; rows without a key arrive as the database gives them.
    async fn find(&self, lookup: &Lookup, sink: &mut dyn Sink) -> Result<()>;

    /// Every row of a table, streamed in batches, without holding a lock or one long snapshot.
    async fn scan(&self, scan: &Scan, sink: &mut dyn Sink) -> Result<()>;

    /// How many rows match.
    async fn count(&self, lookup: &Lookup) -> Result<u64>;

    /// Applies the whole set in one transaction, or nothing of it.
    async fn change(&self, set: &ChangeSet) -> Result<Changed>;

    /// Tries the whole set against the real constraints and rolls it back, so that a NOT NULL,
    /// unique, length or reference violation is known before the first real change. Two rules show
    /// only at the real commit: SQLite's deferred references and PostgreSQL's serialisation.
    async fn rehearse(&self, set: &ChangeSet) -> Result<Changed>;

    /// Closes the connection. Dropping does the same less politely.
    async fn close(&self);
}

/// Takes rows as they arrive. Returning an error stops the stream.
pub trait Sink: Send {
    /// One batch of rows, in the order read.
    fn rows(&mut self, batch: Batch) -> Result<()>;
}

impl<F: FnMut(Batch) -> Result<()> + Send> Sink for F {
    fn rows(&mut self, batch: Batch) -> Result<()> {
        self(batch)
    }
}

/// Rows that arrive together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch(pub Vec<Row>);

/// Rows of one table by the value of a column, or by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The table.
    pub table: TableName,
    /// What must match.
    pub by: Match,
    /// Further columns that must hold exactly these values (`objecttype = 'RT::User'`).
    pub when: Vec<Condition>,
    /// The columns to return, in this order.
    pub columns: Vec<String>,
}

/// What a lookup matches on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// The column equals any of these values, compared as `fold` says. A number is found in a text
    /// column and a number's text in an integer column.
    Column {
        /// The column.
        column: String,
        /// The values; more than one statement is used when there are many.
        any_of: Vec<Value>,
        /// How they are compared.
        fold: Fold,
    },
    /// Any of these rows, by key.
    Keys(Vec<RowKey>),
    /// Every row (that meets `when`).
    All,
}

/// How a lookup compares text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// To the byte, where the column's collation tells bytes apart; on a loose one: candidates.
    Exact,
    /// Without regard to letter case, as well as the database can: candidates.
    Case,
    /// By the last seven digits, whatever stands between them: candidates for phone numbers.
    Digits,
}

/// A column that must hold one of these exact values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// The values, any of which will do.
    pub any_of: Vec<Value>,
}

/// A pass over a whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The table.
    pub table: TableName,
    /// The columns to return, in this order.
    pub columns: Vec<String>,
    /// At most so many rows, spread over the table (for samples); `None` is all.
    pub sample: Option<u32>,
}

/// Changes that belong together: one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    /// In the order in which they must be made.
    pub changes: Vec<Change>,
}

/// Changes to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets columns of rows. Every row of one `Update` sets the same columns.
    Update {
        /// The table.
        table: TableName,
        /// The columns set, in the order of [`RowChange::set`].
        columns: Vec<String>,
        /// The rows.
        rows: Vec<RowChange>,
    },
    /// Deletes rows. A row that is gone already counts as done.
    Delete {
        /// The table.
        table: TableName,
        /// The rows.
        keys: Vec<RowKey>,
    },
}

/// New values for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Which row.
    pub key: RowKey,
    /// One for each of the update's columns.
    pub set: Vec<SetTo>,
}

/// A field's old and new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetTo {
    /// What the field held when it was read. If it holds something else now, and not the new value
    /// either, the whole set is undone with [`crate::Error::Changed`].
    pub from: Value,
    /// What it shall hold.
    pub to: Value,
}

/// What a change did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changed {
    /// Rows updated now.
    pub updated: u64,
    /// Rows deleted now.
    pub deleted: u64,
    /// Rows that were already as wanted, or gone already.
    pub already: u64,
}

/// Bounds that keep a client's database safe from us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A statement that runs longer is stopped by the server, in milliseconds.
    pub statement_ms: u64,
    /// A statement that waits longer for a lock is stopped by the server, in milliseconds.
    pub lock_ms: u64,
    /// At most so many rows read a second; `None` is as fast as it goes.
    pub rows_per_second: Option<u32>,
    /// Refuse every change, in the connector and, where it can, in the server's session too.
    pub read_only: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { statement_ms: 120_000, lock_ms: 5_000, rows_per_second: None, read_only: false }
    }
}
