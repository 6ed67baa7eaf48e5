//! Writing a case down after every step, together with the events that prove what was done.

use std::fs::File;

use async_trait::async_trait;
use engine::Keeper;
use model::Micros;
use plan::{Case, Phase};
use serde_json::{Value, json};
use store::{Event, Tx};
use tokio::sync::Mutex;

use crate::clock::{self, Snapshot};
use crate::state::State;
use crate::{Error, Result, marks};

/// What cases are sealed for.
const PURPOSE: &str = "case state";
/// How long a process may be silent before another may take its case over.
const LEASE: i64 = 10 * 60 * 1_000_000;

/// Keeps one case.
pub(crate) struct CaseKeeper<'k> {
    state: &'k State,
    organisation: String,
    owner: String,
    /// Held while this process works on the case.
    lock: Option<File>,
    kept: Mutex<Kept>,
}

/// What changes beside a case, in the same transaction.
#[derive(Default)]
pub(crate) struct Also<'a> {
    /// A mark that is set, and what it is found by.
    pub(crate) mark: Option<(&'a store::Mark, &'a [[u8; 32]])>,
    /// Marks that are found by one more identifier.
    pub(crate) found_by: &'a [(String, [u8; 32])],
    /// Marks whose sealed body is another one.
    pub(crate) resealed: &'a [(String, Vec<u8>)],
    /// Messages to recipients.
    pub(crate) messages: &'a [store::Message],
}

/// What was written last.
struct Kept {
    step: u64,
    phase: Phase,
    acted: Vec<String>,
}

impl<'k> CaseKeeper<'k> {
    /// Opens a case in the store, with the event that says so, and takes the right to drive it.
    pub(crate) async fn open(
        state: &'k State,
        organisation: &str,
        case: &Case,
        clock: &Snapshot,
    ) -> Result<Self> {
        let lock = state.lock_case(&case.request.id)?;
        let keeper = Self::new(state, organisation, case, 0, lock);
        let stored = store::Case {
            id: case.request.id.clone(),
            organisation: organisation.to_owned(),
            kind: case.request.kind.key().to_owned(),
            opened_at: case.request.opened_at,
            state: keeper.sealed(case)?,
            step: 0,
            status: status(case).to_owned(),
        };
        let mut tx = state.store.begin().await?;
        tx.insert_case(&stored).await?;
        tx.set_case_clock(&stored.id, &clock.write()?).await?;
        keeper.tell(&mut tx, case, "request opened", json!({})).await?;
        keeper.lease(&mut tx, &case.request.id).await?;
        tx.commit().await?;
        Ok(keeper)
    }

    /// Takes a case up again where it was left.
    pub(crate) async fn resume(
        state: &'k State,
        organisation: &str,
        id: &str,
    ) -> Result<(Self, Case)> {
        let lock = state.lock_case(id)?;
        let mut tx = state.store.begin().await?;
        let stored = tx.case(id).await?.ok_or_else(|| no_such(id))?;
        let case = unseal(state, &stored)?;
        let keeper = Self::new(state, organisation, &case, stored.step, lock);
        keeper.lease(&mut tx, id).await?;
        tx.commit().await?;
        Ok((keeper, case))
    }

    fn new(
        state: &'k State,
        organisation: &str,
        case: &Case,
        step: u64,
        lock: Option<File>,
    ) -> Self {
        let owner = state.worker();
        let kept = Kept { step, phase: case.phase(), acted: acted(case) };
        Self { state, organisation: organisation.to_owned(), owner, lock, kept: Mutex::new(kept) }
    }

    fn now(&self) -> Micros {
        self.state.means().clock.now()
    }

    async fn lease(&self, tx: &mut Tx, id: &str) -> Result<()> {
        let now = self.now();
        if tx.lease_case(id, &self.owner, now, Micros(now.0 + LEASE)).await? {
            Ok(())
        } else {
            Err(Error::Busy(id.to_owned()))
        }
    }

    /// Gives the case back.
    pub(crate) async fn release(&self, id: &str) -> Result<()> {
        let mut tx = self.state.store.begin().await?;
        tx.release_case(id, &self.owner).await?;
        tx.commit().await?;
        if self.lock.is_some() {
            self.state.unlock_case(id);
        }
        Ok(())
    }

