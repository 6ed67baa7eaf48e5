//! A way back in for an owner who lost every one, given by whoever may run commands on the server.

use auth::{ROOT, Role};
use model::{Personal, Secret};
use serde_json::json;

use super::enrol::{LinkKind, make_link};
use super::{email_hash, is_active, note};
use crate::house::House;
use crate::{Error, Result};

impl House {
    /// Gives an owner a link by which they come in anew, and ends every way in that they had: passwords,
    /// passkeys, apps, codes, sessions, tokens. Whoever may read the keys of the server may do this; that
    /// it was done stands in the log.
    pub async fn recover_owner(&self, email: &Personal<String>) -> Result<Secret<String>> {
        let state = self.state().await?;
        let hash = email_hash(&state, email.expose())?;
        let mut tx = state.store.begin().await?;
        let found = tx.person_by_email(&hash).await?;
        let owner = |person: &store::Person| {
            is_active(person) && person.role == Role::Owner.as_str() && person.organisation == ROOT
        };
        let Some(person) = found.filter(owner) else {
            return Err(Error::Refused(
                "no owner has this address: check the spelling. Everybody else is given a way in by an owner, under People".to_owned(),
            ));
        };
        let now = self.means.clock.now();
        tx.remove_credentials(&person.id).await?;
        tx.end_sessions(&person.id, "", now).await?;
        tx.revoke_tokens(&person.id, now).await?;
        let secret = make_link(&state, &mut tx, LinkKind::Recover, Some(&person.id)).await?;
        let about = json!({ "by": "command on the server", "person": person.id });
        note(&state, &mut tx, ROOT, "owner given a way to recover", about).await?;
        tx.commit().await?;
        state.store.scrub().await?;
        self.seal(&state).await?;
        let base = self.settings.serve.public_url.as_deref().unwrap_or("http://localhost:8080");
        let kind = LinkKind::Recover.as_str();
        Ok(Secret::new(format!(
            "{}/come-in/{kind}/{}",
            base.trim_end_matches('/'),
            secret.expose_secret()
        )))
    }
}
