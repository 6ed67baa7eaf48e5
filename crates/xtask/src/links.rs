//! Links in the project's Markdown: a file that is not there and a heading that is not there are
//! both dead ends. Addresses on the web are not visited.

use std::collections::{BTreeMap, BTreeSet};

use crate::Problem;

/// Checks every relative link of `pages` (path and text).
pub(crate) fn check(pages: &[(&str, &str)], exists: &dyn Fn(&str) -> bool) -> Vec<Problem> {
    let anchors: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|(path, text)| (*path, headings(text))).collect();
    let mut problems = Vec::new();
    for (path, text) in pages {
        for (line, target) in targets(text) {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let there = if file.is_empty() { (*path).to_owned() } else { beside(path, file) };
            let wrong = if !file.is_empty() && !exists(&there) {
                format!("the link leads to `{there}`, which is not there")
            } else if !anchor.is_empty()
                && anchors.get(there.as_str()).is_some_and(|found| !found.contains(anchor))
            {
                format!("`{there}` has no heading `#{anchor}`")
            } else {
                continue;
            };
            problems.push(Problem::new(format!("{path}:{line}"), wrong));
        }
    }
    problems
}

/// Lines of Markdown outside fenced blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fence && !fenced
    })
}

/// Targets of `[words](target)` that are neither on the web nor mail.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        // What stands between backticks is code.
        let words: String = line.split('`').step_by(2).collect();
        for after in words.split("](").skip(1) {
            let target = after.split([')', ' ']).next().unwrap_or_default();
            let on_the_web = target.contains("://") || target.starts_with("mailto:");
            if !target.is_empty() && !on_the_web {
                found.push((number, target.to_owned()));
            }
        }
    }
    found
}

/// The anchors that a page's headings make: lower case, blanks to hyphens, other signs dropped.
fn headings(text: &str) -> BTreeSet<String> {
    prose(text)
        .filter_map(|(_, line)| line.strip_prefix('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .chars()
                .filter_map(|sign| match sign {
                    ' ' => Some('-'),
                    '-' | '_' => Some(sign),
                    _ => sign.is_alphanumeric().then_some(sign),
                })
                .flat_map(char::to_lowercase)
                .collect()
        })
        .collect()
}

/// The path of `target` as seen from the page at `path`.
fn beside(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> =
        if target.starts_with('/') { Vec::new() } else { path.split('/').collect() };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_ends_are_found_and_live_links_are_not() {
        let pages = [
            ("A.md", "# The `map`, drawn\n\n## Two words\n"),
            (
                "docs/b.md",
                "[map](../A.md#the-map-drawn) [two](../A.md#two-words) [web](https://x.example/y)\n\
                 [me](#here) `[code](nowhere.md)`\n\n```\n[fenced](nowhere.md)\n```\n# Here\n\
                 [gone](c.md)\n[no heading](../A.md#three)\n[no heading](#there) [mail](mailto:a@b.example)\n",
            ),
        ];
        let said: Vec<String> = check(&pages, &|path| path == "A.md" || path == "docs/b.md")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            said,
            [
                "docs/b.md:8: the link leads to `docs/c.md`, which is not there",
                "docs/b.md:9: `A.md` has no heading `#three`",
                "docs/b.md:10: `docs/b.md` has no heading `#there`",
            ]
        );
    }
}
