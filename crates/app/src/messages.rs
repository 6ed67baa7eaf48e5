//! Messages to those who got a person's data from us: written when a request ends, kept sealed until
//! they are sent, followed until they are answered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use model::{Identity, IdentityKind, Micros, Personal};
use plan::{Case, Ending, Outline, RequestKind};
use policy::{Flow, LegalBasis, Policy, Recipient, RecipientClass, System};
use render::message::{Asks, Letter};
use serde::Serialize;
use serde_json::json;

use crate::house::{House, write_whole};
use crate::keeper::canonical;
use crate::state::State;
use crate::{Error, Result, view};

/// What texts of messages are sealed for.
const PURPOSE: &str = "message";

/// A message in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The recipient's key.
    pub recipient: String,
    /// Its name.
    pub name: String,
    /// Where it is reached.
    pub contact: Option<String>,
    /// `to send`, `sent` or `answered`.
    pub state: &'static str,
    /// Since when.
    pub since: Micros,
    /// The draft, where it was written to a file now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

/// The messages of a request.
#[derive(Debug, Clone, Serialize)]
pub struct Messages {
    /// The request.
    pub request: String,
    /// The messages, by recipient.
    pub messages: Vec<Told>,
}

impl House {
    /// The messages of a request. With a folder, those that are still to be sent are written there,
    /// readable by their owner alone.
    pub async fn messages(&self, request: &str, folder: Option<&Path>) -> Result<Messages> {
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let id = self.whole_id(&state, request).await?;
        let mut tx = state.store.read().await?;
        let kept = tx.messages(&id).await?;
        tx.rollback().await?;
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder).map_err(Error::file("cannot make", folder))?;
        }
        let mut messages = Vec::with_capacity(kept.len());
        for message in kept {
            let file = match (folder, &message.body) {
                (Some(folder), Some(body)) => Some(write(&state, folder, &message, body)?),
                _ => None,
            };
            let recipient = policy.recipient(&message.recipient);
            let (word, since) = match (message.sent_at, message.answered_at) {
                (_, Some(at)) => ("answered", at),
                (Some(at), None) => ("sent", at),
                (None, None) => ("to send", message.made_at),
            };
            messages.push(Told {
                name: recipient.map_or_else(|| message.recipient.clone(), |r| r.name.clone()),
                contact: recipient.and_then(|r| r.privacy_contact.clone()),
                recipient: message.recipient,
                state: word,
                since,
                file,
            });
        }
        Ok(Messages { request: id, messages })
    }

    /// Notes that messages were sent and answered.
    pub async fn note_messages(
        &self,
        request: &str,
        sent: &[String],
        answered: &[String],
    ) -> Result<()> {
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let id = self.whole_id(&state, request).await?;
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        let asked = tx.case(&id).await?.map(|case| case.kind).unwrap_or_default();
        for (recipient, kind) in sent
            .iter()
            .map(|one| (one, "recipient told"))
            .chain(answered.iter().map(|one| (one, "recipient answered")))
        {
            let done = if kind == "recipient told" {
                tx.message_sent(&id, recipient, now).await?
            } else {
                tx.message_answered(&id, recipient, now).await?
            };
            if !done {
                return Err(Error::Refused(format!(
                    "no message to `{recipient}` waits for that: `upheld request messages {}` shows where each stands",
                    id.get(..8).unwrap_or(&id)
                )));
            }
            let mut salt = [0; 32];
            self.means.rng.fill(&mut salt);
            let body = json!({
                "kind": kind, "request": id, "asked": asked, "about": { "recipient": recipient },
            });
            tx.append_event(&store::Event {
                id: store::new_id(self.means.rng.as_ref()),
                organisation: policy.organisation.name.clone(),
                kind: kind.to_owned(),
                case: Some(id.clone()),
                at: now,
                body: canonical(&body),
                salt,
            })
            .await?;
        }
        tx.commit().await?;
        // What was sent is forgotten in the files too.
        state.store.scrub().await?;
        self.seal(&state).await
    }
}

