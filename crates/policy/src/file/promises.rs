//! `promises.yaml`: a sentence of the notice, and what makes it true.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::RequestKind;
use crate::map::Period;
use crate::words::{self, PeriodText, YesNo};

/// The promises that the notice makes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "promises.yaml")]
pub struct PromisesFile {
    /// The promises, in the order of the notice.
    pub promises: Vec<PromiseEntry>,
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseEntry {
    /// Its key: short, in your own words (`tickets-7y`).
    pub id: String,
    /// The words of the notice that make the promise.
    pub quote: Quote,
    /// What makes it true. A promise with no control is listed as unproven.
    #[serde(default)]
    pub controls: Vec<Control>,
    /// A remark for colleagues.
    pub note: Option<String>,
}

/// Words of the notice: by themselves, or with what stands before or after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Quote {
    /// The words.
    Words(String),
    /// The words and their surroundings.
    Selector(QuoteSelector),
}

/// A quote as the W3C Web Annotation *TextQuoteSelector* has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteSelector {
    /// The words.
    pub exact: String,
    /// What stands right before them, where the words alone are not unique.
    pub prefix: Option<String>,
    /// What stands right after them, where the words alone are not unique.
    pub suffix: Option<String>,
}

/// What makes a promise true, or shows that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// People can ask for this and are answered in time.
    RequestRight(RequestKind),
    /// Data older than the limit is purged; data younger than the minimum stays.
    Retention(RetentionControl),
    /// Something is nowhere: scans look for it and must find nothing.
    Absence(AbsenceControl),
    /// Data is encrypted on the way and where it lies.
    Encryption(EncryptionControl),
    /// Recipients have shown a certificate or a report that is still valid.
    RecipientEvidence(RecipientEvidenceControl),
    /// A person confirms it from time to time.
    Attestation(AttestationControl),
    /// The sentence is true by standing there: it says something that nobody does to data.
    NoticeText(NoticeTextControl),
    /// Only some roles reach the data.
    Access(AccessControl),
}

impl Control {
    /// The word used in files.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::RequestRight(_) => "request_right",
            Self::Retention(_) => "retention",
            Self::Absence(_) => "absence",
            Self::Encryption(_) => "encryption",
            Self::RecipientEvidence(_) => "recipient_evidence",
            Self::Attestation(_) => "attestation",
            Self::NoticeText(_) => "notice_text",
            Self::Access(_) => "access",
        }
    }
}

/// Data older than the limit is purged; data younger than the minimum stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionControl {
    /// The row of the classification matrix whose data is meant.
    pub class: Option<String>,
    /// Collections that are meant, as `system.collection`.
    #[serde(default)]
    pub collections: Vec<String>,
    /// Older data is purged.
    #[serde(default, with = "words::maybe_period")]
    #[schemars(with = "Option<PeriodText>")]
    pub max: Option<Period>,
    /// Younger data stays.
    #[serde(default, with = "words::maybe_period")]
    #[schemars(with = "Option<PeriodText>")]
    pub min: Option<Period>,
    /// What it counts from, where that is not the data's own date: `agreement_end`.
    pub after: Option<RetentionEvent>,
}

/// An event from which a retention period counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetentionEvent {
    /// The client's agreement ends.
    AgreementEnd,
}

/// Something is nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceControl {
    /// The fideslang data categories that must not be found.
    pub of: Vec<String>,
    /// The systems that are searched; left out, all of them.
    #[serde(default)]
    pub systems: Vec<String>,
}

/// Data is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EncryptionControl {
    /// On every connection beyond one machine.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub in_transit: bool,
    /// Where it lies.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub at_rest: bool,
    /// The systems that are meant; left out, all of them.
    #[serde(default)]
    pub systems: Vec<String>,
}

/// Recipients have shown a certificate or a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecipientEvidenceControl {
    /// Evidence any of which will do, by its title (`SOC 2`).
    pub any_of: Vec<String>,
    /// How old it may be.
    #[serde(default, with = "words::maybe_period")]
    #[schemars(with = "Option<PeriodText>")]
    pub max_age: Option<Period>,
    /// The recipients that are meant; left out, all of class processor and vendor.
    #[serde(default)]
    pub recipients: Vec<String>,
}

/// A person confirms it from time to time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestationControl {
    /// What is confirmed, in one sentence.
    pub what: String,
    /// Who confirms it: a role.
    pub owner: String,
    /// How often.
    #[serde(with = "words::period")]
    #[schemars(with = "PeriodText")]
    pub every: Period,
}

/// The sentence is true by standing there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeTextControl {
    /// Why nothing else is needed, in one sentence.
    pub because: String,
}

/// Only some roles reach the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessControl {
    /// The row of the classification matrix that names the roles; left out, every row.
    pub class: Option<String>,
    /// Whether everybody must sign in with a second factor.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub second_factor: bool,
}
