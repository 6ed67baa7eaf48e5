//! The oracle of retention: by days counted on fingers, row by row.

use std::collections::{BTreeMap, BTreeSet};

use engine::retain::Run;
use model::{Micros, RowKey, Value};
use plan::Place;
use plan::retention::Schedule;
use policy::{Collection, CountFrom, Disposal, PeriodUnit, Retain};

use super::Theatre;
use super::judge::shown;
use crate::stage::{Done, lock};
use crate::time::{DAY, moment, years_ago};
use crate::world::{At, World, cell};
use crate::{Violation, broken};

/// The first moment that is not old by a limit of so many years; for a day the whole day is young.
fn limit(now: Micros, years: i64, value: &Value) -> Micros {
    let at = years_ago(now, years);
    let is_day = value.as_text().is_some_and(|text| text.len() == 10);
    if is_day { Micros(at.0.div_euclid(DAY) * DAY) } else { at }
}

fn is_old(now: Micros, years: u32, value: Option<&Value>) -> bool {
    value.is_some_and(|value| {
        moment(value).is_some_and(|at| at < limit(now, i64::from(years), value))
    })
}

/// Whether a rule says that a row is due.
fn is_due(collection: &Collection, rule: &Retain, row: &[Value], now: Micros) -> bool {
    let CountFrom::Column(column) = &rule.from else { return false };
    let meets = rule.when.iter().all(|when| {
        let held = cell(collection, row, &when.column).and_then(Value::to_plain_text);
        held.is_some_and(|held| when.any_of.contains(&held))
    });
    rule.max.unit == PeriodUnit::Years
        && meets
        && is_old(now, rule.max.count, cell(collection, row, column))
}

/// Whether a minimum age keeps a row from a run.
fn is_guarded(collection: &Collection, row: &[Value], now: Micros) -> bool {
    collection
        .keep
        .iter()
        .any(|keep| !is_old(now, keep.period.count, cell(collection, row, &keep.from)))
}

/// The rows of the same system that a reference of the map ties to this one, with their values.
fn children<'w>(
    world: &'w World,
    at: &'w At,
    now: impl Fn(&At) -> Option<&'w Vec<Value>> + 'w,
) -> Vec<(At, &'w Vec<Value>)> {
    let mut found = Vec::new();
    for other in world.truth.keys().filter(|other| other.0.system == at.0.system) {
        let (Some(collection), Some(row)) = (world.collection(&other.0), now(other)) else {
            continue;
        };
        for (field, value) in collection.fields.iter().zip(row) {
            let leads = field.references.iter().any(|reference| {
                reference.to.system == at.0.system
                    && reference.to.collection == at.0.collection
                    && at.1 == RowKey(vec![value.clone()])
            });
            if leads {
                found.push((other.clone(), row));
            }
        }
    }
    found
}

