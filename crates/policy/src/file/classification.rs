//! `classification.yaml`: the matrix category × sensitivity × access × retention.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::map::{EraseField, Period};
use crate::words::{self, PeriodText, YesNo};

/// The classification matrix. A field inherits the row that names its category, or the nearest
/// category above it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "classification.yaml")]
pub struct ClassificationFile {
    /// The rows.
    pub rows: Vec<ClassRow>,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassRow {
    /// Its key, used by the other files.
    pub key: String,
    /// The words a person reads.
    pub title: String,
    /// The fideslang data categories that belong here, with all below them. A row with none is
    /// given to collections and fields by name (`class:`).
    #[serde(default)]
    pub categories: Vec<String>,
    /// How much harm a leak would do.
    pub sensitivity: Sensitivity,
    /// The roles that may see it.
    #[serde(default)]
    pub access: Vec<String>,
    /// How long it is kept, in the words of the notice.
    pub retention: Option<String>,
    /// How long it is kept at most: older data is due for purging.
    #[serde(default, with = "words::maybe_period")]
    #[schemars(with = "Option<PeriodText>")]
    pub max: Option<Period>,
    /// Whether people may decline to give it and are served all the same.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub optional: bool,
    /// The class of data in the words of the GDPR, where the notice names one.
    pub gdpr_class: Option<String>,
    /// What erasing does to fields of this row, unless the field says otherwise. Left out, the
    /// planner chooses by the column's type.
    pub erase: Option<EraseField>,
    /// How long the law keeps it even against a request.
    pub keep: Option<ClassKeep>,
}

/// How long the law keeps it even against a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassKeep {
    /// How long.
    #[serde(rename = "for", with = "words::period")]
    #[schemars(with = "PeriodText")]
    pub period: Period,
    /// The law, in words that the person will read.
    pub because: String,
}

/// How much harm a leak would do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Nearly none.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// Very much: special categories, government numbers, passwords.
    VeryHigh,
}

impl Sensitivity {
    /// The words a person reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::VeryHigh => "very high",
        }
    }
}
