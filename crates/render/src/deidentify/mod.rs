//! What was done so that people are no longer told, and how surely they still could be.
//!
//! INVARIANT: no value and no key is in it: columns, methods, counts, figures and reasons only.

mod html;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::words::deidentify as say;

/// A run over files or tables.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DeidentifyReport {
    /// The profile.
    pub profile: String,
    /// SHA-256 of its rules, in hexadecimal.
    pub rules: String,
    /// Where the key of pseudonyms came from, in a few words; none where none was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Digits by which two people see that they hold the same key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_mark: Option<String>,
    /// Nothing was written: only what would be done is told.
    pub plan: bool,
    /// The least number of rows that shall be alike, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<u32>,
    /// Files and tables.
    pub parts: Vec<DeidentifiedPart>,
    /// What was not written: where, and why.
    pub undone: Vec<(String, String)>,
    /// The titles of kinds.
    #[serde(skip)]
    pub titles: BTreeMap<String, String>,
}

/// One file or table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DeidentifiedPart {
    /// Where it was.
    pub from: String,
    /// Where it is now; the same where it was changed in place.
    pub to: String,
    /// What it is: "CSV", "text", "a table".
    pub form: String,
    /// SHA-256 of what was written, in hexadecimal, where it is a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Bytes read.
    pub bytes: u64,
    /// Rows read, or lines of a text.
    pub rows: u64,
    /// Rows left out so that enough of the others are alike.
    pub left_out: u64,
    /// Columns, in their order; of a text none.
    pub columns: Vec<DeidentifiedColumn>,
    /// What was found in running text and replaced, by kind.
    pub found: BTreeMap<String, u64>,
    /// What may be personal data, was not sure enough, and stays, by kind.
    pub unsure: BTreeMap<String, u64>,
    /// The first places of it.
    pub unsure_places: Vec<UnsurePlace>,
    /// Remarks: columns of another type, rows that were not measured.
    pub notes: Vec<String>,
    /// What was widened, why, in the order in which it was done.
    pub steps: Vec<String>,
    /// The risk before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<RiskFigures>,
    /// The risk that is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<RiskFigures>,
}

/// A place of something that stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsurePlace {
    /// The column, empty in a text.
    pub column: String,
    /// The row or line, from 1.
    pub row: u64,
    /// The kind.
    pub kind: String,
    /// 0 to 100.
    pub confidence: u8,
    /// Why it may be one.
    pub reason: String,
}

/// What became of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeidentifiedColumn {
    /// Its name.
    pub name: String,
    /// What it holds, a kind or a data category; empty where nobody knows.
    pub holds: String,
    /// The method.
    pub method: String,
    /// Why.
    pub why: String,
    /// Values that were not empty.
    pub values: u64,
    /// Of them, those that were changed.
    pub changed: u64,
    /// Values that could not be read and were removed.
    pub unreadable: u64,
    /// Values too short to be encrypted, which were removed.
    pub too_short: u64,
    /// Somebody could be told by it, together with others.
    pub quasi: bool,
    /// Nobody should learn it.
    pub sensitive: bool,
}

/// How surely people could be told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RiskFigures {
    /// Rows.
    pub rows: u64,
    /// Classes of rows that are alike.
    pub classes: u64,
    /// The smallest class.
    pub k: u64,
    /// Sizes of classes ("3 to 4"), with the classes and the rows in them.
    pub spread: Vec<(String, u64, u64)>,
    /// The highest chance that a row is told by whoever knows that its person is there.
    pub highest: f64,
    /// The share of rows that would be told rightly by whoever tries all.
    pub average: f64,
    /// What is known of each secret.
    pub secrets: Vec<SecretFigures>,
}

/// How well a secret is hidden.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SecretFigures {
    /// Its column.
    pub column: String,
    /// The fewest different values in a class.
    pub l: u64,
    /// The exponential of the least entropy.
    pub entropy_l: f64,
    /// The greatest distance from all rows.
    pub t: f64,
    /// Whether its values have an order.
    pub ordered: bool,
}

impl DeidentifyReport {
    /// The report as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Files and tables in which fewer rows are alike than was asked for.
    pub fn short_of_k(&self) -> impl Iterator<Item = &DeidentifiedPart> {
        self.parts.iter().filter(|part| {
            let least = u64::from(self.k.unwrap_or(0));
            // What was not measured is no answer to somebody who asked for a k.
            let table = !part.columns.is_empty() && part.rows > 0;
            part.after.as_ref().is_some_and(|risk| risk.k < least)
                || least > 0 && part.after.is_none() && table
        })
    }

    fn title<'t>(&'t self, kind: &'t str) -> &'t str {
        self.titles.get(kind).map_or(kind, String::as_str)
    }
}

impl DeidentifiedPart {
    /// What is left to say in plain sentences.
    fn sentences(&self, k: Option<u32>) -> Vec<String> {
        let mut out = Vec::new();
        match (&self.before, &self.after) {
            (Some(_), Some(after)) => out.extend(say::left(after)),
            (Some(_), None) => out.push(say::NOTHING_LEFT.to_owned()),
            (None, _) if !self.columns.is_empty() => out.push(say::NOT_MEASURED.to_owned()),
            _ => {}
        }
        if let (Some(k), Some(after)) = (k, &self.after)
            && after.k < u64::from(k)
        {
            out.push(say::short_of(after.k, k));
        }
        for column in &self.columns {
            if column.unreadable > 0 {
                out.push(say::unreadable(&column.name, column.unreadable));
            }
            if column.too_short > 0 {
                out.push(say::too_short(&column.name, column.too_short));
            }
        }
        if self.columns.is_empty() || self.columns.iter().any(|column| column.method == "text") {
            out.push(say::RUNNING.to_owned());
        }
        out.extend(self.notes.iter().cloned());
        out
    }
}

#[cfg(test)]
mod tests;
