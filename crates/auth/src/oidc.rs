//! Sign-in at the organisation's own provider (OpenID Connect, authorisation code with PKCE).
//!
//! What the provider says is believed for one thing: which account somebody holds there. Whether that
//! counts for both factors is the organisation's setting; if not, the second is asked for here.

use model::{Micros, Personal, Rng, Secret};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
pub use openidconnect::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use vault::Vault;

use crate::secret::new_secret;
use crate::{Error, Result};

const PURPOSE: &str = "accounts of staff elsewhere";

/// One provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its address, as its documents name it.
    pub issuer: String,
    /// How it knows us.
    pub client_id: String,
    /// How we show that it is us.
    pub client_secret: Option<Secret<String>>,
    /// Where it sends people back to.
    pub redirect: String,
    /// Whether it asks for two factors itself.
    pub two_factors: bool,
}

/// A request to the provider and its answer.
pub type Exchange<'a> = dyn Fn(HttpRequest) -> std::result::Result<HttpResponse, Unreachable> + 'a;

/// The provider was not reached. It carries no words of the other side.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the provider was not reached")]
pub struct Unreachable;

/// What is kept until somebody comes back.
#[derive(Serialize, Deserialize)]
pub struct Begun {
    nonce: String,
    verifier: String,
}

/// A sign-in that begins.
pub struct Beginning {
    /// Where to send the browser.
    pub address: Secret<String>,
    /// What comes back with it; the secret under which `begun` is kept.
    pub state: Secret<String>,
    /// To be kept, sealed.
    pub begun: Secret<Vec<u8>>,
}

/// Whom the provider vouches for.
#[derive(Debug, Clone)]
pub struct Account {
    /// By which the account is found: a keyed hash of issuer and subject.
    pub handle: [u8; 32],
    /// Its address there, if the provider has made sure of it.
    pub email: Option<Personal<String>>,
}

impl Provider {
    /// Refuses addresses to which nothing secret may be sent: anything but https, except on this machine.
    pub fn check(&self) -> Result<()> {
        guarded(&self.issuer)?;
        guarded(&self.redirect).map(drop)
    }

    /// Begins a sign-in. Asks the provider for its addresses.
    pub fn begin(&self, exchange: &Exchange<'_>, rng: &dyn Rng) -> Result<Beginning> {
        let metadata = self.discover(exchange)?;
        let (state, nonce, verifier) = (new_secret(rng), new_secret(rng), new_secret(rng));
        let pkce = PkceCodeVerifier::new(verifier.expose_secret().clone());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&pkce);
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.client_id.clone()),
            None,
        )
        .set_redirect_uri(RedirectUrl::new(self.redirect.clone()).map_err(|_| Error::Provider)?);
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                {
                    let state = CsrfToken::new(state.expose_secret().clone());
                    move || state
                },
                {
                    let nonce = Nonce::new(nonce.expose_secret().clone());
                    move || nonce
                },
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        guarded(address.as_str())?;
        let begun = Begun {
            nonce: nonce.expose_secret().clone(),
            verifier: verifier.expose_secret().clone(),
        };
        let begun = serde_json::to_vec(&begun).map_err(|_| Error::Provider)?;
        Ok(Beginning {
            address: Secret::new(address.to_string()),
            state,
            begun: Secret::new(begun),
        })
    }

    /// Takes what somebody came back with. None if the provider does not vouch for them in a way that
    /// holds: signature, issuer, audience, time and nonce are all checked.
    pub fn finish(
        &self,
        exchange: &Exchange<'_>,
        vault: &Vault,
        begun: &[u8],
        code: &str,
        now: Micros,
    ) -> Result<Option<Account>> {
        let begun: Begun = serde_json::from_slice(begun).map_err(|_| Error::Provider)?;
        let metadata = self.discover(exchange)?;
        let secret = self.client_secret.as_ref();
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.client_id.clone()),
            secret.map(|secret| ClientSecret::new(secret.expose_secret().clone())),
        )
        .set_redirect_uri(RedirectUrl::new(self.redirect.clone()).map_err(|_| Error::Provider)?);
        let Ok(request) = client.exchange_code(AuthorizationCode::new(code.to_owned())) else {
            return Err(Error::Provider);
        };
        let guard = |request| careful(exchange, request);
        let answer =
            request.set_pkce_verifier(PkceCodeVerifier::new(begun.verifier)).request(&guard);
        let Ok(answer) = answer else { return Ok(None) };
        let Some(token) = answer.id_token() else { return Ok(None) };
        let Some(now) = moment(now) else { return Err(Error::Provider) };
        let verifier = client
            .id_token_verifier()
            // What needs no key of the provider's proves nothing of the provider.
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::RsaSsaPssSha256,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EcdsaP384Sha384,
                CoreJwsSigningAlgorithm::EdDsa,
            ])
            .set_time_fn(move || now);
        let Ok(claims) = token.claims(&verifier, &Nonce::new(begun.nonce)) else { return Ok(None) };
        let account = format!("{}\n{}", self.issuer, claims.subject().as_str());
        let email = claims.email().filter(|_| claims.email_verified() == Some(true));
        Ok(Some(Account {
            handle: vault.derive(PURPOSE)?.mac(account.as_bytes()),
            email: email.map(|email| Personal::new(email.as_str().to_owned())),
        }))
    }

    fn discover(&self, exchange: &Exchange<'_>) -> Result<CoreProviderMetadata> {
        self.check()?;
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|_| Error::Provider)?;
        let guard = |request| careful(exchange, request);
        CoreProviderMetadata::discover(&issuer, &guard).map_err(|_| Error::Provider)
    }
}

/// Sends nothing to an address over which somebody else could read along, whoever named it.
fn careful(
    exchange: &Exchange<'_>,
    request: HttpRequest,
) -> std::result::Result<HttpResponse, Unreachable> {
    guarded(&request.uri().to_string()).map_err(|_| Unreachable)?;
    exchange(request)
}

fn guarded(address: &str) -> Result<Url> {
    let url = Url::parse(address).map_err(|_| Error::Provider)?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err(Error::Provider),
    }
}

/// The library counts in its own type of moment.
fn moment(now: Micros) -> Option<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp_micros(now.0)
}

#[cfg(test)]
mod tests;
