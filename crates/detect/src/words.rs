//! Which words stand in some texts, on any level of any encoding, in a few bits for each.
//!
//! To take other people out of a text one must know their names, and a client's database names
//! hundreds of thousands. Almost none of them can stand in the texts at hand. This is how to tell
//! which: a name is looked for only if each of its words may be there.
//!
//! INVARIANT: the answer errs on one side alone. A word that is there is always held to be there; one
//! that is not is sometimes.

use std::cell::RefCell;

use crate::fold::{FoldChar, fold, folded, is_word};
use crate::levels::{Finder, Hit, Walk};

/// Bits for each text: at some ten words a text, about one word in a hundred is taken for one that
/// is there, and one name of two words in ten thousand.
const BITS: usize = 1024;
const LEAST: usize = 1 << 12;
const MOST: usize = 1 << 26;

/// The words of some texts.
#[derive(Clone)]
pub struct Words {
    bits: Vec<u64>,
    mask: u64,
    any: bool,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

fn step_char(hash: u64, c: char) -> u64 {
    let mut room = [0; 4];
    c.encode_utf8(&mut room).bytes().fold(hash, step)
}

/// Calls `meet` with the number of each word in these bytes, as they stand.
fn each_word(bytes: &[u8], mut meet: impl FnMut(u64)) {
    let mut chars: Vec<FoldChar> = Vec::new();
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    for run in bytes.split(|byte| !part(*byte)).filter(|run| !run.is_empty()) {
        if run.is_ascii() {
            meet(run.iter().fold(START, |hash, byte| step(hash, byte.to_ascii_lowercase())));
            continue;
        }
        chars.clear();
        fold(run, 0, run.len(), &mut chars);
        for word in chars.split(|c| !is_word(c.c)).filter(|word| !word.is_empty()) {
            meet(word.iter().fold(START, |hash, c| step_char(hash, c.c)));
        }
    }
}

impl Words {
    /// Room for the words of so many texts.
    pub fn of_about(texts: usize) -> Self {
        let bits = texts.saturating_mul(BITS).clamp(LEAST, MOST).next_power_of_two();
        Self { bits: vec![0; bits / 64], mask: bits as u64 - 1, any: false }
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = hash ^ (hash >> 32);
        let bit = mixed & self.mask;
        (usize::try_from(bit / 64).unwrap_or_default(), 1 << (bit % 64))
    }

    fn put(&mut self, hash: u64) {
        let (at, bit) = self.place(hash);
        if let Some(cell) = self.bits.get_mut(at) {
            *cell |= bit;
            self.any = true;
        }
    }

    /// Takes in the words of a text, plain and decoded.
    pub fn add(&mut self, text: &[u8]) {
        let collector = Collector(RefCell::new(self));
        let mut walk = Walk::new(&collector, text.len());
        walk.examine(text, &mut Vec::new());
    }

    /// Takes in the words of others, who were given the same room; others still make everything
    /// possible.
    pub fn absorb(&mut self, others: &Self) {
        let same = self.bits.len() == others.bits.len();
        for (at, cell) in self.bits.iter_mut().enumerate() {
            *cell |= if same { others.bits.get(at).copied().unwrap_or(u64::MAX) } else { u64::MAX };
        }
        self.any |= others.any;
    }

    /// Whether there is no word at all.
    pub const fn is_empty(&self) -> bool {
        !self.any
    }

    /// Whether every word of `text` may be among them; `false` for a text without one.
    pub fn may_hold(&self, text: &str) -> bool {
        let mut any = false;
        let mut hash = START;
        let mut inside = false;
        let mut all = true;
        let mut meet = |hash: u64| {
            let (at, bit) = self.place(hash);
            any = true;
            all &= self.bits.get(at).is_some_and(|cell| cell & bit != 0);
        };
        if text.is_ascii() {
            each_word(text.as_bytes(), meet);
            return any && all;
        }
        for c in folded(text).into_iter().chain([' ']) {
            if is_word(c) {
                hash = step_char(hash, c);
                inside = true;
            } else if inside {
                meet(hash);
                (hash, inside) = (START, false);
            }
        }
        any && all
    }
}

/// Finds nothing and remembers every word that it is shown.
struct Collector<'w>(RefCell<&'w mut Words>);

impl Finder for Collector<'_> {
    fn direct(&self, bytes: &[u8], _: &mut Vec<Hit>) {
        if let Ok(mut words) = self.0.try_borrow_mut() {
            each_word(bytes, |hash| words.put(hash));
        }
    }

    /// Everything is decoded, not only what stands near a mark.
    fn reach(&self) -> usize {
        usize::MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_on_every_level_and_in_every_spelling() {
        let mut words = Words::of_about(8);
        assert!(words.is_empty());
        for text in [
            "Called TOM O’Neill-Reed, s. b.",
            "cc: Zo=C3=AB M=C3=BCller =\r\n",
            "{\"by\":\"Ana\\u00efs Dub%C3%A9\"}",
            "Q2FsbCBSb2JpbiBTcGFycm93IGJhY2sgb24gTW9uZGF5LCBwbGVhc2U=",
            "An\u{ad}na_Schmidt@acme.example",
        ] {
            words.add(text.as_bytes());
        }
        for (name, there) in [
            ("tom o'neill", true),
            ("Reed, Tom", true),
            ("Zoë Müller", true),
            ("Zoe\u{308} Mu\u{308}ller", true),
            ("Anaïs Dubé", true),
            ("Robin Sparrow", true),
            ("Anna Schmidt", true),
            ("Tom Reid", false),
            ("Zoe Muller", false),
            ("Robin Sparow", false),
            (" - ", false),
        ] {
            assert_eq!(words.may_hold(name), there, "{name}");
        }
        assert!(!words.is_empty());
    }

    #[test]
    fn the_words_of_several_are_the_words_of_each() {
        let mut one = Words::of_about(4);
        let mut two = one.clone();
        one.add(b"Jane Doe");
        two.add(b"Tom Reed");
        one.absorb(&two);
        assert!(one.may_hold("Jane Reed") && !one.may_hold("Jane Roe"));
        one.absorb(&Words::of_about(40_000));
        assert!(one.may_hold("Anybody Else"), "what cannot be told is possible");
    }
}
