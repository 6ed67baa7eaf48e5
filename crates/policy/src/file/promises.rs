//! `promises.yaml`: a sentence of the notice, and what makes it true.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::RequestKind;
use crate::map::Period;
use crate::retention::ClientEvent;
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
    /// Which promises of the catalogue (docs/promises.md) it makes: `[E2]`.
    #[serde(default)]
    pub catalogue: Vec<String>,
    /// A remark for colleagues; of a promise without a control, what is missing.
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
    /// Nothing is held beyond the categories that the notice names.
    Held(HeldControl),
    /// Every system and recipient uses data for purposes that are written down, each with its
    /// legal basis.
    Purpose(PurposeControl),
    /// Data leaves the country only with a mechanism that makes it lawful.
    Transfer(TransferControl),
    /// Recipients are bound by a contract that is in force.
    Contract(ContractControl),
    /// Nobody buys data, and nobody gets it for advertising across sites.
    NoSale(NoSaleControl),
    /// Changes of the notice are announced before they take effect.
    LeadTime(LeadTimeControl),
    /// Everybody whose address is held is told by mail, with proof of who was told when.
    Told(ToldControl),
    /// It is kept who agreed to which version of the notice.
    Agreement(AgreementControl),
    /// No child's data is held without a parent's consent.
    Children(ChildrenControl),
    /// Special data of clients is held only under a signed paper.
    ClientPaper(ClientPaperControl),
    /// Data is handed on or analysed only after `upheld deidentify` took people out of it.
    Deidentified(DeidentifiedControl),
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
            Self::Held(_) => "held",
            Self::Purpose(_) => "purpose",
            Self::Transfer(_) => "transfer",
            Self::Contract(_) => "contract",
            Self::NoSale(_) => "no_sale",
            Self::LeadTime(_) => "lead_time",
            Self::Told(_) => "told",
            Self::Agreement(_) => "agreement",
            Self::Children(_) => "children",
            Self::ClientPaper(_) => "client_paper",
            Self::Deidentified(_) => "deidentified",
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
    pub after: Option<ClientEvent>,
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

/// Nothing is held beyond the categories that the notice names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldControl {
    /// The fideslang data categories that this sentence names, with all below them.
    pub of: Vec<String>,
}

/// Every use is for a purpose that is written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PurposeControl {
    /// The purposes of `policy.yaml` that this sentence names; left out, all of them.
    pub purposes: Vec<String>,
}

/// Data leaves the country only with a mechanism.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransferControl {
    /// Regions that need none, besides your own country (`European Economic Area`).
    pub within: Vec<String>,
}

/// Recipients are bound by a contract that is in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContractControl {
    /// The recipients that are meant; left out, every processor.
    pub recipients: Vec<String>,
}

/// Nobody buys data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoSaleControl {
    /// Whether advertising partners may get data of people who did not opt out.
    #[schemars(with = "YesNo")]
    pub after_opt_out_only: bool,
}

/// Changes are announced before they take effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadTimeControl {
    /// How long before.
    #[serde(with = "words::period")]
    #[schemars(with = "PeriodText")]
    pub at_least: Period,
}

/// Everybody whose address is held is told by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldControl {
    /// Of what.
    pub of: ToldOf,
}

/// What everybody is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToldOf {
    /// Each new version of the notice.
    NoticeChange,
    /// That the business, or a part of it, goes to somebody else.
    ChangeOfControl,
}

/// It is kept who agreed to which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementControl {
    /// How old the last agreement may be: a form that nobody has sent for so long may be broken.
    #[serde(with = "words::period")]
    #[schemars(with = "PeriodText")]
    pub max_age: Period,
}

/// No child's data is held without a parent's consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChildrenControl {
    /// Below this age.
    #[schemars(range(min = 1, max = 21))]
    pub under: u8,
    /// Fields that hold dates of birth or ages, as `system.collection.field`; left out, every field
    /// of category `user.demographic.date_of_birth` or `user.demographic.age_range`.
    #[serde(default)]
    pub birth: Vec<String>,
    /// Fields of the same collections that record a parent's consent.
    #[serde(default)]
    pub consent: Vec<String>,
}

/// Special data of clients is held only under a signed paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientPaperControl {
    /// The paper, by its title in `clients.yaml` (`BAA`).
    pub paper: String,
    /// The fideslang data categories that need it.
    pub of: Vec<String>,
    /// The systems that are searched; left out, all of them.
    #[serde(default)]
    pub systems: Vec<String>,
}

/// Data is handed on only without its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeidentifiedControl {
    /// So many rows at least must be alike in what could tell somebody, in every run (k-anonymity).
    #[schemars(range(min = 2, max = 10_000))]
    pub at_least: u32,
    /// How old the last run may be.
    #[serde(with = "words::period")]
    #[schemars(with = "PeriodText")]
    pub max_age: Period,
}
