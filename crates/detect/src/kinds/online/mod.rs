//! Names and places on the web, and what says that somebody is a child.

pub(crate) mod place;

use super::{Family, Kind, Validated};
use crate::lexicon::{self, is};
use crate::look::{Look, is_word};

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] =
    &[&USER_NAME, &SESSION, &PROFILE, &place::COORDINATES, &CHILD_AGE];

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident, $family:ident, $key:literal, $title:literal, $category:literal, $standard:literal, $examples:expr, $counter:expr) => {
        $(#[$doc])*
        pub(crate) static $name: Kind = Kind {
            key: $key,
            title: $title,
            category: $category,
            family: Family::$family,
            standard: $standard,
            examples: $examples,
            counter_examples: $counter,
        };
    };
}

kind!(
    /// A value behind a word for user names.
    USER_NAME, Online, "online.user_name", "User name", "user.account.username", "a word before it",
    &[("user=jdoe42 logged in", "jdoe42"), ("\"username\": \"jane.doe\"", "jane.doe"), ("login: j_doe", "j_doe")],
    &["user: the person who", "user=root", "Username: null"]
);
kind!(
    /// A value behind a word for sessions.
    SESSION, Online, "online.session_id", "Session identifier", "user.device.cookie_id", "RFC 6265, and a word before it",
    &[("JSESSIONID=3F2A9C41D07B8E65", "3F2A9C41D07B8E65")],
    &["session: morning", "session=5"]
);
kind!(
    /// Addresses under which networks show the page of one person.
    PROFILE, Online, "online.profile", "Page of a person on a network", "user.social", "paths that networks publish",
    &[("see https://www.linkedin.com/in/jane-doe-42 there", "https://www.linkedin.com/in/jane-doe-42")],
    &["https://www.linkedin.com/company/acme", "https://github.com/"]
);
kind!(
    /// COPPA and Article 8 of the GDPR: an age below sixteen.
    CHILD_AGE, Child, "child.age", "Age of a child", "user.demographic.age_range", "16 CFR 312, GDPR Article 8",
    &[("her son is 7 years old", "7 years old"), ("a 12-year-old pupil", "12-year-old"), ("Age: 9", "9")],
    &["a 45-year-old man", "version 9", "the house is 7 years old and 12 miles away", "age: 34"]
);

/// Where networks show persons: a host and the path before the name.
const PAGES: &[(&[u8], &[u8])] = &[
    (b"linkedin.com", b"/in/"),
    (b"xing.com", b"/profile/"),
    (b"facebook.com", b"/"),
    (b"twitter.com", b"/"),
    (b"x.com", b"/"),
    (b"instagram.com", b"/"),
    (b"github.com", b"/"),
    (b"t.me", b"/"),
    (b"tiktok.com", b"/@"),
    (b"youtube.com", b"/@"),
    (b"medium.com", b"/@"),
];

/// `://` stands at `at`: perhaps the page of a person. Returns its end.
pub(crate) fn profile(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let scheme = look.run_before(at, 6, |byte| byte.is_ascii_alphabetic());
    let length = look.run(at + 3, 200, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-' | b'_' | b'@' | b'%')
    });
    let text = look.slice(at + 3..at + 3 + length);
    let slash = memchr::memchr(b'/', text)?;
    let (host, path) = text.split_at_checked(slash)?;
    let host = host.strip_prefix(b"www.").unwrap_or(host);
    let (_, lead) = PAGES.iter().find(|(known, _)| host.eq_ignore_ascii_case(known))?;
    let name = path.strip_prefix(*lead)?;
    let name = name.strip_suffix(b"/").unwrap_or(name);
    let name = name.strip_suffix(b".").unwrap_or(name);
    // One part only: what lies deeper is a repository or a post.
    if name.len() < 3 || name.contains(&b'/') || lexicon::look_up(name) & is::COMMON != 0 {
        return None;
    }
    let end = at + 3 + slash + lead.len() + name.len();
    look.push(
        &PROFILE,
        at - scheme..end,
        80,
        85,
        Validated::Form,
        false,
        "the page of one person on a network",
    );
    Some(end)
}

