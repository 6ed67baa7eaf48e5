//! What people ask for: the form, the code, the document, the page of one's own request.
//!
//! What opens something stands in a letter's link or in the body of a form, and in nothing that is
//! written down: the journal and the metrics know rows of the table, and no page tells another one where
//! somebody came from. A link that is opened changes nothing; the button on its page does.
//!
//! INVARIANT: what is answered follows from what was sent, never from whether the person is known.

mod appeal;
mod confirm;
mod document;
mod form;
mod page;
#[cfg(test)]
mod tests;

pub(super) use confirm::said;
pub(super) use form::WRONG;
pub(super) use page::show_request;

use app::identity::LARGEST_DOCUMENT;
use axum::response::{Html, IntoResponse as _, Response};

use super::{Opened, Shell};
use crate::failure::Failure;
use crate::routes::{Access, Kind, Row};

/// What a form with a document has beside it, in bytes.
const AROUND: usize = 64 * 1024;

/// The rows of these routes.
pub(super) fn rows() -> Vec<Row> {
    const FORM: Access = Access::Public(Kind::Form);
    vec![
        Row::get("/{lang}/request", FORM, form::show),
        Row::post("/{lang}/request", FORM, form::send),
        Row::post("/{lang}/request/code", FORM, confirm::code),
        Row::get("/{lang}/request/confirm/{key}", FORM, confirm::show),
        Row::post("/{lang}/request/confirm", FORM, confirm::link),
        Row::post_large(
            "/{lang}/request/document",
            FORM,
            LARGEST_DOCUMENT + AROUND,
            document::hand_in,
        ),
        Row::get("/{lang}/request/page/{key}", FORM, page::ask),
        Row::post("/{lang}/request/page/code", FORM, page::send_code),
        Row::post("/{lang}/request/page", FORM, page::open),
        Row::post("/{lang}/request/file", FORM, page::fetch),
        Row::post("/{lang}/request/appeal", FORM, appeal::send),
    ]
}

/// A page for whoever asked for it. Nobody keeps it.
pub(super) fn private(template: &impl askama::Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}

/// A use case that refuses speaks to staff; the public is told in words of its own.
pub(super) fn public(error: app::Error) -> Failure {
    match error {
        app::Error::Refused(_) => Failure::Bad,
        other => other.into(),
    }
}
