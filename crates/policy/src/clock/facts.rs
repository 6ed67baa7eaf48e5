//! What happened to one request, as far as its clock cares.

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the dates of one request are computed from. Nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When the request came, or when what starts the clock happened, in the zone in which days are
    /// counted.
    pub received: Zoned,
    /// The day on which the person was authenticated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authenticated: Option<Date>,
    /// When the clock stood still; whether that counts is for each rule to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The day on which the person was told that the answer is put off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended: Option<Date>,
}

/// A time during which something was awaited from the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// What was asked for.
    pub reason: PauseReason,
    /// The day on which it was asked for.
    pub from: Date,
    /// The day on which it arrived; `None` while it is awaited.
    pub until: Option<Date>,
}

/// What is awaited from the person while a clock stands still.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// What exactly they ask for.
    Clarification,
    /// Who they are.
    Identity,
    /// The fee.
    Fee,
}

impl PauseReason {
    /// The words a person reads after "waits for".
    pub const fn title(self) -> &'static str {
        match self {
            Self::Clarification => "a clarification",
            Self::Identity => "proof of identity",
            Self::Fee => "the fee",
        }
    }
}

impl Facts {
    /// Received at this moment.
    pub const fn at(received: Zoned) -> Self {
        Self { received, authenticated: None, pauses: Vec::new(), extended: None }
    }

    /// Received on this day; the zone does not matter where only days are counted.
    pub fn on(received: Date) -> Self {
        // A day that begins nowhere in UTC does not exist; the epoch only keeps the types honest.
        Self::at(received.to_zoned(TimeZone::UTC).unwrap_or_default())
    }

    /// The same, with the clock standing still between two days.
    #[must_use]
    pub fn paused(mut self, reason: PauseReason, from: Date, until: Option<Date>) -> Self {
        self.pauses.push(Pause { reason, from, until });
        self
    }

    /// What is awaited from the person now.
    pub fn waits_for(&self) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.until.is_none())
    }

    /// The day on which the person's identity stood, if that is known.
    pub(super) fn identified(&self) -> Option<Date> {
        let given = self.pauses.iter().filter(|pause| pause.reason == PauseReason::Identity);
        self.authenticated.or_else(|| given.filter_map(|pause| pause.until).max())
    }
}
