//! Every door with its corpus, and with mutations of it made from a seed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hostile::mutate::{Dice, mutated};
use hostile::{TARGETS, Target};

/// How many mutations each door gets.
const MUTATIONS: u64 = 3_000;
/// Doors behind which a whole policy is resolved, or a log verified, take longer.
const FEWER: u64 = 250;

/// Feeds a door, and names the input that broke it.
fn feed(target: &Target, input: &[u8], called: &str) {
    if catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_err() {
        panic!("`{}` broke on {called}: b\"{}\"", target.name, input.escape_ascii());
    }
}

fn door(name: &str) {
    let target = hostile::target(name).unwrap();
    let corpus = common::corpus(name);
    assert!(!corpus.is_empty(), "`fuzz/corpus/{name}` holds nothing");
    for (file, input) in &corpus {
        feed(target, input, file);
    }
    let seeds: Vec<Vec<u8>> = corpus.into_iter().map(|(_, input)| input).collect();
    let many = if matches!(name, "policy" | "dates" | "packed" | "document" | "deidentify") {
        FEWER
    } else {
        MUTATIONS
    };
    for seed in 0..many {
        let input = mutated(&seeds, target, &mut Dice::new(seed));
        feed(target, &input, &format!("mutation {seed}"));
    }
}

macro_rules! doors {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            door(stringify!($name));
        })*

        /// Doors that have a test here.
        const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}

doors!(
    policy, quote, address, dates, search, redact, kinds, packed, csv, jsonl, lines, gzip,
    document, deidentify, tile, note, proof, shown
);

#[test]
fn every_door_is_tested_and_fuzzed() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, TESTED);
    let fuzz = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for name in names {
        let source = fuzz.join("fuzz_targets").join(format!("{name}.rs"));
        let source = std::fs::read_to_string(&source).unwrap();
        assert!(source.contains(&format!("hostile::run(\"{name}\", data)")), "{name}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
}

#[test]
fn the_same_seed_makes_the_same_mutation() {
    let seeds = vec![b"abc".to_vec(), b"defghi".to_vec()];
    let target = hostile::target("csv").unwrap();
    let make = |seed| mutated(&seeds, target, &mut Dice::new(seed));
    assert_eq!(make(7), make(7));
    assert!((0..50).map(make).collect::<std::collections::BTreeSet<_>>().len() > 40);
}
