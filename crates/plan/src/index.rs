//! Where things stand in a list, found by what they are called.

use std::hash::{BuildHasherDefault, DefaultHasher};

/// From a name to a position, or to whatever else belongs to it.
///
/// Names of places and questions begin alike. An ordered map compares a dozen of them in as many
/// corners of the memory for each look; this compares one. Nothing is random in it: the hash has no
/// key.
#[expect(clippy::disallowed_types, reason = "what is in it is never seen in its order")]
pub(crate) type Index<K, V = usize> =
    std::collections::HashMap<K, V, BuildHasherDefault<DefaultHasher>>;
