//! The shape of a database: its fingerprint, and in words how it differs from a map.

use std::collections::{BTreeMap, BTreeSet};

use model::{Catalogue, DataType, Table};
use policy::System;

/// A short text that changes whenever tables, columns, types, keys or declared references change,
/// and with nothing else: not with the number of rows, the version of the server or the order in
/// which tables were made.
pub fn fingerprint(catalogue: &Catalogue) -> String {
    let mut tables: Vec<&Table> = catalogue.tables.iter().filter(|table| !table.is_view).collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hash = Fnv::new();
    for table in tables {
        hash.part("table");
        hash.part(&table.name.schema);
        hash.part(&table.name.table);
        let mut columns: Vec<_> = table.columns.iter().collect();
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        for column in columns {
            hash.part("column");
            hash.part(&column.name);
            hash.part(&column.native_type);
            hash.part(if column.nullable { "null" } else { "not null" });
        }
        hash.part("key");
        table.primary_key.iter().for_each(|column| hash.part(column));
        let unique: BTreeSet<(&[String], bool)> =
            table.unique.iter().map(|key| (key.columns.as_slice(), key.folds_case)).collect();
        for (columns, folds) in unique {
            hash.part(if folds { "unique folded" } else { "unique" });
            columns.iter().for_each(|column| hash.part(column));
        }
        let references: BTreeSet<_> = table
            .references
            .iter()
            .map(|r| (&r.columns, &r.to, &r.to_columns, r.cascades))
            .collect();
        for (columns, to, to_columns, cascades) in references {
            hash.part(if cascades { "refers, cascades" } else { "refers" });
            columns.iter().for_each(|column| hash.part(column));
            hash.part(&to.to_string());
            to_columns.iter().for_each(|column| hash.part(column));
        }
    }
    hash.finish()
}

/// Fowler–Noll–Vo, two lanes of 64 bits: small, stable for ever, and nobody gains by a collision.
struct Fnv(u64, u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4)
    }

    /// Adds one part; parts cannot run together.
    fn part(&mut self, text: &str) {
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(PRIME);
            self.1 = (self.1.rotate_left(5) ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }

    fn finish(&self) -> String {
        format!("{:016x}{:016x}", self.0, self.1)
    }
}

/// How a database differs from a map of it, in plain words; empty when the map fits. Tables are
/// matched by name without regard to letter case, because products differ in it.
pub fn differences(map: &System, catalogue: &Catalogue) -> Vec<String> {
    let print = fingerprint(catalogue);
    if map.schema.as_ref() == Some(&print) {
        return Vec::new();
    }
    let mut told = Vec::new();
    let tables: BTreeMap<String, &Table> =
        catalogue.tables.iter().map(|table| (full_key(table), table)).collect();
    let by_table: BTreeMap<String, &Table> =
        catalogue.tables.iter().map(|table| (table.name.table.to_lowercase(), table)).collect();
    let mut mapped = BTreeSet::new();
    for collection in &map.collections {
        let wanted = &collection.table;
        let found = if wanted.schema.is_empty() {
            by_table.get(&wanted.table.to_lowercase())
        } else {
            tables.get(&format!("{}.{}", wanted.schema, wanted.table).to_lowercase())
        };
        let Some(table) = found else {
            told.push(format!("table `{wanted}` is gone"));
            continue;
        };
        mapped.insert(full_key(table));
        let here: BTreeMap<String, &model::Column> =
            table.columns.iter().map(|column| (column.name.to_lowercase(), column)).collect();
        let mut known = BTreeSet::new();
        for field in &collection.fields {
            known.insert(field.name.to_lowercase());
            let Some(column) = here.get(&field.name.to_lowercase()) else {
                told.push(format!("column `{}` of `{}` is gone", field.name, table.name));
                continue;
            };
            if let Some(wanted) = field.data_type
                && family(wanted) != family(column.data_type)
            {
                told.push(format!(
                    "column `{}` of `{}` is now {} (the map says {})",
                    column.name,
                    table.name,
                    in_words(column.data_type),
                    in_words(wanted)
                ));
            } else if let (
                Some(DataType::Text { max_chars: Some(was) }),
                DataType::Text { max_chars: Some(now) },
            ) = (field.data_type, column.data_type)
                && was != now
            {
                told.push(format!(
                    "column `{}` of `{}` now holds {now} characters (the map says {was})",
                    column.name, table.name
                ));
            }
        }
        if collection.skip.is_none() {
            for column in
                table.columns.iter().filter(|column| !known.contains(&column.name.to_lowercase()))
            {
                told.push(format!("column `{}` of `{}` is new", column.name, table.name));
            }
        }
    }
    for table in
        catalogue.tables.iter().filter(|table| !table.is_view && !mapped.contains(&full_key(table)))
    {
        told.push(format!("table `{}` is new", table.name));
    }
    if told.is_empty() && map.schema.is_some() {
        told.push("keys, limits or declared references changed since the map was made".to_owned());
    }
    told
}

fn full_key(table: &Table) -> String {
    table.name.to_string().to_lowercase()
}

/// Types between which a map does not tell apart, because files and products write them
/// differently.
const fn family(data_type: DataType) -> u8 {
    match data_type {
        DataType::Integer | DataType::Number | DataType::Boolean => 1,
        _ => 2,
    }
}

const fn in_words(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Text { .. } => "text",
        DataType::Bytes { .. } => "bytes",
        DataType::Integer => "a whole number",
        DataType::Number => "a number",
        DataType::Boolean => "true or false",
        DataType::Date => "a day",
        DataType::Timestamp => "a moment",
        DataType::Time => "a time of day",
        DataType::Json => "JSON",
        DataType::Uuid => "a UUID",
        DataType::Network => "a network address",
        DataType::Enumeration => "one of listed words",
        DataType::Other => "of a special type",
    }
}
