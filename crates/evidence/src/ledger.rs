//! Sealing: from the outbox to a signed checkpoint.

use std::fs::File;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use merkle::{
    Appender, Checkpoint, Kind, MemoryTiles, Prover, SignedNote, TILE_WIDTH, TilePath, Verifier,
    verify_consistency,
};
use store::{LedgerState, Store};
use vault::Vault;

use crate::anchor::Anchor;
use crate::folder::Folder;
use crate::leaf::Scribe;
use crate::standing::lacking;
use crate::{Error, Result};

/// Events read at a time.
const BATCH: u32 = 4096;
/// Entries under one checkpoint at most, so that a long backlog is safe piece by piece.
const CHECKPOINT_EVERY: u64 = 1 << 16;
/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_millis(500);

/// A log: a folder of tiles and the name it signs under.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(crate) folder: Folder,
    origin: String,
    pub(crate) anchors: Vec<Anchor>,
}

/// What a sealing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Entries that are in the log now and were not before.
    pub entries: u64,
    /// How many the log has.
    pub size: u64,
}

impl Ledger {
    /// Opens the log in a folder, making the folder if it is not there. `origin` names the log for
    /// ever: an address without scheme, such as `example.com/log`.
    pub fn open(folder: &Path, origin: &str) -> Result<Self> {
        let folder = Folder::new(folder);
        folder.make()?;
        Ok(Self { folder, origin: origin.to_owned(), anchors: Vec::new() })
    }

    /// Whom to trust for this log; its `Display` is the public key as it is published.
    pub fn verifier(&self, vault: &Vault) -> Result<Verifier> {
        Ok(Verifier::new(&self.origin, &vault.signing_key()?.public_key())?)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.root()
    }

    pub(crate) async fn lock(&self) -> Result<File> {
        let folder = self.folder.clone();
        blocking(move || folder.lock()).await
    }

    /// Seals every event that waits. Several processes may call it: they take turns.
    pub async fn seal_pending(&self, store: &Store, vault: &Vault) -> Result<Sealed> {
        let mut sealed = Sealed::default();
        loop {
            let (some, more) = self.seal_some(store, vault).await?;
            sealed = Sealed { entries: sealed.entries + some.entries, size: some.size };
            if !more {
                return Ok(sealed);
            }
        }
    }

    async fn seal_some(&self, store: &Store, vault: &Vault) -> Result<(Sealed, bool)> {
        let _lock = self.lock().await?;
        let verifier = self.verifier(vault)?;
        let mut scribe = Scribe::new(vault)?;
        let (known, count) = {
            let mut tx = store.read().await?;
            (tx.ledger_state().await?, tx.event_count().await?)
        };
        let shown = self.folder.checkpoint(&verifier)?;
        let known_size = agree(known.as_ref(), shown.as_ref().map(|(shown, _)| shown), &verifier)?;
        self.hold_anchors(shown.clone(), &verifier).await?;
        let mut entries = 0;
        if let Some((checkpoint, note)) = &shown
            && checkpoint.size > known_size
        {
            // The last run was cut short after showing the checkpoint, before noting it.
            self.recognise(store, &mut scribe, known_size, checkpoint).await?;
            self.note(store, known_size, checkpoint.size, note).await?;
            entries += checkpoint.size - known_size;
        }
        let before = shown.map(|(checkpoint, _)| checkpoint);
        let size = before.as_ref().map_or(0, |checkpoint| checkpoint.size);
        if count < size {
            return Err(lacking(size, count));
        }
        if count == size {
            return Ok((Sealed { entries, size }, false));
        }
        let target = count.min(size + CHECKPOINT_EVERY);
        let after = self.grow(store, vault, &mut scribe, before.as_ref(), target).await?;
        let sealed = Sealed { entries: entries + after - size, size: after };
        Ok((sealed, target < count))
    }

