//! What names the person in text: given in the request, or read in the person's own rows.

use std::collections::BTreeSet;

use model::{IdentityKind, Personal, Value};
use policy::Field;
use serde::{Deserialize, Serialize};

use crate::placeholder::is_placeholder;

/// What sort of words a term is, which decides how it is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A sign-in name.
    UserName,
    /// An account number or code.
    AccountId,
    /// A personal name.
    Name,
    /// A street address.
    Address,
    /// An employee number, a document number, a date of birth.
    Code,
}

impl TermKind {
    /// The words used for it in explanations.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Email => "e-mail address",
            Self::Phone => "telephone number",
            Self::UserName => "user name",
            Self::AccountId => "account number",
            Self::Name => "name",
            Self::Address => "postal address",
            Self::Code => "number or code",
        }
    }
}

/// A term, and whether it holds everywhere or only among the person's own matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LearnedTerm {
    /// Its kind.
    pub kind: TermKind,
    /// The words.
    pub text: Personal<String>,
    /// Whether it counts only in rows that a reference already ties to the person: a date of
    /// birth alone is shared by many.
    pub near_only: bool,
}

impl LearnedTerm {
    /// The words without what writers of one and the same thing do differently: enough to tell
    /// that a term is doubted already, not enough to look anybody up by.
    pub(crate) fn folded(&self) -> String {
        fold(self.kind, self.text.expose())
    }

    /// A term that holds everywhere, unless it is an everyday word: `Rose` and `Will` are names of
    /// one person and words of everybody, and so is `anna` to sign in with.
    pub fn new(kind: TermKind, text: impl Into<String>) -> Self {
        let text = text.into();
        let near_only = match kind {
            TermKind::Name => is_one_word(&text),
            TermKind::UserName => {
                !text.contains(|c: char| c.is_numeric() || matches!(c, '.' | '_' | '-' | '@'))
            }
            _ => false,
        };
        Self { kind, text: Personal::new(text), near_only }
    }
}

/// Whether a name is a single word, whatever title or initial stands beside it. A name written
/// without spaces, as in China and Japan, is whole with three signs.
fn is_one_word(name: &str) -> bool {
    const TITLES: [&str; 12] =
        ["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "herr", "frau", "mme", "mlle", "sir"];
    let words =
        name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';')).filter(|w| {
            let letters = w.chars().filter(|c| c.is_alphabetic()).count();
            letters > 1 && !TITLES.contains(&w.to_lowercase().as_str())
        });
    let unspaced = |c: &char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    words.count() < 2 && name.chars().filter(unspaced).count() < 3
}

pub(crate) fn fold(kind: TermKind, text: &str) -> String {
    let text = text.trim().to_lowercase();
    match kind {
        // With or without the country's code: the last nine digits tell.
        TermKind::Phone => {
            let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
            digits.iter().skip(digits.len().saturating_sub(9)).collect()
        }
        TermKind::Address => text.chars().filter(|c| c.is_alphanumeric()).collect(),
        _ => text,
    }
}

pub(crate) const fn of_identity(kind: IdentityKind) -> TermKind {
    match kind {
        IdentityKind::Email => TermKind::Email,
        IdentityKind::Phone => TermKind::Phone,
        IdentityKind::UserName => TermKind::UserName,
        IdentityKind::AccountId => TermKind::AccountId,
        IdentityKind::Name => TermKind::Name,
    }
}

pub(crate) const fn to_identity(kind: TermKind) -> Option<IdentityKind> {
    match kind {
        TermKind::Email => Some(IdentityKind::Email),
        TermKind::Phone => Some(IdentityKind::Phone),
        TermKind::UserName => Some(IdentityKind::UserName),
        _ => None,
    }
}

