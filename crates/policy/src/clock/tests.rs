//! The book as it ships, and the clocks of requests under a policy.

use jiff::civil::date;

use super::rule::read;
use super::*;
use crate::{RequestKind, calendar};

#[test]
fn every_row_is_read_into_types() {
    let book = read().unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(book.rules.len(), 118);
    let mut ids: Vec<_> = book.rules.iter().map(|rule| rule.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 118);
    for rule in &book.rules {
        let id = &rule.id;
        assert!(rule.respond.is_some() || rule.standard.is_some(), "{id} says nothing about time");
        assert!(!rule.sources.is_empty(), "{id} names no source");
        assert!(rule.sources.iter().all(|url| url.starts_with("https://")), "{id}");
        assert!(rule.extend.is_none() || rule.respond.is_some(), "{id}");
        assert!(rule.appeal_extend.is_none() || rule.appeal.is_some(), "{id}");
        for further in &rule.further {
            let counts = further.within.is_some() && further.starts.is_some();
            assert!(counts != further.standard.is_some() || further.when.is_some(), "{id}");
        }
        let lapses = [rule.acknowledge, rule.respond, rule.extend, rule.appeal];
        let further = rule.further.iter().map(|further| further.within);
        let by_business = |lapse: Lapse| lapse.unit == LapseUnit::BusinessDays;
        if lapses.into_iter().chain(further).flatten().any(by_business) || rule.rolls {
            assert!(rule.calendar_for(None).is_some(), "{id} needs a calendar");
        }
        if let Some(own) = &rule.calendar {
            assert!(calendar::calendar(own).is_some(), "{id}: {own}");
        }
    }
}

/// What no machine can compute, by row: a change here is a change of what people are told.
#[test]
fn what_stays_words_is_counted() {
    let words: Vec<&str> = book()
        .rules
        .iter()
        .filter(|rule| rule.respond.is_none())
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(
        words,
        [
            "uk.dpa.complaint",
            "us-vt.consumer",
            "us.glba",
            "us.coppa",
            "eu.aiact.art50",
            "eu.aiact.art86",
            "ca-qc.adm",
            "au.app1-adm",
            "ca.pipeda.breach",
            "ca-qc.incident",
            "us-ar.breach",
            "us-ok.breach",
            "us-other.breach",
            "soc2.logs",
            "gdpr.5-1-e",
            "us.coppa.retention",
        ]
    );
    let by = |confidence| book().rules.iter().filter(|r| r.confidence == confidence).count();
    assert_eq!((by(Confidence::V1), by(Confidence::V2), by(Confidence::K)), (32, 43, 43));
}

fn policy(extra: &str) -> crate::Policy {
    let text = format!(
        "organisation:\n  name: Acme IT\n  country: CA\n  contact: {{ email: privacy@acme.example }}\n\
         notice: {{ file: notice.md, version: \"1\", effective: 2026-01-01 }}\n{extra}"
    );
    let files = crate::Sources::from_iter([
        ("policy.yaml", text.as_str()),
        ("notice.md", "# Notice\n\nWe answer within 30 days.\n"),
        ("classification.yaml", "rows: []\n"),
        ("promises.yaml", "promises: []\n"),
    ]);
    let checked = crate::load(&files);
    checked.policy.unwrap_or_else(|| panic!("{}", crate::render(&checked.findings, false, 100)))
}

const PLACES: &str = "places:\n  - { key: CA, title: Canada }\n  - { key: CA-QC, title: Quebec, within: CA }\n  \
    - { key: US-CA, title: California }\n  - { key: EEA, title: EEA }\n  - { key: DE, title: Germany, within: EEA }\n";

