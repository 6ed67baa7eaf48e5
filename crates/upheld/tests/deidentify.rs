//! `upheld deidentify` as people type it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

use common::{Ran, binary, empty_folder, ran};

fn run(folder: &Path, words: &[&str]) -> Ran {
    ran(&binary().arg("deidentify").args(words).current_dir(folder).output().unwrap())
}

fn must(folder: &Path, code: i32, words: &[&str]) -> Ran {
    let told = run(folder, words);
    assert_eq!(told.code, Some(code), "{words:?}: {}", told.said());
    told
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// People with an age, a postal code and an illness.
fn people(folder: &Path) {
    let mut text = "id,name,mail,zip,age,diagnosis,note\r\n".to_owned();
    for number in 0..400_u32 {
        let _ = write!(
            text,
            "{number},Jane Doe,\"p{}@corp-mail.net\",{:05},{},{},\"wrote to q{number}@corp-mail.net, \"\"soon\"\"\"\r\n",
            number % 300,
            60_600 + number % 97,
            20 + number * 7 % 75,
            ["flu", "asthma", "gout"][(number % 3) as usize],
        );
    }
    std::fs::write(folder.join("people.csv"), text).unwrap();
}

#[test]
fn a_table_is_handed_on_without_its_people() {
    let folder = empty_folder("deidentify_table");
    people(&folder);
    must(&folder, 0, &["--new-key", "people.key"]);
    must(&folder, 2, &["--new-key", "people.key"]);
    let told = must(
        &folder,
        0,
        &["people.csv", "-o", "out.csv", "--key", "people.key", "--k", "5", "--html", "out.html"],
    );
    let (out, page) = (read(&folder, "out.csv"), read(&folder, "out.html"));
    for left in ["corp-mail", "Jane", "@corp"] {
        assert!(!out.contains(left), "{left}");
        assert!(!told.out.contains(left) && !page.contains(left), "{left}");
    }
    assert!(told.out.contains("k: the smallest class") && told.out.contains("Every row is like"));
    assert!(!told.said().contains(read(&folder, "people.key").lines().nth(1).unwrap()));
    // Line ends, quotes and the order of columns are as they were.
    assert!(out.starts_with("id,name,mail,zip,age,diagnosis,note\r\n"));
    assert!(out.lines().all(|line| line.len() > 20) && out.contains(", \"\"soon\"\"\"\r\n"));
    // The same person has one pseudonym, in another file and another run too.
    std::fs::write(folder.join("more.jsonl"), "{\"mail\": \"P7@corp-mail.net\"}\n").unwrap();
    must(&folder, 0, &["more.jsonl", "-o", "more.out", "--key", "people.key"]);
    let other = read(&folder, "more.out");
    let known = out.lines().skip(1).any(|line| {
        let pseudonym = line.split(',').nth(2).unwrap().trim_matches('"');
        other.contains(pseudonym)
    });
    assert!(known, "{other}");
    // Nothing is written over, and the source is not the target.
    must(&folder, 2, &["people.csv", "-o", "out.csv"]);
    must(&folder, 2, &["people.csv", "-o", "people.csv"]);
    must(&folder, 2, &["people.csv"]);
}

#[test]
fn a_plan_writes_nothing_and_tells_the_risk() {
    let folder = empty_folder("deidentify_plan");
    people(&folder);
    let before: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    let told = must(&folder, 0, &["people.csv", "--plan", "--k", "20", "--json"]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), before.len());
    let json: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let part = &json["parts"][0];
    assert_eq!(part["before"]["k"], 1);
    assert!(part["after"]["k"].as_u64().unwrap() >= 20);
    assert!(part["steps"].as_array().is_some_and(|steps| !steps.is_empty()));
    // More than there are rows: it cannot be, and the code says so.
    must(&folder, 1, &["people.csv", "--plan", "--k", "401"]);
    let told = must(&folder, 2, &["people.csv", "--plan", "--quasi", "town"]);
    assert!(told.said().contains("`zip`"), "{}", told.said());
}

#[test]
fn safe_harbor_leaves_no_identifier() {
    let folder = empty_folder("deidentify_hipaa");
    let text = "patient_id,name,birth_date,admitted,zip,city,phone,ssn,note\n\
        A-10001,Jane Doe,1931-04-05,2024-03-05,03601,Acworth,(212) 555-0147,219-09-9998,\"born 1931-04-05, seen 2024-03-06, mail jane.doe@corp-mail.net\"\n\
        A-10002,John Roe,1984-04-05,2024-07-09,02139,Cambridge,(212) 555-0148,219-09-9999,see https://corp-mail.net/p/2\n";
    std::fs::write(folder.join("visits.csv"), text).unwrap();
    must(&folder, 0, &["visits.csv", "-o", "out.csv", "--profile", "hipaa-safe-harbor"]);
    let out = read(&folder, "out.csv");
    for left in [
        "A-1000",
        "Jane",
        "Roe",
        "1931",
        "04-05",
        "2024-",
        "03601",
        "0360",
        "02139",
        "Acworth",
        "555",
        "219-09",
        "corp-mail",
        "https",
    ] {
        assert!(!out.contains(left), "{left}: {out}");
    }
    for kept in [" or earlier", "1984", "2024", "000", "021"] {
        assert!(out.contains(kept), "{kept}: {out}");
    }
    assert_eq!(out.lines().count(), 3);
}

