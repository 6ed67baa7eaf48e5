//! Carrying a schedule out, batch by batch.

use std::sync::atomic::{AtomicBool, Ordering};

use plan::Exceptions;
use plan::retention::{Schedule, Task};
use tokio::time::Instant;

use crate::driver::RunError;
use crate::retain::pace::Pace;
use crate::retain::ready::{self, Ready};
use crate::retain::{
    Ended, Left, Opened, Run, RunKeeper, Runner, Stood, TaskRun, droppable, failed,
};

/// What carries one task out.
pub(super) struct Work<'w> {
    pub(super) run: &'w mut Run,
    pub(super) at: usize,
    pub(super) keeper: &'w dyn RunKeeper,
    pub(super) stop: &'w AtomicBool,
}

impl Work<'_> {
    pub(super) fn task(&mut self) -> Option<&mut TaskRun> {
        self.run.tasks.get_mut(self.at)
    }

    pub(super) async fn keep(&self) -> Result<(), RunError> {
        self.keeper.keep(self.run).await.map_err(RunError::Keep)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Writes down that a batch of this size begins.
    pub(super) async fn begin(&mut self, rows: u64) -> Result<(), RunError> {
        if let Some(task) = self.task() {
            task.in_flight = rows;
        }
        self.keep().await
    }

    /// The batch that was begun is known to have done nothing, or its counts are in.
    pub(super) fn settled(&mut self) {
        if let Some(task) = self.task() {
            task.in_flight = 0;
        }
    }

    /// Nobody knows what became of the batch that was begun.
    pub(super) fn lost(&mut self) {
        if let Some(task) = self.task() {
            task.unknown += std::mem::take(&mut task.in_flight);
        }
    }
}

/// Why a task is not carried out to its end.
pub(super) enum Halt {
    Stood(Stood),
    Stopped,
    Keep(RunError),
}

impl From<RunError> for Halt {
    fn from(error: RunError) -> Self {
        Self::Keep(error)
    }
}

impl From<connect::Error> for Halt {
    fn from(error: connect::Error) -> Self {
        Self::Stood(failed(error))
    }
}

impl Runner<'_> {
    /// Carries the schedule out. `run` says what was done, also when this fails; a rule that cannot be
    /// carried out does not stop the others. Once `stop` is set the batch under way is finished and
    /// nothing further is begun.
    pub async fn run(
        &self,
        schedule: &Schedule,
        except: &Exceptions,
        run: &mut Run,
        keeper: &dyn RunKeeper,
        stop: &AtomicBool,
    ) -> Result<(), RunError> {
        let mut opened = Opened::default();
        let mut failure = None;
        for task in &schedule.tasks {
            let Some(at) = run.tasks.iter().position(|known| known.task == task.id) else {
                continue;
            };
            let mut work = Work { run: &mut *run, at, keeper, stop };
            let ended = match self.carry_out(task, except, &mut opened, &mut work).await {
                Ok(ended) => ended,
                Err(Halt::Stopped) => Ended::Stopped,
                Err(Halt::Stood(Stood::NotReached(why))) => Ended::NotReached(why),
                Err(Halt::Stood(Stood::Refused(why))) => Ended::Refused(why),
                Err(Halt::Keep(error)) => {
                    failure = Some(error);
                    break;
                }
            };
            let left = match &ended {
                Ended::NotReached(_) | Ended::Refused(_) => None,
                _ => self.count(task, except, &mut opened).await.ok().map(|counted| Left {
                    rows: if counted.held.is_some() { 0 } else { counted.rows },
                    held_back: counted.held_back
                        + if counted.held.is_some() { counted.rows } else { 0 },
                    oldest: counted.oldest,
                }),
            };
            if let Some(told) = work.task() {
                let held = left.is_some_and(|left| left.held_back > 0);
                if held {
                    told.respected = task.reasons();
                    let reasons = except.reasons_at(&task.place);
                    told.respected.extend(reasons.into_iter().map(str::to_owned));
                }
                told.left = left;
                told.ended = Some(ended);
            }
            if let Err(error) = work.keep().await {
                failure = Some(error);
                break;
            }
        }
        opened.close().await;
        failure.map_or(Ok(()), Err)
    }

    async fn carry_out(
        &self,
        task: &Task,
        except: &Exceptions,
        opened: &mut Opened,
        work: &mut Work<'_>,
    ) -> Result<Ended, Halt> {
        if work.is_stopped() {
            return Err(Halt::Stopped);
        }
        if let Some(why) = ready::held(task, except) {
            return Ok(Ended::Held(why.to_owned()));
        }
        if task.read_only {
            let why = "this connection is read-only (`read_only` in upheld.toml): the rows stay";
            return Err(Halt::Stood(Stood::Refused(why.to_owned())));
        }
        let ready = self.ready(task, except, opened).await.map_err(Halt::Stood)?;
        let system = &task.place.system;
        self.progress.step(system, &format!("deleting from {}", task.place.collection));
        let open = opened.get(self.reach, system).await;
        let open = open.map_err(|why| Halt::Stood(Stood::NotReached(why)))?;
        self.drop_partitions(open, &ready, work).await?;
        for purge in &ready.purges {
            self.purge(open, purge, ready.frees_others, work).await?;
        }
        Ok(Ended::Done)
    }

    /// Partitions that are old as a whole go first: that is instant, however many rows they hold.
    async fn drop_partitions(
        &self,
        open: &crate::open::Open,
        ready: &Ready,
        work: &mut Work<'_>,
    ) -> Result<(), Halt> {
        let Some(purge) = ready.purges.first() else { return Ok(()) };
        for partition in droppable(open, ready).await? {
            if work.is_stopped() {
                return Err(Halt::Stopped);
            }
            work.begin(partition.about_rows).await?;
            match open.connector.drop_partition(&purge.due, &partition.name).await {
                Ok(dropped) => {
                    work.settled();
                    if let (Some(rows), Some(told)) = (dropped, work.task()) {
                        told.partitions.push((partition.name, rows));
                        self.progress.rows(rows);
                    }
                }
                // Another session holds the table, or the account may not: row by row then.
                Err(error @ connect::Error::Broken(_)) => {
                    work.lost();
                    return Err(error.into());
                }
                Err(_) => work.settled(),
            }
        }
        Ok(())
    }

    async fn purge(
        &self,
        open: &crate::open::Open,
        purge: &connect::Purge,
        frees_others: bool,
        work: &mut Work<'_>,
    ) -> Result<(), Halt> {
        let mut pace = Pace::new(self.gentle);
        loop {
            if work.is_stopped() {
                return Err(Halt::Stopped);
            }
            let limit = pace.limit();
            work.begin(u64::from(limit)).await?;
            let begun = Instant::now();
            let rest = match open.connector.purge(purge, limit).await {
                Ok(purged) => {
                    work.settled();
                    let mut rows = purged.rows;
                    if let Some(told) = work.task() {
                        told.rows += purged.rows;
                        for (table, gone) in purged.dependents {
                            rows += gone;
                            *told.dependents.entry(table.to_string()).or_default() += gone;
                        }
                    }
                    self.progress.rows(rows);
                    if purged.rows == 0 || purged.done && !frees_others {
                        return Ok(work.keep().await?);
                    }
                    pace.took(begun.elapsed())
                }
                Err(error) => {
                    match error {
                        connect::Error::Broken(_) => work.lost(),
                        _ => work.settled(),
                    }
                    match pace.busy() {
                        Some(rest) if error.is_passing() => rest,
                        _ => return Err(error.into()),
                    }
                }
            };
            tokio::time::sleep(rest).await;
        }
    }
}
