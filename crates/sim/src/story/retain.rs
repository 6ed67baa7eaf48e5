//! What is too old goes, batch by batch, through everything that happens on the way.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::RunError;
use engine::retain::{Ended, Run};
use plan::Place;
use plan::retention::{Almanac, Book, Schedule};

use super::{CALM_AFTER, TURNS, Theatre};
use crate::stage::lock;
use crate::world::Held;
use crate::{Violation, broken};

impl Theatre {
    fn schedule(&self) -> Result<Schedule, Violation> {
        let now = lock(&self.stage).world.now;
        let read_only = BTreeSet::new();
        let book = Book {
            systems: &self.systems,
            clients: &[],
            classification: &[],
            read_only: &read_only,
        };
        let almanac =
            Almanac::new(now, "UTC").or_else(|why| broken("UTC is known", why.to_string()))?;
        Ok(Schedule::new(&book, &almanac))
    }

    fn hold_anything(&self) {
        let mut stage = lock(&self.stage);
        let rows: Vec<_> = stage.world.truth.keys().cloned().collect();
        let Some((place, key)) = self.dice.pick(&rows).cloned() else { return };
        if stage.world.collection(&place).is_none() {
            return;
        }
        let held = match self.dice.below(6) {
            0 => Held::Collection(Place::new(&place.system, &place.collection)),
            1 => Held::System(place.system.clone()),
            _ => Held::Row(place, key),
        };
        stage.world.holds.push(held.clone());
        stage.tell(|| format!("a hold: {held:?}"));
    }

    pub(super) async fn retention(&self) -> Result<(), Violation> {
        // A jump of the clock would move every limit; what it does is asked where requests are.
        lock(&self.stage)
            .faults
            .retain(|planned| !matches!(planned.fault, crate::stage::Fault::Clock(_)));
        for _ in 0..self.dice.below(4) {
            self.hold_anything();
        }
        let mut schedule = self.schedule()?;
        if schedule.tasks.is_empty() {
            return Ok(());
        }
        let now = lock(&self.stage).world.now;
        let mut run = Run::begin("p1", now, &schedule);
        let stop = AtomicBool::new(false);
        for turn in 0..TURNS {
            if turn >= CALM_AFTER {
                lock(&self.stage).faults.clear();
            }
            let except = lock(&self.stage).world.exceptions();
            stop.store(false, Ordering::Relaxed);
            let (runner, keeper) = (self.runner(), self.keeper());
            let work = runner.run(&schedule, &except, &mut run, &keeper, &stop);
            match self.alive(work).await {
                Some(Ok(())) => {
                    self.judge_run(&run, &schedule)?;
                    if run.is_complete() {
                        return self.judge_disposed(&run, &schedule);
                    }
                    let calm = lock(&self.stage).happened == 0;
                    let refused = |ended: &Ended| matches!(ended, Ended::Refused(_) | Ended::Done);
                    if (calm || turn > CALM_AFTER) && !run.is_open() {
                        // What the database itself forbids is said, and nothing else can be done.
                        let told: Vec<String> = run
                            .tasks
                            .iter()
                            .filter(|t| !matches!(t.ended, Some(Ended::Done | Ended::Held(_))))
                            .map(|t| format!("{}: {:?}", t.task, t.ended))
                            .collect();
                        let all = run.tasks.iter().all(|t| t.ended.as_ref().is_some_and(refused));
                        let why = if all && told.is_empty() {
                            format!("{:?}", run.tasks.iter().map(|t| t.left).collect::<Vec<_>>())
                        } else {
                            told.join("; ")
                        };
                        return broken("a run that nothing stops is complete", why);
                    }
                }
                Some(Err(RunError::Case(why))) => {
                    return broken("the driver keeps the planner's rules", why.to_string());
                }
                Some(Err(RunError::Keep(_))) | None => {
                    if self.dice.happens(25) {
                        self.hold_anything();
                    }
                    let stage = lock(&self.stage);
                    let last = stage.kept.get("p1").and_then(|kept| kept.last());
                    run = match last {
                        Some(text) => serde_json::from_str(text)
                            .or_else(|why| broken("a kept run can be read", why.to_string()))?,
                        None => Run::begin("p1", now, &schedule),
                    };
                }
            }
            schedule = self.schedule()?;
            run.take_up(&schedule);
        }
        broken("a run ends", "it did not")
    }
}
