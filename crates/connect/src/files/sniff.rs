//! What kind a file is, by its name and by how it begins.

use std::collections::{BTreeMap, BTreeSet};

use model::Value;

use super::csv::{self, Splitter};
use super::json;
use super::pattern::family;
use super::reader::Layout;
use super::record::Form;
use super::time;

/// How much of a file is looked at.
pub(super) const SAMPLE: usize = 64 << 10;
/// How many of its records.
const RECORDS: usize = 200;
/// More members than this are further ones.
const MEMBERS: usize = 400;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looked {
    /// How it is read, or why it is not.
    pub(super) layout: Result<Layout, &'static str>,
    /// The fields of separated values, in order.
    pub(super) fields: Vec<String>,
    /// What the values of each column look like.
    pub(super) seen: BTreeMap<String, Seen>,
    /// How long a record is.
    pub(super) length: u64,
}

/// What values look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) values: u32,
    pub(super) whole: u32,
    pub(super) moments: u32,
    pub(super) days: u32,
    pub(super) nested: u32,
}

impl Seen {
    fn add(&mut self, value: &Value) {
        let text = match value {
            Value::Null => return,
            Value::Int(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        self.values += 1;
        if text.parse::<i64>().is_ok() {
            self.whole += 1;
        } else if text.starts_with(['{', '[']) {
            self.nested += 1;
        } else if time::of_value(value).is_some() {
            *(if text.len() == 10 { &mut self.days } else { &mut self.moments }) += 1;
        }
    }

    /// Both together.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            values: self.values + other.values,
            whole: self.whole + other.whole,
            moments: self.moments + other.moments,
            days: self.days + other.days,
            nested: self.nested + other.nested,
        }
    }

    /// In a word. A sample is not the whole: the column still takes anything.
    pub(super) const fn word(self) -> &'static str {
        if self.values == 0 {
            "text"
        } else if self.whole == self.values {
            "whole number"
        } else if self.days == self.values {
            "day"
        } else if self.moments + self.days == self.values {
            "moment"
        } else if self.nested == self.values {
            "nested"
        } else {
            "text"
        }
    }
}

/// Looks at the beginning of a file. `named`: a pattern asked for it, so that any text is lines.
pub(super) fn look(path: &str, sample: &[u8], gz: bool, named: bool) -> Looked {
    let unread =
        |why| Looked { layout: Err(why), fields: vec![], seen: BTreeMap::new(), length: 1 };
    if let Some(why) = foreign(sample) {
        return unread(why);
    }
    let name = family(path);
    let name = name.rsplit_once('/').map_or(name.as_str(), |(_, name)| name).to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let text = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample);
    let form = match ending {
        "csv" | "tsv" | "tab" => {
            if text.iter().all(u8::is_ascii_whitespace) {
                return unread("empty");
            }
            Form::Csv { delimiter: csv::sniff(text, ending != "csv"), header: true }
        }
        "jsonl" | "ndjson" => Form::Json,
        "log" | "txt" | "out" | "err" | "" | "json" if holds_objects(text) => Form::Json,
        "json" if !named => return unread("one JSON document: only JSON Lines are read"),
        "log" | "txt" | "out" | "err" | "" => Form::Lines,
        _ if ending.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*') => Form::Lines,
        _ if named => Form::Lines,
        _ => {
            return unread(
                "a kind that is not known: name it with `pattern=` to have it read as lines",
            );
        }
    };
    let mut looked = match form {
        Form::Csv { delimiter, .. } => look_csv(text, delimiter),
        Form::Json => look_json(text),
        Form::Lines => look_lines(text),
    };
    if let Ok(layout) = &mut looked.layout {
        layout.gz = gz;
    }
    looked
}

/// What is not text.
fn foreign(sample: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| sample.starts_with(with);
    // A log that a crash cut holds some.
    let zeros = memchr::memchr_iter(0, sample).count();
    if begins(b"\xff\xfe") || begins(b"\xfe\xff") {
        Some("UTF-16: only UTF-8 and single-byte text is read")
    } else if begins(b"\x1f\x8b") {
        Some("gzip within gzip: only one layer is unpacked")
    } else if begins(b"\x28\xb5\x2f\xfd") || begins(b"BZh") || begins(b"\xfd7zXZ") {
        Some("compressed in another way than gzip")
    } else if begins(b"PK\x03\x04") || begins(b"%PDF") || zeros * 10 > sample.len() {
        Some("no text")
    } else {
        None
    }
}

