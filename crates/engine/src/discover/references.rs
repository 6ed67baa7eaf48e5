//! Which column leads where: what the database declares, what the names say, and whether the
//! values agree.

use std::collections::BTreeSet;

use connect::{Connector, Fold};
use model::{Column, DataType};

use super::about::About;
use super::bonds::{Role, is_staff_like, role_of};
use super::samples;
use super::survey::{Looked, Survey, comparable};
use super::words::has;
use super::{Note, NoteKind, Progress};

/// A way that was found, before it is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) child: usize,
    pub(super) column: String,
    pub(super) parent: usize,
    pub(super) to: String,
    pub(super) also: Vec<(String, String)>,
    pub(super) when: Vec<(String, String)>,
    pub(super) role: Role,
    /// The confidence and the reason, where nobody declared it.
    pub(super) guess: Option<(u8, String)>,
}

/// Words that only say that a column holds a key.
const KEY_WORDS: &[&str] = &["id", "uid", "guid", "uuid", "key", "ref", "number", "code"];

/// Declared references.
pub(super) fn declared(survey: &Survey<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (child, looked) in survey.tables.iter().enumerate() {
        for reference in &looked.table.references {
            let Some(parent) = survey.position(&reference.to) else { continue };
            let pairs: Vec<(&String, &String)> =
                reference.columns.iter().zip(&reference.to_columns).collect();
            // The pair that tells most rows apart carries the search; the others must agree.
            let distinct = |name: &str| looked.samples.pointing(name, usize::MAX).len();
            let best = pairs
                .iter()
                .enumerate()
                .max_by_key(|(at, (here, _))| (distinct(here), *at))
                .map(|(at, _)| at);
            let Some(best) = best else { continue };
            let Some((here, there)) = pairs.get(best) else { continue };
            let also = pairs
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != best)
                .map(|(_, (here, there))| ((*here).clone(), (*there).clone()))
                .collect();
            let words = survey.speller.words(here);
            found.push(Found {
                child,
                column: (*here).clone(),
                parent,
                to: (*there).clone(),
                also,
                when: Vec::new(),
                role: role_towards(looked, &words, survey.tables.get(parent)),
                guess: None,
            });
        }
    }
    found
}

/// The part that the words give, unless they are only the parent's own name.
pub(super) fn role_towards(
    child: &Looked<'_>,
    words: &[String],
    parent: Option<&Looked<'_>>,
) -> Role {
    let stem = stem(&child.without_own_name(words));
    if parent.is_some_and(|parent| {
        stem == parent.words || parent.words.last().is_some_and(|last| stem == [last.clone()])
    }) {
        return Role::Plain;
    }
    // In `author_staff_id` staff is the table and author the part; in `billing_contact_id` the
    // contact is the table, and `billing` says nothing of a part.
    let tail = parent.and_then(|parent| {
        let last = parent.words.last().map(std::slice::from_ref).unwrap_or_default();
        stem.strip_suffix(parent.words.as_slice()).or_else(|| stem.strip_suffix(last))
    });
    role_of(tail.unwrap_or(&stem)).unwrap_or(Role::Plain)
}

/// The words before the one that says "key".
fn stem(words: &[String]) -> Vec<String> {
    let mut stem = words.to_vec();
    while stem.len() > 1 && stem.last().is_some_and(|last| KEY_WORDS.contains(&last.as_str())) {
        stem.pop();
    }
    stem
}

/// A parent that the name could mean.
#[derive(Debug, Clone)]
struct Candidate {
    parent: usize,
    to: String,
    base: u8,
    why: String,
    role: Role,
}

