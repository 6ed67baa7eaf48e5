//! The connected systems: whether they can be reached, which rights are missing and which too many.

pub(crate) mod connect;
mod map;
pub(super) mod one;

use app::console::Subject;
use app::doctor::Examined;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, Looking, moment, page};
use crate::failure::Failure;
use crate::site::Shared;
use crate::words::systems::{ENGLISH, Systems};

/// What is shown of one system, or of keys and log.
struct Line<'a> {
    /// Its key; none for what is no system.
    key: Option<&'a str>,
    title: &'a str,
    /// How many collections and fields; none for what is no system.
    size: Option<String>,
    seen: Option<&'a Examined>,
}

#[derive(Template)]
#[template(path = "console/systems/list.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    at: Option<String>,
    lines: Vec<Line<'a>>,
    looking: Looking,
    w: &'static Systems,
    /// Systems that are being connected.
    waiting: Vec<String>,
    may_connect: bool,
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
            key: Some(&system.key),
            title: &system.title,
            size: Some((frame.c.holds_tables)(
                system.collections.len(),
                system.collections.iter().map(|one| one.fields.len()).sum(),
            )),
            seen: examined.iter().find(|one| one.what == system.title),
        })
        .collect();
    let ours = examined.iter().filter(|one| !systems.iter().any(|known| known.title == one.what));
    lines.extend(ours.map(|one| Line { key: None, title: &one.what, size: None, seen: Some(one) }));
    let may_connect =
        site.authority.may(&actor, Action::ConnectSystem, actor.home()) != Decision::Deny;
    page(&Page {
        w: &ENGLISH,
        waiting: if may_connect { site.connecting.names(site.house.now()) } else { Vec::new() },
        may_connect,
        title: frame.c.systems,
        at: seen.as_ref().map(|seen| moment(seen.at, &reading)),
        lines,
        looking: Looking::of(&site, &reading, &actor, Subject::Systems),
        frame,
    })
}
