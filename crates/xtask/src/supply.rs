//! `deny.toml`, read the way cargo-deny reads it: foreign crates that are banned, or that only
//! named crates may touch; licences; sources. Done here as well, so that a machine without
//! cargo-deny still notices.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{DocumentMut, Item, Value};

use crate::Problem;
use crate::cargo::Graph;

/// The file with the rules.
pub(crate) const DOCUMENT: &str = "deny.toml";

/// What `deny.toml` asks for.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    bans: Vec<Ban>,
    licences: BTreeSet<String>,
    /// Crate → licences allowed for it alone.
    exceptions: BTreeMap<String, BTreeSet<String>>,
    registries: BTreeSet<String>,
}

#[derive(Debug)]
struct Ban {
    name: String,
    /// Crates that may touch it all the same; nobody if empty.
    wrappers: BTreeSet<String>,
    reason: String,
}

impl Rules {
    /// Reads the parts of `deny.toml` that are checked here.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let document: DocumentMut =
            text.parse().map_err(|error| format!("{DOCUMENT} cannot be read: {error}"))?;
        let list = |table: &str, key: &str| -> Vec<Value> {
            let item = document.get(table).and_then(|table| table.get(key));
            item.and_then(Item::as_array)
                .map(|array| array.iter().cloned().collect())
                .unwrap_or_default()
        };
        let mut rules = Self::default();
        for entry in list("bans", "deny") {
            let name =
                crate_of(&entry).ok_or_else(|| format!("{DOCUMENT}: a ban names no crate"))?;
            let reason = entry.as_inline_table().and_then(|table| table.get("reason"));
            rules.bans.push(Ban {
                name,
                wrappers: texts(entry.as_inline_table().and_then(|table| table.get("wrappers"))),
                reason: reason.and_then(Value::as_str).unwrap_or("no reason is given").to_owned(),
            });
        }
        rules.licences = list("licenses", "allow").iter().filter_map(owned).collect();
        for entry in list("licenses", "exceptions") {
            let name = crate_of(&entry)
                .ok_or_else(|| format!("{DOCUMENT}: an exception names no crate"))?;
            let allow = texts(entry.as_inline_table().and_then(|table| table.get("allow")));
            rules.exceptions.insert(name, allow);
        }
        rules.registries = list("sources", "allow-registry").iter().filter_map(owned).collect();
        Ok(rules)
    }

    /// How many crates are banned or bound to wrappers.
    pub(crate) fn bound(&self) -> usize {
        self.bans.len()
    }

    /// Banned crates, and crates touched by somebody who may not.
    pub(crate) fn check_bans(&self, graph: &Graph) -> Vec<Problem> {
        let mut problems = Vec::new();
        for ban in &self.bans {
            let Some(dependents) = graph.dependents.get(&ban.name) else { continue };
            for dependent in dependents.difference(&ban.wrappers) {
                let may = if ban.wrappers.is_empty() {
                    "nobody may".to_owned()
                } else {
                    let names: Vec<&str> = ban.wrappers.iter().map(String::as_str).collect();
                    format!("only {} may", names.join(", "))
                };
                problems.push(Problem::new(
                    DOCUMENT,
                    format!(
                        "`{dependent}` uses `{0}`; {may} ({1}): change `{dependent}`, or the entry \
                         of `{0}` under [bans] if the arrow is right",
                        ban.name, ban.reason
                    ),
                ));
            }
        }
        problems
    }

    /// Licences that nobody agreed to.
    pub(crate) fn check_licences(&self, graph: &Graph) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (package, licence) in &graph.licences {
            let name = package.split(' ').next().unwrap_or_default();
            let own = self.exceptions.get(name);
            let allowed =
                |id: &str| self.licences.contains(id) || own.is_some_and(|own| own.contains(id));
            if !satisfied(licence, &allowed) {
                problems.push(Problem::new(
                    DOCUMENT,
                    format!("`{package}` is under `{licence}`, which [licenses] does not allow"),
                ));
            }
        }
        problems
    }

    /// Packages from anywhere but the registries that are allowed.
    pub(crate) fn check_sources(&self, lock: &str) -> Result<Vec<Problem>, String> {
        let lock: DocumentMut =
            lock.parse().map_err(|error| format!("Cargo.lock cannot be read: {error}"))?;
        let packages = lock.get("package").and_then(Item::as_array_of_tables);
        let mut problems = Vec::new();
        for package in packages.into_iter().flatten() {
            let text = |key| package.get(key).and_then(Item::as_str);
            // Our own crates have no source.
            let Some(source) = text("source") else { continue };
            let registry = source.strip_prefix("registry+").unwrap_or(source);
            if !self.registries.contains(registry) {
                problems.push(Problem::new(
                    "Cargo.lock",
                    format!(
                        "`{}` comes from {source}, which [sources] of {DOCUMENT} does not allow",
                        text("name").unwrap_or_default()
                    ),
                ));
            }
        }
        Ok(problems)
    }
}

