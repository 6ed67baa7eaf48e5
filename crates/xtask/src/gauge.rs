//! `cargo xtask gauge`: how many instructions small pieces of work take, compared with what is kept in
//! `bench/gauge.json`. It fails when one takes over three percent more.
//!
//! Instructions are counted by valgrind, on a processor of its own making, so a busy machine counts
//! as a quiet one does. What does change the counts is another compiler, another kind of processor
//! and another C library: on those the kept counts say nothing, and the gauge says so and passes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{cargo, read};

/// What is kept.
const FILE: &str = "bench/gauge.json";
/// So much more fails, so much less asks for new counts, in percent.
const TOLERANCE: u128 = 3;
/// The function within which is counted; its name is mangled.
const COUNTED: &str = "*measured_work*";

/// Instructions by piece of work.
type Counts = BTreeMap<String, u64>;

/// What the gauge came to.
pub(crate) enum Gauged {
    Fine,
    Failed,
    /// Nothing can be said on this machine, for this reason.
    Skipped(String),
}

/// Builds, counts and compares; `update` keeps the new counts instead.
pub(crate) fn run(root: &Path, update: bool) -> Result<Gauged, String> {
    let here = match yardstick(root) {
        Ok(here) => here,
        Err(reason) => return Ok(Gauged::Skipped(reason)),
    };
    let kept = root.join(FILE).is_file().then(|| read(&root.join(FILE))).transpose()?;
    let kept = kept.map(|text| parse(&text)).transpose()?;
    if let (Some((there, _)), false) = (&kept, update)
        && let Some(reason) = differs(there, &here)
    {
        return Ok(Gauged::Skipped(reason));
    }
    let program = build(root)?;
    let mut counts = Counts::new();
    for name in output(&mut Command::new(&program), "gauge")?.lines() {
        counts.insert(name.to_owned(), count(&program, name)?);
    }
    if update {
        let text = json!({ "yardstick": here, "instructions": counts });
        std::fs::write(root.join(FILE), format!("{text:#}\n"))
            .map_err(|error| format!("cannot write {FILE}: {error}"))?;
    }
    let kept = kept.map(|(_, counts)| counts).unwrap_or_default();
    if update {
        for (name, count) in &counts {
            let before = kept.get(name).map_or("none".to_owned(), u64::to_string);
            println!("  {name}: {before} → {count} instructions");
        }
        println!("gauge: {} counts are kept in {FILE}", counts.len());
        return Ok(Gauged::Fine);
    }
    let (lines, fine) = compare(&kept, &counts);
    for line in lines {
        println!("{line}");
    }
    Ok(if fine { Gauged::Fine } else { Gauged::Failed })
}

/// What the counts depend on besides our own code.
fn yardstick(root: &Path) -> Result<Value, String> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return Err("the counts are kept for Linux on x86-64".to_owned());
    }
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    if !processor.split_whitespace().any(|flag| flag == "avx2") {
        return Err("the counts are kept for processors that know AVX2".to_owned());
    }
    let first = |program: &str, words: &[&str]| {
        let said = output(Command::new(program).args(words).current_dir(root), program).ok()?;
        said.lines().next().map(|line| line.trim().to_owned())
    };
    let Some(valgrind) = first("valgrind", &["--version"]) else {
        return Err("valgrind is not installed: scripts/test-servers.sh does it".to_owned());
    };
    Ok(json!({
        "compiler": first("rustc", &["--version"]),
        "c library": first("getconf", &["GNU_LIBC_VERSION"]),
        "valgrind": valgrind,
    }))
}

/// Why counts from there say nothing here.
fn differs(there: &Value, here: &Value) -> Option<String> {
    let here = here.as_object()?;
    let (what, now) = here.iter().find(|(what, now)| there.get(what.as_str()) != Some(*now))?;
    let word = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("none").to_owned();
    Some(format!(
        "the counts in {FILE} were made with another {what}: {} there, {} here",
        word(there.get(what.as_str())),
        word(Some(now))
    ))
}

fn parse(text: &str) -> Result<(Value, Counts), String> {
    let broken = || format!("{FILE} is not as `cargo xtask gauge --update` writes it");
    let file: Value = serde_json::from_str(text).map_err(|_| broken())?;
    let counts = file.get("instructions").and_then(Value::as_object).ok_or_else(broken)?;
    let counts = counts.iter().map(|(name, count)| Some((name.clone(), count.as_u64()?)));
    let counts: Option<Counts> = counts.collect();
    let yardstick = file.get("yardstick").cloned().ok_or_else(broken)?;
    Ok((yardstick, counts.ok_or_else(broken)?))
}

