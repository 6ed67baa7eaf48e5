//! Writing to everybody who waits, each once, a few dozen at a time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lettre::AsyncTransport as _;
use model::{Micros, Personal};
use policy::Policy;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Announcement, Claim, Concerned, NoticeVersion, Tx};

use super::{Address, DONE, NOTICE, OPEN, PURPOSE, Saying, read_saying, read_sources, save};
use crate::house::House;
use crate::jobs::{Did, Failed, Work, ask};
use crate::letters::{self, About, Language, Said, Sender, Written};
use crate::mail::{Draft, Unfit, message, refusal};
use crate::publication::{Stage, lead_time};
use crate::retain::event;
use crate::state::State;
use crate::status::{hex, later};
use crate::{Error, Result};

/// So many letters go out between two looks at whether it shall go on.
const AT_ONCE: u32 = 50;
/// A server that will not take a letter just now is asked so often, over about two days.
const TRIES: u64 = 8;
/// The pause after the first time, in microseconds; it doubles with each.
const PAUSE: i64 = 15 * 60 * 1_000_000;

/// What came of a letter.
enum Came {
    Taken,
    NotNow(String),
    Never(String),
}

impl House {
    /// Writes to some of those who wait, and asks for the job that writes to the next of them.
    pub(crate) async fn tell_people(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let state = self.state().await?;
        let policy = self.last_sound_policy()?;
        let now = self.means.clock.now();
        let mut tx = state.store.read().await?;
        let Some(one) = tx.announcement(id).await? else { return Ok(Did::Done) };
        let version = version_of(&mut tx, &one).await?;
        let due = tx.concerned_due(id, now, AT_ONCE).await?;
        tx.rollback().await?;
        if one.state != OPEN {
            return Ok(Did::Done);
        }
        // A version that was given up is announced to nobody any more.
        if one.kind == NOTICE && version.as_ref().is_none_or(|one| !is_to_be_told(one)) {
            let tx = state.store.begin().await?;
            self.stop(&state, tx, one, &policy.organisation.name, None).await?;
            return Ok(Did::Done);
        }
        let sent = match due.is_empty() {
            true => Ok(()),
            false => self.write_to(&state, &policy, &one, version.as_ref(), &due).await,
        };
        // Who was told is proved, whatever kept the others from being told.
        self.prove_told(&state, &policy, &one, version.as_ref()).await?;
        if let Err(failed) = sent {
            let (Failed::ForNow(why) | Failed::ForGood(why)) = &failed;
            self.note_trouble(&state, id, Some(why)).await?;
            return Err(failed);
        }
        if one.trouble.is_some() {
            self.note_trouble(&state, id, None).await?;
        }
        let mut tx = state.store.begin().await?;
        if !tx.finish_job(claim).await? {
            tx.rollback().await?;
            return Ok(Did::Ended);
        }
        match tx.concerned_next_at(id).await? {
            Some(next) => {
                let now = self.means.clock.now().0;
                let at = Micros(next.0.max(now.saturating_add(self.rest(due.len()))));
                let work = Work::TellPeople { announcement: id.to_owned() };
                ask(&mut tx, &self.means, auth::ROOT, &work, Some(at)).await?;
            }
            None => self.end_if_whole(&state, &policy, &mut tx, id).await?,
        }
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(Did::Ended)
    }

    /// How long the mail server is left in peace after so many letters, in microseconds.
    fn rest(&self, letters: usize) -> i64 {
        let minute = 60 * 1_000_000;
        let Some(most) = self.settings.mail.announcements_a_minute else { return 0 };
        let letters = i64::try_from(letters).unwrap_or(i64::MAX);
        letters.saturating_mul(minute / i64::from(most.max(1)))
    }

