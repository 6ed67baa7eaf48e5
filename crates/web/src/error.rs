//! Why the server does not start, in words that say what to do.

use std::path::PathBuf;

/// A failure before or while the server listens.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A use case of the room below.
    #[error(transparent)]
    App(#[from] app::Error),
    /// The rules of who may do what, which the program carries, are not sound.
    #[error(transparent)]
    Auth(#[from] auth::Error),
    /// A setting that cannot be used.
    #[error("{0}")]
    Setting(String),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`: {source}")]
    Listen {
        /// The address.
        address: String,
        /// The system's own words.
        source: std::io::Error,
    },
    /// A certificate or its key.
    #[error("`{}`: {message}", file.display())]
    Tls {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}
