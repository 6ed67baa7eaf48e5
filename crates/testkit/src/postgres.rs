//! PostgreSQL.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::keeper::{Keeper, await_ready, command, quarters};
use crate::{POSTGRES, free_port, fresh_name, program_path, run, variable};

/// A throwaway PostgreSQL server. Its account `postgres` needs no password; the account `guarded`
/// has the password `guarded`.
pub struct Postgres {
    base: String,
    keeper: Option<Keeper>,
}

/// The server that all tests share.
pub fn postgres() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(|| match variable(POSTGRES) {
        Some(url) => Postgres { base: url.trim_end_matches("/postgres").to_owned(), keeper: None },
        None => Postgres::start(),
    })
}

impl Postgres {
    /// A server of one's own, to be stopped and killed at will.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with settings of one's own (`fsync=on`), which come after those for tests.
    pub fn start_with(settings: &[&str]) -> Self {
        let (folder, as_user) = quarters("upheld-pg-", "postgres");
        let data = folder.join("data").to_string_lossy().into_owned();
        let words = |program: &str, arguments: &[&str]| -> Vec<String> {
            let path = program_path(program, "postgresql").to_string_lossy().into_owned();
            let arguments = arguments.iter().map(|word| (*word).to_owned());
            as_user.iter().cloned().chain([path]).chain(arguments).collect()
        };
        let init =
            ["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"];
        run(&mut command(&words("initdb", &init)), "");
        let access =
            "host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n";
        std::fs::write(folder.join("data/pg_hba.conf"), access)
            .unwrap_or_else(|error| panic!("pg_hba.conf cannot be written: {error}"));
        let port = free_port().to_string();
        let sockets = format!("unix_socket_directories={}", folder.display());
        let mut serve = vec![
            "-D",
            &data,
            "-p",
            &port,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            &sockets,
            "-c",
            "fsync=off",
            "-c",
            "full_page_writes=off",
            "-c",
            "max_connections=200",
            "-c",
            "shared_buffers=64MB",
            "-c",
            "autovacuum=off",
        ];
        serve.extend(settings.iter().flat_map(|setting| ["-c", *setting]));
        let keeper = Keeper::start(folder, ["INT", "QUIT"], &words("postgres", &serve));
        let server =
            Self { base: format!("postgres://postgres@127.0.0.1:{port}"), keeper: Some(keeper) };
        server.await_ready();
        server.execute(&server.url(), "CREATE ROLE guarded LOGIN PASSWORD 'guarded'");
        server
    }

    fn await_ready(&self) {
        let url = self.url();
        let ready = || {
            let mut ask = Command::new(program_path("psql", "postgresql-client"));
            ask.args(["-X", "-q", "-d", &url, "-c", "SELECT 1"]);
            ask.stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        };
        await_ready(ready, || self.keeper.as_ref().map(Keeper::log).unwrap_or_default());
    }

    /// The address of the maintenance database.
    pub fn url(&self) -> String {
        format!("{}/postgres", self.base)
    }

    /// The server's temporary folder; `None` for a server that somebody else runs.
    pub fn folder(&self) -> Option<&Path> {
        self.keeper.as_ref().map(Keeper::folder)
    }

    /// The address of a new, empty database.
    pub fn fresh_database(&self, name: &str) -> String {
        let name = fresh_name(name);
        self.execute(&self.url(), &format!("CREATE DATABASE {name}"));
        format!("{}/{name}", self.base)
    }

    /// Runs SQL by way of `psql` and returns what it prints, values only.
    pub fn execute(&self, url: &str, sql: &str) -> String {
        let mut psql = Command::new(program_path("psql", "postgresql-client"));
        run(psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"]), sql)
    }

    /// The address of a new database that holds this dump, made by `pg_dump` in any of its formats.
    pub fn restore(&self, dump: &Path) -> String {
        let url = self.fresh_database("restored");
        let head =
            std::fs::read(dump).unwrap_or_else(|error| panic!("{}: {error}", dump.display()));
        if head.starts_with(b"PGDMP") {
            let mut restore = Command::new(program_path("pg_restore", "postgresql-client"));
            run(
                restore
                    .args(["--no-owner", "--no-privileges", "--exit-on-error", "-d", &url])
                    .arg(dump),
                "",
            );
        } else {
            self.execute(&url, &String::from_utf8_lossy(&head));
        }
        url
    }

    /// Stops the server as an administrator would.
    pub fn stop(&self) {
        self.order("stop");
    }

    /// Pulls the plug.
    pub fn kill9(&self) {
        self.order("kill9");
    }

    /// Starts the stopped or killed server again, on the same port and the same files.
    pub fn restart(&self) {
        self.order("begin");
        self.await_ready();
    }

    fn order(&self, order: &str) {
        let keeper = self.keeper.as_ref();
        keeper
            .unwrap_or_else(|| panic!("this server is shared: use Postgres::start()"))
            .order(order);
    }
}
