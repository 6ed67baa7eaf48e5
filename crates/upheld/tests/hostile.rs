//! A client's databases in which everything is hostile: values, names of tables and columns, names of
//! files, texts that are no text. The real commands run on them, on SQLite and on PostgreSQL, and all
//! that a person opens afterwards is judged by readers that are not ours.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic as tests may"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{House, Ran};

const HER: [&str; 4] = ["--email", "jane.doe@acme.example", "--name", "Jane Doe"];

/// What strangers put into a field of their own.
const VALUES: &[&str] = &[
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\u{ff1d}1",
    "\u{200b}=1",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "</style><svg onload=alert(1)>",
    "\u{1b}[31mred \u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{9b}31m",
    "invoice\u{202e}fdp.exe",
    "../../../../etc/cron.d/x",
    "..\\..\\CON.txt",
    "a\rb\u{2028}c\u{e0041}",
];

/// What tables and columns are called.
const NAMES: &[&str] = &[
    "x\"; DROP TABLE users; --",
    "<img src=x onerror=alert(1)>",
    "=cmd|calc!A0",
    "\u{1b}[31mred",
    "gpj\u{202e}exe",
    "../../etc/passwd",
    "CON",
    "a'b`c[d]",
];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// The statements of both databases: she, somebody else, and a hostile table for each name.
fn statements(bytes: &str) -> String {
    let mut sql = format!(
        "create table users (id integer primary key, email varchar(200), name varchar(500), note text);
create table uploads (id integer primary key, user_id integer references users (id), filename varchar(900), content {bytes}, remark text);
insert into users values (1, 'jane.doe@acme.example', 'Jane Doe', 'x'), (2, 'bob@acme.example', 'Bob Roe', 'y');\n"
    );
    for (index, value) in VALUES.iter().enumerate() {
        let id = index + 10;
        let bytes = if bytes == "bytea" { "'\\x25504446'" } else { "x'25504446'" };
        sql.push_str(&format!(
            "insert into uploads values ({id}, 1, {0}, {bytes}, {1});\n",
            text(value),
            text(&format!("{value} wrote Jane Doe to bob@acme.example {value}")),
        ));
    }
    for (index, name) in NAMES.iter().enumerate() {
        let (table, column) = (quoted(name), quoted(NAMES[(index + 3) % NAMES.len()]));
        sql.push_str(&format!(
            "create table {table} (id integer primary key, email varchar(200), user_id integer references users (id), {column} varchar(500));\n",
        ));
        for (row, value) in VALUES.iter().enumerate() {
            let row = row + 1;
            let value = text(value);
            sql.push_str(&format!(
                "insert into {table} values ({row}, 'jane.doe@acme.example', 1, {value});\n",
            ));
        }
    }
    sql
}

/// What the judge looked at; it fails the test over the first fault.
fn judged(folder: &Path) -> serde_json::Value {
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("../render/tests/hostile/judge.py");
    let ran =
        Command::new("python3").arg(judge).arg(folder).output().expect("python3 is installed");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).unwrap()
}

/// Runs a command as people see it and as programs do, and keeps what was printed for the judge.
struct Scribe<'h> {
    house: &'h House,
    out: PathBuf,
    count: usize,
}

impl Scribe<'_> {
    fn run(&mut self, codes: &[i32], words: &[&str]) -> Ran {
        let ran = self.house.upheld(words);
        let code = ran.code.unwrap_or(-1);
        assert!(codes.contains(&code), "upheld {}: {code}\n{}", words.join(" "), ran.said());
        self.count += 1;
        let ending = if words.contains(&"--json") { "terminaljson" } else { "terminal" };
        for (stream, text, ending) in [("out", &ran.out, ending), ("err", &ran.err, "terminal")] {
            let name = format!("{:02}-{stream}.{ending}", self.count);
            std::fs::write(self.out.join(name), text).unwrap();
        }
        ran
    }

    fn path(&self, name: &str) -> String {
        self.out.join(name).to_string_lossy().into_owned()
    }
}

