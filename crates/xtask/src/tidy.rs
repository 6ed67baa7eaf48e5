//! `cargo xtask tidy`: what a reviewer should not have to look for.

use std::path::Path;
use std::process::Command;

use crate::lines::{self, File};
use crate::{Findings, Problem, links, read};

/// A room's essay has at least this many lines.
const ESSAY: usize = 8;
/// The one file that may use `unsafe`, because a benchmark pays for it.
const UNSAFE: &str = "crates/detect/src/classes/avx2.rs";

/// Reads every file that git knows or would take.
pub(crate) fn check(root: &Path) -> Result<Findings, String> {
    let mut files = Vec::new();
    for path in paths(root)? {
        // Pictures, databases and the like are not text; a file deleted and not yet committed is gone.
        if let Ok(text) = std::fs::read_to_string(root.join(&path)) {
            files.push(File { path, text });
        }
    }
    let mut findings = Findings::default();
    for file in &files {
        lines::judge(file, &mut findings);
    }
    rooms(&files, &mut findings);
    safe(&files, &mut findings);
    change_log(root, &mut findings)?;
    readme(&read(&root.join("README.md"))?, &read(&root.join(".ci/run"))?, &mut findings);
    let pages: Vec<(&str, &str)> = files
        .iter()
        .filter(|file| file.is("md") && !file.is_sample())
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    findings.problems.extend(links::check(&pages, &|path| root.join(path).exists()));
    findings.looked_at = format!("{} files, {} of them pages", files.len(), pages.len());
    Ok(findings)
}

/// What git tracks or would take; in an unpacked archive, whatever is there.
fn paths(root: &Path) -> Result<Vec<String>, String> {
    // In a container the folder often belongs to somebody else, which git would refuse.
    let listed = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .args(["--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    if let Ok(answer) = listed
        && answer.status.success()
    {
        let names = String::from_utf8(answer.stdout)
            .map_err(|_| "a file's name is not UTF-8".to_owned())?;
        return Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect());
    }
    let mut names = Vec::new();
    walk(root, "", &mut names).map_err(|error| format!("cannot list the files: {error}"))?;
    Ok(names)
}

fn walk(folder: &Path, above: &str, names: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !["target", ".git", ".upheld", "demo"].contains(&name.as_str()) {
                walk(&entry.path(), &format!("{above}{name}/"), names)?;
            }
        } else {
            names.push(format!("{above}{name}"));
        }
    }
    Ok(())
}

/// Every crate opens with its essay, inherits the lints and has its paragraph in the map.
fn rooms(files: &[File], findings: &mut Findings) {
    let text =
        |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let map = text("ARCHITECTURE.md").unwrap_or_default();
    for manifest in files {
        let inside = manifest.path.strip_prefix("crates/");
        let Some(name) = inside.and_then(|path| path.strip_suffix("/Cargo.toml")) else { continue };
        if name.contains('/') {
            continue;
        }
        if !manifest.text.contains("[lints]\nworkspace = true") {
            findings.problems.push(Problem::new(
                &*manifest.path,
                "does not inherit the workspace's lints: add `[lints]` with `workspace = true`",
            ));
        }
        if !map.lines().any(|line| line == format!("### `{name}`")) {
            findings.problems.push(Problem::new(
                "ARCHITECTURE.md",
                format!("crate `{name}` has no paragraph: add a heading ### `{name}`"),
            ));
        }
        let library = format!("crates/{name}/src/lib.rs");
        if let Some(source) = text(&library) {
            essay(&library, source, ESSAY, findings);
        }
        let binary = format!("crates/{name}/src/main.rs");
        if let Some(source) = text(&binary) {
            // Beside a library the binary is a door to it, and one line will do.
            essay(&binary, source, if text(&library).is_some() { 1 } else { 3 }, findings);
        }
    }
}

/// The lint against `unsafe` is lifted in one file and nowhere else.
fn safe(files: &[File], findings: &mut Findings) {
    let lint = concat!("unsafe", "_code");
    for file in files.iter().filter(|file| file.is("rs") && file.path != UNSAFE) {
        if let Some(line) = file.text.lines().position(|line| line.contains(lint)) {
            findings.problems.push(Problem::new(
                format!("{}:{}", file.path, line + 1),
                format!("lifts the lint against `unsafe`, which is for {UNSAFE} alone"),
            ));
        }
    }
}

