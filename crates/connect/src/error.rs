//! What can go wrong with a system, without ever quoting what it holds.

use model::TableName;

/// A connector's result.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the world or of the instructions. No variant carries a row's value or a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address cannot be used.
    #[error("the address is not usable: {0}")]
    Address(String),
    /// The server did not answer.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The server refused the account or its password.
    #[error("the server refused the sign-in of `{account}`: check the user name and the password")]
    SignIn {
        /// The account that was refused.
        account: String,
    },
    /// Plain text beyond loopback.
    #[error(
        "`{host}` is not this machine and the connection would not be encrypted: add `sslmode=require` (PostgreSQL) or `ssl-mode=REQUIRED` (MySQL, MariaDB)"
    )]
    NotEncrypted {
        /// The host.
        host: String,
    },
    /// A table that is not there.
    #[error("there is no table `{0}`")]
    NoTable(TableName),
    /// A column that is not there.
    #[error("table `{table}` has no column `{column}`")]
    NoColumn {
        /// The table.
        table: TableName,
        /// The column asked for.
        column: String,
    },
    /// The account may not do this.
    #[error("the account may not {action} `{table}`{}", lacking(.grant))]
    Denied {
        /// `read` or `change`.
        action: &'static str,
        /// The table.
        table: TableName,
        /// The statement that gives the account what it lacked, where that could be told.
        grant: Option<String>,
    },
    /// A constraint of the database stands against a change.
    #[error("`{table}` refuses the change: {rule}")]
    Constraint {
        /// The table.
        table: TableName,
        /// The kind and the name of the constraint, never the value.
        rule: String,
    },
    /// Somebody else changed a row between reading and writing.
    #[error("{rows} row(s) of `{table}` changed while we worked; nothing was written")]
    Changed {
        /// The table.
        table: TableName,
        /// How many.
        rows: u64,
    },
    /// A time limit, a lock, a deadlock: worth another try.
    #[error("the server stopped the statement: {0}")]
    Busy(String),
    /// The connection broke in the middle; whether a change was committed is not known.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The server has no room to write.
    #[error("the server has no room left: {0}")]
    Full(String),
    /// A file that cannot be read or changed.
    #[error("`{file}` {why}")]
    File {
        /// Its path within the folder.
        file: String,
        /// Why, and what to do.
        why: String,
    },
    /// A file that another program is writing.
    #[error(
        "`{file}` is open for writing by another program: rotate it or stop that program, then try again"
    )]
    InUse {
        /// Its path within the folder.
        file: String,
    },
    /// Refused because the connection is read-only.
    #[error("this connection is read-only")]
    ReadOnly,
    /// The receiver of the rows stopped the stream.
    #[error("stopped: {0}")]
    Stopped(String),
    /// The product, or this kind of system, has no such thing.
    #[error("this system cannot {what}")]
    NotOffered {
        /// What was asked, as a verb.
        what: &'static str,
    },
    /// Anything else, by the product's own code.
    #[error("the server reported {code}")]
    Other {
        /// SQLSTATE or the product's number, never its message.
        code: String,
    },
}

fn lacking(grant: &Option<String>) -> String {
    grant
        .as_ref()
        .map(|grant| format!(": it lacks a right, which `{grant}` gives"))
        .unwrap_or_default()
}

impl Error {
    /// Whether the same instruction may succeed a little later.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::Busy(_)
                | Self::Broken(_)
                | Self::Changed { .. }
                | Self::InUse { .. }
        )
    }
}
