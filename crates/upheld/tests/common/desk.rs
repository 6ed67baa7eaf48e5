//! A small house of two systems, on every product, that is put back to its beginning as often as a
//! story wants: a help desk on the product under test, and a newsletter in an SQLite file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::House;

/// The product under the help desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    Sqlite,
    Postgres,
    MariaDb,
    Files,
}

pub const PRODUCTS: [Product; 4] =
    [Product::Sqlite, Product::Postgres, Product::MariaDb, Product::Files];

/// Everything in both systems: each row under its table and key, or each line of a file.
pub type Content = BTreeMap<String, String>;

pub struct Desk {
    pub house: House,
    pub product: Product,
    /// How many people there are; the first is Jane.
    pub people: u32,
    url: String,
    /// The house and its files as they were in the beginning.
    begin: PathBuf,
}

/// What the user keeps outside the policy folder.
const USER: &str = "state-of-its-user";

/// When what is too old was written, and what is not.
const OLD: &str = "2012-01-01 10:00:00";
const NEW: &str = "2026-06-01 10:00:00";

/// The name of a person: letters alone, so that each is one word and no part of another's.
pub fn name(id: u32) -> String {
    let letter = |n: u32| char::from(b'a' + u8::try_from(n % 26).unwrap());
    format!(
        "Per{}{}{} Doe{}{}",
        letter(id / 676),
        letter(id / 26),
        letter(id),
        letter(id),
        letter(id / 26)
    )
}

pub fn email(id: u32) -> String {
    format!("{}@acme.example", name(id).replace(' ', ".").to_lowercase())
}

/// Of the range that is kept free for stories.
pub fn phone(id: u32) -> String {
    format!("+1 902 555 {:04}", 100 + id % 100)
}

/// A table: its name, its columns as SQL, its rows.
struct Table {
    name: &'static str,
    columns: &'static str,
    rows: Vec<Vec<String>>,
}

fn desk_tables(people: u32, product: Product) -> Vec<Table> {
    let mut contacts = Vec::new();
    let (mut tickets, mut comments) = (Vec::new(), Vec::new());
    let (mut leads, mut visits, mut days) = (Vec::new(), Vec::new(), Vec::new());
    for id in 1..=people {
        let text = |number: u32| number.to_string();
        contacts.push(vec![text(id), email(id), name(id), phone(id)]);
        let when = |old: bool| if old { OLD } else { NEW }.to_owned();
        // An old ticket and a new one, each with two comments; the second names the person.
        for half in 0..2 {
            let ticket = id * 2 - 1 + half;
            let subject = format!("Printer of {} is on fire", name(id));
            tickets.push(vec![text(ticket), text(id), when(half == 0), subject]);
            comments.push(vec![text(ticket * 2 - 1), text(ticket), "It smokes".to_owned()]);
            let body = format!("{} <{}> called again", name(id), email(id));
            comments.push(vec![text(ticket * 2), text(ticket), body]);
        }
        let lead = format!("lead{id}@else.example");
        leads.push(vec![text(id), lead, format!("Lead Number{id}"), when(id % 2 == 0)]);
        let plan = if id % 3 == 0 { "gold" } else { "free" };
        visits.push(vec![text(id), plan.to_owned(), when(id % 2 == 0)]);
        days.push(vec![text(id), when(id % 2 == 0), "a line".to_owned()]);
    }
    let mut tables = vec![
        Table {
            name: "contacts",
            columns: "id integer PRIMARY KEY, email varchar(100) NOT NULL UNIQUE, name varchar(60), phone varchar(40)",
            rows: contacts,
        },
        Table {
            name: "tickets",
            columns: "id integer PRIMARY KEY, contact_id integer REFERENCES contacts (id), closed_at timestamp NULL, subject varchar(200)",
            rows: tickets,
        },
        Table {
            name: "comments",
            columns: "id integer PRIMARY KEY, ticket_id integer REFERENCES tickets (id), body text",
            rows: comments,
        },
        Table {
            name: "leads",
            columns: "id integer PRIMARY KEY, email varchar(100) NOT NULL UNIQUE, name varchar(60), seen_at timestamp NULL",
            rows: leads,
        },
        Table {
            name: "visits",
            columns: "id integer PRIMARY KEY, plan varchar(20), seen_at timestamp NULL",
            rows: visits,
        },
    ];
    if matches!(product, Product::Postgres | Product::MariaDb) {
        let columns = if product == Product::Postgres {
            "id integer, day timestamp NOT NULL, line varchar(40), PRIMARY KEY (id, day)"
        } else {
            "id integer, day datetime NOT NULL, line varchar(40), PRIMARY KEY (id, day)"
        };
        tables.push(Table { name: "days", columns, rows: days });
    }
    tables
}

