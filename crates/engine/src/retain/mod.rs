//! Retention in running systems: what is due is counted, and disposed of.
//!
//! [`plan::retention::Schedule`] says what is asked; this room opens the systems and does it, a small
//! batch at a time, so that nobody beside us waits for a lock, and so that a run can be stopped or
//! killed at any moment:
//!
//! ```no_run
//! # async fn doc(
//! #     runner: &engine::retain::Runner<'_>, schedule: &plan::retention::Schedule,
//! #     keeper: &dyn engine::retain::RunKeeper, stop: &std::sync::atomic::AtomicBool,
//! # ) -> Result<(), engine::RunError> {
//! let except = plan::Exceptions::default(); // legal holds, resolved to rows
//! let due = runner.due(schedule, &except).await;
//! let mut run = engine::retain::Run::begin("5f2c", model::Micros(0), schedule);
//! runner.run(schedule, &except, &mut run, keeper, stop).await
//! # }
//! ```
//!
//! What is deliberately not here: deciding what is old (the schedule), resolving holds to rows and
//! keeping what was done (the caller), deleting a row by itself (the connector, which asks every
//! condition again in the statement that deletes).
//!
//! INVARIANT: a batch is written down before it is done, with the most that it can do. After a kill
//! the counts are exact but for that one batch, and the record says so; nothing is counted twice.
//!
//! INVARIANT: a system that is not reached is named. Silence is never success.

mod aggregate;
mod change;
mod event;
mod hold;
mod pace;
mod pointed;
mod ready;
mod run;
mod told;

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{Secret, Value};
use plan::Exceptions;
use plan::retention::{Old, Schedule, Task};
use policy::{Disposal, System};

use crate::driver::Progress;
use crate::open::{Open, Systems};
pub use aggregate::{Counts, Pending, SEPARATOR};
use change::Cleaner;
use event::Failure;
pub use hold::{HeldRows, Resolved, Resolver, Root};
pub(crate) use ready::Making;
use ready::Ready;
pub use told::{Counted, Due, Ended, Found, Left, Run, TaskRun};

/// Counting stops here: a table with more due rows says "at least".
const COUNT_AT_MOST: u64 = 1_000_000;

/// Keeps a run after every batch.
#[async_trait]
pub trait RunKeeper: Send + Sync {
    /// Writes the run down. What cannot be written stops the run.
    async fn keep(&self, run: &Run) -> Result<(), String>;
}

/// Carries schedules out in the systems of one policy.
pub struct Runner<'r> {
    /// The data map.
    pub systems: &'r [System],
    /// Opens them.
    pub reach: &'r dyn Systems,
    /// The key from which values that tell nothing are derived.
    pub key: &'r Secret<Vec<u8>>,
    /// The country code of telephone numbers written without one.
    pub country_code: Option<String>,
    /// Where progress is told.
    pub progress: &'r dyn Progress,
    /// Rest after each batch as long as it took, so that others have the database half of the time.
    pub gentle: bool,
}

/// Systems that were opened during this run, and those that could not be.
#[derive(Default)]
pub(crate) struct Opened {
    open: BTreeMap<String, Open>,
    closed: BTreeMap<String, String>,
}

impl Opened {
    async fn get(&mut self, reach: &dyn Systems, system: &str) -> Result<&Open, String> {
        if let Some(why) = self.closed.get(system) {
            return Err(why.clone());
        }
        if !self.open.contains_key(system) {
            match Open::new(reach, system).await {
                Ok(open) => {
                    self.open.insert(system.to_owned(), open);
                }
                Err(error) => {
                    self.closed.insert(system.to_owned(), error.to_string());
                    return Err(error.to_string());
                }
            }
        }
        self.open.get(system).ok_or_else(|| "it was not opened".to_owned())
    }

    async fn close(&self) {
        for open in self.open.values() {
            open.connector.close().await;
        }
    }
}

/// Why a task is not carried out.
pub(crate) enum Stood {
    /// A system that it needs was not reached, or failed for good.
    NotReached(String),
    /// The map and the system disagree, or the rule asks for what cannot be.
    Refused(String),
}

