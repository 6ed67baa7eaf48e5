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

/// Why a column cannot take what erasing would do to it, if the map says enough to know.
pub(crate) fn cannot(
    erase: &EraseField,
    data_type: Option<DataType>,
    field: &DatasetField,
) -> Option<(String, &'static str)> {
    let addition = field.upheld.as_ref();
    let meta = field.meta();
    let name = &field.name;
    let read_only = meta.and_then(|meta| meta.read_only).unwrap_or(false);
    let primary_key = meta.and_then(|meta| meta.primary_key).unwrap_or(false);
    let not_null = addition.and_then(|add| add.not_null).unwrap_or(false);
    let unique = addition.and_then(|add| add.unique).unwrap_or(false);
    let textual = data_type.is_none_or(|kind| matches!(kind, DataType::Text { .. }));
    if matches!(erase, EraseField::Keep(_)) {
        return None;
    }
    if primary_key {
        let message = format!("`{name}` is the primary key: changing it would lose the row");
        return Some((message, "delete the row (`erase: delete` on the collection) or keep it"));
    }
    if read_only {
        return Some((
            format!("`{name}` is read-only and cannot be changed"),
            "write `keep:` and the reason",
        ));
    }
    match erase {
        EraseField::Null if not_null => Some((
            format!("`{name}` must have a value and cannot become empty"),
            "use `text: …`, `random` or `pseudonym`",
        )),
        EraseField::Text(text) => {
            if !textual {
                return Some((format!("`{name}` cannot hold text"), "use `null` or `random`"));
            }
            if unique {
                return Some((
                    format!("`{name}` is unique: the same text cannot stand in two rows"),
                    "use `pseudonym`",
                ));
            }
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            match data_type {
                Some(DataType::Text { max_chars: Some(max) }) if max < length => Some((
                    format!("`{name}` holds at most {max} characters, and the text has {length}"),
                    "use a shorter text or `random`",
                )),
                _ => None,
            }
        }
        EraseField::Pseudonym if !textual => {
            Some((format!("`{name}` cannot hold text"), "use `null` or `random`"))
        }
        EraseField::Pseudonym => match data_type {
            Some(DataType::Text { max_chars: Some(max) }) if max < LEAST_PSEUDONYM => Some((
                format!("`{name}` holds at most {max} characters: too few for a unique name"),
                "use `random` or `null`",
            )),
            _ => None,
        },
        EraseField::Hash if !textual => {
            Some((format!("`{name}` cannot hold a hash"), "use `null` or `random`"))
        }
        EraseField::Redact if data_type.is_some_and(|kind| !kind.bears_text()) => Some((
            format!("`{name}` holds no text in which somebody could be named"),
            "use `null` or `random`",
        )),
        EraseField::Random
            if matches!(
                data_type,
                Some(DataType::Json | DataType::Enumeration | DataType::Other)
            ) =>
        {
            Some((format!("no random value fits `{name}`"), "use `null` or `redact`"))
        }
        _ => None,
    }
}
