//! A world: systems with their map, their databases, and the truth about every row, which no
//! program under test ever sees.

use std::collections::{BTreeMap, BTreeSet};

use model::{Micros, RowKey, TableName, Value};
use plan::{Excepted, Exceptions, Place};
use policy::{Collection, EraseField, EraseRows, Field, Keep, PeriodUnit, System};

use crate::base::Base;
use crate::people::{CAST, Known, Part, shows, text};
use crate::time::{DAY, civil, days_of, moment};

/// What is true of a row.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// Whose it is by the map: it describes them.
    pub own: BTreeSet<usize>,
    /// Who wrote it.
    pub authored: BTreeSet<usize>,
    /// What it held before any work of ours; what others changed since is in it.
    pub before: Vec<Value>,
    /// What each cell says of whom; empty for plain values.
    pub parts: Vec<Vec<Part>>,
    /// Whether somebody else touched or made it while we worked.
    pub stirred: bool,
}

impl Truth {
    /// Whether it is theirs or written by them.
    pub fn is_of(&self, who: usize) -> bool {
        self.own.contains(&who) || self.authored.contains(&who)
    }

    /// Whether a cell names them.
    pub fn cell_names(&self, cell: usize, who: usize) -> bool {
        self.parts.get(cell).is_some_and(|parts| {
            parts.iter().any(|part| matches!(part, Part::Named(named, _) if *named == who))
        })
    }

    /// Whether any cell names them.
    pub fn names(&self, who: usize) -> bool {
        (0..self.parts.len()).any(|cell| self.cell_names(cell, who))
    }
}

/// What a legal hold covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// One row.
    Row(Place, RowKey),
    /// A collection.
    Collection(Place),
    /// A system.
    System(String),
}

/// A row's place and key.
pub type At = (Place, RowKey);

/// The world.
#[derive(Debug, Clone)]
pub struct World {
    /// The map.
    pub systems: Vec<System>,
    /// The databases, by system.
    pub bases: BTreeMap<String, Base>,
    /// The truth, by row. Rows of tables that the map does not name have a place too.
    pub truth: BTreeMap<At, Truth>,
    /// The person whom the story is about.
    pub who: usize,
    /// Whether they share the switchboard's number with a colleague.
    pub office: bool,
    /// The present moment, as our clock shows it.
    pub now: Micros,
    /// Legal holds in force.
    pub holds: Vec<Held>,
}

impl World {
    /// The collection of a place, if the map names it.
    pub fn collection(&self, place: &Place) -> Option<&Collection> {
        let system = self.systems.iter().find(|system| system.key == place.system)?;
        system.collection(&place.collection)
    }

    /// The rows of a place as they are now.
    pub fn rows(&self, place: &Place) -> Option<&BTreeMap<RowKey, Vec<Value>>> {
        self.bases.get(&place.system)?.rows.get(&TableName::new("", &place.collection))
    }

    /// A row as it is now.
    pub fn row(&self, at: &At) -> Option<&Vec<Value>> {
        self.rows(&at.0)?.get(&at.1)
    }

    /// The holds in the planner's words.
    pub fn exceptions(&self) -> Exceptions {
        let mut except = Exceptions::default();
        for (number, held) in self.holds.iter().enumerate() {
            let why = Excepted { because: format!("legal hold {number}"), last_day: None };
            match held {
                Held::Row(place, key) => except.row(place, key.clone(), why),
                Held::Collection(place) => except.collection(place, why),
                Held::System(key) => except.system(key, why),
            }
        }
        except
    }

    /// Whether a hold covers a row.
    pub fn is_held(&self, at: &At) -> bool {
        self.holds.iter().any(|held| match held {
            Held::Row(place, key) => *place == at.0 && *key == at.1,
            Held::Collection(place) => *place == at.0,
            Held::System(key) => *key == at.0.system,
        })
    }

    /// Whether a minimum age keeps a row from an erasure as of this moment: until the day on which
    /// it ends, and for good where its day cannot be read.
    pub fn is_young(&self, at: &At, row: &[Value], now: Micros) -> bool {
        let Some(collection) = self.collection(&at.0) else { return false };
        collection.keep.iter().any(|keep| {
            let day = cell(collection, row, &keep.from).and_then(moment);
            day.is_none_or(|day| end_of(day, keep) > now.0.div_euclid(DAY))
        })
    }

    /// Whether an erasure leaves a row as it is, as of this moment.
    pub fn is_kept(&self, at: &At, row: &[Value], now: Micros) -> bool {
        self.is_held(at) || self.is_young(at, row, now)
    }

