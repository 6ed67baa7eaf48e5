//! One database, two engines: the store, its transactions, and the only code that talks to sqlx.

use std::future::Future;
use std::pin::Pin;

use sqlx::{Executor as _, Row as _, SqlSafeStr};

use crate::dialect::{self, Location, Pools};
use crate::error::plain;
use crate::{Error, Result, migrate};

/// A future on the heap. The doors to the drivers have one code each: as `async fn` their state machines,
/// the drivers' whole, would be built again into each of some hundred callers.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Upheld's own database. Cheap to clone; every clone is the same database.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
}

impl Store {
    /// Opens the database, makes it if it is not there, and brings its tables up to date.
    pub fn open(location: &Location) -> Boxed<'_, Result<Self>> {
        Box::pin(async move {
            let store = Self { pools: dialect::open(location).await? };
            let mut tx = store.begin().await?;
            migrate::run(&mut tx).await?;
            tx.commit().await?;
            Ok(store)
        })
    }

    /// A transaction that writes. On SQLite there is one at a time; dropping it undoes it.
    pub fn begin(&self) -> Boxed<'_, Result<Tx>> {
        Box::pin(async move {
            const DOING: &str = "beginning to write";
            let inner = match &self.pools {
                Pools::Sqlite { writer, .. } => Inner::Sqlite(
                    writer.begin_with(dialect::SQLITE_WRITE).await.map_err(plain(DOING))?,
                ),
                Pools::Postgres(pool) => Inner::Postgres(
                    pool.begin_with(dialect::POSTGRES_WRITE).await.map_err(plain(DOING))?,
                ),
            };
            Ok(Tx { inner })
        })
    }

    /// A transaction that only reads: one consistent picture, and never in a writer's way.
    pub fn read(&self) -> Boxed<'_, Result<Tx>> {
        Box::pin(async move {
            const DOING: &str = "beginning to read";
            let inner = match &self.pools {
                Pools::Sqlite { readers, .. } => Inner::Sqlite(
                    readers.begin_with(dialect::SQLITE_READ).await.map_err(plain(DOING))?,
                ),
                Pools::Postgres(pool) => Inner::Postgres(
                    pool.begin_with(dialect::POSTGRES_READ).await.map_err(plain(DOING))?,
                ),
            };
            Ok(Tx { inner })
        })
    }

    /// Makes sure that what was erased is gone from the files too, not only from the tables. Call it
    /// after [`Tx::erase_event`] is committed; it waits for readers and touches nothing that lives.
    pub async fn scrub(&self) -> Result<()> {
        const DOING: &str = "scrubbing erased bytes";
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                sqlx::query(dialect::SQLITE_SCRUB).execute(writer).await.map_err(plain(DOING))?;
            }
            Pools::Postgres(pool) => {
                for statement in dialect::POSTGRES_SCRUB {
                    sqlx::query(statement).execute(pool).await.map_err(plain(DOING))?;
                }
            }
        }
        Ok(())
    }

    /// Waits for open transactions and closes the database. Dropping does the same less politely.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// One transaction. Its methods are the repositories: what is written through it is written
/// together with [`Tx::commit`], or not at all.
#[derive(Debug)]
pub struct Tx {
    pub(crate) inner: Inner,
}

