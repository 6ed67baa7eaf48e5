//! Parquet: column by column, group of rows by group of rows.
//!
//! A column keeps its type where its method allows: kept, removed (every value is NULL) and moved in
//! time. Otherwise it becomes a column of text, and that is told. Nested columns keep their form; a
//! row is a person whatever is repeated in it.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use parquet::basic::{
    Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical,
};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray, Int96};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnDescPtr, Type, TypePtr};

use crate::column::{ColumnPlan, SAMPLE, Sample};
use crate::csv::Done;
use crate::pseudonym::shift;
use crate::value::{Engine, New, Scratch, Tally};
use crate::{Key, Method};

/// So many records are read at once.
const RECORDS: usize = 4_096;

fn torn(error: ParquetError) -> io::Error {
    let told = match error {
        ParquetError::NYI(_) => "Parquet of a kind that is not read",
        ParquetError::External(_) => "the file cannot be read or written",
        _ => "a damaged or cut off Parquet file",
    };
    io::Error::new(io::ErrorKind::InvalidData, told)
}

/// The name of a column: the names that lead to it, without levels that only the form needs.
fn name(about: &ColumnDescPtr) -> String {
    let parts = about.path().parts();
    let form = |part: &str| matches!(part, "list" | "element" | "key_value" | "array");
    let told: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| parts.len() == 1 || !form(part)).collect();
    told.join(".")
}

/// How the numbers of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Plain,
    Day,
    /// Units in a second.
    Moment(i64),
    /// Digits behind the point.
    Decimal(u32),
    Uuid,
}

fn meaning(about: &ColumnDescPtr) -> Meaning {
    match (about.logical_type_ref(), about.converted_type()) {
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Meaning::Day,
        (Some(LogicalType::Timestamp(stamp)), _) => Meaning::Moment(match stamp.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        }),
        (None, ConvertedType::TIMESTAMP_MILLIS) => Meaning::Moment(1_000),
        (None, ConvertedType::TIMESTAMP_MICROS) => Meaning::Moment(1_000_000),
        (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => {
            Meaning::Decimal(u32::try_from(about.type_scale()).unwrap_or(0))
        }
        (Some(LogicalType::Uuid), _) => Meaning::Uuid,
        _ => Meaning::Plain,
    }
}

/// What a whole number says.
fn told(meaning: Meaning, number: i64) -> String {
    match meaning {
        Meaning::Day => {
            let day = Date::new(1970, 1, 1).and_then(|first| first.checked_add(number.days()));
            day.map_or_else(|_| number.to_string(), |day| day.to_string())
        }
        Meaning::Moment(units) => {
            let nanos = i128::from(number) * i128::from(1_000_000_000 / units);
            Timestamp::from_nanosecond(nanos)
                .map_or_else(|_| number.to_string(), |at| at.to_string())
        }
        Meaning::Decimal(scale @ 1..=18) => {
            let ten = 10_i64.pow(scale);
            let sign = if number < 0 { "-" } else { "" };
            let width = usize::try_from(scale).unwrap_or(0);
            format!("{sign}{}.{:0width$}", (number / ten).abs(), (number % ten).abs())
        }
        _ => number.to_string(),
    }
}

/// A value that can be shown as text, and moved by days where it is a day.
trait Cell: Clone {
    fn told(&self, meaning: Meaning) -> Vec<u8>;
    fn moved(&self, _: Meaning, _: i32) -> Option<Self> {
        None
    }
}

impl Cell for bool {
    fn told(&self, _: Meaning) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Cell for i32 {
    fn told(&self, meaning: Meaning) -> Vec<u8> {
        told(meaning, i64::from(*self)).into_bytes()
    }

    fn moved(&self, meaning: Meaning, days: i32) -> Option<Self> {
        (meaning == Meaning::Day).then(|| self.checked_add(days)).flatten()
    }
}

impl Cell for i64 {
    fn told(&self, meaning: Meaning) -> Vec<u8> {
        told(meaning, *self).into_bytes()
    }

