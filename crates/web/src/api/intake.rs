//! What people ask for, sent by a program: by somebody on their own behalf, or by staff who write it down.
//!
//! To the public each answer is the same whether somebody is known or not, and whether a key was ever one.

use app::desk::{Opened, Status};
use app::intake::{Acting, Capacity, Channel, Field, Form, Kind, Told, Unfit, Wrong};
use app::letters::Language;
use auth::Action;
use model::Personal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, Whose, post};
use super::reply::{Begun, File, Found, Id, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Kind as Public, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let form = Access::Public(Public::Form);
    vec![
        post(
            "/api/v1/intake",
            form,
            (
                "fileOwnRequest",
                "Somebody asks for something on their own behalf. A code goes to their address.",
            ),
            file,
        ),
        post(
            "/api/v1/intake/confirm",
            form,
            ("confirmRequest", "The code of the mail: the address is theirs."),
            confirm,
        ),
        post(
            "/api/v1/intake/code",
            form,
            (
                "askForPage",
                "Asks for a fresh code for the page of a request, by the link of a letter.",
            ),
            ask,
        ),
        post(
            "/api/v1/intake/page",
            form,
            ("openPage", "The page of a request, by the link of a letter and the fresh code."),
            open,
        ),
        post("/api/v1/intake/file", form, ("fetchFile", "What was made for whoever asked."), fetch),
        post(
            "/api/v1/requests",
            Access::May(Action::FileRequest),
            (
                "fileRequest",
                "Writes down a request that came by phone, by post, in person or by a program.",
            ),
            by_staff,
        ),
    ]
}

/// What is asked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RequestKind {
    Access,
    Portability,
    Rectification,
    Erasure,
    Closure,
    Restriction,
    Objection,
    OptOut,
    ConsentWithdrawal,
    AutomatedDecisionReview,
    ShineTheLight,
    Complaint,
}

impl From<RequestKind> for Kind {
    fn from(kind: RequestKind) -> Self {
        match kind {
            RequestKind::Access => Self::Access,
            RequestKind::Portability => Self::Portability,
            RequestKind::Rectification => Self::Rectification,
            RequestKind::Erasure => Self::Erasure,
            RequestKind::Closure => Self::Closure,
            RequestKind::Restriction => Self::Restriction,
            RequestKind::Objection => Self::Objection,
            RequestKind::OptOut => Self::OptOut,
            RequestKind::ConsentWithdrawal => Self::ConsentWithdrawal,
            RequestKind::AutomatedDecisionReview => Self::AutomatedDecisionReview,
            RequestKind::ShineTheLight => Self::ShineTheLight,
            RequestKind::Complaint => Self::Complaint,
        }
    }
}

/// The language in which the person is written to.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Tongue {
    #[default]
    En,
    Fr,
}

/// A request. Everything but the kind may be left out: what is needed is asked for when it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// What is asked.
    kind: RequestKind,
    /// In which language to answer; English if nothing is said.
    #[serde(default)]
    language: Tongue,
    /// Where the person lives: a place of the policy, or a country's two letters with those of a province
    /// or state behind them (`CA-NS`). One that is not known sets no clock of its own.
    #[schemars(length(max = 40))]
    place: Option<String>,
    /// Where the answer goes.
    #[schemars(length(max = 320), extend("format" = "email"))]
    email: Option<String>,
    /// The person's name.
    #[schemars(length(max = 320))]
    name: Option<String>,
    /// Their telephone number.
    #[schemars(length(max = 320))]
    phone: Option<String>,
    /// Their user name.
    #[schemars(length(max = 320))]
    user_name: Option<String>,
    /// Their number with the organisation.
    #[schemars(length(max = 320))]
    account_id: Option<String>,
    /// Further addresses by which they may be known.
    #[serde(default)]
    #[schemars(length(max = 10), inner(length(max = 320)))]
    other_emails: Vec<String>,
    /// What they want, in their own words.
    #[schemars(length(max = 8000))]
    text: Option<String>,
    /// The use that it is about: the key of a purpose.
    #[schemars(length(max = 100))]
    purpose: Option<String>,
    /// What is wrong, and what is right.
    #[serde(default)]
    #[schemars(length(max = 50))]
    corrections: Vec<Correction>,
    /// Who asks, if not the person.
    acting: Option<ActingFor>,
}

impl Body for Asked {}

/// Something that is wrong about the person.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Correction {
    /// What: an identifier (`email`) or a data category.
    #[schemars(length(min = 1, max = 100))]
    what: String,
    /// What is held.
    #[schemars(length(max = 320))]
    before: Option<String>,
    /// What is right.
    #[schemars(length(min = 1, max = 320))]
    after: String,
}

