//! What the connector knows of each table beyond the public catalogue: names ready to be quoted,
//! how each column travels, and by what rows are told apart.

use std::collections::BTreeMap;

use model::{Catalogue, Product, Table, TableName};

use super::statement::{Dialect, Name, Word};
use crate::{Error, Result};

/// How a column's values travel between the database and a [`model::Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole numbers.
    Int,
    /// MySQL's BIT.
    Bits,
    /// A boolean of its own type.
    Bool,
    /// Text.
    Text,
    /// Raw bytes.
    Bytes,
    /// Decimal numbers.
    Decimal,
    /// Floating numbers.
    Float,
    /// UUIDs of their own type.
    Uuid,
    /// MySQL's JSON.
    Json,
    /// Dates, addresses, enumerations, arrays: as the database prints them.
    Printed,
    /// SQLite: each value says for itself what it is.
    Any,
    /// PostgreSQL's physical row address and the version of the row that stands there.
    Ctid,
    Xmin,
    Tableoid,
    /// SQLite's row number.
    Rowid,
}

/// A column, as a statement needs it.
#[derive(Debug, Clone)]
pub(super) struct ColumnShape {
    pub(super) name: Name,
    pub(super) kind: Kind,
    /// PostgreSQL: the base type without its limits. MySQL: the character set.
    pub(super) word: Option<Word>,
    /// MySQL: the collation.
    pub(super) collation: Option<Word>,
    pub(super) loose: bool,
    pub(super) nullable: bool,
    pub(super) generated: bool,
    pub(super) updates_itself: bool,
}

impl ColumnShape {
    /// A column that every table has without declaring it.
    pub(super) fn pseudo(name: &'static str, kind: Kind) -> Self {
        Self {
            name: Name::from_server(name),
            kind,
            word: None,
            collation: None,
            loose: false,
            nullable: false,
            generated: true,
            updates_itself: false,
        }
    }
}

/// What tells rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// A primary or unique key, or SQLite's row number: the row stays itself when it changes.
    Firm,
    /// A physical address or the row's whole content: a row that changed cannot be told from one
    /// that is gone.
    Fleeting,
    /// Views: rows are read and never addressed.
    None,
}

/// A table, as a statement needs it.
#[derive(Debug, Clone)]
pub(super) struct TableShape {
    pub(super) table: Table,
    pub(super) schema: Option<Name>,
    pub(super) name: Name,
    pub(super) columns: Vec<ColumnShape>,
    pub(super) key: Vec<ColumnShape>,
    pub(super) key_kind: KeyKind,
    /// SQLite: the spelling of `rowid` that no column hides.
    pub(super) rowid: Option<Name>,
    /// PostgreSQL: whether it is partitioned.
    pub(super) divided: bool,
    /// MySQL: the storage engine where it has no transactions.
    pub(super) careless_engine: Option<String>,
}

impl TableShape {
    pub(super) fn column(&self, name: &str) -> Result<&ColumnShape> {
        self.columns.iter().find(|column| column.name.as_str() == name).ok_or_else(|| {
            Error::NoColumn { table: self.table.name.clone(), column: name.to_owned() }
        })
    }

    pub(super) fn constraint(&self, rule: impl Into<String>) -> Error {
        Error::Constraint { table: self.table.name.clone(), rule: rule.into() }
    }
}

/// Everything that was read.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) dialect: Dialect,
    pub(super) product: Product,
    pub(super) version: String,
    pub(super) database: String,
    pub(super) tables: BTreeMap<TableName, TableShape>,
}

impl Shape {
    pub(super) fn table(&self, name: &TableName) -> Result<&TableShape> {
        self.tables.get(name).ok_or_else(|| Error::NoTable(name.clone()))
    }

    pub(super) fn catalogue(&self) -> Catalogue {
        Catalogue {
            product: self.product,
            version: self.version.clone(),
            database: self.database.clone(),
            tables: self.tables.values().map(|shape| shape.table.clone()).collect(),
        }
    }
}

/// A unique index while it is being read.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) primary: bool,
    /// Partial, or over an expression or a prefix: it does not tell all rows apart.
    pub(super) partial: bool,
    pub(super) folds_case: bool,
    pub(super) columns: Vec<String>,
}

/// Chooses the key of a table: the primary key, else a whole unique key over NOT NULL columns.
pub(super) fn declared_key(columns: &[ColumnShape], indexes: &[Index]) -> Option<Vec<ColumnShape>> {
    let of = |index: &Index| -> Option<Vec<ColumnShape>> {
        let found: Vec<_> = index
            .columns
            .iter()
            .filter_map(|name| columns.iter().find(|column| column.name.as_str() == name))
            .cloned()
            .collect();
        (!found.is_empty() && found.len() == index.columns.len()).then_some(found)
    };
    let primary = indexes.iter().find(|index| index.primary).and_then(of);
    primary.or_else(|| {
        indexes
            .iter()
            .filter(|index| !index.partial)
            .filter_map(of)
            .find(|key| key.iter().all(|column| !column.nullable))
    })
}

/// The unique keys other than the primary key, as the catalogue shows them.
pub(super) fn unique_keys(indexes: Vec<Index>) -> Vec<model::UniqueKey> {
    let rest = indexes.into_iter().filter(|index| !index.primary);
    rest.map(|index| model::UniqueKey {
        name: index.name,
        columns: index.columns,
        folds_case: index.folds_case,
    })
    .collect()
}
