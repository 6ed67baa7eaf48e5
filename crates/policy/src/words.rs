//! How small values are written in files: lengths of time, days, yes and no.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::map::{Period, PeriodUnit};

/// Reads `7 years`, `90 days`, `1 week`; a week is seven days.
pub fn parse_period(text: &str) -> Option<Period> {
    let mut words = text.split_whitespace();
    let count: u32 = words.next()?.parse().ok()?;
    let unit = words.next()?;
    if words.next().is_some() {
        return None;
    }
    let (count, unit) = match unit {
        "day" | "days" => (count, PeriodUnit::Days),
        "week" | "weeks" => (count.checked_mul(7)?, PeriodUnit::Days),
        "month" | "months" => (count, PeriodUnit::Months),
        "year" | "years" => (count, PeriodUnit::Years),
        _ => return None,
    };
    // More than a thousand years is a slip of the finger.
    let bound = match unit {
        PeriodUnit::Days => 366_000,
        PeriodUnit::Months => 12_000,
        PeriodUnit::Years => 1_000,
    };
    (count <= bound).then_some(Period { count, unit })
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            PeriodUnit::Days => "day",
            PeriodUnit::Months => "month",
            PeriodUnit::Years => "year",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

impl Period {
    /// The same length for calendar arithmetic with `jiff`.
    pub fn span(&self) -> jiff::Span {
        let count = i64::from(self.count);
        match self.unit {
            PeriodUnit::Days => jiff::Span::new().days(count),
            PeriodUnit::Months => jiff::Span::new().months(count),
            PeriodUnit::Years => jiff::Span::new().years(count),
        }
    }

    /// About how many days that is; for comparing two periods, never for a due date.
    pub const fn about_days(&self) -> u64 {
        let count = self.count as u64;
        match self.unit {
            PeriodUnit::Days => count,
            PeriodUnit::Months => count * 30_437 / 1000,
            PeriodUnit::Years => count * 365_243 / 1000,
        }
    }
}

/// A length of time, such as `7 years` or `90 days`.
#[derive(Debug, JsonSchema)]
#[schemars(
    transparent,
    extend("format" = "period", "pattern" = "^[0-9]+ (days?|weeks?|months?|years?)$")
)]
pub(crate) struct PeriodText(#[expect(dead_code, reason = "only its schema is used")] String);

/// A day, written `2026-01-31`.
#[derive(Debug, JsonSchema)]
#[schemars(transparent, extend("format" = "date"))]
pub(crate) struct DayText(#[expect(dead_code, reason = "only its schema is used")] String);

/// An e-mail address.
#[derive(Debug, JsonSchema)]
#[schemars(transparent, extend("format" = "email"))]
pub(crate) struct EmailText(#[expect(dead_code, reason = "only its schema is used")] String);

/// An address on the web, beginning with `https://` or `http://`.
#[derive(Debug, JsonSchema)]
#[schemars(transparent, extend("format" = "uri"))]
pub(crate) struct WebText(#[expect(dead_code, reason = "only its schema is used")] String);

/// Yes or no.
#[derive(Debug, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum YesNo {
    /// `true` or `false`.
    Bool(bool),
    /// `yes` or `no`.
    Word(YesNoWord),
}

#[derive(Debug, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum YesNoWord {
    Yes,
    No,
}

/// Whether text in a file means yes or no; every spelling that one of the YAML versions knows.
pub(crate) fn parse_yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// `#[serde(with)]` for a [`Period`].
pub(crate) mod period {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &Period, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Period, D::Error> {
        let text = String::deserialize(from)?;
        parse_period(&text).ok_or_else(|| D::Error::custom("not a length of time"))
    }
}

/// `#[serde(with)]` for an optional [`Period`].
pub(crate) mod maybe_period {
    use super::*;

    pub(crate) fn serialize<S>(value: &Option<Period>, to: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
    {
        value.map(|period| period.to_string()).serialize(to)
    }

    pub(crate) fn deserialize<'de, D>(from: D) -> Result<Option<Period>, D::Error>
    where
        D: Deserializer<'de>,
    {
        let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
        match parse_period(&text) {
            Some(period) => Ok(Some(period)),
            None => Err(D::Error::custom("not a length of time")),
        }
    }
}

/// One thing, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// A list.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// All of them, in order.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    /// All of them, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        match self {
            Self::One(one) => std::slice::from_mut(one),
            Self::Many(many) => many,
        }
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_printed() {
        for (text, printed) in [
            ("7 years", "7 years"),
            ("1 year", "1 year"),
            ("1 years", "1 year"),
            ("2 weeks", "14 days"),
            ("90 days", "90 days"),
            ("18 months", "18 months"),
        ] {
            assert_eq!(parse_period(text).unwrap().to_string(), printed);
        }
        for text in ["", "7", "years", "-1 days", "7 years ago", "seven years", "99999 years"] {
            assert_eq!(parse_period(text), None, "{text}");
        }
        assert!(parse_period("1 year").unwrap().about_days() > 364);
    }
}
