//! Looking rows up, by value or by key.

use std::collections::BTreeSet;
use std::time::Duration;

use model::{RowKey, Value};

use super::Sql;
use super::expr::{self, Helper};
use super::failure::At;
use super::pace::{Pace, row};
use super::shape::{ColumnShape, KeyKind, Kind, Shape, TableShape};
use super::statement::{Dialect, Param, Statement};
use crate::{Condition, Fold, Lookup, Match, Result, Sink};

/// How many values or keys one statement asks for.
const fn at_once(dialect: Dialect, width: usize) -> usize {
    let width = if width == 0 { 1 } else { width };
    match dialect {
        Dialect::Postgres => 10_000,
        Dialect::MySql => 500,
        Dialect::Sqlite => 24_000 / width,
    }
}

/// A lookup, checked against the catalogue and split into statements.
struct Plan<'a> {
    shape: &'a TableShape,
    columns: Vec<&'a ColumnShape>,
    parts: Vec<Part<'a>>,
    /// The last digits that the column must end in, where the database cannot tell (SQLite).
    sift: Option<(&'a ColumnShape, BTreeSet<String>)>,
}

enum Part<'a> {
    All,
    Column { column: &'a ColumnShape, fold: Fold, values: Vec<Value> },
    Keys(Vec<RowKey>),
}

impl Sql {
    pub(super) async fn find_rows(&self, lookup: &Lookup, sink: &mut dyn Sink) -> Result<()> {
        let shape = self.shape();
        let plan = plan(&shape, lookup)?;
        let at = At { table: Some(plan.shape), action: "read" };
        let kinds: Vec<Kind> = plan
            .shape
            .key
            .iter()
            .chain(plan.columns.iter().copied())
            .chain(plan.sift.iter().map(|(column, _)| *column))
            .map(|column| column.kind)
            .collect();
        let width = plan.shape.key.len();
        let mut loan = self.links.borrow().await?;
        let mut pace = Pace::new(sink, self.limits.rows_per_second);
        // A loose collation may give one row in two statements.
        let mut seen = (plan.parts.len() > 1 && width > 0).then(BTreeSet::new);
        for part in &plan.parts {
            let mut st = Statement::new(shape.dialect);
            select(&mut st, &plan, part, &lookup.when, false)?;
            loan.link
                .stream(st, &kinds, at, |mut values| {
                    if let Some((_, wanted)) = &plan.sift {
                        let digits = values.pop().as_ref().and_then(Value::to_plain_text);
                        if !digits.is_some_and(|text| wanted.contains(&last_digits(&text))) {
                            return Ok(Duration::ZERO);
                        }
                    }
                    let row = row(values, width);
                    if seen.as_mut().is_some_and(|seen| !seen.insert(row.key.clone())) {
                        return Ok(Duration::ZERO);
                    }
                    pace.add(row)
                })
                .await?;
        }
        pace.finish()?;
        loan.keep();
        Ok(())
    }

    pub(super) async fn count_rows(&self, lookup: &Lookup) -> Result<u64> {
        let shape = self.shape();
        let plan = plan(&shape, lookup)?;
        let loose = matches!(&lookup.by, Match::Column { .. }) && plan.parts.len() > 1;
        if plan.sift.is_some() || loose {
            let mut count = 0;
            let narrow = Lookup { columns: Vec::new(), ..lookup.clone() };
            let mut add = |batch: crate::Batch| {
                count += batch.0.len() as u64;
                Ok(())
            };
            self.find_rows(&narrow, &mut add).await?;
            return Ok(count);
        }
        let at = At { table: Some(plan.shape), action: "read" };
        let mut loan = self.links.borrow().await?;
        let mut count = 0;
        for part in &plan.parts {
            let mut st = Statement::new(shape.dialect);
            select(&mut st, &plan, part, &lookup.when, true)?;
            count += loan.link.figure(st, at).await?;
        }
        loan.keep();
        Ok(count)
    }
}

