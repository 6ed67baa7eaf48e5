//! The queue, one request whole, and everything that staff do with it.

mod act;
mod shown;

use app::desk::{Place, Wanted};
use auth::Action;
use model::Micros;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::shown::{Request, RequestWhole, line, whole};
use super::call::{Body, Call, Whose, get, post};
use super::cursor::{self, Listing};
use super::intake::{FileKind, RequestKind};
use super::reply::{Done, File, Found, Tagged};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let may = Access::May;
    vec![
        get(
            "/api/v1/requests",
            may(Action::ReadRequests),
            (
                "listRequests",
                "Requests of an organisation: the open ones, the first due first, or all, the latest first.",
            ),
            list,
        ),
        get(
            "/api/v1/requests/{id}",
            may(Action::ReadRequests),
            (
                "readRequest",
                "One request with everything about it. Who asks and what is there for whoever may open it.",
            ),
            one,
        ),
        post(
            "/api/v1/requests/{id}/sort",
            may(Action::FileRequest),
            ("sortRequest", "Says what a mail asks for."),
            act::sort,
        ),
        post(
            "/api/v1/requests/{id}/identify",
            may(Action::IdentifyRequest),
            ("identifyRequest", "Decides that somebody is who they say."),
            act::identify,
        ),
        post(
            "/api/v1/requests/{id}/plan",
            may(Action::PlanRequest),
            ("planRequest", "Has the systems asked what the request would find and change."),
            act::plan,
        ),
        post(
            "/api/v1/requests/{id}/approve",
            may(Action::ApproveRequest),
            ("approveRequest", "Says yes to the plan with this digest."),
            act::approve,
        ),
        post(
            "/api/v1/requests/{id}/hold-back",
            may(Action::ApproveRequest),
            ("holdBackRequest", "Takes a yes back before the work has begun."),
            act::hold_back,
        ),
        post(
            "/api/v1/requests/{id}/go-on",
            may(Action::RunRequest),
            ("goOnWithRequest", "Carries on with a request that could not be ended."),
            act::go_on,
        ),
        post(
            "/api/v1/requests/{id}/ask",
            may(Action::PauseRequest),
            (
                "askPerson",
                "Asks the person something; where a law lets it, the clock stands still.",
            ),
            act::ask,
        ),
        post(
            "/api/v1/requests/{id}/answered",
            may(Action::PauseRequest),
            ("personAnswered", "The person has answered: the clock goes on."),
            act::answered,
        ),
        post(
            "/api/v1/requests/{id}/fee",
            may(Action::PauseRequest),
            ("chargeFee", "Asks for the fee that the policy names, before any work."),
            act::charge_fee,
        ),
        post(
            "/api/v1/requests/{id}/fee/settlement",
            may(Action::PauseRequest),
            ("settleFee", "The fee was paid, or is waived: the work goes on."),
            act::settle_fee,
        ),
        post(
            "/api/v1/requests/{id}/put-off",
            may(Action::ExtendRequest),
            ("putOffRequest", "Takes more time, once, and tells the person why."),
            act::put_off,
        ),
        post(
            "/api/v1/requests/{id}/refuse",
            may(Action::RefuseRequest),
            ("refuseRequest", "Says no, naming the reason and the regulator."),
            act::refuse,
        ),
        post(
            "/api/v1/requests/{id}/appeal",
            may(Action::FileRequest),
            (
                "appealRequest",
                "Whoever asked wants the answer looked at again; a clock of its own begins.",
            ),
            act::appeal,
        ),
        post(
            "/api/v1/requests/{id}/appeal/decision",
            may(Action::RefuseRequest),
            (
                "decideAppeal",
                "Says what comes of the second look: the answer stays, or the request is taken up again.",
            ),
            act::decide_appeal,
        ),
        post(
            "/api/v1/requests/{id}/withdraw",
            may(Action::CloseRequest),
            ("withdrawRequest", "The person takes it back, or it was opened by mistake."),
            act::withdraw,
        ),
        post(
            "/api/v1/requests/{id}/duplicate",
            may(Action::CloseRequest),
            ("closeDuplicate", "The same is being answered under another number."),
            act::duplicate,
        ),
        post(
            "/api/v1/requests/{id}/answer",
            may(Action::AnswerRequest),
            ("answerRequest", "A person has done what no system can: the answer goes out."),
            act::answer,
        ),
        get(
            "/api/v1/requests/{id}/processors",
            may(Action::ReadRequests),
            ("listProcessors", "Who must know of it, who was told, and who has answered."),
            processors,
        ),
        post(
            "/api/v1/requests/{id}/processors/{processor}",
            may(Action::TellProcessors),
            (
                "noteProcessor",
                "Writes down that a processor was told by other means than mail, or answered.",
            ),
            note_processor,
        ),
        get(
            "/api/v1/requests/{id}/files/{kind}",
            may(Action::AnswerRequest),
            (
                "readRequestFile",
                "What was made for whoever asked: `package`, `certificate` or `certificate_page`. Each fetch is an entry of the log.",
            ),
            file,
        ),
    ]
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    Unsorted,
    Unconfirmed,
    Unidentified,
    Ready,
    Planning,
    Planned,
    Approved,
    Running,
    Waiting,
    ByHand,
    Incomplete,
    Done,
    Refused,
    Withdrawn,
    Duplicate,
    Lapsed,
    Appealed,
}

