//! SQLite's pragmas about tables. Shadow tables of search indexes are left out; a full-text table
//! that holds its own text is a table like any other, one that mirrors another table is not.

use std::collections::BTreeMap;

use model::{Column, DataType, DeclaredReference, Product, Table, TableName};

use super::failure::At;
use super::link::Link;
use super::shape::{
    ColumnShape, Index, KeyKind, Kind, Shape, TableShape, declared_key, unique_keys,
};
use super::statement::{Dialect, Name, Statement};
use crate::Result;

const TABLES: &str = "SELECT l.name, l.type, l.wr, coalesce(s.sql, '') FROM pragma_table_list l \
  JOIN sqlite_schema s ON s.name = l.name AND s.type IN ('table', 'view') \
  WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name";
const COLUMNS: &str = "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid";
const INDEXES: &str = "SELECT l.name, l.origin, l.partial, x.cid, coalesce(x.name, ''), coalesce(x.coll, ''), coalesce(s.sql, '') \
  FROM pragma_index_list(?) l JOIN pragma_index_xinfo(l.name) x LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name \
  WHERE l.\"unique\" = 1 AND x.key = 1 ORDER BY l.name, x.seqno";
const REFERENCES: &str = "SELECT id, \"table\", \"from\", coalesce(\"to\", ''), on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq";
const TRIGGERS: &str =
    "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name";

/// Reads the whole shape.
pub(super) async fn read(link: &mut Link, database: String) -> Result<Shape> {
    let version = link.ask("SELECT sqlite_version()", &[]).await?;
    let version = version.into_iter().flatten().next().flatten().unwrap_or_default();
    let mut triggers = BTreeMap::<String, Vec<String>>::new();
    for row in link.ask(TRIGGERS, &[]).await? {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let table = cells.next().unwrap_or_default().to_ascii_lowercase();
        triggers.entry(table).or_default().extend(cells.next());
    }
    let mut tables = BTreeMap::new();
    for row in link.ask(TABLES, &[]).await? {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (name, kind, without_rowid, sql) = (next(), next(), next() == "1", next());
        if kind == "virtual" && !holds_its_own_text(&sql) {
            continue;
        }
        let mut shape = table(link, name, kind == "view", without_rowid, &sql).await?;
        let lower = shape.table.name.table.to_ascii_lowercase();
        shape.table.triggers = triggers.remove(&lower).unwrap_or_default();
        tables.insert(shape.table.name.clone(), shape);
    }
    resolve_references(&mut tables);
    Ok(Shape { dialect: Dialect::Sqlite, product: Product::Sqlite, version, database, tables })
}

fn holds_its_own_text(sql: &str) -> bool {
    let sql = sql.to_ascii_lowercase();
    ["fts3", "fts4", "fts5"].iter().any(|module| sql.contains(module))
        && !sql.replace(' ', "").contains("content=")
}

async fn table(
    link: &mut Link,
    name: String,
    is_view: bool,
    without_rowid: bool,
    sql: &str,
) -> Result<TableShape> {
    let blind = case_blind_columns(sql);
    let (mut columns, mut shapes, mut primary) = (Vec::new(), Vec::new(), Vec::new());
    for row in link.ask(COLUMNS, &[&name]).await? {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (column, native_type, strict, default, place, hidden) =
            (next(), next(), next() == "1", next() == "1", next(), next());
        if hidden == "1" {
            continue;
        }
        let place: u32 = place.parse().unwrap_or(0);
        if place > 0 {
            primary.push((place, column.clone()));
        }
        let row_number = place > 0 && native_type.eq_ignore_ascii_case("integer");
        let loose = blind.iter().any(|name| name.eq_ignore_ascii_case(&column));
        let nullable = !(strict || row_number || (place > 0 && without_rowid));
        let generated = hidden == "2" || hidden == "3";
        shapes.push(ColumnShape {
            name: Name::from_server(column.clone()),
            kind: Kind::Any,
            word: None,
            collation: None,
            loose,
            nullable,
            generated,
            updates_itself: false,
        });
        columns.push(Column {
            name: column,
            data_type: data_type(&native_type),
            native_type,
            nullable,
            has_default: default || row_number,
            generated,
            loose_collation: loose,
            updates_itself: false,
            comment: None,
        });
    }
    primary.sort();
    let primary: Vec<String> = primary.into_iter().map(|(_, column)| column).collect();
    let mut indexes = Vec::new();
    if !primary.is_empty() {
        indexes.push(Index {
            name: "primary key".into(),
            primary: true,
            columns: primary.clone(),
            ..Index::default()
        });
    }
    gather_indexes(link.ask(INDEXES, &[&name]).await?, &shapes, &mut indexes);
    let references = link.ask(REFERENCES, &[&name]).await?;
    let rowid = (!without_rowid && !is_view)
        .then(|| {
            let taken =
                |word: &str| shapes.iter().any(|c| c.name.as_str().eq_ignore_ascii_case(word));
            ["rowid", "_rowid_", "oid"].into_iter().find(|word| !taken(word))
        })
        .flatten();
    let (key, key_kind) = match (declared_key(&shapes, &indexes), rowid) {
        _ if is_view => (Vec::new(), KeyKind::None),
        (Some(key), _) => (key, KeyKind::Firm),
        (None, Some(rowid)) => (vec![ColumnShape::pseudo(rowid, Kind::Rowid)], KeyKind::Firm),
        (None, None) => (shapes.clone(), KeyKind::Fleeting),
    };
    let mut shape = TableShape {
        table: Table {
            name: TableName::new("", name.clone()),
            is_view,
            about_rows: 0,
            columns,
            primary_key: primary,
            unique: unique_keys(indexes),
            references: gather_references(&name, references),
            triggers: Vec::new(),
        },
        schema: None,
        name: Name::from_server(name),
        columns: shapes,
        key,
        key_kind,
        rowid: rowid.map(Name::from_server),
        divided: false,
        careless_engine: None,
    };
    if !is_view {
        shape.table.about_rows = about_rows(link, &shape).await?;
    }
    Ok(shape)
}

