//! One spelling for every way of writing the same text.
//!
//! Bytes become characters (UTF-8, and Windows-1252 where they are not UTF-8), composed (NFC) and
//! in lower case. White space of any length and kind becomes one space, also across a line break
//! and the `>` of a quoted mail; soft hyphens and characters without width vanish; typographic
//! apostrophes and dashes become `'` and `-`. Accents stay: `ë` is never `e`. `ß` stays `ß`.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// One folded character and the bytes it stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoldChar {
    /// The character after folding.
    pub(crate) c: char,
    /// First byte it stands for.
    pub(crate) start: usize,
    /// One past the last byte it stands for.
    pub(crate) end: usize,
    /// It was a capital.
    pub(crate) upper: bool,
    /// Its bytes were not UTF-8.
    pub(crate) latin1: bool,
    /// White space that held a line break.
    pub(crate) breaks: bool,
}

/// Windows-1252 from 0x80 to 0x9F; the rest of that code page is Latin-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A byte of Windows-1252 as a character.
pub fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252.get(usize::from(byte - 0x80)).copied().unwrap_or('?'),
        _ => char::from(byte),
    }
}

/// The character at `at`, its length in bytes, and whether it was UTF-8.
pub(crate) fn decode(bytes: &[u8], at: usize) -> Option<(char, usize, bool)> {
    let first = *bytes.get(at)?;
    if first < 0x80 {
        return Some((char::from(first), 1, true));
    }
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((windows_1252(first), 1, false)),
    };
    let c = bytes
        .get(at..at + length)
        .and_then(|sequence| std::str::from_utf8(sequence).ok())
        .and_then(|text| text.chars().next());
    Some(c.map_or_else(|| (windows_1252(first), 1, false), |c| (c, length, true)))
}

/// The character that ends just before `at`.
pub(crate) fn decode_before(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let last = *bytes.get(at.checked_sub(1)?)?;
    if last < 0x80 {
        return Some((char::from(last), 1));
    }
    for length in 2..=4_usize {
        let start = at.checked_sub(length)?;
        if let Some((c, found, true)) = decode(bytes, start)
            && found == length
        {
            return Some((c, length));
        }
    }
    Some((windows_1252(last), 1))
}

/// The nearest start of a character at or before `at`.
pub(crate) fn floor(bytes: &[u8], at: usize) -> usize {
    let mut start = at.min(bytes.len());
    for _ in 0..3 {
        match bytes.get(start) {
            Some(byte) if byte & 0xc0 == 0x80 && start > 0 => start -= 1,
            _ => break,
        }
    }
    start
}

/// Whether a character has no width and carries no meaning for us.
fn vanishes(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

pub(crate) fn equalise(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '\u{b4}' | '`' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        'ς' => 'σ',
        _ => c,
    }
}

/// Whether a character belongs to a word.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        c.is_alphanumeric() || canonical_combining_class(c) != 0
    }
}

/// Whether `c` joins the character before it when text is composed: a combining mark, or the
/// second and third part of a Hangul syllable.
fn joins(c: char) -> bool {
    !c.is_ascii() && (canonical_combining_class(c) != 0 || matches!(c, '\u{1161}'..='\u{11ff}'))
}

/// What a character folds to by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Simple {
    /// A character of a word.
    Word(char),
    /// Something between words.
    Between,
    /// Nothing.
    Nothing,
}

/// What characters fold to by themselves, in tables.
pub(crate) struct Folds {
    /// Bytes beyond ASCII that are no UTF-8, by their lower seven bits.
    single: [u16; 128],
    /// Characters of two bytes.
    double: [u16; 0x800],
    /// Punctuation, from U+2000 to U+207F: apostrophes, dashes and quotes of every mail.
    punctuation: [u16; 0x80],
}

/// The tables for [`simple`].
pub(crate) static FOLDS: LazyLock<Folds> = LazyLock::new(|| Folds {
    single: std::array::from_fn(|low| {
        packed(u8::try_from(low + 128).ok().and_then(|byte| by_itself(windows_1252(byte))))
    }),
    double: std::array::from_fn(|code| {
        packed(u32::try_from(code).ok().and_then(char::from_u32).and_then(by_itself))
    }),
    punctuation: std::array::from_fn(|code| {
        let code = u32::try_from(0x2000 + code).ok();
        packed(code.and_then(char::from_u32).and_then(by_itself))
    }),
});

/// An answer of [`by_itself`] in two bytes: control characters are no part of a word.
fn packed(folded: Option<Simple>) -> u16 {
    match folded {
        None => 0,
        Some(Simple::Between) => 1,
        Some(Simple::Nothing) => 2,
        Some(Simple::Word(c)) => u16::try_from(u32::from(c)).unwrap_or(0),
    }
}

