//! The whole database, copied into another: for backups, and from one engine to the other.
//!
//! Our tables hold text, whole numbers and bytes and nothing else, and their rows refer to rows of
//! tables that were made before them. So every table is copied as it stands, in the order in which the
//! migrations made them, from one picture of the one into one transaction of the other.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Column as _, Row, TypeInfo as _};

use crate::error::plain;
use crate::tx::{Inner, Store, Tx};
use crate::{Error, Result, migrate};

const READING: &str = "reading everything";
const WRITING: &str = "writing everything";

/// A value of a row, as every engine keeps it.
enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

impl Store {
    /// Copies everything into a new database; the number of rows. What others write meanwhile is not in
    /// the copy, and nothing is half in it.
    ///
    /// # Errors
    /// The other database is not new; or either fails, and then the other is as it was.
    pub async fn copy_to(&self, other: &Self) -> Result<u64> {
        let tables = migrate::tables();
        let mut from = self.read().await?;
        let mut to = other.begin().await?;
        for table in &tables {
            if !is_new(&mut to, table).await? {
                return Err(Error::NotEmpty { table: (*table).to_owned() });
            }
        }
        let mut rows = 0;
        for table in tables {
            // The only rows that a new database has are counters at their beginning.
            to.script(WRITING, AssertSqlSafe(format!("DELETE FROM {table}"))).await?;
            rows += copy(&mut from, &mut to, table).await?;
        }
        from.rollback().await?;
        to.commit().await?;
        Ok(rows)
    }
}

/// Whether nobody has written to this table yet.
async fn is_new(to: &mut Tx, table: &str) -> Result<bool> {
    let count = match table {
        "counters" => "SELECT COUNT(*) FROM counters WHERE next > 0".to_owned(),
        table => format!("SELECT COUNT(*) FROM {table}"),
    };
    let count = AssertSqlSafe(count);
    let count: i64 = match &mut to.inner {
        Inner::Sqlite(tx) => sqlx::query_scalar(count).fetch_one(&mut **tx).await,
        Inner::Postgres(tx) => sqlx::query_scalar(count).fetch_one(&mut **tx).await,
    }
    .map_err(plain(READING))?;
    Ok(count == 0)
}

async fn copy(from: &mut Tx, to: &mut Tx, table: &str) -> Result<u64> {
    let select = AssertSqlSafe(format!("SELECT * FROM {table}"));
    let mut rows = 0;
    let mut insert = String::new();
    macro_rules! copy {
        ($tx:expr) => {{
            let mut found = sqlx::query(select).fetch(&mut **$tx);
            while let Some(row) = found.try_next().await.map_err(plain(READING))? {
                if insert.is_empty() {
                    let names: Vec<&str> = row.columns().iter().map(|c| c.name()).collect();
                    insert = statement(table, &names);
                }
                let kinds = row.columns().iter().map(|column| column.type_info().name());
                let values: Result<Vec<Value>> =
                    kinds.enumerate().map(|(place, kind)| read(&row, place, kind)).collect();
                write(to, &insert, &values?).await?;
                rows += 1;
            }
        }};
    }
    match &mut from.inner {
        Inner::Sqlite(tx) => copy!(tx),
        Inner::Postgres(tx) => copy!(tx),
    }
    Ok(rows)
}

fn statement(table: &str, names: &[&str]) -> String {
    let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "))
}

/// One value, by the type with which its column was declared.
fn read<'r, R: Row>(row: &'r R, place: usize, kind: &str) -> Result<Value>
where
    usize: sqlx::ColumnIndex<R>,
    Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<i64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<Vec<u8>>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    let value = match kind {
        "TEXT" => row.try_get(place).map(Value::Text),
        "BLOB" | "BYTEA" => row.try_get(place).map(Value::Bytes),
        _ => row.try_get(place).map(Value::Int),
    };
    value.map_err(plain(READING))
}

async fn write(to: &mut Tx, insert: &str, values: &[Value]) -> Result<()> {
    macro_rules! write {
        ($tx:expr) => {{
            let query = sqlx::query(AssertSqlSafe(insert));
            let query = values.iter().fold(query, |query, value| match value {
                Value::Text(text) => query.bind(text),
                Value::Int(number) => query.bind(number),
                Value::Bytes(bytes) => query.bind(bytes),
            });
            query.execute(&mut **$tx).await.map(drop)
        }};
    }
    match &mut to.inner {
        Inner::Sqlite(tx) => write!(tx),
        Inner::Postgres(tx) => write!(tx),
    }
    .map_err(plain(WRITING))
}

#[cfg(test)]
impl Store {
    /// Every row of every table, in words, to compare two databases.
    pub(crate) async fn contents(&self) -> Vec<String> {
        let mut tx = self.read().await.unwrap();
        let mut all = Vec::new();
        for table in migrate::tables() {
            let select = AssertSqlSafe(format!("SELECT * FROM {table}"));
            macro_rules! rows {
                ($tx:expr) => {
                    for row in sqlx::query(select).fetch_all(&mut **$tx).await.unwrap() {
                        let mut words = vec![table.to_owned()];
                        for (place, column) in row.columns().iter().enumerate() {
                            let value = match read(&row, place, column.type_info().name()).unwrap()
                            {
                                Value::Text(text) => format!("{text:?}"),
                                Value::Int(number) => format!("{number:?}"),
                                Value::Bytes(bytes) => format!("{bytes:?}"),
                            };
                            words.push(format!("{}={value}", column.name()));
                        }
                        all.push(words.join(" "));
                    }
                };
            }
            match &mut tx.inner {
                Inner::Sqlite(tx) => rows!(tx),
                Inner::Postgres(tx) => rows!(tx),
            }
        }
        all.sort();
        all
    }
}
