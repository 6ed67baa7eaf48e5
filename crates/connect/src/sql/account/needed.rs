//! From what the work does to the rights that it takes.

use std::collections::{BTreeMap, BTreeSet};

use model::TableName;

use crate::sql::shape::{KeyKind, Kind, Shape, TableShape};
use crate::sql::statement::Dialect;
use crate::{Result, Use};

/// A right that is on no table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sql) enum Around {
    /// PostgreSQL: to connect to the database at all.
    Connect,
    /// PostgreSQL: to reach what is in a schema.
    Usage(String),
    /// PostgreSQL: to see every row of tables under row security.
    AllRows,
    /// MySQL: to see that tables and columns are there, without reading them.
    Shape,
}

/// The rights on one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sql) struct TableRights {
    /// Columns that are read.
    pub(in crate::sql) select: BTreeSet<String>,
    /// Whether they are all there are.
    pub(in crate::sql) whole: bool,
    /// Columns that are set, or that let rows be locked.
    pub(in crate::sql) update: BTreeSet<String>,
    /// Whether `update` is there for locks alone.
    pub(in crate::sql) to_lock: bool,
    pub(in crate::sql) delete: bool,
}

/// Everything that is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sql) struct Needed {
    pub(in crate::sql) around: BTreeSet<Around>,
    pub(in crate::sql) tables: BTreeMap<TableName, TableRights>,
}

/// What the catalogue does not say and rights depend on (PostgreSQL).
#[derive(Debug, Default)]
pub(in crate::sql) struct Facts {
    /// Tables with partitions or heirs.
    pub(in crate::sql) divided: BTreeSet<TableName>,
    /// Tables under row security.
    pub(in crate::sql) guarded: BTreeSet<TableName>,
    /// Schemas that everybody may use.
    pub(in crate::sql) open_schemas: BTreeSet<String>,
    /// Whether everybody may connect.
    pub(in crate::sql) open: bool,
}

impl Needed {
    pub(in crate::sql) fn of(shape: &Shape, uses: &[Use], facts: &Facts) -> Result<Self> {
        let mut needed = Self::default();
        for used in uses {
            let table = shape.table(&used.table)?;
            let rights = of_table(shape.dialect, table, used, facts)?;
            if rights != TableRights::default() {
                if shape.dialect == Dialect::Postgres
                    && !facts.open_schemas.contains(&used.table.schema)
                {
                    needed.around.insert(Around::Usage(used.table.schema.clone()));
                }
                if facts.guarded.contains(&used.table) {
                    needed.around.insert(Around::AllRows);
                }
                needed.tables.insert(used.table.clone(), rights);
            }
        }
        match shape.dialect {
            Dialect::Postgres if !facts.open && !uses.is_empty() => {
                needed.around.insert(Around::Connect);
            }
            Dialect::MySql if !uses.is_empty() => {
                needed.around.insert(Around::Shape);
            }
            _ => {}
        }
        Ok(needed)
    }
}

fn of_table(
    dialect: Dialect,
    table: &TableShape,
    used: &Use,
    facts: &Facts,
) -> Result<TableRights> {
    let mut rights = TableRights::default();
    for column in used.reads.iter().chain(&used.sets) {
        rights.select.insert(table.column(column)?.name.as_str().to_owned());
    }
    rights.select.extend(table.key.iter().map(|column| column.name.as_str().to_owned()));
    rights.update.extend(used.sets.iter().cloned());
    if !used.sets.is_empty() {
        // `ON UPDATE CURRENT_TIMESTAMP`: it is set to itself.
        let itself = table.columns.iter().filter(|column| column.updates_itself);
        for column in itself {
            rights.select.insert(column.name.as_str().to_owned());
            rights.update.insert(column.name.as_str().to_owned());
        }
    }
    rights.delete = used.deletes;
    if dialect == Dialect::Postgres && table.key_kind != KeyKind::None {
        if used.alone || used.samples {
            rights.select.insert("ctid".to_owned());
        }
        if used.alone && facts.divided.contains(&used.table) {
            rights.select.insert("tableoid".to_owned());
        }
        // `FOR UPDATE` asks for the right to update some column, whichever.
        if used.locks && rights.update.is_empty() {
            let real = |kind| !matches!(kind, Kind::Ctid | Kind::Xmin | Kind::Tableoid);
            let key = table.key.iter().find(|column| real(column.kind));
            if let Some(column) = key.or_else(|| table.columns.first()) {
                rights.update.insert(column.name.as_str().to_owned());
                rights.to_lock = true;
            }
        }
    }
    rights.whole = table.columns.iter().all(|column| rights.select.contains(column.name.as_str()));
    Ok(rights)
}
