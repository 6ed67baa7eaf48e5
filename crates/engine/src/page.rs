//! The rows of one collection, read in the order of their keys.

use std::collections::{BTreeMap, BTreeSet};

use connect::Batch;
use model::{Row, RowKey, Table, Value};
use plan::{Graph, Place};
use policy::Collection;

use crate::find::read_rows;
use crate::open::Open;

/// What is held in memory at once, in bytes; more is read twice.
const HELD: usize = 24 << 20;
/// So many rows are surely too many to hold.
const HELD_ROWS: usize = 50_000;
/// Keys asked for at once.
const KEYS: usize = 5_000;
/// The same where rows must be put in order here: first, and in bytes of what they bring.
const FIRST: usize = 16;
const SORTED: usize = 4 << 20;

/// A collection out of which rows are read.
pub(crate) struct Page<'p> {
    pub(crate) place: &'p Place,
    pub(crate) collection: &'p Collection,
    pub(crate) table: &'p Table,
    /// The columns that the map knows, in the table's order, and after them further texts.
    columns: Vec<String>,
    mapped: usize,
    texts: BTreeSet<String>,
    keys: Vec<&'p RowKey>,
}

impl Page<'_> {
    /// The columns that the map knows.
    pub(crate) fn mapped(&self) -> &[String] {
        self.columns.get(..self.mapped).unwrap_or_default()
    }

    /// The columns that bear text, and where in a row they stand.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (usize, &String)> {
        self.columns.iter().enumerate().filter(|(_, column)| self.texts.contains(*column))
    }
}

/// The pages of these places; what cannot be read goes into `failed`.
pub(crate) fn pages<'p>(
    opened: &'p BTreeMap<String, Open>,
    graph: &Graph<'p>,
    places: BTreeMap<&'p Place, BTreeSet<&'p RowKey>>,
    failed: &mut Vec<(Place, String)>,
) -> Vec<Page<'p>> {
    let mut pages = Vec::with_capacity(places.len());
    for (place, keys) in places {
        let (Some(collection), Some(open)) = (graph.collection(place), opened.get(&place.system))
        else {
            continue;
        };
        let table = match open.table(collection) {
            Ok(table) => table,
            Err(error) => {
                failed.push((place.clone(), error.to_string()));
                continue;
            }
        };
        let known = table.columns.iter().filter(|column| collection.field(&column.name).is_some());
        let mut columns: Vec<String> = known.map(|column| column.name.clone()).collect();
        let mapped = columns.len();
        let texts: BTreeSet<String> =
            Open::searched_columns(table, Some(collection)).into_iter().collect();
        columns.extend(texts.iter().filter(|text| collection.field(text).is_none()).cloned());
        let keys = keys.into_iter().collect();
        pages.push(Page { place, collection, table, columns, mapped, texts, keys });
    }
    pages
}

/// Reading pages.
pub(crate) struct Read;

impl Read {
    /// The rows of every page, if they may be held in memory. What failed is told with its page, and
    /// the page is empty.
    pub(crate) async fn of_all(
        opened: &BTreeMap<String, Open>,
        pages: &[Page<'_>],
        failed: &mut Vec<(Place, String)>,
    ) -> Option<Vec<Vec<Row>>> {
        if pages.iter().map(|page| page.keys.len()).sum::<usize>() > HELD_ROWS {
            return None;
        }
        let mut held = Vec::with_capacity(pages.len());
        let mut bytes = 0;
        let mut told = Vec::new();
        for page in pages {
            let mut all = Vec::new();
            let mut sink = |rows: Vec<Row>| {
                bytes += rows.iter().map(weight).sum::<usize>();
                all.extend(rows);
                if bytes > HELD {
                    Err(connect::Error::Stopped(TOO_MUCH.to_owned()))
                } else {
                    Ok(())
                }
            };
            let read = Self::in_order(opened, page, &mut sink).await;
            if bytes > HELD {
                return None;
            }
            if let Err(error) = read {
                told.push((page.place.clone(), error.to_string()));
                all.clear();
            }
            all.sort_by(|a, b| a.key.cmp(&b.key));
            held.push(all);
        }
        failed.extend(told);
        Some(held)
    }

    /// The rows of a page in the order of their keys, a part at a time.
    ///
    /// INVARIANT: the order is ours and not the database's, so that a person gets the same rows in the
    /// same order whoever else is read with them.
    pub(crate) async fn in_order(
        opened: &BTreeMap<String, Open>,
        page: &Page<'_>,
        sink: &mut (dyn FnMut(Vec<Row>) -> connect::Result<()> + Send),
    ) -> connect::Result<()> {
        let Some(open) = opened.get(&page.place.system) else { return Ok(()) };
        let mut rest = page.keys.as_slice();
        // Whole numbers have one order, here and there.
        let plain = rest.iter().all(|key| key.0.iter().all(|part| matches!(part, Value::Int(_))));
        let mut size = if plain { KEYS } else { FIRST };
        while !rest.is_empty() {
            let (now, later) = rest.split_at(size.min(rest.len()));
            rest = later;
            let keys: Vec<RowKey> = now.iter().map(|key| (*key).clone()).collect();
            if plain {
                let mut hand = |mut batch: Batch| {
                    // As they come, where there is a key; a look over them, no more.
                    batch.0.sort_by(|a, b| a.key.cmp(&b.key));
                    sink(batch.0)
                };
                read_rows(open, page.table, keys, page.columns.clone(), &mut hand).await?;
                continue;
            }
            let mut rows = Vec::with_capacity(keys.len());
            let mut hold = |batch: Batch| {
                rows.extend(batch.0);
                Ok(())
            };
            read_rows(open, page.table, keys, page.columns.clone(), &mut hold).await?;
            let each = rows.iter().map(weight).sum::<usize>() / rows.len().max(1) + 1;
            size = (SORTED / each).clamp(1, (size * 4).min(KEYS));
            rows.sort_by(|a, b| a.key.cmp(&b.key));
            sink(rows)?;
        }
        Ok(())
    }
}

const TOO_MUCH: &str = "more than is held in memory";

/// About how many bytes a row holds.
fn weight(row: &Row) -> usize {
    let cells = row.key.0.iter().chain(&row.values);
    cells.map(|value| size_of::<Value>() + value.as_bytes().map_or(0, <[u8]>::len)).sum()
}