    fn moved(&self, meaning: Meaning, days: i32) -> Option<Self> {
        match meaning {
            Meaning::Moment(units) => {
                self.checked_add(i64::from(days).checked_mul(86_400)?.checked_mul(units)?)
            }
            _ => None,
        }
    }
}

impl Cell for Int96 {
    fn told(&self, _: Meaning) -> Vec<u8> {
        let nanos = i128::from(self.to_nanos());
        Timestamp::from_nanosecond(nanos).map(|at| at.to_string()).unwrap_or_default().into_bytes()
    }
}

impl Cell for f32 {
    fn told(&self, _: Meaning) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Cell for f64 {
    fn told(&self, _: Meaning) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Cell for ByteArray {
    fn told(&self, _: Meaning) -> Vec<u8> {
        self.data().to_vec()
    }
}

impl Cell for FixedLenByteArray {
    fn told(&self, meaning: Meaning) -> Vec<u8> {
        let digits = crate::key::hex(self.data(), usize::MAX);
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        if meaning == Meaning::Uuid && digits.len() == 32 {
            let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
            parts.join("-").into_bytes()
        } else {
            digits.into_bytes()
        }
    }
}

/// Opens a file.
fn open<R: ChunkReader + 'static>(input: R) -> io::Result<SerializedFileReader<R>> {
    SerializedFileReader::new(input).map_err(torn)
}

/// Each column, with values of the first rows.
///
/// # Errors
/// When the file is damaged.
pub fn samples<R: ChunkReader + 'static>(input: R) -> io::Result<Vec<Sample>> {
    let reader = open(input)?;
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let mut samples: Vec<Sample> = columns
        .iter()
        .map(|about| Sample { name: name(about), declared: declared(about), values: Vec::new() })
        .collect();
    for group in 0..reader.num_row_groups() {
        if samples.iter().all(|sample| sample.values.len() >= SAMPLE) {
            break;
        }
        let group = reader.get_row_group(group).map_err(torn)?;
        for (at, (about, sample)) in columns.iter().zip(&mut samples).enumerate() {
            let column = group.get_column_reader(at).map_err(torn)?;
            let room = SAMPLE.saturating_sub(sample.values.len());
            texts(about, column, room, &mut |_, text| {
                if sample.values.len() < SAMPLE {
                    sample.values.push(text);
                }
            })?;
        }
    }
    Ok(samples)
}

fn declared(about: &ColumnDescPtr) -> String {
    match (meaning(about), about.physical_type()) {
        (Meaning::Day, _) => "date".to_owned(),
        (Meaning::Moment(_), _) => "timestamp".to_owned(),
        (_, Physical::BOOLEAN) => "boolean".to_owned(),
        _ => String::new(),
    }
}

/// Hands every row to `row`, with the values of these columns; of a value that is repeated, the first.
///
/// # Errors
/// When the file is damaged.
pub fn rows<R: ChunkReader + 'static>(
    input: R,
    wanted: &[usize],
    row: &mut dyn FnMut(&[String]),
) -> io::Result<()> {
    let reader = open(input)?;
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(torn)?;
        let count = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let mut held = Vec::new();
        for at in wanted {
            held.push(firsts(
                columns.get(*at),
                group.get_column_reader(*at).map_err(torn)?,
                count,
            )?);
        }
        let mut values = vec![String::new(); wanted.len()];
        for at in 0..count {
            for (value, column) in values.iter_mut().zip(&mut held) {
                *value = column.get_mut(at).map(std::mem::take).unwrap_or_default();
            }
            row(&values);
        }
    }
    Ok(())
}

/// The first value of each row as text.
fn firsts(
    about: Option<&ColumnDescPtr>,
    column: ColumnReader,
    rows: usize,
) -> io::Result<Vec<String>> {
    let mut held = vec![String::new(); rows];
    if let Some(about) = about {
        texts(about, column, usize::MAX, &mut |row, text| {
            if let Some(value) = held.get_mut(row).filter(|value| value.is_empty()) {
                *value = String::from_utf8_lossy(&text).into_owned();
            }
        })?;
    }
    Ok(held)
}

