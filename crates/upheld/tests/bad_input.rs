//! What goes wrong in real houses: mistyped files, wrong passwords, servers that vanish, disks that
//! fill, processes that die. Each ends with a message that says what to do, with nothing half done,
//! and with nothing of a person or a secret in what was printed.
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
#![allow(clippy::disallowed_methods, reason = "a test waits for a process on its own thread")]

mod common;

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::dump::Dump;
use common::{House, Ran};
use testkit::Postgres;

const SHOP: &str = "
create table customers (customer_id serial primary key, name varchar(80) not null, email varchar(120) not null unique, phone varchar(40));
create table orders (order_id serial primary key, customer_id int not null references customers, remark text, placed_on date not null default '2026-01-01');
insert into customers values (1, 'Nadia Fournier', 'nadia.fournier@acme.example', '+1 902 555 0171'), (2, 'Paul Gray', 'paul.gray@acme.example', '+1 902 555 0172');
insert into customers select 10 + n, 'Client Number', 'client' || n || '@client.example', '+1 902 555 01' || n from generate_series(10, 40) n;
insert into orders values (1, 1, 'Nadia Fournier collects it herself'), (2, 2, 'For Nadia Fournier <nadia.fournier@acme.example>, from Paul'), (3, 2, null);
";
const NADIA: [&str; 4] = ["request", "erase", "--email", "nadia.fournier@acme.example"];
/// What no message may say.
const SECRET: [&str; 5] = ["nadia", "fournier", "5550171", "guarded:guarded", "hunter2"];

/// A shop on a server, and a house that knows it.
struct Shop<'s> {
    house: House,
    server: &'s Postgres,
    url: String,
}

impl<'s> Shop<'s> {
    fn on(server: &'s Postgres, name: &str) -> Self {
        let url = server.fresh_database("shop");
        server.execute(&url, SHOP);
        let house = House::new(&format!("bad-{name}"));
        house.must(0, &["connect", "shop", &url, "--yes"]);
        house.edit("systems/shop.yaml", |map| common::nothing_is_kept(&map));
        house.must(0, &["check"]);
        Self { house, server, url }
    }

    fn new(name: &str) -> Shop<'static> {
        Shop::on(testkit::postgres(), name)
    }

    fn dump(&self) -> Dump {
        Dump::postgres(&self.url)
    }

    fn sql(&self, sql: &str) -> String {
        self.server.execute(&self.url, sql)
    }

    /// A plan that waits: its number and digest.
    fn planned(&self) -> (String, String) {
        let plan = self.house.json(0, &[&NADIA[..], &["--plan"]].concat()).remove(0);
        (self.house.last_request().0, plan["digest"].as_str().unwrap().to_owned())
    }

    fn erased(&self) -> bool {
        self.sql("select count(*) from customers where email like 'nadia%' or name like 'Nadia%'")
            .trim()
            == "0"
            && self.sql("select count(*) from orders where remark ~* 'nadia|fournier'").trim()
                == "0"
    }
}

/// The run failed with this code, said all of these, and gave nothing away.
fn fails(ran: &Ran, code: i32, says: &[&str]) {
    let said = ran.said();
    assert_eq!(ran.code, Some(code), "{said}");
    for text in says {
        assert!(said.contains(text), "`{text}` is not in:\n{said}");
    }
    let low = said.to_lowercase().replace(['-', ' '], "");
    for secret in SECRET {
        assert!(!low.contains(secret), "{secret} is given away:\n{said}");
    }
}

