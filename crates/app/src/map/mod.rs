//! The data map: what the systems really hold, beside what map and notice say.
//!
//! Each system is looked into as if it had no map yet: discovery proposes what its tables hold, the
//! detector counts what its values are. Both are laid beside the map that the policy has, and where
//! they differ stands a point with an id that stays the same as long as the point does.
//!
//! INVARIANT: what a person wrote by hand, or said yes or no to, is never contradicted by a name; only
//! values contradict it, and of a point that was answered nothing is said again.
//!
//! INVARIANT: what could not be looked at is listed with its reason, and nothing is called gone or
//! nowhere that lies in a system which did not answer.
//!
//! What is deliberately not here: values. What is kept of a look are counts.

mod accept;
mod drift;
mod look;
mod people;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use policy::{Edit, Policy};
use render::map::{DataMap, Drift, Line, MapSystem, Party, Unread};

use crate::contents::{self, Reader};
use crate::house::House;
use crate::{Error, Result};

pub use accept::{Accepted, Which};

/// What is to be looked at.
#[derive(Debug, Default, Clone)]
pub struct Wish {
    /// These systems alone; all of them where none is named.
    pub systems: Vec<String>,
    /// At most so many rows of each table; two thousand where nothing is said.
    pub sample: Option<u32>,
    /// Every row.
    pub full: bool,
}

/// A point at which map, notice and systems differ, and the change that would end it.
#[derive(Debug, Clone)]
struct Point {
    drift: Drift,
    /// In which system's file, and what.
    edit: Option<(String, Edit)>,
}

impl House {
    /// Looks into the systems and draws the map.
    pub async fn data_map(&self, wish: &Wish) -> Result<DataMap> {
        let policy = self.policy(false)?;
        let (map, _) = Box::pin(self.mapped(&policy, wish)).await?;
        Ok(map)
    }

    async fn mapped(&self, policy: &Policy, wish: &Wish) -> Result<(DataMap, Vec<Point>)> {
        for name in &wish.systems {
            known(policy, name)?;
        }
        let chosen = |key: &str| wish.systems.is_empty() || wish.systems.iter().any(|s| s == key);
        let state = self.state().await?;
        let sample = match (wish.full, wish.sample) {
            (true, _) => None,
            (false, sample) => Some(sample.unwrap_or(contents::SAMPLE)),
        };
        let mut reader = Reader::new()?;
        let mut looks = Vec::new();
        for system in policy.systems.iter().filter(|system| chosen(&system.key)) {
            let look = look::into(self, policy, system, &state, sample, &mut reader);
            let look = Box::pin(look).await;
            looks.push((system, look));
        }
        let files = self.sources()?;
        let mut unread = Vec::new();
        let mut systems = Vec::new();
        for (system, look) in &looks {
            let mapped = match look {
                Ok(look) => {
                    unread.extend(look.unread(system));
                    look.mapped(system)
                }
                Err(why) => {
                    unread.push(Unread { place: system.key.clone(), why: why.clone() });
                    look::by_policy(system)
                }
            };
            systems.push(with_parties(policy, system, look.as_ref().ok(), mapped));
        }
        // A connection without a map is a system that nobody has looked into.
        for name in self.connections().keys() {
            if policy.system(name).is_none() && wish.systems.is_empty() {
                let why = format!(
                    "it is connected and has no map: run `upheld connect {name} URL` to have one written"
                );
                unread.push(Unread { place: name.clone(), why });
            }
        }
        let points = drift::points(policy, &files, &looks, &systems, wish.systems.is_empty());
        let map = DataMap {
            organisation: policy.organisation.name.clone(),
            notice: policy.notice.version.clone(),
            checked_at: self.means.clock.now(),
            zone: self.zone()?,
            subjects: people::parties(&systems),
            recipients: recipients(policy),
            systems,
            drift: points.iter().map(|point| point.drift.clone()).collect(),
            unread,
        };
        Ok((map, points))
    }
}

/// The system with who gives and who receives.
fn with_parties(
    policy: &Policy,
    system: &policy::System,
    look: Option<&look::Looked>,
    mut mapped: MapSystem,
) -> MapSystem {
    mapped.abroad = mapped.region.as_deref().is_some_and(|region| abroad(policy, region));
    mapped.from = match policy.data_subjects.get(&system.key) {
        Some(keys) => keys.iter().map(|key| Line { party: key.clone(), inferred: false }).collect(),
        None => look
            .map(|look| people::of(look, system))
            .unwrap_or_default()
            .into_iter()
            .map(|key| Line { party: key.to_owned(), inferred: true })
            .collect(),
    };
    let held: BTreeSet<&str> = mapped
        .collections
        .iter()
        .filter(|one| one.skipped.is_none())
        .flat_map(|one| &one.fields)
        .flat_map(|field| field.shown())
        .collect();
    let written = policy.recipients_of(system);
    let mut to: Vec<Line> =
        written.iter().map(|one| Line { party: one.key.clone(), inferred: false }).collect();
    for recipient in &policy.recipients {
        let named = policy.systems.iter().any(|other| {
            other.recipients.contains(&recipient.key) || recipient.gets.contains(&other.key)
        });
        let gets = recipient
            .gets
            .iter()
            .any(|category| held.iter().any(|held| policy::taxonomy::is_within(held, category)));
        // Who gets a kind of data, and nobody says from where, may get it from here.
        if !named && gets {
            to.push(Line { party: recipient.key.clone(), inferred: true });
        }
    }
    mapped.to = to;
    mapped
}

fn abroad(policy: &Policy, region: &str) -> bool {
    !policy::region::is_within(region, &policy.organisation.country)
}

fn recipients(policy: &Policy) -> Vec<Party> {
    policy
        .recipients
        .iter()
        .map(|one| {
            let class = render::register::class(one.class);
            let away = one.region.as_deref().is_some_and(|region| abroad(policy, region));
            let about = match (&one.region, away) {
                (Some(region), true) => format!("{class}, {region}, abroad"),
                (Some(region), false) => format!("{class}, {region}"),
                (None, _) => class.to_owned(),
            };
            Party {
                key: one.key.clone(),
                title: one.name.clone(),
                about: Some(about),
                abroad: away,
            }
        })
        .collect()
}

/// Refuses a system that the policy does not have.
fn known(policy: &Policy, name: &str) -> Result<()> {
    if policy.system(name).is_some() {
        return Ok(());
    }
    let keys: Vec<&str> = policy.systems.iter().map(|system| system.key.as_str()).collect();
    let help = match (policy::nearest(name, keys.iter().copied()), keys.as_slice()) {
        (_, []) => "none is mapped yet, `upheld connect NAME URL` maps one".to_owned(),
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            format!("the systems are {}", render::words::list(&keys))
        }
    };
    Err(Error::Refused(format!("there is no system `{name}`: {help}")))
}