impl Theatre {
    /// What was done so far was allowed, and is what the run says.
    pub(super) fn judge_run(&self, run: &Run, schedule: &Schedule) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let world = &stage.world;
        let mut gone: BTreeMap<At, &Done> = BTreeMap::new();
        let mut changed: BTreeMap<Place, u64> = BTreeMap::new();
        for deed in &stage.deeds {
            for done in &deed.rows {
                let at = (Place::new(&deed.system, &done.table.table), done.key.clone());
                if done.after.is_none() {
                    gone.insert(at, done);
                } else {
                    judge_changed(world, &at, done, deed.at)?;
                    *changed.entry(at.0).or_default() += 1;
                }
            }
        }
        for (at, done) in &gone {
            judge_deleted(world, at, done, world.now, &gone)?;
        }
        self.judge_dangling(world, &gone)?;
        if stage.stirred {
            return Ok(());
        }
        self.judge_account(run, schedule, &gone, &changed)
    }

    /// Nothing is left pointing at what is gone.
    fn judge_dangling(&self, world: &World, gone: &BTreeMap<At, &Done>) -> Result<(), Violation> {
        for at in gone.keys() {
            if let Some((left, row)) = children(world, at, |at| world.row(at)).first() {
                let told = format!("{} {} still points at {}", left.0, shown(row), at.0);
                return broken("nothing is left pointing at nothing", told);
            }
        }
        Ok(())
    }

    fn judge_account(
        &self,
        run: &Run,
        schedule: &Schedule,
        gone: &BTreeMap<At, &Done>,
        changed: &BTreeMap<Place, u64>,
    ) -> Result<(), Violation> {
        let mut by_place: BTreeMap<Place, (u64, u64, u64)> = BTreeMap::new();
        for told in &run.tasks {
            let roots = by_place.entry(told.place.clone()).or_default();
            roots.0 += told.rows;
            roots.1 += told.unknown + told.in_flight;
            for (table, rows) in &told.dependents {
                by_place.entry(Place::new(&told.place.system, table)).or_default().0 += rows;
            }
            // How many dependents went with a batch that nobody knows of is not known either.
            if told.unknown + told.in_flight > 0 {
                for task in schedule.tasks.iter().filter(|task| task.id == told.task) {
                    for branch in &task.dependents {
                        by_place.entry(branch.link.place.clone()).or_default().1 += 1_000;
                    }
                }
            }
            let counted: u64 = told.counts.values().sum();
            if told.method == "aggregate" && !run.is_open() && counted != told.rows {
                let what = format!("{counted} counted, {} gone from {}", told.rows, told.place);
                return broken("what is counted is what is gone", what);
            }
            if told.method == "aggregate" && told.unknown > 0 {
                return broken("each counted row is known", told.place.to_string());
            }
        }
        if run.is_open() {
            return Ok(());
        }
        let mut real: BTreeMap<&Place, u64> = BTreeMap::new();
        for at in gone.keys() {
            *real.entry(&at.0).or_default() += 1;
        }
        for (place, rows) in changed {
            *real.entry(place).or_default() += rows;
        }
        for (place, rows) in real {
            let (told, unknown, _) = by_place.remove(place).unwrap_or_default();
            if told > rows || rows > told + unknown {
                let what =
                    format!("{place}: {told} told, at most {unknown} unknown, {rows} in truth");
                return broken("the account is what was done", what);
            }
        }
        match by_place.iter().find(|(_, (told, ..))| *told > 0) {
            Some((place, (told, ..))) => broken(
                "the account is what was done",
                format!("{place}: {told} told, none in truth"),
            ),
            None => Ok(()),
        }
    }

    /// At a complete end everything that is due and that nothing keeps is gone.
    pub(super) fn judge_disposed(&self, run: &Run, _: &Schedule) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let world = &stage.world;
        let _ = run;
        for (at, truth) in world.truth.iter().filter(|(_, truth)| !truth.stirred) {
            let (Some(collection), Some(row)) = (world.collection(&at.0), world.row(at)) else {
                continue;
            };
            for rule in &collection.retain {
                if !is_due(collection, rule, row, world.now) || is_kept(world, at, row) {
                    continue;
                }
                let deletes = matches!(rule.method, Disposal::Delete | Disposal::Aggregate { .. });
                let pointed = children(world, at, |at| world.row(at));
                if deletes && pointed.is_empty() {
                    let told = format!("{} {:?}: {}", at.0, at.1, shown(row));
                    return broken("at a complete end nothing is due", told);
                }
                for ((field, now), before) in collection.fields.iter().zip(row).zip(&truth.before) {
                    let cleared = rule.method == Disposal::Anonymise && field.is_personal();
                    let whole = !field.free_text && !before.is_null();
                    if cleared && whole && now == before {
                        let told = format!("{}.{} {:?}: {}", at.0, field.name, at.1, shown(row));
                        return broken("at a complete end nothing is due", told);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether a hold or a minimum age keeps a row, or one of a place that is held as a whole.
fn is_kept(world: &World, at: &At, row: &[Value]) -> bool {
    let guarded = world.collection(&at.0).is_some_and(|c| is_guarded(c, row, world.now));
    // A hold over a place whose rows go along keeps the whole rule.
    let beside = world.holds.iter().any(|held| match held {
        crate::world::Held::Row(..) => false,
        crate::world::Held::Collection(place) => place.system == at.0.system,
        crate::world::Held::System(system) => *system == at.0.system,
    });
    world.is_held(at) || guarded || beside
}

/// A row that was changed and stays had to be changed.
fn judge_changed(world: &World, at: &At, done: &Done, now: Micros) -> Result<(), Violation> {
    let Some(collection) = world.collection(&at.0) else {
        return broken("only what a rule names is touched", at.0.to_string());
    };
    let due = collection.retain.iter().any(|rule| {
        matches!(rule.method, Disposal::Anonymise | Disposal::Redact)
            && is_due(collection, rule, &done.before, now)
    });
    if !due || done.held || is_guarded(collection, &done.before, now) {
        let told = format!("{} {:?}: {}", at.0, at.1, shown(&done.before));
        return broken("nothing that is not due is touched", told);
    }
    Ok(())
}

/// A row that was deleted was due, or went along with one that was; and nothing kept it.
fn judge_deleted(
    world: &World,
    at: &At,
    done: &Done,
    now: Micros,
    gone: &BTreeMap<At, &Done>,
) -> Result<(), Violation> {
    let told = || format!("{} {:?}: {}", at.0, at.1, shown(&done.before));
    let Some(collection) = world.collection(&at.0) else {
        return broken("only what a rule names is touched", told());
    };
    if done.held {
        return broken("nothing that is held goes", told());
    }
    if is_guarded(collection, &done.before, now) {
        return broken("nothing under its minimum age goes", told());
    }
    let deletes =
        |rule: &&Retain| matches!(rule.method, Disposal::Delete | Disposal::Aggregate { .. });
    let due = |collection: &Collection, row: &[Value]| {
        collection.retain.iter().filter(deletes).any(|rule| is_due(collection, rule, row, now))
    };
    if due(collection, &done.before) {
        return Ok(());
    }
    // It went along: then what it belongs to was due, takes it along, and is gone too.
    let parents: BTreeSet<At> = collection
        .fields
        .iter()
        .zip(&done.before)
        .flat_map(|(field, value)| {
            field.references.iter().map(move |reference| {
                let place = Place::new(&reference.to.system, &reference.to.collection);
                (place, RowKey(vec![value.clone()]))
            })
        })
        .collect();
    let goes_along = parents.iter().any(|parent| {
        let (Some(above), Some(row)) = (world.collection(&parent.0), gone.get(parent)) else {
            return false;
        };
        above.retain.iter().filter(deletes).any(|rule| {
            rule.with.contains(&at.0.collection) && is_due(above, rule, &row.before, now)
        })
    });
    if goes_along { Ok(()) } else { broken("nothing that is not due goes", told()) }
}
