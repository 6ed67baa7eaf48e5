//! Retention rules held against each other: a rule that can never apply, two that contradict, and
//! a collection whose class names a limit that nothing enforces.
//!
//! What is deliberately not here: whether a value of `when` occurs, whether a column is filled,
//! whether anything is due. The systems are asked that elsewhere.

use model::DataType;

use crate::file::classification::ClassRow;
use crate::file::system::{Dataset, SystemFile};
use crate::finding::{Finding, Severity};
use crate::map::{Collection, EraseRows, Keep, System};
use crate::retention::{CountFrom, Disposal, Retain};
use crate::source::Read;
use crate::yaml::Path;

use super::Reporter;

/// Checks every rule of a system.
pub(super) fn check(
    read: &Read<'_, SystemFile>,
    position: usize,
    dataset: &Dataset,
    system: &System,
    rows: &[ClassRow],
    findings: &mut Vec<Finding>,
) {
    let mut report = Reporter::new(read, findings);
    let list = Path::ROOT;
    let list = list.key("dataset");
    let at = list.item(position);
    let list = at.key("collections");
    for (index, (collection, written)) in
        system.collections.iter().zip(&dataset.collections).enumerate()
    {
        let at = list.item(index);
        let at = at.key("upheld");
        let row =
            collection.class.as_deref().and_then(|class| rows.iter().find(|row| row.key == class));
        let entries = written
            .upheld
            .as_ref()
            .and_then(|add| add.retain.as_ref())
            .map_or(0, |all| all.as_slice().len());
        let here = Here { system, collection, index, row };
        // A rule that could not be understood has its error, and the numbers would not agree.
        if entries == collection.retain.len() {
            let at = at.key("retain");
            for (index, rule) in live(collection) {
                let at = at.item(index);
                here.alone(rule, &mut report, &at);
                here.beside(index, rule, &mut report, &at);
                here.with(rule, &mut report, &at.key("with"));
            }
            here.circle(&mut report, &at);
        }
        if entries == 0 || live(collection).next().is_none() {
            here.unenforced(entries, &mut report, &at.key("class"));
        }
    }
}

/// The rules that nobody has said no to.
pub(super) fn live(collection: &Collection) -> impl Iterator<Item = (usize, &Retain)> {
    collection
        .retain
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.inferred.as_ref().is_none_or(|g| g.confirmed != Some(false)))
}

/// The minimum ages that somebody has written or agreed to.
pub(super) fn agreed(collection: &Collection) -> impl Iterator<Item = &Keep> {
    collection
        .keep
        .iter()
        .filter(|keep| keep.inferred.as_ref().is_none_or(|guess| guess.confirmed == Some(true)))
}

/// Whether rows of a collection go before those of another.
pub(super) fn goes_with_another(system: &System, name: &str) -> bool {
    system
        .collections
        .iter()
        .any(|other| live(other).any(|(_, rule)| rule.with.iter().any(|with| with == name)))
}

struct Here<'a> {
    system: &'a System,
    collection: &'a Collection,
    index: usize,
    row: Option<&'a ClassRow>,
}

