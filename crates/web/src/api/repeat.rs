//! `Idempotency-Key`: a call that is sent twice is carried out once.

use app::again::{Before, Repeatable};
use auth::{Actor, Door};
use axum::body::Bytes;
use axum::http::request::Parts;

use super::reply::Sent;
use crate::client::Client;
use crate::failure::Failure;
use crate::site::Shared;

const HEADER: &str = "idempotency-key";
const LONGEST: usize = 255;

/// The call, if it says that it may come again.
pub(super) fn of(parts: &Parts, body: &Bytes) -> Result<Option<Repeatable>, Failure> {
    let Some(key) = parts.headers.get(HEADER) else { return Ok(None) };
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|sign| sign.is_ascii_graphic()) {
        return Err(Failure::unfit(Some("Idempotency-Key"), "it is 1 to 255 signs of ASCII"));
    }
    let caller = match parts.extensions.get::<Actor>() {
        Some(actor) => match actor.door() {
            Door::Token { id, .. } => format!("token {id}"),
            // A person who signed in again is the same.
            Door::Session { .. } => format!("person {}", actor.person()),
        },
        None => match parts.extensions.get::<Client>() {
            Some(client) => format!("address {}", client.address),
            None => return Err(Failure::Internal),
        },
    };
    let step = parts.headers.get("if-match").map(|step| step.as_bytes()).unwrap_or_default();
    let mut sent = Vec::new();
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), step, body] {
        sent.extend((part.len() as u64).to_be_bytes());
        sent.extend(part);
    }
    Ok(Some(Repeatable { caller, key: key.to_owned(), sent }))
}

/// Carries a call out, or answers as the first time.
pub(super) async fn once(
    site: &Shared,
    call: Option<Repeatable>,
    work: impl Future<Output = Result<Sent, Failure>> + Send + 'static,
) -> Result<Sent, Failure> {
    let Some(call) = call else { return work.await };
    let key = match site.house.begin_call(&call).await? {
        Before::First(key) => key,
        Before::Answered(kept) => {
            return serde_json::from_slice(&kept).map_err(|_| Failure::Internal);
        }
        Before::Open => {
            return Err(Failure::Refused(
                "a call with this key is under way, or broke off: look at what became of it"
                    .to_owned(),
            ));
        }
        Before::Other => {
            let text = "something else was sent under this key: take a fresh one";
            return Err(Failure::unfit(Some("Idempotency-Key"), text));
        }
    };
    let site = Shared::clone(site);
    // Whoever hangs up meanwhile asks again and gets the answer.
    let carried = tokio::spawn(async move {
        let answer = work.await;
        match &answer {
            Ok(sent) => {
                let kept = serde_json::to_vec(sent).map_err(|_| Failure::Internal)?;
                site.house.end_call(&key, Some(&kept)).await?;
            }
            // What was refused changed nothing. How a failure of ours ended nobody knows.
            Err(failure) if failure.status().is_client_error() => {
                site.house.end_call(&key, None).await?;
            }
            Err(_) => {}
        }
        answer
    });
    carried.await.unwrap_or(Err(Failure::Internal))
}
