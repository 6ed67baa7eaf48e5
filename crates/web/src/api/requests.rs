//! The queue, one request whole, and everything that staff do with it.

use app::desk::{Full, Line, Place, Wanted};
use auth::Action;
use model::{Micros, Personal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Nothing, Whose, get, post};
use super::cursor::{self, Listing};
use super::intake::{FileKind, RequestKind};
use super::reply::{Done, File, Found, Tagged};
use super::tasks::ShownTask;
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
            sort,
        ),
        post(
            "/api/v1/requests/{id}/identify",
            may(Action::IdentifyRequest),
            ("identifyRequest", "Decides that somebody is who they say."),
            identify,
        ),
        post(
            "/api/v1/requests/{id}/plan",
            may(Action::PlanRequest),
            ("planRequest", "Has the systems asked what the request would find and change."),
            plan,
        ),
        post(
            "/api/v1/requests/{id}/approve",
            may(Action::ApproveRequest),
            ("approveRequest", "Says yes to the plan with this digest."),
            approve,
        ),
        post(
            "/api/v1/requests/{id}/hold-back",
            may(Action::ApproveRequest),
            ("holdBackRequest", "Takes a yes back before the work has begun."),
            hold_back,
        ),
        post(
            "/api/v1/requests/{id}/go-on",
            may(Action::RunRequest),
            ("goOnWithRequest", "Carries on with a request that could not be ended."),
            go_on,
        ),
        post(
            "/api/v1/requests/{id}/ask",
            may(Action::PauseRequest),
            (
                "askPerson",
                "Asks the person something; where a law lets it, the clock stands still.",
            ),
            ask,
        ),
        post(
            "/api/v1/requests/{id}/answered",
            may(Action::PauseRequest),
            ("personAnswered", "The person has answered: the clock goes on."),
            answered,
        ),
        post(
            "/api/v1/requests/{id}/put-off",
            may(Action::ExtendRequest),
            ("putOffRequest", "Takes more time, once, and tells the person why."),
            put_off,
        ),
        post(
            "/api/v1/requests/{id}/refuse",
            may(Action::RefuseRequest),
            ("refuseRequest", "Says no, naming the reason and the regulator."),
            refuse,
        ),
        post(
            "/api/v1/requests/{id}/withdraw",
            may(Action::CloseRequest),
            ("withdrawRequest", "The person takes it back, or it was opened by mistake."),
            withdraw,
        ),
        post(
            "/api/v1/requests/{id}/duplicate",
            may(Action::CloseRequest),
            ("closeDuplicate", "The same is being answered under another number."),
            duplicate,
        ),
        post(
            "/api/v1/requests/{id}/answer",
            may(Action::AnswerRequest),
            ("answerRequest", "A person has done what no system can: the answer goes out."),
            answer,
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

/// A request as it stands in lists.
#[derive(Serialize, JsonSchema)]
struct Request {
    /// Its number.
    id: String,
    /// What is asked.
    kind: String,
    /// By which way it came.
    channel: String,
    /// Where it stands.
    status: String,
    /// When it came.
    #[schemars(extend("format" = "date-time"))]
    received_at: String,
    /// The last moment on which the answer is in time.
    #[schemars(extend("format" = "date-time"))]
    due_at: Option<String>,
    /// How many days are left; negative when it is late.
    days_left: Option<i32>,
    /// Whether the same was asked before.
    duplicate: bool,
    /// Why it went no further the last time.
    trouble: Option<String>,
}

fn line(one: Line) -> Request {
    Request {
        id: one.id,
        kind: one.kind,
        channel: one.channel,
        status: one.status,
        received_at: when(one.received_at),
        due_at: one.due_at.map(when),
        days_left: one.days_left,
        duplicate: one.duplicate,
        trouble: one.trouble,
    }
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

/// A request with everything about it.
#[derive(Serialize, JsonSchema)]
struct RequestWhole {
    #[serde(flatten)]
    request: Request,
    /// Who asks and what; none once it was forgotten, or for whoever may not open it.
    told: Option<Told>,
    /// What whoever asks must show: `none`, `mail`, `staff`.
    proof: String,
    /// How they showed it.
    shown: Option<String>,
    /// Where the person lives, if it is known.
    place: Option<String>,
    /// The request in which the same was asked before.
    duplicate_of: Option<String>,
    /// The digest of the plan that waits for a yes, or got one.
    plan: Option<String>,
    /// Who said yes to it.
    approvals: Vec<Approval>,
    /// The work does not begin before.
    #[schemars(extend("format" = "date-time"))]
    not_before: Option<String>,
    /// Where the work is.
    at: Option<String>,
    /// What came of it.
    outcome: Option<Outcome>,
    /// Its clock.
    clock: Option<Clock>,
    /// Letters that were written.
    letters: Vec<Letter>,
    /// Tasks by hand.
    tasks: Vec<ShownTask>,
    /// What is kept for it.
    parts: Vec<Part>,
    /// Notes and messages.
    notes: Vec<Note>,
    /// What happened, from the log.
    events: Vec<Event>,
}

/// Who asks and what.
#[derive(Serialize, JsonSchema)]
struct Told {
    email: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    user_name: Option<String>,
    account_id: Option<String>,
    other_emails: Vec<String>,
    /// What they want, in their own words.
    text: Option<String>,
    /// The use that it is about.
    purpose: Option<String>,
    /// Whether somebody else asks: `agent`, `parent`.
    acting: Option<String>,
}

/// A yes to a plan.
#[derive(Serialize, JsonSchema)]
struct Approval {
    /// The member of staff.
    by: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// The digest of what they agreed to.
    plan: String,
}

/// What came of a request.
#[derive(Serialize, JsonSchema)]
struct Outcome {
    /// In a word.
    word: String,
    /// How many systems were touched.
    systems: u64,
    /// How many rows.
    rows: u64,
    /// What was kept, and why.
    kept: Vec<String>,
    /// What could not be done.
    incomplete: Vec<String>,
}

/// The clock of a request.
#[derive(Serialize, JsonSchema)]
struct Clock {
    /// The last day on which the answer is in time.
    #[schemars(extend("format" = "date"))]
    due: Option<String>,
    /// Until when the person hears that it arrived.
    #[schemars(extend("format" = "date"))]
    acknowledge_by: Option<String>,
    /// Who sets the day.
    by: Option<String>,
    /// The day on which it was put off.
    #[schemars(extend("format" = "date"))]
    extended: Option<String>,
    /// Whether the answer came in time.
    in_time: Option<bool>,
}

/// A letter.
#[derive(Serialize, JsonSchema)]
struct Letter {
    /// Which.
    kind: String,
    /// When it was written.
    #[schemars(extend("format" = "date-time"))]
    written_at: String,
    /// When it was handed over.
    #[schemars(extend("format" = "date-time"))]
    sent_at: Option<String>,
    /// Why it was not.
    failure: Option<String>,
}

/// Something that is kept for a request.
#[derive(Serialize, JsonSchema)]
struct Part {
    /// What.
    kind: String,
    /// Since when.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// How often it was handed out.
    taken: u64,
}

/// A note or a message.
#[derive(Serialize, JsonSchema)]
struct Note {
    /// What it is.
    kind: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// The words, for whoever may see them.
    text: Option<String>,
}

/// Something that happened.
#[derive(Serialize, JsonSchema)]
struct Event {
    /// What.
    kind: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// The entry of the log that proves it.
    entry: Option<u64>,
}

fn told(one: app::intake::Told) -> Told {
    let plain = |text: Option<Personal<String>>| text.map(|text| text.expose().clone());
    Told {
        email: plain(one.email),
        name: plain(one.name),
        phone: plain(one.phone),
        user_name: plain(one.user_name),
        account_id: plain(one.account_id),
        other_emails: one.other_emails.into_iter().map(|one| one.expose().clone()).collect(),
        text: plain(one.text),
        purpose: one.purpose,
        acting: one.acting.map(|one| word(&one.capacity)),
    }
}

fn clock(one: app::clock::Stand) -> Clock {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    Clock {
        due: day(one.due),
        acknowledge_by: day(one.acknowledge_by),
        by: one.by,
        extended: day(one.extended),
        in_time: one.in_time,
    }
}

fn whole(full: Full) -> RequestWhole {
    let progress = full.progress;
    let approval =
        |one: app::desk::Approval| Approval { by: one.by, at: when(one.at), plan: one.plan };
    RequestWhole {
        request: line(full.line),
        told: full.told.map(told),
        proof: word(&progress.proof),
        shown: progress.shown.map(|shown| shown.how),
        place: progress.place,
        duplicate_of: progress.duplicate_of,
        plan: progress.plan,
        approvals: progress.approvals.into_iter().map(approval).collect(),
        not_before: progress.not_before.map(when),
        at: progress.at,
        outcome: progress.outcome.map(|one| Outcome {
            word: one.word,
            systems: one.systems,
            rows: one.rows,
            kept: one.kept,
            incomplete: one.incomplete,
        }),
        clock: full.clock.map(clock),
        letters: full
            .letters
            .into_iter()
            .map(|(kind, at, sent, failure)| Letter {
                kind,
                written_at: when(at),
                sent_at: sent.map(when),
                failure,
            })
            .collect(),
        tasks: full.tasks.into_iter().map(ShownTask::of).collect(),
        parts: full
            .parts
            .into_iter()
            .map(|(kind, at, taken)| Part { kind, at: when(at), taken })
            .collect(),
        notes: full
            .notes
            .into_iter()
            .map(|(kind, at, text)| Note { kind, at: when(at), text })
            .collect(),
        events: full
            .events
            .into_iter()
            .map(|(kind, at, entry)| Event { kind, at: when(at), entry })
            .collect(),
    }
}

async fn one(call: Call<Whose>) -> Result<Tagged<RequestWhole>, Failure> {
    let actor = call.actor()?;
    let full = call.site.house.request_at_desk(actor, call.query.or(actor), call.id("id")?).await?;
    Ok(Tagged(full.line.step, whole(full)))
}

/// What a mail asks for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Sorted {
    kind: RequestKind,
}

impl Body for Sorted {}

async fn sort(call: Call<Whose, Sorted>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let kind = call.body.kind.into();
    let done = call.site.house.sort_request(actor, call.query.or(actor), call.wanted()?, kind);
    Box::pin(done).await?;
    Ok(Done)
}

/// How somebody showed who they are.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Identified {
    how: How,
}

