//! Retention: which rows are too old, and what must stand aside before they go.
//!
//! [`Schedule::new`] turns the rules of the map into [`Task`]s for one moment: a limit that is exact
//! to the microsecond, the minimum ages that stand against it, the rows that go along, the rows that
//! must not be left pointing nowhere, and the order in which all of it is done. Who carries it out
//! adds what only a system knows: the references that its database enforces, the types of columns.
//!
//! What is deliberately not here: looking at a row. A schedule is the same for the same map, clients
//! and moment, byte for byte.
//!
//! INVARIANT: a minimum age is part of every task of its collection and of every task that takes its
//! rows along. There is no way to make a task without it.
//!
//! INVARIANT: what no rule covers stands in [`Schedule::not_covered`] with the reason.

mod almanac;
mod tree;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::Micros;
use policy::{ClassRow, Client, Collection, CountFrom, Disposal, Period, Retain, System, When};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Place;
pub use almanac::{Almanac, Cutoff, NoZone};
pub use tree::{GoesAlong, goes_along};

/// What a schedule is made from.
#[derive(Debug, Clone, Copy)]
pub struct Book<'b> {
    /// The data map.
    pub systems: &'b [System],
    /// The clients and their days.
    pub clients: &'b [Client],
    /// The classification matrix.
    pub classification: &'b [ClassRow],
    /// Systems in which nothing may be changed.
    pub read_only: &'b BTreeSet<String>,
}

/// Everything that the rules ask for at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The moment.
    pub made_at: Micros,
    /// The rules, in the order in which they are carried out.
    pub tasks: Vec<Task>,
    /// What is not looked at, and why.
    pub not_covered: Vec<NotCovered>,
}

/// One rule of one collection at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its name: the place and the number of the rule (`ticketing.tickets/1`).
    pub id: String,
    /// Where.
    pub place: Place,
    /// The rule in words: "7 years after `closed_at`".
    pub rule: String,
    /// How long rows stay.
    pub max: Period,
    /// The limit.
    pub cutoff: Cutoff,
    /// What makes a row old.
    pub old: Old,
    /// What becomes of a due row.
    pub method: Disposal,
    /// Only rows whose columns hold these values.
    pub when: Vec<When>,
    /// Minimum ages of the row.
    pub guards: Vec<Guard>,
    /// Rows that go with it, and before it.
    pub dependents: Vec<Branch>,
    /// Rows that must not be left pointing at it.
    pub referrers: Vec<Link>,
    /// Whether nothing may be changed there: the rows are counted and stay.
    pub read_only: bool,
}

/// What makes a row old.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Old {
    /// A column of its own.
    Column(String),
    /// The time of the file in which it stands.
    File,
    /// It leads to a row that is old.
    Event {
        /// Where that row stands.
        place: Place,
        /// The column there that holds the moment.
        column: String,
        /// The column there by which it is referred to.
        key: String,
        /// The column here.
        by: String,
    },
    /// It belongs to a client for whom the day is long past.
    Clients {
        /// The column here.
        by: String,
        /// The clients' values there.
        any_of: Vec<String>,
        /// Clients known there whose day has not come or is not written down.
        not_yet: u64,
    },
}

/// A minimum age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// The column from which it counts.
    pub column: String,
    /// How long.
    pub period: Period,
    /// The limit: what does not lie before it stays.
    pub cutoff: Cutoff,
    /// The law or the promise.
    pub because: String,
}

/// Rows of another collection that point here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The collection that points.
    pub place: Place,
    /// Pairs of columns that agree: there, and here.
    pub columns: Vec<(String, String)>,
    /// Only rows there whose columns hold these values.
    pub when: Vec<When>,
}

/// Rows that go with the rows that they point at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// How they point.
    pub link: Link,
    /// Their minimum ages.
    pub guards: Vec<Guard>,
    /// What goes with them.
    pub dependents: Vec<Branch>,
    /// What must not be left pointing at them.
    pub referrers: Vec<Link>,
}

/// Something that no run touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotCovered {
    /// Where.
    pub place: Place,
    /// Why, in a plain sentence.
    pub because: String,
}

impl Schedule {
    /// What the rules ask for now.
    pub fn new(book: &Book<'_>, almanac: &Almanac) -> Self {
        let mut tasks = Vec::new();
        let mut not_covered = BTreeSet::new();
        for system in book.systems {
            for collection in &system.collections {
                let place = Place::new(&system.key, &collection.name);
                let mut leave = |because: String| {
                    not_covered.insert(NotCovered { place: place.clone(), because });
                };
                let promised = promised(collection, book.classification);
                if let Some(why) = &collection.skip {
                    if promised.is_some() || !collection.retain.is_empty() {
                        leave(format!("the map leaves it out: {}", why.trim_end_matches('.')));
                    }
                    continue;
                }
                for (retain, number) in collection.retain.iter().zip(1..) {
                    let rule = rule(retain);
                    if !retain.holds() {
                        leave(not_confirmed(retain, &rule));
                        continue;
                    }
                    tasks.push(Task {
                        id: format!("{place}/{number}"),
                        place: place.clone(),
                        rule,
                        max: retain.max,
                        cutoff: almanac.before(retain.max),
                        old: old(retain, book.clients, almanac),
                        method: retain.method.clone(),
                        when: retain.when.clone(),
                        guards: guards(collection, almanac),
                        dependents: tree::dependents(system, collection, retain, almanac),
                        referrers: tree::referrers(system, collection, &retain.with),
                        read_only: book.read_only.contains(&system.key),
                    });
                }
                if collection.retain.is_empty()
                    && let Some(row) = promised
                {
                    match goes_along(system, collection) {
                        GoesAlong::All => {}
                        GoesAlong::Where(when) => leave(format!(
                            "only its rows where {when} go with others; the rest is kept at most {row}, and no rule disposes of it"
                        )),
                        GoesAlong::No => {
                            leave(format!("it is kept at most {row}, and no rule disposes of it"));
                        }
                    }
                }
            }
        }
        Self {
            made_at: almanac.now(),
            tasks: tree::children_first(book.systems, tasks),
            not_covered: not_covered.into_iter().collect(),
        }
    }

