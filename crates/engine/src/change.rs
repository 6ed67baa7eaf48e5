//! Working out what an erasure changes in a system: row by row, field by field, from what the rows
//! hold at this moment. The draft and the act go through the same code, so the plan that was
//! reviewed is the change that is made.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Change, ChangeSet, RowChange, SetTo};
use detect::{RedactOptions, Redaction, Scratch, Strength};
use model::{Column, Row, RowKey, Table, Value, planted};
use plan::{Case, Drafted, FieldCount, Graph, Place, PlaceCount, Problem, Treatment, treatment};
use policy::{Collection, EraseRows, Field, Tie};

use crate::clear::{self, Derive, Method};
use crate::discover;
use crate::find::read_rows;
use crate::open::{Open, field_or_free_text, searched_bytes, shown};
use crate::subject::Subject;

/// What stands where a whole file stood.
const FILE_MARK: &str = "[erased file]";

/// The changes of one system, and the account of them.
pub(crate) struct Draft {
    pub(crate) set: ChangeSet,
    pub(crate) told: Drafted,
}

/// Works the changes of one system out.
pub(crate) async fn draft(
    open: &Open,
    graph: &Graph<'_>,
    case: &Case,
    system: &str,
    subject: &Subject,
    derive: &Derive<'_>,
) -> connect::Result<Draft> {
    let mut told = Drafted { schema: discover::fingerprint(&open.catalogue), ..Drafted::default() };
    let mut updates = Vec::new();
    let mut deletes: Vec<(&Table, Vec<RowKey>)> = Vec::new();
    for (place, rows) in case.rows().of_system(system) {
        let Some(collection) = graph.collection(place) else { continue };
        let table = open.table(collection)?;
        let mut work = Work::new(collection, table, subject, derive, &mut told);
        let keys: Vec<RowKey> = rows
            .iter()
            .filter(|(_, row)| row.kept.is_none() || planted::bug("kept_rows_are_changed"))
            .map(|(key, _)| key.clone())
            .collect();
        let columns = work.columns();
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                if let Some(found) = rows.get(&row.key) {
                    work.row(row, found.tie);
                }
            }
            Ok(())
        };
        read_rows(open, table, keys, columns, &mut sink).await?;
        let (mut count, update, delete) = work.finish();
        count.before = rows.len() as u64;
        if !delete.is_empty() {
            deletes.push((table, delete));
        }
        updates.extend(update);
        note_triggers(table, &count, place, &mut told);
        told.places.push(count);
    }
    let mut set = ChangeSet { changes: updates };
    for (table, keys) in children_first(deletes) {
        set.changes.push(Change::Delete { table: table.name.clone(), keys });
    }
    // INVARIANT: what is approved is every old and every new value, not only how many there are.
    told.schema = format!("{}/{}", told.schema, derive.fingerprint(&set));
    Ok(Draft { set, told })
}

fn note_triggers(table: &Table, count: &PlaceCount, place: &Place, told: &mut Drafted) {
    if !table.triggers.is_empty() && count.changed + count.deleted > 0 {
        told.notes.push(format!(
            "`{place}` has triggers ({}): if one copies what is erased, the second search will find it",
            table.triggers.join(", ")
        ));
    }
}

/// Whether a bare given name or surname counts as the person: in what is theirs, and in what people
/// wrote freely in their matters. Never in a field of its own in somebody else's row, where the same
/// name is a relative's or a company's.
pub(crate) fn bare_names_count(collection: &Collection, field: &Field, tie: Tie) -> bool {
    let about_somebody = collection.fields.iter().any(|field| field.identity.is_some());
    tie <= Tie::Authored || field.free_text && !about_somebody
}

/// Rows that refer to others go before those that they refer to.
fn children_first(mut deletes: Vec<(&Table, Vec<RowKey>)>) -> Vec<(&Table, Vec<RowKey>)> {
    let mut ordered = Vec::with_capacity(deletes.len());
    while !deletes.is_empty() {
        let referred: BTreeSet<_> = deletes
            .iter()
            .flat_map(|(table, _)| table.references.iter().map(move |r| (&table.name, &r.to)))
            .filter(|(from, to)| from != to)
            .map(|(_, to)| to.clone())
            .collect();
        let next = deletes.iter().position(|(table, _)| !referred.contains(&table.name));
        // A circle of references: the rehearsal will say whether the database lets it through.
        ordered.push(deletes.remove(next.unwrap_or_default()));
    }
    ordered
}

