//! The rows of `data/clocks.yaml`, in types.

use std::sync::LazyLock;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Lapse, PauseReason};
use crate::RequestKind;
use crate::calendar::{self, Calendar, shipped};
use crate::words::{DayText, YesNo};

const TEXT: &str = include_str!("../../data/clocks.yaml");

/// One clock that a law, a standard or practice sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its key (`eu.gdpr.dsr`).
    pub id: String,
    /// Where it holds: a place's key, or `*` for everywhere.
    pub place: String,
    /// The law, in the words people use.
    pub law: String,
    /// Where in the law.
    pub cite: String,
    /// What it is about.
    pub kind: Kind,
    /// Who is bound.
    pub actor: Option<String>,
    /// The only organisations or data that it is meant for.
    pub only: Option<String>,
    /// Whether it sets a date although it is meant for some only: a request of its sort is enough.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub counts: bool,
    /// The requests it is about.
    #[serde(default)]
    pub requests: Vec<RequestKind>,
    /// Further things that people can ask under it.
    #[serde(default)]
    pub also_asked: Vec<String>,
    /// What starts the clock.
    pub starts: Start,
    /// Until when the person hears that the request has arrived.
    #[schemars(with = "Option<String>")]
    pub acknowledge: Option<Lapse>,
    /// Until when it is answered, told or, for retention, how long is kept.
    #[schemars(with = "Option<String>")]
    pub respond: Option<Lapse>,
    /// What the law says where it names no number.
    pub standard: Option<String>,
    /// How long the answer may be put off, once.
    #[schemars(with = "Option<String>")]
    pub extend: Option<Lapse>,
    /// On what condition.
    pub extend_when: Option<String>,
    /// What stops the clock while it is awaited.
    #[serde(default)]
    pub pauses: Vec<PauseReason>,
    /// Whether a last day that is no working day moves to the next one.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub rolls: bool,
    /// The calendar of its business days, where it is not that of the place.
    pub calendar: Option<String>,
    /// Until when an appeal is answered.
    #[schemars(with = "Option<String>")]
    pub appeal: Option<Lapse>,
    /// How long that may be put off.
    #[schemars(with = "Option<String>")]
    pub appeal_extend: Option<Lapse>,
    /// Who else must hear, and when.
    #[serde(default)]
    pub further: Vec<Further>,
    /// How many answers in twelve months are free.
    pub free_per_year: Option<u8>,
    /// What it may cost.
    pub fee: Option<String>,
    /// How the person's identity is established.
    pub identity: Option<String>,
    /// From when a browser's signal must be taken as an opt-out.
    #[schemars(with = "Option<DayText>")]
    pub signal_from: Option<Date>,
    /// The first day on which it holds.
    #[schemars(with = "Option<DayText>")]
    pub effective_from: Option<Date>,
    /// The last day on which it holds.
    #[schemars(with = "Option<DayText>")]
    pub effective_until: Option<Date>,
    /// Whether it is law at all; a bill is not.
    #[serde(default = "yes")]
    #[schemars(with = "YesNo")]
    pub in_force: bool,
    /// How surely it was read.
    pub confidence: Confidence,
    /// Where.
    pub sources: Vec<String>,
    /// What else one should know.
    pub note: Option<String>,
}

const fn yes() -> bool {
    true
}

/// Somebody else who must hear, or a further step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Further {
    /// Who, or what.
    pub what: String,
    /// How soon.
    #[schemars(with = "Option<String>")]
    pub within: Option<Lapse>,
    /// Counted from what.
    pub starts: Option<Start>,
    /// On what condition.
    pub when: Option<String>,
    /// What the law says where it names no number.
    pub standard: Option<String>,
    /// How surely it was read, where that differs.
    pub confidence: Option<Confidence>,
}

/// What a clock is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Requests of people about their data.
    Rights,
    /// Opting out of sale, sharing or automated decisions.
    OptOut,
    /// Complaints to the organisation.
    Complaint,
    /// Ending messages.
    Unsubscribe,
    /// Consent.
    Consent,
    /// Automated decisions.
    Ai,
    /// Incidents.
    Breach,
    /// How long something is kept.
    Retention,
    /// A duty that comes again and again.
    Cycle,
    /// Assessments before or after a change.
    Assessment,
}

impl Kind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Rights,
        Self::OptOut,
        Self::Unsubscribe,
        Self::Consent,
        Self::Complaint,
        Self::Ai,
        Self::Breach,
        Self::Retention,
        Self::Cycle,
        Self::Assessment,
    ];

    /// The word used in files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Rights => "rights",
            Self::OptOut => "opt_out",
            Self::Complaint => "complaint",
            Self::Unsubscribe => "unsubscribe",
            Self::Consent => "consent",
            Self::Ai => "ai",
            Self::Breach => "breach",
            Self::Retention => "retention",
            Self::Cycle => "cycle",
            Self::Assessment => "assessment",
        }
    }
}

