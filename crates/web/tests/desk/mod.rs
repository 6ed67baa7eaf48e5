//! A request from the French form to the certificate, over HTTP, with a real mail server and the server's
//! own worker.

#![allow(
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may panic as tests may, and wait on a thread of their own"
)]

mod me;
mod tell;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::{House, Means};
use async_trait::async_trait;
use auth::{Actor, Door, Membership, MembershipState, Role, Strength};
use axum::http::HeaderMap;
use testkit::http::{self, Answer};
use testkit::mail::Smtp;
use web::{Doorman, Journal, Server, Settings, Site};

const TABLES: &str = "
CREATE TABLE invoices (id integer PRIMARY KEY, email varchar(100), name varchar(100), issued_on date);
INSERT INTO invoices VALUES (1, 'jane@acme.example', 'Jane Marjoram', '2026-01-15'), (2, 'bob@acme.example', 'Bob', '2026-02-15')";

const MAP: &str = "
system: {title: Billing}
dataset:
- fides_key: billing
  collections:
  - name: invoices
    upheld: {title: Invoices}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name], fides_meta: {identity: name}}
    - {name: issued_on, data_categories: [system]}
";

/// A policy folder with one system and a mail server.
fn folder(folder: &Path, post: &Smtp) {
    app::init::init(folder, "msp-canada").unwrap();
    testkit::sqlite::execute(&folder.join("billing.db"), TABLES);
    std::fs::write(folder.join("systems/billing.yaml"), MAP).unwrap();
    let settings = format!(
        "anchors = []\n[schedules]\npromises = \"off\"\nmailbox = \"off\"\n[serve]\nforms_a_minute = 1000\n[mail.out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n[connections.billing]\nurl = \"sqlite:billing.db\"\n",
        post.port()
    );
    std::fs::write(folder.join("upheld.toml"), settings).unwrap();
}

/// Whoever a header names, as the role that another one names.
struct ByHeader;

/// A member of staff who has just shown two factors.
fn member(name: &str, role: Role, at: model::Micros) -> Actor {
    let membership = Membership {
        organisation: auth::ROOT.to_owned(),
        role,
        state: MembershipState::Active,
        assigned: BTreeSet::new(),
    };
    let door =
        Door::Session { id: "session".to_owned(), strength: Strength::TwoFactors { shown_at: at } };
    Actor::sample(name.repeat(32), membership, door, at)
}

#[async_trait]
impl Doorman for ByHeader {
    async fn actor(&self, _: &Site, headers: &HeaderMap) -> Option<Actor> {
        let name = headers.get("x-test")?.to_str().ok()?;
        let (role, name) = name.split_once(' ')?;
        let role = Role::ALL.into_iter().find(|one| one.as_str() == role)?;
        Some(member(name, role, Means::of_this_machine().clock.now()))
    }
}

/// What was written to the journal.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Somebody outside, and staff, in front of one server.
struct World {
    server: String,
    post: Smtp,
    /// Everything that opens something, or names somebody.
    secrets: Vec<String>,
}

impl World {
    fn checked(answer: Answer) -> Answer {
        let head = answer.head.to_ascii_lowercase();
        assert!(head.contains("referrer-policy: no-referrer"), "{head}");
        let page = head.contains("public, max-age=60");
        assert!(page || head.contains("cache-control: no-store"), "{head}");
        assert!(!head.contains("set-cookie"), "{head}");
        answer
    }

    fn get(&self, path: &str) -> Answer {
        Self::checked(http::get(&self.server, path, &[]))
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Self::checked(http::post(&self.server, path, &[], fields))
    }

