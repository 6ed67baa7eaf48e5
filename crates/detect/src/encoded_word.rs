//! Encoded words in mail headers (RFC 2047).

use crate::fold::windows_1252;
use crate::inline::Builder;
use crate::levels::View;
use crate::term::Encoding;

/// One `=?charset?letter?text?=`.
struct Word {
    len: usize,
    text: Vec<u8>,
}

fn word(rest: &[u8]) -> Option<Word> {
    let body = rest.strip_prefix(b"=?")?;
    let mut parts = body.splitn(4, |byte| *byte == b'?');
    let charset = parts.next().filter(|part| !part.is_empty() && part.len() <= 40)?;
    let letter = *parts.next().filter(|part| part.len() == 1)?.first()?;
    let text = parts.next()?;
    if !parts.next()?.starts_with(b"=")
        || text.iter().any(u8::is_ascii_whitespace)
        || !charset.is_ascii()
    {
        return None;
    }
    let decoded = match letter {
        b'q' | b'Q' => q(text),
        b'b' | b'B' => b(text),
        _ => return None,
    };
    // RFC 2231 allows a language after the charset.
    let charset = charset.split(|byte| *byte == b'*').next().unwrap_or(charset);
    let narrow = [&b"iso-8859-1"[..], b"iso-8859-15", b"windows-1252", b"latin1"]
        .iter()
        .any(|name| charset.eq_ignore_ascii_case(name));
    let text = if narrow {
        decoded.iter().map(|byte| windows_1252(*byte)).collect::<String>().into_bytes()
    } else {
        decoded
    };
    Some(Word { len: 2 + charset_len(body) + 3 + text_len(body)? + 2, text })
}

fn charset_len(body: &[u8]) -> usize {
    body.iter().position(|byte| *byte == b'?').unwrap_or(0)
}

fn text_len(body: &[u8]) -> Option<usize> {
    body.splitn(4, |byte| *byte == b'?').nth(2).map(<[u8]>::len)
}

fn q(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'_' => out.push(b' '),
            b'=' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let number = std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|text| u8::from_str_radix(text, 16).ok());
                out.push(number.unwrap_or(b'?'));
            }
            _ => out.push(byte),
        }
    }
    out
}

fn b(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut held = 0_u32;
    let mut bits = 0;
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = (held << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 0xff).unwrap_or(0));
        }
    }
    out
}

/// The encoded words of the bytes, decoded, with `reach` bytes around each.
pub(crate) fn view(bytes: &[u8], reach: usize) -> Option<View> {
    let mut builder = Builder::new(bytes, reach);
    let mut past = 0;
    for at in memchr::memmem::find_iter(bytes, b"=?") {
        if at < past && past > 0 {
            continue;
        }
        // RFC 2047: 75 characters; some writers do not count.
        let rest = bytes.get(at..bytes.len().min(at + 1000)).unwrap_or_default();
        let Some(word) = word(rest) else { continue };
        // White space between two encoded words is not part of the text.
        if past > 0
            && let Some(between) = bytes.get(past..at)
            && !between.is_empty()
            && between.iter().all(u8::is_ascii_whitespace)
        {
            builder.mark(past, between.len(), b"", false);
        }
        builder.mark(at, word.len, &word.text, true);
        past = at + word.len;
    }
    builder.finish(Encoding::EncodedWord)
}

/// A text as encoded words, each short enough.
pub(crate) fn write(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let mut out = Vec::new();
    let mut piece: Vec<u8> = Vec::new();
    let mut close = |piece: &mut Vec<u8>| {
        if !piece.is_empty() {
            if !out.is_empty() {
                out.extend_from_slice(b"\r\n ");
            }
            out.extend_from_slice(b"=?UTF-8?Q?");
            out.append(piece);
            out.extend_from_slice(b"?=");
        }
    };
    for c in text.chars() {
        let mut buffer = [0; 4];
        let mut written = Vec::new();
        for byte in c.encode_utf8(&mut buffer).bytes() {
            match byte {
                b' ' => written.push(b'_'),
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'[' | b']' | b'-' | b'.' => {
                    written.push(byte);
                }
                _ => written.extend_from_slice(format!("={byte:02X}").as_bytes()),
            }
        }
        if piece.len() + written.len() > 60 {
            close(&mut piece);
        }
        piece.append(&mut written);
    }
    close(&mut piece);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_read_together() {
        let table: &[(&[u8], &str)] = &[
            (
                b"From: =?UTF-8?Q?Zo=C3=AB_M=C3=BCller?= <z@x.example>",
                "From: Zoë Müller <z@x.example>",
            ),
            (b"=?iso-8859-1?q?Zo=EB?= =?utf-8?B?IE3DvGxsZXI=?=", "Zoë Müller"),
            (b"=?utf-8?B?Wm/Dqw==?=\r\n =?utf-8*en?Q?!?=", "Zoë!"),
        ];
        for (bytes, expected) in table {
            assert_eq!(String::from_utf8(view(bytes, 100).unwrap().text).unwrap(), *expected);
        }
        assert!(view(b"a=?b?c", 100).is_none());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text =
            "Frage von Zoë an Müller, über alles, was sich in einem langen Betreff sagen lässt";
        assert_eq!(view(&write(text.as_bytes()), 100).unwrap().text, text.as_bytes());
    }
}
