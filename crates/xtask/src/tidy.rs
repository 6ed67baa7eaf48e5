//! `cargo xtask tidy`: what a reviewer should not have to look for.

use std::path::Path;
use std::process::Command;

use crate::{Findings, Problem, links, read};

/// A source file longer than this is two files.
const LONGEST: usize = 800;
/// From here on it is worth asking whether it is two files.
const LONG: usize = 400;
/// A room's essay has at least this many lines.
const ESSAY: usize = 8;
/// A file that begins with this comment holds a table or generated code; its length is not judged.
const TABLE: &str = "// tidy: table";

/// Words that may stand in few files, because what they do must be reviewed there: text that becomes
/// SQL without being a constant.
const FEW_HOMES: [(&str, &[&str]); 1] = [(
    "AssertSqlSafe",
    &[
        "crates/connect/src/sql/statement.rs",
        "crates/sample/src/sink.rs",
        "crates/store/src/migrate.rs",
        "crates/xtask/src/tidy.rs",
    ],
)];

/// A file of the project.
struct File {
    /// Its path from the root, with `/`.
    path: String,
    text: String,
}

impl File {
    fn is(&self, ending: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == ending)
    }

    /// Golden files and bad inputs are as they must be.
    fn is_sample(&self) -> bool {
        !self.is("rs")
            && ["/tests/", "/golden/", "/testdata/"].iter().any(|part| self.path.contains(part))
    }

    fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

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
        length(file, &mut findings);
        unfinished(file, &mut findings);
        machine_paths(file, &mut findings);
        few_homes(file, &mut findings);
        white_space(file, &mut findings);
    }
    rooms(&files, &mut findings);
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

fn paths(root: &Path) -> Result<Vec<String>, String> {
    let answer = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    if !answer.status.success() {
        return Err("git does not list the files: run this in a git checkout".to_owned());
    }
    let names =
        String::from_utf8(answer.stdout).map_err(|_| "a file's name is not UTF-8".to_owned())?;
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn length(file: &File, findings: &mut Findings) {
    if !file.is("rs") || file.text.starts_with(TABLE) {
        return;
    }
    let lines = file.text.lines().count();
    if lines > LONGEST {
        findings.problems.push(Problem::new(
            &*file.path,
            format!("{lines} lines; at most {LONGEST}: find the two things it does, and part them"),
        ));
    } else if lines > LONG {
        findings
            .remarks
            .push(Problem::new(&*file.path, format!("{lines} lines: is it two things?")));
    }
}

/// Marks of unfinished work in comments.
fn unfinished(file: &File, findings: &mut Findings) {
    let comment = match file.path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("rs") => "//",
        Some("toml" | "sh" | "yaml" | "yml") => "#",
        Some("sql") => "--",
        _ => return,
    };
    if file.is_sample() {
        return;
    }
    for (number, line) in (1..).zip(file.text.lines()) {
        let Some((_, words)) = line.split_once(comment) else { continue };
        for mark in ["TODO", "FIXME", "XXX"] {
            if words.split(|sign: char| !sign.is_alphanumeric()).any(|word| word == mark) {
                findings.problems.push(Problem::new(
                    file.at(number),
                    format!("`{mark}`: do it, leave it out, or open an issue"),
                ));
            }
        }
    }
}

/// Paths of somebody's own machine.
fn machine_paths(file: &File, findings: &mut Findings) {
    // Put together here, so that this file does not find itself.
    let folders =
        [["/ho", "me/"], ["/Us", "ers/"], ["/ro", "ot/"], ["/wo", "rk/"], ["C:\\Us", "ers\\"]];
    for (number, line) in (1..).zip(file.text.lines()) {
        for folder in folders.map(|parts| parts.concat()) {
            let begins_there = line.match_indices(&folder).any(|(at, _)| {
                let before = line.get(..at).and_then(|before| before.chars().next_back());
                before.is_none_or(|sign| !sign.is_alphanumeric() && !"._-~*}/".contains(sign))
            });
            if begins_there {
                findings.problems.push(Problem::new(
                    file.at(number),
                    format!("`{folder}…` is a place on one machine: use a relative path"),
                ));
            }
        }
    }
}

