//! Puts everything that was found into one map.

use std::collections::{BTreeMap, BTreeSet};

use connect::{Connector, Fold};
use model::{Catalogue, DataType, IdentityKind};
use policy::{
    Collection, EraseField, Field, FieldPath, Inference, Reference, System, Tie, Travel, When,
    map::Also,
};

use super::about::About;
use super::bonds::{Bond, Circumstances, Others, Role, bond, is_hers_alone, is_staff_like};
use super::categories::{Leads, is_somebody_elses, propose};
use super::references::{Found, is_merge};
use super::samples::Finder;
use super::survey::{Looked, Survey};
use super::words::{has, title};
use super::{Discovery, Note, NoteKind, Options, erasing, samples, shape};

/// Makes the map.
pub(super) fn assemble(
    survey: &Survey<'_>,
    catalogue: &Catalogue,
    found: Vec<Found>,
    key: &str,
    options: &Options,
    mut notes: Vec<Note>,
    mut finder: Finder,
) -> Discovery {
    let referred_to: BTreeSet<&model::TableName> = catalogue
        .tables
        .iter()
        .flat_map(|table| &table.references)
        .filter(|reference| !reference.cascades)
        .map(|reference| &reference.to)
        .collect();
    let junctions: BTreeSet<usize> =
        (0..survey.tables.len()).filter(|&at| is_junction(survey, at, &found)).collect();
    let mut categories = BTreeMap::new();
    let mut origins = BTreeMap::new();
    let mut collections = Vec::with_capacity(survey.tables.len());
    for (at, looked) in survey.tables.iter().enumerate() {
        let words_of = |name: &str| survey.speller.words(name);
        if let Some(skip) = &looked.skip {
            notes.push(note(NoteKind::Skipped, &looked.collection, skip.clone()));
        }
        let mut fields = Vec::with_capacity(looked.table.columns.len());
        for column in &looked.table.columns {
            let mine: Vec<&Found> =
                found.iter().filter(|one| one.child == at && one.column == column.name).collect();
            let references: Vec<Reference> = mine
                .iter()
                .filter_map(|one| reference(survey, one, &found, &junctions, key, &mut notes))
                .collect();
            let primary_key = looked.table.primary_key.contains(&column.name);
            let leads = leads(
                survey,
                looked,
                primary_key && looked.table.primary_key.len() == 1,
                &column.name,
                &mine,
            );
            let proposal = propose(survey, looked, column, leads, &mut finder);
            let place = format!("{}.{}", looked.collection, column.name);
            let personal = proposal.categories.iter().any(|c| c.starts_with("user"))
                && leads == Leads::Nowhere;
            if looked.skip.is_none() {
                if personal {
                    origins.insert(
                        (looked.collection.clone(), column.name.clone()),
                        proposal.from.clone(),
                    );
                    categories.insert(
                        (looked.collection.clone(), column.name.clone()),
                        Inference {
                            confidence: proposal.confidence,
                            reason: proposal.reason.clone(),
                            confirmed: None,
                        },
                    );
                }
                if let Some(remark) = &proposal.remark {
                    notes.push(note(NoteKind::Content, &place, remark.clone()));
                }
                if column.updates_itself {
                    notes.push(note(
                        NoteKind::Content,
                        &place,
                        "the database sets it on every change, so an erasure shows as an edit"
                            .to_owned(),
                    ));
                }
            }
            let erase = if personal && looked.skip.is_none() {
                let apart = matches!(column.data_type, DataType::Text { .. })
                    && !proposal.free_text
                    && is_somebody_elses(looked, &words_of(&column.name));
                // A help desk's address in what she wrote goes only if it is hers.
                if apart {
                    Some(EraseField::Redact)
                } else {
                    erasing::field(looked, column, &proposal.categories)
                }
            } else {
                None
            };
            fields.push(Field {
                name: column.name.clone(),
                title: None,
                categories: proposal.categories,
                class: None,
                identity: if looked.skip.is_some() { None } else { proposal.identity },
                primary_key,
                data_type: Some(column.data_type),
                free_text: proposal.free_text,
                erase,
                references,
            });
        }
        if looked.skip.is_none() {
            if let Some(column) = erasing::dated_by(looked, words_of) {
                notes.push(note(
                    NoteKind::Dated,
                    &looked.collection,
                    format!("the age of its rows can count from `{column}`"),
                ));
            }
            if !looked.table.triggers.is_empty() {
                notes.push(note(
                    NoteKind::Trigger,
                    &looked.collection,
                    format!(
                        "triggers run when its rows change and may copy what is erased: {}",
                        looked.table.triggers.join(", ")
                    ),
                ));
            }
        }
        collections.push(Collection {
            name: looked.collection.clone(),
            title: title(&looked.spoken),
            table: looked.table.name.clone(),
            erase: erasing::rows(looked, referred_to.contains(&looked.table.name)),
            keep: erasing::keep(looked, words_of, options).into_iter().collect(),
            soft_delete: erasing::soft_delete(looked, words_of),
            skip: looked.skip.clone(),
            erase_after: Vec::new(),
            class: None,
            retain: Vec::new(),
            source: None,
            fields,
        });
    }
    let order: BTreeMap<&str, usize> = survey
        .tables
        .iter()
        .enumerate()
        .map(|(at, looked)| (looked.collection.as_str(), at))
        .collect();
    notes.sort_by_key(|note| {
        let collection = note.place.split('.').next().unwrap_or_default();
        (order.get(collection).copied(), note.place.clone(), note.kind)
    });
    let system = System {
        key: key.to_owned(),
        title: options.title.clone().unwrap_or_else(|| system_title(key)),
        application: None,
        schema: Some(shape::fingerprint(catalogue)),
        purposes: Vec::new(),
        source: None,
        backups: None,
        region: None,
        mechanism: None,
        accounts: Default::default(),
        at_rest: None,
        recipients: Vec::new(),
        collections,
    };
    Discovery { system, categories, origins, notes }
}