fn plan<'a>(shape: &'a Shape, lookup: &Lookup) -> Result<Plan<'a>> {
    let dialect = shape.dialect;
    let table = shape.table(&lookup.table)?;
    let columns = lookup.columns.iter().map(|name| table.column(name)).collect::<Result<_>>()?;
    for condition in &lookup.when {
        table.column(&condition.column)?;
    }
    let mut sift = None;
    let parts = match &lookup.by {
        Match::All => vec![Part::All],
        Match::Keys(keys) => {
            let keys: BTreeSet<&RowKey> = keys.iter().collect();
            let keys: Vec<RowKey> = keys.into_iter().cloned().collect();
            let size = at_once(dialect, table.key.len());
            keys.chunks(size).map(|keys| Part::Keys(keys.to_vec())).collect()
        }
        Match::Column { column, any_of, fold } => {
            let column = table.column(column)?;
            let values = wanted(dialect, column, any_of, *fold);
            if *fold == Fold::Digits && dialect == Dialect::Sqlite {
                let digits =
                    values.iter().filter_map(Value::to_plain_text).collect::<BTreeSet<_>>();
                let any = !digits.is_empty();
                sift = Some((column, digits));
                any.then_some(Part::All).into_iter().collect()
            } else {
                let size = at_once(dialect, 2);
                let part = |values: &[Value]| Part::Column {
                    column,
                    fold: *fold,
                    values: values.to_vec(),
                };
                values.chunks(size).map(part).collect()
            }
        }
    };
    Ok(Plan { shape: table, columns, parts, sift })
}

/// The values in every spelling in which `fold` looks for them, sorted, each once.
fn wanted(dialect: Dialect, column: &ColumnShape, any_of: &[Value], fold: Fold) -> Vec<Value> {
    let mut out = BTreeSet::new();
    for value in any_of.iter().filter(|value| !value.is_null()) {
        match (fold, value.to_plain_text()) {
            (Fold::Digits, Some(text)) => {
                let digits = last_digits(&text);
                if !digits.is_empty() {
                    out.insert(Value::Text(digits));
                }
            }
            (Fold::Case, Some(text)) => out.extend(spellings(&text).into_iter().map(Value::Text)),
            _ => {
                out.insert(value.clone());
                // SQLite compares numbers and text as strangers unless the column has a type.
                if dialect == Dialect::Sqlite {
                    let text = value.to_plain_text();
                    out.extend(text.as_ref().and_then(|t| t.parse().ok()).map(Value::Int));
                    out.extend(text.map(Value::Text));
                }
            }
        }
    }
    if fold != Fold::Digits {
        out.retain(|value| expr::param(dialect, column, value).is_some());
    }
    out.into_iter().collect()
}

/// The last seven digits of a text; all of them where there are fewer.
fn last_digits(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(7)).collect()
}

/// As it is, lower, upper, and With Capitals; and each with only its ASCII letters lowered, which
/// is how a database without a locale folds `MÜLLER`.
fn spellings(text: &str) -> BTreeSet<String> {
    let (lower, upper) = (text.to_lowercase(), text.to_uppercase());
    let mut title = String::with_capacity(text.len());
    let mut begins = true;
    for character in lower.chars() {
        if begins {
            title.extend(character.to_uppercase());
        } else {
            title.push(character);
        }
        begins = !character.is_alphanumeric();
    }
    let plain = [text.to_owned(), lower, upper, title];
    let mut out: BTreeSet<String> = plain.iter().map(|text| text.to_ascii_lowercase()).collect();
    out.extend(plain);
    out
}

/// The statement that counts what one look-up finds, after these words.
pub(super) fn counting(shape: &Shape, lookup: &Lookup, head: &'static str) -> Result<Statement> {
    let plan = plan(shape, lookup)?;
    let mut st = Statement::new(shape.dialect);
    st.word(head);
    let part = plan.parts.first().unwrap_or(&Part::All);
    select(&mut st, &plan, part, &lookup.when, true)?;
    Ok(st)
}

