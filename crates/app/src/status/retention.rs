//! Data older than its limit is gone, and data younger than its minimum stays.

use std::collections::{BTreeMap, BTreeSet};

use engine::retain::{Counted, Found};
use model::Micros;
use plan::Exceptions;
use plan::retention::{Branch, GoesAlong, Old, Task, goes_along};
use policy::file::promises::RetentionControl;
use policy::{Collection, CountFrom, System};
use render::coverage::State;
use render::words::{self, retention as say};

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
    /// What stays whatever its age: legal holds and restrictions.
    pub(crate) except: Exceptions,
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
    let mut parts = Vec::from_iter(left_out(control, facts));
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
        if sum.kept > 0 {
            evidence.push(format!(
                "{} kept beyond the limit by a minimum age, a hold or a restriction",
                words::count(sum.kept, "row is", "rows are")
            ));
        }
        if sum.pointed_at > 0 {
            evidence.push(format!(
                "{} kept beyond the limit because others point there",
                words::count(sum.pointed_at, "row is", "rows are")
            ));
        }
        evidence.push(run);
    }
    Verdict::of(parts, "").shown_by(evidence.join("; "))
}

#[derive(Default)]
struct Sum {
    rules: u64,
    kept: u64,
    pointed_at: u64,
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

/// Collections that the control is about and the map leaves out: nobody disposes of their rows.
fn left_out(control: &RetentionControl, facts: &Facts<'_>) -> Option<Verdict> {
    let mut names = Vec::new();
    for system in &facts.policy.systems {
        for collection in system.collections.iter().filter(|one| one.skip.is_some()) {
            let path = format!("{}.{}", system.key, collection.name);
            if control.collections.contains(&path)
                || (control.class.is_some() && collection.class == control.class)
            {
                names.push(format!("`{path}`"));
            }
        }
    }
    (!names.is_empty()).then(|| {
        Verdict::unproven(format!(
            "{} {} meant too and left out by `skip:`, so nothing disposes of old rows there.",
            few(&names),
            if names.len() == 1 { "is" } else { "are" }
        ))
    })
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
        match goes_along(system, collection) {
            GoesAlong::All => return with_others(control, (system, collection), facts, sum),
            GoesAlong::Where(when) => {
                return vec![Verdict::unproven(format!(
                    "Of {name} only the rows where {when} go with those they belong to, and no rule disposes of the rest: write `retain:` into systems/{}.yaml.",
                    system.key
                ))];
            }
            GoesAlong::No => {}
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
    // A rule that speaks of some rows only says nothing about the others.
    let some = |rule: &&policy::Retain| !rule.when.is_empty();
    let holding = || collection.retain.iter().filter(|rule| rule.holds());
    let rest = holding().all(|rule| some(&rule)).then(|| {
        let when = holding().flat_map(|rule| &rule.when).map(|when| format!("`{}`", when.column));
        let when: Vec<String> = when.collect::<BTreeSet<_>>().into_iter().collect();
        Verdict::unproven(format!(
            "The rule for {name} speaks only of rows with some values of {}, and nothing disposes of the rest.",
            few(&when)
        ))
    });
    let place = plan::Place::new(&system.key, &collection.name);
    let ages: Vec<&Age> = facts.ages.due.iter().filter(|age| age.task.place == place).collect();
    if ages.is_empty() {
        let why = facts.ages.failed.as_deref().unwrap_or("nothing counted it");
        return vec![Verdict::unproven(format!("The age of {name} is not known: {why}."))];
    }
    let mut verdicts = Vec::from_iter(rest);
    for age in ages {
        sum.rules += 1;
        match &age.now {
            Found::Counted(counted) => {
                sum.kept += kept(counted);
                sum.pointed_at += counted.pointed_at;
                let pointed = pointed_at(&name, (system, collection), age, counted);
                let old = old(&name, age, counted, facts);
                // That nothing else is too old is no comfort.
                if pointed.is_none() || old.state == State::Broken {
                    verdicts.push(old);
                }
                verdicts.extend(pointed);
            }
            Found::NotReached(why) | Found::Refused(why) => {
                verdicts.push(Verdict::unproven(format!(
                    "The age of {name} is not known: {}.",
                    why.trim_end_matches('.')
                )));
            }
        }
    }
    verdicts
}

/// Rows that go with others stay as long as those do.
fn with_others(
    control: &RetentionControl,
    (system, collection): Place<'_>,
    facts: &Facts<'_>,
    sum: &mut Sum,
) -> Vec<Verdict> {
    let name = format!("{} in {}", collection.title, system.title);
    let takes = |other: &&Collection| {
        let mut rules = other.retain.iter().filter(|rule| rule.holds());
        rules.any(|rule| rule.with.contains(&collection.name))
    };
    let mut parts = vec![Verdict::upheld(format!("{name} go with the rows they belong to."))];
    for other in system.collections.iter().filter(takes) {
        parts.extend(oldest(control, (system, other), facts, sum));
    }
    parts
}

fn old(name: &str, age: &Age, counted: &Counted, facts: &Facts<'_>) -> Verdict {
    let rule = &age.task.rule;
    if counted.rows > 0 && counted.held.is_none() {
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
    let recent =
        facts.ages.last_run.is_some_and(|at| days_between(facts.day_of(at), facts.today) <= SOON);
    match age.soon {
        Some(soon) if soon > 0 && !recent => Verdict::at_risk(format!(
            "{} of {name} will pass the limit of {rule} within {SOON} days, and no run of retention ended in the last {SOON}.",
            words::count(soon, "row", "rows")
        )),
        _ => Verdict::upheld(format!(
            "{}{}",
            match kept(counted) {
                0 => format!("Nothing of {name} is past the limit of {rule}."),
                rows => format!(
                    "Nothing of {name} is past the limit of {rule} but {} that must stay: {}.",
                    words::count(rows, "row", "rows"),
                    keepers(age, counted, facts)
                ),
            },
            undated(age, counted)
        )),
    }
}

/// Rows whose age nobody can tell, beside what was found of the others.
fn undated(age: &Age, counted: &Counted) -> String {
    let (Old::Column(column), Some(rows @ 1..)) = (&age.task.old, counted.undated) else {
        return String::new();
    };
    let rows = words::count(rows, "row", "rows");
    format!(" How old {rows} of them may be is not known: nothing in `{column}` tells a moment.")
}

/// Rows past the limit that a minimum age, a hold or a restriction keeps.
fn kept(counted: &Counted) -> u64 {
    let held = if counted.held.is_some() { counted.rows } else { 0 };
    held + counted.held_back.saturating_sub(counted.pointed_at)
}

/// What keeps rows past their limit, in words; what a hold is about is not repeated here.
fn keepers(age: &Age, counted: &Counted, facts: &Facts<'_>) -> String {
    fn excepted(branches: &[Branch], except: &Exceptions) -> bool {
        branches.iter().any(|branch| {
            !except.reasons_at(&branch.link.place).is_empty()
                || excepted(&branch.dependents, except)
        })
    }
    let except = &facts.ages.except;
    let mut keepers: Vec<String> = age.task.reasons().into_iter().collect();
    if counted.held.is_some()
        || keepers.is_empty()
        || !except.reasons_at(&age.task.place).is_empty()
        || excepted(&age.task.dependents, except)
    {
        keepers.push("a legal hold or a restriction that somebody asked for".to_owned());
    }
    keepers.join("; ")
}

/// Rows past the limit that stay because others point at them: no notice allows that.
fn pointed_at(
    name: &str,
    (system, collection): Place<'_>,
    age: &Age,
    counted: &Counted,
) -> Option<Verdict> {
    let title = |other: &String| {
        system.collection(other).map_or_else(|| other.clone(), |other| other.title.clone())
    };
    let by: Vec<String> = counted.pointed_by.iter().map(title).collect();
    let rows = counted.pointed_at;
    (rows > 0).then(|| {
        let told = say::pointed_at(rows, name, &age.task.rule, &collection.title, &by);
        Verdict::broken(format!("{told}."))
    })
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