/// Whether the first lines are JSON objects.
fn holds_objects(text: &[u8]) -> bool {
    let mut lines =
        text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.len() > 2).take(3);
    let first = lines.next().is_some_and(|line| json::members(line).is_some());
    first && lines.all(|line| !line.ends_with(b"\n") || json::members(line).is_some())
}

fn look_lines(text: &[u8]) -> Looked {
    let lines = memchr::memchr_iter(b'\n', text).count().max(1);
    Looked {
        layout: Ok(Layout { form: Form::Lines, gz: false }),
        fields: Vec::new(),
        seen: BTreeMap::new(),
        length: length(text.len(), lines),
    }
}

fn length(bytes: usize, records: usize) -> u64 {
    u64::try_from(bytes / records.max(1)).unwrap_or(1).max(1)
}

fn look_json(text: &[u8]) -> Looked {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for line in text.split_inclusive(|byte| *byte == b'\n').take(RECORDS) {
        for member in json::members(line).unwrap_or_default() {
            if member.key.is_empty() || member.key.len() > 100 {
                continue;
            }
            if seen.len() >= MEMBERS && !seen.contains_key(&member.key) {
                continue;
            }
            let value = json::value(line.get(member.start..member.end).unwrap_or_default());
            seen.entry(member.key).or_default().add(&value);
        }
    }
    let lines = memchr::memchr_iter(b'\n', text).count().max(1);
    Looked {
        layout: Ok(Layout { form: Form::Json, gz: false }),
        fields: Vec::new(),
        seen,
        length: length(text.len(), lines),
    }
}

fn look_csv(text: &[u8], delimiter: u8) -> Looked {
    let mut records: Vec<Vec<Value>> = Vec::new();
    let mut splitter = Splitter::default();
    let (mut start, mut end, mut whole) = (0, 0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        end += line.len();
        let record = text.get(start..end).unwrap_or_default();
        if !splitter.feed(record, delimiter, false) {
            continue;
        }
        if csv::body_end(record) > 0 {
            let value = |span| match csv::decoded(record, span) {
                Some(held) => Value::Text(String::from_utf8_lossy(&held).into_owned()),
                None => Value::Null,
            };
            records.push(splitter.spans.iter().map(value).collect());
        }
        splitter.reset();
        (start, whole) = (end, end);
        if records.len() > RECORDS {
            break;
        }
    }
    if records.is_empty() {
        // One record that is longer than the sample.
        splitter.feed(text, delimiter, true);
        records.push(splitter.spans.iter().map(|_| Value::Null).collect());
    }
    let first = records.first().cloned().unwrap_or_default();
    if records.iter().any(|record| record.len() > csv::MOST_FIELDS) {
        return Looked {
            layout: Err("more than 16,384 fields in a record"),
            fields: Vec::new(),
            seen: BTreeMap::new(),
            length: 1,
        };
    }
    let header = !first.is_empty() && first.iter().all(is_label);
    let width = if header { first.len() } else { records.iter().map(Vec::len).max().unwrap_or(1) };
    let mut fields: Vec<String> = Vec::new();
    let mut names = Names::default();
    for index in 0..width {
        let named = first.get(index).and_then(Value::as_text).map(str::trim).filter(|_| header);
        let wanted = named.map_or_else(|| format!("column_{}", index + 1), str::to_owned);
        fields.push(names.unlike(&wanted));
    }
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for record in records.iter().skip(usize::from(header)) {
        for (field, value) in fields.iter().zip(record) {
            seen.entry(field.clone()).or_default().add(value);
        }
    }
    Looked {
        layout: Ok(Layout { form: Form::Csv { delimiter, header }, gz: false }),
        fields,
        seen,
        length: length(whole.max(1), records.len()),
    }
}

/// Names that are taken, so that each is given once.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// How far the numbers behind a name have come.
    numbers: BTreeMap<String, usize>,
}

impl Names {
    /// The name, or with a number behind it where it is taken.
    pub(super) fn unlike(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        if self.taken.contains(&name) {
            let number = self.numbers.entry(wanted.to_owned()).or_insert(2);
            loop {
                name = format!("{wanted}_{number}");
                *number += 1;
                if !self.taken.contains(&name) {
                    break;
                }
            }
        }
        self.taken.insert(name.clone());
        name
    }
}

/// Whether this can be the name of a field rather than a value: one record of values in the place
/// of a header would never be searched.
fn is_label(value: &Value) -> bool {
    let Some(text) = value.as_text() else { return false };
    let digits = text.chars().filter(char::is_ascii_digit).count();
    !text.trim().is_empty()
        && text.len() <= 64
        && !text.contains(['@', '\n', '{', '<'])
        && text.chars().any(char::is_alphabetic)
        && digits < 5
        && time::of_value(value).is_none()
}
