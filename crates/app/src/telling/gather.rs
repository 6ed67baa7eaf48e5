//! Reading whom to tell: every column of every connected system that the map knows as an e-mail address.

use std::collections::BTreeMap;

use connect::{Batch, Connector, Scan};
use engine::Systems as _;
use model::{Micros, Personal, Value};
use policy::{Collection, Policy};
use serde_json::json;
use store::Claim;

use super::list::{addresses, language};
use super::{Listed, NOTICE, OPEN, Source, add, read_sources, save, written};
use crate::house::House;
use crate::jobs::{Did, Failed, Work, ask};
use crate::letters::Language;
use crate::publication::address_hash;
use crate::retain::event;
use crate::state::State;
use crate::{Error, Result};

/// So often a place is tried, over about a day.
pub(super) const TRIES: u64 = 8;
/// The pause after the first time, in microseconds; it doubles with each.
const PAUSE: i64 = 10 * 60 * 1_000_000;
/// So many people are noted in one transaction.
const AT_ONCE: usize = 500;

/// A column with addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `system.collection.field`.
    pub path: String,
    /// Its words.
    pub title: String,
}

/// The columns that hold addresses of people, as the map knows them.
pub fn places(policy: &Policy) -> Vec<Place> {
    let mut found = Vec::new();
    for system in &policy.systems {
        for collection in system.collections.iter().filter(|one| one.skip.is_none()) {
            for field in collection.fields.iter().filter(|field| is_address(field)) {
                found.push(Place {
                    path: format!("{}.{}.{}", system.key, collection.name, field.name),
                    title: format!("{}, {}: {}", system.title, collection.title, field.name),
                });
            }
        }
    }
    found
}

fn is_address(field: &policy::Field) -> bool {
    let mail = |category: &String| {
        category == "user.contact.email" || category.starts_with("user.contact.email.")
    };
    !field.free_text && field.categories.iter().any(mail)
}

/// The column that says in which language somebody is written to.
fn language_of(collection: &Collection) -> Option<&str> {
    let speaks = |field: &&policy::Field| {
        field.categories.iter().any(|one| one == "user.demographic.language")
    };
    collection.fields.iter().find(speaks).map(|field| field.name.as_str())
}

/// What was read of a place.
#[derive(Default)]
struct Read {
    /// By the hash of the address: the same address twice is one person.
    people: BTreeMap<[u8; 32], Listed>,
    found: u64,
    unfit: u64,
}

impl House {
    /// Reads the places that were not read yet. One that is away is tried again later, and the others are
    /// told meanwhile.
    pub(crate) async fn gather_people(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let state = self.state().await?;
        let policy = self.last_sound_policy()?;
        let mut tx = state.store.read().await?;
        let Some(one) = tx.announcement(id).await? else { return Ok(Did::Done) };
        let mut version = None;
        if one.kind == NOTICE {
            let versions = tx.notice_versions(auth::ROOT).await?;
            version = versions.into_iter().find(|known| Some(&known.id) == one.version.as_ref());
        }
        tx.rollback().await?;
        if one.state != OPEN {
            return Ok(Did::Done);
        }
        let lender = self.lender(&state);
        let mut open: BTreeMap<String, Option<Box<dyn Connector>>> = BTreeMap::new();
        for source in read_sources(&one).into_iter().filter(|source| !source.is_settled()) {
            let system = source.path.split('.').next().unwrap_or_default().to_owned();
            let mut trouble = None;
            if !open.contains_key(&system) {
                let opened = lender.open(&system).await;
                trouble = opened.as_ref().err().map(ToString::to_string);
                open.insert(system.clone(), opened.ok());
            }
            let read = match open.get(&system) {
                Some(Some(connector)) => {
                    self.means.progress.step(&source.title, "reading whom to tell");
                    read(&state, &policy, &source.path, connector.as_ref()).await
                }
                _ => Err(trouble.unwrap_or_else(|| "the system was not reached".to_owned())),
            };
            let noted = match read {
                Ok(read) => {
                    let new = self.note_people(&state, id, version.as_ref(), &read).await?;
                    Source {
                        read: true,
                        found: read.found,
                        unfit: read.unfit,
                        new: source.new.saturating_add(new),
                        trouble: None,
                        ..source
                    }
                }
                Err(why) => Source { tries: source.tries + 1, trouble: Some(why), ..source },
            };
            self.note_source(&state, &policy.organisation.name, id, noted).await?;
        }
        for connector in open.into_values().flatten() {
            connector.close().await;
        }
        let mut tx = state.store.begin().await?;
        let Some(one) = tx.announcement(id).await? else { return Ok(Did::Done) };
        if !tx.finish_job(claim).await? {
            tx.rollback().await?;
            return Ok(Did::Ended);
        }
        let tell = Work::TellPeople { announcement: id.to_owned() };
        ask(&mut tx, &self.means, auth::ROOT, &tell, None).await?;
        let open = read_sources(&one).into_iter().filter(|source| !source.is_settled());
        if let Some(tries) = open.map(|source| source.tries).max() {
            let pause = PAUSE << tries.saturating_sub(1).min(6);
            let at = Micros(self.means.clock.now().0.saturating_add(pause));
            let again = Work::GatherPeople { announcement: id.to_owned() };
            ask(&mut tx, &self.means, auth::ROOT, &again, Some(at)).await?;
        }
        tx.commit().await?;
        Ok(Did::Ended)
    }

