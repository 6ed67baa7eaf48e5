//! What the planner asks for, and what it is told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{IdentityKind, RowKey, Value};
use policy::{Tie, When};
use serde::{Deserialize, Serialize};

use crate::{LearnedTerm, Place};

/// One thing to be done. Steps that are pending together may be done in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its number within the case.
    pub id: u64,
    /// What to do.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Find rows of one collection by the values of one field.
    Find {
        /// Where.
        place: Place,
        /// The field compared.
        field: String,
        /// The values.
        values: Vec<Value>,
        /// How they are compared.
        compare: Compare,
        /// Columns that must hold given values besides.
        when: Vec<When>,
        /// The columns to bring back.
        #[serde(with = "crate::shared")]
        carry: Arc<[String]>,
        /// What the rows are to the person, if they are found.
        tie: Tie,
        /// What led here, in words of the map (`ticketing.users.id`), for the explanation.
        #[serde(with = "crate::shared")]
        from: Arc<str>,
    },
    /// Read every text of a system once and report where the person is named.
    Search {
        /// The system.
        system: String,
        /// Where to look.
        #[serde(with = "crate::shared")]
        places: Arc<[SearchPlace]>,
        /// What names the person.
        #[serde(with = "crate::shared")]
        terms: Arc<[LearnedTerm]>,
    },
    /// Read the rows and hand them out.
    Gather {
        /// The system.
        system: String,
    },
    /// Compute the change of every row, check it against the real constraints and rehearse it.
    Draft {
        /// The system.
        system: String,
    },
    /// Make the drafted changes in one transaction.
    Act {
        /// The system.
        system: String,
    },
    /// Search again, by identity and by text, in a way of its own.
    Verify {
        /// The system.
        system: String,
        /// Where to look.
        #[serde(with = "crate::shared")]
        places: Arc<[SearchPlace]>,
        /// What names the person.
        #[serde(with = "crate::shared")]
        terms: Arc<[LearnedTerm]>,
    },
}

impl Action {
    /// The system that the step talks to.
    pub fn system(&self) -> &str {
        match self {
            Self::Find { place, .. } => &place.system,
            Self::Search { system, .. }
            | Self::Gather { system }
            | Self::Draft { system }
            | Self::Act { system }
            | Self::Verify { system, .. } => system,
        }
    }
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// To the byte: a reference.
    Exact,
    /// As an identifier of this kind: equal after its normalisation.
    As(IdentityKind),
}

/// A collection to search by text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPlace {
    /// The collection.
    pub collection: String,
    /// The fields whose text is read. Empty: every field that bears text.
    pub fields: Vec<String>,
    /// The columns to bring back of a row that names the person.
    #[serde(with = "crate::shared")]
    pub carry: Arc<[String]>,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Of a find.
    Found(Vec<FoundIn>),
    /// Of a search.
    Searched(Mentioned),
    /// Of a gathering.
    Gathered(Gathered),
    /// Of a draft.
    Drafted(Drafted),
    /// Of an act.
    Acted {
        /// Rows changed or deleted now.
        changed: u64,
        /// Rows that were as wanted already.
        already: u64,
    },
    /// Of a verification.
    Verified(Vec<Remaining>),
    /// The system could not be reached, or failed for good; nothing was done there.
    NotReached(String),
}

/// A row found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundIn {
    /// Its key.
    pub key: RowKey,
    /// The carried columns, in the order asked for.
    pub carried: Vec<Value>,
}

/// Where the text of a system names the person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentioned {
    /// Rows that name the person beyond doubt.
    pub rows: Vec<PlaceRows>,
    /// Terms that the person's own text taught us (a labelled date of birth).
    pub learned: Vec<LearnedTerm>,
    /// Rows that hold only a bare given name or surname, by collection.
    pub bare_names: BTreeMap<String, u64>,
    /// Values that could not be looked into (compressed, encrypted), by collection.
    pub unread: BTreeMap<String, u64>,
    /// Other addresses that may be the person's, in how many rows beside a known one.
    pub possible: BTreeMap<String, u64>,
    /// Rows read.
    pub rows_read: u64,
    /// Bytes of text read.
    pub bytes_read: u64,
}

/// Rows of one collection that name the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRows {
    /// The collection.
    pub collection: String,
    /// The rows: key, carried columns and the fields.
    pub rows: Vec<(FoundIn, Vec<MentionedField>)>,
}

/// A field that names the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionedField {
    /// The field.
    pub field: String,
    /// The kind of term, if the field holds nothing but that.
    pub whole: Option<crate::TermKind>,
    /// The kinds of the terms that name the person there. A row that only a name ties to the
    /// person may be a namesake's.
    #[serde(default)]
    pub by: BTreeSet<crate::TermKind>,
}

/// What was handed out of a system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathered {
    /// Rows handed out, by collection.
    pub rows: BTreeMap<String, u64>,
    /// Places in which somebody else's data was covered.
    pub redacted_others: u64,
}

/// What an erasure or a correction would change in a system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// By collection.
    pub places: Vec<PlaceCount>,
    /// What stands against the plan. Any one of these stops it before anything is touched.
    pub problems: Vec<Problem>,
    /// What a reviewer should know (triggers that write elsewhere, files replaced whole).
    pub notes: Vec<String>,
    /// The fingerprint of the shape that was drafted against.
    pub schema: String,
    /// What a correction finds in each field, right ones included. Personal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<crate::Corrected>,
}

/// Counts for a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceCount {
    /// The collection.
    pub collection: String,
    /// Rows of the person before.
    pub before: u64,
    /// Rows whose fields change.
    pub changed: u64,
    /// Rows that are deleted.
    pub deleted: u64,
    /// By field.
    pub fields: Vec<FieldCount>,
}

/// What happens to a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCount {
    /// The field.
    pub field: String,
    /// What happens, as a key: `null`, `text`, `pseudonym`, `random`, `hash`, `redact`, `file`,
    /// `correct`.
    pub how: String,
    /// In how many rows.
    pub rows: u64,
}

/// Something that stands against a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The collection.
    pub collection: String,
    /// The field, where there is one.
    pub field: Option<String>,
    /// What is wrong and what to do, in one sentence without any value.
    pub message: String,
}

/// A place that still names the person after an erasure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Remaining {
    /// The collection.
    pub collection: String,
    /// The field.
    pub field: String,
    /// The row.
    pub key: RowKey,
}
