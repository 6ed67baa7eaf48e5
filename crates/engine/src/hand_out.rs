//! Handing people's data out, to each their own, with everybody else's taken out of it.
//!
//! The rows of many people are read together, place by place. What fits into memory is read once and
//! worked through side by side, person by person; what does not is read twice, in order, and
//! nothing of it is held.

use std::collections::{BTreeMap, BTreeSet};

use detect::Words;
use model::{DataType, Row, RowKey, Value, planted};
use plan::{Case, FoundRow, Gathered, Graph, Place};
use policy::{Collection, Field, System, Tie};

use crate::driver::Progress;
use crate::open::Open;
use crate::others::{COVER, NameBook, Others, is_among, names_among, names_beside_addresses};
use crate::page::{Page, Read, pages};
use crate::side_by_side;
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

/// Somebody to whom everything that is theirs is handed out.
pub(crate) struct Guest<'g> {
    case: &'g Case,
    subject: Subject,
    country_code: Option<String>,
    to: &'g mut dyn HandOut,
    /// What came of each system that is handed out; `Err` once something of it failed.
    told: BTreeMap<String, Result<Gathered, String>>,
    /// The words of the texts out of which others are taken.
    words: Words,
    /// Others who stand in them.
    names: BTreeSet<String>,
    others: Option<Others>,
    /// The place whose rows are being handed out.
    begun: Option<Place>,
}

impl<'g> Guest<'g> {
    pub(crate) fn new(
        case: &'g Case,
        systems: BTreeSet<String>,
        to: &'g mut dyn HandOut,
        country_code: Option<&str>,
    ) -> Self {
        Self {
            case,
            subject: Subject::new(case.terms(), country_code),
            country_code: country_code.map(str::to_owned),
            to,
            told: systems.into_iter().map(|system| (system, Ok(Gathered::default()))).collect(),
            words: Words::of_about(0),
            names: BTreeSet::new(),
            others: None,
            begun: None,
        }
    }

    /// What came of each system.
    pub(crate) fn told(self) -> BTreeMap<String, Result<Gathered, String>> {
        self.told
    }

    /// Whether something of this system is handed out, and nothing of it has failed.
    fn is_fed_from(&self, system: &str) -> bool {
        self.told.get(system).is_some_and(Result::is_ok)
    }

    fn fail(&mut self, system: &str, why: &str) {
        if let Some(told) = self.told.get_mut(system) {
            *told = Err(why.to_owned());
        }
    }

    /// Who else stands in the texts cannot be told: nothing is handed out.
    fn fail_all(&mut self, why: &str) {
        self.told.values_mut().for_each(|told| *told = Err(why.to_owned()));
    }

    /// Notes who else stands in these rows.
    fn take_note(&mut self, page: &Page<'_>, rows: &[Row]) {
        if !self.is_fed_from(&page.place.system) {
            return;
        }
        for (row, found) in self.own_rows(page, rows) {
            for (at, column) in page.texts() {
                let Some(value) = row.values.get(at) else { continue };
                let Some(text) = value.as_bytes().and_then(detect::readable) else { continue };
                names_beside_addresses(&text, &self.subject, &mut self.names);
                let field = page.collection.field(column);
                if is_shown(found) && field.is_some_and(|field| is_covered(found.tie, field)) {
                    self.words.add(text.as_bytes());
                }
            }
        }
    }

    /// The rows among these that have to do with the person. They are in the order of their keys: a
    /// person with few rows among many people's is not asked about each of theirs.
    fn own_rows<'r, 'p>(
        &self,
        page: &'p Page<'_>,
        rows: &'r [Row],
    ) -> impl Iterator<Item = (&'r Row, &'g FoundRow)> + use<'r, 'g, 'p> {
        let mut rest = rows;
        let case: &'g Case = self.case;
        case.rows().at(page.place).flat_map(move |(key, found)| {
            let (_, from) = rest.split_at(rest.partition_point(|row| row.key < *key));
            // Rows without a key can be alike.
            let (same, later) = from.split_at(from.partition_point(|row| row.key <= *key));
            rest = later;
            same.iter().map(move |row| (row, found))
        })
    }

    /// Hands these rows out, as far as they are the person's.
    fn feed(&mut self, page: &Page<'_>, rows: &[Row]) {
        let system = &page.place.system;
        if !self.is_fed_from(system) {
            return;
        }
        if let Err(error) = self.try_feed(page, rows) {
            let why = connect::Error::Stopped(error.kind().to_string()).to_string();
            self.fail(system, &why);
        }
    }

    fn try_feed(&mut self, page: &Page<'_>, rows: &[Row]) -> std::io::Result<()> {
        if self.begun.as_ref() != Some(page.place) {
            let shown = self.case.rows().at(page.place).filter(|(_, row)| is_shown(row));
            let how: BTreeSet<&str> = shown.map(|(_, row)| &*row.by).collect();
            if how.is_empty() {
                return Ok(());
            }
            let how: Vec<String> = how.into_iter().map(str::to_owned).collect();
            self.to.place(page.place, page.collection, page.mapped(), &how)?;
            self.begun = Some(page.place.clone());
            self.count(page, 0, 0);
        }
        let Some(others) = self.others.take() else { return Ok(()) };
        let (mut count, mut covered) = (0, 0);
        let fed = self.own_rows(page, rows).filter(|(_, found)| is_shown(found));
        let fed = fed.map(|(row, found)| {
            let columns = page.mapped();
            let file_name = file_name(page.collection, columns, row);
            let (collection, table, subject) = (page.collection, page.table, &self.subject);
            let showing = Showing { collection, table, found, subject, others: &others, file_name };
            let mut fields = Vec::with_capacity(columns.len());
            for (column, value) in columns.iter().zip(&row.values) {
                let (field, times) = shown(&showing, column, value.clone());
                covered += times;
                fields.push(field);
            }
            HandedRow { tie: found.tie, fields }
        });
        let mut result = Ok(());
        for row in fed {
            result = self.to.row(row);
            model::crash::site("engine.hand_out.row");
            if result.is_err() {
                break;
            }
            count += 1;
        }
        self.others = Some(others);
        self.count(page, count, covered);
        result
    }

    fn count(&mut self, page: &Page<'_>, rows: u64, covered: u64) {
        if let Some(Ok(gathered)) = self.told.get_mut(&page.place.system) {
            *gathered.rows.entry(page.place.collection.clone()).or_default() += rows;
            gathered.redacted_others += covered;
        }
    }
}

