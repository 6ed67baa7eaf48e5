//! Planning, and the tree of the log.

use std::convert::Infallible;

use merkle::{Appender, Hash, MemoryTiles, Prover, TreeError, check, leaf_hash, verify_inclusion};
use plan::Graph;

use crate::Ready;
use crate::scale::{Shape, map, run};

const COLLECTIONS: usize = 1_000;
const ENTRIES: u64 = 4_096 + 77;

fn planned(shape: Shape) -> Ready {
    let systems = map(shape, COLLECTIONS);
    Box::new(move || {
        let graph = Graph::new(&systems);
        run(&graph).map_or(0, |(case, steps, _)| (case.rows().len() + steps) as u64)
    })
}

pub(crate) fn plan_chain() -> Ready {
    planned(Shape::Chain)
}

pub(crate) fn plan_star() -> Ready {
    planned(Shape::Star)
}

/// As long as an entry of the log.
fn entry(number: u64) -> String {
    format!(
        r#"{{"at":1764000000{number:06},"commit":"{number:064x}","id":"{number:032x}","org":"{:032x}","type":"system erased","v":1}}"#,
        number % 3
    )
}

fn log() -> Result<(MemoryTiles, Hash), TreeError<Infallible>> {
    let mut tiles = MemoryTiles::default();
    let mut log = Appender::default();
    for number in 0..ENTRIES {
        log.push(entry(number).as_bytes(), &mut tiles)?;
    }
    log.flush(&mut tiles)?;
    Ok((tiles, log.root()))
}

pub(crate) fn appended() -> Ready {
    let entries: Vec<String> = (0..ENTRIES).map(entry).collect();
    Box::new(move || {
        let mut tiles = MemoryTiles::default();
        let mut log = Appender::default();
        for entry in &entries {
            if log.push(entry.as_bytes(), &mut tiles).is_err() {
                return 0;
            }
        }
        if log.flush(&mut tiles).is_err() { 0 } else { log.size() }
    })
}

pub(crate) fn checked() -> Ready {
    let made = log();
    Box::new(move || {
        let Ok((tiles, root)) = made else { return 0 };
        check(&tiles, ENTRIES, root, 1, |_, _| ()).map_or(0, |checked| checked.entries)
    })
}

pub(crate) fn proved() -> Ready {
    let made = log();
    Box::new(move || {
        let Ok((tiles, root)) = made else { return 0 };
        let mut prover = Prover::new(&tiles, ENTRIES);
        let mut holds = |number: &u64| {
            let leaf = leaf_hash(entry(*number).as_bytes());
            prover
                .inclusion(*number)
                .is_ok_and(|proof| verify_inclusion(leaf, *number, ENTRIES, &proof, root).is_ok())
        };
        (0..ENTRIES).step_by(41).filter(|number| holds(number)).count() as u64
    })
}
