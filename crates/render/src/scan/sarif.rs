//! SARIF 2.1.0 (OASIS), as code review and security tools read it.

use serde_json::{Value, json};

use super::{ScanFinding, ScanPart, ScanReport};

/// No more results than this: readers take no more of one run (GitHub: 25,000).
const MOST: usize = 25_000;

/// Gathers results while files are looked at.
#[derive(Debug, Default)]
pub struct Sarif {
    results: Vec<ScanFinding>,
    beyond: u64,
}

impl Sarif {
    /// Adds what was found in one file or table; test data is none.
    pub fn add(&mut self, part: &ScanPart) {
        for finding in part.findings.iter().filter(|finding| !finding.test_data) {
            if self.results.len() < MOST {
                self.results.push(finding.clone());
            } else {
                self.beyond += 1;
            }
        }
        self.beyond += part.more;
    }

    /// The document.
    pub fn to_json(&self, report: &ScanReport) -> Value {
        let rules: Vec<&String> = report.kinds.keys().collect();
        let results: Vec<Value> =
            self.results.iter().map(|finding| result(finding, report, &rules)).collect();
        let descriptions: Vec<Value> = report
            .kinds
            .values()
            .map(|kind| {
                json!({
                    "id": kind.key,
                    "name": kind.title,
                    "shortDescription": { "text": kind.title },
                    "fullDescription": { "text": format!("{} ({}): {}", kind.title, kind.category, kind.standard) },
                    "properties": { "tags": [kind.category] },
                })
            })
            .collect();
        let mut notes: Vec<Value> = Vec::new();
        for (place, why) in &report.unread {
            notes.push(json!({ "level": "warning", "message": { "text": format!("Not looked at: {place}: {why}") } }));
        }
        for error in &report.errors {
            notes.push(json!({ "level": "error", "message": { "text": error } }));
        }
        if self.beyond > 0 {
            notes.push(json!({ "level": "warning", "message": { "text": format!("{} further findings are counted and not listed", self.beyond) } }));
        }
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "upheld",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": descriptions,
                } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": report.errors.is_empty(),
                    "toolExecutionNotifications": notes,
                }],
                "results": results,
            }],
        })
    }
}

fn result(finding: &ScanFinding, report: &ScanReport, rules: &[&String]) -> Value {
    let mut region = serde_json::Map::new();
    if let Some(line) = finding.line {
        region.insert("startLine".to_owned(), json!(line));
        if let Some(column) = finding.column {
            region.insert("startColumn".to_owned(), json!(column));
        }
    }
    if let Some(offset) = finding.offset {
        region.insert("byteOffset".to_owned(), json!(offset));
        region.insert("byteLength".to_owned(), json!(finding.length));
    }
    let mut physical = json!({ "artifactLocation": { "uri": uri(&finding.path) } });
    if !region.is_empty()
        && let Value::Object(physical) = &mut physical
    {
        physical.insert("region".to_owned(), Value::Object(region));
    }
    let mut location = json!({ "physicalLocation": physical });
    let within =
        [finding.part.as_str(), &if finding.line.is_none() { finding.at() } else { String::new() }]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
    if !within.is_empty()
        && let Value::Object(location) = &mut location
    {
        location.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": within }]));
    }
    let denied = report.denied.contains(&finding.kind);
    let mut text = format!(
        "{}: {} ({} of 100 sure)",
        report.title(&finding.kind),
        finding.reason,
        finding.confidence
    );
    if let Some(shown) = &finding.shown {
        text.push_str(&format!(": {shown}"));
    }
    json!({
        "ruleId": finding.kind,
        "ruleIndex": rules.iter().position(|rule| **rule == finding.kind).map_or(-1, |at| i64::try_from(at).unwrap_or(-1)),
        "level": if denied { "error" } else if finding.confidence >= 80 { "warning" } else { "note" },
        "rank": finding.confidence,
        "message": { "text": text },
        "locations": [location],
    })
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
