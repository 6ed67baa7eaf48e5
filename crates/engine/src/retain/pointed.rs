//! Rows that are past their limit and stay, told apart: by a minimum age, a hold or a restriction,
//! which a notice allows, or because something still points at them, which it does not.
//!
//! Whose rows point at them is asked of the system, a table at a time; what the map says could point
//! there explains nothing by itself.

use std::collections::BTreeSet;

use connect::{Dependent, Due, DueRows, Referrer};
use model::TableName;
use policy::System;

use crate::open::Open;

/// Rows that stay only because others point at them.
#[derive(Default)]
pub(super) struct Pointed {
    pub(super) rows: u64,
    /// The collections whose rows point at them; a table that the map does not know by its name.
    pub(super) by: BTreeSet<String>,
}

/// How many of the rows held back could go if nothing pointed at them, and what does.
///
/// INVARIANT: a row that a minimum age or a hold keeps as well is not among them.
pub(super) async fn pointed(
    open: &Open,
    system: &System,
    due: &Due,
    counted: &DueRows,
    at_most: u64,
) -> connect::Result<Pointed> {
    let tables = referring(due);
    if counted.held_back == 0 || tables.is_empty() {
        return Ok(Pointed::default());
    }
    let kept = open.connector.due(&only(due, &|_| false), at_most).await?.held_back;
    let rows = counted.held_back.saturating_sub(kept);
    let mut by = BTreeSet::new();
    if rows > 0 {
        for table in &tables {
            let asked = if tables.len() == 1 {
                counted.held_back
            } else {
                open.connector.due(&only(due, &|from| from == table), at_most).await?.held_back
            };
            if asked > kept {
                let known = system.collections.iter().find(|collection| {
                    open.table(collection).is_ok_and(|known| known.name == *table)
                });
                by.insert(known.map_or_else(|| table.to_string(), |known| known.name.clone()));
            }
        }
    }
    Ok(Pointed { rows, by })
}

/// The same question, with references from some tables only.
fn only(due: &Due, from: &dyn Fn(&TableName) -> bool) -> Due {
    Due {
        unless_referred: those(&due.unless_referred, from),
        dependents: below(&due.dependents, from),
        ..due.clone()
    }
}

fn those(referrers: &[Referrer], from: &dyn Fn(&TableName) -> bool) -> Vec<Referrer> {
    referrers.iter().filter(|referrer| from(&referrer.table)).cloned().collect()
}

fn below(dependents: &[Dependent], from: &dyn Fn(&TableName) -> bool) -> Vec<Dependent> {
    let one = |dependent: &Dependent| Dependent {
        unless_referred: those(&dependent.unless_referred, from),
        dependents: below(&dependent.dependents, from),
        ..dependent.clone()
    };
    dependents.iter().map(one).collect()
}

/// The tables whose rows must not be left pointing at nothing.
fn referring(due: &Due) -> BTreeSet<TableName> {
    fn gather(dependents: &[Dependent], into: &mut BTreeSet<TableName>) {
        for dependent in dependents {
            into.extend(dependent.unless_referred.iter().map(|referrer| referrer.table.clone()));
            gather(&dependent.dependents, into);
        }
    }
    let mut tables = due.unless_referred.iter().map(|referrer| referrer.table.clone()).collect();
    gather(&due.dependents, &mut tables);
    tables
}
