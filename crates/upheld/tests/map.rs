//! `upheld map` as people type it, on every kind of system.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use common::{House, Ran, empty_folder};
use serde_json::Value;

/// Rows of this table: whatever `row` gives for the numbers from 1 on.
fn insert(table: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (1..=rows).map(|at| format!("({})", row(at))).collect();
    format!("INSERT INTO {table} VALUES {};", rows.join(", "))
}

fn contact(at: usize) -> String {
    format!("{at}, 'Jane Doe', 'jane{at}@corp-mail.net', '+1 902 482 01{at:02}'")
}

const CONTACTS: &str = "CREATE TABLE contacts (id integer PRIMARY KEY, name varchar(50), email varchar(100), phone varchar(40));";

/// What grew after the system was connected.
fn growth() -> String {
    format!(
        "CREATE TABLE leads (id integer PRIMARY KEY, email varchar(100), amount integer); {}
         ALTER TABLE contacts ADD kontakt varchar(100); UPDATE contacts SET kontakt = email;",
        insert("leads", 30, |at| format!("{at}, 'lead{at}@corp-mail.net', 3"))
    )
}

fn of_kind<'v>(map: &'v Value, kind: &str) -> Vec<&'v Value> {
    map["drift"].as_array().unwrap().iter().filter(|drift| drift["kind"] == kind).collect()
}

fn places(points: &[&Value]) -> Vec<String> {
    points.iter().map(|point| point["place"].as_str().unwrap().to_owned()).collect()
}

/// The whole way on one system that grows: nothing is new, something is, it is taken over, nothing is.
fn grows(house: &House, url: &str, grow: impl Fn()) {
    house.must(0, &["connect", "desk", url, "--yes"]);
    let map = house.json(0, &["map"]).remove(0);
    for kind in ["not_in_map", "other_than_mapped", "gone_from_system"] {
        assert!(of_kind(&map, kind).is_empty(), "{map:#}");
    }
    grow();
    let told = house.must(1, &["map", "--check"]);
    assert!(told.out.contains("`desk.leads` is not in the map"), "{}", told.out);
    assert!(told.out.lines().all(|line| line.chars().count() <= 100), "{}", told.out);
    let map = house.json(0, &["map"]).remove(0);
    let new = of_kind(&map, "not_in_map");
    assert_eq!(new.len(), 2, "{new:#?}");
    assert!(places(&new).contains(&"desk.contacts.kontakt".to_owned()), "{new:#?}");
    let kontakt = new.iter().find(|one| one["place"] == "desk.contacts.kontakt").unwrap();
    assert!(kontakt["confidence"].as_u64().unwrap() >= 80, "{kontakt}");
    let id = kontakt["id"].as_str().unwrap();
    let told = house.must(0, &["map", "accept", id]);
    assert!(told.out.contains(id) && told.out.contains("desk.yaml"), "{}", told.out);
    house.must(0, &["map", "accept", "--above", "80", "--sample", "100"]);
    let map = house.json(0, &["map", "--full"]).remove(0);
    assert!(of_kind(&map, "not_in_map").is_empty(), "{map:#}");
    assert!(house.text("systems/desk.yaml").contains("name: leads"));
    assert!(!told.said().contains("corp-mail") && !map.to_string().contains("corp-mail"));
}

#[test]
fn a_system_that_grows_is_followed_on_postgres() {
    let house = House::new("map_postgres");
    let server = testkit::postgres();
    let url = server.fresh_database("desk");
    server.execute(&url, &format!("{CONTACTS}{}", insert("contacts", 40, contact)));
    grows(&house, &url, || drop(server.execute(&url, &growth())));
    // What the account may not read is told, and not passed over.
    server.execute(
        &url,
        "CREATE ROLE map_reader LOGIN PASSWORD 'pw'; GRANT SELECT ON contacts TO map_reader;",
    );
    let own = url.replacen("postgres@", "map_reader:pw@", 1);
    house.must(0, &["connect", "desk", &own, "--again", "--yes"]);
    let map = house.json(0, &["map"]).remove(0);
    server.execute(&url, "DROP OWNED BY map_reader; DROP ROLE map_reader");
    let unread = map["unread"].as_array().unwrap();
    assert!(
        unread.iter().any(|one| one["place"].as_str().unwrap().contains("leads")
            && one["why"].as_str().unwrap().contains("may not read")),
        "{unread:?}"
    );
}

