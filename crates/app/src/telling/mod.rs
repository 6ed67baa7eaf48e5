//! Telling everybody: that a version of the notice comes, or that the business changes hands.
//!
//! Whoever begins it says where addresses lie: columns of connected systems that the map knows as e-mail
//! addresses, and a list of their own. A job reads them ([`gather`]), another writes to each person once,
//! in their language ([`send`]). Both may be killed at any moment and go on where they were.
//!
//! INVARIANT: nobody is told twice of the same thing. An address is found by a keyed hash, whatever its
//! case and however many places hold it; that the other side took a letter is written down before the
//! next one is sent, and a letter that was sent when the process died goes out with the same number.
//!
//! INVARIANT: an address is sealed while it waits and forgotten as soon as it is settled. The log holds
//! counts, and a digest over the keyed hashes of those who were told.
//!
//! INVARIANT: what was not reached is said: a system that is away, an address that nobody answers at.
//!
//! What is deliberately not here: consent. Whoever has left the newsletter is told as well, because the
//! notice promises it to everybody; so nothing that advertises may be said here.

mod gather;
mod list;
mod proof;
mod send;
#[cfg(test)]
mod tests;

use auth::{Action, Actor};
use jiff::civil::Date;
use model::{Micros, Personal};
use policy::Policy;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Announcement, Concerned, Tx};

pub use gather::{Place, places};
pub use list::{Listed, read_list};
pub use proof::Proof;

use crate::allowed::require;
use crate::house::House;
use crate::jobs::{Work, ask};
use crate::letters::Language;
use crate::publication::{Stage, address_hash};
use crate::retain::event;
use crate::state::State;
use crate::{Error, Result};

/// What addresses are sealed for.
const PURPOSE: &str = "announcement";
/// Words of the organisation are no longer, in characters.
const LONGEST: usize = 2_000;

pub(crate) const OPEN: &str = "open";
pub(crate) const DONE: &str = "done";
pub(crate) const STOPPED: &str = "stopped";
pub(crate) const NOTICE: &str = "notice";
pub(crate) const CONTROL: &str = "control";

/// What the organisation says in its own words, in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InWords {
    /// In English.
    pub en: Option<String>,
    /// In French.
    pub fr: Option<String>,
}

impl InWords {
    /// The words in a language; those of the other where there are none.
    pub fn of(&self, language: Language) -> Option<&str> {
        let (first, second) = match language {
            Language::En => (&self.en, &self.fr),
            Language::Fr => (&self.fr, &self.en),
        };
        first.as_deref().or(second.as_deref())
    }

    fn tidy(self) -> Result<Self> {
        let one = |text: Option<String>, field: &'static str| {
            let text = text.map(|text| text.replace("\r\n", "\n").trim().to_owned());
            let text = text.filter(|text| !text.is_empty());
            if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
                return Err(Error::unfit(field, format!("it is longer than {LONGEST} signs")));
            }
            Ok(text)
        };
        Ok(Self { en: one(self.en, "words_en")?, fr: one(self.fr, "words_fr")? })
    }
}

/// Who is to be told, and what in the organisation's own words.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Columns with addresses, as `system.collection.field`.
    pub places: Vec<String>,
    /// Further people.
    pub list: Vec<Listed>,
    /// What changes, in short.
    pub words: InWords,
}

impl Wish {
    /// Whether anybody is to be told.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.list.is_empty()
    }
}

/// The business, or a part of it, goes to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// To whom: the company's name.
    pub successor: String,
    /// From which day on.
    pub day: Date,
}

/// What is said. Nothing of it is about those who are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Saying {
    /// The version of the notice.
    pub(crate) version: Option<String>,
    /// The day from which it holds, or the business is another's.
    pub(crate) day: String,
    pub(crate) successor: Option<String>,
    pub(crate) words: InWords,
}

/// A place from which addresses come, and what it gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// `system.collection.field`, or `list`.
    pub path: String,
    /// Its words.
    pub title: String,
    /// Whether it was read to its end.
    pub read: bool,
    /// How often it was tried in vain.
    pub tries: u64,
    /// Values that were read.
    pub found: u64,
    /// People whom no place before it had.
    pub new: u64,
    /// Values that are no address.
    pub unfit: u64,
    /// Why it could not be read the last time.
    pub trouble: Option<String>,
}

impl Source {
    /// Whether nothing more is tried with it.
    pub const fn is_settled(&self) -> bool {
        self.read || self.tries >= gather::TRIES
    }
}

