//! Partitions by ranges of one column: which there are, and dropping one whose rows are all due.
//!
//! PostgreSQL looks, detaches and drops in one transaction, under a lock of the table. MySQL and
//! MariaDB cannot undo a dropped partition: there the second look is under `LOCK TABLES … WRITE`.
//! Both look first without a lock, so that nobody waits for an answer that is no.

use std::collections::BTreeSet;

use model::{Micros, TableName};

use super::Sql;
use super::due;
use super::expr;
use super::failure::At;
use super::link::Link;
use super::purge::control;
use super::shape::{Shape, TableShape};
use super::statement::{Dialect, Name, Statement};
use crate::{Dropping, Due, Error, Old, Partition, Result, moment};

const PG_PARTITIONS: &str = "SELECT n.nspname::text, c.relname::text, pg_get_expr(c.relpartbound, c.oid), greatest(c.reltuples, 0)::int8::text \
  FROM pg_partitioned_table p JOIN pg_class r ON r.oid = p.partrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace \
  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = p.partattrs[0] \
  JOIN pg_inherits i ON i.inhparent = r.oid JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
  WHERE p.partstrat = 'r' AND p.partnatts = 1 AND rn.nspname = $1 AND r.relname = $2 AND a.attname = $3";
const MYSQL_PARTITIONS: &str = "SELECT PARTITION_NAME, CAST(PARTITION_EXPRESSION AS CHAR), CAST(PARTITION_DESCRIPTION AS CHAR), \
    CAST(SUM(TABLE_ROWS) AS CHAR) FROM information_schema.PARTITIONS \
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND PARTITION_METHOD IN ('RANGE', 'RANGE COLUMNS') \
  GROUP BY PARTITION_NAME, PARTITION_EXPRESSION, PARTITION_DESCRIPTION";

/// A partition as the server names it.
struct Part {
    shown: Partition,
    schema: Option<Name>,
    name: Name,
}

impl Sql {
    pub(super) async fn list_partitions(
        &self,
        table: &TableName,
        column: &str,
    ) -> Result<Vec<Partition>> {
        let shape = self.shape();
        let table = shape.table(table)?;
        table.column(column)?;
        let mut loan = self.links.borrow().await?;
        let parts = parts(&mut loan.link, &shape, table, column).await?;
        loan.keep();
        Ok(parts.into_iter().map(|part| part.shown).collect())
    }

    pub(super) async fn drop_due_partition(
        &self,
        due: &Due,
        name: &str,
        at_most: u64,
    ) -> Result<Dropping> {
        if self.limits.read_only {
            return Err(Error::ReadOnly);
        }
        let shape = self.shape();
        let table = shape.table(&due.table)?;
        expr::must_be_changeable(table)?;
        let Old::Column { column, .. } = &due.old else {
            return Err(Error::NotOffered { what: "drop partitions but by the age of their rows" });
        };
        // What goes with a row would be left behind.
        if !due.dependents.is_empty() {
            return Ok(Dropping::Kept);
        }
        let mut loan = self.links.borrow().await?;
        let link = &mut loan.link;
        let parts = parts(link, &shape, table, column).await?;
        let Some(part) = parts.into_iter().find(|part| part.shown.name == name) else {
            return Err(table.constraint("it has no partition of this name by this column"));
        };
        if let Err(why_not) = may_drop(link, &shape, table, due, &part, at_most).await? {
            loan.keep();
            return Ok(why_not);
        }
        let dropped = match shape.dialect {
            Dialect::Postgres => drop_postgres(link, &shape, table, due, &part, at_most).await,
            _ => drop_mysql(link, &shape, table, due, &part, at_most).await,
        };
        let ended = match shape.dialect {
            Dialect::Postgres => "ROLLBACK",
            _ => "UNLOCK TABLES",
        };
        match dropped {
            Ok(done) => {
                loan.keep();
                Ok(done)
            }
            Err(error) => {
                let _ = loan.link.control(ended).await;
                Err(error)
            }
        }
    }
}

