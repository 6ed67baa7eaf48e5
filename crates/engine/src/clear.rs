//! How a whole value is cleared: the method of the map, or the one that the column allows.

use connect::{Change, ChangeSet};
use hmac::{Hmac, KeyInit, Mac};
use model::{Column, DataType, RowKey, Secret, Table, Value};
use policy::EraseField;
use sha2::Sha256;

/// What stands where a person stood.
pub(crate) const MARK: &str = "[erased]";

/// Marks, longest first, for columns that are too short for the usual one.
const MARKS: [&str; 4] = [MARK, "[-]", "-", ""];

/// Derives values that are the same each time for the same request, row and field, so that a
/// repeated step changes nothing, and that tell nobody anything.
pub(crate) struct Derive<'k> {
    key: &'k Secret<Vec<u8>>,
    request: &'k str,
}

impl<'k> Derive<'k> {
    /// From the house's secret key and the request's number.
    pub(crate) const fn new(key: &'k Secret<Vec<u8>>, request: &'k str) -> Self {
        Self { key, request }
    }

    fn bytes(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret()) else {
            return [0; 32];
        };
        mac.update(purpose.as_bytes());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// A keyed fingerprint of a whole set of changes: old values, new values, rows.
    pub(crate) fn fingerprint(&self, set: &ChangeSet) -> String {
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let text = |name: &model::TableName| name.to_string().into_bytes();
        for change in &set.changes {
            match change {
                Change::Update { table, columns, rows } => {
                    parts.push(text(table));
                    parts.push(columns.join("\u{0}").into_bytes());
                    for row in rows {
                        let values: Vec<(&Value, &Value)> =
                            row.set.iter().map(|set| (&set.from, &set.to)).collect();
                        parts.push(serde_json::to_vec(&(&row.key, values)).unwrap_or_default());
                    }
                }
                Change::Delete { table, keys } => {
                    parts.push(text(table));
                    parts.push(serde_json::to_vec(keys).unwrap_or_default());
                }
            }
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        self.hex("changes", &parts)
    }

    fn hex(&self, purpose: &str, parts: &[&[u8]]) -> String {
        self.bytes(purpose, parts).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// How a field can be cleared, worked out once per field before anything is touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Method {
    Null,
    Fixed(Value),
    Pseudonym { address: bool, room: Option<usize> },
    Random { room: Option<usize> },
    Hash { room: Option<usize> },
}

impl Method {
    /// The key under which the plan counts it.
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Fixed(_) => "text",
            Self::Pseudonym { .. } => "pseudonym",
            Self::Random { .. } => "random",
            Self::Hash { .. } => "hash",
        }
    }

    /// The value that takes the place of `before`.
    pub(crate) fn value(
        &self,
        derive: &Derive<'_>,
        table: &Table,
        column: &Column,
        key: &RowKey,
        before: &Value,
    ) -> Value {
        let row = serde_json::to_vec(key).unwrap_or_default();
        let name = table.name.to_string();
        let place: [&[u8]; 4] =
            [derive.request.as_bytes(), name.as_bytes(), column.name.as_bytes(), &row];
        let fit = |text: String, room: Option<usize>| match room {
            Some(room) => text.chars().take(room).collect(),
            None => text,
        };
        match self {
            Self::Null => Value::Null,
            Self::Fixed(value) => value.clone(),
            Self::Pseudonym { address, room } => {
                let hex: String = derive.hex("pseudonym", &place).chars().take(16).collect();
                let long = if *address {
                    format!("erased-{hex}@erased.invalid")
                } else {
                    format!("erased-{hex}")
                };
                match room {
                    Some(room) if long.len() > *room => Value::Text(fit(hex, Some(*room))),
                    _ => Value::Text(long),
                }
            }
            Self::Random { room } => {
                let long: String = derive.hex("random", &place);
                let length = before.as_text().map_or(16, |text| text.chars().count()).clamp(1, 64);
                Value::Text(fit(long.chars().take(length).collect(), *room))
            }
            Self::Hash { room } => {
                let plain = before.to_plain_text().unwrap_or_default();
                Value::Text(fit(derive.hex("hash", &[plain.as_bytes()]), *room))
            }
        }
    }
}

