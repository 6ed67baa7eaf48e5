//! Requests of people, as those who work on them see them: the queue, a calendar, one request with every
//! act, tasks by hand, letters, disclosures, jobs that were given up.
//!
//! An address names the organisation; who may see it is asked by the use case, for that organisation.
//! Every act is a form of its own with its own row, so that the table says who may do it.

mod act;
mod calendar;
mod disclosures;
mod file;
mod jobs;
mod letters;
mod queue;
mod show;
mod task;

use app::desk::LARGEST_EVIDENCE;
use app::reading::Reading;
use auth::{Action, Actor, Decision};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use model::Secret;

pub(super) use self::queue::{Due, due};
use super::{Frame, moment, page, told};
use crate::failure::Failure;
use crate::routes::{Access, Row};
use crate::site::Site;
use crate::words::requests::{Desk, ENGLISH};

/// What a form with a file has beside it, in bytes.
const AROUND: usize = 64 * 1024;

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    let may = Access::May;
    vec![
        Row::get("/console/requests", may(Action::ReadRequests), queue::show),
        Row::get("/console/requests/calendar", may(Action::ReadRequests), calendar::show),
        Row::get("/console/requests/file", may(Action::FileRequest), file::show),
        Row::post("/console/requests/file", may(Action::FileRequest), file::keep),
        Row::get("/console/requests/{organisation}/{id}", may(Action::ReadRequests), show::show),
        Row::get(
            "/console/requests/{organisation}/{id}/stand",
            may(Action::ReadRequests),
            show::stand,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/sort",
            may(Action::FileRequest),
            act::sort,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/identify",
            may(Action::IdentifyRequest),
            act::identify,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/document",
            may(Action::IdentifyRequest),
            task::document,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/plan",
            may(Action::PlanRequest),
            act::plan,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/approve",
            may(Action::ApproveRequest),
            act::approve,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/hold-back",
            may(Action::ApproveRequest),
            act::hold_back,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/go-on",
            may(Action::RunRequest),
            act::go_on,
        ),
        Row::post("/console/requests/{organisation}/{id}/ask", may(Action::PauseRequest), act::ask),
        Row::post(
            "/console/requests/{organisation}/{id}/answered",
            may(Action::PauseRequest),
            act::answered,
        ),
        Row::post("/console/requests/{organisation}/{id}/fee", may(Action::PauseRequest), act::fee),
        Row::post(
            "/console/requests/{organisation}/{id}/fee-paid",
            may(Action::PauseRequest),
            act::fee_paid,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/fee-waived",
            may(Action::PauseRequest),
            act::fee_waived,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/put-off",
            may(Action::ExtendRequest),
            act::put_off,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/refuse",
            may(Action::RefuseRequest),
            act::refuse,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/appeal",
            may(Action::FileRequest),
            act::appeal,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/appeal-grant",
            may(Action::RefuseRequest),
            act::appeal_grant,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/appeal-keep",
            may(Action::RefuseRequest),
            act::appeal_keep,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/withdraw",
            may(Action::CloseRequest),
            act::withdraw,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/duplicate",
            may(Action::CloseRequest),
            act::duplicate,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/answer",
            may(Action::AnswerRequest),
            act::answer,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/processors",
            may(Action::TellProcessors),
            act::processor,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/tasks",
            may(Action::PlanRequest),
            task::ask,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/tasks/{task}/take",
            may(Action::DoTask),
            task::take,
        ),
        Row::post_large(
            "/console/requests/{organisation}/{id}/tasks/{task}/done",
            may(Action::DoTask),
            LARGEST_EVIDENCE + AROUND,
            task::finish,
        ),
        Row::post(
            "/console/requests/{organisation}/{id}/tasks/{task}/evidence",
            may(Action::OpenRequest),
            task::evidence,
        ),
        Row::get("/console/letters", may(Action::ReadLetters), letters::show),
        Row::get("/console/disclosures", may(Action::ReadDisclosures), disclosures::show),
        Row::post("/console/disclosures", may(Action::RecordDisclosure), disclosures::keep),
        Row::get("/console/jobs", may(Action::ReadJobs), jobs::show),
        Row::post("/console/jobs/{id}/retry", may(Action::SettleJob), jobs::retry),
        Row::post("/console/jobs/{id}/drop", may(Action::SettleJob), jobs::dismiss),
    ]
}

