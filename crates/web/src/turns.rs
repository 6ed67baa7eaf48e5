//! How often one network may send something: each form that strangers send costs us a transaction and
//! perhaps a letter.
//!
//! INVARIANT: the table has a bound. Once it is full of networks that have just sent something, those that
//! are new share one place in it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use model::Micros;

use crate::client::Client;
use crate::failure::Failure;
use crate::site::Shared;

/// So many networks are remembered.
const MOST: usize = 50_000;
/// So many forms a minute if no setting says otherwise: an office behind one address, and no more.
const A_MINUTE: u32 = 30;
const MINUTE: i64 = 60 * 1_000_000;

/// Which networks have sent something of late.
pub(crate) struct Turns {
    /// The time that one form costs, in microseconds.
    each: i64,
    /// For each network the moment at which it has made up for all that it sent.
    made_up: Mutex<BTreeMap<u128, i64>>,
}

impl Turns {
    /// A table that lets so many forms through in a minute.
    pub(crate) fn new(a_minute: Option<u32>) -> Self {
        let each = MINUTE / i64::from(a_minute.unwrap_or(A_MINUTE).max(1));
        Self { each, made_up: Mutex::default() }
    }

    /// Takes a turn; otherwise says after how many seconds there is one.
    fn take(&self, address: IpAddr, now: Micros) -> Result<(), u32> {
        let mut table = self.made_up.lock().unwrap_or_else(PoisonError::into_inner);
        let mut network = network(address);
        if table.len() >= MOST && !table.contains_key(&network) {
            table.retain(|_, at| *at > now.0);
            if table.len() >= MOST {
                network = 0;
            }
        }
        let at = table.get(&network).copied().unwrap_or(now.0).max(now.0);
        let next = at.saturating_add(self.each);
        let over = next.saturating_sub(now.0).saturating_sub(MINUTE);
        if over > 0 {
            return Err(u32::try_from((over + 999_999) / 1_000_000).unwrap_or(u32::MAX));
        }
        table.insert(network, next);
        Ok(())
    }
}

/// An address of IPv4, or what one customer has of IPv6: its first 64 bits.
fn network(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) + 1,
        IpAddr::V6(address) => u128::from(address) & !u128::from(u64::MAX),
    }
}

impl Turns {
    /// Takes a turn for whoever asks.
    pub(crate) fn of(&self, client: &Client, now: Micros) -> Result<(), Failure> {
        self.take(client.address, now).map_err(Failure::Wait)
    }
}

/// Whoever holds it has a turn. Taken by the handlers that strangers send something to.
pub(crate) struct Turn;

impl FromRequestParts<Shared> for Turn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, Failure> {
        let client = parts.extensions.get::<Client>().ok_or(Failure::Internal)?;
        site.turns.of(client, site.house.now())?;
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_so_many_turns_a_minute_and_is_told_when_the_next_one_is() {
        let turns = Turns::new(Some(6));
        let at = |second: i64| Micros(second * 1_000_000);
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        for turn in 0..6 {
            assert_eq!(turns.take(one, at(0)), Ok(()), "{turn}");
        }
        assert_eq!(turns.take(one, at(0)), Err(10));
        assert_eq!(turns.take(one, at(3)), Err(7));
        assert_eq!(turns.take("192.0.2.2".parse().unwrap(), at(3)), Ok(()), "another network");
        assert_eq!(turns.take(one, at(10)), Ok(()));
        assert_eq!(turns.take(one, at(10)), Err(10), "what was refused costs nothing");
        assert_eq!(turns.take(one, at(3_600)), Ok(()));
    }

    #[test]
    fn a_customer_of_ipv6_is_one_network_and_the_table_has_a_bound() {
        let turns = Turns::new(Some(1));
        let six = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(turns.take(six("2001:db8::1"), Micros(0)), Ok(()));
        assert!(turns.take(six("2001:db8::ffff:1"), Micros(0)).is_err());
        assert_eq!(turns.take(six("2001:db8:0:1::1"), Micros(0)), Ok(()));
        for n in 0..u32::try_from(MOST).unwrap() {
            let _ = turns.take(IpAddr::V4(n.into()), Micros(0));
        }
        assert!(
            turns.take(six("2001:db8:9::1"), Micros(0)).is_err(),
            "the strangers' place is used"
        );
        assert!(turns.made_up.lock().unwrap().len() <= MOST + 1);
        assert_eq!(turns.take(six("2001:db8:9::1"), Micros(MINUTE)), Ok(()));
        assert_eq!(turns.made_up.lock().unwrap().len(), 1, "who has made up is forgotten");
    }
}
