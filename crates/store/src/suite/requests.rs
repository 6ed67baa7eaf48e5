//! Requests, what belongs to them, keys, tasks and disclosures.

use model::Micros;

use super::sealed;
use crate::{Disclosure, Error, Only, Part, Request, RequestKey, Store, Task};

fn request(id: &str, received: i64, due: Option<i64>) -> Request {
    Request {
        id: id.to_owned(),
        organisation: "root".to_owned(),
        kind: "erasure".to_owned(),
        channel: "form".to_owned(),
        language: "en".to_owned(),
        status: "unconfirmed".to_owned(),
        received_at: Micros(received),
        body: Some(sealed("who")),
        clock: due.map(|_| "{}".to_owned()),
        due_at: due.map(Micros),
        work: "{}".to_owned(),
        case: None,
        step: 0,
        changed_at: Micros(received),
        ended_at: None,
    }
}

pub(super) async fn requests_are_saved_by_whoever_read_them_last(one: &Store, two: &Store) {
    let mut tx = one.begin().await.unwrap();
    let plain = Request { body: Some(b"jane".to_vec()), ..request("x", 1, None) };
    assert!(matches!(tx.insert_request(&plain).await, Err(Error::NotSealed { .. })));
    for made in [request("a", 1, Some(9)), request("b", 2, Some(5)), request("c", 3, None)] {
        tx.insert_request(&made).await.unwrap();
    }
    tx.insert_request(&Request { organisation: "other".to_owned(), ..request("d", 4, None) })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    let mut read = tx.request("a").await.unwrap().unwrap();
    assert_eq!(read, request("a", 1, Some(9)));
    read.status = "ready".to_owned();
    assert_eq!(tx.save_request(&read, Micros(5)).await.unwrap(), 1);
    let stale = tx.save_request(&read, Micros(6)).await;
    assert_eq!(stale, Err(Error::Stale { case: "a".to_owned(), expected: 0 }));
    tx.commit().await.unwrap();
    let mut tx = one.begin().await.unwrap();
    let ids =
        |found: Vec<Request>| found.into_iter().map(|one| one.id).collect::<Vec<_>>().join(" ");
    let first = (Micros(i64::MIN), "");
    let last = (Micros(i64::MAX), "");
    let any = Only::default();
    for (only, open) in [
        (Only { status: "ready", kind: "" }, "a"),
        (Only { status: "", kind: "erasure" }, "b a c"),
        (Only { status: "ready", kind: "access" }, ""),
    ] {
        assert_eq!(ids(tx.open_requests("root", first, only, 9).await.unwrap()), open, "{only:?}");
        let all = tx.all_requests("root", last, only, 9).await.unwrap();
        assert_eq!(all.len(), open.split_whitespace().count(), "{only:?}");
    }
    assert_eq!(ids(tx.open_requests("root", first, any, 9).await.unwrap()), "b a c");
    assert_eq!(ids(tx.open_requests("root", first, any, 1).await.unwrap()), "b");
    assert_eq!(ids(tx.open_requests("root", (Micros(5), "b"), any, 9).await.unwrap()), "a c");
    assert_eq!(ids(tx.all_requests("root", last, any, 9).await.unwrap()), "c b a");
    assert_eq!(ids(tx.all_requests("root", (Micros(3), "c"), any, 1).await.unwrap()), "b");
    assert_eq!(tx.request_clocks().await.unwrap().len(), 2);
    let mut ended = tx.request("b").await.unwrap().unwrap();
    ended.ended_at = Some(Micros(8));
    ended.body = None;
    tx.save_request(&ended, Micros(8)).await.unwrap();
    assert_eq!(tx.request("b").await.unwrap().unwrap().body, None);
    assert_eq!(ids(tx.open_requests("root", first, any, 9).await.unwrap()), "a c");
    for id in ["a", "b", "c"] {
        tx.hash_request(id, &[3; 32]).await.unwrap();
        tx.hash_request(id, &[3; 32]).await.unwrap();
    }
    assert_eq!(tx.requests_by(&[3; 32], "b").await.unwrap(), ["a", "c"]);
    assert_eq!(tx.request_of_case("none").await.unwrap(), None);
}

