//! Messages to programs: real ones on this machine, and those that must never be reached.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use auth::{Door, Membership, MembershipState, Role, Strength};
use ureq::unversioned::resolver::ArrayVec;

use super::send::*;
use super::*;
use crate::fixture::{Hands, folder, house};
use crate::intake::{Channel, Form, Kind, Told};
use crate::jobs::{Did, Failed};
use crate::letters::Language;

/// What somebody was sent: the head in lower case, and the body.
struct Got {
    head: String,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }
}

/// A program that answers each message with the next of these, and then with the last.
fn program(answers: &'static [&'static str]) -> (u16, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, got) = channel();
    std::thread::spawn(move || {
        for count in 0.. {
            let Ok((stream, _)) = listener.accept() else { return };
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut reader = BufReader::new(&stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap_or(0) > 0 {}
            let length = head.to_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length: ").and_then(|text| text.trim().parse().ok())
            });
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            let head = head.lines().map(|line| match line.split_once(": ") {
                Some((name, value)) => format!("{}: {value}\n", name.to_lowercase()),
                None => format!("{line}\n"),
            });
            let body = String::from_utf8(body).unwrap();
            let _ = told.send(Got { head: head.collect(), body });
            let answer = answers.get(count).or(answers.last()).unwrap();
            let _ = write!(&stream, "HTTP/1.1 {answer}\r\nconnection: close\r\n\r\n");
        }
    });
    (port, got)
}

const HERE: &str = "[webhooks]\nnetworks = [\"127.0.0.0/8\"]\nplain = true\n";
const TAKEN: &[&str] = &["200 OK\r\ncontent-length: 0"];

fn actor(role: Role, organisation: &str) -> Actor {
    let membership = Membership {
        organisation: organisation.to_owned(),
        role,
        state: MembershipState::Active,
        assigned: BTreeSet::new(),
    };
    let door = Door::Session {
        id: "s".repeat(32),
        strength: Strength::TwoFactors { shown_at: Micros(9) },
    };
    Actor::sample("a".repeat(32), membership, door, Micros(10))
}

/// Takes the jobs that are due, and says what came of those that tell programs.
async fn work(house: &House, clock: &Hands) -> Vec<std::result::Result<Did, Failed>> {
    use model::Clock as _;
    let state = house.state().await.unwrap();
    let mut came = Vec::new();
    let now = clock.now();
    let mut tx = state.store.begin().await.unwrap();
    let claims = tx.take_jobs("lease", now, Micros(now.0 + 1), 50).await.unwrap();
    tx.commit().await.unwrap();
    for claim in claims {
        let work = Work::read(&claim.job.payload).unwrap();
        if let Work::TellWebhook { message } = work {
            came.push(house.tell_webhook(&message, &claim).await);
        }
        let mut tx = state.store.begin().await.unwrap();
        tx.finish_job(&claim).await.unwrap();
        tx.commit().await.unwrap();
    }
    came
}

async fn add(house: &House, url: &str, kinds: &[&str]) -> Added {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let owner = actor(Role::Owner, auth::ROOT);
    house.add_webhook(&owner, auth::ROOT, url, &kinds).await.unwrap()
}

