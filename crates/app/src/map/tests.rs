use std::path::Path;

use render::map::DriftKind;

use super::*;
use crate::Means;
use crate::connect_system::Wish as Connect;

/// A policy folder whose one system is an SQLite file that this SQL makes.
async fn house(folder: &Path, sql: &str) -> House {
    let policy = folder.join("policy");
    crate::init::init(&policy, "msp-canada").unwrap();
    run(folder, sql);
    let house = House::open(&policy, Means::of_this_machine()).unwrap();
    let wish = Connect {
        name: "desk".into(),
        url: format!("sqlite:{}", folder.join("desk.db").display()),
        answer_yes: true,
        ..Connect::default()
    };
    house.connect_system(wish, &mut |_| {}).await.unwrap();
    House::open(&policy, Means::of_this_machine()).unwrap()
}

fn run(folder: &Path, sql: &str) {
    let done = std::process::Command::new("python3")
        .args(["-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()"])
        .arg(folder.join("desk.db"))
        .arg(sql)
        .status()
        .unwrap();
    assert!(done.success(), "{sql}");
}

fn rows(table: &str, row: impl Fn(usize) -> String) -> String {
    (1..=40).map(|at| format!("insert into {table} values ({});", row(at))).collect()
}

fn contacts() -> String {
    let sql = "create table contacts (id integer primary key, name text, email text, phone text);";
    let row = |at| format!("{at}, 'Jane Doe', 'jane{at}@corp-mail.net', '+1 902 482 01{at:02}'");
    format!("{sql}{}", rows("contacts", row))
}

fn of_kind(map: &DataMap, kind: DriftKind) -> Vec<&Drift> {
    map.drift.iter().filter(|drift| drift.kind == kind).collect()
}

#[tokio::test]
async fn right_after_connecting_the_map_says_what_the_system_says() {
    let folder = tempfile::tempdir().unwrap();
    let house = house(folder.path(), &contacts()).await;
    let map = house.data_map(&Wish::default()).await.unwrap();
    for kind in [DriftKind::NotInMap, DriftKind::OtherThanMapped, DriftKind::GoneFromSystem] {
        assert!(of_kind(&map, kind).is_empty(), "{:#?}", map.drift);
    }
    assert!(map.systems[0].reached && map.unread.is_empty(), "{:?}", map.unread);
    let fields: Vec<_> = map.systems[0].collections[0].fields.iter().map(|f| &f.name).collect();
    assert_eq!(fields, ["name", "email", "phone"]);
    assert_eq!(map.systems[0].collections[0].fields[1].filled, Some(40));
    // The notice of the pack names more than this desk holds, and nobody said what it is for.
    assert!(of_kind(&map, DriftKind::NotHeld).iter().any(|d| d.place == "user.authorization"));
    assert_eq!(of_kind(&map, DriftKind::WithoutPurpose).len(), 1);
    assert!(!format!("{map:?}").contains("corp-mail"), "no value is kept");
}

#[tokio::test]
async fn what_is_held_and_not_mapped_is_told_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let house = house(folder.path(), &contacts()).await;
    let leads = "create table leads (id integer primary key, email text, amount numeric);
        alter table contacts add column kontakt text; alter table contacts add column colour text;";
    let sql = format!(
        "{leads}{}update contacts set kontakt = email, colour = 'red';",
        rows("leads", |at| format!("{at}, 'lead{at}@corp-mail.net', 3"))
    );
    run(folder.path(), &sql);
    let file = house.folder().join("systems/desk.yaml");
    let before = std::fs::read_to_string(&file).unwrap().replace("dataset:", "# Ours.\ndataset:");
    std::fs::write(&file, &before).unwrap();
    let map = house.data_map(&Wish::default()).await.unwrap();
    let new = of_kind(&map, DriftKind::NotInMap);
    let places: Vec<&str> = new.iter().map(|drift| drift.place.as_str()).collect();
    assert_eq!(places.len(), 2, "{new:#?}");
    assert!(places.contains(&"desk.leads") && places.contains(&"desk.contacts.kontakt"));
    let again = house.data_map(&Wish::default()).await.unwrap();
    assert_eq!(map.drift, again.drift, "ids stay the same");
    let ids = Which::Ids(new.iter().map(|drift| drift.id.clone()).collect());
    let accepted = house.accept_drift(&Wish::default(), &ids).await.unwrap();
    assert_eq!((accepted.written.len(), accepted.files.len()), (2, 1));
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.contains("# Ours.") && after.contains("- name: leads"), "{after}");
    assert!(before.lines().all(|line| after.contains(line)), "{after}");
    let map = house.data_map(&Wish::default()).await.unwrap();
    assert!(of_kind(&map, DriftKind::NotInMap).is_empty(), "{:#?}", map.drift);
    assert!(of_kind(&map, DriftKind::OtherThanMapped).is_empty(), "{:#?}", map.drift);
    assert!(house.check().unwrap().coverage.is_some());
}

