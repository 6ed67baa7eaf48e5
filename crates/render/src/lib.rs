//! Everything a person opens: access packages, certificates of erasure, plans and tables in the
//! terminal, the notice with the state of each sentence; and every human sentence, in one place
//! ([`words`]).
//!
//! What is deliberately not here: deciding anything. Which rows are a person's, what is kept and
//! whether a promise holds has been settled by whoever fills these structs. Nor is there IO beyond
//! the `Write` that is handed in, a clock, or a network: the same structs give the same bytes. (The
//! one exception is a package with a password, whose salt must be fresh.)
//!
//! Two rules hold for whatever leaves this room:
//!
//! * INVARIANT: what a stranger wrote is shown, never obeyed. Markup, spreadsheet formulas, terminal
//!   escapes, direction controls and hostile file names lose their power in one place each
//!   ([`text`], `package::csv`, `package::names`).
//! * INVARIANT: what was not done stands beside what was done. A system that was not reached has a
//!   place in every one of these documents.
//!
//! ```
//! use render::{Zone, words};
//! let halifax = Zone::named("America/Halifax")?;
//! let moment = model::Micros(1_795_370_700_000_000);
//! assert_eq!(words::moment(moment, &halifax), "22 November 2026, 14:05 (Halifax)");
//! # Ok::<(), render::UnknownZone>(())
//! ```

pub mod certificate;
pub mod coverage;
pub mod deidentify;
pub mod destruction;
pub mod map;
pub mod message;
pub mod package;
pub mod plan_text;
pub mod register;
pub mod retention;
pub mod scan;
pub mod text;
pub mod words;

mod page;
mod style;
mod table;
mod zone;

pub use page::CSS as STYLE_SHEET;
pub use style::Style;
pub use zone::{UnknownZone, Zone, rfc3339};