async fn file(house: &House) {
    let form = Form {
        kind: Kind::OptOut,
        channel: Channel::Api,
        language: Language::En,
        place: None,
        told: Told {
            name: Some(model::Personal::new("Canary Bird".to_owned())),
            ..Told::default()
        },
    };
    house.file_request(form).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_is_told_what_it_asked_for_signed_and_without_anybodys_name() {
    let (folder, clock) = (folder(HERE), Hands::at("2026-03-01"));
    let house = house(folder.path(), clock.clone(), 5, &[]);
    let (port, got) = program(TAKEN);
    let url = format!("http://127.0.0.1:{port}/hook?key=s3cret");
    let added = add(&house, &url, &["request.received"]).await;
    let other = add(&house, &url, &["version.scheduled"]).await;
    file(&house).await;
    assert_eq!(work(&house, &clock).await, [Ok(Did::Done)]);
    let message = got.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(message.head.starts_with("POST /hook?key=s3cret HTTP/1.1"), "{}", message.head);
    assert_eq!(message.header("content-type"), "application/json");
    let body: Value = serde_json::from_str(&message.body).unwrap();
    assert_eq!(body["type"], "request.received");
    assert_eq!(body["timestamp"], "2026-03-01T09:00:00Z");
    assert_eq!(
        (body["data"]["organisation"].as_str(), body["data"]["kind"].as_str()),
        (Some("root"), Some("opt_out"))
    );
    assert!(!message.body.contains("Canary"));
    // As anybody checks it who knows nothing but the standard.
    let secret = added.secret.expose_secret().strip_prefix("whsec_").unwrap().to_owned();
    let (id, at) = (message.header("webhook-id").to_owned(), message.header("webhook-timestamp"));
    let parcel = Parcel {
        id: id.clone(),
        at: Micros(at.parse::<i64>().unwrap() * 1_000_000),
        payload: message.body.clone(),
    };
    assert_eq!(message.header("webhook-signature"), signature(&secret, &parcel).unwrap());
    let owner = actor(Role::Owner, auth::ROOT);
    let kept = house.webhook_messages(&owner, auth::ROOT, &added.id, None, 9).await.unwrap();
    assert_eq!(
        (kept[0].id.clone(), kept[0].attempts, kept[0].answer.as_deref()),
        (id, 1, Some("taken with status 200"))
    );
    assert!(
        house.webhook_messages(&owner, auth::ROOT, &other.id, None, 9).await.unwrap().is_empty()
    );
    // Neither address nor secret lies open in our database.
    let files = ["upheld.db", "upheld.db-wal"].map(|name| folder.path().join(".upheld").join(name));
    let bytes: Vec<u8> =
        files.iter().filter_map(|path| std::fs::read(path).ok()).flatten().collect();
    for secret in ["s3cret", secret.as_str()] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
}

/// The example of the standard, which others sign in the same way.
#[test]
fn the_signature_is_the_one_of_the_standard() {
    let parcel = Parcel {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
        at: Micros(1_614_265_330_000_000),
        payload: "{\"test\": 2432232314}".to_owned(),
    };
    let signed = signature("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &parcel);
    assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_is_told_again_a_redirect_is_not_followed_and_gone_is_gone() {
    let (folder, clock) = (folder(HERE), Hands::at("2026-03-01"));
    let house = house(folder.path(), clock.clone(), 5, &[]);
    let (elsewhere, never) = program(TAKEN);
    let leads =
        format!("302 Found\r\nlocation: http://127.0.0.1:{elsewhere}/x\r\ncontent-length: 0");
    let answers: &'static [&'static str] = Box::leak(Box::new([
        "503 Busy\r\ncontent-length: 0",
        Box::leak(leads.into_boxed_str()),
        "410 Gone\r\ncontent-length: 0",
    ]));
    let (port, got) = program(answers);
    let added = add(&house, &format!("http://127.0.0.1:{port}/"), &[]).await;
    let owner = actor(Role::Owner, auth::ROOT);
    for (answer, expected) in [
        ("it answers with status 503", Failed::ForNow("it answers with status 503".to_owned())),
        (
            "it leads elsewhere",
            Failed::ForNow("it leads elsewhere, and no redirect is followed".to_owned()),
        ),
        (
            "it says that it is gone",
            Failed::ForGood("it says that it is gone: it is told nothing more".to_owned()),
        ),
    ] {
        house.try_webhook(&owner, auth::ROOT, &added.id).await.unwrap();
        assert_eq!(work(&house, &clock).await, [Err(expected)]);
        got.recv_timeout(Duration::from_secs(5)).unwrap();
        let kept = house.webhook_messages(&owner, auth::ROOT, &added.id, None, 9).await.unwrap();
        assert!(
            kept.iter()
                .any(|one| one.answer.as_deref().is_some_and(|told| told.starts_with(answer))),
            "{kept:?}"
        );
        clock.go_on(1);
    }
    assert!(never.try_recv().is_err(), "nobody was led elsewhere");
    assert!(house.webhooks(&owner, auth::ROOT).await.unwrap()[0].paused_at.is_some());
    file(&house).await;
    assert!(work(&house, &clock).await.is_empty(), "whoever is gone is told nothing");
    house.pause_webhook(&owner, auth::ROOT, &added.id, false).await.unwrap();
    file(&house).await;
    assert_eq!(work(&house, &clock).await.len(), 1);
}

/// Names that lead where the test says.
#[derive(Debug)]
struct Names(&'static [&'static str]);

impl ureq::unversioned::resolver::Resolver for Names {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        _: &ureq::config::Config,
        _: ureq::unversioned::transport::NextTimeout,
    ) -> std::result::Result<ureq::unversioned::resolver::ResolvedSocketAddrs, ureq::Error> {
        let port = uri.port_u16().unwrap_or(443);
        let mut found = ArrayVec::from_fn(|_| SocketAddr::from(([0, 0, 0, 0], 0)));
        for address in self.0 {
            found.push(SocketAddr::new(address.parse().unwrap(), port));
        }
        Ok(found)
    }
}

