//! The notice as people read it.

use std::sync::Arc;

use app::reading::Reading;
use app::telling::Telling;
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use axum::response::{IntoResponse as _, Response};
use policy::Place;
use render::coverage::State as Standing;
use serde_json::{Value, json};

use super::view::{self, Part};
use super::{Opened, Shell, page};
use crate::failure::Failure;
use crate::language::Language;
use crate::site::{Shared, Site};
use crate::words::Words;

#[derive(Template)]
#[template(path = "centre/notice.html")]
struct Page<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    version: String,
    language: &'a str,
    parts: Vec<Part<'a>>,
    left_out: usize,
    places: &'a [Place],
    place: Option<&'a Place>,
    /// The version that will hold next: the sentence, and where it is read.
    coming: Option<(String, String)>,
    /// That the business changes hands.
    handovers: Vec<String>,
    /// Whether any sentence shows its state, and when that was looked at.
    shown: Option<Option<String>>,
}

impl Page<'_> {
    fn is_here(&self, place: &Place) -> bool {
        self.place.is_some_and(|here| here.key == place.key)
    }

    fn titles(&self, keys: &[String]) -> Vec<&str> {
        let title = |key: &'_ String| {
            self.places.iter().find(|place| place.key == *key).map(|place| place.title.as_str())
        };
        keys.iter().filter_map(title).collect()
    }
}

/// The whole notice.
pub(super) async fn show(State(site): Opened, language: Language) -> Result<Response, Failure> {
    notice(&site, language, None).await
}

/// What holds in one place.
pub(super) async fn show_for(
    State(site): Opened,
    language: Language,
    Path((_, place)): Path<(String, String)>,
) -> Result<Response, Failure> {
    notice(&site, language, Some(&place)).await
}

async fn notice(
    site: &Shared,
    language: Language,
    place: Option<&str>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let place = match place {
        Some(key) => {
            let known = reading.policy.places.iter().find(|place| place.key == key);
            Some(known.ok_or(Failure::NotFound)?)
        }
        None => None,
    };
    let standing = standing(site, &reading).await?;
    let at = standing.as_ref().and_then(|coverage| looked_at(coverage));
    let shows = |promise: &policy::Promise| {
        let shown = standing.as_ref()?.promises().find(|one| one.id == promise.id)?;
        site.house.centre_settings().promises.shows(&promise.id).then(|| shown.clone())
    };
    let around = place.map(|place| view::places(&reading, &place.key));
    let notice = &reading.policy.notice;
    let sections = reading.sections(notice, &shows);
    let (parts, left_out) = view::parts(&sections, &notice.sections, around.as_deref());
    let coming = site.coming().await?;
    let handovers = site.handovers().await?;
    let path = place.map(|place| format!("/places/{}", super::encoded(&place.key)));
    let shell = Shell::new(site, &reading, language, "notice", path.unwrap_or_default());
    page(&Page {
        w,
        shell,
        title: w.nav_notice,
        version: (w.version_in_force)(&notice.version, &(w.day)(notice.effective)),
        language: site.house.centre_settings().language.as_deref().unwrap_or("en"),
        parts,
        left_out,
        places: &reading.policy.places,
        place,
        coming: coming.as_ref().as_ref().and_then(|one| {
            let address = format!("/{}/versions/{}", language.tag(), super::encoded(&one.version));
            Some(((w.coming)(&one.version, &(w.day)(one.effective?)), address))
        }),
        handovers: handovers.iter().filter_map(|one| handover(w, one)).collect(),
        shown: standing.is_some().then(|| at.map(|at| super::day(w, at, &reading))),
    })
}

/// How the promises stand, if the public sees any of them.
async fn standing(
    site: &Site,
    reading: &Arc<Reading>,
) -> Result<Option<Arc<render::coverage::Coverage>>, Failure> {
    let shown = &site.house.centre_settings().promises;
    if !reading.policy.promises.iter().any(|promise| shown.shows(&promise.id)) {
        return Ok(None);
    }
    Ok(Some(site.standing().await?))
}

/// When the oldest of the controls that stand now was looked at.
fn looked_at(coverage: &render::coverage::Coverage) -> Option<model::Micros> {
    coverage.promises().flat_map(|promise| &promise.controls).filter_map(|one| one.checked_at).max()
}

fn handover(w: &Words, one: &Telling) -> Option<String> {
    Some((w.handover)(one.successor.as_deref()?, &(w.day)(one.day?)))
}

/// What is announced, for programs and for the home page: a sentence and an address in each language.
async fn announcements(site: &Site) -> Result<Vec<Value>, Failure> {
    let origin = site.public_url.as_ref().map(|url| url.origin()).unwrap_or_default();
    let both = |said: &dyn Fn(&'static Words) -> String, path: &str| {
        let mut text = serde_json::Map::new();
        let mut link = serde_json::Map::new();
        for language in Language::ALL {
            let tag = language.tag();
            text.insert(tag.to_owned(), said(language.words()).into());
            link.insert(tag.to_owned(), format!("{origin}/{tag}{path}").into());
        }
        (text, link)
    };
    let mut all = Vec::new();
    if let Some(one) = site.coming().await?.as_ref()
        && let Some(day) = one.effective
    {
        let path = format!("/versions/{}", super::encoded(&one.version));
        let (text, link) = both(&|w| (w.coming)(&one.version, &(w.day)(day)), &path);
        all.push(json!({
            "kind": "notice_change", "version": one.version, "day": day.to_string(),
            "announced": one.announced.map(|day| day.to_string()), "text": text, "link": link,
        }));
    }
    for one in site.handovers().await?.iter() {
        let (text, link) = both(&|w| handover(w, one).unwrap_or_default(), "");
        all.push(json!({
            "kind": "change_of_control", "successor": one.successor,
            "day": one.day.map(|day| day.to_string()), "text": text, "link": link,
        }));
    }
    Ok(all)
}

/// The notice for programs: its sentences, version and scope, and what is announced. Any site may read
/// it, so that a home page can show what is announced.
pub(super) async fn machine_readable(State(site): Opened) -> Result<Response, Failure> {
    const ANY: HeaderValue = HeaderValue::from_static("*");
    const MINUTE: HeaderValue = HeaderValue::from_static("public, max-age=60");
    let announcements = announcements(&site).await?;
    let reading = site.reading();
    let notice = &reading.policy.notice;
    let contact = &reading.policy.organisation.contact;
    let sentences: Vec<Value> = notice
        .sentences
        .iter()
        .filter(|sentence| !sentence.is_heading)
        .map(|sentence| json!({ "heading": sentence.heading, "text": sentence.text }))
        .collect();
    let scopes: Vec<Value> = notice
        .sections
        .iter()
        .map(|one| json!({ "heading": one.heading, "for": one.places, "effective": one.effective.map(|day| day.to_string()) }))
        .collect();
    let notice = Json(json!({
        "organisation": reading.policy.organisation.name,
        "version": notice.version,
        "effective": notice.effective.to_string(),
        "language": site.house.centre_settings().language.as_deref().unwrap_or("en"),
        "contact": { "email": contact.email, "phone": contact.phone, "post": contact.post, "form": contact.form },
        "announcements": announcements,
        "sections": scopes,
        "sentences": sentences,
    }));
    Ok(([(ACCESS_CONTROL_ALLOW_ORIGIN, ANY), (CACHE_CONTROL, MINUTE)], notice).into_response())
}
