//! The further rights, on three real systems at once: correction, restriction, objection, opt-out,
//! closing an account, a fee. Nadia Fournier asks; Paul Gray's rows stay as they are to the byte, and
//! nothing that Upheld writes down gives her away.
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

use std::path::{Path, PathBuf};
use std::process::Command;

use common::dump::Dump;
use common::{House, Ran};

const SHOP: &str = "
create table customers (customer_id serial primary key, name varchar(80) not null, email varchar(120) not null unique, phone varchar(40), city varchar(12));
create table orders (order_id serial primary key, customer_id int not null references customers, remark text, placed_on date not null default '2026-01-01');
insert into customers values (1, 'Nadia Fournier', 'nadia.fournier@acme.example', '+1 902 555 0171', 'Truro'), (2, 'Paul Gray', 'paul.gray@acme.example', '+1 902 555 0172', 'Truro');
insert into customers select 10 + n, 'Client Number', 'client' || n || '@client.example', '+1 902 555 01' || n, 'Truro' from generate_series(10, 40) n;
insert into orders values (1, 1, 'Nadia Fournier collects it herself, 902-555-0171'), (2, 2, 'For Nadia Fournier <nadia.fournier@acme.example>, from Paul'), (3, 2, null);
";
const DESK: &str = "
create table contact (id int primary key auto_increment, full_name varchar(60), email varchar(100), mobile varchar(30), phone varchar(30)) engine=innodb default charset=utf8mb4;
create table ticket (id int primary key auto_increment, contact_id int not null, subject varchar(200), foreign key (contact_id) references contact (id)) engine=innodb default charset=utf8mb4;
insert into contact values (1, 'Nadia Fournier', 'Nadia.Fournier@ACME.example', '902 555 0171', '902 555 0190'), (2, 'Paul Gray', 'paul.gray@acme.example', '902 555 0172', null);
insert into ticket values (1, 1, 'Printer is out of toner'), (2, 2, 'Ask nadia.fournier@acme.example for the key');
";
const NEWS: &str = "
create table subscriber (email text primary key, name text, consented_at text not null);
create table delivery (id integer primary key, subscriber_email text not null references subscriber (email) on update cascade, sent_at text not null);
insert into subscriber values ('nadia.fournier@acme.example', 'Nadia Fournier', '2024-05-01'), ('paul.gray@acme.example', 'Paul Gray', '2024-05-01');
insert into delivery values (1, 'nadia.fournier@acme.example', '2026-01-02'), (2, 'paul.gray@acme.example', '2026-01-02');
";
/// The same with keys that name nobody, so that somebody can be erased.
const NEWS_BY_NUMBER: &str = "
create table subscriber (id integer primary key, email text unique, name text, consented_at text not null);
create table delivery (id integer primary key, subscriber_id integer not null references subscriber (id), sent_at text not null);
insert into subscriber values (1, 'nadia.fournier@acme.example', 'Nadia Fournier', '2024-05-01'), (2, 'paul.gray@acme.example', 'Paul Gray', '2024-05-01');
insert into delivery values (1, 1, '2026-01-02'), (2, 2, '2026-01-02');
";
const HER: [&str; 2] = ["--email", "nadia.fournier@acme.example"];
const NEW: &str = "nadia.roy@acme.example";
/// What nothing of ours may say: no event, no certificate, no file of the state, no error.
const SECRET: [&str; 6] =
    ["fournier@", "nadia.roy", "nadia fournier", "5550171", "5550199", "dartmouth"];

struct Three {
    house: House,
    shop: String,
    desk: String,
    news: PathBuf,
}

impl Three {
    fn new(name: &str) -> Self {
        Self::with(name, NEWS)
    }

