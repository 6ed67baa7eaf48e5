//! A pass over a whole table for whoever reads its texts and keeps almost none: the same pages as a
//! [`Scan`]'s, larger, and their rows left as they came off the wire.
//!
//! PostgreSQL sends a page with `COPY … TO STDOUT` in its binary form, which costs it least: nothing
//! is escaped, and no row is a message with a description. `COPY` takes no parameters, so where a
//! page begins is told through settings of the session, which are set with parameters.
//!
//! Not here: samples and passes that are held back to a number of rows a second. They are scans.

use model::{RowKey, Value};

use super::Sql;
use super::expr;
use super::failure::At;
use super::link::Link;
use super::scan::{BLOCKS, Road, beyond, in_order, road};
use super::shape::{ColumnShape, Kind, TableShape};
use super::statement::{Dialect, Statement};
use crate::page::{CellKind, Page, PageSink};
use crate::{Batch, Error, Result, Scan};

/// Rows of the first page, the most of any, and the size that a page of large rows is brought down
/// to: a fraction of a second for the server.
const FIRST: u64 = 2_000;
const MOST: u64 = 1 << 16;
const PAGE_BYTES: u64 = 16 << 20;

/// Pages are handed over at so many rows or bytes, whichever comes first.
const HAND_ROWS: usize = 4_096;
const HAND_BYTES: usize = 1 << 20;

/// A value larger than this is not read, but counted: memory stays bounded whatever somebody has
/// put into a row.
pub(super) const LARGEST: u64 = 32 << 20;

/// PostgreSQL keeps what is large apart; less than this of it, even if it is packed as tightly as it
/// packs, holds no value of [`LARGEST`].
const APART: u64 = 96 << 10;

/// One pass.
struct Sweep<'a> {
    shape: &'a TableShape,
    dialect: Dialect,
    asked: Vec<&'a ColumnShape>,
    /// What tells the pages apart; read last if it is not the rows' key.
    road: &'a [ColumnShape],
    apart: bool,
    /// Whether sizes are looked at.
    guarded: bool,
}

impl Sql {
    /// `beyond`: whoever takes the pages wants no row whose key is not larger, so it may begin there.
    pub(super) async fn sweep_rows(
        &self,
        scan: &Scan,
        beyond: Option<i64>,
        sink: &mut dyn PageSink,
    ) -> Result<()> {
        let shape = self.shape();
        let table = shape.table(&scan.table)?;
        let asked: Vec<&ColumnShape> =
            scan.columns.iter().map(|name| table.column(name)).collect::<Result<_>>()?;
        let mut loan = self.links.borrow().await?;
        let link = &mut loan.link;
        let road = road(&shape, table, link).await?;
        let columns: &[ColumnShape] = match &road {
            Road::Key(columns) => columns,
            _ => &[],
        };
        let paced = self.limits.rows_per_second.is_some_and(|rate| rate > 0);
        // A setting is text: it cannot hold every byte.
        if paced || scan.sample.is_some() || columns.iter().any(|column| column.kind == Kind::Bytes)
        {
            loan.keep();
            let mut sink = |batch: Batch| sink.page(Page::of_rows(&batch.0));
            return self.scan_rows(scan, &mut sink).await;
        }
        let guarded = match shape.dialect {
            Dialect::Postgres => apart(table, link).await? > APART,
            Dialect::MySql | Dialect::Sqlite => true,
        };
        let names = |columns: &[ColumnShape]| -> Vec<String> {
            columns.iter().map(|column| column.name.as_str().to_owned()).collect()
        };
        let sweep = Sweep {
            shape: table,
            dialect: shape.dialect,
            asked,
            road: columns,
            apart: names(columns) != names(&table.key),
            guarded,
        };
        let mut feed = sweep.feed(sink);
        if let ([ColumnShape { kind: Kind::Int, .. }], false) = (sweep.road, sweep.apart) {
            feed.last = beyond.map(|number| RowKey(vec![Value::Int(number)]));
        }
        match road {
            Road::Key(_) => sweep.by_key(link, &mut feed).await?,
            Road::Blocks(blocks) => sweep.by_blocks(link, blocks, &mut feed).await?,
            Road::Whole => {
                let mut st = sweep.select();
                expr::from(&mut st, table);
                sweep.run(link, st, &mut feed).await?;
            }
        }
        feed.hand()?;
        loan.keep();
        Ok(())
    }
}

