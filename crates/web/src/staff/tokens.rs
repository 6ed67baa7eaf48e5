//! Tokens of the API.

use app::staff::{ListedToken, Refused};
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use model::Secret;

use super::{on_to, page};
use crate::console::{Frame, moment};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::staff::{ENGLISH, StaffWords};

#[derive(Template)]
#[template(path = "staff/tokens.html")]
struct Page<'a> {
    frame: Frame<'a>,
    w: &'static StaffWords,
    title: &'a str,
    refused: Option<String>,
    /// The secret of a token that was just made.
    made: Option<Secret<String>>,
    tokens: Vec<Shown>,
    /// What whoever looks may put into a token.
    scopes: Vec<Action>,
    may: bool,
    fresh: bool,
}

struct Shown {
    it: ListedToken,
    until: String,
    used: Option<String>,
    over: bool,
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
    made: Option<Secret<String>>,
    refused: Option<&Refused>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let tokens = site.staff.tokens(&site.house, actor, actor.home()).await?;
    let shown = |it: ListedToken| Shown {
        until: moment(it.expires_at, &reading),
        used: it.used_at.map(|at| moment(at, &reading)),
        over: it.revoked_at.is_some() || it.expires_at <= actor.at(),
        it,
    };
    let may = |action| site.authority.may(actor, action, actor.home()) != Decision::Deny;
    let scopes = Action::ALL
        .iter()
        .copied()
        .filter(|action| site.authority.fits_a_token(*action) && may(*action));
    page(
        &Page {
            w: &ENGLISH,
            title: ENGLISH.tokens,
            refused: refused.map(ToString::to_string),
            made,
            tokens: tokens.into_iter().map(shown).collect(),
            scopes: scopes.collect(),
            may: may(Action::IssueToken),
            fresh: actor.is_fresh(),
            frame: Frame::new(site, &reading, actor, "tokens"),
        },
        refused.is_some(),
    )
}

/// Makes one. Each right that is ticked comes as `scope=NAME`.
pub(super) async fn issue(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let field = |name: &str| {
        fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    };
    let ticked = fields.iter().filter(|(name, _)| name == "scope");
    let scopes: Option<Vec<Action>> = ticked.map(|(_, scope)| Action::parse(scope)).collect();
    let scopes = scopes.ok_or(Failure::Bad)?;
    let days = field("days").parse().unwrap_or_default();
    match site.staff.issue_token(&site.house, &actor, field("name"), &scopes, days).await? {
        Ok(secret) => list(&site, &actor, Some(secret), None).await,
        Err(refused) => list(&site, &actor, None, Some(&refused)).await,
    }
}

/// Takes one back.
pub(super) async fn revoke(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    site.staff.revoke_token(&site.house, &actor, &id).await?;
    on_to("/console/tokens")
}
