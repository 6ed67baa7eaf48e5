//! Who was told of a version, and who agreed to one: keyed hashes of addresses, never addresses.

use auth::{Action, Actor};
use model::{Micros, Personal};
use policy::Policy;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::Agreement;

use crate::allowed::require;
use crate::house::House;
use crate::retain::event;
use crate::state::State;
use crate::status::hex;
use crate::{Error, Result};

/// What the hashes are keyed for.
const PURPOSE: &str = "notice told and agreed";

/// By which way somebody was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// By e-mail.
    Mail,
    /// By letter.
    Post,
    /// When they signed in.
    Account,
}

impl Route {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Post => "post",
            Self::Account => "account",
        }
    }
}

impl House {
    /// Notes that these people were told of a version. One event proves how many, and binds who: a
    /// digest over their keyed hashes. How many were not known to be told before.
    pub async fn told_of_version(
        &self,
        actor: &Actor,
        policy: &Policy,
        id: &str,
        route: Route,
        addresses: &[Personal<String>],
    ) -> Result<u64> {
        require(actor, Action::PublishVersion, auth::ROOT)?;
        let one = self.stored_version(id).await?;
        let state = self.state().await?;
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        let mut new: Vec<[u8; 32]> = Vec::new();
        for address in addresses {
            let hash = address_hash(&state, address)?;
            if tx.record_told(id, &hash, route.word(), now).await? {
                new.push(hash);
            }
        }
        if !new.is_empty() {
            new.sort_unstable();
            let mut digest = Sha256::new();
            new.iter().for_each(|hash| digest.update(hash));
            let about = json!({
                "by": actor.person(), "people": new.len(), "route": route.word(),
                "sha256": one.sha256, "told_sha256": hex(&digest.finalize()), "version": one.version,
            });
            let told = event(&state, &policy.organisation.name, "notice version announced", &about);
            tx.append_event(&told).await?;
        }
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(new.len() as u64)
    }

    /// By which routes somebody was told of a version, and when.
    pub async fn was_told(
        &self,
        actor: &Actor,
        id: &str,
        address: &Personal<String>,
    ) -> Result<Vec<(String, Micros)>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        let state = self.state().await?;
        let hash = address_hash(&state, address)?;
        let mut tx = state.store.read().await?;
        let told = tx.told(id, &hash).await?;
        tx.rollback().await?;
        Ok(told)
    }

    /// How many were told of a version, by route.
    pub async fn told_counts(&self, actor: &Actor, id: &str) -> Result<Vec<(String, u64)>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let counts = tx.told_counts(id).await?;
        tx.rollback().await?;
        Ok(counts)
    }

    /// Keeps that somebody agreed to the version that holds. `how` says where, in a word or two of the
    /// organisation's own (`sign-up`); it names nobody.
    pub async fn agree_to_notice(
        &self,
        policy: &Policy,
        address: &Personal<String>,
        how: &str,
    ) -> Result<Agreement> {
        let how = how.trim();
        if how.is_empty() || how.chars().count() > 40 || how.contains('@') {
            return Err(Error::Refused("say in a word or two where they agreed".to_owned()));
        }
        let state = self.state().await?;
        let hash = address_hash(&state, address)?;
        let version = &policy.notice.version;
        let text = hex(&Sha256::digest(policy.notice.text.as_bytes()));
        let about = json!({
            "how": how, "sha256": text, "version": version, "who_sha256": hex(&Sha256::digest(hash)),
        });
        let told = event(&state, &policy.organisation.name, "notice agreed to", &about);
        let agreement = Agreement {
            id: store::new_id(self.means.rng.as_ref()),
            version: version.clone(),
            hash,
            how: how.to_owned(),
            at: told.at,
            event: told.id.clone(),
        };
        let mut tx = state.store.begin().await?;
        tx.insert_agreement(auth::ROOT, &agreement).await?;
        tx.append_event(&told).await?;
        tx.commit().await?;
        self.seal(&state).await?;
        Ok(agreement)
    }

    /// What somebody has agreed to, newest first.
    pub async fn agreements_of(
        &self,
        actor: &Actor,
        address: &Personal<String>,
    ) -> Result<Vec<Agreement>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        let state = self.state().await?;
        let hash = address_hash(&state, address)?;
        let mut tx = state.store.read().await?;
        let agreements = tx.agreements(auth::ROOT, &hash).await?;
        tx.rollback().await?;
        Ok(agreements)
    }
}

/// Finds somebody by an address: addresses differ in their case and nobody means it.
pub(crate) fn address_hash(state: &State, address: &Personal<String>) -> Result<[u8; 32]> {
    let address = address.expose().trim().to_lowercase();
    Ok(state.vault.derive(PURPOSE)?.mac(address.as_bytes()))
}
