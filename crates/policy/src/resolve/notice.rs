//! The notice's text, found and cut into sentences.

use crate::finding::{Finding, Severity, did_you_mean};
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
