//! Tables of databases: into files, into empty tables of a database, or changed in place.
//!
//! What is written into a database is one transaction. In place, each field is compared with the value
//! it was read with, so that what somebody else changed meanwhile undoes the whole.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use connect::{
    Address, Batch, Change, ChangeSet, Connector, Insert, Limits, Lookup, Match, RowChange, Scan,
    SetTo,
};
use deidentify::column::{self, SAMPLE};
use deidentify::csv::write_field;
use deidentify::search::Search;
use deidentify::{ColumnPlan, Engine, Grid, Method, New, Sample, Scratch, Tally};
use model::{Catalogue, Column, DataType, Row, Table, Value};
use render::deidentify::{DeidentifiedPart, DeidentifyReport};
use render::words;

use super::files::{Output, measured, tallies};
use super::fit::{empty, fit, is_day, is_widened};
use super::{Run, Told, Wish};
use crate::{Error, House, Means, Result};

/// More rows than these are not changed in one transaction.
const MOST_CHANGES: usize = 500_000;

/// A system that the settings connect.
pub(super) async fn system(
    run: &Run,
    wish: &Wish,
    house: &House,
    name: &str,
    report: &mut DeidentifyReport,
) -> Result<()> {
    let state = house.state().await?;
    let mut connections = (*house.connections()).clone();
    if let Some(connection) = connections.get_mut(name).filter(|_| !wish.in_place) {
        connection.read_only = true;
    }
    let lender = house.lender_of(&state, Arc::new(connections));
    let opened = engine::Systems::open(&lender, name).await;
    let connector = opened.map_err(|source| Error::System { system: name.to_owned(), source })?;
    let done = database(run, wish, connector.as_ref(), name, &house.means, report).await;
    connector.close().await;
    done
}

/// A database by its address.
pub(super) async fn address(
    run: &Run,
    wish: &Wish,
    means: &Means,
    address: &str,
    report: &mut DeidentifyReport,
) -> Result<()> {
    let parsed = Address::parse(address).map_err(|error| Error::Refused(error.to_string()))?;
    // Without the password.
    let shown = parsed.to_string();
    let limits = Limits { read_only: !wish.in_place, ..Limits::default() };
    let opened = connect::open(&parsed, limits).await;
    let connector = opened.map_err(|source| Error::System { system: shown.clone(), source })?;
    let done = database(run, wish, connector.as_ref(), &shown, means, report).await;
    connector.close().await;
    done
}

/// One table, once it is known what becomes of it.
struct Ready<'t> {
    table: &'t Table,
    plans: Vec<ColumnPlan>,
    found: Search,
    part: DeidentifiedPart,
    before: Option<deidentify::risk::Risk>,
    after: Option<deidentify::risk::Risk>,
    tallies: Vec<Tally>,
}

impl Ready<'_> {
    fn told(mut self) -> DeidentifiedPart {
        let told = Told {
            plans: &self.plans,
            columns: &self.tallies,
            steps: &self.found.steps,
            before: self.before,
            after: self.after,
        };
        told.tell(&mut self.part);
        self.part
    }

    /// Rows are left out by their number: it must be the number that was measured.
    fn check(&self, rows: u64) -> std::result::Result<(), Why> {
        if self.found.left_out > 0 && rows != self.found.leave_out.len() as u64 {
            return Err(refused(format!(
                "`{}` changed while it was read: run it again",
                self.part.from
            )));
        }
        Ok(())
    }

    fn is_left_out(&self, row: u64) -> bool {
        let at = usize::try_from(row).unwrap_or(usize::MAX);
        self.found.leave_out.get(at).copied().unwrap_or(false)
    }
}

async fn database(
    run: &Run,
    wish: &Wish,
    connector: &dyn Connector,
    name: &str,
    means: &Means,
    report: &mut DeidentifyReport,
) -> Result<()> {
    let failed = |source| Error::System { system: name.to_owned(), source };
    let catalogue = connector.latest_catalogue().await.map_err(failed)?;
    let tables = chosen(&catalogue, wish, name)?;
    let target = Target::open(wish).await?;
    let done = every(run, wish, connector, name, means, (&tables, &target), report).await;
    if let Target::Database { connector, .. } = &target {
        connector.close().await;
    }
    done
}

