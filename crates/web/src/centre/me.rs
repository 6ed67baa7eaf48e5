//! One's own pages: what is held, what was asked, what was agreed to.
//!
//! What opens them stands in the body of each form and in nothing that is written down: no cookie is
//! set, and no address holds it.

use app::intake::{Kind, Unfit, Wrong};
use app::reading::Reading;
use app::visit::{HeldCategory, Mine, MyRequest, MyWish};
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use model::{Micros, Personal};
use policy::Purpose;
use serde::Deserialize;

use super::request::{WRONG, private, public, said, show_request};
use super::{Opened, Shell, day};
use crate::failure::Failure;
use crate::language::Language;
use crate::routes::{Access, Kind as Route, Row};
use crate::site::Site;
use crate::turns::Turn;
use crate::words::Words;

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    const FORM: Access = Access::Public(Route::Form);
    vec![
        Row::get("/{lang}/me", FORM, show),
        Row::post("/{lang}/me", FORM, send),
        Row::post("/{lang}/me/code", FORM, enter),
        Row::post("/{lang}/me/page", FORM, again),
        Row::post("/{lang}/me/ask", FORM, ask),
        Row::post("/{lang}/me/request", FORM, request),
        Row::post("/{lang}/me/agree", FORM, agree),
        Row::post("/{lang}/me/leave", FORM, leave),
    ]
}

#[derive(Template)]
#[template(path = "centre/me/enter.html")]
struct Enter<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    email: &'a str,
    /// What the browser holds until the code is typed.
    handle: Option<&'a str>,
    wrong: Option<&'static str>,
}

fn door(
    site: &Site,
    language: Language,
    email: &str,
    handle: Option<&str>,
    wrong: Option<&'static str>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let shell = Shell::new(site, &reading, language, "me", "/me");
    let page = private(&Enter { w, shell, title: w.me.mine, email, handle, wrong })?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page).into_response())
}

async fn show(State(site): Opened, language: Language) -> Result<Response, Failure> {
    door(&site, language, "", None, None)
}

/// An address.
#[derive(Deserialize)]
struct Address {
    email: String,
}

/// A code goes to the address. The answer follows from the form alone.
async fn send(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(address): Form<Address>,
) -> Result<Response, Failure> {
    let told = app::intake::Told {
        email: Some(Personal::new(address.email.clone())),
        ..app::intake::Told::default()
    };
    let email = match told.tidy() {
        Ok(app::intake::Told { email: Some(email), .. }) => email,
        Ok(_) | Err(Unfit::NoAddress(_) | Unfit::TooLong(_) | Unfit::Text) => {
            let wrong = Some(language.words().me.wrong_address);
            return door(&site, language, &address.email, None, wrong);
        }
    };
    let handle = site.house.ask_to_enter(&email, language.of_letters()).await.map_err(public)?;
    door(&site, language, "", Some(handle.expose_secret()), None)
}

/// A code, with what the page before it holds.
#[derive(Deserialize)]
struct Typed {
    handle: String,
    code: String,
}

async fn enter(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    match site.house.enter(&typed.handle, &typed.code).await.map_err(public)? {
        Some(pass) => page(&site, language, pass.expose_secret(), None, None).await,
        None => {
            let wrong = Some(language.words().me.wrong_code);
            door(&site, language, "", Some(&typed.handle), wrong)
        }
    }
}

#[derive(Template)]
#[template(path = "centre/me/page.html")]
struct Page<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    pass: &'a str,
    mine: &'a Mine,
    reading: &'a Reading,
    purposes: &'a [Purpose],
    version: &'a str,
    /// What was just done.
    said: Option<String>,
    wrong: Option<&'static str>,
}

impl Page<'_> {
    fn day(&self, at: &Micros) -> String {
        day(self.w, *at, self.reading)
    }

    fn due(&self, one: &MyRequest) -> Option<String> {
        one.due_at.filter(|_| !one.status.is_end()).map(|at| day(self.w, at, self.reading))
    }

    fn asked(&self, one: &MyRequest) -> &'static str {
        one.kind.title(self.shell.language.of_letters())
    }

    fn status(&self, one: &MyRequest) -> &'static str {
        (self.w.asking.status)(one.status).0
    }

    fn category(&self, one: &HeldCategory) -> String {
        (self.w.me.category)(&one.key).map_or_else(|| one.title.clone(), str::to_owned)
    }

    /// What can be wrong: its words and its key.
    fn choices(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.w.asking.wrong_choices.into_iter().zip(WRONG).skip(1)
    }

    fn has_agreed(&self) -> bool {
        self.mine.agreed.iter().any(|one| one.version == self.version)
    }
}

