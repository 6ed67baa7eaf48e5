//! What staff see: the queue, and one request whole.

use auth::{Action, Actor};
use model::Micros;
use serde::Serialize;

use render::plan_text::PlanView;

use super::{Progress, Status, TaskShown};
use crate::clock::Snapshot;
use crate::clock::Stand;
use crate::house::House;
use crate::intake::{Kind, Told};
use crate::keeper::unseal;
use crate::{Result, allowed, view};

/// From where on a list goes on: what stood last in the part before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its moment.
    pub at: Micros,
    /// Its number.
    pub id: String,
}

/// Which requests of a list are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those that stand so.
    pub status: Option<Status>,
    /// Those that ask for this.
    pub kind: Option<Kind>,
}

impl Wanted {
    fn only(&self) -> store::Only<'static> {
        store::Only {
            status: self.status.map_or("", Status::key),
            kind: self.kind.map_or("", Kind::key),
        }
    }
}

/// One line of the queue; nothing of it is personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number.
    pub id: String,
    /// What is asked.
    pub kind: String,
    /// By which door it came.
    pub channel: String,
    /// Where it stands.
    pub status: String,
    /// When it came.
    pub received_at: Micros,
    /// The last moment on which the answer is in time.
    pub due_at: Option<Micros>,
    /// How many days are left; negative when it is late.
    pub days_left: Option<i32>,
    /// Whether the same was asked before.
    pub duplicate: bool,
    /// Why it went no further the last time.
    pub trouble: Option<String>,
    /// How often it was changed: whoever acts on it says at which step they read it.
    pub step: u64,
}

/// A plan, and how far it is carried out.
#[derive(Debug)]
pub struct PlanShown {
    /// The plan.
    pub plan: PlanView,
    /// How many differently named people what was given found: more than one needs a close look.
    pub different_people: u64,
    /// System by system.
    pub progress: Vec<SystemShown>,
}

/// How far one system is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemShown {
    /// Its title.
    pub title: String,
    /// How many rows were changed or deleted; none while nothing was done in it.
    pub acted: Option<u64>,
    /// Whether it was searched again afterwards.
    pub verified: bool,
    /// How many places the second search found that should not be there.
    pub left: u64,
}

/// One request with everything about it. Who asks and what is there only for whoever may see it.
#[derive(Debug)]
pub struct Full {
    /// The line of the queue.
    pub line: Line,
    /// Who asks and what; none once it was forgotten, or if the reader may not see it.
    pub told: Option<Told>,
    /// Whether somebody else than whoever gave the answer decides on the appeal.
    pub another_decides: bool,
    /// Whether what was said is still there, also for whoever may not see it.
    pub told_is_kept: bool,
    /// The fee that the policy names for this and that nobody asked for yet: amount and reason.
    pub fee: Option<(String, String)>,
    /// How far the work is.
    pub progress: Progress,
    /// Where its clock stands.
    pub clock: Option<Stand>,
    /// Everybody who sets it a day, the strictest first, each with how the day was found.
    pub sources: Vec<policy::clock::Source>,
    /// The case of the engine.
    pub case: Option<String>,
    /// Letters that went out: kind, when they were written, sent, and failed with what code.
    pub letters: Vec<(String, Micros, Option<Micros>, Option<String>)>,
    /// Tasks by hand.
    pub tasks: Vec<TaskShown>,
    /// What is kept for it: kind, when it came, how often it was fetched.
    pub parts: Vec<(String, Micros, u64)>,
    /// Notes and messages: kind, when, and the words, for whoever may see them.
    pub notes: Vec<(String, Micros, Option<String>)>,
    /// What happened, from the log: kind, when, and its entry.
    pub events: Vec<(String, Micros, Option<u64>)>,
}

