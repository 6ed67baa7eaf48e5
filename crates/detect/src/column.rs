//! What a column holds: by its values, by its name, by its declared type.

use std::collections::BTreeMap;

use crate::column_name::{by_name, words};
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

/// What a column of this name and declared type holds, told by some of its values: the surest
/// guess first, none if nothing speaks for personal data.
///
/// `name` may carry the name of its table before a dot: `customers.name` is a person's, `name` alone
/// may be anything's.
///
/// Values are read as if their column's name stood before them, so that a word for insurance
/// numbers tells digits as it does in a text.
pub fn classify_column(
    detector: &Detector,
    name: &str,
    declared_type: &str,
    values: &[&[u8]],
) -> Vec<ColumnGuess> {
    let column = name.rsplit('.').next().unwrap_or(name);
    let label = words(column).join(" ");
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
    let by_name = by_name(name, declared_type);
    let named = by_name.map(|(category, _)| category);
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
    if let Some((category, sure)) = by_name
        && !guesses.iter().any(|guess| guess.category.starts_with(category))
    {
        // Values were looked at and do not speak for it: names and texts have no form to be told by.
        let confidence = if filled == 0 { sure } else { sure - 15 };
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
