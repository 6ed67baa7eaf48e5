//! Appeals: whoever was answered asks us to look again, and somebody else decides.
//!
//! An appeal is a second look at the same request under the same number, with a clock of its own. There is
//! one at most; after it the regulator is named. While it runs nothing of the request is forgotten.
//!
//! INVARIANT: a no is not confirmed by whoever said it, as long as there is anybody else who could; and
//! where the policy asks for a second person, never.

use auth::{Action, Actor};
use model::Micros;
use serde_json::json;
use store::Tx;

use super::act::{Open, needed, refused};
use super::work::PACKAGE_DAYS;
use super::{Appeal, AsRead, Decided, Desk, Progress, Status};
use crate::clock::{self, Snapshot};
use crate::house::House;
use crate::identity;
use crate::letters::{Language, Said};
use crate::{Error, Result};

/// For so many days we can be asked to look again.
pub const APPEAL_DAYS: u32 = 30;
/// No reason for an appeal is longer, in signs.
const LONGEST: usize = 4_000;
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What became of an appeal that a person sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appealed {
    /// It was taken; the last moment of its answer, if somebody sets one.
    Taken(Option<Micros>),
    /// It cannot be asked for, or not any more.
    Over,
    /// The page was closed by then.
    Closed,
}

/// Until when whoever asked can have the answer looked at again; none if they cannot.
pub(super) fn appeal_until(request: &store::Request, progress: &Progress) -> Option<Micros> {
    let can = may_appeal(request, progress);
    let ended = request.ended_at.filter(|_| can)?;
    Some(Micros(ended.0 + i64::from(APPEAL_DAYS) * DAY))
}

fn may_appeal(request: &store::Request, progress: &Progress) -> bool {
    let answered = matches!(Status::of(&request.status), Some(Status::Refused | Status::Done));
    answered && progress.appeal.is_none() && request.body.is_some()
}

/// Until when what an ended request said is kept.
pub(super) const fn kept_until(status: Status, ended: Micros) -> Micros {
    let days = match status {
        Status::Done => PACKAGE_DAYS,
        _ => APPEAL_DAYS as i64 + 30,
    };
    Micros(ended.0 + days * DAY)
}

impl House {
    /// Whoever asked wants us to look again, on the page that is open to them.
    pub async fn appeal(&self, pass: &str, why: &str) -> Result<Appealed> {
        let why = fit(why)?;
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let found = identity::opens(&mut tx, identity::PASS, pass, now).await?;
        let Some(found) = found else { return Ok(Appealed::Closed) };
        let Some(request) = tx.request(&found.request).await? else { return Ok(Appealed::Closed) };
        let progress = Progress::of(&request)?;
        if appeal_until(&request, &progress).is_none_or(|until| until <= now) {
            tx.rollback().await?;
            return Ok(Appealed::Over);
        }
        let told = desk.told(&request)?;
        let due = self.take_appeal(Open { desk, tx, request, progress, told }, &why, None).await?;
        Ok(Appealed::Taken(due))
    }

    /// Writes down that whoever asked wants us to look again: they said so by mail, by telephone, by post.
    pub async fn appeal_at_desk(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        why: &str,
    ) -> Result<()> {
        let why = fit(why)?;
        let open = self.open_at_desk(actor, Action::FileRequest, organisation, id).await?;
        if open.progress.appeal.is_some() {
            return Err(refused("it was looked at again already, and once is all".to_owned()));
        }
        open.must_be(&[Status::Refused, Status::Done])?;
        if open.request.body.is_none() {
            return Err(refused(
                "what was said is forgotten by now: write a new request down".to_owned(),
            ));
        }
        self.take_appeal(open, &why, Some(actor.person())).await.map(drop)
    }

    async fn take_appeal(
        &self,
        mut open: Open,
        why: &str,
        by: Option<&str>,
    ) -> Result<Option<Micros>> {
        let now = self.means.clock.now();
        open.progress.appeal = Some(Appeal {
            at: now,
            filed_by: by.map(str::to_owned),
            before: open.request.status.clone(),
            decided: None,
        });
        open.progress.warned.clear();
        open.request.due_at = None;
        if let Some(kept) = &open.request.clock {
            let mut snapshot = Snapshot::read(kept)?;
            snapshot.begin_appeal(&open.desk.policy, now);
            open.keep_clock(&snapshot).await?;
        }
        if !why.is_empty() {
            self.note(&mut open, "appeal", why).await?;
        }
        let due = open.request.due_at;
        let Open { desk, tx, request, progress, .. } = &mut open;
        let another = self.wants_another(tx, desk, request, progress).await?;
        let language = Language::of(&open.request.language);
        let Open { desk, tx, request, .. } = &mut open;
        let said = Said::AppealReceived {
            due: due.map(|due| self.day_in_words(due, language)).transpose()?,
            another,
            link: self.page_link(desk, tx, request).await?,
        };
        let text = "Whoever asked wants the answer looked at again. Decide on it at the request.";
        self.tell_staff(desk, tx, request, "is to be looked at again", text).await?;
        self.write_or_say(&mut open, &said).await?;
        let about = json!({ "by": by.unwrap_or("person"), "due": due.map(|due| due.0) });
        self.close_at_desk(open, Status::Appealed, "request appealed", about).await?;
        Ok(due)
    }

