//! One holiday as a rule, and the day on which it is kept in a year.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Holiday, is_weekend};

/// A holiday as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Day {
    name: String,
    #[schemars(with = "String")]
    on: On,
    weekend: Option<Weekend>,
    since: Option<i16>,
    until: Option<i16>,
    /// Days on which it was kept instead, one for each year in which it was another.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    moved: Vec<Date>,
}

/// Where it falls, before a weekend moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
enum On {
    /// The same day each year: month, day.
    Fixed(i8, i8),
    /// The nth weekday of a month; -1 is the last.
    Nth(i8, Weekday, i8),
    /// The first such weekday after a day of a month (1), or the last before it (-1).
    Beside(i8, Weekday, i8, i8),
    /// Days from Western Easter Sunday.
    Easter(i16),
}

/// What becomes of it on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Weekend {
    /// It goes to the next day that is neither weekend nor holiday.
    NextWorking,
    /// Saturday goes to Friday, Sunday to Monday.
    Nearest,
    /// Sunday goes to Monday.
    SundayToMonday,
}

impl TryFrom<String> for On {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        read(&text).ok_or_else(|| format!("`{text}` is not a day of the year"))
    }
}

fn read(text: &str) -> Option<On> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["Easter", sign @ ("+" | "-"), days] => {
            let days: i16 = days.parse().ok()?;
            Some(On::Easter(if *sign == "-" { -days } else { days }))
        }
        [name, side @ ("before" | "after"), day, month] => {
            let side = if *side == "after" { 1 } else { -1 };
            Some(On::Beside(side, weekday(name)?, month_of(month)?, day.parse().ok()?))
        }
        [nth, name, "of", month] => {
            let nth = ["first", "second", "third", "fourth"].iter().position(|word| word == nth);
            let nth = nth.map_or(-1, |at| i8::try_from(at).unwrap_or(0) + 1);
            (nth > 0 || text.starts_with("last ")).then_some(On::Nth(
                nth,
                weekday(name)?,
                month_of(month)?,
            ))
        }
        [day, month] => Some(On::Fixed(month_of(month)?, day.parse().ok()?)),
        _ => None,
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    let all = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let at = all.iter().position(|known| *known == name)?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn month_of(name: &str) -> Option<i8> {
    let all = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let at = all.iter().position(|known| *known == name)?;
    i8::try_from(at + 1).ok()
}

impl On {
    fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Nth(nth, weekday, month) => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
            Self::Beside(side, weekday, month, day) => {
                Date::new(year, month, day).ok()?.nth_weekday(i32::from(side), weekday).ok()
            }
            Self::Easter(days) => easter(year)?.checked_add(days.days()).ok(),
        }
    }
}

/// Western Easter Sunday, by the Gregorian computus in the form that J.-M. Oudin gave it (U.S. Naval
/// Observatory, 1940).
fn easter(year: i16) -> Option<Date> {
    // The Gregorian calendar begins in 1583; the form divides by zero in years before the first.
    if year < 1583 {
        return None;
    }
    let y = i32::from(year);
    let c = y / 100;
    let n = y - 19 * (y / 19);
    let k = (c - 17) / 25;
    let mut i = c - c / 4 - (c - k) / 3 + 19 * n + 15;
    i -= 30 * (i / 30);
    i -= (i / 28) * (1 - (i / 28) * (29 / (i + 1)) * ((21 - n) / 11));
    let mut j = y + y / 4 + i + 2 - c + c / 4;
    j -= 7 * (j / 7);
    let l = i - j;
    let month = 3 + (l + 40) / 44;
    let day = l + 28 - 31 * (month / 4);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The holidays whose own day lies in this year, each on the day on which it is kept.
pub(super) fn kept(days: &'static [Day], year: i16) -> Vec<Holiday> {
    let mut kept: Vec<Holiday> = Vec::with_capacity(days.len());
    let mut homeless: Vec<(Date, &'static str)> = Vec::new();
    for day in days {
        if day.since.is_some_and(|since| year < since) || day.until.is_some_and(|u| year > u) {
            continue;
        }
        if let Some(moved) = day.moved.iter().find(|moved| moved.year() == year) {
            kept.push(Holiday { on: *moved, name: &day.name });
            continue;
        }
        let Some(on) = day.on.in_year(year) else { continue };
        let step: i32 = match (day.weekend, on.weekday()) {
            (Some(Weekend::NextWorking), Weekday::Saturday | Weekday::Sunday) => {
                homeless.push((on, &day.name));
                continue;
            }
            (Some(Weekend::Nearest), Weekday::Saturday) => -1,
            (Some(Weekend::Nearest | Weekend::SundayToMonday), Weekday::Sunday) => 1,
            _ => 0,
        };
        let on = on.checked_add(step.days()).unwrap_or(on);
        kept.push(Holiday { on, name: &day.name });
    }
    // Only once every other day has its place is it known which are free: Christmas on a Sunday goes
    // past Boxing Day.
    for (on, name) in homeless {
        let mut day = on;
        while is_weekend(day) || kept.iter().any(|holiday| holiday.on == day) {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        kept.push(Holiday { on: day, name });
    }
    kept
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn years_before_the_calendar_have_no_easter() {
        assert!((i16::MIN..1583).all(|year| easter(year).is_none()));
        assert!((1583..=9999).all(|year| easter(year).is_some()));
    }

    #[test]
    fn easter_is_where_it_is() {
        // 1954, 1981 and 2049, 2076 are the exceptions on which short formulas fail.
        for on in [
            date(1954, 4, 18),
            date(1981, 4, 19),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2026, 4, 5),
            date(2027, 3, 28),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2076, 4, 19),
        ] {
            assert_eq!(easter(on.year()), Some(on));
        }
    }

    #[test]
    fn days_are_read_from_words_or_refused() {
        for (words, year, on) in [
            ("1 January", 2026, Some(date(2026, 1, 1))),
            ("first Monday of May", 2026, Some(date(2026, 5, 4))),
            ("last Monday of May", 2026, Some(date(2026, 5, 25))),
            ("Monday before 25 May", 2026, Some(date(2026, 5, 18))),
            ("Friday after 22 November", 2026, Some(date(2026, 11, 27))),
            ("Easter - 2", 2026, Some(date(2026, 4, 3))),
            ("29 February", 2027, None),
        ] {
            assert_eq!(read(words).unwrap().in_year(year), on, "{words}");
        }
        for words in ["", "Easter", "fifth Monday of May", "1 Nonember", "Monday", "1 May 2026"] {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
