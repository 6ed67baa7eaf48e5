//! An erasure that kept rows rests until the reason ends, and then goes on by itself.

use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::{Micros, planted};

use crate::case::{Case, CaseError, Ending, Phase};
use crate::graph::Graph;
use crate::step::Action;
use crate::{Exceptions, KeptUntil};

/// Until when a case rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rest {
    /// Until this moment, at which the first of its kept rows may go.
    Until(Micros),
    /// Until a hold is lifted that has no end.
    UntilLifted,
}

impl Case {
    /// Says what holds keep. To be said before a case is driven, each time it is taken up. A plan
    /// that waits for approval is drafted anew if a hold changes what it may touch.
    pub fn respect(&mut self, graph: &Graph<'_>, except: Exceptions) {
        self.except = except;
        if planted::bug("a_hold_is_read_once") {
            return;
        }
        if self.phase() != Phase::Review || !self.request.kind.erases() {
            return;
        }
        let before = self.rows.clone();
        self.keep(graph);
        if self.rows != before {
            let systems: Vec<String> = self.drafted.keys().cloned().collect();
            self.drafted.clear();
            self.phase = Phase::Draft;
            self.push(systems.into_iter().map(|system| Action::Draft { system }));
        }
    }

    /// Whether this erasure is done but for rows that a rule or a hold keeps for a while: it knows
    /// whom it is about until these are gone too.
    pub fn rests(&self) -> Option<Rest> {
        if !self.request.kind.erases() || self.ending() != Some(&Ending::Complete) {
            return None;
        }
        let rows = self.rows.places().flat_map(|(_, rows)| rows.values());
        rows.filter_map(|row| row.kept.as_ref())
            .filter_map(|kept| match &kept.until {
                Some(day) => begins(day).map(Rest::Until),
                // Kept for good by the map, or for want of a date that can be read, or until a hold ends.
                None => self.held_by.contains(&kept.because).then_some(Rest::UntilLifted),
            })
            .min()
    }

    /// Whether a hold still keeps rows of this case.
    pub fn is_held(&self, except: &Exceptions) -> bool {
        let reasons = except.reasons();
        self.held_by.iter().any(|because| reasons.contains(because.as_str()))
    }

    /// Takes an erasure up again that rests: what was kept is weighed as of now.
    pub fn wake(&mut self, graph: &Graph<'_>, now: Micros) -> Result<(), CaseError> {
        self.as_of = Some(now).filter(|_| !planted::bug("a_woken_case_judges_by_its_first_day"));
        self.plan_once_more(graph)
    }
}

/// The longer of two reasons; no end is longer than any.
pub(crate) fn longer(one: &KeptUntil, other: &KeptUntil) -> Ordering {
    (one.until.is_none(), &one.until).cmp(&(other.until.is_none(), &other.until))
}

fn begins(day: &str) -> Option<Micros> {
    let day: Date = day.parse().ok()?;
    let midnight = day.to_zoned(TimeZone::UTC).ok()?;
    Some(Micros(midnight.timestamp().as_microsecond()))
}
