//! Many rows in one piece of memory, for whoever reads every text of a table and keeps almost none.
//!
//! A [`crate::Batch`] holds each value by itself, which is right for rows that are kept. A search
//! walks millions of texts and keeps a handful of rows; making a `String` of each costs more than
//! the search. A page holds them as they came off the wire, and makes a [`Row`] of those that are
//! wanted.

use std::borrow::Cow;
use std::ops::Range;

use model::{Row, RowKey, Value};

use crate::Result;

/// Takes pages as they arrive. Returning an error stops the stream.
pub trait PageSink: Send {
    /// One page of rows, in the order read.
    fn page(&mut self, page: Page) -> Result<()>;
}

impl<F: FnMut(Page) -> Result<()> + Send> PageSink for F {
    fn page(&mut self, page: Page) -> Result<()> {
        self(page)
    }
}

/// Lets only rows pass whose key, a whole number, is larger than a number.
pub(crate) struct Beyond<'s> {
    pub(crate) number: i64,
    pub(crate) sink: &'s mut dyn PageSink,
}

impl PageSink for Beyond<'_> {
    fn page(&mut self, page: Page) -> Result<()> {
        let passes = |row: &usize| matches!(page.key(*row).0.as_slice(), [Value::Int(key)] if *key > self.number);
        let rows: Vec<usize> = (0..page.rows()).filter(passes).collect();
        if rows.len() == page.rows() {
            return self.sink.page(page);
        }
        let rows: Vec<Row> = rows.into_iter().map(|row| page.row(row)).collect();
        self.sink.page(Page { too_large: page.too_large, ..Page::of_rows(&rows) })
    }
}

/// What a cell is. Whole numbers lie in the page in eight bytes, the highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellKind {
    Null,
    False,
    True,
    Int,
    Text,
    Bytes,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    start: usize,
    end: usize,
    kind: CellKind,
}

/// How far a page was filled at some moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filled {
    pub(crate) bytes: usize,
    cells: usize,
}

/// Rows of one table: the cells of the key first, then the columns that were asked for.
#[derive(Default)]
pub struct Page {
    bytes: Vec<u8>,
    cells: Vec<Cell>,
    width: usize,
    key: usize,
    /// Cells at the end of each row that are nobody's business.
    hidden: usize,
    /// Values that are too large to be read whole, and are NULL here.
    pub too_large: u64,
}

impl std::fmt::Debug for Page {
    /// How much there is, and nothing of what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page")
            .field("rows", &self.rows())
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

impl Page {
    /// An empty page of rows with so many cells: first those of the row's key, last those that are
    /// not shown.
    pub(crate) fn new(key: usize, width: usize, hidden: usize) -> Self {
        Self { key, width, hidden, ..Self::default() }
    }

    /// An empty page of the same kind of rows.
    pub(crate) fn like(&self) -> Self {
        Self::new(self.key, self.width, self.hidden)
    }

    /// A page of rows that were read one by one.
    pub fn of_rows(rows: &[Row]) -> Self {
        let (key, width) = rows
            .first()
            .map_or((0, 0), |row| (row.key.0.len(), row.key.0.len() + row.values.len()));
        let mut page = Self::new(key, width, 0);
        for value in rows.iter().flat_map(|row| row.key.0.iter().chain(&row.values)) {
            page.push(value);
        }
        page
    }

    fn push(&mut self, value: &Value) {
        match value {
            Value::Null => self.push_bytes(CellKind::Null, &[]),
            Value::Bool(yes) => {
                self.push_bytes(if *yes { CellKind::True } else { CellKind::False }, &[]);
            }
            Value::Int(number) => self.push_bytes(CellKind::Int, &number.to_be_bytes()),
            Value::Text(text) => self.push_bytes(CellKind::Text, text.as_bytes()),
            Value::Bytes(bytes) => self.push_bytes(CellKind::Bytes, bytes),
        }
    }

    /// Adds the next cell.
    pub(crate) fn push_bytes(&mut self, kind: CellKind, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.cells.push(Cell { start, end: self.bytes.len(), kind });
    }

    /// Adds bytes to which cells may refer, and says where they lie.
    pub(crate) fn lay(&mut self, bytes: &[u8]) -> usize {
        self.bytes.extend_from_slice(bytes);
        self.bytes.len() - bytes.len()
    }

    /// Adds the next cell, whose bytes lie in the page already.
    pub(crate) fn push_laid(&mut self, kind: CellKind, place: Range<usize>) {
        self.cells.push(Cell { start: place.start, end: place.end, kind });
    }

    /// How far it is filled.
    pub(crate) fn mark(&self) -> Filled {
        Filled { bytes: self.bytes.len(), cells: self.cells.len() }
    }

    /// Drops what was added since.
    pub(crate) fn forget(&mut self, since: Filled) {
        self.bytes.truncate(since.bytes);
        self.cells.truncate(since.cells);
    }