    fn sealed(&self, case: &Case) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(case).map_err(|error| {
            Error::Refused(format!("the request cannot be written down: {error}"))
        })?;
        Ok(self.state.vault.seal(PURPOSE, &case.request.id, &plain)?)
    }

    /// Writes the case and, in the same transaction, an event for everything that is new about it.
    pub(crate) async fn save(&self, case: &Case) -> Result<()> {
        self.save_with(case, Vec::new()).await.map(drop)
    }

    /// The same with further events; returns their ids.
    pub(crate) async fn save_with(
        &self,
        case: &Case,
        events: Vec<(&str, Value)>,
    ) -> Result<Vec<String>> {
        self.save_also(case, events, Also::default()).await
    }

    /// The same together with marks and messages.
    pub(crate) async fn save_also(
        &self,
        case: &Case,
        events: Vec<(&str, Value)>,
        also: Also<'_>,
    ) -> Result<Vec<String>> {
        let mut kept = self.kept.lock().await;
        let sealed = self.sealed(case)?;
        let mut tx = self.state.store.begin().await?;
        let id = &case.request.id;
        let step = tx.save_case(id, kept.step, &sealed, status(case)).await?;
        self.lease(&mut tx, id).await?;
        clock::note_end(&mut tx, case, self.now()).await?;
        let wakes = case.rests().map(|rest| match rest {
            plan::Rest::Until(at) => at,
            // Roused when a hold is lifted.
            plan::Rest::UntilLifted => Micros(i64::MAX),
        });
        tx.wake_case(id, wakes).await?;
        let now_acted = acted(case);
        for system in now_acted.iter().filter(|system| !kept.acted.contains(system)) {
            let (changed, already) = case.acted(system).unwrap_or_default();
            let body =
                json!({ "system": system, "rows_changed": changed, "rows_as_wanted": already });
            let kind =
                if case.request.kind.erases() { "system erased" } else { "system corrected" };
            self.tell(&mut tx, case, kind, body).await?;
        }
        if case.phase() != kept.phase {
            let body = json!({ "phase": status(case), "rows": case.rows().len() });
            self.tell(&mut tx, case, "request moved on", body).await?;
        }
        let mut ids = Vec::new();
        for (kind, body) in events {
            ids.push(self.tell(&mut tx, case, kind, body).await?);
        }
        marks::apply(&mut tx, &also).await?;
        tx.commit().await?;
        *kept = Kept { step, phase: case.phase(), acted: now_acted };
        Ok(ids)
    }

    async fn tell(&self, tx: &mut Tx, case: &Case, kind: &str, body: Value) -> Result<String> {
        let mut salt = [0; 32];
        self.state.means().rng.fill(&mut salt);
        let id = store::new_id(self.state.means().rng.as_ref());
        let at = self.now();
        let body = json!({
            "kind": kind, "request": case.request.id, "asked": case.request.kind.key(), "about": body,
        });
        let event = Event {
            id: id.clone(),
            organisation: self.organisation.clone(),
            kind: kind.to_owned(),
            case: Some(case.request.id.clone()),
            at,
            body: canonical(&body),
            salt,
        };
        tx.append_event(&event).await?;
        Ok(id)
    }
}

#[async_trait]
impl Keeper for CaseKeeper<'_> {
    async fn keep(&self, case: &Case) -> std::result::Result<(), String> {
        self.save(case).await.map_err(|error| error.to_string())
    }
}

/// One text for one value: keys sorted, no spaces. Our bodies hold texts and whole numbers only.
pub(crate) fn canonical(value: &Value) -> Vec<u8> {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let ordered: std::collections::BTreeMap<_, _> =
                    map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
                Value::Object(ordered.into_iter().collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    serde_json::to_vec(&sorted(value)).unwrap_or_default()
}

fn acted(case: &Case) -> Vec<String> {
    let systems = case.rows().places().map(|(place, _)| place.system.clone());
    let mut systems: Vec<String> = systems.filter(|s| case.acted(s).is_some()).collect();
    systems.dedup();
    systems
}

/// The case behind a stored one.
pub(crate) fn unseal(state: &State, stored: &store::Case) -> Result<Case> {
    let plain = state.vault.open_sealed(PURPOSE, &stored.id, &stored.state)?;
    serde_json::from_slice(&plain).map_err(|_| {
        Error::Refused(format!(
            "request {} was written by another version of Upheld and cannot be read",
            stored.id
        ))
    })
}

/// The word for where a case stands, in the store and on screen.
pub(crate) const fn status(case: &Case) -> &'static str {
    match case.phase() {
        _ if case.waits_for_fee() => "waiting for the fee",
        Phase::Discover => "finding",
        Phase::Search => "searching",
        Phase::Gather => "handing out",
        Phase::Draft => "drafting",
        Phase::Review => "waiting for approval",
        Phase::Act if case.request.kind.erases() => "erasing",
        Phase::Act => "correcting",
        Phase::Verify => "verifying",
        Phase::Done => "done",
    }
}

pub(crate) fn no_such(id: &str) -> Error {
    Error::Refused(format!("there is no request {id}: `upheld request list` shows them"))
}
