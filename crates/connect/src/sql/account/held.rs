//! The rights that an account holds, whichever product told them, and what they are too many or too
//! few of.

use std::collections::{BTreeMap, BTreeSet};

use model::TableName;

use super::needed::{Around, Needed, TableRights};
use super::wording::{self, Account};
use crate::Remark;
use crate::sql::shape::Shape;

/// What a right is on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sql) enum Place {
    /// The whole server (MySQL).
    Server,
    /// The database (MySQL: by the pattern in which it was given).
    Database(String),
    Schema(String),
    Table(TableName),
}

/// By which way an account came to a right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sql) enum Way {
    Itself,
    /// By a role that it holds.
    Role(Account),
    /// As everybody has it.
    Everybody,
    /// As the owner, or as somebody who holds the owner's role.
    Owner,
}

/// One right.
#[derive(Debug, Clone)]
pub(in crate::sql) struct Entry {
    pub(in crate::sql) place: Place,
    /// In capitals, as the product writes it: `SELECT`.
    pub(in crate::sql) right: String,
    pub(in crate::sql) column: Option<String>,
    pub(in crate::sql) way: Way,
    pub(in crate::sql) passes_on: bool,
}

/// Everything that an account holds.
#[derive(Debug)]
pub(in crate::sql) struct Held {
    pub(in crate::sql) account: Account,
    pub(in crate::sql) encrypted_with: Option<String>,
    /// A superuser.
    pub(in crate::sql) everything: bool,
    pub(in crate::sql) entries: Vec<Entry>,
    pub(in crate::sql) around: BTreeSet<Around>,
    /// What is wider than any work needs, whatever the work.
    pub(in crate::sql) wide: Vec<Remark>,
}

impl Held {
    fn has(&self, table: &TableName, right: &str, column: Option<&str>) -> bool {
        self.everything
            || self.entries.iter().any(|entry| {
                let here = match &entry.place {
                    Place::Table(name) => name == table,
                    Place::Server | Place::Database(_) => true,
                    Place::Schema(_) => false,
                };
                here && entry.right == right
                    && (entry.column.is_none() || entry.column.as_deref() == column)
            })
    }

    /// What is needed and not held.
    pub(super) fn lacking(&self, needed: &Needed) -> Needed {
        let mut lacking = Needed::default();
        if self.everything {
            return lacking;
        }
        lacking.around.extend(needed.around.difference(&self.around).cloned());
        for (table, rights) in &needed.tables {
            let without = |columns: &BTreeSet<String>, right: &str| -> BTreeSet<String> {
                columns
                    .iter()
                    .filter(|column| !self.has(table, right, Some(column)))
                    .cloned()
                    .collect()
            };
            let select = without(&rights.select, "SELECT");
            let none_held = select.len() == rights.select.len();
            let update = without(&rights.update, "UPDATE");
            // Any column will do for a lock.
            let locks = rights.to_lock
                && self.entries.iter().any(|entry| {
                    entry.right == "UPDATE" && entry.place == Place::Table(table.clone())
                });
            let left = TableRights {
                whole: rights.whole && none_held,
                select,
                update: if locks { BTreeSet::new() } else { update },
                to_lock: rights.to_lock,
                delete: rights.delete && !self.has(table, "DELETE", None),
            };
            if !left.select.is_empty() || !left.update.is_empty() || left.delete {
                lacking.tables.insert(table.clone(), left);
            }
        }
        lacking
    }

    /// Whether the triggers of the database show (MySQL).
    pub(super) fn sees_triggers(&self) -> bool {
        self.everything
            || self
                .entries
                .iter()
                .any(|entry| entry.right == "TRIGGER" && !matches!(entry.place, Place::Table(_)))
    }