/// An announcement as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Telling {
    /// Its id.
    pub id: String,
    /// `notice` or `control`.
    pub kind: String,
    /// The id of the version that it announces.
    pub version_id: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// To whom the business goes.
    pub successor: Option<String>,
    /// The day from which that holds.
    pub day: Option<Date>,
    /// What is said of it in the organisation's own words.
    pub words: InWords,
    /// `open`, `done` or `stopped`.
    pub state: String,
    /// Where addresses come from.
    pub sources: Vec<Source>,
    /// So many people are concerned, as far as the places were read.
    pub people: u64,
    /// So many were told.
    pub told: u64,
    /// So many cannot be reached at the address that is held.
    pub failed: u64,
    /// When the last of them was told.
    pub last_told_at: Option<Micros>,
    /// Why it goes no further just now.
    pub trouble: Option<String>,
    /// When it began.
    pub made_at: Micros,
    /// When it ended.
    pub ended_at: Option<Micros>,
}

impl Telling {
    /// People who wait.
    pub const fn waiting(&self) -> u64 {
        self.people.saturating_sub(self.told).saturating_sub(self.failed)
    }

    /// Places that could not be read.
    pub fn unread(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| !source.read)
    }

    /// Whether everybody was told who can be.
    pub fn is_whole(&self) -> bool {
        self.state == DONE && self.unread().next().is_none()
    }
}

impl House {
    /// Tells everybody of a version that has its day; of one that is being announced already, those of
    /// further places and lists too. Its id.
    pub async fn tell_of_version(
        &self,
        actor: &Actor,
        policy: &Policy,
        version: &str,
        wish: Wish,
    ) -> Result<String> {
        require(actor, Action::PublishVersion, auth::ROOT)?;
        let wish = self.fit(policy, wish)?;
        let one = self.stored_version(version).await?;
        if one.state != Stage::Scheduled.word() {
            return Err(Error::Refused(format!(
                "version `{}` is {}: people are told of a version that has its day",
                one.version, one.state
            )));
        }
        let saying = Saying {
            version: Some(one.version.clone()),
            day: one.effective.clone().unwrap_or_default(),
            successor: None,
            words: wish.words.clone(),
        };
        self.begin_telling(actor, policy, NOTICE, Some(&one), saying, wish).await
    }

    /// Tells everybody that the business, or a part of it, goes to somebody else. Its id.
    pub async fn tell_of_control(
        &self,
        actor: &Actor,
        policy: &Policy,
        change: Handover,
        wish: Wish,
    ) -> Result<String> {
        require(actor, Action::AnnounceControl, auth::ROOT)?;
        let wish = self.fit(policy, wish)?;
        let successor = change.successor.trim().to_owned();
        if successor.is_empty() || successor.chars().count() > 200 {
            return Err(Error::unfit("successor", "say to whom the business goes"));
        }
        let today = self.zone()?.at(self.means.clock.now()).date();
        if change.day <= today {
            return Err(Error::unfit("day", "people are told before that day comes"));
        }
        let saying = Saying {
            version: None,
            day: change.day.to_string(),
            successor: Some(successor),
            words: wish.words.clone(),
        };
        self.begin_telling(actor, policy, CONTROL, None, saying, wish).await
    }

    /// What of a wish can be carried out.
    pub fn fit(&self, policy: &Policy, wish: Wish) -> Result<Wish> {
        if self.settings.mail.out.is_none() {
            return Err(Error::Refused(
                "nobody can be written to: no mail server is named. Write `[mail.out]` into upheld.toml".to_owned(),
            ));
        }
        if wish.is_empty() {
            return Err(Error::unfit(
                "places",
                "say who is to be told: places with addresses, or a list",
            ));
        }
        let known = places(policy);
        if let Some(unknown) =
            wish.places.iter().find(|path| known.iter().all(|place| place.path != **path))
        {
            let short: String = unknown.chars().take(80).collect();
            return Err(Error::unfit("places", format!("the map has no addresses at `{short}`")));
        }
        Ok(Wish { words: wish.words.tidy()?, ..wish })
    }

