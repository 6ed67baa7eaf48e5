//! A task of the schedule in the words of one system: its tables, the types of its columns, and the
//! references that its database enforces besides those of the map.

use std::collections::BTreeSet;

use connect::{Condition, Dependent, Due, Past, Purge, Referrer};
use model::{DataType, Micros, Table, TableName, Value, planted};
use plan::retention::{Branch, Cutoff, Guard, Link, Old, Task};
use plan::{Exceptions, Place};
use policy::{Disposal, System};

use crate::find::conditions;
use crate::open::Open;

/// So many values are asked for at once.
const VALUES: usize = 5_000;

/// A task that a system can carry out.
pub(crate) struct Ready {
    /// The table behind the collection.
    pub(crate) table: Table,
    /// What to delete, one after another.
    pub(crate) purges: Vec<Purge>,
    /// The column by which whole partitions may be dropped.
    pub(crate) partitions_by: Option<String>,
    /// Whether rows of the table point at rows of the same table, so that a batch frees others.
    pub(crate) frees_others: bool,
}

/// What a task is made ready with.
pub(crate) struct Making<'m> {
    pub(crate) open: &'m Open,
    pub(crate) system: &'m System,
    pub(crate) except: &'m Exceptions,
}

/// Why a task cannot be carried out, in a sentence that says what to do.
pub(crate) type Refusal = String;

