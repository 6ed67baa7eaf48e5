//! The data map, resolved: systems, their collections and fields, and how one leads to another.
//! Written by hand or by `upheld connect` in `systems/*.yaml`; followed by the planner.

use std::collections::BTreeMap;

use model::{DataType, IdentityKind, TableName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::file::recipients::Paper;
use crate::retention::Retain;

/// A system that holds people's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct System {
    /// Its key: the file's name, and the first part of every [`FieldPath`].
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// The application it belongs to and the map it was made from (`request-tracker-5/1`).
    pub application: Option<String>,
    /// Fingerprint of the shape that was mapped; another shape at run time is drift.
    pub schema: Option<String>,
    /// What the data is used for: fideslang data uses.
    pub purposes: Vec<String>,
    /// Where the data comes from, in plain words.
    pub source: Option<String>,
    /// What backups still hold after an erasure, in plain words ("nightly, kept for 30 days").
    pub backups: Option<String>,
    /// Keys of the recipients (`recipients.yaml`) who get data from this system.
    pub recipients: Vec<String>,
    /// The country or region where it stands.
    pub region: Option<String>,
    /// What makes the transfer there lawful, where it is not your own country.
    pub mechanism: Option<String>,
    /// Which accounts of the system each role of the matrix works with.
    pub accounts: BTreeMap<String, Vec<String>>,
    /// What shows that its disks are encrypted.
    pub at_rest: Option<Paper>,
    /// Its collections.
    pub collections: Vec<Collection>,
}

impl System {
    /// The collection of this name.
    pub fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.name == name)
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Its name in the map.
    pub name: String,
    /// The words a person is shown for it ("Tickets").
    pub title: String,
    /// The table behind it.
    pub table: TableName,
    /// What erasing a person means for rows that are theirs alone.
    pub erase: EraseRows,
    /// Rules by which the law or the notice keeps rows for a while.
    pub keep: Vec<Keep>,
    /// The row of the classification matrix that its rows follow, where it was given one.
    pub class: Option<String>,
    /// Rules by which old rows are disposed of.
    pub retain: Vec<Retain>,
    /// Where its data comes from, where that differs from the system's.
    pub source: Option<String>,
    /// How this application marks rows as deleted, in plain words; such rows are searched too.
    pub soft_delete: Option<String>,
    /// Why this collection is left out of every search, if it is.
    pub skip: Option<String>,
    /// Collections (`system.collection`) whose changes must come before this one's.
    pub erase_after: Vec<String>,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl Collection {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its name, which is the column's name.
    pub name: String,
    /// The words a person is shown for it, if they differ.
    pub title: Option<String>,
    /// fideslang data categories (`user.contact.email`), never empty: what nobody classified is
    /// `system`.
    pub categories: Vec<String>,
    /// The row of the classification matrix it inherits.
    pub class: Option<String>,
    /// The identifier it holds, where a person can be looked up by it.
    pub identity: Option<IdentityKind>,
    /// Whether it is (part of) the primary key.
    pub primary_key: bool,
    /// What it can hold, where the map says so.
    pub data_type: Option<DataType>,
    /// Whether people write freely in it: mentions are taken out, the rest stays.
    pub free_text: bool,
    /// What erasing does to it, where the map overrides the rule of its category.
    pub erase: Option<EraseField>,
    /// Where it leads.
    pub references: Vec<Reference>,
}

impl Field {
    /// Whether it holds data about a person (any category below `user`), other than a bare
    /// identifier of our own.
    pub fn is_personal(&self) -> bool {
        self.categories.iter().any(|category| {
            (category == "user" || category.starts_with("user."))
                && category != "user.unique_id"
                && !category.starts_with("user.unique_id.")
        })
    }
}

/// A field's full name: `system.collection.field`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FieldPath {
    /// The system.
    pub system: String,
    /// The collection.
    pub collection: String,
    /// The field.
    pub field: String,
}

impl std::fmt::Display for FieldPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.system, self.collection, self.field)
    }
}

