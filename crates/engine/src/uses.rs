//! What the work does in one system, table by table: so that an account can be given exactly that,
//! and so that an index can be advised where a look-up would read a whole table.
//!
//! Computed from the map, the schedule of retention and the shape that the system has now, by the
//! same rules by which the work itself goes: the columns that a search reads, the fields that an
//! erasure may treat, the rows that a rule disposes of with everything that goes along.
//!
//! What is deliberately not here: rights and statements, which are the connector's.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Connector, Fold, How, Old, Probe, Use, merged};
use model::{Catalogue, IdentityKind, Table, TableName, Value};
use plan::retention::{Branch, Link, Old as TaskOld, Schedule};
use plan::{Exceptions, Graph, Place, Treatment, treatment};
use policy::{Collection, Disposal, EraseField, EraseRows, Field, Inference, System, Tie};

use crate::open::{Open, field_or_free_text};
use crate::retain::Making;

/// What is asked of one system.
#[derive(Debug, Default)]
pub struct Uses {
    /// What looking takes: discovery, which looks into everything, access, `status`.
    pub look: Vec<Use>,
    /// What requests and retention take, changes included.
    pub change: Vec<Use>,
    /// By what rows are looked up, and for what, in plain words.
    pub probes: BTreeMap<Probe, BTreeSet<String>>,
    /// Rules and collections that could not be reckoned with, and why.
    pub left_out: Vec<String>,
}

/// What uses are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The data map.
    pub systems: &'a [System],
    /// The system.
    pub system: &'a System,
    /// The rules of retention of all systems.
    pub schedule: &'a Schedule,
    /// Whether `status` looks at what stands in the tables, those that the map leaves out too.
    pub contents: bool,
}

impl Uses {
    /// Computes them. The connector is given back.
    pub fn of(
        asking: &Asking<'_>,
        catalogue: Catalogue,
        connector: Box<dyn Connector>,
    ) -> (Self, Box<dyn Connector>) {
        let open = Open { connector, catalogue };
        let mut work = Work { asking, open: &open, change: Vec::new(), uses: Self::default() };
        work.requests();
        work.retention();
        work.elsewhere();
        work.beyond_the_map();
        let Work { change, mut uses, .. } = work;
        uses.change = merged(change);
        uses.look = open.catalogue.tables.iter().map(everything).collect();
        (uses, open.connector)
    }
}

/// Every column, and samples of the rows.
fn everything(table: &Table) -> Use {
    let names = table.columns.iter().map(|column| column.name.as_str());
    Use { samples: true, ..Use::of(table.name.clone()).reading(names) }
}

struct Work<'w> {
    asking: &'w Asking<'w>,
    open: &'w Open,
    change: Vec<Use>,
    uses: Uses,
}

