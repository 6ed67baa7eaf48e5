//! Telephone numbers: one number, many spellings.

use std::collections::BTreeMap;

use crate::fold::{decode, decode_before};

/// The longest number of ITU-T E.164, in digits, and the longest prefix people write before one.
const LONGEST: usize = 15 + 3;

/// The shortest number that is searched for: a country code and three digits.
const SHORTEST: usize = 4;

/// Countries whose national numbers are written without a leading 0.
const NO_TRUNK: &[&str] = &[
    "1", "30", "34", "39", "45", "47", "48", "52", "56", "57", "65", "350", "351", "352", "354",
    "356", "357", "370", "371", "372", "376", "377", "378", "420", "852", "853", "965", "968",
    "973", "974",
];

/// The length of the country code at the start of E.164 digits. ITU-T E.164 gives one digit to
/// zones 1 and 7, two to the codes below, three to every other.
fn country_code_length(digits: &str) -> usize {
    const TWO: &[&str] = &[
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
        "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
        "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    match digits.as_bytes().first() {
        Some(b'1' | b'7') => 1,
        _ if TWO.iter().any(|code| digits.starts_with(code)) => 2,
        _ => 3,
    }
}

/// Country code and national significant number of E.164 digits.
fn split_country(digits: &str) -> Option<(&str, &str)> {
    digits.split_at_checked(country_code_length(digits)).filter(|(_, rest)| !rest.is_empty())
}

/// The digits of a text that is a telephone number and nothing else, and whether it starts with
/// `+`. A label (`tel:`) before it and an extension after it are not digits of the number.
fn written(text: &str) -> Option<(String, bool)> {
    let text = text.trim();
    let text = text
        .split_once(':')
        .filter(|(label, _)| {
            matches!(
                label.to_ascii_lowercase().as_str(),
                "tel" | "sms" | "fax" | "callto" | "whatsapp"
            )
        })
        .map_or(text, |(_, rest)| rest.trim());
    let text = text.replace("(0)", "");
    let mut digits = String::new();
    let mut plus = false;
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => plus = true,
            _ if is_separator(c) => {}
            _ => return None,
        }
    }
    (!digits.is_empty() && digits.len() <= LONGEST).then_some((digits, plus))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '.' | '-' | '/' | '(' | ')' | '\u{2010}'
                ..='\u{2015}' | '\u{2212}' | '\u{ad}' | '\u{200b}'
        )
}

/// The digits of a number in its international form (E.164, without the `+`).
///
/// A number written without `+` or `00` belongs to `default_cc`; without one it is `None`.
pub fn digits_of_phone(text: &str, default_cc: Option<&str>) -> Option<String> {
    let (digits, plus) = written(text)?;
    let international = if plus {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else {
        let code = default_cc?.trim().trim_start_matches('+');
        match digits.strip_prefix("011") {
            Some(rest) if code == "1" => rest.to_owned(),
            _ if code == "1" && digits.len() >= 8 && digits.starts_with('1') => digits,
            _ if NO_TRUNK.contains(&code) => format!("{code}{digits}"),
            _ => format!("{code}{}", digits.strip_prefix('0').unwrap_or(&digits)),
        }
    };
    (4..=15).contains(&international.len()).then_some(international)
}

/// Digits as one number that keeps their count and says how they were written.
fn key(value: u64, length: usize, international: bool) -> Option<u64> {
    let ten = POWERS.get(length)?;
    Some((ten + value) * 2 + u64::from(international))
}

/// Powers of ten up to the longest number.
const POWERS: [u64; LONGEST + 1] = {
    let mut powers = [1; LONGEST + 1];
    let mut at = 1;
    while at <= LONGEST {
        #[allow(clippy::indexing_slicing)]
        {
            powers[at] = powers[at - 1] * 10;
        }
        at += 1;
    }
    powers
};

/// A number that was found.
pub(crate) struct PhoneHit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) people: Vec<usize>,
}

