//! Handing a person's data out, with everybody else's taken out of it.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Batch, Scan};
use detect::{PersonTerms, SearchOptions, Searcher, Term, TermKind};
use model::{DataType, Row, RowKey, Value};
use plan::{Case, FoundRow, Gathered, Graph, Place};
use policy::{Collection, Field, System, Tie};

use crate::find::read_rows;
use crate::open::Open;
use crate::subject::Subject;

/// Takes what is handed out, place by place and row by row.
pub trait HandOut: Send {
    /// The rows of a collection begin.
    fn place(
        &mut self,
        place: &Place,
        collection: &Collection,
        fields: &[String],
        how: &[String],
    ) -> std::io::Result<()>;
    /// One row.
    fn row(&mut self, row: HandedRow) -> std::io::Result<()>;
}

/// A row to hand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedRow {
    /// What it is to the person.
    pub tie: Tie,
    /// One for each field that was announced.
    pub fields: Vec<HandedField>,
}

/// A value to hand out.
#[derive(Clone, PartialEq, Eq)]
pub enum HandedField {
    /// As it is held, other people taken out of it.
    Value(Value),
    /// A file, with the name that the row gives it, if any.
    File {
        /// Its name.
        name: Option<String>,
        /// Its contents.
        bytes: Vec<u8>,
    },
    /// Held, and not handed out, for this reason.
    Withheld(&'static str),
}

impl std::fmt::Debug for HandedField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Value(_) => "Value(..)",
            Self::File { .. } => "File(..)",
            Self::Withheld(_) => "Withheld(..)",
        })
    }
}

/// What covers other people.
pub(crate) struct Others {
    searcher: Searcher,
}

/// What stands where somebody else stood.
const COVER: &str = "[another person]";

/// So many names of other people are known at most; beyond, only addresses and numbers are covered.
const MOST_NAMES: usize = 400_000;

impl Others {
    /// Reads the names of everybody else in the collections that describe people.
    pub(crate) async fn read(
        opened: &BTreeMap<String, Open>,
        systems: &[System],
        case: &Case,
        graph: &Graph<'_>,
        subject: &Subject,
        country_code: Option<&str>,
    ) -> connect::Result<Self> {
        let mut names = BTreeSet::new();
        for system in systems {
            let Some(open) = opened.get(&system.key) else { continue };
            names.extend(names_beside_addresses(open, graph, case, &system.key, subject).await?);
            for collection in system.collections.iter().filter(|c| c.skip.is_none()) {
                if collection.fields.iter().all(|field| field.identity.is_none()) {
                    continue;
                }
                let fields: Vec<String> = collection
                    .fields
                    .iter()
                    .filter(|f| f.categories.iter().any(|c| c.starts_with("user.name")))
                    .map(|field| field.name.clone())
                    .collect();
                if fields.is_empty() {
                    continue;
                }
                let table = open.table(collection)?;
                let scan = Scan { table: table.name.clone(), columns: fields, sample: None };
                let mut sink = |batch: Batch| {
                    for row in batch.0 {
                        names.extend(
                            full_names(&row)
                                .into_iter()
                                .take(MOST_NAMES - names.len().min(MOST_NAMES)),
                        );
                    }
                    Ok(())
                };
                open.connector.scan(&scan, &mut sink).await?;
            }
        }
        names.retain(|name| {
            let words = name.to_lowercase();
            let mut words = words.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2);
            !words.all(|word| subject.name_words.contains(word))
        });
        Ok(Self { searcher: full_name_searcher(names, country_code) })
    }
}

/// The full names in a row of name columns: each that has two words, and all of them joined.
fn full_names(row: &Row) -> Vec<String> {
    let parts: Vec<&str> = row
        .values
        .iter()
        .filter_map(Value::as_text)
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect();
    let mut names: Vec<String> =
        parts.iter().filter(|part| part.contains(' ')).map(|part| (*part).to_owned()).collect();
    if parts.len() == 2 && names.is_empty() {
        names.push(parts.join(" "));
    }
    names
}

/// The columns of a table that the map knows, in the table's order.
fn mapped_columns(table: &model::Table, collection: &Collection) -> Vec<String> {
    table
        .columns
        .iter()
        .filter(|column| collection.field(&column.name).is_some())
        .map(|column| column.name.clone())
        .collect()
}

