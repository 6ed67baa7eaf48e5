//! A database in memory, made from a few lines: `table: column type[!] flags | column …`.
//!
//! Types end in `!` for NOT NULL; `textN` limits the length. Flags: `pk`, `unique`, a generator
//! (`:email`, `:ref table`, `:any table/table` beside `:enum Kind/Kind`), and the expected answer: `=category`, `@identity`, `~` for free text,
//! `-> table.column tie [both|there|asked]`, `-x table.column` for a way that is not followed. A
//! line that begins with `;` adds to the table before: `fk a,b table c,d`, `trigger name`,
//! `rows 5`, `expect column ?kind=word -> table.column tie`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use connect::{Batch, ChangeSet, Changed, Connector, Fold, Lookup, Match, Scan, Sink};
use model::{
    Catalogue, Column, DataType, DeclaredReference, Product, Row, RowKey, Table, TableName,
    UniqueKey, Value,
};

/// What a schema's author knows.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) references: Vec<String>,
    pub(super) categories: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Fake {
    pub(super) catalogue: Catalogue,
    rows: BTreeMap<TableName, Vec<Vec<Value>>>,
    pub(super) answers: Answers,
    read: AtomicUsize,
}

struct Draft {
    table: Table,
    generators: Vec<String>,
    rows: usize,
}

impl Fake {
    pub(super) fn new(schema: &str) -> Self {
        let mut drafts: Vec<Draft> = Vec::new();
        let mut answers = Answers::default();
        let mut joined: Vec<String> = Vec::new();
        for line in schema.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line.starts_with('|') {
                joined.last_mut().unwrap().push_str(line);
            } else {
                joined.push(line.to_owned());
            }
        }
        for line in joined {
            if let Some(rest) = line.strip_prefix(';') {
                add(drafts.last_mut().unwrap(), rest.trim(), &mut answers);
            } else {
                drafts.push(table(&line, &mut answers));
            }
        }
        let counts: BTreeMap<String, (usize, i64)> = drafts
            .iter()
            .map(|d| (d.table.name.table.clone(), (d.rows, first_id(&d.table))))
            .collect();
        let rows = drafts
            .iter()
            .map(|draft| {
                let rows = (0..draft.rows)
                    .map(|at| {
                        draft
                            .table
                            .columns
                            .iter()
                            .zip(&draft.generators)
                            .map(|(column, generator)| value(draft, column, generator, at, &counts))
                            .collect()
                    })
                    .collect();
                (draft.table.name.clone(), rows)
            })
            .collect();
        let catalogue = Catalogue {
            product: Product::Sqlite,
            version: "3".into(),
            database: "app".into(),
            tables: drafts.into_iter().map(|draft| draft.table).collect(),
        };
        Self { catalogue, rows, answers, read: AtomicUsize::new(0) }
    }

    pub(super) fn rows_read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    fn give(
        &self,
        table: &TableName,
        columns: &[String],
        rows: Vec<usize>,
        sink: &mut dyn Sink,
    ) -> connect::Result<()> {
        let known =
            self.catalogue.table(table).ok_or_else(|| connect::Error::NoTable(table.clone()))?;
        let all = &self.rows[table];
        let batch = rows
            .into_iter()
            .map(|at| Row {
                key: RowKey(vec![Value::Int(i64::try_from(at).unwrap())]),
                values: columns
                    .iter()
                    .map(|name| {
                        all[at][known.columns.iter().position(|c| &c.name == name).unwrap()].clone()
                    })
                    .collect(),
            })
            .collect::<Vec<_>>();
        self.read.fetch_add(batch.len(), Ordering::Relaxed);
        sink.rows(Batch(batch))
    }
}

#[async_trait]
impl Connector for Fake {
    async fn catalogue(&self) -> connect::Result<Catalogue> {
        Ok(self.catalogue.clone())
    }

    fn row_key(&self, table: &Table) -> Vec<String> {
        table.primary_key.clone()
    }

    async fn find(&self, lookup: &Lookup, sink: &mut dyn Sink) -> connect::Result<()> {
        let Match::Column { column, any_of, fold } = &lookup.by else {
            return Err(connect::Error::ReadOnly);
        };
        let known = self
            .catalogue
            .table(&lookup.table)
            .ok_or_else(|| connect::Error::NoTable(lookup.table.clone()))?;
        let at = known.columns.iter().position(|c| &c.name == column).unwrap();
        let plain = |value: &Value| {
            let text = value.to_plain_text().unwrap_or_default();
            if *fold == Fold::Exact { text } else { text.to_lowercase() }
        };
        let wanted: Vec<String> = any_of.iter().map(plain).collect();
        let rows = &self.rows[&lookup.table];
        let hits = (0..rows.len()).filter(|&row| wanted.contains(&plain(&rows[row][at]))).collect();
        self.give(&lookup.table, &lookup.columns, hits, sink)
    }

