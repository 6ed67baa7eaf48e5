//! The two cookies: the session's secret, and by what a browser is known again. No script reads them,
//! and other sites do not send them along with forms.

use app::staff::Entered;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use model::Secret;

use crate::site::Site;

const SESSION: &str = "upheld";
const DEVICE: &str = "upheld-device";
const ELSEWHERE: &str = "upheld-elsewhere";
/// A browser is known for half a year.
const HALF_A_YEAR: u32 = 180 * 24 * 3600;

/// The prefix binds a cookie to this very host and to https. Browsers refuse it on plain http, which is
/// spoken on loopback only.
fn name(site: &Site, plain: &str) -> String {
    if site.https() { format!("__Host-{plain}") } else { plain.to_owned() }
}

fn read(site: &Site, headers: &HeaderMap, plain: &str) -> Option<Secret<String>> {
    let name = name(site, plain);
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.trim() == name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| Secret::new(value.to_owned()))
}

/// The session's secret, if the browser brought one along.
pub(super) fn session(site: &Site, headers: &HeaderMap) -> Option<Secret<String>> {
    read(site, headers, SESSION)
}

/// By what the browser is known.
pub(super) fn device(site: &Site, headers: &HeaderMap) -> Option<Secret<String>> {
    read(site, headers, DEVICE)
}

/// What was kept while somebody signs in elsewhere.
pub(super) fn elsewhere(site: &Site, headers: &HeaderMap) -> Option<Secret<String>> {
    read(site, headers, ELSEWHERE)
}

fn set(site: &Site, response: &mut Response, plain: &str, value: &str, seconds: Option<u32>) {
    let secure = if site.https() { "; Secure" } else { "" };
    let lives = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let name = name(site, plain);
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lives}");
    if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
        cookie.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// Gives a browser a session.
pub(super) fn begin(site: &Site, response: &mut Response, session: &Secret<String>) {
    set(site, response, SESSION, session.expose_secret(), None);
}

/// Gives a browser what it is given when somebody is in.
pub(super) fn enter(site: &Site, response: &mut Response, entered: &Entered) {
    begin(site, response, &entered.session);
    if let Some(device) = &entered.device {
        set(site, response, DEVICE, device.expose_secret(), Some(HALF_A_YEAR));
    }
}

/// Keeps something while somebody signs in elsewhere.
pub(super) fn keep_elsewhere(site: &Site, response: &mut Response, state: &Secret<String>) {
    set(site, response, ELSEWHERE, state.expose_secret(), Some(600));
}

/// Takes the session from a browser.
pub(super) fn end(site: &Site, response: &mut Response) {
    set(site, response, SESSION, "", Some(0));
}
