//! Driving cases: do what is pending, tell the case, keep it, go on.

mod act;
mod look;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use model::{Secret, planted};
use plan::{Action, Case, CaseError, Graph, Outcome, Phase, Step};
use policy::System;
use tokio::time::Instant;

use self::look::Waiting;
use crate::hand_out::{Guest, HandOut, hand_out};
use crate::open::{Open, Systems};
use crate::others::NameBook;

/// Keeps a case, so that a killed process resumes where it was: after every step that searched, drafted,
/// changed or looked again, and of the look-ups before, which change nothing, about once a second.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Writes the case down. What cannot be written stops the run: nothing is done that a restart
    /// would not know of.
    async fn keep(&self, case: &Case) -> Result<(), String>;
}

/// Keeps many cases, as a [`Keeper`] does one.
#[async_trait]
pub trait KeepTogether: Send + Sync {
    /// Writes these cases down, each with its place among those that are driven together.
    async fn keep_all(&self, cases: &[(usize, &Case)]) -> Result<(), String>;
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

/// A stay in the systems: what is opened stays open until [`Visit::close`], for as many cases as
/// there are.
///
/// The shape of a system is that of the moment at which it was opened. So what was looked at is
/// changed in another stay ([`Driver::run`]), or after [`Visit::look_anew`].
pub struct Visit<'v> {
    driver: &'v Driver<'v>,
    graph: Graph<'v>,
    opened: Opened,
    names: Option<NameBook>,
    /// When the cases were last written down; what was opened or taken up for this stay is.
    kept: Instant,
}

/// Look-ups may be lost for so long when a process is killed: they are done again.
const LOOK_UPS: Duration = Duration::from_secs(1);

impl Driver<'_> {
    /// Works on a case until it waits for a person, must hand out, or has ended.
    pub async fn run(&self, case: &mut Case, keeper: &dyn Keeper) -> Result<(), RunError> {
        self.run_together(&mut [(case, keeper)]).await
    }

    /// Works on many people's cases at once. What differs from one after the other: each question
    /// is put once with everybody's values, and the texts of each system are read once.
    pub async fn run_together(
        &self,
        cases: &mut [(&mut Case, &dyn Keeper)],
    ) -> Result<(), RunError> {
        let (mut cases, keepers): (Vec<&mut Case>, Vec<&dyn Keeper>) =
            cases.iter_mut().map(|(case, keeper)| (&mut **case, *keeper)).unzip();
        let mut visit = self.visit();
        let ran = visit.run(&mut cases, &Each(&keepers)).await;
        visit.close().await;
        ran
    }

    /// Hands everything out. Done in one go: a package that was interrupted is made anew.
    pub async fn hand_out(&self, case: &mut Case, to: &mut dyn HandOut) -> Result<(), RunError> {
        let mut visit = self.visit();
        let handed = visit.hand_out(&mut [(case, to)]).await;
        visit.close().await;
        handed
    }

    /// Begins a stay in the systems.
    pub fn visit(&self) -> Visit<'_> {
        Visit {
            driver: self,
            graph: Graph::new(self.systems),
            opened: Opened::default(),
            names: None,
            kept: Instant::now(),
        }
    }
}

/// A keeper for each.
struct Each<'e>(&'e [&'e dyn Keeper]);

#[async_trait]
impl KeepTogether for Each<'_> {
    async fn keep_all(&self, cases: &[(usize, &Case)]) -> Result<(), String> {
        for (at, case) in cases {
            if let Some(keeper) = self.0.get(*at) {
                keeper.keep(case).await?;
            }
        }
        Ok(())
    }
}

