//! The doorman of a real server: a session in a cookie, or a token of the API.

use async_trait::async_trait;
use auth::Actor;
use auth::secret::TOKEN_PREFIX;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::cookies;
use crate::doorman::Doorman;
use crate::site::Site;

/// Knows people by their session and programs by their token.
#[derive(Debug, Clone, Copy)]
pub struct SessionDoor;

#[async_trait]
impl Doorman for SessionDoor {
    async fn actor(&self, site: &Site, headers: &HeaderMap) -> Option<Actor> {
        if let Some(shown) = headers.get(AUTHORIZATION) {
            // Whoever shows a token is judged by it, and not by a cookie beside it.
            let token = shown.to_str().ok()?.strip_prefix("Bearer ")?;
            if !token.starts_with(TOKEN_PREFIX) {
                return None;
            }
            return site.house.actor_of_token(token).await.ok()?;
        }
        let session = cookies::session(site, headers)?;
        site.house.actor(session.expose_secret()).await.ok()?
    }
}

/// What kind of browser it is, in words: a version tells nobody anything on a list of devices.
pub(super) fn browser(agent: &str) -> String {
    let of = |known: &[(&str, &'static str)], other: &'static str| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map_or(other, |(_, name)| name)
    };
    // The order counts: nearly every browser says that it is most of the others.
    let browser = of(
        &[
            ("Edg", "Edge"),
            ("OPR", "Opera"),
            ("Firefox", "Firefox"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ],
        "A browser",
    );
    let system = of(
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ],
        "an unknown system",
    );
    format!("{browser}, {system}")
}
