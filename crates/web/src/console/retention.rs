//! Retention: what is due, what was disposed of, what is held.

use app::console::Subject;
use app::hold::ListedHold;
use app::retain::ListedRun;
use askama::Template;
use auth::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use render::retention::{RetentionView, RuleView};

use super::{Frame, Looking, moment, page};
use crate::failure::Failure;
use crate::site::Shared;

#[derive(Template)]
#[template(path = "console/retention.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    at: Option<String>,
    view: Option<&'a RetentionView>,
    /// The rules, each with the day of its oldest row.
    rules: Vec<(&'a RuleView, String)>,
    runs: Vec<(ListedRun, String)>,
    holds: Vec<(ListedHold, String)>,
    looking: Looking,
}

impl Page<'_> {
    /// Whether counting stopped somewhere.
    fn at_least(&self) -> bool {
        self.view.is_some_and(|view| view.rules.iter().any(|rule| rule.at_least))
    }
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let seen = site.house.last_retention(&actor).await?;
    let runs = site.house.retain_runs().await?;
    let holds = site.house.holds().await?;
    let frame = Frame::new(&site, &reading, &actor, "retention");
    let day = |at: model::Micros| render::words::day(at, &reading.zone);
    let rules = seen.as_ref().map(|seen| seen.what.rules.as_slice()).unwrap_or_default();
    page(&Page {
        title: frame.c.retention,
        at: seen.as_ref().map(|seen| moment(seen.at, &reading)),
        rules: rules
            .iter()
            .map(|rule| (rule, rule.oldest.map_or_else(|| "–".to_owned(), day)))
            .collect(),
        view: seen.as_ref().map(|seen| &seen.what),
        runs: runs
            .into_iter()
            .rev()
            .take(20)
            .map(|run| {
                let at = moment(run.begun_at, &reading);
                (run, at)
            })
            .collect(),
        holds: holds
            .into_iter()
            .rev()
            .map(|hold| {
                let ends = hold.ends_on.as_deref().map(render::words::calendar_day);
                let until = match ends {
                    Some(day) => (frame.c.until)(&day),
                    None => frame.c.open_end.to_owned(),
                };
                (hold, until)
            })
            .collect(),
        looking: Looking::of(&site, &reading, &actor, Subject::Retention),
        frame,
    })
}
