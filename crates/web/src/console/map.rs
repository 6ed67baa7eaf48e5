//! The data map as it was seen last, and where it differs from map and notice.

use app::console::Subject;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, Looking, moment, page};
use crate::failure::Failure;
use crate::site::Shared;
use crate::words::work::{ENGLISH, Work};

#[derive(Template)]
#[template(path = "console/map.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    seen: Option<(String, String)>,
    looking: Looking,
    w: &'static Work,
    /// What can be taken over: id, sentence, what is written, how sure.
    proposals: Vec<(String, String, String, u8)>,
    may_accept: bool,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let seen = site.house.last_map(&actor).await?;
    let frame = Frame::new(&site, &reading, &actor, "map");
    let drift = seen.iter().flat_map(|seen| &seen.what.drift);
    let proposals = drift.filter_map(|one| {
        let writes = one.accepting.clone()?;
        Some((one.id.clone(), one.says.clone(), writes, one.confidence))
    });
    page(&Page {
        w: &ENGLISH,
        proposals: proposals.collect(),
        may_accept: site.authority.may(&actor, Action::ChangeMap, actor.home()) == Decision::Allow,
        title: frame.c.map,
        seen: seen.map(|seen| (moment(seen.at, &reading), seen.what.fragment())),
        looking: Looking::of(&site, &reading, &actor, Subject::Map),
        frame,
    })
}
