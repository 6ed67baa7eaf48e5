//! The moment before which something is older than a period, by the calendar of the house's zone.

use jiff::civil::Date;
use jiff::{Span, Timestamp, Zoned, tz::TimeZone};
use model::Micros;
use policy::{Period, PeriodUnit};
use serde::{Deserialize, Serialize};

/// The present moment and the zone in which days, months and years are counted.
#[derive(Debug, Clone)]
pub struct Almanac {
    now: Micros,
    zone: TimeZone,
}

/// No such zone in the time-zone database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone `{0}`: use a name such as `America/Halifax` or `UTC`")]
pub struct NoZone(String);

/// The limit of an age: what lies before it is older than the period.
///
/// INVARIANT: what lies exactly at the limit is as old as the period and not older: it is not due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cutoff {
    /// The first moment that is not old.
    pub at: Micros,
    /// The day of that moment where the house stands.
    pub day: Date,
}

impl Cutoff {
    /// The limit for a column that holds days: the day of the limit is not old yet. Connectors read a
    /// day as its midnight in UTC.
    pub fn for_days(&self) -> Micros {
        let midnight = self.day.to_zoned(TimeZone::UTC);
        midnight.map_or(self.at, |at| Micros(at.timestamp().as_microsecond()))
    }

    /// The earlier of the two readings: for a column of text, which may hold either.
    pub fn for_text(&self) -> Micros {
        self.at.min(self.for_days())
    }
}

impl Almanac {
    /// The calendar of a zone (`America/Halifax`) at a moment.
    pub fn new(now: Micros, zone: &str) -> Result<Self, NoZone> {
        let zone = TimeZone::get(zone).map_err(|_| NoZone(zone.to_owned()))?;
        Ok(Self { now, zone })
    }

    /// The moment for which it reckons.
    pub const fn now(&self) -> Micros {
        self.now
    }

    /// Today, where the house stands.
    pub fn today(&self) -> Date {
        self.at(self.now).date()
    }

    /// The first moment whose anniversary has not come yet.
    ///
    /// A month or a year ago is the same day of that month. Where that month is shorter, every moment
    /// of its last day has had its anniversary already, so the limit is the first moment of the next
    /// month.
    pub fn before(&self, period: Period) -> Cutoff {
        let now = self.at(self.now);
        let count = i64::from(period.count);
        let (span, by_month) = match period.unit {
            PeriodUnit::Days => (Span::new().try_days(count), false),
            PeriodUnit::Months => (Span::new().try_months(count), true),
            PeriodUnit::Years => (Span::new().try_years(count), true),
        };
        let then = span.ok().and_then(|span| now.checked_sub(span).ok());
        // So long ago that no calendar reaches there: nothing is that old.
        let Some(then) = then else { return Cutoff { at: Micros(i64::MIN), day: Date::MIN } };
        let then = if by_month && then.day() < now.day() {
            then.date().tomorrow().and_then(|day| day.to_zoned(self.zone.clone())).unwrap_or(then)
        } else {
            then
        };
        Cutoff { at: Micros(then.timestamp().as_microsecond()), day: then.date() }
    }

    /// The moment at which a day is over.
    pub(crate) fn end_of(&self, day: Date) -> Option<Micros> {
        let next = day.tomorrow().and_then(|next| next.to_zoned(self.zone.clone())).ok()?;
        Some(Micros(next.timestamp().as_microsecond()))
    }

    fn at(&self, moment: Micros) -> Zoned {
        let end = if moment.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(moment.0).unwrap_or(end).to_zoned(self.zone.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::words::parse_period;

    #[test]
    fn limits_follow_the_calendar_of_the_zone() {
        for (now, zone, period, limit) in [
            ("2026-11-23T12:00:00Z", "UTC", "7 years", "2019-11-23T12:00:00Z"),
            ("2026-11-23T12:00:00Z", "UTC", "0 days", "2026-11-23T12:00:00Z"),
            ("2026-11-23T12:00:00Z", "UTC", "90 days", "2026-08-25T12:00:00Z"),
            // Leap days: 29 February has its anniversary on the 28th.
            ("2028-02-29T12:00:00Z", "UTC", "1 year", "2027-03-01T00:00:00Z"),
            ("2027-02-28T12:00:00Z", "UTC", "7 years", "2020-02-28T12:00:00Z"),
            ("2027-03-01T00:00:00Z", "UTC", "7 years", "2020-03-01T00:00:00Z"),
            // Month ends: all of 28 February is more than a month ago on 31 March.
            ("2027-03-31T12:00:00Z", "UTC", "1 month", "2027-03-01T00:00:00Z"),
            ("2027-03-31T12:00:00Z", "UTC", "31 days", "2027-02-28T12:00:00Z"),
            ("2026-12-31T12:00:00Z", "UTC", "6 months", "2026-07-01T00:00:00Z"),
            // The same wall clock before and after the clocks changed.
            ("2026-11-23T12:00:00Z", "America/Halifax", "6 months", "2026-05-23T11:00:00Z"),
            ("2026-03-31T02:00:00Z", "America/Halifax", "1 month", "2026-03-01T04:00:00Z"),
            // Already the 31st in Auckland, where February was shorter.
            ("2027-03-30T12:00:00Z", "Pacific/Auckland", "1 month", "2027-02-28T11:00:00Z"),
        ] {
            let at: Timestamp = now.parse().unwrap();
            let almanac = Almanac::new(Micros(at.as_microsecond()), zone).unwrap();
            let found = almanac.before(parse_period(period).unwrap()).at;
            let found = Timestamp::from_microsecond(found.0).unwrap().to_string();
            assert_eq!(found, limit, "{now} {zone} {period}");
        }
    }

    #[test]
    fn a_day_is_old_when_the_day_after_it_would_be() {
        let at: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let halifax = Almanac::new(Micros(at.as_microsecond()), "America/Halifax").unwrap();
        let limit = halifax.before(parse_period("7 years").unwrap());
        // It is still the 22nd there.
        assert_eq!(limit.day.to_string(), "2019-11-22");
        let days = Timestamp::from_microsecond(limit.for_days().0).unwrap();
        assert_eq!(days.to_string(), "2019-11-22T00:00:00Z");
        assert_eq!(limit.for_text(), limit.for_days());
    }

    #[test]
    fn nothing_is_older_than_the_calendar_and_no_zone_is_guessed() {
        let almanac = Almanac::new(Micros(0), "UTC").unwrap();
        let ages = Period { count: 400_000, unit: PeriodUnit::Years };
        assert_eq!(almanac.before(ages).at, Micros(i64::MIN));
        assert!(Almanac::new(Micros(0), "Mars/Olympus").is_err());
    }
}
