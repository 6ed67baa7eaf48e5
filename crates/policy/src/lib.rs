//! The notice and the policy as code: what has been promised, about which data, in which systems.
//!
//! A policy folder is read, checked as a whole and resolved into one [`Policy`]. Resolved means:
//! every name points at something that exists, every field has its row of the classification
//! matrix, every quote has its place in the notice. Whoever holds a `Policy` need not check again.
//!
//! The way from text to policy has four steps, and each reports all that it finds, with its place:
//!
//! 1. the text becomes a tree in which every node knows its line and column;
//! 2. the tree is held against a JSON Schema. The schema comes from the types in [`file`], so what
//!    an editor marks red, what `check` reports and what is read are one thing;
//! 3. the values become those types;
//! 4. names are resolved across files, quotes are looked for in the notice.
//!
//! What is deliberately not here: IO beyond reading the folder's files ([`read_folder`]), any
//! connection to a system, any clock. `check` in this room answers "is the policy sound?"; whether
//! it is *true* is asked of the systems elsewhere.
//!
//! ```
//! let files = policy::Sources::from_iter([(
//!     "policy.yaml",
//!     "organisation:\n  nmae: Acme IT\n",
//! )]);
//! let checked = policy::load(&files);
//! assert!(checked.policy.is_none());
//! let slip = &checked.findings[0];
//! assert_eq!((slip.line, slip.column), (1, 1)); // `organisation` lacks its `name`, among others
//! assert!(policy::render(&checked.findings, false, 80).contains("did you mean `name`?"));
//! ```

mod again;
pub mod calendar;
pub mod catalogue;
pub mod clock;
mod compare;
mod edit;
pub mod file;
mod finding;
mod html;
pub mod map;
pub mod notice;
mod pack;
mod policy;
mod processing;
mod question;
pub mod quote;
pub mod region;
pub mod regulator;
mod resolve;
pub mod retention;
mod schemas;
mod shape;
pub mod source;
pub mod taxonomy;
mod text;
pub mod words;
mod write;
mod yaml;

pub use compare::{Change, compare};
pub use edit::{Edit, edit_system};
pub use file::classification::{ClassKeep, ClassRow, Sensitivity};
pub use file::clients::Client;
pub use file::kinds::{OwnKind, Validator};
pub use file::policy::{
    Cap, Children, Contact, Fee, LegalBasis, NoticeSection, Organisation, PastVersion, Place,
    Purpose, RequestKind, Right, Statements,
};
pub use file::profile::ProfileFile;
pub use file::promises::{Control, Quote, QuoteSelector, ToldOf};
pub use file::recipients::{Flow, Paper, Recipient, RecipientClass};
pub use file::system::SystemFile;
pub use finding::{Finding, Severity, nearest, render};
pub use map::{
    Also, Collection, EraseField, EraseRows, Field, FieldPath, Inference, Keep, Period, PeriodUnit,
    Reference, System, Tie, Travel, When,
};
pub use notice::{Notice, Sentence};
pub use pack::{Pack, packs};
pub use policy::{Coverage, Policy, Promise};
pub use processing::{Holder, Processing, ProcessingRecord, Receiver, TimeLimit};
pub use question::{Asks, Question};
pub use retention::{ClientEvent, CountFrom, Disposal, Retain};
pub use schemas::schemas;
pub use source::{
    Checked, Sources, load, read_folder, read_kinds, read_profile, read_system, read_system_file,
    readable_systems,
};
pub use taxonomy::Taxonomy;
pub use text::Form;
pub use write::write_system;
