//! Whether two names can be one person's.

use std::collections::BTreeSet;

use model::Value;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::graph::Node;
use crate::terms::{LearnedTerm, TermKind};

/// The words of a name, without initials, letter case and accents: one database keeps `José`
/// and the next one `JOSE`.
pub(crate) type Words = BTreeSet<String>;

/// The names among these terms.
pub(crate) fn names<'t>(terms: impl IntoIterator<Item = &'t LearnedTerm>) -> Vec<Words> {
    terms
        .into_iter()
        .filter(|term| term.kind == TermKind::Name && !term.text.expose().contains('@'))
        .map(|term| words(term.text.expose()))
        .filter(|words| !words.is_empty())
        .collect()
}

/// The names that a row gives to whom it describes.
pub(crate) fn names_in(node: &Node<'_>, carried: &[Value]) -> Vec<Words> {
    names(&crate::terms::learn(&node.teaches, carried, &BTreeSet::new()))
}

/// Whether these are plainly two people: both are named, and no name of one is part of a name
/// of the other.
pub(crate) fn differ(a: &[Words], b: &[Words]) -> bool {
    let fit = |a: &Words, b: &Words| a.is_subset(b) || b.is_subset(a);
    !a.is_empty() && !b.is_empty() && !a.iter().any(|a| b.iter().any(|b| fit(a, b)))
}

/// How many different people these rows name, each by its names.
pub(crate) fn different(rows: &BTreeSet<Vec<Words>>) -> u64 {
    let mut rows: Vec<&Vec<Words>> = rows.iter().filter(|names| !names.is_empty()).collect();
    // The fullest names first: by a surname alone two people could be taken for one.
    rows.sort_by_key(|names| std::cmp::Reverse(names.iter().map(BTreeSet::len).max()));
    let mut people: Vec<Vec<Words>> = Vec::new();
    for names in rows {
        match people.iter_mut().find(|known| !differ(known, names)) {
            Some(known) => known.extend(names.iter().cloned()),
            None => people.push(names.clone()),
        }
    }
    people.len() as u64
}

/// The fullest of these names, by which the others are judged where nothing else is known.
pub(crate) fn fullest<'w>(names: impl IntoIterator<Item = &'w Words>) -> Option<&'w Words> {
    names.into_iter().max_by(|a, b| (a.len(), b).cmp(&(b.len(), a)))
}

fn words(name: &str) -> Words {
    name.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_by_their_names() {
        for (rows, expected) in [
            (&[][..], 0),
            (&["Jane Doe"], 1),
            (&["Jane Doe", "DOE, Jane", "Jane", "J. Doe"], 1),
            (&["Jane Doe", "Bob Roe", "Zoe Poe"], 3),
            (&["Doe", "Jane Doe", "John Doe"], 2),
        ] {
            let named = |name: &&str| names(&[LearnedTerm::new(TermKind::Name, *name)]);
            assert_eq!(different(&rows.iter().map(named).collect()), expected, "{rows:?}");
        }
    }

    #[test]
    fn people_are_told_apart_by_their_names_and_never_by_how_they_are_spelt() {
        for (a, b, expected) in [
            ("Jane Doe", "Bob Roe", true),
            ("Jane Doe", "Jane Roe", true),
            ("Jane Doe", "DOE, Jane", false),
            ("Jane Doe", "Jane", false),
            ("Jane A. Doe", "Dr Jane Doe", false),
            ("José García", "JOSE GARCIA", false),
            ("Zoe\u{308} Müller", "Zoë Muller", false),
            ("", "Bob Roe", false),
            ("J.", "Bob Roe", false),
        ] {
            let both = [a, b].map(|name| names(&[LearnedTerm::new(TermKind::Name, name)]));
            assert_eq!(differ(&both[0], &both[1]), expected, "{a} / {b}");
        }
    }
}
