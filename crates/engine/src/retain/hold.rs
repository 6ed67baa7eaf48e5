//! Holds of clients and records, resolved to rows: the rows themselves, and everything that refers
//! to them, from parent to child, through all systems.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Fold, Lookup, Match};
use model::{RowKey, Value};
use plan::Place;
use policy::{Collection, FieldPath, Inference, Reference, System};

use crate::driver::Progress;
use crate::find::conditions;
use crate::open::{Open, Systems};
use crate::retain::Opened;

/// So many values are asked for at once.
const VALUES: usize = 5_000;

/// Rows, by place.
pub type HeldRows = BTreeMap<Place, BTreeSet<RowKey>>;

/// What a hold came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The rows that it keeps.
    pub rows: HeldRows,
    /// Systems in which it could not be looked up, and why: nothing may go there.
    pub not_reached: BTreeMap<String, String>,
}

/// Resolves holds in the systems of one policy.
pub struct Resolver<'r> {
    /// The data map.
    pub systems: &'r [System],
    /// Opens them.
    pub reach: &'r dyn Systems,
    /// Where progress is told.
    pub progress: &'r dyn Progress,
}

/// Where the search begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// Rows whose field holds this value.
    Field(FieldPath, String),
    /// The row with this key, its parts with commas between them.
    Record(Place, String),
}

/// Rows with the values that they brought back, by column.
type Found = Vec<(RowKey, BTreeMap<String, Value>)>;

/// Rows of one place with the values of the columns that others refer to.
type Wave = BTreeMap<Place, Vec<BTreeMap<String, Value>>>;

impl Resolver<'_> {
    /// The rows of these roots and all that refers to them.
    pub async fn resolve(&self, roots: &[Root]) -> Resolved {
        let mut opened = Opened::default();
        let mut resolved = Resolved::default();
        let mut wave = Wave::new();
        for root in roots {
            let (place, field, value) = match root {
                Root::Field(path, value) => {
                    let place = Place::new(&path.system, &path.collection);
                    (place, Some(path.field.clone()), value.clone())
                }
                Root::Record(place, key) => (place.clone(), None, key.clone()),
            };
            let Some(collection) = self.collection(&place) else { continue };
            self.progress.step(&place.system, "looking for what is held");
            let found = match opened.get(self.reach, &place.system).await {
                Ok(open) => {
                    let asked = Asked { open, collection, columns: self.referred(&place) };
                    asked.root(field.as_deref(), &value).await.map_err(|error| error.to_string())
                }
                Err(why) => Err(why),
            };
            note(&mut resolved, &mut wave, &place, found);
        }
        while !wave.is_empty() {
            let mut next = Wave::new();
            for system in self.systems {
                for collection in system.collections.iter().filter(|c| c.skip.is_none()) {
                    let place = Place::new(&system.key, &collection.name);
                    for (field, reference) in references(collection) {
                        let to = Place::new(&reference.to.system, &reference.to.collection);
                        let Some(parents) = wave.get(&to) else { continue };
                        let found = match opened.get(self.reach, &system.key).await {
                            Ok(open) => {
                                let columns = self.referred(&place);
                                let asked = Asked { open, collection, columns };
                                asked
                                    .children(field, reference, parents)
                                    .await
                                    .map_err(|error| error.to_string())
                            }
                            Err(why) => Err(why),
                        };
                        note(&mut resolved, &mut next, &place, found);
                    }
                }
            }
            wave = next;
        }
        opened.close().await;
        resolved
    }

    fn collection(&self, place: &Place) -> Option<&Collection> {
        let system = self.systems.iter().find(|system| system.key == place.system)?;
        system.collection(&place.collection)
    }

    /// The columns of a place that others refer to.
    fn referred(&self, place: &Place) -> Vec<String> {
        let all = self.systems.iter().flat_map(|system| &system.collections);
        let mut columns = BTreeSet::new();
        for (_, reference) in all.flat_map(references) {
            if reference.to.system == place.system && reference.to.collection == place.collection {
                columns.insert(reference.to.field.clone());
                columns.extend(reference.also.iter().map(|also| also.there.clone()));
            }
        }
        columns.into_iter().collect()
    }
}

/// The references of a collection that hold.
fn references(collection: &Collection) -> impl Iterator<Item = (&str, &Reference)> {
    let all = collection.fields.iter().flat_map(|field| {
        field.references.iter().map(move |reference| (field.name.as_str(), reference))
    });
    all.filter(|(_, reference)| reference.inferred.as_ref().is_none_or(Inference::holds))
}

