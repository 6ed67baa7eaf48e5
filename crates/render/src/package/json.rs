//! `data.json`, written as it comes. `data.schema.json` beside it describes it.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{
    Answered, CollectionAnswer, Disclosure, FieldHead, ListItem, PackageHead, PackageKind, Reached,
    RowAnswer, SevenLists, Shown, SystemAnswer, csv,
};
use crate::zone::rfc3339;

/// The JSON Schema of `data.json`.
pub(super) const SCHEMA: &str = include_str!("data.schema.json");

/// The largest whole number that every JSON reader keeps exactly (RFC 8259 § 6).
const EXACT: i64 = 9_007_199_254_740_991;

/// The document up to the list of systems.
pub(super) fn open(head: &PackageHead) -> String {
    let kind = match head.kind {
        PackageKind::Access => "access",
        PackageKind::Portability => "portability",
    };
    let names: Vec<&String> = head.subject_names.iter().map(model::Personal::expose).collect();
    let mut value = json!({
        "$schema": "data.schema.json",
        "format": "upheld-access-package/1",
        "kind": kind,
        "organisation": head.organisation,
        "contact": head.contact,
        "request": head.reference,
        "made_at": rfc3339(head.made_at),
        "subject_names": names,
    });
    if let (Some(fields), false) = (value.as_object_mut(), head.choices.is_empty()) {
        fields.insert("choices".to_owned(), json!(head.choices));
    }
    format!("{},\n\"systems\":[", unclosed(&value))
}

/// An object's text without its last brace.
fn unclosed(value: &Value) -> String {
    let mut text = value.to_string();
    text.pop();
    text
}

/// A system up to the list of its collections.
pub(super) fn system(system: &SystemAnswer, first: bool) -> String {
    let not_reached = match &system.reached {
        Reached::Reached => Value::Null,
        Reached::NotReached(reason) => Value::from(reason.as_str()),
    };
    let value = json!({
        "key": system.key,
        "title": system.title,
        "source": system.source,
        "purposes": system.purposes,
        "recipients": system.recipients,
        "not_reached": not_reached,
    });
    format!("{}\n{},\"collections\":[", comma(first), unclosed(&value))
}

/// A collection up to the list of its rows.
pub(super) fn collection(collection: &CollectionAnswer, base: &str, first: bool) -> String {
    let fields: Vec<Value> = collection
        .fields
        .iter()
        .map(|field| {
            json!({
                "name": field.name,
                "title": field.shown_title(),
                "categories": field.categories.iter().map(|c| c.key.as_str()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let value = json!({
        "name": collection.name,
        "title": collection.title,
        "found_by": collection.why,
        "csv": format!("csv/{base}.csv"),
        "fields": fields,
    });
    format!("{}\n{},\"rows\":[", comma(first), unclosed(&value))
}

/// A row.
pub(super) fn row(fields: &CollectionAnswer, row: &RowAnswer, first: bool) -> String {
    let row = RowOf { tie: csv::tie_key(row.tie), values: Values(&fields.fields, &row.values) };
    // Texts, numbers and names: none of it can fail.
    format!("{}\n{}", comma(first), serde_json::to_string(&row).unwrap_or_default())
}

/// A row as it is written, without a copy of its values.
#[derive(Serialize)]
struct RowOf<'r> {
    tie: &'static str,
    values: Values<'r>,
}

struct Values<'r>(&'r [FieldHead], &'r [Shown]);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(fields, values) = self;
        let pairs = fields.iter().zip(*values);
        to.collect_map(pairs.map(|(field, value)| (&field.name, ShownAs(value))))
    }
}

struct ShownAs<'r>(&'r Shown);

impl Serialize for ShownAs<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Shown::Empty => to.serialize_unit(),
            Shown::Bool(value) => to.serialize_bool(*value),
            Shown::Int(value) if (-EXACT..=EXACT).contains(value) => to.serialize_i64(*value),
            Shown::Int(value) => to.collect_str(value),
            Shown::Number(text) | Shown::Text(text) => to.serialize_str(text.expose()),
            Shown::File(path) => to.collect_map([("file", path)]),
            Shown::Withheld(reason) => to.collect_map([("withheld", reason)]),
        }
    }
}

pub(super) const CLOSE_LIST: &str = "]}";

const fn comma(first: bool) -> &'static str {
    if first { "" } else { "," }
}

/// The seven lists.
pub(super) fn lists(lists: &SevenLists, records: u64) -> Value {
    json!({
        "categories_collected": answered(&lists.categories, item),
        "sources": answered(&lists.sources, item),
        "purposes": answered(&lists.purposes, item),
        "third_parties": answered(&lists.third_parties, item),
        "specific_pieces": { "records": records },
        "sold": answered(&lists.sold, disclosure),
        "disclosed_for_a_business_purpose": answered(&lists.disclosed, disclosure),
    })
}

fn answered<T>(list: &Answered<T>, one: impl Fn(&T) -> Value) -> Value {
    match list {
        Answered::Given(items) => json!({ "given": items.iter().map(one).collect::<Vec<_>>() }),
        Answered::NotStated(reason) => json!({ "not_stated": reason }),
    }
}

fn item(item: &ListItem) -> Value {
    json!({ "title": item.title, "detail": item.detail })
}

fn disclosure(disclosure: &Disclosure) -> Value {
    json!({ "category": disclosure.category, "to": disclosure.to })
}
