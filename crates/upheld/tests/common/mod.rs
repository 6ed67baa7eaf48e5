//! What the stories share: a policy folder of their own, the real binary, and a way to read all of
//! a database without any of our code in between.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "each story uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may panic as tests may"
)]
#![allow(clippy::disallowed_methods, reason = "a test waits for a process on its own thread")]

pub mod certificate;
pub mod desk;
pub mod dump;
pub mod read;
pub mod running;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A policy folder in the folder that cargo keeps for tests, made anew.
pub struct House {
    pub folder: PathBuf,
}

/// What a run of the binary left.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl House {
    /// A folder with the starter pack in it.
    pub fn new(name: &str) -> Self {
        let folder = empty_folder(name).join("policy");
        let house = Self { folder };
        let made = run(&["init", &house.path("")]);
        assert_eq!(made.code, Some(0), "{made:?}");
        house
    }

    /// A path inside the folder.
    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    /// A path beside the folder, for packages and certificates.
    pub fn beside(&self, name: &str) -> String {
        self.folder.with_file_name(name).to_string_lossy().into_owned()
    }

    /// Runs `upheld -C FOLDER …`.
    pub fn upheld(&self, words: &[&str]) -> Ran {
        ran(&self.command(words).output().unwrap())
    }

    /// The same, which must end with this exit code.
    pub fn must(&self, code: i32, words: &[&str]) -> Ran {
        let ran = self.upheld(words);
        assert_eq!(ran.code, Some(code), "upheld {}\n{}", words.join(" "), ran.said());
        ran
    }

    /// The same with `--json`; the answers that were printed.
    pub fn json(&self, code: i32, words: &[&str]) -> Vec<serde_json::Value> {
        let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
        self.must(code, &words).answers()
    }

    /// Starts the binary and does not wait for it.
    pub fn start(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// A command that runs the binary on this folder.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = binary();
        // A house that is put back to its beginning has such a folder of its own.
        let own = self.folder.with_file_name("state-of-its-user");
        if own.exists() {
            command.env("XDG_STATE_HOME", own);
        }
        command.arg("-C").arg(&self.folder).args(words).current_dir(self.folder.parent().unwrap());
        command
    }

    /// The number of the request that was opened last.
    pub fn last_request(&self) -> (String, String) {
        let listed = self.json(0, &["request", "list"]);
        let last = listed[0].as_array().unwrap().last().unwrap();
        (last["id"].as_str().unwrap().to_owned(), last["status"].as_str().unwrap().to_owned())
    }

    /// A file of the folder, read.
    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    /// A file of the folder, edited.
    pub fn edit(&self, name: &str, change: impl FnOnce(String) -> String) {
        std::fs::write(self.folder.join(name), change(self.text(name))).unwrap();
    }
}

impl Ran {
    /// Everything that was printed.
    pub fn said(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// The JSON answers, one after another.
    pub fn answers(&self) -> Vec<serde_json::Value> {
        let answers = serde_json::Deserializer::from_str(&self.out).into_iter();
        answers.map(|answer| answer.unwrap_or_else(|e| panic!("{e}\n{}", self.out))).collect()
    }
}

/// The binary with nothing of this machine's settings.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_upheld"));
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    // What a user keeps outside the policy folder is kept in the tests' folder.
    command.env("XDG_STATE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("state-of-the-user"));
    command
}

/// Runs the binary.
pub fn run(words: &[&str]) -> Ran {
    ran(&binary().args(words).output().unwrap())
}

/// An output as text.
pub fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A new, empty folder of this name, for this process alone: under nextest every test is one, and
/// several tell the same story side by side.
pub fn empty_folder(name: &str) -> PathBuf {
    let own = std::process::id().to_string();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(own).join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Unpacks a package as whoever gets it would, with a tool that is not ours.
pub fn unpack(package: &str) -> PathBuf {
    let into = Path::new(package).with_extension("unpacked");
    drop(std::fs::remove_dir_all(&into));
    let python = Command::new("python3").args(["-m", "zipfile", "-e", package]).arg(&into).status();
    assert!(python.expect("python3 is installed").success(), "{package} is not a ZIP file");
    into
}

/// Waits until `ready`, up to a minute.
pub fn until(what: &str, mut ready: impl FnMut() -> bool) {
    for _ in 0..1_200 {
        if ready() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("waited in vain until {what}");
}

/// A map in which every question whether rows are kept is answered with no.
pub fn nothing_is_kept(map: &str) -> String {
    let mut keep = None;
    let mut out = String::new();
    for line in map.lines() {
        let margin = line.len() - line.trim_start().len();
        if keep.is_some_and(|above| margin <= above) {
            keep = None;
        }
        if line.trim() == "keep:" {
            keep = Some(margin);
        }
        let line = if keep.is_some() {
            line.replace("confirmed: yes", "confirmed: no")
        } else {
            line.to_owned()
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}