    /// Notes people in parts: what was noted when a process dies is not noted again.
    async fn note_people(
        &self,
        state: &State,
        id: &str,
        version: Option<&store::NoticeVersion>,
        read: &Read,
    ) -> Result<u64> {
        let people: Vec<&Listed> = read.people.values().collect();
        let mut new = 0;
        for part in people.chunks(AT_ONCE) {
            let mut tx = state.store.begin().await?;
            for one in part {
                new += u64::from(add(&mut tx, state, id, version, one).await?);
            }
            tx.commit().await?;
        }
        Ok(new)
    }

    /// Writes down what a place gave.
    async fn note_source(
        &self,
        state: &State,
        organisation: &str,
        id: &str,
        source: Source,
    ) -> Result<()> {
        let mut tx = state.store.begin().await?;
        let Some(mut one) = tx.announcement(id).await? else { return Ok(tx.rollback().await?) };
        let mut sources = read_sources(&one);
        let Some(known) = sources.iter_mut().find(|known| known.path == source.path) else {
            return Ok(tx.rollback().await?);
        };
        let about = json!({
            "announcement": id, "place": source.path, "read": source.read, "found": source.found,
            "new": source.new, "unfit": source.unfit,
        });
        *known = source;
        one.sources = written(&sources)?;
        save(&mut tx, one, self.means.clock.now()).await?;
        let kind = "announcement place read";
        tx.append_event(&event(state, organisation, kind, &about)).await?;
        tx.commit().await?;
        self.seal(state).await
    }

    /// The language in which somebody is written to of whom nothing else is known.
    pub(super) fn usual_language(&self) -> Language {
        Language::of(self.settings.mail.language.as_deref().unwrap_or("en"))
    }
}

/// Reads the addresses of one column, each once.
async fn read(
    state: &State,
    policy: &Policy,
    path: &str,
    connector: &dyn Connector,
) -> std::result::Result<Read, String> {
    let mut parts = path.splitn(3, '.');
    let (system, collection, field) =
        (parts.next(), parts.next(), parts.next().unwrap_or_default());
    let collection = system
        .and_then(|key| policy.system(key))
        .zip(collection)
        .and_then(|(system, name)| system.collection(name));
    let Some(collection) = collection.filter(|one| one.field(field).is_some()) else {
        return Err("the map does not have it any more".to_owned());
    };
    let catalogue = connector.catalogue().await.map_err(|error| error.to_string())?;
    let table = crate::contents::table_of(&catalogue, collection)
        .ok_or_else(|| "the system has no such table".to_owned())?;
    let mut columns = vec![field.to_owned()];
    columns.extend(language_of(collection).map(str::to_owned));
    if let Some(gone) =
        columns.iter().find(|name| table.columns.iter().all(|column| column.name != **name))
    {
        return Err(format!("the table has no column `{gone}`"));
    }
    let scan = Scan { table: table.name.clone(), columns, sample: None };
    let mut found = Read::default();
    let mut failed: Option<Error> = None;
    let mut sink = |batch: Batch| {
        for row in &batch.0 {
            let Some(Value::Text(text)) = row.values.first() else { continue };
            if text.trim().is_empty() {
                continue;
            }
            found.found += 1;
            let speaks = match row.values.get(1) {
                Some(Value::Text(cell)) => language(cell),
                _ => None,
            };
            let all = addresses(text);
            found.unfit += u64::from(all.is_empty());
            for address in all {
                let address = Personal::new(address);
                match address_hash(state, &address) {
                    Ok(hash) => {
                        let one = Listed { address, language: speaks };
                        let known = found.people.entry(hash).or_insert(one);
                        known.language = known.language.or(speaks);
                    }
                    Err(error) => failed = Some(error),
                }
            }
        }
        Ok(())
    };
    connector.scan(&scan, &mut sink).await.map_err(|error| error.to_string())?;
    match failed {
        Some(error) => Err(error.to_string()),
        None => Ok(found),
    }
}
