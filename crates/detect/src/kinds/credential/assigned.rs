//! Values that a word before them calls a password, a key or a token: `password=…`, `"token": "…"`,
//! `Authorization: Bearer …`, `the password is …`; and addresses with a password inside.

use super::token::{bits, random};
use super::{CONNECTION, PASSWORD, SECRET};
use crate::kinds::{Validated, network, online};
use crate::lexicon::{self, is};
use crate::look::{Look, is_word};

/// `:` or `=` stands at `at`. Returns the end of the secret.
pub(crate) fn at_mark(look: &mut Look<'_>, at: usize) -> Option<usize> {
    // The word before the mark, without quotes and blanks.
    let mut end = at;
    let mut skipped = 0;
    while skipped < 3 && matches!(look.before(end), b'"' | b'\'' | b' ' | b']' | b'`') {
        end -= 1;
        skipped += 1;
    }
    let length = look.run_before(end, 40, |byte| is_word(byte) || matches!(byte, b'-' | b'.'));
    // `10:22`, `host:80`: the word before a secret ends in a letter.
    if length < 2 || look.before(end).is_ascii_digit() {
        return None;
    }
    let word = look.slice(end - length..end);
    let strong = is_password(word);
    let flags = lexicon::context_of(word);
    if strong || flags & is::SECRET != 0 || ends_in_secret(word) {
        return value(look, at + 1, strong, word);
    }
    if flags & (is::USER | is::SESSION | is::HOST | is::ADVERTISING) == 0 {
        return None;
    }
    // Names of users and machines, sessions: what stands behind the mark and a quote.
    let start = at + 1 + look.run(at + 1, 3, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'\\'));
    if flags & is::ADVERTISING != 0 {
        return advertising(look, start);
    }
    if flags & is::SESSION != 0 {
        return online::assigned(look, start, true);
    }
    if flags & is::USER != 0 {
        return online::assigned(look, start, false);
    }
    network::device::host(look, start)
}

/// A UUID behind a word for advertising.
fn advertising(look: &mut Look<'_>, start: usize) -> Option<usize> {
    let text = look.slice(start..start + 36);
    let sound = text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let end = start + 36;
    if !sound || is_word(look.byte(end)) {
        return None;
    }
    look.push(
        &network::device::ADVERTISING,
        start..end,
        88,
        90,
        Validated::Context,
        false,
        "a word for advertising stands before it",
    );
    Some(end)
}

/// Words for passwords, also glued to others: `dbpassword`, `DB_PWD`.
fn is_password(word: &[u8]) -> bool {
    const ENDINGS: &[&[u8]] = &[
        b"password",
        b"passwd",
        b"pwd",
        b"passwort",
        b"passphrase",
        b"kennwort",
        b"wachtwoord",
        b"motdepasse",
        b"contrasena",
        b"passcode",
        b"pass",
        b"_pw",
        b"-pw",
        b"credentials",
    ];
    let whole = word.eq_ignore_ascii_case(b"pw");
    whole || ENDINGS.iter().any(|ending| ends(word, ending))
}

fn ends(word: &[u8], ending: &[u8]) -> bool {
    word.len()
        .checked_sub(ending.len())
        .and_then(|from| word.get(from..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}

fn ends_in_secret(word: &[u8]) -> bool {
    const ENDINGS: &[&[u8]] = &[
        b"secret",
        b"token",
        b"apikey",
        b"api_key",
        b"accesskey",
        b"_key",
        b"authkey",
        b"privatekey",
        b"secretkey",
    ];
    ENDINGS.iter().any(|ending| ends(word, ending))
}

/// `ss` stands at `at`, of a word for passwords in running text: `the password is hunter2`.
pub(crate) fn said(look: &mut Look<'_>, word_end: usize) -> Option<usize> {
    let rest = look.slice(word_end..word_end + 24);
    let text = rest.to_ascii_lowercase();
    const LINKS: &[&[u8]] = &[
        b" is: ", b" is ", b" ist: ", b" ist ", b" was ", b" to ", b" = ", b" est ", b" es ",
        b" hai ",
    ];
    let link = LINKS.iter().find(|link| text.starts_with(link))?;
    value(look, word_end + link.len(), true, b"said").filter(|_| true)
}

/// The value that begins at `at`, behind blanks and a quote.
fn value(look: &mut Look<'_>, at: usize, strong: bool, word: &[u8]) -> Option<usize> {
    let mut start = at + look.run(at, 4, |byte| matches!(byte, b' ' | b'\t' | b'=' | b'>' | b':'));
    for scheme in [&b"Bearer "[..], b"Basic ", b"Token ", b"bearer ", b"token "] {
        if look.slice(start..start + scheme.len()) == scheme {
            start += scheme.len();
        }
    }
    let mut escaped = false;
    if look.byte(start) == b'\\' && look.byte(start + 1) == b'"' {
        escaped = true;
        start += 1;
    }
    let quote = look.byte(start);
    let quoted = matches!(quote, b'"' | b'\'' | b'`');
    start += usize::from(quoted);
    let mut end = start
        + look.run(start, 256, |byte| {
            if quoted {
                byte != quote && byte != b'\n' && !(escaped && byte == b'\\')
            } else {
                !byte.is_ascii_whitespace()
                    && !matches!(
                        byte,
                        b'"' | b'\'' | b',' | b';' | b'<' | b'>' | b'`' | b')' | b'}' | b']' | 0
                    )
            }
        });
    if !quoted {
        // `&` parts the values of a query; it may also be part of a password.
        let query = look.slice(start..end).iter().position(|byte| *byte == b'&');
        if let Some(cut) = query
            && look.slice(start + cut..end).contains(&b'=')
        {
            end = start + cut;
        }
        while end > start && matches!(look.before(end), b'.' | b'?' | b':') {
            end -= 1;
        }
    }
    let text = look.slice(start..end);
    let said = word == b"said";
    if place_holder(text, quoted) || text.eq_ignore_ascii_case(word) {
        return None;
    }
    if strong {
        let digit = text.iter().any(u8::is_ascii_digit);
        let special = text.iter().any(u8::is_ascii_punctuation);
        let common = lexicon::look_up(text) & is::COMMON != 0
            || TYPES.iter().any(|word| text.eq_ignore_ascii_case(word));
        let plain = !digit && !special;
        if !(4..=128).contains(&text.len())
            || plain && (common || said)
            || said && !(digit || special)
            || said && text.len() < 5
        {
            return None;
        }
        let confidence = if quoted || digit { 85 } else { 65 };
        look.push(
            &PASSWORD,
            start..end,
            confidence,
            92,
            Validated::Context,
            false,
            "a word for passwords stands before it",
        );
        return Some(end);
    }
    let sound = (16..=256).contains(&text.len())
        && text.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'.' | b'~' | b'!' | b':')
        })
        && random(text)
        && bits(text) > 3.0
        && !ordinary(text);
    if !sound {
        return None;
    }
    look.push(
        &SECRET,
        start..end,
        80,
        90,
        Validated::Context,
        false,
        "a word for secrets stands before it, and it looks random",
    );
    Some(end)
}