    async fn begin_telling(
        &self,
        actor: &Actor,
        policy: &Policy,
        kind: &str,
        version: Option<&store::NoticeVersion>,
        saying: Saying,
        wish: Wish,
    ) -> Result<String> {
        let state = self.state().await?;
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        let known = tx.announcements(auth::ROOT).await?;
        let known = known
            .into_iter()
            .find(|one| version.is_some_and(|version| one.version.as_ref() == Some(&version.id)));
        let mut sources = known.as_ref().map(read_sources).unwrap_or_default();
        for place in places(policy).into_iter().filter(|one| wish.places.contains(&one.path)) {
            // One that is named again is read again: it may hold others by now.
            let before = sources.iter().find(|source| source.path == place.path);
            let new = before.map_or(0, |source| source.new);
            sources.retain(|source| source.path != place.path);
            sources.push(Source { path: place.path, title: place.title, new, ..Source::default() });
        }
        let id = match &known {
            Some(known) => known.id.clone(),
            None => store::new_id(self.means.rng.as_ref()),
        };
        if known.is_none() {
            tx.insert_announcement(&Announcement {
                id: id.clone(),
                organisation: auth::ROOT.to_owned(),
                kind: kind.to_owned(),
                version: version.map(|version| version.id.clone()),
                state: OPEN.to_owned(),
                said: written(&saying)?,
                sources: written(&sources)?,
                trouble: None,
                made_by: actor.person().to_owned(),
                made_at: now,
                changed_at: now,
                ended_at: None,
            })
            .await?;
        }
        let mut listed = Source {
            path: LIST.to_owned(),
            title: "A list of your own".to_owned(),
            read: true,
            ..Source::default()
        };
        for one in &wish.list {
            listed.found += 1;
            listed.new += u64::from(add(&mut tx, &state, &id, version, one).await?);
        }
        if listed.found > 0 {
            match sources.iter_mut().find(|source| source.path == LIST) {
                Some(before) => {
                    before.found += listed.found;
                    before.new += listed.new;
                }
                None => sources.push(listed.clone()),
            }
        }
        let Some(mut one) = tx.announcement(&id).await? else { return Err(gone()) };
        one.state = OPEN.to_owned();
        one.ended_at = None;
        one.trouble = None;
        one.sources = written(&sources)?;
        save(&mut tx, one, now).await?;
        let about = json!({
            "announcement": id, "by": actor.person(), "kind": kind, "listed": listed.found,
            "places": wish.places, "sha256": version.map(|one| &one.sha256),
            "version": saying.version, "day": saying.day,
        });
        tx.append_event(&event(&state, &policy.organisation.name, "announcement begun", &about))
            .await?;
        // Whoever is on the list need not wait for the systems.
        let told = Work::TellPeople { announcement: id.clone() };
        ask(&mut tx, &self.means, auth::ROOT, &told, None).await?;
        if !wish.places.is_empty() {
            let gather = Work::GatherPeople { announcement: id.clone() };
            ask(&mut tx, &self.means, auth::ROOT, &gather, None).await?;
        }
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(id)
    }

    /// Has the places read again that could not be read.
    pub async fn gather_again(&self, actor: &Actor, policy: &Policy, id: &str) -> Result<()> {
        let (state, mut tx, mut one) = self.open_telling(actor, id).await?;
        let mut sources = read_sources(&one);
        if one.state == STOPPED || sources.iter().all(|source| source.read) {
            return Err(Error::Refused("every place was read, or it was stopped".to_owned()));
        }
        sources.iter_mut().filter(|source| !source.read).for_each(|source| source.tries = 0);
        one.sources = written(&sources)?;
        one.state = OPEN.to_owned();
        one.ended_at = None;
        let about = json!({ "announcement": id, "by": actor.person() });
        save(&mut tx, one, self.means.clock.now()).await?;
        let name = &policy.organisation.name;
        tx.append_event(&event(&state, name, "announcement taken up again", &about)).await?;
        let gather = Work::GatherPeople { announcement: id.to_owned() };
        ask(&mut tx, &self.means, auth::ROOT, &gather, None).await?;
        tx.commit().await?;
        self.seal(&state).await
    }

    /// Writes to nobody any more, and forgets the addresses of those who were not told.
    pub async fn stop_telling(&self, actor: &Actor, policy: &Policy, id: &str) -> Result<()> {
        let (state, tx, one) = self.open_telling(actor, id).await?;
        if one.state != OPEN {
            return Err(Error::Refused("it has ended already".to_owned()));
        }
        let name = &policy.organisation.name;
        self.stop(&state, tx, one, name, Some(actor.person())).await
    }

    pub(crate) async fn stop(
        &self,
        state: &State,
        mut tx: Tx,
        mut one: Announcement,
        organisation: &str,
        by: Option<&str>,
    ) -> Result<()> {
        let now = self.means.clock.now();
        let forgotten = tx.forget_concerned(&one.id).await?;
        let about = json!({ "announcement": one.id, "by": by, "not_told": forgotten });
        one.state = STOPPED.to_owned();
        one.ended_at = Some(now);
        save(&mut tx, one, now).await?;
        tx.append_event(&event(state, organisation, "announcement stopped", &about)).await?;
        tx.commit().await?;
        state.store.scrub().await?;
        self.seal(state).await
    }

