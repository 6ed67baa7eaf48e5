//! `upheld.toml`: what differs from machine to machine. Secrets stand in it by reference only.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use connect::{Address, Limits};
use model::Secret;
use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::identity::Proof;
use crate::intake::Kind;
use crate::jobs::Schedules;
use crate::mail::MailSettings;
use crate::{Error, Result};

/// The file's name.
const FILE: &str = "upheld.toml";

/// The settings of one policy folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where Upheld keeps its own state, if not in `.upheld/`: `postgres://…`, or where that
    /// address lies if it holds a password: `env:NAME`, `file:PATH`.
    pub database: Option<String>,
    /// The zone in which moments are written out (`America/Halifax`).
    pub zone: Option<String>,
    /// Folders outside `.upheld/` in which the log's last checkpoint is kept, so that an older copy
    /// of `.upheld/` is noticed when it is restored: `user` for the folder of this user's own, or a
    /// path, best on another machine. Left out, `user` alone; an empty list keeps none.
    pub anchors: Option<Vec<String>>,
    /// A model that tells names and addresses beside the detector, where `upheld scan` looks.
    pub model: Option<ModelSettings>,
    /// The organisation's own provider of sign-in for staff (OpenID Connect).
    pub sign_in: Option<crate::staff::SignIn>,
    /// How each system is reached.
    pub connections: BTreeMap<String, Connection>,
    /// How mail goes out and comes in.
    pub mail: MailSettings,
    /// When what comes again comes again.
    pub schedules: Schedules,
    /// How `upheld serve` is reached.
    pub serve: Serve,
    /// How often the API may be called.
    pub api: Api,
    /// What the public sees of the privacy centre.
    pub centre: Centre,
    /// Where messages of webhooks may go.
    pub webhooks: crate::hooks::WebhookSettings,
    /// What whoever asks must show, where more is wanted than by itself: `erasure = "staff"`.
    pub identity: BTreeMap<Kind, Proof>,
    /// How requests are worked on.
    pub requests: Requests,
}

/// How often the API may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// Calls of one token or session in a minute.
    pub per_minute: u32,
    /// Calls of one address that shows nobody, in a minute.
    pub public_per_minute: u32,
}

impl Default for Api {
    fn default() -> Self {
        Self { per_minute: 600, public_per_minute: 30 }
    }
}

/// How requests are worked on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Requests {
    /// So many hours lie between the yes to an erasure and its beginning, in which the yes can be taken
    /// back.
    pub cool_off_hours: u32,
}

/// How `upheld serve` is reached. What is typed on the command line counts instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Serve {
    /// The address and port on which it listens (`127.0.0.1:8080`).
    pub listen: Option<String>,
    /// The address by which people reach it (`https://privacy.acme.example`).
    pub public_url: Option<String>,
    /// Addresses or networks (`10.0.0.0/8`) of the proxies before it. What they say of who asks is
    /// believed, and nobody else's word.
    pub trusted_proxies: Vec<String>,
    /// The certificates for TLS, as PEM, its own first; with it, no proxy is needed.
    pub tls_cert: Option<PathBuf>,
    /// The key of the first certificate, as PEM.
    pub tls_key: Option<PathBuf>,
    /// So many forms of the privacy centre one network may send in a minute (30).
    pub forms_a_minute: Option<u32>,
    /// So many workers begin with the server, each of which does up to four jobs at once: letters, plans,
    /// erasures, reminders (1). With 0 none does here; then another server on the same database must.
    pub workers: Option<u16>,
    /// Where the token lies with which `/metrics` may be read from elsewhere than this machine:
    /// `env:NAME` or `file:PATH`.
    pub metrics_token: Option<String>,
    /// Folders whose files and SQLite databases may be connected at the console, beside those in the
    /// policy folder. Whoever types on this machine connects what they like.
    pub data_folders: Vec<PathBuf>,
}

/// What the public sees of the privacy centre.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Centre {
    /// The organisation's logo: an SVG, PNG or WebP file in the policy folder.
    pub logo: Option<PathBuf>,
    /// The organisation's colour on light paper, as `#rrggbb`.
    pub colour: Option<String>,
    /// The organisation's colour on dark paper.
    pub colour_dark: Option<String>,
    /// The language of the notice (`en`).
    pub language: Option<String>,
    /// The promises whose state the public sees, good or bad.
    pub promises: ShownPromises,
}

