//! The data map as it was seen last, and where it differs from map and notice.

use app::console::Subject;
use askama::Template;
use auth::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, Looking, moment, page};
use crate::failure::Failure;
use crate::site::Shared;

#[derive(Template)]
#[template(path = "console/map.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    seen: Option<(String, String)>,
    looking: Looking,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let seen = site.house.last_map(&actor).await?;
    let frame = Frame::new(&site, &reading, &actor, "map");
    page(&Page {
        title: frame.c.map,
        seen: seen.map(|seen| (moment(seen.at, &reading), seen.what.fragment())),
        looking: Looking::of(&site, &reading, &actor, Subject::Map),
        frame,
    })
}
