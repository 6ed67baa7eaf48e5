//! Driving cases: do what is pending, tell the case, keep it, go on.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::Secret;
use plan::{Action, Case, CaseError, Graph, Outcome, Phase, Step};
use policy::System;

use crate::change::draft;
use crate::clear::Derive;
use crate::discover;
use crate::find::{Question, find};
use crate::hand_out::{HandOut, Others, hand_out};
use crate::open::{Open, Systems};
use crate::search::{Wanted, search};
use crate::subject::Subject;
use crate::verify::{Again, verify};

/// So often is a change tried again when somebody else changed a row in between.
const TRIES: u32 = 4;

/// Keeps a case after every step, so that a killed process resumes where it was.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Writes the case down. What cannot be written stops the run: nothing is done that a restart
    /// would not know of.
    async fn keep(&self, case: &Case) -> Result<(), String>;
}

/// Told as the work goes on.
pub trait Progress: Send + Sync {
    /// A step begins, in plain words.
    fn step(&self, system: &str, doing: &str);
    /// So many more rows were read.
    fn rows(&self, read: u64);
}

/// What stops a run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The planner was driven wrongly.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The case could not be written down.
    #[error("the request could not be saved, so the work stopped: {0}")]
    Keep(String),
}

/// Drives cases through the systems of one policy.
pub struct Driver<'d> {
    /// The data map.
    pub systems: &'d [System],
    /// Opens them.
    pub reach: &'d dyn Systems,
    /// The key from which pseudonyms and hashes are derived.
    pub key: &'d Secret<Vec<u8>>,
    /// The country code of telephone numbers written without one.
    pub country_code: Option<String>,
    /// Where progress is told.
    pub progress: &'d dyn Progress,
}

/// Systems that were opened during this run, and those that could not be.
#[derive(Default)]
struct Opened {
    open: BTreeMap<String, Open>,
    closed: BTreeMap<String, String>,
}

