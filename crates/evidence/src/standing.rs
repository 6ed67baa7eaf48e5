//! Does what lies here fit what was signed? Asked before anything is written, and answered in full
//! after a restore.
//!
//! A log must never sign a checkpoint that contradicts one it signed before. So once entries are lost
//! that a signed checkpoint covers, *this log is over*: its name is never signed with again, and what
//! is left goes on as a log with a new name. The other way, to take over the newer checkpoint and
//! append behind it, was considered and refused: the tree could be continued (32 bytes for each bit of
//! its size are enough), but its tiles would have a hole for ever, and a stranger who finds a hole
//! cannot tell a lost backup from a deed that somebody wanted gone. Under the new name every entry is
//! there and can be checked; the entry that begins the difference says which log it continues, up to
//! where, what was lost and why; and what was proved under the old name stays proved.

use std::path::PathBuf;

use merkle::{Appender, Checkpoint, Kind, TilePath, TileStore, Verifier, leaf_hash};
use model::Micros;
use store::Store;
use vault::Vault;

use crate::anchor::{Anchor, Anchored, Stand};
use crate::folder::Folder;
use crate::leaf::Scribe;
use crate::ledger::{Sealed, agree, blocking};
use crate::{Error, Ledger, Result};

/// Events read at a time.
const BATCH: u32 = 4096;

/// What was signed, beside what is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Events of the database that are shown to begin the log that was signed.
    pub here: u64,
    /// Entries of the log that was signed.
    pub there: u64,
    /// Whether another history was signed under this name: then it is not known where it parts from
    /// this one.
    pub split: bool,
    /// The signed checkpoint, to the letter.
    pub checkpoint: String,
    /// Where it is kept.
    pub place: PathBuf,
    /// When the last event happened that is here.
    pub since: Option<Micros>,
}

impl Gap {
    /// Whether every event is still in the database, so that the folder can be written anew.
    pub const fn is_whole(&self) -> bool {
        !self.split && self.here == self.there
    }
}

impl Ledger {
    /// Keeps the last checkpoint in these places too, and refuses to sign what does not begin with
    /// what they hold.
    #[must_use]
    pub fn anchored(mut self, anchors: Vec<Anchor>) -> Self {
        self.anchors = anchors;
        self
    }

    /// Refuses if folder, database and anchors do not fit together. It looks at the ends alone and
    /// writes nothing, so it can be asked before every piece of work.
    pub async fn check_standing(&self, store: &Store, vault: &Vault) -> Result<()> {
        let verifier = self.verifier(vault)?;
        let (known, count) = {
            let mut tx = store.read().await?;
            (tx.ledger_state().await?, tx.event_count().await?)
        };
        let ledger = self.clone();
        blocking(move || {
            let shown = ledger.folder.checkpoint(&verifier)?.map(|(shown, _)| shown);
            agree(known.as_ref(), shown.as_ref(), &verifier)?;
            if let Some(shown) = shown.as_ref().filter(|shown| shown.size > count) {
                return Err(lacking(shown.size, count));
            }
            ledger.check_anchors(shown.as_ref(), &verifier)
        })
        .await
    }

    /// How each anchor stands to the log as it was last signed.
    pub async fn anchors(&self, vault: &Vault) -> Result<Vec<Anchored>> {
        let verifier = self.verifier(vault)?;
        let ledger = self.clone();
        blocking(move || {
            let shown = ledger.folder.checkpoint(&verifier)?.map(|(shown, _)| shown);
            let look = |anchor: &Anchor| {
                let stand = anchor.stand(&ledger.folder, shown.as_ref(), &verifier)?;
                Ok(Anchored { place: anchor.place().to_owned(), stand })
            };
            ledger.anchors.iter().map(look).collect()
        })
        .await
    }

    /// Compares a checkpoint that somebody kept with the log; what is ahead of it is kept in the
    /// first anchor, so that nothing is signed any more until it is cleared up.
    pub async fn compare(&self, checkpoint: &str, vault: &Vault) -> Result<Stand> {
        let verifier = self.verifier(vault)?;
        let note = checkpoint.parse()?;
        let kept = Checkpoint::verify(&note, &verifier)?;
        let ledger = self.clone();
        blocking(move || {
            let shown = ledger.folder.checkpoint(&verifier)?.map(|(shown, _)| shown);
            let stand = crate::anchor::compare(&ledger.folder, shown.as_ref(), &kept)?;
            if matches!(stand, Stand::Ahead { .. })
                && let Some(anchor) = ledger.anchors.first()
            {
                anchor.advance(&note, &verifier)?;
            }
            Ok(stand)
        })
        .await
    }

