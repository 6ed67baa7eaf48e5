use super::*;
use crate::Style;

fn risk(k: u64) -> RiskFigures {
    RiskFigures {
        rows: 1_204,
        classes: 40,
        k,
        spread: vec![
            ("1".to_owned(), u64::from(k == 1), u64::from(k == 1)),
            ("5 to 9".to_owned(), 39, 1_203),
        ],
        highest: 1.0 / k as f64,
        average: 40.0 / 1_204.0,
        secrets: vec![SecretFigures {
            column: "diagnosis".to_owned(),
            l: 2,
            entropy_l: 1.9,
            t: 0.31,
            ordered: false,
        }],
    }
}

fn report() -> DeidentifyReport {
    DeidentifyReport {
        profile: "default".to_owned(),
        rules: "ab".repeat(32),
        key: Some("the file `people.key`".to_owned()),
        key_mark: Some("0a1b2c3d".to_owned()),
        k: Some(5),
        parts: vec![DeidentifiedPart {
            from: "people<b>.csv".to_owned(),
            to: "out.csv".to_owned(),
            form: "CSV".to_owned(),
            rows: 1_204,
            left_out: 3,
            columns: vec![DeidentifiedColumn {
                name: "zip".to_owned(),
                method: "zip 2".to_owned(),
                why: "widened".to_owned(),
                values: 1_204,
                changed: 1_204,
                unreadable: 7,
                quasi: true,
                ..DeidentifiedColumn::default()
            }],
            found: BTreeMap::from([("contact.email".to_owned(), 9)]),
            unsure: BTreeMap::from([("contact.name".to_owned(), 2)]),
            unsure_places: vec![UnsurePlace {
                column: "note".to_owned(),
                row: 12,
                kind: "contact.name".to_owned(),
                confidence: 40,
                reason: "a capital letter".to_owned(),
            }],
            steps: vec!["`zip` from `zip 3` to `zip 2`".to_owned()],
            before: Some(risk(1)),
            after: Some(risk(4)),
            ..DeidentifiedPart::default()
        }],
        undone: vec![("logo.png".to_owned(), "no text".to_owned())],
        titles: BTreeMap::from([("contact.email".to_owned(), "E-mail address".to_owned())]),
        ..DeidentifyReport::default()
    }
}

#[test]
fn text_and_page_say_the_same() {
    let report = report();
    let (text, page) = (report.to_text(Style::PLAIN), report.to_html());
    for wanted in [
        "E-mail address",
        "zip 2",
        "diagnosis",
        "1,204",
        "k is 4, and 5 was asked for",
        "logo.png",
        "row 12",
        "0a1b2c3d",
        "one in 4",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    assert!(page.contains("people&lt;b&gt;.csv") && !page.contains("<b>"));
    assert!(text.lines().all(|line| crate::text::width(line) <= 100), "{text}");
    assert_eq!(report.short_of_k().count(), 1);
    assert_eq!(report.to_json()["parts"][0]["after"]["k"], 4);
}
