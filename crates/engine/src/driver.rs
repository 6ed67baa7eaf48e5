//! Driving cases: do what is pending, tell the case, keep it, go on.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::Secret;
use plan::{Action, Case, CaseError, Graph, LearnedTerm, Outcome, Phase, SearchPlace, Step};
use policy::System;

use crate::change::{Draft, draft};
use crate::clear::Derive;
use crate::discover;
use crate::find::{Question, find};
use crate::hand_out::{HandOut, Others, hand_out};
use crate::open::{Open, Systems};
use crate::rectify::{self, Wanted as Wanting};
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
        self.run_together(&mut [(case, keeper)]).await
    }

    /// Works on many people's cases at once. What differs from one after the other: the texts of
    /// each system are read once for all of them.
    pub async fn run_together(
        &self,
        cases: &mut [(&mut Case, &dyn Keeper)],
    ) -> Result<(), RunError> {
        let graph = Graph::new(self.systems);
        let mut opened = Opened::default();
        loop {
            let round: Vec<(usize, Vec<Step>)> = cases
                .iter()
                .enumerate()
                .filter(|(_, (case, _))| !case.steps().is_empty() && case.phase() != Phase::Gather)
                .map(|(at, (case, _))| (at, case.steps().to_vec()))
                .collect();
            if round.is_empty() {
                break;
            }
            for (_, steps) in &round {
                self.open_all(steps, &mut opened).await;
            }
            let mut searched = self.search_together(&graph, cases, &round, &opened).await;
            for (at, steps) in round {
                let Some((case, keeper)) = cases.get_mut(at) else { continue };
                let outcomes = if case.phase() == Phase::Act {
                    // One transaction, then written down, before the next system is touched.
                    match steps.first() {
                        Some(step) => vec![(step.id, self.act(&graph, case, step, &opened).await)],
                        None => Vec::new(),
                    }
                } else {
                    let mut outcomes = searched.remove(&at).unwrap_or_default();
                    outcomes.extend(self.look(&graph, case, &steps, &opened).await);
                    outcomes.sort_by_key(|(id, _)| *id);
                    outcomes
                };
                for (id, outcome) in outcomes {
                    // An earlier outcome may have taken this system out of the case.
                    if case.steps().iter().any(|step| step.id == id) {
                        case.take(&graph, id, outcome)?;
                    }
                }
                model::crash::site("engine.look.not_kept");
                keeper.keep(case).await.map_err(RunError::Keep)?;
                model::crash::site("engine.keep.done");
            }
        }
        for open in opened.open.values() {
            open.connector.close().await;
        }
        Ok(())
    }

    /// Does the searches of all cases, one pass for each system.
    async fn search_together(
        &self,
        graph: &Graph<'_>,
        cases: &[(&mut Case, &dyn Keeper)],
        round: &[(usize, Vec<Step>)],
        opened: &Opened,
    ) -> BTreeMap<usize, Vec<(u64, Outcome)>> {
        struct Search<'s> {
            case: usize,
            step: u64,
            places: &'s [SearchPlace],
            terms: &'s [LearnedTerm],
        }
        let code = self.country_code.as_deref();
        let mut by_system: BTreeMap<&str, Vec<Search<'_>>> = BTreeMap::new();
        let mut subjects: BTreeMap<usize, Subject> = BTreeMap::new();
        for (at, steps) in round {
            for step in steps {
                let Action::Search { system, places, terms } = &step.action else { continue };
                if let Some((case, _)) = cases.get(*at) {
                    subjects.entry(*at).or_insert_with(|| Subject::new(case.terms(), code));
                }
                let search = Search { case: *at, step: step.id, places, terms };
                by_system.entry(system).or_default().push(search);
            }
        }
        let mut outcomes: BTreeMap<usize, Vec<(u64, Outcome)>> = BTreeMap::new();
        let read = |rows: u64| self.progress.rows(rows);
        for (system, searches) in by_system {
            self.progress.step(system, "reading every text");
            let wanted: Vec<Wanted<'_>> = searches
                .iter()
                .filter_map(|search| {
                    let (case, _) = cases.get(search.case)?;
                    let subject = subjects.get(&search.case)?;
                    Some(Wanted { terms: search.terms, subject, rows: case.rows() })
                })
                .collect();
            let places = searches.first().map_or(&[][..], |search| search.places);
            let found = match opened.open.get(system) {
                Some(open) => search(open, graph, system, places, &wanted, code, &read)
                    .await
                    .map_err(|error| error.to_string()),
                None => Err(closed(opened, system)),
            };
            let told: Vec<Outcome> = match found {
                Ok(told) => told.into_iter().map(Outcome::Searched).collect(),
                Err(why) => searches.iter().map(|_| Outcome::NotReached(why.clone())).collect(),
            };
            for (search, outcome) in searches.iter().zip(told) {
                outcomes.entry(search.case).or_default().push((search.step, outcome));
            }
        }
        outcomes
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
                        Ok(gathered) => {
                            model::crash::site("engine.hand_out.system_done");
                            Outcome::Gathered(gathered)
                        }
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

    /// Does every pending step of one case that changes nothing.
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
                if !matches!(step.action, Action::Search { .. }) {
                    outcomes.push((step.id, not_reached(opened, system)));
                }
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
                Action::Draft { system } => {
                    self.progress.step(system, "working out and rehearsing the changes");
                    self.draft(graph, case, system, open, subject()).await
                }
                Action::Verify { system, .. } if !case.request.kind.erases() => {
                    self.progress.step(system, "looking again");
                    let derive = Derive::new(self.key, &case.request.id);
                    let wanted = Wanting { graph, case, system, country_code: code };
                    rectify::verify(open, &wanted, &derive).await.map(Outcome::Verified)
                }
                Action::Verify { system, places, .. } => {
                    self.progress.step(system, "searching again");
                    let Some(map) = self.systems.iter().find(|map| map.key == *system) else {
                        continue;
                    };
                    let again = Again {
                        graph,
                        case,
                        map,
                        system,
                        places,
                        subject: subject(),
                        country_code: code,
                        progress: &read,
                    };
                    verify(open, &again).await.map(Outcome::Verified)
                }
                // Searches are done for all cases together.
                Action::Search { .. } | Action::Gather { .. } | Action::Act { .. } => continue,
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
        let mut drafted = self.work_out(graph, case, system, open, subject).await?;
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

    /// What would change in a system, from what it holds at this moment.
    async fn work_out(
        &self,
        graph: &Graph<'_>,
        case: &Case,
        system: &str,
        open: &Open,
        subject: &Subject,
    ) -> connect::Result<Draft> {
        let derive = Derive::new(self.key, &case.request.id);
        if case.request.kind.erases() {
            draft(open, graph, case, system, subject, &derive).await
        } else {
            let country_code = self.country_code.as_deref();
            rectify::draft(open, &Wanting { graph, case, system, country_code }, &derive).await
        }
    }

    /// Changes one system, in one transaction.
    async fn act(&self, graph: &Graph<'_>, case: &Case, step: &Step, opened: &Opened) -> Outcome {
        let system = step.action.system();
        let Some(open) = opened.open.get(system) else { return not_reached(opened, system) };
        self.progress
            .step(system, if case.request.kind.erases() { "erasing" } else { "correcting" });
        if !case.is_drafted_with(graph) {
            return Outcome::NotReached(
                "the map changed between the plan and the run; nothing was touched there. Make the plan again".to_owned(),
            );
        }
        let drafted =
            case.drafted(system).map(|drafted| drafted.schema.as_str()).unwrap_or_default();
        let shape = drafted.split('/').next().unwrap_or_default();
        if shape != discover::fingerprint(&open.catalogue) {
            return Outcome::NotReached(
                "its tables changed between the plan and the run; nothing was touched there. Make the plan again".to_owned(),
            );
        }
        let subject = Subject::new(case.terms(), self.country_code.as_deref());
        let mut last = connect::Error::Stopped("not tried".to_owned());
        for _ in 0..TRIES {
            let work = match self.work_out(graph, case, system, open, &subject).await {
                Ok(work) => work,
                Err(error) if error.is_passing() => {
                    last = error;
                    continue;
                }
                Err(error) => return Outcome::NotReached(error.to_string()),
            };
            // A process that was killed after its commit finds everything as wanted.
            if work.set.changes.is_empty() {
                let rows = case.drafted(system).map_or(0, planned_rows);
                return Outcome::Acted { changed: 0, already: rows };
            }
            if work.told.schema != drafted {
                return Outcome::NotReached(
                    "rows of the plan were changed by somebody else since; nothing was touched there. Make the plan again".to_owned(),
                );
            }
            model::crash::site("engine.act.before_change");
            match open.connector.change(&work.set).await {
                Ok(changed) => {
                    model::crash::site("engine.act.changed_not_kept");
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

fn planned_rows(drafted: &plan::Drafted) -> u64 {
    drafted.places.iter().map(|place| place.changed + place.deleted).sum()
}

fn closed(opened: &Opened, system: &str) -> String {
    opened.closed.get(system).cloned().unwrap_or_else(|| "no connection is set up".to_owned())
}

fn not_reached(opened: &Opened, system: &str) -> Outcome {
    Outcome::NotReached(closed(opened, system))
}
