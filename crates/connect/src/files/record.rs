//! One record: its fields, its fingerprint, and the record with other values in it.

use std::borrow::Cow;

use model::{Micros, Value};
use sha2::{Digest, Sha256};

use super::csv::{self, Span};
use super::json::{self, Member};

/// What a column of a collection stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// A field of separated values, by its place.
    Field(usize),
    /// A member of a JSON object.
    Member(String),
    /// A line.
    Line,
    /// Whatever no other column stands for.
    Further,
    /// The moment that a line tells.
    Time,
    /// The file's path.
    File,
    /// When the file was last written.
    FileTime,
    /// The file's size.
    Size,
    /// What is known of a file that is not read.
    Why,
}

/// How the records of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Separated values.
    Csv {
        delimiter: u8,
        /// Whether the first record names the fields.
        header: bool,
    },
    /// A JSON object to a line.
    Json,
    /// Lines of text.
    Lines,
}

/// A record, taken apart.
pub(super) struct Record<'r> {
    /// Without the line break at its end.
    pub(super) body: &'r [u8],
    /// The line break.
    pub(super) end: &'r [u8],
    pub(super) parts: Parts<'r>,
    /// The moment of a line: its own, or that of the line before it which had one.
    pub(super) time: Option<Micros>,
}

/// The parts of a record.
pub(super) enum Parts<'r> {
    Csv(&'r [Span], u8),
    Json(Vec<Member>),
    /// One piece: a line of a log, or one of JSON Lines that is no object.
    Whole,
}

/// The names of a collection's own columns, for telling which members are further ones.
pub(super) struct Known<'k> {
    pub(super) members: &'k std::collections::BTreeSet<String>,
    pub(super) fields: usize,
}

impl Record<'_> {
    /// The value that a column has here. The file's own columns are not asked here.
    pub(super) fn value(&self, role: &Role, known: &Known<'_>) -> Value {
        match (role, &self.parts) {
            (Role::Field(index), Parts::Csv(spans, _)) => spans
                .get(*index)
                .and_then(|span| csv::decoded(self.body, span))
                .map_or(Value::Null, text),
            (Role::Member(key), Parts::Json(members)) => members
                .iter()
                .rfind(|member| member.key == *key)
                .and_then(|member| self.body.get(member.start..member.end))
                .map_or(Value::Null, json::value),
            (Role::Line, _) => text(Cow::Borrowed(self.body)),
            (Role::Further, Parts::Csv(spans, _)) => self
                .surplus(spans, known.fields)
                .map_or(Value::Null, |raw| text(Cow::Borrowed(raw))),
            (Role::Further, Parts::Json(members)) => {
                json::further(self.body, members, &|key| known.members.contains(key))
                    .map_or(Value::Null, |raw| text(Cow::Owned(raw)))
            }
            (Role::Further, Parts::Whole) => text(Cow::Borrowed(self.body)),
            (Role::Time, _) => {
                self.time.map_or(Value::Null, |time| Value::Text(crate::moment::text(time)))
            }
            _ => Value::Null,
        }
    }

    /// What stands behind the fields that the header names.
    fn surplus(&self, spans: &[Span], fields: usize) -> Option<&[u8]> {
        let first = spans.get(fields)?;
        self.body.get(first.start..)
    }

    /// The fingerprint: the sum of its fields' fingerprints, so that the one it will have after a
    /// change is known beforehand.
    pub(super) fn print(&self, fields: usize) -> u128 {
        match &self.parts {
            Parts::Csv(spans, _) => {
                let mut sum = 0u128;
                for (index, span) in spans.iter().take(fields).enumerate() {
                    if let Some(held) = csv::decoded(self.body, span) {
                        sum = sum.wrapping_add(part(&index.to_le_bytes(), 1, &held));
                    }
                }
                if let Some(rest) = self.surplus(spans, fields) {
                    sum = sum.wrapping_add(part(b"further", 1, rest));
                }
                sum
            }
            Parts::Json(members) => members.iter().fold(0, |sum, member| {
                let raw = self.body.get(member.start..member.end).unwrap_or_default();
                sum.wrapping_add(of_value(member.key.as_bytes(), &json::value(raw)))
            }),
            Parts::Whole => part(b"line", 1, self.body),
        }
    }

    /// The record with other values; an error says in words what does not fit.
    pub(super) fn with(
        &self,
        sets: &[(&Role, &Value)],
        known: &Known<'_>,
    ) -> Result<Vec<u8>, &'static str> {
        let mut out = match &self.parts {
            Parts::Csv(spans, delimiter) => self.csv_with(spans, *delimiter, sets, known)?,
            Parts::Json(members) => self.json_with(members, sets, known)?,
            Parts::Whole => {
                let mut line = Cow::Borrowed(self.body);
                for (role, to) in sets {
                    if !matches!(role, Role::Line | Role::Further) {
                        return Err("stands in a line that is no JSON object");
                    }
                    line = bytes(to).ok_or("may not be NULL")?;
                }
                if line.contains(&b'\n') || line.ends_with(b"\r") {
                    return Err("holds no line break");
                }
                line.into_owned()
            }
        };
        out.extend_from_slice(self.end);
        Ok(out)
    }

    fn csv_with(
        &self,
        spans: &[Span],
        delimiter: u8,
        sets: &[(&Role, &Value)],
        known: &Known<'_>,
    ) -> Result<Vec<u8>, &'static str> {
        let set = |role: &Role| sets.iter().rfind(|(at, _)| *at == role).map(|(_, to)| *to);
        let mut out = Vec::with_capacity(self.body.len() + 32);
        let wanted = sets.iter().filter_map(|(role, to)| match role {
            Role::Field(index) if !to.is_null() => Some(index + 1),
            _ => None,
        });
        let width = wanted.max().unwrap_or(0).max(spans.len().min(known.fields));
        for index in 0..width {
            if index > 0 {
                out.push(delimiter);
            }
            let span = spans.get(index);
            match (set(&Role::Field(index)), span) {
                (Some(to), _) => {
                    let to = bytes(to);
                    if to.is_none() && known.fields == 1 {
                        return Err("may not be NULL: the record would be an empty line");
                    }
                    let quoted = span.is_some_and(|span| span.quoted);
                    csv::encode(to.as_deref(), delimiter, quoted, &mut out);
                }
                (None, Some(span)) => {
                    let raw = self.body.get(span.start..span.end).unwrap_or_default();
                    if span.quoted && csv::is_open(raw) {
                        let held = csv::decoded(self.body, span);
                        csv::encode(held.as_deref(), delimiter, true, &mut out);
                    } else {
                        out.extend_from_slice(raw);
                    }
                }
                (None, None) => {}
            }
        }
        let rest = match set(&Role::Further) {
            Some(to) => bytes(to),
            None => self.surplus(spans, known.fields).map(Cow::Borrowed),
        };
        if let Some(rest) = rest {
            if rest.contains(&b'\n') && !rest.contains(&b'"') {
                return Err("holds no line break");
            }
            for _ in width..known.fields {
                out.push(delimiter);
            }
            out.push(delimiter);
            out.extend_from_slice(&rest);
        }
        Ok(out)
    }

    fn json_with(
        &self,
        members: &[Member],
        sets: &[(&Role, &Value)],
        known: &Known<'_>,
    ) -> Result<Vec<u8>, &'static str> {
        let named: Vec<(&str, &Value)> = sets
            .iter()
            .filter_map(|(role, to)| match role {
                Role::Member(key) => Some((key.as_str(), *to)),
                _ => None,
            })
            .collect();
        let mut out = json::rewritten(self.body, members, &named).ok_or("takes text, not bytes")?;
        if let Some((_, to)) = sets.iter().rfind(|(role, _)| **role == Role::Further) {
            let wrong = "must stay a JSON object";
            let members = json::members(&out).ok_or(wrong)?;
            let to = bytes(to);
            let known = |key: &str| known.members.contains(key);
            out = json::with_further(&out, &members, &known, to.as_deref()).ok_or(wrong)?;
        }
        Ok(out)
    }
}

