//! The page of one's own request: by the link of a letter, and a fresh code for each visit.

use app::desk::{Opened as Found, Outcome, Status};
use app::intake::Kind;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use model::Micros;
use serde::Deserialize;

use super::confirm::said;
use super::{Opened, Shell, private, public};
use crate::failure::Failure;
use crate::language::Language;
use crate::site::Site;
use crate::turns::Turn;
use crate::words::Words;

/// Asks for the code.
#[derive(Template)]
#[template(path = "centre/request/code.html")]
struct Ask<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    key: &'a str,
    /// Whether a code is on its way.
    sent: bool,
    wrong: bool,
}

fn ask_for(
    site: &Site,
    language: Language,
    key: &str,
    sent: bool,
    wrong: bool,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let path = format!("/request/page/{}", super::super::encoded(key));
    let shell = Shell::new(site, &reading, language, "request", path);
    let title = if sent { w.asking.code_sent } else { w.asking.page };
    private(&Ask { w, shell, title, key, sent, wrong })
}

/// The page of the link: it looks the same for every key.
pub(super) async fn ask(
    State(site): Opened,
    language: Language,
    Path((_, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    ask_for(&site, language, &key, false, false)
}

/// The key of a link.
#[derive(Deserialize)]
pub(super) struct Link {
    key: String,
}

/// A code is wanted.
pub(super) async fn send_code(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(link): Form<Link>,
) -> Result<Response, Failure> {
    site.house.ask_for_page(&link.key).await.map_err(public)?;
    ask_for(&site, language, &link.key, true, false)
}

/// Key and code.
#[derive(Deserialize)]
pub(super) struct Typed {
    key: String,
    code: String,
}

#[derive(Template)]
#[template(path = "centre/request/page.html")]
struct Page<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    found: &'a Found,
    kind: &'static str,
    status: (&'static str, &'static str),
    received: String,
    due: Option<String>,
    outcome: Option<&'a Outcome>,
    files: Vec<(&'a str, Option<String>)>,
    /// Until when they can have the answer looked at again.
    appeal: Option<String>,
    history: Vec<(String, &'static str)>,
    email: &'a str,
    pass: &'a str,
}

impl Page<'_> {
    fn class(&self) -> (&'static str, &'static str) {
        match self.found.status {
            Status::Done => ("u", "●"),
            Status::Waiting | Status::Incomplete | Status::Unconfirmed | Status::Appealed => {
                ("r", "◆")
            }
            Status::Refused | Status::Lapsed => ("b", "✕"),
            _ => ("n", "○"),
        }
    }

    fn awaits_person(&self) -> bool {
        self.found.status == Status::Unidentified
    }

    fn has_certificate(&self) -> bool {
        self.files.iter().any(|(kind, _)| kind.starts_with("certificate"))
    }
}

/// Opens the page, if key and code are right.
pub(super) async fn open(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    match site.house.open_page(&typed.key, &typed.code).await.map_err(public)? {
        Some(found) => show_request(&site, language, &found),
        None => {
            let page = ask_for(&site, language, &typed.key, true, true)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The page, for somebody who has shown who they are.
pub(in crate::centre) fn show_request(
    site: &Site,
    language: Language,
    found: &Found,
) -> Result<Response, Failure> {
    let reading = &site.reading();
    let w = language.words();
    let day = |at: Micros| super::super::day(w, at, reading);
    let title = (w.asking.request)(&found.reference);
    let mut history = vec![(day(found.received_at), w.asking.came)];
    history.extend(found.letters.iter().map(|(kind, at)| (day(*at), (w.asking.letter)(kind))));
    private(&Page {
        w,
        shell: Shell::new(site, reading, language, "request", "/request"),
        title: &title,
        kind: Kind::of(&found.kind).unwrap_or(Kind::Unsorted).title(language.of_letters()),
        status: (w.asking.status)(found.status),
        received: day(found.received_at),
        due: found.due_at.filter(|_| !found.status.is_end()).map(day),
        outcome: found.outcome.as_ref().filter(|outcome| !outcome.word.is_empty()),
        files: found.files.iter().map(|(kind, at)| (kind.as_str(), at.map(day))).collect(),
        appeal: found.appeal_until.map(day),
        history,
        email: &reading.policy.organisation.contact.email,
        pass: found.pass.expose_secret(),
        found,
    })
}

/// Which file, and what opens it.
#[derive(Deserialize)]
pub(super) struct Wanted {
    pass: String,
    kind: String,
}

/// Hands a file out.
pub(super) async fn fetch(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Failure> {
    let w = language.words().asking;
    let found = site.house.fetch_file(&wanted.pass, &wanted.kind).await.map_err(public)?;
    let Some(file) = found else {
        let page = said(&site, language, w.closed, w.closed_lede, None)?;
        return Ok((StatusCode::GONE, page).into_response());
    };
    let kind = match wanted.kind.as_str() {
        "package" => "application/zip",
        "certificate" => "application/json",
        _ => "text/html; charset=utf-8",
    };
    let named = format!("attachment; filename=\"{}\"", file.name);
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, named)];
    Ok((headers, file.bytes.expose_secret().clone()).into_response())
}
