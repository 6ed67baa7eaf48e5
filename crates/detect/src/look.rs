//! What a recogniser sees: a window of the text, a place in it, and where findings go.

use std::cell::RefCell;
use std::ops::Range;

use crate::kinds::{Kind, KindRef, Validated};
use crate::lexicon::{self, Flags};

/// What a recogniser believes to have found, before overlaps are resolved.
#[derive(Debug, Clone)]
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
}

/// As many words of two letters or more as can stand in [`CONTEXT`] bytes.
const RECENT: usize = 32;

impl<'a> Look<'a> {
    /// A window, and where its findings go.
    pub(crate) fn new(text: &'a [u8], hits: &'a mut Vec<Hit>) -> Self {
        let recent = Recent { upto: 0, words: [(0, 0); RECENT], next: 0 };
        Self { text, hits, recent: RefCell::new(recent) }
    }

    /// The byte at `at`; NUL outside.
    #[inline]
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// The byte before `at`; NUL at the beginning.
    #[inline]
    pub(crate) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    /// The bytes of a range, cut at the end of the window.
    #[inline]
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
        let from = at.saturating_sub(CONTEXT);
        let head = self.slice(from..at);
        let from = from + line_start(head);
        let mut recent = self.recent.borrow_mut();
        recent.read(self.text, from, at);
        // The newest first; the first that is too far back ends it.
        let mut all = 0;
        for back in 1..=RECENT.min(recent.next) {
            let slot = recent.words.get((recent.next - back) % RECENT);
            match slot {
                Some((start, flags)) if *start >= from => all |= flags,
                _ => break,
            }
        }
        all
    }

    /// What the word directly behind `at` says, with no more than blanks and a bracket between.
    pub(crate) fn context_after(&self, at: usize) -> Flags {
        let skip = self.run(at, 3, |byte| matches!(byte, b' ' | b'(' | b'-' | b'/' | b','));
        let start = at + skip;
        let length = self.run(start, 24, |byte| byte.is_ascii_alphabetic());
        lexicon::context_of(self.slice(start..start + length))
    }
}

impl Recent {
    /// Reads the words that begin between `from` and `at`.
    fn read(&mut self, text: &[u8], from: usize, at: usize) {
        let letter = |at: usize| {
            text.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        };
        if at < self.upto {
            // Asked for what lies behind: read again.
            self.upto = from;
            self.next = 0;
        }
        let mut here = self.upto.max(from);
        // In the middle of a word: that one begins before.
        while here < at && here > 0 && letter(here) && letter(here - 1) {
            here += 1;
        }
        while here < at {
            if !letter(here) {
                here += 1;
                continue;
            }
            let start = here;
            while here < at && letter(here) {
                here += 1;
            }
            // A word that goes on behind `at` is not read to its end.
            if here == at && letter(at) {
                here = start;
                break;
            }
            let flags = lexicon::word_flags(text.get(start..here).unwrap_or_default());
            if flags != 0 {
                if let Some(slot) = self.words.get_mut(self.next % RECENT) {
                    *slot = (start, flags);
                }
                self.next += 1;
            }
        }
        self.upto = here;
    }
}

/// Where the line begins whose words belong to the end of `head`.
fn line_start(head: &[u8]) -> usize {
    let Some(last) = memchr::memrchr(b'\n', head) else { return 0 };
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

/// Letters, digits, the underscore, and everything beyond ASCII.
#[inline]
pub(crate) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
