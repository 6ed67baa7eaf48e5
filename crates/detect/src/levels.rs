//! Encodings inside encodings: what stands plainly at each level, and how to get back.
//!
//! No declaration is believed. Where the marks of an encoding appear, the bytes around them are
//! decoded into a [`View`] that remembers where each byte came from, and the view is examined
//! like the original: a base64 body in a quoted-printable part of a JSON string is three levels
//! down. The depth and the total size of what is decoded are bounded.
//!
//! INVARIANT: what a view finds must touch something that the view decoded. Everything else was
//! already found one level up.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;

use crate::base64;
use crate::blocks::Marks;
use crate::encoded_word;
use crate::file_kind::{FileKind, file_kind, opaque};
use crate::inline::{self, Inline, Room};
use crate::packed;
use crate::term::{Encoding, Removed, Strength};
use crate::utf16;

/// How many encodings may lie inside each other.
const DEEPEST: usize = 4;

/// Something found, in the coordinates of the level at which it stands plainly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) person: usize,
    pub(crate) what: Removed,
    pub(crate) strength: Strength,
    pub(crate) latin1: bool,
}

/// What looks at one level.
pub(crate) trait Finder {
    /// Adds what stands plainly in these bytes.
    fn direct(&self, bytes: &[u8], hits: &mut Vec<Hit>);
    /// The same, and reads the marks of the bytes.
    fn marked(&self, bytes: &[u8], hits: &mut Vec<Hit>, marks: &mut Marks) {
        self.direct(bytes, hits);
        marks.read(bytes);
    }
    /// How many bytes around a mark can belong to one finding.
    fn reach(&self) -> usize;
}

/// A stretch of a view and where it came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    /// Where it starts in the view.
    pub(crate) text: usize,
    /// Its length there.
    pub(crate) text_len: usize,
    /// Where it starts in the bytes below.
    pub(crate) raw: usize,
    /// Its length there.
    pub(crate) raw_len: usize,
    /// Copied byte by byte, not decoded.
    pub(crate) copied: bool,
    /// Decoded for certain: what stands beside it only means what the view says.
    pub(crate) firm: bool,
}

/// How a view lies over the bytes below.
#[derive(Debug, Clone)]
pub(crate) enum Map {
    /// Piece by piece.
    Segments(Vec<Segment>),
    /// One run of base64.
    Base64(base64::Run),
    /// Somewhere inside this range; it cannot be edited.
    Packed(Range<usize>),
}

/// Decoded bytes over a part of the bytes below.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) encoding: Encoding,
    pub(crate) text: Vec<u8>,
    pub(crate) map: Map,
}

impl View {
    /// The smallest range below that encodes this range of the view.
    pub(crate) fn below(&self, start: usize, end: usize) -> Range<usize> {
        match &self.map {
            Map::Packed(range) => range.clone(),
            Map::Base64(run) => run.below(start, end),
            Map::Segments(segments) => {
                let last = end.saturating_sub(1).max(start);
                let find = |at: usize| {
                    let next = segments.partition_point(|segment| segment.text <= at);
                    segments
                        .get(..next)
                        .and_then(|before| before.iter().rev().find(|segment| segment.text_len > 0))
                };
                let first = find(start).map_or(0, |s| {
                    if s.copied { s.raw + (start - s.text).min(s.raw_len) } else { s.raw }
                });
                let past = find(last).map_or(0, |s| {
                    if s.copied {
                        s.raw + (last - s.text + 1).min(s.raw_len)
                    } else {
                        s.raw + s.raw_len
                    }
                });
                first..past.max(first)
            }
        }
    }

    /// Whether this range of the view holds, or stands beside, something decoded.
    fn touches(&self, start: usize, end: usize) -> bool {
        let Map::Segments(segments) = &self.map else { return true };
        let (low, high) = (start.saturating_sub(4), end + 4);
        let first = segments.partition_point(|segment| segment.text + segment.text_len < low);
        segments
            .iter()
            .skip(first)
            .take_while(|segment| segment.text <= high)
            .any(|segment| !segment.copied)
    }

    /// Where the first thing that this view decoded starts below.
    fn first_decoded(&self) -> Option<usize> {
        let Map::Segments(segments) = &self.map else { return None };
        segments.iter().find(|segment| !segment.copied).map(|segment| segment.raw)
    }

