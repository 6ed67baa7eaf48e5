//! One folder and nothing beyond it: every path is walked part by part without following a link.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use model::Micros;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};

/// How deep folders are walked.
const DEPTH: usize = 64;

/// What tells whether a file is still the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    pub(super) device: u64,
    pub(super) number: u64,
    pub(super) size: u64,
    /// When its content was written, in seconds and nanoseconds.
    pub(super) written: (i64, i64),
    /// When anything about it changed.
    pub(super) changed: (i64, i64),
}

impl Stamp {
    fn of(stat: &Stat) -> Self {
        Self {
            device: whole(stat.st_dev),
            number: whole(stat.st_ino),
            size: whole(stat.st_size),
            written: (whole(stat.st_mtime), whole(stat.st_mtime_nsec)),
            changed: (whole(stat.st_ctime), whole(stat.st_ctime_nsec)),
        }
    }

    /// When its content was written.
    pub(super) const fn moment(&self) -> Micros {
        Micros(self.written.0.saturating_mul(1_000_000).saturating_add(self.written.1 / 1_000))
    }

    /// The file itself, whatever its name and content.
    pub(super) const fn identity(&self) -> (u64, u64) {
        (self.device, self.number)
    }
}

/// Numbers of the operating system, whose width differs from machine to machine.
fn whole<T: Default, N: TryInto<T>>(number: N) -> T {
    number.try_into().unwrap_or_default()
}

/// A file below the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its path from the folder, with `/`.
    pub(super) path: String,
    pub(super) stamp: Stamp,
    /// Under how many names the file stands.
    pub(super) names: u64,
    pub(super) mode: u32,
    pub(super) owner: u32,
    pub(super) group: u32,
    /// Why it is not even looked at.
    pub(super) odd: Option<&'static str>,
}

/// A folder that is open.
#[derive(Debug)]
pub(super) struct Folder {
    root: OwnedFd,
}

