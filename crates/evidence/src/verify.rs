//! Verifying all of a log: offline, and against the database.

use std::collections::VecDeque;
use std::num::NonZero;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use merkle::{Kind, TILE_WIDTH, TilePath, TileStore as _, Verifier, check};
use serde::Serialize;
use store::{Store, StoredEvent, commitment};
use vault::Vault;

use crate::folder::Folder;
use crate::leaf::Scribe;
use crate::ledger::blocking;
use crate::{Error, Leaf, Ledger, Result};

/// Events read from the database at a time: whole bundles.
const AT_A_TIME: u32 = 4096;

/// What was checked, all of it good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The log.
    pub origin: String,
    /// The root that was signed, in hexadecimal.
    pub root: String,
    /// Entries whose hash and form were checked.
    pub entries: u64,
    /// Entry bundles read.
    pub bundles: u64,
    /// Tiles computed anew and compared.
    pub tiles: u64,
    /// Entries whose event still has body and salt, and whose commitment they open. 0 offline.
    pub opened: u64,
    /// Entries whose event was erased; the commitment in the database is the one in the log. 0
    /// offline.
    pub erased: u64,
    /// Events of the database that are not in the log yet. 0 offline.
    pub waiting: u64,
}

/// Checks every entry, every tile, the root and the signature of the log in a folder. It needs
/// neither database nor network; the public key must come from elsewhere than the folder.
pub fn verify(folder: &Path, verifier: &Verifier) -> Result<Verified> {
    verify_folder(&Folder::new(folder), verifier)
}

pub(crate) fn verify_folder(folder: &Folder, verifier: &Verifier) -> Result<Verified> {
    let (checkpoint, _) =
        folder.checkpoint(verifier)?.ok_or_else(|| Error::Empty(folder.root().to_owned()))?;
    folder.check_key(verifier)?;
    // The first entry that is wrong, whichever thread comes upon one first.
    let wrong: Mutex<Option<(u64, String)>> = Mutex::new(None);
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let checked = check(folder, checkpoint.size, checkpoint.root, threads, |index, entry| {
        if let Some(reason) = Leaf::fault(entry) {
            let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
            if wrong.as_ref().is_none_or(|(first, _)| index < *first) {
                *wrong = Some((index, reason));
            }
        }
    })?;
    if let Some((index, reason)) = wrong.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(Error::Entry { index, reason });
    }
    Ok(Verified {
        origin: checkpoint.origin,
        root: format!("{:?}", checkpoint.root),
        entries: checked.entries,
        bundles: checked.bundles,
        tiles: checked.tiles,
        opened: 0,
        erased: 0,
        waiting: 0,
    })
}

impl Ledger {
    /// [`verify`], and in addition that every entry is the database's event, and that its commitment
    /// opens to what the database still holds.
    pub async fn verify(&self, store: &Store, vault: &Vault) -> Result<Verified> {
        let _lock = self.lock().await?;
        let verifier = self.verifier(vault)?;
        let folder = self.folder.clone();
        let mut verified = blocking(move || verify_folder(&folder, &verifier)).await?;
        let mut scribe = Scribe::new(vault)?;
        let mut index = 0;
        let mut waiting = VecDeque::new();
        while index < verified.entries {
            let width = (verified.entries - index).min(u64::from(TILE_WIDTH));
            let tile = TilePath {
                kind: Kind::Entries,
                index: index / u64::from(TILE_WIDTH),
                width: u16::try_from(width).unwrap_or(TILE_WIDTH),
            };
            let bytes = self
                .folder
                .read(tile)?
                .ok_or_else(|| Error::Broken(format!("`{tile}` is missing")))?;
            // Read many bundles' events at a time.
            if waiting.is_empty() {
                waiting = store.read().await?.events_from(index, AT_A_TIME).await?.into();
            }
            for entry in merkle::entries(&bytes)? {
                let event =
                    waiting.pop_front().filter(|event| event.seq == index).ok_or_else(|| {
                        Error::Entry {
                            index,
                            reason: "its event is not in the database".to_owned(),
                        }
                    })?;
                compare(entry, &event, index, &mut scribe)?;
                if event.salt.is_some() {
                    verified.opened += 1;
                } else {
                    verified.erased += 1;
                }
                index += 1;
            }
        }
        let count = store.read().await?.event_count().await?;
        verified.waiting = count.saturating_sub(verified.entries);
        Ok(verified)
    }
}

fn compare(entry: &[u8], event: &StoredEvent, index: u64, scribe: &mut Scribe) -> Result<()> {
    let wrong = |reason: &str| Err(Error::Entry { index, reason: reason.to_owned() });
    if scribe.leaf(&event.outline()).bytes()? != entry {
        return wrong(
            "the database holds another event in its place: it was changed after it was sealed",
        );
    }
    if let (Some(salt), Some(body)) = (&event.salt, &event.body)
        && commitment(salt, body) != event.commitment
    {
        return wrong("body or salt in the database were changed after it was sealed");
    }
    if event.sealed_index.is_some_and(|sealed| sealed != index) {
        return wrong("the database says that it stands elsewhere");
    }
    Ok(())
}
