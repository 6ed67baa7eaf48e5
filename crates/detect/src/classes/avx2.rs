//! The classes of sixty-four bytes with the instructions of AVX2, and work that is built with them: the
//! only `unsafe` of the project.
//!
//! Two tables of sixteen entries, one for each half of a byte, say together what a byte is. So a look
//! at thirty-two bytes takes two instructions, where the portable look takes several for each
//! class. Whether the processor knows them is asked while the program runs; where it does not, and on
//! other machines, the portable look is taken. A test compares both.
#![expect(
    unsafe_code,
    reason = "what needs an instruction may be called only once the processor is known to have it"
)]

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_add_epi8, _mm256_and_si256, _mm256_andnot_si256,
    _mm256_broadcastsi128_si256, _mm256_cmpgt_epi8, _mm256_loadu_si256, _mm256_movemask_epi8,
    _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_slli_epi16, _mm256_srli_epi16, _mm256_storeu_si256,
};

use super::Classes;
use crate::blocks::{Block, Marks};
use crate::machine::{Reader, Work};

/// Says that the processor has AVX2 and the instructions for bits that came with it: there is none
/// where it has not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// The instructions, if the processor has them.
    #[inline]
    pub(crate) fn known() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has.then_some(Self(()))
    }

    /// Does work that is built with them.
    #[inline]
    pub(crate) fn work(self, work: impl Work) {
        // SAFETY: that there is a `self` says that the processor has what the function needs.
        unsafe { work_with_avx2(self, work) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn work_with_avx2(newer: Avx2, work: impl Work) {
    work.with(newer);
}

impl Reader for Avx2 {
    type Seen = Seen;

    #[inline(always)]
    fn nothing(self) -> Seen {
        // SAFETY: that there is a `self` says that the processor has AVX2.
        let nothing = unsafe { nought() };
        Seen { sorts: nothing, odd: nothing }
    }

    #[inline(always)]
    fn block(self, bytes: &[u8; 64], seen: &mut Seen) -> Block {
        // SAFETY: that there is a `self` says that the processor has AVX2.
        unsafe { block(bytes, seen) }
    }

    #[inline(always)]
    fn tell(self, seen: &Seen, marks: &mut Marks) {
        // SAFETY: that there is a `self` says that the processor has AVX2.
        let (sorts, odd) = unsafe { (any(seen.sorts), any(seen.odd)) };
        marks.equals = sorts & EQUALS != 0;
        marks.percent = sorts & PERCENT != 0;
        marks.ampersand = sorts & AMPERSAND != 0;
        marks.backslash = sorts & BACKSLASH != 0;
        marks.odd = odd != 0;
    }
}

/// Which marks were seen so far, one lane for every thirty-second byte: their sorts, and what no text has.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    sorts: __m256i,
    odd: __m256i,
}

#[inline]
#[target_feature(enable = "avx2")]
fn nought() -> __m256i {
    _mm256_setzero_si256()
}

/// All lanes together.
#[inline]
#[target_feature(enable = "avx2")]
fn any(lanes: __m256i) -> u8 {
    let mut bytes = [0_u8; 32];
    // SAFETY: there is room for thirty-two bytes, and the store asks for no alignment.
    unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), lanes) };
    bytes.iter().fold(0, |all, byte| all | byte)
}

/// What [`Block`] says, and the marks of encodings.
#[inline]
#[target_feature(enable = "avx2")]
fn block(bytes: &[u8; 64], seen: &mut Seen) -> Block {
    let (low, high) = bytes.split_at(32);
    // SAFETY: each half of the block has thirty-two bytes, and the load asks for no alignment.
    let (low, high) = unsafe {
        (_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast()))
    };
    let (low_sorts, high_sorts) = (looked_up(low, &MARKS), looked_up(high, &MARKS));
    let (low_odd, high_odd) = (looked_up(low, &ODD), looked_up(high, &ODD));
    seen.sorts = _mm256_or_si256(seen.sorts, _mm256_or_si256(low_sorts, high_sorts));
    seen.odd = _mm256_or_si256(seen.odd, _mm256_or_si256(low_odd, high_odd));
    let digits = bits(_mm256_slli_epi16::<7>(low_sorts), _mm256_slli_epi16::<7>(high_sorts));
    let joints = bits(joints(low_sorts), joints(high_sorts));
    let letters = bits(latin(low), latin(high));
    let beyond = bits(low, high);
    Block {
        words: letters | digits | beyond,
        high: beyond,
        digits,
        letters: letters | digits | joints,
    }
}