    /// What is held and not needed, with what takes it away.
    pub(super) fn beyond(&self, shape: &Shape, needed: &Needed) -> Vec<Remark> {
        let mut remarks = self.wide.clone();
        if self.everything {
            return remarks;
        }
        remarks.extend(self.owned());
        let mut by_place = BTreeMap::<(&Place, &Way), Vec<&Entry>>::new();
        for entry in &self.entries {
            if !matches!(entry.way, Way::Everybody | Way::Owner) {
                by_place.entry((&entry.place, &entry.way)).or_default().push(entry);
            }
        }
        for ((place, way), entries) in by_place {
            let from = match way {
                Way::Role(role) => role,
                _ => &self.account,
            };
            let mut excess = Excess::default();
            for entry in entries {
                excess.note(entry, needed, shape);
            }
            if let Some(mut remark) = wording::excess(shape, place, &excess, from, needed) {
                if let Way::Role(role) = way {
                    remark.says.push_str(&format!(" (through the role `{}`)", role.shown()));
                }
                remarks.push(remark);
            }
        }
        remarks
    }

    fn owned(&self) -> Option<Remark> {
        let tables: BTreeSet<String> = self
            .entries
            .iter()
            .filter(|entry| entry.way == Way::Owner)
            .filter_map(|entry| match &entry.place {
                Place::Table(name) => Some(format!("`{name}`")),
                _ => None,
            })
            .collect();
        let first = tables.first()?;
        let rest = match tables.len() {
            1 => String::new(),
            more => format!(" and {} more", more - 1),
        };
        let says = format!(
            "owns {first}{rest}, and an owner may do anything, drop it too: use an account of its own"
        );
        Some(Remark { says, mend: Vec::new() })
    }
}

/// Rights on one place that nobody needs.
#[derive(Debug, Default)]
pub(in crate::sql) struct Excess {
    /// On the whole of it.
    pub(in crate::sql) whole: BTreeSet<String>,
    /// On columns.
    pub(in crate::sql) columns: BTreeMap<String, BTreeSet<String>>,
    /// Whether it may be passed on.
    pub(in crate::sql) passes_on: bool,
    /// Of `whole`, those of which a part is needed and must be given back.
    pub(in crate::sql) partly: BTreeSet<String>,
}

impl Excess {
    fn note(&mut self, entry: &Entry, needed: &Needed, shape: &Shape) {
        self.passes_on |= entry.passes_on;
        let none = TableRights::default();
        let rights = match &entry.place {
            Place::Table(name) => needed.tables.get(name).unwrap_or(&none),
            Place::Server if entry.right == "USAGE" => return,
            Place::Database(_) | Place::Server => return self.note_wide(entry, needed, shape),
            Place::Schema(name) => {
                let used = needed.tables.keys().any(|table| table.schema == *name);
                if entry.right != "USAGE" || !used {
                    self.whole.insert(entry.right.clone());
                }
                return;
            }
        };
        let (wanted, all): (&BTreeSet<String>, bool) = match entry.right.as_str() {
            "SELECT" => (&rights.select, rights.whole),
            "UPDATE" => (&rights.update, false),
            "DELETE" if rights.delete => return,
            _ => (&none.select, false),
        };
        match &entry.column {
            Some(column) if wanted.contains(column) => {}
            Some(column) => {
                self.columns.entry(entry.right.clone()).or_default().insert(column.clone());
            }
            None if all => {}
            None => {
                self.whole.insert(entry.right.clone());
                if !wanted.is_empty() {
                    self.partly.insert(entry.right.clone());
                }
            }
        }
    }

    /// A right on every table of the database, or of all, and on those that are made tomorrow.
    fn note_wide(&mut self, entry: &Entry, needed: &Needed, shape: &Shape) {
        let every = |held: fn(&TableRights) -> bool| {
            shape.tables.keys().all(|name| needed.tables.get(name).is_some_and(held))
        };
        let some = |held: fn(&TableRights) -> bool| needed.tables.values().any(held);
        let (fits, partly) = match entry.right.as_str() {
            "REFERENCES" => (entry.place != Place::Server, false),
            "SELECT" if entry.place != Place::Server => (every(|rights| rights.whole), true),
            "SELECT" => (false, !needed.tables.is_empty()),
            "UPDATE" => (false, some(|rights| !rights.update.is_empty())),
            "DELETE" => (false, some(|rights| rights.delete)),
            _ => (false, false),
        };
        if !fits {
            self.whole.insert(entry.right.clone());
            if partly {
                self.partly.insert(entry.right.clone());
            }
        }
    }

    pub(in crate::sql) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.columns.is_empty() && !self.passes_on
    }
}
