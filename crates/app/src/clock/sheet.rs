//! Which clocks hold in a place, and what they come to: for reading, without any request.

use std::collections::BTreeSet;

use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use policy::RequestKind;
use policy::clock::{
    Confidence, Deadline, Facts, Kind, RequestClock, Rule, Start, book, keys_around, of_request,
};
use serde::Serialize;

use super::{known_place, received};
use crate::house::House;
use crate::{Error, Result};

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The person's place; unknown, every place of the policy is looked at.
    pub place: Option<String>,
    /// A kind of request (`access`) or of clock (`breach`).
    pub kind: Option<String>,
    /// The day, or the moment where hours count, from which is counted. Unlike a request's it may lie
    /// in the future.
    pub received: Option<String>,
    /// Also clocks that are about no request.
    pub all: bool,
}

/// The clocks of a place.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    /// The person's place, if one was given.
    pub place: Option<String>,
    /// The places looked at.
    pub places: Vec<String>,
    /// From when is counted.
    pub received: Date,
    /// The clock of each kind of request that somebody sets one for.
    pub requests: Vec<RequestClock>,
    /// Further clocks.
    pub rules: Vec<RuleLine>,
    /// How many further clocks of these places are not shown.
    pub not_shown: usize,
    /// The day of the book of rules.
    pub book: Date,
}

/// A clock that is about no request.
#[derive(Debug, Clone, Serialize)]
pub struct RuleLine {
    /// The row.
    pub rule: &'static Rule,
    /// Whether it holds on that day.
    pub holds: bool,
    /// Until when, if what starts it happened then.
    pub due: Option<Deadline>,
    /// Who else must hear, and until when, in the order of the row.
    pub further: Vec<FurtherLine>,
}

/// Somebody else who must hear.
#[derive(Debug, Clone, Serialize)]
pub struct FurtherLine {
    /// Who.
    pub what: String,
    /// Until when, or what the law says instead of a number.
    pub when: String,
    /// Whether it was not verified.
    pub unverified: bool,
}

enum Looked {
    Every,
    Request(RequestKind),
    Rules(Kind),
}

impl House {
    /// Which clocks hold where, and what they come to.
    pub fn clocks(&self, wish: &Wish) -> Result<Sheet> {
        let policy = self.policy(false)?;
        if let Some(place) = &wish.place {
            known_place(&policy, place)?;
        }
        let looked = looked_for(wish.kind.as_deref())?;
        let from = self.moment(wish.received.as_deref())?;
        let facts = Facts::at(from.clone());
        let clock = |kind| of_request(&policy, kind, wish.place.as_deref(), &facts);
        let requests: Vec<RequestClock> = match looked {
            Looked::Every => {
                let all = RequestKind::ALL.into_iter().map(clock);
                all.filter(|clock| !clock.sources.is_empty() || wish.all).collect()
            }
            Looked::Request(kind) => vec![clock(kind)],
            Looked::Rules(_) => Vec::new(),
        };
        let places = clock(RequestKind::Access).candidates;
        let keys: BTreeSet<&str> =
            places.iter().flat_map(|place| keys_around(&policy, place)).collect();
        let here = |rule: &&Rule| keys.contains(rule.place.as_str());
        let others: Vec<&'static Rule> = book()
            .rules
            .iter()
            .filter(here)
            .filter(|rule| match looked {
                Looked::Rules(kind) => rule.kind == kind,
                Looked::Every => rule.requests.is_empty(),
                Looked::Request(_) => false,
            })
            .collect();
        let shown = wish.all || matches!(looked, Looked::Rules(_));
        let not_shown = if shown { 0 } else { others.len() };
        let rules = others.into_iter().filter(|_| shown);
        let rules = rules.map(|rule| line(rule, wish.place.as_deref(), &from, &facts)).collect();
        let received = from.date();
        let book = book().compiled;
        Ok(Sheet { place: wish.place.clone(), places, received, requests, rules, not_shown, book })
    }

    fn moment(&self, text: Option<&str>) -> Result<Zoned> {
        let now = received(self, None)?;
        let Some(text) = text else { return Ok(now) };
        let refused = || {
            Error::Refused(format!(
                "`{text}` is not a moment: write a day as 2026-11-20, or an hour as 2026-11-20T16:30"
            ))
        };
        let zone = now.time_zone().clone();
        let moment = match text.parse::<DateTime>() {
            Ok(moment) => moment.to_zoned(zone),
            Err(_) => text.parse::<Date>().map_err(|_| refused())?.to_zoned(zone),
        };
        moment.map_err(|_| refused())
    }
}

fn looked_for(word: Option<&str>) -> Result<Looked> {
    let Some(word) = word else { return Ok(Looked::Every) };
    let word = match word.replace('-', "_").as_str() {
        "erase" => "erasure".to_owned(),
        "rectify" => "rectification".to_owned(),
        word => word.to_owned(),
    };
    // An opt-out is both, and as a request it has the notice beside it.
    if let Some(kind) = RequestKind::ALL.into_iter().find(|kind| kind.key() == word) {
        return Ok(Looked::Request(kind));
    }
    if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.key() == word) {
        return Ok(Looked::Rules(kind));
    }
    let requests = RequestKind::ALL.iter().map(|kind| kind.key());
    let rules = Kind::ALL.iter().map(|kind| kind.key());
    let mut words: Vec<&str> = requests.chain(rules).collect();
    // An opt-out is both.
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(*word));
    Err(Error::Refused(format!("`{word}` is no kind of clock: one of {}", words.join(", "))))
}

fn line(rule: &'static Rule, place: Option<&str>, from: &Zoned, facts: &Facts) -> RuleLine {
    let calendar = rule.calendar_for(place);
    let further = rule.further.iter().map(|further| {
        // Only what counts from the same event has a date; the others count from one that is still
        // to come.
        let same = further.starts == Some(rule.starts);
        let due = same.then(|| further.due(from, calendar)).flatten();
        let when = match (due, further.within, further.starts, &further.standard) {
            (Some(due), ..) => shown(&due),
            (None, Some(within), start, _) => {
                format!("{within} from {}", start.map_or("then", Start::title))
            }
            (None, None, _, Some(standard)) => standard.clone(),
            (None, None, _, None) => "no time is named".to_owned(),
        };
        let when = match &further.when {
            Some(condition) => format!("{when} ({condition})"),
            None => when,
        };
        let confidence = further.confidence.unwrap_or(rule.confidence);
        FurtherLine {
            what: further.what.clone(),
            when,
            unverified: Confidence::is_unverified(confidence),
        }
    });
    RuleLine {
        rule,
        holds: rule.holds_on(from.date()),
        due: rule.answer(facts, calendar),
        further: further.collect(),
    }
}

/// A last day, or a last moment.
pub fn shown(due: &Deadline) -> String {
    due.at
        .as_ref()
        .map_or_else(|| due.on.to_string(), |at| at.strftime("%Y-%m-%d %H:%M %:z").to_string())
}
