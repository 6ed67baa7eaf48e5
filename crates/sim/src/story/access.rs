//! Somebody wants a copy, or says no to a use: everything of theirs is found, nothing is changed,
//! and nobody else's data is handed out.

use std::collections::{BTreeMap, BTreeSet};

use engine::{HandOut, HandedField, HandedRow, RunError};
use model::{RowKey, Value};
use plan::{Case, Ending, Graph, Phase, Place, RequestKind};
use policy::{Collection, Tie};

use super::answer::About;
use super::erase::text_of;
use super::judge::text_shows;
use super::{CALM_AFTER, TURNS, Theatre};
use crate::make::identities;
use crate::people::{CAST, Form, Known, Part, named, shows};
use crate::stage::lock;
use crate::world::{At, World, cell};
use crate::{Violation, broken};

/// A row of the package: what it is said to be, and its fields by name.
type Handed = (Tie, BTreeMap<String, HandedField>);

/// The package.
#[derive(Default)]
struct Package {
    rows: Vec<(Place, Handed)>,
    place: Option<(Place, Vec<String>)>,
}

impl HandOut for Package {
    fn place(
        &mut self,
        place: &Place,
        _collection: &Collection,
        fields: &[String],
        _how: &[String],
    ) -> std::io::Result<()> {
        self.place = Some((place.clone(), fields.to_vec()));
        Ok(())
    }

    fn row(&mut self, row: HandedRow) -> std::io::Result<()> {
        let Some((place, fields)) = &self.place else {
            return Err(std::io::Error::other("a row before its place"));
        };
        let named = fields.iter().cloned().zip(row.fields).collect();
        self.rows.push((place.clone(), (row.tie, named)));
        Ok(())
    }
}

const KINDS: [RequestKind; 6] = [
    RequestKind::Access,
    RequestKind::Portability,
    RequestKind::Restriction,
    RequestKind::Objection,
    RequestKind::OptOut,
    RequestKind::ConsentWithdrawal,
];

impl Theatre {
    pub(super) async fn copy(&self) -> Result<(), Violation> {
        let before = lock(&self.stage).world.clone();
        let (asked, given) = identities(&before, &self.dice);
        let about = self.about(before.who, &given, None);
        let kind = match self.dice.pick(&KINDS) {
            Some(kind) if self.dice.happens(50) => *kind,
            _ => RequestKind::Access,
        };
        let opened = self.open("a1", kind, asked);
        let mut case = opened.clone();
        let graph = Graph::new(&self.systems);
        let mut package = Package::default();
        for turn in 0..TURNS {
            if turn >= CALM_AFTER {
                lock(&self.stage).faults.clear();
            }
            let keeper = self.keeper();
            match self.alive(self.driver().run(&mut case, &keeper)).await {
                None | Some(Err(RunError::Keep(_))) => {
                    let stage = lock(&self.stage);
                    case = match stage.kept.get("a1").and_then(|kept| kept.last()) {
                        Some(text) => serde_json::from_str(text)
                            .or_else(|why| broken("a kept case can be read", why.to_string()))?,
                        None => opened.clone(),
                    };
                    continue;
                }
                Some(Err(RunError::Case(why))) => {
                    return broken("the driver keeps the planner's rules", why.to_string());
                }
                Some(Ok(())) => {}
            }
            if case.phase() == Phase::Gather {
                let at_gather = case.clone();
                package = Package::default();
                let handed = self.alive(self.driver().hand_out(&mut case, &mut package)).await;
                if !matches!(handed, Some(Ok(()))) {
                    // A package that was interrupted is made anew.
                    case = at_gather;
                    continue;
                }
            }
            if case.phase() != Phase::Done {
                return broken("a run goes on as far as it can", format!("{:?}", case.phase()));
            }
            match case.ending() {
                Some(Ending::HandedOut) => break,
                Some(Ending::Incomplete(reasons)) => {
                    if lock(&self.stage).happened == 0 {
                        return broken("undisturbed work is complete at once", reasons.join("; "));
                    }
                    if !reasons.iter().all(|r| r.starts_with('`')) || reasons.is_empty() {
                        return broken("an incomplete end says where", reasons.join("; "));
                    }
                    // Whoever asks again gets the rest.
                    case = Case::open(case.request.clone(), plan::Settings::default(), &graph);
                }
                other => return broken("a copy ends as its kind does", format!("{other:?}")),
            }
        }
        if case.ending() != Some(&Ending::HandedOut) {
            return broken("a request ends", format!("it stands at {:?}", case.phase()));
        }
        let stage = lock(&self.stage);
        if !stage.deeds.is_empty() {
            return broken("a copy changes nothing", format!("{} deeds", stage.deeds.len()));
        }
        if stage.stirred {
            return Ok(());
        }
        judge_found(&stage.world, &case, &about)?;
        judge_package(&stage.world, &case, &about, &package)
    }
}