#[test]
fn mistyped_files_are_named_with_line_and_column() {
    let shop = Shop::new("files");
    let before = shop.dump();
    let table: [(&str, fn(String) -> String, &[&str]); 5] = [
        (
            "policy.yaml",
            |text| text.replace("organisation:\n", "organisation: [\n"),
            &["policy.yaml:"],
        ),
        (
            "policy.yaml",
            |text| text.replace("require_approval:", "require_aproval:"),
            &["policy.yaml:", "require_approval"],
        ),
        (
            "systems/shop.yaml",
            |text| text.replacen("name: customers", "name: costumers", 1),
            &["costumers"],
        ),
        (
            "systems/shop.yaml",
            |text| text.replacen("customers.customer_id", "customer.customer_id", 1),
            &["systems/shop.yaml:", "customers"],
        ),
        ("upheld.toml", |text| text.replace("url =", "uri ="), &["upheld.toml", "uri"]),
    ];
    for (file, breaks, says) in table {
        let whole = shop.house.text(file);
        shop.house.edit(file, breaks);
        assert_ne!(whole, shop.house.text(file), "{file} was not changed");
        let ran = shop.house.upheld(&[&NADIA[..], &["--yes"]].concat());
        assert!(ran.code == Some(2) || ran.code == Some(1), "{file}: {}", ran.said());
        fails(&ran, ran.code.unwrap(), says);
        assert_eq!(before, shop.dump(), "{file}");
        shop.house.edit(file, |_| whole);
    }
}

#[test]
fn a_wrong_password_is_not_repeated() {
    let url = testkit::postgres().url().replace("postgres@", "guarded:hunter2@");
    let house = House::new("bad-password");
    fails(&house.upheld(&["connect", "shop", &url]), 2, &["`shop`", "password"]);
    assert!(!house.folder.join("systems/shop.yaml").exists());
    assert!(!house.folder.join("upheld.toml").exists());
}

#[test]
fn a_password_is_sealed_and_stands_in_no_file() {
    let server = testkit::postgres();
    let url = server.fresh_database("sealed");
    server.execute(&url, SHOP);
    server.execute(&url, "grant usage on schema public to guarded; grant select, update, delete on all tables in schema public to guarded");
    let house = House::new("bad-sealed");
    house.must(0, &["connect", "shop", &url.replace("postgres@", "guarded:guarded@"), "--yes"]);
    assert!(!house.text("upheld.toml").contains(":guarded"), "{}", house.text("upheld.toml"));
    house.must(0, &[&NADIA[..], &["--yes", "-o", &house.beside("c.json")]].concat());
}

#[test]
fn who_asks_must_be_somebody() {
    let shop = Shop::new("who");
    let before = shop.dump();
    for (words, says) in [
        (vec!["request", "erase", "--name", "Nadia Fournier", "--yes"], "a name alone"),
        (
            vec!["request", "erase", "--email", "privacy@northlight-it.example", "--yes"],
            "organisation's own",
        ),
        (vec!["request", "erase", "--email", "nadia.fournier", "--yes"], "does not look like one"),
        (vec!["request", "erase", "--yes"], "say whom"),
        (vec!["request", "resume", "0123abcd"], "request list"),
        (vec!["request", "approve", "0123abcd", "--digest", "0123456789ab"], "request list"),
    ] {
        fails(&shop.house.upheld(&words), 2, &[says]);
    }
    assert_eq!(before, shop.dump());
}

#[test]
fn only_the_plan_that_was_read_is_carried_out() {
    let shop = Shop::new("digest");
    let before = shop.dump();
    let (id, digest) = shop.planned();
    let other = ["request", "approve", &id, "--digest", "000000000000"];
    fails(&shop.house.upheld(&other), 2, &["not the digest of the plan"]);
    assert_eq!(before, shop.dump());
    shop.house.must(
        0,
        &["request", "approve", &id, "--digest", &digest, "-o", &shop.house.beside("c.json")],
    );
    assert!(shop.erased());
}

#[test]
fn approval_and_cap_stop_a_plan_before_anything_is_touched() {
    let shop = Shop::new("cap");
    let before = shop.dump();
    let certificate = shop.house.beside("c.json");
    let yes = [&NADIA[..], &["--yes", "-o", &certificate]].concat();
    shop.house
        .edit("policy.yaml", |text| text.replace("require_approval: no", "require_approval: yes"));
    let waits = shop.house.must(0, &yes);
    assert!(waits.out.contains("request approve"), "{}", waits.out);
    assert_eq!(before, shop.dump(), "--yes is no second person");
    shop.house.edit("policy.yaml", |text| {
        text.replace("require_approval: yes", "require_approval: no")
            .replace("rows: 10000", "rows: 1")
    });
    fails(&shop.house.upheld(&yes), 2, &["override the cap"]);
    assert_eq!(before, shop.dump());
    shop.house.must(0, &[&yes[..], &["--override-cap"]].concat());
    assert!(shop.erased());
}

