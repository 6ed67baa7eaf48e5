//! Words that say something about what stands beside them, and words that are names.
//!
//! One table for all of them: a word is looked up once and the answer is a set of bits. Words are
//! kept without accents and in small letters, so `MÜLLER`, `Müller` and `Muller` are one.

mod common;
mod context;
pub(crate) mod first;
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

/// What a word says beyond being a name, a place or an ordinary word: these bits speak of what stands
/// beside it.
pub(crate) const BESIDE: Flags = !((is::PHONE - 1) | is::SYLLABLE | is::PINYIN_SURNAME);

/// What a word is that only begins a sentence, or is a day…
pub(crate) const DULL: Flags = is::COMMON | is::CALENDAR;
/// … unless it is one of these, too.
pub(crate) const NAMES: Flags =
    is::GIVEN | is::SURNAME | is::PINYIN_SURNAME | is::STREET | is::UNIT;

/// Words that speak of a name, directly before it.
pub(crate) const STRONG: &[&[u8]] = &[
    b"named",
    b"called",
    b"dear",
    b"liebe",
    b"lieber",
    b"cher",
    b"estimado",
    b"estimada",
    b"hi",
    b"hello",
    b"attn",
    b"hola",
    b"bonjour",
];

/// `my name is`, `I am`, `mein Name ist`.
pub(crate) const VERBS: &[&[u8]] = &[b"is", b"am", b"ist"];

/// The table: open addressing, a hash of 64 bits stands for its word.
pub(crate) struct Lexicon {
    slots: Vec<(u64, Flags)>,
    mask: usize,
    /// First looks by how a word begins.
    pub(crate) sorts: first::Sorts,
    dull: first::Dull,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// All words.
pub(crate) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

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
        let mut table = Self {
            slots: vec![(0, 0); size],
            mask: size - 1,
            sorts: first::Sorts::new(),
            dull: first::Dull::of(&[], 0, 0),
        };
        for (words, flags) in lists {
            for word in words.split_ascii_whitespace() {
                table.add(word, flags);
            }
        }
        table.dull = first::Dull::of(&table.slots, DULL, NAMES);
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
            // An empty place says nothing of any word.
            if (slot.0 == hash) | (slot.1 == 0) {
                return slot.1;
            }
            at = (at + 1) & self.mask;
        }
        0
    }

    /// What the word of 1 to 16 bytes says with which these begin.
    #[inline]
    pub(crate) fn look_up_first(&self, bytes: &[u8; 16], length: usize) -> Flags {
        let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
        let low = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
        let (low, high) = if length <= 8 {
            (low & (u64::MAX >> (64 - 8 * length.max(1))), 0)
        } else {
            (low, u64::from_le_bytes(*rest) & (u64::MAX >> (128 - 8 * length.min(16))))
        };
        if (low | high) & BEYOND_ASCII != 0 {
            return look_up(bytes.get(..length).unwrap_or_default());
        }
        self.get(short_hash(low, high, length))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "some bits of a hash are enough for a place")]
const fn place(hash: u64) -> usize {
    (hash ^ hash >> 29) as usize
}

/// The hash of a word in small letters without accents.
#[inline]
fn hash(word: &[u8]) -> u64 {
    let Some((low, high)) = sixteen(word) else {
        return long_hash(word);
    };
    if (low | high) & BEYOND_ASCII != 0 {
        return slow_hash(word);
    }
    short_hash(low, high, word.len())
}

/// The highest bit of each of eight bytes, and the bit by which small letters differ from great ones.
const BEYOND_ASCII: u64 = 0x8080_8080_8080_8080;
const SMALL: u64 = 0x2020_2020_2020_2020;

/// The bytes of a word of at most sixteen, the first in the lowest byte, noughts behind its end.
#[inline]
fn sixteen(word: &[u8]) -> Option<(u64, u64)> {
    let length = word.len();
    if let (Some(head), Some(tail)) = (word.first_chunk::<8>(), word.last_chunk::<8>()) {
        if length > 16 {
            return None;
        }
        // In two steps: a shift by 64 is none.
        let tail = u64::from_le_bytes(*tail) >> (4 * (16 - length)) >> (4 * (16 - length));
        return Some((u64::from_le_bytes(*head), tail));
    }
    if let (Some(head), Some(tail)) = (word.first_chunk::<4>(), word.last_chunk::<4>()) {
        let (head, tail) = (u32::from_le_bytes(*head), u32::from_le_bytes(*tail));
        return Some((u64::from(head) | u64::from(tail) << (8 * (length - 4)), 0));
    }
    match word {
        [] => Some((0, 0)),
        [a] => Some((u64::from(*a), 0)),
        [a, b] => Some((u64::from(*a) | u64::from(*b) << 8, 0)),
        [a, b, c, ..] => Some((u64::from(*a) | u64::from(*b) << 8 | u64::from(*c) << 16, 0)),
    }
}

