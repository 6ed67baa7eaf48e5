//! Writing a system's file so that a person can work with it: stable order, one line for a short
//! list, and beside everything that was guessed, how sure the guess is.

use std::collections::BTreeMap;

use model::DataType;
use serde_json::{Map, Value};

use crate::file::system::{
    CollectionAddition, Dataset, DatasetCollection, DatasetField, DatasetMeta, FieldAddition,
    FieldMeta, InferenceEntry, KeepEntry, ReferenceEntry, RetainEntry, SystemFile, SystemHead,
    TypeWord,
};
use crate::map::{Collection, EraseRows, Field, Inference, Reference, System, Tie, Travel};
use crate::resolve::free_text_by_default;
use crate::retention::{CountFrom, Retain};
use crate::words::OneOrMany;

/// The YAML of a system's file. Reading it gives the same file again.
pub fn write_system(file: &SystemFile) -> String {
    let mut out = String::from(
        "# yaml-language-server: $schema=../schemas/system.schema.json\n\
         # What lies where in this system, and how one row leads to another. Correct what is wrong;\n\
         # what was guessed says how sure it is and waits for `confirmed: yes` or `confirmed: no`.\n",
    );
    match serde_json::to_value(file) {
        Ok(Value::Object(mut root)) => {
            prune(&mut root, "");
            map(&mut out, &root, 0, false);
        }
        // INVARIANT: `SystemFile` has only text keys, so it always becomes an object.
        _ => out.push_str("dataset: []\n"),
    }
    out
}

impl SystemFile {
    /// A system as a file. `guesses` says how the categories of fields came about, by collection
    /// and field.
    ///
    /// The rows of the matrix are left out: they follow from the categories.
    pub fn of(system: &System, guesses: &BTreeMap<(String, String), Inference>) -> Self {
        let mut schemas = system.collections.iter().map(|collection| &collection.table.schema);
        let first = schemas.next();
        let common = first.filter(|first| schemas.all(|other| other == *first));
        let schema = common.cloned().unwrap_or_default();
        let namespace: BTreeMap<String, Value> = (!schema.is_empty())
            .then(|| ("schema".to_owned(), Value::String(schema.clone())))
            .into_iter()
            .collect();
        let meta =
            (!namespace.is_empty()).then(|| DatasetMeta { namespace, ..DatasetMeta::default() });
        Self {
            system: Some(SystemHead {
                title: Some(system.title.clone()),
                application: system.application.clone(),
                schema: system.schema.clone(),
                purposes: system.purposes.clone(),
                source: system.source.clone(),
                backups: system.backups.clone(),
                recipients: system.recipients.clone(),
                region: system.region.clone(),
                mechanism: system.mechanism.clone(),
                accounts: system.accounts.clone(),
                at_rest: system.at_rest.clone(),
            }),
            dataset: vec![Dataset {
                fides_key: system.key.clone(),
                fides_meta: meta,
                collections: system
                    .collections
                    .iter()
                    .map(|found| collection(system, found, &schema, guesses))
                    .collect(),
                ..Dataset::default()
            }],
        }
    }
}

fn collection(
    system: &System,
    found: &Collection,
    schema: &str,
    guesses: &BTreeMap<(String, String), Inference>,
) -> DatasetCollection {
    let table = &found.table;
    let table = if table.schema == schema {
        (table.table != found.name || table.table.contains('.')).then(|| {
            if table.table.contains('.') && !schema.is_empty() {
                OneOrMany::Many(vec![schema.to_owned(), table.table.clone()])
            } else {
                OneOrMany::Many(vec![table.table.clone()])
            }
        })
    } else {
        Some(OneOrMany::Many(vec![table.schema.clone(), table.table.clone()]))
    };
    let keep: Vec<KeepEntry> = found
        .keep
        .iter()
        .map(|keep| KeepEntry {
            period: Some(keep.period),
            from: keep.from.clone(),
            because: Some(keep.because.clone()),
            inferred: keep.inferred.as_ref().map(entry),
        })
        .collect();
    let retain: Vec<RetainEntry> = found.retain.iter().map(|rule| retained(system, rule)).collect();
    let addition = CollectionAddition {
        table,
        title: Some(found.title.clone()),
        erase: (found.erase != EraseRows::Fields).then(|| found.erase.clone()),
        keep: (!keep.is_empty()).then_some(OneOrMany::Many(keep)),
        class: found.class.clone(),
        retain: (!retain.is_empty()).then_some(OneOrMany::Many(retain)),
        source: found.source.clone(),
        soft_delete: found.soft_delete.clone(),
        skip: found.skip.clone(),
        erase_after: found.erase_after.clone(),
    };
    let field = |field: &Field| {
        let guess = guesses.get(&(found.name.clone(), field.name.clone()));
        dataset_field(system, field, guess)
    };
    DatasetCollection {
        name: found.name.clone(),
        upheld: Some(addition),
        fields: found.fields.iter().map(field).collect(),
        ..DatasetCollection::default()
    }
}

