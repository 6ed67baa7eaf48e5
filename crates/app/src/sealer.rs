//! Sealing beside the work: in a server, whoever sends a form does not wait until the log is signed.
//!
//! INVARIANT: an event is committed with what it proves, so what is sealed a moment later is lost by no
//! crash: whoever seals next seals it. Once sealing fails, work seals for itself again and is told why.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::Result;
use crate::house::House;
use crate::state::State;

/// How long what was sealed rests: what comes meanwhile is signed together.
const REST: Duration = Duration::from_millis(100);
/// After how long a sealing that failed is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Whether somebody seals beside the work, and the bell that wakes them.
#[derive(Debug, Default)]
pub(crate) struct Sealer {
    awake: AtomicBool,
    bell: Notify,
}

impl Sealer {
    pub(crate) fn is_awake(&self) -> bool {
        self.awake.load(Ordering::SeqCst)
    }

    /// Rests; then, if all is well, sleeps until somebody rings.
    async fn rest(&self, rest: Duration) {
        tokio::time::sleep(rest).await;
        if self.is_awake() {
            self.bell.notified().await;
        }
    }
}

/// Asleep once this is gone, however the work around it ends.
struct Awake<'a>(&'a Sealer);

impl Drop for Awake<'_> {
    fn drop(&mut self) {
        self.0.awake.store(false, Ordering::SeqCst);
    }
}

impl House {
    /// Has every event that waits sealed: at once, or a moment later where [`House::seal_beside`] runs.
    pub(crate) async fn seal(&self, state: &State) -> Result<()> {
        if self.sealer.is_awake() {
            self.sealer.bell.notify_one();
            return Ok(());
        }
        self.seal_now(state).await
    }

    /// Seals what others have done, until `stop`; then once more. `told` hears of each failure: until a
    /// sealing works again, whoever changes something seals for themselves.
    pub async fn seal_beside(
        &self,
        stop: impl Future<Output = ()>,
        told: impl Fn(&crate::Error),
    ) -> Result<()> {
        let state = self.state().await?;
        let mut stop = std::pin::pin!(stop);
        let awake = Awake(&self.sealer);
        loop {
            let rest = match self.seal_now(&state).await {
                Ok(()) => REST,
                Err(error) => {
                    told(&error);
                    AGAIN
                }
            };
            self.sealer.awake.store(rest == REST, Ordering::SeqCst);
            tokio::select! {
                () = &mut stop => break,
                () = self.sealer.rest(rest) => {}
            }
        }
        // Whoever saw it awake had committed before: what they did is sealed here.
        drop(awake);
        self.seal_now(&state).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Means;

    async fn sealed(house: &House) -> u64 {
        let state = house.state().await.unwrap();
        let mut tx = state.store.read().await.unwrap();
        let sealed = tx.ledger_state().await.unwrap().map_or(0, |known| known.size);
        assert!(sealed <= tx.event_count().await.unwrap());
        sealed
    }

    async fn happen(house: &House) {
        let state = house.state().await.unwrap();
        let mut tx = state.store.begin().await.unwrap();
        let event =
            crate::retain::kept::event(&state, "Northlight IT", "tried", &serde_json::json!({}));
        tx.append_event(&event).await.unwrap();
        tx.commit().await.unwrap();
        house.seal(&state).await.unwrap();
    }

    #[tokio::test]
    async fn what_happens_beside_a_sealer_is_sealed_a_moment_later_and_at_its_end() {
        let folder = crate::fixture::folder("anchors = []\n");
        let house = House::open(folder.path(), Means::of_this_machine()).unwrap();
        house.keep_open().await.unwrap();
        let house = Arc::new(house);
        happen(&house).await;
        let first = sealed(&house).await;
        assert!(first > 0, "nobody seals beside: it is sealed at once");
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let beside = Arc::clone(&house);
        let beside = tokio::spawn(async move {
            beside.seal_beside(async { drop(ended.await) }, |error| panic!("{error}")).await
        });
        while !house.sealer.is_awake() {
            tokio::task::yield_now().await;
        }
        for _ in 0..3 {
            happen(&house).await;
        }
        while sealed(&house).await < first + 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        happen(&house).await;
        drop(end);
        beside.await.unwrap().unwrap();
        assert_eq!(sealed(&house).await, first + 4);
        happen(&house).await;
        assert_eq!(sealed(&house).await, first + 5, "nobody seals beside any more");
    }

    #[tokio::test]
    async fn while_the_log_cannot_be_signed_whoever_changes_something_is_told() {
        let folder = crate::fixture::folder("anchors = []\n");
        let house = House::open(folder.path(), Means::of_this_machine()).unwrap();
        house.keep_open().await.unwrap();
        happen(&house).await;
        let state = house.state().await.unwrap();
        // Somebody restored the folder of the log from an older copy.
        std::fs::remove_dir_all(state.log_folder()).unwrap();
        let failures = std::cell::Cell::new(0);
        let told = |_: &crate::Error| failures.set(failures.get() + 1);
        let stop = async {
            while failures.get() == 0 {
                tokio::task::yield_now().await;
            }
            assert!(!house.sealer.is_awake());
            assert!(house.seal(&state).await.is_err());
        };
        assert!(house.seal_beside(stop, told).await.is_err());
    }
}