async fn parts(
    link: &mut Link,
    shape: &Shape,
    table: &TableShape,
    column: &str,
) -> Result<Vec<Part>> {
    let name = &table.table.name;
    let mut parts = Vec::new();
    match shape.dialect {
        Dialect::Sqlite => {}
        Dialect::Postgres => {
            let rows = link.ask(PG_PARTITIONS, &[&name.schema, &name.table, column]).await?;
            for row in rows {
                let mut cells = row.into_iter().map(Option::unwrap_or_default);
                let mut next = || cells.next().unwrap_or_default();
                let (schema, part, bound, rows) = (next(), next(), next(), next());
                let shown =
                    if schema == name.schema { part.clone() } else { format!("{schema}.{part}") };
                let until =
                    bound.rsplit_once(" TO (").and_then(|(_, until)| until.strip_suffix(')'));
                parts.push(Part {
                    shown: Partition {
                        name: shown,
                        until: until.and_then(literal),
                        about_rows: rows.parse().unwrap_or(0),
                    },
                    schema: Some(Name::from_server(schema)),
                    name: Name::from_server(part),
                });
            }
        }
        Dialect::MySql => {
            for row in link.ask(MYSQL_PARTITIONS, &[&name.table]).await? {
                let mut cells = row.into_iter().map(Option::unwrap_or_default);
                let mut next = || cells.next().unwrap_or_default();
                let (part, over, bound, rows) = (next(), next(), next(), next());
                let Some(measure) = Measure::read(&over, column) else { continue };
                parts.push(Part {
                    shown: Partition {
                        name: part.clone(),
                        until: measure.until(&bound),
                        about_rows: rows.parse().unwrap_or(0),
                    },
                    schema: None,
                    name: Name::from_server(part),
                });
            }
        }
    }
    parts.sort_by(|a, b| {
        let order = |part: &Part| (part.shown.until.is_none(), part.shown.until);
        order(a).cmp(&order(b)).then_with(|| a.shown.name.cmp(&b.shown.name))
    });
    Ok(parts)
}

/// `'2026-02-01 00:00:00+00'` or `1769904000` as a moment; `MAXVALUE` is none.
fn literal(text: &str) -> Option<Micros> {
    match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(quoted) => moment::of_utc_text(quoted).or_else(|| whole(quoted)),
        None => whole(text),
    }
}

fn whole(text: &str) -> Option<Micros> {
    text.parse().ok().and_then(moment::of_whole)
}

/// What MySQL partitions by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Itself,
    Days,
    Years,
    Seconds,
}

