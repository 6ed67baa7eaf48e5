//! What a value is, told by its form.
//!
//! Two questions are answered here: what a whole value from a column is ([`classify`]), and which
//! values stand in free text ([`find_values`]). The second is careful: a number in a log is
//! nobody's telephone unless it is written like one, and a date is nobody's birthday unless a
//! label says so.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

pub use crate::name::looks_like_name;

use crate::checks::{iban_length, is_card, is_iban, luhn};
use crate::dates::{BIRTH, date, labelled};
use crate::phone::digits_of_phone;

/// What a value is, told by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An IPv4 address.
    IpV4,
    /// An IPv6 address.
    IpV6,
    /// The hardware address of a network card.
    Mac,
    /// A payment card number.
    Card,
    /// An international bank account number.
    Iban,
    /// A United States social security number.
    UsSsn,
    /// A Canadian social insurance number.
    CanadaSin,
    /// A date that is labelled as a date of birth.
    BirthDate,
    /// A web address.
    Url,
    /// A UUID.
    Uuid,
}

/// A value found in free text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: ValueKind,
    /// Where, in bytes.
    pub span: Range<usize>,
}

/// What the whole value is, if its form says so. White space around it does not count.
pub fn classify(value: &str) -> Option<ValueKind> {
    let value = value.trim();
    if value.is_empty() || value.len() > 2048 {
        return None;
    }
    let bytes = value.as_bytes();
    let whole = |span: Option<Range<usize>>| span == Some(0..bytes.len());
    if value.parse::<Ipv4Addr>().is_ok() {
        return Some(ValueKind::IpV4);
    }
    if value.contains(':') && value.len() > 2 && value.parse::<Ipv6Addr>().is_ok() {
        return Some(ValueKind::IpV6);
    }
    if value.contains("://") {
        let scheme = value.find("://").unwrap_or(0);
        return whole(url(bytes, scheme)).then_some(ValueKind::Url);
    }
    if let Some(at) = memchr::memchr(b'@', bytes)
        && whole(email(bytes, at))
    {
        return Some(ValueKind::Email);
    }
    if whole(uuid(bytes, 8)) {
        return Some(ValueKind::Uuid);
    }
    if whole(mac(bytes, 0)) {
        return Some(ValueKind::Mac);
    }
    let dense: Vec<u8> = bytes
        .iter()
        .filter(|byte| !matches!(byte, b' ' | b'-'))
        .map(u8::to_ascii_uppercase)
        .collect();
    if is_iban(&dense) {
        return Some(ValueKind::Iban);
    }
    if whole(card(bytes, 0)) {
        return Some(ValueKind::Card);
    }
    if whole(ssn(bytes, 0)) {
        return Some(ValueKind::UsSsn);
    }
    if whole(sin(bytes, 0)) {
        return Some(ValueKind::CanadaSin);
    }
    whole_phone(value).then_some(ValueKind::Phone)
}

/// A column value that is written like a telephone number, not like a plain count or a date.
fn whole_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=15).contains(&digits) || digits_of_phone(value, Some("1")).is_none() {
        return false;
    }
    let dotted = value.bytes().filter(|byte| *byte == b'.').count();
    if date(value.as_bytes(), 0).is_some() || dotted == 1 && digits + 1 == value.len() {
        return false;
    }
    value.starts_with(['+', '('])
        || value.starts_with("00") && !value.starts_with("000") && digits >= 10
        || value.starts_with('0') && !value.starts_with("00") && digits >= 8
        || nanp(value.as_bytes(), 0).is_some_and(|end| end == value.len())
        || value.len() == 8 && value.get(3..4) == Some("-")
}

