//! The connected systems: whether they can be reached, which rights are missing and which too many.

use app::console::Subject;
use app::doctor::Examined;
use askama::Template;
use auth::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, Looking, moment, page};
use crate::failure::Failure;
use crate::site::Shared;

/// What is shown of one system, or of keys and log.
struct Line<'a> {
    title: &'a str,
    /// How many collections and fields; none for what is no system.
    size: Option<String>,
    seen: Option<&'a Examined>,
}

#[derive(Template)]
#[template(path = "console/systems.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    at: Option<String>,
    lines: Vec<Line<'a>>,
    looking: Looking,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let seen = site.house.last_systems(&actor).await?;
    let frame = Frame::new(&site, &reading, &actor, "systems");
    let examined = seen.as_ref().map(|seen| seen.what.as_slice()).unwrap_or_default();
    let systems = &reading.policy.systems;
    let mut lines: Vec<Line<'_>> = systems
        .iter()
        .map(|system| Line {
            title: &system.title,
            size: Some((frame.c.holds_tables)(
                system.collections.len(),
                system.collections.iter().map(|one| one.fields.len()).sum(),
            )),
            seen: examined.iter().find(|one| one.what == system.title),
        })
        .collect();
    let ours = examined.iter().filter(|one| !systems.iter().any(|known| known.title == one.what));
    lines.extend(ours.map(|one| Line { title: &one.what, size: None, seen: Some(one) }));
    page(&Page {
        title: frame.c.systems,
        at: seen.as_ref().map(|seen| moment(seen.at, &reading)),
        lines,
        looking: Looking::of(&site, &reading, &actor, Subject::Systems),
        frame,
    })
}
