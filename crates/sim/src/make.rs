//! Making a world from a seed: which systems there are, how they are mapped, who is in them.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Catalogue, Column, DataType, DeclaredReference, IdentityKind, Micros, Product, RowKey, Table,
    TableName, UniqueKey, Value,
};
use plan::Place;
use policy::{
    Collection, CountFrom, Disposal, EraseField, EraseRows, Field, FieldPath, Keep, Period,
    PeriodUnit, Reference, Retain, System, Tie, Travel, When,
};

use crate::base::Base;
use crate::chance::Dice;
use crate::people::{CAST, Form, IN_TEXT, NEIGHBOURS, OFFICE, Part, named, text};
use crate::time::{DAY, day_text, days_of, moment_text, years_ago};
use crate::world::{Truth, World};

/// The moment at which every story begins.
pub const NOW: Micros = Micros(days_of(2026, 11, 23) * DAY + 43_200_000_000);

const WORDS: [&str; 12] = [
    "please call about the printer",
    "the order arrived late",
    "wrote on Monday and asked for",
    "said that all is well",
    "left a message",
    "wants the invoice sent to",
    "thanks",
    "the door was open",
    "see the notes of",
    "forwarded by",
    "no answer yet",
    "and copied it to",
];

/// A column with its field of the map.
struct Col {
    field: Field,
    data_type: DataType,
    nullable: bool,
    unique: bool,
    loose: bool,
}

const TEXT: DataType = DataType::Text { max_chars: None };

fn col(name: &str, data_type: DataType, category: &str) -> Col {
    let field = Field {
        name: name.to_owned(),
        title: None,
        categories: vec![category.to_owned()],
        class: None,
        identity: None,
        primary_key: false,
        data_type: None,
        free_text: false,
        erase: None,
        references: Vec::new(),
    };
    Col { field, data_type, nullable: true, unique: false, loose: false }
}

fn id() -> Col {
    let mut id = col("id", DataType::Integer, "system");
    id.field.primary_key = true;
    id.nullable = false;
    id
}

fn free(name: &str) -> Col {
    let mut free = col(name, TEXT, "user.content");
    free.field.free_text = true;
    free
}

fn leads(name: &str, system: &str, to: &str, travel: Travel, tie: Tie) -> Col {
    let mut leads = col(name, DataType::Integer, "system");
    leads.field.references.push(Reference {
        to: FieldPath { system: system.into(), collection: to.into(), field: "id".into() },
        also: Vec::new(),
        travel,
        when: Vec::new(),
        tie,
        inferred: None,
    });
    leads
}

fn years(count: u32) -> Period {
    Period { count, unit: PeriodUnit::Years }
}

/// A cell to be put into a row.
enum Cell {
    Plain(Value),
    Said(Vec<Part>),
}

fn int(number: i64) -> Cell {
    Cell::Plain(Value::Int(number))
}

fn word(text: &str) -> Cell {
    Cell::Plain(Value::from(text))
}

fn one(who: usize, form: Form) -> Cell {
    Cell::Said(vec![Part::Named(who, form)])
}

struct Maker<'m> {
    dice: &'m Dice,
    who: usize,
    office: bool,
    system: System,
    tables: Vec<Table>,
    rows: BTreeMap<TableName, BTreeMap<RowKey, Vec<Value>>>,
    truth: BTreeMap<(Place, RowKey), Truth>,
    contacts: BTreeMap<usize, i64>,
}

/// The world of a seed.
pub fn make(seed: u64) -> World {
    let dice = Dice::new(seed, "world");
    let who = dice.below(4);
    let office = dice.happens(15);
    let mut world = World {
        systems: Vec::new(),
        bases: BTreeMap::new(),
        truth: BTreeMap::new(),
        who,
        office,
        now: NOW,
        holds: Vec::new(),
    };
    let count = 1 + dice.below(3);
    for key in ["crm", "desk", "shop"].iter().take(count) {
        let mut maker = Maker {
            dice: &dice,
            who,
            office,
            system: system(key),
            tables: Vec::new(),
            rows: BTreeMap::new(),
            truth: BTreeMap::new(),
            contacts: BTreeMap::new(),
        };
        maker.fill(*key == "crm");
        let Maker { mut system, mut tables, rows, truth, .. } = maker;
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        let tables_here = Catalogue {
            product: Product::Sqlite,
            version: "sim".into(),
            database: (*key).into(),
            tables,
        };
        if dice.happens(20) && count > 1 && *key == "desk" {
            for collection in &mut system.collections {
                collection.erase_after.push("crm.contacts".to_owned());
            }
        }
        world.bases.insert((*key).to_owned(), Base { catalogue: tables_here, rows });
        world.truth.extend(truth);
        world.systems.push(system);
    }
    world
}

