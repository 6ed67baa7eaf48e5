//! Lengths of time as laws write them. Not [`crate::Period`]: a business day, an hour that counts while
//! clocks on walls change, and a month that ends where the month ends are different things here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A length of time with the unit in which it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lapse {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: LapseUnit,
}

/// In what a length of time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LapseUnit {
    /// Hours that pass, whatever clocks on walls do.
    Hours,
    /// Days, each of them.
    Days,
    /// Days that are neither weekend nor holiday.
    BusinessDays,
    /// Months: the day with the same number, or the last of a shorter month.
    Months,
    /// Years, likewise.
    Years,
}

impl LapseUnit {
    const fn word(self) -> &'static str {
        match self {
            Self::Hours => "hour",
            Self::Days => "day",
            Self::BusinessDays => "business day",
            Self::Months => "month",
            Self::Years => "year",
        }
    }
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{end}", self.count, self.unit.word())
    }
}

impl From<Lapse> for String {
    fn from(lapse: Lapse) -> Self {
        lapse.to_string()
    }
}

impl TryFrom<String> for Lapse {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a length of time");
        let (count, unit) = text.split_once(' ').ok_or_else(wrong)?;
        // Ten thousand of anything is a slip of the finger.
        let count = count.parse().ok().filter(|n| (1..10_000).contains(n)).ok_or_else(wrong)?;
        let all = [
            LapseUnit::Hours,
            LapseUnit::Days,
            LapseUnit::BusinessDays,
            LapseUnit::Months,
            LapseUnit::Years,
        ];
        let unit = unit.strip_suffix('s').unwrap_or(unit);
        let unit = all.into_iter().find(|known| known.word() == unit).ok_or_else(wrong)?;
        Ok(Self { count, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_printed() {
        for text in ["45 days", "10 business days", "1 month", "72 hours", "6 years"] {
            assert_eq!(Lapse::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        for text in ["", "days", "0 days", "45", "-1 days", "promptly", "1 business", "45 day s"] {
            assert!(Lapse::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
