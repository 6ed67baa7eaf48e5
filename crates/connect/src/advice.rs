//! Which look-ups an index would serve: what is asked, and what a connector answers.

use std::time::Duration;

use model::TableName;

use crate::Fold;

/// A way in which the work looks rows up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: String,
    /// How.
    pub how: How,
}

/// How rows are looked up by a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By its value.
    Value(Fold),
    /// By its moment, the oldest first.
    Age,
}

/// What serves a look-up, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// The look-up.
    pub probe: Probe,
    /// About how many rows the table holds.
    pub about_rows: u64,
    /// Whether an index serves it.
    pub served: Served,
}

/// Whether an index serves a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// Yes: these, as far as the server names them.
    By(Vec<String>),
    /// No: the whole table is read each time. These statements would change that, in this order.
    Not(Vec<String>),
    /// No, and no index would, for this reason.
    Never(String),
}

/// How a look-up is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// As things are.
    Now,
    /// By the table's own key: how fast a look-up along an index is there.
    ByKey,
    /// With the index that serves it, built in a transaction that is rolled back. While it is built
    /// and timed nobody else writes to the table (PostgreSQL; the account must own the table).
    Trial,
}

/// What was timed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timed {
    /// The middle one of several.
    pub median: Duration,
    /// Of how many.
    pub runs: u32,
    /// How long the index took to build, where one was.
    pub built_in: Option<Duration>,
    /// How large it was, in bytes.
    pub bytes: Option<u64>,
}
