//! What a clock asks for by itself: a word before the last day, another on it and after it, and the end
//! of what nobody confirmed.
//!
//! Each open request has one job that wakes at the next moment that matters to it, looks, and asks for the
//! one after. So ten requests and a hundred thousand cost the same when nothing is due.

use model::Micros;
use serde_json::json;
use store::{Claim, Tx};

use super::{Desk, Progress, Status, reference};
use crate::house::House;
use crate::identity::{self, FORGET_DAYS};
use crate::intake::Told;
use crate::jobs::{Did, Failed, Work, ask};
use crate::letters::{Language, Said};
use crate::mail::{self, Draft};
use crate::{Result, clock};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// How long before the last day staff are told, and the word for it.
const WARNINGS: [(i64, &str); 4] = [
    (-7 * DAY, "due in a week"),
    (-2 * DAY, "due in two days"),
    (0, "late"),
    (7 * DAY, "a week late"),
];

impl House {
    /// Asks for the job that wakes at the next moment that matters to a request.
    pub(crate) async fn watch(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &store::Request,
        not_before: Option<Micros>,
    ) -> Result<()> {
        if request.ended_at.is_some() {
            return Ok(());
        }
        let progress = Progress::of(request)?;
        let mut next: Vec<Micros> = Vec::new();
        if let Some(due) = request.due_at {
            let open =
                WARNINGS.iter().filter(|(_, word)| !progress.warned.iter().any(|w| w == word));
            next.extend(open.map(|(before, _)| Micros(due.0.saturating_add(*before))));
        }
        if request.status == Status::Unconfirmed.key() {
            next.push(lapses_at(request));
        }
        let at = next.into_iter().min().map(|at| at.max(not_before.unwrap_or(at)));
        let Some(at) = at else { return Ok(()) };
        let work = Work::WatchRequest { request: request.id.clone() };
        ask(tx, &self.means, &desk.organisation, &work, Some(at)).await
    }

    /// Looks at what the clock of a request asks for now.
    pub(crate) async fn watch_request(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let desk = self.desk_of(&claim.job.organisation).await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let Some(mut request) = tx.request(id).await? else { return Ok(Did::Done) };
        if request.ended_at.is_some() {
            tx.rollback().await?;
            return Ok(Did::Done);
        }
        let mut progress = Progress::of(&request)?;
        if request.status == Status::Unconfirmed.key() && lapses_at(&request) <= now {
            self.lapse(&desk, &mut tx, &mut request, &progress).await?;
        } else {
            let due = request.due_at.unwrap_or(Micros(i64::MAX));
            let passed: Vec<&str> = WARNINGS
                .iter()
                .filter(|(before, _)| due.0.saturating_add(*before) <= now.0)
                .map(|(_, word)| *word)
                .filter(|word| !progress.warned.iter().any(|known| known == word))
                .collect();
            if let Some(word) = passed.last() {
                // Of what was slept through only the last is told.
                self.warn_staff(&desk, &mut tx, &request, word).await?;
                desk.tell(&mut tx, &request, "request due", json!({ "word": word })).await?;
                let status = request.status.clone();
                desk.tell_programs(&mut tx, &request, "due", &status).await?;
                progress.warned.extend(passed.iter().map(|word| (*word).to_owned()));
                let status = Status::of(&request.status).unwrap_or(Status::Ready);
                desk.save(&mut tx, &mut request, status, &progress).await?;
            }
        }
        if !tx.finish_job(claim).await? {
            tx.rollback().await?;
            return Ok(Did::Ended);
        }
        self.watch(&desk, &mut tx, &request, None).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Did::Ended)
    }

    /// Nobody confirmed it: what it said is forgotten.
    async fn lapse(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &mut store::Request,
        progress: &Progress,
    ) -> Result<()> {
        request.body = None;
        end_clock(self, request, false)?;
        desk.save(tx, request, Status::Lapsed, progress).await?;
        tx.forget_parts(&request.id, None).await?;
        let soon = Micros(self.means.clock.now().0 + 10_000_000);
        ask(tx, &self.means, &desk.organisation, &Work::Scrub, Some(soon)).await?;
        desk.tell(tx, request, "request lapsed", json!({})).await.map(drop)
    }

    /// Writes to the address for privacy that a request is due.
    async fn warn_staff(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &store::Request,
        word: &str,
    ) -> Result<()> {
        let text = format!(
            "Request {} ({}) is {word}. It stands at: {}.",
            reference(&request.id),
            request.kind.replace('_', " "),
            request.status
        );
        self.tell_staff(desk, tx, request, &format!("is {word}"), &text).await
    }

    /// Writes to the address for privacy of what happened to a request. INVARIANT: nothing of it is
    /// personal, for a mailbox is read by many.
    pub(crate) async fn tell_staff(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &store::Request,
        subject: &str,
        text: &str,
    ) -> Result<()> {
        if self.settings.mail.out.is_none() {
            return Ok(());
        }
        let own = &desk.policy.organisation;
        let draft = Draft {
            to: model::Personal::new(own.contact.email.clone()),
            subject: model::Personal::new(format!("Request {} {subject}", reference(&request.id))),
            text: model::Personal::new(format!("{text}\n")),
            html: None,
            answers: None,
        };
        let label = mail::Label {
            organisation: &desk.organisation,
            kind: "warning",
            about: Some(&request.id),
        };
        mail::post(tx, &desk.state, label, &draft).await.map(drop)
    }

    /// The address of the page of a request, with a key of its own.
    pub(crate) async fn page_link(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &store::Request,
    ) -> Result<String> {
        let page = identity::give(desk, tx, &request.id, identity::PAGE).await?;
        let language = Language::of(&request.language);
        Ok(self.link(language, &format!("request/page/{}", page.expose_secret())))
    }

    /// Tells whoever asked that it has arrived, once.
    pub(crate) async fn acknowledge(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &mut store::Request,
        told: &Told,
    ) -> Result<()> {
        let language = Language::of(&request.language);
        let mut progress = Progress::of(request)?;
        if progress.acknowledged_at.is_some() {
            return Ok(());
        }
        let said = Said::Acknowledgement {
            due: request.due_at.map(|due| self.day_in_words(due, language)).transpose()?,
            link: self.page_link(desk, tx, request).await?,
        };
        if !desk.write(self, tx, request, Some(told), &said).await? {
            return Ok(());
        }
        progress.acknowledged_at = Some(self.means.clock.now());
        let status = Status::of(&request.status).unwrap_or(Status::Ready);
        desk.save(tx, request, status, &progress).await?;
        desk.tell(tx, request, "request acknowledged", json!({})).await.map(drop)
    }
}

fn lapses_at(request: &store::Request) -> Micros {
    Micros(request.received_at.0.saturating_add(i64::from(FORGET_DAYS) * DAY))
}

/// The clock of a request that has ended.
pub(super) fn end_clock(house: &House, request: &mut store::Request, answered: bool) -> Result<()> {
    let Some(kept) = &request.clock else { return Ok(()) };
    let mut snapshot = clock::Snapshot::read(kept)?;
    if snapshot.ended.is_none() {
        let on = snapshot.today(house.means.clock.now());
        snapshot.ended = Some(clock::Ended { on, answered });
        request.clock = Some(snapshot.write()?);
    }
    Ok(())
}
