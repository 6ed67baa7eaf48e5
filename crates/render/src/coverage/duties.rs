//! What people confirm, and until when: a table for the terminal.

use serde::Serialize;

use super::State;
use crate::style::{Paint, Style};
use crate::table::{Align, Cell, Table};
use crate::words::{self, coverage as say};

/// Something that a person confirms from time to time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// The promise.
    pub promise: String,
    /// What is confirmed, in one sentence.
    pub what: String,
    /// Who confirms it: a role.
    pub owner: String,
    /// How it stands.
    pub state: State,
    /// The day on which it was confirmed last (`2026-01-31`).
    pub last: Option<String>,
    /// By whom.
    pub by: Option<String>,
    /// The file that shows it, and its SHA-256.
    pub file: Option<(String, String)>,
    /// The day by which it must be confirmed again; none while it never was.
    pub due: Option<String>,
}

/// The table of duties, at most 100 columns wide; what is due soonest comes last.
pub fn duties(duties: &[Duty], style: Style) -> String {
    let mut out = String::new();
    let mut table = Table::new(vec![
        ("", Align::Left),
        (say::PROMISE, Align::Left),
        (say::WHAT, Align::Left),
        (say::OWNER, Align::Left),
        (say::LAST, Align::Left),
        (say::DUE, Align::Left),
    ]);
    let mut duties: Vec<&Duty> = duties.iter().collect();
    duties.sort_by_key(|duty| (std::cmp::Reverse(duty.state.urgency()), duty.promise.clone()));
    for duty in duties {
        let last = match (&duty.last, &duty.by) {
            (Some(day), Some(by)) => say::confirmed(&words::calendar_day(day), by),
            _ => say::NEVER.to_owned(),
        };
        let due = duty.due.as_deref().map_or_else(|| say::NOW.to_owned(), words::calendar_day);
        table.row(vec![
            Cell::painted(duty.state.sign(), Paint::of(duty.state)),
            Cell::new(&duty.promise),
            Cell::painted(&duty.what, Paint::Quiet),
            Cell::new(&duty.owner),
            Cell::new(&last),
            Cell::painted(&due, Paint::of(duty.state)),
        ]);
    }
    table.print(&mut out, style);
    out
}
