//! Whether something stands in the tables that must be nowhere.

use detect::{Family, KindRef};
use policy::System;
use policy::file::promises::AbsenceControl;
use policy::taxonomy::is_within;
use render::words;

use super::facts::Facts;
use super::verdict::{Verdict, few};

/// Whether values of this kind belong to one of these categories. Words that merely speak of
/// something show no more than that somebody wrote about it.
fn is_of(kind: KindRef, of: &[String]) -> bool {
    kind.family() != Family::Special
        && (within_any(kind.category(), of)
            || kind.key() == "financial.card" && within_any("user.payment", of))
}

/// The one form that every value of a category has.
fn shape_of(category: &str) -> Option<KindRef> {
    match category {
        "user.financial.credit_card" => detect::kind("financial.card"),
        _ => None,
    }
}

fn within_any(category: &str, of: &[String]) -> bool {
    of.iter().any(|above| is_within(category, above))
}

/// Where data of some categories stands.
pub(super) struct Standing {
    /// Sentences, one for each field that holds it.
    pub(super) found: Vec<String>,
    /// Systems that could not be looked into, or not wholly.
    pub(super) unseen: Vec<String>,
    /// Tables of which only a sample was read, where what was not read could change the answer.
    pub(super) sampled: Vec<String>,
    /// What was looked at.
    pub(super) looked: String,
}

/// Looks for data of these categories: in fields that the map says hold it, and by the form of
/// values everywhere.
pub(super) fn standing(of: &[String], systems: &[&System], facts: &Facts<'_>) -> Standing {
    let (mut found, mut unseen, mut shapeless) = (Vec::new(), Vec::new(), Vec::new());
    let forms = forms(of);
    let mut sampled = Vec::new();
    let (mut rows, mut about, mut tables, mut unopened) = (0, 0, 0_u64, 0);
    for system in systems {
        let Some(contents) = facts.contents.get(&system.key) else {
            unseen.push(format!("{} was not reached", system.title));
            continue;
        };
        unseen.extend(
            contents.unread.iter().map(|(place, _)| format!("`{place}` could not be read")),
        );
        for table in &contents.tables {
            rows += table.rows;
            about += table.about.max(table.rows);
            tables += 1;
            unopened += table.fields.values().map(|look| look.unopened).sum::<u64>();
            let collection = table.collection.as_deref().and_then(|name| system.collection(name));
            let may_tell = collection.is_some_and(|collection| {
                let mut categories = collection.fields.iter().flat_map(|field| &field.categories);
                categories.any(|category| within_any(category, of))
            });
            if table.sampled && (may_tell || !forms.is_empty()) {
                sampled.push(format!(
                    "{} of about {} of `{}`",
                    words::number(table.rows),
                    words::count(table.about.max(table.rows), "row", "rows"),
                    table.place
                ));
            }
            for (name, look) in &table.fields {
                let place = format!("`{}.{name}`", table.place);
                let mapped =
                    collection.and_then(|collection| collection.field(name)).and_then(|field| {
                        field.categories.iter().find(|category| within_any(category, of))
                    });
                if let Some(category) = mapped.filter(|_| look.filled > 0) {
                    // Of data with a form of its own the values decide: the last four digits of a
                    // card are mapped as a card, and are none.
                    if let Some(kind) = shape_of(category)
                        && !look.kinds.contains_key(&kind)
                    {
                        shapeless.push(format!(
                            "{place} is mapped as {} and none of its {} has that form",
                            facts.policy.title_of_category(category),
                            words::count(look.filled, "value", "values")
                        ));
                        continue;
                    }
                    found.push(format!(
                        "{place} is mapped as {} and filled in {} of {} looked at.",
                        facts.policy.title_of_category(category),
                        words::number(look.filled),
                        words::count(table.rows, "row", "rows")
                    ));
                    continue;
                }
                for (kind, count) in &look.kinds {
                    if is_of(*kind, of) {
                        found.push(format!(
                            "{place} holds {} in {} of {} looked at.",
                            words::kind::many(kind.key(), kind.title()),
                            words::number(*count),
                            words::count(table.rows, "row", "rows")
                        ));
                    }
                }
            }
        }
    }
    let how = if forms.is_empty() {
        "by the map alone: values of this kind have no form of their own".to_owned()
    } else {
        format!("by the map, and values by form: {}", words::list(&forms))
    };
    let mut looked = format!(
        "{} of about {} in {} looked at, {how}",
        words::number(rows),
        words::count(about, "row", "rows"),
        words::count(tables, "table", "tables")
    );
    if unopened > 0 && !forms.is_empty() {
        let files = words::count(unopened, "file among them was", "files among them were");
        looked.push_str(&format!("; {files} not opened"));
    }
    if !shapeless.is_empty() {
        looked.push_str(&format!("; {}", few(&shapeless)));
    }
    Standing { found, unseen, sampled, looked }
}

/// The kinds by which values of these categories are known, in words.
fn forms(of: &[String]) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    for kind in detect::kinds().filter(|kind| is_of(*kind, of)) {
        let form = words::kind::many(kind.key(), kind.title());
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// What a look without a find is worth: a sample proves nothing about the rows that were not read.
pub(super) fn unproven(standing: &Standing) -> Option<Verdict> {
    if !standing.unseen.is_empty() {
        return Some(Verdict::unproven(format!("{}.", few(&standing.unseen))));
    }
    (!standing.sampled.is_empty()).then(|| {
        Verdict::unproven(format!(
            "Nothing was found, and only {} were looked at: `upheld status --full` reads every row.",
            few(&standing.sampled)
        ))
    })
}

/// Whether something is nowhere.
pub(super) fn absent(control: &AbsenceControl, facts: &Facts<'_>) -> Verdict {
    let systems = facts.systems(&control.systems);
    let standing = standing(&control.of, &systems, facts);
    let unproven = unproven(&standing);
    let mut parts: Vec<Verdict> = standing.found.into_iter().map(Verdict::broken).collect();
    parts.extend(unproven);
    if parts.is_empty() && !systems.is_empty() {
        let titles: Vec<String> =
            control.of.iter().map(|key| facts.policy.title_of_category(key)).collect();
        parts.push(Verdict::upheld(format!("No {} was found.", titles.join(" and no "))));
    }
    Verdict::of(parts, "The policy names no system.").shown_by(standing.looked)
}