/// What starts a clock.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The request arrives.
    Receipt,
    /// It arrives in writing.
    WrittenReceipt,
    /// It arrives at the address given for it.
    DesignatedReceipt,
    /// It arrives and is verified.
    VerifiedReceipt,
    /// The person is authenticated.
    Authentication,
    /// It arrives, and with it what was asked for: proof of identity, the fee.
    IdentityAndFee,
    /// Somebody becomes aware.
    Awareness,
    /// It is discovered, or could have been.
    Discovery,
    /// It is established.
    Determination,
    /// An incident is classed as a major one.
    Classification,
    /// There is reason to believe it.
    Belief,
    /// A decision is made.
    Decision,
    /// Something changes.
    Change,
    /// A list is fetched.
    Download,
    /// Something is used for the first time.
    Use,
    /// The person last used the service.
    Activity,
    /// People are told.
    Notice,
    /// The step before this one was reported.
    Notification,
    /// Something is paid.
    Payment,
    /// A remedy is there.
    Fix,
    /// The calendar year ends.
    YearEnd,
    /// The tax year ends.
    PeriodEnd,
    /// A record is made.
    Creation,
    /// Data is erased; the clock runs backwards from it.
    Erasure,
}

impl Start {
    /// The words a person reads after "counted from".
    pub const fn title(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::WrittenReceipt => "receipt in writing",
            Self::DesignatedReceipt => "receipt at the address given for it",
            Self::VerifiedReceipt => "receipt, verified",
            Self::Authentication => "authentication",
            Self::IdentityAndFee => "receipt, proof of identity or the fee, whichever is last",
            Self::Awareness => "becoming aware",
            Self::Discovery => "discovery",
            Self::Determination => "finding it established",
            Self::Classification => "classing it as major",
            Self::Belief => "reason to believe it",
            Self::Decision => "the decision",
            Self::Change => "the change",
            Self::Download => "fetching the list",
            Self::Use => "first use",
            Self::Activity => "the last use by the person",
            Self::Notice => "telling the people",
            Self::Notification => "the report before",
            Self::Payment => "the payment",
            Self::Fix => "the remedy",
            Self::YearEnd => "the end of the calendar year",
            Self::PeriodEnd => "the end of the tax year",
            Self::Creation => "the making of the record",
            Self::Erasure => "the erasure, backwards",
        }
    }
}

/// How surely a row was read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Confidence {
    /// In the primary text, or word for word from it.
    V1,
    /// In a secondary source.
    V2,
    /// From memory, with the official address given: not verified.
    K,
}

impl Confidence {
    /// The words a person reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::V1 => "read in the law",
            Self::V2 => "from a secondary source",
            Self::K => "unverified",
        }
    }

    /// Whether it must be marked.
    pub const fn is_unverified(self) -> bool {
        matches!(self, Self::K)
    }
}

impl Rule {
    /// Whether it holds for what is received on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.in_force
            && self.effective_from.is_none_or(|from| from <= day)
            && self.effective_until.is_none_or(|until| day <= until)
    }

    /// Whether it sets a date for a request that it is about, whoever answers it.
    pub const fn binds(&self) -> bool {
        self.only.is_none() || self.counts
    }

    /// The calendar of its working days: its own, or the person's place's, or its place's.
    pub fn calendar_for(&self, place: Option<&str>) -> Option<&'static Calendar> {
        let own = self.calendar.as_deref().and_then(calendar::calendar);
        own.or_else(|| place.and_then(calendar::of_place))
            .or_else(|| calendar::of_place(&self.place))
    }
}

/// All rules, as compiled on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// The day on which the rows were put together; the version of the book.
    #[schemars(with = "DayText")]
    pub compiled: Date,
    /// The rows.
    pub rules: Vec<Rule>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    // A file that cannot be read fails a test here; it never reaches anybody.
    read().unwrap_or_else(|_| Book { compiled: Date::ZERO, rules: Vec::new() })
});

pub(super) fn read() -> Result<Book, String> {
    shipped("clocks.yaml", TEXT)
}

/// The rows that ship with the program.
pub fn book() -> &'static Book {
    &BOOK
}

/// The row with this key.
pub fn rule(id: &str) -> Option<&'static Rule> {
    book().rules.iter().find(|rule| rule.id == id)
}