/// The text of a message that waits.
pub(crate) fn open(state: &State, message: &store::Message, body: &[u8]) -> Result<String> {
    let text =
        state.vault.open_sealed(PURPOSE, &record(&message.case, &message.recipient), body)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn write(state: &State, folder: &Path, message: &store::Message, body: &[u8]) -> Result<PathBuf> {
    let text =
        state.vault.open_sealed(PURPOSE, &record(&message.case, &message.recipient), body)?;
    let short = message.case.get(..8).unwrap_or(&message.case);
    let file = folder.join(format!("{}-{short}.eml", message.recipient));
    write_whole(&file, &text)?;
    Ok(file)
}

fn record(case: &str, recipient: &str) -> String {
    format!("{case}/{recipient}")
}

/// The messages for a request that changed systems, those excepted that were sent before.
pub(crate) async fn for_changes(
    house: &House,
    state: &State,
    policy: &Policy,
    case: &Case,
    outline: &Outline,
) -> Result<Vec<store::Message>> {
    let done = matches!(case.ending(), Some(Ending::Complete | Ending::Incomplete(_)));
    if !done || outline.rows_to_change == 0 {
        return Ok(Vec::new());
    }
    let mut tx = state.store.read().await?;
    let known = tx.messages(&case.request.id).await?;
    tx.rollback().await?;
    let touched = Touched::of(policy, outline);
    let mut messages = Vec::new();
    for recipient in &policy.recipients {
        let told = known.iter().any(|m| m.recipient == recipient.key && m.sent_at.is_some());
        if told || !may_be_told(recipient) || !touched.reaches(policy, recipient) {
            continue;
        }
        let corrections = corrections(policy, outline, recipient);
        if case.request.kind == RequestKind::Rectification && corrections.is_empty() {
            continue;
        }
        let letter = Letter { corrections, ..letter(house, policy, case, recipient)? };
        messages.push(sealed(state, case, recipient, &letter)?);
    }
    Ok(messages)
}

/// The messages that a mark makes necessary.
pub(crate) fn for_mark(
    house: &House,
    state: &State,
    policy: &Policy,
    case: &Case,
    purpose: Option<&str>,
) -> Result<Vec<store::Message>> {
    let by_consent = |key: &String| {
        policy.purpose(key).is_some_and(|purpose| purpose.legal_basis == LegalBasis::Consent)
    };
    let concerned = |recipient: &&Recipient| match case.request.kind {
        RequestKind::OptOut => recipient.flow != Flow::Service,
        RequestKind::Restriction => true,
        _ => match purpose {
            Some(purpose) => recipient.purposes.iter().any(|key| key == purpose),
            None => recipient.purposes.iter().any(by_consent),
        },
    };
    policy
        .recipients
        .iter()
        .filter(|recipient| may_be_told(recipient))
        .filter(concerned)
        .map(|recipient| {
            let purpose = purpose.map(|key| policy.title_of_purpose(key));
            let letter = Letter { purpose, ..letter(house, policy, case, recipient)? };
            sealed(state, case, recipient, &letter)
        })
        .collect()
}

/// An authority that asked for data by law is not told what a person asked of us; a buyer of the
/// business has not got it yet.
const fn may_be_told(recipient: &Recipient) -> bool {
    !matches!(recipient.class, RecipientClass::Authority | RecipientClass::Successor)
}

/// The systems and the data categories that a plan changes.
struct Touched<'p> {
    systems: BTreeSet<&'p str>,
    categories: BTreeSet<&'p str>,
}

impl<'p> Touched<'p> {
    fn of(policy: &'p Policy, outline: &Outline) -> Self {
        let mut touched = Self { systems: BTreeSet::new(), categories: BTreeSet::new() };
        for row in outline.places.iter().filter(|row| row.changed + row.deleted > 0) {
            let Some(system) = policy.system(&row.place.system) else { continue };
            touched.systems.insert(&system.key);
            let Some(collection) = system.collection(&row.place.collection) else { continue };
            let named = |name: &str| row.fields.iter().any(|field| field.field == name);
            let fields = collection.fields.iter();
            let fields = fields.filter(|field| row.deleted > 0 || named(&field.name));
            touched.categories.extend(fields.flat_map(|f| &f.categories).map(String::as_str));
        }
        touched
    }

    fn reaches(&self, policy: &Policy, recipient: &Recipient) -> bool {
        let by_system =
            |key: &&str| policy.system(key).is_some_and(|system| gets_system(recipient, system));
        self.systems.iter().any(by_system)
            || self.categories.iter().any(|category| gets_category(recipient, category))
    }
}

