//! CSV and its kin: each value with the heading of its column.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::place::shown_name;
use crate::source::Source;
use crate::text::blocks;
use crate::walk::Walk;
use crate::{At, Place, Unread};

/// A longer value is handed on in pieces.
const PIECE: usize = 64 << 10;
/// Headings beyond these are told by their number.
const COLUMNS: usize = 16_384;
/// The longest heading.
const HEADING: usize = 256;

/// What stands between the values: what stands most often in the first line outside quotes.
pub(crate) fn delimiter(text: &[u8], ending: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => {
                counts
                    .iter_mut()
                    .filter(|(mark, _)| mark == byte)
                    .for_each(|(_, count)| *count += 1);
            }
            _ => {}
        }
    }
    let usual = match ending {
        "tsv" | "tab" => b'\t',
        "psv" => b'|',
        _ => b',',
    };
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let mut best =
        counts.iter().filter(|(_, count)| *count == most && most > 0).map(|(mark, _)| *mark);
    if counts.iter().any(|(mark, count)| *mark == usual && *count == most) {
        return usual;
    }
    best.next().unwrap_or(usual)
}

/// What stands between the values of a text without an ending, if it is a table: a first line of
/// names, and at least two more of as many values.
pub(crate) fn regular(text: &[u8]) -> Option<u8> {
    let mark = delimiter(text, "");
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let names = lines.next()?;
    let count = |line: &[u8]| memchr::memchr_iter(mark, line).count();
    let width = count(names);
    let mut names = names.split(|byte| *byte == mark);
    let named = names.all(|name| is_heading(name.trim_ascii()));
    let lines: Vec<usize> = lines.take(8).map(count).collect();
    // The last of them may be cut.
    let whole = lines.len() - usize::from(lines.len() == 8);
    let even = lines.iter().take(whole).all(|found| *found == width);
    (width > 0 && named && lines.len() >= 2 && even).then_some(mark)
}

/// Whether this can be a heading rather than a value.
fn is_heading(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let text = text.trim_matches('"').trim();
    let words = text.split_whitespace().count();
    shown_name(text) != "*" && words <= 6
}

/// Reads a table: the first record names the columns, if all of it are names.
pub(crate) fn read(
    walk: &mut Walk<'_>,
    path: &str,
    delimiter: u8,
    source: Source<'_>,
) -> Result<(), Unread> {
    let mut table = Table {
        path,
        reader: ReaderBuilder::new().delimiter(delimiter).build(),
        headings: Vec::new(),
        first: Some(Vec::new()),
        column: 0,
        line: 1,
        field: Vec::new(),
        begun: false,
        out: vec![0; PIECE],
    };
    let done = blocks(source, &mut |block| {
        table.take(walk, block);
        !walk.stopped()
    });
    // Nothing more comes: an open field is at its end.
    table.take(walk, b"");
    table.close_first(walk);
    done
}

struct Table<'t> {
    path: &'t str,
    reader: Reader,
    headings: Vec<String>,
    /// The values of the first record, with their lines, until it is known whether they are names.
    first: Option<Vec<(u64, Vec<u8>)>>,
    column: usize,
    /// Where the field began.
    line: u64,
    field: Vec<u8>,
    /// A piece of the field was handed on already.
    begun: bool,
    out: Vec<u8>,
}

impl Table<'_> {
    fn take(&mut self, walk: &mut Walk<'_>, block: &[u8]) {
        let mut rest = block;
        loop {
            let (result, read, written) = self.reader.read_field(rest, &mut self.out);
            self.field.extend_from_slice(self.out.get(..written).unwrap_or_default());
            rest = rest.get(read..).unwrap_or_default();
            match result {
                ReadFieldResult::InputEmpty => {
                    if !block.is_empty() {
                        return;
                    }
                }
                ReadFieldResult::OutputFull => self.hand_on(walk),
                ReadFieldResult::Field { record_end } => self.close(walk, record_end),
                ReadFieldResult::End => return,
            }
        }
    }

    /// A field that is too long to be held: what there is of it goes on.
    fn hand_on(&mut self, walk: &mut Walk<'_>) {
        self.close_first(walk);
        if !self.begun {
            let place = self.place();
            walk.begin(&place, &self.label());
            self.begun = true;
        }
        walk.text(&self.field);
        self.field.clear();
    }

    fn close(&mut self, walk: &mut Walk<'_>, record_end: bool) {
        if let Some(first) = &mut self.first {
            first.push((self.line, std::mem::take(&mut self.field)));
            if record_end || first.len() > COLUMNS {
                self.column = first.len();
                self.close_first(walk);
            }
        } else if self.begun {
            walk.text(&self.field);
            walk.end();
        } else if !self.field.trim_ascii().is_empty() {
            walk.piece(&self.place(), &self.label(), &self.field);
        }
        self.begun = false;
        self.field.clear();
        self.line = self.reader.line();
        self.column = if record_end { 0 } else { self.column + 1 };
    }

    /// The first record is names, or values like those below it.
    fn close_first(&mut self, walk: &mut Walk<'_>) {
        let Some(first) = self.first.take() else { return };
        if !first.is_empty() && first.iter().all(|(_, value)| is_heading(value)) {
            let name = |value: &[u8]| -> String {
                String::from_utf8_lossy(value).trim().chars().take(HEADING).collect()
            };
            self.headings = first.iter().map(|(_, value)| name(value)).collect();
            return;
        }
        let column = self.column;
        for (number, (line, value)) in first.iter().enumerate() {
            self.column = number;
            let place = Place { at: At::Line(*line), ..self.place() };
            walk.piece(&place, "", value);
        }
        self.column = column;
    }

    fn label(&self) -> String {
        self.headings.get(self.column).cloned().unwrap_or_default()
    }

    fn place(&self) -> Place {
        let part = match self.headings.get(self.column) {
            Some(heading) if shown_name(heading) != "*" => heading.clone(),
            _ => format!("column {}", self.column + 1),
        };
        Place::new(self.path, &part, At::Line(self.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_values() {
        for (text, ending, mark) in [
            ("a,b;c,d", "csv", b','),
            ("a;b;c,d", "csv", b';'),
            ("\"a,b,c\";d", "csv", b';'),
            ("a\tb", "tsv", b'\t'),
            ("one", "tsv", b'\t'),
        ] {
            assert_eq!(delimiter(text.as_bytes(), ending), mark, "{text}");
        }
        for (text, table) in [
            ("name,mail\na,b\nc,d\n", true),
            ("Dear Jane,\nthank you,\nBob,\n", false),
            ("name,mail\na,b\nc,d,e\n", false),
            ("a@x.example,b\na,b\nc,d\n", false),
        ] {
            assert_eq!(regular(text.as_bytes()).is_some(), table, "{text}");
        }
    }
}