    /// The same for one system alone.
    pub fn only(mut self, system: &str) -> Self {
        self.tasks.retain(|task| task.place.system == system);
        self.not_covered.retain(|left| left.place.system == system);
        self
    }

    /// SHA-256 over the rules with their limits to the day: what an agreement to a run binds. The
    /// same all day, unless somebody changes a rule or a client's day.
    pub fn digest(&self) -> String {
        fn whole_days(branches: &mut [Branch]) {
            for branch in branches {
                branch.guards.iter_mut().for_each(|guard| guard.cutoff.at = Micros(0));
                whole_days(&mut branch.dependents);
            }
        }
        let mut tasks = self.tasks.clone();
        for task in &mut tasks {
            task.cutoff.at = Micros(0);
            task.guards.iter_mut().for_each(|guard| guard.cutoff.at = Micros(0));
            whole_days(&mut task.dependents);
        }
        let text = serde_json::to_vec(&tasks).unwrap_or_default();
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Task {
    /// Minimum ages by which rows are held back, in words, its dependents' among them.
    pub fn reasons(&self) -> BTreeSet<String> {
        fn gather(branches: &[Branch], into: &mut BTreeSet<String>) {
            for branch in branches {
                into.extend(branch.guards.iter().map(Guard::words));
                gather(&branch.dependents, into);
            }
        }
        let mut reasons = self.guards.iter().map(Guard::words).collect();
        gather(&self.dependents, &mut reasons);
        reasons
    }
}

impl Guard {
    fn words(&self) -> String {
        format!("{} from `{}`: {}", self.period, self.column, self.because)
    }
}

/// "7 years after `closed_at`".
fn rule(retain: &Retain) -> String {
    let after = match &retain.from {
        CountFrom::Column(column) => format!("`{column}`"),
        CountFrom::File => "the file was last written".to_owned(),
        CountFrom::Field { event, .. } => format!("`{event}`"),
        CountFrom::Client { event, .. } => event.title().to_owned(),
    };
    let mut words = format!("{} after {after}", retain.max);
    for when in &retain.when {
        words.push_str(&format!(", `{}` {}", when.column, when.any_of.join(" or ")));
    }
    words
}

fn not_confirmed(retain: &Retain, rule: &str) -> String {
    match retain.inferred.as_ref().and_then(|guess| guess.confirmed) {
        Some(false) => format!("the rule “{rule}” was answered with no"),
        _ => format!("nobody has confirmed the rule “{rule}”"),
    }
}

/// The longest time that the matrix promises, where a collection or its fields follow a row.
fn promised(collection: &Collection, matrix: &[ClassRow]) -> Option<String> {
    let classes = collection.fields.iter().filter_map(|field| field.class.as_ref());
    let classes: BTreeSet<&String> = match &collection.class {
        Some(class) => [class].into(),
        None => classes.collect(),
    };
    let rows = matrix.iter().filter(|row| classes.contains(&row.key));
    let strictest = rows.filter_map(|row| Some((row.max?.about_days(), row))).min_by_key(|r| r.0);
    strictest.and_then(|(_, row)| Some(format!("{} (`{}`)", row.max?, row.key)))
}

pub(super) fn guards(collection: &Collection, almanac: &Almanac) -> Vec<Guard> {
    let holding = collection.keep.iter().filter(|keep| keep.holds());
    holding
        .map(|keep| Guard {
            column: keep.from.clone(),
            period: keep.period,
            cutoff: almanac.before(keep.period),
            because: keep.because.clone(),
        })
        .collect()
}

fn old(retain: &Retain, clients: &[Client], almanac: &Almanac) -> Old {
    match &retain.from {
        CountFrom::Column(column) => Old::Column(column.clone()),
        CountFrom::File => Old::File,
        CountFrom::Field { event, key, by } => Old::Event {
            place: Place::new(&event.system, &event.collection),
            column: event.field.clone(),
            key: key.clone(),
            by: by.clone(),
        },
        CountFrom::Client { event, by, key } => {
            let limit = almanac.before(retain.max).at;
            let key = key.to_string();
            // INVARIANT: a value by which two clients are known is over when both are.
            let mut over: BTreeMap<&str, bool> = BTreeMap::new();
            for client in clients {
                let Some(value) = client.known_as.get(&key) else { continue };
                let end = client.day(*event).and_then(|day| almanac.end_of(day));
                let is_over = end.is_some_and(|end| end < limit);
                over.entry(value).and_modify(|all| *all &= is_over).or_insert(is_over);
            }
            Old::Clients {
                by: by.clone(),
                not_yet: over.values().filter(|over| !**over).count() as u64,
                any_of: over.iter().filter(|(_, o)| **o).map(|(v, _)| (*v).to_owned()).collect(),
            }
        }
    }
}
