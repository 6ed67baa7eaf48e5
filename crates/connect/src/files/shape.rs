//! The collections of a folder: files of one kind and one family, and what their columns are.

use std::collections::{BTreeMap, BTreeSet};

use model::{Catalogue, Column, DataType, Product, Table, TableName};

use super::folder::{Entry, Folder};
use super::pattern::{family, matches};
use super::reader::{self, Layout, trouble};
use super::record::{Form, Known, Role};
use super::sniff::{self, Looked, Names, Seen};
use crate::{Error, Result};

/// The collection of files that are not read.
pub(super) const OTHER: &str = "(other files)";
/// The column for what no other column stands for.
const FURTHER: &str = "further";

/// A file of a collection.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) entry: Entry,
    /// How it is read; `None` for a file that is not.
    pub(super) layout: Option<Layout>,
    /// Why it is not.
    pub(super) why: &'static str,
}

/// A collection.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) table: Table,
    pub(super) roles: Vec<Role>,
    pub(super) files: Vec<Member>,
    members: BTreeSet<String>,
    fields: usize,
    /// Whether its values have types of their own, as in JSON.
    pub(super) typed: bool,
}

impl Collection {
    /// The role of a column.
    pub(super) fn role(&self, column: &str) -> Result<&Role> {
        let index = self.table.columns.iter().position(|held| held.name == column);
        index.and_then(|index| self.roles.get(index)).ok_or_else(|| Error::NoColumn {
            table: self.table.name.clone(),
            column: column.to_owned(),
        })
    }

    pub(super) const fn known(&self) -> Known<'_> {
        Known { members: &self.members, fields: self.fields }
    }

    /// How many fields belong to a record.
    pub(super) const fn fields(&self) -> usize {
        self.fields
    }

    /// Whether its files are not read.
    pub(super) fn is_other(&self) -> bool {
        self.table.name.table == OTHER
    }

    pub(super) fn name(&self) -> &TableName {
        &self.table.name
    }

    /// All its files together, in bytes.
    pub(super) fn size(&self) -> u64 {
        self.files.iter().map(|member| member.entry.stamp.size).sum()
    }
}

/// A folder as it was last read.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) collections: BTreeMap<String, Collection>,
    looked: BTreeMap<String, (Entry, Looked)>,
}

impl Shape {
    /// The collection of this name.
    pub(super) fn collection(&self, name: &TableName) -> Result<&Collection> {
        self.collections
            .get(&name.table)
            .filter(|_| name.schema.is_empty())
            .ok_or_else(|| Error::NoTable(name.clone()))
    }

    /// Reads the folder. What was looked at before and has not changed is not looked at again.
    pub(super) fn read(
        folder: &Folder,
        patterns: &[String],
        ours: &dyn Fn(&str) -> bool,
        before: Option<&Self>,
    ) -> Result<Self> {
        let entries = folder.list(ours).map_err(|error| trouble(".", &error))?;
        let mut shape = Self::default();
        let mut groups: BTreeMap<(String, Option<Kind>), Vec<Member>> = BTreeMap::new();
        for entry in entries {
            if !patterns.is_empty() && !patterns.iter().any(|pattern| matches(pattern, &entry.path))
            {
                continue;
            }
            let looked = look(folder, &entry, !patterns.is_empty(), before)?;
            let Some(looked) = looked else { continue };
            let (layout, why) = match looked.layout {
                Ok(layout) => (Some(layout), ""),
                Err(why) => (None, why),
            };
            let place = match layout {
                Some(layout) => (family(&entry.path), Some(Kind::of(layout.form, &looked))),
                None => (OTHER.to_owned(), None),
            };
            groups.entry(place).or_default().push(Member { entry: entry.clone(), layout, why });
            shape.looked.insert(entry.path.clone(), (entry, looked));
        }
        // Always there, so that the shape stays when the first such file comes.
        groups.entry((OTHER.to_owned(), None)).or_default();
        let mut named: Vec<(String, Option<Kind>, Vec<Member>)> =
            groups.into_iter().map(|((family, kind), files)| (family, kind, files)).collect();
        // The group with the first file has the plain name, whatever comes later.
        let first = |files: &[Member]| files.first().map(|member| member.entry.path.clone());
        named.sort_by(|a, b| (&a.0, first(&a.2)).cmp(&(&b.0, first(&b.2))));
        let mut names = Names::default();
        for (family, kind, files) in named {
            let name = if shape.collections.contains_key(&family) {
                let own = kind.as_ref().map_or_else(String::new, Kind::words);
                names.unlike(&format!("{family} ({own})"))
            } else {
                names.unlike(&family)
            };
            let collection = match kind {
                Some(kind) => shape.collected(&name, &kind, files),
                None => others(files),
            };
            shape.collections.insert(name, collection);
        }
        Ok(shape)
    }