/// A field that holds the same values as another field: the way from row to row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The other field.
    pub to: FieldPath,
    /// Further columns that must agree, for references by a composite key.
    pub also: Vec<Also>,
    /// In which direction a search may follow it.
    pub travel: Travel,
    /// Only rows of *this* collection that meet all of these (polymorphic references).
    pub when: Vec<When>,
    /// What the rows found this way are to the person, at most.
    pub tie: Tie,
    /// How it came to be in the map, where nobody declared it.
    pub inferred: Option<Inference>,
}

/// One more pair of columns that must agree for a reference by a composite key to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    /// The column in the collection of the reference.
    pub here: String,
    /// The column in the collection referred to.
    pub there: String,
}

/// The direction in which a reference is followed. Fides' `from` and `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Travel {
    /// From the other field's rows to this field's rows (Fides: `from`): parent to child.
    Here,
    /// From this field's rows to the other field's rows (Fides: `to`): child to parent.
    There,
    /// Both.
    Both,
}

/// A column that must hold one of these values for a reference to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// The column, in the collection of the reference.
    pub column: String,
    /// The values as plain text.
    pub any_of: Vec<String>,
}

/// What a row is to the person, from closest to farthest. A row reached in several ways keeps the
/// closest; along a path the farthest counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The row describes the person: the account, its addresses, its settings. Everything
    /// personal in it goes.
    Own,
    /// The person wrote or caused it: a message, an upload, a log-in. What names the person in
    /// its text goes, files go whole, personal fields go.
    Authored,
    /// It concerns the person and others: a ticket of three people. What names the person goes,
    /// and nothing else.
    Shared,
    /// It is reached only because its text names the person, or stands in the same conversation.
    Mention,
}

/// How a part of the map was guessed, and whether somebody has agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inference {
    /// How sure, in percent.
    pub confidence: u8,
    /// Why, in one plain sentence.
    pub reason: String,
    /// A person's answer: `Some(true)` yes, `Some(false)` no, `None` not asked or not answered.
    pub confirmed: Option<bool>,
}

impl Inference {
    /// Below this many percent a person must say yes.
    pub const SURE: u8 = 80;

    /// Whether a search may follow it.
    pub fn holds(&self) -> bool {
        self.confirmed.unwrap_or(self.confidence >= Self::SURE)
    }

    /// Whether `check` asks for an answer.
    pub fn is_open(&self) -> bool {
        self.confirmed.is_none() && self.confidence < Self::SURE
    }
}

/// What erasing a person means for rows of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EraseRows {
    /// The row stays, its fields are changed one by one.
    Fields,
    /// The row is deleted when it is the person's own; rows shared with others are changed.
    Delete,
    /// Nothing is changed, for this reason; the plan lists what is kept.
    Nothing(String),
}

/// What erasing does to a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EraseField {
    /// NULL.
    Null,
    /// A fixed text.
    Text(String),
    /// A random value of the same kind and length, never the same twice.
    Random,
    /// A keyed hash of the value: equal values stay equal, nobody can tell which.
    Hash,
    /// A value that is unique for each row (`erased-5f2c…`), for names that must stay unique.
    Pseudonym,
    /// What names the person inside the text is taken out; the rest stays.
    Redact,
    /// Left as it is, for this reason; the plan lists it as kept.
    Keep(String),
}

/// A minimum age: rows younger than this stay, and the plan says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// How long.
    pub period: Period,
    /// The column from which it counts.
    pub from: String,
    /// The law or the promise that asks for it.
    pub because: String,
    /// How it came to be in the map, where nobody wrote it by hand.
    #[serde(default)]
    pub inferred: Option<Inference>,
}

impl Keep {
    /// Whether rows are kept by it: unless somebody said no. An open question keeps them, because
    /// what is gone cannot be brought back.
    pub fn holds(&self) -> bool {
        self.inferred.as_ref().is_none_or(|guess| guess.confirmed != Some(false))
    }
}

/// A length of time on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: PeriodUnit,
}

/// The unit of a [`Period`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    /// Calendar days.
    Days,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}
