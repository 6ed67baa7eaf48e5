//! Who else stands in what is handed out: names that are known from the systems, and names that
//! stand beside somebody's address.
//!
//! A system names hundreds of thousands of people, and almost none of them can stand in the texts
//! of one person. So the words of those texts are noted first, and of all names only those are kept
//! whose words are among them.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Page, Scan};
use detect::{PersonTerms, SearchOptions, Searcher, Term, TermKind, Words};
use policy::System;

use crate::open::Open;
use crate::subject::Subject;

/// What stands where somebody else stood.
pub(crate) const COVER: &str = "[another person]";

/// So many names of other people are looked for at most; beyond, only addresses and numbers are
/// covered.
const MOST_NAMES: usize = 400_000;

/// So many bytes of names are remembered at most.
const MOST_BYTES: usize = 24 << 20;

/// What covers other people.
pub(crate) struct Others {
    pub(crate) searcher: Searcher,
}

impl Others {
    /// Everybody who has one of these names, the person's own spellings left out.
    pub(crate) fn new(
        mut names: BTreeSet<String>,
        subject: &Subject,
        country_code: Option<&str>,
    ) -> Self {
        names.retain(|name| {
            let words = name.to_lowercase();
            let mut words = words.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2);
            !words.all(|word| subject.name_words.contains(word))
        });
        Self { searcher: full_name_searcher(names, country_code) }
    }
}

/// The names of the people in each system, remembered from one package to the next.
#[derive(Default)]
pub(crate) struct NameBook {
    /// `None` where there are too many of them.
    systems: BTreeMap<String, Option<Vec<Box<str>>>>,
    bytes: usize,
}

/// The names of everybody in the collections of a system that describe people, as far as their
/// words are among these.
pub(crate) async fn names_among(
    words: &Words,
    open: &Open,
    system: &System,
    mut book: Option<&mut NameBook>,
) -> connect::Result<BTreeSet<String>> {
    if let Some(Some(known)) = book.as_ref().and_then(|book| book.systems.get(&system.key)) {
        let among = known.iter().filter(|name| is_among(name, words));
        return Ok(among.map(|name| name.to_string()).take(MOST_NAMES).collect());
    }
    let too_many = book.as_ref().is_some_and(|book| book.systems.contains_key(&system.key));
    let mut among = BTreeSet::new();
    let mut all: Option<Vec<Box<str>>> = (book.is_some() && !too_many).then(Vec::new);
    let mut bytes = book.as_ref().map_or(0, |book| book.bytes);
    for collection in system.collections.iter().filter(|c| c.skip.is_none()) {
        if collection.fields.iter().all(|field| field.identity.is_none()) {
            continue;
        }
        let fields: Vec<String> = collection
            .fields
            .iter()
            .filter(|f| f.categories.iter().any(|c| c.starts_with("user.name")))
            .map(|field| field.name.clone())
            .collect();
        if fields.is_empty() {
            continue;
        }
        let table = open.table(collection)?;
        let scan = Scan { table: table.name.clone(), columns: fields, sample: None };
        let mut take = |name: &str| {
            if let Some(names) = &mut all {
                bytes += name.len() + size_of::<Box<str>>();
                names.push(name.into());
                if bytes > MOST_BYTES {
                    all = None;
                }
            }
            if among.len() < MOST_NAMES && is_among(name, words) {
                among.insert(name.to_owned());
            }
        };
        let mut joined = String::new();
        let mut sink = |page: Page| {
            for row in 0..page.rows() {
                let parts = (0..scan.columns.len()).filter_map(|column| page.str(row, column));
                each_full_name(parts, &mut joined, &mut take);
            }
            Ok(())
        };
        open.connector.sweep(&scan, &mut sink).await?;
    }
    if let Some(book) = &mut book {
        if all.is_some() {
            book.bytes = bytes;
        }
        book.systems.insert(system.key.clone(), all);
    }
    Ok(among)
}

/// Whether a name, in one of the forms in which names are written, may stand where these words do.
pub(crate) fn is_among(name: &str, words: &Words) -> bool {
    let middle = name.split_whitespace().nth(2).is_some();
    words.may_hold(name) || middle && forms(name).any(|form| words.may_hold(&form))
}