fn few_homes(file: &File, findings: &mut Findings) {
    let is_test = file.path.contains("/tests/")
        || file.path.ends_with("tests.rs")
        || file.path.starts_with("crates/testkit/");
    if !file.is("rs") || is_test {
        return;
    }
    for (word, homes) in FEW_HOMES {
        if homes.contains(&file.path.as_str()) {
            continue;
        }
        for (number, _) in (1..).zip(file.text.lines()).filter(|(_, line)| line.contains(word)) {
            findings.problems.push(Problem::new(
                file.at(number),
                format!("`{word}` belongs to {}, where it is reviewed", homes.join(", ")),
            ));
        }
    }
}

fn white_space(file: &File, findings: &mut Findings) {
    let written_by_hand = ["rs", "toml", "md", "sh", "yaml", "yml", "sql", "css", "html"]
        .iter()
        .any(|ending| file.is(ending));
    if !written_by_hand || file.is_sample() {
        return;
    }
    for (number, line) in (1..).zip(file.text.split('\n')) {
        if line.ends_with([' ', '\t', '\r']) {
            findings
                .problems
                .push(Problem::new(file.at(number), "white space at the end of the line"));
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.problems.push(Problem::new(&*file.path, "the last line does not end"));
    }
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
            essay(&binary, source, 3, findings);
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

    fn said(check: fn(&File, &mut Findings), path: &str, text: &str) -> Vec<String> {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        let mut findings = Findings::default();
        check(&file, &mut findings);
        findings.problems.iter().map(|problem| problem.place.clone()).collect()
    }

    #[test]
    fn marks_of_unfinished_work_are_found_in_comments_only() {
        let mark = ["TO", "DO"].concat();
        for (path, text, wanted) in [
            ("a.rs", format!("let a = 1; // {mark}: later\n"), true),
            ("a.rs", format!("let a = \"{mark}\";\n"), false),
            ("a.rs", format!("// {mark}S are not marks\n"), false),
            ("a.toml", format!("# {mark}\n"), true),
            ("a.md", format!("# {mark}\n"), false),
            ("crates/a/tests/bad/a.yaml", format!("# {mark}\n"), false),
        ] {
            assert_eq!(!said(unfinished, path, &text).is_empty(), wanted, "{path} {text}");
        }
    }

    #[test]
    fn places_on_one_machine_are_found() {
        let home = ["/ho", "me/"].concat();
        for (text, wanted) in [
            (format!("open {home}jane/x\n"), true),
            (format!("\"{home}jane\"\n"), true),
            (format!("https://docs.example{home}jane\n"), false),
            (format!("$DIR{home}jane in ../..{home}\n"), false),
        ] {
            assert_eq!(!said(machine_paths, "a.rs", &text).is_empty(), wanted, "{text}");
        }
    }

    #[test]
    fn lengths_and_line_ends_are_judged() {
        let long = "x\n".repeat(LONGEST + 1);
        assert_eq!(said(length, "a.rs", &long).len(), 1);
        assert!(said(length, "a.rs", &format!("{TABLE}\n{long}")).is_empty());
        assert!(said(length, "a.rs", &"x\n".repeat(LONGEST)).is_empty());
        assert_eq!(said(white_space, "a.md", "one \ntwo\t\nthree\n"), ["a.md:1", "a.md:2"]);
        assert_eq!(said(white_space, "a.md", "one"), ["a.md"]);
        assert!(said(white_space, "crates/a/tests/golden/a.md", "one ").is_empty());
        assert!(said(white_space, "a.md", "").is_empty());
    }

    #[test]
    fn sql_that_is_no_constant_is_written_where_it_is_reviewed() {
        for (path, wanted) in [
            ("crates/plan/src/case.rs", true),
            ("crates/connect/src/sql/statement.rs", false),
            ("crates/store/tests/both.rs", false),
            ("crates/store/src/case_tests.rs", false),
        ] {
            let found = said(few_homes, path, "sqlx::query(AssertSqlSafe(text))\n");
            assert_eq!(!found.is_empty(), wanted, "{path}");
        }
    }

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
}
