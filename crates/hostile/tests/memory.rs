//! Memory: an input of one megabyte, in every shape of trouble, takes no more than the multiple that
//! stands here. What allocates is counted; no clock is asked.

use std::sync::{Mutex, PoisonError};

use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// One at a time, wherever tests share a process.
static ALONE: Mutex<()> = Mutex::new(());

/// The peak that each door may have above what was there before, in multiples of its input of 1 MiB.
/// A door here holds more than the product would: the bytes twice over, to compare.
const MULTIPLES: &[(&str, usize)] = &[
    ("policy", 900),
    ("quote", 250),
    ("address", 60),
    ("dates", 4),
    ("search", 120),
    ("redact", 250),
    ("kinds", 120),
    ("packed", 120),
    ("csv", 40),
    ("jsonl", 60),
    ("lines", 40),
    ("gzip", 60),
    ("document", 400),
    ("deidentify", 400),
    ("tile", 30),
    ("note", 30),
    ("proof", 10),
    ("shown", 60),
];

#[test]
#[ignore = "minutes without optimisation: cargo nextest run -p hostile --run-ignored only"]
fn memory_is_bounded_by_a_multiple_of_the_input() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut over = Vec::new();
    for (name, multiple) in MULTIPLES {
        let target = hostile::target(name).unwrap();
        // What is made once, tables and compiled terms, is nobody's input.
        (target.run)(b"x");
        let mut most = (0, "");
        let bytes = if name.starts_with("policy") { MIB / 8 } else { MIB };
        for (shape, input) in hostile::shapes::of(name, bytes) {
            let before = COUNTED.current_usage();
            COUNTED.reset_peak_usage();
            (target.run)(&input);
            let peak = COUNTED.peak_usage().saturating_sub(before);
            let times = peak / input.len().max(MIB / 8);
            println!("{name}: {shape}: {} KiB in, peak {} KiB", input.len() >> 10, peak >> 10);
            most = most.max((times, shape));
        }
        println!("{name}: at most {}x ({}), allowed {multiple}x", most.0, most.1);
        if most.0 > *multiple {
            over.push(format!("{name}: {}x for {}, allowed {multiple}x", most.0, most.1));
        }
    }
    assert!(over.is_empty(), "{over:#?}");
}

#[test]
fn every_door_has_its_multiple() {
    let doors: Vec<&str> = hostile::TARGETS.iter().map(|target| target.name).collect();
    let bound: Vec<&str> = MULTIPLES.iter().map(|(name, _)| *name).collect();
    assert_eq!(doors, bound);
}
