//! A small world in memory that plays the engine: systems, collections and rows, written as text.
//!
//! ```text
//! ask email jane@acme.example            how the person is named; more lines, more identifiers
//! never office@acme.example              an address of the organisation itself
//! down billing at act                    a system that is gone at `find`, `search`, `act`, `verify`
//! trigger crm.contacts crm.audit         old rows are copied there when they change
//! stuck crm.contacts                     a draft that has a problem there
//! now 2026-11-22                         the day of the request
//!
//! crm.contacts                           a collection; `delete`, `nothing`, `skip`, `keep:7:day`
//!   id     key                           a field and what it is
//!   email  identity:email is:user.contact.email
//!   boss   to:crm.contacts.id there shared
//!   | 1 | jane@acme.example | -          a row; `-` is NULL, whole numbers are numbers
//! ```
//!
//! A row may go on with `>`, what it is expected to be to the person, and how it is expected to be
//! left: its cells, `same`, or `gone`. A row without `>` must not be found, and must not change.

#![allow(dead_code, reason = "each test file uses its own part of it")]

use std::collections::{BTreeMap, BTreeSet};

use model::{Identity, IdentityKind, Micros, RowKey, TableName, Value};
use plan::{
    Action, Case, Compare, Drafted, Ending, FieldCount, FoundIn, Gathered, Graph, LearnedTerm,
    Mentioned, MentionedField, Outcome, Phase, Place, PlaceCount, PlaceRows, Problem, Remaining,
    Request, RequestKind, Settings, TermKind, Treatment, treatment,
};
use policy::{
    Also, Collection, EraseField, EraseRows, Field, Inference, Keep, Period, PeriodUnit, Reference,
    System, Tie, Travel, When,
};

/// People, their accounts and their tickets, in three systems.
pub(crate) const THREE_SYSTEMS: &str = r"
    ask email jane@acme.example
    crm.contacts
      id     key
      email  identity:email is:user.contact.email
      name   is:user.name
      login  to:desk.accounts.login own
      | 1 | Jane@acme.example | Jane Doe | jdoe     > own | 1 | - | - | jdoe
      | 2 | bob@acme.example  | Bob Roe  | broe
    desk.accounts
      id     key
      login
      theme  is:user.settings
      | 10 | jdoe | dark       > own | 10 | jdoe | -
      | 11 | broe | light
    tickets.tickets
      id     key
      owner  to:desk.accounts.id own
      title  text
      | 100 | 10 | Printer of Jane Doe is on fire  > own | 100 | 10 | -
      | 101 | 11 | Printer of Bob is on fire
      | 102 | 11 | Jane Doe took my stapler        > mention | 102 | 11 | [erased] took my stapler
";

pub(crate) type Cells = Vec<Value>;
pub(crate) type Tables = BTreeMap<Place, BTreeMap<RowKey, Cells>>;

/// What a story expects of a row.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) tie: Tie,
    /// `None` is gone.
    pub(crate) left: Option<Cells>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) systems: Vec<System>,
    pub(crate) tables: Tables,
    pub(crate) expected: BTreeMap<(Place, RowKey), Expected>,
    pub(crate) ask: Vec<Identity>,
    pub(crate) settings: Settings,
    pub(crate) down: BTreeSet<(String, String)>,
    pub(crate) stuck: BTreeSet<Place>,
    /// Where a changed row of a place is copied to, as it was before.
    pub(crate) triggers: BTreeMap<Place, Place>,
    pub(crate) now: i64,
    /// The steps done so far, in order.
    pub(crate) done: Vec<Action>,
}

fn value(cell: &str, text_type: bool) -> Value {
    match cell.trim() {
        "-" => Value::Null,
        text if !text_type => text.parse().map_or_else(|_| Value::from(text), Value::Int),
        text => Value::from(text),
    }
}

fn path(text: &str) -> policy::FieldPath {
    let mut parts = text.split('.').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_else(|| panic!("`{text}` is no path"));
    policy::FieldPath { system: next(), collection: next(), field: next() }
}

pub(crate) fn place(text: &str) -> Place {
    let (system, collection) = text.split_once('.').unwrap();
    Place::new(system, collection)
}

