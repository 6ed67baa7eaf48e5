//! Folders of files: CSV, JSON Lines and logs, plain or gzip.
//!
//! A collection is a family of files: of one kind, with one name but for dates and counters
//! (`access-2024-01-02.log.gz` → `access-*.log`), and with one header where they have one. A row is
//! a record. Files of a kind that is not read are rows of a collection of their own, so that they
//! are never left out in silence.
//!
//! What holds here:
//!
//! * INVARIANT: nothing outside the folder is opened. Paths are walked part by part, no link is
//!   followed, hidden files are not read.
//! * INVARIANT: a row's key is its file and a fingerprint of all that the record holds (128 bits of
//!   SHA-256, summed over its fields). A record that changed is therefore another row, never
//!   mistaken for the old one; a record that moved, because others before it went, is the same.
//!   Records of one file that are alike in every field share a key: what is done to one is done to
//!   all.
//! * What no column stands for (fields beyond the header, members that no sample showed, lines that
//!   are no JSON) is read in the column `further`, so that nothing hides behind a column list.
//! * Memory is constant: a record is held, and a few parcels of rows. A record of more than 64 MiB
//!   is an error that names file and line.
//!
//! **What a change promises.** New files are written beside the old ones, with the same mode, owner,
//! extended attributes and times, and made to last; then one journal is written, which is the point
//! of no return; then each takes the old one's place. A process that dies before the journal has
//! changed nothing, and what it left is removed at the next opening; one that dies after it is
//! finished at the next opening. Reading beside a change sees old or new files, each whole. A file
//! that is no longer what was read stops the set before the journal. A file that another process has
//! open for writing is refused. Lines that a program appends by opening, writing and closing the
//! file just while it is replaced are carried over. What cannot be seen is a writer that belongs to
//! the administrator while Upheld does not, and one on another machine.
//!
//! What is deliberately not here: documents (PDF, office files, pictures), archives, and any program
//! that writes the files.

mod change;
mod commit;
mod csv;
mod due;
mod folder;
#[cfg(feature = "fuzzing")]
pub mod fuzz;
mod gunzip;
mod json;
mod pass;
mod pattern;
mod privileges;
mod reader;
mod record;
mod rewrite;
mod shape;
mod sniff;
mod time;
mod view;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use model::{Catalogue, RowKey, Table};

use self::folder::Folder;
use self::shape::Shape;
use crate::{
    ChangeSet, Changed, Connector, Due, DueRows, Error, Limits, Lookup, Offer, Privilege, Purge,
    Purged, Result, Rights, Scan, Sink, Use, modes,
};

/// Opens a folder: finishes or undoes what an interrupted change left, and looks at every file.
pub(crate) async fn open(
    path: &Path,
    patterns: &[String],
    limits: Limits,
) -> Result<Box<dyn Connector>> {
    let (path, patterns) = (path.to_owned(), patterns.to_vec());
    let inner = tokio::task::spawn_blocking(move || Inner::open(&path, patterns, limits))
        .await
        .map_err(|_| Error::Other { code: "a thread that ended early".to_owned() })??;
    Ok(Box::new(Files { inner: Arc::new(inner) }))
}

/// A folder by way of its files.
struct Files {
    inner: Arc<Inner>,
}

/// What the threads that wait for the disk share.
struct Inner {
    folder: Folder,
    path: PathBuf,
    name: String,
    patterns: Vec<String>,
    limits: Limits,
    shape: RwLock<Arc<Shape>>,
    /// Files that a purge found to hold nothing that is due, so that its next batch need not read
    /// them again.
    swept: Mutex<due::Swept>,
    /// The row that was listed last, by its number in its file, for when its key has changed.
    listed: Mutex<Option<due::Listed>>,
}

