//! What kinds of byte stand where, sixty-four at a time.
//!
//! A search is told by a few bits for each byte where words, numbers and long runs of base64
//! begin, and by one bit for each encoding whether its mark is anywhere. So the bytes themselves
//! are looked at once, sixteen in one instruction, and again only where something may be.

use wide::u8x16;

use crate::machine::{Reader, Work, work};

/// Fewer letters of base64 in a row are no run of it, nor a line of one.
pub(crate) const SHORTEST_RUN: usize = 20;

/// Sixty-four bytes, one bit for each, the first in the lowest.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Block {
    /// Letters and digits of ASCII, and everything beyond ASCII.
    pub(crate) words: u64,
    /// Beyond ASCII.
    pub(crate) high: u64,
    /// Digits.
    pub(crate) digits: u64,
    /// The letters of both alphabets of base64.
    pub(crate) letters: u64,
}

/// A block, the one after it, and what stood just before.
pub(crate) struct Window {
    /// The byte at which the block starts.
    pub(crate) base: usize,
    pub(crate) now: Block,
    next: Block,
    /// The bits of the byte before the block: a word, a digit or letter of ASCII.
    word_before: u64,
    plain_before: u64,
}

impl Window {
    /// Where words begin that may have `least` bytes (up to four are told apart).
    #[inline(always)]
    pub(crate) fn words(&self, least: u32) -> u64 {
        let mut starts = self.now.words & !(self.now.words << 1 | self.word_before);
        for step in 1..least.min(4) {
            starts &= ahead(self.now.words, self.next.words, step);
        }
        starts
    }

    /// How many bytes the word has that begins at bit `at`; 64 may be more.
    #[inline(always)]
    pub(crate) fn length(&self, at: u32) -> usize {
        ahead(self.now.words, self.next.words, at).trailing_ones() as usize
    }

    /// The same, no more than `most` (1 to 32).
    #[inline(always)]
    pub(crate) fn length_to(&self, at: u32, most: u32) -> u32 {
        (!ahead(self.now.words, self.next.words, at) | 1 << most).trailing_zeros()
    }

    /// Where words begin that have a byte beyond ASCII, as far as can be seen, or that go on beyond
    /// that.
    #[inline(always)]
    pub(crate) fn unsure(&self) -> u64 {
        let endless = self.next.words == u64::MAX && self.now.words >> 63 == 1;
        if self.now.high | self.next.high == 0 && !endless {
            return 0;
        }
        let words = u128::from(self.now.words) | u128::from(self.next.words) << 64;
        let high = u128::from(self.now.high) | u128::from(self.next.high) << 64;
        let starts = words & !(words << 1 | u128::from(self.word_before));
        // One, added where a word begins, is carried to the first of its bytes that is not plain.
        let plain = words & !high;
        let mut first = plain.wrapping_add(starts & plain) & high | starts & high;
        first |= u128::from(endless) << 127;
        let mut found = 0_u128;
        while first != 0 {
            let before = u128::MAX >> (127 - first.trailing_zeros());
            // None where a word goes on that began before this block.
            let last = (starts & before).checked_ilog2();
            found |= last.map_or(0, |last| 1 << last);
            first &= first - 1;
        }
        // What begins in the next block is told with it.
        u64::try_from(found & u128::from(u64::MAX)).unwrap_or(0)
    }

    /// Whether one of `length` bytes from bit `at` on is beyond ASCII.
    #[inline(always)]
    pub(crate) fn is_high(&self, at: u32, length: usize) -> bool {
        let kept = if length >= 64 { u64::MAX } else { !(u64::MAX << length) };
        (self.now.high | self.next.high) != 0
            && ahead(self.now.high, self.next.high, at) & kept != 0
    }

    /// Where numbers begin: digits that follow no digit or letter of ASCII.
    #[inline(always)]
    pub(crate) fn numbers(&self) -> u64 {
        let plain = self.now.words & !self.now.high;
        self.now.digits & !(plain << 1 | self.plain_before)
    }
}

/// Sixty-four bits from bit `at` on, of two blocks.
#[inline(always)]
const fn ahead(now: u64, next: u64, at: u32) -> u64 {
    // In two steps: a shift by 64 is none.
    (now >> at) | ((next << 1) << (63 - at))
}