/// The known numbers of many people.
#[derive(Default)]
pub(crate) struct Phones {
    known: BTreeMap<u64, Vec<usize>>,
    /// The digits of the shortest known number.
    shortest: usize,
    /// A bit for each known key, so that almost every number in a log is dismissed at once.
    bits: Vec<u64>,
    /// A bit for each way in which the first four digits of a known number are written.
    heads: Vec<u64>,
}

/// How many bits there are for the keys: 8 KB hold some thousand people.
const BITS: u64 = 1 << 16;

fn bit(key: u64) -> (usize, u64) {
    let bit = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % BITS;
    (usize::try_from(bit / 64).unwrap_or(0), 1 << (bit % 64))
}

impl Phones {
    /// Adds one person's number.
    pub(crate) fn add(&mut self, person: usize, text: &str, default_cc: Option<&str>) {
        let Some((raw, _)) = written(text) else { return };
        let Some(full) = digits_of_phone(text, default_cc) else {
            // Without a country only the same digits are the same number.
            if raw.len() >= 7 {
                self.put(person, &raw, false);
            }
            return;
        };
        self.put(person, &full, true);
        let Some((code, national)) = split_country(&full) else { return };
        // INVARIANT: fewer than 7 significant digits match only in full international form.
        if national.len() < 7 {
            return;
        }
        self.put(person, &full, false);
        if NO_TRUNK.contains(&code) {
            self.put(person, national, false);
        } else {
            self.put(person, &format!("0{national}"), false);
        }
    }

    fn put(&mut self, person: usize, digits: &str, international: bool) {
        let key = digits.parse().ok().and_then(|value| key(value, digits.len(), international));
        if let Some(key) = key {
            self.shortest =
                if self.shortest == 0 { digits.len() } else { self.shortest.min(digits.len()) };
            self.bits.resize(usize::try_from(BITS / 64).unwrap_or(0), 0);
            let (cell, mask) = bit(key);
            if let Some(cell) = self.bits.get_mut(cell) {
                *cell |= mask;
            }
            if international {
                self.head(&format!("00{digits}"));
                self.head(&format!("011{digits}"));
            }
            self.head(digits);
            let people = self.known.entry(key).or_default();
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }

    /// Remembers the first four digits of a number as it may be written.
    fn head(&mut self, digits: &str) {
        self.heads.resize(10_000_usize.div_ceil(64), 0);
        let head = digits.get(..4).and_then(|head| head.parse::<usize>().ok());
        if let Some((head, cell)) =
            head.and_then(|head| Some((head, self.heads.get_mut(head / 64)?)))
        {
            *cell |= 1 << (head % 64);
        }
    }

    /// The fewest digits in which a known number is written; `None` if there is no number.
    pub(crate) fn fewest_digits(&self) -> Option<u32> {
        (!self.known.is_empty()).then(|| u32::try_from(self.shortest.max(SHORTEST)).unwrap_or(4))
    }

    /// Whether the first four digits from `first` on may be those of a known number.
    fn may_start(&self, bytes: &[u8], first: usize) -> bool {
        let mut head = 0;
        let mut digits = 0;
        for byte in bytes.get(first..).unwrap_or_default().iter().take(24) {
            match byte {
                b'0'..=b'9' => {
                    head = head * 10 + usize::from(byte - b'0');
                    digits += 1;
                    if digits == 4 {
                        return self
                            .heads
                            .get(head / 64)
                            .is_some_and(|cell| cell >> (head % 64) & 1 == 1);
                    }
                }
                b' ' | b'\t' | b'\r' | b'\n' | b'\x0b' | b'\x0c' | b'.' | b'-' | b'/' | b')' => {}
                // A zero in brackets is none of its digits; what is beyond ASCII may separate.
                b'(' | 0x80.. => return true,
                _ => return false,
            }
        }
        // Who writes so many separators writes no number.
        digits > 0
    }

    /// The longest known number whose first digit stands at `first`.
    pub(crate) fn at(&self, bytes: &[u8], first: usize) -> Option<PhoneHit> {
        if !self.may_start(bytes, first)
            || !enough_digits(bytes, first, self.shortest.max(SHORTEST))
        {
            return None;
        }
        self.number(bytes, first)
    }

    /// The same without the looks that dismiss almost every number at once.
    pub(crate) fn number(&self, bytes: &[u8], first: usize) -> Option<PhoneHit> {
        let mut start = first;
        let mut plus = false;
        match decode_before(bytes, first) {
            Some(('+', _)) => {
                plus = true;
                start = first - 1;
            }
            Some(('(', _)) if bytes.get(first.wrapping_sub(2)) == Some(&b'+') => {
                plus = true;
                start = first - 2;
            }
            Some((c, _)) if c.is_alphanumeric() || c == '_' => return None,
            _ => {}
        }
        let mut reader = Reader::new(bytes, first);
        let mut best = None;
        while reader.group() {
            if let Some(people) = self.lookup(&reader, plus)
                && bounded(bytes, start, first, &reader, plus)
            {
                best = Some((reader.end, people.clone()));
            }
            if !reader.separator() {
                break;
            }
        }
        let (mut end, people) = best?;
        // A bracket that was opened before the number closes with it, and the other way round.
        let inside = bytes.get(start..end).unwrap_or_default();
        let opened = inside.iter().filter(|byte| **byte == b'(').count();
        let closed = inside.iter().filter(|byte| **byte == b')').count();
        if closed > opened && start.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'(') {
            start -= 1;
        }
        if opened > closed && bytes.get(end) == Some(&b')') {
            end += 1;
        }
        Some(PhoneHit { start, end, people })
    }