impl Driver<'_> {
    /// Works on a case until it waits for a person, must hand out, or has ended.
    pub async fn run(&self, case: &mut Case, keeper: &dyn Keeper) -> Result<(), RunError> {
        let graph = Graph::new(self.systems);
        let mut opened = Opened::default();
        while !case.steps().is_empty() && case.phase() != Phase::Gather {
            let steps = case.steps().to_vec();
            self.open_all(&steps, &mut opened).await;
            if case.phase() == Phase::Act {
                // One transaction, then written down, before the next system is touched.
                if let Some(step) = steps.first() {
                    let outcome = self.act(&graph, case, step, &opened).await;
                    case.take(&graph, step.id, outcome)?;
                }
            } else {
                for (id, outcome) in self.look(&graph, case, &steps, &opened).await {
                    // An earlier outcome may have taken this system out of the case.
                    if case.steps().iter().any(|step| step.id == id) {
                        case.take(&graph, id, outcome)?;
                    }
                }
            }
            keeper.keep(case).await.map_err(RunError::Keep)?;
        }
        for open in opened.open.values() {
            open.connector.close().await;
        }
        Ok(())
    }

    /// Hands everything out. Done in one go: a package that was interrupted is made anew.
    pub async fn hand_out(&self, case: &mut Case, to: &mut dyn HandOut) -> Result<(), RunError> {
        let graph = Graph::new(self.systems);
        let steps = case.steps().to_vec();
        let mut opened = Opened::default();
        self.open_all(&steps, &mut opened).await;
        let subject = Subject::new(case.terms(), self.country_code.as_deref());
        let code = self.country_code.as_deref();
        let others = Others::read(&opened.open, self.systems, case, &graph, &subject, code).await;
        for step in steps {
            let Action::Gather { system } = &step.action else { continue };
            self.progress.step(system, "handing out");
            let outcome = match (opened.open.get(system), &others) {
                (None, _) => not_reached(&opened, system),
                (Some(_), Err(error)) => Outcome::NotReached(error.to_string()),
                (Some(open), Ok(others)) => {
                    match hand_out(open, &graph, case, system, &subject, others, to).await {
                        Ok(gathered) => Outcome::Gathered(gathered),
                        Err(error) => Outcome::NotReached(error.to_string()),
                    }
                }
            };
            case.take(&graph, step.id, outcome)?;
        }
        for open in opened.open.values() {
            open.connector.close().await;
        }
        Ok(())
    }

    async fn open_all(&self, steps: &[Step], opened: &mut Opened) {
        for step in steps {
            let system = step.action.system();
            if opened.open.contains_key(system) || opened.closed.contains_key(system) {
                continue;
            }
            match Open::new(self.reach, system).await {
                Ok(open) => {
                    opened.open.insert(system.to_owned(), open);
                }
                Err(error) => {
                    opened.closed.insert(system.to_owned(), error.to_string());
                }
            }
        }
    }

    /// Does every pending step that changes nothing.
    async fn look(
        &self,
        graph: &Graph<'_>,
        case: &Case,
        steps: &[Step],
        opened: &Opened,
    ) -> Vec<(u64, Outcome)> {
        let subject = std::sync::OnceLock::new();
        let code = self.country_code.as_deref();
        let mut outcomes = Vec::with_capacity(steps.len());
        for step in steps {
            let system = step.action.system();
            let Some(open) = opened.open.get(system) else {
                outcomes.push((step.id, not_reached(opened, system)));
                continue;
            };
            let subject = || subject.get_or_init(|| Subject::new(case.terms(), code));
            let read = |rows: u64| self.progress.rows(rows);
            let outcome = match &step.action {
                Action::Find { place, field, values, compare, when, carry, .. } => {
                    let question =
                        Question { place, field, values, compare: *compare, when, carry };
                    find(open, graph, &question, code).await.map(Outcome::Found)
                }
                Action::Search { system, places, terms } => {
                    self.progress.step(system, "reading every text");
                    let wanted = [Wanted { terms, subject: subject(), rows: case.rows() }];
                    search(open, graph, system, places, &wanted, code, &read)
                        .await
                        .map(|mut told| Outcome::Searched(told.pop().unwrap_or_default()))
                }
                Action::Draft { system } => {
                    self.progress.step(system, "working out and rehearsing the changes");
                    self.draft(graph, case, system, open, subject()).await
                }
                Action::Verify { system, places, .. } => {
                    self.progress.step(system, "searching again");
                    let again = Again {
                        graph,
                        case,
                        system,
                        places,
                        subject: subject(),
                        country_code: code,
                        progress: &read,
                    };
                    verify(open, &again).await.map(Outcome::Verified)
                }
                Action::Gather { .. } | Action::Act { .. } => continue,
            };
            outcomes
                .push((step.id, outcome.unwrap_or_else(|e| Outcome::NotReached(e.to_string()))));
        }
        outcomes
    }

    async fn draft(
        &self,
        graph: &Graph<'_>,
        case: &Case,
        system: &str,
        open: &Open,
        subject: &Subject,
    ) -> connect::Result<Outcome> {
        let derive = Derive::new(self.key, &case.request.id);
        let mut drafted = draft(open, graph, case, system, subject, &derive).await?;
        if drafted.told.problems.is_empty() {
            match open.connector.rehearse(&drafted.set).await {
                Ok(_) => {}
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => drafted.told.problems.push(plan::Problem {
                    collection: system.to_owned(),
                    field: None,
                    message: format!("the rehearsal failed: {error}"),
                }),
            }
        }
        Ok(Outcome::Drafted(drafted.told))
    }

    /// Changes one system, in one transaction.
    async fn act(&self, graph: &Graph<'_>, case: &Case, step: &Step, opened: &Opened) -> Outcome {
        let system = step.action.system();
        let Some(open) = opened.open.get(system) else { return not_reached(opened, system) };
        self.progress.step(system, "erasing");
        if !case.is_drafted_with(graph) {
            return Outcome::NotReached(
                "the map changed between the plan and the run; nothing was touched there. Make the plan again".to_owned(),
            );
        }
        let drafted_shape = case.drafted(system).map(|drafted| drafted.schema.as_str());
        if drafted_shape != Some(discover::fingerprint(&open.catalogue).as_str()) {
            return Outcome::NotReached(
                "its tables changed between the plan and the run; nothing was touched there. Make the plan again".to_owned(),
            );
        }
        let subject = Subject::new(case.terms(), self.country_code.as_deref());
        let derive = Derive::new(self.key, &case.request.id);
        let mut last = connect::Error::Stopped("not tried".to_owned());
        for _ in 0..TRIES {
            let work = draft(open, graph, case, system, &subject, &derive).await;
            let work = match work {
                Ok(work) if work.told.problems.is_empty() => work,
                Ok(work) => {
                    let why =
                        work.told.problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>();
                    return Outcome::NotReached(why.join("; "));
                }
                Err(error) => {
                    last = error;
                    continue;
                }
            };
            match open.connector.change(&work.set).await {
                Ok(changed) => {
                    return Outcome::Acted {
                        changed: changed.updated + changed.deleted,
                        already: changed.already,
                    };
                }
                Err(error) if error.is_passing() => last = error,
                Err(error) => return Outcome::NotReached(error.to_string()),
            }
        }
        Outcome::NotReached(last.to_string())
    }
}

fn not_reached(opened: &Opened, system: &str) -> Outcome {
    let why = opened.closed.get(system).map_or("no connection is set up", String::as_str);
    Outcome::NotReached(why.to_owned())
}