/// Letters of ASCII.
#[inline]
#[target_feature(enable = "avx2")]
fn latin(bytes: __m256i) -> __m256i {
    let small = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    // `z` becomes the greatest of all numbers with a sign, and what lies behind it the least.
    let moved = _mm256_add_epi8(small, _mm256_set1_epi8(127 - b'z' as i8));
    _mm256_cmpgt_epi8(moved, _mm256_set1_epi8(127 - 26))
}

/// The two sorts of `+`, `-`, `/` and `_` in the highest bit of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn joints(sorts: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_slli_epi16::<6>(sorts), _mm256_slli_epi16::<5>(sorts))
}

/// What thirty-two bytes are, by the tables for their lower and upper halves.
#[inline]
#[target_feature(enable = "avx2")]
fn looked_up(bytes: __m256i, tables: &[[u8; 16]; 2]) -> __m256i {
    let [lower, upper] = tables;
    // SAFETY: each table has sixteen bytes, and the load asks for no alignment.
    let (lower, upper) =
        unsafe { (_mm_loadu_si128(lower.as_ptr().cast()), _mm_loadu_si128(upper.as_ptr().cast())) };
    sorts(bytes, _mm256_broadcastsi128_si256(lower), _mm256_broadcastsi128_si256(upper))
}

/// The sorts of the marks of encodings; [`DIGIT`] is the first here, too.
const JOINT: u8 = 1 << 1;
const UNDERLINE: u8 = 1 << 2;
const EQUALS: u8 = 1 << 3;
const PERCENT: u8 = 1 << 4;
const AMPERSAND: u8 = 1 << 5;
const BACKSLASH: u8 = 1 << 6;

/// What a byte may be by its lower half, and by its upper.
static MARKS: [[u8; 16]; 2] = {
    let (mut lower, mut upper) = ([DIGIT; 16], [0; 16]);
    lower[5] |= PERCENT;
    lower[6] |= AMPERSAND;
    lower[0xa] = 0;
    lower[0xb] = JOINT;
    lower[0xc] = BACKSLASH;
    lower[0xd] = JOINT | EQUALS;
    lower[0xe] = 0;
    lower[0xf] = JOINT | UNDERLINE;
    upper[2] = JOINT | PERCENT | AMPERSAND;
    upper[3] = DIGIT | EQUALS;
    upper[5] = UNDERLINE | BACKSLASH;
    [lower, upper]
};

/// Control characters but for white space: in the row of nought, in that of sixteen, and the last of all.
static ODD: [[u8; 16]; 2] = {
    let (mut lower, mut upper) = ([3; 16], [0; 16]);
    // Tabulator, line feed, form feed, carriage return.
    lower[9] = 2;
    lower[0xa] = 2;
    lower[0xc] = 2;
    lower[0xd] = 2;
    lower[0xf] |= 4;
    upper[0] = 1;
    upper[1] = 2;
    upper[7] = 4;
    [lower, upper]
};

/// Writes the classes of these blocks; `false`, and nothing, if the processor has no AVX2.
pub(super) fn read(blocks: &[[u8; 64]], out: &mut [Classes]) -> bool {
    if !is_x86_feature_detected!("avx2") {
        return false;
    }
    // SAFETY: the function needs AVX2 and nothing else, which the processor has.
    unsafe { read_with_avx2(blocks, out) };
    true
}

