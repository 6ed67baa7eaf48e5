//! Who calls, and how the server is set up.

use std::collections::BTreeSet;

use auth::{Action, Door};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, get};
use super::reply::Found;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    vec![
        get("/api/v1/me", Access::SignedIn, ("readMe", "Who calls, and what they may."), me),
        get(
            "/api/v1/settings",
            Access::May(Action::ReadSettings),
            ("readSettings", "How the server is set up. Nothing secret is among it."),
            settings,
        ),
    ]
}

/// Whoever calls.
#[derive(Serialize, JsonSchema)]
struct Me {
    /// The person's id.
    person: String,
    /// As what.
    role: String,
    /// The organisation that they belong to.
    organisation: String,
    /// The clients they work for besides.
    assigned: BTreeSet<String>,
    /// By which door: `session` or `token`.
    door: String,
    /// What they may do at home, through this door.
    may: Vec<String>,
}

async fn me(call: Call) -> Result<Found<Me>, Failure> {
    let actor = call.actor()?;
    let allowed = |action: &&Action| app::allowed::require(actor, **action, actor.home()).is_ok();
    let membership = actor.membership();
    Ok(Found(Me {
        person: actor.person().to_owned(),
        role: membership.role.as_str().to_owned(),
        organisation: actor.home().to_owned(),
        assigned: membership.assigned.clone(),
        door: match actor.door() {
            Door::Session { .. } => "session".to_owned(),
            Door::Token { .. } => "token".to_owned(),
        },
        may: Action::ALL.iter().filter(allowed).map(ToString::to_string).collect(),
    }))
}

/// How the server is set up.
#[derive(Serialize, JsonSchema)]
struct Settings {
    /// The address by which people reach it.
    public_url: Option<String>,
    /// Whether TLS is spoken here.
    tls: bool,
    /// The proxies that are believed.
    trusted_proxies: Vec<String>,
    /// The zone in which days are counted.
    zone: String,
    /// The organisation's name.
    organisation: String,
    /// The clients below it, by their keys.
    clients: Vec<String>,
    /// The systems, by their keys.
    systems: Vec<String>,
    /// Calls of one token or session in a minute.
    calls_per_minute: u32,
}

async fn settings(call: Call) -> Result<Found<Settings>, Failure> {
    call.require_root(Action::ReadSettings)?;
    let (site, reading) = (&call.site, call.site.reading());
    let policy = &reading.policy;
    Ok(Found(Settings {
        public_url: site.public_url.as_ref().map(|url| url.origin()),
        tls: site.tls,
        trusted_proxies: site.house.serve_settings().trusted_proxies.clone(),
        zone: reading.zone.place().to_owned(),
        organisation: policy.organisation.name.clone(),
        clients: policy.clients.iter().map(|client| client.key.clone()).collect(),
        systems: policy.systems.iter().map(|system| system.key.clone()).collect(),
        calls_per_minute: site.house.api_settings().per_minute,
    }))
}
