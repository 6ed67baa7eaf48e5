//! Putting new files in the place of old ones: all, or none. The journal is the point of no return.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use super::folder::{Folder, Stamp, stamp_of};
use super::reader::trouble;
use super::{Files, Inner};
use crate::{Error, Result};

const JOURNAL: &str = ".upheld-journal";
const JOURNAL_NEW: &str = ".upheld-journal.upheld-new";
const NEW: &str = ".upheld-new";

/// Whether a name is one that this connector makes.
pub(super) fn is_ours(name: &str) -> bool {
    name == JOURNAL || name.starts_with('.') && name.ends_with(NEW)
}

/// The name of the new file beside the old one.
pub(super) fn temporary(path: &str) -> String {
    let (folder, name) = match path.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name),
        None => (String::new(), path),
    };
    // Names end at 255 bytes; what tells two long ones apart is kept at both ends.
    let count = name.chars().count();
    if name.len() <= 200 {
        return format!("{folder}.{name}{NEW}");
    }
    let mut sum = 0xcbf2_9ce4_8422_2325u64;
    for byte in name.bytes() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let tail: String = name.chars().skip(count.saturating_sub(20)).collect();
    format!("{folder}.{sum:016x}-{tail}{NEW}")
}

/// One file that shall be replaced or removed. Dropped before it is committed, it leaves nothing.
pub(super) struct Staged<'f> {
    folder: &'f Folder,
    path: String,
    /// What the file was when it was read.
    stamp: Stamp,
    /// The new file beside it; none where the file shall go.
    new: Option<String>,
    /// The old file, still open.
    pub(super) old: Option<File>,
    committed: bool,
}

impl<'f> Staged<'f> {
    pub(super) fn replacing(folder: &'f Folder, path: &str, stamp: Stamp) -> Self {
        Self { folder, path: path.to_owned(), stamp, new: None, old: None, committed: false }
    }

    /// A file that shall go.
    pub(super) fn removing(folder: &'f Folder, path: &str, stamp: Stamp) -> Self {
        Self::replacing(folder, path, stamp)
    }

    /// The new file is there now.
    pub(super) fn made(&mut self) {
        self.new = Some(temporary(&self.path));
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if let Some(new) = self.new.as_ref().filter(|_| !self.committed) {
            // Nobody can be told here; the next opening tries again.
            let _ = self.folder.remove(new);
        }
    }
}

/// One line of the journal.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    path: String,
    new: Option<String>,
    device: u64,
    number: u64,
    size: u64,
    written: (i64, i64),
}

impl Step {
    fn of(staged: &Staged<'_>) -> Self {
        let Stamp { device, number, size, written, .. } = staged.stamp;
        Self { path: staged.path.clone(), new: staged.new.clone(), device, number, size, written }
    }

    /// Whether the old file is still there, as it was.
    fn is_open(&self, stamp: Option<Stamp>) -> bool {
        stamp.is_some_and(|stamp| {
            stamp.identity() == (self.device, self.number)
                && (stamp.size, stamp.written) == (self.size, self.written)
        })
    }
}

