//! The expressions in which the three dialects differ: how a column is read, matched, compared to
//! the byte and set. `t` is the table at hand; `u` a helper table of parameters with the columns
//! `k0…` (key), `o0…` (old values) and `n0…` (new values).

use model::{RowKey, Value};

use super::shape::{ColumnShape, KeyKind, Kind, TableShape};
use super::statement::{Dialect, Name, Param, Statement};
use crate::{Error, Result};

/// `schema.table AS t`.
pub(super) fn from(st: &mut Statement, shape: &TableShape) {
    table(st, shape);
    st.word(" AS ").alias();
}

/// Makes MySQL go by the rows' key. Left to itself it walks a small table from end to end, and waits
/// on the way for rows that somebody else has locked.
pub(super) fn by_its_key(st: &mut Statement, shape: &TableShape) {
    if st.dialect() != Dialect::MySql || shape.key_kind != KeyKind::Firm {
        return;
    }
    if !shape.table.primary_key.is_empty() {
        st.word(" FORCE INDEX (PRIMARY)");
        return;
    }
    let is_key = |unique: &&model::UniqueKey| {
        unique.columns.len() == shape.key.len()
            && unique.columns.iter().zip(&shape.key).all(|(name, key)| name == key.name.as_str())
    };
    if let Some(unique) = shape.table.unique.iter().find(is_key) {
        // The server's own name for it, read with the catalogue.
        st.word(" FORCE INDEX (").name(&Name::from_server(unique.name.clone())).word(")");
    }
}

/// `schema.table`.
pub(super) fn table(st: &mut Statement, shape: &TableShape) {
    if let Some(schema) = &shape.schema {
        st.name(schema).word(".");
    }
    st.name(&shape.name);
}

/// A column as it is read.
pub(super) fn read(st: &mut Statement, column: &ColumnShape) {
    let name = &column.name;
    match (st.dialect(), column.kind) {
        (Dialect::Postgres, Kind::Int) => st.column(name).word("::int8"),
        (Dialect::Postgres, Kind::Bool | Kind::Bytes) => st.column(name),
        (Dialect::Postgres, _) => st.column(name).word("::text"),
        (Dialect::MySql, Kind::Text | Kind::Bytes) => st.column(name),
        (Dialect::MySql, Kind::Bits) => st.word("CAST(").column(name).word(" + 0 AS CHAR)"),
        // A FLOAT prints six digits; as a DOUBLE it prints all that it holds.
        (Dialect::MySql, Kind::Float) => st.word("CAST(").column(name).word(" + 0e0 AS CHAR)"),
        (Dialect::MySql, _) => st.word("CAST(").column(name).word(" AS CHAR)"),
        (Dialect::Sqlite, _) => st.column(name),
    };
}

/// A value as the column's own type understands it, or `None` where no value of the column can
/// equal it.
pub(super) fn param(dialect: Dialect, column: &ColumnShape, value: &Value) -> Option<Param> {
    if value.is_null() {
        return Some(Param::Null);
    }
    if dialect == Dialect::Sqlite {
        return Some(match value {
            Value::Null => Param::Null,
            Value::Bool(value) => Param::Int((*value).into()),
            Value::Int(value) => Param::Int(*value),
            Value::Text(text) => Param::Text(text.clone()),
            Value::Bytes(bytes) => Param::Bytes(bytes.clone()),
        });
    }
    if column.kind == Kind::Bytes {
        return value
            .as_bytes()
            .map(|bytes| Param::Bytes(bytes.to_vec()))
            .or_else(|| value.to_plain_text().map(|text| Param::Bytes(text.into_bytes())));
    }
    if let (Value::Bytes(bytes), Dialect::MySql, Kind::Text) = (value, dialect, column.kind) {
        return Some(Param::Bytes(bytes.clone()));
    }
    let text = match value {
        Value::Bool(value) if dialect == Dialect::MySql || column.kind == Kind::Int => {
            i64::from(*value).to_string()
        }
        other => other.to_plain_text()?,
    };
    let fits = match column.kind {
        Kind::Int if dialect == Dialect::Postgres => text.parse::<i64>().is_ok(),
        Kind::Int | Kind::Bits => text.parse::<i128>().is_ok(),
        Kind::Bool => matches!(text.as_str(), "true" | "false" | "t" | "f" | "1" | "0"),
        Kind::Uuid => is_uuid(&text),
        Kind::Decimal => is_decimal(&text),
        Kind::Float => text.parse::<f64>().is_ok(),
        _ => dialect != Dialect::Postgres || !text.contains('\0'),
    };
    fits.then_some(Param::Text(text))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    !(whole.is_empty() && part.is_empty()) && all(whole) && all(part)
}