/// Which promises show their state to the public. There is no choice by state: whoever shows a
/// promise shows it broken too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ShownPromises {
    /// None.
    #[default]
    Unsaid,
    /// `none` or `all`.
    Word(ShownWord),
    /// These, by their keys.
    Keys(Vec<String>),
}

/// All promises or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShownWord {
    /// None.
    None,
    /// All.
    All,
}

impl ShownPromises {
    /// Whether the public sees how this promise stands.
    pub fn shows(&self, promise: &str) -> bool {
        match self {
            Self::Unsaid | Self::Word(ShownWord::None) => false,
            Self::Word(ShownWord::All) => true,
            Self::Keys(keys) => keys.iter().any(|key| key == promise),
        }
    }
}

/// A token classifier that the user brings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Its folder or its `.onnx` file; a relative path counts from the policy folder.
    pub path: PathBuf,
    /// What its labels mean that are not known, or are to mean something else: label → kind
    /// (`LOC = "contact.address"`).
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// How a system is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Its address, without a password.
    pub url: String,
    /// Where the password is: `sealed` (in the vault of this folder), `env:NAME` or `file:PATH`.
    pub password: Option<String>,
    /// Refuse every change.
    #[serde(default)]
    pub read_only: bool,
    /// A statement that runs longer is stopped, in seconds.
    pub statement_seconds: Option<u64>,
    /// A statement that waits longer for a lock is stopped, in seconds.
    pub lock_seconds: Option<u64>,
    /// At most so many rows read a second.
    pub rows_per_second: Option<u32>,
}

/// Where a password lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PasswordSource {
    Sealed,
    Env(String),
    File(PathBuf),
}

impl Connection {
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits { read_only: self.read_only, ..Limits::default() };
        if let Some(seconds) = self.statement_seconds {
            limits.statement_ms = seconds.saturating_mul(1_000);
        }
        if let Some(seconds) = self.lock_seconds {
            limits.lock_ms = seconds.saturating_mul(1_000);
        }
        limits.rows_per_second = self.rows_per_second.filter(|rows| *rows > 0);
        limits
    }

    /// The address, read; a relative path of an SQLite file counts from the policy folder.
    pub(crate) fn address(&self, folder: &Path) -> connect::Result<Address> {
        Ok(Address::parse(&self.url)?.within(folder))
    }

    pub(crate) fn password_source(&self) -> std::result::Result<Option<PasswordSource>, String> {
        let Some(source) = &self.password else { return Ok(None) };
        Ok(Some(match source.split_once(':') {
            None if source == "sealed" => PasswordSource::Sealed,
            Some(("env", name)) if !name.is_empty() => PasswordSource::Env(name.to_owned()),
            Some(("file", path)) if !path.is_empty() => PasswordSource::File(path.into()),
            _ => {
                return Err(
                    "`password` must be `sealed`, `env:NAME` or `file:PATH`; the password itself does not belong here".to_owned(),
                );
            }
        }))
    }
}

/// What tells one state of the file from another: its length and its time.
pub(crate) type Stamp = (u64, Option<SystemTime>);

impl Settings {
    /// The file as it is now; none while there is none.
    pub(crate) fn stamp(folder: &Path) -> Option<Stamp> {
        let found = std::fs::metadata(folder.join(FILE)).ok()?;
        Some((found.len(), found.modified().ok()))
    }

