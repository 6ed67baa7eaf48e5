//! What authorities demanded by law, and what became of it.

use app::disclosure::{ANSWERS, AUTHORITIES, DEMANDS, Disclosed, DisclosureCount, DisclosureShown};
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Personal;
use serde::Deserialize;

use super::{Frame, Room, asked, frame, page, with};
use crate::failure::Failure;
use crate::site::{Shared, Site};

/// Of which organisation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    organisation: String,
}

/// One as it is written down.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    organisation: String,
    authority: String,
    demand: String,
    answer: String,
    people: String,
    particulars: String,
}

#[derive(Template)]
#[template(path = "console/requests/disclosures.html")]
struct Page<'a> {
    frame: Frame<'a>,
    room: Room,
    title: &'a str,
    lines: Vec<(DisclosureShown, String)>,
    year: String,
    counts: Vec<DisclosureCount>,
    may_record: bool,
    filled: &'a Filled,
    refused: Option<String>,
}

impl Page<'_> {
    fn choices(&self, words: &[&'static str], chosen: &str) -> Vec<(&'static str, bool)> {
        words.iter().map(|word| (*word, *word == chosen)).collect()
    }

    fn authorities(&self) -> Vec<(&'static str, bool)> {
        self.choices(&AUTHORITIES, &self.filled.authority)
    }

    fn demands(&self) -> Vec<(&'static str, bool)> {
        self.choices(&DEMANDS, &self.filled.demand)
    }

    fn answers(&self) -> Vec<(&'static str, bool)> {
        self.choices(&ANSWERS, &self.filled.answer)
    }
}

async fn list(
    site: &Site,
    actor: &Actor,
    organisation: &str,
    filled: &Filled,
    refused: Option<String>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let found = site.house.disclosures(actor, organisation).await?;
    let year = reading.zone.at(site.house.now()).year();
    let counts = site.house.disclosure_counts(organisation, year).await?;
    let room = Room::new(site, &reading, actor, "disclosures", organisation);
    let may = site.authority.may(actor, Action::RecordDisclosure, organisation);
    page(&Page {
        frame: frame(site, &reading, actor),
        title: room.d.disclosures,
        lines: found
            .into_iter()
            .map(|one| {
                let at = super::queue::day(one.at, &reading);
                (one, at)
            })
            .collect(),
        year: (room.d.disclosures_year)(year),
        counts,
        may_record: may == Decision::Allow,
        filled,
        refused,
        room,
    })
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let organisation = asked(&wish.organisation, &actor).to_owned();
    list(&site, &actor, &organisation, &Filled::default(), None).await
}

/// Writes one down.
pub(super) async fn keep(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(filled): Form<Filled>,
) -> Result<Response, Failure> {
    let organisation = asked(&filled.organisation, &actor).to_owned();
    let one = Disclosed {
        authority: filled.authority.clone(),
        demand: filled.demand.clone(),
        answer: filled.answer.clone(),
        people: filled.people.trim().parse().map_err(|_| Failure::Bad)?,
        particulars: Personal::new(filled.particulars.clone()),
    };
    match site.house.record_disclosure(&actor, &organisation, one).await {
        Ok(_) => {
            let there = with("/console/disclosures", &actor, &organisation);
            Ok(Redirect::to(&there).into_response())
        }
        Err(app::Error::Refused(why)) => {
            let page = list(&site, &actor, &organisation, &filled, Some(why)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
