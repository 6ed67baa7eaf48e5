//! Promises: each quote finds its sentence, each control finds what it speaks of.

use crate::catalogue;
use crate::file::policy::Right;
use crate::file::promises::{Control, PromiseEntry};
use crate::finding::{Finding, Severity, about_file};
use crate::notice::Notice;
use crate::policy::Promise;
use crate::quote::{Document, Miss, Rival};
use crate::source::{Files, State};
use crate::taxonomy::Taxonomy;
use crate::text::Form;
use crate::yaml::Path;

use super::Reporter;
use super::limit;
use super::register::Names;
use super::system::Resolved;

pub(crate) fn resolve(
    files: &Files<'_>,
    names: &Names,
    resolved: &Resolved,
    notice: Option<&Notice>,
    findings: &mut Vec<Finding>,
) -> Vec<Promise> {
    let read = match &files.promises {
        State::Good(read) => read,
        State::Broken => return Vec::new(),
        State::Missing => {
            findings.push(about_file(
                Severity::Warning,
                "missing-file",
                "promises.yaml",
                "there is no `promises.yaml`: no sentence of the notice has a promise".to_owned(),
                Some("add it, and quote the sentences that promise something".to_owned()),
            ));
            return Vec::new();
        }
    };
    let mut report = Reporter::new(read, findings);
    let entries = &read.content.promises;
    report.must_differ("promise", "promises", "id", entries.iter().map(|entry| entry.id.as_str()));
    let document = notice.and_then(|notice| {
        let form = Form::of(notice.file.as_deref()?)?;
        (!notice.text.is_empty()).then(|| (notice, Document::new(&notice.text, form)))
    });
    let root = Path::ROOT;
    let list = root.key("promises");
    let scope = Scope { files, names, resolved };
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let at = list.item(index);
            let ids = at.key("catalogue");
            for (index, id) in entry.catalogue.iter().enumerate() {
                if catalogue::entry_of(id).is_none() {
                    let message = format!("`{id}` is not a promise of the catalogue");
                    let help = Some(catalogue::help(id));
                    report.error("unknown-name", &ids.item(index), message, help);
                }
            }
            let controls = at.key("controls");
            for (index, control) in entry.controls.iter().enumerate() {
                scope.control(control, &mut report, &controls.item(index));
            }
            let quote = entry.quote.selector();
            let found = document.as_ref().and_then(|(notice, document)| {
                match document.find(&quote, notice) {
                    Ok(found) => Some(found),
                    Err(miss) => {
                        missed(&miss, entry, notice, &mut report, &at.key("quote"));
                        None
                    }
                }
            });
            Promise {
                id: entry.id.clone(),
                quote: quote.exact,
                found,
                controls: entry.controls.clone(),
                catalogue: entry.catalogue.clone(),
                note: entry.note.clone(),
            }
        })
        .collect()
}

fn missed(
    miss: &Miss,
    entry: &PromiseEntry,
    notice: &Notice,
    report: &mut Reporter<'_>,
    at: &Path<'_>,
) {
    let file = notice.file.as_deref().unwrap_or("the notice");
    match miss {
        Miss::Absent { nearest } => {
            let help = nearest.and_then(|(index, _)| notice.sentences.get(index)).map(|sentence| {
                format!("the nearest sentence, on line {}, is: {}", sentence.line, sentence.text)
            });
            let help = help.or_else(|| Some("no sentence is like it".to_owned()));
            let message = format!("the quote of `{}` does not stand in {file}", entry.id);
            report.error("quote-missing", at, message, help);
        }
        Miss::Ambiguous { places } => {
            let mut lines: Vec<String> =
                places.iter().take(5).map(|place| place.line.to_string()).collect();
            lines.dedup();
            let message = format!(
                "the quote of `{}` stands in {file} {} times, on line{} {}",
                entry.id,
                places.len(),
                if lines.len() == 1 { "" } else { "s" },
                lines.join(", ")
            );
            report.error("quote-ambiguous", at, message, Some(tell_apart(places)));
        }
    }
}

