//! Numbers and codes of health care.

use super::{Family, Kind, Validated};
use crate::lexicon::is;
use crate::look::{Look, is_word};

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] = &[&NPI, &DEA, &MBI, &MRN, &ICD];

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $key:literal, $title:literal, $standard:literal, $examples:expr, $counter:expr) => {
        $(#[$doc])*
        pub(crate) static $name: Kind = Kind {
            key: $key,
            title: $title,
            category: "user.health_and_medical",
            family: Family::Health,
            standard: $standard,
            examples: $examples,
            counter_examples: $counter,
        };
    };
}

kind!(
    /// 45 CFR 162.406: ten digits, Luhn's check digit with 80840 before them.
    NPI, "health.npi", "National provider identifier (US)", "45 CFR 162.406",
    &[("NPI 1234567893", "1234567893")],
    &["NPI 1234567890", "count 1234567893"]
);
kind!(
    /// 21 CFR 1301: two letters, six digits and a check digit.
    DEA, "health.dea", "DEA registration number (US)", "21 CFR 1301",
    &[("DEA: AB1234563", "AB1234563")],
    &["DEA: AB1234564", "part AB1234563"]
);
kind!(
    /// CMS: eleven digits and letters in fixed places, without S, L, O, I, B, Z.
    MBI, "health.us_medicare", "Medicare number (US, MBI)", "CMS, MBI format",
    &[("Medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73")],
    &["Medicare 1SG4-TE5-MK73", "build 1EG4-TE5-MK73"]
);
kind!(
    /// Every house numbers its records itself.
    MRN, "health.mrn", "Medical record number", "a word before it",
    &[("MRN: 00482913", "00482913"), ("patient ID 778899", "778899")],
    &["order 00482913", "patient seen 12 times"]
);
kind!(
    /// WHO ICD-10: a letter, two digits, a dot and up to four more, behind a word for a diagnosis.
    ICD, "health.icd10", "Diagnosis code (ICD-10)", "WHO ICD-10",
    &[("Diagnosis: E11.9 since May", "E11.9"), ("dx J45.901", "J45.901")],
    &["room E11.9", "diagnosed in Q3 2024"]
);

/// Whether letters and digits are a number of the DEA.
pub(crate) fn dea(text: &[u8]) -> bool {
    let [first, second, digits @ ..] = text else { return false };
    if digits.len() != 7 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let at = |place: usize| u32::from(digits.get(place).copied().unwrap_or(b'0') - b'0');
    let sum = at(0) + at(2) + at(4) + 2 * (at(1) + at(3) + at(5));
    b"ABCDEFGHJKLMPRSTUX".contains(first)
        && (second.is_ascii_uppercase() || *second == b'9')
        && sum % 10 == at(6)
}

/// A capital stands at `at`: perhaps a code of a diagnosis. Returns its end.
pub(crate) fn icd(look: &mut Look<'_>, at: usize) -> Option<usize> {
    if !(look.byte(at + 1).is_ascii_digit() && look.byte(at + 2).is_ascii_alphanumeric()) {
        return None;
    }
    let mut end = at + 3;
    if look.byte(end) == b'.' {
        let more = look.run(end + 1, 5, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !(1..=4).contains(&more) {
            return None;
        }
        end += 1 + more;
    }
    if is_word(look.byte(end)) || look.context(at) & is::DIAGNOSIS == 0 {
        return None;
    }
    look.push(
        &ICD,
        at..end,
        75,
        86,
        Validated::Context,
        false,
        "the form of a code, and a word for a diagnosis before it",
    );
    Some(end)
}
