//! Processors: told by mail what was asked, reminded, and their answers written down.

use auth::{Action, Actor};
use model::{Micros, Personal};
use serde_json::json;
use store::Claim;

use crate::house::House;
use crate::jobs::{Did, Failed, Work, ask};
use crate::mail::{self, Draft};
use crate::messages;
use crate::{Error, Result, allowed};

/// After so many days whoever has not answered is reminded, and so many times.
const REMIND_DAYS: i64 = 10;
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// A processor that must know of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processor {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// When it was told.
    pub told_at: Option<Micros>,
    /// When it answered.
    pub answered_at: Option<Micros>,
    /// Whether it can be told by mail.
    pub by_mail: bool,
}

impl House {
    /// Who must know of a request, who was told, and who has answered.
    pub async fn processors(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
    ) -> Result<Vec<Processor>> {
        allowed::require(actor, Action::ReadRequests, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.read().await?;
        let request = desk.request(&mut tx, id).await?;
        let Some(case) = request.case else { return Ok(Vec::new()) };
        let told = tx.messages(&case).await?;
        tx.rollback().await?;
        let shown = |message: store::Message| {
            let recipient = desk.policy.recipients.iter().find(|one| one.key == message.recipient);
            let contact = recipient.and_then(|one| one.privacy_contact.as_deref());
            Processor {
                name: recipient.map_or_else(|| message.recipient.clone(), |one| one.name.clone()),
                by_mail: contact.is_some_and(|contact| contact.parse::<lettre::Address>().is_ok()),
                key: message.recipient,
                told_at: message.sent_at,
                answered_at: message.answered_at,
            }
        };
        Ok(told.into_iter().map(shown).collect())
    }

    /// Writes down that a processor answered, or was told by other means than mail.
    pub async fn note_processor(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
        key: &str,
        answered: bool,
    ) -> Result<()> {
        allowed::require(actor, Action::TellProcessors, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let request = desk.request(&mut tx, id).await?;
        let case = request.case.clone().unwrap_or_default();
        let (done, kind) = if answered {
            (tx.message_answered(&case, key, now).await?, "recipient answered")
        } else {
            (tx.message_sent(&case, key, now).await?, "recipient told")
        };
        if !done {
            return Err(Error::Refused(format!("no message to `{key}` waits for that")));
        }
        let about = json!({ "recipient": key, "by": actor.person() });
        desk.tell(&mut tx, &request, kind, about).await?;
        tx.commit().await?;
        desk.state.store.scrub().await?;
        self.seal(&desk.state).await
    }

    /// Mails the messages that wait, and reminds whoever has not answered.
    pub(crate) async fn tell_processors(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let desk = self.desk_of(&claim.job.organisation).await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let Some(request) = tx.request(id).await? else { return Ok(Did::Done) };
        let case = request.case.clone().unwrap_or_default();
        let mut waits = false;
        let mut told = Vec::new();
        for message in tx.messages(&case).await? {
            let recipient = desk.policy.recipients.iter().find(|one| one.key == message.recipient);
            let contact = recipient.and_then(|one| one.privacy_contact.clone());
            let Some(to) = contact.filter(|to| to.parse::<lettre::Address>().is_ok()) else {
                continue;
            };
            if message.answered_at.is_some() || self.settings.mail.out.is_none() {
                continue;
            }
            waits = true;
            let draft = match (&message.body, message.sent_at) {
                (Some(body), None) => {
                    let text = messages::open(&desk.state, &message, body)?;
                    let (head, body) = text.split_once("\r\n\r\n").unwrap_or(("", &text));
                    let subject = head.lines().find_map(|line| line.strip_prefix("Subject: "));
                    tx.message_sent(&case, &message.recipient, now).await?;
                    told.push((message.recipient.clone(), "recipient told"));
                    draft(&to, subject.unwrap_or("A request about personal data"), body)
                }
                (_, Some(sent)) if now.0.saturating_sub(sent.0) >= REMIND_DAYS * DAY => {
                    told.push((message.recipient.clone(), "recipient reminded"));
                    let number = super::reference(&case);
                    draft(
                        &to,
                        &format!("Reminder: request {number} waits for your answer"),
                        &format!(
                            "Hello,\n\nwe wrote to you about request {number} and have not heard from you. Please tell us what you have done, and name the number.\n\n{}\n",
                            desk.policy.organisation.name
                        ),
                    )
                }
                _ => continue,
            };
            let label = mail::Label {
                organisation: &desk.organisation,
                kind: "to a processor",
                about: Some(id),
            };
            mail::post(&mut tx, &desk.state, label, &draft).await?;
        }
        for (recipient, kind) in &told {
            let about = json!({ "recipient": recipient });
            desk.tell(&mut tx, &request, kind, about).await?;
        }
        if !tx.finish_job(claim).await? {
            tx.rollback().await?;
            return Ok(Did::Ended);
        }
        let made_long_ago = now.0.saturating_sub(request.changed_at.0) > 6 * REMIND_DAYS * DAY;
        if waits && !made_long_ago {
            let work = Work::TellProcessors { request: id.to_owned() };
            let at = Micros(now.0 + REMIND_DAYS * DAY);
            ask(&mut tx, &self.means, &desk.organisation, &work, Some(at)).await?;
        }
        tx.commit().await?;
        desk.state.store.scrub().await?;
        self.seal(&desk.state).await?;
        Ok(Did::Ended)
    }
}

fn draft(to: &str, subject: &str, text: &str) -> Draft {
    Draft {
        to: Personal::new(to.to_owned()),
        subject: Personal::new(subject.to_owned()),
        text: Personal::new(text.replace("\r\n", "\n")),
        html: None,
        answers: None,
    }
}