fn insert(table: &Table) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    let row = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(|cell| format!("'{cell}'")).collect();
        format!("({})", cells.join(", "))
    };
    let rows: Vec<String> = table.rows.iter().map(row).collect();
    format!("INSERT INTO {} VALUES {};\n", table.name, rows.join(", "))
}

fn tables_sql(people: u32, product: Product) -> String {
    let tables = desk_tables(people, product);
    let mut sql = String::new();
    for table in tables.iter().rev() {
        sql += &format!("DROP TABLE IF EXISTS {};\n", table.name);
    }
    for table in &tables {
        let Table { name, columns, .. } = table;
        sql += &match (product, *name) {
            (Product::Postgres, "days") => format!(
                "CREATE TABLE days ({columns}) PARTITION BY RANGE (day);
                 CREATE TABLE days_2012 PARTITION OF days FOR VALUES FROM ('2012-01-01') TO ('2013-01-01');
                 CREATE TABLE days_rest PARTITION OF days DEFAULT;\n"
            ),
            (Product::MariaDb, "days") => format!(
                "CREATE TABLE days ({columns}) ENGINE=InnoDB PARTITION BY RANGE COLUMNS (day) (
                 PARTITION y2012 VALUES LESS THAN ('2013-01-01'), PARTITION rest VALUES LESS THAN (MAXVALUE));\n"
            ),
            (Product::MariaDb, _) => {
                format!("CREATE TABLE {name} ({columns}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n")
            }
            _ => format!("CREATE TABLE {name} ({columns});\n"),
        };
        sql += &insert(table);
    }
    sql
}

fn news_sql(people: u32) -> String {
    let rows = |id: u32| vec![id.to_string(), email(id), name(id), phone(id)];
    let subscribers = Table {
        name: "subscribers",
        columns: "id integer PRIMARY KEY, email varchar(100) UNIQUE, name varchar(60), phone varchar(40)",
        rows: (1..=people).map(rows).collect(),
    };
    format!("CREATE TABLE subscribers ({});\n{}", subscribers.columns, insert(&subscribers))
}

fn csv(table: &Table) -> String {
    let head: Vec<&str> =
        table.columns.split(", ").filter_map(|column| column.split(' ').next()).collect();
    let lines = table.rows.iter().map(|row| row.join(","));
    [head.join(",")].into_iter().chain(lines).map(|line| line + "\n").collect()
}

fn desk_map(product: Product) -> String {
    let file = if product == Product::Files { ".csv" } else { "" };
    // In files nothing goes along with a record; counts and deletions of records are enough there.
    let tickets = if product == Product::Files {
        ""
    } else {
        ", retain: {max: 7 years, from: closed_at, with: [comments]}"
    };
    let days = if matches!(product, Product::Postgres | Product::MariaDb) {
        "  - name: days
    upheld: {title: Days, retain: {max: 7 years, from: day}}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: day, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: line, data_categories: [system]}
"
    } else {
        ""
    };
    let visits = if product == Product::Files { "" } else { ", method: {aggregate: {by: [plan]}}" };
    let leads = if product == Product::Files { "delete" } else { "anonymise" };
    format!(
        "system: {{title: Desk}}
dataset:
- fides_key: desk
  collections:
  - name: contacts{file}
    upheld: {{title: Contacts}}
    fields:
    - {{name: id, data_categories: [user.unique_id], fides_meta: {{primary_key: true}}}}
    - {{name: email, data_categories: [user.contact.email], fides_meta: {{identity: email}}, upheld: {{erase: pseudonym}}}}
    - {{name: name, data_categories: [user.name]}}
    - {{name: phone, data_categories: [user.contact.phone_number], fides_meta: {{identity: phone_number}}}}
  - name: tickets{file}
    upheld: {{title: Tickets{tickets}}}
    fields:
    - {{name: id, data_categories: [system], fides_meta: {{primary_key: true}}}}
    - name: contact_id
      data_categories: [system]
      upheld: {{references: [{{to: contacts{file}.id, follow: here, tie: shared}}]}}
    - {{name: closed_at, data_categories: [system]}}
    - {{name: subject, data_categories: [user.content], upheld: {{free_text: yes}}}}
  - name: comments{file}
    upheld: {{title: Comments}}
    fields:
    - {{name: id, data_categories: [system], fides_meta: {{primary_key: true}}}}
    - name: ticket_id
      data_categories: [system]
      upheld: {{references: [{{to: tickets{file}.id, follow: here, tie: shared}}]}}
    - {{name: body, data_categories: [user.content], upheld: {{free_text: yes}}}}
  - name: leads{file}
    upheld: {{title: Leads, retain: {{max: 7 years, from: seen_at, method: {leads}}}}}
    fields:
    - {{name: id, data_categories: [system], fides_meta: {{primary_key: true}}}}
    - {{name: email, data_categories: [user.contact.email], fides_meta: {{identity: email}}, upheld: {{erase: pseudonym}}}}
    - {{name: name, data_categories: [user.name]}}
    - {{name: seen_at, data_categories: [system]}}
  - name: visits{file}
    upheld: {{title: Visits, retain: {{max: 7 years, from: seen_at{visits}}}}}
    fields:
    - {{name: id, data_categories: [system], fides_meta: {{primary_key: true}}}}
    - {{name: plan, data_categories: [system]}}
    - {{name: seen_at, data_categories: [system]}}
{days}"
    )
}