fn note(kind: NoteKind, place: &str, says: String) -> Note {
    Note { kind, place: place.to_owned(), says, confidence: None }
}

fn leads(
    survey: &Survey<'_>,
    looked: &Looked<'_>,
    is_key: bool,
    column: &str,
    mine: &[&Found],
) -> Leads {
    let to_people = mine
        .iter()
        .any(|one| survey.tables.get(one.parent).is_some_and(|p| p.about == About::Person));
    let number = looked.table.column(column).is_some_and(|c| {
        matches!(c.data_type, DataType::Integer | DataType::Uuid | DataType::Number)
    });
    if to_people || (is_key && looked.about == About::Person && number) {
        Leads::ToPeople
    } else if !mine.is_empty() || (is_key && number) {
        Leads::Elsewhere
    } else {
        Leads::Nowhere
    }
}

/// Turns what was found into a reference of the map.
fn reference(
    survey: &Survey<'_>,
    one: &Found,
    found: &[Found],
    junctions: &BTreeSet<usize>,
    key: &str,
    notes: &mut Vec<Note>,
) -> Option<Reference> {
    let (child, parent) = (survey.tables.get(one.child)?, survey.tables.get(one.parent)?);
    let words = survey.speller.words(&one.column);
    let unique = child.is_unique(&one.column) || {
        let all =
            child.samples.of(&one.column).iter().filter(|value| samples::points(value)).count();
        all >= 20 && child.samples.pointing(&one.column, usize::MAX).len() * 20 >= all * 19
    };
    let Bond { travel, tie, closed } = bond(
        child,
        parent,
        Circumstances {
            role: one.role,
            to_itself: one.child == one.parent,
            junction: junctions.contains(&one.child),
            one_to_one: unique,
            object: !one.when.is_empty(),
            history: child.table.columns.iter().any(|column| {
                let words = survey.speller.words(&column.name);
                ["old", "before", "previous"].iter().any(|word| has(&words, word))
            }),
            merge: one.child == one.parent && is_merge(&words),
            others: others(survey, found, one.child, Some(one)),
        },
    );
    let mut inferred = one.guess.as_ref().map(|(confidence, reason)| Inference {
        confidence: *confidence,
        reason: reason.clone(),
        confirmed: None,
    });
    if let Some(why) = closed {
        let place = format!("{}.{}", child.collection, one.column);
        notes.push(note(
            NoteKind::NotFollowed,
            &place,
            format!("leads to {} and is not followed: {why}", parent.collection),
        ));
        let (confidence, how) =
            one.guess.clone().unwrap_or((100, "declared by the database".to_owned()));
        inferred = Some(Inference {
            confidence,
            reason: format!("{how}; not followed, because {why}"),
            confirmed: Some(false),
        });
    }
    Some(Reference {
        to: FieldPath {
            system: key.to_owned(),
            collection: parent.collection.clone(),
            field: one.to.clone(),
        },
        also: one
            .also
            .iter()
            .map(|(here, there)| Also { here: here.clone(), there: there.clone() })
            .collect(),
        travel,
        when: one
            .when
            .iter()
            .map(|(column, value)| When { column: column.clone(), any_of: vec![value.clone()] })
            .collect(),
        tie,
        inferred,
    })
}

