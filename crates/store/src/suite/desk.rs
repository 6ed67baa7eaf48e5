//! Jobs, schedules and mail that goes out.

use std::collections::BTreeSet;

use model::{Micros, SeededRng};

use super::sealed;
use crate::{Error, JobCounts, Mail, NewJob, Store, new_id};

fn job(id: &str, key: Option<&str>, run_at: i64) -> NewJob {
    NewJob {
        id: id.to_owned(),
        organisation: "root".to_owned(),
        kind: "mail".to_owned(),
        payload: "{}".to_owned(),
        unique_key: key.map(str::to_owned),
        run_at: Micros(run_at),
        most: 3,
        made_at: Micros(1),
    }
}

async fn take(store: &Store, lease: &str, now: i64, limit: u32) -> Vec<crate::Claim> {
    let mut tx = store.begin().await.unwrap();
    let claims = tx.take_jobs(lease, Micros(now), Micros(now + 10), limit).await.unwrap();
    tx.commit().await.unwrap();
    claims
}

pub(super) async fn jobs_are_taken_by_one_until_the_lease_runs_out(one: &Store, two: &Store) {
    let mut tx = one.begin().await.unwrap();
    for (id, at) in [("b", 5), ("a", 4), ("c", 9)] {
        tx.enqueue(&job(id, None, at)).await.unwrap();
    }
    let again = tx.enqueue(&job("b", None, 5)).await;
    assert_eq!(again, Err(Error::Exists { kind: "job", id: "b".to_owned() }));
    drop(tx);
    assert!(take(one, "l0", 9, 9).await.is_empty(), "undone with its transaction");
    let mut tx = one.begin().await.unwrap();
    for (id, at) in [("b", 5), ("a", 4), ("c", 9)] {
        tx.enqueue(&job(id, None, at)).await.unwrap();
    }
    assert_eq!(tx.next_job_at().await.unwrap(), Some(Micros(4)));
    tx.commit().await.unwrap();
    assert!(take(one, "l1", 3, 9).await.is_empty(), "nobody's time has come");
    let mine = take(one, "l2", 5, 1).await;
    let theirs = take(two, "l3", 5, 9).await;
    let ids = |claims: &[crate::Claim]| {
        claims.iter().map(|claim| claim.job.id.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!((ids(&mine), ids(&theirs)), ("a".to_owned(), "b".to_owned()));
    let mut tx = one.begin().await.unwrap();
    let counts = JobCounts { waiting: 1, running: 2, dead: 0 };
    assert_eq!(tx.job_counts().await.unwrap(), counts);
    assert!(tx.renew_job(&mine[0], Micros(30)).await.unwrap());
    assert!(tx.finish_job(&theirs[0]).await.unwrap());
    assert!(!tx.finish_job(&theirs[0]).await.unwrap(), "only once");
    tx.commit().await.unwrap();
    let late = take(two, "l4", 29, 9).await;
    assert_eq!(ids(&late), "c");
    let over = take(two, "l5", 30, 9).await;
    assert_eq!((ids(&over), over[0].job.attempts), ("a".to_owned(), 2), "its worker was silent");
    let mut tx = one.begin().await.unwrap();
    assert!(!tx.finish_job(&mine[0]).await.unwrap(), "it is another's now");
    assert!(!tx.renew_job(&mine[0], Micros(99)).await.unwrap());
    assert!(!tx.retry_job(&mine[0], Micros(99), "late").await.unwrap());
    assert!(!tx.bury_job(&mine[0], Micros(99), "late").await.unwrap());
    assert!(!tx.give_job_back(&mine[0], Micros(99)).await.unwrap());
    assert!(tx.give_job_back(&over[0], Micros(30)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(take(two, "l6", 30, 9).await[0].job.attempts, 2, "given back is not tried");
}

pub(super) async fn jobs_are_tried_again_buried_and_revived(store: &Store, _: &Store) {
    let mut tx = store.begin().await.unwrap();
    tx.enqueue(&job("a", None, 1)).await.unwrap();
    tx.commit().await.unwrap();
    let first = take(store, "l1", 1, 1).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.retry_job(&first[0], Micros(7), "the server said 451").await.unwrap());
    tx.commit().await.unwrap();
    assert!(take(store, "l2", 6, 1).await.is_empty());
    let second = take(store, "l3", 7, 1).await;
    assert_eq!(second[0].job.failure.as_deref(), Some("the server said 451"));
    assert_eq!((second[0].job.attempts, second[0].job.most), (2, 3));
    let mut tx = store.begin().await.unwrap();
    assert!(tx.bury_job(&second[0], Micros(8), "the server said 550").await.unwrap());
    assert_eq!(tx.next_job_at().await.unwrap(), None);
    tx.commit().await.unwrap();
    assert!(take(store, "l4", 99, 1).await.is_empty());
    let mut tx = store.begin().await.unwrap();
    let dead = tx.dead_jobs("root").await.unwrap();
    assert_eq!((dead.len(), dead[0].died_at), (1, Some(Micros(8))));
    assert!(tx.dead_jobs("other").await.unwrap().is_empty());
    assert!(!tx.revive_job("other", "a", Micros(9)).await.unwrap());
    assert!(!tx.drop_job("other", "a").await.unwrap());
    assert!(tx.revive_job("root", "a", Micros(9)).await.unwrap());
    assert!(!tx.drop_job("root", "a").await.unwrap(), "it lives again");
    tx.commit().await.unwrap();
    let third = take(store, "l5", 9, 1).await;
    assert_eq!(third[0].job.attempts, 1);
    let mut tx = store.begin().await.unwrap();
    tx.bury_job(&third[0], Micros(10), "again").await.unwrap();
    assert!(tx.drop_job("root", "a").await.unwrap());
    assert_eq!(tx.job_counts().await.unwrap(), JobCounts::default());
    tx.commit().await.unwrap();
}

pub(super) async fn a_key_stands_for_one_job(store: &Store, _: &Store) {
    let mut tx = store.begin().await.unwrap();
    tx.enqueue(&job("a", Some("clocks"), 9)).await.unwrap();
    tx.enqueue(&job("b", Some("clocks"), 5)).await.unwrap();
    tx.enqueue(&job("c", Some("clocks"), 7)).await.unwrap();
    assert_eq!(tx.next_job_at().await.unwrap(), Some(Micros(5)), "the earlier time counts");
    tx.commit().await.unwrap();
    let claims = take(store, "l1", 5, 9).await;
    assert_eq!(claims.len(), 1);
    let mut tx = store.begin().await.unwrap();
    tx.enqueue(&job("d", Some("clocks"), 6)).await.unwrap();
    assert!(tx.finish_job(&claims[0]).await.unwrap());
    tx.commit().await.unwrap();
    let again = take(store, "l2", 6, 9).await;
    assert_eq!((again.len(), again[0].job.attempts), (1, 1), "asked for while it ran");
    let mut tx = store.begin().await.unwrap();
    tx.bury_job(&again[0], Micros(7), "no").await.unwrap();
    tx.enqueue(&job("e", Some("clocks"), 8)).await.unwrap();
    tx.commit().await.unwrap();
    let revived = take(store, "l3", 8, 9).await;
    assert_eq!(revived[0].job.attempts, 1, "another chance");
    let mut tx = store.begin().await.unwrap();
    assert!(tx.finish_job(&revived[0]).await.unwrap());
    assert_eq!(tx.job_counts().await.unwrap(), JobCounts::default());
}

/// Two workers at once, over and over, never hold the same job.
pub(super) async fn two_workers_share(one: &Store, two: &Store) {
    let rng = SeededRng::new(7);
    let mut tx = one.begin().await.unwrap();
    for _ in 0..60 {
        tx.enqueue(&job(&new_id(&rng), None, 1)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let worker = |store: Store, name: &'static str| async move {
        let mut had = Vec::new();
        for round in 0.. {
            let claims = take(&store, &format!("{name}{round}"), 1, 7).await;
            if claims.is_empty() {
                break;
            }
            let mut tx = store.begin().await.unwrap();
            for claim in &claims {
                assert!(tx.finish_job(claim).await.unwrap());
            }
            tx.commit().await.unwrap();
            had.extend(claims.into_iter().map(|claim| claim.job.id));
        }
        had
    };
    let (a, b) = tokio::join!(worker(one.clone(), "a"), worker(two.clone(), "b"));
    let all: BTreeSet<&String> = a.iter().chain(&b).collect();
    assert_eq!((all.len(), a.len() + b.len()), (60, 60));
}

pub(super) async fn schedules_are_moved_by_one(one: &Store, two: &Store) {
    let mut tx = one.begin().await.unwrap();
    assert_eq!(tx.schedule("clocks", "* * * * *", Micros(60)).await.unwrap(), Micros(60));
    assert_eq!(tx.schedule("clocks", "* * * * *", Micros(99)).await.unwrap(), Micros(60));
    assert!(tx.move_schedule("clocks", Micros(60), Micros(120)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    assert!(!tx.move_schedule("clocks", Micros(60), Micros(120)).await.unwrap());
    assert_eq!(tx.schedule("clocks", "0 * * * *", Micros(3600)).await.unwrap(), Micros(3600));
    tx.commit().await.unwrap();
}

pub(super) async fn mails_forget_their_text(store: &Store, _: &Store) {
    let mail = |id: &str| Mail {
        id: id.to_owned(),
        organisation: "root".to_owned(),
        kind: "acknowledgement".to_owned(),
        about: Some("r".to_owned()),
        body: Some(sealed("dear")),
        made_at: Micros(1),
        sent_at: None,
        failed_at: None,
        failure: None,
    };
    let mut tx = store.begin().await.unwrap();
    for id in ["a", "b", "c"] {
        tx.insert_mail(&mail(id)).await.unwrap();
    }
    let plain = Mail { body: Some(b"dear".to_vec()), ..mail("d") };
    assert!(matches!(tx.insert_mail(&plain).await, Err(Error::NotSealed { .. })));
    assert!(tx.mail_sent("a", Micros(2)).await.unwrap());
    assert!(!tx.mail_sent("a", Micros(3)).await.unwrap());
    assert!(tx.mail_failed("a", Micros(4), "5.1.1").await.unwrap(), "it came back");
    assert!(!tx.mail_failed("a", Micros(5), "5.1.1").await.unwrap());
    assert!(tx.mail_failed("b", Micros(4), "550").await.unwrap());
    assert!(!tx.mail_sent("b", Micros(5)).await.unwrap());
    assert_eq!(tx.mail("none").await.unwrap(), None);
    let about = tx.mails_about("r").await.unwrap();
    assert_eq!(about.len(), 3);
    assert_eq!((about[0].body.clone(), about[0].sent_at), (None, Some(Micros(2))));
    assert_eq!(about[0].failure.as_deref(), Some("5.1.1"));
    assert_eq!((about[1].body.clone(), about[1].failed_at), (None, Some(Micros(4))));
    assert_eq!(about[2], mail("c"));
    tx.commit().await.unwrap();
}
