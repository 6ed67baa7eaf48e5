//! A suspicious reader: every reading of a value under which a name could hide. Written apart from
//! the product's own decoders, so that a mistake there is not repeated here.

/// All readings of some bytes, in small letters: as they are, without quoted-printable, HTML and URL
/// encoding, from base64 (three layers deep), and the digits alone.
pub fn readings(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    read(bytes, 0, &mut found);
    // Numbers alone, without what people write between the digits of a telephone number.
    let digits = |text: &String| {
        let joined = text.chars().filter(|c| !" -.()/".contains(*c));
        joined.map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect::<String>()
    };
    let bare: Vec<String> = found.iter().map(digits).collect();
    found.extend(bare);
    found
}

fn read(bytes: &[u8], depth: usize, found: &mut Vec<String>) {
    let text = String::from_utf8_lossy(bytes).replace('\u{a0}', " ");
    found.push(text.to_lowercase());
    if depth == 3 {
        return;
    }
    let unfolded = quoted_printable(bytes);
    let urls = escapes(bytes, b'%');
    let entities = entities(&text);
    for other in [unfolded, urls, entities.into_bytes()] {
        if other != bytes {
            read(&other, depth + 1, found);
        }
    }
    for run in base64_runs(bytes) {
        read(&run, depth + 1, found);
    }
    if let Ok(serde_json::Value::String(inner)) = serde_json::from_slice(bytes) {
        read(inner.as_bytes(), depth + 1, found);
    }
    if text.contains("\\u") {
        read(backslash_u(&text).as_bytes(), depth + 1, found);
    }
}

/// Soft breaks closed, `=XX` decoded, `_` of encoded words read as a space.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).replace("=\r\n", "").replace("=\n", "");
    escapes(text.as_bytes(), b'=')
}

/// `%41` or `=41` to `A`.
fn escapes(bytes: &[u8], mark: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let two = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match two.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if *first == mark => {
                out.push(byte);
                rest = &after[2..];
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// The HTML entities that a body of ours can hold.
fn entities(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let named = after.split_once(';').filter(|(name, _)| name.len() < 9);
        let decoded = named.and_then(|(name, rest)| Some((entity(name)?, rest)));
        if let Some((letter, left)) = decoded {
            out.push(letter);
            rest = left;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let number = |text: &str| match text.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    };
    match name {
        "nbsp" => Some(' '),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "commat" => Some('@'),
        "period" => Some('.'),
        "euml" => Some('ë'),
        "uuml" => Some('ü'),
        "eacute" => Some('é'),
        _ => name.strip_prefix('#').and_then(number).and_then(char::from_u32),
    }
}

fn backslash_u(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = part.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match letter.and_then(char::from_u32) {
            Some(letter) => {
                out.push(letter);
                out.push_str(&part[4..]);
            }
            None => out.push_str(part),
        }
    }
    out
}

/// What every long word of base64 (also over several lines) stands for, at each of its four beginnings.
fn base64_runs(bytes: &[u8]) -> Vec<Vec<u8>> {
    let inside = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(b);
    let mut found = Vec::new();
    for run in bytes.split(|b| !inside(b)) {
        let letters: Vec<u8> = run.iter().copied().filter(|b| !b"\r\n=".contains(b)).collect();
        if letters.len() >= 12 {
            found.extend((0..4).map(|start| sextets(&letters[start..])));
        }
    }
    found
}

fn sextets(letters: &[u8]) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    };
    let mut out = Vec::new();
    for four in letters.chunks(4) {
        let bits = four.iter().fold(0_u32, |bits, b| bits << 6 | u32::from(value(*b)));
        let bits = bits << (6 * (4 - four.len()));
        out.extend(bits.to_be_bytes()[1..].iter().take(four.len() * 6 / 8));
    }
    out
}

/// Whether `after` is `before` with nothing but some words taken out: what lies between the marks
/// stands in `before` in the same order, at its beginning and at its end.
pub fn only_words_taken_out(before: &[u8], after: &[u8]) -> bool {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let mut rest = before.as_ref();
    let pieces: Vec<&str> = after.split("[erased]").collect();
    let last = pieces.len() - 1;
    for (at, piece) in pieces.iter().enumerate() {
        rest = match rest.find(piece) {
            Some(0) => &rest[piece.len()..],
            Some(_) if at == 0 => return false,
            Some(_) if at == last => return rest.ends_with(piece),
            Some(found) => &rest[found + piece.len()..],
            None => return false,
        };
    }
    last > 0 || rest.is_empty()
}

#[test]
fn the_reader_sees_through_every_encoding() {
    for (hidden, name) in [
        ("Ask l=\nena.ort=69z", "lena.ortiz"),
        ("TGVuYSBPcnRpeiBsZW5hLm9y\ndGl6QGFjbWUuZXhhbXBsZQ==", "lena.ortiz@acme.example"),
        ("x: TGVuYSBPcnRpeg==", "lena ortiz"),
        ("Lena&nbsp;Ort&#105;z", "lena ortiz"),
        ("to=lena%2Eortiz%40acme.example", "lena.ortiz@acme.example"),
        (r#"{"n":"Zo\u00eb"}"#, "zoë"),
        ("+1 (555) 014-2", "15550142"),
    ] {
        assert!(readings(hidden.as_bytes()).iter().any(|r| r.contains(name)), "{hidden}");
    }
    assert!(only_words_taken_out(b"a Lena b Lena c", b"a [erased] b [erased] c"));
    assert!(!only_words_taken_out(b"a Lena b Tom c", b"a [erased] c d"));
    assert!(!only_words_taken_out(b"a Lena b", b"x [erased] b"));
}