pub(crate) fn plain_field(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        title: None,
        categories: vec!["system".to_owned()],
        class: None,
        identity: None,
        primary_key: false,
        data_type: None,
        free_text: false,
        erase: None,
        references: Vec::new(),
    }
}

pub(crate) fn plain_collection(name: &str) -> Collection {
    Collection {
        name: name.to_owned(),
        title: name.to_owned(),
        table: TableName::new("", name),
        erase: EraseRows::Fields,
        keep: Vec::new(),
        soft_delete: None,
        skip: None,
        erase_after: Vec::new(),
        class: None,
        retain: Vec::new(),
        source: None,
        fields: Vec::new(),
    }
}

pub(crate) fn plain_system(key: &str) -> System {
    System {
        key: key.to_owned(),
        title: key.to_owned(),
        application: None,
        schema: None,
        purposes: Vec::new(),
        source: None,
        backups: None,
        region: None,
        mechanism: None,
        accounts: Default::default(),
        at_rest: None,
        recipients: Vec::new(),
        collections: Vec::new(),
    }
}

pub(crate) fn reference(to: &str, travel: Travel, tie: Tie) -> Reference {
    let (to, also, when) = (path(to), Vec::new(), Vec::new());
    Reference { to, also, travel, when, tie, inferred: None }
}

fn collection(name: &str, words: &[&str]) -> Collection {
    let mut collection = plain_collection(name);
    for word in words {
        match word.split_once(':').unwrap_or((word, "")) {
            ("delete", _) => collection.erase = EraseRows::Delete,
            ("nothing", why) => collection.erase = EraseRows::Nothing(why.to_owned()),
            ("skip", why) => collection.skip = Some(why.to_owned()),
            ("after", other) => collection.erase_after.push(other.to_owned()),
            ("keep", rule) => {
                let (years, from) = rule.split_once(':').unwrap();
                let period = Period { count: years.parse().unwrap(), unit: PeriodUnit::Years };
                let because = "tax law".to_owned();
                collection.keep.push(Keep {
                    period,
                    from: from.to_owned(),
                    because,
                    inferred: None,
                });
            }
            _ => panic!("what is `{word}` of a collection?"),
        }
    }
    collection
}

fn field(name: &str, words: &[&str]) -> Field {
    let mut field = plain_field(name);
    for word in words {
        let reference = field.references.last_mut();
        match (word.split_once(':').unwrap_or((word, "")), reference) {
            (("key", _), _) => field.primary_key = true,
            (("text", _), _) => {
                field.free_text = true;
                field.categories = vec!["user.content".to_owned()];
            }
            (("words", _), _) => field.title = Some("words".to_owned()),
            (("is", category), _) => field.categories = vec![category.to_owned()],
            (("identity", kind), _) => field.identity = IdentityKind::from_key(kind),
            (("erase", "keep"), _) => field.erase = Some(EraseField::Keep("the law".to_owned())),
            (("erase", "redact"), _) => field.erase = Some(EraseField::Redact),
            (("to", to), _) => {
                field.references.push(self::reference(to, Travel::Both, Tie::Own));
            }
            (("here", _), Some(way)) => way.travel = Travel::Here,
            (("there", _), Some(way)) => way.travel = Travel::There,
            (("both", _), Some(way)) => way.travel = Travel::Both,
            (("own", _), Some(way)) => way.tie = Tie::Own,
            (("authored", _), Some(way)) => way.tie = Tie::Authored,
            (("shared", _), Some(way)) => way.tie = Tie::Shared,
            (("guess", sure), Some(way)) => {
                let (confidence, reason) = (sure.parse().unwrap(), "alike".to_owned());
                way.inferred = Some(Inference { confidence, reason, confirmed: None });
            }
            (("when", rule), Some(way)) => {
                let (column, any_of) = rule.split_once('=').unwrap();
                let any_of = any_of.split(',').map(str::to_owned).collect();
                way.when.push(When { column: column.to_owned(), any_of });
            }
            (("also", pair), Some(way)) => {
                let (here, there) = pair.split_once('=').unwrap();
                way.also.push(Also { here: here.to_owned(), there: there.to_owned() });
            }
            _ => panic!("what is `{word}` of a field?"),
        }
    }
    field
}

