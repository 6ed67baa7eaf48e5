//! Work by hand: systems without a connector, and what shows that it was done.

use auth::{Action, Actor};
use model::{Micros, Personal, Secret};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Desk, Progress, Status};
use crate::house::House;
use crate::status::hex;
use crate::{Error, Result, allowed};

/// A task as it is asked for.
#[derive(Debug, Clone)]
pub struct TaskAsked {
    /// The system, in a word of the organisation.
    pub system: String,
    /// What is to be done there.
    pub what: Personal<String>,
    /// The member of staff who does it, by id.
    pub owner: Option<String>,
    /// The day by which it is done, as 2026-01-31.
    pub due_on: Option<String>,
}

/// What was done.
#[derive(Debug)]
pub struct TaskDone {
    /// In words.
    pub what: Personal<String>,
    /// A file that shows it: its name and its bytes.
    pub evidence: Option<(String, Secret<Vec<u8>>)>,
}

/// A task as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskShown {
    /// Its id.
    pub id: String,
    /// The request that it is part of.
    pub request: String,
    /// The system.
    pub system: String,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<String>,
    /// What is to be done; none for whoever may not see it.
    pub what: Option<Personal<String>>,
    /// What was done.
    pub done: Option<Personal<String>>,
    /// The name and SHA-256 of the file that shows it.
    pub evidence: Option<(String, String)>,
    /// When it was done.
    pub done_at: Option<Micros>,
}

/// What is sealed of a task.
#[derive(Serialize, Deserialize)]
struct Body {
    what: Personal<String>,
    done: Option<Personal<String>>,
    file: Option<String>,
    sha256: Option<String>,
}

/// No file that shows something is larger, in bytes.
pub const LARGEST_EVIDENCE: usize = 16 << 20;
const PURPOSE: &str = "task";

impl TaskShown {
    pub(super) fn of(desk: &Desk, task: &store::Task, open: bool) -> Result<Self> {
        let body = if open { Some(unseal(desk, task)?) } else { None };
        let evidence = body.as_ref().and_then(|body| body.file.clone().zip(body.sha256.clone()));
        Ok(Self {
            id: task.id.clone(),
            request: task.request.clone(),
            system: task.system.clone(),
            owner: task.owner.clone(),
            due_on: task.due_on.clone(),
            done: body.as_ref().and_then(|body| body.done.clone()),
            evidence,
            what: body.map(|body| body.what),
            done_at: task.done_at,
        })
    }
}

fn unseal(desk: &Desk, task: &store::Task) -> Result<Body> {
    let plain = desk.state.vault.open_sealed(PURPOSE, &task.id, &task.body)?;
    serde_json::from_slice(&plain).map_err(|_| super::other_version(&task.request))
}

fn seal(desk: &Desk, id: &str, body: &Body) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(body)
        .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))?;
    Ok(desk.state.vault.seal(PURPOSE, id, &plain)?)
}

impl House {
    /// Asks somebody to do something in a system that no connector reaches; the task's id.
    pub async fn ask_by_hand(
        &self,
        actor: &Actor,
        organisation: &str,
        request: &str,
        asked: TaskAsked,
    ) -> Result<String> {
        allowed::require(actor, Action::PlanRequest, organisation)?;
        let system = asked.system.trim().to_owned();
        if system.is_empty() || system.chars().count() > 200 {
            return Err(Error::unfit("system", "say in which system, in a word or two"));
        }
        if asked.what.expose().trim().is_empty() {
            return Err(Error::unfit("what", "say what is to be done"));
        }
        is_day(asked.due_on.as_deref())?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        let found = desk.request(&mut tx, request).await?;
        may_own(&mut tx, organisation, asked.owner.as_deref()).await?;
        if found.ended_at.is_some() {
            return Err(Error::Refused(format!("request {request} has ended")));
        }
        let id = store::new_id(self.means.rng.as_ref());
        let body = Body { what: asked.what, done: None, file: None, sha256: None };
        tx.insert_task(&store::Task {
            body: seal(&desk, &id, &body)?,
            id: id.clone(),
            organisation: organisation.to_owned(),
            request: request.to_owned(),
            system,
            owner: asked.owner,
            due_on: asked.due_on,
            made_at: self.means.clock.now(),
            done_at: None,
        })
        .await?;
        let about = json!({ "task": id, "by": actor.person() });
        desk.tell(&mut tx, &found, "task asked for", about).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(id)
    }