impl Making<'_> {
    /// Makes a task ready. `values`: those of an event or of clients, where it counts from one.
    pub(crate) fn ready(&self, task: &Task, values: &[Value]) -> Result<Ready, Refusal> {
        let table = self.table(&task.place)?;
        if table.is_view {
            return Err(format!("`{}` is a view: give the rule to the table", table.name));
        }
        let olds = match &task.old {
            Old::Column(column) => {
                let before = limit(self.column(table, column)?, &task.cutoff);
                vec![(connect::Old::Column { column: column.clone(), before }, Some(before))]
            }
            Old::File => {
                let before = task.cutoff.at;
                vec![(connect::Old::File { before }, Some(before))]
            }
            Old::Event { by, .. } | Old::Clients { by, .. } => {
                self.column(table, by)?;
                let chunk = |values: &[Value]| connect::Old::OneOf {
                    column: by.clone(),
                    any_of: values.to_vec(),
                };
                values.chunks(VALUES).map(|values| (chunk(values), None)).collect()
            }
        };
        let past = self.past(table, &task.guards)?;
        let deletes = matches!(task.method, Disposal::Delete | Disposal::Aggregate { .. });
        let (dependents, unless_referred) = if deletes {
            let above = [table.name.clone()];
            let forgets = planted::bug("dependents_are_forgotten");
            let grown = if forgets { &[][..] } else { &task.dependents };
            let dependents = self.dependents(grown, table, &above)?;
            let referrers = self.referrers(table, &task.referrers, &dependents, &[])?;
            (dependents, referrers)
        } else {
            // A row that stays can be pointed at.
            (Vec::new(), Vec::new())
        };
        if matches!(task.method, Disposal::Aggregate { .. }) && !dependents.is_empty() {
            return Err(format!(
                "rows of `{}` cannot be counted and take others along: leave `with:` out, or use `method: delete`",
                table.name
            ));
        }
        let mut when = self.when(table, &task.when)?;
        if planted::bug("a_rules_condition_is_forgotten") {
            when.clear();
        }
        let frees_others = unless_referred.iter().any(|r| r.table == table.name);
        let mut except: Vec<_> = self.except.rows(&task.place).cloned().collect();
        if planted::bug("a_held_row_is_forgotten") {
            except.clear();
        }
        let whole_rows = matches!(task.method, Disposal::Delete) && dependents.is_empty();
        let partitions_by = match &task.old {
            Old::Column(column) if whole_rows && when.is_empty() => Some(column.clone()),
            _ => None,
        };
        let purges = olds
            .into_iter()
            .map(|(old, not_after)| Purge {
                due: Due {
                    table: table.name.clone(),
                    old,
                    when: when.clone(),
                    past: past.clone(),
                    except: except.clone(),
                    unless_referred: unless_referred.clone(),
                    dependents: dependents.clone(),
                },
                not_after,
            })
            .collect();
        Ok(Ready { table: table.clone(), purges, partitions_by, frees_others })
    }

    /// The table behind a collection of this system.
    pub(crate) fn table(&self, place: &Place) -> Result<&Table, Refusal> {
        let collection = self.system.collection(&place.collection);
        let collection = collection.ok_or_else(|| format!("`{place}` is no longer in the map"))?;
        self.open.table(collection).map_err(|error| {
            format!("{error}: run `upheld connect {} URL --again` and compare", place.system)
        })
    }

    fn column(&self, table: &Table, column: &str) -> Result<DataType, Refusal> {
        let found = table.column(column).map(|column| column.data_type);
        found.ok_or_else(|| {
            format!(
                "table `{}` has no column `{column}` any more: run `upheld connect {} URL --again` and compare",
                table.name, self.system.key
            )
        })
    }

    fn when(&self, table: &Table, when: &[policy::When]) -> Result<Vec<Condition>, Refusal> {
        for condition in when {
            self.column(table, &condition.column)?;
        }
        Ok(conditions(when))
    }

    fn past(&self, table: &Table, guards: &[Guard]) -> Result<Vec<Past>, Refusal> {
        let one = |guard: &Guard| {
            let data_type = self.column(table, &guard.column)?;
            let mut before = match data_type {
                // A text may hold a day: of both readings the one that keeps longer.
                DataType::Text { .. } | DataType::Other => guard.cutoff.for_text(),
                _ => limit(data_type, &guard.cutoff),
            };
            if planted::bug("a_limit_is_inclusive") {
                before.0 += 1;
            }
            Ok(Past { column: guard.column.clone(), before })
        };
        guards.iter().map(one).collect()
    }

    fn link(&self, link: &Link, to: &Table) -> Result<Referrer, Refusal> {
        let table = self.table(&link.place)?;
        for (there, here) in &link.columns {
            self.column(table, there)?;
            self.column(to, here)?;
        }
        Ok(Referrer {
            table: table.name.clone(),
            columns: link.columns.clone(),
            when: self.when(table, &link.when)?,
        })
    }

    fn dependents(
        &self,
        branches: &[Branch],
        parent: &Table,
        above: &[TableName],
    ) -> Result<Vec<Dependent>, Refusal> {
        let one = |branch: &Branch| {
            let place = &branch.link.place;
            let table = self.table(place)?;
            let mut below = above.to_vec();
            below.push(table.name.clone());
            let dependents = self.dependents(&branch.dependents, table, &below)?;
            let unless_referred = self.referrers(table, &branch.referrers, &dependents, &below)?;
            Ok(Dependent {
                refers: self.link(&branch.link, parent)?,
                past: if planted::bug("a_dependents_minimum_age_is_forgotten") {
                    Vec::new()
                } else {
                    self.past(table, &branch.guards)?
                },
                except: self.except.rows(place).cloned().collect(),
                dependents,
                unless_referred,
            })
        };
        branches.iter().map(one).collect()
    }

    /// What must not be left pointing at `to`: the references of the map, and those that the
    /// database enforces and the map does not know, but for those of the rows that go along.
    fn referrers(
        &self,
        to: &Table,
        mapped: &[Link],
        dependents: &[Dependent],
        above: &[TableName],
    ) -> Result<Vec<Referrer>, Refusal> {
        // A view shows rows of a table that is asked itself.
        let is_table = |link: &&Link| self.table(&link.place).is_ok_and(|table| !table.is_view);
        let mut referrers: Vec<Referrer> = mapped
            .iter()
            .filter(is_table)
            .map(|link| self.link(link, to))
            .collect::<Result<_, _>>()?;
        let same = |one: &[(String, String)], other: &[(String, String)]| {
            one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
        };
        for table in &self.open.catalogue.tables {
            for reference in table.references.iter().filter(|reference| reference.to == to.name) {
                let columns: Vec<(String, String)> = reference
                    .columns
                    .iter()
                    .cloned()
                    .zip(reference.to_columns.iter().cloned())
                    .collect();
                let known =
                    dependents.iter().map(|dependent| &dependent.refers).chain(&referrers).any(
                        |r| {
                            r.table == table.name && r.when.is_empty() && same(&r.columns, &columns)
                        },
                    );
                // What points back up goes with what it points at.
                if !known && !above.contains(&table.name) {
                    referrers.push(Referrer {
                        table: table.name.clone(),
                        columns,
                        when: Vec::new(),
                    });
                }
            }
        }
        Ok(referrers)
    }
}

fn limit(data_type: DataType, cutoff: &Cutoff) -> Micros {
    if data_type == DataType::Date { cutoff.for_days() } else { cutoff.at }
}

/// Why the whole of a task stays as it is, if a hold covers its place or a place whose rows go along.
pub(crate) fn held<'e>(task: &Task, except: &'e Exceptions) -> Option<&'e str> {
    fn below<'e>(branches: &[Branch], except: &'e Exceptions) -> Option<&'e str> {
        branches.iter().find_map(|branch| {
            let here = except.place(&branch.link.place).map(|why| why.because.as_str());
            here.or_else(|| below(&branch.dependents, except))
        })
    }
    let here = except.place(&task.place).map(|why| why.because.as_str());
    here.or_else(|| below(&task.dependents, except))
}