/// Every value in free text whose form says what it is, in the order in which they stand there.
/// Values of different kinds do not overlap, except that a web address may hold others.
pub fn find_values(bytes: &[u8], out: &mut Vec<Finding>) {
    let mut found: Vec<(u8, Finding)> = Vec::new();
    let mut add = |rank, kind, span: Option<Range<usize>>| {
        let past = span.as_ref().map(|span| span.end);
        if let Some(span) = span {
            found.push((rank, Finding { kind, span }));
        }
        past
    };
    for at in memchr::memchr_iter(b'@', bytes) {
        add(1, ValueKind::Email, email(bytes, at));
    }
    for at in memchr::memmem::find_iter(bytes, b"://") {
        add(9, ValueKind::Url, url(bytes, at));
    }
    for at in memchr::memchr_iter(b'-', bytes) {
        add(0, ValueKind::Uuid, uuid(bytes, at));
    }
    let mut past = 0;
    for at in memchr::memchr_iter(b':', bytes) {
        if at >= past {
            let (kind, span) = colons(bytes, at);
            past = add(3, kind, span).unwrap_or(at + 1);
        }
    }
    for at in memchr::memchr_iter(b'-', bytes) {
        if let Some(start) = at.checked_sub(2)
            && let Some(span) = mac(bytes, start)
        {
            add(3, ValueKind::Mac, Some(span));
        }
    }
    let mut at = 0;
    while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit))
    {
        let start = at + skip;
        at = start
            + bytes
                .get(start..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
        number(bytes, start, at, &mut |rank, kind, span| {
            add(rank, kind, Some(span));
        });
    }
    // The surest kind wins where two overlap.
    found.sort_by_key(|(rank, finding)| (*rank, finding.span.start, usize::MAX - finding.span.end));
    let mut taken: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let first = out.len();
    for (rank, finding) in found {
        let before = taken.range(..finding.span.end).next_back();
        let free = before.is_none_or(|(_, end)| *end <= finding.span.start);
        if rank == 9 || free {
            if rank != 9 {
                taken.insert(finding.span.start, finding.span.end);
            }
            out.push(finding);
        }
    }
    if let Some(new) = out.get_mut(first..) {
        new.sort_by_key(|finding| (finding.span.start, usize::MAX - finding.span.end));
    }
}

fn byte_before(bytes: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|at| bytes.get(at)).copied()
}

/// Nothing word-like at either edge.
fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let word = |byte: Option<u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80)
    };
    !word(byte_before(bytes, start)) && !word(bytes.get(end).copied())
}

fn email(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let local = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || byte >= 0x80
            || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'')
    };
    let domain =
        |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'.' | b'-');
    let head = bytes.get(at.saturating_sub(64)..at)?;
    let length = head.iter().rev().take_while(|byte| local(**byte)).count();
    let mut start = at - length;
    while start < at
        && bytes.get(start).is_some_and(|byte| matches!(byte, b'.' | b'\'' | b'-' | b'%'))
    {
        start += 1;
    }
    let tail = bytes.get(at + 1..bytes.len().min(at + 255))?;
    let length = tail.iter().take_while(|byte| domain(**byte)).count();
    let mut end = at + 1 + length;
    while end > at + 1 && bytes.get(end - 1).is_some_and(|byte| matches!(byte, b'.' | b'-')) {
        end -= 1;
    }
    let host = std::str::from_utf8(bytes.get(at + 1..end)?).ok()?;
    std::str::from_utf8(bytes.get(start..at)?).ok()?;
    let (name, top) = host.rsplit_once('.')?;
    let sound = start < at
        && byte_before(bytes, at) != Some(b'.')
        && top.len() >= 2
        && top.chars().all(char::is_alphabetic)
        && name
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && bytes.get(end) != Some(&b'@');
    sound.then_some(start..end)
}