fn select(
    st: &mut Statement,
    plan: &Plan<'_>,
    part: &Part<'_>,
    when: &[Condition],
    count: bool,
) -> Result<()> {
    let shape = plan.shape;
    let helper = match part {
        Part::Keys(keys) => Some(Helper::of_keys(shape, keys, st.dialect())?),
        _ => None,
    };
    if let Some(helper) = &helper {
        helper.ahead(st);
    }
    st.word("SELECT ");
    if count {
        st.word(if st.dialect() == Dialect::MySql { "CAST(COUNT(*) AS CHAR)" } else { "count(*)" });
    } else {
        let sift = plan.sift.iter().map(|(column, _)| *column);
        let mut any = 0;
        for column in shape.key.iter().chain(plan.columns.iter().copied()).chain(sift) {
            st.between(any, ", ");
            expr::read(st, column);
            any += 1;
        }
        if any == 0 {
            st.word("1");
        }
    }
    st.word(" FROM ");
    if let Some(helper) = &helper {
        helper.among(st);
        // SQLite keeps this order; the others choose theirs.
        st.word(if st.dialect() == Dialect::Sqlite { " CROSS JOIN " } else { ", " });
    }
    expr::from(st, shape);
    st.word(" WHERE ");
    match part {
        Part::All => {
            st.word("1 = 1");
        }
        Part::Keys(_) => expr::key_matches(st, shape),
        Part::Column { column, fold, values } => matches(st, column, *fold, values),
    }
    for condition in when {
        st.word(" AND ");
        holds(st, shape.column(&condition.column)?, &condition.any_of);
    }
    if !count
        && shape.key_kind != KeyKind::None
        && (shape.key_kind == KeyKind::Firm || st.dialect() == Dialect::Postgres)
    {
        st.word(" ORDER BY ");
        for (index, column) in
            shape.key.iter().filter(|column| column.kind != Kind::Xmin).enumerate()
        {
            st.between(index, ", ").column(&column.name);
        }
    }
    Ok(())
}

/// The column equals one of the values.
fn matches(st: &mut Statement, column: &ColumnShape, fold: Fold, values: &[Value]) {
    let name = &column.name;
    match (st.dialect(), fold) {
        (Dialect::Postgres, Fold::Digits) => {
            st.word("right(regexp_replace(")
                .column(name)
                .word("::text, '[^0-9]', '', 'g'), 7) = ANY (");
            st.param(texts(values)).word("::text[])");
        }
        (Dialect::MySql, Fold::Digits) => {
            st.word("RIGHT(REGEXP_REPLACE(CAST(")
                .column(name)
                .word(" AS CHAR), '[^0-9]', ''), 7) IN ");
            list(st, column, values);
        }
        (Dialect::Postgres, Fold::Case) if matches!(column.kind, Kind::Text | Kind::Printed) => {
            st.word("(lower(").column(name);
            st.word(if column.kind == Kind::Text { "" } else { "::text" }).word(") = ANY (");
            st.param(texts(values)).word("::text[]) OR ");
            equals_any(st, column, values);
            st.word(")");
        }
        (Dialect::Postgres, _) => equals_any(st, column, values),
        (Dialect::MySql, Fold::Case) if column.kind == Kind::Text && !column.loose => {
            st.word("LOWER(CONVERT(").column(name).word(" USING utf8mb4)) IN ");
            list(st, column, values);
        }
        (Dialect::Sqlite, Fold::Case) => {
            st.word("(lower(").column(name).word(") IN ");
            list(st, column, values);
            st.word(" OR ").column(name).word(" IN ");
            list(st, column, values);
            st.word(")");
        }
        (Dialect::MySql | Dialect::Sqlite, _) => {
            st.column(name).word(" IN ");
            list(st, column, values);
        }
    }
}

fn texts(values: &[Value]) -> Param {
    Param::Texts(values.iter().map(Value::to_plain_text).collect())
}

