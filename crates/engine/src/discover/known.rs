//! Ready maps of known applications. Each is a file of the same form as `systems/*.yaml`, with
//! every table and column of the application: a column that a map does not know might hold
//! anything, so a database that has one is not taken on trust.

use std::collections::{BTreeMap, BTreeSet};

use model::{Catalogue, Table};
use policy::{CountFrom, Disposal, System};

use super::{Discovery, Error, Note, NoteKind, Options, Result, differences, fingerprint};

/// A map that ships with the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownMap {
    /// The application and the version of the map (`request-tracker-5/1`).
    pub application: &'static str,
    /// The name people know the application by.
    pub title: &'static str,
    /// The file, as it ships.
    pub yaml: &'static str,
    /// Tables and columns by which the application is told from all others.
    marks: &'static [(&'static str, &'static [&'static str])],
}

const KNOWN: &[KnownMap] = &[KnownMap {
    application: "request-tracker-5/1",
    title: "Request Tracker 5",
    yaml: include_str!("../../maps/request-tracker-5.yaml"),
    marks: &[
        ("cachedgroupmembers", &["immediateparentid", "memberid", "via"]),
        ("objectcustomfieldvalues", &["customfield", "objecttype", "largecontent"]),
        ("principals", &["principaltype"]),
        ("tickets", &["effectiveid", "queue", "told"]),
        ("transactions", &["objecttype", "oldvalue", "newreference"]),
        ("scrips", &["scripcondition", "scripaction"]),
        ("customroles", &["maxvalues"]),
    ],
}];

/// Every map that ships.
pub const fn known() -> &'static [KnownMap] {
    KNOWN
}

/// The known application whose database this is, by the tables and columns that only it has.
pub fn recognise(catalogue: &Catalogue) -> Option<&'static KnownMap> {
    let shape: BTreeMap<String, BTreeSet<String>> = catalogue
        .tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter().map(|column| column.name.to_lowercase()).collect();
            (table.name.table.to_lowercase(), columns)
        })
        .collect();
    KNOWN.iter().find(|map| {
        let met = map
            .marks
            .iter()
            .filter(|(table, columns)| {
                shape.get(*table).is_some_and(|here| columns.iter().all(|c| here.contains(*c)))
            })
            .count();
        // One mark may be missing: an application that has drifted is still itself.
        met + 1 >= map.marks.len()
    })
}

impl KnownMap {
    /// The map as it ships, before it is fitted to a database.
    pub fn read(&self) -> Result<System> {
        let key = self.application.split('/').next().unwrap_or(self.application);
        parse(key, self.yaml)
            .map_err(|why| Error::Map { application: self.application.to_owned(), why })
    }

    /// Fits the map to this database, or says how they differ.
    pub fn adopt(&self, catalogue: &Catalogue, key: &str, options: &Options) -> Result<Discovery> {
        let mut system = self.read()?;
        let differences = differences(&system, catalogue);
        if !differences.is_empty() {
            return Err(Error::Drifted {
                title: self.title.to_owned(),
                application: self.application.to_owned(),
                differences,
            });
        }
        fit(&mut system, catalogue, key);
        system.application = Some(self.application.to_owned());
        system.schema = Some(fingerprint(catalogue));
        if let Some(title) = &options.title {
            system.title.clone_from(title);
        }
        let mut notes = vec![Note {
            kind: NoteKind::Map,
            place: String::new(),
            says: format!(
                "this is {}; the map `{}` that ships for it fits and was taken",
                self.title, self.application
            ),
            confidence: None,
        }];
        notes.extend(system.collections.iter().filter_map(|collection| {
            Some(Note {
                kind: NoteKind::Skipped,
                place: collection.name.clone(),
                says: collection.skip.clone()?,
                confidence: None,
            })
        }));
        Ok(Discovery { system, categories: BTreeMap::new(), origins: BTreeMap::new(), notes })
    }
}

