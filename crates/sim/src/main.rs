//! `cargo xtask sim`: plays seeds on every core and tells which of them break a rule.

#![expect(clippy::print_stdout, reason = "a tool for people at a terminal: printing is its work")]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use sim::planted::{ALL, hunt};
use sim::shrink::shrink;
use sim::{Seed, Violation, play, trace};

/// What was asked on the command line.
struct Asked {
    seeds: u64,
    from: u64,
    one: Option<u64>,
    trace: bool,
    planted: bool,
    bug: Option<String>,
}

const USAGE: &str = "cargo xtask sim [--seeds N] [--from SEED]     plays N seeds (10,000)
cargo xtask sim --seed SEED [--trace]         plays one, tells what happened
cargo xtask sim --planted [--seeds N]         finds every planted mistake within N seeds (3,000)
cargo xtask sim --bug NAME --seed SEED [--trace]    one seed with one planted mistake";

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { seeds: 0, from: 0, one: None, trace: false, planted: false, bug: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = |name: &str| {
            let text = words.next().unwrap_or_default().replace([',', '_'], "");
            text.parse::<u64>().map_err(|_| format!("`{name}` needs a whole number\n{USAGE}"))
        };
        match word.as_str() {
            "--seeds" => asked.seeds = number("--seeds")?,
            "--from" => asked.from = number("--from")?,
            "--seed" => asked.one = Some(number("--seed")?),
            "--trace" => asked.trace = true,
            "--planted" => asked.planted = true,
            "--bug" => asked.bug = words.next(),
            other => return Err(format!("`{other}` is not known\n{USAGE}")),
        }
    }
    Ok(asked)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Plays one seed and tells what happened.
fn one(number: u64, told: bool, bug: Option<&'static str>) -> bool {
    model::planted::plant(bug);
    let seed = Seed::new(number);
    if told {
        let (came, lines) = trace(&seed);
        lines.iter().for_each(|line| println!("  {line}"));
        println!(
            "seed {number}: {}",
            came.as_ref().map_or_else(ToString::to_string, |()| "fine".into())
        );
        return came.is_ok();
    }
    match play(&seed) {
        Ok(()) => println!("seed {number}: fine"),
        Err(violation) => tell(&seed, &violation),
    }
    play(&seed).is_ok()
}

fn tell(seed: &Seed, violation: &Violation) {
    let number = seed.number;
    println!("seed {number} breaks a rule. {violation}");
    let (small, still) = shrink(seed, violation);
    let world = small.world();
    println!(
        "  made smaller: {} row(s) in {} system(s), {} fault(s) {:?}\n  {still}",
        world.truth.len(),
        world.systems.len(),
        small.faults.len(),
        small.faults
    );
    println!("  to see it again: cargo xtask sim --seed {number} --trace");
}

/// Plays many seeds on every core.
fn many(asked: &Asked) -> bool {
    let count = if asked.seeds == 0 { 10_000 } else { asked.seeds };
    let (next, broken) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    let seed = Seed::new(asked.from + at);
                    if let Err(violation) = play(&seed)
                        && let Ok(mut broken) = broken.lock()
                    {
                        broken.push((seed, violation));
                    }
                }
            });
        }
    });
    let mut broken = broken.into_inner().unwrap_or_default();
    broken.sort_by_key(|(seed, _)| seed.number);
    for (seed, violation) in broken.iter().take(10) {
        tell(seed, violation);
    }
    println!("{count} seeds from {}: {} break a rule", asked.from, broken.len());
    broken.is_empty()
}

/// Hunts every planted mistake, on every core.
fn planted(asked: &Asked) -> bool {
    let at_most = if asked.seeds == 0 { 3_000 } else { asked.seeds };
    let (next, found) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let at = usize::try_from(at).unwrap_or(usize::MAX);
                    let Some(bug) = ALL.get(at) else { break };
                    let hunted = hunt(*bug, asked.from, at_most);
                    if let Ok(mut found) = found.lock() {
                        found.push((at, hunted));
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_default();
    found.sort_by_key(|(at, _)| *at);
    for (_, hunted) in &found {
        match &hunted.by {
            Some((played, number, violation)) => {
                println!("{:<41} seed {number:>5} after {played:>5}", hunted.bug.name);
                println!("    {}", violation.rule);
            }
            None => println!("{:<41} NOT FOUND in {at_most} seeds", hunted.bug.name),
        }
    }
    let missed = found.iter().filter(|(_, hunted)| hunted.by.is_none()).count();
    println!(
        "{} planted mistakes, {} found, {missed} not found",
        found.len(),
        found.len() - missed
    );
    missed == 0
}

fn main() -> ExitCode {
    let asked = match asked() {
        Ok(asked) => asked,
        Err(why) => {
            println!("{why}");
            return ExitCode::from(2);
        }
    };
    let bug = match &asked.bug {
        Some(name) => match ALL.iter().find(|bug| bug.name == *name) {
            Some(bug) => Some(bug.name),
            None => {
                println!("`{name}` is not planted anywhere");
                return ExitCode::from(2);
            }
        },
        None => None,
    };
    let fine = match asked.one {
        Some(number) => one(number, asked.trace, bug),
        None if asked.planted => planted(&asked),
        None => many(&asked),
    };
    if fine { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