    /// What the person is known by once everything is read that belongs to them, beginning with
    /// what they are known by already; and the systems in which they have an account.
    /// With `within`, only that system is read.
    pub fn known(
        &self,
        who: usize,
        given: &BTreeSet<Known>,
        within: Option<&str>,
    ) -> (BTreeSet<Known>, BTreeSet<String>) {
        let (mut known, mut reached) = (given.clone(), BTreeSet::new());
        let Some(person) = CAST.get(who) else { return (known, reached) };
        loop {
            let before = (known.len(), reached.len());
            for ((place, _), truth) in &self.truth {
                let Some(collection) = self.collection(place) else { continue };
                let people = collection.fields.iter().any(|field| field.identity.is_some());
                let here = within.is_none_or(|system| system == place.system);
                if !people || !here || !truth.own.contains(&who) {
                    continue;
                }
                let says = |field: &Field, known: Known| {
                    let value = cell(collection, &truth.before, &field.name);
                    value.and_then(Value::as_text).is_some_and(|t| shows(t, person, known))
                };
                let leads = |field: &Field| match field.identity {
                    Some(model::IdentityKind::Email) => {
                        known.contains(&Known::Email) && says(field, Known::Email)
                    }
                    Some(model::IdentityKind::UserName) => {
                        known.contains(&Known::Login) && says(field, Known::Login)
                    }
                    Some(model::IdentityKind::Phone) => {
                        known.contains(&Known::Phone) && says(field, Known::Phone)
                    }
                    _ => false,
                };
                if reached.contains(&place.system) || collection.fields.iter().any(leads) {
                    reached.insert(place.system.clone());
                    for field in collection.fields.iter().filter(|field| !field.free_text) {
                        for one in [Known::Email, Known::Name, Known::Phone, Known::Login] {
                            if says(field, one) {
                                known.insert(one);
                            }
                        }
                    }
                }
            }
            if before == (known.len(), reached.len()) {
                return (known, reached);
            }
        }
    }

    /// The truth about a row, and the row, brought in by somebody else.
    pub fn put(&mut self, at: At, truth: Truth) {
        let table = TableName::new("", &at.0.collection);
        if let Some(base) = self.bases.get_mut(&at.0.system) {
            base.rows.entry(table).or_default().insert(at.1.clone(), truth.before.clone());
        }
        self.truth.insert(at, truth);
    }

    /// Somebody else deletes a row.
    pub fn remove(&mut self, at: &At) {
        let table = TableName::new("", &at.0.collection);
        if let Some(rows) = self.bases.get_mut(&at.0.system).and_then(|b| b.rows.get_mut(&table)) {
            rows.remove(&at.1);
        }
        self.truth.remove(at);
    }

    /// Somebody else writes a cell.
    pub fn write(&mut self, at: &At, number: usize, parts: Vec<Part>) {
        let value = Value::Text(text(&parts));
        let table = TableName::new("", &at.0.collection);
        let rows = self.bases.get_mut(&at.0.system).and_then(|base| base.rows.get_mut(&table));
        let here = rows.and_then(|rows| rows.get_mut(&at.1)).and_then(|row| row.get_mut(number));
        let (Some(here), Some(truth)) = (here, self.truth.get_mut(at)) else { return };
        *here = value.clone();
        if let Some(before) = truth.before.get_mut(number) {
            *before = value;
        }
        if let Some(known) = truth.parts.get_mut(number) {
            *known = parts;
        }
        truth.stirred = true;
    }
}

/// A cell of a row by its column's name.
pub fn cell<'r>(collection: &Collection, row: &'r [Value], column: &str) -> Option<&'r Value> {
    let at = collection.fields.iter().position(|field| field.name == column)?;
    row.get(at)
}

/// The first day, counted since 1970, on which a minimum age keeps no longer.
fn end_of(from: Micros, keep: &Keep) -> i64 {
    let days = from.0.div_euclid(DAY);
    let count = i64::from(keep.period.count);
    match keep.period.unit {
        PeriodUnit::Days => days + count,
        PeriodUnit::Months | PeriodUnit::Years => {
            let (year, month, day) = civil(days);
            days_of(year + count, month, day)
        }
    }
}

/// Whether an erasure never touches a collection.
pub fn is_left_alone(collection: &Collection) -> bool {
    collection.skip.is_some() || matches!(collection.erase, EraseRows::Nothing(_))
}

/// Whether an erasure never touches a field.
pub fn is_left_as_it_is(field: &Field) -> bool {
    field.primary_key || matches!(field.erase, Some(EraseField::Keep(_)))
}