    /// Refuses what an anchor contradicts. One that cannot be reached is no reason to stop: that it
    /// was not looked at is told by [`Ledger::anchors`].
    pub(crate) fn check_anchors(
        &self,
        shown: Option<&Checkpoint>,
        verifier: &Verifier,
    ) -> Result<()> {
        for anchor in &self.anchors {
            let place = anchor.place().to_owned();
            let here = shown.map_or(0, |shown| shown.size);
            match anchor.stand(&self.folder, shown, verifier)? {
                Stand::Holds { .. } | Stand::Empty | Stand::Unread { .. } => {}
                Stand::Ahead { size } => return Err(Error::Behind { here, there: size, place }),
                Stand::Split { size } => return Err(Error::Split { size, place }),
                Stand::Damaged { reason } => return Err(Error::Anchor { place, reason }),
            }
        }
        Ok(())
    }

    /// What was signed and is not here, after all events were looked at; `None` if nothing is
    /// missing and everything fits together.
    pub async fn gap(&self, store: &Store, vault: &Vault) -> Result<Option<Gap>> {
        let _lock = self.lock().await?;
        let verifier = self.verifier(vault)?;
        let known = store.read().await?.ledger_state().await?;
        let known = match known {
            Some(state) => {
                let note = state.checkpoint.parse()?;
                Some((Checkpoint::verify(&note, &verifier)?, note))
            }
            None => None,
        };
        let shown = self.folder.checkpoint(&verifier)?;
        let mut signed = Vec::new();
        if let Some((shown, note)) = &shown {
            signed.push((shown.clone(), note.to_string(), self.path().to_owned()));
        }
        if let Some((known, note)) = &known {
            signed.push((known.clone(), note.to_string(), PathBuf::from("the database")));
        }
        for anchor in &self.anchors {
            if let Some((kept, note)) = anchor.checkpoint(&verifier) {
                signed.push((kept, note.to_string(), anchor.place().to_owned()));
            }
        }
        signed.sort_by_key(|(checkpoint, ..)| std::cmp::Reverse(checkpoint.size));
        let Some((ahead, note, place)) = signed.first().cloned() else { return Ok(None) };
        let shown = shown.map(|(shown, _)| shown);
        // Walk through the events once: at which of the signed sizes do they give the signed root,
        // and how far are they the entries of the folder?
        let mut log = Appender::default();
        let mut scribe = Scribe::new(vault)?;
        let mut walk = Walk::new(&self.folder, shown.as_ref());
        let mut since = Vec::new();
        'events: while log.size() < ahead.size {
            let limit = u32::try_from(ahead.size - log.size()).unwrap_or(BATCH).min(BATCH);
            let events = store.read().await?.outlines_from(log.size(), limit).await?;
            if events.is_empty() {
                break;
            }
            for event in events {
                if event.seq != log.size() {
                    break 'events;
                }
                let leaf = scribe.leaf(&event).bytes()?;
                walk.next(log.size(), &leaf);
                log.push(&leaf, &mut Nowhere).map_err(|error| Error::Broken(error.to_string()))?;
                since.push(event.at);
                for (checkpoint, ..) in &signed {
                    if checkpoint.size == log.size() && checkpoint.root == log.root() {
                        walk.proved = log.size();
                    }
                }
            }
        }
        let here = walk.here();
        let at = usize::try_from(here).ok().and_then(|here| here.checked_sub(1));
        let since = at.and_then(|at| since.get(at).copied());
        let split_at = signed.iter().find(|(checkpoint, _, _)| {
            shown.as_ref().is_some_and(|shown| {
                let stand = crate::anchor::compare(&self.folder, Some(shown), checkpoint);
                matches!(stand, Ok(Stand::Split { .. }))
            })
        });
        if let Some((other, note, place)) = split_at.cloned() {
            let checkpoint = note;
            let gap = Gap { here, there: other.size, split: true, checkpoint, place, since };
            return Ok(Some(gap));
        }
        let whole = here == ahead.size && shown.as_ref().is_some_and(|s| s.size == ahead.size);
        if whole {
            return Ok(None);
        }
        Ok(Some(Gap { here, there: ahead.size, split: false, checkpoint: note, place, since }))
    }

    /// Writes the folder anew from the database, up to a checkpoint that was signed and that the
    /// events lead to. Nothing is signed.
    pub async fn rebuild(&self, store: &Store, vault: &Vault, checkpoint: &str) -> Result<Sealed> {
        let _lock = self.lock().await?;
        let verifier = self.verifier(vault)?;
        let note: merkle::SignedNote = checkpoint.parse()?;
        let signed = Checkpoint::verify(&note, &verifier)?;
        let mut scribe = Scribe::new(vault)?;
        let mut folder = self.folder.clone();
        let mut log = Appender::default();
        while log.size() < signed.size {
            let limit = u32::try_from(signed.size - log.size()).unwrap_or(BATCH).min(BATCH);
            let events = store.read().await?.outlines_from(log.size(), limit).await?;
            if events.is_empty() {
                return Err(lacking(signed.size, log.size()));
            }
            let leaves: Vec<Vec<u8>> =
                events.iter().map(|event| scribe.leaf(event).bytes()).collect::<Result<_>>()?;
            (log, folder) = blocking(move || {
                for leaf in leaves {
                    log.push(&leaf, &mut folder)?;
                }
                Ok((log, folder))
            })
            .await?;
        }
        if log.root() != signed.root {
            return Err(Error::Restored(
                "the events of the database do not lead to the checkpoint that was signed"
                    .to_owned(),
            ));
        }
        let size = signed.size;
        blocking(move || {
            log.flush(&mut folder)?;
            folder.put_key(&verifier)?;
            folder.publish(&note)
        })
        .await?;
        Ok(Sealed { entries: size, size })
    }
}

