//! Stories: what is asked, how the work is driven through everything that goes wrong, and what must
//! be true at the end.

mod access;
mod answer;
mod erase;
mod judge;
mod rectify;
mod retain;
mod retained;

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use async_trait::async_trait;
use engine::retain::{Run, RunKeeper, Runner};
use engine::{Driver, Keeper, Progress};
use model::Secret;
use plan::Case;
use policy::System;

use crate::chance::Dice;
use crate::connector::{Reach, die};
use crate::stage::{Fault, On, Shared, Stage, Turn, lock};
use crate::{Seed, Violation, broken};

/// So many turns after which nothing goes wrong any more, so that a story must end well.
const CALM_AFTER: usize = 14;
/// So many turns are enough for everybody.
const TURNS: usize = 60;

/// The telephone country of the stories.
const COUNTRY: &str = "1";

/// Everything a story works with.
struct Theatre {
    stage: Shared,
    systems: Vec<System>,
    reach: Reach,
    progress: Watch,
    key: Secret<Vec<u8>>,
    dice: Dice,
}

/// Plays a seed.
pub(crate) fn play(seed: &Seed, trace: bool) -> (Result<(), Violation>, Vec<String>) {
    let world = seed.world();
    let systems = world.systems.clone();
    let stage = Stage::new(seed.number, world, seed.faults.clone(), trace);
    let stage: Shared = Arc::new(Mutex::new(stage));
    let theatre = Theatre {
        systems,
        reach: Reach(stage.clone()),
        progress: Watch(stage.clone()),
        key: Secret::new(vec![7; 32]),
        dice: Dice::new(seed.number, "story"),
        stage: stage.clone(),
    };
    lock(&stage).tell_rows("at the beginning");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let came = match runtime {
        Ok(runtime) => runtime.block_on(theatre.story()),
        Err(error) => broken("the simulation runs", error.to_string()),
    };
    lock(&stage).tell_rows("at the end");
    let told = lock(&stage).trace.take().unwrap_or_default();
    (came, told)
}

impl Theatre {
    async fn story(&self) -> Result<(), Violation> {
        match self.dice.below(20) {
            0..=9 => self.erasure().await,
            10..=12 => self.copy().await,
            13 => self.correction().await,
            14 => self.two_people().await,
            _ => self.retention().await,
        }
    }

    fn driver(&self) -> Driver<'_> {
        Driver {
            systems: &self.systems,
            reach: &self.reach,
            key: &self.key,
            country_code: Some(COUNTRY.to_owned()),
            progress: &self.progress,
        }
    }

    fn runner(&self) -> Runner<'_> {
        Runner {
            systems: &self.systems,
            reach: &self.reach,
            key: &self.key,
            country_code: Some(COUNTRY.to_owned()),
            progress: &self.progress,
            gentle: false,
        }
    }

    fn keeper(&self) -> Safe {
        Safe(self.stage.clone())
    }

    fn tell(&self, line: impl FnOnce() -> String) {
        lock(&self.stage).tell(line);
    }

    /// Works until it is done, or until the process dies: then whatever it knew is lost.
    async fn alive<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let came = std::future::poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(came) => Poll::Ready(Some(came)),
            Poll::Pending if lock(&self.stage).crashed => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await;
        if came.is_none() {
            let mut stage = lock(&self.stage);
            stage.crashed = false;
            stage.tell(|| "the process died".to_owned());
        }
        came
    }
}

/// Follows the work, to know when the second search begins.
struct Watch(Shared);

impl Progress for Watch {
    fn step(&self, system: &str, doing: &str) {
        let mut stage = lock(&self.0);
        stage.verifying |= doing == "searching again";
        stage.tell(|| format!("`{system}`: {doing}"));
    }

    fn rows(&self, _read: u64) {}
}

/// Where our own state is written down.
struct Safe(Shared);

impl Safe {
    async fn write(
        &self,
        id: &str,
        written: Result<String, serde_json::Error>,
    ) -> Result<(), String> {
        let written = written.map_err(|error| error.to_string())?;
        let turn = lock(&self.0).occasion(On::Keep, "our own state");
        match turn {
            Turn::Fail(Fault::CrashBefore) => die(&self.0).await,
            Turn::Fail(_) => return Err("no room on the disk".to_owned()),
            Turn::Go | Turn::Then(_) => {}
        }
        lock(&self.0).kept.entry(id.to_owned()).or_default().push(written);
        match turn {
            Turn::Then(Fault::CrashAfter) => die(&self.0).await,
            Turn::Then(_) => return Err("no answer from the disk".to_owned()),
            Turn::Go | Turn::Fail(_) => {}
        }
        Ok(())
    }
}

#[async_trait]
impl Keeper for Safe {
    async fn keep(&self, case: &Case) -> Result<(), String> {
        self.write(&case.request.id, serde_json::to_string(case)).await
    }
}

#[async_trait]
impl RunKeeper for Safe {
    async fn keep(&self, run: &Run) -> Result<(), String> {
        self.write(&run.id, serde_json::to_string(run)).await
    }
}
