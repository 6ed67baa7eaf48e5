//! One pass over every text of a system, for as many people as ask.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Scan};
use detect::{Mention, Scratch, Searcher, Strength, ValueKind};
use model::{Row, RowKey};
use plan::{
    FoundIn, Graph, LearnedTerm, Mentioned, MentionedField, Place, PlaceRows, Rows, SearchPlace,
};
use policy::Tie;

use crate::open::{Open, searched_bytes};
use crate::subject::{Subject, kind_back, many};

/// A person who is looked for, and what is known of them already.
pub(crate) struct Wanted<'w> {
    pub(crate) terms: &'w [LearnedTerm],
    pub(crate) subject: &'w Subject,
    pub(crate) rows: &'w Rows,
}

/// Reads every text once and tells for each person where it names them.
pub(crate) async fn search(
    open: &Open,
    graph: &Graph<'_>,
    system: &str,
    places: &[SearchPlace],
    wanted: &[Wanted<'_>],
    country_code: Option<&str>,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> connect::Result<Vec<Mentioned>> {
    let terms: Vec<&[LearnedTerm]> = wanted.iter().map(|w| w.terms).collect();
    let searcher = many(&terms, country_code);
    let mut told: Vec<Mentioned> = wanted.iter().map(|_| Mentioned::default()).collect();
    for place in places {
        let at = Place::new(system, &place.collection);
        let Some(collection) = graph.collection(&at) else { continue };
        let table = open.table(collection)?;
        let texts = if place.fields.is_empty() {
            Open::searched_columns(table, Some(collection))
        } else {
            place.fields.clone()
        };
        if texts.is_empty() {
            continue;
        }
        let columns = texts.iter().chain(&place.carry).cloned().collect();
        let scan = Scan { table: table.name.clone(), columns, sample: None };
        let mut pass = Pass {
            searcher: &searcher,
            wanted,
            told: &mut told,
            at: &at,
            texts: &texts,
            authored: authored(wanted, &at),
            scratch: Scratch::default(),
            found: Vec::new(),
            rows: BTreeMap::new(),
            progress,
        };
        open.connector.scan(&scan, &mut |batch: Batch| pass.batch(batch)).await?;
        pass.finish();
    }
    Ok(told)
}

/// The rows of a place that are somebody's own or written by them, and whose. Asked for every row
/// that is read: the answer must not cost more for a thousand people than for one.
fn authored<'w>(wanted: &[Wanted<'w>], at: &Place) -> BTreeMap<&'w RowKey, Vec<usize>> {
    let mut authored: BTreeMap<&RowKey, Vec<usize>> = BTreeMap::new();
    for (person, wanted) in wanted.iter().enumerate() {
        for (key, _) in wanted.rows.at(at).filter(|(_, row)| row.tie <= Tie::Authored) {
            authored.entry(key).or_default().push(person);
        }
    }
    authored
}

/// The pass over one collection.
struct Pass<'p, 'w> {
    searcher: &'p Searcher,
    wanted: &'p [Wanted<'w>],
    told: &'p mut Vec<Mentioned>,
    at: &'p Place,
    texts: &'p [String],
    /// The rows known to be somebody's own or written by them, and whose.
    authored: BTreeMap<&'w RowKey, Vec<usize>>,
    scratch: Scratch,
    found: Vec<Mention>,
    rows: BTreeMap<usize, Vec<(FoundIn, Vec<MentionedField>)>>,
    progress: &'p (dyn Fn(u64) + Send + Sync),
}

/// What one row says of one person.
#[derive(Default)]
struct RowSays {
    fields: Vec<MentionedField>,
    bare: bool,
}

impl Pass<'_, '_> {
    fn batch(&mut self, batch: Batch) -> connect::Result<()> {
        let mut bytes = 0;
        let rows = batch.0.len() as u64;
        for row in batch.0 {
            bytes += self.row(row);
        }
        for told in self.told.iter_mut() {
            told.rows_read += rows;
            told.bytes_read += bytes;
        }
        (self.progress)(rows);
        Ok(())
    }

