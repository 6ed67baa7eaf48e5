//! The data map: who gives data, where it lies, who receives it; and where map, notice and systems
//! do not say the same. As text, as JSON, as a picture, and as one page.
//!
//! The picture is laid out here, by counting: the same map gives the same picture, byte for byte.
//! Nothing in a map is a value of a row.

mod html;
mod layout;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use model::Micros;
use serde::{Deserialize, Serialize};

use crate::Zone;
use crate::words::map as say;

/// A data map, as it was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DataMap {
    /// Whose map it is.
    pub organisation: String,
    /// The version of the notice beside which it stands.
    pub notice: String,
    /// When the systems were looked at.
    pub checked_at: Micros,
    /// The zone in which that is told.
    #[serde(skip, default = "Zone::utc")]
    pub zone: Zone,
    /// Kinds of people who give data.
    pub subjects: Vec<Party>,
    /// Where it lies.
    pub systems: Vec<MapSystem>,
    /// Who receives it.
    pub recipients: Vec<Party>,
    /// Where map, notice and systems do not say the same, and questions that wait.
    pub drift: Vec<Drift>,
    /// What was not looked at.
    pub unread: Vec<Unread>,
}

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Where.
    pub place: String,
    /// Why, and what to do.
    pub why: String,
}

/// Somebody at either end of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its key.
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// What it is, in a few words ("processor, Canada").
    pub about: Option<String>,
    /// Whether it is outside the organisation's own country.
    pub abroad: bool,
}

/// A line between a party and a system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// The party's key.
    pub party: String,
    /// Whether it is only worked out, and written nowhere.
    pub inferred: bool,
}

/// A system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapSystem {
    /// Its key.
    pub key: String,
    /// The name people know it by.
    pub title: String,
    /// Where it stands.
    pub region: Option<String>,
    /// Whether that is outside the organisation's own country.
    pub abroad: bool,
    /// Whether it answered.
    pub reached: bool,
    /// Where its data comes from, in the words of its file.
    pub source: Option<String>,
    /// Whose data it holds.
    pub from: Vec<Line>,
    /// Who receives data of it.
    pub to: Vec<Line>,
    /// Its collections.
    pub collections: Vec<MapCollection>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapCollection {
    /// Its name in the map, or its table's where the map does not have it.
    pub name: String,
    /// The words a person is shown for it.
    pub title: String,
    /// Whether the map has it.
    pub mapped: bool,
    /// Why the map leaves it out, if it does.
    pub skipped: Option<String>,
    /// How many rows were looked at.
    pub rows: u64,
    /// About how many there are.
    pub about: u64,
    /// Whether every row was looked at.
    pub whole: bool,
    /// Its fields about people.
    pub fields: Vec<MapField>,
    /// How many fields hold nothing about people, as far as is known.
    pub others: u64,
}

/// A field about people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapField {
    /// Its name.
    pub name: String,
    /// The categories that the map gives it; none where the map does not have it.
    pub categories: Vec<String>,
    /// In how many of the rows looked at something stands; none where it was not looked at.
    pub filled: Option<u64>,
    /// What it seems to hold, where something speaks for it.
    pub proposal: Option<Proposal>,
}

/// What a field seems to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// A fideslang data category.
    pub category: String,
    /// 0 to 100.
    pub confidence: u8,
    /// What speaks for it.
    pub from: Vec<Origin>,
    /// Why, in a sentence part without a value.
    pub reason: String,
}

/// What speaks for a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The name of the column, in its table.
    Name,
    /// The type that the database declares.
    Type,
    /// Values that were looked at.
    Values,
}

/// How map, notice and systems differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// Held, and the map does not have it.
    NotInMap,
    /// Held, and its values contradict the category that the map gives it.
    OtherThanMapped,
    /// Held, and no sentence of the notice names it.
    NotInNotice,
    /// Held, and no purpose says why.
    WithoutPurpose,
    /// In the map, and the system does not have it.
    GoneFromSystem,
    /// Named in the notice, and held nowhere.
    NotHeld,
    /// A guess that waits for a person's answer: no drift.
    Question,
}

/// One point at which map, notice and systems differ, or a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// A short id that stays the same as long as the point does.
    pub id: String,
    /// How they differ.
    pub kind: DriftKind,
    /// Where: `system`, `system.collection`, `system.collection.field`, or a category.
    pub place: String,
    /// One plain sentence, without a value.
    pub says: String,
    /// How sure, 0 to 100.
    pub confidence: u8,
    /// What `upheld map accept` writes; none where a person must decide.
    pub accepting: Option<String>,
    /// What to do where a person must decide.
    pub to_do: Option<String>,
}

impl Drift {
    /// Whether it counts: a question does not.
    pub fn counts(&self) -> bool {
        self.kind != DriftKind::Question
    }
}

impl MapField {
    /// The categories to show: those of the map, else the one proposed.
    pub fn shown(&self) -> Vec<&str> {
        if self.categories.is_empty() {
            self.proposal.iter().map(|proposal| proposal.category.as_str()).collect()
        } else {
            self.categories.iter().map(String::as_str).collect()
        }
    }
}

impl MapSystem {
    fn fields(&self) -> impl Iterator<Item = &MapField> {
        self.collections
            .iter()
            .filter(|collection| collection.skipped.is_none())
            .flat_map(|collection| &collection.fields)
    }

    /// Groups of categories and how many fields hold each, most first.
    fn groups(&self) -> Vec<(&'static str, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for field in self.fields() {
            let mut groups: Vec<&str> = field.shown().into_iter().map(group).collect();
            groups.sort_unstable();
            groups.dedup();
            for group in groups {
                *counts.entry(group).or_default() += 1;
            }
        }
        let mut counts: Vec<(&'static str, u64)> =
            counts.into_iter().map(|(group, count)| (say::category(group), count)).collect();
        counts.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        counts
    }
}

impl DataMap {
    /// How many points differ; questions do not count.
    pub fn differences(&self) -> u64 {
        self.drift.iter().filter(|drift| drift.counts()).count() as u64
    }

    /// Titles of systems that did not answer.
    pub fn not_reached(&self) -> Vec<&str> {
        let lost = self.systems.iter().filter(|system| !system.reached);
        lost.map(|system| system.title.as_str()).collect()
    }

    /// The map as one JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::to_value(self).unwrap_or_default();
        if let Some(map) = json.as_object_mut() {
            map.insert("differences".to_owned(), self.differences().into());
        }
        json
    }
}

/// The second level of a category: `user.contact` of `user.contact.email`.
fn group(category: &str) -> &str {
    let mut dots = category.match_indices('.').map(|(at, _)| at);
    match dots.nth(1) {
        Some(at) => category.get(..at).unwrap_or(category),
        None => category,
    }
}
