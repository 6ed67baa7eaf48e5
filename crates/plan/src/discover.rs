//! The waves of discovery: from the identifiers of the request to rows, from rows to further rows.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Identity, IdentityKind, RowKey, Value};
use policy::{Tie, When};
use serde::{Deserialize, Serialize, Serializer};

use crate::Place;
use crate::found::{FoundRow, Rows};
use crate::graph::{Graph, Node, Way};
use crate::index::Index;
use crate::step::{Action, Compare};

/// Values that were asked for already, so that no question is put twice. By question.
///
/// Serialised as a list, in the order of the questions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(String, Vec<(Value, Tie)>)>")]
pub(crate) struct Asked(Index<Box<str>, Values>);

/// The values of one question. Most are put with one value, and a map makes room for eleven.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    One(Value, Tie),
    Many(BTreeMap<Value, Tie>),
}

impl From<Vec<(Value, Tie)>> for Values {
    fn from(mut values: Vec<(Value, Tie)>) -> Self {
        match values.pop() {
            Some((value, tie)) if values.is_empty() => Self::One(value, tie),
            last => Self::Many(values.into_iter().chain(last).collect()),
        }
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(value, tie) => to.collect_seq([(value, tie)]),
            Self::Many(values) => to.collect_seq(values),
        }
    }
}

impl From<Vec<(String, Vec<(Value, Tie)>)>> for Asked {
    fn from(flat: Vec<(String, Vec<(Value, Tie)>)>) -> Self {
        let one =
            |(question, values): (String, Vec<(Value, Tie)>)| (question.into(), values.into());
        Self(flat.into_iter().map(one).collect())
    }
}

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut asked: Vec<(&Box<str>, &Values)> = self.0.iter().collect();
        asked.sort_unstable_by_key(|(question, _)| *question);
        to.collect_seq(asked)
    }
}

impl Asked {
    /// Whether this question is new, or is put again from closer by.
    fn is_new(&mut self, question: &str, value: &Value, tie: Tie) -> bool {
        let Some(known) = self.0.get_mut(question) else {
            self.0.insert(question.into(), Values::One(value.clone(), tie));
            return true;
        };
        let before = match known {
            Values::One(one, before) if one == value => Some(before),
            Values::One(..) => None,
            Values::Many(values) => values.get_mut(value),
        };
        match before {
            Some(before) if *before <= tie => return false,
            Some(before) => *before = tie,
            None => known.add(value.clone(), tie),
        }
        true
    }
}

