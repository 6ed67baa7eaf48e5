//! `recipients.yaml`: who else gets data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::words::{DayText, YesNo};

/// Who else gets data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "recipients.yaml")]
pub struct RecipientsFile {
    /// The recipients.
    pub recipients: Vec<Recipient>,
}

/// Somebody who gets data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Its key, used by the other files.
    pub key: String,
    /// The name people know it by.
    pub name: String,
    /// What it is to you.
    pub class: RecipientClass,
    /// What it uses the data for: keys of purposes in `policy.yaml`.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// The country or region where it holds the data.
    pub region: Option<String>,
    /// What makes the transfer lawful, where the data leaves your country (`adequacy decision`,
    /// `standard contractual clauses`).
    pub mechanism: Option<String>,
    /// The contract that binds it.
    pub contract: Option<Paper>,
    /// Certificates and reports it has shown.
    #[serde(default)]
    pub evidence: Vec<Paper>,
    /// What it gets: keys of systems, and fideslang data categories.
    #[serde(default)]
    pub gets: Vec<String>,
    /// Whether handing it data is a sale, or sharing for advertising across sites.
    #[serde(default)]
    pub flow: Flow,
    /// Whether what it does for you is done by artificial intelligence.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub ai: bool,
    /// Where a request to erase or to correct is passed on to.
    pub privacy_contact: Option<String>,
}

/// What handing data over is in law.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Neither sale nor sharing.
    #[default]
    Service,
    /// A sale: for money or anything else of value.
    Sale,
    /// Sharing for advertising across sites.
    Share,
}

/// A contract, a certificate, a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// What it is (`SOC 2`, `data processing agreement`).
    pub title: String,
    /// The day on which it was signed or issued.
    #[schemars(with = "DayText")]
    pub dated: jiff::civil::Date,
    /// The last day on which it counts.
    #[schemars(with = "Option<DayText>")]
    pub until: Option<jiff::civil::Date>,
    /// Where it lies.
    pub file: Option<String>,
}

/// What a recipient is to you.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RecipientClass {
    /// A company of the same group.
    Affiliate,
    /// Works on data for you and on your instructions.
    Processor,
    /// Sells a product or service to you or your client, and gets data with the order.
    Vendor,
    /// Uses data for advertising.
    Advertising,
    /// A court, a regulator, the police, a tax office.
    Authority,
    /// Buys or takes over the business.
    Successor,
}

impl RecipientClass {
    /// The words a person reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Affiliate => "companies of our group",
            Self::Processor => "processors who work for us",
            Self::Vendor => "product vendors",
            Self::Advertising => "advertising partners",
            Self::Authority => "authorities",
            Self::Successor => "successors of the business",
        }
    }
}