/// How many bytes PostgreSQL keeps apart for a table and its partitions.
async fn apart(table: &TableShape, link: &mut Link) -> Result<u64> {
    use super::statement::Param;
    let mut st = Statement::new(Dialect::Postgres);
    st.word(
        "SELECT coalesce(sum(pg_relation_size(c.reltoastrelid)), 0)::int8 FROM pg_class c \
        JOIN (SELECT r.oid FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace WHERE n.nspname = ",
    );
    st.param(Param::Text(table.table.name.schema.clone())).word(" AND r.relname = ");
    st.param(Param::Text(table.table.name.table.clone()));
    // A view's tables are not known here.
    st.word(
        ") r ON c.oid = r.oid OR c.oid IN (SELECT p.relid FROM pg_partition_tree(r.oid) p) \
        WHERE c.reltoastrelid <> 0",
    );
    if table.table.is_view {
        return Ok(u64::MAX);
    }
    link.figure(st, At { table: Some(table), action: "read" }).await
}

impl Sweep<'_> {
    fn feed<'s>(&self, sink: &'s mut dyn PageSink) -> Feed<'s> {
        let road = if self.apart { self.road.len() } else { 0 };
        let hidden = road + usize::from(self.guarded);
        let key = self.shape.key.len();
        let width = key + self.asked.len() + hidden;
        let mut kinds: Vec<Kind> =
            self.shape.key.iter().chain(self.asked.iter().copied()).map(|c| c.kind).collect();
        kinds.extend(self.road.iter().take(road).map(|column| column.kind));
        kinds.extend(self.guarded.then_some(Kind::Int));
        let road_at = if self.apart { key + self.asked.len() } else { 0 };
        Feed {
            sink,
            page: Page::new(key, width, hidden),
            kinds,
            road: (road_at, self.road.len()),
            guarded: self.guarded,
            rows: 0,
            bytes: 0,
            last: None,
            rest: Vec::new(),
            begun: false,
        }
    }

    /// `SELECT columns FROM `.
    fn select(&self) -> Statement {
        let mut st = Statement::new(self.dialect);
        st.word("SELECT ");
        let mut index = 0;
        for column in &self.shape.key {
            st.between(index, ", ");
            expr::read(&mut st, column);
            index += 1;
        }
        for column in &self.asked {
            st.between(index, ", ");
            index += 1;
            if self.is_guarded(column) {
                st.word("CASE WHEN ");
                self.size(&mut st, column);
                st.word(" > ").number(LARGEST).word(" THEN NULL ELSE ");
                expr::read(&mut st, column);
                st.word(" END");
            } else {
                expr::read(&mut st, column);
            }
        }
        if self.apart {
            for column in self.road {
                st.between(index, ", ");
                expr::read(&mut st, column);
                index += 1;
            }
        }
        if self.guarded {
            st.between(index, ", ");
            let (open, close) = match self.dialect {
                Dialect::Postgres => ("(0", ")::int8"),
                // Numbers travel as digits.
                Dialect::MySql => ("CAST(0", " AS CHAR)"),
                Dialect::Sqlite => ("0", ""),
            };
            st.word(open);
            for column in self.asked.iter().filter(|column| self.is_guarded(column)) {
                st.word(" + CASE WHEN ");
                self.size(&mut st, column);
                st.word(" > ").number(LARGEST).word(" THEN 1 ELSE 0 END");
            }
            st.word(close);
        } else if index == 0 {
            st.word("1");
        }
        st.word(" FROM ");
        st
    }

    /// Texts and bytes as they are may be large; what is printed for us has a form of its own.
    fn is_guarded(&self, column: &ColumnShape) -> bool {
        self.guarded && matches!(column.kind, Kind::Text | Kind::Bytes | Kind::Any)
    }

    /// The size of a value, which the server knows without reading it.
    fn size(&self, st: &mut Statement, column: &ColumnShape) {
        let measure = if self.dialect == Dialect::MySql { "length(" } else { "octet_length(" };
        st.word(measure).column(&column.name).word(")");
    }

    /// Runs one page: how many rows it had, and their weight.
    async fn run(&self, link: &mut Link, st: Statement, feed: &mut Feed<'_>) -> Result<(u64, u64)> {
        (feed.rows, feed.bytes) = (0, 0);
        link.sweep(st, At { table: Some(self.shape), action: "read" }, feed).await?;
        feed.note();
        Ok((feed.rows, feed.bytes))
    }

    async fn by_key(&self, link: &mut Link, feed: &mut Feed<'_>) -> Result<()> {
        let mut page = FIRST;
        loop {
            let mut st = self.select();
            expr::from(&mut st, self.shape);
            if let Some(after) = feed.last.take() {
                if self.dialect == Dialect::Postgres {
                    st.by_settings();
                }
                st.word(" WHERE ");
                beyond(&mut st, self.road, &after);
            }
            in_order(&mut st, self.road);
            st.word(" LIMIT ").number(page);
            let (rows, bytes) = self.run(link, st, feed).await?;
            if rows < page || feed.last.is_none() {
                return Ok(());
            }
            // A power of two, so that the server sees few different statements.
            let fit = (PAGE_BYTES * rows / bytes.max(1)).clamp(16, MOST);
            page = 1 << fit.ilog2();
        }
    }

    async fn by_blocks(&self, link: &mut Link, blocks: u64, feed: &mut Feed<'_>) -> Result<()> {
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
            self.run(link, st, feed).await?;
        }
        Ok(())
    }
}

