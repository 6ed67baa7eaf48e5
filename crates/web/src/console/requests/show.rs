//! One request whole: who asks, its clock, its plan, every act, and what came of it.

use app::desk::{Full, PlanShown, Processor, Status, SystemShown, TaskShown, has_plan};
use app::intake::{Capacity, Kind, Told};
use app::reading::Reading;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use model::Micros;
use serde_json::{Value, json};

use super::queue::{Shown, day};
use super::{Frame, Room, address, frame, moment, page};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::requests::{Desk, ENGLISH};

/// Something that can be done with a request as it stands.
struct Act {
    /// Its key: in the address, and in the words.
    key: &'static str,
    /// The words for it, where the same is called otherwise.
    called: &'static str,
    action: Action,
    /// Whether it is what comes next.
    main: bool,
}

/// Where a request can still be refused, taken back or put off.
const fn is_open(status: Status) -> bool {
    !status.is_end() && !matches!(status, Status::Running)
}

/// What can be done with a request as it stands, what comes next first.
fn acts(full: &Full, status: Status, kind: Kind) -> Vec<Act> {
    let plans = has_plan(kind);
    let marks = !plans && kind.engine().is_some();
    let mut acts = Vec::new();
    let mut act = |key: &'static str, called: &'static str, action: Action, main: bool| {
        acts.push(Act { key, called, action, main });
    };
    match status {
        Status::Unsorted => act("sort", "sort", Action::FileRequest, true),
        Status::Unidentified => act("identify", "identify", Action::IdentifyRequest, true),
        Status::Ready if plans => act("plan", "plan", Action::PlanRequest, true),
        Status::Ready if marks => act("approve", "approve mark", Action::ApproveRequest, true),
        Status::Ready => act("answer", "answer", Action::AnswerRequest, true),
        Status::Planned => {
            act("approve", "approve", Action::ApproveRequest, true);
            if plans {
                act("plan", "plan again", Action::PlanRequest, false);
            }
        }
        Status::Approved => act("hold-back", "hold-back", Action::ApproveRequest, true),
        Status::Waiting if full.progress.awaits_fee() => {
            act("fee-paid", "fee-paid", Action::PauseRequest, true);
            act("fee-waived", "fee-waived", Action::PauseRequest, false);
        }
        Status::Waiting => act("answered", "answered", Action::PauseRequest, true),
        Status::Appealed => {
            act("appeal-grant", "appeal-grant", Action::RefuseRequest, true);
            act("appeal-keep", "appeal-keep", Action::RefuseRequest, true);
        }
        Status::Refused | Status::Done if full.progress.appeal.is_none() && full.told_is_kept => {
            act("appeal", "appeal", Action::FileRequest, false);
        }
        Status::Incomplete => {
            act("go-on", "go-on", Action::RunRequest, true);
            if plans {
                act("plan", "plan again", Action::PlanRequest, false);
            }
        }
        _ => {}
    }
    if status == Status::Unconfirmed {
        act("identify", "identify", Action::IdentifyRequest, false);
    }
    if matches!(status, Status::Unidentified | Status::Ready | Status::Planned | Status::Waiting) {
        act("ask", "ask", Action::PauseRequest, false);
    }
    if full.fee.is_some()
        && matches!(status, Status::Unidentified | Status::Ready | Status::Planned)
    {
        act("fee", "fee", Action::PauseRequest, false);
    }
    let tasks_open = full.tasks.iter().any(|task| task.done_at.is_none());
    let by_hand = matches!(status, Status::Planned | Status::ByHand | Status::Incomplete)
        || (status == Status::Ready && (plans || marks));
    if by_hand && !tasks_open {
        act("answer", "answer", Action::AnswerRequest, false);
    }
    if is_open(status) {
        let extended = full.clock.as_ref().is_none_or(|clock| clock.extended.is_some());
        if !extended {
            act("put-off", "put-off", Action::ExtendRequest, false);
        }
        if full.progress.duplicate_of.is_some() {
            act("duplicate", "duplicate", Action::CloseRequest, false);
        }
        if status != Status::Appealed {
            act("refuse", "refuse", Action::RefuseRequest, false);
        }
        act("withdraw", "withdraw", Action::CloseRequest, false);
    }
    acts
}

/// An act as it is offered to somebody.
struct Offered {
    key: &'static str,
    called: &'static str,
    main: bool,
    /// Whether a factor must be shown first.
    steps_up: bool,
}