/// The highest row number bounds the count; below a hundred thousand it is counted.
async fn about_rows(link: &mut Link, shape: &TableShape) -> Result<u64> {
    let at = At { table: Some(shape), action: "read" };
    if let Some(rowid) = &shape.rowid {
        let mut highest = Statement::new(Dialect::Sqlite);
        highest.word("SELECT coalesce(max(").column(rowid).word("), 0) FROM ");
        super::expr::from(&mut highest, shape);
        let highest = link.figure(highest, at).await?;
        if highest > 100_000 {
            return Ok(highest);
        }
    }
    let mut count = Statement::new(Dialect::Sqlite);
    count.word("SELECT count(*) FROM ");
    super::expr::from(&mut count, shape);
    link.figure(count, at).await
}

/// SQLite's affinity rules, a little refined by the words that people use.
fn data_type(declared: &str) -> DataType {
    let word = declared.to_ascii_uppercase();
    let has = |part: &str| word.contains(part);
    if has("BOOL") {
        DataType::Boolean
    } else if has("INT") && !has("POINT") && !has("INTERVAL") {
        DataType::Integer
    } else if has("CHAR") || has("CLOB") || has("TEXT") || has("STRING") {
        DataType::Text { max_chars: None }
    } else if has("JSON") {
        DataType::Json
    } else if has("BLOB") || has("BINARY") {
        DataType::Bytes { max_bytes: None }
    } else if has("DATETIME") || has("TIMESTAMP") {
        DataType::Timestamp
    } else if has("DATE") {
        DataType::Date
    } else if has("TIME") {
        DataType::Time
    } else if has("UUID") || has("GUID") {
        DataType::Uuid
    } else if has("REAL") || has("FLOA") || has("DOUB") || has("NUM") || has("DEC") {
        DataType::Number
    } else {
        DataType::Other
    }
}

fn gather_indexes(
    rows: Vec<Vec<Option<String>>>,
    columns: &[ColumnShape],
    indexes: &mut Vec<Index>,
) {
    for row in rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (name, origin, partial, place, column, collation, sql) =
            (next(), next(), next() == "1", next(), next(), next(), next());
        let blind = collation.eq_ignore_ascii_case("nocase");
        if origin == "pk" {
            if let Some(primary) = indexes.iter_mut().find(|index| index.primary) {
                primary.folds_case |= blind;
            }
            continue;
        }
        if indexes.last().is_none_or(|index| index.name != name) {
            indexes.push(Index {
                name,
                primary: false,
                partial,
                folds_case: false,
                columns: Vec::new(),
            });
        }
        let Some(index) = indexes.last_mut() else { continue };
        index.folds_case |= blind;
        if place == "-2" {
            let body = sql.split_once('(').map_or("", |(_, body)| body);
            let lower = body.to_ascii_lowercase();
            index.partial = true;
            index.folds_case |= lower.contains("lower(") || lower.contains("upper(");
            for shape in columns {
                let name = shape.name.as_str();
                if words(body).any(|word| word.eq_ignore_ascii_case(name))
                    && !index.columns.iter().any(|c| c == name)
                {
                    index.columns.push(name.to_owned());
                }
            }
        } else if !index.columns.contains(&column) {
            index.columns.push(column);
        }
    }
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

