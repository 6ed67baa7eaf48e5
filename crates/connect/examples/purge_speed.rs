//! How fast rows are purged, beside hand-written batched deletions:
//! `cargo run --release -p connect --example purge_speed -- ADDRESS ROWS BATCH [noindex]`.
//!
//! Fills the table `purge_speed` twice with the same rows, a third of them old, and deletes those
//! in batches: by hand, then by the connector. A writer changes young rows meanwhile; its waits at
//! the 99th percentile stand beside those of a quiet table. The table is dropped at the end.

#![expect(clippy::print_stdout, reason = "a tool for people at a terminal")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use connect::{Address, Due, Limits, Old, Purge, open};
use model::{Micros, TableName};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, SqliteConnection};
use tokio::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// 2020-01-01T00:00:00Z: a third of the rows is older.
const BEFORE: Micros = Micros(1_577_836_800_000_000);

enum Hand {
    Postgres(PgConnection),
    MySql(MySqlConnection),
    Sqlite(SqliteConnection),
}

impl Hand {
    async fn open(url: &str) -> Outcome<Self> {
        Ok(if url.starts_with("postgres") {
            Self::Postgres(PgConnection::connect(url).await?)
        } else if url.starts_with("sqlite") {
            Self::Sqlite(SqliteConnection::connect(url).await?)
        } else {
            Self::MySql(MySqlConnection::connect(&url.replacen("mariadb", "mysql", 1)).await?)
        })
    }

    async fn run(&mut self, sql: &str) -> Outcome<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Postgres(link) => link.execute(sql).await?.rows_affected(),
            Self::MySql(link) => link.execute(sql).await?.rows_affected(),
            Self::Sqlite(link) => link.execute(sql).await?.rows_affected(),
        })
    }

    async fn fill(&mut self, rows: u64, indexed: bool) -> Outcome<()> {
        self.run("DROP TABLE IF EXISTS purge_speed").await?;
        let old = rows / 3;
        // Rows arrive in the order of their age, as they do in life.
        let steps: Vec<String> = match self {
            Self::Postgres(_) => vec![
                "CREATE TABLE purge_speed (id bigint PRIMARY KEY, made timestamptz NOT NULL, status varchar(10), body text)".into(),
                format!("INSERT INTO purge_speed SELECT i, '2020-01-01Z'::timestamptz + (i - {old}) * interval '10 seconds', 'closed', repeat(md5(i::text), 4) FROM generate_series(1, {rows}) i"),
                if indexed { "CREATE INDEX purge_speed_made ON purge_speed (made)".into() } else { "SELECT 1".into() },
                "VACUUM ANALYZE purge_speed".into(),
                "CHECKPOINT".into(),
            ],
            Self::MySql(_) => vec![
                "SET time_zone = '+00:00'".into(),
                "CREATE TABLE purge_speed (id bigint PRIMARY KEY, made datetime NOT NULL, status varchar(10), body text) ENGINE=InnoDB".into(),
                format!("INSERT INTO purge_speed SELECT seq, '2020-01-01' + INTERVAL (cast(seq as signed) - {old}) * 10 SECOND, 'closed', repeat(md5(seq), 4) FROM seq_1_to_{rows}"),
                if indexed { "CREATE INDEX purge_speed_made ON purge_speed (made)".into() } else { "SELECT 1".into() },
                "ANALYZE TABLE purge_speed".into(),
            ],
            Self::Sqlite(_) => vec![
                "CREATE TABLE purge_speed (id INTEGER PRIMARY KEY, made TEXT NOT NULL, status TEXT, body TEXT)".into(),
                format!("INSERT INTO purge_speed WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {rows}) SELECT i, datetime(1577836800 + (i - {old}) * 10, 'unixepoch'), 'closed', hex(randomblob(64)) FROM c"),
                if indexed { "CREATE INDEX purge_speed_made ON purge_speed (made)".into() } else { "SELECT 1".into() },
            ],
        };
        for step in steps {
            self.run(&step).await?;
        }
        Ok(())
    }

    /// One batch as a careful administrator would write it.
    async fn delete(&mut self, batch: u32, indexed: bool) -> Outcome<u64> {
        let order = if indexed { "ORDER BY made" } else { "" };
        let sql = match self {
            Self::Postgres(_) => format!(
                "DELETE FROM purge_speed WHERE ctid = ANY (ARRAY (SELECT ctid FROM purge_speed WHERE made < '2020-01-01Z' {order} LIMIT {batch}))"
            ),
            Self::MySql(_) => {
                format!("DELETE FROM purge_speed WHERE made < '2020-01-01' {order} LIMIT {batch}")
            }
            Self::Sqlite(_) => format!(
                "DELETE FROM purge_speed WHERE id IN (SELECT id FROM purge_speed WHERE made < '2020-01-01' LIMIT {batch})"
            ),
        };
        self.run(&sql).await
    }
}

