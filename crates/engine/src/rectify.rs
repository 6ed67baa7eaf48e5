//! Working out a correction: which fields of the person's own rows hold the value that is wrong,
//! and whether the right one fits there. Nothing is touched until every field has an answer.
//!
//! The second look goes through the same code: what would still be changed is what is not right.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Change, ChangeSet, Fold, Lookup, Match, RowChange, SetTo};
use model::{Column, DataType, IdentityKind, Personal, Row, RowKey, Table, Value};
use plan::{
    Case, Corrected, Correction, Drafted, FieldCount, FoundRow, Graph, Place, PlaceCount, Problem,
    Remaining, Takes, Target,
};
use policy::{Collection, Field, Tie};

use crate::change::Draft;
use crate::clear::Derive;
use crate::discover;
use crate::find::read_rows;
use crate::open::Open;
use crate::subject::term_kind;

/// What a correction needs to know beside the system.
pub(crate) struct Wanted<'w> {
    pub(crate) graph: &'w Graph<'w>,
    pub(crate) case: &'w Case,
    pub(crate) system: &'w str,
    pub(crate) country_code: Option<&'w str>,
}

/// Works the corrections of one system out.
pub(crate) async fn draft(
    open: &Open,
    wanted: &Wanted<'_>,
    derive: &Derive<'_>,
) -> connect::Result<Draft> {
    let Wanted { graph, case, system, .. } = *wanted;
    let mut told = Drafted { schema: discover::fingerprint(&open.catalogue), ..Drafted::default() };
    let mut changes: Vec<(&Table, Vec<Change>)> = Vec::new();
    for (place, rows) in case.rows().of_system(system) {
        let Some(collection) = graph.collection(place) else { continue };
        let table = open.table(collection)?;
        let mut work = Work::new(wanted, place, collection, table, &mut told);
        if work.fields.is_empty() {
            continue;
        }
        let columns: Vec<String> = work.fields.iter().map(|f| f.column.name.clone()).collect();
        let concerned = |row: &FoundRow| row.kept.is_none() && row.tie <= Tie::Shared;
        let keys = rows.iter().filter(|(_, row)| concerned(row)).map(|(key, _)| key.clone());
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                if let Some(found) = rows.get(&row.key) {
                    work.row(row, found.tie);
                }
            }
            Ok(())
        };
        read_rows(open, table, keys.collect(), columns, &mut sink).await?;
        work.look_for_others(open).await?;
        let own = rows.values().filter(|row| row.tie == Tie::Own).count() as u64;
        let (count, made) = work.finish(own);
        if !table.triggers.is_empty() && count.changed > 0 {
            told.notes.push(format!(
                "`{place}` has triggers ({}): if one copies the old value elsewhere, it stays there",
                table.triggers.join(", ")
            ));
        }
        told.places.push(count);
        changes.push((table, made));
    }
    let set = ChangeSet { changes: parents_first(changes) };
    // INVARIANT: what is approved is every old and every new value, not only how many there are.
    told.schema = format!("{}/{}", told.schema, derive.fingerprint(&set));
    Ok(Draft { set, told })
}

/// A row that others lead to by the corrected value goes before them: a database that carries the
/// new value on by itself has then done so, and one that forbids the change says it in the rehearsal.
fn parents_first(mut tables: Vec<(&Table, Vec<Change>)>) -> Vec<Change> {
    let mut ordered = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |table: &Table| {
            let others = tables.iter().map(|(other, _)| &other.name);
            let mut others = others.filter(|name| **name != table.name);
            others.any(|name| table.references.iter().any(|reference| reference.to == *name))
        };
        let next = tables.iter().position(|(table, _)| !waits(table));
        ordered.extend(tables.remove(next.unwrap_or_default()).1);
    }
    ordered
}

