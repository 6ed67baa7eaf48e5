//! The certificate of an erasure or a correction: what was done, where, and what remains, in a form that can be signed,
//! checked by a stranger and printed on one page.
//!
//! INVARIANT: no personal data. No field here is [`model::Personal`], and none is meant for a
//! value of a row: only names of systems, collections and fields, counts and reasons.

mod canonical;
mod html;

use model::Micros;
use serde::{Deserialize, Serialize};

use crate::zone::as_rfc3339;

pub(crate) use canonical::canonical_json;
pub use canonical::{BadCertificate, SignedCertificate};

/// What is certified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// A person was erased.
    #[default]
    Erasure,
    /// An account was closed, and its person erased.
    Closure,
    /// A person's data was corrected.
    Correction,
}

impl CertificateKind {
    fn is_erasure(&self) -> bool {
        *self == Self::Erasure
    }
}

/// What was done to a person's data and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// What is certified; certificates of erasure do not say it.
    #[serde(default, skip_serializing_if = "CertificateKind::is_erasure")]
    pub kind: CertificateKind,
    /// The certificate's own number.
    pub id: String,
    /// Who did it.
    pub organisation: String,
    /// The request's number.
    pub request: String,
    /// Digest of the plan that was carried out, in hex.
    pub plan_digest: String,
    /// When the request was opened.
    #[serde(with = "as_rfc3339")]
    pub opened_at: Micros,
    /// When the work ended.
    #[serde(with = "as_rfc3339")]
    pub completed_at: Micros,
    /// How it ended.
    pub outcome: Outcome,
    /// How it was done and checked, in plain words, one sentence each.
    pub method: Vec<String>,
    /// The systems that were reached.
    pub systems: Vec<CertifiedSystem>,
    /// The systems that were not reached.
    pub not_reached: Vec<NotReached>,
    /// Where the entry stands in the evidence log.
    pub ledger: LedgerPlace,
    /// The public key that checks the signature, in the form in which the organisation publishes
    /// it.
    pub public_key: String,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The second look found nothing that is not listed as kept.
    Complete,
    /// Something remains, or a system was not reached.
    Incomplete,
}

/// One system's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedSystem {
    /// Its key.
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// What was found, done and left, by collection.
    pub collections: Vec<CertifiedCollection>,
    /// What is kept, and why.
    pub kept: Vec<KeptRows>,
    /// What the second search still found and no reason covers.
    pub remaining: Vec<RemainingRows>,
    /// What backups still hold and until when, in plain words.
    pub backups: Option<String>,
}

/// Counts of one collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedCollection {
    /// Its name in the map.
    pub name: String,
    /// The words a person is shown for it.
    pub title: String,
    /// Rows in which the first search found the person.
    pub before: u64,
    /// Rows in which the second search found the person, kept ones included.
    pub after: u64,
    /// Rows changed.
    pub changed: u64,
    /// Rows deleted.
    pub deleted: u64,
    /// The fields that were corrected; never their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// Rows that stay for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRows {
    /// The collection, in the words a person is shown.
    pub collection: String,
    /// How many.
    pub rows: u64,
    /// The law or the promise, and until when.
    pub because: String,
}

/// Rows that stay without a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemainingRows {
    /// The collection, in the words a person is shown.
    pub collection: String,
    /// The field.
    pub field: String,
    /// How many.
    pub rows: u64,
}

/// A system that was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotReached {
    /// Its key.
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// Why.
    pub reason: String,
}

/// Where an entry stands in the evidence log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPlace {
    /// The log's origin line.
    pub origin: String,
    /// The entry's number.
    pub index: u64,
    /// The signed checkpoint that covers it, as text.
    pub checkpoint: String,
}