fn unpacked(folded: u16) -> Option<Simple> {
    match folded {
        0 => None,
        1 => Some(Simple::Between),
        2 => Some(Simple::Nothing),
        code => char::from_u32(code.into()).map(Simple::Word),
    }
}

/// The character at `at` as [`fold`] folds it, and its length, if it folds by itself whatever
/// stands beside it: true of most, and much faster.
#[inline]
pub(crate) fn simple(bytes: &[u8], at: usize, folds: &Folds) -> Option<(Simple, usize)> {
    let first = *bytes.get(at)?;
    let next = bytes.get(at + 1).filter(|next| **next & 0xc0 == 0x80);
    match (first, next) {
        (0..0x80, _) if first.is_ascii_alphanumeric() => {
            Some((Simple::Word(char::from(first.to_ascii_lowercase())), 1))
        }
        (0..0x80, _) => Some((Simple::Between, 1)),
        (0xc2..=0xdf, Some(next)) => {
            let code = usize::from(first & 0x1f) << 6 | usize::from(next & 0x3f);
            Some((unpacked(*folds.double.get(code)?)?, 2))
        }
        (0xe0..=0xf4, Some(next)) => {
            // U+2000 to U+207F begin with E2 80 and E2 81.
            if first == 0xe2
                && let 0x80..=0x81 = next
                && let Some(last @ 0x80..=0xbf) = bytes.get(at + 2)
            {
                let code = usize::from(next & 1) << 6 | usize::from(last & 0x3f);
                return Some((unpacked(*folds.punctuation.get(code)?)?, 3));
            }
            let (c, length, _) = decode(bytes, at)?;
            Some((by_itself(c)?, length))
        }
        _ => Some((unpacked(*folds.single.get(usize::from(first & 0x7f))?)?, 1)),
    }
}

/// What a character beyond ASCII folds to, if that does not depend on its neighbours.
fn by_itself(c: char) -> Option<Simple> {
    if vanishes(c) {
        return Some(Simple::Nothing);
    }
    let only = |mut chars: std::char::ToLowercase| chars.next().filter(|_| chars.next().is_none());
    let small = only(c.to_lowercase())?;
    let mut composed = std::iter::once(c).nfc();
    if joins(c) || composed.next() != Some(c) || composed.next().is_some() {
        return None;
    }
    let small = equalise(small);
    Some(if is_word(small) { Simple::Word(small) } else { Simple::Between })
}

/// Folds `bytes` from `from` to `to`, appending to `out`.
pub(crate) fn fold(bytes: &[u8], from: usize, to: usize, out: &mut Vec<FoldChar>) {
    let to = to.min(bytes.len());
    let mut at = from;
    // After a line break inside white space, `>` is the mark of a quoted mail.
    let mut quoting = false;
    let mut cluster = String::new();
    while at < to {
        // Nearly all of nearly every text: what needs no thought.
        if let Some(byte @ 0..0x80) = bytes.get(at)
            && bytes.get(at + 1).is_none_or(u8::is_ascii)
            && !matches!(byte, b' ' | 9..=13 | b'>')
        {
            quoting = false;
            out.push(FoldChar {
                c: equalise(char::from(byte.to_ascii_lowercase())),
                start: at,
                end: at + 1,
                upper: byte.is_ascii_uppercase(),
                latin1: false,
                breaks: false,
            });
            at += 1;
            continue;
        }
        let Some((c, length, valid)) = decode(bytes, at) else { break };
        let start = at;
        at += length;
        if c.is_whitespace() || (quoting && c == '>') {
            let breaks = matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}');
            quoting |= breaks;
            match out.last_mut() {
                Some(last) if last.c == ' ' && last.end == start => {
                    last.end = at;
                    last.breaks |= breaks;
                }
                _ => out.push(FoldChar {
                    c: ' ',
                    start,
                    end: at,
                    upper: false,
                    latin1: !valid,
                    breaks,
                }),
            }
            continue;
        }
        if vanishes(c) {
            // INVARIANT: white space on both sides of a vanished character is still one run.
            if let Some(last) = out.last_mut()
                && last.c == ' '
                && last.end == start
            {
                last.end = at;
            }
            continue;
        }
        quoting = false;
        let next_joins = bytes.get(at).is_some_and(|byte| *byte >= 0x80)
            && decode(bytes, at).is_some_and(|(next, _, _)| joins(next));
        if c.is_ascii() && !next_joins {
            out.push(FoldChar {
                c: equalise(c.to_ascii_lowercase()),
                start,
                end: at,
                upper: c.is_ascii_uppercase(),
                latin1: false,
                breaks: false,
            });
            continue;
        }
        cluster.clear();
        cluster.push(c);
        while let Some((next, length, _)) = decode(bytes, at) {
            // A run of marks without end is no text; it must not make us slow.
            if !joins(next) || cluster.len() > 64 {
                break;
            }
            cluster.push(next);
            at += length;
        }
        for composed in cluster.nfc() {
            let upper = composed.is_uppercase();
            for lower in composed.to_lowercase() {
                let c = equalise(lower);
                out.push(FoldChar { c, start, end: at, upper, latin1: !valid, breaks: false });
            }
        }
    }
}

