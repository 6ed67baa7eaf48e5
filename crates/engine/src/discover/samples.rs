//! A look at some rows. What is read here stays in memory, is never printed, and is dropped when
//! the map is done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use connect::{Batch, Connector, Fold, Lookup, Match, Scan};
use detect::{ColumnTally, DetectOptions, DetectScratch, Detector, KindRef, OptionError};
use model::{Column, DataType, Table, TableName, Value};

/// No value is kept longer than this: a form shows in its beginning.
const KEPT: usize = 4096;

/// Some rows of one table, column by column. The values of one position belong to one row.
#[derive(Debug, Default)]
pub(super) struct Samples {
    columns: BTreeMap<String, Vec<Value>>,
    pub(super) rows: usize,
}

impl Samples {
    /// The values of a column, in the order of the rows; empty where it was not read.
    pub(super) fn of(&self, column: &str) -> &[Value] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }

    /// The column's values as text, without NULL and empty ones.
    pub(super) fn texts(&self, column: &str) -> Vec<String> {
        self.of(column)
            .iter()
            .filter_map(|value| match value {
                Value::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(str::to_owned),
                other => other.to_plain_text(),
            })
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The distinct values that point somewhere: not NULL, empty, zero, -1 or a nil UUID.
    pub(super) fn pointing(&self, column: &str, at_most: usize) -> Vec<Value> {
        let distinct: BTreeSet<&Value> =
            self.of(column).iter().filter(|value| points(value)).collect();
        // Spread over the whole range: the smallest ids alone fit every table.
        let step = distinct.len().div_ceil(at_most.max(1)).max(1);
        distinct.into_iter().step_by(step).cloned().collect()
    }
}

/// Whether a value can be a reference at all.
pub(super) fn points(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Int(number) => *number > 0,
        Value::Text(text) => {
            let text = text.trim();
            !text.is_empty()
                && text != "0"
                && text != "-1"
                && !text.chars().all(|c| c == '0' || c == '-')
        }
        Value::Bytes(bytes) => !bytes.is_empty() && bytes.iter().any(|b| *b != 0),
    }
}

/// Reads samples of a table: many rows of its short columns, fewer of its long ones.
pub(super) async fn read(
    connector: &dyn Connector,
    table: &Table,
    rows: u32,
) -> connect::Result<Samples> {
    let (long, short): (Vec<&Column>, Vec<&Column>) = table
        .columns
        .iter()
        .filter(|column| readable(column.data_type))
        .partition(|column| is_long(column.data_type));
    let mut samples = Samples::default();
    for (columns, rows) in [(short, rows), (long, rows.min(60))] {
        if columns.is_empty() {
            continue;
        }
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let scan = Scan { table: table.name.clone(), columns: names.clone(), sample: Some(rows) };
        let gathered: Mutex<Vec<Vec<Value>>> = Mutex::new(vec![Vec::new(); names.len()]);
        let mut seen = 0usize;
        connector
            .scan(&scan, &mut |batch: Batch| {
                let Ok(mut into) = gathered.lock() else { return Ok(()) };
                for row in batch.0 {
                    seen += 1;
                    for (column, value) in into.iter_mut().zip(row.values) {
                        column.push(shortened(value));
                    }
                }
                Ok(())
            })
            .await?;
        samples.rows = samples.rows.max(seen);
        let gathered = gathered.into_inner().unwrap_or_default();
        samples.columns.extend(names.into_iter().zip(gathered));
    }
    Ok(samples)
}

/// How many of the values occur in a column of another table, compared as `fold` says.
pub(super) async fn hits(
    connector: &dyn Connector,
    table: &TableName,
    column: &str,
    values: &[Value],
    fold: Fold,
) -> connect::Result<usize> {
    let comparable = |value: &Value| value.to_plain_text().map(|text| text.trim().to_lowercase());
    let wanted: BTreeSet<String> = values.iter().filter_map(comparable).collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let lookup = Lookup {
        table: table.clone(),
        by: Match::Column { column: column.to_owned(), any_of: values.to_vec(), fold },
        when: Vec::new(),
        columns: vec![column.to_owned()],
    };
    connector
        .find(&lookup, &mut |batch: Batch| {
            for value in batch.0.iter().filter_map(|row| row.values.first()) {
                found.extend(comparable(value));
            }
            Ok(())
        })
        .await?;
    Ok(wanted.intersection(&found).count())
}