/// Between the wire and whoever takes the pages.
pub(super) struct Feed<'s> {
    sink: &'s mut dyn PageSink,
    pub(super) page: Page,
    /// How the cells of a row travel.
    pub(super) kinds: Vec<Kind>,
    /// In which cells of a row it stands where the next page begins, and how many they are.
    road: (usize, usize),
    guarded: bool,
    /// Rows and bytes of the statement under way.
    rows: u64,
    bytes: u64,
    last: Option<RowKey>,
    /// PostgreSQL: the beginning of a row whose end has not come yet.
    rest: Vec<u8>,
    /// PostgreSQL: whether the head of the stream is behind us.
    begun: bool,
}

impl Feed<'_> {
    /// A row is whole.
    pub(super) fn row(&mut self, bytes: usize) -> Result<()> {
        self.rows += 1;
        self.bytes += bytes as u64;
        if self.guarded {
            self.page.count_too_large();
        }
        if self.page.rows() >= HAND_ROWS || self.page.weight() >= HAND_BYTES {
            self.hand()?;
        }
        Ok(())
    }

    /// Remembers where the last row stood.
    fn note(&mut self) {
        let (at, cells) = self.road;
        if let Some(last) = self.page.last(at, cells).filter(|_| cells > 0) {
            self.last = Some(last);
        }
    }

    fn hand(&mut self) -> Result<()> {
        if self.page.rows() == 0 {
            return Ok(());
        }
        self.note();
        let empty = self.page.like();
        self.sink.page(std::mem::replace(&mut self.page, empty))
    }

    /// A new stream begins.
    pub(super) fn begin_copy(&mut self) {
        self.begun = false;
        self.rest.clear();
    }

    /// Takes what PostgreSQL sends in its binary form of `COPY`: a head, then for each row the
    /// number of its fields, then each field's length and bytes.
    pub(super) fn copied(&mut self, bytes: &[u8]) -> Result<()> {
        if self.rest.is_empty() {
            let used = self.rows_of(bytes)?;
            self.rest.extend_from_slice(bytes.get(used..).unwrap_or_default());
            return Ok(());
        }
        let mut rest = std::mem::take(&mut self.rest);
        rest.extend_from_slice(bytes);
        let used = self.rows_of(&rest)?;
        rest.drain(..used);
        self.rest = rest;
        Ok(())
    }

    /// Takes every whole row, and says how many bytes they were.
    fn rows_of(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut at = 0;
        if !self.begun {
            let Some(head) = bytes.first_chunk::<19>() else { return Ok(0) };
            let (mark, [_, _, _, _, a, b, c, d]) = head
                .split_last_chunk::<8>()
                .map_or((&[][..], [0; 8]), |(mark, rest)| (mark, *rest));
            if mark != b"PGCOPY\n\xff\r\n\0" {
                return Err(broken());
            }
            let more = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(0);
            if bytes.len() < 19 + more {
                return Ok(0);
            }
            at = 19 + more;
            self.begun = true;
        }
        while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= 2) {
            let Some(length) = self.one(rest)? else { break };
            at += length;
        }
        Ok(at)
    }

    /// Takes one row, if all of it is there.
    fn one(&mut self, bytes: &[u8]) -> Result<Option<usize>> {
        let fields = bytes.first_chunk::<2>().map_or(0, |two| i16::from_be_bytes(*two));
        // The end of the stream.
        if fields == -1 {
            return Ok(Some(2));
        }
        if usize::try_from(fields) != Ok(self.kinds.len()) {
            return Err(broken());
        }
        let base = self.page.mark();
        let mut at = 2;
        for kind in &self.kinds {
            let length = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
            let Some(length) = length.map(|four| i32::from_be_bytes(*four)) else {
                self.page.forget(base);
                return Ok(None);
            };
            at += 4;
            let Ok(length) = usize::try_from(length) else {
                self.page.push_laid(CellKind::Null, 0..0);
                continue;
            };
            let Some(field) = bytes.get(at..at + length) else {
                self.page.forget(base);
                return Ok(None);
            };
            let kind = match kind {
                Kind::Int => CellKind::Int,
                Kind::Bool if field == [0] => CellKind::False,
                Kind::Bool => CellKind::True,
                Kind::Bytes => CellKind::Bytes,
                _ => CellKind::Text,
            };
            self.page.push_laid(kind, base.bytes + at..base.bytes + at + length);
            at += length;
        }
        self.page.lay(bytes.get(..at).unwrap_or_default());
        self.row(at)?;
        Ok(Some(at))
    }
}

fn broken() -> Error {
    Error::Broken("the server sent rows in a form that was not asked for".into())
}
