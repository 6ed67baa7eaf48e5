//! The whole repository suite, on both engines, and every statement prepared on both.

mod api;
mod desk;
mod people;
mod publication;
mod requests;

use std::path::Path;

use model::{FixedClock, Micros, Rng as _, Secret, SeededRng};

use api::{a_call_is_begun_once_and_answered_once, webhooks_and_their_messages};
use desk::{
    a_key_stands_for_one_job, jobs_are_taken_by_one_until_the_lease_runs_out,
    jobs_are_tried_again_buried_and_revived, mails_forget_their_text, schedules_are_moved_by_one,
    two_workers_share,
};
use requests::{
    keys_open_once_and_tries_run_out, parts_are_counted_and_forgotten,
    requests_are_saved_by_whoever_read_them_last, tasks_and_disclosures,
};

use people::{
    credentials_are_found_and_their_codes_work_once, links_and_ceremonies_work_once,
    people_are_found_by_a_hash_until_they_are_removed, sessions_change_their_secret_and_end,
    tokens_belong_to_an_organisation_and_are_taken_back, tries_are_counted_one_by_one,
    whoever_counts_before_a_change_counts_what_is_true,
};

use publication::{
    a_look_takes_the_place_of_the_one_before, a_visit_is_entered_once_and_forgotten,
    everybody_is_told_once_and_their_address_forgotten, results_are_read_as_they_were_at_a_moment,
    versions_move_from_where_they_were_read, whoever_was_told_or_agreed_is_found_by_a_hash,
};

use crate::{
    Attestation, Case, ControlRun, Erasure, Error, Event, LedgerState, Location, Mark, Message,
    SEALED_MARK, Store, commitment, new_id, statement,
};

fn sealed(text: &str) -> Vec<u8> {
    [&SEALED_MARK, text.as_bytes()].concat()
}

fn case(id: &str) -> Case {
    Case {
        id: id.to_owned(),
        organisation: "acme".to_owned(),
        kind: "erasure".to_owned(),
        opened_at: Micros(5),
        state: sealed("zero"),
        step: 0,
        status: "open".to_owned(),
    }
}

fn event(rng: &SeededRng, case: Option<&str>) -> Event {
    let mut salt = [0; 32];
    rng.fill(&mut salt);
    Event {
        id: new_id(rng),
        organisation: "acme".to_owned(),
        kind: "request.received".to_owned(),
        case: case.map(str::to_owned),
        at: Micros(7),
        body: br#"{"rows":3}"#.to_vec(),
        salt,
    }
}

