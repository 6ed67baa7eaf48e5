//! Webhooks: programs elsewhere that are told what happens, in the form of Standard Webhooks.
//!
//! Whoever writes a step also writes the messages that tell of it, in the same transaction ([`tell`]), and
//! a job hands each over ([`send`]): tried again, later each time, until it is taken or given up. So a
//! message may come twice; its id stays the same. They may come in another order than the steps.
//!
//! INVARIANT: a message holds our own ids and words. Who a person is, it never says.
//!
//! INVARIANT: the address that was looked at is the one that is connected to, and it is a public one or one
//! that `[webhooks]` of upheld.toml names. No redirect is followed.

mod send;
#[cfg(test)]
mod tests;

use auth::{Action, Actor};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Micros, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Tx, WebhookMessage};
use url::Url;

use crate::allowed::require;
use crate::house::{House, Means};
use crate::jobs::{Work, ask};
use crate::network::Network;
use crate::retain::event;
use crate::state::State;
use crate::{Error, Result};

/// What programs are told of.
pub const KINDS: [&str; 22] = [
    "request.received",
    "request.ready",
    "request.planned",
    "request.approved",
    "request.waiting",
    "request.by_hand",
    "request.incomplete",
    "request.due",
    "request.done",
    "request.refused",
    "request.withdrawn",
    "request.duplicate",
    "request.lapsed",
    "request.appealed",
    "version.scheduled",
    "version.in_force",
    "version.discarded",
    "promise.upheld",
    "promise.at_risk",
    "promise.broken",
    "promise.unproven",
    "webhook.test",
];
/// What is sent when somebody tries an address.
const TEST: &str = "webhook.test";
/// An organisation has at most so many.
const MOST: usize = 20;
/// No address is longer.
const LONGEST: usize = 2_000;
/// What became of messages is kept for so long.
const KEPT: i64 = 30 * 24 * 60 * 60 * 1_000_000;
const PURPOSE: &str = "webhook";

/// Where messages may go: `[webhooks]` of upheld.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookSettings {
    /// Networks beside the public one, as `10.1.0.0/16`: by itself nothing goes to this machine, to
    /// private networks or to what clouds tell their machines.
    pub networks: Vec<String>,
    /// Whether an address may be plain `http`.
    pub plain: bool,
}

impl WebhookSettings {
    pub(crate) fn check(&self) -> std::result::Result<(), String> {
        self.read().map(drop).map_err(|error| format!("`[webhooks]`: {error}"))
    }

    fn read(&self) -> Result<Vec<Network>> {
        self.networks.iter().map(|text| Network::parse(text)).collect()
    }
}

/// A program as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where it is, without path and query: they may hold a secret.
    pub origin: String,
    /// What it is told of; every kind if there is none.
    pub kinds: Vec<String>,
    /// When it was added.
    pub made_at: Micros,
    /// Since when it is told nothing.
    pub paused_at: Option<Micros>,
}

/// A program that was added.
#[derive(Debug)]
pub struct Added {
    /// Its id.
    pub id: String,
    /// The secret with which messages are signed (`whsec_…`); it is shown this once.
    pub secret: Secret<String>,
}

/// A message to a program, as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id, which is its `webhook-id`.
    pub id: String,
    /// What happened.
    pub kind: String,
    /// When.
    pub made_at: Micros,
    /// How often it was sent.
    pub attempts: u64,
    /// What came of the last try.
    pub answer: Option<String>,
    /// When it was taken.
    pub delivered_at: Option<Micros>,
}

/// What is sealed of a program.
#[derive(Serialize, Deserialize)]
struct Body {
    url: String,
    /// The key of the signatures, in base 64.
    secret: String,
}

/// Tells the programs of an organisation what happened. INVARIANT: `data` holds our own ids and words.
pub(crate) async fn tell(
    tx: &mut Tx,
    means: &Means,
    organisation: &str,
    kind: &str,
    data: &Value,
) -> Result<()> {
    for one in tx.webhooks(organisation).await? {
        let wanted = one.kinds == "*" || one.kinds.split(' ').any(|known| known == kind);
        if wanted && one.paused_at.is_none() {
            enqueue(tx, means, &one, kind, data).await?;
        }
    }
    Ok(())
}

