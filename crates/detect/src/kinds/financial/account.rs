//! Bank accounts, routes to banks, codes of cards, numbers of companies.

use std::ops::Range;

use crate::kinds::{Family, Kind, Validated};
use crate::lexicon::is;
use crate::look::{Look, is_word};

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $key:literal, $title:literal, $category:literal, $standard:literal, $examples:expr, $counter:expr) => {
        $(#[$doc])*
        pub(crate) static $name: Kind = Kind {
            key: $key,
            title: $title,
            category: $category,
            family: Family::Financial,
            standard: $standard,
            examples: $examples,
            counter_examples: $counter,
        };
    };
}

kind!(
    /// ABA: nine digits in known districts, weighted sum divisible by ten.
    ROUTING, "financial.us_routing", "Bank routing number (US)", "user.financial.bank_account", "ABA key to routing numbers",
    &[("routing 021000021", "021000021")],
    &["routing 021000022", "id 021000021"]
);
kind!(
    /// Banks number accounts as they like: digits behind the word.
    ACCOUNT, "financial.account", "Bank account number", "user.financial.bank_account", "a word before it",
    &[("account number 000123456789", "000123456789"), ("Konto 1234567", "1234567")],
    &["account since 2021", "3 accounts"]
);
kind!(
    /// The three or four digits printed on a card, beside their word.
    CVV, "financial.cvv", "Card verification code", "user.financial.credit_card", "EMV, a word before it",
    &[("CVV: 123", "123"), ("cvc 4321", "4321")],
    &["cvv missing in 123 rows", "security 2024"]
);
kind!(
    /// ISO 9362: a bank, a country, a place, perhaps a branch; behind its word.
    BIC, "financial.bic", "Bank identifier (BIC)", "user.financial.bank_account", "ISO 9362",
    &[("BIC: DEUTDEFF500", "DEUTDEFF500"), ("SWIFT NEDSZAJJ", "NEDSZAJJ")],
    &["SWIFT PACKAGE", "DEUTDEFF500"]
);
kind!(
    /// VIES: a country and its form of number.
    VAT, "financial.eu_vat", "VAT number (EU)", "user.financial", "VIES",
    &[("USt-IdNr. DE136695976", "DE136695976"), ("VAT ATU13585627", "ATU13585627"), ("TVA FR40303265045", "FR40303265045")],
    &["VAT DE13669597", "part DE136695976"]
);

/// A word of capital letters: a BIC, if its word stands before it.
pub(crate) fn bic(look: &mut Look<'_>, range: Range<usize>) -> Option<usize> {
    let text = look.slice(range.clone());
    let upper = text.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let letters = text.iter().take(6).all(u8::is_ascii_uppercase);
    if !matches!(text.len(), 8 | 11) || !upper || !letters || is_word(look.byte(range.end)) {
        return None;
    }
    let country = text.get(4..6)?;
    let known = crate::checks::iban_length(country).is_some()
        || OTHERS.iter().any(|code| code.as_slice() == country);
    if !known || look.context(range.start) & is::BIC == 0 {
        return None;
    }
    let end = range.end;
    look.push(
        &BIC,
        range,
        88,
        90,
        Validated::Context,
        false,
        "the form of a bank's identifier, and its word before it",
    );
    Some(end)
}

/// Countries without IBANs whose banks have identifiers (ISO 3166-1).
const OTHERS: &[&[u8; 2]] = &[
    b"US", b"CA", b"AU", b"NZ", b"JP", b"CN", b"HK", b"SG", b"IN", b"ZA", b"KR", b"TW", b"TH",
    b"MY", b"ID", b"PH", b"VN", b"MX", b"AR", b"CL", b"CO", b"PE", b"NG", b"KE", b"GH", b"MA",
    b"RU", b"BD", b"LK", b"NP",
];

/// Letters of a country and its number, behind a word for taxes.
pub(crate) fn vat(look: &mut Look<'_>, range: Range<usize>) -> Option<usize> {
    let text = look.slice(range.clone());
    let (country, body) = text.split_at_checked(2)?;
    let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    let form = match country {
        b"AT" => body.first() == Some(&b'U') && digits == 8 && body.len() == 9,
        b"BE" | b"PL" | b"SK" => digits == 10 && body.len() == 10,
        b"BG" => matches!(digits, 9 | 10) && body.len() == digits,
        b"CY" => digits == 8 && body.len() == 9,
        b"CZ" => matches!(digits, 8..=10) && body.len() == digits,
        b"DE" | b"EE" | b"EL" | b"PT" => digits == 9 && body.len() == 9,
        b"DK" | b"FI" | b"HU" | b"LU" | b"MT" | b"SI" => digits == 8 && body.len() == 8,
        b"ES" => digits >= 7 && body.len() == 9,
        b"FR" => digits >= 9 && body.len() == 11,
        b"GB" | b"XI" => matches!(digits, 9 | 12) && body.len() == digits,
        b"HR" | b"IT" | b"LV" => digits == 11 && body.len() == 11,
        b"IE" => digits >= 6 && matches!(body.len(), 8 | 9),
        b"LT" => matches!(digits, 9 | 12) && body.len() == digits,
        b"NL" => digits == 11 && body.len() == 12 && body.get(9) == Some(&b'B'),
        b"RO" => matches!(digits, 2..=10) && body.len() == digits,
        b"SE" => digits == 12 && body.len() == 12,
        _ => false,
    };
    if !form || look.context(range.start) & (is::VAT | is::TAX) == 0 {
        return None;
    }
    let end = range.end;
    look.push(
        &VAT,
        range,
        88,
        90,
        Validated::Context,
        false,
        "the form of its country, and a word for taxes before it",
    );
    Some(end)
}
