//! JSON stays JSON: what may be replaced in it, and by what.
//!
//! A mark in the place of a number breaks the document for every reader that it has. So the
//! scalars of a document are known before it is edited: inside a string the mark may stand, a
//! number or literal is replaced whole, by `null`, and between them nothing is touched. A string
//! that itself holds a document is looked into, as applications put one inside another.

use std::ops::Range;

use crate::redact::Edit;

/// How many documents may lie inside each other as strings.
const DEEPEST: usize = 4;

/// A scalar of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scalar {
    /// Where it stands; of a string what is between the quotes.
    pub(crate) range: Range<usize>,
    /// A string; otherwise a number or one of `true`, `false` and `null`.
    pub(crate) text: bool,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Document,
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

/// The scalars of JSON text in the order in which they stand; `None` if the bytes are anything
/// else. An object or array, or several of them after each other (JSON lines), is JSON text; a
/// number or string by itself is not told from plain text.
pub(crate) fn scalars(bytes: &[u8]) -> Option<Vec<Scalar>> {
    let mut found = Vec::new();
    scan(bytes, &mut found)?;
    let mut out = Vec::with_capacity(found.len());
    for scalar in found {
        inside(bytes, scalar, 0, &mut out);
    }
    Some(out)
}

/// Whether the bytes are JSON text (RFC 8259).
pub(crate) fn is_json(bytes: &[u8]) -> bool {
    scan(bytes, &mut Vec::new()).is_some()
}

fn scan(bytes: &[u8], found: &mut Vec<Scalar>) -> Option<()> {
    let mut at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut open: Vec<u8> = Vec::new();
    let mut want = Want::Document;
    let mut any = false;
    while let Some(byte) = bytes.get(at).copied() {
        let value = matches!(want, Want::Value | Want::ValueOrEnd);
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'{' | b'[' if value || want == Want::Document => {
                any = true;
                open.push(byte);
                want = if byte == b'{' { Want::KeyOrEnd } else { Want::ValueOrEnd };
                at += 1;
            }
            b'}' | b']' => {
                let empty = if byte == b'}' { Want::KeyOrEnd } else { Want::ValueOrEnd };
                let opened = if byte == b'}' { b'{' } else { b'[' };
                if open.pop() != Some(opened) || want != empty && want != Want::CommaOrEnd {
                    return None;
                }
                want = if open.is_empty() { Want::Document } else { Want::CommaOrEnd };
                at += 1;
            }
            b',' if want == Want::CommaOrEnd => {
                want = if open.last() == Some(&b'{') { Want::Key } else { Want::Value };
                at += 1;
            }
            b':' if want == Want::Colon => {
                want = Want::Value;
                at += 1;
            }
            b'"' if value || matches!(want, Want::Key | Want::KeyOrEnd) => {
                let end = string(bytes, at + 1)?;
                found.push(Scalar { range: at + 1..end, text: true });
                want = if value { Want::CommaOrEnd } else { Want::Colon };
                at = end + 1;
            }
            _ if value => {
                let end = literal(bytes, at).or_else(|| number(bytes, at))?;
                found.push(Scalar { range: at..end, text: false });
                want = Want::CommaOrEnd;
                at = end;
            }
            _ => return None,
        }
    }
    (any && want == Want::Document).then_some(())
}

/// Where the string that starts at `at` ends: its closing quote.
fn string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += escape(bytes, at)?,
            0..=0x1f => return None,
            _ => at += 1,
        }
    }
}

