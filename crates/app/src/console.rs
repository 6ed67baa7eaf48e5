//! What the console shows of our own state: the promises and their last runs, the log, what was seen
//! at the last look into the systems.
//!
//! INVARIANT: nothing here opens a client's system. What must be asked of the systems is asked by
//! [`House::look_at`], once, and kept; pages show what was kept and say when that was.

use std::collections::BTreeMap;

use auth::{Action, Actor};
use model::Micros;
use policy::Policy;
use render::coverage::{State as Standing, Turned};
use render::map::DataMap;
use render::retention::RetentionView;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::allowed::require;
use crate::doctor::Examined;
use crate::house::House;
use crate::state::State;
use crate::{Error, Result, status};

/// How many runs of a promise are shown.
const RUNS: u32 = 200;
/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What is looked at in the systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The controls of every promise.
    Promises,
    /// What the systems hold, beside map and notice.
    Map,
    /// Connections and rights.
    Systems,
    /// What is older than promised.
    Retention,
}

impl Subject {
    /// Every subject.
    pub const ALL: [Self; 4] = [Self::Promises, Self::Map, Self::Systems, Self::Retention];

    /// Its word, in our database and in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promises => "promises",
            Self::Map => "map",
            Self::Systems => "systems",
            Self::Retention => "retention",
        }
    }

    /// The subject of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What must be allowed to somebody who has the systems asked.
    pub const fn action(self) -> Action {
        match self {
            Self::Promises => Action::CheckPromises,
            Self::Map => Action::ReadMap,
            Self::Systems => Action::ReadSystems,
            Self::Retention => Action::ReadRetention,
        }
    }
}

/// Something with the moment at which it was seen.
#[derive(Debug, Clone)]
pub struct Seen<T> {
    /// When.
    pub at: Micros,
    /// What.
    pub what: T,
}

/// One look at a promise: what its controls found then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseRun {
    /// When.
    pub at: Micros,
    /// How the promise stood.
    pub state: Standing,
    /// Why, in plain sentences.
    pub reason: String,
    /// The entry of the log that proves it; none while it waits to be sealed.
    pub entry: Option<u64>,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number.
    pub number: u64,
    /// What happened, in a word or two.
    pub kind: String,
    /// When.
    pub at: Micros,
    /// Whether a checkpoint covers it.
    pub sealed: bool,
    /// Whether what it stands for was erased; its proof holds all the same.
    pub erased: bool,
}

/// The log as it stands.
#[derive(Debug, Clone)]
pub struct LogHead {
    /// Its name.
    pub origin: String,
    /// Its public key.
    pub key: String,
    /// How many entries are sealed.
    pub size: u64,
    /// How many events there are.
    pub events: u64,
    /// The signed checkpoint; none while nothing was sealed.
    pub checkpoint: Option<String>,
}

/// The proof of an entry, as files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProof {
    /// The `.tlog-proof`.
    pub proof: String,
    /// What the entry stands for, as JSON; none once it was erased.
    pub opening: Option<String>,
}

impl House {
    /// Has the systems looked at, and keeps what was seen. May take minutes.
    pub async fn look_at(&self, actor: &Actor, subject: Subject) -> Result<()> {
        require(actor, subject.action(), auth::ROOT)?;
        match subject {
            Subject::Promises => {
                Box::pin(self.status(&status::Wish::default())).await?;
                Ok(())
            }
            Subject::Map => {
                let seen = Box::pin(self.data_map(&crate::map::Wish::default())).await?;
                self.keep_seen(subject, &seen).await
            }
            Subject::Systems => {
                let seen = Box::pin(self.doctor()).await?;
                self.keep_seen(subject, &seen).await
            }
            Subject::Retention => {
                let seen = Box::pin(self.retain_plan(None)).await?;
                self.keep_seen(subject, &seen).await
            }
        }
    }

    /// The data map as it was seen last.
    pub async fn last_map(&self, actor: &Actor) -> Result<Option<Seen<DataMap>>> {
        require(actor, Action::ReadMap, auth::ROOT)?;
        let mut seen: Option<Seen<DataMap>> = self.last_seen(Subject::Map).await?;
        if let Some(seen) = &mut seen {
            seen.what.zone = self.zone()?;
        }
        Ok(seen)
    }

    /// Connections and rights as they were seen last.
    pub async fn last_systems(&self, actor: &Actor) -> Result<Option<Seen<Vec<Examined>>>> {
        require(actor, Action::ReadSystems, auth::ROOT)?;
        self.last_seen(Subject::Systems).await
    }

    /// What was due when it was counted last.
    pub async fn last_retention(&self, actor: &Actor) -> Result<Option<Seen<RetentionView>>> {
        require(actor, Action::ReadRetention, auth::ROOT)?;
        self.last_seen(Subject::Retention).await
    }