    fn with(name: &str, newsletter: &str) -> Self {
        let house = House::new(&format!("rights-{name}"));
        let shop = testkit::postgres().fresh_database("shop");
        testkit::postgres().execute(&shop, SHOP);
        let desk = testkit::mariadb().fresh_database("desk");
        testkit::mariadb().execute(&desk, DESK);
        let news = PathBuf::from(house.beside("news.db"));
        sqlite(&news, newsletter);
        let url = format!("sqlite:{}", news.display());
        for (system, url) in [("shop", &shop), ("desk", &desk), ("news", &url)] {
            house.must(0, &["connect", system, url, "--yes"]);
            house.edit(&format!("systems/{system}.yaml"), |map| common::nothing_is_kept(&map));
        }
        house.must(0, &["check"]);
        Self { house, shop, desk, news }
    }

    fn shop(&self, sql: &str) -> String {
        testkit::postgres().execute(&self.shop, sql).trim().to_owned()
    }

    fn desk(&self, sql: &str) -> String {
        testkit::mariadb().execute(&self.desk, sql).trim().to_owned()
    }

    fn news(&self, sql: &str) -> String {
        sqlite(&self.news, sql)
    }

    /// All three, value by value.
    fn dumps(&self) -> [Dump; 3] {
        [Dump::postgres(&self.shop), Dump::mariadb(&self.desk), Dump::sqlite(&self.news)]
    }

    fn rectify(&self, code: i32, words: &[&str]) -> Ran {
        let out = self.house.beside("certificate.json");
        self.house.must(code, &[&["request", "rectify", "-o", &out], &HER[..], words].concat())
    }

    /// Nothing that was written down names her.
    fn gives_nothing_away(&self) {
        let exported = self.house.beside("exported");
        drop(std::fs::remove_dir_all(&exported));
        self.house.must(0, &["ledger", "verify"]);
        self.house.must(0, &["ledger", "export", &exported]);
        let state = self.house.folder.join(".upheld");
        let mut files = walk(&state);
        files.extend(walk(Path::new(&exported)));
        let certificate = PathBuf::from(self.house.beside("certificate.json"));
        files.extend([certificate.with_extension("html"), certificate]);
        for file in files.iter().filter(|file| file.exists()) {
            for reading in common::read::readings(&std::fs::read(file).unwrap()) {
                for secret in SECRET {
                    assert!(!reading.contains(secret), "{} says {secret}", file.display());
                }
            }
        }
    }
}

fn sqlite(path: &Path, sql: &str) -> String {
    let program = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
base.execute('pragma foreign_keys = on')
rows = []
for one in sys.argv[2].split(';'):
    if one.strip():
        rows = base.execute(one).fetchall()
print('\\n'.join('|'.join('' if v is None else str(v) for v in row) for row in rows))";
    let run = Command::new("python3").arg("-c").arg(program).arg(path).arg(sql).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8_lossy(&run.stdout).trim().to_owned()
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}

fn says(ran: &Ran, words: &[&str]) {
    let said = ran.said();
    for word in words {
        assert!(said.contains(word), "`{word}` is not in:\n{said}");
    }
}

