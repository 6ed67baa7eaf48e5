//! Taking people out: in place, in the encoding in which they stand.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::encoded_word;
use crate::file_kind::FileKind;
use crate::inline;
use crate::json;
use crate::levels::{Finder, Hit, Map, Node, Place, View, Walk};
use crate::searcher::{People, Searcher};
use crate::term::{Encoding, RedactOptions, Redaction, Removed, Strength};
use crate::utf16;
use crate::values::{Finding, ValueKind, find_values};

/// Taking out one thing can bring another to light (`a%2540b`); not more often than this.
const PASSES: usize = 6;

/// One change at one level.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    pub(crate) range: Range<usize>,
    pub(crate) text: Vec<u8>,
    /// The text is already what stands there afterwards: a run of base64, encoded again.
    pub(crate) made: bool,
}

/// The text of a PHP string (`s:8:"Jane Doe"`): its length stands before it.
fn php_strings(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"s:") {
        let rest = bytes.get(at + 2..).unwrap_or_default();
        let digits = rest.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let length = rest
            .get(..digits)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.parse::<usize>().ok());
        let Some(length) = length else { continue };
        let Some(rest) = rest.get(digits..).and_then(|rest| rest.strip_prefix(b":")) else {
            continue;
        };
        // The string may itself stand in JSON or HTML; its length counts what is decoded, and
        // nothing decodes to more than it was.
        let Some(quote) =
            [&b"\""[..], b"\\\"", b"&quot;"].into_iter().find(|q| rest.starts_with(q))
        else {
            continue;
        };
        let start = at + 2 + digits + 1 + quote.len();
        let least = start.saturating_add(length);
        let Some(tail) = bytes.get(least..) else { continue };
        let more = if quote.len() == 1 {
            tail.starts_with(quote).then_some(0)
        } else {
            memchr::memmem::find(tail.get(..tail.len().min(4096)).unwrap_or_default(), quote)
        };
        if let Some(more) = more {
            found.push(start..least + more);
        }
    }
    found
}

/// Puts the edits into the bytes.
fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut past = 0;
    for edit in edits {
        out.extend_from_slice(bytes.get(past..edit.range.start).unwrap_or_default());
        out.extend_from_slice(&edit.text);
        past = edit.range.end;
    }
    out.extend_from_slice(bytes.get(past..).unwrap_or_default());
    out
}

/// The edits of one level, in order, without overlaps.
fn edits(node: &Node, bytes: &[u8], mark: &[u8], fixed: bool) -> Vec<Edit> {
    if node.file.is_some() {
        return Vec::new();
    }
    let fixed = fixed || node.binary;
    let php = php_strings(bytes);
    let counted = |range: &Range<usize>| {
        fixed || php.iter().any(|text| text.start < range.end && range.start < text.end)
    };
    let mut edits: Vec<Edit> = node
        .hits
        .iter()
        .map(|hit| Edit { range: hit.start..hit.end, text: mark.to_vec(), made: false })
        .collect();
    for (view, inside) in &node.inside {
        match &view.map {
            Map::Packed(_) => {}
            Map::Base64(run) => {
                let range = run.range();
                let changes = self::edits(inside, &view.text, mark, counted(&range));
                if !changes.is_empty() {
                    let text = run.encode(&apply(&view.text, &changes));
                    edits.push(Edit { range, text, made: true });
                }
            }
            Map::Segments(_) if view.encoding == Encoding::EncodedWord => {
                let changes = self::edits(inside, &view.text, mark, false);
                edits.extend(whole_words(view, changes));
            }
            Map::Segments(_) => {
                for edit in self::edits(inside, &view.text, mark, false) {
                    let range = view.below(edit.range.start, edit.range.end);
                    let (text, made) = if view.encoding == Encoding::Utf16 {
                        let replaced = bytes.get(range.clone()).unwrap_or_default();
                        // Same length in a binary file, and still UTF-16.
                        let filler = vec![b'x'; replaced.len() / 2];
                        let text = if counted(&range) { &filler } else { &edit.text };
                        (utf16::write(text, replaced), true)
                    } else {
                        (inline::write(view.encoding, &edit.text), edit.made)
                    };
                    edits.push(Edit { range, text, made });
                }
            }
        }
    }
    let edits = untangle(edits, mark);
    let keep_length = |mut edits: Vec<Edit>| {
        for edit in edits.iter_mut().filter(|edit| counted(&edit.range)) {
            if !edit.made {
                edit.text = vec![b'x'; edit.range.len()];
            } else if edit.text == b"null" {
                edit.text.resize(edit.range.len().max(4), b' ');
            }
        }
        edits
    };
    let json = if edits.is_empty() { None } else { json::scalars(bytes) };
    let Some(scalars) = json else { return keep_length(edits) };
    // INVARIANT: JSON in is JSON out.
    let careful = keep_length(json::fit(edits.clone(), &scalars, mark));
    if json::is_json(&apply(bytes, &careful)) {
        return careful;
    }
    keep_length(json::fit_whole(&edits, &scalars, mark))
}

/// An encoded word is written anew whole, with everything else that it says.
fn whole_words(view: &View, changes: Vec<Edit>) -> Vec<Edit> {
    let Map::Segments(segments) = &view.map else { return Vec::new() };
    let mut clusters: Vec<(Range<usize>, Vec<Edit>)> = Vec::new();
    for change in changes {
        let mut range = change.range.clone();
        for segment in segments.iter().filter(|segment| !segment.copied && segment.text_len > 0) {
            let end = segment.text + segment.text_len;
            if segment.text < change.range.end && change.range.start < end {
                range = range.start.min(segment.text)..range.end.max(end);
            }
        }
        match clusters.last_mut() {
            Some((last, changes)) if last.end > range.start => {
                last.end = last.end.max(range.end);
                changes.push(change);
            }
            _ => clusters.push((range, vec![change])),
        }
    }
    clusters
        .into_iter()
        .map(|(range, mut changes)| {
            for change in &mut changes {
                change.range =
                    change.range.start - range.start..change.range.end.min(range.end) - range.start;
            }
            let text = apply(view.text.get(range.clone()).unwrap_or_default(), &changes);
            Edit {
                range: view.below(range.start, range.end),
                text: encoded_word::write(&text),
                made: true,
            }
        })
        .collect()
}

