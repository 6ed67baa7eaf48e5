//! Rows that stay and lose what they say about people: anonymised, or with names taken out of their
//! texts.
//!
//! INVARIANT: what is as wanted already is not changed again, so a run may be repeated, and the plan
//! counts only rows that would still change.

use std::collections::BTreeMap;

use connect::{Batch, Change, ChangeSet, Due, RowChange, SetTo};
use detect::{PersonTerms, RedactOptions, SearchOptions, Searcher, Term, ValueKind};
use model::{Column, Row, RowKey, Secret, Table, Value};
use plan::{Treatment, treatment};
use policy::{Collection, Disposal, EraseField, Field, Tie};

use crate::clear::{self, Derive, Method};
use crate::open::{Open, field_or_free_text};
use crate::retain::ready::Refusal;
use crate::subject::term_kind;

/// Values derived for retention are the same each time, whichever run derives them.
const RETENTION: &str = "retention";

/// How rows of one table are changed.
pub(crate) struct Cleaner<'c> {
    table: &'c Table,
    derive: Derive<'c>,
    fields: Vec<(&'c Column, Field, How)>,
    country_code: Option<String>,
}

/// What happens to a field.
enum How {
    /// The whole value goes.
    Clear(Method),
    /// Names and what is known by its form go out of the text.
    TakeOut,
    /// It stays, and may name the person for the texts beside it.
    Read,
}

/// Changes worked out for a page of rows.
pub(crate) struct Page {
    pub(crate) set: ChangeSet,
    /// Rows that change.
    pub(crate) rows: u64,
    /// Rows that were read.
    pub(crate) read: u32,
    /// The last of them.
    pub(crate) last: Option<RowKey>,
}

impl<'c> Cleaner<'c> {
    /// Works out how each field is changed, before any row is touched.
    pub(crate) fn new(
        collection: &Collection,
        table: &'c Table,
        method: &Disposal,
        key: &'c Secret<Vec<u8>>,
        country_code: Option<&str>,
    ) -> Result<Self, Refusal> {
        let mut fields = Vec::new();
        for column in table.columns.iter().filter(|column| !column.generated) {
            let mapped = collection.field(&column.name);
            if mapped.is_none() && !column.data_type.bears_text() {
                continue;
            }
            let field = field_or_free_text(collection, &column.name);
            let is_key = field.primary_key || table.primary_key.contains(&column.name);
            let how = how(collection, table, column, &field, method)?;
            match how {
                Some(_) if is_key && (field.is_personal() || field.identity.is_some()) => {
                    return Err(format!(
                        "`{}` names people and is part of the key: rows of `{}` cannot stay; use `method: delete`",
                        column.name, table.name
                    ));
                }
                _ if is_key => {}
                Some(how) => fields.push((column, field, how)),
                None if kind(&field).is_some() => fields.push((column, field, How::Read)),
                None => {}
            }
        }
        if fields.iter().all(|(_, _, how)| matches!(how, How::Read)) {
            return Err(format!(
                "nothing in `{}` says anything about people by the map, so there is nothing to take away; name the categories of its fields, or use `method: delete`",
                table.name
            ));
        }
        let derive = Derive::new(key, RETENTION);
        Ok(Self { table, derive, fields, country_code: country_code.map(str::to_owned) })
    }

    /// Reads a page of due rows and works out what would change.
    pub(crate) async fn page(
        &self,
        open: &Open,
        due: &Due,
        after: Option<&RowKey>,
        limit: u32,
    ) -> connect::Result<Page> {
        let columns: Vec<String> = self.fields.iter().map(|(c, ..)| c.name.clone()).collect();
        let mut changes: BTreeMap<Vec<String>, Vec<RowChange>> = BTreeMap::new();
        let (mut read, mut last, mut rows) = (0, None, 0);
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                read += 1;
                last = Some(row.key.clone());
                if let Some((columns, change)) = self.row(row) {
                    rows += 1;
                    changes.entry(columns).or_default().push(change);
                }
            }
            Ok(())
        };
        open.connector.list_due(due, &columns, after, limit, &mut sink).await?;
        let table = &self.table.name;
        let update = |(columns, rows)| Change::Update { table: table.clone(), columns, rows };
        let set = ChangeSet { changes: changes.into_iter().map(update).collect() };
        Ok(Page { set, rows, read, last })
    }

    fn row(&self, row: Row) -> Option<(Vec<String>, RowChange)> {
        let mut named: Option<Searcher> = None;
        let (mut columns, mut set) = (Vec::new(), Vec::new());
        for ((column, _, how), before) in self.fields.iter().zip(&row.values) {
            if before.is_null() {
                continue;
            }
            let after = match how {
                How::Read => continue,
                How::Clear(method) if is_hash(method, before) => continue,
                How::Clear(method) => {
                    method.value(&self.derive, self.table, column, &row.key, before)
                }
                How::TakeOut => {
                    let named = named.get_or_insert_with(|| self.named(&row));
                    match take_out(named, column, before) {
                        Some(after) => after,
                        None => continue,
                    }
                }
            };
            if after != *before {
                columns.push(column.name.clone());
                set.push(SetTo { from: before.clone(), to: after });
            }
        }
        (!set.is_empty()).then(|| (columns, RowChange { key: row.key.clone(), set }))
    }

    /// Whom the fields of a row name.
    fn named(&self, row: &Row) -> Searcher {
        let terms = self.fields.iter().zip(&row.values).filter_map(|((_, field, _), value)| {
            let text = value.to_plain_text().filter(|text| text.trim().chars().count() > 2)?;
            // What an earlier run left there names nobody.
            if text.starts_with("erased-") || text.trim() == clear::MARK || text.trim() == "[-]" {
                return None;
            }
            Some(Term::new(kind(field)?, text.trim()))
        });
        let options = SearchOptions { default_country_code: self.country_code.clone() };
        Searcher::new(&[PersonTerms { terms: terms.collect() }], &options)
    }
}

