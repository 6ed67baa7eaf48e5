//! Separated values: read record by record, written again with other values in the same places.
//! Quotes, line ends, the order of columns and whatever is not changed stay byte for byte.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use detect::Detector;
use memchr::{memchr, memchr2};

use crate::column::ColumnPlan;
use crate::pipe;
use crate::value::{Engine, New, Scratch, Tally};

/// Bytes that are read and worked on together.
const PIECE: usize = 1 << 20;
/// A longer record is taken for an open quote.
const LONGEST: usize = 64 << 20;
/// The mark at the beginning of UTF-8 files of some programs.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between values.
    pub delimiter: u8,
    /// Whether the first record names the columns.
    pub header: bool,
}

/// A field of a record, quotes included.
#[derive(Debug, Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    quoted: bool,
}

/// Whole records.
#[derive(Debug, Default)]
struct Records {
    bytes: Vec<u8>,
    fields: Vec<Field>,
    /// For each record: how many fields there are up to its end, and where its last byte ends.
    ends: Vec<(usize, usize)>,
    /// The number of the first record, from 0, headings not counted.
    first: u64,
}

impl Records {
    fn iter(&self) -> impl Iterator<Item = (std::ops::Range<usize>, &[Field])> {
        let mut last = (0, 0);
        self.ends.iter().map(move |(fields, end)| {
            let record = (last.1..*end, self.fields.get(last.0..*fields).unwrap_or_default());
            last = (*fields, *end);
            record
        })
    }

    fn value(&self, field: &Field) -> Cow<'_, [u8]> {
        let raw = self.bytes.get(field.start..field.end).unwrap_or_default();
        if !field.quoted {
            return Cow::Borrowed(raw);
        }
        let inner = raw.get(1..).unwrap_or_default();
        match memchr(b'"', inner) {
            Some(end) if end + 1 == inner.len() => {
                Cow::Borrowed(inner.get(..end).unwrap_or_default())
            }
            None => Cow::Borrowed(inner),
            Some(_) => {
                let mut out = Vec::with_capacity(inner.len());
                let mut bytes = inner.iter().peekable();
                let mut within = true;
                while let Some(byte) = bytes.next() {
                    if within && *byte == b'"' {
                        if bytes.peek() == Some(&&b'"') {
                            bytes.next();
                            out.push(b'"');
                        } else {
                            // What stands behind the quotes belongs to the value as it is.
                            within = false;
                        }
                    } else {
                        out.push(*byte);
                    }
                }
                Cow::Owned(out)
            }
        }
    }
}

struct Reader<R> {
    input: R,
    delimiter: u8,
    rest: Vec<u8>,
    done: bool,
    records: u64,
    begun: bool,
    /// What stands before the first record.
    mark: bool,
}

impl<R: Read> Reader<R> {
    fn new(input: R, delimiter: u8) -> Self {
        Self {
            input,
            delimiter,
            rest: Vec::new(),
            done: false,
            records: 0,
            begun: false,
            mark: false,
        }
    }

    /// The next records, as many as fit.
    fn next(&mut self) -> io::Result<Option<Records>> {
        let mut records = Records { first: self.records, ..Records::default() };
        records.bytes = std::mem::take(&mut self.rest);
        loop {
            if !self.done {
                let before = records.bytes.len();
                records.bytes.reserve(PIECE);
                let read =
                    self.input.by_ref().take(PIECE as u64).read_to_end(&mut records.bytes)?;
                self.done = read < PIECE;
                if records.bytes.get(before..).is_some_and(|new| memchr(0, new).is_some()) {
                    let told = "it holds bytes that are no text; write it as UTF-8 first";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, told));
                }
            }
            if !self.begun {
                self.begun = true;
                self.mark = records.bytes.starts_with(BOM);
                if self.mark {
                    records.bytes.drain(..BOM.len());
                }
            }
            let end = split(&mut records, self.delimiter, self.done);
            if end > 0 || self.done {
                self.rest = records.bytes.split_off(end);
                self.records += records.ends.len() as u64;
                return Ok((!records.ends.is_empty()).then_some(records));
            }
            if records.bytes.len() > LONGEST {
                let told = "a record of more than 64 MiB: a quote is opened and never closed";
                return Err(io::Error::new(io::ErrorKind::InvalidData, told));
            }
        }
    }
}