/// Somebody who asks for another.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ActingFor {
    /// As what.
    capacity: As,
    /// Their name.
    #[schemars(length(max = 320))]
    name: Option<String>,
    /// Where they are reached.
    #[schemars(length(max = 320), extend("format" = "email"))]
    email: Option<String>,
}

/// As what somebody asks for another.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum As {
    /// The person has authorised them.
    Agent,
    /// They are a parent or guardian of a child.
    Parent,
}

fn personal(text: &Option<String>) -> Option<Personal<String>> {
    text.clone().map(Personal::new)
}

/// The form, with everything in it that can be taken; what cannot is named.
fn form(asked: &Asked, channel: Channel) -> Result<Form, Failure> {
    if asked.other_emails.len() > 10 {
        return Err(Failure::unfit(Some("other_emails"), "there are at most ten"));
    }
    if asked.corrections.len() > 50 {
        return Err(Failure::unfit(Some("corrections"), "there are at most fifty"));
    }
    for (field, text, most) in [("place", &asked.place, 40), ("purpose", &asked.purpose, 100)] {
        if text.as_ref().is_some_and(|text| text.chars().count() > most) {
            return Err(Failure::unfit(Some(field), format!("it is longer than {most} signs")));
        }
    }
    let acting = asked.acting.as_ref().and_then(|one| one.email.as_ref());
    for (field, email) in [("email", asked.email.as_ref()), ("acting.email", acting)] {
        if email.is_some_and(|email| email.trim().is_empty()) {
            return Err(Failure::unfit(Some(field), "leave it out if there is none"));
        }
    }
    let correction = |one: &Correction| Wrong {
        what: one.what.clone(),
        before: personal(&one.before),
        after: Personal::new(one.after.clone()),
    };
    let acting = asked.acting.as_ref().map(|one| Acting {
        capacity: match one.capacity {
            As::Agent => Capacity::Agent,
            As::Parent => Capacity::Parent,
        },
        name: personal(&one.name),
        email: personal(&one.email),
    });
    let told = Told {
        email: personal(&asked.email),
        name: personal(&asked.name),
        phone: personal(&asked.phone),
        user_name: personal(&asked.user_name),
        account_id: personal(&asked.account_id),
        other_emails: asked.other_emails.iter().cloned().map(Personal::new).collect(),
        text: personal(&asked.text),
        purpose: asked.purpose.clone(),
        corrections: asked.corrections.iter().map(correction).collect(),
        acting,
    };
    let language = match asked.language {
        Tongue::En => Language::En,
        Tongue::Fr => Language::Fr,
    };
    let place = asked.place.clone().filter(|place| !place.is_empty());
    Ok(Form {
        kind: asked.kind.into(),
        channel,
        language,
        place,
        told: told.tidy().map_err(unfit)?,
    })
}

/// What of a form cannot be taken, by the name that it has here.
fn unfit(error: Unfit) -> Failure {
    let field = match error {
        Unfit::Text => "text",
        Unfit::TooLong(field) | Unfit::NoAddress(field) => match field {
            Field::Email => "email",
            Field::Name => "name",
            Field::Phone => "phone",
            Field::UserName => "user_name",
            Field::AccountId => "account_id",
            Field::OtherEmail => "other_emails",
            Field::ActingName => "acting.name",
            Field::ActingEmail => "acting.email",
            Field::Correction => "corrections",
        },
    };
    Failure::unfit(Some(field), error.to_string())
}

/// What whoever has asked holds in their hands.
#[derive(Serialize, JsonSchema)]
struct Filed {
    /// With it and the code of the mail the request is confirmed.
    handle: String,
}

async fn file(call: Call<Nothing, Asked>) -> Result<Made<Filed>, Failure> {
    let form = form(&call.body, Channel::Api)?;
    let filed = Box::pin(call.site.house.file_request(form)).await?;
    Ok(Made(Filed { handle: filed.handle.expose_secret().clone() }))
}

/// The code of the mail.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// What the answer to the request gave.
    #[schemars(length(min = 1, max = 200))]
    handle: String,
    /// What the mail says.
    #[schemars(length(min = 1, max = 40))]
    code: String,
}

impl Body for Confirmation {}

/// Whether it was right.
#[derive(Serialize, JsonSchema)]
struct Confirmed {
    /// Whether the code was right. If not, nobody is told why.
    confirmed: bool,
}

async fn confirm(call: Call<Nothing, Confirmation>) -> Result<Found<Confirmed>, Failure> {
    let Confirmation { handle, code } = &call.body;
    let confirmed = Box::pin(call.site.house.confirm_by_code(handle, code)).await?;
    Ok(Found(Confirmed { confirmed }))
}

