//! All clocks together: what is late, what is near, what was answered in time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::Micros;
use policy::RequestKind;
use serde::Serialize;
use store::Tx;

use super::Snapshot;
use crate::Result;
use crate::house::House;

/// From how many days on a last day is near.
const NEAR: i32 = 7;

/// Where the clocks of all requests stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Clocks {
    /// Requests that are late, the latest first.
    pub overdue: Vec<Running>,
    /// Requests that are due within a week, the nearest first.
    pub near: Vec<Running>,
    /// How many, by what was asked.
    pub by_kind: BTreeMap<RequestKind, Tally>,
}

/// A request that is not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Running {
    /// Its number.
    pub id: String,
    /// What was asked.
    pub kind: RequestKind,
    /// The last day.
    pub due: Date,
    /// How many days are left; negative when it is late.
    pub days_left: i32,
    /// Whether that day comes from a rule that was not verified.
    pub unverified: bool,
}

/// Requests of one kind, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Not answered yet, late and near ones among them.
    pub open: u64,
    /// Of these, late.
    pub overdue: u64,
    /// Of these, due within a week.
    pub near: u64,
    /// Of these, waiting for something from the person.
    pub waiting: u64,
    /// Of these, without a last day, because neither a law nor the notice names one or all clocks wait.
    pub undated: u64,
    /// Answered by the last day.
    pub answered_in_time: u64,
    /// Answered after it.
    pub answered_late: u64,
    /// Answered where nobody names a last day.
    pub answered_undated: u64,
    /// Taken back, or ended without an answer.
    pub closed: u64,
}

impl Clocks {
    /// All kinds together.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in self.by_kind.values() {
            total.open += tally.open;
            total.overdue += tally.overdue;
            total.near += tally.near;
            total.waiting += tally.waiting;
            total.undated += tally.undated;
            total.answered_in_time += tally.answered_in_time;
            total.answered_late += tally.answered_late;
            total.answered_undated += tally.answered_undated;
            total.closed += tally.closed;
        }
        total
    }
}

impl House {
    /// Where the clocks of all requests stand.
    pub async fn clocks_standing(&self) -> Result<Clocks> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let clocks = self.standing(&mut tx, self.means.clock.now()).await?;
        tx.rollback().await?;
        Ok(clocks)
    }

    /// The same in a transaction that is open already.
    pub(crate) async fn standing(&self, tx: &mut Tx, now: Micros) -> Result<Clocks> {
        let mut clocks = Clocks::default();
        for kept in tx.case_clocks().await? {
            count(&mut clocks, kept.id, &Snapshot::read(&kept.clock)?, now);
        }
        clocks.overdue.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
        clocks.near.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
        Ok(clocks)
    }
}

fn count(clocks: &mut Clocks, id: String, snapshot: &Snapshot, now: Micros) {
    let stand = snapshot.stand(snapshot.today(now));
    let kind = snapshot.clock.kind;
    let tally = clocks.by_kind.entry(kind).or_default();
    if let Some(ended) = stand.ended {
        match stand.in_time {
            _ if !ended.answered => tally.closed += 1,
            Some(true) => tally.answered_in_time += 1,
            Some(false) => tally.answered_late += 1,
            None => tally.answered_undated += 1,
        }
        return;
    }
    tally.open += 1;
    tally.waiting += u64::from(stand.waits_for.is_some());
    let (Some(due), Some(days_left)) = (stand.due, stand.days_left) else {
        tally.undated += 1;
        return;
    };
    let running = Running { id, kind, due, days_left, unverified: stand.unverified };
    if days_left < 0 {
        tally.overdue += 1;
        clocks.overdue.push(running);
    } else if days_left <= NEAR {
        tally.near += 1;
        clocks.near.push(running);
    }
}
