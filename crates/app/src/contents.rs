//! What stands in the tables of a system, told by its values: the detector reads rows, and what is
//! kept of them are counts.
//!
//! What is deliberately not here: a judgment. Controls and the data map make theirs of these counts.

use std::collections::BTreeMap;

use connect::{Batch, Connector, Scan};
use detect::{ColumnTally, DetectOptions, DetectScratch, Detector, Family, KindRef};
use model::{DataType, Table, Value};
use policy::{Collection, System};

use crate::{Error, Result};

/// So many rows of each table are looked at where not all are asked for.
pub(crate) const SAMPLE: u32 = 2_000;
/// Findings less sure than this do not count: words that only speak of something.
const LEAST: u8 = 50;
/// In at least so many percent of the values that are there a kind must be the whole value, and in at
/// least so many values, for a column to be called after it.
const MOST: u64 = 60;
const FEW: u64 = 5;
/// Texts from this length on are also read as whoever opens them would: decoded, without markup.
const LONG: usize = 64;
/// No shorter text holds a card number in base64 or with marks between its figures.
const SHORTEST: usize = 20;
/// Whole numbers from here on may be somebody's: nine figures and more.
const NINE_FIGURES: u64 = 100_000_000;

/// What reads values: a detector, and the memory that it uses again.
pub(crate) struct Reader {
    detector: Detector,
    scratch: DetectScratch,
}

impl Reader {
    /// For all kinds.
    pub(crate) fn new() -> Result<Self> {
        let options = DetectOptions { least_confidence: LEAST, ..DetectOptions::default() };
        let detector =
            Detector::new(&options).map_err(|error| Error::Refused(error.to_string()))?;
        Ok(Self { detector, scratch: DetectScratch::new() })
    }
}

/// What stands in the tables of one system.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) tables: Vec<TableLook>,
    /// Tables that could not be read, and why.
    pub(crate) unread: Vec<(String, String)>,
}

/// A look at one table.
#[derive(Debug, Default)]
pub(crate) struct TableLook {
    /// `system.collection`, or `system.table` where the map does not have it.
    pub(crate) place: String,
    /// The collection of the map.
    pub(crate) collection: Option<String>,
    pub(crate) rows: u64,
    pub(crate) about: u64,
    /// Whether there may be more rows than were looked at.
    pub(crate) sampled: bool,
    pub(crate) fields: BTreeMap<String, FieldLook>,
}

/// A look at one column: counts of rows, never a value.
#[derive(Debug, Default)]
pub(crate) struct FieldLook {
    pub(crate) filled: u64,
    /// How many rows hold something of each kind, alone or beside other text; see
    /// [`FieldLook::settle`].
    pub(crate) kinds: BTreeMap<KindRef, u64>,
    /// The values one by one.
    pub(crate) tally: ColumnTally,
    /// Files among the values, which were not opened.
    pub(crate) unopened: u64,
    /// The forms of whole numbers, before [`FieldLook::settle`].
    pub(crate) numbers: ColumnTally,
    /// Whole numbers that are long enough to be somebody's.
    pub(crate) long_numbers: u64,
}

/// The collection of the map that a table is behind.
pub(crate) fn behind<'s>(system: &'s System, table: &Table) -> Option<&'s Collection> {
    system.collections.iter().find(|collection| {
        let name = &collection.table;
        *name == table.name || (name.schema.is_empty() && name.table == table.name.table)
    })
}

/// The table behind a collection. A map that names no schema means the only table of that name.
pub(crate) fn table_of<'c>(
    catalogue: &'c model::Catalogue,
    collection: &Collection,
) -> Option<&'c Table> {
    let name = &collection.table;
    catalogue.table(name).or_else(|| {
        let mut same = catalogue.tables.iter().filter(|table| table.name.table == name.table);
        match (same.next(), same.next()) {
            (Some(only), None) if name.schema.is_empty() => Some(only),
            _ => None,
        }
    })
}

