//! Every kind of job, and how patiently each is tried.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Work {
    /// Hand a mail over to the mail server.
    SendMail {
        /// The mail.
        mail: String,
    },
    /// Fetch what came to the privacy mailbox.
    ReadMailbox,
    /// Run the controls of every promise.
    CheckPromises,
    /// Look at what the clock of a request asks for.
    WatchRequest {
        /// The request.
        request: String,
    },
    /// Ask the systems what a request would find and change.
    PlanRequest {
        /// The request.
        request: String,
    },
    /// Carry out what was agreed to.
    RunRequest {
        /// The request.
        request: String,
    },
    /// Tell those who got a person's data, and remind them.
    TellProcessors {
        /// The request.
        request: String,
    },
    /// Hand a message to a program that is told what happens.
    TellWebhook {
        /// The message.
        message: String,
    },
    /// Forget what an answered request said.
    ForgetRequest {
        /// The request.
        request: String,
    },
    /// Read whom an announcement concerns.
    GatherPeople {
        /// The announcement.
        announcement: String,
    },
    /// Tell those whom an announcement concerns.
    TellPeople {
        /// The announcement.
        announcement: String,
    },
    /// Look up what is held about somebody who looks at their own data.
    LookUp {
        /// The visit.
        visit: String,
    },
    /// Forget what was kept for people and has run out.
    Expire,
    /// Wipe what was forgotten out of the files of our own database.
    Scrub,
}

/// How patiently something is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tries {
    /// So many times in all.
    pub(crate) most: u32,
    /// The pause after the first failure, in microseconds; it doubles with each.
    first: i64,
    /// No pause is longer.
    longest: i64,
}

impl Work {
    /// The word for it, in the queue and in its figures.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SendMail { .. } => "send mail",
            Self::ReadMailbox => "read mailbox",
            Self::CheckPromises => "check promises",
            Self::WatchRequest { .. } => "watch request",
            Self::PlanRequest { .. } => "plan request",
            Self::RunRequest { .. } => "run request",
            Self::TellProcessors { .. } => "tell processors",
            Self::TellWebhook { .. } => "tell webhook",
            Self::ForgetRequest { .. } => "forget request",
            Self::GatherPeople { .. } => "gather people",
            Self::TellPeople { .. } => "tell people",
            Self::LookUp { .. } => "look up",
            Self::Expire => "expire",
            Self::Scrub => "scrub",
        }
    }

    /// Of jobs with the same key there is one.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::SendMail { mail } => format!("send mail/{mail}"),
            Self::TellWebhook { message } => format!("tell webhook/{message}"),
            Self::LookUp { visit } => format!("look up/{visit}"),
            Self::GatherPeople { announcement } | Self::TellPeople { announcement } => {
                format!("{}/{announcement}", self.kind())
            }
            Self::WatchRequest { request }
            | Self::PlanRequest { request }
            | Self::RunRequest { request }
            | Self::TellProcessors { request }
            | Self::ForgetRequest { request } => format!("{}/{request}", self.kind()),
            Self::ReadMailbox | Self::CheckPromises | Self::Expire | Self::Scrub => {
                self.kind().to_owned()
            }
        }
    }

    /// A mail server may be away for a weekend; what comes again by its schedule need not be patient.
    pub(crate) const fn tries(&self) -> Tries {
        match self {
            Self::SendMail { .. } | Self::GatherPeople { .. } | Self::TellPeople { .. } => {
                Tries { most: 20, first: 30 * SECOND, longest: 6 * HOUR }
            }
            // Somebody's program may be away over a weekend, too, and nothing waits for it.
            Self::TellWebhook { .. } => Tries { most: 16, first: 10 * SECOND, longest: 6 * HOUR },
            // A system may be away for a night; a person sees at the request why it waits.
            Self::RunRequest { .. } | Self::PlanRequest { .. } => {
                Tries { most: 10, first: 20 * SECOND, longest: HOUR }
            }
            Self::LookUp { .. }
            | Self::WatchRequest { .. }
            | Self::TellProcessors { .. }
            | Self::ForgetRequest { .. }
            | Self::ReadMailbox
            | Self::CheckPromises
            | Self::Expire
            | Self::Scrub => Tries { most: 5, first: 30 * SECOND, longest: HOUR },
        }
    }

    pub(crate) fn write(&self) -> Result<String> {
        serde_json::to_string(self)
            .map_err(|error| Error::Refused(format!("the job cannot be written down: {error}")))
    }

    pub(crate) fn read(payload: &str) -> Option<Self> {
        serde_json::from_str(payload).ok()
    }
}

impl Tries {
    /// The pause after the `attempt`-th failure: between half of it and all of it, so that what failed
    /// together does not come back together.
    pub(crate) fn pause(&self, attempt: u64, rng: &dyn model::Rng) -> i64 {
        let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX).min(40);
        let whole = self.first.saturating_mul(1_i64 << doublings).min(self.longest);
        let mut bytes = [0; 8];
        rng.fill(&mut bytes);
        let chance = i64::try_from(u64::from_le_bytes(bytes) >> 1).unwrap_or(0);
        let half = whole / 2;
        half + chance % (whole - half).max(1)
    }
}

/// What came of a job that was carried out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Did {
    /// It is done, and its end is still to be written down.
    Done,
    /// It is done, and its end stands in the transaction that did it.
    Ended,
}

/// Why a job was not carried out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// It may go better later.
    ForNow(String),
    /// It will not.
    ForGood(String),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(why) | Error::Absent(why) => Self::ForGood(why),
            other => Self::ForNow(other.to_string()),
        }
    }
}

impl From<store::Error> for Failed {
    fn from(error: store::Error) -> Self {
        Self::ForNow(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use model::SeededRng;

    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_never_agree() {
        let tries = Work::SendMail { mail: "a".to_owned() }.tries();
        let rng = SeededRng::new(3);
        for (attempt, longest) in [(1, 30), (2, 60), (5, 480), (12, 6 * 3600), (u64::MAX, 6 * 3600)]
        {
            let pauses: Vec<i64> = (0..50).map(|_| tries.pause(attempt, &rng)).collect();
            let longest = longest * SECOND;
            assert!(
                pauses.iter().all(|pause| (longest / 2..=longest).contains(pause)),
                "{attempt}"
            );
            assert_ne!(pauses.iter().min(), pauses.iter().max(), "{attempt}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for work in [Work::SendMail { mail: "0a".to_owned() }, Work::CheckPromises] {
            assert_eq!(Work::read(&work.write().unwrap()), Some(work));
        }
        assert_eq!(Work::read(r#"{"do":"dance"}"#), None);
    }
}
