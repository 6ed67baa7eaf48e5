//! Legal holds: what must stay whatever a rule or a request says, why, and until when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::{Identity, Micros, RowKey};
use serde::{Deserialize, Serialize};

use crate::Place;

/// A day of the calendar (`2026-01-31`).
pub type Day = Date;

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its number.
    pub id: String,
    /// What is held.
    pub what: Held,
    /// Why, in words that plans and certificates repeat: names of people do not belong here.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when.
    pub begun: Micros,
    /// The last day on which it holds; `None` until it is lifted.
    pub ends: Option<Date>,
    /// Why it was lifted, once it was.
    #[serde(default)]
    pub lifted: Option<String>,
}

/// What a hold keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// Everything about a person, wherever it is found.
    Person(Vec<Identity>),
    /// Everything about a client (its key) and what belongs to it.
    Client(String),
    /// A whole system.
    System(String),
    /// A whole collection.
    Collection(Place),
    /// One record, by its key as a person writes it, and what belongs to it.
    Record(Place, String),
}

impl Hold {
    /// Whether it still holds on this day: its last day is a day on which it holds.
    pub fn holds_on(&self, today: Date) -> bool {
        self.ends.is_none_or(|last| today <= last)
    }

    /// The reason for which a row stays, as plans and certificates say it.
    pub fn because(&self) -> String {
        let short = self.id.get(..8).unwrap_or(&self.id);
        format!("legal hold {short}: {}", self.reason.trim().trim_end_matches('.'))
    }
}

/// A reason for which something stays, and the last day of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excepted {
    /// Why, in words that may be shown.
    pub because: String,
    /// The last day; `None` until somebody decides.
    pub last_day: Option<Date>,
}

impl Excepted {
    /// The same as a row of a request is told to be kept.
    pub(crate) fn kept(&self) -> crate::KeptUntil {
        let first = self.last_day.and_then(|last| last.tomorrow().ok());
        crate::KeptUntil { until: first.map(|day| day.to_string()), because: self.because.clone() }
    }
}

/// What stays whatever its age: holds, resolved to places and rows, and the marks of people who
/// asked for restriction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions {
    systems: BTreeMap<String, Excepted>,
    collections: BTreeMap<Place, Excepted>,
    rows: BTreeMap<Place, BTreeMap<RowKey, Excepted>>,
}

impl Exceptions {
    /// Nothing of this system goes.
    pub fn system(&mut self, key: &str, why: Excepted) {
        longest(self.systems.entry(key.to_owned()).or_insert_with(|| why.clone()), why);
    }

    /// Nothing of this collection goes.
    pub fn collection(&mut self, place: &Place, why: Excepted) {
        longest(self.collections.entry(place.clone()).or_insert_with(|| why.clone()), why);
    }

    /// This row stays.
    pub fn row(&mut self, place: &Place, key: RowKey, why: Excepted) {
        let rows = self.rows.entry(place.clone()).or_default();
        longest(rows.entry(key).or_insert_with(|| why.clone()), why);
    }

    /// Why a whole place stays, if it does.
    pub fn place(&self, place: &Place) -> Option<&Excepted> {
        self.systems.get(&place.system).or_else(|| self.collections.get(place))
    }

    /// The rows of a place that stay.
    pub fn rows(&self, place: &Place) -> impl Iterator<Item = &RowKey> {
        self.rows.get(place).into_iter().flat_map(BTreeMap::keys)
    }

    /// Why this row stays, if it does.
    pub fn why(&self, place: &Place, key: &RowKey) -> Option<&Excepted> {
        self.place(place).or_else(|| self.rows.get(place)?.get(key))
    }

    /// Every reason, once.
    pub fn reasons(&self) -> BTreeSet<&str> {
        let rows = self.rows.values().flat_map(BTreeMap::values);
        let all = self.systems.values().chain(self.collections.values()).chain(rows);
        all.map(|why| why.because.as_str()).collect()
    }

    /// The reasons that keep something in this place.
    pub fn reasons_at(&self, place: &Place) -> BTreeSet<&str> {
        let rows = self.rows.get(place).into_iter().flat_map(BTreeMap::values);
        self.place(place).into_iter().chain(rows).map(|why| why.because.as_str()).collect()
    }

    /// Whether nothing is excepted.
    pub fn is_empty(&self) -> bool {
        self.systems.is_empty() && self.collections.is_empty() && self.rows.is_empty()
    }
}

/// Of two reasons the one that lasts longer counts.
fn longest(known: &mut Excepted, other: Excepted) {
    let last = |why: &Excepted| why.last_day.unwrap_or(Date::MAX);
    if last(&other) > last(known) {
        *known = other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_holds_on_its_last_day_and_not_after_it() {
        let mut hold = Hold {
            id: "4f0c12ab99".into(),
            what: Held::System("billing".into()),
            reason: "Case 12/2026.".into(),
            owner: "legal".into(),
            begun: Micros(0),
            ends: Some("2026-11-23".parse().unwrap()),
            lifted: None,
        };
        for (day, holds) in [("2026-11-22", true), ("2026-11-23", true), ("2026-11-24", false)] {
            assert_eq!(hold.holds_on(day.parse().unwrap()), holds, "{day}");
        }
        hold.ends = None;
        assert!(hold.holds_on(Date::MAX));
        assert_eq!(hold.because(), "legal hold 4f0c12ab: Case 12/2026");
    }

    #[test]
    fn the_longest_reason_counts_and_a_whole_place_counts_for_its_rows() {
        let why = |because: &str, day: Option<&str>| Excepted {
            because: because.into(),
            last_day: day.map(|day| day.parse().unwrap()),
        };
        let (here, key) = (Place::new("crm", "contacts"), RowKey(vec![7.into()]));
        let mut except = Exceptions::default();
        except.row(&here, key.clone(), why("a", Some("2026-01-01")));
        except.row(&here, key.clone(), why("b", Some("2027-01-01")));
        except.row(&here, key.clone(), why("c", Some("2026-06-01")));
        assert_eq!(except.why(&here, &key).unwrap().because, "b");
        assert_eq!(except.why(&here, &RowKey(vec![8.into()])), None);
        except.system("crm", why("all", None));
        assert_eq!(except.why(&here, &RowKey(vec![8.into()])).unwrap().because, "all");
        assert_eq!(except.reasons_at(&here).len(), 2);
    }
}