#[test]
fn the_earlier_of_notice_and_law_counts_and_both_are_shown() {
    let rights = "rights:\n  - { right: access, days: 40, acknowledge_days: 7, extend_days: 45 }\n";
    let policy = policy(&format!("{PLACES}{rights}"));
    let facts = Facts::on(date(2026, 11, 20));
    let at = |place| of_request(&policy, RequestKind::Access, place, &facts);
    for (place, due, by, extended, acknowledge, sources) in [
        // PIPEDA's 30 days are stricter than the notice's 40; Quebec allows no extension.
        (
            Some("CA"),
            date(2026, 12, 20),
            "ca.pipeda.access",
            Some(date(2027, 1, 19)),
            date(2026, 11, 27),
            2,
        ),
        (Some("CA-QC"), date(2026, 12, 20), "ca-qc.law25", None, date(2026, 11, 27), 3),
        // California gives 45 days: the notice promises more, and acknowledges sooner.
        (
            Some("US-CA"),
            date(2026, 12, 30),
            "notice",
            Some(date(2027, 2, 13)),
            date(2026, 11, 27),
            2,
        ),
        (
            Some("DE"),
            date(2026, 12, 21),
            "eu.gdpr.dsr",
            Some(date(2027, 2, 13)),
            date(2026, 11, 27),
            2,
        ),
        (None, date(2026, 12, 20), "ca-qc.law25", None, date(2026, 11, 27), 5),
    ] {
        let clock = at(place);
        let strictest = clock.strictest().unwrap();
        let name = match &strictest.by {
            SourceOf::Notice => "notice",
            SourceOf::Rule(id) => id,
        };
        assert_eq!((clock.answer_by, name), (Some(due), by), "{place:?} {:#?}", clock.sources);
        assert_eq!(clock.extended_until, extended, "{place:?}");
        assert_eq!(clock.acknowledge_by, Some(acknowledge), "{place:?}");
        assert_eq!(clock.sources.len(), sources, "{place:?} {:#?}", clock.sources);
    }
    assert!(at(Some("CA-QC")).unverified);
    assert!(!at(Some("US-CA")).unverified);
}

#[test]
fn rules_for_some_only_or_not_in_force_are_named_and_set_no_date() {
    let policy = policy(PLACES);
    let facts = Facts::on(date(2026, 11, 20));
    let clock = of_request(&policy, RequestKind::Erasure, Some("US-WA"), &facts);
    assert_eq!(clock.answer_by, None);
    assert_eq!(clock.set_aside.len(), 1);
    assert_eq!(clock.set_aside[0].why, "only for consumer health data");
    let clock = of_request(&policy, RequestKind::Access, Some("IN"), &facts);
    assert_eq!(clock.set_aside[0].why, "holds from 2027-05-13 on");
    let later = Facts::on(date(2027, 6, 1));
    let clock = of_request(&policy, RequestKind::Access, Some("IN"), &later);
    assert_eq!(clock.answer_by, Some(date(2027, 8, 30)));
}

#[test]
fn a_clock_that_stands_still_says_what_it_waits_for() {
    let policy = policy(PLACES);
    let facts = Facts::on(date(2026, 6, 1)).paused(PauseReason::Identity, date(2026, 6, 3), None);
    let clock = of_request(&policy, RequestKind::Erasure, Some("GB-SCT"), &facts);
    assert_eq!((clock.answer_by, clock.waits_for), (None, Some(PauseReason::Identity)));
    // California's clock does not stop for it.
    let clock = of_request(&policy, RequestKind::Erasure, Some("US-CA"), &facts);
    assert_eq!((clock.answer_by, clock.waits_for), (Some(date(2026, 7, 16)), None));
}

#[test]
fn a_snapshot_survives_being_written_down() {
    let policy = policy(PLACES);
    let facts = Facts::on(date(2026, 11, 20));
    let clock = of_request(&policy, RequestKind::Access, None, &facts);
    let text = serde_json::to_string(&(&clock, &facts)).unwrap();
    let (back, facts_back): (RequestClock, Facts) = serde_json::from_str(&text).unwrap();
    assert_eq!((back, facts_back), (clock, facts));
}
