//! A seed that breaks a rule, made smaller while it still breaks the same rule: fewer faults, fewer
//! collections, fewer rows.

use crate::{Seed, Violation, play};

/// The smallest seed found, and what it breaks.
pub fn shrink(seed: &Seed, violation: &Violation) -> (Seed, Violation) {
    let mut small = (seed.clone(), violation.clone());
    let try_one = |small: &mut (Seed, Violation), candidate: Seed| match play(&candidate) {
        Err(still) if still.rule == violation.rule => {
            *small = (candidate, still);
            true
        }
        _ => false,
    };
    for at in (0..seed.faults.len()).rev() {
        let mut candidate = small.0.clone();
        if at < candidate.faults.len() {
            candidate.faults.remove(at);
            try_one(&mut small, candidate);
        }
    }
    let world = seed.world();
    let places = world.systems.iter().flat_map(|system| {
        system
            .collections
            .iter()
            .map(move |collection| format!("{}.{}", system.key, collection.name))
    });
    for place in places {
        let mut candidate = small.0.clone();
        candidate.without_places.insert(place);
        try_one(&mut small, candidate);
    }
    for at in world.truth.keys() {
        if small.0.without_places.contains(&at.0.to_string()) {
            continue;
        }
        let mut candidate = small.0.clone();
        candidate.without.insert(at.clone());
        try_one(&mut small, candidate);
    }
    small
}
