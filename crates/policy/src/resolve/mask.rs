//! What erasing can do to a column, judged by what the map says about the column.

use model::DataType;

use crate::file::system::{DatasetField, FieldMasking};
use crate::finding::{Severity, did_you_mean};
use crate::map::EraseField;
use crate::yaml::Path;

use super::Reporter;

const STRATEGIES: [&str; 7] = [
    "null_rewrite",
    "string_rewrite",
    "random_string_rewrite",
    "hash",
    "hmac",
    "aes_encrypt",
    "preserve",
];

/// Fides' masking in our words.
pub(crate) fn from_fides(
    masking: &FieldMasking,
    report: &mut Reporter<'_>,
    path: &Path<'_>,
) -> Option<EraseField> {
    let word = |key: &str| masking.configuration.get(key).and_then(serde_json::Value::as_str);
    let suffix = masking
        .configuration
        .get("format_preservation")
        .and_then(|format| format.get("suffix"))
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    Some(match masking.strategy.as_str() {
        "null_rewrite" => EraseField::Null,
        "string_rewrite" => {
            EraseField::Text(format!("{}{suffix}", word("rewrite_value").unwrap_or("MASKED")))
        }
        "random_string_rewrite" => EraseField::Random,
        "hash" | "hmac" => EraseField::Hash,
        "aes_encrypt" => {
            report.add(
                Severity::Warning,
                "weaker-masking",
                &path.key("strategy"),
                "what is encrypted can be read again by whoever has the key".to_owned(),
                Some("a keyed hash is used instead: write `hmac` to agree".to_owned()),
            );
            EraseField::Hash
        }
        "preserve" => EraseField::Keep("the map says that it is preserved".to_owned()),
        other => {
            let help = did_you_mean(other, STRATEGIES)
                .or_else(|| Some(format!("the strategies are {}", STRATEGIES.join(", "))));
            let message = format!("`{other}` is not a masking strategy");
            report.error("unknown-word", &path.key("strategy"), message, help);
            return None;
        }
    })
}

/// The shortest pseudonym that is still unique among many rows.
const LEAST_PSEUDONYM: u32 = 8;

/// The shortest keyed hash that still tells values apart.
const LEAST_HASH: u32 = 16;

/// Why a column cannot take what erasing would do to it, if the map says enough to know, and what
/// it can take instead.
pub(crate) fn cannot(
    erase: &EraseField,
    data_type: Option<DataType>,
    field: &DatasetField,
) -> Option<(String, String)> {
    if matches!(erase, EraseField::Keep(_)) {
        return None;
    }
    let name = &field.name;
    let meta = field.meta();
    if meta.and_then(|meta| meta.primary_key).unwrap_or(false) {
        let message = format!("`{name}` is the primary key: changing it would lose the row");
        let help = "delete the row (`erase: delete` on the collection) or keep it";
        return Some((message, help.to_owned()));
    }
    if meta.and_then(|meta| meta.read_only).unwrap_or(false) {
        let message = format!("`{name}` is read-only and cannot be changed");
        return Some((message, "write `keep:` and the reason".to_owned()));
    }
    let message = misfit(erase, data_type, field)?;
    // Only what would be accepted is offered.
    let ways: Vec<String> = [
        (EraseField::Null, "`null`".to_owned()),
        (EraseField::Text(sample(data_type).to_owned()), text_way(data_type)),
        (EraseField::Pseudonym, "`pseudonym`".to_owned()),
        (EraseField::Random, "`random`".to_owned()),
    ]
    .into_iter()
    .filter(|(way, _)| misfit(way, data_type, field).is_none())
    .map(|(_, said)| said)
    .collect();
    let help = match ways.as_slice() {
        [] => "write `keep:` and the reason".to_owned(),
        [only] => format!("use {only}"),
        [first @ .., last] => format!("use {} or {last}", first.join(", ")),
    };
    Some((message, help))
}

/// A value of the type that says nothing about anybody.
const fn sample(data_type: Option<DataType>) -> &'static str {
    match data_type {
        Some(DataType::Integer | DataType::Number) => "0",
        Some(DataType::Boolean) => "false",
        Some(DataType::Date | DataType::Timestamp) => "1900-01-01",
        Some(DataType::Time) => "00:00",
        Some(DataType::Json) => "{}",
        Some(DataType::Uuid) => "00000000-0000-0000-0000-000000000000",
        Some(DataType::Network) => "0.0.0.0",
        _ => "",
    }
}

fn text_way(data_type: Option<DataType>) -> String {
    match sample(data_type) {
        "" => "`text: …`".to_owned(),
        sample => format!("`text: \"{sample}\"`"),
    }
}

