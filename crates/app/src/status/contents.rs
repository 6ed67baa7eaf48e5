//! What stands in the tables, and whether something stands there that must be nowhere.

use std::collections::BTreeMap;

use connect::{Batch, Connector, Scan};
use detect::ValueKind;
use model::{DataType, Table, Value};
use policy::System;
use policy::file::promises::AbsenceControl;
use policy::taxonomy::is_within;
use render::words;

use super::facts::Facts;
use super::verdict::{Verdict, few};

/// So many rows of each table are looked at where not all are asked for.
const SAMPLE: u32 = 2_000;
/// Texts from this length on are also read as whoever opens them would: decoded, without markup.
const LONG: usize = 64;
/// No shorter text holds a card number in base64 or with marks between its figures.
const SHORTEST: usize = 20;
/// Whole numbers from here on may be somebody's: nine figures and more.
const NINE_FIGURES: u64 = 100_000_000;

/// What stands in the tables of one system.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) tables: Vec<TableLook>,
    /// Tables that could not be read, and why.
    pub(crate) unread: Vec<(String, String)>,
}

/// A look at one table.
#[derive(Debug, Default)]
pub(crate) struct TableLook {
    /// `system.collection`, or `system.table` where the map does not have it.
    pub(crate) place: String,
    /// The collection of the map.
    pub(crate) collection: Option<String>,
    pub(crate) rows: u64,
    pub(crate) about: u64,
    /// Whether there may be more rows than were looked at.
    pub(crate) sampled: bool,
    pub(crate) fields: BTreeMap<String, FieldLook>,
}

/// A look at one column: counts of rows, never a value.
#[derive(Debug, Default)]
pub(crate) struct FieldLook {
    pub(crate) filled: u64,
    pub(crate) kinds: BTreeMap<ValueKind, u64>,
    pub(crate) secrets: u64,
    /// Files among the values, which were not opened.
    pub(crate) unopened: u64,
    /// The forms of whole numbers, before [`FieldLook::settle`].
    pub(crate) numbers: BTreeMap<ValueKind, u64>,
    /// Whole numbers that are long enough to be somebody's.
    pub(crate) long_numbers: u64,
}

/// Reads the tables of a system: all rows, or a sample spread over each table.
pub(super) async fn read(
    system: &System,
    tables: &[Table],
    connector: &dyn Connector,
    full: bool,
) -> Contents {
    let mut contents = Contents::default();
    for table in tables.iter().filter(|table| !table.is_view) {
        let collection = system.collections.iter().find(|collection| {
            let name = &collection.table;
            *name == table.name || (name.schema.is_empty() && name.table == table.name.table)
        });
        let name = collection.map_or_else(|| table.name.to_string(), |c| c.name.clone());
        let mut look = TableLook {
            place: format!("{}.{name}", system.key),
            collection: collection.map(|collection| collection.name.clone()),
            about: table.about_rows,
            ..TableLook::default()
        };
        let columns: Vec<String> = table
            .columns
            .iter()
            .filter(|column| {
                column.data_type.bears_text()
                    || matches!(column.data_type, DataType::Integer | DataType::Number)
                    || collection
                        .and_then(|c| c.field(&column.name))
                        .is_some_and(policy::Field::is_personal)
            })
            .map(|column| column.name.clone())
            .collect();
        let scan = Scan {
            table: table.name.clone(),
            columns: columns.clone(),
            sample: (!full).then_some(SAMPLE),
        };
        let mut rows = 0;
        let mut fields: Vec<FieldLook> = columns.iter().map(|_| FieldLook::default()).collect();
        let read = connector
            .scan(&scan, &mut |batch: Batch| {
                for row in &batch.0 {
                    rows += 1;
                    for (field, value) in fields.iter_mut().zip(&row.values) {
                        field.take(value);
                    }
                }
                Ok(())
            })
            .await;
        look.rows = rows;
        look.sampled = !full && (rows >= u64::from(SAMPLE) || table.about_rows > rows);
        look.fields = columns.into_iter().zip(fields).collect();
        look.fields.values_mut().for_each(FieldLook::settle);
        if let Err(error) = read {
            contents.unread.push((look.place.clone(), error.to_string()));
        }
        contents.tables.push(look);
    }
    contents
}

