//! `policy.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::map::Period;
use crate::words::{self, DayText, EmailText, PeriodText, WebText, YesNo};

/// Who you are, where your notice is, and what the law asks of you.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "policy.yaml")]
pub struct PolicyFile {
    /// Whose policy this is.
    pub organisation: Organisation,
    /// The published notice.
    pub notice: NoticeSource,
    /// Places whose law matters to you; rights and sections of the notice can be limited to them.
    #[serde(default)]
    pub places: Vec<Place>,
    /// The rights people have, and how many days you give yourself.
    #[serde(default)]
    pub rights: Vec<Right>,
    /// What data is used for.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
    /// Whether a second person must approve a plan before anything is erased.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub require_approval: bool,
    /// Limits on what one request may change.
    #[serde(default)]
    pub cap: Cap,
    /// The country of telephone numbers that are written without one: `CA`, or a calling code
    /// such as `1`. Left out, it is the organisation's country.
    pub phone_country: Option<String>,
    /// Statements that an answer under Californian law must contain.
    #[serde(default)]
    pub statements: Statements,
    /// From what age on people answer for themselves.
    pub children: Option<Children>,
}

/// Whose policy this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// The name on letters and certificates.
    pub name: String,
    /// Your own mail domains: an address there is marked as a colleague's for the reader.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Further addresses of your own, outside these domains (a shared mailbox, a monitoring robot).
    #[serde(default)]
    #[schemars(with = "Vec<EmailText>")]
    pub addresses: Vec<String>,
    /// The two letters of your country (`CA`).
    pub country: String,
    /// The province or state (`ON`), where its law differs.
    pub region: Option<String>,
    /// How people reach whoever answers for privacy.
    pub contact: Contact,
}

/// How people reach whoever answers for privacy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The address for privacy requests.
    #[schemars(with = "EmailText")]
    pub email: String,
    /// A telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub post: Option<String>,
    /// A web form.
    #[schemars(with = "Option<WebText>")]
    pub form: Option<String>,
}

/// The published notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeSource {
    /// Its text in this folder: a `.md`, `.html` or `.txt` file.
    pub file: Option<String>,
    /// Where the public reads it.
    #[schemars(with = "Option<WebText>")]
    pub url: Option<String>,
    /// Its version, in your own words (`3`, `2026-01`).
    pub version: String,
    /// The day from which it holds.
    #[schemars(with = "DayText")]
    pub effective: jiff::civil::Date,
    /// How long before it takes effect a change is announced, as the notice promises.
    #[serde(default, with = "words::maybe_period")]
    #[schemars(with = "Option<PeriodText>")]
    pub lead_time: Option<Period>,
    /// When this version was announced, and by which routes.
    #[schemars(with = "Option<DayText>")]
    pub announced: Option<jiff::civil::Date>,
    /// Versions before this one, newest first. Their texts stay.
    #[serde(default)]
    pub past: Vec<PastVersion>,
    /// Sections that hold for some places only, or from a day of their own.
    #[serde(default)]
    pub sections: Vec<NoticeSection>,
}

/// An earlier version of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastVersion {
    /// Its version.
    pub version: String,
    /// Its text in this folder, or in `past/`.
    pub file: Option<String>,
    /// When it was announced.
    #[schemars(with = "Option<DayText>")]
    pub announced: Option<jiff::civil::Date>,
    /// The day from which it held.
    #[schemars(with = "DayText")]
    pub effective: jiff::civil::Date,
}

/// A section of the notice that does not hold for everybody, or not from the same day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeSection {
    /// Its heading, as it stands in the notice.
    pub heading: String,
    /// The places for whose people it holds; left out, everybody.
    #[serde(default, rename = "for")]
    pub places: Vec<String>,
    /// The day from which it holds, where that differs from the notice's.
    #[schemars(with = "Option<DayText>")]
    pub effective: Option<jiff::civil::Date>,
}

