//! PostgreSQL, MySQL, MariaDB and SQLite: one adapter, three dialects.

mod account;
mod batch;
mod catalogue_mysql;
mod catalogue_postgres;
mod catalogue_sqlite;
mod cell;
mod change;
mod due;
mod except;
mod expr;
mod failure;
mod find;
mod insert;
mod link;
mod moment;
mod partition;
mod privileges;
mod probe;
mod purge;
mod scan;
mod shape;
mod statement;
mod sweep;
mod time;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use model::{Catalogue, RowKey, Table, TableName};

use self::link::{Link, Links};
use self::purge::Ways;
use self::shape::Shape;
use self::statement::Dialect;
use crate::address::{Address, Place};
use crate::pace;
use crate::page::Beyond;
use crate::{
    ChangeSet, Changed, Connector, Dropping, Due, DueRows, Insert, Limits, Lookup, Offer, PageSink,
    Partition, Privilege, Probe, Probed, Purge, Purged, Result, Rights, Scan, Sink, Timed, Timing,
    Use, merged,
};

/// Opens a database: signs in, reads its catalogue, and is ready.
///
/// A file that is missing is not created; a server beyond this machine is spoken to only
/// encrypted.
pub(crate) async fn open(address: &Address, limits: Limits) -> Result<Box<dyn Connector>> {
    let limits = match &address.place {
        Place::File { read_only: true, .. } => Limits { read_only: true, ..limits },
        _ => limits,
    };
    let links = Links::new(address.clone(), limits);
    let mut loan = links.borrow().await?;
    let shape = read(&mut loan.link, address).await?;
    loan.keep();
    Ok(Box::new(Sql {
        address: address.clone(),
        links,
        limits,
        shape: RwLock::new(Arc::new(shape)),
        ways: Ways::default(),
    }))
}

/// A database by way of its SQL.
struct Sql {
    address: Address,
    links: Links,
    limits: Limits,
    shape: RwLock<Arc<Shape>>,
    ways: Ways,
}

impl Sql {
    /// The shape as it was last read.
    fn shape(&self) -> Arc<Shape> {
        Arc::clone(&self.shape.read().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn read(link: &mut Link, address: &Address) -> Result<Shape> {
    match link.dialect() {
        Dialect::Postgres => catalogue_postgres::read(link).await,
        Dialect::MySql => catalogue_mysql::read(link).await,
        Dialect::Sqlite => {
            let name = match &address.place {
                Place::File { path, .. } => {
                    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
                }
                Place::Server(server) => server.database.clone(),
                Place::Folder { .. } => String::new(),
            };
            catalogue_sqlite::read(link, name).await
        }
    }
}

#[async_trait]
impl Connector for Sql {
    async fn catalogue(&self) -> Result<Catalogue> {
        let mut loan = self.links.borrow().await?;
        let shape = Arc::new(read(&mut loan.link, &self.address).await?);
        loan.keep();
        *self.shape.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&shape);
        self.ways.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(shape.catalogue())
    }

    async fn latest_catalogue(&self) -> Result<Catalogue> {
        Ok(self.shape().catalogue())
    }

    async fn rights(&self, uses: &[Use]) -> Result<Rights> {
        self.compared(uses).await
    }

    async fn offer(&self, uses: &[Use], account: &str) -> Result<Offer> {
        self.offered(uses, account).await
    }

    async fn probe(&self, probes: &[Probe]) -> Result<Vec<Probed>> {
        self.probed(probes).await
    }

    async fn time(&self, probe: &Probe, timing: Timing) -> Result<Timed> {
        self.timed(probe, timing).await
    }

    fn row_key(&self, table: &Table) -> Vec<String> {
        let shape = self.shape();
        let key = shape
            .table(&table.name)
            .map(|shape| shape.key.iter().map(|column| column.name.as_str().to_owned()).collect());
        key.unwrap_or_else(|_| table.primary_key.clone())
    }

    async fn find(&self, lookup: &Lookup, sink: &mut dyn Sink) -> Result<()> {
        let told = self.find_rows(lookup, sink).await;
        self.explained(told, &[Use::of_lookup(lookup)]).await
    }

    async fn scan(&self, scan: &Scan, sink: &mut dyn Sink) -> Result<()> {
        let told = self.scan_rows(scan, sink).await;
        self.explained(told, &[Use::of_scan(scan)]).await
    }

    async fn sweep(&self, scan: &Scan, sink: &mut dyn PageSink) -> Result<()> {
        let told = self.sweep_rows(scan, None, sink).await;
        self.explained(told, &[Use::of_scan(scan)]).await
    }

    async fn sweep_beyond(&self, scan: &Scan, number: i64, sink: &mut dyn PageSink) -> Result<()> {
        let told = self.sweep_rows(scan, Some(number), &mut Beyond { number, sink }).await;
        self.explained(told, &[Use::of_scan(scan)]).await
    }

    async fn count(&self, lookup: &Lookup) -> Result<u64> {
        let told = self.count_rows(lookup).await;
        self.explained(told, &[Use::of_lookup(lookup)]).await
    }

    async fn change(&self, set: &ChangeSet) -> Result<Changed> {
        let told = self.apply(set, true).await;
        self.explained(told, &Use::of_changes(set)).await
    }

    async fn insert(&self, inserts: &[Insert]) -> Result<u64> {
        let told = self.insert_rows(inserts).await;
        self.explained(told, &[]).await
    }

    async fn rehearse(&self, set: &ChangeSet) -> Result<Changed> {
        let told = self.apply(set, false).await;
        self.explained(told, &Use::of_changes(set)).await
    }

    async fn due(&self, due: &Due, at_most: u64) -> Result<DueRows> {
        let told = self.count_due(due, at_most).await;
        self.explained(told, &Use::of_due(due)).await
    }

    async fn undated(&self, due: &Due, at_most: u64) -> Result<u64> {
        let told = self.count_undated(due, at_most).await;
        self.explained(told, &Use::of_due(due)).await
    }

    async fn list_due(
        &self,
        due: &Due,
        columns: &[String],
        after: Option<&RowKey>,
        limit: u32,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let told = self.list_due_rows(due, columns, after, limit, sink).await;
        let mut uses = Use::of_due(due);
        uses.push(Use::of(due.table.clone()).reading(columns));
        self.explained(told, &merged(uses)).await
    }

    async fn purge(&self, purge: &Purge, limit: u32) -> Result<Purged> {
        let told = self.purge_due(purge, limit).await;
        self.explained(told, &Use::of_purge(&purge.due)).await
    }

    async fn partitions(&self, table: &TableName, column: &str) -> Result<Vec<Partition>> {
        self.list_partitions(table, column).await
    }

    async fn drop_partition(&self, due: &Due, partition: &str, at_most: u64) -> Result<Dropping> {
        self.drop_due_partition(due, partition, at_most).await
    }

    async fn privileges(&self) -> Result<Vec<Privilege>> {
        let told = self.read_privileges().await;
        self.explained(told, &[]).await
    }

    async fn close(&self) {
        self.links.close().await;
    }
}
