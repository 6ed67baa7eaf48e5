use std::sync::Arc;

use auth::{Actor, Door, Membership, MembershipState, Role, Strength};
use model::{FixedClock, Micros, Personal};

use super::*;
use crate::{Means, init};

/// 1 March 2026, noon.
const NOW: i64 = 1_772_366_400_000_000;
const DAY: i64 = 86_400_000_000;

fn actor(role: Role, at: Micros) -> Actor {
    let membership = Membership {
        organisation: auth::ROOT.to_owned(),
        role,
        state: MembershipState::Active,
        assigned: std::collections::BTreeSet::new(),
    };
    let strength = Strength::TwoFactors { shown_at: at };
    let door = Door::Session { id: "session".to_owned(), strength };
    Actor::sample("0123456789abcdef0123456789abcdef".to_owned(), membership, door, at)
}

struct World {
    folder: tempfile::TempDir,
    now: Micros,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let house = folder.path().join("msp");
        init::init(&house, "msp-canada").unwrap();
        std::fs::write(house.join("upheld.toml"), "anchors = []\n").unwrap();
        Self { folder, now: Micros(NOW) }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("msp")
    }

    fn house(&self) -> House {
        let means = Means { clock: Arc::new(FixedClock(self.now)), ..Means::of_this_machine() };
        House::open(&self.path(), means).unwrap()
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path().join("notice.md")).unwrap()
    }
}

fn draft(text: &str) -> Draft {
    Draft { version: "2".to_owned(), form: Form::Markdown, text: text.to_owned() }
}

#[tokio::test]
async fn a_version_goes_from_draft_to_force_and_each_step_is_in_the_log() {
    let mut world = World::new();
    world.change("policy.yaml", "  version: \"1\"", "  lead_time: 7 days\n  version: \"1\"");
    let house = world.house();
    let policy = house.policy(false).unwrap();
    let (owner, auditor) = (actor(Role::Owner, world.now), actor(Role::Auditor, world.now));
    let text = format!("{}\n\nA new sentence that nobody has proved.\n", world.text());
    assert!(house.draft_version(&auditor, &policy, draft(&text)).await.is_err(), "reads alone");
    let id = house.draft_version(&owner, &policy, draft(&text)).await.unwrap();
    let on = |day: i8| jiff::civil::date(2026, 3, day);
    let early = house.schedule_version(&owner, &policy, &id, on(20), None).await.unwrap_err();
    assert!(early.to_string().contains("checked first"), "{early}");
    let findings = house.check_version(&owner, &policy, &id).await.unwrap();
    assert_eq!((findings.added, findings.removed, findings.lost.len()), (1, 0, 0));
    assert!(!findings.unproven.is_empty(), "nothing was ever looked at");
    let schedule = |day, because| house.schedule_version(&owner, &policy, &id, day, because);
    let near = schedule(on(7), Some("a reason")).await.unwrap_err().to_string();
    assert!(near.contains("8 March 2026 is the first day"), "{near}");
    let bare = schedule(on(8), None).await.unwrap_err().to_string();
    assert!(bare.contains("give a reason"), "{bare}");
    schedule(on(8), Some("the systems are connected next week")).await.unwrap();
    assert_eq!(house.coming_version().await.unwrap().unwrap().effective, Some(on(8)));
    assert_eq!(house.settle_versions(&policy).await.unwrap(), 0, "neither day nor text");
    world.now = Micros(NOW + 8 * DAY);
    assert_eq!(world.house().settle_versions(&policy).await.unwrap(), 0, "its text is not here");
    std::fs::write(world.path().join("past-1.md"), world.text()).unwrap();
    std::fs::write(world.path().join("notice.md"), &text).unwrap();
    let past = "  announced: 2026-03-01\n  past: [{ version: \"1\", file: past-1.md, effective: 2026-01-15 }]\n  version: \"2\"";
    world.change("policy.yaml", "  version: \"1\"", past);
    world.change(
        "policy.yaml",
        "  effective: 2026-01-15\n\nplaces",
        "  effective: 2026-03-08\n\nplaces",
    );
    let house = world.house();
    let policy = house.policy(false).unwrap();
    assert_eq!(house.settle_versions(&policy).await.unwrap(), 1);
    assert_eq!(house.coming_version().await.unwrap(), None);
    let state = house.state().await.unwrap();
    let mut tx = state.store.read().await.unwrap();
    let events = tx.events_from(0, 20).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    let steps = ["drafted", "checked", "scheduled", "in force"];
    assert_eq!(kinds, steps.map(|step| format!("notice version {step}")));
    let scheduled = String::from_utf8(events[2].body.clone().unwrap()).unwrap();
    assert!(scheduled.contains("the systems are connected next week"), "{scheduled}");
}

#[tokio::test]
async fn a_promise_whose_words_are_gone_is_lost_and_says_so() {
    let world = World::new();
    let house = world.house();
    let policy = house.policy(false).unwrap();
    let owner = actor(Role::Owner, world.now);
    let text = world.text().replace("We do not sell personal data", "We trade in personal data");
    let id = house.draft_version(&owner, &policy, draft(&text)).await.unwrap();
    let findings = house.check_version(&owner, &policy, &id).await.unwrap();
    assert_eq!(findings.lost, ["no-sale"]);
    assert_eq!((findings.added, findings.removed), (1, 1));
    house.discard_version(&owner, &policy, &id).await.unwrap();
    assert!(house.check_version(&owner, &policy, &id).await.is_err(), "it is discarded");
}

#[tokio::test]
async fn who_was_told_and_who_agreed_is_found_by_address_and_kept_without_it() {
    let world = World::new();
    let house = world.house();
    let policy = house.policy(false).unwrap();
    let owner = actor(Role::Owner, world.now);
    let id = house.draft_version(&owner, &policy, draft("New.")).await.unwrap();
    let address = |text: &str| Personal::new(text.to_owned());
    let people = [address("jane.doe@acme.example"), address("robin@acme.example")];
    let tell = || house.told_of_version(&owner, &policy, &id, Route::Mail, &people);
    assert_eq!((tell().await.unwrap(), tell().await.unwrap()), (2, 0), "once is once");
    let told = house.was_told(&owner, &id, &address("Jane.Doe@acme.example ")).await.unwrap();
    assert_eq!(told, [("mail".to_owned(), world.now)]);
    assert!(house.was_told(&owner, &id, &address("x@acme.example")).await.unwrap().is_empty());
    let agreed = house.agree_to_notice(&policy, &people[0], "sign-up").await.unwrap();
    assert_eq!(house.agreements_of(&owner, &people[0]).await.unwrap(), [agreed]);
    assert!(house.agreements_of(&owner, &people[1]).await.unwrap().is_empty());
    let state = std::fs::read(world.path().join(".upheld/upheld.db")).unwrap();
    let wal = std::fs::read(world.path().join(".upheld/upheld.db-wal")).unwrap_or_default();
    for bytes in [state, wal] {
        assert!(!bytes.windows(8).any(|window| window.eq_ignore_ascii_case(b"jane.doe")));
    }
}
