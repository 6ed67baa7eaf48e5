//! The application that goes on working beside a purge: it inserts and changes rows at a steady pace
//! and notes how long each took.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, Executor as _};

/// So often does it write: 200 times a second.
const PACE: Duration = Duration::from_millis(5);

/// A writer that works until it is asked to stop.
pub(crate) struct Writer {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<Vec<Duration>>,
}

/// How long its writes took, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency {
    pub(crate) writes: usize,
    pub(crate) median: f64,
    pub(crate) p99: f64,
    pub(crate) worst: f64,
}

impl Writer {
    pub(crate) fn start(url: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (url, told) = (url.to_owned(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
            runtime.block_on(work(&url, &told))
        });
        Self { stop, thread }
    }

    pub(crate) fn stop(self) -> Latency {
        self.stop.store(true, Ordering::Relaxed);
        let mut took = self.thread.join().unwrap_or_else(|_| panic!("the writer failed"));
        took.sort_unstable();
        let at = |share: usize| {
            let index = (took.len() * share / 1_000).min(took.len().saturating_sub(1));
            took.get(index).map_or(0.0, |duration| duration.as_secs_f64() * 1_000.0)
        };
        Latency { writes: took.len(), median: at(500), p99: at(990), worst: at(1_000) }
    }

    /// Nothing but the writer, for so long.
    pub(crate) fn alone(url: &str, seconds: u64) -> Latency {
        let writer = Self::start(url);
        std::thread::sleep(Duration::from_secs(seconds));
        writer.stop()
    }
}

impl Latency {
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::json!({ "writes": self.writes, "median_ms": self.median, "p99_ms": self.p99, "worst_ms": self.worst })
    }
}

async fn work(url: &str, stop: &AtomicBool) -> Vec<Duration> {
    let mut took = Vec::new();
    let fail = |error: sqlx::Error| -> ! { panic!("the writer failed: {error}") };
    if url.starts_with("postgres") {
        let mut link = sqlx::PgConnection::connect(url).await.unwrap_or_else(|error| fail(error));
        while !stop.load(Ordering::Relaxed) {
            let begun = Instant::now();
            if let Err(error) = link.execute(sentence(took.len(), NEWEST)).await {
                fail(error);
            }
            took.push(begun.elapsed());
            tokio::time::sleep(PACE.saturating_sub(begun.elapsed())).await;
        }
    } else {
        let url = url.replacen("mariadb://", "mysql://", 1);
        let mut link =
            sqlx::MySqlConnection::connect(&url).await.unwrap_or_else(|error| fail(error));
        while !stop.load(Ordering::Relaxed) {
            let begun = Instant::now();
            if let Err(error) = link.execute(sentence(took.len(), NEWEST_BY_ORDER)).await {
                fail(error);
            }
            took.push(begun.elapsed());
            tokio::time::sleep(PACE.saturating_sub(begun.elapsed())).await;
        }
    }
    took
}

const NEWEST: &str =
    "UPDATE events SET message = 'the printer prints' WHERE id = (SELECT max(id) FROM events)";
/// MariaDB would walk the whole table for a subquery, and lock all of it.
const NEWEST_BY_ORDER: &str =
    "UPDATE events SET message = 'the printer prints' ORDER BY id DESC LIMIT 1";

/// A ticket comes in, or a recent one is changed.
const fn sentence(count: usize, newest: &'static str) -> &'static str {
    if count.is_multiple_of(2) {
        "INSERT INTO events (client_id, created, kind, message) VALUES (7, now(), 'note', 'the printer on the second floor prints again')"
    } else {
        newest
    }
}
