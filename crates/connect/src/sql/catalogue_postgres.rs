//! PostgreSQL's own tables about tables (version 12 and later).

use std::collections::BTreeMap;

use model::{Column, DataType, DeclaredReference, Product, Table, TableName};

use super::failure::At;
use super::link::Link;
use super::shape::{
    ColumnShape, Index, KeyKind, Kind, Shape, TableShape, declared_key, unique_keys,
};
use super::statement::{Dialect, Name, Statement, Word};
use crate::Result;

/// Tables are counted rather than estimated below this many bytes when they were never analysed.
const CHEAP: u64 = 64 * 1024 * 1024;

const ABOUT: &str = "SELECT current_setting('server_version'), current_database()::text";

const TABLES: &str = "SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text, \
  CASE WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(greatest(k.reltuples, 0)), 0)::int8 FROM pg_partition_tree(c.oid) p \
     JOIN pg_class k ON k.oid = p.relid AND p.isleaf)::text ELSE c.reltuples::int8::text END, \
  CASE WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(pg_relation_size(p.relid)), 0) FROM pg_partition_tree(c.oid) p WHERE p.isleaf)::text \
     WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid)::text ELSE '0' END, \
  has_table_privilege(c.oid, 'SELECT')::text \
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";

const COLUMNS: &str = "WITH RECURSIVE domains (oid, root, typmod, strict) AS ( \
    SELECT d.oid, d.typbasetype, d.typtypmod, d.typnotnull FROM pg_type d WHERE d.typtype = 'd' \
    UNION ALL SELECT b.oid, d.typbasetype, CASE WHEN b.typmod >= 0 THEN b.typmod ELSE d.typtypmod END, b.strict OR d.typnotnull \
    FROM domains b JOIN pg_type d ON d.oid = b.root AND d.typtype = 'd') \
  SELECT a.attrelid::text, a.attname::text, format_type(a.atttypid, a.atttypmod), format_type(t.oid, -1), \
    t.typname::text, t.typtype::text, t.typcategory::text, \
    (CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE coalesce(b.typmod, -1) END)::text, \
    (a.attnotnull OR coalesce(b.strict, false))::text, a.atthasdef::text, a.attgenerated::text, a.attidentity::text, \
    coalesce(NOT co.collisdeterministic, false)::text, col_description(a.attrelid, a.attnum) \
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid \
  LEFT JOIN domains b ON b.oid = a.atttypid JOIN pg_type t ON t.oid = coalesce(b.root, a.atttypid) AND t.typtype <> 'd' \
  LEFT JOIN pg_collation co ON co.oid = a.attcollation \
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY a.attrelid, a.attnum";

const INDEXES: &str = "SELECT i.indrelid::text, ic.relname::text, i.indisprimary::text, (i.indpred IS NOT NULL)::text, \
    coalesce(pg_get_expr(i.indexprs, i.indrelid), ''), a.attname::text \
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_index i ON i.indrelid = c.oid \
  JOIN pg_class ic ON ic.oid = i.indexrelid \
  CROSS JOIN LATERAL ( \
    SELECT k.attnum, k.place FROM unnest(i.indkey) WITH ORDINALITY k (attnum, place) WHERE k.place <= i.indnkeyatts AND k.attnum > 0 \
    UNION ALL \
    SELECT DISTINCT d.refobjsubid::int2, 1000::int8 FROM pg_depend d WHERE i.indexprs IS NOT NULL AND d.classid = 'pg_class'::regclass \
      AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0 \
      AND NOT d.refobjsubid = ANY (i.indkey)) k \
  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum \
  WHERE i.indisunique AND i.indisvalid AND i.indislive AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition \
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
  ORDER BY i.indrelid, ic.relname, k.place, k.attnum";

const REFERENCES: &str = "SELECT c.conrelid::text, c.conname::text, n.nspname::text, r.relname::text, (c.confdeltype = 'c')::text, \
    a.attname::text, f.attname::text \
  FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace n ON n.oid = r.relnamespace \
  CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k (mine, theirs, place) \
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.mine \
  JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.theirs \
  WHERE c.contype = 'f' AND c.conparentid = 0 ORDER BY c.conrelid, c.conname, k.place";

const TRIGGERS: &str = "SELECT g.tgrelid::text, g.tgname::text FROM pg_trigger g \
  WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' ORDER BY 1, 2";

