//! Rows that are counted, and then deleted.
//!
//! INVARIANT: each row is counted once. The counts of a page are written down with a keyed
//! fingerprint of every row before the page is deleted in one transaction; a run that was killed in
//! between looks whether any of these rows is still there, and so knows whether it was deleted.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Change, ChangeSet, Due, Scan};
use hmac::{Hmac, KeyInit, Mac};
use model::{RowKey, Secret, Table, Value};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::open::Open;

/// Counts by month and values, in the order of the columns.
pub type Counts = BTreeMap<String, u64>;

/// A page that was counted and of which it is not known yet that it is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    counts: Counts,
    /// Keyed fingerprints of its rows.
    rows: BTreeSet<String>,
}

/// What counting one table needs.
pub(crate) struct Counter<'c> {
    pub(crate) table: &'c Table,
    /// The column with the moment, if the rule has one.
    pub(crate) at: Option<String>,
    pub(crate) by: Vec<String>,
    pub(crate) key: &'c Secret<Vec<u8>>,
}

impl Counter<'_> {
    /// Counts the first due rows; what deletes them, and how many they are.
    pub(crate) async fn page(
        &self,
        open: &Open,
        due: &Due,
        limit: u32,
    ) -> connect::Result<(Pending, ChangeSet, u64)> {
        let columns: Vec<String> = self.at.iter().chain(&self.by).cloned().collect();
        let mut pending = Pending::default();
        let mut keys = Vec::new();
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                let mut values = row.values.into_iter();
                let mut parts = Vec::with_capacity(columns.len());
                if self.at.is_some() {
                    parts.push(values.next().as_ref().and_then(month).unwrap_or_default());
                }
                parts.extend(values.map(|value| value.to_plain_text().unwrap_or_default()));
                // A control character that no value of a column of words holds.
                *pending.counts.entry(parts.join(SEPARATOR)).or_default() += 1;
                pending.rows.insert(self.fingerprint(&row.key));
                keys.push(row.key);
            }
            Ok(())
        };
        open.connector.list_due(due, &columns, None, limit, &mut sink).await?;
        let rows = keys.len() as u64;
        let delete = Change::Delete { table: self.table.name.clone(), keys };
        Ok((pending, ChangeSet { changes: vec![delete] }, rows))
    }

    /// Whether a page that was counted is still there. A page is deleted whole or not at all.
    ///
    /// INVARIANT: the whole table is asked, not what is due now: since it was counted the page may
    /// have been put on hold, or the rule may have been edited.
    pub(crate) async fn is_there(&self, open: &Open, pending: &Pending) -> connect::Result<bool> {
        let scan = Scan { table: self.table.name.clone(), columns: Vec::new(), sample: None };
        let mut found = false;
        let mut sink = |batch: Batch| {
            found |= batch.0.iter().any(|row| pending.rows.contains(&self.fingerprint(&row.key)));
            if found { Err(connect::Error::Stopped("it was found".to_owned())) } else { Ok(()) }
        };
        match open.connector.scan(&scan, &mut sink).await {
            Err(_) if found => Ok(true),
            told => told.map(|()| found),
        }
    }

    fn fingerprint(&self, key: &RowKey) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret()) else {
            return String::new();
        };
        mac.update(b"counted row");
        mac.update(self.table.name.to_string().as_bytes());
        mac.update(&serde_json::to_vec(key).unwrap_or_default());
        mac.finalize().into_bytes().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Between the parts of a key of [`Counts`].
pub const SEPARATOR: &str = "\u{1f}";

impl Pending {
    /// How many rows were counted.
    pub(crate) fn rows(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Adds its counts to those of a run.
    pub(crate) fn fold(self, into: &mut Counts) -> u64 {
        let mut rows = 0;
        for (key, count) in self.counts {
            rows += count;
            *into.entry(key).or_default() += count;
        }
        rows
    }
}

/// `2019-11` of a moment, however the database keeps it.
fn month(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => {
            let begin = text.get(..7)?;
            let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
            let (year, month) = begin.split_once('-')?;
            (year.len() == 4 && digits(year) && digits(month)).then(|| begin.to_owned())
        }
        Value::Int(number @ 19_000_101..=29_991_231) => {
            Some(format!("{:04}-{:02}", number / 10_000, number / 100 % 100))
        }
        Value::Int(number) => {
            let seconds = match number.unsigned_abs() {
                ..100_000_000_000 => *number,
                100_000_000_000..100_000_000_000_000 => number.div_euclid(1_000),
                _ => number.div_euclid(1_000_000),
            };
            // Days since 0000-03-01 of the proleptic calendar, in eras of 400 years.
            let days = seconds.div_euclid(86_400) + 719_468;
            let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
            let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
            let day = day - (365 * year + year / 4 - year / 100);
            let month = (5 * day + 2) / 153;
            let (month, over) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
            Some(format!("{:04}-{month:02}", era * 400 + year + over))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_is_read_however_it_is_kept() {
        for (value, expected) in [
            (Value::from("2019-11-23 12:00:00"), Some("2019-11")),
            (Value::from("soon"), None),
            (Value::from(20_191_123), Some("2019-11")),
            (Value::from(1_574_510_400), Some("2019-11")),
            (Value::from(951_782_400_000), Some("2000-02")),
            (Value::from(1_577_836_800_000_000), Some("2020-01")),
            (Value::Null, None),
        ] {
            assert_eq!(month(&value).as_deref(), expected);
        }
    }
}
