//! Which fields of a person's rows take a correction, and when the corrections agree with what was
//! found.
//!
//! Only what is the person's own is corrected: their account, their addresses. What they and others
//! wrote at the time stays as it was written. A field elsewhere that leads to a corrected field by
//! its value (a log that names the subscriber's address) follows it, or it would lead to nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Identity, IdentityKind, Personal};
use policy::{EraseField, EraseRows, Field, FieldPath, Inference, Tie};
use serde::{Deserialize, Serialize};

use crate::Place;
use crate::case::{Case, Ending};
use crate::graph::Graph;
use crate::request::{Request, RequestKind, Settings};
use crate::step::Action;
use crate::terms;

/// What is to be corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Every field that holds this kind of identifier.
    Identity(IdentityKind),
    /// Every field of this data category or one below it.
    Category(String),
    /// This field.
    Field(FieldPath),
}

impl Target {
    /// The word by which it was named.
    pub fn word(&self) -> String {
        match self {
            Self::Identity(kind) => kind.key().to_owned(),
            Self::Category(category) => category.clone(),
            Self::Field(path) => path.to_string(),
        }
    }
}

/// A correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Of what.
    pub target: Target,
    /// The value that is wrong; only fields that hold it are corrected. Left out, it is what the
    /// request names the person by, or whatever the field holds.
    pub from: Option<Personal<String>>,
    /// What is right.
    pub to: Personal<String>,
}

/// A field as the draft of a correction found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// Which of the request's corrections, counted from zero.
    pub correction: usize,
    /// The collection.
    pub collection: String,
    /// The field.
    pub field: String,
    /// What it held; empty where it was empty.
    pub before: Personal<String>,
    /// What it shall hold. The same as before where it was right already.
    pub after: Personal<String>,
    /// In how many rows.
    pub rows: u64,
}

impl Corrected {
    /// Whether it is right already.
    pub fn is_right(&self) -> bool {
        self.before == self.after
    }
}

/// How a field comes to take a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// It is what was named.
    Itself(usize),
    /// It leads to a field that was named, and holds the same value.
    Follows(usize),
    /// It holds a part of what was named: a given name where the whole name is corrected.
    Part(usize),
}

impl Case {
    /// Opens a request for correction.
    pub fn rectify(
        request: Request,
        corrections: Vec<Correction>,
        settings: Settings,
        graph: &Graph<'_>,
    ) -> Self {
        Self::begin(request, corrections, settings, graph)
    }

    /// What shall be corrected.
    pub fn corrections(&self) -> &[Correction] {
        &self.corrections
    }

    /// How a field of a row with this tie takes one of the corrections, if it does. What the map
    /// keeps as it is takes none.
    pub fn takes(
        &self,
        graph: &Graph<'_>,
        place: &Place,
        field: &Field,
        tie: Tie,
    ) -> Option<Takes> {
        let collection = graph.collection(place)?;
        if matches!(collection.erase, EraseRows::Nothing(_))
            || matches!(field.erase, Some(EraseField::Keep(_)))
        {
            return None;
        }
        if tie == Tie::Own
            && let Some(found) = named(&self.corrections, place, field)
        {
            return Some(found);
        }
        let leads_to = |path: &FieldPath| {
            let there = Place::new(&path.system, &path.collection);
            let target = graph.collection(&there)?.field(&path.field)?;
            match named(&self.corrections, &there, target)? {
                Takes::Itself(at) => Some(Takes::Follows(at)),
                Takes::Follows(_) | Takes::Part(_) => None,
            }
        };
        field
            .references
            .iter()
            .filter(|reference| {
                tie <= Tie::Shared && reference.inferred.as_ref().is_none_or(Inference::holds)
            })
            .find_map(|reference| leads_to(&reference.to))
    }

    /// The values that are wrong by a correction; none if that was not said and must be read.
    pub fn wrong<'a>(&'a self, correction: &'a Correction) -> Vec<&'a str> {
        match (&correction.from, &correction.target) {
            (Some(from), _) => vec![from.expose()],
            (None, Target::Identity(kind)) => self
                .request
                .identities
                .iter()
                .filter(|identity| identity.kind == *kind)
                .map(|identity| identity.value.expose().as_str())
                .filter(|value| *value != correction.to.expose())
                .collect(),
            (None, _) => Vec::new(),
        }
    }

    /// Decides about rows before a correction: what the map never changes stays, and what a legal
    /// hold keeps stays as it is, because it is evidence. A minimum age does not stand in the way:
    /// nothing is destroyed.
    pub(crate) fn keep_for_correction(&mut self, graph: &Graph<'_>) {
        let wanted: BTreeSet<Place> = graph
            .nodes()
            .filter(|node| {
                let fields = &node.collection.fields;
                fields.iter().any(|field| named(&self.corrections, &node.place, field).is_some())
            })
            .map(|node| node.place.clone())
            .collect();
        self.held_by.clear();
        for (place, rows) in self.rows.each().filter(|(place, _)| wanted.contains(place)) {
            let Some(collection) = graph.collection(place) else { continue };
            for (key, row) in rows.iter_mut().filter(|(_, row)| row.tie == Tie::Own) {
                let held = self.except.why(place, key).map(crate::Excepted::kept);
                self.held_by.extend(held.iter().map(|held| held.because.clone()));
                row.kept = match &collection.erase {
                    EraseRows::Nothing(why) => {
                        Some(crate::KeptUntil { until: None, because: why.clone() })
                    }
                    _ => held,
                };
            }
        }
    }