impl Files {
    /// The folder for this process alone, among those that change it through Upheld.
    pub(super) async fn lock(&self) -> Result<OwnedFd> {
        let handle = self.inner.folder.handle().map_err(|error| trouble(".", &error))?;
        let mut waited = 0;
        loop {
            if rustix::fs::flock(&handle, FlockOperation::NonBlockingLockExclusive).is_ok() {
                return Ok(handle);
            }
            if waited >= self.inner.limits.lock_ms {
                return Err(Error::Busy("another change of this folder is under way".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            waited += 50;
        }
    }
}

impl Inner {
    /// Puts every new file in its place, or none. `table` is told for a file that is no longer what
    /// was read; the caller holds the folder's lock.
    pub(super) fn commit(
        &self,
        mut staged: Vec<Staged<'_>>,
        changed: &dyn Fn(&str) -> Error,
    ) -> Result<()> {
        if staged.is_empty() {
            return Ok(());
        }
        self.check(&staged, changed)?;
        let fail = |error: io::Error| trouble(JOURNAL, &error);
        let folders: BTreeSet<String> = staged
            .iter()
            .map(|one| one.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned())
            .map(|folder| format!("{folder}/x").trim_start_matches('/').to_owned())
            .collect();
        for folder in &folders {
            self.folder.settle(folder).map_err(fail)?;
        }
        let steps: Vec<Step> = staged.iter().map(Step::of).collect();
        model::crash::site("connect.files.new_ones_written");
        write_journal(&self.folder, &steps).map_err(fail)?;
        model::crash::site("connect.files.journal_written");
        // From here on it is done, now or at the next opening.
        staged.iter_mut().for_each(|one| one.committed = true);
        let broken = |path: &str| {
            Error::Broken(format!(
                "`{path}` could not be replaced; what is left is finished when the folder is opened next"
            ))
        };
        for (step, one) in steps.iter().zip(&staged) {
            put(&self.folder, step).map_err(|_| broken(&step.path))?;
            model::crash::site("connect.files.one_in_place");
            if let (Some(old), Some(_)) = (&one.old, &one.new) {
                carry(&self.folder, &one.path, old, one.stamp.size)
                    .map_err(|_| broken(&step.path))?;
            }
        }
        for folder in &folders {
            self.folder.settle(folder).map_err(|_| broken(folder))?;
        }
        model::crash::site("connect.files.in_place");
        self.folder.remove(JOURNAL).map_err(|_| broken(JOURNAL))?;
        model::crash::site("connect.files.journal_gone");
        self.folder.settle("x").map_err(|_| broken(JOURNAL))
    }

    /// Whether every file is what was read, and nobody has it open for writing. A rehearsal ends
    /// here.
    pub(super) fn check(
        &self,
        staged: &[Staged<'_>],
        changed: &dyn Fn(&str) -> Error,
    ) -> Result<()> {
        for one in staged {
            let now = self.folder.stamp(&one.path).map_err(|error| trouble(&one.path, &error))?;
            if now != Some(one.stamp) {
                return Err(changed(&one.path));
            }
            if !self.folder.may_change(&one.path) {
                let denied = io::Error::from(io::ErrorKind::PermissionDenied);
                return Err(trouble(&one.path, &denied));
            }
        }
        let ours = staged.iter().map(|one| one.stamp.identity()).collect();
        match written_by_others(&ours) {
            Some(found) => {
                let one = staged.iter().find(|one| one.stamp.identity() == found);
                let file = one.map_or_else(String::new, |one| one.path.clone());
                Err(Error::InUse { file })
            }
            None => Ok(()),
        }
    }
}

fn write_journal(folder: &Folder, steps: &[Step]) -> io::Result<()> {
    let text = serde_json::to_vec(steps)?;
    match folder.remove(JOURNAL_NEW) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = folder.create(JOURNAL_NEW)?;
    file.write_all(&text)?;
    file.sync_all()?;
    folder.rename(JOURNAL_NEW, JOURNAL)?;
    folder.settle("x")
}

fn put(folder: &Folder, step: &Step) -> io::Result<()> {
    match &step.new {
        Some(new) => folder.rename(new, &step.path),
        None => match folder.remove(&step.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        },
    }
}

/// Adds what was appended to the old file after it was read.
fn carry(folder: &Folder, path: &str, old: &File, read: u64) -> io::Result<()> {
    if stamp_of(old)?.size <= read {
        return Ok(());
    }
    let mut old = old;
    old.seek(SeekFrom::Start(read))?;
    let mut new = folder.append(path)?;
    io::copy(&mut Read::by_ref(&mut old), &mut new)?;
    new.sync_all()
}

/// Finishes what a process that died had journalled, and removes what one left that died before.
/// While another process is at work nothing is done: it is its own.
pub(super) fn recover(folder: &Folder) -> Result<()> {
    let handle = folder.handle().map_err(|error| trouble(JOURNAL, &error))?;
    if rustix::fs::flock(&handle, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(());
    }
    recover_alone(folder)
}

/// The same, for whoever holds the folder's lock.
pub(super) fn recover_alone(folder: &Folder) -> Result<()> {
    finish(folder).map_err(|error| trouble(JOURNAL, &error))
}

fn finish(folder: &Folder) -> io::Result<()> {
    match folder.read(JOURNAL) {
        Ok(mut file) => {
            let mut text = Vec::new();
            file.read_to_end(&mut text)?;
            let steps: Vec<Step> = serde_json::from_slice(&text)?;
            for step in &steps {
                let stands = step.is_open(folder.stamp(&step.path)?);
                let waits = match &step.new {
                    Some(new) => folder.stamp(new)?.is_some(),
                    None => true,
                };
                // A file that somebody changed since is left to them; a search will find what is
                // still in it.
                if stands && waits {
                    put(folder, step)?;
                    folder.settle(&step.path)?;
                }
            }
            folder.remove(JOURNAL)?;
            folder.settle("x")?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    for entry in folder.list(&|_| false)? {
        let name = entry.path.rsplit_once('/').map_or(entry.path.as_str(), |(_, name)| name);
        if is_ours(name) && name != JOURNAL {
            folder.remove(&entry.path)?;
        }
    }
    Ok(())
}

/// The first of these files that some process has open for writing, as far as this account may see.
fn written_by_others(files: &BTreeSet<(u64, u64)>) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    for process in std::fs::read_dir("/proc").ok()?.flatten() {
        let name = process.file_name();
        if !name.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let Ok(handles) = std::fs::read_dir(process.path().join("fd")) else { continue };
        for handle in handles.flatten() {
            let Ok(held) = std::fs::metadata(handle.path()) else { continue };
            let identity = (held.dev(), held.ino());
            if !files.contains(&identity) {
                continue;
            }
            let about = process.path().join("fdinfo").join(handle.file_name());
            let about = std::fs::read_to_string(about).unwrap_or_default();
            let flags = about.lines().find_map(|line| line.strip_prefix("flags:"));
            let flags = flags.and_then(|flags| u64::from_str_radix(flags.trim(), 8).ok());
            // The last two bits: reading, writing, both.
            if flags.is_some_and(|flags| flags & 3 != 0) {
                return Some(identity);
            }
        }
    }
    None
}
