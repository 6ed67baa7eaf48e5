//! JSON and JSON Lines: values replaced where they stand. The order of keys, white space and the
//! spelling of numbers that are not changed stay byte for byte.
//!
//! A value is known by the keys that lead to it (`customer.mail`); the places of a list have no name
//! of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::ops::Range;

use crate::column::ColumnPlan;
use crate::csv::Done;
use crate::pipe;
use crate::value::{Engine, New, Scratch, Tally};

/// Bytes that are read and worked on together.
const PIECE: usize = 1 << 20;
/// A longer record is not read.
const LONGEST: usize = 256 << 20;
/// No document of a person is deeper.
const DEEPEST: usize = 256;
/// Names beyond these have no column of their own.
const COLUMNS: usize = 4_096;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A value on each line.
    Lines,
    /// One value; the places of a list at its top are records.
    Document,
}

/// A part of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// A key, quotes included.
    Key,
    /// A text, quotes included; a number; `true`, `false`, `null`.
    Value,
}

/// Walks through a value. Tells each key and each scalar with the names that lead to it; `false` where
/// it is no JSON.
fn walk(bytes: &[u8], take: &mut dyn FnMut(&str, Part, Range<usize>)) -> bool {
    if serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_err() {
        return false;
    }
    // Sound JSON from here on: brackets pair, and every key has a value.
    let mut path = String::new();
    // For each open bracket: whether it is an object, and how long the path was before it.
    let mut open: Vec<(bool, usize)> = Vec::new();
    let mut at = 0;
    let mut key = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                open.push((*byte == b'{', path.len()));
                key = *byte == b'{';
                at += 1;
            }
            b'}' | b']' => {
                if let Some((_, length)) = open.pop() {
                    path.truncate(length);
                }
                at += 1;
            }
            b',' => {
                if let Some((object, length)) = open.last() {
                    path.truncate(*length);
                    key = *object;
                }
                at += 1;
            }
            b':' | b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            b'"' => {
                let end = text_end(bytes, at);
                if key {
                    take(&path, Part::Key, at..end);
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&text(bytes.get(at..end).unwrap_or_default()));
                    key = false;
                } else {
                    take(&path, Part::Value, at..end);
                }
                at = end;
            }
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                let ends =
                    |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                let end = at + rest.iter().position(ends).unwrap_or(rest.len()).max(1);
                take(&path, Part::Value, at..end);
                at = end;
            }
        }
    }
    true
}

/// Behind the closing quote of a text that begins here.
fn text_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(found) if rest.get(found) == Some(&b'"') => return at + found + 1,
            Some(found) => at += found + 2,
            None => return bytes.len(),
        }
    }
}

/// What a text or number says.
fn text(raw: &[u8]) -> String {
    if raw.first() == Some(&b'"') {
        serde_json::from_slice(raw).unwrap_or_else(|_| String::from_utf8_lossy(raw).into_owned())
    } else {
        String::from_utf8_lossy(raw).into_owned()
    }
}

/// Whether a scalar can be somebody's: not `true`, `false` and `null`.
fn is_data(raw: &[u8]) -> bool {
    matches!(raw.first(), Some(b'"' | b'-' | b'0'..=b'9'))
}

/// A new value in the place of a scalar: a number where one stood and one fits, a text otherwise.
fn write_scalar(before: &[u8], new: &New, out: &mut Vec<u8>) {
    match new {
        New::Same => out.extend_from_slice(before),
        New::Nothing => out.extend_from_slice(b"null"),
        New::Text(text) => {
            let bare = before.first() != Some(&b'"');
            let number =
                bare && text.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
            if number && serde_json::from_slice::<serde_json::Number>(text).is_ok() {
                out.extend_from_slice(text);
            } else {
                let text = String::from_utf8_lossy(text);
                out.extend_from_slice(serde_json::to_string(&text).unwrap_or_default().as_bytes());
            }
        }
    }
}

/// A record, with what stands between it and the one before.
struct Records {
    bytes: Vec<u8>,
    /// Where records lie; what is between them is copied.
    places: Vec<Range<usize>>,
    first: u64,
}

