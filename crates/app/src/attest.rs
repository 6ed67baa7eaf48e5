//! A person confirms a promise that no machine can see.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use auth::{Action, Actor};
use policy::{Control, Period, PeriodUnit, Policy, Promise};
use render::coverage::{Duty, State as Standing};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Attestation, Event};

use crate::allowed::require;
use crate::house::House;
use crate::status::{ATTESTED, AttestedBody, days_between, hex, known, later, newest, soon};
use crate::{Error, Result};

/// A confirmation as it is given.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The promise, by its key.
    pub promise: String,
    /// Who confirms it.
    pub by: String,
    /// A file that shows it. It stays where it is; its SHA-256 goes into the log.
    pub evidence: Option<PathBuf>,
    /// A remark.
    pub note: Option<String>,
}

/// What was kept of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Kept {
    /// The promise.
    pub promise: String,
    /// What was confirmed: everything that the promise asks for.
    pub what: String,
    /// The file's SHA-256.
    pub sha256: Option<String>,
    /// The day by which it must be confirmed again.
    pub due: String,
    /// Its entry in the log.
    pub entry: Option<u64>,
}

/// What a promise asks a person for.
struct Asks<'p> {
    promise: &'p Promise,
    what: String,
    owner: String,
    every: Period,
}

impl House {
    /// Keeps a person's confirmation of a promise, with an event in the log.
    pub async fn attest(&self, given: Given) -> Result<Kept> {
        self.attested(given, None).await
    }

    /// The same by a member of staff at the console, in their own name.
    pub async fn attest_as(
        &self,
        actor: &Actor,
        promise: &str,
        note: Option<String>,
    ) -> Result<Kept> {
        require(actor, Action::AttestPromises, auth::ROOT)?;
        let by = self.name_of_staff(actor.person()).await?;
        let given = Given { promise: promise.to_owned(), by, evidence: None, note };
        self.attested(given, Some(actor.person())).await
    }

    async fn attested(&self, given: Given, person: Option<&str>) -> Result<Kept> {
        let policy = self.policy(false)?;
        let promise = known(&policy, &given.promise)?;
        let by = given.by.trim();
        if by.is_empty() {
            return Err(Error::Refused("say who confirms it: `--by NAME`".to_owned()));
        }
        // Whoever confirms a promise confirms everything that it asks for, and is told all of it.
        let asks = asks(promise);
        if asks.is_empty() {
            return Err(Error::Refused(format!(
                "`{}` asks nobody to confirm it: add an `attestation` to its controls in promises.yaml",
                promise.id
            )));
        }
        let sha256 = given.evidence.as_deref().map(hash).transpose()?;
        let file = given.evidence.as_deref().and_then(Path::file_name);
        let body = AttestedBody {
            by: by.to_owned(),
            file: file.map(|name| name.to_string_lossy().into_owned()),
            sha256: sha256.clone(),
            note: given.note,
        };
        let state = self.state().await?;
        let rng = self.means.rng.as_ref();
        let (id, now) = (store::new_id(rng), self.means.clock.now());
        let plain = serde_json::to_vec(&body)
            .map_err(|error| Error::Refused(format!("it cannot be written down: {error}")))?;
        let attestation = Attestation {
            body: state.vault.seal(ATTESTED, &id, &plain)?,
            id,
            promise: promise.id.clone(),
            at: now,
        };
        let mut salt = [0; 32];
        rng.fill(&mut salt);
        // Keys in order, as everything in the log. No name is among them; a member of staff is a number.
        let mut told = json!({
            "evidence_sha256": sha256, "kind": "promise confirmed", "promise": promise.id,
        });
        if let (Some(person), Some(told)) = (person, told.as_object_mut()) {
            told.insert("by".to_owned(), person.into());
        }
        let event = Event {
            id: store::new_id(rng),
            organisation: policy.organisation.name.clone(),
            kind: "promise confirmed".to_owned(),
            case: None,
            at: now,
            body: serde_json::to_vec(&told).unwrap_or_default(),
            salt,
        };
        let mut tx = state.store.begin().await?;
        tx.insert_attestation(&policy.organisation.name, &attestation).await?;
        tx.append_event(&event).await?;
        tx.commit().await?;
        self.seal_now(&state).await?;
        let mut tx = state.store.read().await?;
        let entry = tx.event(&event.id).await?.and_then(|event| event.sealed_index);
        tx.rollback().await?;
        let today = self.zone()?.at(now).date();
        let due = asks.iter().map(|asks| later(today, asks.every)).min().unwrap_or(today);
        let what: Vec<&str> = asks.iter().map(|asks| asks.what.as_str()).collect();
        Ok(Kept {
            promise: promise.id.clone(),
            what: what.join(" "),
            sha256,
            due: due.to_string(),
            entry,
        })
    }

    /// Everything that somebody must confirm, and until when.
    pub async fn duties(&self) -> Result<Vec<Duty>> {
        self.duties_of(&self.policy(false)?).await
    }

    /// The same with the policy that was read already.
    pub async fn duties_of(&self, policy: &Policy) -> Result<Vec<Duty>> {
        let state = self.state().await?;
        let zone = self.zone()?;
        let today = zone.at(self.means.clock.now()).date();
        let given = newest(&state, &policy.organisation.name).await?;
        let duty = |asks: Asks<'_>| {
            let given = given.get(&asks.promise.id);
            let last = given.map(|given| zone.at(given.at).date());
            let due = last.map(|day| later(day, asks.every));
            Duty {
                promise: asks.promise.id.clone(),
                what: asks.what,
                owner: asks.owner,
                state: match due.map(|due| days_between(today, due)) {
                    None => Standing::Unproven,
                    Some(..0) => Standing::Broken,
                    Some(left) if soon(left) => Standing::AtRisk,
                    Some(_) => Standing::Upheld,
                },
                last: last.map(|day| day.to_string()),
                by: given.map(|given| given.body.by.clone()),
                file: given
                    .and_then(|given| given.body.file.clone().zip(given.body.sha256.clone())),
                due: due.map(|day| day.to_string()),
            }
        };
        Ok(every_duty(policy).into_iter().map(duty).collect())
    }
}

fn every_duty(policy: &Policy) -> Vec<Asks<'_>> {
    policy.promises.iter().flat_map(asks).collect()
}

/// What a promise asks a person for: its attestations, and a second factor that cannot be seen.
fn asks(promise: &Promise) -> Vec<Asks<'_>> {
    let mut asks: Vec<Asks<'_>> = promise
        .controls
        .iter()
        .filter_map(|control| match control {
            Control::Attestation(one) => Some(Asks {
                promise,
                what: one.what.clone(),
                owner: one.owner.clone(),
                every: one.every,
            }),
            _ => None,
        })
        .collect();
    let second_factor =
        |control: &Control| matches!(control, Control::Access(access) if access.second_factor);
    if promise.controls.iter().any(second_factor) {
        asks.push(Asks {
            promise,
            what: "Everybody signs in with a second factor.".to_owned(),
            owner: "security lead".to_owned(),
            every: Period { count: 1, unit: PeriodUnit::Years },
        });
    }
    asks
}

/// The SHA-256 of a file, in hexadecimal.
fn hash(path: &Path) -> Result<String> {
    let read = || {
        let mut file = std::fs::File::open(path)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let length = file.read(&mut buffer)?;
            if length == 0 {
                return Ok(hex(&digest.finalize()));
            }
            digest.update(buffer.get(..length).unwrap_or_default());
        }
    };
    read().map_err(Error::file("cannot read", path))
}
