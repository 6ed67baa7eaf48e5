//! Writing a case down after every step, together with the events that prove what was done.

use std::fs::File;

use async_trait::async_trait;
use engine::{KeepTogether, Keeper, side_by_side};
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
    /// The case has ended: the right to drive it is given back with it.
    pub(crate) ends: bool,
}

/// What was written last.
struct Kept {
    step: u64,
    phase: Phase,
    acted: Vec<String>,
    /// Until when nobody else may take the case over.
    leased: Micros,
    wakes: Option<Micros>,
    /// Whether the right to drive it was given back with what was written last.
    released: bool,
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
        let mut tx = state.store.begin().await?;
        keeper.insert(&mut tx, case, keeper.sealed(case)?, clock).await?;
        tx.append_event(&keeper.event(case, "request opened", json!({}))).await?;
        keeper.lease(&mut tx, &case.request.id).await?;
        tx.commit().await?;
        Ok(keeper)
    }

    /// Opens many cases in the store, each with the event that says so, in one transaction. Nobody
    /// drives them yet.
    pub(crate) async fn open_all(
        state: &'k State,
        organisation: &str,
        cases: &[Case],
        clock: &Snapshot,
    ) -> Result<()> {
        let mut opening: Vec<(Self, &Case, Result<Vec<u8>>)> = cases
            .iter()
            .map(|case| (Self::new(state, organisation, case, 0, None), case, Ok(Vec::new())))
            .collect();
        side_by_side(&mut opening, |(keeper, case, sealed)| *sealed = keeper.sealed(case));
        let mut events = Vec::with_capacity(cases.len());
        let mut tx = state.store.begin().await?;
        for (keeper, case, sealed) in opening {
            keeper.insert(&mut tx, case, sealed?, clock).await?;
            events.push(keeper.event(case, "request opened", json!({})));
        }
        tx.append_events(&events).await?;
        Ok(tx.commit().await?)
    }

    /// Takes many cases up, in one transaction.
    pub(crate) async fn take_all(
        state: &'k State,
        organisation: &str,
        ids: &[&str],
    ) -> Result<Vec<(Self, Case)>> {
        let mut locks = Vec::with_capacity(ids.len());
        for id in ids {
            locks.push(state.lock_case(id)?);
        }
        let mut tx = state.store.begin().await?;
        let mut taken = Vec::with_capacity(ids.len());
        for (id, lock) in ids.iter().zip(locks) {
            let stored = tx.case(id).await?.ok_or_else(|| no_such(id))?;
            let case = unseal(state, &stored)?;
            let keeper = Self::new(state, organisation, &case, stored.step, lock);
            keeper.lease(&mut tx, id).await?;
            taken.push((keeper, case));
        }
        tx.commit().await?;
        Ok(taken)
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        case: &Case,
        sealed: Vec<u8>,
        clock: &Snapshot,
    ) -> Result<()> {
        let stored = store::Case {
            id: case.request.id.clone(),
            organisation: self.organisation.clone(),
            kind: case.request.kind.key().to_owned(),
            opened_at: case.request.opened_at,
            state: sealed,
            step: 0,
            status: status(case).to_owned(),
        };
        tx.insert_case(&stored).await?;
        Ok(tx.set_case_clock(&stored.id, &clock.write()?).await?)
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
        // A lease that is taken with it; renewed by the first save, in case it was not.
        let (leased, wakes) = (Micros(0), wakes(case));
        let (phase, acted) = (case.phase(), acted(case));
        let kept = Kept { step, phase, acted, leased, wakes, released: false };
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
        if !self.kept.lock().await.released {
            let mut tx = self.state.store.begin().await?;
            tx.release_case(id, &self.owner).await?;
            tx.commit().await?;
        }
        self.unlock(id);
        Ok(())
    }

    fn unlock(&self, id: &str) {
        if self.lock.is_some() {
            self.state.unlock_case(id);
        }
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

    /// The same for a case that has ended, which is given back in the same transaction.
    pub(crate) async fn save_last(&self, case: &Case, event: (&str, Value)) -> Result<()> {
        let also = Also { ends: true, ..Also::default() };
        self.save_also(case, vec![event], also).await.map(drop)
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
        let (mut now, mut told) = self.write(&mut tx, &kept, case, &sealed).await?;
        let from = told.len();
        told.extend(events.into_iter().map(|(kind, body)| self.event(case, kind, body)));
        marks::apply(&mut tx, &also).await?;
        if also.ends {
            tx.release_case(&case.request.id, &self.owner).await?;
            now.released = true;
        }
        append(&mut tx, &told).await?;
        tx.commit().await?;
        *kept = now;
        Ok(told.into_iter().skip(from).map(|event| event.id).collect())
    }

    /// Writes the case within a transaction. What it will have been kept as, and the events that
    /// belong to it.
    async fn write(
        &self,
        tx: &mut Tx,
        kept: &Kept,
        case: &Case,
        sealed: &[u8],
    ) -> Result<(Kept, Vec<Event>)> {
        let id = &case.request.id;
        let step = tx.save_case(id, kept.step, sealed, status(case)).await?;
        let mut leased = kept.leased;
        if leased.0 - self.now().0 < LEASE / 2 {
            leased = Micros(self.now().0 + LEASE);
            self.lease(tx, id).await?;
        }
        if case.ending().is_some() {
            clock::note_end(tx, case, self.now()).await?;
        }
        let wakes = wakes(case);
        if wakes != kept.wakes {
            tx.wake_case(id, wakes).await?;
        }
        let mut events = Vec::new();
        let now_acted = acted(case);
        for system in now_acted.iter().filter(|system| !kept.acted.contains(system)) {
            let (changed, already) = case.acted(system).unwrap_or_default();
            let body =
                json!({ "system": system, "rows_changed": changed, "rows_as_wanted": already });
            let kind =
                if case.request.kind.erases() { "system erased" } else { "system corrected" };
            events.push(self.event(case, kind, body));
        }
        if case.phase() != kept.phase {
            let body = json!({ "phase": status(case), "rows": case.rows().len() });
            events.push(self.event(case, "request moved on", body));
        }
        let phase = case.phase();
        let kept = Kept { step, phase, acted: now_acted, leased, wakes, released: false };
        Ok((kept, events))
    }

    fn event(&self, case: &Case, kind: &str, body: Value) -> Event {
        let mut salt = [0; 32];
        self.state.means().rng.fill(&mut salt);
        let body = json!({
            "kind": kind, "request": case.request.id, "asked": case.request.kind.key(), "about": body,
        });
        Event {
            id: store::new_id(self.state.means().rng.as_ref()),
            organisation: self.organisation.clone(),
            kind: kind.to_owned(),
            case: Some(case.request.id.clone()),
            at: self.now(),
            body: canonical(&body),
            salt,
        }
    }
}

