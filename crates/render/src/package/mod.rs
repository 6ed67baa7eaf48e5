//! The access package: everything that was found about a person, in one ZIP file that a citizen
//! can open and a machine can read.
//!
//! The caller feeds a [`PackageWriter`] system by system, collection by collection, row by row;
//! nothing is held whole. What the person reads first (`index.html`) is written last, because it
//! begins with what is here and what was left out.

mod answer;
pub(crate) mod csv;
mod html;
mod json;
mod names;
mod writer;

/// Cells and names with their doors open, for fuzzing; never in the binary.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzz {
    /// A cell of a table for a spreadsheet, and whether an apostrophe stands before its text.
    pub fn cell(text: &str) -> (String, bool) {
        let mut out = String::new();
        let formula = super::csv::cell(&mut out, text);
        (out, formula)
    }

    /// One part of a path.
    pub fn part(given: &str) -> String {
        super::names::part(given)
    }

    /// The path of an attachment.
    pub fn attachment(number: u64, given: &str, hide: bool) -> String {
        super::names::attachment(number, given, hide)
    }
}

pub use answer::{
    Answered, Authority, Category, Closing, CollectionAnswer, Disclosure, FieldHead, FileAnswer,
    ListItem, NotShown, PackageHead, PackageKind, Reached, RowAnswer, SevenLists, Shown,
    SystemAnswer,
};
pub use writer::{Error, PackageWriter, Protection, Spool, Spools, Summary, spool_in_memory};
