//! Numbers that a state gives out.

pub(crate) mod us;

use super::Kind;

/// The kinds of this family.
pub(crate) const KINDS: &[&Kind] = &[&us::SSN, &us::ITIN];