impl World {
    /// Reads a world.
    pub(crate) fn read(text: &str) -> Self {
        let mut world = Self { now: day("2026-11-22"), ..Self::default() };
        let mut at = Place::new("", "");
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if line.trim().starts_with('|') {
                world.read_row(&at, line.trim());
                continue;
            }
            match words.as_slice() {
                ["ask", kind, ..] => {
                    let kind = IdentityKind::from_key(kind).unwrap();
                    world.ask.push(Identity::new(kind, words[2..].join(" ")));
                }
                ["never", ..] => world.settings.never_terms.push(words[1..].join(" ")),
                ["down", system, "at", when] => {
                    world.down.insert(((*system).to_owned(), (*when).to_owned()));
                }
                ["stuck", there] => {
                    world.stuck.insert(place(there));
                }
                ["trigger", from, to] => {
                    world.triggers.insert(place(from), place(to));
                }
                ["now", date] => world.now = day(date),
                ["cap", rows] => world.settings.cap_rows = rows.parse().unwrap(),
                [name, rest @ ..] if name.contains('.') => {
                    at = place(name);
                    let collection = collection(&at.collection, rest);
                    world.add_collection(&at.system, collection);
                }
                [name, rest @ ..] => world.last().fields.push(field(name, rest)),
                [] => {}
            }
        }
        world
    }

    pub(crate) fn add_collection(&mut self, system: &str, collection: Collection) {
        let known = self.systems.iter().position(|s| s.key == system);
        let index = known.unwrap_or_else(|| {
            self.systems.push(plain_system(system));
            self.systems.len() - 1
        });
        self.tables.entry(Place::new(system, &collection.name)).or_default();
        self.systems[index].collections.push(collection);
        let last = self.systems.remove(index);
        self.systems.push(last);
    }

    fn last(&mut self) -> &mut Collection {
        self.systems.last_mut().unwrap().collections.last_mut().unwrap()
    }

    fn read_row(&mut self, at: &Place, line: &str) {
        let cells = |text: &str, fields: &[Field]| -> Cells {
            let cells: Vec<&str> = text.trim().trim_start_matches('|').split('|').collect();
            assert_eq!(cells.len(), fields.len(), "{line}");
            cells.iter().zip(fields).map(|(c, f)| value(c, f.title.is_some())).collect()
        };
        let fields = self.last().fields.clone();
        let (now, then) = line.split_once('>').map_or((line, None), |(a, b)| (a, Some(b.trim())));
        let now = cells(now, &fields);
        let key = key_of(&fields, &now);
        if let Some(then) = then {
            let (tie, left) = then.split_once(' ').unwrap();
            let tie = match tie {
                "own" => Tie::Own,
                "authored" => Tie::Authored,
                "shared" => Tie::Shared,
                "mention" => Tie::Mention,
                _ => panic!("what is `{tie}` to a person?"),
            };
            let left = match left.trim() {
                "gone" => None,
                "same" => Some(now.clone()),
                left => Some(cells(left, &fields)),
            };
            self.expected.insert((at.clone(), key.clone()), Expected { tie, left });
        }
        self.add_row(at, key, now);
    }

    pub(crate) fn add_row(&mut self, at: &Place, key: RowKey, cells: Cells) {
        assert!(self.tables.entry(at.clone()).or_default().insert(key, cells).is_none());
    }

    pub(crate) fn collection(&self, at: &Place) -> &Collection {
        let system = self.systems.iter().find(|s| s.key == at.system).unwrap();
        system.collection(&at.collection).unwrap()
    }

    pub(crate) fn request(&self, kind: RequestKind) -> Request {
        let id = "00112233445566778899aabbccddeeff".to_owned();
        Request { id, kind, identities: self.ask.clone(), opened_at: Micros(self.now) }
    }

    /// Does a step and says what came of it.
    pub(crate) fn perform(&mut self, graph: &Graph<'_>, case: &Case, action: &Action) -> Outcome {
        self.done.push(action.clone());
        let when = match action {
            Action::Find { .. } => "find",
            Action::Search { .. } => "search",
            Action::Gather { .. } => "gather",
            Action::Draft { .. } => "draft",
            Action::Act { .. } => "act",
            Action::Verify { .. } => "verify",
        };
        if self.down.contains(&(action.system().to_owned(), when.to_owned())) {
            return Outcome::NotReached("the connection was refused".to_owned());
        }
        match action {
            Action::Find { place, field, values, compare, when, carry, .. } => {
                let is = |held: &Value| {
                    let (Some(held), wanted) = (held.to_plain_text(), values.iter()) else {
                        return false;
                    };
                    wanted.filter_map(Value::to_plain_text).any(|wanted| match compare {
                        Compare::Exact => wanted == held,
                        Compare::As(_) => wanted.to_lowercase() == held.trim().to_lowercase(),
                    })
                };
                let meets = |cells: &Cells| {
                    when.iter().all(|when| {
                        let held = cell(self.collection(place), cells, &when.column);
                        held.to_plain_text().is_some_and(|held| when.any_of.contains(&held))
                    })
                };
                let map = self.collection(place);
                let rows = self.tables[place].iter();
                let rows = rows.filter(|(_, row)| is(cell(map, row, field)) && meets(row));
                Outcome::Found(rows.map(|(key, row)| found_in(map, key, row, carry)).collect())
            }
            Action::Search { system, places, terms } => {
                let mut told = Mentioned::default();
                for there in places.iter() {
                    let at = Place::new(system, &there.collection);
                    self.search(graph, case, &at, terms, &there.carry, &mut told);
                }
                Outcome::Searched(told)
            }
            Action::Gather { system } => {
                let rows = case.rows().places().filter(|(place, _)| place.system == *system);
                let rows = rows.map(|(p, rows)| (p.collection.clone(), rows.len() as u64));
                Outcome::Gathered(Gathered { rows: rows.collect(), redacted_others: 0 })
            }
            Action::Draft { system } => {
                let (mut drafted, _) = self.changes(case, system);
                for at in self.stuck.iter().filter(|at| at.system == *system) {
                    drafted.problems.push(Problem {
                        collection: at.collection.clone(),
                        field: None,
                        message: "is a view: map the tables behind it".to_owned(),
                    });
                }
                Outcome::Drafted(drafted)
            }
            Action::Act { system } => {
                let (drafted, after) = self.changes(case, system);
                let before: u64 = case.drafted(system).map_or(0, |d| changes(&d.places));
                let before_act = self.tables.clone();
                self.tables.extend(after);
                self.fire(&before_act);
                let changed = changes(&drafted.places);
                Outcome::Acted { changed, already: before.saturating_sub(changed) }
            }
            Action::Verify { system, places, terms } => {
                let mut left = Vec::new();
                for there in places.iter() {
                    let at = Place::new(system, &there.collection);
                    for (key, field) in self.naming(case, &at, terms) {
                        left.push(Remaining { collection: at.collection.clone(), field, key });
                    }
                }
                Outcome::Verified(left)
            }
        }
    }

    /// The triggers: what changed is copied as text into a table of a key and a text.
    fn fire(&mut self, before: &Tables) {
        for (from, to) in self.triggers.clone() {
            for (key, old) in &before[&from] {
                if self.tables[&from].get(key) == Some(old) {
                    continue;
                }
                let old: Vec<String> = old.iter().filter_map(Value::to_plain_text).collect();
                let id = Value::Int(self.tables[&to].len() as i64 + 1);
                self.add_row(&to, RowKey(vec![id.clone()]), vec![id, Value::from(old.join(" "))]);
            }
        }
    }

    fn search(
        &self,
        _graph: &Graph<'_>,
        case: &Case,
        at: &Place,
        terms: &[LearnedTerm],
        carry: &[String],
        told: &mut Mentioned,
    ) {
        let map = self.collection(at);
        let mut rows = Vec::new();
        for (key, row) in &self.tables[at] {
            told.rows_read += 1;
            let mut fields = Vec::new();
            for (field, held) in map.fields.iter().zip(row) {
                let Some(text) = held.as_text() else { continue };
                told.bytes_read += text.len() as u64;
                let text = text.to_lowercase();
                let named = terms.iter().filter(|t| text.contains(&t.text.expose().to_lowercase()));
                // A search sees through what a look-up does not: here, brackets.
                let bare = text.trim_matches(['(', ')', ' ']);
                let whole = |t: &&LearnedTerm| t.text.expose().to_lowercase() == bare;
                let named: Vec<&LearnedTerm> = named.collect();
                if !named.is_empty() {
                    let by = named.iter().map(|term| term.kind).collect();
                    let whole = named.into_iter().find(whole).map(|term| term.kind);
                    fields.push(MentionedField { field: field.name.clone(), whole, by });
                }
                let known = case.rows().get(at, key).is_some_and(|row| row.tie <= Tie::Authored);
                if let Some((_, born)) = text.split_once("born ").filter(|_| known) {
                    let born = born.split_whitespace().next().unwrap_or_default();
                    told.learned.push(LearnedTerm::new(TermKind::Code, born));
                }
            }
            if !fields.is_empty() {
                rows.push((found_in(map, key, row, carry), fields));
            }
        }
        if !rows.is_empty() {
            told.rows.push(PlaceRows { collection: at.collection.clone(), rows });
        }
    }

    /// The fields of a place that name the person.
    pub(crate) fn naming(
        &self,
        case: &Case,
        at: &Place,
        terms: &[LearnedTerm],
    ) -> Vec<(RowKey, String)> {
        let map = self.collection(at);
        let mut naming = Vec::new();
        for (key, row) in &self.tables[at] {
            let near = case.rows().get(at, key).is_some();
            for (field, held) in map.fields.iter().zip(row) {
                let Some(text) = held.as_text().map(str::to_lowercase) else { continue };
                let names = |t: &LearnedTerm| text.contains(&t.text.expose().to_lowercase());
                if terms.iter().any(|term| (near || !term.near_only) && names(term)) {
                    naming.push((key.clone(), field.name.clone()));
                }
            }
        }
        naming
    }

    /// What an erasure changes in a system: the account of it, and the tables afterwards.
    fn changes(&self, case: &Case, system: &str) -> (Drafted, Tables) {
        let (mut drafted, mut after) = (Drafted::default(), Tables::new());
        for (at, rows) in case.rows().places().filter(|(at, _)| at.system == system) {
            let map = self.collection(at);
            let mut table = self.tables[at].clone();
            let mut count = PlaceCount { before: rows.len() as u64, ..PlaceCount::default() };
            count.collection.clone_from(&at.collection);
            let mut fields: BTreeMap<(String, &str), u64> = BTreeMap::new();
            for (key, found) in rows.iter().filter(|(_, row)| row.kept.is_none()) {
                let Some(row) = table.get_mut(key) else { continue };
                if map.erase == EraseRows::Delete && found.tie <= Tie::Authored {
                    table.remove(key);
                    count.deleted += 1;
                    continue;
                }
                let mut changed = false;
                for (field, held) in map.fields.iter().zip(row) {
                    let (new, how) = match treatment(map, field, found.tie, true) {
                        Treatment::Leave => continue,
                        Treatment::Clear(_) => (Value::Null, "null"),
                        Treatment::TakeOut { .. } => (without(held, case), "redact"),
                    };
                    if new != *held {
                        *fields.entry((field.name.clone(), how)).or_default() += 1;
                        *held = new;
                        changed = true;
                    }
                }
                count.changed += u64::from(changed);
            }
            count.fields = fields
                .into_iter()
                .map(|((field, how), rows)| FieldCount { field, how: how.to_owned(), rows })
                .collect();
            drafted.places.push(count);
            after.insert(at.clone(), table);
        }
        (drafted, after)
    }
}

