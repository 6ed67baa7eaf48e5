//! What was found the last time in files that have not changed since, and in rows up to a number:
//! `--since FILE`.
//!
//! The file holds paths, counts and reasons; no value, and no finding one by one.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use render::scan::ScanPart;
use serde::{Deserialize, Serialize};

use crate::house::write_whole;
use crate::{Error, Result};

/// What tells whether a file is still the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    device: u64,
    number: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of(data: &Metadata) -> Self {
        Self {
            size: data.size(),
            device: data.dev(),
            number: data.ino(),
            written: (data.mtime(), data.mtime_nsec()),
            changed: (data.ctime(), data.ctime_nsec()),
        }
    }
}

/// What was found in one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    stamp: Stamp,
    parts: Vec<ScanPart>,
}

/// What was found in the rows of one table up to a number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Rows {
    /// The largest key that was seen, a whole number.
    pub(super) up_to: i64,
    /// How many rows that were.
    pub(super) rows: u64,
    /// What was found in them, and since when that is known.
    pub(super) part: ScanPart,
}

/// The files and tables that were looked at.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Remembered {
    /// What was looked for, and by which version.
    looked_for: String,
    files: BTreeMap<String, Known>,
    #[serde(default)]
    tables: BTreeMap<String, Rows>,
    /// As it will be written.
    #[serde(skip)]
    next: BTreeMap<String, Known>,
    #[serde(skip)]
    next_tables: BTreeMap<String, Rows>,
}

impl Remembered {
    /// What stands in the file; nothing where it is not there yet, or other kinds were looked for.
    pub(super) fn read(file: &Path, looked_for: &str) -> Result<Self> {
        let fresh = || Self { looked_for: looked_for.to_owned(), ..Self::default() };
        let text = match std::fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(fresh()),
            Err(error) => return Err(Error::file("cannot read", file)(error)),
        };
        let read: Self = serde_json::from_slice(&text).map_err(|_| {
            Error::Refused(format!(
                "`{}` was not written by `upheld scan --since`: name another file, or remove it to have everything looked at",
                file.display()
            ))
        })?;
        Ok(if read.looked_for == looked_for { read } else { fresh() })
    }

    pub(super) fn stamps(&self) -> BTreeMap<String, Stamp> {
        self.files.iter().map(|(path, known)| (path.clone(), known.stamp)).collect()
    }

    /// Puts in what is known of a file that has not changed, and keeps what was found in one that has.
    pub(super) fn settle(&mut self, parts: &mut Vec<ScanPart>, stamp: Option<Stamp>) {
        let Some(path) = parts.first().map(|part| part.path.clone()) else { return };
        let Some(stamp) = stamp else { return };
        if parts.first().is_some_and(|part| part.unchanged)
            && let Some(known) = self.files.get(&path)
        {
            parts.clone_from(&known.parts);
            parts.iter_mut().for_each(|part| part.unchanged = true);
        }
        let kept = parts
            .iter()
            .map(|part| ScanPart { findings: Vec::new(), more: 0, ..part.clone() })
            .collect();
        self.next.insert(path, Known { stamp, parts: kept });
    }

    /// What is known of a table's first rows.
    pub(super) fn rows(&self, path: &str) -> Option<&Rows> {
        self.tables.get(path)
    }

    /// Keeps what is known of a table, without the findings one by one.
    pub(super) fn keep_rows(&mut self, up_to: i64, rows: u64, part: &ScanPart) {
        let kept = ScanPart { findings: Vec::new(), more: 0, ..part.clone() };
        self.next_tables.insert(part.path.clone(), Rows { up_to, rows, part: kept });
    }

    /// Writes what is known now. A file that is gone is forgotten; one outside of what was looked at
    /// this time too.
    pub(super) fn write(mut self, file: &Path) -> Result<()> {
        self.files = std::mem::take(&mut self.next);
        self.tables = std::mem::take(&mut self.next_tables);
        let text = serde_json::to_vec(&self).map_err(|error| Error::Refused(error.to_string()))?;
        write_whole(file, &text)
    }
}
