//! The whole of it in real browsers, with the real program, a real mail server and a real database: from
//! the first start to a certificate that the person checks without us.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails where something is not as it must be, and waits for processes"
)]

mod common;

use std::time::{Duration, Instant};

use common::running::Running;
use common::{House, certificate};
use testkit::browser::Browser;
use testkit::http;
use testkit::mail::Smtp;

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

const JANE: &str = "jane@acme.example";

/// Where it happens.
struct World {
    house: House,
    post: Smtp,
    url: String,
    at: String,
}

impl World {
    /// Waits for a letter to Jane with these words.
    fn letter(&self, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let found = self.post.mails_to(JANE).into_iter().rev().find(|it| it.contains(words));
            if let Some(letter) = found {
                return letter;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "no letter with `{words}`");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn open(&self, browser: &mut Browser, path: &str) {
        browser.open(&format!("{}{path}", self.url));
    }

    /// Opens a page again and again until it says something.
    fn until(&self, browser: &mut Browser, path: &str, words: &str) -> String {
        let begun = Instant::now();
        loop {
            self.open(browser, path);
            let text = said(browser);
            if text.contains(words) {
                return text;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "`{words}` never stood: {text}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

fn said(browser: &mut Browser) -> String {
    browser.value("document.body.innerText").as_str().unwrap().to_owned()
}

/// What stands behind these words, up to what ends it.
fn behind<'t>(text: &'t str, words: &str) -> &'t str {
    let (_, rest) = text.split_once(words).unwrap_or_else(|| panic!("no `{words}` in {text}"));
    rest.split(|c: char| c.is_whitespace() || c == '"' || c == '<').next().unwrap()
}

/// Comes in by a link with a passkey.
fn come_in(link: &str, name: &str, email: Option<&str>) -> Browser {
    let mut browser = Browser::start();
    browser.passkeys();
    browser.open(link);
    browser.fill("#key-name", name);
    if let Some(email) = email {
        browser.fill("#key-email", email);
    }
    browser.press("form[data-passkey] button");
    assert_eq!(browser.path(), "/console");
    browser
}

fn story(world: &World, set_up: &str) {
    // The first start: the owner comes in with a passkey, has the promises looked at, and sees them in
    // colour, shape and words.
    let mut ann = come_in(set_up, "Ann Oak", Some("ann@northlight.example"));
    world.open(&mut ann, "/console/promises");
    ann.press("form[action='/console/promises/look'] button");
    let coloured = "[...document.querySelectorAll('.text a.p')].map(one => getComputedStyle(one).backgroundColor).filter(colour => colour !== 'rgba(0, 0, 0, 0)').length";
    let begun = Instant::now();
    while ann.value(coloured).as_u64() == Some(0) {
        assert!(begun.elapsed() < Duration::from_secs(60), "sentences carry their state");
        std::thread::sleep(Duration::from_millis(200));
        world.open(&mut ann, "/console/promises");
    }
    // She invites a second person, who comes in from a browser of their own.
    world.open(&mut ann, "/console/people");
    ann.fill("#name", "Bo Elm");
    ann.fill("#email", "bo@northlight.example");
    ann.press("form[action='/console/people'] button");
    let link = ann.value("document.querySelector('.box code').textContent");
    let mut bo = come_in(link.as_str().unwrap(), "Bo Elm", None);

    // A person asks in French, and shows by the letter that the address is theirs.
    let mut jane = Browser::start();
    world.open(&mut jane, "/fr/request");
    jane.value("document.querySelector('input[value=erasure]').click()");
    jane.fill("input[name=email]", JANE);
    jane.press("form.ask button.main");
    assert!(said(&mut jane).contains("Consultez votre courriel"));
    let letter = world.letter("/request/confirm/");
    let key = behind(&letter, "/request/confirm/");
    world.open(&mut jane, &format!("/fr/request/confirm/{key}"));
    jane.press("form button");
    assert!(said(&mut jane).contains("confirmée"), "{}", said(&mut jane));

    // Ann reviews: she has the plan made. The policy asks for a second person, so she cannot agree to it.
    world.open(&mut ann, "/console/requests");
    let html = ann.value("document.body.innerHTML").as_str().unwrap().to_owned();
    let request = format!("/console/requests/root/{}", behind(&html, "/console/requests/root/"));
    world.open(&mut ann, &request);
    ann.press("form[action$='/plan'] button");
    world.until(&mut ann, &request, "Approve this plan");
    let approve = |browser: &mut Browser| {
        browser
            .value("document.querySelector(\"form[action$='/approve'] input[name=sure]\").click()");
        browser.press("form[action$='/approve'] button");
    };
    approve(&mut ann);
    assert!(said(&mut ann).contains("second person"), "{}", said(&mut ann));
    let plan = world.until(&mut bo, &request, "Approve this plan");
    assert!(plan.contains("1 row in 1 system"), "{plan}");
    approve(&mut bo);
    world.until(&mut bo, &request, "Erased: 1 row in 1 system");

    // The person reads where it stands, behind the link of the letter and a fresh code.
    let letter = world.letter("effacé");
    let page = format!("/fr/request/page/{}", behind(&letter, "/request/page/"));
    world.open(&mut jane, &page);
    jane.press("form[action$='/page/code'] button");
    let letter = world.letter("votre code");
    let code = letter.lines().find_map(|line| line.strip_prefix("    ")).unwrap();
    jane.fill("input[name=code]", code);
    jane.press("form[action$='/request/page'] button");
    let text = said(&mut jane);
    assert!(text.contains("répondue") && text.contains("dans 1 système"), "{text}");
    assert!(jane.complaints().is_empty() && bo.complaints().is_empty());
    // And checks the certificate with tools that are not ours, and the log with its key alone.
    let pass = jane.value("document.querySelector('input[name=pass]').value");
    let fields = [("pass", pass.as_str().unwrap()), ("kind", "certificate")];
    let file = http::post(&world.at, "/fr/request/file", &[], &fields);
    assert_eq!(file.status, 200);
    let kept = world.house.beside("certificate.json");
    std::fs::write(&kept, &file.body).unwrap();
    let folder = common::empty_folder("story-certificate");
    certificate::take_apart(&kept, &folder);
    assert!(certificate::holds(&folder));
    let told: serde_json::Value = serde_json::from_slice(&file.body).unwrap();
    let exported = world.house.beside("exported");
    world.house.must(0, &["ledger", "export", &exported]);
    let key = told["certificate"]["public_key"].as_str().unwrap();
    world.house.must(0, &["ledger", "verify", "--folder", &exported, "--key", key]);
    world.house.must(0, &["ledger", "anchor", &kept]);
}

/// Tells the story with the state in a database.
fn tell(name: &str, database: Option<&str>) {
    let house = House::new(name);
    let post = Smtp::start();
    testkit::sqlite::execute(&house.folder.join("billing.db"), TABLES);
    std::fs::write(house.path("systems/billing.yaml"), MAP).unwrap();
    house.edit("policy.yaml", |text| text.replace("require_approval: no", "require_approval: yes"));
    let database = database.map(|url| format!("database = {url:?}\n")).unwrap_or_default();
    let settings = format!(
        "anchors = []\n{database}[serve]\nforms_a_minute = 1000\n[mail.out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n[connections.billing]\nurl = \"sqlite:billing.db\"\n",
        post.port()
    );
    std::fs::write(house.path("upheld.toml"), settings).unwrap();
    let server = Running::start(&house, &[]);
    let set_up = server.set_up.clone().unwrap();
    let url = server.url.clone();
    let at = server.at.clone();
    let world = World { house, post, url, at };
    story(&world, &set_up);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn from_the_first_start_to_the_certificate() {
    tell("story-file", None);
}

#[test]
fn from_the_first_start_to_the_certificate_on_postgresql() {
    let server = testkit::postgres();
    tell("story-server", Some(&server.fresh_database("story")));
}
