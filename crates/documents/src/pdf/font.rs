//! What the codes of a font stand for, and how wide its letters are.

use std::collections::BTreeMap;

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::glyphs;

/// No map of a font has more entries than this.
const MOST: usize = 200_000;
/// How wide a letter is of which nobody says it, in parts of its height.
const USUAL_WIDTH: f64 = 0.5;

/// A font, as far as words need it.
pub(super) struct Font {
    /// Bytes of one code.
    bytes: usize,
    /// What a code stands for.
    texts: BTreeMap<u32, String>,
    /// Codes are UTF-16.
    utf16: bool,
    widths: BTreeMap<u32, f64>,
    usual_width: f64,
}

/// One letter.
pub(super) struct Letter<'l> {
    /// What it is; `None` where the font does not say.
    pub(super) text: Option<&'l str>,
    /// How far it reaches, in parts of the letters' size.
    pub(super) width: f64,
    /// Whether spaces between words widen it.
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn read(font: &Dict<'_>) -> Self {
        let kind = font.get::<Name<'_>>("Subtype");
        let composite = kind.as_ref().is_some_and(|name| name.as_str() == "Type0");
        let mut read = if composite { Self::composite(font) } else { Self::simple(font) };
        if kind.is_some_and(|name| name.as_str() == "Type3") {
            // Its widths are in a space of its own.
            let scale = font
                .get::<Array<'_>>("FontMatrix")
                .and_then(|m| m.iter::<f32>().next())
                .unwrap_or(0.001);
            read.widths.values_mut().for_each(|width| *width *= f64::from(scale) * 1_000.0);
        }
        if let Some(bytes) = font
            .get::<Stream<'_>>("ToUnicode")
            .and_then(|map| map.decoded_data().ok().map(std::borrow::Cow::into_owned))
        {
            to_unicode(&bytes, &mut read.texts);
        }
        read
    }

    /// One byte, one letter.
    fn simple(font: &Dict<'_>) -> Self {
        let mut texts = BTreeMap::new();
        let encoding = font.get::<Object<'_>>("Encoding");
        let base = match &encoding {
            Some(Object::Name(name)) => name.as_str().to_owned(),
            Some(Object::Dict(dictionary)) => dictionary
                .get::<Name<'_>>("BaseEncoding")
                .map(|name| name.as_str().to_owned())
                .unwrap_or_default(),
            _ => String::new(),
        };
        for code in 0x20..=0xff_u8 {
            let letter = if base == "MacRomanEncoding" {
                glyphs::mac_roman(code)
            } else {
                detect::windows_1252(code)
            };
            texts.insert(u32::from(code), letter.to_string());
        }
        if let Some(Object::Dict(dictionary)) = &encoding
            && let Some(differences) = dictionary.get::<Array<'_>>("Differences")
        {
            let mut code = 0_u32;
            for item in differences.iter::<Object<'_>>().take(MOST) {
                match item {
                    Object::Number(number) => code = u32::try_from(number.as_i64()).unwrap_or(0),
                    Object::Name(name) => {
                        if let Some(text) = glyphs::text_of(name.as_str()) {
                            texts.insert(code, text);
                        }
                        code = code.saturating_add(1);
                    }
                    _ => {}
                }
            }
        }
        let mut widths = BTreeMap::new();
        let first =
            font.get::<i32>("FirstChar").and_then(|first| u32::try_from(first).ok()).unwrap_or(0);
        if let Some(list) = font.get::<Array<'_>>("Widths") {
            for (code, width) in (first..).zip(list.iter::<f32>().take(256)) {
                widths.insert(code, f64::from(width) / 1_000.0);
            }
        }
        Self { bytes: 1, texts, utf16: false, widths, usual_width: USUAL_WIDTH }
    }

    /// Codes of two bytes, whose letters are known from `ToUnicode` or from the name of the encoding.
    fn composite(font: &Dict<'_>) -> Self {
        let encoding = font
            .get::<Name<'_>>("Encoding")
            .map(|name| name.as_str().to_owned())
            .unwrap_or_default();
        let utf16 = encoding.contains("UCS2") || encoding.contains("UTF16");
        let (mut widths, mut usual_width) = (BTreeMap::new(), 1.0);
        if let Some(below) = font
            .get::<Array<'_>>("DescendantFonts")
            .and_then(|fonts| fonts.iter::<Dict<'_>>().next())
        {
            usual_width = below.get::<f32>("DW").map_or(1.0, |width| f64::from(width) / 1_000.0);
            if let Some(list) = below.get::<Array<'_>>("W") {
                composite_widths(&list, &mut widths);
            }
        }
        Self { bytes: 2, texts: BTreeMap::new(), utf16, widths, usual_width }
    }

    /// Hands each letter of a text to `take`.
    pub(super) fn letters(&self, codes: &[u8], take: &mut dyn FnMut(Letter<'_>)) {
        for code in codes.chunks(self.bytes) {
            let number = code.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
            let width = self.widths.get(&number).copied().unwrap_or(self.usual_width);
            let is_space = self.bytes == 1 && number == 32;
            let mut buffer = [0; 4];
            let wide = || char::from_u32(number).filter(|_| self.utf16);
            let text = match self.texts.get(&number) {
                Some(text) => Some(text.as_str()),
                None => wide().map(|c| &*c.encode_utf8(&mut buffer)),
            };
            take(Letter { text, width, is_space });
        }
    }
}

