//! People who happen to have the person's name, and what is theirs.

use std::collections::{BTreeMap, BTreeSet};

use model::{RowKey, Value};
use serde::{Deserialize, Serialize};

use crate::Place;
use crate::case::Case;
use crate::graph::Node;
use crate::names::{Words, differ, names_in};
use crate::step::MentionedField;
use crate::terms::{self, LearnedTerm, TermKind};

/// Rows that are a namesake's for all that is known, with the fields that hold the name.
///
/// Serialised as a list, because JSON has no maps with such keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Flat>", into = "Vec<Flat>")]
pub(crate) struct Namesakes(BTreeMap<Place, BTreeMap<RowKey, BTreeSet<String>>>);

type Flat = (Place, Vec<(RowKey, BTreeSet<String>)>);

impl From<Vec<Flat>> for Namesakes {
    fn from(flat: Vec<Flat>) -> Self {
        Self(flat.into_iter().map(|(place, rows)| (place, rows.into_iter().collect())).collect())
    }
}

impl From<Namesakes> for Vec<Flat> {
    fn from(namesakes: Namesakes) -> Self {
        namesakes.0.into_iter().map(|(place, rows)| (place, rows.into_iter().collect())).collect()
    }
}

impl Namesakes {
    pub(crate) fn insert(&mut self, place: &Place, key: RowKey, fields: BTreeSet<String>) {
        self.0.entry(place.clone()).or_default().entry(key).or_default().extend(fields);
    }

    /// The row turned out to be tied to the person after all.
    pub(crate) fn remove(&mut self, place: &Place, key: &RowKey) -> Option<BTreeSet<String>> {
        self.0.get_mut(place)?.remove(key)
    }

    pub(crate) fn fields(&self, place: &Place, key: &RowKey) -> Option<&BTreeSet<String>> {
        self.0.get(place)?.get(key)
    }

    /// How many rows, by collection.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.0
            .iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(place, rows)| (place.to_string(), rows.len() as u64))
            .collect()
    }
}

impl Case {
    /// Whether a row is a namesake's: it holds the person's name and nothing else that ties it to
    /// the person. It is counted, and neither handed out nor changed.
    pub fn is_namesakes(&self, place: &Place, key: &RowKey) -> bool {
        self.namesake_rows.fields(place, key).is_some()
    }
}

/// The kinds of identifier of which each belongs to one person, as a rule.
const fn is_own(kind: TermKind) -> bool {
    matches!(kind, TermKind::Email | TermKind::Phone | TermKind::UserName)
}

/// The person's own identifiers, for telling whether a row has one of them.
pub(crate) fn own(terms: &BTreeSet<LearnedTerm>) -> BTreeSet<String> {
    terms.iter().filter(|term| is_own(term.kind)).map(LearnedTerm::folded).collect()
}

/// Whether a row that names the person is a namesake's for all that it says.
///
/// A record of somebody with an identifier of their own is theirs, if nothing but the name (or the
/// address, which a household shares) is the person's. A row without one that holds the name as a
/// whole value, such as an order with the recipient's name, is no more the person's than any
/// namesake's. What people write freely is different: there the name is a mention.
pub(crate) fn is_namesakes(
    node: &Node<'_>,
    carried: &[Value],
    fields: &[MentionedField],
    known: &[Words],
    own: &BTreeSet<String>,
) -> bool {
    let kinds: BTreeSet<TermKind> = fields.iter().flat_map(told).collect();
    // Where it is not told by what a field was named, it may be more than a name.
    let untold = fields.iter().any(|named| told(named).next().is_none());
    if untold || !kinds.iter().all(|kind| matches!(kind, TermKind::Name | TermKind::Address)) {
        return false;
    }
    let holds = |kind: TermKind| {
        fields.iter().any(|named| {
            let field = node.collection.field(&named.field);
            named.whole == Some(kind) && field.is_some_and(|field| !field.free_text)
        })
    };
    if node.people && is_somebody_elses(node, carried, own) {
        let names = names_in(node, carried);
        let fits = !names.is_empty() && !known.is_empty() && !differ(&names, known);
        return fits || holds(TermKind::Name) || holds(TermKind::Address);
    }
    // Name and address together are more than a namesake has.
    holds(TermKind::Name) && !kinds.contains(&TermKind::Address)
}

fn told(named: &MentionedField) -> impl Iterator<Item = TermKind> {
    named.by.iter().copied().chain(named.whole)
}

/// Whether a row has identifiers of its own and none of them is the person's.
fn is_somebody_elses(node: &Node<'_>, carried: &[Value], own: &BTreeSet<String>) -> bool {
    let mut others = false;
    for field in &node.collection.fields {
        let kind = field.identity.map(terms::of_identity).or_else(|| terms::kind_of(field));
        let Some(kind) = kind.filter(|kind| is_own(*kind)) else { continue };
        let at = node.carry.iter().position(|column| *column == field.name);
        let text = at.and_then(|at| carried.get(at)).and_then(Value::to_plain_text);
        let Some(text) = text.filter(|text| terms::is_telling(kind, text.trim())) else { continue };
        if own.contains(&terms::fold(kind, &text)) {
            return false;
        }
        others = true;
    }
    others
}
