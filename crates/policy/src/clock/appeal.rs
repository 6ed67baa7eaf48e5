//! The clock of an appeal: somebody who was answered asks us to look again.

use std::collections::BTreeSet;

use jiff::Zoned;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::request::{by_notice, rules_of, why_not};
use super::{Confidence, Facts, RequestClock, Rule, Source, SourceOf};
use crate::Policy;

/// Until when an appeal is answered, and by whose word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealClock {
    /// The day on which it was received.
    pub received: Date,
    /// Until when it is answered. `None` where neither a law nor the notice names a number.
    pub answer_by: Option<Date>,
    /// Until when it could be answered if it were put off, where that is later.
    pub extended_until: Option<Date>,
    /// Everybody who sets a date, the strictest first.
    pub sources: Vec<Source>,
    /// Whether the date comes from a rule that was not verified.
    pub unverified: bool,
}

/// The clock of an appeal against the answer to a request.
///
/// The laws that gave the request its clock are asked what they say of appeals, and the earliest day
/// counts. Where none says anything the notice's own time begins anew: whoever asks for a second look is
/// not worse off than whoever asks for a first one.
pub fn of_appeal(
    policy: &Policy,
    first: &RequestClock,
    received: &Zoned,
    is_put_off: bool,
) -> AppealClock {
    let on = received.date();
    let mut sources: Vec<Source> = Vec::new();
    let mut seen = BTreeSet::new();
    for candidate in &first.candidates {
        for rule in rules_of(policy, first.kind, candidate) {
            if why_not(rule, on).is_none() && !seen.contains(rule.id.as_str()) {
                let source = by_rule(rule, candidate, on, is_put_off);
                seen.extend(source.is_some().then_some(rule.id.as_str()));
                sources.extend(source);
            }
        }
    }
    if sources.is_empty() {
        let mut facts = Facts::at(received.clone());
        facts.extended = is_put_off.then_some(on);
        let places = first.candidates.iter().map(|place| Some(place.as_str()));
        let promised = places.chain([None]).filter_map(|place| {
            let right = policy.right(first.kind, place)?;
            by_notice(right, place.filter(|_| !right.places.is_empty()), &facts)
        });
        sources.extend(promised.min_by_key(|source| source.due));
    }
    sources.sort_by(|a, b| (a.due, &a.by).cmp(&(b.due, &b.by)));
    let answer_by = sources.first().map(|source| source.due);
    let until = sources.iter().map(|source| source.extended.unwrap_or(source.due)).min();
    let confidence = sources.first().and_then(|source| source.confidence);
    AppealClock {
        received: on,
        answer_by,
        extended_until: until.filter(|until| Some(*until) > answer_by),
        unverified: confidence.is_some_and(Confidence::is_unverified),
        sources,
    }
}

fn by_rule(rule: &Rule, place: &str, received: Date, is_put_off: bool) -> Option<Source> {
    let calendar = rule.calendar_for(Some(place));
    let later = rule.appeal(received, true, calendar);
    let due = match &later {
        Some(later) if is_put_off => later.clone(),
        _ => rule.appeal(received, false, calendar)?,
    };
    Some(Source {
        by: SourceOf::Rule(rule.id.clone()),
        title: format!("{}, {}", rule.law, rule.cite),
        place: Some(place.to_owned()),
        due: due.on,
        waits_for: None,
        acknowledge: None,
        extended: later.map(|due| due.on),
        how: due.how,
        confidence: Some(rule.confidence),
        urls: rule.sources.clone(),
    })
}