/// What is said when the database has fewer events than the log has entries.
pub(crate) fn lacking(size: u64, count: u64) -> Error {
    Error::Restored(format!(
        "the log has {size} entries and the database {count} events: the database was restored from an older backup; restore a newer one"
    ))
}

/// How far the database's events are what was signed.
struct Walk<'a> {
    folder: &'a Folder,
    shown: u64,
    /// The folder's tile of entry hashes that was read last.
    tile: Option<(u64, Vec<merkle::Hash>)>,
    /// Events that are the folder's entries, without a gap from the first on.
    common: u64,
    parted: bool,
    /// The largest signed size at which the events give the signed root.
    proved: u64,
}

impl<'a> Walk<'a> {
    fn new(folder: &'a Folder, shown: Option<&Checkpoint>) -> Self {
        let shown = shown.map_or(0, |shown| shown.size);
        Self { folder, shown, tile: None, common: 0, parted: false, proved: 0 }
    }

    fn next(&mut self, index: u64, leaf: &[u8]) {
        if self.parted || index >= self.shown {
            return;
        }
        if self.hash(index) == Some(leaf_hash(leaf)) {
            self.common = index + 1;
        } else {
            self.parted = true;
        }
    }

    fn hash(&mut self, index: u64) -> Option<merkle::Hash> {
        let width = u64::from(merkle::TILE_WIDTH);
        let number = index / width;
        if self.tile.as_ref().is_none_or(|(held, _)| *held != number) {
            let there = (self.shown - number * width).min(width);
            let tile = TilePath {
                kind: Kind::Hashes(0),
                index: number,
                width: u16::try_from(there).unwrap_or(merkle::TILE_WIDTH),
            };
            let bytes = self.folder.read(tile).ok()??;
            self.tile = Some((number, merkle::hashes(&bytes).ok()?));
        }
        let at = usize::try_from(index % width).ok()?;
        self.tile.as_ref().and_then(|(_, hashes)| hashes.get(at).copied())
    }

    fn here(&self) -> u64 {
        self.proved.max(self.common)
    }
}

/// Takes tiles and keeps none: only the root is wanted.
struct Nowhere;

impl TileStore for Nowhere {
    type Error = std::convert::Infallible;

    fn read(&self, _: TilePath) -> std::result::Result<Option<Vec<u8>>, Self::Error> {
        Ok(None)
    }

    fn write(&mut self, _: TilePath, _: &[u8]) -> std::result::Result<(), Self::Error> {
        Ok(())
    }
}
