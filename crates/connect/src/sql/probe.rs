//! Which look-ups an index serves, as the server plans the very statements that this connector sends,
//! and which index would serve the others.
//!
//! The server is asked rather than its catalogue: whether an index on an expression, of another
//! operator class, collation or prefix serves a statement is for its planner to say, and it says so
//! without carrying anything out. PostgreSQL is told for that one question to leave scans alone if it
//! can, since it scans small tables whatever indexes they have.

use std::collections::BTreeSet;
use std::time::Duration;

use model::{Micros, Value};

use super::Sql;
use super::due;
use super::expr;
use super::failure::At;
use super::find;
use super::link::Link;
use super::moment::{self, Tells};
use super::shape::{ColumnShape, Kind, Shape, TableShape};
use super::statement::{Dialect, Name, Param, Statement, Word};
use crate::{Due, Fold, How, Lookup, Match, Old, Probe, Probed, Result, Served};

/// Indexes of a table and its partitions that begin with this column or an expression over it. Others
/// can be walked with a condition too, from end to end.
const PG_LEADING: &str = "SELECT ic.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_index i ON i.indrelid = c.oid OR i.indrelid IN (SELECT p.relid FROM pg_partition_tree(c.oid) p) \
    JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am m ON m.oid = ic.relam AND m.amname IN ('btree', 'hash') \
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND i.indkey[0] <> 0 \
  WHERE n.nspname = $1 AND c.relname = $2 AND (a.attname = $3 OR i.indkey[0] = 0 AND strpos(pg_get_indexdef(i.indexrelid, 1, false), $3) > 0)";

/// Somebody who is in no table.
const NOBODY: &str = "nobody@upheld.invalid";

impl Sql {
    pub(super) async fn probed(&self, probes: &[Probe]) -> Result<Vec<Probed>> {
        let shape = self.shape();
        let mut loan = self.links.borrow().await?;
        if shape.dialect == Dialect::Sqlite {
            // A question about a plan is answered from what this connection knows of the schema; a
            // real one makes it look whether that has changed.
            loan.link.ask("SELECT count(*) FROM sqlite_schema", &[]).await?;
        }
        let mut told = Vec::with_capacity(probes.len());
        for probe in probes {
            let served = serves(&mut loan.link, &shape, probe).await;
            // A question that fails must not leave its transaction open.
            let served = match served {
                Ok(served) => served,
                Err(error) => {
                    let _ = loan.link.control("ROLLBACK").await;
                    return Err(error);
                }
            };
            let about_rows = shape.table(&probe.table)?.table.about_rows;
            told.push(Probed { probe: probe.clone(), about_rows, served });
        }
        loan.keep();
        Ok(told)
    }
}

async fn serves(link: &mut Link, shape: &Shape, probe: &Probe) -> Result<Served> {
    let table = shape.table(&probe.table)?;
    let column = table.column(&probe.column)?;
    if table.table.is_view {
        return Ok(Served::Never("it is a view: its tables are asked themselves".to_owned()));
    }
    if let Some(why) = never(shape, table, column, probe.how) {
        return Ok(Served::Never(why.to_owned()));
    }
    match plan(link, shape, (table, column), statement(shape, probe)?).await? {
        Some(names) => Ok(Served::By(names.into_iter().collect())),
        None => Ok(Served::Not(wanted(link, shape, probe).await?)),
    }
}

/// Why no index serves this look-up, if none does.
fn never(
    shape: &Shape,
    table: &TableShape,
    column: &ColumnShape,
    how: How,
) -> Option<&'static str> {
    const AS_TEXT: &str = "its type is compared as text, for which it takes no index";
    const PHONES: &str =
        "telephone numbers are compared by their last digits, for which it takes no index";
    match (shape.dialect, how) {
        (_, How::Value(_)) if column.kind == Kind::Bool => Some("it has two values"),
        (Dialect::Postgres, How::Value(Fold::Exact | Fold::Case)) => {
            let bpchar = column.word == Some(Word::pg_type("bpchar"));
            (column.kind == Kind::Printed && !column.loose && !bpchar).then_some(AS_TEXT)
        }
        (Dialect::Sqlite | Dialect::MySql, How::Value(Fold::Digits)) => Some(PHONES),
        (Dialect::MySql, How::Value(Fold::Case)) if column.kind == Kind::Text && !column.loose => {
            Some(
                "its collation tells capitals apart: with one that does not, a plain index would serve",
            )
        }
        (Dialect::MySql, How::Value(_)) if matches!(column.kind, Kind::Json | Kind::Bits) => {
            Some(AS_TEXT)
        }
        (_, How::Value(_)) => None,
        (dialect, How::Age) => match moment::told_by(dialect, table, column) {
            Err(_) => Some("its type holds no moments"),
            Ok(Tells::Any) => Some("SQLite keeps moments in any form: each is worked out"),
            Ok(Tells::Text) => Some("its moments are text: each is worked out"),
            Ok(_) => None,
        },
    }
}

