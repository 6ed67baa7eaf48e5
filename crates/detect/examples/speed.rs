//! How fast people are searched for: `cargo run --release -p detect --example speed`.
//!
//! Prints megabytes per second of processor time over 64 MB of generated text of several kinds, for one
//! person and for a thousand.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement prints and takes the time"
)]

use std::time::Instant;

use detect::{
    PersonTerms, RedactOptions, Scratch, SearchOptions, Searcher, Term, TermKind, find_values,
};

const SIZE: usize = 64 << 20;

const WORDS: &[&str] = &[
    "the", "printer", "on", "floor", "three", "does", "not", "answer", "since", "Monday", "please",
    "check", "network", "cable", "and", "restart", "Thanks", "a", "lot", "regards", "ticket", "is",
    "still", "open", "customer", "called", "again", "invoice", "was", "sent", "twice", "backup",
];

/// Seconds of processor time of this thread, where Linux tells it; of the clock elsewhere.
fn seconds(since: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next().and_then(|first| first.parse::<f64>().ok()))
        .map_or_else(|| since.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap_or(0)
    }
}

fn notes() -> Vec<u8> {
    let mut dice = Dice(7);
    let mut out = Vec::with_capacity(SIZE + 64);
    while out.len() < SIZE {
        out.extend_from_slice(WORDS.get(dice.roll(WORDS.len())).copied().unwrap_or("x").as_bytes());
        out.extend_from_slice(if dice.roll(12) == 0 { b".\n" } else { b" " });
    }
    out
}

fn logs() -> Vec<u8> {
    let mut dice = Dice(11);
    let mut out = Vec::with_capacity(SIZE + 256);
    while out.len() < SIZE {
        let line = format!(
            "2026-11-22T10:{:02}:{:02}.{:03}Z INFO gateway[{}] GET /api/v1/items/{} 200 {} 0.{:03}\n",
            dice.roll(60),
            dice.roll(60),
            dice.roll(1000),
            dice.roll(30000),
            dice.roll(10_000_000),
            dice.roll(90000),
            dice.roll(1000)
        );
        out.extend_from_slice(line.as_bytes());
    }
    out
}

fn mail() -> Vec<u8> {
    let mut dice = Dice(13);
    let mut out = Vec::with_capacity(SIZE + 64);
    let mut column = 0;
    while out.len() < SIZE {
        let word = WORDS.get(dice.roll(WORDS.len())).copied().unwrap_or("x");
        out.extend_from_slice(word.as_bytes());
        column += word.len() + 1;
        if column > 70 {
            out.extend_from_slice(b" =\r\n");
            column = 0;
        } else {
            out.extend_from_slice(if dice.roll(20) == 0 { b" f=C3=BCr " } else { b" " });
        }
    }
    out
}

fn people(count: usize) -> Vec<PersonTerms> {
    (0..count)
        .map(|n| PersonTerms {
            terms: vec![
                Term::new(TermKind::Email, format!("given{n}.family{n}@acme.example")),
                Term::new(TermKind::Name, format!("Given{n} Family{n}")),
                Term::new(TermKind::Phone, format!("+1 212 55{:05}", n * 7 % 100_000)),
                Term::new(TermKind::Code, format!("E-{n:05}")),
            ],
        })
        .collect()
}

fn main() {
    let begin = Instant::now();
    for (name, text) in [("notes", notes()), ("logs", logs()), ("quoted-printable mail", mail())] {
        for count in [1, 1000] {
            let searcher = Searcher::new(&people(count), &SearchOptions::default());
            for (what, piece) in [("64 MB at once", SIZE), ("4 KB values", 4096)] {
                let mut found = Vec::new();
                let mut scratch = Scratch::new();
                let start = seconds(begin);
                for value in text.chunks(piece) {
                    searcher.search(value, &mut scratch, &mut found);
                }
                let speed = text.len() as f64 / 1e6 / (seconds(begin) - start);
                println!("{name}, {what}, {count} people: {speed:.0} MB/s, {} found", found.len());
            }
        }
        let searcher = Searcher::new(&people(1), &SearchOptions::default());
        let start = seconds(begin);
        let mut unread = 0;
        for value in text.chunks(4096) {
            unread += usize::from(searcher.redact(value, 0, &RedactOptions::default()).unread);
        }
        let speed = text.len() as f64 / 1e6 / (seconds(begin) - start);
        println!("{name}, redact, 4 KB values: {speed:.0} MB/s, {unread} unread");
        let mut values = Vec::new();
        let start = seconds(begin);
        for value in text.chunks(4096) {
            find_values(value, &mut values);
        }
        let speed = text.len() as f64 / 1e6 / (seconds(begin) - start);
        println!("{name}, values, 4 KB values: {speed:.0} MB/s, {} found", values.len());
    }
}
