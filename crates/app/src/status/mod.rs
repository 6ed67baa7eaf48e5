//! Is every promise true today? Each control looks at the real thing and says what it found.
//!
//! A look has three parts. [`gather`] reads everything that the controls need, once: systems, their
//! grants, the age of rows, samples of values, requests, confirmations, the published page. The
//! families of controls are pure functions of these [`facts`](facts::Facts): one file each, a table
//! of tests beside it. [`record`] keeps what was found, with one event for the log, and says what has
//! turned since the time before.
//!
//! INVARIANT: a control that could not look is unproven and says why. Nothing is upheld by silence:
//! a system that was not reached, a table that could not be read, a sample that was not the whole
//! all stand in the reason or beside it.
//!
//! INVARIANT: reasons and evidence hold counts, days and names from the policy, never a value of a
//! row. They are stored plain and shown to anybody who may see the status.
//!
//! What is deliberately not here: mending. What is broken is put right by `retain`, by a request, by
//! whoever answers for it.

mod access;
mod agreement;
mod attested;
mod children;
mod client_paper;
mod contents;
mod deidentified;
mod encryption;
mod facts;
mod gather;
mod held;
mod lead_time;
mod page;
mod papers;
mod published;
pub(crate) use published::agent;
mod record;
mod registers;
mod requests;
mod retention;
mod told;
mod verdict;

#[cfg(test)]
mod regressions;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use policy::{Control, Policy};
use render::coverage::{self, Coverage, State};

use crate::house::House;
use crate::{Error, Result};
use facts::Facts;
use verdict::Verdict;

pub(crate) use attested::{Body as AttestedBody, PURPOSE as ATTESTED, newest};
pub(crate) use facts::{Needs, days_between, later, soon};
pub(crate) use page::{coverage as notice_with, sections};
pub(crate) use record::hex;

/// What is to be looked at.
#[derive(Debug, Default, Clone)]
pub struct Wish {
    /// Read every row where a sample is read otherwise.
    pub full: bool,
    /// This promise alone.
    pub promise: Option<String>,
}

/// One control of one promise, and what it found.
#[derive(Debug, Clone)]
struct Found {
    key: String,
    title: String,
    verdict: Verdict,
}

impl House {
    /// Looks at everything that stands behind the promises, and keeps what was found.
    pub async fn status(&self, wish: &Wish) -> Result<Coverage> {
        let policy = self.policy(false)?;
        if let Some(id) = &wish.promise {
            known(&policy, id)?;
        }
        let state = self.state().await?;
        let chosen = |promise: &&policy::Promise| {
            wish.promise.as_ref().is_none_or(|wanted| *wanted == promise.id)
        };
        let controls = policy.promises.iter().filter(chosen).flat_map(|p| &p.controls);
        let facts = gather::facts(self, &policy, &state, Needs::of(controls), wish.full).await?;
        let found: BTreeMap<&str, Vec<Found>> = policy
            .promises
            .iter()
            .filter(chosen)
            .map(|promise| (promise.id.as_str(), look(promise, &facts)))
            .collect();
        let before = record::before(&state, &policy).await?;
        let kept = record::keep(&state, &policy, &facts, &found, &before).await?;
        self.seal_now(&state).await?;
        let kept = record::place(&state, kept).await?;
        let shown = |promise: &policy::Promise| match found.get(promise.id.as_str()) {
            Some(found) => shown(promise, found, &kept),
            None => before.shown(promise, &policy, facts.now),
        };
        let mut coverage = page::coverage(&policy, self.zone()?, facts.now, &shown);
        coverage.systems_checked = facts.reached.len() as u64;
        coverage.not_reached =
            facts.lost.keys().map(|key| crate::view::system_title(&policy, key)).collect();
        (coverage.before, coverage.turned) = before.turned(&coverage, &found);
        Ok(coverage)
    }

    /// What was found the last time, without looking again. What is older than a day proves
    /// nothing any more.
    pub async fn last_status(&self) -> Result<Coverage> {
        self.last_status_of(&self.policy(false)?).await
    }

    /// The same with the policy that was read already.
    pub async fn last_status_of(&self, policy: &Policy) -> Result<Coverage> {
        let state = self.state().await?;
        let now = self.means.clock.now();
        let before = record::before(&state, policy).await?;
        let shown = |promise: &policy::Promise| before.shown(promise, policy, now);
        let mut coverage = page::coverage(policy, self.zone()?, now, &shown);
        coverage.systems_checked = before.systems;
        Ok(coverage)
    }
}

