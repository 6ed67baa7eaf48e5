//! The heart: the notice with the state of each sentence, and behind each promise its controls, their
//! last runs and the proof.

use app::console::{PromiseRun, Subject};
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use render::coverage::{Control, Coverage, Duty, Fragments, Promise, State as Standing, Turned};
use serde::Deserialize;

use super::{Frame, Looking, moment, page};
use crate::failure::Failure;
use crate::site::Shared;
use crate::words::work::{ENGLISH, Work};

/// Which promises are shown.
#[derive(Debug, Deserialize)]
pub(super) struct Filter {
    /// A state's word, its spaces as hyphens.
    state: Option<String>,
}

#[derive(Template)]
#[template(path = "console/promises.html")]
struct List<'a> {
    frame: Frame<'a>,
    title: &'a str,
    basis: String,
    tally: Vec<(Standing, u64, String)>,
    total: u64,
    wanted: Option<Standing>,
    parts: Fragments,
    turned: Vec<(Turned, String)>,
    looking: Looking,
    never: bool,
}

impl List<'_> {
    fn is_wanted(&self, state: &Standing) -> bool {
        self.wanted == Some(*state)
    }

    /// Whether no promise stands as it was asked for.
    fn is_empty(&self) -> bool {
        self.tally.iter().any(|(state, count, _)| self.is_wanted(state) && *count == 0)
    }

    /// What has turned for the worse is read without a tap.
    fn is_worse(&self) -> bool {
        self.turned.iter().any(|(one, _)| one.to != one.from && one.to == one.to.worse(one.from))
    }
}

/// A state's word as a part of an address.
fn slug(state: Standing) -> String {
    state.word().replace(' ', "-")
}

/// The notice with its states.
pub(super) async fn list(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let standing = site.standing().await?;
    let wanted = match filter.state.as_deref() {
        None | Some("") => None,
        Some(word) => {
            let known = Standing::ALL.into_iter().find(|state| slug(*state) == word);
            Some(known.ok_or(Failure::NotFound)?)
        }
    };
    let turned = site.house.since_yesterday(&actor, &reading.policy).await?;
    let tally = standing.tally();
    let frame = Frame::new(&site, &reading, &actor, "promises");
    let newest = newest(&standing);
    let basis = match newest {
        Some(at) => (frame.c.checked)(&moment(at, &reading), standing.systems_checked),
        None => String::new(),
    };
    page(&List {
        title: frame.c.question,
        basis: [standing.notice.clone(), basis]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        tally: Standing::ALL.into_iter().map(|one| (one, tally.of(one), slug(one))).collect(),
        total: standing.promises().count() as u64,
        wanted,
        parts: filtered(&standing, wanted).fragments("/console/promises/"),
        turned: quoted(&standing, turned),
        looking: Looking::of(&site, &reading, &actor, Subject::Promises),
        never: newest.is_none(),
        frame,
    })
}

/// What turned, each with the words of the notice.
pub(super) fn quoted(standing: &Coverage, turned: Vec<Turned>) -> Vec<(Turned, String)> {
    let quote = |id: &str| {
        let found = standing.promises().find(|promise| promise.id == id);
        found.map_or_else(|| id.to_owned(), |promise| promise.quote.clone())
    };
    turned
        .into_iter()
        .map(|one| {
            let quote = quote(&one.promise);
            (one, quote)
        })
        .collect()
}

/// When the newest control was run.
pub(super) fn newest(standing: &Coverage) -> Option<model::Micros> {
    let controls = standing.promises().flat_map(|promise| &promise.controls);
    controls.filter_map(|control| control.checked_at).max()
}

/// Only the promises in one state; the text stays whole.
fn filtered(standing: &Coverage, wanted: Option<Standing>) -> Coverage {
    let mut coverage = standing.clone();
    if let Some(wanted) = wanted {
        let keep = |promise: &Promise| promise.state == wanted;
        coverage.homeless.retain(keep);
        coverage.not_reached.clear();
        for sentence in coverage.sections.iter_mut().flat_map(|one| &mut one.sentences) {
            sentence.promises.retain(keep);
        }
    }
    coverage
}

#[derive(Template)]
#[template(path = "console/promise.html")]
struct One<'a> {
    frame: Frame<'a>,
    title: String,
    promise: &'a Promise,
    /// The whole sentence, if it is in the notice.
    sentence: Option<&'a str>,
    controls: Vec<(&'a Control, Option<String>)>,
    runs: Vec<(PromiseRun, String)>,
    w: &'static Work,
    duties: Vec<Duty>,
    may_attest: bool,
}

/// One promise: its controls, their last runs, the proof.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let standing = site.standing().await?;
    let promise = standing.promises().find(|one| one.id == id).ok_or(Failure::NotFound)?;
    let sentences = standing.sections.iter().flat_map(|section| &section.sentences);
    let sentence = sentences
        .filter(|one| one.promises.iter().any(|promise| promise.id == id))
        .map(|one| one.text.as_str())
        .next();
    let runs = site.house.promise_runs(&actor, &reading.policy, &id).await?;
    let runs = runs.into_iter().take(20).map(|run| {
        let at = moment(run.at, &reading);
        (run, at)
    });
    let mut controls: Vec<&Control> = promise.controls.iter().collect();
    controls.sort_by_key(|control| match control.state {
        Standing::Broken => 0,
        Standing::AtRisk => 1,
        Standing::Unproven => 2,
        Standing::Upheld => 3,
    });
    let duties = site.house.duties_of(&reading.policy).await?;
    page(&One {
        w: &ENGLISH,
        duties: duties.into_iter().filter(|duty| duty.promise == id).collect(),
        may_attest: site.authority.may(&actor, Action::AttestPromises, actor.home())
            == Decision::Allow,
        frame: Frame::new(&site, &reading, &actor, "promises"),
        title: promise.quote.clone(),
        promise,
        sentence,
        controls: controls
            .into_iter()
            .map(|control| (control, control.checked_at.map(|at| moment(at, &reading))))
            .collect(),
        runs: runs.collect(),
    })
}
