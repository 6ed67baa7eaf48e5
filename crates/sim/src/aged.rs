//! What is old in a database, what keeps it, and deleting it: the part of the contract that
//! retention stands on.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Dependent, Due, DueRows, Error, Old, Past, Purge, Purged, Referrer, Result};
use model::{Micros, Row, RowKey, TableName, Value};

use crate::base::{Base, chosen, conditions, meets, number, numbers, same};
use crate::time::moment;

/// What is due, and what is old enough and stays.
struct Aged {
    due: Vec<RowKey>,
    held_back: u64,
    oldest: Option<Micros>,
}

impl Base {
    fn aged(&self, due: &Due) -> Result<Aged> {
        let table = self.table(&due.table)?;
        let when = conditions(table, &due.when)?;
        let rows = self.rows(&due.table)?;
        let mut aged = Aged { due: Vec::new(), held_back: 0, oldest: None };
        for (key, row) in rows.iter().filter(|(_, row)| meets(row, &when)) {
            let (old, at) = match &due.old {
                Old::Column { column, before } => {
                    let at = row.get(number(table, column)?).and_then(moment);
                    (at.is_some_and(|at| at < *before), at)
                }
                Old::OneOf { column, any_of } => {
                    let held = row.get(number(table, column)?);
                    let held = held.filter(|held| !held.is_null());
                    (held.is_some_and(|held| any_of.iter().any(|v| same(v, held))), None)
                }
                Old::File { .. } => {
                    return Err(Error::NotOffered { what: "tell the time of a file" });
                }
            };
            if !old {
                continue;
            }
            let kept = self.keeps(&due.table, key, row, &due.past, &due.except)?
                || self.is_referred(&due.table, row, &due.unless_referred)?
                || self.below_keeps(&due.table, row, &due.dependents)?;
            if kept {
                aged.held_back += 1;
                continue;
            }
            aged.due.push(key.clone());
            aged.oldest = match (aged.oldest, at) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        Ok(aged)
    }

    fn keeps(
        &self,
        table: &TableName,
        key: &RowKey,
        row: &[Value],
        past: &[Past],
        except: &[RowKey],
    ) -> Result<bool> {
        for one in past {
            let at = row.get(number(self.table(table)?, &one.column)?).and_then(moment);
            if at.is_none_or(|at| at >= one.before) {
                return Ok(true);
            }
        }
        Ok(except.contains(key))
    }

    /// The rows that refer to this one.
    fn referring(
        &self,
        to: &TableName,
        row: &[Value],
        by: &Referrer,
    ) -> Result<Vec<(&RowKey, &Vec<Value>)>> {
        let table = self.table(&by.table)?;
        let (from, there): (Vec<String>, Vec<String>) = by.columns.iter().cloned().unzip();
        let (from, there) = (numbers(table, &from)?, numbers(self.table(to)?, &there)?);
        let wanted = chosen(row, &there);
        let when = conditions(table, &by.when)?;
        let refers = |other: &[Value]| {
            let mine = chosen(other, &from);
            let agree = |(a, b): (&Value, &Value)| !a.is_null() && same(a, b);
            meets(other, &when) && mine.iter().zip(&wanted).all(agree)
        };
        Ok(self.rows(&by.table)?.iter().filter(|(_, other)| refers(other)).collect())
    }

    fn is_referred(&self, to: &TableName, row: &[Value], by: &[Referrer]) -> Result<bool> {
        for one in by {
            if !self.referring(to, row, one)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a row that depends on this one must stay.
    fn below_keeps(&self, to: &TableName, row: &[Value], below: &[Dependent]) -> Result<bool> {
        for dependent in below {
            let table = &dependent.refers.table;
            for (key, other) in self.referring(to, row, &dependent.refers)? {
                if self.keeps(table, key, other, &dependent.past, &dependent.except)?
                    || self.is_referred(table, other, &dependent.unless_referred)?
                    || self.below_keeps(table, other, &dependent.dependents)?
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// How much is due.
    pub fn due(&self, due: &Due, at_most: u64) -> Result<DueRows> {
        let aged = self.aged(due)?;
        let rows = aged.due.len() as u64;
        let shown = rows.min(at_most);
        let at_least = rows > at_most || (at_most == 0 && rows > 0);
        Ok(DueRows { rows: shown, at_least, oldest: aged.oldest, held_back: aged.held_back })
    }

    /// How many rows tell no moment.
    pub fn undated(&self, due: &Due) -> Result<u64> {
        let table = self.table(&due.table)?;
        let Old::Column { column, .. } = &due.old else { return Ok(0) };
        let at = number(table, column)?;
        let when = conditions(table, &due.when)?;
        let rows = self.rows(&due.table)?.values().filter(|row| meets(row, &when));
        Ok(rows.filter(|row| row.get(at).and_then(moment).is_none()).count() as u64)
    }

    /// A page of due rows.
    pub fn list_due(
        &self,
        due: &Due,
        columns: &[String],
        after: Option<&RowKey>,
        limit: u32,
    ) -> Result<Vec<Row>> {
        let columns = numbers(self.table(&due.table)?, columns)?;
        let rows = self.rows(&due.table)?;
        let keys = self.aged(due)?.due.into_iter();
        let keys = keys.filter(|key| after.is_none_or(|after| key > after)).take(limit as usize);
        let row = |key: RowKey| {
            let values = chosen(rows.get(&key).map_or(&[][..], Vec::as_slice), &columns);
            Row { key, values }
        };
        Ok(keys.map(row).collect())
    }

    /// Deletes a batch of due rows and what depends on them.
    pub fn purge(&mut self, purge: &Purge, limit: u32) -> Result<Purged> {
        let due = &purge.due;
        let refuse = |rule: &str| Error::Constraint { table: due.table.clone(), rule: rule.into() };
        if self.table(&due.table)?.is_view {
            return Err(refuse("it is a view"));
        }
        if let (Old::Column { before, .. }, Some(last)) = (&due.old, purge.not_after)
            && *before > last
        {
            return Err(refuse("younger rows than allowed"));
        }
        let mut keys = self.aged(due)?.due;
        let done = keys.len() < limit as usize;
        keys.truncate(limit as usize);
        let mut below: BTreeMap<TableName, BTreeSet<RowKey>> = BTreeMap::new();
        for key in &keys {
            if let Some(row) = self.rows(&due.table)?.get(key) {
                self.gather_below(&due.table, row, &due.dependents, &mut below)?;
            }
        }
        let before = self.rows.clone();
        let mut told = Purged { rows: 0, dependents: Vec::new(), done };
        for (table, keys) in below {
            let rows = self.rows.entry(table.clone()).or_default();
            let gone = keys.iter().filter(|key| rows.remove(key).is_some()).count() as u64;
            told.dependents.push((table, gone));
        }
        let rows = self.rows.entry(due.table.clone()).or_default();
        told.rows = keys.iter().filter(|key| rows.remove(key).is_some()).count() as u64;
        if let Err(error) = self.check() {
            self.rows = before;
            return Err(error);
        }
        Ok(told)
    }

    fn gather_below(
        &self,
        to: &TableName,
        row: &[Value],
        below: &[Dependent],
        into: &mut BTreeMap<TableName, BTreeSet<RowKey>>,
    ) -> Result<()> {
        for dependent in below {
            let table = &dependent.refers.table;
            for (key, other) in self.referring(to, row, &dependent.refers)? {
                self.gather_below(table, other, &dependent.dependents, into)?;
                into.entry(table.clone()).or_default().insert(key.clone());
            }
        }
        Ok(())
    }
}
