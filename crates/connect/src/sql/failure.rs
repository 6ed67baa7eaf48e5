//! From a product's own codes to our words. A server's message quotes values: it is never passed
//! on, and only a constraint or column that the catalogue knows is picked out of it.

use model::TableName;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::postgres::PgDatabaseError;

use super::shape::TableShape;
use crate::Error;

/// What we were at when it failed.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) table: Option<&'a TableShape>,
    pub(super) action: &'static str,
}

impl At<'_> {
    pub(super) const NOWHERE: Self = Self { table: None, action: "read" };

    fn table_name(&self) -> TableName {
        self.table
            .map_or_else(|| TableName::new("", "the database"), |shape| shape.table.name.clone())
    }

    fn constraint(&self, rule: impl Into<String>) -> Error {
        Error::Constraint { table: self.table_name(), rule: rule.into() }
    }

    fn denied(&self) -> Error {
        Error::Denied { action: self.action, table: self.table_name(), grant: None }
    }

    /// The longest of the table's columns that the message names between these quotes.
    fn column_in(&self, message: &str, quotes: (&str, &str)) -> Option<&str> {
        let columns = self.table?.table.columns.iter().map(|column| column.name.as_str());
        columns
            .filter(|name| message.contains(&format!("{}{name}{}", quotes.0, quotes.1)))
            .max_by_key(|name| name.len())
    }
}

/// Translates a driver's error.
pub(super) fn failure(error: &sqlx::Error, at: At<'_>) -> Error {
    match error {
        sqlx::Error::Database(inner) => {
            if let Some(inner) = inner.try_downcast_ref::<PgDatabaseError>() {
                postgres(inner, at)
            } else if let Some(inner) = inner.try_downcast_ref::<MySqlDatabaseError>() {
                mysql(inner.number(), inner.message(), at)
            } else {
                let code = inner.code().and_then(|code| code.parse().ok()).unwrap_or(1);
                sqlite(code, inner.message(), at)
            }
        }
        sqlx::Error::Io(inner) => Error::Broken(inner.kind().to_string()),
        sqlx::Error::Tls(_) => {
            Error::Unreachable("no encrypted connection could be agreed on".into())
        }
        sqlx::Error::Protocol(_) => Error::Broken("the server said something unexpected".into()),
        sqlx::Error::WorkerCrashed => Error::Broken("the database's worker stopped".into()),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            Error::Busy("no connection is free".into())
        }
        sqlx::Error::Configuration(_) => Error::Address("its options do not fit together".into()),
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. } => {
            Error::Other { code: "a value that could not be read".into() }
        }
        sqlx::Error::Encode(_) => Error::Other { code: "a value that could not be sent".into() },
        _ => Error::Other { code: "an unknown fault of the driver".into() },
    }
}

fn named(kind: &str, name: Option<&str>) -> String {
    name.map_or_else(|| kind.to_owned(), |name| format!("{kind} `{name}`"))
}

fn postgres(error: &PgDatabaseError, at: At<'_>) -> Error {
    let code = error.code();
    match code {
        "23505" => at.constraint(named("unique key", error.constraint())),
        "23503" => at.constraint(named("reference", error.constraint())),
        "23502" => at.constraint(format!(
            "{} may not be empty (NOT NULL)",
            error.column().map_or_else(|| "a column".to_owned(), |column| format!("`{column}`"))
        )),
        "23514" | "44000" => at.constraint(named("check", error.constraint())),
        "23P01" => at.constraint(named("exclusion", error.constraint())),
        "23000" | "23001" => at.constraint(named("rule", error.constraint())),
        "22001" => at.constraint("a value is longer than its column allows"),
        "22P02" | "22P03" | "22003" | "22007" | "22008" | "22021" | "22P05" | "2200G" | "22032" => {
            at.constraint("a value does not fit the type of its column")
        }
        "428C9" => at.constraint("the database computes a column that was to be set"),
        "P0001" => at.constraint("a trigger stops it"),
        "55P03" => Error::Busy("a row is locked by somebody else".into()),
        "57014" => Error::Busy("it took longer than the limit".into()),
        "40P01" => Error::Busy("deadlock".into()),
        "40001" => Error::Busy("it collided with another transaction".into()),
        "53300" => Error::Busy("all of its connections are taken".into()),
        "57P01" | "57P02" | "57P03" | "57P04" | "57P05" | "25P03" => {
            Error::Broken("the server is shutting down or starting".into())
        }
        "53100" => Error::Full("disk full".into()),
        "53200" => Error::Full("out of memory".into()),
        "25006" => Error::ReadOnly,
        "42501" => at.denied(),
        "42P01" => Error::NoTable(at.table_name()),
        _ if code.starts_with("08") => Error::Broken("connection lost".into()),
        _ if code.starts_with("58") => Error::Full("the server cannot use its disk".into()),
        _ => Error::Other { code: format!("SQLSTATE {code}") },
    }
}

