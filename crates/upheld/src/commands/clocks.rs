//! `upheld clocks`, and what is told of the clock of one request.

use std::process::ExitCode;

use app::clock::{RuleLine, Sheet, Snapshot, Stand, Tally, Wish, shown};
use app::{House, Result};
use policy::RequestKind;
use policy::clock::{Confidence, PauseReason, RequestClock, Source};
use render::text::wrap;
use render::words::{calendar_day, count};

use crate::args::Clocks;
use crate::screen::Screen;

const COLUMNS: usize = 100;

pub(crate) fn run(house: &House, wish: Clocks, screen: &Screen) -> Result<ExitCode> {
    let Clocks { place, kind, received, all } = wish;
    let sheet = house.clocks(&Wish { place, kind, received, all })?;
    screen.json(&serde_json::json!(sheet));
    heading(&sheet, screen);
    for clock in &sheet.requests {
        request(clock, true, all, screen);
    }
    for line in &sheet.rules {
        rule(line, screen);
    }
    if sheet.not_shown > 0 {
        let more = count(sheet.not_shown as u64, "further clock", "further clocks");
        screen.say("");
        say(
            screen,
            0,
            &format!(
                "{more} of these places about breaches, retention, complaints and the like: `--all` shows them."
            ),
        );
    }
    screen.say("");
    say(
        screen,
        0,
        &format!(
            "Rules as of {}. Not legal advice; ◆ marks what was not verified: read the source first.",
            calendar_day(&sheet.book.to_string())
        ),
    );
    Ok(ExitCode::SUCCESS)
}

fn heading(sheet: &Sheet, screen: &Screen) {
    let places = sheet.places.join(", ");
    let day = calendar_day(&sheet.received.to_string());
    let from = match &sheet.place {
        Some(place) => format!("Received on {day} from a person in {place}."),
        None if sheet.places.len() == 1 => {
            format!("Received on {day}; the place is taken to be {places}.")
        }
        None => format!(
            "Received on {day}; the person's place is not known, so the shortest clock of {places} counts."
        ),
    };
    say(screen, 0, &from);
}

/// Text in lines that fit, a number of columns to the right.
fn say(screen: &Screen, indent: usize, text: &str) {
    for line in wrap(text, COLUMNS - indent) {
        screen.say(&format!("{:indent$}{line}", ""));
    }
}

fn mark(confidence: Option<Confidence>) -> String {
    match confidence {
        None => String::new(),
        Some(confidence) if confidence.is_unverified() => " ◆ unverified".to_owned(),
        Some(confidence) => format!(" ({})", confidence.title()),
    }
}

fn request(clock: &RequestClock, urls: bool, all: bool, screen: &Screen) {
    let kind = clock.kind.key().replace('_', " ");
    let day = |day: policy::clock::Day| calendar_day(&day.to_string());
    let mut line = match (clock.answer_by, clock.waits_for) {
        (Some(due), _) => format!("{kind}: answer by {}", day(due)),
        (None, Some(reason)) => format!("{kind}: the clock waits for {}", reason.title()),
        (None, None) => format!("{kind}: nobody names a last day"),
    };
    if let Some(until) = clock.extended_until {
        line.push_str(&format!(", put off by {} at most", day(until)));
    }
    if let Some(by) = clock.acknowledge_by {
        line.push_str(&format!("; say by {} that it arrived", day(by)));
    }
    if clock.unverified {
        line.push_str(" ◆ unverified");
    }
    screen.say("");
    say(screen, 0, &line);
    if matches!(clock.kind, RequestKind::OptOut | RequestKind::ConsentWithdrawal) {
        say(screen, 2, "It is to take effect at once; that day is the last on which it must.");
    }
    for source in &clock.sources {
        one_source(source, clock.candidates.len() > 1, screen);
        // Not wrapped: an address is copied whole.
        for url in source.urls.iter().filter(|_| urls) {
            screen.say(&format!("{:14}{url}", ""));
        }
    }
    if clock.sources.is_empty() || all {
        for aside in &clock.set_aside {
            say(screen, 2, &format!("– {} sets no date: {}", aside.rule, aside.why));
        }
    } else if !clock.set_aside.is_empty() {
        let more = count(clock.set_aside.len() as u64, "rule sets", "rules set");
        say(screen, 2, &format!("{more} no date here: `--all` says why"));
    }
}

fn one_source(source: &Source, several: bool, screen: &Screen) {
    // Where only one place is looked at it need not be said again.
    let place = source.place.as_ref().filter(|_| several);
    let place = place.map(|place| format!(", in {place}")).unwrap_or_default();
    let title = format!("{}{place}{}", source.title, mark(source.confidence));
    let mut first = source.due.to_string();
    for line in wrap(&title, COLUMNS - 14) {
        screen.say(&format!("  {first:<10}  {line}"));
        first.clear();
    }
    say(screen, 14, &source.how.join("; "));
}

