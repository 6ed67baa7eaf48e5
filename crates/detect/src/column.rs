//! What a column holds: by its values, by its name, by its declared type.

use std::collections::BTreeMap;

use crate::detector::{DetectScratch, Detector};
use crate::kinds::{Found, KindRef};

/// What a column may hold, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnGuess {
    /// The key of fideslang.
    pub category: String,
    /// The kind of most values, if values speak for it.
    pub kind: Option<KindRef>,
    /// 0 to 100.
    pub confidence: u8,
    /// How many of the values that are not empty are of it, in percent.
    pub share: u8,
    /// A sentence part for people.
    pub reason: String,
}

/// Names of columns, their words in order, and the category they speak of. A word of more than
/// four letters may be part of the column's name; a shorter one must be a whole word of it.
const NAMES: &[(&str, &str)] = &[
    ("email", "user.contact.email"),
    ("mail", "user.contact.email"),
    ("phone", "user.contact.phone_number"),
    ("mobile", "user.contact.phone_number"),
    ("telefon", "user.contact.phone_number"),
    ("fax", "user.contact.fax_number"),
    ("tel", "user.contact.phone_number"),
    ("first name", "user.name.first"),
    ("given name", "user.name.first"),
    ("vorname", "user.name.first"),
    ("prenom", "user.name.first"),
    ("last name", "user.name.last"),
    ("family name", "user.name.last"),
    ("surname", "user.name.last"),
    ("nachname", "user.name.last"),
    ("full name", "user.name"),
    ("display name", "user.name"),
    ("contact name", "user.name"),
    ("user name", "user.account.username"),
    ("username", "user.account.username"),
    ("login", "user.account.username"),
    ("street", "user.contact.address.street"),
    ("address", "user.contact.address"),
    ("adresse", "user.contact.address"),
    ("city", "user.contact.address.city"),
    ("town", "user.contact.address.city"),
    ("zip", "user.contact.address.postal_code"),
    ("postcode", "user.contact.address.postal_code"),
    ("postal", "user.contact.address.postal_code"),
    ("state", "user.contact.address.state"),
    ("province", "user.contact.address.state"),
    ("country", "user.contact.address.country"),
    ("birth", "user.demographic.date_of_birth"),
    ("dob", "user.demographic.date_of_birth"),
    ("gender", "user.demographic.gender"),
    ("sex", "user.demographic.gender"),
    ("age", "user.demographic.age_range"),
    ("ssn", "user.government_id.national_identification_number"),
    ("sin", "user.government_id.national_identification_number"),
    ("passport", "user.government_id.passport_number"),
    ("licence", "user.government_id.drivers_license_number"),
    ("iban", "user.financial.bank_account"),
    ("account number", "user.financial.bank_account"),
    ("card number", "user.financial.credit_card"),
    ("password", "user.authorizing.password"),
    ("passwd", "user.authorizing.password"),
    ("token", "user.authorizing"),
    ("secret", "user.authorizing"),
    ("ip", "user.device.ip_address"),
    ("mac", "user.device.device_id"),
    ("serial", "user.device.device_id"),
    ("imei", "user.device.device_id"),
    ("latitude", "user.location.precise"),
    ("longitude", "user.location.precise"),
    ("lat", "user.location.precise"),
    ("lng", "user.location.precise"),
    ("salary", "user.financial"),
    ("diagnosis", "user.health_and_medical"),
    ("religion", "user.demographic.religious_belief"),
];

/// The words of a column's name in small letters: `homePhone`, `home_phone`, `HOME PHONE`.
fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && small {
            out.push(String::new());
        }
        small = c.is_lowercase();
        if let Some(last) = out.last_mut().filter(|_| c.is_alphanumeric()) {
            last.extend(c.to_lowercase());
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// What the name of a column speaks of.
fn by_name(name: &str) -> Option<&'static str> {
    let words = words(name);
    let joined = words.join(" ");
    let dense = words.concat();
    NAMES.iter().find_map(|(known, category)| {
        let fits = if known.contains(' ') {
            joined.contains(known) || dense.contains(&known.replace(' ', ""))
        } else if known.len() > 4 {
            words.iter().any(|word| word.contains(known))
        } else {
            words.iter().any(|word| word == known)
        };
        fits.then_some(*category)
    })
}

