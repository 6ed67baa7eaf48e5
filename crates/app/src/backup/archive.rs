//! The archive: a tar with the hash of every file at its end.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::backup::SUMS;
use crate::{Error, Result};

/// An archive that is being written.
pub(super) struct Archive<W: Write> {
    tar: tar::Builder<W>,
    sums: String,
}

impl<W: Write> Archive<W> {
    pub(super) fn begin(to: W) -> Self {
        Self { tar: tar::Builder::new(to), sums: String::new() }
    }

    /// Adds bytes under a name.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.entry(name, bytes.len() as u64, bytes)
    }

    /// Adds a file under a name.
    pub(super) fn file(&mut self, name: &str, path: &Path) -> Result<()> {
        let file = File::open(path).map_err(Error::file("cannot read", path))?;
        let size = file.metadata().map_err(Error::file("cannot read", path))?.len();
        self.entry(name, size, file)
    }

    fn entry(&mut self, name: &str, size: u64, from: impl Read) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        let mut hashed = Hashed { from: from.take(size), hash: Sha256::new(), read: 0 };
        self.tar.append_data(&mut header, name, &mut hashed).map_err(cannot_write)?;
        if hashed.read != size {
            return Err(Error::Refused(format!(
                "`{name}` became shorter while it was read: take the backup again"
            )));
        }
        self.sums.push_str(&format!("{}  {name}\n", hex(&hashed.hash.finalize())));
        Ok(())
    }

    /// Adds everything in a folder of ours; locks hold nothing.
    pub(super) fn folder(&mut self, name: &str, path: &Path) -> Result<()> {
        for (below, path) in sorted(path)? {
            let name = format!("{name}/{below}");
            if path.is_dir() {
                self.folder(&name, &path)?;
            } else if below != "lock" {
                self.file(&name, &path)?;
            }
        }
        Ok(())
    }

    /// Adds the files of a policy folder; how many they are.
    pub(super) fn policy(
        &mut self,
        folder: &Path,
        largest: u64,
        left_out: &mut Vec<(String, String)>,
    ) -> Result<usize> {
        self.policy_in("policy", folder, largest, left_out)
    }

    fn policy_in(
        &mut self,
        name: &str,
        folder: &Path,
        largest: u64,
        left_out: &mut Vec<(String, String)>,
    ) -> Result<usize> {
        let mut files = 0;
        for (below, path) in sorted(folder)? {
            let name = format!("{name}/{below}");
            let found = path.symlink_metadata().map_err(Error::file("cannot read", &path))?;
            let mut leave = |why: &str| {
                let shown = name.strip_prefix("policy/").unwrap_or(&name);
                left_out.push((shown.to_owned(), why.to_owned()));
            };
            match () {
                // Our own state is added beside it; the history of a folder is kept where it is shared.
                () if below == ".upheld" || below == ".git" => {}
                () if found.is_dir() => files += self.policy_in(&name, &path, largest, left_out)?,
                () if !found.is_file() => leave("it is a link, or no file"),
                () if !is_policy(&below) => leave("it is no part of a policy"),
                () if found.len() > largest => leave("it is larger than 4 MiB"),
                () => {
                    self.file(&name, &path)?;
                    files += 1;
                }
            }
        }
        Ok(files)
    }

    /// Writes the hashes, and the end.
    pub(super) fn end(mut self) -> Result<()> {
        let sums = std::mem::take(&mut self.sums);
        self.entry(SUMS, sums.len() as u64, sums.as_bytes())?;
        let mut to = self.tar.into_inner().map_err(cannot_write)?;
        to.flush().map_err(cannot_write)
    }
}

/// What a policy is made of: its own files, letters and notices, a logo. Packages, certificates and data
/// that lie beside it were answers to somebody, and are not kept longer by way of a backup.
fn is_policy(name: &str) -> bool {
    const ENDINGS: [&str; 10] =
        ["yaml", "yml", "toml", "md", "svg", "png", "jpg", "jpeg", "webp", "gitignore"];
    let schema = name.ends_with(".schema.json");
    schema || name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

fn sorted(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>> {
    let cannot = || Error::file("cannot read", folder);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot())? {
        let entry = entry.map_err(cannot())?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    Ok(found)
}

fn cannot_write(error: std::io::Error) -> Error {
    Error::Refused(format!("the backup cannot be written: {error}"))
}

/// What goes through is hashed and counted.
struct Hashed<R> {
    from: R,
    hash: Sha256,
    read: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.hash.update(into.get(..read).unwrap_or_default());
        self.read += read as u64;
        Ok(read)
    }
}

/// The hash of a file that was unpacked.
pub(super) fn sum_of(path: &Path) -> Result<String> {
    let file = File::open(path).map_err(Error::file("cannot read", path))?;
    let mut hashed = Hashed { from: file, hash: Sha256::new(), read: 0 };
    std::io::copy(&mut hashed, &mut std::io::sink()).map_err(Error::file("cannot read", path))?;
    Ok(hex(&hashed.hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
