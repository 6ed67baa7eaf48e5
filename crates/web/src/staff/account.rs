//! One's own account: where one is signed in, and by what.

use app::staff::{Device, Refused, Ways};
use askama::Template;
use auth::Actor;
use auth::totp::QrPicture;
use axum::extract::{Form, State};
use axum::response::Response;
use axum::{Extension, Json};
use model::{Personal, Secret};
use serde::Deserialize;
use serde_json::json;

use super::come_in::Codes;
use super::{PasskeyAnswer, Porch, asked, on_to, page, told, told_no};
use crate::console::{Frame, moment};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::staff::{ENGLISH, StaffWords};

#[derive(Template)]
#[template(path = "staff/account.html")]
struct Page<'a> {
    frame: Frame<'a>,
    w: &'static StaffWords,
    title: &'a str,
    script: &'a str,
    refused: Option<String>,
    /// Places, with since when and when last.
    devices: Vec<(Device, String, String)>,
    ways: Ways,
    /// Passkeys: id, since when, when last.
    passkeys: Vec<(String, String, Option<String>)>,
    fresh: bool,
    /// By which address one signs in: browsers want to see it beside a password.
    address: Option<Personal<String>>,
}

#[derive(Template)]
#[template(path = "staff/app.html")]
struct App<'a> {
    porch: Porch<'a>,
    typed: Secret<String>,
    picture: QrPicture,
    ceremony: Secret<String>,
}

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    id: String,
}

#[derive(Deserialize)]
pub(super) struct Passwords {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

#[derive(Deserialize)]
pub(super) struct FirstCode {
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    code: String,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    account(&site, &actor, None).await
}

async fn account(
    site: &Site,
    actor: &Actor,
    refused: Option<&Refused>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let ways = site.staff.ways(&site.house, actor).await?;
    let devices = site.staff.devices(&site.house, actor).await?;
    let passkeys = ways.passkeys.iter().map(|(id, made, used)| {
        (id.clone(), moment(*made, &reading), used.map(|at| moment(at, &reading)))
    });
    page(
        &Page {
            w: &ENGLISH,
            title: ENGLISH.account,
            script: &site.assets.passkey,
            refused: refused.map(ToString::to_string),
            passkeys: passkeys.collect(),
            devices: devices
                .into_iter()
                .map(|it| {
                    let (since, seen) = (moment(it.since, &reading), moment(it.seen, &reading));
                    (it, since, seen)
                })
                .collect(),
            ways,
            address: site.staff.address(&site.house, actor).await?,
            fresh: actor.is_fresh(),
            frame: Frame::new(site, &reading, actor, "account"),
        },
        refused.is_some(),
    )
}

/// Ends one session, or every other.
pub(super) async fn end(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(which): Form<Which>,
) -> Result<Response, Failure> {
    let id = Some(which.id.as_str()).filter(|id| !id.is_empty());
    site.staff.end_device(&site.house, &actor, id).await?;
    on_to("/console/account")
}

/// Changes the password.
pub(super) async fn password(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(typed): Form<Passwords>,
) -> Result<Response, Failure> {
    let (old, new) = (Secret::new(typed.old), Secret::new(typed.new));
    match site.staff.change_password(&site.house, &actor, &old, &new).await? {
        Ok(()) => on_to("/console/account"),
        Err(refused) => account(&site, &actor, Some(&refused)).await,
    }
}

/// A new authenticator app.
pub(super) async fn app(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    another_app(&site, &actor, None).await
}

async fn another_app(
    site: &Site,
    actor: &Actor,
    refused: Option<&Refused>,
) -> Result<Response, Failure> {
    let (typed, picture, ceremony) = site.staff.ask_app(&site.house, actor).await?;
    let porch = Porch::new(site, refused);
    page(&App { porch, typed, picture, ceremony }, refused.is_some())
}

/// Its first code.
pub(super) async fn change_app(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(typed): Form<FirstCode>,
) -> Result<Response, Failure> {
    match site.staff.change_app(&site.house, &actor, &typed.ceremony, &typed.code).await? {
        Ok(codes) => page(&Codes { porch: Porch::new(&site, None), codes }, false),
        Err(refused) => another_app(&site, &actor, Some(&refused)).await,
    }
}

/// The question for one more passkey.
pub(super) async fn ask_passkey(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    match site.staff.ask_add_passkey(&site.house, &actor).await? {
        Ok(question) => asked(&question),
        Err(refused) => Ok(told_no(&refused)),
    }
}

/// The passkey that was made.
pub(super) async fn passkey(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Json(answer): Json<PasskeyAnswer>,
) -> Result<Response, Failure> {
    let said = answer.answer.to_string();
    match site.staff.add_passkey(&site.house, &actor, &answer.ceremony, &said).await? {
        Ok(()) => Ok(told(&json!({ "to": "/console/account" }), false)),
        Err(refused) => Ok(told_no(&refused)),
    }
}

/// Removes one.
pub(super) async fn remove_passkey(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(which): Form<Which>,
) -> Result<Response, Failure> {
    match site.staff.remove_passkey(&site.house, &actor, &which.id).await? {
        Ok(()) => on_to("/console/account"),
        Err(refused) => account(&site, &actor, Some(&refused)).await,
    }
}