/// The tables that are meant, those first to which others refer; each with its name in the target.
fn chosen<'c>(
    catalogue: &'c Catalogue,
    wish: &Wish,
    name: &str,
) -> Result<Vec<(&'c Table, String)>> {
    let tables: Vec<&Table> = catalogue.tables.iter().filter(|table| !table.is_view).collect();
    let mut left: Vec<(&Table, String)> = Vec::new();
    for wanted in &wish.tables {
        let (from, to) = wanted.split_once('=').unwrap_or((wanted, ""));
        let Some(table) = tables.iter().find(|table| is_named(table, from)) else {
            let names: Vec<String> =
                tables.iter().map(|table| format!("`{}`", table.name)).collect();
            return Err(Error::Refused(format!(
                "there is no table `{from}` in `{name}`: there are {}",
                words::list(&names)
            )));
        };
        let to = if to.is_empty() { table.name.table.clone() } else { to.to_owned() };
        left.push((*table, to));
    }
    if wish.in_place && wish.tables.is_empty() {
        return Err(Error::Refused(
            "name the tables that are changed in place: `--table NAME`".to_owned(),
        ));
    }
    if wish.tables.is_empty() {
        left = tables.into_iter().map(|table| (table, table.name.table.clone())).collect();
    }
    let mut sorted = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |table: &Table| {
            table.references.iter().any(|reference| {
                reference.to != table.name
                    && left.iter().any(|(other, _)| other.name == reference.to)
            })
        };
        // Of tables that refer to each other in a circle the first goes first.
        let next = left.iter().position(|(table, _)| !waits(table)).unwrap_or(0);
        sorted.push(left.remove(next));
    }
    Ok(sorted)
}

/// Where tables go.
enum Target {
    Nowhere,
    Folder(PathBuf),
    Database { connector: Box<dyn Connector>, catalogue: Catalogue, shown: String },
}

impl Target {
    async fn open(wish: &Wish) -> Result<Self> {
        match wish.out.as_deref() {
            None => Ok(Self::Nowhere),
            Some("-") => {
                Err(Error::Refused("tables go into a folder: name one with `-o`".to_owned()))
            }
            Some(out) if out.contains("://") || out.starts_with("sqlite:") => {
                let address =
                    Address::parse(out).map_err(|error| Error::Refused(error.to_string()))?;
                let shown = address.to_string();
                let failed = |source| Error::System { system: shown.clone(), source };
                let limits = Limits { read_only: wish.plan, ..Limits::default() };
                let connector = connect::open(&address, limits).await.map_err(failed)?;
                let catalogue = connector.latest_catalogue().await.map_err(failed)?;
                Ok(Self::Database { connector, catalogue, shown })
            }
            Some(out) => {
                let out = PathBuf::from(out);
                if out.exists() && !out.is_dir() {
                    return Err(Error::Refused(format!("`{}` is not a folder", out.display())));
                }
                Ok(Self::Folder(out))
            }
        }
    }
}

