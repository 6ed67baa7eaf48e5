//! Twenty gigabytes of logs in two thousand files: what is read in a second, and how much memory it
//! takes, for a search and for retention by the age of records and of files.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde_json::json;

use crate::binary::{House, Took, keep, machine};

pub(crate) fn run(files: u64, megabytes: u64) {
    let machine = machine();
    let data = tempfile::Builder::new()
        .prefix("upheld-logs-")
        .tempdir()
        .unwrap_or_else(|error| panic!("no folder: {error}"));
    let begun = Instant::now();
    let bytes = write(data.path(), files, megabytes);
    println!("{bytes} bytes in {files} files, written in {:.0} s", begun.elapsed().as_secs_f64());
    let limit = read_through(data.path());
    println!("read through by `cat`: {limit:.0} MB/s");

    let house = House::new("dataset: []\n", &format!("files:{}", data.path().display()));
    let _ = std::fs::remove_file(house.policy().join("systems/load.yaml"));
    let address = format!("files:{}", data.path().display());
    let connect = house.must(&["connect", "load", &address, "--yes"]);
    let mut told = vec![told("connect", &connect, bytes)];

    let out = house.folder.path().join("access.zip").to_string_lossy().into_owned();
    let access = house.run(&["request", "access", "--email", "user4711@acme.example", "-o", &out]);
    told.push(self::told("search for one person", &access, bytes));

    retain(&house, "file");
    let plan = house.run(&["retain", "plan"]);
    told.push(self::told("retain plan by file", &plan, bytes));
    let run = house.run(&["retain", "run", "--yes", "--full-speed"]);
    told.push(self::told("retain run by file: half of the files", &run, bytes / 2));

    retain(&house, "time");
    let run = house.run(&["retain", "run", "--yes", "--full-speed"]);
    told.push(self::told("retain run by record: half of each file that is left", &run, bytes / 2));

    keep(
        "logs",
        &json!({ "machine": machine, "files": files, "bytes": bytes, "cat_mb_s": limit, "runs": told }),
    );
}

fn told(what: &str, took: &Took, bytes: u64) -> serde_json::Value {
    let rate = bytes as f64 / 1e6 / took.wall.as_secs_f64();
    println!(
        "{what}: {:.1} s, {rate:.0} MB/s, at most {:.1} MiB of memory, exit code {:?}",
        took.wall.as_secs_f64(),
        took.peak_kib as f64 / 1024.0,
        took.code
    );
    if took.code != Some(0) {
        println!("{}", took.said);
    }
    json!({ "what": what, "seconds": took.wall.as_secs_f64(), "mb_s": rate, "peak_kib": took.peak_kib, "code": took.code })
}

/// Gives every collection of the map the rule: older than 500 days, by this measure.
fn retain(house: &House, from: &str) {
    let path = house.policy().join("systems/load.yaml");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let without: String =
        text.lines().filter(|line| !line.contains("retain:")).map(|l| format!("{l}\n")).collect();
    let mut made = String::new();
    for line in without.lines() {
        made.push_str(line);
        made.push('\n');
        if line.trim() == "upheld:" && line.starts_with("        upheld") {
            made.push_str(&format!(
                "          retain: {{ from: {from}, max: 500 days, method: delete }}\n"
            ));
        }
    }
    house.write("systems/load.yaml", &made);
}

/// Each file holds ten days; the first half of the files is older than 500 days as a whole.
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
