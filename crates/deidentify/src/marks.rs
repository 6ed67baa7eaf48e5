//! What Safe Harbor names and the detector has no kind for: dates of any event, ages over 89,
//! addresses of pages, numbers of vehicles, in running text.

use crate::date::{self, DateOrder};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A date.
    Date,
    /// An age of 90 or more: its digits alone.
    Age,
    /// An address of a page.
    Url,
    /// A vehicle identification number (ISO 3779) with a right check digit (49 CFR 565).
    Vehicle,
}

impl MarkKind {
    /// Its name beside the kinds of the detector.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Date => "mark.date",
            Self::Age => "mark.age",
            Self::Url => "mark.url",
            Self::Vehicle => "mark.vehicle",
        }
    }

    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Date => "Date",
            Self::Age => "Age over 89",
            Self::Url => "Address of a page",
            Self::Vehicle => "Number of a vehicle",
        }
    }
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// What.
    pub(crate) kind: MarkKind,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after it.
    pub(crate) end: usize,
}

/// Which are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted {
    /// Dates.
    pub(crate) dates: bool,
    /// Ages over 89.
    pub(crate) ages: bool,
    /// Pages and vehicles.
    pub(crate) others: bool,
}

/// The longest date, age and number; a page's address may be longer.
const REACH: usize = 40;

/// Everything in a text, in order. None of them lies over the end of a line.
pub(crate) fn find(text: &[u8], wanted: Wanted, out: &mut Vec<Mark>) {
    out.clear();
    let mut at = 0;
    let mut before = b' ';
    while let Some(byte) = text.get(at) {
        let starts =
            byte.is_ascii_alphanumeric() && !before.is_ascii_alphanumeric() && before < 0x80;
        let mark = starts.then(|| one(text, at, before, wanted)).flatten();
        if let Some(mark) = mark {
            out.push(mark);
            at = mark.end.max(at + 1);
        } else {
            at += 1;
        }
        before = at.checked_sub(1).and_then(|last| text.get(last)).copied().unwrap_or(b' ');
    }
}

fn one(text: &[u8], at: usize, before: u8, wanted: Wanted) -> Option<Mark> {
    let byte = *text.get(at)?;
    let mark = |kind, length| Some(Mark { kind, start: at, end: at + length });
    if wanted.others
        && matches!(byte, b'h' | b'H' | b'w' | b'W')
        && let Some(length) = url(text.get(at..)?)
    {
        return mark(MarkKind::Url, length);
    }
    // 1.84-02-03 and 5/1984-02-03 are parts of something else.
    let part = matches!(before, b'.' | b'-' | b'/' | b':' | b',')
        && at.checked_sub(2).and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    if wanted.dates && !part && (byte.is_ascii_digit() || month_like(byte)) {
        let window = text.get(at..text.len().min(at + REACH))?;
        let line = window.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = match std::str::from_utf8(line) {
            Ok(line) => line,
            Err(error) => std::str::from_utf8(line.get(..error.valid_up_to())?).ok()?,
        };
        if let Some(read) = date::read(line, DateOrder::Unknown)
            // Eight digits alone are a number more often than a date.
            && line.bytes().take_while(u8::is_ascii_digit).count() != 8
        {
            return mark(MarkKind::Date, read.length);
        }
    }
    if wanted.ages
        && byte.is_ascii_digit()
        && !part
        && let Some(length) = age(text, at)
    {
        return mark(MarkKind::Age, length);
    }
    if wanted.others
        && is_vin(text.get(at..at + 17)?)
        && !text.get(at + 17).is_some_and(u8::is_ascii_alphanumeric)
    {
        return mark(MarkKind::Vehicle, 17);
    }
    None
}

const fn month_like(byte: u8) -> bool {
    matches!(
        byte.to_ascii_lowercase(),
        b'j' | b'f' | b'm' | b'a' | b's' | b'o' | b'n' | b'd' | b'e'
    )
}

