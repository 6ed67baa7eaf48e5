//! `information_schema` of MySQL and MariaDB, for the connection's own database.

use std::collections::BTreeMap;

use model::{Column, DataType, DeclaredReference, Product, Table, TableName};

use super::failure::At;
use super::link::Link;
use super::shape::{
    ColumnShape, Index, KeyKind, Kind, Shape, TableShape, declared_key, unique_keys,
};
use super::statement::{Dialect, Name, Statement, Word};
use crate::Result;

const TABLES: &str = "SELECT TABLE_NAME, TABLE_TYPE, CAST(COALESCE(TABLE_ROWS, 0) AS CHAR), COALESCE(ENGINE, '') \
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'SEQUENCE'";
const COLUMNS: &str = "SELECT TABLE_NAME, COLUMN_NAME, CAST(COLUMN_TYPE AS CHAR), CAST(DATA_TYPE AS CHAR), \
  CAST(CHARACTER_MAXIMUM_LENGTH AS CHAR), IS_NULLABLE, CAST(COLUMN_DEFAULT AS CHAR), EXTRA, CHARACTER_SET_NAME, COLLATION_NAME, \
  CAST(COLUMN_COMMENT AS CHAR) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION";
const INDEXES: &str = "SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, CAST(SUB_PART AS CHAR) FROM information_schema.STATISTICS \
  WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX";
const REFERENCES: &str = "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, r.DELETE_RULE, \
  k.COLUMN_NAME, k.REFERENCED_COLUMN_NAME, DATABASE() FROM information_schema.KEY_COLUMN_USAGE k \
  JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA \
    AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME \
  WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION";
const TRIGGERS: &str = "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME FROM information_schema.TRIGGERS \
  WHERE EVENT_OBJECT_SCHEMA = DATABASE() ORDER BY 1, 2";
/// MariaDB keeps JSON as text with a check.
const JSON_CHECKS: &str = "SELECT TABLE_NAME, CAST(CHECK_CLAUSE AS CHAR) FROM information_schema.CHECK_CONSTRAINTS \
  WHERE CONSTRAINT_SCHEMA = DATABASE() AND CHECK_CLAUSE LIKE 'json\\_valid(%'";

type Rows = Vec<Vec<Option<String>>>;

/// Reads the whole shape.
pub(super) async fn read(link: &mut Link) -> Result<Shape> {
    let about = link.ask("SELECT CAST(VERSION() AS CHAR), CAST(DATABASE() AS CHAR)", &[]).await?;
    let mut about = about.into_iter().flatten();
    let version = about.next().flatten().unwrap_or_default();
    let database = about.next().flatten().unwrap_or_default();
    let product = if version.contains("MariaDB") { Product::MariaDb } else { Product::MySql };
    let mut columns = by_table(link.ask(COLUMNS, &[]).await?);
    let mut indexes = by_table(link.ask(INDEXES, &[]).await?);
    let mut references = by_table(link.ask(REFERENCES, &[]).await?);
    let mut triggers = by_table(link.ask(TRIGGERS, &[]).await?);
    let mut checks = match product {
        Product::MariaDb => by_table(link.ask(JSON_CHECKS, &[]).await?),
        _ => BTreeMap::new(),
    };
    let mut tables = BTreeMap::new();
    for row in link.ask(TABLES, &[]).await? {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (name, kind, rows, engine) = (next(), next(), next(), next());
        let is_view = kind.contains("VIEW");
        let checks: Vec<String> =
            checks.remove(&name).unwrap_or_default().into_iter().flatten().flatten().collect();
        let (columns, shapes): (Vec<_>, Vec<_>) = columns
            .remove(&name)
            .unwrap_or_default()
            .into_iter()
            .map(|row| column(row, &checks))
            .unzip();
        let indexes = gather_indexes(indexes.remove(&name).unwrap_or_default(), &shapes);
        let primary = indexes.iter().find(|index| index.primary);
        let primary_key = primary.map(|index| index.columns.clone()).unwrap_or_default();
        let (key, key_kind) = match declared_key(&shapes, &indexes) {
            _ if is_view => (Vec::new(), KeyKind::None),
            Some(key) => (key, KeyKind::Firm),
            None => (shapes.clone(), KeyKind::Fleeting),
        };
        let mut triggers: Vec<String> =
            triggers.remove(&name).unwrap_or_default().into_iter().flatten().flatten().collect();
        if kind.contains("VERSIONED") {
            triggers.push(
                "system versioning: the table's history keeps what its rows held before".into(),
            );
        }
        let table = Table {
            name: TableName::new("", name.clone()),
            is_view,
            about_rows: rows.parse().unwrap_or(0),
            columns,
            primary_key,
            unique: unique_keys(indexes),
            references: gather_references(references.remove(&name).unwrap_or_default()),
            triggers,
        };
        let careful = ["InnoDB", "ndbcluster", "RocksDB", "ROCKSDB", "TokuDB", ""];
        let mut shape = TableShape {
            table,
            schema: None,
            name: Name::from_server(name),
            columns: shapes,
            key,
            key_kind,
            rowid: None,
            divided: false,
            careless_engine: (!is_view && !careful.contains(&engine.as_str())).then_some(engine),
        };
        // The estimate may be far off for small tables, where a count costs nothing.
        if !is_view && shape.table.about_rows < 10_000 {
            shape.table.about_rows = count(link, &shape).await.unwrap_or(shape.table.about_rows);
        }
        tables.insert(shape.table.name.clone(), shape);
    }
    Ok(Shape { dialect: Dialect::MySql, product, version, database, tables })
}