impl Measure {
    /// From the expression as the server prints it.
    fn read(over: &str, column: &str) -> Option<Self> {
        let quoted = format!("`{}`", column.replace('`', "``"));
        let over = over.trim();
        let inside = |function: &str| {
            let head = over.get(..function.len())?;
            let rest = over.get(function.len()..)?;
            head.eq_ignore_ascii_case(function)
                .then(|| rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')))?
        };
        let is_column = |text: &str| text.trim() == quoted || text.trim() == column;
        if is_column(over) {
            return Some(Self::Itself);
        }
        [("to_days", Self::Days), ("year", Self::Years), ("unix_timestamp", Self::Seconds)]
            .into_iter()
            .find(|(function, _)| inside(function).is_some_and(is_column))
            .map(|(_, measure)| measure)
    }

    fn until(self, bound: &str) -> Option<Micros> {
        const DAY: i64 = 86_400_000_000;
        if self == Self::Itself {
            return literal(bound);
        }
        let number: i64 = bound.parse().ok()?;
        match self {
            Self::Days => number.checked_sub(719_528)?.checked_mul(DAY),
            Self::Years if (1900..=2999).contains(&number) => {
                moment::days_of(number, 1, 1).checked_mul(DAY)
            }
            Self::Seconds => number.checked_mul(1_000_000),
            Self::Years | Self::Itself => None,
        }
        .map(Micros)
    }
}

/// `partition AS t`.
fn from(st: &mut Statement, table: &TableShape, part: &Part) {
    if let Some(schema) = &part.schema {
        st.name(schema).word(".").name(&part.name);
    } else {
        expr::table(st, table);
        st.word(" PARTITION (").name(&part.name).word(")");
    }
    st.word(" AS ").alias();
}

/// Whether the partition holds a row that is not due.
async fn keeps_any(
    link: &mut Link,
    shape: &Shape,
    table: &TableShape,
    due: &Due,
    part: &Part,
) -> Result<bool> {
    let mut st = Statement::new(shape.dialect);
    let mysql = shape.dialect == Dialect::MySql;
    st.word(if mysql { "SELECT CAST(COUNT(*) AS CHAR)" } else { "SELECT count(*)" });
    st.word(" FROM (SELECT 1 AS one FROM ");
    from(&mut st, table, part);
    st.word(" WHERE (");
    due::condition(&mut st, shape, due)?;
    st.word(") IS NOT TRUE LIMIT 1) AS x");
    Ok(link.figure(st, At { table: Some(table), action: "read" }).await? > 0)
}

/// How many rows the partition holds, if it may be dropped; or what stands against it.
async fn may_drop(
    link: &mut Link,
    shape: &Shape,
    table: &TableShape,
    due: &Due,
    part: &Part,
    at_most: u64,
) -> Result<std::result::Result<u64, Dropping>> {
    if keeps_any(link, shape, table, due, part).await? {
        return Ok(Err(Dropping::Kept));
    }
    let rows = rows(link, shape, table, part).await?;
    Ok(if rows > at_most { Err(Dropping::More(rows)) } else { Ok(rows) })
}

async fn rows(link: &mut Link, shape: &Shape, table: &TableShape, part: &Part) -> Result<u64> {
    let mut st = Statement::new(shape.dialect);
    let mysql = shape.dialect == Dialect::MySql;
    st.word(if mysql { "SELECT CAST(COUNT(*) AS CHAR)" } else { "SELECT count(*)" });
    st.word(" FROM ");
    from(&mut st, table, part);
    link.figure(st, At { table: Some(table), action: "read" }).await
}

async fn drop_postgres(
    link: &mut Link,
    shape: &Shape,
    table: &TableShape,
    due: &Due,
    part: &Part,
    at_most: u64,
) -> Result<Dropping> {
    let at = At { table: Some(table), action: "change" };
    let child = |st: &mut Statement| {
        if let Some(schema) = &part.schema {
            st.name(schema).word(".");
        }
        st.name(&part.name);
    };
    control(link, "BEGIN").await?;
    // The table before its part, as every query locks them: the other order could deadlock.
    let mut st = Statement::new(Dialect::Postgres);
    st.word("LOCK TABLE ONLY ");
    expr::table(&mut st, table);
    st.word(", ONLY ");
    child(&mut st);
    st.word(" IN ACCESS EXCLUSIVE MODE");
    link.command(st, at).await?;
    let rows = match may_drop(link, shape, table, due, part, at_most).await? {
        Ok(rows) => rows,
        Err(why_not) => {
            control(link, "ROLLBACK").await?;
            return Ok(why_not);
        }
    };
    // Detaching asks whether anything still refers to its rows.
    let mut st = Statement::new(Dialect::Postgres);
    st.word("ALTER TABLE ");
    expr::table(&mut st, table);
    st.word(" DETACH PARTITION ");
    child(&mut st);
    link.command(st, at).await?;
    let mut st = Statement::new(Dialect::Postgres);
    st.word("DROP TABLE ");
    child(&mut st);
    link.command(st, at).await?;
    control(link, "COMMIT").await?;
    model::crash::site("connect.partition.dropped");
    Ok(Dropping::Dropped(rows))
}

async fn drop_mysql(
    link: &mut Link,
    shape: &Shape,
    table: &TableShape,
    due: &Due,
    part: &Part,
    at_most: u64,
) -> Result<Dropping> {
    let at = At { table: Some(table), action: "change" };
    // Under `LOCK TABLES` a statement may use only what is locked, by the name that it uses.
    let mut st = Statement::new(Dialect::MySql);
    st.word("LOCK TABLES ");
    expr::table(&mut st, table);
    st.word(" WRITE, ");
    expr::from(&mut st, table);
    st.word(" WRITE");
    let referring: BTreeSet<&TableName> =
        due.unless_referred.iter().map(|referrer| &referrer.table).collect();
    for referrer in referring {
        st.word(", ");
        let referrer = shape.table(referrer)?;
        st.deeper(|st| expr::from(st, referrer));
        st.word(" READ");
    }
    link.command(st, at).await?;
    let rows = match may_drop(link, shape, table, due, part, at_most).await? {
        Ok(rows) => rows,
        Err(why_not) => {
            control(link, "UNLOCK TABLES").await?;
            return Ok(why_not);
        }
    };
    let mut st = Statement::new(Dialect::MySql);
    st.word("ALTER TABLE ");
    expr::table(&mut st, table);
    st.word(" DROP PARTITION ").name(&part.name);
    link.command(st, at).await?;
    model::crash::site("connect.partition.dropped");
    control(link, "UNLOCK TABLES").await?;
    Ok(Dropping::Dropped(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mysql_partitions_by_is_read_from_its_words() {
        for (over, measure) in [
            ("`made`", Some(Measure::Itself)),
            ("to_days(`made`)", Some(Measure::Days)),
            ("TO_DAYS(made)", Some(Measure::Days)),
            ("year(`made`)", Some(Measure::Years)),
            ("unix_timestamp(`made`)", Some(Measure::Seconds)),
            ("to_days(`other`)", None),
            ("`made` DIV 10", None),
            ("month(`made`)", None),
        ] {
            assert_eq!(Measure::read(over, "made"), measure, "{over}");
        }
    }

    #[test]
    fn bounds_are_moments() {
        let day = Some(Micros(1_577_836_800_000_000));
        for (measure, bound, until) in [
            (Measure::Itself, "'2020-01-01'", day),
            (Measure::Itself, "'2020-01-01 00:00:00+00'", day),
            (Measure::Itself, "1577836800", day),
            (Measure::Itself, "MAXVALUE", None),
            (Measure::Days, "737790", day),
            (Measure::Days, "MAXVALUE", None),
            (Measure::Years, "2020", day),
            (Measure::Seconds, "1577836800", day),
        ] {
            assert_eq!(measure.until(bound), until, "{measure:?} {bound}");
        }
    }
}
