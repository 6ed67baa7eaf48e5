//! Jobs that were given up, for a person to settle.

use app::jobs::Dead;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

use super::{Frame, Room, asked, frame, page, with};
use crate::failure::Failure;
use crate::site::Shared;

/// Of which organisation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    organisation: String,
}

#[derive(Template)]
#[template(path = "console/requests/jobs.html")]
struct Page<'a> {
    frame: Frame<'a>,
    room: Room,
    title: &'a str,
    /// How many wait, run and were given up, of all organisations; for whoever belongs to the provider.
    counts: Option<String>,
    dead: Vec<(Dead, String)>,
    may_settle: bool,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let organisation = asked(&wish.organisation, &actor).to_owned();
    let dead = site.house.dead_jobs(&actor, &organisation).await?;
    let counts = match site.authority.may(&actor, Action::ReadJobs, auth::ROOT) {
        Decision::Allow => Some(site.house.job_counts(&actor).await?),
        _ => None,
    };
    let room = Room::new(&site, &reading, &actor, "jobs", &organisation);
    let may = site.authority.may(&actor, Action::SettleJob, &organisation);
    page(&Page {
        frame: frame(&site, &reading, &actor),
        title: room.d.jobs,
        counts: counts.map(|found| (room.d.jobs_counts)(found.waiting, found.running, found.dead)),
        dead: dead
            .into_iter()
            .map(|job| {
                let at = job.died_at.map(|at| super::moment(at, &reading)).unwrap_or_default();
                (job, at)
            })
            .collect(),
        may_settle: may == Decision::Allow,
        room,
    })
}

/// Tries one again.
pub(super) async fn retry(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Redirect, Failure> {
    let organisation = asked(&wish.organisation, &actor).to_owned();
    site.house.retry_job(&actor, &organisation, &id).await?;
    Ok(Redirect::to(&with("/console/jobs", &actor, &organisation)))
}

/// Drops one.
pub(super) async fn dismiss(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Redirect, Failure> {
    let organisation = asked(&wish.organisation, &actor).to_owned();
    site.house.drop_job(&actor, &organisation, &id).await?;
    Ok(Redirect::to(&with("/console/jobs", &actor, &organisation)))
}
