//! The detector on texts whose labels are known because we made them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking; its numbers are small"
)]

#[path = "labelled/corpus.rs"]
mod corpus;
#[path = "labelled/secrets/mod.rs"]
mod secrets;

use std::collections::BTreeMap;

use detect::{DetectOptions, Detector};

#[test]
fn what_a_service_provider_keeps_is_found() {
    let detector = Detector::new(&DetectOptions::default()).unwrap();
    // Right findings, all findings, labels.
    let mut scores: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    let documents = corpus::documents(11, 3_000);
    let labelled: std::collections::BTreeSet<&str> =
        documents.iter().flat_map(|document| document.spans.iter().map(|span| span.2)).collect();
    for document in &documents {
        for (_, _, kind) in &document.spans {
            scores.entry(kind).or_default().2 += 1;
        }
        for found in detector.find(document.text.as_bytes()) {
            let key = found.kind.key();
            if labelled.contains(key) {
                let span = (found.start as usize, found.end as usize, key);
                let score = scores.entry(key).or_default();
                score.1 += 1;
                score.0 += usize::from(document.spans.contains(&span));
            }
        }
    }
    let mut low = Vec::new();
    let mut missed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for document in &documents {
        let found = detector.find(document.text.as_bytes());
        for (start, end, kind) in &document.spans {
            let right = found.iter().any(|one| {
                (one.start as usize, one.end as usize, one.kind.key()) == (*start, *end, *kind)
            });
            let examples = missed.entry(kind).or_default();
            if !right && examples.len() < 3 {
                examples.push(document.text[*start..*end].to_owned());
            }
        }
    }
    for (kind, (right, found, labels)) in &scores {
        let f1 = 2.0 * *right as f64 / (found + labels).max(1) as f64;
        let bar = match *kind {
            "contact.name" => 0.85,
            "contact.address" => 0.85,
            "network.serial" | "credential.password" => 0.93,
            _ => 0.97,
        };
        if f1 < bar {
            low.push(format!("{kind}: F1 {f1:.3} is below {bar} ({right} right of {found} found, {labels} labels): {:?}", missed.get(kind)));
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}

#[test]
fn logs_raise_few_false_alarms() {
    let detector = Detector::new(&DetectOptions::default()).unwrap();
    for sort in ["syslog", "nginx", "json", "windows", "firewall"] {
        let log = corpus::log(sort, 1_000_000, 5);
        let alarms: Vec<String> = detector
            .find(log.as_bytes())
            .iter()
            .filter(|found| {
                matches!(found.kind.key(), "contact.phone" | "financial.card" | "government.us_ssn")
            })
            .map(|found| {
                let from = (found.start as usize).saturating_sub(30);
                format!("{:?}: {:?}", found.kind, &log[from..found.end as usize])
            })
            .collect();
        assert!(
            alarms.len() <= 5,
            "{sort}: {} in one megabyte: {:?}",
            alarms.len(),
            alarms.get(..5)
        );
    }
}

#[test]
fn secrets_are_told_from_what_looks_like_them() {
    let detector = Detector::new(&DetectOptions::default()).unwrap();
    let (mut right, mut marked_lines, mut labels) = (0, 0, 0);
    for document in secrets::documents(7, 1_000) {
        let line = |at: usize| document.text[..at].matches('\n').count();
        let marked: std::collections::BTreeSet<usize> = detector
            .find(document.text.as_bytes())
            .iter()
            .filter(|found| found.kind.key().starts_with(secrets::SECRET))
            .map(|found| line(found.start as usize))
            .collect();
        let wanted: std::collections::BTreeSet<usize> =
            document.spans.iter().map(|span| line(span.0)).collect();
        right += marked.intersection(&wanted).count();
        marked_lines += marked.len();
        labels += wanted.len();
    }
    let f1 = 2.0 * right as f64 / (marked_lines + labels) as f64;
    assert!(f1 >= 0.85, "F1 {f1:.3}: {right} right of {marked_lines}, {labels} labels");
}
