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
        // A request of the desk is counted by itself until a case does its work.
        for (kept, case) in tx.request_clocks().await? {
            if case.is_none() {
                count(&mut clocks, kept.id, &Snapshot::read(&kept.clock)?, now);
            }
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use policy::Sources;
    use policy::clock::{Facts, PauseReason, of_request};

    use super::super::Ended;
    use super::*;

    fn policy() -> policy::Policy {
        let sources = Sources::from_iter([
            (
                "policy.yaml",
                "organisation:\n  name: Acme IT\n  country: CA\n  contact: { email: privacy@acme.example }\n\
                 notice: { file: notice.md, version: \"1\", effective: 2026-01-01 }\n\
                 rights:\n  - { right: access, days: 20 }\n  - { right: restriction, days: 20 }\n",
            ),
            ("notice.md", "# Notice\n\nWe answer within 20 days.\n"),
            ("classification.yaml", "rows: []\n"),
            ("promises.yaml", "promises: []\n"),
        ]);
        let checked = policy::load(&sources);
        checked.policy.unwrap_or_else(|| panic!("{:?}", checked.findings))
    }

    fn snapshot(kind: RequestKind, facts: Facts, ended: Option<(Date, bool)>) -> Snapshot {
        let clock = of_request(&policy(), kind, Some("CA"), &facts);
        let ended = ended.map(|(on, answered)| Ended { on, answered });
        Snapshot { facts, clock, ended, appeal: None }
    }

    #[test]
    fn every_request_is_counted_once_where_it_belongs() {
        let now = date(2026, 6, 22).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let now = Micros(now.as_microsecond());
        let on = |day| Facts::on(date(2026, 6, day));
        let (access, objection) = (RequestKind::Access, RequestKind::Objection);
        let waiting = on(20).paused(PauseReason::Identity, date(2026, 6, 21), None);
        let all = [
            ("late", snapshot(access, on(1), None)),  // due on 21 June
            ("today", snapshot(access, on(2), None)), // due on 22 June: near, not late
            ("week", snapshot(access, on(9), None)),  // due on 29 June: seven days
            ("far", snapshot(access, on(10), None)),  // eight days
            ("waiting", snapshot(access, waiting, None)), // and the clock goes on in Canada
            ("in time", snapshot(access, on(1), Some((date(2026, 6, 21), true)))),
            ("too late", snapshot(access, on(1), Some((date(2026, 6, 22), true)))),
            ("withdrawn", snapshot(access, on(1), Some((date(2026, 6, 22), false)))),
            ("undated", snapshot(objection, on(1), None)),
            ("answered", snapshot(objection, on(1), Some((date(2026, 6, 30), true)))),
        ];
        let mut clocks = Clocks::default();
        for (id, snapshot) in &all {
            count(&mut clocks, (*id).to_owned(), snapshot, now);
        }
        let late: Vec<_> = clocks.overdue.iter().map(|r| (r.id.as_str(), r.days_left)).collect();
        assert_eq!(late, [("late", -1)]);
        let near: Vec<_> = clocks.near.iter().map(|r| (r.id.as_str(), r.days_left)).collect();
        assert_eq!(near, [("today", 0), ("week", 7)]);
        let expected = Tally {
            open: 5,
            overdue: 1,
            near: 2,
            waiting: 1,
            answered_in_time: 1,
            answered_late: 1,
            closed: 1,
            ..Tally::default()
        };
        assert_eq!(clocks.by_kind[&access], expected);
        let undated = Tally { open: 1, undated: 1, answered_undated: 1, ..Tally::default() };
        assert_eq!(clocks.by_kind[&objection], undated);
        assert_eq!(clocks.total().open, 6);
    }
}
