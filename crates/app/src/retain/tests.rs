//! What the law keeps of an erased person goes by itself when its time is over.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use model::{FixedClock, Identity, IdentityKind, Micros};
use plan::RequestKind;

use crate::request::{Asked, Came, Leave};
use crate::retain::{RunCame, RunLeave};
use crate::{Connection, House, Means, Settings};

const TABLES: &str = "
CREATE TABLE invoices (id integer PRIMARY KEY, email varchar(100), issued_on date);
INSERT INTO invoices VALUES (1, 'jane@acme.example', '2020-01-15'), (2, 'jane@acme.example', '2020-02-15')";

const MAP: &str = "
system: {title: Billing}
dataset:
- fides_key: billing
  collections:
  - name: invoices
    upheld: {title: Invoices, keep: {for: 7 years, from: issued_on, because: tax law}}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
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

/// The house at noon (UTC) of a day, counted in days since 1970.
fn at(folder: &Path, day: i64) -> House {
    let now = Micros((day * 86_400 + 43_200) * 1_000_000);
    let means = Means { clock: Arc::new(FixedClock(now)), ..Means::of_this_machine() };
    House::open(folder, means).unwrap()
}

/// 15 January 2027.
const FIRST: i64 = 20_833;

#[tokio::test]
async fn what_the_law_kept_is_erased_on_its_day_and_not_before() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("policy");
    crate::init::init(&folder, "msp-canada").unwrap();
    let base = folder.join("billing.db");
    sql(&base, TABLES);
    std::fs::write(folder.join("systems/billing.yaml"), MAP).unwrap();
    let connection = Connection { url: "sqlite:billing.db".to_owned(), ..Connection::default() };
    Settings::write_connection(&folder, "billing", &connection).unwrap();

    let asked = Asked {
        kind: RequestKind::Erasure,
        identities: vec![Identity::new(IdentityKind::Email, "jane@acme.example")],
        plan_only: false,
        arrival: Default::default(),
    };
    let out = |name: &str| Some(place.path().join(name));
    let leave = Leave { go_ahead: true, out: out("certificate.json"), ..Leave::default() };
    let standing = at(&folder, FIRST - 60).request(asked, leave).await.unwrap();
    assert!(matches!(standing.came, Came::Erased { .. }));
    assert_eq!(standing.outline.kept.iter().map(|kept| kept.rows).sum::<u64>(), 2);
    let left = || sql(&base, "SELECT coalesce(email, '-') FROM invoices ORDER BY id");
    for (day, left_then, woken) in [
        (FIRST - 1, "jane@acme.example\njane@acme.example\n", 0),
        (FIRST, "-\njane@acme.example\n", 1),
        (FIRST + 30, "-\njane@acme.example\n", 0),
        (FIRST + 31, "-\n-\n", 1),
        (FIRST + 99, "-\n-\n", 0),
    ] {
        let leave = RunLeave { out: out("record.json"), ..RunLeave::default() };
        let came = at(&folder, day).retain_run(leave).await.unwrap();
        let RunCame::Ended { woken: went_on, .. } = came else { panic!() };
        let told: Vec<&str> = went_on.iter().map(|one| one.came.as_str()).collect();
        assert_eq!(went_on.len(), woken, "{day}: {told:?}");
        assert!(went_on.iter().all(|one| one.done && one.certificate.is_some()), "{told:?}");
        assert_eq!(left(), left_then, "{day}: {told:?}");
    }
}

/// A policy with one old invoice that a rule disposes of.
fn one_old_invoice() -> (tempfile::TempDir, std::path::PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("policy");
    crate::init::init(&folder, "msp-canada").unwrap();
    let base = folder.join("billing.db");
    sql(&base, TABLES);
    let map = MAP.replace(
        "keep: {for: 7 years, from: issued_on, because: tax law}",
        "retain: [{max: 1 year, from: issued_on}]",
    );
    std::fs::write(folder.join("systems/billing.yaml"), map).unwrap();
    let connection = Connection { url: "sqlite:billing.db".to_owned(), ..Connection::default() };
    Settings::write_connection(&folder, "billing", &connection).unwrap();
    (place, folder)
}

