//! The shipped binary, run from a policy folder of its own, with its time and its memory.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A policy folder for one measurement.
pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    program: PathBuf,
}

/// What a run of the binary took.
#[derive(Debug)]
pub(crate) struct Took {
    pub(crate) wall: Duration,
    /// The most memory that was resident at once, in KiB, as the kernel counts it.
    pub(crate) peak_kib: u64,
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
}

impl House {
    /// A starter folder with one system: its map, and where it is.
    pub(crate) fn new(map: &str, url: &str) -> Self {
        let program = std::env::current_exe().unwrap_or_default().with_file_name("upheld");
        assert!(program.is_file(), "build it first: cargo build --release -p upheld -p bench");
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
        let house = Self { folder, program };
        let init = house.run(&["init", &house.policy().to_string_lossy()]);
        assert_eq!(init.code, Some(0), "{}", init.said);
        house.write("systems/load.yaml", map);
        house.write("upheld.toml", &format!("[connections.load]\nurl = \"{url}\"\n"));
        house
    }

    pub(crate) fn policy(&self) -> PathBuf {
        self.folder.path().join("policy")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.policy().join(name);
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Took {
        run(&self.program, &self.policy(), words)
    }

    /// The same, which must succeed.
    pub(crate) fn must(&self, words: &[&str]) -> Took {
        let took = self.run(words);
        assert_eq!(took.code, Some(0), "upheld {}\n{}", words.join(" "), took.said);
        took
    }
}

fn run(program: &Path, policy: &Path, words: &[&str]) -> Took {
    let out = tempfile::tempfile().unwrap_or_else(|error| panic!("no file: {error}"));
    let twin =
        |file: &std::fs::File| file.try_clone().unwrap_or_else(|error| panic!("no file: {error}"));
    let mut command = Command::new(program);
    if words.first() != Some(&"init") {
        command.arg("-C").arg(policy);
    }
    command.args(words).stdin(Stdio::null()).stdout(twin(&out)).stderr(twin(&out));
    let begun = Instant::now();
    let mut child = command.spawn().unwrap_or_else(|error| panic!("upheld: {error}"));
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak_kib = 0;
    let code = loop {
        peak_kib = high_water(&status).unwrap_or(0).max(peak_kib);
        match child.try_wait() {
            Ok(Some(status)) => break status.code(),
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => panic!("upheld: {error}"),
        }
    };
    let wall = begun.elapsed();
    let mut out = out;
    let said = read_all(&mut out);
    Took { wall, peak_kib, code, said }
}

fn read_all(file: &mut std::fs::File) -> String {
    use std::io::{Read as _, Seek as _};
    let mut bytes = Vec::new();
    drop(file.flush());
    drop(file.rewind());
    drop(file.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `VmHWM` of a process that runs.
fn high_water(status: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Writes what was measured where the tables are made from.
pub(crate) fn keep(name: &str, measured: &serde_json::Value) {
    let folder = Path::new("bench/results");
    drop(std::fs::create_dir_all(folder));
    let path = folder.join(format!("{name}.json"));
    let text = format!("{measured:#}\n");
    match std::fs::write(&path, text) {
        Ok(()) => println!("raw: {}", path.display()),
        Err(error) => println!("{}: {error}", path.display()),
    }
}

/// The machine, as far as it matters to whoever compares.
pub(crate) fn machine() -> serde_json::Value {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map(|line| line.trim_start_matches(['\t', ' ', ':']).to_owned());
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    serde_json::json!({ "cores": cores, "processor": model, "load_at_the_start": load.trim() })
}
