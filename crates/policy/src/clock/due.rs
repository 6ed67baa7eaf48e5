//! The arithmetic. Pure, and every step is written down in words.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _, Zoned};
use serde::{Deserialize, Serialize};

use super::{Facts, Further, Lapse, LapseUnit, PauseReason, Rule, Start};
use crate::calendar::{CHECKED, Calendar, is_weekend};

/// Until when, and how that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day on which it is in time.
    pub on: Date,
    /// The last moment, where hours count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Zoned>,
    /// The computation, one plain sentence for each step.
    pub how: Vec<String>,
    /// What is awaited while the clock stands still; the day is then the earliest it can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<PauseReason>,
}

impl Rule {
    /// Until when the request is answered: put off if the facts say so and the rule lets it. `None`
    /// where the law names no number.
    pub fn answer(&self, facts: &Facts, calendar: Option<&'static Calendar>) -> Option<Deadline> {
        let extension = self.extend.filter(|_| facts.extended.is_some());
        self.count(facts, &[Some(self.respond?), extension], calendar)
    }

    /// Until when it would be answered if it were put off. `None` where that is not allowed.
    pub fn answer_if_extended(
        &self,
        facts: &Facts,
        calendar: Option<&'static Calendar>,
    ) -> Option<Deadline> {
        self.count(facts, &[Some(self.respond?), Some(self.extend?)], calendar)
    }

    /// Until when the person hears that the request has arrived.
    pub fn acknowledgement(
        &self,
        facts: &Facts,
        calendar: Option<&'static Calendar>,
    ) -> Option<Deadline> {
        // Nothing stops this clock: that something is awaited must be said too.
        let mut how = vec![format!("received on {}", facts.received.date())];
        walk(&facts.received, &[self.acknowledge?], calendar, &mut how)
    }

    /// Until when an appeal that came on this day is answered.
    pub fn appeal(
        &self,
        received: Date,
        extended: bool,
        calendar: Option<&'static Calendar>,
    ) -> Option<Deadline> {
        let mut lapses = vec![self.appeal?];
        if extended {
            lapses.push(self.appeal_extend?);
        }
        let mut how = vec![format!("the appeal was received on {received}")];
        walk(&Facts::on(received).received, &lapses, calendar, &mut how)
    }

    /// From which day the clock counts, and what is awaited before it can.
    fn start(&self, facts: &Facts, how: &mut Vec<String>) -> (Zoned, Option<PauseReason>) {
        let received = facts.received.date();
        how.push(format!("received on {received}"));
        let mut start = received;
        let mut awaited = None;
        match self.starts {
            Start::IdentityAndFee => {
                for pause in &facts.pauses {
                    if pause.reason == PauseReason::Clarification {
                        continue;
                    }
                    match pause.until {
                        Some(until) if until > start => {
                            start = until;
                            let what = pause.reason.title();
                            how.push(format!("counted from {start}, when {what} arrived"));
                        }
                        Some(_) => {}
                        None => awaited = Some(pause.reason),
                    }
                }
            }
            Start::Authentication | Start::VerifiedReceipt => match facts.identified() {
                Some(on) if on > start => {
                    start = on;
                    how.push(format!("counted from {start}, when the person was authenticated"));
                }
                Some(_) => {}
                None => how.push(
                    "counted from receipt, as no day of authentication is recorded".to_owned(),
                ),
            },
            _ => {}
        }
        if start == received {
            return (facts.received.clone(), awaited);
        }
        let zone = facts.received.time_zone().clone();
        (start.to_zoned(zone).unwrap_or_else(|_| facts.received.clone()), awaited)
    }

    fn count(
        &self,
        facts: &Facts,
        lapses: &[Option<Lapse>],
        calendar: Option<&'static Calendar>,
    ) -> Option<Deadline> {
        let mut how = Vec::new();
        let (start, awaited) = self.start(facts, &mut how);
        let lapses: Vec<Lapse> = lapses.iter().copied().flatten().collect();
        let mut due = walk(&start, &lapses, calendar, &mut how)?;
        due.stopped = awaited;
        self.stand_still(facts, start.date(), &mut due)?;
        if self.rolls {
            roll(&mut due, calendar);
        }
        if calendar.is_some() && !CHECKED.contains(&due.on.year()) && uses_calendar(self, &lapses) {
            due.how.push(format!("the holidays of {} follow the rules of today", due.on.year()));
        }
        if let Some(awaited) = due.stopped {
            due.how.push(format!(
                "the clock stands still and waits for {}; it ends no earlier than {}",
                awaited.title(),
                due.on
            ));
        }
        Some(due)
    }

