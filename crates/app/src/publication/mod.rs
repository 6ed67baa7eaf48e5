//! Versions of the notice: drafted, checked, scheduled, in force; who was told, and who agreed.
//!
//! The text that holds stands in the policy folder, as everything that is promised does. A version on
//! its way lies here: it is checked against the promises and how they stand, scheduled no earlier than
//! the notice promises to announce changes, shown to the public as coming, and it is in force once its
//! day has come *and* the folder has its text. Until both are so, the console says what is missing.
//!
//! INVARIANT: no version is scheduled for a day before the promised lead time has passed, and none holds
//! while those whom it concerns are still being told ([`crate::telling`]).
//!
//! INVARIANT: a version that makes a false or unproven sentence is scheduled only with a reason, by
//! somebody who may override, and the event in the log says so.
//!
//! INVARIANT: who was told and who agreed is kept as a keyed hash: an address that is known is found,
//! and no address can be read out of it.
//!
//! What is deliberately not here: sending. Everybody is told by [`crate::telling`]; this room notes it.

mod people;
#[cfg(test)]
mod tests;

use auth::{Action, Actor};
use jiff::civil::Date;
use policy::quote::Document;
use policy::{Control, Form, Notice, Period, Policy, QuoteSelector, compare};
use render::coverage::State as Standing;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::NoticeVersion;

pub(crate) use people::address_hash;
pub use people::{Agreeing, Route};
pub use store::Agreement;

use crate::allowed::require;
use crate::hooks;
use crate::house::House;
use crate::retain::event;
use crate::status::{hex, later};
use crate::{Error, Result, telling};

/// A text longer than this is no notice, in bytes.
const LONGEST: usize = 512 * 1024;

/// How far a version has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It can still become anything.
    Draft,
    /// It was laid beside the promises.
    Checked,
    /// It has its day, and was announced.
    Scheduled,
    /// It holds.
    InForce,
    /// It comes to nothing.
    Discarded,
}

impl Stage {
    /// Its word, in our database and on screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked => "checked",
            Self::Scheduled => "scheduled",
            Self::InForce => "in force",
            Self::Discarded => "discarded",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Draft, Self::Checked, Self::Scheduled, Self::InForce, Self::Discarded]
            .into_iter()
            .find(|one| one.word() == word)
    }
}

/// A text that shall become the notice.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its version, in the organisation's own words.
    pub version: String,
    /// How it is written.
    pub form: Form,
    /// The text.
    pub text: String,
}

/// What the check of a version found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// Sentences, headings not counted.
    pub sentences: u64,
    /// Sentences that are new against the notice in force.
    pub added: u64,
    /// Sentences of the notice in force that are gone.
    pub removed: u64,
    /// Promises whose words are not in it any more.
    pub lost: Vec<String>,
    /// Promises in it that are false now.
    pub broken: Vec<String>,
    /// Promises in it that nothing proves, or nothing new enough.
    pub unproven: Vec<String>,
    /// Sentences that no promise quotes.
    pub unquoted: u64,
}

impl Findings {
    /// Whether it can be scheduled without a reason.
    pub fn is_sound(&self) -> bool {
        self.broken.is_empty() && self.unproven.is_empty() && self.lost.is_empty()
    }
}

/// A version as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// How far it has come.
    pub stage: Stage,
    /// Its sentences.
    pub notice: Notice,
    /// The day from which it holds.
    pub effective: Option<Date>,
    /// The day on which it was announced.
    pub announced: Option<Date>,
    /// What the check found.
    pub findings: Option<Findings>,
    /// When it came to where it is.
    pub changed_at: model::Micros,
}