async fn enqueue(
    tx: &mut Tx,
    means: &Means,
    one: &store::Webhook,
    kind: &str,
    data: &Value,
) -> Result<String> {
    let now = means.clock.now();
    let at = jiff::Timestamp::from_microsecond(now.0).map(|at| at.to_string()).unwrap_or_default();
    let mut about = json!({ "organisation": one.organisation });
    if let (Some(about), Some(data)) = (about.as_object_mut(), data.as_object()) {
        about.extend(data.clone());
    }
    let id = store::new_id(means.rng.as_ref());
    tx.insert_webhook_message(&WebhookMessage {
        id: id.clone(),
        webhook: one.id.clone(),
        kind: kind.to_owned(),
        payload: json!({ "type": kind, "timestamp": at, "data": about }).to_string(),
        made_at: now,
        attempts: 0,
        answer: None,
        delivered_at: None,
    })
    .await?;
    ask(tx, means, &one.organisation, &Work::TellWebhook { message: id.clone() }, None).await?;
    Ok(id)
}

impl House {
    /// The programs of an organisation that are told what happens.
    pub async fn webhooks(&self, actor: &Actor, organisation: &str) -> Result<Vec<Webhook>> {
        require(actor, Action::ReadWebhooks, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let found = tx.webhooks(organisation).await?;
        tx.rollback().await?;
        found.iter().map(|one| shown(&state, one)).collect()
    }

    /// Adds a program; without kinds it is told everything.
    pub async fn add_webhook(
        &self,
        actor: &Actor,
        organisation: &str,
        url: &str,
        kinds: &[String],
    ) -> Result<Added> {
        require(actor, Action::ChangeWebhooks, organisation)?;
        let url = address(url, &self.settings.webhooks)?;
        if let Some(unknown) = kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
            let short: String = unknown.chars().take(40).collect();
            return Err(Error::unfit("kinds", format!("nothing is told of `{short}`")));
        }
        let desk = self.desk_of(organisation).await?;
        let state = &desk.state;
        let mut key = [0; 32];
        self.means.rng.fill(&mut key);
        let secret = STANDARD.encode(key);
        let id = store::new_id(self.means.rng.as_ref());
        let body = Body { url: url.to_string(), secret };
        let plain = serde_json::to_vec(&body)
            .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))?;
        let mut tx = state.store.begin().await?;
        if tx.webhooks(organisation).await?.len() >= MOST {
            return Err(Error::Refused(format!("there are {MOST} already: remove one first")));
        }
        tx.insert_webhook(&store::Webhook {
            id: id.clone(),
            organisation: organisation.to_owned(),
            body: state.vault.seal(PURPOSE, &id, &plain)?,
            kinds: if kinds.is_empty() { "*".to_owned() } else { kinds.join(" ") },
            made_at: self.means.clock.now(),
            paused_at: None,
        })
        .await?;
        self.note_webhook(state, tx, actor, "webhook added", &id, organisation).await?;
        Ok(Added { id, secret: Secret::new(format!("whsec_{}", body.secret)) })
    }

    /// Tells a program nothing from now on, or everything that happens from now on.
    pub async fn pause_webhook(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
        pause: bool,
    ) -> Result<()> {
        require(actor, Action::ChangeWebhooks, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        one_of(&mut tx, organisation, id).await?;
        tx.pause_webhook(id, pause.then(|| self.means.clock.now())).await?;
        let kind = if pause { "webhook paused" } else { "webhook resumed" };
        self.note_webhook(&state, tx, actor, kind, id, organisation).await
    }

    /// Takes a program out, with what is known of its messages.
    pub async fn remove_webhook(&self, actor: &Actor, organisation: &str, id: &str) -> Result<()> {
        require(actor, Action::ChangeWebhooks, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        one_of(&mut tx, organisation, id).await?;
        tx.remove_webhook(id).await?;
        self.note_webhook(&state, tx, actor, "webhook removed", id, organisation).await
    }

    /// Sends a program a message that says nothing but that it arrived; the message's id.
    pub async fn try_webhook(&self, actor: &Actor, organisation: &str, id: &str) -> Result<String> {
        require(actor, Action::ChangeWebhooks, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        let one = one_of(&mut tx, organisation, id).await?;
        let message = enqueue(&mut tx, &self.means, &one, TEST, &json!({})).await?;
        self.note_webhook(&state, tx, actor, "webhook tried", id, organisation).await?;
        Ok(message)
    }

    /// At most `limit` messages to a program from before a place, the latest first.
    pub async fn webhook_messages(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
        before: Option<(Micros, &str)>,
        limit: u32,
    ) -> Result<Vec<Message>> {
        require(actor, Action::ReadWebhooks, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        one_of(&mut tx, organisation, id).await?;
        let before = before.unwrap_or((Micros(i64::MAX), ""));
        let found = tx.webhook_messages(id, before, limit.min(500)).await?;
        tx.rollback().await?;
        let message = |one: WebhookMessage| Message {
            id: one.id,
            kind: one.kind,
            made_at: one.made_at,
            attempts: one.attempts,
            answer: one.answer,
            delivered_at: one.delivered_at,
        };
        Ok(found.into_iter().map(message).collect())
    }

    async fn note_webhook(
        &self,
        state: &State,
        mut tx: Tx,
        actor: &Actor,
        kind: &str,
        id: &str,
        organisation: &str,
    ) -> Result<()> {
        let name = self.policy(false)?.organisation.name;
        let about = json!({ "by": actor.person(), "organisation": organisation, "webhook": id });
        tx.append_event(&event(state, &name, kind, &about)).await?;
        tx.commit().await?;
        self.seal(state).await
    }

    /// Forgets what became of messages long ago.
    pub(crate) async fn forget_webhook_messages(&self) -> Result<()> {
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        let before = Micros(self.means.clock.now().0.saturating_sub(KEPT));
        tx.forget_webhook_messages(before).await?;
        Ok(tx.commit().await?)
    }
}

/// The program of this id, if it is the organisation's.
async fn one_of(tx: &mut Tx, organisation: &str, id: &str) -> Result<store::Webhook> {
    let found = tx.webhook(id).await?.filter(|one| one.organisation == organisation);
    found.ok_or_else(|| Error::Absent(format!("there is no webhook {id}")))
}

fn unseal(state: &State, one: &store::Webhook) -> Result<Body> {
    let plain = state.vault.open_sealed(PURPOSE, &one.id, &one.body)?;
    serde_json::from_slice(&plain).map_err(|_| {
        Error::Refused(format!("webhook {} was written by another version of Upheld", one.id))
    })
}

fn shown(state: &State, one: &store::Webhook) -> Result<Webhook> {
    let body = unseal(state, one)?;
    let origin = Url::parse(&body.url).map(|url| url.origin().ascii_serialization());
    let kinds = one.kinds.split(' ').filter(|kind| *kind != "*").map(str::to_owned);
    Ok(Webhook {
        id: one.id.clone(),
        origin: origin.unwrap_or_default(),
        kinds: kinds.collect(),
        made_at: one.made_at,
        paused_at: one.paused_at,
    })
}

/// An address that messages may go to. What its name leads to is looked at each time one goes.
fn address(text: &str, settings: &WebhookSettings) -> Result<Url> {
    let bad = |why: &str| Error::unfit("url", why);
    if text.len() > LONGEST {
        return Err(bad("the address is longer than 2,000 signs"));
    }
    let url = Url::parse(text)
        .map_err(|_| bad("write the whole address, as `https://hooks.acme.example/upheld`"))?;
    match url.scheme() {
        "https" => {}
        "http" if settings.plain => {}
        "http" => return Err(bad("messages go out encrypted only: write `https://…`")),
        _ => return Err(bad("the address begins with `https://`")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("an account does not belong into the address"));
    }
    // However it is written, as one figure, in octal or in hexadecimal: the reader makes one form of it.
    let address = match url.host() {
        Some(url::Host::Ipv4(v4)) => Some(v4.into()),
        Some(url::Host::Ipv6(v6)) => Some(v6.into()),
        Some(url::Host::Domain(_)) => None,
        None => return Err(bad("the address names no host")),
    };
    let allowed = settings.read()?;
    if address.is_some_and(|address| !send::may_reach(address, &allowed)) {
        return Err(bad(send::NOT_PUBLIC));
    }
    Ok(url)
}
