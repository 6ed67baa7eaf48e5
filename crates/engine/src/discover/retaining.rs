//! Rules by which old rows are disposed of, proposed where the policy names a limit for what a
//! table plainly is: tickets, logs, the books. Each is a question below the mark at which a person
//! must say yes, because what is disposed of cannot be brought back; until then it disposes of
//! nothing.
//!
//! What is deliberately not here: a limit of our own. Where the matrix names none, or two rows
//! could be meant, nothing is proposed.

use std::collections::{BTreeMap, BTreeSet};

use model::{Column, DataType};
use policy::{ClassRow, Collection, CountFrom, Disposal, Inference, Keep, Retain, System, When};

use super::about::About;
use super::survey::{Looked, Survey};
use super::words::{Speller, has, singular};

/// A table with its row of the matrix, and the day from which its rows' age can count.
struct Candidate {
    class: String,
    /// The minimum age that the same row asks for.
    keep: Option<Keep>,
    rule: Retain,
}

/// Gives collections their class and a proposed rule.
pub(super) fn propose(system: &mut System, survey: &Survey<'_>, rows: &[ClassRow]) {
    let looked: BTreeMap<&str, &Looked<'_>> =
        survey.tables.iter().map(|looked| (looked.collection.as_str(), looked)).collect();
    let mut candidates: BTreeMap<String, Candidate> = BTreeMap::new();
    for collection in system.collections.iter().filter(|collection| collection.skip.is_none()) {
        let Some(looked) = looked.get(collection.name.as_str()) else { continue };
        if let Some(candidate) = candidate(collection, looked, &survey.speller, rows) {
            candidates.insert(collection.name.clone(), candidate);
        }
    }
    let owners = owners(system, &looked);
    let owned: BTreeSet<String> = owners
        .iter()
        .filter(|(_, ways)| !ways.is_empty())
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let names: Vec<String> = system.collections.iter().map(|c| c.name.clone()).collect();
    let mut gone_with: BTreeSet<String> = BTreeSet::new();
    for name in &names {
        // A reply is a message of its ticket before it is anything of its own.
        let own = candidates.contains_key(name) && !gone_with.contains(name);
        let mut ways = owners.get(name.as_str()).into_iter().flatten();
        if !own || ways.any(|way| candidates.contains_key(way.to)) {
            continue;
        }
        let children = children(name, &owners);
        gone_with.extend(children.iter().cloned());
        if let Some(candidate) = candidates.get_mut(name) {
            candidate.rule.with = names.iter().filter(|n| children.contains(*n)).cloned().collect();
        }
    }
    for collection in &mut system.collections {
        let Some(candidate) = candidates.remove(&collection.name) else { continue };
        collection.class = Some(candidate.class);
        if collection.keep.is_empty() {
            collection.keep.extend(candidate.keep);
        }
        // What goes with another, or belongs to several, has no age of its own.
        if !owned.contains(&collection.name) && !gone_with.contains(&collection.name) {
            collection.retain.push(candidate.rule);
        }
    }
}

/// One way by which rows of a collection belong to another's.
struct Way<'s> {
    to: &'s str,
    /// Only rows whose columns hold these values.
    when: &'s [When],
    /// Whether it holds, so that a run follows it.
    sure: bool,
}

impl Way<'_> {
    /// Whether no row can take both: the same column says so for each.
    fn excludes(&self, other: &Self) -> bool {
        self.when.iter().any(|mine| {
            other.when.iter().any(|theirs| {
                mine.column == theirs.column
                    && !mine.any_of.iter().any(|value| theirs.any_of.contains(value))
            })
        })
    }
}

/// The ways by which each collection's rows belong to others: where they lead, but for people,
/// companies and lists.
fn owners<'s>(
    system: &'s System,
    looked: &BTreeMap<&str, &Looked<'_>>,
) -> BTreeMap<&'s str, Vec<Way<'s>>> {
    let owns = |name: &str| {
        looked.get(name).is_none_or(|looked| {
            !matches!(
                looked.about,
                About::Person | About::Organisation | About::Thing | About::Technical
            )
        })
    };
    let ways = |collection: &'s Collection| {
        let references = collection.fields.iter().flat_map(|field| &field.references);
        references
            .filter(|reference| {
                reference.to.system == system.key
                    && reference.to.collection != collection.name
                    && owns(&reference.to.collection)
            })
            .map(|reference| Way {
                to: &reference.to.collection,
                when: &reference.when,
                sure: reference.inferred.as_ref().is_none_or(Inference::holds),
            })
            .collect()
    };
    system.collections.iter().map(|c| (c.name.as_str(), ways(c))).collect()
}

/// Collections whose rows belong to this one's and to nothing else, directly or by one another. Of
/// one whose rows belong to different sorts of things (`object_type`, `object_id`) those that
/// belong here are meant, and the others are none of theirs.
fn children(name: &str, owners: &BTreeMap<&str, Vec<Way<'_>>>) -> BTreeSet<String> {
    let mut children: BTreeSet<String> = BTreeSet::new();
    loop {
        let more: Vec<String> = owners
            .iter()
            .filter(|(child, ways)| {
                let (here, elsewhere): (Vec<_>, Vec<_>) = ways
                    .iter()
                    .partition(|way| way.sure && (way.to == name || children.contains(way.to)));
                // A way that is not sure, or leads elsewhere, must speak of other rows.
                **child != name
                    && !children.contains(**child)
                    && !here.is_empty()
                    && elsewhere.iter().all(|way| here.iter().all(|own| way.excludes(own)))
            })
            .map(|(child, _)| (*child).to_owned())
            .collect();
        if more.is_empty() {
            return children;
        }
        children.extend(more);
    }
}