impl Body for Identified {}

/// How somebody showed who they are.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum How {
    Document,
    DataPoints,
    KnownToUs,
    Authority,
    CallBack,
}

async fn identify(call: Call<Whose, Identified>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let how = word(&call.body.how).replace('_', " ");
    let done = call.site.house.identify_request(actor, call.query.or(actor), call.wanted()?, &how);
    Box::pin(done).await?;
    Ok(Done)
}

/// The plan that was read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Approved {
    /// Its digest, as the request gives it; empty for a request that has no plan.
    #[schemars(length(max = 200))]
    plan: String,
}

impl Body for Approved {}

async fn approve(call: Call<Whose, Approved>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, plan) = (call.query.or(actor), &call.body.plan);
    Box::pin(call.site.house.approve_request(actor, organisation, call.wanted()?, plan)).await?;
    Ok(Done)
}

/// Words that the person is told and that are kept.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// What is asked.
    #[schemars(length(min = 1, max = 4000))]
    question: String,
}

impl Body for Question {}

async fn ask(call: Call<Whose, Question>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, question) = (call.query.or(actor), &call.body.question);
    Box::pin(call.site.house.ask_person(actor, organisation, call.wanted()?, question)).await?;
    Ok(Done)
}

/// Why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Because {
    /// The person is told it, and it is kept.
    #[schemars(length(min = 1, max = 4000))]
    reason: String,
}

