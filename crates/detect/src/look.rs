//! What a recogniser sees: a window of the text, a place in it, and where findings go.

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
}

impl<'a> Look<'a> {
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
        let cut = line_start(head);
        lexicon::context_of(head.get(cut..).unwrap_or_default())
    }

    /// What the word directly behind `at` says, with no more than blanks and a bracket between.
    pub(crate) fn context_after(&self, at: usize) -> Flags {
        let skip = self.run(at, 3, |byte| matches!(byte, b' ' | b'(' | b'-' | b'/' | b','));
        let start = at + skip;
        let length = self.run(start, 24, |byte| byte.is_ascii_alphabetic());
        lexicon::context_of(self.slice(start..start + length))
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