fn gather_references(table: &str, rows: Vec<Vec<Option<String>>>) -> Vec<DeclaredReference> {
    let mut references: Vec<DeclaredReference> = Vec::new();
    for row in rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (id, to, mine, theirs, on_delete) = (next(), next(), next(), next(), next());
        let name = format!("{table}#{id}");
        if references.last().is_none_or(|reference| reference.name != name) {
            references.push(DeclaredReference {
                name,
                columns: Vec::new(),
                to: TableName::new("", to),
                to_columns: Vec::new(),
                cascades: on_delete.eq_ignore_ascii_case("cascade"),
            });
        }
        if let Some(reference) = references.last_mut() {
            reference.columns.push(mine);
            reference.to_columns.push(theirs);
        }
    }
    references
}

/// SQLite accepts a reference in another letter case, or to a primary key that is not named.
fn resolve_references(tables: &mut BTreeMap<TableName, TableShape>) {
    let known: Vec<(TableName, Vec<String>)> = tables
        .values()
        .map(|shape| (shape.table.name.clone(), shape.table.primary_key.clone()))
        .collect();
    for shape in tables.values_mut() {
        for reference in &mut shape.table.references {
            let target =
                known.iter().find(|(name, _)| name.table.eq_ignore_ascii_case(&reference.to.table));
            let Some((name, primary)) = target else { continue };
            reference.to = name.clone();
            if reference.to_columns.iter().all(String::is_empty) {
                reference.to_columns.clone_from(primary);
            }
        }
    }
}

/// The columns that a `CREATE TABLE` declares `COLLATE NOCASE`. No pragma tells.
fn case_blind_columns(sql: &str) -> Vec<String> {
    let mut blind = Vec::new();
    let mut depth = 0_u32;
    let mut definition: Vec<String> = Vec::new();
    for token in tokens(sql) {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if (token == "," && depth == 1) || (token == ")" && depth == 0) {
            let folds = definition.windows(2).any(|pair| match pair {
                [collate, name] => {
                    collate.eq_ignore_ascii_case("collate") && name.eq_ignore_ascii_case("nocase")
                }
                _ => false,
            });
            if let (true, Some(name)) = (folds, definition.first()) {
                blind.push(name.clone());
            }
            definition.clear();
        } else if depth >= 1 && !(token == "(" && depth == 1) {
            definition.push(token);
        }
    }
    blind
}

/// Words, quoted names (without their quotes) and single marks; comments dropped.
fn tokens(sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' | '`' | '\'' | '[' => {
                let close = if c == '[' { ']' } else { c };
                let mut name = String::new();
                while let Some(next) = rest.next() {
                    if next == close {
                        if close != ']' && rest.peek() == Some(&close) {
                            rest.next();
                        } else {
                            break;
                        }
                    }
                    name.push(next);
                }
                out.push(name);
            }
            '-' if rest.peek() == Some(&'-') => {
                for next in rest.by_ref() {
                    if next == '\n' {
                        break;
                    }
                }
            }
            '/' if rest.peek() == Some(&'*') => {
                let mut last = ' ';
                for next in rest.by_ref().skip(1) {
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some(next) =
                    rest.peek().filter(|n| n.is_alphanumeric() || **n == '_' || **n == '$')
                {
                    word.push(*next);
                    rest.next();
                }
                out.push(word);
            }
            c if c.is_whitespace() => {}
            c => out.push(c.to_string()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_blind_columns_are_read_from_the_declaration() {
        let sql = r#"CREATE TABLE "a (b" (id INTEGER PRIMARY KEY, -- x COLLATE NOCASE
            "e,mail" TEXT COLLATE NOCASE NOT NULL, plain TEXT DEFAULT ('a, COLLATE NOCASE'),
            n DECIMAL(10, 2), [last one] TEXT /* , */ collate  nocase)"#;
        assert_eq!(case_blind_columns(sql), ["e,mail", "last one"]);
    }

    #[test]
    fn full_text_tables_that_mirror_others_are_left_out() {
        assert!(holds_its_own_text("CREATE VIRTUAL TABLE n USING fts5(body)"));
        assert!(!holds_its_own_text("CREATE VIRTUAL TABLE n USING fts5(body, content = 'notes')"));
        assert!(!holds_its_own_text("CREATE VIRTUAL TABLE n USING rtree(a, b, c)"));
    }
}
