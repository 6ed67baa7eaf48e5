//! Erasing again what a restored backup brought back.
//!
//! A backup is older than the erasures that came after it. Once a system was restored, the people
//! who had been erased from it are there again, and nobody remembers who they were: only keyed
//! hashes of their identifiers are kept. So the system is read once, every identifier in it is
//! hashed and compared, and each person found goes through a whole erasure of their own: plan,
//! review, act, second search, certificate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use engine::{Again, look_again};
use model::{IdentityKind, Micros};
use plan::RequestKind;
use policy::Policy;

use crate::house::House;
use crate::request::{Asked, Leave, Standing};
use crate::state::State;
use crate::{Error, Result};

/// What shall be looked through.
#[derive(Debug, Default)]
pub struct Wish {
    /// The systems that were restored; none means every system.
    pub systems: Vec<String>,
    /// When the backup was taken: what was erased before is not in it. `None` looks for everybody
    /// who was ever erased.
    pub backup_of: Option<Micros>,
}

/// What a look brought.
#[derive(Debug, serde::Serialize)]
pub struct Look {
    /// The systems that were read.
    pub read: Vec<Read>,
    /// Systems that could not be read, with the reason.
    pub not_reached: Vec<(String, String)>,
    /// How many erasures were looked for.
    pub erasures: usize,
    /// The people who are there again.
    pub people: Vec<Back>,
}

impl Look {
    /// Whether everything that was asked for could be read.
    pub fn is_whole(&self) -> bool {
        self.not_reached.is_empty() && self.read.iter().all(|read| read.not_read.is_empty())
    }
}

/// A system that was read.
#[derive(Debug, Default, serde::Serialize)]
pub struct Read {
    /// Its key.
    pub system: String,
    /// Rows read.
    pub rows: u64,
    /// Rows among them that a minimum age keeps.
    pub kept: u64,
    /// Collections that the map leaves out of every erasure, with its reason.
    pub left_out: Vec<(String, String)>,
    /// Tables that nobody mapped, so that they were not read.
    pub not_read: Vec<(String, String)>,
}

/// A person who was erased and is there again.
#[derive(Debug, serde::Serialize)]
pub struct Back {
    /// The request that erased them.
    pub erased_by: String,
    /// When.
    pub erased_at: Micros,
    /// Where they are again: system and number of values.
    pub found: BTreeMap<String, u64>,
    #[serde(skip)]
    identities: BTreeSet<model::Identity>,
}

impl House {
    /// Looks for people who were erased and are there again. Changes nothing.
    pub async fn look_for_erased(&self, wish: &Wish) -> Result<Look> {
        let policy = self.policy(true)?;
        for name in &wish.systems {
            if policy.system(name).is_none() {
                let known: Vec<&str> = policy.systems.iter().map(|s| s.key.as_str()).collect();
                return Err(Error::Refused(format!(
                    "there is no system `{name}`: there is {}",
                    known.join(", ")
                )));
            }
        }
        let state = self.state().await?;
        self.look(&policy, &state, wish).await
    }

    async fn look(&self, policy: &Policy, state: &State, wish: &Wish) -> Result<Look> {
        let lender = self.lender(state);
        let key = state.vault.derive("erased identifiers")?;
        let mut look =
            Look { read: Vec::new(), not_reached: Vec::new(), erasures: 0, people: Vec::new() };
        let mut people: BTreeMap<String, Back> = BTreeMap::new();
        let mut looked_for = BTreeSet::new();
        for system in &policy.systems {
            if !wish.systems.is_empty() && !wish.systems.contains(&system.key) {
                continue;
            }
            let mut tx = state.store.read().await?;
            let erasures = tx.erasures(&system.key).await?;
            tx.rollback().await?;
            let mut hashes: BTreeMap<[u8; 32], Vec<String>> = BTreeMap::new();
            let mut moments: BTreeMap<String, Micros> = BTreeMap::new();
            for erasure in erasures {
                if wish.backup_of.is_some_and(|taken| erasure.at < taken) {
                    continue;
                }
                looked_for.insert(erasure.case.clone());
                moments.insert(erasure.case.clone(), erasure.at);
                hashes.entry(erasure.hash).or_default().push(erasure.case);
            }
            if hashes.is_empty() {
                look.read.push(Read { system: system.key.clone(), ..Read::default() });
                continue;
            }
            self.means.progress.step(&system.key, "looking for people who were erased");
            let known = |kind: IdentityKind, normal: &str| {
                let hash = key.mac(format!("{}:{normal}", kind.key()).as_bytes());
                hashes.get(&hash).cloned().unwrap_or_default()
            };
            let now = self.means.clock.now();
            let code = policy.phone_calling_code();
            let read = |rows: u64| self.means.progress.rows(rows);
            match look_again(&lender, system, &known, code, now, &read).await {
                Ok(found) => {
                    look.read.push(Read {
                        system: system.key.clone(),
                        rows: found.rows_read,
                        kept: found.rows_kept,
                        left_out: found.left_out,
                        not_read: found.not_read,
                    });
                    for (case, again) in found.people {
                        let at = moments.get(&case).copied().unwrap_or(Micros(0));
                        join(&mut people, case, at, &system.key, again);
                    }
                }
                Err(error) => look.not_reached.push((system.key.clone(), error.to_string())),
            }
        }
        look.erasures = looked_for.len();
        look.people = merged(people.into_values().collect());
        Ok(look)
    }

    /// Erases one of them again.
    pub async fn erase_again(&self, back: &Back, leave: Leave) -> Result<Standing> {
        let asked = Asked {
            kind: RequestKind::Erasure,
            identities: back.identities.iter().cloned().collect(),
            plan_only: false,
            arrival: crate::clock::Arrival::default(),
        };
        self.request(asked, leave).await
    }

    /// Where the certificate of such an erasure goes.
    pub fn replay_certificate(&self, back: &Back, folder: &std::path::Path) -> PathBuf {
        let id = back.erased_by.get(..8).unwrap_or(&back.erased_by);
        folder.join(format!("certificate-again-{id}.json"))
    }
}

fn join(people: &mut BTreeMap<String, Back>, case: String, at: Micros, system: &str, again: Again) {
    let back = people.entry(case.clone()).or_insert_with(|| Back {
        erased_by: case,
        erased_at: at,
        found: BTreeMap::new(),
        identities: BTreeSet::new(),
    });
    *back.found.entry(system.to_owned()).or_default() += again.values;
    back.identities.extend(again.identities);
}

/// A person who was erased twice is one person: cases that share an identifier are one, and the
/// latest speaks for them.
fn merged(mut people: Vec<Back>) -> Vec<Back> {
    people.sort_by_key(|back| std::cmp::Reverse(back.erased_at));
    let mut out: Vec<Back> = Vec::new();
    for back in people {
        match out.iter_mut().find(|known| !known.identities.is_disjoint(&back.identities)) {
            Some(known) => {
                known.identities.extend(back.identities);
                for (system, values) in back.found {
                    let count = known.found.entry(system).or_default();
                    *count = (*count).max(values);
                }
            }
            None => out.push(back),
        }
    }
    out
}
