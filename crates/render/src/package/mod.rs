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

pub use answer::{
    Answered, Authority, Category, Closing, CollectionAnswer, Disclosure, FieldHead, FileAnswer,
    ListItem, NotShown, PackageHead, PackageKind, Reached, RowAnswer, SevenLists, Shown,
    SystemAnswer,
};
pub use writer::{Error, PackageWriter, Protection, Spool, Spools, Summary, spool_in_memory};