/// Takes rows in; those that are new lead on.
fn note(resolved: &mut Resolved, wave: &mut Wave, place: &Place, found: Result<Found, String>) {
    match found {
        Ok(rows) => {
            for (key, values) in rows {
                if resolved.rows.entry(place.clone()).or_default().insert(key) {
                    wave.entry(place.clone()).or_default().push(values);
                }
            }
        }
        Err(why) => {
            resolved.not_reached.insert(place.system.clone(), why);
        }
    }
}

/// One collection that is asked for rows.
struct Asked<'a> {
    open: &'a Open,
    collection: &'a Collection,
    /// What the rows bring back.
    columns: Vec<String>,
}

impl Asked<'_> {
    async fn root(&self, field: Option<&str>, value: &str) -> connect::Result<Found> {
        if let Some(field) = field {
            return self.find(field, vec![Value::from(value)], &[], |_| true).await;
        }
        let key = self.open.connector.row_key(self.open.table(self.collection)?);
        let parts: Vec<&str> = value.split(',').map(str::trim).collect();
        let (Some(column), Some(first)) = (key.first(), parts.first()) else {
            return Ok(Vec::new());
        };
        let whole = |row: &RowKey| {
            let texts = row.0.iter().map(Value::to_plain_text);
            row.0.len() == parts.len()
                && texts.zip(&parts).all(|(text, part)| text.as_deref() == Some(*part))
        };
        let mut found = self.find(column, vec![Value::from(*first)], &[], |_| true).await?;
        found.retain(|(row, _)| whole(row));
        Ok(found)
    }

    /// The rows that refer to these.
    async fn children(
        &self,
        field: &str,
        reference: &Reference,
        parents: &[BTreeMap<String, Value>],
    ) -> connect::Result<Found> {
        let pairs: Vec<(&str, &str)> =
            reference.also.iter().map(|also| (also.here.as_str(), also.there.as_str())).collect();
        let there = |parent: &BTreeMap<String, Value>| -> Vec<Option<String>> {
            std::iter::once(reference.to.field.as_str())
                .chain(pairs.iter().map(|(_, there)| *there))
                .map(|column| parent.get(column).and_then(Value::to_plain_text))
                .collect()
        };
        let wanted: BTreeSet<Vec<Option<String>>> = parents.iter().map(there).collect();
        let here: Vec<&str> =
            std::iter::once(field).chain(pairs.iter().map(|(here, _)| *here)).collect();
        let values: BTreeSet<Value> = parents
            .iter()
            .filter_map(|parent| parent.get(&reference.to.field))
            .filter(|value| !value.is_null())
            .cloned()
            .collect();
        let fits = |row: &BTreeMap<String, Value>| {
            let mine: Vec<Option<String>> =
                here.iter().map(|column| row.get(*column).and_then(Value::to_plain_text)).collect();
            wanted.contains(&mine)
        };
        let mut found = Vec::new();
        let values: Vec<Value> = values.into_iter().collect();
        for values in values.chunks(VALUES) {
            found.extend(self.find(field, values.to_vec(), &reference.when, &fits).await?);
        }
        Ok(found)
    }

    async fn find(
        &self,
        column: &str,
        values: Vec<Value>,
        when: &[policy::When],
        fits: impl Fn(&BTreeMap<String, Value>) -> bool + Send + Sync,
    ) -> connect::Result<Found> {
        let table = self.open.table(self.collection)?;
        let mut columns = self.columns.clone();
        // What a reference compares is among what is read.
        let own = self.collection.fields.iter().filter(|field| !field.references.is_empty());
        let also = own.clone().flat_map(|field| &field.references).flat_map(|r| &r.also);
        let names = own.map(|field| &field.name).chain(also.map(|also| &also.here));
        for name in names {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        let lookup = Lookup {
            table: table.name.clone(),
            by: Match::Column { column: column.to_owned(), any_of: values, fold: Fold::Exact },
            when: conditions(when),
            columns: columns.clone(),
        };
        let mut found = Vec::new();
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                let values: BTreeMap<String, Value> =
                    columns.iter().cloned().zip(row.values).collect();
                if fits(&values) {
                    found.push((row.key, values));
                }
            }
            Ok(())
        };
        self.open.connector.find(&lookup, &mut sink).await?;
        Ok(found)
    }
}
