//! Copies of the last signed checkpoint, kept where a backup of the log does not reach.
//!
//! Folder and database remember what was signed last, and each notices when the other was restored
//! alone. When both come back from the same old backup, nothing inside can tell. An anchor can: a
//! folder elsewhere (of the user's own, on a share, on a stick) with a copy of the last checkpoint,
//! which only ever goes up. It holds nothing but that public text, so it may lie anywhere; an anchor
//! on the same disk falls with it, and one that is restored together with the log is none.

use std::path::{Path, PathBuf};

use merkle::{Checkpoint, Prover, SignedNote, Verifier, verify_consistency};
use serde::Serialize;

use crate::folder::Folder;
use crate::{Error, Result};

/// A folder outside the log's own that keeps its last checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    folder: PathBuf,
    /// Whether it is made when it is not there. A share that is not mounted must not be taken for an
    /// empty one.
    make: bool,
}

/// Where an anchor stands beside the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anchored {
    /// The anchor's folder.
    pub place: PathBuf,
    /// What it says.
    #[serde(flatten)]
    pub stand: Stand,
}

/// What an anchor says of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "stand", rename_all = "lowercase")]
pub enum Stand {
    /// The log begins with what is kept there.
    Holds {
        /// How many entries the log had then.
        size: u64,
    },
    /// Nothing of this log is kept there yet.
    Empty,
    /// More was signed than is here.
    Ahead {
        /// How many entries the log had.
        size: u64,
    },
    /// Another history was signed with the same key.
    Split {
        /// How many entries it had.
        size: u64,
    },
    /// It could not be looked at.
    Unread {
        /// Why.
        reason: String,
    },
    /// What lies there is no checkpoint of this log.
    Damaged {
        /// Why.
        reason: String,
    },
}

impl Anchor {
    /// A folder that is made when it is not there.
    pub fn own(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), make: true }
    }

    /// A folder that somebody else sees to: a share, a stick. It is never made.
    pub fn elsewhere(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), make: false }
    }

    /// The file in it for a log: anchors of many logs may share a folder.
    fn file(origin: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
        format!("{}.checkpoint", origin.chars().map(plain).collect::<String>())
    }

    /// What is kept here, or how it stands if it cannot be had.
    fn read(&self, verifier: &Verifier) -> std::result::Result<(Checkpoint, SignedNote), Stand> {
        if !self.make && !self.folder.is_dir() {
            let reason = "the folder is not there: is the share or the stick mounted?".to_owned();
            return Err(Stand::Unread { reason });
        }
        match Folder::new(&self.folder).note(&Self::file(verifier.name()), verifier) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(Stand::Empty),
            Err(Error::Disk { source, .. }) => Err(Stand::Unread { reason: source.to_string() }),
            Err(error) => Err(Stand::Damaged { reason: error.to_string() }),
        }
    }

    /// Compares what is kept here with the log in a folder, as it was last signed.
    pub(crate) fn stand(
        &self,
        log: &Folder,
        shown: Option<&Checkpoint>,
        verifier: &Verifier,
    ) -> Result<Stand> {
        match self.read(verifier) {
            Ok((kept, _)) => compare(log, shown, &kept),
            Err(stand) => Ok(stand),
        }
    }

    /// Keeps a checkpoint, unless what is kept is as new. INVARIANT: it never goes down.
    pub(crate) fn advance(&self, note: &SignedNote, verifier: &Verifier) -> Result<()> {
        let checkpoint = Checkpoint::verify(note, verifier)?;
        match self.read(verifier) {
            Ok((kept, _)) if kept.size >= checkpoint.size => Ok(()),
            Ok(_) | Err(Stand::Empty) => {
                let mut folder = Folder::new(&self.folder);
                folder.put(&Self::file(verifier.name()), note.to_string().as_bytes())?;
                folder.sync()
            }
            Err(_) => Err(Error::Empty(self.folder.clone())),
        }
    }

    /// The checkpoint kept here, if it can be read.
    pub(crate) fn checkpoint(&self, verifier: &Verifier) -> Option<(Checkpoint, SignedNote)> {
        self.read(verifier).ok()
    }

    /// The folder.
    pub fn place(&self) -> &Path {
        &self.folder
    }
}

/// The signed checkpoints in a text that somebody kept: a checkpoint itself, a `.tlog-proof`, or
/// JSON (a certificate, a record) with one in any of its values.
pub fn checkpoints_in(text: &str) -> Vec<String> {
    fn walk(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => found.extend(one(text)),
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            serde_json::Value::Object(map) => map.values().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    fn one(text: &str) -> Option<String> {
        if let Ok(proof) = text.parse::<merkle::TlogProof>() {
            return Some(proof.checkpoint.to_string());
        }
        text.parse::<SignedNote>().ok().map(|note| note.to_string())
    }
    if let Some(found) = one(text) {
        return vec![found];
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(text) {
        walk(&value, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

/// How a checkpoint that was kept elsewhere stands to the log in a folder, of which `shown` was
/// signed last.
pub(crate) fn compare(
    log: &Folder,
    shown: Option<&Checkpoint>,
    kept: &Checkpoint,
) -> Result<Stand> {
    let size = kept.size;
    let Some(shown) = shown else {
        return Ok(if size == 0 { Stand::Holds { size } } else { Stand::Ahead { size } });
    };
    if size > shown.size {
        return Ok(Stand::Ahead { size });
    }
    let path = if size == shown.size {
        Vec::new()
    } else {
        Prover::new(log, shown.size).consistency(size)?
    };
    let begins = verify_consistency(size, kept.root, shown.size, shown.root, &path);
    Ok(if begins.is_ok() { Stand::Holds { size } } else { Stand::Split { size } })
}
