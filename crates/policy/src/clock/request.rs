//! The clocks of one request: the notice's own beside those of the law.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Confidence, Facts, Kind, Lapse, LapseUnit, PauseReason, Rule, around, book};
use crate::calendar::Calendar;
use crate::{Policy, RequestKind, Right};

/// Until when one request is to be answered, and by whose word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestClock {
    /// What was asked.
    pub kind: RequestKind,
    /// The person's place, if it is known.
    pub place: Option<String>,
    /// The places that were looked at: the person's, or every place of the policy.
    pub candidates: Vec<String>,
    /// The day on which it was received.
    pub received: Date,
    /// Until when the person hears that it arrived, where somebody asks for that.
    pub acknowledge_by: Option<Date>,
    /// Until when it is answered: the earliest of the sources. `None` where nobody names a number, or
    /// while every clock stands still.
    pub answer_by: Option<Date>,
    /// Until when it could be answered if it were put off, where that is later.
    pub extended_until: Option<Date>,
    /// What every clock waits for, if all of them stand still.
    pub waits_for: Option<PauseReason>,
    /// Everybody who sets a date, the strictest first.
    pub sources: Vec<Source>,
    /// Rules of the place that set no date, and why.
    pub set_aside: Vec<SetAside>,
    /// Whether the date comes from a rule that was not verified.
    pub unverified: bool,
    /// The day of the book of rules that was used.
    pub book: Date,
}

/// Somebody who sets a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who.
    pub by: SourceOf,
    /// The law or the notice, in words.
    pub title: String,
    /// The person's place under which it was found.
    pub place: Option<String>,
    /// The last day; while the clock stands still, the earliest that it can be.
    pub due: Date,
    /// What is awaited, if it stands still.
    pub waits_for: Option<PauseReason>,
    /// Until when the person hears that the request arrived.
    pub acknowledge: Option<Date>,
    /// The last day if the answer is put off.
    pub extended: Option<Date>,
    /// How the last day was found.
    pub how: Vec<String>,
    /// How surely a law was read.
    pub confidence: Option<Confidence>,
    /// Where.
    pub urls: Vec<String>,
}

/// Who sets a date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceOf {
    /// The notice, as policy.yaml says under `rights`.
    Notice,
    /// A rule of the book, by its key.
    Rule(String),
}

/// A rule of the place that sets no date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SetAside {
    /// Its key.
    pub rule: String,
    /// Why not.
    pub why: String,
}

impl RequestClock {
    /// The source that sets the date.
    pub fn strictest(&self) -> Option<&Source> {
        self.sources.iter().find(|source| source.waits_for.is_none())
    }
}

/// The clocks of a request.
///
/// Local law stands beside the notice and the earlier day counts, so the law wins where it is stricter
/// and the notice where it promises more. A person whose place is not known has the shortest clock of
/// all places of the policy.
pub fn of_request(
    policy: &Policy,
    kind: RequestKind,
    place: Option<&str>,
    facts: &Facts,
) -> RequestClock {
    let candidates = match place {
        Some(place) => vec![place.to_owned()],
        None => places_of(policy),
    };
    let received = facts.received.date();
    let mut sources: Vec<Source> = Vec::new();
    let mut set_aside = BTreeSet::new();
    if candidates.is_empty() {
        sources.extend(policy.right(kind, None).and_then(|right| by_notice(right, None, facts)));
    }
    for candidate in &candidates {
        if let Some(right) = policy.right(kind, Some(candidate)) {
            // A right that everybody has is one clock, however many places are looked at.
            let limited = (!right.places.is_empty()).then_some(candidate.as_str());
            sources.extend(by_notice(right, limited, facts));
        }
        for rule in rules_of(policy, kind, candidate) {
            if let Some(why) = why_not(rule, received) {
                set_aside.insert(SetAside { rule: rule.id.clone(), why });
                continue;
            }
            let calendar = rule.calendar_for(Some(candidate));
            match by_rule(rule, candidate, facts, calendar) {
                Some(source) => sources.push(source),
                None => {
                    let why = rule.standard.as_deref().unwrap_or("it names no number");
                    let why = format!("no number of days: {why}");
                    set_aside.insert(SetAside { rule: rule.id.clone(), why });
                }
            }
        }
    }
    sources.sort_by(|a, b| {
        (a.waits_for.is_some(), a.due, &a.by, &a.place).cmp(&(
            b.waits_for.is_some(),
            b.due,
            &b.by,
            &b.place,
        ))
    });
    // The strictest reading of one rule is enough: two places may know it.
    let mut seen = BTreeSet::new();
    sources.retain(|source| {
        let place = matches!(source.by, SourceOf::Notice).then(|| source.place.clone());
        seen.insert((source.by.clone(), place))
    });
    let running = || sources.iter().filter(|source| source.waits_for.is_none());
    let answer_by = running().map(|source| source.due).min();
    let extended_until = running().map(|source| source.extended.unwrap_or(source.due)).min();
    let waits_for =
        if answer_by.is_none() { sources.first().and_then(|s| s.waits_for) } else { None };
    let unverified = running()
        .next()
        .and_then(|source| source.confidence)
        .is_some_and(Confidence::is_unverified);
    RequestClock {
        kind,
        place: place.map(str::to_owned),
        candidates,
        received,
        acknowledge_by: sources.iter().filter_map(|source| source.acknowledge).min(),
        answer_by,
        extended_until: extended_until.filter(|until| Some(*until) > answer_by),
        waits_for,
        unverified,
        sources,
        set_aside: set_aside.into_iter().collect(),
        book: book().compiled,
    }
}