    /// Adds the days on which the clock stood still: whole days, each once.
    fn stand_still(&self, facts: &Facts, start: Date, due: &mut Deadline) -> Option<()> {
        let mut stops: Vec<_> =
            facts.pauses.iter().filter(|pause| self.pauses.contains(&pause.reason)).collect();
        stops.sort_by_key(|pause| pause.from);
        let mut counted = start;
        for pause in stops {
            let from = pause.from.max(counted);
            // What was asked for after the last day stopped nothing.
            if pause.from > due.on {
                continue;
            }
            let Some(until) = pause.until else {
                due.stopped = Some(pause.reason);
                continue;
            };
            if until <= from {
                continue;
            }
            let days = i64::from((until - from).get_days());
            due.on = due.on.checked_add(days.days()).ok()?;
            counted = until;
            let what = pause.reason.title();
            let end = if days == 1 { "" } else { "s" };
            due.how.push(format!(
                "it stood still for {days} day{end} from {from} to {until}, waiting for {what}: {}",
                due.on
            ));
        }
        Some(())
    }
}

fn uses_calendar(rule: &Rule, lapses: &[Lapse]) -> bool {
    rule.rolls || lapses.iter().any(|lapse| lapse.unit == LapseUnit::BusinessDays)
}

impl Further {
    /// Until when this is due, counted from the moment that it counts from.
    pub fn due(&self, from: &Zoned, calendar: Option<&'static Calendar>) -> Option<Deadline> {
        let mut how = vec![format!("counted from {}", from.date())];
        walk(from, &[self.within?], calendar, &mut how)
    }
}

/// One length of time from a day on, by itself.
impl Lapse {
    /// The last day, or moment, of it. The day from which it counts is not one of its own.
    pub fn after(&self, from: &Zoned, calendar: Option<&'static Calendar>) -> Option<Deadline> {
        let mut how = vec![format!("counted from {}", from.date())];
        walk(from, &[*self], calendar, &mut how)
    }
}

/// Adds lengths of time to a moment. Two in a row of the same unit are one: from 30 November, one month
/// and two are three, and end on the last day of February.
fn walk(
    start: &Zoned,
    lapses: &[Lapse],
    calendar: Option<&'static Calendar>,
    how: &mut Vec<String>,
) -> Option<Deadline> {
    let mut sum: Vec<Lapse> = Vec::new();
    for lapse in lapses {
        match sum.last_mut() {
            Some(last) if last.unit == lapse.unit => {
                last.count = last.count.checked_add(lapse.count)?;
            }
            _ => sum.push(*lapse),
        }
    }
    let mut here = start.clone();
    let mut by_hours = false;
    for lapse in sum {
        by_hours = lapse.unit == LapseUnit::Hours;
        let put_off = if lapses.len() > 1 { " (with the extension)" } else { "" };
        if by_hours {
            here = here.checked_add(i64::from(lapse.count).hours()).ok()?;
            how.push(format!("{lapse} later{put_off}: {}", here.strftime("%Y-%m-%d %H:%M %:z")));
            continue;
        }
        let (on, remark) = step(here.date(), lapse, calendar)?;
        how.push(format!("{lapse} later{put_off}: {on}{remark}"));
        here = on.to_zoned(here.time_zone().clone()).ok()?;
    }
    let at = by_hours.then(|| here.clone());
    Some(Deadline { on: here.date(), at, how: std::mem::take(how), stopped: None })
}

/// One length of days from a day, and what one should know about it.
fn step(from: Date, lapse: Lapse, calendar: Option<&'static Calendar>) -> Option<(Date, String)> {
    let count = i64::from(lapse.count);
    let add = |span: Span| from.checked_add(span).ok();
    let clamped = |on: Date| {
        let shorter = on.day() < from.day();
        let end = if from.day() == 31 { "st" } else { "th" };
        let remark = format!(", the last day of its month, which has no {}{end}", from.day());
        if shorter { remark } else { String::new() }
    };
    match lapse.unit {
        LapseUnit::Hours => None,
        LapseUnit::Days => Some((add(count.days())?, String::new())),
        LapseUnit::Months => add(count.months()).map(|on| (on, clamped(on))),
        LapseUnit::Years => add(count.years()).map(|on| (on, clamped(on))),
        LapseUnit::BusinessDays => {
            let (mut on, mut left, mut skipped) = (from, lapse.count, Vec::new());
            while left > 0 {
                on = on.tomorrow().ok()?;
                if is_weekend(on) {
                    continue;
                }
                match calendar.and_then(|calendar| calendar.holiday(on)) {
                    Some(name) => skipped.push(format!("{on} ({name})")),
                    None => left -= 1,
                }
            }
            let mut remark = match calendar {
                Some(calendar) => format!(", by the calendar of {}", calendar.title),
                None => ", weekends not counted; no calendar of holidays is known".to_owned(),
            };
            if !skipped.is_empty() {
                remark.push_str(&format!(", without {}", skipped.join(", ")));
            }
            Some((on, remark))
        }
    }
}

/// Moves a last day that is no working day to the next one.
fn roll(due: &mut Deadline, calendar: Option<&'static Calendar>) {
    // Without a calendar it stays: too early is safe.
    let Some(calendar) = calendar else { return };
    let on = calendar.on_or_after(due.on);
    if on == due.on {
        return;
    }
    let why = calendar.holiday(due.on).map_or_else(
        || format!("a {}", due.on.strftime("%A")),
        |name| format!("a holiday ({name})"),
    );
    due.how.push(format!("{} is {why}: {on}, the next working day in {}", due.on, calendar.title));
    due.on = on;
}