impl FieldLook {
    pub(super) fn take(&mut self, value: &Value) {
        let bytes = match value {
            Value::Null => return,
            Value::Bool(_) => {
                self.filled += 1;
                return;
            }
            Value::Int(number) => {
                self.filled += 1;
                self.long_numbers += u64::from(number.unsigned_abs() >= NINE_FIGURES);
                if let Some(kind) = detect::classify(&number.to_string()) {
                    *self.numbers.entry(kind).or_default() += 1;
                }
                return;
            }
            Value::Text(text) if text.trim().is_empty() => return,
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(bytes) if bytes.is_empty() => return,
            Value::Bytes(bytes) => bytes,
        };
        self.filled += 1;
        let mut kinds = std::collections::BTreeSet::new();
        let mut secret = false;
        let mut look = |bytes: &[u8]| {
            let mut found = Vec::new();
            detect::find_values(bytes, &mut found);
            kinds.extend(found.into_iter().map(|finding| finding.kind));
            secret |= std::str::from_utf8(bytes).is_ok_and(detect::secret_like);
        };
        look(bytes);
        if bytes.len() >= LONG || may_be_encoded(bytes) {
            match detect::readable(bytes) {
                // Spaces that hold a number together on a page are spaces.
                Some(text) => {
                    let text = text.replace("&nbsp;", " ").replace(['\u{a0}', '\u{202f}'], " ");
                    look(text.as_bytes());
                }
                None => self.unopened += 1,
            }
        }
        for kind in kinds {
            *self.kinds.entry(kind).or_default() += 1;
        }
        self.secrets += u64::from(secret);
    }

    /// A whole number is somebody's card only where most long numbers of the column are: one key in
    /// ten fits the check digit by chance. The noughts of those who have none do not count.
    pub(super) fn settle(&mut self) {
        for (kind, rows) in std::mem::take(&mut self.numbers) {
            if rows.saturating_mul(2) > self.long_numbers {
                *self.kinds.entry(kind).or_default() += rows;
            }
        }
    }
}

/// Whether a short text may say something else to whoever opens it: in base64, quoted-printable, an
/// entity of HTML, another encoding than ASCII.
fn may_be_encoded(bytes: &[u8]) -> bool {
    let coded = |byte: &u8| matches!(byte, b'=' | b'&' | b'<' | 0) || !byte.is_ascii();
    let one_word =
        || bytes.len().is_multiple_of(4) && !bytes.contains(&b' ') && !bytes.contains(&b'@');
    bytes.len() >= SHORTEST && (bytes.iter().any(coded) || one_word())
}

/// The categories that a value of this form belongs to.
const fn categories(kind: ValueKind) -> &'static [&'static str] {
    match kind {
        ValueKind::Email => &["user.contact.email"],
        ValueKind::Phone => &["user.contact.phone_number"],
        ValueKind::IpV4 | ValueKind::IpV6 => &["user.device.ip_address"],
        ValueKind::Mac => &["user.device.device_id"],
        ValueKind::Card => &["user.financial.credit_card", "user.payment"],
        ValueKind::Iban => &["user.financial.bank_account"],
        ValueKind::UsSsn | ValueKind::CanadaSin => {
            &["user.government_id.national_identification_number"]
        }
        ValueKind::BirthDate => &["user.demographic.date_of_birth"],
        ValueKind::Url | ValueKind::Uuid => &[],
    }
}

/// The one form that every value of a category has.
fn shape_of(category: &str) -> Option<ValueKind> {
    match category {
        "user.financial.credit_card" => Some(ValueKind::Card),
        _ => None,
    }
}

/// The words for values of a form, many of them.
const fn noun(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Email => "e-mail addresses",
        ValueKind::Phone => "telephone numbers",
        ValueKind::IpV4 | ValueKind::IpV6 => "IP addresses",
        ValueKind::Mac => "hardware addresses",
        ValueKind::Card => "card numbers",
        ValueKind::Iban => "account numbers",
        ValueKind::UsSsn => "social security numbers",
        ValueKind::CanadaSin => "social insurance numbers",
        ValueKind::BirthDate => "dates of birth",
        ValueKind::Url => "web addresses",
        ValueKind::Uuid => "UUIDs",
    }
}

const KINDS: [ValueKind; 10] = [
    ValueKind::Email,
    ValueKind::Phone,
    ValueKind::IpV4,
    ValueKind::IpV6,
    ValueKind::Mac,
    ValueKind::Card,
    ValueKind::Iban,
    ValueKind::UsSsn,
    ValueKind::CanadaSin,
    ValueKind::BirthDate,
];

/// The categories that secrets known by their form belong to.
const SECRETS: [&str; 2] = ["user.authorization.password", "user.authorization.credentials"];

fn within_any(category: &str, of: &[String]) -> bool {
    of.iter().any(|above| is_within(category, above))
}

/// Where data of some categories stands.
pub(super) struct Standing {
    /// Sentences, one for each field that holds it.
    pub(super) found: Vec<String>,
    /// Systems that could not be looked into, or not wholly.
    pub(super) unseen: Vec<String>,
    /// Tables of which only a sample was read, where what was not read could change the answer.
    pub(super) sampled: Vec<String>,
    /// What was looked at.
    pub(super) looked: String,
}

