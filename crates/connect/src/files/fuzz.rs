//! The readers of files with their doors open: bytes in, and every promise that the readers make
//! about them asserted. For fuzzing, and for the tests that replay what fuzzing found.

use std::collections::BTreeSet;
use std::io::Cursor;

use model::{Micros, Value};

use super::csv;
use super::json;
use super::pattern::{family, matches};
use super::reader::{Item, Layout, Reader};
use super::record::{Form, Known, Record, Role};
use super::sniff;
use super::time;

/// A moment in 2026: when the files of a fuzzer were last written.
const WRITTEN: Micros = Micros(1_795_370_700_000_000);

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Separated values; whether there is a header.
    Csv(bool),
    /// JSON Lines.
    Json,
    /// Lines of a log.
    Lines,
}

/// What came of reading.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Everything that was read, in order: the file itself, where nothing went wrong.
    pub bytes: Vec<u8>,
    /// The fingerprint of each record.
    pub prints: Vec<u128>,
    /// Why reading stopped early.
    pub error: Option<String>,
}

/// Reads a file as the connector does, so many bytes at a time, and checks what it promises of each
/// record.
///
/// # Panics
/// When a promise is broken.
pub fn read(bytes: &[u8], kind: Kind, gz: bool, at_a_time: usize) -> Read {
    let form = match kind {
        Kind::Csv(header) => Form::Csv { delimiter: csv::sniff(bytes, false), header },
        Kind::Json => Form::Json,
        Kind::Lines => Form::Lines,
    };
    let layout = Layout { form, gz };
    let input = Cursor::new(bytes.to_vec());
    let mut reader = Reader::over(input, at_a_time, "export.csv", layout, true, WRITTEN);
    let mut read = Read::default();
    loop {
        match reader.next() {
            Ok(Item::End) => return read,
            Ok(Item::Between) => read.bytes.extend_from_slice(reader.raw()),
            Ok(Item::Record) => {
                read.bytes.extend_from_slice(reader.raw());
                let record = reader.record();
                assert_eq!(
                    [record.body, record.end].concat(),
                    reader.raw(),
                    "a record is its parts"
                );
                read.prints.push(promises(&record, form));
            }
            Err(error) => {
                read.error = Some(error.to_string());
                return read;
            }
        }
    }
}

/// What holds of every record: with its own values set it is the same record, and with another
/// value set it holds that.
fn promises(record: &Record<'_>, form: Form) -> u128 {
    let members: BTreeSet<String> = ["a", "id", "name"].map(str::to_owned).into();
    let known = Known { members: &members, fields: 3 };
    let print = record.print(known.fields);
    let roles: Vec<Role> = match form {
        Form::Csv { .. } => (0..3).map(Role::Field).chain([Role::Further]).collect(),
        Form::Json => {
            members.iter().map(|key| Role::Member(key.clone())).chain([Role::Further]).collect()
        }
        Form::Lines => vec![Role::Line, Role::Time],
    };
    for role in roles {
        let held = record.value(&role, &known);
        let to = Value::from("=[erased],\"");
        for to in [&held, &to] {
            let Ok(written) = record.with(&[(&role, to)], &known) else { continue };
            if !matches!(role, Role::Field(_) | Role::Member(_) | Role::Line) {
                continue;
            }
            let now = again(&written, form, &role, &known).unwrap_or(Value::Null);
            assert!(
                super::record::same(&now, to, form == Form::Json) || blank(to, &now),
                "{role:?}: what was written is read again: {now:?} for {to:?} in {:?}",
                String::from_utf8_lossy(&written),
            );
        }
    }
    print
}

/// A record of one empty field, or an empty line, is a blank line: no record, and so NULL.
fn blank(to: &Value, now: &Value) -> bool {
    now.is_null() && matches!(to, Value::Text(text) if text.is_empty())
}

/// The value of the first record of what was written, read as a file of its own.
fn again(written: &[u8], form: Form, role: &Role, known: &Known<'_>) -> Option<Value> {
    let form = match form {
        Form::Csv { delimiter, .. } => Form::Csv { delimiter, header: false },
        other => other,
    };
    let layout = Layout { form, gz: false };
    // A byte order mark is one only at the beginning of a file: a line stands before it.
    let file = [b"\n".as_slice(), written].concat();
    let mut reader = Reader::over(Cursor::new(file), 64, "again", layout, false, WRITTEN);
    let mut first = form == Form::Lines;
    loop {
        match reader.next() {
            Ok(Item::Record) if first => first = false,
            Ok(Item::Record) => return Some(reader.record().value(role, known)),
            Ok(Item::Between) => {}
            Ok(Item::End) | Err(_) => return None,
        }
    }
}

/// Looks at the beginning of a file, as the connector does before it knows what the file is.
///
/// # Panics
/// When a promise is broken.
pub fn look(path: &str, sample: &[u8], named: bool) {
    let looked = sniff::look(path, sample, false, named);
    assert!(looked.length > 0, "a length is never nothing: sizes are divided by it");
    let once: BTreeSet<&String> = looked.fields.iter().collect();
    assert_eq!(once.len(), looked.fields.len(), "every field has a name of its own");
    let _ = family(path);
    assert!(matches("**", path) || path.is_empty());
    let _ = matches(path, path);
}

/// The moment that a line tells.
///
/// # Panics
/// When a promise is broken.
pub fn moment(line: &[u8]) {
    if let Some(found) = time::of_line(line, WRITTEN) {
        assert!(found.0 <= WRITTEN.0 + 2 * 86_400_000_000, "no line comes from the future");
        let text = crate::moment::text(found);
        assert_eq!(crate::moment::of_utc_text(&text), Some(found), "a moment is read as written");
    }
    if let Ok(text) = std::str::from_utf8(line) {
        let _ = crate::moment::of_utc_text(text);
        let _ = time::of_value(&Value::from(text));
    }
    let _ = json::members(line);
}
