//! `systems/*.yaml`: a Fides dataset as it is, and what Upheld adds to it.
//!
//! Everything outside `system:` and `upheld:` is what Fides reads; a file with neither is a Fides
//! file. Keys that Fides would ignore are reported and do not stop anything.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::recipients::Paper;
use crate::map::{EraseField, EraseRows, Period, Tie, Travel};
use crate::retention::Disposal;
use crate::words::{self, OneOrMany, PeriodText, YesNo};

/// A system: where people's data lies, and how one table leads to another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "systems/*.yaml")]
pub struct SystemFile {
    /// What Upheld knows about the system as a whole.
    pub system: Option<SystemHead>,
    /// Its tables, in the form of a Fides dataset.
    pub dataset: Vec<Dataset>,
}

/// What Upheld knows about the system as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemHead {
    /// The name people know it by.
    pub title: Option<String>,
    /// The application and the map it was made from (`request-tracker-5/1`).
    pub application: Option<String>,
    /// Fingerprint of the shape that was mapped; another shape at run time is drift.
    pub schema: Option<String>,
    /// What the data is used for: keys of purposes in `policy.yaml`, or fideslang data uses.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// Where the data comes from, in plain words.
    pub source: Option<String>,
    /// What backups still hold after an erasure, in plain words.
    pub backups: Option<String>,
    /// Keys of the recipients who get data from this system.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// The country or region where it stands.
    pub region: Option<String>,
    /// What makes the transfer there lawful, where it is not your own country.
    pub mechanism: Option<String>,
    /// Which accounts of the system (database users, groups of the server) each role of the matrix
    /// works with: `technician: [rt_web]`. The system's own service account belongs to every role
    /// that reaches data through it.
    #[serde(default)]
    pub accounts: BTreeMap<String, Vec<String>>,
    /// What shows that its disks are encrypted.
    pub at_rest: Option<Paper>,
}

/// A Fides dataset: one database, or one schema of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dataset {
    /// Its key, by which other datasets refer to it.
    pub fides_key: String,
    /// The name people know it by.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// fideslang data categories of every field that has none of its own.
    #[serde(default)]
    pub data_categories: Vec<String>,
    /// fideslang data uses.
    #[serde(default)]
    pub data_uses: Vec<String>,
    /// The older name of `data_uses`.
    #[serde(default)]
    pub data_purposes: Vec<String>,
    /// fideslang data subjects.
    #[serde(default)]
    pub data_subjects: Vec<String>,
    /// Fides' own bookkeeping.
    pub organization_fides_key: Option<String>,
    /// Fides' own bookkeeping.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Anything else Fides was told.
    pub meta: Option<Value>,
    /// How Fides reaches it.
    pub fides_meta: Option<DatasetMeta>,
    /// The older name of `fides_meta`.
    pub fidesops_meta: Option<DatasetMeta>,
    /// Its tables.
    pub collections: Vec<DatasetCollection>,
}

/// How Fides reaches a dataset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetMeta {
    /// Fides' own bookkeeping.
    pub resource_id: Option<String>,
    /// Datasets that are read before this one. Upheld works out the order by itself.
    #[serde(default)]
    pub after: Vec<String>,
    /// The database and the schema.
    #[serde(default)]
    pub namespace: BTreeMap<String, Value>,
    /// Whether Fides hides the name.
    pub redact: Option<String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetCollection {
    /// Its name in the map.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// fideslang data categories of every field that has none of its own.
    #[serde(default)]
    pub data_categories: Vec<String>,
    /// fideslang data uses.
    #[serde(default)]
    pub data_uses: Vec<String>,
    /// The older name of `data_uses`.
    #[serde(default)]
    pub data_purposes: Vec<String>,
    /// fideslang data subjects.
    #[serde(default)]
    pub data_subjects: Vec<String>,
    /// What Fides does with it.
    pub fides_meta: Option<CollectionMeta>,
    /// The older name of `fides_meta`.
    pub fidesops_meta: Option<CollectionMeta>,
    /// What Upheld adds.
    pub upheld: Option<CollectionAddition>,
    /// Its columns.
    pub fields: Vec<DatasetField>,
}

/// What Fides does with a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CollectionMeta {
    /// Collections that are read before this one. Upheld works out the order by itself.
    #[serde(default)]
    pub after: Vec<String>,
    /// Collections (`dataset.collection`) that are changed before this one.
    #[serde(default)]
    pub erase_after: Vec<String>,
    /// Whether it is left out.
    #[serde(default)]
    #[schemars(with = "YesNo")]
    pub skip_processing: bool,
    /// `strategy: delete` deletes whole rows.
    pub masking_strategy_override: Option<CollectionMasking>,
    /// How Fides splits large tables. Upheld does that by itself.
    pub partitioning: Option<Value>,
    /// Whether Fides hides the name.
    pub redact: Option<String>,
}