async fn every(
    run: &Run,
    wish: &Wish,
    connector: &dyn Connector,
    name: &str,
    means: &Means,
    (tables, target): (&[(&Table, String)], &Target),
    report: &mut DeidentifyReport,
) -> Result<()> {
    let failed = |source| Error::System { system: name.to_owned(), source };
    let (mut changes, mut inserts, mut changed) = (ChangeSet::default(), Vec::new(), 0);
    let mut ready = Vec::new();
    for (table, to) in tables {
        means.progress.step(name, &format!("looking at {}", table.name));
        let mut one = look(run, connector, table, name).await.map_err(|why| why.of(name))?;
        means.progress.step(name, &format!("working out {}", table.name));
        match target {
            Target::Database { connector: other, catalogue, shown } => {
                let place = place(other.as_ref(), catalogue, shown, table, to).await?;
                let insert = fill(run, connector, &mut one, place).await;
                let insert = insert.map_err(|why| why.of(name))?;
                one.part.to = format!("{shown}#{to}");
                changed += insert.rows.len();
                inserts.push(insert);
                ready.push(one);
            }
            _ if wish.in_place => {
                let (rows, more) =
                    work_out(run, connector, &mut one).await.map_err(|why| why.of(name))?;
                changed += rows;
                changes.changes.extend(more);
                one.part.to.clone_from(&one.part.from);
                ready.push(one);
            }
            target => {
                let path = match target {
                    Target::Folder(out) if !wish.plan => Some(out.join(file_name(table))),
                    _ => None,
                };
                let done = write(run, connector, &mut one, path.as_deref()).await;
                done.map_err(|why| why.of(name))?;
                report.parts.push(one.told());
            }
        }
        if changed > MOST_CHANGES {
            return Err(Error::Refused(format!(
                "more than {} rows would be written in one transaction: name fewer tables, or write into files with `-o`",
                words::number(MOST_CHANGES as u64)
            )));
        }
    }
    if !wish.plan {
        means.progress.step(name, "writing all of it in one transaction");
        if let Target::Database { connector: other, shown, .. } = target {
            let failed = |source| Error::System { system: shown.clone(), source };
            other.insert(&inserts).await.map_err(failed)?;
        } else if !changes.changes.is_empty() {
            connector.change(&changes).await.map_err(failed)?;
        }
    }
    report.parts.extend(ready.into_iter().map(Ready::told));
    Ok(())
}

/// The empty table into which rows go.
async fn place<'c>(
    other: &dyn Connector,
    catalogue: &'c Catalogue,
    shown: &str,
    table: &Table,
    to: &str,
) -> Result<&'c Table> {
    let found = catalogue.tables.iter().find(|table| !table.is_view && is_named(table, to));
    let Some(found) = found else {
        return Err(Error::Refused(format!(
            "there is no table `{to}` in `{shown}`: make it with the columns of `{}`, empty",
            table.name
        )));
    };
    let all =
        Lookup { table: found.name.clone(), by: Match::All, when: Vec::new(), columns: Vec::new() };
    let failed = |source| Error::System { system: shown.to_owned(), source };
    let rows = other.count(&all).await.map_err(failed)?;
    if rows > 0 {
        return Err(Error::Refused(format!(
            "`{to}` in `{shown}` holds {} already: only an empty table is filled",
            words::count(rows, "row", "rows")
        )));
    }
    Ok(found)
}

/// The rows of a table as they go into another.
async fn fill(
    run: &Run,
    connector: &dyn Connector,
    one: &mut Ready<'_>,
    target: &Table,
) -> std::result::Result<Insert, Why> {
    let mut pairs: Vec<(usize, &Column)> = Vec::new();
    for (at, (column, plan)) in one.table.columns.iter().zip(&one.plans).enumerate() {
        match target.column(&column.name) {
            Some(column) if !column.generated => pairs.push((at, column)),
            Some(_) => {}
            None if plan.method == Method::Remove => {}
            None => {
                return Err(refused(format!(
                    "`{}` has no column `{}`: add it, or remove the column in the profile",
                    target.name, column.name
                )));
            }
        }
    }
    let names: Vec<String> = one.table.columns.iter().map(|column| column.name.clone()).collect();
    let scan = Scan { table: one.table.name.clone(), columns: names, sample: None };
    let engine = run.engine();
    let mut scratch = Scratch::default();
    let mut tallies = std::mem::take(&mut one.tallies);
    let mut misfits = vec![0_u64; pairs.len()];
    let (mut rows, mut left_out, mut out) = (0_u64, 0_u64, Vec::new());
    {
        let one = &*one;
        let mut take = |batch: Batch| {
            for row in batch.0 {
                let number = rows;
                rows += 1;
                if one.is_left_out(number) {
                    left_out += 1;
                    continue;
                }
                if out.len() > MOST_CHANGES {
                    continue;
                }
                let new = turn(&engine, &one.plans, &row, number + 1, &mut scratch, &mut tallies);
                let values = pairs.iter().zip(&mut misfits).map(|((at, column), misfit)| {
                    let from = row.values.get(*at).unwrap_or(&Value::Null);
                    let to = match new.get(*at) {
                        Some(New::Nothing) => empty(column),
                        Some(New::Text(text)) => fit(&String::from_utf8_lossy(text), column, from),
                        _ => Some(from.clone()),
                    };
                    to.unwrap_or_else(|| {
                        *misfit += 1;
                        Value::Null
                    })
                });
                out.push(values.collect());
            }
            Ok(())
        };
        connector.scan(&scan, &mut take).await?;
    }
    one.check(rows)?;
    one.tallies = tallies;
    one.part.rows = rows;
    one.part.left_out = left_out;
    for ((_, column), misfit) in pairs.iter().zip(&misfits) {
        if *misfit > 0 {
            return Err(misfitting(&target.name.to_string(), column, *misfit));
        }
    }
    let columns = pairs.iter().map(|(_, column)| column.name.clone()).collect();
    Ok(Insert { table: target.name.clone(), columns, rows: out })
}