    /// Whether something certainly decoded ends or starts exactly at the edge of this range of
    /// the bytes below.
    fn decides_edge(&self, start: usize, end: usize) -> bool {
        let Map::Segments(segments) = &self.map else { return false };
        let first = segments.partition_point(|segment| segment.raw + segment.raw_len < start);
        segments
            .iter()
            .skip(first)
            .take_while(|segment| segment.raw <= end)
            .any(|s| s.firm && (s.raw + s.raw_len == start || s.raw == end))
    }
}

/// One level, and the levels inside it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) hits: Vec<Hit>,
    pub(crate) inside: Vec<(View, Node)>,
    /// These bytes are a document or picture.
    pub(crate) file: Option<FileKind>,
    /// These bytes are not text: lengths must not change.
    pub(crate) binary: bool,
}

/// A hit in the coordinates of the outermost bytes.
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) encodings: Vec<Encoding>,
    pub(crate) whole: bool,
    pub(crate) hit: Hit,
}

impl Node {
    fn is_empty(&self) -> bool {
        self.hits.is_empty() && self.inside.is_empty()
    }

    /// Drops what the predicate, in this level's coordinates, does not want.
    fn retain(&mut self, keep: &dyn Fn(usize, usize) -> bool) {
        self.hits.retain(|hit| keep(hit.start, hit.end));
        for (view, node) in &mut self.inside {
            // A run of base64 is read and written as one.
            if let Map::Base64(run) = &view.map
                && keep(run.start, run.end)
            {
                continue;
            }
            node.retain(&|start, end| {
                let below = view.below(start, end);
                keep(below.start, below.end)
            });
        }
        self.inside.retain(|(_, node)| !node.is_empty());
    }

    /// Every hit below this level, by its range at this level.
    fn collect(&self, text: &[u8], places: &mut Vec<Place>) {
        for hit in &self.hits {
            let whole = blank(text.get(..hit.start)) && blank(text.get(hit.end..));
            places.push(Place {
                start: hit.start,
                end: hit.end,
                encodings: if hit.latin1 { vec![Encoding::Latin1] } else { Vec::new() },
                whole,
                hit: hit.clone(),
            });
        }
        for (view, node) in &self.inside {
            let from = places.len();
            node.collect(&view.text, places);
            for place in places.iter_mut().skip(from) {
                let below = view.below(place.start, place.end);
                place.start = below.start;
                place.end = below.end;
                place.encodings.insert(0, view.encoding);
                place.whole &= match &view.map {
                    Map::Base64(run) => blank(text.get(..run.start)) && blank(text.get(run.end..)),
                    Map::Packed(_) => false,
                    Map::Segments(_) => {
                        blank(text.get(..below.start)) && blank(text.get(below.end..))
                    }
                };
            }
        }
    }

    /// Every hit in the coordinates of the outermost bytes, in order, each once, without bare
    /// names that lie inside a longer mention of the same person.
    pub(crate) fn places(&self, text: &[u8]) -> Vec<Place> {
        let mut places = Vec::new();
        self.collect(text, &mut places);
        places.sort_by(|a, b| {
            (a.start, usize::MAX - a.end, a.hit.strength, a.hit.what, a.encodings.len()).cmp(&(
                b.start,
                usize::MAX - b.end,
                b.hit.strength,
                b.hit.what,
                b.encodings.len(),
            ))
        });
        drop_inner(&mut places);
        places
    }

    /// The first document or picture in or below this level that holds a hit.
    pub(crate) fn file_with_hits(&self) -> Option<FileKind> {
        if self.file.is_some() && !self.is_empty() {
            return self.file;
        }
        self.inside.iter().find_map(|(_, node)| node.file_with_hits())
    }
}

/// Drops what lies inside a longer place of the same person. The places are sorted by their start.
fn drop_inner(places: &mut Vec<Place>) {
    if places.len() < 2 {
        return;
    }
    // Person by person, in the order in which theirs stand: a given name may be that of dozens.
    let mut people: Vec<(usize, usize)> =
        places.iter().enumerate().map(|(at, place)| (place.hit.person, at)).collect();
    people.sort_unstable();
    let mut inner: Vec<usize> = Vec::new();
    let mut seen: Vec<(usize, Removed, usize)> = Vec::new();
    for theirs in people.chunk_by(|(one, _), (other, _)| one == other) {
        if theirs.len() < 2 {
            continue;
        }
        seen.clear();
        for place in theirs {
            let at = place.1;
            let Some(place) = places.get(at) else { continue };
            // One that reaches at least as far contains this one. A hit in a packed range or a
            // base64 group may share its bytes with others of other kinds.
            seen.retain(|(_, _, end)| *end > place.start);
            let is_inner = seen.iter().any(|(start, what, end)| {
                let same = *start == place.start && *end == place.end;
                *end >= place.end
                    && (place.hit.strength == Strength::Weak || !same || *what == place.hit.what)
            });
            if is_inner {
                inner.push(at);
            } else {
                seen.push((place.start, place.hit.what, place.end));
            }
        }
    }
    if inner.is_empty() {
        return;
    }
    inner.sort_unstable();
    let mut at = 0;
    let mut inner = inner.into_iter().peekable();
    places.retain(|_| {
        at += 1;
        inner.next_if_eq(&(at - 1)).is_none()
    });
}