    fn see(&self, who: &str, path: &str) -> String {
        let answer = http::get(&self.server, path, &[("x-test", who)]);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    fn act(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let answer = http::post(&self.server, path, &[("x-test", who)], fields);
        (answer.status, answer.text())
    }

    /// Waits for the letter with these words.
    fn letter(&self, to: &str, words: &str) -> String {
        for _ in 0..300 {
            let mails = self.post.mails_to(to);
            if let Some(mail) = mails.iter().rev().find(|mail| mail.contains(words)) {
                return mail.clone();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("no letter with `{words}`: {:?}", self.post.mails_to(to));
    }

    /// Waits until the page says something.
    fn until(&self, who: &str, path: &str, words: &str) -> String {
        for _ in 0..300 {
            let page = self.see(who, path);
            if page.contains(words) {
                return page;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("`{words}` never stood on {path}: {}", self.see(who, path));
    }
}

fn code(letter: &str) -> String {
    let code = letter.lines().find_map(|line| line.strip_prefix("    "));
    code.unwrap_or_else(|| panic!("no code in {letter}")).to_owned()
}

/// The rest of a path behind these words, up to what ends it.
fn behind<'t>(text: &'t str, words: &str) -> &'t str {
    let (_, rest) = text.split_once(words).unwrap_or_else(|| panic!("no `{words}` in {text}"));
    rest.split(|c: char| c.is_whitespace() || c == '"' || c == '<').next().unwrap()
}

const OFFICER: &str = "privacy-officer b";
const TECHNICIAN: &str = "technician a";
const AUDITOR: &str = "auditor c";

fn story(world: &mut World) {
    // In the privacy centre, in French.
    let fields = [
        ("kind", "erasure"),
        ("email", "jane@acme.example"),
        ("place", "CA-QC"),
        ("text", "Effacez tout, s’il vous plaît."),
    ];
    let sent = world.post("/fr/request", &fields);
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(sent.text().contains("Consultez votre courriel"), "{}", sent.text());
    let handle = sent.field("handle");
    let first = world.letter("jane@acme.example", "/request/confirm/");
    let link = behind(&first, "/request/confirm/").to_owned();
    let wrong = world.post("/fr/request/code", &[("handle", &handle), ("code", "AAAA-AAAA")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("inexact") && wrong.field("handle") == handle);
    // Opening the link uses nothing up; the button does.
    for _ in 0..2 {
        assert_eq!(world.get(&format!("/fr/request/confirm/{link}")).status, 200);
    }
    let pressed = world.post("/fr/request/confirm", &[("key", &link)]);
    assert!(pressed.status == 200 && pressed.text().contains("est confirmée"));
    assert_eq!(world.post("/fr/request/confirm", &[("key", &link)]).status, 410, "only once");

    // At the desk.
    let queue = world.see(OFFICER, "/console/requests");
    let id = behind(&queue, "/console/requests/root/").to_owned();
    let page = format!("/console/requests/root/{id}");
    let seen = world.see(OFFICER, &page);
    assert!(seen.contains("jane@acme.example") && seen.contains("Effacez tout"), "{seen}");
    let sealed = world.see(TECHNICIAN, &page);
    assert!(!sealed.contains("jane@acme") && sealed.contains("Sealed"), "{sealed}");
    assert_eq!(world.act(AUDITOR, &format!("{page}/plan"), &[]).0, 403);
    assert_eq!(world.act(TECHNICIAN, &format!("{page}/plan"), &[]).0, 303);
    let planned = world.until(OFFICER, &page, "Approve this plan");
    assert!(planned.contains("It changes or deletes 1 row in 1 system"), "{planned}");
    let digest = behind(&planned, "name=\"plan\" value=\"").to_owned();
    assert_eq!(digest.len(), 64, "{digest}");
    let approve = format!("{page}/approve");
    let (status, said) = world.act(OFFICER, &approve, &[("plan", &digest)]);
    assert!(status == 409 && said.contains("tick the box"), "{said}");
    let other = "0".repeat(64);
    let (status, said) = world.act(OFFICER, &approve, &[("plan", &other), ("sure", "yes")]);
    assert!(status == 409 && said.contains("has changed since you read it"), "{said}");
    assert_eq!(world.act(OFFICER, &approve, &[("plan", &digest), ("sure", "yes")]).0, 303);
    let done = world.until(OFFICER, &page, "Erased: 1 row in 1 system");
    assert!(done.contains("certificate (JSON): not fetched yet"), "{done}");

    // The person reads the certificate.
    let letter = world.letter("jane@acme.example", "effacé");
    let key = behind(&letter, "/request/page/").to_owned();
    let asked = world.get(&format!("/fr/request/page/{key}"));
    assert!(asked.status == 200 && !asked.text().contains("Effac"), "nothing without a code");
    assert_eq!(world.post("/fr/request/page/code", &[("key", &key)]).status, 200);
    let fresh = code(&world.letter("jane@acme.example", "votre code"));
    assert_eq!(world.post("/fr/request/page", &[("key", &key), ("code", "AAAA-AAAA")]).status, 422);
    let opened = world.post("/fr/request/page", &[("key", &key), ("code", &fresh)]);
    assert_eq!(opened.status, 200);
    let text = opened.text();
    assert!(text.contains("répondue") && text.contains("dans 1 système"), "{text}");
    let pass = opened.field("pass");
    let fetched = world.post("/fr/request/file", &[("pass", &pass), ("kind", "certificate")]);
    assert!(fetched.head.contains("attachment; filename=\"certificate-"), "{}", fetched.head);
    let certificate: serde_json::Value = serde_json::from_slice(&fetched.body).unwrap();
    assert!(certificate.is_object());
    let again = world.post("/fr/request/page", &[("key", &key), ("code", &fresh)]);
    assert_eq!(again.status, 422, "a code works once");
    world.until(OFFICER, &page, "certificate (JSON): fetched 1 time");
    assert!(world.see(OFFICER, "/console/requests?list=every&state=done").contains(&id[..8]));
    assert_eq!(
        http::get(&world.server, &format!("/console/requests/nobody/{id}"), &[("x-test", OFFICER)])
            .status,
        403
    );

    world.secrets.extend([
        handle,
        link,
        key,
        fresh,
        pass,
        "jane".to_owned(),
        "Marjoram".to_owned(),
    ]);
}

/// A server over a folder with one system, with whom it writes to.
struct Served {
    _place: tempfile::TempDir,
    address: String,
    post: Smtp,
    lines: Lines,
    stop: tokio::sync::watch::Sender<bool>,
    _reload: tokio::sync::mpsc::Sender<()>,
    running: tokio::task::JoinHandle<Result<(), web::Error>>,
}

impl Served {
    async fn start() -> Self {
        let place = tempfile::tempdir().unwrap();
        let house = place.path().join("msp");
        let made = house.clone();
        let post = tokio::task::spawn_blocking(move || {
            let post = Smtp::start();
            folder(&made, &post);
            post
        });
        let post = post.await.unwrap();
        let house = House::open(&house, Means::of_this_machine()).unwrap();
        let lines = Lines::default();
        let journal = Journal::to(lines.clone());
        let settings = Settings { listen: "127.0.0.1:0".to_owned(), ..Settings::default() };
        let server = Server::open_with(house, settings, journal, Arc::new(ByHeader)).await.unwrap();
        let address = server.address().unwrap().to_string();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let (reload, reloads) = tokio::sync::mpsc::channel(1);
        let running = tokio::spawn(server.run(stopped, reloads));
        Self { _place: place, address, post, lines, stop, _reload: reload, running }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_goes_from_the_french_form_to_the_certificate() {
    let Served { _place, address, post, lines, stop, _reload, running } = Served::start().await;
    let mut world = World { server: address.clone(), post, secrets: Vec::new() };
    let secrets = tokio::task::spawn_blocking(move || {
        story(&mut world);
        world.secrets
    });
    let secrets = secrets.await.unwrap();
    let figures =
        tokio::task::spawn_blocking(move || http::get(&address, "/metrics", &[])).await.unwrap();
    assert_eq!(figures.status, 200);
    stop.send(true).unwrap();
    running.await.unwrap().unwrap();
    // What opens something, and whoever asked, stand in no line and in no figure.
    let written = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(written.contains("\"route\":\"/{lang}/request/page/{key}\""), "{written}");
    for text in [written, figures.text()] {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} in {text}");
        }
    }
}

const OWNER: &str = "owner d";

/// Every state of a request that staff meet, and the page of the person.
fn look(world: &World) -> Vec<String> {
    let mut eye = super::Eye::new(&format!("http://{}", world.server));
    eye.browser.headers(serde_json::json!({ "x-test": OWNER }));
    let today = jiff::Zoned::now().date();
    let days_ago = |days: i64| today.checked_sub(jiff::Span::new().days(days)).unwrap().to_string();
    let file = |kind: &str, email: &str, received: &str| {
        let fields = [
            ("kind", kind),
            ("channel", "phone"),
            ("received", received),
            ("email", email),
            ("name", "Jane Marjoram"),
            ("place", "CA-QC"),
            ("language", "fr"),
            ("text", "She called, and wants everything erased but the invoices."),
        ];
        let answer =
            http::post(&world.server, "/console/requests/file", &[("x-test", OFFICER)], &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let (_, rest) = answer.head.split_once("location: ").unwrap();
        rest.lines().next().unwrap().to_owned()
    };
    let act = |page: &str, act: &str, fields: &[(&str, &str)]| {
        let (status, text) = world.act(OWNER, &format!("{page}/{act}"), fields);
        assert_eq!(status, 303, "{act}: {text}");
    };
    eye.open("/console/requests/file", "desk-file");
    eye.open("/console/letters?language=fr", "desk-letters");
    eye.open("/console/jobs", "desk-jobs");
    let late = file("access", "bob@acme.example", &days_ago(40));
    let one = file("erasure", "jane@acme.example", &days_ago(26));
    eye.open(&one, "desk-unidentified");
    act(&one, "identify", &[("how", "call back")]);
    eye.open(&one, "desk-ready");
    act(
        &one,
        "tasks",
        &[("system", "Filing cabinet"), ("what", "Take her folder out"), ("due", "2030-01-15")],
    );
    let again = file("erasure", "jane@acme.example", &days_ago(1));
    act(&again, "identify", &[("how", "known to us")]);
    eye.open(&again, "desk-duplicate");
    act(&late, "identify", &[("how", "known to us")]);
    act(&late, "ask", &[("text", "Which account do you mean?")]);
    eye.open(&late, "desk-waiting");
    act(&one, "plan", &[]);
    let planned = world.until(OFFICER, &one, "Approve this plan");
    eye.open(&one, "desk-planned");
    let approve = "document.querySelector('form[action$=\"/approve\"]')";
    eye.browser.follow(&format!("(f => {{ f.noValidate = true; f.submit() }})({approve})"));
    assert!(eye.browser.value("document.body.innerText").to_string().contains("tick the box"));
    eye.stay("desk-refused");
    let digest = behind(&planned, "name=\"plan\" value=\"").to_owned();
    act(&one, "approve", &[("plan", &digest), ("sure", "yes")]);
    let by_hand = world.until(OFFICER, &one, "With the last task by hand");
    eye.open(&one, "desk-by-hand");
    for path in ["/console", "/console/requests", "/console/requests/calendar"] {
        eye.open(path, &format!("desk{path}"));
    }
    let task = behind(&by_hand, "/tasks/").split('/').next().unwrap().to_owned();
    let body = "--b\r\nContent-Disposition: form-data; name=\"what\"\r\n\r\nShredded\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nabc\r\n--b--\r\n";
    let headers = [("x-test", OFFICER), ("Content-Type", "multipart/form-data; boundary=b")];
    let done = format!("{one}/tasks/{task}/done");
    let answer = http::send(&world.server, "POST", &done, &headers, body.as_bytes());
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = world.until(OFFICER, &one, "Erased: 1 row in 1 system");
    assert!(page.contains("photo.jpg") && page.contains("Shredded"), "{page}");
    let evidence = format!("{one}/tasks/{task}/evidence");
    let file = http::post(&world.server, &evidence, &[("x-test", OFFICER)], &[]);
    assert!(file.status == 200 && file.body == b"abc", "{}", file.head);
    eye.open(&one, "desk-done");
    let fields = [
        ("authority", "police"),
        ("demand", "warrant"),
        ("answer", "given in part"),
        ("people", "2"),
        ("particulars", "Warrant 12-34 of the Superior Court: e-mail addresses of two clients."),
    ];
    assert_eq!(world.act(OFFICER, "/console/disclosures", &fields).0, 303);
    eye.open("/console/disclosures", "desk-disclosures");
    assert!(world.get("/fr/contact").text().contains("1 demande"), "counted for the public");
    eye.open("/fr/contact", "desk-contact");
    let letter = world.letter("jane@acme.example", "effacé");
    let key = behind(&letter, "/request/page/").to_owned();
    let url = eye.url.clone();
    eye.browser.open(&format!("{url}/fr/request/page/{key}"));
    eye.browser.follow("document.forms[0].submit()");
    let fresh = code(&world.letter("jane@acme.example", "votre code"));
    eye.browser.fill("input[name=code]", &fresh);
    eye.browser.follow("document.forms[0].submit()");
    eye.stay("desk-page-of-the-person");
    appeal(world, &mut eye, &one);
    eye.wrong
}

/// The person does not agree, and somebody else than the first time decides.
fn appeal(world: &World, eye: &mut super::Eye, page: &str) {
    eye.browser.fill("textarea[name=why]", "Mes anciennes factures aussi.");
    let form = "document.querySelector('form[action$=\"/request/appeal\"]').submit()";
    eye.browser.follow(form);
    eye.stay("desk-appeal-sent");
    world.letter("jane@acme.example", "nous réexaminons");
    eye.open(page, "desk-appealed");
    assert!(world.see(OFFICER, "/console/requests").contains("to be looked at again"));
    let keep = format!("{page}/appeal-keep");
    let fields = [("text", "It stays."), ("sure", "yes")];
    assert_eq!(world.act(OFFICER, &keep, &fields[..1]).0, 409, "the box is not ticked");
    let grant = format!("{page}/appeal-grant");
    let fields = [("text", "We erase the older ones too."), ("sure", "yes")];
    assert_eq!(world.act(OFFICER, &grant, &fields).0, 303);
    eye.open(page, "desk-taken-up-again");
    let plan = world.see(OFFICER, page);
    assert!(plan.contains("Make the plan") && plan.contains("We erase the older ones"), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_state_of_a_request_stands_in_a_real_browser() {
    let Served { _place, address, post, lines: _, stop, _reload, running } = Served::start().await;
    let world = World { server: address, post, secrets: Vec::new() };
    let wrong = tokio::task::spawn_blocking(move || look(&world)).await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
