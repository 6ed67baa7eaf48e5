//! Legal holds: written down, listed, lifted, and resolved to what they keep.

use std::sync::Arc;

use async_trait::async_trait;
use auth::{Action, Actor};
use engine::Keeper;
use engine::retain::{Resolved, Resolver, Root};
use model::{Identity, Micros};
use plan::retention::Almanac;
use plan::{Case, Excepted, Exceptions, Graph, Held, Hold, Place, Request, RequestKind};
use policy::{FieldPath, Policy};
use serde_json::json;

use crate::allowed::require;
use crate::house::House;
use crate::retain::event;
use crate::state::State;
use crate::{Error, Result};

/// What bodies of holds are sealed for.
const PURPOSE: &str = "legal hold";

/// A hold as it comes in.
#[derive(Debug)]
pub struct Wanted {
    /// What is held.
    pub what: Held,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds, as `2026-01-31`.
    pub until: Option<String>,
}

/// A hold on the list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ListedHold {
    /// Its number.
    pub id: String,
    /// What is held, in words that name no person.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when.
    pub begun_at: Micros,
    /// The last day on which it holds.
    pub ends_on: Option<String>,
    /// When it was lifted.
    pub lifted_at: Option<Micros>,
    /// Why it was lifted.
    pub lifted: Option<String>,
    /// Whether it holds now.
    pub holds: bool,
}

/// What a new hold keeps.
#[derive(Debug)]
pub struct Added {
    /// Its number.
    pub id: String,
    /// Rows that it keeps now; `None` where it keeps a whole place.
    pub rows: Option<u64>,
    /// Systems in which it could not be looked up.
    pub not_reached: Vec<String>,
}

impl House {
    /// Writes a hold down and says what it keeps now.
    pub async fn hold(&self, wanted: Wanted) -> Result<Added> {
        let (policy, state, hold) = self.write_hold(wanted, None).await?;
        let mut except = Exceptions::default();
        let resolved = self.resolve(&state, &policy, &[&hold], &mut except).await?;
        let rows = match hold.what {
            Held::System(_) | Held::Collection(_) => None,
            _ => Some(resolved.rows.values().map(|rows| rows.len() as u64).sum()),
        };
        let not_reached = resolved.not_reached.into_keys().collect();
        Ok(Added { id: hold.id, rows, not_reached })
    }

    /// Writes a hold down as a member of staff; its number. What it keeps is looked up at each run.
    pub async fn hold_as(&self, actor: &Actor, wanted: Wanted) -> Result<String> {
        require(actor, Action::PlaceHold, whose(&wanted.what))?;
        let (_, _, hold) = self.write_hold(wanted, Some(actor.person())).await?;
        Ok(hold.id)
    }

    /// Lifts a hold as a member of staff.
    pub async fn lift_hold_as(&self, actor: &Actor, id: &str, reason: &str) -> Result<()> {
        let absent = || Error::Absent(format!("there is no hold {id}"));
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let holds = tx.holds().await?;
        tx.rollback().await?;
        let hold = match holds.iter().find(|hold| hold.id == id) {
            Some(hold) => unseal(&state, hold)?,
            None => {
                require(actor, Action::LiftHold, actor.home())?;
                return Err(absent());
            }
        };
        match require(actor, Action::LiftHold, whose(&hold.what)) {
            Err(Error::NotAllowed(auth::Refusal::Denied)) => {
                // Whose it is, nobody else learns.
                require(actor, Action::LiftHold, actor.home())?;
                return Err(absent());
            }
            other => other?,
        }
        self.lift(id, reason, Some(actor.person())).await.map(drop)
    }

