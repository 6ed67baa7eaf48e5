//! The moment in a column, in each dialect: whether it lies before another one, and the oldest.
//!
//! A column of a type of its own is compared bare, with a parameter of that type, so that its
//! index serves. Text is compared by the second and SQLite's by the millisecond, always so that a
//! row is due a moment too late rather than too early.

use model::{DataType, Micros};

use super::shape::{ColumnShape, Kind, TableShape};
use super::statement::{Dialect, Param, Statement, Word};
use crate::moment::{self, DAYS, MICROS, MILLIS, SECONDS};
use crate::{Error, Result};

/// How a column tells time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// A timestamp with a zone.
    Zoned,
    /// A timestamp without one: taken as UTC.
    Plain,
    /// A day: its first moment in UTC.
    Day,
    /// A whole number.
    Whole,
    /// A decimal or floating number: never YYYYMMDD.
    Number,
    /// ISO 8601 text.
    Text,
    /// SQLite: each value by its own kind.
    Any,
}

const SECOND: i64 = 1_000_000;

/// How this column tells time; an error for types that cannot.
pub(super) fn told_by(dialect: Dialect, shape: &TableShape, column: &ColumnShape) -> Result<Tells> {
    if dialect == Dialect::Sqlite {
        return Ok(Tells::Any);
    }
    let declared = shape.table.column(column.name.as_str());
    let zoned = column.word == Some(Word::pg_type("timestamp with time zone"));
    let year = declared.is_some_and(|column| column.native_type.starts_with("year"));
    match (declared.map(|column| column.data_type), column.kind) {
        (Some(DataType::Timestamp), _) if zoned => Ok(Tells::Zoned),
        (Some(DataType::Timestamp), _) => Ok(Tells::Plain),
        (Some(DataType::Date), _) => Ok(Tells::Day),
        (Some(DataType::Text { .. }), _) => Ok(Tells::Text),
        (Some(DataType::Integer), Kind::Int) if !year => Ok(Tells::Whole),
        (Some(DataType::Number), Kind::Decimal | Kind::Float) => Ok(Tells::Number),
        _ => Err(Error::Constraint {
            table: shape.table.name.clone(),
            rule: format!("the type of `{}` holds no moments", column.name.as_str()),
        }),
    }
}

/// What every value without a moment satisfies, in a form that an index over the column answers, and
/// ` AND `; nothing where there is no such form. Types of time have one: NULL, the moments that
/// stand for "not set", infinity, and with MySQL the days that are none between `years`.
pub(super) fn perhaps_unset(
    st: &mut Statement,
    column: &ColumnShape,
    tells: Tells,
    years: Option<(i64, i64)>,
) {
    let timed = matches!(tells, Tells::Zoned | Tells::Plain | Tells::Day);
    let days = match (st.dialect(), years) {
        (Dialect::Postgres, _) if timed => None,
        (Dialect::MySql, Some((first, last))) if timed && last - first < 100 => {
            let day = |year| moment::days_of(year, 1, 1);
            Some(day(first)..=day(last + 1))
        }
        _ => return,
    };
    let name = &column.name;
    st.word("(").column(name).word(" IS NULL OR ").column(name);
    st.word(" <= '1900-01-02' OR ").column(name).word(" BETWEEN '1969-12-31' AND '1970-01-02' OR ");
    st.column(name).word(" >= '9000-01-01'");
    // `2019-05-00` lies between the last of April and the first of May.
    let firsts = days.into_iter().flatten().filter(|day| moment::civil(*day).2 == 1);
    for first in firsts {
        let last = moment::day_text(first - 1);
        let (end, cast) = match tells {
            Tells::Day => (last, " AS DATE)"),
            _ => (format!("{last} 23:59:59.999999"), " AS DATETIME(6))"),
        };
        st.word(" OR (").column(name).word(" > CAST(").param(Param::Text(end)).word(cast);
        st.word(" AND ").column(name).word(" < CAST(");
        st.param(Param::Text(moment::day_text(first))).word(cast).word(")");
    }
    st.word(") AND ");
}

