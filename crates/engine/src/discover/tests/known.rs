//! The maps that ship.