    async fn open_telling(
        &self,
        actor: &Actor,
        id: &str,
    ) -> Result<(std::sync::Arc<State>, Tx, Announcement)> {
        // Nobody hears whether there is one who may do neither.
        let may = require(actor, Action::PublishVersion, auth::ROOT);
        may.or_else(|refused| {
            require(actor, Action::AnnounceControl, auth::ROOT).map_err(|_| refused)
        })?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        let Some(one) = tx.announcement(id).await? else { return Err(gone()) };
        let action =
            if one.kind == CONTROL { Action::AnnounceControl } else { Action::PublishVersion };
        require(actor, action, auth::ROOT)?;
        Ok((state, tx, one))
    }

    /// Whether a mail server is named.
    pub fn can_write(&self) -> bool {
        self.settings.mail.out.is_some()
    }

    /// Every announcement, the latest first.
    pub async fn tellings(&self, actor: &Actor) -> Result<Vec<Telling>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        every(self.state().await?.as_ref()).await
    }

    /// The changes of hands that everybody may know of: those to come, and those of the last 30 days.
    pub async fn handovers(&self) -> Result<Vec<Telling>> {
        let today = self.zone()?.at(self.means.clock.now()).date();
        let since = today.saturating_sub(jiff::Span::new().days(30));
        let mut all = every(self.state().await?.as_ref()).await?;
        all.retain(|one| {
            one.kind == CONTROL && one.state != STOPPED && one.day.is_some_and(|day| day >= since)
        });
        Ok(all)
    }
}

/// The name of the list among the places.
pub(crate) const LIST: &str = "list";

/// Every announcement, with how far it has come.
pub(crate) async fn every(state: &State) -> Result<Vec<Telling>> {
    let mut tx = state.store.read().await?;
    let mut all = Vec::new();
    for one in tx.announcements(auth::ROOT).await? {
        let counts = tx.told_of_announcement(&one.id).await?;
        let saying = read_saying(&one)?;
        all.push(Telling {
            sources: read_sources(&one),
            kind: one.kind,
            version_id: one.version,
            version: saying.version,
            successor: saying.successor,
            day: saying.day.parse().ok(),
            words: saying.words,
            state: one.state,
            people: counts.people,
            told: counts.told,
            failed: counts.failed,
            last_told_at: counts.last_told_at,
            trouble: one.trouble,
            made_at: one.made_at,
            ended_at: one.ended_at,
            id: one.id,
        });
    }
    tx.rollback().await?;
    Ok(all)
}

/// Whom to write to, while it waits.
#[derive(Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) to: Personal<String>,
    pub(crate) language: Option<String>,
}

/// Adds somebody, unless they are among those who are told or were told of it before.
async fn add(
    tx: &mut Tx,
    state: &State,
    announcement: &str,
    version: Option<&store::NoticeVersion>,
    one: &Listed,
) -> Result<bool> {
    let means = state.means();
    let hash = address_hash(state, &one.address)?;
    if let Some(version) = version
        && tx.told(&version.id, &hash).await?.iter().any(|(route, _)| route == "mail")
    {
        return Ok(false);
    }
    let id = store::new_id(means.rng.as_ref());
    let address = Address {
        to: one.address.clone(),
        language: one.language.map(|language| language.key().to_owned()),
    };
    let plain = serde_json::to_vec(&address)
        .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))?;
    let concerned = Concerned {
        body: Some(state.vault.seal(PURPOSE, &id, &plain)?),
        id,
        hash,
        tries: 0,
        next_at: means.clock.now(),
        told_at: None,
        failed_at: None,
        failure: None,
        event: None,
    };
    Ok(tx.add_concerned(announcement, &concerned).await?)
}

/// Writes it down as it has become. INVARIANT: each time it has another moment, by which whoever has
/// read it before is told.
pub(crate) async fn save(tx: &mut Tx, mut one: Announcement, now: Micros) -> Result<()> {
    let read_at = one.changed_at;
    one.changed_at = Micros(now.0.max(read_at.0.saturating_add(1)));
    if tx.save_announcement(&one, read_at).await? {
        return Ok(());
    }
    Err(Error::Refused("somebody else has changed it meanwhile: look at it again".to_owned()))
}

pub(crate) fn read_sources(one: &Announcement) -> Vec<Source> {
    serde_json::from_str(&one.sources).unwrap_or_default()
}

pub(crate) fn read_saying(one: &Announcement) -> Result<Saying> {
    serde_json::from_str(&one.said).map_err(|_| {
        Error::Refused("an announcement was written by another version of Upheld".to_owned())
    })
}

pub(crate) fn written<T: Serialize>(what: &T) -> Result<String> {
    serde_json::to_string(what)
        .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))
}

fn gone() -> Error {
    Error::Absent("there is no such announcement".to_owned())
}
