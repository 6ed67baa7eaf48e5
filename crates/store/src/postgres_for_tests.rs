//! A throwaway PostgreSQL on loopback, for the suite.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub(crate) struct Postgres {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts a server in a temporary folder; dropping it stops the server.
    pub(crate) fn start() -> Self {
        let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
            .expect("the suite needs PostgreSQL: install the package `postgresql`")
            .map(|entry| entry.unwrap().path().join("bin"))
            .collect();
        versions.sort();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let server = Self { folder, bin: versions.pop().unwrap(), port };
        if is_root() {
            assert!(
                command("chown", &["postgres".into(), server.path("")]).status().unwrap().success()
            );
        }
        server.run(
            "initdb",
            &[
                "-D".into(),
                server.path("data"),
                "-A".into(),
                "trust".into(),
                "-U".into(),
                "upheld".into(),
                "-N".into(),
            ],
        );
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=60"
        );
        server.run(
            "pg_ctl",
            &[
                "-D".into(),
                server.path("data"),
                "-l".into(),
                server.path("log"),
                "-w".into(),
                "-o".into(),
                options,
                "start".into(),
            ],
        );
        server
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://upheld:hunter2@127.0.0.1:{}/{database}", self.port)
    }

    /// A fresh database; its address.
    pub(crate) fn database(&self, name: &str) -> String {
        self.run(
            "createdb",
            &[
                "-h".into(),
                "127.0.0.1".into(),
                "-p".into(),
                self.port.to_string(),
                "-U".into(),
                "upheld".into(),
                name.into(),
            ],
        );
        self.url(name)
    }

    fn path(&self, inside: &str) -> String {
        self.folder.path().join(inside).display().to_string()
    }

    fn run(&self, program: &str, arguments: &[String]) {
        let program = self.bin.join(program).display().to_string();
        // PostgreSQL refuses to run as root.
        let mut command = if is_root() {
            let mut all: Vec<String> = vec!["-u".into(), "postgres".into(), "--".into(), program];
            all.extend_from_slice(arguments);
            command("runuser", &all)
        } else {
            command(&program, arguments)
        };
        assert!(command.status().unwrap().success(), "{command:?}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run(
            "pg_ctl",
            &["-D".into(), self.path("data"), "-m".into(), "immediate".into(), "stop".into()],
        );
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

fn command(program: &str, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}
