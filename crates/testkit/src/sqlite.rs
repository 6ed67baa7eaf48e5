//! SQLite files, read and written without any of our code in between.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Executor as _, Row as _, ValueRef as _};

/// One row: the names of its columns with their values, NULL left out.
pub type Fields = Vec<(String, Vec<u8>)>;

/// Runs SQL on a file, several statements at once; the file is made if it is not there.
pub fn execute(path: &Path, sql: &str) {
    block_on(async {
        let mut link = open(path).await;
        let done = (&mut link).execute(AssertSqlSafe(sql.to_owned())).await;
        done.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", path.display()));
        let _ = link.close().await;
    });
}

/// What a query answers, every value as text or as the bytes that it is.
pub fn rows(path: &Path, sql: &str) -> Vec<Fields> {
    block_on(async {
        let mut link = open(path).await;
        let found = (&mut link).fetch_all(AssertSqlSafe(sql.to_owned())).await;
        let found = found.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", path.display()));
        let _ = link.close().await;
        found.iter().map(fields).collect()
    })
}

/// Every row of every table, by the table's name.
pub fn all(path: &Path) -> Vec<(String, Fields)> {
    let text = |fields: &Fields| {
        let first = fields.first().map(|(_, value)| value.clone());
        String::from_utf8(first.unwrap_or_default()).unwrap_or_default()
    };
    let tables = rows(
        path,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    let mut found = Vec::new();
    for table in tables.iter().map(text) {
        let name = table.replace('"', "\"\"");
        let rows = rows(path, &format!("SELECT * FROM \"{name}\" ORDER BY 1"));
        found.extend(rows.into_iter().map(|fields| (table.clone(), fields)));
    }
    found
}

async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(std::time::Duration::from_secs(20));
    let link = SqliteConnection::connect_with(&options).await;
    link.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn fields(row: &SqliteRow) -> Fields {
    let mut fields = Vec::new();
    for column in row.columns() {
        let at = column.ordinal();
        let Ok(value) = row.try_get_raw(at) else { continue };
        if value.is_null() {
            continue;
        }
        // Whatever the column is called: SQLite's values have their own types.
        let bytes = row
            .try_get_unchecked::<Vec<u8>, _>(at)
            .unwrap_or_else(|error| panic!("`{}` cannot be read: {error}", column.name()));
        fields.push((column.name().to_owned(), bytes));
    }
    fields
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap_or_else(|error| panic!("no runtime: {error}")).block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_null_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        execute(
            &path,
            "CREATE TABLE \"a b\" (n int, t text, v blob); INSERT INTO \"a b\" VALUES (7, NULL, x'00ff'), (8, 'x', NULL)",
        );
        let all = all(&path);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].0, "a b");
        assert_eq!(all[0].1, [("n".to_owned(), b"7".to_vec()), ("v".to_owned(), vec![0, 255])]);
        assert_eq!(all[1].1[1], ("t".to_owned(), b"x".to_vec()));
    }
}