/// The hash of so many bytes of ASCII in two halves, in letters of any case.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves of the product are used")]
const fn short_hash(low: u64, high: u64, length: usize) -> u64 {
    // Behind the end of the word nothing may be set: the length keeps words apart that would be one.
    let product = ((low | SMALL) ^ 0x9e37_79b9_7f4a_7c15) as u128
        * ((high | SMALL) ^ 0xd1b5_4a32_d192_ed03 ^ (length as u64) << 56) as u128;
    product as u64 ^ (product >> 64) as u64
}

fn long_hash(word: &[u8]) -> u64 {
    if !word.is_ascii() {
        return slow_hash(word);
    }
    word.iter().fold(SEED, |hash, byte| step(hash, byte.to_ascii_lowercase()))
}

/// What [`plain`] makes of the letters `À` to `ÿ`, by the second of their bytes in UTF-8; nothing for the
/// two signs among them.
#[rustfmt::skip]
const LATIN: [&[u8]; 64] = [
    b"a", b"a", b"a", b"a", b"a", b"a", b"ae", b"c", b"e", b"e", b"e", b"e", b"i", b"i", b"i", b"i", b"d", b"n",
    b"o", b"o", b"o", b"o", b"o", b"", b"o", b"u", b"u", b"u", b"u", b"y", b"th", b"ss", b"a", b"a", b"a", b"a",
    b"a", b"a", b"ae", b"c", b"e", b"e", b"e", b"e", b"i", b"i", b"i", b"i", b"d", b"n", b"o", b"o", b"o", b"o",
    b"o", b"", b"o", b"u", b"u", b"u", b"u", b"y", b"th", b"y",
];

/// As [`plain`], for a short word of ASCII and of letters of western Europe in UTF-8; most with an
/// accent are.
fn plain_latin<'r>(word: &[u8], room: &'r mut [u8; 32]) -> Option<&'r [u8]> {
    let mut length = 0;
    let mut bytes = word.iter();
    while let Some(byte) = bytes.next() {
        let small = [byte.to_ascii_lowercase()];
        let plain: &[u8] = match byte {
            0..0x80 => &small,
            0xc3 => {
                let second = bytes.next()?.checked_sub(0x80)?;
                LATIN.get(usize::from(second)).copied().filter(|plain| !plain.is_empty())?
            }
            // The apostrophe of printed text.
            0xe2 if bytes.as_slice().starts_with(b"\x80\x99") => {
                bytes.nth(1)?;
                b"'"
            }
            _ => return None,
        };
        room.get_mut(length..length + plain.len())?.copy_from_slice(plain);
        length += plain.len();
    }
    room.get(..length)
}

#[cold]
fn slow_hash(word: &[u8]) -> u64 {
    if let Some(plain) = plain_latin(word, &mut [0; 32]) {
        return match sixteen(plain) {
            Some((low, high)) => short_hash(low, high, plain.len()),
            None => plain.iter().copied().fold(SEED, step),
        };
    }
    let plain = plain(word);
    let word = plain.as_bytes();
    match sixteen(word) {
        Some((low, high)) if plain.is_ascii() => short_hash(low, high, word.len()),
        _ => word.iter().copied().fold(SEED, step),
    }
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

/// Endings of words, in small letters and without accents.
pub(crate) struct Endings {
    list: &'static [&'static str],
    /// For each last letter the letters that stand before it in an ending.
    pairs: [u32; 32],
}

