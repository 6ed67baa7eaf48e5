//! A profile of `upheld deidentify`: what becomes of which kind and which column.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of personal data that is handed on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "profile.yaml")]
pub struct ProfileFile {
    /// The profile to start from: `default` or `hipaa-safe-harbor`. Left out, it is `default`.
    pub base: Option<String>,
    /// Methods by kind (`contact.email`), family (`contact`) or data category (`user.contact`).
    #[serde(default)]
    pub kinds: BTreeMap<String, String>,
    /// Methods by column, whatever stands in it.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// The method of columns that nobody knows: `text`, `keep` or `remove`.
    pub otherwise: Option<String>,
    /// The method of dates that are no dates of birth, in columns and in text.
    pub dates: Option<String>,
    /// The method of columns of codes of which nearly every row has its own.
    pub codes: Option<String>,
    /// Findings less sure than this stay and are listed, 0 to 100.
    pub least: Option<u32>,
    /// The columns by which somebody could be told, together. Left out, they are proposed.
    #[serde(default)]
    pub quasi: Vec<String>,
    /// The columns that nobody should learn. Left out, they are proposed.
    #[serde(default)]
    pub sensitive: Vec<String>,
    /// At least so many rows shall be alike in the columns by which somebody could be told.
    pub k: Option<u32>,
    /// At most so many rows in a hundred are left out for that, as long as columns can be widened.
    pub suppress: Option<u32>,
}
