//! Signing in at the organisation's own provider.

use auth::oidc::{Exchange, HttpRequest, HttpResponse, Provider, Unreachable};
use auth::secret::hash;
use model::Secret;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::Ways;
use super::sign_in::Half;
use super::{
    Answer, Entered, Refused, Staff, Visitor, add_credential, begin_ceremony, email_hash,
    end_ceremony, enter, is_active, note,
};
use crate::house::House;
use crate::{Error, Result};

const KIND: &str = "oidc";
/// Where the provider sends people back to, below the public address.
pub const RETURN: &str = "/sign-in/elsewhere";
/// A document of the provider is never larger, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// `[sign_in]` in upheld.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The provider's address, as its documents name it: `https://id.example.com`.
    pub issuer: String,
    /// How it knows this console.
    pub client_id: String,
    /// Where the secret is with which we show that it is us: `env:NAME` or `file:PATH`.
    pub client_secret: Option<String>,
    /// The provider asks for two factors itself. Left out, the second is asked for here.
    #[serde(default)]
    pub two_factors: bool,
}

/// How far somebody came who was vouched for.
#[derive(Debug)]
pub enum Vouched {
    /// In: the provider counts for both factors.
    In(Entered),
    /// A second factor is asked for here.
    Half(Half),
}

/// The provider of the settings, if there is one.
pub(super) fn provider(house: &House, public_url: Option<&str>) -> Result<Option<Provider>> {
    let Some(settings) = &house.settings.sign_in else { return Ok(None) };
    let wrong = |message: String| Error::Settings {
        file: house.folder().join("upheld.toml"),
        message: format!("`[sign_in]`: {message}"),
    };
    let Some(public) = public_url else {
        return Err(wrong(
            "the provider must know where to send people back to: set the public address".into(),
        ));
    };
    let secret = settings.client_secret.as_deref();
    let secret = secret.map(|source| secret_at(house, source)).transpose().map_err(wrong)?;
    let provider = Provider {
        issuer: settings.issuer.clone(),
        client_id: settings.client_id.clone(),
        client_secret: secret,
        redirect: format!("{}{RETURN}", public.trim_end_matches('/')),
        two_factors: settings.two_factors,
    };
    provider.check()?;
    Ok(Some(provider))
}

fn secret_at(house: &House, source: &str) -> std::result::Result<Secret<String>, String> {
    let text = match source.split_once(':') {
        Some(("env", name)) => (house.means.environment)(name)
            .ok_or_else(|| format!("the environment variable `{name}` is not set"))?,
        Some(("file", path)) => std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read `{path}`: {error}"))?,
        _ => return Err("`client_secret` must be `env:NAME` or `file:PATH`".to_owned()),
    };
    Ok(Secret::new(text.trim().to_owned()))
}

impl Staff {
    /// Begins a sign-in at the provider: where to send the browser, and what is to be kept in a cookie
    /// of it until it comes back.
    pub async fn begin_elsewhere(&self, house: &House) -> Answer<(Secret<String>, Secret<String>)> {
        let Some(provider) = self.provider.clone() else { return Ok(Err(Refused::NotHere)) };
        let rng = std::sync::Arc::clone(&house.means.rng);
        let begun = tokio::task::spawn_blocking(move || provider.begin(&exchange(), rng.as_ref()));
        let begun = begun.await.map_err(|_| Error::Auth(auth::Error::Provider))??;
        let state = house.state().await?;
        let mut tx = state.store.begin().await?;
        let kept = begun.begun.expose_secret();
        let secret = begin_ceremony(&state, &mut tx, KIND, Some(begun.state), kept).await?;
        tx.commit().await?;
        Ok(Ok((begun.address, secret)))
    }

    /// Somebody comes back. `cookie` is what their browser kept and `returned` what the provider sent
    /// back: whoever was sent a link by somebody else does not have both.
    pub async fn finish_elsewhere(
        &self,
        house: &House,
        cookie: &str,
        returned: &str,
        code: &str,
        visitor: &Visitor,
    ) -> Answer<Vouched> {
        let Some(provider) = self.provider.clone() else { return Ok(Err(Refused::NotHere)) };
        if hash(cookie) != hash(returned) {
            return Ok(Err(Refused::Over));
        }
        let state = house.state().await?;
        let now = house.means.clock.now();
        let mut tx = state.store.begin().await?;
        let begun = end_ceremony(&state, &mut tx, KIND, returned).await?;
        tx.commit().await?;
        let Some(begun) = begun else { return Ok(Err(Refused::Over)) };
        let (code, vault) = (code.to_owned(), state.vault.clone());
        let both = provider.two_factors;
        let vouched = tokio::task::spawn_blocking(move || {
            provider.finish(&exchange(), &vault, &begun, &code, now)
        });
        let vouched = vouched.await.map_err(|_| Error::Auth(auth::Error::Provider))??;
        let Some(account) = vouched else { return Ok(Err(Refused::Wrong)) };
        let mut tx = state.store.begin().await?;
        let person = match tx.credential_by(KIND, &account.handle).await? {
            Some(credential) => tx.person(&credential.person).await?.filter(is_active),
            None => {
                // The first time, the account is bound to whoever has the address that the
                // organisation's own provider has made sure of.
                let Some(email) = &account.email else { return Ok(Err(Refused::Wrong)) };
                let hash = email_hash(&state, email.expose())?;
                let person = tx.person_by_email(&hash).await?.filter(is_active);
                if let Some(person) = &person {
                    let (id, handle) = (person.id.as_str(), Some(account.handle));
                    add_credential(&state, &mut tx, id, KIND, handle, b"").await?;
                    let about = json!({ "person": id, "way": "provider" });
                    let kind = "staff added a way to sign in";
                    note(&state, &mut tx, &person.organisation, kind, about).await?;
                }
                person
            }
        };
        let Some(person) = person else { return Ok(Err(Refused::Wrong)) };
        let factors = if both { 2 } else { 1 };
        let (entered, id) = enter(&state, &mut tx, &person.id, factors, visitor).await?;
        if both {
            let about = json!({ "by": "provider", "person": person.id, "session": id });
            note(&state, &mut tx, &person.organisation, "staff signed in", about).await?;
            house.done(&state, tx).await?;
            return Ok(Ok(Vouched::In(entered)));
        }
        let ways = Ways::of(&mut tx, &person.id, self.has_passkeys()).await?;
        house.done(&state, tx).await?;
        Ok(Ok(Vouched::Half(Half { session: entered.session, ways })))
    }
}

/// Speaks to the provider: no redirect is followed, no cookie kept, no proxy asked, and what comes is
/// bounded in length and time.
fn exchange() -> Box<Exchange<'static>> {
    let agent = crate::status::agent(0);
    Box::new(move |request: HttpRequest| {
        let answer = agent.run(request).map_err(|_| Unreachable)?;
        let (parts, body) = answer.into_parts();
        let bytes = body.into_with_config().limit(LARGEST).read_to_vec();
        Ok(HttpResponse::from_parts(parts, bytes.map_err(|_| Unreachable)?))
    })
}
