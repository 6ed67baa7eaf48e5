//! Files for their owner alone, replaced whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::disk;
#[cfg(test)]
use crate::power_tests as power;
use crate::{Error, Result};
#[cfg(test)]
use testkit::disk::Op;

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;

/// Makes a folder that only its owner may enter. One that is there stays as it is.
///
/// INVARIANT: when this returns, a power cut cannot take the folder's name away, and with the name all
/// the keys that are going to lie in it.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    #[cfg(test)]
    power::call(Op::make(path)).map_err(disk("make", path))?;
    DirBuilder::new().recursive(true).mode(FOLDER).create(path).map_err(disk("make", path))?;
    match path.parent() {
        Some(above) if !above.as_os_str().is_empty() => sync_folder(above),
        _ => sync_folder(Path::new(".")),
    }
}

/// Refuses a file or folder that others may read or enter.
pub(crate) fn check_private(path: &Path) -> Result<()> {
    let metadata = std::fs::symlink_metadata(path).map_err(disk("look at", path))?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 && !metadata.is_symlink() {
        let wanted = if metadata.is_dir() { FOLDER } else { FILE };
        return Err(Error::TooOpen { path: path.display().to_string(), mode, wanted });
    }
    Ok(())
}

/// The plain files of a folder, by name, without what an interrupted write left behind.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(disk("read", folder)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(disk("read", folder))?.path();
        if path.extension().is_none_or(|extension| extension != "new") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a private file; `None` if it is not there.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => {
            check_private(path)?;
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(disk("read", path)(error)),
    }
}

/// Writes a private file so that after a power cut either the old content is there or the new.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = folder.join(format!("{name}.new"));
    #[cfg(test)]
    power::call(Op::write(&aside, bytes)).map_err(disk("write", &aside))?;
    // A leftover may have been made with another mode.
    let _ = std::fs::remove_file(&aside);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE)
        .open(&aside)
        .map_err(disk("write", &aside))?;
    file.write_all(bytes).map_err(disk("write", &aside))?;
    #[cfg(test)]
    power::call(Op::sync(&aside)).map_err(disk("write", &aside))?;
    file.sync_all().map_err(disk("write", &aside))?;
    #[cfg(test)]
    power::call(Op::rename(&aside, path)).map_err(disk("write", path))?;
    model::crash::site("vault.file.written_aside");
    std::fs::rename(&aside, path).map_err(disk("write", path))?;
    sync_folder(folder)
}

/// Removes a file for good; `false` if it was not there.
pub(crate) fn remove(path: &Path) -> Result<bool> {
    #[cfg(test)]
    power::call(Op::remove(path)).map_err(disk("remove", path))?;
    match std::fs::remove_file(path) {
        Ok(()) => sync_folder(path.parent().unwrap_or(Path::new("."))).map(|()| true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(disk("remove", path)(error)),
    }
}

fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(test)]
    power::call(Op::sync(folder)).map_err(disk("write", folder))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk("write", folder))
}

/// Held while the key ring is changed, so that two programs do it one after the other.
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not read: closing it unlocks")] File);

pub(crate) fn lock(folder: &Path) -> Result<Lock> {
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(FILE)
        .open(&path)
        .map_err(disk("write", &path))?;
    file.lock().map_err(disk("lock", &path))?;
    Ok(Lock(file))
}