/// Hands the values of about so many records to `take`, each with its row.
fn texts(
    about: &ColumnDescPtr,
    column: ColumnReader,
    most: usize,
    take: &mut dyn FnMut(usize, Vec<u8>),
) -> io::Result<()> {
    let meaning = meaning(about);
    let level = about.max_def_level();
    macro_rules! each {
        ($column:expr) => {
            batches($column, most, &mut |batch| {
                batch.each(level, &mut |row, _, value| {
                    if let Some(value) = value {
                        take(row, value.told(meaning));
                    }
                });
                Ok(())
            })
        };
    }
    match column {
        ColumnReader::BoolColumnReader(column) => each!(column),
        ColumnReader::Int32ColumnReader(column) => each!(column),
        ColumnReader::Int64ColumnReader(column) => each!(column),
        ColumnReader::Int96ColumnReader(column) => each!(column),
        ColumnReader::FloatColumnReader(column) => each!(column),
        ColumnReader::DoubleColumnReader(column) => each!(column),
        ColumnReader::ByteArrayColumnReader(column) => each!(column),
        ColumnReader::FixedLenByteArrayColumnReader(column) => each!(column),
    }
}

/// Some records of a column.
struct Batch<'b, T> {
    /// Rows before it in the group.
    before: usize,
    levels: usize,
    defined: &'b [i16],
    repeated: &'b [i16],
    values: &'b [T],
}

impl<T> Batch<'_, T> {
    /// Each place with its row, its level, and its value if it has one.
    fn each(&self, most: i16, take: &mut dyn FnMut(usize, i16, Option<&T>)) {
        let mut values = self.values.iter();
        let mut row = self.before;
        // Without levels every record is one value.
        let places = self.levels.max(if self.defined.is_empty() { self.values.len() } else { 0 });
        for at in 0..places {
            row += usize::from(self.repeated.get(at).is_none_or(|level| *level == 0));
            let level = self.defined.get(at).copied().unwrap_or(most);
            let value = if level == most { values.next() } else { None };
            take(row - 1, level, value);
        }
    }
}

fn batches<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    most: usize,
    take: &mut dyn FnMut(Batch<'_, T::T>) -> io::Result<()>,
) -> io::Result<()> {
    let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut before = 0;
    while before < most {
        defined.clear();
        repeated.clear();
        values.clear();
        let read =
            column.read_records(RECORDS, Some(&mut defined), Some(&mut repeated), &mut values);
        let (records, _, levels) = read.map_err(torn)?;
        if records == 0 {
            break;
        }
        let (defined, repeated, values) = (&defined[..], &repeated[..], &values[..]);
        take(Batch { before, levels, defined, repeated, values })?;
        before += records;
    }
    Ok(())
}

/// What becomes of the type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing is changed.
    Kept,
    /// Its type stays; some values become NULL or move.
    Same,
    /// It becomes text.
    Text,
}

fn fate(plan: &ColumnPlan, about: &ColumnDescPtr) -> Fate {
    let repeated = about.self_type().get_basic_info().repetition() == Repetition::REPEATED;
    let bytes = about.physical_type() == Physical::BYTE_ARRAY;
    let moves = matches!(
        (meaning(about), about.physical_type()),
        (Meaning::Day, Physical::INT32) | (Meaning::Moment(_), Physical::INT64)
    );
    match &plan.method {
        Method::Keep => Fate::Kept,
        // Bytes that were JSON or an enumeration may be neither behind it.
        _ if bytes => Fate::Text,
        _ if repeated => Fate::Text,
        Method::Remove | Method::Text => Fate::Same,
        Method::Shift { .. } if moves => Fate::Same,
        _ => Fate::Text,
    }
}

