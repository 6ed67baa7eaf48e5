//! The rows found so far.

use std::collections::{BTreeMap, BTreeSet};

use model::{RowKey, Value};
use policy::Tie;
use serde::{Deserialize, Serialize, Serializer};

/// A collection of a system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The system's key.
    pub system: String,
    /// The collection's name.
    pub collection: String,
}

impl Place {
    /// A place by its two names.
    pub fn new(system: impl Into<String>, collection: impl Into<String>) -> Self {
        Self { system: system.into(), collection: collection.into() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.system, self.collection)
    }
}

/// A row that has to do with the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRow {
    /// What it is to the person.
    pub tie: Tie,
    /// By what it was found: `ticketing.users.email`, or `text`.
    pub by: String,
    /// The values that lead on from here, in the order of the place's carried columns.
    pub carried: Vec<Value>,
    /// The fields whose text names the person.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub named_in: BTreeSet<String>,
    /// The rule that keeps it, once that is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<crate::KeptUntil>,
}

/// Rows by place and key.
///
/// Serialised as a list, because JSON has no maps with such keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<Flat>")]
pub struct Rows(pub(crate) BTreeMap<Place, BTreeMap<RowKey, FoundRow>>);

#[derive(Deserialize)]
struct Flat {
    place: Place,
    rows: Vec<(RowKey, FoundRow)>,
}

impl From<Vec<Flat>> for Rows {
    fn from(flat: Vec<Flat>) -> Self {
        Self(flat.into_iter().map(|f| (f.place, f.rows.into_iter().collect())).collect())
    }
}

/// Written down without a copy of any row: a case is written down after every step.
impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct FlatRef<'r> {
            place: &'r Place,
            rows: Vec<(&'r RowKey, &'r FoundRow)>,
        }
        to.collect_seq(
            self.0.iter().map(|(place, rows)| FlatRef { place, rows: rows.iter().collect() }),
        )
    }
}

impl Rows {
    /// The rows of one place, in key order.
    pub fn at(&self, place: &Place) -> impl Iterator<Item = (&RowKey, &FoundRow)> {
        self.0.get(place).into_iter().flatten()
    }

    /// One row.
    pub fn get(&self, place: &Place, key: &RowKey) -> Option<&FoundRow> {
        self.0.get(place)?.get(key)
    }

    /// Places with rows, in order.
    pub fn places(&self) -> impl Iterator<Item = (&Place, &BTreeMap<RowKey, FoundRow>)> {
        self.0.iter().filter(|(_, rows)| !rows.is_empty())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(BTreeMap::is_empty)
    }

    /// Adds a row or brings a known one closer. Returns whether anything is new, so that the row
    /// must lead on (again).
    pub(crate) fn add(&mut self, place: &Place, key: RowKey, row: FoundRow) -> bool {
        let rows = self.0.entry(place.clone()).or_default();
        match rows.entry(key) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(row);
                true
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.named_in.extend(row.named_in);
                if row.tie < known.tie {
                    known.tie = row.tie;
                    known.by = row.by;
                    true
                } else {
                    false
                }
            }
        }
    }
}