/// Places that still hold what was to be corrected, in the rows of the plan or in rows that came
/// since with an identifier that is the person's alone.
pub(crate) async fn verify(
    open: &Open,
    wanted: &Wanted<'_>,
    derive: &Derive<'_>,
) -> connect::Result<Vec<Remaining>> {
    let mut remaining = BTreeSet::new();
    let again = draft(open, wanted, derive).await?;
    for change in again.set.changes {
        let Change::Update { table, columns, rows } = change else { continue };
        let collection = collection_of(open, wanted, &table);
        for row in rows {
            for field in &columns {
                remaining.insert(Remaining {
                    collection: collection.clone(),
                    field: field.clone(),
                    key: row.key.clone(),
                });
            }
        }
    }
    let Wanted { graph, case, system, country_code } = *wanted;
    for correction in case.corrections() {
        let Target::Identity(kind @ (IdentityKind::Email | IdentityKind::UserName)) =
            correction.target
        else {
            continue;
        };
        let wrong: Vec<Value> = case.wrong(correction).into_iter().map(Value::from).collect();
        let done = case.drafted(system).map_or(&[][..], |drafted| &drafted.corrected);
        for one in done.iter().filter(|one| !one.is_right() && !wrong.is_empty()) {
            let place = Place::new(system, &one.collection);
            let question = crate::find::Question {
                place: &place,
                field: &one.field,
                compare: plan::Compare::As(kind),
                when: &[],
                carry: &[],
            };
            let found = crate::find::find(open, graph, question, &[&wrong], country_code).await?;
            for row in found.into_iter().flatten() {
                if case.rows().get(&place, &row.key).is_none() {
                    remaining.insert(Remaining {
                        collection: one.collection.clone(),
                        field: one.field.clone(),
                        key: row.key,
                    });
                }
            }
        }
    }
    Ok(remaining.into_iter().collect())
}

fn collection_of(open: &Open, wanted: &Wanted<'_>, table: &model::TableName) -> String {
    let places = wanted.case.rows().of_system(wanted.system).map(|(place, _)| place);
    places
        .filter_map(|place| wanted.graph.collection(place))
        .find(|collection| open.table(collection).is_ok_and(|found| found.name == *table))
        .map_or_else(|| table.to_string(), |collection| collection.name.clone())
}

/// A field that may take a correction.
struct Candidate<'w> {
    column: &'w Column,
    field: &'w Field,
    own: Option<Takes>,
    elsewhere: Option<Takes>,
}

/// The work on one collection.
struct Work<'w> {
    wanted: &'w Wanted<'w>,
    collection: &'w Collection,
    table: &'w Table,
    told: &'w mut Drafted,
    fields: Vec<Candidate<'w>>,
    corrected: BTreeMap<(usize, String, String, String), u64>,
    counts: BTreeMap<String, u64>,
    changes: BTreeMap<Vec<String>, Vec<RowChange>>,
    seen: BTreeSet<RowKey>,
}

impl<'w> Work<'w> {
    fn new(
        wanted: &'w Wanted<'w>,
        place: &Place,
        collection: &'w Collection,
        table: &'w Table,
        told: &'w mut Drafted,
    ) -> Self {
        let mut work = Self {
            wanted,
            collection,
            table,
            told,
            fields: Vec::new(),
            corrected: BTreeMap::new(),
            counts: BTreeMap::new(),
            changes: BTreeMap::new(),
            seen: BTreeSet::new(),
        };
        for field in &collection.fields {
            let takes = |tie| wanted.case.takes(wanted.graph, place, field, tie);
            let (own, elsewhere) = (takes(Tie::Own), takes(Tie::Shared));
            if own.is_none() && elsewhere.is_none() {
                continue;
            }
            match table.column(&field.name) {
                Some(column) => work.fields.push(Candidate { column, field, own, elsewhere }),
                None => work.problem(
                    &field.name,
                    "is no column of its table any more: run `upheld connect` again and compare"
                        .to_owned(),
                ),
            }
        }
        work
    }

    fn problem(&mut self, field: &str, message: String) {
        let problem = Problem {
            collection: self.collection.name.clone(),
            field: Some(field.to_owned()),
            message: format!("`{field}` {message}"),
        };
        if !self.told.problems.contains(&problem) {
            self.told.problems.push(problem);
        }
    }

    fn row(&mut self, row: Row, tie: Tie) {
        if !self.seen.insert(row.key.clone()) {
            return;
        }
        let fields = std::mem::take(&mut self.fields);
        let (mut columns, mut set) = (Vec::new(), Vec::new());
        for (candidate, before) in fields.iter().zip(row.values) {
            let takes = if tie == Tie::Own { candidate.own } else { candidate.elsewhere };
            let Some(takes) = takes else { continue };
            if let Some(to) = self.field(candidate, takes, &before) {
                *self.counts.entry(candidate.column.name.clone()).or_default() += 1;
                columns.push(candidate.column.name.clone());
                set.push(SetTo { from: before, to });
            }
        }
        self.fields = fields;
        if !set.is_empty() {
            self.changes.entry(columns).or_default().push(RowChange { key: row.key, set });
        }
    }

