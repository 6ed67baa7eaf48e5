//! Certificates, plans, run results and the notice, compared with files that were looked at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use common::{
    broken_certificate, certificate, coverage, data_map, golden, halifax, plan, well_formed,
    without_style,
};
use model::Micros;
use render::Style;
use render::certificate::SignedCertificate;
use render::coverage::{State, Turned};
use render::plan_text::{Approval, Cap, RequestKind, RunKept, RunNotReached, RunResult, RunSystem};

#[test]
fn a_certificate_is_signed_over_one_text_and_read_back() {
    let certificate = certificate();
    let text = certificate.to_canonical_json().unwrap();
    golden("certificate.canonical.json", &text);
    let signed = SignedCertificate::new(&certificate, &[7; 64], &[9; 32]).unwrap();
    let envelope = signed.to_json().unwrap();
    golden("certificate.json", &envelope);
    let read = SignedCertificate::from_json(&envelope).unwrap();
    assert_eq!(read.certificate().unwrap(), certificate);
    assert_eq!(read.signed_text().unwrap(), text);
    assert_eq!((read.signature().unwrap(), read.key().unwrap()), (vec![7; 64], vec![9; 32]));

    // A field of a later version was signed too and must stay in the text.
    let later = envelope.replacen("\"id\"", "\"later\": true, \"id\"", 1);
    let later = SignedCertificate::from_json(&later).unwrap().signed_text().unwrap();
    assert!(later.contains("\"later\":true") && later != text);
    assert!(SignedCertificate::from_json("{}").is_err());
}

#[test]
fn certificates_on_paper() {
    for (name, certificate) in
        [("certificate.html", certificate()), ("certificate-incomplete.html", broken_certificate())]
    {
        let page = certificate.to_html(&halifax());
        well_formed(&page);
        golden(name, &without_style(&page));
    }
}

#[test]
fn a_plan_in_the_terminal() {
    let text = plan().to_text(Style::PLAIN, &halifax());
    golden("plan.txt", &text);
    assert!(text.lines().all(|line| render::text::width(line) <= 100));
    assert!(!text.contains('\u{1b}'), "a stranger's escape reached the terminal");
    let json = serde_json::to_string_pretty(&plan()).unwrap();
    golden("plan.json", &json);

    let mut over = plan();
    over.cap = Some(Cap { limit: 40, planned: 41 });
    over.approval = Approval::Given { by: "Robin".into(), at: common::NOW };
    over.errors = vec![
        "`billing.customers.code` must stay unique and cannot be masked: say `erase: pseudonym`"
            .into(),
    ];
    golden("plan-over.txt", &over.to_text(Style::PLAIN, &halifax()));
    assert!(over.to_text(Style::COLOURED, &halifax()).contains("\u{1b}[1;31m"));
}

#[test]
fn how_runs_end() {
    let system = |system: &str, found, changed, deleted| RunSystem {
        system: system.into(),
        found,
        changed,
        deleted,
    };
    let invoices = RunKept {
        rows: 2,
        what: "invoices".into(),
        until: Some("31 December 2029".into()),
        because: "Income Tax Act".into(),
    };
    let crm = RunNotReached { system: "CRM".into(), reason: "no answer.".into() };
    let run = |kind, systems, kept, remaining, not_reached| RunResult {
        kind,
        systems,
        kept,
        remaining,
        not_reached,
    };
    let three = || {
        vec![
            system("A", 30, 30, 0),
            system("B", 10, 10, 0),
            system("C", 3, 1, 0),
            system("D", 0, 0, 0),
        ]
    };
    for (result, words) in [
        (
            run(RequestKind::Erasure, three(), vec![invoices], 0, vec![]),
            "● Erased: 41 rows changed in 3 systems; 2 invoices kept until 31 December 2029 (Income Tax Act)",
        ),
        (
            run(RequestKind::Erasure, vec![system("A", 3, 1, 2)], vec![], 0, vec![crm.clone()]),
            "◆ Incomplete: 1 row changed and 2 deleted in 1 system; CRM was not reached (no answer)",
        ),
        (
            run(RequestKind::Erasure, vec![], vec![], 1, vec![]),
            "✕ Incomplete: no row had to change; 1 row still names the person",
        ),
        (run(RequestKind::Access, three(), vec![], 0, vec![]), "● Found: 43 rows in 3 systems"),
        (
            run(RequestKind::Access, vec![], vec![], 0, vec![crm]),
            "◆ Found: nothing; CRM was not reached (no answer)",
        ),
    ] {
        assert_eq!(result.to_text(Style::PLAIN), words);
    }
}

