//! One message on its way: signed, over an encrypted connection, to an address that was looked at.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::Micros;
use sha2::Sha256;
use store::Claim;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::{Body, address, unseal};
use crate::house::House;
use crate::jobs::{Did, Failed};
use crate::network::{Network, is_public};

/// A program answers within this time, or it is tried again.
const PATIENCE: Duration = Duration::from_secs(15);
/// Nobody's answer has a longer head; its body is not read.
const HEAD: usize = 16 * 1024;

pub(super) const NOT_PUBLIC: &str = "its address is not one of the public network: `networks` of `[webhooks]` in upheld.toml names others that are meant";

/// Whether a message may go there.
pub(super) fn may_reach(address: IpAddr, allowed: &[Network]) -> bool {
    is_public(address) || allowed.iter().any(|network| network.holds(address))
}

/// Looks names up, and hands on what may be reached. INVARIANT: the connection is made to the addresses
/// that were looked at here and to no others, so that a name that leads elsewhere a moment later leads
/// nobody anywhere.
#[derive(Debug)]
pub(super) struct Guarded<R> {
    pub(super) names: R,
    pub(super) allowed: Vec<Network>,
}

/// Somebody's name led to where no message goes.
#[derive(Debug, thiserror::Error)]
#[error("not a public address")]
struct NotPublic;

impl<R: Resolver> Resolver for Guarded<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        // One that is not is enough: whoever has it answer so means it.
        if found.iter().any(|one| !may_reach(one.ip(), &self.allowed)) {
            return Err(ureq::Error::Other(Box::new(NotPublic)));
        }
        Ok(found)
    }
}

fn agent(plain: bool, names: impl Resolver) -> Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::WebPki)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let config = Agent::config_builder()
        .https_only(!plain)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_response_header_size(HEAD)
        .max_idle_connections(0)
        .proxy(None)
        .user_agent("upheld")
        .tls_config(tls)
        .build();
    Agent::with_parts(config, DefaultConnector::default(), names)
}

/// A message with everything that goes along.
pub(super) struct Parcel {
    pub(super) id: String,
    pub(super) at: Micros,
    pub(super) payload: String,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    /// It was taken.
    Taken(u16),
    /// It was not, and may be later.
    NotNow(String),
    /// The program is gone for good, as it says itself.
    Gone,
}

/// The signature: HMAC-SHA256 over id, second and body, as Standard Webhooks have it.
pub(super) fn signature(secret: &str, parcel: &Parcel) -> Option<String> {
    let key = STANDARD.decode(secret).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{}.{}.{}", parcel.id, parcel.at.0 / 1_000_000, parcel.payload).as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Hands a message over. Waits at most [`PATIENCE`].
pub(super) fn post(body: &Body, parcel: &Parcel, plain: bool, names: impl Resolver) -> Came {
    let Some(signature) = signature(&body.secret, parcel) else {
        return Came::NotNow("its signing secret cannot be read".to_owned());
    };
    let answer = agent(plain, names)
        .post(&body.url)
        .header("content-type", "application/json")
        .header("webhook-id", &parcel.id)
        .header("webhook-timestamp", (parcel.at.0 / 1_000_000).to_string())
        .header("webhook-signature", signature)
        .send(&parcel.payload);
    match answer.map(|answer| answer.status().as_u16()) {
        Ok(status @ 200..=299) => Came::Taken(status),
        Ok(410) => Came::Gone,
        Ok(300..=399) => Came::NotNow("it leads elsewhere, and no redirect is followed".to_owned()),
        Ok(status) => Came::NotNow(format!("it answers with status {status}")),
        Err(error) => Came::NotNow(told(&error)),
    }
}

/// What went wrong, in words of our own: a server's own are anybody's.
fn told(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Other(inner) if inner.is::<NotPublic>() => NOT_PUBLIC.to_owned(),
        ureq::Error::Timeout(_) => "it does not answer within fifteen seconds".to_owned(),
        ureq::Error::HostNotFound => "its name is not known".to_owned(),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => {
            "its certificate could not be verified".to_owned()
        }
        ureq::Error::RequireHttpsOnly(_) => "messages go out encrypted only".to_owned(),
        _ => "no connection to it".to_owned(),
    }
}

impl House {
    /// Hands a message to a program over; what became of it stands with the message.
    pub(crate) async fn tell_webhook(
        &self,
        id: &str,
        claim: &Claim,
    ) -> std::result::Result<Did, Failed> {
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let message = tx.webhook_message(id).await?;
        let one = match &message {
            Some(message) => tx.webhook(&message.webhook).await?,
            None => None,
        };
        tx.rollback().await?;
        let (Some(message), Some(one)) = (message, one) else { return Ok(Did::Done) };
        if message.delivered_at.is_some() || one.organisation != claim.job.organisation {
            return Ok(Did::Done);
        }
        let body = unseal(&state, &one)?;
        let settings = &self.settings.webhooks;
        // Settings that became stricter hold for what is on its way, too.
        let came = match (address(&body.url, settings), settings.read()) {
            (Ok(_), Ok(allowed)) => {
                let names = Guarded { names: DefaultResolver::default(), allowed };
                let parcel = Parcel {
                    id: message.id.clone(),
                    at: self.means.clock.now(),
                    payload: message.payload,
                };
                let plain = settings.plain;
                let posted =
                    tokio::task::spawn_blocking(move || post(&body, &parcel, plain, names)).await;
                posted.unwrap_or_else(|_| Came::NotNow("the sending was interrupted".to_owned()))
            }
            (Err(error), _) | (_, Err(error)) => Came::NotNow(error.to_string()),
        };
        let now = self.means.clock.now();
        let mut tx = state.store.begin().await?;
        let (word, at) = match &came {
            Came::Taken(status) => (format!("taken with status {status}"), Some(now)),
            Came::NotNow(why) => (why.clone(), None),
            Came::Gone => {
                tx.pause_webhook(&one.id, Some(now)).await?;
                ("it says that it is gone: it is told nothing more".to_owned(), None)
            }
        };
        tx.note_webhook_message(id, &word, at).await?;
        tx.commit().await?;
        match came {
            Came::Taken(_) => Ok(Did::Done),
            Came::NotNow(why) => Err(Failed::ForNow(why)),
            Came::Gone => Err(Failed::ForGood(word)),
        }
    }
}
