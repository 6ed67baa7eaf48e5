//! `upheld demo`: one command makes a sample MSP, hands a person her data, erases her from four
//! databases and proves it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::type_complexity,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::dump::Dump;
use common::{House, certificate};

const PEOPLE: u32 = 400;

struct Told {
    house: House,
    answers: Vec<serde_json::Value>,
    /// The same sample, made again, after what had reached the end of its time was destroyed: what
    /// was there before she asked.
    sample: sample::Summary,
}

impl Told {
    /// The answer that has this key.
    fn answer(&self, key: &str) -> &serde_json::Value {
        self.answers.iter().find(|answer| answer.get(key).is_some()).expect(key)
    }
}

fn sample_in(folder: &Path) -> sample::Summary {
    let options = sample::Options { people: PEOPLE, ..sample::Options::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(sample::build(folder, &options, &|_| {})).unwrap()
}

fn told() -> &'static Told {
    static TOLD: OnceLock<Told> = OnceLock::new();
    TOLD.get_or_init(|| {
        let folder = common::empty_folder("demo");
        let house = House { folder: folder.join("msp") };
        let people = PEOPLE.to_string();
        let made = common::run(&["demo", &house.path(""), "--people", &people, "--json"]);
        assert_eq!(made.code, Some(0), "{}", made.said());
        let again = House { folder: folder.join("again") };
        let sample = sample_in(&again.folder);
        for name in ["policy.yaml", "promises.yaml", "classification.yaml", "recipients.yaml"]
            .into_iter()
            .chain(["clients.yaml", "notice.md", "upheld.toml", "systems"])
        {
            copied(&house.folder.join(name), &again.folder);
        }
        again.must(0, &["retain", "run", "--yes", "-o", &again.beside("again.json")]);
        Told { answers: made.answers(), house, sample }
    })
}

fn both(system: &str) -> (Dump, Dump) {
    let told = told();
    let file = |folder: &Path| folder.join(format!("{system}.db"));
    let now = told.house.folder.join(sample::FOLDER);
    (Dump::sqlite(&file(&told.sample.folder)), Dump::sqlite(&file(&now)))
}

