//! Retention: what is older than promised is counted, and disposed of.

mod by_staff;
mod counts;
pub(crate) mod kept;
mod view;
mod wake;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use engine::retain::{Due, Run, Runner};
use model::{Micros, Secret};
use plan::Exceptions;
use plan::retention::{Almanac, Book, Schedule};
use policy::Policy;

use crate::destruction;
use crate::house::House;
use crate::state::State;
use crate::systems::Lender;
use crate::{Error, Result};
pub use by_staff::Agreed;
pub(crate) use kept::event;
use kept::{RunKept, unfinished};
pub(crate) use view::titles;
pub use wake::Woken;
pub(crate) use wake::may_wake;

/// What may be done by a run.
#[derive(Debug, Default)]
pub struct RunLeave {
    /// Only this system.
    pub system: Option<String>,
    /// The digest of the plan that somebody has read, or its first characters.
    pub digest: Option<String>,
    /// Take no rest between batches.
    pub full_speed: bool,
    /// Where the record goes; `None` is a name in the current folder.
    pub out: Option<PathBuf>,
    /// Set when the run shall stop after the batch under way.
    pub stop: Arc<AtomicBool>,
}

/// What a run came to.
#[derive(Debug)]
pub enum RunCame {
    /// Somebody stopped it; the next run goes on with it.
    Stopped(Run),
    /// It ended.
    Ended {
        /// What was done.
        run: Run,
        /// The signed record.
        record: destruction::Files,
        /// The record itself.
        told: Box<render::destruction::DestructionRecord>,
        /// Erasures that went on, because what kept their rows has ended.
        woken: Vec<Woken>,
    },
}

/// A run of the past.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ListedRun {
    /// Its number.
    pub id: String,
    /// When it began.
    pub begun_at: Micros,
    /// When it ended; `None` while it is under way or was interrupted.
    pub ended_at: Option<Micros>,
    /// Rows disposed of.
    pub rows: u64,
    /// Whether every rule was carried out to its end.
    pub complete: bool,
    /// The systems that it worked on.
    pub systems: BTreeSet<String>,
}

impl House {
    /// Counts what is due, rule by rule. Nothing is changed.
    pub async fn retain_plan(
        &self,
        system: Option<&str>,
    ) -> Result<render::retention::RetentionView> {
        let state = self.state().await?;
        let policy = self.policy(false)?;
        let schedule = self.schedule(&policy, self.means.clock.now(), system)?;
        let except = self.stays(&state, &policy).await?;
        let due = self.count_due(&state, &policy, &schedule, &except).await?;
        view::plan(&state, &policy, &schedule, &due, &except).await
    }

    /// Disposes of what is due, and issues the record. A run that was interrupted is taken up.
    pub async fn retain_run(&self, leave: RunLeave) -> Result<RunCame> {
        let state = self.state().await?;
        let policy = self.policy(false)?;
        let now = self.means.clock.now();
        let schedule = self.schedule(&policy, now, leave.system.as_deref())?;
        agreed(&policy, &schedule, leave.digest.as_deref())?;
        destruction::check_out(&leave)?;
        let lock = lock(&state)?;
        // Before it is looked up what they keep: one that is set meanwhile stops the run.
        let kept_by = kept::kept_by(&state).await?;
        let except = self.stays(&state, &policy).await?;
        let mut run = match unfinished(&state).await? {
            Some(mut run) => {
                run.take_up(&schedule);
                run
            }
            None => Run::begin(&store::new_id(self.means.rng.as_ref()), now, &schedule),
        };
        let keeper = RunKept::begin(&state, &policy.organisation.name, &run, kept_by).await?;
        let lender = self.lender(&state);
        let key = state.pseudonym_key()?;
        let runner = Runner { gentle: !leave.full_speed, ..self.runner(&policy, &lender, &key) };
        // Boxed: the whole of a run is one future, too large to be moved about.
        let work = Box::pin(async {
            let ran = runner.run(&schedule, &except, &mut run, &keeper, &leave.stop).await;
            ran.map_err(|error| match error {
                engine::RunError::Keep(why) => Error::Refused(why),
                other => other.into(),
            })
        });
        let worked = self.sealing(&state, work).await;
        let stopped = leave.stop.load(std::sync::atomic::Ordering::Relaxed);
        let came = match worked {
            Err(error) => Err(error),
            // What was counted and may be deleted is settled by the next run.
            Ok(()) if stopped || run.is_open() => Ok(RunCame::Stopped(run)),
            Ok(()) => {
                counts::write(&self.folder, &run)?;
                model::crash::site("app.counts.written");
                let (record, told) =
                    destruction::issue(self, &state, &policy, &keeper, &schedule, &run, &leave)
                        .await?;
                let beside = record.json.parent().unwrap_or(std::path::Path::new(""));
                let woken = self.wake(&state, &policy, beside).await?;
                Ok(RunCame::Ended { run, record, told: Box::new(told), woken })
            }
        };
        drop(lock);
        state.unlock_case(LOCK);
        came
    }