fn changes(places: &[PlaceCount]) -> u64 {
    places.iter().map(|count| count.changed + count.deleted).sum()
}

/// A text without what names the person.
fn without(held: &Value, case: &Case) -> Value {
    let Some(text) = held.as_text() else { return held.clone() };
    let mut text = text.to_owned();
    for term in case.terms() {
        let term = term.text.expose().to_lowercase();
        while let Some(at) = text.to_lowercase().find(&term) {
            text.replace_range(at..at + term.len(), "[erased]");
        }
    }
    Value::Text(text)
}

pub(crate) fn cell<'r>(map: &Collection, row: &'r Cells, field: &str) -> &'r Value {
    &row[map.fields.iter().position(|f| f.name == field).unwrap()]
}

fn found_in(map: &Collection, key: &RowKey, row: &Cells, carry: &[String]) -> FoundIn {
    let carried = carry.iter().map(|column| cell(map, row, column).clone()).collect();
    FoundIn { key: key.clone(), carried }
}

pub(crate) fn key_of(fields: &[Field], cells: &Cells) -> RowKey {
    let keys = fields.iter().zip(cells).filter(|(field, _)| field.primary_key);
    RowKey(keys.map(|(_, cell)| cell.clone()).collect())
}

pub(crate) fn day(date: &str) -> i64 {
    let at: jiff::Timestamp = format!("{date}T12:00:00Z").parse().unwrap();
    at.as_microsecond()
}

