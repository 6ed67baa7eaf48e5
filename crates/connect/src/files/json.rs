//! One JSON object to a line: where its members stand, and how one is written anew. White space,
//! order and the spelling of what is not changed stay.

use std::collections::BTreeMap;

use model::Value;
use serde::de::IgnoredAny;

/// A line with more members than this is read as one piece of text: taken apart, it would need many
/// times its size.
const MOST_MEMBERS: usize = 1 << 16;

/// A member of an object, by where it stands in its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) key: String,
    /// Where the key begins.
    pub(super) from: usize,
    /// Where the value begins and ends.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The members of an object; `None` for anything else.
pub(super) fn members(line: &[u8]) -> Option<Vec<Member>> {
    // Checked as a whole first: what follows need not doubt it.
    std::str::from_utf8(line).ok()?;
    serde_json::from_slice::<IgnoredAny>(line).ok()?;
    let mut at = blank(line, 0);
    if line.get(at) != Some(&b'{') {
        return None;
    }
    at = blank(line, at + 1);
    let mut members = Vec::new();
    while line.get(at) == Some(&b'"') {
        let from = at;
        let end = text_end(line, at);
        if members.len() == MOST_MEMBERS {
            return None;
        }
        let key = text(line.get(from..end)?)?;
        at = blank(line, end);
        let start = blank(line, at + 1);
        let end = value_end(line, start);
        members.push(Member { key, from, start, end });
        at = blank(line, end);
        if line.get(at) == Some(&b',') {
            at = blank(line, at + 1);
        }
    }
    Some(members)
}

fn blank(line: &[u8], mut at: usize) -> usize {
    while line.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// Behind the closing quotes of a text that begins here.
fn text_end(line: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        match line.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') => return at + 1,
            Some(_) => at += 1,
            None => return line.len(),
        }
    }
}