    fn collected(&self, name: &str, kind: &Kind, files: Vec<Member>) -> Collection {
        let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
        let mut rows = 0;
        for member in &files {
            let Some((entry, looked)) = self.looked.get(&member.entry.path) else { continue };
            for (column, more) in &looked.seen {
                let held = seen.entry(column.clone()).or_default();
                *held = held.and(*more);
            }
            let packed = if member.layout.is_some_and(|layout| layout.gz) { 4 } else { 1 };
            rows += entry.stamp.size * packed / looked.length;
        }
        let mut build = Build::default();
        let mut members = BTreeSet::new();
        let mut fields = 0;
        match kind {
            Kind::Csv(header) => {
                fields = header.len();
                for (index, field) in header.iter().enumerate() {
                    build.add(field, "field", ANY, header.len() > 1, false, Role::Field(index));
                    build.looks(seen.get(field).copied().unwrap_or_default());
                }
                build.add(FURTHER, "text", ANY, true, false, Role::Further);
            }
            Kind::Json => {
                for (key, held) in &seen {
                    let kind = if held.word() == "nested" { DataType::Json } else { ANY };
                    build.add(key, "member", kind, true, false, Role::Member(key.clone()));
                    build.looks(*held);
                    members.insert(key.clone());
                }
                build.add(FURTHER, "JSON", ANY, true, false, Role::Further);
            }
            Kind::Lines => {
                build.add("line", "text", ANY, false, false, Role::Line);
                build.add("time", "moment", DataType::Timestamp, true, true, Role::Time);
            }
        }
        // A path is no text that is searched anew in every record.
        build.add("file", "path", DataType::Enumeration, false, true, Role::File);
        build.add("file_time", "moment", DataType::Timestamp, false, true, Role::FileTime);
        build.done(name, rows, files, members, fields, *kind == Kind::Json)
    }

    /// The catalogue, in the words of every connector.
    pub(super) fn catalogue(&self, name: String) -> Catalogue {
        Catalogue {
            product: Product::Files,
            version: "in a folder".to_owned(),
            database: name,
            tables: self.collections.values().map(|held| held.table.clone()).collect(),
        }
    }
}

const ANY: DataType = DataType::Text { max_chars: None };

/// What a group of files has in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Csv(Vec<String>),
    Json,
    Lines,
}

impl Kind {
    fn of(form: Form, looked: &Looked) -> Self {
        match form {
            Form::Csv { .. } => Self::Csv(looked.fields.clone()),
            Form::Json => Self::Json,
            Form::Lines => Self::Lines,
        }
    }

    /// What tells it from other groups of the same family.
    fn words(&self) -> String {
        match self {
            Self::Csv(header) => header.join(" ").chars().take(40).collect(),
            Self::Json => "JSON Lines".to_owned(),
            Self::Lines => "lines".to_owned(),
        }
    }
}

/// The columns of a collection, as they come together.
#[derive(Default)]
struct Build {
    names: Names,
    columns: Vec<Column>,
    roles: Vec<Role>,
}

impl Build {
    fn add(
        &mut self,
        name: &str,
        native: &str,
        data_type: DataType,
        nullable: bool,
        generated: bool,
        role: Role,
    ) {
        self.columns.push(Column {
            name: self.names.unlike(name),
            native_type: native.to_owned(),
            data_type,
            nullable,
            has_default: generated,
            generated,
            loose_collation: false,
            updates_itself: false,
            comment: None,
        });
        self.roles.push(role);
    }

    /// What the values of the last column look like in a sample. It stands in the comment: the
    /// shape of a folder must not change with every file that comes.
    fn looks(&mut self, seen: Seen) {
        if let Some(column) = self.columns.last_mut() {
            column.comment = Some(seen.word().to_owned());
        }
    }

    fn done(
        self,
        name: &str,
        about_rows: u64,
        files: Vec<Member>,
        members: BTreeSet<String>,
        fields: usize,
        typed: bool,
    ) -> Collection {
        let table = Table {
            name: TableName::new("", name),
            is_view: false,
            about_rows,
            columns: self.columns,
            primary_key: Vec::new(),
            unique: Vec::new(),
            references: Vec::new(),
            triggers: Vec::new(),
        };
        Collection { table, roles: self.roles, files, members, fields, typed }
    }
}

/// The files that are not read. Their names are: `jane.doe.pdf` names somebody.
fn others(files: Vec<Member>) -> Collection {
    let mut build = Build::default();
    build.add("file", "path", ANY, false, true, Role::File);
    build.add("not_read", "reason", DataType::Enumeration, false, true, Role::Why);
    build.add("size", "bytes", DataType::Integer, false, true, Role::Size);
    build.add("file_time", "moment", DataType::Timestamp, false, true, Role::FileTime);
    let rows = u64::try_from(files.len()).unwrap_or(u64::MAX);
    build.done(OTHER, rows, files, BTreeSet::new(), 0, false)
}

/// Looks at a file. `None`: it is gone.
fn look(
    folder: &Folder,
    entry: &Entry,
    named: bool,
    before: Option<&Shape>,
) -> Result<Option<Looked>> {
    let unread =
        |why| Some(Looked { layout: Err(why), fields: vec![], seen: BTreeMap::new(), length: 1 });
    if let Some(odd) = entry.odd {
        return Ok(unread(odd));
    }
    if let Some((then, looked)) = before.and_then(|shape| shape.looked.get(&entry.path))
        && then == entry
    {
        return Ok(Some(looked.clone()));
    }
    match reader::beginning(folder, &entry.path, sniff::SAMPLE) {
        Ok((sample, gz)) => Ok(Some(sniff::look(&entry.path, &sample, gz, named))),
        Err(error) => Ok(match error.kind() {
            std::io::ErrorKind::NotFound => None,
            std::io::ErrorKind::PermissionDenied => unread("this account may not read it"),
            _ => unread("damaged, or not to be read"),
        }),
    }
}
