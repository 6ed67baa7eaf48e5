//! Hands for the jobs: the loop that a server runs beside its pages.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use model::Micros;
use render::Zone;
use store::{Claim, Store};
use tokio::task::JoinSet;

use super::ask;
use super::schedule::{self, Schedules};
use super::work::{Did, Failed, Work};
use crate::Result;
use crate::house::{House, Means};

/// How a worker goes about it.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// So many jobs at once.
    pub hands: usize,
    /// A server that was silent for so long is dead. Servers whose clocks differ by more than this
    /// may do a job twice at once.
    pub lease: Duration,
    /// At least this often it is looked whether there is something to do.
    pub look: Duration,
    /// So long is waited for jobs that run when the server is to stop.
    pub grace: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            hands: 4,
            lease: Duration::from_secs(60),
            look: Duration::from_secs(1),
            grace: Duration::from_secs(20),
        }
    }
}

/// Whoever knows how to do the work.
#[async_trait]
pub(crate) trait Handle: Send + Sync + 'static {
    /// Does it. The claim is for those who write the end of the job into their own transaction.
    async fn handle(&self, work: Work, claim: &Claim) -> std::result::Result<Did, Failed>;
}

#[async_trait]
impl Handle for House {
    async fn handle(&self, work: Work, claim: &Claim) -> std::result::Result<Did, Failed> {
        Box::pin(self.carry_out(work, claim)).await
    }
}

impl House {
    /// Works on jobs until `stop` comes, and lets those that run end.
    pub async fn run_jobs(
        self: Arc<Self>,
        pace: Pace,
        stop: impl Future<Output = ()>,
    ) -> Result<()> {
        let state = self.state().await?;
        let worker = Worker {
            store: state.store.clone(),
            means: self.means.clone(),
            organisation: auth::ROOT.to_owned(),
            zone: self.zone()?,
            schedules: self.settings.schedules.clone(),
            pace,
            handler: Arc::clone(&self),
        };
        worker.run(stop).await;
        Ok(())
    }
}

pub(crate) struct Worker<H> {
    pub(crate) store: Store,
    pub(crate) means: Means,
    /// Whose the jobs of the schedules are.
    pub(crate) organisation: String,
    pub(crate) zone: Zone,
    pub(crate) schedules: Schedules,
    pub(crate) pace: Pace,
    pub(crate) handler: Arc<H>,
}

/// What this worker holds at this moment.
type Held = Arc<Mutex<BTreeMap<String, Claim>>>;

