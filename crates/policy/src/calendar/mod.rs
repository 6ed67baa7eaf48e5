//! Calendars of holidays, by name: for counting business days, and for moving a due date off a day on
//! which nobody need work.
//!
//! Days are rules (`Monday before 25 May`, `Easter - 2`), not lists of dates, so a calendar has no
//! last page. What was compared with another source day by day is the span [`CHECKED`]; a date beyond
//! it is computed by the same rules, and whoever shows it can say so.
//!
//! What is deliberately not here: holidays that follow the moon or are announced from year to year, days
//! off in lieu, bank and court calendars. A day too few makes an answer early, a day too many makes it
//! late, so in doubt a day is left out.
//!
//! ```
//! use jiff::civil::date;
//! let england = policy::calendar::calendar("GB-ENG").unwrap();
//! assert_eq!(england.holiday(date(2026, 12, 28)), Some("Boxing Day"));
//! assert_eq!(england.on_or_after(date(2026, 4, 3)), date(2026, 4, 7)); // Good Friday
//! ```

mod day;
mod shipped;

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use day::Day;
pub(crate) use shipped::shipped;

const TEXT: &str = include_str!("../../data/calendars.yaml");

/// The years in which every calendar was compared with the PyPI package `holidays`
/// (`scripts/check-holidays.py`).
pub const CHECKED: RangeInclusive<i16> = 2020..=2035;

/// The holidays of one place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Its key: the place's (`GB-ENG`).
    pub key: String,
    /// The words a person reads.
    pub title: String,
    /// Further places that keep it.
    #[serde(default)]
    pub places: Vec<String>,
    /// The law behind it.
    pub source: String,
    days: Vec<Day>,
}

/// A holiday in one year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holiday {
    /// The day on which it is kept.
    pub on: Date,
    /// Its name.
    pub name: &'static str,
}

impl Calendar {
    /// The holidays that are kept in a year, in order.
    pub fn year(&'static self, year: i16) -> Vec<Holiday> {
        // A day may be kept in the year beside its own: 1 January 2028 on 31 December 2027.
        let mut all = day::kept(&self.days, year.saturating_sub(1));
        all.extend(day::kept(&self.days, year));
        all.extend(day::kept(&self.days, year.saturating_add(1)));
        all.retain(|holiday| holiday.on.year() == year);
        all.sort();
        all.dedup_by_key(|holiday| holiday.on);
        all
    }

    /// The holiday on this day, if it is one.
    pub fn holiday(&'static self, on: Date) -> Option<&'static str> {
        self.year(on.year()).into_iter().find(|holiday| holiday.on == on).map(|h| h.name)
    }

    /// Whether an office works on this day.
    pub fn is_working(&'static self, on: Date) -> bool {
        !is_weekend(on) && self.holiday(on).is_none()
    }

    /// This day, or the first working day after it.
    pub fn on_or_after(&'static self, on: Date) -> Date {
        let mut day = on;
        while !self.is_working(day) {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
        }
        day
    }
}

/// Saturday or Sunday.
pub fn is_weekend(on: Date) -> bool {
    matches!(on.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    calendars: Vec<Calendar>,
}

static CALENDARS: LazyLock<Vec<Calendar>> =
    // A file that cannot be read fails a test here; it never reaches anybody.
    LazyLock::new(|| {
        shipped::<File>("calendars.yaml", TEXT).map_or_else(|_| Vec::new(), |f| f.calendars)
    });

/// Every calendar.
pub fn calendars() -> &'static [Calendar] {
    &CALENDARS
}

/// The calendar with this key.
pub fn calendar(key: &str) -> Option<&'static Calendar> {
    calendars().iter().find(|calendar| calendar.key == key)
}

/// The calendar that a place keeps: its own, or that of the nearest place around it. A member state
/// of the European Union without a calendar here has the days that all of them share.
pub fn of_place(place: &str) -> Option<&'static Calendar> {
    crate::clock::around(place).find_map(|here| {
        calendars().iter().find(|c| c.key == here || c.places.iter().any(|p| p == here))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_file_is_read_and_its_days_are_understood() {
        let file = shipped::<File>("calendars.yaml", TEXT).unwrap();
        assert_eq!(file.calendars.len(), 17);
        for calendar in calendars() {
            assert!(!calendar.source.is_empty(), "{}", calendar.key);
            assert!(calendar.year(2026).iter().all(|h| h.on.year() == 2026), "{}", calendar.key);
            assert!(calendar.year(2026).len() >= 2, "{}", calendar.key);
        }
    }

    #[test]
    fn days_that_were_moved_by_hand_are_kept_where_they_were() {
        for (key, on, name) in [
            ("GB-ENG", date(2020, 5, 8), Some("Early May bank holiday")),
            ("GB-ENG", date(2020, 5, 4), None),
            ("GB-ENG", date(2022, 6, 2), Some("Spring bank holiday")),
            ("GB-ENG", date(2021, 12, 28), Some("Boxing Day")),
            ("GB-SCT", date(2022, 1, 4), Some("2 January")),
            ("IE", date(2030, 2, 1), Some("St Brigid's Day")),
            ("IE", date(2030, 2, 4), None),
            ("US", date(2021, 12, 31), Some("New Year's Day")),
            ("US", date(2020, 6, 19), None),
            ("CA-QC", date(2029, 6, 25), Some("National Holiday")),
            ("BR", date(2023, 11, 20), None),
            ("BR", date(2026, 11, 20), Some("Zumbi e Consciência Negra")),
        ] {
            assert_eq!(calendar(key).unwrap().holiday(on), name, "{key} {on}");
        }
    }

    #[test]
    fn a_place_has_the_nearest_calendar() {
        for (place, key) in [
            ("CA-QC", Some("CA-QC")),
            ("CA-MB", Some("CA")),
            ("US-NY-NYC", Some("US")),
            ("US-TX", Some("US")),
            ("GB-WLS", Some("GB-ENG")),
            ("UK", Some("GB-ENG")),
            ("DE-BY", Some("DE")),
            ("IT", Some("EU")),
            ("EEA", Some("EU")),
            ("AU", None),
        ] {
            assert_eq!(of_place(place).map(|c| c.key.as_str()), key, "{place}");
        }
    }

    /// The table that `scripts/check-holidays.py` compares with another source.
    fn table() -> String {
        let mut lines = String::new();
        for calendar in calendars() {
            for year in CHECKED {
                let days = calendar.year(year).into_iter().filter(|h| !is_weekend(h.on));
                let days: Vec<String> = days.map(|h| h.on.strftime("%m%d").to_string()).collect();
                lines.push_str(&format!("{} {year} {}\n", calendar.key, days.join(" ")));
            }
        }
        lines
    }

    const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/holidays.txt");

    #[test]
    fn the_table_that_was_checked_is_what_is_computed() {
        let checked = std::fs::read_to_string(TABLE).unwrap();
        assert_eq!(
            checked,
            table(),
            "run `cargo test -p policy -- --ignored write_the_table`, then scripts/check-holidays.py"
        );
    }

    #[test]
    #[ignore = "writes the file that the test beside it compares with"]
    fn write_the_table() {
        std::fs::write(TABLE, table()).unwrap();
    }
}