fn candidate(
    collection: &Collection,
    looked: &Looked<'_>,
    speller: &Speller,
    rows: &[ClassRow],
) -> Option<Candidate> {
    let (row, what) = class(looked, rows)?;
    let max = row.max?;
    // The books must stay longer than that: which of the two is meant is not plain.
    if collection.keep.iter().any(|keep| keep.period.about_days() > max.about_days()) {
        return None;
    }
    let (column, event, confidence) = day(looked, speller)?;
    let guess = |why: &str| {
        let reason =
            format!("its rows are {what}, {why}, and `{column}` is the day they were {event}");
        Some(Inference { confidence, reason, confirmed: None })
    };
    Some(Candidate {
        class: row.key.clone(),
        keep: row.keep.as_ref().map(|keep| Keep {
            period: keep.period,
            from: column.clone(),
            because: keep.because.clone(),
            inferred: guess(&format!("which the class `{}` keeps for {}", row.key, keep.period)),
        }),
        rule: Retain {
            max,
            from: CountFrom::Column(column.clone()),
            method: Disposal::Delete,
            when: Vec::new(),
            with: Vec::new(),
            inferred: guess(&format!("of which the class `{}` allows {max}", row.key)),
        },
    })
}

const TICKETS: &[&str] = &["ticket", "case", "incident", "workorder"];
const LOGS: &[&str] = &["log", "audit", "event", "login", "trail", "attempt"];
const BOOKS: &[&str] = &["invoice", "bill", "billing", "payment", "receipt", "book", "financial"];

/// The row of the matrix that a table plainly follows, and the words for what its rows are.
fn class<'r>(looked: &Looked<'_>, rows: &'r [ClassRow]) -> Option<(&'r ClassRow, &'static str)> {
    let named = |words: &[&str]| words.iter().any(|word| has(&looked.words, word));
    let (what, words, category) = match looked.about {
        About::Matter if named(TICKETS) => ("tickets", TICKETS, Some("user.content")),
        About::Log if named(LOGS) => ("logs", LOGS, None),
        About::Money => ("the books", BOOKS, Some("user.financial")),
        _ => return None,
    };
    let limited = || rows.iter().filter(|row| row.max.is_some());
    let spoken = |row: &ClassRow| -> Vec<String> {
        let text = format!("{} {}", row.key, row.title).to_lowercase();
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 2)
            .map(singular)
            .collect()
    };
    // Of two rows that speak of logs, the one that shares more words with the table.
    let score = |row: &ClassRow| {
        let spoken = spoken(row);
        let kind = words.iter().any(|word| has(&spoken, word));
        let shared = looked.words.iter().filter(|word| has(&spoken, word)).count();
        if kind { 1 + shared } else { 0 }
    };
    let best = limited().map(score).max().filter(|score| *score > 0);
    if let Some(best) = best {
        let mut found = limited().filter(|row| score(row) == best);
        let first = found.next()?;
        return found.next().is_none().then_some((first, what));
    }
    let category = category?;
    limited()
        .find(|row| row.categories.iter().any(|above| above == category))
        .map(|row| (row, what))
}

/// The column from which the age of rows counts, what happened that day, and how sure that is.
fn day(looked: &Looked<'_>, speller: &Speller) -> Option<(String, &'static str, u8)> {
    const DAYS: &[(&[&str], &str, u8)] = &[
        (&["closed", "resolved", "completed", "ended", "finished", "solved"], "closed", 75),
        (&["updated", "modified", "changed"], "last changed", 65),
        (&["paid"], "paid", 65),
        (&["issued", "invoiced", "billed"], "issued", 70),
        (&["created", "creation", "inserted", "added", "opened", "posted"], "made", 60),
    ];
    const TIMES: &[&str] = &[
        "created",
        "logged",
        "occurred",
        "happened",
        "time",
        "timestamp",
        "date",
        "at",
        "recorded",
        "attempted",
        "when",
    ];
    const AHEAD: &[&str] = &["due", "expire", "expiry", "until", "deleted", "birth", "born"];
    let columns: Vec<(String, Vec<String>)> = looked
        .table
        .columns
        .iter()
        .filter(|column| tells_a_moment(column))
        .map(|column| (column.name.clone(), speller.words(&column.name)))
        .filter(|(_, words)| !AHEAD.iter().any(|ahead| has(words, ahead)))
        .collect();
    let called = |wanted: &[&str]| {
        columns
            .iter()
            .find(|(_, words)| wanted.iter().any(|word| has(words, word)))
            .map(|(name, _)| name.clone())
    };
    if looked.about == About::Log {
        let only = || match columns.as_slice() {
            [(name, _)] => Some(name.clone()),
            _ => None,
        };
        return Some((called(TIMES).or_else(only)?, "written", 75));
    }
    DAYS.iter().find_map(|(words, event, sure)| Some((called(words)?, *event, *sure)))
}

/// Whether a column tells moments: by its type, or, in files, where every field is text, by what
/// the samples of its connector show.
fn tells_a_moment(column: &Column) -> bool {
    let in_files = matches!(column.native_type.as_str(), "field" | "member");
    matches!(column.data_type, DataType::Timestamp | DataType::Date)
        || in_files && matches!(column.comment.as_deref(), Some("moment" | "day"))
}