struct Reader<R> {
    input: R,
    form: Form,
    rest: Vec<u8>,
    done: bool,
    records: u64,
    /// The list at the top was opened; what follows its end is copied.
    list: Option<bool>,
}

impl<R: Read> Reader<R> {
    fn new(input: R, form: Form) -> Self {
        Self { input, form, rest: Vec::new(), done: false, records: 0, list: None }
    }

    fn next(&mut self) -> io::Result<Option<Records>> {
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            if !self.done {
                bytes.reserve(PIECE);
                let read = self.input.by_ref().take(PIECE as u64).read_to_end(&mut bytes)?;
                self.done = read < PIECE;
            }
            let (places, end) = match self.form {
                Form::Lines => lines(&bytes, self.done),
                Form::Document => self.elements(&bytes),
            };
            if end > 0 || self.done {
                let end = if self.done && places.is_empty() { bytes.len() } else { end };
                self.rest = bytes.split_off(end);
                let first = self.records;
                self.records += places.len() as u64;
                return Ok((!bytes.is_empty()).then_some(Records { bytes, places, first }));
            }
            if bytes.len() > LONGEST {
                let told = "a record of more than 256 MiB; write it as JSON Lines";
                return Err(io::Error::new(io::ErrorKind::InvalidData, told));
            }
        }
    }

    /// The places of the list at the top; the whole where there is none.
    fn elements(&mut self, bytes: &[u8]) -> (Vec<Range<usize>>, usize) {
        let mut at = 0;
        let blank = |at: usize| {
            let rest = bytes.get(at..).unwrap_or_default();
            at + rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count()
        };
        if self.list.is_none() {
            at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            at = blank(at);
            match bytes.get(at) {
                Some(b'[') => {
                    self.list = Some(true);
                    at += 1;
                }
                Some(_) => self.list = Some(false),
                None => return (Vec::new(), 0),
            }
        }
        if self.list == Some(false) {
            if !self.done {
                return (Vec::new(), 0);
            }
            let start = blank(at);
            let whole = (start < bytes.len()).then_some(start..bytes.len());
            let places = whole.into_iter().collect();
            return (places, bytes.len());
        }
        let mut places = Vec::new();
        let mut whole = at;
        loop {
            at = blank(at);
            match bytes.get(at) {
                None => return (places, whole),
                Some(b']') => {
                    // Behind the list comes nothing that is JSON: it is looked at as one record.
                    self.list = Some(false);
                    return (places, at + 1);
                }
                Some(_) => {}
            }
            let Some(end) = value_end(bytes, at, self.done) else { return (places, whole) };
            let rest = bytes.get(end..).unwrap_or_default();
            let gap = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            // The comma behind a record belongs to it, so that both can be left out.
            let behind = match rest.get(gap) {
                Some(b',') => end + gap + 1,
                None if !self.done => return (places, whole),
                _ => end,
            };
            places.push(at..end);
            at = behind;
            whole = behind;
        }
    }
}

fn lines(bytes: &[u8], last: bool) -> (Vec<Range<usize>>, usize) {
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()) {
        places.push(at..at + found);
        at += found + 1;
    }
    if last && at < bytes.len() {
        places.push(at..bytes.len());
        at = bytes.len();
    }
    let start = usize::from(bytes.starts_with(b"\xef\xbb\xbf")) * 3;
    if let Some(first) = places.first_mut() {
        first.start = first.start.max(start.min(first.end));
    }
    places.retain(|place| !bytes.get(place.clone()).unwrap_or_default().trim_ascii().is_empty());
    (places, at)
}

/// The end of a value; `None` where it is not whole yet.
fn value_end(bytes: &[u8], start: usize, last: bool) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    loop {
        let Some(byte) = bytes.get(at) else { return last.then_some(bytes.len()) };
        match byte {
            b'"' => {
                let end = text_end(bytes, at);
                if end >= bytes.len() && !last {
                    return None;
                }
                at = end;
            }
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            // One that closes nothing is a record of its own: whoever reads on must move on.
            b'}' | b']' if depth == 0 => return Some(at.max(start + 1)),
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            b',' if depth == 0 => return Some(at),
            _ => at += 1,
        }
        if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
            return Some(at);
        }
    }
}

