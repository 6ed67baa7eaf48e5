//! One spelling for every way of writing the same text.
//!
//! Bytes become characters (UTF-8, and Windows-1252 where they are not UTF-8), composed (NFC) and
//! in lower case. White space of any length and kind becomes one space, also across a line break
//! and the `>` of a quoted mail; soft hyphens and characters without width vanish; typographic
//! apostrophes and dashes become `'` and `-`. Accents stay: `ë` is never `e`. `ß` stays `ß`.

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

fn equalise(c: char) -> char {
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

/// Folds `bytes` from `from` to `to`, appending to `out`.
pub(crate) fn fold(bytes: &[u8], from: usize, to: usize, out: &mut Vec<FoldChar>) {
    let to = to.min(bytes.len());
    let mut at = from;
    // After a line break inside white space, `>` is the mark of a quoted mail.
    let mut quoting = false;
    let mut cluster = String::new();
    while at < to {
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
    fn every_folded_character_knows_its_bytes() {
        let bytes = "xZoe\u{308}".as_bytes();
        let mut out = Vec::new();
        fold(bytes, 0, bytes.len(), &mut out);
        let last = out.last().unwrap();
        assert_eq!((last.c, last.start, last.end), ('ë', 3, 6));
    }
}
