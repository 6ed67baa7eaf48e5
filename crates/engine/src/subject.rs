//! The person of a case, as the searcher knows them.

use std::collections::BTreeSet;

use detect::{PersonTerms, SearchOptions, Searcher, Term, TermKind};
use plan::LearnedTerm;

/// What names one person, compiled for searching.
pub struct Subject {
    /// Finds the person in rows that are known to be about them: also by what many people share.
    pub(crate) near: Searcher,
    /// The words of the person's names, folded, for judging what may be theirs too.
    pub(crate) name_words: BTreeSet<String>,
    /// The given names and the surnames among them, each pair from one name.
    names: BTreeSet<(String, String)>,
    /// The person's own addresses, in normal form.
    pub(crate) addresses: BTreeSet<String>,
}

impl Subject {
    /// Compiles the terms of a case. `country_code` reads telephone numbers written without one.
    pub fn new(terms: &BTreeSet<LearnedTerm>, country_code: Option<&str>) -> Self {
        let options = options(country_code);
        let mut name_words = BTreeSet::new();
        let mut names = BTreeSet::new();
        let mut addresses = BTreeSet::new();
        for term in terms.iter().filter(|term| !term.near_only) {
            match term.kind {
                plan::TermKind::Name => {
                    let name = term.text.expose().to_lowercase();
                    let words: Vec<&str> = name
                        .split(|c: char| !c.is_alphanumeric())
                        .filter(|word| word.chars().count() >= 3)
                        .collect();
                    if let [given, .., family] = words.as_slice() {
                        names.insert(((*given).to_owned(), (*family).to_owned()));
                    }
                    name_words.extend(words.into_iter().map(str::to_owned));
                }
                plan::TermKind::Email => {
                    let kind = TermKind::Email;
                    addresses.insert(detect::normal_form(kind, term.text.expose(), country_code));
                }
                _ => {}
            }
        }
        Self {
            near: Searcher::new(&[person(terms.iter())], &options),
            name_words,
            names,
            addresses,
        }
    }

    /// Whether the part of an address before the `@` reads like the person: given name and
    /// surname, or initial and surname. One of the two alone is shared by relatives and colleagues.
    pub(crate) fn may_own(&self, local: &str) -> bool {
        self.names.iter().any(|(given, family)| {
            let Some(at) = local.find(family.as_str()) else { return false };
            let before = local.get(..at).unwrap_or_default();
            let before = before.trim_end_matches(['.', '-', '_']);
            let initial = given.chars().next().unwrap_or_default();
            local.contains(given.as_str()) || before.chars().eq([initial])
        })
    }
}

/// One searcher for many people, in the order given, for a single pass.
pub(crate) fn many(people: &[&[LearnedTerm]], country_code: Option<&str>) -> Searcher {
    let people: Vec<PersonTerms> = people.iter().map(|terms| person(terms.iter())).collect();
    Searcher::new(&people, &options(country_code))
}

fn options(country_code: Option<&str>) -> SearchOptions {
    SearchOptions { default_country_code: country_code.map(str::to_owned) }
}

fn person<'t>(terms: impl Iterator<Item = &'t LearnedTerm>) -> PersonTerms {
    PersonTerms {
        terms: terms.map(|term| Term::new(kind(term.kind), term.text.expose().as_str())).collect(),
    }
}

/// The planner's word for a kind of term, in the detector's words.
pub(crate) const fn kind(kind: plan::TermKind) -> TermKind {
    match kind {
        plan::TermKind::Email => TermKind::Email,
        plan::TermKind::Phone => TermKind::Phone,
        plan::TermKind::UserName => TermKind::UserName,
        plan::TermKind::AccountId => TermKind::AccountId,
        plan::TermKind::Name => TermKind::Name,
        plan::TermKind::Address => TermKind::Address,
        plan::TermKind::Code => TermKind::Code,
    }
}

/// The detector's word for a kind of identifier.
pub(crate) const fn term_kind(kind: model::IdentityKind) -> TermKind {
    use model::IdentityKind as Kind;
    match kind {
        Kind::Email => TermKind::Email,
        Kind::Phone => TermKind::Phone,
        Kind::UserName => TermKind::UserName,
        Kind::AccountId => TermKind::AccountId,
        Kind::Name => TermKind::Name,
    }
}

/// The other way round.
pub(crate) const fn kind_back(kind: TermKind) -> plan::TermKind {
    match kind {
        TermKind::Email => plan::TermKind::Email,
        TermKind::Phone => plan::TermKind::Phone,
        TermKind::UserName => plan::TermKind::UserName,
        TermKind::AccountId => plan::TermKind::AccountId,
        TermKind::Name => plan::TermKind::Name,
        TermKind::Address => plan::TermKind::Address,
        TermKind::Code => plan::TermKind::Code,
    }
}