    async fn write_to(
        &self,
        state: &State,
        policy: &Policy,
        one: &Announcement,
        version: Option<&NoticeVersion>,
        due: &[Concerned],
    ) -> std::result::Result<(), Failed> {
        let transport = self.transport()?;
        let from = self.settings.mail.from.as_ref().unwrap_or(&policy.organisation.contact.email);
        let from = (policy.organisation.name.as_str(), from.as_str());
        let mut letters = BTreeMap::new();
        for language in Language::ALL {
            letters.insert(language, self.letter(policy, one, language)?);
        }
        for person in due {
            let Some(body) = &person.body else { continue };
            let plain = state.vault.open_sealed(PURPOSE, &person.id, body).map_err(Error::from)?;
            let address: Address = serde_json::from_slice(&plain)
                .map_err(|_| Failed::ForGood("an address cannot be read".to_owned()))?;
            let language = address.language.as_deref().map_or(self.usual_language(), Language::of);
            let Some(letter) = letters.get(&language) else { continue };
            let draft = Draft {
                to: address.to,
                subject: Personal::new(letter.subject.clone()),
                text: Personal::new(letter.text.clone()),
                html: Some(Personal::new(letter.html.clone())),
                answers: None,
            };
            let came = match message(&draft, from, &person.id, one.made_at) {
                Ok(made) => match transport.send(made).await {
                    Ok(_) => Came::Taken,
                    Err(error) => match refusal(&error) {
                        Ok(code) => Came::Never(code),
                        // What the server says of this one letter; the others may fare better.
                        Err(Failed::ForNow(why)) if error.is_transient() => Came::NotNow(why),
                        Err(failed) => return Err(failed),
                    },
                },
                Err(Unfit::To) => Came::Never("no address".to_owned()),
                Err(Unfit::From) => {
                    return Err(Failed::ForGood("`mail.from` is not an e-mail address".to_owned()));
                }
                Err(Unfit::Form) => {
                    return Err(Failed::ForGood("no mail can be made of it".to_owned()));
                }
            };
            self.note_letter(state, version, person, came).await?;
        }
        Ok(())
    }

