//! What kinds of byte stand where in a window of the text: a map of a few bits for each byte.
//!
//! One look at each byte makes the map. Where something may begin, and how long a number or a word
//! is, is read from it afterwards, sixty-four bytes at a time.

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;

use wide::u8x16;

/// What stands in sixty-four bytes, one bit for each, the first in the lowest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    /// `0` to `9`.
    pub(crate) digits: u64,
    /// `A` to `Z`.
    pub(crate) upper: u64,
    /// `A` to `Z`, `a` to `z`.
    pub(crate) letters: u64,
    /// Letters and digits of ASCII, the underscore, everything beyond ASCII.
    pub(crate) words: u64,
    /// Beyond ASCII.
    pub(crate) high: u64,
    /// `@`, `:`, `=`, `$`.
    pub(crate) marks: u64,
    /// Letters and digits of ASCII, `_`, `-`, `.`: what keys and tokens are made of.
    pub(crate) token: u64,
}

/// As many bytes of this class in a row may be a key.
const LONG: u32 = 12;

#[inline]
fn all(byte: u8) -> u8x16 {
    u8x16::splat(byte)
}

/// Lanes that are `low` or one of the next `more` values.
#[inline]
fn within(lanes: u8x16, low: u8, more: u8) -> u8x16 {
    let above = lanes - all(low);
    above.min(all(more)).simd_eq(above)
}

/// The classes of sixty-four bytes.
#[inline]
fn classes(bytes: &[u8; 64]) -> Classes {
    let mut out = Classes::default();
    let (lanes, _) = bytes.as_chunks::<16>();
    for (at, lane) in lanes.iter().enumerate() {
        let x = u8x16::new(*lane);
        let digit = within(x, b'0', 9);
        let letter = within(x | all(0x20), b'a', 25);
        let upper = within(x, b'A', 25);
        let low_line = x.simd_eq(all(b'_'));
        let word = digit | letter | low_line;
        let mark = x.simd_eq(all(b'@'))
            | x.simd_eq(all(b':'))
            | x.simd_eq(all(b'='))
            | x.simd_eq(all(b'$'));
        let token = word | within(x, b'-', 1);
        let shift = 16 * at;
        let high = x.to_bitmask();
        out.digits |= u64::from(digit.to_bitmask()) << shift;
        out.upper |= u64::from(upper.to_bitmask()) << shift;
        out.high |= u64::from(high) << shift;
        out.letters |= u64::from(letter.to_bitmask()) << shift;
        out.words |= u64::from((word | x).to_bitmask()) << shift;
        out.marks |= u64::from(mark.to_bitmask()) << shift;
        out.token |= u64::from(token.to_bitmask()) << shift;
    }
    out
}

/// Writes the classes of these blocks if the processor has a faster way; the same is found without.
#[cfg(target_arch = "x86_64")]
fn fast(blocks: &[[u8; 64]], out: &mut [Classes]) -> bool {
    avx2::read(blocks, out)
}

/// Writes the classes of these blocks if the processor has a faster way: none is known here.
#[cfg(not(target_arch = "x86_64"))]
const fn fast(_: &[[u8; 64]], _: &mut [Classes]) -> bool {
    false
}

/// The classes of these blocks, in as many places.
fn write(blocks: &[[u8; 64]], out: &mut [Classes]) {
    if !fast(blocks, out) {
        out.iter_mut().zip(blocks).for_each(|(to, block)| *to = classes(block));
    }
}

/// Nothing: what stands before and behind the window.
const NOTHING: Classes =
    Classes { digits: 0, upper: 0, letters: 0, words: 0, high: 0, marks: 0, token: 0 };

/// The classes of all bytes of a window.
#[derive(Debug, Default)]
pub(crate) struct Map {
    blocks: Vec<Classes>,
}

impl Map {
    /// Reads a window; what was read before is forgotten.
    pub(crate) fn read(&mut self, window: &[u8]) {
        let (whole, tail) = window.as_chunks::<64>();
        self.blocks.resize(window.len().div_ceil(64), NOTHING);
        write(whole, &mut self.blocks);
        if let Some(last) = self.blocks.get_mut(whole.len()..) {
            let mut block = [[0; 64]];
            if let Some(head) = block.first_mut().and_then(|block| block.get_mut(..tail.len())) {
                head.copy_from_slice(tail);
            }
            write(&block, last);
        }
    }

    /// The sixty-four bytes from `64 * at` on.
    #[inline(always)]
    pub(crate) fn block(&self, at: usize) -> &Classes {
        self.blocks.get(at).unwrap_or(&NOTHING)
    }

    /// The bits of a class from byte `at` on, the first in the lowest.
    #[inline(always)]
    pub(crate) fn ahead(&self, at: usize, class: impl Fn(&Classes) -> u64) -> u64 {
        let now = class(self.block(at / 64)) >> (at % 64);
        let next = class(self.block(at / 64 + 1));
        // In two steps: a shift by 64 is none.
        now | (next << 1) << (63 - at % 64)
    }

    /// The bits of a class before byte `at`, the one directly before it in the highest.
    #[inline(always)]
    pub(crate) fn behind(&self, at: usize, class: impl Fn(&Classes) -> u64) -> u64 {
        let Some(last) = at.checked_sub(1) else {
            return 0;
        };
        let now = class(self.block(last / 64)) << (63 - last % 64);
        let before = (last / 64).checked_sub(1).map_or(0, |block| class(self.block(block)));
        now | (before >> (last % 64)) >> 1
    }
}

