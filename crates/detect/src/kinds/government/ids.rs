//! Numbers of persons, passports and licences of many countries: check digits where there are any,
//! a word beside them where there are none.

use std::ops::Range;

use crate::checks::luhn;
use crate::kinds::{Family, Kind, Validated, financial, health, network};
use crate::lexicon::{Flags, is};
use crate::look::{Look, is_word};

const NATIONAL: &str = "user.government_id.national_identification_number";

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $key:literal, $title:literal, $category:expr, $standard:literal, $examples:expr, $counter:expr) => {
        $(#[$doc])*
        pub(crate) static $name: Kind = Kind {
            key: $key,
            title: $title,
            category: $category,
            family: Family::Government,
            standard: $standard,
            examples: $examples,
            counter_examples: $counter,
        };
    };
}

kind!(
    /// Nine digits with the check digit of ISO/IEC 7812-1, none beginning with 0 or 8.
    SIN, "government.ca_sin", "Social insurance number (Canada)", NATIONAL, "Employment and Social Development Canada",
    &[("SIN: 130692544", "130692544"), ("my sin is 130 692 544", "130 692 544")],
    &["130 692 545", "job 130692544", "046 454 286"]
);
kind!(
    /// Ten digits, check digit modulo 11.
    NHS, "government.uk_nhs", "NHS number (UK)", "user.health_and_medical", "NHS Data Dictionary",
    &[("NHS no. 943 476 5919", "943 476 5919")],
    &["NHS 943 476 5918", "943 476 5919 retries"]
);
kind!(
    /// Two letters, six digits, one letter from A to D; some beginnings are never given out.
    NINO, "government.uk_nino", "National insurance number (UK)", NATIONAL, "HMRC NIM39110",
    &[("NI number AB 12 34 56 C", "AB 12 34 56 C"), ("JG103759A", "JG103759A")],
    &["BG103759A", "QQ123456C", "AB1234567C"]
);
kind!(
    /// Twelve digits with Verhoeff's check digit, the first from 2 to 9.
    AADHAAR, "government.in_aadhaar", "Aadhaar number (India)", NATIONAL, "UIDAI",
    &[("Aadhaar 2341 2341 2346", "2341 2341 2346"), ("aadhaar no: 234123412346", "234123412346")],
    &["2341 2341 2347", "id 234123412346", "1341 2341 2346"]
);
kind!(
    /// Five letters, four digits, a letter; the fourth tells the sort of holder.
    PAN, "government.in_pan", "Permanent account number (India)", "user.government_id", "Income Tax Department of India",
    &[("PAN: ABCPE1234F", "ABCPE1234F")],
    &["ABCDE1234F", "ABCPE12345"]
);
kind!(
    /// ICAO Doc 9303 leaves the number to the issuer: letters and digits behind the word.
    PASSPORT, "government.passport", "Passport number", "user.government_id.passport_number", "ICAO Doc 9303, and a word before it",
    &[("passport X1234567", "X1234567"), ("Reisepass Nr. C01X00T47", "C01X00T47"), ("Passport No: 533380006", "533380006")],
    &["passport expired 2021", "bring your passport on 12 May"]
);
kind!(
    /// Every state has a form of its own: letters and digits behind the word.
    LICENCE, "government.driving_licence", "Driving licence number", "user.government_id.drivers_license_number", "a word before it",
    &[("My driver's license number is F162823540116", "F162823540116"), ("DL: D1234567", "D1234567")],
    &["the driver license expired", "licence from 2021"]
);
kind!(
    /// Eleven digits, check digit by ISO/IEC 7064 (mod 11, 10).
    DE_TAX, "government.de_tax_id", "Tax number (Germany)", NATIONAL, "§ 139b AO, ISO/IEC 7064",
    &[("Steuer-ID 86095742719", "86095742719"), ("IdNr. 86 095 742 719", "86 095 742 719")],
    &["Steuer-ID 86095742718", "86095742719"]
);
kind!(
    /// Thirteen digits and a key: 97 less the number modulo 97.
    FR_NIR, "government.fr_nir", "Social security number (France)", NATIONAL, "INSEE, NIR",
    &[("NIR 1 84 12 76 451 089 46", "1 84 12 76 451 089 46"), ("255081416802538", "255081416802538")],
    &["255081416802539", "355081416802538"]
);
kind!(
    /// Eight digits, or X, Y, Z and seven, and a letter by the number modulo 23.
    ES_DNI, "government.es_dni", "Identity number (Spain)", NATIONAL, "Real Decreto 1553/2005",
    &[("DNI 12345678Z", "12345678Z"), ("NIE: X1234567L", "X1234567L")],
    &["DNI 12345678A", "NIE: X1234567M"]
);
kind!(
    /// Sixteen letters and digits, the last a check letter.
    IT_CF, "government.it_codice_fiscale", "Tax code (Italy)", NATIONAL, "DM 23/12/1976",
    &[("CF RSSMRA85T10A562S", "RSSMRA85T10A562S")],
    &["RSSMRA85T10A562T"]
);
kind!(
    /// Nine digits, weighted sum divisible by 11.
    AU_TFN, "government.au_tfn", "Tax file number (Australia)", NATIONAL, "Australian Taxation Office",
    &[("TFN 123 456 782", "123 456 782")],
    &["TFN 123 456 783", "ref 123 456 782"]
);
kind!(
    /// Nine digits that pass the test of eleven.
    NL_BSN, "government.nl_bsn", "Citizen service number (Netherlands)", NATIONAL, "Wet algemene bepalingen BSN",
    &[("BSN 111222333", "111222333")],
    &["BSN 111222334", "build 111222333"]
);

