//! What was seen of a database: its tables with their words, what they are about, and samples.

use std::collections::{BTreeMap, BTreeSet};

use connect::Connector;
use model::{Catalogue, Column, DataType, Table};

use super::about::{self, About};
use super::samples::{self, Samples};
use super::words::Speller;
use super::{Note, NoteKind, Options, Progress, Result};

/// A table that was looked into.
#[derive(Debug)]
pub(super) struct Looked<'c> {
    pub(super) table: &'c Table,
    /// Its name in the map.
    pub(super) collection: String,
    /// The words of its name, without what all tables of the application begin with.
    pub(super) words: Vec<String>,
    /// The same words as their author wrote them: what a title is made of.
    pub(super) spoken: String,
    pub(super) about: About,
    /// Whether its rows are people whom another table's people named: family, referees.
    pub(super) relatives: bool,
    /// Whether its rows are a matter of several: of a company, of two people, of the books.
    pub(super) shared: bool,
    /// Why it is left out, if it is.
    pub(super) skip: Option<String>,
    pub(super) samples: Samples,
}

impl Looked<'_> {
    /// The primary key where it is one column; `id` where the table declares none.
    pub(super) fn key(&self) -> Option<&Column> {
        match self.table.primary_key.as_slice() {
            [only] => self.table.column(only),
            [] => self.table.columns.iter().find(|column| column.name.eq_ignore_ascii_case("id")),
            _ => None,
        }
    }

    /// Whether no two rows can have the same value in this column.
    pub(super) fn is_unique(&self, column: &str) -> bool {
        self.table.primary_key.as_slice() == [column.to_owned()]
            || self.table.unique.iter().any(|key| key.columns.as_slice() == [column.to_owned()])
    }

    /// The column's words without those by which the whole table is called: `contact_name` in
    /// `contacts` is `name`.
    pub(super) fn without_own_name(&self, words: &[String]) -> Vec<String> {
        let last = self.words.last().map(std::slice::from_ref).unwrap_or_default();
        for own in [self.words.as_slice(), last] {
            if !own.is_empty()
                && words.len() > own.len()
                && let Some(rest) = words.strip_prefix(own)
            {
                return rest.to_vec();
            }
        }
        words.to_vec()
    }
}

/// Everything that was seen.
#[derive(Debug)]
pub(super) struct Survey<'c> {
    pub(super) tables: Vec<Looked<'c>>,
    pub(super) speller: Speller,
}

impl<'c> Survey<'c> {
    /// Where a table stands.
    pub(super) fn position(&self, name: &model::TableName) -> Option<usize> {
        self.tables.iter().position(|looked| &looked.table.name == name)
    }

    /// Names the tables, says what they are about and which are left out. Reads no row.
    pub(super) fn of(catalogue: &'c Catalogue) -> Self {
        let speller = Speller::new(catalogue.tables.iter().map(|table| table.name.table.as_str()));
        let prefix = common_prefix(catalogue);
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        for table in &catalogue.tables {
            *taken.entry(table.name.table.as_str()).or_default() += 1;
        }
        let mut used = BTreeSet::new();
        let tables = catalogue
            .tables
            .iter()
            .map(|table| {
                let name = table.name.table.as_str();
                let alone = taken.get(name).is_some_and(|count| *count == 1);
                let wanted = if alone || table.name.schema.is_empty() {
                    name.to_owned()
                } else {
                    format!("{}_{name}", table.name.schema)
                };
                // A dot parts system, collection and field in every path.
                let wanted = wanted.replace('.', "_");
                let mut collection = wanted.clone();
                let mut again = 2;
                while !used.insert(collection.clone()) {
                    collection = format!("{wanted}_{again}");
                    again += 1;
                }
                let short = prefix.as_deref().and_then(|p| name.strip_prefix(p)).unwrap_or(name);
                let words = speller.words(short);
                let spoken = speller.spoken(short);
                let relatives = about::are_relatives(table, &speller.plain(short), &speller);
                let about =
                    if relatives { About::Person } else { about::about(table, &words, &speller) };
                let skip = if table.is_view {
                    Some("a view: what it shows lies in other tables".to_owned())
                } else if about::is_housekeeping(name) {
                    Some(
                        "the application's own record of its schema; holds nothing about people"
                            .to_owned(),
                    )
                } else {
                    None
                };
                Looked {
                    table,
                    collection,
                    words,
                    spoken,
                    about,
                    relatives,
                    shared: false,
                    skip,
                    samples: Samples::default(),
                }
            })
            .collect();
        Self { tables, speller }
    }

    /// Reads samples of every table that is not left out.
    pub(super) async fn read_samples(
        &mut self,
        connector: &dyn Connector,
        options: &Options,
        notes: &mut Vec<Note>,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<()> {
        let of = self.tables.len();
        for (done, looked) in self.tables.iter_mut().enumerate() {
            progress(Progress {
                doing: format!("reading samples of {}", looked.collection),
                done,
                of,
            });
            if looked.skip.is_some() || options.sample_rows == 0 {
                continue;
            }
            match samples::read(connector, looked.table, options.sample_rows).await {
                Ok(samples) => looked.samples = samples,
                Err(connect::Error::Denied { .. }) => notes.push(Note {
                    kind: NoteKind::NotRead,
                    place: looked.collection.clone(),
                    says: "the account may not read this table: categories and references are judged by names alone"
                        .to_owned(),
                    confidence: None,
                }),
                Err(error @ connect::Error::Busy(_)) => notes.push(Note {
                    kind: NoteKind::NotRead,
                    place: looked.collection.clone(),
                    says: format!("no samples were read ({error}): categories and references are judged by names alone"),
                    confidence: None,
                }),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// `wp_` where most tables begin with it.
fn common_prefix(catalogue: &Catalogue) -> Option<String> {
    let tables: Vec<&str> =
        catalogue.tables.iter().map(|table| table.name.table.as_str()).collect();
    if tables.len() < 4 {
        return None;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for table in &tables {
        if let Some((first, _)) = table.split_once('_')
            && !first.is_empty()
        {
            *counts.entry(first).or_default() += 1;
        }
    }
    let (first, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 10 >= tables.len() * 7).then(|| format!("{first}_"))
}

/// Whether values of these two types can be equal.
pub(super) const fn comparable(child: DataType, parent: DataType) -> bool {
    use DataType::{Bytes, Integer, Number, Text, Uuid};
    matches!(
        (child, parent),
        (Integer | Number, Integer | Number)
            | (Uuid, Uuid)
            | (Text { .. } | Uuid, Text { .. })
            | (Text { .. }, Uuid)
            | (Bytes { .. }, Bytes { .. })
    )
}
