//! Runs of base64, found by their alphabet, read and written back in the same layout.

use std::ops::Range;

use crate::blocks::{Marks, SHORTEST_RUN, letter, letters};

/// Fewer characters say too little to be told from a word.
const SHORTEST: usize = 24;
/// A line this short is no line of wrapped base64.
const SHORTEST_LINE: usize = SHORTEST_RUN;
/// RFC 2045 allows 76 characters in a line; some writers use 78.
const LONGEST_LINE: usize = 78;

/// A run of base64 and how it is laid out.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// `-` and `_` instead of `+` and `/`.
    url: bool,
    /// Characters in a line and what ends it, if it is wrapped.
    wrap: Option<(usize, &'static [u8])>,
    /// `=` at the end.
    padding: usize,
    /// Where each character stands, if that was asked for.
    positions: Vec<usize>,
}

/// What each letter of either alphabet stands for, at each of the four places of a group.
static VALUES: [[u32; 256]; 4] = {
    let mut tables = [[0; 256]; 4];
    let mut byte = 0_u8;
    loop {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => 0,
        };
        let mut place = 0;
        while place < 4 {
            #[allow(clippy::indexing_slicing)]
            {
                tables[place][byte as usize] = (value as u32) << (18 - 6 * place);
            }
            place += 1;
        }
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    tables
};

/// Twenty-four bits for four letters.
#[inline]
fn bits([a, b, c, d]: [u8; 4]) -> u32 {
    let [first, second, third, fourth] = &VALUES;
    let of = |table: &[u32; 256], letter: u8| table.get(usize::from(letter)).copied().unwrap_or(0);
    of(first, a) | of(second, b) | of(third, c) | of(fourth, d)
}

/// Three bytes for four letters.
#[inline]
fn three(group: [u8; 4]) -> [u8; 3] {
    let [_, x, y, z] = bits(group).to_be_bytes();
    [x, y, z]
}

/// Six bytes for eight letters.
#[inline]
fn six([a, b, c, d, e, f, g, h]: [u8; 8]) -> [u8; 6] {
    let both = u64::from(bits([a, b, c, d])) << 24 | u64::from(bits([e, f, g, h]));
    let [_, _, six @ ..] = both.to_be_bytes();
    six
}

/// Every run of base64 in the bytes, in order.
pub(crate) fn runs(bytes: &[u8]) -> Vec<Run> {
    let mut marks = Marks::default();
    marks.read(bytes);
    laid_out(bytes, &marks).collect()
}

/// The runs of base64 in bytes whose marks have been read, in order.
pub(crate) fn laid_out<'b>(bytes: &'b [u8], marks: &'b Marks) -> impl Iterator<Item = Run> + 'b {
    let mut past = 0;
    marks.runs.iter().filter_map(move |(start, length)| {
        // A line of the run before.
        if *start < past {
            return None;
        }
        let run = lay_out(bytes, *start, *length)?;
        past = run.end;
        Some(run)
    })
}

fn lay_out(bytes: &[u8], start: usize, first: usize) -> Option<Run> {
    let mut end = start + first;
    let mut count = first;
    let mut wrap = None;
    if (SHORTEST_LINE..=LONGEST_LINE).contains(&first) {
        let tail = bytes.get(end..).unwrap_or_default();
        let ending: Option<&'static [u8]> = if tail.starts_with(b"\r\n") {
            Some(b"\r\n")
        } else if tail.starts_with(b"\n") {
            Some(b"\n")
        } else {
            None
        };
        if let Some(ending) = ending {
            while bytes.get(end..).is_some_and(|tail| tail.starts_with(ending)) {
                let next = letters(bytes.get(end + ending.len()..).unwrap_or_default());
                if next == 0 || next > first {
                    break;
                }
                // A last line of plain words is not a part of it.
                let stop = bytes.get(end + ending.len() + next);
                if next < first
                    && !matches!(stop, None | Some(b'\r' | b'\n' | b'=' | b'"' | b'\'' | b'<' | 0))
                {
                    break;
                }
                wrap = Some((first, ending));
                count += next;
                end += ending.len() + next;
                if next < first {
                    break;
                }
            }
        }
    }
    let body = bytes.get(start..end)?;
    let url = memchr::memchr2(b'-', b'_', body).is_some();
    // Both alphabets at once is a path or a sentence.
    if url && memchr::memchr2(b'+', b'/', body).is_some() {
        return None;
    }
    let padding = bytes
        .get(end..)
        .unwrap_or_default()
        .iter()
        .take(2)
        .take_while(|byte| **byte == b'=')
        .count();
    let padding = if (count + padding).is_multiple_of(4) { padding } else { 0 };
    // `=` before a line break and more of the same is a soft line break, not the end.
    let beyond = bytes.get(end + padding..).unwrap_or_default();
    let beyond = beyond.strip_prefix(b"\r").unwrap_or(beyond);
    let soft = padding == 1
        && beyond.strip_prefix(b"\n").is_some_and(|next| letters(next) >= SHORTEST_LINE);
    let padding = if soft { 0 } else { padding };
    if count + padding < SHORTEST {
        return None;
    }
    Some(Run { start, end: end + padding, url, wrap, padding, positions: Vec::new() })
}