impl House {
    /// Keeps a text as a draft; its id.
    pub async fn draft_version(
        &self,
        actor: &Actor,
        policy: &Policy,
        draft: Draft,
    ) -> Result<String> {
        require(actor, Action::DraftVersion, auth::ROOT)?;
        let version = draft.version.trim();
        if version.is_empty() || version.chars().count() > 40 {
            return Err(Error::Refused(
                "give the version a short name, as `4` or `2027-01`".to_owned(),
            ));
        }
        if draft.text.trim().is_empty() || draft.text.len() > LONGEST {
            return Err(Error::Refused("the text is empty, or longer than any notice".to_owned()));
        }
        let notice = &policy.notice;
        let past = notice.past.iter().any(|past| past.version == version);
        if notice.version == version || past {
            return Err(Error::Refused(format!("there is a version `{version}` already")));
        }
        let state = self.state().await?;
        let now = self.means.clock.now();
        let one = NoticeVersion {
            id: store::new_id(self.means.rng.as_ref()),
            version: version.to_owned(),
            state: Stage::Draft.word().to_owned(),
            form: ending(draft.form).to_owned(),
            sha256: hex(&Sha256::digest(draft.text.as_bytes())),
            text: draft.text,
            made_at: now,
            changed_at: now,
            effective: None,
            announced: None,
            findings: None,
        };
        let about = json!({ "by": actor.person(), "sha256": one.sha256, "version": one.version });
        let told = event(&state, &policy.organisation.name, "notice version drafted", &about);
        let mut tx = state.store.begin().await?;
        tx.insert_notice_version(auth::ROOT, &one).await?;
        tx.append_event(&told).await?;
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(one.id)
    }

    /// Lays a draft beside the promises as they stand now.
    pub async fn check_version(
        &self,
        actor: &Actor,
        policy: &Policy,
        id: &str,
    ) -> Result<Findings> {
        require(actor, Action::DraftVersion, auth::ROOT)?;
        let mut one = self.stored_version(id).await?;
        let findings = self.findings(policy, &one).await?;
        let from = one.state.clone();
        if !matches!(Stage::of_word(&from), Some(Stage::Draft | Stage::Checked)) {
            return Err(Error::Refused(format!("version `{}` is {from} already", one.version)));
        }
        one.state = Stage::Checked.word().to_owned();
        one.findings = serde_json::to_string(&findings).ok();
        let about = json!({
            "broken": findings.broken.len(), "by": actor.person(), "lost": findings.lost.len(),
            "sha256": one.sha256, "unproven": findings.unproven.len(), "version": one.version,
        });
        self.move_version(policy, &from, one, "notice version checked", &about).await?;
        Ok(findings)
    }

    /// Gives a checked version its day. `because` is the reason to publish over what is not true or
    /// not proven; it is asked for only then, and stands in the log: name nobody.
    pub async fn schedule_version(
        &self,
        actor: &Actor,
        policy: &Policy,
        id: &str,
        effective: Date,
        because: Option<&str>,
    ) -> Result<()> {
        require(actor, Action::PublishVersion, auth::ROOT)?;
        let mut one = self.stored_version(id).await?;
        if one.state != Stage::Checked.word() {
            return Err(Error::Refused(format!(
                "version `{}` is {}: it is checked first, and scheduled once",
                one.version, one.state
            )));
        }
        let zone = self.zone()?;
        let today = zone.at(self.means.clock.now()).date();
        let earliest = lead_time(policy).map_or(today, |period| later(today, period));
        if effective < earliest {
            return Err(Error::Refused(format!(
                "the notice promises to announce changes before they take effect: {} is the first day that can be kept",
                render::words::calendar_day(&earliest.to_string())
            )));
        }
        if effective <= policy.notice.effective {
            return Err(Error::Refused(
                "it would take effect before the notice that holds".to_owned(),
            ));
        }
        // What stood well when it was checked may be broken by now.
        let findings = self.findings(policy, &one).await?;
        let because = because.map(str::trim).filter(|text| !text.is_empty());
        if !findings.is_sound() {
            require(actor, Action::OverridePromises, auth::ROOT)?;
            if because.is_none() {
                return Err(Error::Refused(format!(
                    "{} false now, {} not proven, and the words of {} gone: give a reason to publish all the same; it stands in the log",
                    render::words::count(
                        findings.broken.len() as u64,
                        "promise is",
                        "promises are"
                    ),
                    render::words::number(findings.unproven.len() as u64),
                    render::words::number(findings.lost.len() as u64)
                )));
            }
        }
        one.state = Stage::Scheduled.word().to_owned();
        one.effective = Some(effective.to_string());
        one.announced = Some(today.to_string());
        one.findings = serde_json::to_string(&findings).ok();
        let over = because.filter(|_| !findings.is_sound());
        let about = json!({
            "announced": one.announced, "broken": findings.broken.len(), "by": actor.person(),
            "effective": one.effective, "lost": findings.lost.len(), "overridden_because": over,
            "sha256": one.sha256, "unproven": findings.unproven.len(), "version": one.version,
        });
        self.move_version(policy, Stage::Checked.word(), one, "notice version scheduled", &about)
            .await
    }

