//! A failure becomes a page that says what to do, or a problem for a program (RFC 9457).

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use tower_http::csrf::ProtectionError;

use crate::centre::Shell;
use crate::failure::Failure;
use crate::language::Language;
use crate::site::Shared;
use crate::words::Words;

#[derive(Template)]
#[template(path = "failure.html")]
struct Page<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    help: &'a str,
    /// Where to go on: an address, and its words.
    on: Option<(&'static str, &'static str)>,
}

/// What failed of that on which we stand, for the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part(pub(super) &'static str);

/// Gives every failure its form.
pub async fn finish(State(site): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let language = Language::of(first).unwrap_or_else(|| Language::asked(request.headers()));
    let for_program = first == "api" || wants_json(request.headers());
    let reads = request.method().is_safe();
    let mut response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let told = response.extensions_mut().remove::<Failure>();
    let cross = response.extensions().get::<ProtectionError>().is_some();
    if told.is_none() && response.headers().contains_key(CONTENT_TYPE) && has_own_words(&response) {
        return response;
    }
    // Whoever opens a page of staff without having signed in is led to where that is done.
    if told == Some(Failure::SignIn) && reads && !for_program {
        return (StatusCode::SEE_OTHER, [(LOCATION, "/sign-in")]).into_response();
    }
    let failure = match told {
        Some(failure) => failure,
        None if cross => Failure::CrossSite,
        None => Failure::of(status),
    };
    let body = if for_program {
        problem(status, &failure)
    } else {
        page(&site, language, &failure).unwrap_or_else(|_| status.into_response())
    };
    let (mut parts, body) = body.into_parts();
    parts.status = status;
    if let Failure::Broken { part, .. } = failure {
        parts.extensions.insert(Part(part));
    }
    // What the failure said in its headers (who may, which methods there are) stays.
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != axum::http::header::CONTENT_LENGTH {
            parts.headers.append(name, value.clone());
        }
    }
    Response::from_parts(parts, body)
}

/// Whether a handler has given its failure a page of its own: a form that was filled in wrongly.
fn has_own_words(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"))
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

fn page(site: &Shared, language: Language, failure: &Failure) -> askama::Result<Response> {
    let w = language.words();
    let (title, help) = (w.failure)(failure);
    let reading = site.reading();
    let shell = Shell::new(site, &reading, language, "", "");
    let waits = match failure {
        Failure::Wait(seconds) => Some((w.asking.wait)(*seconds)),
        _ => None,
    };
    let refused = match failure {
        Failure::Refused(text) | Failure::Unfit { text, .. } => Some(text.as_str()),
        _ => waits.as_deref(),
    };
    let on = match failure {
        Failure::SignIn => Some(("/sign-in", w.to_sign_in)),
        Failure::StepUp => Some(("/step-up", w.to_step_up)),
        _ => None,
    };
    let page = Page { w, shell, title, help: refused.unwrap_or(help), on };
    Ok(Html(page.render()?).into_response())
}

fn problem(status: StatusCode, failure: &Failure) -> Response {
    let (title, help) = (Language::English.words().failure)(failure);
    let (detail, field) = match failure {
        Failure::Refused(text) => (text.as_str(), None),
        Failure::Unfit { field, text } => (text.as_str(), field.as_deref()),
        _ => (help, None),
    };
    let mut body = serde_json::json!({
        "type": format!("tag:upheld.example,2026:{}", failure.key()),
        "title": title, "status": status.as_u16(), "detail": detail,
    });
    if let (Some(body), Some(field)) = (body.as_object_mut(), field) {
        body.insert("field".to_owned(), field.into());
    }
    let mut response = body.to_string().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    // How somebody is shown (RFC 6750), and that a factor must be shown again (RFC 9470).
    match failure {
        Failure::SignIn => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Failure::StepUp => {
            let again = "Bearer error=\"insufficient_user_authentication\"";
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(again));
        }
        _ => {}
    }
    response
}
