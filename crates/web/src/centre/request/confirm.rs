//! The code of the mail, and its link.

use app::intake::Next;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::form::Sent;
use super::{Opened, Shell, private, public};
use crate::failure::Failure;
use crate::language::Language;
use crate::site::Site;
use crate::turns::Turn;
use crate::words::Words;

/// A heading, a sentence, and where to go on.
#[derive(Template)]
#[template(path = "centre/request/said.html")]
pub(super) struct Said<'a> {
    pub(super) w: &'static Words,
    pub(super) shell: Shell<'a>,
    pub(super) title: &'a str,
    pub(super) lede: &'a str,
    pub(super) on: Option<&'static str>,
}

/// A page that says one thing.
pub(in crate::centre) fn said(
    site: &Site,
    language: Language,
    title: &'static str,
    lede: &str,
    on: Option<&'static str>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let shell = Shell::new(site, &reading, language, "request", "/request");
    private(&Said { w: language.words(), shell, title, lede, on })
}

fn confirmed(site: &Site, language: Language) -> Result<Response, Failure> {
    let w = language.words().asking;
    said(site, language, w.confirmed, w.confirmed_lede, None)
}

/// A code, with what the page before it holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    handle: String,
    code: String,
}

/// The code was typed.
pub(super) async fn code(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    if site.house.confirm_by_code(&typed.handle, &typed.code).await.map_err(public)? {
        return confirmed(&site, language);
    }
    let reading = site.reading();
    let w = language.words();
    let page = private(&Sent {
        w,
        shell: Shell::new(&site, &reading, language, "request", "/request"),
        title: w.asking.look_mail,
        next: Next::Code,
        handle: &typed.handle,
        answer_by: None,
        wrong: Some(w.asking.code_wrong),
    })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Template)]
#[template(path = "centre/request/confirm.html")]
struct Button<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    key: &'a str,
}

/// The page of the link: it looks the same for every key, and uses none up.
pub(super) async fn show(
    State(site): Opened,
    language: Language,
    Path((_, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let path = format!("/request/confirm/{}", super::super::encoded(&key));
    let shell = Shell::new(&site, &reading, language, "request", path);
    private(&Button { w, shell, title: w.asking.confirm_title, key: &key })
}

/// The key of a link.
#[derive(Deserialize)]
pub(super) struct Pressed {
    key: String,
}

/// The button was pressed.
pub(super) async fn link(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failure> {
    if site.house.confirm_by_link(&pressed.key).await.map_err(public)? {
        return confirmed(&site, language);
    }
    let w = language.words().asking;
    let page = said(&site, language, w.link_over, w.link_over_lede, Some(w.ask_again))?;
    Ok((StatusCode::GONE, page).into_response())
}
