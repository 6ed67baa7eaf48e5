//! Systems: every text of every table, or a sample of its rows.

use std::path::Path;

use connect::{Address, Connector, Limits, Page, Scan};
use documents::{At, Input, Place};
use model::{DataType, Table};
use render::scan::ScanPart;

use super::Search;
use super::look::Look;
use crate::systems::Lender;
use crate::{House, Means};

/// A system that the settings connect.
pub(super) async fn system(
    search: &Search,
    house: &House,
    name: &str,
    sample: Option<u32>,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    let state = house.state().await.map_err(|error| error.to_string())?;
    let mut connections = house.settings.connections.clone();
    if let Some(connection) = connections.get_mut(name) {
        connection.read_only = true;
    }
    let lender = Lender {
        folder: &house.folder,
        connections: &connections,
        state: &state,
        environment: house.means.environment.as_ref(),
    };
    let connector =
        engine::Systems::open(&lender, name).await.map_err(|error| format!("`{name}`: {error}"))?;
    let done =
        tables(search, connector.as_ref(), name, sample, house.means.progress.as_ref(), take).await;
    connector.close().await;
    done
}

/// A database by its address.
pub(super) async fn address(
    search: &Search,
    means: &Means,
    address: &str,
    sample: Option<u32>,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    let parsed = Address::parse(address).map_err(|error| error.to_string())?;
    // Without the password.
    let shown = parsed.to_string();
    let limits = Limits { read_only: true, ..Limits::default() };
    let connector =
        connect::open(&parsed, limits).await.map_err(|error| format!("`{shown}`: {error}"))?;
    let done =
        tables(search, connector.as_ref(), &shown, sample, means.progress.as_ref(), take).await;
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
    let done = tables(search, connector.as_ref(), name, None, &Silent, &mut |part| {
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
    sample: Option<u32>,
    progress: &dyn engine::Progress,
    take: &mut (dyn FnMut(&ScanPart) + Send),
) -> Result<(), String> {
    let catalogue =
        connector.latest_catalogue().await.map_err(|error| format!("`{name}`: {error}"))?;
    // What a view shows stands in tables.
    for table in catalogue.tables.iter().filter(|table| !table.is_view) {
        progress.step(name, &format!("looking at {}", table.name));
        let part = one(search, connector, table, name, sample, progress).await;
        take(&part);
    }
    Ok(())
}

/// Whether a column may hold something that somebody wrote, or a number of somebody.
const fn is_looked_at(kind: &DataType) -> bool {
    !matches!(kind, DataType::Boolean | DataType::Timestamp | DataType::Time)
}

async fn one(
    search: &Search,
    connector: &dyn Connector,
    table: &Table,
    system: &str,
    sample: Option<u32>,
    progress: &dyn engine::Progress,
) -> ScanPart {
    let columns: Vec<String> = table
        .columns
        .iter()
        .filter(|column| is_looked_at(&column.data_type))
        .map(|column| column.name.clone())
        .collect();
    let path = format!("{system}#{}", table.name);
    let mut look = Look::new(search, &path);
    let (mut rows, mut too_large) = (0_u64, 0);
    if !columns.is_empty() {
        let scan = Scan { table: table.name.clone(), columns: columns.clone(), sample };
        let parts: Vec<String> =
            columns.iter().map(|column| format!("{}.{column}", table.name)).collect();
        let mut page = |page: Page| {
            too_large += page.too_large;
            for row in 0..page.rows() {
                rows += 1;
                for (at, (column, part)) in columns.iter().zip(&parts).enumerate() {
                    if let Some(value) = page.text(row, at) {
                        field(&mut look, system, column, part, rows, &value);
                    }
                }
            }
            progress.rows(u64::try_from(page.rows()).unwrap_or(0));
            Ok(())
        };
        if let Err(error) = connector.sweep(&scan, &mut page).await {
            look.part.unread.push((path.clone(), error.to_string()));
        }
    }
    if too_large > 0 {
        let values = render::words::count(too_large, "value", "values");
        look.part.unread.push((path, format!("{values} of more than 32 MiB")));
    }
    let about = if sample.is_some() { table.about_rows.max(rows) } else { rows };
    look.part.rows = Some((rows, about));
    look.finish()
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