/// Where the ways between these pages lead, and what must be allowed to whoever is led there.
const WAYS: [(&str, &str, Action); 6] = [
    ("queue", "/console/requests", Action::ReadRequests),
    ("calendar", "/console/requests/calendar", Action::ReadRequests),
    ("file", "/console/requests/file", Action::FileRequest),
    ("letters", "/console/letters", Action::ReadLetters),
    ("disclosures", "/console/disclosures", Action::ReadDisclosures),
    ("jobs", "/console/jobs", Action::ReadJobs),
];

/// The frame of the console around each of these pages.
fn frame<'a>(site: &'a Site, reading: &'a Reading, actor: &Actor) -> Frame<'a> {
    Frame::new(site, reading, actor, "requests")
}

/// What stands around each of these pages, within the frame of the console.
pub(super) struct Room {
    pub(super) d: &'static Desk,
    /// The ways between these pages: address, words, whether it is this one.
    pub(super) ways: Vec<(String, &'static str, bool)>,
    /// The organisations whose requests are reached: key and name.
    pub(super) organisations: Vec<(String, String)>,
    /// The one that is shown.
    pub(super) organisation: String,
}

impl Room {
    fn new(
        site: &Site,
        reading: &Reading,
        actor: &Actor,
        here: &'static str,
        organisation: &str,
    ) -> Self {
        let d = &ENGLISH;
        let of = organisation;
        let words = |key: &str| {
            d.ways.iter().find(|(known, _)| *known == key).map_or("", |(_, words)| *words)
        };
        let ways = WAYS
            .into_iter()
            .filter(|(.., action)| site.authority.may(actor, *action, of) != Decision::Deny)
            .map(|(key, address, _)| (with(address, actor, of), words(key), key == here))
            .collect();
        Self {
            d,
            ways,
            organisations: reached(site, reading, actor),
            organisation: organisation.to_owned(),
        }
    }
}

/// An address that names the organisation, where that is not the reader's own.
fn with(address: &str, actor: &Actor, organisation: &str) -> String {
    if organisation == actor.home() {
        return address.to_owned();
    }
    format!("{address}?organisation={}", crate::centre::encoded(organisation))
}

/// The organisation that was asked for; the reader's own if none was.
fn asked<'a>(wanted: &'a str, actor: &'a Actor) -> &'a str {
    if wanted.is_empty() { actor.home() } else { wanted }
}

/// The organisations whose requests somebody reaches: their own, and the clients they work for.
fn reached(site: &Site, reading: &Reading, actor: &Actor) -> Vec<(String, String)> {
    let mut keys = vec![actor.home()];
    keys.extend(actor.membership().assigned.iter().map(String::as_str));
    keys.dedup();
    let clients = &reading.policy.clients;
    let name = |key: &str| {
        if key == auth::ROOT {
            return Some(reading.policy.organisation.name.clone());
        }
        clients.iter().find(|client| client.key == key).map(|client| client.name.clone())
    };
    let may = |key: &&str| site.authority.may(actor, Action::ReadRequests, key) != Decision::Deny;
    keys.into_iter().filter(may).filter_map(|key| Some((key.to_owned(), name(key)?))).collect()
}

/// A file of somebody, for whoever may see it: kept, never shown within our pages.
fn sealed_file(name: &str, bytes: &Secret<Vec<u8>>) -> Response {
    let fine = |c: char| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' };
    let name: String = name.chars().map(fine).collect();
    let named = format!("attachment; filename=\"{name}\"");
    let headers =
        [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, named)];
    (headers, bytes.expose_secret().clone()).into_response()
}

/// What a page of a request is called in addresses.
fn address(organisation: &str, id: &str) -> String {
    let encoded = crate::centre::encoded;
    format!("/console/requests/{}/{}", encoded(organisation), encoded(id))
}

fn not_sure() -> Failure {
    Failure::Refused(ENGLISH.not_sure.to_owned())
}
