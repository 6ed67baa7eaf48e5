//! What a look at files and systems found: for people, as a page, as JSON Lines and as SARIF.
//!
//! INVARIANT: no value is in it. What is shown of one, where somebody asked for that, comes here
//! masked already.

mod html;
mod json;
mod sarif;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use sarif::Sarif;

/// A kind of personal data, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanKind {
    /// Stable and dotted: `contact.email`.
    pub key: String,
    /// For people: "E-mail address".
    pub title: String,
    /// The data category: `user.contact.email`.
    pub category: String,
    /// The public source of its form.
    pub standard: String,
}

/// One value that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanFinding {
    /// The key of its kind.
    pub kind: String,
    /// The file, and what lies in it; or a system and its table.
    pub path: String,
    /// The part of it: a column, a sheet, a page, a header. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column in characters, from 1, where it is that of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// The row, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The cell (`B7`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The first byte in the file, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Its length in bytes.
    pub length: u64,
    /// How sure, 0 to 100.
    pub confidence: u8,
    /// Why it is believed: `checksum`, `form`, `context`, `dictionary`, `model`.
    pub validated: String,
    /// Made for examples and tests.
    pub test_data: bool,
    /// The reason in a few words.
    pub reason: String,
    /// The value, masked, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
}

impl ScanFinding {
    /// The path with its part.
    pub fn place(&self) -> String {
        if self.part.is_empty() {
            self.path.clone()
        } else {
            format!("{}#{}", self.path, self.part)
        }
    }

    /// Where in the place: "line 12", "row 3", "cell B7"; empty where nothing is known.
    pub fn at(&self) -> String {
        match (&self.cell, self.row, self.line) {
            (Some(cell), ..) => format!("cell {cell}"),
            (_, Some(row), _) => format!("row {row}"),
            (.., Some(line)) => format!("line {line}"),
            _ => String::new(),
        }
    }
}

/// How often a kind stands in a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanCount {
    /// Values, those that are test data not counted.
    pub found: u64,
    /// Test data.
    pub test: u64,
    /// The least sure of them, 0 to 100.
    pub least: u8,
    /// The surest.
    pub most: u8,
    /// Where the first of them is: "line 12".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first: String,
}

impl ScanCount {
    /// One more.
    pub fn add(&mut self, finding: &ScanFinding) {
        if self.found + self.test == 0 {
            self.least = finding.confidence;
            self.first = finding.at();
        }
        self.least = self.least.min(finding.confidence);
        self.most = self.most.max(finding.confidence);
        *(if finding.test_data { &mut self.test } else { &mut self.found }) += 1;
    }

    /// Those of another count too.
    pub fn join(&mut self, other: &Self) {
        if self.found + self.test == 0 {
            self.least = other.least;
            self.first.clone_from(&other.first);
        }
        self.found += other.found;
        self.test += other.test;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }
}

/// What was found in one file or one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanPart {
    /// The file, or system and table.
    pub path: String,
    /// By place, and in it by kind.
    pub counts: BTreeMap<String, BTreeMap<String, ScanCount>>,
    /// The findings one by one, as far as they are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ScanFinding>,
    /// Findings beyond these, which are counted alone.
    #[serde(default)]
    pub more: u64,
    /// What was not looked at: where, and why.
    pub unread: Vec<(String, String)>,
    /// Bytes of text that were looked at.
    pub bytes: u64,
    /// Rows of a table that were looked at, and about how many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<(u64, u64)>,
    /// Not looked at again, because it is as it was when it was looked at last.
    #[serde(default)]
    pub unchanged: bool,
}

impl ScanPart {
    /// Adds what was found earlier in other rows of the same table; it is counted alone.
    pub fn join(&mut self, earlier: &Self) {
        for (place, kinds) in &earlier.counts {
            let here = self.counts.entry(place.clone()).or_default();
            for (kind, count) in kinds {
                self.more += count.found + count.test;
                // The earlier rows come first.
                let later = here.insert(kind.clone(), count.clone());
                if let (Some(all), Some(later)) = (here.get_mut(kind), later) {
                    all.join(&later);
                }
            }
        }
    }
}