/// What a column of this name and declared type holds, told by some of its values: the surest
/// guess first, none if nothing speaks for personal data.
///
/// Values are read as if their column's name stood before them, so that a word for insurance
/// numbers tells digits as it does in a text.
pub fn classify_column(
    detector: &Detector,
    name: &str,
    declared_type: &str,
    values: &[&[u8]],
) -> Vec<ColumnGuess> {
    let label = words(name).join(" ");
    let mut scratch = DetectScratch::new();
    let mut found: Vec<Found> = Vec::new();
    let mut whole: BTreeMap<KindRef, usize> = BTreeMap::new();
    let mut inside: BTreeMap<KindRef, usize> = BTreeMap::new();
    let mut filled = 0_usize;
    for value in values {
        let value = value.trim_ascii();
        if value.is_empty() {
            continue;
        }
        filled += 1;
        let mut text = label.clone().into_bytes();
        text.extend_from_slice(b": ");
        let from = text.len() as u64;
        text.extend_from_slice(value);
        found.clear();
        detector.find_into(&text, &mut scratch, &mut found);
        let mut seen: Vec<KindRef> = Vec::new();
        for one in found.iter().filter(|one| one.start >= from) {
            let covers = (one.end - one.start) * 10 >= value.len() as u64 * 9;
            if covers {
                *whole.entry(one.kind).or_default() += 1;
            } else if !seen.contains(&one.kind) {
                seen.push(one.kind);
                *inside.entry(one.kind).or_default() += 1;
            }
        }
    }
    let named = by_name(name);
    let truth = declared_type.to_lowercase();
    let flag = ["bool", "bit"].iter().any(|word| truth.starts_with(word));
    let mut guesses: Vec<ColumnGuess> = Vec::new();
    for (counts, base) in [(&whole, 90_usize), (&inside, 60)] {
        for (kind, count) in counts {
            let share = count * 100 / filled.max(1);
            let needed = if base == 90 { 50 } else { 5 };
            if share < needed && !(base == 60 && *count >= 3) {
                continue;
            }
            let agrees = named.is_some_and(|category| {
                kind.category().starts_with(category) || category.starts_with(kind.category())
            });
            let scaled = if base == 90 { base * share / 100 } else { base };
            let confidence = (scaled + if agrees { 9 } else { 0 }).min(99);
            // The name may be finer than the kind: `user.name.first`.
            let category = named
                .filter(|named| named.starts_with(kind.category()))
                .unwrap_or_else(|| kind.category());
            guesses.push(ColumnGuess {
                category: category.to_owned(),
                kind: Some(*kind),
                confidence: u8::try_from(confidence).unwrap_or(99),
                share: u8::try_from(share).unwrap_or(100),
                reason: format!(
                    "{count} of {filled} values {} {}{}",
                    if base == 90 { "are of the kind" } else { "hold the kind" },
                    kind.title(),
                    if agrees { ", and so says the name of the column" } else { "" },
                ),
            });
        }
    }
    if let Some(category) = named.filter(|_| !flag)
        && !guesses.iter().any(|guess| guess.category.starts_with(category))
    {
        let confidence = if filled == 0 { 60 } else { 65 };
        let reason = "the name of the column says so".to_owned();
        guesses.push(ColumnGuess {
            category: category.to_owned(),
            kind: None,
            confidence,
            share: 0,
            reason,
        });
    }
    guesses.sort_by(|a, b| (b.confidence, &a.category).cmp(&(a.confidence, &b.category)));
    guesses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::DetectOptions;

    #[test]
    fn columns_are_known_by_values_by_name_or_both() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let table: &[(&str, &str, &[&str], Option<&str>)] = &[
            (
                "kontakt",
                "text",
                &["jane@acme.example", "bob@acme.example", ""],
                Some("user.contact.email"),
            ),
            (
                "homePhone",
                "varchar(30)",
                &["(212) 555-0100", "212-555-0101"],
                Some("user.contact.phone_number"),
            ),
            (
                "sin",
                "char(9)",
                &["130692544", "130692544"],
                Some("user.government_id.national_identification_number"),
            ),
            ("first_name", "text", &["Jane", "Qorvandil"], Some("user.name.first")),
            ("note", "text", &["call jane@acme.example", "x", "y"], Some("user.contact.email")),
            ("is_email_ok", "boolean", &["t", "f"], None),
            ("amount", "numeric", &["12.50", "99.00"], None),
            ("last_seen_ip", "inet", &["10.1.2.3"], Some("user.device.ip_address")),
        ];
        for (name, declared, values, category) in table {
            let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
            let guesses = classify_column(&detector, name, declared, &values);
            assert_eq!(
                guesses.first().map(|guess| guess.category.as_str()),
                *category,
                "{name}: {guesses:?}"
            );
        }
    }
}
