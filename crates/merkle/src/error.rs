//! What can be wrong with a text, a proof or a stored tree.

use crate::TilePath;

/// A text that is not written as its specification says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a well-formed {what}: {reason}")]
pub struct ParseError {
    /// `signed note`, `checkpoint`, `proof`…
    pub what: &'static str,
    /// Which rule it breaks.
    pub reason: String,
}

impl ParseError {
    pub(crate) fn new(what: &'static str, reason: impl Into<String>) -> Self {
        Self { what, reason: reason.into() }
    }
}

/// A well-formed text that does not prove what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It cannot even be read.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The path has too few or too many hashes for this index and size.
    #[error("the proof has {found} hashes, but an entry {index} of {size} needs another number")]
    Length {
        /// How many there are.
        found: usize,
        /// The entry.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// No such entry, or a tree that is smaller than the older one.
    #[error("{index} lies outside a log of {size} entries")]
    Range {
        /// What was asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The hashes lead to another root.
    #[error("the hashes do not lead to the signed root: the entry or the proof was changed")]
    Root,
    /// The hashes of a consistency proof do not lead to the older root.
    #[error("the newer log does not begin with the older one: history was changed")]
    History,
    /// No signature by the key that we trust.
    #[error("there is no signature by `{0}` with the key that was given")]
    Unsigned(String),
    /// A signature that claims to be by that key, and is not.
    #[error("the signature by `{0}` is not valid: the text was changed, or the key is another's")]
    Signature(String),
    /// The checkpoint of another log.
    #[error("the checkpoint is of the log `{found}`, not of `{expected}`")]
    Origin {
        /// The log expected.
        expected: String,
        /// The log found.
        found: String,
    },
}

/// What can be wrong with a stored tree; `E` is the store's own error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError<E> {
    /// The store failed.
    #[error(transparent)]
    Store(E),
    /// A tile that must be there is not.
    #[error("`{0}` is missing")]
    Missing(TilePath),
    /// A tile or bundle that cannot be read.
    #[error("`{tile}` is broken: {reason}")]
    Broken {
        /// Which.
        tile: TilePath,
        /// How.
        reason: String,
    },
    /// A tile that does not follow from the entries below it.
    #[error("`{0}` does not follow from the entries below it: one or the other was changed")]
    Mismatch(TilePath),
    /// The root of the entries is not the one expected.
    #[error("the root over all {size} entries is not the one that was signed")]
    Root {
        /// How many entries there are.
        size: u64,
    },
    /// An entry too long for a bundle.
    #[error("an entry of {0} bytes is longer than the 65,535 that a log can hold")]
    TooLong(usize),
    /// An index or size beyond the tree.
    #[error("{index} lies outside a log of {size} entries")]
    Range {
        /// What was asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
}