fn url(text: &[u8]) -> Option<usize> {
    let starts = |with: &str| {
        text.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with.as_bytes()))
    };
    let lead = ["https://", "http://", "www."].into_iter().find(|lead| starts(lead))?;
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || byte.is_ascii_control()
            || matches!(byte, b'"' | b'<' | b'>' | b'\'' | b')' | b'(' | b'[' | b']')
    };
    let mut length = text.iter().position(ends).unwrap_or(text.len());
    while length > 0
        && text
            .get(length - 1)
            .is_some_and(|byte| matches!(byte, b'.' | b',' | b';' | b':' | b'!' | b'?'))
    {
        length -= 1;
    }
    (length > lead.len() + 2).then_some(length)
}

/// The digits of an age of 90 to 125 that words call one.
fn age(text: &[u8], at: usize) -> Option<usize> {
    let digits = text.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number: u32 = std::str::from_utf8(text.get(at..at + digits)?).ok()?.parse().ok()?;
    if !(90..=125).contains(&number) || !(2..=3).contains(&digits) {
        return None;
    }
    let small = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
    let behind = small(text.get(at + digits..text.len().min(at + digits + 14))?);
    let behind = behind.trim_start_matches([' ', '-']);
    let before = small(text.get(at.saturating_sub(10)..at)?);
    let before = before.trim_end_matches([' ', ':', '=']);
    let told =
        ["year-old", "years old", "year old", "yrs old", "yo ", "y/o", "yr old", "years of age"]
            .iter()
            .any(|word| behind.starts_with(word));
    let named = ["age", "aged", "age of", "turned"].iter().any(|word| {
        before.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    });
    (told || named).then_some(digits)
}

/// The check digit of a vehicle identification number is right.
fn is_vin(text: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |byte: &u8| match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => Some(u32::from(digit - b'0')),
        letter @ b'A'..=b'H' => Some(u32::from(letter - b'A') + 1),
        letter @ (b'J'..=b'N' | b'P' | b'R') => Some(u32::from(letter - b'J') + 1),
        letter @ b'S'..=b'Z' => Some(u32::from(letter - b'S') + 2),
        _ => None,
    };
    let values: Option<Vec<u32>> = text.iter().map(value).collect();
    let Some(values) = values.filter(|values| values.len() == 17) else { return false };
    if !text.iter().any(u8::is_ascii_alphabetic) || !text.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let rest = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum::<u32>() % 11;
    let check = if rest == 10 { b'X' } else { b'0' + u8::try_from(rest).unwrap_or(0) };
    text.get(8).is_some_and(|byte| byte.to_ascii_uppercase() == check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_safe_harbor_names_is_found_in_text() {
        let wanted = Wanted { dates: true, ages: true, others: true };
        for (text, found) in [
            (
                "admitted on 2024-03-05, released March 9, 2024.",
                &["2024-03-05", "March 9, 2024"][..],
            ),
            ("seen 3/4/2024 at noon", &["3/4/2024"]),
            ("a 93-year-old woman, aged 101, room 95", &["93", "101"]),
            ("he is 89 years old", &[]),
            (
                "see https://acme.example/p/7, and www.acme.example.",
                &["https://acme.example/p/7", "www.acme.example"],
            ),
            ("VIN 1HGCM82633A004352 in lot 1HGCM82633A004353", &["1HGCM82633A004352"]),
            ("version 1.2024-03-05.7, 10.0.0.1, 12345678", &[]),
            ("may 2024 be better", &[]),
        ] {
            let mut marks = Vec::new();
            find(text.as_bytes(), wanted, &mut marks);
            let values: Vec<&str> =
                marks.iter().map(|mark| text.get(mark.start..mark.end).unwrap()).collect();
            assert_eq!(values, found, "{text}");
        }
        let mut marks = Vec::new();
        find(b"2024-03-05 www.acme.example", Wanted::default(), &mut marks);
        assert_eq!(marks, []);
    }
}
