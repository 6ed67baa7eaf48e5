//! What can go wrong with our own database.

/// A store's result.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the database, or a rule of the store that the caller ran into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The database cannot be opened.
    #[error("cannot open the database at `{place}`: {reason}")]
    Open {
        /// The file, or the server without account and password.
        place: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A later version of Upheld has already changed the tables.
    #[error(
        "this database was written by a newer Upheld (its tables are at version {found}, this program knows {known}): run the newer program, or restore a backup from before the upgrade"
    )]
    Newer {
        /// The version found.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// A migration that was applied is not the one this program carries.
    #[error(
        "migration {number} of this database is not the one that this program carries: the program was built from changed sources; run a released build"
    )]
    Migration {
        /// Its number.
        number: i64,
    },
    /// Somebody else moved the case on.
    #[error(
        "case `{case}` is no longer at step {expected}: another process has moved it on; nothing was written, read the case again"
    )]
    Stale {
        /// The case.
        case: String,
        /// The step that the caller had read.
        expected: u64,
    },
    /// No such case.
    #[error("there is no case `{case}`")]
    NoCase {
        /// The id asked for.
        case: String,
    },
    /// An id that is taken.
    #[error("there is already a {kind} `{id}`")]
    Exists {
        /// `case` or `event`.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// Plain bytes where sealed ones belong.
    #[error("the state of case `{case}` is not sealed: seal it with the vault before it is stored")]
    NotSealed {
        /// The case.
        case: String,
    },
    /// An event whose id or kind could tell more than it should: both stand in the log for all to
    /// read.
    #[error(
        "an event's id must be 32 hexadecimal digits, and its kind at most 64 lower-case letters, digits, spaces, `.`, `-` or `_`: both are public"
    )]
    NotPublic,
    /// A change was asked of a transaction that was opened to read.
    #[error("this transaction only reads: open one with `begin` to write")]
    ReadOnly,
    /// Everything was to be copied into a database that has something already.
    #[error("the database has rows already (in `{table}`): name one that is new")]
    NotEmpty {
        /// The first table that has some.
        table: String,
    },
    /// The log and the events do not fit together.
    #[error("the events and the log do not agree: {0}")]
    Sequence(String),
    /// A lock, a deadlock, a time limit: worth another try.
    #[error("the database is busy while {doing}: try again")]
    Busy {
        /// What we were at.
        doing: &'static str,
    },
    /// No room to write.
    #[error("no room left on the disk of the database while {doing}: free some and try again")]
    Full {
        /// What we were at.
        doing: &'static str,
    },
    /// The connection broke.
    #[error("the connection to the database broke while {doing}: try again")]
    Broken {
        /// What we were at.
        doing: &'static str,
    },
    /// Anything else, by the product's own code.
    #[error("the database reported {code} while {doing}")]
    Database {
        /// What we were at.
        doing: &'static str,
        /// SQLSTATE or SQLite's extended code, never the message: it may quote a row.
        code: String,
    },
}

impl Error {
    /// Whether the same call may succeed a little later.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Broken { .. } | Self::Full { .. })
    }
}

/// What a database error means, whichever engine spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Duplicate,
    NoParent,
    Other,
}

pub(crate) fn meaning(error: &sqlx::Error) -> Meaning {
    let Some(database) = error.as_database_error() else { return Meaning::Other };
    if database.is_unique_violation() {
        Meaning::Duplicate
    } else if database.is_foreign_key_violation() {
        Meaning::NoParent
    } else {
        Meaning::Other
    }
}

/// Strips a driver's error to what may be shown.
pub(crate) fn plain(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
    move |error| match &error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default().into_owned();
            match code.as_str() {
                // SQLite: BUSY, LOCKED and their kin. PostgreSQL: serialisation, deadlock, lock
                // not available, statement cancelled.
                "5" | "6" | "261" | "262" | "517" | "40001" | "40P01" | "55P03" | "57014" => {
                    Error::Busy { doing }
                }
                "13" | "53100" => Error::Full { doing },
                "57P01" | "57P02" | "57P03" | "08006" | "08003" => Error::Broken { doing },
                "8" | "25006" => Error::ReadOnly,
                _ => Error::Database {
                    doing,
                    code: if code.is_empty() {
                        "an error without a code".to_owned()
                    } else {
                        format!("error {code}")
                    },
                },
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
            Error::Broken { doing }
        }
        sqlx::Error::PoolTimedOut => Error::Busy { doing },
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            Error::Database { doing, code: "a value of an unexpected type".to_owned() }
        }
        _ => Error::Database { doing, code: "an error of its driver".to_owned() },
    }
}
