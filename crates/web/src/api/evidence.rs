//! The evidence log: entries, and proofs of single ones.

use app::console::LogEntry;
use auth::Action;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, get};
use super::cursor::{Listing, Page, write};
use super::reply::{Found, Raw, Text};
use super::when;
use crate::failure::Failure;
use crate::routes::{Access, Row};

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let read = Access::May(Action::ReadEvidence);
    vec![
        get("/api/v1/evidence", read, ("readLog", "The log as it stands."), head),
        get(
            "/api/v1/evidence/checkpoint",
            read,
            ("readCheckpoint", "The signed checkpoint (C2SP tlog-checkpoint)."),
            checkpoint,
        ),
        get(
            "/api/v1/evidence/entries",
            read,
            ("listEntries", "The entries, the latest first."),
            list,
        ),
        get(
            "/api/v1/evidence/entries/{entry}/proof",
            read,
            ("readProof", "The proof of an entry (C2SP tlog-proof), for anybody to check offline."),
            proof,
        ),
        get(
            "/api/v1/evidence/entries/{entry}/opening",
            read,
            ("readOpening", "What an entry stands for."),
            opening,
        ),
    ]
}

/// The log as it stands.
#[derive(Serialize, JsonSchema)]
struct Log {
    /// Its name.
    origin: String,
    /// Its public key.
    key: String,
    /// How many entries are sealed.
    size: u64,
    /// How many events there are.
    events: u64,
}

async fn head(call: Call) -> Result<Found<Log>, Failure> {
    let head = call.site.house.log_head(call.actor()?).await?;
    Ok(Found(Log { origin: head.origin, key: head.key, size: head.size, events: head.events }))
}

async fn checkpoint(call: Call) -> Result<Text, Failure> {
    let head = call.site.house.log_head(call.actor()?).await?;
    head.checkpoint.map(Text).ok_or(Failure::NotFound)
}

/// An entry of the log.
#[derive(Serialize, JsonSchema)]
struct Entry {
    /// Its number.
    number: u64,
    /// What happened.
    kind: String,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// Whether a checkpoint covers it.
    sealed: bool,
    /// Whether what it stands for was erased; its proof holds all the same.
    erased: bool,
}

async fn list(call: Call<Page>) -> Result<Found<Listing<Entry>>, Failure> {
    let actor = call.actor()?;
    let limit = call.query.limit()?;
    let before = match call.query.after::<u64>()? {
        Some(before) => before,
        None => call.site.house.log_head(actor).await?.events,
    };
    // No log is longer: what is larger was made up.
    let before = before.min(1 << 60);
    let most = u32::try_from(limit).unwrap_or(u32::MAX);
    let entries = call.site.house.log_entries(actor, before, most).await?;
    let next = match entries.last() {
        Some(last) if last.number > 0 => Some(write(&last.number)?),
        _ => None,
    };
    let entry = |one: LogEntry| Entry {
        number: one.number,
        kind: one.kind,
        at: when(one.at),
        sealed: one.sealed,
        erased: one.erased,
    };
    Ok(Found(Listing { items: entries.into_iter().map(entry).collect(), next }))
}

async fn proved(call: &Call) -> Result<app::console::EntryProof, Failure> {
    let number: u64 = call.param("entry")?.parse().map_err(|_| Failure::NotFound)?;
    if number > 1 << 60 {
        return Err(Failure::NotFound);
    }
    call.site.house.prove_entry(call.actor()?, number).await?.ok_or(Failure::NotFound)
}

async fn proof(call: Call) -> Result<Text, Failure> {
    Ok(Text(proved(&call).await?.proof))
}

async fn opening(call: Call) -> Result<Raw, Failure> {
    let opening = proved(&call).await?.opening.ok_or(Failure::NotFound)?;
    Ok(Raw(opening.into_bytes()))
}
