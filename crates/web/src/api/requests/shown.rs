//! A request as programs read it.

use app::desk::{Full, Line};
use model::Personal;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::tasks::ShownTask;
use super::super::when;
use super::word;

/// A request as it stands in lists.
#[derive(Serialize, JsonSchema)]
pub(super) struct Request {
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

pub(super) fn line(one: Line) -> Request {
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

/// A request with everything about it.
#[derive(Serialize, JsonSchema)]
pub(super) struct RequestWhole {
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
    /// The fee that was asked for.
    fee: Option<Fee>,
    /// The appeal against the answer.
    appeal: Option<Appeal>,
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
pub(super) struct Told {
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
pub(super) struct Approval {
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
pub(super) struct Outcome {
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

/// A fee that was asked for.
#[derive(Serialize, JsonSchema)]
pub(super) struct Fee {
    /// The amount and currency.
    amount: String,
    /// When it was asked for.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// When it was paid or waived.
    #[schemars(extend("format" = "date-time"))]
    settled_at: Option<String>,
    /// Whether it was waived.
    waived: Option<bool>,
}

impl Fee {
    fn of(one: app::desk::Charged) -> Self {
        let settled = one.settled.as_ref();
        Self {
            at: when(one.at),
            settled_at: settled.map(|settled| when(settled.at)),
            waived: settled.map(|settled| settled.waived),
            amount: one.amount,
        }
    }
}

/// An appeal against the answer.
#[derive(Serialize, JsonSchema)]
pub(super) struct Appeal {
    /// When it came.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// The member of staff who wrote it down; none if the person did it themselves.
    filed_by: Option<String>,
    /// Who decided on it.
    decided_by: Option<String>,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    decided_at: Option<String>,
    /// Whether the request is taken up again.
    granted: Option<bool>,
}

impl Appeal {
    fn of(one: app::desk::Appeal) -> Self {
        let decided = one.decided.as_ref();
        Self {
            at: when(one.at),
            filed_by: one.filed_by,
            decided_at: decided.map(|decided| when(decided.at)),
            granted: decided.map(|decided| decided.granted),
            decided_by: one.decided.map(|decided| decided.by),
        }
    }
}

/// The clock of a request.
#[derive(Serialize, JsonSchema)]
pub(super) struct Clock {
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
pub(super) struct Letter {
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
pub(super) struct Part {
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
pub(super) struct Note {
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
pub(super) struct Event {
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

pub(super) fn whole(full: Full) -> RequestWhole {
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
        fee: progress.fee.map(Fee::of),
        appeal: progress.appeal.map(Appeal::of),
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