impl Runner<'_> {
    /// How much is due, rule by rule. Nothing is changed.
    pub async fn due(&self, schedule: &Schedule, except: &Exceptions) -> Vec<Due> {
        let mut opened = Opened::default();
        let mut told = Vec::with_capacity(schedule.tasks.len());
        for task in &schedule.tasks {
            self.progress.step(&task.place.system, "counting what is due");
            let found = match self.count(task, except, &mut opened).await {
                Ok(mut counted) => {
                    counted.undated = self.undated(task, except, &mut opened).await;
                    Found::Counted(counted)
                }
                Err(Stood::NotReached(why)) => Found::NotReached(why),
                Err(Stood::Refused(why)) => Found::Refused(why),
            };
            told.push(Due { task: task.clone(), found });
        }
        opened.close().await;
        told
    }

    /// Counts one task.
    async fn count(
        &self,
        task: &Task,
        except: &Exceptions,
        opened: &mut Opened,
    ) -> Result<Counted, Stood> {
        let ready = self.ready(task, except, opened).await?;
        let open = opened.get(self.reach, &task.place.system).await.map_err(Stood::NotReached)?;
        let mut counted =
            Counted { held: ready::held(task, except).map(str::to_owned), ..Counted::default() };
        let cleaner = self.cleaner(task, &ready)?;
        for purge in &ready.purges {
            let left = COUNT_AT_MOST.saturating_sub(counted.rows).max(1);
            let mut due = open.connector.due(&purge.due, left).await.map_err(failed)?;
            if let Some(cleaner) = &cleaner {
                (due.rows, due.at_least) = unchanged(open, cleaner, &purge.due, left).await?;
                due.oldest = None;
            }
            counted.rows += due.rows;
            counted.at_least |= due.at_least;
            counted.held_back += due.held_back;
            // Under a hold over all of it, that is what keeps the rows.
            if counted.held.is_none() {
                let system = self.system(&task.place.system)?;
                let pointed = pointed::pointed(open, system, &purge.due, &due, left);
                let pointed = pointed.await.map_err(failed)?;
                counted.pointed_at += pointed.rows;
                counted.pointed_by.extend(pointed.by);
            }
            counted.oldest = match (counted.oldest, due.oldest) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        for partition in droppable(open, &ready).await.map_err(failed)? {
            counted.partitions.push((partition.name, partition.about_rows));
        }
        Ok(counted)
    }

    /// How many rows of a task tell no moment.
    async fn undated(&self, task: &Task, except: &Exceptions, opened: &mut Opened) -> Option<u64> {
        let ready = self.ready(task, except, opened).await.ok()?;
        let open = opened.get(self.reach, &task.place.system).await.ok()?;
        let purge = ready.purges.first()?;
        open.connector.undated(&purge.due, COUNT_AT_MOST).await.ok()
    }

    /// Makes a task ready: its tables, its columns, the values of an event.
    async fn ready(
        &self,
        task: &Task,
        except: &Exceptions,
        opened: &mut Opened,
    ) -> Result<Ready, Stood> {
        let values: Vec<Value> = match &task.old {
            Old::Column(_) | Old::File => Vec::new(),
            Old::Clients { any_of, .. } => {
                any_of.iter().map(|value| Value::from(value.as_str())).collect()
            }
            Old::Event { place, column, key, .. } => {
                let system = self.system(&place.system)?;
                let open = opened.get(self.reach, &place.system).await.map_err(|why| {
                    Stood::NotReached(format!(
                        "`{}`, in which the days stand, was not reached: {why}",
                        place.system
                    ))
                })?;
                let making = Making { open, system, except };
                match event::values(&making, place, column, key, &task.cutoff).await {
                    Ok(values) => values,
                    Err(Failure::Refused(why)) => return Err(Stood::Refused(why)),
                    Err(Failure::System(error)) => return Err(failed(error)),
                }
            }
        };
        let system = self.system(&task.place.system)?;
        let open = opened.get(self.reach, &task.place.system).await.map_err(Stood::NotReached)?;
        Making { open, system, except }.ready(task, &values).map_err(Stood::Refused)
    }

    /// What changes the rows of a task that stay.
    fn cleaner<'c>(&'c self, task: &Task, ready: &'c Ready) -> Result<Option<Cleaner<'c>>, Stood> {
        if !matches!(task.method, Disposal::Anonymise | Disposal::Redact) {
            return Ok(None);
        }
        let collection = self.system(&task.place.system)?.collection(&task.place.collection);
        let collection = collection
            .ok_or_else(|| Stood::Refused(format!("`{}` is no longer in the map", task.place)))?;
        let code = self.country_code.as_deref();
        let cleaner = Cleaner::new(collection, &ready.table, &task.method, self.key, code);
        cleaner.map(Some).map_err(Stood::Refused)
    }

    fn system(&self, key: &str) -> Result<&System, Stood> {
        let system = self.systems.iter().find(|system| system.key == key);
        system.ok_or_else(|| Stood::Refused(format!("`{key}` is no longer in the map")))
    }
}

/// How many due rows still say something about people, and whether counting stopped there.
async fn unchanged(
    open: &Open,
    cleaner: &Cleaner<'_>,
    due: &connect::Due,
    at_most: u64,
) -> Result<(u64, bool), Stood> {
    const PAGE: u32 = 5_000;
    let (mut rows, mut after) = (0, None);
    loop {
        let page = cleaner.page(open, due, after.as_ref(), PAGE).await.map_err(failed)?;
        rows += page.rows;
        if rows >= at_most {
            return Ok((rows, true));
        }
        if page.read < PAGE {
            return Ok((rows, false));
        }
        after = page.last;
    }
}

/// A failure of the world, told apart from what somebody must mend in the map.
pub(crate) fn failed(error: connect::Error) -> Stood {
    use connect::Error;
    match error {
        Error::NoTable(_)
        | Error::NoColumn { .. }
        | Error::Constraint { .. }
        | Error::Denied { .. }
        | Error::ReadOnly
        | Error::NotOffered { .. } => Stood::Refused(error.to_string()),
        _ => Stood::NotReached(error.to_string()),
    }
}

/// The partitions that lie before the limit as a whole.
pub(crate) async fn droppable(
    open: &Open,
    ready: &Ready,
) -> connect::Result<Vec<connect::Partition>> {
    let Some(column) = &ready.partitions_by else { return Ok(Vec::new()) };
    let limit = ready.purges.first().and_then(|purge| purge.not_after);
    let all = open.connector.partitions(&ready.table.name, column).await?;
    let past = |partition: &connect::Partition| {
        partition.until.zip(limit).is_some_and(|(until, limit)| until <= limit)
    };
    Ok(all.into_iter().filter(past).collect())
}
