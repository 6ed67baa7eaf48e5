//! The kinds of personal data that can be found in any bytes: a table, one entry for each kind.
//!
//! A kind knows its key, which never changes, the category of the fideslang taxonomy that a data
//! map uses for it, the public source of its form, and examples. The examples are tests: each is
//! searched by [`crate::Detector`], and each counter-example must stay silent.

pub(crate) mod contact;
pub(crate) mod credential;
pub(crate) mod financial;
pub(crate) mod government;
pub(crate) mod health;
pub(crate) mod network;
pub(crate) mod online;
pub(crate) mod special;

use std::fmt;

/// What a kind has to do with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// How to reach somebody: mail, telephone, street, and what they are called.
    Contact,
    /// Machines and their addresses.
    Network,
    /// Cards, accounts, taxes.
    Financial,
    /// Numbers that a state gives out.
    Government,
    /// Numbers and codes of health care.
    Health,
    /// Passwords, keys, tokens.
    Credential,
    /// Names and places on the web.
    Online,
    /// What says that somebody is a child.
    Child,
    /// Special categories (Article 9 of the GDPR), told by words alone.
    Special,
    /// A kind that the user described.
    Own,
}

/// One kind of personal data.
pub struct Kind {
    /// Stable and dotted: `contact.email`.
    pub key: &'static str,
    /// For people: `E-mail address`.
    pub title: &'static str,
    /// The key of fideslang: `user.contact.email`.
    pub category: &'static str,
    /// What it has to do with.
    pub family: Family,
    /// The standard or public source of the form, in a few words.
    pub standard: &'static str,
    /// Texts, and the value that must be found in each.
    pub examples: &'static [(&'static str, &'static str)],
    /// Texts in which nothing of this kind may be found.
    pub counter_examples: &'static [&'static str],
}

/// A kind, cheap to copy and to compare.
#[derive(Clone, Copy)]
pub struct KindRef(pub(crate) &'static Kind);

impl KindRef {
    /// Stable and dotted: `contact.email`.
    pub const fn key(self) -> &'static str {
        self.0.key
    }

    /// For people: `E-mail address`.
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// The key of fideslang: `user.contact.email`.
    pub const fn category(self) -> &'static str {
        self.0.category
    }

    /// What it has to do with.
    pub const fn family(self) -> Family {
        self.0.family
    }

    /// The standard or public source of the form.
    pub const fn standard(self) -> &'static str {
        self.0.standard
    }
}

impl PartialEq for KindRef {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.0.key == other.0.key
    }
}

impl Eq for KindRef {}

impl PartialOrd for KindRef {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for KindRef {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.key.cmp(other.0.key)
    }
}

impl std::hash::Hash for KindRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.key.hash(state);
    }
}

impl fmt::Debug for KindRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.key)
    }
}

/// Why a value is believed to be of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validated {
    /// Its check digits are right.
    Checksum,
    /// Nothing else is written like this.
    Form,
    /// A word beside it says so.
    Context,
    /// Its words are in a list.
    Dictionary,
    /// A model that the user brought takes it for one; never said by this room itself.
    Model,
}

/// A value of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: KindRef,
    /// The first byte of it, in the input as it was given.
    pub start: u64,
    /// The byte after it.
    pub end: u64,
    /// 0 to 100.
    pub confidence: u8,
    /// Why it is believed.
    pub validated: Validated,
    /// Made for examples and tests: `example.com`, ranges for documentation, test cards.
    pub test_data: bool,
    /// The reason for people, a part of a sentence: `the check digit is right`.
    pub reason: &'static str,
}

/// All built-in kinds, by family.
pub fn kinds() -> impl Iterator<Item = KindRef> {
    tables().into_iter().flatten().map(|kind| KindRef(kind))
}

/// The built-in kind with this key.
pub fn kind(key: &str) -> Option<KindRef> {
    kinds().find(|kind| kind.key() == key)
}

fn tables() -> [&'static [&'static Kind]; 8] {
    [
        contact::KINDS,
        network::KINDS,
        financial::KINDS,
        government::KINDS,
        health::KINDS,
        credential::KINDS,
        online::KINDS,
        special::KINDS,
    ]
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "the texts of a test are small")]
mod tests {
    use super::*;
    use crate::detector::{DetectOptions, Detector};

    #[test]
    fn every_example_is_found_and_no_counter_example() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let mut wrong = Vec::new();
        for kind in kinds() {
            assert!(!kind.0.examples.is_empty(), "{kind:?} has no example");
            for (text, value) in kind.0.examples {
                let found = detector.find(text.as_bytes());
                let right = found.iter().any(|found| {
                    let range = found.start as usize..found.end as usize;
                    found.kind == kind && text.as_bytes().get(range) == Some(value.as_bytes())
                });
                if !right {
                    wrong.push(format!("{kind:?}: {text:?} must give {value:?}: {found:?}"));
                }
            }
            for text in kind.0.counter_examples {
                let found = detector.find(text.as_bytes());
                if found.iter().any(|found| found.kind == kind) {
                    wrong.push(format!("{kind:?}: nothing may be found in {text:?}: {found:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn keys_are_dotted_and_unique() {
        let mut keys: Vec<_> = kinds().map(KindRef::key).collect();
        assert!(keys.iter().all(|key| key.split('.').count() == 2), "{keys:?}");
        assert!(kinds().all(|kind| kind.category().starts_with("user")));
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