#[test]
fn an_address_is_corrected_everywhere_and_texts_stay_as_they_were_written() {
    let three = Three::new("email");
    let before = three.dumps();
    let set = format!("email={NEW}");
    let plan = three.rectify(0, &["--set", &set, "--plan"]);
    says(
        &plan,
        &["Before and after", "nadia.fournier@acme.example", NEW, "Customers: email", "correction"],
    );
    assert_eq!(before, three.dumps(), "a plan touches nothing");
    let (id, status) = three.house.last_request();
    assert_eq!(status, "waiting for approval");
    three.house.must(0, &["request", "withdraw", &id]);

    let done = three.rectify(0, &["--set", &set, "--yes"]);
    says(&done, &["Corrected: 4 rows changed in 3 systems", "Certificate: "]);
    assert_eq!(three.shop("select email from customers where customer_id = 1"), NEW);
    assert_eq!(three.desk("select email from contact where id = 1"), NEW);
    assert_eq!(three.news(&format!("select count(*) from subscriber where email = '{NEW}'")), "1");
    assert_eq!(three.news("select subscriber_email from delivery where id = 1"), NEW);
    let mut changed = Vec::new();
    for (before, after) in before.iter().zip(&three.dumps()) {
        changed.extend(
            before
                .changed(after)
                .into_iter()
                .map(|c| format!("{} {} {}", c.table, c.key, c.column)),
        );
    }
    changed.sort();
    assert_eq!(changed.len(), 4, "{changed:?}");
    assert!(three.shop("select remark from orders where order_id = 2").contains("nadia.fournier@"));
    three.gives_nothing_away();

    // She is known by the new address from now on.
    let access = three
        .house
        .json(0, &["request", "access", "--email", NEW, "-o", &three.house.beside("a.zip")]);
    assert!(access[0]["records"].as_u64().unwrap() >= 5, "{access:?}");
    let again = three.house.upheld(&[
        "request",
        "rectify",
        "--email",
        NEW,
        "--set",
        "name=Nadia Roy",
        "--yes",
        "-o",
        &three.house.beside("n.json"),
    ]);
    assert_eq!(again.code, Some(0), "{}", again.said());
    assert_eq!(three.shop("select name from customers where customer_id = 1"), "Nadia Roy");
    assert_eq!(three.desk("select full_name from contact where id = 1"), "Nadia Roy");
    assert_eq!(three.desk("select full_name from contact where id = 2"), "Paul Gray");
}

#[test]
fn several_values_are_asked_about_and_a_field_can_be_named_in_full() {
    let three = Three::new("phone");
    let before = three.dumps();
    let asked = three.rectify(1, &["--set", "phone=+1 902 555 0199", "--yes"]);
    says(&asked, &["2 different values of `phone`", "say which one is wrong", "Contact: phone"]);
    assert_eq!(before, three.dumps());
    let old = three
        .rectify(0, &["--set", "phone=+1 902 555 0199", "--old", "phone=(902) 555-0171", "--yes"]);
    says(&old, &["Corrected: 2 rows changed in 2 systems"]);
    assert_eq!(three.shop("select phone from customers where customer_id = 1"), "+1 902 555 0199");
    assert_eq!(
        three.desk("select mobile, phone from contact where id = 1").replace('\t', "|"),
        "+1 902 555 0199|902 555 0190"
    );
    let full = three.rectify(0, &["--set", "shop.customers.city=Dartmouth", "--yes"]);
    says(&full, &["Corrected: 1 row changed in 1 system"]);
    assert_eq!(
        three.shop("select city from customers order by customer_id limit 2"),
        "Dartmouth\nTruro"
    );
    let again = three.rectify(0, &["--set", "shop.customers.city=Dartmouth", "--yes"]);
    says(&again, &["Corrected: no row had to change"]);
    three.gives_nothing_away();
}

#[test]
fn what_does_not_fit_stops_the_plan_before_anything_is_touched() {
    let three = Three::new("fit");
    let before = three.dumps();
    for (words, expected) in [
        (vec!["--set", "shop.customers.city=Llanfairpwllgwyngyll"], "at most 12 characters"),
        (vec!["--set", "email=paul.gray@acme.example"], "another row holds the new value already"),
        (vec!["--set", "shop.customers.customer_id=7", "--set", "name=Nadia Roy"], "shop"),
        (vec!["--set", "user_name=nroy"], "nothing that is the person's own"),
    ] {
        let ran = three.rectify(1, &[&words[..], &["--yes"]].concat());
        says(&ran, &[expected]);
        assert_eq!(before, three.dumps(), "{words:?}");
        assert!(!ran.err.contains("Llanfair") && !ran.err.contains("paul.gray"), "{}", ran.err);
    }
    for (words, expected) in [
        (vec!["--set", "shoe_size=44"], "neither an identifier"),
        (vec!["--set", "email=nonsense"], "does not look like an e-mail address"),
        (vec!["--set", "email=nadia.fournier@acme.example"], "by the new value of `email` already"),
        (vec!["--set", "phone="], "erased, not corrected"),
        (vec!["--set", "just words"], "WHAT=VALUE"),
        (vec!["--set", "phone=1", "--old", "email=x@y.example"], "add `--set email="),
    ] {
        let ran = three.rectify(2, &[&words[..], &["--yes"]].concat());
        says(&ran, &[expected]);
    }
    three.gives_nothing_away();
}

