//! Carrying a schedule out, batch by batch.

use std::sync::atomic::{AtomicBool, Ordering};

use connect::Dropping;
use model::planted;
use plan::Exceptions;
use plan::retention::{Old, Schedule, Task};
use policy::Disposal;
use tokio::time::Instant;

use crate::driver::RunError;
use crate::open::Open;
use crate::retain::aggregate::Counter;
use crate::retain::change::Cleaner;
use crate::retain::pace::Pace;
use crate::retain::ready::{self, Ready};
use crate::retain::{
    Ended, Left, Opened, Run, RunKeeper, Runner, Stood, TaskRun, droppable, failed,
};

/// How often a partition that grows is counted again before it is dropped.
const PARTITION_TRIES: u32 = 4;

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
        if planted::bug("a_batch_is_written_down_after_it") {
            return Ok(());
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

/// How long to wait before a batch that failed is tried again, if it is worth it.
fn again(
    error: connect::Error,
    pace: &mut Pace,
    work: &mut Work<'_>,
) -> Result<std::time::Duration, Halt> {
    match error {
        connect::Error::Broken(_) if planted::bug("a_batch_is_counted_twice") => {
            if let Some(task) = work.task() {
                task.rows += std::mem::take(&mut task.in_flight);
            }
        }
        connect::Error::Broken(_) => work.lost(),
        _ => work.settled(),
    }
    match pace.busy() {
        Some(rest) if error.is_passing() => Ok(rest),
        _ => Err(error.into()),
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
        self.settle(&mut opened, run).await;
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
            let (ended, counted) = match ended {
                Ended::NotReached(_) | Ended::Refused(_) => (ended, None),
                _ => match self.count(task, except, &mut opened).await {
                    Ok(counted) => (ended, Some(counted)),
                    // A hold or somebody's stop says by itself that rows may be left.
                    Err(_) if ended != Ended::Done => (ended, None),
                    Err(Stood::NotReached(why) | Stood::Refused(why)) => {
                        let why = format!("what is left could not be counted: {why}");
                        (Ended::NotReached(why), None)
                    }
                },
            };
            let left = counted.as_ref().map(|counted| Left {
                rows: if counted.held.is_some() { 0 } else { counted.rows },
                held_back: counted.held_back
                    + if counted.held.is_some() { counted.rows } else { 0 },
                pointed_at: counted.pointed_at,
                oldest: counted.oldest,
            });
            if let Some(told) = work.task() {
                told.pointed_by = counted.map(|counted| counted.pointed_by).unwrap_or_default();
                let held = left.is_some_and(|left| left.held_back > left.pointed_at);
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
            model::crash::site("engine.retain.rule_done");
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
        if work.task().is_some_and(|told| told.pending.is_some()) {
            let why = "it is not known yet whether rows that were counted before the run was interrupted are deleted";
            return Err(Halt::Stood(Stood::NotReached(why.to_owned())));
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
        let doing = match task.method {
            Disposal::Delete => "deleting from",
            Disposal::Anonymise => "anonymising",
            Disposal::Redact => "taking names out of",
            Disposal::Aggregate { .. } => "counting and deleting from",
        };
        self.progress.step(system, &format!("{doing} {}", task.place.collection));
        let open = opened.get(self.reach, system).await;
        let open = open.map_err(|why| Halt::Stood(Stood::NotReached(why)))?;
        if let Some(cleaner) = self.cleaner(task, &ready).map_err(Halt::Stood)? {
            for purge in &ready.purges {
                self.change(open, &cleaner, &purge.due, work).await?;
            }
            return Ok(Ended::Done);
        }
        if let Disposal::Aggregate { by } = &task.method {
            let at = match &task.old {
                Old::Column(column) => Some(column.clone()),
                _ => None,
            };
            let counter = Counter { table: &ready.table, at, by: by.clone(), key: self.key };
            for purge in &ready.purges {
                self.count_and_delete(open, &counter, &purge.due, work).await?;
            }
            return Ok(Ended::Done);
        }
        self.drop_partitions(open, &ready, work).await?;
        for purge in &ready.purges {
            self.purge(open, purge, ready.frees_others, work).await?;
        }
        Ok(Ended::Done)
    }

    /// Partitions that are old as a whole go first: that is instant, however many rows they hold.
    async fn drop_partitions(
        &self,
        open: &Open,
        ready: &Ready,
        work: &mut Work<'_>,
    ) -> Result<(), Halt> {
        let Some(purge) = ready.purges.first() else { return Ok(()) };
        for partition in droppable(open, ready).await? {
            if work.is_stopped() {
                return Err(Halt::Stopped);
            }
            self.drop_partition(open, &purge.due, partition, work).await?;
        }
        Ok(())
    }

    /// The rows are announced as they are counted, since the server's own guess may be none.
    async fn drop_partition(
        &self,
        open: &Open,
        due: &connect::Due,
        partition: connect::Partition,
        work: &mut Work<'_>,
    ) -> Result<(), Halt> {
        let mut announced = 0;
        // Where rows are written into it all the time, it goes row by row.
        for _ in 0..PARTITION_TRIES {
            match open.connector.drop_partition(due, &partition.name, announced).await {
                Ok(Dropping::More(rows)) => {
                    work.begin(rows).await?;
                    model::crash::site("engine.retain.partition_announced");
                    announced = rows;
                }
                Ok(Dropping::Dropped(rows)) => {
                    model::crash::site("engine.retain.partition_not_kept");
                    work.settled();
                    if let Some(told) = work.task() {
                        told.partitions.push((partition.name, rows));
                    }
                    self.progress.rows(rows);
                    return Ok(());
                }
                Err(error @ connect::Error::Broken(_)) => {
                    work.lost();
                    return Err(error.into());
                }
                // Another session holds the table, or the account may not: row by row then.
                Ok(Dropping::Kept) | Err(_) => break,
            }
        }
        work.settled();
        Ok(())
    }

    /// Rows that stay, page by page.
    async fn change(
        &self,
        open: &Open,
        cleaner: &Cleaner<'_>,
        due: &connect::Due,
        work: &mut Work<'_>,
    ) -> Result<(), Halt> {
        let mut pace = Pace::new(self.gentle);
        let mut after = None;
        loop {
            if work.is_stopped() {
                return Err(Halt::Stopped);
            }
            let (limit, begun) = (pace.limit(), Instant::now());
            let page = cleaner.page(open, due, after.as_ref(), limit).await?;
            let mut done = Ok(connect::Changed::default());
            if page.rows > 0 {
                work.begin(page.rows).await?;
                model::crash::site("engine.retain.page_announced");
                done = open.connector.change(&page.set).await;
                model::crash::site("engine.retain.page_not_kept");
            }
            let rest = match done {
                Ok(changed) => {
                    work.settled();
                    if let Some(told) = work.task() {
                        told.rows += changed.updated;
                    }
                    self.progress.rows(u64::from(page.read));
                    if page.read < limit {
                        return Ok(work.keep().await?);
                    }
                    after = page.last;
                    pace.took(begun.elapsed())
                }
                Err(error) => again(error, &mut pace, work)?,
            };
            tokio::time::sleep(rest).await;
        }
    }

    /// Pages that were counted when the run was interrupted: whether they are deleted is asked of
    /// their tables, whatever the rules say by now. One that cannot be asked stays open.
    async fn settle(&self, opened: &mut Opened, run: &mut Run) {
        for told in run.tasks.iter_mut().filter(|told| told.pending.is_some()) {
            let Some(pending) = told.pending.take() else { continue };
            let system = self.systems.iter().find(|system| system.key == told.place.system);
            let Some(collection) = system.and_then(|s| s.collection(&told.place.collection)) else {
                // It has left the map: nobody can say any more.
                told.unknown += pending.rows();
                continue;
            };
            let there = match opened.get(self.reach, &told.place.system).await {
                Ok(open) => match open.table(collection) {
                    Ok(table) => {
                        let (at, by) = (None, Vec::new());
                        let counter = Counter { table, at, by, key: self.key };
                        counter.is_there(open, &pending).await.ok()
                    }
                    Err(_) => None,
                },
                Err(_) => None,
            };
            match there {
                Some(true) => {}
                Some(false) => told.rows += pending.fold(&mut told.counts),
                None => told.pending = Some(pending),
            }
        }
    }

    /// Rows that are counted and deleted, page by page.
    async fn count_and_delete(
        &self,
        open: &Open,
        counter: &Counter<'_>,
        due: &connect::Due,
        work: &mut Work<'_>,
    ) -> Result<(), Halt> {
        let mut pace = Pace::new(self.gentle);
        loop {
            if work.is_stopped() {
                return Err(Halt::Stopped);
            }
            let (limit, begun) = (pace.limit(), Instant::now());
            let (pending, delete, rows) = counter.page(open, due, limit).await?;
            if rows == 0 {
                return Ok(work.keep().await?);
            }
            if let Some(told) = work.task() {
                told.pending = Some(pending);
            }
            work.begin(0).await?;
            model::crash::site("engine.retain.counted_announced");
            let rest = match open.connector.change(&delete).await {
                Ok(_) => {
                    model::crash::site("engine.retain.counted_not_kept");
                    if let Some(told) = work.task()
                        && let Some(pending) = told.pending.take()
                    {
                        told.rows += pending.fold(&mut told.counts);
                    }
                    self.progress.rows(rows);
                    pace.took(begun.elapsed())
                }
                // Whether it is deleted is asked of the table when the run is taken up.
                Err(error @ connect::Error::Broken(_)) => return Err(error.into()),
                Err(error) => {
                    if let Some(told) = work.task() {
                        told.pending = None;
                    }
                    again(error, &mut pace, work)?
                }
            };
            tokio::time::sleep(rest).await;
        }
    }

    async fn purge(
        &self,
        open: &Open,
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
            let most = open.connector.batch_at_most(purge, limit).await?;
            work.begin(most).await?;
            model::crash::site("engine.retain.batch_announced");
            let begun = Instant::now();
            let rest = match open.connector.purge(purge, limit).await {
                Ok(purged) => {
                    model::crash::site("engine.retain.batch_not_kept");
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
                    let ended = purged.rows == 0 || purged.done && !frees_others;
                    if ended && open.connector.due(&purge.due, 1).await?.rows == 0 {
                        return Ok(work.keep().await?);
                    }
                    match (ended, purged.rows) {
                        // What is left is in somebody else's hands for the moment.
                        (true, 0) => {
                            let why = "rows that are due are locked by somebody else";
                            again(connect::Error::Busy(why.into()), &mut pace, work)?
                        }
                        (true, _) => pace.crowded(),
                        (false, _) => pace.took(begun.elapsed()),
                    }
                }
                Err(error) => again(error, &mut pace, work)?,
            };
            tokio::time::sleep(rest).await;
        }
    }
}
