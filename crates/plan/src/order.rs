//! Which system changes before which.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::Place;
use crate::digest::Digest;
use crate::found::Rows;
use crate::graph::Graph;

/// For a system, those whose changes must come first, as `erase_after` in the map says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order(BTreeMap<String, BTreeSet<String>>);

impl Order {
    /// The order among the systems that hold rows.
    pub(crate) fn of(graph: &Graph<'_>, rows: &Rows) -> Self {
        let mut before: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (place, _) in rows.places() {
            let Some(collection) = graph.collection(place) else { continue };
            for after in &collection.erase_after {
                let Some((system, name)) = after.split_once('.') else { continue };
                let there = Place::new(system, name);
                if system != place.system && rows.at(&there).next().is_some() {
                    before.entry(place.system.clone()).or_default().insert(system.to_owned());
                }
            }
        }
        Self(before)
    }

    /// Which of the `waiting` systems may change now, and which never will because one that had to
    /// come first was `failed`. Systems that wait for each other in a circle all may.
    pub(crate) fn next(
        &self,
        waiting: &BTreeSet<String>,
        failed: &BTreeSet<String>,
    ) -> (BTreeSet<String>, BTreeMap<String, String>) {
        let before = |system: &String| self.0.get(system).into_iter().flatten();
        let blocked: BTreeMap<String, String> = waiting
            .iter()
            .filter_map(|system| {
                let first = before(system).find(|first| failed.contains(*first))?;
                Some((system.clone(), format!("it must come after `{first}`, which was not done")))
            })
            .collect();
        if !blocked.is_empty() {
            return (BTreeSet::new(), blocked);
        }
        let free = |system: &&String| !before(system).any(|first| waiting.contains(first));
        let ready: BTreeSet<String> = waiting.iter().filter(free).cloned().collect();
        (if ready.is_empty() { waiting.clone() } else { ready }, blocked)
    }
}

/// SHA-256 over the map of every collection that holds rows, in hex: what is done to a field is
/// said there, so it is part of what a person agrees to.
pub(crate) fn fingerprint(graph: &Graph<'_>, rows: &Rows) -> String {
    let mut digest = Digest::default();
    for (place, _) in rows.places() {
        digest.add(&(place, graph.collection(place)));
    }
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn who_must_wait_waits_and_a_circle_does_not_stop_the_work() {
        let after = |pairs: &[(&str, &str)]| {
            let mut order = Order::default();
            for (late, early) in pairs {
                order.0.entry((*late).to_owned()).or_default().insert((*early).to_owned());
            }
            order
        };
        let all = set(&["a", "b", "c"]);
        for (order, waiting, expected) in [
            (after(&[]), &all, set(&["a", "b", "c"])),
            (after(&[("a", "b")]), &all, set(&["b", "c"])),
            (after(&[("a", "b")]), &set(&["a"]), set(&["a"])),
            (after(&[("a", "b"), ("b", "c")]), &all, set(&["c"])),
            (after(&[("a", "b"), ("b", "a")]), &set(&["a", "b"]), set(&["a", "b"])),
        ] {
            assert_eq!(order.next(waiting, &set(&[])).0, expected, "{order:?}");
        }
        let (ready, blocked) = after(&[("a", "b")]).next(&set(&["a", "c"]), &set(&["b"]));
        assert!(ready.is_empty());
        assert_eq!(blocked.keys().collect::<Vec<_>>(), ["a"]);
    }
}