/// True where the column's moment lies before this one; false or NULL for every other row.
pub(super) fn before(st: &mut Statement, column: &ColumnShape, tells: Tells, before: Micros) {
    let name = &column.name;
    st.word("(");
    match (tells, st.dialect()) {
        (Tells::Zoned | Tells::Plain | Tells::Day, dialect) => {
            let (first, cast, until) = match (tells, dialect) {
                (Tells::Day, Dialect::Postgres) => ("", "::date", ")"),
                (Tells::Zoned, Dialect::Postgres) => ("", "::timestamptz", ")"),
                (_, Dialect::Postgres) => ("", "::timestamp", ")"),
                (Tells::Day, _) => ("CAST(", " AS DATE)", ")"),
                _ => ("CAST(", " AS DATETIME(6))", ")"),
            };
            let text = match tells {
                Tells::Day => moment::day_text(moment::day_after(before)),
                Tells::Zoned => format!("{}+00", moment::text(before)),
                _ => moment::text(before),
            };
            st.column(name).word(" < ").word(first).param(Param::Text(text)).word(cast);
            let zone = if tells == Tells::Zoned { "+00'" } else { "'" };
            st.word(" AND ").column(name).word(" > ").word(first);
            st.word(if tells == Tells::Day { "'1900-01-01" } else { "'1900-01-01 00:00:00" });
            st.word(zone).word(cast).word(" AND ").column(name).word(" <> ").word(first);
            st.word(if tells == Tells::Day { "'1970-01-01" } else { "'1970-01-01 00:00:00" });
            st.word(zone).word(cast);
            if dialect == Dialect::MySql {
                // `2019-00-00` is allowed by loose servers and is no day.
                st.word(" AND MONTH(").column(name).word(") > 0 AND DAYOFMONTH(").column(name);
                st.word(") > 0");
            }
            st.word(until);
        }
        (Tells::Whole, _) => {
            whole(st, column, before, true);
            st.word(")");
        }
        (Tells::Number, _) => {
            whole(st, column, before, false);
            st.word(")");
        }
        (Tells::Text, _) => {
            seconds_of_text(st, column);
            let until = before.0.div_euclid(SECOND);
            st.word(" < ").signed(until);
            for unset in [" NOT LIKE '1900-01-01%'", " NOT LIKE '1970-01-01%'"] {
                st.word(" AND ");
                text(st, column);
                st.word(unset);
            }
            st.word(")");
        }
        (Tells::Any, _) => {
            // Text sorts by its day; every number sorts before every text. Two days for the zones.
            let day = moment::day_text(moment::day_after(before) + 2);
            st.column(name).word(" < ").param(Param::Text(day));
            st.word(" AND CASE typeof(").column(name).word(") WHEN 'integer' THEN (");
            whole(st, column, before, true);
            st.word(") WHEN 'text' THEN (");
            millis_of_text(st, column);
            st.word(" < ").signed(before.0.div_euclid(1_000)).word(" AND ");
            millis_of_text(st, column);
            st.word(" > ").signed(moment::EARLIEST.0 / 1_000).word(" AND ");
            millis_of_text(st, column);
            st.word(" <> 0) ELSE 0 END)");
        }
    }
}

/// Numbers of each size that stand for moments before this one.
fn whole(st: &mut Statement, column: &ColumnShape, before: Micros, days: bool) {
    let name = &column.name;
    let (year, month, day) = moment::civil(moment::day_after(before));
    let ceil = |unit: i64| before.0.div_euclid(unit) + i64::from(before.0.rem_euclid(unit) > 0);
    let mut any = 0;
    let sizes = [(SECONDS, ceil(SECOND)), (MILLIS, ceil(1_000)), (MICROS, before.0)];
    let day_before = (year * 10_000 + month * 100 + day).min(DAYS.1 + 1);
    if days && day_before > DAYS.0 {
        any += 1;
        st.word("(").column(name).word(" >= ").signed(DAYS.0).word(" AND ").column(name);
        st.word(" < ").signed(day_before).word(" AND ").column(name).word(" <> 19700101 AND ");
        let divide = if st.dialect() == Dialect::MySql { " DIV " } else { " / " };
        st.column(name).word(" % 100 BETWEEN 1 AND 31 AND (").column(name).word(divide);
        st.word("100) % 100 BETWEEN 1 AND 12)");
    }
    for ((first, last), until) in sizes {
        let until = until.min(last + 1);
        if until > first {
            st.between(any, " OR ").word("(").column(name).word(" >= ").signed(first);
            st.word(" AND ").column(name).word(" < ").signed(until).word(")");
            any += 1;
        }
    }
    if any == 0 {
        st.word("1 = 0");
    }
}

/// What a moment in text looks like. A bracket stands where a backslash would be read twice.
const ISO: &str = "'^(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\
    ([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?\
    ( ?(Z|UTC|[+-][01][0-9](:?[0-5][0-9])?))?)?$'";

fn text(st: &mut Statement, column: &ColumnShape) {
    if st.dialect() == Dialect::Postgres {
        st.column(&column.name).word("::text");
    } else {
        st.word("CONVERT(").column(&column.name).word(" USING utf8mb4)");
    }
}