#[derive(Debug)]
pub(crate) enum Inner {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// A value for a statement's `$n`.
#[derive(Clone, Copy)]
pub(crate) enum Param<'a> {
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Int(i64),
    MaybeInt(Option<i64>),
    Bytes(&'a [u8]),
    MaybeBytes(Option<&'a [u8]>),
}

/// Binds whatever the engine: the two query types have no common trait that could be named.
macro_rules! bound {
    ($query:expr, $params:expr) => {
        $params.iter().fold($query, |query, param| match *param {
            Param::Text(text) => query.bind(text),
            Param::MaybeText(text) => query.bind(text),
            Param::Int(number) => query.bind(number),
            Param::MaybeInt(number) => query.bind(number),
            Param::Bytes(bytes) => query.bind(bytes),
            Param::MaybeBytes(bytes) => query.bind(bytes),
        })
    };
}

impl Tx {
    /// Makes the transaction last. When this returns, it is on the disk.
    pub fn commit(self) -> Boxed<'static, Result<()>> {
        Box::pin(async move {
            const DOING: &str = "committing";
            model::crash::site("store.commit.before");
            match self.inner {
                Inner::Sqlite(tx) => tx.commit().await.map_err(plain(DOING))?,
                Inner::Postgres(tx) => tx.commit().await.map_err(plain(DOING))?,
            }
            model::crash::site("store.commit.done");
            Ok(())
        })
    }

    /// Undoes the transaction. Dropping it does the same, a little later.
    pub fn rollback(self) -> Boxed<'static, Result<()>> {
        Box::pin(async move {
            const DOING: &str = "undoing";
            match self.inner {
                Inner::Sqlite(tx) => tx.rollback().await.map_err(plain(DOING)),
                Inner::Postgres(tx) => tx.rollback().await.map_err(plain(DOING)),
            }
        })
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.inner, Inner::Postgres(_))
    }

    pub(crate) async fn lock_migrations(&mut self) -> Result<()> {
        if self.is_postgres() {
            self.rows("waiting for another program", dialect::POSTGRES_MIGRATION_LOCK, &[]).await?;
        }
        Ok(())
    }

    /// Runs a statement; the number of rows it changed.
    pub(crate) fn execute<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Boxed<'a, Result<u64>> {
        Box::pin(async move { self.try_execute(sql, params).await.map_err(plain(doing)) })
    }

    /// The same with the driver's own error, for those who must tell a taken id from a failure.
    pub(crate) fn try_execute<'a>(
        &'a mut self,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Boxed<'a, std::result::Result<u64, sqlx::Error>> {
        Box::pin(async move {
            match &mut self.inner {
                Inner::Sqlite(tx) => {
                    Ok(bound!(sqlx::query(sql), params).execute(&mut **tx).await?.rows_affected())
                }
                Inner::Postgres(tx) => {
                    Ok(bound!(sqlx::query(sql), params).execute(&mut **tx).await?.rows_affected())
                }
            }
        })
    }

    /// Runs a statement that answers with rows.
    pub(crate) fn rows<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Boxed<'a, Result<Vec<Fields>>> {
        Box::pin(async move {
            Ok(match &mut self.inner {
                Inner::Sqlite(tx) => bound!(sqlx::query(sql), params)
                    .fetch_all(&mut **tx)
                    .await
                    .map_err(plain(doing))?
                    .into_iter()
                    .map(Fields::Sqlite)
                    .collect(),
                Inner::Postgres(tx) => bound!(sqlx::query(sql), params)
                    .fetch_all(&mut **tx)
                    .await
                    .map_err(plain(doing))?
                    .into_iter()
                    .map(Fields::Postgres)
                    .collect(),
            })
        })
    }

    /// Runs several statements without parameters.
    pub(crate) async fn script(&mut self, doing: &'static str, sql: impl SqlSafeStr) -> Result<()> {
        match &mut self.inner {
            Inner::Sqlite(tx) => tx.execute(sqlx::raw_sql(sql)).await.map(drop),
            Inner::Postgres(tx) => tx.execute(sqlx::raw_sql(sql)).await.map(drop),
        }
        .map_err(plain(doing))
    }

    /// The names of a statement's columns and how many parameters it takes, as the engine sees it.
    #[cfg(test)]
    pub(crate) async fn prepared(&mut self, sql: &'static str) -> (Vec<String>, usize) {
        use sqlx::{Column as _, Either, Statement as _};
        let count =
            |parameters: Option<Either<&[sqlx::postgres::PgTypeInfo], usize>>| match parameters {
                Some(Either::Left(types)) => types.len(),
                Some(Either::Right(count)) => count,
                None => 0,
            };
        match &mut self.inner {
            Inner::Sqlite(tx) => {
                let statement = tx.prepare(sql.into_sql_str()).await.unwrap();
                let parameters = match statement.parameters() {
                    Some(Either::Right(count)) => count,
                    _ => 0,
                };
                (statement.columns().iter().map(|c| c.name().to_owned()).collect(), parameters)
            }
            Inner::Postgres(tx) => {
                let statement = tx.prepare(sql.into_sql_str()).await.unwrap();
                let parameters = count(statement.parameters());
                (statement.columns().iter().map(|c| c.name().to_owned()).collect(), parameters)
            }
        }
    }
}

/// One row of an answer, whichever engine gave it.
pub(crate) enum Fields {
    Sqlite(sqlx::sqlite::SqliteRow),
    Postgres(sqlx::postgres::PgRow),
}

macro_rules! getter {
    ($name:ident, $type:ty) => {
        pub(crate) fn $name(&self, column: usize) -> Result<$type> {
            match self {
                Self::Sqlite(row) => row.try_get(column),
                Self::Postgres(row) => row.try_get(column),
            }
            .map_err(plain("reading a row"))
        }
    };
}

impl Fields {
    getter!(text, String);
    getter!(maybe_text, Option<String>);
    getter!(int, i64);
    getter!(maybe_int, Option<i64>);
    getter!(bytes, Vec<u8>);
    getter!(maybe_bytes, Option<Vec<u8>>);

    /// A count or an index: never negative in our tables.
    pub(crate) fn count(&self, column: usize) -> Result<u64> {
        self.int(column)?.try_into().map_err(|_| unexpected())
    }

    /// A hash or a salt.
    pub(crate) fn hash(&self, column: usize) -> Result<[u8; 32]> {
        self.bytes(column)?.try_into().map_err(|_| unexpected())
    }
}

pub(crate) fn unexpected() -> Error {
    Error::Database { doing: "reading a row", code: "a value of an unexpected form".to_owned() }
}

/// Our counts fit the databases' signed 64 bits: nobody seals 9 × 10^18 events.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
