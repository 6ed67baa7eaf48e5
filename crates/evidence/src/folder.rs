//! The log's folder: tiles, checkpoint and public key as plain files.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use merkle::{Checkpoint, SignedNote, TilePath, TileStore, Verifier};

use crate::error::disk;
use crate::{Error, Result};

const CHECKPOINT: &str = "checkpoint";
const KEY: &str = "log.vkey";
const LOCK: &str = "lock";

/// A folder with a log in it.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Folders with new names in them, to be synced before a checkpoint is shown.
    touched: BTreeSet<PathBuf>,
    faults: Arc<Faults>,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), touched: BTreeSet::new(), faults: Arc::default() }
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
        let Some(bytes) = self.get(CHECKPOINT)? else { return Ok(None) };
        let note: SignedNote = String::from_utf8(bytes)
            .map_err(|_| Error::Broken("`checkpoint` is not text".to_owned()))?
            .parse()?;
        Ok(Some((Checkpoint::verify(&note, verifier)?, note)))
    }

    /// Makes every name that was written last, then shows the checkpoint.
    pub(crate) fn publish(&mut self, note: &SignedNote) -> Result<()> {
        self.sync()?;
        self.put(CHECKPOINT, note.to_string().as_bytes())?;
        self.sync()
    }

    pub(crate) fn put_key(&mut self, verifier: &Verifier) -> Result<()> {
        let text = format!("{verifier}\n");
        if self.get(KEY)?.is_some_and(|kept| kept == text.as_bytes()) {
            return Ok(());
        }
        self.put(KEY, text.as_bytes())
    }

    /// Removes partial tiles that a full one has replaced.
    pub(crate) fn tidy(&self, tile: TilePath) -> Result<()> {
        let path = self.root.join(format!("{}.p", tile.full()));
        self.faults.step().map_err(disk("remove", &path))?;
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(disk("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    /// Writes a file aside and renames it: it is there whole or not at all.
    pub(crate) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(name);
        let parent = path.parent().unwrap_or(&self.root).to_owned();
        if !self.touched.contains(&parent) {
            self.make_folder(&parent)?;
        }
        let aside = path.with_added_extension("new");
        let failed = |error| disk("write", &path)(error);
        let torn = self.faults.step();
        let kept =
            if torn.is_err() { bytes.get(..bytes.len() / 2).unwrap_or_default() } else { bytes };
        let mut file = File::create(&aside).map_err(failed)?;
        file.write_all(kept).map_err(|error| disk("write", &path)(error))?;
        torn.map_err(|error| disk("write", &path)(error))?;
        file.sync_all().map_err(|error| disk("write", &path)(error))?;
        self.faults.step().map_err(|error| disk("write", &path)(error))?;
        model::crash::site("evidence.file.written_aside");
        std::fs::rename(&aside, &path).map_err(|error| disk("write", &path)(error))
    }

    fn make_folder(&mut self, path: &Path) -> Result<()> {
        std::fs::create_dir_all(path).map_err(disk("make", path))?;
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

    fn sync(&mut self) -> Result<()> {
        for path in &self.touched {
            self.faults.step().map_err(disk("write", path))?;
            File::open(path).and_then(|folder| folder.sync_all()).map_err(disk("write", path))?;
        }
        // The root stays: the checkpoint is renamed there without making a folder.
        self.touched.retain(|path| *path == self.root);
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn with_faults(mut self, faults: Arc<Faults>) -> Self {
        self.faults = faults;
        self
    }

    pub(crate) fn fault(&self) -> Result<()> {
        self.faults.step().map_err(disk("write", &self.root))
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
            None => self.put(&name, bytes),
        }
    }
}

/// In tests every write can be made to fail, one after the other, as if the power had gone. In the
/// program it is empty and does nothing.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    #[cfg(test)]
    pub(crate) left: std::sync::Mutex<Option<u32>>,
}

impl Faults {
    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "fails in tests alone")]
    const fn step(&self) -> std::io::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self) -> std::io::Result<()> {
        match &mut *self.left.lock().unwrap() {
            None => Ok(()),
            Some(0) => Err(std::io::Error::other("the power went")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }
}