/// What a stretch of bytes may hold beside plain words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// `=`, `%`, `&`, `\`.
    pub(crate) equals: bool,
    pub(crate) percent: bool,
    pub(crate) ampersand: bool,
    pub(crate) backslash: bool,
    /// Bytes that no text has, NUL among them.
    pub(crate) odd: bool,
    /// Every run of at least [`SHORTEST_RUN`] letters of base64: where it starts and its length.
    pub(crate) runs: Vec<(usize, usize)>,
}

impl Marks {
    /// Reads the marks of these bytes.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        struct Read<'a>(&'a [u8], &'a mut Marks);
        impl Work for Read<'_> {
            #[inline(always)]
            fn with(self, reader: impl Reader) {
                walk(reader, self.0, self.1, |_| ());
            }
        }
        work(Read(bytes, self));
    }
}

/// Looks at sixteen bytes at a time, on any processor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable;

impl Reader for Portable {
    type Seen = Seen;

    fn nothing(self) -> Seen {
        Seen::default()
    }

    #[inline]
    fn block(self, bytes: &[u8; 64], seen: &mut Seen) -> Block {
        block(bytes, seen)
    }

    fn tell(self, seen: &Seen, marks: &mut Marks) {
        marks.equals = seen.equals.any();
        marks.percent = seen.percent.any();
        marks.ampersand = seen.ampersand.any();
        marks.backslash = seen.backslash.any();
        marks.odd = seen.odd.any();
    }
}

/// Which marks were seen so far, one lane for every sixteenth byte.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    equals: u8x16,
    percent: u8x16,
    ampersand: u8x16,
    backslash: u8x16,
    odd: u8x16,
}

#[inline]
fn all(byte: u8) -> u8x16 {
    u8x16::splat(byte)
}

/// Lanes from `low` on that are among the next `more` values.
#[inline]
fn within(lanes: u8x16, low: u8, more: u8) -> u8x16 {
    let above = lanes - all(low);
    above.min(all(more)).simd_eq(above)
}

#[inline]
fn block(bytes: &[u8; 64], seen: &mut Seen) -> Block {
    let mut block = Block::default();
    let (lanes, _) = bytes.as_chunks::<16>();
    for (at, lane) in lanes.iter().enumerate() {
        let x = u8x16::new(*lane);
        let digit = within(x, b'0', 9);
        let plain = within(x | all(0x20), b'a', 25) | digit;
        // `+` and `/`, which one bit tells apart, and `-`, and `_`.
        let joint = (x | all(4)).simd_eq(all(b'/')) | x.simd_eq(all(b'-'));
        let letter = plain | joint | x.simd_eq(all(b'_'));
        seen.equals |= x.simd_eq(all(b'='));
        seen.percent |= x.simd_eq(all(b'%'));
        seen.ampersand |= x.simd_eq(all(b'&'));
        seen.backslash |= x.simd_eq(all(b'\\'));
        // Everything below a blank but white space; all that `is_binary` minds is among it.
        let control = x.min(all(31)).simd_eq(x) & !within(x, 9, 4) | x.simd_eq(all(127));
        seen.odd |= control | x.simd_eq(all(11));
        let shift = 16 * at;
        // The highest bit of a lane says yes; of a byte beyond ASCII it is set anyway.
        block.words |= u64::from((plain | x).to_bitmask()) << shift;
        block.high |= u64::from(x.to_bitmask()) << shift;
        block.digits |= u64::from(digit.to_bitmask()) << shift;
        block.letters |= u64::from(letter.to_bitmask()) << shift;
    }
    block
}

/// Bytes that separate the digits of a telephone number, and digits, and what is beyond ASCII.
pub(crate) fn numberish(bytes: &[u8], from: usize) -> u64 {
    let mut bits = 0;
    let (lanes, rest) = bytes.get(from..).unwrap_or_default().as_chunks::<16>();
    let mut last = [0; 16];
    last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
    for (at, lane) in lanes.iter().chain([&last]).take(4).enumerate() {
        let x = u8x16::new(*lane);
        let kept = within(x, b'-', 12) | within(x, b'(', 1) | within(x, 9, 4);
        bits |= u64::from((kept | x.simd_eq(all(b' ')) | x).to_bitmask()) << (16 * at);
    }
    bits
}

