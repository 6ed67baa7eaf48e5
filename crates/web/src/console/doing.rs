//! What is done from the pages about map, retention and promises: each a form of its own.

use std::sync::Arc;

use app::console::Subject;
use app::hold::Wanted;
use app::map::Which;
use auth::Actor;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::moment;
use crate::failure::Failure;
use crate::site::Shared;
use crate::words::work::ENGLISH;

/// Where runs and holds are shown.
const RETENTION: &str = "/console/retention";

/// Takes proposals over outside of any answer: the systems are looked at again before and after.
pub(crate) fn accepting(site: &Shared, actor: &Actor, which: Which) -> Result<(), Failure> {
    if !site.looks.begin(Subject::Map, site.house.now()) {
        return Err(Failure::Refused("the systems are being looked at: wait for it".to_owned()));
    }
    let (site, actor) = (Arc::clone(site), actor.clone());
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let done = runtime.block_on(Box::pin(site.house.accept_drift_as(&actor, &which)));
        site.looks.end(Subject::Map, done.map(drop));
    });
    Ok(())
}

/// Takes proposals over: those that are ticked, or all that are sure enough.
pub(super) async fn accept(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect, Failure> {
    let above = fields.iter().find(|(name, _)| name == "above");
    let which = match above {
        Some((_, above)) => Which::Above(above.parse().map_err(|_| Failure::Bad)?),
        None => {
            let ticked = fields.into_iter().filter(|(name, _)| name == "point");
            Which::Ids(ticked.map(|(_, id)| id).collect())
        }
    };
    if !matches!(&which, Which::Ids(ids) if ids.is_empty()) {
        accepting(&site, &actor, which)?;
    }
    Ok(Redirect::to("/console/map"))
}

/// Begins a run over the list of this digest, outside of any answer.
pub(crate) async fn dispose(site: &Shared, actor: &Actor, digest: &str) -> Result<(), Failure> {
    site.house.may_dispose(actor, digest).await?;
    if !site.disposing.begin(Subject::Retention, site.house.now()) {
        return Err(Failure::Refused("a run is under way: wait for it".to_owned()));
    }
    let (site, actor, digest) = (Arc::clone(site), actor.clone(), digest.to_owned());
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let done = runtime.block_on(Box::pin(site.house.dispose(&actor, &digest)));
        site.disposing.end(Subject::Retention, done);
    });
    Ok(())
}

/// What was read, and whether whoever sends it is sure.
#[derive(Deserialize)]
pub(super) struct Read {
    digest: String,
    #[serde(default)]
    sure: String,
}

/// Disposes of what was read.
pub(super) async fn run(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(read): Form<Read>,
) -> Result<Redirect, Failure> {
    if read.sure != "yes" {
        return Err(Failure::Bad);
    }
    dispose(&site, &actor, &read.digest).await?;
    Ok(Redirect::to(RETENTION))
}

/// Says yes to what was read, for somebody else to start the run.
pub(super) async fn agree(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(read): Form<Read>,
) -> Result<Redirect, Failure> {
    site.house.agree_to_retention(&actor, &read.digest).await?;
    Ok(Redirect::to(RETENTION))
}

/// How far a run is, for the script.
pub(super) async fn stand(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Value>, Failure> {
    app::allowed::require(&actor, auth::Action::ReadRetention, auth::ROOT)?;
    let (since, _) = site.disposing.standing(Subject::Retention);
    let Some(since) = since else { return Ok(Json(json!({ "status": "over", "says": "" }))) };
    let runs = site.house.retain_runs().await?;
    let rows = runs.iter().rev().find(|run| run.ended_at.is_none()).map_or(0, |run| run.rows);
    let says = (ENGLISH.running)(&moment(since, &site.reading()), rows);
    Ok(Json(json!({ "status": "running", "says": says })))
}

/// A hold as a form has it.
#[derive(Deserialize)]
pub(super) struct Held {
    kind: String,
    which: String,
    reason: String,
    owner: String,
    #[serde(default)]
    until: String,
}

/// Places a hold.
pub(super) async fn hold(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(held): Form<Held>,
) -> Result<Redirect, Failure> {
    let wanted = Wanted {
        what: app::hold::held(&held.kind, &held.which)?,
        reason: held.reason,
        owner: held.owner,
        until: Some(held.until).filter(|day| !day.is_empty()),
    };
    site.house.hold_as(&actor, wanted).await?;
    Ok(Redirect::to(RETENTION))
}

/// Why.
#[derive(Deserialize)]
pub(super) struct Why {
    reason: String,
}

/// Lifts a hold.
pub(super) async fn lift(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Form(why): Form<Why>,
) -> Result<Redirect, Failure> {
    site.house.lift_hold_as(&actor, &id, &why.reason).await?;
    Ok(Redirect::to(RETENTION))
}

/// A confirmation as a form has it.
#[derive(Deserialize)]
pub(super) struct Attested {
    #[serde(default)]
    note: String,
    #[serde(default)]
    sure: String,
}

/// Confirms a promise in one's own name.
pub(super) async fn attest(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(promise): Path<String>,
    Form(attested): Form<Attested>,
) -> Result<Redirect, Failure> {
    if attested.sure != "yes" || site.reading().policy.promise(&promise).is_none() {
        return Err(Failure::Bad);
    }
    let note = Some(attested.note).filter(|note| !note.trim().is_empty());
    site.house.attest_as(&actor, &promise, note).await?;
    site.forget_standing().await;
    Ok(Redirect::to(&format!("/console/promises/{promise}")))
}