/// How a case is driven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Which of the pending steps is done next: the `seed` chooses; 0 is the first one.
    pub(crate) seed: u64,
    /// Whether the process is killed after every outcome, and every second step is done, not told,
    /// and done again.
    pub(crate) crash: bool,
}

pub(crate) const PLAIN: Manner = Manner { seed: 0, crash: false };

/// Works on a case until it waits for a person or has ended.
pub(crate) fn drive(world: &mut World, graph: &Graph<'_>, case: &mut Case, manner: Manner) {
    let mut rng = manner.seed;
    for turn in 0.. {
        assert!(turn < 200_000, "it does not end");
        let steps = case.steps();
        if steps.is_empty() {
            return;
        }
        rng = rng.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(rng >> 33);
        let step = steps[usize::try_from(rng >> 33).unwrap() % steps.len()].clone();
        let mut outcome = world.perform(graph, case, &step.action);
        if manner.crash {
            *case = serde_json::from_slice(&serde_json::to_vec(case).unwrap()).unwrap();
            if turn % 2 == 0 {
                outcome = world.perform(graph, case, &step.action);
            }
        }
        case.take(graph, step.id, outcome).unwrap();
    }
}

/// A request from its opening to its end, agreed to on the way.
pub(crate) fn answer(world: &mut World, kind: RequestKind, manner: Manner) -> Case {
    let systems = world.systems.clone();
    let graph = Graph::new(&systems);
    let mut case = Case::open(world.request(kind), world.settings.clone(), &graph);
    drive(world, &graph, &mut case, manner);
    if case.phase() == Phase::Review {
        assert!(case.is_drafted_with(&graph));
        let digest = case.digest();
        case.approve(&digest, false).unwrap();
        drive(world, &graph, &mut case, manner);
    }
    assert_eq!(case.phase(), Phase::Done, "an answered request has ended");
    case
}