    /// Checks that the entries behind a checkpoint that the database does not know are its events.
    async fn recognise(
        &self,
        store: &Store,
        scribe: &mut Scribe,
        from: u64,
        checkpoint: &Checkpoint,
    ) -> Result<()> {
        let mut log = Appender::resume(&self.folder, from)?;
        while log.size() < checkpoint.size {
            let leaves = leaves(store, scribe, log.size(), checkpoint.size).await?;
            if leaves.is_empty() {
                break;
            }
            for leaf in leaves {
                // What would be written is there already, or the root will tell.
                let mut nowhere = MemoryTiles::default();
                log.push(&leaf, &mut nowhere).map_err(|error| Error::Broken(error.to_string()))?;
            }
        }
        if log.size() == checkpoint.size && log.root() == checkpoint.root {
            return Ok(());
        }
        Err(Error::Restored(format!(
            "the log has {} signed entries that are not in the database: the database was restored from an older backup, and signing on would tell two histories; restore a newer backup, or begin a new log under another name",
            checkpoint.size - from
        )))
    }

    /// Appends events up to `target` and signs; the new size.
    async fn grow(
        &self,
        store: &Store,
        vault: &Vault,
        scribe: &mut Scribe,
        before: Option<&Checkpoint>,
        target: u64,
    ) -> Result<u64> {
        let verifier = self.verifier(vault)?;
        let size = before.map_or(0, |before| before.size);
        let mut folder = self.folder.clone();
        let mut log = Appender::resume(&folder, size)?;
        if before.is_some_and(|before| before.root != log.root()) {
            return Err(Error::Broken(
                "the tiles at its end do not lead to its checkpoint: restore the folder".to_owned(),
            ));
        }
        while log.size() < target {
            let leaves = leaves(store, scribe, log.size(), target).await?;
            if leaves.is_empty() {
                return Err(Error::Restored(format!(
                    "event number {} is not in the database",
                    log.size()
                )));
            }
            (log, folder) = blocking(move || {
                for leaf in leaves {
                    log.push(&leaf, &mut folder)?;
                }
                Ok((log, folder))
            })
            .await?;
        }
        let checkpoint = Checkpoint {
            origin: self.origin.clone(),
            size: log.size(),
            root: log.root(),
            extensions: Vec::new(),
        };
        let key = vault.signing_key()?;
        let before = before.cloned();
        let (note, folder) = blocking(move || {
            log.flush(&mut folder)?;
            model::crash::site("evidence.tiles.written");
            folder.put_key(&verifier)?;
            folder.settle()?;
            // INVARIANT: what is signed begins with what was signed before; shown by the tiles as
            // they lie on the disk, not by what we believe we wrote.
            let mut prover = Prover::new(&folder, checkpoint.size);
            let (old, root) = before.map_or((0, merkle::EMPTY_ROOT), |b| (b.size, b.root));
            let path = prover.consistency(old)?;
            verify_consistency(old, root, checkpoint.size, checkpoint.root, &path)?;
            let note =
                SignedNote::sign(&checkpoint.to_string(), &verifier, |text| key.sign(text))??;
            Checkpoint::verify(&note, &verifier)?;
            folder.publish(&note)?;
            model::crash::site("evidence.checkpoint.shown");
            Ok((note, folder))
        })
        .await?;
        self.note(store, size, target, &note).await?;
        model::crash::site("evidence.seal.noted");
        let anchors = self.anchors.clone();
        let verifier = self.verifier(vault)?;
        blocking(move || {
            advance(&anchors, &note, &verifier);
            filled(size, target).try_for_each(|tile| folder.tidy(tile))
        })
        .await?;
        Ok(target)
    }

    /// Refuses what an anchor contradicts, and brings those up that are behind.
    async fn hold_anchors(
        &self,
        shown: Option<(Checkpoint, SignedNote)>,
        verifier: &Verifier,
    ) -> Result<()> {
        if self.anchors.is_empty() {
            return Ok(());
        }
        let (ledger, verifier) = (self.clone(), verifier.clone());
        blocking(move || {
            ledger.check_anchors(shown.as_ref().map(|(shown, _)| shown), &verifier)?;
            if let Some((_, note)) = &shown {
                advance(&ledger.anchors, note, &verifier);
            }
            Ok(())
        })
        .await
    }

