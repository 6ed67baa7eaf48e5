//! The waves of discovery: from the identifiers of the request to rows, from rows to further rows.

use std::collections::{BTreeMap, BTreeSet};

use model::{Identity, IdentityKind, RowKey, Value};
use policy::{Tie, When};
use serde::{Deserialize, Serialize, Serializer};

use crate::found::{FoundRow, Place, Rows};
use crate::graph::{Graph, Node, Way};
use crate::step::{Action, Compare};

/// Values that were asked for already, so that no question is put twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(String, Vec<(Value, Tie)>)>")]
pub(crate) struct Asked(BTreeMap<String, BTreeMap<Value, Tie>>);

impl From<Vec<(String, Vec<(Value, Tie)>)>> for Asked {
    fn from(flat: Vec<(String, Vec<(Value, Tie)>)>) -> Self {
        Self(flat.into_iter().map(|(k, values)| (k, values.into_iter().collect())).collect())
    }
}

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(
            self.0.iter().map(|(question, values)| (question, values.iter().collect::<Vec<_>>())),
        )
    }
}

impl Asked {
    /// Whether this question is new, or is put again from closer by.
    fn is_new(&mut self, question: &str, value: &Value, tie: Tie) -> bool {
        let known = self.0.entry(question.to_owned()).or_default();
        match known.get(value) {
            Some(before) if *before <= tie => false,
            _ => {
                known.insert(value.clone(), tie);
                true
            }
        }
    }
}

/// Values by which applications say "none".
fn leads_nowhere(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::Int(number) => *number == 0 || *number == -1,
        // Also the UUID of zeros.
        Value::Text(text) => {
            let text = text.trim();
            text == "-1" || text.chars().all(|c| matches!(c, '0' | '-'))
        }
        Value::Bytes(bytes) => bytes.is_empty(),
    }
}

/// The look-ups for an identifier.
pub(crate) fn look_up(
    graph: &Graph<'_>,
    identity: &Identity,
    given: bool,
    asked: &mut Asked,
    unreachable: &BTreeMap<String, String>,
) -> Vec<Action> {
    if identity.kind == IdentityKind::Name {
        return Vec::new();
    }
    let value = Value::from(identity.value.expose().trim());
    let mut actions = Vec::new();
    for (node, field) in graph.looked_up_by(identity.kind) {
        if unreachable.contains_key(&node.place.system) {
            continue;
        }
        let folded = Value::from(identity.value.expose().trim().to_lowercase());
        if !asked.is_new(&format!("{}.{}", node.place, field.name), &folded, Tie::Own) {
            continue;
        }
        actions.push(Action::Find {
            place: node.place.clone(),
            field: field.name.clone(),
            values: vec![value.clone()],
            compare: Compare::As(identity.kind),
            when: Vec::new(),
            carry: node.carry.clone(),
            tie: Tie::Own,
            from: if given { FROM_REQUEST } else { FROM_ROWS }.to_owned(),
        });
    }
    actions
}

pub(crate) const FROM_REQUEST: &str = "the request";
pub(crate) const FROM_ROWS: &str = "the person's own rows";
pub(crate) const FROM_LAST_PLAN: &str = "the last plan";

/// The look-ups for rows that an earlier plan left as they were: by their own key where that is one
/// column, else by a value that they held.
pub(crate) fn left_over(
    graph: &Graph<'_>,
    rows: &Rows,
    unreachable: &BTreeMap<String, String>,
) -> Vec<Action> {
    let mut questions: BTreeMap<(Place, String), BTreeSet<Value>> = BTreeMap::new();
    for (place, rows) in rows.places() {
        let Some(node) = graph.node(place) else { continue };
        if unreachable.contains_key(&place.system) {
            continue;
        }
        let mut keys = node.collection.fields.iter().filter(|field| field.primary_key);
        let key = keys.next().filter(|_| keys.next().is_none());
        for (row_key, row) in rows {
            let by_key = key.zip(row_key.0.first()).filter(|_| row_key.0.len() == 1);
            let by_key = by_key.map(|(field, value)| (field.name.clone(), value.clone()));
            let held = || {
                let mut held = node.carry.iter().zip(&row.carried);
                held.find(|(_, value)| !leads_nowhere(value)).map(|(c, v)| (c.clone(), v.clone()))
            };
            if let Some((field, value)) = by_key.or_else(held) {
                questions.entry((place.clone(), field)).or_default().insert(value);
            }
        }
    }
    let find = |((place, field), values): ((Place, String), BTreeSet<Value>)| {
        let carry = graph.carried(&place).to_vec();
        Action::Find {
            place,
            field,
            values: values.into_iter().collect(),
            compare: Compare::Exact,
            when: Vec::new(),
            carry,
            // Whose each of them is, the last plan says.
            tie: Tie::Shared,
            from: FROM_LAST_PLAN.to_owned(),
        }
    };
    questions.into_iter().map(find).collect()
}

