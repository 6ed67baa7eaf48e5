use super::*;
use crate::Style;

fn report() -> (ScanReport, Sarif) {
    let kind = |key: &str, title: &str| {
        let kind = ScanKind {
            key: key.into(),
            title: title.into(),
            category: "user.contact".into(),
            standard: "RFC 5321".into(),
        };
        (key.to_owned(), kind)
    };
    let mut report = ScanReport {
        targets: vec!["files <b>".into()],
        kinds: [kind("contact.email", "E-mail address"), kind("financial.card", "Card number")]
            .into(),
        ..ScanReport::default()
    };
    let finding = |kind: &str, line: u64, test_data: bool| ScanFinding {
        kind: kind.into(),
        path: "files/a b.csv".into(),
        part: "mail".into(),
        line: Some(line),
        column: None,
        row: None,
        cell: None,
        offset: None,
        length: 20,
        confidence: 90,
        validated: "form".into(),
        test_data,
        reason: "it is written like one".into(),
        shown: None,
    };
    let mut part = ScanPart { path: "files/a b.csv".into(), bytes: 1_500, ..ScanPart::default() };
    for found in [
        finding("contact.email", 2, false),
        finding("contact.email", 3, true),
        finding("financial.card", 4, false),
    ] {
        part.counts
            .entry(found.place())
            .or_default()
            .entry(found.kind.clone())
            .or_default()
            .add(&found);
        part.findings.push(found);
    }
    part.unread
        .push(("files/<script>.png".into(), "a picture (PNG): no text in it is read".into()));
    let mut sarif = Sarif::default();
    sarif.add(&part);
    report.add(&part);
    report.denied = vec!["financial.card".into()];
    report.errors = vec!["`gone`: there is no such file".into()];
    (report, sarif)
}

#[test]
fn the_table_is_within_the_terminal_and_says_what_was_not_looked_at() {
    let text = report().0.to_text(Style::PLAIN);
    assert!(text.lines().all(|line| crate::text::width(line) <= 100), "{text}");
    for wanted in [
        "2 values of 2 kinds of personal data, and 1 value of test data.",
        "E-mail address",
        "Not looked at",
        "Card number: 1 value in 1 place",
        "line 2",
        "there is no such file",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

#[test]
fn the_page_shows_strangers_words_and_obeys_none() {
    let page = report().0.to_html();
    assert!(
        !page.contains("<script")
            && page.contains("&lt;script&gt;")
            && page.contains("files &lt;b&gt;")
    );
    assert!(page.contains("<rect class=\"b\"") && page.contains("<rect class=\"x\""));
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let (report, sarif) = report();
    let document = sarif.to_json(&report);
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "upheld");
    let results = run["results"].as_array().unwrap();
    // Test data is no result.
    assert_eq!(results.len(), 2);
    for result in results {
        assert!(result["message"]["text"].is_string());
        let rule = &run["tool"]["driver"]["rules"]
            [usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    assert_eq!(results[1]["level"], "error");
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "files/a%20b.csv"
    );
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn each_line_of_json_says_what_it_is() {
    let (report, _) = report();
    let mut part = ScanPart { unread: vec![("a".into(), "b".into())], ..ScanPart::default() };
    part.findings.push(ScanFinding {
        kind: "contact.email".into(),
        path: "a".into(),
        part: String::new(),
        line: None,
        column: None,
        row: Some(2),
        cell: None,
        offset: None,
        length: 3,
        confidence: 1,
        validated: "form".into(),
        test_data: false,
        reason: "x".into(),
        shown: None,
    });
    let types: Vec<String> =
        part.to_json_lines().iter().map(|line| line["type"].to_string()).collect();
    assert_eq!(types, ["\"finding\"", "\"unread\""]);
    let summary = report.to_json_summary();
    assert_eq!(
        (summary["kinds"][0]["kind"].as_str(), summary["denied"][0].as_str()),
        (Some("financial.card"), Some("financial.card"))
    );
}