const NEWS_MAP: &str = "
system: {title: News}
dataset:
- fides_key: news
  collections:
  - name: subscribers
    upheld: {title: Subscribers, erase: delete}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name]}
    - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
";

impl Desk {
    /// Makes the house, its systems and its maps.
    pub fn new(name: &str, product: Product, people: u32) -> Self {
        let house = House::new(&format!("{name}-{product:?}").to_lowercase());
        std::fs::create_dir(house.beside(USER)).unwrap();
        let begin = PathBuf::from(house.beside("begin"));
        let url = match product {
            Product::Sqlite => "sqlite:desk.db".to_owned(),
            Product::Files => "files:desk".to_owned(),
            Product::Postgres => testkit::postgres().fresh_database(name),
            Product::MariaDb => testkit::mariadb().fresh_database(name),
        };
        let desk = Self { house, product, people, url, begin };
        let folder = &desk.house.folder;
        testkit::sqlite::execute(&folder.join("news.db"), &news_sql(people));
        match product {
            Product::Sqlite => {
                testkit::sqlite::execute(&folder.join("desk.db"), &tables_sql(people, product));
            }
            Product::Files => {
                std::fs::create_dir(folder.join("desk")).unwrap();
                for table in desk_tables(people, product) {
                    let file = folder.join("desk").join(format!("{}.csv", table.name));
                    std::fs::write(file, csv(&table)).unwrap();
                }
            }
            Product::Postgres | Product::MariaDb => desk.sql(&tables_sql(people, product)),
        }
        desk.house.must(0, &["connect", "desk", &desk.url, "--yes"]);
        desk.house.must(0, &["connect", "news", "sqlite:news.db", "--yes"]);
        std::fs::write(folder.join("systems/desk.yaml"), desk_map(product)).unwrap();
        std::fs::write(folder.join("systems/news.yaml"), NEWS_MAP).unwrap();
        desk.house.must(0, &["check"]);
        // The state is made before anything is told of it.
        desk.house.must(0, &["request", "list"]);
        desk.keep_as_begin();
        desk
    }

    /// What the house is now is what [`Self::reset`] brings back (of databases on servers: what they
    /// were when they were made).
    pub fn keep_as_begin(&self) {
        drop(std::fs::remove_dir_all(&self.begin));
        copy(&self.house.folder, &self.begin.join("house"));
        copy(Path::new(&self.house.beside(USER)), &self.begin.join(USER));
    }

    /// Everything as it was in the beginning.
    pub fn reset(&self) {
        drop(std::fs::remove_dir_all(&self.house.folder));
        copy(&self.begin.join("house"), &self.house.folder);
        // What was kept elsewhere would tell that an older copy was put back.
        drop(std::fs::remove_dir_all(self.house.beside(USER)));
        copy(&self.begin.join(USER), Path::new(&self.house.beside(USER)));
        drop(std::fs::remove_dir_all(self.out("")));
        std::fs::create_dir_all(self.out("")).unwrap();
        if matches!(self.product, Product::Postgres | Product::MariaDb) {
            self.sql(&tables_sql(self.people, self.product));
        }
    }

    /// A file in the folder for what is handed out.
    pub fn out(&self, name: &str) -> String {
        self.house.beside(&format!("out/{name}"))
    }

