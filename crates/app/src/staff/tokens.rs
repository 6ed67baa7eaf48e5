//! Tokens with which programs work on somebody's behalf.

use auth::secret::{TOKEN_PREFIX, hash, new_secret};
use auth::session::LONGEST_TOKEN;
use auth::{Action, Actor, Authority, Decision};
use model::{Micros, Personal, Secret};
use serde_json::json;
use store::ApiToken;

use super::people::shown_name;
use super::{Answer, Refused, Staff, note};
use crate::Result;
use crate::allowed::require;
use crate::house::House;

const TOKEN: &str = "token of staff";
const DAY: i64 = 24 * 3_600 * 1_000_000;

/// A token on the list. Its secret is shown once, when it is made.
#[derive(Debug, Clone)]
pub struct ListedToken {
    /// Its id.
    pub id: String,
    /// What it is for, in its owner's words.
    pub name: String,
    /// On whose behalf.
    pub person: Personal<String>,
    /// What it may.
    pub scopes: Vec<Action>,
    /// When it was made.
    pub made_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
    /// When it was used last, to the minute.
    pub used_at: Option<Micros>,
    /// When it was taken back.
    pub revoked_at: Option<Micros>,
}

impl Staff {
    /// The tokens of the people of an organisation, the latest first.
    pub async fn tokens(
        &self,
        house: &House,
        actor: &Actor,
        organisation: &str,
    ) -> Result<Vec<ListedToken>> {
        require(actor, Action::ReadTokens, organisation)?;
        let state = house.state().await?;
        let mut tx = state.store.read().await?;
        let mut listed = Vec::new();
        for token in tx.tokens(organisation).await? {
            let Some(person) = tx.person(&token.person).await? else { continue };
            let name = state.vault.open_sealed(TOKEN, &token.id, &token.body)?;
            listed.push(ListedToken {
                name: String::from_utf8_lossy(&name).into_owned(),
                person: shown_name(&state, &person)?,
                scopes: auth::session::scopes(&token.scopes).into_iter().collect(),
                made_at: token.made_at,
                expires_at: token.expires_at,
                used_at: token.used_at,
                revoked_at: token.revoked_at,
                id: token.id,
            });
        }
        tx.rollback().await?;
        Ok(listed)
    }

    /// Makes a token that works on the actor's behalf, with no right that the actor does not have, for at
    /// most a year. Its secret is handed out this once.
    pub async fn issue_token(
        &self,
        house: &House,
        actor: &Actor,
        name: &str,
        scopes: &[Action],
        days: u16,
    ) -> Answer<Secret<String>> {
        require(actor, Action::IssueToken, actor.home())?;
        let unfit = |text: &str| Ok(Err(Refused::Unfit(text.to_owned())));
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            return unfit("say in at most 80 characters what the token is for");
        }
        let lives = i64::from(days).saturating_mul(DAY);
        if scopes.is_empty() || lives == 0 || lives > LONGEST_TOKEN {
            return unfit("choose at least one right, and a life of 1 to 366 days");
        }
        let authority = Authority::shared()?;
        let may = |action: &Action| {
            authority.fits_a_token(*action)
                && authority.may(actor, *action, actor.home()) == Decision::Allow
        };
        if !scopes.iter().all(may) {
            return unfit(
                "a token has no right that you do not have, and none that only a person may use",
            );
        }
        let state = house.state().await?;
        let rng = house.means.rng.as_ref();
        let now = house.means.clock.now();
        let id = store::new_id(rng);
        let secret = Secret::new(format!("{TOKEN_PREFIX}{}", new_secret(rng).expose_secret()));
        let mut names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let expires_at = Micros(now.0.saturating_add(lives));
        let token = ApiToken {
            body: state.vault.seal(TOKEN, &id, name.as_bytes())?,
            id: id.clone(),
            person: actor.person().to_owned(),
            scopes: names.join(" "),
            made_at: now,
            expires_at,
            used_at: None,
            revoked_at: None,
        };
        let mut tx = state.store.begin().await?;
        tx.insert_token(&token, &hash(secret.expose_secret())).await?;
        let about = json!({
            "expires_at": expires_at.0, "person": actor.person(), "scopes": names, "token": id,
        });
        note(&state, &mut tx, actor.home(), "token issued", about).await?;
        house.done(&state, tx).await?;
        Ok(Ok(secret))
    }

    /// Takes a token of the actor's organisation back; `false` if there is none or it was before.
    pub async fn revoke_token(&self, house: &House, actor: &Actor, id: &str) -> Result<bool> {
        require(actor, Action::RevokeToken, actor.home())?;
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        if !tx.revoke_token(actor.home(), id, now).await? {
            return Ok(false);
        }
        let about = json!({ "by": actor.person(), "token": id });
        note(&state, &mut tx, actor.home(), "token revoked", about).await?;
        house.done(&state, tx).await?;
        Ok(true)
    }
}
