//! Twenty gigabytes of logs in two thousand files: what is read in a second, and how much memory it
//! takes, for a search and for retention by the age of records and of files.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde_json::json;

use crate::binary::{House, Took};
use crate::report::{Bar, Line, Report};

pub(crate) fn run(files: u64, megabytes: u64) {
    let mut report = Report::new("logs");
    let data = tempfile::Builder::new()
        .prefix("upheld-logs-")
        .tempdir()
        .unwrap_or_else(|error| panic!("no folder: {error}"));
    let begun = Instant::now();
    let bytes = write(data.path(), files, megabytes);
    println!("{bytes} bytes in {files} files, written in {:.0} s", begun.elapsed().as_secs_f64());
    let limit = read_through(data.path());
    println!("read through by `cat`: {limit:.0} MB/s");

    let address = format!("files:{}", data.path().display());
    let house = House::new("load", &map("file", 5_000), &address);
    let check = house.run(&["retain", "plan"]);
    let mut tell = |what: &str, took: &Took, bytes: u64| {
        if took.code != Some(0) {
            println!("exit code {:?}: {}", took.code, took.said);
        }
        let rate = bytes as f64 / 1e6 / took.seconds();
        report.line(&Line {
            what: what.to_owned(),
            ours: (rate, "MB/s"),
            beside: Some(("`cat` over the same files", limit, "MB/s")),
            figure: (took.peak_mib(), "MiB of memory"),
            bar: Bar::AtMost(256.0),
            moonshot: Bar::AtMost(64.0),
        });
        report.raw(
            what,
            json!({ "seconds": took.seconds(), "peak_kib": took.peak_kib, "code": took.code }),
        );
    };
    tell("logs: retain plan by file, nothing is due", &check, bytes);

    let out = house.beside("access.zip");
    let access = house.run(&["request", "access", "--email", "user4711@acme.example", "-o", &out]);
    tell("logs: search for one person", &access, bytes);

    house.map(&map("file", 500));
    let plan = house.run(&["retain", "plan"]);
    tell("logs: retain plan by file", &plan, bytes);
    let run = house.run(&["retain", "run", "--yes", "--full-speed"]);
    tell("logs: retain run by file, half of the files", &run, bytes / 2);

    house.map(&map("time", 500));
    let run = house.run(&["retain", "run", "--yes", "--full-speed"]);
    tell("logs: retain run by record, half of each file that is left", &run, bytes / 2);

    report.raw("files", files);
    report.raw("bytes", bytes);
    report.keep();
}

/// Logs that go after so many days by their own time or by that of each record.
fn map(from: &str, days: u32) -> String {
    format!(
        "system:
  title: Load
  purposes: [essential.service]
dataset:
  - fides_key: load
    collections:
      - name: access
        upheld:
          table: [\"access-*.log\"]
          title: Access log
          retain: {{ from: {from}, max: {days} days, method: delete }}
        fields:
          - name: line
            data_categories: [user.content]
            upheld: {{ free_text: yes }}
          - name: time
            data_categories: [system.operations]
          - name: file
            data_categories: [system.operations]
          - name: file_time
            data_categories: [system.operations]
"
    )
}

/// The first half of the files was last written 700 days ago; in each of the others every second
/// record is as old.
fn write(folder: &Path, files: u64, megabytes: u64) -> u64 {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |back: i64| today.checked_sub(jiff::Span::new().days(back)).unwrap_or(today);
    let (long_ago, lately) = (day(700), day(100));
    let mut total = 0;
    for file in 0..files {
        let path = folder.join(format!("access-{file:05}.log"));
        let made = std::fs::File::create(&path);
        let mut out = std::io::BufWriter::with_capacity(
            1 << 20,
            made.unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        );
        let old = file < files / 2;
        let (mut written, mut line) = (0, 0u64);
        while written < megabytes * 1_000_000 {
            // In a young file half of the records are older than the limit.
            let day = if old || line.is_multiple_of(2) { long_ago } else { lately };
            let text = format!(
                "{day}T{:02}:{:02}:{:02}Z host{} app[{}]: GET /tickets/{}/notes 200 {} user{}@acme.example 192.0.2.{}\n",
                line / 3_600 % 24,
                line / 60 % 60,
                line % 60,
                file % 97,
                line % 32_768,
                line * 7_919 % 1_000_003,
                line * 31 % 9_973,
                (line * 2_654_435_761 + file) % 60_000,
                line % 256
            );
            written += text.len() as u64;
            line += 1;
            out.write_all(text.as_bytes()).unwrap_or_else(|error| panic!("no room: {error}"));
        }
        out.flush().unwrap_or_else(|error| panic!("no room: {error}"));
        total += written;
        if old {
            let then = std::time::SystemTime::now() - std::time::Duration::from_secs(700 * 86_400);
            let handle = std::fs::File::options().write(true).open(&path);
            drop(handle.and_then(|handle| handle.set_modified(then)));
        }
    }
    total
}

fn read_through(folder: &Path) -> f64 {
    let begun = Instant::now();
    let read = std::process::Command::new("sh")
        .args(["-c", "cat \"$0\"/*.log | wc -c"])
        .arg(folder)
        .output();
    let bytes = read.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    let bytes: f64 = bytes.unwrap_or_default().parse().unwrap_or(0.0);
    bytes / 1e6 / begun.elapsed().as_secs_f64()
}
