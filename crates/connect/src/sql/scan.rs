//! A pass over a whole table, page by page: each page is a statement of its own that begins after
//! the last row of the one before, so nothing is locked and no snapshot grows old.

use std::time::Duration;

use model::{RowKey, Value};

use super::Sql;
use super::expr;
use super::failure::At;
use super::link::Link;
use super::pace::{Pace, row, weight};
use super::shape::{ColumnShape, KeyKind, Kind, Shape, TableShape};
use super::statement::{Dialect, Param, Statement};
use crate::{Result, Scan, Sink};

/// Rows a page, and the size that a page of large rows is brought down to.
const PAGE: u64 = 2_000;
const PAGE_BYTES: u64 = 4 * 1024 * 1024;
/// PostgreSQL's blocks a page, for tables without a key.
pub(super) const BLOCKS: u64 = 512;

/// By what the pages are told apart.
pub(super) enum Road {
    /// A column or columns in the order of an index.
    Key(Vec<ColumnShape>),
    /// PostgreSQL's blocks.
    Blocks(u64),
    /// One statement: views, and MySQL's tables without any key.
    Whole,
}

struct Pass<'a> {
    shape: &'a TableShape,
    dialect: Dialect,
    /// What is read: the road's columns, the row's key, the columns asked for.
    columns: Vec<&'a ColumnShape>,
    kinds: Vec<Kind>,
    road: &'a [ColumnShape],
}

impl Sql {
    pub(super) async fn scan_rows(&self, scan: &Scan, sink: &mut dyn Sink) -> Result<()> {
        let shape = self.shape();
        let table = shape.table(&scan.table)?;
        let asked: Vec<&ColumnShape> =
            scan.columns.iter().map(|name| table.column(name)).collect::<Result<_>>()?;
        let mut loan = self.links.borrow().await?;
        let link = &mut loan.link;
        let road = road(&shape, table, link).await?;
        let road_columns: &[ColumnShape] = match &road {
            Road::Key(columns) => columns,
            _ => &[],
        };
        let columns: Vec<&ColumnShape> =
            road_columns.iter().chain(&table.key).chain(asked).collect();
        let kinds = columns.iter().map(|column| column.kind).collect();
        let pass =
            Pass { shape: table, dialect: shape.dialect, columns, kinds, road: road_columns };
        let mut pace = Pace::new(sink, self.limits.rows_per_second);
        if let Some(wanted) = scan.sample {
            pass.sample(link, wanted.into(), &mut pace).await?;
        } else {
            match road {
                Road::Key(_) => pass.by_key(link, &mut pace).await?,
                Road::Blocks(blocks) => pass.by_blocks(link, blocks, &mut pace).await?,
                Road::Whole => {
                    let mut st = pass.select();
                    expr::from(&mut st, table);
                    pass.run(link, st, &mut pace).await?;
                }
            }
        }
        pace.finish()?;
        loan.keep();
        Ok(())
    }
}

pub(super) async fn road(shape: &Shape, table: &TableShape, link: &mut Link) -> Result<Road> {
    // INVARIANT: a row that is there from beginning to end is not missed. A row number or key
    // stays when a row is updated; a block does not, so blocks are for tables without a key.
    match (shape.dialect, table.key_kind) {
        (_, KeyKind::None) => Ok(Road::Whole),
        (Dialect::Sqlite, _) => Ok(match &table.rowid {
            Some(rowid) => {
                let mut column = ColumnShape::pseudo("rowid", Kind::Rowid);
                column.name = rowid.clone();
                Road::Key(vec![column])
            }
            None if table.key_kind == KeyKind::Firm => Road::Key(table.key.clone()),
            None => Road::Whole,
        }),
        (_, KeyKind::Firm) => Ok(Road::Key(table.key.clone())),
        (Dialect::Postgres, KeyKind::Fleeting) => {
            let mut st = Statement::new(Dialect::Postgres);
            st.word("SELECT coalesce(max(pg_relation_size(c.oid)) / current_setting('block_size')::int8, 0)::int8 FROM pg_class c \
                JOIN (SELECT r.oid FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace WHERE n.nspname = ");
            st.param(Param::Text(table.table.name.schema.clone())).word(" AND r.relname = ");
            st.param(Param::Text(table.table.name.table.clone()));
            st.word(
                ") r ON c.oid = r.oid OR c.oid IN (SELECT p.relid FROM pg_partition_tree(r.oid) p)",
            );
            let at = At { table: Some(table), action: "read" };
            Ok(Road::Blocks(link.figure(st, at).await?))
        }
        (Dialect::MySql, KeyKind::Fleeting) => Ok(Road::Whole),
    }
}