impl Work<'_> {
    /// Access, erasure and correction of one person.
    fn requests(&mut self) {
        let asking = self.asking;
        let graph = Graph::new(asking.systems);
        let corrected = corrected(asking.systems);
        for collection in asking.system.collections.iter().filter(|c| c.skip.is_none()) {
            let table = match self.open.table(collection) {
                Ok(table) => table,
                Err(error) => {
                    self.uses.left_out.push(format!("`{}`: {error}", collection.name));
                    continue;
                }
            };
            let has = |name: &&str| table.column(name).is_some();
            let place = Place::new(&asking.system.key, &collection.name);
            let mapped = collection.fields.iter().map(|field| field.name.as_str()).filter(has);
            let carried = graph.carried(&place).iter().map(String::as_str).filter(has);
            let kept = collection.keep.iter().map(|keep| keep.from.as_str()).filter(has);
            let mut used = Use::of(table.name.clone())
                .reading(Open::searched_columns(table, Some(collection)))
                .reading(mapped)
                .reading(carried)
                .reading(kept);
            if !table.is_view && !matches!(collection.erase, EraseRows::Nothing(_)) {
                used.sets = treated(collection, table);
                used.deletes = collection.erase == EraseRows::Delete;
                let of_this = corrected
                    .iter()
                    .filter(|path| path.0 == asking.system.key && path.1 == collection.name);
                let writable =
                    |name: &&String| table.column(name).is_some_and(|column| !column.generated);
                used.sets.extend(of_this.map(|path| &path.2).filter(writable).cloned());
            }
            self.look_ups(collection, table);
            self.change.push(used);
        }
    }

    /// By what rows of a collection are looked up.
    fn look_ups(&mut self, collection: &Collection, table: &Table) {
        let mut probes: Vec<(String, How, String)> = Vec::new();
        let mut add = |column: &str, how: How, why: String| {
            if table.column(column).is_some() {
                probes.push((column.to_owned(), how, why));
            }
        };
        for field in &collection.fields {
            match field.identity {
                Some(IdentityKind::Email | IdentityKind::UserName) => {
                    add(&field.name, How::Value(Fold::Case), "people are found by it".to_owned());
                }
                Some(IdentityKind::Phone) => {
                    add(&field.name, How::Value(Fold::Digits), "people are found by it".to_owned());
                }
                Some(IdentityKind::AccountId) => {
                    add(&field.name, How::Value(Fold::Exact), "people are found by it".to_owned());
                }
                // Nobody is looked up by a name alone.
                Some(IdentityKind::Name) | None => {}
            }
        }
        let key = &self.asking.system.key;
        let all = self.asking.systems.iter().flat_map(|system| {
            system.collections.iter().filter(|c| c.skip.is_none()).map(move |c| (system, c))
        });
        for (system, other) in all {
            for (field, reference) in references(other) {
                let travels_here = reference.travel != policy::Travel::There;
                let travels_there = reference.travel != policy::Travel::Here;
                let own = system.key == *key && other.name == collection.name;
                if own && travels_here {
                    let to = &reference.to;
                    let why = format!("rows of `{}.{}` lead to it", to.system, to.collection);
                    add(&field.name, How::Value(Fold::Exact), why);
                }
                let to = &reference.to;
                if to.system == *key && to.collection == collection.name && travels_there {
                    let why = format!("rows of `{}.{}` lead to it", system.key, other.name);
                    add(&to.field, How::Value(Fold::Exact), why);
                }
            }
        }
        for (column, how, why) in probes {
            self.probe(&table.name, &column, how, why);
        }
    }

    fn probe(&mut self, table: &TableName, column: &str, how: How, why: String) {
        let probe = Probe { table: table.clone(), column: column.to_owned(), how };
        self.uses.probes.entry(probe).or_default().insert(why);
    }

    /// What the rules dispose of here.
    fn retention(&mut self) {
        let except = Exceptions::default();
        let making = Making { open: self.open, system: self.asking.system, except: &except };
        for task in &self.asking.schedule.tasks {
            if task.place.system != self.asking.system.key {
                continue;
            }
            // One value stands for all of those that an event brings.
            let ready = match making.ready(task, &[Value::Int(0)]) {
                Ok(ready) => ready,
                Err(why) => {
                    self.uses.left_out.push(format!("the rule `{}`: {why}", task.id));
                    continue;
                }
            };
            for purge in &ready.purges {
                let due = &purge.due;
                match &task.method {
                    Disposal::Delete => {
                        let mut uses = Use::of_purge(due);
                        let divides = ready.partitions_by.is_some();
                        let own = uses.iter_mut().filter(|used| used.table == due.table);
                        own.for_each(|used| used.drops_partitions = divides);
                        self.change.extend(uses);
                    }
                    Disposal::Aggregate { by } => {
                        self.change.extend(Use::of_due(due));
                        let table = Use::of(due.table.clone()).reading(by);
                        self.change.push(Use { deletes: true, ..table });
                    }
                    method @ (Disposal::Anonymise | Disposal::Redact) => {
                        self.change.extend(Use::of_due(due));
                        let collection = self.asking.system.collection(&task.place.collection);
                        if let Some(collection) = collection {
                            let mut used = Use::of(due.table.clone());
                            used.sets = match method {
                                Disposal::Redact => redacted(collection, &ready.table),
                                _ => treated(collection, &ready.table),
                            };
                            used.reads.extend(used.sets.iter().cloned());
                            self.change.push(used);
                        }
                    }
                }
                match &due.old {
                    Old::Column { column, .. } => {
                        let why = format!("the rule `{}` counts from it", task.rule);
                        self.probe(&due.table, column, How::Age, why);
                    }
                    Old::OneOf { column, .. } => {
                        let why = format!("the rule `{}` finds its rows by it", task.rule);
                        self.probe(&due.table, column, How::Value(Fold::Exact), why);
                    }
                    Old::File { .. } => {}
                }
            }
            self.pointing(&task.place, &task.dependents, &task.referrers);
            for purge in ready.purges {
                self.declared(&purge.due.unless_referred);
            }
        }
    }

    /// Rows that go along, or that keep others, are looked up by what they point with.
    fn pointing(&mut self, to: &Place, dependents: &[Branch], referrers: &[Link]) {
        for link in dependents.iter().map(|branch| &branch.link).chain(referrers) {
            let collection = self.asking.system.collection(&link.place.collection);
            let table = collection.and_then(|c| self.open.table(c).ok());
            let Some((table, (column, _))) = table.zip(link.columns.first()) else { continue };
            if !table.is_view && table.column(column).is_some() {
                let why = format!("retention of `{to}` asks what points there");
                let name = table.name.clone();
                self.probe(&name, column, How::Value(Fold::Exact), why);
            }
        }
        for branch in dependents {
            self.pointing(&branch.link.place, &branch.dependents, &branch.referrers);
        }
    }

    /// References that the database enforces and the map does not know.
    fn declared(&mut self, referrers: &[connect::Referrer]) {
        for referrer in referrers {
            if let Some((column, _)) = referrer.columns.first() {
                let why = "retention asks what points there".to_owned();
                let probe = Probe {
                    table: referrer.table.clone(),
                    column: column.clone(),
                    how: How::Value(Fold::Exact),
                };
                let known = self.uses.probes.entry(probe).or_default();
                if known.is_empty() {
                    known.insert(why);
                }
            }
        }
    }

    /// Rules of other systems that count from a day here.
    fn elsewhere(&mut self) {
        for task in &self.asking.schedule.tasks {
            let TaskOld::Event { place, column, key, .. } = &task.old else { continue };
            if place.system != self.asking.system.key {
                continue;
            }
            let table = self.asking.system.collection(&place.collection);
            if let Some(table) = table.and_then(|collection| self.open.table(collection).ok()) {
                let name = table.name.clone();
                self.change.push(Use::of(name.clone()).reading([column, key]));
                self.probe(&name, column, How::Age, format!("`{}` counts from it", task.id));
                let why = format!("`{}` asks for all rows of an event", task.id);
                self.probe(&name, key, How::Value(Fold::Exact), why);
            }
        }
    }

    /// What the second search reads beside the map, and what `status` looks at.
    fn beyond_the_map(&mut self) {
        for table in self.open.unmapped(self.asking.system) {
            let texts = Open::searched_columns(table, None);
            if !texts.is_empty() {
                self.change.push(Use::of(table.name.clone()).reading(texts));
            }
        }
        if self.asking.contents {
            let tables = self.open.catalogue.tables.iter().filter(|table| !table.is_view);
            self.change.extend(tables.map(everything));
        }
    }
}

