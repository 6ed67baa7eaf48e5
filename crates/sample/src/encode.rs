//! The disguises in which text lies in real databases.

use std::fmt::Write as _;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LINE: usize = 76;

fn digit64(bits: u32) -> char {
    let place = usize::try_from(bits & 63).unwrap_or(0);
    char::from(BASE64.get(place).copied().unwrap_or(b'A'))
}

/// Base64 in MIME lines of 76 characters (RFC 2045, 6.8).
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 7 / 5 + 8);
    let mut column = 0;
    for chunk in bytes.chunks(3) {
        let mut bits = 0u32;
        for place in 0..3 {
            bits = bits << 8 | u32::from(chunk.get(place).copied().unwrap_or(0));
        }
        if column == LINE {
            text.push_str("\r\n");
            column = 0;
        }
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            text.push(if place <= chunk.len() { digit64(bits >> shift) } else { '=' });
        }
        column += 4;
    }
    text
}

/// Quoted-printable (RFC 2045, 6.7). A soft line break is also set in the middle of every
/// `broken` text: that is where a search for plain text loses it.
pub(crate) fn quoted_printable(text: &str, broken: &[&str]) -> String {
    let mut breaks: Vec<usize> = broken
        .iter()
        .flat_map(|inner| text.match_indices(inner).map(|(start, hit)| start + hit.len() / 2))
        .collect();
    breaks.sort_unstable();
    let mut breaks = breaks.into_iter().peekable();
    let mut out = String::with_capacity(text.len() * 9 / 8);
    let mut column = 0;
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((place, byte)) = bytes.next() {
        if byte == b'\n' {
            out.push_str("\r\n");
            column = 0;
            continue;
        }
        let line_ends = bytes.peek().is_none_or(|(_, next)| *next == b'\n');
        let plain = (33..=126).contains(&byte) && byte != b'=' || byte == b' ' && !line_ends;
        let width = if plain { 1 } else { 3 };
        if column + width > LINE - 1 || breaks.next_if(|at| *at <= place).is_some() {
            out.push_str("=\r\n");
            column = 0;
        }
        if plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "={byte:02X}");
        }
        column += width;
    }
    out
}

/// Percent-encoding of everything but unreserved characters (RFC 3986, 2.3).
pub(crate) fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// HTML as a mail program writes it: markup escaped, other letters left alone.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("<br>\n"),
            other => out.push(other),
        }
    }
    out
}

/// HTML as an old editor writes it: every letter beyond ASCII and the at sign are entities.
pub(crate) fn html_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for letter in html(text).chars() {
        match letter {
            'ë' => out.push_str("&euml;"),
            'é' => out.push_str("&eacute;"),
            'ü' => out.push_str("&uuml;"),
            '@' => out.push_str("&#64;"),
            plain if plain.is_ascii() => out.push(plain),
            other => {
                let _ = write!(out, "&#x{:X};", u32::from(other));
            }
        }
    }
    out
}

/// The inside of a JSON string; `ascii` also escapes every letter beyond ASCII.
pub(crate) fn json(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if u32::from(control) < 32 => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other if ascii && !other.is_ascii() => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_examples_of_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert!(base64(&[0; 200]).lines().all(|line| line.len() <= 76));
    }

    #[test]
    fn quoted_printable_keeps_its_lines_short_and_breaks_where_it_is_told() {
        assert_eq!(quoted_printable("é = x \ny", &[]), "=C3=A9 =3D x=20\r\ny");
        assert_eq!(quoted_printable("to Jane!", &["Jane"]), "to Ja=\r\nne!");
        let long = quoted_printable(&"ë word ".repeat(60), &[]);
        assert!(long.lines().all(|line| line.len() <= 76));
    }

    #[test]
    fn the_other_disguises() {
        assert_eq!(percent("zoë+1@a.example"), "zo%C3%AB%2B1%40a.example");
        assert_eq!(html_entities("Zoë <z@a>"), "Zo&euml; &lt;z&#64;a&gt;");
        assert_eq!(json("Zoë \"Z\"", true), "Zo\\u00eb \\\"Z\\\"");
        assert_eq!(json("😀", true), "\\ud83d\\ude00");
    }
}
