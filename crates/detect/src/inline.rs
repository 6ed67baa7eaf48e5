//! Encodings that replace single characters in running text.

use crate::blocks::Marks;
use crate::levels::{Map, Segment, View};
use crate::term::Encoding;

/// An encoding of single characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inline {
    QuotedPrintable,
    UrlPercent,
    HtmlEntities,
    JsonEscapes,
}

/// One encoded character: how long it is, what it says, and whether that is certain.
#[derive(Debug, Clone, Copy)]
struct Mark {
    raw_len: usize,
    text: [u8; 4],
    text_len: usize,
    firm: bool,
}

impl Mark {
    fn character(raw_len: usize, c: char, firm: bool) -> Self {
        let mut text = [0; 4];
        let text_len = c.encode_utf8(&mut text).len();
        Self { raw_len, text, text_len, firm }
    }

    fn byte(raw_len: usize, byte: u8, firm: bool) -> Self {
        Self { raw_len, text: [byte, 0, 0, 0], text_len: 1, firm }
    }

    fn nothing(raw_len: usize, firm: bool) -> Self {
        Self { raw_len, text: [0; 4], text_len: 0, firm }
    }
}

impl Inline {
    pub(crate) const ALL: [Self; 4] =
        [Self::QuotedPrintable, Self::UrlPercent, Self::HtmlEntities, Self::JsonEscapes];

    /// Whether its lead byte was seen.
    pub(crate) const fn may_be(self, marks: &Marks) -> bool {
        match self {
            Self::QuotedPrintable => marks.equals,
            Self::UrlPercent => marks.percent,
            Self::HtmlEntities => marks.ampersand,
            Self::JsonEscapes => marks.backslash,
        }
    }

    const fn lead(self) -> u8 {
        match self {
            Self::QuotedPrintable => b'=',
            Self::UrlPercent => b'%',
            Self::HtmlEntities => b'&',
            Self::JsonEscapes => b'\\',
        }
    }

    pub(crate) const fn encoding(self) -> Encoding {
        match self {
            Self::QuotedPrintable => Encoding::QuotedPrintable,
            Self::UrlPercent => Encoding::UrlPercent,
            Self::HtmlEntities => Encoding::HtmlEntities,
            Self::JsonEscapes => Encoding::JsonEscapes,
        }
    }

    /// The encoded character that starts at `at`, where the lead byte stands.
    fn mark(self, bytes: &[u8], at: usize) -> Option<Mark> {
        let rest = bytes.get(at + 1..)?;
        match self {
            Self::QuotedPrintable => quoted_printable(bytes, at, rest),
            Self::UrlPercent => hex_byte(rest).map(|byte| Mark::byte(3, byte, true)),
            Self::HtmlEntities => entity(rest),
            Self::JsonEscapes => escape(rest),
        }
    }
}

/// What each byte is as a hexadecimal digit; [`NO_DIGIT`] and more for what is none.
static HEX: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut value = 0_u8;
    while value < 16 {
        #[allow(
            clippy::indexing_slicing,
            reason = "the compiler runs it, and would not build a miss"
        )]
        {
            let ten = value.wrapping_sub(10);
            table[if value < 10 { b'0' + value } else { b'a' + ten } as usize] = value;
            table[if value < 10 { b'0' + value } else { b'A' + ten } as usize] = value;
        }
        value += 1;
    }
    table
};

const NO_DIGIT: u8 = 16;

fn hex(byte: u8) -> Option<u8> {
    HEX.get(usize::from(byte)).copied().filter(|value| *value < NO_DIGIT)
}

#[inline]
fn hex_byte(rest: &[u8]) -> Option<u8> {
    let [high, low] = *rest.first_chunk::<2>()?;
    // Looked up, and judged together: which sort of digit it is nobody could guess.
    let (high, low) = (HEX.get(usize::from(high))?, HEX.get(usize::from(low))?);
    (high | low < NO_DIGIT).then_some(high << 4 | low)
}

