//! Finding rows by an identifier or a reference, for as many people as ask.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Condition, Fold, Lookup, Match};
use model::{IdentityKind, RowKey, Value, planted};
use plan::{Compare, FoundIn, Graph, Place};
use policy::When;

use crate::open::Open;
use crate::subject::term_kind;

/// So many values are asked for in one look-up.
const AT_ONCE: usize = 10_000;

/// What to look up.
#[derive(Clone, Copy)]
pub(crate) struct Question<'q> {
    pub(crate) place: &'q Place,
    pub(crate) field: &'q str,
    pub(crate) compare: Compare,
    pub(crate) when: &'q [When],
    pub(crate) carry: &'q [String],
}

/// The rows that answer, for each of those who ask with their own values. The table is asked once
/// for all of them.
///
/// For an identifier, every candidate's value is compared again: a database whose collation ignores
/// accents returns other people too.
///
/// INVARIANT: nobody gets a row that none of their own values leads to.
pub(crate) async fn find(
    open: &Open,
    graph: &Graph<'_>,
    question: Question<'_>,
    asked: &[&[Value]],
    country_code: Option<&str>,
) -> connect::Result<Vec<Vec<FoundIn>>> {
    let mut found: Vec<Vec<FoundIn>> = asked.iter().map(|_| Vec::new()).collect();
    let Some(collection) = graph.collection(question.place) else { return Ok(found) };
    let table = open.table(collection)?;
    let mut columns = question.carry.to_vec();
    columns.push(question.field.to_owned());
    let askers = Askers::new(question.compare, asked, country_code);
    let values: BTreeSet<&Value> = asked.iter().copied().flatten().collect();
    let values: Vec<&Value> = values.into_iter().collect();
    for values in values.chunks(AT_ONCE) {
        let lookup = Lookup {
            table: table.name.clone(),
            by: Match::Column {
                column: question.field.to_owned(),
                any_of: values.iter().map(|value| (*value).clone()).collect(),
                fold: fold(question.compare),
            },
            when: conditions(question.when),
            columns: columns.clone(),
        };
        let mut sink = |batch: Batch| {
            for mut row in batch.0 {
                let Some(value) = row.values.pop() else { continue };
                let mut meant: Vec<usize> = askers.of(&value).collect();
                if planted::bug("candidates_are_people") {
                    meant = (0..asked.len()).collect();
                }
                for asker in meant {
                    let row = FoundIn { key: row.key.clone(), carried: row.values.clone() };
                    if let Some(found) = found.get_mut(asker) {
                        found.push(row);
                    }
                }
            }
            Ok(())
        };
        open.connector.find(&lookup, &mut sink).await?;
    }
    for found in &mut found {
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found.dedup_by(|a, b| a.key == b.key);
    }
    Ok(found)
}

const fn fold(compare: Compare) -> Fold {
    match compare {
        Compare::Exact | Compare::As(IdentityKind::AccountId) => Fold::Exact,
        Compare::As(IdentityKind::Phone) => Fold::Digits,
        Compare::As(IdentityKind::Email | IdentityKind::UserName | IdentityKind::Name) => {
            Fold::Case
        }
    }
}

/// Who asks for which value.
struct Askers<'a> {
    compare: Compare,
    country_code: Option<&'a str>,
    /// By the form in which values are compared.
    by_text: BTreeMap<String, BTreeSet<usize>>,
    /// By the value itself, for what cannot be written as text.
    by_value: BTreeMap<&'a Value, BTreeSet<usize>>,
}

impl<'a> Askers<'a> {
    fn new(compare: Compare, asked: &[&'a [Value]], country_code: Option<&'a str>) -> Self {
        let (by_text, by_value) = (BTreeMap::new(), BTreeMap::new());
        let mut askers = Self { compare, country_code, by_text, by_value };
        for (asker, values) in asked.iter().enumerate() {
            for value in *values {
                match askers.form(value) {
                    Some(form) => askers.by_text.entry(form).or_default().insert(asker),
                    None if compare == Compare::Exact => {
                        askers.by_value.entry(value).or_default().insert(asker)
                    }
                    None => continue,
                };
            }
        }
        askers
    }

    /// A collation may find more than what was asked for: the form is what must be the same.
    fn form(&self, value: &Value) -> Option<String> {
        let plain = value.to_plain_text()?;
        match self.compare {
            Compare::Exact => Some(plain),
            Compare::As(kind) => {
                let form = detect::normal_form(term_kind(kind), &plain, self.country_code);
                (!form.is_empty()).then_some(form)
            }
        }
    }

    fn of(&self, value: &Value) -> impl Iterator<Item = usize> {
        let asking = match self.form(value) {
            Some(form) => self.by_text.get(&form),
            None if self.compare == Compare::Exact => self.by_value.get(value),
            None => None,
        };
        asking.into_iter().flatten().copied()
    }
}

/// The map's conditions in the connector's words.
pub(crate) fn conditions(when: &[When]) -> Vec<Condition> {
    when.iter()
        .map(|when| Condition {
            column: when.column.clone(),
            any_of: when.any_of.iter().map(|text| Value::from(text.as_str())).collect(),
        })
        .collect()
}

/// Rows of a table by key, with these columns.
pub(crate) async fn read_rows(
    open: &Open,
    table: &model::Table,
    keys: Vec<RowKey>,
    columns: Vec<String>,
    sink: &mut dyn connect::Sink,
) -> connect::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let lookup =
        Lookup { table: table.name.clone(), by: Match::Keys(keys), when: Vec::new(), columns };
    open.connector.find(&lookup, sink).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_given_to_those_who_asked_for_it_and_to_nobody_else() {
        let text = |value: &str| Value::from(value);
        let zoe = [text("Zoë.Müller@acme.example"), text("zm@acme.example")];
        let plain = [text("zoe.muller@acme.example")];
        let asked: [&[Value]; 3] = [&zoe, &plain, &zoe[1..]];
        let askers = Askers::new(Compare::As(IdentityKind::Email), &asked, None);
        for (value, of) in [
            (text("zoë.müller@ACME.example"), vec![0]),
            (text("zoe.muller@acme.example"), vec![1]),
            (text(" ZM@acme.example"), vec![0, 2]),
            (text("zoe@acme.example"), vec![]),
            (Value::Null, vec![]),
            (text(""), vec![]),
        ] {
            assert_eq!(askers.of(&value).collect::<Vec<_>>(), of, "{:?}", value.as_text());
        }
    }

    #[test]
    fn references_are_the_same_value_whatever_its_type_and_bytes_are_themselves() {
        let (numbers, bytes) = ([Value::Int(27), Value::from("x")], [Value::Bytes(vec![1])]);
        let asked: [&[Value]; 3] = [&numbers, &bytes, &[Value::Null]];
        let askers = Askers::new(Compare::Exact, &asked, None);
        for (value, of) in [
            (Value::from("27"), vec![0]),
            (Value::from("X"), vec![]),
            (Value::Bytes(vec![1]), vec![1]),
            (Value::Bytes(vec![2]), vec![]),
        ] {
            assert_eq!(askers.of(&value).collect::<Vec<_>>(), of);
        }
    }
}