fn references(collection: &Collection) -> impl Iterator<Item = (&Field, &policy::Reference)> {
    let all = collection
        .fields
        .iter()
        .flat_map(|field| field.references.iter().map(move |reference| (field, reference)));
    all.filter(|(_, reference)| reference.inferred.as_ref().is_none_or(Inference::holds))
}

/// Columns that an erasure may set, whatever a row is to the person.
fn treated(collection: &Collection, table: &Table) -> BTreeSet<String> {
    let searched = Open::searched_columns(table, Some(collection));
    let ties = [Tie::Own, Tie::Authored, Tie::Shared, Tie::Mention];
    let columns = table.columns.iter().filter(|column| {
        let mapped = collection.field(&column.name).is_some();
        let field = field_or_free_text(collection, &column.name);
        !column.generated
            && (mapped || column.data_type.bears_text())
            && !field.primary_key
            && !table.primary_key.contains(&column.name)
            && ties.into_iter().any(|tie| match treatment(collection, &field, tie, true) {
                Treatment::Leave => false,
                Treatment::Clear(_) => true,
                Treatment::TakeOut { .. } => searched.contains(&column.name),
            })
    });
    columns.map(|column| column.name.clone()).collect()
}

/// Columns out of whose text retention takes names.
fn redacted(collection: &Collection, table: &Table) -> BTreeSet<String> {
    let columns = table.columns.iter().filter(|column| {
        let field = field_or_free_text(collection, &column.name);
        let meant = field.free_text || field.erase == Some(EraseField::Redact);
        meant
            && column.data_type.bears_text()
            && !column.generated
            && !table.primary_key.contains(&column.name)
    });
    columns.map(|column| column.name.clone()).collect()
}

/// Fields that a correction may set, by system, collection and name: what is somebody's, and what
/// leads there by the same value.
fn corrected(systems: &[System]) -> BTreeSet<(String, String, String)> {
    let mut fields = BTreeSet::new();
    let takes = |collection: &Collection, field: &Field| {
        !matches!(collection.erase, EraseRows::Nothing(_))
            && !matches!(field.erase, Some(EraseField::Keep(_)))
    };
    for system in systems {
        for collection in system.collections.iter().filter(|c| c.skip.is_none()) {
            for field in collection.fields.iter().filter(|field| takes(collection, field)) {
                let follows = field.references.iter().any(|reference| {
                    let to = &reference.to;
                    reference.inferred.as_ref().is_none_or(Inference::holds)
                        && systems
                            .iter()
                            .find(|system| system.key == to.system)
                            .and_then(|system| system.collection(&to.collection))
                            .and_then(|collection| collection.field(&to.field))
                            .is_some_and(is_somebodys)
                });
                if is_somebodys(field) || follows {
                    fields.insert((
                        system.key.clone(),
                        collection.name.clone(),
                        field.name.clone(),
                    ));
                }
            }
        }
    }
    fields
}

fn is_somebodys(field: &Field) -> bool {
    field.identity.is_some() && field.identity != Some(IdentityKind::AccountId)
        || field.is_personal()
}