/// A value behind a word for user names or sessions; `start` is its first byte.
pub(crate) fn assigned(look: &mut Look<'_>, start: usize, session: bool) -> Option<usize> {
    let length = look.run(start, 128, |byte| {
        byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'.' | b'_' | b'-' | b'\\')
    });
    let mut end = start + length;
    while look.before(end) == b'.' && end > start {
        end -= 1;
    }
    let text = look.slice(start..end);
    let next = look.byte(end);
    if next == b'@' || next == b'(' || text.len() < 3 || is_word(next) {
        return None;
    }
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = text.iter().any(u8::is_ascii_alphabetic);
    if session {
        if text.len() < 12 || digits < 2 || !letters {
            return None;
        }
        look.push(
            &SESSION,
            start..end,
            75,
            80,
            Validated::Context,
            false,
            "the word before it speaks of a session",
        );
        return Some(end);
    }
    const NOBODY: &[&[u8]] = &[
        b"root",
        b"admin",
        b"system",
        b"postgres",
        b"www-data",
        b"nobody",
        b"daemon",
        b"service",
        b"guest",
        b"anonymous",
        b"administrator",
        b"oracle",
        b"mysql",
        b"user",
        b"username",
        b"none",
        b"null",
        b"string",
        b"str",
    ];
    let common = lexicon::look_up(text) & is::COMMON != 0
        || NOBODY.iter().any(|name| text.eq_ignore_ascii_case(name));
    if common || !letters || text.len() > 40 {
        return None;
    }
    // A plain word is nobody's name unless it stands alone.
    let marked = digits > 0 || text.iter().any(|byte| matches!(byte, b'.' | b'_' | b'\\'));
    let closed =
        matches!(next, b'"' | b'\'' | b',' | b';' | b'\n' | b'\r' | b'&' | 0 | b')' | b']');
    if !(marked || closed) || text.first().is_some_and(u8::is_ascii_uppercase) && next == b' ' {
        return None;
    }
    look.push(
        &USER_NAME,
        start..end,
        70,
        66,
        Validated::Context,
        false,
        "the word before it speaks of a user",
    );
    Some(end)
}

/// One or two digits at `at`: the age of a child. Returns its end.
pub(crate) fn age(look: &mut Look<'_>, at: usize) -> Option<usize> {
    let length = look.digits(at).min(3);
    let number = look
        .slice(at..at + length)
        .iter()
        .fold(0_u32, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    if !(1..=2).contains(&length) || !(1..16).contains(&number) || is_word(look.before(at)) {
        return None;
    }
    let tail = look.slice(at + length..at + length + 10);
    let words: [&[u8]; 4] = [b" years old", b"-year-old", b" year old", b" yrs old"];
    if let Some(word) = words.iter().find(|word| tail.starts_with(word)) {
        let end = at + length + word.len();
        let said = look.context(at) | look.context_after(end);
        // A house is seven years old, too.
        if said & is::CHILD == 0 && !word.starts_with(b"-") {
            return None;
        }
        look.push(&CHILD_AGE, at..end, 70, 80, Validated::Context, false, "an age below sixteen");
        return Some(end);
    }
    let end = at + length;
    let head = look.slice(at.saturating_sub(8)..at).to_ascii_lowercase();
    let label = [&b"age: "[..], b"age=", b"aged ", b"alter: ", b"\"age\": ", b"\"age\":"]
        .iter()
        .any(|label| head.ends_with(label));
    let sound =
        label && !is_word(look.byte(end)) && !matches!(look.byte(end), b'.' | b'%' | b':' | b'-');
    let whole = !is_word(look.before(at - head.len().min(at)).min(b' '));
    if !sound || !whole {
        return None;
    }
    look.push(&CHILD_AGE, at..end, 65, 80, Validated::Context, false, "an age below sixteen");
    Some(end)
}
