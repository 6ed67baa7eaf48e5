//! What happens around every handler, from the outside to the inside: an answer is counted and
//! written down ([`observe`]), a failure becomes a page or a problem ([`finish`]), headers keep
//! browsers strict ([`headers`]), other sites are refused, time is limited, and the table is asked
//! whether whoever calls may ([`enforce`]).

mod enforce;
mod finish;
mod headers;
mod observe;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

pub(crate) use enforce::Matrix;
#[cfg(test)]
pub(crate) use enforce::admit;
pub use enforce::enforce;
pub use finish::finish;
pub use headers::headers;
pub use observe::observe;

use crate::Error;
use crate::failure::Failure;
use crate::routes::{self, Row};
use crate::site::Shared;

/// A handler that takes longer is ended. What takes long is a job, not an answer.
const LONGEST: Duration = Duration::from_secs(30);

/// The whole of what is listened for: the table's routes within everything that is done around them.
pub(crate) fn application(site: &Shared, rows: Vec<Row>) -> Result<Router, Error> {
    let matrix = Arc::new(Matrix::of(&rows));
    let mut csrf = CsrfLayer::new();
    if let Some(url) = &site.public_url {
        csrf = csrf
            .add_trusted_origin(url.origin())
            .map_err(|error| Error::Setting(format!("`public_url`: {error}")))?;
    }
    Ok(routes::router(rows)
        .fallback(async || Failure::NotFound)
        .layer(from_fn_with_state((Arc::clone(site), matrix), enforce))
        .layer(from_fn(within_time))
        .layer(csrf)
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Failure::Broken { part: "handler", passes: false }.into_response()
        }))
        .layer(from_fn_with_state(Arc::clone(site), finish))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(Arc::clone(site), headers))
        .layer(from_fn_with_state(Arc::clone(site), observe))
        .with_state(Arc::clone(site)))
}

async fn within_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::TooSlow.into_response(),
    }
}