    async fn write_hold(
        &self,
        wanted: Wanted,
        by: Option<&str>,
    ) -> Result<(Policy, Arc<State>, Hold)> {
        let policy = self.policy(false)?;
        let state = self.state().await?;
        check(&policy, &wanted)?;
        let ends = match &wanted.until {
            None => None,
            Some(day) => Some(self.last_day(day)?),
        };
        let hold = Hold {
            id: store::new_id(self.means.rng.as_ref()),
            what: wanted.what,
            reason: wanted.reason,
            owner: wanted.owner,
            begun: self.means.clock.now(),
            ends,
            lifted: None,
        };
        let organisation = &policy.organisation.name;
        let stored = store::Hold {
            id: hold.id.clone(),
            organisation: organisation.clone(),
            body: seal(&state, &hold)?,
            begun_at: hold.begun,
            ends_on: ends.map(|day| day.to_string()),
            lifted_at: None,
        };
        let mut about = json!({
            "hold": hold.id, "of": kind(&hold.what), "ends_on": stored.ends_on,
        });
        if let (Some(by), Some(about)) = (by, about.as_object_mut()) {
            about.insert("by".to_owned(), by.into());
        }
        let mut tx = state.store.begin().await?;
        tx.insert_hold(&stored).await?;
        tx.append_event(&event(&state, organisation, "legal hold begun", &about)).await?;
        tx.commit().await?;
        self.seal(&state).await?;
        Ok((policy, state, hold))
    }

    /// Every hold, oldest first.
    pub async fn holds(&self) -> Result<Vec<ListedHold>> {
        let state = self.state().await?;
        let almanac = self.almanac()?;
        let mut tx = state.store.read().await?;
        let stored = tx.holds().await?;
        tx.rollback().await?;
        let listed = |stored: store::Hold| {
            let hold = unseal(&state, &stored)?;
            Ok(ListedHold {
                what: words(&hold.what),
                holds: stored.lifted_at.is_none() && hold.holds_on(almanac.today()),
                id: hold.id,
                reason: hold.reason,
                owner: hold.owner,
                begun_at: hold.begun,
                ends_on: stored.ends_on,
                lifted_at: stored.lifted_at,
                lifted: hold.lifted,
            })
        };
        stored.into_iter().map(listed).collect()
    }

    /// Lifts a hold; its whole number.
    pub async fn lift_hold(&self, begin: &str, reason: &str) -> Result<String> {
        self.lift(begin, reason, None).await
    }

    async fn lift(&self, begin: &str, reason: &str, by: Option<&str>) -> Result<String> {
        if reason.trim().is_empty() {
            return Err(Error::Refused("say why the hold is lifted: `--reason`".to_owned()));
        }
        let policy = self.policy(false)?;
        let state = self.state().await?;
        let mut tx = state.store.begin().await?;
        let holds = tx.holds().await?;
        let mut fitting = holds.iter().filter(|hold| hold.id.starts_with(begin));
        let hold = match (fitting.next(), fitting.next()) {
            (Some(only), None) if begin.len() >= 4 => only,
            (Some(_), Some(_)) => {
                return Err(Error::Refused(format!(
                    "several holds begin with {begin}: give more of the number"
                )));
            }
            _ => {
                return Err(Error::Refused(format!(
                    "there is no hold {begin}: `upheld hold list` shows them"
                )));
            }
        };
        let now = self.means.clock.now();
        let mut told = unseal(&state, hold)?;
        told.lifted = Some(reason.to_owned());
        if !tx.lift_hold(&hold.id, now, &seal(&state, &told)?).await? {
            return Err(Error::Refused(format!("hold {begin} was lifted before")));
        }
        // Why may name somebody, so it stands in the sealed body alone.
        let mut about = json!({ "hold": hold.id });
        if let (Some(by), Some(about)) = (by, about.as_object_mut()) {
            about.insert("by".to_owned(), by.into());
        }
        tx.append_event(&event(&state, &policy.organisation.name, "legal hold lifted", &about))
            .await?;
        // Erasures that kept rows because of it go on with the next run.
        tx.rouse_cases(now).await?;
        let id = hold.id.clone();
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(id)
    }

    /// What must stay now, by every hold that holds.
    pub(crate) async fn exceptions(&self, state: &State, policy: &Policy) -> Result<Exceptions> {
        let holds = self.holding(state).await?;
        let mut except = Exceptions::default();
        let holds: Vec<&Hold> = holds.iter().collect();
        self.resolve(state, policy, &holds, &mut except).await?;
        Ok(except)
    }

