//! A look into one system: its shape, what discovery proposes, what values are.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Systems as _;
use engine::discover::{self, Discovery, NoteKind};
use model::Catalogue;
use policy::{Collection, Policy, System};
use render::map::{MapCollection, MapField, MapSystem, Origin, Proposal, Unread};

use crate::contents::{self, Contents, FieldLook, Reader, TableLook};
use crate::house::House;
use crate::state::State;

/// What was seen of a system.
pub(super) struct Looked {
    pub(super) catalogue: Catalogue,
    pub(super) found: Discovery,
    pub(super) contents: Contents,
}

/// Looks into a system; says why where that cannot be.
pub(super) async fn into(
    house: &House,
    policy: &Policy,
    system: &System,
    state: &State,
    sample: Option<u32>,
    reader: &mut Reader,
) -> Result<Looked, String> {
    let mut connections = (*house.connections()).clone();
    if let Some(connection) = connections.get_mut(&system.key) {
        connection.read_only = true;
    }
    let lender = house.lender_of(state, Arc::new(connections));
    let progress = house.means.progress.as_ref();
    progress.step(&system.title, "looking at its tables");
    let connector = lender.open(&system.key).await.map_err(|error| error.to_string())?;
    let options = discover::Options {
        known: policy.systems.iter().filter(|other| other.key != system.key).cloned().collect(),
        // What a ready map says stands in the policy already.
        ignore_map: true,
        rows: policy.classification.clone(),
        ..discover::Options::default()
    };
    let mut told = |at: discover::Progress| progress.step(&system.title, &at.doing);
    let found = discover::look_into(connector.as_ref(), &system.key, &options, &mut told).await;
    let looked = match found {
        Ok(found) => match connector.latest_catalogue().await {
            Ok(catalogue) => {
                progress.step(&system.title, "looking at what stands there");
                let tables = &catalogue.tables;
                let contents =
                    contents::read(system, tables, connector.as_ref(), sample, reader).await;
                Ok(Looked { catalogue, found, contents })
            }
            Err(error) => Err(error.to_string()),
        },
        Err(error) => Err(error.to_string()),
    };
    connector.close().await;
    looked
}

impl Looked {
    /// The collection of discovery for this table.
    pub(super) fn found(&self, table: &model::TableName) -> Option<&Collection> {
        self.found.system.collections.iter().find(|collection| collection.table == *table)
    }

    /// What was counted in a table.
    pub(super) fn table(&self, system: &System, name: &str) -> Option<&TableLook> {
        let place = format!("{}.{name}", system.key);
        self.contents.tables.iter().find(|look| look.place == place)
    }

    /// Whether a table's rows could be read.
    pub(super) fn was_read(&self, system: &System, name: &str) -> bool {
        let place = format!("{}.{name}", system.key);
        self.contents.unread.iter().all(|(unread, _)| *unread != place)
    }

    /// What discovery proposes for a field of one of its collections.
    pub(super) fn proposal(&self, collection: &str, field: &str) -> Option<Proposal> {
        let key = (collection.to_owned(), field.to_owned());
        let guess = self.found.categories.get(&key)?;
        let found = self.found.system.collection(collection)?.field(field)?;
        let from = self.found.origins.get(&key).map_or(&[][..], Vec::as_slice);
        Some(Proposal {
            category: found.categories.first()?.clone(),
            confidence: guess.confidence,
            from: from.iter().map(|origin| origin_of(*origin)).collect(),
            reason: guess.reason.clone(),
        })
    }

