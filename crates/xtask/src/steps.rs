//! `cargo xtask test`: the one test command. Steps run in order of what they cost, and the first
//! that fails ends the run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{arch, bench, cargo, gauge, tidy};

/// The chance of every property: the same commit gives the same answer. `cargo nextest run` alone
/// draws anew each time.
const SEED: &str = "20261123";

/// What one step came to.
enum Outcome {
    Passed,
    Failed,
    /// It was not run, for this reason; the closing line repeats it.
    Skipped(String),
}

/// Runs every step; true if all passed.
pub(crate) fn test(root: &Path) -> Result<bool, String> {
    let workspace = cargo::workspace(root)?;
    let nextest = answers(root, &["nextest", "--version"]);
    let testkit = workspace.target.join("debug").join("testkit");
    let testkit = testkit.to_string_lossy();
    let servers = [&*testkit, "with-servers", "--"];
    let tests: &[&str] = if nextest {
        &["cargo", "nextest", "run", "--workspace", "--locked"]
    } else {
        &["cargo", "test", "--workspace", "--locked", "--lib", "--bins", "--tests", "--examples"]
    };

    let mut run = Run::default();
    run.step("servers for the tests", || command(root, &["bash", "scripts/test-servers.sh"]));
    run.step("format", || command(root, &["cargo", "fmt", "--all", "--check"]));
    run.step("arch", || Ok(passed(arch::check(root)?.report("arch"))));
    run.step("tidy", || Ok(passed(tidy::check(root)?.report("tidy"))));
    run.step("tables", || Ok(passed(bench::check(root)?.report("tables"))));
    run.step("licences and sources", || {
        if !answers(root, &["deny", "--version"]) {
            let reason = "cargo-deny is not installed; arch has read deny.toml in its place";
            return Ok(Outcome::Skipped(reason.to_owned()));
        }
        command(root, &["cargo", "deny", "--all-features", "check", "bans", "licenses", "sources"])
    });
    run.step("lints", || {
        let words =
            ["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
        command(root, &words)
    });
    run.step("build", || {
        command(root, &["cargo", "build", "--workspace", "--all-targets", "--locked"])
    });
    run.step("tests", || command(root, &[&servers, tests].concat()));
    run.step("examples in the documents", || {
        command(root, &["cargo", "test", "--workspace", "--locked", "--doc"])
    });
    run.step("gauge", || {
        Ok(match gauge::run(root, false)? {
            gauge::Gauged::Fine => Outcome::Passed,
            gauge::Gauged::Failed => Outcome::Failed,
            gauge::Gauged::Skipped(reason) => Outcome::Skipped(reason),
        })
    });
    run.close()
}

#[derive(Default)]
struct Run {
    /// Names of the steps that passed.
    passed: Vec<&'static str>,
    skipped: Vec<String>,
    failed: Option<Result<&'static str, String>>,
    took: Duration,
}

impl Run {
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<Outcome, String>) {
        if self.failed.is_some() {
            return;
        }
        println!("── {name}");
        #[expect(clippy::disallowed_methods, reason = "how long a step took is shown and not kept")]
        let start = std::time::Instant::now();
        let outcome = work();
        let took = start.elapsed();
        self.took += took;
        match outcome {
            Ok(Outcome::Passed) => {
                println!("   {name}: passed in {}", spoken(took));
                self.passed.push(name);
            }
            Ok(Outcome::Skipped(reason)) => {
                println!("   {name}: skipped, {reason}");
                self.skipped.push(format!("{name} ({reason})"));
            }
            Ok(Outcome::Failed) => self.failed = Some(Ok(name)),
            Err(message) => self.failed = Some(Err(format!("{name}: {message}"))),
        }
    }

    /// The closing line.
    fn close(self) -> Result<bool, String> {
        println!();
        for skipped in &self.skipped {
            println!("Skipped: {skipped}.");
        }
        match self.failed {
            None => {
                println!("All {} steps passed in {}.", self.passed.len(), spoken(self.took));
                Ok(true)
            }
            Some(Ok(name)) => {
                println!(
                    "FAILED at step `{name}`, {} passed before it, {}. Its words stand above.",
                    self.passed.len(),
                    spoken(self.took)
                );
                Ok(false)
            }
            Some(Err(message)) => Err(message),
        }
    }
}

fn spoken(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

const fn passed(fine: bool) -> Outcome {
    if fine { Outcome::Passed } else { Outcome::Failed }
}

fn command(root: &Path, words: &[&str]) -> Result<Outcome, String> {
    let Some((program, words)) = words.split_first() else { return Ok(Outcome::Passed) };
    let status = Command::new(program)
        .args(words)
        .current_dir(root)
        .env("PROPTEST_RNG_SEED", SEED)
        .status()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    Ok(passed(status.success()))
}

/// Whether `cargo WORDS` works here at all.
fn answers(root: &Path, words: &[&str]) -> bool {
    let status = Command::new("cargo")
        .args(words)
        .current_dir(root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_ends_the_run() {
        let mut run = Run::default();
        run.step("one", || Ok(Outcome::Passed));
        run.step("two", || Ok(Outcome::Skipped("for a reason".to_owned())));
        run.step("three", || Ok(Outcome::Failed));
        run.step("four", || Err("never reached".to_owned()));
        assert_eq!((run.passed.as_slice(), run.skipped.len()), (["one"].as_slice(), 1));
        assert_eq!(run.close(), Ok(false));

        let mut run = Run::default();
        run.step("one", || Err("no such program".to_owned()));
        assert_eq!(run.close(), Err("one: no such program".to_owned()));

        let mut run = Run::default();
        run.step("one", || Ok(Outcome::Passed));
        assert_eq!(run.close(), Ok(true));
    }

    #[test]
    fn times_are_spoken() {
        assert_eq!(spoken(Duration::from_millis(1_900)), "1 s");
        assert_eq!(spoken(Duration::from_secs(61)), "1 min 1 s");
    }
}
