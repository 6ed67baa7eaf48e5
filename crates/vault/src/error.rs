//! What can go wrong with keys.

use std::path::{Path, PathBuf};

/// A vault's result.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the disk, or keys that are not as they must be. No variant carries a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no key ring.
    #[error("there is no key ring in `{0}`: make one, or restore it from its backup")]
    NoKeys(PathBuf),
    /// There is a key ring already.
    #[error(
        "there is already a key ring in `{0}`: a second one would make what the first has sealed unreadable"
    )]
    Exists(PathBuf),
    /// Others could read the keys.
    #[error("`{path}` can be read by others (mode {mode:04o}): run `chmod {wanted:o} '{path}'`")]
    TooOpen {
        /// The file or folder.
        path: String,
        /// Its mode.
        mode: u32,
        /// The mode it must have.
        wanted: u32,
    },
    /// A key file that is not one.
    #[error("`{path}` is not a key file of this version: restore it from the backup of the keys")]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// A wrapped key whose root key is not there.
    #[error(
        "the key in `{path}` needs root key {version}, which is not in the key ring: restore `root.v{version}` from the backup of the keys"
    )]
    NoRoot {
        /// The wrapped key.
        path: PathBuf,
        /// The version it names.
        version: u32,
    },
    /// Cut, changed, moved, or sealed with another key.
    #[error(
        "this cannot be opened: it was changed, it belongs elsewhere, or it was sealed with other keys"
    )]
    Unopenable,
    /// The crypto library refused.
    #[error("the crypto library failed while {0}")]
    Crypto(&'static str),
    /// The disk failed us.
    #[error("cannot {doing} `{path}`: {source}")]
    Disk {
        /// `read`, `write`…
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

pub(crate) fn disk(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Disk { doing, path, source }
}
