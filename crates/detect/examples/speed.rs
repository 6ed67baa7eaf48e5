//! How fast people are searched for: `cargo run --release -p detect --example speed [KIND [MB]]`.
//!
//! Prints megabytes per second of processor time over generated texts of several kinds, cut into
//! values as a database holds them, for one person and for a thousand.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement prints and takes the time"
)]

use std::fmt::Write as _;
use std::time::Instant;

use detect::{
    PersonTerms, RedactOptions, Scratch, SearchOptions, Searcher, Term, TermKind, find_values,
};

const WORDS: &[&str] = &[
    "the", "printer", "on", "floor", "three", "does", "not", "answer", "since", "Monday", "please",
    "check", "network", "cable", "and", "restart", "Thanks", "a", "lot", "regards", "ticket", "is",
    "still", "open", "customer", "called", "again", "invoice", "was", "sent", "twice", "backup",
    "für", "Müller", "Straße",
];

const GIVEN: &[&str] = &[
    "Anna", "Ben", "Chloe", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Karin",
    "Luca", "Mara", "Nils", "Olga", "Pavel", "Rosa", "Sven", "Tilda", "Zoë",
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

    fn pick<'w>(&mut self, from: &[&'w str]) -> &'w str {
        from.get(self.roll(from.len())).copied().unwrap_or("x")
    }
}

/// Plain sentences of about this many bytes.
fn prose(dice: &mut Dice, size: usize) -> String {
    let mut out = String::with_capacity(size + 16);
    while out.len() < size {
        out.push_str(dice.pick(WORDS));
        out.push_str(if dice.roll(12) == 0 { ".\n" } else { " " });
    }
    out
}

fn email(n: usize) -> String {
    format!("person{n}@client{}.example", n % 2000)
}

/// A ticket of a service provider: an address, and tokens that could be base64.
fn ticket(dice: &mut Dice) -> String {
    let mut out = format!("Reported by {}. ", email(dice.roll(1_000_000)));
    for _ in 0..6 {
        let _ = write!(out, "{:016x}{:016x} ", dice.0.wrapping_mul(0x9e37_79b9_7f4a_7c15), dice.0);
        dice.roll(2);
    }
    out
}

/// A note of 4 KB that names somebody now and then.
fn note(dice: &mut Dice) -> String {
    let mut out = String::new();
    while out.len() < 4000 {
        out.push_str(&prose(dice, 400));
        let (given, n) = (dice.pick(GIVEN), dice.roll(50_000));
        let _ = write!(out, "\nCalled {given} Surname{n} back on +49{:010}. ", 30_000_000 + n);
    }
    out
}

fn log(dice: &mut Dice) -> String {
    let mut out = String::new();
    while out.len() < 64 << 10 {
        let _ = writeln!(
            out,
            "2026-11-22T10:{:02}:{:02}.{:03}Z INFO gateway[{}] GET /api/v1/items/{} 200 {} 0.{:03}",
            dice.roll(60),
            dice.roll(60),
            dice.roll(1000),
            dice.roll(30000),
            dice.roll(10_000_000),
            dice.roll(90000),
            dice.roll(1000)
        );
    }
    out
}

const HEADERS: &str = "Received: from mx.client.example (mx.client.example [192.0.2.7])\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=\"b1_7f3a\"\r\nSubject: =?UTF-8?Q?Drucker_f=C3=BCr_Raum_3?=\r\n\r\n--b1_7f3a\r\n";

fn quoted_printable(dice: &mut Dice) -> String {
    let mut out = format!("{HEADERS}Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    let mut column = 0;
    for byte in prose(dice, 16 << 10).bytes() {
        if byte == b'\n' {
            out.push_str("\r\n");
            column = 0;
            continue;
        }
        if column >= 72 {
            out.push_str("=\r\n");
            column = 0;
        }
        if byte == b'=' || byte >= 0x80 {
            let _ = write!(out, "={byte:02X}");
            column += 3;
        } else {
            out.push(char::from(byte));
            column += 1;
        }
    }
    out
}

fn base64(dice: &mut Dice) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = format!("{HEADERS}Content-Transfer-Encoding: base64\r\n\r\n");
    for line in prose(dice, 16 << 10).as_bytes().chunks(57) {
        for group in line.chunks(3) {
            let held = group
                .iter()
                .chain([0, 0].iter())
                .take(3)
                .fold(0_usize, |n, b| n << 8 | usize::from(*b));
            for at in 0..4 {
                let letter = ALPHABET.get(held >> (18 - 6 * at) & 63).copied().unwrap_or(b'A');
                out.push(char::from(if at <= group.len() { letter } else { b'=' }));
            }
        }
        out.push_str("\r\n");
    }
    out
}

fn people(count: usize) -> Vec<PersonTerms> {
    let mut dice = Dice(5);
    (0..count)
        .map(|n| PersonTerms {
            terms: vec![
                Term::new(TermKind::Email, email(n * 31)),
                Term::new(TermKind::Name, format!("{} Surname{}", dice.pick(GIVEN), n * 17)),
                Term::new(TermKind::Phone, format!("+49{:010}", 30_000_000 + n * 31)),
                Term::new(TermKind::UserName, format!("user{}", n * 31)),
            ],
        })
        .collect()
}

type Make = fn(&mut Dice) -> String;

fn main() {
    let only = std::env::args().nth(1);
    let megabytes = std::env::args().nth(2).and_then(|word| word.parse().ok()).unwrap_or(32);
    let begin = Instant::now();
    let kinds: [(&str, Make); 6] = [
        ("tickets, 250 B", ticket),
        ("prose, 200 B", |dice| prose(dice, 200)),
        ("notes, 4 KB", note),
        ("logs, 64 KB", log),
        ("quoted-printable mail", quoted_printable),
        ("base64 mail", base64),
    ];
    for (name, make) in kinds {
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let mut dice = Dice(7);
        let mut values: Vec<String> = Vec::new();
        let mut size = 0;
        while size < megabytes << 20 {
            let value = make(&mut dice);
            size += value.len();
            values.push(value);
        }
        let tell = |what: &str, took: f64, found: usize| {
            println!("{name}, {what}: {:.0} MB/s, {found} found", size as f64 / 1e6 / took);
        };
        for count in [1, 1000] {
            let searcher = Searcher::new(&people(count), &SearchOptions::default());
            let mut found = Vec::new();
            let mut scratch = Scratch::new();
            let start = seconds(begin);
            for value in &values {
                searcher.search(value.as_bytes(), &mut scratch, &mut found);
            }
            tell(&format!("{count} people"), seconds(begin) - start, found.len());
        }
        let searcher = Searcher::new(&people(1), &SearchOptions::default());
        let start = seconds(begin);
        let taken: u64 = values
            .iter()
            .map(|value| searcher.redact(value.as_bytes(), 0, &RedactOptions::default()))
            .map(|redaction| redaction.taken_out.values().sum::<u64>())
            .sum();
        tell("redact", seconds(begin) - start, usize::try_from(taken).unwrap_or(0));
        let mut findings = Vec::new();
        let start = seconds(begin);
        for value in &values {
            find_values(value.as_bytes(), &mut findings);
        }
        tell("values", seconds(begin) - start, findings.len());
    }
}
