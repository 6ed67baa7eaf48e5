//! People can ask, and are answered in time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use policy::{Period, PeriodUnit, Policy, RequestKind};
use render::{Zone, words};

use super::facts::{Facts, days_between, later};
use super::verdict::{Verdict, few};
use crate::Result;
use crate::clock::Snapshot;
use crate::state::State;

/// So near to its day, a request is at risk.
const NEAR_DAYS: i64 = 7;
/// So long an answer shows that requests are answered.
const A_YEAR: i64 = 365;

/// One request, without whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What was asked.
    pub(crate) kind: String,
    /// The day on which it came in.
    pub(crate) received: Date,
    /// The last day; none where nobody names one, or while the clock waits for the person.
    pub(crate) due: Option<Date>,
    /// The day on which it was answered; none while it is open.
    pub(crate) answered: Option<Date>,
}

/// Every request but those that were taken back or ended without an answer.
pub(crate) async fn asked(state: &State, policy: &Policy, zone: &Zone) -> Result<Vec<Asked>> {
    let mut tx = state.store.read().await?;
    let mut clocks = BTreeMap::new();
    for kept in tx.case_clocks().await? {
        clocks.insert(kept.id, Snapshot::read(&kept.clock)?);
    }
    let mut asked = Vec::new();
    for case in tx.cases().await? {
        let received = zone.at(case.opened_at).date();
        if let Some(clock) = clocks.get(&case.id) {
            let ended = clock.ended;
            if ended.is_none_or(|ended| ended.answered) {
                asked.push(Asked {
                    kind: case.kind,
                    received: clock.clock.received,
                    due: clock.due(),
                    answered: ended.map(|ended| ended.on),
                });
            }
            continue;
        }
        // Opened before requests had clocks: the notice's own days.
        let events = tx.events_of_case(&case.id).await?;
        if events.iter().any(|event| event.kind == "request withdrawn") {
            continue;
        }
        let last = events.last().filter(|_| case.status == "done");
        let days = policy.rights.iter().filter(|right| right.right.key() == case.kind);
        asked.push(Asked {
            received,
            due: days.map(|right| right.days).min().map(|days| later(received, in_days(days))),
            answered: last.map(|event| zone.at(event.at).date()),
            kind: case.kind,
        });
    }
    tx.rollback().await?;
    Ok(asked)
}

fn in_days(days: u16) -> Period {
    Period { count: days.into(), unit: PeriodUnit::Days }
}

pub(super) fn judge(kind: RequestKind, facts: &Facts<'_>) -> Verdict {
    let what = words::control::request(kind);
    let rights = facts.policy.rights.iter().filter(|right| right.right == kind);
    let Some(days) = rights.map(|right| right.days).min() else {
        return Verdict::unproven(format!("policy.yaml gives nobody the right to {what}."));
    };
    let mine: Vec<&Asked> = facts.asked.iter().filter(|asked| asked.kind == kind.key()).collect();
    let open: Vec<Option<Date>> =
        mine.iter().filter(|asked| asked.answered.is_none()).map(|asked| asked.due).collect();
    let (mut in_time, mut late, mut slowest) = (0_u64, 0_u64, 0);
    for asked in &mine {
        let Some(day) = asked.answered.filter(|day| days_between(*day, facts.today) <= A_YEAR)
        else {
            continue;
        };
        slowest = slowest.max(days_between(asked.received, day));
        if asked.due.is_some_and(|due| day > due) { late += 1 } else { in_time += 1 }
    }
    let left: Vec<i64> = open.iter().flatten().map(|due| days_between(facts.today, *due)).collect();
    let overdue: Vec<i64> = left.iter().filter(|left| **left < 0).map(|left| -left).collect();
    let nearest = left.iter().filter(|left| **left >= 0).min().copied();
    let mut parts = Vec::new();
    if let Some(longest) = overdue.iter().max() {
        parts.push(Verdict::broken(format!(
            "{} for {what} {} overdue, the longest by {}.",
            words::count(overdue.len() as u64, "request", "requests"),
            if overdue.len() == 1 { "is" } else { "are" },
            words::count(longest.unsigned_abs(), "day", "days")
        )));
    }
    if let Some(left) = nearest.filter(|left| *left <= NEAR_DAYS) {
        parts.push(Verdict::at_risk(format!(
            "A request for {what} must be answered {}.",
            match left {
                0 => "today".to_owned(),
                left => format!("within {}", words::count(left.unsigned_abs(), "day", "days")),
            }
        )));
    }
    if late > 0 {
        parts.push(Verdict::at_risk(format!(
            "{} of {} for {what} within a year came after the last day.",
            words::number(late),
            words::count(late + in_time, "answer", "answers")
        )));
    }
    if !facts.lost.is_empty() {
        let lost: Vec<String> =
            facts.lost.keys().map(|key| crate::view::system_title(facts.policy, key)).collect();
        parts.push(Verdict::at_risk(format!(
            "{} {} not reached: an answer given now would not be whole.",
            few(&lost),
            if lost.len() == 1 { "was" } else { "were" }
        )));
    }
    if parts.is_empty() && in_time > 0 {
        parts.push(Verdict::upheld(format!(
            "{} for {what} {} answered in time within a year, the slowest after {} of {days}.",
            words::count(in_time, "request", "requests"),
            if in_time == 1 { "was" } else { "were" },
            words::count(slowest.unsigned_abs(), "day", "days")
        )));
    }
    if parts.is_empty() {
        return Verdict::unproven(format!(
            "No request for {what} was answered within a year, so nothing shows how long one takes."
        ))
        .shown_by(open_ones(open.len()));
    }
    Verdict::of(parts, "").shown_by(open_ones(open.len()))
}

fn open_ones(open: usize) -> String {
    match open {
        0 => "no request of this kind is open".to_owned(),
        open => {
            format!("{} of this kind", words::count(open as u64, "open request", "open requests"))
        }
    }
}
