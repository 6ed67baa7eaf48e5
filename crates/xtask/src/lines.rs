//! Rules that each file keeps by itself.

use crate::{Findings, Problem};

/// A source file longer than this is two files.
const LONGEST: usize = 800;
/// From here on it is worth asking whether it is two files.
const LONG: usize = 400;
/// A file that begins with this comment holds a table or generated code; its length is not judged.
const TABLE: &str = "// tidy: table";

/// Words that may stand in few files, because what they do must be reviewed there: text that becomes
/// SQL without being a constant.
const FEW_HOMES: [(&str, &[&str]); 1] = [(
    "AssertSqlSafe",
    &[
        // Not shipped; its statements are its own, and its addresses generated.
        "crates/bench/src/client.rs",
        "crates/connect/src/sql/statement.rs",
        "crates/sample/src/sink.rs",
        // Names of our own tables and columns, from our own migrations.
        "crates/store/src/copy.rs",
        "crates/store/src/migrate.rs",
        "crates/xtask/src/lines.rs",
    ],
)];

/// A file of the project.
pub(crate) struct File {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
}

impl File {
    /// Whether its name ends so.
    pub(crate) fn is(&self, ending: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == ending)
    }

    /// Golden files and bad inputs are as they must be.
    pub(crate) fn is_sample(&self) -> bool {
        !self.is("rs")
            && ["/tests/", "/golden/", "/testdata/"].iter().any(|part| self.path.contains(part))
    }

    fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// Judges one file.
pub(crate) fn judge(file: &File, findings: &mut Findings) {
    length(file, findings);
    unfinished(file, findings);
    machine_paths(file, findings);
    few_homes(file, findings);
    white_space(file, findings);
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
}
