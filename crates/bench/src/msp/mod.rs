//! The database of a made-up IT service provider, as large as one wants it: who looks after some
//! two thousand client companies keeps contacts, tickets with notes, invoices, payments, devices,
//! subscribers and a record of sign-ins.
//!
//! Scale 1 has 200,000 contacts, a million tickets and three million notes, 1.7 GB. One contact in
//! a thousand is heavy: some 505 tickets and 1,515 notes. The same scale gives the same rows.
//!
//! What is deliberately not here: any trick that makes a search easy. Every note names the number
//! of its own contact; every fiftieth names somebody else's address, with no reference to them.

mod map;
mod rows;
mod schema;
mod text;

use std::time::Instant;

use sqlx::{Connection as _, PgConnection};
use testkit::Postgres;

use crate::binary::House;

pub(crate) use rows::{Company, Table};

/// The database, and where it runs.
pub(crate) struct Msp {
    /// The server, unless the database was there before.
    server: Option<Postgres>,
    url: String,
    pub(crate) company: Company,
    pub(crate) scale: f64,
}

impl Msp {
    /// Generates it on a server of its own, or takes one that was generated before at `url`.
    pub(crate) fn at(scale: f64, url: Option<&str>) -> Self {
        let company = Company::of_scale(scale);
        if let Some(url) = url {
            return Self { server: None, url: url.to_owned(), company, scale };
        }
        // A server as it ships, with memory enough for the indexes: nothing that a test leaves out.
        let server = Postgres::start_with(&[
            "fsync=on",
            "full_page_writes=on",
            "autovacuum=on",
            "shared_buffers=1GB",
            "max_wal_size=4GB",
        ]);
        let url = server.fresh_database("msp");
        generate(&url, &company);
        Self { server: Some(server), url, company, scale }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A policy folder for it.
    pub(crate) fn house(&self) -> House {
        House::new("msp", map::MAP, &self.url)
    }

    /// Runs SQL by way of `psql` and returns what it prints.
    pub(crate) fn psql(&self, sql: &str) -> String {
        self.server.as_ref().unwrap_or_else(|| testkit::postgres()).execute(&self.url, sql)
    }

    pub(crate) fn version(&self) -> String {
        self.psql("SELECT version()").trim().to_owned()
    }

    /// Waits until whoever started this has had enough of the database.
    pub(crate) fn serve(&self) {
        println!("It is at {} until this is ended with Ctrl-C.", self.url);
        loop {
            std::thread::park();
        }
    }
}

/// Writes every row, then keys and indexes.
fn generate(url: &str, company: &Company) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let begun = Instant::now();
    let made = runtime.block_on(fill(url, company));
    let rows = made.unwrap_or_else(|error| panic!("the database cannot be made: {error}"));
    println!("{rows} rows generated in {:.0} s", begun.elapsed().as_secs_f64());
}

async fn fill(url: &str, company: &Company) -> sqlx::Result<u64> {
    /// So much is handed over at once.
    const PIECE: usize = 1 << 20;
    let mut link = PgConnection::connect(url).await?;
    // What is being made is worth nothing until it is whole.
    sqlx::raw_sql("SET synchronous_commit = off").execute(&mut link).await?;
    sqlx::raw_sql(schema::TABLES).execute(&mut link).await?;
    let mut rows = 0;
    for table in Table::ALL {
        let count = company.count(table);
        let order = format!("COPY {} FROM STDIN", table.name());
        let mut out = link.copy_in_raw(&order).await?;
        let mut piece = String::with_capacity(PIECE + 4_096);
        for number in 1..=count {
            company.write(table, number, &mut piece);
            if piece.len() >= PIECE {
                out.send(piece.as_bytes()).await?;
                piece.clear();
            }
        }
        out.send(piece.as_bytes()).await?;
        rows += out.finish().await?;
    }
    sqlx::raw_sql(schema::KEYS).execute(&mut link).await?;
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut link).await?;
    sqlx::raw_sql("CHECKPOINT").execute(&mut link).await?;
    link.close().await?;
    Ok(rows)
}
