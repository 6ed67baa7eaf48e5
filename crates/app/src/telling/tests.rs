//! From a version's day to the last letter, with a real database behind a connection and a real mail
//! server.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use auth::{Door, Membership, MembershipState, Role, Strength};
use jiff::civil::date;
use model::{Clock as _, SeededRng};
use testkit::mail::Smtp;

use super::*;
use crate::fixture::Hands;
use crate::house::Means;
use crate::jobs::{Did, Failed};
use crate::publication::{Draft, lead_time};
use crate::{Connection, Settings};

const TABLES: &str = "
CREATE TABLE contacts (id integer PRIMARY KEY, email varchar(100), lang varchar(20));
INSERT INTO contacts VALUES (1, 'Jane@acme.example', 'fr-CA'), (2, 'bob@acme.example', NULL), (3, 'erased-5f2c', NULL), (4, NULL, NULL), (5, 'jane@ACME.example', 'fr');
CREATE TABLE leads (id integer PRIMARY KEY, mail varchar(100));
INSERT INTO leads VALUES (1, 'Kim Oak <kim@acme.example>'), (2, 'bob@acme.example')";

const MAP: &str = "
system: {title: Crm}
dataset:
- fides_key: crm
  collections:
  - name: contacts
    upheld: {title: Contacts}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: lang, data_categories: [user.demographic.language]}
  - name: leads
    upheld: {title: Leads}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: mail, data_categories: [user.contact.email], fides_meta: {identity: email}}
";