/// Reads the whole shape.
pub(super) async fn read(link: &mut Link) -> Result<Shape> {
    let mut told = link.ask_all(&[ABOUT, COLUMNS, INDEXES, REFERENCES, TRIGGERS, TABLES]).await?;
    let mut next = || told.next().unwrap_or_default();
    let mut about = next().into_iter().flatten();
    let version = about.next().flatten().unwrap_or_default();
    let database = about.next().flatten().unwrap_or_default();
    let (mut columns, mut indexes) = (by_table(next()), by_table(next()));
    let (mut references, mut triggers) = (by_table(next()), by_table(next()));
    let mut tables = BTreeMap::new();
    for row in next() {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (oid, schema, name, kind) = (next(), next(), next(), next());
        let (estimate, size, readable) = (next(), next(), next() == "true");
        let is_view = matches!(kind.as_str(), "v" | "m" | "f");
        let (columns, shapes): (Vec<_>, Vec<_>) =
            columns.remove(&oid).unwrap_or_default().into_iter().map(column).unzip();
        let indexes = gather_indexes(indexes.remove(&oid).unwrap_or_default(), &shapes);
        let declared = declared_key(&shapes, &indexes);
        let primary = indexes.iter().find(|index| index.primary);
        let table = Table {
            name: TableName::new(schema.clone(), name.clone()),
            is_view,
            about_rows: 0,
            columns,
            primary_key: primary.map(|index| index.columns.clone()).unwrap_or_default(),
            unique: unique_keys(indexes),
            references: gather_references(references.remove(&oid).unwrap_or_default()),
            triggers: triggers
                .remove(&oid)
                .unwrap_or_default()
                .into_iter()
                .flatten()
                .flatten()
                .collect(),
        };
        let (key, key_kind) = match declared {
            _ if is_view => (Vec::new(), KeyKind::None),
            Some(key) => (key, KeyKind::Firm),
            None => {
                let mut key = vec![
                    ColumnShape::pseudo("ctid", Kind::Ctid),
                    ColumnShape::pseudo("xmin", Kind::Xmin),
                ];
                if kind == "p" {
                    key.insert(0, ColumnShape::pseudo("tableoid", Kind::Tableoid));
                }
                (key, KeyKind::Fleeting)
            }
        };
        let mut shape = TableShape {
            table,
            schema: Some(Name::from_server(schema)),
            name: Name::from_server(name),
            columns: shapes,
            key,
            key_kind,
            rowid: None,
            divided: kind == "p",
            careless_engine: None,
        };
        let estimate: i64 = estimate.parse().unwrap_or(-1);
        let size: u64 = size.parse().unwrap_or(0);
        shape.table.about_rows = match u64::try_from(estimate) {
            _ if kind == "v" || kind == "f" => 0,
            Ok(rows) if rows > 0 => rows,
            _ if size == 0 || !readable => 0,
            _ if size < CHEAP => count(link, &shape).await?,
            // Never analysed and large: a row of a business table is about 100 bytes.
            _ => size / 100,
        };
        tables.insert(shape.table.name.clone(), shape);
    }
    Ok(Shape {
        dialect: Dialect::Postgres,
        product: Product::PostgreSql,
        version,
        database,
        tables,
    })
}

async fn count(link: &mut Link, shape: &TableShape) -> Result<u64> {
    let mut statement = Statement::new(Dialect::Postgres);
    statement.word("SELECT count(*) FROM ");
    super::expr::from(&mut statement, shape);
    link.figure(statement, At { table: Some(shape), action: "read" }).await
}

/// Groups rows by their first cell, which is dropped.
fn by_table(rows: Vec<Vec<Option<String>>>) -> BTreeMap<String, Vec<Vec<Option<String>>>> {
    let mut groups = BTreeMap::<String, Vec<_>>::new();
    for row in rows {
        let mut cells = row.into_iter();
        let key = cells.next().flatten().unwrap_or_default();
        groups.entry(key).or_default().push(cells.collect());
    }
    groups
}

