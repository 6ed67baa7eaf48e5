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
}