#[test]
fn the_notice_with_its_states() {
    let coverage = coverage();
    let tally = coverage.tally();
    let counts: Vec<u64> = State::ALL.into_iter().map(|state| tally.of(state)).collect();
    assert_eq!((counts, tally.unquoted), (vec![7, 1, 2, 2], 1));
    let text = coverage.to_text(Style::PLAIN);
    golden("coverage.txt", &text);
    assert!(text.lines().all(|line| render::text::width(line) <= 100));
    let page = coverage.to_html();
    well_formed(&page);
    golden("coverage.html", &without_style(&page));
}

#[test]
fn the_data_map_as_text_picture_and_page() {
    let map = data_map();
    let text = map.to_text(Style::PLAIN, true);
    golden("map.txt", &text);
    assert!(text.lines().all(|line| render::text::width(line) <= 100));
    golden("map.svg", &map.to_svg());
    let page = map.to_html();
    well_formed(&page);
    golden("map.html", &without_style(&page));
}

#[test]
fn how_the_promises_stand_after_a_look_at_the_systems() {
    let mut coverage = coverage();
    let broken = &mut coverage.sections[0].sentences[2].promises[0];
    broken.controls[0].reason = broken.reason.clone();
    broken.controls[0].evidence = Some("212 of 48,120 rows, the oldest of 3 March 2017".into());
    broken.controls[0].checked_at = Some(common::NOW);
    broken.controls[0].entry = Some(88_121);
    let mut met = broken.controls[0].clone();
    met.state = State::Upheld;
    met.reason = "No ticket is younger than its minimum age and marked for deletion.".into();
    met.title = "Retention, at least 90 days".into();
    broken.controls.push(met);
    coverage.before = Some(Micros(common::NOW.0 - 86_400_000_000));
    let turned = |promise: &str, from, to| Turned { promise: promise.into(), from, to };
    coverage.turned = vec![
        turned("tickets-7y", State::Upheld, State::Broken),
        turned("logs", State::Upheld, State::AtRisk),
    ];
    let text = coverage.to_standing(Style::PLAIN);
    golden("standing.txt", &text);
    assert!(text.lines().all(|line| render::text::width(line) <= 100));
    let page = coverage.to_html();
    well_formed(&page);
    golden("standing.html", &without_style(&page));
    for state in State::ALL {
        assert_eq!(State::of_word(state.word()), Some(state));
        assert_eq!(state.worse(State::Broken), State::Broken);
        assert_eq!(State::Upheld.worse(state), state);
    }
}

#[test]
fn a_promise_is_counted_once_however_often_it_is_quoted() {
    let mut coverage = coverage();
    let again = coverage.sections[0].sentences[0].clone();
    coverage.sections[1].sentences.push(again);
    assert_eq!(coverage.tally().upheld, 7);
    well_formed(&coverage.to_html());
}

#[test]
fn hostile_words_have_no_power_anywhere() {
    let hostile = "</style><script>alert(1)</script>\"'&\u{202e}\0\u{1b}]0;x\u{7}";
    let mut certificate = broken_certificate();
    certificate.organisation = hostile.into();
    certificate.systems[0].title = hostile.into();
    certificate.ledger.checkpoint = hostile.into();
    certificate.not_reached[0].reason = hostile.into();
    let mut coverage = coverage();
    coverage.organisation = hostile.into();
    coverage.sections[0].heading = hostile.into();
    coverage.sections[0].sentences[2].text = hostile.into();
    coverage.sections[0].sentences[2].promises[0].id = hostile.into();
    coverage.sections[0].sentences[2].promises[0].reason = hostile.into();
    for page in [certificate.to_html(&halifax()), coverage.to_html()] {
        well_formed(&page);
        assert!(!page.contains("<script") && !page.contains('\u{202e}') && !page.contains('\0'));
    }
    let mut plan = plan();
    plan.changes[0].system = hostile.into();
    plan.digest = hostile.into();
    plan.errors.push(hostile.into());
    for text in [plan.to_text(Style::PLAIN, &halifax()), coverage.to_text(Style::PLAIN)] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\0', '\u{202e}']));
    }
}
