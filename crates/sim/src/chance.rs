//! Chance from a seed.

use model::SeededRng;

/// Dice that fall the same way each time.
#[derive(Debug)]
pub struct Dice(SeededRng);

impl Dice {
    /// Dice for one matter of one seed: matters do not take throws from each other.
    pub fn new(seed: u64, matter: &str) -> Self {
        let salt = matter.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(SeededRng::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt))
    }

    /// A number below `n`; 0 where there is none.
    pub fn below(&self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(1).max(1);
        usize::try_from(self.0.next() % n).unwrap_or(0)
    }

    /// Whether something happens that happens so often in a hundred times.
    pub fn happens(&self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<'t, T>(&self, from: &'t [T]) -> Option<&'t T> {
        from.get(self.below(from.len()))
    }

    /// A whole number from `low` to `high`.
    pub fn between(&self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }
}
