//! How long planning takes as the map grows:
//! `cargo run -p plan --release --example plan_many`
//!
//! The time is that of the planner alone, from indexing the map to the end of the case.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "this measures, and says what it measured"
)]

mod scale;

use std::time::Instant;

use plan::{CaseError, Graph};
use scale::{Shape, map, run};

fn main() -> Result<(), CaseError> {
    println!("{:<8} {:>12} {:>9} {:>9} {:>9}", "shape", "collections", "steps", "rows", "ms");
    for shape in [Shape::Chain, Shape::Star, Shape::Random] {
        for count in [1_000, 10_000, 100_000] {
            let systems = map(shape, count);
            let begin = Instant::now();
            let graph = Graph::new(&systems);
            let (case, steps, _) = run(&graph)?;
            let took = begin.elapsed().as_millis();
            let (shape, rows) = (format!("{shape:?}").to_lowercase(), case.rows().len());
            println!("{shape:<8} {count:>12} {steps:>9} {rows:>9} {took:>9}");
        }
    }
    Ok(())
}