/// Seconds since 1970 of ISO text, NULL for other text. No cast in it can fail: a statement that
/// deletes must not stop at one strange row.
fn seconds_of_text(st: &mut Statement, column: &ColumnShape) {
    let postgres = st.dialect() == Dialect::Postgres;
    let whole = |st: &mut Statement, inside: &dyn Fn(&mut Statement)| {
        st.word(if postgres { "('0' || " } else { "CAST(CONCAT('0', " });
        inside(st);
        st.word(if postgres { ")::int8" } else { ") AS SIGNED)" });
    };
    let cut = |st: &mut Statement, place: &'static str| {
        st.word("substr(");
        text(st, column);
        st.word(place);
    };
    st.word("CASE WHEN ");
    text(st, column);
    st.word(if postgres { " ~ " } else { " REGEXP " }).word(ISO).word(" THEN ((");
    st.word(if postgres { "(substr(" } else { "TO_DAYS(CONCAT(substr(" });
    text(st, column);
    st.word(if postgres {
        ", 1, 7) || '-01')::date - '1970-01-01'::date)::int8 + "
    } else {
        ", 1, 7), '-01')) - 719528) + "
    });
    whole(st, &|st| cut(st, ", 9, 2)"));
    st.word(" - 1) * 86400 + ");
    whole(st, &|st| cut(st, ", 12, 2)"));
    st.word(" * 3600 + ");
    whole(st, &|st| cut(st, ", 15, 2)"));
    st.word(" * 60 + ");
    whole(st, &|st| {
        st.word("CASE WHEN ");
        cut(st, ", 17, 1) = ':' THEN ");
        cut(st, ", 18, 2) ELSE '' END");
    });
    // The zone follows the first sign after the minutes.
    for (sign, factor) in [("+", " - ("), ("-", " + (")] {
        let after = |st: &mut Statement, place: &'static str| {
            st.word("substr(replace(substr(");
            text(st, column);
            st.word(", 17), ':', ''), ");
            st.word(if postgres { "strpos(replace(substr(" } else { "INSTR(replace(substr(" });
            text(st, column);
            st.word(", 17), ':', ''), '").word(sign).word("') + ").word(place);
        };
        st.word(factor).word("CASE WHEN substr(");
        text(st, column);
        st.word(", 17) LIKE '%").word(sign).word("%' THEN ");
        whole(st, &|st| after(st, "1, 2)"));
        st.word(" * 3600 + ");
        whole(st, &|st| after(st, "3, 2)"));
        st.word(" * 60 ELSE 0 END)");
    }
    st.word(" END");
}

/// Milliseconds since 1970 of text that SQLite reads as ISO, NULL for other text.
fn millis_of_text(st: &mut Statement, column: &ColumnShape) {
    let name = &column.name;
    st.word("CASE WHEN ").column(name);
    st.word(" GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*' THEN CAST(round((julianday(");
    st.column(name).word(") - 2440587.5) * 86400000.0) AS INTEGER) END");
}

/// How the oldest moment is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oldest {
    /// In the order of the column, microseconds of the first.
    First,
    /// The smallest of each size.
    Smallest,
}

/// Writes what is selected to know the oldest moment of the rows of `t`.
pub(super) fn oldest(st: &mut Statement, column: &ColumnShape, tells: Tells) -> Oldest {
    let name = &column.name;
    match (tells, st.dialect()) {
        (Tells::Zoned | Tells::Plain | Tells::Day, Dialect::Postgres) => {
            st.word("(extract(epoch FROM ").column(name).word(") * 1000000)::int8");
            Oldest::First
        }
        (Tells::Zoned | Tells::Plain | Tells::Day, _) => {
            st.word("CAST(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ").column(name);
            st.word(") AS CHAR)");
            Oldest::First
        }
        (Tells::Text, dialect) => {
            st.word(if dialect == Dialect::MySql { "CAST(min(" } else { "min(" });
            seconds_of_text(st, column);
            st.word(if dialect == Dialect::MySql { ") AS CHAR)" } else { ")" });
            Oldest::Smallest
        }
        (Tells::Whole | Tells::Number | Tells::Any, dialect) => {
            for (index, (first, last)) in [DAYS, SECONDS, MILLIS, MICROS].into_iter().enumerate() {
                st.between(index, ", ");
                st.word(match dialect {
                    Dialect::MySql => "CAST(floor(min(CASE WHEN ",
                    Dialect::Postgres => "floor(min(CASE WHEN ",
                    Dialect::Sqlite => "min(CASE WHEN typeof(",
                });
                if dialect == Dialect::Sqlite {
                    st.column(name).word(") = 'integer' AND ");
                }
                st.column(name).word(" >= ").signed(first).word(" AND ").column(name);
                st.word(" <= ").signed(last).word(" THEN ").column(name);
                st.word(match dialect {
                    Dialect::MySql => " END)) AS CHAR)",
                    Dialect::Postgres => " END))::int8",
                    Dialect::Sqlite => " END)",
                });
            }
            if tells == Tells::Any {
                st.word(", min(CASE WHEN typeof(").column(name).word(") = 'text' THEN ");
                millis_of_text(st, column);
                st.word(" END)");
            }
            Oldest::Smallest
        }
    }
}

/// Reads the answer to what [`oldest`] asked.
pub(super) fn read_oldest(tells: Tells, cells: &[Option<i64>]) -> Option<Micros> {
    match tells {
        Tells::Zoned | Tells::Plain | Tells::Day => cells.first().copied().flatten().map(Micros),
        Tells::Text => cells.first().copied().flatten().map(|number| Micros(number * SECOND)),
        Tells::Whole | Tells::Number | Tells::Any => {
            let numbers = cells.iter().take(4).copied().flatten().filter_map(moment::of_whole);
            let text = cells.get(4).copied().flatten().map(|number| Micros(number * 1_000));
            numbers.chain(text).min()
        }
    }
}
