//! The log: its head, its entries, and proofs that anybody can check.

use app::console::{EntryProof, LogEntry, LogHead};
use askama::Template;
use auth::Actor;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::{Frame, moment, page};
use crate::failure::Failure;
use crate::site::Shared;

/// So many entries stand on a page.
const ON_A_PAGE: u32 = 50;

/// Where the page begins.
#[derive(Debug, Deserialize)]
pub(super) struct From {
    /// Entries before this one.
    before: Option<u64>,
}

#[derive(Template)]
#[template(path = "console/evidence.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    head: LogHead,
    entries: Vec<(LogEntry, String)>,
    older: Option<u64>,
    is_first: bool,
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(from): Query<From>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let head = site.house.log_head(&actor).await?;
    let before = from.before.unwrap_or(head.events).min(head.events);
    let entries = site.house.log_entries(&actor, before, ON_A_PAGE).await?;
    let frame = Frame::new(&site, &reading, &actor, "evidence");
    page(&Page {
        title: frame.c.evidence,
        is_first: before == head.events,
        older: entries.last().map(|last| last.number).filter(|number| *number > 0),
        entries: entries
            .into_iter()
            .map(|entry| {
                let at = moment(entry.at, &reading);
                (entry, at)
            })
            .collect(),
        head,
        frame,
    })
}

async fn proved(site: &Shared, actor: &Actor, entry: u64) -> Result<EntryProof, Failure> {
    site.house.prove_entry(actor, entry).await?.ok_or(Failure::NotFound)
}

fn file(name: String, kind: &'static str, text: String) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, named)], text).into_response()
}

/// The proof of an entry, as a file.
pub(super) async fn proof(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(entry): Path<u64>,
) -> Result<Response, Failure> {
    let proof = proved(&site, &actor, entry).await?;
    Ok(file(format!("entry-{entry}.tlog-proof"), "text/plain; charset=utf-8", proof.proof))
}

/// What an entry says, as a file; there is none once it was erased.
pub(super) async fn opening(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(entry): Path<u64>,
) -> Result<Response, Failure> {
    let opening = proved(&site, &actor, entry).await?.opening.ok_or(Failure::NotFound)?;
    Ok(file(format!("entry-{entry}.json"), "application/json", opening))
}
