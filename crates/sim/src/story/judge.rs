//! The oracle of erasures: it knows the truth about every row and shares no code with what it judges.

use std::collections::BTreeMap;

use model::Value;
use plan::{Case, Place};
use policy::EraseRows;

use super::Theatre;
use super::answer::{About, Round};
use crate::people::{CAST, Known, Part, named, shows};
use crate::stage::{Deed, Done, lock};
use crate::world::{At, World, is_left_alone, is_left_as_it_is};
use crate::{Violation, broken};

/// Whether a text shows the person by anything that they are known by.
pub(super) fn text_shows(text: &str, about: &About) -> bool {
    let Some(person) = CAST.get(about.who) else { return false };
    about.known.iter().any(|known| shows(text, person, *known))
}

/// Whether any text of a row does.
pub(super) fn row_shows(row: &[Value], about: &About) -> bool {
    row.iter().filter_map(Value::as_text).any(|text| text_shows(text, about))
}

fn at_of(deed: &Deed, done: &Done) -> At {
    (Place::new(&deed.system, &done.table.table), done.key.clone())
}

impl Theatre {
    /// What was done since the plan was agreed to.
    pub(super) fn judge_round(
        &self,
        case: &Case,
        about: &About,
        round: &Round,
    ) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let deeds = stage.deeds.get(round.deeds..).unwrap_or_default();
        let mut by_system: BTreeMap<&str, u64> = BTreeMap::new();
        for deed in deeds {
            let Some(agreed) = round.agreed.as_ref().and_then(|agreed| agreed.get(&deed.system))
            else {
                return broken("nothing is done before somebody agrees", deed.system.clone());
            };
            if by_system.insert(&deed.system, deed.rows.len() as u64).is_some() {
                return broken("no step is done twice", deed.system.clone());
            }
            for done in &deed.rows {
                let before = agreed.get(&done.table).and_then(|rows| rows.get(&done.key));
                // A row that others touched is compared where it was changed: so is the contract.
                let as_agreed = before.is_some_and(|before| match &done.after {
                    None => *before == done.before,
                    Some(after) => {
                        let cells = before.iter().zip(&done.before).zip(after);
                        let mut changed = cells.filter(|((_, was), is)| was != is);
                        changed.all(|((agreed, was), _)| agreed == was)
                    }
                });
                if !as_agreed {
                    let told = format!("{}.{} {}", deed.system, done.table, shown(&done.before));
                    return broken("what is done is what was agreed to", told);
                }
                if case.request.kind.erases() {
                    judge_row(&stage.world, &at_of(deed, done), done, about)?;
                }
            }
        }
        let rows: u64 = by_system.values().sum();
        if round.cap.is_some_and(|cap| rows > cap) {
            return broken("no more is changed than the cap allows", format!("{rows} rows"));
        }
        for system in self.systems.iter().map(|system| &system.key) {
            let Some((changed, already)) = case.acted(system) else { continue };
            let planned: u64 = case.drafted(system).map_or(0, |drafted| {
                drafted.places.iter().map(|place| place.changed + place.deleted).sum()
            });
            let real = by_system.get(system.as_str()).copied().unwrap_or(0);
            if changed + already != planned || changed > real || real > planned {
                let told = format!(
                    "`{system}`: {changed} changed and {already} already of {planned} planned, {real} in truth"
                );
                return broken("the account is what was done", told);
            }
        }
        Ok(())
    }

    /// An incomplete end says where, and says nothing that is not so.
    pub(super) fn judge_reasons(
        &self,
        case: &Case,
        reasons: &[String],
        round: &Round,
    ) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let named = |reason: &String| {
            self.systems.iter().any(|system| reason.starts_with(&format!("`{}`", system.key)))
        };
        if reasons.is_empty() || !reasons.iter().all(named) {
            return broken("an incomplete end says where", reasons.join("; "));
        }
        for deed in stage.deeds.get(round.deeds..).unwrap_or_default() {
            let since = stage.happened_in.get(&deed.system).copied().unwrap_or(0);
            let says = format!("`{}` was not finished: ", deed.system);
            let denied = reasons.iter().any(|reason| {
                reason.starts_with(&says)
                    && !reason.contains("the second search")
                    && !reason.contains("must come after")
            });
            if denied && since == deed.faults_before && !stage.stirred {
                let told = format!("`{}` was done at {:?}", deed.system, case.phase());
                return broken("what was done is not denied", told);
            }
        }
        Ok(())
    }

    /// At a complete end the person is gone from everything that had to be cleared.
    pub(super) fn judge_gone(&self, case: &Case, about: &About) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let world = &stage.world;
        for (at, truth) in &world.truth {
            let Some(collection) = world.collection(&at.0) else { continue };
            let elsewhere = about.within.as_ref().is_some_and(|only| *only != at.0.system);
            let Some(row) = world.row(at).filter(|_| !is_left_alone(collection) && !elsewhere)
            else {
                continue;
            };
            if world.is_kept(at, row, about.as_of) {
                continue;
            }
            let hers = truth.own.contains(&about.who) && about.reached.contains(&at.0.system);
            let calm = !truth.stirred;
            if hers && calm && collection.erase == EraseRows::Delete {
                return broken(
                    "the person's rows go where rows go",
                    format!("{} {:?}", at.0, at.1),
                );
            }
            for ((field, now), before) in collection.fields.iter().zip(row).zip(&truth.before) {
                if is_left_as_it_is(field) {
                    continue;
                }
                let place = || format!("{}.{} {:?}: {}", at.0, field.name, at.1, shown(row));
                if hers && calm && field.is_personal() && !before.is_null() && now == before {
                    return broken("the person's own fields are cleared", place());
                }
                let text = now.as_text().unwrap_or_default();
                // In a row of which nobody can say whose it is, a name is any namesake's.
                let namesake = !hers && !field.free_text;
                let shows = CAST.get(about.who).is_some_and(|person| {
                    about.known.iter().any(|known| {
                        !(namesake && *known == Known::Name) && shows(text, person, *known)
                    })
                });
                if shows {
                    return broken("at a complete end the person is gone", place());
                }
            }
        }
        let _ = case;
        Ok(())
    }

    /// What had to stay stands in the plan with its reason.
    pub(super) fn judge_kept(&self, case: &Case, about: &About) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let world = &stage.world;
        for (at, truth) in world.truth.iter().filter(|(_, truth)| !truth.stirred) {
            let Some(collection) = world.collection(&at.0) else { continue };
            let Some(row) = world.row(at).filter(|_| !is_left_alone(collection)) else { continue };
            let elsewhere = about.within.as_ref().is_some_and(|only| *only != at.0.system);
            if elsewhere || *row != truth.before || !world.is_kept(at, row, about.as_of) {
                continue;
            }
            let mine = truth.own.contains(&about.who) && about.reached.contains(&at.0.system);
            let free = collection.fields.iter().zip(row).filter(|(field, _)| field.free_text);
            let mut texts = free.filter_map(|(_, value)| value.as_text());
            let hers = mine || texts.any(|text| text_shows(text, about));
            let listed = case.rows().get(&at.0, &at.1).is_some_and(|row| row.kept.is_some());
            if hers && !listed {
                return broken("what stays is listed", format!("{} {:?}", at.0, at.1));
            }
        }
        Ok(())
    }
}