impl Body for Because {}

async fn put_off(call: Call<Whose, Because>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, reason) = (call.query.or(actor), &call.body.reason);
    Box::pin(call.site.house.put_off_request(actor, organisation, call.wanted()?, reason)).await?;
    Ok(Done)
}

async fn refuse(call: Call<Whose, Because>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, reason) = (call.query.or(actor), &call.body.reason);
    Box::pin(call.site.house.refuse_request(actor, organisation, call.wanted()?, reason)).await?;
    Ok(Done)
}

/// What was done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct What {
    /// In words; it is kept.
    #[schemars(length(min = 1, max = 4000))]
    what: String,
}

impl Body for What {}

async fn answer(call: Call<Whose, What>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, what) = (call.query.or(actor), &call.body.what);
    Box::pin(call.site.house.answer_by_hand(actor, organisation, call.wanted()?, what)).await?;
    Ok(Done)
}

/// The other request.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SameAs {
    /// Its number.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    other: String,
}

impl Body for SameAs {}

async fn duplicate(call: Call<Whose, SameAs>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (organisation, other) = (call.query.or(actor), &call.body.other);
    Box::pin(call.site.house.close_duplicate(actor, organisation, call.wanted()?, other)).await?;
    Ok(Done)
}

/// What needs nothing but the request.
macro_rules! acts {
    ($($name:ident => $act:ident;)*) => {
        $(
            async fn $name(call: Call<Whose, Nothing>) -> Result<Done, Failure> {
                let actor = call.actor()?;
                let organisation = call.query.or(actor);
                Box::pin(call.site.house.$act(actor, organisation, call.wanted()?)).await?;
                Ok(Done)
            }
        )*
    };
}

acts! {
    plan => plan_request;
    hold_back => hold_back_request;
    go_on => go_on_with_request;
    answered => person_answered;
    withdraw => withdraw_request;
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
