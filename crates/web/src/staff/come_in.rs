//! The page behind a link: the first set-up, an invitation, a way back.

use app::staff::{Details, Enrolment, LinkKind, Refused};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use model::{Personal, Secret};
use serde::Deserialize;
use serde_json::json;

use super::{PasskeyAnswer, Porch, asked, cookies, page, told, told_no, visitor};
use crate::client::Client;
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::turns::Turn;

#[derive(Template)]
#[template(path = "staff/come_in.html")]
struct Form_<'a> {
    porch: Porch<'a>,
    kind: LinkKind,
    link: &'a str,
    enrolment: Enrolment,
    title: &'static str,
    lede: String,
}

#[derive(Template)]
#[template(path = "staff/codes.html")]
pub(super) struct Codes<'a> {
    pub(super) porch: Porch<'a>,
    pub(super) codes: Vec<Secret<String>>,
}

#[derive(Template)]
#[template(path = "staff/over.html")]
struct Over<'a> {
    porch: Porch<'a>,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    link: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    link: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

/// What the link is good for.
pub(super) async fn show(
    State(site): State<Shared>,
    _: Turn,
    Path((kind, link)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let kind = LinkKind::parse(&kind).ok_or(Failure::NotFound)?;
    form(&site, kind, &link, None, None).await
}

async fn form(
    site: &Site,
    kind: LinkKind,
    link: &str,
    typed: Option<&Typed>,
    refused: Option<&Refused>,
) -> Result<Response, Failure> {
    let mut enrolment = match site.staff.enrolment(&site.house, kind, link).await? {
        Ok(enrolment) => enrolment,
        Err(refused) => return page(&Over { porch: Porch::new(site, Some(&refused)) }, true),
    };
    if let Some(typed) = typed {
        enrolment.name = Personal::new(typed.name.clone());
        if kind == LinkKind::SetUp {
            enrolment.email = Personal::new(typed.email.clone());
        }
    }
    let porch = Porch::new(site, refused);
    let w = porch.w;
    let (title, lede) = match kind {
        LinkKind::SetUp => (w.set_up, w.set_up_lede.to_owned()),
        LinkKind::Invite => (w.invited, (w.invited_lede)((w.role)(enrolment.role))),
        LinkKind::Recover => (w.recover, w.recover_lede.to_owned()),
    };
    page(&Form_ { porch, kind, link, enrolment, title, lede }, refused.is_some())
}

/// In with a password and an app.
pub(super) async fn password(
    State(site): State<Shared>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Path(kind): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let kind = LinkKind::parse(&kind).ok_or(Failure::NotFound)?;
    let visitor = visitor(client, &site, &headers);
    let details = Details {
        name: Personal::new(typed.name.clone()),
        email: Personal::new(typed.email.clone()),
    };
    let password = Secret::new(typed.password.clone());
    let done = site.staff.enrol_with_password(
        &site.house,
        kind,
        &typed.link,
        &details,
        &password,
        &typed.ceremony,
        &typed.code,
        &visitor,
    );
    match done.await? {
        Ok(enrolled) => {
            let porch = Porch::new(&site, None);
            let mut response = page(&Codes { porch, codes: enrolled.recovery }, false)?;
            cookies::enter(&site, &mut response, &enrolled.entered);
            Ok(response)
        }
        Err(refused) => form(&site, kind, &typed.link, Some(&typed), Some(&refused)).await,
    }
}

/// The question for a new passkey.
pub(super) async fn ask_passkey(
    State(site): State<Shared>,
    _: Turn,
    Path(kind): Path<String>,
    Json(said): Json<Asked>,
) -> Result<Response, Failure> {
    let kind = LinkKind::parse(&kind).ok_or(Failure::NotFound)?;
    let details = Details { name: Personal::new(said.name), email: Personal::new(said.email) };
    match site.staff.ask_enrol_passkey(&site.house, kind, &said.link, &details).await? {
        Ok(question) => asked(&question),
        Err(refused) => Ok(told_no(&refused)),
    }
}

/// In with the passkey that was made.
pub(super) async fn passkey(
    State(site): State<Shared>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Path(kind): Path<String>,
    Json(answer): Json<PasskeyAnswer>,
) -> Result<Response, Failure> {
    let kind = LinkKind::parse(&kind).ok_or(Failure::NotFound)?;
    let visitor = visitor(client, &site, &headers);
    let said = answer.answer.to_string();
    let (link, ceremony) = (&answer.link, &answer.ceremony);
    let house = &site.house;
    match site.staff.enrol_with_passkey(house, kind, link, ceremony, &said, &visitor).await? {
        Ok(enrolled) => {
            let mut response = told(&json!({ "to": "/console" }), false);
            cookies::enter(&site, &mut response, &enrolled.entered);
            Ok(response)
        }
        Err(refused) => Ok(told_no(&refused)),
    }
}
