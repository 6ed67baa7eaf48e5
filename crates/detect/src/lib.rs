//! Bytes in, findings out. (Bodies follow; the signatures stand.)

mod file_kind;
mod term;
pub mod values;

pub use file_kind::{FileKind, file_kind};
pub use term::*;
pub use values::{Finding, ValueKind, classify, find_values, looks_like_name};

/// Compiled once for many people.
pub struct Searcher(());
/// Reusable memory of a search.
#[derive(Default)]
pub struct Scratch(());
impl Searcher {
    /// Compiles the terms of many people.
    pub fn new(people: &[PersonTerms], options: &SearchOptions) -> Self {
        let _ = (people, options);
        Self(())
    }
    /// Adds every mention in the bytes to `found`, in order.
    pub fn search(&self, bytes: &[u8], scratch: &mut Scratch, found: &mut Vec<Mention>) {
        let _ = (bytes, scratch, found);
    }
    /// Takes one person out.
    pub fn redact(&self, bytes: &[u8], person: usize, options: &RedactOptions) -> Redaction {
        let _ = (bytes, person, options);
        Redaction::default()
    }
}
/// Takes everybody else out.
pub fn redact_others(bytes: &[u8], keep: &Searcher, others: &Searcher, mark: &str) -> (Vec<u8>, u64) {
    let _ = (keep, others, mark);
    (bytes.to_vec(), 0)
}
/// The plain text of a body for a person to read.
pub fn readable(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}
/// E.164 digits of a number.
pub fn digits_of_phone(text: &str, default_cc: Option<&str>) -> Option<String> {
    let _ = (text, default_cc);
    None
}
/// Equality after normalisation.
pub fn same_identity(kind: TermKind, a: &str, b: &str, default_cc: Option<&str>) -> bool {
    normal_form(kind, a, default_cc) == normal_form(kind, b, default_cc)
}
/// The normal form of a whole value.
pub fn normal_form(kind: TermKind, text: &str, default_cc: Option<&str>) -> String {
    let _ = (kind, default_cc);
    text.to_lowercase()
}
/// What is and is not folded.
pub fn explain(kind: TermKind) -> &'static str {
    let _ = kind;
    ""
}
/// The spellings of a name.
pub fn name_forms(full: &str) -> Vec<String> {
    vec![full.to_owned()]
}
