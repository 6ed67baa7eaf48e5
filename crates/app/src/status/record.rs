//! What the controls found is kept, with one event for each look, and compared with the time before.

use std::collections::BTreeMap;

use model::Micros;
use policy::Policy;
use render::coverage::{self, Coverage, State, Turned};
use render::words;
use sha2::{Digest as _, Sha256};
use store::{ControlRun, Event};

use super::facts::Facts;
use super::{Found, keyed, of_controls, published};
use crate::Result;
use crate::hooks;
use crate::state::State as Keep;

/// For so long a result proves something.
const FRESH: i64 = 24 * 60 * 60 * 1_000_000;

/// Where the results of a look are kept.
pub(super) struct Kept {
    pub(super) at: Micros,
    pub(super) event: String,
    pub(super) entry: Option<u64>,
}

/// What was found before, by promise and control.
pub(super) struct Before {
    runs: BTreeMap<(String, String), ControlRun>,
    entries: BTreeMap<String, Option<u64>>,
    /// How many systems answered then.
    pub(super) systems: u64,
}

/// The setting that remembers on how many systems the last look rests.
const SYSTEMS: &str = "status.systems";

/// Reads the newest result of each control.
pub(super) async fn before(state: &Keep, policy: &Policy) -> Result<Before> {
    let mut tx = state.store.read().await?;
    let runs = tx.last_control_runs(&policy.organisation.name).await?;
    let mut entries = BTreeMap::new();
    for run in &runs {
        if let Some(event) = &run.event
            && !entries.contains_key(event)
        {
            let entry = tx.event(event).await?.and_then(|event| event.sealed_index);
            entries.insert(event.clone(), entry);
        }
    }
    let systems = tx.setting(SYSTEMS).await?.and_then(|text| text.parse().ok()).unwrap_or(0);
    tx.rollback().await?;
    let runs =
        runs.into_iter().map(|run| ((run.promise.clone(), run.control.clone()), run)).collect();
    Ok(Before { runs, entries, systems })
}

/// Keeps what was found and the event that proves it, in one transaction.
pub(super) async fn keep(
    state: &Keep,
    policy: &Policy,
    facts: &Facts<'_>,
    found: &BTreeMap<&str, Vec<Found>>,
    before: &Before,
) -> Result<Kept> {
    let means = state.means();
    let event = store::new_id(means.rng.as_ref());
    let at = facts.now;
    let runs: Vec<ControlRun> = found
        .iter()
        .flat_map(|(promise, found)| found.iter().map(move |one| (promise, one)))
        .map(|(promise, one)| ControlRun {
            promise: (*promise).to_owned(),
            control: one.key.clone(),
            state: one.verdict.state.word().to_owned(),
            reason: one.verdict.reason.clone(),
            evidence: one.verdict.evidence.clone(),
            event: Some(event.clone()),
            at,
        })
        .collect();
    let mut salt = [0; 32];
    means.rng.fill(&mut salt);
    let told = Event {
        id: event.clone(),
        organisation: policy.organisation.name.clone(),
        kind: "promises checked".to_owned(),
        case: None,
        at,
        body: body(&runs, facts),
        salt,
    };
    let mut tx = state.store.begin().await?;
    tx.record_control_runs(&policy.organisation.name, &runs).await?;
    tx.set_setting(SYSTEMS, &facts.reached.len().to_string()).await?;
    tx.append_event(&told).await?;
    for (promise, found) in found {
        let Some((from, to)) = before.turn(promise, found) else { continue };
        let word = |state: State| state.word().replace(' ', "_");
        let data = serde_json::json!({ "promise": promise, "from": word(from), "to": word(to) });
        let kind = format!("promise.{}", word(to));
        hooks::tell(&mut tx, means, auth::ROOT, &kind, &data).await?;
    }
    tx.commit().await?;
    Ok(Kept { at, event, entry: None })
}

/// Where the event stands in the log, once it is sealed.
pub(super) async fn place(state: &Keep, kept: Kept) -> Result<Kept> {
    let mut tx = state.store.read().await?;
    let entry = tx.event(&kept.event).await?.and_then(|event| event.sealed_index);
    tx.rollback().await?;
    Ok(Kept { entry, ..kept })
}