impl Here<'_> {
    /// What a rule by itself cannot mean.
    fn alone(&self, rule: &Retain, report: &mut Reporter<'_>, at: &Path<'_>) {
        let name = &self.collection.name;
        let max = rule.max;
        if self.collection.skip.is_some() {
            let message = format!("this never applies: `{name}` is left out (`skip`)");
            let help = "take `skip:` away, or the rule".to_owned();
            report.error("never-applies", at, message, Some(help));
        }
        let longest = agreed(self.collection)
            .map(|keep| keep.period)
            .chain(self.row.and_then(|row| row.keep.as_ref()).map(|keep| keep.period))
            .max_by_key(|period| period.about_days());
        if let Some(keep) = longest.filter(|keep| keep.about_days() > max.about_days()) {
            let message = format!(
                "rows of `{name}` must stay for {keep} and would be disposed of after {max}"
            );
            let help = "a minimum age always wins, so this limit is never met: make the one longer or the other shorter";
            report.error("contradiction", &at.key("max"), message, Some(help.to_owned()));
        }
        if let Some((row, limit)) = self.row.and_then(|row| Some((row, row.max?)))
            && limit.about_days() < max.about_days()
        {
            let message = format!("the class `{}` allows {limit}, and this is {max}", row.key);
            report.error("contradiction", &at.key("max"), message, None);
        }
        self.method(rule, report, &at.key("method"));
        let from_at = at.key("from");
        match &rule.from {
            CountFrom::Column(column) => {
                let data_type = self.collection.field(column).and_then(|field| field.data_type);
                if matches!(
                    data_type,
                    Some(
                        DataType::Boolean
                            | DataType::Bytes { .. }
                            | DataType::Time
                            | DataType::Json
                            | DataType::Uuid
                            | DataType::Network
                            | DataType::Enumeration
                    )
                ) {
                    let message =
                        format!("this never applies: `{column}` holds no day by its type");
                    let help = day_column(self.collection)
                        .map(|day| format!("`{day}` holds one"))
                        .or_else(|| Some("name a column of type date or timestamp".to_owned()));
                    report.error("never-applies", &from_at, message, help);
                }
            }
            CountFrom::File => {
                let application = self.system.application.as_deref();
                if let Some(application) = application.filter(|word| !word.starts_with("files")) {
                    let message =
                        format!("`file` is the time of a file, and this system is `{application}`");
                    let help = "name a column of the row".to_owned();
                    report.add(Severity::Warning, "never-applies", &from_at, message, Some(help));
                }
            }
            CountFrom::Field { .. } | CountFrom::Client { .. } => {}
        }
    }

    fn method(&self, rule: &Retain, report: &mut Reporter<'_>, at: &Path<'_>) {
        let name = &self.collection.name;
        let word = rule.method.key();
        match &rule.method {
            Disposal::Delete => {}
            Disposal::Anonymise | Disposal::Redact => {
                let texts_only = rule.method == Disposal::Redact;
                let touched = |field: &crate::Field| {
                    field.free_text
                        || (field.is_personal()
                            && (!texts_only
                                || matches!(field.data_type, None | Some(DataType::Text { .. }))))
                };
                if let EraseRows::Nothing(_) = &self.collection.erase {
                    let message =
                        format!("this never applies: nothing in `{name}` is ever changed");
                    let help = "the collection says `erase: {nothing: …}`; take that away, or delete the rows";
                    report.error("never-applies", at, message, Some(help.to_owned()));
                } else if !self.collection.fields.iter().any(touched) {
                    let message =
                        format!("this never applies: `{name}` has no field about people to {word}");
                    let help =
                        "give its fields their categories, or let the rows be deleted".to_owned();
                    report.error("never-applies", at, message, Some(help));
                }
            }
            Disposal::Aggregate { by } => {
                let at = at.key("aggregate");
                let at = at.key("by");
                for (index, column) in by.iter().enumerate() {
                    let Some(field) = self.collection.field(column) else { continue };
                    let names_people = field.is_personal()
                        || field.free_text
                        || field.identity.is_some()
                        || field.categories.iter().any(|c| c.starts_with("user.unique_id"));
                    if names_people {
                        let message = format!(
                            "counts by `{column}` would still tell people apart after their rows are gone"
                        );
                        let help = "count by columns that name nobody".to_owned();
                        report.error("contradiction", &at.item(index), message, Some(help));
                    }
                }
            }
        }
    }

    /// Rules of one collection speak of different rows, or the narrower one is the earlier one.
    fn beside(&self, index: usize, rule: &Retain, report: &mut Reporter<'_>, at: &Path<'_>) {
        for (_, other) in live(self.collection).take_while(|(other, _)| *other < index) {
            if !may_meet(rule, other) {
                continue;
            }
            let (one, two) = (narrower(rule, other), narrower(other, rule));
            let earlier = |a: &Retain, b: &Retain| a.max.about_days() < b.max.about_days();
            if (one && !two && earlier(rule, other)) || (two && !one && earlier(other, rule)) {
                continue;
            }
            let message = if rule.max == other.max && rule.method == other.method {
                "two rules speak of the same rows".to_owned()
            } else {
                format!(
                    "two rules speak of the same rows: {} after {} and {} after {}",
                    other.method.key(),
                    other.max,
                    rule.method.key(),
                    rule.max
                )
            };
            let help = if one || two {
                "the rule with the narrower `when:` must be the shorter one"
            } else {
                "part them with `when:` on one column, or keep one of them"
            };
            report.error("contradiction", at, message, Some(help.to_owned()));
        }
    }

    /// Collections that go before a due row.
    fn with(&self, rule: &Retain, report: &mut Reporter<'_>, at: &Path<'_>) {
        for (index, name) in rule.with.iter().enumerate() {
            let Some(child) = self.system.collection(name) else { continue };
            let at = at.item(index);
            let near = |other: &str| {
                other == self.collection.name || rule.with.iter().any(|with| with == other)
            };
            let leads = |from: &Collection, wanted: &dyn Fn(&str) -> bool| {
                from.fields.iter().flat_map(|field| &field.references).any(|reference| {
                    reference.to.system == self.system.key && wanted(&reference.to.collection)
                })
            };
            let others =
                self.system.collections.iter().filter(|c| c.name != *name && near(&c.name));
            let tied = leads(child, &|to| to != name && near(to))
                || others.clone().any(|other| leads(other, &|to| to == name));
            if !tied {
                let message = format!(
                    "this never applies: no field of `{name}` leads to `{}`",
                    self.collection.name
                );
                let help = format!("give the field of `{name}` that leads there a reference");
                report.error("never-applies", &at, message, Some(help));
            }
            let longest = live(child).map(|(_, own)| own.max).max_by_key(|max| max.about_days());
            if let Some(own) = longest.filter(|own| own.about_days() > rule.max.about_days()) {
                let message = format!(
                    "rows of `{name}` may stay for {own} by a rule of their own and would go with `{}` after {}",
                    self.collection.name, rule.max
                );
                let help = "make their own rule the shorter one, or take it away".to_owned();
                report.error("contradiction", &at, message, Some(help));
            }
            let keep = agreed(child).map(|keep| keep.period).max_by_key(|keep| keep.about_days());
            if let Some(keep) = keep.filter(|keep| keep.about_days() > rule.max.about_days()) {
                let message = format!(
                    "rows of `{name}` must stay for {keep}: rows of `{}` wait for them beyond {}",
                    self.collection.name, rule.max
                );
                report.add(Severity::Warning, "waits", &at, message, None);
            }
        }
    }

    /// A circle of `with`, told once: at its first collection.
    fn circle(&self, report: &mut Reporter<'_>, at: &Path<'_>) {
        let at_of = |name: &str| self.system.collections.iter().position(|c| c.name == name);
        let after = |index: usize| {
            let collection = self.system.collections.get(index);
            collection
                .into_iter()
                .flat_map(live)
                .flat_map(|(_, rule)| &rule.with)
                .filter_map(|name| at_of(name))
        };
        // Ways from here through collections that come later; one that leads back is a circle.
        let mut ways = vec![vec![self.index]];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(way) = ways.pop() {
            let Some(last) = way.last() else { continue };
            for next in after(*last) {
                if next == self.index {
                    let names: Vec<String> = way
                        .iter()
                        .chain([&next])
                        .filter_map(|index| self.system.collections.get(*index))
                        .map(|collection| format!("`{}`", collection.name))
                        .collect();
                    let message =
                        format!("each goes before the next, in a circle: {}", names.join(", "));
                    let help = "take one of them out of `with:`".to_owned();
                    report.error("contradiction", at, message, Some(help));
                    return;
                }
                if next > self.index && seen.insert(next) {
                    ways.push(way.iter().copied().chain([next]).collect());
                }
            }
        }
    }

    /// A class that names a limit, and no rule.
    fn unenforced(&self, entries: usize, report: &mut Reporter<'_>, at: &Path<'_>) {
        let Some((row, max)) = self.row.and_then(|row| Some((row, row.max?))) else { return };
        let name = &self.collection.name;
        let told = entries > self.collection.retain.len();
        if told || self.collection.skip.is_some() || goes_with_another(self.system, name) {
            return;
        }
        let message =
            format!("`{}` allows {max}, and nothing disposes of older rows of `{name}`", row.key);
        let help = match day_column(self.collection) {
            Some(day) => format!("add `retain: {{ from: {day} }}` beside `class:`"),
            None => "add `retain:` with `from:` and the column that holds their day".to_owned(),
        };
        report.add(Severity::Warning, "nothing-enforces", at, message, Some(help));
    }
}

