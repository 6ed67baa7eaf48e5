//! MariaDB.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::keeper::{Keeper, await_ready, command, quarters};
use crate::{MARIADB, free_port, fresh_name, program_path, run, variable};

/// A throwaway MariaDB server. Its account `root` needs no password; the account `guarded` has the
/// password `guarded`.
pub struct MariaDb {
    port: String,
    keeper: Option<Keeper>,
}

/// The server that all tests share.
pub fn mariadb() -> &'static MariaDb {
    static SHARED: OnceLock<MariaDb> = OnceLock::new();
    SHARED.get_or_init(|| match variable(MARIADB) {
        Some(url) => {
            let port = url.trim_end_matches("/mysql").rsplit(':').next().unwrap_or_default();
            MariaDb { port: port.to_owned(), keeper: None }
        }
        None => MariaDb::start(),
    })
}

impl MariaDb {
    /// A server of one's own, to be stopped and killed at will.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with options of one's own (`--innodb-flush-log-at-trx-commit=1`), which come after
    /// those for tests.
    pub fn start_with(options: &[&str]) -> Self {
        let (folder, as_user) = quarters("upheld-my-", "mysql");
        let words = |program: &str, arguments: &[&str]| -> Vec<String> {
            let path = program_path(program, "mariadb-server").to_string_lossy().into_owned();
            let arguments = arguments.iter().map(|word| (*word).to_owned());
            as_user.iter().cloned().chain([path]).chain(arguments).collect()
        };
        let data = format!("--datadir={}/data", folder.display());
        let init = [
            "--no-defaults",
            &data,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-flush-method=nosync",
            "--innodb-log-file-size=16M",
        ];
        run(&mut command(&words("mariadb-install-db", &init)), "");
        let port = free_port().to_string();
        let (socket, pid) = (
            format!("--socket={}/s", folder.display()),
            format!("--pid-file={}/pid", folder.display()),
        );
        let listen = format!("--port={port}");
        let mut serve = vec![
            "--no-defaults",
            &data,
            &socket,
            &pid,
            &listen,
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-flush-method=nosync",
            "--innodb-log-file-size=16M",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_general_ci",
            "--innodb-buffer-pool-size=128M",
            "--max-allowed-packet=64M",
        ];
        serve.extend(options);
        let keeper = Keeper::start(folder, ["TERM", "KILL"], &words("mariadbd", &serve));
        let server = Self { port, keeper: Some(keeper) };
        server.await_ready();
        server.execute(&server.url(), "CREATE USER guarded@'127.0.0.1' IDENTIFIED BY 'guarded'");
        server
    }

    fn await_ready(&self) {
        let ready = || {
            let mut ask = client(&self.url());
            ask.args(["-e", "SELECT 1"]).stdout(Stdio::null()).stderr(Stdio::null());
            ask.status().is_ok_and(|status| status.success())
        };
        await_ready(ready, || self.keeper.as_ref().map(Keeper::log).unwrap_or_default());
    }

    /// The address of the server's own database.
    pub fn url(&self) -> String {
        format!("mariadb://root@127.0.0.1:{}/mysql", self.port)
    }

    /// The server's temporary folder; `None` for a server that somebody else runs.
    pub fn folder(&self) -> Option<&Path> {
        self.keeper.as_ref().map(Keeper::folder)
    }

    /// The address of a new, empty database.
    pub fn fresh_database(&self, name: &str) -> String {
        let name = fresh_name(name);
        self.execute(&self.url(), &format!("CREATE DATABASE {name}"));
        format!("mariadb://root@127.0.0.1:{}/{name}", self.port)
    }

    /// The same database by way of the server's local socket: no network, no waiting for
    /// acknowledgements.
    pub fn by_socket(&self, url: &str) -> String {
        let socket = self.execute(&self.url(), "SELECT @@socket");
        let (_, database) = url.rsplit_once('/').unwrap_or(("", url));
        format!("mariadb://root@localhost/{database}?socket={}", socket.trim())
    }

    /// Runs SQL by way of the `mariadb` client and returns what it prints, values only.
    pub fn execute(&self, url: &str, sql: &str) -> String {
        run(&mut client(url), sql)
    }

    /// The address of a new database that holds this dump, made by `mariadb-dump` or `mysqldump`.
    pub fn restore(&self, dump: &Path) -> String {
        let url = self.fresh_database("restored");
        let sql = std::fs::read(dump).unwrap_or_else(|error| panic!("{}: {error}", dump.display()));
        self.execute(&url, &String::from_utf8_lossy(&sql));
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
            .unwrap_or_else(|| panic!("this server is shared: use MariaDb::start()"))
            .order(order);
    }
}

/// The command-line client, at the place and the database of this address.
fn client(url: &str) -> Command {
    let (url, socket) = url.split_once("?socket=").unwrap_or((url, ""));
    let (server, database) = url.rsplit_once('/').unwrap_or((url, ""));
    let mut client = Command::new(program_path("mariadb", "mariadb-client"));
    client.args(["--no-defaults", "-u", "root", "--default-character-set=utf8mb4", "-N", "-B"]);
    if socket.is_empty() {
        let port = server.rsplit(':').next().unwrap_or_default();
        client.args(["--protocol=tcp", "-h", "127.0.0.1", "-P", port]);
    } else {
        client.args(["--protocol=socket", "--socket", socket]);
    }
    client.arg(database);
    client
}