pub(super) async fn parts_are_counted_and_forgotten(store: &Store, _: &Store) {
    let part = |id: &str, kind: &str, expires: Option<i64>| Part {
        id: id.to_owned(),
        request: "a".to_owned(),
        kind: kind.to_owned(),
        body: Some(sealed("what")),
        at: Micros(1),
        expires_at: expires.map(Micros),
        taken: 0,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_request(&request("a", 1, None)).await.unwrap();
    for one in
        [part("1", "package", Some(5)), part("2", "note", None), part("3", "document", Some(9))]
    {
        tx.insert_part(&one).await.unwrap();
    }
    assert!(tx.take_part("1").await.unwrap());
    assert_eq!(tx.expire_parts(Micros(5)).await.unwrap(), 1);
    assert!(!tx.take_part("1").await.unwrap(), "it has run out");
    assert_eq!(tx.forget_parts("a", Some("document")).await.unwrap(), 1);
    let left = tx.parts("a").await.unwrap();
    let open: Vec<(&str, bool, u64)> =
        left.iter().map(|one| (one.id.as_str(), one.body.is_some(), one.taken)).collect();
    assert_eq!(open, [("1", false, 1), ("2", true, 0), ("3", false, 0)]);
    assert_eq!(tx.forget_parts("a", None).await.unwrap(), 1);
}

pub(super) async fn keys_open_once_and_tries_run_out(store: &Store, _: &Store) {
    let key = |hash: u8, purpose: &str, tries: u64| RequestKey {
        hash: [hash; 32],
        request: "a".to_owned(),
        purpose: purpose.to_owned(),
        made_at: Micros(1),
        expires_at: Micros(10),
        tries,
        used_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_request(&request("a", 1, None)).await.unwrap();
    tx.give_key(&key(1, "code", 2)).await.unwrap();
    tx.give_key(&key(2, "link", 1)).await.unwrap();
    assert!(!tx.use_key(&[2; 32], Micros(10)).await.unwrap(), "too late");
    assert!(tx.use_key(&[2; 32], Micros(9)).await.unwrap());
    assert!(!tx.use_key(&[2; 32], Micros(9)).await.unwrap(), "only once");
    for left in [true, true, false] {
        assert_eq!(tx.miss_key(&[1; 32]).await.unwrap(), left);
    }
    assert!(!tx.use_key(&[1; 32], Micros(2)).await.unwrap(), "no try is left");
    tx.give_key(&key(3, "code", 2)).await.unwrap();
    assert_eq!(tx.key(&[1; 32]).await.unwrap(), None, "a new one makes the old one void");
    assert_eq!(tx.key_of("a", "code").await.unwrap(), Some(key(3, "code", 2)));
    for (since, now, count) in [(0, 5, 1), (0, 6, 2), (4, 7, 3), (6, 8, 1)] {
        let counted = tx.tally("codes", &[9; 32], Micros(since), Micros(now)).await.unwrap();
        assert_eq!(counted, count, "at {now}");
    }
    assert_eq!(tx.forget_tallies(Micros(9)).await.unwrap(), 1);
}

pub(super) async fn tasks_and_disclosures(store: &Store, _: &Store) {
    let task = |id: &str, due: Option<&str>| Task {
        id: id.to_owned(),
        organisation: "root".to_owned(),
        request: "a".to_owned(),
        system: "cabinet".to_owned(),
        owner: None,
        due_on: due.map(str::to_owned),
        body: sealed("what"),
        made_at: Micros(1),
        done_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_request(&request("a", 1, None)).await.unwrap();
    tx.insert_task(&task("1", Some("2026-12-02"))).await.unwrap();
    tx.insert_task(&task("2", Some("2026-12-01"))).await.unwrap();
    let due: Vec<String> =
        tx.open_tasks("root").await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(due, ["2", "1"]);
    assert!(tx.assign_task("1", Some("p"), None).await.unwrap());
    assert!(tx.finish_task("2", Micros(3), &sealed("done")).await.unwrap());
    assert!(!tx.finish_task("2", Micros(4), &sealed("done")).await.unwrap());
    assert!(!tx.assign_task("2", None, None).await.unwrap(), "it is done");
    let all = tx.tasks_of("a").await.unwrap();
    assert_eq!((all[0].owner.as_deref(), all[1].done_at), (Some("p"), Some(Micros(3))));
    let disclosure = |id: &str, answer: &str, people, at| Disclosure {
        id: id.to_owned(),
        organisation: "root".to_owned(),
        authority: "court".to_owned(),
        demand: "order".to_owned(),
        answer: answer.to_owned(),
        people,
        at: Micros(at),
        body: sealed("who"),
    };
    for one in [
        disclosure("1", "given", 2, 5),
        disclosure("2", "given", 3, 6),
        disclosure("3", "refused", 1, 9),
    ] {
        tx.insert_disclosure(&one).await.unwrap();
    }
    let counts = tx.disclosure_counts("root", Micros(5), Micros(9)).await.unwrap();
    assert_eq!((counts.len(), counts[0].demands, counts[0].people), (1, 2, 5));
    let shown: Vec<String> =
        tx.disclosures("root").await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(shown, ["3", "2", "1"]);
}
