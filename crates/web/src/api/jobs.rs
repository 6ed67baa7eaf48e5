//! The queue of jobs, and those that were given up.

use app::jobs::Dead;
use auth::Action;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, Nothing, Whose, get, post};
use super::cursor::{Listing, PageOf};
use super::reply::{Done, Found};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let (read, settle) = (Access::May(Action::ReadJobs), Access::May(Action::SettleJob));
    vec![
        get(
            "/api/v1/jobs",
            read,
            ("countJobs", "How many jobs wait, run and were given up."),
            count,
        ),
        get(
            "/api/v1/jobs/dead",
            read,
            ("listDeadJobs", "Jobs that were given up, the latest first."),
            list,
        ),
        post(
            "/api/v1/jobs/dead/{id}/retry",
            settle,
            ("retryJob", "Gives a job that was given up another chance."),
            retry,
        ),
        post(
            "/api/v1/jobs/dead/{id}/drop",
            settle,
            ("dropJob", "Forgets a job that was given up."),
            drop_job,
        ),
    ]
}

/// How many jobs there are.
#[derive(Serialize, JsonSchema)]
struct Counts {
    /// Waiting for their time, or for a free hand.
    waiting: u64,
    /// Being carried out.
    running: u64,
    /// Given up; a person decides.
    dead: u64,
}

async fn count(call: Call) -> Result<Found<Counts>, Failure> {
    let counts = call.site.house.job_counts(call.actor()?).await?;
    Ok(Found(Counts { waiting: counts.waiting, running: counts.running, dead: counts.dead }))
}

/// A job that was given up.
#[derive(Serialize, JsonSchema)]
struct DeadJob {
    /// Its id.
    id: String,
    /// What was to be done.
    kind: String,
    /// How often it was tried.
    attempts: u64,
    /// Why it failed the last time.
    failure: Option<String>,
    /// When it was asked for.
    #[schemars(extend("format" = "date-time"))]
    made_at: String,
    /// When it was given up.
    #[schemars(extend("format" = "date-time"))]
    died_at: Option<String>,
}

async fn list(call: Call<PageOf>) -> Result<Found<Listing<DeadJob>>, Failure> {
    let actor = call.actor()?;
    let dead = call.site.house.dead_jobs(actor, call.query.organisation(actor)).await?;
    let shown = |one: Dead| DeadJob {
        id: one.id,
        kind: one.kind,
        attempts: one.attempts,
        failure: one.failure,
        made_at: when(one.made_at),
        died_at: one.died_at.map(when),
    };
    let dead = dead.into_iter().map(shown).collect();
    Ok(Found(call.query.page().part(dead, |one: &DeadJob| one.id.clone())?))
}

async fn retry(call: Call<Whose, Nothing>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    call.site.house.retry_job(actor, call.query.or(actor), call.id("id")?).await?;
    Ok(Done)
}

async fn drop_job(call: Call<Whose, Nothing>) -> Result<Done, Failure> {
    let actor = call.actor()?;
    call.site.house.drop_job(actor, call.query.or(actor), call.id("id")?).await?;
    Ok(Done)
}