fn quoted_printable(bytes: &[u8], at: usize, rest: &[u8]) -> Option<Mark> {
    if let Some(byte) = hex_byte(rest) {
        // RFC 2045 wants capitals; `?a=ad` in a link is no encoded character.
        let firm = !rest.iter().take(2).any(u8::is_ascii_lowercase);
        return Some(Mark::byte(3, byte, firm));
    }
    let blanks = rest.iter().take(76).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let line = rest.get(blanks..)?;
    let ending = if line.starts_with(b"\r\n") {
        2
    } else if line.starts_with(b"\n") {
        1
    } else {
        return None;
    };
    // `name =` before a line break is also how settings are written; a line that was broken
    // because it grew too long is long.
    let before = bytes.get(at.saturating_sub(50)..at)?;
    let firm = before.len() == 50 && memchr::memchr(b'\n', before).is_none();
    Some(Mark::nothing(1 + blanks + ending, firm))
}

/// Named characters of HTML beyond those from U+00A0 to U+00FF.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("commat", '@'),
    ("period", '.'),
    ("lowbar", '_'),
    ("plus", '+'),
    ("colon", ':'),
    ("comma", ','),
    ("sol", '/'),
    ("num", '#'),
    ("lpar", '('),
    ("rpar", ')'),
    ("equals", '='),
    ("percnt", '%'),
    ("hyphen", '‐'),
    ("dash", '‐'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("oelig", 'œ'),
    ("OElig", 'Œ'),
    ("scaron", 'š'),
    ("Scaron", 'Š'),
    ("Yuml", 'Ÿ'),
    ("zcaron", 'ž'),
    ("Zcaron", 'Ž'),
    ("euro", '€'),
    ("bsol", '\\'),
];

/// The names of U+00A0 to U+00FF in order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg \
macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 \
iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute \
Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute \
THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
uuml yacute thorn yuml";

fn entity(rest: &[u8]) -> Option<Mark> {
    if rest.first() == Some(&b'#') {
        let rest = rest.get(1..)?;
        let (radix, digits, skip) = match rest.first()? {
            b'x' | b'X' => (16, rest.get(1..)?, 3),
            _ => (10, rest, 2),
        };
        let length =
            digits.iter().take(8).take_while(|byte| char::from(**byte).is_digit(radix)).count();
        let text = std::str::from_utf8(digits.get(..length)?).ok()?;
        let number = u32::from_str_radix(text, radix).ok()?;
        // Browsers read numbers from 128 to 159 as Windows-1252.
        let c = match u8::try_from(number) {
            Ok(byte @ 0x80..=0x9f) => crate::fold::windows_1252(byte),
            _ => char::from_u32(number).filter(|c| *c != '\0')?,
        };
        let closed = digits.get(length) == Some(&b';');
        return Some(Mark::character(skip + length + usize::from(closed), c, true));
    }
    let length = rest.iter().take(9).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if rest.get(length) != Some(&b';') {
        return None;
    }
    let name = std::str::from_utf8(rest.get(..length)?).ok()?;
    let c = NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c).or_else(|| {
        let at = LATIN.split_ascii_whitespace().position(|known| known == name)?;
        char::from_u32(0xa0 + u32::try_from(at).ok()?)
    })?;
    Some(Mark::character(length + 2, c, true))
}

fn unit(rest: &[u8]) -> Option<u32> {
    let [a, b, c, d] = *rest.first_chunk::<4>()?;
    Some(
        u32::from(hex(a)?) << 12
            | u32::from(hex(b)?) << 8
            | u32::from(hex(c)?) << 4
            | u32::from(hex(d)?),
    )
}