/// Erases the person of a story and compares every row with what the story expects of it. Does the
/// same in another order, and with the process killed after every outcome.
pub(crate) fn story(text: &str) -> (Case, World) {
    let before = World::read(text);
    let mut world = before.clone();
    let case = answer(&mut world, RequestKind::Erasure, PLAIN);
    for (at, rows) in &before.tables {
        for (key, row) in rows {
            let expected = before.expected.get(&(at.clone(), key.clone()));
            let cells: Vec<_> = row.iter().map(Value::to_plain_text).collect();
            let found = case.rows().get(at, key).map(|row| row.tie);
            assert_eq!(found, expected.map(|e| e.tie), "what {at} {cells:?} is to the person");
            let left = expected.map_or(Some(row), |e| e.left.as_ref());
            let shown = |row: &Cells| row.iter().map(Value::to_plain_text).collect::<Vec<_>>();
            let held = world.tables[at].get(key);
            assert_eq!(held.map(shown), left.map(shown), "what is left of {at} {cells:?}");
        }
    }
    for manner in [Manner { seed: 7, crash: false }, Manner { seed: 0, crash: true }] {
        let mut again = before.clone();
        let other = answer(&mut again, RequestKind::Erasure, manner);
        assert_eq!(again.tables, world.tables, "{manner:?}");
        assert_eq!(other.digest(), case.digest(), "{manner:?}");
        assert_eq!(other.outline(), case.outline(), "{manner:?}");
        assert_eq!(other.ending(), case.ending(), "{manner:?}");
    }
    (case, world)
}

/// The reasons of an incomplete end.
pub(crate) fn reasons(case: &Case) -> Vec<String> {
    match case.ending() {
        Some(Ending::Incomplete(reasons)) => reasons.clone(),
        other => panic!("it ended {other:?}"),
    }
}