/// Nothing but white space, brackets of a mail address and quotes.
fn blank(rest: Option<&[u8]>) -> bool {
    rest.unwrap_or_default().iter().all(u8::is_ascii_whitespace)
}

/// One walk through all levels of one value.
pub(crate) struct Walk<'a> {
    finder: &'a dyn Finder,
    /// How many more bytes may be decoded.
    left: usize,
    /// Something could not be looked into.
    pub(crate) unread: bool,
    /// Memory that is used again.
    pub(crate) spare: Spare,
}

/// Memory for views, used again for the next, so that a value without findings needs none.
#[derive(Default)]
pub(crate) struct Spare {
    marks: Vec<Marks>,
    rooms: Vec<Room>,
}

/// A buffer larger than this is not kept for the next value.
const KEPT: usize = 4 << 20;

impl Spare {
    fn room(&mut self) -> Room {
        self.rooms.pop().unwrap_or_default()
    }

    fn keep(&mut self, mut room: Room) {
        if room.text.capacity() <= KEPT && room.segments.capacity() * 40 <= KEPT {
            room.text.clear();
            room.segments.clear();
            self.rooms.push(room);
        }
    }

    fn keep_view(&mut self, view: View) {
        let segments = match view.map {
            Map::Segments(segments) => segments,
            Map::Base64(_) | Map::Packed(_) => Vec::new(),
        };
        self.keep(Room { text: view.text, segments });
    }
}

impl<'a> Walk<'a> {
    pub(crate) fn new(finder: &'a dyn Finder, size: usize) -> Self {
        Self {
            finder,
            left: size.saturating_mul(24).saturating_add(4 << 20),
            unread: false,
            spare: Spare::default(),
        }
    }

    /// Examines the outermost bytes.
    pub(crate) fn examine(&mut self, bytes: &[u8], scratch: &mut Vec<Hit>) -> Node {
        scratch.clear();
        self.level(bytes, 0, true, std::mem::take(scratch))
    }

    /// Takes the size of a view from what may still be decoded.
    pub(crate) fn afford(&mut self, size: usize) -> bool {
        if size > self.left {
            self.unread = true;
            return false;
        }
        self.left -= size;
        true
    }

    fn level(&mut self, bytes: &[u8], depth: usize, block: bool, hits: Vec<Hit>) -> Node {
        let mut node = Node { hits, ..Node::default() };
        let mut marks = self.spare.marks.pop().unwrap_or_default();
        self.finder.marked(bytes, &mut node.hits, &mut marks);
        if block {
            node.file = file_kind(bytes);
            node.binary = node.file.is_none() && marks.odd && is_binary(bytes);
            self.unread |= opaque(bytes, node.file);
        }
        if depth < DEEPEST {
            self.inside(bytes, depth, block, &marks, &mut node);
        }
        if marks.runs.capacity() <= KEPT / 16 {
            self.spare.marks.push(marks);
        }
        node
    }

    /// Everything that is encoded in these bytes.
    fn inside(&mut self, bytes: &[u8], depth: usize, block: bool, marks: &Marks, node: &mut Node) {
        if marks.equals || marks.percent || marks.ampersand || marks.backslash {
            // Strings that carry their length: the length may stand far before what is found.
            let whole = LENGTHS
                .find_iter(bytes)
                .any(|at| bytes.get(at + 2).is_some_and(u8::is_ascii_digit));
            let reach = if whole { usize::MAX } else { self.finder.reach().max(160) };
            for kind in Inline::ALL.into_iter().filter(|kind| kind.may_be(marks)) {
                match inline::view_in(kind, bytes, reach, self.spare.room()) {
                    Ok(view) => self.inline(kind, view, bytes, depth, marks, node),
                    Err(room) => self.spare.keep(room),
                }
            }
        }
        if marks.equals
            && let Some(view) = encoded_word::view(bytes, self.finder.reach().max(160))
        {
            self.segments(view, depth, node);
        }
        if block && marks.odd {
            for view in utf16::views(bytes) {
                self.segments(view, depth, node);
            }
        }
        for run in base64::laid_out(bytes, marks) {
            let mut room = self.spare.room();
            run.decode_into(bytes, &mut room.text);
            if !self.afford(room.text.len()) {
                break;
            }
            let inside = self.level(&room.text, depth + 1, true, Vec::new());
            if inside.is_empty() {
                self.spare.keep(room);
            } else {
                let map = Map::Base64(run.placed(bytes));
                node.inside
                    .push((View { encoding: Encoding::Base64, text: room.text, map }, inside));
            }
        }
        if block && node.file.is_some() {
            for (encoding, range, text) in packed::members(bytes, node.file, self) {
                let inside = self.level(&text, depth + 1, true, Vec::new());
                if !inside.is_empty() {
                    node.inside.push((View { encoding, text, map: Map::Packed(range) }, inside));
                }
            }
        }
    }

