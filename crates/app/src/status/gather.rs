//! Everything that the controls need, read once.

use std::collections::{BTreeMap, BTreeSet};

use connect::Connector;
use engine::Systems as _;
use engine::retain::Runner;
use model::Micros;
use plan::Exceptions;
use plan::retention::{Almanac, Book, Schedule};
use policy::{Control, Policy};

use super::children::{self, Column};
use super::contents;
use super::facts::{Facts, Needs, Reached};
use super::retention::{self, Age, Ages};
use super::{attested, published, requests};
use crate::Result;
use crate::doctor::writes;
use crate::house::House;
use crate::state::State;
use crate::systems::Lender;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Reads what the controls need.
pub(super) async fn facts<'f>(
    house: &House,
    policy: &'f Policy,
    state: &State,
    needs: Needs,
    full: bool,
) -> Result<Facts<'f>> {
    let now = house.means.clock.now();
    let zone = house.zone()?;
    let organisation = &policy.organisation.name;
    let mut facts = Facts {
        policy,
        now,
        today: zone.at(now).date(),
        reached: BTreeMap::new(),
        lost: BTreeMap::new(),
        attested: attested::newest(state, organisation).await?,
        asked: requests::asked(state, policy, &zone).await?,
        zone,
        page: None,
        contents: BTreeMap::new(),
        births: BTreeMap::new(),
        ages: Ages::default(),
    };
    if let Some(url) = policy.notice.url.as_ref().filter(|_| needs.page) {
        house.means.progress.step("notice", "reading the published page");
        facts.page = Some(published::fetch(url).await);
    }
    let lender = Lender {
        folder: &house.folder,
        connections: &house.settings.connections,
        state,
        environment: house.means.environment.as_ref(),
    };
    if needs.systems {
        for system in &policy.systems {
            match lender.open(&system.key).await {
                Ok(connector) => {
                    look_into(house, system, connector.as_ref(), needs, full, &mut facts).await;
                    connector.close().await;
                }
                Err(error) => drop(facts.lost.insert(system.key.clone(), error.to_string())),
            }
        }
    }
    if needs.ages {
        facts.ages = ages(house, policy, state, &lender, now).await?;
    }
    Ok(facts)
}

async fn look_into(
    house: &House,
    system: &policy::System,
    connector: &dyn Connector,
    needs: Needs,
    full: bool,
    facts: &mut Facts<'_>,
) {
    let catalogue = match connector.catalogue().await {
        Ok(catalogue) => catalogue,
        Err(error) => {
            facts.lost.insert(system.key.clone(), error.to_string());
            return;
        }
    };
    let grants = connector.grants(&writes(system)).await.ok();
    let privileges = if needs.privileges { Some(connector.privileges().await) } else { None };
    let reached = Reached { catalogue, grants, privileges };
    if needs.contents {
        house.means.progress.step(&system.title, "looking at what stands there");
        let tables = &reached.catalogue.tables;
        let found = contents::read(system, tables, connector, full).await;
        facts.contents.insert(system.key.clone(), found);
        for (column, under) in births(facts.policy, &system.key) {
            let table = system.collection(&column.collection).map(|one| &one.table);
            let Some(table) = table.and_then(|name| reached.table(name)) else { continue };
            let how = (under, facts.today, full);
            let read = children::read(&column, &table.name, connector, how).await;
            facts.births.insert((column, under), read);
        }
    }
    facts.reached.insert(system.key.clone(), reached);
}

/// The columns of a system that tell ages, with the age that somebody promised.
fn births(policy: &Policy, system: &str) -> BTreeSet<(Column, u8)> {
    policy
        .promises
        .iter()
        .flat_map(|promise| &promise.controls)
        .filter_map(|control| match control {
            Control::Children(children) => Some(children),
            _ => None,
        })
        .flat_map(|control| {
            children::columns(control, &policy.systems)
                .into_iter()
                .map(move |column| (column, control.under))
        })
        .filter(|(column, _)| column.system == system)
        .collect()
}

/// Counts what is due by every rule, now and in a week.
async fn ages(
    house: &House,
    policy: &Policy,
    state: &State,
    lender: &Lender<'_>,
    now: Micros,
) -> Result<Ages> {
    let zone = house.settings.zone.as_deref().unwrap_or("UTC");
    let read_only: BTreeSet<String> = BTreeSet::new();
    let book = Book {
        systems: &policy.systems,
        clients: &policy.clients,
        classification: &policy.classification,
        read_only: &read_only,
    };
    let at = |moment| Almanac::new(moment, zone).map(|almanac| Schedule::new(&book, &almanac));
    let in_a_week = Micros(now.0.saturating_add(retention::SOON * DAY));
    let (schedule, mut later) = match (at(now), at(in_a_week)) {
        (Ok(now), Ok(later)) => (now, later),
        (Err(error), _) | (_, Err(error)) => {
            return Ok(Ages { failed: Some(error.to_string()), ..Ages::default() });
        }
    };
    let key = state.pseudonym_key()?;
    let runner = Runner {
        systems: &policy.systems,
        reach: lender,
        key: &key,
        country_code: policy.phone_calling_code().map(str::to_owned),
        progress: house.means.progress.as_ref(),
        gentle: false,
    };
    let except = Exceptions::default();
    let due = runner.due(&schedule, &except).await;
    let due = due.into_iter().map(|due| Age { task: due.task, now: due.found, soon: None });
    let mut ages = Ages { due: due.collect(), last_run: last_run(state).await?, failed: None };
    let quiet = retention::quiet(&ages.due);
    later.tasks.retain(|task| quiet.contains(&task.id));
    let soon = runner.due(&later, &except).await;
    retention::note_soon(&mut ages, soon);
    Ok(ages)
}

/// When a run of retention ended last.
async fn last_run(state: &State) -> Result<Option<Micros>> {
    let mut tx = state.store.read().await?;
    let runs = tx.retention_runs().await?;
    tx.rollback().await?;
    Ok(runs.into_iter().filter_map(|run| run.ended_at).max())
}
