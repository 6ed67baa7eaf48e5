//! Signing in and out, and showing once more who one is.

use app::staff::{Refused, Vouched, Ways};
use askama::Template;
use auth::Actor;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::{Extension, Json};
use model::Secret;
use serde::Deserialize;
use serde_json::json;

use super::{PasskeyAnswer, Porch, asked, cookies, on_to, ours, page, told, told_no, visitor};
use crate::client::Client;
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::turns::Turn;

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct First<'a> {
    porch: Porch<'a>,
    email: &'a str,
    has_provider: bool,
}

#[derive(Template)]
#[template(path = "staff/second.html")]
struct Second<'a> {
    porch: Porch<'a>,
    ways: Ways,
    /// Whether somebody who is in shows again who they are.
    again: bool,
    to: &'a str,
}

#[derive(Template)]
#[template(path = "staff/elsewhere.html")]
struct Elsewhere<'a> {
    porch: Porch<'a>,
    to: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
pub(super) struct To {
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
pub(super) struct Returned {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
}

/// The form.
pub(super) async fn show(State(site): State<Shared>) -> Result<Response, Failure> {
    first(&site, "", None)
}

fn first(site: &Site, email: &str, refused: Option<&Refused>) -> Result<Response, Failure> {
    let has_provider = site.staff.has_provider();
    page(&First { porch: Porch::new(site, refused), email, has_provider }, refused.is_some())
}

/// The first of two factors.
pub(super) async fn password(
    State(site): State<Shared>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let visitor = visitor(client, &site, &headers);
    let password = Secret::new(typed.password);
    match site.staff.sign_in(&site.house, &typed.email, &password, &visitor).await? {
        Ok(half) => {
            let mut response = on_to("/sign-in/second")?;
            cookies::begin(&site, &mut response, &half.session);
            Ok(response)
        }
        Err(refused) => first(&site, &typed.email, Some(&refused)),
    }
}

/// The form for the second.
pub(super) async fn second(
    State(site): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    ask_second(&site, &headers, None).await
}

async fn ask_second(
    site: &Site,
    headers: &HeaderMap,
    refused: Option<&Refused>,
) -> Result<Response, Failure> {
    let Some(session) = cookies::session(site, headers) else { return on_to("/sign-in") };
    let Some(half) = site.house.actor(session.expose_secret()).await? else {
        return on_to("/sign-in");
    };
    let ways = site.staff.second_factors(&site.house, &half).await?;
    let porch = Porch::new(site, refused);
    page(&Second { porch, ways, again: false, to: "" }, refused.is_some())
}

/// A code completes the sign-in.
pub(super) async fn code(
    State(site): State<Shared>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Form(typed): Form<Code>,
) -> Result<Response, Failure> {
    let Some(session) = cookies::session(&site, &headers) else { return on_to("/sign-in") };
    let visitor = visitor(client, &site, &headers);
    let code = Secret::new(typed.code);
    let shown = site.staff.show_code(&site.house, session.expose_secret(), &code, &visitor).await?;
    match shown {
        Ok(entered) => {
            let mut response = on_to("/console")?;
            cookies::enter(&site, &mut response, &entered);
            Ok(response)
        }
        Err(refused) => ask_second(&site, &headers, Some(&refused)).await,
    }
}

/// The question for a passkey: of whoever has a session, or of anybody.
pub(super) async fn ask_passkey(
    State(site): State<Shared>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let session = half_or_whole(&site, &headers).await?;
    if session.is_none() {
        // Each question of a stranger is kept until it is answered.
        site.turns.of(&client, site.house.now())?;
    }
    let session = session.as_ref().map(|session| session.expose_secret().as_str());
    match site.staff.ask_passkey(&site.house, session).await? {
        Ok(question) => asked(&question),
        Err(refused) => Ok(told_no(&refused)),
    }
}

/// The answer to it.
pub(super) async fn passkey(
    State(site): State<Shared>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Json(answer): Json<PasskeyAnswer>,
) -> Result<Response, Failure> {
    let session = half_or_whole(&site, &headers).await?;
    let session = session.as_ref().map(|session| session.expose_secret().as_str());
    let visitor = visitor(client, &site, &headers);
    let said = answer.answer.to_string();
    let ceremony = &answer.ceremony;
    match site.staff.show_passkey(&site.house, session, ceremony, &said, &visitor).await? {
        Ok(entered) => {
            let mut response = told(&json!({ "to": "/console" }), false);
            cookies::enter(&site, &mut response, &entered);
            Ok(response)
        }
        Err(refused) => Ok(told_no(&refused)),
    }
}

/// The session of the cookie, if it is still good for something.
async fn half_or_whole(
    site: &Site,
    headers: &HeaderMap,
) -> Result<Option<Secret<String>>, Failure> {
    let Some(session) = cookies::session(site, headers) else { return Ok(None) };
    let actor = site.house.actor(session.expose_secret()).await?;
    Ok(actor.map(|_| session))
}

/// Sends somebody to the organisation's own provider. By a page that leads on, not by a redirect: of a
/// form that was sent, browsers let no other site be the end.
pub(super) async fn begin_elsewhere(
    State(site): State<Shared>,
    _: Turn,
) -> Result<Response, Failure> {
    match site.staff.begin_elsewhere(&site.house).await? {
        Ok((address, state)) => {
            let porch = Porch::new(&site, None);
            let to = address.expose_secret();
            let mut response = page(&Elsewhere { porch, to }, false)?;
            cookies::keep_elsewhere(&site, &mut response, &state);
            Ok(response)
        }
        Err(refused) => first(&site, "", Some(&refused)),
    }
}

/// Takes whom the provider sends back.
pub(super) async fn finish_elsewhere(
    State(site): State<Shared>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, Failure> {
    let Some(kept) = cookies::elsewhere(&site, &headers) else {
        return first(&site, "", Some(&Refused::Over));
    };
    let visitor = visitor(client, &site, &headers);
    let (kept, state) = (kept.expose_secret(), &returned.state);
    let house = &site.house;
    match site.staff.finish_elsewhere(house, kept, state, &returned.code, &visitor).await? {
        Ok(Vouched::In(entered)) => {
            let mut response = on_to("/console")?;
            cookies::enter(&site, &mut response, &entered);
            Ok(response)
        }
        Ok(Vouched::Half(half)) => {
            let mut response = on_to("/sign-in/second")?;
            cookies::begin(&site, &mut response, &half.session);
            Ok(response)
        }
        Err(refused) => first(&site, "", Some(&refused)),
    }
}

/// Ends the session.
pub(super) async fn sign_out(
    State(site): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if let Some(session) = cookies::session(&site, &headers) {
        site.staff.sign_out(&site.house, session.expose_secret()).await?;
    }
    let mut response = on_to("/sign-in")?;
    // What the browser kept of pages goes with the session; by what it is known again stays.
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert("clear-site-data", clear);
    cookies::end(&site, &mut response);
    Ok(response)
}

/// Asks somebody who is in to show once more who they are.
pub(super) async fn step_up(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(to): Query<To>,
) -> Result<Response, Failure> {
    ask_again(&site, &actor, &to.to, None).await
}

async fn ask_again(
    site: &Site,
    actor: &Actor,
    to: &str,
    refused: Option<&Refused>,
) -> Result<Response, Failure> {
    let ways = site.staff.second_factors(&site.house, actor).await?;
    let porch = Porch::new(site, refused);
    page(&Second { porch, ways, again: true, to: ours(to) }, refused.is_some())
}

/// The code of whoever is in.
pub(super) async fn stepped_up(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Form(typed): Form<Code>,
) -> Result<Response, Failure> {
    let Some(session) = cookies::session(&site, &headers) else { return on_to("/sign-in") };
    let visitor = visitor(client, &site, &headers);
    let code = Secret::new(typed.code);
    let shown = site.staff.show_code(&site.house, session.expose_secret(), &code, &visitor).await?;
    match shown {
        Ok(entered) => {
            let mut response = on_to(ours(&typed.to))?;
            cookies::enter(&site, &mut response, &entered);
            Ok(response)
        }
        Err(refused) => ask_again(&site, &actor, &typed.to, Some(&refused)).await,
    }
}