/// The link of a letter.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Link {
    /// The last part of its address.
    #[schemars(length(min = 1, max = 200))]
    link: String,
}

impl Body for Link {}

async fn ask(call: Call<Nothing, Link>) -> Result<Begun, Failure> {
    Box::pin(call.site.house.ask_for_page(&call.body.link)).await?;
    Ok(Begun)
}

/// The link of a letter, and the fresh code.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// The last part of the link's address.
    #[schemars(length(min = 1, max = 200))]
    link: String,
    /// What the mail says.
    #[schemars(length(min = 1, max = 40))]
    code: String,
}

impl Body for Opening {}

/// The page of a request, for whoever asked.
#[derive(Serialize, JsonSchema)]
struct OwnRequest {
    /// Its number as people write it.
    reference: String,
    /// What was asked.
    kind: String,
    /// Where it stands.
    status: String,
    /// Whether it has ended.
    ended: bool,
    /// When it came.
    #[schemars(extend("format" = "date-time"))]
    received_at: String,
    /// Until when it is answered.
    #[schemars(extend("format" = "date-time"))]
    due_at: Option<String>,
    /// What came of it, in a word.
    outcome: Option<String>,
    /// What was kept, and why.
    kept: Vec<String>,
    /// What can be fetched, and until when.
    files: Vec<OwnFile>,
    /// Opens the files for a quarter of an hour.
    pass: String,
}

/// What can be fetched.
#[derive(Serialize, JsonSchema)]
struct OwnFile {
    /// What it is.
    kind: String,
    /// Until when.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
}

async fn open(call: Call<Nothing, Opening>) -> Result<Found<OwnRequest>, Failure> {
    let Opening { link, code } = &call.body;
    let opened: Option<Opened> = Box::pin(call.site.house.open_page(link, code)).await?;
    let one = opened.ok_or(Failure::NotFound)?;
    let outcome = one.outcome.as_ref();
    Ok(Found(OwnRequest {
        reference: one.reference,
        kind: one.kind,
        status: Status::key(one.status).to_owned(),
        ended: one.status.is_end(),
        received_at: when(one.received_at),
        due_at: one.due_at.map(when),
        kept: outcome.map(|outcome| outcome.kept.clone()).unwrap_or_default(),
        outcome: outcome.map(|outcome| outcome.word.clone()),
        files: one
            .files
            .into_iter()
            .map(|(kind, until)| OwnFile { kind, until: until.map(when) })
            .collect(),
        pass: one.pass.expose_secret().clone(),
    }))
}

/// Which file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Fetch {
    /// What the page gave.
    #[schemars(length(min = 1, max = 200))]
    pass: String,
    /// Which.
    kind: FileKind,
}

impl Body for Fetch {}

/// What is made for whoever asked.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FileKind {
    Package,
    Certificate,
    CertificatePage,
}

impl FileKind {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Certificate => "certificate",
            Self::CertificatePage => "certificate page",
        }
    }
}

async fn fetch(call: Call<Nothing, Fetch>) -> Result<File, Failure> {
    let Fetch { pass, kind } = &call.body;
    let fetched = call.site.house.fetch_file(pass, kind.key()).await?.ok_or(Failure::NotFound)?;
    Ok(File { name: fetched.name, bytes: fetched.bytes.expose_secret().clone() })
}

/// A request that staff write down.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenDown {
    /// By which way it came.
    channel: Way,
    /// The day on which it came, if that was not today.
    #[schemars(extend("format" = "date"))]
    received: Option<String>,
    /// Who asks and what.
    request: Asked,
}

impl Body for WrittenDown {}

/// By which way a request came.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Way {
    /// A program of the organisation's own, for somebody who is signed in there or wrote there.
    Api,
    /// A call.
    Phone,
    /// A letter.
    Post,
    /// Somebody came by.
    InPerson,
}

async fn by_staff(call: Call<Whose, WrittenDown>) -> Result<Made<Id>, Failure> {
    let actor = call.actor()?;
    let WrittenDown { channel, received, request } = &call.body;
    let channel = match channel {
        Way::Api => Channel::Api,
        Way::Phone => Channel::Phone,
        Way::Post => Channel::Post,
        Way::InPerson => Channel::InPerson,
    };
    let form = form(request, channel)?;
    let organisation = call.query.or(actor);
    let filed = call.site.house.file_by_staff(actor, organisation, form, received.clone());
    Ok(Made(Id { id: Box::pin(filed).await? }))
}
