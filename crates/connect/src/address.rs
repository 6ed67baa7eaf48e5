//! Where a system is and who signs in there.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::path::{Path, PathBuf};

use model::Secret;
use url::Url;

use crate::{Error, Result};

/// The address of a database or of a folder of files, as a person writes it. The password can be taken out and put back,
/// so that the address is kept in a file and the password in the vault; neither `Display` nor
/// `Debug` shows it.
///
/// ```
/// use connect::Address;
/// let mut address = Address::parse("postgres://rt:hunter2@db.example:5432/rt?sslmode=require")?;
/// let password = address.take_password();
/// assert_eq!(password.map(|p| p.expose_secret().clone()), Some("hunter2".to_owned()));
/// assert_eq!(address.to_string(), "postgres://rt@db.example:5432/rt?sslmode=require");
/// # Ok::<(), connect::Error>(())
/// ```
#[derive(Clone)]
pub struct Address {
    pub(crate) place: Place,
    pub(crate) password: Option<Secret<String>>,
}

#[derive(Clone)]
pub(crate) enum Place {
    Server(Server),
    File {
        path: PathBuf,
        read_only: bool,
    },
    /// A folder of files, and which of them: all where no pattern is given.
    Folder {
        path: PathBuf,
        patterns: Vec<String>,
    },
}

/// A server product by its URL scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Postgres,
    MySql,
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) family: Family,
    pub(crate) scheme: String,
    pub(crate) user: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) options: BTreeMap<String, String>,
}

const POSTGRES_OPTIONS: &[&str] = &["sslmode", "sslrootcert", "sslcert", "sslkey", "host"];
const MYSQL_OPTIONS: &[&str] = &["ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket"];

impl Address {
    /// Reads `postgres://`, `postgresql://`, `mysql://`, `mariadb://`, `sqlite:` and `files:`
    /// addresses. `files:exports?pattern=logs/*.log.gz&pattern=**/*.csv` is a folder and which of
    /// its files are meant.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(rest) = text.strip_prefix("files:") {
            return folder(rest);
        }
        if let Some(path) = text.strip_prefix("sqlite:") {
            return file(path);
        }
        // Not the parser's own words: they may quote a password.
        let url = Url::parse(text).map_err(|_| {
            unusable("write it as postgres://USER@HOST/DATABASE, mysql://USER@HOST/DATABASE, sqlite:PATH or files:FOLDER")
        })?;
        let (family, port, known) = match url.scheme() {
            "postgres" | "postgresql" => (Family::Postgres, 5432, POSTGRES_OPTIONS),
            "mysql" | "mariadb" => (Family::MySql, 3306, MYSQL_OPTIONS),
            other => {
                return Err(unusable(format!(
                    "`{other}:` is not known here: postgres, mysql, mariadb, sqlite and files are"
                )));
            }
        };
        let mut options = BTreeMap::new();
        for (key, value) in url.query_pairs() {
            let key =
                if family == Family::MySql && key == "sslmode" { "ssl-mode".into() } else { key };
            if !known.contains(&key.as_ref()) {
                return Err(unusable(format!(
                    "{} is not known: {} are",
                    said(&key),
                    known.join(", ")
                )));
            }
            options.insert(key.into_owned(), value.into_owned());
        }
        if options.get("host").is_some_and(|host| !host.starts_with('/')) {
            return Err(unusable("`host=` names the folder of a local socket and begins with `/`"));
        }
        let user = decoded(url.username());
        let database = decoded(url.path().trim_start_matches('/'));
        if user.is_empty() || database.is_empty() {
            let example = format!("{}://USER@HOST/DATABASE", url.scheme());
            return Err(unusable(format!("name the user and the database: {example}")));
        }
        let host = decoded(url.host_str().unwrap_or_default());
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let host = if host.is_empty() { "localhost".to_owned() } else { host };
        if !is_host(&host) {
            let example = format!("{}://USER@HOST/DATABASE", url.scheme());
            return Err(unusable(format!(
                "name the host as it is known to the network: {example}"
            )));
        }
        Ok(Self {
            password: url.password().map(|password| Secret::new(decoded(password))),
            place: Place::Server(Server {
                family,
                scheme: url.scheme().to_owned(),
                user,
                host,
                port: url.port().unwrap_or(port),
                database,
                options,
            }),
        })
    }

    /// Takes the password out, for the vault.
    pub const fn take_password(&mut self) -> Option<Secret<String>> {
        self.password.take()
    }

    /// Puts a password in.
    #[must_use]
    pub fn with_password(mut self, password: Secret<String>) -> Self {
        self.password = Some(password);
        self
    }

    /// The file or the folder of this machine that it names; none for a server.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File { path, .. } | Place::Folder { path, .. } => Some(path),
            Place::Server(_) => None,
        }
    }

    /// The address of a database on a server, out of its parts; nothing in them can be taken for
    /// another part. `kind` is `postgres`, `mysql` or `mariadb`; `checked` asks that the server shows a
    /// certificate for its name.
    ///
    /// # Errors
    /// What is wrong with a part.
    pub fn of_server(
        kind: &str,
        user: &str,
        host: &str,
        port: Option<u16>,
        database: &str,
        checked: bool,
    ) -> Result<Self> {
        let host = host.trim();
        if host.is_empty() || !is_host(host) {
            return Err(unusable("name the host as it is known to the network: `db.acme.example`"));
        }
        let host = if host.contains(':') { format!("[{host}]") } else { encoded(host) };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let option = match (checked, kind) {
            (false, _) => "",
            (true, "postgres") => "?sslmode=verify-full",
            (true, _) => "?ssl-mode=VERIFY_IDENTITY",
        };
        let (user, database) = (encoded(user.trim()), encoded(database.trim()));
        Self::parse(&format!("{kind}://{user}@{host}{port}/{database}{option}"))
    }

    /// The same address with a relative path (SQLite, files) resolved against `folder`.
    #[must_use]
    pub fn within(mut self, folder: &Path) -> Self {
        if let Place::File { path, .. } | Place::Folder { path, .. } = &mut self.place {
            *path = folder.join(&*path);
        }
        self
    }
}