fn how(
    collection: &Collection,
    table: &Table,
    column: &Column,
    field: &Field,
    method: &Disposal,
) -> Result<Option<How>, Refusal> {
    let text = column.data_type.bears_text();
    if *method == Disposal::Redact {
        let meant = field.free_text || field.erase == Some(EraseField::Redact);
        return Ok((meant && text).then_some(How::TakeOut));
    }
    let wish = match treatment(collection, field, Tie::Own, true) {
        Treatment::Clear(wish) => wish,
        Treatment::TakeOut { .. } if field.identity.is_some() => field.erase.clone(),
        Treatment::TakeOut { .. } if field.free_text && text => return Ok(Some(How::TakeOut)),
        Treatment::TakeOut { .. } | Treatment::Leave => return Ok(None),
    };
    let address = field.identity == Some(model::IdentityKind::Email)
        || field.categories.iter().any(|category| category.starts_with("user.contact.email"));
    match clear::method(wish.as_ref(), table, column, address) {
        Ok(method) => Ok(Some(How::Clear(method))),
        Err(why) => Err(format!("`{}`, column `{}` {why}", table.name, column.name)),
    }
}

/// The kind of what a field says about a person, where it is a term by which texts name them.
fn kind(field: &Field) -> Option<detect::TermKind> {
    if field.free_text {
        return None;
    }
    let below = |root: &str| field.categories.iter().any(|category| category.starts_with(root));
    if let Some(kind) = field.identity {
        return Some(term_kind(kind)).filter(|kind| *kind != detect::TermKind::AccountId);
    }
    if below("user.contact.email") {
        Some(detect::TermKind::Email)
    } else if below("user.contact.phone_number") {
        Some(detect::TermKind::Phone)
    } else if below("user.name") {
        Some(detect::TermKind::Name)
    } else {
        None
    }
}

/// The text without whom the row names and without addresses, numbers and the like of anybody;
/// `None` if it names nobody.
fn take_out(named: &Searcher, column: &Column, before: &Value) -> Option<Value> {
    let bytes = before.as_bytes()?;
    for mark in clear::marks(column) {
        let options = RedactOptions { weak: true, own: true, mark: mark.to_owned() };
        let redaction = named.redact(bytes, 0, &options);
        let edited = redaction.bytes.unwrap_or_else(|| bytes.to_vec());
        let after = match before {
            Value::Bytes(_) => Value::Bytes(edited),
            _ => Value::Text(without_contacts(&String::from_utf8(edited).ok()?, mark)),
        };
        if clear::fits(column, &after) {
            return (after != *before).then_some(after);
        }
    }
    None
}

/// E-mail addresses and telephone numbers, whoever they are of.
fn without_contacts(text: &str, mark: &str) -> String {
    let mut found = Vec::new();
    detect::find_values(text.as_bytes(), &mut found);
    found.retain(|finding| matches!(finding.kind, ValueKind::Email | ValueKind::Phone));
    found.sort_by_key(|finding| finding.span.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for finding in found {
        let Some(before) = text.get(at..finding.span.start) else { continue };
        out.push_str(before);
        out.push_str(mark);
        at = finding.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// A keyed hash of a keyed hash would change for ever: what has the form of one is one.
fn is_hash(method: &Method, before: &Value) -> bool {
    let Method::Hash { room } = method else { return false };
    let length = room.map_or(64, |room| room.min(64));
    before.as_text().is_some_and(|text| {
        text.len() == length
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}
