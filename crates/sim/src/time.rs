//! Days and moments, reckoned apart from the code under test.

use model::{Micros, Value};

/// A day in microseconds.
pub const DAY: i64 = 86_400_000_000;

/// Days since 1970 of a day of the calendar.
pub const fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (m * 306 + 5) / 10 + day
        - 1
        - 719_468
}

/// Year, month and day of a number of days since 1970, found by counting down from a guess.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let mut year = 1970 + days.div_euclid(365);
    while days_of(year, 1, 1) > days {
        year -= 1;
    }
    let mut month = 12;
    while days_of(year, month, 1) > days {
        month -= 1;
    }
    (year, month, days - days_of(year, month, 1) + 1)
}

/// `2019-01-02`.
pub fn day_text(at: Micros) -> String {
    let (year, month, day) = civil(at.0.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2019-01-02 03:04:05`.
pub fn moment_text(at: Micros) -> String {
    let seconds = at.0.rem_euclid(DAY) / 1_000_000;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}", day_text(at))
}

/// The same day and time so many years ago. `now` is never a day after the 28th.
pub fn years_ago(now: Micros, years: i64) -> Micros {
    let (year, month, day) = civil(now.0.div_euclid(DAY));
    Micros(days_of(year - years, month, day) * DAY + now.0.rem_euclid(DAY))
}

/// The moment that a value tells, by the contract of a connector; `None` for "not set" and for what
/// is no moment.
pub fn moment(value: &Value) -> Option<Micros> {
    let at = match value {
        Value::Int(number @ 19_000_102..=29_991_231) => {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            let real = (1..=12).contains(&month) && (1..=31).contains(&day);
            real.then(|| days_of(year, month, day) * DAY)
        }
        Value::Int(number @ 100_000_000..=99_999_999_999) => Some(number * 1_000_000),
        Value::Int(number @ 300_000_000_000..=99_999_999_999_999) => Some(number * 1_000),
        Value::Int(number @ 100_000_000_000_000..=99_999_999_999_999_999) => Some(*number),
        Value::Text(text) => of_text(text),
        _ => None,
    };
    at.filter(|at| *at > days_of(1900, 1, 1) * DAY && *at != 0).map(Micros)
}

fn of_text(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let real = text.get(4..5)? == "-" && text.get(7..8)? == "-";
    if !real || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight = days_of(year, month, day) * DAY;
    if text.len() == 10 {
        return Some(midnight);
    }
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    (text.len() == 19).then_some(midnight + (hour * 3_600 + minute * 60 + second) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_there_and_back() {
        for days in [-25_567, -1, 0, 59, 11_016, 18_262, 20_000, 40_000] {
            let (year, month, day) = civil(days);
            assert_eq!(days_of(year, month, day), days, "{year}-{month}-{day}");
        }
        let now = Micros(days_of(2026, 11, 23) * DAY + 5_000_000);
        assert_eq!(moment_text(years_ago(now, 7)), "2019-11-23 00:00:05");
        assert_eq!(moment(&Value::from("2019-11-23 00:00:05")), Some(years_ago(now, 7)));
        assert_eq!(moment(&Value::from("soon")), None);
    }
}
