//! Clocks: until when a request must be answered, by which law, computed exactly.
//!
//! Four things meet here, each in a file of its own:
//!
//! * [`Rule`]: one row of what law and practice ask (`data/clocks.yaml`): who, what, how soon, counted
//!   from what, with its citation and how surely it was read;
//! * [`Facts`]: what happened to one request: when it came, when it stood still, whether it was put off;
//! * [`Deadline`]: the last day, or the last moment where hours count, with the computation in plain
//!   sentences, so that a person can check it with a calendar on the wall;
//! * [`RequestClock`]: the clocks of one request beside each other, the notice's own and every law's of
//!   the person's place. The earliest counts, and all are shown.
//!
//! What is deliberately not here: "now". Whether something is late is asked by whoever has a clock. Nor
//! is there any judgement whether a law applies to an organisation: a row that is meant for some only
//! ([`Rule::only`]) is shown and sets no date.
//!
//! INVARIANT: a row that was not verified ([`Confidence::K`]) carries the word wherever it is shown.
//!
//! ```
//! use jiff::civil::date;
//! use policy::clock::{Facts, rule};
//! let ccpa = rule("us-ca.ccpa.know-delete-correct").unwrap();
//! let due = ccpa.answer(&Facts::on(date(2026, 11, 20)), None).unwrap();
//! assert_eq!(due.on, date(2027, 1, 4));
//! assert_eq!(due.how, ["received on 2026-11-20", "45 days later: 2027-01-04"]);
//! ```

mod appeal;
mod due;
mod facts;
mod lapse;
mod place;
mod request;
mod rule;

#[cfg(test)]
mod tests;

pub use appeal::{AppealClock, of_appeal};
pub use due::Deadline;
pub use facts::{Facts, Pause, PauseReason};
/// A day of the calendar, as every date here is.
pub use jiff::civil::Date as Day;
pub use lapse::{Lapse, LapseUnit};
pub use place::around;
pub use request::{RequestClock, SetAside, Source, SourceOf, keys_around, of_request};
pub use rule::{Book, Confidence, Further, Kind, Rule, Start, book, rule};
