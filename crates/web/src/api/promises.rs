//! The promises, what holds them up, and how they stood.

use app::console::Subject;
use auth::Action;
use model::Micros;
use render::coverage::{Control, Promise, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Nothing, get, post};
use super::cursor::{Listing, Page};
use super::reply::{Begun, Found};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let read = Access::May(Action::ReadPromises);
    vec![
        get(
            "/api/v1/promises",
            read,
            ("listPromises", "The promises, in the order of the notice."),
            list,
        ),
        get(
            "/api/v1/promises/{promise}",
            read,
            ("readPromise", "One promise: its controls and their last runs."),
            one,
        ),
        get(
            "/api/v1/promises/changes",
            read,
            ("listChanges", "What stands differently than a day ago."),
            changes,
        ),
        get(
            "/api/v1/duties",
            read,
            ("listDuties", "What somebody confirms by hand, and when next."),
            duties,
        ),
        post(
            "/api/v1/promises/look",
            Access::May(Action::CheckPromises),
            (
                "lookAtPromises",
                "Has the controls run now. They ask the systems, which may take minutes.",
            ),
            look,
        ),
    ]
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    Upheld,
    AtRisk,
    Broken,
    Unproven,
}

impl From<State> for Standing {
    fn from(state: State) -> Self {
        match state {
            State::Upheld => Self::Upheld,
            State::AtRisk => Self::AtRisk,
            State::Broken => Self::Broken,
            State::Unproven => Self::Unproven,
        }
    }
}

/// A promise of the notice.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Promise")]
struct Shown {
    /// Its key.
    id: String,
    /// The words of the notice.
    quote: String,
    /// How it stands.
    state: Standing,
    /// Why.
    reason: String,
    /// What holds it up.
    controls: Vec<ShownControl>,
}

/// What holds a promise up.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Control")]
struct ShownControl {
    /// What it is.
    title: String,
    /// How it stands.
    state: Standing,
    /// Why.
    reason: String,
    /// What shows it.
    evidence: Option<String>,
    /// When that was.
    #[schemars(extend("format" = "date-time"))]
    checked_at: Option<String>,
    /// The entry of the log that proves it.
    entry: Option<u64>,
}

fn control(one: &Control) -> ShownControl {
    ShownControl {
        title: one.title.clone(),
        state: one.state.into(),
        reason: one.reason.clone(),
        evidence: one.evidence.clone(),
        checked_at: one.checked_at.map(when),
        entry: one.entry,
    }
}

fn shown(one: &Promise) -> Shown {
    Shown {
        id: one.id.clone(),
        quote: one.quote.clone(),
        state: one.state.into(),
        reason: one.reason.clone(),
        controls: one.controls.iter().map(control).collect(),
    }
}

/// Which promises.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Only those that stand so.
    state: Option<Standing>,
    /// At most so many entries; 50 if nothing is said.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u16>,
    /// The `next` of the part before.
    #[schemars(length(min = 1, max = 400))]
    after: Option<String>,
}

async fn list(call: Call<Which>) -> Result<Found<Listing<Shown>>, Failure> {
    call.require_root(Action::ReadPromises)?;
    let standing = call.site.standing().await?;
    let wanted = call.query.state;
    let promises = standing.promises().map(shown);
    let promises = promises.filter(|one| wanted.is_none_or(|state| state == one.state)).collect();
    let page = Page::of(call.query.limit, call.query.after);
    Ok(Found(page.part(promises, |one: &Shown| one.id.clone())?))
}

/// A promise with its last runs.
#[derive(Serialize, JsonSchema)]
struct PromiseWhole {
    #[serde(flatten)]
    promise: Shown,
    /// The whole sentence, if it is in the notice.
    sentence: Option<String>,
    /// What its controls found, the latest first.
    runs: Vec<Run>,
}

/// What the controls of a promise found once.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PromiseRun")]
struct Run {
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// How the promise stood.
    state: Standing,
    /// Why.
    reason: String,
    /// The entry of the log that proves it.
    entry: Option<u64>,
}

async fn one(call: Call) -> Result<Found<PromiseWhole>, Failure> {
    let actor = call.require_root(Action::ReadPromises)?;
    let id = call.param("promise")?;
    let standing = call.site.standing().await?;
    let promise = standing.promises().find(|one| one.id == id).ok_or(Failure::NotFound)?;
    let sentences = standing.sections.iter().flat_map(|section| &section.sentences);
    let sentence = sentences
        .filter(|one| one.promises.iter().any(|promise| promise.id == id))
        .map(|one| one.text.clone())
        .next();
    let runs = call.site.house.promise_runs(actor, &call.site.reading().policy, id).await?;
    let run = |run: app::console::PromiseRun| Run {
        at: when(run.at),
        state: run.state.into(),
        reason: run.reason,
        entry: run.entry,
    };
    let runs = runs.into_iter().take(50).map(run).collect();
    Ok(Found(PromiseWhole { promise: shown(promise), sentence, runs }))
}

/// A promise that stands differently than a day ago.
#[derive(Serialize, JsonSchema)]
struct Change {
    /// Its key.
    promise: String,
    /// How it stood.
    from: Standing,
    /// How it stands.
    to: Standing,
}

async fn changes(call: Call) -> Result<Found<Vec<Change>>, Failure> {
    let reading = call.site.reading();
    let turned = call.site.house.since_yesterday(call.actor()?, &reading.policy).await?;
    let change = |one: render::coverage::Turned| Change {
        promise: one.promise,
        from: one.from.into(),
        to: one.to.into(),
    };
    Ok(Found(turned.into_iter().map(change).collect()))
}

/// What somebody confirms by hand.
#[derive(Serialize, JsonSchema)]
struct Duty {
    /// The promise.
    promise: String,
    /// What is confirmed.
    what: String,
    /// Who confirms it: a role.
    owner: String,
    /// How it stands.
    state: Standing,
    /// The day on which it was confirmed last.
    #[schemars(extend("format" = "date"))]
    last: Option<String>,
    /// The day by which it must be confirmed again.
    #[schemars(extend("format" = "date"))]
    due: Option<String>,
}

async fn duties(call: Call) -> Result<Found<Vec<Duty>>, Failure> {
    call.require_root(Action::ReadPromises)?;
    let duties = call.site.house.duties_of(&call.site.reading().policy).await?;
    let duty = |one: render::coverage::Duty| Duty {
        promise: one.promise,
        what: one.what,
        owner: one.owner,
        state: one.state.into(),
        last: one.last,
        due: one.due,
    };
    Ok(Found(duties.into_iter().map(duty).collect()))
}

async fn look(call: Call<Nothing, Nothing>) -> Result<Begun, Failure> {
    begin(&call, Subject::Promises)
}

/// Has the systems looked at, unless that is under way; who may is asked before.
pub(super) fn begin<Q, B>(call: &Call<Q, B>, subject: Subject) -> Result<Begun, Failure> {
    let actor = call.require_root(subject.action())?;
    crate::console::look_at(&call.site, actor, subject);
    Ok(Begun)
}

/// When a look began that is under way, and why the last one failed.
pub(super) fn under_way<Q, B>(
    call: &Call<Q, B>,
    subject: Subject,
) -> (Option<String>, Option<String>) {
    let (since, failed): (Option<Micros>, Option<String>) = call.site.looks.standing(subject);
    (since.map(when), failed)
}