fn hold_on(what: plan::Held) -> crate::hold::Wanted {
    crate::hold::Wanted {
        what,
        reason: "a claim".to_owned(),
        owner: "counsel".to_owned(),
        until: None,
    }
}

/// A hold on a client that somebody deleted from clients.yaml kept nothing, in silence.
#[tokio::test]
async fn a_hold_whose_place_has_left_the_map_stops_every_run() {
    let (_place, folder) = one_old_invoice();
    let file = folder.join("systems/billing.yaml");
    let map = std::fs::read_to_string(&file).unwrap();
    let two =
        format!("{map}  - name: notes\n    fields: [{{name: id, data_categories: [system]}}]\n");
    std::fs::write(&file, two).unwrap();
    let house = at(&folder, FIRST);
    house
        .hold(hold_on(plan::Held::Collection(plan::Place::new("billing", "notes"))))
        .await
        .unwrap();
    assert!(house.retain_plan(None).await.is_ok());
    std::fs::write(&file, map).unwrap();
    let why = house.retain_run(RunLeave::default()).await.unwrap_err().to_string();
    assert!(why.contains("would keep nothing: the map no longer has `billing.notes`"), "{why}");
    assert_eq!(sql(&folder.join("billing.db"), "SELECT count(*) FROM invoices"), "2\n");
}

/// A run under way went on over what had been put on hold meanwhile.
#[tokio::test]
async fn a_hold_that_is_set_during_a_run_stops_it_before_the_next_batch() {
    use engine::retain::{Run, RunKeeper as _};
    let (_place, folder) = one_old_invoice();
    let house = at(&folder, FIRST);
    let state = house.state().await.unwrap();
    let policy = house.policy(false).unwrap();
    let schedule = house.schedule(&policy, house.means.clock.now(), None).unwrap();
    let run = Run::begin("5f2c", house.means.clock.now(), &schedule);
    let kept_by = super::kept::kept_by(&state).await.unwrap();
    let keeper = super::RunKept::begin(&state, "Acme", &run, kept_by).await.unwrap();
    keeper.keep(&run).await.unwrap();
    house.hold(hold_on(plan::Held::System("billing".to_owned()))).await.unwrap();
    let why = keeper.keep(&run).await.unwrap_err();
    assert!(why.contains("was set while the run was under way"), "{why}");
}

/// A run whose record could not be written had ended, and nobody could have its record any more.
#[tokio::test]
async fn a_run_whose_record_could_not_be_written_issues_it_again() {
    let (place, folder) = one_old_invoice();
    let out = place.path().join("record.json");
    let page = place.path().join("record.html");
    std::fs::create_dir(&page).unwrap();
    let leave = || RunLeave { out: Some(out.clone()), ..RunLeave::default() };
    assert!(at(&folder, FIRST).retain_run(leave()).await.is_err());
    assert_eq!(sql(&folder.join("billing.db"), "SELECT count(*) FROM invoices"), "0\n");
    std::fs::remove_dir(&page).unwrap();
    let came = at(&folder, FIRST).retain_run(leave()).await.unwrap();
    let RunCame::Ended { told, .. } = came else { panic!() };
    assert!(told.complete && page.is_file());
    assert_eq!(told.rules.iter().map(|rule| rule.rows).sum::<u64>(), 2);
}

fn member(house: &House, person: &str) -> auth::Actor {
    let membership = auth::Membership {
        organisation: auth::ROOT.to_owned(),
        role: auth::Role::PrivacyOfficer,
        state: auth::MembershipState::Active,
        assigned: std::collections::BTreeSet::new(),
    };
    let at = house.now();
    let strength = auth::Strength::TwoFactors { shown_at: at };
    let door = auth::Door::Session { id: "s".into(), strength };
    auth::Actor::sample(person.repeat(32), membership, door, at)
}