/// The helper table `u` with these columns and rows of parameters.
pub(super) struct Helper<'a> {
    pub(super) columns: Vec<HelperColumn<'a>>,
    pub(super) rows: Vec<Vec<Param>>,
}

/// One column of the helper table.
#[derive(Clone, Copy)]
pub(super) struct HelperColumn<'a> {
    pub(super) letter: &'static str,
    pub(super) index: usize,
    pub(super) column: &'a ColumnShape,
}

impl<'a> Helper<'a> {
    /// A helper of keys alone.
    pub(super) fn of_keys(
        shape: &'a TableShape,
        keys: &[RowKey],
        dialect: Dialect,
    ) -> Result<Self> {
        let columns = shape.key.iter().enumerate();
        let columns = columns.map(|(index, column)| HelperColumn { letter: "k", index, column });
        let rows = keys.iter().map(|key| key_params(shape, key, dialect)).collect::<Result<_>>()?;
        Ok(Self { columns: columns.collect(), rows })
    }

    /// SQLite puts it first: `WITH u (…) AS (VALUES …) `.
    pub(super) fn ahead(&self, st: &mut Statement) {
        if st.dialect() != Dialect::Sqlite {
            return;
        }
        st.word("WITH u (");
        for (place, column) in self.columns.iter().enumerate() {
            st.between(place, ", ").helper(column.letter, column.index);
        }
        st.word(") AS (VALUES ");
        for (place, row) in self.rows.iter().enumerate() {
            st.between(place, ", ").word("(");
            for (place, param) in row.iter().enumerate() {
                st.between(place, ", ").param(param.clone());
            }
            st.word(")");
        }
        st.word(") ");
    }

    /// The helper among the tables of a statement.
    pub(super) fn among(&self, st: &mut Statement) {
        match st.dialect() {
            Dialect::Sqlite => {
                st.word("u");
            }
            Dialect::Postgres => {
                st.word("unnest(");
                for (place, column) in self.columns.iter().enumerate() {
                    let cells = self.rows.iter().map(|row| row.get(place));
                    st.between(place, ", ");
                    if column.column.kind == Kind::Bytes {
                        let cells = cells.map(|cell| match cell {
                            Some(Param::Bytes(bytes)) => Some(bytes.clone()),
                            _ => None,
                        });
                        st.param(Param::Blobs(cells.collect())).word("::bytea[]");
                    } else {
                        let cells = cells.map(|cell| match cell {
                            Some(Param::Text(text)) => Some(text.clone()),
                            _ => None,
                        });
                        st.param(Param::Texts(cells.collect())).word("::text[]");
                    }
                }
                st.word(") AS u (");
                for (place, column) in self.columns.iter().enumerate() {
                    st.between(place, ", ").helper(column.letter, column.index);
                }
                st.word(")");
            }
            Dialect::MySql => {
                st.word("(");
                for (place, row) in self.rows.iter().enumerate() {
                    st.between(place, " UNION ALL ").word("SELECT ");
                    for (place, (column, param)) in self.columns.iter().zip(row).enumerate() {
                        let number = column.letter == "k" && column.column.kind == Kind::Int;
                        st.between(place, ", ").word("CAST(").param(param.clone());
                        st.word(if number { " AS DECIMAL(20,0)) AS " } else { " AS BINARY) AS " });
                        st.helper(column.letter, column.index);
                    }
                }
                st.word(") AS u");
            }
        }
    }
}

/// The parameters of a key, checked against the key's shape.
pub(super) fn key_params(shape: &TableShape, key: &RowKey, dialect: Dialect) -> Result<Vec<Param>> {
    if key.0.len() != shape.key.len() || shape.key_kind == KeyKind::None {
        return Err(shape.constraint("its rows are not told apart by a key of this form"));
    }
    let pairs = shape.key.iter().zip(&key.0);
    pairs
        .map(|(column, value)| {
            // A value that the key's type cannot hold names no row.
            Ok(param(dialect, column, value).unwrap_or(Param::Null))
        })
        .collect()
}

/// `t` and `u` name the same row.
pub(super) fn key_matches(st: &mut Statement, shape: &TableShape) {
    let fleeting = shape.key_kind == KeyKind::Fleeting;
    for (index, column) in shape.key.iter().enumerate() {
        st.between(index, " AND ");
        holds_cell(st, column, index, fleeting);
        if column.loose && shape.key_kind == KeyKind::Firm {
            st.word(" AND ");
            same(st, column, "u.k", index);
        }
    }
}

