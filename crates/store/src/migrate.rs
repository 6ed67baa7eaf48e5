//! The tables, brought up to date when the database is opened.

use std::fmt::Write as _;

use sqlx::AssertSqlSafe;

use crate::tx::{Param, Tx};
use crate::{Error, Result, dialect, statement};

/// In order, never changed once released: a database remembers the hash of each.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../migrations/0001_foundation.sql")),
    (2, include_str!("../migrations/0002_promises.sql")),
    (3, include_str!("../migrations/0003_people.sql")),
    (4, include_str!("../migrations/0004_desk.sql")),
    (5, include_str!("../migrations/0005_publication.sql")),
    (6, include_str!("../migrations/0006_requests.sql")),
    (7, include_str!("../migrations/0007_api.sql")),
    (8, include_str!("../migrations/0008_webhooks.sql")),
    (9, include_str!("../migrations/0009_announcements.sql")),
    (10, include_str!("../migrations/0010_visits.sql")),
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS upheld_migrations \
    (number BIGINT PRIMARY KEY, sha256 TEXT NOT NULL)";

/// Runs what is missing, in the one transaction given.
pub(crate) async fn run(tx: &mut Tx) -> Result<()> {
    run_list(tx, MIGRATIONS).await
}

/// Every table that the migrations make, in the order in which they do: a row refers to rows of tables
/// before its own.
pub(crate) fn tables() -> Vec<&'static str> {
    let texts = MIGRATIONS.iter().flat_map(|(_, text)| text.lines());
    let named = texts.filter_map(|line| line.strip_prefix("CREATE TABLE "));
    named.filter_map(|rest| rest.split([' ', '(']).next()).collect()
}

async fn run_list(tx: &mut Tx, migrations: &[(i64, &str)]) -> Result<()> {
    tx.lock_migrations().await?;
    tx.execute("preparing the tables", TABLE, &[]).await?;
    let rows = tx.rows("reading the version of the tables", statement::MIGRATIONS, &[]).await?;
    let mut done = Vec::new();
    for row in &rows {
        done.push((row.int(0)?, row.text(1)?));
    }
    let known = migrations.last().map_or(0, |(number, _)| *number);
    if let Some((found, _)) = done.last().filter(|(found, _)| *found > known) {
        return Err(Error::Newer { found: *found, known });
    }
    for (number, text) in migrations {
        let hash = sha256(text);
        match done.iter().find(|(done, _)| done == number) {
            Some((_, applied)) if *applied == hash => {}
            Some(_) => return Err(Error::Migration { number: *number }),
            None => {
                let text = dialect::migration(text, tx.is_postgres());
                tx.script("changing the tables", AssertSqlSafe(text)).await?;
                tx.execute(
                    "recording the version of the tables",
                    statement::MIGRATION_DONE,
                    &[Param::Int(*number), Param::Text(&hash)],
                )
                .await?;
            }
        }
    }
    Ok(())
}

fn sha256(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Store};

    #[tokio::test]
    async fn a_newer_database_and_a_changed_migration_are_refused_clearly() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("state.db"));
        let store = Store::open(&location).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let mut changed = MIGRATIONS.to_vec();
        changed[0].1 = "CREATE TABLE other (a TEXT);";
        assert_eq!(run_list(&mut tx, &changed).await, Err(Error::Migration { number: 1 }));
        drop(tx);
        let mut tx = store.begin().await.unwrap();
        tx.execute(
            "pretending to be newer",
            statement::MIGRATION_DONE,
            &[Param::Int(99), Param::Text("")],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        let error = Store::open(&location).await.unwrap_err();
        let known = MIGRATIONS.last().unwrap().0;
        assert_eq!(error, Error::Newer { found: 99, known });
        assert!(error.to_string().contains("newer Upheld"));
    }
}