/// Changes young rows one after another, and says how long each took.
async fn write(url: String, rows: u64, stop: Arc<AtomicBool>) -> Outcome<Vec<Duration>> {
    let mut hand = Hand::open(&url).await?;
    let (mut took, mut id) = (Vec::new(), rows);
    while !stop.load(Ordering::Relaxed) {
        id = if id < rows / 2 { rows } else { id - 7 };
        let begun = Instant::now();
        hand.run(&format!("UPDATE purge_speed SET status = 'again' WHERE id = {id}")).await?;
        took.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    took.sort_unstable();
    Ok(took)
}

fn p99(took: &[Duration]) -> f64 {
    let place = (took.len() * 99 / 100).min(took.len().saturating_sub(1));
    took.get(place).map_or(0.0, |took| took.as_secs_f64() * 1e3)
}

struct Beside {
    stop: Arc<AtomicBool>,
    writer: tokio::task::JoinHandle<Outcome<Vec<Duration>>>,
}

impl Beside {
    fn begin(url: &str, rows: u64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let writer = tokio::spawn(write(url.to_owned(), rows, Arc::clone(&stop)));
        Self { stop, writer }
    }

    async fn end(self) -> Outcome<f64> {
        self.stop.store(true, Ordering::Relaxed);
        Ok(p99(&self.writer.await??))
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    let url = words.next().unwrap_or_default();
    let rows: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(1_000_000);
    let batch: u32 = words.next().and_then(|word| word.parse().ok()).unwrap_or(5_000);
    let indexed = words.next().as_deref() != Some("noindex");
    let alone = url.starts_with("sqlite");
    let mut hand = Hand::open(&url).await?;

    hand.fill(rows, indexed).await?;
    let quiet = Beside::begin(&url, rows);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let quiet = quiet.end().await?;

    let beside = (!alone).then(|| Beside::begin(&url, rows));
    let begun = Instant::now();
    let mut by_hand = 0;
    loop {
        let deleted = hand.delete(batch, indexed).await?;
        by_hand += deleted;
        if deleted < batch.into() {
            break;
        }
    }
    let hand_took = begun.elapsed().as_secs_f64();
    let hand_p99 = match beside {
        Some(beside) => beside.end().await?,
        None => 0.0,
    };

    hand.fill(rows, indexed).await?;
    let schema = if url.starts_with("postgres") { "public" } else { "" };
    let due = Due {
        table: TableName::new(schema, "purge_speed"),
        old: Old::Column { column: "made".into(), before: BEFORE },
        when: Vec::new(),
        past: Vec::new(),
        except: Vec::new(),
        unless_referred: Vec::new(),
        dependents: Vec::new(),
    };
    let purge = Purge { due, not_after: Some(BEFORE) };
    let system = open(&Address::parse(&url)?, Limits::default()).await?;
    let begun = Instant::now();
    let due = system.due(&purge.due, u64::MAX).await?;
    println!("counting {} due rows took {:.2} s", due.rows, begun.elapsed().as_secs_f64());
    let beside = (!alone).then(|| Beside::begin(&url, rows));
    let (begun, mut ours) = (Instant::now(), 0);
    loop {
        let purged = system.purge(&purge, batch).await?;
        ours += purged.rows;
        if purged.done {
            break;
        }
    }
    let our_took = begun.elapsed().as_secs_f64();
    let our_p99 = match beside {
        Some(beside) => beside.end().await?,
        None => 0.0,
    };
    system.close().await;
    hand.run("DROP TABLE purge_speed").await?;

    println!("quiet writer: p99 {quiet:.2} ms");
    let rate = |rows: u64, took: f64| rows as f64 / took;
    println!(
        "by hand: {by_hand} rows in {hand_took:.2} s, {:.0} rows/s; writer p99 {hand_p99:.2} ms",
        rate(by_hand, hand_took)
    );
    println!(
        "purge:   {ours} rows in {our_took:.2} s, {:.0} rows/s; writer p99 {our_p99:.2} ms",
        rate(ours, our_took)
    );
    println!("ratio {:.2}", rate(ours, our_took) / rate(by_hand, hand_took));
    Ok(())
}