/// Chooses how to clear a column, or says why it cannot be cleared.
pub(crate) fn method(
    wish: Option<&EraseField>,
    table: &Table,
    column: &Column,
    address: bool,
) -> Result<Method, String> {
    let room = room(column);
    let is_text = matches!(column.data_type, DataType::Text { .. } | DataType::Other);
    let unique = table.unique.iter().any(|key| key.columns.contains(&column.name));
    let pseudonym = || {
        if !is_text {
            return Err("is not text, so it cannot take a pseudonym".to_owned());
        }
        if room.is_some_and(|room| room < 8) {
            return Err("is too short for a pseudonym that stays unique".to_owned());
        }
        Ok(Method::Pseudonym { address, room })
    };
    match wish {
        Some(EraseField::Null) if !column.nullable => Err("may not be NULL: choose another way to erase it (`text`, `pseudonym`, `random`, `hash` or `redact`)".to_owned()),
        Some(EraseField::Null) => Ok(Method::Null),
        Some(EraseField::Text(text)) => {
            if room.is_some_and(|room| text.chars().count() > room) {
                return Err(format!("holds at most {} characters, fewer than the text that shall replace it", room.unwrap_or_default()));
            }
            if unique {
                return Err("must be unique, so one fixed text cannot replace every value: use `pseudonym`".to_owned());
            }
            fixed(column, text).map(Method::Fixed)
        }
        Some(EraseField::Pseudonym) => pseudonym(),
        Some(EraseField::Random) if is_text => Ok(Method::Random { room }),
        Some(EraseField::Hash) if is_text && room.is_none_or(|room| room >= 16) => Ok(Method::Hash { room }),
        Some(EraseField::Random) => Err("is not text, so it cannot take a random text".to_owned()),
        Some(EraseField::Hash) => Err("has no room for a keyed hash of at least 16 characters".to_owned()),
        Some(EraseField::Redact | EraseField::Keep(_)) | None if column.nullable => Ok(Method::Null),
        Some(EraseField::Redact | EraseField::Keep(_)) | None => match column.data_type {
            _ if unique => pseudonym(),
            DataType::Text { .. } => Ok(Method::Fixed(Value::from(mark_for(column)))),
            DataType::Bytes { .. } => Ok(Method::Fixed(Value::Bytes(Vec::new()))),
            DataType::Json => Ok(Method::Fixed(Value::from("{}"))),
            _ => Err(format!(
                "may not be NULL and is of the type `{}`: say in the map what shall stand there (`erase: {{text: …}}`) or why it stays (`erase: {{keep: …}}`)",
                column.native_type
            )),
        },
    }
}

/// A fixed text as a value of the column's own type.
fn fixed(column: &Column, text: &str) -> Result<Value, String> {
    let wrong = |_| format!("is of the type `{}`, which `{text}` is not", column.native_type);
    Ok(match column.data_type {
        DataType::Integer => Value::Int(text.parse().map_err(wrong)?),
        DataType::Boolean => {
            let wrong = |_: std::str::ParseBoolError| {
                format!("is of the type `{}`, which `{text}` is not", column.native_type)
            };
            Value::Bool(text.parse().map_err(wrong)?)
        }
        DataType::Bytes { .. } => Value::Bytes(text.as_bytes().to_vec()),
        _ => Value::from(text),
    })
}

fn room(column: &Column) -> Option<usize> {
    match column.data_type {
        DataType::Text { max_chars } => max_chars.map(|room| room as usize),
        _ => None,
    }
}

/// The longest mark that fits a column.
pub(crate) fn mark_for(column: &Column) -> &'static str {
    let room = room(column).unwrap_or(usize::MAX);
    MARKS.iter().find(|mark| mark.len() <= room).copied().unwrap_or_default()
}

/// Marks to try in turn until the edited text fits its column.
pub(crate) fn marks(column: &Column) -> impl Iterator<Item = &'static str> {
    let room = room(column).unwrap_or(usize::MAX);
    MARKS.iter().copied().filter(move |mark| mark.len() <= room)
}

/// Whether a new text fits its column.
pub(crate) fn fits(column: &Column, value: &Value) -> bool {
    match (column.data_type, value) {
        (DataType::Text { max_chars: Some(room) }, Value::Text(text)) => {
            text.chars().count() <= room as usize
        }
        (DataType::Bytes { max_bytes: Some(room) }, Value::Bytes(bytes)) => {
            bytes.len() <= room as usize
        }
        _ => true,
    }
}
