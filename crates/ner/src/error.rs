//! Why a model cannot be used.

use std::path::PathBuf;

/// A model that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The engine is not part of this build.
    #[error(
        "this build runs no models: build it with `cargo build --release --features onnx`, or leave the model out"
    )]
    NotBuiltIn,
    /// A file that belongs to a model is not where it was looked for.
    #[error("`{}`: {what}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// What is not there, and what to do.
        what: String,
    },
    /// A file of it cannot be read, or is not what it should be.
    #[error("`{}`: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// It is not a classifier of tokens, or one of a form that is not understood.
    #[error("the model cannot be used: {0}")]
    Model(String),
}

/// A text on which the model could not be run. What the detector found in it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the model could not be run on it ({0}): what only the model would find is missing")]
pub struct RunError(pub String);
