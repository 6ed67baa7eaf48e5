//! Every answer gets a number, is counted, and is written down.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::header::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::finish::Part;
use crate::journal::Entry;
use crate::metrics::{Answered, OfRoute};
use crate::site::Shared;

/// The header that holds an answer's number. It is always ours: a number that comes in could be
/// anything.
const NUMBER: HeaderName = HeaderName::from_static("x-request-id");

/// What is written for a path that no row has.
const NO_ROW: &str = "none";

/// Counts an answer and writes it down.
pub async fn observe(State(site): State<Shared>, request: Request, next: Next) -> Response {
    let begun = site.house.now();
    let number = site.house.new_number();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = method(request.method());
    let mut response = next.run(request).await;
    let now = site.house.now();
    let micros = u32::try_from(now.0.saturating_sub(begun.0)).unwrap_or(u32::MAX);
    let path = route.as_ref().map_or(NO_ROW, MatchedPath::as_str);
    let status = response.status().as_u16();
    site.journal.answered(&Entry {
        at: render::rfc3339(now),
        request: &number,
        method,
        route: path,
        status,
        failed: response.extensions().get::<Part>().map(|part| part.0),
        ms: f64::from(micros) / 1000.0,
    });
    let route = site.row_name(path);
    site.metrics.answers.get_or_create(&Answered { route, method, status }).inc();
    site.metrics.seconds.get_or_create(&OfRoute { route }).observe(f64::from(micros) / 1e6);
    if let Ok(number) = HeaderValue::from_str(&number) {
        response.headers_mut().insert(NUMBER, number);
    }
    response
}

/// The method's name, if it is one of ours: a stranger can invent any.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
