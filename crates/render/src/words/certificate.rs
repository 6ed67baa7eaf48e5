//! The words of the certificate of erasure.

use super::{count, number};
use crate::certificate::Outcome;

/// The heading.
pub const TITLE: &str = "Certificate of erasure";

/// How it ended, in two words.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Complete => "● Complete",
        Outcome::Incomplete => "✕ Incomplete",
    }
}

/// How it ended, in one sentence.
pub fn sentence(
    outcome: Outcome,
    organisation: &str,
    kept: u64,
    remaining: u64,
    missing: u64,
) -> String {
    match (outcome, kept) {
        (Outcome::Complete, 0) => format!(
            "{organisation} has erased the person of this request from all systems below. A second \
             search found nothing."
        ),
        (Outcome::Complete, kept) => format!(
            "{organisation} has erased the person of this request from all systems below. A second \
             search found nothing but {} that must be kept.",
            count(kept, "row", "rows")
        ),
        (Outcome::Incomplete, _) => {
            let mut open = Vec::new();
            if remaining > 0 {
                open.push(format!(
                    "{} still {} the person",
                    count(remaining, "row", "rows"),
                    if remaining == 1 { "names" } else { "name" }
                ));
            }
            if missing > 0 {
                open.push(format!(
                    "{} {} not reached",
                    count(missing, "system", "systems"),
                    if missing == 1 { "was" } else { "were" }
                ));
            }
            let open = if open.is_empty() { "work is left".to_owned() } else { super::list(&open) };
            format!("The erasure by {organisation} is not finished: {open}.")
        }
    }
}

/// What was done to a collection.
pub fn done(changed: u64, deleted: u64) -> String {
    match (changed, deleted) {
        (0, 0) => "nothing changed".to_owned(),
        (changed, 0) => format!("{} changed", number(changed)),
        (0, deleted) => format!("{} deleted", number(deleted)),
        (changed, deleted) => format!("{} changed, {} deleted", number(changed), number(deleted)),
    }
}

/// No personal data.
pub const NO_PERSONAL_DATA: &str = "This certificate holds no personal data: counts and reasons \
    only. It names the person by the request’s number.";

/// How a stranger checks it.
pub const HOW_TO_CHECK: &str = "The signed form of this certificate is the JSON file that came with \
    it. Check it with the public key below, against the log entry below; neither needs our help.";

/// The request's number.
pub const REQUEST: &str = "Request";
/// When the request came.
pub const OPENED: &str = "Opened";
/// When the work ended.
pub const COMPLETED: &str = "Completed";
/// The plan's digest.
pub const PLAN: &str = "Plan";
/// What is not done.
pub const OPEN_ENDS: &str = "What is not done";
/// The table.
pub const COUNTS: &str = "What was done, system by system";
/// Its caption.
pub const COUNTS_NOTE: &str = "Rows that concern the person: found by the first search, and found by \
    the second search after the work. Rows that are kept count in both.";
/// Its columns.
pub const SYSTEM: &str = "System";
/// Its second column.
pub const COLLECTION: &str = "Collection";
/// Its third column.
pub const BEFORE: &str = "Before";
/// Its fourth column.
pub const DONE: &str = "Done";
/// Its last column.
pub const AFTER: &str = "After";
/// A system without the person.
pub const NOTHING_FOUND: &str = "nothing found";
/// What is kept.
pub const KEPT: &str = "What is kept, and why";
/// The backups.
pub const BACKUPS: &str = "What backups still hold";
/// How it was done.
pub const METHOD: &str = "How it was done and checked";
/// The proof.
pub const PROOF: &str = "Proof";
/// The log.
pub const LOG: &str = "Log";
/// The entry.
pub const ENTRY: &str = "Entry";
/// The key.
pub const KEY: &str = "Public key";

/// A system that was not reached.
pub fn not_reached(title: &str, reason: &str) -> String {
    format!("{title} was not reached: {}.", super::clause(reason))
}

/// Rows that still name the person.
pub fn remaining(system: &str, collection: &str, field: &str, rows: u64) -> String {
    let name = if rows == 1 { "names" } else { "name" };
    format!(
        "{system}, {collection}, {field}: {} still {name} the person.",
        count(rows, "row", "rows")
    )
}

/// Rows that are kept.
pub fn kept(system: &str, collection: &str, rows: u64, because: &str) -> String {
    format!("{system}, {collection}: {}. {}.", count(rows, "row", "rows"), super::clause(because))
}