fn misfitting(place: &str, column: &Column, values: u64) -> Why {
    refused(format!(
        "`{place}`: {} of `{}` would not fit into {}{}: choose another method in the profile, or write into files with `-o`",
        words::count(values, "new value", "new values"),
        column.name,
        column.native_type,
        if column.nullable { "" } else { ", which must not be NULL" },
    ))
}

fn is_named(table: &Table, wanted: &str) -> bool {
    table.name.table == wanted || table.name.to_string() == wanted
}

/// A table's name may hold anything.
fn file_name(table: &Table) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let name: String = table.name.to_string().chars().map(safe).take(100).collect();
    format!("{}.csv", name.trim_start_matches('.'))
}

/// Why a table was not done.
enum Why {
    System(connect::Error),
    Other(Error),
}

impl Why {
    fn of(self, system: &str) -> Error {
        match self {
            Self::System(source) => Error::System { system: system.to_owned(), source },
            Self::Other(error) => error,
        }
    }
}

impl From<connect::Error> for Why {
    fn from(error: connect::Error) -> Self {
        Self::System(error)
    }
}

impl From<Error> for Why {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

fn refused(why: String) -> Why {
    Why::Other(Error::Refused(why))
}

/// The text of a value; NULL and bytes have none.
fn text(value: &Value) -> Option<String> {
    value.to_plain_text()
}

/// Sees what the columns hold, and how surely somebody could be told by them.
async fn look<'t>(
    run: &Run,
    connector: &dyn Connector,
    table: &'t Table,
    system: &str,
) -> std::result::Result<Ready<'t>, Why> {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let mut samples: Vec<Sample> = table
        .columns
        .iter()
        .map(|column| Sample {
            name: column.name.clone(),
            declared: column.native_type.clone(),
            values: Vec::new(),
        })
        .collect();
    let some = u32::try_from(SAMPLE).unwrap_or(1_000);
    let scan = Scan { table: table.name.clone(), columns: names.clone(), sample: Some(some) };
    let mut take = |batch: Batch| {
        for row in batch.0 {
            for (sample, value) in samples.iter_mut().zip(&row.values) {
                if let Some(text) = text(value).filter(|_| sample.values.len() < SAMPLE) {
                    sample.values.push(text.into_bytes());
                }
            }
        }
        Ok(())
    };
    connector.scan(&scan, &mut take).await?;
    let from = format!("{system}#{}", table.name);
    let plans = column::plan(&run.profile, &run.detector, &samples);
    let mut plans = plans.map_err(|why| refused(format!("`{from}`: {why}")))?;
    let mut part =
        DeidentifiedPart { from, form: "a table".to_owned(), ..DeidentifiedPart::default() };
    for (plan, column) in plans.iter_mut().zip(&table.columns) {
        if matches!(column.data_type, DataType::Bytes { .. }) && plan.method != Method::Remove {
            plan.method = Method::Remove;
            "it holds bytes, in which nothing is looked for".clone_into(&mut plan.why);
        }
    }
    let mut grid = Grid::new(&plans);
    if plans.iter().any(|plan| plan.quasi) {
        let scan = Scan { table: table.name.clone(), columns: names, sample: None };
        let mut take = |batch: Batch| {
            for row in batch.0 {
                grid.push(|at| row.values.get(at).and_then(text).unwrap_or_default().into());
            }
            Ok(())
        };
        connector.scan(&scan, &mut take).await?;
    }
    let (found, before, after) = measured(run, &mut plans, &grid, &mut part);
    let tallies = tallies(&plans);
    Ok(Ready { table, plans, found, part, before, after, tallies })
}