    /// What no run of retention may dispose of: what holds keep, and the data of people who asked
    /// for restriction instead of erasure.
    pub(crate) async fn stays(&self, state: &State, policy: &Policy) -> Result<Exceptions> {
        let mut except = self.exceptions(state, policy).await?;
        let people = crate::marks::restricted_identities(state).await?;
        if !people.is_empty() {
            let people: Vec<&[Identity]> = people.iter().map(Vec::as_slice).collect();
            let because = "the person asked for restriction instead of erasure".to_owned();
            let why = Excepted { because, last_day: None };
            let mut all = Resolved::default();
            for found in Box::pin(self.rows_of(state, policy, &people)).await? {
                take(&mut except, &mut all, found, &why);
            }
        }
        Ok(except)
    }

    /// The holds that hold today.
    pub(crate) async fn holding(&self, state: &State) -> Result<Vec<Hold>> {
        let today = self.almanac()?.today();
        let mut tx = state.store.read().await?;
        let stored = tx.holds().await?;
        tx.rollback().await?;
        let mut holding = Vec::new();
        for stored in stored.iter().filter(|stored| stored.lifted_at.is_none()) {
            let hold = unseal(state, stored)?;
            if hold.holds_on(today) {
                holding.push(hold);
            }
        }
        Ok(holding)
    }

    /// Resolves holds to places and rows. A system in which one cannot be looked up is held whole.
    async fn resolve(
        &self,
        state: &State,
        policy: &Policy,
        holds: &[&Hold],
        except: &mut Exceptions,
    ) -> Result<Resolved> {
        let mut all = Resolved::default();
        let mut people: Vec<(&[Identity], Excepted)> = Vec::new();
        let lender = self.lender(state);
        let progress = self.means.progress.as_ref();
        let resolver = Resolver { systems: &policy.systems, reach: &lender, progress };
        for hold in holds {
            still_there(policy, hold)?;
            let why = Excepted { because: hold.because(), last_day: hold.ends };
            match &hold.what {
                Held::System(key) => except.system(key, why),
                Held::Collection(place) => except.collection(place, why),
                Held::Person(identities) => people.push((identities, why)),
                Held::Client(_) | Held::Record(..) => {
                    let resolved = Box::pin(resolver.resolve(&roots(policy, &hold.what))).await;
                    take(except, &mut all, resolved, &why);
                }
            }
        }
        if !people.is_empty() {
            let asked: Vec<&[Identity]> = people.iter().map(|(person, _)| *person).collect();
            let found = Box::pin(self.rows_of(state, policy, &asked)).await?;
            for (resolved, (_, why)) in found.into_iter().zip(&people) {
                take(except, &mut all, resolved, why);
            }
        }
        Ok(all)
    }

    /// The rows of people, wherever they are found by reference or by text; every text is read once
    /// for all of them. Nothing is changed and nothing is kept.
    pub(crate) async fn rows_of(
        &self,
        state: &State,
        policy: &Policy,
        people: &[&[Identity]],
    ) -> Result<Vec<Resolved>> {
        let lender = self.lender(state);
        let key = state.pseudonym_key()?;
        let driver = self.driver(policy, &lender, &key);
        let graph = Graph::new(&policy.systems);
        let open = |person: &&[Identity]| {
            let request = Request {
                id: store::new_id(self.means.rng.as_ref()),
                kind: RequestKind::Access,
                identities: person.to_vec(),
                opened_at: self.means.clock.now(),
            };
            Case::open(request, crate::request::rules(policy), &graph)
        };
        let mut cases: Vec<Case> = people.iter().map(open).collect();
        let mut together: Vec<(&mut Case, &dyn Keeper)> =
            cases.iter_mut().map(|case| (case, &Nobody as &dyn Keeper)).collect();
        driver.run_together(&mut together).await?;
        let resolved = |case: &Case| Resolved {
            rows: case
                .rows()
                .places()
                .map(|(place, rows)| (place.clone(), rows.keys().cloned().collect()))
                .collect(),
            not_reached: case.not_reached().clone(),
        };
        Ok(cases.iter().map(resolved).collect())
    }

    fn almanac(&self) -> Result<Almanac> {
        let zone = self.settings.zone.as_deref().unwrap_or("UTC");
        Almanac::new(self.means.clock.now(), zone)
            .map_err(|error| Error::Refused(error.to_string()))
    }