/// Sorts edits and joins those that overlap. What is written anew wins over a mark inside it.
fn untangle(mut edits: Vec<Edit>, mark: &[u8]) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.range.start, usize::MAX - edit.range.end, !edit.made));
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits {
        match kept.last_mut() {
            Some(last) if edit.range.start < last.range.end => {
                if last.made && edit.range.end <= last.range.end {
                    // INVARIANT: the next pass takes out what is still there.
                } else if edit.made && edit.range.start <= last.range.start {
                    *last = edit;
                } else {
                    if last.text.len() > edit.text.len() && !edit.made || last.made {
                        last.text = mark.to_vec();
                    }
                    last.made = false;
                    last.range.end = last.range.end.max(edit.range.end);
                }
            }
            _ => kept.push(edit),
        }
    }
    kept
}

/// Characters that mean something in one of the encodings become `_`.
fn harmless(mark: &str) -> String {
    mark.chars()
        .map(|c| match c {
            '"' | '\'' | '\\' | '<' | '>' | '&' | '=' | '%' | '?' | '@' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect()
}

/// What happened in [`take_out`].
pub(crate) struct Outcome {
    pub(crate) bytes: Option<Vec<u8>>,
    pub(crate) count: BTreeMap<Removed, u64>,
    pub(crate) file: Option<FileKind>,
    pub(crate) unread: bool,
}

/// Takes out whatever the finder finds, until it finds nothing more.
pub(crate) fn take_out(finder: &dyn Finder, bytes: &[u8], mark: &str) -> Outcome {
    let mut mark = harmless(mark);
    let mut inside_mark = Vec::new();
    finder.direct(mark.as_bytes(), &mut inside_mark);
    if !inside_mark.is_empty() {
        // INVARIANT: the mark itself is nobody.
        "[-]".clone_into(&mut mark);
    }
    let mut outcome = Outcome { bytes: None, count: BTreeMap::new(), file: None, unread: false };
    let mut scratch = Vec::new();
    for _ in 0..PASSES {
        let current = outcome.bytes.as_deref().unwrap_or(bytes);
        let mut walk = Walk::new(finder, current.len());
        let node = walk.examine(current, &mut scratch);
        outcome.unread = walk.unread;
        outcome.file = node.file_with_hits();
        let edits = edits(&node, current, mark.as_bytes(), false);
        if edits.is_empty() {
            break;
        }
        for place in node.places(current) {
            if !in_file(&node, &place) {
                *outcome.count.entry(place.hit.what).or_default() += 1;
            }
        }
        let next = apply(current, &edits);
        if next == current {
            break;
        }
        outcome.bytes = Some(next);
    }
    outcome
}

/// Whether a place lies in a document that is not edited.
fn in_file(node: &Node, place: &Place) -> bool {
    fn ranges(
        node: &Node,
        map: &dyn Fn(Range<usize>) -> Range<usize>,
        out: &mut Vec<Range<usize>>,
    ) {
        if node.file.is_some() {
            out.push(map(0..usize::MAX / 16));
            return;
        }
        for (view, inside) in &node.inside {
            ranges(inside, &|range| map(view.below(range.start, range.end)), out);
        }
    }
    let mut files = Vec::new();
    ranges(node, &|range| range, &mut files);
    files.iter().any(|file| file.start <= place.start && place.end <= file.end)
}

/// A person's terms, and with them values that can only be hers in her own text.
struct Own<'a> {
    people: People<'a>,
    values: bool,
}

impl Finder for Own<'_> {
    fn direct(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
        self.people.direct(bytes, hits);
        if self.values {
            let mut found = Vec::new();
            find_values(bytes, &mut found);
            hits.extend(found.into_iter().filter(|finding| own_value(finding.kind)).map(value_hit));
        }
    }

    fn reach(&self) -> usize {
        self.people.reach()
    }
}

const fn own_value(kind: ValueKind) -> bool {
    matches!(
        kind,
        ValueKind::BirthDate
            | ValueKind::IpV4
            | ValueKind::IpV6
            | ValueKind::Card
            | ValueKind::Iban
            | ValueKind::UsSsn
            | ValueKind::CanadaSin
    )
}

pub(crate) fn value_hit(finding: Finding) -> Hit {
    Hit {
        start: finding.span.start,
        end: finding.span.end,
        // Nobody in particular.
        person: usize::MAX,
        what: Removed::Value(finding.kind),
        strength: Strength::Strong,
        latin1: false,
    }
}

impl Searcher {
    /// Takes one person out of the bytes. Everything else stays as it is, to the byte; in binary
    /// data and in strings that carry their length, the length stays too.
    pub fn redact(&self, bytes: &[u8], person: usize, options: &RedactOptions) -> Redaction {
        let finder = Own {
            people: People { searcher: self, person: Some(person), weak: options.weak },
            values: options.own,
        };
        let outcome = take_out(&finder, bytes, &options.mark);
        Redaction {
            bytes: outcome.bytes,
            taken_out: outcome.count,
            file: outcome.file,
            unread: outcome.unread,
        }
    }
}
