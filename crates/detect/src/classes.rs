//! Sixty-four bytes at a time: where something may begin that a recogniser should look at.
//!
//! One look at each byte gives a few bits for it. In prose almost none of them leads anywhere, so
//! this look is the cost of the search; in a log the digits are.

use wide::u8x16;

/// What stands in sixty-four bytes, one bit for each, the first in the lowest.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Classes {
    /// `0` to `9`.
    pub(crate) digits: u64,
    /// `A` to `Z`.
    pub(crate) upper: u64,
    /// Letters and digits of ASCII, the underscore, everything beyond ASCII.
    pub(crate) words: u64,
    /// Beyond ASCII.
    pub(crate) high: u64,
    /// `@`, `:`, `=`.
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
pub(crate) fn classes(bytes: &[u8; 64]) -> Classes {
    let mut out = Classes::default();
    let (lanes, _) = bytes.as_chunks::<16>();
    for (at, lane) in lanes.iter().enumerate() {
        let x = u8x16::new(*lane);
        let digit = within(x, b'0', 9);
        let letter = within(x | all(0x20), b'a', 25);
        let upper = within(x, b'A', 25);
        let low_line = x.simd_eq(all(b'_'));
        let word = digit | letter | low_line;
        let mark = x.simd_eq(all(b'@')) | x.simd_eq(all(b':')) | x.simd_eq(all(b'='));
        let token = word | within(x, b'-', 1);
        let shift = 16 * at;
        let high = x.to_bitmask();
        out.digits |= u64::from(digit.to_bitmask()) << shift;
        out.upper |= u64::from(upper.to_bitmask()) << shift;
        out.high |= u64::from(high) << shift;
        out.words |= u64::from((word | x).to_bitmask()) << shift;
        out.marks |= u64::from(mark.to_bitmask()) << shift;
        out.token |= u64::from(token.to_bitmask()) << shift;
    }
    out
}

/// The classes of what is left at the end of the text.
pub(crate) fn rest(bytes: &[u8]) -> Classes {
    let mut block = [0; 64];
    block.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
    classes(&block)
}

/// Where runs of at least [`LONG`] begin, of which `before` tells whether the byte before the
/// block is one of them too.
#[inline]
pub(crate) fn long_runs(now: u64, next: u64, before: bool) -> u64 {
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
            assert_eq!(bit(found.words), crate::look::is_word(first));
            assert_eq!(bit(found.high), first >= 0x80);
            assert_eq!(bit(found.marks), matches!(first, b'@' | b':' | b'='));
            let token = first.is_ascii_alphanumeric() || matches!(first, b'_' | b'-' | b'.');
            assert_eq!(bit(found.token), token, "{first}");
        }
    }

    #[test]
    fn a_run_counts_from_twelve_bytes_on_also_across_blocks() {
        assert_eq!(long_runs(0xfff, 0, false), 1);
        assert_eq!(long_runs(0xfff, 0, true), 0);
        assert_eq!(long_runs(0x7ff, 0, false), 0);
        assert_eq!(long_runs(1 << 63, 0x7ff, false), 1 << 63);
        assert_eq!(long_runs(u64::MAX, u64::MAX, false), 1);
    }
}
