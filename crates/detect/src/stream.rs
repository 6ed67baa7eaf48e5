//! Finds in a text that comes in pieces, in the memory of one segment.

use std::collections::VecDeque;

use crate::detector::{AHEAD, BEHIND, DetectScratch, Detector, SEGMENT};
use crate::kinds::Found;

/// So many bytes tell whether a text is UTF-16.
const SIGNS: usize = 64;

/// A text that is handed over in pieces. What it finds does not depend on where they are cut.
#[derive(Debug)]
pub struct Stream<'d> {
    detector: &'d Detector,
    scratch: DetectScratch,
    /// What is kept: from [`BEHIND`] bytes before the segment on.
    kept: Vec<u8>,
    /// Where `kept` begins, and where the segment begins in the text (of UTF-16: in its UTF-8).
    base: u64,
    start: u64,
    wide: Wide,
}

/// Whether the text is UTF-16, once that is known.
#[derive(Debug)]
enum Wide {
    Unknown(Vec<u8>),
    No,
    Yes(Decoder),
}

#[derive(Debug)]
struct Decoder {
    big: bool,
    /// An odd byte, and the first half of a pair of surrogates.
    half: Option<u8>,
    high: Option<u16>,
    /// Bytes of the input that were read.
    read: u64,
    /// For each byte in `kept` where its character begins in the input; and where the last ends.
    origin: VecDeque<u64>,
}

impl Detector {
    /// A text that will come in pieces.
    pub fn stream(&self) -> Stream<'_> {
        Stream {
            detector: self,
            scratch: DetectScratch::new(),
            kept: Vec::new(),
            base: 0,
            start: 0,
            wide: Wide::Unknown(Vec::new()),
        }
    }
}

/// UTF-16 with its mark, or with every other byte NUL: whether the greater byte comes first, and
/// how many bytes the mark has.
pub(crate) fn utf16(head: &[u8]) -> Option<(bool, usize)> {
    match head {
        [0xff, 0xfe, ..] => return Some((false, 2)),
        [0xfe, 0xff, ..] => return Some((true, 2)),
        _ => {}
    }
    let head = head.get(..SIGNS.min(head.len() & !1)).unwrap_or_default();
    if head.len() < 8 || memchr::memchr(0, head).is_none() {
        return None;
    }
    let pairs = head.len() / 2;
    let noughts =
        |side: usize| head.chunks_exact(2).filter(|pair| pair.get(side) == Some(&0)).count();
    match (noughts(0), noughts(1)) {
        (0, small) if small * 4 >= pairs * 3 => Some((false, 0)),
        (big, 0) if big * 4 >= pairs * 3 => Some((true, 0)),
        _ => None,
    }
}

impl Stream<'_> {
    /// The next bytes of the text; what is found in what is now complete.
    pub fn push(&mut self, bytes: &[u8], found: &mut impl FnMut(&Found)) {
        if let Wide::Unknown(head) = &mut self.wide {
            let wanted = SIGNS - head.len();
            let taken = bytes.get(..wanted.min(bytes.len())).unwrap_or_default();
            head.extend_from_slice(taken);
            if head.len() < SIGNS {
                return;
            }
            let rest = bytes.get(taken.len()..).unwrap_or_default();
            self.decide(found);
            self.take(rest, found);
            return;
        }
        self.take(bytes, found);
    }

    /// The end of the text.
    pub fn finish(mut self, found: &mut impl FnMut(&Found)) {
        if matches!(self.wide, Wide::Unknown(_)) {
            self.decide(found);
        }
        if let Wide::Yes(decoder) = &mut self.wide {
            decoder.flush(&mut self.kept);
        }
        self.work(true, found);
    }

    /// Everything that begins before this byte of the input has been handed out.
    pub fn settled(&self) -> u64 {
        let at = self.scratch.settled(self.start);
        match &self.wide {
            // Where the input's place is forgotten, nothing can be said.
            Wide::Yes(_) if at < self.base => 0,
            Wide::Yes(decoder) => decoder.place(at, self.base),
            _ => at,
        }
    }

    fn decide(&mut self, found: &mut impl FnMut(&Found)) {
        let Wide::Unknown(head) = std::mem::replace(&mut self.wide, Wide::No) else { return };
        let mut from = 0;
        if let Some((big, mark)) = utf16(&head) {
            from = mark;
            let read = mark as u64;
            let origin = VecDeque::new();
            self.wide = Wide::Yes(Decoder { big, half: None, high: None, read, origin });
        }
        self.take(head.get(from..).unwrap_or_default(), found);
    }

    fn take(&mut self, bytes: &[u8], found: &mut impl FnMut(&Found)) {
        for piece in bytes.chunks(SEGMENT) {
            match &mut self.wide {
                Wide::Yes(decoder) => decoder.decode(piece, &mut self.kept),
                _ => self.kept.extend_from_slice(piece),
            }
            self.work(false, found);
        }
    }

    /// Works on every segment that is complete with what follows it.
    fn work(&mut self, finished: bool, found: &mut impl FnMut(&Found)) {
        loop {
            let at = usize::try_from(self.start - self.base).unwrap_or(usize::MAX);
            let left = self.kept.len().saturating_sub(at);
            let last = finished && left <= SEGMENT;
            if !last && left < SEGMENT + AHEAD && !(finished && left > SEGMENT) {
                return;
            }
            let end = at + left.min(SEGMENT);
            let view = self.kept.get(..self.kept.len().min(end + AHEAD)).unwrap_or_default();
            let (base, wide) = (self.base, &self.wide);
            self.detector.segment(view, base, at..end, last, &mut self.scratch, &mut |one| {
                match wide {
                    Wide::Yes(decoder) => found(&Found {
                        start: decoder.place(one.start, base),
                        end: decoder.place(one.end, base),
                        ..one
                    }),
                    _ => found(&one),
                }
            });
            if last {
                return;
            }
            self.start += SEGMENT as u64;
            let drop = end.saturating_sub(BEHIND);
            self.kept.drain(..drop);
            if let Wide::Yes(decoder) = &mut self.wide {
                decoder.origin.drain(..drop.min(decoder.origin.len()));
            }
            self.base += drop as u64;
        }
    }
}

