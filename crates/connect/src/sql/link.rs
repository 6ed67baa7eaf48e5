//! Connections: opened when needed, kept while they are well, dropped at the first fault so that
//! the server undoes whatever was under way.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, TryStreamExt as _};
use model::Value;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::cell::{self, Cell, Lay};
use super::failure::{At, failure};
use super::shape::Kind;
use super::statement::{Dialect, Param, Statement};
use super::sweep::Feed;
use crate::address::{Address, Family, Place, Server};
use crate::{Error, Limits, Result};

/// One connection.
pub(super) struct Link {
    line: Line,
    /// How long an answer may take: the server's own limit and a little more.
    patience: Duration,
    /// An answer did not come: nothing further is asked of it.
    lost: bool,
}

enum Line {
    Postgres(Box<PgConnection>),
    MySql(Box<MySqlConnection>),
    Sqlite(Box<SqliteConnection>),
}

/// The connections of one connector: at most four, so that a client's server keeps its own.
pub(super) struct Links {
    address: Address,
    limits: Limits,
    /// With the moment at which each was given back.
    idle: Mutex<Vec<(Link, Instant)>>,
    places: Semaphore,
}

const AT_MOST: usize = 4;
/// For so long after its last answer a connection is taken to be well: between two look-ups of one
/// request nobody asks.
const FRESH: Duration = Duration::from_millis(50);
/// How long a server may take to answer the door.
const CONNECT: Duration = Duration::from_secs(10);
/// What the server is given beyond its own limit before we hang up.
const GRACE: Duration = Duration::from_secs(5);

/// A connection on loan. Given back only by [`Loan::keep`]; dropped, it is closed.
pub(super) struct Loan<'a> {
    pub(super) link: Link,
    links: &'a Links,
    _place: SemaphorePermit<'a>,
}

impl Loan<'_> {
    /// Gives a connection back that has nothing under way.
    pub(super) fn keep(self) {
        let kept = (self.link, Instant::now());
        self.links.idle.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }
}

impl Links {
    pub(super) fn new(address: Address, limits: Limits) -> Self {
        Self { address, limits, idle: Mutex::default(), places: Semaphore::new(AT_MOST) }
    }

    pub(super) async fn borrow(&self) -> Result<Loan<'_>> {
        let place = self.places.acquire().await.map_err(|_| Error::Broken("closed".into()))?;
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((mut link, since)) = kept else { break };
            if since.elapsed() < FRESH || link.is_well().await {
                return Ok(Loan { link, links: self, _place: place });
            }
        }
        let link = Link::open(&self.address, &self.limits).await?;
        Ok(Loan { link, links: self, _place: place })
    }

    pub(super) async fn close(&self) {
        self.places.close();
        let links = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for (link, _) in links {
            link.close().await;
        }
    }
}

impl Link {
    async fn open(address: &Address, limits: &Limits) -> Result<Self> {
        let opening = async {
            match &address.place {
                Place::File { path, read_only } => {
                    open_file(path, *read_only || limits.read_only, limits).await
                }
                Place::Folder { .. } => Err(Error::NotOffered { what: "be asked in SQL" }),
                Place::Server(server) => {
                    let password = address.password.as_ref().map(|p| p.expose_secret().as_str());
                    match server.family {
                        Family::Postgres => open_postgres(server, password, limits).await,
                        Family::MySql => open_mysql(server, password, limits).await,
                    }
                }
            }
        };
        tokio::time::timeout(CONNECT, opening)
            .await
            .unwrap_or_else(|_| Err(Error::Unreachable("no answer within 10 seconds".into())))
    }

    fn new(line: Line, limits: &Limits) -> Self {
        Self { line, patience: patience(limits), lost: false }
    }

    pub(super) const fn dialect(&self) -> Dialect {
        match self.line {
            Line::Postgres(_) => Dialect::Postgres,
            Line::MySql(_) => Dialect::MySql,
            Line::Sqlite(_) => Dialect::Sqlite,
        }
    }

    async fn is_well(&mut self) -> bool {
        let asking = async {
            match &mut self.line {
                Line::Postgres(link) => link.ping().await.is_ok(),
                Line::MySql(link) => link.ping().await.is_ok(),
                Line::Sqlite(_) => true,
            }
        };
        tokio::time::timeout(GRACE, asking).await.unwrap_or(false)
    }

