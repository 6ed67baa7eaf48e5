//! Today: what broke, what is due, what changed.

use app::console::Subject;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use render::coverage::{Duty, Promise, State as Standing, Turned};

use super::{Frame, Looking, page, promises, requests};
use crate::failure::Failure;
use crate::site::Shared;

#[derive(Template)]
#[template(path = "console/today.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    needy: Vec<&'a Promise>,
    turned: Vec<(Turned, String)>,
    duties: Vec<(Duty, Option<String>)>,
    due: Option<u64>,
    requests: requests::Due,
    looking: Looking,
    never: bool,
}

impl Page<'_> {
    fn needing(&self) -> u64 {
        self.needy.len() as u64
    }

    fn is_calm(&self) -> bool {
        self.needy.is_empty()
            && self.requests.lines.is_empty()
            && self.duties.is_empty()
            && self.due.unwrap_or(0) == 0
            && !self.never
    }
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let standing = site.standing().await?;
    let of = |state: Standing| standing.promises().filter(move |one| one.state == state);
    let needy = of(Standing::Broken).chain(of(Standing::AtRisk)).collect();
    let turned = site.house.since_yesterday(&actor, &reading.policy).await?;
    let duties = site.house.duties_of(&reading.policy).await?;
    let duties = duties.into_iter().filter(|duty| duty.state != Standing::Upheld);
    let due = if site.authority.may(&actor, Action::ReadRetention, actor.home()) == Decision::Allow
    {
        site.house.last_retention(&actor).await?.map(|seen| seen.what.due())
    } else {
        None
    };
    let requests = requests::due(&site, &reading, &actor).await?;
    let frame = Frame::new(&site, &reading, &actor, "today");
    page(&Page {
        title: frame.c.today,
        needy,
        turned: promises::quoted(&standing, turned),
        duties: duties
            .map(|duty| {
                let due = duty.due.as_deref().map(render::words::calendar_day);
                (duty, due)
            })
            .collect(),
        due,
        requests,
        looking: Looking::of(&site, &reading, &actor, Subject::Promises),
        never: promises::newest(&standing).is_none(),
        frame,
    })
}
