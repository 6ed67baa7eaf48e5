//! Only some roles reach the data: the grants of each database, held against the matrix.

use std::collections::{BTreeMap, BTreeSet};

use connect::Privilege;
use model::TableName;
use policy::file::promises::{AccessControl, AttestationControl};
use policy::{ClassRow, Collection, Period, PeriodUnit, Promise, System};
use render::coverage::State;
use render::words;

use super::attested;
use super::facts::{Facts, Reached};
use super::verdict::{Verdict, few};

pub(super) fn judge(control: &AccessControl, promise: &Promise, facts: &Facts<'_>) -> Verdict {
    let rows: Vec<&ClassRow> = facts
        .policy
        .classification
        .iter()
        .filter(|row| control.class.as_ref().is_none_or(|key| *key == row.key))
        .collect();
    let mut parts = Vec::new();
    let mut own = BTreeSet::new();
    let (mut asked, mut accounts) = (0_u64, BTreeSet::new());
    for system in facts.policy.systems.iter().filter(|system| holds(system, &rows)) {
        match reached(system, facts) {
            Err(verdict) => parts.push(verdict),
            Ok((reached, privileges)) => {
                asked += 1;
                own.extend(reached.grants.iter().map(|grants| grants.account.clone()));
                accounts.extend(privileges.iter().filter(|p| p.can_sign_in).map(|p| &p.account));
                parts.extend(strangers(system, &rows, reached, privileges));
            }
        }
    }
    if parts.is_empty() {
        parts.push(if asked == 0 {
            Verdict::unproven("No mapped system holds such data, so no grant was compared.")
        } else {
            Verdict::upheld(format!(
                "No account reads what its role may not, in {}.",
                words::count(asked, "system", "systems")
            ))
        });
    }
    if control.second_factor {
        parts.push(second_factor(promise, facts));
    }
    let own: Vec<String> = own.into_iter().filter(|name| !name.is_empty()).collect();
    let mut evidence = format!(
        "the grants of {} in {} compared",
        words::count(accounts.len() as u64, "account", "accounts"),
        words::count(asked, "system", "systems")
    );
    if !own.is_empty() {
        evidence.push_str(&format!("; not counted: our own {}", few(&own)));
    }
    Verdict::of(parts, "").shown_by(evidence)
}

fn holds(system: &System, rows: &[&ClassRow]) -> bool {
    system.collections.iter().any(|collection| meant(collection, rows))
}

/// Whether a collection, or a field of it, follows one of these rows of the matrix.
fn meant(collection: &Collection, rows: &[&ClassRow]) -> bool {
    let follows = |class: &Option<String>| rows.iter().any(|row| Some(&row.key) == class.as_ref());
    follows(&collection.class) || collection.fields.iter().any(|field| follows(&field.class))
}

/// The system's grants, or why they cannot be judged.
fn reached<'f>(
    system: &System,
    facts: &'f Facts<'_>,
) -> Result<(&'f Reached, &'f [Privilege]), Verdict> {
    let title = &system.title;
    let Some(reached) = facts.reached.get(&system.key) else {
        return Err(Verdict::unproven(format!(
            "{title} was not reached; its grants are not known."
        )));
    };
    if system.accounts.is_empty() {
        return Err(Verdict::unproven(format!(
            "Nothing says which accounts of {title} belong to which role: write `accounts:` into systems/{}.yaml.",
            system.key
        )));
    }
    match &reached.privileges {
        Some(Ok(privileges)) => Ok((reached, privileges)),
        Some(Err(error)) => Err(Verdict::unproven(format!("{title}: {error}."))),
        None => Err(Verdict::unproven(format!("{title} was not asked for its grants."))),
    }
}

