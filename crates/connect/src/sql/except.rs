//! Rows that stay whatever their age, in numbers: up to a hundred thousand keys in one statement.
//!
//! PostgreSQL takes them as arrays. The others limit how many parameters a statement may have, so
//! many keys travel as one parameter of JSON and are laid out on the server.

use model::{RowKey, Value};

use super::expr::{self, Helper};
use super::shape::{KeyKind, Kind, Shape, TableShape};
use super::statement::{Dialect, Param, Statement};
use crate::{Error, Result};

/// Keys in one helper table (MySQL, SQLite).
const FEW: usize = 500;
/// Parameters in one statement, with some left for the rest of it.
const fn parameters(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Sqlite => 30_000,
        _ => 60_000,
    }
}

/// The row of the table at hand is none of these.
pub(super) fn is_none_of(
    st: &mut Statement,
    shape: &Shape,
    table: &TableShape,
    keys: &[RowKey],
) -> Result<()> {
    let dialect = st.dialect();
    if dialect == Dialect::Postgres {
        return by_helper(st, table, keys);
    }
    if keys.len() > FEW && fits_json(dialect, table, keys) && (knows_json(shape)) {
        if let Some(bad) = keys.iter().find(|key| key.0.len() != table.key.len()) {
            // The same words as for any key of another form.
            expr::key_params(table, bad, dialect)?;
        }
        by_json(st, table, keys);
        return Ok(());
    }
    if keys.len() * table.key.len() > parameters(dialect) {
        return Err(Error::NotOffered {
            what: "leave out so many rows of a table without a key of numbers or text",
        });
    }
    for (index, keys) in keys.chunks(FEW).enumerate() {
        st.between(index, " AND ");
        by_helper(st, table, keys)?;
    }
    Ok(())
}

fn by_helper(st: &mut Statement, table: &TableShape, keys: &[RowKey]) -> Result<()> {
    let helper = Helper::of_keys(table, keys, st.dialect())?;
    st.word("NOT EXISTS (");
    helper.ahead(st);
    st.word("SELECT 1 FROM ");
    helper.among(st);
    st.word(" WHERE ");
    expr::key_matches(st, table);
    st.word(")");
    Ok(())
}

/// MySQL 8.0 and MariaDB 10.6 lay out JSON as a table, and skip locked rows.
pub(super) fn knows_json(shape: &Shape) -> bool {
    match shape.product {
        model::Product::MariaDb => at_least(shape, (10, 6)),
        model::Product::MySql => at_least(shape, (8, 0)),
        _ => true,
    }
}

/// Whether the server is of this version or a later one.
pub(super) fn at_least(shape: &Shape, wanted: (u32, u32)) -> bool {
    let mut parts = shape.version.split(|c: char| !c.is_ascii_digit());
    let mut next = || parts.next().and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    (next(), next()) >= wanted
}

fn fits_json(dialect: Dialect, table: &TableShape, keys: &[RowKey]) -> bool {
    let kinds = table.key_kind == KeyKind::Firm
        && table.key.iter().all(|column| {
            dialect == Dialect::Sqlite || matches!(column.kind, Kind::Int | Kind::Text)
        });
    let plain = |value: &Value| matches!(value, Value::Int(_) | Value::Text(_));
    kinds && keys.iter().all(|key| key.0.iter().all(plain))
}

fn by_json(st: &mut Statement, table: &TableShape, keys: &[RowKey]) {
    let document = Param::Text(document(keys));
    let single = table.key.len() == 1;
    st.word(if single { "(" } else { "((" });
    for (index, column) in table.key.iter().enumerate() {
        st.between(index, ", ").column(&column.name);
    }
    st.word(if single { " IN (SELECT " } else { ") IN (SELECT " });
    if st.dialect() == Dialect::Sqlite {
        for index in 0..table.key.len() {
            st.between(index, ", ").word("json_extract(u.value, '$[").number(index as u64);
            st.word("]')");
        }
        st.word(" FROM json_each(").param(document).word(") AS u)");
    } else {
        for index in 0..table.key.len() {
            st.between(index, ", ").helper("u.k", index);
        }
        st.word(" FROM JSON_TABLE(").param(document).word(", '$[*]' COLUMNS (");
        for (index, column) in table.key.iter().enumerate() {
            st.between(index, ", ").helper("k", index);
            let declared = table.table.column(column.name.as_str());
            let unsigned = declared.is_some_and(|column| column.native_type.contains("unsigned"));
            match (column.kind, &column.word, &column.collation) {
                (Kind::Int, ..) if unsigned => st.word(" BIGINT UNSIGNED"),
                (Kind::Int, ..) => st.word(" BIGINT"),
                // As long as a key can be.
                (_, Some(charset), Some(collation)) => st
                    .word(" VARCHAR(768) CHARACTER SET ")
                    .server(charset)
                    .word(" COLLATE ")
                    .server(collation),
                _ => st.word(" VARCHAR(768)"),
            };
            st.word(" PATH '$[").number(index as u64).word("]'");
        }
        st.word(")) AS u)");
    }
    st.word(") IS NOT TRUE");
}

/// `[[1,"a"],[2,"b"]]`.
fn document(keys: &[RowKey]) -> String {
    let mut out = String::with_capacity(keys.len() * 12);
    out.push('[');
    for (index, key) in keys.iter().enumerate() {
        out.push_str(if index > 0 { ",[" } else { "[" });
        for (index, value) in key.0.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            match value {
                Value::Int(number) => out.push_str(&number.to_string()),
                Value::Text(text) => quote(&mut out, text),
                _ => out.push_str("null"),
            }
        }
        out.push(']');
    }
    out.push(']');
    out
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_json() {
        let keys = [
            RowKey(vec![Value::Int(-1), Value::from("a\"b\\c\nd")]),
            RowKey(vec![Value::Int(2), Value::from("zoë")]),
        ];
        assert_eq!(document(&keys), r#"[[-1,"a\"b\\c\u000ad"],[2,"zoë"]]"#);
    }
}
