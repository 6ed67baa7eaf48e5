//! Systems that somebody is connecting: looked into outside of any answer, and kept in memory, with
//! their passwords, until somebody says yes or no.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::connect_system::{FoundSystem, Progress, Tried};
use auth::Actor;
use model::Micros;

use crate::failure::Failure;
use crate::site::Shared;

/// What nobody said yes to is forgotten after an hour, in microseconds.
const KEPT: i64 = 60 * 60 * 1_000_000;

/// Where one of them stands.
#[derive(Clone)]
pub(crate) enum Stand {
    /// It is being looked into; what is done just now.
    Looking(String),
    /// It could not be read, and why.
    Failed(String),
    /// It waits for a yes.
    Found(Arc<FoundSystem>),
}

impl Stand {
    /// Its word, for scripts and programs.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Looking(_) => "looking",
            Self::Failed(_) => "failed",
            Self::Found(_) => "found",
        }
    }
}

/// All of them, by their names.
#[derive(Default)]
pub(crate) struct Connecting(Mutex<BTreeMap<String, (Micros, Stand)>>);

impl Connecting {
    fn with<T>(
        &self,
        now: Micros,
        what: impl FnOnce(&mut BTreeMap<String, (Micros, Stand)>) -> T,
    ) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, stand)| {
            matches!(stand, Stand::Looking(_)) || now.0.saturating_sub(at.0) < KEPT
        });
        what(&mut all)
    }

    /// Where one stands.
    pub(crate) fn of(&self, name: &str, now: Micros) -> Option<Stand> {
        self.with(now, |all| all.get(name).map(|(_, stand)| stand.clone()))
    }

    /// Their names.
    pub(crate) fn names(&self, now: Micros) -> Vec<String> {
        self.with(now, |all| all.keys().cloned().collect())
    }

    /// Forgets one, with its password; `false` if there is none, or it is still being looked into.
    pub(crate) fn forget(&self, name: &str, now: Micros) -> bool {
        self.with(now, |all| match all.get(name) {
            None | Some((_, Stand::Looking(_))) => false,
            Some(_) => all.remove(name).is_some(),
        })
    }

    fn set(&self, name: &str, now: Micros, stand: Stand) {
        self.with(now, |all| drop(all.insert(name.to_owned(), (now, stand))));
    }

    fn begin(&self, name: &str, now: Micros) -> bool {
        self.with(now, |all| {
            if matches!(all.get(name), Some((_, Stand::Looking(_)))) {
                return false;
            }
            all.insert(name.to_owned(), (now, Stand::Looking(String::new())));
            true
        })
    }
}

/// Has a system that has answered looked into.
pub(crate) fn look_into(
    site: &Shared,
    actor: &Actor,
    name: &str,
    tried: Tried,
) -> Result<(), Failure> {
    if !site.connecting.begin(name, site.house.now()) {
        return Err(Failure::Refused(format!(
            "`{name}` is being looked into already: wait for it"
        )));
    }
    let (site, actor, name) = (Arc::clone(site), actor.clone(), name.to_owned());
    let runtime = tokio::runtime::Handle::current();
    // It reads and computes for minutes; it has a thread of its own.
    tokio::task::spawn_blocking(move || {
        let mut told = |at: Progress| {
            let doing = format!("{} ({} of {})", at.doing, at.done, at.of);
            site.connecting.set(&name, site.house.now(), Stand::Looking(doing));
        };
        let found = site.house.look_into_tried(&actor, tried, &mut told);
        let stand = match runtime.block_on(Box::pin(found)) {
            Ok(found) => Stand::Found(Arc::new(found)),
            Err(error) => Stand::Failed(error.to_string()),
        };
        site.connecting.set(&name, site.house.now(), stand);
    });
    Ok(())
}

/// What was found of a system and waits for a yes.
pub(crate) fn found(site: &Shared, name: &str) -> Result<Arc<FoundSystem>, Failure> {
    match site.connecting.of(name, site.house.now()) {
        Some(Stand::Found(found)) => Ok(found),
        _ => Err(Failure::NotFound),
    }
}