/// Where something may begin in sixty-four bytes, between those before and those behind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Starts {
    /// Numbers that are no part of a word, and the check digits of an IBAN.
    pub(crate) numbers: u64,
    /// Words with a capital, or with a letter beyond ASCII.
    pub(crate) capitals: u64,
    /// The first of at least [`LONG`] bytes of a token.
    pub(crate) tokens: u64,
    /// Signs that stand between a name and its value, or inside an address.
    pub(crate) marks: u64,
}

impl Starts {
    /// All of them.
    #[inline(always)]
    pub(crate) const fn any(&self) -> u64 {
        self.numbers | self.capitals | self.tokens | self.marks
    }

    /// Keeps those at these bits.
    #[inline(always)]
    pub(crate) const fn keep(&mut self, bits: u64) {
        self.numbers &= bits;
        self.capitals &= bits;
        self.tokens &= bits;
        self.marks &= bits;
    }

    /// Reads three blocks.
    #[inline(always)]
    pub(crate) fn of(before: &Classes, now: &Classes, next: &Classes) -> Self {
        let behind = |now: u64, before: u64, by: u32| now << by | before >> (64 - by);
        let plain = |block: &Classes| block.words & !block.high;
        let letters = |by| behind(now.letters, before.letters, by);
        let first = now.digits & !behind(now.digits, before.digits, 1);
        let joined = behind(plain(now), plain(before), 1);
        // `DE89…`: two letters that begin a word, and two digits.
        let second = now.digits >> 1 | next.digits << 63;
        let iban = letters(1) & letters(2) & !behind(now.words, before.words, 3) & second;
        Self {
            numbers: first & (!joined | iban),
            capitals: (now.upper | now.high) & !behind(now.words, before.words, 1),
            tokens: long_runs(now.token, next.token, before.token >> 63 == 1),
            marks: now.marks,
        }
    }
}

/// Where runs of at least [`LONG`] begin, of which `before` tells whether the byte before the
/// block is one of them too.
#[inline(always)]
fn long_runs(now: u64, next: u64, before: bool) -> u64 {
    let wide = u128::from(next) << 64 | u128::from(now);
    let mut long = wide;
    long &= long >> 1;
    long &= long >> 2;
    long &= long >> 4;
    long &= long >> (LONG - 8);
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is what is asked for")]
    let long = long as u64;
    long & !(now << 1 | u64::from(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_the_classes_that_a_loop_gives_it() {
        for first in 0..=255_u8 {
            let mut block = [b' '; 64];
            block[63] = first;
            block[7] = first;
            let found = classes(&block);
            let bit = |bits: u64| bits >> 7 & 1 == 1 && bits >> 63 == 1;
            assert_eq!(bit(found.digits), first.is_ascii_digit());
            assert_eq!(bit(found.upper), first.is_ascii_uppercase());
            assert_eq!(bit(found.letters), first.is_ascii_alphabetic());
            assert_eq!(bit(found.words), crate::look::is_word(first));
            assert_eq!(bit(found.high), first >= 0x80);
            assert_eq!(bit(found.marks), matches!(first, b'@' | b':' | b'=' | b'$'));
            let token = first.is_ascii_alphanumeric() || matches!(first, b'_' | b'-' | b'.');
            assert_eq!(bit(found.token), token, "{first}");
        }
    }

    #[test]
    fn the_fast_look_says_what_the_portable_one_says() {
        let check = |block: [u8; 64]| {
            let mut out = [Classes::default(); 3];
            // Without the instructions there is one look only.
            if fast(&[block; 3], &mut out) {
                assert_eq!(out, [classes(&block); 3]);
            }
        };
        for byte in 0..=255 {
            for filler in [b' ', b'a', b'7', 0xff] {
                for at in 0..64 {
                    let mut block = [filler; 64];
                    block[at] = byte;
                    check(block);
                }
            }
        }
        proptest::proptest!(|(bytes in proptest::collection::vec(proptest::num::u8::ANY, 64))| {
            check(*bytes.first_chunk::<64>().unwrap());
        });
    }

    #[test]
    fn a_run_counts_from_twelve_bytes_on_also_across_blocks() {
        assert_eq!(long_runs(0xfff, 0, false), 1);
        assert_eq!(long_runs(0xfff, 0, true), 0);
        assert_eq!(long_runs(0x7ff, 0, false), 0);
        assert_eq!(long_runs(1 << 63, 0x7ff, false), 1 << 63);
        assert_eq!(long_runs(u64::MAX, u64::MAX, false), 1);
    }

    #[test]
    fn the_map_is_read_forwards_and_backwards_over_its_blocks() {
        let text: Vec<u8> =
            (0..300_u32).map(|at| b"ab1 2X\xe9-"[at as usize * 7 % 9 % 8]).collect();
        let mut map = Map::default();
        map.read(&text);
        for at in 0..text.len() + 70 {
            let byte = |at: usize| text.get(at).copied().unwrap_or(0);
            for step in 0..64 {
                let ahead = map.ahead(at, |block| block.digits) >> step & 1 == 1;
                assert_eq!(ahead, byte(at + step).is_ascii_digit(), "{at} {step}");
                let behind = map.behind(at, |block| block.letters) >> (63 - step) & 1 == 1;
                let wanted = at > step && byte(at - 1 - step).is_ascii_alphabetic();
                assert_eq!(behind, wanted, "{at} {step}");
            }
        }
    }
}
