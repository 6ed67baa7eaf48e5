//! What whoever runs the server looks at: does it live, can it work, what has it done.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::routes::{Access, Kind, Row};
use crate::site::Shared;

/// The rows of these routes.
pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::get("/healthz", Access::Public(Kind::Health), live),
        Row::get("/readyz", Access::Public(Kind::Health), ready),
        Row::get("/metrics", Access::Operator, metrics),
    ]
}

/// The process answers.
async fn live() -> &'static str {
    "ok\n"
}

/// It can work: database, keys and log are there and agree. What is wrong is told to nobody here;
/// `upheld doctor` says it.
async fn ready(State(site): State<Shared>) -> Response {
    let fine = site.is_ready().await;
    let status = if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(json!({ "ready": fine }))).into_response()
}

async fn metrics(State(site): State<Shared>) -> Response {
    const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, TEXT)], site.metrics.text()).into_response()
}