/// These columns of `t` hold the cells `k0…` of `u`, as the database itself compares them.
pub(super) fn cells_match(st: &mut Statement, columns: &[&ColumnShape]) {
    for (index, column) in columns.iter().enumerate() {
        st.between(index, " AND ");
        holds_cell(st, column, index, false);
    }
}

fn holds_cell(st: &mut Statement, column: &ColumnShape, index: usize, fleeting: bool) {
    let name = &column.name;
    match (st.dialect(), column.kind) {
        (Dialect::Postgres, Kind::Ctid) => {
            st.column(name).word(" = ").helper("u.k", index).word("::tid");
        }
        (Dialect::Postgres, Kind::Xmin) => {
            st.column(name).word("::text = ").helper("u.k", index);
        }
        (Dialect::Postgres, Kind::Tableoid) => {
            st.column(name).word(" = ").helper("u.k", index).word("::oid");
        }
        (Dialect::Postgres, Kind::Text | Kind::Bytes) => {
            st.column(name).word(" = ").helper("u.k", index);
        }
        (Dialect::Postgres, Kind::Int) => {
            st.column(name).word(" = ").helper("u.k", index).word("::int8");
        }
        (Dialect::Postgres, _) => {
            st.column(name).word(" = ");
            cast(st, column, "u.k", index);
        }
        (Dialect::MySql, _) if fleeting => {
            same(st, column, "u.k", index);
        }
        (Dialect::MySql, Kind::Int) => {
            st.column(name).word(" = ").helper("u.k", index);
        }
        (Dialect::MySql, Kind::Bytes) => {
            st.column(name).word(" = ").helper("u.k", index);
        }
        (Dialect::MySql, _) => {
            st.column(name).word(" = ");
            mysql_text(st, column, "u.k", index);
        }
        (Dialect::Sqlite, _) => {
            st.column(name).word(if column.nullable { " IS " } else { " = " }).helper("u.k", index);
        }
    }
}

/// A helper cell as text of the column's own character set and collation (MySQL), so that the
/// column's index serves.
fn mysql_text(st: &mut Statement, column: &ColumnShape, letter: &'static str, index: usize) {
    st.word("CONVERT(").helper(letter, index).word(" USING ");
    match (&column.word, &column.collation) {
        (Some(charset), Some(collation)) => {
            st.server(charset).word(") COLLATE ").server(collation);
        }
        _ => {
            st.word("utf8mb4)");
        }
    }
}

/// A text cell cast to the column's own base type (PostgreSQL). Never to a type with a limit: an
/// explicit cast to `varchar(5)` would cut in silence where an assignment refuses.
fn cast(st: &mut Statement, column: &ColumnShape, letter: &'static str, index: usize) {
    st.helper(letter, index);
    if let Some(word) = &column.word {
        st.word("::").server(word);
    }
}

/// The column holds exactly the helper's value, to the byte, NULL equal to NULL.
pub(super) fn same(st: &mut Statement, column: &ColumnShape, letter: &'static str, index: usize) {
    let name = &column.name;
    match (st.dialect(), column.kind) {
        (Dialect::Postgres, Kind::Bytes) => {
            st.column(name).word(" IS NOT DISTINCT FROM ").helper(letter, index);
        }
        (Dialect::Postgres, _) => {
            st.column(name).word("::text COLLATE \"C\" IS NOT DISTINCT FROM ");
            st.helper(letter, index).word(" COLLATE \"C\"");
        }
        (Dialect::MySql, Kind::Bytes) => {
            st.column(name).word(" <=> ").helper(letter, index);
        }
        (Dialect::MySql, Kind::Int | Kind::Bits) => {
            st.column(name).word(if column.kind == Kind::Bits { " + 0 <=> " } else { " <=> " });
            // Numbers of the key arrive as numbers, all others as digits.
            st.word("CAST(CONVERT(")
                .helper(letter, index)
                .word(" USING utf8mb4) AS DECIMAL(20,0))");
        }
        (Dialect::MySql, Kind::Text) => {
            st.word("CAST(");
            let utf8 = column.word.as_ref().is_none_or(|word| {
                [Some("utf8mb4"), Some("utf8mb3"), Some("utf8")]
                    .into_iter()
                    .flatten()
                    .any(|known| super::statement::Word::charset(known).as_ref() == Some(word))
            });
            if utf8 {
                st.column(name);
            } else {
                st.word("CONVERT(").column(name).word(" USING utf8mb4)");
            }
            st.word(" AS BINARY) <=> ").helper(letter, index);
        }
        (Dialect::MySql, _) => {
            st.word("CAST(");
            read(st, column);
            st.word(" AS BINARY) <=> ").helper(letter, index);
        }
        (Dialect::Sqlite, _) => {
            // Floating numbers and text that is no UTF-8 travel in another storage class.
            st.word("(").column(name).word(" COLLATE BINARY IS ").helper(letter, index);
            st.word(" OR (typeof(").column(name).word(") = 'real' AND ").column(name);
            st.word(" = CAST(").helper(letter, index).word(" AS REAL)) OR (typeof(").column(name);
            st.word(") = 'text' AND typeof(").helper(letter, index).word(") = 'blob' AND CAST(");
            st.column(name).word(" AS BLOB) = ").helper(letter, index).word("))");
        }
    }
}