/// Which kind of term a field of the person's own row teaches, by its category.
pub(crate) fn kind_of(field: &Field) -> Option<TermKind> {
    if field.free_text {
        return None;
    }
    let below = |root: &str| {
        field.categories.iter().any(|c| {
            c.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    if below("user.contact.email") {
        Some(TermKind::Email)
    } else if below("user.contact.phone_number") || below("user.contact.fax_number") {
        Some(TermKind::Phone)
    } else if below("user.name") {
        Some(TermKind::Name)
    } else if below("user.contact.address.street") {
        Some(TermKind::Address)
    } else if below("user.account.username") {
        Some(TermKind::UserName)
    } else if is_birth_date(field)
        || below("user.government_id")
        || below("user.workplace.employee_id")
    {
        Some(TermKind::Code)
    } else {
        field.identity.map(of_identity).filter(|kind| *kind != TermKind::AccountId)
    }
}

/// Whether a field holds the day of birth.
fn is_birth_date(field: &Field) -> bool {
    field.categories.iter().any(|c| c.ends_with(".date_of_birth"))
}

/// Which part of a name a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NamePart {
    Given,
    Family,
    Full,
}

fn part_of_name(field: &Field) -> NamePart {
    let name = field.name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if field.categories.iter().any(|c| c == "user.name.first")
        || says(&["first", "given", "forename", "fname", "vorname", "prenom", "prénom"])
    {
        NamePart::Given
    } else if field.categories.iter().any(|c| c == "user.name.last")
        || says(&["last", "surname", "family", "lname", "nachname", "nom_de_famille"])
    {
        NamePart::Family
    } else {
        NamePart::Full
    }
}

/// Whether a field of names holds the whole name.
pub(crate) fn is_whole_name(field: &Field) -> bool {
    part_of_name(field) == NamePart::Full
}

/// A field of the person's own rows that teaches what names the person.
#[derive(Debug)]
pub(crate) struct Teaches<'m> {
    pub(crate) field: &'m Field,
    kind: TermKind,
    /// Where it stands among the carried columns.
    pub(crate) at: usize,
}

/// The fields that teach. Where they stand is not known yet.
pub(crate) fn taught_by(fields: &[Field]) -> Vec<Teaches<'_>> {
    let teaches = |field| Some(Teaches { field, kind: kind_of(field)?, at: 0 });
    fields.iter().filter_map(teaches).collect()
}

/// The terms that one of the person's own rows teaches.
pub(crate) fn learn(
    teaches: &[Teaches<'_>],
    carried: &[Value],
    never: &BTreeSet<String>,
) -> BTreeSet<LearnedTerm> {
    let mut learned = BTreeSet::new();
    let (mut given, mut family) = (None, None);
    for &Teaches { field, kind, at } in teaches {
        let Some(text) = carried.get(at).and_then(Value::as_text) else { continue };
        let text = text.trim();
        if !is_telling(kind, text) || never.contains(&text.to_lowercase()) {
            continue;
        }
        if is_birth_date(field) {
            // A day alone is shared by thousands: it counts only beside the person.
            let mut day = LearnedTerm::new(kind, text.get(..10).unwrap_or(text));
            day.near_only = true;
            learned.insert(day);
        } else if kind == TermKind::Name {
            match part_of_name(field) {
                NamePart::Given => given = Some(text),
                NamePart::Family => family = Some(text),
                NamePart::Full => {
                    learned.insert(LearnedTerm::new(kind, text));
                }
            }
        } else {
            learned.insert(LearnedTerm::new(kind, text));
        }
        // A sign-in name is very often the address itself.
        if kind == TermKind::UserName && text.contains('@') {
            learned.insert(LearnedTerm::new(TermKind::Email, text));
        }
    }
    match (given, family) {
        (Some(given), Some(family)) => {
            learned.insert(LearnedTerm::new(TermKind::Name, format!("{given} {family}")));
        }
        (Some(only), None) | (None, Some(only)) => {
            learned.insert(LearnedTerm::new(TermKind::Name, only));
        }
        (None, None) => {}
    }
    learned
}

/// Whether a value is long and particular enough to be searched for.
pub(crate) fn is_telling(kind: TermKind, text: &str) -> bool {
    if is_placeholder(kind, text) {
        return false;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match kind {
        TermKind::Email => text.contains('@'),
        TermKind::Phone => digits >= 6,
        TermKind::Address => digits > 0 && text.chars().count() >= 7,
        TermKind::Code => digits >= 3 && text.chars().count() >= 5,
        TermKind::UserName | TermKind::AccountId => text.chars().count() >= 3,
        TermKind::Name => text.chars().filter(|c| c.is_alphabetic()).count() >= 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_everyday_word_counts_only_beside_the_person() {
        for (kind, text, near_only) in [
            (TermKind::Name, "Rose", true),
            (TermKind::Name, "Will.", true),
            (TermKind::Name, "Mrs. Rose", true),
            (TermKind::Name, "J. Rose", true),
            (TermKind::Name, "Rose Doe", false),
            (TermKind::Name, "Doe, Rose", false),
            (TermKind::Name, "山田太郎", false),
            (TermKind::Name, "山田", true),
            (TermKind::UserName, "anna", true),
            (TermKind::UserName, "administrator", true),
            (TermKind::UserName, "anna.d", false),
            (TermKind::UserName, "anna7", false),
            (TermKind::UserName, "anna-d", false),
            (TermKind::UserName, "anna_d", false),
            (TermKind::UserName, "anna@acme.example", false),
            (TermKind::AccountId, "anna", false),
        ] {
            assert_eq!(LearnedTerm::new(kind, text).near_only, near_only, "{text}");
        }
    }
}