/// The next wave: everything that the fresh rows lead to.
pub(crate) fn wave(
    graph: &Graph<'_>,
    rows: &Rows,
    fresh: &BTreeSet<(Place, RowKey)>,
    asked: &mut Asked,
    unreachable: &BTreeMap<String, String>,
) -> Vec<Action> {
    type Question = (usize, String, String, Tie, String);
    let mut questions: BTreeMap<Question, (Vec<When>, BTreeSet<Value>)> = BTreeMap::new();
    for (place, key) in fresh {
        let (Some(node), Some(row)) = (graph.node(place), rows.get(place, key)) else { continue };
        for way in &node.ways {
            let Some(tie) = leads_on(node, way, row, graph) else { continue };
            let value_of = |column: &str| {
                node.carry.iter().position(|c| c == column).and_then(|at| row.carried.get(at))
            };
            if !way.when_from.iter().all(|when| meets(value_of(&when.column), when)) {
                continue;
            }
            let Some(value) = value_of(way.from_field).filter(|v| !leads_nowhere(v)) else {
                continue;
            };
            let Some(target) = graph.at(way.to) else { continue };
            if unreachable.contains_key(&target.place.system) {
                continue;
            }
            let mut when = way.when_to.to_vec();
            for (here, there) in &way.also {
                if let Some(text) = value_of(here).and_then(Value::to_plain_text) {
                    when.push(When { column: (*there).to_owned(), any_of: vec![text] });
                }
            }
            // As in SQL, a composite key with a part missing refers to nothing. Asked without that
            // part it would bring other people's rows.
            if when.len() < way.when_to.len() + way.also.len() {
                continue;
            }
            let conditions = serde_json::to_string(&when).unwrap_or_default();
            let question = format!("{}.{}{conditions}", target.place, way.to_field);
            if !asked.is_new(&question, value, tie) {
                continue;
            }
            let from = format!("{place}.{}", way.from_field);
            let question = (way.to, way.to_field.to_owned(), conditions, tie, from);
            questions
                .entry(question)
                .or_insert_with(|| (when, BTreeSet::new()))
                .1
                .insert(value.clone());
        }
    }
    questions
        .into_iter()
        .filter_map(|((to, field, _, tie, from), (when, values))| {
            let target = graph.at(to)?;
            Some(Action::Find {
                place: target.place.clone(),
                field,
                values: values.into_iter().collect(),
                compare: Compare::Exact,
                when,
                carry: target.carry.clone(),
                tie,
                from,
            })
        })
        .collect()
}

/// Whether a row leads on along a way, and what the rows there are to the person at most.
fn leads_on(node: &Node<'_>, way: &Way<'_>, row: &FoundRow, graph: &Graph<'_>) -> Option<Tie> {
    let to_people = graph.at(way.to).is_some_and(|target| target.people);
    // A matter shared with others must not lead to the others themselves.
    if way.climbs && to_people && row.tie >= Tie::Shared {
        return None;
    }
    // A mention leads on only within one conversation, and never out of a person's own record:
    // that Bob's record names her makes none of his matters hers.
    if row.tie == Tie::Mention && (way.tie != Tie::Shared || node.people) {
        return None;
    }
    Some(row.tie.max(way.tie))
}

fn meets(value: Option<&Value>, when: &When) -> bool {
    value.and_then(Value::to_plain_text).is_some_and(|text| when.any_of.contains(&text))
}
