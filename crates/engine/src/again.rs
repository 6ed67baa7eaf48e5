//! Looking for people who were erased before: after a system was restored from a backup, what was
//! taken out of it is there again.
//!
//! Nobody remembers who they were. What is kept are keyed hashes of their identifiers, so every
//! identifier that the system holds now is hashed and compared: each value of a field that the map
//! calls an identity, and each e-mail address in any text, decoded.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Scan};
use detect::ValueKind;
use model::{Identity, IdentityKind, Micros, Personal, planted};
use policy::{Collection, EraseField, EraseRows, System};

use crate::open::{Open, Systems};
use crate::subject::term_kind;

/// Answers whose identifier this is, if it was erased: by kind and normal form.
pub type Known<'k> = dyn Fn(IdentityKind, &str) -> Vec<String> + Send + Sync + 'k;

/// People who were erased and are in the system again.
#[derive(Debug, Default)]
pub struct FoundAgain {
    /// By the request that erased them: the identifiers by which they are known now, and in how many
    /// values they stand.
    pub people: BTreeMap<String, Again>,
    /// Rows read.
    pub rows_read: u64,
    /// Rows that a minimum age keeps: they are meant to be there.
    pub rows_kept: u64,
    /// Collections that the map leaves out of every erasure, with its reason.
    pub left_out: Vec<(String, String)>,
    /// Tables that nobody mapped, so that they were not read.
    pub not_read: Vec<(String, String)>,
}

/// One person who is there again.
#[derive(Debug, Default)]
pub struct Again {
    /// How they are known.
    pub identities: BTreeSet<Identity>,
    /// Values that hold such an identifier.
    pub values: u64,
}

/// Reads a whole system once, for everybody who was erased from it.
pub async fn look_again(
    reach: &dyn Systems,
    map: &System,
    known: &Known<'_>,
    country_code: Option<&str>,
    now: Micros,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> connect::Result<FoundAgain> {
    let open = Open::new(reach, &map.key).await?;
    let mut found = FoundAgain::default();
    for collection in &map.collections {
        if let Some(why) = left_out(collection) {
            found.left_out.push((collection.name.clone(), why.to_owned()));
            continue;
        }
        let table = open.table(collection)?;
        let identities: BTreeMap<&str, IdentityKind> = collection
            .fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), field.identity?)))
            .filter(|(_, kind)| *kind != IdentityKind::Name)
            .collect();
        let mut columns = Open::searched_columns(table, Some(collection));
        for name in identities.keys().map(|name| (*name).to_owned()) {
            if table.column(&name).is_some() && !columns.contains(&name) {
                columns.push(name);
            }
        }
        let stays = |column: &String| {
            collection
                .field(column)
                .is_some_and(|field| matches!(field.erase, Some(EraseField::Keep(_))))
        };
        columns.retain(|column| !stays(column));
        if columns.is_empty() {
            continue;
        }
        let searched = columns.len();
        columns.extend(collection.keep.iter().map(|rule| rule.from.clone()));
        let scan = Scan { table: table.name.clone(), columns: columns.clone(), sample: None };
        let mut sink = |batch: Batch| {
            found.rows_read += batch.0.len() as u64;
            progress(batch.0.len() as u64);
            for row in &batch.0 {
                if plan::kept(&collection.keep, &columns, &row.values, now).is_some() {
                    found.rows_kept += 1;
                    continue;
                }
                for (column, value) in columns.iter().zip(&row.values).take(searched) {
                    match identities.get(column.as_str()) {
                        Some(kind) => {
                            let text = value.to_plain_text().unwrap_or_default();
                            note(&mut found.people, *kind, &text, known, country_code);
                        }
                        None => in_text(&mut found.people, value, known, country_code),
                    }
                }
            }
            Ok(())
        };
        open.connector.scan(&scan, &mut sink).await?;
    }
    for table in open.unmapped(map) {
        found.not_read.push((table.name.to_string(), "the map does not name it".to_owned()));
    }
    open.connector.close().await;
    Ok(found)
}

/// Why an erasure does not touch a collection.
fn left_out(collection: &Collection) -> Option<&str> {
    match (&collection.skip, &collection.erase) {
        (Some(why), _) | (None, EraseRows::Nothing(why)) => Some(why),
        (None, EraseRows::Fields | EraseRows::Delete) => None,
    }
}

/// The addresses of one text.
fn in_text(
    people: &mut BTreeMap<String, Again>,
    value: &model::Value,
    known: &Known<'_>,
    country_code: Option<&str>,
) {
    let Some(bytes) = value.as_bytes() else { return };
    if planted::bug("a_text_is_not_looked_at_again") {
        return;
    }
    // An address needs its sign; encoded it is `=40`, `%40`, `&#64;` or hidden in base64.
    let Some(mut text) = detect::readable(bytes) else { return };
    // What is plain but for this one sign is taken for plain text.
    for sign in ["=40", "%40", "&#64;", "&#x40;", "&commat;", "\\u0040"] {
        if text.contains(sign) {
            text = text.replace(sign, "@");
        }
    }
    if !text.contains('@') {
        return;
    }
    let mut findings = Vec::new();
    detect::find_values(text.as_bytes(), &mut findings);
    for finding in findings.into_iter().filter(|finding| finding.kind == ValueKind::Email) {
        let address = text.get(finding.span).unwrap_or_default();
        note(people, IdentityKind::Email, address, known, country_code);
    }
}

fn note(
    people: &mut BTreeMap<String, Again>,
    kind: IdentityKind,
    text: &str,
    known: &Known<'_>,
    country_code: Option<&str>,
) {
    let normal = detect::normal_form(term_kind(kind), text, country_code);
    if normal.is_empty() {
        return;
    }
    for case in known(kind, &normal) {
        let again = people.entry(case).or_default();
        again.values += 1;
        again.identities.insert(Identity { kind, value: Personal::new(normal.clone()) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_whose_sign_is_encoded_is_found_after_a_restore() {
        for text in [
            "write to jane@acme.example",
            "write to jane=40acme.example today",
            "write to jane%40acme.example today",
            "write to jane&#64;acme.example today",
        ] {
            let known = |_: IdentityKind, normal: &str| {
                if normal == "jane@acme.example" { vec!["5f2c".to_owned()] } else { Vec::new() }
            };
            let mut people = BTreeMap::new();
            in_text(&mut people, &model::Value::from(text), &known, None);
            assert_eq!(people.get("5f2c").map(|again| again.values), Some(1), "{text}");
        }
    }
}