/// Hands the rows of all systems that are open out, to each guest what is theirs.
pub(crate) async fn hand_out(
    opened: &BTreeMap<String, Open>,
    systems: &[System],
    graph: &Graph<'_>,
    guests: &mut [Guest<'_>],
    mut book: Option<&mut NameBook>,
    progress: &dyn Progress,
) {
    for guest in &mut *guests {
        guest.told.retain(|system, _| opened.contains_key(system));
    }
    let most = guests.iter().map(|guest| guest.case.rows().len()).max().unwrap_or_default();
    let mut words = Words::of_about(most);
    guests.iter_mut().for_each(|guest| guest.words = words.clone());
    let mut places: BTreeMap<&Place, BTreeSet<&RowKey>> = BTreeMap::new();
    for guest in &*guests {
        let rows = guest.case.rows().places();
        for (place, rows) in rows.filter(|(place, _)| guest.is_fed_from(&place.system)) {
            places.entry(place).or_default().extend(rows.keys());
        }
    }
    let mut failed: Vec<(Place, String)> = Vec::new();
    let pages = pages(opened, graph, places, &mut failed);
    let told: BTreeSet<&str> = pages.iter().map(|page| page.place.system.as_str()).collect();
    told.into_iter().for_each(|system| progress.step(system, "handing out"));

    // First who else stands in it, then what is handed out.
    let mut held: Option<Vec<Vec<Row>>> = Read::of_all(opened, &pages, &mut failed).await;
    match &held {
        Some(held) => side_by_side(guests, |guest| {
            for (page, rows) in pages.iter().zip(held) {
                guest.take_note(page, rows);
            }
        }),
        None => {
            for page in &pages {
                let mut note = |rows: Vec<Row>| {
                    guests.iter_mut().for_each(|guest| guest.take_note(page, &rows));
                    Ok(())
                };
                if let Err(error) = Read::in_order(opened, page, &mut note).await {
                    failed.push((page.place.clone(), error.to_string()));
                }
            }
        }
    }
    for (place, why) in &failed {
        let concerned = |guest: &&mut Guest<'_>| guest.case.rows().at(place).next().is_some();
        guests.iter_mut().filter(concerned).for_each(|guest| guest.fail_all(why));
    }
    guests.iter().for_each(|guest| words.absorb(&guest.words));
    for system in systems {
        let asks = |guest: &&mut Guest<'_>| guest.is_fed_from(&system.key);
        let Some(open) = opened.get(&system.key) else { continue };
        if words.is_empty() || !guests.iter_mut().any(|guest| asks(&guest)) {
            continue;
        }
        match names_among(&words, open, system, book.as_deref_mut()).await {
            Ok(names) => guests.iter_mut().filter(asks).for_each(|guest| {
                let among = names.iter().filter(|name| is_among(name, &guest.words));
                guest.names.extend(among.cloned());
            }),
            Err(error) => {
                let why = error.to_string();
                guests.iter_mut().filter(asks).for_each(|guest| guest.fail_all(&why));
            }
        }
    }
    side_by_side(guests, |guest| {
        let names = std::mem::take(&mut guest.names);
        let others = Others::new(names, &guest.subject, guest.country_code.as_deref());
        guest.others = Some(others);
        for (page, rows) in pages.iter().zip(held.iter().flatten()) {
            guest.feed(page, rows);
        }
    });
    if held.take().is_some() {
        return;
    }
    for page in &pages {
        let mut feed = |rows: Vec<Row>| {
            guests.iter_mut().for_each(|guest| guest.feed(page, &rows));
            Ok(())
        };
        if let Err(error) = Read::in_order(opened, page, &mut feed).await {
            let why = error.to_string();
            let concerned = |guest: &&mut Guest<'_>| {
                guest.case.rows().at(page.place).any(|(_, row)| is_shown(row))
            };
            let system = &page.place.system;
            guests.iter_mut().filter(concerned).for_each(|guest| guest.fail(system, &why));
        }
    }
}

/// A row that only stands in the same conversation and names nobody is not the person's.
fn is_shown(row: &FoundRow) -> bool {
    row.tie < Tie::Mention || !row.named_in.is_empty()
}

/// Whether others are taken out of this field. The person's own record holds nobody else's name; what
/// people wrote may.
fn is_covered(tie: Tie, field: &Field) -> bool {
    tie != Tie::Own || field.free_text
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
    if !is_covered(found.tie, field) || planted::bug("others_are_not_covered") {
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
