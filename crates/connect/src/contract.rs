//! What a connector does, and the words in which it is told.

use async_trait::async_trait;
use model::{Catalogue, Micros, Row, RowKey, Table, TableName, Value};

use crate::page::Beyond;
use crate::{Error, Offer, Page, PageSink, Probe, Probed, Result, Rights, Timed, Timing, Use};

/// How the engine reaches one system.
#[async_trait]
pub trait Connector: Send + Sync {
    /// The shape of the system, read afresh. Also what every later identifier is checked against.
    async fn catalogue(&self) -> Result<Catalogue>;

    /// The shape as it was read last, at the latest when the system was opened: for whoever has just
    /// opened it, and would only read it twice.
    async fn latest_catalogue(&self) -> Result<Catalogue> {
        self.catalogue().await
    }

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

    /// The same rows as [`Self::scan`], for whoever reads their texts and keeps few of them: in
    /// pages, as they came off the wire. A value of more than 32 MiB may be left out; it is NULL
    /// there and [counted](Page::too_large).
    async fn sweep(&self, scan: &Scan, sink: &mut dyn PageSink) -> Result<()> {
        let mut pages = |batch: Batch| sink.page(Page::of_rows(&batch.0));
        self.scan(scan, &mut pages).await
    }

    /// Those rows of [`Self::sweep`] that lie beyond a number, where rows are told apart by one whole
    /// number ([`Self::row_key`]): what was added since the largest number was seen.
    async fn sweep_beyond(&self, scan: &Scan, number: i64, sink: &mut dyn PageSink) -> Result<()> {
        self.sweep(scan, &mut Beyond { number, sink }).await
    }

    /// How many rows match.
    async fn count(&self, lookup: &Lookup) -> Result<u64>;

    /// Applies the whole set in one transaction, or nothing of it.
    async fn change(&self, set: &ChangeSet) -> Result<Changed>;

    /// Adds all of these rows in one transaction, or none of them; how many there were. Values are in
    /// the form in which [`Self::scan`] reads them.
    async fn insert(&self, inserts: &[Insert]) -> Result<u64> {
        let _ = inserts;
        Err(Error::NotOffered { what: "take new rows" })
    }

    /// Tries the whole set against the real constraints and rolls it back, so that a NOT NULL,
    /// unique, length or reference violation is known before the first real change. Two rules show
    /// only at the real commit: SQLite's deferred references and PostgreSQL's serialisation.
    async fn rehearse(&self, set: &ChangeSet) -> Result<Changed>;

    /// How many rows are due by their age, and how old the oldest of them is. May stop counting at
    /// `at_most`.
    async fn due(&self, due: &Due, at_most: u64) -> Result<DueRows> {
        let _ = (due, at_most);
        Err(Error::NotOffered { what: "tell how old its rows are" })
    }

    /// How many rows of the kind that is asked for tell no moment in the column of their age, so that
    /// they are never due: NULL, unset, or nothing that can be read as one. May stop counting at
    /// `at_most`. Nothing where a row's age is told by something else than a column.
    async fn undated(&self, due: &Due, at_most: u64) -> Result<u64> {
        let _ = (due, at_most);
        Err(Error::NotOffered { what: "tell how old its rows are" })
    }

    /// The due rows in the order of their keys, at most `limit` of them, after the row with key
    /// `after` when given. For rows that are changed rather than deleted. Where rows have no firm
    /// key, a row that was changed may be met again; where they cannot be put in order, `after` is
    /// not offered.
    async fn list_due(
        &self,
        due: &Due,
        columns: &[String],
        after: Option<&RowKey>,
        limit: u32,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let _ = (due, columns, after, limit, sink);
        Err(Error::NotOffered { what: "tell how old its rows are" })
    }

    /// Deletes at most `limit` due rows and what depends on them, in one transaction. A row that
    /// somebody else has locked, or that has a locked dependent, is left for a later batch. Where
    /// only one can write at a time (SQLite), the batch is [`Error::Busy`] instead. Where rows are
    /// records of files, a file is written once: the batch ends with the file in which the limit is
    /// reached, and may be larger.
    async fn purge(&self, purge: &Purge, limit: u32) -> Result<Purged> {
        let _ = (purge, limit);
        Err(Error::NotOffered { what: "delete rows by their age" })
    }

    /// The most rows that a batch of [`Self::purge`] with this limit may delete, dependents not
    /// counted: what may be gone of it if this process dies before it is told.
    async fn batch_at_most(&self, purge: &Purge, limit: u32) -> Result<u64> {
        let _ = purge;
        Ok(limit.into())
    }

    /// The partitions of a table by ranges of one column, oldest first; empty where it is not
    /// partitioned so.
    async fn partitions(&self, table: &TableName, column: &str) -> Result<Vec<Partition>> {
        let _ = (table, column);
        Ok(Vec::new())
    }

    /// Drops a partition, if every row in it is due by the same measure as in [`Self::purge`] and
    /// there are no more than `at_most`: what may be gone of it if this process dies before it is
    /// told.
    async fn drop_partition(&self, due: &Due, partition: &str, at_most: u64) -> Result<Dropping> {
        let _ = (due, partition, at_most);
        Err(Error::NotOffered { what: "drop partitions" })
    }

    /// Which accounts may read or change which tables and columns, whoever gave them the right.
    async fn privileges(&self) -> Result<Vec<Privilege>> {
        Err(Error::NotOffered { what: "tell who may read it" })
    }

    /// What the account of this connection may do, against what `uses` needs. Without any use: the
    /// account and its connection alone.
    async fn rights(&self, uses: &[Use]) -> Result<Rights> {
        let _ = uses;
        Err(Error::NotOffered { what: "tell what this account may do" })
    }