#[test]
fn killed_in_the_middle_it_is_taken_up_and_ends_the_same() {
    let three = Three::new("kill");
    three.shop(
        "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1.5); return new; end $$;
         create trigger slow before update on customers for each row execute function slow()",
    );
    let set = format!("email={NEW}");
    let out = three.house.beside("certificate.json");
    let mut child = three
        .house
        .start(&[&["request", "rectify", "-o", &out, "--set", &set, "--yes"], &HER[..]].concat());
    // The desk and the newsletter come before the shop, whose trigger is slow.
    common::until("the first systems are corrected", || {
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
        three.desk("select email from contact where id = 1") == NEW
    });
    child.kill().unwrap();
    drop(child.wait());
    let (id, status) = three.house.last_request();
    assert_eq!(status, "correcting");
    let done = three.house.must(0, &["request", "resume", &id, "-o", &out]);
    says(&done, &["Corrected:"]);
    assert_eq!(three.shop("select email from customers where customer_id = 1"), NEW);
    assert_eq!(three.news("select subscriber_email from delivery where id = 1"), NEW);
    three.gives_nothing_away();
}

/// Recipients and a fee of the story's own.
fn with_recipients(three: &Three) {
    three.house.edit("recipients.yaml", |text| {
        text.replacen(
            "recipients:\n",
            "recipients:
  - key: story-mailer
    name: Story Mailer
    class: processor
    purposes: [newsletter]
    region: Canada
    contract: { title: data processing agreement, dated: 2025-06-15 }
    gets: [news]
    privacy_contact: privacy@mailer.example
  - key: story-broker
    name: Story Broker
    class: advertising
    region: Canada
    contract: { title: agreement, dated: 2025-06-15 }
    flow: sale
    gets: [user.demographic]
  - key: story-court
    name: Story Court
    class: authority
    gets: [news]
",
            1,
        )
    });
    // Whoever has a broker sells: the starter pack's promise not to has to go.
    three.house.edit("promises.yaml", |text| text.replace("      - no_sale: {}\n", ""));
    three.house.edit("policy.yaml", |text| {
        let text = text.replace("sold: no", "sold: yes\n  categories: [user.demographic]");
        text.replacen(
            "rights:\n",
            "rights:\n  - { right: access, for: [CA-QC], days: 30, fee: { amount: 12 CAD, because: a third copy within a year may cost what making it costs } }\n",
            1,
        )
    });
}