/// Digits with one sort of mark between them.
struct Digits {
    digits: [u8; 18],
    count: usize,
    groups: [u8; 8],
    group_count: usize,
    end: usize,
}

impl Digits {
    fn read(look: &Look<'_>, at: usize) -> Self {
        let mut out = Self { digits: [0; 18], count: 0, groups: [0; 8], group_count: 0, end: at };
        let mut here = at;
        let mut mark = None;
        loop {
            let length = look.digits(here).min(19);
            if length == 0 || out.count + length > 18 || out.group_count == 8 {
                break;
            }
            for byte in look.slice(here..here + length) {
                if let Some(slot) = out.digits.get_mut(out.count) {
                    *slot = byte - b'0';
                    out.count += 1;
                }
            }
            if let Some(slot) = out.groups.get_mut(out.group_count) {
                *slot = u8::try_from(length).unwrap_or(u8::MAX);
            }
            out.group_count += 1;
            out.end = here + length;
            let next = look.byte(out.end);
            let goes_on = matches!(next, b' ' | b'-')
                && *mark.get_or_insert(next) == next
                && look.byte(out.end + 1).is_ascii_digit();
            if !goes_on {
                break;
            }
            here = out.end + 1;
        }
        out
    }

    fn all(&self) -> &[u8] {
        self.digits.get(..self.count).unwrap_or_default()
    }

    fn groups(&self) -> &[u8] {
        self.groups.get(..self.group_count).unwrap_or_default()
    }
}

fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum()
}

