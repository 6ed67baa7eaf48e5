//! The words of certificates.

use super::{count, number};
use crate::certificate::{CertificateKind, Outcome};

/// The heading.
pub const fn title(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::Erasure => "Certificate of erasure",
        CertificateKind::Closure => "Certificate of account closure",
        CertificateKind::Correction => "Certificate of correction",
    }
}

/// How it ended, in two words.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Complete => "● Complete",
        Outcome::Incomplete => "✕ Incomplete",
    }
}

/// What is left after the work.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    /// Rows kept for a reason.
    pub kept: u64,
    /// Rows left without one.
    pub remaining: u64,
    /// Systems not reached.
    pub missing: u64,
}

/// How it ended, in one sentence.
pub fn sentence(
    kind: CertificateKind,
    outcome: Outcome,
    organisation: &str,
    Left { kept, remaining, missing }: Left,
) -> String {
    if outcome == Outcome::Incomplete {
        let mut open = Vec::new();
        if remaining > 0 {
            open.push(still(kind, remaining));
        }
        if missing > 0 {
            open.push(format!(
                "{} {} not reached",
                count(missing, "system", "systems"),
                if missing == 1 { "was" } else { "were" }
            ));
        }
        let open = if open.is_empty() { "work is left".to_owned() } else { super::list(&open) };
        let what = match kind {
            CertificateKind::Erasure => "erasure",
            CertificateKind::Closure => "closing of the account",
            CertificateKind::Correction => "correction",
        };
        return format!("The {what} by {organisation} is not finished: {open}.");
    }
    let rows = count(kept, "row", "rows");
    match (kind, kept) {
        (CertificateKind::Erasure, 0) => format!(
            "{organisation} has erased the person of this request from all systems below. A second \
             search found nothing."
        ),
        (CertificateKind::Erasure, _) => format!(
            "{organisation} has erased the person of this request from all systems below. A second \
             search found nothing but {rows} that must be kept."
        ),
        (CertificateKind::Closure, 0) => format!(
            "{organisation} has closed the account of the person of this request for good and erased \
             the person from all systems below. A second search found nothing."
        ),
        (CertificateKind::Closure, _) => format!(
            "{organisation} has closed the account of the person of this request for good and erased \
             the person from all systems below. A second search found nothing but {rows} that must \
             be kept."
        ),
        (CertificateKind::Correction, 0) => format!(
            "{organisation} has corrected the data of the person of this request in all systems \
             below. Read again, every field below holds what the person asked for."
        ),
        (CertificateKind::Correction, _) => format!(
            "{organisation} has corrected the data of the person of this request in all systems \
             below. Read again, every field below holds what the person asked for; {rows} may not \
             be changed."
        ),
    }
}

fn still(kind: CertificateKind, rows: u64) -> String {
    let one = rows == 1;
    let rows = count(rows, "row", "rows");
    match (kind, one) {
        (CertificateKind::Correction, true) => format!("{rows} still holds the old value"),
        (CertificateKind::Correction, false) => format!("{rows} still hold the old value"),
        (_, true) => format!("{rows} still names the person"),
        (_, false) => format!("{rows} still name the person"),
    }
}

/// What was done to a collection.
pub fn done(changed: u64, deleted: u64, fields: &[String]) -> String {
    if !fields.is_empty() && changed > 0 {
        return format!("{} corrected: {}", number(changed), fields.join(", "));
    }
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
pub const fn counts_note(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::Erasure | CertificateKind::Closure => {
            "Rows that concern the person: found by the first search, and found by the second search \
             after the work. Rows that are kept count in both."
        }
        CertificateKind::Correction => {
            "Rows that concern the person: found before the work; and those that, read again after \
             it, still hold an old value or may not be changed."
        }
    }
}
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

/// Rows that are not done.
pub fn remaining(
    kind: CertificateKind,
    system: &str,
    collection: &str,
    field: &str,
    rows: u64,
) -> String {
    format!("{system}, {collection}, {field}: {}.", still(kind, rows))
}

/// Rows that are kept.
pub fn kept(system: &str, collection: &str, rows: u64, because: &str) -> String {
    let because = super::clause(because);
    // A day is the end of the same sentence; a reason is one of its own.
    let joint = if because.starts_with("until ") { "," } else { "." };
    format!("{system}, {collection}: {}{joint} {because}.", count(rows, "row", "rows"))
}
