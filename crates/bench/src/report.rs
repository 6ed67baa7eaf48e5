//! What was measured, written where the tables of BENCHMARKS.md are made from.
//!
//! A line holds a figure, what stood beside it and the bar that it is held against. Whether the bar
//! is met is worked out by whoever reads the file, so that nobody can write it by hand.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};

/// One file of raw data.
pub(crate) struct Report {
    name: &'static str,
    machine: Value,
    lines: Vec<Value>,
    matrix: Value,
    raw: serde_json::Map<String, Value>,
}

/// One line of a table.
pub(crate) struct Line<'l> {
    pub(crate) what: String,
    /// What the program did, and in what.
    pub(crate) ours: (f64, &'l str),
    /// What was done beside it in the same run, and what that came to.
    pub(crate) beside: Option<(&'l str, f64, &'l str)>,
    /// What is held against the bar.
    pub(crate) figure: (f64, &'l str),
    pub(crate) bar: Bar,
    pub(crate) moonshot: Bar,
}

/// What a figure must keep to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bar {
    None,
    AtMost(f64),
    AtLeast(f64),
}

impl Bar {
    fn json(self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::AtMost(most) => json!({ "at_most": most }),
            Self::AtLeast(least) => json!({ "at_least": least }),
        }
    }
}

impl Report {
    /// Begins; the machine is looked at now, before it is kept busy.
    pub(crate) fn new(name: &'static str) -> Self {
        println!("── {name}");
        Self {
            name,
            machine: machine(),
            lines: Vec::new(),
            matrix: Value::Null,
            raw: serde_json::Map::new(),
        }
    }

    /// Adds what was measured in full.
    pub(crate) fn raw(&mut self, key: &str, value: impl Into<Value>) {
        self.raw.insert(key.to_owned(), value.into());
    }

    /// Adds a table with a column for each of many: `{"head": [names], "rows": [{"what", "cells"}]}`.
    pub(crate) fn matrix(&mut self, matrix: Value) {
        self.matrix = matrix;
    }

    /// Adds a line and shows it.
    pub(crate) fn line(&mut self, line: &Line<'_>) {
        let (ours, unit) = line.ours;
        let (figure, sign) = line.figure;
        let beside = line.beside.map(|(name, value, unit)| {
            println!("   {name}: {value:.4} {unit}");
            json!({ "name": name, "value": value, "unit": unit })
        });
        println!("   {}: {ours:.4} {unit}; figure {figure:.3} {sign}", line.what);
        self.lines.push(json!({
            "what": line.what, "ours": { "value": ours, "unit": unit }, "beside": beside,
            "figure": { "value": figure, "unit": sign },
            "bar": line.bar.json(), "moonshot": line.moonshot.json(),
        }));
    }

    /// Writes the file; what it held before of another size is replaced.
    pub(crate) fn keep(self) {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let all = json!({
            "measurement": self.name,
            "command": format!("bench {}", words.join(" ")),
            "day": jiff::Timestamp::now().to_string().split('T').next(),
            "source": source(),
            "machine": self.machine,
            "lines": self.lines,
            "matrix": self.matrix,
            "raw": self.raw,
        });
        write(self.name, &all);
    }
}

/// The value in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.get(half.wrapping_sub(1)), values.get(half)) {
        (Some(low), Some(high)) if values.len().is_multiple_of(2) => f64::midpoint(*low, *high),
        (_, Some(only)) => *only,
        _ => f64::NAN,
    }
}

/// Megabytes a second of processor time of this thread.
pub(crate) fn rate(bytes: usize, work: impl FnOnce() -> usize) -> f64 {
    let begun = Instant::now();
    let before = processor_time();
    std::hint::black_box(work());
    let took = match (before, processor_time()) {
        (Some(before), Some(after)) => after - before,
        _ => begun.elapsed().as_secs_f64(),
    };
    bytes as f64 / 1e6 / took
}

/// Seconds, where Linux tells them.
fn processor_time() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// Writes what was measured where the tables are made from.
fn write(name: &str, measured: &Value) {
    let folder = Path::new("bench/results");
    drop(std::fs::create_dir_all(folder));
    let path = folder.join(format!("{name}.json"));
    let text = format!("{measured:#}\n");
    match std::fs::write(&path, text) {
        Ok(()) => println!("raw: {}", path.display()),
        Err(error) => println!("{}: {error}", path.display()),
    }
}

/// The commit, and whether the folder holds changes beside it.
fn source() -> Value {
    let git = |words: &[&str]| {
        let out = Command::new("git").args(words).output().ok()?;
        out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short", "HEAD"]);
    let changed = git(&["status", "--porcelain", "--", "crates", "Cargo.lock"]);
    json!({ "commit": commit, "with_changes": changed.is_some_and(|changed| !changed.is_empty()) })
}

/// The machine, as far as it matters to whoever compares.
fn machine() -> Value {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map(|line| line.trim_start_matches(['\t', ' ', ':']).to_owned());
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!({
        "cores": cores, "processor": model, "memory_gib": memory.map(|kib| kib >> 20),
        "load_at_the_start": load.trim(),
    })
}