/// Builds the pieces of work. Returns the program.
fn build(root: &Path) -> Result<std::path::PathBuf, String> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--locked", "--profile", "gauge", "-p", "gauge"])
        // Flags from outside would build something else than was counted.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(root)
        .status()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !status.success() {
        return Err(
            "the crate `gauge` cannot be built: the compiler's words stand above".to_owned()
        );
    }
    Ok(cargo::workspace(root)?.target.join("gauge").join("gauge"))
}

/// Does one piece of work under valgrind.
fn count(program: &Path, name: &str) -> Result<u64, String> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--demangle=no", "--callgrind-out-file=/dev/null"])
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(program)
        .arg(name)
        // The environment lies on the stack and moves what comes after it.
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null());
    let out = valgrind.output().map_err(|error| format!("cannot run valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let counted = collected(&said).filter(|count| *count > 0 && out.status.success());
    counted.ok_or_else(|| format!("valgrind counted nothing for `{name}`:\n{said}"))
}

/// The number in callgrind's closing line, `==1234== Collected : 56789`.
fn collected(said: &str) -> Option<u64> {
    let (_, number) = said.lines().rev().find_map(|line| line.split_once("Collected :"))?;
    number.trim().parse().ok()
}

fn output(command: &mut Command, what: &str) -> Result<String, String> {
    let out = command
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {what}: {error}"))?;
    if !out.status.success() {
        return Err(format!("{what} failed"));
    }
    String::from_utf8(out.stdout).map_err(|_| format!("{what} printed something unreadable"))
}

/// A line for each piece of work, and whether all keep to what is kept.
fn compare(kept: &Counts, now: &Counts) -> (Vec<String>, bool) {
    let mut lines = Vec::new();
    let mut fine = true;
    for (name, count) in now {
        let Some(before) = kept.get(name) else {
            fine = false;
            lines.push(format!(
                "new: {name} takes {count} instructions, and no count is kept: {ASK}"
            ));
            continue;
        };
        let percent = (*count as f64 / *before as f64 - 1.0) * 100.0;
        let told = format!("{name}: {before} → {count} instructions, {percent:+.2} %");
        // In whole numbers: three percent exactly is not over three percent.
        let (now, before) = (u128::from(*count) * 100, u128::from(*before));
        lines.push(if now > before * (100 + TOLERANCE) {
            fine = false;
            format!("slower: {told}. Make it as it was, or say in the commit why not, and {ASK}")
        } else if now < before * (100 - TOLERANCE) {
            format!("faster: {told}. So that it stays so, {ASK}")
        } else {
            format!("  {told}")
        });
    }
    for name in kept.keys().filter(|name| !now.contains_key(*name)) {
        fine = false;
        lines.push(format!("gone: {name} has a count and is not done any more: {ASK}"));
    }
    (lines, fine)
}

const ASK: &str = "run `cargo xtask gauge --update`";

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, u64)]) -> Counts {
        of.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn three_percent_more_fails_and_three_percent_less_asks() {
        let kept = counts(&[("a", 1_000)]);
        for (now, fine, begins) in [
            (1_000, true, "  a"),
            (1_030, true, "  a"),
            (1_031, false, "slower: a: 1000 → 1031 instructions, +3.10 %"),
            (970, true, "  a"),
            (969, true, "faster: a"),
        ] {
            let (lines, passed) = compare(&kept, &counts(&[("a", now)]));
            assert_eq!(passed, fine, "{now}");
            assert!(lines[0].starts_with(begins), "{now}: {lines:?}");
        }
        let (lines, fine) = compare(&kept, &counts(&[("b", 7)]));
        assert!(!fine && lines[0].starts_with("new: b") && lines[1].starts_with("gone: a"));
    }

    #[test]
    fn counts_from_another_compiler_say_nothing() {
        let here = json!({ "compiler": "rustc 2", "valgrind": "v" });
        assert_eq!(differs(&json!({ "compiler": "rustc 2", "valgrind": "v" }), &here), None);
        let said = differs(&json!({ "compiler": "rustc 1", "valgrind": "v" }), &here).unwrap();
        assert!(said.ends_with("another compiler: rustc 1 there, rustc 2 here"), "{said}");
        assert!(differs(&json!({}), &here).is_some());
    }

    #[test]
    fn what_is_kept_and_what_is_counted_is_read() {
        let text = r#"{"yardstick": {"compiler": "c"}, "instructions": {"a": 5}}"#;
        assert_eq!(parse(text).unwrap().1, counts(&[("a", 5)]));
        assert!(parse(r#"{"instructions": {"a": -5}}"#).is_err());
        let said = "==7== \n==7== Events    : Ir\n==7== Collected : 36129488\n==7== \n";
        assert_eq!(collected(said), Some(36_129_488));
        assert_eq!(collected("==7== nothing"), None);
    }
}
