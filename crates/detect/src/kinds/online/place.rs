//! Where somebody is, to a few metres.

use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::is;
use crate::look::{Look, is_word};

/// ISO 6709 in decimal degrees: two numbers in range with four digits or more behind the point.
pub(crate) static COORDINATES: Kind = Kind {
    key: "online.coordinates",
    title: "Precise location (coordinates)",
    category: "user.location.precise",
    family: Family::Online,
    standard: "ISO 6709",
    examples: &[
        ("seen at 44.648618, -63.585949 today", "44.648618, -63.585949"),
        ("lat=44.648618", "44.648618"),
        ("\"longitude\": -63.585949", "-63.585949"),
    ],
    counter_examples: &["0.5, 0.25", "took 1.2345 s", "144.648618, -63.585949", "1.0.0, 2.0.0"],
};

/// A decimal number with at least four digits behind the point: its end and whole part.
fn decimal(look: &Look<'_>, at: usize, fraction: usize) -> Option<(usize, u32)> {
    let whole = look.digits(at).min(4);
    if !(1..=3).contains(&whole) || look.byte(at + whole) != b'.' {
        return None;
    }
    let digits = look.digits(at + whole + 1).min(16);
    let end = at + whole + 1 + digits;
    if digits < fraction
        || is_word(look.byte(end))
        || look.byte(end) == b'.' && look.byte(end + 1).is_ascii_digit()
    {
        return None;
    }
    let number =
        look.slice(at..at + whole).iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    Some((end, number))
}

/// Digits begin at `at`. Returns the end of the coordinates.
pub(crate) fn at_digits(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let (end, first) = decimal(look, at, 4)?;
    let sign = usize::from(look.before(at) == b'-');
    let start = at - sign;
    if is_word(look.before(start)) || look.before(start) == b'.' {
        return None;
    }
    let mut next = end;
    next += usize::from(look.byte(next) == b',');
    next += look.run(next, 2, |byte| byte == b' ');
    if next > end && first <= 90 && look.byte(end) == b',' {
        let negative = usize::from(look.byte(next) == b'-');
        if let Some((last, second)) = decimal(look, next + negative, 4)
            && second <= 180
        {
            let range = start..last;
            look.push(
                &COORDINATES,
                range,
                80,
                84,
                Validated::Form,
                false,
                "a latitude and a longitude",
            );
            return Some(last);
        }
    }
    if first <= 180 && look.context(start) & is::PLACE != 0 {
        look.push(
            &COORDINATES,
            start..end,
            75,
            84,
            Validated::Context,
            false,
            "a word before it speaks of a place",
        );
        return Some(end);
    }
    None
}