#[test]
fn a_map_that_asks_the_impossible_is_refused_in_the_plan() {
    for (name, field, wish, says) in [
        ("null", "name", "erase: null", "name"),
        ("fixed", "email", "erase: {text: gone}", "email"),
    ] {
        let shop = Shop::new(name);
        let before = shop.dump();
        shop.house.edit("systems/shop.yaml", |text| {
            let (head, rest) = text.split_once("name: customers").unwrap();
            let at = format!("          - name: {field}\n");
            let (fields, after) = rest.split_once(&at).unwrap();
            let own = after.split_once("          - name: ").unwrap().0;
            let own_line = |line: &&str| !line.trim_start().starts_with("erase:");
            let bare: String = own.split_inclusive('\n').filter(own_line).collect();
            let wished = match bare.split_once("            upheld:\n") {
                Some((one, two)) => {
                    format!("{one}            upheld:\n              {wish}\n{two}")
                }
                None => format!("{bare}            upheld:\n              {wish}\n"),
            };
            format!("{head}name: customers{fields}{at}{}", after.replacen(own, &wished, 1))
        });
        let ran = shop.house.upheld(&[&NADIA[..], &["--yes"]].concat());
        assert!(matches!(ran.code, Some(1 | 2)), "{}", ran.said());
        assert!(ran.said().contains(says), "{}", ran.said());
        assert_eq!(before, shop.dump(), "{name}");
    }
}

#[test]
fn a_column_that_changed_since_the_plan_stops_the_act() {
    for (name, change) in [
        ("type", "alter table customers alter column phone type bigint using 1"),
        ("column", "alter table customers drop column phone"),
    ] {
        let shop = Shop::new(name);
        let (id, digest) = shop.planned();
        shop.sql(change);
        let before = shop.dump();
        let ran = shop.house.upheld(&["request", "approve", &id, "--digest", &digest]);
        fails(&ran, ran.code.unwrap(), &["shop"]);
        assert_ne!(ran.code, Some(0));
        assert_eq!(before, shop.dump(), "{name}");
    }
}

#[test]
fn a_database_that_may_only_be_read_is_left_alone() {
    let server = testkit::postgres();
    let url = server.fresh_database("reader");
    server.execute(&url, SHOP);
    server.execute(
        &url,
        "grant usage on schema public to guarded; grant select on all tables in schema public to guarded",
    );
    let before = Dump::postgres(&url);
    let house = House::new("bad-reader");
    let connected =
        house.must(0, &["connect", "shop", &url.replace("postgres@", "guarded:guarded@"), "--yes"]);
    assert!(
        connected.out.contains("lacks rights that the work needs: to change `email`"),
        "{}",
        connected.out
    );
    for read_only in [false, true] {
        if read_only {
            house.edit("upheld.toml", |text| text + "read_only = true\n");
        }
        let ran = house.upheld(&[&NADIA[..], &["--yes", "-o", &house.beside("c.json")]].concat());
        assert!(matches!(ran.code, Some(1 | 2)), "{}", ran.said());
        fails(&ran, ran.code.unwrap(), &["shop"]);
        assert_eq!(before, Dump::postgres(&url), "read_only = {read_only}");
    }
}

#[test]
fn a_server_that_is_gone_is_named_and_the_request_can_be_taken_up_again() {
    let server = Postgres::start();
    let shop = Shop::on(&server, "gone");
    let before = shop.dump();
    let (id, digest) = shop.planned();
    server.kill9();
    let ran = shop.house.upheld(&[
        "request",
        "approve",
        &id,
        "--digest",
        &digest,
        "-o",
        &shop.house.beside("c.json"),
    ]);
    assert!(matches!(ran.code, Some(1 | 2)), "{}", ran.said());
    fails(&ran, ran.code.unwrap(), &["shop"]);
    server.restart();
    assert_eq!(before, shop.dump(), "nothing half done");
    fails(&shop.house.upheld(&["request", "list"]), 0, &[&id[..8]]);
}

