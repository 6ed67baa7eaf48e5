//! The settings as the server has them.

use app::{ShownPromises, ShownWord};
use askama::Template;
use auth::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, page};
use crate::failure::Failure;
use crate::site::Shared;

#[derive(Template)]
#[template(path = "console/settings.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    lines: Vec<(&'static str, String)>,
}

/// The page. Nothing secret is among the settings: secrets stand elsewhere, and are named here by
/// nobody.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let frame = Frame::new(&site, &reading, &actor, "settings");
    let c = frame.c;
    let centre = site.house.centre_settings();
    let shown = match &centre.promises {
        ShownPromises::Unsaid | ShownPromises::Word(ShownWord::None) => "none".to_owned(),
        ShownPromises::Word(ShownWord::All) => "all".to_owned(),
        ShownPromises::Keys(keys) => keys.join(", "),
    };
    let or_unset = |text: Option<String>| {
        text.filter(|text| !text.is_empty()).unwrap_or_else(|| c.unset.to_owned())
    };
    let colours = [centre.colour.clone(), centre.colour_dark.clone()];
    let logo = centre.logo.as_ref().map(|path| path.display().to_string());
    let look: Vec<String> = colours.into_iter().chain([logo]).flatten().collect();
    let systems: Vec<&str> =
        reading.policy.systems.iter().map(|system| system.title.as_str()).collect();
    let values = [
        or_unset(site.public_url.as_ref().map(|url| url.origin())),
        (c.yes_no)(site.tls).to_owned(),
        or_unset(Some(site.house.serve_settings().trusted_proxies.join(", "))),
        reading.zone.place().to_owned(),
        centre.language.clone().unwrap_or_else(|| "en".to_owned()),
        shown,
        or_unset(Some(look.join(", "))),
        or_unset(Some(systems.join(", "))),
    ];
    let lines = c.settings_labels.into_iter().zip(values).collect();
    page(&Page { title: c.settings, lines, frame })
}
