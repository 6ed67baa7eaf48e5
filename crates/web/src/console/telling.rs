//! Telling everybody: of a version of the notice, or that the business changes hands.

use app::reading::Reading;
use app::telling::{Handover, InWords, Place, Proof, Source, Telling, Wish, places, read_list};
use auth::Actor;
use axum::Extension;
use axum::extract::{Form, Multipart, Path, State};
use axum::response::{Redirect, Response};
use jiff::civil::Date;
use model::Personal;
use serde::Deserialize;

use super::moment;
use super::versions::{HERE, page};
use crate::failure::Failure;
use crate::language::Language;
use crate::site::{Shared, Site};
use crate::upload::Upload;
use crate::words::telling::{ENGLISH, Telling as Words};

/// A list of a hundred thousand addresses, and what a form has beside it.
pub(super) const LARGEST: usize = 8 * 1024 * 1024;

/// An announcement as it is shown.
pub(super) struct Shown {
    pub(super) w: &'static Words,
    pub(super) one: Telling,
    pub(super) day: Option<String>,
    pub(super) last: Option<String>,
    /// What was found about one address, if that was asked.
    pub(super) asked: Option<String>,
}

impl Shown {
    pub(super) fn new(one: Telling, reading: &Reading, asked: Option<&(String, String)>) -> Self {
        Self {
            w: &ENGLISH,
            day: one.day.map(|day| (Language::English.words().day)(day)),
            last: one.last_told_at.map(|at| moment(at, reading)),
            asked: asked.filter(|(id, _)| *id == one.id).map(|(_, said)| said.clone()),
            one,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.one.state == "open"
    }

    pub(super) fn class(&self) -> &'static str {
        match self.one.state.as_str() {
            "open" => "r",
            "done" if self.one.is_whole() => "u",
            "done" => "b",
            _ => "n",
        }
    }

    pub(super) fn sign(&self) -> &'static str {
        match self.class() {
            "r" => "◆",
            "u" => "●",
            "b" => "✕",
            _ => "○",
        }
    }

    pub(super) fn said(&self) -> String {
        let one = &self.one;
        if one.people == 0 {
            return self.w.nobody.to_owned();
        }
        (self.w.progress)(one.told, one.people, one.failed, one.waiting())
    }

    pub(super) fn has_unread(&self) -> bool {
        self.one.state != "stopped" && self.one.unread().any(|source| source.tries > 0)
    }

    pub(super) fn read(&self, source: &Source) -> String {
        match (&source.trouble, source.read) {
            (_, true) => self.w.read.to_owned(),
            (Some(why), false) => (self.w.away)(source.tries, why),
            (None, false) => self.w.unread.to_owned(),
        }
    }
}

/// What the forms need.
pub(super) struct Means {
    pub(super) w: &'static Words,
    pub(super) mail: bool,
    pub(super) places: Vec<Place>,
    /// The lines for the home page that look for themselves.
    pub(super) script: String,
}

impl Means {
    pub(super) fn of(site: &Site, reading: &Reading) -> Self {
        let origin = site.public_url.as_ref().map(|url| url.origin()).unwrap_or_default();
        Self {
            w: &ENGLISH,
            mail: site.house.can_write(),
            places: places(&reading.policy),
            script: script(&origin),
        }
    }
}

/// Lines for a home page: they ask our machine-readable notice, send nothing along, keep nothing, and
/// write what is announced as text.
fn script(origin: &str) -> String {
    format!(
        "<p id=\"privacy-news\" hidden></p>\n<script>\nfetch(\"{origin}/notice.json\", {{ credentials: \"omit\", referrerPolicy: \"no-referrer\" }})\n  .then(answer => answer.json()).then(notice => {{\n    const lang = document.documentElement.lang.startsWith(\"fr\") ? \"fr\" : \"en\";\n    const place = document.getElementById(\"privacy-news\");\n    for (const one of notice.announcements) {{\n      const link = document.createElement(\"a\");\n      link.href = one.link[lang];\n      link.textContent = one.text[lang];\n      link.lang = lang;\n      place.append(link, \" \");\n      place.hidden = false;\n    }}\n  }});\n</script>"
    )
}

/// What a form says of who is to be told.
fn wish(upload: &Upload) -> Result<Wish, Failure> {
    let text = |name: &str| Some(upload.field(name).to_owned()).filter(|text| !text.is_empty());
    let list = match &upload.file {
        Some((_, bytes)) => read_list(&String::from_utf8_lossy(bytes.expose_secret()))?,
        None => Vec::new(),
    };
    let places = upload.names().filter_map(|name| name.strip_prefix("place."));
    Ok(Wish {
        places: places.map(str::to_owned).collect(),
        list,
        words: InWords { en: text("words_en"), fr: text("words_fr") },
    })
}

/// Everybody whose address the systems hold.
pub(super) fn everybody(reading: &Reading, words: InWords) -> Wish {
    let places = places(&reading.policy).into_iter().map(|place| place.path).collect();
    Wish { places, list: Vec::new(), words }
}

/// Tells of a version, or further people of it.
pub(super) async fn version(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Redirect, Failure> {
    let wish = wish(&Upload::read(form).await?)?;
    let reading = site.reading();
    Box::pin(site.house.tell_of_version(&actor, &reading.policy, &id, wish)).await?;
    site.forget_standing().await;
    Ok(Redirect::to(HERE))
}

/// Tells that the business changes hands.
pub(super) async fn handover(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    form: Multipart,
) -> Result<Redirect, Failure> {
    let upload = Upload::read(form).await?;
    let wish = wish(&upload)?;
    let day: Date = upload.field("day").trim().parse().map_err(|_| Failure::Bad)?;
    let change = Handover { successor: upload.field("successor").to_owned(), day };
    let reading = site.reading();
    Box::pin(site.house.tell_of_control(&actor, &reading.policy, change, wish)).await?;
    site.forget_standing().await;
    Ok(Redirect::to(HERE))
}

/// Has the places read again that could not be read.
pub(super) async fn again(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.gather_again(&actor, &site.reading().policy, &id).await?;
    Ok(Redirect::to(HERE))
}

/// Stops it.
pub(super) async fn stop(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.stop_telling(&actor, &site.reading().policy, &id).await?;
    site.forget_standing().await;
    Ok(Redirect::to(HERE))
}

/// Whose telling is asked about.
#[derive(Deserialize)]
pub(super) struct Asked {
    email: Personal<String>,
}

/// Says whether somebody was told. The address stands in the body of the form and nowhere else.
pub(super) async fn asked(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let found = site.house.told_proof(&actor, &reading.policy, &id, &asked.email).await?;
    let said = said(found.as_ref(), &reading);
    page(&site, &actor, Some((id, said))).await
}

fn said(found: Option<&Proof>, reading: &Reading) -> String {
    let w = &ENGLISH;
    let Some(found) = found else { return w.unknown.to_owned() };
    match (found.failed_at, found.told_at) {
        (Some(at), _) => {
            (w.failed_at)(&moment(at, reading), found.failure.as_deref().unwrap_or_default())
        }
        (None, Some(at)) => (w.told_at)(&moment(at, reading), found.entry, found.bound),
        (None, None) => w.waits.to_owned(),
    }
}
