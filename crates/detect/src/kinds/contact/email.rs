//! E-mail addresses, also of international form.

use crate::kinds::{Family, Kind, Validated};
use crate::look::{Look, is_word};

/// RFC 5321 §4.1.2 without quoted local parts, with RFC 6531 for what is beyond ASCII.
pub(crate) static EMAIL: Kind = Kind {
    key: "contact.email",
    title: "E-mail address",
    category: "user.contact.email",
    family: Family::Contact,
    standard: "RFC 5321, RFC 6531",
    examples: &[
        ("Write to jane.doe@acme.example.", "jane.doe@acme.example"),
        ("<zoë.müller+x@straße.example>", "zoë.müller+x@straße.example"),
        ("reach jane.doe at acme dot example today", "jane.doe at acme dot example"),
        ("mailto:o'hara@mail.acme.example?subject=x", "o'hara@mail.acme.example"),
    ],
    counter_examples: &[
        "git@github",
        "a@b@c.example",
        "@handle and user@",
        "x@1.2",
        "a..@b..c",
        "name@version-1.2.3",
    ],
};

/// Longest local part and longest name of a host (RFC 5321 §4.5.3.1).
const LOCAL: usize = 64;
const HOST: usize = 253;

const fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | b'&' | b'#' | b'!' | b'~')
}

const fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'.' | b'-')
}

/// Marks that lead an address in running text and are no part of it.
const fn leads(byte: u8) -> bool {
    matches!(byte, b'.' | b'\'' | b'-' | b'%' | b'&' | b'#' | b'!' | b'~')
}

/// An `@` stands at `at`.
pub(crate) fn at_sign(look: &mut Look<'_>, at: usize) {
    let mut start = at - look.run_before(at, LOCAL, is_local);
    while start < at && leads(look.byte(start)) {
        start += 1;
    }
    if start == at || look.before(at) == b'.' || look.before(start) == b'@' {
        return;
    }
    // The user of an address: `https://user@host/`.
    if look.slice(start.saturating_sub(3)..start) == b"://" {
        return;
    }
    let mut end = at + 1 + look.run(at + 1, HOST, is_host);
    while end > at + 1 && matches!(look.before(end), b'.' | b'-') {
        end -= 1;
    }
    if look.byte(end) == b'@' {
        return;
    }
    let host = look.slice(at + 1..end);
    // Bytes that are no UTF-8 end the address rather than make it wrong: text around it may be
    // Windows-1252.
    let (Ok(_), Ok(host)) = (std::str::from_utf8(look.slice(start..at)), std::str::from_utf8(host))
    else {
        return;
    };
    if !sound_host(host) {
        return;
    }
    let test = is_reserved(host);
    look.push(
        &EMAIL,
        start..end,
        98,
        98,
        Validated::Form,
        test,
        "it has the form of an address, and its domain could exist",
    );
}

/// At least two labels, and the last one has letters only, as every top-level domain does.
pub(crate) fn sound_host(host: &str) -> bool {
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    let punycode =
        top.len() > 4 && top.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"));
    let letters = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
    (letters || punycode)
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// Whether the name of a host is kept for documentation and tests (RFC 2606, RFC 6761).
pub(crate) fn is_reserved(host: &str) -> bool {
    let mut labels = host.rsplit('.');
    let top = labels.next().unwrap_or_default();
    let is = |label: &str, known: &[&str]| known.iter().any(|one| label.eq_ignore_ascii_case(one));
    is(top, &["example", "test", "invalid", "localhost"])
        || is(top, &["com", "net", "org"])
            && labels.next().is_some_and(|label| is(label, &["example"]))
}

/// ` dot `, `(dot)` or `[dot]` stands between `from` and `to`: perhaps an address that was spelled
/// out to hide it, `jane at acme dot example`.
pub(crate) fn spelled(look: &mut Look<'_>, from: usize, to: usize) {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let blank = |byte: u8| byte == b' ';
    // Before: the host, `at`, and the local part.
    let gap = look.run_before(from, 1, blank);
    let host = look.run_before(from - gap, 40, word);
    let at_end = from - gap - host;
    let head = look.slice(at_end.saturating_sub(6)..at_end).to_ascii_lowercase();
    const SIGNS: [&[u8]; 5] = [b" at ", b" (at) ", b" [at] ", b"(at)", b"[at]"];
    let Some(sign) = SIGNS.iter().find(|sign| head.ends_with(sign)) else {
        return;
    };
    let local_end = at_end - sign.len();
    let local =
        look.run_before(local_end, LOCAL, |byte| word(byte) || matches!(byte, b'.' | b'_' | b'+'));
    // Behind: the rest of the name.
    let start = to + look.run(to, 1, blank);
    let top = look.run(start, 20, |byte| byte.is_ascii_alphabetic());
    let end = start + top;
    let name = look.slice(local_end - local..local_end);
    let ordinary = crate::lexicon::look_up(name) & crate::lexicon::is::COMMON != 0;
    if host < 2 || local < 2 || !(2..=12).contains(&top) || ordinary || is_word(look.byte(end)) {
        return;
    }
    let top = look.slice(start..end).to_ascii_lowercase();
    let test = matches!(top.as_slice(), b"example" | b"test" | b"invalid");
    look.push(
        &EMAIL,
        local_end - local..end,
        80,
        90,
        Validated::Form,
        test,
        "an address whose signs are spelled out",
    );
}
