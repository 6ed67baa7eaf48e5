//! All that SQLite and PostgreSQL do differently.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use model::Secret;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::{Error, Result, statement};

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// A file; it and its folder are made if they are not there.
    Sqlite(PathBuf),
    /// A server, as `postgres://user:password@host/database`.
    Postgres(Secret<String>),
}

/// The two engines' pools.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    /// INVARIANT: one writer, so that two of our own tasks never meet as "database is locked".
    Sqlite {
        writer: sqlx::SqlitePool,
        readers: sqlx::SqlitePool,
    },
    Postgres(sqlx::PgPool),
}

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 8;
/// How long a write waits for another process's.
const PATIENCE: Duration = Duration::from_secs(10);

/// `BEGIN` for a transaction that writes.
pub(crate) const SQLITE_WRITE: &str = "BEGIN IMMEDIATE";
pub(crate) const POSTGRES_WRITE: &str = "BEGIN";
/// `BEGIN` for a transaction that reads: one snapshot from its first statement on.
pub(crate) const SQLITE_READ: &str = "BEGIN";
pub(crate) const POSTGRES_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Two programs that start at once migrate one after the other. SQLite needs nothing: its write
/// transaction is already alone. The number is arbitrary and ours.
pub(crate) const POSTGRES_MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7304771052871)";

/// Erased bytes linger in SQLite's write-ahead file and in PostgreSQL's dead rows until these run.
pub(crate) const SQLITE_SCRUB: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
pub(crate) const POSTGRES_SCRUB: [&str; 5] = [
    "VACUUM events",
    "VACUUM cases",
    "VACUUM mails",
    "VACUUM announcement_people",
    "VACUUM visits",
];

/// Takes what no other worker is about to take. SQLite's write transaction is alone already.
static POSTGRES_JOBS_DUE: LazyLock<String> =
    LazyLock::new(|| format!("{} FOR UPDATE SKIP LOCKED", statement::JOBS_DUE));

/// The jobs whose time has come, of which this transaction has each for itself.
pub(crate) fn jobs_due(postgres: bool) -> &'static str {
    if postgres { &POSTGRES_JOBS_DUE } else { statement::JOBS_DUE }
}

/// The migration as each engine reads it: `BYTES` is the type of raw bytes.
pub(crate) fn migration(text: &str, postgres: bool) -> String {
    text.replace("BYTES", if postgres { "BYTEA" } else { "BLOB" })
}

pub(crate) async fn open(location: &Location) -> Result<Pools> {
    match location {
        Location::Sqlite(path) => open_sqlite(path).await,
        Location::Postgres(url) => open_postgres(url).await,
    }
}

async fn open_sqlite(path: &Path) -> Result<Pools> {
    let place = path.display().to_string();
    make_private(path)
        .map_err(|error| Error::Open { place: place.clone(), reason: error.to_string() })?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // What is deleted is overwritten with zeros, not merely forgotten.
        .pragma("secure_delete", "ON");
    let failed = |error: sqlx::Error| Error::Open {
        place: place.clone(),
        reason: match error.as_database_error().and_then(|e| e.code()).as_deref() {
            Some("26") => "the file is not an SQLite database".to_owned(),
            Some("14") => "the file cannot be opened: check its permissions".to_owned(),
            Some("5" | "261") => "another program holds it locked".to_owned(),
            Some("8" | "1032" | "264") => "the file cannot be written".to_owned(),
            Some(code) => format!("SQLite error {code}"),
            None => "SQLite could not be started".to_owned(),
        },
    };
    // Ids are random, so a batch of events changes pages all over their index. With SQLite's own two
    // mebibytes each of these pages is written several times over.
    let roomy = options.clone().pragma("cache_size", "-32768").pragma("wal_autocheckpoint", "8192");
    let writer =
        SqlitePoolOptions::new().max_connections(1).connect_with(roomy).await.map_err(failed)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .min_connections(0)
        .connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Pools::Sqlite { writer, readers })
}

/// The database holds sealed state and open receipts: for its owner alone.
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // SQLite gives its side files the mode of the main file.
    std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path).map(drop)
}

async fn open_postgres(url: &Secret<String>) -> Result<Pools> {
    let options = PgConnectOptions::from_str(url.expose_secret()).map_err(|_| Error::Open {
        place: "postgres://…".to_owned(),
        reason: "the address is not of the form `postgres://user:password@host/database`"
            .to_owned(),
    })?;
    let host = options.get_host().to_owned();
    let place = format!(
        "postgres://{host}:{}/{}",
        options.get_port(),
        options.get_database().unwrap_or("")
    );
    let local = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    let encrypted = matches!(
        options.get_ssl_mode(),
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
    );
    if !local && !encrypted {
        return Err(Error::Open {
            place,
            reason: "the server is not this machine and the connection would not be encrypted: add `?sslmode=verify-full`".to_owned(),
        });
    }
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options.application_name("upheld"))
        .await
        .map_err(|error| Error::Open {
            place,
            reason: match error.as_database_error().and_then(|e| e.code()).as_deref() {
                Some("28P01" | "28000") => {
                    "the server refused the account or its password".to_owned()
                }
                Some("3D000") => "there is no such database: create it with `createdb`".to_owned(),
                Some(code) => format!("the server reported {code}"),
                None => "the server does not answer".to_owned(),
            },
        })?;
    Ok(Pools::Postgres(pool))
}
