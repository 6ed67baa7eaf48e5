//! Rules that count from a day elsewhere: whose service, whose contract ended long enough ago.

use std::collections::BTreeMap;

use connect::{Batch, Due, Fold, Lookup, Match, Old};
use model::{DataType, RowKey, Value};
use plan::retention::Cutoff;

use crate::open::Open;
use crate::retain::ready::Making;

/// So many rows are read at once.
const PAGE: u32 = 5_000;

/// The values by which rows are referred to whose moment lies before the limit.
///
/// INVARIANT: a value that also stands in a row whose moment is later, or missing, is not among them.
pub(crate) async fn values(
    making: &Making<'_>,
    place: &plan::Place,
    column: &str,
    key: &str,
    cutoff: &Cutoff,
) -> Result<Vec<Value>, Failure> {
    let table = making.table(place).map_err(Failure::Refused)?;
    let Some(moment) = table.column(column) else {
        return Err(Failure::Refused(format!(
            "table `{}` has no column `{column}` any more: run `upheld connect {} URL --again` and compare",
            table.name, place.system
        )));
    };
    let before = match moment.data_type {
        DataType::Date => cutoff.for_days(),
        _ => cutoff.at,
    };
    let due = Due {
        table: table.name.clone(),
        old: Old::Column { column: column.to_owned(), before },
        when: Vec::new(),
        past: Vec::new(),
        except: Vec::new(),
        unless_referred: Vec::new(),
        dependents: Vec::new(),
    };
    let columns = [key.to_owned()];
    let mut over: BTreeMap<Value, u64> = BTreeMap::new();
    let mut after: Option<RowKey> = None;
    loop {
        let (mut read, mut last) = (0_u32, None);
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                read += 1;
                if let Some(value) = row.values.into_iter().next().filter(|v| !v.is_null()) {
                    *over.entry(value).or_default() += 1;
                }
                last = Some(row.key);
            }
            Ok(())
        };
        let connector = &making.open.connector;
        connector.list_due(&due, &columns, after.as_ref(), PAGE, &mut sink).await?;
        if read < PAGE || last.is_none() {
            break;
        }
        after = last;
    }
    everywhere(making.open, &due, key, over).await
}

/// Those of the values whose every row is old.
async fn everywhere(
    open: &Open,
    due: &Due,
    key: &str,
    over: BTreeMap<Value, u64>,
) -> Result<Vec<Value>, Failure> {
    let mut all: BTreeMap<Value, u64> = BTreeMap::new();
    let values: Vec<Value> = over.keys().cloned().collect();
    for values in values.chunks(PAGE as usize) {
        let lookup = Lookup {
            table: due.table.clone(),
            by: Match::Column {
                column: key.to_owned(),
                any_of: values.to_vec(),
                fold: Fold::Exact,
            },
            when: Vec::new(),
            columns: vec![key.to_owned()],
        };
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                if let Some(value) = row.values.into_iter().next() {
                    *all.entry(value).or_default() += 1;
                }
            }
            Ok(())
        };
        open.connector.find(&lookup, &mut sink).await?;
    }
    let whole = |(value, old): &(Value, u64)| all.get(value).is_some_and(|all| all <= old);
    Ok(over.into_iter().filter(whole).map(|(value, _)| value).collect())
}

/// Why the rows of a task cannot be told.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The map and the system disagree.
    Refused(String),
    /// The system failed.
    System(connect::Error),
}

impl From<connect::Error> for Failure {
    fn from(error: connect::Error) -> Self {
        Self::System(error)
    }
}