impl Decoder {
    /// Where the byte at `at` of the decoded text stands in the input.
    fn place(&self, at: u64, base: u64) -> u64 {
        let index = usize::try_from(at.saturating_sub(base)).unwrap_or(usize::MAX);
        self.origin.get(index).copied().unwrap_or(self.read)
    }

    fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            self.read += 1;
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            let unit = if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            self.unit(unit, out);
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        let begun = self.read - 2;
        if let Some(high) = self.high.take() {
            if let Some(Ok(c)) = char::decode_utf16([high, unit]).next() {
                self.put(c, begun - 2, out);
                return;
            }
            self.put(char::REPLACEMENT_CHARACTER, begun - 2, out);
        }
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
        } else {
            let c = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
            self.put(c, begun, out);
        }
    }

    fn put(&mut self, c: char, begun: u64, out: &mut Vec<u8>) {
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            out.push(byte);
            self.origin.push_back(begun);
        }
    }

    /// What was begun and never ended.
    fn flush(&mut self, out: &mut Vec<u8>) {
        if self.high.take().is_some() {
            let begun = self.read.saturating_sub(2);
            self.put(char::REPLACEMENT_CHARACTER, begun, out);
        }
    }
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "the texts of a test are small")]
mod tests {
    use super::*;
    use crate::detector::DetectOptions;
    use proptest::prelude::*;

    fn pushed(detector: &Detector, text: &[u8], cuts: &[usize]) -> Vec<Found> {
        let mut stream = detector.stream();
        let mut out = Vec::new();
        let mut from = 0;
        for cut in cuts {
            let to = cut % (text.len() + 1);
            if to > from {
                stream.push(&text[from..to], &mut |found| out.push(found.clone()));
                from = to;
            }
        }
        stream.push(&text[from..], &mut |found| out.push(found.clone()));
        stream.finish(&mut |found| out.push(found.clone()));
        out
    }

    #[test]
    fn what_is_settled_is_told_already() {
        let text = "Spoke with Jane Doe of 221B Baker Street, jane@acme.example. ".repeat(9000);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [text.as_bytes(), &utf16] {
            let detector = Detector::new(&DetectOptions::default()).unwrap();
            let mut stream = detector.stream();
            let (mut seen, mut settled) = (0, 0);
            for piece in text.chunks(10_007) {
                stream.push(piece, &mut |found| {
                    assert!(found.start >= settled, "{found:?} after {settled}");
                    seen += 1;
                });
                assert!(stream.settled() >= settled);
                settled = stream.settled();
            }
            assert!(settled as usize > text.len() - 4 * (SEGMENT + AHEAD));
            stream.finish(&mut |found| {
                assert!(found.start >= settled, "{found:?} after {settled}");
                seen += 1;
            });
            assert!(seen > 20_000, "{seen}");
        }
    }

    proptest! {
        #[test]
        fn pieces_do_not_change_what_is_found(
            parts in prop::collection::vec("[ -~]{0,300}|jane@acme\\.example |\\+1 212 555 01[0-9]{2} |10\\.1\\.2\\.3 |[0-9 -]{40}", 0..400),
            repeat in 1..8_usize,
            mut cuts in prop::collection::vec(0..1_000_000_usize, 0..20),
        ) {
            let text = parts.concat().repeat(repeat);
            let text = text.as_bytes();
            for cut in &mut cuts {
                *cut %= text.len() + 1;
            }
            cuts.sort_unstable();
            let detector = Detector::new(&DetectOptions::default()).unwrap();
            prop_assert_eq!(pushed(&detector, text, &cuts), detector.find(text));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
            let detector = Detector::new(&DetectOptions::default()).unwrap();
            for found in detector.find(&bytes) {
                prop_assert!(found.start < found.end && found.end <= bytes.len() as u64);
            }
            prop_assert_eq!(pushed(&detector, &bytes, &[1, 2, 70, 500]), detector.find(&bytes));
        }
    }

    #[test]
    fn utf16_is_read_and_places_are_those_of_the_input() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let text = "Grüße 🙂, write to jane@acme.example or call +1 212 555 0100 ".repeat(3000);
        for (big, mark) in [(false, true), (true, true), (false, false), (true, false)] {
            let text = if mark { format!("\u{feff}{text}") } else { format!("plain text {text}") };
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            let found = pushed(&detector, &bytes, &[1, 3, 4097]);
            assert_eq!(found, detector.find(&bytes));
            assert_eq!(
                found.iter().filter(|found| found.kind.key() == "contact.email").count(),
                3000
            );
            for found in found {
                let part = &bytes[found.start as usize..found.end as usize];
                let units: Vec<u16> = part
                    .chunks(2)
                    .map(|pair| {
                        let pair = [pair[0], pair[1]];
                        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
                    })
                    .collect();
                let value = String::from_utf16(&units).unwrap();
                let expected = match found.kind.key() {
                    "contact.email" => "jane@acme.example",
                    "contact.phone" => "+1 212 555 0100",
                    _ => continue,
                };
                assert_eq!(value, expected);
            }
        }
    }
}
