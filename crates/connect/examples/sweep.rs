//! How fast texts come out of a system and are searched:
//! `cargo run --release -p connect --example sweep URL TABLE COLUMN…`.
//!
//! Reads the columns of a table three times and drops them, then searches them for one person and
//! for a thousand, on a thread of its own as the engine does. Prints seconds of the clock and
//! megabytes of text a second; a peer is `psql -c "\copy (SELECT …) TO /dev/null"` in the same hour.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement prints and takes the time"
)]

use std::sync::mpsc::sync_channel;
use std::time::Instant;

use connect::{Address, Limits, Page, Scan, open};
use detect::{PersonTerms, Scratch, SearchOptions, Searcher, Term, TermKind};
use model::TableName;

/// People of the shape that the sample of a service provider has.
fn people(count: usize) -> Vec<PersonTerms> {
    (1..=count)
        .map(|n| PersonTerms {
            terms: vec![
                Term::new(TermKind::Email, format!("person{n}@client{}.example", 1 + n % 200)),
                Term::new(TermKind::Name, format!("Greta Surname{n}")),
                Term::new(TermKind::Phone, format!("+49{:010}", 30_000_000 + n)),
                Term::new(TermKind::UserName, format!("user{n}")),
            ],
        })
        .collect()
}

/// The texts of a page: how many bytes they have.
fn texts(page: &Page, columns: usize, mut each: impl FnMut(&[u8])) -> u64 {
    let mut bytes = 0;
    for row in 0..page.rows() {
        for text in (0..columns).filter_map(|column| page.text(row, column)) {
            bytes += text.len() as u64;
            each(&text);
        }
    }
    bytes
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let url = words.next().ok_or("usage: sweep URL TABLE COLUMN…")?;
    let table = words.next().ok_or("which table?")?;
    let columns: Vec<String> = words.collect();
    let system =
        open(&Address::parse(&url)?, Limits { read_only: true, ..Limits::default() }).await?;
    let shape = system.catalogue().await?;
    let name: TableName = shape
        .tables
        .iter()
        .find(|known| known.name.table == table)
        .map(|known| known.name.clone())
        .ok_or("there is no such table")?;
    let width = columns.len();
    let scan = Scan { table: name, columns, sample: None };
    let tell = |what: &str, begin: Instant, bytes: u64, found: usize| {
        let took = begin.elapsed().as_secs_f64();
        println!("{what}: {took:.3} s, {:.0} MB/s, {found} found", bytes as f64 / 1e6 / took);
    };
    for _ in 0..3 {
        let begin = Instant::now();
        let mut bytes = 0;
        system
            .sweep(&scan, &mut |page: Page| {
                bytes += texts(&page, width, |_| ());
                Ok(())
            })
            .await?;
        tell("read and dropped", begin, bytes, 0);
        for count in [1, 1000] {
            let searcher = Searcher::new(&people(count), &SearchOptions::default());
            let begin = Instant::now();
            let (sender, pages) = sync_channel::<Page>(2);
            let searching = std::thread::spawn(move || {
                let (mut scratch, mut found, mut bytes, mut count) =
                    (Scratch::new(), Vec::new(), 0, 0);
                for page in pages {
                    bytes += texts(&page, width, |text| {
                        searcher.search(text, &mut scratch, &mut found);
                    });
                    count += found.len();
                    found.clear();
                }
                (bytes, count)
            });
            system
                .sweep(&scan, &mut |page: Page| {
                    sender.send(page).map_err(|_| connect::Error::Broken("searching ended".into()))
                })
                .await?;
            drop(sender);
            let (bytes, found) = searching.join().map_err(|_| "searching failed")?;
            tell(&format!("searched for {count}"), begin, bytes, found);
        }
    }
    system.close().await;
    Ok(())
}