    /// The statements that make an account of this name with what `uses` needs and nothing else. None
    /// of them is carried out.
    async fn offer(&self, uses: &[Use], account: &str) -> Result<Offer> {
        let _ = (uses, account);
        Err(Error::NotOffered { what: "be given rights" })
    }

    /// Whether an index serves the statements by which rows are looked up, as the server itself plans
    /// them, and which index would. Nothing is carried out.
    async fn probe(&self, probes: &[Probe]) -> Result<Vec<Probed>> {
        let _ = probes;
        Err(Error::NotOffered { what: "tell how it looks rows up" })
    }

    /// How long a look-up takes that finds nothing. Reads; only [`Timing::Trial`] builds anything, and
    /// undoes it.
    async fn time(&self, probe: &Probe, timing: Timing) -> Result<Timed> {
        let _ = (probe, timing);
        Err(Error::NotOffered { what: "be timed" })
    }

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// Rows that are old enough to go. A row is due when all of this holds for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The table.
    pub table: TableName,
    /// What makes it old.
    pub old: Old,
    /// Columns that must hold one of these exact values.
    pub when: Vec<Condition>,
    /// Minimum ages that the row must have passed.
    pub past: Vec<Past>,
    /// Rows that stay whatever their age: legal holds, restrictions.
    pub except: Vec<RowKey>,
    /// A row stays while one of these still refers to it. Rows of its own table do so until they
    /// are gone themselves: leaves go first; rows that refer to each other in a circle stay.
    pub unless_referred: Vec<Referrer>,
    /// Rows that refer to it, which count with it: it stays if one of them must stay, and
    /// [`Connector::purge`] deletes them before it.
    pub dependents: Vec<Dependent>,
}

/// What makes a row old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Old {
    /// The moment in this column lies before `before`. NULL, what programs write for "not set" (0,
    /// the first moment of 1970, any moment up to the first of 1900), and what cannot be read as a
    /// moment, is never old. A moment without a zone is in UTC, a day its first moment. Whole
    /// numbers are read as seconds (from 1973), milliseconds (from 1979) or microseconds since
    /// 1970, or as YYYYMMDD, by their size; text as ISO 8601, at least to the second.
    Column {
        /// The column.
        column: String,
        /// The first moment that is not old.
        before: Micros,
    },
    /// The file in which the row stands was last written before this moment.
    File {
        /// The first moment that is not old.
        before: Micros,
    },
    /// The column holds one of these values, of which about ten thousand may be given at once:
    /// those to whom something has ended long enough ago.
    OneOf {
        /// The column.
        column: String,
        /// The values.
        any_of: Vec<Value>,
    },
}

/// A minimum age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The column with the moment from which it counts.
    pub column: String,
    /// The row stays unless the column's moment lies before this one; NULL and what cannot be read
    /// keeps it.
    pub before: Micros,
}

/// Rows of another table that point at a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrer {
    /// The table that refers.
    pub table: TableName,
    /// Pairs of columns that agree: there, and in the row referred to.
    pub columns: Vec<(String, String)>,
    /// Only rows there whose columns hold these values.
    pub when: Vec<Condition>,
}

/// Rows of another table that go with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// How they point at it.
    pub refers: Referrer,
    /// Minimum ages that all of them must have passed.
    pub past: Vec<Past>,
    /// Rows among them that stay, and keep the row that they refer to.
    pub except: Vec<RowKey>,
    /// What the rows that depend on them must satisfy, likewise.
    pub dependents: Vec<Dependent>,
    /// Rows of further tables that must not be left pointing at them.
    pub unless_referred: Vec<Referrer>,
}

/// How much is due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DueRows {
    /// Rows, dependents not counted.
    pub rows: u64,
    /// Whether counting stopped there.
    pub at_least: bool,
    /// The moment of the oldest, where a column tells it.
    pub oldest: Option<Micros>,
    /// Rows that are old enough and stay: by a minimum age, a hold, or because others refer to them.
    pub held_back: u64,
}

/// A deletion by age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// What is due.
    pub due: Due,
    /// The youngest row that may go, as a second lock on the door: before this moment by
    /// [`Old::Column`] or [`Old::File`]. Ignored for [`Old::OneOf`].
    pub not_after: Option<Micros>,
}

/// What one batch did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    /// Rows deleted, dependents not counted.
    pub rows: u64,
    /// Dependents deleted, by table.
    pub dependents: Vec<(TableName, u64)>,
    /// Whether fewer rows than the limit were found: nothing more is due now, but for rows that
    /// somebody else has locked.
    pub done: bool,
}

/// A partition by range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its name.
    pub name: String,
    /// The first moment that no row of it can have; `None` where it is open at the end.
    pub until: Option<Micros>,
    /// About how many rows it holds.
    pub about_rows: u64,
}

/// What became of a partition that was to be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropping {
    /// It is gone, with so many rows.
    Dropped(u64),
    /// It holds so many rows, which is more than was said: nothing was done.
    More(u64),
    /// It holds a row that is not due, or there may be dependents that would have to go first:
    /// nothing was done.
    Kept,
}

/// What an account may do with a table or a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Privilege {
    /// The account or group, as the product writes it (`rt_web`, `app@%`, `group backup`).
    pub account: String,
    /// The table.
    pub table: TableName,
    /// One column, or all of them.
    pub column: Option<String>,
    /// Whether it may read.
    pub read: bool,
    /// Whether it may insert, change or delete.
    pub write: bool,
    /// Why it may, where that is not a grant: `superuser`, `owner`, `member of rt_admin`.
    pub through: Option<String>,
    /// Whether the account can sign in by itself.
    pub can_sign_in: bool,
}

/// New rows for one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insert {
    /// The table.
    pub table: TableName,
    /// The columns that are given, in the order of the values.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
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
