//! A run, written down after every batch, and the events that are no request's.

use async_trait::async_trait;
use engine::retain::{Run, RunKeeper};
use serde_json::{Value, json};
use store::{Event, RetentionRun};

use crate::keeper::canonical;
use crate::state::State;
use crate::{Error, Result};

/// An event that belongs to no request.
pub(crate) fn event(state: &State, organisation: &str, kind: &str, about: &Value) -> Event {
    let means = state.means();
    let mut salt = [0; 32];
    means.rng.fill(&mut salt);
    Event {
        id: store::new_id(means.rng.as_ref()),
        organisation: organisation.to_owned(),
        kind: kind.to_owned(),
        case: None,
        at: means.clock.now(),
        body: canonical(&json!({ "kind": kind, "about": about })),
        salt,
    }
}

/// Keeps one run.
pub(crate) struct RunKept<'k> {
    state: &'k State,
    /// How many holds and restrictions had been set when it was looked up what they keep.
    kept_by: u64,
    organisation: &'k str,
    id: String,
}

impl<'k> RunKept<'k> {
    /// Writes a run down before its first batch, with the event that says so.
    pub(crate) async fn begin(
        state: &'k State,
        organisation: &'k str,
        run: &Run,
        kept_by: u64,
    ) -> Result<Self> {
        let kept = Self { state, organisation, id: run.id.clone(), kept_by };
        let stored = RetentionRun {
            id: run.id.clone(),
            organisation: organisation.to_owned(),
            begun_at: run.begun_at,
            ended_at: None,
            progress: write(run)?,
        };
        let systems: std::collections::BTreeSet<&str> =
            run.tasks.iter().map(|task| task.place.system.as_str()).collect();
        let about = json!({
            "run": run.id, "rules": run.digest, "systems": systems, "interrupted": run.interrupted,
        });
        let mut tx = state.store.begin().await?;
        let kind = if run.interrupted == 0 {
            tx.insert_retention_run(&stored).await?;
            "retention begun"
        } else {
            tx.save_retention_run(&run.id, &stored.progress).await?;
            "retention taken up again"
        };
        tx.append_event(&event(state, organisation, kind, &about)).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Enters what a run did in the log; the event's id. The run is not over before its record is
    /// issued, so that one whose record could not be written is taken up and issues it again.
    pub(crate) async fn done(&self, run: &Run) -> Result<String> {
        let rules: Vec<Value> = run
            .tasks
            .iter()
            .map(|task| {
                json!({
                    "rule": task.task, "method": task.method, "before": task.cutoff.0,
                    "rows": task.rows, "with": task.dependents, "partitions": task.partitions,
                    "unknown": task.unknown, "left": task.left.map(|left| left.rows),
                    "held_back": task.left.map(|left| left.held_back),
                    "pointed_at": task.left.map(|left| left.pointed_at), "ended": task.ended,
                })
            })
            .collect();
        let about = json!({
            "run": run.id, "rules": run.digest, "complete": run.is_complete(), "done": rules,
        });
        let told = event(self.state, self.organisation, "retention done", &about);
        let mut tx = self.state.store.begin().await?;
        tx.save_retention_run(&self.id, &write(run)?).await?;
        tx.append_event(&told).await?;
        tx.commit().await?;
        Ok(told.id)
    }

    /// Ends the run, and says in the log that its record was issued.
    pub(crate) async fn issued(&self, record: &str, sha256: &str) -> Result<()> {
        let about = json!({ "run": self.id, "record": record, "sha256": sha256 });
        let told = event(self.state, self.organisation, "destruction record issued", &about);
        let mut tx = self.state.store.begin().await?;
        tx.end_retention_run(&self.id, self.state.means().clock.now()).await?;
        tx.append_event(&told).await?;
        Ok(tx.commit().await?)
    }
}

#[async_trait]
impl RunKeeper for RunKept<'_> {
    async fn keep(&self, run: &Run) -> std::result::Result<(), String> {
        let save = async {
            let progress = write(run)?;
            let mut tx = self.state.store.begin().await?;
            let saved = tx.save_retention_run(&self.id, &progress).await?;
            let kept_by = tx.holds_and_restrictions().await?;
            tx.commit().await?;
            Ok::<_, Error>((saved, kept_by))
        };
        match save.await {
            // INVARIANT: no batch begins without looking up what a hold keeps.
            Ok((true, kept_by)) if kept_by != self.kept_by => Err(
                "a legal hold or a restriction was set while the run was under way, and the run stopped before its next batch: run it again".to_owned(),
            ),
            Ok((true, _)) => Ok(()),
            Ok((false, _)) => Err("somebody else has ended this run".to_owned()),
            Err(error) => Err(format!("the run could not be written down, so it stopped: {error}")),
        }
    }
}

/// How many holds and restrictions were ever set: one more is a new one.
pub(crate) async fn kept_by(state: &State) -> Result<u64> {
    let mut tx = state.store.read().await?;
    let count = tx.holds_and_restrictions().await?;
    tx.rollback().await?;
    Ok(count)
}

/// The run that was interrupted last, if one was.
pub(crate) async fn unfinished(state: &State) -> Result<Option<Run>> {
    let mut tx = state.store.read().await?;
    let runs = tx.retention_runs().await?;
    tx.rollback().await?;
    runs.iter().rev().find(|run| run.ended_at.is_none()).map(read).transpose()
}

/// A run as it was written down.
pub(crate) fn read(stored: &RetentionRun) -> Result<Run> {
    serde_json::from_str(&stored.progress).map_err(|_| {
        Error::Refused(format!(
            "the retention run {} was written by another version of Upheld and cannot be read",
            stored.id
        ))
    })
}

fn write(run: &Run) -> Result<String> {
    serde_json::to_string(run)
        .map_err(|error| Error::Refused(format!("the run cannot be written down: {error}")))
}