async fn count(link: &mut Link, shape: &TableShape) -> Result<u64> {
    let mut statement = Statement::new(Dialect::MySql);
    statement.word("SELECT CAST(COUNT(*) AS CHAR) FROM ");
    super::expr::from(&mut statement, shape);
    link.figure(statement, At { table: Some(shape), action: "read" }).await
}

fn by_table(rows: Rows) -> BTreeMap<String, Rows> {
    let mut groups = BTreeMap::<String, Rows>::new();
    for row in rows {
        let mut cells = row.into_iter();
        let key = cells.next().flatten().unwrap_or_default();
        groups.entry(key).or_default().push(cells.collect());
    }
    groups
}

fn column(row: Vec<Option<String>>, json_checks: &[String]) -> (Column, ColumnShape) {
    let mut cells = row.into_iter();
    let mut maybe = || cells.next().flatten();
    let name = maybe().unwrap_or_default();
    let native_type = maybe().unwrap_or_default();
    let word = maybe().unwrap_or_default().to_ascii_lowercase();
    let length: Option<u32> = maybe().and_then(|length| length.parse().ok());
    let nullable = maybe().is_some_and(|answer| answer == "YES");
    let default = maybe();
    let extra = maybe().unwrap_or_default().to_ascii_uppercase();
    let (charset, collation) = (maybe(), maybe().unwrap_or_default());
    let comment = maybe().filter(|comment| !comment.is_empty());
    let is_json = json_checks
        .iter()
        .any(|check| check == &format!("json_valid(`{}`)", name.replace('`', "``")));
    let (kind, data_type) = match word.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => {
            (Kind::Int, DataType::Integer)
        }
        "bit" => (Kind::Bits, DataType::Integer),
        "decimal" => (Kind::Decimal, DataType::Number),
        "float" | "double" => (Kind::Float, DataType::Number),
        "date" => (Kind::Printed, DataType::Date),
        "datetime" | "timestamp" => (Kind::Printed, DataType::Timestamp),
        "time" => (Kind::Printed, DataType::Time),
        "json" => (Kind::Json, DataType::Json),
        "char" | "varchar" => (Kind::Text, DataType::Text { max_chars: length }),
        // Their limits are bytes: at most so many characters, and fewer beyond ASCII.
        "tinytext" | "text" | "mediumtext" | "longtext" if is_json => (Kind::Text, DataType::Json),
        "tinytext" => (Kind::Text, DataType::Text { max_chars: Some(255) }),
        "text" => (Kind::Text, DataType::Text { max_chars: Some(65_535) }),
        "mediumtext" | "longtext" => (Kind::Text, DataType::Text { max_chars: None }),
        "enum" | "set" => (Kind::Text, DataType::Enumeration),
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => {
            (Kind::Bytes, DataType::Bytes { max_bytes: length })
        }
        "uuid" => (Kind::Printed, DataType::Uuid),
        "inet4" | "inet6" => (Kind::Printed, DataType::Network),
        _ => (Kind::Bytes, DataType::Other),
    };
    let lower = collation.to_ascii_lowercase();
    // Only `_bin`, `_as_cs` and plain binary tell every letter apart; all others fold some.
    let loose = charset.is_some()
        && !(lower.ends_with("_bin") || lower.ends_with("_as_cs") || lower == "binary");
    let generated =
        extra.contains("VIRTUAL") || extra.contains("STORED") || extra.contains("PERSISTENT");
    let updates_itself = extra.contains("ON UPDATE");
    let has_default =
        default.is_some_and(|default| default != "NULL") || extra.contains("AUTO_INCREMENT");
    let shape = ColumnShape {
        name: Name::from_server(name.clone()),
        kind,
        word: charset.as_deref().and_then(Word::charset),
        collation: Word::charset(&collation),
        loose,
        nullable,
        generated,
        updates_itself,
    };
    let column = Column {
        name,
        native_type,
        data_type,
        nullable,
        has_default,
        generated,
        loose_collation: loose,
        updates_itself,
        comment,
    };
    (column, shape)
}

fn gather_indexes(rows: Rows, columns: &[ColumnShape]) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    for row in rows {
        let mut cells = row.into_iter();
        let name = cells.next().flatten().unwrap_or_default();
        let column = cells.next().flatten();
        let prefix = cells.next().flatten().is_some();
        if indexes.last().is_none_or(|index| index.name != name) {
            indexes.push(Index { primary: name == "PRIMARY", name, ..Index::default() });
        }
        let Some(index) = indexes.last_mut() else { continue };
        index.partial |= prefix || column.is_none();
        if let Some(column) = column {
            index.folds_case |=
                columns.iter().any(|shape| shape.loose && shape.name.as_str() == column);
            index.columns.push(column);
        }
    }
    indexes
}

fn gather_references(rows: Rows) -> Vec<DeclaredReference> {
    let mut references: Vec<DeclaredReference> = Vec::new();
    for row in rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (name, schema, table, rule) = (next(), next(), next(), next());
        let (mine, theirs, own) = (next(), next(), next());
        if references.last().is_none_or(|reference| reference.name != name) {
            let schema = if schema == own { String::new() } else { schema };
            references.push(DeclaredReference {
                name,
                columns: Vec::new(),
                to: TableName { schema, table },
                to_columns: Vec::new(),
                cascades: rule == "CASCADE",
            });
        }
        if let Some(reference) = references.last_mut() {
            reference.columns.push(mine);
            reference.to_columns.push(theirs);
        }
    }
    references
}