/// A whole value, folded and trimmed.
pub(crate) fn folded(text: &str) -> Vec<char> {
    let mut chars = Vec::new();
    fold(text.as_bytes(), 0, text.len(), &mut chars);
    let mut chars: Vec<char> = chars.into_iter().map(|c| c.c).collect();
    while chars.last() == Some(&' ') {
        chars.pop();
    }
    while chars.first() == Some(&' ') {
        chars.remove(0);
    }
    chars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        fold(bytes, 0, bytes.len(), &mut out);
        out.iter().map(|c| c.c).collect()
    }

    #[test]
    fn the_same_text_folds_the_same() {
        let table: &[(&[u8], &str)] = &[
            (b"Jane  \r\n\t Doe", "jane doe"),
            (b"Jane\r\n> > Doe", "jane doe"),
            ("Jane\u{a0}Doe".as_bytes(), "jane doe"),
            ("Zoë Müller".as_bytes(), "zoë müller"),
            ("Zoe\u{308} Mu\u{308}ller".as_bytes(), "zoë müller"),
            (b"Zo\xeb M\xfcller", "zoë müller"),
            ("Ja\u{ad}ne\u{200b}".as_bytes(), "jane"),
            ("O’Brien–Smith".as_bytes(), "o'brien-smith"),
            ("STRAßE".as_bytes(), "straße"),
            (b"a > b", "a > b"),
        ];
        for (bytes, expected) in table {
            assert_eq!(text(bytes), *expected);
        }
        assert_ne!(text("Zoë".as_bytes()), text(b"Zoe"));
    }

    #[test]
    fn what_folds_by_itself_folds_the_same() {
        let mut alone = 0;
        let mut check = |bytes: &[u8]| {
            let Some((folded, length)) = simple(bytes, 0, &FOLDS) else { return };
            let mut out = Vec::new();
            fold(bytes, 0, bytes.len(), &mut out);
            let expected: Vec<char> = out.iter().map(|c| c.c).collect();
            match folded {
                Simple::Word(c) => assert_eq!(expected, [c], "{bytes:x?}"),
                Simple::Between => {
                    assert!(expected.len() == 1 && !is_word(expected[0]), "{bytes:x?}");
                }
                Simple::Nothing => assert!(expected.is_empty(), "{bytes:x?}"),
            }
            assert!(expected.iter().all(|c| folded == Simple::Between || is_word(*c)));
            assert_eq!(length, bytes.len());
            alone += 1;
        };
        for c in '\0'..=char::MAX {
            check(c.to_string().as_bytes());
        }
        for byte in 0x80..=0xff_u8 {
            check(&[byte]);
        }
        assert!(alone > 33_000, "{alone}");
        // Two bytes that are one character, or two.
        for first in 0x80..=0xff_u8 {
            for second in 0..=0xff_u8 {
                let bytes = [first, second];
                let mut out = Vec::new();
                fold(&bytes, 0, 2, &mut out);
                let Some((folded, length)) = simple(&bytes, 0, &FOLDS) else { continue };
                assert_eq!(length, decode(&bytes, 0).unwrap().1, "{bytes:x?}");
                if let Simple::Word(c) = folded {
                    assert_eq!(out[0].c, c, "{bytes:x?}");
                }
            }
        }
        // What composes with what stands before it never folds by itself.
        for c in ('\0'..=char::MAX).filter(|c| joins(*c)) {
            assert_eq!(simple(c.to_string().as_bytes(), 0, &FOLDS), None, "{c:?}");
        }
    }

    #[test]
    fn every_folded_character_knows_its_bytes() {
        let bytes = "xZoe\u{308}".as_bytes();
        let mut out = Vec::new();
        fold(bytes, 0, bytes.len(), &mut out);
        let last = out.last().unwrap();
        assert_eq!((last.c, last.start, last.end), ('ë', 3, 6));
    }
}
