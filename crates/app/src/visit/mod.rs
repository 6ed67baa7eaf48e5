//! One's own data: whoever reads the mail of an address sees what is held about it, and asks for what
//! they want without showing once more who they are.
//!
//! A *handle* is what the browser holds until the code of the mail is typed; from then on a *pass* opens
//! the pages, in the body of each form and nowhere else, for a quarter of an hour after the last one.
//!
//! INVARIANT: until the code was typed nobody's data is looked at, and what is answered follows from the
//! form alone. What is looked up afterwards is seen by whoever reads the mail of that address.
//!
//! INVARIANT: address and findings are sealed, and forgotten when the visit ends. No event, job or error
//! holds any of them.
//!
//! What is deliberately not here: changing a system. A correction, a withdrawal, a closure is a request
//! like any other, in the same queue; only who asks is known already.

mod look;
#[cfg(test)]
mod tests;

use model::{Micros, Personal, Secret};
use serde_json::json;
use store::{Agreement, Tx};

pub use look::{Held, HeldCategory, HeldRecords, HeldValue};

use crate::clock::Arrival;
use crate::desk::{Desk, Opened, Status, reference};
use crate::house::House;
use crate::identity::{self, fresh, fresh_code, hash, keyed, shown, typed};
use crate::intake::{Channel, Form, Kind, Sender, Told, Wrong};
use crate::jobs::{Work, ask};
use crate::letters::{Language, Said};
use crate::publication::Agreeing;
use crate::retain::event;
use crate::{Error, Result};

/// What addresses and findings are sealed for.
const PURPOSE: &str = "visit";
const HANDLE: &str = "visit handle";
const PASS: &str = "visit pass";
const MINUTE: i64 = 60 * 1_000_000;
/// A code works for so long, and a page stays open after it was used last.
const OPEN: i64 = 15 * MINUTE;
/// No visit lasts longer, whatever is done in it.
const LONGEST: i64 = 120 * MINUTE;
/// So many codes may be tried.
const TRIES: u64 = 5;

/// Somebody's pages.
#[derive(Debug)]
pub struct Mine {
    /// The address.
    pub email: Personal<String>,
    /// What is held; none while it is being looked up.
    pub held: Option<Held>,
    /// What they asked for by this address, the latest first.
    pub requests: Vec<MyRequest>,
    /// What they have agreed to, the latest first.
    pub agreed: Vec<Agreement>,
}

/// A request of somebody's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyRequest {
    /// Its id.
    pub id: String,
    /// Its number as people write it.
    pub reference: String,
    /// What was asked.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// When it came.
    pub received_at: Micros,
    /// Until when it is answered.
    pub due_at: Option<Micros>,
}

/// What somebody asks for from their own pages.
#[derive(Debug, Clone, Default)]
pub struct MyWish {
    /// What is wrong and what is right.
    pub corrections: Vec<Wrong>,
    /// The use that it is about: the key of a purpose.
    pub purpose: Option<String>,
    /// Anything else, in their words.
    pub text: Option<Personal<String>>,
}

/// What is kept of a code: it is short, so it lies under a key that is not in the database.
fn code_hash(desk: &Desk, id: &str, code: &str) -> Result<[u8; 32]> {
    keyed(&desk.state.vault, "visit code", id, code)
}