fn mysql(number: u16, message: &str, at: At<'_>) -> Error {
    let column = || {
        at.column_in(message, ("'", "'"))
            .or_else(|| at.column_in(message, ("`", "`")))
            .map_or_else(|| "a column".to_owned(), |column| format!("`{column}`"))
    };
    match number {
        1022 | 1062 | 1169 | 1586 | 1859 => {
            // The message ends in the key's name, with or without its table before a dot.
            let unique = at.table.and_then(|shape| {
                let names = shape.table.unique.iter().map(|key| key.name.as_str());
                names.chain(std::iter::once("PRIMARY")).find(|name| {
                    message.ends_with(&format!("'{name}'"))
                        || message.ends_with(&format!(".{name}'"))
                })
            });
            at.constraint(named("unique key", unique))
        }
        1216 | 1217 | 1451 | 1452 | 1834 => {
            // `CONSTRAINT `name`` stands before anything else that is quoted; no value is in it.
            let name =
                message.split_once("CONSTRAINT `").and_then(|(_, rest)| rest.split_once('`'));
            at.constraint(named("reference", name.map(|(name, _)| name)))
        }
        1048 | 1364 => at.constraint(format!("{} may not be empty (NOT NULL)", column())),
        3819 | 4025 => at.constraint("a check"),
        1406 => at.constraint(format!("a value is longer than {} allows", column())),
        1264 | 1265 | 1292 | 1366 | 1367 | 1411 | 3140 | 3156 => {
            at.constraint(format!("a value does not fit the type of {}", column()))
        }
        1644 => at.constraint("a trigger stops it"),
        1205 => Error::Busy("a row is locked by somebody else".into()),
        1213 => Error::Busy("deadlock".into()),
        1020 => Error::Busy("it collided with another transaction".into()),
        1969 | 3024 | 1317 => Error::Busy("it took longer than the limit".into()),
        1040 | 1203 | 1226 => Error::Busy("all of its connections are taken".into()),
        1053 | 1077..=1080 | 1152 | 1154..=1161 | 1184 | 1927 => {
            Error::Broken("connection lost".into())
        }
        3 | 1021 | 1041 | 1114 => Error::Full("disk full".into()),
        1290 | 1792 | 1836 => Error::ReadOnly,
        1142 | 1143 | 1227 | 1370 => at.denied(),
        1146 => Error::NoTable(at.table_name()),
        1153 => Error::Other { code: "1153: a value is larger than its max_allowed_packet".into() },
        _ => Error::Other { code: number.to_string() },
    }
}

fn sqlite(code: i32, message: &str, at: At<'_>) -> Error {
    match (code & 0xff, code) {
        (19, 2067 | 1555 | 2579) => {
            let over = unique_columns(message, at);
            at.constraint(if over.is_empty() {
                "unique key".into()
            } else {
                format!("unique key over {over}")
            })
        }
        (19, 1299) => {
            let over = unique_columns(message, at);
            let column = if over.is_empty() { "a column" } else { &over };
            at.constraint(format!("{column} may not be empty (NOT NULL)"))
        }
        (19, 787) => at.constraint("reference"),
        (19, 275) => at.constraint("check"),
        (19, 1811) => at.constraint("a trigger stops it"),
        (19, 3091) | (20, _) => at.constraint("a value does not fit the type of its column"),
        (19, _) => at.constraint("constraint"),
        (18, _) => at.constraint("a value is too long"),
        (5 | 6, _) => Error::Busy("somebody else is writing to the file".into()),
        (7, _) => Error::Full("out of memory".into()),
        (8, _) => Error::ReadOnly,
        (9, _) => Error::Busy("it was interrupted".into()),
        (10, _) => Error::Broken("the file cannot be read or written".into()),
        (11, _) => Error::Other { code: "SQLITE_CORRUPT: the file is damaged".into() },
        (13, _) => Error::Full("disk full".into()),
        (14, _) => Error::Unreachable("the file cannot be opened".into()),
        (26, _) => Error::Address("the file is not an SQLite database".into()),
        _ => Error::Other { code: format!("SQLite {code}") },
    }
}

/// The columns of `UNIQUE constraint failed: person.email, person.name` that the table really has.
fn unique_columns(message: &str, at: At<'_>) -> String {
    let Some(shape) = at.table else { return String::new() };
    let Some((_, list)) = message.split_once("failed: ") else { return String::new() };
    let table = shape.table.name.table.as_str();
    let names = shape.table.columns.iter().map(|column| column.name.as_str());
    let hit = |name: &&str| list.split(", ").any(|part| part == format!("{table}.{name}"));
    names.filter(hit).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