impl<H: Handle> Worker<H> {
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let held: Held = Held::default();
        let mut running = JoinSet::new();
        let mut due = BTreeMap::new();
        let worker = Arc::new(self);
        loop {
            // A database that is away for a moment is asked again after a pause: the job is not lost.
            drop(worker.tick(&mut due).await);
            let free = worker.pace.hands.saturating_sub(running.len());
            let claims = worker.take(free).await.unwrap_or_default();
            let all_taken = claims.len() == free;
            for claim in claims {
                note(&held, &claim);
                running.spawn(Arc::clone(&worker).one(claim, Arc::clone(&held)));
            }
            let pause = if all_taken && free > 0 && running.len() < worker.pace.hands {
                Duration::ZERO
            } else {
                worker.pause().await
            };
            tokio::select! {
                () = &mut stop => break,
                () = tokio::time::sleep(pause) => {}
                Some(_) = running.join_next() => {}
            }
        }
        let rest = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(worker.pace.grace, rest).await.is_err() {
            running.shutdown().await;
        }
        worker.give_back(&held).await;
    }

    /// Until something may be due.
    async fn pause(&self) -> Duration {
        let look = async {
            let mut tx = self.store.read().await?;
            let next = tx.next_job_at().await?;
            tx.rollback().await?;
            store::Result::Ok(next)
        };
        let now = self.means.clock.now();
        let until = match look.await {
            Ok(Some(next)) => u64::try_from(next.0.saturating_sub(now.0)).unwrap_or(0),
            Ok(None) | Err(_) => u64::MAX,
        };
        // Not at once: what is due and was not taken is in other hands.
        Duration::from_micros(until).clamp(self.pace.look / 20, self.pace.look)
    }

    /// Asks for what its schedule says is due. `due` remembers when to look again.
    async fn tick(&self, due: &mut BTreeMap<&'static str, Micros>) -> Result<()> {
        let now = self.means.clock.now();
        for (name, pattern, work) in self.schedules.all() {
            if due.get(name).is_some_and(|at| *at > now) {
                continue;
            }
            let Some(next) = schedule::next(pattern, &self.zone.at(now)) else {
                due.insert(name, Micros(i64::MAX));
                continue;
            };
            let mut tx = self.store.begin().await?;
            let at = tx.schedule(name, pattern, next).await?;
            if at <= now && tx.move_schedule(name, at, next).await? {
                ask(&mut tx, &self.means, &self.organisation, &work, None).await?;
            }
            tx.commit().await?;
            due.insert(name, if at <= now { next } else { at });
        }
        Ok(())
    }

    async fn take(&self, free: usize) -> Result<Vec<Claim>> {
        if free == 0 {
            return Ok(Vec::new());
        }
        let now = self.means.clock.now();
        // Looked at without taking the turn of anybody who writes.
        let mut tx = self.store.read().await?;
        let next = tx.next_job_at().await?;
        tx.rollback().await?;
        if next.is_none_or(|next| next > now) {
            return Ok(Vec::new());
        }
        let lease = store::new_id(self.means.rng.as_ref());
        let mut tx = self.store.begin().await?;
        let limit = u32::try_from(free).unwrap_or(u32::MAX);
        let claims = tx.take_jobs(&lease, now, self.until(now), limit).await?;
        tx.commit().await?;
        Ok(claims)
    }

    fn until(&self, now: Micros) -> Micros {
        let lease = i64::try_from(self.pace.lease.as_micros()).unwrap_or(i64::MAX);
        Micros(now.0.saturating_add(lease))
    }

    /// Carries one job out and writes down what came of it.
    async fn one(self: Arc<Self>, claim: Claim, held: Held) {
        // On a task of its own: what works hard must not seem dead.
        let mut alive = JoinSet::new();
        alive.spawn(Arc::clone(&self).keep(claim.clone()));
        tokio::select! {
            // Whatever cannot be written down now ends with the lease: the job is begun again.
            came = self.attempt(&claim) => drop(self.settle(&claim, came).await),
            // It is another's now.
            _ = alive.join_next() => {}
        }
        held.lock().unwrap_or_else(PoisonError::into_inner).remove(&claim.job.id);
    }

    async fn attempt(&self, claim: &Claim) -> std::result::Result<Did, Failed> {
        if claim.job.attempts > claim.job.most {
            let why = claim.job.failure.clone();
            return Err(Failed::ForGood(why.unwrap_or_else(|| {
                format!("each of {} servers that tried it broke off", claim.job.most)
            })));
        }
        let Some(work) = Work::read(&claim.job.payload) else {
            return Err(Failed::ForGood(
                "it was written by another version of Upheld and cannot be read".to_owned(),
            ));
        };
        // What a job trips over must not end the server.
        let done = AssertUnwindSafe(self.handler.handle(work, claim)).catch_unwind().await;
        done.unwrap_or_else(|_| Err(Failed::ForNow("the program failed at it".to_owned())))
    }

    /// Says again and again that this server is alive; ends when the job is another's.
    async fn keep(self: Arc<Self>, claim: Claim) {
        loop {
            tokio::time::sleep(self.pace.lease / 3).await;
            let renew = async {
                let mut tx = self.store.begin().await?;
                let ours = tx.renew_job(&claim, self.until(self.means.clock.now())).await?;
                tx.commit().await?;
                store::Result::Ok(ours)
            };
            if let Ok(false) = renew.await {
                return;
            }
        }
    }

    async fn settle(
        &self,
        claim: &Claim,
        came: std::result::Result<Did, Failed>,
    ) -> store::Result<()> {
        let now = self.means.clock.now();
        let mut tx = self.store.begin().await?;
        match came {
            Ok(Did::Ended) => return tx.rollback().await,
            Ok(Did::Done) => tx.finish_job(claim).await?,
            Err(Failed::ForNow(why)) if claim.job.attempts < claim.job.most => {
                let tries = Work::read(&claim.job.payload).unwrap_or(Work::CheckPromises).tries();
                let pause = tries.pause(claim.job.attempts, self.means.rng.as_ref());
                tx.retry_job(claim, Micros(now.0.saturating_add(pause)), &why).await?
            }
            Err(Failed::ForNow(why) | Failed::ForGood(why)) => {
                tx.bury_job(claim, now, &why).await?
            }
        };
        tx.commit().await
    }

    /// What was begun and not ended is not counted as tried.
    async fn give_back(&self, held: &Held) {
        let left = std::mem::take(&mut *held.lock().unwrap_or_else(PoisonError::into_inner));
        if left.is_empty() {
            return;
        }
        let give = async {
            let mut tx = self.store.begin().await?;
            for claim in left.values() {
                tx.give_job_back(claim, self.means.clock.now()).await?;
            }
            tx.commit().await
        };
        // If it cannot be said now, the lease runs out.
        drop(give.await);
    }
}

fn note(held: &Held, claim: &Claim) {
    let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
    held.insert(claim.job.id.clone(), claim.clone());
}

#[cfg(test)]
mod tests;
