//! The rows found so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use model::{RowKey, Value};
use policy::Tie;
use serde::{Deserialize, Serialize, Serializer};

use crate::Place;
use crate::index::Index;

/// A row that has to do with the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRow {
    /// What it is to the person.
    pub tie: Tie,
    /// By what it was found: `ticketing.users.email`, or `text`.
    #[serde(with = "crate::shared")]
    pub by: Arc<str>,
    /// The values that lead on from here, in the order of the place's carried columns.
    pub carried: Vec<Value>,
    /// The fields whose text names the person.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub named_in: BTreeSet<String>,
    /// The rule that keeps it, once that is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<crate::KeptUntil>,
}

/// The rows of one place, by key.
///
/// Most places hold one row, and a map makes room for eleven.
#[derive(Debug, Clone, Default)]
pub struct RowsOfPlace {
    /// INVARIANT: nothing, where there are more.
    one: Option<(RowKey, FoundRow)>,
    more: BTreeMap<RowKey, FoundRow>,
}

impl RowsOfPlace {
    /// The rows, in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&RowKey, &FoundRow)> {
        self.one.iter().map(|(key, row)| (key, row)).chain(&self.more)
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &RowKey> {
        self.iter().map(|(key, _)| key)
    }

    /// The rows without their keys, in key order.
    pub fn values(&self) -> impl Iterator<Item = &FoundRow> {
        self.iter().map(|(_, row)| row)
    }

    /// One row.
    pub fn get(&self, key: &RowKey) -> Option<&FoundRow> {
        match &self.one {
            Some((known, row)) => (known == key).then_some(row),
            None => self.more.get(key),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        usize::from(self.one.is_some()) + self.more.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.one.is_none() && self.more.is_empty()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&RowKey, &mut FoundRow)> {
        self.one.iter_mut().map(|(key, row)| (&*key, row)).chain(&mut self.more)
    }

    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&FoundRow) -> bool) {
        self.one.take_if(|(_, row)| !stays(row));
        self.more.retain(|_, row| stays(row));
    }

    /// Adds rows whose keys are not known yet.
    pub(crate) fn add_unknown(&mut self, rows: Self) {
        for (key, row) in rows.one.into_iter().chain(rows.more) {
            if self.get(&key).is_none() {
                self.add(key, row);
            }
        }
    }

    /// Adds a row or brings a known one closer. Returns whether anything is new.
    fn add(&mut self, key: RowKey, row: FoundRow) -> bool {
        let known = match &mut self.one {
            Some((known, row)) if *known == key => Some(row),
            Some(_) => {
                self.more.extend(self.one.take());
                None
            }
            None => self.more.get_mut(&key),
        };
        let Some(known) = known else {
            if self.more.is_empty() {
                self.one = Some((key, row));
            } else {
                self.more.insert(key, row);
            }
            return true;
        };
        known.named_in.extend(row.named_in);
        let closer = row.tie < known.tie;
        if closer {
            known.tie = row.tie;
            known.by = row.by;
        }
        closer
    }
}

impl<'r> IntoIterator for &'r RowsOfPlace {
    type Item = (&'r RowKey, &'r FoundRow);
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'r>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl PartialEq for RowsOfPlace {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for RowsOfPlace {}

impl Serialize for RowsOfPlace {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

/// Rows by place and key.
///
/// Serialised as a list, because JSON has no maps with such keys.
///
/// While rows are found a place is looked up for every outcome, and nobody asks for an order; once
/// everything is found the places are gone through in their order. So they stand as they came, and
/// are put in order when that is asked for first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<Flat>")]
pub struct Rows {
    places: Vec<(Place, RowsOfPlace)>,
    /// Where each place stands.
    at: Index<Place>,
    /// The places in order. INVARIANT: empty, or as long as `places`.
    order: OnceLock<Vec<usize>>,
}

#[derive(Deserialize)]
struct Flat {
    place: Place,
    rows: Vec<(RowKey, FoundRow)>,
}

impl From<Vec<Flat>> for Rows {
    fn from(flat: Vec<Flat>) -> Self {
        let mut all = Self::default();
        for Flat { place, rows } in flat {
            if let Some(known) = all.of(&place) {
                for (key, row) in rows {
                    known.add(key, row);
                }
            }
        }
        all
    }
}

/// Written down without a copy of any row: a case is written down after every step.
impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct FlatRef<'r> {
            place: &'r Place,
            rows: &'r RowsOfPlace,
        }
        to.collect_seq(self.places().map(|(place, rows)| FlatRef { place, rows }))
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.places().eq(other.places())
    }
}

impl Eq for Rows {}

impl Rows {
    /// The rows of one place, in key order.
    pub fn at(&self, place: &Place) -> impl Iterator<Item = (&RowKey, &FoundRow)> {
        self.known(place).into_iter().flatten()
    }

    /// One row.
    pub fn get(&self, place: &Place, key: &RowKey) -> Option<&FoundRow> {
        self.known(place)?.get(key)
    }

    /// Places with rows, in order.
    pub fn places(&self) -> impl Iterator<Item = (&Place, &RowsOfPlace)> {
        self.stand(self.order())
    }

    /// Places of one system with rows, in order.
    pub fn of_system(&self, system: &str) -> impl Iterator<Item = (&Place, &RowsOfPlace)> {
        let order = self.order();
        let name = |at: &usize| self.places.get(*at).map_or("", |(place, _)| &place.system);
        let begin = order.partition_point(|at| name(at) < system);
        let order = order.get(begin..).unwrap_or_default();
        let end = order.partition_point(|at| name(at) == system);
        self.stand(order.get(..end).unwrap_or_default())
    }