    fn last_day(&self, day: &str) -> Result<plan::Day> {
        let day: plan::Day = day
            .parse()
            .map_err(|_| Error::Refused(format!("`{day}` is not a day: write it as 2026-01-31")))?;
        if day < self.almanac()?.today() {
            return Err(Error::Refused(format!("{day} is over: give a day to come")));
        }
        Ok(day)
    }
}

/// Whose a hold is: the client's that it is about, or the organisation's at the top.
fn whose(what: &Held) -> &str {
    match what {
        Held::Client(key) => key,
        _ => auth::ROOT,
    }
}

/// A case that looks and is forgotten.
struct Nobody;

#[async_trait]
impl Keeper for Nobody {
    async fn keep(&self, _: &Case) -> std::result::Result<(), String> {
        Ok(())
    }
}

fn take(except: &mut Exceptions, all: &mut Resolved, resolved: Resolved, why: &Excepted) {
    for (place, rows) in &resolved.rows {
        for key in rows {
            except.row(place, key.clone(), why.clone());
        }
    }
    for system in resolved.not_reached.keys() {
        let because = format!("{} (could not be looked up here)", why.because);
        except.system(system, Excepted { because, last_day: why.last_day });
    }
    for (place, rows) in resolved.rows {
        all.rows.entry(place).or_default().extend(rows);
    }
    all.not_reached.extend(resolved.not_reached);
}

