//! The queue: what is due first stands first.

use app::desk::{Line, Place, Status, Wanted};
use app::intake::Kind;
use app::reading::Reading;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use model::Micros;
use serde::Deserialize;

use super::{Frame, Room, asked, frame, page};
use crate::failure::Failure;
use crate::site::{Shared, Site};
use crate::words::requests::ENGLISH;

/// So many requests stand on a page.
const ON_A_PAGE: u32 = 50;

/// Which requests are shown, and from where on.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    organisation: String,
    state: String,
    kind: String,
    list: String,
    /// The moment of the last line before this page.
    at: String,
    /// Its number.
    after: String,
}

/// A line as it is shown.
pub(in crate::console) struct Shown {
    pub(in crate::console) address: String,
    pub(in crate::console) number: String,
    pub(in crate::console) kind: &'static str,
    pub(in crate::console) status: &'static str,
    /// Class and sign of where it stands.
    pub(in crate::console) tag: (&'static str, &'static str),
    pub(in crate::console) due: Option<String>,
    pub(in crate::console) left: String,
    /// Class and sign of how much time is left.
    pub(in crate::console) urgency: (&'static str, &'static str),
    pub(in crate::console) came: String,
    pub(in crate::console) channel: &'static str,
    pub(in crate::console) duplicate: bool,
    pub(in crate::console) trouble: Option<String>,
}

/// Class and sign of a state.
pub(super) const fn tag(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Done | Status::Duplicate | Status::Withdrawn => ("u", "●"),
        Status::Incomplete => ("b", "✕"),
        Status::Unsorted
        | Status::Unidentified
        | Status::Ready
        | Status::Planned
        | Status::ByHand => ("r", "◆"),
        _ => ("n", "○"),
    }
}

/// Class and sign of how many days are left.
pub(super) const fn urgency(left: Option<i32>) -> (&'static str, &'static str) {
    match left {
        Some(i32::MIN..=-1) => ("b", "✕"),
        Some(0..=6) => ("r", "◆"),
        Some(_) => ("u", "●"),
        None => ("n", "○"),
    }
}

/// A day as the console writes it.
pub(super) fn day(at: Micros, reading: &Reading) -> String {
    render::words::calendar_day(&reading.zone.at(at).date().to_string())
}

impl Shown {
    pub(super) fn of(line: Line, organisation: &str, reading: &Reading) -> Self {
        let d = &ENGLISH;
        let status = Status::of(&line.status).unwrap_or(Status::Ready);
        let left = match line.days_left {
            Some(days) => (d.left)(days),
            None if status.is_end() => String::new(),
            None if line.due_at.is_none() && status == Status::Waiting => d.paused.to_owned(),
            None => d.no_day.to_owned(),
        };
        Self {
            address: super::address(organisation, &line.id),
            number: line.id.chars().take(8).collect(),
            kind: (d.kind)(Kind::of(&line.kind).unwrap_or(Kind::Unsorted)),
            status: (d.status)(status),
            tag: tag(status),
            due: line.due_at.filter(|_| !status.is_end()).map(|at| day(at, reading)),
            left,
            urgency: urgency(line.days_left),
            came: day(line.received_at, reading),
            channel: (d.channel)(&line.channel),
            duplicate: line.duplicate,
            trouble: line.trouble,
        }
    }
}

#[derive(Template)]
#[template(path = "console/requests/queue.html")]
struct Page<'a> {
    frame: Frame<'a>,
    room: Room,
    title: &'a str,
    lines: Vec<Shown>,
    filter: Filter,
    more: Option<String>,
    filtered: bool,
}

impl Page<'_> {
    fn states(&self) -> Vec<(&'static str, &'static str, bool)> {
        let chosen = |status: Status| status.key() == self.filter.state;
        let one = |status: Status| (status.key(), (self.room.d.status)(status), chosen(status));
        Status::ALL.into_iter().map(one).collect()
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let chosen = |kind: Kind| kind.key() == self.filter.kind;
        let kinds = Kind::ALL.into_iter().chain([Kind::Unsorted]);
        kinds.map(|kind| (kind.key(), (self.room.d.kind)(kind), chosen(kind))).collect()
    }

    fn is_every(&self) -> bool {
        self.filter.list == "every"
    }

    fn is_first(&self) -> bool {
        self.filter.after.is_empty()
    }
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let organisation = asked(&filter.organisation, &actor).to_owned();
    let status = match filter.state.as_str() {
        "" => None,
        key => Some(Status::of(key).ok_or(Failure::NotFound)?),
    };
    let kind = match filter.kind.as_str() {
        "" => None,
        key => Some(Kind::of(key).ok_or(Failure::NotFound)?),
    };
    let place = match (filter.at.parse::<i64>(), filter.after.as_str()) {
        (_, "") => None,
        (Ok(at), id) => Some(Place { at: Micros(at), id: id.to_owned() }),
        (Err(_), _) => return Err(Failure::NotFound),
    };
    // What has ended stands in no queue.
    let every = filter.list == "every" || status.is_some_and(Status::is_end);
    let wanted = Wanted { status, kind };
    let house = &site.house;
    let (of, from, limit) = (organisation.as_str(), place.as_ref(), ON_A_PAGE + 1);
    let mut lines = if every {
        house.every_request(&actor, of, wanted, from, limit).await?
    } else {
        house.queue(&actor, of, wanted, from, limit).await?
    };
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let is_more = lines.len() > on_a_page;
    lines.truncate(on_a_page);
    let more = lines.last().filter(|_| is_more).map(|last| {
        // The queue is ordered by the day of the answer; what has none comes last.
        let at = if every { last.received_at } else { last.due_at.unwrap_or(Micros(i64::MAX)) };
        let encoded = crate::centre::encoded;
        format!(
            "/console/requests?organisation={}&state={}&kind={}&list={}&at={}&after={}",
            encoded(of),
            encoded(&filter.state),
            encoded(&filter.kind),
            if every { "every" } else { "" },
            at.0,
            encoded(&last.id)
        )
    });
    let lines = lines.into_iter().map(|line| Shown::of(line, of, &reading)).collect();
    let room = Room::new(&site, &reading, &actor, "queue", of);
    page(&Page {
        frame: frame(&site, &reading, &actor),
        title: room.d.requests,
        lines,
        more,
        filtered: status.is_some() || kind.is_some(),
        filter,
        room,
    })
}

/// What is late, due today, or due within a week.
pub(in crate::console) struct Due {
    pub(in crate::console) lines: Vec<Shown>,
    pub(in crate::console) title: &'static str,
}

/// The first requests that are due within a week, of every organisation that somebody reaches.
pub(in crate::console) async fn due(
    site: &Site,
    reading: &Reading,
    actor: &Actor,
) -> Result<Due, Failure> {
    const MOST: u32 = 10;
    let mut found = Vec::new();
    if site.authority.may(actor, Action::ReadRequests, actor.home()) == Decision::Allow {
        for (key, _) in super::reached(site, reading, actor) {
            let lines = site.house.queue(actor, &key, Wanted::default(), None, MOST).await?;
            let soon = lines.into_iter().filter(|line| line.days_left.is_some_and(|left| left < 7));
            found.extend(soon.map(|line| (line.due_at, key.clone(), line)));
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let lines = found.into_iter().take(most);
    let lines = lines.map(|(_, key, line)| Shown::of(line, &key, reading)).collect();
    Ok(Due { lines, title: ENGLISH.due_today })
}
