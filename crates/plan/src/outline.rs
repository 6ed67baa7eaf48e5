//! The plan as a person reviews it: what was looked for, what would change, what stays and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{IdentityKind, Personal};
use policy::Tie;
use serde::{Deserialize, Serialize};

use crate::Place;
use crate::case::Case;
use crate::digest::Digest;
use crate::index::Index;
use crate::names::{differ, fullest, names};
use crate::placeholder::is_no_number;
use crate::step::{FieldCount, Problem};
use crate::{KeptUntil, RequestKind};

/// Names that cannot be one person's, beside the rows that hold them.
const DIFFERENT_NAMES: &str = "the rows found carry names that differ: make sure that all of them are one person's before you agree";

/// What becomes of kept rows.
const GOES_ON: &str = "what is kept until a day is erased by itself after it, by the next `upheld retain run`, and a further certificate says so; until then the request rests and knows whom it is about";

/// Nobody looked into any text.
const BY_REFERENCE: &str = "texts were not searched, as was asked: what names the person in a text that no identifier and no reference leads to was not looked for";

/// A telephone number that people type to get past a form.
const NO_NUMBER: &str = "a telephone number given in the request stands for nobody (`000-000-0000`): it was not looked for";

/// A step that was taken, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineStep {
    /// The system.
    #[serde(with = "crate::shared")]
    pub system: Arc<str>,
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
    /// Until when and why. The latest day, where rows differ; one entry for each reason.
    pub until: KeptUntil,
}

/// A field that would be corrected, or is right already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineCorrection {
    /// Where.
    pub place: Place,
    /// The field.
    pub field: String,
    /// What it holds; empty where it is empty.
    pub before: Personal<String>,
    /// What it shall hold.
    pub after: Personal<String>,
    /// In how many rows.
    pub rows: u64,
}

/// The plan for review. It holds counts and names of places, and nothing personal but what a
/// reviewer must judge: possible further addresses, and values before and after a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The request's number.
    pub request: String,
    /// What was asked.
    pub kind: RequestKind,
    /// SHA-256 over everything that the plan would do, in hex: what an approval binds.
    pub digest: String,
    /// How the rows were found.
    #[serde(with = "crate::shared")]
    pub steps: Arc<Vec<OutlineStep>>,
    /// What would happen, by collection.
    pub places: Vec<OutlineRow>,
    /// What would be corrected, field by field.
    #[serde(default)]
    pub corrected: Vec<OutlineCorrection>,
    /// What stands against the plan as a whole.
    #[serde(default)]
    pub against: Vec<String>,
    /// What stays, and why.
    pub kept: Vec<Kept>,
    /// Systems that could not be reached, and why.
    pub not_reached: BTreeMap<String, String>,
    /// What stands against the plan.
    pub problems: Vec<(String, Problem)>,
    /// What a reviewer should know.
    pub notes: Vec<String>,
    /// Whether the texts were left unread.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_reference: bool,
    /// Rows elsewhere that hold only a bare given name or surname: not touched.
    pub bare_names: BTreeMap<String, u64>,
    /// Rows that hold the person's name and are a namesake's for all that is known: not touched.
    #[serde(default)]
    pub namesakes: BTreeMap<String, u64>,
    /// Values that could not be looked into.
    pub unread: BTreeMap<String, u64>,
    /// Other addresses that may be the person's, with the number of rows that suggest it.
    pub possible: BTreeMap<String, u64>,
    /// Identifiers that the person shares with somebody else: not followed.
    pub shared_identifiers: u64,
    /// How many differently named people the identifiers of the request found. More than one is a
    /// switchboard's number or a mailbox of several: look closely.
    #[serde(default)]
    pub different_people: u64,
    /// Rows that would change or go, in all.
    pub rows_to_change: u64,
    /// The cap of the policy.
    pub cap_rows: u64,
    /// Whether a second person must approve.
    pub needs_approval: bool,
}

/// The collections of a plan, each once.
#[derive(Default)]
struct Places<'c> {
    rows: Vec<OutlineRow>,
    at: Index<(&'c str, &'c str)>,
}

impl<'c> Places<'c> {
    fn row(
        &mut self,
        names: (&'c str, &'c str),
        place: impl FnOnce() -> Place,
    ) -> Option<&mut OutlineRow> {
        let at = *self.at.entry(names).or_insert_with(|| {
            let fields = Vec::new();
            self.rows.push(OutlineRow { place: place(), rows: 0, changed: 0, deleted: 0, fields });
            self.rows.len() - 1
        });
        self.rows.get_mut(at)
    }

    fn in_order(mut self) -> Vec<OutlineRow> {
        self.rows.sort_by(|a, b| a.place.cmp(&b.place));
        self.rows
    }
}