impl Run {
    /// Whether the run says itself where it ends.
    pub(crate) const fn is_closed(&self) -> bool {
        self.padding > 0
    }

    /// The range without padding.
    fn body<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        bytes.get(self.start..self.end - self.padding).unwrap_or_default()
    }

    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// What the run stands for.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        self.decode_into(bytes, &mut out);
        out
    }

    /// Writes what the run stands for into `out`, in place of what is there.
    pub(crate) fn decode_into(&self, bytes: &[u8], out: &mut Vec<u8>) {
        let body = self.body(bytes);
        // As many as there may be; cut at the end.
        out.resize(body.len() / 4 * 3 + 6, 0);
        let mut room = out.as_mut_slice();
        let mut written = 0;
        let (width, ending) = self.wrap.map_or((body.len().max(1), 0), |(w, e)| (w, e.len()));
        // Letters of a group that goes on in the next line.
        let mut held = [b'A'; 4];
        let mut waiting = 0;
        for line in body.chunks(width + ending) {
            let mut line = line.get(..width).unwrap_or(line);
            while waiting > 0 && waiting < 4 {
                let Some((letter, rest)) = line.split_first() else { break };
                held.iter_mut().skip(waiting).take(1).for_each(|place| *place = *letter);
                waiting += 1;
                line = rest;
            }
            if waiting == 4
                && let Some((place, rest)) = std::mem::take(&mut room).split_first_chunk_mut::<3>()
            {
                *place = three(held);
                (room, waiting, written) = (rest, 0, written + 3);
            }
            let (groups, rest) = line.as_chunks::<4>();
            let Some((places, free)) =
                std::mem::take(&mut room).split_at_mut_checked(3 * groups.len())
            else {
                break;
            };
            // Two groups at once, and the odd one at the end.
            let (pairs, odd) = line.as_chunks::<8>();
            let (sixes, three_left) = places.as_chunks_mut::<6>();
            for (pair, place) in pairs.iter().zip(sixes) {
                *place = six(*pair);
            }
            if let (Some(group), Some(place)) =
                (odd.first_chunk::<4>(), three_left.first_chunk_mut::<3>())
            {
                *place = three(*group);
            }
            written += 3 * groups.len();
            room = free;
            if waiting == 0 {
                held.iter_mut().zip(rest).for_each(|(place, letter)| *place = *letter);
                waiting = rest.len();
            }
        }
        if waiting > 1
            && let Some(place) = room.first_chunk_mut::<3>()
        {
            held.iter_mut().skip(waiting).for_each(|place| *place = b'A');
            *place = three(held);
            written += waiting - 1;
        }
        out.truncate(written);
    }

    /// The run with the place of each character, so that [`below`](Self::below) is exact.
    pub(crate) fn placed(mut self, bytes: &[u8]) -> Self {
        let start = self.start;
        self.positions = self
            .body(bytes)
            .iter()
            .enumerate()
            .filter(|(_, byte)| letter(**byte))
            .map(|(at, _)| start + at)
            .collect();
        self
    }

    /// The smallest range that encodes these decoded bytes.
    pub(crate) fn below(&self, start: usize, end: usize) -> Range<usize> {
        let first = self.positions.get(start * 8 / 6).copied().unwrap_or(self.start);
        let past = (end * 8).div_ceil(6);
        let last = past.checked_sub(1).and_then(|at| self.positions.get(at)).copied();
        first..last.map_or(self.end, |last| last + 1).max(first)
    }

    /// Other bytes in the layout of this run.
    pub(crate) fn encode(&self, text: &[u8]) -> Vec<u8> {
        let alphabet: &[u8; 64] = if self.url {
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        } else {
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        };
        let letters = self.positions.len();
        let padded = self.padding > 0 || (!self.url && letters.is_multiple_of(4));
        let mut out = Vec::with_capacity(text.len() * 4 / 3 + 8);
        let mut column = 0;
        let mut push = |byte: u8, out: &mut Vec<u8>| {
            if let Some((width, ending)) = self.wrap
                && column == width
                && byte != b'='
            {
                out.extend_from_slice(ending);
                column = 0;
            }
            out.push(byte);
            column += 1;
        };
        for group in text.chunks(3) {
            let mut held = 0_usize;
            for byte in group.iter().chain(std::iter::repeat(&0)).take(3) {
                held = held << 8 | usize::from(*byte);
            }
            for position in 0..4_usize {
                if position <= group.len() {
                    let at = held >> (18 - 6 * position) & 63;
                    push(alphabet.get(at).copied().unwrap_or(b'A'), &mut out);
                } else if padded {
                    push(b'=', &mut out);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_read_and_written_back() {
        let long =
            "Please call Jane Doe about the printer on the third floor, she knows about it all.";
        let plain = Run { start: 0, end: 0, url: false, wrap: None, padding: 1, positions: vec![] };
        for (wrap, url) in [
            (None, false),
            (Some((76, &b"\r\n"[..])), false),
            (Some((64, &b"\n"[..])), false),
            (None, true),
        ] {
            let made = Run { wrap, url, ..plain.clone() }.encode(long.as_bytes());
            for before in ["", "x: ", "Hello\n\n", "Hello\n"] {
                let text = [before.as_bytes(), &made, b"\n\nBye"].concat();
                let found = runs(&text);
                assert_eq!(found.len(), 1);
                let run = found[0].clone().placed(&text);
                assert_eq!(run.decode(&text), long.as_bytes());
                assert_eq!(run.encode(long.as_bytes()), made);
                let at = long.find("Jane").unwrap();
                let below = run.below(at, at + 8);
                assert!(below.start >= before.len() + at && below.len() < 16, "{below:?}");
            }
        }
        assert!(
            runs(b"a sentence of ordinary words, however long it may become in the end").is_empty()
        );
    }

    #[test]
    fn groups_are_read_across_lines() {
        let value = |byte: u8| {
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                .iter()
                .position(|letter| *letter == byte)
        };
        let letters: Vec<u8> =
            (0..997_u32).map(|n| b"Aq+7/zK0"[(n * n + n / 7) as usize % 8]).collect();
        for width in [20, 21, 22, 23, 64, 76, 77, 78, 400] {
            for count in (24..130).chain([997]) {
                for ending in [&b"\n"[..], b"\r\n"] {
                    let lines: Vec<&[u8]> = letters[..count].chunks(width).collect();
                    let text = lines.join(ending);
                    let wrap = Some((width, if ending == b"\n" { &b"\n"[..] } else { b"\r\n" }));
                    let run = Run {
                        start: 0,
                        end: text.len(),
                        url: false,
                        wrap,
                        padding: 0,
                        positions: vec![],
                    };
                    let bits: Vec<bool> = letters[..count]
                        .iter()
                        .flat_map(|letter| {
                            (0..6).rev().map(|bit| value(*letter).unwrap() >> bit & 1 == 1)
                        })
                        .collect();
                    let bytes: Vec<u8> = bits
                        .as_chunks::<8>()
                        .0
                        .iter()
                        .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit)))
                        .collect();
                    assert_eq!(run.decode(&text), bytes, "{width} {count}");
                }
            }
        }
    }
}