/// Finds the whole records, and tells where the last of them ends.
fn split(records: &mut Records, delimiter: u8, last: bool) -> usize {
    records.fields.clear();
    records.ends.clear();
    let bytes = &records.bytes;
    let rest = |at: usize| bytes.get(at..).unwrap_or_default();
    let (mut at, mut whole) = (0, 0);
    while at < bytes.len() {
        let start = at;
        let quoted = bytes.get(at) == Some(&b'"');
        let mut closed = true;
        if quoted {
            at += 1;
            loop {
                let Some(found) = memchr(b'"', rest(at)) else {
                    closed = false;
                    at = bytes.len();
                    break;
                };
                at += found + 1;
                if bytes.get(at) == Some(&b'"') {
                    at += 1;
                } else {
                    break;
                }
            }
        }
        // A quote at the very end may be the first of two.
        let open = !closed || quoted && at == bytes.len();
        if open && !last {
            break;
        }
        match memchr2(delimiter, b'\n', rest(at)) {
            Some(found) if bytes.get(at + found) == Some(&delimiter) => {
                at += found;
                records.fields.push(Field { start, end: at, quoted });
                at += 1;
                // A delimiter at the end of the file opens one field more.
                if at == bytes.len() && last {
                    records.fields.push(Field { start: at, end: at, quoted: false });
                    records.ends.push((records.fields.len(), at));
                    whole = at;
                }
            }
            Some(found) => {
                at += found;
                let end = if at > start && bytes.get(at - 1) == Some(&b'\r') { at - 1 } else { at };
                records.fields.push(Field { start, end, quoted });
                at += 1;
                records.ends.push((records.fields.len(), at));
                whole = at;
            }
            None if last => {
                at = bytes.len();
                records.fields.push(Field { start, end: at, quoted });
                records.ends.push((records.fields.len(), at));
                whole = at;
            }
            None => break,
        }
    }
    let fields = records.ends.last().map_or(0, |(fields, _)| *fields);
    records.fields.truncate(fields);
    whole
}

/// Writes a value as a field. Quotes are kept where there were some.
pub fn write_field(value: &[u8], delimiter: u8, quoted: bool, out: &mut Vec<u8>) {
    let special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
    let must =
        value.first() == Some(&b' ') || value.last() == Some(&b' ') || value.iter().any(special);
    if !quoted && !must {
        out.extend_from_slice(value);
        return;
    }
    out.push(b'"');
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// Tells how a file is written by its beginning; `tabs` where its name says tab-separated.
pub fn dialect(head: &[u8], tabs: bool, detector: &Detector) -> Dialect {
    let head = head.strip_prefix(BOM).unwrap_or(head);
    let count = |delimiter: u8| {
        let mut records = Records { bytes: head.to_vec(), ..Records::default() };
        split(&mut records, delimiter, false);
        if records.ends.is_empty() {
            split(&mut records, delimiter, true);
        }
        let widths: Vec<usize> = records.iter().take(100).map(|(_, fields)| fields.len()).collect();
        let first = widths.first().copied().unwrap_or(1);
        let same = widths.iter().filter(|width| **width == first).count();
        if first < 2 { 0 } else { same * 1_000 / widths.len().max(1) * 1_000 + first }
    };
    let delimiter = if tabs {
        b'\t'
    } else {
        // Of equals the first: a comma.
        [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',')
    };
    let mut records = Records { bytes: head.to_vec(), ..Records::default() };
    split(&mut records, delimiter, true);
    let header = records.iter().next().is_some_and(|(_, fields)| {
        fields.iter().all(|field| is_heading(&records.value(field), detector))
    });
    Dialect { delimiter, header }
}

/// Whether this can be a heading rather than somebody's value.
fn is_heading(text: &[u8], detector: &Detector) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let text = text.trim();
    let named = text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().count() <= 64
        && !text.contains('@');
    named && !detector.find(text.as_bytes()).iter().any(|found| found.confidence >= 50)
}

/// Takes a record: its number, from 0, and its values.
pub type TakeRow<'t> = dyn FnMut(u64, &[Cow<'_, [u8]>]) + 't;

