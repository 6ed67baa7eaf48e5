//! Data older than its limit is gone, and data younger than its minimum stays.

use std::collections::{BTreeMap, BTreeSet};

use engine::retain::{Counted, Found};
use model::Micros;
use plan::retention::{Branch, Task};
use policy::file::promises::RetentionControl;
use policy::{Collection, CountFrom, System};
use render::words;

use super::facts::{Facts, days_between};
use super::verdict::{Verdict, few};

/// A run within so many days, or before the oldest passes its limit, is soon enough.
pub(super) const SOON: i64 = 7;

/// How old the rows are.
#[derive(Debug, Default)]
pub(crate) struct Ages {
    /// Each rule, and what is due by it now.
    pub(crate) due: Vec<Age>,
    /// When a run of retention ended last.
    pub(crate) last_run: Option<Micros>,
    /// Whether any legal hold holds.
    pub(crate) holds: bool,
    /// Why nothing could be counted.
    pub(crate) failed: Option<String>,
}

/// One rule.
#[derive(Debug)]
pub(crate) struct Age {
    pub(crate) task: Task,
    pub(crate) now: Found,
    /// How many will be due within a week; none where that was not asked.
    pub(crate) soon: Option<u64>,
}

/// A collection that a control is about.
type Place<'p> = (&'p System, &'p Collection);

pub(super) fn judge(control: &RetentionControl, facts: &Facts<'_>) -> Verdict {
    let meant = meant(control, &facts.policy.systems);
    if meant.is_empty() {
        return Verdict::unproven(nothing_follows(control, facts));
    }
    let mut parts = Vec::new();
    let mut sum = Sum::default();
    for place in &meant {
        if control.max.is_some() || control.after.is_some() {
            parts.extend(oldest(control, *place, facts, &mut sum));
        }
        if let Some(min) = control.min {
            parts.push(youngest(min, *place));
        }
    }
    let run = match facts.ages.last_run {
        Some(at) => format!("the last run of retention ended on {}", facts.day(facts.day_of(at))),
        None => "no run of retention has ended yet".to_owned(),
    };
    let mut evidence = Vec::new();
    if sum.rules > 0 {
        evidence.push(format!(
            "{} counted in {}",
            words::count(sum.rules, "rule", "rules"),
            words::count(meant.len() as u64, "collection", "collections")
        ));
        if sum.held_back > 0 {
            evidence.push(format!(
                "{} kept beyond the limit by a minimum age, a hold or a reference",
                words::count(sum.held_back, "row is", "rows are")
            ));
        }
        evidence.push(run);
    }
    Verdict::of(parts, "").shown_by(evidence.join("; "))
}

#[derive(Default)]
struct Sum {
    rules: u64,
    held_back: u64,
}

fn meant<'s>(control: &RetentionControl, systems: &'s [System]) -> Vec<Place<'s>> {
    systems
        .iter()
        .flat_map(|system| system.collections.iter().map(move |collection| (system, collection)))
        .filter(|(_, collection)| collection.skip.is_none())
        .filter(|(system, collection)| {
            let path = format!("{}.{}", system.key, collection.name);
            control.collections.contains(&path)
                || (control.class.is_some() && collection.class == control.class)
        })
        .collect()
}

fn nothing_follows(control: &RetentionControl, facts: &Facts<'_>) -> String {
    let class = control.class.as_deref().unwrap_or_default();
    let title = facts.policy.row(class).map_or(class, |row| row.title.as_str());
    let holding = facts
        .policy
        .systems
        .iter()
        .flat_map(|system| &system.collections)
        .filter(|c| c.fields.iter().any(|field| field.class.as_deref() == Some(class)))
        .count();
    match holding {
        0 => format!("No collection of any system follows \u{201c}{title}\u{201d}."),
        n => format!(
            "{} such data, and none follows \u{201c}{title}\u{201d}: write `class: {class}` below its `upheld:`.",
            words::count(n as u64, "collection holds", "collections hold")
        ),
    }
}

/// Whether another collection takes its rows along.
fn goes_along(system: &System, name: &str) -> bool {
    system.collections.iter().any(|other| {
        other.retain.iter().any(|rule| rule.holds() && rule.with.iter().any(|with| with == name))
    })
}

/// The `max` and the `after` of the control, at one collection.
fn oldest(
    control: &RetentionControl,
    (system, collection): Place<'_>,
    facts: &Facts<'_>,
    sum: &mut Sum,
) -> Vec<Verdict> {
    let name = format!("{} in {}", collection.title, system.title);
    let counts_alike = |from: &CountFrom| match (control.after, from) {
        (Some(event), CountFrom::Client { event: other, .. }) => event == *other,
        (Some(_), CountFrom::Field { .. }) => true,
        (Some(_), _) => false,
        (None, _) => true,
    };
    let rules = collection.retain.iter().filter(|rule| counts_alike(&rule.from));
    let open = rules.clone().filter(|rule| !rule.holds()).count();
    if rules.clone().all(|rule| !rule.holds()) {
        if goes_along(system, &collection.name) {
            return vec![Verdict::upheld(format!("{name} go with the rows they belong to."))];
        }
        return vec![Verdict::unproven(match open {
            0 => format!(
                "No rule disposes of old rows of {name}: write `retain:` into systems/{}.yaml.",
                system.key
            ),
            _ => format!("A rule for {name} was guessed and nobody has confirmed it."),
        })];
    }
    if let Some(max) = control.max
        && let Some(lax) =
            rules.filter(|rule| rule.holds()).find(|rule| rule.max.about_days() > max.about_days())
    {
        return vec![Verdict::broken(format!(
            "The rule for {name} says {}, and {max} are promised.",
            lax.max
        ))];
    }
    let place = plan::Place::new(&system.key, &collection.name);
    let ages: Vec<&Age> = facts.ages.due.iter().filter(|age| age.task.place == place).collect();
    if ages.is_empty() {
        let why = facts.ages.failed.as_deref().unwrap_or("nothing counted it");
        return vec![Verdict::unproven(format!("The age of {name} is not known: {why}."))];
    }
    ages.into_iter()
        .map(|age| {
            sum.rules += 1;
            match &age.now {
                Found::Counted(counted) => {
                    sum.held_back += counted.held_back;
                    old(&name, age, counted, facts)
                }
                Found::NotReached(why) | Found::Refused(why) => Verdict::unproven(format!(
                    "The age of {name} is not known: {}.",
                    why.trim_end_matches('.')
                )),
            }
        })
        .collect()
}

