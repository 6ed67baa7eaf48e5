//! Whose data a system holds: as its file says, or as its tables are called.

use policy::Taxonomy;
use render::map::{MapSystem, Party};

use super::look::Looked;

/// Words of tables, and the people whom rows of such tables are about: fideslang data subjects.
/// A table called `users` may hold anybody who signs in; mostly these are customers.
const WORDS: &[(&str, &[&str])] = &[
    ("employee", &["employee", "staff", "technician", "agent", "colleague", "personnel"]),
    ("job_applicant", &["applicant", "candidate"]),
    ("patient", &["patient"]),
    ("trainee", &["student", "trainee", "pupil"]),
    ("next_of_kin", &["kin", "relative", "dependant", "dependent", "family"]),
    ("prospect", &["lead", "prospect", "newsletter"]),
    ("supplier_vendor", &["supplier", "vendor"]),
    ("visitor", &["visitor", "guest"]),
    ("passenger", &["passenger"]),
    ("shareholder", &["shareholder"]),
    (
        "customer",
        &["customer", "client", "contact", "requester", "member", "subscriber", "account", "user"],
    ),
];

/// Kinds of people whom the tables of a system speak of, surest first.
pub(super) fn of(look: &Looked, system: &policy::System) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let mapped = look.mapped(system);
    let about_people = mapped.collections.iter().filter(|one| {
        one.skipped.is_none()
            && one.fields.iter().flat_map(|field| field.shown()).any(|category| {
                category.starts_with("user.name") || category.starts_with("user.contact")
            })
    });
    for collection in about_people {
        let name = collection.name.to_lowercase();
        let words = name.split(|letter: char| !letter.is_alphanumeric());
        for word in words {
            let one = word.strip_suffix('s').unwrap_or(word);
            let key = WORDS
                .iter()
                .find(|(_, words)| words.contains(&word) || words.contains(&one))
                .map(|(key, _)| *key);
            if let Some(key) = key
                && !found.contains(&key)
            {
                found.push(key);
            }
        }
    }
    found
}

/// Everybody whom a system's lines name, in fideslang's order.
pub(super) fn parties(systems: &[MapSystem]) -> Vec<Party> {
    let named: std::collections::BTreeSet<&str> =
        systems.iter().flat_map(|system| &system.from).map(|line| line.party.as_str()).collect();
    let known = Taxonomy::Subject.entries().map(|(key, _)| key).filter(|key| named.contains(key));
    known
        .map(|key| Party { key: key.to_owned(), title: many(key), about: None, abroad: false })
        .collect()
}

/// "Customers".
pub(super) fn many(key: &str) -> String {
    let title = Taxonomy::Subject.title(key).unwrap_or(key);
    let plural = if key == "next_of_kin" { "" } else { "s" };
    let mut letters = title.chars();
    let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    format!("{first}{}{plural}", letters.as_str())
}
