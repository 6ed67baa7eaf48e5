//! How fast a whole table is read: `cargo run --release -p connect --example scan_speed -- ADDRESS`.
//!
//! Scans every table of the database once and prints rows and megabytes a second for each.

#![expect(clippy::print_stdout, reason = "a tool for people at a terminal")]

use connect::{Address, Batch, Limits, Scan, open};

#[tokio::main]
async fn main() -> connect::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let system = open(&Address::parse(&address)?, Limits::default()).await?;
    for table in system.catalogue().await?.tables {
        let (mut rows, mut bytes) = (0_usize, 0_usize);
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        let scan = Scan { table: table.name.clone(), columns, sample: None };
        let begun = tokio::time::Instant::now();
        let mut count = |batch: Batch| {
            rows += batch.0.len();
            let values = batch.0.iter().flat_map(|row| &row.values);
            bytes += values.map(|value| value.as_bytes().map_or(8, <[u8]>::len)).sum::<usize>();
            Ok(())
        };
        system.scan(&scan, &mut count).await?;
        let seconds = begun.elapsed().as_secs_f64().max(1e-6);
        let (per_second, megabytes) = (rows as f64 / seconds, bytes as f64 / 1e6 / seconds);
        println!("{}: {rows} rows, {per_second:.0} rows/s, {megabytes:.0} MB/s", table.name);
    }
    system.close().await;
    Ok(())
}