    async fn close(self) {
        let closing = async {
            match self.line {
                Line::Postgres(link) => link.close().await,
                Line::MySql(link) => link.close().await,
                Line::Sqlite(link) => link.close().await,
            }
        };
        // A server that is gone already has closed it for us.
        let _ = tokio::time::timeout(GRACE, closing).await;
    }

    /// Waits for an answer no longer than it may take.
    ///
    /// INVARIANT: what was asked may have been done all the same, so this is never told as
    /// something that did not happen.
    async fn answer<T>(
        &mut self,
        patience: Duration,
        asking: impl AsyncFnOnce(&mut Line) -> std::result::Result<T, sqlx::Error>,
    ) -> std::result::Result<T, sqlx::Error> {
        if self.lost {
            return Err(silence());
        }
        match tokio::time::timeout(patience, asking(&mut self.line)).await {
            Ok(answer) => answer,
            Err(_) => {
                self.lost = true;
                Err(silence())
            }
        }
    }

    /// A statement without parameters, outside the prepared protocol (`BEGIN`, `COMMIT`, `SET`).
    pub(super) async fn control(
        &mut self,
        sql: &'static str,
    ) -> std::result::Result<(), sqlx::Error> {
        self.answer(self.patience, async |line| {
            let query = sqlx::raw_sql(sql);
            match line {
                Line::Postgres(link) => query.execute(&mut **link).await.map(|_| ()),
                Line::MySql(link) => query.execute(&mut **link).await.map(|_| ()),
                Line::Sqlite(link) => query.execute(&mut **link).await.map(|_| ()),
            }
        })
        .await
    }

    /// A statement about tables, which has no parameters, outside the prepared protocol.
    pub(super) async fn command(&mut self, statement: Statement, at: At<'_>) -> Result<()> {
        let done = self.answer(self.patience, async |line| {
            let query = sqlx::raw_sql(statement.command());
            match line {
                Line::Postgres(link) => query.execute(&mut **link).await.map(|_| ()),
                Line::MySql(link) => query.execute(&mut **link).await.map(|_| ()),
                Line::Sqlite(link) => query.execute(&mut **link).await.map(|_| ()),
            }
        });
        done.await.map_err(|error| failure(&error, at))
    }

    /// Runs a statement and says how many rows it touched.
    pub(super) async fn run(
        &mut self,
        statement: Statement,
        limits: &Limits,
        at: At<'_>,
    ) -> Result<u64> {
        let done = self.answer(patience(limits), async |line| match line {
            Line::Postgres(link) => {
                statement.postgres().execute(&mut **link).await.map(|done| done.rows_affected())
            }
            Line::MySql(link) => {
                statement.mysql().execute(&mut **link).await.map(|done| done.rows_affected())
            }
            Line::Sqlite(link) => {
                statement.sqlite().execute(&mut **link).await.map(|done| done.rows_affected())
            }
        });
        done.await.map_err(|error| failure(&error, at))
    }

    /// Streams the rows of a statement, decoded as `kinds` says, one by one. `each` says how long to
    /// rest before the next.
    pub(super) async fn stream(
        &mut self,
        statement: Statement,
        kinds: &[Kind],
        at: At<'_>,
        mut each: impl FnMut(Vec<Value>) -> Result<Duration> + Send,
    ) -> Result<()> {
        macro_rules! pump {
            ($link:expr, $query:expr) => {{
                let mut rows = $query.fetch(&mut **$link);
                while let Some(row) = next(&mut rows, self.patience, &mut self.lost)
                    .await
                    .map_err(|error| failure(&error, at))?
                {
                    let rest = each(cell::row(&row, kinds).map_err(|error| failure(&error, at))?)?;
                    if !rest.is_zero() {
                        tokio::time::sleep(rest).await;
                    }
                }
            }};
        }
        if self.lost {
            return Err(failure(&silence(), at));
        }
        match &mut self.line {
            Line::Postgres(link) => pump!(link, statement.postgres()),
            Line::MySql(link) => pump!(link, statement.mysql()),
            Line::Sqlite(link) => pump!(link, statement.sqlite()),
        }
        Ok(())
    }

