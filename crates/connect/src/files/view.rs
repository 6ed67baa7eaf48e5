//! One row as it is seen while its file is read, and what a lookup asks of it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Micros, Row, RowKey, TableName, Value};

use super::folder::Stamp;
use super::record::{self, Record, Role};
use super::shape::{Collection, Member};
use super::time;
use crate::{Condition, Error, Fold, Match, Result};

/// A row: a record, or a file that is not read.
pub(super) struct View<'v> {
    pub(super) collection: &'v Collection,
    pub(super) member: &'v Member,
    pub(super) stamp: &'v Stamp,
    pub(super) record: Option<Record<'v>>,
}

impl View<'_> {
    pub(super) fn value(&self, role: &Role) -> Value {
        match role {
            Role::File => Value::from(self.member.entry.path.as_str()),
            Role::FileTime => Value::Text(crate::moment::text(self.stamp.moment())),
            Role::Size => Value::Int(i64::try_from(self.stamp.size).unwrap_or(i64::MAX)),
            Role::Why => Value::from(self.member.why),
            role => {
                let known = self.collection.known();
                self.record.as_ref().map_or(Value::Null, |record| record.value(role, &known))
            }
        }
    }

    /// The moment that a column tells.
    pub(super) fn moment(&self, role: &Role) -> Option<Micros> {
        match role {
            Role::FileTime => Some(self.stamp.moment()),
            Role::Time => self.record.as_ref().and_then(|record| record.time),
            role => time::of_value(&self.value(role)),
        }
    }

    pub(super) fn print(&self) -> u128 {
        match &self.record {
            Some(record) => record.print(self.collection.fields()),
            None => file_print(self.stamp),
        }
    }

    pub(super) fn row(&self, print: Option<u128>, columns: &[&Role]) -> Row {
        let print = print.unwrap_or_else(|| self.print());
        let key =
            vec![Value::from(self.member.entry.path.as_str()), Value::Text(record::shown(print))];
        let values = columns.iter().map(|role| self.value(role)).collect();
        Row { key: RowKey(key), values }
    }
}

/// The fingerprint of a file whose content is not read.
fn file_print(stamp: &Stamp) -> u128 {
    let (seconds, nanos) = stamp.written;
    let time = u128::from(seconds.unsigned_abs()) << 30 | u128::from(nanos.unsigned_abs());
    u128::from(stamp.size) << 64 ^ time
}

/// Keys by file.
pub(super) type Keys = BTreeMap<String, BTreeSet<u128>>;

/// Keys as files and fingerprints. What is no key of a file is an error.
pub(super) fn keys<'k>(
    table: &TableName,
    keys: impl IntoIterator<Item = &'k RowKey>,
) -> Result<Keys> {
    let mut by_file = Keys::new();
    for key in keys {
        let (file, print) = read_key(table, key)?;
        by_file.entry(file.to_owned()).or_default().insert(print);
    }
    Ok(by_file)
}

/// A key's file and fingerprint.
pub(super) fn read_key<'k>(table: &TableName, key: &'k RowKey) -> Result<(&'k str, u128)> {
    let read = match key.0.as_slice() {
        [Value::Text(file), Value::Text(print)] => {
            record::read_print(print).map(|print| (file.as_str(), print))
        }
        _ => None,
    };
    read.ok_or_else(|| Error::Constraint {
        table: table.clone(),
        rule: "a key here is a file and the fingerprint of a record".to_owned(),
    })
}

/// Values that a column may hold.
#[derive(Debug, Default)]
pub(super) struct AnyOf {
    texts: BTreeSet<String>,
    bytes: BTreeSet<Vec<u8>>,
    null: bool,
}

impl AnyOf {
    pub(super) fn new(values: &[Value], fold: Fold) -> Self {
        let mut any = Self::default();
        for value in values {
            match value {
                Value::Null => any.null = true,
                Value::Bytes(bytes) => {
                    any.bytes.insert(bytes.clone());
                }
                other => {
                    let text = other.to_plain_text().unwrap_or_default();
                    if let Some(text) = folded(&text, fold) {
                        any.texts.insert(text);
                    }
                }
            }
        }
        any
    }

    fn hold(&self, value: &Value, fold: Fold) -> bool {
        match value {
            Value::Null => false,
            Value::Bytes(bytes) => self.bytes.contains(bytes),
            Value::Text(text) if fold == Fold::Exact => self.texts.contains(text),
            other => {
                let text = other.to_plain_text().unwrap_or_default();
                folded(&text, fold).is_some_and(|text| self.texts.contains(&text))
            }
        }
    }

    /// Exactly one of them, NULL included.
    pub(super) fn has(&self, value: &Value) -> bool {
        if value.is_null() { self.null } else { self.hold(value, Fold::Exact) }
    }
}

fn folded(text: &str, fold: Fold) -> Option<String> {
    match fold {
        Fold::Exact => Some(text.to_owned()),
        Fold::Case => Some(text.to_lowercase()),
        Fold::Digits => {
            let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
            let last = digits.iter().skip(digits.len().saturating_sub(7)).collect::<String>();
            (!last.is_empty()).then_some(last)
        }
    }
}

/// Which rows are asked for.
pub(super) enum By {
    All,
    Keys(Keys),
    Column { role: Role, any: AnyOf, fold: Fold },
}

/// A lookup, checked against the catalogue.
pub(super) struct Filter {
    pub(super) by: By,
    pub(super) when: Vec<(Role, AnyOf)>,
}

impl Filter {
    pub(super) fn new(collection: &Collection, by: &Match, when: &[Condition]) -> Result<Self> {
        let by = match by {
            Match::All => By::All,
            Match::Keys(asked) => By::Keys(keys(collection.name(), asked)?),
            Match::Column { column, any_of, fold } => By::Column {
                role: collection.role(column)?.clone(),
                any: AnyOf::new(any_of, *fold),
                fold: *fold,
            },
        };
        Ok(Self { by, when: conditions(collection, when)? })
    }

    /// Whether a file can hold such a row.
    pub(super) fn may_hold(&self, path: &str) -> bool {
        match &self.by {
            By::Keys(keys) => keys.contains_key(path),
            _ => true,
        }
    }

    /// Whether moments of lines are asked for.
    pub(super) fn needs_times(&self) -> bool {
        matches!(&self.by, By::Column { role: Role::Time, .. })
            || self.when.iter().any(|(role, _)| *role == Role::Time)
    }

    /// Whether the row is asked for, and its fingerprint where that was needed to tell.
    pub(super) fn takes(&self, view: &View<'_>) -> (bool, Option<u128>) {
        let mut print = None;
        let asked = match &self.by {
            By::All => true,
            By::Column { role, any, fold } => any.hold(&view.value(role), *fold),
            By::Keys(keys) => {
                let own = view.print();
                print = Some(own);
                keys.get(&view.member.entry.path).is_some_and(|prints| prints.contains(&own))
            }
        };
        (asked && holds(&self.when, view), print)
    }
}

/// Conditions, checked against the catalogue.
pub(super) fn conditions(
    collection: &Collection,
    when: &[Condition],
) -> Result<Vec<(Role, AnyOf)>> {
    when.iter()
        .map(|condition| {
            let role = collection.role(&condition.column)?.clone();
            Ok((role, AnyOf::new(&condition.any_of, Fold::Exact)))
        })
        .collect()
}

/// Whether every condition holds.
pub(super) fn holds(when: &[(Role, AnyOf)], view: &View<'_>) -> bool {
    when.iter().all(|(role, any)| any.has(&view.value(role)))
}