impl Pass<'_> {
    /// `SELECT columns FROM `.
    fn select(&self) -> Statement {
        let mut st = Statement::new(self.dialect);
        st.word("SELECT ");
        for (index, column) in self.columns.iter().enumerate() {
            st.between(index, ", ");
            expr::read(&mut st, column);
        }
        if self.columns.is_empty() {
            st.word("1");
        }
        st.word(" FROM ");
        st
    }

    /// Runs one page; the number of rows, their weight, and where the last one stood.
    async fn run(
        &self,
        link: &mut Link,
        st: Statement,
        pace: &mut Pace<'_>,
    ) -> Result<(u64, u64, Option<RowKey>)> {
        let at = At { table: Some(self.shape), action: "read" };
        let (mut rows, mut bytes, mut last) = (0, 0, None);
        let (road, key) = (self.road.len(), self.shape.key.len());
        link.stream(st, &self.kinds, at, |mut cells| {
            rows += 1;
            let rest = cells.split_off(road.min(cells.len()));
            last = Some(RowKey(cells));
            let row = row(rest, key);
            bytes += weight(&row) as u64;
            pace.add(row)
        })
        .await?;
        Ok((rows, bytes, last))
    }

    async fn by_key(&self, link: &mut Link, pace: &mut Pace<'_>) -> Result<()> {
        let mut after: Option<RowKey> = None;
        let mut page = PAGE;
        loop {
            let mut st = self.select();
            expr::from(&mut st, self.shape);
            if let Some(after) = &after {
                st.word(" WHERE ");
                beyond(&mut st, self.road, after);
            }
            in_order(&mut st, self.road);
            st.word(" LIMIT ").number(page);
            let (rows, bytes, last) = self.run(link, st, pace).await?;
            if rows < page || last.is_none() {
                return Ok(());
            }
            after = last;
            // A power of two, so that the server sees few different statements.
            let fit = (PAGE_BYTES * rows / bytes.max(1)).clamp(16, PAGE * 4);
            page = 1 << fit.ilog2();
        }
    }

    async fn by_blocks(&self, link: &mut Link, blocks: u64, pace: &mut Pace<'_>) -> Result<()> {
        let mut first = 0;
        while first < blocks {
            let mut st = self.select();
            expr::from(&mut st, self.shape);
            st.word(" WHERE t.ctid >= '(").number(first).word(",0)'::tid");
            first += BLOCKS;
            // The last page is open: rows may have been added meanwhile.
            if first < blocks {
                st.word(" AND t.ctid < '(").number(first).word(",0)'::tid");
            }
            self.run(link, st, pace).await?;
        }
        Ok(())
    }

    /// At most `wanted` rows, from all over the table.
    async fn sample(&self, link: &mut Link, wanted: u64, pace: &mut Pace<'_>) -> Result<()> {
        let about = self.shape.table.about_rows;
        if self.shape.key_kind == KeyKind::None || about <= wanted {
            return self.first(link, wanted, pace).await;
        }
        if self.dialect == Dialect::Postgres {
            // Twice as many as wanted, in millionths of the table: block-wise in large tables.
            let millionths = (wanted.saturating_mul(2_000_000) / about.max(1)).clamp(1, 1_000_000);
            let mut st = self.select();
            expr::from(&mut st, self.shape);
            st.word(if about > 200_000 {
                " TABLESAMPLE SYSTEM ("
            } else {
                " TABLESAMPLE BERNOULLI ("
            });
            st.number(millionths).word(" / 10000.0) REPEATABLE (7)");
            // Shuffled, or the limit would keep the table's beginning; the same rows every time.
            st.word(" ORDER BY md5(t.ctid::text) LIMIT ").number(wanted);
            let (rows, ..) = self.run(link, st, pace).await?;
            return if rows == 0 { self.first(link, wanted, pace).await } else { Ok(()) };
        }
        // Strips from evenly spaced places along a key of whole numbers; else the first rows by any other key.
        let [column] = self.road else { return self.first(link, wanted, pace).await };
        let at = At { table: Some(self.shape), action: "read" };
        let mut low_high = Vec::new();
        for order in [" ASC", " DESC"] {
            let mut st = Statement::new(self.dialect);
            st.word("SELECT ");
            expr::read(&mut st, column);
            st.word(" FROM ");
            expr::from(&mut st, self.shape);
            st.word(" ORDER BY ").column(&column.name).word(order).word(" LIMIT 1");
            link.stream(st, &[column.kind], at, |cells| {
                low_high.extend(cells);
                Ok(Duration::ZERO)
            })
            .await?;
        }
        let [Value::Int(low), Value::Int(high)] = low_high.as_slice() else {
            return self.first(link, wanted, pace).await;
        };
        let strips = wanted.clamp(1, 40);
        let span = i128::from(*high) - i128::from(*low) + 1;
        let mut after: Option<i64> = None;
        for strip in 0..strips {
            let start = i128::from(*low) + span * i128::from(strip) / i128::from(strips);
            let start = i64::try_from(start).unwrap_or(*high);
            let start = after.map_or(start, |after| start.max(after.saturating_add(1)));
            let rows = (strip + 1) * wanted / strips - strip * wanted / strips;
            let mut st = self.select();
            expr::from(&mut st, self.shape);
            st.word(" WHERE ").column(&column.name).word(" >= ");
            bound(&mut st, column, &Value::Int(start));
            in_order(&mut st, self.road);
            st.word(" LIMIT ").number(rows);
            let (_, _, last) = self.run(link, st, pace).await?;
            if let Some(Value::Int(last)) = last.as_ref().and_then(|last| last.0.first()) {
                after = Some(*last);
            }
        }
        Ok(())
    }

    async fn first(&self, link: &mut Link, wanted: u64, pace: &mut Pace<'_>) -> Result<()> {
        let mut st = self.select();
        expr::from(&mut st, self.shape);
        st.word(" LIMIT ").number(wanted);
        self.run(link, st, pace).await.map(|_| ())
    }
}

