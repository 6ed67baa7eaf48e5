//! What is found in the texts of one file.

use detect::{DetectScratch, Found, Validated};
use documents::{At, Database, Place, Sink, Unread};
use ner::Stream;
use render::scan::{ScanFinding, ScanPart};

use super::Search;

/// Findings of one file or table that are kept one by one; beyond these they are counted.
const KEPT: usize = 10_000;
/// Things of one file that were not looked at and are told one by one.
const TOLD: usize = 1_000;
/// A text up to this length is looked at whole, together with what the document calls it.
const SHORT: usize = 32 << 10;
/// So much of a long text is kept behind the place that is being read: findings come this late.
const BEHIND: usize = 256 << 10;

/// Takes the texts of a document.
pub(super) struct Look<'s> {
    search: &'s Search,
    pub(super) part: ScanPart,
    /// SQLite files that lie in it.
    pub(super) databases: Vec<(String, Database)>,
    scratch: DetectScratch,
    found: Vec<Found>,
    place: Option<Place>,
    label: String,
    /// A text that may still be short.
    short: Vec<u8>,
    /// A value behind its name.
    named: Vec<u8>,
    long: Option<Long<'s>>,
    beyond: u64,
}

impl<'s> Look<'s> {
    pub(super) fn new(search: &'s Search, path: &str) -> Self {
        Self {
            search,
            part: ScanPart { path: path.to_owned(), ..ScanPart::default() },
            databases: Vec::new(),
            scratch: DetectScratch::new(),
            found: Vec::new(),
            place: None,
            label: String::new(),
            short: Vec::new(),
            named: Vec::new(),
            long: None,
            beyond: 0,
        }
    }

    /// What was found.
    pub(super) fn finish(mut self) -> ScanPart {
        if self.beyond > 0 {
            let path = self.part.path.clone();
            self.part.unread.push((
                path,
                format!(
                    "{} more things in it, each with its reason",
                    render::words::number(self.beyond)
                ),
            ));
        }
        self.part
    }

    /// The bounds within which documents are unpacked.
    pub(super) fn limits(&self) -> documents::Limits {
        self.search.limits.clone()
    }

    /// A value that is known by a name, whole.
    pub(super) fn value(&mut self, place: &Place, label: &str, value: &[u8]) {
        self.part.bytes += length(value.len());
        // The name stands before the value, as in a form, so that it counts as its context.
        let mut text = std::mem::take(&mut self.named);
        text.clear();
        if !label.is_empty() && place_is_value(place) {
            text.extend_from_slice(label.as_bytes());
            text.extend_from_slice(b": ");
        }
        let before = text.len();
        text.extend_from_slice(value);
        self.found.clear();
        let looked = self.search.finder.find_into(&text, &mut self.scratch, &mut self.found);
        if let Err(why) = looked {
            self.missed(place_of(place), why.to_string());
        }
        let found = std::mem::take(&mut self.found);
        for found in &found {
            let (start, end) = (whole(found.start), whole(found.end));
            if end <= before {
                continue;
            }
            let start = start.max(before);
            let bytes = text.get(start..end).unwrap_or_default();
            let lead = text.get(before..start).unwrap_or_default();
            let line = length(memchr_count(lead));
            let column = column_of(lead);
            self.keep(place, found, bytes, line, Some(column), length(start - before));
        }
        self.found = found;
        self.named = text;
    }

    /// Counts a finding, and keeps it as long as there are not too many. `line` counts from the
    /// text's own first, `offset` from its first byte.
    fn keep(
        &mut self,
        place: &Place,
        found: &Found,
        bytes: &[u8],
        line: u64,
        column: Option<u64>,
        offset: u64,
    ) {
        let mut finding = ScanFinding {
            kind: found.kind.key().to_owned(),
            path: place.path.clone(),
            part: place.part.clone(),
            line: None,
            column: None,
            row: None,
            cell: None,
            offset: None,
            length: found.end.saturating_sub(found.start),
            confidence: found.confidence,
            validated: validated(found.validated).to_owned(),
            test_data: found.test_data,
            reason: found.reason.to_owned(),
            shown: self.search.show.then(|| detect::masked(found.kind, bytes)),
        };
        match &place.at {
            At::Lines { first, offset: begins } => {
                finding.line = Some(first + line);
                if let Some(begins) = begins {
                    finding.column = column;
                    finding.offset = Some(begins + offset);
                }
            }
            At::Line(line) => finding.line = Some(*line),
            At::Row(row) => finding.row = Some(*row),
            At::Cell(cell) => finding.cell = Some(cell.clone()),
        }
        let count = self.part.counts.entry(finding.place()).or_default();
        count.entry(finding.kind.clone()).or_default().add(&finding);
        if self.part.findings.len() < KEPT {
            self.part.findings.push(finding);
        } else {
            self.part.more += 1;
        }
    }

