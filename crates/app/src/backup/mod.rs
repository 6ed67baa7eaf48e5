//! A backup of a house while it works, and a house from a backup.
//!
//! ```text
//! upheld-backup.json      what it is: format, when, which log, how many entries
//! policy/…                the files of the policy folder
//! state/upheld.db         everything of our own database, from one picture, as an SQLite file
//! state/keys/…            the keys, without which nothing of it can be opened
//! SHA256SUMS              what each of these must be
//! ```
//!
//! A plain tar: whoever holds it and its keys can read everything, so it is written for its owner alone
//! and is best sent through a program that encrypts. The folder of the log is not in it: the database
//! holds what it is made of, and it is written anew.
//!
//! What a backup brings back is older than what happened since. So a restored house ends every session
//! and token, compares its log with the checkpoints that are kept elsewhere, and does not serve anybody
//! until the erasures were replayed ([`House::must_replay`]).

mod archive;
mod restore;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::Path;

use model::Micros;
use serde::{Deserialize, Serialize};
use store::{Location, Store};

pub use restore::{Restored, restore};

use crate::backup::archive::Archive;
use crate::house::House;
use crate::replay::Look;
use crate::{Error, Result};

const MANIFEST: &str = "upheld-backup.json";
const SUMS: &str = "SHA256SUMS";
const DATABASE: &str = "state/upheld.db";
const FORMAT: u32 = 1;
/// The setting that says from which moment's backup this state came, until erasures were replayed.
const RESTORED: &str = "backup.of";
/// A file of a policy folder that is larger is data, and not a policy.
const LARGEST: u64 = 4 * 1024 * 1024;

/// What a backup is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// When it was taken, in microseconds since 1970.
    pub made_at: Micros,
    /// The version of Upheld that wrote it.
    pub version: String,
    /// The log's name.
    pub log: String,
    /// Entries of the log, those included that wait to be sealed.
    pub entries: u64,
}

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackedUp {
    /// What it is.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// Rows of the database.
    pub rows: u64,
    /// Files of the policy.
    pub files: usize,
    /// What lies in the policy folder and is not in the backup, with the reason.
    pub left_out: Vec<(String, String)>,
}

impl House {
    /// Writes a backup. Others go on working meanwhile: what they write later is not in it, and nothing
    /// is half in it.
    ///
    /// # Errors
    /// The state cannot be read; it is itself an older copy that nobody has reconciled; `to` cannot be
    /// written.
    pub async fn back_up(&self, to: impl Write) -> Result<BackedUp> {
        let state = self.state().await?;
        let work = tempfile::Builder::new()
            .prefix("backup-")
            .tempdir_in(state.folder())
            .map_err(Error::file("cannot make a folder in", state.folder()))?;
        let copy = work.path().join("upheld.db");
        let database = Store::open(&Location::Sqlite(copy.clone())).await?;
        let rows = state.store.copy_to(&database).await?;
        let mut tx = database.read().await?;
        let entries = tx.event_count().await?;
        tx.rollback().await?;
        database.scrub().await?;
        database.close().await;
        let manifest = Manifest {
            format: FORMAT,
            made_at: self.means.clock.now(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            log: state.origin.clone(),
            entries,
        };
        let mut archive = Archive::begin(to);
        let text = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| Error::Refused(format!("the backup cannot be described: {error}")))?;
        archive.add(MANIFEST, &text)?;
        let mut left_out = Vec::new();
        let files = archive.policy(self.folder(), LARGEST, &mut left_out)?;
        // Keys come after the data that they open: a key that is made meanwhile opens nothing here.
        archive.file(DATABASE, &copy)?;
        archive.folder("state/keys", &state.folder().join("keys"))?;
        archive.end()?;
        Ok(BackedUp { manifest, rows, files, left_out })
    }

    /// From which moment's backup this state came, as long as nobody has looked for people who were
    /// erased and are there again.
    pub async fn must_replay(&self) -> Result<Option<Micros>> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let of = tx.setting(RESTORED).await?;
        tx.rollback().await?;
        Ok(of.and_then(|text| text.parse().ok()).map(Micros))
    }

    /// Notes that the erasures were replayed after a restore: every system was read whole, and nobody is
    /// left in it who was erased. `false` if that is not so, or nothing was restored.
    pub async fn note_replayed(&self, look: &Look, all_erased: bool) -> Result<bool> {
        let state = self.state().await?;
        let systems = self.policy(true)?.systems.len();
        if !all_erased || !look.is_whole() || look.read.len() < systems {
            return Ok(false);
        }
        let mut tx = state.store.begin().await?;
        let was = tx.remove_setting(RESTORED).await?;
        tx.commit().await?;
        Ok(was)
    }
}

/// Opens a file for a backup: new, and for its owner alone.
///
/// # Errors
/// There is one already, or it cannot be made.
pub fn new_file(path: &Path) -> Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(
        |error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Error::Refused(format!(
                "`{}` is there already: name another file, a backup is never written over",
                path.display()
            )),
            _ => Error::file("cannot write", path)(error),
        },
    )
}