impl Server {
    /// The folder or file of a local socket, if one is asked for.
    pub(crate) fn socket(&self) -> Option<&str> {
        self.options.get("host").or_else(|| self.options.get("socket")).map(String::as_str)
    }

    /// Whether the traffic stays on this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.socket().is_some()
            || self.host.starts_with('/')
            || self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The option's value.
    pub(crate) fn option(&self, key: &str) -> Option<&str> {
        self.options.get(key).map(String::as_str)
    }
}

/// A name, a number, or the folder of a local socket.
fn is_host(host: &str) -> bool {
    let strange =
        |c: char| c.is_control() || c.is_whitespace() || "/\\%@?#:[]<>^|\"`{}".contains(c);
    host.starts_with('/') || host.parse::<Ipv6Addr>().is_ok() || !host.contains(strange)
}

fn file(rest: &str) -> Result<Address> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, read_only) = match rest.strip_suffix("?mode=ro") {
        Some(path) => (path, true),
        None => (rest, false),
    };
    if path.is_empty() || path == ":memory:" {
        return Err(unusable("name a file: sqlite:PATH"));
    }
    let place = Place::File { path: PathBuf::from(path), read_only };
    Ok(Address { place, password: None })
}

fn folder(rest: &str) -> Result<Address> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = decoded(path);
    if path.is_empty() {
        return Err(unusable("name a folder: files:FOLDER"));
    }
    let mut patterns = Vec::new();
    for option in query.split('&').filter(|option| !option.is_empty()) {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        if key != "pattern" {
            return Err(unusable(format!("{} is not known: pattern is", said(key))));
        }
        let pattern = decoded(value);
        if pattern.is_empty() || pattern.starts_with('/') || pattern.split('/').any(|p| p == "..") {
            return Err(unusable(format!(
                "the pattern `{pattern}` must name files below the folder, like `logs/*.log`"
            )));
        }
        patterns.push(pattern);
    }
    Ok(Address { place: Place::Folder { path: PathBuf::from(path), patterns }, password: None })
}