    /// What lies in that folder, hidden files too.
    pub fn handed_out(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.out("")).unwrap().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn sql(&self, sql: &str) {
        match self.product {
            Product::Postgres => {
                // What a killed process held is let go a moment later.
                let patient =
                    format!("SET client_min_messages = warning; SET lock_timeout = '20s'; {sql}");
                testkit::postgres().execute(&self.url, &patient);
            }
            _ => drop(testkit::mariadb().execute(&self.url, sql)),
        }
    }

    /// All that is in both systems. Pseudonyms are other ones in every request: they read as one word.
    pub fn content(&self) -> Content {
        let mut content = Content::new();
        let folder = &self.house.folder;
        read_sqlite(&folder.join("news.db"), "news", &mut content);
        match self.product {
            Product::Sqlite => read_sqlite(&folder.join("desk.db"), "desk", &mut content),
            Product::Files => {
                for entry in std::fs::read_dir(folder.join("desk")).unwrap().flatten() {
                    let file = entry.file_name().to_string_lossy().into_owned();
                    let text = std::fs::read_to_string(entry.path()).unwrap();
                    for line in text.lines() {
                        let id = line.split(',').next().unwrap_or_default();
                        content.insert(format!("desk.{file}:{id:0>5}"), line.to_owned());
                    }
                }
            }
            Product::Postgres => {
                let dump = super::dump::Dump::postgres(&self.url);
                read_dump(&dump, &mut content);
            }
            Product::MariaDb => {
                let dump = super::dump::Dump::mariadb(&self.url);
                read_dump(&dump, &mut content);
            }
        }
        for value in content.values_mut() {
            *value = without_pseudonyms(value);
        }
        content
    }

    /// The rows of one of our own tables.
    pub fn own(&self, sql: &str) -> Vec<testkit::sqlite::Fields> {
        testkit::sqlite::rows(&self.house.folder.join(".upheld/upheld.db"), sql)
    }

    /// Every event, as its kind and what it is about where that is a system.
    pub fn events(&self) -> Vec<String> {
        let rows = self.own("SELECT kind, body FROM events ORDER BY seq");
        let told = |fields: testkit::sqlite::Fields| {
            let kind = String::from_utf8(fields[0].1.clone()).unwrap();
            let body: serde_json::Value = fields
                .get(1)
                .map(|body| serde_json::from_slice(&body.1).unwrap())
                .unwrap_or_default();
            match body["about"]["system"].as_str() {
                Some(system) => format!("{kind} ({system})"),
                None => kind,
            }
        };
        rows.into_iter().map(told).collect()
    }

    /// Where every request stands: number, kind, status.
    pub fn requests(&self) -> Vec<(String, String, String)> {
        let text = |fields: &testkit::sqlite::Fields, at: usize| {
            String::from_utf8(fields[at].1.clone()).unwrap()
        };
        // Killed at its very first start it has no tables yet.
        if self.own("SELECT name FROM sqlite_schema WHERE name = 'cases'").is_empty() {
            return Vec::new();
        }
        let rows = self.own("SELECT id, kind, status FROM cases ORDER BY opened_at, id");
        rows.iter().map(|row| (text(row, 0), text(row, 1), text(row, 2))).collect()
    }
}

fn read_sqlite(path: &Path, system: &str, content: &mut Content) {
    for (table, fields) in testkit::sqlite::all(path) {
        let id = fields.iter().find(|(name, _)| name == "id").map(|(_, id)| id.clone());
        let id = String::from_utf8(id.unwrap_or_default()).unwrap();
        content.insert(format!("{system}.{table}:{id:0>5}"), shown(fields));
    }
}

fn read_dump(dump: &super::dump::Dump, content: &mut Content) {
    for ((table, key), row) in &dump.0 {
        // A partition is read as part of its table.
        if table.starts_with("days_") {
            continue;
        }
        let fields = row.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        content.insert(format!("desk.{table}:{key:0>5}"), shown(fields));
    }
}

fn shown(fields: testkit::sqlite::Fields) -> String {
    let mut cells: Vec<String> = fields
        .into_iter()
        .map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(&value)))
        .collect();
    cells.sort();
    cells.join("|")
}

/// `erased-0123456789abcdef` as `erased-*`.
pub fn without_pseudonyms(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("erased-") {
        let digits = after.chars().take_while(char::is_ascii_hexdigit).count();
        out = out + before + "erased-*";
        rest = &after[digits..];
    }
    out + rest
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    let mode = std::fs::metadata(from).unwrap().permissions().mode() & 0o777;
    std::fs::DirBuilder::new().recursive(true).mode(mode).create(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