/// Reads the file by the same rules as a policy folder's, inside the smallest folder there can be.
fn parse(key: &str, yaml: &str) -> std::result::Result<System, String> {
    const AROUND: &str = "organisation: {name: nobody, country: CA, contact: {email: nobody@example.com}}\n\
        notice: {file: notice.md, version: \"1\", effective: 2026-01-01}\n";
    let file = format!("systems/{key}.yaml");
    let sources: policy::Sources =
        [("policy.yaml", AROUND), ("notice.md", "Nothing is promised.\n"), (file.as_str(), yaml)]
            .into_iter()
            .collect();
    let checked = policy::load(&sources);
    let wrong = checked.findings.iter().find(|finding| finding.severity == policy::Severity::Error);
    if let Some(finding) = wrong {
        return Err(format!("{}:{}: {}", finding.file, finding.line, finding.message));
    }
    checked
        .policy
        .and_then(|policy| policy.systems.into_iter().next())
        .ok_or_else(|| "it describes no system".to_owned())
}

/// Gives the map this database's own names and types: products differ in letter case and schema.
fn fit(system: &mut System, catalogue: &Catalogue, key: &str) {
    let tables: BTreeMap<String, &Table> =
        catalogue.tables.iter().map(|table| (table.name.table.to_lowercase(), table)).collect();
    let behind: BTreeMap<String, &Table> = system
        .collections
        .iter()
        .filter_map(|collection| {
            Some((collection.name.clone(), *tables.get(&collection.table.table.to_lowercase())?))
        })
        .collect();
    let spelt = |collection: &str, column: &str| {
        behind
            .get(collection)
            .and_then(|table| table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(column)))
            .map_or_else(|| column.to_owned(), |column| column.name.clone())
    };
    let old = std::mem::replace(&mut system.key, key.to_owned());
    for collection in &mut system.collections {
        let name = collection.name.clone();
        let Some(table) = behind.get(&name) else { continue };
        collection.table = table.name.clone();
        for keep in &mut collection.keep {
            keep.from = spelt(&name, &keep.from);
        }
        for rule in &mut collection.retain {
            match &mut rule.from {
                CountFrom::Column(column) => *column = spelt(&name, column),
                CountFrom::File => {}
                CountFrom::Field { event, key: theirs, by } => {
                    if event.system == old {
                        key.clone_into(&mut event.system);
                    }
                    *theirs = spelt(&event.collection, theirs);
                    event.field = spelt(&event.collection, &event.field);
                    *by = spelt(&name, by);
                }
                CountFrom::Client { by, key: known, .. } => {
                    if known.system == old {
                        key.clone_into(&mut known.system);
                    }
                    known.field = spelt(&known.collection, &known.field);
                    *by = spelt(&name, by);
                }
            }
            if let Disposal::Aggregate { by } = &mut rule.method {
                by.iter_mut().for_each(|column| *column = spelt(&name, column));
            }
            for when in &mut rule.when {
                when.column = spelt(&name, &when.column);
            }
        }
        for after in &mut collection.erase_after {
            if let Some(rest) = after.strip_prefix(&format!("{old}.")) {
                *after = format!("{key}.{rest}");
            }
        }
        for field in &mut collection.fields {
            field.name = spelt(&name, &field.name);
            if let Some(column) = table.column(&field.name) {
                field.data_type = Some(column.data_type);
            }
            field.primary_key = table.primary_key.contains(&field.name);
            for reference in &mut field.references {
                if reference.to.system == old {
                    key.clone_into(&mut reference.to.system);
                }
                reference.to.field = spelt(&reference.to.collection, &reference.to.field);
                for when in &mut reference.when {
                    when.column = spelt(&name, &when.column);
                }
                for also in &mut reference.also {
                    also.here = spelt(&name, &also.here);
                    also.there = spelt(&reference.to.collection, &also.there);
                }
            }
        }
    }
}
