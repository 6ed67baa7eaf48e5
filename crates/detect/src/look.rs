//! What a recogniser sees: a window of the text, a place in it, and where findings go.

use std::cell::RefCell;
use std::ops::Range;

use crate::classes::{Classes, Map};
use crate::kinds::{Kind, KindRef, Validated};
use crate::lexicon::first::Beginnings;
use crate::lexicon::{self, Flags, Lexicon};

/// What a recogniser believes to have found, before overlaps are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) kind: KindRef,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) confidence: u8,
    /// Of two that overlap the higher stays.
    pub(crate) rank: u8,
    pub(crate) validated: Validated,
    pub(crate) test_data: bool,
    pub(crate) reason: &'static str,
}

/// How far before a value the words are read that may say what it is.
const CONTEXT: usize = 64;

/// A window of the text.
pub(crate) struct Look<'a> {
    pub(crate) text: &'a [u8],
    map: &'a Map,
    pub(crate) lexicon: &'static Lexicon,
    pub(crate) hits: &'a mut Vec<Hit>,
    recent: RefCell<Recent>,
}

/// The words that say something, read once on the way through the text however many numbers ask
/// for them.
struct Recent {
    /// Up to here words were read.
    upto: usize,
    /// Where words begin that say something, and what; the oldest is written over.
    words: [(usize, Flags); RECENT],
    next: usize,
    /// What was asked last, and what was said: several recognisers ask about one number.
    last: (usize, Flags),
}

/// As many words of two letters or more as can stand in [`CONTEXT`] bytes.
const RECENT: usize = 32;

impl<'a> Look<'a> {
    /// A window with the map of it, and where its findings go.
    pub(crate) fn new(text: &'a [u8], map: &'a Map, hits: &'a mut Vec<Hit>) -> Self {
        let recent = Recent { upto: 0, words: [(0, 0); RECENT], next: 0, last: (usize::MAX, 0) };
        let lexicon = lexicon::lexicon();
        Self { text, map, lexicon, hits, recent: RefCell::new(recent) }
    }