/// What is looked for: nothing that is there.
pub(super) fn lookup(table: &TableShape, column: &ColumnShape, fold: Fold) -> Lookup {
    let value = match (fold, column.kind) {
        (Fold::Digits, _) => Value::from("5550100"),
        (_, Kind::Int | Kind::Decimal | Kind::Float) => Value::Int(-7),
        (_, Kind::Uuid) => Value::from("00000000-0000-4000-8000-000000000000"),
        (_, Kind::Bytes) => Value::Bytes(NOBODY.as_bytes().to_vec()),
        _ => Value::from(NOBODY),
    };
    Lookup {
        table: table.table.name.clone(),
        by: Match::Column { column: column.name.as_str().to_owned(), any_of: vec![value], fold },
        when: Vec::new(),
        columns: Vec::new(),
    }
}

/// Rows from before anything was written down: none.
pub(super) fn due(table: &TableShape, column: &ColumnShape) -> Due {
    Due {
        table: table.table.name.clone(),
        // 2 January 1901.
        old: Old::Column {
            column: column.name.as_str().to_owned(),
            before: Micros(-2_177_366_400_000_000),
        },
        when: Vec::new(),
        past: Vec::new(),
        except: Vec::new(),
        unless_referred: Vec::new(),
        dependents: Vec::new(),
    }
}

/// The product's word for "say how you would".
const fn explain(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "EXPLAIN (COSTS off) ",
        Dialect::MySql => "EXPLAIN FORMAT = JSON ",
        Dialect::Sqlite => "EXPLAIN QUERY PLAN ",
    }
}

/// What the connector would send, as a question.
fn statement(shape: &Shape, probe: &Probe) -> Result<Statement> {
    let table = shape.table(&probe.table)?;
    let column = table.column(&probe.column)?;
    let head = explain(shape.dialect);
    match probe.how {
        How::Value(fold) => find::counting(shape, &lookup(table, column, fold), head),
        How::Age => {
            let mut st = Statement::new(shape.dialect);
            st.word(head).word("SELECT ");
            for (index, key) in table.key.iter().enumerate() {
                st.between(index, ", ");
                expr::read(&mut st, key);
            }
            st.word(" FROM ");
            expr::from(&mut st, table);
            st.word(" WHERE ");
            due::condition(&mut st, shape, &due(table, column))?;
            let tells = moment::told_by(shape.dialect, table, column)?;
            if matches!(tells, Tells::Zoned | Tells::Plain | Tells::Day) {
                st.word(" ORDER BY ").column(&column.name);
            }
            st.word(" LIMIT 1000");
            Ok(st)
        }
    }
}

/// The indexes along which the server would go; `None` if it would read the whole table.
async fn plan(
    link: &mut Link,
    shape: &Shape,
    (table, column): (&TableShape, &ColumnShape),
    st: Statement,
) -> Result<Option<BTreeSet<String>>> {
    let at = At { table: Some(table), action: "read" };
    let mut lines: Vec<String> = Vec::new();
    let postgres = shape.dialect == Dialect::Postgres;
    if postgres {
        link.control("BEGIN").await.map_err(|error| super::failure::failure(&error, at))?;
        let off = link.control("SET LOCAL enable_seqscan = off").await;
        off.map_err(|error| super::failure::failure(&error, at))?;
    }
    let kinds: &[Kind] = match shape.dialect {
        Dialect::Sqlite => &[Kind::Any; 4],
        _ => &[Kind::Text],
    };
    link.stream(st, kinds, at, |cells| {
        lines.extend(cells.last().and_then(Value::to_plain_text));
        Ok(Duration::ZERO)
    })
    .await?;
    if postgres {
        link.control("ROLLBACK").await.map_err(|error| super::failure::failure(&error, at))?;
    }
    Ok(match shape.dialect {
        Dialect::Postgres => match of_postgres(&lines) {
            Some(names) => {
                let name = &table.table.name;
                let params = [&*name.schema, &*name.table, column.name.as_str()];
                let told = link.ask(PG_LEADING, &params).await?;
                let leading: BTreeSet<String> = told.into_iter().flatten().flatten().collect();
                names.is_subset(&leading).then_some(names)
            }
            None => None,
        },
        Dialect::MySql => of_mysql(&lines.concat()),
        Dialect::Sqlite => of_sqlite(&lines),
    })
}