/// The whole journey on one database; what was judged.
fn journey(name: &str, url: &str) -> serde_json::Value {
    let house = House::new(&format!("hostile-{name}"));
    let out = PathBuf::from(house.beside("opened"));
    std::fs::create_dir_all(&out).unwrap();
    let mut scribe = Scribe { house: &house, out, count: 0 };
    scribe.run(&[0], &["connect", "crm", url, "--yes"]);
    house.edit("systems/crm.yaml", |map| common::nothing_is_kept(&map));
    scribe.run(&[0, 1], &["check", "--html", &scribe.path("check.html")]);
    scribe.run(&[0, 1], &["check", "--json"]);
    scribe.run(&[0, 1, 2], &["doctor"]);
    let package = scribe.path("access.zip");
    let access = [&["request", "access", "-o", &package], &HER[..]].concat();
    let ran = scribe.run(&[0], &access);
    assert!(Path::new(&package).exists(), "{}", ran.said());
    let package = scribe.path("portability.zip");
    scribe.run(&[0, 1, 2], &[&["request", "portability", "-o", &package], &HER[..]].concat());
    scribe.run(&[0], &[&["request", "erase", "--plan"], &HER[..]].concat());
    let (id, _) = house.last_request();
    scribe.run(&[0, 1], &["request", "resume", &id]);
    scribe.run(&[0, 1], &["request", "resume", &id, "--json"]);
    scribe.run(&[0], &["request", "withdraw", &id]);
    let certificate = scribe.path("certificate.json");
    let erase = [&["request", "erase", "--yes", "--override-cap", "-o", &certificate], &HER[..]];
    scribe.run(&[0, 1], &erase.concat());
    assert!(Path::new(&certificate).exists());
    scribe.run(&[0, 1], &["status", "--html", &scribe.path("status.html")]);
    scribe.run(&[0, 1], &["status", "--json"]);
    for format in ["table", "csv", "json-ld"] {
        let ending = match format {
            "table" => "txt",
            "csv" => "csv",
            _ => "json",
        };
        let path = scribe.path(&format!("register.{ending}"));
        scribe.run(&[0], &["register", "--format", format, "-o", &path]);
    }
    scribe.run(&[0, 1], &["retain", "plan"]);
    scribe.run(&[0], &["request", "list"]);
    // What a person types can be hostile too.
    for evil in ["\u{1b}[31mred", "<b>\u{202e}", "../../x", "=1+1"] {
        scribe.run(&[1, 2], &["request", "resume", evil]);
        scribe.run(&[1, 2], &["connect", evil, "sqlite:nowhere.db"]);
        scribe.run(&[2], &["connect", "other", evil]);
    }
    judged(&scribe.out)
}

/// More than a thousand cells and pages, or the journey did not go where it should.
fn went_far(looked: &serde_json::Value) {
    for (what, at_least) in
        [("cells", 600), ("pages", 4), ("json", 6), ("archives", 1), ("texts", 30)]
    {
        assert!(looked[what].as_u64().unwrap() >= at_least, "{what}: {looked}");
    }
}

#[test]
fn nothing_hostile_in_sqlite_has_power_in_what_people_open() {
    let folder = common::empty_folder("hostile-sqlite-data");
    let file = folder.join("crm.db");
    // Text that is no UTF-8, and lone surrogates: SQLite keeps whatever it is given.
    let odd = "insert into uploads values (90, 1, cast(x'ff3d31fe' as text), x'00', cast(x'4a616e6520446f65eda08020ff3c623e' as text));
insert into uploads values (91, 1, cast(x'3d31002e657865' as text), x'00', cast(x'003d31204a616e6520446f65' as text));";
    let program = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1])
base.executescript(sys.stdin.read())
base.commit()";
    let mut python = Command::new("python3")
        .args(["-c", program])
        .arg(&file)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let sql = format!("{}\n{odd}", statements("blob"));
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), sql.as_bytes()).unwrap();
    assert!(python.wait().unwrap().success());
    went_far(&journey("sqlite", &format!("sqlite:{}", file.display())));
}

#[test]
fn nothing_hostile_in_postgresql_has_power_in_what_people_open() {
    let url = testkit::postgres().fresh_database("hostile");
    testkit::postgres().execute(&url, &statements("bytea"));
    went_far(&journey("postgresql", &url));
}
