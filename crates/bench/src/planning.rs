//! The planner alone, from indexing the map to the end of the case, as the map grows; beside the
//! plainest walk over the same references.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Instant;

use plan::Graph;
use policy::System;
use serde_json::json;

use crate::report::{Bar, Line, Report, median};
use crate::scale::{Shape, map, run as plan_case};

pub(crate) fn run(rounds: u64) {
    let mut report = Report::new("planning");
    let mut turns = Vec::new();
    for shape in [Shape::Chain, Shape::Star, Shape::Random] {
        let name = format!("{shape:?}").to_lowercase();
        let mut at_ten_thousand = f64::NAN;
        for count in [1_000, 10_000, 100_000] {
            let systems = map(shape, count);
            let rounds = if count > 10_000 { rounds.min(3) } else { rounds };
            let (mut ours, mut walks, mut steps) = (Vec::new(), Vec::new(), 0);
            for _ in 0..rounds {
                let begun = Instant::now();
                let reached = walk(&systems);
                walks.push(begun.elapsed().as_secs_f64());
                assert_eq!(reached, count);
                let begun = Instant::now();
                let graph = Graph::new(&systems);
                let (case, taken, _) =
                    plan_case(&graph).unwrap_or_else(|error| panic!("no plan: {error}"));
                ours.push(begun.elapsed().as_secs_f64());
                assert_eq!(case.rows().len(), count);
                steps = taken;
            }
            let (middle, beside) = (median(&ours), median(&walks));
            turns.push(json!({ "shape": name, "collections": count, "steps": steps, "seconds": ours, "walk_seconds": walks }));
            let judged = count == 10_000;
            report.line(&Line {
                what: format!("planning an erasure over {count} collections, {name}"),
                ours: (middle * 1e3, "ms"),
                beside: Some(("a plain walk over the references", beside * 1e3, "ms")),
                figure: (middle * 1e3, "ms"),
                bar: if judged { Bar::AtMost(100.0) } else { Bar::None },
                moonshot: if judged { Bar::AtMost(20.0) } else { Bar::None },
            });
            if judged {
                at_ten_thousand = middle;
            }
            if count == 100_000 {
                // Linear, with room for caches that no longer hold everything.
                report.line(&Line {
                    what: format!("growth from 10,000 to 100,000 collections, {name}"),
                    ours: (middle / at_ten_thousand, "×"),
                    beside: None,
                    figure: (middle / at_ten_thousand, "×"),
                    bar: Bar::AtMost(15.0),
                    moonshot: Bar::None,
                });
            }
        }
    }
    report.raw("runs", turns);
    report.keep();
}

/// How many collections are reached from the first one, in either direction.
fn walk(systems: &[System]) -> usize {
    let mut ways: BTreeMap<(&str, &str), Vec<(&str, &str)>> = BTreeMap::new();
    for system in systems {
        for collection in &system.collections {
            let here = (system.key.as_str(), collection.name.as_str());
            for reference in collection.fields.iter().flat_map(|field| &field.references) {
                let there = (reference.to.system.as_str(), reference.to.collection.as_str());
                ways.entry(here).or_default().push(there);
                ways.entry(there).or_default().push(here);
            }
        }
    }
    let first = ("s0", "c0");
    let mut seen = BTreeSet::from([first]);
    let mut next = VecDeque::from([first]);
    while let Some(here) = next.pop_front() {
        for there in ways.get(&here).into_iter().flatten() {
            if seen.insert(*there) {
                next.push_back(*there);
            }
        }
    }
    seen.len()
}
