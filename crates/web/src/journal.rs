//! The journal: one line of JSON for each answer, without anything that tells of a person.
//!
//! INVARIANT: what an entry can hold is written down here as types. There is no field for a path, a
//! query, an address or a message, so that none can get into it.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::Serialize;

/// So many lines may wait to be written. What comes while they do is counted and told.
const WAITING: usize = 4096;

/// One line.
#[derive(Debug, Serialize)]
pub(crate) struct Entry<'a> {
    /// When the answer was given.
    pub(crate) at: String,
    /// The number that stands in the answer, too.
    pub(crate) request: &'a str,
    pub(crate) method: &'a str,
    /// The row of the table (`/{lang}/versions/{version}`).
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    /// What does not work, where a failure of ours is the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<&'static str>,
    /// Milliseconds until the answer began.
    pub(crate) ms: f64,
}

/// Where lines go.
#[derive(Clone)]
pub struct Journal {
    lines: SyncSender<String>,
    lost: Arc<AtomicU64>,
}

impl Journal {
    /// A journal that is written by a thread of its own, so that no answer waits for a disk.
    pub fn to(sink: impl Write + Send + 'static) -> Self {
        let (lines, waiting) = sync_channel(WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let missing = Arc::clone(&lost);
        std::thread::spawn(move || keep(&waiting, sink, &missing));
        Self { lines, lost }
    }

    /// A journal that nobody reads.
    pub fn none() -> Self {
        Self::to(std::io::sink())
    }

    /// Writes an answer down.
    pub(crate) fn answered(&self, entry: &Entry<'_>) {
        self.put(serde_json::to_string(entry).unwrap_or_default());
    }

    /// Writes down what happened to the server itself: a sentence of ours, without any value that
    /// came from outside.
    pub(crate) fn told(&self, at: model::Micros, what: &str) {
        self.put(serde_json::json!({ "at": render::rfc3339(at), "event": what }).to_string());
    }

    fn put(&self, line: String) {
        if self.lines.try_send(line).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Writes what comes, and flushes whenever nothing waits.
fn keep(waiting: &Receiver<String>, mut sink: impl Write, lost: &AtomicU64) {
    while let Ok(first) = waiting.recv() {
        let mut next = Some(first);
        let mut text = String::new();
        while let Some(line) = next {
            text.push_str(&line);
            text.push('\n');
            next = (text.len() < 65_536).then(|| waiting.try_recv().ok()).flatten();
        }
        let missing = lost.swap(0, Ordering::Relaxed);
        if missing > 0 {
            text.push_str(&format!("{{\"event\":\"lines lost\",\"count\":{missing}}}\n"));
        }
        // A journal that cannot be written ends nobody's request.
        drop(sink.write_all(text.as_bytes()).and_then(|()| sink.flush()));
    }
}