    /// The byte at `at`; NUL outside.
    #[inline(always)]
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// The byte before `at`; NUL at the beginning.
    #[inline(always)]
    pub(crate) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    /// The bytes of a range, cut at the end of the window.
    #[inline(always)]
    pub(crate) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        let end = range.end.min(self.text.len());
        self.text.get(range.start.min(end)..end).unwrap_or_default()
    }

    /// How many bytes from `at` on are of a class, at most `most`.
    #[inline]
    pub(crate) fn run(&self, at: usize, most: usize, class: impl Fn(u8) -> bool) -> usize {
        self.slice(at..at.saturating_add(most)).iter().take_while(|byte| class(**byte)).count()
    }

    /// How many bytes directly before `at` are of a class, at most `most`.
    #[inline]
    pub(crate) fn run_before(&self, at: usize, most: usize, class: impl Fn(u8) -> bool) -> usize {
        let head = self.slice(at.saturating_sub(most)..at);
        head.iter().rev().take_while(|byte| class(**byte)).count()
    }

    /// How many digits stand from `at` on; 64 may be more.
    #[inline(always)]
    pub(crate) fn digits(&self, at: usize) -> usize {
        self.map.ahead(at, |block| block.digits).trailing_ones() as usize
    }

    /// How many letters of ASCII stand from `at` on; 64 may be more.
    #[inline(always)]
    pub(crate) fn letters(&self, at: usize) -> usize {
        self.map.ahead(at, |block| block.letters).trailing_ones() as usize
    }

    /// What the lists say of the word of `length` bytes at `at`.
    #[inline(always)]
    pub(crate) fn flags(&self, at: usize, length: usize) -> Flags {
        let sixteen = self.text.get(at..).and_then(|text| text.first_chunk::<16>());
        match sixteen {
            Some(sixteen) if (1..=16).contains(&length) => {
                self.lexicon.look_up_first(sixteen, length)
            }
            _ => lexicon::look_up(self.slice(at..at + length)),
        }
    }

    /// Whether the word of `length` bytes at `at`, by how it begins, may be one for a street or of a name.
    #[inline]
    pub(crate) fn may_be_street(&self, at: usize, length: usize) -> bool {
        let word = self.slice(at..at + length);
        let two = word.get(1).copied().unwrap_or(0);
        !word.is_ascii() || self.lexicon.sorts.streets.may_be(self.byte(at), two, length)
    }

    /// How many bytes of a word or a token (letters, digits, `_`, `-`, `.`) stand before `at`; 64 may
    /// be more.
    #[inline(always)]
    pub(crate) fn token_before(&self, at: usize) -> usize {
        self.map.behind(at, |block| block.token | block.high).leading_ones() as usize
    }

    /// How many letters, digits and bytes beyond ASCII stand from `at` on, 64 may be more; how many
    /// of them are digits, and how many letters of ASCII.
    #[inline]
    pub(crate) fn letters_and_digits(&self, at: usize) -> (usize, usize, usize) {
        let letters = self.map.ahead(at, |block| block.letters);
        let digits = self.map.ahead(at, |block| block.digits);
        let length = (letters | digits | self.map.ahead(at, |block| block.high)).trailing_ones();
        let kept = u64::MAX.checked_shr(64 - length).unwrap_or(0);
        let count = |bits: u64| (bits & kept).count_ones() as usize;
        (length as usize, count(digits), count(letters))
    }

    /// How many letters of ASCII and bytes beyond it stand before `at`; 64 may be more.
    #[inline]
    pub(crate) fn letters_before(&self, at: usize) -> usize {
        self.map.behind(at, |block| block.letters | block.high).leading_ones() as usize
    }

    /// Whether the `length` bytes from `at` on, 1 to 64, are letters of ASCII in which no capital
    /// begins a second word: `phone`, `Phone`, `PHONE`.
    #[inline(always)]
    pub(crate) fn is_one_word(&self, at: usize, length: usize) -> bool {
        let letters = self.map.ahead(at, |block| block.letters);
        let capitals = self.map.ahead(at, |block| block.upper);
        let kept = u64::MAX >> (64 - length.clamp(1, 64));
        let others = capitals & kept & !1;
        letters & kept == kept && (others == 0 || capitals & kept == kept)
    }

    /// How many bytes of a word ([`is_word`]) stand from `at` on; 64 may be more.
    #[inline(always)]
    pub(crate) fn word(&self, at: usize) -> usize {
        self.map.ahead(at, |block| block.words).trailing_ones() as usize
    }

    /// Whether a digit is among the `length` bytes from `at` on, at most 64.
    #[inline(always)]
    pub(crate) fn has_digit(&self, at: usize, length: usize) -> bool {
        (self.map.ahead(at, |block| block.digits).trailing_zeros() as usize) < length
    }

    /// How many capitals of ASCII are among the `length` bytes from `at` on, at most 63.
    #[inline(always)]
    pub(crate) fn capitals(&self, at: usize, length: usize) -> usize {
        let kept = !(u64::MAX << length.min(63));
        (self.map.ahead(at, |block| block.upper) & kept).count_ones() as usize
    }

    /// Nothing word-like at either edge.
    #[inline]
    pub(crate) fn alone(&self, range: &Range<usize>) -> bool {
        !is_word(self.before(range.start)) && !is_word(self.byte(range.end))
    }

    /// A finding; the returned reference lets marks be set on it.
    pub(crate) fn hit(
        &mut self,
        kind: &'static Kind,
        range: Range<usize>,
        confidence: u8,
        validated: Validated,
        reason: &'static str,
    ) {
        self.push(kind, range, confidence, confidence, validated, false, reason);
    }

    /// A finding with a rank of its own, and whether it is test data.
    #[expect(clippy::too_many_arguments, reason = "the fields of one finding, in their order")]
    pub(crate) fn push(
        &mut self,
        kind: &'static Kind,
        range: Range<usize>,
        confidence: u8,
        rank: u8,
        validated: Validated,
        test_data: bool,
        reason: &'static str,
    ) {
        self.hits.push(Hit {
            kind: KindRef(kind),
            start: range.start,
            end: range.end,
            confidence,
            rank,
            validated,
            test_data,
            reason,
        });
    }

    /// What the words before `at` say: on its line, and on the line before if that ends in a
    /// colon or stands alone as a label.
    pub(crate) fn context(&self, at: usize) -> Flags {
        let mut recent = self.recent.borrow_mut();
        let (asked, said) = recent.last;
        if asked == at {
            return said;
        }
        let from = at.saturating_sub(CONTEXT);
        let head = self.slice(from..at);
        let from = from + line_start(head);
        recent.read(self, from, at);
        // The newest first; the first that is too far back ends it.
        let mut all = 0;
        for back in 1..=RECENT.min(recent.next) {
            let slot = recent.words.get((recent.next - back) % RECENT);
            match slot {
                Some((start, flags)) if *start >= from => all |= flags,
                _ => break,
            }
        }
        recent.last = (at, all);
        all
    }

    /// Whether the words before `at` may be of this sort, as far as [`context`](Self::context) reads: a
    /// look at how each begins, which tells nearly always that they are not.
    pub(crate) fn may_say(&self, at: usize, sort: &Beginnings) -> bool {
        let from = at.saturating_sub(CONTEXT);
        let kept = if at - from < 64 { !(u64::MAX << (at - from)) } else { u64::MAX };
        let letters = self.map.ahead(from, |block| block.letters) & kept;
        let digits = self.map.ahead(from, |block| block.digits) & kept;
        let high = self.map.ahead(from, |block| block.high) & kept;
        let upper = self.map.ahead(from, |block| block.upper) & kept;
        // `homePhone`: a word inside a word; and letters of other languages.
        if high | (letters & !upper) << 1 & upper != 0 {
            return true;
        }
        let all = letters | digits;
        // Where the window cuts a word it may begin one, for all that is known here.
        let mut starts = letters & !(all << 1);
        let mut may = false;
        while starts != 0 {
            let bit = starts.trailing_zeros();
            starts &= starts - 1;
            let start = from + bit as usize;
            let length = (!(all >> bit)).trailing_zeros() as usize;
            let (one, two) = (self.byte(start), self.byte(start + 1));
            // With digits in it a word may be another, of another length: `phone2`.
            let mixed = digits >> bit & !(u64::MAX << (length & 63)) != 0;
            may |= sort.may_be(one, two, length) | mixed & sort.may_begin(one, two);
        }
        may
    }

    /// Whether the word directly behind `at` speaks of a telephone.
    pub(crate) fn phone_after(&self, at: usize) -> bool {
        let start = at + self.run(at, 3, after_number);
        let (one, two) = (self.byte(start), self.byte(start + 1));
        let letters = self.letters(start);
        let may_be = letters > 1
            && (letters > 24
                || self.lexicon.sorts.phones.may_begin(one, two)
                || !self.is_one_word(start, letters));
        may_be && self.context_after(at) & lexicon::is::PHONE != 0
    }

    /// What the word directly behind `at` says, with no more than blanks and a bracket between.
    pub(crate) fn context_after(&self, at: usize) -> Flags {
        let skip = self.run(at, 3, after_number);
        let start = at + skip;
        let length = self.letters(start).min(24);
        if length > 1 && self.is_one_word(start, length) {
            return self.flags(start, length);
        }
        lexicon::word_flags(self.slice(start..start + length))
    }
}

