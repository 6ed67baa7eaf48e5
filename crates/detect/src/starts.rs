//! Where digits or a capital begin: which recognisers are worth asking.
//!
//! A log has a number in every tenth byte, and a letter a capital in every fiftieth; most of them
//! are told to be nothing by two or three bytes, before anything is read twice.

use crate::detector::Passed;
use crate::kinds::{contact, credential, financial, government, network, online};
use crate::lexicon::{self, is};
use crate::look::{Look, is_word};

/// A run of digits begins here. Returns up to where no number needs to be looked for again.
pub(crate) fn number(look: &mut Look<'_>, at: usize, passed: &mut Passed) -> usize {
    let first = look.run(at, 32, |byte| byte.is_ascii_digit());
    let end = at + first;
    let lead = look.before(at);
    let next = look.byte(end);
    let second = look.byte(end + 1);
    if is_word(lead) && lead < 0x80 {
        // Inside a word: the check digits of an IBAN, or nothing.
        if first >= 2 && lead.is_ascii_alphabetic() {
            let _ = financial::iban::at_digits(look, at);
        }
        return end;
    }
    if first > 19 {
        return end;
    }
    // 10:22:33.123
    if first <= 2 && next == b':' && second.is_ascii_digit() {
        return clock(look, at);
    }
    let dated = match first {
        1 | 2 | 4 if matches!(next, b'-' | b'/' | b'.') => second.is_ascii_digit(),
        1 | 2 => {
            let word = end
                + look.run(end, 4, |byte| {
                    matches!(
                        byte,
                        b' ' | b'.' | b',' | b'-' | b's' | b't' | b'n' | b'd' | b'r' | b'h'
                    )
                });
            matches!(look.byte(word) | 0x20, b'j' | b'f' | b'm' | b'a' | b's' | b'o' | b'n' | b'd')
                || look.byte(word).is_ascii_digit()
                    && matches!(next, b',' | b' ' | b's' | b'n' | b'r' | b't')
        }
        _ => false,
    };
    if dated && let Some(end) = contact::birth::at_digits(look, at) {
        // `2026-11-22T10:22:33`: the time is part of it.
        if matches!(look.byte(end), b'T' | b' ') && look.byte(end + 3) == b':' {
            return clock(look, end + 1);
        }
        return end;
    }
    if first <= 3 && next == b'.' && second.is_ascii_digit() {
        if let Some(end) = network::ip::v4(look, at) {
            return end;
        }
        if let Some(end) = online::place::at_digits(look, at) {
            return end;
        }
    }
    if first <= 6
        && at >= passed.address
        && let Some(end) = contact::address::at_digits(look, at)
    {
        passed.address = end;
    }
    let letter = next.is_ascii_alphabetic();
    let mark = matches!(next, b' ' | b'-' | b'.' | b'/' | b'(' | b')');
    let joined = mark
        && (second.is_ascii_digit()
            || matches!(second, b' ' | b'(' | b'-' | b')' | b'/')
                && look.byte(end + 2).is_ascii_digit()
            || second == b' ');
    if ((4..=6).contains(&first) && joined || first >= 12)
        && let Some(end) = financial::card::at_digits(look, at)
    {
        return end;
    }
    if (first == 3 && joined && look.byte(at + 6) == next || first == 9)
        && let Some(end) = government::us::ssn(look, at)
    {
        return end;
    }
    // A handful of digits is nobody's number, but for the code beside a card.
    if !letter && first < 6 && !(joined && cluster(look, at) >= 6) {
        if matches!(first, 3..=5)
            && let Some(end) = government::ids::at_digits(look, at)
        {
            return end;
        }
        if first <= 2
            && let Some(end) = online::age(look, at)
        {
            return end;
        }
        return end;
    }
    if (first >= 3 || joined || letter)
        && let Some(end) = government::ids::at_digits(look, at)
    {
        return end;
    }
    if first <= 2
        && let Some(end) = online::age(look, at)
    {
        return end;
    }
    if joined || first >= 6 || matches!(lead, b'(' | b'+') {
        return contact::phone::at_digits(look, at).unwrap_or(end);
    }
    end
}

/// How many digits stand here with single marks between them, as far as that matters.
fn cluster(look: &Look<'_>, at: usize) -> usize {
    let mut digits = 0;
    let mut gap = 0;
    for byte in look.slice(at..at + 28) {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                gap = 0;
            }
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if gap < 3 => gap += 1,
            _ => break,
        }
    }
    digits
}

/// The end of a time of day with its fraction.
fn clock(look: &Look<'_>, at: usize) -> usize {
    let mut here = at;
    for _ in 0..4 {
        here += look.run(here, 12, |byte| byte.is_ascii_digit());
        if !(matches!(look.byte(here), b':' | b'.' | b',') && look.byte(here + 1).is_ascii_digit())
        {
            break;
        }
        here += 1;
    }
    here
}

/// A word with a capital begins here. Returns up to where no name needs to be looked for again.
pub(crate) fn capital(look: &mut Look<'_>, at: usize, passed: &mut Passed) -> usize {
    let first = look.byte(at);
    if look.before(at) == b'-'
        && first == b'B'
        && let Some(end) = credential::token::armour(look, at)
    {
        return end;
    }
    let length = look.run(at, 32, is_word);
    let word = look.slice(at..at + length);
    let flags = lexicon::look_up(word);
    const NAMES: u64 = is::GIVEN | is::SURNAME | is::PINYIN_SURNAME | is::STREET | is::UNIT;
    // Most words with a capital begin a sentence, or are a day.
    if flags & (is::COMMON | is::CALENDAR) != 0 && flags & NAMES == 0 {
        return at + length;
    }
    if at >= passed.address
        && let Some(end) = contact::address::at_word(look, at, flags, at + length)
    {
        passed.address = end;
    }
    // Capitals and digits: numbers of persons and devices.
    let second = look.byte(at + 1);
    if (second.is_ascii_digit() || second.is_ascii_uppercase())
        && let Some(end) = government::ids::at_word(look, at)
    {
        return end;
    }
    contact::name::capital(look, at)
}