/// Why a way of erasing does not fit a column's type, length and constraints.
fn misfit(erase: &EraseField, data_type: Option<DataType>, field: &DatasetField) -> Option<String> {
    let addition = field.upheld.as_ref();
    let name = &field.name;
    let not_null = addition.and_then(|add| add.not_null).unwrap_or(false);
    let unique = addition.and_then(|add| add.unique).unwrap_or(false);
    let textual = data_type.is_none_or(|kind| matches!(kind, DataType::Text { .. }));
    let room = match data_type {
        Some(DataType::Text { max_chars }) => max_chars,
        _ => None,
    };
    match erase {
        EraseField::Null if not_null => {
            Some(format!("`{name}` must have a value and cannot become empty"))
        }
        EraseField::Text(_) if unique => {
            Some(format!("`{name}` is unique: the same text cannot stand in two rows"))
        }
        EraseField::Text(text) => {
            let length = text.chars().count();
            if let Some(room) = room.filter(|room| (*room as usize) < length) {
                return Some(format!(
                    "`{name}` holds at most {room} characters, and the text has {length}"
                ));
            }
            match data_type {
                Some(DataType::Bytes { max_bytes: Some(room) }) if (room as usize) < text.len() => {
                    Some(format!(
                        "`{name}` holds at most {room} bytes, and the text has {}",
                        text.len()
                    ))
                }
                Some(kind) => wanted(kind, text).map(|what| format!("`{name}` holds {what}")),
                None => None,
            }
        }
        EraseField::Pseudonym | EraseField::Random if !textual => {
            Some(format!("`{name}` is not text and cannot take words that are made up"))
        }
        EraseField::Hash if !textual => {
            Some(format!("`{name}` is not text and cannot hold a hash"))
        }
        EraseField::Pseudonym => room.filter(|room| *room < LEAST_PSEUDONYM).map(|room| {
            format!("`{name}` holds at most {room} characters: too few for a unique name")
        }),
        EraseField::Hash => room
            .filter(|room| *room < LEAST_HASH)
            .map(|room| format!("`{name}` holds at most {room} characters: too few for a hash")),
        EraseField::Redact if data_type.is_some_and(|kind| !kind.bears_text()) => {
            Some(format!("`{name}` holds no text in which somebody could be named"))
        }
        _ => None,
    }
}

/// What a column of this type holds, if the text is no such thing.
fn wanted(data_type: DataType, text: &str) -> Option<&'static str> {
    use jiff::civil::{Date, DateTime, Time};
    let day = || text.parse::<Date>().is_ok() && text.len() == 10;
    let (fits, what) = match data_type {
        DataType::Integer => (text.parse::<i64>().is_ok(), "whole numbers, such as `0`"),
        DataType::Number => {
            let number = text.parse::<f64>().is_ok_and(f64::is_finite);
            (number, "numbers, such as `0`")
        }
        DataType::Boolean => (matches!(text, "true" | "false"), "`true` or `false`"),
        DataType::Date => (day(), "days, such as `1900-01-01`"),
        DataType::Timestamp => {
            let moment =
                text.parse::<DateTime>().is_ok() || text.parse::<jiff::Timestamp>().is_ok();
            (moment, "moments, such as `1900-01-01 00:00:00`")
        }
        DataType::Time => (text.parse::<Time>().is_ok(), "times of day, such as `00:00:00`"),
        DataType::Json => {
            (serde_json::from_str::<serde_json::Value>(text).is_ok(), "JSON, such as `{}`")
        }
        DataType::Uuid => {
            let groups: Vec<usize> = text.split('-').map(str::len).collect();
            let digits = text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
            (
                digits && groups == [8, 4, 4, 4, 12],
                "UUIDs, such as `00000000-0000-0000-0000-000000000000`",
            )
        }
        DataType::Network => {
            let address = text.split('/').next().unwrap_or_default();
            let hardware = text
                .split([':', '-'])
                .filter(|pair| pair.len() == 2 && pair.chars().all(|c| c.is_ascii_hexdigit()));
            let fits = address.parse::<std::net::IpAddr>().is_ok()
                || (text.len() == 17 && hardware.count() == 6);
            (fits, "network addresses, such as `0.0.0.0`")
        }
        // Which words the database lists is not in the map.
        DataType::Text { .. }
        | DataType::Bytes { .. }
        | DataType::Enumeration
        | DataType::Other => (true, ""),
    };
    (!fits).then_some(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_text_fits_where_its_words_are_of_the_type() {
        for (data_type, good, bad) in [
            (DataType::Date, &["1900-01-01"][..], &["1900", "1900-02-30", "", "[erased]"][..]),
            (
                DataType::Timestamp,
                &["1900-01-01", "1900-01-01 00:00:00", "1900-01-01T00:00:00Z"],
                &["never", "1900"],
            ),
            (DataType::Time, &["00:00:00", "00:00"], &["25:00", "noon"]),
            (DataType::Integer, &["0", "-1"], &["0.5", "none"]),
            (DataType::Number, &["0", "0.5"], &["none", "NaN"]),
            (DataType::Boolean, &["true", "false"], &["0", "maybe"]),
            (DataType::Json, &["{}", "null"], &["{", "gone"]),
            (DataType::Uuid, &["00000000-0000-0000-0000-000000000000"], &["0", "-"]),
            (DataType::Network, &["0.0.0.0", "::", "00:00:00:00:00:00"], &["nowhere", "1:2"]),
            (DataType::Enumeration, &["other"], &[]),
        ] {
            let field = DatasetField { name: "f".to_owned(), ..DatasetField::default() };
            let fits =
                |text: &str| misfit(&EraseField::Text(text.to_owned()), Some(data_type), &field);
            for text in good {
                assert_eq!(fits(text), None, "{data_type:?} {text}");
            }
            for text in bad {
                assert!(fits(text).is_some(), "{data_type:?} {text}");
            }
            let (_, help) = cannot(&EraseField::Random, Some(data_type), &field).unwrap();
            assert!(!help.contains("random") && !help.contains("pseudonym"), "{help}");
        }
    }
}