/// What the log proves: how many controls stood how, and a digest of every result. Keys in order,
/// as everything in the log.
fn body(runs: &[ControlRun], facts: &Facts<'_>) -> Vec<u8> {
    let mut states: BTreeMap<&str, u64> = BTreeMap::new();
    let mut digest = Sha256::new();
    for run in runs {
        *states.entry(&run.state).or_default() += 1;
        for part in [&run.promise, &run.control, &run.state, &run.reason] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
    }
    let body: BTreeMap<&str, serde_json::Value> = BTreeMap::from([
        ("controls", serde_json::json!(states)),
        ("kind", "promises checked".into()),
        ("not_reached", facts.lost.len().into()),
        ("results_sha256", hex(&digest.finalize()).into()),
        ("systems", facts.reached.len().into()),
    ]);
    serde_json::to_vec(&body).unwrap_or_default()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Before {
    fn run(&self, promise: &str, control: &str) -> Option<&ControlRun> {
        self.runs.get(&(promise.to_owned(), control.to_owned()))
    }

    /// How a promise stood and how it stands, if that is not the same.
    fn turn(&self, promise: &str, found: &[Found]) -> Option<(State, State)> {
        let to = found.iter().map(|one| one.verdict.state).reduce(State::worse)?;
        let runs = found.iter().filter_map(|one| self.run(promise, &one.key));
        let from = runs.filter_map(|run| State::of_word(&run.state)).reduce(State::worse)?;
        (from != to).then_some((from, to))
    }

    /// A promise as it stood then. What is too old, or was never looked at, is unproven.
    pub(super) fn shown(
        &self,
        promise: &policy::Promise,
        policy: &Policy,
        now: Micros,
    ) -> coverage::Promise {
        let read = policy.notice.url.as_ref().and(self.run(&promise.id, published::KEY));
        let read = read.map(|run| self.control(run, published::TITLE.to_owned(), now));
        let controls = keyed(promise)
            .into_iter()
            .map(|(key, control)| {
                let title = words::control::title(control, policy);
                match self.run(&promise.id, &key) {
                    Some(run) => self.control(run, title, now),
                    None => coverage::Control {
                        title,
                        state: State::Unproven,
                        reason: "It has not been looked at yet: run `upheld status`.".to_owned(),
                        evidence: None,
                        checked_at: None,
                        entry: None,
                    },
                }
            })
            .chain(read)
            .collect();
        of_controls(promise, controls)
    }

    fn control(&self, run: &ControlRun, title: String, now: Micros) -> coverage::Control {
        let stood = State::of_word(&run.state).unwrap_or(State::Unproven);
        let age = now.0.saturating_sub(run.at.0);
        let (state, reason) = if age > FRESH {
            let age = words::count((age / FRESH).unsigned_abs(), "day", "days");
            let stood = stood.word();
            (
                State::Unproven,
                format!("The evidence is {age} old; then it was {stood}: {}", run.reason),
            )
        } else {
            (stood, run.reason.clone())
        };
        coverage::Control {
            title,
            state,
            reason,
            evidence: run.evidence.clone(),
            checked_at: Some(run.at),
            entry: run.event.as_ref().and_then(|event| self.entries.get(event).copied().flatten()),
        }
    }

    /// Which promises stand differently now, and since when.
    pub(super) fn turned(
        &self,
        coverage: &Coverage,
        found: &BTreeMap<&str, Vec<Found>>,
    ) -> (Option<Micros>, Vec<Turned>) {
        let mut since = None;
        let turned = coverage
            .promises()
            .filter_map(|promise| {
                let now = found.get(promise.id.as_str())?;
                let runs: Vec<&ControlRun> =
                    now.iter().filter_map(|one| self.run(&promise.id, &one.key)).collect();
                since = since.max(runs.iter().map(|run| run.at).max());
                let from = runs
                    .iter()
                    .filter_map(|run| State::of_word(&run.state))
                    .reduce(State::worse)?;
                (from != promise.state).then(|| Turned {
                    promise: promise.id.clone(),
                    from,
                    to: promise.state,
                })
            })
            .collect();
        (since, turned)
    }
}
