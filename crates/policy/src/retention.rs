//! Retention rules, resolved: which rows or files are due, counted from when, and what becomes of
//! them. Minimum ages are [`crate::Keep`]; legal holds are not policy but state.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::map::{FieldPath, Inference, Period, When};

/// What is too old, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retain {
    /// How long rows stay; older ones are due.
    pub max: Period,
    /// From when their age counts.
    pub from: CountFrom,
    /// What becomes of a due row.
    pub method: Disposal,
    /// Only rows whose columns hold one of these values (`status: closed`, `purpose: analytics`).
    /// Two rules of one collection must speak of different rows, or the one whose `when` is
    /// narrower must be the shorter one: it comes first, and the other finds the rest.
    pub when: Vec<When>,
    /// Collections of the same system whose rows refer to a due row and go before it. A row that
    /// another collection still refers to stays, and the plan says so.
    pub with: Vec<String>,
    /// How it came to be in the map, where nobody wrote it by hand. An open question purges nothing.
    pub inferred: Option<Inference>,
}

impl Retain {
    /// Whether a run may act on it: unlike a minimum age, a guess must have been confirmed.
    pub fn holds(&self) -> bool {
        self.inferred.as_ref().is_none_or(|guess| guess.confirmed == Some(true))
    }
}

/// From when the age of a row or of a file counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountFrom {
    /// A column of the row itself.
    Column(String),
    /// The time at which the file was last written.
    File,
    /// A column of another row, to which this one leads: the end of a service, of a contract.
    Field {
        /// The column with the day of the event, in any system.
        event: FieldPath,
        /// The column of that row by which it is referred to.
        key: String,
        /// The column here that holds the same value.
        by: String,
    },
    /// A day in `clients.yaml`.
    Client {
        /// Which day.
        event: ClientEvent,
        /// The column here that holds the client's value of [`Self::Client::key`].
        by: String,
        /// The key of the client's `is:` whose value stands there (`crm.companies.id`).
        key: FieldPath,
    },
}

/// A day in the life of a client.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ClientEvent {
    /// The agreement ended.
    AgreementEnd,
    /// The last service was given.
    ServiceEnd,
}

impl ClientEvent {
    /// The word used in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::AgreementEnd => "agreement_end",
            Self::ServiceEnd => "service_end",
        }
    }

    /// The words a person reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AgreementEnd => "the end of the agreement",
            Self::ServiceEnd => "the end of the service",
        }
    }
}

/// What becomes of a row that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposal {
    /// It is deleted.
    Delete,
    /// It stays, and every field about a person is cleared as an erasure would clear it.
    Anonymise,
    /// It stays, and what names people is taken out of its texts.
    Redact,
    /// It is counted by these columns and its month, the counts are kept, and it is deleted.
    Aggregate {
        /// Columns that name nobody.
        by: Vec<String>,
    },
}

impl Disposal {
    /// The word used in files and records.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Anonymise => "anonymise",
            Self::Redact => "redact",
            Self::Aggregate { .. } => "aggregate",
        }
    }
}
