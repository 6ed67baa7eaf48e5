//! Minimum ages: rows that the law or the notice keeps for a while.

use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};
use model::{Micros, Value, planted};
use policy::{Keep, PeriodUnit};
use serde::{Deserialize, Serialize};

/// Until when a row is kept, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeptUntil {
    /// The first day on which it may go (`2029-12-31`), if the row's own date could be read.
    pub until: Option<String>,
    /// The law or the promise that asks for it.
    pub because: String,
}

/// Applies the rules of a collection to a row. The longest one counts.
///
/// A row whose date is missing or unreadable is kept: a minimum age that cannot be judged must not
/// be broken.
///
/// `carried` are the values of the columns `carry`, among them those that the rules count from.
pub fn kept(rules: &[Keep], carry: &[String], carried: &[Value], now: Micros) -> Option<KeptUntil> {
    let mut today = day_of_micros(now);
    if planted::bug("a_minimum_age_ends_a_day_early") {
        today = today.and_then(|today| today.tomorrow().ok());
    }
    rules
        .iter()
        .filter(|rule| rule.holds())
        .filter_map(|rule| {
            let value = carry.iter().position(|name| *name == rule.from);
            let day = value.and_then(|at| carried.get(at)).and_then(day_of_value);
            let Some(end) = day.and_then(|day| after(day, rule)) else {
                if planted::bug("an_unreadable_day_keeps_nothing") {
                    return None;
                }
                return Some(KeptUntil { until: None, because: rule.because.clone() });
            };
            today
                .is_none_or(|today| end > today)
                .then(|| KeptUntil { until: Some(end.to_string()), because: rule.because.clone() })
        })
        .max_by(|a, b| (a.until.is_none(), &a.until).cmp(&(b.until.is_none(), &b.until)))
}

fn after(day: Date, rule: &Keep) -> Option<Date> {
    let count = i64::from(rule.period.count);
    let span = match rule.period.unit {
        PeriodUnit::Days => Span::new().try_days(count),
        PeriodUnit::Months => Span::new().try_months(count),
        PeriodUnit::Years => Span::new().try_years(count),
    };
    span.ok().and_then(|span| day.checked_add(span).ok())
}

fn day_of_micros(at: Micros) -> Option<Date> {
    Timestamp::from_microsecond(at.0).ok().map(|t| t.to_zoned(TimeZone::UTC).date())
}

/// Reads the ways in which databases keep a day: ISO text, a number like `20290131`, or seconds,
/// milliseconds or microseconds since 1970. Such a number could also be seconds of a night in
/// August 1970; the later day keeps the row, which is the mistake that can be mended.
fn day_of_value(value: &Value) -> Option<Date> {
    match value {
        Value::Text(text) => text.trim().get(..10)?.replace('/', "-").parse().ok(),
        Value::Int(number @ 19_000_101..=29_991_231) => {
            let part = |by: i64, of: i64| i8::try_from(number / by % of).ok();
            let year = i16::try_from(number / 10_000).ok()?;
            Date::new(year, part(100, 100)?, part(1, 100)?).ok()
        }
        Value::Int(number) => {
            let micros = match number.unsigned_abs() {
                ..100_000_000_000 => number.checked_mul(1_000_000)?,
                100_000_000_000..100_000_000_000_000 => number.checked_mul(1_000)?,
                _ => *number,
            };
            day_of_micros(Micros(micros))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::Period;

    fn until(value: Value, now: &str) -> Option<Option<String>> {
        let rule = Keep {
            period: Period { count: 7, unit: PeriodUnit::Years },
            from: "issued_on".into(),
            because: "tax law".into(),
            inferred: None,
        };
        let now: Timestamp = format!("{now}T12:00:00Z").parse().unwrap();
        kept(&[rule], &["issued_on".into()], &[value], Micros(now.as_microsecond()))
            .map(|kept| kept.until)
    }

    #[test]
    fn a_row_is_kept_until_its_day_and_no_longer() {
        for (value, now, expected) in [
            (Value::from("2020-02-29"), "2026-11-22", Some(Some("2027-02-28".to_owned()))),
            (Value::from("2019-11-22 10:00:00+00"), "2026-11-21", Some(Some("2026-11-22".into()))),
            (Value::from("2019-11-22 10:00:00+00"), "2026-11-22", None),
            (Value::from(1_577_836_800), "2026-11-22", Some(Some("2027-01-01".into()))),
            (Value::from(20_200_229), "2026-11-22", Some(Some("2027-02-28".into()))),
            (Value::from(20_190_101), "2026-11-22", None),
            (Value::from(1_577_836_800_000), "2026-11-22", Some(Some("2027-01-01".into()))),
            (Value::Null, "2026-11-22", Some(None)),
            (Value::from("soon"), "2026-11-22", Some(None)),
        ] {
            assert_eq!(until(value, now), expected, "{now}");
        }
    }
}