/// Where a person of unknown place may be: the places of the policy, or where the organisation is.
fn places_of(policy: &Policy) -> Vec<String> {
    if !policy.places.is_empty() {
        return policy.places.iter().map(|place| place.key.clone()).collect();
    }
    let own = &policy.organisation;
    vec![match &own.region {
        Some(region) if !region.starts_with(&own.country) => format!("{}-{region}", own.country),
        Some(region) => region.clone(),
        None => own.country.clone(),
    }]
}

/// The keys of the places whose rules hold in a place: its own, those that it lies in by its key, and
/// those that the policy puts it in.
pub fn keys_around<'p>(policy: &'p Policy, place: &'p str) -> BTreeSet<&'p str> {
    let mut keys: BTreeSet<&str> = around(place).collect();
    let mut here = place;
    // Bounded, in case places lie within each other.
    for _ in 0..=policy.places.len() {
        let known = policy.places.iter().find(|known| known.key == here);
        let Some(within) = known.and_then(|known| known.within.as_deref()) else { break };
        keys.extend(around(within));
        here = within;
    }
    keys
}

/// The rules about such a request for a person in this place.
pub(super) fn rules_of<'p>(
    policy: &'p Policy,
    kind: RequestKind,
    place: &'p str,
) -> impl Iterator<Item = &'static Rule> + use<'p> {
    let keys = keys_around(policy, place);
    book().rules.iter().filter(move |rule| {
        keys.contains(rule.place.as_str())
            && rule.requests.contains(&kind)
            && matches!(rule.kind, Kind::Rights | Kind::OptOut | Kind::Unsubscribe | Kind::Ai)
    })
}

pub(super) fn why_not(rule: &Rule, received: Date) -> Option<String> {
    if !rule.in_force {
        return Some("not law yet".to_owned());
    }
    if !rule.holds_on(received) {
        return Some(match (rule.effective_from, rule.effective_until) {
            (Some(from), _) if received < from => format!("holds from {from} on"),
            (_, Some(until)) => format!("held until {until}"),
            _ => "does not hold".to_owned(),
        });
    }
    if rule.binds() { None } else { rule.only.as_ref().map(|only| format!("only for {only}")) }
}

fn by_rule(
    rule: &Rule,
    place: &str,
    facts: &Facts,
    calendar: Option<&'static Calendar>,
) -> Option<Source> {
    let due = rule.answer(facts, calendar)?;
    Some(Source {
        by: SourceOf::Rule(rule.id.clone()),
        title: format!("{}, {}", rule.law, rule.cite),
        place: Some(place.to_owned()),
        due: due.on,
        waits_for: due.stopped,
        acknowledge: rule.acknowledgement(facts, calendar).map(|due| due.on),
        extended: rule.answer_if_extended(facts, calendar).map(|due| due.on),
        how: due.how,
        confidence: Some(rule.confidence),
        urls: rule.sources.clone(),
    })
}

/// The notice's own clock: days from receipt, which nothing stops.
pub(super) fn by_notice(right: &Right, place: Option<&str>, facts: &Facts) -> Option<Source> {
    let days = |count: u16| Lapse { count: u32::from(count), unit: LapseUnit::Days };
    let after = |count: u16| days(count).after(&facts.received, None);
    let extended = right.extend_days.and_then(|more| after(right.days.saturating_add(more)));
    let due = match &extended {
        Some(extended) if facts.extended.is_some() => extended.clone(),
        _ => after(right.days)?,
    };
    Some(Source {
        by: SourceOf::Notice,
        title: "the notice".to_owned(),
        place: place.map(str::to_owned),
        due: due.on,
        waits_for: None,
        acknowledge: right.acknowledge_days.and_then(after).map(|due| due.on),
        extended: extended.map(|extended| extended.on),
        how: due.how,
        confidence: None,
        urls: Vec::new(),
    })
}