    /// Gives a task to somebody, or takes it on.
    pub async fn assign_task(
        &self,
        actor: &Actor,
        organisation: &str,
        task: &str,
        owner: Option<&str>,
        due_on: Option<&str>,
    ) -> Result<()> {
        allowed::require(actor, Action::DoTask, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        let found = task_of(&desk, &mut tx, task).await?;
        is_day(due_on)?;
        may_own(&mut tx, organisation, owner).await?;
        if !tx.assign_task(task, owner, due_on).await? {
            return Err(Error::Refused("the task is done already".to_owned()));
        }
        let request = desk.request(&mut tx, &found.request).await?;
        let about = json!({ "task": task, "owner": owner, "by": actor.person() });
        desk.tell(&mut tx, &request, "task given", about).await?;
        tx.commit().await?;
        self.seal(&desk.state).await
    }

    /// Takes a task on oneself; its day stays.
    pub async fn take_task(&self, actor: &Actor, organisation: &str, task: &str) -> Result<()> {
        allowed::require(actor, Action::DoTask, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.read().await?;
        let due_on = task_of(&desk, &mut tx, task).await?.due_on;
        tx.rollback().await?;
        let me = actor.person();
        self.assign_task(actor, organisation, task, Some(me), due_on.as_deref()).await
    }

    /// Says that a task is done. The file that shows it is sealed; its SHA-256 goes into the log. With the
    /// last task of a request whose systems are done, the answer goes out.
    pub async fn finish_task(
        &self,
        actor: &Actor,
        organisation: &str,
        task: &str,
        done: TaskDone,
    ) -> Result<()> {
        allowed::require(actor, Action::DoTask, organisation)?;
        if done.what.expose().trim().is_empty() {
            return Err(Error::unfit("what", "say what was done"));
        }
        let desk = self.desk_of(organisation).await?;
        let now = self.means.clock.now();
        let mut tx = desk.state.store.begin().await?;
        let found = task_of(&desk, &mut tx, task).await?;
        let mut body = unseal(&desk, &found)?;
        body.done = Some(done.what);
        if let Some((name, bytes)) = done.evidence {
            if bytes.expose_secret().len() > LARGEST_EVIDENCE {
                return Err(Error::Refused("the file is larger than 16 MiB".to_owned()));
            }
            let id = store::new_id(self.means.rng.as_ref());
            body.sha256 = Some(hex(&Sha256::digest(bytes.expose_secret())));
            body.file =
                Some(name.chars().filter(|c| !c.is_control() && *c != '/').take(120).collect());
            tx.insert_part(&store::Part {
                body: Some(desk.state.vault.seal("part", &id, bytes.expose_secret())?),
                id,
                request: found.request.clone(),
                kind: format!("evidence {task}"),
                at: now,
                expires_at: None,
                taken: 0,
            })
            .await?;
        }
        if !tx.finish_task(task, now, &seal(&desk, task, &body)?).await? {
            return Err(Error::Refused("the task is done already".to_owned()));
        }
        let mut request = desk.request(&mut tx, &found.request).await?;
        let about = json!({ "task": task, "by": actor.person(), "evidence_sha256": body.sha256 });
        desk.tell(&mut tx, &request, "task done", about).await?;
        let open = tx.tasks_of(&found.request).await?.iter().any(|task| task.done_at.is_none());
        if !open && request.status == Status::ByHand.key() {
            let mut progress = Progress::of(&request)?;
            let told = desk.told(&request)?;
            self.end(&desk, &mut tx, &mut request, &mut progress, told.as_ref()).await?;
        }
        tx.commit().await?;
        self.seal(&desk.state).await
    }

    /// The file that shows that a task is done: its name and its bytes. That it was looked at is an entry
    /// of the log.
    pub async fn evidence_of_task(
        &self,
        actor: &Actor,
        organisation: &str,
        task: &str,
    ) -> Result<Option<(String, Secret<Vec<u8>>)>> {
        allowed::require(actor, Action::OpenRequest, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.begin().await?;
        let found = task_of(&desk, &mut tx, task).await?;
        let kind = format!("evidence {task}");
        let parts = tx.parts(&found.request).await?;
        let part = parts.into_iter().rev().find(|part| part.kind == kind);
        let name = unseal(&desk, &found)?.file;
        let (Some(name), Some((part, body))) =
            (name, part.and_then(|mut part| part.body.take().map(|body| (part, body))))
        else {
            tx.rollback().await?;
            return Ok(None);
        };
        let bytes = desk.state.vault.open_sealed("part", &part.id, &body)?;
        tx.take_part(&part.id).await?;
        let request = desk.request(&mut tx, &found.request).await?;
        let about = json!({ "task": task, "by": actor.person() });
        desk.tell(&mut tx, &request, "evidence looked at", about).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(Some((name, Secret::new(bytes))))
    }

    /// The tasks of an organisation that are not done, the first due first.
    pub async fn open_tasks(&self, actor: &Actor, organisation: &str) -> Result<Vec<TaskShown>> {
        allowed::require(actor, Action::ReadRequests, organisation)?;
        let may_open = allowed::require(actor, Action::DoTask, organisation).is_ok();
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.read().await?;
        let tasks = tx.open_tasks(organisation).await?;
        tx.rollback().await?;
        tasks.iter().map(|task| TaskShown::of(&desk, task, may_open)).collect()
    }
}

fn is_day(day: Option<&str>) -> Result<()> {
    match day.map(str::parse::<jiff::civil::Date>) {
        Some(Err(_)) => Err(Error::unfit("due_on", "this is not a day: write it as 2026-11-20")),
        _ => Ok(()),
    }
}

/// INVARIANT: a task is given to a member of staff who is here and works for the organisation, by their
/// id: it stands in the log, where no name belongs.
async fn may_own(tx: &mut store::Tx, organisation: &str, owner: Option<&str>) -> Result<()> {
    let Some(owner) = owner else { return Ok(()) };
    let works = match tx.person(owner).await? {
        Some(person) if person.state != auth::MembershipState::Active.as_str() => false,
        Some(person) if person.organisation == organisation => true,
        Some(_) => tx.assignments(owner).await?.iter().any(|one| one == organisation),
        None => false,
    };
    if works {
        return Ok(());
    }
    Err(Error::unfit("owner", "this is not the id of somebody who works for the organisation"))
}

async fn task_of(desk: &Desk, tx: &mut store::Tx, id: &str) -> Result<store::Task> {
    let found = tx.task(id).await?.filter(|task| task.organisation == desk.organisation);
    found.ok_or_else(|| Error::Absent(format!("there is no task {id}")))
}
