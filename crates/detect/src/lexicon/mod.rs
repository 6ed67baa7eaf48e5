//! Words that say something about what stands beside them, and words that are names.
//!
//! One table for all of them: a word is looked up once and the answer is a set of bits. Words are
//! kept without accents and in small letters, so `MÜLLER`, `Müller` and `Muller` are one.

mod common;
mod context;
mod given;
mod places;
mod surnames;

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A set of what a word says.
pub(crate) type Flags = u64;

/// The meanings, one bit each.
pub(crate) mod is {
    use super::Flags;

    macro_rules! bits {
        ($($(#[$doc:meta])* $name:ident = $at:literal,)*) => {
            $($(#[$doc])* pub(crate) const $name: Flags = 1 << $at;)*
        };
    }

    bits! {
        /// A given name.
        GIVEN = 0,
        /// A family name.
        SURNAME = 1,
        /// A word that begins sentences: capitals say nothing about it.
        COMMON = 2,
        CITY = 3,
        COUNTRY = 4,
        /// A state or province, or its code.
        STATE = 5,
        /// `street`, `rue`, `platz`.
        STREET = 6,
        /// `apt`, `suite`, `floor`.
        UNIT = 7,
        /// `Mr`, `Dr`, `Frau`.
        TITLE = 8,
        /// `Inc`, `University`, `Bank`.
        ORGANISATION = 9,
        /// Days and months.
        CALENDAR = 10,
        /// `van`, `de`, `bin`.
        PARTICLE = 11,
        /// A role or a relation before a name: `uncle`, `coach`, `director`.
        ROLE = 12,
        PHONE = 13,
        BIRTH = 14,
        CARD = 15,
        SSN = 16,
        SIN = 17,
        NHS = 18,
        NINO = 19,
        AADHAAR = 20,
        PAN = 21,
        PASSPORT = 22,
        LICENCE = 23,
        MEDICARE = 24,
        NPI = 25,
        DEA = 26,
        MRN = 27,
        DIAGNOSIS = 28,
        IMEI = 29,
        SERIAL = 30,
        ACCOUNT = 31,
        ROUTING = 32,
        BIC = 33,
        VAT = 34,
        COMPANY = 35,
        CVV = 36,
        POSTAL = 37,
        AGE = 38,
        SECRET = 39,
        USER = 40,
        SESSION = 41,
        VERSION = 42,
        /// A word for numbers that are nobody's: order, ticket, build.
        OTHER_NUMBER = 43,
        PLACE = 44,
        /// `name`, `called`, `regards`.
        NAME = 45,
        ADDRESS = 46,
        ADVERTISING = 47,
        HOST = 48,
        IP = 49,
        TAX = 50,
        CHILD = 51,
        IBAN = 52,
        /// A syllable that Chinese given names are made of.
        SYLLABLE = 53,
        /// A Chinese family name, as pinyin writes it.
        PINYIN_SURNAME = 54,
        /// `identification`, `id`, `number`: with another word.
        NATIONAL = 55,
        /// A word that speaks of a telephone and of nothing else.
        PHONE_WORD = 56,
        /// `CA`, `NSW`: in capitals only.
        STATE_CODE = 57,
    }
}

/// The table: open addressing, a hash of 64 bits stands for its word.
struct Lexicon {
    slots: Vec<(u64, Flags)>,
    mask: usize,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

#[inline]
const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

impl Lexicon {
    fn new() -> Self {
        let mut lists: Vec<(&str, Flags)> = Vec::new();
        lists.extend_from_slice(context::WORDS);
        lists.extend_from_slice(common::WORDS);
        lists.extend_from_slice(places::WORDS);
        lists.extend(given::GIVEN.iter().map(|words| (*words, is::GIVEN)));
        lists.extend(surnames::SURNAMES.iter().map(|words| (*words, is::SURNAME)));
        lists.push((surnames::PINYIN, is::PINYIN_SURNAME));
        lists.push((surnames::SYLLABLES, is::SYLLABLE));
        let count: usize =
            lists.iter().map(|(words, _)| words.split_ascii_whitespace().count()).sum();
        let size = (count * 2).next_power_of_two();
        let mut table = Self { slots: vec![(0, 0); size], mask: size - 1 };
        for (words, flags) in lists {
            for word in words.split_ascii_whitespace() {
                table.add(word, flags);
            }
        }
        table
    }

    fn add(&mut self, word: &str, flags: Flags) {
        let hash = hash(word.as_bytes());
        let mut at = place(hash) & self.mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == 0 || slot.0 == hash {
                *slot = (hash, slot.1 | flags);
                return;
            }
            at = (at + 1) & self.mask;
        }
    }

    #[inline]
    fn get(&self, hash: u64) -> Flags {
        let mut at = place(hash) & self.mask;
        while let Some(slot) = self.slots.get(at) {
            if slot.1 == 0 {
                return 0;
            }
            if slot.0 == hash {
                return slot.1;
            }
            at = (at + 1) & self.mask;
        }
        0
    }
}

#[expect(clippy::cast_possible_truncation, reason = "some bits of a hash are enough for a place")]
const fn place(hash: u64) -> usize {
    (hash ^ hash >> 29) as usize
}

/// The hash of a word in small letters without accents.
#[inline]
fn hash(word: &[u8]) -> u64 {
    let mut hash = SEED;
    for byte in word {
        if *byte >= 0x80 {
            return slow_hash(word);
        }
        hash = step(hash, byte.to_ascii_lowercase());
    }
    hash
}

#[cold]
fn slow_hash(word: &[u8]) -> u64 {
    plain(word).bytes().fold(SEED, step)
}

/// A word in small letters, without accents, as far as Unicode takes them apart; the few letters
/// that it does not take apart are written as the people who use them do. Bytes that are no UTF-8
/// are read as Windows-1252.
pub(crate) fn plain(word: &[u8]) -> String {
    let text: String = match std::str::from_utf8(word) {
        Ok(text) => text.nfd().filter(|c| !is_combining_mark(*c)).collect(),
        Err(_) => {
            let wide: String = word.iter().map(|byte| crate::fold::windows_1252(*byte)).collect();
            wide.nfd().filter(|c| !is_combining_mark(*c)).collect()
        }
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            '’' => out.push('\''),
            c if is_combining_mark(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether a word, in small letters and without accents, ends in one of these.
pub(crate) fn ends_in(word: &[u8], endings: &[&str]) -> bool {
    if !word.is_ascii() {
        let plain = plain(word);
        return endings.iter().any(|ending| plain.ends_with(ending));
    }
    endings.iter().any(|ending| {
        let from = word.len().checked_sub(ending.len());
        from.and_then(|from| word.get(from..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
    })
}

/// What this word says.
#[inline]
pub(crate) fn look_up(word: &[u8]) -> Flags {
    LEXICON.get(hash(word))
}

/// What the words of this text say, all together.
pub(crate) fn context_of(text: &[u8]) -> Flags {
    let mut flags = 0;
    let mut start = None;
    for (at, byte) in text.iter().chain([&b' ']).enumerate() {
        let letter = byte.is_ascii_alphanumeric() || *byte >= 0x80;
        match (letter, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                flags |= word_flags(text.get(from..at).unwrap_or_default());
                start = None;
            }
            _ => {}
        }
    }
    flags
}

/// `phoneNumber`, `PhoneNumber`: the words of a word, if it has small letters before great ones.
pub(crate) fn word_flags(word: &[u8]) -> Flags {
    // `phone2` is a word and a number; in `683cc14a` there is no word.
    let number = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    if number > 0 && number <= 2 && look_up(word) == 0 {
        return word_flags(word.get(..word.len() - number).unwrap_or_default());
    }
    if word.first().is_none_or(u8::is_ascii_digit) {
        return 0;
    }
    if word.len() < 2 || word.len() > 24 {
        return 0;
    }
    let whole = look_up(word);
    if whole != 0 {
        return whole;
    }
    let capitals = word.iter().skip(1).any(u8::is_ascii_uppercase);
    let humps = capitals
        && word
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    if !humps {
        return whole;
    }
    let mut flags = whole;
    let mut from = 0;
    for at in 1..=word.len() {
        let cut = match (word.get(at - 1), word.get(at)) {
            (Some(a), Some(b)) => a.is_ascii_lowercase() && b.is_ascii_uppercase(),
            _ => true,
        };
        if cut {
            flags |= look_up(word.get(from..at).unwrap_or_default());
            from = at;
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case_with_and_without_accents() {
        for word in ["phone", "PHONE", "Téléphone", "telephone"] {
            assert_ne!(look_up(word.as_bytes()) & is::PHONE, 0, "{word}");
        }
        assert_ne!(look_up(b"T\xe9l\xe9phone") & is::PHONE, 0, "Latin-1");
        assert_eq!(look_up(b"phoneme"), 0);
        assert_ne!(context_of(b"\"homePhone\": \"") & is::PHONE, 0);
    }
}
