//! What becomes of a value, in the words of a profile.

use std::fmt;

/// How far a date is widened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateTo {
    /// `1984-02`.
    Month,
    /// `1984-Q1`.
    Quarter,
    /// `1984`.
    Year,
    /// `1980s`.
    Decade,
}

/// What becomes of the values of a kind or of a column. [`Method::parse`] reads it as people write
/// it, and it is shown in the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// `keep`: it stays.
    Keep,
    /// `text`: it stays, but for what the detector finds in it, which goes by the method of its kind.
    Text,
    /// `remove`: nothing is left; in running text the name of its kind in brackets.
    Remove,
    /// `mask`: as much as tells it from others in a list, at most a third.
    Mask,
    /// `pseudonym`: a keyed stand-in, the same one for the same person everywhere.
    Pseudonym,
    /// `encrypt`: FF1 of NIST SP 800-38G over its digits, or its letters and digits. Undone with the
    /// key.
    Encrypt,
    /// `month`, `quarter`, `year`, `decade`.
    Date(DateTo),
    /// `age 10`: bands of so many years, and `90+`.
    Age(u32),
    /// `zip 3`: the first characters of a postal code, unless fewer than 20,001 people live there.
    Zip(u8),
    /// `region`: of an address its state or province.
    Region,
    /// `bin 1000`: ranges of so many.
    Bin(u64),
    /// `shift 180 by patient_id`: a date moved by a secret number of days, as many for all dates of
    /// one person.
    Shift {
        /// At most so many days, in either direction.
        days: u32,
        /// The column that tells the person; without it all dates move together.
        by: Option<String>,
    },
}

/// The words with which a method begins.
pub const WORDS: &[&str] = &[
    "keep",
    "text",
    "remove",
    "mask",
    "pseudonym",
    "encrypt",
    "month",
    "quarter",
    "year",
    "decade",
    "age",
    "zip",
    "region",
    "bin",
    "shift",
];

impl Method {
    /// Reads a method.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default().to_lowercase();
        let mut number = |what: &str, range: std::ops::RangeInclusive<u64>, example: &str| {
            words
                .next()
                .and_then(|word| word.replace('_', "").parse::<u64>().ok())
                .filter(|number| range.contains(number))
                .ok_or_else(|| {
                    format!(
                        "`{text}` needs {what} from {} to {}, as in `{example}`",
                        range.start(),
                        range.end()
                    )
                })
        };
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let method = match first.as_str() {
            "keep" => Self::Keep,
            "text" => Self::Text,
            "remove" => Self::Remove,
            "mask" => Self::Mask,
            "pseudonym" => Self::Pseudonym,
            "encrypt" => Self::Encrypt,
            "month" => Self::Date(DateTo::Month),
            "quarter" => Self::Date(DateTo::Quarter),
            "year" => Self::Date(DateTo::Year),
            "decade" => Self::Date(DateTo::Decade),
            "region" => Self::Region,
            "age" => Self::Age(small(number("a number of years", 1..=100, "age 10")?)),
            "zip" => Self::Zip(
                u8::try_from(number("a number of characters", 1..=9, "zip 3")?).unwrap_or(3),
            ),
            "bin" => Self::Bin(number("a width", 1..=1_000_000_000_000, "bin 1000")?),
            "shift" => {
                let days = small(number("a number of days", 1..=36_500, "shift 180 by customer")?);
                let by = match words.next() {
                    Some("by") => Some(words.by_ref().collect::<Vec<_>>().join(" ")),
                    Some(_) => return Err(unknown(text)),
                    None => None,
                };
                if by.as_deref() == Some("") {
                    return Err(format!("`{text}` does not say which column tells the person"));
                }
                Self::Shift { days, by }
            }
            _ => return Err(unknown(text)),
        };
        if words.next().is_some() { Err(unknown(text)) } else { Ok(method) }
    }

    /// Whether it cannot be done without a key.
    pub const fn needs_key(&self) -> bool {
        matches!(self, Self::Pseudonym | Self::Encrypt | Self::Shift { .. })
    }
}

fn unknown(text: &str) -> String {
    format!("`{text}` is no method: one of {}", WORDS.join(", "))
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => f.write_str("keep"),
            Self::Text => f.write_str("text"),
            Self::Remove => f.write_str("remove"),
            Self::Mask => f.write_str("mask"),
            Self::Pseudonym => f.write_str("pseudonym"),
            Self::Encrypt => f.write_str("encrypt"),
            Self::Date(DateTo::Month) => f.write_str("month"),
            Self::Date(DateTo::Quarter) => f.write_str("quarter"),
            Self::Date(DateTo::Year) => f.write_str("year"),
            Self::Date(DateTo::Decade) => f.write_str("decade"),
            Self::Age(band) => write!(f, "age {band}"),
            Self::Zip(digits) => write!(f, "zip {digits}"),
            Self::Region => f.write_str("region"),
            Self::Bin(width) => write!(f, "bin {width}"),
            Self::Shift { days, by: None } => write!(f, "shift {days}"),
            Self::Shift { days, by: Some(by) } => write!(f, "shift {days} by {by}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_written_as_it_is_read() {
        for text in [
            "keep",
            "text",
            "remove",
            "mask",
            "pseudonym",
            "encrypt",
            "month",
            "quarter",
            "year",
            "decade",
            "age 10",
            "zip 3",
            "region",
            "bin 1000",
            "shift 180",
            "shift 180 by customer id",
        ] {
            assert_eq!(Method::parse(text).unwrap().to_string(), text);
        }
        for text in
            ["", "hash", "age", "age 0", "zip 12", "shift", "shift 3 by", "keep it", "bin x"]
        {
            assert!(Method::parse(text).is_err(), "{text}");
        }
    }
}
