//! What goes along with a row, what must not be left pointing at it, and which rule comes first.

use std::collections::BTreeSet;

use policy::{Collection, Reference, Retain, System};

use super::{Almanac, Branch, Link, Task, guards};
use crate::Place;

/// The rows that go with those of a collection: of the collections named, what points here, and
/// below it what points there.
pub(super) fn dependents(
    system: &System,
    collection: &Collection,
    retain: &Retain,
    almanac: &Almanac,
) -> Vec<Branch> {
    branches(system, collection, &retain.with, almanac, &[&collection.name])
}

/// INVARIANT: no collection stands below itself, so the tree is no deeper than `with` is long.
fn branches(
    system: &System,
    parent: &Collection,
    with: &[String],
    almanac: &Almanac,
    above: &[&str],
) -> Vec<Branch> {
    let mut grown = Vec::new();
    let named = system.collections.iter().filter(|c| with.contains(&c.name) && c.skip.is_none());
    for child in named.filter(|child| !above.contains(&child.name.as_str())) {
        let mut below = above.to_vec();
        below.push(&child.name);
        for link in links(system, child, parent) {
            grown.push(Branch {
                link,
                guards: guards(child, almanac),
                dependents: branches(system, child, with, almanac, &below),
                // What points back up goes with what it points at.
                referrers: pointing_at(system, child, |other| {
                    !with.contains(&other.name) && !below.contains(&other.name.as_str())
                }),
            });
        }
    }
    grown
}

/// Which rows of a collection go with the rows that they belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoesAlong {
    /// None.
    No,
    /// Those of which this holds, in words (`object_type` is Ticket).
    Where(String),
    /// All that belong to one.
    All,
}

/// What the rules that hold take along of a collection.
pub fn goes_along(system: &System, collection: &Collection) -> GoesAlong {
    let mut kinds = BTreeSet::new();
    for other in system.collections.iter().filter(|other| other.name != collection.name) {
        for rule in other.retain.iter().filter(|rule| rule.holds()) {
            if !rule.with.contains(&collection.name) {
                continue;
            }
            let parents = system.collections.iter().filter(|parent| {
                parent.name == other.name
                    || (parent.name != collection.name && rule.with.contains(&parent.name))
            });
            for link in parents.flat_map(|parent| links(system, collection, parent)) {
                if link.when.is_empty() {
                    return GoesAlong::All;
                }
                let one = |when: &policy::When| {
                    format!("`{}` is {}", when.column, when.any_of.join(" or "))
                };
                kinds.insert(link.when.iter().map(one).collect::<Vec<_>>().join(" and "));
            }
        }
    }
    if kinds.is_empty() {
        return GoesAlong::No;
    }
    GoesAlong::Where(kinds.into_iter().collect::<Vec<_>>().join(", or "))
}

/// What must not be left pointing at a row of this collection: every reference of the map that
/// holds, but those of the rows that go along.
pub(super) fn referrers(system: &System, collection: &Collection, with: &[String]) -> Vec<Link> {
    pointing_at(system, collection, |other| !with.contains(&other.name))
}

fn pointing_at(
    system: &System,
    to: &Collection,
    counts: impl Fn(&Collection) -> bool,
) -> Vec<Link> {
    let others = system.collections.iter().filter(|other| counts(other));
    others.flat_map(|other| links(system, other, to)).collect()
}

/// The references of one collection to another of the same system.
fn links(system: &System, from: &Collection, to: &Collection) -> Vec<Link> {
    let mut links = Vec::new();
    for field in &from.fields {
        let here = |reference: &&Reference| {
            reference.to.system == system.key
                && reference.to.collection == to.name
                && reference.inferred.as_ref().is_none_or(policy::Inference::holds)
                // A column that refers to itself says nothing about other rows.
                && !(from.name == to.name && reference.to.field == field.name)
        };
        for reference in field.references.iter().filter(here) {
            let also = reference.also.iter().map(|also| (also.here.clone(), also.there.clone()));
            links.push(Link {
                place: Place::new(&system.key, &from.name),
                columns: std::iter::once((field.name.clone(), reference.to.field.clone()))
                    .chain(also)
                    .collect(),
                when: reference.when.clone(),
            });
        }
    }
    links
}

/// Rules for rows that point at others before the rules for those others, so that one run frees
/// both. Where rules point at each other in a circle, the order of the map counts, and what is left
/// goes with the next run.
pub(super) fn children_first(systems: &[System], mut tasks: Vec<Task>) -> Vec<Task> {
    let points: BTreeSet<(Place, Place)> = systems
        .iter()
        .flat_map(|system| system.collections.iter().map(move |c| (system, c)))
        .flat_map(|(system, collection)| {
            let from = Place::new(&system.key, &collection.name);
            let references = collection.fields.iter().flat_map(|field| &field.references);
            references
                .filter(|r| r.inferred.as_ref().is_none_or(policy::Inference::holds))
                .map(move |r| (from.clone(), Place::new(&r.to.system, &r.to.collection)))
        })
        .filter(|(from, to)| from != to)
        .collect();
    let mut ordered: Vec<Task> = Vec::with_capacity(tasks.len());
    while !tasks.is_empty() {
        let waits = |task: &Task| {
            tasks.iter().any(|other| points.contains(&(other.place.clone(), task.place.clone())))
        };
        let next = tasks.iter().position(|task| !waits(task)).unwrap_or_default();
        ordered.push(tasks.remove(next));
    }
    ordered
}