impl Offered {
    fn wants_text(&self) -> bool {
        matches!(
            self.key,
            "ask" | "put-off" | "refuse" | "answer" | "appeal" | "appeal-grant" | "appeal-keep"
        )
    }

    fn wants_sure(&self) -> bool {
        matches!(
            self.key,
            "approve" | "refuse" | "withdraw" | "duplicate" | "appeal-grant" | "appeal-keep"
        )
    }
}

/// A processor with its days written out.
struct Processing {
    one: Processor,
    told: Option<String>,
    answered: Option<String>,
}

#[derive(Template)]
#[template(path = "console/requests/show.html")]
struct Page<'a> {
    frame: Frame<'a>,
    room: Room,
    title: String,
    here: String,
    live: &'a str,
    line: Shown,
    status: Status,
    full: &'a Full,
    refused: Option<String>,
    who: Vec<(&'static str, String)>,
    shown_by: String,
    document: bool,
    clock: Vec<(&'static str, String)>,
    acts: Vec<Offered>,
    plan: Option<&'a PlanShown>,
    plan_said: String,
    approvals: Vec<String>,
    not_before: Option<String>,
    processors: Vec<Processing>,
    tasks: Vec<(&'a TaskShown, Option<String>, Option<String>)>,
    letters: Vec<(String, String, &'static str, String)>,
    files: Vec<String>,
    notes: Vec<(&'static str, String, Option<&'a str>)>,
    events: Vec<(&'a str, String, Option<u64>)>,
    may_identify: bool,
    may_open: bool,
    may_task: bool,
    may_ask_task: bool,
    may_tell: bool,
    second: bool,
    /// Whether whoever reads gave the answer that is looked at again.
    another: bool,
    duplicate_at: Option<(String, String)>,
    me: &'a Actor,
}

impl Page<'_> {
    fn is_live(&self) -> bool {
        matches!(self.status, Status::Planning | Status::Approved | Status::Running)
    }

    fn main_acts(&self) -> Vec<&Offered> {
        self.acts.iter().filter(|act| act.main).collect()
    }

    fn other_acts(&self) -> Vec<&Offered> {
        self.acts.iter().filter(|act| !act.main).collect()
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::ALL.into_iter().map(|kind| (kind.key(), (self.room.d.kind)(kind))).collect()
    }

    fn says(&self) -> String {
        self.plan.map(|plan| systems(self.room.d, &plan.progress)).unwrap_or_default()
    }

    fn digest(&self) -> &str {
        self.full.progress.plan.as_deref().unwrap_or_default()
    }

    fn outcome(&self) -> Option<String> {
        let outcome = self.full.progress.outcome.as_ref()?;
        let said = (self.room.d.outcome_said)(&outcome.word, outcome.rows, outcome.systems);
        (!outcome.word.is_empty()).then_some(said)
    }

    /// What the person says against the answer that is looked at again.
    fn against(&self) -> Option<&str> {
        let said = self.full.notes.iter().rev().find(|(kind, ..)| kind == "appeal")?;
        said.2.as_deref().filter(|_| self.status == Status::Appealed)
    }

    fn is_open(&self) -> bool {
        is_open(self.status)
    }

    fn owner(&self, task: &TaskShown) -> String {
        task.owner
            .as_ref()
            .map_or_else(|| self.room.d.task_nobody.to_owned(), |person| by(self.me, person))
    }
}

/// How far each system is, in a line.
fn systems(d: &Desk, progress: &[SystemShown]) -> String {
    let one = |system: &SystemShown| {
        let mut said = vec![match system.acted {
            None => d.system_waits.to_owned(),
            Some(rows) => (d.system_done)(rows),
        }];
        if system.verified {
            said.push(d.system_verified.to_owned());
        }
        if system.left > 0 {
            said.push((d.system_left)(system.left));
        }
        format!("{}: {}", system.title, said.join(", "))
    };
    progress.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// Who of the staff, for whoever reads.
fn by(actor: &Actor, person: &str) -> String {
    if actor.person() == person {
        return "you".to_owned();
    }
    format!("member of staff {}", person.get(..8).unwrap_or(person))
}

/// Who asks, line by line.
fn who(
    d: &Desk,
    told: &Told,
    place: Option<&str>,
    reading: &Reading,
) -> Vec<(&'static str, String)> {
    let plain =
        |text: &Option<model::Personal<String>>| text.as_ref().map(|text| text.expose().clone());
    let others: Vec<String> = told.other_emails.iter().map(|one| one.expose().clone()).collect();
    let place = place.map(|key| {
        let known = reading.policy.places.iter().find(|place| place.key == key);
        known.map_or_else(|| key.to_owned(), |place| place.title.clone())
    });
    let purpose = told.purpose.as_ref().map(|key| {
        let known = reading.policy.purposes.iter().find(|purpose| purpose.key == *key);
        known.map_or_else(|| key.clone(), |purpose| purpose.title.clone())
    });
    let acting = told.acting.as_ref();
    let capacity = |capacity: Capacity| (d.capacity)(capacity).to_owned();
    let asked_by = acting.map(|acting| match plain(&acting.name) {
        Some(name) => format!("{name}, {}", capacity(acting.capacity)),
        None => capacity(acting.capacity),
    });
    let values = [
        plain(&told.email),
        plain(&told.name),
        plain(&told.phone),
        plain(&told.user_name),
        plain(&told.account_id),
        Some(others.join(", ")).filter(|text| !text.is_empty()),
        place,
        plain(&told.text),
        purpose,
        asked_by,
        acting.and_then(|acting| plain(&acting.email)),
    ];
    d.who_labels
        .into_iter()
        .zip(values)
        .filter_map(|(label, value)| Some((label, value?)))
        .collect()
}

/// The clock, line by line.
fn clock(d: &Desk, full: &Full) -> Vec<(&'static str, String)> {
    let Some(clock) = &full.clock else { return Vec::new() };
    let written = |day: jiff::civil::Date| render::words::calendar_day(&day.to_string());
    let due = match (clock.due, clock.days_left) {
        (Some(due), Some(left)) => Some(format!("{} ({})", written(due), (d.left)(left))),
        (Some(due), None) => Some(written(due)),
        (None, _) => None,
    };
    let answered = clock.ended.map(|ended| match clock.in_time {
        Some(yes) => format!("{}, {}", written(ended.on), (d.in_time)(yes)),
        None => written(ended.on),
    });
    let values = [
        due,
        clock.acknowledge_by.map(written),
        clock.extended.map(written),
        clock.waits_for.map(|reason| (d.waits_for)(reason).to_owned()),
        answered,
    ];
    d.clock_labels
        .into_iter()
        .zip(values)
        .filter_map(|(label, value)| Some((label, value?)))
        .collect()
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path((organisation, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    whole(&site, &actor, &organisation, &id, None).await
}

/// The page, with why an act was refused.
pub(super) async fn whole(
    site: &Site,
    actor: &Actor,
    organisation: &str,
    id: &str,
    refused: Option<String>,
) -> Result<Response, Failure> {
    let house = &site.house;
    let full = house.request_at_desk(actor, organisation, id).await.map_err(not_there)?;
    let plan = house.plan_at_desk(actor, organisation, id).await?;
    let processors = house.processors(actor, organisation, id).await?;
    let reading = site.reading();
    let room = Room::new(site, &reading, actor, "queue", organisation);
    let d = room.d;
    let status = Status::of(&full.line.status).unwrap_or(Status::Ready);
    let kind = Kind::of(&full.line.kind).unwrap_or(Kind::Unsorted);
    let line = Shown::of(full.line.clone(), organisation, &reading);
    let may = |action| site.authority.may(actor, action, organisation);
    let offered = acts(&full, status, kind).into_iter().filter_map(|act| {
        let Act { key, called, main, action } = act;
        match may(action) {
            Decision::Allow => Some(Offered { key, called, main, steps_up: false }),
            Decision::StepUp => Some(Offered { key, called, main, steps_up: true }),
            Decision::Deny => None,
        }
    });
    let written = |at: Micros| day(at, &reading);
    let allowed = |action| may(action) == Decision::Allow;
    let progress = &full.progress;
    let duplicate_at = progress.duplicate_of.as_ref().map(|other| {
        let number = other.get(..8).unwrap_or(other).to_owned();
        (number, address(organisation, other))
    });
    let plan_said = plan.as_ref().map_or_else(String::new, |plan| plan_said(d, plan));
    let of_person = |kind: &str| matches!(kind, "package" | "certificate" | "certificate page");
    let fetched = full.parts.iter().filter(|(kind, ..)| of_person(kind));
    let mut files: Vec<String> =
        fetched.map(|(kind, _, times)| (d.file_said)(kind, *times)).collect();
    // A package lies in pieces; the first of them counts.
    files.dedup_by(|b, a| a.split(':').next() == b.split(':').next());
    let letter = |(kind, made, sent, failed): &(String, Micros, Option<Micros>, Option<String>)| {
        let (class, said) = match (sent, failed) {
            (_, Some(code)) => ("b", (d.letter_failed)(code)),
            (Some(_), None) => ("u", d.letter_sent.to_owned()),
            (None, None) => ("n", d.letter_waits.to_owned()),
        };
        ((d.letter)(kind), moment(*made, &reading), class, said)
    };
    let second = reading.policy.require_approval
        && kind.engine().is_some_and(|engine| engine.changes())
        && (progress.planned_by.as_deref() == Some(actor.person())
            || progress.filed_by.as_deref() == Some(actor.person()));
    let another = full.another_decides && progress.decided_by.as_deref() == Some(actor.person());
    let processors = processors.into_iter().map(|one| Processing {
        told: one.told_at.map(written),
        answered: one.answered_at.map(written),
        one,
    });
    let acts: Vec<Offered> = offered.collect();
    let note = |(kind, at, words): &'_ (String, Micros, Option<String>)| {
        ((d.note)(kind), moment(*at, &reading), words.clone())
    };
    let notes: Vec<(&'static str, String, Option<String>)> = full.notes.iter().map(note).collect();
    page(&Page {
        frame: frame(site, &reading, actor),
        title: (d.title)(&line.number, line.kind),
        here: address(organisation, id),
        live: &site.assets.live,
        status,
        refused,
        who: full
            .told
            .as_ref()
            .map(|told| who(d, told, progress.place.as_deref(), &reading))
            .unwrap_or_default(),
        shown_by: match &progress.shown {
            Some(shown) => (d.shown)(&shown.how, &written(shown.at)),
            None => d.not_shown.to_owned(),
        },
        document: full.parts.iter().any(|(kind, ..)| kind == "document"),
        clock: clock(d, &full),
        acts,
        plan: plan.as_ref(),
        plan_said,
        approvals: progress
            .approvals
            .iter()
            .map(|yes| (d.approved_by)(&by(actor, &yes.by), &moment(yes.at, &reading)))
            .collect(),
        not_before: progress
            .not_before
            .filter(|at| status == Status::Approved && *at > house.now())
            .map(|at| (d.not_before)(&moment(at, &reading))),
        processors: processors.collect(),
        tasks: full
            .tasks
            .iter()
            .map(|task| {
                let due = task.due_on.as_deref().map(render::words::calendar_day);
                (task, due, task.done_at.map(written))
            })
            .collect(),
        letters: full.letters.iter().map(letter).collect(),
        files,
        notes: notes
            .iter()
            .map(|(kind, at, words)| (*kind, at.clone(), words.as_deref()))
            .collect(),
        events: full
            .events
            .iter()
            .map(|(kind, at, entry)| (kind.as_str(), moment(*at, &reading), *entry))
            .collect(),
        may_identify: allowed(Action::IdentifyRequest),
        may_open: allowed(Action::OpenRequest),
        may_task: allowed(Action::DoTask),
        may_ask_task: allowed(Action::PlanRequest),
        may_tell: allowed(Action::TellProcessors),
        second,
        another,
        duplicate_at,
        me: actor,
        full: &full,
        line,
        room,
    })
}

/// The plan in a sentence.
fn plan_said(d: &Desk, shown: &PlanShown) -> String {
    let plan = &shown.plan;
    let rows = plan.changes.iter().map(|change| change.rows).sum();
    let mut systems: Vec<&str> = plan.changes.iter().map(|change| change.system.as_str()).collect();
    systems.sort_unstable();
    systems.dedup();
    let kept: u64 = plan.kept.iter().map(|kept| kept.rows).sum();
    if rows == 0 && kept == 0 && plan.errors.is_empty() {
        return d.plan_nobody.to_owned();
    }
    (d.plan_said)(plan.kind.changes(), rows, systems.len(), kept, plan.not_reached.len())
}

/// A request that is not there, or not there for whoever asks, is not found.
fn not_there(error: app::Error) -> Failure {
    match error {
        app::Error::Refused(_) => Failure::NotFound,
        other => other.into(),
    }
}

/// How far the work is, for the page that looks again.
pub(super) async fn stand(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path((organisation, id)): Path<(String, String)>,
) -> Result<Json<Value>, Failure> {
    let full = site.house.request_at_desk(&actor, &organisation, &id).await.map_err(not_there)?;
    let plan = site.house.plan_at_desk(&actor, &organisation, &id).await?;
    let says = plan.map(|plan| systems(&ENGLISH, &plan.progress)).unwrap_or_default();
    Ok(Json(json!({ "status": full.line.status, "says": says })))
}
