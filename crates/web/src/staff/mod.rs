//! How staff come in and look after themselves and each other: sign-in, the pages behind a link, one's
//! own account, people and roles, tokens.
//!
//! Everything works without script but passkeys, which browsers give to scripts only.

mod account;
mod come_in;
mod cookies;
mod door;
mod people;
mod sign_in;
mod tokens;

use app::staff::{Refused, Visitor};
use auth::Action;
use axum::http::header::{CONTENT_TYPE, LOCATION, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use crate::client::Client;
use crate::failure::Failure;
use crate::routes::{Access, Kind, Row};
use crate::site::Site;
use crate::words::staff::{ENGLISH, StaffWords};

pub use door::SessionDoor;

/// The rows of these routes.
pub(crate) fn rows() -> Vec<Row> {
    let open = Access::Public(Kind::Form);
    let here = Access::SignedIn;
    let may = Access::May;
    vec![
        Row::get("/sign-in", open, sign_in::show),
        Row::post("/sign-in", open, sign_in::password),
        Row::get("/sign-in/second", open, sign_in::second),
        Row::post("/sign-in/second", open, sign_in::code),
        Row::post("/sign-in/passkey/ask", open, sign_in::ask_passkey),
        Row::post("/sign-in/passkey", open, sign_in::passkey),
        Row::post("/sign-in/elsewhere/begin", open, sign_in::begin_elsewhere),
        Row::get("/sign-in/elsewhere", open, sign_in::finish_elsewhere),
        Row::get("/come-in/{kind}/{link}", open, come_in::show),
        Row::post("/come-in/{kind}", open, come_in::password),
        Row::post("/come-in/{kind}/passkey/ask", open, come_in::ask_passkey),
        Row::post("/come-in/{kind}/passkey", open, come_in::passkey),
        Row::post("/sign-out", here, sign_in::sign_out),
        Row::get("/step-up", here, sign_in::step_up),
        Row::post("/step-up", here, sign_in::stepped_up),
        Row::get("/console/account", here, account::show),
        Row::post("/console/account/sessions", here, account::end),
        Row::post("/console/account/password", here, account::password),
        Row::get("/console/account/app", here, account::app),
        Row::post("/console/account/app", here, account::change_app),
        Row::post("/console/account/passkey/ask", here, account::ask_passkey),
        Row::post("/console/account/passkey", here, account::passkey),
        Row::post("/console/account/passkey/remove", here, account::remove_passkey),
        Row::get("/console/people", may(Action::ReadPeople), people::show),
        Row::post("/console/people", may(Action::InvitePerson), people::invite),
        Row::post("/console/people/{id}/again", may(Action::InvitePerson), people::again),
        Row::post("/console/people/{id}/role", may(Action::ChangeRole), people::role),
        Row::post("/console/people/{id}/clients", may(Action::AssignClients), people::clients),
        Row::post("/console/people/{id}/suspend", may(Action::SuspendPerson), people::suspend),
        Row::post("/console/people/{id}/restore", may(Action::SuspendPerson), people::restore),
        Row::post("/console/people/{id}/remove", may(Action::RemovePerson), people::remove),
        Row::post("/console/people/{id}/recover", may(Action::RecoverPerson), people::recover),
        Row::get("/console/tokens", may(Action::ReadTokens), tokens::show),
        Row::post("/console/tokens", may(Action::IssueToken), tokens::issue),
        Row::post("/console/tokens/{id}/revoke", may(Action::RevokeToken), tokens::revoke),
    ]
}

/// What stands around a page for somebody who is not in yet.
pub(crate) struct Porch<'a> {
    pub(crate) w: &'static StaffWords,
    pub(crate) organisation: String,
    pub(crate) style: &'a str,
    pub(crate) icon: &'a str,
    pub(crate) script: &'a str,
    /// Why it did not work the last time.
    pub(crate) refused: Option<String>,
    pub(crate) has_passkeys: bool,
}

impl<'a> Porch<'a> {
    pub(crate) fn new(site: &'a Site, refused: Option<&Refused>) -> Self {
        Self {
            w: &ENGLISH,
            organisation: site.reading().policy.organisation.name.clone(),
            style: &site.assets.style,
            icon: &site.assets.icon,
            script: &site.assets.passkey,
            refused: refused.map(ToString::to_string),
            has_passkeys: site.staff.has_passkeys(),
        }
    }
}

/// An answer of a browser about a passkey.
#[derive(Deserialize)]
pub(crate) struct PasskeyAnswer {
    /// What the question was kept under.
    pub(crate) ceremony: String,
    /// What the browser says, as JSON.
    pub(crate) answer: serde_json::Value,
    /// The secret of a link, where one is used up.
    #[serde(default)]
    pub(crate) link: String,
}

pub(crate) fn visitor(client: Client, site: &Site, headers: &HeaderMap) -> Visitor {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    Visitor {
        from: client.address,
        device: cookies::device(site, headers),
        session: cookies::session(site, headers),
        agent: door::browser(agent.unwrap_or_default()),
    }
}

/// A page; with a status that says so if something was refused.
pub(crate) fn page(template: &impl askama::Template, refused: bool) -> Result<Response, Failure> {
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(template.render()?)).into_response())
}

/// Sends a browser on after a form.
pub(crate) fn on_to(address: &str) -> Result<Response, Failure> {
    let address = HeaderValue::from_str(address).map_err(|_| Failure::Internal)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response())
}

/// What a script is told: where to go on, or why not.
pub(crate) fn told(answer: &serde_json::Value, refused: bool) -> Response {
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, [(CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// What a script is told that was refused.
pub(crate) fn told_no(refused: &Refused) -> Response {
    told(&serde_json::json!({ "refused": refused.to_string() }), true)
}

/// The question about a passkey, for the script.
pub(crate) fn asked(asked: &app::staff::PasskeyAsked) -> Result<Response, Failure> {
    let options: serde_json::Value =
        serde_json::from_str(&asked.options).map_err(|_| Failure::Internal)?;
    let ceremony = asked.ceremony.expose_secret();
    Ok(told(&serde_json::json!({ "options": options, "ceremony": ceremony }), false))
}

/// A place of ours to go on to. Anything else leads to the first page: nobody is sent away from here.
pub(crate) fn ours(to: &str) -> &str {
    let plain = to.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_?=&.".contains(&byte));
    if to.starts_with("/console") && plain && !to.contains("//") { to } else { "/console" }
}

#[cfg(test)]
mod tests;