/// Reads every record, and hands its number, from 0, and its values to `row`. Returns the headings:
/// `column 1` where there are none.
///
/// # Errors
/// When the input cannot be read, or a record has no end.
pub fn read(input: impl Read, dialect: Dialect, row: &mut TakeRow<'_>) -> io::Result<Vec<String>> {
    let mut reader = Reader::new(input, dialect.delimiter);
    let mut headings: Option<Vec<String>> = None;
    let mut number = 0;
    let mut values = Vec::new();
    while let Some(records) = reader.next()? {
        let mut values_of = std::mem::take(&mut values);
        for (_, fields) in records.iter() {
            if headings.is_none() {
                let name = |(at, field): (usize, &Field)| {
                    if dialect.header {
                        String::from_utf8_lossy(&records.value(field)).trim().to_owned()
                    } else {
                        format!("column {}", at + 1)
                    }
                };
                headings = Some(fields.iter().enumerate().map(name).collect());
                if dialect.header {
                    continue;
                }
            }
            values_of.clear();
            values_of.extend(fields.iter().map(|field| records.value(field)));
            row(number, &values_of);
            number += 1;
        }
    }
    Ok(headings.unwrap_or_default())
}

/// What became of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// By column, in their order; the last is for values beyond the headings.
    pub columns: Vec<Tally>,
    /// Records that were read.
    pub rows: u64,
    /// Of them, those that were left out.
    pub left_out: u64,
}

impl Done {
    pub(crate) fn join(&mut self, other: &Self) {
        self.columns.resize(self.columns.len().max(other.columns.len()), Tally::default());
        for (mine, theirs) in self.columns.iter_mut().zip(&other.columns) {
            mine.join(theirs);
        }
        self.rows += other.rows;
        self.left_out += other.left_out;
    }
}

