//! Where digits or a capital begin: which recognisers are worth asking.
//!
//! A log has a number in every tenth byte, and a letter a capital in every fiftieth; most of them
//! are told to be nothing by two or three bytes, before anything is read twice.

use crate::dates::may_be_month;
use crate::detector::Passed;
use crate::kinds::{contact, credential, financial, government, network, online};
use crate::lexicon::{self, is};
use crate::look::{Look, is_word};

/// A run of digits begins here. Returns up to where no number needs to be looked for again.
#[inline(always)]
pub(crate) fn number(look: &mut Look<'_>, at: usize, passed: &mut Passed) -> usize {
    let first = look.digits(at).min(32);
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
    // A few digits and nothing behind them: at most an age, or the code of a card.
    if first <= 4 && closes(next) {
        let found = match first {
            3.. if may_be_code(look, at) => government::ids::at_digits(look, at),
            ..=2 if may_be_age(look, at, next, second) => online::age(look, at),
            _ => None,
        };
        return found.unwrap_or(end);
    }
    // 10:22:33.123
    if first <= 2 && next == b':' && second.is_ascii_digit() {
        if let Some(end) = time_of_day(look, at) {
            passed.colon = passed.colon.max(end);
        }
        return clock(look, at);
    }
    let dated = match first {
        1 | 2 | 4 if matches!(next, b'-' | b'/' | b'.') => {
            let middle = look.digits(end + 1);
            matches!(middle, 1 | 2) && look.byte(end + 1 + middle) == next || middle == 4
        }
        1 | 2 => dated_in_words(look, end, next),
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
        let fraction = look.digits(end + 1);
        if fraction <= 3
            && look.byte(end + 1 + fraction) == b'.'
            && let Some(end) = network::ip::v4(look, at)
        {
            return end;
        }
        if fraction >= 4
            && let Some(end) = online::place::at_digits(look, at)
        {
            return end;
        }
    }
    if first <= 6
        && at >= passed.address
        && (matches!(next, b' ' | b',' | b'-' | b'/')
            || next.is_ascii_alphabetic() && !is_word(second))
        // `=12`, `/12`: a part of something else.
        && !(matches!(lead, b'.' | b':' | b'/' | b'-' | b'$' | b'=' | b'#')
            && is_word(look.before(at - 1)))
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
    // Digits alone, without another group: most of them are nobody's, for want of a word beside them.
    let apart = joined
        || letter
        || first == 15
        || matches!(next, b' ' | b'x' | b'X') && matches!(second, b'/' | b'-' | b'0'..=b'9');
    let plain = first >= 5 && !apart && !matches!(lead, b'(' | b'+');
    if plain {
        let may_be = look.may_say(at, &look.lexicon.sorts.numbers);
        let said = if may_be { look.context(at) } else { 0 };
        let called = said & is::PHONE != 0 || look.phone_after(end);
        if said & government::ids::ANY != 0
            && let Some(end) = government::ids::at_digits(look, at)
        {
            return end;
        }
        if first >= 6 && called {
            return contact::phone::at_digits(look, at).unwrap_or(end);
        }
        return end;
    }
    // A handful of digits is nobody's number, but for the code beside a card.
    if !letter && first < 6 && !(joined && cluster(look, at) >= 6) {
        if matches!(first, 3..=5)
            && (joined || first == 5 || may_be_code(look, at))
            && let Some(end) = government::ids::at_digits(look, at)
        {
            return end;
        }
        if first <= 2
            && may_be_age(look, at, next, second)
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
        && may_be_age(look, at, next, second)
        && let Some(end) = online::age(look, at)
    {
        return end;
    }
    if joined || first >= 6 || matches!(lead, b'(' | b'+') {
        return contact::phone::at_digits(look, at).unwrap_or(end);
    }
    end
}

/// `3 Feb`, `3rd of` a month, `3, 1984`: a day may stand before `end`.
#[inline(always)]
fn dated_in_words(look: &Look<'_>, end: usize, next: u8) -> bool {
    let gap = look.run(end, 4, |byte| {
        matches!(byte, b' ' | b'.' | b',' | b'-' | b's' | b't' | b'n' | b'd' | b'r' | b'h')
    });
    let begin = look.byte(end + gap);
    let said = match begin | 0x20 {
        b'j' | b'f' | b'm' | b'a' | b's' | b'o' | b'n' | b'd' => true,
        _ => begin.is_ascii_digit() && matches!(next, b',' | b' ' | b's' | b'n' | b'r' | b't'),
    };
    if !said {
        return false;
    }
    let ordinal = matches!(look.slice(end..end + 2), b"st" | b"nd" | b"rd" | b"th");
    let from = end + if ordinal { 2 } else { 0 };
    let from = from + look.run(from, 3, |byte| matches!(byte, b' ' | b'.' | b',' | b'-'));
    look.byte(from).is_ascii_digit() || may_be_month(look.slice(from..from + 3))
}

/// How many digits stand here with single marks between them, as far as that matters.
pub(crate) fn cluster(look: &Look<'_>, at: usize) -> usize {
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

/// `7 years old`, `12-year-old`, `age: 9`: the words that an age needs may stand beside it.
#[inline(always)]
fn may_be_age(look: &Look<'_>, at: usize, next: u8, second: u8) -> bool {
    if second == b'y' && matches!(next, b' ' | b'-') {
        return true;
    }
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    matches!(
        (look.before(before), look.byte(before)),
        (b':' | b'd' | b'D', b' ') | (b'e' | b'E', b'=') | (b'"', b':')
    )
}

/// The word directly before three or four digits may speak of the code of a card: it ends as those
/// words do.
#[inline(always)]
fn may_be_code(look: &Look<'_>, at: usize) -> bool {
    let marks = look.run_before(at, 4, |byte| matches!(byte, b' ' | b':' | b'=' | b'"' | b'#'));
    let last = look.before(at - marks);
    matches!(last | 0x20, b'v' | b'c' | b'r' | b'e') || last == b'2'
}

/// Nothing that belongs to a number, and no part of a word.
#[inline(always)]
fn closes(byte: u8) -> bool {
    static CLOSES: [bool; 256] = {
        let mut closes = [false; 256];
        let mut byte = 0_u8;
        while byte < 0x80 {
            let word = byte.is_ascii_alphanumeric() || byte == b'_';
            let joins = matches!(byte, b' ' | b',' | b'-' | b'/' | b'.' | b'(' | b')' | b':');
            #[allow(
                clippy::indexing_slicing,
                reason = "the compiler runs it, and would not build a miss"
            )]
            {
                closes[byte as usize] = !word && !joins;
            }
            byte += 1;
        }
        closes
    };
    CLOSES.get(usize::from(byte)).copied().unwrap_or(false)
}