#[test]
fn recipients_are_told_and_their_answers_are_awaited() {
    let three = Three::with("messages", NEWS_BY_NUMBER);
    with_recipients(&three);
    let set = format!("email={NEW}");
    let done = three.rectify(0, &["--set", &set, "--yes"]);
    says(&done, &["To be told of it:", "request messages"]);
    let (id, _) = three.house.last_request();
    let folder = three.house.beside("drafts");
    let written = three.house.json(0, &["request", "messages", &id, "-o", &folder]);
    let messages = written[0]["messages"].as_array().unwrap();
    let mailer = messages.iter().find(|m| m["recipient"] == "story-mailer").unwrap();
    assert!(
        messages
            .iter()
            .all(|m| m["recipient"] != "story-court" && m["recipient"] != "story-broker")
    );
    let file = mailer["file"].as_str().unwrap();
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let draft = std::fs::read_to_string(file).unwrap();
    assert!(draft.contains("To: privacy@mailer.example\r\n"), "{draft}");
    assert!(draft.contains(&format!("nadia.fournier@acme.example -> {NEW}")), "{draft}");
    assert!(!draft.contains("Truro") && !draft.contains("555"), "{draft}");
    let early = three.house.must(2, &["request", "messages", &id, "--answered", "story-mailer"]);
    says(&early, &["no message to `story-mailer` waits for that"]);
    says(
        &three.house.must(0, &["request", "messages", &id, "--sent", "story-mailer"]),
        &["sent", "have not answered"],
    );
    let after = three.house.must(0, &["request", "messages", &id, "--answered", "story-mailer"]);
    says(&after, &["story-mailer", "answered"]);
    std::fs::remove_dir_all(&folder).unwrap();
    three.gives_nothing_away();
    // Closing the account is an erasure under its own name, and the recipients are told of it.
    let out = three.house.beside("certificate.json");
    let closed = three.house.must(0, &["request", "close", "--email", NEW, "--yes", "-o", &out]);
    says(
        &closed,
        &["Closing an account is for good", "Account closed and erased", "To be told of it"],
    );
    let page = std::fs::read_to_string(three.house.beside("certificate.html")).unwrap();
    assert!(page.contains("Certificate of account closure"), "{page}");
    assert_eq!(three.shop("select count(*) from customers where email like 'nadia%'"), "0");
    let listed = three.house.json(0, &["request", "list"]);
    assert_eq!(listed[0].as_array().unwrap().last().unwrap()["kind"], "closure");
    three.gives_nothing_away();
}

