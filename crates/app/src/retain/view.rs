//! What is due, in the words of people.

use std::collections::BTreeSet;

use engine::retain::{Due, Found};
use plan::retention::{Old, Schedule, Task};
use plan::{Exceptions, Place};
use policy::Policy;
use render::retention::{NotCoveredView, RetentionView, RuleView};

use crate::state::State;
use crate::{Result, view};

pub(super) async fn plan(
    state: &State,
    policy: &Policy,
    schedule: &Schedule,
    due: &[Due],
    except: &Exceptions,
) -> Result<RetentionView> {
    let mut tx = state.store.read().await?;
    let waking = tx.cases_waking(schedule.made_at).await?.len() as u64;
    tx.rollback().await?;
    let rule = |due: &Due| {
        let task = &due.task;
        let held: Vec<String> =
            except.reasons_at(&task.place).into_iter().map(str::to_owned).collect();
        let mut told = RuleView {
            id: task.id.clone(),
            system: view::system_title(policy, &task.place.system),
            what: view::collection_title(policy, &task.place),
            rule: task.rule.clone(),
            method: task.method.key().to_owned(),
            due: 0,
            at_least: false,
            oldest: None,
            held_back: 0,
            pointed_at: 0,
            pointed_by: Vec::new(),
            because: task.reasons().into_iter().chain(held).collect(),
            held: None,
            partitions: 0,
            partition_rows: 0,
            not_reached: None,
            notes: notes(task),
        };
        match &due.found {
            Found::Counted(counted) => {
                told.due = counted.rows;
                told.at_least = counted.at_least;
                told.oldest = counted.oldest;
                told.notes.extend(undated(task, counted.undated));
                told.held_back = counted.held_back;
                told.pointed_at = counted.pointed_at;
                told.pointed_by = titles(policy, &task.place, &counted.pointed_by);
                told.held.clone_from(&counted.held);
                told.partitions = counted.partitions.len() as u64;
                told.partition_rows = counted.partitions.iter().map(|(_, rows)| rows).sum();
            }
            Found::NotReached(why) | Found::Refused(why) => told.not_reached = Some(why.clone()),
        }
        told
    };
    let not_covered = schedule.not_covered.iter().map(|left| NotCoveredView {
        system: view::system_title(policy, &left.place.system),
        what: view::collection_title(policy, &left.place),
        because: left.because.clone(),
    });
    Ok(RetentionView {
        made_at: schedule.made_at,
        digest: schedule.digest(),
        rules: due.iter().map(rule).collect(),
        not_covered: not_covered.collect(),
        waking,
    })
}

/// The collections whose rows point at rows of a rule, as people know them.
pub(crate) fn titles(policy: &Policy, place: &Place, names: &BTreeSet<String>) -> Vec<String> {
    let title = |name: &String| view::collection_title(policy, &Place::new(&place.system, name));
    names.iter().map(title).collect()
}

/// Rows that the rule never disposes of, because nobody can tell how old they are.
fn undated(task: &Task, rows: Option<u64>) -> Option<String> {
    let (Old::Column(column), Some(rows @ 1..)) = (&task.old, rows) else { return None };
    let (rows, tell) =
        (render::words::count(rows, "row", "rows"), if rows == 1 { "tells" } else { "tell" });
    Some(format!(
        "{rows} {tell} no moment in `{column}`, so how old they are is not known and this rule leaves them"
    ))
}

fn notes(task: &Task) -> Vec<String> {
    let mut notes = Vec::new();
    if let Old::Clients { any_of, not_yet, .. } = &task.old {
        notes.push(format!(
            "counted for {}; {} not over yet",
            render::words::count(any_of.len() as u64, "client", "clients"),
            render::words::count(*not_yet, "client is", "clients are"),
        ));
    }
    if task.read_only {
        notes.push("this connection is read-only, so a run changes nothing there".to_owned());
    }
    notes
}
