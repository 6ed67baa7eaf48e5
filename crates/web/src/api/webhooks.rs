//! Programs that are told what happens.

use app::hooks::{KINDS, Message, Webhook};
use auth::Action;
use model::Micros;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Body, Call, Nothing, Whose, get, post};
use super::cursor::{Listing, PageOf, write};
use super::reply::{Begun, Done, Found, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let (read, change) = (Access::May(Action::ReadWebhooks), Access::May(Action::ChangeWebhooks));
    vec![
        get(
            "/api/v1/webhooks",
            read,
            ("listWebhooks", "Programs that are told what happens."),
            list,
        ),
        post(
            "/api/v1/webhooks",
            change,
            (
                "addWebhook",
                "Has a program told what happens, by POST in the form of Standard Webhooks. The secret of its signatures is shown this once.",
            ),
            add,
        ),
        post(
            "/api/v1/webhooks/{id}/pause",
            change,
            ("pauseWebhook", "Tells a program nothing for now."),
            pause,
        ),
        post(
            "/api/v1/webhooks/{id}/resume",
            change,
            ("resumeWebhook", "Tells a program what happens from now on."),
            resume,
        ),
        post(
            "/api/v1/webhooks/{id}/remove",
            change,
            ("removeWebhook", "Takes a program out."),
            remove,
        ),
        post(
            "/api/v1/webhooks/{id}/test",
            change,
            ("testWebhook", "Sends a program a message of the kind `webhook.test`."),
            test,
        ),
        get(
            "/api/v1/webhooks/{id}/messages",
            read,
            ("listWebhookMessages", "Messages of the last thirty days, and what became of them."),
            messages,
        ),
    ]
}

/// A program that is told what happens.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
struct Shown {
    /// Its id.
    id: String,
    /// Where it is, without path and query: they may hold a secret.
    origin: String,
    /// What it is told of; everything if there is nothing here.
    kinds: Vec<String>,
    /// When it was added.
    #[schemars(extend("format" = "date-time"))]
    made_at: String,
    /// Since when it is told nothing.
    #[schemars(extend("format" = "date-time"))]
    paused_at: Option<String>,
}

async fn list(call: Call<PageOf>) -> Result<Found<Listing<Shown>>, Failure> {
    let actor = call.actor()?;
    let found = call.site.house.webhooks(actor, call.query.organisation(actor)).await?;
    let shown = |one: Webhook| Shown {
        id: one.id,
        origin: one.origin,
        kinds: one.kinds,
        made_at: when(one.made_at),
        paused_at: one.paused_at.map(when),
    };
    let found = found.into_iter().map(shown).collect();
    Ok(Found(call.query.page().part(found, |one: &Shown| one.id.clone())?))
}

/// A program that is to be told.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Added {
    /// Its whole address, as `https://hooks.acme.example/upheld`.
    #[schemars(length(min = 1, max = 2000), extend("format" = "uri"))]
    url: String,
    /// What it is told of; left out, everything.
    #[serde(default)]
    #[schemars(length(max = 21), extend("items" = json!({ "type": "string", "enum": KINDS })))]
    kinds: Vec<String>,
}

impl Body for Added {}

/// A program that was added.
#[derive(Serialize, JsonSchema)]
struct AddedWebhook {
    /// Its id.
    id: String,
    /// The secret of the signatures. It is shown this once.
    secret: String,
}

async fn add(call: Call<Whose, Added>) -> Result<Made<AddedWebhook>, Failure> {
    let actor = call.actor()?;
    let Added { url, kinds } = &call.body;
    let added = call.site.house.add_webhook(actor, call.query.or(actor), url, kinds).await?;
    Ok(Made(AddedWebhook { id: added.id, secret: added.secret.expose_secret().clone() }))
}

async fn pause(call: Call<Whose, Nothing>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    call.site.house.pause_webhook(actor, call.query.or(actor), call.id("id")?, true).await?;
    Ok(Done)
}

async fn resume(call: Call<Whose, Nothing>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    call.site.house.pause_webhook(actor, call.query.or(actor), call.id("id")?, false).await?;
    Ok(Done)
}

async fn remove(call: Call<Whose, Nothing>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    call.site.house.remove_webhook(actor, call.query.or(actor), call.id("id")?).await?;
    Ok(Done)
}

async fn test(call: Call<Whose, Nothing>) -> Result<Begun, Failure> {
    let actor = call.actor()?;
    call.site.house.try_webhook(actor, call.query.or(actor), call.id("id")?).await?;
    Ok(Begun)
}

/// A message to a program.
#[derive(Serialize, JsonSchema)]
struct WebhookMessage {
    /// Its id, which it carries as `webhook-id`.
    id: String,
    /// What happened.
    kind: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    made_at: String,
    /// How often it was sent.
    attempts: u64,
    /// What came of the last try.
    answer: Option<String>,
    /// When it was taken.
    #[schemars(extend("format" = "date-time"))]
    delivered_at: Option<String>,
}

async fn messages(call: Call<PageOf>) -> Result<Found<Listing<WebhookMessage>>, Failure> {
    let actor = call.actor()?;
    let (organisation, id) = (call.query.organisation(actor), call.id("id")?);
    let limit = call.query.page().limit()?;
    let after: Option<(i64, String)> = call.query.page().after()?;
    let before = after.as_ref().map(|(at, id)| (Micros(*at), id.as_str()));
    let most = u32::try_from(limit).unwrap_or(u32::MAX);
    let house = &call.site.house;
    let found = house.webhook_messages(actor, organisation, id, before, most).await?;
    let next = match found.last() {
        Some(last) if found.len() == limit => Some(write(&(last.made_at.0, &last.id))?),
        _ => None,
    };
    let shown = |one: Message| WebhookMessage {
        id: one.id,
        kind: one.kind,
        made_at: when(one.made_at),
        attempts: one.attempts,
        answer: one.answer,
        delivered_at: one.delivered_at.map(when),
    };
    Ok(Found(Listing { items: found.into_iter().map(shown).collect(), next }))
}
