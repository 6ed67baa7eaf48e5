//! What the caller hands in: plain structs, filled by the engine and the use cases.

use model::{DataType, Micros, Personal};
use policy::Tie;

use crate::Zone;

/// Which right the package answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageKind {
    /// A copy of everything held, with the answers the law asks for.
    Access,
    /// The same data in a form to be taken elsewhere.
    Portability,
}

/// What is known before the first system is read.
#[derive(Debug, Clone)]
pub struct PackageHead {
    /// Who answers: the organisation's name.
    pub organisation: String,
    /// How to reach it about this answer, in plain words ("privacy@msp.example, +1 902 555 0100").
    pub contact: String,
    /// The request's number.
    pub reference: String,
    /// When the package was made. Also the modification time of every file in it.
    pub made_at: Micros,
    /// The zone in which moments are written out.
    pub zone: Zone,
    /// The names by which the person is addressed; may be empty.
    pub subject_names: Vec<Personal<String>>,
    /// Which right it answers.
    pub kind: PackageKind,
    /// What the person has asked of us that is in force, a sentence each ("no sale and no sharing
    /// for advertising, since 22 November 2026").
    pub choices: Vec<String>,
    /// Who hears a complaint, in the order in which they are shown.
    pub complain_to: Vec<Authority>,
}

/// A regulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its name.
    pub name: String,
    /// How to reach it, in plain words.
    pub contact: String,
    /// Its address on the web, shown as a link when it begins with `https://`.
    pub web: Option<String>,
}

/// A system, reached or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemAnswer {
    /// Its key in the policy: the first part of its CSV files' names.
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// Where the data in it comes from, in plain words.
    pub source: Option<String>,
    /// What the data is used for, in plain words.
    pub purposes: Vec<String>,
    /// Who else gets data from it, by name.
    pub recipients: Vec<String>,
    /// Whether it was read.
    pub reached: Reached,
}

/// Whether a system was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// Yes.
    Reached,
    /// No, for this reason, in words that a person understands.
    NotReached(String),
}

/// A collection in which something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionAnswer {
    /// Its name in the map: the second part of its CSV file's name.
    pub name: String,
    /// The words a person is shown for it ("Tickets").
    pub title: String,
    /// How the rows were found, in plain words ("found by e-mail address", "names you in its
    /// text").
    pub why: Vec<String>,
    /// The fields of every row, in order.
    pub fields: Vec<FieldHead>,
}

/// A field, said once for all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldHead {
    /// Its name, which is the column's name.
    pub name: String,
    /// The words a person is shown for it, if they differ.
    pub title: Option<String>,
    /// What kind of data it is.
    pub categories: Vec<Category>,
    /// What it can hold, where known.
    pub data_type: Option<DataType>,
    /// Whether people write freely in it.
    pub free_text: bool,
}

impl FieldHead {
    /// The words a person is shown.
    pub fn shown_title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

/// A data category.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Category {
    /// The fideslang key (`user.contact.email`).
    pub key: String,
    /// In plain words ("E-mail address").
    pub title: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowAnswer {
    /// What the row is to the person.
    pub tie: Tie,
    /// One value for each of [`CollectionAnswer::fields`], in their order.
    pub values: Vec<Shown>,
}

/// A value as it is handed out. Other people's data has been taken out of it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// NULL.
    Empty,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number in the database's own writing; anything else in it is treated as text.
    Number(Personal<String>),
    /// Text, and every type that travels as text.
    Text(Personal<String>),
    /// The value is a file of its own: the path that [`super::PackageWriter::file`] returned.
    File(String),
    /// Held, and not handed out, for this reason.
    Withheld(String),
}

impl Shown {
    /// Wraps text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Personal::new(text.into()))
    }
}

/// An attachment. Its bytes are given as a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAnswer {
    /// The name it bears in its system. Made safe before it is used as a path.
    pub name: Personal<String>,
    /// Where it was found, in plain words ("Ticketing, attachment of ticket 4711").
    pub place: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What is known after the last system was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// The seven lists.
    pub lists: SevenLists,
    /// How many passages about other people were taken out of texts.
    pub redacted_others: u64,
    /// What was found or looked for and is not in the package.
    pub not_shown: Vec<NotShown>,
}

/// Something that is not in the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotShown {
    /// Where, in plain words ("Ticketing, internal notes").
    pub place: String,
    /// Why.
    pub reason: String,
}

/// The answers that California's law asks for (Cal. Civ. Code § 1798.110, § 1798.115), given to
/// everyone. The seventh, the specific pieces, is the package itself and needs no input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SevenLists {
    /// Categories of personal data collected.
    pub categories: Answered<ListItem>,
    /// Categories of sources.
    pub sources: Answered<ListItem>,
    /// Business purposes for collecting it.
    pub purposes: Answered<ListItem>,
    /// Categories of third parties it is shared with.
    pub third_parties: Answered<ListItem>,
    /// Categories sold, and to whom.
    pub sold: Answered<Disclosure>,
    /// Categories disclosed for a business purpose, and to whom.
    pub disclosed: Answered<Disclosure>,
}

/// A list, or why there is none. An empty list says "none"; not knowing never looks like "none".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered<T> {
    /// The answer.
    Given(Vec<T>),
    /// No answer, for this reason.
    NotStated(String),
}

impl<T> Default for Answered<T> {
    fn default() -> Self {
        Self::NotStated("the policy does not say".to_owned())
    }
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// In plain words.
    pub title: String,
    /// One more sentence, if it helps.
    pub detail: Option<String>,
}

/// A category that went to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The category in plain words.
    pub category: String,
    /// Kinds of recipients ("hosting provider").
    pub to: Vec<String>,
}
