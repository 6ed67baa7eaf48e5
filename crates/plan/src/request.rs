//! What a person asks for, and the house rules that bind the answer.

use model::{Identity, Micros};
use serde::{Deserialize, Serialize};

/// The kinds of request that this planner plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// A readable copy of everything.
    Access,
    /// The same data, structured for another controller.
    Portability,
    /// Erasure.
    Erasure,
    /// Correction.
    Rectification,
    /// The account is closed, and what it held is erased.
    Closure,
    /// The data stays and is not used.
    Restriction,
    /// Objection to a use.
    Objection,
    /// No sale, and no sharing for advertising.
    OptOut,
    /// Withdrawal of a consent.
    ConsentWithdrawal,
}

impl RequestKind {
    /// The word used on the command line and in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Portability => "portability",
            Self::Erasure => "erasure",
            Self::Rectification => "rectification",
            Self::Closure => "closure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
            Self::OptOut => "opt_out",
            Self::ConsentWithdrawal => "consent_withdrawal",
        }
    }

    /// Whether it ends with the person erased.
    pub const fn erases(self) -> bool {
        matches!(self, Self::Erasure | Self::Closure)
    }

    /// Whether it changes systems: its plan is drafted, agreed to and carried out.
    pub const fn changes(self) -> bool {
        self.erases() || matches!(self, Self::Rectification)
    }

    /// The right that the request makes use of.
    pub const fn right(self) -> policy::RequestKind {
        match self {
            Self::Access => policy::RequestKind::Access,
            Self::Portability => policy::RequestKind::Portability,
            Self::Erasure | Self::Closure => policy::RequestKind::Erasure,
            Self::Rectification => policy::RequestKind::Rectification,
            Self::Restriction => policy::RequestKind::Restriction,
            Self::Objection => policy::RequestKind::Objection,
            Self::OptOut => policy::RequestKind::OptOut,
            Self::ConsentWithdrawal => policy::RequestKind::ConsentWithdrawal,
        }
    }
}

/// One person's request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its number: 128 random bits in hex, made by the caller.
    pub id: String,
    /// What is asked.
    pub kind: RequestKind,
    /// How the person named themselves: at least one.
    pub identities: Vec<Identity>,
    /// When it was opened. Minimum ages are judged as of this moment, so that a replay agrees.
    pub opened_at: Micros,
}

/// The house rules, from the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// An erasure that would change more rows than this stops, unless it is overridden.
    pub cap_rows: u64,
    /// Whether a second person must approve the plan.
    pub require_approval: bool,
    /// Addresses and names of the organisation itself, which never stand for a person.
    pub never_terms: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { cap_rows: 10_000, require_approval: false, never_terms: Vec::new() }
    }
}
