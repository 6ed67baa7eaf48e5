//! Who was told of a version, and who agreed to one: keyed hashes of addresses, never addresses.

use auth::{Action, Actor};
use model::{Micros, Personal};
use policy::Policy;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::Agreement;

use crate::allowed::require;
use crate::house::House;
use crate::letters::{Language, Said};
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

/// How somebody agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreeing<'a> {
    /// Where, in a word or two of the organisation's own: `sign-up`.
    pub how: &'a str,
    /// The version that they were shown; left out, the one that holds.
    pub version: Option<&'a str>,
    /// In which language a receipt is written to them, if one is.
    pub receipt: Option<Language>,
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
        self.keep_agreement(policy, address, Agreeing { how, version: None, receipt: None }).await
    }

    /// The same for a program of the organisation: its own form for those who sign up.
    pub async fn record_agreement(
        &self,
        actor: &Actor,
        policy: &Policy,
        address: &Personal<String>,
        agreeing: Agreeing<'_>,
    ) -> Result<Agreement> {
        require(actor, Action::RecordAgreement, auth::ROOT)?;
        self.keep_agreement(policy, address, agreeing).await
    }

    /// Keeps an agreement with the event that proves it, and writes the receipt.
    pub(crate) async fn keep_agreement(
        &self,
        policy: &Policy,
        address: &Personal<String>,
        agreeing: Agreeing<'_>,
    ) -> Result<Agreement> {
        let how = agreeing.how.trim();
        if how.is_empty() || how.chars().count() > 40 || how.contains('@') {
            return Err(Error::unfit("how", "say in a word or two where they agreed"));
        }
        if address.expose().trim().parse::<lettre::Address>().is_err() {
            return Err(Error::unfit("email", "this does not look like an address"));
        }
        let version = &policy.notice.version;
        // Whoever agreed to another text has not agreed to this one.
        if agreeing.version.is_some_and(|shown| shown != version) {
            return Err(Error::unfit(
                "version",
                format!("the version that holds is `{version}`: show that one"),
            ));
        }
        let desk = self.desk().await?;
        let state = &desk.state;
        let hash = address_hash(state, address)?;
        let text = hex(&Sha256::digest(policy.notice.text.as_bytes()));
        let about = json!({
            "how": how, "sha256": text, "version": version, "who_sha256": hex(&Sha256::digest(hash)),
        });
        let told = event(state, &policy.organisation.name, "notice agreed to", &about);
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
        if let Some(language) = agreeing.receipt {
            let said = Said::Agreement {
                version: version.clone(),
                at: self.moment_in_words(told.at, language)?,
                how: how.to_owned(),
                receipt: agreement.id.clone(),
                sha256: text,
                link: self.link(language, ""),
                mine: self.link(language, "me"),
            };
            desk.write_to(self, &mut tx, address, language, &said).await?;
        }
        tx.append_event(&told).await?;
        tx.commit().await?;
        self.seal(state).await?;
        Ok(agreement)
    }

    /// What somebody has agreed to, newest first, for whoever records it.
    pub async fn agreed_by(
        &self,
        actor: &Actor,
        address: &Personal<String>,
    ) -> Result<Vec<Agreement>> {
        require(actor, Action::RecordAgreement, auth::ROOT)?;
        self.agreements_at(address).await
    }

    pub(crate) async fn agreements_at(&self, address: &Personal<String>) -> Result<Vec<Agreement>> {
        let state = self.state().await?;
        let hash = address_hash(&state, address)?;
        let mut tx = state.store.read().await?;
        let agreements = tx.agreements(auth::ROOT, &hash).await?;
        tx.rollback().await?;
        Ok(agreements)
    }

    /// What somebody has agreed to, newest first.
    pub async fn agreements_of(
        &self,
        actor: &Actor,
        address: &Personal<String>,
    ) -> Result<Vec<Agreement>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        self.agreements_at(address).await
    }
}

/// Finds somebody by an address: addresses differ in their case and nobody means it.
pub(crate) fn address_hash(state: &State, address: &Personal<String>) -> Result<[u8; 32]> {
    let address = address.expose().trim().to_lowercase();
    Ok(state.vault.derive(PURPOSE)?.mac(address.as_bytes()))
}