    fn lookup(&self, reader: &Reader<'_>, plus: bool) -> Option<&Vec<usize>> {
        let (value, length) = (reader.value, reader.length);
        if length < 4 {
            return None;
        }
        let find = |value, length, international| {
            let key = key(value, length, international)?;
            let (cell, mask) = bit(key);
            if self.bits.get(cell)? & mask == 0 {
                return None;
            }
            self.known.get(&key)
        };
        if plus {
            return find(value, length, true);
        }
        // The digits begin with 00, or with 011.
        let power =
            |digits: usize| length.checked_sub(digits).and_then(|at| POWERS.get(at)).copied();
        let prefixed = if power(2).is_some_and(|power| value < power) {
            find(value, length - 2, true)
        } else if let Some(power) = power(3).filter(|power| value / power == 11) {
            find(value - 11 * power, length - 3, true)
        } else {
            None
        };
        prefixed.or_else(|| find(value, length, false))
    }
}

/// Whether enough digits for any number follow: most numbers in a log are dismissed here.
fn enough_digits(bytes: &[u8], first: usize, shortest: usize) -> bool {
    let mut digits = 0;
    let mut gap = 0;
    for byte in bytes.get(first..).unwrap_or_default().iter().take(64) {
        if byte.is_ascii_digit() {
            digits += 1;
            gap = 0;
            if digits == shortest {
                return true;
            }
        } else {
            gap += 1;
            let separates =
                matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'.' | b'-' | b'/' | b'(' | b')')
                    || *byte >= 0x80;
            if !separates || gap > 12 {
                return false;
            }
        }
    }
    false
}

/// Reads groups of digits and what stands between them.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// One past the last digit of the last group.
    end: usize,
    value: u64,
    length: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, end: at, value: 0, length: 0 }
    }

    /// Reads one group; false if there is none or the number grew too long.
    fn group(&mut self) -> bool {
        let before = self.length;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            if self.length == LONGEST {
                return false;
            }
            self.value = self.value * 10 + u64::from(digit - b'0');
            self.length += 1;
            self.at += 1;
        }
        self.end = self.at;
        // `+49 (0)30`: a zero in brackets is for callers at home.
        if self.length == before + 1
            && before > 0
            && self.value.is_multiple_of(10)
            && self.bytes.get(self.at) == Some(&b')')
            && self.bytes.get(self.at.wrapping_sub(2)) == Some(&b'(')
        {
            self.value /= 10;
            self.length -= 1;
        }
        self.at > 0
    }

    /// Steps over up to four separators; false unless a digit follows.
    fn separator(&mut self) -> bool {
        for _ in 0..5 {
            match decode(self.bytes, self.at) {
                Some(('0'..='9', _, _)) => return self.at > self.end,
                Some((c, length, _)) if is_separator(c) => {
                    self.at += length;
                }
                _ => return false,
            }
        }
        false
    }
}

