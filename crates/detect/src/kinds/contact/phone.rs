//! Telephone numbers of all countries.
//!
//! A number is believed for its form (`+` and a calling code; the groups of North America, France
//! or India), or for a word beside it (`Tel.`, `mobile`, `office`). Digits alone are nobody's
//! telephone.

use std::ops::Range;

use super::phone_codes::calling_code;
use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::{self, is};
use crate::look::{Look, is_word};

/// ITU-T E.164 and E.123; the North American Numbering Plan; national plans.
pub(crate) static PHONE: Kind = Kind {
    key: "contact.phone",
    title: "Telephone number",
    category: "user.contact.phone_number",
    family: Family::Contact,
    standard: "ITU-T E.164, E.123; national plans",
    examples: &[
        ("call +1 212 555 0100, please", "+1 212 555 0100"),
        ("Ring (212) 555-0199!", "(212) 555-0199"),
        ("Tel.: 030 1234567", "030 1234567"),
        ("Fax 212.555.0188x42", "212.555.0188x42"),
        ("+41 (0)44 555 01 23 in Bern", "+41 (0)44 555 01 23"),
        ("Joindre au 01 99 00 12 34 demain", "01 99 00 12 34"),
        ("\"phone\":\"2125550100\"", "2125550100"),
        ("from 001-212-555-0177", "001-212-555-0177"),
        ("555 0142 office", "555 0142"),
        ("\"phone\":{\"number\":\"2125550100\"}", "2125550100"),
    ],
    counter_examples: &[
        "2026-11-22T10:22:33.123+0100 INFO [4711] took 12345678 us, id=1234567890123456",
        "GET /a/b/1234567890 200 5120 0.003 1732270000",
        "version 1.2.3.4 build 20261122.1015",
        "order number 4711-2233-55",
        "call id 3f2a-1234567890",
        "1 2 3 4 5 6 7 8 9",
        "on 2026-11-22 12:00 and 22.11.2026",
        "123-456-789 retried",
        "phone service: vis=40000500 oldVal=40000500",
        "mobile cpu,index=1207960804",
        "081111 004657 17337 INFO phone home",
    ],
};

/// Digits and what is between them.
struct Written {
    digits: [u8; 20],
    count: usize,
    /// Lengths of groups of digits.
    groups: [u8; 8],
    group_count: usize,
    end: usize,
    /// A separator that is no blank.
    joined: bool,
    bracket: bool,
}

/// Longer than any number of E.164 with its prefix.
const MOST_DIGITS: usize = 17;

impl Written {
    fn digits(&self) -> &[u8] {
        self.digits.get(..self.count).unwrap_or_default()
    }

    fn groups(&self) -> &[u8] {
        self.groups.get(..self.group_count).unwrap_or_default()
    }

    /// Reads from the first digit on: groups of digits with one or two marks between.
    fn read(look: &Look<'_>, at: usize, most: usize) -> Self {
        let mut out = Self {
            digits: [0; 20],
            count: 0,
            groups: [0; 8],
            group_count: 0,
            end: at,
            joined: false,
            bracket: look.before(at) == b'(',
        };
        let mut here = at;
        loop {
            let length = look.digits(here).min(MOST_DIGITS + 1);
            if length == 0 || out.count + length > most || out.group_count == 8 {
                return out;
            }
            // `+41 (0)44`: the nought is not dialled.
            let trunk = length == 1
                && look.byte(here) == b'0'
                && look.before(here) == b'('
                && look.byte(here + 1) == b')';
            if !trunk {
                for byte in look.slice(here..here + length) {
                    if let Some(slot) = out.digits.get_mut(out.count) {
                        *slot = byte - b'0';
                        out.count += 1;
                    }
                }
                if let Some(slot) = out.groups.get_mut(out.group_count) {
                    *slot = u8::try_from(length).unwrap_or(u8::MAX);
                    out.group_count += 1;
                }
            }
            out.end = here + length;
            let marks = look
                .run(out.end, 3, |byte| matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')'));
            let next = out.end + marks;
            let gap = look.slice(out.end..next);
            let fits = matches!(
                gap,
                [b' ' | b'-' | b'.' | b'/' | b')' | b'(']
                    | [b')' | b' ', b' ' | b'(']
                    | [b')', b'-' | b'/']
                    | [b' ', b'/' | b'-', b' ']
            );
            if !fits {
                return out;
            }
            if !look.byte(next).is_ascii_digit() {
                return out;
            }
            out.joined |= gap.iter().any(|byte| matches!(byte, b'-' | b'.' | b'/' | b')'));
            here = next;
        }
    }
}