    pub(crate) async fn keep_seen<T: Serialize>(&self, subject: Subject, seen: &T) -> Result<()> {
        let body = serde_json::to_string(seen)
            .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))?;
        let look = store::Look { at: self.means.clock.now(), body };
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        tx.save_look(auth::ROOT, subject.word(), &look).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What was kept by another version of the program and cannot be read any more was not seen.
    async fn last_seen<T: DeserializeOwned>(&self, subject: Subject) -> Result<Option<Seen<T>>> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let look = tx.look(auth::ROOT, subject.word()).await?;
        tx.rollback().await?;
        Ok(look.and_then(|look| {
            let what = serde_json::from_str(&look.body).ok()?;
            Some(Seen { at: look.at, what })
        }))
    }

    /// What stands differently than it did a day ago.
    pub async fn since_yesterday(&self, actor: &Actor, policy: &Policy) -> Result<Vec<Turned>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        let state = self.state().await?;
        let now = self.means.clock.now();
        let organisation = &policy.organisation.name;
        let mut tx = state.store.read().await?;
        let then = tx.control_runs_until(organisation, Micros(now.0.saturating_sub(DAY))).await?;
        let last = tx.last_control_runs(organisation).await?;
        tx.rollback().await?;
        let (then, last) = (worst(&then), worst(&last));
        let turned = last.into_iter().filter_map(|(promise, to)| {
            let from = *then.get(&promise)?;
            policy.promise(&promise)?;
            (from != to).then_some(Turned { promise, from, to })
        });
        Ok(turned.collect())
    }

    /// The last runs of a promise's controls, newest first.
    pub async fn promise_runs(
        &self,
        actor: &Actor,
        policy: &Policy,
        promise: &str,
    ) -> Result<Vec<PromiseRun>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let runs = tx.control_runs_of(&policy.organisation.name, promise, RUNS).await?;
        let mut looks: Vec<PromiseRun> = Vec::new();
        let mut event = None;
        for run in runs {
            let stood = Standing::of_word(&run.state).unwrap_or(Standing::Unproven);
            match looks.last_mut() {
                Some(look) if event == run.event && look.at == run.at => {
                    if stood != look.state && stood == look.state.worse(stood) {
                        (look.state, look.reason) = (stood, run.reason);
                    }
                }
                _ => {
                    let entry = match &run.event {
                        Some(event) => tx.event(event).await?.and_then(|one| one.sealed_index),
                        None => None,
                    };
                    event.clone_from(&run.event);
                    looks.push(PromiseRun { at: run.at, state: stood, reason: run.reason, entry });
                }
            }
        }
        tx.rollback().await?;
        Ok(looks)
    }

    /// The log as it stands.
    pub async fn log_head(&self, actor: &Actor) -> Result<LogHead> {
        require(actor, Action::ReadEvidence, auth::ROOT)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let known = tx.ledger_state().await?;
        let events = tx.event_count().await?;
        tx.rollback().await?;
        Ok(LogHead {
            origin: state.origin.clone(),
            key: self.log_key(&state)?,
            size: known.as_ref().map_or(0, |known| known.size),
            events,
            checkpoint: known.map(|known| known.checkpoint),
        })
    }

    /// At most so many entries before a number, newest first.
    pub async fn log_entries(
        &self,
        actor: &Actor,
        before: u64,
        most: u32,
    ) -> Result<Vec<LogEntry>> {
        require(actor, Action::ReadEvidence, auth::ROOT)?;
        let state = self.state().await?;
        let first = before.saturating_sub(u64::from(most));
        let count = u32::try_from(before - first).unwrap_or(most);
        let mut tx = state.store.read().await?;
        let events = if count == 0 { Vec::new() } else { tx.events_from(first, count).await? };
        tx.rollback().await?;
        let entry = |one: &store::StoredEvent| LogEntry {
            number: one.seq,
            kind: one.kind.clone(),
            at: one.at,
            sealed: one.sealed_index.is_some(),
            erased: one.body.is_none(),
        };
        Ok(events.iter().rev().map(entry).collect())
    }

    /// The proof of an entry; none if there is no such entry.
    pub async fn prove_entry(&self, actor: &Actor, number: u64) -> Result<Option<EntryProof>> {
        require(actor, Action::ReadEvidence, auth::ROOT)?;
        let state = self.state().await?;
        let event = self.event_of(&state, number).await?;
        let Some(event) = event else { return Ok(None) };
        if event.sealed_index.is_none() {
            self.seal_now(&state).await?;
        }
        let proof = self.ledger(&state)?.prove(&state.store, &event.id).await?;
        let opening = proof.opening.as_ref().map(evidence::Opening::to_json).transpose()?;
        Ok(Some(EntryProof { proof: proof.text, opening }))
    }

    async fn event_of(&self, state: &State, number: u64) -> Result<Option<store::StoredEvent>> {
        let mut tx = state.store.read().await?;
        let events = tx.events_from(number, 1).await?;
        tx.rollback().await?;
        Ok(events.into_iter().find(|event| event.seq == number))
    }
}

/// How each promise stood: as the worst of its controls.
fn worst(runs: &[store::ControlRun]) -> BTreeMap<String, Standing> {
    let mut worst: BTreeMap<String, Standing> = BTreeMap::new();
    for run in runs {
        let state = Standing::of_word(&run.state).unwrap_or(Standing::Unproven);
        worst
            .entry(run.promise.clone())
            .and_modify(|known| *known = known.worse(state))
            .or_insert(state);
    }
    worst
}
