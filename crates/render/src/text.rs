//! Text that strangers wrote, made harmless to show: in a page, in a terminal, on paper.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Whether a character hides itself or turns its neighbours round: direction controls, zero-width
/// signs, tags, line separators and the C1 controls.
const fn is_concealed(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// What a character is shown as when it may not be shown as itself. Line feed and tab stay.
fn stand_in(c: char) -> Option<Cow<'static, str>> {
    match c {
        '\n' | '\t' => None,
        '\u{7f}' => Some(Cow::Borrowed("␡")),
        '\u{0}'..='\u{1f}' => {
            Some(Cow::Owned(char::from_u32(0x2400 + u32::from(c)).unwrap_or('␦').to_string()))
        }
        c if is_concealed(c) => Some(Cow::Owned(format!("[U+{:04X}]", u32::from(c)))),
        _ => None,
    }
}

/// The text with every control, direction and zero-width character made visible: `[U+202E]`, `␛`.
/// Line feeds and tabs stay; CR LF becomes LF.
pub fn visible(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    if text.bytes().all(plain) || !text.chars().any(|c| stand_in(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' && chars.peek() == Some(&'\n') {
            continue;
        }
        match stand_in(c) {
            Some(sign) => out.push_str(&sign),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Text on its way to a terminal, whatever it was made of: [`visible`], but for the colours that this
/// room sets. The last gate; what strangers wrote was made visible long before.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split("\u{1b}[").enumerate() {
        let digits = part.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(part.len());
        match part.split_at_checked(digits) {
            Some((codes, rest)) if index > 0 && rest.starts_with('m') && digits < 12 => {
                out.push_str(&format!("\u{1b}[{codes}"));
                out.push_str(&visible(rest));
            }
            _ if index > 0 => out.push_str(&visible(&format!("\u{1b}[{part}"))),
            _ => out.push_str(&visible(part)),
        }
    }
    out
}

/// JSON on its way to a terminal: every character that a terminal or an eye could be led astray by is
/// written as its escape, which says the same to a program.
pub fn terminal_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && stand_in(c).is_some() {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// [`visible`], on one line: line feeds and tabs become spaces. What the terminal and headings get.
pub fn one_line(text: &str) -> String {
    visible(text).replace(['\n', '\t'], " ")
}

/// Appends text to a page: visible, and without power as markup, in content and in attributes.
pub fn push_html(out: &mut String, text: &str) {
    for part in visible(text).split_inclusive(['&', '<', '>', '"', '\'']) {
        let (before, sign) = match part.as_bytes().last() {
            Some(b'&') => (part.strip_suffix('&'), "&amp;"),
            Some(b'<') => (part.strip_suffix('<'), "&lt;"),
            Some(b'>') => (part.strip_suffix('>'), "&gt;"),
            Some(b'"') => (part.strip_suffix('"'), "&quot;"),
            Some(b'\'') => (part.strip_suffix('\''), "&#39;"),
            _ => (None, ""),
        };
        out.push_str(before.unwrap_or(part));
        out.push_str(sign);
    }
}

/// Text for a page, as [`push_html`] writes it.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push_html(&mut out, text);
    out
}

/// A sentence of our own in which names stand between backticks, as markup: the names as code.
///
/// ```
/// assert_eq!(render::text::told("run `a <b>`"), "run <code>a &lt;b&gt;</code>");
/// ```
pub fn told(text: &str) -> String {
    let text = one_line(text);
    let marks = text.matches('`').count();
    let mut out = String::with_capacity(text.len() + 16);
    for (index, part) in text.split('`').enumerate() {
        // Every second part is a name, as long as the marks come in pairs.
        if index % 2 == 1 && marks.is_multiple_of(2) {
            out.push_str("<code>");
            push_html(&mut out, part);
            out.push_str("</code>");
        } else {
            if index > 0 && !marks.is_multiple_of(2) {
                out.push('`');
            }
            push_html(&mut out, part);
        }
    }
    out
}

/// Columns that text takes in a terminal.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Breaks one line of text into lines of at most `columns`, between words where it can. Never
/// returns nothing: empty text is one empty line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = width(word);
        if used > 0 && used + 1 + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for c in word.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The first `chars` characters, and how many were left.
pub(crate) fn head(text: &str, chars: usize) -> (&str, usize) {
    match text.char_indices().nth(chars) {
        None => (text, 0),
        Some((at, _)) => {
            let (head, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            (head, rest.chars().count())
        }
    }
}

/// Standard base 64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3)
            .fold(0u32, |group, i| (group << 8) | u32::from(chunk.get(i).copied().unwrap_or(0)));
        for i in 0..4usize {
            if i <= chunk.len() {
                let six = (group >> (18 - 6 * i)) & 63;
                let sign = ALPHABET.get(six as usize).copied().unwrap_or(b'A');
                out.push(char::from(sign));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// The bytes of standard base 64 with padding.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| {
        Some(u32::from(match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }))
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let body = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - body.len() > 2 {
        return None;
    }
    for chunk in body.as_bytes().chunks(4) {
        let mut group = 0;
        for i in 0..4 {
            group = (group << 6) | chunk.get(i).map_or(Some(0), |c| digit(*c))?;
        }
        let [_, a, b, c] = u32::to_be_bytes(group);
        bytes.extend([a, b, c].into_iter().take(chunk.len().saturating_sub(1)));
    }
    // One way to write it only: bits beyond the last byte must be zero.
    (base64(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_shown() {
        for (given, shown) in [
            ("plain", "plain"),
            ("a\u{202e}gpj.exe", "a[U+202E]gpj.exe"),
            ("nul\0", "nul␀"),
            ("\u{1b}[31mred", "␛[31mred"),
            ("two\r\nlines\rreturn", "two\nlines␍return"),
            ("zero\u{200b}width \u{e0041}", "zero[U+200B]width [U+E0041]"),
            ("می‌خواهم 👩‍💻", "می‌خواهم 👩‍💻"),
        ] {
            assert_eq!(visible(given), shown);
        }
        assert_eq!(one_line("a\nb\tc"), "a b c");
    }

    #[test]
    fn a_terminal_gets_our_colours_and_nothing_else() {
        for (given, shown) in [
            ("\u{1b}[1;31mred\u{1b}[0m", "\u{1b}[1;31mred\u{1b}[0m"),
            ("\u{1b}[2Jgone", "␛[2Jgone"),
            ("\u{1b}]52;c;x\u{7}", "␛]52;c;x␇"),
            ("\u{1b}[31\u{1b}[m", "␛[31\u{1b}[m"),
            ("\u{9b}31m \u{202e}", "[U+009B]31m [U+202E]"),
            ("two\nlines\tand", "two\nlines\tand"),
        ] {
            assert_eq!(terminal(given), shown);
        }
        let json = serde_json::json!({ "a": "\u{9b}\u{202e}\u{e0041}\u{1b}ë" });
        let text = terminal_json(&serde_json::to_string_pretty(&json).unwrap());
        assert!(text.chars().all(|c| c == '\n' || stand_in(c).is_none()), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), json);
    }

    #[test]
    fn markup_has_no_power() {
        assert_eq!(
            html("<script>alert(\"1\")</script> & 'x'"),
            "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;"
        );
    }

    #[test]
    fn lines_keep_their_width() {
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("日本語 テスト", 6), ["日本語", "テスト"]);
        assert!(wrap("日本語日本語日", 5).iter().all(|line| width(line) <= 5));
    }

    #[test]
    fn base64_as_everyone_writes_it() {
        for (given, written) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(given.as_bytes()), written);
            assert_eq!(from_base64(written).as_deref(), Some(given.as_bytes()));
        }
        for bad in ["Z", "Zg", "Zg=", "Zh==", "Z===", "Zm9v!mFy", "Zg==Zg=="] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }
}
