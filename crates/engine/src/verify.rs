//! The second search: a way of its own to the same answer, so that a mistake of the first one
//! cannot hide itself. Every text is read once for all the people who were erased together.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Scan};
use detect::{Mention, Scratch, Searcher, Strength};
use model::{Row, RowKey, Table, Value, planted};
use plan::{Case, Compare, FoundRow, Graph, Place, Remaining, SearchPlace, Treatment, treatment};
use policy::{Collection, System};

use crate::change::bare_names_count;
use crate::find::{Question, find, read_rows};
use crate::open::{Open, field_or_free_text, searched_bytes};
use crate::subject::{Subject, many};

/// A person who was erased.
pub(crate) struct Erased<'a> {
    pub(crate) case: &'a Case,
    pub(crate) subject: &'a Subject,
}

/// What a second search of a system needs to know.
pub(crate) struct Again<'a> {
    pub(crate) graph: &'a Graph<'a>,
    pub(crate) map: &'a System,
    pub(crate) places: &'a [SearchPlace],
    pub(crate) people: &'a [Erased<'a>],
    pub(crate) country_code: Option<&'a str>,
    pub(crate) progress: &'a (dyn Fn(u64) + Send + Sync),
}

/// Every place of a system that still names each person, kept ones included; the planner knows
/// which are. Of those whose texts are left unread, their own rows are read again and no others.
pub(crate) async fn verify(open: &Open, again: &Again<'_>) -> connect::Result<Vec<Vec<Remaining>>> {
    let mut look = Look::new(again);
    for place in again.places {
        let at = Place::new(&again.map.key, &place.collection);
        let Some(collection) = again.graph.collection(&at) else { continue };
        look.by_identity(open, &at, collection).await?;
        let table = open.table(collection)?;
        let texts = Open::searched_columns(table, Some(collection));
        if texts.is_empty() {
            continue;
        }
        let mut there = There::new(&mut look, &at, collection, texts.clone());
        if again.people.iter().any(|one| !one.case.is_by_reference()) {
            let scan = Scan { table: table.name.clone(), columns: texts, sample: None };
            open.connector.scan(&scan, &mut |batch: Batch| there.batch(batch)).await?;
        } else {
            let keys: Vec<RowKey> = there.known.keys().map(|key| (*key).clone()).collect();
            read_rows(open, table, keys, texts, &mut |batch: Batch| there.batch(batch)).await?;
        }
    }
    if look.anybody_everywhere && !planted::bug("unmapped_tables_are_not_looked_at") {
        for table in open.unmapped(again.map) {
            look.unmapped(open, table).await?;
        }
    }
    Ok(look.remaining.into_iter().map(|left| left.into_iter().collect()).collect())
}

/// The search of one system.
struct Look<'a> {
    again: &'a Again<'a>,
    /// Finds each of those whose texts are read, by their place in `people`.
    everywhere: Searcher,
    anybody_everywhere: bool,
    remaining: Vec<BTreeSet<Remaining>>,
    scratch: Scratch,
    found: Vec<Mention>,
}

impl<'a> Look<'a> {
    fn new(again: &'a Again<'a>) -> Self {
        let terms: Vec<Vec<plan::LearnedTerm>> = again
            .people
            .iter()
            .map(|one| {
                let terms = one.case.terms().iter().filter(|term| !term.near_only);
                let read = !one.case.is_by_reference();
                terms.filter(|_| read).cloned().collect()
            })
            .collect();
        let slices: Vec<&[plan::LearnedTerm]> = terms.iter().map(Vec::as_slice).collect();
        Self {
            again,
            everywhere: many(&slices, again.country_code),
            anybody_everywhere: again.people.iter().any(|one| !one.case.is_by_reference()),
            remaining: again.people.iter().map(|_| BTreeSet::new()).collect(),
            scratch: Scratch::default(),
            found: Vec::new(),
        }
    }

    fn left(&mut self, person: usize, collection: &str, field: &str, key: &RowKey) {
        if let Some(remaining) = self.remaining.get_mut(person) {
            remaining.insert(Remaining {
                collection: collection.to_owned(),
                field: field.to_owned(),
                key: key.clone(),
            });
        }
    }