    /// Reads the settings of a folder; a missing file means none.
    pub fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Error::file("cannot read", &file)(error)),
        };
        let settings: Self = toml_edit::de::from_str(&text)
            .map_err(|error| Error::Settings { file: file.clone(), message: error.to_string() })?;
        let bad = |message: String| Error::Settings { file: file.clone(), message };
        settings.mail.check().map_err(bad)?;
        settings.schedules.check().map_err(bad)?;
        settings.webhooks.check().map_err(bad)?;
        for (name, connection) in &settings.connections {
            let bad = |message: String| Error::Settings {
                file: file.clone(),
                message: format!("connection `{name}`: {message}"),
            };
            connection.password_source().map_err(bad)?;
            let mut address = connection.address(folder).map_err(|error| bad(error.to_string()))?;
            if address.take_password().is_some() {
                return Err(bad(format!(
                    "the password stands in the address: run `upheld connect {name} URL` and it is sealed instead"
                )));
            }
        }
        Ok(settings)
    }

    /// Writes one connection into the file, leaving everything else in it as it stands.
    pub(crate) fn write_connection(
        folder: &Path,
        name: &str,
        connection: &Connection,
    ) -> Result<()> {
        let file = folder.join(FILE);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::file("cannot read", &file)(error)),
        };
        let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
            Error::Settings { file: file.clone(), message: error.to_string() }
        })?;
        let connections = document
            .entry("connections")
            .or_insert_with(|| {
                let mut table = Table::new();
                table.set_implicit(true);
                Item::Table(table)
            })
            .as_table_mut()
            .ok_or_else(|| Error::Settings {
                file: file.clone(),
                message: "`connections` must be a table".to_owned(),
            })?;
        let mut table = Table::new();
        table.insert("url", value(&connection.url));
        if let Some(password) = &connection.password {
            table.insert("password", value(password));
        }
        if connection.read_only {
            table.insert("read_only", value(true));
        }
        connections.insert(name, Item::Table(table));
        crate::house::write_whole(&file, document.to_string().as_bytes())
    }
}

/// A secret that lies in the environment or in a file: `env:NAME`, `file:PATH`.
pub(crate) fn secret_at(
    source: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> std::result::Result<Secret<String>, String> {
    match source.split_once(':') {
        Some(("env", name)) if !name.is_empty() => environment(name)
            .map(Secret::new)
            .ok_or_else(|| format!("the environment variable `{name}` is not set")),
        Some(("file", path)) if !path.is_empty() => std::fs::read_to_string(path)
            .map(|text| Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
            .map_err(|error| format!("the file `{path}`: {error}")),
        _ => Err("say where the secret lies: `env:NAME` or `file:PATH`".to_owned()),
    }
}

/// A password from where its connection says it lies.
pub(crate) fn password(
    name: &str,
    connection: &Connection,
    vault: impl FnOnce() -> std::result::Result<Option<Secret<String>>, String>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> std::result::Result<Option<Secret<String>>, String> {
    match connection.password_source()? {
        None => Ok(None),
        Some(PasswordSource::Sealed) => vault()?.map(Some).ok_or_else(|| {
            format!("its password is not in the vault: run `upheld connect {name} URL` again")
        }),
        Some(PasswordSource::Env(variable)) => {
            environment(&variable).map(|text| Some(Secret::new(text))).ok_or_else(|| {
                format!("the environment variable `{variable}` with its password is not set")
            })
        }
        Some(PasswordSource::File(path)) => std::fs::read_to_string(&path)
            .map(|text| Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned())))
            .map_err(|error| format!("the file `{}` with its password: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_written_beside_what_a_person_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, "# mine\nzone = \"America/Halifax\" # home\n").unwrap();
        let connection = Connection {
            url: "postgres://u@127.0.0.1/rt".into(),
            password: Some("sealed".into()),
            ..Connection::default()
        };
        Settings::write_connection(folder.path(), "ticketing", &connection).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("# mine\nzone = \"America/Halifax\" # home\n"), "{text}");
        let read = Settings::read(folder.path()).unwrap();
        assert_eq!(read.connections.get("ticketing"), Some(&connection));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("zome = 1", "zome"),
            ("[connections.a]\nurl = \"postgres://u:secret@127.0.0.1/x\"", "sealed instead"),
            (
                "[connections.a]\nurl = \"postgres://u@127.0.0.1/x\"\npassword = \"hunter2\"",
                "does not belong here",
            ),
            ("[connections.a]\nurl = \"gopher://x\"", "connection `a`"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(FILE), text).unwrap();
            let error = Settings::read(folder.path()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("hunter2") && !error.contains("secret@"), "{error}");
        }
    }
}
