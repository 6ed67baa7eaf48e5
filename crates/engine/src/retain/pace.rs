//! How many rows at a time, and how long to rest between.

use std::time::Duration;

/// The first batch where somebody works beside us, and where nobody does.
const FIRST_GENTLE: u32 = 500;
const FIRST_FULL: u32 = 5_000;
const SMALLEST: u32 = 20;
const LARGEST: u32 = 50_000;
/// What a batch should take where somebody works beside us: what it makes the server write at its end
/// is what they wait for, so it is short.
const GENTLE: Duration = Duration::from_millis(12);
/// Beside somebody, the rest is so many times as long as the batch.
const REST: u32 = 2;
/// What it should take where nobody does: long enough that its beginning and end cost little.
const FULL: Duration = Duration::from_millis(400);
/// How long to wait for somebody else at first.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// So often is a batch tried again when somebody stands in its way.
const TRIES: u32 = 8;

/// Grows and shrinks batches so that each takes about as long as it should.
#[derive(Debug)]
pub(crate) struct Pace {
    limit: u32,
    /// Rest between the batches.
    gentle: bool,
    tried: u32,
}

impl Pace {
    pub(crate) const fn new(gentle: bool) -> Self {
        let limit = if gentle { FIRST_GENTLE } else { FIRST_FULL };
        Self { limit, gentle, tried: 0 }
    }

    /// The size of the next batch.
    pub(crate) const fn limit(&self) -> u32 {
        self.limit
    }

    /// A batch took so long; how long to rest now.
    pub(crate) fn took(&mut self, spent: Duration) -> Duration {
        self.tried = 0;
        // At most twice, at least half: one slow batch may be somebody else's doing.
        let aim = if self.gentle { GENTLE } else { FULL }.as_micros();
        let spent_micros = spent.as_micros().clamp(aim / 2, aim * 2);
        let next = u128::from(self.limit) * aim / spent_micros;
        self.limit = u32::try_from(next).unwrap_or(LARGEST).clamp(SMALLEST, LARGEST);
        if self.gentle { spent * REST } else { Duration::ZERO }
    }

    /// Some went, and others are in somebody else's hands. How long to leave them to him.
    pub(crate) fn crowded(&mut self) -> Duration {
        self.tried = 0;
        FIRST_WAIT
    }

    /// Somebody stood in the way. How long to wait before the next try; `None`: it is enough.
    pub(crate) fn busy(&mut self) -> Option<Duration> {
        self.tried += 1;
        self.limit = (self.limit / 2).max(SMALLEST);
        (self.tried < TRIES).then(|| FIRST_WAIT * (1 << (self.tried - 1).min(4)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_settle_at_the_time_that_they_should_take() {
        // 100 µs a row: 120 rows a batch.
        let mut pace = Pace::new(true);
        for _ in 0..20 {
            let spent = Duration::from_micros(100) * pace.limit();
            assert_eq!(pace.took(spent), spent * REST);
        }
        assert!((118..=122).contains(&pace.limit()), "{}", pace.limit());
        let mut pace = Pace::new(false);
        for _ in 0..20 {
            assert_eq!(pace.took(Duration::from_nanos(1)), Duration::ZERO);
        }
        assert_eq!(pace.limit(), LARGEST);
        for _ in 0..20 {
            pace.took(Duration::from_secs(9));
        }
        assert_eq!(pace.limit(), SMALLEST);
    }

    #[test]
    fn whoever_stands_in_the_way_is_given_room_and_not_for_ever() {
        let mut pace = Pace::new(true);
        let waits: Vec<u128> =
            std::iter::from_fn(|| pace.busy()).map(|wait| wait.as_millis()).collect();
        assert_eq!(waits, [200, 400, 800, 1_600, 3_200, 3_200, 3_200]);
        assert_eq!(pace.limit(), SMALLEST);
    }
}
