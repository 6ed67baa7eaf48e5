//! Requests that came by telephone, by post or in person, written down by staff.

use app::intake::{Acting, Capacity, Channel, Form as Asked, Kind, Told};
use app::letters::Language;
use askama::Template;
use auth::{Action, Actor};
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Personal;
use policy::{Place, Purpose};
use serde::Deserialize;

use super::{Frame, Room, address, asked, frame, page};
use crate::failure::Failure;
use crate::site::{Shared, Site};

/// What was filled in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    organisation: String,
    kind: String,
    channel: String,
    language: String,
    received: String,
    email: String,
    name: String,
    phone: String,
    user_name: String,
    account: String,
    others: String,
    place: String,
    purpose: String,
    text: String,
    acting: String,
    acting_name: String,
    acting_email: String,
}

/// The doors of staff, in the order of the form.
const CHANNELS: [Channel; 3] = [Channel::Phone, Channel::Post, Channel::InPerson];

#[derive(Template)]
#[template(path = "console/requests/file.html")]
struct Page<'a> {
    frame: Frame<'a>,
    room: Room,
    title: &'a str,
    filled: &'a Filled,
    places: &'a [Place],
    purposes: &'a [Purpose],
    refused: Option<String>,
}

impl Page<'_> {
    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let d = self.room.d;
        let one = |kind: Kind| (kind.key(), (d.kind)(kind), self.filled.kind == kind.key());
        Kind::ALL.into_iter().map(one).collect()
    }

    fn channels(&self) -> Vec<(&'static str, &'static str, bool)> {
        let d = self.room.d;
        let one =
            |one: Channel| (one.key(), (d.channel)(one.key()), self.filled.channel == one.key());
        CHANNELS.into_iter().map(one).collect()
    }

    fn capacities(&self) -> [(&'static str, &'static str, bool); 3] {
        let d = self.room.d;
        let chosen = |key: &str| self.filled.acting == key;
        [
            ("", d.acting_none, chosen("")),
            ("agent", (d.capacity)(Capacity::Agent), chosen("agent")),
            ("parent", (d.capacity)(Capacity::Parent), chosen("parent")),
        ]
    }
}

fn form(
    site: &Site,
    actor: &Actor,
    filled: &Filled,
    refused: Option<String>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let room = Room::new(site, &reading, actor, "file", asked(&filled.organisation, actor));
    page(&Page {
        frame: frame(site, &reading, actor),
        title: room.d.file,
        filled,
        places: &reading.policy.places,
        purposes: &reading.policy.purposes,
        refused,
        room,
    })
}

/// For which organisation.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    organisation: String,
}

/// The form.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let organisation = asked(&wish.organisation, &actor).to_owned();
    app::allowed::require(&actor, Action::FileRequest, &organisation)?;
    form(&site, &actor, &Filled { organisation, ..Filled::default() }, None)
}

fn read(filled: &Filled) -> Option<Asked> {
    let some = |text: &str| (!text.trim().is_empty()).then(|| Personal::new(text.to_owned()));
    let capacity = match filled.acting.as_str() {
        "agent" => Some(Capacity::Agent),
        "parent" => Some(Capacity::Parent),
        _ => None,
    };
    Some(Asked {
        kind: Kind::of(&filled.kind).filter(|kind| *kind != Kind::Unsorted)?,
        channel: CHANNELS.into_iter().find(|one| one.key() == filled.channel)?,
        language: Language::of(&filled.language),
        place: Some(filled.place.clone()).filter(|place| !place.is_empty()),
        told: Told {
            email: some(&filled.email),
            name: some(&filled.name),
            phone: some(&filled.phone),
            user_name: some(&filled.user_name),
            account_id: some(&filled.account),
            other_emails: filled.others.split([',', ';']).filter_map(some).collect(),
            text: some(&filled.text),
            purpose: Some(filled.purpose.clone()).filter(|purpose| !purpose.is_empty()),
            corrections: Vec::new(),
            acting: capacity.map(|capacity| Acting {
                capacity,
                name: some(&filled.acting_name),
                email: some(&filled.acting_email),
            }),
        },
    })
}

/// Writes it down, and leads to its page.
pub(super) async fn keep(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(filled): Form<Filled>,
) -> Result<Response, Failure> {
    let organisation = asked(&filled.organisation, &actor).to_owned();
    let asked = read(&filled).ok_or(Failure::Bad)?;
    let received = Some(filled.received.trim().to_owned()).filter(|day| !day.is_empty());
    match site.house.file_by_staff(&actor, &organisation, asked, received).await {
        Ok(id) => Ok(Redirect::to(&address(&organisation, &id)).into_response()),
        Err(app::Error::Refused(why)) => {
            let page = form(&site, &actor, &filled, Some(why))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
