//! Versions of the notice: drafted, checked, scheduled, in force.

use app::publication::{Draft, Stage, Version, lead_time};
use app::telling::InWords;
use askama::Template;
use auth::{Action, Actor, Decision};
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use jiff::civil::Date;
use serde::Deserialize;

use super::telling::{Means, Shown, everybody};
use super::{Frame, moment, page as whole};
use crate::failure::Failure;
use crate::language::Language;
use crate::site::Shared;

/// Where the page is.
pub(super) const HERE: &str = "/console/versions";
/// A notice is a text, not a book.
pub(super) const LARGEST: usize = 2 * 1024 * 1024;

/// A version with what is shown beside it.
struct Line {
    one: Version,
    at: String,
    effective: Option<String>,
    told: Vec<(String, u64)>,
    /// Whom it is told to, and how far that has come.
    telling: Option<Shown>,
    /// For the home page, in each language; of a scheduled one.
    banners: Vec<(&'static str, String)>,
    /// Its day has come, and the folder does not have its text.
    overdue: bool,
}

#[derive(Template)]
#[template(path = "console/versions.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: &'a str,
    present: String,
    lead: String,
    lines: Vec<Line>,
    may_draft: bool,
    may_publish: bool,
    means: Means,
    /// The changes of hands that were announced.
    handovers: Vec<Shown>,
}

impl Page<'_> {
    fn class_of(&self, line: &Line) -> &'static str {
        match line.one.stage {
            Stage::InForce => "u",
            Stage::Scheduled if line.overdue => "b",
            Stage::Scheduled => "r",
            Stage::Draft | Stage::Checked | Stage::Discarded => "n",
        }
    }

    fn sign_of(&self, line: &Line) -> &'static str {
        match self.class_of(line) {
            "u" => "●",
            "r" => "◆",
            "b" => "✕",
            _ => "○",
        }
    }

    fn is_checked(&self, line: &Line) -> bool {
        line.one.stage == Stage::Checked
    }

    fn is_scheduled(&self, line: &Line) -> bool {
        line.one.stage == Stage::Scheduled
    }

    fn is_open(&self, line: &Line) -> bool {
        matches!(line.one.stage, Stage::Draft | Stage::Checked)
    }
}

/// The page.
pub(super) async fn show(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, Failure> {
    page(&site, &actor, None).await
}

/// The same, with what was found about somebody: the id of the announcement, and a sentence.
pub(super) async fn page(
    site: &Shared,
    actor: &Actor,
    asked: Option<(String, String)>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let frame = Frame::new(site, &reading, actor, "versions");
    let today = reading.zone.at(site.house.now()).date();
    let mut tellings = site.house.tellings(actor).await?;
    let mut lines = Vec::new();
    for one in site.house.versions(actor).await? {
        let scheduled = one.stage == Stage::Scheduled;
        let at = tellings.iter().position(|known| known.version_id.as_ref() == Some(&one.id));
        let telling = at.map(|at| tellings.remove(at));
        lines.push(Line {
            at: moment(one.changed_at, &reading),
            effective: one.effective.map(|day| (Language::English.words().day)(day)),
            told: site.house.told_counts(actor, &one.id).await?,
            telling: telling.map(|one| Shown::new(one, &reading, asked.as_ref())),
            banners: if scheduled { banners(site, &one) } else { Vec::new() },
            overdue: scheduled && one.effective.is_some_and(|day| day <= today),
            one,
        });
    }
    let notice = &reading.policy.notice;
    let may = |action| site.authority.may(actor, action, actor.home()) != Decision::Deny;
    let lead = match lead_time(&reading.policy) {
        Some(period) => (frame.c.lead_promised)(&period.to_string()),
        None => frame.c.lead_none.to_owned(),
    };
    let words = Language::English.words();
    let handovers = tellings.into_iter().filter(|one| one.kind == "control");
    whole(&Page {
        title: frame.c.versions,
        means: Means::of(site, &reading),
        handovers: handovers.map(|one| Shown::new(one, &reading, asked.as_ref())).collect(),
        present: (words.version_in_force)(&notice.version, &(words.day)(notice.effective)),
        lead,
        lines,
        may_draft: may(Action::DraftVersion),
        may_publish: may(Action::PublishVersion),
        frame,
    })
}

/// What stands on the home page until a version holds: a paragraph, linked to its text.
fn banners(site: &Shared, one: &Version) -> Vec<(&'static str, String)> {
    let origin = site.public_url.as_ref().map(|url| url.origin()).unwrap_or_default();
    let Some(day) = one.effective else { return Vec::new() };
    Language::ALL
        .into_iter()
        .map(|language| {
            let w = language.words();
            let tag = language.tag();
            let said = (w.coming)(&one.version, &(w.day)(day));
            let version = crate::centre::encoded(&one.version);
            let said = render::text::html(&said);
            let snippet = format!(
                "<p lang=\"{tag}\"><a href=\"{origin}/{tag}/versions/{version}\">{said}</a></p>"
            );
            (language.name(), snippet)
        })
        .collect()
}

/// A text that shall become the notice.
#[derive(Deserialize)]
pub(super) struct Drafted {
    version: String,
    form: String,
    text: String,
}

/// Keeps a draft, and checks it at once.
pub(super) async fn draft(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Form(drafted): Form<Drafted>,
) -> Result<Redirect, Failure> {
    let reading = site.reading();
    let form = policy::Form::of(&format!("notice.{}", drafted.form)).ok_or(Failure::Bad)?;
    // Browsers send every end of a line as two characters.
    let text = drafted.text.replace("\r\n", "\n");
    let draft = Draft { version: drafted.version, form, text };
    let id = site.house.draft_version(&actor, &reading.policy, draft).await?;
    site.house.check_version(&actor, &reading.policy, &id).await?;
    Ok(Redirect::to(HERE))
}

/// Checks a draft again.
pub(super) async fn check(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.check_version(&actor, &site.reading().policy, &id).await?;
    Ok(Redirect::to(HERE))
}

/// The day of a version, and why it is published over what is not true.
#[derive(Deserialize)]
pub(super) struct Scheduled {
    effective: String,
    because: String,
    /// Ticked: everybody is told by mail.
    tell: Option<String>,
    #[serde(default)]
    words_en: String,
    #[serde(default)]
    words_fr: String,
}

/// Gives a version its day.
pub(super) async fn schedule(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Form(wanted): Form<Scheduled>,
) -> Result<Redirect, Failure> {
    let day: Date = wanted.effective.trim().parse().map_err(|_| Failure::Bad)?;
    let because = Some(wanted.because.as_str());
    let reading = site.reading();
    let policy = &reading.policy;
    let words = InWords { en: Some(wanted.words_en), fr: Some(wanted.words_fr) };
    // What cannot be told is refused before the version has its day.
    let wish = wanted.tell.map(|_| site.house.fit(policy, everybody(&reading, words)));
    let wish = wish.transpose()?;
    site.house.schedule_version(&actor, policy, &id, day, because).await?;
    if let Some(wish) = wish {
        Box::pin(site.house.tell_of_version(&actor, policy, &id, wish)).await?;
    }
    site.forget_standing().await;
    Ok(Redirect::to(HERE))
}

/// Gives a version up.
pub(super) async fn discard(
    State(site): State<Shared>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    site.house.discard_version(&actor, &site.reading().policy, &id).await?;
    site.forget_standing().await;
    Ok(Redirect::to(HERE))
}
