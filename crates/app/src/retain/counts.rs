//! What was counted of rows that are gone: one file for each collection, in the policy folder.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use engine::retain::{Run, SEPARATOR, TaskRun};
use plan::retention::{Old, Schedule};
use policy::Disposal;

use crate::house::write_whole;
use crate::{Error, Result};

/// The folder's name.
const FOLDER: &str = "aggregates";

/// Writes the counts of a run.
///
/// INVARIANT: saying it twice is the same as once: the lines of a run take the place of what stands
/// there of the same run.
pub(super) fn write(folder: &Path, schedule: &Schedule, run: &Run) -> Result<()> {
    for told in run.tasks.iter().filter(|told| !told.counts.is_empty()) {
        let Some(task) = schedule.tasks.iter().find(|task| task.id == told.task) else { continue };
        let Disposal::Aggregate { by } = &task.method else { continue };
        let month = matches!(task.old, Old::Column(_)).then_some("month");
        let columns: Vec<&str> =
            ["run"].into_iter().chain(month).chain(by.iter().map(String::as_str)).collect();
        let folder = folder.join(FOLDER);
        std::fs::create_dir_all(&folder).map_err(Error::file("cannot make", &folder))?;
        write_one(&folder, told, &run.id, &line(columns.into_iter().chain(["rows"])))?;
    }
    Ok(())
}

fn write_one(folder: &Path, told: &TaskRun, run: &str, header: &str) -> Result<()> {
    let mut file = folder.join(format!("{}.csv", told.place));
    let mut known = read(&file)?;
    if known.as_deref().is_some_and(|known| known.lines().next() != Some(header.trim_end())) {
        // The rule counts by something else now: what was counted before stays as it is.
        let short = run.get(..8).unwrap_or(run);
        file = folder.join(format!("{}-{short}.csv", told.place));
        known = read(&file)?;
    }
    let mut text = header.to_owned();
    for before in known.iter().flat_map(|known| known.lines().skip(1)) {
        if before.split(',').next() != Some(run) {
            text.push_str(before);
            text.push('\n');
        }
    }
    for (key, rows) in &told.counts {
        let rows = rows.to_string();
        let cells = [run].into_iter().chain(key.split(SEPARATOR)).chain([rows.as_str()]);
        text.push_str(&line(cells));
    }
    write_whole(&file, text.as_bytes())
}

fn read(file: &PathBuf) -> Result<Option<String>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file("cannot read", file)(error)),
    }
}

/// One line. A value on several lines becomes one, so that each count is a line of the file; what a
/// spreadsheet would take for a formula is marked as text.
fn line<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    let mut out = String::new();
    for (at, cell) in cells.enumerate() {
        let mut cell = cell.replace(['\r', '\n'], " ");
        if cell.starts_with(['=', '+', '-', '@', '\t']) {
            cell.insert(0, '\'');
        }
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"']) {
            let _ = write!(out, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            out.push_str(&cell);
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_written_twice_stands_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let run = |rows: u64| -> TaskRun {
            let counts = [("2020-01\u{1f}=gold, \"x\"".to_owned(), rows)];
            let told = serde_json::json!({
                "task": "crm.people/1", "place": {"system": "crm", "collection": "people"},
                "rule": "", "method": "aggregate", "cutoff": 0, "rows": 0, "dependents": {},
                "partitions": [], "in_flight": 0, "unknown": 0, "left": null, "ended": null,
                "respected": [],
            });
            let mut told: TaskRun = serde_json::from_value(told).unwrap();
            told.counts = counts.into_iter().collect();
            told
        };
        let header = "run,month,plan,rows\n";
        write_one(folder.path(), &run(5), "aaaa", header).unwrap();
        write_one(folder.path(), &run(7), "bbbb", header).unwrap();
        write_one(folder.path(), &run(7), "bbbb", header).unwrap();
        let text = std::fs::read_to_string(folder.path().join("crm.people.csv")).unwrap();
        let gold = "2020-01,\"'=gold, \"\"x\"\"\"";
        assert_eq!(text, format!("{header}aaaa,{gold},5\nbbbb,{gold},7\n"));
        write_one(folder.path(), &run(1), "cccc", "run,rows\n").unwrap();
        assert!(folder.path().join("crm.people-cccc.csv").is_file());
    }
}