/// Digits begin at `at`. Returns the end of the number, if there is one.
pub(crate) fn at_digits(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let before = look.before(at);
    if before == b'+' {
        return international(look, at, at - 1);
    }
    let open = before == b'(';
    let start = if open { at - 1 } else { at };
    let lead = look.before(start);
    if open && lead == b'+' {
        return international(look, at, start - 1);
    }
    if is_word(lead) || matches!(lead, b'.' | b'/' | b'#' | b'$' | b'-' | b'+' | b'_' | b'%' | b'~')
    {
        // `Tel./Fax`, `-Fax`: only directly behind a digit or letter is it part of something else.
        let edge = look.before(start - 1);
        if is_word(lead) || is_word(edge) || matches!(lead, b'#' | b'$' | b'%') {
            return None;
        }
    }
    let written = Written::read(look, at, MOST_DIGITS);
    // `(12345678)`: the brackets are not the number's.
    let start = if open && written.group_count == 1 { at } else { start };
    if written.count < 6 || !closed(look, written.end) {
        return shorter(look, start, at, &written);
    }
    judge(look, start, at, &written)
}

/// Nothing that continues the digits behind them.
fn closed(look: &Look<'_>, end: usize) -> bool {
    let next = look.byte(end);
    if matches!(next, b'x' | b'X') && look.byte(end + 1).is_ascii_digit() {
        return true;
    }
    let after = look.byte(end + 1);
    let part = next == b'-' && after.is_ascii_alphabetic() && !is_word(look.byte(end + 2));
    !(is_word(next)
        || part
        || next == b'%'
        || matches!(next, b'.' | b',' | b':' | b'/' | b'-') && after.is_ascii_digit())
}

/// The groups ran into something else (`212-555-0100 2026-11-22`): the form of North America is
/// known by itself.
fn shorter(look: &mut Look<'_>, start: usize, at: usize, written: &Written) -> Option<usize> {
    if written.count < 10 {
        return None;
    }
    let cut = Written::read(look, at, 11);
    if cut.count < 10 || is_word(look.byte(cut.end)) {
        return None;
    }
    north_american(look, start, at, &cut)
}

fn judge(look: &mut Look<'_>, start: usize, at: usize, written: &Written) -> Option<usize> {
    if is_date_like(written) || is_decimal(written, look, at) {
        return None;
    }
    if let Some(end) = north_american(look, start, at, written) {
        return Some(end);
    }
    let digits = written.digits();
    if let [0, 0, rest @ ..] = digits
        && written.groups().first().is_some_and(|first| (2..=7).contains(first))
        && written.group_count > 1
        && let Some((code, least, most)) = calling_code(rest)
        && (least..=most).contains(&(rest.len() - code))
        && !in_a_row(look, start)
    {
        return push(
            look,
            start..written.end,
            85,
            Validated::Form,
            "it begins with 00 and a calling code",
        );
    }
    if digits.len() > 15 {
        return None;
    }
    let before = look.context(start);
    let after = look.context_after(extension(look, written.end));
    let named = written.group_count == 1 && named_otherwise(look, start);
    let said = (before | after) & is::PHONE != 0 && !named;
    let strong = (before | after) & is::PHONE_WORD != 0;
    let other = before & (is::OTHER_NUMBER | is::VERSION | is::CARD | is::ACCOUNT) != 0;
    if said && (strong || !other) {
        let grouped = written.group_count > 1;
        let long_enough = digits.len() >= 7 || grouped && digits.len() == 6;
        let sure = strong || grouped || (9..=13).contains(&digits.len());
        let even = written.groups().iter().all(|length| *length >= 1) && written.group_count <= 6;
        if long_enough && sure && even {
            return push(
                look,
                start..extension(look, written.end),
                if strong { 90 } else { 80 },
                Validated::Context,
                "a word beside it speaks of a telephone",
            );
        }
        return None;
    }
    if other || !national(written) {
        return None;
    }
    push(look, start..written.end, 65, Validated::Form, "it is grouped as national numbers are")
}