/// What erasing does to whole rows, in Fides' words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CollectionMasking {
    /// The strategy.
    pub strategy: CollectionStrategy,
}

/// What erasing does to whole rows, in Fides' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollectionStrategy {
    /// They are deleted.
    Delete,
}

/// What Upheld adds to a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionAddition {
    /// The table behind it, where its name differs: `table`, `schema.table`,
    /// or as a list where a name holds a dot: `[table]`, `[schema, table]`.
    pub table: Option<OneOrMany<String>>,
    /// The words a person is shown for it.
    pub title: Option<String>,
    /// What erasing a person means for rows that are theirs alone: `fields`, `delete` or
    /// `nothing: the reason`.
    pub erase: Option<EraseRows>,
    /// Rules by which the law or the notice keeps rows for a while.
    pub keep: Option<OneOrMany<KeepEntry>>,
    /// The row of the classification matrix that its rows follow, where their fields' categories
    /// do not say.
    pub class: Option<String>,
    /// Rules by which old rows are disposed of.
    pub retain: Option<OneOrMany<RetainEntry>>,
    /// Where its data comes from, where that differs from the system's.
    pub source: Option<String>,
    /// How this application marks rows as deleted, in plain words.
    pub soft_delete: Option<String>,
    /// Why this collection is left out of every search.
    pub skip: Option<String>,
    /// Collections (`collection` or `system.collection`) whose changes must come before.
    #[serde(default)]
    pub erase_after: Vec<String>,
}

/// A minimum age: rows younger than this stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepEntry {
    /// How long. Left out, it is what the collection's `class` says.
    #[serde(default, rename = "for", with = "words::maybe_period")]
    #[schemars(with = "Option<PeriodText>")]
    pub period: Option<Period>,
    /// The column from which it counts.
    pub from: String,
    /// The law or the promise that asks for it. Left out, it is what the collection's `class` says.
    pub because: Option<String>,
    /// How it came to be here, where nobody wrote it by hand.
    pub inferred: Option<InferenceEntry>,
}

/// A maximum age: rows older than this are disposed of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetainEntry {
    /// How long rows stay. Left out, it is the `max` of the collection's `class`.
    #[serde(default, with = "words::maybe_period")]
    #[schemars(with = "Option<PeriodText>")]
    pub max: Option<Period>,
    /// From when the age counts: a column here; `file`, the time at which the file was last written;
    /// `collection.field` or `system.collection.field`, a column of another row; `client.agreement_end`
    /// or `client.service_end`, a day in `clients.yaml`.
    pub from: String,
    /// The column here that leads to that other row or client, where `from` is not a column here.
    pub by: Option<String>,
    /// What becomes of a due row: `delete` (if left out), `anonymise`, `redact`, or
    /// `aggregate: {by: [columns]}`.
    pub method: Option<Disposal>,
    /// Only rows whose columns hold these values (`status: closed`). Two rules of one collection
    /// speak of different rows, or the one with the narrower `when` is the shorter one.
    #[serde(default)]
    pub when: BTreeMap<String, OneOrMany<String>>,
    /// Collections of this system whose rows refer to a due row and go before it.
    #[serde(default)]
    pub with: Vec<String>,
    /// How it came to be here, where nobody wrote it by hand.
    pub inferred: Option<InferenceEntry>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetField {
    /// Its name, which is the column's name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// fideslang data categories.
    #[serde(default)]
    pub data_categories: Vec<String>,
    /// fideslang data uses.
    #[serde(default)]
    pub data_uses: Vec<String>,
    /// The older name of `data_uses`.
    #[serde(default)]
    pub data_purposes: Vec<String>,
    /// fideslang data subjects.
    #[serde(default)]
    pub data_subjects: Vec<String>,
    /// Keys, references and masking, in Fides' words.
    pub fides_meta: Option<FieldMeta>,
    /// The older name of `fides_meta`.
    pub fidesops_meta: Option<FieldMeta>,
    /// What Upheld adds.
    pub upheld: Option<FieldAddition>,
    /// Parts of a nested value.
    #[serde(default)]
    pub fields: Vec<DatasetField>,
}

/// Keys, references and masking of a column, in Fides' words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldMeta {
    /// Whether it is (part of) the primary key.
    #[serde(default)]
    #[schemars(with = "Option<YesNo>")]
    pub primary_key: Option<bool>,
    /// The identifier it holds: `email`, `phone`, `user_name`, `account_id` or `name`.
    pub identity: Option<String>,
    /// Where it leads.
    #[serde(default)]
    pub references: Vec<FidesReference>,
    /// `string`, `integer`, `float`, `boolean`, `object_id`, `object`, or a list of one (`string[]`).
    pub data_type: Option<String>,
    /// The most characters it can hold.
    #[schemars(range(min = 1))]
    pub length: Option<u32>,
    /// What erasing does to it.
    pub masking_strategy_override: Option<FieldMasking>,
    /// For lists: whether all elements are returned when one matches.
    #[serde(default)]
    #[schemars(with = "Option<YesNo>")]
    pub return_all_elements: Option<bool>,
    /// Whether it cannot be changed.
    #[serde(default)]
    #[schemars(with = "Option<YesNo>")]
    pub read_only: Option<bool>,
    /// A value that a Fides request carries. Upheld has no such values.
    pub custom_request_field: Option<String>,
    /// Whether Fides hides the name.
    pub redact: Option<String>,
}

