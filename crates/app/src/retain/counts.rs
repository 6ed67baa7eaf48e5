//! What was counted of rows that are gone: one file for each collection, in the policy folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use engine::retain::{Counts, Run, SEPARATOR, TaskRun};
use plan::Place;

use crate::house::write_whole;
use crate::{Error, Result};

/// The folder's name.
const FOLDER: &str = "aggregates";

/// What was counted of one collection by the same columns.
type Counted<'r> = BTreeMap<(&'r Place, &'r [String]), Counts>;

/// Writes the counts of a run.
///
/// INVARIANT: saying it twice is the same as once: the lines of a run take the place of what stands
/// there of the same run. So all rules that count a collection alike are written together.
pub(super) fn write(folder: &Path, run: &Run) -> Result<()> {
    let counted = together(&run.tasks);
    if counted.is_empty() {
        return Ok(());
    }
    let folder = folder.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(Error::file("cannot make", &folder))?;
    for ((place, by), counts) in counted {
        let columns = ["run"].into_iter().chain(by.iter().map(String::as_str)).chain(["rows"]);
        write_one(&folder, &file_name(place), &counts, &run.id, &line(columns))?;
    }
    Ok(())
}

fn together(tasks: &[TaskRun]) -> Counted<'_> {
    let mut counted = Counted::new();
    for told in tasks.iter().filter(|told| !told.counts.is_empty()) {
        let counts = counted.entry((&told.place, &told.counted_by)).or_default();
        for (key, rows) in &told.counts {
            *counts.entry(key.clone()).or_default() += rows;
        }
    }
    counted
}

/// The name of a place's file. Collections of files may lie in folders, which this is not.
fn file_name(place: &Place) -> String {
    place.to_string().replace('%', "%25").replace('/', "%2F")
}

fn write_one(folder: &Path, name: &str, counts: &Counts, run: &str, header: &str) -> Result<()> {
    let short = run.get(..8).unwrap_or(run);
    let first = [format!("{name}.csv"), format!("{name}-{short}.csv")].into_iter();
    // Where the rule counts by something else now, what was counted before stays as it is.
    for name in first.chain((2..).map(|more| format!("{name}-{short}-{more}.csv"))) {
        let file = folder.join(name);
        let known = read(&file)?.unwrap_or_else(|| header.to_owned());
        if known.lines().next() != Some(header.trim_end()) {
            continue;
        }
        let mut text = header.to_owned();
        for before in known.lines().skip(1) {
            if before.split(',').next() != Some(run) {
                text.push_str(before);
                text.push('\n');
            }
        }
        for (key, rows) in counts {
            let rows = rows.to_string();
            let cells = [run].into_iter().chain(key.split(SEPARATOR)).chain([rows.as_str()]);
            text.push_str(&line(cells));
        }
        return write_whole(&file, text.as_bytes());
    }
    Ok(())
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

    fn told(id: &str, by: &[&str], key: &str, rows: u64) -> TaskRun {
        let told = serde_json::json!({
            "task": id, "place": {"system": "crm", "collection": "a/people"},
            "rule": "", "method": "aggregate", "cutoff": 0, "rows": 0, "dependents": {},
            "partitions": [], "in_flight": 0, "unknown": 0, "left": null, "ended": null,
            "respected": [], "counts": {key: rows}, "counted_by": by,
        });
        serde_json::from_value(told).unwrap()
    }

    fn run(id: &str, tasks: Vec<TaskRun>) -> Run {
        Run {
            id: id.to_owned(),
            begun_at: model::Micros(0),
            digest: String::new(),
            interrupted: 0,
            tasks,
        }
    }

    #[test]
    fn a_run_that_is_written_twice_stands_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let gold = |rows| told("1", &["month", "plan"], "2020-01\u{1f}=gold, \"x\"", rows);
        write(folder.path(), &run("aaaa", vec![gold(5)])).unwrap();
        write(folder.path(), &run("bbbb", vec![gold(7)])).unwrap();
        write(folder.path(), &run("bbbb", vec![gold(7)])).unwrap();
        let there = |name: &str| folder.path().join(FOLDER).join(name);
        let text = std::fs::read_to_string(there("crm.a%2Fpeople.csv")).unwrap();
        let told_then = "2020-01,\"'=gold, \"\"x\"\"\"";
        let header = "run,month,plan,rows\n";
        assert_eq!(text, format!("{header}aaaa,{told_then},5\nbbbb,{told_then},7\n"));
        let other = |by| told("1", &[by], "x", 1);
        write(folder.path(), &run("cccc", vec![other("a"), other("b"), gold(1)])).unwrap();
        for name in ["crm.a%2Fpeople-cccc.csv", "crm.a%2Fpeople-cccc-2.csv"] {
            assert!(there(name).is_file(), "{name}");
        }
    }

    /// The lines of the second rule took the place of those of the first.
    #[test]
    fn two_rules_that_count_one_collection_are_both_written() {
        let folder = tempfile::tempdir().unwrap();
        let one = |id, key, rows| told(id, &["month", "plan"], key, rows);
        let tasks = vec![
            one("1", "2020-01\u{1f}gold", 5),
            one("2", "2020-01\u{1f}gold", 2),
            one("2", "2020-01\u{1f}free", 3),
        ];
        write(folder.path(), &run("aaaa", tasks)).unwrap();
        let file = folder.path().join(FOLDER).join("crm.a%2Fpeople.csv");
        let text = std::fs::read_to_string(file).unwrap();
        assert_eq!(text, "run,month,plan,rows\naaaa,2020-01,free,3\naaaa,2020-01,gold,7\n");
    }
}
