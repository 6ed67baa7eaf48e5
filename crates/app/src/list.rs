//! A list of people: a CSV file with a heading, JSON Lines, or one e-mail address on each line.
//!
//! INVARIANT: a list is read whole before anything is done with it, everything wrong with it is told
//! at once, by line, and nothing of what it says of anybody is repeated.

use std::collections::BTreeMap;

use model::{Identity, IdentityKind};

use crate::{Error, Result};

/// A person of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The line on which they stand, counted from one.
    pub line: usize,
    /// What the list calls them; for whoever reads the answers, and sought nowhere.
    pub reference: Option<String>,
    /// How they are named.
    pub identities: Vec<Identity>,
}

/// So many faults are told; the rest is counted.
const TOLD: usize = 20;

/// What a column may be called. `None` is the reference.
const COLUMNS: [(&str, Option<IdentityKind>); 12] = [
    ("email", Some(IdentityKind::Email)),
    ("e-mail", Some(IdentityKind::Email)),
    ("phone", Some(IdentityKind::Phone)),
    ("telephone", Some(IdentityKind::Phone)),
    ("user_name", Some(IdentityKind::UserName)),
    ("user-name", Some(IdentityKind::UserName)),
    ("username", Some(IdentityKind::UserName)),
    ("account_id", Some(IdentityKind::AccountId)),
    ("account-id", Some(IdentityKind::AccountId)),
    ("name", Some(IdentityKind::Name)),
    ("reference", None),
    ("ref", None),
];

const KNOWN: &str = "email, phone, user_name, account_id, name, reference";

type Column = Option<IdentityKind>;

/// The people of a list. `sound` says what is wrong with a person's identifiers, if anything is.
pub fn people(
    text: &str,
    sound: impl Fn(&[Identity]) -> std::result::Result<(), String>,
) -> Result<Vec<Listed>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let (mut people, mut faults) =
        if first.starts_with('{') { json_lines(text) } else { cells(text, first)? };
    let mut seen: BTreeMap<Vec<(IdentityKind, String)>, usize> = BTreeMap::new();
    people.retain(|person| {
        let fault = if person.identities.is_empty() {
            Some("names nobody".to_owned())
        } else if let Err(why) = sound(&person.identities) {
            Some(why)
        } else {
            let mut same: Vec<_> = person
                .identities
                .iter()
                .map(|one| (one.kind, one.value.expose().trim().to_lowercase()))
                .collect();
            same.sort();
            let before = seen.insert(same, person.line);
            before.map(|before| format!("is the same person as line {before}"))
        };
        let Some(fault) = fault else { return true };
        faults.push((person.line, fault));
        false
    });
    if faults.is_empty() && people.is_empty() {
        return Err(Error::Refused("the list names nobody".to_owned()));
    }
    if faults.is_empty() {
        return Ok(people);
    }
    faults.sort();
    let mut told =
        format!("{} line(s) of the list cannot be used, and nothing was begun:", faults.len());
    for (line, fault) in faults.iter().take(TOLD) {
        told.push_str(&format!("\n  line {line}: {fault}"));
    }
    if faults.len() > TOLD {
        told.push_str(&format!("\n  and {} more", faults.len() - TOLD));
    }
    Err(Error::Refused(told))
}

type Read = (Vec<Listed>, Vec<(usize, String)>);

fn column(title: &str) -> Option<Column> {
    let title = title.trim().to_lowercase().replace(' ', "_");
    COLUMNS.iter().find(|(name, _)| *name == title).map(|(_, column)| *column)
}

/// A table with a heading; without one, a single column of addresses.
fn cells(text: &str, first: &str) -> Result<Read> {
    let records = records(text).map_err(|line| {
        Error::Refused(format!(
            "line {line} of the list opens a quotation mark that is never closed; nothing was begun"
        ))
    })?;
    let mut records = records.into_iter();
    let plain = first.contains('@');
    let mut columns: Vec<Column> = vec![Some(IdentityKind::Email)];
    if !plain {
        let heading = records.next().map(|(_, cells)| cells).unwrap_or_default();
        let known: Option<Vec<Column>> = heading.iter().map(|title| column(title)).collect();
        columns = known.ok_or_else(|| {
            Error::Refused(format!(
                "the first line of the list must name its columns, of these: {KNOWN}; nothing was begun"
            ))
        })?;
    }
    let (mut people, mut faults) = (Vec::new(), Vec::new());
    for (line, cells) in records {
        if cells.len() != columns.len() {
            let (wanted, got) = (columns.len(), cells.len());
            faults.push((line, format!("has {got} cell(s) and not {wanted}")));
            continue;
        }
        let mut person = Listed { line, reference: None, identities: Vec::new() };
        for (column, cell) in columns.iter().zip(&cells) {
            person.take(*column, cell);
        }
        people.push(person);
    }
    Ok((people, faults))
}

impl Listed {
    fn take(&mut self, column: Column, value: &str) {
        let value = value.trim();
        match column {
            _ if value.is_empty() => {}
            Some(kind) => self.identities.push(Identity::new(kind, value)),
            None => self.reference = Some(value.to_owned()),
        }
    }
}

