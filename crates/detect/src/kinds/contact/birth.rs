//! Dates of birth: a date, and a word that says that somebody was born.

use crate::dates::date;
use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::is;
use crate::look::{Look, is_word};

/// ISO 8601 and the ways people write dates; a label is needed.
pub(crate) static BIRTH_DATE: Kind = Kind {
    key: "contact.birth_date",
    title: "Date of birth",
    category: "user.demographic.date_of_birth",
    family: Family::Contact,
    standard: "ISO 8601, and a label",
    examples: &[
        ("DOB 1984-02-03", "1984-02-03"),
        ("born 3 Feb 1984 in Bern", "3 Feb 1984"),
        ("Geburtsdatum: 03.02.1984", "03.02.1984"),
        ("date de naissance : 3 février 1984", "3 février 1984"),
        ("\"date_of_birth\": \"1984-02-03\"", "1984-02-03"),
        ("born February 3, 1984", "February 3, 1984"),
        ("birthDate=1984/02/03", "1984/02/03"),
    ],
    counter_examples: &["on 1984-02-03 it rained", "2026-11-22T10:22:33 started", "due 03.02.2027"],
};

/// Digits begin at `at`: a date, which is handed on, or one of birth, which is found. Returns its
/// end.
pub(crate) fn at_digits(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let length = look.digits(at).min(5);
    if !matches!(length, 1 | 2 | 4) || is_word(look.before(at)) && look.before(at) < 0x80 {
        return None;
    }
    let next = look.byte(at + length);
    if !matches!(next, b'-' | b'/' | b'.' | b' ' | b',' | b's' | b'n' | b'r' | b't') {
        return None;
    }
    let head = at.saturating_sub(24);
    let view = look.slice(head..at + 40);
    let found = date(view, at - head)?;
    let range = head + found.start..head + found.end;
    // `28-64-66-98` is something else.
    let text = look.slice(range.clone());
    let goes_on = matches!(look.byte(range.end), b'-' | b'/' | b'.')
        && look.byte(range.end + 1).is_ascii_digit();
    if goes_on || !possible(text) {
        return None;
    }
    if is_word(look.byte(range.end)) && look.byte(range.end) != b'T' {
        return None;
    }
    let may_be = look.may_say(range.start, &look.lexicon.sorts.births);
    if may_be && look.context(range.start) & is::BIRTH != 0 {
        look.push(
            &BIRTH_DATE,
            range.clone(),
            90,
            96,
            Validated::Context,
            false,
            "a date, and the words before it speak of a birth",
        );
    }
    Some(range.end)
}

/// Whether a date of digits alone names a day of some month.
fn possible(text: &[u8]) -> bool {
    if text.iter().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80) {
        return true;
    }
    let mut parts = text
        .split(|byte| !byte.is_ascii_digit())
        .map(|part| part.iter().fold(0, |number, byte| number * 10 + u32::from(byte - b'0')));
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let day = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    if first > 31 { day(third, second) } else { day(first, second) || day(second, first) }
}