/// How many letters of base64 these bytes begin with.
pub(crate) fn letters(bytes: &[u8]) -> usize {
    let (lanes, rest) = bytes.as_chunks::<16>();
    for (at, lane) in lanes.iter().enumerate() {
        let x = u8x16::new(*lane);
        let plain = within(x | all(0x20), b'a', 25) | within(x, b'0', 9);
        let joint = x.simd_eq(all(b'+')) | x.simd_eq(all(b'-')) | x.simd_eq(all(b'/'));
        let bits = (plain | joint | x.simd_eq(all(b'_'))).to_bitmask();
        let length = (!bits).trailing_zeros() as usize;
        if length < 16 {
            return 16 * at + length;
        }
    }
    let more = rest.iter().take_while(|byte| letter(**byte)).count();
    16 * lanes.len() + more
}

/// How many letters and digits of ASCII and bytes beyond ASCII these bytes begin with.
pub(crate) fn word(bytes: &[u8]) -> usize {
    let (lanes, rest) = bytes.as_chunks::<16>();
    for (at, lane) in lanes.iter().enumerate() {
        let x = u8x16::new(*lane);
        let bits = (within(x | all(0x20), b'a', 25) | within(x, b'0', 9) | x).to_bitmask();
        let length = (!bits).trailing_zeros() as usize;
        if length < 16 {
            return 16 * at + length;
        }
    }
    let more = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte >= 0x80);
    16 * lanes.len() + more.count()
}

/// A letter of either alphabet of base64.
pub(crate) const fn letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Follows the runs of base64 from block to block.
#[derive(Default)]
struct Runs {
    /// Letters at the end of what was read.
    open: usize,
}

impl Runs {
    #[inline(always)]
    fn take(&mut self, base: usize, letters: u64, runs: &mut Vec<(usize, usize)>) {
        if letters == u64::MAX {
            self.open += 64;
            return;
        }
        let head = letters.trailing_ones();
        self.close(base, head as usize, runs);
        let tail = letters.leading_ones();
        self.open = tail as usize;
        let mut inner = letters & (u64::MAX << head) & (u64::MAX >> tail);
        // Bit n stays set if the twenty from n on are.
        let pairs = inner & (inner >> 1);
        let fours = pairs & (pairs >> 2);
        let eights = fours & (fours >> 4);
        let sixteens = eights & (eights >> 8);
        let mut long = sixteens & (fours >> 16);
        while long != 0 {
            let at = long.trailing_zeros();
            let length = (inner >> at).trailing_ones();
            runs.push((base + at as usize, length as usize));
            let past = u64::MAX.checked_shl(at + length).unwrap_or(0);
            inner &= past;
            long &= past;
        }
    }

    /// Ends the run that is open, `more` letters beyond `base`.
    fn close(&mut self, base: usize, more: usize, runs: &mut Vec<(usize, usize)>) {
        let length = self.open + more;
        if length >= SHORTEST_RUN {
            runs.push((base - self.open, length));
        }
        self.open = 0;
    }
}

/// Shows each block of the bytes to `each` and reads the marks.
#[inline(always)]
pub(crate) fn walk(
    reader: impl Reader,
    bytes: &[u8],
    marks: &mut Marks,
    mut each: impl FnMut(&Window),
) {
    let mut seen = reader.nothing();
    marks.runs.clear();
    let mut runs = Runs::default();
    let (blocks, rest) = bytes.as_chunks::<64>();
    // What is behind the end is a blank: no word, no mark.
    let mut last = [b' '; 64];
    last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
    let last = (!rest.is_empty()).then_some(&last);
    let mut window = Window {
        base: 0,
        now: Block::default(),
        next: Block::default(),
        word_before: 0,
        plain_before: 0,
    };
    let mut blocks = blocks.iter().chain(last);
    if let Some(first) = blocks.next() {
        window.now = reader.block(first, &mut seen);
        // One place in which a block is shown, so that what it is shown to becomes a part of it.
        loop {
            let next = blocks.next();
            window.next = next.map_or_else(Block::default, |next| reader.block(next, &mut seen));
            step(&mut window, &mut runs, marks, &mut each);
            window.now = window.next;
            if next.is_none() {
                break;
            }
        }
        runs.close(window.base, 0, &mut marks.runs);
    }
    reader.tell(&seen, marks);
}

