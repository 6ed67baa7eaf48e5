//! The button that has the systems asked: one look at a time of each kind, outside of any answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::console::Subject;
use auth::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use model::Micros;

use crate::site::Shared;

/// The looks that are under way, and how the last ones ended.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<BTreeMap<Subject, Stand>>);

#[derive(Debug)]
enum Stand {
    Since(Micros),
    Failed(String),
}

impl Looks {
    /// Since when a look is under way, and why the last one did not come about.
    pub(crate) fn standing(&self, subject: Subject) -> (Option<Micros>, Option<String>) {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&subject) {
            Some(Stand::Since(at)) => (Some(*at), None),
            Some(Stand::Failed(why)) => (None, Some(why.clone())),
            None => (None, None),
        }
    }

    /// Begins a look, unless one is under way.
    pub(super) fn begin(&self, subject: Subject, now: Micros) -> bool {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(looks.get(&subject), Some(Stand::Since(_))) {
            return false;
        }
        looks.insert(subject, Stand::Since(now));
        true
    }

    pub(super) fn end(&self, subject: Subject, ended: app::Result<()>) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match ended {
            Ok(()) => looks.remove(&subject),
            Err(error) => looks.insert(subject, Stand::Failed(error.to_string())),
        };
    }
}

/// Has the systems looked at, unless that is under way.
pub(crate) fn look_at(site: &Shared, actor: &Actor, subject: Subject) {
    if !site.looks.begin(subject, site.house.now()) {
        return;
    }
    let (site, actor) = (Arc::clone(site), actor.clone());
    let runtime = tokio::runtime::Handle::current();
    // A look reads and computes for minutes; it has a thread of its own.
    tokio::task::spawn_blocking(move || {
        let ended = runtime.block_on(Box::pin(site.house.look_at(&actor, subject)));
        site.looks.end(subject, ended);
    });
}

/// Has the systems looked at, and leads back to the page at once.
fn begin(site: &Shared, actor: &Actor, subject: Subject) -> Redirect {
    look_at(site, actor, subject);
    Redirect::to(&format!("/console/{}", subject.word()))
}

macro_rules! doors {
    ($($name:ident => $subject:ident;)*) => {
        $(
            pub(super) async fn $name(
                State(site): State<Shared>,
                Extension(actor): Extension<Actor>,
            ) -> Redirect {
                begin(&site, &actor, Subject::$subject)
            }
        )*
    };
}

doors! {
    promises => Promises;
    map => Map;
    systems => Systems;
    retention => Retention;
}