fn essay(path: &str, source: &str, least: usize, findings: &mut Findings) {
    let lines: Vec<&str> = source.lines().take_while(|line| line.starts_with("//!")).collect();
    if lines.len() < least {
        findings.problems.push(Problem::new(
            format!("{path}:1"),
            format!(
                "opens with {} lines of `//!`; at least {least} say what the room is for and what \
                 is deliberately not here",
                lines.len()
            ),
        ));
    } else if least == ESSAY && !lines.iter().any(|line| line.starts_with("//! ```")) {
        findings.remarks.push(Problem::new(format!("{path}:1"), "the essay has no example"));
    }
}

fn change_log(root: &Path, findings: &mut Findings) -> Result<(), String> {
    let text = read(&root.join("CHANGELOG.md"))?;
    let section = text.lines().skip_while(|line| *line != "## Unreleased").skip(1);
    if !section.take_while(|line| !line.starts_with("## ")).any(|line| line.starts_with("- ")) {
        findings.problems.push(Problem::new(
            "CHANGELOG.md",
            "needs a section `## Unreleased` with at least one entry: say what changes for a user",
        ));
    }
    Ok(())
}

/// README shows what the program really prints, and the machine runs what README says.
fn readme(text: &str, machine: &str, findings: &mut Findings) {
    const MARK: &str = "<!-- transcript -->";
    const TEST: &str = "cargo xtask test";
    let shown = text.lines().skip_while(|line| *line != MARK).skip(1);
    if shown.take_while(|line| *line != MARK).count() < 3 {
        findings.problems.push(Problem::new(
            "README.md",
            format!(
                "shows no transcript: put what `upheld demo` prints between two lines `{MARK}`"
            ),
        ));
    }
    for (file, text) in [("README.md", text), (".ci/run", machine)] {
        if !text.lines().any(|line| line == TEST) {
            findings.problems.push(Problem::new(file, format!("does not name `{TEST}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_shows_a_run_and_the_machine_runs_what_it_says() {
        let mark = "<!-- transcript -->\n";
        let test = "cargo xtask test\n";
        let shown = format!("{mark}one\ntwo\nthree\n{mark}");
        for (text, machine, wanted) in [
            (format!("{shown}{test}"), test.to_owned(), 0),
            (format!("{mark}{mark}{test}"), test.to_owned(), 1),
            (format!("{shown}{test}"), "cargo test\n".to_owned(), 1),
            (shown, test.to_owned(), 1),
        ] {
            let mut findings = Findings::default();
            readme(&text, &machine, &mut findings);
            assert_eq!(findings.problems.len(), wanted, "{text} {machine}");
        }
    }

    #[test]
    fn an_unpacked_archive_is_walked() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut names = Vec::new();
        walk(here, "", &mut names).unwrap();
        assert!(
            names.contains(&"src/tidy.rs".to_owned()) && names.contains(&"Cargo.toml".to_owned())
        );
    }

    #[test]
    fn a_room_without_essay_lints_or_paragraph_is_named() {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let fine = "//! line\n".repeat(ESSAY);
        let mut findings = Findings::default();
        rooms(
            &[
                file("ARCHITECTURE.md", "### `good`\n"),
                file("crates/good/Cargo.toml", "[lints]\nworkspace = true\n"),
                file("crates/good/src/lib.rs", &fine),
                file("crates/bad/Cargo.toml", "[package]\n"),
                file("crates/bad/src/lib.rs", "//! short\n"),
            ],
            &mut findings,
        );
        let places: Vec<&str> =
            findings.problems.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, ["crates/bad/Cargo.toml", "ARCHITECTURE.md", "crates/bad/src/lib.rs:1"]);
    }

    #[test]
    fn the_lint_against_unsafe_is_lifted_in_one_file() {
        let file = |path: &str| File {
            path: path.to_owned(),
            text: format!("\n#![allow({})]\n", concat!("unsafe", "_code")),
        };
        let mut findings = Findings::default();
        safe(&[file(UNSAFE), file("crates/detect/src/lib.rs")], &mut findings);
        let places: Vec<&str> =
            findings.problems.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, ["crates/detect/src/lib.rs:2"]);
    }
}
