//! Every sentence that a person reads, in one place, keyed by functions. English is the first
//! language; another one answers the same functions.
//!
//! The rules: plain words, figures with what they count, nothing that frightens or flatters. Moments
//! are written out with their place, so that nobody guesses a zone or reads a month for a day.

pub mod certificate;
pub mod control;
pub mod coverage;
pub mod deidentify;
pub mod kind;
pub mod map;
pub mod message;
pub mod package;
pub mod plan;
pub mod retention;
pub mod scan;

use model::Micros;

use crate::Zone;

/// The language of these words (BCP 47).
pub const LANGUAGE: &str = "en";

/// "22 November 2026, 14:05 (Halifax)".
pub fn moment(moment: Micros, zone: &Zone) -> String {
    format!("{} ({})", zone.at(moment).strftime("%-d %B %Y, %H:%M"), zone.place())
}

/// "22 November 2026".
pub fn day(moment: Micros, zone: &Zone) -> String {
    zone.at(moment).strftime("%-d %B %Y").to_string()
}

/// "22 November 2026" for a day written `2026-11-22`; anything else as it is.
pub fn calendar_day(iso: &str) -> String {
    iso.parse::<jiff::civil::Date>()
        .map_or_else(|_| iso.to_owned(), |day| day.strftime("%-d %B %Y").to_string())
}

/// "1,204".
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "1 row", "1,204 rows".
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// "a", "a and b", "a, b and c".
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// "812 bytes", "1.4 MB". Thousands, as shops and file managers count.
pub fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    for (unit, one) in UNITS {
        if bytes >= one {
            let tenths = bytes / (one / 10);
            return format!("{}.{} {unit}", number(tenths / 10), tenths % 10);
        }
    }
    count(bytes, "byte", "bytes")
}

/// With a capital first.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A reason as the end of a sentence: without its full stop.
pub(crate) fn clause(reason: &str) -> &str {
    reason.trim().trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_lists_read_well() {
        assert_eq!(number(0), "0");
        assert_eq!(number(1_204), "1,204");
        assert_eq!(number(100_000), "100,000");
        assert_eq!(count(1, "row", "rows"), "1 row");
        assert_eq!(count(0, "row", "rows"), "0 rows");
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(size(812), "812 bytes");
        assert_eq!(size(1_449_000), "1.4 MB");
        assert_eq!(size(999_999), "999.9 kB");
    }

    #[test]
    fn a_moment_names_its_place() {
        let halifax = Zone::named("America/Halifax").unwrap();
        let moment_in_november = Micros(1_795_370_700_000_000);
        assert_eq!(moment(moment_in_november, &halifax), "22 November 2026, 14:05 (Halifax)");
        assert_eq!(moment(moment_in_november, &Zone::utc()), "22 November 2026, 18:05 (UTC)");
        assert_eq!(day(Micros(0), &halifax), "31 December 1969");
    }
}
