//! Plans and results in the words of people: keys become titles, rows become sentences.

use std::collections::BTreeMap;

use model::Micros;
use plan::{Case, FieldCount, Outline, Place, RequestKind};
use policy::Policy;
use render::plan_text::{
    Approval, Cap, ChangeView, CorrectionView, KeptView, NotReachedView, PlanView,
    PossibleIdentity, PossibleMention, RequestKind as ShownKind, RunKept, RunNotReached, RunResult,
    RunSystem, StepView,
};

/// The name people know a system by.
pub(crate) fn system_title(policy: &Policy, key: &str) -> String {
    policy.system(key).map_or_else(|| key.to_owned(), |system| system.title.clone())
}

/// The words people are shown for a collection.
pub(crate) fn collection_title(policy: &Policy, place: &Place) -> String {
    policy
        .collection(&place.system, &place.collection)
        .map_or_else(|| place.collection.clone(), |collection| collection.title.clone())
}

pub(crate) const fn kind(kind: RequestKind) -> ShownKind {
    match kind {
        // A mark has no plan.
        RequestKind::Access
        | RequestKind::Restriction
        | RequestKind::Objection
        | RequestKind::OptOut
        | RequestKind::ConsentWithdrawal => ShownKind::Access,
        RequestKind::Portability => ShownKind::Portability,
        RequestKind::Closure => ShownKind::Closure,
        RequestKind::Rectification => ShownKind::Rectification,
        RequestKind::Erasure => ShownKind::Erasure,
    }
}

/// The words for a kind of identifier.
pub(crate) const fn identity(kind: model::IdentityKind) -> &'static str {
    match kind {
        model::IdentityKind::Email => "e-mail address",
        model::IdentityKind::Phone => "telephone number",
        model::IdentityKind::UserName => "user name",
        model::IdentityKind::AccountId => "account number",
        model::IdentityKind::Name => "name",
    }
}

/// The plan as an operator reads it.
pub(crate) fn plan(outline: &Outline, policy: &Policy, now: Micros) -> PlanView {
    let place_title = |place: &str| {
        let mut parts = place.splitn(2, '.');
        let (system, collection) = (parts.next().unwrap_or_default(), parts.next());
        let title = system_title(policy, system);
        collection.map_or(title.clone(), |collection| {
            format!("{title}, {}", collection_title(policy, &Place::new(system, collection)))
        })
    };
    let changes = outline
        .places
        .iter()
        .filter(|row| row.changed + row.deleted > 0 || !outline.kind.changes())
        .map(|row| ChangeView {
            system: system_title(policy, &row.place.system),
            collection: collection_title(policy, &row.place),
            happens: if outline.kind.changes() {
                happens(row.deleted, &row.fields)
            } else {
                "handed out".to_owned()
            },
            rows: if outline.kind.changes() { row.changed + row.deleted } else { row.rows },
        })
        .collect();
    PlanView {
        request: outline.request.clone(),
        kind: kind(outline.kind),
        digest: outline.digest.clone(),
        made_at: now,
        steps: steps(outline, policy),
        changes,
        corrections: outline
            .corrected
            .iter()
            .map(|one| CorrectionView {
                system: system_title(policy, &one.place.system),
                field: format!("{}: {}", collection_title(policy, &one.place), one.field),
                before: one.before.clone(),
                after: one.after.clone(),
                rows: one.rows,
            })
            .collect(),
        kept: outline
            .kept
            .iter()
            .map(|kept| KeptView {
                system: system_title(policy, &kept.place.system),
                collection: collection_title(policy, &kept.place),
                rows: kept.rows,
                because: because(&kept.until),
            })
            .collect(),
        not_reached: outline
            .not_reached
            .iter()
            .map(|(system, reason)| NotReachedView {
                system: system_title(policy, system),
                reason: reason.clone(),
            })
            .collect(),
        unread_files: outline
            .unread
            .iter()
            .map(|(place, count)| {
                format!("{}: {count} value(s) that are compressed, encrypted or pictures", place_title(place))
            })
            .collect(),
        possible_identities: outline
            .possible
            .iter()
            .map(|(address, rows)| PossibleIdentity {
                place: "in text beside a known address".to_owned(),
                identity: model::Personal::new(address.clone()),
                reason: format!(
                    "it holds the person's name and stands beside a known address in {rows} row(s); if it is the person's, ask again with a further `--email`"
                ),
            })
            .collect(),
        possible_mentions: outline
            .bare_names
            .iter()
            .map(|(place, rows)| PossibleMention {
                place: place_title(place),
                rows: *rows,
                reason: "only a first or last name, which many people share".to_owned(),
            })
            .chain(outline.namesakes.iter().map(|(place, rows)| PossibleMention {
                place: place_title(place),
                rows: *rows,
                reason: "the same name, with an address or account of somebody else".to_owned(),
            }))
            .collect(),
        errors: outline
            .problems
            .iter()
            .map(|(system, problem)| {
                let place = place_title(&format!("{system}.{}", problem.collection));
                format!("{place}: {}", problem.message)
            })
            .chain(outline.against.iter().cloned())
            .collect(),
        notes: outline.notes.clone(),
        cap: (outline.kind.changes())
            .then_some(Cap { limit: outline.cap_rows, planned: outline.rows_to_change }),
        approval: if outline.kind.changes() && outline.needs_approval {
            Approval::Waiting
        } else {
            Approval::NotNeeded
        },
    }
}