fn owned(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn texts(value: Option<&Value>) -> BTreeSet<String> {
    value
        .and_then(Value::as_array)
        .map(|array| array.iter().filter_map(owned).collect())
        .unwrap_or_default()
}

/// `"name"`, `"name@1"`, `{ crate = "name" }` or `{ name = "name" }`.
fn crate_of(entry: &Value) -> Option<String> {
    let spec = match entry {
        Value::InlineTable(table) => table.get("crate").or_else(|| table.get("name"))?.as_str()?,
        other => other.as_str()?,
    };
    spec.split(['@', ':']).next().map(str::to_owned)
}

/// Whether an SPDX expression holds when only the `allowed` licences may be chosen. `A/B`, the old
/// spelling, means `A OR B`; AND binds closer than OR. Something unreadable does not hold.
fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let holds = any(&mut rest, allowed);
    holds == Some(true) && rest.is_empty()
}

fn any(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut holds = all(rest, allowed)?;
    while let Some((&"OR", after)) = rest.split_first() {
        *rest = after;
        holds |= all(rest, allowed)?;
    }
    Some(holds)
}

fn all(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut holds = one(rest, allowed)?;
    while let Some((&"AND", after)) = rest.split_first() {
        *rest = after;
        holds &= one(rest, allowed)?;
    }
    Some(holds)
}

fn one(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let (&first, after) = rest.split_first()?;
    *rest = after;
    if first == "(" {
        let holds = any(rest, allowed)?;
        let (&")", after) = rest.split_first()? else { return None };
        *rest = after;
        return Some(holds);
    }
    if let Some((&"WITH", [exception, after @ ..])) = rest.split_first() {
        *rest = after;
        return Some(allowed(&format!("{first} WITH {exception}")));
    }
    Some(allowed(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
[licenses]
allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
exceptions = [{ crate = "roots", allow = ["CDLA-Permissive-2.0"] }]
[bans]
deny = [
    "ring",
    { crate = "sqlx@0.9", wrappers = ["store"], reason = "SQL has its rooms" },
]
[sources]
allow-registry = ["https://registry.example/index"]
"#;

    fn graph(edges: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in edges {
            graph.dependents.entry((*to).to_owned()).or_default().insert((*from).to_owned());
        }
        graph
    }

    #[test]
    fn only_wrappers_may_touch_a_bound_crate() {
        let rules = Rules::parse(RULES).unwrap();
        for (edges, wanted) in [
            (vec![("store", "sqlx"), ("plan", "serde")], None),
            (
                vec![("store", "sqlx"), ("plan", "sqlx")],
                Some("`plan` uses `sqlx`; only store may (SQL has"),
            ),
            (vec![("rustls", "ring")], Some("`rustls` uses `ring`; nobody may")),
        ] {
            let said: Vec<String> = rules
                .check_bans(&graph(&edges))
                .iter()
                .map(|problem| problem.message.clone())
                .collect();
            assert_eq!(said.len(), usize::from(wanted.is_some()), "{said:?}");
            assert!(
                said.iter().all(|line| line.starts_with(wanted.unwrap_or_default())),
                "{said:?}"
            );
        }
    }

    #[test]
    fn licences_are_judged_as_spdx_says() {
        let rules = Rules::parse(RULES).unwrap();
        for (package, licence, fine) in [
            ("a v1", "MIT", true),
            ("a v1", "GPL-3.0", false),
            ("a v1", "MIT OR GPL-3.0", true),
            ("a v1", "GPL-3.0/MIT", true),
            ("a v1", "MIT AND GPL-3.0", false),
            ("a v1", "GPL-3.0 OR MIT AND Apache-2.0", true),
            ("a v1", "(MIT OR GPL-3.0) AND Apache-2.0", true),
            ("a v1", "(MIT OR Apache-2.0) AND Zlib", false),
            ("a v1", "Apache-2.0 WITH LLVM-exception", true),
            ("a v1", "MIT WITH LLVM-exception", false),
            ("a v1", "(MIT", false),
            ("a v1", "", false),
            ("a v1", "CDLA-Permissive-2.0", false),
            ("roots v1", "CDLA-Permissive-2.0", true),
        ] {
            let mut graph = Graph::default();
            graph.licences.insert(package.to_owned(), licence.to_owned());
            assert_eq!(rules.check_licences(&graph).is_empty(), fine, "{package} {licence}");
        }
    }

    #[test]
    fn a_package_from_elsewhere_is_named() {
        let rules = Rules::parse(RULES).unwrap();
        let lock = r#"
[[package]]
name = "ours"
[[package]]
name = "theirs"
source = "registry+https://registry.example/index"
[[package]]
name = "stray"
source = "git+https://git.example/stray"
"#;
        let said = rules.check_sources(lock).unwrap();
        assert_eq!(said.len(), 1);
        assert!(said[0].message.starts_with("`stray` comes from git+"));
    }
}