/// `vis=40000500`, `"size":1207960804`: what stands directly before says what the digits are, and it is
/// no word for telephones.
fn named_otherwise(look: &Look<'_>, start: usize) -> bool {
    let quotes = look.run_before(start, 2, |byte| matches!(byte, b'"' | b'\''));
    let Some(mark) = (start - quotes).checked_sub(1) else { return false };
    if !matches!(look.byte(mark), b'=' | b':') {
        return false;
    }
    let quotes = look.run_before(mark, 2, |byte| matches!(byte, b'"' | b'\''));
    let end = mark - quotes;
    let length = look.run_before(end, 40, |byte| is_word(byte) || matches!(byte, b'-' | b'.'));
    let name = look.slice(end - length..end);
    // `"phone": {"number": "…"}`: says nothing by itself.
    const NEUTRAL: &[&[u8]] = &[
        b"number", b"num", b"no", b"nr", b"value", b"text", b"raw", b"home", b"work", b"main",
        b"primary", b"e164",
    ];
    let neutral = NEUTRAL.iter().any(|word| name.eq_ignore_ascii_case(word));
    length > 0 && !neutral && lexicon::context_of(name) & (is::PHONE | is::PHONE_WORD) == 0
}

/// Digits and a blank stand before it: one of the columns of a table or a log.
fn in_a_row(look: &Look<'_>, start: usize) -> bool {
    look.before(start) == b' ' && look.before(start.saturating_sub(1)).is_ascii_digit()
}

/// Forms that stand for themselves: pairs after a nought (France), `0ddd dddddd` (United Kingdom,
/// Germany), five and five (India).
fn national(written: &Written) -> bool {
    let [first, second, ..] = written.digits() else { return false };
    let trunk = *first == 0 && (1..=9).contains(second);
    match written.groups() {
        [2, 2, 2, 2, 2] => trunk,
        [5, 5] => (6..=9).contains(first) && !written.joined,
        [5, 6] | [4, 3, 3] | [4, 3, 4] | [3, 4, 4] | [3, 3, 4] | [2, 4, 4] | [3, 3, 2, 2] => trunk,
        _ => false,
    }
}

/// The end of `x42` directly behind a number.
fn extension(look: &Look<'_>, end: usize) -> usize {
    if !matches!(look.byte(end), b'x' | b'X') {
        return end;
    }
    let digits = look.digits(end + 1).min(7);
    if (1..=6).contains(&digits) && !is_word(look.byte(end + 1 + digits)) {
        end + 1 + digits
    } else {
        end
    }
}

/// `(ddd) ddd-dddd`, `ddd-ddd-dddd`, `ddd.ddd.dddd`, with 1 or 001 before.
fn north_american(
    look: &mut Look<'_>,
    start: usize,
    at: usize,
    written: &Written,
) -> Option<usize> {
    let groups = written.groups();
    let ten = match (groups, written.digits()) {
        ([3, 3, 4], digits) => digits,
        ([1, 3, 3, 4], [1, digits @ ..]) => digits,
        ([3, 3, 3, 4], [0, 0, 1, digits @ ..]) => digits,
        _ => return None,
    };
    let long = groups.len() == 4;
    let [area, _, _, exchange, ..] = ten else { return None };
    let area_sound = *area >= 2 || long && *area == 0;
    if !written.joined || !closed(look, written.end) {
        return None;
    }
    let sound = *area >= 2 && *exchange >= 2;
    let end = extension(look, written.end);
    let formatted = written.bracket || groups.len() == 4 || single_mark(look, at, written.end);
    if !formatted {
        return None;
    }
    let before = look.before(start);
    if matches!(before, b'-' | b'.' | b'/') {
        return None;
    }
    if sound {
        return push(
            look,
            start..end,
            92,
            Validated::Form,
            "it is grouped as numbers of North America are",
        );
    }
    let said = (look.context(start) | look.context_after(end)) & is::PHONE != 0;
    if said || end > written.end || area_sound && long || written.bracket && *area != 0 {
        return push(
            look,
            start..end,
            75,
            Validated::Form,
            "it is grouped as numbers of North America are",
        );
    }
    (*area >= 2).then_some(())?;
    push(look, start..end, 60, Validated::Form, "it is grouped as numbers of North America are")
}

/// The same mark, `-` or `.`, between all groups.
fn single_mark(look: &Look<'_>, at: usize, end: usize) -> bool {
    let mut marks = look.slice(at..end).iter().filter(|byte| !byte.is_ascii_digit());
    let Some(first) = marks.next() else { return false };
    matches!(first, b'-' | b'.') && marks.all(|mark| mark == first)
}