const LOOK: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Folder {
    /// Opens the folder. It may itself be reached by a link: the person named it.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY;
        Ok(Self { root: rustix::fs::open(path, flags, Mode::empty())? })
    }

    /// The folder in which a path stands, and its name there.
    pub(super) fn parent<'p>(&self, path: &'p str) -> io::Result<(OwnedFd, &'p str)> {
        let mut folder = rustix::fs::openat(&self.root, ".", LOOK, Mode::empty())?;
        let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
        for part in parents.split('/').filter(|part| !part.is_empty()) {
            if part == ".." || part == "." {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            folder = rustix::fs::openat(&folder, part, LOOK, Mode::empty())?;
        }
        Ok((folder, name))
    }

    /// Opens a file to read it.
    pub(super) fn read(&self, path: &str) -> io::Result<File> {
        let (folder, name) = self.parent(path)?;
        // Not blocking: somebody may have put a pipe in its place.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&folder, name, flags, Mode::empty())?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    /// Makes a new file that nobody but this account can open yet.
    pub(super) fn create(&self, path: &str) -> io::Result<File> {
        let (folder, name) = self.parent(path)?;
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&folder, name, flags, Mode::RUSR | Mode::WUSR)?))
    }

    /// Opens a file to write at its end.
    pub(super) fn append(&self, path: &str) -> io::Result<File> {
        let (folder, name) = self.parent(path)?;
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&folder, name, flags, Mode::empty())?))
    }

    /// Puts one file in the place of another in the same folder.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (folder, from) = self.parent(from)?;
        let (_, to) = to.rsplit_once('/').unwrap_or(("", to));
        Ok(rustix::fs::renameat(&folder, from, &folder, to)?)
    }

    /// Removes a file.
    pub(super) fn remove(&self, path: &str) -> io::Result<()> {
        let (folder, name) = self.parent(path)?;
        Ok(rustix::fs::unlinkat(&folder, name, AtFlags::empty())?)
    }

    /// Makes the names in the folder of this path last.
    pub(super) fn settle(&self, path: &str) -> io::Result<()> {
        let (folder, _) = self.parent(path)?;
        Ok(rustix::fs::fsync(&folder)?)
    }

    /// Whether this account may change what stands in the folder of this path.
    pub(super) fn may_change(&self, path: &str) -> bool {
        self.parent(path).is_ok_and(|(folder, _)| {
            let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
            rustix::fs::accessat(&folder, ".", access, AtFlags::EACCESS).is_ok()
        })
    }

    /// What a path stands for now; `None` where nothing is.
    pub(super) fn stamp(&self, path: &str) -> io::Result<Option<Stamp>> {
        let found = self.parent(path).and_then(|(folder, name)| {
            Ok(rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?)
        });
        match found {
            Ok(stat) => Ok(Some(Stamp::of(&stat))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The permissions of the folder in which a path stands, and of those above it.
    pub(super) fn modes_above(&self, path: &str) -> io::Result<Vec<(u32, u32, u32)>> {
        let mut folder = rustix::fs::openat(&self.root, ".", LOOK, Mode::empty())?;
        let mut modes = Vec::new();
        let mut note = |folder: &OwnedFd| -> io::Result<()> {
            let stat = rustix::fs::fstat(folder)?;
            modes.push((whole(stat.st_mode), stat.st_uid, stat.st_gid));
            Ok(())
        };
        note(&folder)?;
        let parents = path.rsplit_once('/').map_or("", |(parents, _)| parents);
        for part in parents.split('/').filter(|part| !part.is_empty()) {
            folder = rustix::fs::openat(&folder, part, LOOK, Mode::empty())?;
            note(&folder)?;
        }
        Ok(modes)
    }

    /// A handle of its own on the folder, to lock it by.
    pub(super) fn handle(&self) -> io::Result<OwnedFd> {
        Ok(rustix::fs::openat(&self.root, ".", LOOK, Mode::empty())?)
    }

    /// Every file below the folder, sorted by path. Links, hidden files and what is no file are
    /// told apart and not looked at. `ours` are names that this connector makes itself.
    pub(super) fn list(&self, ours: &dyn Fn(&str) -> bool) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        walk(&self.handle()?, "", 0, ours, &mut entries)?;
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    }
}

/// The stamp of an open file.
pub(super) fn stamp_of(file: &File) -> io::Result<Stamp> {
    Ok(Stamp::of(&rustix::fs::fstat(file)?))
}

fn walk(
    folder: &OwnedFd,
    above: &str,
    depth: usize,
    ours: &dyn Fn(&str) -> bool,
    entries: &mut Vec<Entry>,
) -> io::Result<()> {
    for item in Dir::read_from(folder)? {
        let item = item?;
        let bytes = item.file_name().to_bytes();
        if bytes == b"." || bytes == b".." {
            continue;
        }
        let name = String::from_utf8_lossy(bytes);
        if ours(&name) {
            continue;
        }
        let stat = match rustix::fs::statat(folder, item.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            // Gone since the folder was read.
            Err(rustix::io::Errno::NOENT) => continue,
            Err(error) => return Err(error.into()),
        };
        let path = if above.is_empty() { name.to_string() } else { format!("{above}/{name}") };
        let kind = FileType::from_raw_mode(stat.st_mode);
        let odd = if kind == FileType::Symlink {
            Some("a link: it is not followed")
        } else if std::str::from_utf8(bytes).is_err() {
            Some("its name is not UTF-8")
        } else if name.starts_with('.') {
            Some("hidden")
        } else if kind == FileType::Directory {
            if depth < DEPTH {
                let flags = LOOK | OFlags::RDONLY;
                match rustix::fs::openat(folder, item.file_name(), flags, Mode::empty()) {
                    Ok(below) => {
                        walk(&below, &path, depth + 1, ours, entries)?;
                        continue;
                    }
                    Err(rustix::io::Errno::NOENT) => continue,
                    Err(_) => Some("a folder that this account may not open"),
                }
            } else {
                Some("a folder that lies too deep")
            }
        } else if kind == FileType::RegularFile {
            None
        } else {
            Some("no file: a pipe, a socket or a device")
        };
        entries.push(Entry {
            path,
            stamp: Stamp::of(&stat),
            names: whole(stat.st_nlink),
            mode: whole(stat.st_mode),
            owner: stat.st_uid,
            group: stat.st_gid,
            odd,
        });
    }
    Ok(())
}