/// Whether the number stands by itself: not inside a longer run of digits, however that is spaced.
fn bounded(bytes: &[u8], start: usize, first: usize, reader: &Reader<'_>, plus: bool) -> bool {
    let spaced = bytes
        .get(first..reader.end)
        .is_some_and(|inside| inside.iter().any(|byte| *byte == b' ' || *byte >= 0x80));
    // Behind it.
    let mut at = reader.end;
    let mut gap = None;
    for step in 0..3 {
        match decode(bytes, at) {
            Some(('0'..='9', _, _)) => match gap {
                None => return false,
                // In `+1 555 0100 22` the last group may belong to the number; in
                // `+15550100 22` it cannot.
                Some(' ') if spaced => return !joined_group(bytes, at),
                Some(' ') => break,
                Some(_) => return false,
            },
            Some((c, _, _)) if step == 0 && (c.is_alphabetic() && c != 'x' || c == '_') => {
                return false;
            }
            Some((c @ ('-' | '.' | '/' | '(' | ')'), length, _)) => {
                gap = Some(c);
                at += length;
            }
            Some((c, length, _)) if c == ' ' || c == '\u{a0}' => {
                gap = gap.or(Some(' '));
                at += length;
            }
            _ => break,
        }
    }
    if plus {
        return true;
    }
    // Before it.
    let mut at = start;
    let mut gap = None;
    for _ in 0..3 {
        match decode_before(bytes, at) {
            Some(('0'..='9', _)) => {
                return match gap {
                    Some(' ') => !spaced,
                    _ => false,
                };
            }
            Some((c @ ('-' | '.' | '/' | '(' | ')'), length)) => {
                gap = Some(c);
                at -= length;
            }
            Some((c, length)) if c == ' ' || c == '\u{a0}' => {
                gap = gap.or(Some(' '));
                at -= length;
            }
            Some(('+', _)) if gap.is_none() => return false,
            _ => break,
        }
    }
    true
}

/// Whether the group of digits at `at` could be the tail of a number: up to four digits that no
/// date, time or amount continues.
fn joined_group(bytes: &[u8], at: usize) -> bool {
    let length = bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    let next = bytes.get(at + length).copied().unwrap_or(b' ');
    let after = bytes.get(at + length + 1).copied().unwrap_or(b' ');
    length <= 4 && !(matches!(next, b'-' | b':' | b'/' | b'.' | b',') && after.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_has_one_e164_form() {
        let table = [
            ("+1 555 0100", None, Some("15550100")),
            ("+1 (555) 0100", None, Some("15550100")),
            ("001 555 0100", None, Some("15550100")),
            ("555-0100", Some("1"), Some("15550100")),
            ("1-212-555-0100", Some("1"), Some("12125550100")),
            ("011 49 30 123456", Some("1"), Some("4930123456")),
            ("+49 (0)30 / 123456", None, Some("4930123456")),
            ("030 123456", Some("49"), Some("4930123456")),
            ("030 123456", None, None),
            ("06 698 1", Some("39"), Some("39066981")),
            ("tel:+15550100", None, Some("15550100")),
            ("call me", Some("1"), None),
        ];
        for (text, code, expected) in table {
            assert_eq!(digits_of_phone(text, code).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn country_codes_are_split_as_the_itu_says() {
        for (digits, code) in
            [("15550100", "1"), ("4930123456", "49"), ("35312345678", "353"), ("79261234567", "7")]
        {
            assert_eq!(split_country(digits).unwrap().0, code);
        }
    }
}
