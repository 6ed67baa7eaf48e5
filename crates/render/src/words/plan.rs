//! The words of plans and of how runs end.

use super::{clause, count, number};
use crate::plan_text::{RequestKind, RunResult};

/// The heading.
pub const fn kind(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Access => "access",
        RequestKind::Portability => "portability",
        RequestKind::Erasure => "erasure",
        RequestKind::Closure => "closing an account",
        RequestKind::Rectification => "correction",
    }
}

/// Below the heading.
pub const fn nothing_done(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Erasure | RequestKind::Closure | RequestKind::Rectification => {
            "Nothing has been changed yet."
        }
        RequestKind::Access | RequestKind::Portability => "Nothing has been handed out yet.",
    }
}

/// What the plan comes to.
pub fn sum(rows: u64, systems: u64, kept: u64) -> String {
    let mut text = if rows == 0 {
        "No row would change.".to_owned()
    } else {
        format!(
            "{} in {} would change.",
            count(rows, "row", "rows"),
            count(systems, "system", "systems")
        )
    };
    if kept > 0 {
        text.push_str(&format!(" {} would be kept.", count(kept, "row", "rows")));
    }
    text
}

/// The cap.
pub fn cap(limit: u64, planned: u64) -> String {
    if planned > limit {
        format!(
            "The plan changes {} and the cap is {}. Look at the table above; if it is right, allow \
             more with --override-cap.",
            count(planned, "row", "rows"),
            number(limit)
        )
    } else {
        format!("{} of at most {} rows.", number(planned), number(limit))
    }
}

/// A fee that the law allows.
pub fn fee(amount: &str, because: &str) -> String {
    format!(
        "A fee of {amount} could be asked for this ({}); it is waived unless --charge-fee is given",
        clause(because)
    )
}

/// A fee that was asked for.
pub fn fee_asked(amount: &str, because: &str) -> String {
    format!("Nothing is done until the fee of {amount} is paid ({}).", clause(because))
}

/// Nobody need agree.
pub const APPROVAL_NOT_NEEDED: &str = "Nobody need agree first.";

/// Somebody must.
pub fn approval_waiting(digest: &str) -> String {
    format!(
        "Somebody must agree to the plan with digest {digest} first. A plan that changes needs a new yes."
    )
}

/// Somebody did.
pub fn approval_given(by: &str, at: &str) -> String {
    format!("Agreed by {by} on {at}.")
}

/// How a run ended: "Erased: 41 rows changed in 3 systems; 2 invoices kept until 31 December 2029
/// (Income Tax Act)".
pub fn ended(run: &RunResult) -> String {
    let complete = run.remaining == 0 && run.not_reached.is_empty();
    let mut parts = vec![match run.kind {
        RequestKind::Erasure => done(run, complete, "Erased"),
        RequestKind::Closure => done(run, complete, "Account closed and erased"),
        RequestKind::Rectification => done(run, complete, "Corrected"),
        RequestKind::Access | RequestKind::Portability => found(run),
    }];
    for kept in &run.kept {
        let until = kept.until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
        parts.push(format!(
            "{} {} kept{until} ({})",
            number(kept.rows),
            kept.what,
            clause(&kept.because)
        ));
    }
    if run.remaining > 0 {
        parts.push(if run.kind == RequestKind::Rectification {
            format!(
                "{} still {} the old value",
                count(run.remaining, "row", "rows"),
                if run.remaining == 1 { "holds" } else { "hold" }
            )
        } else {
            format!(
                "{} still {} the person",
                count(run.remaining, "row", "rows"),
                if run.remaining == 1 { "names" } else { "name" }
            )
        });
    }
    for missing in &run.not_reached {
        parts.push(format!("{} was not reached ({})", missing.system, clause(&missing.reason)));
    }
    parts.join("; ")
}

fn done(run: &RunResult, complete: bool, word: &str) -> String {
    let word = if complete { word } else { "Incomplete" };
    let changed: u64 = run.systems.iter().map(|system| system.changed).sum();
    let deleted: u64 = run.systems.iter().map(|system| system.deleted).sum();
    let touched =
        run.systems.iter().filter(|system| system.changed + system.deleted > 0).count() as u64;
    let what = match (changed, deleted) {
        (0, 0) => return format!("{word}: no row had to change"),
        (changed, 0) => format!("{} changed", count(changed, "row", "rows")),
        (0, deleted) => format!("{} deleted", count(deleted, "row", "rows")),
        (changed, deleted) => {
            format!("{} changed and {} deleted", count(changed, "row", "rows"), number(deleted))
        }
    };
    format!("{word}: {what} in {}", count(touched, "system", "systems"))
}

fn found(run: &RunResult) -> String {
    let rows: u64 = run.systems.iter().map(|system| system.found).sum();
    let with = run.systems.iter().filter(|system| system.found > 0).count() as u64;
    if rows == 0 {
        "Found: nothing".to_owned()
    } else {
        format!("Found: {} in {}", count(rows, "row", "rows"), count(with, "system", "systems"))
    }
}

/// The first line.
pub fn title(request: &str, what: RequestKind, made: &str) -> String {
    format!("Plan for request {request}: {} · made {made}", kind(what))
}

/// What makes the plan impossible.
pub const ERRORS: &str = "This plan cannot be carried out";
/// What a reviewer should know.
pub const NOTES: &str = "Know before you agree";
/// Systems that cannot be reached.
pub const NOT_REACHED: &str = "Not reached: what these systems hold is not in the plan";
/// The steps.
pub const STEPS: &str = "Steps";
/// Column: the step's number.
pub const NUMBER: &str = "No.";
/// Column: the system.
pub const SYSTEM: &str = "System";
/// Column: the collection.
pub const COLLECTION: &str = "Collection";
/// Column: what a step means.
pub const MEANING: &str = "What it does";
/// Column: rows.
pub const ROWS: &str = "Rows";
/// The table of changes.
pub const CHANGES: &str = "What would change";
/// Column: what happens.
pub const HAPPENS: &str = "What happens";
/// The table of corrections.
pub const CORRECTIONS: &str = "Before and after";
/// Column: the field.
pub const FIELD: &str = "Field";
/// Column: what it holds.
pub const IS: &str = "Holds";
/// Column: what it shall hold.
pub const SHALL_BE: &str = "Would hold";
/// A field without a value.
pub const EMPTY: &str = "(empty)";
/// A field that need not change.
pub const RIGHT: &str = "(right already)";
/// What is kept.
pub const KEPT: &str = "What would be kept";
/// Column: why.
pub const BECAUSE: &str = "Why";
/// Identities that may be the same person's.
pub const POSSIBLE_IDENTITIES: &str = "May be the same person: please decide";
/// What to do about them.
pub const POSSIBLE_IDENTITIES_NEXT: &str =
    "To include one, repeat the request with it; otherwise it is left alone.";
/// Mentions that are left alone.
pub const POSSIBLE_MENTIONS: &str = "May mean the person, and would not be touched";
/// Files that could not be read.
pub const UNREAD: &str = "Files whose content could not be read";
/// Label: the cap.
pub const CAP: &str = "Cap";
/// Label: the approval.
pub const APPROVAL: &str = "Approval";
/// Label: the digest.
pub const DIGEST: &str = "Digest";
