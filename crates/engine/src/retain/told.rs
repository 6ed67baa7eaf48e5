//! What is told of retention: counts and our own names, nothing personal.

use std::collections::{BTreeMap, BTreeSet};

use model::Micros;
use plan::Place;
use plan::retention::{Old, Schedule, Task};
use policy::Disposal;
use serde::{Deserialize, Serialize};

use crate::retain::aggregate::{Counts, Pending};

/// How much is due by one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The rule.
    pub task: Task,
    /// What was found.
    pub found: Found,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Counts.
    Counted(Counted),
    /// A system was not reached, and why.
    NotReached(String),
    /// The rule cannot be carried out as it stands, and why.
    Refused(String),
}

/// Counts of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Rows that are due, those that go with them not counted.
    pub rows: u64,
    /// Whether counting stopped there.
    pub at_least: bool,
    /// The moment of the oldest, where a column tells it.
    pub oldest: Option<Micros>,
    /// Rows that are old enough and stay: by a minimum age, a hold, or because others point at them.
    pub held_back: u64,
    /// Of those, the rows that stay only because others point at them.
    pub pointed_at: u64,
    /// The collections whose rows do.
    pub pointed_by: BTreeSet<String>,
    /// Rows whose age nobody can tell, so that the rule never disposes of them. Asked by
    /// [`crate::retain::Runner::due`] alone; `None` where it was not.
    pub undated: Option<u64>,
    /// Partitions that would be dropped whole, with about how many rows each.
    pub partitions: Vec<(String, u64)>,
    /// The hold that keeps all of it, if one does.
    pub held: Option<String>,
}

/// A run, as it is kept after every batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: String,
    /// When it began.
    pub begun_at: Micros,
    /// Digest of the schedule that it carries out.
    pub digest: String,
    /// How often it was interrupted and taken up again.
    pub interrupted: u32,
    /// The rules, in the order in which they are carried out.
    pub tasks: Vec<TaskRun>,
}

/// One rule in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRun {
    /// The task's name.
    pub task: String,
    /// Where.
    pub place: Place,
    /// The rule in words.
    pub rule: String,
    /// What becomes of a due row (`delete`).
    pub method: String,
    /// The limit: what lay before it went.
    pub cutoff: Micros,
    /// Rows disposed of.
    pub rows: u64,
    /// Rows that went with them, by table.
    pub dependents: BTreeMap<String, u64>,
    /// Partitions dropped whole, with the rows that they held.
    pub partitions: Vec<(String, u64)>,
    /// The size of a batch that was begun and of which nothing is known yet.
    pub in_flight: u64,
    /// Rows at most that an interrupted batch disposed of beyond those counted.
    pub unknown: u64,
    /// What was counted of rows that were deleted then: by month and values, separated by U+001F.
    #[serde(default)]
    pub counts: Counts,
    /// The columns of the counts, in their order.
    #[serde(default)]
    pub counted_by: Vec<String>,
    /// A page that was counted and may not be deleted yet.
    #[serde(default)]
    pub pending: Option<Pending>,
    /// What was due afterwards, counted again.
    pub left: Option<Left>,
    /// How it ended; `None` while it waits or is under way.
    pub ended: Option<Ended>,
    /// The minimum ages and holds that were respected.
    pub respected: BTreeSet<String>,
    /// The collections whose rows point at some that are left.
    #[serde(default)]
    pub pointed_by: BTreeSet<String>,
}

/// What is left after a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Rows that are still due.
    pub rows: u64,
    /// Rows that are old enough and stay: by a minimum age, a hold, or because others point at them.
    pub held_back: u64,
    /// Of those, the rows that stay only because others point at them.
    #[serde(default)]
    pub pointed_at: u64,
    /// The moment of the oldest that is due.
    pub oldest: Option<Micros>,
}

/// How a rule ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Nothing was left to do.
    Done,
    /// Somebody stopped the run.
    Stopped,
    /// A hold keeps all of it.
    Held(String),
    /// A system was not reached or failed, and why.
    NotReached(String),
    /// It cannot be carried out as it stands, and why.
    Refused(String),
}

