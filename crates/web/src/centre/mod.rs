//! The privacy centre: what everybody may read, without a script and without a cookie.
//!
//! The language stands in the address, so a link that is passed on opens as it was read.

mod contact;
mod me;
mod notice;
mod recipients;
mod request;
mod versions;
mod view;

use app::reading::Reading;
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Redirect, Response};
use model::Micros;

use crate::failure::Failure;
use crate::language::Language;
use crate::routes::{Access, Kind, Row};
use crate::site::{Shared, Site};
use crate::words::Words;

/// The rows of these routes.
pub(crate) fn rows() -> Vec<Row> {
    const PAGE: Access = Access::Public(Kind::Page);
    let mut rows = vec![
        Row::get("/", Access::Public(Kind::Form), start),
        Row::get("/notice.json", PAGE, notice::machine_readable),
        Row::get("/{lang}", PAGE, notice::show),
        Row::get("/{lang}/places/{place}", PAGE, notice::show_for),
        Row::get("/{lang}/versions", PAGE, versions::list),
        Row::get("/{lang}/versions/{version}", PAGE, versions::show),
        Row::get("/{lang}/versions/{version}/changes", PAGE, versions::changes),
        Row::get("/{lang}/recipients", PAGE, recipients::show),
        Row::get("/{lang}/contact", PAGE, contact::show),
    ];
    rows.extend(request::rows());
    rows.extend(me::rows());
    rows
}

/// Leads to the pages in the language that the browser asks for.
async fn start(headers: HeaderMap) -> Response {
    let language = Language::asked(&headers);
    let mut response = Redirect::to(&format!("/{}", language.tag())).into_response();
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-language"));
    response
}

/// The language in which a page was asked for: the first part of its path.
impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|_| Failure::NotFound)?;
        let lang = params.iter().find(|(name, _)| *name == "lang");
        lang.and_then(|(_, tag)| Self::of(tag)).ok_or(Failure::NotFound)
    }
}

/// What stands around the content of every public page.
pub(crate) struct Shell<'a> {
    /// The organisation's name.
    pub(crate) organisation: &'a str,
    pub(crate) style: &'a str,
    pub(crate) icon: &'a str,
    pub(crate) colours: Option<&'a str>,
    pub(crate) logo: Option<&'a str>,
    pub(crate) language: Language,
    /// Which entry of the navigation is open.
    pub(crate) here: &'static str,
    /// The rest of the address behind the language, encoded.
    pub(crate) path: String,
}

impl<'a> Shell<'a> {
    pub(crate) fn new(
        site: &'a Site,
        reading: &'a Reading,
        language: Language,
        here: &'static str,
        path: impl Into<String>,
    ) -> Self {
        Self {
            organisation: &reading.policy.organisation.name,
            style: &site.assets.style,
            icon: &site.assets.icon,
            colours: site.assets.colours.as_deref(),
            logo: site.assets.logo.as_deref(),
            language,
            here,
            path: path.into(),
        }
    }

    /// The entries of the navigation: key, address, words.
    pub(crate) fn entries(&self) -> [(&'static str, String, &'static str); 6] {
        let w = self.language.words();
        let tag = self.language.tag();
        [
            ("notice", format!("/{tag}"), w.nav_notice),
            ("request", format!("/{tag}/request"), w.asking.ask),
            ("me", format!("/{tag}/me"), w.me.mine),
            ("versions", format!("/{tag}/versions"), w.nav_versions),
            ("recipients", format!("/{tag}/recipients"), w.nav_recipients),
            ("contact", format!("/{tag}/contact"), w.nav_contact),
        ]
    }
}

/// A page that is the same for everybody, and may be kept for a minute.
pub(crate) fn page(template: &impl askama::Template) -> Result<Response, Failure> {
    const MINUTE: HeaderValue = HeaderValue::from_static("public, max-age=60");
    Ok(([(CACHE_CONTROL, MINUTE)], Html(template.render()?)).into_response())
}

/// A moment as a day: nobody outside needs the minute.
fn day(w: &Words, at: Micros, reading: &Reading) -> String {
    (w.day)(reading.zone.at(at).date())
}

/// The site and the policy as it was read last.
pub(crate) type Opened = State<Shared>;

/// A name as one part of an address.
pub(crate) fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