    /// Tells what was not looked at, as long as it is not too much.
    fn missed(&mut self, path: String, why: String) {
        if self.part.unread.len() < TOLD {
            self.part.unread.push((path, why));
        } else {
            self.beyond += 1;
        }
    }

    fn drain(&mut self, found: &[Found]) {
        let Some(place) = self.place.clone() else { return };
        for found in found {
            let Some(long) = &self.long else { return };
            let (bytes, line, column) = long.window.at(found.start, found.end);
            let bytes = bytes.to_vec();
            self.keep(&place, found, &bytes, line, column, found.start);
        }
    }
}

impl Sink for Look<'_> {
    fn begin(&mut self, place: &Place, label: &str) {
        self.place = Some(place.clone());
        label.clone_into(&mut self.label);
        self.short.clear();
        self.long = None;
    }

    fn text(&mut self, bytes: &[u8]) {
        if self.long.is_none() && self.short.len() + bytes.len() <= SHORT {
            self.short.extend_from_slice(bytes);
            return;
        }
        let mut found = Vec::new();
        let search = self.search;
        let long = self.long.get_or_insert_with(|| Long {
            stream: search.finder.stream(),
            window: Window::default(),
        });
        let short = std::mem::take(&mut self.short);
        for bytes in [short.as_slice(), bytes] {
            for piece in bytes.chunks(SHORT) {
                self.part.bytes += length(piece.len());
                long.window.push(piece);
                long.stream.push(piece, &mut |one: &Found| found.push(one.clone()));
            }
        }
        self.drain(&found);
    }

    fn end(&mut self) {
        if let Some(long) = &mut self.long {
            let mut found = Vec::new();
            let stream = std::mem::replace(&mut long.stream, self.search.finder.stream());
            let looked = stream.finish(&mut |one: &Found| found.push(one.clone()));
            if let (Err(why), Some(place)) = (looked, self.place.clone()) {
                self.missed(place_of(&place), why.to_string());
            }
            self.drain(&found);
            self.long = None;
        } else if let Some(place) = self.place.take() {
            let (short, label) = (std::mem::take(&mut self.short), std::mem::take(&mut self.label));
            self.value(&place, &label, &short);
            self.short = short;
        }
        self.place = None;
    }

    fn unread(&mut self, path: &str, why: &Unread) {
        self.missed(path.to_owned(), why.to_string());
    }

    fn database(&mut self, path: &str, database: Database) {
        self.databases.push((path.to_owned(), database));
    }
}

/// A place, as it is told where something in it was not looked at.
fn place_of(place: &Place) -> String {
    if place.part.is_empty() {
        place.path.clone()
    } else {
        format!("{}#{}", place.path, place.part)
    }
}

/// A long text.
struct Long<'s> {
    stream: Stream<'s>,
    window: Window,
}

/// The last of a long text, and how many lines went before.
#[derive(Default)]
struct Window {
    bytes: Vec<u8>,
    /// Where it begins in the text.
    base: u64,
    /// Lines that end before it.
    lines: u64,
    /// Characters of its first line that stand before it.
    before: u64,
}

impl Window {
    fn push(&mut self, bytes: &[u8]) {
        if self.bytes.len() > BEHIND * 2 {
            let gone = self.bytes.len() - BEHIND;
            let lost = self.bytes.get(..gone).unwrap_or_default();
            let lines = memchr_count(lost);
            let column = column_of(lost) - 1;
            self.before = if lines > 0 { column } else { self.before + column };
            self.lines += length(lines);
            self.base += length(gone);
            self.bytes.drain(..gone);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The bytes of a finding, the number of lines before it, and its column.
    fn at(&self, start: u64, end: u64) -> (&[u8], u64, Option<u64>) {
        let start = whole(start.saturating_sub(self.base));
        let end = whole(end.saturating_sub(self.base));
        let lead = self.bytes.get(..start).unwrap_or_default();
        let lines = memchr_count(lead);
        let before = if lines > 0 { 0 } else { self.before };
        (
            self.bytes.get(start..end).unwrap_or_default(),
            self.lines + length(lines),
            Some(before + column_of(lead)),
        )
    }
}

/// Whether the text is one value, and not a text of lines.
const fn place_is_value(place: &Place) -> bool {
    !matches!(place.at, At::Lines { offset: Some(_), .. })
}

fn memchr_count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// The column behind these bytes, in characters from 1.
fn column_of(lead: &[u8]) -> u64 {
    let line = lead.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    length(line.iter().filter(|byte| **byte & 0xc0 != 0x80).count()) + 1
}

const fn validated(how: Validated) -> &'static str {
    match how {
        Validated::Checksum => "checksum",
        Validated::Form => "form",
        Validated::Context => "context",
        Validated::Dictionary => "dictionary",
        Validated::Model => "model",
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn whole(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
