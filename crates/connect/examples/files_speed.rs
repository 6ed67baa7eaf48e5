//! How fast a folder is scanned, and in how much memory: `cargo run --release -p connect --example
//! files_speed -- FOLDER` (or a folder and `make` with a number of megabytes, to make one first).

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::io::Write;
use std::path::Path;

use connect::{Address, Batch, Limits, Scan, open};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().ok_or("name a folder")?;
    if let [_, make, megabytes, files] = arguments.as_slice()
        && make == "make"
    {
        return fill(Path::new(folder), megabytes.parse()?, files.parse()?);
    }
    let begun = tokio::time::Instant::now();
    let address = Address::parse(&format!("files:{folder}"))?;
    let system = open(&address, Limits::default()).await?;
    let catalogue = system.catalogue().await?;
    println!("opened in {:.2} s", begun.elapsed().as_secs_f64());
    for table in &catalogue.tables {
        let begun = tokio::time::Instant::now();
        let texts = table.columns.iter().filter(|column| column.data_type.bears_text());
        let columns = texts.map(|column| column.name.clone()).collect();
        let scan = Scan { table: table.name.clone(), columns, sample: None };
        let (mut rows, mut bytes) = (0u64, 0u64);
        let mut count = |batch: Batch| {
            rows += batch.0.len() as u64;
            let values = batch.0.iter().flat_map(|row| &row.values);
            bytes += values.map(|v| v.as_bytes().map_or(0, <[u8]>::len) as u64).sum::<u64>();
            Ok(())
        };
        system.scan(&scan, &mut count).await?;
        let spent = begun.elapsed().as_secs_f64();
        let megabytes = bytes as f64 / 1e6;
        println!(
            "{}: {rows} rows, {megabytes:.0} MB in {spent:.2} s: {:.0} MB/s",
            table.name,
            megabytes / spent
        );
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}

/// Logs of a web server, so many megabytes in so many files.
fn fill(folder: &Path, megabytes: usize, files: usize) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let mut number = 0u64;
    for file in 0..files {
        let path = folder.join(format!("access-{file:05}.log"));
        let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
        let mut written = 0;
        while written < megabytes * 1_000_000 / files {
            let line = format!(
                "10.{}.{}.{} - user{} [02/Jan/2024:{:02}:{:02}:{:02} +0000] \"GET /tickets/{number}?q=printer HTTP/1.1\" 200 {} \"https://desk.example/\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n",
                number % 251,
                number % 241,
                number % 239,
                number % 5_003,
                number / 3_600 % 24,
                number / 60 % 60,
                number % 60,
                number % 90_000
            );
            out.write_all(line.as_bytes())?;
            written += line.len();
            number += 1;
        }
        out.flush()?;
    }
    Ok(())
}