    /// Gives a version up.
    pub async fn discard_version(&self, actor: &Actor, policy: &Policy, id: &str) -> Result<()> {
        require(actor, Action::DraftVersion, auth::ROOT)?;
        let mut one = self.stored_version(id).await?;
        let from = one.state.clone();
        match Stage::of_word(&from) {
            Some(Stage::Draft | Stage::Checked) => {}
            // What was announced is taken back by whoever may announce.
            Some(Stage::Scheduled) => require(actor, Action::PublishVersion, auth::ROOT)?,
            _ => return Err(Error::Refused(format!("version `{}` is {from}", one.version))),
        }
        one.state = Stage::Discarded.word().to_owned();
        let about = json!({ "by": actor.person(), "from": from, "version": one.version });
        self.move_version(policy, &from, one, "notice version discarded", &about).await
    }

    /// Every version on its way or past it, newest first.
    pub async fn versions(&self, actor: &Actor) -> Result<Vec<Version>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        self.every_version().await
    }

    /// The version that everybody is told will hold next, if there is one.
    pub async fn coming_version(&self) -> Result<Option<Version>> {
        let mut coming = self.every_version().await?;
        coming.retain(|one| one.stage == Stage::Scheduled);
        Ok(coming.into_iter().min_by_key(|one| one.effective))
    }

    /// Notes which scheduled versions hold now: their day has come, and the folder has their text. How
    /// many there were.
    pub async fn settle_versions(&self, policy: &Policy) -> Result<u64> {
        let today = self.zone()?.at(self.means.clock.now()).date();
        let text = hex(&Sha256::digest(policy.notice.text.as_bytes()));
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let stored = tx.notice_versions(auth::ROOT).await?;
        let told = tx.announcements(auth::ROOT).await?;
        tx.rollback().await?;
        let mut settled = 0;
        for mut one in stored {
            let come = day(&one.effective).is_some_and(|day| day <= today);
            let here = one.sha256 == text && one.version == policy.notice.version;
            // Whoever is concerned hears of it first.
            let telling = |telling: &store::Announcement| {
                telling.version.as_ref() == Some(&one.id) && telling.state == telling::OPEN
            };
            let being_told = told.iter().any(telling);
            if one.state != Stage::Scheduled.word() || !come || !here || being_told {
                continue;
            }
            one.state = Stage::InForce.word().to_owned();
            let about = json!({
                "effective": one.effective, "sha256": one.sha256, "version": one.version,
            });
            let from = Stage::Scheduled.word();
            self.move_version(policy, from, one, "notice version in force", &about).await?;
            settled += 1;
        }
        Ok(settled)
    }

    async fn every_version(&self) -> Result<Vec<Version>> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let stored = tx.notice_versions(auth::ROOT).await?;
        tx.rollback().await?;
        stored.into_iter().map(shown).collect()
    }

    pub(crate) async fn stored_version(&self, id: &str) -> Result<NoticeVersion> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let stored = tx.notice_versions(auth::ROOT).await?;
        tx.rollback().await?;
        let found = stored.into_iter().find(|one| one.id == id);
        found.ok_or_else(|| Error::Absent("there is no such version".to_owned()))
    }

    /// Moves a version on, with the event that says so.
    async fn move_version(
        &self,
        policy: &Policy,
        from: &str,
        mut one: NoticeVersion,
        kind: &str,
        about: &serde_json::Value,
    ) -> Result<()> {
        let state = self.state().await?;
        one.changed_at = self.means.clock.now();
        let told = event(&state, &policy.organisation.name, kind, about);
        let mut tx = state.store.begin().await?;
        if !tx.move_notice_version(from, &one).await? {
            return Err(Error::Refused("somebody else has changed it meanwhile".to_owned()));
        }
        tx.append_event(&told).await?;
        let kind = format!("version.{}", one.state.replace(' ', "_"));
        if hooks::KINDS.contains(&kind.as_str()) {
            let data = json!({
                "id": one.id, "version": one.version, "effective": one.effective,
            });
            hooks::tell(&mut tx, &self.means, auth::ROOT, &kind, &data).await?;
        }
        tx.commit().await?;
        self.seal(&state).await
    }

    async fn findings(&self, policy: &Policy, one: &NoticeVersion) -> Result<Findings> {
        let form = form(&one.form)?;
        let document = Document::new(&one.text, form);
        let notice = Notice::of(&document);
        let standing = self.last_status_of(policy).await?;
        let mut findings = Findings {
            sentences: notice.sentences.iter().filter(|one| !one.is_heading).count() as u64,
            ..Findings::default()
        };
        let mut quoted = std::collections::BTreeSet::new();
        for promise in &policy.promises {
            let selector =
                QuoteSelector { exact: promise.quote.clone(), prefix: None, suffix: None };
            match document.find(&selector, &notice) {
                Ok(found) => quoted.extend(found.sentences),
                // Words that stand in several places are not lost.
                Err(policy::quote::Miss::Ambiguous { .. }) => {}
                Err(_) => {
                    findings.lost.push(promise.id.clone());
                    continue;
                }
            }
            let stands = standing.promises().find(|one| one.id == promise.id);
            match stands.map_or(Standing::Unproven, |one| one.state) {
                Standing::Broken => findings.broken.push(promise.id.clone()),
                Standing::Unproven => findings.unproven.push(promise.id.clone()),
                Standing::Upheld | Standing::AtRisk => {}
            }
        }
        findings.unquoted = findings.sentences.saturating_sub(quoted.len() as u64);
        for change in compare(&policy.notice, &notice) {
            match change {
                policy::Change::Added(_) => findings.added += 1,
                policy::Change::Removed(_) => findings.removed += 1,
                policy::Change::Kept(_) => {}
            }
        }
        Ok(findings)
    }
}