    /// Tells the database, in one transaction, what was signed and which events it covers.
    async fn note(&self, store: &Store, from: u64, size: u64, note: &SignedNote) -> Result<()> {
        self.folder.fault("noting")?;
        let mut tx = store.begin().await?;
        tx.save_ledger_state(&LedgerState { size, checkpoint: note.to_string() }).await?;
        tx.mark_sealed(from, size, from).await?;
        tx.commit().await?;
        self.folder.fault("noted")
    }

    /// Seals within half a second of every event, until `stop` is done; then once more. So what takes
    /// no half second is sealed once, at its end. What passes (a busy database, a full disk) is tried
    /// again.
    pub async fn keep_sealing(
        &self,
        store: &Store,
        vault: &Vault,
        stop: impl Future<Output = ()>,
    ) -> Result<()> {
        let mut stop = std::pin::pin!(stop);
        let mut stopping = false;
        loop {
            tokio::select! {
                () = &mut stop => stopping = true,
                () = tokio::time::sleep(EVERY) => {}
            }
            match self.seal_pending(store, vault).await {
                Err(error) if error.is_passing() && !stopping => {}
                Err(error) => return Err(error),
                Ok(_) if stopping => return Ok(()),
                Ok(_) => {}
            }
        }
    }
}

/// Brings the anchors up. One that cannot be written stays where it is, and the log goes on: a share
/// that is away must not keep evidence from being sealed. [`Ledger::anchors`] tells of it.
fn advance(anchors: &[Anchor], note: &SignedNote, verifier: &Verifier) {
    for anchor in anchors {
        let _ = anchor.advance(note, verifier);
    }
}

/// Compares the two places that remember the last checkpoint; the size that the database knows.
pub(crate) fn agree(
    known: Option<&LedgerState>,
    shown: Option<&Checkpoint>,
    verifier: &Verifier,
) -> Result<u64> {
    let Some(known) = known else { return Ok(0) };
    let signed = Checkpoint::verify(&known.checkpoint.parse()?, verifier)?;
    let Some(shown) = shown else {
        return Err(Error::Restored(format!(
            "the database remembers a signed log of {} entries, and the folder holds none: restore the folder",
            signed.size
        )));
    };
    if signed.size > shown.size {
        return Err(Error::Restored(format!(
            "the database remembers a signed log of {} entries, and the one in the folder has {}: the folder was restored from an older backup; restore a newer one",
            signed.size, shown.size
        )));
    }
    if signed.size == shown.size && signed.root != shown.root {
        return Err(Error::Restored(
            "two different logs of the same size were signed: two installations share one key, or one half was restored".to_owned(),
        ));
    }
    Ok(signed.size)
}

/// The next entries, at most a batch of them and none beyond `end`.
async fn leaves(store: &Store, scribe: &mut Scribe, from: u64, end: u64) -> Result<Vec<Vec<u8>>> {
    let limit = u32::try_from(end - from).unwrap_or(BATCH).min(BATCH);
    let events = store.read().await?.outlines_from(from, limit).await?;
    events.iter().map(|event| scribe.leaf(event).bytes()).collect()
}

/// The full tiles that came into being between two sizes.
fn filled(from: u64, to: u64) -> impl Iterator<Item = TilePath> {
    let width = u64::from(TILE_WIDTH);
    let tiles =
        |kind, low, high| (low..high).map(move |index| TilePath { kind, index, width: TILE_WIDTH });
    let levels = (0u8..8).flat_map(move |level| {
        let entries = |size: u64| size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0);
        tiles(Kind::Hashes(level), entries(from), entries(to))
    });
    tiles(Kind::Entries, from / width, to / width).chain(levels)
}

/// Files are read and written on threads that may wait.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Stopped)?
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
