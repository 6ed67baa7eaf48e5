//! `upheld scan` as people type it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use common::{House, Ran, binary, empty_folder, ran};

/// Runs `upheld scan` in this folder.
fn scan(folder: &Path, words: &[&str]) -> Ran {
    ran(&binary().arg("scan").args(words).current_dir(folder).output().unwrap())
}

/// The same with something on standard input.
fn piped(words: &[&str], input: &[u8]) -> Ran {
    let mut command = binary();
    command
        .arg("scan")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    ran(&child.wait_with_output().unwrap())
}

fn export(name: &str) -> PathBuf {
    let folder = empty_folder(name);
    std::fs::write(
        folder.join("staff.csv"),
        "name,e-mail\nJane,jane.doe@corp-mail.net\nTest,test@example.com\n",
    )
    .unwrap();
    std::fs::create_dir(folder.join("notes")).unwrap();
    std::fs::write(
        folder.join("notes/a.txt"),
        "paid with 4012 8888 8888 1881? no: 5105105105105100\nIBAN DE82 2004 1133 0000 4372 91\n",
    )
    .unwrap();
    std::fs::write(folder.join("logo.png"), b"\x89PNG\r\n\x1a\n\0").unwrap();
    folder
}

#[test]
fn a_folder_is_told_in_a_table() {
    let folder = export("scan_folder");
    let told = scan(&folder, &["."]);
    assert_eq!(told.code, Some(0), "{}", told.said());
    for wanted in [
        "staff.csv#e-mail",
        "notes/a.txt",
        "line 2",
        "Not looked at",
        "a picture (PNG)",
        "`logo.png`",
        "Test data",
    ] {
        assert!(told.out.contains(wanted), "{wanted}\n{}", told.out);
    }
    assert!(told.out.lines().all(|line| line.chars().count() <= 100), "{}", told.out);
    assert!(!told.said().contains("jane.doe") && !told.said().contains("4372"), "{}", told.out);
    let told = scan(&folder, &[".", "--show", "--kinds", "contact.email"]);
    assert!(
        told.out.contains("Examples, masked")
            && !told.out.contains("jane.doe")
            && !told.out.contains("IBAN"),
        "{}",
        told.out
    );
}

#[test]
fn what_is_denied_is_the_exit_code() {
    let folder = export("scan_denied");
    for (words, code) in [
        (&["staff.csv", "--deny", "financial"][..], 0),
        (&["notes", "--deny", "financial.iban"][..], 1),
        (&["notes", "staff.csv", "--deny", "contact.email,financial"][..], 1),
        // Test data alone is not denied.
        (&["staff.csv", "--deny", "contact.email", "--allow", "ours"][..], 0),
        (&["gone", "staff.csv"][..], 2),
        (&["staff.csv", "--kinds", "contact.emial"][..], 2),
    ] {
        std::fs::write(folder.join("ours"), "@corp-mail.net\n").unwrap();
        let told = scan(&folder, words);
        assert_eq!(told.code, Some(code), "{words:?}\n{}", told.said());
    }
    let told = scan(&folder, &["gone", "staff.csv"]);
    assert!(
        told.out.contains("`gone`: there is no such file or folder")
            && told.out.contains("staff.csv#e-mail"),
        "{}",
        told.out
    );
    let told = scan(&folder, &["staff.csv", "--kinds", "contact.emial"]);
    assert!(told.err.contains("did you mean `contact.email`"), "{}", told.err);
}

#[test]
fn standard_input_is_read_where_nothing_is_named() {
    for words in [&[][..], &["-"][..]] {
        let told = piped(words, b"jane.doe@corp-mail.net\n");
        assert!(told.code == Some(0) && told.out.contains("E-mail"), "{}", told.said());
    }
    let mut packer = std::process::Command::new("gzip")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    packer
        .stdin
        .take()
        .unwrap()
        .write_all(b"name,mail\na,jane.doe@corp-mail.net\nb,bob@corp-mail.net\n")
        .unwrap();
    let packed = packer.wait_with_output().unwrap().stdout;
    let told = piped(&["--json"], &packed);
    let lines = told.answers();
    assert_eq!(
        (lines[0]["part"].as_str(), lines[0]["line"].as_u64()),
        (Some("mail"), Some(2)),
        "{}",
        told.out
    );
}

#[test]
fn machines_get_lines_and_sarif() {
    let folder = export("scan_machines");
    let told = scan(&folder, &[".", "--json", "--sarif", "found.sarif", "--html", "found.html"]);
    let lines: Vec<serde_json::Value> =
        told.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert!(types.contains(&"finding") && types.contains(&"unread"), "{}", told.out);
    assert_eq!(*types.last().unwrap(), "summary");
    let mail = lines.iter().find(|line| line["kind"] == "contact.email").unwrap();
    assert_eq!(
        (mail["path"].as_str(), mail["line"].as_u64(), mail["shown"].is_null()),
        (Some("staff.csv"), Some(2), true)
    );
    let sarif: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("found.sarif")).unwrap())
            .unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(!sarif["runs"][0]["results"].as_array().unwrap().is_empty());
    let page = std::fs::read_to_string(folder.join("found.html")).unwrap();
    assert!(
        page.contains("staff.csv#e-mail") && page.contains("<svg") && !page.contains("jane.doe")
    );
}

#[test]
fn ignore_files_count_where_that_is_asked_for() {
    let folder = export("scan_ignored");
    std::fs::write(folder.join(".gitignore"), "notes\n").unwrap();
    assert!(scan(&folder, &["."]).out.contains("notes/a.txt"));
    assert!(!scan(&folder, &[".", "--gitignore"]).out.contains("notes/a.txt"));
}

