//! The notice's text, found and cut into sentences.

use crate::file::policy::{NoticeSource, PolicyFile};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::map::{Period, PeriodUnit};
use crate::notice::Notice;
use crate::quote::Document;
use crate::source::Files;
use crate::text::Form;
use crate::yaml::Path;

use super::Reporter;

pub(crate) fn resolve(files: &Files<'_>, findings: &mut Vec<Finding>) -> Option<Notice> {
    let read = files.policy.good()?;
    let told = &read.content.notice;
    let mut report = Reporter::new(read, findings);
    let root = Path::ROOT;
    let at = root.key("notice");
    let mut notice = Notice::default();
    match &told.file {
        Some(file) => {
            let at = at.key("file");
            match (files.sources.get(file), Form::of(file)) {
                (_, None) => {
                    let message =
                        format!("`{file}` is not a Markdown, HTML or text file by its name");
                    let help =
                        Some("name it `notice.md`, `notice.html` or `notice.txt`".to_owned());
                    report.error("wrong-form", &at, message, help);
                }
                (None, _) => {
                    let known = files.sources.iter().map(|(name, _)| name);
                    let texts: Vec<&str> = known.filter(|name| Form::of(name).is_some()).collect();
                    let help = did_you_mean(file, texts)
                        .or_else(|| Some("save the published text under this name".to_owned()));
                    report.error("missing-file", &at, format!("there is no `{file}`"), help);
                }
                (Some(text), Some(form)) => notice = Notice::of(&Document::new(text, form)),
            }
        }
        None if told.url.is_some() => {
            let message =
                "the notice's text is not in this folder: its sentences cannot be checked";
            let help =
                Some("save the page as `notice.html` and write `file: notice.html`".to_owned());
            report.add(
                Severity::Warning,
                "notice-elsewhere",
                &at.key("url"),
                message.to_owned(),
                help,
            );
        }
        None => {
            let message = "`notice` names neither a `file` nor a `url`".to_owned();
            let help = Some("write `file: notice.md`".to_owned());
            report.error("missing-key", &at, message, help);
        }
    }
    dates(told, &mut report, &at);
    past(files, told, &mut report, &at);
    sections(&read.content, &notice, &mut report, &at);
    notice.file.clone_from(&told.file);
    notice.url.clone_from(&told.url);
    notice.version.clone_from(&told.version);
    notice.effective = told.effective;
    notice.lead_time = told.lead_time;
    notice.announced = told.announced;
    notice.past.clone_from(&told.past);
    notice.sections.clone_from(&told.sections);
    Some(notice)
}

/// Announced before it takes effect, by as much as the notice promises.
fn dates(told: &NoticeSource, report: &mut Reporter<'_>, at: &Path<'_>) {
    let Some(announced) = told.announced else { return };
    let lead = told.lead_time.unwrap_or(Period { count: 0, unit: PeriodUnit::Days });
    let Some(earliest) = announced.checked_add(lead.span()).ok() else { return };
    if told.effective < earliest {
        let message = if told.lead_time.is_some() {
            format!("it takes effect earlier than {lead} after it was announced on {announced}")
        } else {
            format!("it takes effect before it was announced on {announced}")
        };
        let help = format!("the earliest day that keeps the promise is {earliest}");
        let at = at.key("effective");
        report.add(Severity::Warning, "too-early", &at, message, Some(help));
    }
}

/// Earlier versions: each with its text, newest first, none twice.
fn past(files: &Files<'_>, told: &NoticeSource, report: &mut Reporter<'_>, at: &Path<'_>) {
    let list = at.key("past");
    let mut versions = vec![told.version.as_str()];
    let mut later = told.effective;
    for (index, version) in told.past.iter().enumerate() {
        let item = list.item(index);
        if versions.contains(&version.version.as_str()) {
            let message = format!("the version `{}` is there already", version.version);
            report.error("twice", &item.key("version"), message, None);
        }
        versions.push(&version.version);
        if version.effective > later {
            let message = format!("it took effect after the version that followed it ({later})");
            let help = "write the newest first".to_owned();
            report.error("contradiction", &item.key("effective"), message, Some(help));
        }
        later = version.effective;
        if let Some(file) = &version.file
            && files.sources.get(file).is_none()
        {
            let texts = files.sources.iter().map(|(name, _)| name);
            let texts = texts.filter(|name| Form::of(name).is_some());
            let help = did_you_mean(file, texts).or_else(|| {
                Some("save its text in the folder, or in `past/`, under this name".to_owned())
            });
            report.error("missing-file", &item.key("file"), format!("there is no `{file}`"), help);
        }
    }
}

/// Sections for some places: their headings stand in the notice, their places are known.
fn sections(file: &PolicyFile, notice: &Notice, report: &mut Reporter<'_>, at: &Path<'_>) {
    let list = at.key("sections");
    let headings = || {
        notice.sentences.iter().filter(|one| one.is_heading).map(|heading| heading.text.as_str())
    };
    for (index, section) in file.notice.sections.iter().enumerate() {
        let item = list.item(index);
        if !notice.text.is_empty() && !headings().any(|heading| heading == section.heading) {
            let message = format!("the notice has no heading `{}`", section.heading);
            let help = did_you_mean(&section.heading, headings())
                .or_else(|| Some("write the heading as it stands in the notice".to_owned()));
            report.error("unknown-name", &item.key("heading"), message, help);
        }
        let places = item.key("for");
        for (index, place) in section.places.iter().enumerate() {
            let known = file.places.iter().map(|place| place.key.as_str());
            report.must_be_known("place", place, known, &places.item(index));
        }
    }
}
