//! Repeatable chance: every choice the sample makes is drawn here.

use model::SeededRng;

/// One stream of choices. Each system draws from its own stream, so that the four databases can be
/// made side by side and still come out the same.
pub(crate) struct Dice(SeededRng);

impl Dice {
    pub(crate) const fn new(seed: u64, stream: u64) -> Self {
        Self(SeededRng::new(seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03)))
    }

    /// A number from 0 up to, but without, `limit`.
    pub(crate) fn below(&self, limit: u64) -> u64 {
        let wide = u128::from(self.0.next()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from `from` up to and with `to`.
    pub(crate) fn between(&self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).unwrap_or(0);
        from + i64::try_from(self.below(span + 1)).unwrap_or(0)
    }

    /// A position in a list of this length.
    pub(crate) fn position(&self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// True `share` times in a thousand.
    pub(crate) fn permille(&self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// One of a list.
    pub(crate) fn pick<T: Copy + Default>(&self, list: &[T]) -> T {
        list.get(self.position(list.len())).copied().unwrap_or_default()
    }

    /// Letters only: a token that no scan can take for a number.
    pub(crate) fn letters(&self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        let mut pool = 0;
        for place in 0..length {
            if place % 12 == 0 {
                pool = self.0.next();
            }
            let letter = u8::try_from(pool % 26).unwrap_or(0);
            pool /= 26;
            text.push(char::from(b'a' + letter));
        }
        text
    }

    /// An address from the blocks set aside for documentation (RFC 5737, RFC 3849).
    pub(crate) fn ip(&self) -> String {
        let host = self.between(1, 254);
        match self.below(7) {
            0 | 1 => format!("192.0.2.{host}"),
            2 | 3 => format!("198.51.100.{host}"),
            4 | 5 => format!("203.0.113.{host}"),
            _ => format!("2001:db8:{:x}::{host:x}", self.below(0xffff)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_stay_in_their_bounds_and_reach_them() {
        let dice = Dice::new(1, 1);
        let seen: std::collections::BTreeSet<i64> = (0..400).map(|_| dice.between(3, 7)).collect();
        assert_eq!(seen, (3..=7).collect());
        assert_eq!(dice.letters(30).len(), 30);
        assert!(dice.letters(300).bytes().all(|letter| letter.is_ascii_lowercase()));
        assert_eq!(Dice::new(1, 1).pick::<&str>(&[]), "");
    }
}
