//! The desk: requests of people from the moment they come in until they are answered.
//!
//! ```text
//! unsorted ─▶ unidentified / unconfirmed ─▶ ready ─▶ planning ─▶ planned ─▶ approved ─▶ running ─▶ done
//!                      │                      │                                          │
//!                      └▶ lapsed              └▶ refused, withdrawn, duplicate           └▶ incomplete
//!
//! refused, done ─▶ appealed ─▶ as it was, or ready again
//! ```
//!
//! What is personal is sealed in the request; where it stands is words of ours ([`Progress`]). Every step
//! writes the request, the event that proves it, the letter that tells of it and the job that comes next
//! in one transaction. A request is written by whoever read it last: two people who act at once do not
//! undo each other, the second is told.

mod act;
mod appeal;
mod by_hand;
mod delivery;
mod fee;
mod processors;
mod progress;
mod queue;
#[cfg(test)]
mod tests;
mod watch;
mod work;

use std::sync::Arc;

use model::Micros;
use policy::Policy;
use serde_json::{Value, json};
use store::{Event, Tx};

pub use act::{AsRead, has_plan};
pub use appeal::{APPEAL_DAYS, Appealed};
pub use by_hand::{LARGEST_EVIDENCE, TaskAsked, TaskDone, TaskShown};
pub use delivery::{Fetched, Opened};
pub use processors::Processor;
pub use progress::{Appeal, Approval, Charged, Decided, Outcome, Progress, Settled, Shown, Status};
pub use queue::{Full, Line, Place, PlanShown, SystemShown, Wanted};

use crate::hooks;
use crate::house::House;
use crate::intake::{Kind, Told};
use crate::keeper::canonical;
use crate::letters::{self, About, Language, Regulator, Said, Sender};
use crate::mail::{self, Draft};
use crate::state::State;
use crate::{Error, Result};

/// What requests are sealed for.
const PURPOSE: &str = "request";

/// What everything at the desk needs, read once.
pub(crate) struct Desk {
    pub(crate) state: Arc<State>,
    pub(crate) policy: Arc<Policy>,
    /// The id of the organisation.
    pub(crate) organisation: String,
}

impl House {
    /// The desk of the organisation whose policy this is.
    pub(crate) async fn desk(&self) -> Result<Desk> {
        self.desk_of(auth::ROOT).await
    }

    /// The desk of an organisation: the policy's own, or one of its clients.
    pub(crate) async fn desk_of(&self, organisation: &str) -> Result<Desk> {
        let policy = self.last_sound_policy()?;
        let known = organisation == auth::ROOT
            || policy.clients.iter().any(|client| client.key == organisation);
        if !known {
            return Err(Error::Absent(format!("there is no organisation `{organisation}`")));
        }
        let state = self.state().await?;
        Ok(Desk { state, policy, organisation: organisation.to_owned() })
    }

    /// The address of a page for the public.
    pub(crate) fn link(&self, language: Language, path: &str) -> String {
        let base = self.settings.serve.public_url.as_deref().unwrap_or("http://127.0.0.1:8080");
        format!("{}/{}/{path}", base.trim_end_matches('/'), language.key())
    }

    /// A moment as people read it in a letter.
    pub(crate) fn moment_in_words(&self, at: Micros, language: Language) -> Result<String> {
        Ok(written(&self.zone()?.at(at), language, true))
    }

    pub(crate) fn day_in_words(&self, at: Micros, language: Language) -> Result<String> {
        Ok(written(&self.zone()?.at(at), language, false))
    }
}

/// A day written out, as letters have it.
pub(crate) fn day_written(day: jiff::civil::Date, language: Language) -> String {
    let noon = day.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    noon.map_or_else(|_| day.to_string(), |at| written(&at, language, false))
}