/// Refuses a promise that the policy does not have.
pub(crate) fn known<'p>(policy: &'p Policy, id: &str) -> Result<&'p policy::Promise> {
    policy.promise(id).ok_or_else(|| {
        let near = policy
            .promises
            .iter()
            .map(|promise| promise.id.as_str())
            .find(|known| known.starts_with(id) || id.starts_with(known) || known.contains(id));
        let help = near.map_or_else(
            || "`upheld status` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Error::Refused(format!("there is no promise `{id}`: {help}"))
    })
}

/// Runs the controls of a promise.
fn look(promise: &policy::Promise, facts: &Facts<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = keyed(promise)
        .into_iter()
        .map(|(key, control)| Found {
            key,
            title: render::words::control::title(control, facts.policy),
            verdict: judge(control, promise, facts),
        })
        .collect();
    // Whatever stands behind it: a promise that the public no longer reads is not made any more.
    if let Some(verdict) = published::stands(promise, facts) {
        let (key, title) = (published::KEY.to_owned(), published::TITLE.to_owned());
        found.push(Found { key, title, verdict });
    }
    found
}

/// What one control finds.
fn judge(control: &Control, promise: &policy::Promise, facts: &Facts<'_>) -> Verdict {
    match control {
        Control::RequestRight(kind) => requests::judge(*kind, facts),
        Control::Retention(rule) => retention::judge(rule, facts),
        Control::Absence(control) => contents::absent(control, facts),
        Control::Encryption(control) => encryption::judge(control, facts),
        Control::RecipientEvidence(control) => papers::evidence(control, facts),
        Control::Attestation(control) => attested::judge(control, promise, facts),
        Control::NoticeText(control) => published::judge(control, promise, facts),
        Control::Access(control) => access::judge(control, promise, facts),
        Control::Held(control) => held::judge(control, facts),
        Control::Purpose(control) => registers::purpose(control, facts.policy),
        Control::Transfer(control) => registers::transfer(control, facts.policy),
        Control::Contract(control) => papers::contract(control, facts),
        Control::NoSale(control) => registers::no_sale(control, facts.policy),
        Control::LeadTime(control) => lead_time::judge(control, facts),
        Control::Told(control) => told::judge(control, facts),
        Control::Agreement(control) => agreement::judge(control, facts),
        Control::Children(control) => children::judge(control, facts),
        Control::ClientPaper(control) => client_paper::judge(control, facts),
        Control::Deidentified(control) => deidentified::judge(control, facts),
    }
}

/// The controls of a promise, each with the name under which its results are kept: its kind, and
/// its place among several of a kind.
fn keyed(promise: &policy::Promise) -> Vec<(String, &Control)> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    promise
        .controls
        .iter()
        .map(|control| {
            let count = seen.entry(control.key()).or_default();
            *count += 1;
            let key = match count {
                1 => control.key().to_owned(),
                n => format!("{} {n}", control.key()),
            };
            (key, control)
        })
        .collect()
}

/// A promise with what its controls found.
fn shown(promise: &policy::Promise, found: &[Found], kept: &record::Kept) -> coverage::Promise {
    let controls: Vec<coverage::Control> = found
        .iter()
        .map(|found| coverage::Control {
            title: found.title.clone(),
            state: found.verdict.state,
            reason: found.verdict.reason.clone(),
            evidence: found.verdict.evidence.clone(),
            checked_at: Some(kept.at),
            entry: kept.entry,
        })
        .collect();
    of_controls(promise, controls)
}

/// A promise stands as the worst of its controls does; without one it is unproven.
fn of_controls(promise: &policy::Promise, controls: Vec<coverage::Control>) -> coverage::Promise {
    let state = controls
        .iter()
        .map(|control| control.state)
        .reduce(State::worse)
        .unwrap_or(State::Unproven);
    let reason = if controls.is_empty() {
        match &promise.note {
            Some(note) => format!("No control stands behind it: {note}"),
            None => "No control stands behind it yet: give it one in promises.yaml.".to_owned(),
        }
    } else {
        let mut reasons: Vec<&str> = controls
            .iter()
            .filter(|control| control.state == state && !control.reason.is_empty())
            .map(|control| control.reason.as_str())
            .collect();
        reasons.dedup();
        reasons.join(" ")
    };
    coverage::Promise {
        id: promise.id.clone(),
        quote: promise.quote.clone(),
        state,
        reason,
        controls,
    }
}
