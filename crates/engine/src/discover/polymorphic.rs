//! Pairs of columns of which one says in which table the other's value is to be found
//! (`objecttype`/`objectid`).

use std::collections::{BTreeMap, BTreeSet};

use connect::{Connector, Fold};
use model::{DataType, Value};

use super::bonds::Role;
use super::references::{Found, weigh};
use super::samples::{self, points};
use super::survey::{Looked, Survey, comparable};
use super::words::singular;
use super::{Note, NoteKind};

/// Words by which applications call the column with the table.
const KIND_WORDS: &[&str] = &["type", "model", "class", "table", "kind"];

/// Words for "whatever it is about".
const ANYTHING: &[&str] =
    &["entity", "object", "model", "resource", "item", "record", "target", "subject"];

/// Pairs (column with the kind, column with the key).
pub(super) fn pairs(survey: &Survey<'_>, looked: &Looked<'_>) -> Vec<(String, String)> {
    let words: Vec<(&model::Column, Vec<String>)> = looked
        .table
        .columns
        .iter()
        .map(|column| (column, survey.speller.plain(&column.name)))
        .collect();
    let mut pairs = Vec::new();
    for (kind, kind_words) in &words {
        if !matches!(
            kind.data_type,
            DataType::Text { .. } | DataType::Enumeration | DataType::Integer
        ) {
            continue;
        }
        let stem = match kind_words.as_slice() {
            [stem @ .., last] if KIND_WORDS.contains(&last.as_str()) && !stem.is_empty() => stem,
            // `table_name` / `record_id`, `entity` / `entity_id`.
            [table, name] if table == "table" && name == "name" => &["record".to_owned()][..],
            [only] if ANYTHING.contains(&only.as_str()) => std::slice::from_ref(only),
            // `type` beside `entity_id`, once the table's own prefix is off.
            [only] if KIND_WORDS.contains(&only.as_str()) => &[],
            _ => continue,
        };
        for (id, id_words) in &words {
            // `comment_type` beside `comment_id` in comments is the sort of the comment itself.
            if looked.table.primary_key.contains(&id.name) {
                continue;
            }
            let keyed = match id_words.as_slice() {
                [id_stem @ .., last] if last == "id" && !stem.is_empty() => id_stem == stem,
                [anything, last] => last == "id" && ANYTHING.contains(&anything.as_str()),
                _ => false,
            };
            if keyed
                && matches!(
                    id.data_type,
                    DataType::Integer | DataType::Uuid | DataType::Text { .. } | DataType::Number
                )
            {
                pairs.push((kind.name.clone(), id.name.clone()));
            }
        }
    }
    pairs
}

/// The references that such pairs stand for, one for each table named.
pub(super) async fn inferred(
    survey: &Survey<'_>,
    connector: &dyn Connector,
    lookup_values: usize,
    notes: &mut Vec<Note>,
) -> Vec<Found> {
    let mut found = Vec::new();
    for (child, looked) in
        survey.tables.iter().enumerate().filter(|(_, looked)| looked.skip.is_none())
    {
        for (kind, id) in pairs(survey, looked) {
            let place = format!("{}.{id}", looked.collection);
            let kinds: BTreeMap<String, BTreeSet<&Value>> = looked
                .samples
                .of(&kind)
                .iter()
                .zip(looked.samples.of(&id))
                .filter_map(|(kind, id)| Some((kind.to_plain_text()?, id)))
                .filter(|(kind, _)| !kind.trim().is_empty() && kind != "0")
                .fold(BTreeMap::new(), |mut kinds, (kind, id)| {
                    let ids: &mut BTreeSet<&Value> = kinds.entry(kind).or_default();
                    if points(id) {
                        ids.insert(id);
                    }
                    kinds
                });
            if kinds.is_empty() {
                notes.push(Note {
                    kind: NoteKind::Question,
                    place,
                    says: format!("`{kind}` says which table it points into, but there are no rows yet to learn the tables from"),
                    confidence: None,
                });
                continue;
            }
            for (word, ids) in kinds.into_iter().take(100) {
                let Some(parent) = table_called(survey, &word) else {
                    notes.push(Note {
                        kind: NoteKind::Question,
                        place: place.clone(),
                        says: format!("rows where `{kind}` is `{}` point into a table that no name gives away", safe(&word)),
                        confidence: None,
                    });
                    continue;
                };
                let Some(other) = survey.tables.get(parent) else { continue };
                let (Some(key), Some(column)) = (other.key(), looked.table.column(&id)) else {
                    continue;
                };
                // Keys of any table may be written as text here.
                let text = matches!(column.data_type, DataType::Text { .. });
                if !text && !comparable(column.data_type, key.data_type) {
                    continue;
                }
                let values: Vec<Value> = ids.into_iter().take(lookup_values).cloned().collect();
                let included = if values.is_empty() {
                    None
                } else {
                    samples::hits(connector, &other.table.name, &key.name, &values, Fold::Exact)
                        .await
                        .ok()
                        .map(|hits| (hits, values.len()))
                };
                let (confidence, evidence) = weigh(76, included);
                if confidence < 40 {
                    continue;
                }
                found.push(Found {
                    child,
                    column: id.clone(),
                    parent,
                    to: key.name.clone(),
                    also: Vec::new(),
                    when: vec![(kind.clone(), word.clone())],
                    role: Role::Plain,
                    guess: Some((
                        confidence,
                        format!(
                            "`{kind}` is `{}`, which names {}; {evidence}",
                            safe(&word),
                            other.collection
                        ),
                    )),
                });
            }
        }
    }
    found
}

/// Type words are names of classes; anything longer or stranger is not repeated.
fn safe(word: &str) -> &str {
    let plain =
        word.len() <= 80 && word.chars().all(|c| c.is_alphanumeric() || "_:\\./- ".contains(c));
    if plain { word } else { "(not shown)" }
}

/// The table that a class name means: `RT::User`, `App\Models\User`, `user`, `users`.
fn table_called(survey: &Survey<'_>, word: &str) -> Option<usize> {
    let last = word.rsplit([':', '\\', '.', '/']).find(|part| !part.is_empty())?;
    let words = survey.speller.words(last);
    let exact =
        survey.tables.iter().position(|looked| looked.skip.is_none() && looked.words == words);
    exact.or_else(|| {
        let joined = singular(&words.concat());
        let mut fitting = survey.tables.iter().enumerate().filter(|(_, looked)| {
            looked.skip.is_none() && singular(&looked.words.concat()) == joined
        });
        fitting.next().map(|(at, _)| at)
    })
}