/// From what age on people answer for themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Children {
    /// Below this age a parent's consent is needed.
    #[schemars(range(min = 1, max = 21))]
    pub under: u8,
    /// How a parent's consent is verified, in plain words; left out, children are not served.
    pub consent: Option<String>,
}

/// What a request may cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// The amount and currency, as it is quoted to the person before any work (`25 CAD`).
    pub amount: String,
    /// When it is asked for, and which law allows it: one plain sentence.
    pub because: String,
}

/// A place whose law matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its key: an ISO 3166 code (`CA`, `CA-QC`) or a word of your own (`EEA`).
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// The larger place that it lies in.
    pub within: Option<String>,
}

/// What a person can ask for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// A copy of the data, and where it comes from and goes.
    Access,
    /// A copy that another service can read.
    Portability,
    /// Correction.
    Rectification,
    /// Deletion.
    Erasure,
    /// The data stays and is not used.
    Restriction,
    /// Objection to a use.
    Objection,
    /// No sale and no sharing for advertising.
    OptOut,
    /// Withdrawal of a consent.
    ConsentWithdrawal,
    /// A person looks again at what a machine decided.
    AutomatedDecisionReview,
}

impl RequestKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Access,
        Self::Portability,
        Self::Rectification,
        Self::Erasure,
        Self::Restriction,
        Self::Objection,
        Self::OptOut,
        Self::ConsentWithdrawal,
        Self::AutomatedDecisionReview,
    ];

    /// The word used in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Portability => "portability",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
            Self::OptOut => "opt_out",
            Self::ConsentWithdrawal => "consent_withdrawal",
            Self::AutomatedDecisionReview => "automated_decision_review",
        }
    }
}

/// A right and its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Right {
    /// What a person can ask for.
    pub right: RequestKind,
    /// The places whose people have it; left out, everybody has it.
    #[serde(default, rename = "for")]
    pub places: Vec<String>,
    /// Days until the answer is due, counted from the day after the request arrives.
    #[schemars(range(min = 1, max = 365))]
    pub days: u16,
    /// Days until the person hears that the request has arrived.
    #[schemars(range(min = 1, max = 365))]
    pub acknowledge_days: Option<u16>,
    /// How many days the answer may be put off, with the reason told to the person.
    #[schemars(range(min = 1, max = 365))]
    pub extend_days: Option<u16>,
    /// What it may cost. Waived unless a person decides otherwise for one request.
    pub fee: Option<Fee>,
}

/// What data is used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its key, used by the other files.
    pub key: String,
    /// The words a person reads.
    pub title: String,
    /// The fideslang data use (`essential.service`).
    pub data_use: String,
    /// What makes it lawful.
    pub legal_basis: LegalBasis,
    /// Whose interest, which law, which contract: one plain sentence.
    pub because: Option<String>,
}

/// What makes a use lawful.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// The person agreed.
    Consent,
    /// It is needed for a contract with the person or their employer.
    Contract,
    /// A law asks for it.
    LegalObligation,
    /// It protects somebody's life.
    VitalInterest,
    /// It is a public task.
    PublicTask,
    /// An interest of yours that outweighs the person's.
    LegitimateInterest,
}

impl LegalBasis {
    /// The words a person reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Consent => "your consent",
            Self::Contract => "a contract",
            Self::LegalObligation => "a legal obligation",
            Self::VitalInterest => "a vital interest",
            Self::PublicTask => "a public task",
            Self::LegitimateInterest => "a legitimate interest",
        }
    }
}

/// Limits on what one request may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cap {
    /// A plan that would change more rows than this stops and asks.
    #[schemars(range(min = 1))]
    pub rows: u64,
}

impl Default for Cap {
    fn default() -> Self {
        Self { rows: 10_000 }
    }
}

/// Statements that an answer under Californian law must contain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Statements {
    /// Whether personal data is sold.
    #[schemars(with = "YesNo")]
    pub sold: bool,
    /// Whether personal data is shared for advertising across sites.
    #[schemars(with = "YesNo")]
    pub shared: bool,
    /// The categories sold or shared, if any.
    pub categories: Vec<String>,
}