/// How long before it takes effect a change is announced: the longest time that notice and promises
/// name.
pub fn lead_time(policy: &Policy) -> Option<Period> {
    let promised = policy.promises.iter().flat_map(|promise| &promise.controls);
    let promised = promised.filter_map(|control| match control {
        Control::LeadTime(control) => Some(control.at_least),
        _ => None,
    });
    let from = Date::constant(2000, 1, 1);
    promised.chain(policy.notice.lead_time).max_by_key(|period| later(from, *period))
}

fn ending(form: Form) -> &'static str {
    match form {
        Form::Markdown => "md",
        Form::Html => "html",
        Form::Plain => "txt",
    }
}

fn form(ending: &str) -> Result<Form> {
    Form::of(&format!("notice.{ending}"))
        .ok_or_else(|| Error::Refused("the kind of its text is not known".to_owned()))
}

fn day(text: &Option<String>) -> Option<Date> {
    text.as_deref()?.parse().ok()
}

fn shown(one: NoticeVersion) -> Result<Version> {
    let form = form(&one.form)?;
    let stage = Stage::of_word(&one.state);
    Ok(Version {
        stage: stage.ok_or_else(|| Error::Refused("its stage is not known".to_owned()))?,
        notice: Notice::of(&Document::new(&one.text, form)),
        effective: day(&one.effective),
        announced: day(&one.announced),
        findings: one.findings.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        id: one.id,
        version: one.version,
        changed_at: one.changed_at,
    })
}
