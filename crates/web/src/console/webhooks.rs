//! Webhooks: programs that are told what happens.

use app::hooks::{KINDS, Message, Webhook};
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Secret;

use super::{Frame, moment, page};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::work::{ENGLISH, Work};

/// Where the page is.
const HERE: &str = "/console/webhooks";
/// So many messages of each are shown.
const SHOWN: u32 = 10;

struct Line {
    one: Webhook,
    messages: Vec<(Message, String)>,
}

#[derive(Template)]
#[template(path = "console/webhooks.html")]
struct Page<'a> {
    frame: Frame<'a>,
    w: &'static Work,
    title: &'a str,
    lines: Vec<Line>,
    kinds: [&'static str; KINDS.len()],
    may: bool,
    steps_up: bool,
    /// The secret of one that was just added.
    made: Option<Secret<String>>,
    refused: Option<String>,
}

async fn whole(
    site: &Site,
    actor: &Actor,
    made: Option<Secret<String>>,
    refused: Option<String>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let mut lines = Vec::new();
    for one in site.house.webhooks(actor, actor.home()).await? {
        let found = site.house.webhook_messages(actor, actor.home(), &one.id, None, SHOWN).await?;
        let messages = found.into_iter().map(|message| {
            let at = moment(message.made_at, &reading);
            (message, at)
        });
        lines.push(Line { messages: messages.collect(), one });
    }
    let may = site.authority.may(actor, Action::ChangeWebhooks, actor.home());
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = page(&Page {
        frame: Frame::new(site, &reading, actor, "webhooks"),
        w: &ENGLISH,
        title: ENGLISH.webhooks,
        lines,
        kinds: KINDS,
        may: may != Decision::Deny,
        steps_up: may == Decision::StepUp,
        made,
        refused,
    })?;
    Ok((status, page).into_response())
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    whole(&site, &actor, None, None).await
}

/// Adds one. Each kind that is ticked comes as `kind=NAME`.
pub(super) async fn add(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let of = |name: &'static str| {
        fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let url = of("url").next().unwrap_or_default();
    let kinds: Vec<String> = of("kind").collect();
    match site.house.add_webhook(&actor, actor.home(), url.trim(), &kinds).await {
        Ok(added) => whole(&site, &actor, Some(added.secret), None).await,
        Err(app::Error::Refused(why) | app::Error::Unfit { message: why, .. }) => {
            whole(&site, &actor, None, Some(why)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells it nothing for now.
pub(super) async fn pause(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.pause_webhook(&actor, actor.home(), &id, true).await?;
    Ok(Redirect::to(HERE))
}

/// Tells it what happens from now on.
pub(super) async fn resume(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.pause_webhook(&actor, actor.home(), &id, false).await?;
    Ok(Redirect::to(HERE))
}

/// Sends it a message that says nothing but that it arrived.
pub(super) async fn test(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.try_webhook(&actor, actor.home(), &id).await?;
    Ok(Redirect::to(HERE))
}

/// Takes it out.
pub(super) async fn remove(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.remove_webhook(&actor, actor.home(), &id).await?;
    Ok(Redirect::to(HERE))
}
