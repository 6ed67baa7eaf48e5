//! Files that pages name: the style sheets and pictures. Each has its hash in its name, so that a
//! browser may keep it for ever, and a changed one is another file.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;
use crate::site::Shared;

/// Where they lie.
pub(crate) const PATH: &str = "/assets/{name}";

/// The rules of our own pages. The tokens and everything that documents have in common come from
/// `render`; nothing of it stands here again.
const RULES: &str = include_str!("style.css");
/// The sign of the program, for the tab of a browser.
const ICON: &str = include_str!("../assets/icon.svg");
/// Looks again while a request is being worked on.
const LIVE: &str = include_str!("../assets/live.js");
/// Browsers give passkeys to scripts only.
const PASSKEY: &str = include_str!("../assets/passkey.js");

/// The files, and how pages name them.
#[derive(Debug)]
pub struct Assets {
    files: BTreeMap<String, File>,
    /// The style sheet.
    pub style: String,
    /// The tab's sign.
    pub icon: String,
    /// The script that asks a browser for passkeys.
    pub passkey: String,
    /// The script of a page that looks again.
    pub live: String,
    /// The organisation's colours.
    pub colours: Option<String>,
    /// The organisation's logo.
    pub logo: Option<String>,
}

#[derive(Debug)]
struct File {
    kind: &'static str,
    bytes: Bytes,
}

/// What an organisation adds: its colours as a style sheet, and its logo with the ending of its name.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) colours: Option<String>,
    pub(crate) logo: Option<(&'static str, &'static str, Vec<u8>)>,
}

impl Assets {
    pub(crate) fn new(own: Own) -> Self {
        let mut files = BTreeMap::new();
        let mut add = |stem: &str, ending: &str, kind: &'static str, bytes: Vec<u8>| {
            let hash = Sha256::digest(&bytes);
            let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let name = format!("{stem}.{hash}.{ending}");
            let address = format!("/assets/{name}");
            files.insert(name, File { kind, bytes: bytes.into() });
            address
        };
        const CSS: &str = "text/css; charset=utf-8";
        let style = format!("{}{RULES}", render::STYLE_SHEET).into_bytes();
        let style = add("style", "css", CSS, style);
        let icon = add("icon", "svg", "image/svg+xml; charset=utf-8", ICON.as_bytes().to_vec());
        let script = "text/javascript; charset=utf-8";
        let passkey = add("passkey", "js", script, PASSKEY.as_bytes().to_vec());
        let live = add("live", "js", "text/javascript; charset=utf-8", LIVE.as_bytes().to_vec());
        let colours = own.colours.map(|text| add("colours", "css", CSS, text.into_bytes()));
        let logo = own.logo.map(|(ending, kind, bytes)| add("logo", ending, kind, bytes));
        Self { files, style, icon, passkey, live, colours, logo }
    }
}

/// Hands a file out.
pub(crate) async fn show(
    State(site): State<Shared>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let file = site.assets.files.get(&name).ok_or(Failure::NotFound)?;
    Ok(([(CONTENT_TYPE, file.kind)], file.bytes.clone()).into_response())
}