/// What to add so that one place is meant.
fn tell_apart(places: &[Rival]) -> String {
    let differs = |of: fn(&Rival) -> &str| {
        places
            .iter()
            .enumerate()
            .all(|(index, place)| places.iter().skip(index + 1).all(|other| of(place) != of(other)))
    };
    let (key, of): (&str, fn(&Rival) -> &str) = if differs(|place| &place.prefix) {
        ("prefix", |place| &place.prefix)
    } else if differs(|place| &place.suffix) {
        ("suffix", |place| &place.suffix)
    } else {
        return "quote more of the sentence".to_owned();
    };
    let choices: Vec<String> = places
        .iter()
        .take(5)
        .map(|place| format!("`{key}: \"{}\"` for line {}", of(place), place.line))
        .collect();
    format!("write `exact:` and `{key}:` below `quote:`: {}", choices.join(", or "))
}

struct Scope<'a> {
    files: &'a Files<'a>,
    names: &'a Names,
    resolved: &'a Resolved,
}

impl Scope<'_> {
    fn control(&self, control: &Control, report: &mut Reporter<'_>, at: &Path<'_>) {
        let at = at.key(control.key());
        match control {
            Control::RequestRight(kind) => {
                let Some(policy) = self.files.policy.whole() else { return };
                let rights: &[Right] = &policy.content.rights;
                if !rights.iter().any(|right| right.right == *kind) {
                    let message = format!("policy.yaml gives nobody the right to {}", kind.key());
                    let help =
                        format!("add `- right: {}` and its `days:` to `rights:`", kind.key());
                    report.error("unknown-name", &at, message, Some(help));
                }
            }
            Control::Retention(rule) => {
                self.row(rule.class.as_deref(), report, &at.key("class"));
                let list = at.key("collections");
                for (index, name) in rule.collections.iter().enumerate() {
                    self.collection(name, report, &list.item(index));
                }
                if rule.class.is_none() && rule.collections.is_empty() {
                    let help = Some("add `class:` or `collections:`".to_owned());
                    report.error("missing-key", &at, "this names no data".to_owned(), help);
                }
                match (rule.min, rule.max) {
                    (None, None) if rule.after.is_none() => {
                        let help = Some("add `max:`, `min:` or both".to_owned());
                        report.error(
                            "missing-key",
                            &at,
                            "this names no length of time".to_owned(),
                            help,
                        );
                    }
                    (Some(min), Some(max)) if min.about_days() > max.about_days() => {
                        let message = format!("data cannot stay for {min} and be gone after {max}");
                        report.error("contradiction", &at.key("min"), message, None);
                    }
                    _ => {}
                }
                let row = rule.class.as_deref().and_then(|class| {
                    self.files
                        .classification
                        .good()?
                        .content
                        .rows
                        .iter()
                        .find(|row| row.key == class)
                });
                if let (Some(max), Some(keep)) = (rule.max, row.and_then(|row| row.keep.as_ref()))
                    && max.about_days() < keep.period.about_days()
                {
                    let message = format!(
                        "classification.yaml keeps this data for {}, longer than {max}",
                        keep.period
                    );
                    report.error("contradiction", &at.key("max"), message, None);
                }
                if !self.resolved.partial {
                    let rows = self.files.classification.good();
                    let rows = rows.map_or(&[][..], |read| read.content.rows.as_slice());
                    limit::check(rule, &self.resolved.systems, rows, report, &at);
                }
            }
            Control::Absence(rule) => {
                report.must_be_words(Taxonomy::Category, &rule.of, &at.key("of"));
                self.systems(&rule.systems, report, &at.key("systems"));
            }
            Control::Encryption(rule) => {
                self.systems(&rule.systems, report, &at.key("systems"));
                if !rule.in_transit && !rule.at_rest {
                    let help = Some("add `in_transit: yes`, `at_rest: yes` or both".to_owned());
                    report.error("missing-key", &at, "this asks for nothing".to_owned(), help);
                }
            }
            Control::RecipientEvidence(rule) => {
                self.recipients(&rule.recipients, report, &at.key("recipients"));
            }
            Control::Access(rule) => self.row(rule.class.as_deref(), report, &at.key("class")),
            Control::Held(rule) => {
                report.must_be_words(Taxonomy::Category, &rule.of, &at.key("of"));
            }
            Control::ClientPaper(rule) => {
                report.must_be_words(Taxonomy::Category, &rule.of, &at.key("of"));
                self.systems(&rule.systems, report, &at.key("systems"));
            }
            Control::Contract(rule) => {
                self.recipients(&rule.recipients, report, &at.key("recipients"));
            }
            Control::Purpose(rule) => {
                let Some(known) = &self.names.purposes else { return };
                let list = at.key("purposes");
                for (index, key) in rule.purposes.iter().enumerate() {
                    let known = known.iter().map(|(key, _)| key.as_str());
                    report.must_be_known("purpose", key, known, &list.item(index));
                }
            }
            Control::LeadTime(rule) => {
                let Some(policy) = self.files.policy.whole() else { return };
                let told = policy.content.notice.lead_time;
                if told.is_none_or(|told| told.about_days() < rule.at_least.about_days()) {
                    let message = match told {
                        Some(told) => format!("policy.yaml gives a lead time of {told} only"),
                        None => "policy.yaml names no lead time".to_owned(),
                    };
                    let help = format!("write `lead_time: {}` below `notice:`", rule.at_least);
                    report.error("contradiction", &at.key("at_least"), message, Some(help));
                }
            }
            Control::Children(rule) => {
                for (key, paths) in [("birth", &rule.birth), ("consent", &rule.consent)] {
                    let list = at.key(key);
                    for (index, path) in paths.iter().enumerate() {
                        self.field(path, report, &list.item(index));
                    }
                }
            }
            Control::NoSale(_) => {
                let Some(policy) = self.files.policy.whole() else { return };
                if policy.content.statements.sold {
                    let message = "policy.yaml says `sold: yes`".to_owned();
                    let help = "take one of the two away: a sale would break this promise";
                    report.error("contradiction", &at, message, Some(help.to_owned()));
                }
            }
            Control::Attestation(_)
            | Control::Deidentified(_)
            | Control::NoticeText(_)
            | Control::Agreement(_)
            | Control::Told(_)
            | Control::Transfer(_) => {}
        }
    }

    fn row(&self, class: Option<&str>, report: &mut Reporter<'_>, at: &Path<'_>) {
        if let (Some(class), Some(rows)) = (class, &self.names.rows) {
            let known = rows.iter().map(String::as_str);
            report.must_be_known("row of the classification", class, known, at);
        }
    }

    fn recipients(&self, keys: &[String], report: &mut Reporter<'_>, at: &Path<'_>) {
        let Some(known) = &self.names.recipients else { return };
        for (index, key) in keys.iter().enumerate() {
            let known = known.iter().map(String::as_str);
            report.must_be_known("recipient", key, known, &at.item(index));
        }
    }

    fn systems(&self, keys: &[String], report: &mut Reporter<'_>, at: &Path<'_>) {
        if self.resolved.partial {
            return;
        }
        for (index, key) in keys.iter().enumerate() {
            let known = self.resolved.systems.iter().map(|system| system.key.as_str());
            report.must_be_known("system", key, known, &at.item(index));
        }
    }

    fn field(&self, path: &str, report: &mut Reporter<'_>, at: &Path<'_>) {
        if self.resolved.partial || self.resolved.has_field(path) {
            return;
        }
        let known: Vec<String> = self.resolved.fields().collect();
        report.must_be_known("field", path, known.iter().map(String::as_str), at);
    }

    fn collection(&self, name: &str, report: &mut Reporter<'_>, at: &Path<'_>) {
        if self.resolved.partial {
            return;
        }
        let known: Vec<String> = self
            .resolved
            .systems
            .iter()
            .flat_map(|system| {
                system.collections.iter().map(move |c| format!("{}.{}", system.key, c.name))
            })
            .collect();
        report.must_be_known("collection", name, known.iter().map(String::as_str), at);
    }
}
