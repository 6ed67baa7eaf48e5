//! What can go wrong with the evidence.

use std::path::{Path, PathBuf};

use merkle::{ParseError, ProofError, TreeError};

/// The result of sealing, proving or verifying.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the world, or evidence that does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The keys failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The disk failed.
    #[error("cannot {doing} `{path}`: {source}")]
    Disk {
        /// `read`, `write`…
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Nothing has been sealed yet.
    #[error("`{0}` holds no checkpoint: nothing has been sealed there yet, or it is not a log")]
    Empty(PathBuf),
    /// A file of the log is missing, changed or broken.
    #[error("the log does not hold: {0}")]
    Broken(String),
    /// A signature or a proof that does not hold.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// Folder and database do not fit together.
    #[error("the log and the database do not fit together: {0}")]
    Restored(String),
    /// Folder and database fit together, and more was signed than they hold.
    #[error(
        "an older copy of the log was restored, database and folder alike: it has {here} entries, and a checkpoint that it signed over {there} is kept in `{place}`; restore a newer copy, or run `upheld ledger reconcile`"
    )]
    Behind {
        /// Entries here.
        here: u64,
        /// Entries that were signed.
        there: u64,
        /// The anchor that knows.
        place: PathBuf,
    },
    /// Another history was signed with the same key.
    #[error(
        "two histories were signed under one name: the first {size} entries of this log are not the ones behind the checkpoint kept in `{place}`; a copy of this installation, or an older backup of it, went on by itself: run `upheld ledger reconcile`"
    )]
    Split {
        /// How many entries the other had.
        size: u64,
        /// The anchor that knows.
        place: PathBuf,
    },
    /// An anchor that holds something else.
    #[error(
        "what is kept in `{place}` cannot be a checkpoint of this log: {reason}; look at it, and move it away if you know why"
    )]
    Anchor {
        /// The anchor.
        place: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// An entry that is not what the database says.
    #[error("entry {index} of the log does not hold: {reason}")]
    Entry {
        /// Its index.
        index: u64,
        /// What is wrong.
        reason: String,
    },
    /// No such event.
    #[error("there is no event `{0}`")]
    NoEvent(String),
    /// An event that is not in the log yet.
    #[error("event `{0}` is not in the log yet: seal what waits and try again")]
    Waiting(String),
    /// What was handed over as an opening does not open the commitment.
    #[error("the opening does not belong to this entry: salt or body was changed")]
    Opening,
    /// A folder that is in the way.
    #[error("`{0}` is there already: name a folder that does not exist")]
    Exists(PathBuf),
    /// A task of ours was stopped by the runtime.
    #[error("sealing was stopped before it was done: it continues where it was next time")]
    Stopped,
}

impl Error {
    /// Whether the same call may succeed a little later.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Store(error) => error.is_passing(),
            Self::Disk { .. } => true,
            _ => false,
        }
    }
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        Self::Proof(error.into())
    }
}

impl From<TreeError<Self>> for Error {
    fn from(error: TreeError<Self>) -> Self {
        match error {
            TreeError::Store(error) => error,
            other => Self::Broken(other.to_string()),
        }
    }
}

pub(crate) fn disk(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Disk { doing, path, source }
}
