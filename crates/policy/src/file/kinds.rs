//! `kinds.yaml`: kinds of personal data that only you have, such as your contract numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kinds of personal data that only you have. `scan` looks for them beside its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "kinds.yaml")]
pub struct KindsFile {
    /// The kinds.
    pub kinds: Vec<OwnKind>,
}

/// A kind of personal data: how it is written, and texts on which that is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnKind {
    /// Its key, in two parts: `acme.contract`.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// The fideslang data category that it belongs to (`user.account`); `user` if left out.
    #[serde(default = "user")]
    pub category: String,
    /// A regular expression, without look-around and back references: `\bAC-\d{6}\b`.
    pub pattern: String,
    /// A check of what the pattern finds.
    pub validator: Option<Validator>,
    /// One of these words must stand a little before the value.
    #[serde(default)]
    pub context: Vec<String>,
    /// How sure a finding is, 1 to 100; 80 if left out.
    #[schemars(range(min = 1, max = 100))]
    pub confidence: Option<u8>,
    /// Texts, each of which must hold a value. They are tried whenever the file is read.
    pub examples: Vec<String>,
    /// Texts, none of which may hold one.
    #[serde(default)]
    pub counter_examples: Vec<String>,
}

/// A check of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Validator {
    /// The check digit of ISO/IEC 7812-1, as in card numbers.
    Luhn,
    /// ISO 7064 mod 97, as in an IBAN.
    Iban,
}

fn user() -> String {
    "user".to_owned()
}
