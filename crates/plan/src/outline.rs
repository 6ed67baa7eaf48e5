//! The plan as a person reviews it: what was looked for, what would change, what stays and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::case::Case;
use crate::found::Place;
use crate::step::{Drafted, FieldCount, Problem};
use crate::{KeptUntil, RequestKind};

/// A step that was taken, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineStep {
    /// The system.
    pub system: String,
    /// What it looked for.
    pub meaning: String,
    /// Rows that it brought.
    pub rows: u64,
}

/// A collection in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineRow {
    /// Where.
    pub place: Place,
    /// Rows that have to do with the person.
    pub rows: u64,
    /// Rows that would change.
    pub changed: u64,
    /// Rows that would be deleted.
    pub deleted: u64,
    /// What happens to which field, in how many rows.
    pub fields: Vec<FieldCount>,
}

/// Rows that stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where.
    pub place: Place,
    /// How many rows.
    pub rows: u64,
    /// Until when and why. The latest day, where rows differ.
    pub until: KeptUntil,
}

/// The plan for review. It holds counts and names of places, and nothing personal but the possible
/// further addresses that a reviewer must judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The request's number.
    pub request: String,
    /// What was asked.
    pub kind: RequestKind,
    /// SHA-256 over everything that the plan would do, in hex: what an approval binds.
    pub digest: String,
    /// How the rows were found.
    pub steps: Vec<OutlineStep>,
    /// What would happen, by collection.
    pub places: Vec<OutlineRow>,
    /// What stays, and why.
    pub kept: Vec<Kept>,
    /// Systems that could not be reached, and why.
    pub not_reached: BTreeMap<String, String>,
    /// What stands against the plan.
    pub problems: Vec<(String, Problem)>,
    /// What a reviewer should know.
    pub notes: Vec<String>,
    /// Rows elsewhere that hold only a bare given name or surname: not touched.
    pub bare_names: BTreeMap<String, u64>,
    /// Values that could not be looked into.
    pub unread: BTreeMap<String, u64>,
    /// Other addresses that may be the person's, with the number of rows that suggest it.
    pub possible: BTreeMap<String, u64>,
    /// Identifiers that the person shares with somebody else: not followed.
    pub shared_identifiers: u64,
    /// Rows that would change or go, in all.
    pub rows_to_change: u64,
    /// The cap of the policy.
    pub cap_rows: u64,
    /// Whether a second person must approve.
    pub needs_approval: bool,
}

impl Case {
    /// The plan as it stands.
    pub fn outline(&self) -> Outline {
        let mut places = Vec::new();
        let mut kept: BTreeMap<Place, (u64, KeptUntil)> = BTreeMap::new();
        for (place, rows) in self.rows.places() {
            let drafted = self.drafted.get(&place.system).and_then(|d| at(d, &place.collection));
            let mut row = OutlineRow {
                place: place.clone(),
                rows: rows.len() as u64,
                changed: 0,
                deleted: 0,
                fields: Vec::new(),
            };
            if let Some(count) = drafted {
                row.changed = count.changed;
                row.deleted = count.deleted;
                row.fields.clone_from(&count.fields);
            }
            places.push(row);
            for until in rows.values().filter_map(|row| row.kept.as_ref()) {
                let entry = kept.entry(place.clone()).or_insert_with(|| (0, until.clone()));
                entry.0 += 1;
                if until.until > entry.1.until {
                    entry.1 = until.clone();
                }
            }
        }
        let rows_to_change = places.iter().map(|row| row.changed + row.deleted).sum();
        let mut notes = Vec::new();
        let mut problems = Vec::new();
        for (system, drafted) in &self.drafted {
            notes.extend(drafted.notes.iter().cloned());
            problems.extend(drafted.problems.iter().map(|p| (system.clone(), p.clone())));
        }
        Outline {
            request: self.request.id.clone(),
            kind: self.request.kind,
            digest: self.digest(),
            steps: self.told.clone(),
            places,
            kept: kept
                .into_iter()
                .map(|(place, (rows, until))| Kept { place, rows, until })
                .collect(),
            not_reached: self.not_reached.clone(),
            problems,
            notes,
            bare_names: self.bare_names.clone(),
            unread: self.unread.clone(),
            possible: self.possible.clone(),
            shared_identifiers: self.doubtful.len() as u64,
            rows_to_change,
            cap_rows: self.settings.cap_rows,
            needs_approval: self.settings.require_approval,
        }
    }

    /// SHA-256 over the request, every row with its tie and its rule, and the draft of each
    /// system: if any of these differs, it is another plan.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let parts = [
            serde_json::to_vec(&(&self.request.id, self.request.kind)),
            serde_json::to_vec(&self.rows),
            serde_json::to_vec(&self.terms),
            serde_json::to_vec(&self.drafted),
            serde_json::to_vec(&self.not_reached),
        ];
        for part in parts {
            let part = part.unwrap_or_default();
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(&part);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn at<'d>(drafted: &'d Drafted, collection: &str) -> Option<&'d crate::PlaceCount> {
    drafted.places.iter().find(|count| count.collection == collection)
}