#[inline(always)]
fn step(window: &mut Window, runs: &mut Runs, marks: &mut Marks, each: &mut impl FnMut(&Window)) {
    runs.take(window.base, window.now.letters, &mut marks.runs);
    each(window);
    window.word_before = window.now.words >> 63;
    window.plain_before = (window.now.words & !window.now.high) >> 63;
    window.base += 64;
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, byte by byte.
    pub(crate) fn marks_of(bytes: &[u8]) -> Marks {
        let letter = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_".contains(b);
        assert_eq!(letters(bytes), bytes.iter().take_while(|b| letter(b)).count());
        let mut marks = Marks {
            equals: bytes.contains(&b'='),
            percent: bytes.contains(&b'%'),
            ampersand: bytes.contains(&b'&'),
            backslash: bytes.contains(&b'\\'),
            odd: bytes.iter().any(|b| *b < 9 || *b == 11 || (14..32).contains(b) || *b == 127),
            runs: Vec::new(),
        };
        let mut at = 0;
        for run in bytes.split_inclusive(|b| !letter(b)) {
            let length = run.iter().filter(|b| letter(b)).count();
            if length >= SHORTEST_RUN {
                marks.runs.push((at, length));
            }
            at += run.len();
        }
        marks
    }

    struct Check<'a>(&'a [u8]);

    impl Work for Check<'_> {
        fn with(self, reader: impl Reader) {
            check_with(reader, self.0);
        }
    }

    fn check(bytes: &[u8]) {
        check_with(Portable, bytes);
        work(Check(bytes));
    }

    fn check_with(reader: impl Reader, bytes: &[u8]) {
        let mut marks = Marks::default();
        let (mut words, mut numbers) = (Vec::new(), Vec::new());
        walk(reader, bytes, &mut marks, |window| {
            for at in 0..64 {
                if window.words(1) >> at & 1 == 1 {
                    words.push((window.base + at as usize, window.length(at)));
                }
                if window.numbers() >> at & 1 == 1 {
                    numbers.push(window.base + at as usize);
                }
            }
            // What need not be looked at twice is short, plain, and told so.
            for at in (0..64).filter(|at| window.words(1) >> at & 1 == 1) {
                let start = window.base + at as usize;
                let word = &bytes[start..start + super::word(&bytes[start..])];
                assert_eq!(window.length_to(at, 8) as usize, word.len().min(8));
                let seen = &word[..word.len().min(128 - at as usize)];
                if !seen.is_ascii() || at as usize + word.len() > 128 {
                    assert_eq!(window.unsure() >> at & 1, 1, "{at} {word:x?}");
                }
            }
        });
        assert_eq!(marks, marks_of(bytes));
        let word = |b: u8| b.is_ascii_alphanumeric() || b >= 0x80;
        let before = |at: usize| at.checked_sub(1).map_or(b' ', |at| bytes[at]);
        let expected: Vec<(usize, usize)> = (0..bytes.len())
            .filter(|at| word(bytes[*at]) && !word(before(*at)))
            .map(|at| (at, bytes[at..].iter().take_while(|b| word(**b)).take(64).count()))
            .collect();
        // What is longer than what can be seen ahead is told as what can be seen.
        assert_eq!(words.len(), expected.len());
        for (found, wanted) in words.iter().zip(&expected) {
            assert!(
                found == wanted || found.0 == wanted.0 && found.1 >= 64,
                "{found:?} {wanted:?}"
            );
        }
        let expected: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes[*at].is_ascii_digit() && !before(*at).is_ascii_alphanumeric())
            .collect();
        assert_eq!(numbers, expected);
        for from in 0..bytes.len() {
            let bits = numberish(bytes, from);
            for (at, byte) in bytes[from..].iter().take(64).enumerate() {
                let kept = byte.is_ascii_digit()
                    || b" \t\r\n\x0b\x0c.-/()".contains(byte)
                    || *byte >= 0x80;
                assert_eq!(bits >> at & 1 == 1, kept, "{byte}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// Sixty-four at a time is the same as one at a time.
        #[test]
        fn blocks_say_what_bytes_say(
            any in prop::collection::vec(any::<u8>(), 0..200),
            words in prop::collection::vec("[a-z0-9+/]{0,90}|[ =%&\\\\+49.()-]{0,5}|\u{e9}|\x00", 0..8),
        ) {
            check(&any);
            check(words.concat().as_bytes());
        }
    }

    #[test]
    fn every_byte_is_told_at_every_place() {
        for byte in 0..=255_u8 {
            for (before, after) in [(0, 0), (15, 1), (63, 70), (64, 3), (70, 100)] {
                for filler in [b' ', b'a'] {
                    let bytes = [vec![filler; before], vec![byte], vec![filler; after]].concat();
                    check(&bytes);
                }
            }
        }
    }
}
