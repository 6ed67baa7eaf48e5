//! Finding rows by an identifier or a reference.

use connect::{Batch, Condition, Fold, Lookup, Match};
use model::{IdentityKind, RowKey, Value};
use plan::{Compare, FoundIn, Graph, Place};
use policy::When;

use crate::open::Open;

/// What to look up.
pub(crate) struct Question<'q> {
    pub(crate) place: &'q Place,
    pub(crate) field: &'q str,
    pub(crate) values: &'q [Value],
    pub(crate) compare: Compare,
    pub(crate) when: &'q [When],
    pub(crate) carry: &'q [String],
}

/// The rows that answer. For an identifier, every candidate's value is compared again: a database
/// whose collation ignores accents returns other people too.
pub(crate) async fn find(
    open: &Open,
    graph: &Graph<'_>,
    question: &Question<'_>,
    country_code: Option<&str>,
) -> connect::Result<Vec<FoundIn>> {
    let Some(collection) = graph.collection(question.place) else { return Ok(Vec::new()) };
    let table = open.table(collection)?;
    let mut columns = question.carry.to_vec();
    columns.push(question.field.to_owned());
    let lookup = Lookup {
        table: table.name.clone(),
        by: Match::Column {
            column: question.field.to_owned(),
            any_of: question.values.to_vec(),
            fold: fold(question.compare),
        },
        when: conditions(question.when),
        columns,
    };
    let mut found = Vec::new();
    let mut sink = |batch: Batch| {
        for mut row in batch.0 {
            let Some(value) = row.values.pop() else { continue };
            if is_meant(&value, question, country_code) {
                found.push(FoundIn { key: row.key, carried: row.values });
            }
        }
        Ok(())
    };
    open.connector.find(&lookup, &mut sink).await?;
    found.sort_by(|a, b| a.key.cmp(&b.key));
    found.dedup_by(|a, b| a.key == b.key);
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

fn is_meant(value: &Value, question: &Question<'_>, country_code: Option<&str>) -> bool {
    let kind = match question.compare {
        // A collation may find more than what was asked for here too.
        Compare::Exact => {
            let plain = value.to_plain_text();
            return question.values.iter().any(|v| v == value || v.to_plain_text() == plain);
        }
        Compare::As(IdentityKind::Email) => detect::TermKind::Email,
        Compare::As(IdentityKind::Phone) => detect::TermKind::Phone,
        Compare::As(IdentityKind::UserName) => detect::TermKind::UserName,
        Compare::As(IdentityKind::AccountId) => detect::TermKind::AccountId,
        Compare::As(IdentityKind::Name) => detect::TermKind::Name,
    };
    let Some(text) = value.to_plain_text() else { return false };
    question
        .values
        .iter()
        .filter_map(Value::to_plain_text)
        .any(|wanted| detect::same_identity(kind, &wanted, &text, country_code))
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