/// `Index Scan using NAME on table t`, with the condition by which it goes on a line below.
fn of_postgres(lines: &[String]) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let mut open = false;
    for line in lines.iter().map(|line| line.trim().trim_start_matches("->").trim()) {
        if line.contains("Seq Scan on ") || line.contains("Sample Scan on ") {
            return None;
        }
        let name = line
            .split_once(" using ")
            .and_then(|(_, rest)| rest.split_once(" on "))
            .map(|(name, _)| name)
            .or_else(|| line.strip_prefix("Bitmap Index Scan on "));
        if let Some(name) = name {
            // One without a condition reads the whole index.
            if open {
                return None;
            }
            names.insert(name.trim_matches('"').replace("\"\"", "\""));
            open = true;
        }
        if line.starts_with("Index Cond:") {
            open = false;
        }
    }
    (!open && !names.is_empty()).then_some(names)
}

/// The indexes that the server holds possible; a table so small that it is read whole has them too.
fn of_mysql(text: &str) -> Option<BTreeSet<String>> {
    fn walk(value: &serde_json::Value, names: &mut BTreeSet<String>, found: &mut bool) {
        match value {
            serde_json::Value::Object(members) => {
                if let Some(serde_json::Value::Array(keys)) = members.get("possible_keys") {
                    names.extend(keys.iter().filter_map(|key| key.as_str()).map(str::to_owned));
                }
                // A unique index was looked at already, and nothing was there.
                let message = members.get("message").and_then(|message| message.as_str());
                *found |= message.is_some_and(|m| {
                    m.contains("const table") || m == "no matching row in const table"
                });
                members.values().for_each(|value| walk(value, names, found));
            }
            serde_json::Value::Array(values) => {
                values.iter().for_each(|value| walk(value, names, found));
            }
            _ => {}
        }
    }
    let plan: serde_json::Value = serde_json::from_str(text).ok()?;
    let (mut names, mut found) = (BTreeSet::new(), false);
    walk(&plan, &mut names, &mut found);
    (found || !names.is_empty()).then_some(names)
}

/// `SEARCH t USING INDEX name (column=?)`; `SCAN t` reads it whole, along an index or not.
fn of_sqlite(lines: &[String]) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for line in lines {
        if line.starts_with("SCAN t") {
            return None;
        }
        let Some(rest) = line.strip_prefix("SEARCH t USING ") else { continue };
        let rest = rest.split_once("INDEX ").map_or(rest, |(_, rest)| rest);
        names.insert(rest.rsplit_once(" (").map_or(rest, |(name, _)| name).to_owned());
    }
    (!names.is_empty()).then_some(names)
}

/// The statements that make what is missing, as text.
async fn wanted(link: &mut Link, shape: &Shape, probe: &Probe) -> Result<Vec<String>> {
    let made = indexes(link, shape, probe, true).await?;
    Ok(made.into_iter().map(Statement::text).collect())
}

/// What an index is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Column,
    Lower,
    Digits,
}

/// The statements that make what is missing.
pub(super) async fn indexes(
    link: &mut Link,
    shape: &Shape,
    probe: &Probe,
    beside_others: bool,
) -> Result<Vec<Statement>> {
    let table = shape.table(&probe.table)?;
    let column = table.column(&probe.column)?;
    let folded = shape.dialect == Dialect::Sqlite
        || (shape.dialect == Dialect::Postgres
            && matches!(column.kind, Kind::Text | Kind::Printed));
    let mut overs = Vec::new();
    match probe.how {
        // Such a statement asks for the lower case or for the spelling itself.
        How::Value(Fold::Case) if folded => {
            if plan(link, shape, (table, column), lower_arm(shape, table, column)).await?.is_none()
            {
                overs.push(Over::Lower);
            }
            let exact = Probe { how: How::Value(Fold::Exact), ..probe.clone() };
            if plan(link, shape, (table, column), statement(shape, &exact)?).await?.is_none() {
                overs.push(Over::Column);
            }
        }
        How::Value(Fold::Digits) => overs.push(Over::Digits),
        How::Value(_) | How::Age => overs.push(Over::Column),
    }
    Ok(overs.iter().map(|over| create(shape, table, column, *over, beside_others)).collect())
}

fn lower_arm(shape: &Shape, table: &TableShape, column: &ColumnShape) -> Statement {
    let mut st = Statement::new(shape.dialect);
    st.word(explain(shape.dialect)).word("SELECT count(*) FROM ");
    expr::from(&mut st, table);
    st.word(" WHERE lower(").column(&column.name);
    if shape.dialect == Dialect::Postgres {
        st.word(if column.kind == Kind::Text { "" } else { "::text" }).word(") = ANY (");
        st.param(Param::Texts(vec![Some(NOBODY.to_owned())])).word("::text[])");
    } else {
        st.word(") IN (").param(Param::Text(NOBODY.to_owned())).word(")");
    }
    st
}