fn system(key: &str) -> System {
    System {
        key: key.to_owned(),
        title: key.to_owned(),
        application: None,
        schema: None,
        purposes: Vec::new(),
        source: None,
        backups: None,
        recipients: Vec::new(),
        region: None,
        mechanism: None,
        accounts: BTreeMap::new(),
        at_rest: None,
        collections: Vec::new(),
    }
}

impl Maker<'_> {
    fn fill(&mut self, first: bool) {
        if first || self.dice.happens(75) {
            self.people(first);
        }
        if self.dice.happens(65) {
            self.tickets();
            if self.dice.happens(70) {
                self.comments();
            }
        }
        if self.dice.happens(45) {
            self.invoices();
        }
        if self.dice.happens(55) {
            self.visits();
        }
        if self.dice.happens(25) {
            self.seats();
        }
        if self.dice.happens(20) {
            self.archive();
        }
        if self.dice.happens(5) {
            self.unmapped();
        }
    }

    /// Adds a table to the database and, with `collection`, to the map.
    fn table(&mut self, name: &str, cols: Vec<Col>, collection: Option<Collection>, bound: bool) {
        let mut table = Table {
            name: TableName::new("", name),
            is_view: false,
            about_rows: 0,
            columns: Vec::new(),
            primary_key: vec!["id".to_owned()],
            unique: Vec::new(),
            references: Vec::new(),
            triggers: Vec::new(),
        };
        let mut fields = Vec::new();
        for col in cols {
            let name = col.field.name.clone();
            table.columns.push(Column {
                name: name.clone(),
                native_type: format!("{:?}", col.data_type),
                data_type: col.data_type,
                nullable: col.nullable,
                has_default: false,
                generated: false,
                loose_collation: col.loose,
                updates_itself: false,
                comment: None,
            });
            if col.unique {
                let columns = vec![name.clone()];
                table.unique.push(UniqueKey { name: name.clone(), columns, folds_case: false });
            }
            for reference in col.field.references.iter().filter(|_| bound) {
                table.references.push(DeclaredReference {
                    name: format!("{name}_leads"),
                    columns: vec![name.clone()],
                    to: TableName::new("", &reference.to.collection),
                    to_columns: vec!["id".to_owned()],
                    cascades: false,
                });
            }
            fields.push(col.field);
        }
        self.rows.insert(table.name.clone(), BTreeMap::new());
        self.tables.push(table);
        if let Some(mut collection) = collection {
            collection.fields = fields;
            self.system.collections.push(collection);
        }
    }

    fn row(&mut self, table: &str, own: &[usize], authored: &[usize], cells: Vec<Cell>) -> i64 {
        let name = TableName::new("", table);
        let rows = self.rows.entry(name).or_default();
        let next = rows.len() as i64 + 1;
        let mut truth = Truth {
            own: own.iter().copied().collect(),
            authored: authored.iter().copied().collect(),
            ..Truth::default()
        };
        for cell in std::iter::once(int(next)).chain(cells) {
            let (value, parts) = match cell {
                Cell::Plain(value) => (value, Vec::new()),
                Cell::Said(parts) => (Value::Text(text(&parts)), parts),
            };
            truth.before.push(value);
            truth.parts.push(parts);
        }
        let key = RowKey(vec![Value::Int(next)]);
        rows.insert(key.clone(), truth.before.clone());
        self.truth.insert((Place::new(&self.system.key, table), key), truth);
        next
    }

    /// Somebody: the person of the story more often than others.
    fn somebody(&self) -> usize {
        if self.dice.happens(40) { self.who } else { self.dice.below(CAST.len()) }
    }

    fn said(&self) -> Cell {
        Cell::Said(said(self.dice, &|dice| {
            if dice.happens(45) { self.who } else { dice.below(CAST.len()) }
        }))
    }

    /// A moment in the past, often at a limit or a second beside it.
    fn moment(&self) -> Micros {
        let limit = years_ago(NOW, self.dice.between(5, 8)).0;
        Micros(match self.dice.below(6) {
            0 => limit,
            1 => limit - 1_000_000,
            2 => limit + 1_000_000,
            3 => limit - DAY * self.dice.between(1, 900),
            _ => limit + DAY * self.dice.between(1, 1_500),
        })
    }

    /// A day in the past, often at a limit or beside it.
    fn day(&self) -> Cell {
        if self.dice.happens(6) {
            return Cell::Plain(if self.dice.happens(50) { Value::Null } else { "soon".into() });
        }
        let near = years_ago(NOW, self.dice.between(6, 8)).0 + DAY * self.dice.between(-1, 1);
        Cell::Plain(Value::Text(day_text(Micros(match self.dice.below(4) {
            0 | 1 => near,
            2 => near - DAY * self.dice.between(2, 900),
            _ => near + DAY * self.dice.between(2, 1_500),
        }))))
    }

    fn keep(&self, collection: &mut Collection, percent: usize, from: &str, low: i64, high: i64) {
        if self.dice.happens(percent) {
            let count = u32::try_from(self.dice.between(low, high)).unwrap_or(7);
            let (from, because) = (from.to_owned(), "tax law".to_owned());
            collection.keep.push(Keep { period: years(count), from, because, inferred: None });
        }
    }

    fn people(&mut self, first: bool) {
        let dice = self.dice;
        let mut collection = collection("contacts");
        if dice.happens(20) {
            collection.erase = EraseRows::Delete;
        }
        self.keep(&mut collection, 15, "made_on", 6, 8);
        let by_login = !first && dice.happens(35);
        let mut email = col("email", TEXT, "user.contact.email");
        email.field.identity = (!by_login).then_some(IdentityKind::Email);
        email.nullable = dice.happens(60);
        email.unique = !email.nullable && dice.happens(50);
        email.loose = dice.happens(40);
        if dice.happens(15) {
            email.field.erase = Some(EraseField::Pseudonym);
        }
        let mut name = col("name", TEXT, "user.name");
        name.nullable = dice.happens(50);
        let mut phone = col("phone", TEXT, "user.contact.phone_number");
        phone.field.identity = dice.happens(50).then_some(IdentityKind::Phone);
        let mut login = col("login", TEXT, "user.account.username");
        login.field.identity = Some(IdentityKind::UserName);
        login.loose = dice.happens(30);
        let mut theme = col("theme", TEXT, "user.settings");
        theme.field.erase = dice.happens(10).then(|| EraseField::Keep("statistics".into()));
        let columns = vec![
            id(),
            email,
            name,
            phone,
            login,
            theme,
            free("remarks"),
            col("made_on", DataType::Date, "system"),
        ];
        self.table("contacts", columns, Some(collection), false);
        for who in 0..CAST.len() {
            let there = if who == self.who { first || dice.happens(75) } else { dice.happens(70) };
            if !there {
                continue;
            }
            let shares = self.office && (who == self.who || who == self.who + 1);
            let cells = vec![
                match (by_login, dice.happens(20)) {
                    (true, _) => Cell::Plain(Value::Text(format!("u{who}@void.invalid"))),
                    (false, true) => one(who, Form::EmailLoud),
                    (false, false) => one(who, Form::Email),
                },
                one(who, Form::Name),
                match (shares, dice.happens(50)) {
                    (true, _) => word(OFFICE),
                    (false, true) => one(who, Form::Phone),
                    (false, false) => Cell::Plain(Value::Null),
                },
                one(who, Form::Login),
                word(dice.pick(&["dark", "light", "large"]).copied().unwrap_or("dark")),
                if dice.happens(40) { self.said() } else { Cell::Plain(Value::Null) },
                self.day(),
            ];
            let made = self.row("contacts", &[who], &[], cells);
            self.contacts.insert(who, made);
        }
    }

    /// A person's number here, or nothing.
    fn contact(&self, who: usize) -> (Option<usize>, Cell) {
        match self.contacts.get(&who) {
            Some(number) => (Some(who), int(*number)),
            None => (None, Cell::Plain(Value::Null)),
        }
    }

    fn to_contacts(&self, name: &str, travel: Travel, tie: Tie) -> Col {
        if self.contacts.is_empty() {
            return col(name, DataType::Integer, "system");
        }
        leads(name, &self.system.key, "contacts", travel, tie)
    }

    fn contacts_are_deleted(&self) -> bool {
        self.system.collection("contacts").is_none_or(|c| c.erase == EraseRows::Delete)
    }

    fn tickets(&mut self) {
        let dice = self.dice;
        let mut tickets = collection("tickets");
        self.keep(&mut tickets, 20, "opened_at", 6, 8);
        if dice.happens(70) {
            let when = vec![When { column: "state".into(), any_of: vec!["closed".into()] }];
            tickets.retain.push(Retain {
                max: years(u32::try_from(dice.between(5, 7)).unwrap_or(7)),
                from: CountFrom::Column("closed_at".into()),
                method: if dice.happens(75) { Disposal::Delete } else { Disposal::Anonymise },
                when: if dice.happens(70) { when } else { Vec::new() },
                with: if dice.happens(70) { vec!["comments".into()] } else { Vec::new() },
                inferred: None,
            });
        }
        let owner = self.to_contacts("owner", Travel::Both, Tie::Own);
        let bound = !self.contacts_are_deleted() && dice.happens(50);
        let columns = vec![
            id(),
            owner,
            free("title"),
            free("body"),
            col("opened_at", DataType::Timestamp, "system"),
            col("closed_at", DataType::Timestamp, "system"),
            col("state", TEXT, "system"),
        ];
        self.table("tickets", columns, Some(tickets), bound);
        for _ in 0..dice.below(7) {
            let (who, owner) = self.contact(self.somebody());
            let opened = self.moment();
            let closed = Micros(opened.0 + if dice.happens(50) { 0 } else { DAY * 30 });
            let closed = if dice.happens(15) {
                Cell::Plain(Value::Null)
            } else {
                Cell::Plain(Value::Text(moment_text(closed)))
            };
            let cells = vec![
                owner,
                self.said(),
                self.said(),
                Cell::Plain(Value::Text(moment_text(opened))),
                closed,
                word(if dice.happens(70) { "closed" } else { "open" }),
            ];
            let own: Vec<usize> = who.into_iter().collect();
            self.row("tickets", &own, &[], cells);
        }
    }

    fn comments(&mut self) {
        let dice = self.dice;
        let mut comments = collection("comments");
        if dice.happens(15) {
            comments.erase = EraseRows::Delete;
        }
        self.keep(&mut comments, 30, "written_at", 5, 8);
        let tie = if dice.happens(30) { Tie::Own } else { Tie::Shared };
        // Where a comment made its ticket the commentator's own, the map would be wrong.
        let climbs = tie != Tie::Own && dice.happens(60);
        let travel = if climbs { Travel::Both } else { Travel::Here };
        let ticket = leads("ticket", &self.system.key, "tickets", travel, tie);
        let author = self.to_contacts("author", Travel::Here, Tie::Authored);
        let columns = vec![
            id(),
            ticket,
            author,
            free("body"),
            col("written_at", DataType::Timestamp, "system"),
        ];
        let bound = !self.contacts_are_deleted() && dice.happens(60);
        self.table("comments", columns, Some(comments), bound);
        let tickets = self.rows.get(&TableName::new("", "tickets")).map_or(0, BTreeMap::len);
        for _ in 0..dice.below(9) {
            if tickets == 0 {
                break;
            }
            let number = dice.below(tickets) as i64 + 1;
            let at = (Place::new(&self.system.key, "tickets"), RowKey(vec![Value::Int(number)]));
            let own: Vec<usize> = match (tie, self.truth.get(&at)) {
                (Tie::Own, Some(truth)) => truth.own.iter().copied().collect(),
                _ => Vec::new(),
            };
            let (who, author) = self.contact(self.somebody());
            let authored: Vec<usize> = who.into_iter().collect();
            let written = Cell::Plain(Value::Text(moment_text(self.moment())));
            self.row("comments", &own, &authored, vec![int(number), author, self.said(), written]);
        }
    }

    fn invoices(&mut self) {
        let dice = self.dice;
        let mut invoices = collection("invoices");
        self.keep(&mut invoices, 65, "issued_on", 7, 7);
        if dice.happens(60) {
            invoices.retain.push(Retain {
                max: years(u32::try_from(dice.between(6, 8)).unwrap_or(7)),
                from: CountFrom::Column("issued_on".into()),
                method: Disposal::Delete,
                when: Vec::new(),
                with: Vec::new(),
                inferred: None,
            });
        }
        let columns = vec![
            id(),
            self.to_contacts("payer", Travel::Both, Tie::Own),
            col("recipient", TEXT, "user.name"),
            col("issued_on", DataType::Date, "system"),
            col("total", DataType::Integer, "system"),
        ];
        let bound = !self.contacts_are_deleted() && dice.happens(50);
        self.table("invoices", columns, Some(invoices), bound);
        for _ in 0..dice.below(5) {
            let whose = self.somebody();
            let (who, payer) = self.contact(whose);
            let own: Vec<usize> = who.into_iter().collect();
            let recipient = match who {
                Some(who) => one(who, Form::Name),
                None => Cell::Said(vec![Part::Words("cash sale")]),
            };
            let day = self.day();
            let total = int(dice.between(10, 500));
            self.row("invoices", &own, &[], vec![payer, recipient, day, total]);
        }
    }

    fn visits(&mut self) {
        let dice = self.dice;
        let mut visits = collection("visits");
        if dice.happens(80) {
            let by = vec!["kind".to_owned()];
            let methods = [
                Disposal::Delete,
                Disposal::Anonymise,
                Disposal::Redact,
                Disposal::Aggregate { by },
            ];
            visits.retain.push(Retain {
                max: years(u32::try_from(dice.between(5, 7)).unwrap_or(7)),
                from: CountFrom::Column("at".into()),
                method: dice.pick(&methods).cloned().unwrap_or(Disposal::Delete),
                when: Vec::new(),
                with: Vec::new(),
                inferred: None,
            });
        }
        let mut who = col("who", TEXT, "user.contact.email");
        who.nullable = dice.happens(60);
        let columns = vec![
            id(),
            free("line"),
            who,
            col("kind", TEXT, "system"),
            col("at", DataType::Timestamp, "system"),
        ];
        self.table("visits", columns, Some(visits), false);
        for _ in 0..dice.below(12) {
            let somebody = self.somebody();
            let who = if dice.happens(50) {
                one(somebody, Form::Email)
            } else {
                Cell::Said(vec![Part::Words("guest@void.invalid")])
            };
            let kind = word(if dice.happens(50) { "web" } else { "shop" });
            let at = Cell::Plain(Value::Text(moment_text(self.moment())));
            let line = self.said();
            self.row("visits", &[], &[], vec![line, who, kind, at]);
        }
    }

    fn seats(&mut self) {
        let mut seats = collection("seats");
        seats.erase = EraseRows::Delete;
        let columns =
            vec![id(), self.to_contacts("person", Travel::Here, Tie::Shared), free("label")];
        self.table("seats", columns, Some(seats), false);
        for _ in 0..self.dice.below(4) {
            let (_, person) = self.contact(self.somebody());
            let label = self.said();
            self.row("seats", &[], &[], vec![person, label]);
        }
    }

    fn archive(&mut self) {
        let mut archive = collection("archive");
        archive.erase = EraseRows::Nothing("kept for the record".to_owned());
        self.table("archive", vec![id(), free("note")], Some(archive), false);
        for _ in 0..self.dice.below(4) {
            let note = self.said();
            self.row("archive", &[], &[], vec![note]);
        }
    }

    fn unmapped(&mut self) {
        self.table("trail", vec![id(), free("line")], None, false);
        for _ in 0..self.dice.below(3) {
            let line = self.said();
            self.row("trail", &[], &[], vec![line]);
        }
    }
}