fn rule(line: &RuleLine, screen: &Screen) {
    let rule = line.rule;
    let due = match (&line.due, rule.respond, &rule.standard) {
        (Some(due), Some(within), _) => format!("{within}: {}", shown(due)),
        (_, _, Some(standard)) => standard.clone(),
        _ => "no time is named".to_owned(),
    };
    screen.say("");
    let holds = if line.holds { "" } else { ", not in force on that day" };
    let kind = rule.kind.key().replace('_', " ");
    say(screen, 0, &format!("{kind}, {}: {due}{holds}{}", rule.place, mark(Some(rule.confidence))));
    let only = rule.only.as_ref().map(|only| format!("; only for {only}")).unwrap_or_default();
    say(screen, 2, &format!("{}, {} [{}]{only}", rule.law, rule.cite, rule.id));
    say(screen, 2, &format!("counted from {}", rule.starts.title()));
    for further in &line.further {
        let mark = if further.unverified { " ◆ unverified" } else { "" };
        say(screen, 2, &format!("– {}: {}{mark}", further.what, further.when));
    }
    if let Some(note) = &rule.note {
        say(screen, 2, note);
    }
    for url in &rule.sources {
        screen.say(&format!("  {url}"));
    }
}

pub(crate) async fn extend(
    house: &House,
    id: &str,
    reason: &str,
    screen: &Screen,
) -> Result<ExitCode> {
    let (id, snapshot) = house.extend_request(id, reason).await?;
    tell(&id, &snapshot, "Put off. Tell the person the reason and the new day.", screen);
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn pause(
    house: &House,
    id: &str,
    waits_for: &str,
    screen: &Screen,
) -> Result<ExitCode> {
    let reason = match waits_for {
        "identity" => PauseReason::Identity,
        "fee" => PauseReason::Fee,
        _ => PauseReason::Clarification,
    };
    let (id, snapshot) = house.pause_request(id, reason).await?;
    let stopped = snapshot.clock.sources.iter().filter(|source| source.waits_for.is_some()).count();
    let all = snapshot.clock.sources.len();
    let text = match (stopped, all) {
        (0, _) => format!("Noted. No clock of this request stops for {}.", reason.title()),
        (some, all) if some < all => {
            format!("{some} of {all} clocks stand still for {}; the others go on.", reason.title())
        }
        _ => format!("The clock stands still until {} is here.", reason.title()),
    };
    tell(&id, &snapshot, &text, screen);
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn go_on(house: &House, id: &str, screen: &Screen) -> Result<ExitCode> {
    let (id, snapshot) = house.resume_clock(id).await?;
    tell(&id, &snapshot, "The clock goes on.", screen);
    Ok(ExitCode::SUCCESS)
}

fn tell(id: &str, snapshot: &Snapshot, first: &str, screen: &Screen) {
    screen.json(&serde_json::json!({ "request": id, "clock": snapshot.clock }));
    screen.say(first);
    request(&snapshot.clock, false, false, screen);
}

/// Where a clock stands, in a few words for a list.
pub(crate) fn in_words(stand: &Stand) -> String {
    let mark = if stand.unverified { " ◆ unverified" } else { "" };
    if let Some(ended) = stand.ended {
        return match stand.in_time {
            Some(true) => "answered in time".to_owned(),
            Some(false) => format!("answered late, on {}", ended.on),
            None if ended.answered => format!("answered on {}", ended.on),
            None => format!("closed on {}", ended.on),
        };
    }
    match (stand.due, stand.days_left) {
        (Some(due), Some(left)) if left < 0 => {
            format!(
                "due {due}, {} late{mark}",
                count(u64::from(left.unsigned_abs()), "day", "days")
            )
        }
        (Some(due), Some(left)) => {
            format!(
                "due {due}, {} left{mark}",
                count(u64::from(left.unsigned_abs()), "day", "days")
            )
        }
        _ => stand.waits_for.map_or_else(
            || "no last day".to_owned(),
            |reason| format!("waits for {}", reason.title()),
        ),
    }
}

/// All clocks in one line below a list.
pub(crate) fn in_sum(tally: &Tally) -> String {
    let mut parts = vec![count(tally.open, "open", "open")];
    let more = [
        (tally.overdue, "late"),
        (tally.near, "due within a week"),
        (tally.waiting, "waiting for the person"),
        (tally.undated, "without a last day"),
    ];
    parts.extend(more.iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(*n, what, what)));
    let answered = [
        (tally.answered_in_time, "answered in time"),
        (tally.answered_late, "answered late"),
        (tally.answered_undated, "answered without a last day"),
        (tally.closed, "closed without an answer"),
    ];
    parts.extend(answered.iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(*n, what, what)));
    parts.join(", ")
}