    fn row(&mut self, row: Row) -> u64 {
        let mut bytes = 0;
        let mut says: BTreeMap<usize, RowSays> = BTreeMap::new();
        for (column, value) in self.texts.iter().zip(&row.values) {
            let Some(text) = searched_bytes(value) else { continue };
            bytes += text.len() as u64;
            self.found.clear();
            self.searcher.search(&text, &mut self.scratch, &mut self.found);
            for mention in &self.found {
                let said = says.entry(mention.person).or_default();
                if mention.strength == Strength::Weak {
                    said.bare = true;
                    continue;
                }
                let whole = mention.whole.then(|| kind_back(mention.kind));
                let kind = kind_back(mention.kind);
                match said.fields.iter_mut().find(|field| field.field == *column) {
                    Some(field) => {
                        field.whole = field.whole.or(whole);
                        field.by.insert(kind);
                    }
                    None => said.fields.push(MentionedField {
                        field: column.clone(),
                        whole,
                        by: BTreeSet::from([kind]),
                    }),
                }
            }
        }
        for (person, said) in says {
            self.take(person, said, &row);
        }
        self.learn_from_known(&row);
        bytes
    }

    fn take(&mut self, person: usize, said: RowSays, row: &Row) {
        let (Some(wanted), Some(told)) = (self.wanted.get(person), self.told.get_mut(person))
        else {
            return;
        };
        if said.fields.is_empty() {
            if said.bare && wanted.rows.get(self.at, &row.key).is_none() {
                *told.bare_names.entry(self.at.collection.clone()).or_default() += 1;
            }
            return;
        }
        for address in addresses_beside(row, self.texts.len(), wanted.subject) {
            *told.possible.entry(address).or_default() += 1;
        }
        let carried = row.values.iter().skip(self.texts.len()).cloned().collect();
        let found = FoundIn { key: row.key.clone(), carried };
        self.rows.entry(person).or_default().push((found, said.fields));
    }

    /// What a person wrote teaches a labelled date of birth, which other copies of the text repeat.
    fn learn_from_known(&mut self, row: &Row) {
        let Some(people) = self.authored.get(&row.key) else { return };
        for text in texts(row, self.texts.len()) {
            for date in values_of(&text, ValueKind::BirthDate) {
                let mut term = LearnedTerm::new(plan::TermKind::Code, date);
                term.near_only = true;
                for person in people {
                    if let Some(told) = self.told.get_mut(*person)
                        && !told.learned.contains(&term)
                    {
                        told.learned.push(term.clone());
                    }
                }
            }
        }
    }

    fn finish(self) {
        for (person, mut rows) in self.rows {
            rows.sort_by(|a, b| a.0.key.cmp(&b.0.key));
            if let Some(told) = self.told.get_mut(person) {
                told.rows.push(PlaceRows { collection: self.at.collection.clone(), rows });
            }
        }
    }
}

/// Addresses in a row that names the person which look like another address of theirs: the local
/// part holds one of their names.
fn addresses_beside(row: &Row, columns: usize, subject: &Subject) -> BTreeSet<String> {
    let mut beside = BTreeSet::new();
    for text in texts(row, columns) {
        for address in values_of(&text, ValueKind::Email) {
            let address = detect::normal_form(detect::TermKind::Email, address, None);
            let local = address.split('@').next().unwrap_or_default();
            if !subject.addresses.contains(&address) && subject.may_own(local) {
                beside.insert(address);
            }
        }
    }
    beside
}

/// The texts of a row as a person reads them, so that no encoding cuts a value in two.
fn texts(row: &Row, columns: usize) -> impl Iterator<Item = String> {
    row.values
        .iter()
        .take(columns)
        .filter_map(|value| value.as_bytes())
        .filter_map(detect::readable)
}

/// The values of one kind in a text.
fn values_of(text: &str, kind: ValueKind) -> Vec<&str> {
    let mut findings = Vec::new();
    detect::find_values(text.as_bytes(), &mut findings);
    findings.into_iter().filter(|f| f.kind == kind).filter_map(|f| text.get(f.span)).collect()
}
