//! The folder of the answers: which line is which request, and what became of each.
//!
//! INVARIANT: neither file says whom a line is about. The list does, and stays where it is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Answered, Batch, Became};
use crate::house::write_whole;
use crate::state::State;
use crate::{Error, Result};

/// Which request is which line.
const REQUESTS: &str = "requests.json";
/// What became of each.
const TABLE: &str = "summary.csv";

/// An open folder.
pub(super) struct Folder {
    path: PathBuf,
    kind: &'static str,
    by_reference: bool,
    /// What tells this list from another.
    list: String,
    lines: usize,
}

/// What is remembered.
#[derive(Serialize, Deserialize)]
struct Remembered {
    kind: String,
    by_reference: bool,
    list: String,
    requests: Vec<String>,
}

impl Folder {
    /// Makes the folder, for its owner alone, where it is not there yet.
    pub(super) fn open(batch: &Batch, state: &State) -> Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let path = batch.folder.clone();
        let mut make = std::fs::DirBuilder::new();
        make.recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(Error::file("cannot make", &path))?;
        // A hash that nobody can try guesses on.
        let list = state.vault.derive("lists of people")?.mac_hex(&whole(batch));
        let kind = batch.kind.key();
        let lines = batch.people.len();
        Ok(Self { path, kind, by_reference: batch.by_reference, list, lines })
    }

    /// The requests that an earlier run has opened for this list.
    pub(super) fn requests(&self) -> Result<Option<Vec<String>>> {
        let file = self.path.join(REQUESTS);
        let text = match std::fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file("cannot read", &file)(error)),
        };
        let other = || {
            Error::Refused(format!(
                "`{}` holds the answers to another list, or to another question: choose another folder with `-o`; nothing was begun",
                self.path.display()
            ))
        };
        let known: Remembered = serde_json::from_slice(&text).map_err(|_| other())?;
        let same = known.kind == self.kind
            && known.by_reference == self.by_reference
            && known.list == self.list
            && known.requests.len() == self.lines;
        if same { Ok(Some(known.requests)) } else { Err(other()) }
    }

    /// Remembers the requests before they are opened.
    pub(super) fn remember(&self, requests: &[String]) -> Result<()> {
        let known = Remembered {
            kind: self.kind.to_owned(),
            by_reference: self.by_reference,
            list: self.list.clone(),
            requests: requests.to_vec(),
        };
        let text = serde_json::to_vec(&known).unwrap_or_default();
        write_whole(&self.path.join(REQUESTS), &text)
    }

    /// Writes what became of each line.
    pub(super) fn write_table(&self, answered: &[Answered]) -> Result<PathBuf> {
        let mut text = "line,reference,request,state,rows,file,remarks\r\n".to_owned();
        for one in answered {
            let file = one.file.as_deref().and_then(Path::file_name).unwrap_or_default();
            let remarks = one.incomplete.join("; ");
            let cells = [
                one.line.to_string(),
                one.reference.clone().unwrap_or_default(),
                one.id.clone(),
                one.became.word().to_owned(),
                // What an earlier run handed out stands in its package.
                if one.became == Became::Before { String::new() } else { one.rows.to_string() },
                file.to_string_lossy().into_owned(),
                remarks,
            ];
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            let _ = write!(text, "{}\r\n", cells.join(","));
        }
        let table = self.path.join(TABLE);
        write_whole(&table, text.as_bytes())?;
        Ok(table)
    }
}

/// The list as it was read, so that a blank line more does not make it another one.
fn whole(batch: &Batch) -> Vec<u8> {
    let people: Vec<Vec<(&str, &str)>> = batch
        .people
        .iter()
        .map(|one| {
            one.identities.iter().map(|i| (i.kind.key(), i.value.expose().as_str())).collect()
        })
        .collect();
    serde_json::to_vec(&people).unwrap_or_default()
}

/// A cell that every program reads as one, and that no spreadsheet takes for a formula.
fn quoted(cell: &str) -> String {
    let begins =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    let guard = if cell.starts_with(begins) { "'" } else { "" };
    let cell: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if guard.is_empty() && !cell.contains([',', '"', ';', ' ']) {
        return cell;
    }
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        for (cell, written) in [
            ("T-1", "T-1"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("@cmd", "\"'@cmd\""),
            ("two\nlines", "\"two lines\""),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