impl Visit<'_> {
    /// Remembers the names of the people in the systems between packages, up to a bound: for
    /// whoever makes many of them.
    pub fn remember_names(&mut self) {
        self.names = Some(NameBook::default());
    }

    /// Reads the shape of every open system again. One that does not answer is closed, and opened
    /// anew when it is asked next.
    pub async fn look_anew(&mut self) {
        for (key, mut open) in std::mem::take(&mut self.opened.open) {
            if open.look_anew().await.is_ok() {
                self.opened.open.insert(key, open);
            } else {
                open.connector.close().await;
            }
        }
    }

    /// Works on these cases until each waits for a person, must hand out, or has ended.
    pub async fn run(
        &mut self,
        cases: &mut [&mut Case],
        keeper: &dyn KeepTogether,
    ) -> Result<(), RunError> {
        // What was out of reach a while ago is tried again.
        self.opened.closed.clear();
        loop {
            let steps = cases.iter().filter(|case| case.phase() != Phase::Gather);
            let steps: Vec<Step> = steps.flat_map(|case| case.steps().iter().cloned()).collect();
            if steps.is_empty() {
                return Ok(());
            }
            self.open_all(&steps).await;
            self.look(cases, keeper).await?;
            self.act(cases, keeper).await?;
        }
    }

    /// One round of everything that changes nothing.
    async fn look(
        &mut self,
        cases: &mut [&mut Case],
        keeper: &dyn KeepTogether,
    ) -> Result<(), RunError> {
        let looks = |case: &Case| {
            !case.steps().is_empty() && !matches!(case.phase(), Phase::Gather | Phase::Act)
        };
        let waiting: Vec<Waiting<'_>> = cases
            .iter()
            .enumerate()
            .filter(|(_, case)| looks(case))
            .map(|(at, case)| Waiting::new(at, case))
            .collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let outcomes = self.driver.look(&self.graph, &waiting, &self.opened).await;
        let at: Vec<usize> = waiting.iter().map(|waits| waits.at).collect();
        drop(waiting);
        for (at, outcomes) in at.iter().zip(outcomes) {
            let Some(case) = cases.get_mut(*at) else { continue };
            for (id, outcome) in outcomes {
                // An earlier outcome may have taken this system out of the case.
                if case.is_pending(id) {
                    case.take(&self.graph, id, outcome)?;
                }
            }
        }
        let looked: Vec<(usize, &Case)> =
            at.iter().filter_map(|at| Some((*at, &**cases.get(*at)?))).collect();
        model::crash::site("engine.look.not_kept");
        let leads_on = looked.iter().any(|(_, case)| case.phase() != Phase::Discover);
        if leads_on || self.kept.elapsed() >= LOOK_UPS {
            keeper.keep_all(&looked).await.map_err(RunError::Keep)?;
            self.kept = Instant::now();
            model::crash::site("engine.keep.done");
        }
        Ok(())
    }

    /// One change for each case that changes something.
    async fn act(
        &mut self,
        cases: &mut [&mut Case],
        keeper: &dyn KeepTogether,
    ) -> Result<(), RunError> {
        for (at, case) in cases.iter_mut().enumerate() {
            let Some(step) = case.steps().first().filter(|_| case.phase() == Phase::Act) else {
                continue;
            };
            let step = step.clone();
            self.open_all(std::slice::from_ref(&step)).await;
            // One transaction, then written down, before the next system is touched.
            let outcome = self.driver.act(&self.graph, case, &step, &self.opened).await;
            case.take(&self.graph, step.id, outcome)?;
            if planted::bug("an_act_is_not_written_down") {
                continue;
            }
            keeper.keep_all(&[(at, &**case)]).await.map_err(RunError::Keep)?;
            model::crash::site("engine.keep.done");
        }
        Ok(())
    }

    /// Hands everything out, to each what is theirs. The rows of all of them are read together.
    pub async fn hand_out(
        &mut self,
        people: &mut [(&mut Case, &mut dyn HandOut)],
    ) -> Result<(), RunError> {
        let mut steps: Vec<Step> = Vec::new();
        for (case, _) in people.iter() {
            steps.extend(case.steps().iter().cloned());
        }
        self.open_all(&steps).await;
        let code = self.driver.country_code.as_deref();
        let systems = |case: &Case| {
            let gathers = case.steps().iter().filter_map(|step| match &step.action {
                Action::Gather { system } => Some(system.clone()),
                _ => None,
            });
            gathers.collect()
        };
        let mut guests: Vec<Guest<'_>> = people
            .iter_mut()
            .map(|(case, to)| Guest::new(case, systems(case), &mut **to, code))
            .collect();
        let Self { driver, graph, opened, names, .. } = self;
        let open = &opened.open;
        hand_out(open, driver.systems, graph, &mut guests, names.as_mut(), driver.progress).await;
        let told: Vec<_> = guests.into_iter().map(Guest::told).collect();
        for ((case, _), mut told) in people.iter_mut().zip(told) {
            for step in case.steps().to_vec() {
                let Action::Gather { system } = &step.action else { continue };
                let outcome = match told.remove(system) {
                    Some(Ok(gathered)) => Outcome::Gathered(gathered),
                    Some(Err(why)) => Outcome::NotReached(why),
                    None => not_reached(opened, system),
                };
                model::crash::site("engine.hand_out.system_done");
                case.take(graph, step.id, outcome)?;
            }
        }
        Ok(())
    }

    /// Closes every system that was opened.
    pub async fn close(self) {
        for open in self.opened.open.values() {
            open.connector.close().await;
        }
    }

    async fn open_all(&mut self, steps: &[Step]) {
        let Opened { open, closed } = &mut self.opened;
        for step in steps {
            let system = step.action.system();
            if open.contains_key(system) || closed.contains_key(system) {
                continue;
            }
            match Open::new(self.driver.reach, system).await {
                Ok(opened) => {
                    open.insert(system.to_owned(), opened);
                }
                Err(error) => {
                    closed.insert(system.to_owned(), error.to_string());
                }
            }
        }
    }
}

fn closed(opened: &Opened, system: &str) -> String {
    opened.closed.get(system).cloned().unwrap_or_else(|| "no connection is set up".to_owned())
}

fn not_reached(opened: &Opened, system: &str) -> Outcome {
    Outcome::NotReached(closed(opened, system))
}
