//! The nouns of Upheld and their invariants. Every other room speaks in these words.
//!
//! What is deliberately not here: anything that does something. No IO, no parsing of policy, no
//! search. A type lives here when two rooms that may not see each other must both name it: the
//! planner and a connector both say [`Value`] and [`RowKey`], and neither knows the other.
//!
//! Two rules of the house begin here:
//!
//! * Personal data and secrets are types ([`Personal`], [`Secret`]) whose `Debug` prints a
//!   placeholder, so a careless log line shows nothing.
//! * Time and chance are parameters ([`Clock`], [`Rng`]), so that a plan replays to the same bytes.
//!
//! ```
//! use model::{Identity, IdentityKind};
//! let who = Identity::new(IdentityKind::Email, "jane@acme.example");
//! assert_eq!(format!("{who:?}"), "Identity { kind: Email, value: [personal] }");
//! ```

mod catalogue;
mod chance;
pub mod crash;
mod guarded;
mod identity;
pub mod planted;
mod row;
mod time;
mod value;

pub use catalogue::{
    Catalogue, Column, DataType, DeclaredReference, Product, Table, TableName, UniqueKey,
};
pub use chance::{Rng, SeededRng};
pub use guarded::{Personal, Secret};
pub use identity::{Identity, IdentityKind};
pub use row::{Row, RowKey};
pub use time::{Clock, FixedClock, Micros};
pub use value::Value;