/// The schema behind it; `at` counts its columns.
fn schema(kind: &Type, fates: &[Fate], at: &mut usize) -> Result<TypePtr, ParquetError> {
    let info = kind.get_basic_info();
    let id = info.has_id().then(|| info.id());
    if kind.is_group() {
        let mut fields = Vec::new();
        for field in kind.get_fields() {
            fields.push(schema(field, fates, at)?);
        }
        let mut group = Type::group_type_builder(kind.name())
            .with_fields(fields)
            .with_converted_type(info.converted_type())
            .with_logical_type(info.logical_type_ref().cloned())
            .with_id(id);
        if info.has_repetition() {
            group = group.with_repetition(info.repetition());
        }
        return group.build().map(Arc::new);
    }
    let fate = fates.get(*at).copied().unwrap_or(Fate::Kept);
    *at += 1;
    let nullable = match info.repetition() {
        Repetition::REQUIRED if fate != Fate::Kept => Repetition::OPTIONAL,
        other => other,
    };
    let is_text = kind.get_physical_type() == Physical::BYTE_ARRAY
        && info.converted_type() == ConvertedType::UTF8;
    if fate == Fate::Text && !is_text {
        return Type::primitive_type_builder(kind.name(), Physical::BYTE_ARRAY)
            .with_repetition(nullable)
            .with_converted_type(ConvertedType::UTF8)
            .with_logical_type(Some(LogicalType::String))
            .with_id(id)
            .build()
            .map(Arc::new);
    }
    if let Type::PrimitiveType { type_length, precision, scale, .. } = kind
        && nullable != info.repetition()
    {
        return Type::primitive_type_builder(kind.name(), kind.get_physical_type())
            .with_repetition(nullable)
            .with_converted_type(info.converted_type())
            .with_logical_type(info.logical_type_ref().cloned())
            .with_length(*type_length)
            .with_precision(*precision)
            .with_scale(*scale)
            .with_id(id)
            .build()
            .map(Arc::new);
    }
    Ok(Arc::new(kind.clone()))
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewritten {
    /// Columns and rows.
    pub done: Done,
    /// Columns whose type is another now, or which may be NULL now.
    pub retyped: Vec<String>,
}

/// Writes a file again with what becomes of its values. `plans` are the columns of [`samples`]; rows
/// for which `leave_out` says so are not written.
///
/// # Errors
/// When the file is damaged or the output cannot be written.
pub fn rewrite<R: ChunkReader + 'static>(
    engine: &Engine<'_>,
    input: R,
    output: impl Write + Send,
    plans: &[ColumnPlan],
    key: Option<&Key>,
    leave_out: &dyn Fn(u64) -> bool,
) -> io::Result<Rewritten> {
    let reader = open(input)?;
    let about = reader.metadata().file_metadata();
    let columns = about.schema_descr().columns().to_vec();
    let fates: Vec<Fate> =
        columns.iter().zip(plans).map(|(about, plan)| fate(plan, about)).collect();
    let new = schema(about.schema_descr().root_schema(), &fates, &mut 0).map_err(torn)?;
    let mut rewritten = Rewritten::default();
    rewritten.done.columns = vec![Tally::default(); plans.len()];
    let target = parquet::schema::types::SchemaDescriptor::new(Arc::clone(&new));
    for (at, (before, after)) in columns.iter().zip(target.columns()).enumerate() {
        let other = before.self_type() != after.self_type();
        if other && let Some(plan) = plans.get(at) {
            rewritten.retyped.push(plan.name.clone());
        }
    }
    let compression = reader
        .metadata()
        .row_groups()
        .first()
        .and_then(|group| group.columns().first())
        .map_or(Compression::SNAPPY, parquet::file::metadata::ColumnChunkMetaData::compression);
    let mut properties = WriterProperties::builder().set_compression(compression);
    // What programs wrote there of the types would be wrong, and may quote values.
    if rewritten.retyped.is_empty() {
        let known = |name: &str| matches!(name, "ARROW:schema" | "pandas");
        let pairs = about.key_value_metadata().cloned().unwrap_or_default();
        let kept = pairs.into_iter().filter(|pair| known(&pair.key)).collect();
        properties = properties.set_key_value_metadata(Some(kept));
    }
    let mut writer =
        SerializedFileWriter::new(output, new, Arc::new(properties.build())).map_err(torn)?;
    let mut first = 0_u64;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(torn)?;
        let count = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let kept: Vec<bool> = (0..count as u64).map(|row| !leave_out(first + row)).collect();
        let mut out = writer.next_row_group().map_err(torn)?;
        for (at, about) in columns.iter().enumerate() {
            let (Some(plan), Some(fate), Some(tally)) =
                (plans.get(at), fates.get(at), rewritten.done.columns.get_mut(at))
            else {
                continue;
            };
            let persons = match plan.person {
                Some(person) => {
                    let column = group.get_column_reader(person).map_err(torn)?;
                    Some(firsts(columns.get(person), column, count)?)
                }
                None => None,
            };
            let turn = Turn { engine, key, plan, fate: *fate, about, kept: &kept, persons, first };
            turn.column(group.get_column_reader(at).map_err(torn)?, &mut out, tally)?;
        }
        out.close().map_err(torn)?;
        rewritten.done.rows += count as u64;
        rewritten.done.left_out += kept.iter().filter(|kept| !**kept).count() as u64;
        first += count as u64;
    }
    writer.close().map_err(torn)?;
    Ok(rewritten)
}

