//! Jobs: what is done later, and what is done again and again.
//!
//! A use case that wants something done later asks for it in the transaction in which it writes its own
//! state ([`ask`]): either both stand or neither. Any number of servers work on one database; each takes
//! jobs under a lease, and a job whose server died is another's as soon as the lease has run out. So a
//! job may be begun twice, and each of them looks first at what is done already.
//!
//! What fails is tried again, later each time and never at the same moment as others. What fails for
//! good waits for a person: [`House::dead_jobs`], [`House::retry_job`], [`House::drop_job`].
//!
//! INVARIANT: payloads and failures hold our own ids and words.

mod carry;
mod schedule;
mod work;
mod worker;

use auth::{Action, Actor};
use model::Micros;
use serde_json::json;
use store::{NewJob, Tx};

pub use schedule::Schedules;
pub use work::Work;
pub(crate) use work::{Did, Failed};
pub use worker::Pace;

use crate::house::{House, Means};
use crate::retain::event;
use crate::state::State;
use crate::{Error, Result, allowed};

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Dead {
    /// Its id.
    pub id: String,
    /// What was to be done.
    pub kind: String,
    /// How often it was tried.
    pub attempts: u64,
    /// Why it failed the last time.
    pub failure: Option<String>,
    /// When it was asked for.
    pub made_at: Micros,
    /// When it was given up.
    pub died_at: Option<Micros>,
}

/// Asks for work in a transaction, for `at` or for as soon as somebody has a hand free.
pub(crate) async fn ask(
    tx: &mut Tx,
    means: &Means,
    organisation: &str,
    work: &Work,
    at: Option<Micros>,
) -> Result<()> {
    let now = means.clock.now();
    let job = NewJob {
        id: store::new_id(means.rng.as_ref()),
        organisation: organisation.to_owned(),
        kind: work.kind().to_owned(),
        payload: work.write()?,
        unique_key: Some(work.key()),
        run_at: at.unwrap_or(now),
        most: work.tries().most,
        made_at: now,
    };
    Ok(tx.enqueue(&job).await?)
}

impl House {
    /// The jobs of an organisation that were given up, the latest first.
    pub async fn dead_jobs(&self, actor: &Actor, organisation: &str) -> Result<Vec<Dead>> {
        allowed::require(actor, Action::ReadJobs, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let dead = tx.dead_jobs(organisation).await?;
        tx.rollback().await?;
        let shown = |job: store::Job| Dead {
            id: job.id,
            kind: job.kind,
            attempts: job.attempts,
            failure: job.failure,
            made_at: job.made_at,
            died_at: job.died_at,
        };
        Ok(dead.into_iter().map(shown).collect())
    }

    /// Gives a job that was given up another chance.
    pub async fn retry_job(&self, actor: &Actor, organisation: &str, id: &str) -> Result<()> {
        allowed::require(actor, Action::SettleJob, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        if !tx.revive_job(organisation, id, self.means.clock.now()).await? {
            return Err(no_such(id));
        }
        self.settled(&state, actor, tx, organisation, id, "job tried again").await
    }

    /// Forgets a job that was given up.
    pub async fn drop_job(&self, actor: &Actor, organisation: &str, id: &str) -> Result<()> {
        allowed::require(actor, Action::SettleJob, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        if !tx.drop_job(organisation, id).await? {
            return Err(no_such(id));
        }
        self.settled(&state, actor, tx, organisation, id, "job dropped").await
    }

    async fn settled(
        &self,
        state: &State,
        actor: &Actor,
        mut tx: Tx,
        organisation: &str,
        id: &str,
        kind: &str,
    ) -> Result<()> {
        let name = self.last_sound_policy()?.organisation.name.clone();
        let about = json!({ "job": id, "by": actor.person(), "organisation": organisation });
        tx.append_event(&event(state, &name, kind, &about)).await?;
        tx.commit().await?;
        self.seal(state).await
    }

    /// How many jobs of all organisations wait, run and were given up.
    pub async fn job_counts(&self, actor: &Actor) -> Result<store::JobCounts> {
        allowed::require(actor, Action::ReadJobs, auth::ROOT)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let counts = tx.job_counts().await?;
        tx.rollback().await?;
        Ok(counts)
    }
}

fn no_such(id: &str) -> Error {
    Error::Absent(format!("no job {id} was given up: somebody may have settled it already"))
}

#[cfg(test)]
mod tests;
