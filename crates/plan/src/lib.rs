//! The planner: what to look for, where, and what to do with what is found.
//!
//! The key that finds a person in system B is read in system A, so a plan cannot be written down
//! in advance. It is a conversation. A [`Case`] says which [`Step`]s come next; whoever drives it
//! carries them out and tells the [`Outcome`]; the case answers with the next steps:
//!
//! ```text
//!  find rows by reference, wave by wave ─▶ search every text once ─▶ (new keys? find again)
//!        ─▶ draft the changes and rehearse them ─▶ a person reviews and approves the digest
//!        ─▶ act, one transaction a system ─▶ search again ─▶ done: complete, or incomplete and why
//! ```
//!
//! What is deliberately not here: IO, time, randomness, any contents of a message. A case knows
//! row keys, the values that lead from row to row and the terms that name the person, and no more.
//! It is serialised after every outcome: dry run, resuming after a crash, simulation and "why was
//! this deleted?" are this one mechanism.
//!
//! INVARIANT: the same map, request and outcomes give the same steps, byte for byte.
//!
//! INVARIANT: the work per step is proportional to what the outcome brought; nothing is quadratic
//! in the number of collections.

mod age;
mod case;
mod discover;
mod found;
mod graph;
mod names;
mod order;
mod outline;
mod pending;
mod request;
mod step;
mod terms;
mod treat;
mod weigh;

pub use age::KeptUntil;
pub use case::{Case, CaseError, Ending, Phase};
pub use found::{FoundRow, Place, Rows};
pub use graph::Graph;
pub use outline::{Kept, Outline, OutlineRow, OutlineStep};
pub use request::{Request, RequestKind, Settings};
pub use step::{
    Action, Compare, Drafted, FieldCount, FoundIn, Gathered, Mentioned, MentionedField, Outcome,
    PlaceCount, PlaceRows, Problem, Remaining, SearchPlace, Step,
};
pub use terms::{LearnedTerm, TermKind};
pub use treat::{Treatment, treatment};