    /// Looks the people up once more by what the request gave.
    async fn by_identity(
        &mut self,
        open: &Open,
        at: &Place,
        collection: &Collection,
    ) -> connect::Result<()> {
        let Again { graph, people, country_code, .. } = *self.again;
        for field in &collection.fields {
            let Some(kind) = field.identity else { continue };
            let given = |one: &Erased<'_>| {
                let given = one.case.request.identities.iter().filter(|i| i.kind == kind);
                given.map(|i| Value::from(i.value.expose().as_str())).collect()
            };
            let asked: Vec<Vec<Value>> = people.iter().map(given).collect();
            if asked.iter().all(Vec::is_empty) {
                continue;
            }
            let asked: Vec<&[Value]> = asked.iter().map(Vec::as_slice).collect();
            let question = Question {
                place: at,
                field: &field.name,
                compare: Compare::As(kind),
                when: &[],
                carry: &[],
            };
            let found = find(open, graph, question, &asked, country_code).await?;
            for (person, rows) in found.into_iter().enumerate() {
                for row in rows {
                    self.left(person, &at.collection, &field.name, &row.key);
                }
            }
        }
        Ok(())
    }

    /// A table that appeared since the map was written, or a view that may hold a copy of its own:
    /// what names a person there was neither planned nor erased, and must not pass for complete.
    async fn unmapped(&mut self, open: &Open, table: &Table) -> connect::Result<()> {
        let texts = Open::searched_columns(table, None);
        if texts.is_empty() {
            return Ok(());
        }
        let name = table.name.to_string();
        let scan = Scan { table: table.name.clone(), columns: texts.clone(), sample: None };
        let mut sink = |batch: Batch| {
            (self.again.progress)(batch.0.len() as u64);
            for row in batch.0 {
                for (column, value) in texts.iter().zip(&row.values) {
                    for person in self.named_in(value) {
                        self.left(person, &name, column, &row.key);
                    }
                }
            }
            Ok(())
        };
        open.connector.scan(&scan, &mut sink).await
    }

    /// The people whom a value names beyond doubt.
    fn named_in(&mut self, value: &Value) -> BTreeSet<usize> {
        let Some(bytes) = searched_bytes(value) else { return BTreeSet::new() };
        self.found.clear();
        self.everywhere.search(&bytes, &mut self.scratch, &mut self.found);
        let strong = self.found.iter().filter(|mention| mention.strength == Strength::Strong);
        strong.map(|mention| mention.person).collect()
    }
}

/// The search of one collection.
struct There<'l, 'a> {
    look: &'l mut Look<'a>,
    at: &'l Place,
    collection: &'l Collection,
    texts: Vec<String>,
    /// The rows that are known to have to do with somebody, and with whom.
    known: BTreeMap<&'a RowKey, Vec<(usize, &'a FoundRow)>>,
}

impl<'l, 'a> There<'l, 'a> {
    fn new(
        look: &'l mut Look<'a>,
        at: &'l Place,
        collection: &'l Collection,
        texts: Vec<String>,
    ) -> Self {
        let mut known: BTreeMap<&RowKey, Vec<(usize, &FoundRow)>> = BTreeMap::new();
        for (person, one) in look.again.people.iter().enumerate() {
            for (key, row) in one.case.rows().at(at) {
                known.entry(key).or_default().push((person, row));
            }
        }
        Self { look, at, collection, texts, known }
    }

    fn batch(&mut self, batch: Batch) -> connect::Result<()> {
        (self.look.again.progress)(batch.0.len() as u64);
        for row in &batch.0 {
            self.row(row);
        }
        Ok(())
    }

    fn row(&mut self, row: &Row) {
        let known = self.known.get(&row.key).cloned().unwrap_or_default();
        let texts = std::mem::take(&mut self.texts);
        for (column, value) in texts.iter().zip(&row.values) {
            if self.look.anybody_everywhere {
                for person in self.look.named_in(value) {
                    if !known.iter().any(|(knows, _)| *knows == person) {
                        self.look.left(person, &self.at.collection, column, &row.key);
                    }
                }
            }
            for (person, found) in &known {
                if self.still_names(*person, found, column, value) {
                    self.look.left(*person, &self.at.collection, column, &row.key);
                }
            }
        }
        self.texts = texts;
    }

    /// Whether a row that has to do with a person still names them.
    fn still_names(
        &mut self,
        person: usize,
        known: &FoundRow,
        column: &str,
        value: &Value,
    ) -> bool {
        let (Some(one), Some(bytes)) = (self.look.again.people.get(person), searched_bytes(value))
        else {
            return false;
        };
        let Look { scratch, found, .. } = &mut *self.look;
        found.clear();
        one.subject.near.search(&bytes, scratch, found);
        if found.iter().any(|mention| mention.strength == Strength::Strong) {
            return true;
        }
        if found.is_empty() {
            return false;
        }
        // A bare name counts only where the plan was to take it out.
        let field = field_or_free_text(self.collection, column);
        let near = bare_names_count(self.collection, &field, known.tie);
        near && treatment(self.collection, &field, known.tie, near) != Treatment::Leave
    }
}
