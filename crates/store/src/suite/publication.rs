//! Versions of the notice, who was told and who agreed, looks, and results of the past.

use model::Micros;

use crate::{Agreement, ControlRun, Look, NoticeVersion, Store};

fn version(id: &str, at: i64) -> NoticeVersion {
    NoticeVersion {
        id: id.to_owned(),
        version: "4".to_owned(),
        state: "draft".to_owned(),
        form: "md".to_owned(),
        text: "# Notice\n\nWe keep 'little'.\n".to_owned(),
        sha256: "00".to_owned(),
        made_at: Micros(at),
        changed_at: Micros(at),
        effective: None,
        announced: None,
        findings: None,
    }
}

pub(super) async fn versions_move_from_where_they_were_read(one: &Store, two: &Store) {
    let mut tx = one.begin().await.unwrap();
    tx.insert_notice_version("root", &version("a", 1)).await.unwrap();
    tx.insert_notice_version("root", &version("b", 2)).await.unwrap();
    tx.insert_notice_version("other", &version("c", 3)).await.unwrap();
    tx.commit().await.unwrap();
    let moved = NoticeVersion {
        state: "scheduled".to_owned(),
        changed_at: Micros(9),
        effective: Some("2027-01-31".to_owned()),
        announced: Some("2027-01-01".to_owned()),
        findings: Some("{}".to_owned()),
        ..version("a", 1)
    };
    let mut tx = two.begin().await.unwrap();
    assert!(!tx.move_notice_version("checked", &moved).await.unwrap(), "it is a draft");
    assert!(tx.move_notice_version("draft", &moved).await.unwrap());
    assert!(!tx.move_notice_version("draft", &moved).await.unwrap(), "and was moved");
    tx.commit().await.unwrap();
    let mut tx = one.read().await.unwrap();
    assert_eq!(tx.notice_versions("root").await.unwrap(), [version("b", 2), moved]);
}

pub(super) async fn whoever_was_told_or_agreed_is_found_by_a_hash(one: &Store, _: &Store) {
    let mut tx = one.begin().await.unwrap();
    tx.insert_notice_version("root", &version("a", 1)).await.unwrap();
    let (jane, robin) = ([1; 32], [2; 32]);
    assert!(tx.record_told("a", &jane, "mail", Micros(5)).await.unwrap());
    assert!(!tx.record_told("a", &jane, "mail", Micros(6)).await.unwrap(), "once");
    assert!(tx.record_told("a", &jane, "post", Micros(7)).await.unwrap());
    assert!(tx.record_told("a", &robin, "mail", Micros(8)).await.unwrap());
    let agreement = Agreement {
        id: "x".to_owned(),
        version: "4".to_owned(),
        hash: jane,
        how: "sign-up".to_owned(),
        at: Micros(9),
        event: "e".to_owned(),
    };
    tx.insert_agreement("root", &agreement).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = one.read().await.unwrap();
    let told = [("mail".to_owned(), Micros(5)), ("post".to_owned(), Micros(7))];
    assert_eq!(tx.told("a", &jane).await.unwrap(), told);
    let counts = [("mail".to_owned(), 2), ("post".to_owned(), 1)];
    assert_eq!(tx.told_counts("a").await.unwrap(), counts);
    assert_eq!(tx.agreements("root", &jane).await.unwrap(), [agreement]);
    assert!(tx.agreements("root", &robin).await.unwrap().is_empty());
    assert!(tx.agreements("other", &jane).await.unwrap().is_empty());
}

pub(super) async fn a_look_takes_the_place_of_the_one_before(one: &Store, _: &Store) {
    let look = |at, body: &str| Look { at: Micros(at), body: body.to_owned() };
    let mut tx = one.begin().await.unwrap();
    assert_eq!(tx.look("root", "map").await.unwrap(), None);
    for look in [look(1, "{}"), look(2, "{\"a\":1}")] {
        tx.save_look("root", "map", &look).await.unwrap();
    }
    tx.save_look("root", "systems", &look(3, "[]")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = one.read().await.unwrap();
    assert_eq!(tx.look("root", "map").await.unwrap(), Some(look(2, "{\"a\":1}")));
    assert_eq!(tx.look("other", "map").await.unwrap(), None);
}

pub(super) async fn results_are_read_as_they_were_at_a_moment(one: &Store, _: &Store) {
    let run = |promise: &str, state: &str, at: i64| ControlRun {
        promise: promise.to_owned(),
        control: "retention".to_owned(),
        state: state.to_owned(),
        reason: String::new(),
        evidence: None,
        event: None,
        at: Micros(at),
    };
    let mut tx = one.begin().await.unwrap();
    for runs in [
        [run("a", "upheld", 10), run("b", "upheld", 10)],
        [run("a", "broken", 20), run("b", "upheld", 20)],
    ] {
        tx.record_control_runs("acme", &runs).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = one.read().await.unwrap();
    let then = tx.control_runs_until("acme", Micros(19)).await.unwrap();
    assert_eq!(then, [run("a", "upheld", 10), run("b", "upheld", 10)]);
    assert!(tx.control_runs_until("acme", Micros(9)).await.unwrap().is_empty());
    let of = tx.control_runs_of("acme", "a", 9).await.unwrap();
    assert_eq!(of, [run("a", "broken", 20), run("a", "upheld", 10)], "newest first");
    assert_eq!(tx.control_runs_of("acme", "a", 1).await.unwrap().len(), 1);
}