/// Whether a change of a row is one that an erasure may make.
fn judge_row(world: &World, at: &At, done: &Done, about: &About) -> Result<(), Violation> {
    let place = || format!("{} {:?}: {}", at.0, at.1, shown(&done.before));
    let (Some(truth), Some(collection)) = (world.truth.get(at), world.collection(&at.0)) else {
        return Ok(());
    };
    if is_left_alone(collection) {
        return broken("what the map leaves alone is left alone", place());
    }
    if done.held || world.is_young(at, &done.before, about.as_of) {
        return broken("what must stay stays", place());
    }
    let Some(after) = &done.after else {
        let as_known = done.before == truth.before;
        let may = truth.own.contains(&about.who) && collection.erase == EraseRows::Delete;
        return if may || !as_known { Ok(()) } else { broken("nobody else's row goes", place()) };
    };
    for (number, field) in collection.fields.iter().enumerate() {
        let cell = |row: &[Value]| row.get(number).cloned().unwrap_or(Value::Null);
        let (was, is) = (cell(&done.before), cell(after));
        if was == is || was != cell(&truth.before) {
            continue;
        }
        if is_left_as_it_is(field) {
            return broken("what the map leaves alone is left alone", place());
        }
        if truth.is_of(about.who) {
            continue;
        }
        if !truth.cell_names(number, about.who) {
            return broken("nobody else's cell changes", place());
        }
        let parts = truth.parts.get(number).map_or(&[][..], Vec::as_slice);
        if !others_stay(parts, is.as_text().unwrap_or_default(), about.who) && parts.len() > 1 {
            return broken("the rest of a text stays", format!("{} to {}", place(), shown(after)));
        }
    }
    Ok(())
}

/// Whether everything that is not about the person still stands in the text, in its order.
fn others_stay(parts: &[Part], text: &str, who: usize) -> bool {
    let mut rest = text;
    parts.iter().all(|part| {
        let wanted = match part {
            Part::Words(words) => (*words).to_owned(),
            Part::Named(named, _) if *named == who => return true,
            Part::Named(other, form) => {
                CAST.get(*other).map(|p| named(p, *form)).unwrap_or_default()
            }
        };
        match rest.split_once(&wanted) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        }
    })
}

/// A row for the reader: everybody here is made up.
pub(super) fn shown(row: &[Value]) -> String {
    let cell = |value: &Value| value.to_plain_text().unwrap_or_else(|| "-".to_owned());
    row.iter().map(cell).collect::<Vec<_>>().join(" | ")
}