fn create(
    shape: &Shape,
    table: &TableShape,
    column: &ColumnShape,
    over: Over,
    beside_others: bool,
) -> Statement {
    let mut st = Statement::new(shape.dialect);
    st.word("CREATE INDEX ");
    match shape.dialect {
        // A partitioned table takes none beside others.
        Dialect::Postgres => {
            st.word(if beside_others && !table.divided { "CONCURRENTLY " } else { "" });
        }
        Dialect::MySql | Dialect::Sqlite => {
            st.name(&Name::from_server(index_name(table, column, over))).word(" ");
        }
    }
    st.word("ON ");
    expr::table(&mut st, table);
    st.word(" (");
    let name = &column.name;
    match (shape.dialect, over) {
        (Dialect::Postgres, Over::Lower) => {
            st.word("lower(").name(name);
            st.word(if column.kind == Kind::Text { ")" } else { "::text)" });
        }
        (_, Over::Lower) => {
            st.word("lower(").name(name).word(")");
        }
        (_, Over::Digits) => {
            st.word("\"right\"(regexp_replace(").name(name);
            st.word("::text, '[^0-9]', '', 'g'), 7)");
        }
        (Dialect::MySql, Over::Column) if is_long(table, column) => {
            st.name(name).word("(191)");
        }
        (_, Over::Column) => {
            st.name(name);
        }
    }
    st.word(")");
    if shape.dialect == Dialect::MySql && beside_others {
        st.word(" ALGORITHM = INPLACE LOCK = NONE");
    }
    st
}

/// MySQL indexes a long text by its beginning only.
fn is_long(table: &TableShape, column: &ColumnShape) -> bool {
    let Some(declared) = table.table.column(column.name.as_str()) else { return false };
    let kind = declared.native_type.to_ascii_lowercase();
    let size = kind.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    let size = size.and_then(|(size, _)| size.parse::<u32>().ok());
    kind.ends_with("text") || kind.ends_with("blob") || size.is_some_and(|size| size > 768)
}

fn index_name(table: &TableShape, column: &ColumnShape, over: Over) -> String {
    let parts = [table.name.as_str(), column.name.as_str()];
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let mut name = "upheld".to_owned();
    for part in parts {
        name.push('_');
        name.extend(part.chars().take(24).map(plain));
    }
    if over == Over::Lower {
        name.push_str("_lower");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn plans_of_postgresql_are_read() {
        for (plan, names) in [
            ("Aggregate\n  ->  Seq Scan on p t\n        Filter: (x)", None),
            (
                "Aggregate\n  ->  Index Only Scan using \"by \"\"mail\" on p t\n        Index Cond: (mail = ANY ($1))",
                Some(vec!["by \"mail"]),
            ),
            (
                "Aggregate\n  ->  Index Scan using p_pkey on p t\n        Filter: (mail = ANY ($1))",
                None,
            ),
            (
                "Aggregate\n  ->  Bitmap Heap Scan on p t\n        Recheck Cond: (a OR b)\n        ->  BitmapOr\n              ->  Bitmap Index Scan on one\n                    Index Cond: (a)\n              ->  Bitmap Index Scan on two\n                    Index Cond: (b)",
                Some(vec!["one", "two"]),
            ),
            (
                "Aggregate\n  ->  Append\n        ->  Index Scan using x on p1\n              Index Cond: (a)\n        ->  Seq Scan on p2",
                None,
            ),
        ] {
            let read = of_postgres(&lines(plan));
            let names = names.map(|names| names.into_iter().map(str::to_owned).collect());
            assert_eq!(read, names, "{plan}");
        }
    }

    #[test]
    fn plans_of_the_others_are_read() {
        for (plan, names) in [
            (r#"{"query_block":{"table":{"access_type":"ALL","rows":9}}}"#, None),
            (
                r#"{"query_block":{"nested_loop":[{"table":{"access_type":"range","possible_keys":["mail"],"key":"mail"}}]}}"#,
                Some(vec!["mail"]),
            ),
            (
                r#"{"query_block":{"table":{"message":"Impossible WHERE noticed after reading const tables"}}}"#,
                Some(vec![]),
            ),
        ] {
            let names = names.map(|names| names.into_iter().map(str::to_owned).collect());
            assert_eq!(of_mysql(plan), names, "{plan}");
        }
        for (plan, names) in [
            ("SCAN t", None),
            ("SCAN t USING COVERING INDEX by_mail", None),
            ("SEARCH t USING COVERING INDEX by mail (mail=?)", Some(vec!["by mail"])),
            (
                "MULTI-INDEX OR\nINDEX 1\nSEARCH t USING INDEX one (<expr>=?)\nINDEX 2\nSEARCH t USING INDEX two (mail=?)",
                Some(vec!["one", "two"]),
            ),
            ("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)", Some(vec!["INTEGER PRIMARY KEY"])),
        ] {
            let names = names.map(|names| names.into_iter().map(str::to_owned).collect());
            assert_eq!(of_sqlite(&lines(plan)), names, "{plan}");
        }
    }
}
