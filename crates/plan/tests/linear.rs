//! Planning is linear in the number of collections. Steps, ways and values are counted, because a
//! clock on a busy machine proves nothing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_wrap,
    reason = "a test that cannot go on fails"
)]

#[path = "../examples/scale/mod.rs"]
mod scale;

use plan::{Ending, Graph};
use scale::{Shape, map, run};

#[test]
fn ten_times_the_collections_are_ten_times_the_work() {
    for shape in [Shape::Chain, Shape::Star, Shape::Random] {
        for count in [1_000, 10_000] {
            let systems = map(shape, count);
            let graph = Graph::new(&systems);
            let references = if matches!(shape, Shape::Random) { 2 } else { 1 } * (count - 1);
            assert_eq!(graph.ways(), 2 * references, "{shape:?}");
            let (case, steps, asked) = run(&graph).unwrap();
            assert_eq!(case.ending(), Some(&Ending::Complete), "{shape:?}");
            assert_eq!(case.rows().len(), count, "{shape:?}");
            // A look-up, at most two questions a reference, and four visits to each of ten systems.
            assert!(steps <= 1 + 2 * references + 40, "{shape:?} of {count}: {steps} steps");
            assert!(asked <= 1 + 2 * references, "{shape:?} of {count}: {asked} values");
            assert_eq!(case.outline().places.len(), count);
        }
    }
}
