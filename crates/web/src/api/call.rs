//! A call: what it brings along, read into types, and the row that is made of a handler.

use std::time::Duration;

use auth::Actor;
use axum::body::Bytes;
use axum::extract::{FromRequestParts as _, RawPathParams, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::document::Operation;
use super::repeat;
use super::reply::{Reply, Sent};
use crate::client::Client;
use crate::failure::Failure;
use crate::limit::Left;
use crate::routes::{Access, Kind, Row};
use crate::site::Shared;

/// What a call may bring along if its row says nothing else, in bytes.
pub(super) const BODY: usize = 256 * 1024;

/// A call as its handler gets it.
pub(crate) struct Call<Q = Nothing, B = Nothing> {
    pub(super) site: Shared,
    /// What stands behind the question mark.
    pub(super) query: Q,
    /// What was sent.
    pub(super) body: B,
    actor: Option<Actor>,
    params: Vec<(String, String)>,
    /// The step at which a request was read, from `If-Match`.
    step: Option<u64>,
}

/// Nothing is read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Whose things a call is about.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Whose {
    /// The organisation: `root`, or a client's key. Left out, the caller's own.
    #[schemars(length(min = 1, max = 100))]
    organisation: Option<String>,
}

impl Whose {
    /// The organisation, or the caller's own.
    pub(super) fn or<'a>(&'a self, actor: &'a Actor) -> &'a str {
        self.organisation.as_deref().unwrap_or_else(|| actor.home())
    }
}

/// What a call sends.
pub(crate) trait Body: DeserializeOwned + JsonSchema + Send + 'static {
    /// Whether it must.
    const NEEDED: bool = true;
}

impl Body for Nothing {
    const NEEDED: bool = false;
}

impl<Q, B> Call<Q, B> {
    /// Who asks.
    pub(super) fn actor(&self) -> Result<&Actor, Failure> {
        self.actor.as_ref().ok_or(Failure::SignIn)
    }

    /// Asks whether whoever calls may do this in the organisation at the top: for what takes no actor.
    pub(super) fn require_root(&self, action: auth::Action) -> Result<&Actor, Failure> {
        let actor = self.actor()?;
        app::allowed::require(actor, action, auth::ROOT)?;
        Ok(actor)
    }

    /// A part of the path that is one of our ids. Anything else names nothing that there is.
    pub(super) fn id(&self, name: &str) -> Result<&str, Failure> {
        let id = self.param(name)?;
        let is_id = id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if is_id { Ok(id) } else { Err(Failure::NotFound) }
    }

    /// A part of the path.
    pub(super) fn param(&self, name: &str) -> Result<&str, Failure> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).ok_or(Failure::NotFound)
    }

    /// The request of this path, at the step at which the caller read it.
    pub(super) fn wanted(&self) -> Result<app::desk::AsRead<'_>, Failure> {
        Ok(app::desk::AsRead { id: self.id("id")?, step: self.step })
    }
}

/// A row that is read.
pub(super) fn get<Q, T, F, Fut>(
    path: &'static str,
    access: Access,
    (id, summary): (&'static str, &'static str),
    handler: F,
) -> Row
where
    Q: DeserializeOwned + JsonSchema + Send + 'static,
    T: Reply,
    F: Fn(Call<Q>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let run = move |State(site): State<Shared>, request: Request| {
        let handler = handler.clone();
        async move {
            let (mut parts, _) = request.into_parts();
            limited(&site, access, &mut parts, async |parts: &mut Parts| {
                let call = read::<Q, Nothing>(&site, parts, Nothing {}).await?;
                handler(call).await?.sent()
            })
            .await
        }
    };
    Row::get(path, access, run).told(Operation::read::<Q, T>(id, summary))
}

