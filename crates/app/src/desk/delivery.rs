//! The page of whoever asked: where the request stands, and what was made for them. The link of a letter
//! says which request; a fresh code by mail opens it.

use auth::{Action, Actor};
use model::{Micros, Secret};
use serde_json::json;
use store::Tx;

use super::appeal::appeal_until;
use super::{Desk, Outcome, Progress, Status, reference};
use crate::house::House;
use crate::identity::{self, shown};
use crate::letters::{Language, Said};
use crate::{Error, Result, allowed};

/// A page stays open for so long.
const OPEN: i64 = 15 * 60 * 1_000_000;

/// What whoever asked sees of their request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its number as people write it.
    pub reference: String,
    /// What was asked.
    pub kind: String,
    /// Where it stands.
    pub status: Status,
    /// When it came.
    pub received_at: Micros,
    /// Until when it is answered.
    pub due_at: Option<Micros>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Until when whoever asked can have the answer looked at again; none if they cannot.
    pub appeal_until: Option<Micros>,
    /// What can be fetched, and until when: `package`, `certificate`, `certificate page`.
    pub files: Vec<(String, Option<Micros>)>,
    /// Letters that were written: which, and when.
    pub letters: Vec<(String, Micros)>,
    /// Opens the files, for a quarter of an hour.
    pub pass: Secret<String>,
}

/// A file that was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// What it is called.
    pub name: String,
    /// Its bytes.
    pub bytes: Secret<Vec<u8>>,
}

impl House {
    /// Somebody wants to see the page of a request: a code goes to the address of whoever asked. The
    /// answer is the same whether there is such a request or not.
    pub async fn ask_for_page(&self, link: &str) -> Result<()> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let found = identity::opens(&mut tx, identity::PAGE, link, now).await?;
        let Some(found) = found else { return Ok(tx.rollback().await?) };
        let Some(request) = tx.request(&found.request).await? else {
            return Ok(tx.rollback().await?);
        };
        let Some(told) = desk.told(&request)? else { return Ok(tx.rollback().await?) };
        let often = tx.tally("page codes", &found.hash, Micros(now.0 - 60 * OPEN), now).await?;
        if often <= 10 {
            let code = identity::give(&desk, &mut tx, &request.id, identity::PAGE_CODE).await?;
            let language = Language::of(&request.language);
            let until = self.moment_in_words(Micros(now.0 + OPEN), language)?;
            let said = Said::Code { code: shown(&code), until };
            desk.write(self, &mut tx, &request, Some(&told), &said).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The page of a request, for whoever has the link and the code; `None` for everybody else.
    pub async fn open_page(&self, link: &str, code: &str) -> Result<Option<Opened>> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let found = identity::opens(&mut tx, identity::PAGE, link, now).await?;
        let id = found.map_or_else(String::new, |found| found.request);
        if !identity::use_code(&desk.state.vault, &mut tx, identity::PAGE_CODE, &id, code, now)
            .await?
        {
            tx.commit().await?;
            return Ok(None);
        }
        let Some(request) = tx.request(&id).await? else { return Ok(None) };
        let opened = self.request_opened(&desk, &mut tx, &request).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Some(opened))
    }

    /// The page of a request, for somebody who has shown who they are.
    pub(crate) async fn request_opened(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        request: &store::Request,
    ) -> Result<Opened> {
        let id = &request.id;
        let now = self.means.clock.now();
        let pass = identity::give(desk, tx, id, identity::PASS).await?;
        let progress = Progress::of(request)?;
        let mut files: Vec<(String, Option<Micros>)> = Vec::new();
        for part in tx.parts(id).await? {
            let fetched = part.body.is_some() && is_file(&part.kind);
            if fetched && files.iter().all(|(kind, _)| *kind != part.kind) {
                files.push((part.kind, part.expires_at));
            }
        }
        let letters = tx.mails_about(id).await?;
        desk.tell(tx, request, "page opened", json!({})).await?;
        Ok(Opened {
            reference: reference(id).to_owned(),
            kind: request.kind.clone(),
            status: Status::of(&request.status).unwrap_or(Status::Ready),
            received_at: request.received_at,
            due_at: request.due_at,
            appeal_until: appeal_until(request, &progress).filter(|until| *until > now),
            outcome: progress.outcome,
            files,
            letters: letters
                .into_iter()
                .filter(|mail| mail.kind != "warning" && mail.kind != "to a processor")
                .map(|mail| (mail.kind, mail.made_at))
                .collect(),
            pass,
        })
    }

    /// Hands out what was made for whoever asked, and counts it; `None` if the page is closed by now, or
    /// it has run out.
    pub async fn fetch_file(&self, pass: &str, kind: &str) -> Result<Option<Fetched>> {
        if !is_file(kind) {
            return Ok(None);
        }
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let found = identity::opens(&mut tx, identity::PASS, pass, now).await?;
        let Some(found) = found else { return Ok(None) };
        let Some(request) = tx.request(&found.request).await? else { return Ok(None) };
        self.hand_out(&desk, tx, &request, kind, None).await
    }

    /// Hands out what was made for whoever asked to a member of staff, who hands it on; `None` if there is
    /// none, or it has run out.
    pub async fn fetch_for_staff(
        &self,
        actor: &Actor,
        organisation: &str,
        id: &str,
        kind: &str,
    ) -> Result<Option<Fetched>> {
        allowed::require(actor, Action::AnswerRequest, organisation)?;
        if !is_file(kind) {
            return Ok(None);
        }
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        let request = desk.request(&mut tx, id).await?;
        self.hand_out(&desk, tx, &request, kind, Some(actor.person())).await
    }

    async fn hand_out(
        &self,
        desk: &Desk,
        mut tx: store::Tx,
        request: &store::Request,
        kind: &str,
        by: Option<&str>,
    ) -> Result<Option<Fetched>> {
        let now = self.means.clock.now();
        let mut bytes = Vec::new();
        let mut pieces = tx.parts(&request.id).await?;
        pieces.retain(|part| {
            let lasts = part.expires_at.is_none_or(|until| until > now);
            part.kind == kind && part.body.is_some() && lasts
        });
        for part in &pieces {
            let Some(body) = &part.body else { return Ok(None) };
            bytes.extend(desk.state.vault.open_sealed("part", &part.id, body)?);
        }
        let Some(first) = pieces.first() else { return Ok(None) };
        if !tx.take_part(&first.id).await? {
            return Ok(None);
        }
        let about = json!({ "what": kind, "times": first.taken + 1, "by": by });
        desk.tell(&mut tx, request, "file fetched", about).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        let number = reference(&request.id);
        let name = match kind {
            "package" => format!("package-{number}.zip"),
            "certificate" => format!("certificate-{number}.json"),
            _ => format!("certificate-{number}.html"),
        };
        Ok(Some(Fetched { name, bytes: Secret::new(bytes) }))
    }

    /// Forgets what was kept for people and has run out.
    pub(crate) async fn expire(&self) -> Result<()> {
        const DAY: i64 = 24 * 60 * 60 * 1_000_000;
        let state = self.state().await?;
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        tx.expire_parts(now).await?;
        tx.expire_visits(now).await?;
        tx.forget_tallies(Micros(now.0 - 2 * DAY)).await?;
        tx.commit().await?;
        state.store.scrub().await.map_err(Error::from)
    }
}

fn is_file(kind: &str) -> bool {
    matches!(kind, "package" | "certificate" | "certificate page")
}