fn retained(system: &System, rule: &Retain) -> RetainEntry {
    let (from, by) = match &rule.from {
        CountFrom::Column(column) => (column.clone(), None),
        CountFrom::File => ("file".to_owned(), None),
        CountFrom::Field { event, by, .. } => {
            let path = if event.system == system.key {
                format!("{}.{}", event.collection, event.field)
            } else {
                event.to_string()
            };
            (path, Some(by.clone()))
        }
        CountFrom::Client { event, by, .. } => {
            (format!("client.{}", event.key()), Some(by.clone()))
        }
    };
    RetainEntry {
        max: Some(rule.max),
        from,
        by,
        method: Some(rule.method.clone()),
        when: rule
            .when
            .iter()
            .map(|when| (when.column.clone(), OneOrMany::Many(when.any_of.clone())))
            .collect(),
        with: rule.with.clone(),
        inferred: rule.inferred.as_ref().map(entry),
    }
}

fn dataset_field(system: &System, field: &Field, guess: Option<&Inference>) -> DatasetField {
    let (fides_type, our_type, length) = match field.data_type {
        None => (None, None, None),
        Some(DataType::Text { max_chars }) => (Some("string"), None, max_chars),
        Some(DataType::Bytes { max_bytes }) => (None, Some(TypeWord::Bytes), max_bytes),
        Some(DataType::Integer) => (Some("integer"), None, None),
        Some(DataType::Number) => (Some("float"), None, None),
        Some(DataType::Boolean) => (Some("boolean"), None, None),
        Some(DataType::Json) => (Some("object"), None, None),
        Some(DataType::Date) => (None, Some(TypeWord::Date), None),
        Some(DataType::Timestamp) => (None, Some(TypeWord::Timestamp), None),
        Some(DataType::Time) => (None, Some(TypeWord::Time), None),
        Some(DataType::Uuid) => (None, Some(TypeWord::Uuid), None),
        Some(DataType::Network) => (None, Some(TypeWord::Network), None),
        Some(DataType::Enumeration) => (None, Some(TypeWord::Enumeration), None),
        Some(DataType::Other) => (None, Some(TypeWord::Other), None),
    };
    let meta = FieldMeta {
        primary_key: field.primary_key.then_some(true),
        identity: field.identity.map(|kind| kind.key().to_owned()),
        data_type: fides_type.map(str::to_owned),
        length: length.filter(|length| *length > 0),
        ..FieldMeta::default()
    };
    let by_default = free_text_by_default(field.data_type, &field.categories);
    let addition = FieldAddition {
        title: field.title.clone(),
        data_type: our_type,
        free_text: (field.free_text != by_default).then_some(field.free_text),
        erase: field.erase.clone(),
        references: field.references.iter().map(|one| reference(system, one)).collect(),
        category_guess: guess.map(entry),
        ..FieldAddition::default()
    };
    DatasetField {
        name: field.name.clone(),
        data_categories: field.categories.clone(),
        fides_meta: (meta != FieldMeta::default()).then_some(meta),
        upheld: (addition != FieldAddition::default()).then_some(addition),
        ..DatasetField::default()
    }
}

fn reference(system: &System, one: &Reference) -> ReferenceEntry {
    let to = &one.to;
    let own = to.system == system.key;
    let dotted = [&to.system, &to.collection, &to.field].iter().any(|name| name.contains('.'));
    // A list leaves no doubt where a name holds a dot or could also be read as a collection here.
    let doubtful = dotted || (!own && system.collection(&to.system).is_some());
    let to = match (doubtful, own) {
        (false, true) => OneOrMany::One(format!("{}.{}", to.collection, to.field)),
        (false, false) => OneOrMany::One(to.to_string()),
        (true, true) => OneOrMany::Many(vec![to.collection.clone(), to.field.clone()]),
        (true, false) => {
            OneOrMany::Many(vec![to.system.clone(), to.collection.clone(), to.field.clone()])
        }
    };
    ReferenceEntry {
        to,
        also: one.also.iter().map(|pair| (pair.here.clone(), pair.there.clone())).collect(),
        follow: (one.travel != Travel::Both).then_some(one.travel),
        when: one
            .when
            .iter()
            .map(|when| {
                let values = match when.any_of.as_slice() {
                    [one] => OneOrMany::One(one.clone()),
                    many => OneOrMany::Many(many.to_vec()),
                };
                (when.column.clone(), values)
            })
            .collect(),
        tie: (one.tie != Tie::Own).then_some(one.tie),
        inferred: one.inferred.as_ref().map(entry),
    }
}