/// References that nobody declared.
pub(super) async fn inferred(
    survey: &Survey<'_>,
    declared: &[Found],
    connector: &dyn Connector,
    lookup_values: usize,
    notes: &mut Vec<Note>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Vec<Found> {
    let mut found = Vec::new();
    let known: BTreeSet<(usize, &str)> =
        declared.iter().map(|one| (one.child, one.column.as_str())).collect();
    let of = survey.tables.len();
    for (child, looked) in survey.tables.iter().enumerate() {
        progress(Progress {
            doing: format!("looking for references from {}", looked.collection),
            done: child,
            of,
        });
        if looked.skip.is_some() {
            continue;
        }
        for column in &looked.table.columns {
            if known.contains(&(child, column.name.as_str()))
                || is_typed_elsewhere(survey, looked, column)
            {
                continue;
            }
            let candidates = candidates(survey, child, column);
            if let Some(one) =
                choose(survey, child, column, candidates, connector, lookup_values, notes).await
            {
                found.push(one);
            }
        }
    }
    found
}

/// Whether a column beside this one says which table it points into.
fn is_typed_elsewhere(survey: &Survey<'_>, looked: &Looked<'_>, column: &Column) -> bool {
    super::polymorphic::pairs(survey, looked).iter().any(|(_, id)| *id == column.name)
}

fn candidates(survey: &Survey<'_>, child: usize, column: &Column) -> Vec<Candidate> {
    let Some(looked) = survey.tables.get(child) else { return Vec::new() };
    if !matches!(
        column.data_type,
        DataType::Integer
            | DataType::Number
            | DataType::Uuid
            | DataType::Text { .. }
            | DataType::Bytes { max_bytes: Some(..=16) }
    ) {
        return Vec::new();
    }
    let words = survey.speller.words(&column.name);
    let keyed = words.iter().any(|w| KEY_WORDS.contains(&w.as_str()));
    let mut own = looked.without_own_name(&words);
    // `memberid` in group members is the number of a member, not an `id`.
    if own.iter().all(|word| KEY_WORDS.contains(&word.as_str())) {
        own.clone_from(&words);
    }
    let is_key = looked.key().is_some_and(|key| key.name == column.name);
    let mut named: Vec<Candidate> = Vec::new();
    for (parent, other) in survey.tables.iter().enumerate() {
        let Some(key) = other.key() else { continue };
        if other.skip.is_some()
            || !comparable(column.data_type, key.data_type)
            || (parent == child && key.name == column.name)
        {
            continue;
        }
        // A bare word in a text column (`owner`) is a name more often than a key.
        if !keyed && matches!(column.data_type, DataType::Text { .. }) {
            continue;
        }
        let key_words = survey.speller.words(&key.name);
        let telling_key =
            key_words.len() > 1 && key_words.iter().any(|w| KEY_WORDS.contains(&w.as_str()));
        let title = &other.collection;
        let mut push = |base: u8, why: String| {
            named.push(Candidate {
                parent,
                to: key.name.clone(),
                base,
                why,
                role: role_towards(looked, &words, Some(other)),
            });
        };
        let stems = [stem(&words), stem(&own)];
        let same = |wanted: &[String]| stems.iter().any(|stem| stem == wanted);
        let ends = |wanted: &[String]| {
            !wanted.is_empty()
                && stems.iter().any(|stem| stem.len() > wanted.len() && stem.ends_with(wanted))
        };
        let leads = |wanted: &[String]| {
            !wanted.is_empty()
                && words
                    .strip_prefix(wanted)
                    .is_some_and(|rest| rest.first().is_some_and(|w| w == "id") && rest.len() > 1)
        };
        let tail = other.words.last().map(std::slice::from_ref).unwrap_or_default();
        if parent == child {
            continue;
        }
        let weight = u8::try_from(other.words.len().min(3)).unwrap_or(3);
        if telling_key && (words == key_words || own == key_words) {
            push(78, format!("`{}` is the key of {title}", key.name));
        } else if same(&other.words) {
            push(78, format!("its name is that of {title}"));
        } else if telling_key && words.len() > key_words.len() && words.ends_with(&key_words) {
            push(76, format!("its name ends in `{}`, the key of {title}", key.name));
        } else if ends(&other.words) {
            push(71 + weight, format!("its name ends in that of {title}"));
        } else if leads(&other.words) {
            push(74, format!("its name begins with that of {title}"));
        } else if other.words.len() > 1 && same(tail) && other.about == About::Person {
            push(70, format!("its name is the last word of {title}"));
        } else if other.words.len() > 1
            && (same(tail) || (ends(tail) && keyed))
            && tail.iter().any(|w| w.len() > 3)
        {
            push(60, format!("its name ends in the last word of {title}"));
        }
    }
    // `contact_id`, the key of contacts, refers to nothing; `user_id`, the key of profiles, does.
    if is_key && (own.len() < 2 || own == words && stem(&words) == looked.words) {
        named.retain(|candidate| candidate.base >= 78 && words.len() > 1);
    }
    if !named.is_empty() {
        let best = named.iter().map(|c| c.base).max().unwrap_or_default();
        named.retain(|candidate| candidate.base + 2 >= best);
        return named;
    }
    if is_key {
        return Vec::new();
    }
    if let Some(own_key) = looked.key()
        && comparable(column.data_type, own_key.data_type)
        && (has(&own, "parent") || own == ["reply".to_owned(), "to".to_owned()] || is_merge(&own))
        && own.len() <= 3
    {
        return vec![Candidate {
            parent: child,
            to: own_key.name.clone(),
            base: 76,
            why: format!("its name says that rows of {} refer to each other", looked.collection),
            role: Role::Plain,
        }];
    }
    by_role(survey, column, &own, keyed)
}

/// Whether the words say that one matter was made part of another.
pub(super) fn is_merge(words: &[String]) -> bool {
    ["merged", "effective", "duplicate", "merge"].iter().any(|word| has(words, word))
}

/// `created_by`, `owner`, `requester_id`: somebody, but in which table of people?
fn by_role(survey: &Survey<'_>, column: &Column, own: &[String], keyed: bool) -> Vec<Candidate> {
    let mut stem = stem(own);
    let by = has(own, "by") || stem.last().is_some_and(|last| last == "to");
    if stem.len() > 1 && stem.last().is_some_and(|last| last == "to") {
        stem.pop();
    }
    let Some(role) = role_of(&stem)
        .or_else(|| (own == ["uid".to_owned()] || has(&stem, "user")).then_some(Role::Plain))
    else {
        return Vec::new();
    };
    // A number that is neither called a key nor ends with the part is a count or a date.
    if !keyed && !by && stem.last().is_none_or(|last| role_of(std::slice::from_ref(last)).is_none())
    {
        return Vec::new();
    }
    let people: Vec<(usize, &Looked<'_>, &Column)> = survey
        .tables
        .iter()
        .enumerate()
        .filter(|(_, other)| {
            other.skip.is_none() && other.about == About::Person && !other.relatives
        })
        .filter_map(|(at, other)| other.key().map(|key| (at, other, key)))
        .filter(|(_, _, key)| comparable(column.data_type, key.data_type))
        .collect();
    let alone = people.len() == 1;
    people
        .into_iter()
        .map(|(parent, other, key)| {
            let fits = match role {
                Role::Client => !is_staff_like(other) || other.words.iter().any(|w| w == "user"),
                Role::Plain | Role::Author | Role::Staff => is_staff_like(other),
            };
            let base = if alone && (by || role == Role::Author) {
                76
            } else if alone {
                70
            } else if fits {
                66
            } else {
                50
            };
            let why = if alone {
                format!(
                    "its name speaks of a person, and {} is the only table of people",
                    other.collection
                )
            } else {
                format!("its name speaks of a person, as in {}", other.collection)
            };
            Candidate { parent, to: key.name.clone(), base, why, role }
        })
        .collect()
}

/// Asks the values, and takes the best candidate.
async fn choose(
    survey: &Survey<'_>,
    child: usize,
    column: &Column,
    candidates: Vec<Candidate>,
    connector: &dyn Connector,
    lookup_values: usize,
    notes: &mut Vec<Note>,
) -> Option<Found> {
    let looked = survey.tables.get(child)?;
    let values = looked.samples.pointing(&column.name, lookup_values);
    let mut judged: Vec<(u8, String, Candidate)> = Vec::new();
    for candidate in candidates.into_iter().take(6) {
        let parent = survey.tables.get(candidate.parent)?;
        let included = if values.is_empty() {
            None
        } else {
            match samples::hits(connector, &parent.table.name, &candidate.to, &values, Fold::Exact)
                .await
            {
                Ok(hits) => Some((hits, values.len())),
                Err(error) => {
                    notes.push(Note {
                        kind: NoteKind::NotRead,
                        place: format!("{}.{}", looked.collection, column.name),
                        says: format!(
                            "its values could not be compared with {}: {error}",
                            parent.collection
                        ),
                        confidence: None,
                    });
                    None
                }
            }
        };
        let (confidence, evidence) = weigh(candidate.base, included);
        if confidence >= 50 {
            judged.push((confidence, format!("{}; {evidence}", candidate.why), candidate));
        }
    }
    judged.sort_by_key(|(confidence, _, candidate)| {
        (std::cmp::Reverse(*confidence), candidate.parent)
    });
    let rival = judged
        .get(1)
        .filter(|(confidence, ..)| judged.first().is_some_and(|best| confidence + 8 > best.0));
    let rival = rival
        .and_then(|(_, _, c)| survey.tables.get(c.parent))
        .map(|looked| looked.collection.clone());
    let (mut confidence, mut why, best) = judged.into_iter().next()?;
    if let Some(rival) = rival {
        confidence = confidence.min(70);
        why.push_str(&format!("; {rival} would fit as well"));
    }
    Some(Found {
        child,
        column: column.name.clone(),
        parent: best.parent,
        to: best.to,
        also: Vec::new(),
        when: Vec::new(),
        role: best.role,
        guess: Some((confidence, why)),
    })
}

/// From the strength of a name and the share of values found to a confidence and its words.
pub(super) fn weigh(base: u8, included: Option<(usize, usize)>) -> (u8, String) {
    let Some((hits, of)) = included else {
        // With nothing to compare, a name decides only where it is unmistakable.
        let confidence = if base >= 75 { base + 4 } else { base };
        return (confidence, "there are no values to compare yet".to_owned());
    };
    let told = format!("{hits} of {of} different values are found there");
    let confidence = match hits * 100 / of.max(1) {
        95.. if of >= 5 => base.saturating_add(18).min(97),
        95.. => base.saturating_add(10),
        80..95 => base.saturating_add(1),
        50..80 => base.saturating_sub(12),
        _ if of >= 3 => 0,
        _ => base.saturating_sub(30),
    };
    (confidence, told)
}
