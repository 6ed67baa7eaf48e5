//! `cargo xtask arch`: the map cannot go stale, because it is read from ARCHITECTURE.md and
//! compared with cargo.

use std::path::Path;

use crate::{Findings, Problem, cargo, read, rooms, supply};

/// What may be nowhere in the tree of a room that the table calls pure.
const NOT_IN_PURE_ROOMS: [&str; 5] = ["tokio", "async-trait", "futures-util", "sqlx", "sqlx-core"];

/// Checks rooms, arrows, purity and foreign crates.
pub(crate) fn check(root: &Path) -> Result<Findings, String> {
    let document = read(&root.join(rooms::DOCUMENT))?;
    let rules = supply::Rules::parse(&read(&root.join(supply::DOCUMENT))?)?;
    let workspace = cargo::workspace(root)?;
    let graph = cargo::graph(root)?;
    let mut findings = Findings::default();
    let rooms = match rooms::parse(&document) {
        Ok(rooms) => rooms,
        Err(problem) => {
            findings.problems.push(problem);
            return Ok(findings);
        }
    };
    findings.problems.extend(rooms::compare(&rooms, &workspace.crates));
    for room in rooms.iter().filter(|room| room.pure_room) {
        if !workspace.crates.iter().any(|krate| krate.name == room.name) {
            continue;
        }
        let tree = cargo::tree_of(root, &room.name)?;
        findings.problems.extend(impure(room, |name| tree.contains(name)));
    }
    for krate in &workspace.crates {
        let sources = sources(&root.join("crates").join(&krate.name))?;
        findings.problems.extend(unused(krate, &sources));
        let room = rooms.iter().find(|room| room.name == krate.name);
        findings.remarks.extend(room.map(|room| rooms::unused(room, krate)).unwrap_or_default());
    }
    findings.problems.extend(rules.check_bans(&graph));
    findings.problems.extend(rules.check_licences(&graph));
    findings.problems.extend(rules.check_sources(&read(&root.join("Cargo.lock"))?)?);
    findings.looked_at = format!(
        "{} rooms, {} pure; {} crates in all; {} of them bound by {}",
        rooms.len(),
        rooms.iter().filter(|room| room.pure_room).count(),
        graph.dependents.len(),
        rules.bound(),
        supply::DOCUMENT,
    );
    Ok(findings)
}

fn impure(room: &rooms::Room, in_tree: impl Fn(&str) -> bool) -> Vec<Problem> {
    NOT_IN_PURE_ROOMS
        .iter()
        .filter(|name| in_tree(name))
        .map(|name| {
            Problem::new(
                format!("{}:{}", rooms::DOCUMENT, room.line),
                format!(
                    "`{0}` is marked pure, but `{name}` is in its tree: \
                     see `cargo tree -p {0} -e normal -i {name}`",
                    room.name
                ),
            )
        })
        .collect()
}

/// All Rust of one crate, in one text.
fn sources(folder: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            text.push_str(&sources(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&read(&path)?);
        }
    }
    Ok(text)
}

/// Dependencies that no line of the crate names.
fn unused(krate: &cargo::Crate, sources: &str) -> Option<Problem> {
    let named = |name: &str| {
        let word = name.replace('-', "_");
        sources.match_indices(&word).any(|(at, _)| {
            let part_of_word = |sign: char| sign.is_alphanumeric() || sign == '_';
            let before = sources.get(..at).and_then(|text| text.chars().next_back());
            let after = sources.get(at + word.len()..).unwrap_or_default();
            !before.is_some_and(part_of_word)
                && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
        })
    };
    let names = krate.dependencies.iter().map(|dependency| dependency.name.as_str());
    let unused: Vec<&str> = names.filter(|name| !named(name)).collect();
    if unused.is_empty() {
        return None;
    }
    Some(Problem::new(
        format!("crates/{}/Cargo.toml", krate.name),
        format!("no line of this crate names these, take them out: {}", unused.join(", ")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pure_room_with_a_runtime_in_its_tree_is_named() {
        let room = rooms::Room {
            name: "plan".to_owned(),
            floor: Some(2),
            may_use: rooms::Uses::AllBelow,
            pure_room: true,
            line: 9,
        };
        let said = impure(&room, |name| name == "tokio");
        assert_eq!(said.len(), 1);
        assert!(
            said[0]
                .to_string()
                .starts_with("ARCHITECTURE.md:9: `plan` is marked pure, but `tokio`")
        );
        assert!(impure(&room, |_| false).is_empty());
    }

    #[test]
    fn a_dependency_that_no_line_names_is_found() {
        let dependency = |name: &str| cargo::Dependency {
            name: name.to_owned(),
            kind: cargo::Kind::Normal,
            ours: false,
        };
        let krate = cargo::Crate {
            name: "plan".to_owned(),
            dependencies: ["serde", "aws-lc-rs", "url"].map(dependency).to_vec(),
        };
        assert_eq!(unused(&krate, "use serde::Serialize; aws_lc_rs::hmac; use url::Url;"), None);
        let found = unused(&krate, "use serde_json::Value; // aws-lc-rs\nlet url = curl::of(url);");
        assert!(found.unwrap().message.ends_with("take them out: serde, aws-lc-rs, url"));
    }
}