#[test]
fn a_system_that_grows_is_followed_on_mariadb() {
    let house = House::new("map_mariadb");
    let server = testkit::mariadb();
    let url = server.fresh_database("desk");
    server.execute(&url, &format!("{CONTACTS}{}", insert("contacts", 40, contact)));
    grows(&house, &url, || drop(server.execute(&url, &growth())));
}

#[test]
fn a_folder_of_files_is_mapped_and_what_is_not_read_is_named() {
    let house = House::new("map_files");
    let folder = empty_folder("map_files_data");
    let mut csv = "name,email,amount\n".to_owned();
    (1..=30).for_each(|at| csv.push_str(&format!("Jane Doe,jane{at}@corp-mail.net,{at}\n")));
    std::fs::write(folder.join("staff.csv"), &csv).unwrap();
    std::fs::write(folder.join("logo.png"), b"\x89PNG\r\n\x1a\n\0").unwrap();
    let url = format!("files:{}", folder.display());
    house.must(0, &["connect", "exports", &url, "--yes"]);
    let map = house.json(0, &["map", "exports"]).remove(0);
    assert!(of_kind(&map, "not_in_map").is_empty(), "{map:#}");
    let fields: Vec<&Value> = map["systems"][0]["collections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["fields"].as_array().unwrap())
        .collect();
    assert!(
        fields.iter().any(|field| field["name"] == "email" && field["filled"] == 30),
        "{map:#}"
    );
    assert!(map["unread"].to_string().contains("not read"), "{}", map["unread"]);
}

/// What a manager opens.
#[test]
fn the_demo_has_a_picture_and_a_page() {
    let house = House { folder: empty_folder("map_demo").join("msp") };
    let made = common::run(&["demo", &house.path(""), "--people", "200", "--quiet"]);
    assert_eq!(made.code, Some(0), "{}", made.said());
    let (page, picture) = (house.beside("map.html"), house.beside("map.svg"));
    let told = house.must(0, &["map", "--html", &page, "--svg", &picture, "--fields"]);
    for wanted in ["Who gives data", "Ticketing", "Lanternpost Mail", "crm.contact.email"] {
        assert!(told.out.contains(wanted), "{wanted}\n{}", told.out);
    }
    let html = std::fs::read_to_string(&page).unwrap();
    let svg = std::fs::read_to_string(&picture).unwrap();
    for text in [&html, &svg] {
        for wanted in ["Ticketing", "Cedarpoint Payments", "Who receives it"] {
            assert!(text.contains(wanted), "{wanted}");
        }
    }
    // What the demo hides in its notes stands in the map, and no value of it anywhere.
    let map = house.json(0, &["map", "--full"]).remove(0);
    let other = of_kind(&map, "other_than_mapped");
    assert!(
        other.iter().any(|one| one["place"] == "ticketing.notes.body"
            && one["says"].as_str().unwrap().contains("card numbers")),
        "{other:#?}"
    );
    for kind in ["not_in_map", "gone_from_system"] {
        assert!(of_kind(&map, kind).is_empty(), "{map:#}");
    }
    for text in [&html, &told.out, &map.to_string()] {
        assert!(!text.contains("@") || !text.contains("tremblay"), "a value stands there");
        assert!(!text.contains("4111"), "a value stands there");
    }
    // Subjects are asked for, and written where they belong.
    let asked = of_kind(&map, "question");
    let crm = asked.iter().find(|one| one["place"] == "crm").expect("whose data is it?");
    house.must(0, &["map", "accept", crm["id"].as_str().unwrap()]);
    assert!(house.text("systems/crm.yaml").contains("data_subjects: ["));
    let lost = |told: &Ran| told.out.contains("not reached");
    std::fs::rename(house.path("systems-data/crm.db"), house.path("systems-data/gone.db")).unwrap();
    let told = house.must(2, &["map"]);
    assert!(lost(&told) && told.out.contains("`crm`"), "{}", told.out);
    let told = house.must(2, &["map", "nothing"]);
    assert!(told.err.contains("there is no system `nothing`"), "{}", told.err);
    let told = house.must(2, &["map", "accept", "ffffff"]);
    assert!(told.err.contains("`upheld map` lists them"), "{}", told.err);
}
