//! How a run ended, in one or two sentences.

use serde::Serialize;

use super::RequestKind;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunResult {
    /// What was asked.
    pub kind: RequestKind,
    /// What was done, by system. Systems in which nothing was found may be left out.
    pub systems: Vec<RunSystem>,
    /// What is kept.
    pub kept: Vec<RunKept>,
    /// Rows that the second search still found without a reason.
    pub remaining: u64,
    /// Systems that were not reached.
    pub not_reached: Vec<RunNotReached>,
}

/// One system's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunSystem {
    /// By title.
    pub system: String,
    /// Rows in which the person was found.
    pub found: u64,
    /// Rows changed.
    pub changed: u64,
    /// Rows deleted.
    pub deleted: u64,
}

/// Rows that are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunKept {
    /// How many.
    pub rows: u64,
    /// What they are, in the plural, as the sentence needs it ("invoices").
    pub what: String,
    /// Until when, as a day written out ("31 December 2029").
    pub until: Option<String>,
    /// The law or the promise ("Income Tax Act").
    pub because: String,
}

/// A system that was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunNotReached {
    /// By title.
    pub system: String,
    /// Why.
    pub reason: String,
}