/// The pages have closed.
fn closed(site: &Site, language: Language) -> Result<Response, Failure> {
    let w = language.words().me;
    let page = said(site, language, w.closed, w.closed_lede, None)?;
    Ok((StatusCode::GONE, page).into_response())
}

async fn page(
    site: &Site,
    language: Language,
    pass: &str,
    said: Option<String>,
    wrong: Option<&'static str>,
) -> Result<Response, Failure> {
    let Some(mine) = site.house.mine(pass).await.map_err(public)? else {
        return closed(site, language);
    };
    let reading = site.reading();
    let w = language.words();
    let page = private(&Page {
        w,
        shell: Shell::new(site, &reading, language, "me", "/me"),
        title: w.me.mine,
        pass,
        mine: &mine,
        reading: &reading,
        purposes: &reading.policy.purposes,
        version: &reading.policy.notice.version,
        said,
        wrong,
    })?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page).into_response())
}

/// What opens the pages.
#[derive(Deserialize)]
struct Pass {
    pass: String,
}

async fn again(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(form): Form<Pass>,
) -> Result<Response, Failure> {
    page(&site, language, &form.pass, None, None).await
}

/// What is asked for.
#[derive(Deserialize)]
struct Asked {
    pass: String,
    kind: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    sure: String,
}

async fn ask(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    let w = language.words().me;
    let kind = Kind::of(&asked.kind).filter(|kind| *kind != Kind::Unsorted);
    let kind = kind.ok_or(Failure::Bad)?;
    let some = |text: &str| (!text.trim().is_empty()).then(|| Personal::new(text.to_owned()));
    let mut wish = MyWish { purpose: Some(asked.purpose), ..MyWish::default() };
    let wrong = match kind {
        Kind::Rectification => {
            let known = WRONG.contains(&asked.what.as_str()) && !asked.what.is_empty();
            match some(&asked.after).filter(|_| known) {
                Some(after) => {
                    let before = some(&asked.before);
                    wish.corrections.push(Wrong { what: asked.what, before, after });
                    None
                }
                None => Some(w.nothing_filled),
            }
        }
        Kind::Closure | Kind::Erasure => (asked.sure != "yes").then_some(w.not_sure),
        _ => None,
    };
    if wrong.is_some() {
        return page(&site, language, &asked.pass, None, wrong).await;
    }
    let filed = Box::pin(site.house.ask_from_mine(&asked.pass, kind, wish)).await;
    let filed = filed.map_err(public)?;
    match filed {
        Some(number) => page(&site, language, &asked.pass, Some((w.filed)(&number)), None).await,
        None => closed(&site, language),
    }
}

/// Which request.
#[derive(Deserialize)]
struct Which {
    pass: String,
    request: String,
}

async fn request(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(which): Form<Which>,
) -> Result<Response, Failure> {
    let found = Box::pin(site.house.open_from_mine(&which.pass, &which.request)).await;
    let found = found.map_err(public)?;
    match found {
        Some(found) => show_request(&site, language, &found),
        None => closed(&site, language),
    }
}

/// Which version was shown.
#[derive(Deserialize)]
struct Agreed {
    pass: String,
    version: String,
}

async fn agree(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(agreed): Form<Agreed>,
) -> Result<Response, Failure> {
    let kept = Box::pin(site.house.agree_from_mine(&agreed.pass, &agreed.version)).await;
    match kept {
        Ok(Some(kept)) => {
            let said = (language.words().me.agreed_now)(&kept.id);
            page(&site, language, &agreed.pass, Some(said), None).await
        }
        Ok(None) => closed(&site, language),
        // The version has changed since the page was made: it is shown anew.
        Err(app::Error::Unfit { .. }) => page(&site, language, &agreed.pass, None, None).await,
        Err(error) => Err(public(error)),
    }
}

async fn leave(
    State(site): Opened,
    language: Language,
    Form(form): Form<Pass>,
) -> Result<Response, Failure> {
    site.house.leave_mine(&form.pass).await.map_err(public)?;
    let w = language.words().me;
    said(&site, language, w.left, w.left_lede, None)
}
