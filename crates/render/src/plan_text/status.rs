//! How a run ended, in one or two sentences.

use serde::Serialize;

use super::RequestKind;
use crate::coverage::State;
use crate::style::Style;
use crate::text::one_line;
use crate::words::plan as say;

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

impl RunResult {
    /// How the run stands: upheld when nothing is left, broken when the person is still there, at
    /// risk when a system was not reached.
    pub const fn state(&self) -> State {
        if self.remaining > 0 {
            State::Broken
        } else if self.not_reached.is_empty() {
            State::Upheld
        } else {
            State::AtRisk
        }
    }

    /// One line: the sign and "Erased: 41 rows changed in 3 systems; 2 invoices kept until
    /// 31 December 2029 (Income Tax Act)".
    pub fn to_text(&self, style: Style) -> String {
        let state = self.state();
        format!("{} {}", style.state(state, state.sign()), one_line(&say::ended(self)))
    }
}