/// Names that stand before somebody else's address in the rows to be handed out: people who are in
/// no table, and in text only.
async fn names_beside_addresses(
    open: &Open,
    graph: &Graph<'_>,
    case: &Case,
    system: &str,
    subject: &Subject,
) -> connect::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (place, rows) in case.rows().places().filter(|(place, _)| place.system == system) {
        let Some(collection) = graph.collection(place) else { continue };
        let table = open.table(collection)?;
        let texts = Open::searched_columns(table, Some(collection));
        let keys: Vec<RowKey> = rows.keys().cloned().collect();
        let mut sink = |batch: Batch| {
            let values = batch.0.iter().flat_map(|row| &row.values);
            for text in values.filter_map(Value::as_bytes).filter_map(detect::readable) {
                let mut findings = Vec::new();
                detect::find_values(text.as_bytes(), &mut findings);
                for found in findings.iter().filter(|f| f.kind == detect::ValueKind::Email) {
                    let address = text.get(found.span.clone()).unwrap_or_default();
                    let address = detect::normal_form(TermKind::Email, address, None);
                    if !subject.addresses.contains(&address) {
                        let before = text.get(..found.span.start).unwrap_or_default();
                        names.extend(display_name(before));
                    }
                }
            }
            Ok(())
        };
        read_rows(open, table, keys, texts, &mut sink).await?;
    }
    Ok(names)
}

/// The name that ends a text right before an address: `"Reed, Tom" <` or `Tom Reed <`.
fn display_name(before: &str) -> Option<String> {
    let before = before.strip_suffix('<')?.trim_end();
    let name = match before.strip_suffix('"') {
        Some(quoted) => quoted.rsplit('"').next()?,
        None => before.rsplit([',', ':', ';', '\n', '>', '"']).next()?,
    };
    let name = name.trim();
    let words = name.split_whitespace().count();
    // "Ludwig van Beethoven" is a name, "write to" is not.
    let capital = |word: Option<&str>| {
        word.and_then(|word| word.chars().next()).is_some_and(|c| !c.is_lowercase())
    };
    let named = capital(name.split_whitespace().next()) && capital(name.split_whitespace().last());
    let plain = name.chars().all(|c| c.is_alphabetic() || " ,.'’-".contains(c));
    ((2..=4).contains(&words) && named && plain && name.len() <= 80).then(|| name.to_owned())
}

/// A searcher for names as they stand, in every order in which they are written.
fn full_name_searcher(names: BTreeSet<String>, country_code: Option<&str>) -> Searcher {
    // Full names only: a bare given name is half the town. So each spelling is searched for as it
    // stands, and not as a name, which would bring its parts along.
    let terms = names
        .into_iter()
        .flat_map(|name| {
            let turned = name
                .split_once(',')
                .map(|(family, given)| format!("{} {}", given.trim(), family.trim()));
            detect::name_forms(turned.as_deref().unwrap_or(&name))
        })
        .filter(|form| form.contains(' '))
        .map(|form| Term::new(TermKind::Address, form))
        .collect();
    let options = SearchOptions { default_country_code: country_code.map(str::to_owned) };
    Searcher::new(&[PersonTerms { terms }], &options)
}

/// Hands the rows of one system out.
pub(crate) async fn hand_out(
    open: &Open,
    graph: &Graph<'_>,
    case: &Case,
    system: &str,
    subject: &Subject,
    others: &Others,
    to: &mut dyn HandOut,
) -> connect::Result<Gathered> {
    let mut gathered = Gathered::default();
    for (place, rows) in case.rows().places().filter(|(place, _)| place.system == system) {
        let Some(collection) = graph.collection(place) else { continue };
        // A row that only stands in the same conversation and names nobody is not the person's.
        let rows: BTreeMap<&RowKey, &FoundRow> = rows
            .iter()
            .filter(|(_, row)| row.tie < Tie::Mention || !row.named_in.is_empty())
            .collect();
        if rows.is_empty() {
            continue;
        }
        let table = open.table(collection)?;
        let columns = mapped_columns(table, collection);
        let mut how: Vec<String> = rows.values().map(|row| row.by.clone()).collect();
        how.sort();
        how.dedup();
        let stop = |error: std::io::Error| connect::Error::Stopped(error.kind().to_string());
        to.place(place, collection, &columns, &how).map_err(stop)?;
        let keys: Vec<RowKey> = rows.keys().map(|key| (*key).clone()).collect();
        let mut count = 0;
        let mut covered = 0;
        let mut sink = |batch: Batch| {
            for row in batch.0 {
                let Some(found) = rows.get(&row.key) else { continue };
                let file_name = file_name(collection, &columns, &row);
                let showing = Showing { collection, table, found, subject, others, file_name };
                let mut fields = Vec::with_capacity(columns.len());
                for (column, value) in columns.iter().zip(row.values) {
                    let (field, times) = shown(&showing, column, value);
                    covered += times;
                    fields.push(field);
                }
                to.row(HandedRow { tie: found.tie, fields }).map_err(stop)?;
                model::crash::site("engine.hand_out.row");
                count += 1;
            }
            Ok(())
        };
        read_rows(open, table, keys, columns.clone(), &mut sink).await?;
        gathered.rows.insert(place.collection.clone(), count);
        gathered.redacted_others += covered;
    }
    Ok(gathered)
}