/// Reads every record and hands its number, from 0, and its values to `row`: each with the names that
/// lead to it, only the first of several. What is no JSON has no values.
///
/// # Errors
/// When the input cannot be read.
pub fn read(
    input: impl Read,
    form: Form,
    row: &mut dyn FnMut(u64, &BTreeMap<String, String>),
) -> io::Result<()> {
    let mut reader = Reader::new(input, form);
    while let Some(records) = reader.next()? {
        for (at, place) in records.places.iter().enumerate() {
            let bytes = records.bytes.get(place.clone()).unwrap_or_default();
            let mut values = BTreeMap::new();
            walk(bytes, &mut |path, part, range| {
                let raw = bytes.get(range).unwrap_or_default();
                if part == Part::Value
                    && is_data(raw)
                    && values.len() < COLUMNS
                    && !values.contains_key(path)
                {
                    values.insert(path.to_owned(), text(raw));
                }
            });
            row(records.first + at as u64, &values);
        }
    }
    Ok(())
}

/// Writes the file again with what becomes of its values. `plans` are the names that [`read`] met,
/// and one more for all others. Lines that are no JSON are looked at as text; records for which
/// `leave_out` says so are not written.
///
/// # Errors
/// When the input cannot be read or the output cannot be written.
pub fn rewrite(
    engine: &Engine<'_>,
    input: impl Read + Send,
    output: &mut dyn Write,
    form: Form,
    plans: &[ColumnPlan],
    threads: usize,
    leave_out: &(dyn Fn(u64) -> bool + Sync),
) -> io::Result<Done> {
    let mut reader = Reader::new(input, form);
    let names: BTreeMap<&str, usize> =
        plans.iter().enumerate().rev().map(|(at, plan)| (plan.name.as_str(), at)).collect();
    let work = |records: Records| {
        let mut worker = Worker {
            engine,
            plans,
            names: &names,
            scratch: Scratch::default(),
            part: Done { columns: vec![Tally::default(); plans.len()], ..Done::default() },
            clean: BTreeSet::new(),
        };
        let mut out = Vec::with_capacity(records.bytes.len() + 1024);
        let mut copied = 0;
        for (at, place) in records.places.iter().enumerate() {
            let row = records.first + at as u64;
            worker.part.rows += 1;
            let before = records.bytes.get(copied..place.start).unwrap_or_default();
            if leave_out(row) {
                worker.part.left_out += 1;
                // With it goes the comma or the end of the line behind it.
                out.extend_from_slice(before);
                copied = place.end;
                let behind = records.bytes.get(copied..).unwrap_or_default();
                let mark = if form == Form::Lines { b'\n' } else { b',' };
                let gap = behind
                    .iter()
                    .take_while(|byte| byte.is_ascii_whitespace() || **byte == b',')
                    .count();
                let gap = behind.get(..gap).unwrap_or_default();
                if let Some(end) = memchr::memchr(mark, gap) {
                    copied += end + 1;
                }
                continue;
            }
            out.extend_from_slice(before);
            worker.record(records.bytes.get(place.clone()).unwrap_or_default(), row + 1, &mut out);
            copied = place.end;
        }
        out.extend_from_slice(records.bytes.get(copied..).unwrap_or_default());
        (out, worker.part)
    };
    let mut done = Done::default();
    let mut comma = Comma::default();
    pipe::run(
        threads,
        || reader.next(),
        work,
        |(out, part)| {
            done.join(&part);
            if form == Form::Document && part.left_out + done.left_out > 0 {
                return comma.write(&out, output);
            }
            output.write_all(&out)
        },
    )?;
    if form == Form::Document {
        comma.finish(output)?;
    }
    Ok(done)
}

/// Where records of a list are left out, the comma before its end may be left: it is held back until
/// it is known what follows.
#[derive(Default)]
struct Comma {
    held: Vec<u8>,
}

