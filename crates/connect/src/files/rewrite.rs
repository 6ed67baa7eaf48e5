//! A file written anew beside the old one: most of it copied byte for byte.

use std::fs::{File, FileTimes};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Inner;
use super::commit::{Staged, temporary};
use super::folder::Folder;
use super::pass::changed;
use super::reader::{Item, Opened, Reader, trouble};
use super::shape::{Collection, Member};
use super::view::View;
use crate::{Error, Result};

/// What becomes of a record.
pub(super) enum Fate {
    /// It stays as it is.
    Keep,
    /// It goes.
    Drop,
    /// These bytes take its place, line break included.
    Become(Vec<u8>),
}

impl Inner {
    /// Writes a file anew as `decide` says. `None`: nothing of it changes, and nothing is left
    /// behind. The new file waits beside the old one until it is committed.
    pub(super) fn rewrite(
        &self,
        collection: &Collection,
        member: &Member,
        times: bool,
        decide: &mut dyn FnMut(&View<'_>) -> Result<Fate>,
    ) -> Result<Option<Staged<'_>>> {
        let path = member.entry.path.as_str();
        let gone = || changed(collection.name(), 1);
        let layout = member.layout.ok_or_else(gone)?;
        let opened = Reader::open(&self.folder, path, layout, times)?.ok_or_else(gone)?;
        let Opened { mut reader, file: old, stamp } = opened;
        let mut staged = Staged::replacing(&self.folder, path, stamp);
        let fail = |error: io::Error| trouble(path, &error);
        let new = create(&self.folder, &temporary(path)).map_err(fail)?;
        staged.made();
        let kept = new.try_clone().map_err(fail)?;
        let mut out = Output::new(new, layout.gz);
        let mut any = false;
        loop {
            match reader.next()? {
                Item::End => break,
                Item::Between => out.write(reader.raw()).map_err(fail)?,
                Item::Record => {
                    let record = Some(reader.record());
                    let fate = decide(&View { collection, member, stamp: &stamp, record })?;
                    match fate {
                        Fate::Keep => out.write(reader.raw()).map_err(fail)?,
                        Fate::Drop => any = true,
                        Fate::Become(bytes) => {
                            any = true;
                            out.write(&bytes).map_err(fail)?;
                        }
                    }
                }
            }
        }
        if !any {
            return Ok(None);
        }
        out.finish().map_err(fail)?;
        dress(&old, &kept).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => Error::File {
                file: path.to_owned(),
                why: "belongs to somebody else, and its owner could not be kept: run this as its owner or as the administrator".to_owned(),
            },
            _ => fail(error),
        })?;
        kept.sync_all().map_err(fail)?;
        staged.old = Some(old);
        Ok(Some(staged))
    }
}

/// A new file; what an earlier process left under its name goes.
fn create(folder: &Folder, path: &str) -> io::Result<File> {
    match folder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            folder.remove(path)?;
            folder.create(path)
        }
        other => other,
    }
}

/// Gives the new file everything of the old one but its content.
fn dress(old: &File, new: &File) -> io::Result<()> {
    let (was, is) = (old.metadata()?, new.metadata()?);
    if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
        fchown(new, Some(was.uid()), Some(was.gid()))?;
    }
    attributes(old, new)?;
    // After the owner: changing it takes bits away.
    new.set_permissions(std::fs::Permissions::from_mode(was.mode() & 0o7777))?;
    new.set_times(FileTimes::new().set_accessed(was.accessed()?).set_modified(was.modified()?))
}

/// Extended attributes, access lists among them.
fn attributes(old: &File, new: &File) -> io::Result<()> {
    use rustix::io::Errno;
    let mut names = vec![0u8; 64 << 10];
    let length = match rustix::fs::flistxattr(old, names.as_mut_slice()) {
        Ok(length) => length,
        Err(Errno::NOTSUP) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let mut value = vec![0u8; 64 << 10];
    for name in names.get(..length).unwrap_or_default().split(|byte| *byte == 0) {
        if name.is_empty() {
            continue;
        }
        let length = rustix::fs::fgetxattr(old, name, value.as_mut_slice())?;
        let held = value.get(..length).unwrap_or_default();
        let set = rustix::fs::fsetxattr(new, name, held, rustix::fs::XattrFlags::empty());
        // Labels of the system are the system's to give.
        if !name.starts_with(b"security.") {
            set?;
        }
    }
    Ok(())
}

enum Output {
    Plain(BufWriter<File>),
    Gz(Box<GzEncoder<BufWriter<File>>>),
}

impl Output {
    fn new(file: File, gz: bool) -> Self {
        let out = BufWriter::with_capacity(256 << 10, file);
        if gz {
            Self::Gz(Box::new(GzEncoder::new(out, Compression::default())))
        } else {
            Self::Plain(out)
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gz(out) => out.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(mut out) => out.flush(),
            Self::Gz(out) => out.finish()?.flush(),
        }
    }
}
