//! What a member of staff does with a request: each asks whether they may, and is one transaction of
//! state, event, letter and job.

use auth::{Action, Actor};
use model::Micros;
use policy::clock::PauseReason;
use serde_json::{Value, json};
use store::Tx;

use super::appeal::{APPEAL_DAYS, kept_until};
use super::watch::end_clock;
use super::work::cool_off;
use super::{Approval, Desk, Outcome, Progress, Status};
use crate::clock::{self, Snapshot};
use crate::house::House;
use crate::identity;
use crate::intake::{Kind, Told};
use crate::jobs::{Work, ask};
use crate::letters::{Language, Said};
use crate::{Error, Result, allowed};

/// A request that somebody acts on.
#[derive(Debug, Clone, Copy)]
pub struct AsRead<'a> {
    /// Its number.
    pub id: &'a str,
    /// The step at which they read it: if it was changed since, nothing is done. Without one it is acted
    /// on as it stands.
    pub step: Option<u64>,
}

impl<'a> From<&'a str> for AsRead<'a> {
    fn from(id: &'a str) -> Self {
        Self { id, step: None }
    }
}

impl<'a> From<&'a String> for AsRead<'a> {
    fn from(id: &'a String) -> Self {
        Self { id, step: None }
    }
}

/// A request that is being changed, in its transaction.
pub(super) struct Open {
    pub(super) desk: Desk,
    pub(super) tx: Tx,
    pub(super) request: store::Request,
    pub(super) progress: Progress,
    pub(super) told: Option<Told>,
}

impl Open {
    pub(super) fn status(&self) -> Status {
        Status::of(&self.request.status).unwrap_or(Status::Ready)
    }

    /// Refuses what cannot be done with a request that stands where this one does.
    pub(super) fn must_be(&self, one_of: &[Status]) -> Result<()> {
        if one_of.contains(&self.status()) {
            return Ok(());
        }
        let number = super::reference(&self.request.id);
        Err(refused(format!(
            "request {number} stands at `{}`: this cannot be done now",
            self.request.status
        )))
    }
}

/// Whether the systems are asked before anything is done. A mark changes nothing in them, and some things
/// only a person can answer.
pub const fn has_plan(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Access | Kind::Portability | Kind::Rectification | Kind::Erasure | Kind::Closure
    )
}

/// Whoever writes second is told: what they saw is not how it stands any more.
fn second(error: Error) -> Error {
    match error {
        Error::Store(store::Error::Stale { .. }) => refused(
            "somebody else has just changed this request: look at it again, and then decide"
                .to_owned(),
        ),
        other => other,
    }
}

pub(super) fn refused(why: String) -> Error {
    Error::Refused(why)
}

pub(super) fn needed(field: &'static str, text: &str, what: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        let why = format!("say {what}: the person is told, and it is kept");
        return Err(Error::unfit(field, why));
    }
    if text.chars().count() > 4_000 {
        return Err(Error::unfit(field, format!("{what} is longer than 4,000 signs")));
    }
    Ok(text.to_owned())
}

const OPEN: [Status; 10] = [
    Status::Unsorted,
    Status::Unconfirmed,
    Status::Unidentified,
    Status::Ready,
    Status::Planning,
    Status::Planned,
    Status::Approved,
    Status::Waiting,
    Status::ByHand,
    Status::Incomplete,
];