/// Accounts that read what no role of theirs may.
fn strangers(
    system: &System,
    rows: &[&ClassRow],
    reached: &Reached,
    privileges: &[Privilege],
) -> Vec<Verdict> {
    let own = reached.grants.as_ref().map(|grants| grants.account.as_str());
    // Account → the tables it reads without a role for them.
    let mut strangers: BTreeMap<(&str, Option<&str>), BTreeSet<String>> = BTreeMap::new();
    let mut unseen = Vec::new();
    for collection in &system.collections {
        let Some(table) = reached.table(&collection.table) else {
            if meant(collection, rows) {
                unseen.push(format!("`{}`", collection.table));
            }
            continue;
        };
        let of_table: Vec<&Privilege> = privileges
            .iter()
            .filter(|one| one.read && one.can_sign_in && one.table == table.name)
            .filter(|one| Some(one.account.as_str()) != own)
            .collect();
        if of_table.is_empty() {
            continue;
        }
        for field in &collection.fields {
            let class = field.class.as_ref().or(collection.class.as_ref());
            let Some(row) = rows.iter().find(|row| Some(&row.key) == class) else { continue };
            for one in &of_table {
                let covers = one.column.as_ref().is_none_or(|column| *column == field.name);
                let may = row.access.iter().any(|role| {
                    system.accounts.get(role).is_some_and(|names| names.contains(&one.account))
                });
                if covers && !may {
                    strangers
                        .entry((&one.account, one.through.as_deref()))
                        .or_default()
                        .insert(table.name.to_string());
                }
            }
        }
    }
    let mut parts: Vec<Verdict> = strangers
        .into_iter()
        .map(|((account, through), tables)| {
            let tables: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
            let through = through.map_or_else(String::new, |why| format!(" ({why})"));
            Verdict::broken(format!(
                "`{account}`{through} reads {} in {} and belongs to no role that may.",
                few(&tables),
                system.title
            ))
        })
        .collect();
    if !unseen.is_empty() {
        parts.push(Verdict::unproven(format!(
            "{} of {} cannot be seen with our account, so nobody knows who reads there.",
            few(&unseen),
            system.title
        )));
    }
    parts.extend(views(system, reached, privileges));
    parts
}

/// A view shows what stands in tables, and a grant on it needs none on them. What the map does not
/// say, nobody can hold against the matrix.
fn views(system: &System, reached: &Reached, privileges: &[Privilege]) -> Option<Verdict> {
    let own = reached.grants.as_ref().map(|grants| grants.account.as_str());
    let mapped: BTreeSet<&TableName> = system
        .collections
        .iter()
        .filter_map(|collection| reached.table(&collection.table))
        .map(|table| &table.name)
        .collect();
    let staff: BTreeSet<&str> = system.accounts.values().flatten().map(String::as_str).collect();
    let read: BTreeSet<(&str, &TableName)> = privileges
        .iter()
        .filter(|one| one.read && one.can_sign_in && Some(one.account.as_str()) != own)
        .filter(|one| !staff.contains(one.account.as_str()) && !mapped.contains(&one.table))
        .filter(|one| reached.catalogue.table(&one.table).is_some_and(|table| table.is_view))
        .map(|one| (one.account.as_str(), &one.table))
        .collect();
    let told: Vec<String> =
        read.iter().map(|(account, view)| format!("`{account}` reads `{view}`")).collect();
    (!told.is_empty()).then(|| {
        Verdict::unproven(format!(
            "Nothing says what these views of {} show: {}. Map them, or take the grant away.",
            system.title,
            few(&told)
        ))
    })
}

/// There is no sign-in of staff here yet, so somebody must confirm it.
fn second_factor(promise: &Promise, facts: &Facts<'_>) -> Verdict {
    let asked = AttestationControl {
        what: "Everybody signs in with a second factor.".to_owned(),
        owner: "security lead".to_owned(),
        every: Period { count: 1, unit: PeriodUnit::Years },
    };
    let mut verdict = attested::judge(&asked, promise, facts);
    verdict.evidence = None;
    if verdict.state == State::Unproven {
        verdict.reason = format!(
            "A second factor cannot be seen from here: confirm it with `upheld attest {} --by NAME`.",
            promise.id
        );
    }
    verdict
}