impl Recent {
    /// Reads the words that begin between `from` and `at`, which are no further apart than
    /// [`CONTEXT`] bytes.
    fn read(&mut self, look: &Look<'_>, from: usize, at: usize) {
        if at < self.upto {
            // Asked for what lies behind: read again.
            self.upto = from;
            self.next = 0;
        }
        let here = self.upto.max(from);
        self.upto = at;
        let kept = if at - here < 64 { !(u64::MAX << (at - here)) } else { u64::MAX };
        // Letters and digits, and what is beyond ASCII; what begins with a digit says nothing.
        let parts = |block: &Classes| block.letters | block.digits | block.high;
        let letters = look.map.ahead(here, |block| block.letters);
        let all = look.map.ahead(here, parts);
        let inside = u64::from(look.map.behind(here, parts) >> 63 == 1);
        let first = letters | look.map.ahead(here, |block| block.high);
        let mut starts = all & !(all << 1 | inside) & first & kept;
        // A word that goes on behind `at` is read once its end is known.
        if starts != 0 && part(look.before(at)) && part(look.byte(at)) {
            let last = 63 - starts.leading_zeros();
            if (all & kept) >> last == kept >> last {
                self.upto = here + last as usize;
                starts ^= 1 << last;
            }
        }
        // Plain words are one word, in small letters but for the first; in others there may be several.
        let capitals = look.map.ahead(here, |block| block.upper) & !starts;
        let plain = letters & !capitals;
        let mut others = plain.wrapping_add(starts & plain) & (all & !plain) | starts & !plain;
        let mut odd = 0;
        while others != 0 {
            let before = u64::MAX >> others.leading_zeros();
            let last = (starts & before).checked_ilog2().unwrap_or(0);
            odd |= 1 << last;
            others &= !(u64::MAX << last);
        }
        odd &= starts;
        let mut likely = odd;
        let speaking = &look.lexicon.sorts.speaking;
        let mut left = starts & !odd;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let start = here + bit as usize;
            let length = (!(all >> bit)).trailing_zeros() as usize;
            let says = speaking.may_be(look.byte(start), look.byte(start + 1), length);
            likely |= u64::from(says & (2..=24).contains(&length)) << bit;
        }
        while likely != 0 {
            let bit = likely.trailing_zeros();
            likely &= likely - 1;
            let start = here + bit as usize;
            let length = (!(all >> bit)).trailing_zeros() as usize;
            let flags = match length {
                1 => 0,
                2..=24 if look.is_one_word(start, length) => look.flags(start, length),
                _ => lexicon::word_flags(look.slice(start..start + length)),
            } & lexicon::BESIDE;
            if flags != 0 {
                if let Some(slot) = self.words.get_mut(self.next % RECENT) {
                    *slot = (start, flags);
                }
                self.next += 1;
            }
        }
    }
}

/// Letters and digits, and everything beyond ASCII.
#[inline]
const fn part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Where the line begins whose words belong to the end of `head`.
fn line_start(head: &[u8]) -> usize {
    let Some(last) = memchr::memrchr(b'\n', head) else {
        return 0;
    };
    let own = head.get(last + 1..).unwrap_or_default();
    // `Phone:` on a line of its own labels the next line.
    if own.iter().any(u8::is_ascii_alphanumeric) {
        return last + 1;
    }
    let above = head.get(..last).unwrap_or_default();
    let label = above.trim_ascii_end();
    let start = memchr::memrchr(b'\n', label).map_or(0, |line| line + 1);
    if label.ends_with(b":") || label.len() - start <= 24 { start } else { last + 1 }
}

/// What may stand between a number and the word for it.
const fn after_number(byte: u8) -> bool {
    matches!(byte, b' ' | b'(' | b'-' | b'/' | b',')
}

/// Letters, digits, the underscore, and everything beyond ASCII.
#[inline]
pub(crate) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
