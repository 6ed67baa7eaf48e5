//! From the wire to a [`Value`].

use model::Value;
use sqlx::mysql::MySqlRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, TypeInfo, ValueRef};

use super::shape::Kind;
use crate::page::{CellKind, Page};

/// A row of any of the three drivers.
pub(super) trait Cell {
    fn cell(&self, index: usize, kind: Kind) -> Result<Value, sqlx::Error>;
    fn width(&self) -> usize;

    /// Every cell as text, for catalogues.
    fn texts(&self) -> Result<Vec<Option<String>>, sqlx::Error> {
        (0..self.width()).map(|index| Ok(self.cell(index, Kind::Text)?.to_plain_text())).collect()
    }
}

/// A row that is laid into a page without a value of its own for each cell.
pub(super) trait Lay {
    /// Lays the first `kinds.len()` cells and says how many bytes they were.
    fn lay(&self, kinds: &[Kind], page: &mut Page) -> Result<usize, sqlx::Error>;
}

impl Lay for MySqlRow {
    fn lay(&self, kinds: &[Kind], page: &mut Page) -> Result<usize, sqlx::Error> {
        let mut weight = 0;
        for (index, kind) in kinds.iter().enumerate() {
            let Some(bytes) = self.try_get_unchecked::<Option<&[u8]>, _>(index)? else {
                page.push_bytes(CellKind::Null, &[]);
                continue;
            };
            weight += bytes.len();
            let number = matches!(kind, Kind::Int | Kind::Bits)
                .then(|| std::str::from_utf8(bytes).ok()?.parse::<i64>().ok())
                .flatten();
            match (kind, number) {
                (_, Some(number)) => page.push_bytes(CellKind::Int, &number.to_be_bytes()),
                (Kind::Bytes, None) => page.push_bytes(CellKind::Bytes, bytes),
                (_, None) => page.push_bytes(CellKind::Text, bytes),
            }
        }
        Ok(weight)
    }
}

impl Lay for SqliteRow {
    fn lay(&self, kinds: &[Kind], page: &mut Page) -> Result<usize, sqlx::Error> {
        let mut weight = 0;
        for index in 0..kinds.len() {
            let raw = self.try_get_raw(index)?;
            if raw.is_null() {
                page.push_bytes(CellKind::Null, &[]);
                continue;
            }
            let class = raw.type_info().into_owned();
            match class.name() {
                "INTEGER" => {
                    let number: i64 = self.try_get_unchecked(index)?;
                    page.push_bytes(CellKind::Int, &number.to_be_bytes());
                    weight += 8;
                }
                "REAL" => {
                    let text = shortest(self.try_get_unchecked(index)?);
                    page.push_bytes(CellKind::Text, text.as_bytes());
                    weight += 8;
                }
                name => {
                    let bytes: &[u8] = self.try_get_unchecked(index)?;
                    let blob = name == "BLOB";
                    page.push_bytes(if blob { CellKind::Bytes } else { CellKind::Text }, bytes);
                    weight += bytes.len();
                }
            }
        }
        Ok(weight)
    }
}

/// Decodes the first `kinds.len()` cells.
pub(super) fn row(row: &impl Cell, kinds: &[Kind]) -> Result<Vec<Value>, sqlx::Error> {
    kinds.iter().enumerate().map(|(index, kind)| row.cell(index, *kind)).collect()
}

/// Text where it is text; bytes that are no UTF-8 stay bytes, so that nothing is lost.
fn text_or_bytes(bytes: Vec<u8>) -> Value {
    String::from_utf8(bytes).map_or_else(|error| Value::Bytes(error.into_bytes()), Value::Text)
}

fn or_null<T>(value: Option<T>, then: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Null, then)
}

impl Cell for PgRow {
    fn cell(&self, index: usize, kind: Kind) -> Result<Value, sqlx::Error> {
        Ok(match kind {
            Kind::Int => or_null(self.try_get_unchecked::<Option<i64>, _>(index)?, Value::Int),
            Kind::Bool => or_null(self.try_get_unchecked::<Option<bool>, _>(index)?, Value::Bool),
            Kind::Bytes => {
                or_null(self.try_get_unchecked::<Option<Vec<u8>>, _>(index)?, Value::Bytes)
            }
            _ => or_null(self.try_get_unchecked::<Option<String>, _>(index)?, Value::Text),
        })
    }

    fn width(&self) -> usize {
        self.len()
    }
}

impl Cell for MySqlRow {
    fn cell(&self, index: usize, kind: Kind) -> Result<Value, sqlx::Error> {
        let Some(bytes) = self.try_get_unchecked::<Option<Vec<u8>>, _>(index)? else {
            return Ok(Value::Null);
        };
        Ok(match kind {
            Kind::Bytes => Value::Bytes(bytes),
            Kind::Int | Kind::Bits => match text_or_bytes(bytes) {
                // Unsigned numbers beyond 64 signed bits stay text.
                Value::Text(text) => text.parse().map_or(Value::Text(text), Value::Int),
                other => other,
            },
            _ => text_or_bytes(bytes),
        })
    }

    fn width(&self) -> usize {
        self.len()
    }
}

impl Cell for SqliteRow {
    fn cell(&self, index: usize, _: Kind) -> Result<Value, sqlx::Error> {
        let class = {
            let raw = self.try_get_raw(index)?;
            if raw.is_null() {
                return Ok(Value::Null);
            }
            raw.type_info().into_owned()
        };
        Ok(match class.name() {
            "INTEGER" => Value::Int(self.try_get_unchecked(index)?),
            "REAL" => Value::Text(shortest(self.try_get_unchecked(index)?)),
            "BLOB" => Value::Bytes(self.try_get_unchecked(index)?),
            _ => text_or_bytes(self.try_get_unchecked(index)?),
        })
    }

    fn width(&self) -> usize {
        self.len()
    }
}

/// The shortest digits that read back as the same number.
fn shortest(number: f64) -> String {
    format!("{number:?}")
}
