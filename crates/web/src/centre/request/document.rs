//! A document by which somebody shows who they are.

use app::identity::LARGEST_DOCUMENT;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::confirm::said;
use super::{Opened, public};
use crate::failure::Failure;
use crate::language::Language;
use crate::turns::Turn;
use crate::upload::Upload;

/// Takes a document in. What is answered is the same for every key.
pub(super) async fn hand_in(
    State(site): Opened,
    language: Language,
    _: Turn,
    form: Multipart,
) -> Result<Response, Failure> {
    let w = language.words().asking;
    let upload = Upload::read(form).await?;
    let fits = |bytes: &model::Secret<Vec<u8>>| {
        bytes.expose_secret().len() <= LARGEST_DOCUMENT && app::House::takes_document(bytes)
    };
    let Some((_, bytes)) = upload.file.as_ref().filter(|(_, bytes)| fits(bytes)) else {
        let page = said(&site, language, w.document, w.file_wrong, None)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    site.house.hand_in_document(upload.field("key"), bytes).await.map_err(public)?;
    said(&site, language, w.handed_in, w.handed_in_lede, None)
}