/// Writes a table again with what becomes of its values. `plans` are the columns, and one more for
/// values beyond them; records for which `leave_out` says so are not written.
///
/// # Errors
/// When the input cannot be read, a record has no end, or the output cannot be written.
pub fn rewrite(
    engine: &Engine<'_>,
    input: impl Read + Send,
    output: &mut dyn Write,
    dialect: Dialect,
    plans: &[ColumnPlan],
    threads: usize,
    leave_out: &(dyn Fn(u64) -> bool + Sync),
) -> io::Result<Done> {
    let mut reader = Reader::new(input, dialect.delimiter);
    let mut done = Done::default();
    let headings = u64::from(dialect.header);
    let work = |(records, mark): (Records, bool)| {
        let mut out = Vec::with_capacity(records.bytes.len() + 1024);
        if mark {
            out.extend_from_slice(BOM);
        }
        let mut part = Done { columns: vec![Tally::default(); plans.len()], ..Done::default() };
        let mut scratch = Scratch::default();
        for (at, (place, fields)) in records.iter().enumerate() {
            let number = records.first + at as u64;
            if number < headings {
                out.extend_from_slice(records.bytes.get(place).unwrap_or_default());
                continue;
            }
            let row = number - headings;
            part.rows += 1;
            if leave_out(row) {
                part.left_out += 1;
                continue;
            }
            let mut copied = place.start;
            for (column, field) in fields.iter().enumerate() {
                let column = column.min(plans.len().saturating_sub(1));
                let (Some(plan), Some(tally)) = (plans.get(column), part.columns.get_mut(column))
                else {
                    continue;
                };
                let person =
                    plan.person.and_then(|at| fields.get(at)).map(|field| records.value(field));
                let value = records.value(field);
                let person = person.as_deref().filter(|person| !person.trim_ascii().is_empty());
                let new = engine.value(plan, &value, person, row + 1, &mut scratch, tally);
                if new == New::Same {
                    continue;
                }
                out.extend_from_slice(records.bytes.get(copied..field.start).unwrap_or_default());
                let text = if let New::Text(text) = &new { text.as_slice() } else { b"" };
                // An empty line is no record to many programs, and none at the end of a file.
                let quoted = field.quoted || fields.len() == 1 && text.is_empty();
                write_field(text, dialect.delimiter, quoted, &mut out);
                copied = field.end;
            }
            out.extend_from_slice(records.bytes.get(copied..place.end).unwrap_or_default());
        }
        (out, part)
    };
    let mut first = true;
    let next = || {
        let records = reader.next()?;
        let mark = reader.mark && records.is_some() && std::mem::replace(&mut first, false);
        Ok(records.map(|records| (records, mark)))
    };
    pipe::run(threads, next, work, |(out, part)| {
        done.join(&part);
        output.write_all(&out)
    })?;
    if first && reader.mark {
        // A file of nothing but its mark.
        output.write_all(BOM)?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Sample, plan};
    use crate::{Key, Profile};
    use detect::DetectOptions;
    use proptest::prelude::*;

    fn detector() -> Detector {
        Detector::new(&DetectOptions::default()).unwrap()
    }

    fn rewritten(text: &[u8], methods: &[&str], threads: usize) -> Vec<u8> {
        let detector = detector();
        let dialect = Dialect { delimiter: b',', header: true };
        let (profile, key) = (Profile::default(), Key::new([1; 32]));
        let engine = Engine::new(&detector, &profile, Some(&key), jiff::civil::date(2026, 11, 23));
        let named = |name: usize| Sample { name: name.to_string(), ..Sample::default() };
        let samples: Vec<Sample> = (0..methods.len()).map(named).collect();
        let mut plans = plan(&profile, &detector, &samples).unwrap();
        for (plan, method) in plans.iter_mut().zip(methods) {
            plan.method = crate::Method::parse(method).unwrap();
        }
        let mut out = Vec::new();
        rewrite(&engine, text, &mut out, dialect, &plans, threads, &|row| row == 1).unwrap();
        out
    }

    #[test]
    fn what_is_not_changed_stays_byte_for_byte() {
        for (text, wanted) in [
            ("a,b\r\n1,\"x\"\"y\"\r\ngone,x\r\n3,\"z\"", "a,b\r\n1,\"\"\r\n3,\"\""),
            ("a,b\n1,x\ngone,y\n", "a,b\n1,\n"),
            ("\u{feff}a,b\n\"1\nx\",y,zed\n", "\u{feff}a,b\n\"1\nx\",,zed\n"),
            ("a,b\n1\n", "a,b\n1\n"),
            ("a,b\n1,", "a,b\n1,"),
            ("a\nx\ny\nz", "a\nx\nz"),
            ("a,b\n5\" disk,\"open", "a,b\n5\" disk,\"\""),
            ("", ""),
            ("\u{feff}", "\u{feff}"),
        ] {
            for threads in [1, 3] {
                let out = rewritten(text.as_bytes(), &["keep", "remove", "keep"], threads);
                assert_eq!(String::from_utf8(out).unwrap(), wanted, "{text:?}");
            }
        }
        assert_eq!(rewritten(b"a\nx\n\nz", &["remove", "keep"], 1), b"a\n\"\"\n\"\"");
        assert_eq!(rewritten(b"a\n1.5\n", &["bin 10", "keep"], 1), b"a\n0 to 9\n");
    }

    #[test]
    fn dialects_are_told_by_the_beginning() {
        for (text, delimiter, header) in [
            ("name;mail\nJane;jane@acme.example\n", b';', true),
            ("a,b\n1,2\n", b',', true),
            ("1,2\n3,4\n", b',', false),
            ("jane@acme.example,x\n", b',', false),
            ("a\tb,c\td\n1\t2\t3\n", b'\t', true),
        ] {
            let found = dialect(text.as_bytes(), false, &detector());
            assert_eq!(found, Dialect { delimiter, header }, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_that_are_kept_come_out_again(text in "[a,\"\r\n x]{0,200}") {
            let out = rewritten(text.as_bytes(), &["keep", "keep", "keep"], 1);
            // The second row is left out: it is what is missing.
            let mut rows = Vec::new();
            let dialect = Dialect { delimiter: b',', header: true };
            read(text.as_bytes(), dialect, &mut |_, row| {
                rows.push(row.iter().map(|value| value.to_vec()).collect::<Vec<_>>());
            }).unwrap();
            let mut again = Vec::new();
            read(&out[..], dialect, &mut |_, row| {
                again.push(row.iter().map(|value| value.to_vec()).collect::<Vec<_>>());
            }).unwrap();
            if rows.len() > 1 {
                rows.remove(1);
            } else {
                prop_assert_eq!(text.as_bytes(), &out[..]);
            }
            prop_assert_eq!(rows, again);
        }

        #[test]
        fn a_removed_column_leaves_nothing(values in proptest::collection::vec("[a-z\",\n]{3,12}", 1..20)) {
            let mut text = b"a,b\n".to_vec();
            for (at, value) in values.iter().enumerate() {
                text.extend_from_slice(format!("{at},\"QZ{}\"\n", value.replace('"', "\"\"")).as_bytes());
            }
            let out = rewritten(&text, &["keep", "remove", "remove"], 1);
            prop_assert!(memchr::memmem::find(&out, b"QZ").is_none());
        }
    }
}