/// Text where it is text, bytes where it is not.
fn text(bytes: Cow<'_, [u8]>) -> Value {
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) => Value::Text(text),
        Err(error) => Value::Bytes(error.into_bytes()),
    }
}

/// A value as it is written into a file that knows only text.
fn bytes(value: &Value) -> Option<Cow<'_, [u8]>> {
    match value {
        Value::Null => None,
        Value::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
        Value::Text(text) => Some(Cow::Borrowed(text.as_bytes())),
        other => other.to_plain_text().map(|text| Cow::Owned(text.into_bytes())),
    }
}

/// Whether a field that holds `held` holds `wanted`. A file that knows only text holds a number as
/// its text.
pub(super) fn same(held: &Value, wanted: &Value, typed: bool) -> bool {
    held == wanted || (!typed && !held.is_null() && bytes(held) == bytes(wanted))
}

/// By how much a field's new value moves the fingerprint of its record. `None` where that cannot be
/// told beforehand.
pub(super) fn shift(role: &Role, from: &Value, to: &Value) -> Option<u128> {
    let print = |value: &Value| match role {
        Role::Field(index) => Some(match bytes(value) {
            Some(held) => part(&index.to_le_bytes(), 1, &held),
            None => 0,
        }),
        Role::Member(key) => Some(of_value(key.as_bytes(), value)),
        Role::Line => bytes(value).map(|held| part(b"line", 1, &held)),
        _ => None,
    };
    Some(print(to)?.wrapping_sub(print(from)?))
}

fn of_value(place: &[u8], value: &Value) -> u128 {
    match value {
        Value::Null => 0,
        Value::Bool(held) => part(place, 3, &[u8::from(*held)]),
        Value::Int(number) => part(place, 2, &number.to_le_bytes()),
        Value::Text(text) => part(place, 1, text.as_bytes()),
        Value::Bytes(bytes) => part(place, 1, bytes),
    }
}

fn part(place: &[u8], kind: u8, held: &[u8]) -> u128 {
    let mut hash = Sha256::new();
    hash.update(place.len().to_le_bytes());
    hash.update(place);
    hash.update([kind]);
    hash.update(held);
    let bytes: [u8; 32] = hash.finalize().into();
    let (front, _) = bytes.split_at(16);
    u128::from_le_bytes(front.try_into().unwrap_or_default())
}

/// A fingerprint as it stands in a row's key.
pub(super) fn shown(print: u128) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |byte: u8| DIGITS.get(usize::from(byte)).map_or('0', |digit| char::from(*digit));
    let mut out = String::with_capacity(32);
    for byte in print.to_be_bytes() {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 15));
    }
    out
}

/// The fingerprint of a key, if it is one.
pub(super) fn read_print(text: &str) -> Option<u128> {
    (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok()).flatten()
}