fn roots(policy: &Policy, what: &Held) -> Vec<Root> {
    match what {
        Held::Record(place, key) => vec![Root::Record(place.clone(), key.clone())],
        Held::Client(key) => {
            let known = policy.client(key).map(|client| &client.known_as);
            known
                .into_iter()
                .flatten()
                .filter_map(|(path, value)| Some(Root::Field(field(path)?, value.clone())))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// `system.collection.field`, as clients.yaml writes it.
fn field(path: &str) -> Option<FieldPath> {
    let mut parts = path.split('.');
    let (system, collection) = (parts.next()?, parts.next()?);
    let field: Vec<&str> = parts.collect();
    (!field.is_empty()).then(|| FieldPath {
        system: system.to_owned(),
        collection: collection.to_owned(),
        field: field.join("."),
    })
}

/// INVARIANT: a hold whose client, system or collection has left the policy keeps nothing, and so
/// nothing is disposed of until somebody writes it back or lifts the hold.
fn still_there(policy: &Policy, hold: &Hold) -> Result<()> {
    let missing = match &hold.what {
        Held::Person(_) => None,
        Held::Client(key) => match policy.client(key) {
            None => Some(format!("clients.yaml no longer has the client `{key}`")),
            Some(client) if client.known_as.is_empty() => {
                Some(format!("clients.yaml no longer says by what systems know `{key}`"))
            }
            Some(client) => client
                .known_as
                .keys()
                .filter_map(|path| field(path))
                .find(|path| policy.collection(&path.system, &path.collection).is_none())
                .map(|path| format!("the map no longer has `{path}`, by which `{key}` is known")),
        },
        Held::System(key) => {
            policy.system(key).is_none().then(|| format!("the policy no longer has `{key}`"))
        }
        Held::Collection(place) | Held::Record(place, _) => policy
            .collection(&place.system, &place.collection)
            .is_none()
            .then(|| format!("the map no longer has `{place}`")),
    };
    let Some(missing) = missing else { return Ok(()) };
    let short = hold.id.get(..8).unwrap_or(&hold.id);
    Err(Error::Refused(format!(
        "legal hold {short} would keep nothing: {missing}; write it back, or lift the hold (`upheld hold lift {short} --reason …`)"
    )))
}

/// Refuses a hold that could keep nothing.
fn check(policy: &Policy, wanted: &Wanted) -> Result<()> {
    let refuse = |text: String| Err(Error::Refused(text));
    if wanted.reason.trim().is_empty() || wanted.owner.trim().is_empty() {
        return refuse("say why (`--reason`) and who answers for it (`--owner`)".to_owned());
    }
    match &wanted.what {
        Held::Person(identities) if identities.is_empty() => {
            refuse("say whose data is held: `--person-email`".to_owned())
        }
        Held::Person(identities)
            if identities.iter().any(|identity| {
                identity.kind == model::IdentityKind::Email
                    && detect::classify(identity.value.expose().trim())
                        != Some(detect::ValueKind::Email)
            }) =>
        {
            refuse("what was given as e-mail does not look like one: check the spelling".to_owned())
        }
        Held::Person(_) => Ok(()),
        Held::Client(key) => match policy.client(key) {
            None => {
                let known = policy.clients.iter().map(|client| client.key.as_str());
                refuse(format!("clients.yaml has no client `{key}`: {}", there_is(known)))
            }
            Some(client) if client.known_as.is_empty() => refuse(format!(
                "no system knows the client `{key}`: write its values below `is:` in clients.yaml"
            )),
            Some(_) => Ok(()),
        },
        Held::System(key) => match policy.system(key) {
            None => {
                let known = policy.systems.iter().map(|system| system.key.as_str());
                refuse(format!("the policy has no system `{key}`: {}", there_is(known)))
            }
            Some(_) => Ok(()),
        },
        Held::Collection(place) | Held::Record(place, _) => {
            match policy.collection(&place.system, &place.collection) {
                None => {
                    let system = policy.system(&place.system);
                    let known = system.into_iter().flat_map(|system| &system.collections);
                    refuse(format!(
                        "the map has no collection `{place}`: {}",
                        there_is(known.map(|collection| collection.name.as_str()))
                    ))
                }
                Some(_) => Ok(()),
            }
        }
    }
}

/// What could have been meant.
fn there_is<'n>(known: impl Iterator<Item = &'n str>) -> String {
    let known: Vec<&str> = known.collect();
    if known.is_empty() {
        "there is none yet".to_owned()
    } else {
        format!("there is {}", known.join(", "))
    }
}

/// One word for what is held.
const fn kind(what: &Held) -> &'static str {
    match what {
        Held::Person(_) => "person",
        Held::Client(_) => "client",
        Held::System(_) => "system",
        Held::Collection(_) => "collection",
        Held::Record(..) => "record",
    }
}

/// What is held, without naming a person.
fn words(what: &Held) -> String {
    match what {
        Held::Person(_) => "a person".to_owned(),
        Held::Client(key) => format!("client {key}"),
        Held::System(key) => format!("system {key}"),
        Held::Collection(place) => place.to_string(),
        Held::Record(place, key) => format!("record {key} of {place}"),
    }
}

fn seal(state: &State, hold: &Hold) -> Result<Vec<u8>> {
    let body = serde_json::to_vec(hold)
        .map_err(|error| Error::Refused(format!("the hold cannot be written down: {error}")))?;
    Ok(state.vault.seal(PURPOSE, &hold.id, &body)?)
}

fn unseal(state: &State, stored: &store::Hold) -> Result<Hold> {
    let plain = state.vault.open_sealed(PURPOSE, &stored.id, &stored.body)?;
    serde_json::from_slice(&plain).map_err(|_| {
        Error::Refused(format!(
            "the hold {} was written by another version of Upheld and cannot be read",
            stored.id
        ))
    })
}

/// What is held, as a form has it: `client`, `system`, `collection`, `record` or `person`, and which.
pub fn held(kind: &str, which: &str) -> Result<Held> {
    let which = which.trim();
    Ok(match kind {
        "client" => Held::Client(which.to_owned()),
        "system" => Held::System(which.to_owned()),
        "collection" => Held::Collection(place(which)?),
        "record" => {
            let (at, key) = which.split_once(':').ok_or_else(|| {
                Error::unfit("which", "write the record as `system.collection:key`")
            })?;
            Held::Record(place(at)?, key.to_owned())
        }
        "person" => Held::Person(vec![Identity::new(model::IdentityKind::Email, which)]),
        _ => return Err(Error::unfit("kind", "nothing of this kind can be held")),
    })
}

/// A place as it is typed: `system.collection`.
pub fn place(text: &str) -> Result<Place> {
    match text.split_once('.') {
        Some((system, collection)) if !system.is_empty() && !collection.is_empty() => {
            Ok(Place::new(system, collection))
        }
        _ => Err(Error::Refused(format!("`{text}` is not of the form SYSTEM.COLLECTION"))),
    }
}
