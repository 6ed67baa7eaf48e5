//! Where a request stands, in words of ours: nothing of it is personal.

use model::Micros;
use serde::{Deserialize, Serialize};

use crate::identity::Proof;
use crate::{Error, Result};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// A mail that a person must read first.
    Unsorted,
    /// Whoever asks has not shown yet that the address is theirs.
    Unconfirmed,
    /// A person decides whether somebody is who they say.
    Unidentified,
    /// The work can begin.
    Ready,
    /// The systems are being asked.
    Planning,
    /// A plan waits for a yes.
    Planned,
    /// Somebody said yes; it runs once the time to think it over has passed.
    Approved,
    /// It is being carried out.
    Running,
    /// Something is awaited from whoever asked.
    Waiting,
    /// The systems are done; tasks by hand are not.
    ByHand,
    /// Not everything could be done; it is taken up again.
    Incomplete,
    /// Answered.
    Done,
    /// Answered with no.
    Refused,
    /// Taken back.
    Withdrawn,
    /// The same was asked before.
    Duplicate,
    /// Nobody confirmed it in time.
    Lapsed,
    /// It was answered, and whoever asked wants us to look again.
    Appealed,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Unsorted,
        Self::Unconfirmed,
        Self::Unidentified,
        Self::Ready,
        Self::Planning,
        Self::Planned,
        Self::Approved,
        Self::Running,
        Self::Waiting,
        Self::ByHand,
        Self::Incomplete,
        Self::Done,
        Self::Refused,
        Self::Withdrawn,
        Self::Duplicate,
        Self::Lapsed,
        Self::Appealed,
    ];

    /// The word in the database and in the log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unsorted => "unsorted",
            Self::Unconfirmed => "unconfirmed",
            Self::Unidentified => "unidentified",
            Self::Ready => "ready",
            Self::Planning => "planning",
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::ByHand => "by hand",
            Self::Incomplete => "incomplete",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Duplicate => "duplicate",
            Self::Lapsed => "lapsed",
            Self::Appealed => "appealed",
        }
    }

    /// The status of this word.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }

    /// Whether nothing more happens by itself.
    pub const fn is_end(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Refused | Self::Withdrawn | Self::Duplicate | Self::Lapsed
        )
    }
}

/// How far the work on a request is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// What whoever asks must show.
    pub proof: Proof,
    /// What they have shown.
    pub shown: Option<Shown>,
    /// Where the person lives, if it is known.
    pub place: Option<String>,
    /// The member of staff who wrote it down.
    pub filed_by: Option<String>,
    /// The request in which the same was asked before.
    pub duplicate_of: Option<String>,
    /// When whoever asked was told that it arrived.
    pub acknowledged_at: Option<Micros>,
    /// Of what staff were told: `due soon`, `due`, `late`.
    pub warned: Vec<String>,
    /// The member of staff who had the plan made.
    pub planned_by: Option<String>,
    /// The digest of the plan that waits for a yes.
    pub plan: Option<String>,
    /// Who said yes to it.
    pub approvals: Vec<Approval>,
    /// The work does not begin before.
    pub not_before: Option<Micros>,
    /// Where the work is, in words of ours, for whoever watches.
    pub at: Option<String>,
    /// Why it went no further the last time.
    pub trouble: Option<String>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// The fee that was asked for; there is one at most.
    pub fee: Option<Charged>,
    /// The member of staff whose decision the answer was.
    pub decided_by: Option<String>,
    /// The appeal against the answer; there is one at most.
    pub appeal: Option<Appeal>,
}

/// A fee that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charged {
    /// The amount and currency, as they were told to the person.
    pub amount: String,
    /// When.
    pub at: Micros,
    /// The member of staff who asked for it.
    pub by: String,
    /// That it was paid or waived.
    pub settled: Option<Settled>,
}

/// The end of a fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// When.
    pub at: Micros,
    /// The member of staff.
    pub by: String,
    /// Whether it was waived; paid otherwise.
    pub waived: bool,
}

/// An appeal against an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// When it came.
    pub at: Micros,
    /// The member of staff who wrote it down; none if the person did it themselves.
    pub filed_by: Option<String>,
    /// Where the request stood: `refused` or `done`.
    pub before: String,
    /// What came of it.
    pub decided: Option<Decided>,
}

/// What came of an appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The member of staff.
    pub by: String,
    /// When.
    pub at: Micros,
    /// Whether the request is taken up again.
    pub granted: bool,
}

/// What whoever asks has shown of who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// How: `mail`, `document`, `data points`, `known to us`, `authority`.
    pub how: String,
    /// When.
    pub at: Micros,
    /// Who of the staff decided it.
    pub by: Option<String>,
}

/// A yes to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The member of staff.
    pub by: String,
    /// When.
    pub at: Micros,
    /// The digest of what they agreed to.
    pub plan: String,
}

/// What came of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    /// In a word: `handed out`, `erased`, `corrected`, `marked`, `nobody known`, `refused`, `by hand`.
    pub word: String,
    /// How many systems were touched.
    pub systems: u64,
    /// How many rows were changed, erased or handed out.
    pub rows: u64,
    /// What was kept, and why, in words of the policy.
    pub kept: Vec<String>,
    /// What could not be done, in words of ours.
    pub incomplete: Vec<String>,
}

impl Progress {
    pub(crate) fn write(&self) -> Result<String> {
        serde_json::to_string(self)
            .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))
    }

    pub(crate) fn of(request: &store::Request) -> Result<Self> {
        serde_json::from_str(&request.work).map_err(|_| super::other_version(&request.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_word_of_its_own() {
        for status in Status::ALL {
            assert_eq!(Status::of(status.key()), Some(status));
        }
        assert_eq!(Status::of("dancing"), None);
        let read: Progress = serde_json::from_str("{}").unwrap();
        assert_eq!(read, Progress::default());
    }
}