    fn stand<'r>(
        &'r self,
        order: &'r [usize],
    ) -> impl Iterator<Item = (&'r Place, &'r RowsOfPlace)> {
        let places = order.iter().filter_map(|&at| self.places.get(at));
        places.filter(|(_, rows)| !rows.is_empty()).map(|(place, rows)| (place, rows))
    }

    fn order(&self) -> &[usize] {
        self.order.get_or_init(|| {
            // The names beside each other: the sort reads each of them a dozen times.
            let places = self.places.iter().enumerate();
            let mut order: Vec<_> = places.map(|(at, (place, _))| (place.names(), at)).collect();
            order.sort_unstable();
            order.into_iter().map(|(_, at)| at).collect()
        })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.places.iter().map(|(_, rows)| rows.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.iter().all(|(_, rows)| rows.is_empty())
    }

    fn known(&self, place: &Place) -> Option<&RowsOfPlace> {
        let (_, rows) = self.places.get(*self.at.get(place)?)?;
        Some(rows)
    }

    /// The rows of a place, which is made if it is new.
    pub(crate) fn of(&mut self, place: &Place) -> Option<&mut RowsOfPlace> {
        let at = match self.at.get(place) {
            Some(&at) => at,
            None => {
                self.at.insert(place.clone(), self.places.len());
                self.places.push((place.clone(), RowsOfPlace::default()));
                self.order.take();
                self.places.len() - 1
            }
        };
        self.places.get_mut(at).map(|(_, rows)| rows)
    }

    /// Every place with its rows, in no order that means anything.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = (&Place, &mut RowsOfPlace)> {
        self.places.iter_mut().map(|(place, rows)| (&*place, rows))
    }

    /// Gives the rows up, place by place, in no order that means anything.
    pub(crate) fn into_places(self) -> impl Iterator<Item = (Place, RowsOfPlace)> {
        self.places.into_iter()
    }

    /// Adds a row or brings a known one closer. Returns whether anything is new, so that the row
    /// must lead on (again).
    pub(crate) fn add(&mut self, place: &Place, key: RowKey, row: FoundRow) -> bool {
        self.of(place).is_some_and(|rows| rows.add(key, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: i64) -> RowKey {
        RowKey(vec![number.into()])
    }

    fn row(tie: Tie) -> FoundRow {
        let by = format!("{tie:?}").into();
        FoundRow { tie, by, carried: Vec::new(), named_in: BTreeSet::new(), kept: None }
    }

    fn told(rows: &RowsOfPlace) -> Vec<(RowKey, Tie)> {
        rows.iter().map(|(key, row)| (key.clone(), row.tie)).collect()
    }

    #[test]
    fn one_row_and_many_are_added_brought_closer_and_let_go_alike() {
        let mut rows = RowsOfPlace::default();
        let mut expected: BTreeMap<RowKey, Tie> = BTreeMap::new();
        for (number, tie, new) in [
            (5, Tie::Shared, true),
            (5, Tie::Mention, false),
            (5, Tie::Authored, true),
            (3, Tie::Own, true),
            (5, Tie::Own, true),
            (9, Tie::Mention, true),
            (3, Tie::Own, false),
        ] {
            assert_eq!(rows.add(key(number), row(tie)), new, "{number} {tie:?}");
            let known = expected.entry(key(number)).or_insert(tie);
            *known = tie.min(*known);
            assert_eq!(told(&rows), expected.clone().into_iter().collect::<Vec<_>>());
            assert_eq!((rows.len(), rows.is_empty()), (expected.len(), false));
            let found = rows.get(&key(number)).unwrap();
            assert_eq!(*found.by, format!("{:?}", found.tie), "what brought it closest");
        }
        assert!(rows.get(&key(4)).is_none());
        rows.retain(|row| row.tie == Tie::Mention);
        assert_eq!(told(&rows), [(key(9), Tie::Mention)]);
        rows.add(key(1), row(Tie::Own));
        assert_eq!(told(&rows), [(key(1), Tie::Own), (key(9), Tie::Mention)]);
        rows.retain(|_| false);
        assert!(rows.is_empty());
    }

    #[test]
    fn places_are_in_order_however_they_came() {
        let mut rows = Rows::default();
        for (count, name) in ["b.y", "a.z", "b.x", "ab.a", "a.a", "c.a", "b.z"].iter().enumerate() {
            let (system, collection) = name.split_once('.').unwrap();
            rows.add(&Place::new(system, collection), key(7), row(Tie::Own));
            assert_eq!(rows.places().count(), count + 1, "the order is made anew");
        }
        let names = |places: &mut dyn Iterator<Item = (&Place, &RowsOfPlace)>| {
            places.map(|(place, _)| place.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(&mut rows.places()), "a.a a.z ab.a b.x b.y b.z c.a");
        for (system, expected) in
            [("a", "a.a a.z"), ("ab", "ab.a"), ("b", "b.x b.y b.z"), ("aa", ""), ("d", "")]
        {
            assert_eq!(names(&mut rows.of_system(system)), expected, "{system}");
        }
        let written = serde_json::to_string(&rows).unwrap();
        let read: Rows = serde_json::from_str(&written).unwrap();
        assert_eq!(read, rows);
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
    }
}