#[test]
fn she_is_gone_from_all_four_databases() {
    let told = told();
    let her = told.sample.heroine();
    let mut words: Vec<String> = her.emails.iter().map(|email| email.to_lowercase()).collect();
    words.extend(
        [her.name, her.other_names[0], her.other_names[1], her.other_names[2]]
            .map(str::to_lowercase),
    );
    words.extend(
        her.phones.map(|phone| phone.chars().filter(char::is_ascii_digit).skip(1).collect()),
    );
    words.extend([her.employee_no.to_lowercase(), her.user_names[0].to_owned()]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Whose address and number contain hers.
    let others = ["samaelle.to@fastpost.example", "hlc-204171"];
    let (mut found, mut left) = (0, BTreeSet::new());
    for system in sample::SYSTEMS {
        let (before, after) = both(system);
        found += before.naming(&words, &others).len();
        left.extend(
            after.naming(&words, &others).into_iter().map(|place| format!("{system}: {place}")),
        );
    }
    assert!(found > 50, "the reader must see her first: {found}");
    // What tax law keeps stays, row by row as the certificate counts it, and nothing older.
    let (_, billing) = both("billing");
    let mut kept = BTreeSet::new();
    left.retain(|place| {
        let mut words = place.split(' ').skip(1);
        let (table, key) = (words.next().unwrap(), words.next().unwrap());
        let dated = match table {
            "invoices" => billing.text(table, key, "issued_on"),
            "payments" => billing.text(table, key, "paid_on"),
            _ => return true,
        };
        kept.insert(format!("{table} {key}"));
        dated.unwrap().as_str() < "2019-12-01"
    });
    let certificate: serde_json::Value =
        serde_json::from_str(&told.house.text("certificate.json")).unwrap();
    let told_kept: u64 = certificate["certificate"]["systems"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|system| system["kept"].as_array().unwrap())
        .map(|kept| kept["rows"].as_u64().unwrap())
        .sum();
    // One payment is hers by its invoice and names nobody, so it is kept and not seen here.
    assert_eq!(kept.len() as u64 + 1, told_kept, "{kept:?}");
    // GAP: her employer's number for her stays where others wrote it down; it is no identifier that
    // the search learns.
    let number = ["ticketing: attachments 13 content", "ticketing: notes 472 body"];
    assert_eq!(left, number.map(str::to_owned).into_iter().collect());
}

#[test]
fn whoever_is_easily_taken_for_her_is_whole() {
    let (mut looked_at, mut changed) = (0, BTreeSet::new());
    for bystander in told().sample.bystanders() {
        for exact in &bystander.exact {
            let (_, after) = both_once(exact.at.system);
            let key = exact.at.key.0.iter().filter_map(model::Value::to_plain_text);
            let key = key.collect::<Vec<_>>().join("/");
            let value = after.text(exact.at.table, &key, exact.at.column).unwrap_or_default();
            let whole = if exact.whole { value == exact.text } else { value.contains(&exact.text) };
            if !whole {
                changed.insert(format!("{} {} {key}", exact.at.system, exact.at.table));
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 20, "{looked_at}");
    // GAP: in a text that names her, whoever has one of her names loses it too: a list of staff with
    // given and family names in cells of their own, and a colleague in the same line of a mail.
    let gaps = GAPS.map(str::to_owned).into_iter().collect();
    assert_eq!(changed, gaps);
}

/// Where a bystander is not whole today.
const GAPS: [&str; 2] = ["ticketing attachments 13", "ticketing notes 397"];

fn both_once(system: &'static str) -> &'static (Dump, Dump) {
    static READ: OnceLock<std::collections::BTreeMap<&str, (Dump, Dump)>> = OnceLock::new();
    let read = READ.get_or_init(|| sample::SYSTEMS.into_iter().map(|s| (s, both(s))).collect());
    &read[system]
}

#[test]
fn rows_that_named_nobody_of_hers_are_as_they_were() {
    let told = told();
    let changed: u64 = told.answer("result")["result"]["systems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|system| system["changed"].as_u64().unwrap() + system["deleted"].as_u64().unwrap())
        .sum();
    let mut rows = BTreeSet::new();
    for system in sample::SYSTEMS {
        let (before, after) = both_once(system);
        rows.extend(
            before
                .changed(after)
                .into_iter()
                .map(|c| (system, c.table.to_owned(), c.key.to_owned())),
        );
    }
    assert_eq!(rows.len() as u64, changed, "as many rows changed as were told");
}

#[test]
fn the_package_opens_without_us_and_holds_her_data() {
    let told = told();
    let her = told.sample.heroine();
    let answer = told.answer("package");
    assert!(answer["records"].as_u64().unwrap() >= 40, "{answer}");
    let package = common::unpack(&told.house.path("access.zip"));
    let data: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(package.join("data.json")).unwrap()).unwrap();
    assert_eq!(data["systems"].as_array().unwrap().len(), 4);
    let text = data.to_string();
    assert!(
        text.contains(her.name)
            && text.contains(her.employee_no)
            && text.contains("[another person]")
    );
    for bystander in told.sample.bystanders() {
        assert!(!text.contains(bystander.email), "{}: {}", bystander.name, bystander.why);
    }
    assert!(!text.contains(sample::TEXT_ONLY_NAME) && !text.contains(sample::TEXT_ONLY_EMAIL));
}

#[test]
fn the_certificate_verifies_with_tools_that_are_not_ours() {
    let told = told();
    let folder = common::empty_folder("demo-certificate");
    certificate::take_apart(&told.house.path("certificate.json"), &folder);
    assert!(certificate::holds(&folder));
    let text = std::fs::read_to_string(folder.join("text")).unwrap();
    for her in told.sample.heroine().emails {
        assert!(!text.contains(her));
    }
    std::fs::write(folder.join("text"), text.replace("complete", "Complete")).unwrap();
    assert!(!certificate::holds(&folder), "a changed certificate is noticed");
}

#[test]
fn the_log_is_proved_to_strangers() {
    let house = &told().house;
    let verified = house.json(0, &["ledger", "verify"]).remove(0);
    let key = verified["key"].as_str().unwrap();
    let log = house.path(".upheld/ledger");
    house.must(0, &["ledger", "verify", "--folder", &log, "--key", key]);
    let (request, status) = house.last_request();
    assert_eq!(status, "done");
    house.must(0, &["ledger", "prove", &request, "-o", &house.path("proof.tlog-proof")]);
    let proof = house.text("proof.tlog-proof");
    assert!(proof.starts_with("c2sp.org/tlog-proof@v1\n"), "{proof}");
    let opening = house.text("proof.json");
    assert!(opening.contains("salt"), "{opening}");

    // A log in which one byte is another one does not hold.
    let copy = copied(Path::new(&log), &common::empty_folder("demo-log"));
    // Each time that the log was sealed left a partial tile: the last holds all entries.
    let partial = std::fs::read_dir(copy.join("tile/entries/000.p")).unwrap().flatten();
    let entries = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().parse::<u32>().ok();
    let file = partial.map(|entry| entry.path()).max_by_key(entries).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    house.must(1, &["ledger", "verify", "--folder", &copy.to_string_lossy(), "--key", key]);
}

#[test]
fn an_export_of_the_log() {
    let house = &told().house;
    let folder = house.beside("exported-log");
    let exported = house.json(0, &["ledger", "export", &folder]).remove(0);
    let key = exported["key"].as_str().unwrap();
    house.must(0, &["ledger", "verify", "--folder", &folder, "--key", key]);
    let again = house.upheld(&["ledger", "export", &folder]);
    assert_eq!(again.code, Some(2), "an export never writes over another: {}", again.said());
}

#[test]
fn a_demo_never_writes_into_a_folder_that_is_in_use() {
    let folder = common::empty_folder("demo-taken");
    std::fs::write(folder.join("mine.txt"), "mine").unwrap();
    let refused = common::run(&["demo", &folder.to_string_lossy(), "--people", "200", "--quiet"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("is not empty"), "{}", refused.err);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn invoices_stay_as_long_as_the_map_says() {
    let house = House::new("demo-kept");
    let made = sample_in(&house.folder);
    house.must(0, &["connect", "billing", "sqlite:systems-data/billing.db", "--yes"]);
    let file = made.folder.join("billing.db");
    let before = Dump::sqlite(&file);
    let erase = [
        "request",
        "erase",
        "--yes",
        "--email",
        made.heroine().emails[0],
        "-o",
        &house.beside("kept.json"),
    ];
    let erased = house.json(0, &erase).remove(0);
    let after = Dump::sqlite(&file);
    let hers = made
        .heroine()
        .places
        .iter()
        .filter(|place| place.at.table == "invoices" && place.whose == sample::Whose::Own);
    let (mut kept, mut gone) = (0, 0);
    for place in hers {
        let key = place.at.key.0[0].to_plain_text().unwrap();
        let whole = before.0.get(&("invoices".to_owned(), key.clone()))
            == after.0.get(&("invoices".to_owned(), key.clone()));
        let young = before.text("invoices", &key, "issued_on").unwrap().as_str() > "2019-12-31";
        assert!(whole || !young, "invoice {key} is younger than seven years");
        if whole { kept += 1 } else { gone += 1 }
    }
    assert!(kept > 0, "kept {kept}, gone {gone}");
    let told = erased["result"]["kept"].to_string();
    assert!(told.contains("Income Tax Act"), "{told}");
}

fn copied(from: &Path, to: &Path) -> PathBuf {
    let status = Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
    assert!(status.success());
    to.join(from.file_name().unwrap())
}