    /// The rows of a statement, as they come, into a feed of pages.
    pub(super) async fn sweep(
        &mut self,
        statement: Statement,
        at: At<'_>,
        feed: &mut Feed<'_>,
    ) -> Result<()> {
        macro_rules! pump {
            ($link:expr, $query:expr) => {{
                let mut rows = $query.fetch(&mut **$link);
                while let Some(row) = next(&mut rows, self.patience, &mut self.lost)
                    .await
                    .map_err(|error| failure(&error, at))?
                {
                    let weight = row.lay(&feed.kinds, &mut feed.page);
                    feed.row(weight.map_err(|error| failure(&error, at))?)?;
                }
            }};
        }
        if self.lost {
            return Err(failure(&silence(), at));
        }
        match &mut self.line {
            Line::Postgres(link) => {
                let (settings, copy) = statement.copy();
                let begun = tokio::time::timeout(self.patience, async {
                    if let Some(settings) = settings {
                        settings.postgres().execute(&mut **link).await?;
                    }
                    link.copy_out_raw(&copy.0).await
                });
                let Ok(begun) = begun.await else {
                    self.lost = true;
                    return Err(failure(&silence(), at));
                };
                let mut stream = begun.map_err(|error| failure(&error, at))?;
                feed.begin_copy();
                while let Some(bytes) = next(&mut stream, self.patience, &mut self.lost)
                    .await
                    .map_err(|error| failure(&error, at))?
                {
                    feed.copied(&bytes)?;
                }
            }
            Line::MySql(link) => pump!(link, statement.mysql()),
            Line::Sqlite(link) => pump!(link, statement.sqlite()),
        }
        Ok(())
    }

    /// The rows of one of this program's own queries on the server's own tables, every cell as
    /// text. For catalogues: small.
    pub(super) async fn ask(
        &mut self,
        sql: &'static str,
        params: &[&str],
    ) -> Result<Vec<Vec<Option<String>>>> {
        macro_rules! gather {
            ($link:expr, $kept:expr) => {{
                let mut query = sqlx::query(sql).persistent($kept);
                for param in params {
                    query = query.bind((*param).to_owned());
                }
                let rows = query.fetch_all(&mut **$link).await?;
                rows.iter().map(Cell::texts).collect()
            }};
        }
        let told = self.answer(self.patience, async |line| match line {
            Line::Postgres(link) => gather!(link, false),
            Line::MySql(link) => gather!(link, true),
            Line::Sqlite(link) => gather!(link, false),
        });
        told.await.map_err(|error| failure(&error, At::NOWHERE))
    }

    /// The same for several queries without parameters, in one message to the server (PostgreSQL);
    /// the answers in their order.
    pub(super) async fn ask_all(
        &mut self,
        queries: &[&'static str],
    ) -> Result<std::vec::IntoIter<Vec<Vec<Option<String>>>>> {
        let mut all = Statement::new(Dialect::Postgres);
        for (index, query) in queries.iter().enumerate() {
            all.between(index, ";\n").word(query);
        }
        let told = self.answer(self.patience, async |line| {
            let Line::Postgres(link) = line else {
                return Err(sqlx::Error::Protocol("one query in each message".to_owned()));
            };
            let (mut told, mut rows) = (Vec::with_capacity(queries.len()), Vec::new());
            let mut answers = sqlx::raw_sql(all.command()).fetch_many(&mut **link);
            while let Some(answer) = answers.try_next().await? {
                match answer {
                    sqlx::Either::Left(_) => told.push(std::mem::take(&mut rows)),
                    sqlx::Either::Right(row) => rows.push(row.texts()?),
                }
            }
            Ok(told.into_iter())
        });
        told.await.map_err(|error| failure(&error, At::NOWHERE))
    }

    /// The single cell of a statement that has one, as a number.
    pub(super) async fn figure(&mut self, statement: Statement, at: At<'_>) -> Result<u64> {
        let mut figure = 0;
        self.stream(statement, &[Kind::Int], at, |values| {
            if let Some(Value::Int(number)) = values.first() {
                figure = u64::try_from(*number).unwrap_or(0);
            }
            Ok(Duration::ZERO)
        })
        .await?;
        Ok(figure)
    }
}

/// The next of a stream, for which is waited no longer than an answer may take.
async fn next<T>(
    rows: &mut BoxStream<'_, std::result::Result<T, sqlx::Error>>,
    patience: Duration,
    lost: &mut bool,
) -> std::result::Result<Option<T>, sqlx::Error> {
    // What is here already needs no clock.
    if let Some(next) = rows.try_next().now_or_never() {
        return next;
    }
    match tokio::time::timeout(patience, rows.try_next()).await {
        Ok(next) => next,
        Err(_) => {
            *lost = true;
            Err(silence())
        }
    }
}

/// What is said of an answer that did not come.
fn silence() -> sqlx::Error {
    sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())
}

