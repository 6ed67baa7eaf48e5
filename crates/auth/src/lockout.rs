//! Whoever tries in vain waits: longer each time, and nobody else does.
//!
//! Tries are counted for a network and an account together, so a stranger who guesses slows down only
//! themselves: the owner of the account comes from elsewhere. A browser in which somebody signed in
//! before has a count of its own, which even somebody in the same network cannot use up. A network by
//! itself is counted too, with a wide budget, against one that tries many accounts.
//!
//! Nothing is ever locked for good, and an account that does not exist is counted like any other.

use std::net::IpAddr;

use model::Micros;
use store::Attempts;
use vault::Vault;

use crate::Result;

const PURPOSE: &str = "tries to sign in";
const SECOND: i64 = 1_000_000;
/// After so long without a try, they are forgotten.
pub const FORGOTTEN: i64 = 24 * 3600 * SECOND;
/// Nobody waits longer.
const LONGEST: i64 = 15 * 60 * SECOND;

/// Who is slowed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket<'a> {
    /// Somebody in a network who tries one account.
    Stranger {
        /// From where.
        from: IpAddr,
        /// The keyed hash of the address that was given.
        account: &'a [u8; 32],
    },
    /// A network, whatever accounts it tries.
    Network(IpAddr),
    /// A browser in which somebody signed in before.
    Device(&'a str),
    /// Whoever has shown one's first factor and tries the second, from anywhere.
    SecondFactor(&'a str),
}

impl Bucket<'_> {
    /// How many tries are free.
    const fn free(self) -> u64 {
        match self {
            Self::Network(_) => 100,
            Self::Device(_) => 10,
            Self::Stranger { .. } | Self::SecondFactor(_) => 5,
        }
    }

    /// How it is found: a keyed hash, so that the table tells nobody's address.
    pub fn hash(self, vault: &Vault) -> Result<[u8; 32]> {
        let network = |from: IpAddr| match from.to_canonical() {
            IpAddr::V4(address) => address.octets().to_vec(),
            // One subscriber has at least these 64 bits.
            IpAddr::V6(address) => address.octets().iter().take(8).copied().collect(),
        };
        let bytes = match self {
            Self::Stranger { from, account } => {
                [b"stranger ".as_slice(), account, network(from).as_slice()].concat()
            }
            Self::Network(from) => [b"network ".as_slice(), &network(from)].concat(),
            Self::Device(id) => [b"device ", id.as_bytes()].concat(),
            Self::SecondFactor(person) => [b"second factor ", person.as_bytes()].concat(),
        };
        Ok(vault.derive(PURPOSE)?.mac(&bytes))
    }

    /// How many seconds are to be waited before the next try; none if it may be made now.
    pub fn wait(self, attempts: Attempts, now: Micros) -> Option<u64> {
        let over = attempts.tries.checked_sub(self.free())?;
        let since = now.0.saturating_sub(attempts.last_at);
        // A clock that was set back lets nobody wait for ever.
        if !(0..FORGOTTEN).contains(&since) {
            return None;
        }
        // 1 s, 2 s, 4 s …
        let doubled = 1_i64.checked_shl(u32::try_from(over).unwrap_or(u32::MAX)).unwrap_or(0);
        let wait = match doubled.checked_mul(SECOND) {
            Some(wait) if wait > 0 => wait.min(LONGEST),
            _ => LONGEST,
        };
        let left = wait - since;
        (left > 0).then(|| u64::try_from((left + SECOND - 1) / SECOND).unwrap_or_default())
    }

    /// The count after one more try.
    pub fn counted(self, attempts: Attempts, now: Micros) -> Attempts {
        let since = now.0.saturating_sub(attempts.last_at);
        let fresh = !(0..FORGOTTEN).contains(&since);
        let tries = if fresh { 1 } else { attempts.tries.saturating_add(1) };
        Attempts { tries, last_at: now.0 }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn waiting_doubles_after_the_free_tries_and_ends() {
        let bucket = Bucket::SecondFactor("ann");
        let wait = |tries, since| {
            bucket.wait(Attempts { tries, last_at: 1_000 * SECOND }, Micros(1_000 * SECOND + since))
        };
        for (tries, since, wanted) in [
            (0, 0, None),
            (4, 0, None),
            (5, 0, Some(1)),
            (5, SECOND, None),
            (6, 0, Some(2)),
            (6, SECOND / 2, Some(2)),
            (6, SECOND, Some(1)),
            (14, 0, Some(512)),
            (15, 0, Some(900)),
            (80, 0, Some(900)),
            (u64::MAX, 0, Some(900)),
            (80, 900 * SECOND, None),
            (80, FORGOTTEN, None),
            (80, -1, None),
        ] {
            assert_eq!(wait(tries, since), wanted, "{tries} tries, {since} µs ago");
        }
    }

    #[test]
    fn a_stranger_slows_down_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::create(&folder.path().join("keys"), Arc::new(vault::OsRng)).unwrap();
        let (ann, bo) = ([1; 32], [2; 32]);
        let (here, there) = (address("192.0.2.1"), address("192.0.2.2"));
        let buckets = [
            Bucket::Stranger { from: here, account: &ann },
            Bucket::Stranger { from: there, account: &ann },
            Bucket::Stranger { from: here, account: &bo },
            Bucket::Network(here),
            Bucket::Network(there),
            Bucket::Device("d1"),
            Bucket::Device("d2"),
            Bucket::SecondFactor("d1"),
        ];
        let hashes: BTreeSet<_> = buckets.iter().map(|b| b.hash(&vault).unwrap()).collect();
        assert_eq!(hashes.len(), buckets.len());
        let of = |text| Bucket::Network(address(text)).hash(&vault).unwrap();
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"), "one subscriber");
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"), "the same address, written otherwise");
    }

    proptest! {
        /// Whoever waits as long as they are told may try again, and never waits over a quarter of an
        /// hour.
        #[test]
        fn waiting_is_worth_it(tries in 0u64..1000, last in 0i64..i64::MAX / 4, after in 0i64..FORGOTTEN) {
            let attempts = Attempts { tries, last_at: last };
            let bucket = Bucket::Device("d");
            if let Some(wait) = bucket.wait(attempts, Micros(last + after)) {
                prop_assert!((1..=900).contains(&wait));
                let later = Micros(last + after + i64::try_from(wait).unwrap() * SECOND);
                prop_assert_eq!(bucket.wait(attempts, later), None);
            }
        }
    }
}