async fn append(tx: &mut Tx, events: &[Event]) -> Result<()> {
    if !events.is_empty() {
        tx.append_events(events).await?;
    }
    Ok(())
}

/// Keeps many cases: one transaction, and one flush to the disk, for all that moved in a round.
pub(crate) struct Together<'k>(pub(crate) Vec<&'k CaseKeeper<'k>>);

impl Together<'_> {
    /// Writes these cases, given with their places, each with a further event; then gives them back
    /// if `done`.
    pub(crate) async fn save_all(
        &self,
        cases: &[(usize, &Case)],
        further: &[(&str, Value)],
        done: bool,
    ) -> Result<()> {
        struct Saving<'s> {
            keeper: &'s CaseKeeper<'s>,
            case: &'s Case,
            sealed: Result<Vec<u8>>,
        }
        let mut saving: Vec<Saving<'_>> = cases
            .iter()
            .filter_map(|(at, case)| Some((*self.0.get(*at)?, *case)))
            .map(|(keeper, case)| Saving { keeper, case, sealed: Ok(Vec::new()) })
            .collect();
        let Some(first) = saving.first() else { return Ok(()) };
        let store = &first.keeper.state.store;
        side_by_side(&mut saving, |one| one.sealed = one.keeper.sealed(one.case));
        let (mut now, mut events) = (Vec::with_capacity(saving.len()), Vec::new());
        let mut tx = store.begin().await?;
        for (at, Saving { keeper, case, sealed }) in saving.iter_mut().enumerate() {
            let kept = keeper.kept.lock().await;
            let sealed = std::mem::replace(sealed, Ok(Vec::new()))?;
            let (kept, told) = keeper.write(&mut tx, &kept, case, &sealed).await?;
            now.push(kept);
            events.extend(told);
            let further = further.get(at).map(|(kind, body)| (*kind, body.clone()));
            events.extend(further.map(|(kind, body)| keeper.event(case, kind, body)));
            if done {
                tx.release_case(&case.request.id, &keeper.owner).await?;
            }
        }
        append(&mut tx, &events).await?;
        tx.commit().await?;
        for (Saving { keeper, case, .. }, now) in saving.iter().zip(now) {
            *keeper.kept.lock().await = now;
            if done {
                keeper.unlock(&case.request.id);
            }
        }
        Ok(())
    }
}

#[async_trait]
impl KeepTogether for Together<'_> {
    async fn keep_all(&self, cases: &[(usize, &Case)]) -> std::result::Result<(), String> {
        self.save_all(cases, &[], false).await.map_err(|error| error.to_string())
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

/// When a case that rests is taken up again.
fn wakes(case: &Case) -> Option<Micros> {
    case.rests().map(|rest| match rest {
        plan::Rest::Until(at) => at,
        // Roused when a hold is lifted.
        plan::Rest::UntilLifted => Micros(i64::MAX),
    })
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
        // What is done in the systems is not done for whoever asked before they have it in hand.
        Phase::Done if case.is_unanswered() && case.request.kind.changes() => {
            "issuing the certificate"
        }
        Phase::Done if case.is_unanswered() => "handing out",
        Phase::Done => "done",
    }
}

pub(crate) fn no_such(id: &str) -> Error {
    Error::Refused(format!("there is no request {id}: `upheld request list` shows them"))
}
