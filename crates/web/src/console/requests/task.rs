//! Tasks by hand, and the files that stand behind a request.

use app::desk::{TaskAsked, TaskDone};
use auth::Actor;
use axum::Extension;
use axum::extract::{Form, Multipart, Path, State};
use axum::response::Response;
use model::Personal;
use serde::Deserialize;

use super::act::done;
use super::sealed_file;
use crate::failure::Failure;
use crate::site::Shared;
use crate::upload::Upload;

type OfTask = Path<(String, String, String)>;

/// A task as it is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    system: String,
    what: String,
    due: String,
    mine: String,
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Asks for a task.
pub(super) async fn ask(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path((organisation, id)): Path<(String, String)>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Failure> {
    let asked = TaskAsked {
        owner: (wanted.mine == "yes").then(|| actor.person().to_owned()),
        due_on: some(&wanted.due),
        system: wanted.system,
        what: Personal::new(wanted.what),
    };
    let came = site.house.ask_by_hand(&actor, &organisation, &id, asked).await.map(drop);
    done(&site, &actor, &organisation, &id, came).await
}

/// Takes a task on.
pub(super) async fn take(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path((organisation, id, task)): OfTask,
) -> Result<Response, Failure> {
    let came = site.house.take_task(&actor, &organisation, &task).await;
    done(&site, &actor, &organisation, &id, came).await
}

/// Says that a task is done.
pub(super) async fn finish(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path((organisation, id, task)): OfTask,
    form: Multipart,
) -> Result<Response, Failure> {
    let upload = Upload::read(form).await?;
    let what = Personal::new(upload.field("what").to_owned());
    let told = TaskDone { what, evidence: upload.file };
    let came = site.house.finish_task(&actor, &organisation, &task, told).await;
    done(&site, &actor, &organisation, &id, came).await
}

/// The file that shows that a task is done.
pub(super) async fn evidence(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path((organisation, _, task)): OfTask,
) -> Result<Response, Failure> {
    let found = site.house.evidence_of_task(&actor, &organisation, &task).await?;
    let (name, bytes) = found.ok_or(Failure::NotFound)?;
    Ok(sealed_file(&name, &bytes))
}

/// The document by which somebody shows who they are.
pub(super) async fn document(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path((organisation, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let found = site.house.document_at_desk(&actor, &organisation, &id).await?;
    let name = format!("document-{}", id.get(..8).unwrap_or(&id));
    Ok(sealed_file(&name, &found.ok_or(Failure::NotFound)?))
}