/// The end of `10:22` or `10:22:33`, which is no address of a machine, so that its colons need no look.
#[inline(always)]
fn time_of_day(look: &Look<'_>, at: usize) -> Option<usize> {
    let eight = look.text.get(at..)?.first_chunk::<9>()?;
    let [a, b, _, c, d, mark, e, f, last] = eight;
    let pair = |one: &u8, two: &u8| one.is_ascii_digit() & two.is_ascii_digit();
    let joins = |byte: &u8| *byte == b':' || byte.is_ascii_hexdigit();
    if !(pair(a, b) && pair(c, d)) {
        return None;
    }
    if !joins(mark) {
        return Some(at + 5);
    }
    (*mark == b':' && pair(e, f) && !joins(last)).then_some(at + 8)
}

/// The end of a time of day with its fraction.
pub(crate) fn clock(look: &Look<'_>, at: usize) -> usize {
    let mut here = at;
    for _ in 0..4 {
        here += look.digits(here).min(12);
        if !(matches!(look.byte(here), b':' | b'.' | b',') && look.byte(here + 1).is_ascii_digit())
        {
            break;
        }
        here += 1;
    }
    here
}

/// A word with a capital begins here. Returns up to where no name needs to be looked for again.
#[inline(always)]
pub(crate) fn capital(look: &mut Look<'_>, at: usize, passed: &mut Passed) -> usize {
    let first = look.byte(at);
    if look.before(at) == b'-'
        && first == b'B'
        && let Some(end) = credential::token::armour(look, at)
    {
        return end;
    }
    let length = look.word(at).min(32);
    let flags = look.flags(at, length);
    // Most words with a capital begin a sentence, or are a day: what the first look at them let pass.
    if flags & lexicon::DULL != 0 && flags & lexicon::NAMES == 0 {
        return at + length;
    }
    // Streets are known, or end as long words for streets do; boxes and places of armies begin so.
    let place = flags & (is::STREET | is::UNIT) != 0
        || flags == 0 && length >= 7
        || matches!(first, b'P' | b'U' | b'F' | b'A' | b'D') && length <= 5;
    if place
        && at >= passed.address
        && let Some(end) = contact::address::at_word(look, at, flags, at + length)
    {
        passed.address = end;
    }
    // Capitals and digits: numbers of persons and devices. Without a digit in it, a word can be that
    // of a bank, or begin `AB 12 34 56 C`.
    let second = look.byte(at + 1);
    if (second.is_ascii_digit() || second.is_ascii_uppercase())
        && (look.has_digit(at, length)
            || matches!(length, 8 | 11)
            || length == 2 && look.byte(at + 2) == b' ' && look.byte(at + 3).is_ascii_digit())
        && let Some(end) = government::ids::at_word(look, at)
    {
        return end;
    }
    contact::name::capital(look, at, length, flags)
}
