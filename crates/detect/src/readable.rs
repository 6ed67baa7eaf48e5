//! A body as a person can read it.

use crate::base64;
use crate::file_kind::file_kind;
use crate::fold::windows_1252;
use crate::inline::{self, Inline};
use crate::levels::{View, is_binary};
use crate::utf16;

/// The plain text of a body, decoded (quoted-printable, base64, UTF-16, Windows-1252) and without
/// HTML, for a person to read; `None` for binary data.
pub fn readable(bytes: &[u8]) -> Option<String> {
    plain(bytes, 0)
}

fn plain(bytes: &[u8], depth: usize) -> Option<String> {
    if file_kind(bytes).is_some() {
        return None;
    }
    if utf16::is_text(bytes) {
        let text: Vec<u8> = utf16::views(bytes).into_iter().flat_map(|view| view.text).collect();
        return Some(tidy(&characters(&text)));
    }
    if is_binary(bytes) {
        return None;
    }
    if depth < 3 {
        if let Some(text) = whole_base64(bytes) {
            return plain(&text, depth + 1);
        }
        if is_quoted_printable(bytes)
            && let Some(view) = inline::view(Inline::QuotedPrintable, bytes, usize::MAX)
        {
            return plain(&view.text, depth + 1);
        }
    }
    Some(tidy(&characters(bytes)))
}

/// What base64 stands for, if the value is nothing else.
fn whole_base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let trimmed = bytes.trim_ascii();
    let runs = base64::runs(trimmed);
    let [run] = runs.as_slice() else { return None };
    let text = (run.range() == (0..trimmed.len())).then(|| run.decode(trimmed))?;
    // A long word is also base64; what it decodes to is not text.
    (file_kind(&text).is_some() || std::str::from_utf8(&text).is_ok() && !is_binary(&text))
        .then_some(text)
}

/// Whether every `=` is part of quoted-printable, and one of them breaks a line or is a byte
/// that text needs it for.
fn is_quoted_printable(bytes: &[u8]) -> bool {
    let mut sure = false;
    for at in memchr::memchr_iter(b'=', bytes) {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let two = rest.get(..2).unwrap_or_default();
        let digits = two.len() == 2
            && two.iter().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte));
        let line = rest.starts_with(b"\n") || rest.starts_with(b"\r\n");
        if !digits && !line {
            return false;
        }
        sure |=
            line || two.first().is_some_and(|byte| *byte >= b'8') || matches!(two, b"3D" | b"20");
    }
    sure
}

/// UTF-8, or Windows-1252 where it is not.
fn characters(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|byte| windows_1252(*byte)));
    }
    out
}

/// Whether text is HTML: a tag that every HTML body has.
fn is_html(text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    ["<html", "<body", "<p>", "<p ", "<br", "<div", "<table", "<a href", "<span", "<b>", "</"]
        .iter()
        .any(|tag| low.contains(tag))
}

fn tidy(text: &str) -> String {
    if !is_html(text) {
        return text.replace("\r\n", "\n");
    }
    let bare = strip_tags(text);
    let decoded = match inline::view(Inline::HtmlEntities, bare.as_bytes(), usize::MAX) {
        Some(View { text, .. }) => characters(&text),
        None => bare,
    };
    let mut out = String::new();
    let mut empty = 0;
    for line in decoded.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 && !(line.is_empty() && out.is_empty()) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out.trim_end().to_owned()
}

/// Drops tags, comments, scripts and styles; ends a line where a block ends.
fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push('<');
            rest = after;
            continue;
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some((tag, after)) = after.split_once('>') else {
            rest = "";
            break;
        };
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        rest = after;
        match name.as_str() {
            "script" | "style" | "head" if !tag.starts_with('/') => {
                let low = rest.to_ascii_lowercase();
                let end = low.find(&format!("</{name}")).unwrap_or(rest.len());
                rest = rest.split_at_checked(end).map_or("", |(_, rest)| rest);
            }
            "br" | "p" | "div" | "tr" | "li" | "table" | "ul" | "ol" | "blockquote" | "h1"
            | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "title" => out.push('\n'),
            "td" | "th" => out.push(' '),
            _ => {}
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_in_whatever_form_it_is_kept() {
        let table: &[(&[u8], Option<&str>)] = &[
            (b"Zo=C3=AB wrote a =\r\nline", Some("Zoë wrote a line")),
            (b"a = b, c=d", Some("a = b, c=d")),
            (b"Zo\xeb", Some("Zoë")),
            (b"<html><head><title>x</title></head><p>Hello <b>Jane</b>&nbsp;Doe</p><p>5 &lt; 6</p>", Some("Hello Jane Doe\n\n5 < 6")),
            (b"PGh0bWw+PHA+SGVsbG8gSmFuZSBEb2U8L3A+PC9odG1sPg==", Some("Hello Jane Doe")),
            (b"5 < 6 and 7 > 3", Some("5 < 6 and 7 > 3")),
            (b"%PDF-1.7", None),
            (b"\x04\x0b\x08", None),
        ];
        for (bytes, text) in table {
            assert_eq!(readable(bytes).as_deref(), *text);
        }
    }
}
