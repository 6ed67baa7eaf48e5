//! The log's folder: tiles, checkpoint and public key as plain files.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use merkle::{Checkpoint, SignedNote, TilePath, TileStore, Verifier};

use crate::error::disk;
use crate::faults::Faults;
use crate::{Error, Result};

const CHECKPOINT: &str = "checkpoint";
const KEY: &str = "log.vkey";
/// The same key as OpenSSL reads it; in exports.
pub(crate) const DER: &str = "log.der";
const LOCK: &str = "lock";
/// Files written aside before the disk is asked for all of them.
const ASIDE: usize = 256;
/// Threads that wait for the disk.
const SYNCERS: usize = 8;

/// What RFC 8410 puts before an Ed25519 key, so that OpenSSL knows what it is.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The public key as OpenSSL reads it.
pub(crate) fn der(verifier: &Verifier) -> Vec<u8> {
    [SPKI.as_slice(), &verifier.public_key()].concat()
}

/// A folder with a log in it.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Folders with new names in them, to be synced before a checkpoint is shown.
    touched: BTreeSet<PathBuf>,
    /// Files that are written and have no name yet: where they lie, and what they will be called.
    aside: Vec<(PathBuf, PathBuf)>,
    faults: Arc<Faults>,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            touched: BTreeSet::new(),
            aside: Vec::new(),
            faults: Arc::default(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn make(&self) -> Result<()> {
        if self.root.is_dir() {
            return Ok(());
        }
        std::fs::create_dir_all(&self.root).map_err(disk("make", &self.root))?;
        let above = self.root.parent().filter(|above| !above.as_os_str().is_empty());
        let above = above.unwrap_or(Path::new("."));
        File::open(above).and_then(|folder| folder.sync_all()).map_err(disk("write", above))
    }

    /// One process at a time seals or exports; the lock ends with the file.
    pub(crate) fn lock(&self) -> Result<File> {
        let path = self.root.join(LOCK);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(disk("write", &path))?;
        file.lock().map_err(disk("lock", &path))?;
        Ok(file)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.root.join(name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(disk("read", &path)(error)),
        }
    }

    /// The signed checkpoint, with its text as it stands in the file.
    pub(crate) fn checkpoint(
        &self,
        verifier: &Verifier,
    ) -> Result<Option<(Checkpoint, SignedNote)>> {
        self.note(CHECKPOINT, verifier)
    }

    /// A signed checkpoint under any name.
    pub(crate) fn note(
        &self,
        name: &str,
        verifier: &Verifier,
    ) -> Result<Option<(Checkpoint, SignedNote)>> {
        let Some(bytes) = self.get(name)? else { return Ok(None) };
        let note: SignedNote = String::from_utf8(bytes)
            .map_err(|_| Error::Broken(format!("`{name}` is not text")))?
            .parse()?;
        Ok(Some((Checkpoint::verify(&note, verifier)?, note)))
    }

    /// Makes everything last that was written, then shows the checkpoint.
    ///
    /// The names of the tiles and the bytes of the checkpoint go to the disk at once. INVARIANT: the
    /// checkpoint has its name after that.
    pub(crate) fn publish(&mut self, note: &SignedNote) -> Result<()> {
        self.settle()?;
        self.put_later(CHECKPOINT, note.to_string().as_bytes())?;
        let touched = std::mem::take(&mut self.touched);
        self.settle_with(&touched)?;
        // The root stays: the checkpoint is renamed there without making a folder.
        self.touched = touched.into_iter().filter(|path| *path == self.root).collect();
        self.sync()
    }

    pub(crate) fn put_key(&mut self, verifier: &Verifier) -> Result<()> {
        let text = format!("{verifier}\n");
        if self.get(KEY)?.is_some_and(|kept| kept == text.as_bytes()) {
            return Ok(());
        }
        self.put(KEY, text.as_bytes())
    }

    /// Whether the key that lies beside the log is the one it is checked with: whoever takes it from
    /// there would otherwise be told something else than we were.
    pub(crate) fn check_key(&self, verifier: &Verifier) -> Result<()> {
        let text = format!("{verifier}\n");
        let der = der(verifier);
        for (name, expected) in [(KEY, text.as_bytes()), (DER, der.as_slice())] {
            if self.get(name)?.is_some_and(|kept| kept != expected) {
                return Err(Error::Broken(format!(
                    "`{name}` is not the key that the log is signed with: it was changed"
                )));
            }
        }
        Ok(())
    }

    /// Removes partial tiles that a full one has replaced.
    pub(crate) fn tidy(&self, tile: TilePath) -> Result<()> {
        let path = self.root.join(format!("{}.p", tile.full()));
        match self.faults.remove(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(disk("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    /// Writes a file aside, syncs it and renames it: it is there whole or not at all.
    pub(crate) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.put_later(name, bytes)?;
        self.settle()
    }

    /// Writes a file aside. It gets its name with the next [`Folder::settle`].
    fn put_later(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(name);
        let parent = path.parent().unwrap_or(&self.root).to_owned();
        if !self.touched.contains(&parent) {
            self.make_folder(&parent)?;
        }
        let aside = path.with_added_extension("new");
        self.faults.write(&aside, bytes).map_err(disk("write", &path))?;
        self.aside.push((aside, path));
        if self.aside.len() >= ASIDE { self.settle() } else { Ok(()) }
    }

    /// Syncs what was written aside and gives it its names.
    ///
    /// The disk is asked for all of it at once: what a sync costs is mostly waiting, and a batch of
    /// ten thousand entries has some eighty files. INVARIANT: no file has its name before all its
    /// bytes are on the disk.
    pub(crate) fn settle(&mut self) -> Result<()> {
        self.settle_with(&BTreeSet::new())
    }

    /// The same, with folders that are synced beside.
    fn settle_with(&mut self, folders: &BTreeSet<PathBuf>) -> Result<()> {
        let files = std::mem::take(&mut self.aside);
        let aside = files.iter().map(|(aside, _)| aside.as_path());
        let paths: Vec<&Path> = aside.chain(folders.iter().map(PathBuf::as_path)).collect();
        self.sync_all(&paths)?;
        for (aside, path) in &files {
            model::crash::site("evidence.file.written_aside");
            self.faults.rename(aside, path).map_err(disk("write", path))?;
        }
        Ok(())
    }

    /// Syncs files or folders, some at a time.
    fn sync_all(&self, paths: &[&Path]) -> Result<()> {
        for path in paths {
            self.faults.before_sync(path).map_err(disk("write", path))?;
        }
        let one = |path: &Path| {
            File::open(path).and_then(|file| file.sync_all()).map_err(disk("write", path))
        };
        let share = paths.len().div_ceil(SYNCERS).max(1);
        std::thread::scope(|scope| {
            let mut shares = paths.chunks(share);
            let own = shares.next().unwrap_or_default();
            let others: Vec<_> = shares
                .map(|share| scope.spawn(move || share.iter().try_for_each(|path| one(path))))
                .collect();
            let mut result = own.iter().try_for_each(|path| one(path));
            for other in others {
                result = result.and(other.join().unwrap_or(Err(Error::Stopped)));
            }
            result
        })?;
        paths.iter().for_each(|path| self.faults.synced(path));
        Ok(())
    }

    fn make_folder(&mut self, path: &Path) -> Result<()> {
        self.faults.make(path).map_err(disk("make", path))?;
        // A new folder is itself a new name in the one above.
        let mut at = path;
        while at.starts_with(&self.root) {
            self.touched.insert(at.to_owned());
            match at.parent() {
                Some(parent) => at = parent,
                None => break,
            }
        }
        Ok(())
    }

    /// Makes the names last that were given since the last time.
    pub(crate) fn sync(&mut self) -> Result<()> {
        let paths: Vec<&Path> = self.touched.iter().map(PathBuf::as_path).collect();
        self.sync_all(&paths)?;
        self.touched.retain(|path| *path == self.root);
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn with_faults(mut self, faults: Arc<Faults>) -> Self {
        self.faults = faults;
        self
    }

    /// A moment at which the database writes: in tests it can fail, or be marked.
    pub(crate) fn fault(&self, what: &'static str) -> Result<()> {
        self.faults.mark(what).map_err(disk("write", &self.root))
    }
}

impl TileStore for Folder {
    type Error = Error;

    fn read(&self, tile: TilePath) -> Result<Option<Vec<u8>>> {
        self.get(&tile.to_string())
    }

    fn write(&mut self, tile: TilePath, bytes: &[u8]) -> Result<()> {
        let name = tile.to_string();
        match self.get(&name)? {
            // Written by a run that was cut short; its folder may not be synced yet.
            Some(kept) if kept == bytes => {
                let path = self.root.join(name);
                path.parent().map_or(Ok(()), |parent| self.make_folder(parent))
            }
            Some(_) => Err(Error::Restored(format!(
                "`{name}` was written with other entries: the database was restored from an older backup, or two installations share this folder"
            ))),
            None => self.put_later(&name, bytes),
        }
    }
}