    /// Characters that are encoded one by one.
    fn inline(
        &mut self,
        kind: Inline,
        view: View,
        bytes: &[u8],
        depth: usize,
        marks: &Marks,
        node: &mut Node,
    ) {
        if !self.afford(view.text.len()) {
            return;
        }
        let mut inside = self.level(&view.text, depth + 1, false, Vec::new());
        inside.retain(&|start, end| view.touches(start, end));
        // Padding is an end: what `=` and a line break seem to join to it is not part of it.
        if inside.inside.iter().any(|(inner, _)| matches!(inner.map, Map::Base64(_))) {
            let runs: Vec<base64::Run> = base64::laid_out(bytes, marks).collect();
            inside.inside.retain(|(inner, _)| {
                let Map::Base64(joined) = &inner.map else { return true };
                let below = view.below(joined.start, joined.end);
                let at = runs.partition_point(|run| run.start < below.start);
                !runs.get(at).is_some_and(|run| run.start == below.start && run.is_closed())
            });
        }
        if kind == Inline::QuotedPrintable {
            // Quoted-printable writes the `=` of an encoded word as `=3D`; a word that stands
            // there plainly is one of this level, not of the view.
            inside.inside.retain(|(inner, _)| {
                inner.encoding != Encoding::EncodedWord
                    || inner.first_decoded().is_some_and(|at| view.below(at, at + 1).len() == 3)
            });
        }
        drop_disproved(&mut node.hits, &view, &inside);
        if inside.is_empty() {
            self.spare.keep_view(view);
        } else {
            node.inside.push((view, inside));
        }
    }

    fn segments(&mut self, view: View, depth: usize, node: &mut Node) {
        if self.afford(view.text.len()) {
            let mut inside = self.level(&view.text, depth + 1, false, Vec::new());
            inside.retain(&|start, end| view.touches(start, end));
            if inside.is_empty() {
                self.spare.keep_view(view);
            } else {
                node.inside.push((view, inside));
            }
        }
    }
}

/// What stands before a length in PHP's strings.
static LENGTHS: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"s:"));

/// `=\n` can break a word in two, and `&#97;` can be its first letter: what seemed to end at such
/// an edge is only there if the decoded view says so too.
fn drop_disproved(hits: &mut Vec<Hit>, view: &View, inside: &Node) {
    if !hits.iter().any(|hit| view.decides_edge(hit.start, hit.end)) {
        return;
    }
    let mut places = Vec::new();
    inside.collect(&view.text, &mut places);
    let confirmed: Vec<(Range<usize>, usize, Removed)> = places
        .iter()
        .map(|place| (view.below(place.start, place.end), place.hit.person, place.hit.what))
        .collect();
    hits.retain(|hit| {
        !view.decides_edge(hit.start, hit.end)
            || confirmed.iter().any(|(range, person, what)| {
                *person == hit.person
                    && *what == hit.what
                    && range.start <= hit.start
                    && range.end >= hit.end
            })
    });
}

/// Whether bytes are something other than text: control characters that no text has.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    // Without a branch for each byte, so that whole chunks are tested at once.
    let control =
        |b: u8| (b < 9) | (b == 11) | ((b > 13) & (b < 27)) | ((b > 27) & (b < 32)) | (b == 127);
    let any = bytes.chunks(1024).any(|chunk| chunk.iter().fold(false, |any, b| any | control(*b)));
    any && !utf16::is_text(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_binary() {
        assert!(!is_binary("Zoë\r\n\tMüller".as_bytes()));
        assert!(is_binary(b"pst0\x04\x0b\x0812345678\x04"));
        assert!(!is_binary(b"J\0a\0n\0e\0 \0D\0o\0e\0"));
    }
}
