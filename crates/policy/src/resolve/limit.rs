//! What a notice promises about time, held against the rules of the data map: a rule may be
//! stricter than the sentence, never laxer.

use crate::file::classification::ClassRow;
use crate::file::promises::RetentionControl;
use crate::finding::Severity;
use crate::map::{Collection, System};
use crate::retention::CountFrom;
use crate::yaml::Path;

use super::Reporter;
use super::retaining::{day_column, goes_with_another, live};

type Place<'a> = (&'a System, &'a Collection);

/// Checks one `retention` control.
pub(super) fn check(
    control: &RetentionControl,
    systems: &[System],
    rows: &[ClassRow],
    report: &mut Reporter<'_>,
    at: &Path<'_>,
) {
    let row = control.class.as_deref().and_then(|key| rows.iter().find(|row| row.key == key));
    if let (Some(min), Some(row)) = (control.min, row)
        && let Some(keep) = &row.keep
        && keep.period.about_days() < min.about_days()
    {
        let message = format!(
            "the notice says at least {min}, and classification.yaml keeps this data for {} only",
            keep.period
        );
        report.error("contradiction", &at.key("min"), message, None);
    }
    let all =
        || systems.iter().flat_map(|system| system.collections.iter().map(move |c| (system, c)));
    let held = |(_, collection): &Place<'_>| collection.skip.is_none();
    let meant: Vec<Place<'_>> = all()
        .filter(held)
        .filter(|(system, collection)| {
            let path = format!("{}.{}", system.key, collection.name);
            control.collections.contains(&path)
                || (control.class.is_some() && collection.class == control.class)
        })
        .collect();
    if let Some(class) = control.class.as_deref().filter(|_| meant.is_empty()) {
        let fields = |(system, collection): &Place<'_>| {
            collection.fields.iter().any(|field| field.class.as_deref() == Some(class))
                && live(collection).next().is_none()
                && !goes_with_another(system, &collection.name)
        };
        let holding: Vec<String> = all()
            .filter(held)
            .filter(fields)
            .map(|(system, collection)| format!("`{}.{}`", system.key, collection.name))
            .collect();
        if let Some(first) = holding.first() {
            let holds = match holding.len() - 1 {
                0 => " holds".to_owned(),
                more => format!(" and {more} more hold"),
            };
            let message = format!(
                "no collection follows the class `{class}`, though {first}{holds} such data"
            );
            let help = format!(
                "write `class: {class}` and `retain:` below `upheld:` of the collections whose rows this is about"
            );
            let at = at.key("class");
            report.add(Severity::Warning, "nothing-enforces", &at, message, Some(help));
        }
    }
    for place in meant {
        // Of a class with a limit the system's own file tells it.
        let told = row.is_some_and(|row| row.max.is_some() && place.1.class == control.class);
        longest(control, place, told, report, at);
        shortest(control, place, report, at);
    }
}

/// The `max` and the `after` of the control.
fn longest(
    control: &RetentionControl,
    (system, collection): Place<'_>,
    told: bool,
    report: &mut Reporter<'_>,
    at: &Path<'_>,
) {
    if control.max.is_none() && control.after.is_none() {
        return;
    }
    let name = format!("`{}.{}`", system.key, collection.name);
    if live(collection).next().is_none() {
        if !told && !goes_with_another(system, &collection.name) {
            let message = format!("nothing disposes of old rows of {name}");
            let day = day_column(collection).unwrap_or("…");
            let from = match control.after {
                Some(event) => format!("client.{}, by: …", event.key()),
                None => day.to_owned(),
            };
            let help = format!(
                "add `retain: {{ from: {from} }}` below its `upheld:` in systems/{}.yaml",
                system.key
            );
            report.add(Severity::Warning, "nothing-enforces", at, message, Some(help));
        }
        return;
    }
    let counts_alike = |from: &CountFrom| match (control.after, from) {
        (None, CountFrom::Column(_) | CountFrom::File) => true,
        (Some(event), CountFrom::Client { event: other, .. }) => event == *other,
        // A column with the day of an event may be either.
        (_, CountFrom::Field { .. }) => true,
        _ => false,
    };
    if let Some(event) = control.after
        && !live(collection).any(|(_, rule)| counts_alike(&rule.from))
    {
        let message = format!("no rule of {name} counts from {}", event.title());
        let help = format!("write `from: client.{}` with `by:` there", event.key());
        report.add(Severity::Warning, "nothing-enforces", &at.key("after"), message, Some(help));
    }
    let Some(max) = control.max else { return };
    let lax = live(collection)
        .filter(|(_, rule)| counts_alike(&rule.from))
        .map(|(_, rule)| rule.max)
        .filter(|own| own.about_days() > max.about_days())
        .max_by_key(|own| own.about_days());
    if let Some(own) = lax {
        let message = format!("the notice promises {max}, and a rule of {name} says {own}");
        let help = format!("shorten the rule in systems/{}.yaml", system.key);
        report.error("contradiction", &at.key("max"), message, Some(help));
    }
}

/// The `min` of the control.
fn shortest(
    control: &RetentionControl,
    (system, collection): Place<'_>,
    report: &mut Reporter<'_>,
    at: &Path<'_>,
) {
    let Some(min) = control.min else { return };
    let at = at.key("min");
    let name = format!("`{}.{}`", system.key, collection.name);
    let file = format!("systems/{}.yaml", system.key);
    let early = live(collection)
        .filter(|(_, rule)| matches!(rule.from, CountFrom::Column(_) | CountFrom::File))
        .map(|(_, rule)| rule.max)
        .filter(|max| max.about_days() < min.about_days())
        .min_by_key(|max| max.about_days());
    if let Some(max) = early {
        let message =
            format!("the notice says at least {min}, and a rule of {name} disposes after {max}");
        report.error("contradiction", &at, message, Some(format!("lengthen the rule in {file}")));
    }
    let keeps = || collection.keep.iter().filter(|keep| keep.holds()).map(|keep| keep.period);
    match keeps().max_by_key(|keep| keep.about_days()) {
        None => {
            let message =
                format!("nothing keeps rows of {name} for {min}: a request may erase them");
            let day = day_column(collection).unwrap_or("…");
            let help = format!("add `keep: {{ from: {day} }}` below its `upheld:` in {file}");
            report.add(Severity::Warning, "nothing-enforces", &at, message, Some(help));
        }
        Some(keep) if keep.about_days() < min.about_days() => {
            let message =
                format!("the notice says at least {min}, and {name} keeps rows for {keep}");
            report.error(
                "contradiction",
                &at,
                message,
                Some(format!("lengthen `keep:` in {file}")),
            );
        }
        Some(_) => {}
    }
}