/// Looks for data of these categories: in fields that the map says hold it, and by the form of
/// values everywhere.
pub(super) fn standing(of: &[String], systems: &[&System], facts: &Facts<'_>) -> Standing {
    let (mut found, mut unseen, mut shapeless) = (Vec::new(), Vec::new(), Vec::new());
    let forms = forms(of);
    let mut sampled = Vec::new();
    let (mut rows, mut about, mut tables, mut unopened) = (0, 0, 0_u64, 0);
    for system in systems {
        let Some(contents) = facts.contents.get(&system.key) else {
            unseen.push(format!("{} was not reached", system.title));
            continue;
        };
        unseen.extend(
            contents.unread.iter().map(|(place, _)| format!("`{place}` could not be read")),
        );
        for table in &contents.tables {
            rows += table.rows;
            about += table.about.max(table.rows);
            tables += 1;
            unopened += table.fields.values().map(|look| look.unopened).sum::<u64>();
            let collection = table.collection.as_deref().and_then(|name| system.collection(name));
            let may_tell = collection.is_some_and(|collection| {
                let mut categories = collection.fields.iter().flat_map(|field| &field.categories);
                categories.any(|category| within_any(category, of))
            });
            if table.sampled && (may_tell || !forms.is_empty()) {
                sampled.push(format!(
                    "{} of about {} of `{}`",
                    words::number(table.rows),
                    words::count(table.about.max(table.rows), "row", "rows"),
                    table.place
                ));
            }
            for (name, look) in &table.fields {
                let place = format!("`{}.{name}`", table.place);
                let mapped =
                    collection.and_then(|collection| collection.field(name)).and_then(|field| {
                        field.categories.iter().find(|category| within_any(category, of))
                    });
                if let Some(category) = mapped.filter(|_| look.filled > 0) {
                    // Of data with a form of its own the values decide: the last four digits of a
                    // card are mapped as a card, and are none.
                    if let Some(kind) = shape_of(category)
                        && !look.kinds.contains_key(&kind)
                    {
                        shapeless.push(format!(
                            "{place} is mapped as {} and none of its {} has that form",
                            facts.policy.title_of_category(category),
                            words::count(look.filled, "value", "values")
                        ));
                        continue;
                    }
                    found.push(format!(
                        "{place} is mapped as {} and filled in {} of {} looked at.",
                        facts.policy.title_of_category(category),
                        words::number(look.filled),
                        words::count(table.rows, "row", "rows")
                    ));
                    continue;
                }
                for (kind, count) in &look.kinds {
                    if categories(*kind).iter().any(|category| within_any(category, of)) {
                        found.push(format!(
                            "{place} holds {} in {} of {} looked at.",
                            noun(*kind),
                            words::number(*count),
                            words::count(table.rows, "row", "rows")
                        ));
                    }
                }
                if look.secrets > 0 && SECRETS.iter().any(|category| within_any(category, of)) {
                    found.push(format!(
                        "{place} holds secrets, known by their form, in {} of {} looked at.",
                        words::number(look.secrets),
                        words::count(table.rows, "row", "rows")
                    ));
                }
            }
        }
    }
    let how = if forms.is_empty() {
        "by the map alone: values of this kind have no form of their own".to_owned()
    } else {
        format!("by the map, and values by form: {}", words::list(&forms))
    };
    let mut looked = format!(
        "{} of about {} in {} looked at, {how}",
        words::number(rows),
        words::count(about, "row", "rows"),
        words::count(tables, "table", "tables")
    );
    if unopened > 0 && !forms.is_empty() {
        let files = words::count(unopened, "file among them was", "files among them were");
        looked.push_str(&format!("; {files} not opened"));
    }
    if !shapeless.is_empty() {
        looked.push_str(&format!("; {}", few(&shapeless)));
    }
    Standing { found, unseen, sampled, looked }
}

/// The forms by which values of these categories are known, in words.
fn forms(of: &[String]) -> Vec<&'static str> {
    let mut forms: Vec<&str> = KINDS
        .into_iter()
        .filter(|kind| categories(*kind).iter().any(|category| within_any(category, of)))
        .map(noun)
        .collect();
    forms.dedup();
    if SECRETS.iter().any(|category| within_any(category, of)) {
        forms.push("secrets of known forms");
    }
    forms
}

/// What a look without a find is worth: a sample proves nothing about the rows that were not read.
pub(super) fn unproven(standing: &Standing) -> Option<Verdict> {
    if !standing.unseen.is_empty() {
        return Some(Verdict::unproven(format!("{}.", few(&standing.unseen))));
    }
    (!standing.sampled.is_empty()).then(|| {
        Verdict::unproven(format!(
            "Nothing was found, and only {} were looked at: `upheld status --full` reads every row.",
            few(&standing.sampled)
        ))
    })
}

/// Whether something is nowhere.
pub(super) fn absent(control: &AbsenceControl, facts: &Facts<'_>) -> Verdict {
    let systems = facts.systems(&control.systems);
    let standing = standing(&control.of, &systems, facts);
    let unproven = unproven(&standing);
    let mut parts: Vec<Verdict> = standing.found.into_iter().map(Verdict::broken).collect();
    parts.extend(unproven);
    if parts.is_empty() && !systems.is_empty() {
        let titles: Vec<String> =
            control.of.iter().map(|key| facts.policy.title_of_category(key)).collect();
        parts.push(Verdict::upheld(format!("No {} was found.", titles.join(" and no "))));
    }
    Verdict::of(parts, "The policy names no system.").shown_by(standing.looked)
}