impl Comma {
    fn write(&mut self, out: &[u8], to: &mut dyn Write) -> io::Result<()> {
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(out);
        let body = all.trim_ascii_end();
        let tail = if body.ends_with(b"]") {
            let inner = body.get(..body.len() - 1).unwrap_or_default().trim_ascii_end();
            if let Some(inner) = inner.strip_suffix(b",") {
                to.write_all(inner)?;
                all.get(body.len() - 1..).unwrap_or_default()
            } else {
                all.as_slice()
            }
        } else {
            // The last bytes wait: a comma, white space, or a bracket that may be the list's.
            let from = body.strip_suffix(b",").map_or(body.len(), <[u8]>::len);
            to.write_all(all.get(..from).unwrap_or_default())?;
            self.held = all.get(from..).unwrap_or_default().to_vec();
            return Ok(());
        };
        to.write_all(tail)
    }

    fn finish(&mut self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(&std::mem::take(&mut self.held))
    }
}

struct Worker<'w> {
    engine: &'w Engine<'w>,
    plans: &'w [ColumnPlan],
    names: &'w BTreeMap<&'w str, usize>,
    scratch: Scratch,
    part: Done,
    /// Keys that hold nothing.
    clean: BTreeSet<Vec<u8>>,
}

impl Worker<'_> {
    fn record(&mut self, bytes: &[u8], row: u64, out: &mut Vec<u8>) {
        let mut parts: Vec<(Option<usize>, Range<usize>)> = Vec::new();
        let mut persons: BTreeMap<usize, String> = BTreeMap::new();
        let wanted: BTreeSet<usize> = self.plans.iter().filter_map(|plan| plan.person).collect();
        let others = self.plans.len().saturating_sub(1);
        let names = self.names;
        let sound = walk(bytes, &mut |path, part, range| {
            if part == Part::Key {
                parts.push((None, range));
                return;
            }
            let column = names.get(path).copied().unwrap_or(others);
            if wanted.contains(&column) && !persons.contains_key(&column) {
                let person = text(bytes.get(range.clone()).unwrap_or_default());
                if !person.trim().is_empty() {
                    persons.insert(column, person);
                }
            }
            parts.push((Some(column), range));
        });
        if !sound || parts.len() > COLUMNS * DEEPEST {
            self.no_json(bytes, row, out);
            return;
        }
        let mut copied = 0;
        for (column, range) in parts {
            let raw = bytes.get(range.clone()).unwrap_or_default();
            let Some(column) = column else {
                if let Some(new) = self.key(raw, row) {
                    out.extend_from_slice(bytes.get(copied..range.start).unwrap_or_default());
                    write_scalar(raw, &new, out);
                    copied = range.end;
                }
                continue;
            };
            if !is_data(raw) {
                continue;
            }
            let (Some(plan), Some(tally)) =
                (self.plans.get(column), self.part.columns.get_mut(column))
            else {
                continue;
            };
            let person = plan.person.and_then(|at| persons.get(&at)).map(String::as_bytes);
            let value = text(raw);
            let new =
                self.engine.value(plan, value.as_bytes(), person, row, &mut self.scratch, tally);
            if new != New::Same {
                out.extend_from_slice(bytes.get(copied..range.start).unwrap_or_default());
                write_scalar(raw, &new, out);
                copied = range.end;
            }
        }
        out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    }

    /// A key may be somebody's address: `{"jane@acme.example": 3}`.
    fn key(&mut self, raw: &[u8], row: u64) -> Option<New> {
        if self.clean.contains(raw) {
            return None;
        }
        let value = text(raw);
        let tally = self.part.columns.last_mut()?;
        let order = crate::date::DateOrder::Unknown;
        match self.engine.text(b"", value.as_bytes(), order, row, &mut self.scratch, tally) {
            New::Text(text) => Some(New::Text(text)),
            _ => {
                if self.clean.len() < COLUMNS {
                    self.clean.insert(raw.to_vec());
                }
                None
            }
        }
    }

    fn no_json(&mut self, bytes: &[u8], row: u64, out: &mut Vec<u8>) {
        let order = crate::date::DateOrder::Unknown;
        let Some(tally) = self.part.columns.last_mut() else { return };
        tally.values += 1;
        tally.unreadable += 1;
        match self.engine.text(b"", bytes, order, row, &mut self.scratch, tally) {
            New::Text(text) => out.extend_from_slice(&text),
            _ => out.extend_from_slice(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Sample, plan};
    use crate::{Key, Method, Profile};
    use detect::{DetectOptions, Detector};

    fn rewritten(
        text: &str,
        form: Form,
        methods: &[(&str, &str)],
        out_rows: &[u64],
        threads: usize,
    ) -> String {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let (profile, key) = (Profile::default(), Key::new([1; 32]));
        let engine = Engine::new(&detector, &profile, Some(&key), jiff::civil::date(2026, 11, 23));
        let mut samples: Vec<Sample> = methods
            .iter()
            .map(|(name, _)| Sample { name: (*name).to_owned(), ..Sample::default() })
            .collect();
        samples.push(Sample { name: "*".to_owned(), ..Sample::default() });
        let mut plans = plan(&profile, &detector, &samples).unwrap();
        for (plan, (_, method)) in plans.iter_mut().zip(methods) {
            plan.method = Method::parse(method).unwrap();
        }
        let mut out = Vec::new();
        let leave_out = |row| out_rows.contains(&row);
        rewrite(&engine, text.as_bytes(), &mut out, form, &plans, threads, &leave_out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_bracket_that_closes_nothing_is_passed() {
        for text in ["[}", "[}]", "[1}", "[}{\"a\":1}]", "[{\"a\":1}}}", "]", "}"] {
            let wanted = rewritten(text, Form::Document, &[("a", "keep")], &[], 1);
            assert_eq!(wanted, text);
        }
    }

    #[test]
    fn only_values_change() {
        let methods = [("b", "remove"), ("c.d", "bin 10"), ("e", "keep"), ("f", "year")];
        for (text, wanted) in [
            (
                "{ \"e\" : 1.50, \"b\":\"x\\u00e4\\\"\" , \"c\":{\"d\":[15 ,1e1]}, \"f\": \"2024-01-02\"}\r\n\n{\"b\":null,\"e\":true}",
                "{ \"e\" : 1.50, \"b\":null , \"c\":{\"d\":[\"10 to 19\" ,\"10 to 19\"]}, \"f\": \"2024\"}\r\n\n{\"b\":null,\"e\":true}",
            ),
            ("{\"f\":2024}\n", "{\"f\":2024}\n"),
            ("{}\n[]\n7\n\"x\"\n", "{}\n[]\n7\n\"x\"\n"),
            ("", ""),
        ] {
            for threads in [1, 3] {
                assert_eq!(rewritten(text, Form::Lines, &methods, &[], threads), wanted, "{text}");
            }
        }
    }

    #[test]
    fn records_of_a_list_are_records() {
        let methods = [("a", "remove")];
        let text = "[\n {\"a\":1},\n {\"a\":[2,\"}\"]} ,\n {\"a\":3}\n]\n";
        for (out_rows, wanted) in [
            (&[][..], "[\n {\"a\":null},\n {\"a\":[null,null]} ,\n {\"a\":null}\n]\n"),
            (&[0], "[\n \n {\"a\":[null,null]} ,\n {\"a\":null}\n]\n"),
            (&[2], "[\n {\"a\":null},\n {\"a\":[null,null]} \n]\n"),
            (&[0, 1, 2], "[\n \n]\n"),
        ] {
            let out = rewritten(text, Form::Document, &methods, out_rows, 1);
            assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(squeezed(&out), squeezed(wanted));
        }
        assert_eq!(
            rewritten("{\"a\":{\"b\":1}}", Form::Document, &[("a.b", "remove")], &[], 1),
            "{\"a\":{\"b\":null}}"
        );
    }

    #[test]
    fn keys_and_broken_lines_are_looked_at_too() {
        let out = rewritten(
            "{\"jane.doe@corp-mail.net\":3}\n{\"a\": bob.roe@corp-mail.net\n",
            Form::Lines,
            &[],
            &[],
            1,
        );
        assert!(!out.contains("corp-mail"), "{out}");
        assert!(out.starts_with("{\"person-") && out.lines().count() == 2, "{out}");
    }

    #[test]
    fn lines_are_left_out_whole() {
        let text = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}";
        assert_eq!(rewritten(text, Form::Lines, &[("a", "keep")], &[1], 1), "{\"a\":1}\n{\"a\":3}");
        assert_eq!(rewritten(text, Form::Lines, &[("a", "keep")], &[0], 1), "{\"a\":2}\n{\"a\":3}");
    }
}