fn old(name: &str, age: &Age, counted: &Counted, facts: &Facts<'_>) -> Verdict {
    let rule = &age.task.rule;
    if counted.rows > 0 {
        let at_least = if counted.at_least { "At least " } else { "" };
        let oldest = counted.oldest.map_or_else(String::new, |oldest| {
            format!(", the oldest of {}", facts.day(facts.day_of(oldest)))
        });
        return Verdict::broken(format!(
            "{at_least}{} of {name} {} past the limit of {rule}{oldest}.",
            words::count(counted.rows, "row", "rows"),
            if counted.rows == 1 { "is" } else { "are" },
        ));
    }
    // Only a law, the notice's own minimum or a hold may keep a row beyond its limit. That others
    // still point at it is a fault of the rule.
    let lawful = facts.ages.holds || counted.held.is_some() || !age.task.reasons().is_empty();
    if counted.held_back > 0 && !lawful {
        return Verdict::broken(format!(
            "{} of {name} {} past the limit of {rule} and {} because rows of {} point there: name them in the rule's `with:`.",
            words::count(counted.held_back, "row", "rows"),
            if counted.held_back == 1 { "is" } else { "are" },
            if counted.held_back == 1 { "stays" } else { "stay" },
            few(&pointing(&age.task))
        ));
    }
    let recent =
        facts.ages.last_run.is_some_and(|at| days_between(facts.day_of(at), facts.today) <= SOON);
    match age.soon {
        Some(soon) if soon > 0 && !recent => Verdict::at_risk(format!(
            "{} of {name} will pass the limit of {rule} within {SOON} days, and no run of retention ended in the last {SOON}.",
            words::count(soon, "row", "rows")
        )),
        _ => Verdict::upheld(format!("Nothing of {name} is past the limit of {rule}.")),
    }
}

/// The collections whose rows keep others from going.
fn pointing(task: &Task) -> Vec<String> {
    fn gather(branches: &[Branch], into: &mut BTreeSet<String>) {
        for branch in branches {
            into.extend(branch.referrers.iter().map(|link| format!("`{}`", link.place)));
            gather(&branch.dependents, into);
        }
    }
    let mut places = task.referrers.iter().map(|link| format!("`{}`", link.place)).collect();
    gather(&task.dependents, &mut places);
    if places.is_empty() {
        return vec!["other tables".to_owned()];
    }
    places.into_iter().collect()
}

/// The `min` of the control, at one collection.
fn youngest(min: policy::Period, (system, collection): Place<'_>) -> Verdict {
    let name = format!("{} in {}", collection.title, system.title);
    let keeps = collection.keep.iter().filter(|keep| keep.holds());
    let longest = keeps.clone().max_by_key(|keep| keep.period.about_days());
    let answered = |keep: &&policy::Keep| {
        keep.inferred.as_ref().is_none_or(|guess| guess.confirmed == Some(true))
    };
    match longest {
        None => Verdict::broken(format!(
            "Nothing keeps {name} for {min}: a request may erase them before."
        )),
        Some(keep) if keep.period.about_days() < min.about_days() => Verdict::broken(format!(
            "{name} are kept for {} only, and at least {min} are promised.",
            keep.period
        )),
        Some(keep) if !answered(&keep) => Verdict::unproven(format!(
            "That {name} are kept for {} was guessed, and nobody has confirmed it.",
            keep.period
        )),
        Some(keep) => Verdict::upheld(format!(
            "{name} stay for {} from `{}`, whatever is asked.",
            keep.period, keep.from
        )),
    }
}

/// Which rules a look must count again for the week to come: those by which nothing is due now.
pub(super) fn quiet(due: &[Age]) -> Vec<String> {
    due.iter()
        .filter(|age| matches!(&age.now, Found::Counted(counted) if counted.rows == 0))
        .map(|age| age.task.id.clone())
        .collect()
}

/// Notes what will be due in a week.
pub(super) fn note_soon(ages: &mut Ages, soon: Vec<engine::retain::Due>) {
    let soon: BTreeMap<String, u64> = soon
        .into_iter()
        .filter_map(|due| match due.found {
            Found::Counted(counted) => Some((due.task.id, counted.rows)),
            _ => None,
        })
        .collect();
    for age in &mut ages.due {
        age.soon = soon.get(&age.task.id).copied();
    }
}