#[test]
fn a_folder_keeps_its_shape_and_says_what_was_not_written() {
    let folder = empty_folder("deidentify_folder");
    std::fs::create_dir_all(folder.join("in/deep")).unwrap();
    std::fs::write(folder.join("in/deep/a.log"), "mail jane.doe@corp-mail.net\n").unwrap();
    std::fs::write(folder.join("in/b.json"), "[{\"mail\":\"jane.doe@corp-mail.net\", \"n\":1.50}]")
        .unwrap();
    std::fs::write(folder.join("in/logo.png"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    let told = must(&folder, 2, &["in", "-o", "out"]);
    assert!(told.out.contains("logo.png"), "{}", told.out);
    assert!(!folder.join("out/logo.png").exists());
    let (log, json) = (read(&folder, "out/deep/a.log"), read(&folder, "out/b.json"));
    assert!(log.starts_with("mail person-") && log.ends_with("@example.invalid\n"), "{log}");
    assert!(
        json.starts_with("[{\"mail\":\"person-") && json.ends_with("\", \"n\":1.50}]"),
        "{json}"
    );
    // One run, one key: the person is the same in both.
    let person = log.trim().trim_start_matches("mail ");
    assert!(json.contains(person));
    must(&folder, 2, &["in", "-o", "in/out"]);
}

#[test]
fn text_goes_through_a_pipe() {
    let mut child = binary()
        .args(["deidentify", "-", "--profile", "hipaa-safe-harbor"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"on 2024-03-05 jane.doe@corp-mail.net came\n").unwrap();
    drop(input);
    let told = ran(&child.wait_with_output().unwrap());
    assert_eq!(told.out, "on 2024 [E-mail address] came\n");
}

#[test]
fn a_file_changes_in_place_only_when_it_is_said() {
    let folder = empty_folder("deidentify_in_place");
    let text = "name,mail\nJane Doe,jane.doe@corp-mail.net\n";
    std::fs::write(folder.join("a.csv"), text).unwrap();
    must(&folder, 2, &["a.csv", "-o", "x.csv", "--in-place"]);
    assert_eq!(read(&folder, "a.csv"), text);
    must(&folder, 0, &["a.csv", "--in-place"]);
    let out = read(&folder, "a.csv");
    assert!(!out.contains("Jane") && out.starts_with("name,mail\nperson-"), "{out}");
}

/// Runs SQL and gives what it prints.
type Sql = Box<dyn Fn(&str) -> String>;

/// A database on each product: its address, and how SQL is run in it.
fn databases(name: &str) -> Vec<(String, Sql)> {
    let (postgres, mariadb) = (testkit::postgres(), testkit::mariadb());
    let (first, second) = (postgres.fresh_database(name), mariadb.fresh_database(name));
    let file = empty_folder(name).join("data.db");
    let path = file.clone();
    let (to_first, to_second) = (first.clone(), second.clone());
    vec![
        (first, Box::new(move |sql: &str| postgres.execute(&to_first, sql))),
        (second, Box::new(move |sql: &str| mariadb.execute(&to_second, sql))),
        (
            format!("sqlite:{}", file.display()),
            Box::new(move |sql: &str| {
                if sql.starts_with("SELECT") {
                    let text = |value: &Vec<u8>| String::from_utf8_lossy(value).into_owned();
                    let row = |fields: &testkit::sqlite::Fields| -> String {
                        let values: Vec<String> =
                            fields.iter().map(|(_, value)| text(value)).collect();
                        values.join("|")
                    };
                    testkit::sqlite::rows(&path, sql).iter().map(row).collect::<Vec<_>>().join("\n")
                } else {
                    testkit::sqlite::execute(&path, sql);
                    String::new()
                }
            }),
        ),
    ]
}

const TABLES: &str = "
    CREATE TABLE person (id int PRIMARY KEY, name varchar(60) NOT NULL, mail varchar(80), birth_date date, visits int, note text);
    CREATE TABLE shared (id int PRIMARY KEY, name varchar(60) NOT NULL, mail varchar(80), birth_date date, visits int, note text);
    INSERT INTO person VALUES (1, 'Jane Doe', 'jane.doe@corp-mail.net', '1984-02-03', 3, 'call jane.doe@corp-mail.net'),
        (2, 'John Roe', 'john.roe@corp-mail.net', '1931-05-06', 4, NULL), (3, 'Mary Major', NULL, NULL, 5, 'nothing');";

#[test]
fn tables_go_into_files_and_into_other_tables() {
    let folder = empty_folder("deidentify_tables_out");
    for (number, (address, sql)) in databases("deidentify_out").into_iter().enumerate() {
        sql(TABLES);
        let out = format!("out{number}");
        must(&folder, 0, &[&address, "--table", "person", "-o", &out]);
        let file = std::fs::read_dir(folder.join(&out)).unwrap().next().unwrap().unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(text.starts_with("id,name,mail,birth_date,visits,note\n1,person-"), "{text}");
        assert!(text.contains(",1984,3,call person-") && text.contains(" or earlier"), "{text}");
        assert!(!text.contains("corp-mail") && text.lines().count() == 4, "{text}");
        // The source is as it was.
        assert!(sql("SELECT mail FROM person").contains("jane.doe@corp-mail.net"));
        let told = must(&folder, 0, &[&address, "--table", "person=shared", "-o", &address]);
        assert!(told.out.contains("#shared"), "{}", told.out);
        let shared = sql("SELECT id, name, mail, birth_date, visits, note FROM shared ORDER BY id");
        assert!(!shared.contains("corp-mail") && !shared.contains("Jane"), "{shared}");
        assert!(shared.contains("1984-01-01") && !shared.contains("1931"), "{shared}");
        assert!(shared.contains("@example.invalid"), "{shared}");
        // Only an empty table is filled.
        let told = must(&folder, 2, &[&address, "--table", "person=shared", "-o", &address]);
        assert!(told.said().contains("3 rows already"), "{}", told.said());
        must(&folder, 2, &[&address, "--table", "nobody", "-o", "x"]);
    }
}

#[test]
fn tables_change_in_place_all_or_nothing() {
    let folder = empty_folder("deidentify_tables_in");
    for (address, sql) in databases("deidentify_in") {
        sql(TABLES);
        let told = must(&folder, 2, &[&address, "--in-place"]);
        assert!(told.said().contains("--table"), "{}", told.said());
        // A pseudonym is no number, and a key does not change: nothing is changed at all.
        for (text, wanted) in [
            ("columns: {visits: pseudonym}", "`visits` would not fit"),
            ("columns: {id: bin 10}", "tells the rows apart"),
            ("columns: {visits: remove}", ""),
        ] {
            std::fs::write(folder.join("p.yaml"), text).unwrap();
            let words =
                [address.as_str(), "--table", "person", "--in-place", "--profile", "p.yaml"];
            if wanted.is_empty() {
                must(&folder, 0, &[&words[..], &["--plan"]].concat());
            } else {
                let told = must(&folder, 2, &words);
                assert!(told.said().contains(wanted), "{}", told.said());
            }
            assert!(sql("SELECT mail FROM person").contains("jane.doe@corp-mail.net"));
        }
        let told = must(&folder, 0, &[&address, "--table", "person", "--in-place"]);
        assert!(told.out.contains("in place"), "{}", told.out);
        let after = sql("SELECT id, name, mail, birth_date, visits, note FROM person ORDER BY id");
        assert!(!after.contains("corp-mail") && !after.contains("Jane"), "{after}");
        assert!(after.contains("1984-01-01") && !after.contains("1931"), "{after}");
        assert!(after.contains("nothing"), "{after}");
    }
}

#[test]
fn a_policy_folder_keeps_the_proof() {
    let house = common::House { folder: empty_folder("deidentify_house").join("msp") };
    let made = common::run(&["demo", &house.path(""), "--people", "200", "--quiet"]);
    assert_eq!(made.code, Some(0), "{}", made.said());
    let folder = house.path("");
    let folder = Path::new(&folder);
    people(folder);
    let words = [
        "deidentify",
        &house.path("people.csv"),
        "-o",
        &house.path("a.csv"),
        "--certificate",
        &house.path("a.json"),
    ];
    house.must(0, &words);
    let signed: serde_json::Value = serde_json::from_str(&read(folder, "a.json")).unwrap();
    let record = &signed["record"];
    assert_eq!(record["kind"], "de-identification");
    assert_eq!(record["done"][0]["before"]["k"], 1);
    assert!(record["ledger"]["index"].is_u64() && signed["signature"].is_string());
    assert!(!read(folder, "a.json").contains("corp-mail"));
    house.must(0, &["ledger", "verify"]);
    // The key is the folder's: the next run gives the same file.
    let words = ["deidentify", &house.path("people.csv"), "-o", &house.path("b.csv")];
    house.must(0, &words);
    assert_eq!(read(folder, "a.csv"), read(folder, "b.csv"));
}
