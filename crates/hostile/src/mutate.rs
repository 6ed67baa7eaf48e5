//! Mutations of an input, the same for the same seed.

use crate::Target;

/// A small generator whose numbers are good enough to break things with (xorshift64*).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`; 0 if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from((self.next() >> 11) % end).unwrap_or(0)
    }
}

/// The longest input that a mutation makes.
const LONGEST: usize = 4 << 10;

/// One input made of others: cut, doubled, spliced, with bits turned and words put in.
pub fn mutated(seeds: &[Vec<u8>], target: &Target, dice: &mut Dice) -> Vec<u8> {
    let any = |dice: &mut Dice| seeds.get(dice.below(seeds.len())).cloned().unwrap_or_default();
    let mut input = any(dice);
    for _ in 0..=dice.below(6) {
        let (at, end) = (dice.below(input.len() + 1), dice.below(input.len() + 1));
        let (from, to) = (at.min(end), at.max(end));
        match dice.below(8) {
            0 => {
                let bit = dice.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            1 => {
                let byte = u8::try_from(dice.below(256)).unwrap_or(0);
                input.insert(at, byte);
            }
            2 => drop(input.drain(from..to)),
            3 => {
                let piece = input.get(from..to).unwrap_or_default().to_vec();
                let times = dice.below(4) + 1;
                input.splice(at..at, piece.repeat(times));
            }
            4 => {
                let other = any(dice);
                let cut = dice.below(other.len() + 1);
                input.truncate(at);
                input.extend(other.get(cut..).unwrap_or_default());
            }
            5 => input.truncate(at),
            _ => {
                if let Some(word) = target.words.get(dice.below(target.words.len())) {
                    input.splice(at..at, word.bytes());
                }
            }
        }
        input.truncate(LONGEST);
    }
    input
}