#[tokio::test]
async fn a_run_at_the_console_takes_two_people_where_the_policy_asks_for_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("policy");
    crate::init::init(&folder, "msp-canada").unwrap();
    let policy = std::fs::read_to_string(folder.join("policy.yaml")).unwrap();
    let policy = policy.replace("require_approval: no ", "require_approval: yes ");
    std::fs::write(folder.join("policy.yaml"), policy).unwrap();
    let base = folder.join("billing.db");
    sql(&base, TABLES);
    let map = MAP.replace(
        "keep: {for: 7 years, from: issued_on, because: tax law}",
        "retain: {max: 2 years, from: issued_on}",
    );
    std::fs::write(folder.join("systems/billing.yaml"), map).unwrap();
    let connection = Connection { url: "sqlite:billing.db".to_owned(), ..Connection::default() };
    Settings::write_connection(&folder, "billing", &connection).unwrap();
    let house = at(&folder, FIRST);
    let (one, other) = (member(&house, "a"), member(&house, "b"));
    house.look_at(&one, crate::console::Subject::Retention).await.unwrap();
    let seen = house.last_retention(&one).await.unwrap().unwrap().what;
    assert_eq!(seen.due(), 2);
    let refused = house.dispose(&one, &seen.digest).await.unwrap_err().to_string();
    assert!(refused.contains("second person"), "{refused}");
    assert!(house.agree_to_retention(&one, "0123456789ab").await.is_err(), "another list");
    house.agree_to_retention(&one, &seen.digest).await.unwrap();
    let refused = house.dispose(&one, &seen.digest).await.unwrap_err().to_string();
    assert!(refused.contains("second person"), "one's own yes is none: {refused}");
    let tomorrow = at(&folder, FIRST + 1);
    let late = tomorrow.dispose(&member(&tomorrow, "b"), &seen.digest).await.unwrap_err();
    assert!(late.to_string().contains("count again"), "{late}");
    assert_eq!(sql(&base, "SELECT count(*) FROM invoices"), "2\n");
    house.dispose(&other, &seen.digest).await.unwrap();
    assert_eq!(sql(&base, "SELECT count(*) FROM invoices"), "0\n");
    assert_eq!(house.last_retention(&one).await.unwrap().unwrap().what.due(), 0);
    let records = std::fs::read_dir(folder.join("records")).unwrap().count();
    assert_eq!(records, 2, "the record and its page");
    let entries = house.log_entries(&one, 100, 100).await.unwrap();
    for kind in ["retention agreed", "retention started"] {
        assert!(entries.iter().any(|entry| entry.kind == kind), "{kind}");
    }
}

#[tokio::test]
async fn a_client_s_officer_holds_and_lifts_what_is_the_client_s_and_nothing_else() {
    let folder = crate::fixture::folder("anchors = []\n");
    let clients = "clients:\n- {key: acme, name: Acme}\n- {key: birch, name: Birch}\n";
    std::fs::write(folder.path().join("clients.yaml"), clients).unwrap();
    let house = House::open(folder.path(), Means::of_this_machine()).unwrap();
    let officer = |client: &str| {
        let owner = member(&house, "c");
        let membership = auth::Membership {
            organisation: client.to_owned(),
            role: auth::Role::ClientOfficer,
            ..owner.membership().clone()
        };
        auth::Actor::sample(owner.person().to_owned(), membership, owner.door().clone(), owner.at())
    };
    let wanted = |kind: &str, which: &str| crate::hold::Wanted {
        what: crate::hold::held(kind, which).unwrap(),
        reason: "a claim".to_owned(),
        owner: "legal".to_owned(),
        until: None,
    };
    for (client, kind, which) in
        [("birch", "client", "acme"), ("acme", "system", "x"), ("acme", "person", "a@acme.example")]
    {
        let refused = house.hold_as(&officer(client), wanted(kind, which)).await;
        assert!(matches!(refused, Err(crate::Error::NotAllowed(_))), "{client} {kind} {which}");
    }
    let id = house.hold_as(&member(&house, "d"), wanted("person", "a@acme.example")).await.unwrap();
    for who in [officer("acme"), officer("birch")] {
        let refused = house.lift_hold_as(&who, &id, "over").await;
        assert!(matches!(refused, Err(crate::Error::Absent(_))), "{refused:?}");
    }
    house.lift_hold_as(&member(&house, "d"), &id, "over").await.unwrap();
    assert!(house.holds().await.unwrap().iter().all(|hold| !hold.holds));
    assert!(crate::hold::held("planet", "mars").is_err());
}
