//! A database in memory. It keeps the contract of a connector to the letter and knows nothing of
//! faults: those are put in its way by whoever holds it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use connect::{
    Change, ChangeSet, Changed, Condition, Error, Fold, Lookup, Match, Result, RowChange,
};
use model::{Catalogue, DataType, Row, RowKey, Table, TableName, Value};

/// The rows of one table.
pub type Rows = BTreeMap<RowKey, Vec<Value>>;

/// A database.
#[derive(Debug, Clone)]
pub struct Base {
    /// Its shape.
    pub catalogue: Catalogue,
    /// Its rows.
    pub rows: BTreeMap<TableName, Rows>,
}

impl Base {
    /// The shape of a table.
    pub fn table(&self, name: &TableName) -> Result<&Table> {
        self.catalogue.table(name).ok_or_else(|| Error::NoTable(name.clone()))
    }

    /// The rows of a table.
    pub fn rows(&self, name: &TableName) -> Result<&Rows> {
        self.rows.get(name).ok_or_else(|| Error::NoTable(name.clone()))
    }

    /// The rows that match, in key order.
    pub fn find(&self, lookup: &Lookup) -> Result<Vec<Row>> {
        let table = self.table(&lookup.table)?;
        let columns = numbers(table, &lookup.columns)?;
        let when = conditions(table, &lookup.when)?;
        let rows = self.rows(&lookup.table)?;
        let mut found = Vec::new();
        let mut take = |key: &RowKey, row: &Vec<Value>| {
            if meets(row, &when) {
                found.push(Row { key: key.clone(), values: chosen(row, &columns) });
            }
        };
        match &lookup.by {
            Match::All => rows.iter().for_each(|(key, row)| take(key, row)),
            Match::Keys(keys) => {
                for key in keys.iter().collect::<BTreeSet<_>>() {
                    whole(table, key)?;
                    if let Some(row) = rows.get(key) {
                        take(key, row);
                    }
                }
            }
            Match::Column { column, any_of, fold } => {
                let at = number(table, column)?;
                let loose = table.column(column).is_some_and(|column| column.loose_collation);
                let wanted: Vec<String> =
                    any_of.iter().filter_map(|value| folded(value, *fold, loose)).collect();
                for (key, row) in rows {
                    let held = row.get(at).and_then(|value| folded(value, *fold, loose));
                    let same = |held: &String| wanted.iter().any(|w| equal(w, held, *fold));
                    if held.as_ref().is_some_and(same) {
                        take(key, row);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Applies a set; the base is as before if it fails.
    pub fn apply(&mut self, set: &ChangeSet) -> Result<Changed> {
        let before = self.rows.clone();
        let done = self.try_apply(set);
        if done.is_err() {
            self.rows = before;
        }
        done
    }

    fn try_apply(&mut self, set: &ChangeSet) -> Result<Changed> {
        let mut total = Changed::default();
        for change in &set.changes {
            match change {
                Change::Delete { table, keys } => {
                    let shape = self.table(table)?;
                    keys.iter().try_for_each(|key| whole(shape, key))?;
                    let keys: BTreeSet<&RowKey> = keys.iter().collect();
                    let rows = self.rows.entry(table.clone()).or_default();
                    for key in keys {
                        match rows.remove(key) {
                            Some(_) => total.deleted += 1,
                            None => total.already += 1,
                        }
                    }
                }
                Change::Update { table, columns, rows } => {
                    let at = numbers(self.table(table)?, columns)?;
                    for row in rows {
                        if self.update(table, &at, row)? {
                            total.updated += 1;
                        } else {
                            total.already += 1;
                        }
                    }
                }
            }
        }
        self.check()?;
        Ok(total)
    }

    /// Changes one row; false if it is as wanted already or gone.
    fn update(&mut self, table: &TableName, at: &[usize], change: &RowChange) -> Result<bool> {
        whole(self.table(table)?, &change.key)?;
        let rows = self.rows.entry(table.clone()).or_default();
        let Some(row) = rows.get_mut(&change.key) else { return Ok(false) };
        let mut changed = false;
        for (at, set) in at.iter().zip(&change.set) {
            let Some(held) = row.get_mut(*at) else { continue };
            if *held == set.from && *held != set.to {
                *held = set.to.clone();
                changed = true;
            } else if *held != set.to {
                return Err(Error::Changed { table: table.clone(), rows: 1 });
            }
        }
        Ok(changed)
    }

    /// Whether every constraint holds.
    pub fn check(&self) -> Result<()> {
        let refused =
            |table: &Table, rule: String| Error::Constraint { table: table.name.clone(), rule };
        for table in &self.catalogue.tables {
            let rows = self.rows(&table.name)?;
            for (at, column) in table.columns.iter().enumerate() {
                for value in rows.values().filter_map(|row| row.get(at)) {
                    if value.is_null() && !column.nullable {
                        return Err(refused(table, format!("`{}` is NOT NULL", column.name)));
                    }
                    if let (DataType::Text { max_chars: Some(room) }, Value::Text(text)) =
                        (column.data_type, value)
                        && text.chars().count() > room as usize
                    {
                        return Err(refused(table, format!("`{}` is too long", column.name)));
                    }
                }
            }
            for unique in &table.unique {
                let at = numbers(table, &unique.columns)?;
                let mut seen = BTreeSet::new();
                for row in rows.values() {
                    let values = chosen(row, &at);
                    if !values.iter().any(Value::is_null) && !seen.insert(values) {
                        return Err(refused(table, format!("`{}` is unique", unique.name)));
                    }
                }
            }
            for reference in &table.references {
                let (from, to) = (&reference.columns, &reference.to_columns);
                let there = numbers(self.table(&reference.to)?, to)?;
                let parents: BTreeSet<Vec<Value>> =
                    self.rows(&reference.to)?.values().map(|row| chosen(row, &there)).collect();
                let here = numbers(table, from)?;
                for row in rows.values() {
                    let values = chosen(row, &here);
                    if !values.iter().any(Value::is_null) && !parents.contains(&values) {
                        return Err(refused(table, format!("`{}` leads nowhere", reference.name)));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The place of a column in a table.
pub fn number(table: &Table, column: &str) -> Result<usize> {
    let at = table.columns.iter().position(|known| known.name == column);
    at.ok_or_else(|| Error::NoColumn { table: table.name.clone(), column: column.to_owned() })
}

/// The places of columns.
pub fn numbers(table: &Table, columns: &[String]) -> Result<Vec<usize>> {
    columns.iter().map(|column| number(table, column)).collect()
}

/// These cells of a row.
pub fn chosen(row: &[Value], columns: &[usize]) -> Vec<Value> {
    columns.iter().map(|at| row.get(*at).cloned().unwrap_or(Value::Null)).collect()
}

fn whole(table: &Table, key: &RowKey) -> Result<()> {
    let parts = table.primary_key.len();
    if key.0.len() == parts { Ok(()) } else { Err(Error::Other { code: "half a key".into() }) }
}

/// Conditions with the places of their columns.
pub type Conditions<'c> = Vec<(usize, &'c [Value])>;

/// Looks the columns of conditions up.
pub fn conditions<'c>(table: &Table, when: &'c [Condition]) -> Result<Conditions<'c>> {
    when.iter().map(|c| Ok((number(table, &c.column)?, c.any_of.as_slice()))).collect()
}

/// Whether a row meets them.
pub fn meets(row: &[Value], when: &Conditions<'_>) -> bool {
    when.iter().all(|(at, any_of)| {
        let held = row.get(*at).unwrap_or(&Value::Null);
        any_of.iter().any(|value| same(value, held))
    })
}

/// Whether two values read the same; NULL is NULL here.
pub fn same(one: &Value, other: &Value) -> bool {
    one == other
        || (!one.is_null()
            && one
                .to_plain_text()
                .is_some_and(|text| other.to_plain_text().is_some_and(|held| held == text)))
}

/// What a lookup compares; `None` is found by nothing.
fn folded(value: &Value, fold: Fold, loose: bool) -> Option<String> {
    let text = value.to_plain_text()?;
    Some(match fold {
        Fold::Exact if !loose => text,
        Fold::Exact | Fold::Case => {
            let lower = text.to_lowercase();
            if loose { lower.chars().map(without_accent).collect() } else { lower }
        }
        Fold::Digits => text.chars().filter(char::is_ascii_digit).collect(),
    })
}

const fn without_accent(c: char) -> char {
    match c {
        'ë' | 'é' | 'è' => 'e',
        'ü' | 'ú' => 'u',
        'ö' | 'ó' => 'o',
        'ä' | 'á' => 'a',
        other => other,
    }
}

fn equal(wanted: &str, held: &str, fold: Fold) -> bool {
    if fold != Fold::Digits {
        return wanted == held;
    }
    let last = |text: &str| text.get(text.len().saturating_sub(7)..).map(str::to_owned);
    match wanted.len().cmp(&7) {
        Ordering::Less => !wanted.is_empty() && wanted == held,
        _ => held.len() >= 7 && last(wanted) == last(held),
    }
}
