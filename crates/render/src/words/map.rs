//! The words of the data map.

use policy::Taxonomy;
use policy::taxonomy::is_within;

use crate::map::{DataMap, DriftKind, Origin};
use crate::words::{count, list};

/// Headings of the picture.
pub const GIVES: &str = "Who gives data";
/// Of its middle.
pub const LIES: &str = "Where it lies";
/// Of its end.
pub const RECEIVES: &str = "Who receives it";
/// Where no subject is known.
pub const NO_SUBJECT: &str = "Nobody is written down.";
/// Where there is no recipient.
pub const NO_RECIPIENT: &str = "Nobody else.";
/// Leads of a box that names its parties.
pub const FROM: &str = "from";
/// The other.
pub const TO: &str = "to";
/// Of a system without a personal field.
pub const NOTHING_PERSONAL: &str = "nothing about people is known";
/// What the signs of the picture mean.
pub const SIGNS: [&str; 2] = [
    "Dashed lines are worked out and written nowhere; dashed boxes are abroad or were not reached.",
    "Figures count fields about people.",
];
/// Of a line that nobody wrote down.
pub const INFERRED: &str = "worked out";
/// Where the policy says nothing.
pub const NOT_WRITTEN: &str = "not written down";

/// Headings of tables.
pub const SYSTEM: &str = "System";
/// A field.
pub const FIELD: &str = "Field";
/// Fields about people.
pub const FIELDS: &str = "Fields";
/// Categories.
pub const HOLDS: &str = "Holds";
/// In how many rows.
pub const FILLED: &str = "Filled";
/// Confidence.
pub const SURE: &str = "Sure";
/// Sources of a proposal.
pub const SPEAKS: &str = "What speaks for it";
/// Where something is.
pub const PLACE: &str = "Place";
/// An id.
pub const ID: &str = "Id";
/// What differs.
pub const WHAT: &str = "What differs";
/// What can be done.
pub const DO: &str = "What to do";
/// A section.
pub const DIFFERENCES: &str = "Where map, notice and systems differ";
/// A section.
pub const QUESTIONS: &str = "Questions that wait";
/// A section.
pub const PICTURE: &str = "The picture";
/// A section.
pub const AS_TABLE: &str = "The same as a table";
/// A section.
pub const NOT_LOOKED_AT: &str = "Not looked at";
/// Below the page.
pub const NO_VALUES: &str = "This page holds no value of any row: names of fields, counts and reasons alone. Dashed lines are worked out; full ones are written in the policy.";
/// How proposals are taken over.
pub const HOW: &str = "`upheld map accept ID` writes it into the policy folder; `--above 90` takes all that are so sure.";

/// The words a person reads for a data category, of nobody in particular.
pub fn category(key: &str) -> &'static str {
    // The taxonomy's own words speak to the one whose data it is.
    if is_within(key, "user.content") {
        return "what people wrote";
    }
    Taxonomy::Category.title(key).unwrap_or("personal data")
}

/// "Data map of Northlight IT".
pub fn title(organisation: &str) -> String {
    format!("Data map of {organisation}")
}

/// The map in one sentence.
pub fn sentence(map: &DataMap) -> String {
    let fields = map.systems.iter().flat_map(|system| &system.collections);
    let fields: u64 =
        fields.filter(|one| one.skipped.is_none()).map(|one| one.fields.len() as u64).sum();
    let mut said = format!(
        "{} about people in {}",
        count(fields, "field", "fields"),
        count(map.systems.len() as u64, "system", "systems")
    );
    let receive = map
        .recipients
        .iter()
        .filter(|party| map.systems.iter().any(|s| s.to.iter().any(|to| to.party == party.key)))
        .count() as u64;
    if receive > 0 {
        said.push_str(&format!("; {} data", count(receive, "recipient gets", "recipients get")));
    }
    said.push('.');
    said
}

/// Whether it agrees, in one sentence.
pub fn agrees(map: &DataMap) -> String {
    let lost = map.not_reached();
    let reached = if lost.is_empty() {
        String::new()
    } else {
        let names: Vec<String> = lost.iter().map(|name| (*name).to_owned()).collect();
        format!(
            " {} not reached, so nothing is known of what lies there.",
            was(&list(&names), lost.len())
        )
    };
    match map.differences() {
        0 if lost.is_empty() => "Map, notice and systems say the same.".to_owned(),
        0 => format!("Nothing differs in what was looked at.{reached}"),
        n => format!("Map, notice and systems differ at {}.{reached}", count(n, "point", "points")),
    }
}

fn was(names: &str, many: usize) -> String {
    format!("{names} {}", if many == 1 { "was" } else { "were" })
}

/// What was looked at.
pub fn looked(map: &DataMap) -> String {
    let tables: Vec<_> = map.systems.iter().flat_map(|system| &system.collections).collect();
    let rows: u64 = tables.iter().map(|table| table.rows).sum();
    let about: u64 = tables.iter().map(|table| table.about.max(table.rows)).sum();
    let mut said = format!(
        "Looked at {} of about {} in {}.",
        crate::words::number(rows),
        count(about, "row", "rows"),
        count(tables.len() as u64, "collection", "collections")
    );
    if !map.unread.is_empty() {
        let many = map.unread.len() as u64;
        said.push_str(&format!(" {} not looked at.", count(many, "thing was", "things were")));
    }
    said
}

/// Below a system's name: where it stands.
pub fn about_system(reached: bool, region: Option<&str>, abroad: bool) -> String {
    let place = match (region, abroad) {
        (Some(region), true) => format!("{region}, abroad"),
        (Some(region), false) => region.to_owned(),
        (None, _) => "place not written down".to_owned(),
    };
    if reached { place } else { format!("not reached; {place}") }
}

/// "and 3 more kinds".
pub fn more_groups(more: u64) -> String {
    format!("and {}", count(more, "more kind", "more kinds"))
}

/// How they differ, in two or three words.
pub const fn kind(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::NotInMap => "held, not in the map",
        DriftKind::OtherThanMapped => "other than the map says",
        DriftKind::NotInNotice => "held, not in the notice",
        DriftKind::WithoutPurpose => "held, for no purpose",
        DriftKind::GoneFromSystem => "in the map, gone",
        DriftKind::NotHeld => "in the notice, held nowhere",
        DriftKind::Question => "question",
    }
}

/// What speaks for a proposal: "name and values".
pub fn origins(from: &[Origin]) -> String {
    let words: Vec<String> = from
        .iter()
        .map(|origin| {
            match origin {
                Origin::Name => "name",
                Origin::Type => "declared type",
                Origin::Values => "values",
            }
            .to_owned()
        })
        .collect();
    list(&words)
}

/// "1,204 of 2,000".
pub fn filled(filled: Option<u64>, rows: u64) -> String {
    filled.map_or_else(
        || "not looked at".to_owned(),
        |filled| format!("{} of {}", crate::words::number(filled), crate::words::number(rows)),
    )
}