    /// The new value of a field, if it must change.
    fn field(&mut self, candidate: &Candidate<'_>, takes: Takes, before: &Value) -> Option<Value> {
        let (Takes::Itself(at) | Takes::Follows(at) | Takes::Part(at)) = takes;
        let case = self.wanted.case;
        let correction = case.corrections().get(at)?;
        let name = &candidate.column.name;
        let in_full = matches!(correction.target, Target::Field(_)) && takes == Takes::Itself(at);
        let plain = before.to_plain_text();
        let text = plain.as_deref().unwrap_or_default().trim();
        if matches!(takes, Takes::Part(_)) {
            if !text.is_empty() {
                self.problem(name, format!("holds a part of the name: say what shall stand there (`--set {}.{}.{name}=…`)", self.wanted.system, self.collection.name));
            }
            return None;
        }
        let to = correction.to.expose();
        if plain.as_deref() == Some(to.as_str()) {
            self.note(at, name, to, to);
            return None;
        }
        let wrong = case.wrong(correction);
        let holds = match (wrong.is_empty(), takes) {
            (true, Takes::Follows(_)) => false,
            (true, _) => in_full || !text.is_empty(),
            (false, _) => {
                wrong.iter().any(|wrong| self.same(candidate.field, correction, wrong, text))
            }
        };
        if !holds {
            return None;
        }
        if before.as_bytes().is_some() && before.as_text().is_none() {
            self.problem(name, "holds raw bytes: correct it in the application itself".to_owned());
            return None;
        }
        if self.table.is_view || candidate.column.generated {
            if in_full {
                self.problem(
                    name,
                    "is worked out by the database from other fields: name those".to_owned(),
                );
            }
            return None;
        }
        match fit(candidate.column, to) {
            Ok(value) if value == *before => {
                self.note(at, name, to, to);
                None
            }
            Ok(value) => {
                let shown = plain.unwrap_or_default();
                self.note(at, name, &shown, to);
                Some(value)
            }
            Err(why) => {
                self.problem(name, why);
                None
            }
        }
    }

    fn note(&mut self, correction: usize, field: &str, before: &str, after: &str) {
        let key = (correction, field.to_owned(), before.to_owned(), after.to_owned());
        *self.corrected.entry(key).or_default() += 1;
    }

    fn same(&self, field: &Field, correction: &Correction, wrong: &str, text: &str) -> bool {
        let kind = match correction.target {
            Target::Identity(kind) => term_kind(kind),
            Target::Category(_) | Target::Field(_) => {
                field.identity.map_or(detect::TermKind::Name, term_kind)
            }
        };
        detect::same_identity(kind, wrong, text, self.wanted.country_code)
    }

    /// Rows of others that hold the new value already: two accounts cannot have one address, and
    /// where the database would allow it a person must know.
    async fn look_for_others(&mut self, open: &Open) -> connect::Result<()> {
        let mut asked: Vec<(String, Value, u64)> = Vec::new();
        for (columns, rows) in &self.changes {
            for (at, column) in columns.iter().enumerate() {
                let Some(to) = rows.first().and_then(|row| row.set.get(at)) else { continue };
                match asked.iter_mut().find(|(known, _, _)| known == column) {
                    Some((_, _, count)) => *count += rows.len() as u64,
                    None => asked.push((column.clone(), to.to.clone(), rows.len() as u64)),
                }
            }
        }
        for (column, value, rows) in asked {
            let alone = |columns: &[String]| matches!(columns, [only] if *only == column);
            let key = self.table.unique.iter().find(|key| alone(&key.columns));
            let unique = key.is_some() || alone(&self.table.primary_key);
            let field = self.collection.field(&column);
            let names = matches!(
                field.and_then(|field| field.identity),
                Some(IdentityKind::Email | IdentityKind::UserName | IdentityKind::AccountId)
            );
            if unique && rows > 1 {
                self.problem(&column, format!("must be unique, and {rows} rows of the person's would hold the same value: correct one of them in the application first"));
            }
            if !unique && !names {
                continue;
            }
            let folds = key.is_some_and(|key| key.folds_case) || names;
            let lookup = Lookup {
                table: self.table.name.clone(),
                by: Match::Column {
                    column: column.clone(),
                    any_of: vec![value],
                    fold: if folds { Fold::Case } else { Fold::Exact },
                },
                when: Vec::new(),
                columns: Vec::new(),
            };
            let mut others = 0_u64;
            let seen = &self.seen;
            let mut sink = |batch: Batch| {
                others += batch.0.iter().filter(|row| !seen.contains(&row.key)).count() as u64;
                Ok(())
            };
            open.connector.find(&lookup, &mut sink).await?;
            match (others, unique) {
                (0, _) => {}
                (_, true) => self.problem(&column, "must be unique, and another row holds the new value already: two accounts of one person are joined in the application first".to_owned()),
                (others, false) => self.told.notes.push(format!(
                    "`{}.{}.{column}` holds the new value in {others} other row(s) already: make sure that they are the same person's",
                    self.wanted.system, self.collection.name
                )),
            }
        }
        Ok(())
    }

