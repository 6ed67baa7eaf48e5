//! A value in a client's database, as every connector speaks of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One value of one row.
///
/// Types that a database alone understands (dates, decimals, UUIDs, network addresses, JSON)
/// travel as the text that this database prints for them and reads back: nothing is lost on the
/// way, and two readings of one value are equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// SQL NULL, a missing field.
    Null,
    /// True or false.
    Bool(bool),
    /// Any whole number that fits 64 bits.
    Int(i64),
    /// Text, and every type that travels as text.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// Whether this is NULL.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of this value if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes of text or raw bytes: what a search walks.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text.as_bytes()),
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The value written as text, whatever its type; `None` for NULL and for raw bytes. A number
    /// held in a text column (`"27"`) and the number itself read the same here.
    pub fn to_plain_text(&self) -> Option<String> {
        match self {
            Self::Null | Self::Bytes(_) => None,
            Self::Bool(value) => Some(value.to_string()),
            Self::Int(value) => Some(value.to_string()),
            Self::Text(text) => Some(text.clone()),
        }
    }
}

impl fmt::Debug for Value {
    /// The type alone: a value may be anybody's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool(..)",
            Self::Int(_) => "Int(..)",
            Self::Text(_) => "Text(..)",
            Self::Bytes(_) => "Bytes(..)",
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_type_and_never_the_value() {
        assert_eq!(format!("{:?}", Value::from("Jane")), "Text(..)");
        assert_eq!(format!("{:?}", Value::from(4711)), "Int(..)");
    }

    #[test]
    fn a_number_and_its_text_read_the_same() {
        assert_eq!(Value::from(27).to_plain_text(), Value::from("27").to_plain_text());
        assert_eq!(Value::Null.to_plain_text(), None);
    }
}