impl House {
    /// Somebody wants to see their own data: a code goes to the address. What the browser holds is made
    /// alike for every address, whether it is known, written to too often today, or none at all.
    pub async fn ask_to_enter(
        &self,
        address: &Personal<String>,
        language: Language,
    ) -> Result<Secret<String>> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let rng = self.means.rng.as_ref();
        let (id, handle, code) = (store::new_id(rng), fresh(rng), fresh_code(rng));
        let address = Personal::new(address.expose().trim().chars().take(320).collect::<String>());
        let until = Micros(now.0 + OPEN);
        let visit = store::Visit {
            body: desk.state.vault.seal(PURPOSE, &id, address.expose().as_bytes())?,
            organisation: desk.organisation.clone(),
            language: language.key().to_owned(),
            handle: hash(HANDLE, handle.expose_secret()),
            code: code_hash(&desk, &id, code.expose_secret())?,
            tries: TRIES,
            held: None,
            made_at: now,
            expires_at: until,
            id,
        };
        let mut tx = desk.state.store.begin().await?;
        tx.insert_visit(&visit).await?;
        if identity::may_write(self, &desk, &mut tx, Some(&address)).await? {
            let until = self.moment_in_words(until, language)?;
            let said = Said::Visit { code: shown(&code), until };
            desk.write_to(self, &mut tx, &address, language, &said).await?;
        }
        tx.commit().await?;
        Ok(handle)
    }

    /// The code was typed: what opens the pages, if it was right; nobody is told why it was not.
    pub async fn enter(&self, handle: &str, code: &str) -> Result<Option<Secret<String>>> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let Some(visit) = tx.visit_to_enter(&hash(HANDLE, handle), now).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        // Both are hashes of what only the person knows: how they differ tells nobody anything.
        if code_hash(&desk, &visit.id, &typed(code))? != visit.code {
            tx.miss_visit(&visit.id).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let pass = fresh(self.means.rng.as_ref());
        let until = Micros(now.0 + OPEN);
        if !tx.enter_visit(&visit.id, &hash(PASS, pass.expose_secret()), until).await? {
            tx.rollback().await?;
            return Ok(None);
        }
        let work = Work::LookUp { visit: visit.id.clone() };
        ask(&mut tx, &self.means, &desk.organisation, &work, None).await?;
        let name = &desk.policy.organisation.name;
        tx.append_event(&event(&desk.state, name, "own pages opened", &json!({}))).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Some(pass))
    }

    /// The pages that a pass opens; none if they have closed.
    pub async fn mine(&self, pass: &str) -> Result<Option<Mine>> {
        let desk = self.desk().await?;
        let mut tx = desk.state.store.begin().await?;
        let Some((visit, email)) = self.visitor(&desk, &mut tx, pass).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let held = match &visit.held {
            Some(held) => {
                let plain =
                    desk.state.vault.open_sealed(PURPOSE, &format!("{}/held", visit.id), held)?;
                serde_json::from_slice(&plain).ok()
            }
            None => None,
        };
        let mut requests = Vec::new();
        for request in requests_of(&desk, &mut tx, &email).await? {
            requests.push(MyRequest {
                reference: reference(&request.id).to_owned(),
                kind: Kind::of(&request.kind).unwrap_or(Kind::Unsorted),
                status: Status::of(&request.status).unwrap_or(Status::Ready),
                received_at: request.received_at,
                due_at: request.due_at,
                id: request.id,
            });
        }
        tx.commit().await?;
        requests.sort_by(|a, b| (b.received_at, &b.id).cmp(&(a.received_at, &a.id)));
        let agreed = self.agreements_at(&email).await?;
        Ok(Some(Mine { email, held, requests, agreed }))
    }

    /// Files a request of somebody whose pages are open. `None` if they have closed; otherwise its
    /// number as people write it.
    pub async fn ask_from_mine(
        &self,
        pass: &str,
        kind: Kind,
        wish: MyWish,
    ) -> Result<Option<String>> {
        if kind == Kind::Unsorted {
            return Err(Error::unfit("kind", "say what is asked"));
        }
        let desk = self.desk().await?;
        let mut tx = desk.state.store.begin().await?;
        let Some((visit, email)) = self.visitor(&desk, &mut tx, pass).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let known = |key: &String| desk.policy.purposes.iter().any(|one| one.key == *key);
        let told = Told {
            email: Some(email),
            corrections: wish.corrections,
            purpose: wish.purpose.filter(known),
            text: wish.text,
            ..Told::default()
        };
        let form = Form {
            kind,
            channel: Channel::Form,
            language: Language::of(&visit.language),
            place: None,
            told: told.tidy()?,
        };
        let arrival = Arrival::default();
        let kept = self.keep_request(&desk, &mut tx, &form, &arrival, Sender::Proven).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Some(reference(&kept.id).to_owned()))
    }

    /// Opens a request of somebody whose pages are open; `None` if they have closed, or it is not theirs.
    pub async fn open_from_mine(&self, pass: &str, request: &str) -> Result<Option<Opened>> {
        let desk = self.desk().await?;
        let mut tx = desk.state.store.begin().await?;
        let Some((_, email)) = self.visitor(&desk, &mut tx, pass).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let all = requests_of(&desk, &mut tx, &email).await?;
        let Some(found) = all.into_iter().find(|one| one.id == request) else {
            tx.rollback().await?;
            return Ok(None);
        };
        let opened = self.request_opened(&desk, &mut tx, &found).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Some(opened))
    }

    /// Keeps that somebody whose pages are open agrees to the version that they were shown, and writes
    /// the receipt; `None` if the pages have closed.
    pub async fn agree_from_mine(&self, pass: &str, version: &str) -> Result<Option<Agreement>> {
        let desk = self.desk().await?;
        let mut tx = desk.state.store.begin().await?;
        let visitor = self.visitor(&desk, &mut tx, pass).await?;
        tx.commit().await?;
        let Some((visit, email)) = visitor else { return Ok(None) };
        let language = Language::of(&visit.language);
        let how = "privacy centre";
        let agreeing = Agreeing { how, version: Some(version), receipt: Some(language) };
        self.keep_agreement(&desk.policy, &email, agreeing).await.map(Some)
    }

    /// Somebody leaves: what was found of them is forgotten.
    pub async fn leave_mine(&self, pass: &str) -> Result<()> {
        let desk = self.desk().await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        if let Some(visit) = tx.visit_by_pass(&hash(PASS, pass), now).await? {
            tx.end_visit(&visit.id).await?;
            tx.commit().await?;
            desk.state.store.scrub().await?;
        }
        Ok(())
    }

    /// Whose pages a pass opens. They stay open a while longer.
    async fn visitor(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        pass: &str,
    ) -> Result<Option<(store::Visit, Personal<String>)>> {
        let now = self.means.clock.now();
        let Some(visit) = tx.visit_by_pass(&hash(PASS, pass), now).await? else { return Ok(None) };
        let until = (now.0 + OPEN).min(visit.made_at.0 + LONGEST);
        tx.extend_visit(&visit.id, Micros(until)).await?;
        let email = address_of(desk, &visit)?;
        Ok(Some((visit, email)))
    }
}

fn address_of(desk: &Desk, visit: &store::Visit) -> Result<Personal<String>> {
    let plain = desk.state.vault.open_sealed(PURPOSE, &visit.id, &visit.body)?;
    String::from_utf8(plain.to_vec())
        .map(Personal::new)
        .map_err(|_| Error::Refused("an address cannot be read".to_owned()))
}

/// The requests that are answered to this address. INVARIANT: one in which somebody else merely named
/// the address as another of theirs is not among them.
async fn requests_of(
    desk: &Desk,
    tx: &mut Tx,
    email: &Personal<String>,
) -> Result<Vec<store::Request>> {
    let value = email.expose().trim().to_lowercase();
    let key = desk.state.vault.derive("people who asked")?;
    let hash = key.mac(format!("email={value}").as_bytes());
    let mut found = Vec::new();
    for id in tx.requests_by(&hash, "").await? {
        let Some(request) = tx.request(&id).await? else { continue };
        let told = desk.told(&request)?;
        let reached = told.as_ref().and_then(Told::reached_at);
        let theirs = reached.is_some_and(|to| to.expose().trim().to_lowercase() == value);
        if theirs && request.organisation == desk.organisation {
            found.push(request);
        }
    }
    Ok(found)
}
