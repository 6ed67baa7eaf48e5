//! Rows gathered into batches and handed over no faster than allowed.

use std::time::Duration;

use model::{Row, RowKey, Value};
use tokio::time::Instant;

use crate::{Batch, Result, Sink};

/// A batch is handed over at so many rows or bytes, whichever comes first.
const ROWS: usize = 1_000;
const BYTES: usize = 4 * 1024 * 1024;

/// Between a stream of rows and its sink.
pub(crate) struct Pace<'a> {
    sink: &'a mut dyn Sink,
    rows: Vec<Row>,
    bytes: usize,
    rate: Option<u32>,
    not_before: Option<Instant>,
}

impl<'a> Pace<'a> {
    pub(crate) fn new(sink: &'a mut dyn Sink, rate: Option<u32>) -> Self {
        Self {
            sink,
            rows: Vec::new(),
            bytes: 0,
            rate: rate.filter(|rate| *rate > 0),
            not_before: None,
        }
    }

    /// Takes a row; says how long to rest before the next.
    pub(crate) fn add(&mut self, row: Row) -> Result<Duration> {
        self.bytes += weight(&row);
        self.rows.push(row);
        // A slow pace is kept in small steps rather than in long silences.
        let rows = self.rate.map_or(ROWS, |rate| ROWS.min(rate.div_ceil(10) as usize));
        if self.rows.len() < rows && self.bytes < BYTES {
            return Ok(Duration::ZERO);
        }
        self.hand()
    }

    /// Hands over what is left.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.hand().map(|_| ())
    }

    fn hand(&mut self) -> Result<Duration> {
        if self.rows.is_empty() {
            return Ok(Duration::ZERO);
        }
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let rest = self.rate.map_or(Duration::ZERO, |rate| {
            let now = Instant::now();
            let spent = Duration::from_secs_f64(rows.len() as f64 / f64::from(rate));
            let next = self.not_before.unwrap_or(now).max(now) + spent;
            self.not_before = Some(next);
            next - now
        });
        self.sink.rows(Batch(rows))?;
        Ok(rest)
    }
}

/// About how many bytes a row holds.
pub(crate) fn weight(row: &Row) -> usize {
    let cells = row.key.0.iter().chain(&row.values);
    cells.map(|value| 24 + value.as_bytes().map_or(0, <[u8]>::len)).sum()
}

/// The key's cells come first.
pub(crate) fn row(mut cells: Vec<Value>, width: usize) -> Row {
    let values = cells.split_off(width.min(cells.len()));
    Row { key: RowKey(cells), values }
}