/// The length of an escape.
fn escape(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

fn literal(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let word = [&b"true"[..], b"false", b"null"].into_iter().find(|word| rest.starts_with(word))?;
    Some(at + word.len())
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let start = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = digits(start);
    if end == start || bytes.get(start) == Some(&b'0') && end > start + 1 {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        let past = digits(end + 1);
        if past == end + 1 {
            return None;
        }
        end = past;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let from = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let past = digits(from);
        if past == from {
            return None;
        }
        end = past;
    }
    Some(end)
}

/// The scalar, or those of the document that it holds.
fn inside(bytes: &[u8], scalar: Scalar, depth: usize, out: &mut Vec<Scalar>) {
    let content = bytes.get(scalar.range.clone()).unwrap_or_default();
    let looks = scalar.text
        && depth < DEEPEST
        && matches!(content.trim_ascii().first(), Some(b'{' | b'[' | b'\\'));
    if looks && let Some((text, starts)) = unescaped(content) {
        let mut found = Vec::new();
        if scan(&text, &mut found).is_some() {
            let mut inner = Vec::new();
            for scalar in found {
                inside(&text, scalar, depth + 1, &mut inner);
            }
            let place =
                |at: usize| scalar.range.start + starts.get(at).copied().unwrap_or(content.len());
            out.extend(inner.into_iter().map(|inner| Scalar {
                range: place(inner.range.start)..place(inner.range.end),
                text: inner.text,
            }));
            return;
        }
    }
    out.push(scalar);
}

/// What the content of a string says, and where each byte of it starts. Only escapes that can
/// stand in a document are read; one beyond ASCII is `?`, which is nobody's bracket.
fn unescaped(content: &[u8]) -> Option<(Vec<u8>, Vec<usize>)> {
    let mut text = Vec::with_capacity(content.len());
    let mut starts = Vec::with_capacity(content.len());
    let mut at = 0;
    while let Some(byte) = content.get(at).copied() {
        starts.push(at);
        if byte != b'\\' {
            text.push(byte);
            at += 1;
            continue;
        }
        let length = escape(content, at)?;
        text.push(match content.get(at + 1)? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                let digits = std::str::from_utf8(content.get(at + 2..at + 6)?).ok()?;
                let unit = u32::from_str_radix(digits, 16).ok()?;
                u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?')
            }
            other => *other,
        });
        at += length;
    }
    Some((text, starts))
}

/// The edits of a document so that it stays one.
pub(crate) fn fit(edits: Vec<Edit>, scalars: &[Scalar], mark: &[u8]) -> Vec<Edit> {
    let mut kept: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        let first = scalars.partition_point(|scalar| scalar.range.end <= edit.range.start);
        let touched = scalars
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take_while(|scalar| scalar.range.start < edit.range.end);
        for scalar in touched {
            let Range { start, end } = scalar.range;
            if scalar.text && start <= edit.range.start && edit.range.end <= end {
                kept.push(edit.clone());
            } else if scalar.text {
                let range = start.max(edit.range.start)..end.min(edit.range.end);
                kept.push(Edit { range, text: mark.to_vec(), made: false });
            } else if kept.last().is_none_or(|last| last.range != scalar.range) {
                kept.push(nothing(scalar));
            }
        }
    }
    kept
}

/// The same, with every scalar that is touched taken out whole: for what cannot be edited inside.
pub(crate) fn fit_whole(edits: &[Edit], scalars: &[Scalar], mark: &[u8]) -> Vec<Edit> {
    scalars
        .iter()
        .filter(|scalar| {
            let next = edits.partition_point(|edit| edit.range.end <= scalar.range.start);
            edits.get(next).is_some_and(|edit| edit.range.start < scalar.range.end)
        })
        .map(|scalar| match scalar.text {
            true => Edit { range: scalar.range.clone(), text: mark.to_vec(), made: false },
            false => nothing(scalar),
        })
        .collect()
}

fn nothing(scalar: &Scalar) -> Edit {
    Edit { range: scalar.range.clone(), text: b"null".to_vec(), made: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_from_other_text() {
        for json in [
            "{}",
            " [ ] ",
            r#"{"a":1,"b":[true,null,-0.5e+3,"\u00e9\n"],"c":{}}"#,
            "{\"a\":1}\n{\"a\":2}\n",
            "\u{feff}{\"a\":\"\u{e9}\"}",
        ] {
            assert!(is_json(json.as_bytes()), "{json}");
        }
        for other in [
            "",
            "1",
            "\"a\"",
            "{",
            "{]",
            "[1,]",
            "{\"a\"}",
            "{\"a\":01}",
            "[1 2]",
            "{a:1}",
            "[1] and more",
            "[\"\\x\"]",
            "[\"\n\"]",
            "[1.]",
            "[-]",
            "{\"a\":1,}",
            "[,]",
            "[nul]",
            "[\"a\" \"b\"]",
            "{\"a\":1]",
            "]",
            "[1e]",
        ] {
            assert!(!is_json(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_document_in_a_string_is_looked_into() {
        let json = br#"{"p":"{\"n\":12,\"s\":\"x\"}","q":"[not json"}"#;
        let found: Vec<_> = scalars(json)
            .unwrap()
            .into_iter()
            .map(|scalar| (std::str::from_utf8(&json[scalar.range]).unwrap(), scalar.text))
            .collect();
        assert_eq!(
            found,
            [
                ("p", true),
                ("n", true),
                ("12", false),
                ("s", true),
                ("x", true),
                ("q", true),
                ("[not json", true),
            ]
        );
    }
}
