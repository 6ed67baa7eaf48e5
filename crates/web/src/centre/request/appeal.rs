//! Whoever was answered asks us to look again.

use app::desk::Appealed;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::confirm::said;
use super::{Opened, public};
use crate::failure::Failure;
use crate::language::Language;
use crate::turns::Turn;

/// The pass of the page, and what is wrong with the answer.
#[derive(Deserialize)]
pub(super) struct Asked {
    pass: String,
    #[serde(default)]
    why: String,
}

/// Takes the appeal.
pub(super) async fn send(
    State(site): Opened,
    language: Language,
    _: Turn,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    let w = language.words().asking;
    match site.house.appeal(&asked.pass, &asked.why).await.map_err(public)? {
        Appealed::Taken(due) => {
            let reading = site.reading();
            let due = due.map(|at| super::super::day(language.words(), at, &reading));
            let lede = due.map_or_else(
                || w.appealed_lede.to_owned(),
                |day| format!("{} {}", w.appealed_lede, (w.answer_by)(&day)),
            );
            said(&site, language, w.appealed, &lede, None)
        }
        Appealed::Over => {
            let page = said(&site, language, w.appeal, w.appeal_over, None)?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Appealed::Closed => {
            let page = said(&site, language, w.closed, w.closed_lede, None)?;
            Ok((StatusCode::GONE, page).into_response())
        }
    }
}