impl Case {
    /// The plan as it stands.
    pub fn outline(&self) -> Outline {
        let mut places = Places::default();
        let mut kept: BTreeMap<(&Place, &str), (u64, Option<String>)> = BTreeMap::new();
        for (place, rows) in self.rows.places() {
            if let Some(row) = places.row(place.names(), || place.clone()) {
                row.rows = rows.len() as u64;
            }
            for rule in rows.values().filter_map(|row| row.kept.as_ref()) {
                let (rows, until) =
                    kept.entry((place, &rule.because)).or_insert((0, rule.until.clone()));
                *rows += 1;
                // No date is later than every date: such rows stay until somebody decides.
                if until.is_some() && (rule.until.is_none() || rule.until > *until) {
                    until.clone_from(&rule.until);
                }
            }
        }
        // Everything that was drafted is shown, also where no row was found before.
        for (system, drafted) in &self.drafted {
            for count in &drafted.places {
                let at = (system.as_str(), count.collection.as_str());
                let Some(row) = places.row(at, || Place::new(at.0, at.1)) else { continue };
                row.changed = row.changed.saturating_add(count.changed);
                row.deleted = row.deleted.saturating_add(count.deleted);
                row.fields.extend(count.fields.iter().cloned());
            }
        }
        let mut notes = Vec::new();
        if self.is_by_reference() {
            notes.push(BY_REFERENCE.to_owned());
        }
        if self.different_people > 1 {
            notes.push(format!(
                "the identifiers given in the request belong to {} differently named people: all of them are in this plan, so ask again with an identifier that only one of them has",
                self.different_people
            ));
        }
        let names = names(&self.terms);
        if fullest(&names).is_some_and(|one| {
            names.iter().any(|other| differ(std::slice::from_ref(one), std::slice::from_ref(other)))
        }) {
            notes.push(DIFFERENT_NAMES.to_owned());
        }
        if self.request.kind == RequestKind::Rectification {
            let rows = self.rows.places().flat_map(|(_, rows)| rows.values());
            let written = rows.filter(|row| row.tie != Tie::Own).count();
            if written > 0 {
                notes.push(format!(
                    "{written} further row(s) concern the person and stay as they were written: only what describes the person, and what leads there by the same value, is corrected"
                ));
            }
        }
        let given = &self.request.identities;
        if given.iter().any(|i| i.kind == IdentityKind::Phone && is_no_number(i.value.expose())) {
            notes.push(NO_NUMBER.to_owned());
        }
        if kept.values().any(|(_, until)| until.is_some()) && self.request.kind.erases() {
            notes.push(GOES_ON.to_owned());
        }
        let mut problems = Vec::new();
        let mut corrected = Vec::new();
        for (system, drafted) in &self.drafted {
            corrected.extend(drafted.corrected.iter().map(|one| OutlineCorrection {
                place: Place::new(system, &one.collection),
                field: one.field.clone(),
                before: one.before.clone(),
                after: one.after.clone(),
                rows: one.rows,
            }));
            notes.extend(drafted.notes.iter().cloned());
            problems.extend(drafted.problems.iter().map(|p| (system.clone(), p.clone())));
        }
        Outline {
            request: self.request.id.clone(),
            kind: self.request.kind,
            digest: self.digest(),
            steps: Arc::clone(&self.told),
            places: places.in_order(),
            corrected,
            against: self.against.clone(),
            kept: kept
                .into_iter()
                .map(|((place, because), (rows, until))| Kept {
                    place: place.clone(),
                    rows,
                    until: KeptUntil { until, because: because.to_owned() },
                })
                .collect(),
            not_reached: self.not_reached.clone(),
            problems,
            notes,
            by_reference: self.is_by_reference(),
            bare_names: self.bare_names.clone(),
            namesakes: self.namesakes.clone(),
            unread: self.unread.clone(),
            possible: self.possible.clone(),
            shared_identifiers: self.doubtful.len() as u64,
            different_people: self.different_people,
            rows_to_change: self.rows_to_change(),
            cap_rows: self.settings.cap_rows,
            needs_approval: self.settings.require_approval,
        }
    }

    /// Rows that would change or go, wherever they were drafted.
    pub(crate) fn rows_to_change(&self) -> u64 {
        let counts = self.drafted.values().flat_map(|drafted| &drafted.places);
        counts.fold(0, |sum, count| sum.saturating_add(count.changed).saturating_add(count.deleted))
    }

    /// SHA-256 over the request, every row with its tie and its rule, what names the person, the
    /// draft of each system and the map it was made with: if any of these differs, it is another
    /// plan.
    pub fn digest(&self) -> String {
        let mut digest = Digest::default();
        digest.add(&self.request);
        digest.add(&self.rows);
        digest.add(&self.terms);
        digest.add(&self.drafted);
        digest.add(&self.not_reached);
        digest.add(&(&self.map, &self.order));
        if !self.corrections.is_empty() {
            digest.add(&self.corrections);
        }
        if self.is_by_reference() {
            digest.add_bytes(b"by reference");
        }
        digest.finish()
    }
}
