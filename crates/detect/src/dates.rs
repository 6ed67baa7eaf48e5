//! Dates in the ways people write them, and the labels before them.

use std::ops::Range;

/// Labels of a date of birth.
pub(crate) const BIRTH: &[&str] = &[
    "birth",
    "born",
    "dob",
    "d.o.b",
    "geburtsdatum",
    "geburtstag",
    "geboren",
    "geb.",
    "naissance",
    "né le",
    "née le",
    "nacimiento",
    "nascita",
    "geboortedatum",
];

/// Whether one of the words stands shortly before, on the same line.
pub(crate) fn labelled(bytes: &[u8], at: usize, words: &[&str]) -> bool {
    let head = bytes.get(at.saturating_sub(32)..at).unwrap_or_default();
    let line = memchr::memrchr(b'\n', head).map_or(0, |line| line + 1);
    let head = String::from_utf8_lossy(head.get(line..).unwrap_or_default()).to_lowercase();
    words.iter().any(|word| {
        head.match_indices(word).any(|(at, _)| {
            let before = head.get(..at).and_then(|head| head.chars().next_back());
            let after = head.get(at + word.len()..).and_then(|tail| tail.chars().next());
            let open = |c: Option<char>| !c.is_some_and(char::is_alphabetic);
            // Short words must stand alone; `birth` may be part of `birthday`.
            open(before) && (word.len() > 4 || open(after)) || *word == "birth"
        })
    })
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär",
    "mai", "okt", "dez", "fév", "avr", "juin", "juil", "aoû", "déc",
];

/// Whether a month of [`MONTHS`] may begin here: three letters of ASCII tell, others are let pass.
pub(crate) fn may_be_month(text: &[u8]) -> bool {
    let Some(three) = text.first_chunk::<3>() else { return false };
    let [a, b, c] = three.map(|byte| byte | 0x20);
    !three.is_ascii()
        || matches!(
            &[a, b, c],
            b"jan"
                | b"feb"
                | b"mar"
                | b"apr"
                | b"may"
                | b"jun"
                | b"jul"
                | b"aug"
                | b"sep"
                | b"oct"
                | b"nov"
                | b"dec"
                | b"mai"
                | b"okt"
                | b"dez"
                | b"avr"
                | b"jui"
        )
}

/// The length of the word with which a text begins, if it is a month.
fn month(text: &[u8]) -> Option<usize> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if text.get(letters).is_none_or(u8::is_ascii) {
        // `jui` begins two months, but is none.
        let fourth = text.get(3).map(|byte| byte | 0x20);
        let jui = text.get(..3).is_some_and(|three| three.eq_ignore_ascii_case(b"jui"));
        return (letters >= 3
            && may_be_month(text)
            && (!jui || matches!(fourth, Some(b'n' | b'l'))))
        .then_some(letters);
    }
    let text = String::from_utf8_lossy(text);
    let word: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let low = word.to_lowercase();
    let known = MONTHS.iter().any(|month| low.starts_with(month));
    (known && word.chars().count() >= 3).then_some(word.len())
}

fn year(text: &[u8]) -> bool {
    text.len() == 4
        && text.iter().all(u8::is_ascii_digit)
        && (text.starts_with(b"19") || text.starts_with(b"20"))
}

/// A date that starts with the digits at `start`; a month written before them belongs to it.
pub(crate) fn date(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = bytes.get(start..bytes.len().min(start + 32))?;
    let run = |from: usize| {
        rest.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let first = run(0);
    let alone = |end: usize| !bytes.get(end).is_some_and(u8::is_ascii_digit);
    // 1984-02-03, 1984/02/03
    if first == 4 && year(rest.get(..4)?) {
        let separator = *rest.get(4).filter(|byte| matches!(byte, b'-' | b'/' | b'.'))?;
        let month = run(5);
        let day = run(6 + month);
        let sound = (1..=2).contains(&month)
            && (1..=2).contains(&day)
            && rest.get(5 + month) == Some(&separator);
        return sound.then_some(start..start + 6 + month + day);
    }
    if !(1..=2).contains(&first) {
        return None;
    }
    // 03.02.1984, 3/2/84
    if let Some(separator) = rest.get(first).filter(|byte| matches!(byte, b'-' | b'/' | b'.')) {
        let month = run(first + 1);
        if (1..=2).contains(&month) && rest.get(first + 1 + month) == Some(separator) {
            let from = first + 2 + month;
            let length = run(from);
            let sound = length == 2 || year(rest.get(from..from + length)?);
            return (sound && alone(start + from + length)).then_some(start..start + from + length);
        }
    }
    let ordinal = rest
        .get(first..first + 2)
        .is_some_and(|tail| matches!(tail, b"st" | b"nd" | b"rd" | b"th"));
    let mut at = first + if ordinal { 2 } else { 0 };
    at += rest
        .get(at..)?
        .iter()
        .take(3)
        .take_while(|byte| matches!(byte, b' ' | b'.' | b',' | b'-'))
        .count();
    // Feb 3, 1984
    if run(at) == 4 && year(rest.get(at..at + 4)?) {
        let head = bytes.get(start.saturating_sub(12)..start)?;
        let text = String::from_utf8_lossy(head);
        let text = text.trim_end();
        let word = text.rsplit(|c: char| !c.is_alphabetic()).next()?;
        let low = word.to_lowercase();
        if MONTHS.iter().any(|month| low.starts_with(month)) {
            let from = start - (head.len() - (text.len() - word.len()).min(head.len()));
            return Some(from..start + at + 4);
        }
        return None;
    }
    // 3 Feb 1984, 3. Februar 1984
    if !may_be_month(rest.get(at..)?) {
        return None;
    }
    let mut end = at + month(rest.get(at..)?)?;
    end += rest
        .get(end..)?
        .iter()
        .take(2)
        .take_while(|byte| matches!(byte, b' ' | b'.' | b',' | b'-'))
        .count();
    (run(end) == 4 && year(rest.get(end..end + 4)?)).then_some(start..start + end + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_passes_the_first_look() {
        for month in MONTHS {
            assert!(may_be_month(month.to_uppercase().as_bytes()), "{month}");
        }
        assert!(!may_be_month(b"and") && !may_be_month(b"ma"));
    }
}
