//! How fast personal data of all kinds is found: `cargo run --release -p detect --example kinds
//! [TEXT [MB [ROUNDS]]]`.
//!
//! Prints the best rate of some rounds for each text that the measurement `bench detect` uses, in
//! megabytes per second, and how many findings there are. It is what a profiler is set upon; what
//! counts is measured by `bench`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement prints and takes the time"
)]

mod texts;

use std::time::Instant;

use detect::{DetectOptions, DetectScratch, Detector};

fn main() {
    let only = std::env::args().nth(1);
    let number = |at: usize, otherwise: usize| {
        std::env::args().nth(at).and_then(|word| word.parse().ok()).unwrap_or(otherwise)
    };
    let (bytes, rounds) = (number(2, 16) << 20, number(3, 5));
    let Ok(detector) = Detector::new(&DetectOptions::default()) else { return };
    let mut all = vec![
        ("prose".to_owned(), vec![texts::prose(&mut texts::Dice::new(7), bytes)]),
        ("notes".to_owned(), texts::many(bytes, 4096, texts::note)),
        ("values".to_owned(), texts::many(bytes, 200, texts::value)),
        ("logs".to_owned(), vec![texts::log(bytes, None)]),
    ];
    for (at, format) in texts::FORMATS.iter().enumerate() {
        all.push((format!("log of {format}"), vec![texts::log(bytes / 4, Some(at))]));
    }
    let (mut scratch, mut found) = (DetectScratch::new(), Vec::new());
    for (name, texts) in all {
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let size: usize = texts.iter().map(String::len).sum();
        let mut best = f64::MAX;
        let mut count = 0;
        for _ in 0..rounds {
            let begun = Instant::now();
            count = 0;
            for text in &texts {
                found.clear();
                detector.find_into(text.as_bytes(), &mut scratch, &mut found);
                count += found.len();
            }
            best = best.min(begun.elapsed().as_secs_f64());
        }
        println!("{name}: {:.0} MB/s, {count} found", size as f64 / 1e6 / best);
    }
}
