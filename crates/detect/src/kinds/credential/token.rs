//! Long runs of letters and digits: keys of providers, web tokens, private keys, hashes.

use std::sync::LazyLock;

use super::providers::{FORMATS, Format};
use super::{PASSWORD_HASH, PRIVATE_KEY, WEB_TOKEN};
use crate::kinds::Validated;
use crate::look::{Look, is_word};

/// The formats by their first byte: from where to where in the table.
static BY_FIRST: LazyLock<Vec<(usize, usize)>> = LazyLock::new(|| {
    (0..=255_u8)
        .map(|first| {
            let lead = |format: &Format| format.prefix.as_bytes().first().copied().unwrap_or(0);
            let from = FORMATS.partition_point(|format| lead(format) < first);
            (from, FORMATS.partition_point(|format| lead(format) <= first))
        })
        .collect()
});

/// With which two bytes formats begin, and web tokens: one bit for each pair.
#[allow(clippy::indexing_slicing, reason = "the compiler runs it, and would not build a miss")]
static HEADS: [u64; 1024] = {
    let mut bits = [0; 1024];
    let mut left = FORMATS;
    while let [format, more @ ..] = left {
        if let [first, second, ..] = format.prefix.as_bytes() {
            bits[(*first as usize) << 2 | *second as usize >> 6] |= 1 << (*second & 63);
        }
        left = more;
    }
    bits[(b'e' as usize) << 2 | b'y' as usize >> 6] |= 1 << (b'y' & 63);
    bits
};

/// Whether a key or a web token may begin with these two bytes.
#[inline(always)]
pub(crate) fn may_begin(first: u8, second: u8) -> bool {
    let heads = HEADS.get(usize::from(first) << 2 | usize::from(second) >> 6);
    heads.is_some_and(|bits| bits >> (second & 63) & 1 == 1)
}

/// A run of at least twelve letters, digits, `_`, `-` and `.` begins at `at`.
pub(crate) fn at_run(look: &mut Look<'_>, at: usize) {
    let (first, second) = (look.byte(at), look.byte(at + 1));
    if !may_begin(first, second) {
        return;
    }
    let Some((from, to)) = BY_FIRST.get(usize::from(first)).copied() else {
        return;
    };
    if first == b'e' && look.slice(at..at + 3) == b"eyJ" && web_token(look, at) {
        return;
    }
    let text = look.slice(at..at + 24);
    // The longest prefix stands last.
    for format in FORMATS.get(from..to).unwrap_or_default().iter().rev() {
        if text.starts_with(format.prefix.as_bytes()) && of_format(look, at, format) {
            return;
        }
    }
}

fn of_format(look: &mut Look<'_>, at: usize, format: &Format) -> bool {
    let start = at + format.prefix.len();
    let length = look.run(start, format.most + 1, |byte| format.alphabet.has(byte));
    let end = start + length;
    let mut kept = end;
    while look.before(kept) == b'.' && kept > start {
        kept -= 1;
    }
    let next = look.byte(kept);
    let ends = !(is_word(next) || next == b'-' && is_word(look.byte(kept + 1)));
    let body = look.slice(start..kept);
    if !(format.least..=format.most).contains(&body.len()) || !ends || !random(body) {
        return false;
    }
    // A short beginning could be anything's: then all three sorts of characters are asked for.
    let plain =
        format.prefix.len() <= 3 && format.prefix.bytes().all(|byte| byte.is_ascii_alphabetic());
    if plain && bits(body) < 3.4 && body.len() < 60 {
        return false;
    }
    let example = body.windows(7).any(|seven| seven.eq_ignore_ascii_case(b"example"));
    let test = example || format.prefix.contains("test") || format.prefix.contains("sandbox");
    look.push(format.kind, at..kept, 95, 99, Validated::Form, test, format.whose);
    true
}

