//! Runs of base64, found by their alphabet, read and written back in the same layout.

use std::ops::Range;

/// Fewer characters say too little to be told from a word.
const SHORTEST: usize = 24;
/// Between two characters that are looked at, no run of [`SHORTEST`] can hide.
const STRIDE: usize = 12;
/// A line this short is no line of wrapped base64.
const SHORTEST_LINE: usize = 20;
/// The shortest line less a stride.
const REACHES: usize = SHORTEST_LINE - STRIDE + 1;
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

fn value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

const fn letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn letters(bytes: &[u8], from: usize) -> usize {
    bytes.get(from..).unwrap_or_default().iter().take_while(|byte| letter(**byte)).count()
}

/// Every run of base64 in the bytes, in order.
pub(crate) fn runs(bytes: &[u8]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut past = 0;
    let mut at = STRIDE - 1;
    while let Some(byte) = bytes.get(at) {
        // A run that starts less than a stride before this byte reaches well beyond it; most words
        // end before that.
        let ahead = bytes.get(at..at + REACHES);
        if at < past
            || !letter(*byte)
            || !ahead.is_some_and(|ahead| ahead.iter().rev().all(|byte| letter(*byte)))
        {
            at += STRIDE;
            continue;
        }
        let mut start = at;
        while start > past && bytes.get(start - 1).is_some_and(|byte| letter(*byte)) {
            start -= 1;
        }
        let first = letters(bytes, start);
        past = start + first;
        if let Some(run) = lay_out(bytes, start, first) {
            past = run.end;
            runs.push(run);
        }
        at = (at + STRIDE).max(past);
    }
    runs
}

fn lay_out(bytes: &[u8], start: usize, first: usize) -> Option<Run> {
    let mut end = start + first;
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
                let next = letters(bytes, end + ending.len());
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
                end += ending.len() + next;
                if next < first {
                    break;
                }
            }
        }
    }
    let body = bytes.get(start..end)?;
    let count = body.iter().filter(|byte| letter(**byte)).count();
    let url = body.iter().any(|byte| matches!(byte, b'-' | b'_'));
    // Both alphabets at once is a path or a sentence.
    if url && body.iter().any(|byte| matches!(byte, b'+' | b'/')) {
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
        && beyond.strip_prefix(b"\n").is_some_and(|next| letters(next, 0) >= SHORTEST_LINE);
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
        let body = self.body(bytes);
        let mut out = Vec::with_capacity(body.len() * 3 / 4);
        let mut held = 0_u32;
        let mut bits = 0_u32;
        for value in body.iter().filter_map(|byte| value(*byte)) {
            held = held << 6 | value;
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                out.push(u8::try_from(held >> bits & 0xff).unwrap_or(0));
            }
            held &= 0xffff;
        }
        out
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
}