#[test]
fn a_server_killed_while_the_act_waits_for_a_lock() {
    let server = Postgres::start();
    let shop = Shop::on(&server, "mid-step");
    let before = shop.dump();
    let (id, digest) = shop.planned();
    let mut locker = Command::new("psql");
    locker.args([
        "-X",
        "-q",
        "-d",
        &shop.url,
        "-c",
        "begin; lock table customers in exclusive mode; select pg_sleep(60)",
    ]);
    let mut locker = locker.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    common::until("the table is locked", || {
        shop.sql("select count(*) from pg_locks where mode = 'ExclusiveLock' and relation = 'customers'::regclass").trim() == "1"
    });
    let child = shop.house.start(&[
        "request",
        "approve",
        &id,
        "--digest",
        &digest,
        "-o",
        &shop.house.beside("c.json"),
    ]);
    common::until("the act waits", || {
        shop.sql("select count(*) from pg_locks where not granted").trim() != "0"
    });
    server.kill9();
    let ran = common::ran(&child.wait_with_output().unwrap());
    drop(locker.wait());
    assert!(matches!(ran.code, Some(1 | 2)), "{}", ran.said());
    fails(&ran, ran.code.unwrap(), &["shop"]);
    server.restart();
    assert_eq!(before, shop.dump(), "nothing half done");
}

#[test]
fn killed_at_any_moment_a_request_is_taken_up_and_ends_the_same() {
    // How long after the start the process dies; `None` is in the middle of the act, which is slowed down.
    let mut ends = BTreeSet::new();
    let mut reached = BTreeSet::new();
    for (turn, wait) in [Some(150_u64), Some(600), Some(1_500), None].into_iter().enumerate() {
        let shop = Shop::new(&format!("kill-{turn}"));
        shop.sql(
            "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$;
             create trigger slow before update on customers for each row execute function slow();
             create trigger slow before update on orders for each row execute function slow();",
        );
        let certificate = shop.house.beside("c.json");
        let mut child = shop.house.start(&[&NADIA[..], &["--yes", "-o", &certificate]].concat());
        match wait {
            Some(wait) => std::thread::sleep(Duration::from_millis(wait)),
            // The rehearsal of the plan runs the same triggers and is rolled back; the act comes after it.
            None => {
                common::until("a request is there", || {
                    shop.house.json(0, &["request", "list"])[0]
                        .as_array()
                        .is_some_and(|l| !l.is_empty())
                });
                common::until("the act begins", || shop.house.last_request().1 == "erasing");
                std::thread::sleep(Duration::from_millis(300));
            }
        }
        child.kill().unwrap();
        drop(child.wait());
        let listed = shop.house.json(0, &["request", "list"]);
        if listed[0].as_array().unwrap().is_empty() {
            // Killed before the request was written down: it can be asked again.
            shop.house.must(0, &[&NADIA[..], &["--yes", "-o", &certificate]].concat());
        } else {
            let (id, status) = shop.house.last_request();
            reached.insert(status.clone());
            if status != "done" {
                // A statement that was on its way when the process died may still run in the server.
                common::until("the server is done with it", || {
                    shop.sql("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'").trim() == "0"
                });
                let ran =
                    shop.house.upheld(&["request", "resume", &id, "--yes", "-o", &certificate]);
                assert_eq!(ran.code, Some(0), "killed after {wait:?} ms, {status}: {}", ran.said());
            }
        }
        assert!(shop.erased(), "killed after {wait:?} ms");
        assert!(std::path::Path::new(&certificate).exists(), "killed after {wait:?} ms");
        shop.house.must(0, &["ledger", "verify"]);
        let paul = shop.sql(
            "select * from customers where customer_id = 2; select remark from orders order by 1",
        );
        ends.insert(paul);
    }
    assert_eq!(ends.len(), 1, "{ends:#?}");
    assert!(reached.contains("erasing"), "{reached:?}");
}

#[test]
fn two_processes_on_one_request() {
    let shop = Shop::new("two");
    shop.sql(
        "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(2); return new; end $$;
         create trigger slow before update on customers for each row execute function slow();",
    );
    let (id, digest) = shop.planned();
    let certificate = shop.house.beside("c.json");
    let one =
        shop.house.start(&["request", "approve", &id, "--digest", &digest, "-o", &certificate]);
    common::until("the first one acts", || {
        shop.sql("select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'").trim() != "0"
    });
    let two = shop.house.upheld(&["request", "approve", &id, "--digest", &digest]);
    fails(&two, 2, &["another process", &id]);
    let one = common::ran(&one.wait_with_output().unwrap());
    assert_eq!(one.code, Some(0), "{}", one.said());
    assert!(shop.erased());
}