/// Digits behind a `+` at `sign`.
fn international(look: &mut Look<'_>, at: usize, sign: usize) -> Option<usize> {
    if is_word(look.before(sign)) || look.before(sign) == b'+' || look.byte(at) == b'0' {
        return None;
    }
    let mut most = 15;
    loop {
        let written = Written::read(look, at, most);
        let (code, least, longest) = calling_code(written.digits())?;
        let national = written.count - code;
        if national > longest {
            // `+1 212 555 0100 22`: what does not fit is something else.
            most = written.count - usize::from(*written.groups().last()?);
            if written.group_count < 2 {
                // A digit too many is a slip; what begins with a plus is meant as a number.
                let end = written.end;
                let slip = national <= longest + 2 && !is_word(look.byte(end));
                return slip
                    .then(|| {
                        push(
                            look,
                            sign..end,
                            70,
                            Validated::Form,
                            "it begins with a plus and a calling code",
                        )
                    })
                    .flatten();
            }
            continue;
        }
        let trunk_written = look.slice(at..written.end).windows(3).any(|three| three == b"(0)");
        let fits = national >= least || trunk_written && national + 1 >= least || national >= 7;
        let end = written.end;
        if !fits || is_word(look.byte(end)) && extension(look, end) == end {
            return None;
        }
        let grouped = written.group_count > 1;
        // `+14155550100` in a sum of digits is rare; a plus and few digits are not.
        let confidence = if grouped || national >= 9 { 95 } else { 80 };
        let end = extension(look, end);
        return push(
            look,
            sign..end,
            confidence,
            Validated::Form,
            "it begins with a plus and a calling code",
        );
    }
}

fn push(
    look: &mut Look<'_>,
    range: Range<usize>,
    confidence: u8,
    validated: Validated,
    reason: &'static str,
) -> Option<usize> {
    let end = range.end;
    let test = is_fiction(look.slice(range.clone()));
    look.push(&PHONE, range, confidence, confidence, validated, test, reason);
    Some(end)
}

/// Numbers kept for fiction: 555-01xx in North America, Ofcom's ranges for drama.
fn is_fiction(text: &[u8]) -> bool {
    let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
    let tail = digits.len().checked_sub(7).and_then(|from| digits.get(from..)).unwrap_or_default();
    tail.starts_with(b"55501")
        || [&b"447700900"[..], b"07700900", b"442079460", b"02079460"]
            .iter()
            .any(|lead| digits.starts_with(lead))
}

/// `2026-11-22`, `22.11.2026`, with a clock behind.
fn is_date_like(written: &Written) -> bool {
    let number = |from: usize, length: usize| {
        written
            .digits
            .iter()
            .skip(from)
            .take(length)
            .fold(0_u32, |number, digit| number * 10 + u32::from(*digit))
    };
    let day = |number: u32| (1..=31).contains(&number);
    let year = |number: u32| (1900..=2099).contains(&number);
    match written.groups() {
        [4, 2, 2, ..] | [4, 1, 2, ..] | [4, 2, 1, ..] => year(number(0, 4)) && number(4, 2) <= 31,
        [2, 2, 4, ..] => day(number(0, 2)) && day(number(2, 2)) && year(number(4, 4)),
        [1, 2, 4, ..] => day(number(0, 1)) && day(number(1, 2)) && year(number(3, 4)),
        [2, 1, 4, ..] => day(number(0, 2)) && day(number(2, 1)) && year(number(3, 4)),
        [1, 1, 4, ..] => year(number(2, 4)),
        [8, 4 | 6] => year(number(0, 4)),
        [8] => year(number(0, 4)) && (1..=12).contains(&number(4, 2)) && day(number(6, 2)),
        [14] => year(number(0, 4)),
        [4, 4] => year(number(0, 4)) && year(number(4, 4)),
        _ => false,
    }
}

/// `12345.67`, `1.234.567`.
fn is_decimal(written: &Written, look: &Look<'_>, at: usize) -> bool {
    let mut marks = look.slice(at..written.end).iter().filter(|byte| !byte.is_ascii_digit());
    let dots = marks.clone().count();
    dots == 1 && marks.all(|mark| *mark == b'.')
        || dots > 1
            && marks.all(|mark| *mark == b'.')
            && written.groups().iter().skip(1).all(|length| *length == 3)
}
