//! Whether one person was told, when, and which entry of the log shows it.

use auth::{Action, Actor};
use model::{Micros, Personal};
use policy::Policy;

use super::send::digest;
use crate::Result;
use crate::allowed::require;
use crate::house::House;
use crate::publication::address_hash;

/// What is known of one person and one announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// When the other side took the letter; none if they were not told yet.
    pub told_at: Option<Micros>,
    /// When the letter was given up, or came back.
    pub failed_at: Option<Micros>,
    /// Why, as a code.
    pub failure: Option<String>,
    /// The entry of the log that binds it, once it is sealed.
    pub entry: Option<u64>,
    /// Whether the digest in that entry is the one over those who were told with them.
    pub bound: bool,
}

impl House {
    /// Whether somebody was told; none if nobody with this address was to be.
    pub async fn told_proof(
        &self,
        actor: &Actor,
        policy: &Policy,
        id: &str,
        address: &Personal<String>,
    ) -> Result<Option<Proof>> {
        require(actor, Action::ReadPromises, auth::ROOT)?;
        let state = self.state().await?;
        let hash = address_hash(&state, address)?;
        let mut tx = state.store.read().await?;
        let Some(found) = tx.concerned_by(id, &hash).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let (mut entry, mut bound) = (None, false);
        if let Some(event) = &found.event {
            let name = &policy.organisation.name;
            let events = tx.events_of_kind(name, "people told").await?;
            if let Some(told) = events.iter().find(|told| told.id == *event) {
                entry = told.sealed_index;
                let all = tx.concerned_of_event(id, event).await?;
                let body = told.body.as_deref().unwrap_or_default();
                bound = String::from_utf8_lossy(body).contains(&digest(&all));
            }
        }
        tx.rollback().await?;
        let (told_at, failed_at, failure) = (found.told_at, found.failed_at, found.failure);
        Ok(Some(Proof { told_at, failed_at, failure, entry, bound }))
    }
}
