//! The notice and the policy as code: what has been promised, about which data, in which systems.
//!
//! A policy folder is read, checked as a whole and resolved into one [`Policy`]. Resolved means:
//! every name points at something that exists, every field has its row of the classification
//! matrix, every quote has its place in the notice. Whoever holds a `Policy` need not check again.
//!
//! What is deliberately not here: IO beyond reading the folder's files handed in as text, any
//! connection to a system, any clock. `check` in this room answers "is the policy sound?"; whether
//! it is *true* is asked of the systems elsewhere.

pub mod map;

pub use map::{
    Also, Collection, EraseField, EraseRows, Field, FieldPath, Inference, Keep, Period, PeriodUnit,
    Reference, System, Tie, Travel, When,
};