    fn finish(self, own: u64) -> (PlaceCount, Vec<Change>) {
        for ((correction, field, before, after), rows) in self.corrected {
            self.told.corrected.push(Corrected {
                correction,
                collection: self.collection.name.clone(),
                field,
                before: Personal::new(before),
                after: Personal::new(after),
                rows,
            });
        }
        let count = PlaceCount {
            collection: self.collection.name.clone(),
            before: own,
            changed: self.changes.values().map(|rows| rows.len() as u64).sum(),
            deleted: 0,
            fields: self
                .counts
                .into_iter()
                .map(|(field, rows)| FieldCount { field, how: "correct".to_owned(), rows })
                .collect(),
        };
        let table = &self.table.name;
        let changes = self
            .changes
            .into_iter()
            .map(|(columns, rows)| Change::Update { table: table.clone(), columns, rows })
            .collect();
        (count, changes)
    }
}

/// The right value as a value of the column's own type, or why it does not fit. Types that the
/// database alone reads (days, moments, listed words) are left to the rehearsal.
fn fit(column: &Column, text: &str) -> Result<Value, String> {
    let wrong = || format!("is of the type `{}`, which the new value is not", column.native_type);
    match column.data_type {
        DataType::Text { max_chars: Some(room) } if text.chars().count() > room as usize => {
            Err(format!(
                "holds at most {room} characters, and the new value is longer: shorten it, or widen the column"
            ))
        }
        DataType::Text { .. } => Ok(Value::from(text)),
        DataType::Integer => {
            // A telephone number in a column of numbers is its digits.
            let digits: String = text
                .chars()
                .filter(|c| !matches!(c, ' ' | '+' | '-' | '.' | '(' | ')' | '/'))
                .collect();
            let number = if text.starts_with('-') { text } else { digits.as_str() };
            number.parse().map(Value::Int).map_err(|_| wrong())
        }
        DataType::Number if text.parse::<f64>().is_ok() => Ok(Value::from(text)),
        DataType::Number => Err(wrong()),
        DataType::Boolean => match text {
            "true" | "yes" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "0" => Ok(Value::Bool(false)),
            _ => Err(wrong()),
        },
        DataType::Date
        | DataType::Timestamp
        | DataType::Time
        | DataType::Uuid
        | DataType::Network
        | DataType::Enumeration => Ok(Value::from(text)),
        DataType::Bytes { .. } | DataType::Json | DataType::Other => Err(format!(
            "is of the type `{}`: correct it in the application itself",
            column.native_type
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_said_before_anything_is_touched() {
        let text = |max_chars| DataType::Text { max_chars };
        let table: [(DataType, &str, Result<Value, &str>); 9] = [
            (text(None), "Halifax", Ok(Value::from("Halifax"))),
            (text(Some(7)), "Halifax", Ok(Value::from("Halifax"))),
            (text(Some(6)), "Halifax", Err("at most 6 characters")),
            (text(Some(4)), "Zoë!", Ok(Value::from("Zoë!"))),
            (DataType::Integer, "+1 (902) 555-0199", Ok(Value::Int(19_025_550_199))),
            (DataType::Integer, "-5", Ok(Value::Int(-5))),
            (DataType::Integer, "Halifax", Err("which the new value is not")),
            (DataType::Boolean, "yes", Ok(Value::Bool(true))),
            (DataType::Json, "{}", Err("in the application itself")),
        ];
        for (data_type, given, expected) in table {
            let column = Column {
                name: "c".into(),
                native_type: "t".into(),
                data_type,
                nullable: true,
                has_default: false,
                generated: false,
                loose_collation: false,
                updates_itself: false,
                comment: None,
            };
            match (fit(&column, given), expected) {
                (Ok(value), Ok(wanted)) => assert!(value == wanted, "{given}"),
                (Err(said), Err(wanted)) => assert!(said.contains(wanted), "{said}"),
                (found, _) => panic!("{given}: {found:?}"),
            }
        }
    }
}