    /// Every run, oldest first.
    pub async fn retain_runs(&self) -> Result<Vec<ListedRun>> {
        let state = self.state().await?;
        self.last_runs(&state).await
    }

    /// The same with the state that is open already.
    pub(crate) async fn last_runs(&self, state: &State) -> Result<Vec<ListedRun>> {
        let mut tx = state.store.read().await?;
        let stored = tx.retention_runs().await?;
        tx.rollback().await?;
        let listed = |stored: store::RetentionRun| {
            let run: Run = kept::read(&stored)?;
            Ok(ListedRun {
                id: stored.id,
                begun_at: stored.begun_at,
                ended_at: stored.ended_at,
                rows: run.rows(),
                complete: stored.ended_at.is_some() && run.is_complete(),
                systems: run.tasks.iter().map(|task| task.place.system.clone()).collect(),
            })
        };
        stored.into_iter().map(listed).collect()
    }

    async fn count_due(
        &self,
        state: &State,
        policy: &Policy,
        schedule: &Schedule,
        except: &Exceptions,
    ) -> Result<Vec<Due>> {
        let lender = self.lender(state);
        let key = state.pseudonym_key()?;
        let runner = self.runner(policy, &lender, &key);
        Ok(Box::pin(runner.due(schedule, except)).await)
    }

    /// What the rules of the policy ask for at a moment.
    pub(crate) fn schedule(
        &self,
        policy: &Policy,
        at: Micros,
        system: Option<&str>,
    ) -> Result<Schedule> {
        let zone = self.settings.zone.as_deref().unwrap_or("UTC");
        let almanac = Almanac::new(at, zone).map_err(|error| Error::Refused(error.to_string()))?;
        let connections = self.connections();
        let read_only = connections.iter().filter(|(_, c)| c.read_only);
        let read_only: BTreeSet<String> = read_only.map(|(name, _)| name.clone()).collect();
        let book = Book {
            systems: &policy.systems,
            clients: &policy.clients,
            classification: &policy.classification,
            read_only: &read_only,
        };
        let schedule = Schedule::new(&book, &almanac);
        match system {
            None => Ok(schedule),
            Some(system) if policy.system(system).is_some() => Ok(schedule.only(system)),
            Some(system) => Err(Error::Refused(format!("the policy has no system `{system}`"))),
        }
    }

    fn runner<'r>(
        &'r self,
        policy: &'r Policy,
        lender: &'r Lender<'r>,
        key: &'r Secret<Vec<u8>>,
    ) -> Runner<'r> {
        Runner {
            systems: &policy.systems,
            reach: lender,
            key,
            country_code: policy.phone_calling_code().map(str::to_owned),
            progress: self.means.progress.as_ref(),
            gentle: true,
        }
    }
}

/// The name under which a run is locked.
const LOCK: &str = "retention";

fn lock(state: &State) -> Result<Option<std::fs::File>> {
    state.lock_case(LOCK).map_err(|error| match error {
        Error::Busy(_) => {
            Error::Refused("another run of retention is under way: wait for it".to_owned())
        }
        other => other,
    })
}

/// Where a second person must agree, somebody has read the plan and gives its digest.
fn agreed(policy: &Policy, schedule: &Schedule, given: Option<&str>) -> Result<()> {
    let whole = schedule.digest();
    match given {
        Some(digest) if digest.len() >= 12 && whole.starts_with(digest) => Ok(()),
        Some(_) => Err(Error::Refused(
            "this is not the digest of the rules as they stand today: read `upheld retain plan` and give the digest at its end".to_owned(),
        )),
        None if policy.require_approval => Err(Error::Refused(
            "the policy asks for a second person: somebody else reads `upheld retain plan` and gives the digest at its end with `--digest`".to_owned(),
        )),
        None => Ok(()),
    }
}