#[test]
fn marks_answer_for_a_use_and_stop_an_erasure_until_they_are_lifted() {
    let three = Three::with("marks", NEWS_BY_NUMBER);
    with_recipients(&three);
    let before = three.dumps();
    let check = |code: i32, words: &[&str]| {
        let words = [&["marks", "check"], words].concat();
        three.house.must(code, &words).answers().remove(0)
    };
    let her = ["--email", "Nadia.Fournier@acme.example"];
    let newsletter = [&her[..], &["--purpose", "newsletter"]].concat();
    let sale = [&her[..], &["--purpose", "sale"]].concat();
    let billing = [&her[..], &["--purpose", "billing"]].concat();
    assert_eq!(check(0, &newsletter)["allowed"], true);

    says(
        &three.house.must(2, &[&["request", "object"], &HER[..]].concat()),
        &["which use", "newsletter"],
    );
    says(
        &three.house.must(2, &[&["request", "object", "--purpose", "nonsense"], &HER[..]].concat()),
        &["no purpose of policy.yaml"],
    );
    let object = [&["request", "object", "--purpose", "newsletter"], &HER[..]].concat();
    says(&three.house.must(0, &object), &["Marked: ", "To be told of it"]);
    says(&three.house.must(0, &object), &["says so already"]);
    assert_eq!(check(1, &newsletter)["denied_by"][0]["kind"], "objection");
    assert_eq!(check(0, &billing)["others"][0]["kind"], "objection");
    assert_eq!(check(0, &sale)["allowed"], true);
    assert_eq!(check(1, &her)["allowed"], false, "without a purpose the careful answer");
    assert_eq!(check(0, &["--email", "paul.gray@acme.example"])["allowed"], true);

    let opt_out = three.house.json(0, &[&["request", "opt-out"], &HER[..]].concat());
    assert_eq!(opt_out[0]["messages"], 1, "the broker: {opt_out:?}");
    assert_eq!(check(1, &sale)["denied_by"][0]["kind"], "opt_out");
    let withdrawn = [&["request", "consent-withdrawal"], &HER[..]].concat();
    three.house.must(0, &withdrawn);
    let restrict =
        [&["request", "restrict", "--because", "Nadia Fournier contests it"], &HER[..]].concat();
    let restricted = three.house.json(0, &restrict);
    let mark = restricted[0]["mark"].as_str().unwrap();
    check(1, &billing);
    assert_eq!(before, three.dumps(), "marks touch no system");
    three.gives_nothing_away();

    let out = three.house.beside("certificate.json");
    let erase = [&["request", "erase", "--yes", "-o", &out], &HER[..]].concat();
    let refused = three.house.must(2, &erase);
    says(&refused, &["restricted by mark", "upheld marks lift"]);
    assert_eq!(before, three.dumps());
    // The mark was set by her address: asked for by another identifier, she is the same person.
    let by_phone = ["request", "erase", "--yes", "-o", &out, "--phone", "(902) 555-0171"];
    says(&three.house.must(2, &by_phone), &["restricted by mark", "upheld marks lift"]);
    let (waiting, _) = three.house.last_request();
    says(&three.house.must(2, &["request", "resume", &waiting]), &["restricted by mark"]);
    assert_eq!(before, three.dumps(), "a restricted person is not erased by another name");
    three.house.must(0, &["request", "withdraw", &waiting]);
    // Her own copy is handed out, and says what she has asked.
    let package = three.house.beside("nadia.zip");
    three.house.must(0, &[&["request", "access", "-o", &package], &HER[..]].concat());
    let page = std::fs::read_to_string(common::unpack(&package).join("index.html")).unwrap();
    assert!(page.contains("restricted: stored and not used, since"), "{page}");

    let listed = three.house.must(0, &["marks"]);
    assert!(!listed.said().contains("nadia"), "{}", listed.said());
    assert_eq!(listed.out.lines().count(), 4);
    says(&three.house.must(0, &["marks", "--show"]), &["nadia.fournier@acme.example"]);
    let export = three.house.beside("marks.json");
    three.house.must(0, &["marks", "--kind", "objection", "--export", &export]);
    let text = std::fs::read_to_string(&export).unwrap();
    assert!(
        text.contains("nadia.fournier@acme.example") && !text.contains("restriction"),
        "{text}"
    );

    // A corrected address is marked as the old one was.
    three.rectify(0, &["--set", &format!("email={NEW}"), "--yes"]);
    check(1, &["--email", NEW, "--purpose", "newsletter"]);

    three
        .house
        .must(0, &["marks", "lift", &mark[..8], "--reason", "Nadia Fournier wants it erased"]);
    three.house.must(
        0,
        &[
            "request",
            "erase",
            "--email",
            NEW,
            "--yes",
            "-o",
            &three.house.beside("certificate.json"),
        ],
    );
    // Nobody knows her any more, and her objection still holds.
    check(1, &["--email", NEW, "--purpose", "newsletter"]);
    says(&three.house.must(0, &["marks", "--show"]), &["erased since"]);
    three.gives_nothing_away();
}

#[test]
fn a_fee_is_quoted_before_any_work_and_waived_unless_it_is_asked_for() {
    let three = Three::new("fee");
    with_recipients(&three);
    let package = three.house.beside("fee.zip");
    let ask = |code: i32, more: &[&str]| {
        let words = ["request", "access", "--email", "nadia.fournier@acme.example", "-o", &package];
        three.house.must(code, &[&words, more].concat())
    };
    says(&ask(2, &["--charge-fee"]), &["it is free"]);
    let plan = ask(0, &["--place", "CA-QC", "--plan"]);
    says(&plan, &["A fee of 12 CAD could be asked", "waived"]);
    let quoted = ask(0, &["--place", "CA-QC", "--charge-fee"]);
    says(&quoted, &["until the fee of 12 CAD is paid", "fee-paid"]);
    assert!(!Path::new(&package).exists());
    let (id, status) = three.house.last_request();
    assert_eq!(status, "waiting for the fee");
    says(&three.house.must(0, &["request", "resume", &id]), &["until the fee of 12 CAD"]);
    let paid = three.house.must(0, &["request", "fee-paid", &id, "-o", &package]);
    says(&paid, &["records from 3 system(s)"]);
    assert!(Path::new(&package).exists());
    says(&three.house.must(2, &["request", "fee-paid", &id]), &["does not wait for a fee"]);
    three.gives_nothing_away();
}