/// Everything of theirs is found.
fn judge_found(world: &World, case: &Case, about: &About) -> Result<(), Violation> {
    for (at, truth) in &world.truth {
        let Some(collection) = world.collection(&at.0) else { continue };
        let mine = truth.is_of(about.who) && about.reached.contains(&at.0.system);
        let free = collection.fields.iter().zip(&truth.before).filter(|(f, _)| f.free_text);
        let named = free.map(|(_, value)| text_of(value)).any(|text| text_shows(text, about));
        if (mine || named) && case.rows().get(&at.0, &at.1).is_none() {
            return broken("everything of the person's is found", format!("{} {:?}", at.0, at.1));
        }
    }
    Ok(())
}

/// The package holds all of it, once, and nobody else's.
fn judge_package(
    world: &World,
    case: &Case,
    about: &About,
    package: &Package,
) -> Result<(), Violation> {
    let near = conversation(world, about);
    let mut handed: BTreeSet<At> = BTreeSet::new();
    for (place, (tie, fields)) in &package.rows {
        let Some(HandedField::Value(id)) = fields.get("id") else {
            return broken("a row is handed out with its number", place.to_string());
        };
        let at = (place.clone(), RowKey(vec![id.clone()]));
        let Some(truth) = world.truth.get(&at) else {
            return broken("what is handed out is there", format!("{place} {:?}", at.1));
        };
        if !handed.insert(at.clone()) {
            return broken("a row is handed out once", format!("{place} {:?}", at.1));
        }
        if !truth.is_of(about.who) && !truth.names(about.who) && !near.contains(&at) {
            return broken("nobody else's row is handed out", format!("{place} {:?}", at.1));
        }
        let Some(collection) = world.collection(place) else { continue };
        for (number, field) in collection.fields.iter().enumerate() {
            let Some(HandedField::Value(Value::Text(text))) = fields.get(&field.name) else {
                continue;
            };
            let what = || format!("{place}.{} {:?}: {text}", field.name, at.1);
            let parts = truth.parts.get(number).map_or(&[][..], Vec::as_slice);
            for part in parts.iter().filter(|_| field.free_text) {
                let Part::Named(who, form) = part else { continue };
                let Some(person) = CAST.get(*who) else { continue };
                let known = about.known.contains(&form.known());
                if *who == about.who && known && !shows(text, person, form.known()) {
                    return broken("the person's own words stay in the package", what());
                }
                let theirs = *who != about.who && shows(text, person, form.known());
                let name = form.known() == Known::Name && is_in_a_directory(world, *who);
                if theirs && (name || *tie >= Tie::Shared && form.known() != Known::Name) {
                    return broken("others are covered in the package", what());
                }
            }
            let own = truth.own.contains(&about.who) && !field.free_text;
            let held = truth.before.get(number).map(text_of).unwrap_or_default();
            if own && about.reached.contains(&place.system) && text != held {
                return broken("the person's own fields are handed out as they are", what());
            }
        }
    }
    for (at, truth) in &world.truth {
        let Some(collection) = world.collection(&at.0) else { continue };
        let mine = truth.is_of(about.who) && about.reached.contains(&at.0.system);
        let free = collection.fields.iter().zip(&truth.before).filter(|(f, _)| f.free_text);
        let named = free.map(|(_, value)| text_of(value)).any(|text| text_shows(text, about));
        if (mine || named) && !handed.contains(at) {
            return broken("the package holds everything", format!("{} {:?}", at.0, at.1));
        }
    }
    for system in world.systems.iter().map(|system| &system.key) {
        let told: u64 = case.gathered(system).map_or(0, |g| g.rows.values().sum());
        let real = handed.iter().filter(|at| at.0.system == *system).count() as u64;
        if told != real {
            return broken("the account is what was done", format!("{told} of {real} rows"));
        }
    }
    Ok(())
}

/// Whether somebody's name stands in a table of people, so that it can be known.
fn is_in_a_directory(world: &World, who: usize) -> bool {
    let Some(person) = CAST.get(who) else { return false };
    world.truth.iter().any(|(at, truth)| {
        let collection = world.collection(&at.0).filter(|_| at.0.collection == "contacts");
        let name = collection.and_then(|c| cell(c, &truth.before, "name"));
        name.is_some_and(|name| text_of(name) == named(person, Form::Name))
    })
}

/// Rows that stand in a matter with the person's rows: what refers to them, and what they refer to,
/// but for records of people.
fn conversation(world: &World, about: &About) -> BTreeSet<At> {
    let mut near: BTreeSet<At> = world
        .truth
        .iter()
        .filter(|(_, truth)| truth.is_of(about.who) || truth.names(about.who))
        .map(|(at, _)| at.clone())
        .collect();
    loop {
        let before = near.len();
        for (at, truth) in &world.truth {
            let Some(collection) = world.collection(&at.0) else { continue };
            for (field, value) in collection.fields.iter().zip(&truth.before) {
                for reference in field.references.iter().filter(|_| !value.is_null()) {
                    let there = Place::new(&reference.to.system, &reference.to.collection);
                    let there = (there, RowKey(vec![value.clone()]));
                    let mine = world.truth.get(&there).is_some_and(|t| t.is_of(about.who));
                    let people = there.0.collection == "contacts";
                    if near.contains(&there) && (!people || mine) {
                        near.insert(at.clone());
                    }
                    if near.contains(at) && !people {
                        near.insert(there);
                    }
                }
            }
        }
        if near.len() == before {
            return near;
        }
    }
}
