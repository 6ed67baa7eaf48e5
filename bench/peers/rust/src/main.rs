//! Runs one Rust peer over a file of labelled texts: `peers NAME FILE`. Each line of what it prints
//! is `{"id", "spans": [[start, end, TYPE, score]]}` with offsets in bytes; the last line is
//! `{"seconds": S}`, processor time of finding alone.
//!
//! Which of a peer's types is which of the corpora's is decided here, in its favour: a type that it
//! does not have is not held against it, and it is asked as its own documents say.

use std::collections::BTreeMap;

use serde_json::{Value, json};

type Span = (usize, usize, &'static str, f64);

/// Processor time of this thread.
fn seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("no /proc");
    let nanoseconds: f64 = text.split(' ').next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

fn cloakrs() -> impl Fn(&str) -> Vec<Span> {
    use cloakrs_core::EntityType as T;
    let scanner = cloakrs_locales::default_registry()
        .into_scanner_builder()
        .locale(cloakrs_core::Locale::US)
        .without_masking()
        .build()
        .unwrap();
    move |text| {
        let found = scanner.scan(text).unwrap().findings;
        let typed = found.into_iter().filter_map(|one| {
            let name = match one.entity_type {
                T::Email => "EMAIL",
                T::PhoneNumber => "PHONE",
                T::CreditCard => "CARD",
                T::Iban => "IBAN",
                T::IpAddress => "IP",
                T::Ssn => "SSN",
                T::PersonName => "PERSON",
                T::PhysicalAddress => "ADDRESS",
                T::DateOfBirth => "BIRTH",
                T::ApiKey | T::Jwt | T::AwsAccessKey => "SECRET",
                _ => return None,
            };
            Some((one.span.start, one.span.end, name, one.confidence.value()))
        });
        typed.collect()
    }
}

fn pii() -> impl Fn(&str) -> Vec<Span> {
    use pii::types::EntityType as T;
    let analyzer = pii::Analyzer::new(
        Box::new(pii::nlp::SimpleNlpEngine::default()),
        pii::presets::default_recognizers(),
        Vec::new(),
        pii::PolicyConfig::default(),
    );
    let language = pii::types::Language::from("en");
    move |text| {
        let found = analyzer.analyze(text, &language).unwrap().entities;
        let typed = found.into_iter().filter_map(|one| {
            let name = match one.entity_type {
                T::Email => "EMAIL",
                T::Phone => "PHONE",
                T::CreditCard => "CARD",
                T::Iban => "IBAN",
                T::IpAddress | T::Ipv6 => "IP",
                T::Ssn | T::Itin => "SSN",
                T::Person => "PERSON",
                _ => return None,
            };
            Some((one.start, one.end, name, f64::from(one.score)))
        });
        typed.collect()
    }
}

fn redact() -> impl Fn(&str) -> Vec<Span> {
    use redact_core::EntityType as T;
    let engine = redact_core::AnalyzerEngine::new();
    move |text| {
        let found = engine.analyze(text, Some("en")).unwrap().detected_entities;
        let typed = found.into_iter().filter_map(|one| {
            let name = match &one.entity_type {
                T::EmailAddress => "EMAIL",
                T::PhoneNumber | T::UkPhoneNumber | T::UkMobileNumber => "PHONE",
                T::CreditCard => "CARD",
                T::Iban | T::IbanCode => "IBAN",
                T::IpAddress => "IP",
                T::UsSsn => "SSN",
                T::Person => "PERSON",
                other => {
                    let name = other.as_str();
                    let parts = ["TOKEN", "KEY", "SECRET", "WEBHOOK", "CONNECTION", "AUTH"];
                    if !parts.iter().any(|part| name.contains(part)) {
                        return None;
                    }
                    "SECRET"
                }
            };
            Some((one.start, one.end, name, f64::from(one.score)))
        });
        typed.collect()
    }
}

fn run(file: &str, find: impl Fn(&str) -> Vec<Span>) {
    let text = std::fs::read_to_string(file).expect("the file cannot be read");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a line is no JSON")).collect();
    let texts: Vec<&str> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
    // Patterns that are made when they are first used.
    for text in texts.iter().take(20) {
        find(text);
    }
    let start = seconds();
    let found: Vec<Vec<Span>> = texts.iter().map(|text| find(text)).collect();
    let took = seconds() - start;
    let mut out = String::new();
    for (line, spans) in lines.iter().zip(found) {
        // The same place under the same type is one finding; the surer one counts.
        let mut best: BTreeMap<(usize, usize, &str), f64> = BTreeMap::new();
        for (start, end, name, score) in spans {
            let kept = best.entry((start, end, name)).or_insert(score);
            *kept = kept.max(score);
        }
        let spans: Vec<Value> = best.iter().map(|(k, score)| json!([k.0, k.1, k.2, score])).collect();
        out.push_str(&format!("{}\n", json!({ "id": line["id"], "spans": spans })));
    }
    print!("{out}{}\n", json!({ "seconds": took }));
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [name, file] = words.as_slice() else { panic!("usage: peers NAME FILE") };
    match name.as_str() {
        "cloakrs" => run(file, cloakrs()),
        "pii" => run(file, pii()),
        "redact-core" => run(file, redact()),
        other => panic!("no peer is called {other}"),
    }
}