/// ` ORDER BY` these columns.
pub(super) fn in_order(st: &mut Statement, columns: &[ColumnShape]) {
    st.word(" ORDER BY ");
    for (index, column) in columns.iter().enumerate() {
        st.between(index, ", ").column(&column.name);
    }
}

/// The rows whose values of these columns lie beyond `after`.
pub(super) fn beyond(st: &mut Statement, columns: &[ColumnShape], after: &RowKey) {
    let pairs: Vec<(&ColumnShape, &Value)> = columns.iter().zip(&after.0).collect();
    if st.dialect() != Dialect::MySql {
        st.word("(");
        for (index, (column, _)) in pairs.iter().enumerate() {
            st.between(index, ", ").column(&column.name);
        }
        st.word(") > (");
        for (index, (column, value)) in pairs.iter().enumerate() {
            st.between(index, ", ");
            bound(st, column, value);
        }
        st.word(")");
        return;
    }
    // MySQL uses an index for `a > x OR (a = x AND b > y)` and not for `(a, b) > (x, y)`.
    for (index, _) in pairs.iter().enumerate() {
        st.between(index, " OR ").word("(");
        for (place, (column, value)) in pairs.iter().take(index + 1).enumerate() {
            st.between(place, " AND ").column(&column.name);
            st.word(if place == index { " > " } else { " = " });
            bound(st, column, value);
        }
        st.word(")");
    }
}

/// A key's value as a bound that its column's index understands.
fn bound(st: &mut Statement, column: &ColumnShape, value: &Value) {
    let dialect = st.dialect();
    let param = expr::param(dialect, column, value).unwrap_or(Param::Null);
    match (dialect, column.kind, param) {
        (Dialect::Postgres, Kind::Text | Kind::Bytes, param) => st.param(param),
        (Dialect::Postgres, Kind::Int, param) => st.param(param).word("::text::int8"),
        (Dialect::Postgres, Kind::Ctid, param) => st.param(param).word("::text::tid"),
        (Dialect::Postgres, Kind::Tableoid, param) => st.param(param).word("::text::oid"),
        (Dialect::Postgres, _, param) => {
            st.param(param).word("::text");
            match &column.word {
                Some(word) => st.word("::").server(word),
                None => st,
            }
        }
        (Dialect::MySql, Kind::Int, Param::Text(text)) => match text.parse() {
            Ok(number) => st.param(Param::Int(number)),
            Err(_) => st.word("CAST(").param(Param::Text(text)).word(" AS UNSIGNED)"),
        },
        (Dialect::MySql, Kind::Decimal, param) => {
            st.word("CAST(").param(param).word(" AS DECIMAL(65,30))")
        }
        (_, _, param) => st.param(param),
    };
}