impl House {
    /// At most `limit` open requests of an organisation, the first due first.
    pub async fn queue(
        &self,
        actor: &Actor,
        organisation: &str,
        wanted: Wanted,
        from: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Line>> {
        allowed::require(actor, Action::ReadRequests, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let from = from.map_or((Micros(i64::MIN), ""), |place| (place.at, place.id.as_str()));
        let found = tx.open_requests(organisation, from, wanted.only(), limit.min(500)).await?;
        tx.rollback().await?;
        found.iter().map(|request| line(request, self.means.clock.now())).collect()
    }

    /// At most `limit` requests of an organisation, the latest first, answered ones too.
    pub async fn every_request(
        &self,
        actor: &Actor,
        organisation: &str,
        wanted: Wanted,
        before: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Line>> {
        allowed::require(actor, Action::ReadRequests, organisation)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let before = before.map_or((Micros(i64::MAX), ""), |place| (place.at, place.id.as_str()));
        let found = tx.all_requests(organisation, before, wanted.only(), limit.min(500)).await?;
        tx.rollback().await?;
        found.iter().map(|request| line(request, self.means.clock.now())).collect()
    }

    /// The plan of a request in the words of people, with how far it is carried out; none before there is
    /// one, and once the case has forgotten whom it was about. What is personal in it (addresses that may
    /// be the person's, values before and after a correction) is there only for whoever may see that.
    pub async fn plan_at_desk(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
    ) -> Result<Option<PlanShown>> {
        allowed::require(actor, Action::ReadRequests, organisation)?;
        let may_open = allowed::require(actor, Action::OpenRequest, organisation).is_ok();
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.read().await?;
        let request = desk.request(&mut tx, id).await?;
        let stored = match &request.case {
            Some(case) => tx.case(case).await?,
            None => None,
        };
        tx.rollback().await?;
        let Some(stored) = stored else { return Ok(None) };
        let case = unseal(&desk.state, &stored)?;
        let outline = case.outline();
        if outline.steps.is_empty() && outline.places.is_empty() {
            return Ok(None);
        }
        let mut plan = view::plan(&outline, &desk.policy, self.means.clock.now());
        if !may_open {
            plan.possible_identities.clear();
            plan.corrections.clear();
        }
        let mut systems: Vec<&str> =
            outline.places.iter().map(|row| row.place.system.as_str()).collect();
        systems.dedup();
        let progress = systems
            .into_iter()
            .map(|system| SystemShown {
                title: view::system_title(&desk.policy, system),
                acted: case.acted(system).map(|(changed, deleted)| changed + deleted),
                verified: case.was_verified(system),
                left: case.remaining(system).len() as u64,
            })
            .collect();
        Ok(Some(PlanShown { plan, different_people: outline.different_people, progress }))
    }

    /// One request with everything about it.
    pub async fn request_at_desk(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
    ) -> Result<Full> {
        allowed::require(actor, Action::ReadRequests, organisation)?;
        let may_open = allowed::require(actor, Action::OpenRequest, organisation).is_ok();
        let desk = self.desk_of(organisation).await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.read().await?;
        let request = desk.request(&mut tx, id).await?;
        let parts = tx.parts(id).await?;
        let tasks = tx.tasks_of(id).await?;
        let mails = tx.mails_about(id).await?;
        let events = match &request.case {
            Some(case) => tx.events_of_case(case).await?,
            None => Vec::new(),
        };
        let progress = Progress::of(&request)?;
        let another_decides = request.status == Status::Appealed.key()
            && self.wants_another(&mut tx, &desk, &request, &progress).await?;
        tx.rollback().await?;
        let snapshot = request.clock.as_deref().map(Snapshot::read).transpose()?;
        let mut notes = Vec::new();
        for part in parts.iter().filter(|part| {
            matches!(
                part.kind.as_str(),
                "question" | "reason" | "answer" | "message" | "appeal" | "kept" | "granted"
            )
        }) {
            let words = match (&part.body, may_open) {
                (Some(body), true) => {
                    let plain = desk.state.vault.open_sealed("part", &part.id, body)?;
                    Some(String::from_utf8_lossy(&plain).into_owned())
                }
                _ => None,
            };
            notes.push((part.kind.clone(), part.at, words));
        }
        Ok(Full {
            line: line(&request, now)?,
            told: if may_open { desk.told(&request)? } else { None },
            another_decides,
            told_is_kept: request.body.is_some(),
            fee: super::fee::named(
                &desk.policy,
                Kind::of(&request.kind).unwrap_or(Kind::Unsorted),
                &progress,
            )
            .filter(|_| progress.fee.is_none()),
            progress,
            clock: snapshot.as_ref().map(|clock| clock.stand(clock.today(now))),
            sources: snapshot.map(Snapshot::into_sources).unwrap_or_default(),
            case: request.case.clone(),
            letters: mails
                .into_iter()
                .map(|mail| (mail.kind, mail.made_at, mail.sent_at, mail.failure))
                .collect(),
            tasks: tasks
                .iter()
                .map(|task| TaskShown::of(&desk, task, may_open))
                .collect::<Result<_>>()?,
            parts: parts
                .iter()
                .filter(|part| part.body.is_some())
                .map(|part| (part.kind.clone(), part.at, part.taken))
                .collect(),
            notes,
            events: events
                .into_iter()
                .map(|event| (event.kind, event.at, event.sealed_index))
                .collect(),
        })
    }
}

fn line(request: &store::Request, now: Micros) -> Result<Line> {
    let progress = Progress::of(request)?;
    let left = |clock: &String| {
        Snapshot::read(clock).map(|snapshot| snapshot.stand(snapshot.today(now)).days_left)
    };
    Ok(Line {
        id: request.id.clone(),
        kind: request.kind.clone(),
        channel: request.channel.clone(),
        status: Status::of(&request.status).map_or("unknown", Status::key).to_owned(),
        received_at: request.received_at,
        due_at: request.due_at,
        days_left: request.clock.as_ref().map(left).transpose()?.flatten(),
        duplicate: progress.duplicate_of.is_some(),
        trouble: progress.trouble,
        step: request.step,
    })
}