    /// Once every system is drafted: what stands against the corrections as a whole.
    pub(crate) fn objections(&self) -> Vec<String> {
        let mut against = Vec::new();
        if self.drafted.is_empty() {
            return against;
        }
        // What was not reached or may not be changed may be where the value stands.
        let kept = self.rows.places().any(|(_, rows)| rows.values().any(|row| row.kept.is_some()));
        let reached = self.not_reached.is_empty() && !kept;
        for (at, correction) in self.corrections.iter().enumerate() {
            let found = || {
                let all = self.drafted.values().flat_map(|drafted| &drafted.corrected);
                all.filter(move |one| one.correction == at)
            };
            let word = correction.target.word();
            if found().next().is_none() && reached {
                against.push(if self.wrong(correction).is_empty() {
                    format!("nothing that is the person's own has a `{word}`: there is nothing to correct; a field that is empty so far can be named in full (`--set SYSTEM.COLLECTION.FIELD=…`)")
                } else {
                    format!("nothing that is the person's own holds the `{word}` that shall be corrected: look at what is held with `upheld request access`, or name the field in full (`--set SYSTEM.COLLECTION.FIELD=…`)")
                });
            }
            if !matches!(correction.target, Target::Field(_)) && self.wrong(correction).is_empty() {
                let kind = match correction.target {
                    Target::Identity(kind) => terms::of_identity(kind),
                    _ => terms::TermKind::Name,
                };
                let values: BTreeSet<String> = found()
                    .filter(|one| !one.is_right())
                    .map(|one| terms::fold(kind, one.before.expose()))
                    .collect();
                if values.len() > 1 {
                    against.push(format!(
                        "the person's own rows hold {} different values of `{word}`: say which one is wrong (`--old {word}=…`), or name the field in full",
                        values.len()
                    ));
                }
            }
        }
        against
    }

    /// The steps of the second look at what was corrected.
    pub(crate) fn look_again(&self) -> Vec<Action> {
        self.drafted
            .keys()
            .filter(|system| !self.not_done.contains_key(*system))
            .map(|system| Action::Verify {
                system: system.clone(),
                places: Arc::default(),
                terms: Arc::default(),
            })
            .collect()
    }

    /// An identifier that was corrected names the person from now on; the old one does not, unless
    /// it still stands where the correction has not come.
    pub(crate) fn follow_corrections(&mut self, complete: bool) {
        if self.request.kind != RequestKind::Rectification {
            return;
        }
        let renamed = self.replaced();
        for (old, new) in renamed.clone() {
            let identities = &mut self.request.identities;
            if complete {
                identities.retain(|identity| *identity != old);
            }
            if !identities.contains(&new) {
                identities.push(new);
            }
        }
        self.renamed = renamed;
    }

    /// Identifiers that were corrected: the old one and the new one. Known from the end of the case
    /// until it forgets.
    pub fn renamed(&self) -> &[(Identity, Identity)] {
        &self.renamed
    }

    /// Identifiers of the request that its corrections replace.
    fn replaced(&self) -> Vec<(Identity, Identity)> {
        let mut renamed = Vec::new();
        for correction in &self.corrections {
            let Target::Identity(kind) = correction.target else { continue };
            let wrong = self.wrong(correction);
            for identity in &self.request.identities {
                let value = identity.value.expose();
                let folded = |text: &str| terms::fold(terms::of_identity(kind), text);
                if identity.kind == kind && wrong.iter().any(|w| folded(w) == folded(value)) {
                    let new = Identity { kind, value: correction.to.clone() };
                    renamed.push((identity.clone(), new));
                }
            }
        }
        renamed
    }

    /// Why a correction is not complete, system by system.
    pub(crate) fn left_uncorrected(&self) -> Vec<String> {
        let mut places: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
        for (system, remaining) in &self.remaining {
            let names = remaining.iter().map(|r| format!("{}.{}", r.collection, r.field));
            places.entry(system).or_default().extend(names);
        }
        places
            .into_iter()
            .map(|(system, places)| {
                let places: Vec<String> = places.into_iter().collect();
                format!("`{system}` still holds the old value in {}", places.join(", "))
            })
            .collect()
    }

    /// A request that needs no look into any system: it is noted and has ended with that.
    pub fn noted(request: Request, settings: Settings) -> Self {
        let mut case = Self::empty(request, Vec::new(), settings);
        case.end_as(Ending::Noted);
        case
    }
}

/// The correction that names this field most closely: in full, by its category, by its identifier.
fn named(corrections: &[Correction], place: &Place, field: &Field) -> Option<Takes> {
    let by = |is: &dyn Fn(&Target) -> bool| corrections.iter().position(|c| is(&c.target));
    let in_full = |target: &Target| match target {
        Target::Field(path) => {
            path.system == place.system
                && path.collection == place.collection
                && path.field == field.name
        }
        _ => false,
    };
    let by_category = |target: &Target| match target {
        Target::Category(wanted) => field.categories.iter().any(|category| {
            category
                .strip_prefix(wanted.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
        _ => false,
    };
    let kind = field.identity.map(terms::of_identity).or_else(|| terms::kind_of(field));
    let by_identity = |target: &Target| match target {
        Target::Identity(wanted) => kind == Some(terms::of_identity(*wanted)),
        _ => false,
    };
    if let Some(at) = by(&in_full).or_else(|| by(&by_category)) {
        return Some(Takes::Itself(at));
    }
    let at = by(&by_identity)?;
    let whole = kind != Some(terms::TermKind::Name) || terms::is_whole_name(field);
    Some(if whole { Takes::Itself(at) } else { Takes::Part(at) })
}
