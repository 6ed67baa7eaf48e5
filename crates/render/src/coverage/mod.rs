//! The notice with the state of every sentence: what `check` and `status` print, and the same as
//! one page.

mod duties;
mod html;
mod quote;
mod standing;
mod text;

use model::Micros;
use serde::Serialize;

use crate::Zone;
pub use duties::{Duty, duties};
pub use html::Fragments;

/// The notice and what holds each of its sentences up.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// Whose notice it is.
    pub organisation: String,
    /// Which text it is, in plain words ("Version 7, in force since 1 March 2026").
    pub notice: String,
    /// When it was checked.
    pub checked_at: Micros,
    /// The zone in which that is written out.
    #[serde(skip)]
    pub zone: Zone,
    /// How many systems the answer rests on.
    pub systems_checked: u64,
    /// Systems that were not reached, by title.
    pub not_reached: Vec<String>,
    /// The notice's sections, in order.
    pub sections: Vec<Section>,
    /// Promises whose quote is not in the notice: broken, because the sentence is gone. Their
    /// `reason` says so.
    pub homeless: Vec<Promise>,
    /// When the promises were looked at the time before; none if they never were, or if nothing
    /// was compared.
    pub before: Option<Micros>,
    /// What stands differently since then.
    pub turned: Vec<Turned>,
}

/// A promise that stands differently than the time before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Turned {
    /// Its key.
    pub promise: String,
    /// How it stood.
    pub from: State,
    /// How it stands.
    pub to: State,
}

/// A section of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its heading; empty for text before the first heading.
    pub heading: String,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
}

/// A sentence of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// As published.
    pub text: String,
    /// Whether a new paragraph (or list entry) begins with it.
    pub begins_paragraph: bool,
    /// What it promises; empty for a sentence that no promise quotes.
    pub promises: Vec<Promise>,
}

impl Sentence {
    /// The state it carries: that of its promise which needs somebody most.
    pub fn state(&self) -> Option<State> {
        self.promises.iter().map(|promise| promise.state).min_by_key(|state| state.urgency())
    }
}

/// What a sentence promises, and how that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// Its key in the policy (`tickets-7y`).
    pub id: String,
    /// The quote by which it points at its sentence.
    pub quote: String,
    /// How it stands.
    pub state: State,
    /// Why, in one plain sentence; empty when there is nothing to say.
    pub reason: String,
    /// What holds it up.
    pub controls: Vec<Control>,
}

/// A control, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Control {
    /// What it is, in plain words ("Retention, at most 7 years from closing").
    pub title: String,
    /// How it stands.
    pub state: State,
    /// Why, in one plain sentence ("212 tickets are older than 7 years").
    pub reason: String,
    /// What shows it, in plain words ("counted in two systems"; "confirmed by the privacy officer").
    pub evidence: Option<String>,
    /// When that was; none if it never was.
    pub checked_at: Option<Micros>,
    /// The entry of the log in which the result stands.
    pub entry: Option<u64>,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every control passed and the evidence is fresh.
    Upheld,
    /// A deadline or a margin is near.
    AtRisk,
    /// A control failed: the sentence is false now.
    Broken,
    /// No control, or evidence too old.
    Unproven,
}

impl State {
    /// Every state, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Upheld, Self::AtRisk, Self::Broken, Self::Unproven];

    /// Its word, in files and on screen.
    pub const fn word(self) -> &'static str {
        crate::words::coverage::state(self)
    }

    /// The state of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// The one of both that needs a person more.
    #[must_use]
    pub const fn worse(self, other: Self) -> Self {
        if other.urgency() < self.urgency() { other } else { self }
    }

    /// Its shape: never colour alone.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Upheld => "●",
            Self::AtRisk => "◆",
            Self::Broken => "✕",
            Self::Unproven => "○",
        }
    }

    /// What needs a person most comes first.
    pub(crate) const fn urgency(self) -> u8 {
        match self {
            Self::Broken => 0,
            Self::AtRisk => 1,
            Self::Unproven => 2,
            Self::Upheld => 3,
        }
    }
}

/// How many promises stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Upheld.
    pub upheld: u64,
    /// At risk.
    pub at_risk: u64,
    /// Broken.
    pub broken: u64,
    /// Unproven.
    pub unproven: u64,
    /// Sentences that no promise quotes.
    pub unquoted: u64,
}

impl Tally {
    /// The count of one state.
    pub const fn of(&self, state: State) -> u64 {
        match state {
            State::Upheld => self.upheld,
            State::AtRisk => self.at_risk,
            State::Broken => self.broken,
            State::Unproven => self.unproven,
        }
    }
}

impl Coverage {
    /// The promises, in the order of the notice, each once; those without a sentence last.
    pub fn promises(&self) -> impl Iterator<Item = &Promise> {
        let mut seen = std::collections::BTreeSet::new();
        self.sections
            .iter()
            .flat_map(|section| &section.sentences)
            .flat_map(|sentence| &sentence.promises)
            .chain(&self.homeless)
            .filter(move |promise| seen.insert(promise.id.as_str()))
    }

    /// How many promises stand how. Counted here, so that no page can say something else.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for promise in self.promises() {
            let count = match promise.state {
                State::Upheld => &mut tally.upheld,
                State::AtRisk => &mut tally.at_risk,
                State::Broken => &mut tally.broken,
                State::Unproven => &mut tally.unproven,
            };
            *count += 1;
        }
        tally.unquoted = self
            .sections
            .iter()
            .flat_map(|section| &section.sentences)
            .filter(|sentence| sentence.promises.is_empty())
            .count() as u64;
        tally
    }
}