/// What becomes of the values of a row: one for each column, `None` where it stays.
fn turn(
    engine: &Engine<'_>,
    plans: &[ColumnPlan],
    row: &Row,
    number: u64,
    scratch: &mut Scratch,
    tallies: &mut [Tally],
) -> Vec<New> {
    plans
        .iter()
        .zip(&row.values)
        .zip(tallies)
        .map(|((plan, value), tally)| {
            let Some(value_text) = text(value) else {
                // Bytes go; NULL stays NULL.
                let bytes = matches!(value, Value::Bytes(bytes) if !bytes.is_empty());
                tally.values += u64::from(bytes);
                tally.changed += u64::from(bytes);
                return if bytes { New::Nothing } else { New::Same };
            };
            let person = plan.person.and_then(|at| row.values.get(at)).and_then(text);
            let person = person.as_deref().map(str::trim).filter(|person| !person.is_empty());
            let bytes = value_text.as_bytes();
            engine.value(plan, bytes, person.map(str::as_bytes), number, scratch, tally)
        })
        .collect()
}

/// Writes a table as CSV: NULL is an empty field, an empty text is `""`. Without a path it only counts.
async fn write(
    run: &Run,
    connector: &dyn Connector,
    one: &mut Ready<'_>,
    path: Option<&Path>,
) -> std::result::Result<(), Why> {
    let mut output = match path {
        Some(path) if path.symlink_metadata().is_ok() => {
            return Err(refused(format!(
                "`{}` is there already: choose another folder, or take it away first",
                path.display()
            )));
        }
        Some(path) => Some(Output::new_file(path)?),
        None => None,
    };
    let names: Vec<String> = one.table.columns.iter().map(|column| column.name.clone()).collect();
    let mut line = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        write_field(name.as_bytes(), b',', false, &mut line);
    }
    line.push(b'\n');
    let scan = Scan { table: one.table.name.clone(), columns: names, sample: None };
    let engine = run.engine();
    let mut scratch = Scratch::default();
    let mut tallies = std::mem::take(&mut one.tallies);
    let (mut rows, mut left_out, mut bytes) = (0_u64, 0_u64, 0_u64);
    let mut failed = None;
    {
        let one = &*one;
        let mut take = |batch: Batch| {
            for row in batch.0 {
                let number = rows;
                rows += 1;
                if one.is_left_out(number) {
                    left_out += 1;
                    continue;
                }
                let new = turn(&engine, &one.plans, &row, number + 1, &mut scratch, &mut tallies);
                for (at, (new, value)) in new.iter().zip(&row.values).enumerate() {
                    if at > 0 {
                        line.push(b',');
                    }
                    let old = text(value);
                    bytes += old.as_ref().map_or(0, |old| old.len() as u64);
                    match (new, &old) {
                        (New::Text(text), _) => write_field(text, b',', false, &mut line),
                        (New::Same, Some(old)) => {
                            write_field(old.as_bytes(), b',', old.is_empty(), &mut line);
                        }
                        _ => {}
                    }
                }
                line.push(b'\n');
                if let Some(output) = &mut output
                    && let Err(error) = output.write_all(&line)
                {
                    failed.get_or_insert(error);
                }
                line.clear();
            }
            Ok(())
        };
        connector.scan(&scan, &mut take).await?;
    }
    if let Some(output) = &mut output {
        // The headings of a table without rows.
        if let Err(error) = output.write_all(&line) {
            failed.get_or_insert(error);
        }
    }
    one.check(rows)?;
    one.tallies = tallies;
    one.part.rows = rows;
    one.part.left_out = left_out;
    one.part.bytes = bytes;
    if let (Some(output), Some(path)) = (output, path) {
        if let Some(error) = failed {
            return Err(Error::file("cannot write", path)(error).into());
        }
        output.finish_new(path, &mut one.part)?;
    }
    Ok(())
}

