//! What the controls judge: everything that was read for one look, and nothing that acts.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Error as ConnectError, Privilege, Rights};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use model::{Catalogue, Micros, TableName};
use policy::{Control, Period, PeriodUnit, Policy, System};
use render::words;

use super::attested::Attested;
use super::children::{Births, Column};
use super::deidentified::Deidentified;
use super::published::Page;
use super::requests::Asked;
use super::retention::Ages;
use super::told::Told;
use crate::contents::Contents;

/// Everything that was read for one look.
pub(crate) struct Facts<'f> {
    pub(crate) policy: &'f Policy,
    pub(crate) now: Micros,
    /// The day, where the house is.
    pub(crate) today: Date,
    pub(crate) zone: render::Zone,
    /// Systems that answered, by key.
    pub(crate) reached: BTreeMap<String, Reached>,
    /// Systems that did not, by key, and why.
    pub(crate) lost: BTreeMap<String, String>,
    /// What was confirmed last, by promise.
    pub(crate) attested: BTreeMap<String, Attested>,
    /// Requests of people.
    pub(crate) asked: Vec<Asked>,
    /// The published page, or why it could not be read; none where the policy names no address.
    pub(crate) page: Option<Result<Page, String>>,
    /// What stands in the tables, by system.
    pub(crate) contents: BTreeMap<String, Contents>,
    /// What columns of births tell, by column and age.
    pub(crate) births: BTreeMap<(Column, u8), connect::Result<Births>>,
    /// How old the rows are.
    pub(crate) ages: Ages,
    /// Runs of `upheld deidentify`, oldest first.
    pub(crate) deidentified: Vec<Deidentified>,
    /// How often each version was agreed to.
    pub(crate) agreed: Vec<store::Agreed>,
    /// Whom everybody was told of what.
    pub(crate) told: Told,
}

/// A system that answered.
pub(crate) struct Reached {
    pub(crate) catalogue: Catalogue,
    /// The account with which it was looked at.
    pub(crate) grants: Option<Rights>,
    /// Who may read what; none where nobody asked.
    pub(crate) privileges: Option<Result<Vec<Privilege>, ConnectError>>,
}

/// What must be read for some controls.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) systems: bool,
    pub(crate) privileges: bool,
    pub(crate) contents: bool,
    pub(crate) ages: bool,
    pub(crate) page: bool,
}

impl Needs {
    pub(crate) fn of<'c>(controls: impl Iterator<Item = &'c Control>) -> Self {
        let mut needs = Self { page: true, ..Self::default() };
        for control in controls {
            match control {
                Control::Retention(_) => needs.ages = true,
                Control::Access(_) => needs.privileges = true,
                Control::Absence(_)
                | Control::Children(_)
                | Control::ClientPaper(_)
                | Control::Held(_) => needs.contents = true,
                Control::RequestRight(_) | Control::Encryption(_) => needs.systems = true,
                _ => {}
            }
        }
        needs.systems |= needs.ages | needs.privileges | needs.contents;
        needs
    }
}

impl Facts<'_> {
    /// The systems named, or all of them.
    pub(crate) fn systems(&self, named: &[String]) -> Vec<&System> {
        let wanted: BTreeSet<&str> = named.iter().map(String::as_str).collect();
        self.policy
            .systems
            .iter()
            .filter(|system| wanted.is_empty() || wanted.contains(system.key.as_str()))
            .collect()
    }

    /// "22 November 2026".
    pub(crate) fn day(&self, day: Date) -> String {
        words::calendar_day(&day.to_string())
    }

    /// The day of a moment, where the house is.
    pub(crate) fn day_of(&self, moment: Micros) -> Date {
        self.zone.at(moment).date()
    }
}

impl Reached {
    /// The table behind a collection. A map that names no schema means the only table of that name.
    pub(crate) fn table(&self, name: &TableName) -> Option<&model::Table> {
        self.catalogue.table(name).or_else(|| {
            let mut same = self.catalogue.tables.iter().filter(|t| t.name.table == name.table);
            match (same.next(), same.next()) {
                (Some(only), None) if name.schema.is_empty() => Some(only),
                _ => None,
            }
        })
    }
}

/// A length of time on the calendar.
pub(crate) fn span(period: Period) -> Span {
    let count = i64::from(period.count);
    match period.unit {
        PeriodUnit::Days => count.days(),
        PeriodUnit::Months => count.months(),
        PeriodUnit::Years => count.years(),
    }
}

/// The day so much later; the calendar's end where there is none.
pub(crate) fn later(day: Date, period: Period) -> Date {
    day.checked_add(span(period)).unwrap_or(Date::MAX)
}

/// How many days lie between; negative when `to` is before `from`.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

/// Where no system is mapped, nothing was looked at, and nothing is proved.
pub(crate) const NO_SYSTEM: &str = "No system is mapped yet: `upheld connect NAME URL`.";

/// So near to its end, something is at risk.
pub(crate) const SOON_DAYS: i64 = 30;

/// Whether so many days are few.
pub(crate) const fn soon(days_left: i64) -> bool {
    days_left >= 0 && days_left <= SOON_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_counted_on_the_calendar() {
        let period = |count, unit| Period { count, unit };
        for (day, period, expected) in [
            (date(2024, 2, 29), period(1, PeriodUnit::Years), date(2025, 2, 28)),
            (date(2026, 1, 31), period(1, PeriodUnit::Months), date(2026, 2, 28)),
            (date(2026, 11, 22), period(90, PeriodUnit::Days), date(2027, 2, 20)),
        ] {
            assert_eq!(later(day, period), expected);
        }
        assert_eq!(days_between(date(2026, 11, 22), date(2027, 11, 22)), 365);
        assert_eq!(days_between(date(2026, 11, 22), date(2026, 11, 20)), -2);
    }
}
