//! The map of one system, as lines of a table.

use policy::System;

use crate::words::systems::{ENGLISH, held};

/// A collection.
pub(super) struct Line {
    pub(super) title: String,
    /// Why it is left out, if it is.
    pub(super) skipped: Option<String>,
    /// What it holds about people, in words; empty if nothing.
    pub(super) personal: String,
    /// Its fields: the name, what it holds, where it leads.
    pub(super) fields: Vec<(String, String, Vec<String>)>,
}

/// The collections of a system, those that tell most of people first.
pub(super) fn lines(system: &System) -> Vec<Line> {
    let mut lines: Vec<(usize, Line)> = system
        .collections
        .iter()
        .map(|collection| {
            let personal: Vec<&policy::Field> =
                collection.fields.iter().filter(|field| field.is_personal()).collect();
            let categories: Vec<String> =
                personal.iter().flat_map(|field| field.categories.clone()).collect();
            let fields = collection.fields.iter().map(|field| {
                let leads =
                    field.references.iter().map(|one| (ENGLISH.leads_to)(&one.to.to_string()));
                let holds =
                    if field.is_personal() { held(&field.categories) } else { String::new() };
                (field.name.clone(), holds, leads.collect())
            });
            let line = Line {
                title: collection.title.clone(),
                skipped: collection.skip.clone(),
                personal: held(&categories),
                fields: fields.collect(),
            };
            (if collection.skip.is_some() { 0 } else { 1 + personal.len() }, line)
        })
        .collect();
    lines.sort_by(|(a, _), (b, _)| b.cmp(a));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Collections that are searched, their fields, those about people, and what is left out.
pub(super) fn size(system: &System) -> (usize, usize, usize, usize) {
    let searched = || system.collections.iter().filter(|one| one.skip.is_none());
    let fields = searched().map(|one| one.fields.len()).sum();
    let personal = searched().flat_map(|one| &one.fields).filter(|one| one.is_personal()).count();
    (searched().count(), fields, personal, system.collections.len() - searched().count())
}