fn escape(rest: &[u8]) -> Option<Mark> {
    let simple = |c| Some(Mark::character(2, c, true));
    match rest.first()? {
        b'"' => simple('"'),
        b'\'' => simple('\''),
        b'\\' => simple('\\'),
        b'/' => simple('/'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'x' => hex_byte(rest.get(1..)?).map(|byte| Mark::character(4, char::from(byte), true)),
        b'u' => {
            let first = unit(rest.get(1..)?)?;
            if let Some(c) = char::from_u32(first) {
                return Some(Mark::character(6, c, true));
            }
            let second = rest.get(5..)?.strip_prefix(b"\\u").and_then(unit)?;
            let high = first.checked_sub(0xd800).filter(|high| *high < 0x400)?;
            let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            Some(Mark::character(12, char::from_u32(0x10000 + (high << 10) + low)?, true))
        }
        _ => None,
    }
}

/// The bytes around every mark of an encoding, decoded; `None` if there is no mark. `reach` bytes
/// on both sides of a mark are part of the view.
pub(crate) fn view(kind: Inline, bytes: &[u8], reach: usize) -> Option<View> {
    view_in(kind, bytes, reach, Room::default()).ok()
}

/// The same, in room that was used before; the room comes back if there is no mark.
pub(crate) fn view_in(kind: Inline, bytes: &[u8], reach: usize, room: Room) -> Result<View, Room> {
    let mut builder = Builder { room, ..Builder::new(bytes, reach) };
    for at in memchr::memchr_iter(kind.lead(), bytes) {
        if at < builder.past {
            continue;
        }
        if let Some(mark) = kind.mark(bytes, at) {
            let text = mark.text.get(..mark.text_len).unwrap_or_default();
            builder.mark(at, mark.raw_len, text, mark.firm);
        }
    }
    builder.finish_or(kind.encoding())
}

/// Memory of a view.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) text: Vec<u8>,
    pub(crate) segments: Vec<Segment>,
}

/// Builds a view of the regions around marks.
pub(crate) struct Builder<'a> {
    bytes: &'a [u8],
    reach: usize,
    room: Room,
    /// One past what was read so far.
    past: usize,
    any: bool,
}

/// What stands between two regions: never part of a word, nor of white space.
const GAP: u8 = 0;

impl<'a> Builder<'a> {
    pub(crate) fn new(bytes: &'a [u8], reach: usize) -> Self {
        Self { bytes, reach, room: Room::default(), past: 0, any: false }
    }

    /// Adds one mark; marks come in order.
    pub(crate) fn mark(&mut self, at: usize, raw_len: usize, decoded: &[u8], firm: bool) {
        if !self.any {
            let from = self.back(at, 0);
            self.past = from;
        } else if at - self.past > self.reach.saturating_mul(2) {
            // Too far from the mark before: a new region.
            let end = self.ahead(self.past, at);
            self.copy(end);
            let from = self.back(at, end);
            if from > end {
                self.push(end, 0, &[GAP], true, false);
                self.past = from;
            }
        }
        self.any = true;
        self.copy(at);
        self.push(at, raw_len, decoded, false, firm);
        self.past = at + raw_len;
    }

    /// Where a region starts that has its first mark at `at`.
    fn back(&self, at: usize, least: usize) -> usize {
        let mut from = at.saturating_sub(self.reach).max(least);
        // A region never cuts through a word or a run of base64.
        while from > least && self.bytes.get(from - 1).is_some_and(|byte| inside_word(*byte)) {
            from -= 1;
        }
        from
    }

    fn ahead(&self, past: usize, most: usize) -> usize {
        let mut end = past.saturating_add(self.reach).min(most);
        while end < most && self.bytes.get(end).is_some_and(|byte| inside_word(*byte)) {
            end += 1;
        }
        end
    }

    fn copy(&mut self, to: usize) {
        if to > self.past {
            let raw = self.past;
            let bytes = self.bytes;
            if let Some(part) = bytes.get(raw..to) {
                self.room.segments.push(Segment {
                    text: self.room.text.len(),
                    text_len: part.len(),
                    raw,
                    raw_len: part.len(),
                    copied: true,
                    firm: false,
                });
                self.room.text.extend_from_slice(part);
            }
            self.past = to;
        }
    }

    fn push(&mut self, raw: usize, raw_len: usize, decoded: &[u8], copied: bool, firm: bool) {
        self.room.segments.push(Segment {
            text: self.room.text.len(),
            text_len: decoded.len(),
            raw,
            raw_len,
            copied,
            firm,
        });
        self.room.text.extend_from_slice(decoded);
    }

