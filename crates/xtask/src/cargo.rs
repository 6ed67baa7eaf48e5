//! What cargo itself says about the workspace: declared dependencies, and who really builds whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A crate of the workspace, as its Cargo.toml declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One declared dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether it is a crate of this workspace.
    pub(crate) ours: bool,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

/// The workspace: its crates and where it builds.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) crates: Vec<Crate>,
    pub(crate) target: PathBuf,
}

/// Asks `cargo metadata` for the workspace's own crates.
pub(crate) fn workspace(root: &Path) -> Result<Workspace, String> {
    let answer = output(root, &["metadata", "--format-version", "1", "--no-deps"])?;
    read_metadata(&answer)
}

fn read_metadata(answer: &str) -> Result<Workspace, String> {
    let metadata: serde_json::Value = serde_json::from_str(answer)
        .map_err(|error| format!("cargo metadata printed something unreadable: {error}"))?;
    let text = |value: &serde_json::Value, key: &str| {
        value.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let list = |value: &serde_json::Value, key: &str| {
        value.get(key).and_then(serde_json::Value::as_array).cloned().unwrap_or_default()
    };
    let crates = list(&metadata, "packages")
        .iter()
        .map(|package| Crate {
            name: text(package, "name"),
            dependencies: list(package, "dependencies")
                .iter()
                .map(|dependency| Dependency {
                    name: text(dependency, "name"),
                    kind: match text(dependency, "kind").as_str() {
                        "dev" => Kind::Dev,
                        "build" => Kind::Build,
                        _ => Kind::Normal,
                    },
                    ours: dependency.get("path").is_some_and(serde_json::Value::is_string),
                })
                .collect(),
        })
        .collect();
    Ok(Workspace { crates, target: PathBuf::from(text(&metadata, "target_directory")) })
}

/// Names of every crate in the normal tree of one of ours.
pub(crate) fn tree_of(root: &Path, name: &str) -> Result<BTreeSet<String>, String> {
    let answer = output(
        root,
        &["tree", "--locked", "-p", name, "-e", "normal", "--prefix", "none", "--format", "{p}"],
    )?;
    Ok(answer.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

/// Who is built for whom, over all platforms. Taken from `cargo tree`, since `cargo metadata` also
/// lists optional dependencies that no feature switches on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Graph {
    /// Crate → crates that depend on it directly.
    pub(crate) dependents: BTreeMap<String, BTreeSet<String>>,
    /// Crate and version → its licence, as it declares it.
    pub(crate) licences: BTreeMap<String, String>,
}

/// Reads the whole graph.
pub(crate) fn graph(root: &Path) -> Result<Graph, String> {
    let answer = output(
        root,
        &[
            "tree",
            "--locked",
            "--workspace",
            "--target",
            "all",
            "-e",
            "normal,build,dev",
            "--prefix",
            "depth",
            "--format",
            " {p}\t{l}",
        ],
    )?;
    Ok(read_tree(&answer))
}

fn read_tree(answer: &str) -> Graph {
    let mut graph = Graph::default();
    let mut above: Vec<String> = Vec::new();
    for line in answer.lines() {
        let Some((depth, rest)) = line.split_once(' ') else { continue };
        let Ok(depth) = depth.parse::<usize>() else { continue };
        let (package, licence) = rest.split_once('\t').unwrap_or((rest, ""));
        let mut words = package.split(' ');
        let name = words.next().unwrap_or_default().to_owned();
        let version = words.next().unwrap_or_default();
        let licence = licence.trim_end_matches("(*)").trim();
        graph.licences.insert(format!("{name} {version}"), licence.to_owned());
        above.truncate(depth);
        let dependents = graph.dependents.entry(name.clone()).or_default();
        if let Some(parent) = above.last() {
            dependents.insert(parent.clone());
        }
        above.push(name);
    }
    graph
}

/// Runs cargo and returns what it printed.
fn output(root: &Path, words: &[&str]) -> Result<String, String> {
    let answer = Command::new("cargo")
        .args(words)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !answer.status.success() {
        return Err(format!(
            "cargo {} failed:\n{}",
            words.first().copied().unwrap_or_default(),
            String::from_utf8_lossy(&answer.stderr)
        ));
    }
    String::from_utf8(answer.stdout).map_err(|_| "cargo printed something unreadable".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_dependencies_are_read_with_their_kind() {
        let workspace = read_metadata(
            r#"{"target_directory": "t", "packages": [{"name": "doors",
                "dependencies": [{"name": "nouns", "kind": null, "path": "crates/nouns"},
                                 {"name": "clap", "kind": "dev"}]}]}"#,
        )
        .unwrap();
        let doors = &workspace.crates[0];
        assert_eq!(
            doors.dependencies,
            [
                Dependency { name: "nouns".to_owned(), kind: Kind::Normal, ours: true },
                Dependency { name: "clap".to_owned(), kind: Kind::Dev, ours: false },
            ]
        );
    }

    #[test]
    fn a_tree_gives_every_direct_dependent() {
        let graph = read_tree(
            "0 doors v0.1.0 (here)\tApache-2.0\n1 clap v4.6.0\tMIT\n2 strsim v0.11.0\tMIT\n\
             1 nouns v0.1.0 (here)\tApache-2.0\n\n0 nouns v0.1.0 (here)\tApache-2.0\n\
             1 strsim v0.11.0\tMIT (*)\n",
        );
        let of = |name: &str| graph.dependents[name].iter().cloned().collect::<Vec<_>>();
        assert_eq!(of("strsim"), ["clap", "nouns"]);
        assert_eq!(of("nouns"), ["doors"]);
        assert!(of("doors").is_empty());
        assert_eq!(graph.licences["strsim v0.11.0"], "MIT");
    }
}
