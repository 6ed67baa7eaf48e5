//! The conformance kit on real servers.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::any::Any;
use std::sync::OnceLock;

use async_trait::async_trait;
use connect::conformance::{Fixture, Made, RecordFixture, run, run_records};
use model::{Product, TableName, Value};
use sqlx::{AssertSqlSafe, Connection, Executor};

struct OnPostgres(OnceLock<testkit::Postgres>);
struct OnMariaDb(OnceLock<testkit::MariaDb>);
struct OnSqlite(tempfile::TempDir);

#[async_trait]
impl Fixture for OnPostgres {
    fn product(&self) -> Product {
        Product::PostgreSql
    }

    async fn fresh(&self) -> String {
        testkit::postgres().fresh_database("kit")
    }

    async fn execute(&self, address: &str, sql: &str) {
        testkit::postgres().execute(address, sql);
    }

    async fn hold(&self, address: &str, sql: &str) -> Box<dyn Any + Send> {
        let mut link = sqlx::PgConnection::connect(address).await.unwrap();
        link.execute(AssertSqlSafe(format!("BEGIN; {sql}"))).await.unwrap();
        Box::new(link)
    }

    async fn fresh_to_kill(&self) -> Option<String> {
        Some(self.0.get_or_init(testkit::Postgres::start).fresh_database("kill"))
    }

    async fn kill_and_restart(&self) {
        let server = self.0.get().unwrap();
        server.kill9();
        server.restart();
    }
}

#[async_trait]
impl Fixture for OnMariaDb {
    fn product(&self) -> Product {
        Product::MariaDb
    }

    async fn fresh(&self) -> String {
        let server = testkit::mariadb();
        server.by_socket(&server.fresh_database("kit"))
    }

    async fn execute(&self, address: &str, sql: &str) {
        testkit::mariadb().execute(address, sql);
    }

    async fn hold(&self, address: &str, sql: &str) -> Box<dyn Any + Send> {
        let mut link = sqlx::MySqlConnection::connect(address).await.unwrap();
        link.execute(AssertSqlSafe(format!("BEGIN; {sql}"))).await.unwrap();
        Box::new(link)
    }

    async fn fresh_to_kill(&self) -> Option<String> {
        Some(self.0.get_or_init(testkit::MariaDb::start).fresh_database("kill"))
    }

    async fn kill_and_restart(&self) {
        let server = self.0.get().unwrap();
        server.kill9();
        server.restart();
    }
}

#[async_trait]
impl Fixture for OnSqlite {
    fn product(&self) -> Product {
        Product::Sqlite
    }

    async fn fresh(&self) -> String {
        let (_, path) =
            tempfile::Builder::new().suffix(".db").tempfile_in(&self.0).unwrap().keep().unwrap();
        format!("sqlite:{}", path.display())
    }

    async fn execute(&self, address: &str, sql: &str) {
        let mut link = sqlx::SqliteConnection::connect(address).await.unwrap();
        link.execute(AssertSqlSafe(format!("PRAGMA journal_mode = WAL; {sql}"))).await.unwrap();
        link.close().await.unwrap();
    }

    async fn hold(&self, address: &str, sql: &str) -> Box<dyn Any + Send> {
        let mut link = sqlx::SqliteConnection::connect(address).await.unwrap();
        link.execute(AssertSqlSafe(format!("BEGIN IMMEDIATE; {sql}"))).await.unwrap();
        Box::new(link)
    }

    async fn fresh_to_kill(&self) -> Option<String> {
        None
    }

