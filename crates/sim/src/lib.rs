//! A simulation that finds mistakes, and proves that it does.
//!
//! One number, the seed, makes a whole world: systems with their data map, people in them, texts that
//! name them, minimum ages, retention rules; then a story in it: a request, a retention run, a
//! restored backup; and what goes wrong on the way: time limits, deadlocks, broken connections before
//! and after the commit, streams that end half-way, rows that others change, clocks that jump, a
//! process that dies at any waiting point and forgets everything. The real [`engine`] and [`plan`]
//! work in it through a connector in memory ([`connector`]) that passes the conformance kit.
//!
//! What came of it is judged by an oracle that shares no code with them. It knows the truth about
//! every row, because it knows who made it ([`world::Truth`]), and asks plain questions: is the person
//! gone from everything that had to be cleared? Does anybody else's cell differ? Is what must stay
//! there, and listed? Was nothing done twice, and nothing that nobody agreed to?
//!
//! That the questions can fail is proven by planted mistakes ([`planted::ALL`]): each is a branch in
//! the real code that is compiled in for this crate alone (`model::planted`), and each must be found.
//!
//! ```
//! let seed = sim::Seed::new(7);
//! assert!(sim::play(&seed).is_ok());
//! ```
//!
//! What is deliberately not here: SQL, files and networks (the conformance kit, the crash loop and the
//! fault proxy have the real servers), our own database, the command line.
//!
//! INVARIANT: the same seed gives the same story, call for call, on every machine. There is no clock
//! (the runtime's is paused) and no thread inside a story.

#![expect(clippy::cast_possible_wrap, reason = "numbers of rows are small: they are made here")]

pub mod aged;
pub mod base;
pub mod chance;
pub mod connector;
pub mod make;
pub mod people;
pub mod planted;
pub mod shrink;
pub mod stage;
mod story;
pub mod time;
pub mod world;

use std::collections::BTreeSet;

use stage::Planned;
use world::At;

/// A rule that was broken, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: &'static str,
    /// What was seen.
    pub told: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.rule, self.told)
    }
}

pub(crate) fn broken<T>(rule: &'static str, told: impl Into<String>) -> Result<T, Violation> {
    Err(Violation { rule, told: told.into() })
}

/// A seed, and what is left out of its world to make it smaller.
#[derive(Debug, Clone, PartialEq)]
pub struct Seed {
    /// The number.
    pub number: u64,
    /// What goes wrong.
    pub faults: Vec<Planned>,
    /// Rows left out.
    pub without: BTreeSet<At>,
    /// Collections left out of the map and of the database, as `system.collection`.
    pub without_places: BTreeSet<String>,
}

impl Seed {
    /// The whole seed.
    pub fn new(number: u64) -> Self {
        let faults = stage::faults(number);
        Self { number, faults, without: BTreeSet::new(), without_places: BTreeSet::new() }
    }

    /// Its world.
    pub fn world(&self) -> world::World {
        let mut world = make::make(self.number);
        for at in &self.without {
            world.remove(at);
        }
        for name in &self.without_places {
            let Some((system, collection)) = name.split_once('.') else { continue };
            if let Some(system) = world.systems.iter_mut().find(|s| s.key == system) {
                system.collections.retain(|known| known.name != collection);
            }
            if let Some(base) = world.bases.get_mut(system) {
                base.rows.retain(|table, _| table.table != collection);
                base.catalogue.tables.retain(|table| table.name.table != collection);
                for table in &mut base.catalogue.tables {
                    table.references.retain(|reference| reference.to.table != collection);
                }
            }
            let here = |at: &At| at.0.system == system && at.0.collection == collection;
            world.truth.retain(|at, _| !here(at));
        }
        world
    }
}

/// Plays the story of a seed to its end, or to the first rule that it breaks.
pub fn play(seed: &Seed) -> Result<(), Violation> {
    story::play(seed, false).0
}

/// The same, with what happened in words.
pub fn trace(seed: &Seed) -> (Result<(), Violation>, Vec<String>) {
    story::play(seed, true)
}
