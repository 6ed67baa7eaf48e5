//! Work by hand, in systems that no connector reaches.

use app::desk::{TaskAsked, TaskDone, TaskShown};
use auth::Action;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Personal, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Body, Call, Whose, get, post, post_large};
use super::cursor::{Listing, PageOf};
use super::reply::{Done, Found, Id, Made};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// A file of 16 MiB, as text, and what stands around it.
const LARGEST: usize = 23 * 1024 * 1024;

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/tasks",
            Access::May(Action::ReadRequests),
            ("listTasks", "Tasks that are not done, the first due first."),
            list,
        ),
        post(
            "/api/v1/requests/{id}/tasks",
            Access::May(Action::PlanRequest),
            ("askByHand", "Asks somebody to do something in a system that no connector reaches."),
            ask,
        ),
        post(
            "/api/v1/tasks/{id}/assign",
            Access::May(Action::DoTask),
            ("assignTask", "Gives a task to somebody, or takes it on."),
            assign,
        ),
        post_large(
            "/api/v1/tasks/{id}/done",
            Access::May(Action::DoTask),
            LARGEST,
            ("finishTask", "Says that a task is done, with a file that shows it."),
            finish,
        ),
    ]
}

/// A task by hand.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Task")]
pub(super) struct ShownTask {
    /// Its id.
    id: String,
    /// The request that it is part of.
    request: String,
    /// The system.
    system: String,
    /// Who does it: the id of a member of staff.
    owner: Option<String>,
    /// By when.
    #[schemars(extend("format" = "date"))]
    due_on: Option<String>,
    /// What is to be done, for whoever may see it.
    what: Option<String>,
    /// What was done.
    done: Option<String>,
    /// The name of the file that shows it.
    evidence: Option<String>,
    /// Its SHA-256.
    evidence_sha256: Option<String>,
    /// When it was done.
    #[schemars(extend("format" = "date-time"))]
    done_at: Option<String>,
}

impl ShownTask {
    pub(super) fn of(one: TaskShown) -> Self {
        let plain = |text: Option<Personal<String>>| text.map(|text| text.expose().clone());
        let (evidence, evidence_sha256) = one.evidence.unzip();
        Self {
            id: one.id,
            request: one.request,
            system: one.system,
            owner: one.owner,
            due_on: one.due_on,
            what: plain(one.what),
            done: plain(one.done),
            evidence,
            evidence_sha256,
            done_at: one.done_at.map(when),
        }
    }
}

async fn list(call: Call<PageOf>) -> Result<Found<Listing<ShownTask>>, Failure> {
    let actor = call.actor()?;
    let tasks = call.site.house.open_tasks(actor, call.query.organisation(actor)).await?;
    let tasks = tasks.into_iter().map(ShownTask::of).collect();
    Ok(Found(call.query.page().part(tasks, |one: &ShownTask| one.id.clone())?))
}

/// A task as it is asked for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The system, in a word of the organisation.
    #[schemars(length(min = 1, max = 200))]
    system: String,
    /// What is to be done there.
    #[schemars(length(min = 1, max = 4000))]
    what: String,
    /// The id of whoever does it.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    owner: Option<String>,
    /// By when.
    #[schemars(extend("format" = "date"))]
    due_on: Option<String>,
}

impl Body for Asked {}

async fn ask(call: Call<Whose, Asked>) -> Result<Made<Id>, Failure> {
    let actor = call.actor()?;
    let Asked { system, what, owner, due_on } = &call.body;
    let asked = TaskAsked {
        system: system.clone(),
        what: Personal::new(what.clone()),
        owner: owner.clone(),
        due_on: due_on.clone(),
    };
    let organisation = call.query.or(actor);
    let id = call.site.house.ask_by_hand(actor, organisation, call.id("id")?, asked).await?;
    Ok(Made(Id { id }))
}

/// Who does it, and by when.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Assigned {
    /// The id of whoever does it; nobody if it is left out.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    owner: Option<String>,
    /// By when.
    #[schemars(extend("format" = "date"))]
    due_on: Option<String>,
}

impl Body for Assigned {}

async fn assign(call: Call<Whose, Assigned>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let (owner, due_on) = (call.body.owner.as_deref(), call.body.due_on.as_deref());
    let organisation = call.query.or(actor);
    call.site.house.assign_task(actor, organisation, call.id("id")?, owner, due_on).await?;
    Ok(Done)
}

/// What was done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Finished {
    /// In words.
    #[schemars(length(min = 1, max = 4000))]
    what: String,
    /// A file that shows it.
    evidence: Option<Shows>,
}

impl Body for Finished {}

/// A file that shows that something was done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Shows {
    /// What it is called.
    #[schemars(length(min = 1, max = 120))]
    name: String,
    /// Its bytes in base 64, at most 16 MiB.
    #[schemars(extend("contentEncoding" = "base64"))]
    bytes: String,
}

async fn finish(call: Call<Whose, Finished>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    let evidence = match &call.body.evidence {
        Some(file) => {
            let bytes = STANDARD.decode(&file.bytes);
            let bytes =
                bytes.map_err(|_| Failure::unfit(Some("evidence.bytes"), "this is not base 64"))?;
            Some((file.name.clone(), Secret::new(bytes)))
        }
        None => None,
    };
    let done = TaskDone { what: Personal::new(call.body.what.clone()), evidence };
    let organisation = call.query.or(actor);
    Box::pin(call.site.house.finish_task(actor, organisation, call.id("id")?, done)).await?;
    Ok(Done)
}
