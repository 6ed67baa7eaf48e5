//! What an operator reads before and after: the plan for `--plan`, and one line for how a run ended.

mod status;
mod text;

use model::{Micros, Personal};
use serde::Serialize;

pub use status::{RunKept, RunNotReached, RunResult, RunSystem};
pub(crate) use text::{bullet, line};

/// A plan as it is shown. Serialises as the JSON form of `--plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanView {
    /// The request's number.
    pub request: String,
    /// What is asked.
    pub kind: RequestKind,
    /// Digest of the plan, in hex; an approval is bound to it.
    pub digest: String,
    /// When the plan was made.
    pub made_at: Micros,
    /// The steps, in order.
    pub steps: Vec<StepView>,
    /// What will happen to which rows.
    pub changes: Vec<ChangeView>,
    /// What will be corrected, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<CorrectionView>,
    /// What is kept, and why.
    pub kept: Vec<KeptView>,
    /// Systems that cannot be reached.
    pub not_reached: Vec<NotReachedView>,
    /// Files whose content could not be read, in plain words each ("Ticketing, attachment 12 of
    /// ticket 4711: an encrypted PDF").
    pub unread_files: Vec<String>,
    /// Identities that may belong to the same person.
    pub possible_identities: Vec<PossibleIdentity>,
    /// Places that may mean the person and are not touched.
    pub possible_mentions: Vec<PossibleMention>,
    /// What makes the plan impossible as it stands, in plain words with what to do.
    pub errors: Vec<String>,
    /// What a reviewer should know, a sentence each.
    pub notes: Vec<String>,
    /// The cap on rows changed, if one is set.
    pub cap: Option<Cap>,
    /// Whether somebody must agree first.
    pub approval: Approval,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// A copy of everything.
    Access,
    /// A copy to be taken elsewhere.
    Portability,
    /// Erasure.
    Erasure,
    /// The account is closed, and what it held is erased.
    Closure,
    /// Correction.
    Rectification,
}

impl RequestKind {
    /// Whether it changes systems.
    pub const fn changes(self) -> bool {
        matches!(self, Self::Erasure | Self::Closure | Self::Rectification)
    }
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// Its number, from 1.
    pub number: u32,
    /// The system it works in, by title.
    pub system: String,
    /// What it means, in one sentence.
    pub meaning: String,
    /// Rows expected or found, where known.
    pub rows: Option<u64>,
}

/// A line of the table of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// The system, by title.
    pub system: String,
    /// The collection, by title.
    pub collection: String,
    /// What happens ("name and e-mail replaced; notes redacted").
    pub happens: String,
    /// To how many rows.
    pub rows: u64,
}

/// A line of the table of corrections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionView {
    /// The system, by title.
    pub system: String,
    /// The collection, by title, and the field.
    pub field: String,
    /// What it holds, as the operator must see it to decide; empty where it is empty.
    pub before: Personal<String>,
    /// What it shall hold; the same where it is right already.
    pub after: Personal<String>,
    /// In how many rows.
    pub rows: u64,
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptView {
    /// The system, by title.
    pub system: String,
    /// The collection, by title.
    pub collection: String,
    /// How many rows.
    pub rows: u64,
    /// Why, and until when.
    pub because: String,
}

/// A system that cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotReachedView {
    /// The system, by title.
    pub system: String,
    /// Why.
    pub reason: String,
}

/// An identity that may be the same person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PossibleIdentity {
    /// Where it was seen ("Ticketing, Users").
    pub place: String,
    /// The identity, as the operator must see it to decide.
    pub identity: Personal<String>,
    /// Why it may be hers ("same telephone number").
    pub reason: String,
}

/// Places that may mean the person and are left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PossibleMention {
    /// Where ("Ticketing, Messages").
    pub place: String,
    /// How many rows.
    pub rows: u64,
    /// Why they are not touched ("“Jane” alone names many people").
    pub reason: String,
}

/// The cap on rows changed in one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cap {
    /// At most so many rows.
    pub limit: u64,
    /// So many this plan would change.
    pub planned: u64,
}

/// Whether somebody must agree before a plan is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Approval {
    /// Nobody need agree.
    NotNeeded,
    /// Somebody must.
    Waiting,
    /// Somebody did.
    Given {
        /// Who.
        by: String,
        /// When.
        at: Micros,
    },
}