/// `c [w w w]` and `first last w` (ISO 32000-1, 9.7.4.3).
fn composite_widths(list: &Array<'_>, widths: &mut BTreeMap<u32, f64>) {
    let mut numbers: Vec<f64> = Vec::new();
    for item in list.iter::<Object<'_>>().take(MOST) {
        match item {
            Object::Number(number) => {
                numbers.push(number.as_f64());
                if let [first, last, width] = *numbers {
                    let (first, last) = (code(first), code(last));
                    for code in (first..=last).take(65_536) {
                        widths.insert(code, width / 1_000.0);
                    }
                    numbers.clear();
                }
            }
            Object::Array(row) => {
                let first = numbers.last().copied().unwrap_or(0.0);
                for (code, width) in (code(first)..).zip(row.iter::<f32>().take(65_536)) {
                    widths.insert(code, f64::from(width) / 1_000.0);
                }
                numbers.clear();
            }
            _ => {}
        }
        if widths.len() > MOST {
            return;
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within bounds")]
const fn code(number: f64) -> u32 {
    number.clamp(0.0, 65_535.0) as u32
}

/// What stands in a `ToUnicode` map: `<src> <dst>` between `beginbfchar` and `endbfchar`, and
/// `<first> <last> <dst>` or `<first> <last> [<dst> …]` between `beginbfrange` and `endbfrange`.
fn to_unicode(map: &[u8], texts: &mut BTreeMap<u32, String>) {
    #[derive(PartialEq)]
    enum Within {
        Nothing,
        Chars,
        Ranges,
    }
    let (mut within, mut held): (Within, Vec<Vec<u8>>) = (Within::Nothing, Vec::new());
    let mut list: Option<u32> = None;
    let mut rest = map;
    while let Some(byte) = rest.first() {
        match byte {
            b'<' if rest.get(1) != Some(&b'<') => {
                let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                let token = hexadecimal(rest.get(1..end).unwrap_or_default());
                rest = rest.get(end + 1..).unwrap_or_default();
                if let Some(next) = &mut list {
                    texts.insert(*next, utf16_text(&token));
                    *next = next.saturating_add(1);
                    continue;
                }
                held.push(token);
                match (&within, held.as_slice()) {
                    (Within::Chars, [from, to]) => {
                        texts.insert(number(from), utf16_text(to));
                        held.clear();
                    }
                    (Within::Ranges, [first, last, to]) => {
                        let (first, last) = (number(first), number(last));
                        let mut to = to.clone();
                        for code in (first..=last).take(65_536) {
                            texts.insert(code, utf16_text(&to));
                            // Its last byte counts up, with what it carries over.
                            for byte in to.iter_mut().rev() {
                                let (next, over) = byte.overflowing_add(1);
                                *byte = next;
                                if !over {
                                    break;
                                }
                            }
                        }
                        held.clear();
                    }
                    (Within::Nothing, _) => held.clear(),
                    _ => {}
                }
            }
            b'[' => {
                list = (within == Within::Ranges)
                    .then(|| held.first().map(|first| number(first)))
                    .flatten();
                rest = rest.get(1..).unwrap_or_default();
            }
            b']' => {
                list = None;
                held.clear();
                rest = rest.get(1..).unwrap_or_default();
            }
            byte if byte.is_ascii_alphabetic() => {
                let end = rest
                    .iter()
                    .position(|byte| !byte.is_ascii_alphanumeric())
                    .unwrap_or(rest.len());
                match rest.get(..end).unwrap_or_default() {
                    b"beginbfchar" => within = Within::Chars,
                    b"beginbfrange" => within = Within::Ranges,
                    b"endbfchar" | b"endbfrange" => within = Within::Nothing,
                    _ => {}
                }
                held.clear();
                rest = rest.get(end..).unwrap_or_default();
            }
            _ => rest = rest.get(1..).unwrap_or_default(),
        }
        if texts.len() > MOST {
            return;
        }
    }
}

fn hexadecimal(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u32> =
        digits.iter().filter_map(|byte| char::from(*byte).to_digit(16)).take(1_024).collect();
    let byte = |pair: &[u32]| {
        let value =
            pair.iter().fold(0, |value, digit| value << 4 | digit) << (4 * (2 - pair.len()));
        u8::try_from(value).unwrap_or(0)
    };
    digits.chunks(2).map(byte).collect()
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn utf16_text(bytes: &[u8]) -> String {
    if let [byte] = bytes {
        return char::from(*byte).to_string();
    }
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.first_chunk::<2>())
        .map(|pair| u16::from_be_bytes(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_to_unicode_are_read() {
        let map = b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            2 beginbfchar <0003> <0020> <0005> <00660069> endbfchar\n\
            2 beginbfrange <0024> <0026> <0041> <0030> <0031> [<005A> <D83DDE00>] endbfrange";
        let mut texts = BTreeMap::new();
        to_unicode(map, &mut texts);
        let read: Vec<(u32, &str)> =
            texts.iter().map(|(code, text)| (*code, text.as_str())).collect();
        assert_eq!(
            read,
            [(3, " "), (5, "fi"), (0x24, "A"), (0x25, "B"), (0x26, "C"), (0x30, "Z"), (0x31, "😀")]
        );
    }
}