impl Run {
    /// A run that has done nothing yet.
    pub fn begin(id: &str, now: Micros, schedule: &Schedule) -> Self {
        let mut run = Self {
            id: id.to_owned(),
            begun_at: now,
            digest: String::new(),
            interrupted: 0,
            tasks: Vec::new(),
        };
        run.follow(schedule);
        run
    }

    /// Takes a run up again that was interrupted: what was done stays counted, every rule is carried
    /// out once more with its limit of today.
    pub fn take_up(&mut self, schedule: &Schedule) {
        self.interrupted += 1;
        for task in &mut self.tasks {
            task.unknown += std::mem::take(&mut task.in_flight);
            // What is no longer a rule stays as it was left.
            task.ended.get_or_insert(Ended::Stopped);
        }
        self.follow(schedule);
    }

    fn follow(&mut self, schedule: &Schedule) {
        self.digest = schedule.digest();
        for task in &schedule.tasks {
            let fresh = TaskRun::new(task);
            match self.tasks.iter_mut().find(|known| known.task == task.id) {
                Some(known) if known.is_same_rule(&fresh) => {
                    known.cutoff = fresh.cutoff;
                    known.ended = None;
                    known.left = None;
                }
                Some(known) => {
                    // INVARIANT: what an edited rule did stays under its own words.
                    known.task = format!("{} until resumption {}", known.task, self.interrupted);
                    self.tasks.push(fresh);
                }
                None => self.tasks.push(fresh),
            }
        }
    }

    /// Whether rows were counted of which it is not known yet whether they are deleted: such a run
    /// must go on before it can end.
    pub fn is_open(&self) -> bool {
        self.tasks.iter().any(|task| task.pending.is_some())
    }

    /// Rows disposed of, those that went along and those of dropped partitions among them.
    pub fn rows(&self) -> u64 {
        self.tasks.iter().map(TaskRun::all_rows).sum()
    }

    /// Whether every rule was carried out to its end.
    pub fn is_complete(&self) -> bool {
        // INVARIANT: what was not counted afterwards is not known to be done.
        self.tasks.iter().all(|task| match task.ended {
            Some(Ended::Done) => task.left.is_some_and(|left| left.rows == 0),
            Some(Ended::Held(_)) => task.left.is_none_or(|left| left.rows == 0),
            _ => false,
        })
    }
}

impl TaskRun {
    fn new(task: &Task) -> Self {
        Self {
            task: task.id.clone(),
            place: task.place.clone(),
            rule: task.rule.clone(),
            method: task.method.key().to_owned(),
            cutoff: task.cutoff.at,
            rows: 0,
            dependents: BTreeMap::new(),
            partitions: Vec::new(),
            in_flight: 0,
            unknown: 0,
            counts: Counts::new(),
            counted_by: counted_by(task),
            pending: None,
            left: None,
            ended: None,
            respected: BTreeSet::new(),
            pointed_by: BTreeSet::new(),
        }
    }

    fn is_same_rule(&self, other: &Self) -> bool {
        let rule = |told: &Self| {
            (told.place.clone(), told.rule.clone(), told.method.clone(), told.counted_by.clone())
        };
        rule(self) == rule(other)
    }

    /// Rows disposed of, those that went along and those of dropped partitions among them.
    pub fn all_rows(&self) -> u64 {
        let partitions: u64 = self.partitions.iter().map(|(_, rows)| rows).sum();
        self.rows + partitions + self.dependents.values().sum::<u64>()
    }
}

/// The columns by which a task counts, if it does.
fn counted_by(task: &Task) -> Vec<String> {
    let Disposal::Aggregate { by } = &task.method else { return Vec::new() };
    let month = matches!(task.old, Old::Column(_)).then(|| "month".to_owned());
    month.into_iter().chain(by.iter().cloned()).collect()
}
