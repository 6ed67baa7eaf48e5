//! The conformance kit on real servers.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::any::Any;
use std::sync::OnceLock;

use async_trait::async_trait;
use connect::conformance::{Fixture, run};
use model::Product;
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
