//! The second search: a way of its own to the same answer, so that a mistake of the first one
//! cannot hide itself.

use std::collections::BTreeSet;

use connect::{Batch, Scan};
use detect::{Scratch, Strength};
use model::{Identity, Row, Table};
use plan::{Case, Compare, Graph, Place, Remaining, SearchPlace, Treatment, treatment};
use policy::System;

use crate::change::bare_names_count;
use crate::find::{Question, find};
use crate::open::{Open, field_or_free_text, searched_bytes};
use crate::subject::Subject;

/// What a second search needs to know.
pub(crate) struct Again<'a> {
    pub(crate) graph: &'a Graph<'a>,
    pub(crate) case: &'a Case,
    pub(crate) map: &'a System,
    pub(crate) system: &'a str,
    pub(crate) places: &'a [SearchPlace],
    pub(crate) subject: &'a Subject,
    pub(crate) country_code: Option<&'a str>,
    pub(crate) progress: &'a (dyn Fn(u64) + Send + Sync),
}

/// Every place of a system that still names the person, kept ones included; the planner knows
/// which are.
pub(crate) async fn verify(open: &Open, again: &Again<'_>) -> connect::Result<Vec<Remaining>> {
    let Again { graph, case, system, places, subject, country_code, progress, .. } = *again;
    let mut remaining = BTreeSet::new();
    for place in places {
        let at = Place::new(system, &place.collection);
        let Some(collection) = graph.collection(&at) else { continue };
        let table = open.table(collection)?;
        for field in &collection.fields {
            let Some(kind) = field.identity else { continue };
            let asked = case.request.identities.iter().filter(|identity| identity.kind == kind);
            for Identity { kind, value } in asked {
                let question = Question {
                    place: &at,
                    field: &field.name,
                    values: &[model::Value::from(value.expose().as_str())],
                    compare: Compare::As(*kind),
                    when: &[],
                    carry: &[],
                };
                for row in find(open, graph, &question, country_code).await? {
                    remaining.insert(Remaining {
                        collection: place.collection.clone(),
                        field: field.name.clone(),
                        key: row.key,
                    });
                }
            }
        }
        let texts = Open::searched_columns(table, Some(collection));
        if texts.is_empty() {
            continue;
        }
        let scan = Scan { table: table.name.clone(), columns: texts.clone(), sample: None };
        let mut scratch = Scratch::default();
        let mut found = Vec::new();
        let mut look = |row: Row| {
            let known = case.rows().get(&at, &row.key);
            let searcher = if known.is_some() { &subject.near } else { &subject.everywhere };
            for (column, value) in texts.iter().zip(&row.values) {
                let Some(bytes) = searched_bytes(value) else { continue };
                found.clear();
                searcher.search(&bytes, &mut scratch, &mut found);
                let strong = found.iter().any(|m| m.strength == Strength::Strong);
                // A bare name counts only where the plan was to take it out.
                let bare = !found.is_empty()
                    && known.is_some_and(|known| {
                        let field = field_or_free_text(collection, column);
                        let near = bare_names_count(collection, &field, known.tie);
                        near && treatment(collection, &field, known.tie, near) != Treatment::Leave
                    });
                if strong || bare {
                    remaining.insert(Remaining {
                        collection: place.collection.clone(),
                        field: column.clone(),
                        key: row.key.clone(),
                    });
                }
            }
        };
        let mut sink = |batch: Batch| {
            progress(batch.0.len() as u64);
            batch.0.into_iter().for_each(&mut look);
            Ok(())
        };
        open.connector.scan(&scan, &mut sink).await?;
    }
    for table in open.unmapped(again.map) {
        look_unmapped(open, table, subject, progress, &mut remaining).await?;
    }
    Ok(remaining.into_iter().collect())
}

/// A table that appeared since the map was written, or a view that may hold a copy of its own: what
/// names the person there was neither planned nor erased, and must not pass for complete.
async fn look_unmapped(
    open: &Open,
    table: &Table,
    subject: &Subject,
    progress: &(dyn Fn(u64) + Send + Sync),
    remaining: &mut BTreeSet<Remaining>,
) -> connect::Result<()> {
    let texts = Open::searched_columns(table, None);
    if texts.is_empty() {
        return Ok(());
    }
    let scan = Scan { table: table.name.clone(), columns: texts.clone(), sample: None };
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    let mut sink = |batch: Batch| {
        progress(batch.0.len() as u64);
        for row in batch.0 {
            for (column, value) in texts.iter().zip(&row.values) {
                let Some(bytes) = searched_bytes(value) else { continue };
                found.clear();
                subject.everywhere.search(&bytes, &mut scratch, &mut found);
                if found.iter().any(|m| m.strength == Strength::Strong) {
                    remaining.insert(Remaining {
                        collection: table.name.to_string(),
                        field: column.clone(),
                        key: row.key.clone(),
                    });
                }
            }
        }
        Ok(())
    };
    open.connector.scan(&scan, &mut sink).await
}