fn collection(name: &str) -> Collection {
    Collection {
        name: name.to_owned(),
        title: name.to_owned(),
        table: TableName::new("", name),
        erase: EraseRows::Fields,
        keep: Vec::new(),
        class: None,
        retain: Vec::new(),
        source: None,
        soft_delete: None,
        skip: None,
        erase_after: Vec::new(),
        fields: Vec::new(),
    }
}

/// A text that names somebody, several or nobody.
pub fn said(dice: &Dice, somebody: &dyn Fn(&Dice) -> usize) -> Vec<Part> {
    let words = |dice: &Dice| Part::Words(dice.pick(&WORDS).copied().unwrap_or("thanks"));
    let mut parts = vec![words(dice)];
    for _ in 0..dice.below(3) {
        let form = dice.pick(&IN_TEXT).copied().unwrap_or(Form::Email);
        let who = somebody(dice);
        // A neighbour's address that holds a name of the person stands as it is: encoded, its parts
        // pass for bare names.
        let form = match form {
            Form::EmailQuoted | Form::EmailEntity if who >= NEIGHBOURS => Form::Email,
            form => form,
        };
        parts.push(Part::Named(who, form));
        parts.push(words(dice));
    }
    parts
}

/// The identifiers by which a request names the person, and what is known by them.
pub fn identities(
    world: &World,
    dice: &Dice,
) -> (Vec<model::Identity>, BTreeSet<crate::people::Known>) {
    use crate::people::Known;
    let Some(person) = CAST.get(world.who) else { return (Vec::new(), BTreeSet::new()) };
    let form = if dice.happens(25) { Form::EmailLoud } else { Form::Email };
    let mut given = vec![model::Identity::new(IdentityKind::Email, named(person, form))];
    let mut known = BTreeSet::from([Known::Email]);
    if dice.happens(30) {
        given.push(model::Identity::new(IdentityKind::Name, named(person, Form::Name)));
        known.insert(Known::Name);
    }
    if dice.happens(25) {
        given.push(model::Identity::new(IdentityKind::Phone, named(person, Form::PhoneLocal)));
        known.insert(Known::Phone);
    }
    (given, known)
}
