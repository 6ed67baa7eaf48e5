//! UTF-16 text, by itself or as strings inside a binary file.

use crate::levels::{Map, Segment, View};
use crate::term::Encoding;

/// Fewer characters are chance.
const SHORTEST: usize = 4;

#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    big: bool,
    /// Characters below U+0100.
    narrow: usize,
}

fn unit(pair: &[u8], big: bool) -> u16 {
    match *pair {
        [a, b] if big => u16::from_be_bytes([a, b]),
        [a, b] => u16::from_le_bytes([a, b]),
        _ => 0,
    }
}

/// Letters, digits and punctuation of scripts that are written with spaces.
const fn plausible(unit: u16) -> bool {
    matches!(unit, 9 | 10 | 13 | 0x20..=0x7e | 0xa0..=0x5ff | 0x1e00..=0x206f | 0x20a0..=0x20bf)
}

fn runs(bytes: &[u8]) -> Vec<Run> {
    if memchr::memchr(0, bytes).is_none() {
        return Vec::new();
    }
    let mut all: Vec<Run> = Vec::new();
    for (big, shift) in [(false, 0), (false, 1), (true, 0), (true, 1)] {
        let mut open: Option<usize> = None;
        let mut narrow = 0_usize;
        let mut close = |open: &mut Option<usize>, narrow: &mut usize, end: usize| {
            if let Some(start) = open.take() {
                let units = (end - start) / 2;
                if units >= SHORTEST && *narrow * 2 >= units {
                    all.push(Run { start, end, big, narrow: *narrow });
                }
            }
            *narrow = 0;
        };
        let mut at = shift;
        for pair in bytes.get(shift..).unwrap_or_default().chunks_exact(2) {
            let unit = unit(pair, big);
            if plausible(unit) {
                open.get_or_insert(at);
                narrow += usize::from(unit < 0x100);
            } else {
                close(&mut open, &mut narrow, at);
            }
            at += 2;
        }
        close(&mut open, &mut narrow, at);
    }
    // The same text read at the wrong byte has at least one letter less.
    all.sort_by_key(|run| (usize::MAX - run.narrow, run.start));
    let mut kept: std::collections::BTreeMap<usize, Run> = std::collections::BTreeMap::new();
    for run in all {
        let before = kept.range(..run.end).next_back();
        if before.is_none_or(|(_, other)| other.end <= run.start) {
            kept.insert(run.start, run);
        }
    }
    kept.into_values().collect()
}

/// Whether the bytes are UTF-16 text from start to end.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let covered: usize = runs(bytes).iter().map(|run| run.end - run.start).sum();
    covered > 0 && covered * 10 >= bytes.len() * 9
}

/// Every stretch of UTF-16 text.
pub(crate) fn views(bytes: &[u8]) -> Vec<View> {
    runs(bytes)
        .into_iter()
        .map(|run| {
            let mut text = Vec::new();
            let mut segments = Vec::new();
            let units = bytes.get(run.start..run.end).unwrap_or_default().chunks_exact(2);
            for (at, pair) in units.enumerate() {
                let c = char::from_u32(u32::from(unit(pair, run.big))).unwrap_or(' ');
                let mut buffer = [0; 4];
                let encoded = c.encode_utf8(&mut buffer).as_bytes();
                segments.push(Segment {
                    text: text.len(),
                    text_len: encoded.len(),
                    raw: run.start + 2 * at,
                    raw_len: 2,
                    copied: false,
                    firm: false,
                });
                text.extend_from_slice(encoded);
            }
            View { encoding: Encoding::Utf16, text, map: Map::Segments(segments) }
        })
        .collect()
}

/// A replacement in the byte order of the character it replaces.
pub(crate) fn write(text: &[u8], replaced: &[u8]) -> Vec<u8> {
    let big = replaced.first() == Some(&0);
    String::from_utf8_lossy(text)
        .encode_utf16()
        .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_byte_orders_are_read_at_any_place() {
        for big in [false, true] {
            for before in [&b""[..], b"\x01\x02\x03", b"\xff\xfe\x01\x01"] {
                let mut bytes = before.to_vec();
                for unit in "Zoë Müller".encode_utf16() {
                    bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
                }
                let views = views(&bytes);
                assert!(
                    views
                        .iter()
                        .any(|view| String::from_utf8_lossy(&view.text).contains("Zoë Müller")),
                    "{big} {before:?}"
                );
            }
        }
        assert!(views(b"plain text").is_empty());
    }
}
