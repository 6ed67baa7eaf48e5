//! What a database says about its own shape: read by a connector, never written by hand. Every
//! identifier that reaches a statement comes from here.

use serde::{Deserialize, Serialize};

/// The product behind a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// PostgreSQL.
    PostgreSql,
    /// MySQL.
    MySql,
    /// MariaDB.
    MariaDb,
    /// SQLite.
    Sqlite,
    /// A folder of files: CSV, JSON Lines, logs.
    Files,
}

impl Product {
    /// The name people know it by.
    pub const fn title(self) -> &'static str {
        match self {
            Self::PostgreSql => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::Sqlite => "SQLite",
            Self::Files => "files",
        }
    }
}

/// A table's full name. `schema` is empty where the product has none (SQLite) or where the
/// connection's own database is meant (MySQL).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableName {
    /// The schema, or an empty string.
    pub schema: String,
    /// The table.
    pub table: String,
}

impl TableName {
    /// A table in the connection's own schema.
    pub fn new(schema: impl Into<String>, table: impl Into<String>) -> Self {
        Self { schema: schema.into(), table: table.into() }
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.schema.is_empty() {
            f.write_str(&self.table)
        } else {
            write!(f, "{}.{}", self.schema, self.table)
        }
    }
}

/// What a column can hold, as far as a search or a change must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataType {
    /// Text; `max_chars` where the column limits its length.
    Text {
        /// The limit in characters.
        max_chars: Option<u32>,
    },
    /// Raw bytes; `max_bytes` where limited.
    Bytes {
        /// The limit in bytes.
        max_bytes: Option<u32>,
    },
    /// Whole numbers of any size.
    Integer,
    /// Decimal and floating numbers.
    Number,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A moment, with or without a zone.
    Timestamp,
    /// A time of day.
    Time,
    /// JSON or JSONB.
    Json,
    /// A UUID with a type of its own.
    Uuid,
    /// An IP or MAC address with a type of its own.
    Network,
    /// Text restricted to listed words (ENUM, SET).
    Enumeration,
    /// Arrays, ranges, geometry, composite types, search vectors.
    Other,
}

impl DataType {
    /// Whether its values can name a person in text: what the search by text reads.
    pub const fn bears_text(self) -> bool {
        matches!(self, Self::Text { .. } | Self::Bytes { .. } | Self::Json | Self::Other)
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The product's own words for its type (`character varying(200)`).
    pub native_type: String,
    /// What it can hold.
    pub data_type: DataType,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Whether the database fills it when nothing is given.
    pub has_default: bool,
    /// Whether the database computes it (generated columns cannot be written).
    pub generated: bool,
    /// Whether the database compares its text without regard to letter case or accents, so that a
    /// lookup returns candidates which must be checked again.
    pub loose_collation: bool,
    /// Whether a change of the row sets it by itself (`ON UPDATE CURRENT_TIMESTAMP`).
    pub updates_itself: bool,
    /// The product's comment on the column, if any.
    pub comment: Option<String>,
}

/// A unique index or constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UniqueKey {
    /// Its name.
    pub name: String,
    /// The columns it spans. For an index on an expression (`lower(name)`), the columns that the
    /// expression reads.
    pub columns: Vec<String>,
    /// Whether it folds letter case (`lower(name)`, a case-blind collation).
    pub folds_case: bool,
}

/// A reference that the database itself enforces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredReference {
    /// The constraint's name.
    pub name: String,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The table referred to.
    pub to: TableName,
    /// The columns referred to, in the same order.
    pub to_columns: Vec<String>,
    /// Whether deleting the row referred to deletes this one.
    pub cascades: bool,
}

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: TableName,
    /// Whether it is a view: read, never changed.
    pub is_view: bool,
    /// About how many rows it holds, by the product's statistics, or counted where that is cheap.
    pub about_rows: u64,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The primary key's columns, in order; empty where there is none.
    pub primary_key: Vec<String>,
    /// Unique keys other than the primary key.
    pub unique: Vec<UniqueKey>,
    /// Declared references.
    pub references: Vec<DeclaredReference>,
    /// Whether triggers run when a row changes: they may write elsewhere what is erased here.
    pub triggers: Vec<String>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The shape of one database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The product.
    pub product: Product,
    /// Its version, as it prints it.
    pub version: String,
    /// The name of the database.
    pub database: String,
    /// Tables and views, sorted by name.
    pub tables: Vec<Table>,
}

impl Catalogue {
    /// The table of this name.
    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.iter().find(|table| &table.name == name)
    }
}
