//! The shipped binary, run from a policy folder of its own, with its time and its memory.

use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A policy folder for one measurement.
pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    system: String,
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
    pub(crate) fn new(system: &str, map: &str, url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder: {error}"));
        let house = Self { folder, system: system.to_owned() };
        let init = house.run(&["init", &house.policy().to_string_lossy()]);
        assert_eq!(init.code, Some(0), "{}", init.said);
        house.map(map);
        house.write("upheld.toml", &format!("[connections.{system}]\nurl = \"{url}\"\n"));
        house
    }

    pub(crate) fn policy(&self) -> PathBuf {
        self.folder.path().join("policy")
    }

    /// A file beside the policy folder.
    pub(crate) fn beside(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// Another map for the system.
    pub(crate) fn map(&self, map: &str) {
        self.write(&format!("systems/{}.yaml", self.system), map);
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.policy().join(name);
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Took {
        run(&program(), &self.policy(), words)
    }

    /// The same, which must succeed.
    pub(crate) fn must(&self, words: &[&str]) -> Took {
        let took = self.run(words);
        assert_eq!(took.code, Some(0), "upheld {}\n{}", words.join(" "), took.said);
        took
    }
}

impl Took {
    pub(crate) fn seconds(&self) -> f64 {
        self.wall.as_secs_f64()
    }

    pub(crate) fn peak_mib(&self) -> f64 {
        self.peak_kib as f64 / 1_024.0
    }

    /// The number after this key in what was said with `--json`.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        let (_, rest) = self.said.split_once(&format!("\"{key}\":"))?;
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }
}

/// The binary that was built beside this one.
pub(crate) fn program() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default().with_file_name("upheld");
    assert!(program.is_file(), "build it first: cargo build --release -p upheld -p bench");
    program
}

pub(crate) fn run(program: &Path, policy: &Path, words: &[&str]) -> Took {
    let out = tempfile::tempfile().unwrap_or_else(|error| panic!("no file: {error}"));
    let twin =
        |file: &std::fs::File| file.try_clone().unwrap_or_else(|error| panic!("no file: {error}"));
    let mut command = Command::new(program);
    if words.first() != Some(&"init") {
        command.arg("-C").arg(policy);
    }
    // What a user keeps outside the policy folder is kept beside it here.
    command.env("XDG_STATE_HOME", policy.with_file_name("state-of-the-user"));
    command.args(words).stdin(Stdio::null()).stdout(twin(&out)).stderr(twin(&out));
    let begun = Instant::now();
    let mut child = command.spawn().unwrap_or_else(|error| panic!("upheld: {error}"));
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let ended = AtomicBool::new(false);
    let (code, wall, peak_kib) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut peak = 0;
            while !ended.load(Ordering::Relaxed) {
                peak = high_water(&status).unwrap_or(0).max(peak);
                std::thread::sleep(Duration::from_millis(2));
            }
            peak
        });
        let code = child.wait().unwrap_or_else(|error| panic!("upheld: {error}")).code();
        let wall = begun.elapsed();
        ended.store(true, Ordering::Relaxed);
        (code, wall, watch.join().unwrap_or(0))
    });
    let mut out = out;
    let said = read_all(&mut out);
    Took { wall, peak_kib, code, said }
}

fn read_all(file: &mut std::fs::File) -> String {
    let mut bytes = Vec::new();
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

/// The most memory that this process had resident so far, in KiB.
pub(crate) fn own_peak() -> Option<u64> {
    high_water(Path::new("/proc/self/status"))
}