/// The column holds the new value already, in whatever spelling the database gave it.
pub(super) fn already(st: &mut Statement, column: &ColumnShape, index: usize) {
    match (st.dialect(), column.kind) {
        (Dialect::Postgres, Kind::Text | Kind::Bytes) | (Dialect::Sqlite, _) => {
            same(st, column, "u.n", index);
        }
        (Dialect::Postgres, _) => {
            st.column(&column.name).word("::text COLLATE \"C\" IS NOT DISTINCT FROM (");
            cast(st, column, "u.n", index);
            st.word(")::text COLLATE \"C\"");
        }
        (Dialect::MySql, Kind::Printed | Kind::Decimal | Kind::Float) => {
            st.column(&column.name)
                .word(" <=> CONVERT(")
                .helper("u.n", index)
                .word(" USING utf8mb4)");
        }
        (Dialect::MySql, Kind::Json) => {
            st.column(&column.name).word(" <=> CAST(CONVERT(");
            st.helper("u.n", index).word(" USING utf8mb4) AS JSON)");
        }
        (Dialect::MySql, _) => same(st, column, "u.n", index),
    }
}

/// The helper's new value as the column takes it.
pub(super) fn set(st: &mut Statement, column: &ColumnShape, index: usize) {
    match (st.dialect(), column.kind) {
        (Dialect::Postgres, Kind::Text | Kind::Bytes)
        | (Dialect::Sqlite, _)
        | (Dialect::MySql, Kind::Bytes) => {
            st.helper("u.n", index);
        }
        (Dialect::Postgres, _) => cast(st, column, "u.n", index),
        (Dialect::MySql, Kind::Bits) => {
            st.word("CAST(CONVERT(").helper("u.n", index).word(" USING utf8mb4) AS UNSIGNED)");
        }
        (Dialect::MySql, _) => {
            st.word("CONVERT(").helper("u.n", index).word(" USING utf8mb4)");
        }
    }
}

/// The parameter of a value that shall be written or was read: it must fit the column.
pub(super) fn must_fit(
    shape: &TableShape,
    column: &ColumnShape,
    value: &Value,
    dialect: Dialect,
) -> Result<Param> {
    param(dialect, column, value).ok_or_else(|| {
        shape.constraint(format!("a value does not fit the type of `{}`", column.name.as_str()))
    })
}

/// Columns may be set that the database does not compute itself.
pub(super) fn must_be_writable(shape: &TableShape, column: &ColumnShape) -> Result<()> {
    if column.generated {
        let rule = format!("the database computes `{}` itself", column.name.as_str());
        return Err(shape.constraint(rule));
    }
    Ok(())
}

/// Rows of views and of engines without transactions are not changed.
pub(super) fn must_be_changeable(shape: &TableShape) -> Result<()> {
    if shape.key_kind == KeyKind::None {
        return Err(shape.constraint("it is a view"));
    }
    if let Some(engine) = &shape.careless_engine {
        return Err(Error::Constraint {
            table: shape.table.name.clone(),
            rule: format!("its storage engine {engine} has no transactions: convert it to InnoDB"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_type_can_hold_is_looked_for() {
        let column = |kind| ColumnShape::pseudo("c", kind);
        for (kind, text, fits) in [
            (Kind::Int, "27", true),
            (Kind::Int, "27a", false),
            (Kind::Int, "99999999999999999999", false),
            (Kind::Uuid, "0b8f9e0e-5a1d-4c3c-9c57-0f2a4b9f1a11", true),
            (Kind::Uuid, "jane", false),
            (Kind::Decimal, "-12.50", true),
            (Kind::Decimal, "1e3", false),
            (Kind::Decimal, "1; DROP", false),
            (Kind::Text, "a\0b", false),
            (Kind::Text, "zoë", true),
        ] {
            let got = param(Dialect::Postgres, &column(kind), &Value::from(text)).is_some();
            assert_eq!(got, fits, "{kind:?} {text}");
        }
    }
}