/// A moment written out: `15 January 2027`, `15 janvier 2027`, with the hour where it matters.
fn written(at: &jiff::Zoned, language: Language, hour: bool) -> String {
    let months = match language {
        Language::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        Language::Fr => [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
    };
    let month = usize::try_from(at.month()).ok().and_then(|month| months.get(month - 1));
    let first = if language == Language::Fr && at.day() == 1 { "er" } else { "" };
    let day = format!("{}{first} {} {}", at.day(), month.unwrap_or(&""), at.year());
    match (hour, language) {
        (false, _) => day,
        (true, Language::En) => {
            format!("{day}, {:02}:{:02} ({})", at.hour(), at.minute(), at.strftime("%Z"))
        }
        (true, Language::Fr) => {
            format!("{day} à {} h {:02} ({})", at.hour(), at.minute(), at.strftime("%Z"))
        }
    }
}

impl Desk {
    pub(crate) fn seal_told(&self, id: &str, told: &Told) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(told)
            .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))?;
        Ok(self.state.vault.seal(PURPOSE, id, &plain)?)
    }

    /// Who asks and what; `None` once it was forgotten.
    pub(crate) fn told(&self, request: &store::Request) -> Result<Option<Told>> {
        let Some(body) = &request.body else { return Ok(None) };
        let plain = self.state.vault.open_sealed(PURPOSE, &request.id, body)?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| other_version(&request.id))
    }

    /// The request, in a transaction in which it is then changed.
    pub(crate) async fn request(&self, tx: &mut Tx, id: &str) -> Result<store::Request> {
        let found = tx.request(id).await?;
        found
            .filter(|request| request.organisation == self.organisation)
            .ok_or_else(|| Error::Absent(format!("there is no request {id}")))
    }

    /// The same, if it still is as whoever acts on it has read it. INVARIANT: they act on that, or not at
    /// all.
    pub(crate) async fn request_wanted(
        &self,
        tx: &mut Tx,
        wanted: AsRead<'_>,
    ) -> Result<store::Request> {
        let request = self.request(tx, wanted.id).await?;
        if wanted.step.is_some_and(|step| step != request.step) {
            return Err(Error::Changed(reference(wanted.id).to_owned()));
        }
        Ok(request)
    }

    /// Proves a step. INVARIANT: `about` holds our own ids, counts and words.
    pub(crate) async fn tell(
        &self,
        tx: &mut Tx,
        request: &store::Request,
        kind: &str,
        about: Value,
    ) -> Result<String> {
        let means = self.state.means();
        let mut salt = [0; 32];
        means.rng.fill(&mut salt);
        let id = store::new_id(means.rng.as_ref());
        let body = json!({
            "kind": kind, "request": request.id, "asked": request.kind, "about": about,
            "organisation": self.organisation,
        });
        tx.append_event(&Event {
            id: id.clone(),
            organisation: self.policy.organisation.name.clone(),
            kind: kind.to_owned(),
            case: request.case.clone(),
            at: means.clock.now(),
            body: canonical(&body),
            salt,
        })
        .await?;
        Ok(id)
    }

    /// Writes a request down as it has become.
    pub(crate) async fn save(
        &self,
        tx: &mut Tx,
        request: &mut store::Request,
        status: Status,
        progress: &Progress,
    ) -> Result<()> {
        let now = self.state.means().clock.now();
        if request.status != status.key() {
            self.tell_programs(tx, request, &status.key().replace(' ', "_"), status.key()).await?;
        }
        request.status = status.key().to_owned();
        request.work = progress.write()?;
        request.ended_at = status.is_end().then(|| request.ended_at.unwrap_or(now));
        request.step = tx.save_request(request, now).await?;
        Ok(())
    }

    /// Tells the programs of the organisation what happened to a request, and where it stands now.
    pub(crate) async fn tell_programs(
        &self,
        tx: &mut Tx,
        request: &store::Request,
        what: &str,
        status: &str,
    ) -> Result<()> {
        let kind = format!("request.{what}");
        if !hooks::KINDS.contains(&kind.as_str()) {
            return Ok(());
        }
        let data = json!({
            "request": request.id, "kind": request.kind, "channel": request.channel,
            "status": status.replace(' ', "_"),
        });
        hooks::tell(tx, self.state.means(), &self.organisation, &kind, &data).await
    }

    pub(crate) fn sender(&self) -> Sender {
        let own = &self.policy.organisation;
        Sender {
            name: own.name.clone(),
            email: own.contact.email.clone(),
            phone: own.contact.phone.clone(),
            post: own.contact.post.clone(),
        }
    }

    pub(crate) fn regulator(&self, progress: &Progress) -> Regulator {
        let own = &self.policy.organisation;
        letters::regulator(progress.place.as_deref(), &own.country, own.region.as_deref())
    }

    /// Writes a letter that is about no request. `false` if nobody can be written to.
    pub(crate) async fn write_to(
        &self,
        house: &House,
        tx: &mut Tx,
        to: &model::Personal<String>,
        language: Language,
        said: &Said,
    ) -> Result<bool> {
        if house.settings.mail.out.is_none() {
            return Ok(false);
        }
        self.post(house, tx, to, (language, &About::default(), None), said).await?;
        Ok(true)
    }

    async fn post(
        &self,
        house: &House,
        tx: &mut Tx,
        to: &model::Personal<String>,
        (language, about, request): (Language, &About, Option<&str>),
        said: &Said,
    ) -> Result<()> {
        let folder = Some(house.folder.as_path());
        let sender = self.sender();
        // A template that broke since the check must not keep a letter from going out.
        let letter = letters::write(folder, language, &sender, about, said)
            .or_else(|_| letters::write(None, language, &sender, about, said))
            .map_err(|wrong| Error::Refused(format!("the letter `{}`: {wrong}", said.name())))?;
        let draft = Draft {
            to: to.clone(),
            subject: model::Personal::new(letter.subject),
            text: model::Personal::new(letter.text),
            html: Some(model::Personal::new(letter.html)),
            answers: None,
        };
        let label =
            mail::Label { organisation: &self.organisation, kind: said.name(), about: request };
        mail::post(tx, &self.state, label, &draft).await.map(drop)
    }

    /// Writes a letter to whoever asked, if they left an address. `false` if nobody can be written to.
    pub(crate) async fn write(
        &self,
        house: &House,
        tx: &mut Tx,
        request: &store::Request,
        told: Option<&Told>,
        said: &Said,
    ) -> Result<bool> {
        let to = told.and_then(Told::reached_at);
        let Some(to) = to.filter(|_| house.settings.mail.out.is_some()) else { return Ok(false) };
        let language = Language::of(&request.language);
        let kind = Kind::of(&request.kind).unwrap_or(Kind::Unsorted);
        let about = About {
            reference: reference(&request.id).to_owned(),
            kind: kind.title(language).to_owned(),
            received: house.day_in_words(request.received_at, language)?,
        };
        self.post(house, tx, to, (language, &about, Some(&request.id)), said).await?;
        Ok(true)
    }
}

/// The first signs of a request's number, as people write it.
pub(crate) fn reference(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

pub(crate) fn other_version(id: &str) -> Error {
    Error::Refused(format!(
        "request {id} was written by another version of Upheld and cannot be read"
    ))
}