fn sql(base: &Path, sql: &str) {
    let program = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
for part in [p for p in sys.argv[2].split(';') if p.strip()]: base.execute(part)";
    let ran = Command::new("python3").args(["-c", program]).arg(base).arg(sql).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

struct World {
    _place: tempfile::TempDir,
    folder: PathBuf,
    clock: Arc<Hands>,
    house: House,
    server: Smtp,
}

impl World {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("policy");
        crate::init::init(&folder, "msp-canada").unwrap();
        sql(&folder.join("crm.db"), TABLES);
        std::fs::write(folder.join("systems/crm.yaml"), MAP).unwrap();
        let server = Smtp::start();
        let settings = format!(
            "anchors = []\n[mail.out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
            server.port()
        );
        std::fs::write(folder.join("upheld.toml"), settings).unwrap();
        let policy = folder.join("policy.yaml");
        let text = std::fs::read_to_string(&policy).unwrap();
        let text = text.replace("  version: \"1\"", "  lead_time: 7 days\n  version: \"1\"");
        std::fs::write(&policy, text).unwrap();
        let connection = Connection { url: "sqlite:crm.db".to_owned(), ..Connection::default() };
        Settings::write_connection(&folder, "crm", &connection).unwrap();
        let clock = Hands::at("2026-03-01");
        let means = Means {
            clock: clock.clone(),
            rng: Arc::new(SeededRng::new(7)),
            ..Means::of_this_machine()
        };
        let house = House::open(&folder, means).unwrap();
        Self { _place: place, folder, clock, house, server }
    }

    fn staff(&self, role: Role) -> Actor {
        let membership = Membership {
            organisation: auth::ROOT.to_owned(),
            role,
            state: MembershipState::Active,
            assigned: BTreeSet::new(),
        };
        let now = self.clock.now();
        let strength = Strength::TwoFactors { shown_at: now };
        let door = Door::Session { id: "session".to_owned(), strength };
        Actor::sample("a".repeat(32), membership, door, now)
    }

    fn policy(&self) -> Policy {
        self.house.policy(false).unwrap()
    }

    /// A version that takes effect on this day of March.
    async fn scheduled(&self, day: i8) -> String {
        let (owner, policy) = (self.staff(Role::Owner), self.policy());
        let text = std::fs::read_to_string(self.folder.join("notice.md")).unwrap();
        let text = format!("{text}\n\nWe keep less than before.\n");
        let draft = Draft { version: "2".to_owned(), form: policy::Form::Markdown, text };
        let id = self.house.draft_version(&owner, &policy, draft).await.unwrap();
        self.house.check_version(&owner, &policy, &id).await.unwrap();
        let because = Some("nothing was looked at yet");
        let day = date(2026, 3, day);
        self.house.schedule_version(&owner, &policy, &id, day, because).await.unwrap();
        id
    }

    /// Carries out every job whose time has come; why those failed that did.
    async fn work(&self) -> Vec<String> {
        let state = self.house.state().await.unwrap();
        let mut wrong = Vec::new();
        for round in 0..200 {
            let now = self.clock.now();
            let mut tx = state.store.begin().await.unwrap();
            let lease = format!("{}-{round}", now.0);
            let claims = tx.take_jobs(&lease, now, now, 1).await.unwrap();
            tx.commit().await.unwrap();
            let Some(claim) = claims.first() else { return wrong };
            let work = Work::read(&claim.job.payload).unwrap();
            let came = Box::pin(self.house.carry_out(work, claim)).await;
            let mut tx = state.store.begin().await.unwrap();
            match came {
                Ok(Did::Ended) => {}
                Ok(Did::Done) => drop(tx.finish_job(claim).await.unwrap()),
                Err(Failed::ForNow(why) | Failed::ForGood(why)) => {
                    let later = Micros(now.0 + 60_000_000);
                    tx.retry_job(claim, later, &why).await.unwrap();
                    wrong.push(why);
                }
            }
            tx.commit().await.unwrap();
        }
        panic!("jobs ask for each other for ever");
    }

    async fn only(&self) -> Telling {
        let mut all = self.house.tellings(&self.staff(Role::Auditor)).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    async fn events(&self) -> Vec<(String, String)> {
        let state = self.house.state().await.unwrap();
        let mut tx = state.store.read().await.unwrap();
        let events = tx.events_from(0, 999).await.unwrap();
        let read = |event: store::StoredEvent| {
            (event.kind, String::from_utf8(event.body.unwrap_or_default()).unwrap())
        };
        events.into_iter().map(read).collect()
    }
}

fn whom(places: &[&str], list: &str) -> Wish {
    Wish {
        places: places.iter().map(|place| (*place).to_owned()).collect(),
        list: read_list(list).unwrap(),
        words: InWords { en: Some("We keep less.".to_owned()), fr: None },
    }
}

const CONTACTS: &str = "crm.contacts.email";
const LEADS: &str = "crm.leads.mail";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_told_once_in_their_language_and_the_log_binds_who() {
    let world = World::new();
    let (house, owner, policy) = (&world.house, world.staff(Role::Owner), world.policy());
    let id = world.scheduled(10).await;
    let both = whom(&[CONTACTS, LEADS], "ann@acme.example,fr\nBOB@acme.example");
    let auditor = world.staff(Role::Auditor);
    assert!(house.tell_of_version(&auditor, &policy, &id, both.clone()).await.is_err());
    for (wish, says) in [
        (whom(&["crm.contacts.id"], ""), "no addresses at `crm.contacts.id`"),
        (whom(&[], ""), "who is to be told"),
    ] {
        let no = house.tell_of_version(&owner, &policy, &id, wish).await.unwrap_err();
        assert!(no.to_string().contains(says), "{no}");
    }
    let told = house.tell_of_version(&owner, &policy, &id, both).await.unwrap();
    assert_eq!(world.work().await, Vec::<String>::new());
    let one = world.only().await;
    assert_eq!((one.people, one.told, one.failed, one.waiting()), (4, 4, 0, 0), "{one:?}");
    assert!(one.is_whole());
    assert_eq!(one.sources.iter().map(|one| one.new).collect::<Vec<_>>(), [1, 1, 2]);
    assert_eq!(one.sources[0].unfit, 1, "what was erased is no address");
    assert_eq!(world.server.mails().len(), 4);
    for (to, says) in [
        ("Jane@acme.example", "notre avis de confidentialité"),
        ("ann@acme.example", "notre avis de confidentialité"),
        ("BOB@acme.example", "our privacy notice"),
        ("kim@acme.example", "We keep less."),
    ] {
        let mails = world.server.mails_to(to);
        assert_eq!(mails.len(), 1, "{to}");
        let day = mails[0].to_lowercase().contains("10 mar");
        assert!(mails[0].contains(says) && day, "{to}: {}", mails[0]);
    }
    // Once more, with one more: nobody hears of it twice.
    let more = whom(&[CONTACTS], "lee@acme.example");
    assert_eq!(house.tell_of_version(&owner, &policy, &id, more).await.unwrap(), told);
    world.work().await;
    assert_eq!(world.server.mails().len(), 5);
    assert_eq!(world.only().await.told, 5);
    let proof = |address: &str| {
        let (address, policy) = (Personal::new(address.to_owned()), policy.clone());
        let (auditor, told) = (auditor.clone(), told.clone());
        async move { house.told_proof(&auditor, &policy, &told, &address).await.unwrap() }
    };
    let jane = proof(" jane@acme.EXAMPLE").await.unwrap();
    assert!(jane.told_at.is_some() && jane.entry.is_some() && jane.bound, "{jane:?}");
    assert_eq!(proof("nobody@acme.example").await, None);
    let mails = house.told_counts(&auditor, &id).await.unwrap();
    assert_eq!(mails, [("mail".to_owned(), 5)]);
    let events = world.events().await;
    let kinds: Vec<&str> = events.iter().map(|(kind, _)| kind.as_str()).collect();
    for kind in
        ["announcement begun", "announcement place read", "people told", "announcement complete"]
    {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    house.state().await.unwrap().store.scrub().await.unwrap();
    assert!(events.iter().all(|(_, body)| !body.contains("acme.example")), "{events:?}");
    for file in std::fs::read_dir(world.folder.join(".upheld")).unwrap().flatten() {
        let bytes = file.path().is_file().then(|| std::fs::read(file.path()).unwrap());
        let bytes = bytes.unwrap_or_default().to_ascii_lowercase();
        assert!(!bytes.windows(8).any(|window| window == b"jane@acm"), "{file:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cannot_be_written_to_today_is_told_later_and_the_version_waits_for_them() {
    let world = World::new();
    let (house, owner, policy) = (&world.house, world.staff(Role::Owner), world.policy());
    let id = world.scheduled(8).await;
    world.server.stop();
    let wish = whom(&[CONTACTS], "");
    let telling = house.tell_of_version(&owner, &policy, &id, wish).await.unwrap();
    assert_eq!(world.work().await, ["the mail server is not reached"]);
    let one = world.only().await;
    assert_eq!((one.people, one.told, one.state.as_str()), (2, 0, "open"));
    assert!(one.trouble.as_deref().is_some_and(|why| why.contains("not reached")), "{one:?}");
    // Its day comes, the folder has its text, and still it does not hold.
    world.clock.go_on(8 * 24 * 60 * 60);
    let text = std::fs::read_to_string(world.folder.join("notice.md")).unwrap();
    std::fs::write(world.folder.join("past-1.md"), &text).unwrap();
    let new = format!("{text}\n\nWe keep less than before.\n");
    std::fs::write(world.folder.join("notice.md"), new).unwrap();
    let file = world.folder.join("policy.yaml");
    let yaml = std::fs::read_to_string(&file).unwrap();
    let past = "  announced: 2026-03-01\n  past: [{ version: \"1\", file: past-1.md, effective: 2026-01-15 }]\n  version: \"2\"";
    let yaml = yaml
        .replace("  version: \"1\"", past)
        .replace("  effective: 2026-01-15\n\nplaces", "  effective: 2026-03-08\n\nplaces");
    std::fs::write(&file, yaml).unwrap();
    let policy = world.policy();
    assert_eq!(house.settle_versions(&policy).await.unwrap(), 0, "people are still being told");
    world.server.restart();
    assert_eq!(world.work().await, Vec::<String>::new());
    let one = world.only().await;
    assert_eq!((one.told, one.state.as_str(), one.trouble), (2, "done", None));
    // Seven days are promised, and count from the last letter.
    assert!(lead_time(&policy).is_some());
    let coming = house.coming_version().await.unwrap().unwrap();
    assert_eq!(coming.effective, Some(date(2026, 3, 16)));
    assert!(world.events().await.iter().any(|(kind, _)| kind == "notice version put off"));
    assert_eq!(house.settle_versions(&policy).await.unwrap(), 0);
    world.clock.go_on(7 * 24 * 60 * 60);
    assert_eq!(house.settle_versions(&policy).await.unwrap(), 1);
    assert!(house.stop_telling(&owner, &policy, &telling).await.is_err(), "it has ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_that_is_away_is_said_and_taken_up_again() {
    let world = World::new();
    let (house, owner, policy) = (&world.house, world.staff(Role::Owner), world.policy());
    let away = world.folder.join("away.db");
    std::fs::rename(world.folder.join("crm.db"), &away).unwrap();
    let change = Handover { successor: "Southlight IT".to_owned(), day: date(2026, 4, 1) };
    let past = Handover { day: date(2026, 3, 1), ..change.clone() };
    let wish = whom(&[LEADS], "ann@acme.example");
    assert!(house.tell_of_control(&owner, &policy, past, wish.clone()).await.is_err());
    let technician = world.staff(Role::Technician);
    assert!(
        house.tell_of_control(&technician, &policy, change.clone(), wish.clone()).await.is_err()
    );
    let id = house.tell_of_control(&owner, &policy, change, wish).await.unwrap();
    world.work().await;
    let one = world.only().await;
    assert_eq!((one.told, one.state.as_str(), one.is_whole()), (1, "open", false), "{one:?}");
    assert_eq!(one.unread().map(|one| one.tries).collect::<Vec<_>>(), [1]);
    assert!(world.server.mails()[0].contains("Southlight IT"));
    // Nobody brings it back for a week: that is said, and stays so.
    for _ in 0..20 {
        world.clock.go_on(12 * 60 * 60);
        world.work().await;
    }
    let one = world.only().await;
    assert_eq!((one.told, one.state.as_str(), one.is_whole()), (1, "done", false), "{one:?}");
    assert_eq!(house.handovers().await.unwrap().len(), 1, "the public may know");
    std::fs::rename(&away, world.folder.join("crm.db")).unwrap();
    house.gather_again(&owner, &policy, &id).await.unwrap();
    world.work().await;
    let one = world.only().await;
    assert_eq!((one.told, one.is_whole()), (3, true), "{one:?}");
    assert!(house.gather_again(&owner, &policy, &id).await.is_err(), "every place was read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stopped_or_given_up_reaches_nobody_else_and_forgets_their_addresses() {
    let world = World::new();
    let (house, owner, policy) = (&world.house, world.staff(Role::Owner), world.policy());
    let id = world.scheduled(20).await;
    let telling = house.tell_of_version(&owner, &policy, &id, whom(&[], "ann@acme.example"));
    let telling = telling.await.unwrap();
    house.stop_telling(&owner, &policy, &telling).await.unwrap();
    world.work().await;
    assert!(world.server.mails().is_empty());
    assert_eq!(world.only().await.people, 0);
    // It can be begun anew, and a version that is given up is announced to nobody.
    house.tell_of_version(&owner, &policy, &id, whom(&[LEADS], "")).await.unwrap();
    house.discard_version(&owner, &policy, &id).await.unwrap();
    world.work().await;
    assert!(world.server.mails().is_empty());
    assert_eq!(world.only().await.state, "stopped");
    assert!(house.tell_of_version(&owner, &policy, &id, whom(&[LEADS], "")).await.is_err());
}
