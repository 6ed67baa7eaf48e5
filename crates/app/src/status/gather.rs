//! Everything that the controls need, read once.

use std::collections::{BTreeMap, BTreeSet};

use connect::Connector;
use engine::Systems as _;
use engine::retain::Runner;
use model::Micros;
use policy::{Control, Policy};

use super::children::{self, Column};
use super::facts::{Facts, Needs, Reached};
use super::retention::{self, Age, Ages};
use super::{agreement, attested, deidentified, published, requests, told};
use crate::Result;
use crate::contents::{self, Reader};
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
        deidentified: deidentified::runs(state, organisation).await?,
        agreed: agreement::agreed(state).await?,
        told: told::told(house, policy, state).await?,
    };
    if let Some(url) = policy.notice.url.as_ref().filter(|_| needs.page) {
        house.means.progress.step("notice", "reading the published page");
        facts.page = Some(published::fetch(url).await);
    }
    let lender = house.lender(state);
    let mut reader = Reader::new()?;
    if needs.systems {
        for system in &policy.systems {
            match lender.open(&system.key).await {
                Ok(connector) => {
                    let how = (needs, full);
                    look_into(house, system, connector.as_ref(), how, &mut reader, &mut facts)
                        .await;
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
    (needs, full): (Needs, bool),
    reader: &mut Reader,
    facts: &mut Facts<'_>,
) {
    let catalogue = match connector.catalogue().await {
        Ok(catalogue) => catalogue,
        Err(error) => {
            facts.lost.insert(system.key.clone(), error.to_string());
            return;
        }
    };
    let grants = connector.rights(&[]).await.ok();
    let privileges = if needs.privileges { Some(connector.privileges().await) } else { None };
    let reached = Reached { catalogue, grants, privileges };
    if needs.contents {
        house.means.progress.step(&system.title, "looking at what stands there");
        let tables = &reached.catalogue.tables;
        let sample = (!full).then_some(contents::SAMPLE);
        let found = contents::read(system, tables, connector, sample, reader).await;
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

/// Counts what is due by every rule, now and in a week. Rows under a hold or a restriction are not
/// due.
async fn ages(
    house: &House,
    policy: &Policy,
    state: &State,
    lender: &Lender<'_>,
    now: Micros,
) -> Result<Ages> {
    let in_a_week = Micros(now.0.saturating_add(retention::SOON * DAY));
    let schedule = house.schedule(policy, now, None)?;
    let mut later = house.schedule(policy, in_a_week, None)?;
    let except = match Box::pin(house.stays(state, policy)).await {
        Ok(except) => except,
        Err(error) => {
            let why = format!("the holds could not be resolved: {error}");
            return Ok(Ages { failed: Some(why), ..Ages::default() });
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
    let due = Box::pin(runner.due(&schedule, &except)).await;
    let due = due.into_iter().map(|due| Age { task: due.task, now: due.found, soon: None });
    let runs = house.last_runs(state).await?;
    let mut ages = Ages {
        due: due.collect(),
        last_run: runs.iter().filter(|run| run.complete).filter_map(|run| run.ended_at).max(),
        ..Ages::default()
    };
    let quiet = retention::quiet(&ages.due);
    later.tasks.retain(|task| quiet.contains(&task.id));
    let soon = Box::pin(runner.due(&later, &except)).await;
    retention::note_soon(&mut ages, soon);
    ages.except = except;
    Ok(ages)
}
