//! What a column is: its type, its row of the matrix, whether people write freely in it.

use model::DataType;

use crate::file::classification::ClassRow;
use crate::file::system::{DatasetField, TypeWord};
use crate::finding::did_you_mean;
use crate::taxonomy::is_within;
use crate::yaml::Path;

use super::Reporter;

/// Whether people write freely in a field, where the map does not say: unlimited text whose
/// category is content.
pub(crate) fn free_text_by_default(data_type: Option<DataType>, categories: &[String]) -> bool {
    matches!(data_type, None | Some(DataType::Text { max_chars: None }))
        && categories
            .iter()
            .any(|key| is_within(key, "user.content") && key != "user.content.self_image")
}

/// The row whose category is the nearest above one of these.
pub(crate) fn nearest_row<'r>(rows: &'r [ClassRow], categories: &[String]) -> Option<&'r ClassRow> {
    let mut best: Option<(usize, &ClassRow)> = None;
    for row in rows {
        for above in &row.categories {
            if categories.iter().any(|key| is_within(key, above))
                && best.is_none_or(|(length, _)| above.len() > length)
            {
                best = Some((above.len(), row));
            }
        }
    }
    best.map(|(_, row)| row)
}

pub(super) fn data_type(
    report: &mut Reporter<'_>,
    field: &DatasetField,
    word: Option<TypeWord>,
    at: &Path<'_>,
) -> Option<DataType> {
    let meta = field.meta();
    let length = meta.and_then(|meta| meta.length);
    if let Some(word) = word {
        return Some(match word {
            TypeWord::Text => DataType::Text { max_chars: length },
            TypeWord::Bytes => DataType::Bytes { max_bytes: length },
            TypeWord::Integer => DataType::Integer,
            TypeWord::Number => DataType::Number,
            TypeWord::Boolean => DataType::Boolean,
            TypeWord::Date => DataType::Date,
            TypeWord::Timestamp => DataType::Timestamp,
            TypeWord::Time => DataType::Time,
            TypeWord::Json => DataType::Json,
            TypeWord::Uuid => DataType::Uuid,
            TypeWord::Network => DataType::Network,
            TypeWord::Enumeration => DataType::Enumeration,
            TypeWord::Other => DataType::Other,
        });
    }
    let Some(word) = meta.and_then(|meta| meta.data_type.as_deref()) else {
        if !field.fields.is_empty() {
            return Some(DataType::Json);
        }
        return length.map(|length| DataType::Text { max_chars: Some(length) });
    };
    let single = word.strip_suffix("[]");
    let known = match single.unwrap_or(word) {
        "string" => DataType::Text { max_chars: length },
        "integer" => DataType::Integer,
        "float" => DataType::Number,
        "boolean" => DataType::Boolean,
        "object" => DataType::Json,
        "object_id" => DataType::Other,
        other => {
            let words = ["string", "integer", "float", "boolean", "object", "object_id"];
            let help = did_you_mean(other, words).or_else(|| {
                Some(format!("the types are {}; others go under `upheld: type:`", words.join(", ")))
            });
            report.error(
                "unknown-word",
                at,
                format!("`{other}` is not a data type of Fides"),
                help,
            );
            return None;
        }
    };
    Some(if single.is_some() { DataType::Other } else { known })
}