impl House {
    pub(super) async fn open_at_desk(
        &self,
        actor: &Actor,
        action: Action,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
    ) -> Result<Open> {
        allowed::require(actor, action, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        let request = desk.request_wanted(&mut tx, id.into()).await?;
        let progress = Progress::of(&request)?;
        let told = desk.told(&request)?;
        Ok(Open { desk, tx, request, progress, told })
    }

    /// Writes the step down, proves it, and seals it.
    pub(super) async fn close_at_desk(
        &self,
        open: Open,
        status: Status,
        kind: &str,
        about: Value,
    ) -> Result<()> {
        let Open { desk, mut tx, mut request, progress, .. } = open;
        desk.save(&mut tx, &mut request, status, &progress).await.map_err(second)?;
        desk.tell(&mut tx, &request, kind, about).await?;
        self.watch(&desk, &mut tx, &request, None).await?;
        tx.commit().await?;
        self.seal(&desk.state).await
    }

    /// Says what a mail asks for.
    pub async fn sort_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        kind: Kind,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::FileRequest, organisation, id).await?;
        open.must_be(&[Status::Unsorted, Status::Unconfirmed, Status::Unidentified])?;
        if kind == Kind::Unsorted {
            return Err(refused("say what is asked for".to_owned()));
        }
        open.request.kind = kind.key().to_owned();
        if let Some(right) = kind.right() {
            if let Some(kept) = &open.request.clock {
                let mut snapshot = Snapshot::read(kept)?;
                snapshot.clock.kind = right;
                snapshot.compute(&open.desk.policy);
                open.request.due_at = clock::due_moment(&snapshot);
                open.request.clock = Some(snapshot.write()?);
            }
        } else {
            open.request.clock = None;
            open.request.due_at = None;
        }
        // Whoever wrote from an address has not shown that it is theirs: a sender is easily forged.
        let to = open.told.as_ref().and_then(|told| told.reached_at().cloned());
        let status = if to.is_some() { Status::Unconfirmed } else { Status::Unidentified };
        identity::ask_for_code(self, &open.desk, &mut open.tx, &open.request, to.as_ref()).await?;
        let about = json!({ "by": actor.person() });
        self.close_at_desk(open, status, "request sorted", about).await
    }

    /// Has the systems asked what a request would find and change.
    pub async fn plan_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::PlanRequest, organisation, id).await?;
        open.must_be(&[Status::Ready, Status::Planned, Status::Incomplete])?;
        let kind = Kind::of(&open.request.kind).unwrap_or(Kind::Unsorted);
        if !has_plan(kind) {
            return Err(refused(
                "there is no plan to make for this: say yes to it, or answer it".to_owned(),
            ));
        }
        open.progress.planned_by = Some(actor.person().to_owned());
        open.progress.trouble = None;
        let work = Work::PlanRequest { request: open.request.id.clone() };
        ask(&mut open.tx, &self.means, organisation, &work, None).await?;
        let about = json!({ "by": actor.person() });
        self.close_at_desk(open, Status::Planning, "plan asked for", about).await
    }

    /// Says yes to the plan with this digest. Where the policy wants a second person, whoever had the plan
    /// made or wrote the request down cannot be the one; the work begins once the time to think it over
    /// has passed.
    pub async fn approve_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        digest: &str,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::ApproveRequest, organisation, id).await?;
        let kind = Kind::of(&open.request.kind).unwrap_or(Kind::Unsorted);
        let marks = !has_plan(kind) && kind.engine().is_some();
        if marks {
            open.must_be(&[Status::Ready, Status::Planned])?;
        } else {
            open.must_be(&[Status::Planned])?;
            // INVARIANT: a yes is to the plan that was read, and to no other.
            if open.progress.plan.as_deref() != Some(digest) {
                return Err(refused(
                    "the plan has changed since you read it: read the new one".to_owned(),
                ));
            }
        }
        let person = actor.person();
        let had_a_hand = open.progress.planned_by.as_deref() == Some(person)
            || open.progress.filed_by.as_deref() == Some(person);
        let second = open.desk.policy.require_approval
            && kind.engine().is_some_and(plan::RequestKind::changes);
        if second && had_a_hand {
            return Err(refused(
                "the policy asks for a second person: whoever had the plan made or wrote the request down cannot agree to it".to_owned(),
            ));
        }
        // A mark has no plan: what was sent in the place of its digest is kept nowhere.
        let digest = if marks { "" } else { digest };
        let now = self.means.clock.now();
        let at = Micros(now.0.saturating_add(cool_off(self, kind)));
        open.progress.approvals.push(Approval {
            by: person.to_owned(),
            at: now,
            plan: digest.to_owned(),
        });
        open.progress.not_before = Some(at);
        open.progress.decided_by = Some(person.to_owned());
        let work = Work::RunRequest { request: open.request.id.clone() };
        ask(&mut open.tx, &self.means, organisation, &work, Some(at)).await?;
        let about = json!({ "by": person, "plan": digest, "not_before": at.0 });
        self.close_at_desk(open, Status::Approved, "plan approved at the desk", about).await
    }

    /// Takes a yes back before the work has begun.
    pub async fn hold_back_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::ApproveRequest, organisation, id).await?;
        open.must_be(&[Status::Approved])?;
        open.progress.approvals.clear();
        open.progress.not_before = None;
        let about = json!({ "by": actor.person() });
        self.close_at_desk(open, Status::Planned, "approval taken back", about).await
    }

    /// Carries on with a request that could not be ended.
    pub async fn go_on_with_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::RunRequest, organisation, id).await?;
        open.must_be(&[Status::Incomplete])?;
        let work = Work::RunRequest { request: open.request.id.clone() };
        ask(&mut open.tx, &self.means, organisation, &work, None).await?;
        let about = json!({ "by": actor.person() });
        self.close_at_desk(open, Status::Approved, "request taken up again", about).await
    }

    /// Asks the person something; where a law lets it, the clock stands still until they answer.
    pub async fn ask_person(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        question: &str,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::PauseRequest, organisation, id).await?;
        open.must_be(&[Status::Unidentified, Status::Ready, Status::Planned, Status::Waiting])?;
        let question = needed("question", question, "what you want to know")?;
        let paused = open.stop_clock(self, PauseReason::Clarification).await?;
        let said = Said::Clarification { question: question.clone(), paused };
        self.write_or_say(&mut open, &said).await?;
        self.note(&mut open, "question", &question).await?;
        let about = json!({ "by": actor.person(), "clock_stopped": paused });
        self.close_at_desk(open, Status::Waiting, "person asked", about).await
    }

    /// The person has answered: the clock goes on, and the work too.
    pub async fn person_answered(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::PauseRequest, organisation, id).await?;
        open.must_be(&[Status::Waiting])?;
        if open.progress.awaits_fee() {
            return Err(refused("a fee is awaited: say that it was paid, or waive it".to_owned()));
        }
        open.clock_goes_on(self).await?;
        let status = open.progress.resumes_at();
        let about = json!({ "by": actor.person() });
        self.close_at_desk(open, status, "person answered", about).await
    }

    /// Takes more time, once, where every law and the notice allow it; the person is told why.
    pub async fn put_off_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        reason: &str,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::ExtendRequest, organisation, id).await?;
        if open.status() != Status::Appealed {
            open.must_be(&OPEN)?;
        }
        let reason = needed("reason", reason, "why it takes longer")?;
        let Some(kept) = &open.request.clock else {
            return Err(refused(
                "nobody sets a day for this: there is nothing to put off".to_owned(),
            ));
        };
        let mut snapshot = Snapshot::read(kept)?;
        let before = clock::due_moment(&snapshot);
        let today = snapshot.today(self.means.clock.now());
        let (_, mut about) = clock::put_off(&mut snapshot, today, "told to the person")?;
        snapshot.compute(&open.desk.policy);
        open.keep_clock(&snapshot).await?;
        // What was told of the old day does not speak of the new one.
        open.progress.warned.clear();
        let language = Language::of(&open.request.language);
        let day =
            |at: Option<Micros>| at.map_or(Ok(String::new()), |at| self.day_in_words(at, language));
        let said = Said::Extension {
            due: day(before)?,
            until: day(open.request.due_at)?,
            reason: reason.clone(),
            regulator: open.desk.regulator(&open.progress),
        };
        self.write_or_say(&mut open, &said).await?;
        self.note(&mut open, "reason", &reason).await?;
        if let Some(about) = about.as_object_mut() {
            about.insert("by".to_owned(), json!(actor.person()));
        }
        let status = open.status();
        self.close_at_desk(open, status, "request put off at the desk", about).await
    }

    /// Says no. The letter names the reason, the way to have it looked at again, and the regulator.
    pub async fn refuse_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        reason: &str,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::RefuseRequest, organisation, id).await?;
        open.must_be(&OPEN)?;
        let reason = needed("reason", reason, "why")?;
        let regulator = open.desk.regulator(&open.progress);
        let Open { desk, tx, request, .. } = &mut open;
        let link = self.page_link(desk, tx, request).await?;
        let said =
            Said::Refusal { reason: reason.clone(), regulator, appeal_days: APPEAL_DAYS, link };
        self.write_or_say(&mut open, &said).await?;
        self.note(&mut open, "reason", &reason).await?;
        open.progress.outcome = Some(Outcome { word: "refused".to_owned(), ..Outcome::default() });
        open.progress.decided_by = Some(actor.person().to_owned());
        let about = json!({ "by": actor.person() });
        Box::pin(self.finish_at_desk(open, Status::Refused, "request refused at the desk", about))
            .await
    }

    /// The person takes it back, or it was opened by mistake.
    pub async fn withdraw_request(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
    ) -> Result<()> {
        let open = self.open_at_desk(actor, Action::CloseRequest, organisation, id).await?;
        if open.status() != Status::Appealed {
            open.must_be(&OPEN)?;
        }
        let about = json!({ "by": actor.person() });
        Box::pin(self.finish_at_desk(
            open,
            Status::Withdrawn,
            "request withdrawn at the desk",
            about,
        ))
        .await
    }

    /// The same is being answered under another number.
    pub async fn close_duplicate(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        other: &str,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::CloseRequest, organisation, id).await?;
        open.must_be(&OPEN)?;
        if open.progress.duplicate_of.as_deref() != Some(other) {
            return Err(refused(
                "the two requests are not known to be of the same person".to_owned(),
            ));
        }
        open.progress.duplicate_of = Some(other.to_owned());
        let about = json!({ "by": actor.person(), "same_as": other });
        Box::pin(self.finish_at_desk(
            open,
            Status::Duplicate,
            "request closed as a duplicate",
            about,
        ))
        .await
    }

    /// A person has done what no system can: the answer goes out.
    pub async fn answer_by_hand(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        what: &str,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::AnswerRequest, organisation, id).await?;
        open.must_be(&[Status::Ready, Status::Planned, Status::ByHand, Status::Incomplete])?;
        let what = needed("what", what, "what was done")?;
        if open.tx.tasks_of(&open.request.id).await?.iter().any(|task| task.done_at.is_none()) {
            return Err(refused("tasks by hand are still open".to_owned()));
        }
        self.note(&mut open, "answer", &what).await?;
        let mut outcome = open.progress.outcome.take().unwrap_or_default();
        if outcome.word.is_empty() {
            outcome.word = "by hand".to_owned();
        }
        open.progress.outcome = Some(outcome);
        open.progress.decided_by = Some(actor.person().to_owned());
        let about = json!({ "by": actor.person() });
        let Open { desk, mut tx, mut request, mut progress, told } = open;
        self.end(&desk, &mut tx, &mut request, &mut progress, told.as_ref()).await?;
        desk.tell(&mut tx, &request, "request answered by hand", about).await?;
        tx.commit().await?;
        self.seal(&desk.state).await
    }

    /// Ends a request without doing what it asks: its clock stops, and it is forgotten after a while.
    pub(super) async fn finish_at_desk(
        &self,
        mut open: Open,
        status: Status,
        kind: &str,
        about: Value,
    ) -> Result<()> {
        let answered = matches!(status, Status::Refused | Status::Done);
        end_clock(self, &mut open.request, answered)?;
        if let (Some(case), Some(clock)) = (&open.request.case, &open.request.clock) {
            open.tx.set_case_clock(case, clock).await?;
        }
        let work = Work::ForgetRequest { request: open.request.id.clone() };
        let at = kept_until(status, self.means.clock.now());
        ask(&mut open.tx, &self.means, &open.request.organisation, &work, Some(at)).await?;
        let case = open.request.case.clone();
        // It was decided: what somebody showed of who they are is not needed any more.
        let shown = open.tx.forget_parts(&open.request.id, Some("document")).await? > 0;
        let store = open.desk.state.store.clone();
        self.close_at_desk(open, status, kind, about).await?;
        if shown {
            store.scrub().await?;
        }
        if let Some(case) = case {
            // What the engine knew of the person is forgotten, if nothing was done yet.
            drop(Box::pin(self.withdraw(&case)).await);
        }
        Ok(())
    }

    /// A letter must reach somebody: without an address a member of staff tells them, and says so first.
    pub(super) async fn write_or_say(&self, open: &mut Open, said: &Said) -> Result<()> {
        let Open { desk, tx, request, told, .. } = open;
        desk.write(self, tx, request, told.as_ref(), said).await.map(drop)
    }

    /// Keeps what was written about a request, sealed.
    pub(super) async fn note(&self, open: &mut Open, kind: &str, text: &str) -> Result<()> {
        let id = store::new_id(self.means.rng.as_ref());
        let body = open.desk.state.vault.seal("part", &id, text.as_bytes())?;
        open.tx
            .insert_part(&store::Part {
                id,
                request: open.request.id.clone(),
                kind: kind.to_owned(),
                body: Some(body),
                at: self.means.clock.now(),
                expires_at: None,
                taken: 0,
            })
            .await?;
        Ok(())
    }
}
