//! Bytes in, findings out.
//!
//! A person is in a database in more places than its references say: copied in a mail, quoted in
//! a note, folded across the soft line breaks of a quoted-printable body, in base64 inside JSON
//! inside a column. This room finds [known people](person) in any bytes, takes them out again
//! without touching anybody else, and tells [what a value is](values) when nobody said so. A
//! [`Detector`] finds personal data of all [kinds](kinds()) in bytes that nobody knows: text, logs,
//! configuration, columns ([`classify_column`]), whole or as a [`Stream`].
//!
//! Matching is exact **after** normalisation, and [`explain`] says in one sentence what is
//! normalised: letter case, composed and decomposed Unicode, white space, the spelling of
//! telephone numbers. Accents never are: `zoe.muller@` is not `Zoë.Müller@`, and erasing the one
//! must not touch the other.
//!
//! No declared encoding is believed. Where the marks of an encoding stand, the bytes around them
//! are decoded and searched too, up to four encodings deep, in time linear in the input; what is
//! taken out is replaced in the encoding in which it stood.
//!
//! Deliberately absent: input and output, `async`, clocks, randomness, every other crate of this
//! project, and models that guess names: those of strangers are told by lists and by their form,
//! and [`Found::reason`] says by which.
//!
//! Architecture invariant: after [`Searcher::redact`] the same search finds nothing, except
//! inside a document that [`Redaction::file`] reports; and what was JSON is JSON.
//!
//! ```
//! use detect::{PersonTerms, RedactOptions, Scratch, SearchOptions, Searcher, Term, TermKind};
//!
//! let jane = PersonTerms {
//!     terms: vec![
//!         Term::new(TermKind::Email, "jane.doe@acme.example"),
//!         Term::new(TermKind::Name, "Jane Doe"),
//!     ],
//! };
//! let searcher = Searcher::new(&[jane], &SearchOptions::default());
//! let body = b"Copied to \"Doe, Jane\" <jane.doe=40ac=\r\nme.example>, and to Bob.";
//!
//! let mut found = Vec::new();
//! searcher.search(body, &mut Scratch::new(), &mut found);
//! assert_eq!(found.len(), 2);
//!
//! let redaction = searcher.redact(body, 0, &RedactOptions::default());
//! assert_eq!(redaction.bytes.unwrap(), b"Copied to \"[erased]\" <[erased]>, and to Bob.");
//! ```

mod base64;
mod blocks;
mod checks;
mod classes;
mod column;
mod column_name;
mod common_words;
mod dates;
mod detector;
mod encoded_word;
mod file_kind;
mod first_look;
mod fold;
mod identity;
mod index;
mod inline;
mod json;
mod keywords;
pub mod kinds;
mod levels;
mod lexicon;
mod look;
mod machine;
mod masked;
mod name;
mod others;
mod own;
mod packed;
mod phone;
mod readable;
mod redact;
mod searcher;
mod secrets;
mod starts;
mod stream;
mod term;
mod utf16;
pub mod values;
mod words;

/// Known people: how they are named, where they are mentioned, and how they are taken out.
pub mod person {
    pub use crate::file_kind::{FileKind, file_kind};
    pub use crate::identity::{explain, normal_form, same_identity};
    pub use crate::name::name_forms;
    pub use crate::others::{cover_typed_values, redact_others};
    pub use crate::phone::digits_of_phone;
    pub use crate::readable::readable;
    pub use crate::searcher::{Scratch, Searcher};
    pub use crate::term::{
        Encoding, Mention, PersonTerms, RedactOptions, Redaction, Removed, SearchOptions, Strength,
        Term, TermKind,
    };
}

pub use column::{ColumnGuess, ColumnTally, classify_column};
pub use detector::{AllowList, Choice, DetectOptions, DetectScratch, Detector, OptionError};
pub use fold::windows_1252;
pub use kinds::contact::address_parts::{AddressPart, address_parts};
pub use kinds::{Family, Found, Kind, KindRef, Validated, kind, kinds};
pub use masked::masked;
pub use own::{OwnKind, OwnValidator};
pub use person::*;
pub use secrets::secret_like;
pub use stream::Stream;
pub use values::{Finding, ValueKind, classify, find_values, looks_like_name};
pub use words::Words;

#[cfg(test)]
mod tests;