/// Where a row leads, but for one reference.
fn others(survey: &Survey<'_>, found: &[Found], child: usize, but: Option<&Found>) -> Others {
    let mut others = Others::default();
    for other in found
        .iter()
        .filter(|other| other.child == child && but.is_none_or(|one| one.column != other.column))
    {
        let Some(parent) = survey.tables.get(other.parent) else { continue };
        match parent.about {
            About::Organisation => others.company = true,
            About::Money => others.whole = true,
            About::Matter => others.whole |= other.parent != child,
            About::Person if other.parent != child => {
                others.people = true;
                others.peers |= matches!(other.role, Role::Plain | Role::Client);
                others.author |= other.role == Role::Author;
                others.staff |= is_staff_like(parent);
            }
            _ => {}
        }
    }
    others
}

/// Marks the tables whose rows are a matter of several. Nobody is looked up in them: an address
/// in such a row would make the whole row its owner's.
pub(super) fn mark_shared(survey: &mut Survey<'_>, found: &[Found]) {
    let shared: Vec<bool> = (0..survey.tables.len())
        .map(|at| {
            let Some(looked) = survey.tables.get(at) else { return false };
            let people: BTreeSet<&str> = found
                .iter()
                .filter(|one| one.child == at && one.parent != at)
                .filter(|one| {
                    survey.tables.get(one.parent).is_some_and(|p| p.about == About::Person)
                })
                .map(|one| one.column.as_str())
                .collect();
            let all = others(survey, found, at, None);
            // `ticket_watchers` stand for one person each.
            let stands_for_one = ["watcher", "follower", "participant", "attendee", "member"]
                .iter()
                .any(|word| has(&looked.words, word));
            match looked.about {
                About::Money | About::Matter => true,
                About::Detail if is_hers_alone(looked) => false,
                About::Detail | About::Thing | About::Other => {
                    all.company || people.len() > 1 || (all.whole && !stands_for_one)
                }
                _ => false,
            }
        })
        .collect();
    for (looked, shared) in survey.tables.iter_mut().zip(shared) {
        looked.shared = shared;
    }
}

/// Two references and little else.
fn is_junction(survey: &Survey<'_>, at: usize, found: &[Found]) -> bool {
    let Some(looked) = survey.tables.get(at) else { return false };
    if matches!(looked.about, About::Matter | About::Message | About::Money | About::Log) {
        return false;
    }
    let references: BTreeSet<&str> =
        found.iter().filter(|one| one.child == at).map(|one| one.column.as_str()).collect();
    let parents: BTreeSet<usize> =
        found.iter().filter(|one| one.child == at).map(|one| one.parent).collect();
    let other = looked.table.columns.iter().filter(|column| {
        let words = survey.speller.words(&column.name);
        let small = matches!(
            column.data_type,
            DataType::Timestamp | DataType::Date | DataType::Boolean | DataType::Enumeration
        ) || words.iter().any(|w| {
            ["type", "role", "sort", "order", "position", "email", "id"].contains(&w.as_str())
        });
        !references.contains(column.name.as_str())
            && !looked.table.primary_key.contains(&column.name)
            && !small
    });
    parents.len() >= 2 && other.count() <= 1
}