/// A row that changes what is kept.
pub(super) fn post<Q, B, T, F, Fut>(
    path: &'static str,
    access: Access,
    told: (&'static str, &'static str),
    handler: F,
) -> Row
where
    Q: DeserializeOwned + JsonSchema + Send + 'static,
    B: Body,
    T: Reply,
    F: Fn(Call<Q, B>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Failure>> + Send + 'static,
{
    post_large(path, access, BODY, told, handler)
}

/// The same, where more comes along: at most so many bytes.
pub(super) fn post_large<Q, B, T, F, Fut>(
    path: &'static str,
    access: Access,
    most: usize,
    (id, summary): (&'static str, &'static str),
    handler: F,
) -> Row
where
    Q: DeserializeOwned + JsonSchema + Send + 'static,
    B: Body,
    T: Reply,
    F: Fn(Call<Q, B>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let run = move |State(site): State<Shared>, request: Request| {
        let handler = handler.clone();
        async move {
            let (mut parts, body) = request.into_parts();
            limited(&site, access, &mut parts, async |parts: &mut Parts| {
                // The row's own limit stands around this one and counts what comes.
                let bytes = axum::body::to_bytes(body, most).await;
                let bytes = bytes.map_err(|_| Failure::TooLarge)?;
                let sent = body_of::<B>(&parts.headers, &bytes)?;
                let call = read::<Q, B>(&site, parts, sent).await?;
                let again = repeat::of(parts, &bytes)?;
                let work = async move { handler(call).await?.sent() };
                repeat::once(&site, again, work).await
            })
            .await
        }
    };
    Row::post_large(path, access, most, run).told(Operation::write::<Q, B, T>(id, summary))
}

/// Counts the call, and says in its answer how many are left.
async fn limited(
    site: &Shared,
    access: Access,
    parts: &mut Parts,
    work: impl AsyncFnOnce(&mut Parts) -> Result<Sent, Failure>,
) -> Response {
    let Some(client) = parts.extensions.get::<Client>().copied() else {
        return Failure::Internal.into_response();
    };
    let actor = parts.extensions.get::<Actor>();
    let left = match (access, actor) {
        // The document is the same for everybody, and costs nothing.
        (Access::Public(Kind::Page), _) => None,
        (_, Some(actor)) => Some(site.limits.actor(actor.door_id(), site.house.now())),
        (_, None) => Some(site.limits.public(client.address, site.house.now())),
    };
    let mut response = match &left {
        Some(left) if !left.may => Failure::TooMany.into_response(),
        _ => match work(parts).await {
            Ok(sent) => sent.into_response(),
            Err(failure) => failure.into_response(),
        },
    };
    if let Some(left) = left {
        tell(response.headers_mut(), &left);
    }
    response
}

/// What is left, as the working group's draft on rate limit headers has it.
fn tell(headers: &mut HeaderMap, left: &Left) {
    let window = left.window.as_secs();
    let policy = format!("\"calls\";q={};w={window}", left.quota);
    let now = format!("\"calls\";r={};t={}", left.remaining, whole(left.until_full));
    let mut add = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    add("ratelimit-policy", policy);
    add("ratelimit", now);
    if !left.may {
        add("retry-after", whole(left.until_next).max(1).to_string());
    }
}

/// Seconds, and a part of one is one.
fn whole(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

async fn read<Q, B>(site: &Shared, parts: &mut Parts, body: B) -> Result<Call<Q, B>, Failure>
where
    Q: DeserializeOwned,
{
    let params = RawPathParams::from_request_parts(parts, site).await;
    let params = params.map_err(|_| Failure::NotFound)?;
    let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(Call {
        site: Shared::clone(site),
        query: query_of(parts.uri.query().unwrap_or_default())?,
        body,
        actor: parts.extensions.get::<Actor>().cloned(),
        params,
        step: step_of(&parts.headers)?,
    })
}

fn query_of<Q: DeserializeOwned>(text: &str) -> Result<Q, Failure> {
    if text.contains("%00") {
        return Err(Failure::unfit(None, "the query holds a character that nobody can see"));
    }
    let pairs = form_urlencoded::parse(text.as_bytes());
    let read = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(read).map_err(|error| {
        let field = error.path().to_string();
        wrong(&field, &error.into_inner().to_string())
    })
}

/// What was sent, as its type.
fn body_of<B: Body>(headers: &HeaderMap, bytes: &Bytes) -> Result<B, Failure> {
    if !B::NEEDED {
        return serde_json::from_value(Value::Object(serde_json::Map::new()))
            .map_err(|_| Failure::Internal);
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Failure::Media);
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|_| Failure::Bad)?;
    if let Some(place) = unseen(&value) {
        return Err(Failure::unfit(Some(&place), "it holds a character that nobody can see"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = error.path().to_string();
        wrong(&field, &error.into_inner().to_string())
    })
}

/// Where a text holds what no text has, and no database keeps.
fn unseen(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items.iter().find_map(unseen),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            if name.contains('\0') {
                Some(String::new())
            } else {
                unseen(value).map(|_| name.clone())
            }
        }),
        _ => None,
    }
}

/// What is wrong with a value, without the value: only our own words of what the reader says.
fn wrong(field: &str, said: &str) -> Failure {
    // A name that nobody knows is the caller's: only where it stood is told.
    let field = match field.rsplit_once('.') {
        Some((parent, _)) if said.starts_with("unknown field ") => parent,
        None if said.starts_with("unknown field ") => ".",
        _ => field,
    };
    let own = if let Some(missing) = said.strip_prefix("missing field ") {
        let name = missing.split('`').nth(1).unwrap_or_default();
        return Failure::unfit(Some(name), "it is missing");
    } else if let Some((_, expected)) = said.split_once("expected ") {
        let expected = expected.split(" at line ").next().unwrap_or(expected);
        format!("it is not as described: expected {expected}")
    } else {
        "it is not as described".to_owned()
    };
    Failure::unfit((field != ".").then_some(field), own)
}

/// The step of `If-Match: "7"`; `*` is any.
fn step_of(headers: &HeaderMap) -> Result<Option<u64>, Failure> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    // A tag that none of ours looks like names another state, whichever this is.
    let step = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    step.and_then(|step| step.parse().ok()).map(Some).ok_or(Failure::Stale)
}