/// Whether a row can meet both rules: no column parts them.
fn may_meet(one: &Retain, two: &Retain) -> bool {
    !one.when.iter().any(|a| {
        two.when
            .iter()
            .any(|b| a.column == b.column && a.any_of.iter().all(|value| !b.any_of.contains(value)))
    })
}

/// Whether every row of the first is one of the second, by their `when`.
fn narrower(one: &Retain, two: &Retain) -> bool {
    two.when.iter().all(|b| {
        one.when
            .iter()
            .any(|a| a.column == b.column && a.any_of.iter().all(|value| b.any_of.contains(value)))
    })
}

/// The column from which the age of rows most likely counts.
pub(super) fn day_column(collection: &Collection) -> Option<&str> {
    const WORDS: [&[&str]; 3] = [
        &["closed", "resolved", "completed", "ended"],
        &["created", "issued", "logged", "happened", "occurred", "sent", "paid"],
        &["updated"],
    ];
    let days = || {
        let is_day = |data_type| matches!(data_type, Some(DataType::Date | DataType::Timestamp));
        collection.fields.iter().filter(move |field| is_day(field.data_type))
    };
    let called = |words: &[&str]| {
        days().find(|field| {
            let name = field.name.to_lowercase();
            words.iter().any(|word| name.contains(word))
        })
    };
    WORDS
        .iter()
        .find_map(|words| called(words))
        .or_else(|| days().next())
        .map(|field| field.name.as_str())
}