#[test]
fn our_own_folder_is_guarded() {
    let shop = Shop::new("state");
    let before = shop.dump();
    let state = shop.house.folder.join(".upheld");
    let yes = [&NADIA[..], &["--yes"]].concat();
    shop.house.must(0, &["request", "list"]);
    let mode = |mode| std::fs::set_permissions(&state, PermissionsExt::from_mode(mode)).unwrap();
    mode(0o755);
    fails(&shop.house.upheld(&yes), 2, &["chmod 700"]);
    mode(0o700);
    // A database that is none.
    let file = state.join("upheld.db");
    for more in ["upheld.db-wal", "upheld.db-shm"] {
        drop(std::fs::remove_file(state.join(more)));
    }
    std::fs::write(&file, vec![0x5a; 8_192]).unwrap();
    fails(&shop.house.upheld(&yes), 2, &["database"]);
    assert_eq!(before, shop.dump());
}

#[test]
fn a_case_that_was_tampered_with_is_not_carried_out() {
    let shop = Shop::new("tampered");
    let (id, digest) = shop.planned();
    let before = shop.dump();
    let program = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1])
tables = [t for (t,) in base.execute(\"select name from sqlite_master where type = 'table' and name like '%case%'\")]
for table in tables:
    if 'state' in [c[1] for c in base.execute('pragma table_info(%s)' % table)]:
        for row, state in base.execute('select rowid, state from %s' % table).fetchall():
            other = bytearray(state); other[-1] ^= 1
            base.execute('update %s set state = ? where rowid = ?' % table, (bytes(other), row))
            base.commit(); print('changed')
";
    let mut python = Command::new("python3");
    python.args(["-c", program]).arg(shop.house.folder.join(".upheld/upheld.db"));
    let said = python.output().unwrap();
    assert!(String::from_utf8_lossy(&said.stdout).contains("changed"), "{said:?}");
    let ran = shop.house.upheld(&["request", "approve", &id, "--digest", &digest]);
    fails(&ran, 2, &[]);
    assert_eq!(before, shop.dump());
}

#[test]
fn a_package_that_cannot_be_written_leaves_nothing_behind() {
    let shop = Shop::new("no-place");
    let access = ["request", "access", "--email", "nadia.fournier@acme.example", "-o"];
    let nowhere = shop.house.beside("no/such/folder/n.zip");
    let ran = shop.house.upheld(&[&access[..], &[&nowhere]].concat());
    fails(&ran, 2, &["nothing was done", "no/such/folder", "-o"]);
    // A file-size limit of 4 KiB stands for a full disk; it is our own state that meets it first.
    let folder = common::empty_folder("bad-full-disk");
    let out = folder.join("n.zip");
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "trap '' XFSZ; ulimit -f 8; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_upheld"),
        "-C",
    ]);
    limited.arg(&shop.house.folder).args(access).arg(&out);
    let ran = common::ran(&limited.env("NO_COLOR", "1").output().unwrap());
    assert!(matches!(ran.code, Some(1 | 2)), "{}", ran.said());
    fails(&ran, ran.code.unwrap(), &[]);
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().map(|e| e.path()).collect();
    assert!(left.is_empty(), "{left:?}");
    let out = out.to_string_lossy();
    shop.house.must(0, &[&access[..], &[&out]].concat());
}

#[test]
fn a_certificate_without_a_place_stops_the_erasure_before_it_begins() {
    let shop = Shop::new("no-certificate");
    let before = shop.dump();
    let nowhere = shop.house.beside("no/such/folder/c.json");
    let ran = shop.house.upheld(&[&NADIA[..], &["--yes", "-o", &nowhere]].concat());
    fails(&ran, 2, &["nothing was done", "-o"]);
    assert_eq!(before, shop.dump());
    let certificate = shop.house.beside("c.json");
    shop.house.must(0, &[&NADIA[..], &["--yes", "-o", &certificate]].concat());
    assert!(shop.erased() && std::path::Path::new(&certificate).exists());
}