/// `= ANY ($1)` in the column's own type (PostgreSQL), so that its index serves.
fn equals_any(st: &mut Statement, column: &ColumnShape, values: &[Value]) {
    let params = values.iter().filter_map(|value| expr::param(Dialect::Postgres, column, value));
    if column.kind == Kind::Bytes {
        let blobs = params.map(|param| match param {
            Param::Bytes(bytes) => Some(bytes),
            _ => None,
        });
        let blobs = Param::Blobs(blobs.collect());
        st.column(&column.name).word(" = ANY (").param(blobs).word("::bytea[])");
        return;
    }
    let texts = params.map(|param| match param {
        Param::Text(text) => Some(text),
        _ => None,
    });
    let texts = Param::Texts(texts.collect());
    st.column(&column.name);
    match (column.kind, &column.word) {
        (Kind::Text, _) => st.word(" = ANY (").param(texts).word("::text[])"),
        (Kind::Int, _) => st.word(" = ANY (").param(texts).word("::text[]::int8[])"),
        (Kind::Bool | Kind::Uuid | Kind::Decimal | Kind::Float, Some(word)) => {
            st.word(" = ANY (").param(texts).word("::text[]::").server(word).word("[])")
        }
        // `citext` and `bpchar` compare as themselves; types that may lack an equality as text.
        (_, Some(word)) if column.loose || is_bpchar(word) => {
            st.word(" = ANY (").param(texts).word("::text[]::").server(word).word("[])")
        }
        _ => st.word("::text = ANY (").param(texts).word("::text[])"),
    };
}

fn is_bpchar(word: &super::statement::Word) -> bool {
    *word == super::statement::Word::pg_type("bpchar")
}

/// `(?, ?, …)`.
fn list(st: &mut Statement, column: &ColumnShape, values: &[Value]) {
    st.word("(");
    let dialect = st.dialect();
    for (index, value) in values.iter().enumerate() {
        let param = expr::param(dialect, column, value);
        // Digits are text whatever the column.
        let param = param.or_else(|| value.to_plain_text().map(Param::Text)).unwrap_or(Param::Null);
        st.between(index, ", ");
        match (dialect, column.kind, param) {
            // Compared as numbers: text would be compared as floating numbers.
            (Dialect::MySql, Kind::Int | Kind::Bits | Kind::Decimal, Param::Text(text)) => {
                match text.parse() {
                    Ok(number) => st.param(Param::Int(number)),
                    Err(_) => st.word("CAST(").param(Param::Text(text)).word(" AS DECIMAL(65,10))"),
                }
            }
            (_, _, param) => st.param(param),
        };
    }
    st.word(")");
}

/// A further column holds exactly one of these values.
pub(super) fn holds(st: &mut Statement, column: &ColumnShape, any_of: &[Value]) {
    let dialect = st.dialect();
    let mut values: BTreeSet<Value> =
        wanted(dialect, column, any_of, Fold::Exact).into_iter().collect();
    let nulls = any_of.iter().any(Value::is_null);
    values.retain(|value| !value.is_null());
    let values: Vec<Value> = values.into_iter().collect();
    st.word("(");
    if nulls {
        st.column(&column.name).word(" IS NULL");
    }
    if !values.is_empty() {
        st.word(if nulls { " OR (" } else { "(" });
        matches(st, column, Fold::Exact, &values);
        if column.loose {
            st.word(" AND ");
            match dialect {
                Dialect::Postgres => {
                    st.column(&column.name).word("::text COLLATE \"C\" = ANY (");
                    st.param(texts(&values)).word("::text[])");
                }
                Dialect::MySql => {
                    st.word("CAST(CONVERT(")
                        .column(&column.name)
                        .word(" USING utf8mb4) AS BINARY) IN (");
                    for (index, value) in values.iter().enumerate() {
                        let bytes = value.to_plain_text().map(String::into_bytes);
                        st.between(index, ", ").word("CAST(");
                        st.param(bytes.map_or(Param::Null, Param::Bytes)).word(" AS BINARY)");
                    }
                    st.word(")");
                }
                Dialect::Sqlite => {
                    st.column(&column.name).word(" COLLATE BINARY IN ");
                    list(st, column, &values);
                }
            }
        }
        st.word(")");
    } else if !nulls {
        st.word("1 = 0");
    }
    st.word(")");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_the_last_seven() {
        for (text, digits) in [
            ("+1 (416) 555-0123", "5550123"),
            ("416.555.0123 ext", "5550123"),
            ("12-34", "1234"),
            ("none", ""),
        ] {
            assert_eq!(last_digits(text), digits);
        }
    }

    #[test]
    fn a_name_is_looked_for_in_its_common_spellings() {
        let all = spellings("Zoë.Müller");
        for spelling in ["Zoë.Müller", "zoë.müller", "ZOË.MÜLLER", "zoË.mÜller"] {
            assert!(all.contains(spelling), "{spelling}");
        }
    }
}