/// Calls `take` with the full names in a row of name columns: each that has two words, or, if there
/// is none, two of one word joined. `joined` is room for that, since a system has many rows.
fn each_full_name<'r>(
    parts: impl Iterator<Item = &'r str>,
    joined: &mut String,
    take: &mut impl FnMut(&str),
) {
    joined.clear();
    let (mut count, mut full) = (0, false);
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        count += 1;
        if part.contains(' ') {
            full = true;
            take(part);
        } else if count <= 2 {
            joined.push_str(if count == 2 { " " } else { "" });
            joined.push_str(part);
        }
    }
    if count == 2 && !full {
        take(joined);
    }
}

/// Adds the names that stand before somebody else's address in a text: people who are in no table,
/// and in text only.
pub(crate) fn names_beside_addresses(text: &str, subject: &Subject, names: &mut BTreeSet<String>) {
    let mut findings = Vec::new();
    detect::find_values(text.as_bytes(), &mut findings);
    for found in findings.iter().filter(|f| f.kind == detect::ValueKind::Email) {
        let address = text.get(found.span.clone()).unwrap_or_default();
        let address = detect::normal_form(TermKind::Email, address, None);
        if !subject.addresses.contains(&address) {
            names.extend(display_name(text.get(..found.span.start).unwrap_or_default()));
        }
    }
}

/// The name that ends a text right before an address: `"Reed, Tom" <` or `Tom Reed <`.
fn display_name(before: &str) -> Option<String> {
    let before = before.strip_suffix('<')?.trim_end();
    let name = match before.strip_suffix('"') {
        Some(quoted) => quoted.rsplit('"').next()?,
        None => before.rsplit([',', ':', ';', '\n', '>', '"']).next()?,
    };
    let name = name.trim();
    let words = name.split_whitespace().count();
    // "Ludwig van Beethoven" is a name, "write to" is not.
    let capital = |word: Option<&str>| {
        word.and_then(|word| word.chars().next()).is_some_and(|c| !c.is_lowercase())
    };
    let named = capital(name.split_whitespace().next()) && capital(name.split_whitespace().last());
    let plain = name.chars().all(|c| c.is_alphabetic() || " ,.'’-".contains(c));
    ((2..=4).contains(&words) && named && plain && name.len() <= 80).then(|| name.to_owned())
}

/// The spellings of a name that are searched for. Full names only: a bare given name is half the
/// town.
fn forms(name: &str) -> impl Iterator<Item = String> {
    let turned =
        name.split_once(',').map(|(family, given)| format!("{} {}", given.trim(), family.trim()));
    detect::name_forms(turned.as_deref().unwrap_or(name))
        .into_iter()
        .filter(|form| form.contains(' '))
}

/// A searcher for names as they stand, in every order in which they are written. Each spelling is
/// searched for as it stands, and not as a name, which would bring its parts along.
fn full_name_searcher(names: BTreeSet<String>, country_code: Option<&str>) -> Searcher {
    let terms = names.iter().flat_map(|name| forms(name));
    let terms = terms.map(|form| Term::new(TermKind::Address, form)).collect();
    let options = SearchOptions { default_country_code: country_code.map(str::to_owned) };
    Searcher::new(&[PersonTerms { terms }], &options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_name_columns_gives_full_names_alone() {
        for (parts, names) in [
            (&["Tom", "Reed"][..], &["Tom Reed"][..]),
            (&["Tom ", "", " Reed"], &["Tom Reed"]),
            (&["Tom", "J.", "Reed"], &[]),
            (&["Reed"], &[]),
            (&["Tom Reed", "Tom", "Reed"], &["Tom Reed"]),
            (&["Ana", "da Silva"], &["da Silva"]),
            (&["Tom Reed", "Ana da Silva"], &["Tom Reed", "Ana da Silva"]),
        ] {
            let (mut joined, mut found) = (String::from("left over"), Vec::new());
            let mut take = |name: &str| found.push(name.to_owned());
            each_full_name(parts.iter().copied(), &mut joined, &mut take);
            assert_eq!(found, names, "{parts:?}");
        }
    }

    #[test]
    fn a_name_before_an_address_is_read_as_mails_write_it() {
        for (before, name) in [
            ("Cc: \"Reed, Tom\" <", Some("Reed, Tom")),
            ("Cc: Bob Roe <bob@x.example>, Zoë Müller <", Some("Zoë Müller")),
            ("To: Tom O’Neill <", Some("Tom O’Neill")),
            ("write to <", None),
            ("From: support <", None),
            ("ask bob@x.example or ", None),
        ] {
            assert_eq!(display_name(before).as_deref(), name, "{before}");
        }
    }
}