    async fn kill_and_restart(&self) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_passes_the_kit() {
    let report = run(&OnPostgres(OnceLock::new())).await;
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_passes_the_kit() {
    let report = run(&OnMariaDb(OnceLock::new())).await;
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_passes_the_kit() {
    let report = run(&OnSqlite(tempfile::tempdir().unwrap())).await;
    assert!(report.is_clean(), "{report}");
}

/// Tables of given rows, made with SQL.
struct Given<'f>(&'f dyn Fixture);

#[async_trait]
impl RecordFixture for Given<'_> {
    async fn fresh(&self, tables: &[Made]) -> String {
        let mysql = self.0.product() == Product::MariaDb;
        let name = |text: &str| match mysql {
            true => format!("`{}`", text.replace('`', "``")),
            false => format!("\"{}\"", text.replace('"', "\"\"")),
        };
        let collation = if mysql { " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" } else { "" };
        let literal = |value: &Value| match value.as_text() {
            Some(text) => format!("'{}'", text.replace('\'', "''")),
            None => "NULL".to_owned(),
        };
        let mut sql = String::new();
        for table in tables {
            let columns = table.columns.iter().enumerate().map(|(index, column)| match index {
                0 => format!("{} varchar(200){collation} PRIMARY KEY", name(column)),
                _ if mysql => format!("{} longtext{collation}", name(column)),
                _ => format!("{} text", name(column)),
            });
            let columns: Vec<String> = columns.collect();
            sql.push_str(&format!("CREATE TABLE {} ({});", name(&table.name), columns.join(", ")));
            for rows in table.rows.chunks(500) {
                let row = |row: &Vec<Value>| {
                    format!("({})", row.iter().map(literal).collect::<Vec<_>>().join(", "))
                };
                let rows: Vec<String> = rows.iter().map(row).collect();
                let to = name(&table.name);
                sql.push_str(&format!("INSERT INTO {to} VALUES {};", rows.join(", ")));
            }
        }
        let address = self.0.fresh().await;
        self.0.execute(&address, &sql).await;
        address
    }

    fn table(&self, name: &str) -> TableName {
        let schema = if self.0.product() == Product::PostgreSql { "public" } else { "" };
        TableName::new(schema, name)
    }

    fn takes_name(&self, name: &str) -> bool {
        // `User` and `uSeR` are one name to a database that folds letters.
        // MySQL and MariaDB take none that ends in a space.
        !name.is_empty() && name != "uSeR" && !name.ends_with(' ')
    }
}

/// Tables of given rows, as files of one kind.
struct OnFiles {
    root: tempfile::TempDir,
    ending: &'static str,
    delimiter: char,
}

impl OnFiles {
    fn new(ending: &'static str, delimiter: char) -> Self {
        Self { root: tempfile::tempdir().unwrap(), ending, delimiter }
    }

    fn written(&self, table: &Made) -> String {
        let mut text = String::new();
        if self.ending.starts_with("jsonl") {
            for row in &table.rows {
                let member = |(column, value): (&String, &Value)| {
                    let key = serde_json::to_string(column).unwrap();
                    let value = value
                        .as_text()
                        .map_or("null".to_owned(), |text| serde_json::to_string(text).unwrap());
                    format!("{key}:{value}")
                };
                let members: Vec<String> = table.columns.iter().zip(row).map(member).collect();
                text.push_str(&format!("{{{}}}\n", members.join(",")));
            }
            return text;
        }
        let field = |value: Option<&str>| match value {
            None => String::new(),
            Some(text) if text.contains([self.delimiter, '"', '\n', '\r']) || text.is_empty() => {
                format!("\"{}\"", text.replace('"', "\"\""))
            }
            Some(text) => text.to_owned(),
        };
        let separator = self.delimiter.to_string();
        let head: Vec<String> = table.columns.iter().map(|column| field(Some(column))).collect();
        text.push_str(&format!("{}\r\n", head.join(&separator)));
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(|value| field(value.as_text())).collect();
            text.push_str(&format!("{}\r\n", cells.join(&separator)));
        }
        text
    }
}

#[async_trait]
impl RecordFixture for OnFiles {
    async fn fresh(&self, tables: &[Made]) -> String {
        let folder = tempfile::tempdir_in(&self.root).unwrap().keep();
        for table in tables {
            let text = self.written(table).into_bytes();
            let bytes = if self.ending.ends_with(".gz") {
                let level = flate2::Compression::fast();
                let mut out = flate2::write::GzEncoder::new(Vec::new(), level);
                std::io::Write::write_all(&mut out, &text).unwrap();
                out.finish().unwrap()
            } else {
                text
            };
            std::fs::write(folder.join(format!("{}.{}", table.name, self.ending)), bytes).unwrap();
        }
        format!("files:{}", folder.display())
    }

    fn table(&self, name: &str) -> TableName {
        TableName::new("", format!("{name}.{}", self.ending.trim_end_matches(".gz")))
    }

    fn takes_name(&self, name: &str) -> bool {
        // A first line in which anything does not look like a name is a record, not a header; and
        // the white space around a name is not part of it.
        self.ending.starts_with("jsonl")
            || name.trim() == name
                && name.chars().any(char::is_alphabetic)
                && !name.contains(['@', '\n', '{', '<'])
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_pass_the_kit() {
    let mut failed = Vec::new();
    for (ending, delimiter) in [
        ("csv", ','),
        ("csv", ';'),
        ("tsv", '\t'),
        ("csv.gz", ','),
        ("jsonl", ','),
        ("jsonl.gz", ','),
    ] {
        let report = run_records(&OnFiles::new(ending, delimiter)).await;
        if !report.is_clean() {
            failed.push(format!("{ending} {delimiter}: {report}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn databases_pass_the_kit_for_records() {
    let mut failed = Vec::new();
    let sqlite = OnSqlite(tempfile::tempdir().unwrap());
    let fixtures: [&dyn Fixture; 3] =
        [&OnPostgres(OnceLock::new()), &OnMariaDb(OnceLock::new()), &sqlite];
    for fixture in fixtures {
        let report = run_records(&Given(fixture)).await;
        if !report.is_clean() {
            failed.push(format!("{}: {report}", fixture.product().title()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
