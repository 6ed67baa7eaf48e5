//! Systems: every text of every table, or a sample of its rows.

use std::path::Path;
use std::sync::Arc;

use connect::{Address, Connector, Limits, Page, Scan};
use documents::{At, Input, Place};
use model::{DataType, Table, Value};
use render::scan::ScanPart;

use super::Search;
use super::look::Look;
use super::remembered::Remembered;
use crate::{House, Means};

/// Which rows of each table.
pub(super) struct Wanted<'r> {
    /// At most so many, spread over the table.
    pub(super) sample: Option<u32>,
    /// Those that were added since.
    pub(super) remembered: Option<&'r mut Remembered>,
}

/// A system that the settings connect.
pub(super) async fn system(
    search: &Search,
    house: &House,
    name: &str,
    wanted: Wanted<'_>,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    let state = house.state().await.map_err(|error| error.to_string())?;
    let mut connections = (*house.connections()).clone();
    if let Some(connection) = connections.get_mut(name) {
        connection.read_only = true;
    }
    let lender = house.lender_of(&state, Arc::new(connections));
    let connector =
        engine::Systems::open(&lender, name).await.map_err(|error| format!("`{name}`: {error}"))?;
    let done =
        tables(search, connector.as_ref(), name, wanted, house.means.progress.as_ref(), take).await;
    connector.close().await;
    done
}

/// A database by its address.
pub(super) async fn address(
    search: &Search,
    means: &Means,
    address: &str,
    wanted: Wanted<'_>,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    let parsed = Address::parse(address).map_err(|error| error.to_string())?;
    // Without the password.
    let shown = parsed.to_string();
    let limits = Limits { read_only: true, ..Limits::default() };
    let connector =
        connect::open(&parsed, limits).await.map_err(|error| format!("`{shown}`: {error}"))?;
    let done =
        tables(search, connector.as_ref(), &shown, wanted, means.progress.as_ref(), take).await;
    connector.close().await;
    done
}

/// An SQLite file that was met, opened to be read.
pub(super) async fn sqlite(
    search: &Search,
    file: &Path,
    name: &str,
) -> Result<Vec<ScanPart>, String> {
    let address = Address::parse(&format!("sqlite:{}?mode=ro", file.display()))
        .map_err(|error| error.to_string())?;
    let limits = Limits { read_only: true, ..Limits::default() };
    let connector = connect::open(&address, limits).await.map_err(|error| error.to_string())?;
    let mut parts = Vec::new();
    let wanted = Wanted { sample: None, remembered: None };
    let done = tables(search, connector.as_ref(), name, wanted, &Silent, &mut |part| {
        parts.push(part.clone());
    })
    .await;
    connector.close().await;
    done.map(|()| parts)
}

/// Nobody listens.
struct Silent;

impl engine::Progress for Silent {
    fn step(&self, _: &str, _: &str) {}
    fn rows(&self, _: u64) {}
}

async fn tables(
    search: &Search,
    connector: &dyn Connector,
    name: &str,
    mut wanted: Wanted<'_>,
    progress: &dyn engine::Progress,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    let catalogue =
        connector.latest_catalogue().await.map_err(|error| format!("`{name}`: {error}"))?;
    // What a view shows stands in tables.
    for table in catalogue.tables.iter().filter(|table| !table.is_view) {
        progress.step(name, &format!("looking at {}", table.name));
        take(&one(search, connector, table, name, &mut wanted, progress).await);
    }
    Ok(())
}

/// Whether a column may hold something that somebody wrote, or a number of somebody.
const fn is_looked_at(kind: &DataType) -> bool {
    !matches!(kind, DataType::Boolean | DataType::Timestamp | DataType::Time)
}

/// Whether one whole number tells the rows apart.
fn is_numbered(table: &Table, key: &[String]) -> bool {
    let [key] = key else { return false };
    let column = table.columns.iter().find(|column| column.name == *key);
    column.is_some_and(|column| column.data_type == DataType::Integer)
}

async fn one(
    search: &Search,
    connector: &dyn Connector,
    table: &Table,
    system: &str,
    wanted: &mut Wanted<'_>,
    progress: &dyn engine::Progress,
) -> ScanPart {
    let sample = wanted.sample;
    let columns: Vec<String> = table
        .columns
        .iter()
        .filter(|column| is_looked_at(&column.data_type))
        .map(|column| column.name.clone())
        .collect();
    let path = format!("{system}#{}", table.name);
    let mut look = Look::new(search, &path);
    let (mut rows, mut too_large, mut whole) = (0_u64, 0, true);
    // Rows that are told apart by a number are named by it, and those that were added are known by it.
    let numbered = is_numbered(table, &connector.row_key(table));
    let earlier = wanted.remembered.as_ref().filter(|_| numbered && sample.is_none());
    let earlier = earlier.and_then(|known| known.rows(&path)).cloned();
    let mut up_to = earlier.as_ref().map(|earlier| earlier.up_to);
    if !columns.is_empty() {
        let scan = Scan { table: table.name.clone(), columns: columns.clone(), sample };
        let parts: Vec<String> =
            columns.iter().map(|column| format!("{}.{column}", table.name)).collect();
        let mut page = |page: Page| {
            too_large += page.too_large;
            for row in 0..page.rows() {
                rows += 1;
                let mut named = rows;
                if numbered && let [Value::Int(number)] = page.key(row).0.as_slice() {
                    up_to = up_to.max(Some(*number));
                    named = u64::try_from(*number).unwrap_or(rows);
                }
                for (at, (column, part)) in columns.iter().zip(&parts).enumerate() {
                    if let Some(value) = page.text(row, at) {
                        field(&mut look, system, column, part, named, &value);
                    }
                }
            }
            progress.rows(u64::try_from(page.rows()).unwrap_or(0));
            Ok(())
        };
        let swept = match &earlier {
            Some(earlier) => connector.sweep_beyond(&scan, earlier.up_to, &mut page).await,
            None => connector.sweep(&scan, &mut page).await,
        };
        if let Err(error) = swept {
            whole = false;
            look.part.unread.push((path.clone(), error.to_string()));
        }
    }
    if too_large > 0 {
        let values = render::words::count(too_large, "value", "values");
        look.part.unread.push((path.clone(), format!("{values} of more than 32 MiB")));
    }
    let before = earlier.as_ref().map_or(0, |earlier| earlier.rows);
    let about = if sample.is_some() { table.about_rows.max(rows) } else { before + rows };
    look.part.rows = Some((rows, about));
    let mut part = look.finish();
    if let Some(earlier) = &earlier {
        part.join(&earlier.part);
    }
    if let (Some(known), Some(up_to), true) =
        (&mut wanted.remembered, up_to, numbered && whole && sample.is_none())
    {
        known.keep_rows(up_to, before + rows, &part);
    }
    if let Some(earlier) = earlier {
        let told = format!(
            "rows up to {} are told as they were last time: what was changed or deleted among them since is not seen",
            earlier.up_to
        );
        part.unread.push((path, told));
    }
    part
}

/// A value: as it is; what is a document, taken apart.
fn field(look: &mut Look<'_>, system: &str, column: &str, part: &str, row: u64, value: &[u8]) {
    if value.is_empty() {
        return;
    }
    let place = Place { path: system.to_owned(), part: part.to_owned(), at: At::Row(row) };
    if detect::file_kind(value).is_some() {
        let limits = look.limits();
        documents::read(&format!("{system}#{part}"), Input::Stream(Box::new(value)), &limits, look);
    } else {
        look.value(&place, column, value);
    }
}