fn value_end(line: &[u8], start: usize) -> usize {
    match line.get(start) {
        Some(b'"') => text_end(line, start),
        Some(b'{' | b'[') => {
            let (mut at, mut depth) = (start, 0usize);
            while let Some(byte) = line.get(at) {
                match byte {
                    b'"' => {
                        at = text_end(line, at);
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return at + 1;
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            line.len()
        }
        _ => {
            let rest = line.get(start..).unwrap_or_default();
            let ends = |b: &u8| matches!(b, b',' | b'}' | b']') || b.is_ascii_whitespace();
            start + rest.iter().position(ends).unwrap_or(rest.len())
        }
    }
}

fn text(raw: &[u8]) -> Option<String> {
    serde_json::from_slice(raw).ok().or_else(|| String::from_utf8(raw.to_vec()).ok())
}

/// A value as it stands in a line. Objects, arrays and fractions travel as their own text.
pub(super) fn value(raw: &[u8]) -> Value {
    let own = || Value::Text(String::from_utf8_lossy(raw).into_owned());
    match raw {
        b"null" | b"" => Value::Null,
        b"true" => Value::Bool(true),
        b"false" => Value::Bool(false),
        [b'"', ..] => text(raw).map_or_else(own, Value::Text),
        _ => {
            let number = std::str::from_utf8(raw).ok().and_then(|text| {
                text.parse::<i64>().ok().filter(|number| number.to_string() == text)
            });
            number.map_or_else(own, Value::Int)
        }
    }
}

/// Writes a value. `before` is what stood there: an edited object stays an object, a fraction a
/// fraction. `None`: bytes that are no text.
pub(super) fn encode(to: &Value, before: &[u8]) -> Option<Vec<u8>> {
    Some(match to {
        Value::Null => b"null".to_vec(),
        Value::Bool(held) => held.to_string().into_bytes(),
        Value::Int(number) => number.to_string().into_bytes(),
        Value::Bytes(_) => return None,
        Value::Text(text) => {
            let bare = matches!(before.first(), Some(byte) if *byte != b'"' && !matches!(before, b"null" | b"true" | b"false"));
            let fits = |byte: &u8| match before.first() {
                Some(b'{') => *byte == b'{',
                Some(b'[') => *byte == b'[',
                _ => byte.is_ascii_digit() || *byte == b'-',
            };
            let sound = bare
                && text.as_bytes().first().is_some_and(fits)
                && !text.contains(['\n', '\r'])
                && serde_json::from_str::<IgnoredAny>(text).is_ok()
                && value(text.as_bytes()) == *to;
            if sound { text.clone().into_bytes() } else { serde_json::to_vec(text).ok()? }
        }
    })
}

/// The line with some members set. A member that is not there is put at the end, unless it is set
/// to NULL.
pub(super) fn rewritten(
    line: &[u8],
    members: &[Member],
    sets: &[(&str, &Value)],
) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(line.len() + 64);
    let mut copied = 0;
    let lasts = lasts(members);
    for member in members {
        let last = lasts.get(member.key.as_str()) == Some(&member.start);
        let Some((_, to)) = sets.iter().rfind(|(key, _)| last && *key == member.key) else {
            continue;
        };
        out.extend_from_slice(line.get(copied..member.start)?);
        out.extend_from_slice(&encode(to, line.get(member.start..member.end)?)?);
        copied = member.end;
    }
    let new: Vec<_> =
        sets.iter().filter(|(key, to)| !to.is_null() && !lasts.contains_key(key)).collect();
    if !new.is_empty() {
        let close = line.iter().rposition(|byte| *byte == b'}')?;
        let end = members.last().map_or(close, |member| member.end);
        out.extend_from_slice(line.get(copied..end)?);
        for (index, (key, to)) in new.iter().enumerate() {
            if index > 0 || !members.is_empty() {
                out.push(b',');
            }
            out.extend_from_slice(&serde_json::to_vec(key).ok()?);
            out.push(b':');
            out.extend_from_slice(&encode(to, b"")?);
        }
        copied = end;
    }
    out.extend_from_slice(line.get(copied..)?);
    Some(out)
}

/// The members that no column stands for, as an object of their own; `None` where there are none.
/// Of several members with one name, all but the last are among them.
pub(super) fn further(
    line: &[u8],
    members: &[Member],
    known: &dyn Fn(&str) -> bool,
) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let lasts = lasts(members);
    for member in members.iter().filter(|member| is_further(&lasts, member, known)) {
        out.push(if out.is_empty() { b'{' } else { b',' });
        out.extend_from_slice(line.get(member.from..member.end).unwrap_or_default());
    }
    if out.is_empty() {
        return None;
    }
    out.push(b'}');
    Some(out)
}

/// Where the last value of each name begins: of several members of one name it is the one that
/// programs read.
fn lasts(members: &[Member]) -> BTreeMap<&str, usize> {
    members.iter().map(|member| (member.key.as_str(), member.start)).collect()
}

fn is_further(
    lasts: &BTreeMap<&str, usize>,
    member: &Member,
    known: &dyn Fn(&str) -> bool,
) -> bool {
    lasts.get(member.key.as_str()) != Some(&member.start) || !known(&member.key)
}

/// The line with other members in the place of those that no column stands for.
pub(super) fn with_further(
    line: &[u8],
    members: &[Member],
    known: &dyn Fn(&str) -> bool,
    to: Option<&[u8]>,
) -> Option<Vec<u8>> {
    let added = match to {
        Some(object) => {
            let inner = self::members(object)?;
            let (first, last) = (inner.first(), inner.last());
            match (first, last) {
                (Some(first), Some(last)) => object.get(first.from..last.end)?,
                _ => b"",
            }
        }
        None => b"",
    };
    let mut out = vec![b'{'];
    let lasts = lasts(members);
    for member in members.iter().filter(|member| !is_further(&lasts, member, known)) {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(line.get(member.from..member.end)?);
    }
    if !added.is_empty() {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(added);
    }
    out.push(b'}');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#" { "id": 7, "name" : "J\u00e4ne", "at":{"x":["}",1.50]}, "n":1.5, "gone":null, "ok":true }"#;

    fn read(line: &str) -> Vec<(String, Value)> {
        let found = members(line.as_bytes()).unwrap();
        let cell = |m: &Member| (m.key.clone(), value(&line.as_bytes()[m.start..m.end]));
        found.iter().map(cell).collect()
    }

    #[test]
    fn members_are_found() {
        let cells = read(LINE);
        let wanted = [
            ("id", Value::Int(7)),
            ("name", Value::from("Jäne")),
            ("at", Value::from(r#"{"x":["}",1.50]}"#)),
            ("n", Value::from("1.5")),
            ("gone", Value::Null),
            ("ok", Value::Bool(true)),
        ];
        assert!(cells.iter().map(|(k, v)| (k.as_str(), v)).eq(wanted.iter().map(|(k, v)| (*k, v))));
        for other in ["", "[1]", "7", "{\"a\":1", "{\"a\":1} x", "text"] {
            assert_eq!(members(other.as_bytes()), None, "{other}");
        }
        assert_eq!(members(b"{}"), Some(vec![]));
    }

    #[test]
    fn what_is_not_set_stays_as_it_is() {
        let found = members(LINE.as_bytes()).unwrap();
        for (key, to, wanted) in [
            ("name", Value::from("[erased]"), LINE.replace(r#""J\u00e4ne""#, r#""[erased]""#)),
            ("name", Value::Null, LINE.replace(r#""J\u00e4ne""#, "null")),
            ("at", Value::from("{}"), LINE.replace(r#"{"x":["}",1.50]}"#, "{}")),
            ("at", Value::from("{x"), LINE.replace(r#"{"x":["}",1.50]}"#, r#""{x""#)),
            ("n", Value::from("x"), LINE.replace("1.5,", r#""x","#)),
            ("new", Value::from("{}"), LINE.replace("true", r#"true,"new":"{}""#)),
            ("new", Value::Null, LINE.to_owned()),
        ] {
            let out = rewritten(LINE.as_bytes(), &found, &[(key, &to)]).unwrap();
            assert_eq!(String::from_utf8(out.clone()).unwrap(), wanted, "{key}");
            let again = read(&String::from_utf8(out).unwrap());
            let held = again.into_iter().find(|(k, _)| k == key).map_or(Value::Null, |(_, v)| v);
            assert!(held == to, "{key}");
        }
    }

    #[test]
    fn further_members_are_one_object() {
        let line = br#"{"a":1,"b":"x","a":2,"c":[3]}"#;
        let found = members(line).unwrap();
        let known = |key: &str| key == "a";
        let rest = further(line, &found, &known).unwrap();
        assert_eq!(rest, br#"{"a":1,"b":"x","c":[3]}"#);
        let none = with_further(line, &found, &known, None).unwrap();
        assert_eq!(none, br#"{"a":2}"#);
        let other = with_further(line, &found, &known, Some(br#"{"b":"[erased]"}"#)).unwrap();
        assert_eq!(other, br#"{"a":2,"b":"[erased]"}"#);
        assert_eq!(further(b"{}", &[], &known), None);
    }
}
