//! People and roles.

use std::collections::BTreeMap;

use app::staff::{Answered, Invited, LinkKind, Listed, Refused};
use askama::Template;
use auth::{Action, Actor, Decision, MembershipState, ROOT, Role};
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use model::{Personal, Secret};
use serde::Deserialize;

use super::{on_to, page};
use crate::console::{Frame, moment};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::staff::{ENGLISH, StaffWords};

#[derive(Template)]
#[template(path = "staff/people.html")]
struct Page<'a> {
    frame: Frame<'a>,
    w: &'static StaffWords,
    title: &'a str,
    refused: Option<String>,
    /// A link that was just made, for whom it is.
    link: Option<String>,
    people: Vec<Shown>,
    clients: Vec<(String, String)>,
    /// Whether whoever looks may change anything, and has just shown who they are.
    may: bool,
    fresh: bool,
}

/// Somebody on the page.
struct Shown {
    it: Listed,
    since: String,
    organisation: Option<String>,
    this: bool,
}

impl Shown {
    fn is(&self, state: &str) -> bool {
        self.it.state.as_str() == state
    }

    fn works_for(&self, client: &str) -> bool {
        self.it.assigned.iter().any(|known| known == client)
    }
}

#[derive(Deserialize)]
pub(super) struct New {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    client: String,
}

#[derive(Deserialize)]
pub(super) struct NewRole {
    #[serde(default)]
    role: String,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    list(&site, &actor, None, None).await
}

async fn list(
    site: &Site,
    actor: &Actor,
    link: Option<String>,
    refused: Option<&Refused>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let clients: Vec<(String, String)> = reading
        .policy
        .clients
        .iter()
        .map(|client| (client.key.clone(), client.name.clone()))
        .collect();
    let may = |organisation: &str, action| {
        site.authority.may(actor, action, organisation) != Decision::Deny
    };
    let places = std::iter::once(actor.home().to_owned());
    let places = places.chain(clients.iter().map(|(key, _)| key.clone()));
    let mut all: BTreeMap<String, Listed> = BTreeMap::new();
    for place in places.filter(|place| may(place, Action::ReadPeople)) {
        let people = site.staff.people(&site.house, actor, &place).await?;
        all.extend(people.into_iter().map(|person| (person.id.clone(), person)));
    }
    let name_of =
        |key: &str| clients.iter().find(|(known, _)| known == key).map(|(_, it)| it.clone());
    let mut people: Vec<Shown> = all
        .into_values()
        .map(|it| Shown {
            since: moment(it.since, &reading),
            organisation: (it.organisation != ROOT)
                .then(|| name_of(&it.organisation).unwrap_or_else(|| it.organisation.clone())),
            this: it.id == actor.person(),
            it,
        })
        .collect();
    // Whoever is here first, then by name.
    people.sort_by(|a, b| {
        let gone = |shown: &Shown| shown.it.state == MembershipState::Removed;
        (gone(a), a.it.name.expose()).cmp(&(gone(b), b.it.name.expose()))
    });
    page(
        &Page {
            w: &ENGLISH,
            title: ENGLISH.people,
            refused: refused.map(ToString::to_string),
            link,
            people,
            may: may(actor.home(), Action::InvitePerson),
            fresh: actor.is_fresh(),
            frame: Frame::new(site, &reading, actor, "people"),
            clients,
        },
        refused.is_some(),
    )
}

/// The address of a link, as it is given to somebody.
fn address(site: &Site, headers: &HeaderMap, kind: LinkKind, secret: &Secret<String>) -> String {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scheme = if site.https() { "https" } else { "http" };
    let origin = site.public_url.as_ref().map(crate::settings::PublicUrl::origin);
    let origin = origin.unwrap_or_else(|| format!("{scheme}://{host}"));
    format!("{origin}/come-in/{}/{}", kind.as_str(), secret.expose_secret())
}

/// Shows a link once, or why there is none.
async fn linked(
    site: &Site,
    actor: &Actor,
    headers: &HeaderMap,
    kind: LinkKind,
    made: Answered<Secret<String>>,
) -> Result<Response, Failure> {
    match made {
        Ok(secret) => list(site, actor, Some(address(site, headers, kind, &secret)), None).await,
        Err(refused) => list(site, actor, None, Some(&refused)).await,
    }
}

async fn done(site: &Site, actor: &Actor, answer: Answered<()>) -> Result<Response, Failure> {
    match answer {
        Ok(()) => on_to("/console/people"),
        Err(refused) => list(site, actor, None, Some(&refused)).await,
    }
}

/// Asks somebody to come.
pub(super) async fn invite(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
    Form(new): Form<New>,
) -> Result<Response, Failure> {
    let role = Role::parse(&new.role).ok_or(Failure::Bad)?;
    let officer = role == Role::ClientOfficer;
    let invited = Invited {
        name: Personal::new(new.name),
        email: Personal::new(new.email),
        role,
        organisation: if officer { new.client } else { ROOT.to_owned() },
        assigned: Vec::new(),
    };
    let made = site.staff.invite(&site.house, &actor, &invited).await?;
    linked(&site, &actor, &headers, LinkKind::Invite, made).await
}

/// Makes another invitation.
pub(super) async fn again(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let made = site.staff.invite_again(&site.house, &actor, &id).await?;
    linked(&site, &actor, &headers, LinkKind::Invite, made).await
}

/// A way back for somebody.
pub(super) async fn recover(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let made = site.staff.recover(&site.house, &actor, &id).await?;
    linked(&site, &actor, &headers, LinkKind::Recover, made).await
}

/// Another role.
pub(super) async fn role(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Form(new): Form<NewRole>,
) -> Result<Response, Failure> {
    let role = Role::parse(&new.role).ok_or(Failure::Bad)?;
    let answer = site.staff.change_role(&site.house, &actor, &id, role).await?;
    done(&site, &actor, answer).await
}

/// Other clients. Each box of the form that is ticked comes as `client=KEY`.
pub(super) async fn clients(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Form(ticked): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let wanted = ticked.into_iter().filter(|(name, _)| name == "client");
    let wanted: Vec<String> = wanted.map(|(_, client)| client).collect();
    let answer = site.staff.assign(&site.house, &actor, &id, &wanted).await?;
    done(&site, &actor, answer).await
}

/// Keeps somebody out.
pub(super) async fn suspend(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let answer = site.staff.suspend(&site.house, &actor, &id).await?;
    done(&site, &actor, answer).await
}

/// Lets somebody in again.
pub(super) async fn restore(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let answer = site.staff.restore(&site.house, &actor, &id).await?;
    done(&site, &actor, answer).await
}

/// Removes somebody.
pub(super) async fn remove(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let answer = site.staff.remove(&site.house, &actor, &id).await?;
    done(&site, &actor, answer).await
}
