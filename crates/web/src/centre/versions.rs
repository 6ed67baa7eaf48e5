//! Every version of the notice, and what changed between two.

use app::publication::Version as Coming;
use app::reading::{PastNotice, Reading};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::Date;
use policy::{Change, Notice, compare};

use super::view::{self, Part};
use super::{Opened, Shell, encoded, page};
use crate::failure::Failure;
use crate::language::Language;
use crate::words::Words;

/// A line of the list.
struct Line<'a> {
    version: &'a str,
    effective: String,
    announced: Option<String>,
    /// Its text, if it is kept.
    address: Option<String>,
    /// The version before it, and where the two are compared.
    before: Option<(&'a str, String)>,
    stands: Stands,
}

impl Line<'_> {
    fn holds(&self) -> bool {
        self.stands == Stands::Now
    }

    fn is_coming(&self) -> bool {
        self.stands == Stands::Coming
    }
}

#[derive(Template)]
#[template(path = "centre/versions.html")]
struct List<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: &'a str,
    lines: Vec<Line<'a>>,
}

/// A version with what is known of it, whether it holds or not.
#[derive(Clone, Copy)]
struct Version<'a> {
    version: &'a str,
    effective: Date,
    announced: Option<Date>,
    notice: Option<&'a Notice>,
    stands: Stands,
}

/// Whether a version holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Coming,
    Now,
    Past,
}

/// All of them, newest first: the one that is to come, the one that holds, those before it.
fn all<'a>(reading: &'a Reading, coming: &'a Option<Coming>) -> Vec<Version<'a>> {
    let coming = coming.as_ref().and_then(|one| {
        Some(Version {
            version: &one.version,
            effective: one.effective?,
            announced: one.announced,
            notice: Some(&one.notice),
            stands: Stands::Coming,
        })
    });
    let notice = &reading.policy.notice;
    let present = Version {
        version: &notice.version,
        effective: notice.effective,
        announced: notice.announced,
        notice: Some(notice).filter(|notice| !notice.text.is_empty()),
        stands: Stands::Now,
    };
    // A version that is in the folder already, and whose day has not come, stands there once.
    let coming = coming.filter(|one| one.version != present.version);
    coming.into_iter().chain([present]).chain(reading.past.iter().map(of_past)).collect()
}

fn of_past(past: &PastNotice) -> Version<'_> {
    Version {
        version: &past.version,
        effective: past.effective,
        announced: past.announced,
        notice: past.notice.as_ref(),
        stands: Stands::Past,
    }
}

/// The list.
pub(super) async fn list(State(site): Opened, language: Language) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let coming = site.coming().await?;
    let versions = all(&reading, &coming);
    let tag = language.tag();
    let lines = versions
        .iter()
        .enumerate()
        .map(|(index, one)| {
            let name = encoded(one.version);
            let before = versions
                .get(index + 1)
                .filter(|before| before.notice.is_some() && one.notice.is_some());
            Line {
                version: one.version,
                effective: (w.day)(one.effective),
                announced: one.announced.map(w.day),
                address: one.notice.map(|_| match one.stands {
                    Stands::Now => format!("/{tag}"),
                    _ => format!("/{tag}/versions/{name}"),
                }),
                before: before
                    .map(|before| (before.version, format!("/{tag}/versions/{name}/changes"))),
                stands: one.stands,
            }
        })
        .collect();
    let shell = Shell::new(&site, &reading, language, "versions", "/versions");
    page(&List { w, shell, title: w.nav_versions, lines })
}

#[derive(Template)]
#[template(path = "centre/version.html")]
struct Text<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: String,
    language: &'a str,
    /// That it does not hold yet, or not any more.
    ended: Option<String>,
    parts: Vec<Part<'a>>,
}

impl Text<'_> {
    /// What holds for whom is not known of a version that has passed.
    fn titles(&self, _: &[String]) -> Vec<&str> {
        Vec::new()
    }
}

/// One version.
pub(super) async fn show(
    State(site): Opened,
    language: Language,
    Path((_, version)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let coming = site.coming().await?;
    let versions = all(&reading, &coming);
    let at = versions.iter().position(|one| one.version == version).ok_or(Failure::NotFound)?;
    let found = versions.get(at).ok_or(Failure::NotFound)?;
    let notice = found.notice.ok_or(Failure::NotFound)?;
    let next = at.checked_sub(1).and_then(|next| versions.get(next));
    let sections = reading.sections(notice, &|_| None);
    let (parts, _) = view::parts(&sections, &[], None);
    let path = format!("/versions/{}", encoded(&version));
    page(&Text {
        w,
        shell: Shell::new(&site, &reading, language, "versions", path),
        title: (w.version_from)(found.version, &(w.day)(found.effective)),
        language: site.house.centre_settings().language.as_deref().unwrap_or("en"),
        ended: match (found.stands, next) {
            (Stands::Coming, _) => Some((w.coming)(found.version, &(w.day)(found.effective))),
            (Stands::Past, Some(next)) => Some((w.no_longer)(&(w.day)(next.effective))),
            _ => None,
        },
        parts,
    })
}

/// A stretch of a comparison.
enum Stretch<'a> {
    Kept(usize),
    Heading(&'a str),
    Added(&'a str),
    Removed(&'a str),
}

#[derive(Template)]
#[template(path = "centre/changes.html")]
struct Changes<'a> {
    w: &'static Words,
    shell: Shell<'a>,
    title: String,
    language: &'a str,
    added: usize,
    removed: usize,
    stretches: Vec<Stretch<'a>>,
}

/// What changed from the version before.
pub(super) async fn changes(
    State(site): Opened,
    language: Language,
    Path((_, version)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let reading = site.reading();
    let w = language.words();
    let coming = site.coming().await?;
    let versions = all(&reading, &coming);
    let at = versions.iter().position(|one| one.version == version).ok_or(Failure::NotFound)?;
    let (Some(new), Some(old)) = (versions.get(at), versions.get(at + 1)) else {
        return Err(Failure::NotFound);
    };
    let (Some(after), Some(before)) = (new.notice, old.notice) else {
        return Err(Failure::NotFound);
    };
    let found = compare(before, after);
    let count = |wanted: fn(&Change<'_>) -> bool| found.iter().filter(|one| wanted(one)).count();
    let path = format!("/versions/{}/changes", encoded(&version));
    page(&Changes {
        w,
        shell: Shell::new(&site, &reading, language, "versions", path),
        title: (w.what_changed)(old.version, new.version),
        language: site.house.centre_settings().language.as_deref().unwrap_or("en"),
        added: count(|one| matches!(one, Change::Added(_))),
        removed: count(|one| matches!(one, Change::Removed(_))),
        stretches: stretches(&found),
    })
}

/// What stayed is counted; what changed stands below the heading of its section.
fn stretches<'a>(changes: &[Change<'a>]) -> Vec<Stretch<'a>> {
    let mut out: Vec<Stretch<'a>> = Vec::new();
    let mut heading: Option<&str> = None;
    for change in changes {
        let (sentence, stretch) = match *change {
            Change::Kept(_) => {
                if let Some(Stretch::Kept(count)) = out.last_mut() {
                    *count += 1;
                } else {
                    out.push(Stretch::Kept(1));
                }
                continue;
            }
            Change::Added(one) => (one, Stretch::Added(&one.text)),
            Change::Removed(one) => (one, Stretch::Removed(&one.text)),
        };
        if sentence.heading.as_deref() != heading && !sentence.is_heading {
            heading = sentence.heading.as_deref();
            out.extend(heading.map(Stretch::Heading));
        }
        out.push(stretch);
    }
    out
}
