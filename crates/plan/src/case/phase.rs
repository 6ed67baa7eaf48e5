//! Where a case stands, how it ended, and what its driver may not do.

use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Following references.
    Discover,
    /// Reading texts.
    Search,
    /// Handing out.
    Gather,
    /// Working out the changes.
    Draft,
    /// Waiting for a person to agree to the digest.
    Review,
    /// Changing.
    Act,
    /// Searching again.
    Verify,
    /// Ended.
    Done,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Everything was handed out.
    HandedOut,
    /// Done, and the second look found nothing but what is kept.
    Complete,
    /// Written down; no system had to be opened.
    Noted,
    /// Not everything was reached or done: the reasons, in plain sentences.
    Incomplete(Vec<String>),
    /// The plan cannot be carried out; nothing was touched. The problems stand in the outline.
    Refused,
    /// It was taken back: before anything was changed or handed out, or after an erasure that
    /// ended incomplete and that nobody means to finish.
    Withdrawn,
}

/// What the driver of a case can do wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// An outcome for a step that is not pending.
    #[error("step {0} is not pending")]
    NotPending(u64),
    /// An outcome of another kind than the step's.
    #[error("the outcome does not fit step {0}")]
    WrongOutcome(u64),
    /// A withdrawal after the first change.
    #[error("the request is being carried out or has ended: it can no longer be withdrawn")]
    TooLate,
    /// A second plan of what has not ended incomplete.
    #[error("only an erasure or a correction that ended incomplete can go on: open a new request")]
    CannotGoOn,
    /// An approval out of season.
    #[error("the request is not waiting for approval")]
    NotInReview,
    /// An approval of another plan.
    #[error(
        "this is not the digest of the plan as it stands now: read the plan and give the digest at its end"
    )]
    OtherDigest,
    /// Too many rows.
    #[error(
        "the plan changes {rows} rows and the cap is {cap}: look at the plan, then override the cap for this request (`--override-cap`)"
    )]
    OverCap {
        /// Rows that would change.
        rows: u64,
        /// The cap.
        cap: u64,
    },
}
