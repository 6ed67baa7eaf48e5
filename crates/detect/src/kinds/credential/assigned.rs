//! Values that a word before them calls a password, a key or a token: `password=…`, `"token": "…"`,
//! `Authorization: Bearer …`, `the password is …`; and addresses with a password inside.

use super::token::{bits, random};
use super::{API_KEY, CONNECTION, PASSWORD, SECRET};
use crate::kinds::{Validated, network, online};
use crate::lexicon::{self, Endings, is};
use crate::look::{Look, is_word};

/// `:` or `=` stands at `at`. Returns the end of the secret.
#[inline]
pub(crate) fn at_mark(look: &mut Look<'_>, at: usize) -> Option<usize> {
    // The word before the mark, without quotes and blanks.
    let mut end = at;
    let mut skipped = 0;
    while skipped < 3 && matches!(look.before(end), b'"' | b'\'' | b' ' | b']' | b'`') {
        end -= 1;
        skipped += 1;
    }
    if look.byte(at) == b':' && look.before(end).is_ascii_digit() {
        return telegram(look, at);
    }
    // `10:22`, `host:80`: the word before a secret ends in a letter.
    if look.before(end).is_ascii_digit() {
        return None;
    }
    let length = look.token_before(end).min(40);
    if length < 2 {
        return None;
    }
    let written = look.slice(end - length..end);
    let one = length <= 24 && look.is_one_word(end - length, length);
    if one && !may_be_named(look, written) && !may_be_option(look, end - length) {
        return None;
    }
    let mut word = written;
    // `curl -u ana:…`
    let options: [&[u8]; 4] = [b" -u ", b" -u '", b" -u \"", b" --user "];
    let before = look.slice((end - length).saturating_sub(8)..end - length);
    if look.byte(at) == b':' && options.iter().any(|option| before.ends_with(option)) {
        return value(look, at + 1, true, b"said");
    }
    // `<add key="Password" value="…"/>`: the name stands in another attribute.
    if word.eq_ignore_ascii_case(b"value") {
        word = attribute_before(look, end - length).unwrap_or(word);
    }
    // `<setting name="api.token">…`: the name is the attribute's, the value stands behind the element.
    if word.eq_ignore_ascii_case(b"name") || word.eq_ignore_ascii_case(b"key") {
        let quote = look.byte(at + 1);
        let length = look.run(at + 2, 48, |byte| is_word(byte) || matches!(byte, b'-' | b'.'));
        let name = look.slice(at + 2..at + 2 + length);
        let behind = at + 2 + length;
        let opens = matches!(quote, b'"' | b'\'')
            && look.byte(behind) == quote
            && look.byte(behind + 1) == b'>';
        if opens && ends_in_secret(name) {
            return value(look, behind + 1, false, name);
        }
    }
    let strong = is_password(word);
    let one = one && std::ptr::eq(word, written);
    let flags = if one { look.flags(end - length, length) } else { lexicon::context_of(word) };
    if strong || flags & is::SECRET != 0 && !public(word) || ends_in_secret(word) {
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

/// Whether one plain word before a mark may be one that is looked for there: by how it begins, or by how
/// it ends.
fn may_be_named(look: &Look<'_>, word: &[u8]) -> bool {
    let [one, two, ..] = word else { return true };
    look.lexicon.sorts.assigned.may_be(*one, *two, word.len())
        || word.last_chunk().is_none_or(|[before, last]| may_end(*before, *last))
}

/// Whether a word for a secret may end in these two letters.
#[inline(always)]
pub(crate) fn may_end(before: u8, last: u8) -> bool {
    PASSWORDS.may_end(before, last) | SECRETS.may_end(before, last)
}

/// Whether the option of a command may end before the word at `start`: `-u `, `--user '`.
fn may_be_option(look: &Look<'_>, start: usize) -> bool {
    matches!(look.before(start), b' ' | b'\'' | b'"')
        && look.slice(start.saturating_sub(4)..start).iter().any(|byte| matches!(byte, b'u' | b'r'))
}

/// `123456789:AA…`, the token of a bot of Telegram, whose `:` stands at `at`.
fn telegram(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let digits = look.run_before(at, 11, |byte| byte.is_ascii_digit());
    if !(8..=10).contains(&digits) || look.slice(at + 1..at + 3) != b"AA" {
        return None;
    }
    let start = at - digits;
    let length =
        look.run(at + 1, 36, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let end = at + 1 + length;
    if length != 35 || is_word(look.before(start)) || !random(look.slice(at + 3..end)) {
        return None;
    }
    look.push(&API_KEY, start..end, 95, 99, Validated::Form, false, "a token of a bot of Telegram");
    Some(end)
}

/// The value of `key="…"` or `name="…"` that ends directly before `at`.
fn attribute_before<'a>(look: &Look<'a>, at: usize) -> Option<&'a [u8]> {
    let blanks = look.run_before(at, 4, |byte| byte == b' ');
    let close = at.checked_sub(blanks + 1).filter(|_| blanks > 0)?;
    let quote = look.byte(close);
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let length =
        look.run_before(close, 48, |byte| is_word(byte) || matches!(byte, b'-' | b'.' | b':'));
    let open = close - length;
    let named = [&b"key="[..], b"name=", b"Key=", b"Name=", b"id="];
    let front = look.slice(open.saturating_sub(6)..open.saturating_sub(1));
    (look.before(open) == quote && named.iter().any(|name| front.ends_with(name)))
        .then(|| look.slice(close - length..close))
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

static PASSWORDS: Endings = Endings::new(&[
    "password",
    "passwd",
    "pwd",
    "passwort",
    "passphrase",
    "kennwort",
    "wachtwoord",
    "motdepasse",
    "contrasena",
    "passcode",
    "pass",
    "_pw",
    "-pw",
    "credentials",
]);

static SECRETS: Endings = Endings::new(&[
    "secret",
    "token",
    "apikey",
    "api_key",
    "accesskey",
    "_key",
    "authkey",
    "privatekey",
    "secretkey",
]);

/// Words for passwords, also glued to others: `dbpassword`, `DB_PWD`.
fn is_password(word: &[u8]) -> bool {
    let whole = word.eq_ignore_ascii_case(b"pw");
    whole || PASSWORDS.end_as_written(word)
}

fn ends(word: &[u8], ending: &[u8]) -> bool {
    word.len()
        .checked_sub(ending.len())
        .and_then(|from| word.get(from..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}

/// `publicKey`, `ssh-public-key`: for everybody.
fn public(word: &[u8]) -> bool {
    word.windows(6).any(|six| six.eq_ignore_ascii_case(b"public")) || ends(word, b"pubkey")
}

fn ends_in_secret(word: &[u8]) -> bool {
    // A public key is for everybody, and one that sorts or finds rows is no key of this sort.
    const OPEN: &[&[u8]] = &[
        b"public_key",
        b"primary_key",
        b"cache_key",
        b"sort_key",
        b"foreign_key",
        b"partition_key",
        b"pub_key",
        b"site_key",
        b"next_token",
        b"page_token",
        b"sync_token",
    ];
    SECRETS.end_as_written(word) && !(public(word) || OPEN.iter().any(|ending| ends(word, ending)))
}

/// A word for passwords ends at `word_end`, in running text (`the password is hunter2`), in a command
/// (`--password hunter2`), in an element (`<password>hunter2</password>`) or as the name of a call
/// (`define('DB_PASSWORD', 'hunter2')`).
pub(crate) fn said(look: &mut Look<'_>, word_end: usize) -> Option<usize> {
    let length = look.run_before(word_end, 40, |byte| is_word(byte) || matches!(byte, b'-' | b'.'));
    let start = word_end - length;
    let word = look.slice(start..word_end);
    // `password_file`, `password_hash`: something else.
    let one = word.strip_suffix(b"s").or_else(|| word.strip_suffix(b"S")).unwrap_or(word);
    if !is_password(word) && !is_password(one) {
        return None;
    }
    let rest = look.slice(word_end..word_end + 24);
    let text = rest.to_ascii_lowercase();
    const LINKS: &[&[u8]] = &[
        b" is: ", b" is ", b" ist: ", b" ist ", b" was ", b" to ", b" = ", b" est ", b" es ",
        b" hai ",
    ];
    if let Some(link) = LINKS.iter().find(|link| text.starts_with(link)) {
        return value(look, word_end + link.len(), true, b"said");
    }
    let before = look.slice(start.saturating_sub(24)..start);
    match text.first()? {
        b' ' if word.starts_with(b"--") && text.get(1) != Some(&b'-') => {
            value(look, word_end + 1, true, b"said")
        }
        // The file of netrc(5).
        b' ' if look
            .slice(start.saturating_sub(48)..start)
            .windows(6)
            .any(|six| six == b"login ") =>
        {
            value(look, word_end + 1, true, b"said")
        }
        b'>' if before.ends_with(b"<") => value(look, word_end + 1, true, word),
        b'"' if text.starts_with(b"\">")
            && (before.ends_with(b"name=\"") || before.ends_with(b"key=\"")) =>
        {
            value(look, word_end + 2, true, word)
        }
        quote @ (b'\'' | b'"') if text.get(1) == Some(&b',') => {
            let calls =
                [&b"define("[..], b"env(", b"setProperty(", b"putenv(", b"setenv(", b"set("];
            let call = before.strip_suffix(&[*quote])?;
            let known = calls.iter().any(|name| call.ends_with(name));
            let blanks = look.run(word_end + 2, 4, |byte| byte == b' ');
            let opens = matches!(look.byte(word_end + 2 + blanks), b'\'' | b'"');
            (known && opens).then(|| value(look, word_end + 2 + blanks, true, word))?
        }
        _ => None,
    }
}

/// The length of `Bearer ` and its like at `at`.
fn scheme(look: &Look<'_>, at: usize) -> usize {
    let schemes = [&b"Bearer "[..], b"Basic ", b"Token ", b"bearer ", b"token "];
    let here = schemes.iter().find(|name| look.slice(at..at + name.len()) == **name);
    here.map_or(0, |name| name.len())
}

/// The value that begins at `at`, behind blanks and a quote.
fn value(look: &mut Look<'_>, at: usize, strong: bool, word: &[u8]) -> Option<usize> {
    let mut start = at + look.run(at, 4, |byte| matches!(byte, b' ' | b'\t' | b'=' | b'>' | b':'));
    start += scheme(look, start);
    let mut escaped = false;
    if look.byte(start) == b'\\' && look.byte(start + 1) == b'"' {
        escaped = true;
        start += 1;
    }
    let quote = look.byte(start);
    let quoted = matches!(quote, b'"' | b'\'' | b'`');
    start += usize::from(quoted);
    start += scheme(look, start);
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
    if chosen(text, word) {
        look.push(
            &SECRET,
            start..end,
            65,
            90,
            Validated::Context,
            false,
            "a word for secrets stands before it, and it mixes letters with digits",
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

/// Whether a name that can only be that of a secret stands before a short value as people choose them:
/// `signing_secret = copper37velvet`.
fn chosen(text: &[u8], word: &[u8]) -> bool {
    const ENDINGS: &[&[u8]] = &[
        b"secret",
        b"secret_key",
        b"secretkey",
        b"secret-key",
        b"secret.key",
        b"api_key",
        b"apikey",
        b"api-key",
        b"access_token",
        b"accesstoken",
        b"access-token",
        b"auth_token",
        b"authtoken",
        b"auth-token",
        b"private_token",
        b"privatetoken",
        b"private-token",
        b"encryption_key",
        b"encryptionkey",
        b"encryption-key",
        b"signing_key",
        b"signingkey",
        b"signing-key",
    ];
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    (8..=40).contains(&text.len())
        && letters >= 2
        && digits >= 2
        && !text.iter().any(|byte| matches!(byte, b' ' | b'/' | b'\\' | b'(' | b'{' | b'['))
        && !ordinary(text)
        && ENDINGS.iter().any(|ending| ends(word, ending))
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
    b"example",
    b"todo",
    b"tbd",
    b"fixme",
    b"dummy",
    b"default",
    b"unset",
    b"filtered",
    b"masked",
    b"removed",
    b"encrypted",
];

/// What stands where a secret will be put.
fn place_holder(text: &[u8], quoted: bool) -> bool {
    let Some(first) = text.first() else {
        return true;
    };
    let low = text.to_ascii_lowercase();
    let same = text.iter().all(|byte| byte == first);
    let any = |parts: &[&[u8]]| parts.iter().any(|part| memchr::memmem::find(&low, part).is_some());
    // `$NAME`, `$(command)`; but `$2y$…` is the hash of a password.
    let reference = first == &b'$'
        && (text.get(1) == Some(&b'(')
            || text
                .iter()
                .skip(1)
                .all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'0'..=b'9')));
    // `/run/secrets/db`, `~/.pgpass`: where the secret lies.
    let path = (matches!(first, b'/' | b'~') || low.starts_with(b"./"))
        && text.iter().filter(|byte| **byte == b'/').count() > 1
        && !text.iter().any(|byte| matches!(byte, b'+' | b'='));
    const STORES: &[&[u8]] = &[
        b"vault:",
        b"op://",
        b"arn:",
        b"ssm:",
        b"ref+",
        b"file:",
        b"env:",
        b"secret:",
        b"enc[",
        b"!vault",
        b"aws:",
        b"gcp:",
        b"sops:",
        b"keyring:",
        b"secretsmanager",
    ];
    // `token == other`; two of them at the end are what base64 fills up with.
    let compared = memchr::memmem::find(low.strip_suffix(b"==").unwrap_or(&low), b"==").is_some();
    let stored = STORES.iter().any(|store| low.starts_with(store));
    same || reference
        || path
        || stored
        || matches!(first, b'$' | b'{' | b'<' | b'%' | b'[' | b'(' | b'&' | b'|')
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
        || !quoted && (any(&[b"(", b"->", b"::"]) || compared)
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