fn patience(limits: &Limits) -> Duration {
    Duration::from_millis(limits.statement_ms.max(limits.lock_ms)).saturating_add(GRACE)
}

/// A fault before the connection stands.
fn at_the_door(error: &sqlx::Error, server: &Server) -> Error {
    let database = || Error::Address(format!("the server has no database `{}`", server.database));
    let sign_in = || Error::SignIn { account: server.user.clone() };
    match error {
        sqlx::Error::Database(inner) => {
            let code = inner.code().unwrap_or_default();
            let number = inner
                .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
                .map_or(0, sqlx::mysql::MySqlDatabaseError::number);
            match (code.as_ref(), number) {
                (_, 1049) | ("3D000", _) => database(),
                (_, 1044 | 1045 | 1698 | 1251 | 2054) | ("28P01" | "28000", _) => sign_in(),
                _ => failure(error, At::NOWHERE),
            }
        }
        sqlx::Error::Io(inner) => {
            Error::Unreachable(format!("{}:{}: {}", server.host, server.port, inner.kind()))
        }
        sqlx::Error::Tls(_) if !server.is_local() => {
            Error::NotEncrypted { host: server.host.clone() }
        }
        other => match failure(other, At::NOWHERE) {
            Error::Broken(why) => Error::Unreachable(why),
            error => error,
        },
    }
}

async fn open_postgres(server: &Server, password: Option<&str>, limits: &Limits) -> Result<Link> {
    let mode = match server.option("sslmode") {
        Some("require") => PgSslMode::Require,
        Some("verify-ca") => PgSslMode::VerifyCa,
        Some("verify-full") => PgSslMode::VerifyFull,
        Some("disable" | "allow" | "prefer") if !server.is_local() => {
            return Err(Error::NotEncrypted { host: server.host.clone() });
        }
        Some("disable") => PgSslMode::Disable,
        Some("prefer" | "allow") => PgSslMode::Prefer,
        Some(other) => {
            return Err(Error::Address(format!(
                "`sslmode={other}` is not known: require, verify-ca and verify-full are"
            )));
        }
        None if server.is_local() => PgSslMode::Prefer,
        None => PgSslMode::Require,
    };
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&server.host)
        .port(server.port)
        .username(&server.user)
        .database(&server.database)
        .application_name("upheld")
        .ssl_mode(mode)
        .statement_cache_capacity(0)
        .disable_statement_logging();
    if let Some(socket) = server.socket() {
        options = options.socket(socket);
    }
    // Set even when empty: the driver would take PGPASSWORD from the environment.
    options = options.password(password.unwrap_or_default());
    if let Some(file) = server.option("sslrootcert") {
        options = options.ssl_root_cert(file);
    }
    if let Some(file) = server.option("sslcert") {
        options = options.ssl_client_cert(file);
    }
    if let Some(file) = server.option("sslkey") {
        options = options.ssl_client_key(file);
    }
    let link =
        PgConnection::connect_with(&options).await.map_err(|error| at_the_door(&error, server))?;
    let mut link = Link::new(Line::Postgres(Box::new(link)), limits);
    // The printed form of every type must be the same twice. Row security that hid rows from us
    // would make "nothing found" a lie: with `row_security = off` the server refuses instead.
    link.ask(
        "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false), \
         set_config('default_transaction_read_only', $3, false), set_config('row_security', 'off', false), \
         set_config('DateStyle', 'ISO, MDY', false), set_config('IntervalStyle', 'postgres', false), \
         set_config('TimeZone', 'UTC', false), set_config('extra_float_digits', '3', false), \
         set_config('bytea_output', 'hex', false), set_config('standard_conforming_strings', 'on', false), \
         set_config('idle_in_transaction_session_timeout', $1, false)",
        &[
            &limits.statement_ms.to_string(),
            &limits.lock_ms.to_string(),
            if limits.read_only { "on" } else { "off" },
        ],
    )
    .await?;
    Ok(link)
}