#[test]
fn a_name_that_leads_to_where_nothing_goes_leads_nowhere() {
    let (port, got) = program(TAKEN);
    let secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
    let body = Body { url: format!("http://hooks.acme.example:{port}/"), secret };
    let parcel = Parcel { id: "a".to_owned(), at: Micros(0), payload: "{}".to_owned() };
    for addresses in [
        &["127.0.0.1"][..],
        &["::ffff:127.0.0.1"],
        &["169.254.169.254"],
        &["10.1.2.3"],
        &["fd00:ec2::254"],
        &["64:ff9b::7f00:1"],
        // One of several is enough.
        &["8.8.8.8", "127.0.0.1"],
    ] {
        let names = Guarded { names: Names(addresses), allowed: Vec::new() };
        assert_eq!(
            post(&body, &parcel, true, names),
            Came::NotNow(NOT_PUBLIC.to_owned()),
            "{addresses:?}"
        );
    }
    assert!(got.try_recv().is_err());
    let allowed = vec![Network::parse("127.0.0.1").unwrap()];
    let names = Guarded { names: Names(&["127.0.0.1"]), allowed: allowed.clone() };
    assert_eq!(
        post(&body, &parcel, true, names),
        Came::Taken(200),
        "what a setting names is reached"
    );
    // The name stays the one that was asked for.
    let host = format!("hooks.acme.example:{port}");
    assert_eq!(got.recv_timeout(Duration::from_secs(5)).unwrap().header("host"), host);
    let names = Guarded { names: Names(&["127.0.0.1"]), allowed };
    assert_eq!(
        post(&body, &parcel, false, names),
        Came::NotNow("messages go out encrypted only".to_owned())
    );
}

#[test]
fn an_address_is_public_and_encrypted_however_it_is_written() {
    let strict = WebhookSettings::default();
    for bad in [
        "",
        "hooks.acme.example",
        "ftp://acme.example/",
        "file:///etc/passwd",
        "http://acme.example/",
        "https://user:pass@acme.example/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1:8443/",
        "https://１２７.0.0.1/",
        "https://0/",
    ] {
        let error = address(bad, &strict).unwrap_err();
        assert!(matches!(error, Error::Unfit { field: "url", .. }), "{bad}: {error}");
    }
    for good in
        ["https://hooks.acme.example/x?y=z", "https://8.8.8.8/", "https://[2606:4700::1111]/"]
    {
        assert!(address(good, &strict).is_ok(), "{good}");
    }
    let here = WebhookSettings { networks: vec!["127.0.0.0/8".to_owned()], plain: true };
    assert!(
        address("http://0x7f.1:9/", &here).is_ok() && address("http://10.0.0.1/", &here).is_err()
    );
    assert!(WebhookSettings { networks: vec!["here".to_owned()], plain: true }.check().is_err());
}

#[tokio::test]
async fn a_program_belongs_to_one_organisation_and_to_those_who_may() {
    let (folder, clock) = (folder(""), Hands::at("2026-03-01"));
    std::fs::write(folder.path().join("clients.yaml"), "clients:\n- { key: acme, name: Acme }\n")
        .unwrap();
    let house = house(folder.path(), clock, 5, &[]);
    let url = "https://hooks.acme.example/";
    let owner = actor(Role::Owner, auth::ROOT);
    for who in [
        actor(Role::Auditor, auth::ROOT),
        actor(Role::PrivacyOfficer, auth::ROOT),
        actor(Role::ClientOfficer, "acme"),
    ] {
        let organisation = who.home().to_owned();
        assert!(house.add_webhook(&who, &organisation, url, &[]).await.is_err());
    }
    assert!(house.add_webhook(&owner, "acme", url, &[]).await.is_err(), "nobody assigned it");
    assert!(house.add_webhook(&owner, auth::ROOT, url, &["canary".to_owned()]).await.is_err());
    let id = add(&house, url, &[]).await.id;
    let mut membership = owner.membership().clone();
    membership.assigned.insert("acme".to_owned());
    let both = Actor::sample("c".repeat(32), membership, owner.door().clone(), Micros(10));
    for refused in [
        house.pause_webhook(&both, "acme", &id, true).await,
        house.remove_webhook(&both, "acme", &id).await,
        house.try_webhook(&both, "acme", &id).await.map(drop),
        house.webhook_messages(&both, "acme", &id, None, 9).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Absent(_))), "{refused:?}");
    }
    assert!(house.webhooks(&both, "acme").await.unwrap().is_empty());
    for _ in 1..20 {
        add(&house, url, &[]).await;
    }
    assert!(house.add_webhook(&owner, auth::ROOT, url, &[]).await.is_err(), "there is an end");
    house.remove_webhook(&owner, auth::ROOT, &id).await.unwrap();
    assert_eq!(house.webhooks(&owner, auth::ROOT).await.unwrap().len(), 19);
}
