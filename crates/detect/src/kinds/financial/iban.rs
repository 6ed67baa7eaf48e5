//! International bank account numbers.

use crate::checks::{iban_length, is_iban};
use crate::kinds::{Family, Kind, Validated};
use crate::look::{Look, is_word};

/// ISO 13616: a country, its length in SWIFT's registry, and the check of ISO/IEC 7064 (mod 97).
pub(crate) static IBAN: Kind = Kind {
    key: "financial.iban",
    title: "Bank account number (IBAN)",
    category: "user.financial.bank_account",
    family: Family::Financial,
    standard: "ISO 13616, SWIFT IBAN registry",
    examples: &[
        ("IBAN DE89 3704 0044 0532 0130 00.", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "GB82WEST12345698765432"),
        ("my iban is gb82west12345698765432", "gb82west12345698765432"),
        ("to FR14-2004-1010-0505-0001-3M02-606", "FR14-2004-1010-0505-0001-3M02-606"),
    ],
    counter_examples: &["DE89 3704 0044 0532 0130 01", "ID12 3456 7890", "GB82WEST1234569876543"],
};

/// Values that documentation uses.
const TEST: &[&[u8]] = &[
    b"DE89370400440532013000",
    b"GB82WEST12345698765432",
    b"GB29NWBK60161331926819",
    b"FR1420041010050500013M02606",
    b"NL91ABNA0417164300",
    b"CH9300762011623852957",
    b"ES9121000418450200051332",
    b"IT60X0542811101000000123456",
    b"BE68539007547034",
    b"AT611904300234573201",
    b"DE75512108001245126199",
];

/// The two check digits begin at `at`, behind two letters. Returns the end of the number.
pub(crate) fn at_digits(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let start = at.checked_sub(2)?;
    if !look.before(at).is_ascii_alphabetic()
        || !look.byte(start).is_ascii_alphabetic()
        || !look.byte(at + 1).is_ascii_digit()
        || is_word(look.before(start))
    {
        return None;
    }
    let country =
        [look.byte(start).to_ascii_uppercase(), look.byte(start + 1).to_ascii_uppercase()];
    let length = iban_length(&country)?;
    let mut text = Vec::with_capacity(length);
    let mut here = start;
    while text.len() < length {
        let byte = look.byte(here);
        if byte.is_ascii_alphanumeric() {
            text.push(byte.to_ascii_uppercase());
        } else if !(matches!(byte, b' ' | b'-') && look.byte(here + 1).is_ascii_alphanumeric()) {
            return None;
        }
        here += 1;
    }
    if is_word(look.byte(here)) || !is_iban(&text) {
        return None;
    }
    let test = TEST.contains(&text.as_slice());
    let reason = "the length of its country, and the check digits are right";
    look.push(&IBAN, start..here, 99, 100, Validated::Checksum, test, reason);
    Some(here)
}
