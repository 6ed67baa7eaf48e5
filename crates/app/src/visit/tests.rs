//! From the address to what is held, with a real database and a real mail server.

use std::path::PathBuf;
use std::sync::Arc;

use model::{Clock as _, SeededRng};
use testkit::mail::Smtp;

use super::*;
use crate::fixture::Hands;
use crate::house::Means;
use crate::jobs::{Did, Failed};
use crate::{Connection, Settings};

const TABLES: &str = "
CREATE TABLE people (id integer PRIMARY KEY, email varchar(100), name varchar(100), password varchar(50));
INSERT INTO people VALUES (1, 'jane@acme.example', 'Jane Marjoram', 'hunter2'), (2, 'bob@acme.example', 'Bob Oak', 'swordfish')";

const MAP: &str = "
system: {title: Crm}
dataset:
- fides_key: crm
  collections:
  - name: people
    upheld: {title: People}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name], fides_meta: {identity: name}}
    - {name: password, data_categories: [user.authorization.password]}
";

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
        let base = folder.join("crm.db");
        std::thread::spawn(move || testkit::sqlite::execute(&base, TABLES)).join().unwrap();
        std::fs::write(folder.join("systems/crm.yaml"), MAP).unwrap();
        let server = Smtp::start();
        let settings = format!(
            "anchors = []\n[mail.out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
            server.port()
        );
        std::fs::write(folder.join("upheld.toml"), settings).unwrap();
        let connection = Connection { url: "sqlite:crm.db".to_owned(), ..Connection::default() };
        Settings::write_connection(&folder, "crm", &connection).unwrap();
        let clock = Hands::at("2026-11-23");
        let means = Means {
            clock: clock.clone(),
            rng: Arc::new(SeededRng::new(7)),
            ..Means::of_this_machine()
        };
        let house = House::open(&folder, means).unwrap();
        Self { _place: place, folder, clock, house, server }
    }

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

    /// The pass of somebody who reads the mail of this address.
    async fn enter(&self, email: &str) -> Secret<String> {
        let address = Personal::new(email.to_owned());
        let handle = self.house.ask_to_enter(&address, Language::Fr).await.unwrap();
        self.work().await;
        let mails = self.server.mails_to(email);
        let typed = |mail: &String| {
            mail.lines().find_map(|line| line.strip_prefix("    ").map(str::to_owned))
        };
        let code = mails.iter().rev().find_map(typed).unwrap();
        let handle = handle.expose_secret();
        assert!(self.house.enter(handle, "AAAA-AAAA").await.unwrap().is_none());
        let pass = self.house.enter(handle, &code.to_lowercase()).await.unwrap().unwrap();
        assert!(self.house.enter(handle, &code).await.unwrap().is_none(), "only once");
        self.work().await;
        pass
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_sees_what_is_held_asks_for_more_and_leaves_nothing_behind() {
    let world = World::new();
    let house = &world.house;
    let pass = world.enter("jane@acme.example").await;
    let pass = pass.expose_secret();
    let mine = house.mine(pass).await.unwrap().unwrap();
    let held = mine.held.unwrap();
    let shown: Vec<(&str, &str)> = held
        .categories
        .iter()
        .flat_map(|one| {
            one.values.iter().map(|value| (one.key.as_str(), value.text.expose().as_str()))
        })
        .collect();
    assert_eq!(
        shown,
        [("user.contact.email", "jane@acme.example"), ("user.name", "Jane Marjoram")],
        "no password, and nobody else"
    );
    assert_eq!(held.records, [HeldRecords { place: "Crm, People".to_owned(), rows: 1 }]);
    assert!(held.not_reached.is_empty() && !held.failed && mine.requests.is_empty());
    // A correction is a request that need not be confirmed any more.
    let wish = MyWish {
        corrections: vec![Wrong {
            what: "name".to_owned(),
            before: Some(Personal::new("Jane Marjoram".to_owned())),
            after: Personal::new("Jane Marjoram-Doe".to_owned()),
        }],
        ..MyWish::default()
    };
    let number = house.ask_from_mine(pass, Kind::Rectification, wish).await.unwrap().unwrap();
    for kind in [Kind::ConsentWithdrawal, Kind::Closure] {
        house.ask_from_mine(pass, kind, MyWish::default()).await.unwrap().unwrap();
    }
    let mine = house.mine(pass).await.unwrap().unwrap();
    assert_eq!(mine.requests.len(), 3);
    assert!(mine.requests.iter().all(|one| one.status == Status::Ready), "{:?}", mine.requests);
    let one = mine.requests.iter().find(|one| one.reference == number).unwrap();
    let opened = house.open_from_mine(pass, &one.id).await.unwrap().unwrap();
    assert_eq!((opened.status, opened.reference), (Status::Ready, number));
    // They agree, and have a receipt.
    assert!(house.agree_from_mine(pass, "0").await.is_err(), "another version was shown");
    let agreed = house.agree_from_mine(pass, "1").await.unwrap().unwrap();
    world.work().await;
    let mails = world.server.mails_to("jane@acme.example");
    assert!(mails.iter().any(|mail| mail.contains(&agreed.id) && mail.contains("reçu")));
    assert_eq!(house.mine(pass).await.unwrap().unwrap().agreed, [agreed]);
    // Somebody else sees nothing of it, also one who named her address as another of their own.
    let told = Told {
        email: Some(Personal::new("bob@acme.example".to_owned())),
        other_emails: vec![Personal::new("jane@acme.example".to_owned())],
        ..Told::default()
    };
    let form = Form {
        kind: Kind::Access,
        channel: Channel::Form,
        language: Language::En,
        place: None,
        told,
    };
    let desk = house.desk().await.unwrap();
    let mut tx = desk.state.store.begin().await.unwrap();
    let arrival = Arrival::default();
    let his = house.keep_request(&desk, &mut tx, &form, &arrival, Sender::Proven).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.mine(pass).await.unwrap().unwrap().requests.len(), 3);
    assert!(house.open_from_mine(pass, &his.id).await.unwrap().is_none());
    let bob = world.enter("bob@acme.example").await;
    let bob = bob.expose_secret();
    assert_eq!(house.mine(bob).await.unwrap().unwrap().requests.len(), 1);
    assert!(house.open_from_mine(bob, &one.id).await.unwrap().is_none());
    // Whoever leaves, or does nothing for a while, has left.
    house.leave_mine(pass).await.unwrap();
    assert!(house.mine(pass).await.unwrap().is_none());
    assert!(house.ask_from_mine(pass, Kind::Access, MyWish::default()).await.unwrap().is_none());
    assert!(house.agree_from_mine(pass, "1").await.unwrap().is_none());
    world.clock.go_on(14 * 60);
    assert!(house.mine(bob).await.unwrap().is_some(), "and stays a while longer");
    world.clock.go_on(14 * 60);
    assert!(house.mine(bob).await.unwrap().is_some());
    world.clock.go_on(16 * 60);
    assert!(house.mine(bob).await.unwrap().is_none());
    house.expire().await.unwrap();
    let mut tx = desk.state.store.read().await.unwrap();
    for event in tx.events_from(0, 999).await.unwrap() {
        let body = String::from_utf8(event.body.unwrap_or_default()).unwrap();
        assert!(!body.contains("acme.example") && !body.contains("Marjoram"), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_unknown_is_let_in_alike_and_too_many_codes_close_the_door() {
    let world = World::new();
    let house = &world.house;
    let pass = world.enter("nobody@acme.example").await;
    let mine = house.mine(pass.expose_secret()).await.unwrap().unwrap();
    assert_eq!(mine.held, Some(Held::default()), "nothing is held");
    for address in ["no address at all", ""] {
        let handle = house.ask_to_enter(&Personal::new(address.to_owned()), Language::En).await;
        assert_eq!(handle.unwrap().expose_secret().len(), 64, "the same for everybody");
    }
    let address = Personal::new("bob@acme.example".to_owned());
    let handle = house.ask_to_enter(&address, Language::En).await.unwrap();
    world.work().await;
    let mail = world.server.mails_to("bob@acme.example").pop().unwrap();
    let code = mail.lines().find_map(|line| line.strip_prefix("    ")).unwrap();
    for _ in 0..5 {
        assert!(house.enter(handle.expose_secret(), "AAAA-AAAA").await.unwrap().is_none());
    }
    assert!(house.enter(handle.expose_secret(), code).await.unwrap().is_none());
    // A system that is away is named; the rest is shown.
    std::fs::rename(world.folder.join("crm.db"), world.folder.join("away.db")).unwrap();
    let pass = world.enter("jane@acme.example").await;
    let held = house.mine(pass.expose_secret()).await.unwrap().unwrap().held.unwrap();
    assert!(held.failed || held.not_reached == ["Crm"], "{held:?}");
    // At most five codes a day go to one address.
    for _ in 0..9 {
        house.ask_to_enter(&address, Language::En).await.unwrap();
    }
    world.work().await;
    assert_eq!(world.server.mails_to("bob@acme.example").len(), 5);
}
