//! What can go wrong while the sample is made.

use std::path::PathBuf;

/// The result of making the sample.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the disk or of the instructions.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fewer people than the story needs.
    #[error("`{asked}` people are too few: ask for at least {least}")]
    TooFewPeople {
        /// How many were asked for.
        asked: u32,
        /// The least the story can be told with.
        least: u32,
    },
    /// A database of an earlier run stands in the way.
    #[error("`{0}` exists already: choose an empty folder, or delete it first")]
    Exists(PathBuf),
    /// The folder or a file in it could not be made.
    #[error("`{path}` cannot be written: {reason}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        reason: std::io::Error,
    },
    /// SQLite refused something.
    #[error("SQLite could not fill `{system}`: {reason}")]
    Database {
        /// Which of the four databases.
        system: &'static str,
        /// What SQLite said.
        reason: sqlx::Error,
    },
    /// The part that invents the rows stopped before its end.
    #[error("the rows of `{system}` ended early: {reason}")]
    Broken {
        /// Which of the four databases.
        system: &'static str,
        /// Why.
        reason: String,
    },
}