    /// Adds what the last cell of the last row says to the count of values that are too large.
    pub(crate) fn count_too_large(&mut self) {
        if let Some(row) = self.rows().checked_sub(1)
            && let Value::Int(number) = self.value_at(row, self.width - 1)
        {
            self.too_large += u64::try_from(number).unwrap_or(0);
        }
    }

    /// The bytes it holds.
    pub(crate) fn weight(&self) -> usize {
        self.bytes.len() + self.cells.len() * size_of::<Cell>()
    }

    /// How many whole rows it has.
    pub fn rows(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    fn cell(&self, row: usize, cell: usize) -> Option<(CellKind, &[u8])> {
        let at = (cell < self.width).then_some(row * self.width + cell)?;
        let cell = self.cells.get(at)?;
        Some((cell.kind, self.bytes.get(cell.start..cell.end)?))
    }

    fn value_at(&self, row: usize, cell: usize) -> Value {
        let Some((kind, bytes)) = self.cell(row, cell) else { return Value::Null };
        match kind {
            CellKind::Null => Value::Null,
            CellKind::False => Value::Bool(false),
            CellKind::True => Value::Bool(true),
            CellKind::Int => whole(bytes).map_or(Value::Null, Value::Int),
            CellKind::Bytes => Value::Bytes(bytes.to_vec()),
            // What is no UTF-8 stays bytes, so that nothing is lost.
            CellKind::Text => std::str::from_utf8(bytes)
                .map_or_else(|_| Value::Bytes(bytes.to_vec()), Value::from),
        }
    }

    /// What a search reads in a column of a row: text and bytes as they are, numbers as they are
    /// written.
    pub fn text(&self, row: usize, column: usize) -> Option<Cow<'_, [u8]>> {
        match self
            .cell(row, self.key + column)
            .filter(|_| self.key + column < self.width - self.hidden)?
        {
            (CellKind::Text | CellKind::Bytes, bytes) => Some(Cow::Borrowed(bytes)),
            (CellKind::Int, bytes) => {
                whole(bytes).map(|number| Cow::Owned(number.to_string().into_bytes()))
            }
            (CellKind::Null | CellKind::False | CellKind::True, _) => None,
        }
    }

    /// A text of a row, if it is one.
    pub fn str(&self, row: usize, column: usize) -> Option<&str> {
        let shown = self.key + column < self.width - self.hidden;
        match self.cell(row, self.key + column).filter(|_| shown)? {
            (CellKind::Text, bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// The key of a row.
    pub fn key(&self, row: usize) -> RowKey {
        RowKey((0..self.key).map(|cell| self.value_at(row, cell)).collect())
    }

    /// A row, each value by itself.
    pub fn row(&self, row: usize) -> Row {
        let values =
            (self.key..self.width - self.hidden).map(|cell| self.value_at(row, cell)).collect();
        Row { key: self.key(row), values }
    }

    /// So many cells of the last row, from `at` on: where the next page begins.
    pub(crate) fn last(&self, at: usize, cells: usize) -> Option<RowKey> {
        let row = self.rows().checked_sub(1)?;
        Some(RowKey((at..at + cells).map(|cell| self.value_at(row, cell)).collect()))
    }
}

fn whole(bytes: &[u8]) -> Option<i64> {
    bytes.first_chunk::<8>().map(|eight| i64::from_be_bytes(*eight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_in_and_come_out() {
        let rows = vec![
            Row {
                key: RowKey(vec![Value::Int(-7)]),
                values: vec![Value::from("Zoë"), Value::Null, Value::Bool(true), Value::Int(42)],
            },
            Row {
                key: RowKey(vec![Value::Int(i64::MAX)]),
                values: vec![
                    Value::Bytes(vec![0xff, 0]),
                    Value::from(""),
                    Value::Bool(false),
                    Value::Null,
                ],
            },
        ];
        let page = Page::of_rows(&rows);
        assert_eq!(page.rows(), 2);
        assert_eq!([page.row(0), page.row(1)], [rows[0].clone(), rows[1].clone()]);
        assert_eq!(page.text(0, 0).unwrap(), "Zoë".as_bytes());
        assert_eq!(page.text(0, 3).unwrap().as_ref(), b"42");
        assert_eq!(page.text(1, 0).unwrap().as_ref(), &[0xff, 0]);
        assert_eq!((page.str(0, 0), page.str(0, 3), page.str(1, 0)), (Some("Zoë"), None, None));
        assert_eq!((page.text(0, 1), page.text(0, 2), page.text(0, 4)), (None, None, None));
        assert_eq!(page.last(0, 1), Some(RowKey(vec![Value::Int(i64::MAX)])));
        assert_eq!(Page::of_rows(&[]).rows(), 0);
        assert!(!format!("{page:?}").contains("Zo"));
    }
}