/// The steps, each look-up once however often a wave repeated it. What found nothing is summed up
/// in one line for each system: that it was looked for matters, its place in the list does not.
fn steps(outline: &Outline, policy: &Policy) -> Vec<StepView> {
    let mut found: Vec<(String, String, u64)> = Vec::new();
    let mut at: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut nothing: BTreeMap<String, u64> = BTreeMap::new();
    for step in outline.steps.iter() {
        let system = system_title(policy, &step.system);
        let same = (system.clone(), step.meaning.as_str());
        if let Some(known) = at.get(&same).and_then(|&at| found.get_mut(at)) {
            known.2 += step.rows;
        } else if step.rows > 0 {
            at.insert(same, found.len());
            found.push((system, step.meaning.clone(), step.rows));
        } else {
            *nothing.entry(system).or_default() += 1;
        }
    }
    found.extend(nothing.into_iter().map(|(system, count)| {
        (system, format!("{count} further step(s) looked here and found nothing"), 0)
    }));
    found
        .into_iter()
        .zip(1..)
        .map(|((system, meaning, rows), number)| StepView {
            number,
            system,
            meaning,
            rows: Some(rows),
        })
        .collect()
}

/// "until 31 December 2029: Income Tax Act".
pub(crate) fn because(until: &plan::KeptUntil) -> String {
    match &until.until {
        Some(day) => {
            format!("until {}: {}", render::words::calendar_day(day), until.because)
        }
        None => until.because.clone(),
    }
}

/// What happens to a collection, in a few words.
fn happens(deleted: u64, fields: &[FieldCount]) -> String {
    let mut parts = Vec::new();
    if deleted > 0 {
        parts.push("rows deleted".to_owned());
    }
    let mut by_how: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for field in fields {
        by_how.entry(field.how.as_str()).or_default().push(&field.field);
    }
    for (how, fields) in by_how {
        let fields = fields.join(", ");
        parts.push(match how {
            "null" => format!("{fields} emptied"),
            "redact" => format!("named in {fields}: taken out"),
            "pseudonym" => format!("{fields} replaced by a unique pseudonym"),
            "random" => format!("{fields} replaced by a random text"),
            "hash" => format!("{fields} replaced by a keyed hash"),
            "file" => format!("files in {fields} replaced"),
            "correct" => format!("{fields} corrected"),
            _ => format!("{fields} replaced"),
        });
    }
    parts.join("; ")
}

/// How an erasure ended.
pub(crate) fn result(case: &Case, outline: &Outline, policy: &Policy) -> RunResult {
    let mut systems: BTreeMap<String, RunSystem> = BTreeMap::new();
    for row in &outline.places {
        let title = system_title(policy, &row.place.system);
        let done =
            case.acted(&row.place.system).is_some_and(|(changed, already)| changed + already > 0);
        let entry = systems.entry(title.clone()).or_insert_with(|| RunSystem {
            system: title,
            found: 0,
            changed: 0,
            deleted: 0,
        });
        entry.found += row.rows;
        if done {
            entry.changed += row.changed;
            entry.deleted += row.deleted;
        }
    }
    RunResult {
        kind: kind(outline.kind),
        systems: systems.into_values().collect(),
        kept: outline
            .kept
            .iter()
            .map(|kept| RunKept {
                rows: kept.rows,
                what: format!(
                    "{} of “{}”",
                    if kept.rows == 1 { "row" } else { "rows" },
                    collection_title(policy, &kept.place)
                ),
                until: kept.until.until.as_deref().map(render::words::calendar_day),
                because: kept.until.because.clone(),
            })
            .collect(),
        remaining: policy.systems.iter().map(|s| case.remaining(&s.key).len() as u64).sum(),
        not_reached: case
            .not_reached()
            .iter()
            .map(|(system, reason)| RunNotReached {
                system: system_title(policy, system),
                reason: reason.clone(),
            })
            .collect(),
    }
}
