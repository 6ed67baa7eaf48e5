//! Whether whoever calls may: the table is asked before a handler is.

use std::collections::BTreeMap;
use std::sync::Arc;

use auth::{Actor, Authority, Decision, Door, MembershipState};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION, HOST, HeaderValue, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use crate::client::{Client, Peer};
use crate::failure::Failure;
use crate::routes::{Access, Kind, Row};
use crate::site::{Shared, Site};

/// Who may call which row.
#[derive(Debug)]
pub struct Matrix(BTreeMap<&'static str, Vec<(Method, Access)>>);

impl Matrix {
    /// The table as it is asked.
    pub(crate) fn of(rows: &[Row]) -> Self {
        let mut matrix: BTreeMap<&'static str, Vec<(Method, Access)>> = BTreeMap::new();
        for row in rows {
            matrix.entry(row.path).or_default().push((row.method.clone(), row.access));
        }
        Self(matrix)
    }

    fn row(&self, path: &str, method: &Method) -> Result<Access, Option<String>> {
        let methods = self.0.get(path).ok_or(None)?;
        // Reading the head of a page is reading it.
        let wanted = if *method == Method::HEAD { &Method::GET } else { method };
        match methods.iter().find(|(known, _)| known == wanted) {
            Some((_, access)) => Ok(*access),
            None => {
                let known: Vec<&str> = methods.iter().map(|(method, _)| method.as_str()).collect();
                Err(Some(known.join(", ")))
            }
        }
    }
}

/// Asks the table. INVARIANT: what it does not know is refused.
pub async fn enforce(
    State((site, matrix)): State<(Shared, Arc<Matrix>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>() else {
        return without_slash(&request).unwrap_or_else(|| Failure::NotFound.into_response());
    };
    let access = match matrix.row(path.as_str(), request.method()) {
        Ok(access) => access,
        Err(None) => return Failure::NotFound.into_response(),
        Err(Some(allowed)) => {
            let mut response = Failure::Method.into_response();
            if let Ok(allowed) = HeaderValue::from_str(&allowed) {
                response.headers_mut().insert(ALLOW, allowed);
            }
            return response;
        }
    };
    let Some(peer) = request.extensions().get::<Peer>().copied() else {
        return Failure::Internal.into_response();
    };
    let client = Client::of(peer, request.headers(), &site.proxies);
    if access != Access::Public(Kind::Health) && !names_us(&site, &request) {
        return Failure::OtherHost.into_response();
    }
    match may(access, client, &site, request.headers()).await {
        Ok(Some(actor)) => {
            request.extensions_mut().insert(actor);
        }
        Ok(None) => {}
        Err(failure) => return failure.into_response(),
    }
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// Who it is, where that was asked for. Anything but a plain yes is a no.
async fn may(
    access: Access,
    client: Client,
    site: &Site,
    headers: &HeaderMap,
) -> Result<Option<Actor>, Failure> {
    match access {
        Access::Public(_) => return Ok(None),
        Access::Operator if client.local || shows_token(site, headers) => return Ok(None),
        Access::Operator => return Err(Failure::Forbidden),
        Access::SignedIn | Access::May(_) => {}
    }
    let actor = site.doorman.actor(site, headers).await.ok_or(Failure::SignIn)?;
    admit(site.authority, access, &actor)?;
    Ok(Some(actor))
}

/// Whether somebody who is known may call a row that is not for everybody.
pub(crate) fn admit(authority: &Authority, access: Access, actor: &Actor) -> Result<(), Failure> {
    let action = match access {
        Access::Public(_) => return Ok(()),
        Access::Operator => return Err(Failure::Forbidden),
        Access::SignedIn => None,
        Access::May(action) => Some(action),
    };
    // INVARIANT: one factor alone reaches nothing, and neither does a membership that is not active.
    let active = actor.membership().state == MembershipState::Active;
    let shown = actor.has_two_factors() || matches!(actor.door(), Door::Token { .. });
    if !(active && shown) {
        return Err(Failure::SignIn);
    }
    let decision = match action {
        Some(action) => authority.may(actor, action, actor.home()),
        None => Decision::Allow,
    };
    match decision {
        Decision::Allow => Ok(()),
        Decision::StepUp => Err(Failure::StepUp),
        Decision::Deny => Err(Failure::Forbidden),
    }
}

/// Somebody typed one stroke too many: `/en/` is `/en`.
fn without_slash(request: &Request) -> Option<Response> {
    let path = request.uri().path().strip_suffix('/')?;
    let ours = path.starts_with('/') && !path.contains("//") && request.method().is_safe();
    let there = HeaderValue::from_str(path).ok().filter(|_| ours)?;
    Some((StatusCode::PERMANENT_REDIRECT, [(LOCATION, there)]).into_response())
}

fn shows_token(site: &Site, headers: &HeaderMap) -> bool {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let known = site.metrics_token.as_ref();
    token
        .zip(known)
        .is_some_and(|(shown, known)| same(shown.as_bytes(), known.expose_secret().as_bytes()))
}

/// Whether two secrets are the same. Their hashes are compared, so that the time tells nothing.
fn same(one: &[u8], two: &[u8]) -> bool {
    Sha256::digest(one) == Sha256::digest(two)
}

/// Whether the request was sent to a name of ours: a page of a stranger that was made to point at
/// this machine is sent away.
fn names_us(site: &Site, request: &Request) -> bool {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let host = request.uri().authority().map(|authority| authority.as_str()).or(host);
    host.is_some_and(|host| site.is_ours(host))
}