    async fn scan(&self, scan: &Scan, sink: &mut dyn Sink) -> connect::Result<()> {
        let rows = self.rows[&scan.table].len().min(scan.sample.unwrap_or(u32::MAX) as usize);
        self.give(&scan.table, &scan.columns, (0..rows).collect(), sink)
    }

    async fn count(&self, lookup: &Lookup) -> connect::Result<u64> {
        Ok(self.rows[&lookup.table].len() as u64)
    }

    async fn change(&self, _: &ChangeSet) -> connect::Result<Changed> {
        Err(connect::Error::ReadOnly)
    }

    async fn rehearse(&self, _: &ChangeSet) -> connect::Result<Changed> {
        Err(connect::Error::ReadOnly)
    }

    async fn close(&self) {}
}

fn table(line: &str, answers: &mut Answers) -> Draft {
    let (name, columns) = line.split_once(':').unwrap();
    let name = name.trim();
    let mut table = Table {
        name: TableName::new("", name),
        is_view: false,
        about_rows: 30,
        columns: Vec::new(),
        primary_key: Vec::new(),
        unique: Vec::new(),
        references: Vec::new(),
        triggers: Vec::new(),
    };
    let mut generators = Vec::new();
    for column in columns.split('|') {
        let words: Vec<&str> = column.split_whitespace().collect();
        let [column, kind, flags @ ..] = words.as_slice() else { panic!("{column}") };
        let nullable = !kind.ends_with('!') && !flags.contains(&"pk");
        let (native, data_type) = data_type(kind.trim_end_matches('!'));
        let mut generator = String::new();
        let (mut category, mut identity, mut text) = (None, "", "");
        let mut flags = flags.iter().peekable();
        while let Some(flag) = flags.next() {
            match *flag {
                "pk" => table.primary_key.push((*column).to_owned()),
                "unique" => table.unique.push(UniqueKey {
                    name: format!("{name}_{column}"),
                    columns: vec![(*column).to_owned()],
                    folds_case: false,
                }),
                "~" => text = " ~",
                "->" | "-x" => {
                    let to = flags.next().unwrap();
                    let mut rest = String::new();
                    if *flag == "-x" {
                        rest.push_str(" closed");
                    }
                    while let Some(word) =
                        flags.next_if(|w| !w.starts_with([':', '=', '@', '~', '-']))
                    {
                        rest.push(' ');
                        rest.push_str(word);
                    }
                    answers.references.push(format!("{name}.{column} -> {to}{rest}"));
                }
                flag if flag.starts_with('=') => category = flag.strip_prefix('='),
                flag if flag.starts_with('@') => identity = flag,
                flag if flag.starts_with(':') => {
                    let word = flag.trim_start_matches(':');
                    generator = word.to_owned();
                    if let Some(argument) =
                        flags.next_if(|_| ["ref", "any", "enum"].contains(&word))
                    {
                        generator = format!("{generator} {argument}");
                    }
                }
                other => panic!("{other} in {name}.{column}"),
            }
        }
        if category.is_some() || !text.is_empty() {
            let gap = if identity.is_empty() { "" } else { " " };
            answers.categories.push(format!(
                "{name}.{column} = {}{gap}{identity}{text}",
                category.unwrap_or("system")
            ));
        }
        generators.push(generator);
        table.columns.push(Column {
            name: (*column).to_owned(),
            native_type: native.to_owned(),
            data_type,
            nullable,
            has_default: false,
            generated: false,
            loose_collation: false,
            updates_itself: false,
            comment: None,
        });
    }
    Draft { table, generators, rows: 30 }
}

fn add(draft: &mut Draft, rest: &str, answers: &mut Answers) {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    match words.as_slice() {
        ["fk", here, table, there] => draft.table.references.push(DeclaredReference {
            name: format!("fk_{}_{here}", draft.table.name.table),
            columns: list(here),
            to: TableName::new("", *table),
            to_columns: list(there),
            cascades: false,
        }),
        ["trigger", name] => draft.table.triggers.push((*name).to_owned()),
        ["rows", count] => draft.rows = count.parse().unwrap(),
        ["expect", column, when, "->", to, rest @ ..] => {
            answers.references.push(format!(
                "{}.{column} -> {to}{when} {}",
                draft.table.name.table,
                rest.join(" ")
            ));
        }
        other => panic!("{other:?}"),
    }
}