/// The records of a CSV text (RFC 4180; `;` where the first line has more of them than commas) that
/// are not empty, with the line on which each begins; `Err` is the line of a quotation mark without
/// its end.
fn records(text: &str) -> std::result::Result<Vec<(usize, Vec<String>)>, usize> {
    let head = text.lines().next().unwrap_or_default();
    let many = |sign: char| head.matches(sign).count();
    let comma = if many(';') > many(',') { ';' } else { ',' };
    let mut records = Vec::new();
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let (mut line, mut began, mut opened) = (1, 1, 1);
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            match c {
                '"' if chars.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => quoted = false,
                _ => cell.push(c),
            }
            line += usize::from(c == '\n');
            continue;
        }
        match c {
            '"' if cell.trim().is_empty() => {
                cell.clear();
                (quoted, opened) = (true, line);
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                line += 1;
                cells.push(std::mem::take(&mut cell));
                records.push((began, std::mem::take(&mut cells)));
                began = line;
            }
            c if c == comma => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    if quoted {
        return Err(opened);
    }
    cells.push(cell);
    records.push((began, cells));
    records.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(records)
}

/// One object on each line; a value is a text, a number or a list of them.
fn json_lines(text: &str) -> Read {
    use serde_json::Value;
    let (mut people, mut faults) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(text) else {
            faults.push((line, "is not a JSON object".to_owned()));
            continue;
        };
        let mut person = Listed { line, reference: None, identities: Vec::new() };
        for (title, value) in fields {
            let Some(column) = column(&title) else {
                faults.push((line, format!("has a field that is none of {KNOWN}")));
                continue;
            };
            let values = match value {
                Value::Array(values) => values,
                value => vec![value],
            };
            for value in values {
                match value {
                    Value::String(text) => person.take(column, &text),
                    Value::Number(number) => person.take(column, &number.to_string()),
                    Value::Null => {}
                    Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                        faults.push((
                            line,
                            "holds a value that is neither a text nor a number".to_owned(),
                        ));
                    }
                }
            }
        }
        if !faults.iter().any(|(at, _)| *at == line) {
            people.push(person);
        }
    }
    (people, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> std::result::Result<Vec<String>, String> {
        let sound = |given: &[Identity]| match given.iter().any(|i| i.value.expose() == "bad") {
            true => Err("looks like nothing".to_owned()),
            false => Ok(()),
        };
        let told = |one: &Listed| {
            let given: Vec<String> = one
                .identities
                .iter()
                .map(|i| format!("{}={}", i.kind.key(), i.value.expose()))
                .collect();
            let reference = one.reference.as_deref().unwrap_or("-");
            format!("{} {reference} {}", one.line, given.join(" "))
        };
        match people(text, sound) {
            Ok(people) => Ok(people.iter().map(told).collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_list_is_a_table_or_lines_of_json_or_addresses() {
        let table: [(&str, &[&str]); 6] = [
            (
                "a@x.example\n\n b@x.example \r\n",
                &["1 - email=a@x.example", "3 - email=b@x.example"],
            ),
            (
                "\u{feff}Reference,E-mail,Phone\nT-1,a@x.example,\n\"T, \"\"2\"\"\",,+1 902 555 0100",
                &["2 T-1 email=a@x.example", "3 T, \"2\" phone=+1 902 555 0100"],
            ),
            ("email;name\na@x.example;Doe, Jane", &["2 - email=a@x.example name=Doe, Jane"]),
            ("email,email\na@x.example,b@x.example", &["2 - email=a@x.example email=b@x.example"]),
            (
                "name,email\n\"Jane\nDoe\",a@x.example\nx,b@x.example",
                &["2 - name=Jane\nDoe email=a@x.example", "4 - name=x email=b@x.example"],
            ),
            (
                "{\"email\": [\"a@x.example\", \"b@x.example\"], \"ref\": \"T-1\"}\n\n{\"account_id\": 27}",
                &["1 T-1 email=a@x.example email=b@x.example", "3 - account_id=27"],
            ),
        ];
        for (text, wanted) in table {
            assert_eq!(
                read(text).as_deref(),
                Ok(&wanted.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()[..]),
                "{text}"
            );
        }
    }

    #[test]
    fn everything_wrong_with_a_list_is_told_by_line_and_repeats_nothing() {
        let table: [(&str, &[&str]); 8] = [
            ("", &["names nobody"]),
            ("email,shoe size\na@x.example,42", &["must name its columns"]),
            (
                "email,phone\na@x.example\n,\nb@x.example,bad",
                &["2 line(s)", "line 2: has 1 cell", "line 4: looks like nothing"],
            ),
            ("email\na@x.example\nA@x.example ", &["line 3: is the same person as line 2"]),
            ("email,ref\n,T-1", &["line 2: names nobody"]),
            ("email\n\"a@x.example", &["line 2 of the list opens a quotation mark"]),
            (
                "{\"email\": \"a@x.example\"}\n{\"shoe\": 42}\n[1]",
                &["line 2: has a field", "line 3: is not a JSON object"],
            ),
            ("{\"email\": {}}", &["line 1: holds a value"]),
        ];
        for (text, wanted) in table {
            let told = read(text).unwrap_err();
            for part in wanted {
                assert!(told.contains(part), "{text}\n{told}");
            }
            assert!(
                !told.contains("x.example") && !told.contains("42") && !told.contains("bad"),
                "{told}"
            );
        }
        let long: String = (0..30).map(|_| "bad@\n").collect();
        assert!(
            read(&format!("email\n{}", long.replace("bad@", "bad")))
                .unwrap_err()
                .contains("and 10 more")
        );
    }
}