/// Types and other words of code.
const TYPES: &[&[u8]] = &[
    b"string",
    b"str",
    b"text",
    b"varchar",
    b"char",
    b"bool",
    b"boolean",
    b"int",
    b"required",
    b"optional",
    b"none",
    b"null",
    b"nil",
    b"true",
    b"false",
    b"undefined",
    b"empty",
    b"changed",
    b"expired",
    b"incorrect",
    b"invalid",
    b"reset",
    b"hidden",
    b"redacted",
    b"secret",
    b"password",
    b"prompt",
    b"stdin",
    b"changeit",
    b"any",
    b"object",
    b"self",
    b"yes",
    b"no",
];

/// What stands where a secret will be put.
fn place_holder(text: &[u8], quoted: bool) -> bool {
    let Some(first) = text.first() else { return true };
    let low = text.to_ascii_lowercase();
    let same = text.iter().all(|byte| byte == first);
    let any = |parts: &[&[u8]]| parts.iter().any(|part| memchr::memmem::find(&low, part).is_some());
    same || matches!(first, b'$' | b'{' | b'<' | b'%' | b'[' | b'(' | b'&' | b'|')
        && !(first == &b'$' && text.len() > 20)
        || any(&[
            b"${",
            b"{{",
            b"your",
            b"xxxx",
            b"****",
            b"....",
            b"placeholder",
            b"changeme",
            b"<",
            b"env.",
            b"getenv",
            b"environ",
            b"example.com",
            b"redacted",
        ])
        || !quoted && any(&[b"(", b"->", b"::", b"=="])
        || !quoted && memchr::memchr(b'.', text).is_some() && !text.iter().any(u8::is_ascii_digit)
        || low.starts_with(b"//")
        || low.starts_with(b"http")
}

/// Identifiers, paths, sums and uuids that stand behind `key:` without being secret.
fn ordinary(text: &[u8]) -> bool {
    let dashes = text.iter().filter(|byte| **byte == b'-').count();
    let uuid = text.len() == 36
        && dashes == 4
        && text.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let words = text.split(|byte| matches!(byte, b'-' | b'_' | b'.' | b'/' | b':'));
    let (mut parts, mut plain) = (0, 0);
    for word in words {
        parts += 1;
        let letters = word.iter().all(|byte| byte.is_ascii_lowercase())
            || word.iter().all(|byte| byte.is_ascii_uppercase());
        plain += usize::from(letters || word.len() < 4 || word.iter().all(u8::is_ascii_digit));
    }
    uuid || parts > 1 && plain == parts
}

/// `://` stands at `at`: an address with a user and a password. Returns the end of the address.
pub(crate) fn at_url(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let scheme = look.run_before(at, 24, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')
    });
    if scheme < 2 {
        return None;
    }
    let start = at - scheme;
    let authority = look.run(at + 3, 256, |byte| {
        !byte.is_ascii_whitespace()
            && !matches!(byte, b'/' | b'"' | b'\'' | b'<' | b'>' | b'?' | b'#' | b'`' | 0)
    });
    let text = look.slice(at + 3..at + 3 + authority);
    let sign = text.iter().rposition(|byte| *byte == b'@')?;
    let user = text.get(..sign)?;
    let colon = user.iter().position(|byte| *byte == b':')?;
    let password = user.get(colon + 1..)?;
    if password.is_empty() || place_holder(password, true) || colon > 64 {
        return None;
    }
    let tail = look.run(at + 3 + authority, 256, |byte| {
        !byte.is_ascii_whitespace()
            && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b')' | b',' | 0)
    });
    let end = at + 3 + authority + tail;
    look.push(
        &CONNECTION,
        start..end,
        92,
        99,
        Validated::Form,
        false,
        "an address with a user and a password",
    );
    Some(end)
}