fn url(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let head = bytes.get(at.saturating_sub(8)..at)?;
    let length = head.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let start = at - length;
    let scheme = bytes.get(start..at)?.to_ascii_lowercase();
    if !matches!(scheme.as_slice(), b"http" | b"https" | b"ftp" | b"sftp" | b"ws" | b"wss") {
        return None;
    }
    let tail = bytes.get(at + 3..)?;
    let length = tail
        .iter()
        .take_while(|byte| {
            !byte.is_ascii_whitespace()
                && !byte.is_ascii_control()
                && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`')
        })
        .count();
    let mut end = at + 3 + length;
    while end > at + 3
        && bytes
            .get(end - 1)
            .is_some_and(|byte| matches!(byte, b'.' | b',' | b';' | b')' | b']' | b'!' | b'?'))
    {
        end -= 1;
    }
    (end > at + 4).then_some(start..end)
}

/// A UUID whose first dash stands at `dash`.
fn uuid(bytes: &[u8], dash: usize) -> Option<Range<usize>> {
    let start = dash.checked_sub(8)?;
    let text = bytes.get(start..start + 36)?;
    let sound = text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (sound && stands_alone(bytes, start, start + 36)).then_some(start..start + 36)
}

/// Six pairs of hexadecimal digits with one kind of separator.
fn mac(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let text = bytes.get(start..start + 17)?;
    let separator = *text.get(2)?;
    let sound = matches!(separator, b':' | b'-')
        && text.iter().enumerate().all(|(at, byte)| {
            if at % 3 == 2 { *byte == separator } else { byte.is_ascii_hexdigit() }
        });
    let next = bytes.get(start + 17).copied();
    let alone = stands_alone(bytes, start, start + 17)
        && next != Some(separator)
        && byte_before(bytes, start) != Some(separator);
    // Zeroes and ones throughout are nobody's card.
    let varied = text.iter().any(|byte| !matches!(byte, b'0' | b'f' | b'F' | b':' | b'-'));
    (sound && alone && varied).then_some(start..start + 17)
}

/// What stands around a colon: a hardware address or an IPv6 address.
fn colons(bytes: &[u8], at: usize) -> (ValueKind, Option<Range<usize>>) {
    if let Some(start) = at.checked_sub(2)
        && let Some(span) = mac(bytes, start)
    {
        return (ValueKind::Mac, Some(span));
    }
    let part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':');
    let from = at.saturating_sub(4);
    let head = bytes.get(from..at).unwrap_or_default();
    let start = at - head.iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let tail = bytes.get(at..bytes.len().min(at + 42)).unwrap_or_default();
    let mut end = at + tail.iter().take_while(|byte| part(byte)).count();
    if bytes.get(end - 1) == Some(&b':') && bytes.get(end.wrapping_sub(2)) != Some(&b':') {
        end -= 1;
    }
    let text = bytes.get(start..end).unwrap_or_default();
    let colons = text.iter().filter(|byte| **byte == b':').count();
    let digits = text.len() - colons;
    let sound = colons >= 2
        && digits >= 4
        && text.iter().any(u8::is_ascii_digit)
        && stands_alone(bytes, start, end)
        && std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
    (ValueKind::IpV6, sound.then_some(start..end))
}

/// The values that can start with the digits from `start` to `end`.
fn number(
    bytes: &[u8],
    start: usize,
    end: usize,
    add: &mut dyn FnMut(u8, ValueKind, Range<usize>),
) {
    let length = end - start;
    let before = byte_before(bytes, start);
    if length == 2
        && before.is_some_and(|byte| byte.is_ascii_uppercase())
        && let Some(span) = start.checked_sub(2).and_then(|start| iban(bytes, start))
    {
        add(2, ValueKind::Iban, span);
        return;
    }
    if before == Some(b'+')
        && let Some(span) = international(bytes, start)
    {
        add(6, ValueKind::Phone, span);
        return;
    }
    if before.is_some_and(|byte| {
        byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 && length > 4
    }) {
        return;
    }
    let next = bytes.get(end).copied().unwrap_or(b'\n');
    if length <= 3
        && next == b'.'
        && let Some(span) = ipv4(bytes, start)
    {
        add(4, ValueKind::IpV4, span);
        return;
    }
    if (length == 4 && matches!(next, b' ' | b'-') || (13..=19).contains(&length))
        && let Some(span) = card(bytes, start)
    {
        add(2, ValueKind::Card, span);
        return;
    }
    if length <= 4
        && let Some(span) = date(bytes, start)
        && labelled(bytes, span.start, BIRTH)
    {
        add(5, ValueKind::BirthDate, span);
        return;
    }
    if length == 3 {
        if let Some(span) = ssn(bytes, start) {
            add(5, ValueKind::UsSsn, span);
            return;
        }
        if let Some(span) = sin(bytes, start) {
            add(5, ValueKind::CanadaSin, span);
            return;
        }
        if let Some(end) = nanp(bytes, start) {
            let open = start - usize::from(before == Some(b'('));
            add(6, ValueKind::Phone, open..end);
            return;
        }
    }
    if length == 9
        && stands_alone(bytes, start, end)
        && labelled(bytes, start, &["sin", "social insurance", "nas", "assurance sociale"])
    {
        let digits: Vec<u8> = digits(bytes.get(start..end).unwrap_or_default());
        if luhn(&digits) && !matches!(digits.first(), Some(0 | 8)) {
            add(5, ValueKind::CanadaSin, start..end);
            return;
        }
    }
    if let Some(span) = labelled_phone(bytes, start) {
        add(6, ValueKind::Phone, span);
    }
}

fn digits(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect()
}

fn ipv4(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let tail = bytes.get(start..bytes.len().min(start + 16))?;
    let length = tail.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let text = tail.get(..length)?;
    let text = text.strip_suffix(b".").unwrap_or(text);
    let end = start + text.len();
    let sound = std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv4Addr>().is_ok())
        && byte_before(bytes, start) != Some(b'.')
        && !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric());
    (sound && !labelled(bytes, start, &["version", "firmware", "release", "build"]))
        .then_some(start..end)
}

/// Digits in one piece, or in groups of four (or 4-6-5) with one kind of separator.
fn card(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let tail = bytes.get(start..bytes.len().min(start + 24))?;
    let first = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = first;
    if first == 4 {
        let separator = *tail.get(4).filter(|byte| matches!(byte, b' ' | b'-'))?;
        let mut groups = vec![4];
        while tail.get(end) == Some(&separator) {
            let group =
                tail.get(end + 1..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if group == 0 {
                break;
            }
            groups.push(group);
            end += 1 + group;
        }
        if !matches!(groups.as_slice(), [4, 4, 4, 4] | [4, 4, 4, 4, 3] | [4, 6, 5] | [4, 6, 4]) {
            return None;
        }
    }
    let digits = digits(tail.get(..end)?);
    let next = bytes.get(start + end).copied();
    let after = bytes.get(start + end + 1).is_some_and(u8::is_ascii_digit);
    let previous = byte_before(bytes, start);
    let alone = stands_alone(bytes, start, start + end)
        && !matches!(previous, Some(b'.' | b'-' | b'/' | b'='))
        && !(matches!(next, Some(b'.' | b'-')) && after);
    (alone && is_card(&digits)).then_some(start..start + end)
}

fn iban(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let want = iban_length(bytes.get(start..start + 2)?)?;
    let mut dense = Vec::with_capacity(want);
    let mut at = start;
    while dense.len() < want {
        match *bytes.get(at)? {
            byte @ (b'0'..=b'9' | b'A'..=b'Z') => dense.push(byte),
            b' ' if dense.len().is_multiple_of(4) && byte_before(bytes, at) != Some(b' ') => {}
            _ => return None,
        }
        at += 1;
    }
    (is_iban(&dense) && stands_alone(bytes, start, at)).then_some(start..at)
}

/// `ddd-dd-dddd`, without the numbers that were never given out.
fn ssn(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let text = bytes.get(start..start + 11)?;
    let form = text.iter().enumerate().all(|(at, byte)| match at {
        3 | 6 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let area = text.get(..3)?;
    let sound = form
        && area != b"000"
        && area != b"666"
        && area.first() != Some(&b'9')
        && text.get(4..6) != Some(b"00")
        && text.get(7..) != Some(b"0000")
        && stands_alone(bytes, start, start + 11)
        && !matches!(byte_before(bytes, start), Some(b'-' | b'.' | b'/'))
        && bytes.get(start + 11) != Some(&b'-');
    sound.then_some(start..start + 11)
}

/// `ddd-ddd-ddd` or `ddd ddd ddd` with its check digit.
fn sin(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let text = bytes.get(start..start + 11)?;
    let separator = *text.get(3).filter(|byte| matches!(byte, b' ' | b'-'))?;
    let form = text.iter().enumerate().all(|(at, byte)| match at {
        3 | 7 => *byte == separator,
        _ => byte.is_ascii_digit(),
    });
    let digits = digits(text);
    let next = bytes.get(start + 11).copied();
    let alone = stands_alone(bytes, start, start + 11)
        && !matches!(byte_before(bytes, start), Some(b'-' | b'.' | b'/' | b'+' | b')'))
        && !(next == Some(separator) && bytes.get(start + 12).is_some_and(u8::is_ascii_digit));
    let before = start.checked_sub(2).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit)
        && byte_before(bytes, start) == Some(separator);
    (form && alone && !before && !matches!(digits.first(), Some(0 | 8)) && luhn(&digits))
        .then_some(start..start + 11)
}

/// The end of a North American number `(ddd) ddd-dddd`, `ddd-ddd-dddd`, `ddd.ddd.dddd` that
/// starts at `start`.
fn nanp(bytes: &[u8], start: usize) -> Option<usize> {
    let open = usize::from(bytes.get(start) == Some(&b'('));
    let start = start + open;
    let bracket = byte_before(bytes, start) == Some(b'(');
    let rest = bytes.get(start..)?;
    let mut at = 3;
    let separator = if bracket {
        if rest.get(3) != Some(&b')') {
            return None;
        }
        at += 1 + usize::from(rest.get(4) == Some(&b' '));
        b'-'
    } else {
        at += 1;
        *rest.get(3).filter(|byte| matches!(byte, b'-' | b'.'))?
    };
    let exchange = rest.get(at..at + 3)?;
    let line = rest.get(at + 4..at + 8)?;
    let between = *rest.get(at + 3)?;
    let end = start + at + 8;
    let sound = matches!(rest.first(), Some(b'2'..=b'9'))
        && matches!(exchange.first(), Some(b'2'..=b'9'))
        && rest.iter().take(3).chain(exchange).chain(line).all(u8::is_ascii_digit)
        && (between == separator || bracket && matches!(between, b'.' | b' '))
        && !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && !(matches!(bytes.get(end), Some(b'-' | b'.'))
            && bytes.get(end + 1).is_some_and(u8::is_ascii_digit))
        && !matches!(byte_before(bytes, start), Some(b'-' | b'.' | b'/'));
    sound.then_some(end)
}

/// The span of a written number from its first digit: digits and single separators.
fn phone_span(bytes: &[u8], start: usize) -> Range<usize> {
    let mut at = start;
    let mut end = start;
    let mut gap = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                end = at + 1;
                gap = 0;
            }
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if gap < 2 => gap += 1,
            _ => break,
        }
        at += 1;
        if at - start > 24 {
            break;
        }
    }
    start..end
}

/// A number after `+`.
fn international(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let span = phone_span(bytes, start);
    let mut end = span.end;
    // `+1 212 555 0100 2026-11-22`: too many digits are two things.
    loop {
        let text = bytes.get(start..end)?;
        let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
        if digits < 8 {
            return None;
        }
        if digits <= 15 {
            break;
        }
        let last = text.iter().rposition(|byte| !byte.is_ascii_digit())?;
        end = start + last;
        while end > start && !byte_before(bytes, end).is_some_and(|byte| byte.is_ascii_digit()) {
            end -= 1;
        }
    }
    let sign = start - 1;
    let sound = bytes.get(start) != Some(&b'0')
        && !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() && *byte != b'x')
        && !byte_before(bytes, sign).is_some_and(|byte| byte.is_ascii_alphanumeric());
    // `+0100` after a time is a zone; `+12345678` in a sum has no separators and no label.
    sound.then_some(sign..end)
}

/// A number after a word that says what it is.
fn labelled_phone(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let head = bytes.get(start.saturating_sub(3)..start)?;
    if !head.iter().any(|byte| matches!(byte, b':' | b' ' | b'"' | b'(' | b'=')) {
        return None;
    }
    let span = phone_span(bytes, start);
    let text = bytes.get(span.clone())?;
    let count = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let sound = (7..=15).contains(&count)
        && date(bytes, start).is_none()
        && !bytes
            .get(span.end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'));
    let label = sound && closely_labelled(bytes, start);
    label.then_some(if head.last() == Some(&b'(') { start - 1..span.end } else { span })
}

/// A word for a telephone directly before the number, with no more than punctuation between.
fn closely_labelled(bytes: &[u8], at: usize) -> bool {
    const WORDS: &[&str] = &[
        "tel",
        "phone",
        "telephone",
        "mobile",
        "mob",
        "cell",
        "fax",
        "telefon",
        "handy",
        "mobil",
        "téléphone",
        "portable",
        "rufnummer",
        "callback",
        "number",
        "call",
    ];
    let head = bytes.get(at.saturating_sub(32)..at).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_lowercase();
    let head = head.trim_end_matches(|c: char| !c.is_alphabetic());
    let gap = head.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    WORDS.contains(&gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_are_known_by_their_form() {
        use ValueKind::*;
        let table = [
            ("jane.doe@acme.example", Some(Email)),
            ("Zoë.Müller@ACME.example", Some(Email)),
            ("jane@localhost", None),
            ("+1 555 0100 22", Some(Phone)),
            ("(212) 555-0100", Some(Phone)),
            ("030 / 1234567", Some(Phone)),
            ("2026-11-22", None),
            ("20261122", None),
            ("1234567", None),
            ("12345.67", None),
            ("192.168.1.20", Some(IpV4)),
            ("2001:db8::1", Some(IpV6)),
            ("00:1a:2b:3c:4d:5e", Some(Mac)),
            ("4111 1111 1111 1111", Some(Card)),
            ("4111111111111111", Some(Card)),
            ("4111111111111112", None),
            ("DE89 3704 0044 0532 0130 00", Some(Iban)),
            ("219-09-9999", Some(UsSsn)),
            ("000-12-3456", None),
            ("146-454-286", None),
            ("130 692 544", Some(CanadaSin)),
            ("https://acme.example/a?b=c", Some(Url)),
            ("6f9619ff-8b86-d011-b42d-00cf4fc964ff", Some(Uuid)),
            ("Jane Doe", None),
            ("", None),
        ];
        for (value, kind) in table {
            assert_eq!(classify(value), kind, "{value}");
        }
    }

    #[test]
    fn values_in_text_are_found_where_they_stand() {
        use ValueKind::*;
        let table: &[(&str, &[(ValueKind, &str)])] = &[
            ("Mail jane.doe@acme.example.", &[(Email, "jane.doe@acme.example")]),
            (
                "call +1 212 555 0100, or (212) 555-0199!",
                &[(Phone, "+1 212 555 0100"), (Phone, "(212) 555-0199")],
            ),
            ("Tel.: 030 1234567", &[(Phone, "030 1234567")]),
            ("DOB 1984-02-03", &[(BirthDate, "1984-02-03")]),
            ("born 3 Feb 1984 in Bern", &[(BirthDate, "3 Feb 1984")]),
            ("Geburtsdatum: 03.02.1984", &[(BirthDate, "03.02.1984")]),
            ("date de naissance : 3 février 1984", &[(BirthDate, "3 février 1984")]),
            ("\"date_of_birth\": \"1984-02-03\"", &[(BirthDate, "1984-02-03")]),
            ("born February 3, 1984", &[(BirthDate, "February 3, 1984")]),
            (
                "from 10.1.2.3 via fe80::1ff:fe23:4567:890a",
                &[(IpV4, "10.1.2.3"), (IpV6, "fe80::1ff:fe23:4567:890a")],
            ),
            ("card 4111-1111-1111-1111 exp", &[(Card, "4111-1111-1111-1111")]),
            ("IBAN DE89 3704 0044 0532 0130 00.", &[(Iban, "DE89 3704 0044 0532 0130 00")]),
            ("SSN 219-09-9999", &[(UsSsn, "219-09-9999")]),
            ("SIN: 130692544", &[(CanadaSin, "130692544")]),
            ("if 00:1a:2b:3c:4d:5e up", &[(Mac, "00:1a:2b:3c:4d:5e")]),
        ];
        for (text, expected) in table {
            let mut found = Vec::new();
            find_values(text.as_bytes(), &mut found);
            let found: Vec<_> =
                found.iter().map(|f| (f.kind, text.get(f.span.clone()).unwrap())).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn logs_raise_no_false_alarm() {
        for line in [
            "2026-11-22T10:22:33.123+0100 INFO [4711] took 12345678 us, id=1234567890123456",
            "GET /a/b/1234567890 200 5120 0.003 1732270000",
            "version 1.2.3.4 build 20261122.1015",
            "std::vec::Vec at 0xdeadbeef12345678 10:22:33 a::b",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "job 123-456-789 retried 3 times, 44 left; 1984-02-03 is the day",
        ] {
            let mut found = Vec::new();
            find_values(line.as_bytes(), &mut found);
            assert!(found.is_empty(), "{line}: {found:?}");
        }
    }
}
