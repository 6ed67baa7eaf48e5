//! The words of a look at files and systems.

use crate::scan::{ScanCount, ScanReport};
use crate::words::{count, list, number, size};

/// The title of the page.
pub const TITLE: &str = "Where personal data lies";
/// Headings.
pub const KIND: &str = "Kind";
/// Of what was found.
pub const FOUND: &str = "Found";
/// Of test data.
pub const TEST: &str = "Test data";
/// Of the number of places.
pub const PLACES: &str = "Places";
/// Of a place.
pub const PLACE: &str = "Place";
/// Of how sure it is.
pub const SURE: &str = "Sure";
/// Of where most of it is.
pub const MOSTLY: &str = "Most of it in";
/// Of the first of them.
pub const FIRST: &str = "First";
/// Of what was not looked at.
pub const NOT_LOOKED_AT: &str = "Not looked at";
/// Of targets that failed.
pub const FAILED: &str = "Could not be looked at";
/// Of the examples.
pub const EXAMPLES: &str = "Examples, masked";
/// What the chart shows.
pub const CHART: &str = "How much of each kind was found";
/// Below the page.
pub const NO_VALUES: &str =
    "This page holds no value that was found: counts, places and reasons alone.";
/// Below the page where examples were asked for.
pub const MASKED: &str =
    "Values on this page are masked. It says where they lie: keep it as you would keep them.";

/// "98–100", "80".
pub fn sure(count: &ScanCount) -> String {
    if count.least == count.most {
        count.most.to_string()
    } else {
        format!("{}–{}", count.least, count.most)
    }
}

/// The result in one sentence.
pub fn sentence(report: &ScanReport) -> String {
    let found: u64 = report.counts.keys().map(|kind| report.found(kind).found).sum();
    let test: u64 = report.counts.keys().map(|kind| report.found(kind).test).sum();
    let kinds = report.counts.keys().filter(|kind| report.found(kind).found > 0).count() as u64;
    let mut sentence = if found == 0 {
        "No personal data was found".to_owned()
    } else {
        format!(
            "{} of {}",
            count(found, "value", "values"),
            count(kinds, "kind of personal data", "kinds of personal data")
        )
    };
    if test > 0 {
        sentence.push_str(&format!(", and {} of test data", count(test, "value", "values")));
    }
    sentence.push('.');
    sentence
}

/// What was looked at.
pub fn looked(report: &ScanReport) -> String {
    let mut parts = Vec::new();
    if report.files > 0 {
        parts.push(count(report.files, "file", "files"));
    }
    if report.unchanged > 0 {
        parts.push(format!(
            "{} as they were the last time",
            count(report.unchanged, "file", "files")
        ));
    }
    if report.tables > 0 {
        let rows = if report.sampled_of > 0 {
            format!(
                "{} of about {} rows",
                number(report.rows),
                number(report.sampled_of.max(report.rows))
            )
        } else {
            count(report.rows, "row", "rows")
        };
        parts.push(format!("{} with {rows}", count(report.tables, "table", "tables")));
    }
    if parts.is_empty() {
        return "Nothing was looked at.".to_owned();
    }
    let mut text = format!("Looked at {}: {} of text.", list(&parts), size(report.bytes));
    if !report.unread.is_empty() {
        text.push_str(&format!(
            " {} not looked at.",
            count(report.unread.len() as u64, "thing was", "things were")
        ));
    }
    if let Some(model) = &report.model {
        text.push_str(&format!(" The model in `{}` looked too", model.path));
        if model.unreported.is_empty() {
            text.push('.');
        } else {
            text.push_str(&format!("; what it calls {} is not told.", list(&model.unreported)));
        }
    }
    text
}

/// A denied kind was found.
pub fn denied(title: &str, found: u64, places: u64) -> String {
    format!(
        "{title}: {} in {}, and it must not be there",
        count(found, "value", "values"),
        count(places, "place", "places")
    )
}

/// "and 12 more places".
pub fn more_places(more: u64) -> String {
    format!("and {}", count(more, "more place", "more places"))
}
