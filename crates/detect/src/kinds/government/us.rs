//! Numbers of the United States.

use std::ops::Range;

use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::is;
use crate::look::{Look, is_word};

/// Social Security Administration: area, group and serial are never nought, no area 666 or 9xx.
pub(crate) static SSN: Kind = Kind {
    key: "government.us_ssn",
    title: "Social security number (US)",
    category: "user.government_id.national_identification_number",
    family: Family::Government,
    standard: "SSA, randomisation of 2011",
    examples: &[
        ("SSN 219-09-9998", "219-09-9998"),
        ("social security 219 09 9998", "219 09 9998"),
        ("ssn: 219099998", "219099998"),
    ],
    counter_examples: &[
        "000-12-3456",
        "666-12-3456",
        "219-00-9999",
        "219-09-0000",
        "1219-09-9999",
        "part 219-09-99981",
    ],
};

/// Internal Revenue Service: 9xx, and a group of 50–65, 70–88, 90–92, 94–99.
pub(crate) static ITIN: Kind = Kind {
    key: "government.us_itin",
    title: "Taxpayer identification number (US, ITIN)",
    category: "user.government_id.national_identification_number",
    family: Family::Government,
    standard: "IRS, Publication 1915",
    examples: &[
        ("ITIN 912-70-1234", "912-70-1234"),
        ("itin 912-93-1234 or 912-94-1234", "912-94-1234"),
    ],
    counter_examples: &["912-10-1234", "812-70-1234"],
};

/// Published in advertisements and forms, never valid.
const TEST: &[&[u8]] =
    &[b"078051120", b"219099999", b"123456789", b"457555462", b"111111111", b"987654321"];

/// Digits begin at `at`. Returns the end of the number, if it is one.
pub(crate) fn ssn(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let first = look.digits(at).min(10);
    let mark = look.byte(at + 3);
    let (range, digits): (Range<usize>, Vec<u8>) = match first {
        3 if matches!(mark, b'-' | b' ' | b'.') && look.byte(at + 6) == mark => {
            let text = look.slice(at..at + 11);
            let form = text.len() == 11
                && text.iter().enumerate().all(|(place, byte)| {
                    if matches!(place, 3 | 6) { *byte == mark } else { byte.is_ascii_digit() }
                });
            if !form {
                return None;
            }
            (at..at + 11, text.iter().copied().filter(u8::is_ascii_digit).collect())
        }
        9 => (at..at + 9, look.slice(at..at + 9).to_vec()),
        _ => return None,
    };
    let lead = look.before(at);
    let next = look.byte(range.end);
    let joined = |byte: u8| matches!(byte, b'-' | b'.' | b'/' | b'+');
    if is_word(lead)
        || is_word(next)
        || joined(lead) && is_word(look.before(at - 1))
        || joined(next) && is_word(look.byte(range.end + 1))
    {
        return None;
    }
    let context = look.context(at);
    let dashed = first == 3 && mark == b'-';
    let said = context & is::SSN != 0 || dashed && context & is::TAX != 0;
    let other = context & (is::PHONE_WORD | is::OTHER_NUMBER | is::LICENCE) != 0;
    let european = context & is::VAT != 0;
    if european || !said && (!dashed || other) {
        return None;
    }
    let number = |from: usize, length: usize| {
        digits
            .iter()
            .skip(from)
            .take(length)
            .fold(0_u32, |number, byte| number * 10 + u32::from(byte - b'0'))
    };
    let (area, group, serial) = (number(0, 3), number(3, 2), number(5, 4));
    if area == 0 || area == 666 || group == 0 || serial == 0 {
        return None;
    }
    let test = TEST.contains(&digits.as_slice());
    let (kind, reason) = if area >= 900 {
        if !matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99) {
            return None;
        }
        (&ITIN, "a number that the tax office gives to those without a social security number")
    } else {
        (&SSN, "the area, group and serial of a social security number")
    };
    let confidence = if said { 95 } else { 85 };
    look.push(
        kind,
        range.clone(),
        confidence,
        97,
        if said { Validated::Context } else { Validated::Form },
        test,
        reason,
    );
    Some(range.end)
}
