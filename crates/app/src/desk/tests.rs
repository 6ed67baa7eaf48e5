//! A request from the form to the certificate, with a real mail server and a real database.

mod appeal;
mod fee;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use auth::{Actor, Door, Membership, MembershipState, Role, Strength};
use model::{Clock as _, Personal, SeededRng};
use testkit::mail::Smtp;

use super::*;
use crate::fixture::Hands;
use crate::house::Means;
use crate::intake::{Channel, Form};
use crate::jobs::{Did, Failed, Work};
use crate::{Connection, Settings};

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

fn sql(base: &Path, sql: &str) -> String {
    let program = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
for part in [p for p in sys.argv[2].split(';') if p.strip()]:
    for row in base.execute(part).fetchall(): print('|'.join('' if v is None else str(v) for v in row))";
    let ran = Command::new("python3").args(["-c", program]).arg(base).arg(sql).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

struct World {
    _place: tempfile::TempDir,
    folder: PathBuf,
    clock: Arc<Hands>,
    house: House,
    server: Smtp,
}

impl World {
    fn new(more: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("policy");
        crate::init::init(&folder, "msp-canada").unwrap();
        sql(&folder.join("billing.db"), TABLES);
        std::fs::write(folder.join("systems/billing.yaml"), MAP).unwrap();
        let server = Smtp::start();
        let settings = format!(
            "anchors = []\n{more}\n[mail.out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
            server.port()
        );
        std::fs::write(folder.join("upheld.toml"), settings).unwrap();
        let connection =
            Connection { url: "sqlite:billing.db".to_owned(), ..Connection::default() };
        Settings::write_connection(&folder, "billing", &connection).unwrap();
        let clock = Hands::at("2026-11-23");
        let means = Means {
            clock: clock.clone(),
            rng: Arc::new(SeededRng::new(7)),
            ..Means::of_this_machine()
        };
        let house = House::open(&folder, means).unwrap();
        Self { _place: place, folder, clock, house, server }
    }

    /// Somebody of the staff who has just shown two factors.
    fn staff(&self, name: char, role: Role) -> Actor {
        let membership = Membership {
            organisation: auth::ROOT.to_owned(),
            role,
            state: MembershipState::Active,
            assigned: BTreeSet::new(),
        };
        let now = self.clock.now();
        let strength = Strength::TwoFactors { shown_at: now };
        let door = Door::Session { id: name.to_string().repeat(32), strength };
        Actor::sample(name.to_string().repeat(32), membership, door, now)
    }

    /// Writes a member of staff down as one who is here, or is not.
    async fn member(&self, actor: &Actor, state: MembershipState) {
        let now = self.clock.now();
        let held = self.house.state().await.unwrap();
        let kept = store::Person {
            id: actor.person().to_owned(),
            organisation: actor.home().to_owned(),
            role: actor.membership().role.as_str().to_owned(),
            state: state.as_str().to_owned(),
            body: held.vault.seal("person", actor.person(), b"{}").unwrap(),
            made_at: now,
            state_at: now,
        };
        let mut tx = held.store.begin().await.unwrap();
        tx.insert_person(&kept, &[actor.person().as_bytes()[0]; 32]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Carries out every job whose time has come.
    async fn work(&self) {
        let state = self.house.state().await.unwrap();
        for round in 0..200 {
            let now = self.clock.now();
            let mut tx = state.store.begin().await.unwrap();
            let claims = tx.take_jobs(&format!("{}-{round}", now.0), now, now, 1).await.unwrap();
            tx.commit().await.unwrap();
            let Some(claim) = claims.first() else { return };
            let work = Work::read(&claim.job.payload).unwrap();
            match Box::pin(self.house.carry_out(work.clone(), claim)).await {
                Ok(Did::Ended) => {}
                Ok(Did::Done) => {
                    let mut tx = state.store.begin().await.unwrap();
                    tx.finish_job(claim).await.unwrap();
                    tx.commit().await.unwrap();
                }
                Err(Failed::ForNow(why) | Failed::ForGood(why)) => panic!("{work:?}: {why}"),
            }
        }
        panic!("jobs ask for each other for ever");
    }

    /// The mails to an address, decoded.
    fn mails(&self, to: &str) -> Vec<String> {
        self.server.mails_to(to)
    }

    async fn request(&self, id: &str) -> store::Request {
        let state = self.house.state().await.unwrap();
        let mut tx = state.store.read().await.unwrap();
        tx.request(id).await.unwrap().unwrap()
    }

    async fn only_request(&self) -> store::Request {
        let state = self.house.state().await.unwrap();
        let mut tx = state.store.read().await.unwrap();
        let from = (Micros(i64::MAX), "");
        let mut all = tx.all_requests(auth::ROOT, from, store::Only::default(), 9).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    async fn kinds(&self) -> Vec<String> {
        let state = self.house.state().await.unwrap();
        let mut tx = state.store.read().await.unwrap();
        let events = tx.events_from(0, 999).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }
}

fn form(kind: Kind, email: &str) -> Form {
    Form {
        kind,
        channel: Channel::Form,
        language: Language::Fr,
        place: Some("CA-QC".to_owned()),
        told: Told {
            email: Some(Personal::new(email.to_owned())),
            text: Some(Personal::new("Effacez tout, s’il vous plaît.".to_owned())),
            ..Told::default()
        },
    }
}

/// What stands between two words of a text.
fn after<'t>(text: &'t str, word: &str) -> &'t str {
    text.split_once(word)
        .unwrap_or_else(|| panic!("no {word} in {text}"))
        .1
        .split_whitespace()
        .next()
        .unwrap()
}

fn code(mail: &str) -> &str {
    mail.lines().find_map(|line| line.strip_prefix("    ")).unwrap_or_else(|| panic!("{mail}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_goes_from_the_form_to_the_certificate() {
    let world = World::new("");
    let house = &world.house;
    let filed = house.file_request(form(Kind::Erasure, "jane@acme.example")).await.unwrap();
    let id = world.only_request().await.id;
    world.work().await;
    let mails = world.mails("jane@acme.example");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("veuillez confirmer"), "{}", mails[0]);
    assert!(!mails[0].contains("Effacez tout"), "a stranger's words in a mail of ours");
    let handle = filed.handle.expose_secret();
    assert!(!house.confirm_by_code(handle, "AAAA-AAAA").await.unwrap());
    assert!(!house.confirm_by_code("none", code(&mails[0])).await.unwrap());
    assert!(house.confirm_by_code(handle, &code(&mails[0]).to_lowercase()).await.unwrap());
    assert!(!house.confirm_by_code(handle, code(&mails[0])).await.unwrap(), "only once");
    let link = after(&mails[0], "/request/confirm/");
    assert!(
        !house.confirm_by_link(link).await.unwrap() || world.request(&id).await.status == "ready"
    );
    assert_eq!(world.request(&id).await.status, "ready");

    let technician = world.staff('a', Role::Technician);
    let officer = world.staff('b', Role::PrivacyOfficer);
    let auditor = world.staff('c', Role::Auditor);
    assert!(house.plan_request(&auditor, auth::ROOT, &id).await.is_err());
    house.plan_request(&technician, auth::ROOT, &id).await.unwrap();
    world.work().await;
    let seen = house.request_at_desk(&officer, auth::ROOT, &id).await.unwrap();
    assert_eq!(seen.line.status, "planned", "{seen:?}");
    let plan = house.plan_at_desk(&officer, auth::ROOT, &id).await.unwrap().unwrap();
    assert_eq!(Some(&plan.plan.digest), seen.progress.plan.as_ref());
    assert_eq!((plan.plan.changes.len(), plan.progress[0].acted), (1, None), "{plan:?}");
    assert!(seen.told.is_some());
    assert!(house.request_at_desk(&auditor, auth::ROOT, &id).await.unwrap().letters.len() >= 2);
    let digest = seen.progress.plan.clone().unwrap();
    let wrong = house.approve_request(&officer, auth::ROOT, &id, &"0".repeat(64)).await;
    assert!(wrong.unwrap_err().to_string().contains("changed"));
    house.approve_request(&officer, auth::ROOT, &id, &digest).await.unwrap();
    assert!(sql(&world.folder.join("billing.db"), "SELECT email FROM invoices").contains("jane"));
    world.work().await;
    let done = world.request(&id).await;
    assert_eq!(done.status, "done", "{}", done.work);
    let left =
        sql(&world.folder.join("billing.db"), "SELECT email, name FROM invoices ORDER BY id");
    assert!(!left.to_lowercase().contains("jane") && left.contains("bob@acme.example"), "{left}");

    // The person reads the certificate.
    let mails = world.mails("jane@acme.example");
    let last = mails.last().unwrap();
    assert!(last.contains("effacé"), "{last}");
    let page = after(last, "/request/page/");
    // The link of the first letter still leads there.
    house.ask_for_page(after(&mails[1], "/request/page/")).await.unwrap();
    world.work().await;
    assert_eq!(world.mails("jane@acme.example").len(), mails.len() + 1);
    house.ask_for_page(page).await.unwrap();
    house.ask_for_page("0".repeat(64).as_str()).await.unwrap();
    world.work().await;
    let fresh = world.mails("jane@acme.example").pop().unwrap();
    assert!(house.open_page(page, "AAAA-AAAA").await.unwrap().is_none());
    let opened = house.open_page(page, code(&fresh)).await.unwrap().unwrap();
    assert_eq!(opened.status, Status::Done);
    let kinds: Vec<&str> = opened.files.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["certificate", "certificate page"]);
    let pass = opened.pass.expose_secret();
    let fetched = house.fetch_file(pass, "certificate").await.unwrap().unwrap();
    let certificate: Value = serde_json::from_slice(fetched.bytes.expose_secret()).unwrap();
    assert!(
        certificate.to_string().contains(&world.request(&id).await.case.unwrap()),
        "{certificate}"
    );
    assert!(house.fetch_file(pass, "document").await.unwrap().is_none());
    world.clock.go_on(16 * 60);
    assert!(house.fetch_file(pass, "certificate").await.unwrap().is_none(), "the page has closed");

    // Nothing of her is left anywhere after a while.
    world.clock.go_on(31 * 24 * 60 * 60);
    world.work().await;
    assert!(world.request(&id).await.body.is_none());
    house.state().await.unwrap().store.scrub().await.unwrap();
    for file in std::fs::read_dir(world.folder.join(".upheld")).unwrap().flatten() {
        if file.path().is_file() {
            // What went away meanwhile holds nothing.
            let bytes = std::fs::read(file.path()).unwrap_or_default();
            for canary in ["jane@acme", "Marjoram", "Effacez tout"] {
                let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                assert!(!found, "{canary} in {file:?}");
            }
        }
    }
    for kind in [
        "request received",
        "identity shown",
        "plan approved at the desk",
        "request carried out",
        "file fetched",
        "request forgotten",
    ] {
        assert!(world.kinds().await.iter().any(|one| one == kind), "{kind}");
    }
    assert!(house.verify_ledger().await.unwrap().holds);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_unknown_gets_the_same_and_wrong_codes_run_out() {
    let world = World::new("");
    let house = &world.house;
    for email in ["nobody@acme.example", "jane@acme.example"] {
        let filed = house.file_request(form(Kind::Access, email)).await.unwrap();
        assert_eq!(filed.handle.expose_secret().len(), 64);
        world.work().await;
        let mail = world.mails(email).pop().unwrap();
        for _ in 0..10 {
            assert!(
                !house.confirm_by_code(filed.handle.expose_secret(), "WRONGONE").await.unwrap()
            );
        }
        let right = house.confirm_by_code(filed.handle.expose_secret(), code(&mail)).await.unwrap();
        assert!(!right, "ten tries and no more");
        assert!(house.confirm_by_link(after(&mail, "/request/confirm/")).await.unwrap());
    }
    let shape = |mail: String| {
        mail.split_whitespace().filter(|word| !word.contains("http") && !word.contains('-')).count()
    };
    let counted: Vec<usize> = ["nobody@acme.example", "jane@acme.example"]
        .map(|email| shape(world.mails(email).remove(0)))
        .to_vec();
    assert_eq!(counted[0], counted[1]);
    // Nobody's mailbox is filled by others.
    for _ in 0..9 {
        house.file_request(form(Kind::Access, "victim@acme.example")).await.unwrap();
    }
    world.work().await;
    assert_eq!(world.mails("victim@acme.example").len(), 5);
    // What nobody confirms is forgotten.
    world.clock.go_on(15 * 24 * 60 * 60);
    world.work().await;
    let state = house.state().await.unwrap();
    let mut tx = state.store.read().await.unwrap();
    let all = tx
        .all_requests(auth::ROOT, (Micros(i64::MAX), ""), store::Only::default(), 99)
        .await
        .unwrap();
    let lapsed = all.iter().filter(|one| one.status == "lapsed" && one.body.is_none()).count();
    assert_eq!((all.len(), lapsed), (11, 9));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_put_off_ask_refuse_and_are_warned() {
    let world = World::new("");
    let house = &world.house;
    let officer = world.staff('b', Role::PrivacyOfficer);
    let mut by_phone = form(Kind::Erasure, "jane@acme.example");
    by_phone.channel = Channel::Phone;
    let id = house.file_by_staff(&officer, auth::ROOT, by_phone, None).await.unwrap();
    assert_eq!(world.request(&id).await.status, "unidentified");
    assert!(
        house.plan_request(&officer, auth::ROOT, &id).await.is_err(),
        "nobody has shown anything"
    );
    assert!(house.identify_request(&officer, auth::ROOT, &id, "trust me").await.is_err());
    house.identify_request(&officer, auth::ROOT, &id, "call back").await.unwrap();
    let other = house.file_request(form(Kind::Erasure, "jane@acme.example")).await.unwrap();
    world.work().await;
    let mail = world
        .mails("jane@acme.example")
        .into_iter()
        .find(|mail| mail.contains("confirmer"))
        .unwrap();
    assert!(house.confirm_by_code(other.handle.expose_secret(), code(&mail)).await.unwrap());
    let queue = house.queue(&officer, auth::ROOT, Wanted::default(), None, 10).await.unwrap();
    let again = queue.iter().find(|line| line.duplicate).unwrap().id.clone();
    house.close_duplicate(&officer, auth::ROOT, &again, &id).await.unwrap();

    let due = world.request(&id).await.due_at.unwrap();
    house.ask_person(&officer, auth::ROOT, &id, "Which account do you mean?").await.unwrap();
    assert_eq!(world.request(&id).await.status, "waiting");
    house.person_answered(&officer, auth::ROOT, &id).await.unwrap();
    assert_eq!(world.request(&id).await.status, "ready");
    let put_off = house.put_off_request(&officer, auth::ROOT, &id, "Two suppliers are late.").await;
    match put_off {
        Ok(()) => assert!(world.request(&id).await.due_at.unwrap() > due),
        Err(error) => assert!(error.to_string().contains("put off"), "{error}"),
    }
    world.work().await;
    // Six days before the end staff hear of it, and after it again.
    let due = world.request(&id).await.due_at.unwrap();
    world.clock.go_on((due.0 - world.clock.now().0) / 1_000_000 - 6 * 86_400);
    world.work().await;
    let to = house.policy(false).unwrap().organisation.contact.email;
    assert_eq!(world.mails(&to).len(), 1, "{:?}", world.mails(&to));
    world.clock.go_on(7 * 86_400);
    world.work().await;
    assert!(world.mails(&to).last().unwrap().contains("is late"));
    let task = house
        .ask_by_hand(
            &officer,
            auth::ROOT,
            &id,
            TaskAsked {
                system: "filing cabinet".to_owned(),
                what: Personal::new("Take Jane's folder out".to_owned()),
                owner: None,
                due_on: Some("2027-01-05".to_owned()),
            },
        )
        .await
        .unwrap();
    let officer = world.staff('b', Role::PrivacyOfficer);
    house
        .finish_task(
            &officer,
            auth::ROOT,
            &task,
            TaskDone {
                what: Personal::new("Shredded".to_owned()),
                evidence: Some(("photo.jpg".to_owned(), model::Secret::new(vec![1, 2, 3]))),
            },
        )
        .await
        .unwrap();
    let seen = house.request_at_desk(&officer, auth::ROOT, &id).await.unwrap();
    assert_eq!(seen.tasks[0].evidence.as_ref().unwrap().0, "photo.jpg");
    house.refuse_request(&officer, auth::ROOT, &id, "The invoices must be kept.").await.unwrap();
    world.work().await;
    let letter = world.mails("jane@acme.example").pop().unwrap();
    assert!(
        letter.contains("The invoices must be kept.") && letter.contains("Commission d’accès"),
        "{letter}"
    );
    assert!(house.refuse_request(&officer, auth::ROOT, &id, "again").await.is_err());
    // Another organisation's staff see none of it.
    let stranger = Actor::sample(
        "d".repeat(32),
        Membership {
            organisation: "acme-dental".to_owned(),
            role: Role::ClientOfficer,
            state: MembershipState::Active,
            assigned: BTreeSet::new(),
        },
        Door::Session {
            id: "d".repeat(32),
            strength: Strength::TwoFactors { shown_at: world.clock.now() },
        },
        world.clock.now(),
    );
    assert!(house.request_at_desk(&stranger, auth::ROOT, &id).await.is_err());
    assert!(house.queue(&stranger, auth::ROOT, Wanted::default(), None, 10).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_is_written_to_hands_in_a_document_and_it_goes_with_the_decision() {
    let world = World::new("");
    let house = &world.house;
    let mut asked = form(Kind::Erasure, "jane@acme.example");
    asked.told.acting = Some(crate::intake::Acting {
        capacity: crate::intake::Capacity::Agent,
        name: Some(Personal::new("Pat".to_owned())),
        email: Some(Personal::new("pat@law.example".to_owned())),
    });
    let filed = house.file_request(asked.clone()).await.unwrap();
    assert_eq!(filed.next, crate::intake::Next::Staff);
    assert!(filed.due_at.is_some());
    world.work().await;
    assert!(world.mails("jane@acme.example").is_empty(), "she has not asked");
    let letter = world.mails("pat@law.example").pop().unwrap();
    let page = after(&letter, "/request/page/").to_owned();
    let paper = |text: &str| model::Secret::new(format!("%PDF-1.7 {text}").into_bytes());
    house.hand_in_document(filed.handle.expose_secret(), &paper("first")).await.unwrap();
    house.hand_in_document("nothing", &paper("a stranger's")).await.unwrap();
    // The handle is gone with the browser; the page is reached by the letter.
    house.ask_for_page(&page).await.unwrap();
    world.work().await;
    let fresh = world.mails("pat@law.example").pop().unwrap();
    let opened = house.open_page(&page, code(&fresh)).await.unwrap().unwrap();
    assert_eq!(opened.status, Status::Unidentified);
    house.hand_in_document(opened.pass.expose_secret(), &paper("power of attorney")).await.unwrap();

    let id = world.only_request().await.id;
    let officer = world.staff('b', Role::PrivacyOfficer);
    let auditor = world.staff('c', Role::Auditor);
    assert!(house.document_at_desk(&auditor, auth::ROOT, &id).await.is_err());
    let seen = house.document_at_desk(&officer, auth::ROOT, &id).await.unwrap().unwrap();
    assert_eq!(seen.expose_secret(), b"%PDF-1.7 power of attorney");
    house.refuse_request(&officer, auth::ROOT, &id, "It is not signed.").await.unwrap();
    assert!(house.document_at_desk(&officer, auth::ROOT, &id).await.unwrap().is_none());
    house.hand_in_document(opened.pass.expose_secret(), &paper("too late")).await.unwrap();
    assert!(house.document_at_desk(&officer, auth::ROOT, &id).await.unwrap().is_none());
    assert!(world.kinds().await.iter().any(|kind| kind == "document looked at"));

    // Nobody's mailbox is filled with what needs no code either.
    for _ in 0..9 {
        let filed = house.file_request(form(Kind::OptOut, "victim@acme.example")).await.unwrap();
        assert_eq!(filed.next, crate::intake::Next::Nothing);
    }
    world.work().await;
    assert_eq!(world.mails("victim@acme.example").len(), 5);
    let opt_outs = Wanted { kind: Some(Kind::OptOut), ..Wanted::default() };
    let all = house.every_request(&officer, auth::ROOT, opt_outs, None, 99).await.unwrap();
    assert_eq!(all.len(), 9);
    let ready = Wanted { status: Some(Status::Refused), ..Wanted::default() };
    assert!(house.queue(&officer, auth::ROOT, ready, None, 9).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_to_the_mailbox_joins_the_queue_and_loops_do_not() {
    let mailbox = testkit::mail::Imap::start();
    let inbox = |tls: &str, port: u16| {
        format!(
            "[mail.inbox]\nhost = \"localhost\"\nport = {port}\ntls = \"{tls}\"\nuser = \"privacy\"\npassword = \"file:secret\"\nca = \"{}\"",
            mailbox.authority().display()
        )
    };
    let world = World::new(&inbox("tls", mailbox.tls_port()));
    std::fs::write(world.folder.join("secret"), "letters\n").unwrap();
    mailbox.deliver("From: old@acme.example\r\nSubject: old\r\n\r\nRead by people before\r\n");
    let house = &world.house;
    assert_eq!(house.read_mailbox().await.unwrap(), crate::mail::Found::default());
    let own = house.policy(false).unwrap().organisation.contact.email;
    for mail in [
        "From: Jane <jane@acme.example>\r\nSubject: Delete me\r\nMessage-ID: <1@acme.example>\r\n\r\nPlease delete my data.\r\n".to_owned(),
        "From: bob@acme.example\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nI am away.\r\n".to_owned(),
        format!("From: {own}\r\nSubject: A loop\r\n\r\nOurs.\r\n"),
        format!("From: big@acme.example\r\nSubject: Big\r\n\r\n{}\r\n", "too much \r\n".repeat(700_000)),
        "\u{0}\u{1}not a mail at all".to_owned(),
    ] {
        mailbox.deliver(&mail);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let found = house.read_mailbox().await.unwrap();
    assert_eq!(
        (found.requests + found.passed, found.answers, found.returned),
        (5, 0, 0),
        "{found:?}"
    );
    assert_eq!(house.read_mailbox().await.unwrap(), crate::mail::Found::default(), "only once");
    world.work().await;
    assert!(world.server.mails().is_empty(), "nobody is answered by itself");
    let officer = world.staff('b', Role::PrivacyOfficer);
    let queue = house.queue(&officer, auth::ROOT, Wanted::default(), None, 10).await.unwrap();
    let mut texts = Vec::new();
    for line in &queue {
        assert_eq!((line.status.as_str(), line.channel.as_str()), ("unsorted", "mail"));
        let told =
            house.request_at_desk(&officer, auth::ROOT, &line.id).await.unwrap().told.unwrap();
        let from = told.email.as_ref().map(|email| email.expose().clone()).unwrap_or_default();
        let text = told.text.map(|text| text.expose().clone()).unwrap_or_default();
        texts.push((from, text, line.id.clone()));
    }
    let from = |who: &str| texts.iter().find(|(from, ..)| from == who);
    assert!(from("jane@acme.example").unwrap().1.contains("Please delete my data."));
    assert!(from("big@acme.example").unwrap().1.contains("very large"));
    assert!(from("bob@acme.example").is_none() && from(&own).is_none());
    let jane = from("jane@acme.example").unwrap().2.clone();
    // A person says what it asks for; then a code goes to the sender, who may be forged.
    house.sort_request(&officer, auth::ROOT, &jane, Kind::Erasure).await.unwrap();
    world.work().await;
    let mail = world.server.mails().pop().unwrap();
    let id = mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap();
    // An answer joins its request, and a mail that came back is noted at the letter.
    mailbox.deliver(&format!(
        "From: jane@acme.example\r\nSubject: Re\r\nIn-Reply-To: {id}\r\n\r\nHere I am.\r\n"
    ));
    mailbox.deliver(&format!("From: mailer-daemon@acme.example\r\nSubject: Back\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n\r\n--b--\r\n"));
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let found = house.read_mailbox().await.unwrap();
    assert_eq!((found.requests, found.answers, found.returned), (0, 1, 1), "{found:?}");
    let seen = house.request_at_desk(&officer, auth::ROOT, &jane).await.unwrap();
    assert!(seen.notes[0].2.as_ref().unwrap().contains("Here I am."));
    assert_eq!(seen.letters[0].3.as_deref(), Some("5.1.1"));
    // The same by the other ways of reaching it, and with what is wrong told.
    for (settings, wrong) in [
        (inbox("starttls", mailbox.port()), None),
        (inbox("none", mailbox.port()), None),
        (inbox("tls", mailbox.port()), Some("cannot be encrypted")),
        (
            inbox("tls", mailbox.tls_port()).replace("file:secret", "file:upheld.toml"),
            Some("refused the account"),
        ),
    ] {
        let other = World::new(&settings);
        std::fs::write(other.folder.join("secret"), "letters\n").unwrap();
        match (other.house.read_mailbox().await, wrong) {
            (Ok(found), None) => assert_eq!(found, crate::mail::Found::default()),
            (Err(Failed::ForNow(why)), Some(part)) => assert!(why.contains(part), "{why}"),
            (came, _) => panic!("{settings}: {came:?}"),
        }
    }
}