impl Inner {
    fn open(path: &Path, patterns: Vec<String>, limits: Limits) -> Result<Self> {
        let unreachable = |error: std::io::Error| {
            Error::Unreachable(match error.kind() {
                std::io::ErrorKind::NotFound => format!("there is no folder `{}`", path.display()),
                std::io::ErrorKind::NotADirectory => format!("`{}` is no folder", path.display()),
                _ => format!("the folder `{}` cannot be opened by this account", path.display()),
            })
        };
        let folder = Folder::open(path).map_err(unreachable)?;
        if !limits.read_only {
            commit::recover(&folder)?;
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let inner = Self {
            folder,
            path: path.to_owned(),
            name,
            patterns,
            limits,
            shape: RwLock::default(),
            swept: Mutex::default(),
            listed: Mutex::default(),
        };
        let shape = inner.look(None)?;
        inner.keep(shape);
        Ok(inner)
    }

    /// The shape as it was last read.
    fn shape(&self) -> Arc<Shape> {
        Arc::clone(&self.shape.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, shape: Shape) -> Arc<Shape> {
        let shape = Arc::new(shape);
        *self.shape.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&shape);
        shape
    }

    /// Reads the folder afresh.
    fn look(&self, before: Option<&Shape>) -> Result<Shape> {
        Shape::read(&self.folder, &self.patterns, &commit::is_ours, before)
    }
}

#[async_trait]
impl Connector for Files {
    async fn catalogue(&self) -> Result<Catalogue> {
        self.apart(|inner| {
            let fresh = inner.look(Some(&inner.shape()))?;
            Ok(inner.keep(fresh).catalogue(inner.name.clone()))
        })
        .await
    }

    async fn rights(&self, uses: &[Use]) -> Result<Rights> {
        let uses = uses.to_vec();
        self.apart(move |inner| inner.rights(&uses)).await
    }

    async fn offer(&self, uses: &[Use], account: &str) -> Result<Offer> {
        Ok(modes::folder(&self.inner.path, uses, account))
    }

    fn row_key(&self, _table: &Table) -> Vec<String> {
        vec!["file".to_owned(), "fingerprint".to_owned()]
    }

    async fn find(&self, lookup: &Lookup, sink: &mut dyn Sink) -> Result<()> {
        self.find_rows(lookup, sink).await
    }

    async fn scan(&self, scan: &Scan, sink: &mut dyn Sink) -> Result<()> {
        self.scan_rows(scan, sink).await
    }

    async fn count(&self, lookup: &Lookup) -> Result<u64> {
        self.count_rows(lookup).await
    }

    async fn change(&self, set: &ChangeSet) -> Result<Changed> {
        self.apply(set, true).await
    }

    async fn rehearse(&self, set: &ChangeSet) -> Result<Changed> {
        self.apply(set, false).await
    }

    async fn due(&self, due: &Due, at_most: u64) -> Result<DueRows> {
        let due = due.clone();
        self.apart(move |inner| inner.count_due(&due, at_most)).await
    }

    async fn undated(&self, due: &Due, at_most: u64) -> Result<u64> {
        let due = due.clone();
        self.apart(move |inner| inner.count_undated(&due, at_most)).await
    }

    async fn list_due(
        &self,
        due: &Due,
        columns: &[String],
        after: Option<&RowKey>,
        limit: u32,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let (due, columns, after) = (due.clone(), columns.to_vec(), after.cloned());
        self.stream(sink, move |inner, emit| {
            inner.list_due(&due, &columns, after.as_ref(), limit, emit)
        })
        .await
    }

    async fn purge(&self, purge: &Purge, limit: u32) -> Result<Purged> {
        if self.inner.limits.read_only {
            return Err(Error::ReadOnly);
        }
        let lock = self.lock().await?;
        let purge = purge.clone();
        self.apart(move |inner| inner.purge(&purge, limit, lock)).await
    }

    async fn batch_at_most(&self, purge: &Purge, limit: u32) -> Result<u64> {
        let purge = purge.clone();
        self.apart(move |inner| inner.count_batch(&purge, limit)).await
    }

    async fn privileges(&self) -> Result<Vec<Privilege>> {
        self.apart(|inner| Ok(inner.privileges())).await
    }

    async fn close(&self) {}
}
