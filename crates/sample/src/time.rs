//! Days and hours as four different applications write them.

use std::fmt;

const DAY: i64 = 86_400;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days since 1970-01-01 of a day in the Gregorian calendar (months from March, so that the leap
/// day is the last of its year).
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let of_era = year - era * 400;
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Seconds since 1970 of a day at midnight UTC.
pub(crate) const fn at(year: i64, month: i64, day: i64) -> i64 {
    days(year, month, day) * DAY
}

/// The first moment of the sample's history: 2017-11-15.
pub(crate) const BEGIN: i64 = at(2017, 11, 15);
/// The last moment: 2026-11-15.
pub(crate) const FINISH: i64 = at(2026, 11, 15);
/// Tickets that were purged as promised begin here; it stands two months inside the seven years,
/// so that a run with a clock some weeks after the end counts the same old tickets.
pub(crate) const KEPT_SINCE: i64 = at(2020, 1, 15);
/// Before this day lie the tickets that should be gone.
pub(crate) const OVERDUE_BEFORE: i64 = at(2019, 10, 15);

/// A moment taken apart.
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    seconds: i64,
    weekday: i64,
}

impl Civil {
    pub(crate) const fn of(moment: i64) -> Self {
        let (whole, seconds) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
        let shifted = whole + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year + era * 400 + if month <= 2 { 1 } else { 0 };
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        Self { year, month, day, seconds, weekday: whole.rem_euclid(7) }
    }

    const fn clock(&self) -> (i64, i64, i64) {
        (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60)
    }
}

impl fmt::Display for Civil {
    /// `2024-03-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// `2024-03-01`.
pub(crate) fn day(moment: i64) -> String {
    Civil::of(moment).to_string()
}

/// `2024-03-01 09:12:44`.
pub(crate) fn sql(moment: i64) -> String {
    let civil = Civil::of(moment);
    let (hour, minute, second) = civil.clock();
    format!("{civil} {hour:02}:{minute:02}:{second:02}")
}

/// `2024-03-01T09:12:44Z`.
pub(crate) fn iso(moment: i64) -> String {
    let civil = Civil::of(moment);
    let (hour, minute, second) = civil.clock();
    format!("{civil}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `Fri, 1 Mar 2024 at 09:12`: how a mail program opens a quotation.
pub(crate) fn mail(moment: i64) -> String {
    let civil = Civil::of(moment);
    let (hour, minute, _) = civil.clock();
    let name = |list: &[&'static str], place: i64| {
        usize::try_from(place).ok().and_then(|place| list.get(place).copied()).unwrap_or_default()
    };
    let (weekday, month) = (name(&WEEKDAYS, civil.weekday), name(&MONTHS, civil.month - 1));
    format!("{weekday}, {} {month} {} at {hour:02}:{minute:02}", civil.day, civil.year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_written_right() {
        assert_eq!(sql(0), "1970-01-01 00:00:00");
        assert_eq!(iso(1_709_254_800 + 64), "2024-03-01T01:01:04Z");
        assert_eq!(mail(1_709_254_800), "Fri, 1 Mar 2024 at 01:00");
        assert_eq!(day(at(2024, 2, 29)), "2024-02-29");
        assert_eq!(day(at(2026, 12, 31) + 86_399), "2026-12-31");
    }
}
