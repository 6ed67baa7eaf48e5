//! Throwaway servers for tests: the real PostgreSQL and MariaDB of the machine, each in a temporary
//! folder, on a free port of loopback, gone when the test process is gone.
//!
//! A test asks for [`postgres`] or [`mariadb`] and takes a fresh database of its own. The server is
//! shared: by all tests of a process, and by all processes of a run when the run is wrapped in
//! `testkit with-servers -- COMMAND`, which puts the addresses into `UPHELD_TEST_POSTGRES` and
//! `UPHELD_TEST_MARIADB`. A test that pulls the plug starts a server for itself with
//! [`Postgres::start`] or [`MariaDb::start`].
//!
//! [`mail`] has a mail server that keeps what it takes, and a mailbox; [`browser`] is a real Chromium and
//! [`http`] a client that sends what it is told; [`proxy`] is a wire between a client and such a server that
//! fails where a test says; [`sqlite`] reads and writes SQLite files.
//!
//! What is deliberately not here: containers, a pool of ready servers, anything a shipped crate
//! could need. And nothing is left behind: a small shell holds the server and reads a pipe from the
//! test process; when the pipe closes, however the process ended, it kills the server and removes
//! its folder.
//!
//! ```no_run
//! let url = testkit::postgres().fresh_database("tickets");
//! testkit::postgres().execute(&url, "CREATE TABLE ticket (id int PRIMARY KEY)");
//! assert!(url.starts_with("postgres://"));
//! ```
#![expect(clippy::panic, reason = "a test that cannot have its server must fail, and say why")]

pub mod browser;
pub mod disk;
pub mod http;
mod keeper;
pub mod mail;
mod mariadb;
mod postgres;
pub mod proxy;
pub mod sqlite;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

pub use mariadb::{MariaDb, mariadb};
pub use postgres::{Postgres, postgres};

/// The variable that holds the address of a PostgreSQL server that is running already.
pub const POSTGRES: &str = "UPHELD_TEST_POSTGRES";
/// The variable that holds the address of a MariaDB server that is running already.
pub const MARIADB: &str = "UPHELD_TEST_MARIADB";

/// Fails with what to install if a server's programs are missing.
pub fn require() {
    for (program, package) in [("initdb", "postgresql"), ("mariadbd", "mariadb-server")] {
        program_path(program, package);
    }
}

/// Where a program lives; Debian keeps PostgreSQL's beside its version.
fn program_path(program: &str, package: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> =
        variable("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    folders.extend(["/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/libexec"].map(PathBuf::from));
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    let found = folders.into_iter().map(|folder| folder.join(program)).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("`{program}` is not installed: run scripts/test-servers.sh, or install the package `{package}`")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings file: the wrapper hands the servers over in the environment"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether this process may become another user, which the servers ask for.
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// A port that nobody listens on now.
fn free_port() -> u16 {
    let bound =
        std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    bound.map_or_else(|error| panic!("no free port on loopback: {error}"), |address| address.port())
}

/// A database name that no other test uses.
fn fresh_name(name: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let plain: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(24).collect();
    format!("{}_{}_{count}", plain.to_ascii_lowercase(), std::process::id())
}

/// Runs a program to its end, giving it `input`; fails with what it complained of.
fn run(command: &mut Command, input: &str) -> String {
    let shown = format!("{command:?}");
    let fail = |why: String| -> ! { panic!("{shown}: {why}") };
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| fail(error.to_string()));
    let pipe = child.stdin.take();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        use std::io::Write as _;
        // A program that stops early says so itself.
        pipe.map(|mut pipe| pipe.write_all(input.as_bytes()))
    });
    let output = child.wait_with_output().unwrap_or_else(|error| fail(error.to_string()));
    let _ = writer.join();
    if !output.status.success() {
        fail(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_ends_with_its_keeper_and_leaves_no_folder() {
        let server = Postgres::start();
        let folder = server.folder().unwrap().to_path_buf();
        assert!(folder.exists());
        drop(server);
        assert!(!folder.exists());
    }

    #[test]
    fn both_servers_hand_out_separate_databases_and_survive_a_pulled_plug() {
        let (one, two) = (postgres().fresh_database("a"), postgres().fresh_database("a"));
        assert_ne!(one, two);
        postgres().execute(&one, "CREATE TABLE t (id int)");
        postgres().execute(&two, "CREATE TABLE t (id int)");
        let own = MariaDb::start();
        let url = own.fresh_database("a");
        own.execute(
            &url,
            "CREATE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB; INSERT INTO t VALUES (7)",
        );
        own.kill9();
        own.restart();
        assert_eq!(own.execute(&url, "SELECT id FROM t").trim(), "7");
    }
}