#[test]
fn what_has_not_changed_is_remembered() {
    let folder = export("scan_since");
    let beside = folder.with_extension("state").to_string_lossy().into_owned();
    drop(std::fs::remove_file(&beside));
    let first = scan(&folder, &[".", "--since", &beside, "--deny", "contact.email"]);
    let second = scan(&folder, &[".", "--since", &beside, "--deny", "contact.email"]);
    assert_eq!((first.code, second.code), (Some(1), Some(1)), "{}", second.said());
    assert!(second.out.contains("3 files as they were the last time"), "{}", second.out);
}

#[test]
fn systems_and_databases_are_looked_at() {
    let house = House { folder: empty_folder("scan_systems").join("msp") };
    let made = common::run(&["demo", &house.path(""), "--people", "200", "--quiet"]);
    assert_eq!(made.code, Some(0), "{}", made.said());
    let told = house.must(0, &["scan", "ticketing", "--sample", "50", "--kinds", "contact.email"]);
    assert!(told.out.contains("ticketing#") && told.out.contains("tables with"), "{}", told.out);
    // The same as a file, met in a folder.
    let file = std::fs::read_dir(house.path("systems-data"))
        .unwrap()
        .flatten()
        .find(|file| file.path().extension().is_some_and(|end| end == "db"))
        .unwrap();
    let told = house.must(0, &["scan", &file.path().to_string_lossy(), "--kinds", "contact.email"]);
    assert!(told.out.contains(".db#"), "{}", told.out);
    let told = house.must(2, &["scan", "ticketting"]);
    assert!(
        told.out.contains("no system of this name") && told.out.contains("`ticketing`"),
        "{}",
        told.out
    );
}

#[test]
fn only_rows_that_were_added_are_looked_at_again() {
    let folder = empty_folder("scan_added");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("desk.db");
    let (postgres, mariadb) = (testkit::postgres(), testkit::mariadb());
    let (in_postgres, in_mariadb) =
        (postgres.fresh_database("scan"), mariadb.fresh_database("scan"));
    let in_sqlite = format!("sqlite:{}", file.display());
    let run = |product: usize, sql: &str| match product {
        0 => testkit::sqlite::execute(&file, sql),
        1 => drop(postgres.execute(&in_postgres, sql)),
        _ => drop(mariadb.execute(&in_mariadb, sql)),
    };
    for (product, address) in [&in_sqlite, &in_postgres, &in_mariadb].into_iter().enumerate() {
        run(
            product,
            "CREATE TABLE notes (id integer PRIMARY KEY, body varchar(100));
             INSERT INTO notes VALUES (3, 'to jane.doe@corp-mail.net'), (40, 'nothing');",
        );
        let since = format!("since-{product}.json");
        let look = || {
            let told =
                scan(&folder, &["--json", address, "--since", &since, "--kinds", "contact.email"]);
            assert_eq!(told.code, Some(0), "{}", told.said());
            told.answers()
        };
        let rows = |told: &[serde_json::Value]| told.last().unwrap()["rows"].clone();
        let found = |told: &[serde_json::Value]| -> Vec<u64> {
            let found = told.iter().filter(|line| line["type"] == "finding");
            found.map(|line| line["row"].as_u64().unwrap()).collect()
        };
        let first = look();
        assert_eq!((rows(&first), found(&first)), (2.into(), vec![3]), "{address}");
        // One is added, and one that was looked at changes.
        run(
            product,
            "INSERT INTO notes VALUES (41, 'to bob.roe@corp-mail.net');
             UPDATE notes SET body = 'to mira.okafor@corp-mail.net' WHERE id = 40;",
        );
        let second = look();
        assert_eq!((rows(&second), found(&second)), (1.into(), vec![41]), "{address}");
        let told = format!("{second:?}");
        assert!(told.contains("rows up to 40") && told.contains("is not seen"), "{told}");
        assert_eq!(second.last().unwrap()["kinds"][0]["found"], 2, "{told}");
        // Nothing new: the counts of both times stand.
        let third = look();
        assert_eq!((rows(&third), found(&third)), (0.into(), vec![]), "{address}");
        assert_eq!(third.last().unwrap()["kinds"][0]["found"], 2, "{third:?}");
    }
}

#[test]
fn a_model_is_plugged_in_by_its_path() {
    let folder = export("scan_model");
    ner::tiny::Tiny::default().write(&folder.join("names")).unwrap();
    std::fs::write(folder.join("met.txt"), "met Qorvandil in Vexholm\n").unwrap();
    let told = scan(&folder, &["met.txt"]);
    assert!(!told.out.contains("looked too"), "{}", told.out);
    let told = scan(&folder, &["met.txt", "--model", "names", "--json"]);
    assert!(told.out.contains(r#""validated":"model""#), "{}", told.out);
    assert!(
        told.out.contains(r#""offset":4"#) && told.out.contains(r#""length":9"#),
        "{}",
        told.out
    );
    let label = [
        "met.txt",
        "--model",
        "names",
        "--model-label",
        "CITY=contact.address",
        "--deny",
        "contact.address",
    ];
    assert_eq!(scan(&folder, &label).code, Some(1));
    assert_eq!(
        scan(&folder, &["met.txt", "--model", "names", "--deny", "contact.address"]).code,
        Some(0)
    );
    let told = scan(&folder, &["met.txt", "--model", "nowhere"]);
    assert_eq!(told.code, Some(2));
    assert!(told.err.contains("`nowhere`: there is no such file or folder"), "{}", told.err);
}