#[tokio::test]
async fn what_contradicts_the_map_is_told_and_what_a_person_answered_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let sql = "create table people (id integer primary key, name text, badge text, remark text);";
    let row = |at| {
        format!(
            "{at}, 'Jane Doe', 'jane{at}@corp-mail.net', 'called about the printer on floor {at}'"
        )
    };
    let house = house(folder.path(), &format!("{sql}{}", rows("people", row))).await;
    let file = house.folder().join("systems/desk.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let read = policy::read_system_file("desk", &text).unwrap();
    assert!(read.category_guess("people", "badge").is_some(), "{text}");
    // By hand: the badge is a telephone number.
    let edit = |confirmed| Edit::Categories {
        collection: "people".into(),
        field: "badge".into(),
        categories: vec!["user.contact.phone_number".into()],
        guess: policy::file::system::InferenceEntry {
            confidence: 90,
            reason: "it was guessed".into(),
            confirmed,
        },
    };
    let wrong = policy::edit_system("desk", &text, &edit(None))
        .unwrap()
        .replace("identity: email", "length: 200");
    std::fs::write(&file, &wrong).unwrap();
    run(folder.path(), "update people set remark = 'paid with 4012 8888 8888 1881' where id = 7;");
    let map = house.data_map(&Wish::default()).await.unwrap();
    let other = of_kind(&map, DriftKind::OtherThanMapped);
    let badge = other.iter().find(|drift| drift.place == "desk.people.badge").unwrap();
    assert!(badge.says.contains("e-mail address") && badge.accepting.is_some(), "{badge:?}");
    let card = other.iter().find(|drift| drift.place == "desk.people.remark").unwrap();
    assert!(card.says.contains("card numbers in 1 of 40") && card.to_do.is_some(), "{card:?}");
    let accepted = house.accept_drift(&Wish::default(), &Which::Above(80)).await.unwrap();
    assert!(accepted.written.iter().any(|(id, _)| *id == badge.id), "{accepted:?}");
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.contains("data_categories: [user.contact.email]"), "{after}");
    // What is answered is not asked again.
    std::fs::write(&file, policy::edit_system("desk", &after, &edit(Some(true))).unwrap()).unwrap();
    let map = house.data_map(&Wish::default()).await.unwrap();
    let other = of_kind(&map, DriftKind::OtherThanMapped);
    assert!(other.iter().all(|drift| drift.place != "desk.people.badge"), "{other:#?}");
    // What a person must decide is told, and nothing is written.
    let decided = house.accept_drift(&Wish::default(), &Which::Ids(vec![card.id.clone()])).await;
    let decided = decided.unwrap();
    assert!(decided.files.is_empty() && decided.to_do[0].2.contains("take them out"));
}

#[tokio::test]
async fn what_is_gone_is_told_and_taken_out_only_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let more = "create table visits (id integer primary key, ip_address text);";
    let row = |at| format!("{at}, '203.0.113.{at}'");
    let house = house(folder.path(), &format!("{}{more}{}", contacts(), rows("visits", row))).await;
    run(folder.path(), "drop table visits; alter table contacts drop column phone;");
    let map = house.data_map(&Wish::default()).await.unwrap();
    let gone: Vec<&str> =
        of_kind(&map, DriftKind::GoneFromSystem).iter().map(|d| d.place.as_str()).collect();
    assert_eq!(gone, ["desk.contacts.phone", "desk.visits"]);
    assert!(of_kind(&map, DriftKind::NotHeld).iter().any(|d| d.place == "user.device"));
    house.accept_drift(&Wish::default(), &Which::Above(80)).await.unwrap();
    let file = house.folder().join("systems/desk.yaml");
    assert!(std::fs::read_to_string(&file).unwrap().contains("name: visits"));
    let ids = of_kind(&map, DriftKind::GoneFromSystem).iter().map(|d| d.id.clone()).collect();
    house.accept_drift(&Wish::default(), &Which::Ids(ids)).await.unwrap();
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(!after.contains("visits") && !after.contains("phone"), "{after}");
}

#[tokio::test]
async fn a_system_that_does_not_answer_is_named_and_nothing_in_it_is_called_gone() {
    let folder = tempfile::tempdir().unwrap();
    let house = house(folder.path(), &contacts()).await;
    std::fs::remove_file(folder.path().join("desk.db")).unwrap();
    let map = house.data_map(&Wish::default()).await.unwrap();
    assert!(!map.systems[0].reached && map.unread[0].place == "desk", "{:?}", map.unread);
    assert_eq!(map.systems[0].collections[0].fields.len(), 3, "as the map says");
    for kind in [DriftKind::GoneFromSystem, DriftKind::NotHeld, DriftKind::NotInMap] {
        assert!(of_kind(&map, kind).is_empty(), "{:#?}", map.drift);
    }
    let wish = Wish { systems: vec!["dsek".into()], ..Wish::default() };
    let refused = house.data_map(&wish).await.unwrap_err().to_string();
    assert!(refused.contains("did you mean `desk`?"), "{refused}");
    let none = house.accept_drift(&Wish::default(), &Which::Ids(vec!["00beef".into()])).await;
    assert!(none.unwrap_err().to_string().contains("there is no point `00beef`"));
}
