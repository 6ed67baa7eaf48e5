//! Moments as people write them into tables and files, and which of them are none.
//!
//! Programs write "not set" as NULL, as 0, as the first moment of 1970 or as some date before 1900.
//! INVARIANT: none of these is ever old: a row whose moment is not known stays.

use model::Micros;

const DAY: i64 = 86_400_000_000;
/// 1900-01-01T00:00:00Z: what lies at it or before it is no moment but a placeholder.
pub(crate) const EARLIEST: Micros = Micros(-2_208_988_800_000_000);

/// Whole numbers of the form YYYYMMDD.
pub(crate) const DAYS: (i64, i64) = (19_000_102, 29_991_231);
/// Seconds since 1970, from 1973 on.
pub(crate) const SECONDS: (i64, i64) = (100_000_000, 99_999_999_999);
/// Milliseconds, from 1979 on: numbers below could be YYYYMMDDhhmm.
pub(crate) const MILLIS: (i64, i64) = (300_000_000_000, 99_999_999_999_999);
/// Microseconds, from 1973 on.
pub(crate) const MICROS: (i64, i64) = (100_000_000_000_000, 99_999_999_999_999_999);

/// The moment, unless it stands for "not set".
pub(crate) const fn set(moment: Micros) -> Option<Micros> {
    if moment.0 > EARLIEST.0 && moment.0 != 0 { Some(moment) } else { None }
}

/// A whole number as seconds, milliseconds or microseconds since 1970 or as YYYYMMDD, by its size.
pub(crate) fn of_whole(number: i64) -> Option<Micros> {
    let within = |(first, last): (i64, i64)| (first..=last).contains(&number);
    if within(DAYS) {
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        let real = (1..=12).contains(&month) && (1..=31).contains(&day);
        return real.then(|| Micros(days_of(year, month, day) * DAY)).and_then(set);
    }
    if within(SECONDS) {
        Some(Micros(number * 1_000_000))
    } else if within(MILLIS) {
        Some(Micros(number * 1_000))
    } else {
        within(MICROS).then_some(Micros(number))
    }
}

/// Days since 1970 of a day of the Gregorian calendar; a day beyond the month's end runs on.
pub(crate) const fn days_of(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day comes last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970.
pub(crate) const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

/// The first day that does not begin before this moment, as days since 1970.
pub(crate) const fn day_after(moment: Micros) -> i64 {
    moment.0.div_euclid(DAY) + if moment.0.rem_euclid(DAY) > 0 { 1 } else { 0 }
}

/// `2019-01-02`.
pub(crate) fn day_text(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{:04}-{month:02}-{day:02}", year.clamp(1, 9999))
}

/// `2019-01-02 03:04:05.000006`, in UTC.
pub(crate) fn text(moment: Micros) -> String {
    let (day, rest) = (moment.0.div_euclid(DAY), moment.0.rem_euclid(DAY));
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}.{micros:06}", day_text(day))
}

/// `2019-01-02`, `2019-01-02 03:04:05.5` or `2019-01-02 03:04:05+00`, as a server prints it that was
/// asked for UTC.
pub(crate) fn of_utc_text(text: &str) -> Option<Micros> {
    let text = text.strip_suffix("+00").unwrap_or(text);
    let (day, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let mut day = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (day.next()??, day.next()??, day.next()??);
    let (time, part) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let micros: i64 = format!("{part:0<6}").get(..6)?.parse().ok()?;
    let seconds = hour * 3_600 + minute * 60 + second;
    Some(Micros(days_of(year, month, day) * DAY + seconds * 1_000_000 + micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970() {
        for (year, month, day, days) in [
            (1970, 1, 1, 0),
            (1969, 12, 31, -1),
            (1900, 1, 1, -25_567),
            (2000, 2, 29, 11_016),
            (2019, 1, 2, 17_898),
        ] {
            assert_eq!(days_of(year, month, day), days, "{year}-{month}-{day}");
            assert_eq!(civil(days), (year, month, day));
        }
        assert_eq!(text(Micros(-1)), "1969-12-31 23:59:59.999999");
        assert_eq!(text(EARLIEST), "1900-01-01 00:00:00.000000");
        assert_eq!(of_utc_text("1969-12-31 23:59:59.999999+00"), Some(Micros(-1)));
        assert_eq!(of_utc_text("1970-01-02"), Some(Micros(DAY)));
        assert_eq!((of_utc_text("infinity"), of_utc_text("2020-01")), (None, None));
        assert_eq!((day_after(Micros(0)), day_after(Micros(1))), (0, 1));
    }

    #[test]
    fn numbers_are_read_by_their_size() {
        let day = Some(Micros(1_546_387_200_000_000));
        for (number, moment) in [
            (20_190_102, day),
            (1_546_387_200, day),
            (1_546_387_200_000, day),
            (1_546_387_200_000_000, day),
            (20_191_302, None),
            (0, None),
            (-1, None),
            (19_700_101, None),
            (2019, None),
            (201_901_020_304, None),
            (i64::MAX, None),
        ] {
            assert_eq!(of_whole(number), moment, "{number}");
        }
    }
}