/// A reference in Fides' words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FidesReference {
    /// The other dataset.
    pub dataset: String,
    /// The other field, as `collection.field`.
    pub field: String,
    /// `from`: the other field's rows lead to this field's rows. `to`: the other way round.
    pub direction: Option<FidesDirection>,
}

/// The direction of a reference in Fides' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FidesDirection {
    /// The other field's rows lead to this field's rows.
    From,
    /// This field's rows lead to the other field's rows.
    To,
}

/// What erasing does to a column, in Fides' words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldMasking {
    /// `null_rewrite`, `string_rewrite`, `random_string_rewrite`, `hash`, `hmac`, `aes_encrypt` or
    /// `preserve`.
    pub strategy: String,
    /// The strategy's own settings.
    #[serde(default)]
    pub configuration: BTreeMap<String, Value>,
}

/// What Upheld adds to a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldAddition {
    /// The words a person is shown for it.
    pub title: Option<String>,
    /// What it can hold, where Fides has no word for it.
    #[serde(rename = "type")]
    pub data_type: Option<TypeWord>,
    /// Whether it must always have a value.
    #[serde(default)]
    #[schemars(with = "Option<YesNo>")]
    pub not_null: Option<bool>,
    /// Whether no two rows may have the same value.
    #[serde(default)]
    #[schemars(with = "Option<YesNo>")]
    pub unique: Option<bool>,
    /// Whether people write freely in it: mentions are taken out, the rest stays.
    #[serde(default)]
    #[schemars(with = "Option<YesNo>")]
    pub free_text: Option<bool>,
    /// What erasing does to it: `null`, `random`, `hash`, `pseudonym`, `redact`, `text: …` or
    /// `keep: the reason`.
    pub erase: Option<EraseField>,
    /// The row of the classification matrix, where its categories do not say.
    pub class: Option<String>,
    /// Where it leads.
    #[serde(default)]
    pub references: Vec<ReferenceEntry>,
    /// How its category came to be here, where it was guessed.
    pub category_guess: Option<InferenceEntry>,
}

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeWord {
    /// Text; `length` is its limit in characters.
    Text,
    /// Raw bytes; `length` is their limit.
    Bytes,
    /// Whole numbers.
    Integer,
    /// Decimal and floating numbers.
    Number,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// A time of day.
    Time,
    /// JSON.
    Json,
    /// A UUID with a type of its own.
    Uuid,
    /// An IP or MAC address with a type of its own.
    Network,
    /// Text restricted to listed words.
    Enumeration,
    /// Anything else.
    Other,
}

/// A field that holds the same values as another field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceEntry {
    /// The other field: `collection.field`, `system.collection.field`, or these as a list where a
    /// name holds a dot.
    pub to: OneOrMany<String>,
    /// Further pairs of columns that must agree, for a composite key: column here, column there.
    #[serde(default)]
    pub also: BTreeMap<String, String>,
    /// The direction in which a search may follow it; left out, both.
    pub follow: Option<Travel>,
    /// Only rows of this collection whose columns hold these values (`objecttype: RT::User`).
    #[serde(default)]
    pub when: BTreeMap<String, OneOrMany<String>>,
    /// What the rows found this way are to the person, at most; left out, their own.
    pub tie: Option<Tie>,
    /// How it came to be here, where nobody declared it.
    pub inferred: Option<InferenceEntry>,
}

/// How something was guessed, and whether somebody has agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InferenceEntry {
    /// How sure, in percent.
    #[schemars(range(max = 100))]
    pub confidence: u8,
    /// Why, in one plain sentence.
    pub reason: String,
    /// Is it so? `yes` or `no`.
    #[serde(default)]
    #[schemars(with = "Option<YesNo>")]
    pub confirmed: Option<bool>,
}

impl Dataset {
    /// What Fides was told, under either name.
    pub fn meta(&self) -> Option<&DatasetMeta> {
        self.fides_meta.as_ref().or(self.fidesops_meta.as_ref())
    }
}

impl DatasetCollection {
    /// What Fides was told, under either name.
    pub fn meta(&self) -> Option<&CollectionMeta> {
        self.fides_meta.as_ref().or(self.fidesops_meta.as_ref())
    }
}

impl DatasetField {
    /// What Fides was told, under either name.
    pub fn meta(&self) -> Option<&FieldMeta> {
        self.fides_meta.as_ref().or(self.fidesops_meta.as_ref())
    }
}