/// The word of a value that is written as one.
fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Which requests.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The organisation: `root`, or a client's key. Left out, the caller's own.
    #[schemars(length(min = 1, max = 100))]
    organisation: Option<String>,
    /// Only those that are open, the first due first.
    open: Option<bool>,
    /// Only those that stand so.
    status: Option<Status>,
    /// Only those that ask for this.
    kind: Option<RequestKind>,
    /// At most so many entries; 50 if nothing is said.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u16>,
    /// The `next` of the part before.
    #[schemars(length(min = 1, max = 400))]
    after: Option<String>,
}

async fn list(call: Call<Which>) -> Result<Found<Listing<Request>>, Failure> {
    let actor = call.actor()?;
    let which = &call.query;
    let organisation = which.organisation.as_deref().unwrap_or_else(|| actor.home());
    let limit = cursor::limit(which.limit)?;
    let open = which.open.unwrap_or(false);
    let status = which.status.as_ref().map(|status| word(status).replace('_', " "));
    let wanted = Wanted {
        status: status.and_then(|status| app::desk::Status::of(&status)),
        kind: which.kind.map(Into::into),
    };
    let after: Option<(i64, String)> = cursor::read(which.after.as_deref())?;
    let place = after.map(|(at, id)| Place { at: Micros(at), id });
    // One more than is shown says whether the list goes on.
    let most = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let house = &call.site.house;
    let mut found = if open {
        house.queue(actor, organisation, wanted, place.as_ref(), most).await?
    } else {
        house.every_request(actor, organisation, wanted, place.as_ref(), most).await?
    };
    let more = found.len() > limit;
    found.truncate(limit);
    let next = match found.last() {
        Some(last) if more => {
            let due = last.due_at.unwrap_or(Micros(i64::MAX));
            let at = if open { due } else { last.received_at };
            Some(cursor::write(&(at.0, &last.id))?)
        }
        _ => None,
    };
    let items = found.into_iter().map(line).collect();
    Ok(Found(Listing { items, next }))
}

async fn one(call: Call<Whose>) -> Result<Tagged<RequestWhole>, Failure> {
    let actor = call.actor()?;
    let full = call.site.house.request_at_desk(actor, call.query.or(actor), call.id("id")?).await?;
    Ok(Tagged(full.line.step, whole(full)))
}

/// A processor that must know of a request.
#[derive(Serialize, JsonSchema)]
struct Processor {
    /// Its key.
    key: String,
    /// Its name.
    name: String,
    /// When it was told.
    #[schemars(extend("format" = "date-time"))]
    told_at: Option<String>,
    /// When it answered.
    #[schemars(extend("format" = "date-time"))]
    answered_at: Option<String>,
    /// Whether it can be told by mail.
    by_mail: bool,
}

async fn processors(call: Call<Whose>) -> Result<Found<Vec<Processor>>, Failure> {
    let actor = call.actor()?;
    let found = call.site.house.processors(actor, call.query.or(actor), call.id("id")?).await?;
    let shown = |one: app::desk::Processor| Processor {
        key: one.key,
        name: one.name,
        told_at: one.told_at.map(when),
        answered_at: one.answered_at.map(when),
        by_mail: one.by_mail,
    };
    Ok(Found(found.into_iter().map(shown).collect()))
}

/// What is written down of a processor.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Noted {
    /// Whether it answered; if not, it was told.
    answered: bool,
}

impl Body for Noted {}

async fn note_processor(call: Call<Whose, Noted>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, id, key) = (call.query.or(actor), call.id("id")?, call.param("processor")?);
    let answered = call.body.answered;
    Box::pin(call.site.house.note_processor(actor, organisation, id, key, answered)).await?;
    Ok(Done)
}

async fn file(call: Call<Whose>) -> Result<File, Failure> {
    let actor = call.actor()?;
    let kind: FileKind = match call.param("kind")? {
        "package" => FileKind::Package,
        "certificate" => FileKind::Certificate,
        "certificate_page" => FileKind::CertificatePage,
        _ => return Err(Failure::NotFound),
    };
    let (organisation, id) = (call.query.or(actor), call.id("id")?);
    let fetched = call.site.house.fetch_for_staff(actor, organisation, id, kind.key()).await?;
    let fetched = fetched.ok_or(Failure::NotFound)?;
    Ok(File { name: fetched.name, bytes: fetched.bytes.expose_secret().clone() })
}