    /// Every table with the collection of the map and that of discovery.
    pub(super) fn tables<'l>(
        &'l self,
        system: &'l System,
    ) -> impl Iterator<Item = (&'l model::Table, Option<&'l Collection>, Option<&'l Collection>)>
    {
        self.catalogue
            .tables
            .iter()
            .map(|table| (table, contents::behind(system, table), self.found(&table.name)))
    }

    /// The system as it was found.
    pub(super) fn mapped(&self, system: &System) -> MapSystem {
        let collections = self
            .tables(system)
            .filter(|(table, mapped, _)| mapped.is_some() || !table.is_view)
            .map(|(table, mapped, found)| self.collection(system, table, mapped, found))
            .collect();
        MapSystem { reached: true, collections, ..blank(system) }
    }

    fn collection(
        &self,
        system: &System,
        table: &model::Table,
        mapped: Option<&Collection>,
        found: Option<&Collection>,
    ) -> MapCollection {
        let one = mapped.or(found);
        let name = one.map_or_else(|| table.name.to_string(), |one| one.name.clone());
        // Where the map does not have it, contents go by the table's own name.
        let counted = mapped.map_or_else(|| table.name.to_string(), |one| one.name.clone());
        let look = self.table(system, &counted);
        let read = self.was_read(system, &counted);
        let mut fields = Vec::new();
        for column in &table.columns {
            let (ours, theirs) = (
                mapped.and_then(|one| one.field(&column.name)),
                found.and_then(|one| one.field(&column.name)),
            );
            let personal = match (ours, theirs) {
                (Some(ours), _) => ours.is_personal(),
                (None, Some(theirs)) => theirs.is_personal(),
                (None, None) => false,
            };
            if !personal {
                continue;
            }
            let seen = look.and_then(|look| look.fields.get(&column.name)).filter(|_| read);
            let proposal = found
                .and_then(|one| self.proposal(&one.name, &column.name))
                .or_else(|| seen.and_then(|seen| by_values(seen, column)));
            fields.push(MapField {
                name: column.name.clone(),
                categories: ours.map(|field| field.categories.clone()).unwrap_or_default(),
                filled: seen.map(|seen| seen.filled),
                proposal,
            });
        }
        let skipped = match (mapped, found) {
            (Some(one), _) | (None, Some(one)) => one.skip.clone(),
            (None, None) => None,
        };
        MapCollection {
            title: one.map_or_else(|| name.clone(), |one| one.title.clone()),
            name,
            mapped: mapped.is_some(),
            skipped,
            rows: look.map_or(0, |look| look.rows),
            about: look.map_or(table.about_rows, |look| {
                if look.sampled { look.about.max(look.rows) } else { look.rows }
            }),
            whole: read && look.is_some_and(|look| !look.sampled),
            others: (table.columns.len() - fields.len()) as u64,
            fields,
        }
    }

    /// What was not looked at, and why.
    pub(super) fn unread(&self, system: &System) -> Vec<Unread> {
        let told =
            |(place, why): &(String, String)| Unread { place: place.clone(), why: why.clone() };
        let mut unread: Vec<Unread> = self.contents.unread.iter().map(told).collect();
        for note in self.found.notes.iter().filter(|note| note.kind == NoteKind::NotRead) {
            let place = format!("{}.{}", system.key, note.place);
            if unread.iter().all(|known| known.place != place) {
                unread.push(Unread { place, why: note.says.clone() });
            }
        }
        for table in &self.contents.tables {
            let files: BTreeMap<&String, u64> = table
                .fields
                .iter()
                .filter(|(_, look)| look.unopened > 0)
                .map(|(name, look)| (name, look.unopened))
                .collect();
            for (name, many) in files {
                unread.push(Unread {
                    place: format!("{}.{name}", table.place),
                    why: format!(
                        "{} not opened: `upheld scan {}` looks into files",
                        render::words::count(many, "file in it was", "files in it were"),
                        system.key
                    ),
                });
            }
        }
        unread
    }
}

/// What values alone say of a column.
fn by_values(seen: &FieldLook, column: &model::Column) -> Option<Proposal> {
    let guess = seen.tally.guesses(&column.name, &column.native_type).into_iter().next()?;
    Some(Proposal {
        category: guess.category,
        confidence: guess.confidence,
        from: if guess.kind.is_some() { vec![Origin::Values] } else { vec![Origin::Name] },
        reason: guess.reason,
    })
}

const fn origin_of(origin: discover::Origin) -> Origin {
    match origin {
        discover::Origin::Name => Origin::Name,
        discover::Origin::Type => Origin::Type,
        discover::Origin::Values => Origin::Values,
    }
}

/// A system that did not answer, as its map says.
pub(super) fn by_policy(system: &System) -> MapSystem {
    let collections = system
        .collections
        .iter()
        .map(|one| {
            let fields: Vec<MapField> = one
                .fields
                .iter()
                .filter(|field| field.is_personal())
                .map(|field| MapField {
                    name: field.name.clone(),
                    categories: field.categories.clone(),
                    filled: None,
                    proposal: None,
                })
                .collect();
            MapCollection {
                name: one.name.clone(),
                title: one.title.clone(),
                mapped: true,
                skipped: one.skip.clone(),
                rows: 0,
                about: 0,
                whole: false,
                others: (one.fields.len() - fields.len()) as u64,
                fields,
            }
        })
        .collect();
    MapSystem { collections, ..blank(system) }
}

fn blank(system: &System) -> MapSystem {
    MapSystem {
        key: system.key.clone(),
        title: system.title.clone(),
        region: system.region.clone(),
        abroad: false,
        reached: false,
        source: system.source.clone(),
        from: Vec::new(),
        to: Vec::new(),
        collections: Vec::new(),
    }
}