/// The changes of a table in place, and how many rows they are.
async fn work_out(
    run: &Run,
    connector: &dyn Connector,
    one: &mut Ready<'_>,
) -> std::result::Result<(usize, Vec<Change>), Why> {
    let key = connector.row_key(one.table);
    let set: Vec<usize> = (0..one.plans.len())
        .filter(|at| one.plans.get(*at).is_some_and(|plan| plan.method != Method::Keep))
        .filter(|at| one.table.columns.get(*at).is_some_and(|column| !column.generated))
        .collect();
    let columns = &one.table.columns;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let scan = Scan { table: one.table.name.clone(), columns: names, sample: None };
    let engine = run.engine();
    let mut scratch = Scratch::default();
    let mut tallies = std::mem::take(&mut one.tallies);
    let mut misfits = vec![0_u64; columns.len()];
    let mut in_key = vec![0_u64; columns.len()];
    let (mut rows, mut updates, mut deletes) = (0_u64, Vec::new(), Vec::new());
    let mut too_many = false;
    {
        let one = &*one;
        let mut take = |batch: Batch| {
            for row in batch.0 {
                let number = rows;
                rows += 1;
                if too_many {
                    continue;
                }
                if one.is_left_out(number) {
                    deletes.push(row.key);
                    continue;
                }
                let new = turn(&engine, &one.plans, &row, number + 1, &mut scratch, &mut tallies);
                let mut differs = false;
                let mut sets = Vec::with_capacity(set.len());
                for at in &set {
                    let (Some(new), Some(from), Some(column)) =
                        (new.get(*at), row.values.get(*at), columns.get(*at))
                    else {
                        continue;
                    };
                    let to = match new {
                        New::Same => Some(from.clone()),
                        New::Nothing => empty(column),
                        New::Text(text) => fit(&String::from_utf8_lossy(text), column, from),
                    };
                    let Some(to) = to else {
                        if let Some(count) = misfits.get_mut(*at) {
                            *count += 1;
                        }
                        continue;
                    };
                    if to != *from {
                        differs = true;
                        if key.contains(&column.name)
                            && let Some(count) = in_key.get_mut(*at)
                        {
                            *count += 1;
                        }
                    }
                    sets.push(SetTo { from: from.clone(), to });
                }
                if differs && sets.len() == set.len() {
                    updates.push(RowChange { key: row.key, set: sets });
                }
                too_many = updates.len() + deletes.len() > MOST_CHANGES;
            }
            Ok(())
        };
        connector.scan(&scan, &mut take).await?;
    }
    one.check(rows)?;
    one.tallies = tallies;
    one.part.rows = rows;
    one.part.left_out = deletes.len() as u64;
    let place = &one.part.from;
    for (column, (misfit, key)) in columns.iter().zip(misfits.iter().zip(&in_key)) {
        if *key > 0 {
            return Err(refused(format!(
                "`{place}`: the column `{}` tells the rows apart and cannot change in place: keep it in the profile, or write into files with `-o`",
                column.name
            )));
        }
        if *misfit > 0 {
            return Err(misfitting(place, column, *misfit));
        }
    }
    if set.iter().any(|at| is_day(columns.get(*at)) && is_widened(one.plans.get(*at))) {
        one.part.notes.push(
            "Columns of dates keep their type: a widened date is the first day of its time."
                .to_owned(),
        );
    }
    let count = updates.len() + deletes.len();
    let mut changes = Vec::new();
    if !updates.is_empty() {
        let columns =
            set.iter().filter_map(|at| columns.get(*at)).map(|column| column.name.clone());
        changes.push(Change::Update {
            table: one.table.name.clone(),
            columns: columns.collect(),
            rows: updates,
        });
    }
    if !deletes.is_empty() {
        changes.push(Change::Delete { table: one.table.name.clone(), keys: deletes });
    }
    Ok((count, changes))
}
