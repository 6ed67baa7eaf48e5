//! One pass over every text of a system, for as many people as ask.
//!
//! Reading and searching overlap: the connector hands over pages as they come, a thread of its own
//! searches them where they lie, and only rows in which somebody is named come back, to be told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use connect::{Page, Scan};
use detect::{Mention, Scratch, Searcher, Strength, ValueKind};
use model::{Row, RowKey};
use plan::{
    FoundIn, Graph, LearnedTerm, Mentioned, MentionedField, Place, PlaceRows, Rows, SearchPlace,
};
use policy::Tie;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::open::Open;
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
    let searcher = Arc::new(many(&terms, country_code));
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
        let columns = texts.iter().chain(place.carry.iter()).cloned().collect();
        let scan = Scan { table: table.name.clone(), columns, sample: None };
        let mut pass = Pass {
            wanted,
            told: &mut told,
            at: &at,
            texts: &texts,
            known: known(wanted, &at, Tie::Mention),
            authored: known(wanted, &at, Tie::Authored),
            bare: vec![0; wanted.len()],
            rows: BTreeMap::new(),
            progress,
        };
        let known: BTreeSet<RowKey> = pass.authored.keys().map(|key| (*key).clone()).collect();
        let (to_reader, pages) = sync_channel(PAGES_AHEAD);
        let (to_teller, mut read) = unbounded_channel();
        let mut reader = Reader { searcher: Arc::clone(&searcher), known, columns: texts.len() };
        let reading = tokio::task::spawn_blocking(move || reader.read(&pages, &to_teller));
        let swept = open
            .connector
            .sweep(&scan, &mut |page: Page| {
                to_reader.send(page).map_err(|_| stopped())?;
                pass.tell(&mut read);
                Ok(())
            })
            .await;
        drop(to_reader);
        // Also when the system failed: what was read is searched to its end.
        let ended = reading.await;
        pass.tell(&mut read);
        swept?;
        ended.map_err(|_| stopped())?;
        pass.finish();
    }
    Ok(told)
}

/// The rows of a place that have to do with somebody, at least so closely, and with whom. Asked for
/// every row that is read: the answer must not cost more for a thousand people than for one.
fn known<'w>(wanted: &[Wanted<'w>], at: &Place, loosest: Tie) -> BTreeMap<&'w RowKey, Vec<usize>> {
    let mut known: BTreeMap<&RowKey, Vec<usize>> = BTreeMap::new();
    for (person, wanted) in wanted.iter().enumerate() {
        for (key, _) in wanted.rows.at(at).filter(|(_, row)| row.tie <= loosest) {
            known.entry(key).or_default().push(person);
        }
    }
    known
}

/// Pages that may wait to be searched: enough that neither side waits for the other's every step, few
/// enough that memory stays the same however fast a system is.
const PAGES_AHEAD: usize = 2;

fn stopped() -> connect::Error {
    connect::Error::Broken("the search of what was read has stopped".into())
}

/// Searches pages on a thread of its own.
struct Reader {
    searcher: Arc<Searcher>,
    /// Rows that are told whoever they name.
    known: BTreeSet<RowKey>,
    /// How many of a row's columns are searched.
    columns: usize,
}

/// A page that was searched.
struct ReadPage {
    rows: u64,
    bytes: u64,
    too_large: u64,
    /// The rows in which somebody is named, by column, and the rows that are somebody's own.
    told: Vec<(Row, Vec<(usize, Mention)>)>,
}

impl Reader {
    fn read(&mut self, pages: &Receiver<Page>, teller: &UnboundedSender<ReadPage>) {
        let mut scratch = Scratch::default();
        let mut found = Vec::new();
        for page in pages {
            // Nobody listens any more.
            if teller.send(self.page(&page, &mut scratch, &mut found)).is_err() {
                return;
            }
        }
    }

    fn page(&self, page: &Page, scratch: &mut Scratch, found: &mut Vec<Mention>) -> ReadPage {
        let rows = page.rows() as u64;
        let mut read = ReadPage { rows, bytes: 0, too_large: page.too_large, told: Vec::new() };
        for row in 0..page.rows() {
            let mut named = Vec::new();
            for column in 0..self.columns {
                let Some(text) = page.text(row, column) else { continue };
                read.bytes += text.len() as u64;
                self.searcher.search(&text, scratch, found);
                named.extend(found.drain(..).map(|mention| (column, mention)));
            }
            let known = !self.known.is_empty() && self.known.contains(&page.key(row));
            if known || !named.is_empty() {
                read.told.push((page.row(row), named));
            }
        }
        read
    }
}

