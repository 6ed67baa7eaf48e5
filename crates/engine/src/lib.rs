//! The engine carries a plan through the systems: it finds, searches, works out changes, makes
//! them and looks again.
//!
//! [`plan::Case`] says what to do next and is told what came of it; this room knows how. It lends
//! itself a connection ([`Systems`]), uses it, and gives it back. Everything personal that it reads
//! lives as long as one step; what a step leaves behind is counts, row keys and the values that
//! lead on.
//!
//! ```no_run
//! # async fn doc(driver: &engine::Driver<'_>, case: &mut plan::Case, keeper: &dyn engine::Keeper)
//! #     -> Result<(), Box<dyn std::error::Error>> {
//! driver.run(case, keeper).await?;
//! // An erasure waits here until somebody has read the plan and agrees to its digest.
//! let digest = case.outline().digest;
//! case.approve(&digest, false)?;
//! driver.run(case, keeper).await?;
//! # Ok(()) }
//! ```
//!
//! What is deliberately not here: deciding. Which rows count, what is kept, when a request is
//! complete: the planner. How an identifier compares and how text is searched: `detect`. How a
//! statement reads: `connect`. What a person gets to see: `render`, by way of [`HandOut`].
//!
//! INVARIANT: a step may be done twice. Rows are read again before they are changed, values are
//! derived from the request and the row, and what is as wanted already is left alone. So a process
//! that was killed resumes by doing the pending steps.
//!
//! INVARIANT: candidates are not people. Every row that a database returns for an identifier is
//! compared again here, to the letter of the documented normalisation, before it counts.

mod again;
mod change;
mod clear;
pub mod discover;
mod driver;
mod find;
mod hand_out;
mod open;
mod others;
mod page;
mod rectify;
pub mod retain;
mod search;
mod side;
mod subject;
mod uses;
mod verify;

pub use again::{Again, FoundAgain, Known, look_again};
pub use driver::{Driver, KeepTogether, Keeper, Progress, RunError, Visit};
pub use hand_out::{HandOut, HandedField, HandedRow};
pub use open::Systems;
pub use side::side_by_side;
pub use subject::Subject;
pub use uses::{Asking, Uses};