fn data_type(word: &str) -> (&str, DataType) {
    let data_type = match word {
        "int" => DataType::Integer,
        "number" => DataType::Number,
        "bool" => DataType::Boolean,
        "date" => DataType::Date,
        "timestamp" => DataType::Timestamp,
        "json" => DataType::Json,
        "uuid" => DataType::Uuid,
        "inet" | "macaddr" => DataType::Network,
        "enum" => DataType::Enumeration,
        "bytes" => DataType::Bytes { max_bytes: None },
        "text" => DataType::Text { max_chars: None },
        other => {
            DataType::Text { max_chars: Some(other.strip_prefix("text").unwrap().parse().unwrap()) }
        }
    };
    (word, data_type)
}

/// Tables count from different numbers, so that one's keys are not found in the next.
fn first_id(table: &Table) -> i64 {
    let name = &table.name.table;
    if name.starts_with("customers") || name.starts_with("contacts") && name.len() == 8 {
        return 1;
    }
    100 + i64::try_from(name.bytes().map(usize::from).sum::<usize>() % 97).unwrap() * 100
}

fn value(
    draft: &Draft,
    column: &Column,
    generator: &str,
    at: usize,
    counts: &BTreeMap<String, (usize, i64)>,
) -> Value {
    const GIVEN: [&str; 6] = ["Anna", "Ben", "Chloe", "Farid", "Greta", "Hugo"];
    const FAMILY: [&str; 5] = ["Sommer", "Okafor", "Lindqvist", "Moreau", "Tanaka"];
    let i = i64::try_from(at).unwrap();
    let (given, family) = (GIVEN[at % 6], FAMILY[at % 5]);
    let (word, argument) = generator.split_once(' ').unwrap_or((generator, ""));
    match word {
        "" if draft.table.primary_key.last() == Some(&column.name)
            && column.data_type == DataType::Integer =>
        {
            Value::Int(first_id(&draft.table) + i)
        }
        "" if column.data_type == DataType::Boolean => Value::Bool(at.is_multiple_of(2)),
        "" if column.data_type == DataType::Timestamp => {
            Value::from(format!("2024-03-{:02} 08:00:00", 1 + at % 28))
        }
        "" if column.data_type == DataType::Integer => Value::Int(i % 3),
        "" | "null" => Value::Null,
        "one" => Value::Int(1),
        "big" => Value::Int(9_000_000 + i * 31),
        "ref" => {
            let (rows, first) = counts[argument];
            Value::Int(first + (i * 7) % i64::try_from(rows).unwrap())
        }
        "any" => {
            let tables: Vec<&str> = argument.split('/').collect();
            let (rows, first) = counts[tables[at % tables.len()]];
            Value::Int(first + i % i64::try_from(rows).unwrap())
        }
        "maybe" => {
            if at.is_multiple_of(3) {
                Value::Int(0)
            } else {
                Value::Null
            }
        }
        "email" => Value::from(format!("person{at}@client{}.example", at % 7)),
        "given" => Value::from(given),
        "family" => Value::from(family),
        "name" => Value::from(format!("{given} {family}")),
        "company" => Value::from(format!("{family} {given} Works")),
        "login" => Value::from(format!("{}.{}{at}", given.to_lowercase(), family.to_lowercase())),
        "phone" => Value::from(format!("+49 30 555{:04}", at * 37)),
        "ip" => Value::from(format!("192.0.2.{at}")),
        "agent" => Value::from("Mozilla/5.0 (X11; Linux x86_64)"),
        "hash" => Value::from(format!("{:032x}", (at + 1) * 7_919_000_711)),
        "word" => Value::from(["red", "blue", "green"][at % 3]),
        "sentence" => Value::from(format!(
            "Called about the printer on floor {at}; will call again next week"
        )),
        "street" => Value::from(format!("Hauptstr. {at}")),
        "city" => Value::from("Utrecht"),
        "json" => Value::from(format!(
            "{{\"email\": \"person{at}@client.example\", \"theme\": \"dark\"}}"
        )),
        "enum" => {
            let words: Vec<&str> = argument.split('/').collect();
            Value::from(words[at % words.len()])
        }
        other => panic!("no generator {other}"),
    }
}