const fn readable(data_type: DataType) -> bool {
    !matches!(data_type, DataType::Other | DataType::Bytes { max_bytes: None })
}

const fn is_long(data_type: DataType) -> bool {
    match data_type {
        DataType::Text { max_chars: Some(n) } => n > 1000,
        DataType::Json => true,
        _ => false,
    }
}

fn shortened(value: Value) -> Value {
    match value {
        Value::Text(text) if text.len() > KEPT => {
            Value::Text(text.chars().take(KEPT / 4).collect())
        }
        Value::Bytes(mut bytes) => {
            bytes.truncate(KEPT);
            Value::Bytes(bytes)
        }
        other => other,
    }
}

/// What the values of a column look like, in shares of a hundred.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Look {
    /// How many values were looked at.
    pub(super) seen: usize,
    /// How many are distinct.
    pub(super) distinct: usize,
    /// The kind that most values are, with its share. Names and addresses of streets are told by
    /// their words and not by a form: they count in [`Look::names`] or not at all.
    pub(super) kind: Option<(KindRef, usize)>,
    /// Share of values that look like a personal name.
    pub(super) names: usize,
    /// Share of values whose words stand in lists of names.
    pub(super) listed_names: usize,
    /// Share of values that are sentences.
    pub(super) sentences: usize,
    /// Share of values with an e-mail address or phone number somewhere inside.
    pub(super) mentions: usize,
    /// Share of values that are a JSON object or array.
    pub(super) json: usize,
    /// Share of values that are PHP-serialised.
    pub(super) php: usize,
    /// How many values have the kind that most have.
    pub(super) kind_count: usize,
    /// How many look like a personal name.
    pub(super) name_count: usize,
    /// How many are sentences or hold an address, whichever is more.
    pub(super) written_count: usize,
}

/// Finds kinds in samples: a detector, and the memory that it uses again.
pub(super) struct Finder {
    detector: Detector,
    scratch: DetectScratch,
}

impl Finder {
    /// For all kinds.
    pub(super) fn new() -> Result<Self, OptionError> {
        let detector = Detector::new(&DetectOptions::default())?;
        Ok(Self { detector, scratch: DetectScratch::new() })
    }

    /// Looks at the texts of the column of this name.
    pub(super) fn look(&mut self, column: &str, texts: &[String]) -> Look {
        let seen = texts.len();
        if seen == 0 {
            return Look::default();
        }
        let share = |count: usize| count * 100 / seen;
        let mut tally = ColumnTally::new(column);
        let (mut names, mut sentences, mut mentions, mut json, mut php) = (0, 0, 0, 0, 0);
        let mut inside = Vec::new();
        for text in texts {
            tally.take(&self.detector, &mut self.scratch, text.as_bytes());
            names += usize::from(detect::looks_like_name(text));
            sentences += usize::from(text.len() > 30 && text.split_whitespace().count() >= 5);
            inside.clear();
            self.detector.find_into(text.as_bytes(), &mut self.scratch, &mut inside);
            mentions += usize::from(inside.iter().any(|found| {
                ["contact.email", "contact.phone"].contains(&found.kind.key())
                    && found.end - found.start < text.len() as u64
            }));
            json += usize::from(
                (text.starts_with('{') || text.starts_with('['))
                    && (text.len() >= KEPT / 4
                        || serde_json::from_str::<serde_json::Value>(text).is_ok()),
            );
            php += usize::from(
                (text.starts_with("a:") || text.starts_with("O:"))
                    && text.contains(":{")
                    && text.ends_with('}'),
            );
        }
        let distinct: BTreeSet<&String> = texts.iter().collect();
        let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let by_words = |kind: KindRef| ["contact.name", "contact.address"].contains(&kind.key());
        let most = tally
            .whole()
            .iter()
            .filter(|(kind, _)| !by_words(**kind))
            .max_by_key(|(_, count)| **count)
            .map(|(kind, many)| (*kind, count(*many)));
        let listed =
            tally.whole().iter().find(|(kind, _)| kind.key() == "contact.name").map(|(_, n)| *n);
        Look {
            kind_count: most.map_or(0, |(_, count)| count),
            name_count: names,
            written_count: sentences.max(mentions),
            seen,
            distinct: distinct.len(),
            kind: most.map(|(kind, count)| (kind, share(count))),
            names: share(names),
            listed_names: share(count(listed.unwrap_or_default())),
            sentences: share(sentences),
            mentions: share(mentions),
            json: share(json),
            php: share(php),
        }
    }
}
