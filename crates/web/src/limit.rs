//! How often somebody may call: a bucket for each, which fills again all the time.
//!
//! The generic cell rate algorithm: of each caller one moment is kept, the one at which their bucket is
//! full again. A caller whose bucket is full is forgotten.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::Micros;

/// Over how long calls are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// So many callers are known at once; whoever comes then waits until others are forgotten.
const MOST: usize = 100_000;

/// What is left to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// Whether this call may go on.
    pub(crate) may: bool,
    /// So many calls in a window.
    pub(crate) quota: u32,
    /// The window.
    pub(crate) window: Duration,
    /// So many more at once.
    pub(crate) remaining: u64,
    /// Until all are there again.
    pub(crate) until_full: Duration,
    /// Until one is there again.
    pub(crate) until_next: Duration,
}

/// The buckets.
#[derive(Debug)]
pub(crate) struct Limits {
    actors: Buckets,
    public: Buckets,
}

impl Limits {
    pub(crate) fn of(settings: &app::Api) -> Self {
        Self {
            actors: Buckets::new(settings.per_minute),
            public: Buckets::new(settings.public_per_minute),
        }
    }

    /// A call of staff, by the id of their token or session.
    pub(crate) fn actor(&self, id: &str, now: Micros) -> Left {
        self.actors.take(id.as_bytes(), now)
    }

    /// A call of somebody unknown. Of an address of version 6 the network counts: it belongs to one
    /// household.
    pub(crate) fn public(&self, address: IpAddr, now: Micros) -> Left {
        match address.to_canonical() {
            IpAddr::V4(v4) => self.public.take(&v4.octets(), now),
            IpAddr::V6(v6) => {
                let [a, b, c, d, e, f, g, h, ..] = v6.octets();
                self.public.take(&[a, b, c, d, e, f, g, h], now)
            }
        }
    }
}

/// Callers of one kind.
#[derive(Debug)]
struct Buckets {
    quota: u32,
    /// When each is full again.
    full_at: Mutex<BTreeMap<Vec<u8>, i64>>,
}

impl Buckets {
    fn new(quota: u32) -> Self {
        Self { quota: quota.max(1), full_at: Mutex::default() }
    }

    fn take(&self, who: &[u8], now: Micros) -> Left {
        let window = i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX);
        let each = (window / i64::from(self.quota)).max(1);
        let mut known = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, full| *full > now.0);
        }
        let full = known.get(who).copied().unwrap_or(now.0).max(now.0);
        let after = full.saturating_add(each);
        let may = after - now.0 <= window && (known.len() < MOST || known.contains_key(who));
        let full = if may { after } else { full };
        if may {
            known.insert(who.to_vec(), full);
        }
        let time = |micros: i64| Duration::from_micros(u64::try_from(micros).unwrap_or(0));
        Left {
            may,
            quota: self.quota,
            window: WINDOW,
            remaining: u64::try_from((window - (full - now.0)) / each).unwrap_or(0),
            until_full: time(full - now.0),
            until_next: time(full + each - now.0 - window),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limits = Limits::of(&app::Api { per_minute: 3, public_per_minute: 2 });
        let take = |second: i64| limits.actor("a", Micros(second * 1_000_000));
        let left: Vec<(bool, u64)> =
            [0, 0, 0, 0, 20, 20, 200].into_iter().map(take).map(|l| (l.may, l.remaining)).collect();
        assert_eq!(
            left,
            [(true, 2), (true, 1), (true, 0), (false, 0), (true, 0), (false, 0), (true, 2)]
        );
        assert!(limits.actor("b", Micros(0)).may, "another has a bucket of their own");
        let refused = take(200);
        assert!(refused.may && take(200).may && !take(200).may);
        assert_eq!(take(200).until_next, Duration::from_secs(20));
    }

    #[test]
    fn a_household_is_one() {
        let limits = Limits::of(&app::Api { public_per_minute: 1, ..app::Api::default() });
        for (address, may) in [
            ("2001:db8:1:2::1", true),
            ("2001:db8:1:2::ffff", false),
            ("2001:db8:1:3::1", true),
            ("192.0.2.1", true),
            ("::ffff:192.0.2.1", false),
        ] {
            assert_eq!(limits.public(address.parse().unwrap(), Micros(5)).may, may, "{address}");
        }
    }
}
