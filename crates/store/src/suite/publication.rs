//! Versions of the notice, who was told and who agreed, looks, and results of the past.

use model::Micros;

use super::sealed;
use crate::{
    Agreed, Agreement, Announcement, Concerned, ControlRun, Look, NoticeVersion, Store, ToldCounts,
    Visit,
};

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
    let counted = Agreed { version: "4".to_owned(), agreements: 1, people: 1, last_at: Micros(9) };
    assert_eq!(tx.agreement_counts("root").await.unwrap(), [counted]);
}

pub(super) async fn a_visit_is_entered_once_and_forgotten(one: &Store, two: &Store) {
    let visit = |id: &str, handle: u8| Visit {
        id: id.to_owned(),
        organisation: "root".to_owned(),
        language: "fr".to_owned(),
        body: sealed("an address"),
        handle: [handle; 32],
        code: [7; 32],
        tries: 2,
        held: None,
        made_at: Micros(1),
        expires_at: Micros(10),
    };
    let mut tx = one.begin().await.unwrap();
    tx.insert_visit(&visit("a", 1)).await.unwrap();
    tx.insert_visit(&visit("b", 2)).await.unwrap();
    let plain = Visit { body: b"plain".to_vec(), ..visit("c", 3) };
    assert!(tx.insert_visit(&plain).await.is_err(), "an address is sealed");
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    assert_eq!(tx.visit_to_enter(&[1; 32], Micros(9)).await.unwrap(), Some(visit("a", 1)));
    assert_eq!(tx.visit_to_enter(&[1; 32], Micros(10)).await.unwrap(), None, "it is over");
    assert!(tx.enter_visit("a", &[9; 32], Micros(50)).await.unwrap());
    assert!(!tx.enter_visit("a", &[8; 32], Micros(50)).await.unwrap(), "once");
    assert_eq!(tx.visit_to_enter(&[1; 32], Micros(9)).await.unwrap(), None);
    for _ in 0..2 {
        tx.miss_visit("b").await.unwrap();
    }
    assert_eq!(tx.visit_to_enter(&[2; 32], Micros(9)).await.unwrap(), None, "no try is left");
    assert!(tx.keep_held("a", &sealed("found")).await.unwrap());
    tx.extend_visit("a", Micros(60)).await.unwrap();
    let entered = tx.visit_by_pass(&[9; 32], Micros(55)).await.unwrap().unwrap();
    assert_eq!(entered.held, Some(sealed("found")));
    assert!(tx.visit_by_pass(&[8; 32], Micros(5)).await.unwrap().is_none());
    assert_eq!(tx.expire_visits(Micros(10)).await.unwrap(), 1);
    assert!(tx.visit("a", Micros(10)).await.unwrap().is_some());
    tx.end_visit("a").await.unwrap();
    assert!(tx.visit("a", Micros(10)).await.unwrap().is_none());
    assert!(!tx.keep_held("a", &sealed("late")).await.unwrap());
    tx.commit().await.unwrap();
}

fn concerned(id: &str, hash: u8) -> Concerned {
    Concerned {
        id: id.to_owned(),
        hash: [hash; 32],
        body: Some(sealed("an address")),
        tries: 0,
        next_at: Micros(5),
        told_at: None,
        failed_at: None,
        failure: None,
        event: None,
    }
}

pub(super) async fn everybody_is_told_once_and_their_address_forgotten(one: &Store, two: &Store) {
    let mut made = Announcement {
        id: "t".to_owned(),
        organisation: "root".to_owned(),
        kind: "notice".to_owned(),
        version: Some("a".to_owned()),
        state: "open".to_owned(),
        said: "{}".to_owned(),
        sources: "[]".to_owned(),
        trouble: None,
        made_by: "staff".to_owned(),
        made_at: Micros(4),
        changed_at: Micros(4),
        ended_at: None,
    };
    let mut tx = one.begin().await.unwrap();
    tx.insert_notice_version("root", &version("a", 1)).await.unwrap();
    tx.insert_announcement(&made).await.unwrap();
    assert!(tx.add_concerned("t", &concerned("x", 2)).await.unwrap());
    assert!(!tx.add_concerned("t", &concerned("y", 2)).await.unwrap(), "the same address");
    for (id, hash) in [("v", 1), ("w", 4), ("u", 3)] {
        assert!(tx.add_concerned("t", &concerned(id, hash)).await.unwrap());
    }
    let plain = Concerned { body: Some(b"plain".to_vec()), ..concerned("p", 9) };
    assert!(tx.add_concerned("t", &plain).await.is_err(), "an address is sealed");
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    assert!(tx.concerned_due("t", Micros(4), 9).await.unwrap().is_empty());
    let due: Vec<String> =
        tx.concerned_due("t", Micros(5), 9).await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(due, ["u", "v", "w", "x"]);
    assert!(tx.concerned_told("x", Micros(6)).await.unwrap());
    assert!(!tx.concerned_told("x", Micros(7)).await.unwrap(), "once");
    assert!(tx.concerned_told("v", Micros(7)).await.unwrap());
    assert!(tx.concerned_put_off("u", Micros(50), "450").await.unwrap());
    assert!(tx.concerned_failed("w", Micros(8), "550").await.unwrap());
    assert!(!tx.concerned_failed("w", Micros(9), "551").await.unwrap());
    assert_eq!(tx.concerned_next_at("t").await.unwrap(), Some(Micros(50)));
    assert_eq!(tx.concerned_unproved("t").await.unwrap(), [[1; 32], [2; 32]]);
    assert_eq!(tx.concerned_proved("t", "e").await.unwrap(), 2);
    assert!(tx.concerned_unproved("t").await.unwrap().is_empty());
    assert_eq!(tx.concerned_of_event("t", "e").await.unwrap(), [[1; 32], [2; 32]]);
    let counts =
        |people, told, failed| ToldCounts { people, told, failed, last_told_at: Some(Micros(7)) };
    assert_eq!(tx.told_of_announcement("t").await.unwrap(), counts(4, 2, 1));
    // A letter that comes back was not read by anybody.
    assert!(tx.concerned_failed("v", Micros(9), "returned").await.unwrap());
    assert_eq!(tx.told_of_announcement("t").await.unwrap(), counts(4, 1, 2));
    let jane = tx.concerned_by("t", &[2; 32]).await.unwrap().unwrap();
    assert_eq!(
        (jane.told_at, jane.event.as_deref(), jane.body),
        (Some(Micros(6)), Some("e"), None)
    );
    assert_eq!(tx.forget_concerned("t").await.unwrap(), 1);
    assert_eq!(tx.concerned_next_at("t").await.unwrap(), None);
    made.state = "done".to_owned();
    made.changed_at = Micros(10);
    made.ended_at = Some(Micros(10));
    assert!(!tx.save_announcement(&made, Micros(3)).await.unwrap(), "it was read otherwise");
    assert!(tx.save_announcement(&made, Micros(4)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = one.read().await.unwrap();
    assert_eq!(tx.announcement("t").await.unwrap(), Some(made.clone()));
    assert_eq!(tx.announcements("root").await.unwrap(), [made]);
    assert!(tx.announcements("other").await.unwrap().is_empty());
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
