//! What is held, against what the notice says is held.

use std::collections::{BTreeMap, BTreeSet};

use policy::Control;
use policy::file::promises::HeldControl;
use policy::taxonomy::is_within;
use render::words;

use super::facts::{Facts, NO_SYSTEM};
use super::verdict::{Verdict, few};

pub(super) fn judge(control: &HeldControl, facts: &Facts<'_>) -> Verdict {
    let policy = facts.policy;
    let (mut held, fields) = held(facts);
    let beyond = beyond(facts);
    for (category, places) in &beyond {
        held.entry((*category).to_owned()).or_default().extend(places.iter().cloned());
    }
    let named: BTreeSet<&str> = policy
        .promises
        .iter()
        .flat_map(|promise| &promise.controls)
        .filter_map(|control| match control {
            Control::Held(held) => Some(held.of.iter().map(String::as_str)),
            _ => None,
        })
        .flatten()
        .collect();
    let mut parts = Vec::new();
    // What no sentence names is told where the nearest sentence is, once.
    for (category, places) in &held {
        let covered = named.iter().any(|above| is_within(category, above));
        if !covered && control.of.iter().any(|of| Some(of.as_str()) == nearest(category, &named)) {
            parts.push(Verdict::broken(format!(
                "The notice does not name {}, and {} {} it: {}.",
                policy.title_of_category(category),
                words::count(places.len() as u64, "field", "fields"),
                if places.len() == 1 { "holds" } else { "hold" },
                few(&places.iter().map(|place| format!("`{place}`")).collect::<Vec<_>>())
            )));
        }
    }
    // What a sentence names and the map does not have is found by nobody who asks for it.
    for (category, places) in &beyond {
        if control.of.iter().any(|of| is_within(category, of)) {
            parts.push(Verdict::at_risk(format!(
                "{} {} {}, by {} values, and is not in the map: `upheld map` proposes it.",
                few(&places.iter().map(|place| format!("`{place}`")).collect::<Vec<_>>()),
                if places.len() == 1 { "holds" } else { "hold" },
                policy.title_of_category(category),
                if places.len() == 1 { "its" } else { "their" },
            )));
        }
    }
    let absent: Vec<String> = control
        .of
        .iter()
        .filter(|of| !held.keys().any(|category| is_within(category, of)))
        .map(|of| policy.title_of_category(of))
        .collect();
    let found = control.of.len() - absent.len();
    if !absent.is_empty() {
        parts.push(Verdict::at_risk(format!(
            "The notice names {}, and no field of any system is mapped so.",
            few(&absent)
        )));
    }
    if found > 0 {
        parts.push(Verdict::upheld(
            "What the sentence names is held, and nothing like it goes beyond the notice.",
        ));
    }
    let values = if facts.contents.is_empty() { "" } else { " and by what stands there" };
    let evidence = format!(
        "{} of {} compared, by their maps{values}",
        words::count(fields, "field about people", "fields about people"),
        words::count(policy.systems.len() as u64, "system", "systems")
    );
    if policy.systems.is_empty() {
        return Verdict::unproven(NO_SYSTEM);
    }
    Verdict::of(parts, "").shown_by(evidence)
}

/// Every category about people that a field is mapped to, with its fields; and how many fields.
fn held(facts: &Facts<'_>) -> (BTreeMap<String, Vec<String>>, u64) {
    let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for system in &facts.policy.systems {
        for collection in &system.collections {
            for field in collection.fields.iter().filter(|field| field.is_personal()) {
                count += 1;
                let place = format!("{}.{}.{}", system.key, collection.name, field.name);
                for category in &field.categories {
                    if is_within(category, "user") && !is_within(category, "user.unique_id") {
                        held.entry(category.clone()).or_default().push(place.clone());
                    }
                }
            }
        }
    }
    (held, count)
}

/// Columns that are in no map and whose values say what they are, by category.
fn beyond(facts: &Facts<'_>) -> BTreeMap<&'static str, Vec<String>> {
    let mut beyond: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (key, contents) in &facts.contents {
        let Some(system) = facts.policy.system(key) else { continue };
        for table in &contents.tables {
            let collection = table.collection.as_deref().and_then(|name| system.collection(name));
            for (name, look) in &table.fields {
                if collection.is_some_and(|one| one.skip.is_some() || one.field(name).is_some()) {
                    continue;
                }
                if let Some((kind, _)) = look.most() {
                    beyond
                        .entry(kind.category())
                        .or_default()
                        .push(format!("{}.{name}", table.place));
                }
            }
        }
    }
    beyond
}

/// The named category that is most like this one; the first where none is.
fn nearest<'n>(category: &str, named: &BTreeSet<&'n str>) -> Option<&'n str> {
    let like = |other: &str| {
        category.split('.').zip(other.split('.')).take_while(|(one, two)| one == two).count()
    };
    named.iter().rev().max_by_key(|other| like(other)).copied()
}