/// Not a word, a place holder or a repetition: digits and enough different characters.
pub(super) fn random(body: &[u8]) -> bool {
    let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    let most = body
        .iter()
        .take(32)
        .map(|byte| body.iter().take(32).filter(|other| *other == byte).count())
        .max();
    let letters = body.iter().any(u8::is_ascii_alphabetic);
    digits > 0
        && letters
        && most.is_some_and(|most| most * 3 <= body.len().min(32))
        && bits(body) > 2.3
}

/// Shannon's entropy in bits for each character, of the first 64.
pub(super) fn bits(body: &[u8]) -> f32 {
    let body = body.get(..64).unwrap_or(body);
    let mut counts = [0_u8; 256];
    for byte in body {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let all = u16::try_from(body.len()).map_or(1.0, f32::from).max(1.0);
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f32::from(*count) / all;
            -share * share.log2()
        })
        .sum()
}

fn web_token(look: &mut Look<'_>, at: usize) -> bool {
    let part = |start: usize| {
        look.run(start, 4096, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let first = at + part(at);
    if look.byte(first) != b'.' || look.slice(first + 1..first + 4) != b"eyJ" {
        return false;
    }
    let second = first + 1 + part(first + 1);
    if look.byte(second) != b'.' {
        return false;
    }
    let end = second + 1 + part(second + 1);
    if first - at < 10 || end - second < 16 {
        return false;
    }
    look.hit(&WEB_TOKEN, at..end, 97, Validated::Form, "two objects in base64url, and a signature");
    true
}

/// `BEGIN` stands at `at`, behind dashes: perhaps a private key. Returns its end.
pub(crate) fn armour(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let start = at.checked_sub(5)?;
    let head = look.slice(start..at + 48);
    if !head.starts_with(b"-----BEGIN ") {
        return None;
    }
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r' | b'\\')).next()?;
    memchr::memmem::find(line, b"PRIVATE KEY")?;
    let rest = look.slice(at..at + 7000);
    let end = memchr::memmem::find(rest, b"-----END ").map_or_else(
        || start + line.len(),
        |place| {
            let tail = at + place + 9;
            let label = look.run(tail, 40, |byte| byte.is_ascii_uppercase() || byte == b' ');
            tail + label + look.run(tail + label, 5, |byte| byte == b'-')
        },
    );
    look.push(
        &PRIVATE_KEY,
        start..end,
        99,
        100,
        Validated::Form,
        false,
        "the lines of a private key",
    );
    Some(end)
}

/// `$` stands at `at`: perhaps a hash for passwords begins there.
pub(crate) fn at_dollar(look: &mut Look<'_>, at: usize) {
    const BEGINNINGS: [&[u8]; 7] =
        [b"$2a$", b"$2b$", b"$2y$", b"$argon2", b"$scrypt$", b"$pbkdf2", b"$6$"];
    let text = look.slice(at..at + 8);
    if BEGINNINGS.iter().any(|head| text.starts_with(head)) {
        let _ = password_hash(look, at);
    }
}

/// `$2b$…` and its like: the first `$` stands at `start`.
fn password_hash(look: &mut Look<'_>, start: usize) -> Option<usize> {
    let length = look.run(start, 260, |byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'$' | b'.' | b'/' | b'+' | b'=' | b',' | b'-' | b'_')
    });
    let text = std::str::from_utf8(look.slice(start..start + length)).ok()?;
    if length < 20 || !crate::secrets::secret_like(text) {
        return None;
    }
    let end = start + length;
    look.hit(&PASSWORD_HASH, start..end, 97, Validated::Form, "the string of a hash for passwords");
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_in_order_and_two_hundred_at_least() {
        assert!(FORMATS.is_sorted_by_key(|format| format.prefix));
        assert!(FORMATS.iter().all(|format| format.prefix.len() >= 2));
        assert!(FORMATS.len() >= 200, "{}", FORMATS.len());
        assert!(
            FORMATS.iter().all(|format| format.least <= format.most && format.prefix.len() < 24)
        );
    }
}