/// Each part gets a database of its own, twice open: as two processes would have it.
macro_rules! parts {
    ($($part:ident),* $(,)?) => {
        #[tokio::test]
        async fn on_sqlite() {
            let folder = tempfile::tempdir().unwrap();
            $(
                let location = Location::Sqlite(folder.path().join("x").join(stringify!($part)));
                let stores = [Store::open(&location).await.unwrap(), Store::open(&location).await.unwrap()];
                $part(&stores[0], &stores[1]).await;
                for store in stores { store.close().await; }
            )*
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_postgres() {
            let server = testkit::postgres();
            $(
                let location = Location::Postgres(Secret::new(server.fresh_database(stringify!($part))));
                let (one, two) = tokio::join!(Store::open(&location), Store::open(&location));
                let stores = [one.unwrap(), two.unwrap()];
                $part(&stores[0], &stores[1]).await;
                let again = server.fresh_database(concat!(stringify!($part), "_2"));
                there_and_back(&stores[0], Secret::new(again)).await;
                for store in stores { store.close().await; }
            )*
        }
    };
}

parts!(
    cases_are_saved_step_by_step,
    a_second_process_is_refused,
    a_lease_is_held_by_one,
    clocks_stand_with_their_cases,
    events_are_numbered_without_gaps,
    state_and_outbox_are_one,
    erasing_keeps_the_commitment,
    sealing_is_noted_once,
    the_ledger_never_shrinks,
    settings_and_erasures,
    attestations_and_control_runs,
    readers_see_one_picture_and_cannot_write,
    holds_are_lifted_once,
    retention_runs_go_on_and_end,
    cases_rest_and_wake,
    marks_are_found_until_they_are_lifted,
    messages_forget_their_text_once_sent,
    jobs_are_taken_by_one_until_the_lease_runs_out,
    jobs_are_tried_again_buried_and_revived,
    a_key_stands_for_one_job,
    two_workers_share,
    schedules_are_moved_by_one,
    mails_forget_their_text,
    requests_are_saved_by_whoever_read_them_last,
    parts_are_counted_and_forgotten,
    keys_open_once_and_tries_run_out,
    tasks_and_disclosures,
    a_call_is_begun_once_and_answered_once,
    webhooks_and_their_messages,
    people_are_found_by_a_hash_until_they_are_removed,
    whoever_counts_before_a_change_counts_what_is_true,
    credentials_are_found_and_their_codes_work_once,
    sessions_change_their_secret_and_end,
    tokens_belong_to_an_organisation_and_are_taken_back,
    links_and_ceremonies_work_once,
    tries_are_counted_one_by_one,
    versions_move_from_where_they_were_read,
    a_visit_is_entered_once_and_forgotten,
    everybody_is_told_once_and_their_address_forgotten,
    whoever_was_told_or_agreed_is_found_by_a_hash,
    a_look_takes_the_place_of_the_one_before,
    results_are_read_as_they_were_at_a_moment,
);

/// What a part left is copied to the other engine and back, and is the same.
async fn there_and_back(store: &Store, again: Secret<String>) {
    let folder = tempfile::tempdir().unwrap();
    let there = Store::open(&Location::Sqlite(folder.path().join("copy"))).await.unwrap();
    let back = Store::open(&Location::Postgres(again)).await.unwrap();
    let rows = store.copy_to(&there).await.unwrap();
    assert_eq!(there.copy_to(&back).await.unwrap(), rows);
    let contents = store.contents().await;
    assert_eq!(contents.len() as u64, rows);
    assert_eq!(there.contents().await, contents);
    assert_eq!(back.contents().await, contents);
    // What has something is never written over.
    if rows > 3 {
        assert!(matches!(store.copy_to(&there).await, Err(Error::NotEmpty { .. })));
        assert_eq!(there.contents().await, contents);
    }
    there.close().await;
    back.close().await;
}

async fn cases_are_saved_step_by_step(store: &Store, _: &Store) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_case(&case("b")).await.unwrap();
    tx.insert_case(&case("a")).await.unwrap();
    assert_eq!(tx.save_case("a", 0, &sealed("one"), "acting").await.unwrap(), 1);
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.case("a").await.unwrap().unwrap();
    let expected = Case { state: sealed("one"), step: 1, status: "acting".to_owned(), ..case("a") };
    assert_eq!(found, expected);
    assert_eq!(tx.case("none").await.unwrap(), None);
    let all = tx.cases().await.unwrap();
    assert_eq!(all.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    let plain = Case { state: b"jane@acme.example".to_vec(), ..case("c") };
    assert_eq!(tx.insert_case(&plain).await, Err(Error::NotSealed { case: "c".to_owned() }));
    assert!(matches!(tx.save_case("a", 1, b"jane", "x").await, Err(Error::NotSealed { .. })));
    assert!(matches!(tx.save_case("no", 0, &sealed(""), "x").await, Err(Error::NoCase { .. })));
    let taken = tx.insert_case(&case("a")).await;
    assert_eq!(taken, Err(Error::Exists { kind: "case", id: "a".to_owned() }));
}

async fn a_second_process_is_refused(one: &Store, two: &Store) {
    let mut tx = one.begin().await.unwrap();
    tx.insert_case(&case("a")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = one.begin().await.unwrap();
    tx.save_case("a", 0, &sealed("by one"), "x").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    let late = tx.save_case("a", 0, &sealed("by two"), "x").await;
    assert_eq!(late, Err(Error::Stale { case: "a".to_owned(), expected: 0 }));
    tx.rollback().await.unwrap();
    assert_eq!(two.read().await.unwrap().case("a").await.unwrap().unwrap().state, sealed("by one"));
}

async fn clocks_stand_with_their_cases(one: &Store, two: &Store) {
    let rng = SeededRng::new(61);
    let (with, without) = (new_id(&rng), new_id(&rng));
    let mut tx = one.begin().await.unwrap();
    tx.insert_case(&case(&with)).await.unwrap();
    tx.insert_case(&case(&without)).await.unwrap();
    tx.set_case_clock(&with, "{\"due\":1}").await.unwrap();
    assert!(matches!(tx.set_case_clock("nobody", "{}").await, Err(Error::NoCase { .. })));
    tx.commit().await.unwrap();
    let mut tx = two.read().await.unwrap();
    assert_eq!(tx.case_clock(&with).await.unwrap().as_deref(), Some("{\"due\":1}"));
    assert_eq!(tx.case_clock(&without).await.unwrap(), None);
    assert_eq!(tx.case_clock("nobody").await.unwrap(), None);
    let clocks = tx.case_clocks().await.unwrap();
    assert_eq!(clocks.len(), 1);
    assert_eq!((clocks[0].id.as_str(), clocks[0].kind.as_str()), (with.as_str(), "erasure"));
    tx.rollback().await.unwrap();
}

async fn a_lease_is_held_by_one(one: &Store, two: &Store) {
    let mut tx = one.begin().await.unwrap();
    tx.insert_case(&case("a")).await.unwrap();
    tx.commit().await.unwrap();
    // (who, now, until, is it granted?)
    for (store, owner, now, until, granted) in [
        (one, "p", 10, 20, true),
        (two, "q", 19, 30, false),
        (one, "p", 15, 25, true),
        (two, "q", 24, 40, false),
        (two, "q", 25, 40, true),
        (one, "p", 26, 50, false),
    ] {
        let mut tx = store.begin().await.unwrap();
        let got = tx.lease_case("a", owner, Micros(now), Micros(until)).await.unwrap();
        assert_eq!(got, granted, "{owner} at {now}");
        tx.commit().await.unwrap();
    }
    let mut tx = one.begin().await.unwrap();
    tx.release_case("a", "p").await.unwrap();
    assert!(!tx.lease_case("a", "p", Micros(30), Micros(50)).await.unwrap(), "not p's to release");
    tx.release_case("a", "q").await.unwrap();
    assert!(tx.lease_case("a", "p", Micros(30), Micros(50)).await.unwrap());
    assert!(matches!(
        tx.lease_case("none", "p", Micros(0), Micros(1)).await,
        Err(Error::NoCase { .. })
    ));
}

async fn events_are_numbered_without_gaps(one: &Store, two: &Store) {
    let mut tasks = Vec::new();
    for (seed, store) in [one, two, one, two].into_iter().enumerate() {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let rng = SeededRng::new(seed as u64 * 1000);
            for round in 0..10 {
                let mut tx = store.begin().await.unwrap();
                tx.append_event(&event(&rng, None)).await.unwrap();
                tx.append_events(&[event(&rng, None), event(&rng, None)]).await.unwrap();
                // Every third is undone: it must leave no gap.
                if round % 3 == 0 {
                    drop(tx);
                } else {
                    tx.commit().await.unwrap();
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut tx = one.read().await.unwrap();
    let all = tx.unsealed(1000).await.unwrap();
    assert_eq!(all.len(), 4 * 6 * 3);
    assert!(all.iter().map(|e| e.seq).eq(0..all.len() as u64));
    assert_eq!(tx.event_count().await.unwrap(), all.len() as u64);
    assert_eq!(tx.events_from(70, 10).await.unwrap(), all[70..]);
    assert_eq!(tx.unsealed(5).await.unwrap(), all[..5]);
}

async fn state_and_outbox_are_one(store: &Store, _: &Store) {
    let rng = SeededRng::new(1);
    let mut tx = store.begin().await.unwrap();
    tx.insert_case(&case("a")).await.unwrap();
    let first = event(&rng, Some("a"));
    assert_eq!(tx.append_event(&first).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.save_case("a", 0, &sealed("one"), "x").await.unwrap();
    let again = tx.append_event(&first).await;
    assert_eq!(again, Err(Error::Exists { kind: "event", id: first.id.clone() }));
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    for (id, kind) in [("jane@acme.example", "x"), (first.id.as_str(), "Jane Doe"), (&first.id, "")]
    {
        let telling = Event { id: id.to_owned(), kind: kind.to_owned(), ..event(&rng, None) };
        assert_eq!(tx.append_event(&telling).await, Err(Error::NotPublic));
    }
    let orphan = tx.append_event(&event(&rng, Some("none"))).await;
    assert_eq!(orphan, Err(Error::NoCase { case: "none".to_owned() }));
    drop(tx);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.case("a").await.unwrap().unwrap().step, 0);
    let events = tx.events_of_case("a").await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(Some(&events[0]), tx.event(&first.id).await.unwrap().as_ref());
    assert_eq!(events[0].body.as_deref(), Some(&*first.body));
    assert_eq!(events[0].salt, Some(first.salt));
    assert_eq!(events[0].commitment, commitment(&first.salt, &first.body));
    assert_eq!(events[0].sealed_index, None);
    assert_eq!(events[0].at, FixedClock(Micros(7)).0);
}

async fn erasing_keeps_the_commitment(store: &Store, _: &Store) {
    let rng = SeededRng::new(1);
    let kept = event(&rng, None);
    let mut tx = store.begin().await.unwrap();
    tx.append_event(&kept).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.erase_event(&kept.id).await.unwrap());
    assert!(!tx.erase_event("none").await.unwrap());
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    let erased = store.read().await.unwrap().event(&kept.id).await.unwrap().unwrap();
    assert_eq!((erased.body, erased.salt), (None, None));
    assert_eq!(erased.commitment, commitment(&kept.salt, &kept.body));
}

async fn sealing_is_noted_once(store: &Store, _: &Store) {
    let rng = SeededRng::new(1);
    let events: Vec<_> = (0..5).map(|_| event(&rng, None)).collect();
    let mut tx = store.begin().await.unwrap();
    tx.append_events(&events).await.unwrap();
    assert_eq!(tx.mark_sealed(0, 3, 0).await.unwrap(), 3);
    assert_eq!(tx.mark_sealed(0, 3, 0).await.unwrap(), 0);
    let waiting = tx.unsealed(9).await.unwrap();
    assert_eq!(waiting.iter().map(|e| e.seq).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(tx.event(&events[2].id).await.unwrap().unwrap().sealed_index, Some(2));
}

async fn the_ledger_never_shrinks(one: &Store, two: &Store) {
    let state = |size| LedgerState { size, checkpoint: format!("log\n{size}\n") };
    let mut tx = one.begin().await.unwrap();
    assert_eq!(tx.ledger_state().await.unwrap(), None);
    for size in [3, 3, 7] {
        tx.save_ledger_state(&state(size)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    assert!(matches!(tx.save_ledger_state(&state(6)).await, Err(Error::Sequence(_))));
    assert_eq!(tx.ledger_state().await.unwrap(), Some(state(7)));
}

async fn attestations_and_control_runs(store: &Store, _: &Store) {
    let attested = |id: &str, at| Attestation {
        id: id.to_owned(),
        promise: "reviews".to_owned(),
        at: Micros(at),
        body: sealed("who"),
    };
    let run = |control: &str, state: &str, at| ControlRun {
        promise: "tickets-7y".to_owned(),
        control: control.to_owned(),
        state: state.to_owned(),
        reason: format!("{state} at {at}"),
        evidence: (at == 2).then(|| "counted".to_owned()),
        event: None,
        at: Micros(at),
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_attestation("acme", &attested("b", 4)).await.unwrap();
    tx.insert_attestation("acme", &attested("a", 3)).await.unwrap();
    tx.insert_attestation("other", &attested("c", 5)).await.unwrap();
    let plain = Attestation { body: b"Jane".to_vec(), ..attested("d", 6) };
    let refused = tx.insert_attestation("acme", &plain).await;
    assert!(matches!(refused, Err(Error::NotSealed { .. })), "{refused:?}");
    let first = [run("retention", "upheld", 1), run("absence", "upheld", 1)];
    assert_eq!(tx.record_control_runs("acme", &first).await.unwrap(), 0);
    assert_eq!(tx.record_control_runs("acme", &[run("retention", "broken", 2)]).await.unwrap(), 2);
    tx.record_control_runs("other", &[run("retention", "at risk", 3)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let all = tx.attestations("acme").await.unwrap();
    assert_eq!(all, [attested("a", 3), attested("b", 4)]);
    let last = tx.last_control_runs("acme").await.unwrap();
    assert_eq!(last, [run("absence", "upheld", 1), run("retention", "broken", 2)]);
}

async fn settings_and_erasures(store: &Store, _: &Store) {
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.setting("policy").await.unwrap(), None);
    for value in ["1", "ü'\"; --"] {
        tx.set_setting("policy", value).await.unwrap();
        assert_eq!(tx.setting("policy").await.unwrap().as_deref(), Some(value));
    }
    tx.set_setting("a", "").await.unwrap();
    let all = tx.settings().await.unwrap();
    assert_eq!(all.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "policy"]);
    assert!(tx.remove_setting("a").await.unwrap());
    assert!(!tx.remove_setting("a").await.unwrap());

    tx.insert_case(&case("a")).await.unwrap();
    let erasure = Erasure {
        case: "a".to_owned(),
        system: "tickets".to_owned(),
        hash: [9; 32],
        at: Micros(3),
    };
    tx.record_erasure(&erasure).await.unwrap();
    tx.record_erasure(&Erasure { at: Micros(4), ..erasure.clone() }).await.unwrap();
    assert_eq!(tx.erasures("tickets").await.unwrap(), std::slice::from_ref(&erasure));
    assert_eq!(tx.erasures("billing").await.unwrap(), []);
    assert_eq!(tx.erased_by("tickets", &[9; 32]).await.unwrap().as_deref(), Some("a"));
    assert_eq!(tx.erased_by("tickets", &[8; 32]).await.unwrap(), None);
    let orphan = Erasure { case: "none".to_owned(), ..erasure };
    assert!(matches!(tx.record_erasure(&orphan).await, Err(Error::NoCase { .. })));
}

async fn readers_see_one_picture_and_cannot_write(one: &Store, two: &Store) {
    let mut reading = one.read().await.unwrap();
    assert_eq!(reading.cases().await.unwrap(), []);
    let mut tx = two.begin().await.unwrap();
    tx.insert_case(&case("a")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reading.cases().await.unwrap(), [], "still the picture it began with");
    assert_eq!(reading.set_setting("a", "b").await, Err(Error::ReadOnly));
    drop(reading);
    assert_eq!(one.read().await.unwrap().cases().await.unwrap().len(), 1);
}

async fn holds_are_lifted_once(store: &Store, _: &Store) {
    let hold = |id: &str, ends_on: Option<&str>| crate::Hold {
        id: id.to_owned(),
        organisation: "acme".to_owned(),
        body: sealed("what"),
        begun_at: Micros(5),
        ends_on: ends_on.map(str::to_owned),
        lifted_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_hold(&hold("b", None)).await.unwrap();
    tx.insert_hold(&hold("a", Some("2026-01-31"))).await.unwrap();
    assert!(!tx.lift_hold("none", Micros(6), &sealed("why")).await.unwrap());
    assert!(tx.lift_hold("b", Micros(7), &sealed("why")).await.unwrap());
    assert!(!tx.lift_hold("b", Micros(8), &sealed("late")).await.unwrap());
    let lifted = crate::Hold { lifted_at: Some(Micros(7)), body: sealed("why"), ..hold("b", None) };
    assert_eq!(tx.holds().await.unwrap(), [hold("a", Some("2026-01-31")), lifted]);
    let plain = crate::Hold { body: b"jane".to_vec(), ..hold("c", None) };
    assert!(matches!(tx.insert_hold(&plain).await, Err(Error::NotSealed { .. })));
    let again = tx.insert_hold(&hold("a", None)).await;
    assert_eq!(again, Err(Error::Exists { kind: "hold", id: "a".to_owned() }));
}

async fn retention_runs_go_on_and_end(one: &Store, two: &Store) {
    let run = crate::RetentionRun {
        id: "r".to_owned(),
        organisation: "acme".to_owned(),
        begun_at: Micros(5),
        ended_at: None,
        progress: "{}".to_owned(),
    };
    let mut tx = one.begin().await.unwrap();
    tx.insert_retention_run(&run).await.unwrap();
    assert!(tx.save_retention_run("r", "{\"rows\":5}").await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    assert!(tx.end_retention_run("r", Micros(9)).await.unwrap());
    assert!(!tx.end_retention_run("r", Micros(10)).await.unwrap());
    assert!(!tx.save_retention_run("r", "late").await.unwrap());
    let ended = crate::RetentionRun {
        ended_at: Some(Micros(9)),
        progress: "{\"rows\":5}".to_owned(),
        ..run.clone()
    };
    assert_eq!(tx.retention_runs().await.unwrap(), [ended]);
    let again = tx.insert_retention_run(&run).await;
    assert_eq!(again, Err(Error::Exists { kind: "retention run", id: "r".to_owned() }));
}

async fn cases_rest_and_wake(store: &Store, _: &Store) {
    let mut tx = store.begin().await.unwrap();
    for id in ["a", "b", "c"] {
        tx.insert_case(&case(id)).await.unwrap();
    }
    tx.wake_case("a", Some(Micros(20))).await.unwrap();
    tx.wake_case("b", Some(Micros(10))).await.unwrap();
    assert!(matches!(tx.wake_case("none", None).await, Err(Error::NoCase { .. })));
    for (now, waking) in [(9, vec![]), (10, vec!["b"]), (20, vec!["b", "a"])] {
        assert_eq!(tx.cases_waking(Micros(now)).await.unwrap(), waking, "at {now}");
    }
    tx.wake_case("b", None).await.unwrap();
    assert_eq!(tx.cases_waking(Micros(99)).await.unwrap(), ["a"]);
    tx.wake_case("c", Some(Micros(i64::MAX))).await.unwrap();
    assert_eq!(tx.rouse_cases(Micros(50)).await.unwrap(), 1);
    assert_eq!(tx.cases_waking(Micros(50)).await.unwrap(), ["a", "c"]);
}

#[tokio::test]
async fn every_statement_is_prepared_on_both_engines() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Store::open(&Location::Sqlite(folder.path().join("db"))).await.unwrap();
    let url = Secret::new(testkit::postgres().fresh_database("prepared"));
    let postgres = Store::open(&Location::Postgres(url)).await.unwrap();
    for (name, text) in statement::ALL {
        let on_sqlite = sqlite.begin().await.unwrap().prepared(text).await;
        let on_postgres = postgres.begin().await.unwrap().prepared(text).await;
        assert_eq!(on_sqlite, on_postgres, "{name}");
    }
    let due = crate::dialect::jobs_due(true);
    assert_eq!(postgres.begin().await.unwrap().prepared(due).await, (vec!["id".to_owned()], 2));
    let many = &statement::EVENT_INSERT_MANY;
    let on_sqlite = sqlite.begin().await.unwrap().prepared(many).await;
    assert_eq!(on_sqlite.1, 9 * statement::ROWS_AT_ONCE);
    assert_eq!(on_sqlite, postgres.begin().await.unwrap().prepared(many).await);
    postgres.close().await;
}

#[tokio::test]
async fn erased_bytes_are_gone_from_the_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Location::Sqlite(folder.path().join("db"))).await.unwrap();
    let rng = SeededRng::new(1);
    let told = Event { body: br#"{"told":"marjoram"}"#.to_vec(), ..event(&rng, None) };
    let mut tx = store.begin().await.unwrap();
    tx.append_event(&told).await.unwrap();
    tx.commit().await.unwrap();
    let holds = |needle: &[u8]| {
        std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
    };
    assert!(holds(b"marjoram") && holds(&told.salt));
    let mut tx = store.begin().await.unwrap();
    tx.erase_event(&told.id).await.unwrap();
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    assert!(!holds(b"marjoram") && !holds(&told.salt));
}

#[tokio::test]
async fn what_cannot_be_opened_says_why_and_shows_no_password() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("db");
    std::fs::write(&file, "this is no database, but long enough to be read as one. ".repeat(99))
        .unwrap();
    let server = testkit::postgres();
    let url = |text: &str| Location::Postgres(Secret::new(text.to_owned()));
    for (location, part) in [
        (Location::Sqlite(file), "not an SQLite database"),
        (Location::Sqlite("/proc/nowhere/db".into()), "No such file"),
        (url("nonsense hunter2"), "not of the form"),
        (url("postgres://u:hunter2@192.0.2.1/db"), "would not be encrypted"),
        (url("postgres://u:hunter2@127.0.0.1:1/db"), "does not answer"),
        (url(&format!("{}_absent", server.url())), "createdb"),
    ] {
        let error = Store::open(&location).await.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
        assert!(!error.contains("hunter2") && !format!("{location:?}").contains("hunter2"));
    }
    let made = folder.path().join("new").join("db");
    Store::open(&Location::Sqlite(made.clone())).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&made), mode(made.parent().unwrap())), (0o600, 0o700));
}

async fn marks_are_found_until_they_are_lifted(store: &Store, _: &Store) {
    let mut tx = store.begin().await.unwrap();
    let mark = Mark {
        id: "m1".to_owned(),
        organisation: "acme".to_owned(),
        kind: "restriction".to_owned(),
        case: None,
        body: sealed("whose"),
        begun_at: Micros(3),
        lifted_at: None,
    };
    tx.set_mark(&mark, &[[1; 32], [2; 32]]).await.unwrap();
    tx.set_mark(&Mark { id: "m2".to_owned(), ..mark.clone() }, &[[2; 32]]).await.unwrap();
    let plain = Mark { id: "m3".to_owned(), body: b"jane".to_vec(), ..mark.clone() };
    assert!(matches!(tx.set_mark(&plain, &[]).await, Err(Error::NotSealed { .. })));
    tx.find_mark_by("m1", &[4; 32]).await.unwrap();
    tx.find_mark_by("m1", &[4; 32]).await.unwrap();
    let mut found = Vec::new();
    for hash in [1, 2, 3, 4] {
        let marks = tx.marks_by(&[hash; 32]).await.unwrap();
        found.push(marks.into_iter().map(|mark| mark.id).collect::<Vec<_>>().join(" "));
    }
    assert_eq!(found, ["m1", "m1 m2", "", "m1"]);
    tx.reseal_mark("m2", &sealed("nobody")).await.unwrap();
    assert!(tx.lift_mark("m1", Micros(9), &sealed("")).await.unwrap());
    assert!(!tx.lift_mark("m1", Micros(10), &sealed("")).await.unwrap(), "only once");
    assert!(tx.marks_by(&[1; 32]).await.unwrap().is_empty());
    let all = tx.marks().await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].lifted_at, all[0].body.clone()), (Some(Micros(9)), sealed("")));
    assert_eq!((all[1].lifted_at, all[1].body.clone()), (None, sealed("nobody")));
    tx.commit().await.unwrap();
}

async fn messages_forget_their_text_once_sent(store: &Store, _: &Store) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_case(&case("a")).await.unwrap();
    let message = Message {
        case: "a".to_owned(),
        recipient: "mail".to_owned(),
        body: Some(sealed("dear")),
        made_at: Micros(1),
        sent_at: None,
        answered_at: None,
    };
    tx.keep_message(&message).await.unwrap();
    tx.keep_message(&Message { recipient: "bank".to_owned(), ..message.clone() }).await.unwrap();
    let plain = Message { body: Some(b"dear".to_vec()), ..message.clone() };
    assert!(matches!(tx.keep_message(&plain).await, Err(Error::NotSealed { .. })));
    assert!(!tx.message_answered("a", "mail", Micros(2)).await.unwrap(), "not sent yet");
    assert!(tx.message_sent("a", "mail", Micros(3)).await.unwrap());
    assert!(!tx.message_sent("a", "mail", Micros(4)).await.unwrap());
    assert!(tx.message_answered("a", "mail", Micros(5)).await.unwrap());
    assert!(!tx.message_sent("a", "nobody", Micros(4)).await.unwrap());
    let told = tx.messages("a").await.unwrap();
    assert_eq!(told.iter().map(|m| m.recipient.as_str()).collect::<Vec<_>>(), ["bank", "mail"]);
    let sent =
        Message { body: None, sent_at: Some(Micros(3)), answered_at: Some(Micros(5)), ..message };
    assert_eq!(told[1], sent);
    tx.commit().await.unwrap();
}
