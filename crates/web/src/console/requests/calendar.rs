//! A month, with what is due on each day.

use app::desk::{Place, Wanted};
use askama::Template;
use auth::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use model::Micros;
use serde::Deserialize;

use super::queue::Shown;
use super::{Frame, Room, asked, frame, page};
use crate::failure::Failure;
use crate::site::Shared;

/// So many requests of a month are shown; the queue has the others.
const MOST: u32 = 500;

/// Which month.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    organisation: String,
    /// As `2026-11`.
    month: String,
}

/// A day of the month.
struct Day {
    date: Date,
    /// Whether it lies in the month that is shown.
    inside: bool,
    today: bool,
    lines: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "console/requests/calendar.html")]
struct Page<'a> {
    frame: Frame<'a>,
    room: Room,
    title: &'a str,
    month: String,
    before: String,
    after: String,
    weeks: Vec<Vec<Day>>,
    empty: bool,
}

/// The first day of a month.
fn first(text: &str, today: Date) -> Result<Date, Failure> {
    if text.is_empty() {
        return Ok(today.first_of_month());
    }
    format!("{text}-01").parse().map_err(|_| Failure::NotFound)
}

fn as_month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let organisation = asked(&wish.organisation, &actor).to_owned();
    let now = reading.zone.at(site.house.now());
    let today = now.date();
    let first = first(&wish.month, today)?;
    let away = |_| Failure::NotFound;
    let last = first.last_of_month();
    let begins = first.to_zoned(now.time_zone().clone()).map_err(away)?.timestamp();
    let ends = last.tomorrow().and_then(|day| day.to_zoned(now.time_zone().clone()));
    let ends = ends.map_err(away)?.timestamp().as_microsecond();
    let from = Place { at: Micros(begins.as_microsecond() - 1), id: "~".to_owned() };
    let of = organisation.as_str();
    let found = site.house.queue(&actor, of, Wanted::default(), Some(&from), MOST).await?;
    let mut due: Vec<(Date, Shown)> = found
        .into_iter()
        .filter_map(|line| line.due_at.filter(|at| at.0 < ends).map(|at| (at, line)))
        .map(|(at, line)| (reading.zone.at(at).date(), Shown::of(line, of, &reading)))
        .collect();
    let empty = due.is_empty();
    let offset = i64::from(first.weekday().to_monday_zero_offset());
    let mut day = first.checked_sub(offset.days()).map_err(away)?;
    let mut weeks = Vec::new();
    while day <= last {
        let mut week = Vec::with_capacity(7);
        for _ in 0..7 {
            let (lines, rest) = due.into_iter().partition(|(on, _)| *on == day);
            due = rest;
            let lines: Vec<(Date, Shown)> = lines;
            let lines = lines.into_iter().map(|(_, line)| line).collect();
            let inside = day.month() == first.month();
            week.push(Day { date: day, inside, today: day == today, lines });
            day = day.tomorrow().map_err(away)?;
        }
        weeks.push(week);
    }
    let room = Room::new(&site, &reading, &actor, "calendar", of);
    let month = usize::from(first.month().unsigned_abs()).saturating_sub(1);
    let month = room.d.months.get(month).copied().unwrap_or_default();
    let encoded = crate::centre::encoded(of);
    let to = |day: Date| {
        format!("/console/requests/calendar?organisation={encoded}&month={}", as_month(day))
    };
    page(&Page {
        frame: frame(&site, &reading, &actor),
        title: room.d.calendar,
        month: format!("{month} {}", first.year()),
        before: to(first.checked_sub(1.month()).map_err(away)?),
        after: to(first.checked_add(1.month()).map_err(away)?),
        weeks,
        empty,
        room,
    })
}