/// Encodes what would end a path or a pattern.
fn folded(text: &str) -> String {
    let ends = |c: char| matches!(c, '%' | '?' | '&' | '#') || c.is_control();
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if ends(character) {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}

/// An option by its name, if it looks like one: a password with a `?` in it that was not encoded would
/// stand here too.
fn said(key: &str) -> String {
    let name =
        key.len() <= 30 && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if name { format!("the option `{key}`") } else { "an option".to_owned() }
}

fn unusable(why: impl Into<String>) -> Error {
    Error::Address(why.into())
}

/// Undoes percent encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let hex = |digit: Option<u8>| digit.and_then(|d| char::from(d).to_digit(16));
        let pair = (byte == b'%').then(|| Some((hex(ahead.next())?, hex(ahead.next())?))).flatten();
        match pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Encodes what would end the part of an address that it stands in.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File { path, read_only } => {
                write!(f, "sqlite:{}{}", path.display(), if *read_only { "?mode=ro" } else { "" })
            }
            Place::Folder { path, patterns } => {
                write!(f, "files:{}", folded(&path.display().to_string()))?;
                for (index, pattern) in patterns.iter().enumerate() {
                    // In a pattern `?` is one character: it ends nothing there.
                    let pattern = folded(pattern).replace("%3F", "?");
                    write!(f, "{}pattern={pattern}", if index == 0 { '?' } else { '&' })?;
                }
                Ok(())
            }
            Place::Server(server) => {
                let host = if server.host.contains(':') {
                    format!("[{}]", server.host)
                } else if server.host.starts_with('/') {
                    encoded(&server.host)
                } else {
                    server.host.clone()
                };
                let Server { scheme, port, .. } = server;
                let (user, database) = (encoded(&server.user), encoded(&server.database));
                write!(f, "{scheme}://{user}@{host}:{port}/{database}")?;
                for (index, (key, value)) in server.options.iter().enumerate() {
                    write!(f, "{}{key}={}", if index == 0 { '?' } else { '&' }, encoded(value))?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_address_stay_apart() {
        let made = |user: &str, host: &str, database: &str| {
            Address::of_server("postgres", user, host, Some(6432), database, true)
                .map(|address| address.to_string())
        };
        assert_eq!(
            made("rt@x:y/", "db.acme.example", "a?sslmode=disable"),
            Ok("postgres://rt%40x%3Ay%2F@db.acme.example:6432/a%3Fsslmode%3Ddisable?sslmode=verify-full".to_owned())
        );
        assert_eq!(
            made("u", "::1", "d"),
            Ok("postgres://u@[::1]:6432/d?sslmode=verify-full".to_owned())
        );
        for (user, host, database) in
            [("u", "a@b", "d"), ("u", "", "d"), ("", "h", "d"), ("u", "h", ""), ("u", "h/d2", "d")]
        {
            assert!(made(user, host, database).is_err(), "{user} {host} {database}");
        }
    }

    #[test]
    fn a_host_with_the_signs_of_an_address_in_it_is_refused() {
        for (host, good) in [
            ("db.acme.example", true),
            ("db_1", true),
            ("[::1]", true),
            ("%2Frun%2Fpg", true),
            ("db%2Fpg", false),
            ("db%40x", false),
            ("db%3A1", false),
            ("db%20x", false),
        ] {
            let read = Address::parse(&format!("postgres://u@{host}/d"));
            assert_eq!(read.is_ok(), good, "{host}");
            if let Ok(read) = read {
                let shown = read.to_string();
                assert_eq!(Address::parse(&shown).unwrap().to_string(), shown);
            }
        }
    }

    #[test]
    fn what_is_read_is_written_without_the_password() {
        for (text, shown) in [
            ("postgresql://a:p%40ss@db/x", "postgresql://a@db:5432/x"),
            (
                "mariadb://o%27brien:pw@[::1]:3307/it%20glue",
                "mariadb://o%27brien@[::1]:3307/it%20glue",
            ),
            ("mysql://u:secret@h/d?sslmode=REQUIRED", "mysql://u@h:3306/d?ssl-mode=REQUIRED"),
            (
                "postgres://u@localhost/d?host=/run/pg",
                "postgres://u@localhost:5432/d?host=%2Frun%2Fpg",
            ),
            ("files:/srv/export", "files:/srv/export"),
            (
                "files://exports?pattern=a%26b/*.log&pattern=**/?.csv",
                "files:exports?pattern=a%26b/*.log&pattern=**/?.csv",
            ),
            ("sqlite://data/x.db", "sqlite:data/x.db"),
            ("sqlite:///srv/x.db?mode=ro", "sqlite:/srv/x.db?mode=ro"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(Address::parse(shown).unwrap().to_string(), shown);
            assert_eq!(format!("{address:?}"), format!("Address({shown})"));
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_quoting_a_password() {
        for text in [
            "hunter2",
            "postgres://hunter2",
            "oracle://u:hunter2@h/d",
            "mysql://u:hunter2@h/d?x=1",
            "sqlite::memory:",
            "files:",
            "files:x?mode=ro",
            "files:x?pattern=../hunter",
            "postgres://u:hunter2@h/d?host=elsewhere.example",
            "://u:hunter2@",
            // A password that begins with digits and a `?`.
            "postgres://u:12?:hunter2@h/d",
            "files:x?u:hunter2@h",
        ] {
            let message = Address::parse(text).unwrap_err().to_string();
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn only_loopback_and_sockets_are_local() {
        for (text, local) in [
            ("postgres://u@localhost/d", true),
            ("postgres://u@127.0.0.7/d", true),
            ("mysql://u@[::1]/d", true),
            ("mysql://u@h/d?socket=/run/x.sock", true),
            ("postgres://u@10.0.0.1/d", false),
            ("postgres://u@localhost.evil.example/d", false),
        ] {
            let Place::Server(server) = Address::parse(text).unwrap().place else {
                panic!("{text}")
            };
            assert_eq!(server.is_local(), local, "{text}");
        }
    }
}
