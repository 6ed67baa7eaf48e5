//! Rows and how one row is told from another.

use serde::{Deserialize, Serialize};

use crate::Value;

/// What tells one row of a table from all others, in the order of the key columns
/// that its connector names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowKey(pub Vec<Value>);

/// A row that a connector read: its key, and the values of the columns that were asked for, in the
/// order in which they were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which row.
    pub key: RowKey,
    /// The columns asked for.
    pub values: Vec<Value>,
}