fn column(row: Vec<Option<String>>) -> (Column, ColumnShape) {
    let mut cells = row.into_iter();
    let mut maybe = || cells.next().flatten();
    let mut next = || maybe().unwrap_or_default();
    let (name, native_type, base) = (next(), next(), next());
    let (typname, typtype, category) = (next(), next(), next());
    let typmod: i64 = next().parse().unwrap_or(-1);
    let (strict, has_default) = (next() == "true", next() == "true");
    let (generated, identity, unsure) = (!next().is_empty(), next(), next() == "true");
    let comment = maybe();
    let limit = u32::try_from(typmod - 4).ok().filter(|_| typmod > 4);
    let (kind, data_type) = match (typname.as_str(), typtype.as_str(), category.as_str()) {
        ("int2" | "int4" | "int8", ..) => (Kind::Int, DataType::Integer),
        ("oid" | "xid" | "xid8" | "cid", ..) => (Kind::Printed, DataType::Integer),
        ("bool", ..) => (Kind::Bool, DataType::Boolean),
        ("bytea", ..) => (Kind::Bytes, DataType::Bytes { max_bytes: None }),
        ("numeric", ..) => (Kind::Decimal, DataType::Number),
        ("float4" | "float8", ..) => (Kind::Float, DataType::Number),
        ("money", ..) => (Kind::Printed, DataType::Number),
        ("varchar", ..) => (Kind::Text, DataType::Text { max_chars: limit }),
        ("text", ..) => (Kind::Text, DataType::Text { max_chars: None }),
        ("name", ..) => (Kind::Text, DataType::Text { max_chars: Some(63) }),
        ("bpchar", ..) => (Kind::Printed, DataType::Text { max_chars: limit }),
        ("citext", ..) => (Kind::Printed, DataType::Text { max_chars: None }),
        ("date", ..) => (Kind::Printed, DataType::Date),
        ("timestamp" | "timestamptz", ..) => (Kind::Printed, DataType::Timestamp),
        ("time" | "timetz", ..) => (Kind::Printed, DataType::Time),
        ("json" | "jsonb", ..) => (Kind::Printed, DataType::Json),
        ("uuid", ..) => (Kind::Uuid, DataType::Uuid),
        ("inet" | "cidr" | "macaddr" | "macaddr8", ..) => (Kind::Printed, DataType::Network),
        (_, "e", _) => (Kind::Printed, DataType::Enumeration),
        (_, _, "S") => (Kind::Printed, DataType::Text { max_chars: None }),
        _ => (Kind::Printed, DataType::Other),
    };
    let loose = unsure || typname == "citext";
    let shape = ColumnShape {
        name: Name::from_server(name.clone()),
        kind,
        word: Some(Word::pg_type(base)),
        collation: None,
        loose,
        nullable: !strict,
        generated: generated || identity == "a",
        updates_itself: false,
    };
    let column = Column {
        name,
        native_type,
        data_type,
        nullable: !strict,
        has_default: has_default || !identity.is_empty(),
        generated: shape.generated,
        loose_collation: loose,
        updates_itself: false,
        comment,
    };
    (column, shape)
}

fn gather_indexes(rows: Vec<Vec<Option<String>>>, columns: &[ColumnShape]) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    for row in rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (name, primary, partial, expression, column) =
            (next(), next() == "true", next() == "true", next(), next());
        let loose = columns.iter().any(|shape| shape.loose && shape.name.as_str() == column);
        if indexes.last().is_none_or(|index| index.name != name) {
            let folds_case = expression.contains("lower(") || expression.contains("upper(");
            let partial = partial || !expression.is_empty();
            indexes.push(Index { name, primary, partial, folds_case, columns: Vec::new() });
        }
        if let Some(index) = indexes.last_mut() {
            index.folds_case |= loose;
            index.columns.push(column);
        }
    }
    indexes
}

fn gather_references(rows: Vec<Vec<Option<String>>>) -> Vec<DeclaredReference> {
    let mut references: Vec<DeclaredReference> = Vec::new();
    for row in rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (name, schema, table, cascades) = (next(), next(), next(), next() == "true");
        let (mine, theirs) = (next(), next());
        if references.last().is_none_or(|reference| reference.name != name) {
            references.push(DeclaredReference {
                name,
                columns: Vec::new(),
                to: TableName { schema, table },
                to_columns: Vec::new(),
                cascades,
            });
        }
        if let Some(reference) = references.last_mut() {
            reference.columns.push(mine);
            reference.to_columns.push(theirs);
        }
    }
    references
}
