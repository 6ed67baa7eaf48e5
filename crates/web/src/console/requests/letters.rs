//! Every letter with samples, as it would go out.

use app::letters::{Language, Preview};
use askama::Template;
use auth::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::{Frame, Room, asked, frame, page};
use crate::failure::Failure;
use crate::language;
use crate::site::Shared;

/// Of which organisation, and in which language.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    organisation: String,
    language: String,
}

#[derive(Template)]
#[template(path = "console/requests/letters.html")]
struct Page<'a> {
    frame: Frame<'a>,
    room: Room,
    title: &'a str,
    letters: Vec<Preview>,
    languages: Vec<(&'static str, &'static str, bool)>,
    language: &'static str,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let organisation = asked(&wish.organisation, &actor).to_owned();
    let chosen = Language::of(&wish.language);
    let letters = site.house.preview_letters(&actor, &organisation, chosen).await?;
    let room = Room::new(&site, &reading, &actor, "letters", &organisation);
    let languages = language::Language::ALL.into_iter();
    page(&Page {
        frame: frame(&site, &reading, &actor),
        title: room.d.letters_title,
        letters,
        languages: languages
            .map(|one| (one.tag(), one.name(), one.of_letters() == chosen))
            .collect(),
        language: chosen.key(),
        room,
    })
}