    pub(crate) fn finish(self, encoding: Encoding) -> Option<View> {
        self.finish_or(encoding).ok()
    }

    fn finish_or(mut self, encoding: Encoding) -> Result<View, Room> {
        if !self.any {
            return Err(self.room);
        }
        let end = self.ahead(self.past, self.bytes.len());
        self.copy(end);
        Ok(View { encoding, text: self.room.text, map: Map::Segments(self.room.segments) })
    }
}

fn inside_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// A replacement, written so that it can stand inside this encoding.
pub(crate) fn write(encoding: Encoding, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0;
    for byte in text {
        let plain = match encoding {
            Encoding::QuotedPrintable => {
                matches!(byte, b' '..=b'~' if *byte != b'=') || matches!(byte, b'\r' | b'\n')
            }
            Encoding::UrlPercent => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
            }
            _ => true,
        };
        if plain {
            match (encoding, byte) {
                (Encoding::HtmlEntities, b'&') => out.extend_from_slice(b"&amp;"),
                (Encoding::HtmlEntities, b'<') => out.extend_from_slice(b"&lt;"),
                (Encoding::HtmlEntities, b'>') => out.extend_from_slice(b"&gt;"),
                (Encoding::HtmlEntities, b'"') => out.extend_from_slice(b"&quot;"),
                (Encoding::JsonEscapes, b'"') => out.extend_from_slice(b"\\\""),
                (Encoding::JsonEscapes, b'\\') => out.extend_from_slice(b"\\\\"),
                (Encoding::JsonEscapes, b'\n') => out.extend_from_slice(b"\\n"),
                (Encoding::JsonEscapes, b'\r') => out.extend_from_slice(b"\\r"),
                (Encoding::JsonEscapes, b'\t') => out.extend_from_slice(b"\\t"),
                _ => out.push(*byte),
            }
        } else {
            let lead = if encoding == Encoding::UrlPercent { b'%' } else { b'=' };
            out.push(lead);
            for digit in [byte >> 4, byte & 15] {
                out.push(b"0123456789ABCDEF".get(usize::from(digit)).copied().unwrap_or(b'0'));
            }
        }
        // A line of quoted-printable may have 76 characters.
        column = if *byte == b'\n' { 0 } else { column + if plain { 1 } else { 3 } };
        if encoding == Encoding::QuotedPrintable && column >= 70 {
            out.extend_from_slice(b"=\n");
            column = 0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_inline_encoding_is_read() {
        let table: &[(Inline, &[u8], &str)] = &[
            (Inline::QuotedPrintable, b"jane=40acme=\r\n.example=  \n!", "jane@acme.example!"),
            (Inline::QuotedPrintable, b"Zo=C3=AB", "Zoë"),
            (Inline::UrlPercent, b"jane%40acme", "jane@acme"),
            (
                Inline::HtmlEntities,
                b"jane&#64;acme&#x2e;example &Euml;&nbsp;&commat;",
                "jane@acme.example Ë\u{a0}@",
            ),
            (Inline::JsonEscapes, br#"jane\u0040acme \"x\" \ud83d\ude00"#, "jane@acme \"x\" 😀"),
        ];
        for (kind, bytes, expected) in table {
            let view = view(*kind, bytes, 100).unwrap();
            assert_eq!(String::from_utf8(view.text).unwrap(), *expected);
        }
        assert!(view(Inline::HtmlEntities, b"AT&T & co; &unknown;", 100).is_none());
        assert!(view(Inline::JsonEscapes, br"C:\users\jane", 100).is_none());
    }

    #[test]
    fn far_text_is_not_part_of_a_view() {
        let mut bytes = vec![b' '; 5000];
        bytes.extend_from_slice(b"=40");
        bytes.extend_from_slice(&[b' '; 5000]);
        bytes.extend_from_slice(b"=41");
        let view = view(Inline::QuotedPrintable, &bytes, 100).unwrap();
        assert!(view.text.len() < 500, "{}", view.text.len());
        let at = view.text.iter().position(|byte| *byte == b'A').unwrap();
        assert_eq!(view.below(at, at + 1), 10003..10006);
    }
}