/// One column of one group.
struct Turn<'t> {
    engine: &'t Engine<'t>,
    key: Option<&'t Key>,
    plan: &'t ColumnPlan,
    fate: Fate,
    about: &'t ColumnDescPtr,
    kept: &'t [bool],
    persons: Option<Vec<String>>,
    first: u64,
}

/// The levels and values of one batch, as they are written.
struct Out<T> {
    defined: Vec<i16>,
    repeated: Vec<i16>,
    values: Vec<T>,
}

impl Turn<'_> {
    fn column<W: Write + Send>(
        &self,
        column: ColumnReader,
        group: &mut SerializedRowGroupWriter<'_, W>,
        tally: &mut Tally,
    ) -> io::Result<()> {
        let Some(mut writer) = group.next_column().map_err(torn)? else { return Ok(()) };
        let to_text = self.fate == Fate::Text;
        macro_rules! copy {
            ($column:expr, $variant:ident) => {
                match (to_text, writer.untyped()) {
                    (true, ColumnWriter::ByteArrayColumnWriter(writer)) => {
                        let mut scratch = Scratch::default();
                        batches($column, usize::MAX, &mut |batch| {
                            let out = self.turned(&batch, &mut |row, value| {
                                self.as_text(row, value, &mut scratch, tally)
                            });
                            let written = writer.write_batch(
                                &out.values,
                                Some(&out.defined),
                                Some(&out.repeated),
                            );
                            written.map(drop).map_err(torn)
                        })
                    }
                    (false, ColumnWriter::$variant(writer)) => {
                        let mut scratch = Scratch::default();
                        batches($column, usize::MAX, &mut |batch| {
                            let out = self.turned(&batch, &mut |row, value| {
                                self.as_it_is(row, value, &mut scratch, tally)
                            });
                            let written = writer.write_batch(
                                &out.values,
                                Some(&out.defined),
                                Some(&out.repeated),
                            );
                            written.map(drop).map_err(torn)
                        })
                    }
                    _ => Err(io::Error::other("a column of another type than its schema says")),
                }
            };
        }
        match column {
            ColumnReader::BoolColumnReader(column) => copy!(column, BoolColumnWriter),
            ColumnReader::Int32ColumnReader(column) => copy!(column, Int32ColumnWriter),
            ColumnReader::Int64ColumnReader(column) => copy!(column, Int64ColumnWriter),
            ColumnReader::Int96ColumnReader(column) => copy!(column, Int96ColumnWriter),
            ColumnReader::FloatColumnReader(column) => copy!(column, FloatColumnWriter),
            ColumnReader::DoubleColumnReader(column) => copy!(column, DoubleColumnWriter),
            ColumnReader::ByteArrayColumnReader(column) => copy!(column, ByteArrayColumnWriter),
            ColumnReader::FixedLenByteArrayColumnReader(column) => {
                copy!(column, FixedLenByteArrayColumnWriter)
            }
        }?;
        writer.close().map_err(torn)
    }

    /// Turns each value of a batch; `None` is NULL.
    fn turned<T, O>(
        &self,
        batch: &Batch<'_, T>,
        turn: &mut dyn FnMut(usize, &T) -> Option<O>,
    ) -> Out<O> {
        let most = self.about.max_def_level();
        let required = self.about.self_type().get_basic_info().repetition() == Repetition::REQUIRED;
        // A column that must not be NULL has one level more once it may be.
        let (filled, empty) = match (required, self.fate) {
            (_, Fate::Kept) => (most, most),
            (true, _) => (most + 1, most),
            (false, _) => (most, most - 1),
        };
        let mut out = Out { defined: Vec::new(), repeated: Vec::new(), values: Vec::new() };
        let mut at = 0;
        batch.each(most, &mut |row, level, value| {
            let repeated = batch.repeated.get(at).copied().unwrap_or(0);
            at += 1;
            if !self.kept.get(row).copied().unwrap_or(true) {
                return;
            }
            out.repeated.push(repeated);
            match value.map(|value| turn(row, value)) {
                Some(Some(value)) => {
                    out.values.push(value);
                    out.defined.push(filled);
                }
                Some(None) => out.defined.push(empty),
                None => out.defined.push(level),
            }
        });
        out
    }

    fn new_value(&self, row: usize, text: &[u8], scratch: &mut Scratch, tally: &mut Tally) -> New {
        let person = self.persons.as_ref().and_then(|persons| persons.get(row));
        let person =
            person.map(|person| person.trim().as_bytes()).filter(|person| !person.is_empty());
        let number = self.first + row as u64 + 1;
        self.engine.value(self.plan, text, person, number, scratch, tally)
    }

    fn as_text<T: Cell>(
        &self,
        row: usize,
        value: &T,
        scratch: &mut Scratch,
        tally: &mut Tally,
    ) -> Option<ByteArray> {
        let text = value.told(meaning(self.about));
        match self.new_value(row, &text, scratch, tally) {
            New::Same => Some(ByteArray::from(text)),
            New::Text(text) => Some(ByteArray::from(text)),
            // A place of a list cannot be NULL.
            New::Nothing => {
                let repeated = self.about.self_type().get_basic_info().repetition();
                (repeated == Repetition::REPEATED).then(|| ByteArray::from(Vec::new()))
            }
        }
    }

    fn as_it_is<T: Cell>(
        &self,
        row: usize,
        value: &T,
        scratch: &mut Scratch,
        tally: &mut Tally,
    ) -> Option<T> {
        if let (Method::Shift { days, by }, Some(key)) = (&self.plan.method, self.key) {
            tally.values += 1;
            tally.changed += 1;
            let person = self.persons.as_ref().and_then(|persons| persons.get(row));
            let person = match (by, person.map(|person| person.trim())) {
                (Some(_), None | Some("")) => None,
                (Some(_), Some(person)) => Some(person),
                (None, _) => Some(""),
            };
            let moved = person
                .and_then(|person| value.moved(meaning(self.about), shift(key, person, *days)));
            tally.unreadable += u64::from(moved.is_none());
            return moved;
        }
        if self.fate == Fate::Kept {
            tally.values += 1;
            return Some(value.clone());
        }
        let text = value.told(meaning(self.about));
        // A number in which something was found cannot hold what stands for it.
        (self.new_value(row, &text, scratch, tally) == New::Same).then(|| value.clone())
    }
}

#[cfg(test)]
#[path = "parquet_tests.rs"]
mod tests;