#[target_feature(enable = "avx2")]
fn read_with_avx2(blocks: &[[u8; 64]], out: &mut [Classes]) {
    // SAFETY: each table has sixteen bytes, and the load asks for no alignment.
    let (lower, upper) =
        unsafe { (_mm_loadu_si128(LOWER.as_ptr().cast()), _mm_loadu_si128(UPPER.as_ptr().cast())) };
    let (lower, upper) = (_mm256_broadcastsi128_si256(lower), _mm256_broadcastsi128_si256(upper));
    // There is no branch in it: across one, the compiler would carry bits as bytes.
    for (to, block) in out.iter_mut().zip(blocks) {
        let (low, high) = block.split_at(32);
        // SAFETY: each half of the block has thirty-two bytes, and the load asks for no alignment.
        let (low, high) = unsafe {
            (_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast()))
        };
        let (low_sorts, high_sorts) = (sorts(low, lower, upper), sorts(high, lower, upper));
        let (low_letters, high_letters) = (letters(low_sorts), letters(high_sorts));
        let digits = bits(_mm256_slli_epi16::<7>(low_sorts), _mm256_slli_epi16::<7>(high_sorts));
        let letters = bits(low_letters, high_letters);
        let low_line = bits(_mm256_slli_epi16::<4>(low_sorts), _mm256_slli_epi16::<4>(high_sorts));
        let dashes = bits(_mm256_slli_epi16::<3>(low_sorts), _mm256_slli_epi16::<3>(high_sorts));
        let beyond = bits(low, high);
        *to = Classes {
            digits,
            upper: bits(great(low, low_letters), great(high, high_letters)),
            letters,
            words: letters | digits | low_line | beyond,
            high: beyond,
            marks: bits(marks(low_sorts), marks(high_sorts)),
            token: letters | digits | low_line | dashes,
        };
    }
}

/// The highest bit of each of sixty-four bytes.
#[inline]
#[target_feature(enable = "avx2")]
#[expect(clippy::cast_sign_loss, reason = "thirty-two bits")]
fn bits(low: __m256i, high: __m256i) -> u64 {
    let (low, high) = (_mm256_movemask_epi8(low) as u32, _mm256_movemask_epi8(high) as u32);
    u64::from(high) << 32 | u64::from(low)
}

/// What thirty-two bytes are, by the tables for their halves.
#[inline]
#[target_feature(enable = "avx2")]
fn sorts(bytes: __m256i, lower: __m256i, upper: __m256i) -> __m256i {
    let row = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(15));
    // A byte beyond ASCII is nothing in the first table.
    _mm256_and_si256(_mm256_shuffle_epi8(lower, bytes), _mm256_shuffle_epi8(upper, row))
}

/// The two sorts of letters in the highest bit of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn letters(sorts: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_slli_epi16::<6>(sorts), _mm256_slli_epi16::<5>(sorts))
}

/// Of these letters the great ones: without the bit by which small letters differ from them.
#[inline]
#[target_feature(enable = "avx2")]
fn great(bytes: __m256i, letters: __m256i) -> __m256i {
    _mm256_andnot_si256(_mm256_slli_epi16::<2>(bytes), letters)
}

/// The three sorts of marks in the highest bit of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn marks(sorts: __m256i) -> __m256i {
    let more = _mm256_or_si256(_mm256_slli_epi16::<1>(sorts), _mm256_slli_epi16::<2>(sorts));
    _mm256_or_si256(sorts, more)
}

/// The sorts of bytes that the tables tell apart, one bit each. Letters lie in two rows of sixteen.
const DIGIT: u8 = 1;
const LETTER_A: u8 = 1 << 1;
const LETTER_P: u8 = 1 << 2;
const LOW_LINE: u8 = 1 << 3;
const DASH: u8 = 1 << 4;
const COLON: u8 = 1 << 5;
const AT: u8 = 1 << 6;
const DOLLAR: u8 = 1 << 7;

/// What a byte may be by its lower half.
const LOWER: [u8; 16] = {
    const ALL: u8 = DIGIT | LETTER_A | LETTER_P;
    [
        DIGIT | LETTER_P | AT,
        ALL,
        ALL,
        ALL,
        ALL | DOLLAR,
        ALL,
        ALL,
        ALL,
        ALL,
        ALL,
        LETTER_A | LETTER_P | COLON,
        LETTER_A,
        LETTER_A,
        LETTER_A | DASH | COLON,
        LETTER_A | DASH,
        LETTER_A | LOW_LINE,
    ]
};
/// What it may be by its upper half: `$`, `-` and `.` stand in row 2, `:` and `=` in row 3.
const UPPER: [u8; 16] = {
    let mut rows = [0; 16];
    rows[2] = DASH | DOLLAR;
    rows[3] = DIGIT | COLON;
    rows[4] = LETTER_A | AT;
    rows[5] = LETTER_P | LOW_LINE;
    rows[6] = LETTER_A;
    rows[7] = LETTER_P;
    rows
};