fn entry(guess: &Inference) -> InferenceEntry {
    InferenceEntry {
        confidence: guess.confidence.min(100),
        reason: guess.reason.clone(),
        confirmed: guess.confirmed,
    }
}

/// Takes out what says nothing. `of` is the key of the list that the object stands in.
pub(crate) fn prune(object: &mut Map<String, Value>, of: &str) {
    let needed = match of {
        "" => "dataset",
        "dataset" => "collections",
        "collections" => "fields",
        _ => "",
    };
    object.retain(|key, value| match value {
        Value::Null => false,
        Value::Array(items) => {
            for item in items.iter_mut() {
                if let Value::Object(inner) = item {
                    prune(inner, key);
                }
            }
            key == needed || !items.is_empty()
        }
        Value::Object(inner) => {
            // What Fides was told about itself stays as it is.
            if !matches!(
                key.as_str(),
                "meta" | "configuration" | "namespace" | "partitioning" | "when" | "also"
            ) {
                prune(inner, key);
            }
            !inner.is_empty()
        }
        Value::Bool(false) => key != "skip_processing",
        _ => true,
    });
}

pub(crate) fn map(out: &mut String, object: &Map<String, Value>, depth: usize, in_list: bool) {
    for (index, (key, value)) in object.iter().enumerate() {
        if index > 0 || !in_list {
            out.push_str(&"  ".repeat(depth));
        }
        out.push_str(&scalar(key));
        out.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                if let Some(comment) = comment(key, inner) {
                    out.push_str(&format!("  # {comment}"));
                }
                out.push('\n');
                map(out, inner, depth + 1, false);
            }
            Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
                out.push('\n');
                list(out, items, depth + 1);
            }
            simple => {
                out.push(' ');
                out.push_str(&inline(simple, key));
                out.push('\n');
            }
        }
    }
}

pub(crate) fn list(out: &mut String, items: &[Value], depth: usize) {
    for item in items {
        out.push_str(&"  ".repeat(depth));
        out.push_str("- ");
        match item {
            Value::Object(inner) if !inner.is_empty() => map(out, inner, depth + 1, true),
            simple => {
                out.push_str(&inline(simple, ""));
                out.push('\n');
            }
        }
    }
}

/// Beside what was guessed: how sure, and whether an answer is wanted.
fn comment(key: &str, object: &Map<String, Value>) -> Option<String> {
    if !matches!(key, "inferred" | "category_guess") {
        return None;
    }
    let confidence = object.get("confidence")?.as_u64()?;
    let reason = object.get("reason")?.as_str()?;
    let open = !object.contains_key("confirmed") && confidence < u64::from(Inference::SURE);
    let ask = if open { " (is this so? add `confirmed: yes` or `confirmed: no`)" } else { "" };
    Some(format!("{confidence} %: {}{ask}", one_line(reason)))
}

fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if needs_escape(c) { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn inline(value: &Value, key: &str) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(answer) => {
            // `confirmed` is what people write; the rest is what Fides reads.
            let (yes, no) = if key == "confirmed" { ("yes", "no") } else { ("true", "false") };
            (if *answer { yes } else { no }).to_owned()
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, "")).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(key), inline(value, key)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A text as YAML reads it back: bare where nothing can be misread, else in quotation marks.
fn scalar(text: &str) -> String {
    let bare = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| {
            c.is_alphanumeric()
                || matches!(c, '_' | '-' | '.' | '/' | ' ' | '(' | ')' | '@' | '%' | '\'')
        })
        && !text.ends_with(' ')
        && !text.contains("  ")
        && crate::words::parse_yes_no(text).is_none()
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "y" | "n" | "yes" | "no" | "true" | "false" | "on" | "off"
        );
    if bare {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if needs_escape(letter) => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// What YAML may not hold as it is, or would read as a line's end.
fn needs_escape(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}