impl Endings {
    /// These, of two letters or more.
    #[allow(clippy::indexing_slicing, reason = "the compiler runs it, and would not build a miss")]
    pub(crate) const fn new(list: &'static [&'static str]) -> Self {
        let mut pairs = [0; 32];
        let mut rest = list;
        while let [first, more @ ..] = rest {
            if let [.., before, last] = first.as_bytes() {
                let place = (*last & 31) as usize;
                pairs[place] |= 1 << (*before & 31);
            }
            rest = more;
        }
        Self { list, pairs }
    }

    /// Whether a word ends in one of them.
    pub(crate) fn end(&self, word: &[u8]) -> bool {
        if word.is_ascii() {
            return self.end_as_written(word);
        }
        if let Some(plain) = plain_latin(word, &mut [0; 32]) {
            return self.end_as_written(plain);
        }
        let plain = plain(word);
        self.list.iter().any(|ending| plain.ends_with(ending))
    }

    /// Whether a word ends in two letters with which one of them does.
    #[inline(always)]
    pub(crate) fn may_end(&self, before: u8, last: u8) -> bool {
        let pair = self.pairs.get(usize::from(last & 31)).copied().unwrap_or(0);
        pair >> (before & 31) & 1 == 1
    }

    /// Whether a word ends in one of them without anything left out of its letters.
    pub(crate) fn end_as_written(&self, word: &[u8]) -> bool {
        let [.., before, last] = word else {
            return false;
        };
        let pair = self.pairs.get(usize::from(*last & 31)).copied().unwrap_or(0);
        pair >> (*before & 31) & 1 == 1
            && self.list.iter().any(|ending| {
                if ending.as_bytes().last().is_none_or(|byte| (byte ^ last) & 31 != 0) {
                    return false;
                }
                let from = word.len().checked_sub(ending.len());
                from.and_then(|from| word.get(from..))
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
            })
    }
}

/// Which codes of at most six letters are syllables of Chinese given names, in a filter that lets
/// one in twenty others pass.
static SYLLABLES: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 128];
    for syllable in surnames::SYLLABLES.split_ascii_whitespace() {
        let code = plain(syllable.as_bytes()).bytes().fold(0, with_letter);
        let (at, bit) = syllable_place(code);
        if let Some(bits) = bits.get_mut(at) {
            *bits |= bit;
        }
    }
    bits
});

/// The code of some letters and one more.
#[inline]
pub(crate) const fn with_letter(code: u32, letter: u8) -> u32 {
    code << 5 | (letter & 31) as u32
}

#[inline]
const fn syllable_place(code: u32) -> (usize, u64) {
    let place = code.wrapping_mul(0x9e37_79b1) >> 19;
    ((place >> 6) as usize, 1 << (place & 63))
}

/// Whether letters of this code may be a syllable of Chinese given names; almost no others may.
#[inline]
pub(crate) fn may_be_syllable(code: u32) -> bool {
    let (at, bit) = syllable_place(code);
    SYLLABLES.get(at).is_some_and(|bits| bits & bit != 0)
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
    if word.first().is_none_or(u8::is_ascii_digit) || word.len() < 2 {
        return 0;
    }
    // `phone2` is a word and a number; in `683cc14a` there is no word.
    let number = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    if number > 0 && number <= 2 && look_up(word) == 0 {
        return word_flags(word.get(..word.len() - number).unwrap_or_default());
    }
    if word.len() > 24 {
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
    fn letters_of_western_europe_have_a_short_way_to_the_same_word() {
        let mut short = 0;
        for c in '\u{80}'..'\u{250}' {
            for word in [format!("{c}"), format!("Ab{c}'-Z"), format!("{c}{c}müller-æß{c}")] {
                let mut room = [0; 32];
                let latin = plain_latin(word.as_bytes(), &mut room);
                if let Some(latin) = latin {
                    assert_eq!(latin, plain(word.as_bytes()).as_bytes(), "{word}");
                    short += 1;
                }
                assert_eq!(latin.is_some(), ('À'..='ÿ').contains(&c) && !matches!(c, '×' | '÷'));
            }
        }
        assert_eq!(short, 3 * 62);
        for word in [b"Zo\xeb".as_slice(), b"Zo\xc3", b"\xc3\xc3\xab", b"\xc3\xab\xff"] {
            assert_eq!(plain_latin(word, &mut [0; 32]), None, "{word:?}");
        }
        assert_eq!(plain_latin("é".repeat(33).as_bytes(), &mut [0; 32]), None);
    }

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