fn nhs(digits: &[u8]) -> bool {
    let [head @ .., check] = digits else { return false };
    let sum = 11 - weighted(head, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    digits.len() == 10 && sum % 11 == u32::from(*check) && sum != 10
}

/// Verhoeff's check digit: the dihedral group of order ten.
fn verhoeff(digits: &[u8]) -> bool {
    const PERMUTED: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    // The product of two elements: rotations below five, reflections from five on.
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let mut check = 0;
    for (at, digit) in digits.iter().rev().enumerate() {
        let row = PERMUTED.get(at % 8);
        let value = row.and_then(|row| row.get(usize::from(*digit))).copied().unwrap_or(0);
        check = product(check, value);
    }
    check == 0
}

/// ISO/IEC 7064, mod 11, 10.
fn mod_11_10(digits: &[u8]) -> bool {
    let [head @ .., check] = digits else { return false };
    let mut product = 10_u32;
    for digit in head {
        let sum = (u32::from(*digit) + product) % 10;
        product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    (11 - product) % 10 == u32::from(*check)
}

fn nir(digits: &[u8]) -> bool {
    let (Some(number), Some(key)) = (digits.get(..13), digits.get(13..15)) else { return false };
    let value =
        |digits: &[u8]| digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(*digit));
    let month = digits.get(3..5).map_or(0, value);
    matches!(digits.first(), Some(1 | 2 | 7 | 8))
        && matches!(month, 1..=12 | 20..=42 | 50..=99)
        && 97 - value(number) % 97 == value(key)
}

fn npi(digits: &[u8]) -> bool {
    let mut whole = vec![8, 0, 8, 4, 0];
    whole.extend_from_slice(digits);
    digits.len() == 10 && matches!(digits.first(), Some(1 | 2)) && luhn(&whole)
}

fn aba(digits: &[u8]) -> bool {
    let head = digits.iter().take(2).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    digits.len() == 9
        && matches!(head, 1..=12 | 21..=32 | 61..=72 | 80)
        && weighted(digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

/// Digits begin at `at`. Returns the end of a number of a person, a device or an account.
pub(crate) fn at_digits(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let lead = look.before(at);
    if is_word(lead) || matches!(lead, b'.' | b'-' | b'+') && is_word(look.before(at - 1)) {
        return None;
    }
    let first = look.digits(at).min(19);
    let next = look.byte(at + first);
    if next.is_ascii_alphabetic() {
        return mixed(look, at);
    }
    let read = Digits::read(look, at);
    // Three digits may be the number on the back of a card, two an age; they need their word.
    if read.count < 3
        || is_word(look.byte(read.end))
        || look.byte(read.end) == b'.' && look.byte(read.end + 1).is_ascii_digit()
    {
        return None;
    }
    let digits = read.all();
    let range = at..read.end;
    let checksum = |look: &mut Look<'_>, kind, confidence, reason| {
        look.push(kind, range.clone(), confidence, 94, Validated::Checksum, false, reason);
        Some(range.end)
    };
    let right = "the check digit is right";
    let both = "a word beside it says so, and the check digit is right";
    match (digits.len(), read.groups()) {
        (15, _) if nir(digits) => return checksum(look, &FR_NIR, 85, right),
        (12, [4, 4, 4]) if verhoeff(digits) && matches!(digits.first(), Some(2..=9)) => {
            return checksum(look, &AADHAAR, 80, right);
        }
        _ => {}
    }
    // Everything else needs a word before it.
    if digits.len() > 17 {
        return None;
    }
    // Three or four digits are looked at for the word directly before them alone.
    if digits.len() < 5 && directly(look, at) & is::CVV == 0 {
        return None;
    }
    let said = look.context(at);
    if said & ANY == 0 {
        return None;
    }
    let has = |flags: Flags| said & flags != 0;
    match digits.len() {
        9 if has(is::SIN) && luhn(digits) && !matches!(digits.first(), Some(0 | 8)) => {
            checksum(look, &SIN, 92, both)
        }
        10 if has(is::NHS) && nhs(digits) => checksum(look, &NHS, 95, both),
        12 if has(is::AADHAAR) && verhoeff(digits) && matches!(digits.first(), Some(2..=9)) => {
            checksum(look, &AADHAAR, 95, both)
        }
        11 if has(is::TAX) && mod_11_10(digits) && digits.first() != Some(&0) => {
            checksum(look, &DE_TAX, 92, both)
        }
        9 if has(is::TAX)
            && weighted(digits, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
            && read.group_count != 1 =>
        {
            checksum(look, &AU_TFN, 90, both)
        }
        9 if has(is::TAX) && bsn(digits) => checksum(look, &NL_BSN, 90, both),
        10 if has(is::NPI) && npi(digits) => checksum(look, &health::NPI, 95, both),
        15 if has(is::IMEI) && luhn(digits) => checksum(look, &network::device::IMEI, 95, both),
        9 if has(is::ROUTING) && aba(digits) => {
            checksum(look, &financial::account::ROUTING, 92, both)
        }
        _ => labelled(look, range, digits.len()),
    }
}

/// The words without which digits are nobody's.
pub(crate) const ANY: Flags = is::SIN
    | is::NHS
    | is::AADHAAR
    | is::TAX
    | is::NPI
    | is::IMEI
    | is::ROUTING
    | is::ACCOUNT
    | is::CVV
    | is::PASSPORT
    | is::LICENCE
    | is::MRN
    | is::SERIAL;

fn bsn(digits: &[u8]) -> bool {
    let [head @ .., check] = digits else { return false };
    digits.len() == 9
        && (weighted(head, &[9, 8, 7, 6, 5, 4, 3, 2]) + 11 * 9 - u32::from(*check))
            .is_multiple_of(11)
        && head.iter().any(|digit| *digit != 0)
}

/// Numbers without a check digit: only the word tells them, and it stands close before.
fn labelled(look: &mut Look<'_>, range: Range<usize>, digits: usize) -> Option<usize> {
    let near = close(look, range.start);
    let has = |flags: Flags| near & flags != 0;
    let (kind, confidence): (&'static Kind, u8) = match digits {
        3 | 4
            if directly(look, range.start) & is::CVV != 0
                && look.slice(range.clone()).iter().all(u8::is_ascii_digit) =>
        {
            (&financial::account::CVV, 85)
        }
        7..=9 if has(is::PASSPORT) => (&PASSPORT, 80),
        6..=14 if has(is::LICENCE) => (&LICENCE, 78),
        5..=12 if has(is::MRN) => (&health::MRN, 75),
        6..=17 if has(is::ACCOUNT) && !has(is::PHONE_WORD) => (&financial::account::ACCOUNT, 75),
        6..=17 if has(is::SERIAL) => (&network::device::SERIAL, 60),
        _ => return None,
    };
    let end = range.end;
    look.push(kind, range, confidence, 88, Validated::Context, false, "the word before it says so");
    Some(end)
}

/// What the last few words before a value say: within 28 bytes, on the same line.
fn close(look: &Look<'_>, at: usize) -> Flags {
    let head = look.slice(at.saturating_sub(28)..at);
    let line = memchr::memrchr(b'\n', head).map_or(0, |place| place + 1);
    // A sentence or a list may have ended in between.
    let cut = head
        .iter()
        .rposition(|byte| matches!(byte, b';' | b'|' | b'?' | b'!' | b','))
        .map_or(0, |place| place + 1);
    crate::lexicon::context_of(head.get(line.max(cut)..).unwrap_or_default())
}

/// What the one word directly before a value says.
fn directly(look: &Look<'_>, at: usize) -> Flags {
    let marks = look.run_before(at, 4, |byte| matches!(byte, b' ' | b':' | b'=' | b'"' | b'#'));
    let end = at - marks;
    let length = look.run_before(end, 16, |byte| byte.is_ascii_alphanumeric());
    crate::lexicon::look_up(look.slice(end - length..end))
}

/// Letters and digits in one word, beginning at `at`: `12345678Z`, `1EG4-TE5-MK73`.
fn mixed(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let length = look.run(at, 20, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_word(look.byte(at + length)) {
        return None;
    }
    let mut room = [0; 16];
    let mut count = 0;
    for byte in look.slice(at..at + length).iter().filter(|byte| **byte != b'-') {
        *room.get_mut(count)? = *byte;
        count += 1;
    }
    let text = room.get(..count)?;
    if count < 5 {
        return None;
    }
    let range = at..at + length;
    if dni(text) && look.context(at) & (is::TAX | is::NATIONAL) != 0 {
        look.push(
            &ES_DNI,
            range.clone(),
            90,
            94,
            Validated::Checksum,
            false,
            "the check letter is right",
        );
        return Some(range.end);
    }
    if mbi(text) && look.context(at) & is::MEDICARE != 0 {
        look.push(
            &health::MBI,
            range.clone(),
            92,
            94,
            Validated::Form,
            false,
            "the form of a Medicare number, and a word beside it",
        );
        return Some(range.end);
    }
    word(look, range)
}

fn dni(text: &[u8]) -> bool {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let [first, middle @ .., check] = text else { return false };
    let lead = match first {
        b'X' => 0,
        b'Y' => 1,
        b'Z' => 2,
        digit if digit.is_ascii_digit() => u32::from(digit - b'0'),
        _ => return false,
    };
    let sound = text.len() == 9 && middle.iter().all(u8::is_ascii_digit);
    let number = middle.iter().fold(lead, |sum, byte| {
        sum.wrapping_mul(10).wrapping_add(u32::from(byte.wrapping_sub(b'0')))
    });
    sound && LETTERS.get(usize::try_from(number % 23).unwrap_or(0)) == Some(check)
}

/// Medicare Beneficiary Identifier: digits and letters in fixed places.
fn mbi(text: &[u8]) -> bool {
    let letter = |byte: u8| {
        byte.is_ascii_uppercase() && !matches!(byte, b'S' | b'L' | b'O' | b'I' | b'B' | b'Z')
    };
    text.len() == 11
        && text.iter().enumerate().all(|(at, byte)| match at {
            0 => matches!(byte, b'1'..=b'9'),
            1 | 4 | 7 | 8 => letter(*byte),
            2 | 5 => letter(*byte) || byte.is_ascii_digit(),
            _ => byte.is_ascii_digit(),
        })
}

/// A word of capitals and digits begins at `at`. Returns its end, if it is a number of somebody.
pub(crate) fn at_word(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let length = look.run(at, 34, |byte| byte.is_ascii_alphanumeric());
    let text = look.slice(at..at + length);
    if let Some(end) = nino(look, at) {
        return Some(end);
    }
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let range = at..at + length;
    if let Some(end) = financial::account::bic(look, range.clone()) {
        return Some(end);
    }
    if digits == 0 {
        return None;
    }
    if is_word(look.byte(range.end)) || !(3..=20).contains(&length) {
        return None;
    }
    let at_place = |from: usize, to: usize, class: fn(&u8) -> bool| {
        text.get(from..to).is_some_and(|part| part.iter().all(class))
    };
    let pan = length == 10
        && at_place(0, 5, u8::is_ascii_uppercase)
        && at_place(5, 9, u8::is_ascii_digit)
        && at_place(9, 10, u8::is_ascii_uppercase)
        && text.get(3).is_some_and(|byte| b"ABCFGHJLPT".contains(byte));
    let found: Option<(&'static Kind, Validated, &'static str)> = if pan {
        Some((&PAN, Validated::Form, "the form of a permanent account number"))
    } else if length == 16 && codice_fiscale(text) {
        Some((&IT_CF, Validated::Checksum, "the check letter is right"))
    } else if dni(text) {
        Some((&ES_DNI, Validated::Checksum, "the check letter is right"))
    } else if health::dea(text) && look.context(at) & is::DEA != 0 {
        Some((&health::DEA, Validated::Checksum, "the check digit is right, and a word beside it"))
    } else {
        None
    };
    if let Some((kind, validated, reason)) = found {
        look.push(kind, range.clone(), 88, 94, validated, false, reason);
        return Some(range.end);
    }
    financial::account::vat(look, range.clone())
        .or_else(|| health::icd(look, at))
        .or_else(|| word(look, range))
}

/// Letters and digits that only a word tells: passports, licences, serial numbers.
fn word(look: &mut Look<'_>, range: Range<usize>) -> Option<usize> {
    let text = look.slice(range.clone());
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let upper = text.iter().all(|byte| !byte.is_ascii_lowercase());
    if digits < 2 || text.len() < 5 || !upper && digits < 4 {
        return None;
    }
    let mut near = close(look, range.start);
    if memchr::memmem::find(look.slice(range.start.saturating_sub(6)..range.start), b"S/N")
        .is_some()
    {
        near |= is::SERIAL;
    }
    let kind: &'static Kind = if near & is::PASSPORT != 0 && (6..=10).contains(&text.len()) {
        &PASSPORT
    } else if near & is::LICENCE != 0 {
        &LICENCE
    } else if near & is::MRN != 0 && digits >= 4 {
        &health::MRN
    } else if near & is::SERIAL != 0 {
        &network::device::SERIAL
    } else {
        return None;
    };
    let end = range.end;
    look.push(kind, range, 78, 88, Validated::Context, false, "the word before it says so");
    Some(end)
}

fn nino(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let (first, second) = (look.byte(at), look.byte(at + 1));
    let letters = first.is_ascii_uppercase()
        && second.is_ascii_uppercase()
        && !b"DFIQUV".contains(&first)
        && !b"DFIQUVO".contains(&second)
        && !matches!(&[first, second], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ");
    if !letters {
        return None;
    }
    let spaced = look.byte(at + 2) == b' ';
    let mut here = at + 2;
    for pair in 0..3 {
        let blank = spaced && (pair == 0 || look.byte(here) == b' ');
        here += usize::from(blank);
        if !(look.byte(here).is_ascii_digit() && look.byte(here + 1).is_ascii_digit()) {
            return None;
        }
        here += 2;
    }
    here += usize::from(spaced && look.byte(here) == b' ');
    if !matches!(look.byte(here), b'A'..=b'D') || is_word(look.byte(here + 1)) {
        return None;
    }
    let range = at..here + 1;
    look.push(
        &NINO,
        range.clone(),
        90,
        94,
        Validated::Form,
        false,
        "the form of a national insurance number",
    );
    Some(range.end)
}

/// The check letter of the Italian tax code.
fn codice_fiscale(text: &[u8]) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let form = text.iter().enumerate().all(|(at, byte)| match at {
        6 | 7 | 9 | 10 | 12..=14 => byte.is_ascii_alphanumeric() && !byte.is_ascii_lowercase(),
        _ => byte.is_ascii_uppercase(),
    });
    let Some((check, head)) = text.split_last() else { return false };
    let value = |byte: u8| {
        u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'A') })
    };
    let sum: u32 = head
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            let value = value(*byte);
            // The first is odd.
            if at % 2 == 0 {
                usize::try_from(value).ok().and_then(|at| ODD.get(at)).copied().unwrap_or(0)
            } else {
                value
            }
        })
        .sum();
    form && sum % 26 == value(*check)
}
