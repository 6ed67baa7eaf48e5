//! Retention: what is due, what was disposed of, what is held.

use app::console::Subject;
use app::hold::ListedHold;
use app::retain::ListedRun;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use render::retention::{RetentionView, RuleView};

use super::{Frame, Looking, moment, page};
use crate::failure::Failure;
use crate::site::Shared;
use crate::words::work::{ENGLISH, Work};

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
    w: &'static Work,
    live: &'a str,
    /// Since when a run is under way, and how many rows it has disposed of.
    running: Option<(String, u64)>,
    run_failed: Option<String>,
    may_run: bool,
    steps_up: bool,
    /// Whether a second person is asked for, and how that stands: nobody, you, somebody else.
    second: Option<Option<bool>>,
    may_hold: bool,
    may_lift: bool,
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
    let (since, run_failed) = site.disposing.standing(Subject::Retention);
    let open = runs.iter().rev().find(|run| run.ended_at.is_none()).map_or(0, |run| run.rows);
    let agreed = site.house.retention_agreed(&actor).await?;
    let digest = seen.as_ref().map(|seen| seen.what.digest.as_str());
    let agreed = agreed.filter(|agreed| Some(agreed.digest.as_str()) == digest);
    let may = |action| site.authority.may(&actor, action, actor.home());
    page(&Page {
        w: &ENGLISH,
        live: &site.assets.live,
        running: since.map(|at| (moment(at, &reading), open)),
        run_failed,
        may_run: may(Action::RunRetention) != Decision::Deny,
        steps_up: may(Action::RunRetention) == Decision::StepUp,
        second: reading
            .policy
            .require_approval
            .then(|| agreed.map(|agreed| agreed.by != actor.person())),
        may_hold: may(Action::PlaceHold) == Decision::Allow,
        may_lift: may(Action::LiftHold) != Decision::Deny,
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