impl Values {
    fn add(&mut self, value: Value, tie: Tie) {
        match self {
            Self::Many(values) => {
                values.insert(value, tie);
            }
            Self::One(..) => {
                let before = std::mem::replace(self, Self::Many(BTreeMap::from([(value, tie)])));
                if let (Self::Many(values), Self::One(value, tie)) = (self, before) {
                    values.insert(value, tie);
                }
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
    let folded = Value::from(identity.value.expose().trim().to_lowercase());
    let from: Arc<str> = if given { FROM_REQUEST } else { FROM_ROWS }.into();
    let mut actions = Vec::new();
    for (node, field) in graph.looked_up_by(identity.kind) {
        if unreachable.contains_key(&node.place.system) {
            continue;
        }
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
            from: Arc::clone(&from),
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
        let carry = graph.node(&place).map(|node| Arc::clone(&node.carry)).unwrap_or_default();
        Action::Find {
            place,
            field,
            values: values.into_iter().collect(),
            compare: Compare::Exact,
            when: Vec::new(),
            carry,
            // Whose each of them is, the last plan says.
            tie: Tie::Shared,
            from: FROM_LAST_PLAN.into(),
        }
    };
    questions.into_iter().map(find).collect()
}

/// What a fresh row leads to, by one way.
struct Question<'m> {
    to: usize,
    field: &'m str,
    /// What must hold besides, written down.
    conditions: Cow<'static, str>,
    tie: Tie,
    from: Arc<str>,
    when: Vec<When>,
    value: Value,
}

impl Question<'_> {
    /// Questions that agree in this are one, with several values.
    fn same(&self) -> (usize, &str, &str, Tie, &str) {
        (self.to, self.field, &self.conditions, self.tie, &self.from)
    }
}

/// The next wave: everything that the fresh rows lead to.
pub(crate) fn wave(
    graph: &Graph<'_>,
    rows: &Rows,
    fresh: &BTreeSet<(Place, RowKey)>,
    asked: &mut Asked,
    unreachable: &BTreeMap<String, String>,
) -> Vec<Action> {
    let mut questions: Vec<Question<'_>> = Vec::new();
    let mut written = String::new();
    for (place, key) in fresh {
        let (Some(node), Some(row)) = (graph.node(place), rows.get(place, key)) else { continue };
        // Ways from one field stand together, as a rule: its name is written out once.
        let mut last: Option<(usize, Arc<str>)> = None;
        for way in &node.ways {
            let Some(target) = graph.at(way.to) else { continue };
            let Some(tie) = leads_on(node, way, row, target) else { continue };
            let value_of = |column: &str| {
                node.carry.iter().position(|c| c == column).and_then(|at| row.carried.get(at))
            };
            if !way.when_from.iter().all(|when| meets(value_of(&when.column), when)) {
                continue;
            }
            let Some(value) = row.carried.get(way.from_at).filter(|v| !leads_nowhere(v)) else {
                continue;
            };
            if !unreachable.is_empty() && unreachable.contains_key(&target.place.system) {
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
            let conditions = match when.as_slice() {
                [] => Cow::Borrowed("[]"),
                some => Cow::Owned(serde_json::to_string(some).unwrap_or_default()),
            };
            written.clear();
            path(&mut written, &target.place, way.to_field);
            written.push_str(&conditions);
            if !asked.is_new(&written, value, tie) {
                continue;
            }
            let from = match &last {
                Some((at, from)) if *at == way.from_at => Arc::clone(from),
                _ => {
                    written.clear();
                    path(&mut written, place, way.from_field);
                    Arc::from(written.as_str())
                }
            };
            last = Some((way.from_at, Arc::clone(&from)));
            let value = value.clone();
            let field = way.to_field;
            questions.push(Question { to: way.to, field, conditions, tie, from, when, value });
        }
    }
    questions.sort_unstable_by(|a, b| (a.same(), &a.value).cmp(&(b.same(), &b.value)));
    let mut actions = Vec::with_capacity(questions.len());
    let mut questions = questions.into_iter().peekable();
    while let Some(mut question) = questions.next() {
        let mut values = vec![std::mem::replace(&mut question.value, Value::Null)];
        while let Some(next) = questions.next_if(|next| next.same() == question.same()) {
            if values.last() != Some(&next.value) {
                values.push(next.value);
            }
        }
        let Some(target) = graph.at(question.to) else { continue };
        actions.push(Action::Find {
            place: target.place.clone(),
            field: question.field.to_owned(),
            values,
            compare: Compare::Exact,
            when: question.when,
            carry: Arc::clone(&target.carry),
            tie: question.tie,
            from: question.from,
        });
    }
    actions
}

/// Writes a field as a person names it: `ticketing.users.id`.
pub(crate) fn path(to: &mut String, place: &Place, field: &str) {
    for part in [&place.system, ".", &place.collection, ".", field] {
        to.push_str(part);
    }
}

/// Whether a row leads on along a way, and what the rows there are to the person at most.
fn leads_on(node: &Node<'_>, way: &Way<'_>, row: &FoundRow, target: &Node<'_>) -> Option<Tie> {
    // A matter shared with others must not lead to the others themselves.
    if way.climbs && target.people && row.tie >= Tie::Shared {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_put_once_for_each_value_and_again_from_closer_by() {
        let mut asked = Asked::default();
        for (question, value, tie, new) in [
            ("b", 1, Tie::Shared, true),
            ("b", 1, Tie::Mention, false),
            ("b", 1, Tie::Authored, true),
            ("b", 1, Tie::Authored, false),
            ("b", 2, Tie::Own, true),
            ("b", 1, Tie::Authored, false),
            ("b", 1, Tie::Own, true),
            ("b", 2, Tie::Own, false),
            ("a", 2, Tie::Own, true),
        ] {
            let again = asked.clone().is_new(question, &value.into(), tie);
            assert_eq!(
                asked.is_new(question, &value.into(), tie),
                new,
                "{question} {value} {tie:?}"
            );
            assert_eq!(again, new);
            let written = serde_json::to_string(&asked).unwrap();
            assert_eq!(serde_json::from_str::<Asked>(&written).unwrap(), asked, "{written}");
        }
        let written = serde_json::to_value(&asked).unwrap();
        let questions: Vec<&str> =
            written.as_array().unwrap().iter().filter_map(|one| one[0].as_str()).collect();
        assert_eq!(questions, ["a", "b"], "in order, whatever the order of asking");
    }
}