/// A row about to be handed out.
struct Showing<'s> {
    collection: &'s Collection,
    table: &'s model::Table,
    found: &'s FoundRow,
    subject: &'s Subject,
    others: &'s Others,
    file_name: Option<String>,
}

/// What is shown of one value, and how often somebody else was covered in it.
fn shown(showing: &Showing<'_>, column: &str, value: Value) -> (HandedField, u64) {
    let Showing { collection, table, found, subject, others, .. } = *showing;
    let plain = |field| (field, 0);
    let withheld = |why| plain(HandedField::Withheld(why));
    let Some(field) = collection.field(column) else { return withheld("not in the map") };
    if value.is_null() {
        return plain(HandedField::Value(value));
    }
    if is_secret(field) {
        return withheld(SECRET);
    }
    // Of a row that only names the person, what says something about them: the fields that name
    // them, and what people wrote beside.
    if found.tie == Tie::Mention
        && !found.named_in.contains(column)
        && !field.primary_key
        && !field.free_text
    {
        return withheld("this row names you only in other fields");
    }
    let data_type = table.column(column).map(|column| column.data_type);
    let bears_text = data_type.is_none_or(DataType::bears_text);
    let Some(bytes) = value.as_bytes().filter(|_| bears_text) else {
        return plain(HandedField::Value(value));
    };
    let Some(text) = detect::readable(bytes) else {
        if found.tie > Tie::Authored {
            return withheld("a file that others supplied and that may show other people");
        }
        let name = showing.file_name.clone();
        return plain(HandedField::File { name, bytes: bytes.to_vec() });
    };
    if detect::secret_like(&text) {
        return withheld(SECRET);
    }
    // The person's own record holds nobody else's name; what people wrote may.
    if found.tie == Tie::Own && !field.free_text {
        return plain(HandedField::Value(Value::Text(text)));
    }
    let (clean, mut covered) =
        detect::redact_others(text.as_bytes(), &subject.near, &others.searcher, COVER);
    let mut clean = String::from_utf8_lossy(&clean).into_owned();
    if found.tie >= Tie::Shared {
        let (typed, times) = detect::cover_typed_values(&clean, &subject.near, COVER);
        clean = typed;
        covered += times;
    }
    (HandedField::Value(Value::Text(clean)), covered)
}

const SECRET: &str = "a secret: a copy of it would open a door";

/// Whether a field holds what opens doors, by its category or, where nobody classified it, its name.
fn is_secret(field: &Field) -> bool {
    const WORDS: [&str; 16] = [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "private_key",
        "privatekey",
        "api_key",
        "apikey",
        "otp",
        "totp",
        "security_answer",
        "remember_me",
        "session_key",
        "credential",
    ];
    let name = field.name.to_lowercase();
    field.categories.iter().any(|c| c.starts_with("user.authorization") || c.contains("password"))
        || WORDS.iter().any(|word| name.contains(word))
        || name == "pin"
        || name.ends_with("_pin")
}

/// The name that a row gives its file.
fn file_name(collection: &Collection, columns: &[String], row: &Row) -> Option<String> {
    columns
        .iter()
        .zip(&row.values)
        .find(|(column, _)| {
            let name = column.to_lowercase();
            name.contains("filename")
                || name.contains("file_name")
                || (collection.field(column).is_some() && name == "name")
        })
        .and_then(|(_, value)| value.as_text())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::display_name;

    #[test]
    fn a_name_before_an_address_is_read_as_mails_write_it() {
        for (before, name) in [
            ("Cc: \"Reed, Tom\" <", Some("Reed, Tom")),
            ("Cc: Bob Roe <bob@x.example>, Zoë Müller <", Some("Zoë Müller")),
            ("To: Tom O’Neill <", Some("Tom O’Neill")),
            ("write to <", None),
            ("From: support <", None),
            ("ask bob@x.example or ", None),
        ] {
            assert_eq!(display_name(before).as_deref(), name, "{before}");
        }
    }
}