    /// Whether whoever gave the answer cannot say alone that it stays.
    pub(super) async fn wants_another(
        &self,
        tx: &mut Tx,
        desk: &Desk,
        request: &store::Request,
        progress: &Progress,
    ) -> Result<bool> {
        if desk.policy.require_approval {
            return Ok(true);
        }
        let Some(first) = &progress.decided_by else { return Ok(false) };
        self.somebody_else_may(tx, first, Action::RefuseRequest, &request.organisation).await
    }

    /// Decides on an appeal: the answer stays, and the letter names the regulator; or the request is taken
    /// up again from the beginning, with a new plan.
    pub async fn decide_appeal(
        &self,
        actor: &Actor,
        organisation: &str,
        id: impl Into<AsRead<'_>>,
        granted: bool,
        reason: &str,
    ) -> Result<()> {
        let mut open = self.open_at_desk(actor, Action::RefuseRequest, organisation, id).await?;
        open.must_be(&[Status::Appealed])?;
        let what = if granted { "what happens now" } else { "why the answer stays" };
        let reason = needed("reason", reason, what)?;
        let by = actor.person().to_owned();
        let same = open.progress.decided_by.as_ref() == Some(&by);
        let Open { desk, tx, request, progress, .. } = &mut open;
        if !granted && same && self.wants_another(tx, desk, request, progress).await? {
            return Err(refused(
                "a second person decides: whoever gave the answer cannot say that it stays"
                    .to_owned(),
            ));
        }
        let now = self.means.clock.now();
        let about = json!({ "by": by, "granted": granted, "same_person": same });
        let mut before = Status::Refused;
        if let Some(appeal) = &mut open.progress.appeal {
            before = Status::of(&appeal.before).unwrap_or(before);
            appeal.decided = Some(Decided { by, at: now, granted });
        }
        self.note(&mut open, if granted { "granted" } else { "kept" }, &reason).await?;
        if !granted {
            let regulator = open.desk.regulator(&open.progress);
            self.write_or_say(&mut open, &Said::AppealKept { reason, regulator }).await?;
            return Box::pin(self.finish_at_desk(open, before, "appeal decided", about)).await;
        }
        let status = open.begin_anew().await?;
        let language = Language::of(&open.request.language);
        let Open { desk, tx, request, .. } = &mut open;
        let said = Said::AppealGranted {
            reason,
            due: request.due_at.map(|due| self.day_in_words(due, language)).transpose()?,
            link: self.page_link(desk, tx, request).await?,
        };
        self.write_or_say(&mut open, &said).await?;
        self.close_at_desk(open, status, "appeal decided", about).await
    }
}

impl Open {
    /// Writes the clock down, here and at the case that does the work.
    pub(super) async fn keep_clock(&mut self, snapshot: &Snapshot) -> Result<()> {
        let text = snapshot.write()?;
        if let Some(case) = &self.request.case {
            self.tx.set_case_clock(case, &text).await?;
        }
        self.request.due_at = clock::due_moment(snapshot);
        self.request.clock = Some(text);
        Ok(())
    }

    /// Lets go of the plan, what came of it, and the case that carried it out: where the work begins again.
    async fn begin_anew(&mut self) -> Result<Status> {
        if let (Some(case), Some(kept)) = (self.request.case.take(), &self.request.clock) {
            // The first answer stays the end of the first case.
            let mut ended = Snapshot::read(kept)?;
            ended.ended = ended.appeal.take().map(|appeal| appeal.first);
            self.tx.set_case_clock(&case, &ended.write()?).await?;
        }
        for kind in ["package", "certificate", "certificate page"] {
            self.tx.forget_parts(&self.request.id, Some(kind)).await?;
        }
        let progress = &mut self.progress;
        progress.plan = None;
        progress.planned_by = None;
        progress.approvals.clear();
        progress.not_before = None;
        progress.outcome = None;
        progress.trouble = None;
        progress.decided_by = None;
        Ok(progress.resumes_at())
    }
}

/// A reason that fits; none need be given.
fn fit(why: &str) -> Result<String> {
    let why = why.trim();
    if why.chars().count() > LONGEST {
        return Err(Error::unfit("text", "the reason is longer than 4,000 signs".to_owned()));
    }
    Ok(why.to_owned())
}