/// A look at files and systems, as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ScanReport {
    /// What was to be looked at, as it was named.
    pub targets: Vec<String>,
    /// The kinds that were looked for, by key.
    #[serde(skip)]
    pub kinds: BTreeMap<String, ScanKind>,
    /// By kind, and of each by place.
    pub counts: BTreeMap<String, BTreeMap<String, ScanCount>>,
    /// Masked examples by kind, with their places, where they were asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shown: BTreeMap<String, Vec<(String, String)>>,
    /// Files that were looked at.
    pub files: u64,
    /// Files that are as they were, whose findings were taken from the last time.
    pub unchanged: u64,
    /// Tables that were looked at.
    pub tables: u64,
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows of tables of which a sample was looked at: those that there are, about.
    pub sampled_of: u64,
    /// Bytes of text that were looked at.
    pub bytes: u64,
    /// What was not looked at: where, and why.
    pub unread: Vec<(String, String)>,
    /// Targets that could not be looked at, each with what to do.
    pub errors: Vec<String>,
    /// Kinds that were denied and found.
    pub denied: Vec<String>,
    /// The least confidence that counted.
    pub least: u8,
    /// The model that looked too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ScanModel>,
}

/// A model that looked beside the detector.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanModel {
    /// Its file.
    pub path: String,
    /// Its labels that name no kind, so that nothing is told of them.
    pub unreported: Vec<String>,
}

/// Examples that are kept of each kind.
const SHOWN: usize = 20;

impl ScanReport {
    /// Adds what was found in one file or table.
    pub fn add(&mut self, part: &ScanPart) {
        match part.rows {
            Some((rows, about)) => {
                self.tables += 1;
                self.rows += rows;
                self.sampled_of += if about > rows { about } else { 0 };
            }
            None if part.unchanged => self.unchanged += 1,
            None => self.files += 1,
        }
        self.bytes += part.bytes;
        self.unread.extend(part.unread.iter().cloned());
        for (place, kinds) in &part.counts {
            for (kind, count) in kinds {
                self.counts
                    .entry(kind.clone())
                    .or_default()
                    .entry(place.clone())
                    .or_default()
                    .join(count);
            }
        }
        for finding in &part.findings {
            if let Some(shown) = &finding.shown {
                let examples = self.shown.entry(finding.kind.clone()).or_default();
                if examples.len() < SHOWN {
                    let at = finding.at();
                    let place = if at.is_empty() {
                        finding.place()
                    } else {
                        format!("{}, {at}", finding.place())
                    };
                    examples.push((place, shown.clone()));
                }
            }
        }
    }

    /// How often a kind was found.
    pub fn found(&self, kind: &str) -> ScanCount {
        let mut all = ScanCount::default();
        for count in self.counts.get(kind).into_iter().flat_map(BTreeMap::values) {
            all.join(count);
        }
        all
    }

    /// The title of a kind.
    fn title<'t>(&'t self, key: &'t str) -> &'t str {
        self.kinds.get(key).map_or(key, |kind| kind.title.as_str())
    }

    /// The kinds that were found, those that were denied first, then by how often.
    fn order(&self) -> Vec<(&String, ScanCount)> {
        let mut order: Vec<(&String, ScanCount)> =
            self.counts.keys().map(|key| (key, self.found(key))).collect();
        order.sort_by_key(|(key, count)| {
            (!self.denied.contains(key), u64::MAX - count.found, u64::MAX - count.test, *key)
        });
        order
    }

    /// The places of a kind, the fullest first.
    fn places(&self, kind: &str) -> Vec<(&String, &ScanCount)> {
        let mut places: Vec<(&String, &ScanCount)> =
            self.counts.get(kind).into_iter().flatten().collect();
        places
            .sort_by_key(|(place, count)| (u64::MAX - count.found, u64::MAX - count.test, *place));
        places
    }
}

#[cfg(test)]
mod tests;
