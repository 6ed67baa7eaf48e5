//! All of a database, value by value, read by the product's own client.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use super::read::readings;

/// One row: its columns, NULL left out.
pub type Row = BTreeMap<String, Vec<u8>>;

/// Every row of every table, by table and key. A row without a key is its own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump(pub BTreeMap<(String, String), Row>);

/// A column: its table, its name, whether it is part of the key, and its SQL as hexadecimal text.
struct Column {
    table: String,
    name: String,
    key: bool,
    hex: String,
}

impl Dump {
    /// A PostgreSQL database.
    pub fn postgres(url: &str) -> Self {
        let server = testkit::postgres();
        let columns = server.execute(
            url,
            "select c.table_name || '|' || c.column_name || '|' || c.data_type || '|' || (k.column_name is not null)
             from information_schema.columns c
             join information_schema.tables t using (table_schema, table_name)
             left join information_schema.table_constraints p
               on p.table_schema = c.table_schema and p.table_name = c.table_name and p.constraint_type = 'PRIMARY KEY'
             left join information_schema.key_column_usage k
               on k.constraint_name = p.constraint_name and k.table_name = c.table_name and k.column_name = c.column_name
             where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
             order by c.table_name, c.ordinal_position",
        );
        let columns = columns.lines().map(|line| {
            let mut parts = line.split('|');
            let mut next = || parts.next().unwrap().to_owned();
            let (table, name, kind) = (next(), next(), next());
            let hex = match kind.as_str() {
                "bytea" => format!("encode(\"{name}\", 'hex')"),
                _ => format!("encode(convert_to(\"{name}\"::text, 'UTF8'), 'hex')"),
            };
            Column { table, name, key: next() == "true", hex }
        });
        Self::read(columns.collect(), '"', |sql| server.execute(url, sql))
    }

    /// A MariaDB database.
    pub fn mariadb(url: &str) -> Self {
        let server = testkit::mariadb();
        let columns = server.execute(
            url,
            "select concat_ws('|', table_name, column_name, column_key) from information_schema.columns
             where table_schema = database() order by table_name, ordinal_position",
        );
        let columns = columns.lines().map(|line| {
            let mut parts = line.split('|');
            let mut next = || parts.next().unwrap().to_owned();
            let (table, name) = (next(), next());
            let hex = format!("hex(concat(`{name}`, ''))");
            Column { table, name, key: next() == "PRI", hex }
        });
        Self::read(columns.collect(), '`', |sql| server.execute(url, sql))
    }

    /// An SQLite file, by way of Python.
    pub fn sqlite(path: &std::path::Path) -> Self {
        let program = "import sqlite3, sys
base = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
base.text_factory = bytes
for (table,) in base.execute(\"select name from sqlite_master where type = 'table' order by name\").fetchall():
    table = table.decode()
    columns = base.execute('select name, pk from pragma_table_info(?)', (table,)).fetchall()
    for row in base.execute('select * from \"%s\"' % table):
        out = []
        for (name, pk), value in zip(columns, row):
            if value is not None:
                raw = value if isinstance(value, bytes) else str(value).encode()
                out.append('%s:%d:%s' % (name.decode(), pk, raw.hex()))
        print(table + '\\t' + '\\t'.join(out))
";
        let python = Command::new("python3").args(["-c", program]).arg(path).output();
        let output = python.expect("python3 is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self::parse(&String::from_utf8_lossy(&output.stdout))
    }

    fn read(columns: Vec<Column>, quote: char, ask: impl Fn(&str) -> String) -> Self {
        let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
        for column in columns {
            tables.entry(column.table.clone()).or_default().push(column);
        }
        let mut sql = String::new();
        for (table, columns) in tables {
            let cells: Vec<String> = columns
                .iter()
                .map(|c| format!("concat('{}:{}:', {})", c.name, u8::from(c.key), null_aware(c)))
                .collect();
            sql += &format!(
                "select concat('{table}\t', concat_ws('\t', {})) from {quote}{table}{quote};\n",
                cells.join(", ")
            );
        }
        Self::parse(&ask(&sql).replace("\\t", "\t"))
    }

    fn parse(lines: &str) -> Self {
        let mut rows = BTreeMap::new();
        for line in lines.lines() {
            let mut cells = line.split('\t');
            let table = cells.next().unwrap().to_owned();
            let (mut row, mut key) = (Row::new(), Vec::new());
            for cell in cells {
                let mut parts = cell.splitn(3, ':');
                let mut next = || parts.next().unwrap_or_else(|| panic!("{cell}"));
                let (name, is_key, hex) = (next(), next() != "0", next());
                if hex == "-" {
                    continue;
                }
                let value = from_hex(hex);
                if is_key {
                    key.push(String::from_utf8_lossy(&value).into_owned());
                }
                row.insert(name.to_owned(), value);
            }
            let key = if key.is_empty() { line.to_owned() } else { key.join("/") };
            rows.insert((table, key), row);
        }
        Self(rows)
    }

    /// One value as text.
    pub fn text(&self, table: &str, key: &str, column: &str) -> Option<String> {
        let row = self.0.get(&(table.to_owned(), key.to_owned()));
        let row = row.unwrap_or_else(|| panic!("{table} has no row {key}"));
        row.get(column).map(|value| String::from_utf8_lossy(value).into_owned())
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> usize {
        self.0.keys().filter(|(name, _)| name == table).count()
    }

    /// The keys of a table's rows.
    pub fn keys(&self, table: &str) -> BTreeSet<String> {
        self.0.keys().filter(|(name, _)| name == table).map(|(_, key)| key.clone()).collect()
    }

    /// Every place in which a reading of the value holds one of the words, once the phrases that are
    /// somebody else's are passed over.
    pub fn naming(&self, words: &[&str], others: &[&str]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for ((table, key), row) in &self.0 {
            for (column, value) in row {
                let named = readings(value).into_iter().any(|mut reading| {
                    for other in others {
                        reading = reading.replace(other, "");
                    }
                    words.iter().any(|word| reading.contains(word))
                });
                if named {
                    found.insert(format!("{table} {key} {column}"));
                }
            }
        }
        found
    }

    /// Every place whose value is another one, or gone, afterwards: table, key, column.
    pub fn changed<'d>(&'d self, after: &'d Self) -> Vec<Changed<'d>> {
        let mut found = Vec::new();
        for (place @ (table, key), row) in &self.0 {
            let Some(new) = after.0.get(place) else {
                found.push(Changed { table, key, column: "", before: b"", after: None });
                continue;
            };
            for (column, before) in row {
                let after = new.get(column).map(Vec::as_slice);
                if after != Some(before) {
                    found.push(Changed { table, key, column, before, after });
                }
            }
            let more = new.keys().find(|column| !row.contains_key(*column));
            assert_eq!(more, None, "{table} {key}: a value where NULL was");
        }
        found
    }
}

/// One value that is another one afterwards; `column` is empty when the whole row is gone.
#[derive(Debug)]
pub struct Changed<'d> {
    pub table: &'d str,
    pub key: &'d str,
    pub column: &'d str,
    pub before: &'d [u8],
    pub after: Option<&'d [u8]>,
}

fn null_aware(column: &Column) -> String {
    format!("coalesce({}, '-')", column.hex)
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().collect();
    let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}