/// Reads the tables of a system: all rows, or a sample spread over each table.
pub(crate) async fn read(
    system: &System,
    tables: &[Table],
    connector: &dyn Connector,
    sample: Option<u32>,
    reader: &mut Reader,
) -> Contents {
    let mut contents = Contents::default();
    for table in tables.iter().filter(|table| !table.is_view) {
        let collection = behind(system, table);
        let name = collection.map_or_else(|| table.name.to_string(), |c| c.name.clone());
        let mut look = TableLook {
            place: format!("{}.{name}", system.key),
            collection: collection.map(|collection| collection.name.clone()),
            about: table.about_rows,
            ..TableLook::default()
        };
        let columns: Vec<String> = table
            .columns
            .iter()
            .filter(|column| {
                column.data_type.bears_text()
                    || matches!(column.data_type, DataType::Integer | DataType::Number)
                    || collection
                        .and_then(|c| c.field(&column.name))
                        .is_some_and(policy::Field::is_personal)
            })
            .map(|column| column.name.clone())
            .collect();
        let scan = Scan { table: table.name.clone(), columns: columns.clone(), sample };
        let mut rows = 0;
        let mut fields: Vec<FieldLook> =
            columns.iter().map(|column| FieldLook::of(column)).collect();
        let read = connector
            .scan(&scan, &mut |batch: Batch| {
                for row in &batch.0 {
                    rows += 1;
                    for (field, value) in fields.iter_mut().zip(&row.values) {
                        field.take(reader, value);
                    }
                }
                Ok(())
            })
            .await;
        look.rows = rows;
        look.sampled =
            sample.is_some_and(|most| rows >= u64::from(most) || table.about_rows > rows);
        look.fields = columns.into_iter().zip(fields).collect();
        look.fields.values_mut().for_each(FieldLook::settle);
        if let Err(error) = read {
            contents.unread.push((look.place.clone(), error.to_string()));
        }
        contents.tables.push(look);
    }
    contents
}

impl FieldLook {
    /// For a column of this name.
    pub(crate) fn of(column: &str) -> Self {
        Self {
            tally: ColumnTally::new(column),
            numbers: ColumnTally::new(column),
            ..Self::default()
        }
    }

    pub(crate) fn take(&mut self, reader: &mut Reader, value: &Value) {
        let Reader { detector, scratch } = reader;
        let bytes = match value {
            Value::Null => return,
            Value::Bool(_) => {
                self.filled += 1;
                return;
            }
            Value::Int(number) => {
                self.filled += 1;
                self.long_numbers += u64::from(number.unsigned_abs() >= NINE_FIGURES);
                self.numbers.take(detector, scratch, number.to_string().as_bytes());
                return;
            }
            Value::Text(text) if text.trim().is_empty() => return,
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(bytes) if bytes.is_empty() => return,
            Value::Bytes(bytes) => bytes,
        };
        self.filled += 1;
        let mut opened = None;
        if bytes.len() >= LONG || may_be_encoded(bytes) {
            match detect::readable(bytes) {
                // Spaces that hold a number together on a page are spaces.
                Some(text) => {
                    opened = Some(text.replace("&nbsp;", " ").replace(['\u{a0}', '\u{202f}'], " "));
                }
                None => self.unopened += 1,
            }
        }
        let opened = opened.as_ref().map_or(&[][..], |text| text.as_bytes());
        self.tally.take_forms(detector, scratch, &[bytes, opened]);
    }

    /// The kind that most values are, with its share in percent: where there are enough of them, and
    /// where it is told by a form. Names and streets are told by their words, which products and
    /// companies have too.
    pub(crate) fn most(&self) -> Option<(KindRef, u64)> {
        let by_form = |kind: &KindRef| {
            kind.family() != Family::Special
                && !["contact.name", "contact.address"].contains(&kind.key())
        };
        let counts = self.tally.whole().iter().filter(|(kind, _)| by_form(kind));
        let (kind, many) = counts.max_by_key(|(_, many)| **many)?;
        let share = many * 100 / self.tally.filled().max(1);
        (share >= MOST && *many >= FEW).then_some((*kind, share))
    }

    /// How sure it is, in percent, that the column is one of this kind.
    pub(crate) fn confidence(&self, kind: KindRef) -> u8 {
        let guesses = self.tally.guesses("", "");
        let of_kind = guesses.iter().filter(|guess| guess.kind == Some(kind));
        of_kind.map(|guess| guess.confidence).max().unwrap_or_default()
    }

    /// Ends the look. A whole number is somebody's card only where most long numbers of the column
    /// are: one key in ten fits the check digit by chance. The noughts of those who have none do
    /// not count.
    pub(crate) fn settle(&mut self) {
        for kind in self.tally.kinds() {
            self.kinds.insert(kind, self.tally.holding(kind));
        }
        for (kind, rows) in self.numbers.whole() {
            if rows.saturating_mul(2) > self.long_numbers {
                *self.kinds.entry(*kind).or_default() += rows;
            }
        }
    }
}

/// Whether a short text may say something else to whoever opens it: in base64, quoted-printable, an
/// entity of HTML, another encoding than ASCII.
fn may_be_encoded(bytes: &[u8]) -> bool {
    let coded = |byte: &u8| matches!(byte, b'=' | b'&' | b'<' | 0) || !byte.is_ascii();
    let one_word =
        || bytes.len().is_multiple_of(4) && !bytes.contains(&b' ') && !bytes.contains(&b'@');
    bytes.len() >= SHORTEST && (bytes.iter().any(coded) || one_word())
}
