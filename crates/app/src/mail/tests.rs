//! Mail against a real server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use testkit::mail::Smtp;

use crate::fixture::{folder, house};
use crate::house::{House, Means};
use crate::jobs::Pace;

fn settings(server: &Smtp, more: &str) -> String {
    format!("[mail.out]\nhost = \"127.0.0.1\"\nport = {}\n{more}\n", server.port())
}

fn real(folder: &Path, seed: u64) -> Arc<House> {
    house(folder, Means::of_this_machine().clock, seed, &[("POST", "letters"), ("WRONG", "no")])
}

async fn counts(house: &House) -> store::JobCounts {
    let state = house.state().await.unwrap();
    state.store.read().await.unwrap().job_counts().await.unwrap()
}

/// Works until nothing waits any more, or until `enough`.
async fn work(house: &Arc<House>, enough: impl Fn(store::JobCounts) -> bool) {
    let pace = Pace { look: Duration::from_millis(50), ..Pace::default() };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(Arc::clone(house).run_jobs(pace, async { drop(stopped.await) }));
    for round in 0.. {
        assert!(round < 500, "{:?}", counts(house).await);
        tokio::time::sleep(Duration::from_millis(40)).await;
        if enough(counts(house).await) {
            break;
        }
    }
    drop(stop);
    running.await.unwrap().unwrap();
}

async fn failure(house: &House, id: &str) -> (Option<String>, bool) {
    let state = house.state().await.unwrap();
    let mail = state.store.read().await.unwrap().mail(id).await.unwrap().unwrap();
    assert_eq!(mail.body.is_none(), mail.sent_at.or(mail.failed_at).is_some());
    (mail.failure, mail.sent_at.is_some())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_handed_over_once_proved_and_forgotten() {
    let server = Smtp::start();
    let folder = folder(&settings(&server, "tls = \"none\""));
    let house = real(folder.path(), 1);
    house.try_mail("jane@acme.example").await.unwrap();
    // One job is left over: what was sent is wiped out of the files a little later.
    work(&house, |counts| counts.waiting == 1 && counts.running == 0 && !server.mails().is_empty())
        .await;
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    for part in [
        "X-Envelope: privacy@northlight-it.example -> jane@acme.example",
        "From: \"Northlight IT\" <privacy@northlight-it.example>",
        "Auto-Submitted: auto-generated",
        "Message-ID: <",
        "@northlight-it.example>",
    ] {
        assert!(mails[0].contains(part), "{part}\n{}", mails[0]);
    }
    let state = house.state().await.unwrap();
    let mut tx = state.store.read().await.unwrap();
    let events = tx.events_from(0, 99).await.unwrap();
    assert_eq!(events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["mail sent"]);
    let told = String::from_utf8(events[0].body.clone().unwrap()).unwrap();
    assert!(!told.contains("jane") && !told.contains("acme"), "{told}");
    tx.rollback().await.unwrap();
    state.store.scrub().await.unwrap();
    for file in std::fs::read_dir(folder.path().join(".upheld")).unwrap().flatten() {
        if file.path().is_file() {
            let bytes = std::fs::read(file.path()).unwrap();
            assert!(!bytes.windows(12).any(|window| window == b"jane@acme.ex"), "{file:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_noted_and_what_is_put_off_waits() {
    let server = Smtp::start();
    let folder = folder(&settings(&server, "tls = \"none\""));
    let house = real(folder.path(), 2);
    for to in ["gone@acme.example", "later@acme.example", "not an address"] {
        house.try_mail(to).await.unwrap();
    }
    let state = house.state().await.unwrap();
    work(&house, |counts| counts.waiting == 2 && counts.running == 0).await;
    let mut tx = state.store.begin().await.unwrap();
    let far = model::Micros(i64::MAX / 2);
    let jobs = tx.take_jobs("x", far, far, 9).await.unwrap();
    let waiting = jobs.iter().find(|claim| claim.job.kind == "send mail").unwrap();
    assert_eq!(waiting.job.failure.as_deref(), Some("the mail server answered 451"));
    tx.rollback().await.unwrap();
    let mut events = state.store.read().await.unwrap().events_from(0, 9).await.unwrap();
    let mut codes = Vec::new();
    for event in events.drain(..) {
        assert_eq!(event.kind, "mail refused");
        let body: serde_json::Value = serde_json::from_slice(&event.body.unwrap()).unwrap();
        let id = body["mail"].as_str().unwrap();
        let (code, sent) = failure(&house, id).await;
        assert_eq!((code.as_deref(), sent), (body["code"].as_str(), false));
        codes.push(code.unwrap());
    }
    codes.sort();
    assert_eq!(codes, ["550", "no address"]);
    assert!(server.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_asks_for_encryption_and_an_account_gets_both() {
    let server = Smtp::start_guarded();
    let ca = server.authority();
    let with = |password: &str, ca: &str| {
        settings(
            &server,
            &format!("tls = \"starttls\"\nuser = \"post\"\npassword = \"env:{password}\"\n{ca}"),
        )
    };
    let trusted = format!("ca = \"{}\"", ca.display());
    for (seed, password, ca, failure) in [
        (1, "POST", trusted.as_str(), None),
        (2, "WRONG", &trusted, Some("the mail server answered 535")),
        (
            3,
            "POST",
            "",
            Some(
                "the connection to the mail server cannot be encrypted: look at `tls` and `ca` of `[mail.out]`",
            ),
        ),
        (4, "ABSENT", &trusted, Some("mail.out: the environment variable `ABSENT` is not set")),
    ] {
        let folder = folder(&with(password, ca));
        let house = real(folder.path(), seed);
        house.try_mail("jane@acme.example").await.unwrap();
        let state = house.state().await.unwrap();
        let told = async || {
            let mut tx = state.store.begin().await.unwrap();
            let far = model::Micros(i64::MAX / 2);
            let jobs = tx.take_jobs("x", far, far, 9).await.unwrap();
            jobs.into_iter().find(|claim| claim.job.kind == "send mail").and_then(|c| c.job.failure)
        };
        let pace = Pace { look: Duration::from_millis(50), ..Pace::default() };
        let running = tokio::spawn(Arc::clone(&house).run_jobs(pace, std::future::pending()));
        for round in 0.. {
            if round == 200 {
                let events = state.store.read().await.unwrap().events_from(0, 9).await.unwrap();
                let last = events.last().and_then(|event| event.body.clone()).unwrap_or_default();
                panic!("{password} {ca}: {:?} {}", told().await, String::from_utf8_lossy(&last));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            let done = match failure {
                None => server.mails().len() == 1,
                Some(_) => told().await.is_some(),
            };
            if done {
                break;
            }
        }
        running.abort();
        assert!(failure.is_none() || told().await.as_deref() == failure, "{:?}", told().await);
    }
    assert_eq!(server.mails().len(), 1);
}