async fn open_mysql(server: &Server, password: Option<&str>, limits: &Limits) -> Result<Link> {
    let wanted = server.option("ssl-mode").map(str::to_ascii_uppercase);
    let mode = match wanted.as_deref() {
        Some("REQUIRED" | "REQUIRE") => MySqlSslMode::Required,
        Some("VERIFY_CA") => MySqlSslMode::VerifyCa,
        Some("VERIFY_IDENTITY") => MySqlSslMode::VerifyIdentity,
        Some("DISABLED" | "PREFERRED") if !server.is_local() => {
            return Err(Error::NotEncrypted { host: server.host.clone() });
        }
        Some("DISABLED") => MySqlSslMode::Disabled,
        Some("PREFERRED") => MySqlSslMode::Preferred,
        Some(other) => {
            return Err(Error::Address(format!(
                "`ssl-mode={other}` is not known: REQUIRED, VERIFY_CA and VERIFY_IDENTITY are"
            )));
        }
        None if server.is_local() => MySqlSslMode::Preferred,
        None => MySqlSslMode::Required,
    };
    let mut options = MySqlConnectOptions::new()
        .host(&server.host)
        .port(server.port)
        .username(&server.user)
        .database(&server.database)
        .ssl_mode(mode)
        .statement_cache_capacity(64)
        .disable_statement_logging();
    if let Some(socket) = server.socket() {
        options = options.socket(socket);
    }
    if let Some(password) = password {
        options = options.password(password);
    }
    if let Some(file) = server.option("ssl-ca") {
        options = options.ssl_ca(file);
    }
    if let Some(file) = server.option("ssl-cert") {
        options = options.ssl_client_cert(file);
    }
    if let Some(file) = server.option("ssl-key") {
        options = options.ssl_client_key(file);
    }
    // The driver's own settings come first and ask for the same encoding and zone.
    let link = options.connect().await.map_err(|error| at_the_door(&error, server))?;
    let mut link = Link::new(Line::MySql(Box::new(link)), limits);
    let set = |error: sqlx::Error| failure(&error, At::NOWHERE);
    // Strict, so that nothing is cut short in silence; zero dates are let be, since a row that
    // holds one must still be writable.
    link.control("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, autocommit = 1")
        .await
        .map_err(set)?;
    link.control("SET NAMES utf8mb4").await.map_err(set)?;
    if limits.read_only {
        link.control("SET SESSION TRANSACTION READ ONLY").await.map_err(set)?;
    }
    let version = link.ask("SELECT CAST(VERSION() AS CHAR)", &[]).await?;
    let version = version.into_iter().flatten().next().flatten().unwrap_or_default();
    let mut limit = Statement::new(Dialect::MySql);
    let lock_seconds = i64::try_from(limits.lock_ms.div_ceil(1000).max(1)).unwrap_or(i64::MAX);
    let statement_ms = i64::try_from(limits.statement_ms).unwrap_or(i64::MAX);
    limit.word("SET SESSION innodb_lock_wait_timeout = ").param(Param::Int(lock_seconds));
    limit.word(", lock_wait_timeout = ").param(Param::Int(lock_seconds));
    if version.contains("MariaDB") {
        limit.word(", max_statement_time = ").param(Param::Int(statement_ms)).word(" / 1000.0");
    } else {
        limit.word(", max_execution_time = ").param(Param::Int(statement_ms));
    }
    link.run(limit, limits, At::NOWHERE).await?;
    Ok(link)
}

async fn open_file(path: &Path, read_only: bool, limits: &Limits) -> Result<Link> {
    if !path.is_file() {
        return Err(Error::Unreachable(format!("there is no file `{}`", path.display())));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(read_only)
        .busy_timeout(Duration::from_millis(limits.lock_ms))
        .foreign_keys(true)
        .statement_cache_capacity(0)
        .row_buffer_size(512)
        .disable_statement_logging();
    let link = SqliteConnection::connect_with(&options)
        .await
        .map_err(|error| failure(&error, At::NOWHERE))?;
    let mut link = Link::new(Line::Sqlite(Box::new(link)), limits);
    // The first look at the file's header: a file of another kind is told here.
    link.ask("SELECT count(*) FROM sqlite_schema", &[]).await?;
    Ok(link)
}
