//! Programs that are told what happens, and the messages to them.

use std::fmt;

use model::Micros;

use crate::case::check_sealed;
use crate::tx::{Fields, Param, Tx};
use crate::{Result, statement};

/// A program that is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// Address and signing secret, sealed.
    pub body: Vec<u8>,
    /// What it is told of: kinds with spaces between, or `*`.
    pub kinds: String,
    /// When it was added.
    pub made_at: Micros,
    /// Since when it is told nothing.
    pub paused_at: Option<Micros>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A message to such a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookMessage {
    /// Its id, which stays the same however often it is sent.
    pub id: String,
    /// To whom.
    pub webhook: String,
    /// What happened.
    pub kind: String,
    /// What is sent.
    pub payload: String,
    /// When it happened.
    pub made_at: Micros,
    /// How often it was sent.
    pub attempts: u64,
    /// What came of the last try.
    pub answer: Option<String>,
    /// When it was taken.
    pub delivered_at: Option<Micros>,
}

impl Tx {
    /// Adds a program. Its body is sealed.
    pub async fn insert_webhook(&mut self, one: &Webhook) -> Result<()> {
        check_sealed(&one.id, &one.body)?;
        let params = [
            Param::Text(&one.id),
            Param::Text(&one.organisation),
            Param::Bytes(&one.body),
            Param::Text(&one.kinds),
            Param::Int(one.made_at.0),
        ];
        self.execute("adding a webhook", statement::WEBHOOK_INSERT, &params).await.map(drop)
    }

    /// One program.
    pub async fn webhook(&mut self, id: &str) -> Result<Option<Webhook>> {
        let rows = self.rows("reading a webhook", statement::WEBHOOK, &[Param::Text(id)]).await?;
        rows.first().map(webhook).transpose()
    }

    /// The programs of an organisation, in the order in which they were added.
    pub async fn webhooks(&mut self, organisation: &str) -> Result<Vec<Webhook>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading webhooks", statement::WEBHOOKS, &params).await?;
        rows.iter().map(webhook).collect()
    }

    /// Tells a program nothing from a moment on, or everything again.
    pub async fn pause_webhook(&mut self, id: &str, at: Option<Micros>) -> Result<bool> {
        let params = [Param::Text(id), Param::MaybeInt(at.map(|at| at.0))];
        Ok(self.execute("pausing a webhook", statement::WEBHOOK_PAUSE, &params).await? == 1)
    }

    /// Takes a program out, with every message to it.
    pub async fn remove_webhook(&mut self, id: &str) -> Result<bool> {
        const DOING: &str = "removing a webhook";
        self.execute(DOING, statement::WEBHOOK_MESSAGES_REMOVE, &[Param::Text(id)]).await?;
        Ok(self.execute(DOING, statement::WEBHOOK_REMOVE, &[Param::Text(id)]).await? == 1)
    }

    /// Keeps a message that is to be sent.
    pub async fn insert_webhook_message(&mut self, one: &WebhookMessage) -> Result<()> {
        let params = [
            Param::Text(&one.id),
            Param::Text(&one.webhook),
            Param::Text(&one.kind),
            Param::Text(&one.payload),
            Param::Int(one.made_at.0),
        ];
        self.execute("keeping a message", statement::WEBHOOK_MESSAGE_INSERT, &params)
            .await
            .map(drop)
    }

    /// One message.
    pub async fn webhook_message(&mut self, id: &str) -> Result<Option<WebhookMessage>> {
        let params = [Param::Text(id)];
        let rows = self.rows("reading a message", statement::WEBHOOK_MESSAGE, &params).await?;
        rows.first().map(message).transpose()
    }

    /// At most `limit` messages to a program that were made before a place, the latest first.
    pub async fn webhook_messages(
        &mut self,
        webhook: &str,
        (at, id): (Micros, &str),
        limit: u32,
    ) -> Result<Vec<WebhookMessage>> {
        let params =
            [Param::Text(webhook), Param::Int(at.0), Param::Text(id), Param::Int(i64::from(limit))];
        let rows = self.rows("reading messages", statement::WEBHOOK_MESSAGES, &params).await?;
        rows.iter().map(message).collect()
    }

    /// Notes what came of sending a message.
    pub async fn note_webhook_message(
        &mut self,
        id: &str,
        answer: &str,
        delivered_at: Option<Micros>,
    ) -> Result<()> {
        let params =
            [Param::Text(id), Param::Text(answer), Param::MaybeInt(delivered_at.map(|at| at.0))];
        self.execute("noting an answer", statement::WEBHOOK_MESSAGE_NOTE, &params).await.map(drop)
    }

    /// Forgets the messages that were made before a moment; how many there were.
    pub async fn forget_webhook_messages(&mut self, before: Micros) -> Result<u64> {
        let params = [Param::Int(before.0)];
        self.execute("forgetting messages", statement::WEBHOOK_MESSAGES_FORGET, &params).await
    }
}

fn webhook(row: &Fields) -> Result<Webhook> {
    Ok(Webhook {
        id: row.text(0)?,
        organisation: row.text(1)?,
        body: row.bytes(2)?,
        kinds: row.text(3)?,
        made_at: Micros(row.int(4)?),
        paused_at: row.maybe_int(5)?.map(Micros),
    })
}

fn message(row: &Fields) -> Result<WebhookMessage> {
    Ok(WebhookMessage {
        id: row.text(0)?,
        webhook: row.text(1)?,
        kind: row.text(2)?,
        payload: row.text(3)?,
        made_at: Micros(row.int(4)?),
        attempts: row.count(5)?,
        answer: row.maybe_text(6)?,
        delivered_at: row.maybe_int(7)?.map(Micros),
    })
}
