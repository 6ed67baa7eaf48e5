//! Parquet: each value of each column, in the words of a person.

use std::fs::File;

use bytes::Bytes;
use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use crate::limits::length;
use crate::place::shown_name;
use crate::source::{Seekable, Source};
use crate::walk::Walk;
use crate::{At, Place, Unread};

/// So many records are read at once.
const RECORDS: usize = 1_024;

/// Reads every column of every group of rows.
pub(crate) fn read(walk: &mut Walk<'_>, path: &str, source: Source<'_>) -> Result<(), Unread> {
    match source.into_seek()? {
        Seekable::File(file) => table(walk, path, &open::<File>(file)?),
        Seekable::Memory(memory) => table(walk, path, &open(Bytes::from(memory.into_inner()))?),
    }
}

fn open<R: parquet::file::reader::ChunkReader + 'static>(
    input: R,
) -> Result<SerializedFileReader<R>, Unread> {
    SerializedFileReader::new(input).map_err(|error| why(&error))
}

fn why(error: &ParquetError) -> Unread {
    match error {
        ParquetError::NYI(_) => Unread::Format("Parquet of a kind that is not read"),
        _ => Unread::Damaged("a damaged or cut off Parquet file"),
    }
}

fn table(walk: &mut Walk<'_>, path: &str, reader: &dyn FileReader) -> Result<(), Unread> {
    let mut before = 0_u64;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(|error| why(&error))?;
        let rows = u64::try_from(group.metadata().num_rows()).unwrap_or(0);
        for (index, about) in group.metadata().columns().iter().enumerate() {
            if walk.stopped() {
                return Ok(());
            }
            let about = about.column_descr();
            let name = about.path().string();
            let column = group.get_column_reader(index).map_err(|error| why(&error));
            let read = column.and_then(|column| values(walk, path, about, column, before));
            if let Err(why) = read {
                walk.unread(&format!("{path}#{}", shown_name(&name)), &why);
            }
        }
        before += rows;
    }
    Ok(())
}

fn values(
    walk: &mut Walk<'_>,
    path: &str,
    about: &ColumnDescriptor,
    column: ColumnReader,
    before: u64,
) -> Result<(), Unread> {
    let parts = about.path().parts();
    // Levels that only the form needs: `list.element`.
    let told: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| {
            parts.len() == 1 || !matches!(*part, "list" | "element" | "key_value" | "array")
        })
        .collect();
    let label = told.last().copied().unwrap_or_default().to_owned();
    let shown: Vec<&str> = told.iter().map(|part| shown_name(part)).collect();
    let mut taker = Taker { walk, path, part: shown.join("."), label, row: before };
    let day = matches!(about.logical_type_ref(), Some(LogicalType::Date))
        || about.converted_type() == ConvertedType::DATE;
    let most = about.max_def_level();
    match column {
        ColumnReader::ByteArrayColumnReader(column) => {
            each(column, most, &mut |row, value: &ByteArray| taker.take(row, value.data()))
        }
        ColumnReader::FixedLenByteArrayColumnReader(column) => {
            each(column, most, &mut |row, value: &FixedLenByteArray| taker.take(row, value.data()))
        }
        ColumnReader::Int64ColumnReader(column) => each(column, most, &mut |row, value: &i64| {
            taker.take(row, value.to_string().as_bytes())
        }),
        ColumnReader::Int32ColumnReader(column) => each(column, most, &mut |row, value: &i32| {
            let text = if day { civil(i64::from(*value)) } else { value.to_string() };
            taker.take(row, text.as_bytes())
        }),
        ColumnReader::DoubleColumnReader(column) => each(column, most, &mut |row, value: &f64| {
            taker.take(row, value.to_string().as_bytes())
        }),
        ColumnReader::FloatColumnReader(column) => each(column, most, &mut |row, value: &f32| {
            taker.take(row, value.to_string().as_bytes())
        }),
        // Yes and no, and moments of an outdated form.
        ColumnReader::BoolColumnReader(_) | ColumnReader::Int96ColumnReader(_) => Ok(()),
    }
}

/// Days since 1970 as YYYY-MM-DD.
fn civil(days: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "days fit")]
    crate::office::day((days + 25_569) as f64).unwrap_or_default()
}

struct Taker<'t, 'w> {
    walk: &'t mut Walk<'w>,
    path: &'t str,
    part: String,
    label: String,
    row: u64,
}

impl Taker<'_, '_> {
    /// A value may stand once in the file and in a million rows: what is handed on counts.
    fn take(&mut self, row: u64, value: &[u8]) -> Result<(), Unread> {
        self.walk.budget.gave(length(value.len()))?;
        let place = Place::new(self.path, &self.part, At::Row(self.row + row));
        self.walk.piece(&place, &self.label, value);
        Ok(())
    }
}

/// Takes a value, with the number of its row in the group.
type Take<'t, V> = dyn FnMut(u64, &V) -> Result<(), Unread> + 't;

/// Hands each value to `take`, with the number of its row in the group, from 1.
fn each<T: parquet::data_type::DataType>(
    mut column: parquet::column::reader::ColumnReaderImpl<T>,
    most: i16,
    take: &mut Take<'_, T::T>,
) -> Result<(), Unread> {
    let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut row = 0_u64;
    loop {
        defined.clear();
        repeated.clear();
        values.clear();
        let read =
            column.read_records(RECORDS, Some(&mut defined), Some(&mut repeated), &mut values);
        let (records, _, levels) = read.map_err(|error| why(&error))?;
        if records == 0 {
            return Ok(());
        }
        let mut values = values.iter();
        // Without levels every record is one value.
        for at in 0..levels.max(if defined.is_empty() { values.len() } else { 0 }) {
            row += u64::from(repeated.get(at).is_none_or(|level| *level == 0));
            if defined.get(at).is_none_or(|level| *level == most)
                && let Some(value) = values.next()
            {
                take(row, value)?;
            }
        }
    }
}