    /// Writes down at once what came of a letter, so that nobody is written to twice.
    async fn note_letter(
        &self,
        state: &State,
        version: Option<&NoticeVersion>,
        person: &Concerned,
        came: Came,
    ) -> Result<()> {
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        match came {
            Came::Taken => {
                tx.concerned_told(&person.id, now).await?;
                if let Some(version) = version {
                    tx.record_told(&version.id, &person.hash, "mail", now).await?;
                }
            }
            Came::NotNow(why) if person.tries + 1 < TRIES => {
                let pause = PAUSE << person.tries.min(6);
                let at = Micros(now.0.saturating_add(pause));
                tx.concerned_put_off(&person.id, at, &why).await?;
            }
            Came::NotNow(code) | Came::Never(code) => {
                tx.concerned_failed(&person.id, now, &code).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// One event for all who were told since the last one: how many, and a digest that binds who.
    async fn prove_told(
        &self,
        state: &State,
        policy: &Policy,
        one: &Announcement,
        version: Option<&NoticeVersion>,
    ) -> Result<()> {
        let mut tx = state.store.begin().await?;
        let told = tx.concerned_unproved(&one.id).await?;
        if told.is_empty() {
            return Ok(tx.rollback().await?);
        }
        let about = json!({
            "announcement": one.id, "kind": one.kind, "people": told.len(), "route": "mail",
            "sha256": version.map(|version| &version.sha256), "told_sha256": digest(&told),
            "version": version.map(|version| &version.version),
        });
        let told = event(state, &policy.organisation.name, "people told", &about);
        tx.concerned_proved(&one.id, &told.id).await?;
        tx.append_event(&told).await?;
        tx.commit().await?;
        state.store.scrub().await?;
        self.seal(state).await
    }

    async fn note_trouble(&self, state: &State, id: &str, why: Option<&str>) -> Result<()> {
        let mut tx = state.store.begin().await?;
        let Some(mut one) = tx.announcement(id).await? else { return Ok(tx.rollback().await?) };
        one.trouble = why.map(str::to_owned);
        save(&mut tx, one, self.means.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Ends it when nobody waits and every place was read, or given up.
    async fn end_if_whole(
        &self,
        state: &State,
        policy: &Policy,
        tx: &mut Tx,
        id: &str,
    ) -> Result<()> {
        let Some(mut one) = tx.announcement(id).await? else { return Ok(()) };
        let sources = read_sources(&one);
        if !sources.iter().all(super::Source::is_settled) {
            return Ok(());
        }
        let now = self.means.clock.now();
        let counts = tx.told_of_announcement(id).await?;
        let unread: Vec<&str> =
            sources.iter().filter(|one| !one.read).map(|one| one.path.as_str()).collect();
        let about = json!({
            "announcement": id, "failed": counts.failed, "not_read": unread, "told": counts.told,
        });
        one.state = DONE.to_owned();
        one.ended_at = Some(now);
        let version = version_of(tx, &one).await?;
        save(tx, one, now).await?;
        let name = &policy.organisation.name;
        tx.append_event(&event(state, name, "announcement complete", &about)).await?;
        if let Some(version) = version {
            let last = counts.last_told_at.unwrap_or(now);
            self.keep_lead_time(state, policy, tx, version, self.zone()?.at(last).date()).await?;
        }
        Ok(())
    }

    /// INVARIANT: no version holds before the promised time has passed since the last of those who are
    /// concerned was told. Where telling took longer, its day comes later.
    async fn keep_lead_time(
        &self,
        state: &State,
        policy: &Policy,
        tx: &mut Tx,
        mut version: NoticeVersion,
        told: Date,
    ) -> Result<()> {
        let scheduled = Stage::Scheduled.word();
        let Some(period) = lead_time(policy).filter(|_| version.state == scheduled) else {
            return Ok(());
        };
        let day: Option<Date> = version.effective.as_deref().and_then(|day| day.parse().ok());
        let (Some(day), earliest) = (day, later(told, period)) else { return Ok(()) };
        if day >= earliest {
            return Ok(());
        }
        version.effective = Some(earliest.to_string());
        version.changed_at = self.means.clock.now();
        if !tx.move_notice_version(scheduled, &version).await? {
            return Ok(());
        }
        let about = json!({
            "from": day.to_string(), "told": told.to_string(), "until": earliest.to_string(),
            "version": version.version,
        });
        let name = &policy.organisation.name;
        tx.append_event(&event(state, name, "notice version put off", &about)).await?;
        Ok(())
    }

    /// The letter in one language.
    pub(super) fn letter(
        &self,
        policy: &Policy,
        one: &Announcement,
        language: Language,
    ) -> Result<Written> {
        let saying = read_saying(one)?;
        let said = self.said(&saying, language);
        let own = &policy.organisation;
        let sender = Sender {
            name: own.name.clone(),
            email: own.contact.email.clone(),
            phone: own.contact.phone.clone(),
            post: own.contact.post.clone(),
        };
        // It answers no request.
        let about = About::default();
        let folder = Some(self.folder.as_path());
        letters::write(folder, language, &sender, &about, &said)
            .or_else(|_| letters::write(None, language, &sender, &about, &said))
            .map_err(|wrong| Error::Refused(format!("the letter `{}`: {wrong}", said.name())))
    }

    fn said(&self, saying: &Saying, language: Language) -> Said {
        let day = saying
            .day
            .parse::<Date>()
            .map_or_else(|_| saying.day.clone(), |day| crate::desk::day_written(day, language));
        let words = saying.words.of(language).map(str::to_owned);
        let ask = self.link(language, "request");
        match (&saying.version, &saying.successor) {
            (Some(version), _) => Said::NoticeChange {
                version: version.clone(),
                effective: day,
                words,
                link: self.link(language, &format!("versions/{}", encoded(version))),
                ask,
            },
            (None, successor) => Said::Handover {
                successor: successor.clone().unwrap_or_default(),
                day,
                words,
                link: self.link(language, ""),
                ask,
            },
        }
    }
}

/// A digest that binds who was told, over their keyed hashes in order.
pub(super) fn digest(hashes: &[[u8; 32]]) -> String {
    let mut digest = Sha256::new();
    hashes.iter().for_each(|hash| digest.update(hash));
    hex(&digest.finalize())
}

fn is_to_be_told(version: &NoticeVersion) -> bool {
    [Stage::Scheduled.word(), Stage::InForce.word()].contains(&version.state.as_str())
}

async fn version_of(tx: &mut Tx, one: &Announcement) -> Result<Option<NoticeVersion>> {
    let Some(id) = &one.version else { return Ok(None) };
    Ok(tx.notice_versions(auth::ROOT).await?.into_iter().find(|version| version.id == *id))
}

/// A version's name as one part of an address.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
