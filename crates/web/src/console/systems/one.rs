//! One system: how it is reached, whether it answers, its map.

use app::connect_system::Reached;
use app::doctor::Examined;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use super::super::{Frame, page};
use super::map::{Line, lines, size};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::systems::{ENGLISH, Systems, asked};

#[derive(Template)]
#[template(path = "console/systems/one.html")]
struct Page<'a> {
    frame: Frame<'a>,
    w: &'static Systems,
    title: &'a str,
    key: &'a str,
    size: (usize, usize, usize, usize),
    reached: Option<Reached>,
    tested: Option<&'a Examined>,
    may_connect: bool,
    lines: Vec<Line>,
    questions: Vec<(String, String)>,
}

impl Page<'_> {
    fn password(&self, reached: &Reached) -> String {
        match reached.password.as_deref() {
            None => self.w.no_password.to_owned(),
            Some("sealed") => self.w.sealed.to_owned(),
            Some(place) => (self.w.elsewhere)(place),
        }
    }
}

/// The page.
pub(in crate::console) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    whole(&site, &actor, &name, None)
}

/// Tries the connection, and shows what came of it.
pub(in crate::console) async fn test(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let tested = Box::pin(site.house.test_system(&actor, &name)).await?;
    whole(&site, &actor, &name, Some(&tested))
}

fn whole(
    site: &Site,
    actor: &Actor,
    name: &str,
    tested: Option<&Examined>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let reached = site.house.reached(actor, name)?;
    let system = reading.policy.system(name).ok_or(Failure::NotFound)?;
    let questions = site.house.open_questions(actor, name)?;
    let questions =
        questions.iter().map(|one| (asked(one), (ENGLISH.sure)(one.confidence, &one.reason)));
    page(&Page {
        frame: Frame::new(site, &reading, actor, "systems"),
        w: &ENGLISH,
        title: &system.title,
        key: &system.key,
        size: size(system),
        reached,
        tested,
        may_connect: site.authority.may(actor, Action::ConnectSystem, actor.home())
            != Decision::Deny,
        lines: lines(system),
        questions: questions.collect(),
    })
}
