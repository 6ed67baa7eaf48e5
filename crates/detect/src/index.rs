//! The words by which terms are found: one pass over the bytes, whatever the number of people.
//!
//! Every term begins and ends where a word does, so it is enough to look at words. Each term is
//! filed under its rarest word; a bitmap tells in a few instructions that a word of the text is
//! nobody's, which is true of almost all of them.

use std::collections::BTreeMap;

use crate::fold::{FoldChar, fold, is_word};

/// Words longer than this are cut before they are looked up; nobody's rarest word is longer.
const LONGEST_WORD: usize = 64;

/// What a byte is to the scanner.
const OTHER: u8 = 0;
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const HIGH: u8 = 4;

const CLASS: [u8; 256] = {
    let mut table = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
        {
            table[byte] = match byte as u8 {
                b'0'..=b'9' => DIGIT,
                b'a'..=b'z' | b'A'..=b'Z' => LETTER,
                0x80..=0xff => HIGH,
                _ => OTHER,
            };
        }
        byte += 1;
    }
    table
};

fn class(byte: u8) -> u8 {
    CLASS.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

/// What the scanner meets.
pub(crate) enum Found<'a> {
    /// A word that some terms are filed under, and the byte at which it starts.
    Word { start: usize, forms: &'a [usize] },
    /// A digit that follows no digit.
    Number { start: usize },
}

/// The index of words.
#[derive(Default)]
pub(crate) struct Index {
    words: BTreeMap<Vec<u8>, Vec<usize>>,
    bits: Vec<u64>,
    mask: u64,
    numbers: bool,
}

/// A cheap number for a word: its first eight bytes in lower case, and its length.
fn hash(word: &[u8]) -> u64 {
    let mut head = [0_u8; 8];
    for (to, from) in head.iter_mut().zip(word) {
        *to = *from;
    }
    mix(u64::from_le_bytes(head), word.len())
}

fn mix(head: u64, length: usize) -> u64 {
    // 0x20 turns ASCII capitals into small letters and leaves small letters and digits alone.
    let lower = head | 0x2020_2020_2020_2020;
    let kept = if length >= 8 { lower } else { lower & !(u64::MAX << (8 * length)) };
    let mixed = (kept ^ (length as u64)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

impl Index {
    /// An index of forms by their words: for each form its words, folded, in order. Returns for
    /// each form which of its words it is filed under.
    pub(crate) fn build(forms: &[Vec<String>], numbers: bool) -> (Self, Vec<usize>) {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for word in forms.iter().flatten() {
            *uses.entry(word).or_default() += 1;
        }
        let mut words: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        let mut filed = Vec::with_capacity(forms.len());
        for (form, list) in forms.iter().enumerate() {
            let rarest =
                list.iter().enumerate().filter(|(_, word)| word.len() <= LONGEST_WORD).min_by_key(
                    |(_, word)| {
                        (uses.get(word.as_str()).copied().unwrap_or(0), usize::MAX - word.len())
                    },
                );
            filed.push(rarest.map_or(0, |(at, _)| at));
            if let Some((_, word)) = rarest {
                words.entry(word.as_bytes().to_vec()).or_default().push(form);
            }
        }
        let size = (words.len() * 32).next_power_of_two().max(1 << 12);
        let mut bits = vec![0_u64; size / 64];
        let mask = (size as u64) - 1;
        for word in words.keys() {
            let bit = hash(word) & mask;
            if let Some(cell) = usize::try_from(bit / 64).ok().and_then(|at| bits.get_mut(at)) {
                *cell |= 1 << (bit % 64);
            }
        }
        (Self { words, bits, mask, numbers }, filed)
    }

    fn maybe(&self, hash: u64) -> bool {
        let bit = hash & self.mask;
        usize::try_from(bit / 64)
            .ok()
            .and_then(|at| self.bits.get(at))
            .is_some_and(|cell| cell & (1 << (bit % 64)) != 0)
    }

    /// Walks the bytes once.
    pub(crate) fn scan<'a>(&'a self, bytes: &[u8], mut meet: impl FnMut(Found<'a>)) {
        let mut at = 0;
        let mut lower = Vec::with_capacity(LONGEST_WORD);
        let mut chars = Vec::new();
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(skip) = rest.iter().position(|byte| class(*byte) != OTHER) else { break };
            let rest = rest.get(skip..).unwrap_or_default();
            let start = at + skip;
            let mut seen = 0;
            let length = rest
                .iter()
                .position(|byte| {
                    let class = class(*byte);
                    seen |= class;
                    class == OTHER
                })
                .unwrap_or(rest.len());
            at = start + length;
            if seen & HIGH != 0 {
                self.slow(bytes, start, at, &mut chars, &mut meet);
                continue;
            }
            if self.numbers && seen & DIGIT != 0 {
                numbers(rest.get(..length).unwrap_or_default(), start, &mut meet);
            }
            if length > LONGEST_WORD {
                continue;
            }
            let head = rest.first_chunk::<8>().map_or_else(
                || hash(rest.get(..length).unwrap_or_default()),
                |head| mix(u64::from_le_bytes(*head), length),
            );
            if self.maybe(head) {
                lower.clear();
                lower.extend(rest.iter().take(length).map(u8::to_ascii_lowercase));
                if let Some(forms) = self.words.get(&lower) {
                    meet(Found::Word { start, forms });
                }
            }
        }
    }

    /// A run with bytes beyond ASCII: folded first, then split into words.
    fn slow<'a>(
        &'a self,
        bytes: &[u8],
        start: usize,
        end: usize,
        chars: &mut Vec<FoldChar>,
        meet: &mut impl FnMut(Found<'a>),
    ) {
        if self.numbers {
            numbers(bytes.get(start..end).unwrap_or_default(), start, meet);
        }
        // Binary data has runs without end; they are walked in pieces that overlap.
        const PIECE: usize = 4096;
        let mut from = start;
        while from < end {
            let to = end.min(from + PIECE);
            chars.clear();
            fold(bytes, from, to, chars);
            let mut word = String::new();
            let mut first = from;
            for c in chars.iter() {
                if is_word(c.c) {
                    if word.is_empty() {
                        first = c.start;
                    }
                    word.push(c.c);
                } else {
                    self.look(&mut word, first, meet);
                }
            }
            self.look(&mut word, first, meet);
            if to == end {
                break;
            }
            from = crate::fold::floor(bytes, to - 4 * LONGEST_WORD);
        }
    }

    fn look<'a>(&'a self, word: &mut String, start: usize, meet: &mut impl FnMut(Found<'a>)) {
        if !word.is_empty()
            && let Some(forms) = self.words.get(word.as_bytes())
        {
            meet(Found::Word { start, forms });
        }
        word.clear();
    }
}

/// Every digit of a run that follows no digit.
fn numbers<'a>(run: &[u8], start: usize, meet: &mut impl FnMut(Found<'a>)) {
    let mut inside = false;
    for (offset, byte) in run.iter().enumerate() {
        let digit = byte.is_ascii_digit();
        if digit && !inside {
            meet(Found::Number { start: start + offset });
        }
        inside = digit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_met_wherever_they_stand() {
        let forms = vec![
            vec!["jane".to_owned(), "doe".to_owned()],
            vec!["doe".to_owned()],
            vec!["müller".to_owned()],
        ];
        let (index, filed) = Index::build(&forms, true);
        assert_eq!(filed, [0, 0, 0], "the rarest word of `jane doe` is `jane`");
        let mut met = Vec::new();
        index.scan("JANE x2Doe doe-Müller 44 janet".as_bytes(), |found| match found {
            Found::Word { start, .. } => met.push(start),
            Found::Number { start } => met.push(1000 + start),
        });
        assert_eq!(met, [0, 1006, 11, 15, 1023]);
    }
}
