//! A fee that the policy names for a right: told before any work, and paid or waived before it goes on.

use auth::{Action, Actor};
use policy::clock::PauseReason;
use serde_json::json;

use super::act::{Open, refused};
use super::{AsRead, Charged, Progress, Settled, Status};
use crate::Result;
use crate::clock::{self, Snapshot};
use crate::house::House;
use crate::identity::Proof;
use crate::intake::Kind;
use crate::letters::Said;

impl Progress {
    /// Where the work goes on once nothing is awaited any more.
    pub(super) fn resumes_at(&self) -> Status {
        let known = self.shown.is_some() || self.proof == Proof::None;
        if known { Status::Ready } else { Status::Unidentified }
    }

    /// Whether a fee was asked for that is neither paid nor waived.
    pub fn awaits_fee(&self) -> bool {
        self.fee.as_ref().is_some_and(|fee| fee.settled.is_none())
    }
}

/// The fee that the policy names for what is asked, in the place of the person: amount and reason.
pub(super) fn named(
    policy: &policy::Policy,
    kind: Kind,
    progress: &Progress,
) -> Option<(String, String)> {
    let fee = policy.right(kind.right()?, progress.place.as_deref())?.fee.as_ref()?;
    Some((fee.amount.clone(), fee.because.clone()))
}

impl House {
    /// Asks for the fee that the policy names: the person is told amount and reason, and where a law lets
    /// it the clock stands still. Nothing is done until it is settled.
    pub async fn charge_fee(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::PauseRequest, organisation, id).await?;
        open.must_be(&[Status::Unidentified, Status::Ready, Status::Planned])?;
        let kind = Kind::of(&open.request.kind).unwrap_or(Kind::Unsorted);
        let Some((amount, because)) = named(&open.desk.policy, kind, &open.progress) else {
            return Err(refused("policy.yaml names no fee for this right: it is free".to_owned()));
        };
        if open.progress.fee.is_some() {
            return Err(refused("a fee was asked for already, and once is all".to_owned()));
        }
        let paused = open.stop_clock(self, PauseReason::Fee).await?;
        let said = Said::Fee { amount: amount.clone(), because, paused };
        self.write_or_say(&mut open, &said).await?;
        let now = self.means.clock.now();
        let by = actor.person().to_owned();
        let about = json!({ "by": by, "amount": amount, "clock_stopped": paused });
        open.progress.fee = Some(Charged { amount, at: now, by, settled: None });
        self.close_at_desk(open, Status::Waiting, "fee asked for", about).await
    }

    /// The fee was paid, or is waived after all: the clock goes on, and the work too.
    pub async fn settle_fee(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        waived: bool,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::PauseRequest, organisation, id).await?;
        open.must_be(&[Status::Waiting])?;
        let now = self.means.clock.now();
        let by = actor.person().to_owned();
        let about = json!({ "by": by, "waived": waived });
        let Some(fee) = open.progress.fee.as_mut().filter(|fee| fee.settled.is_none()) else {
            return Err(refused("it does not wait for a fee".to_owned()));
        };
        fee.settled = Some(Settled { at: now, by, waived });
        open.clock_goes_on(self).await?;
        let status = open.progress.resumes_at();
        self.close_at_desk(open, status, "fee settled", about).await
    }
}

impl Open {
    /// Stops the clock while something is awaited, where a law lets it; whether that moves the last day.
    pub(super) async fn stop_clock(&mut self, house: &House, why: PauseReason) -> Result<bool> {
        let Some(kept) = &self.request.clock else { return Ok(false) };
        let mut snapshot = Snapshot::read(kept)?;
        let before = clock::due_moment(&snapshot);
        let today = snapshot.today(house.means.clock.now());
        if clock::stop(&mut snapshot, today, why).is_err() {
            return Ok(false);
        }
        snapshot.compute(&self.desk.policy);
        self.keep_clock(&snapshot).await?;
        Ok(self.request.due_at != before)
    }

    /// Lets the clock go on, if it stands still.
    pub(super) async fn clock_goes_on(&mut self, house: &House) -> Result<()> {
        let Some(kept) = &self.request.clock else { return Ok(()) };
        let mut snapshot = Snapshot::read(kept)?;
        let today = snapshot.today(house.means.clock.now());
        if clock::go_on(&mut snapshot, today).is_ok() {
            snapshot.compute(&self.desk.policy);
            self.keep_clock(&snapshot).await?;
        }
        Ok(())
    }
}
