//! Payment cards.

use crate::checks::{is_card, luhn};
use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::is;
use crate::look::{Look, is_word};

/// ISO/IEC 7812-1: an issuer's range, its length, and the check digit of annex B.
pub(crate) static CARD: Kind = Kind {
    key: "financial.card",
    title: "Payment card number",
    category: "user.financial.credit_card",
    family: Family::Financial,
    standard: "ISO/IEC 7812-1",
    examples: &[
        ("card 4111-1111-1111-1111 exp 12/30", "4111-1111-1111-1111"),
        ("paid with 3782 822463 10005", "3782 822463 10005"),
        ("5555555555554444", "5555555555554444"),
    ],
    counter_examples: &[
        "4111 1111 1111 1112",
        "id=1234567890123456",
        "0000000000000000",
        "14111111111111111",
        "request 4111111111111111-7f3a",
        "REPORT : 7031 5020 150604 240",
        "value 4800.935999999999",
    ],
};

/// Numbers that payment services publish for tests.
const TEST: &[&[u8]] = &[
    b"4111111111111111",
    b"4242424242424242",
    b"4012888888881881",
    b"4000056655665556",
    b"5555555555554444",
    b"5105105105105100",
    b"2223003122003222",
    b"5200828282828210",
    b"378282246310005",
    b"371449635398431",
    b"378734493671000",
    b"6011111111111117",
    b"6011000990139424",
    b"30569309025904",
    b"38520000023237",
    b"3530111333300000",
    b"3566002020360505",
    b"3056930009020004",
    b"36227206271667",
    b"6200000000000005",
    b"4222222222222",
    b"5019717010103742",
    b"6331101999990016",
    b"4000000000000002",
    b"4000000000009995",
];

/// Fours and a rest, four-six-five (American Express), four-six-four (Diners Club), six and the rest.
fn as_embossed(groups: &[usize]) -> bool {
    match groups {
        [4, 6, 4 | 5] => true,
        [6, rest] => *rest >= 6,
        [fours @ .., 1..=5] => fours.len() >= 2 && fours.iter().all(|length| *length == 4),
        _ => false,
    }
}

/// Digits begin at `at`. Returns the end of the number, if it is one.
pub(crate) fn at_digits(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let first = look.digits(at).min(20);
    let mark = look.byte(at + first);
    let grouped = matches!(first, 4..=6) && matches!(mark, b' ' | b'-' | b'.');
    if !(grouped || (12..=19).contains(&first)) {
        return None;
    }
    let lead = look.before(at);
    if is_word(lead) || matches!(lead, b'.' | b'-') && is_word(look.before(at - 1)) {
        return None;
    }
    let mut digits = [0_u8; 19];
    let mut count = 0;
    let mut here = at;
    let mut end = at;
    let mut groups = [0_usize; 8];
    let mut group_count = 0;
    loop {
        let length = look.digits(here).min(20);
        if length == 0 || count + length > 19 {
            break;
        }
        for byte in look.slice(here..here + length) {
            if let Some(slot) = digits.get_mut(count) {
                *slot = byte - b'0';
                count += 1;
            }
        }
        end = here + length;
        if let Some(slot) = groups.get_mut(group_count) {
            *slot = length;
            group_count += 1;
        }
        if !grouped || look.byte(end) != mark {
            break;
        }
        here = end + 1;
        // Groups of cards have three to six digits, the last one may be shorter.
        if length < 3 {
            break;
        }
    }
    let digits = digits.get(..count).unwrap_or_default();
    let next = look.byte(end);
    let goes_on = is_word(next)
        || matches!(next, b'-' | b'.') && is_word(look.byte(end + 1))
        || next == mark && grouped && look.byte(end + 1).is_ascii_digit();
    if goes_on || !luhn(digits) {
        return None;
    }
    let context = look.context(at);
    // `5020 150604 240`: numbers beside each other.
    let shaped = as_embossed(groups.get(..group_count).unwrap_or_default());
    if grouped && !shaped && context & is::CARD == 0 {
        return None;
    }
    let issued = is_card(digits);
    if !(issued || context & is::CARD != 0 && (12..=19).contains(&count)) {
        return None;
    }
    let other = context & is::OTHER_NUMBER != 0 && context & is::CARD == 0;
    // One number in ten passes the check digit, and a log has many.
    if other && !grouped {
        return None;
    }
    let said = context & is::CARD != 0;
    // `"span":4716…`, `id=4716…`: a number that something else gives its name.
    let blanks = look.run_before(at, 2, |byte| byte == b' ');
    if !said && !grouped && matches!(look.before(at - blanks), b':' | b'=' | b',') {
        return None;
    }
    let confidence = if said || grouped { 98 } else { 85 };
    let plain: Vec<u8> = digits.iter().map(|digit| digit + b'0').collect();
    let test = TEST.contains(&plain.as_slice());
    let reason = if issued {
        "a card issuer's range, and the check digit is right"
    } else {
        "a word before it speaks of a card, and the check digit is right"
    };
    let confidence = if issued { confidence } else { 75 };
    look.push(&CARD, at..end, confidence, 99, Validated::Checksum, test, reason);
    Some(end)
}
