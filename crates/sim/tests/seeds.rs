//! Some thousand seeds, and every planted mistake. A million is a command: `cargo xtask sim`.
#![allow(clippy::panic, reason = "a test that cannot go on fails")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use sim::planted::{ALL, hunt};
use sim::{Seed, Violation, play, trace};

/// So many seeds in each run of the tests.
const SEEDS: u64 = 1_300;
/// A planted mistake must be found within so many.
const WITHIN: u64 = 1_000;

/// Does the work of each number below `count` on every core.
fn on_every_core(count: u64, work: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    work(at);
                }
            });
        }
    });
}

#[test]
fn no_seed_breaks_a_rule() {
    let broken: Mutex<Vec<(u64, Violation)>> = Mutex::default();
    on_every_core(SEEDS, |number| {
        if let Err(violation) = play(&Seed::new(number)) {
            broken.lock().unwrap_or_else(|p| p.into_inner()).push((number, violation));
        }
    });
    let broken = broken.into_inner().unwrap_or_default();
    let told: Vec<String> = broken
        .iter()
        .map(|(number, violation)| {
            format!("cargo xtask sim --seed {number} --trace\n    {violation}")
        })
        .collect();
    assert!(told.is_empty(), "{} of {SEEDS} seeds:\n{}", told.len(), told.join("\n"));
}

#[test]
fn every_planted_mistake_is_found() {
    let missed: Mutex<Vec<&str>> = Mutex::default();
    on_every_core(ALL.len() as u64, |at| {
        let bug = ALL[usize::try_from(at).unwrap_or_default()];
        if hunt(bug, 0, WITHIN).by.is_none() {
            missed.lock().unwrap_or_else(|p| p.into_inner()).push(bug.name);
        }
    });
    let missed = missed.into_inner().unwrap_or_default();
    assert!(missed.is_empty(), "not found within {WITHIN} seeds: {missed:?}");
}

#[test]
fn the_same_seed_is_the_same_story() {
    for number in 0..40 {
        assert_eq!(trace(&Seed::new(number)), trace(&Seed::new(number)), "seed {number}");
    }
}