/// Ties rows together that are about the same person by the address they hold, inside this system
/// and with those mapped before.
pub(super) async fn tie_by_address(
    mut discovery: Discovery,
    survey: &Survey<'_>,
    connector: &dyn Connector,
    options: &Options,
) -> Discovery {
    let key = discovery.system.key.clone();
    let has_address = |collection: &Collection| {
        collection
            .fields
            .iter()
            .find(|field| field.identity == Some(IdentityKind::Email))
            .map(|field| field.name.clone())
    };
    let is_people = |name: &str| {
        survey.tables.iter().any(|looked| {
            looked.collection == name && looked.about == About::Person && !looked.relatives
        })
    };
    let people: Vec<(String, String, model::TableName)> = discovery
        .system
        .collections
        .iter()
        .filter(|collection| collection.skip.is_none() && is_people(&collection.name))
        .filter_map(|collection| {
            Some((collection.name.clone(), has_address(collection)?, collection.table.clone()))
        })
        .collect();
    let elsewhere: Vec<FieldPath> = options
        .known
        .iter()
        .filter(|system| system.key != key)
        .filter_map(|system| {
            let collection = system.collections.iter().filter(|c| c.skip.is_none()).find(|c| {
                has_address(c).is_some()
                    && c.fields
                        .iter()
                        .any(|f| f.categories.iter().any(|k| k.starts_with("user.name")))
            })?;
            Some(FieldPath {
                system: system.key.clone(),
                collection: collection.name.clone(),
                field: has_address(collection)?,
            })
        })
        .collect();
    for collection in discovery.system.collections.iter_mut().filter(|c| c.skip.is_none()) {
        let Some(looked) = survey.tables.iter().find(|looked| looked.collection == collection.name)
        else {
            continue;
        };
        let person = looked.about == About::Person;
        let tie = if looked.shared { Tie::Shared } else { Tie::Own };
        let holds_address = |field: &Field| {
            let text = matches!(field.data_type, Some(DataType::Text { .. })) && !field.free_text;
            field.identity == Some(IdentityKind::Email)
                || (looked.shared
                    && text
                    && field.categories.iter().any(|c| c == "user.contact.email"))
        };
        for field in collection.fields.iter_mut().filter(|field| holds_address(field)) {
            if !person {
                let values = looked.samples.pointing(&field.name, options.lookup_values);
                for (name, column, table) in &people {
                    let Ok(hits) =
                        samples::hits(connector, table, column, &values, Fold::Case).await
                    else {
                        continue;
                    };
                    if hits == 0 {
                        continue;
                    }
                    // Equal addresses are one person, however many others never signed up.
                    let confidence = if hits >= 3 { 88 } else { 72 };
                    field.references.push(by_address(
                        FieldPath { system: key.clone(), collection: name.clone(), field: column.clone() },
                        tie,
                        confidence,
                        format!("both hold e-mail addresses; {hits} of {} different ones are found there", values.len()),
                    ));
                }
            }
            for path in &elsewhere {
                field.references.push(by_address(
                    path.clone(),
                    tie,
                    85,
                    "both hold e-mail addresses by which a person is known; the values were not compared".to_owned(),
                ));
            }
        }
    }
    discovery
}

fn by_address(to: FieldPath, tie: Tie, confidence: u8, reason: String) -> Reference {
    Reference {
        to,
        also: Vec::new(),
        travel: Travel::Here,
        when: Vec::new(),
        tie,
        inferred: Some(Inference { confidence, reason, confirmed: None }),
    }
}

/// The name of a system from its key: short keys are abbreviations.
fn system_title(key: &str) -> String {
    if key.len() <= 3 { key.to_uppercase() } else { title(key) }
}
