//! New rows: one transaction for all of them.

use super::Sql;
use super::change::largest;
use super::expr::{self, Helper, HelperColumn};
use super::failure::{At, failure};
use super::shape::{ColumnShape, TableShape};
use super::statement::{Dialect, Statement};
use crate::{Error, Insert, Result};

impl Sql {
    /// Adds the rows, or none of them.
    pub(super) async fn insert_rows(&self, inserts: &[Insert]) -> Result<u64> {
        if self.limits.read_only {
            return Err(Error::ReadOnly);
        }
        let shape = self.shape();
        let mut statements = Vec::new();
        for insert in inserts {
            let table = shape.table(&insert.table)?;
            expr::must_be_changeable(table)?;
            let columns: Vec<&ColumnShape> =
                insert.columns.iter().map(|name| table.column(name)).collect::<Result<_>>()?;
            for column in &columns {
                expr::must_be_writable(table, column)?;
            }
            batches(shape.dialect, table, &columns, insert, &mut statements)?;
        }
        let mut loan = self.links.borrow().await?;
        let link = &mut loan.link;
        let at = At { table: None, action: "fill" };
        let control = |error: &sqlx::Error| failure(error, at);
        let begin = if link.dialect() == Dialect::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        link.control(begin).await.map_err(|error| control(&error))?;
        let mut added = 0;
        for (table, statement) in statements {
            let at = At { table: Some(table), action: "fill" };
            match link.run(statement, &self.limits, at).await {
                Ok(rows) => added += rows,
                Err(error) => {
                    // Closing would undo it too, a moment later; the caller may read at once.
                    let _ = link.control("ROLLBACK").await;
                    return Err(error);
                }
            }
        }
        link.control("COMMIT").await.map_err(|error| control(&error))?;
        loan.keep();
        Ok(added)
    }
}

/// Statements of a size that the product likes.
fn batches<'s>(
    dialect: Dialect,
    table: &'s TableShape,
    columns: &[&ColumnShape],
    insert: &Insert,
    statements: &mut Vec<(&'s TableShape, Statement)>,
) -> Result<()> {
    let (most, most_bytes) = largest(dialect);
    let most = if dialect == Dialect::Postgres {
        most
    } else {
        most.min(30_000 / columns.len().max(1)).max(1)
    };
    let heads: Vec<HelperColumn<'_>> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| HelperColumn { letter: "n", index, column })
        .collect();
    let (mut rows, mut bytes) = (Vec::new(), 0);
    for row in &insert.rows {
        if row.len() != columns.len() {
            return Err(table.constraint("a row has another number of values than of columns"));
        }
        if rows.len() >= most || bytes >= most_bytes {
            let helper = Helper { columns: heads.clone(), rows: std::mem::take(&mut rows) };
            statements.push((table, statement(dialect, table, columns, &helper)));
            bytes = 0;
        }
        let mut params = Vec::with_capacity(row.len());
        for (column, value) in columns.iter().zip(row) {
            params.push(expr::must_fit(table, column, value, dialect)?);
            bytes += value.as_bytes().map_or(8, <[u8]>::len);
        }
        rows.push(params);
    }
    if !rows.is_empty() {
        let helper = Helper { columns: heads, rows };
        statements.push((table, statement(dialect, table, columns, &helper)));
    }
    Ok(())
}

fn statement(
    dialect: Dialect,
    table: &TableShape,
    columns: &[&ColumnShape],
    helper: &Helper<'_>,
) -> Statement {
    let mut st = Statement::new(dialect);
    helper.ahead(&mut st);
    st.word("INSERT INTO ");
    expr::table(&mut st, table);
    st.word(" (");
    for (index, column) in columns.iter().enumerate() {
        st.between(index, ", ").name(&column.name);
    }
    st.word(") SELECT ");
    for (index, column) in columns.iter().enumerate() {
        st.between(index, ", ");
        expr::set(&mut st, column, index);
    }
    st.word(" FROM ");
    helper.among(&mut st);
    st
}