fn gets_system(recipient: &Recipient, system: &System) -> bool {
    system.recipients.contains(&recipient.key) || recipient.gets.contains(&system.key)
}

fn gets_category(recipient: &Recipient, category: &str) -> bool {
    recipient.gets.iter().any(|gets| {
        category
            .strip_prefix(gets.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// The corrections that concern what a recipient gets, each once.
fn corrections(
    policy: &Policy,
    outline: &Outline,
    recipient: &Recipient,
) -> Vec<(String, Personal<String>, Personal<String>)> {
    let mut found: Vec<(String, Personal<String>, Personal<String>)> = Vec::new();
    for one in outline.corrected.iter().filter(|one| one.before != one.after) {
        let Some(system) = policy.system(&one.place.system) else { continue };
        let field = system.collection(&one.place.collection).and_then(|c| c.field(&one.field));
        let categories = field.map_or(&[][..], |field| &field.categories);
        if !gets_system(recipient, system)
            && !categories.iter().any(|category| gets_category(recipient, category))
        {
            continue;
        }
        let what = match field.and_then(|field| field.identity) {
            Some(kind) => view::identity(kind).to_owned(),
            None => categories
                .first()
                .map_or_else(|| one.field.clone(), |category| policy.title_of_category(category)),
        };
        let line = (what, one.before.clone(), one.after.clone());
        if !found.contains(&line) {
            found.push(line);
        }
    }
    found
}

fn letter(house: &House, policy: &Policy, case: &Case, recipient: &Recipient) -> Result<Letter> {
    let organisation = &policy.organisation;
    Ok(Letter {
        asks: match case.request.kind {
            RequestKind::Closure => Asks::Close,
            RequestKind::Rectification => Asks::Correct,
            RequestKind::Restriction => Asks::Restrict,
            RequestKind::Objection => Asks::Object,
            RequestKind::OptOut => Asks::OptOut,
            RequestKind::ConsentWithdrawal => Asks::Withdraw,
            RequestKind::Erasure | RequestKind::Access | RequestKind::Portability => Asks::Erase,
        },
        organisation: organisation.name.clone(),
        from: organisation.contact.email.clone(),
        recipient: recipient.name.clone(),
        to: recipient.privacy_contact.clone(),
        reference: case.request.id.get(..8).unwrap_or(&case.request.id).to_owned(),
        since: render::words::day(case.request.opened_at, &house.zone()?),
        purpose: None,
        person: person(case, recipient),
        corrections: Vec::new(),
    })
}

/// The person, by no more identifiers than the recipient knows; all of them where that cannot be
/// told from what it gets. After a correction it is the old identifiers that the recipient knows.
fn person(case: &Case, recipient: &Recipient) -> Vec<(String, Personal<String>)> {
    let new = |identity: &&Identity| case.renamed().iter().all(|(_, new)| new != *identity);
    let old = case.renamed().iter().map(|(old, _)| old);
    let mut known: Vec<&Identity> = Vec::new();
    for identity in old.chain(case.request.identities.iter().filter(new)) {
        if !known.contains(&identity) {
            known.push(identity);
        }
    }
    let category = |kind: IdentityKind| match kind {
        IdentityKind::Email => Some("user.contact.email"),
        IdentityKind::Phone => Some("user.contact.phone_number"),
        IdentityKind::Name => Some("user.name"),
        IdentityKind::UserName | IdentityKind::AccountId => None,
    };
    let gets = |identity: &&&Identity| {
        category(identity.kind).is_some_and(|category| gets_category(recipient, category))
    };
    let fitting: Vec<&Identity> = known.iter().filter(gets).copied().collect();
    let shown = if fitting.is_empty() { known } else { fitting };
    shown
        .into_iter()
        .map(|identity| (view::identity(identity.kind).to_owned(), identity.value.clone()))
        .collect()
}

fn sealed(
    state: &State,
    case: &Case,
    recipient: &Recipient,
    letter: &Letter,
) -> Result<store::Message> {
    let id = &case.request.id;
    let body =
        state.vault.seal(PURPOSE, &record(id, &recipient.key), letter.to_eml().as_bytes())?;
    Ok(store::Message {
        case: id.clone(),
        recipient: recipient.key.clone(),
        body: Some(body),
        made_at: state.means().clock.now(),
        sent_at: None,
        answered_at: None,
    })
}