/// The pass over one collection.
struct Pass<'p, 'w> {
    wanted: &'p [Wanted<'w>],
    told: &'p mut Vec<Mentioned>,
    at: &'p Place,
    texts: &'p [String],
    /// The rows known to have to do with somebody, and with whom.
    known: BTreeMap<&'w RowKey, Vec<usize>>,
    /// Those of them that are somebody's own or written by them.
    authored: BTreeMap<&'w RowKey, Vec<usize>>,
    /// In how many other rows no more than a bare name of each person stands: a given name is that
    /// of dozens among a thousand people, so it is counted and no more.
    bare: Vec<u64>,
    rows: BTreeMap<usize, Vec<(FoundIn, Vec<MentionedField>)>>,
    progress: &'p (dyn Fn(u64) + Send + Sync),
}

impl Pass<'_, '_> {
    /// Tells of the pages that have been searched by now.
    fn tell(&mut self, read: &mut UnboundedReceiver<ReadPage>) {
        while let Ok(page) = read.try_recv() {
            for told in self.told.iter_mut() {
                told.rows_read += page.rows;
                told.bytes_read += page.bytes;
                if page.too_large > 0 {
                    let unread = told.unread.entry(self.at.collection.clone()).or_default();
                    *unread += page.too_large;
                }
            }
            (self.progress)(page.rows);
            for (row, named) in page.told {
                self.row(&row, &named);
            }
        }
    }

    fn row(&mut self, row: &Row, named: &[(usize, Mention)]) {
        let mut says: BTreeMap<usize, Vec<MentionedField>> = BTreeMap::new();
        for (column, mention) in named {
            let Some(column) = self.texts.get(*column) else { continue };
            if mention.strength == Strength::Weak {
                continue;
            }
            let fields = says.entry(mention.person).or_default();
            let whole = mention.whole.then(|| kind_back(mention.kind));
            let kind = kind_back(mention.kind);
            match fields.iter_mut().find(|field| field.field == *column) {
                Some(field) => {
                    field.whole = field.whole.or(whole);
                    field.by.insert(kind);
                }
                None => fields.push(MentionedField {
                    field: column.clone(),
                    whole,
                    by: BTreeSet::from([kind]),
                }),
            }
        }
        self.count_bare(row, named, &says);
        for (person, fields) in says {
            self.take(person, fields, row);
        }
        self.learn_from_known(row);
    }

    /// Counts those of whom the row says a bare name and nothing else, and of whom nothing was known.
    fn count_bare(
        &mut self,
        row: &Row,
        named: &[(usize, Mention)],
        says: &BTreeMap<usize, Vec<MentionedField>>,
    ) {
        let weak = named.iter().filter(|(_, mention)| mention.strength == Strength::Weak);
        let mut people: Vec<usize> = weak.map(|(_, mention)| mention.person).collect();
        if people.is_empty() {
            return;
        }
        people.sort_unstable();
        people.dedup();
        let known = self.known.get(&row.key).map_or(&[][..], Vec::as_slice);
        for person in people {
            if !says.contains_key(&person)
                && !known.contains(&person)
                && let Some(count) = self.bare.get_mut(person)
            {
                *count += 1;
            }
        }
    }

    fn take(&mut self, person: usize, fields: Vec<MentionedField>, row: &Row) {
        let (Some(wanted), Some(told)) = (self.wanted.get(person), self.told.get_mut(person))
        else {
            return;
        };
        for address in addresses_beside(row, self.texts.len(), wanted.subject) {
            *told.possible.entry(address).or_default() += 1;
        }
        let carried = row.values.iter().skip(self.texts.len()).cloned().collect();
        let found = FoundIn { key: row.key.clone(), carried };
        self.rows.entry(person).or_default().push((found, fields));
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
        for (told, bare) in self.told.iter_mut().zip(self.bare) {
            if bare > 0 {
                *told.bare_names.entry(self.at.collection.clone()).or_default() += bare;
            }
        }
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