/// The work on one collection.
struct Work<'w> {
    collection: &'w Collection,
    table: &'w Table,
    subject: &'w Subject,
    derive: &'w Derive<'w>,
    told: &'w mut Drafted,
    fields: Vec<(&'w Column, Field)>,
    methods: BTreeMap<String, Option<Method>>,
    counts: BTreeMap<(String, &'static str), u64>,
    changes: BTreeMap<Vec<String>, Vec<RowChange>>,
    deleted: Vec<RowKey>,
    seen: BTreeSet<RowKey>,
    scratch: Scratch,
}

impl<'w> Work<'w> {
    fn new(
        collection: &'w Collection,
        table: &'w Table,
        subject: &'w Subject,
        derive: &'w Derive<'w>,
        told: &'w mut Drafted,
    ) -> Self {
        let mut work = Self {
            collection,
            table,
            subject,
            derive,
            told,
            fields: Vec::new(),
            methods: BTreeMap::new(),
            counts: BTreeMap::new(),
            changes: BTreeMap::new(),
            deleted: Vec::new(),
            seen: BTreeSet::new(),
            scratch: Scratch::default(),
        };
        work.fields = table
            .columns
            .iter()
            .filter(|column| {
                collection.field(&column.name).is_some() || column.data_type.bears_text()
            })
            .map(|column| (column, field_or_free_text(collection, &column.name)))
            .collect();
        for field in &collection.fields {
            if table.column(&field.name).is_none() {
                let message = format!(
                    "table `{}` has no such column any more: run `upheld connect` again and compare",
                    shown(&table.name)
                );
                work.problem(Some(&field.name), message);
            }
        }
        work
    }

    fn columns(&self) -> Vec<String> {
        self.fields.iter().map(|(column, _)| column.name.clone()).collect()
    }

    fn problem(&mut self, field: Option<&str>, message: String) {
        let problem = Problem {
            collection: self.collection.name.clone(),
            field: field.map(str::to_owned),
            message,
        };
        if !self.told.problems.contains(&problem) {
            self.told.problems.push(problem);
        }
    }

    fn row(&mut self, row: Row, tie: Tie) {
        // Rows without a key can be alike in every column: what is done to one is done to all.
        if !self.seen.insert(row.key.clone()) {
            return;
        }
        let alone = tie == Tie::Own || planted::bug("a_shared_row_is_deleted");
        if self.collection.erase == EraseRows::Delete && alone {
            if self.table.is_view {
                return self.problem(None, "is a view: map the tables behind it".to_owned());
            }
            self.deleted.push(row.key);
            return;
        }
        let fields = std::mem::take(&mut self.fields);
        let mut columns = Vec::new();
        let mut set = Vec::new();
        for ((column, field), before) in fields.iter().zip(row.values) {
            let Some((after, how)) = self.after(column, field, tie, &row.key, &before) else {
                continue;
            };
            *self.counts.entry((column.name.clone(), how)).or_default() += 1;
            columns.push(column.name.clone());
            set.push(SetTo { from: before, to: after });
        }
        self.fields = fields;
        if set.is_empty() {
            return;
        }
        if self.table.is_view {
            return self.problem(None, "is a view: map the tables behind it".to_owned());
        }
        self.changes.entry(columns).or_default().push(RowChange { key: row.key, set });
    }

    /// The value a field gets, and how; `None` if it stays.
    fn after(
        &mut self,
        column: &Column,
        field: &Field,
        tie: Tie,
        key: &RowKey,
        before: &Value,
    ) -> Option<(Value, &'static str)> {
        if before.is_null() || column.generated {
            return None;
        }
        let is_key = field.primary_key || self.table.primary_key.contains(&column.name);
        if is_key {
            self.check_key(column, field, tie, before);
            return None;
        }
        let near = bare_names_count(self.collection, field, tie);
        match treatment(self.collection, field, tie, near) {
            Treatment::Leave => None,
            Treatment::Clear(wish) => self.clear(column, field, wish.as_ref(), key, before),
            Treatment::TakeOut { bare_names, own_words, whole } => {
                let bytes = searched_bytes(before)?;
                if !field.free_text && self.is_nothing_but_the_person(&bytes) {
                    return self.clear(column, field, whole.as_ref(), key, before);
                }
                if own_words && self.is_a_telephone(before) {
                    return self.clear(column, field, whole.as_ref(), key, before);
                }
                self.take_out(column, before, bare_names, own_words)
            }
        }
    }

    /// A key cannot be changed without losing what refers to it, so a key that names the person
    /// stops the plan.
    fn check_key(&mut self, column: &Column, field: &Field, tie: Tie, before: &Value) {
        let Some(bytes) = before.as_bytes() else { return };
        let names = self.names(bytes) || (tie == Tie::Own && field.is_personal());
        if names {
            let message = format!(
                "`{}` is part of the key and names the person: say `erase: delete` for the collection, or why it stays",
                column.name
            );
            self.problem(Some(&column.name), message);
        }
    }

    fn names(&mut self, bytes: &[u8]) -> bool {
        let mut found = Vec::new();
        self.subject.near.search(bytes, &mut self.scratch, &mut found);
        found.iter().any(|mention| mention.strength == Strength::Strong)
    }

    fn is_nothing_but_the_person(&mut self, bytes: &[u8]) -> bool {
        let mut found = Vec::new();
        self.subject.near.search(bytes, &mut self.scratch, &mut found);
        found.iter().any(|mention| mention.whole && mention.strength == Strength::Strong)
    }

    /// A value that is a telephone number and nothing else, in a row that the person caused.
    fn is_a_telephone(&self, before: &Value) -> bool {
        before
            .as_text()
            .is_some_and(|text| detect::classify(text) == Some(detect::ValueKind::Phone))
    }

    fn clear(
        &mut self,
        column: &Column,
        field: &Field,
        wish: Option<&policy::EraseField>,
        key: &RowKey,
        before: &Value,
    ) -> Option<(Value, &'static str)> {
        if !self.methods.contains_key(&column.name) {
            let address = field.identity == Some(model::IdentityKind::Email)
                || field.categories.iter().any(|c| c.starts_with("user.contact.email"));
            let method = match clear::method(wish, self.table, column, address) {
                Ok(method) => Some(method),
                Err(why) => {
                    let message = format!("`{}` {why}", column.name);
                    self.problem(Some(&column.name), message);
                    None
                }
            };
            self.methods.insert(column.name.clone(), method);
        }
        let method = self.methods.get(&column.name)?.as_ref()?;
        let after = method.value(self.derive, self.table, column, key, before);
        (after != *before && !is_empty(before)).then(|| (after, method.key()))
    }

    fn take_out(
        &mut self,
        column: &Column,
        before: &Value,
        bare_names: bool,
        own_words: bool,
    ) -> Option<(Value, &'static str)> {
        let bytes = before.as_bytes()?;
        for mark in clear::marks(column) {
            let options = RedactOptions { weak: bare_names, own: own_words, mark: mark.to_owned() };
            let redaction = self.subject.near.redact(bytes, 0, &options);
            if is_file_to_replace(bytes, &redaction, own_words) {
                let after = replaced_file(before, bytes);
                return (after != *before).then_some((after, "file"));
            }
            let after = match (redaction.bytes?, before) {
                (edited, Value::Bytes(_)) => Value::Bytes(edited),
                (edited, _) => match String::from_utf8(edited) {
                    Ok(text) => Value::Text(text),
                    Err(_) => {
                        let message = format!("`{}` cannot be edited as text", column.name);
                        self.problem(Some(&column.name), message);
                        return None;
                    }
                },
            };
            if clear::fits(column, &after) {
                return Some((after, "redact"));
            }
        }
        let message = format!("`{}` has no room for the text without the person", column.name);
        self.problem(Some(&column.name), message);
        None
    }

    fn finish(self) -> (PlaceCount, Vec<Change>, Vec<RowKey>) {
        let mut count = PlaceCount {
            collection: self.collection.name.clone(),
            before: 0,
            changed: self.changes.values().map(|rows| rows.len() as u64).sum(),
            deleted: self.deleted.len() as u64,
            fields: Vec::new(),
        };
        for ((field, how), rows) in self.counts {
            count.fields.push(FieldCount { field, how: how.to_owned(), rows });
        }
        let table = &self.table.name;
        let updates = self
            .changes
            .into_iter()
            .map(|(columns, rows)| Change::Update { table: table.clone(), columns, rows })
            .collect();
        (count, updates, self.deleted)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::Bool(_) | Value::Int(_) => false,
    }
}

/// Whether these bytes are a file that must be replaced whole: it names the person, or the person
/// supplied it and nobody can tell what it shows (whatever it is wrapped in).
fn is_file_to_replace(bytes: &[u8], redaction: &Redaction, own_words: bool) -> bool {
    let nobody_can_tell = || {
        detect::file_kind(bytes).is_some() || redaction.unread && detect::readable(bytes).is_none()
    };
    redaction.file.is_some() || own_words && nobody_can_tell()
}

/// What takes the place of a file, in the wrapping in which the file stood.
fn replaced_file(before: &Value, bytes: &[u8]) -> Value {
    match before {
        Value::Bytes(_) => Value::Bytes(FILE_MARK.as_bytes().to_vec()),
        _ if is_base64(bytes) => Value::from(MARK_IN_BASE64),
        _ => Value::from(FILE_MARK),
    }
}

/// [`FILE_MARK`] in base64, for columns whose reader decodes it.
const MARK_IN_BASE64: &str = "W2VyYXNlZCBmaWxlXQ==";

fn is_base64(bytes: &[u8]) -> bool {
    bytes.len() >= 16
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=-_\r\n ".contains(b))
}
