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

/// What the values of one column are, taken one by one: counts, and no value.
///
/// Values are read as if their column's name stood before them, so that a word for insurance
/// numbers tells digits as it does in a text.
#[derive(Debug, Clone, Default)]
pub struct ColumnTally {
    /// The words of the column's name, and a colon.
    label: Vec<u8>,
    filled: u64,
    whole: BTreeMap<KindRef, u64>,
    inside: BTreeMap<KindRef, u64>,
    /// The label with the value behind it; used again from value to value.
    text: Vec<u8>,
}

impl ColumnTally {
    /// For a column of this name, with or without its table's before a dot; nothing is counted yet.
    pub fn new(name: &str) -> Self {
        let column = name.rsplit('.').next().unwrap_or(name);
        let mut label = words(column).join(" ").into_bytes();
        label.extend_from_slice(b": ");
        Self { label, ..Self::default() }
    }

    /// Counts one value. An empty one does not count.
    pub fn take(&mut self, detector: &Detector, scratch: &mut DetectScratch, value: &[u8]) {
        self.take_forms(detector, scratch, &[value]);
    }

    /// Counts one value that can be read in several forms: as it stands, and as whoever opens it
    /// would see it. A kind that is in several of them counts once.
    pub fn take_forms(
        &mut self,
        detector: &Detector,
        scratch: &mut DetectScratch,
        forms: &[&[u8]],
    ) {
        let mut filled = false;
        let mut seen: BTreeMap<KindRef, bool> = BTreeMap::new();
        for form in forms {
            let form = form.trim_ascii();
            if form.is_empty() {
                continue;
            }
            filled = true;
            self.text.clear();
            self.text.extend_from_slice(&self.label);
            let from = self.text.len() as u64;
            self.text.extend_from_slice(form);
            let mut found: Vec<Found> = Vec::new();
            detector.find_into(&self.text, scratch, &mut found);
            for one in found.iter().filter(|one| one.start >= from) {
                let covers = (one.end - one.start) * 10 >= form.len() as u64 * 9;
                *seen.entry(one.kind).or_default() |= covers;
            }
        }
        self.filled += u64::from(filled);
        for (kind, covers) in seen {
            *if covers { &mut self.whole } else { &mut self.inside }.entry(kind).or_default() += 1;
        }
    }

    /// How many values were not empty.
    pub const fn filled(&self) -> u64 {
        self.filled
    }

    /// How many values are of each kind as a whole.
    pub const fn whole(&self) -> &BTreeMap<KindRef, u64> {
        &self.whole
    }

    /// How many values hold something of each kind beside other text.
    pub const fn inside(&self) -> &BTreeMap<KindRef, u64> {
        &self.inside
    }

    /// How many values are of this kind or hold it.
    pub fn holding(&self, kind: KindRef) -> u64 {
        let of = |counts: &BTreeMap<KindRef, u64>| counts.get(&kind).copied().unwrap_or_default();
        of(&self.whole) + of(&self.inside)
    }

    /// Every kind that was met.
    pub fn kinds(&self) -> Vec<KindRef> {
        let mut kinds: Vec<KindRef> =
            self.whole.keys().chain(self.inside.keys()).copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// What a column of this name and declared type holds by these counts: the surest guess first,
    /// none if nothing speaks for personal data.
    ///
    /// `name` may carry the name of its table before a dot: `customers.name` is a person's, `name`
    /// alone may be anything's.
    pub fn guesses(&self, name: &str, declared_type: &str) -> Vec<ColumnGuess> {
        let filled = self.filled;
        let by_name = by_name(name, declared_type);
        let named = by_name.map(|(category, _)| category);
        let mut guesses: Vec<ColumnGuess> = Vec::new();
        for (counts, whole) in [(&self.whole, true), (&self.inside, false)] {
            for (kind, count) in counts {
                let share = count * 100 / filled.max(1);
                let needed = if whole { 50 } else { 5 };
                if share < needed && (whole || *count < 3) {
                    continue;
                }
                let agrees = named.is_some_and(|category| {
                    kind.category().starts_with(category) || category.starts_with(kind.category())
                });
                let scaled = if whole { 90 * share / 100 } else { 60 };
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
                        if whole { "are of the kind" } else { "hold the kind" },
                        kind.title(),
                        if agrees { ", and so says the name of the column" } else { "" },
                    ),
                });
            }
        }
        if let Some((category, sure)) = by_name
            && !guesses.iter().any(|guess| guess.category.starts_with(category))
        {
            // Values were looked at and do not speak for it: names and texts have no form to be told
            // by.
            let confidence = if filled == 0 { sure } else { sure.saturating_sub(15) };
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
}

/// What a column of this name and declared type holds, told by some of its values; see
/// [`ColumnTally::guesses`].
pub fn classify_column(
    detector: &Detector,
    name: &str,
    declared_type: &str,
    values: &[&[u8]],
) -> Vec<ColumnGuess> {
    let mut tally = ColumnTally::new(name);
    let mut scratch = DetectScratch::new();
    for value in values {
        tally.take(detector, &mut scratch, value);
    }
    tally.guesses(name, declared_type)
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
