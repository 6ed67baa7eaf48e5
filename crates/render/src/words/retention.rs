//! The words of retention: what is due, what a run did, the record of destruction.

use super::{count, number};

/// The heading of the plan.
pub const PLAN: &str = "What is older than promised";
/// Column: the system.
pub const SYSTEM: &str = "System";
/// Column: the collection.
pub const WHAT: &str = "What";
/// Column: the rule.
pub const RULE: &str = "Rule";
/// Column: rows due.
pub const DUE: &str = "Due";
/// Column: the oldest.
pub const OLDEST: &str = "Oldest";
/// Column: rows that stay.
pub const HELD_BACK: &str = "Must stay";
/// Column: rows that stay because others point at them.
pub const POINTED_AT: &str = "Pointed at";
/// Column: rows gone.
pub const GONE: &str = "Gone";
/// Column: rows that went along.
pub const ALONG: &str = "With them";
/// Column: what is left.
pub const LEFT: &str = "Left";
/// Heading of what is not covered.
pub const NOT_COVERED: &str = "What no rule covers";
/// Heading of what stands in the way.
pub const STANDING: &str = "What could not be looked at";
/// Heading of rows that stay because others point at them.
pub const POINTED: &str = "What stays without a reason that a notice allows";
/// Heading of remarks.
pub const NOTES: &str = "Why rows stay, and how they go";
/// The title of the record.
pub const TITLE: &str = "Record of destruction";
/// Label: the run.
pub const RUN: &str = "Run";
/// Label: begun.
pub const BEGUN: &str = "Begun";
/// Label: ended.
pub const ENDED: &str = "Ended";
/// Label: what the run was agreed to by.
pub const SCHEDULE: &str = "Rules, digest";
/// The table.
pub const COUNTS: &str = "What was destroyed, rule by rule";
/// Its caption.
pub const COUNTS_NOTE: &str = "Rows disposed of, rows of other tables that went with them, and what \
    was still due when it was counted again afterwards, with the rows that are old enough and stay: \
    by a minimum age or a hold, or because others point at them.";
/// What a rule is about.
pub fn what(rule: &crate::destruction::DestroyedBy) -> String {
    format!("{}, {}", rule.system, rule.collection)
}

/// The rows of other tables that went along.
pub fn along(with: &[(String, u64)]) -> String {
    let each = with.iter().map(|(table, n)| format!("{}: {}", table.replace('_', " "), number(*n)));
    format!("With them went {}", crate::text::one_line(&each.collect::<Vec<_>>().join(", ")))
}

/// By which rule rows went, what became of them, and up to which day.
pub fn by(rule: &crate::destruction::DestroyedBy, day: &str) -> String {
    format!("{}: older than {day}, {}", rule.words, method(&rule.method))
}

/// Column: how.
pub const METHOD: &str = "How";
/// What was respected.
pub const RESPECTED: &str = "What was held back, and why";
/// What is not done.
pub const OPEN_ENDS: &str = "What is not done";
/// The proof.
pub const PROOF: &str = "Proof";
/// No personal data.
pub const NO_PERSONAL_DATA: &str =
    "This record holds no personal data: rules, counts, limits and reasons only.";
/// How a stranger checks it.
pub const HOW_TO_CHECK: &str = "The signed form of this record is the JSON file that came with it. \
    Check it with the public key below, against the log entry below; neither needs our help.";

/// The sum of a plan, in one sentence.
pub fn sum(rows: u64, at_least: bool, rules: u64, held_back: u64, pointed_at: u64) -> String {
    let mut text = match rows {
        0 => format!("Nothing is due by {}.", count(rules, "rule", "rules")),
        rows => format!(
            "{}{} due by {}.",
            if at_least { "At least " } else { "" },
            if rows == 1 { "1 row is".to_owned() } else { format!("{} rows are", number(rows)) },
            count(rules, "rule", "rules")
        ),
    };
    if held_back > 0 {
        text.push_str(&format!(
            " {} old enough and {}{}.",
            if held_back == 1 {
                "1 row is".to_owned()
            } else {
                format!("{} rows are", number(held_back))
            },
            if held_back == 1 { "stays" } else { "stay" },
            match pointed_at {
                0 => String::new(),
                all if all == held_back => ", because others point there".to_owned(),
                some => format!(", {} because others point there", number(some)),
            }
        ));
    }
    text
}

/// Rows that are past their limit and stay because others point at them, and what to do about it.
/// `title` is that of their own collection, which may be among those that point.
pub fn pointed_at(rows: u64, of: &str, rule: &str, title: &str, by: &[String]) -> String {
    let others: Vec<&str> = by.iter().map(String::as_str).filter(|by| *by != title).collect();
    let own = format!("other {title}");
    let all: Vec<&str> =
        others.iter().copied().chain((others.len() < by.len()).then_some(own.as_str())).collect();
    let whose = if all.is_empty() { "other rows".to_owned() } else { super::list(&all) };
    let (are, stay) = if rows == 1 { ("is", "stays") } else { ("are", "stay") };
    let mut text = format!(
        "{} of {of} {are} past the limit of {rule} and {stay} because {whose} point at {}",
        count(rows, "row", "rows"),
        if rows == 1 { "it" } else { "them" },
    );
    if others.len() == all.len() && !others.is_empty() {
        text.push_str(": name them in `with:`");
    } else if !others.is_empty() {
        text.push_str(&format!(": name {} in `with:`", super::list(&others)));
    }
    text
}

/// Nothing was changed.
pub const NOTHING_DONE: &str = "Nothing was changed.";

/// How rows go by a rule.
pub fn method(method: &str) -> &'static str {
    match method {
        "anonymise" => "anonymised",
        "redact" => "names taken out",
        "aggregate" => "counted, then deleted",
        _ => "deleted",
    }
}

/// Whole partitions.
pub fn partitions(partitions: u64, rows: u64) -> String {
    format!(
        "{} with about {} would be dropped whole",
        count(partitions, "partition", "partitions"),
        count(rows, "row", "rows")
    )
}

/// A hold over everything.
pub fn held(why: &str) -> String {
    format!("all of it stays: {}", super::clause(why))
}

/// The record in two words.
pub const fn outcome(complete: bool) -> &'static str {
    if complete { "● Complete" } else { "✕ Incomplete" }
}

/// The record in one sentence.
pub fn sentence(
    complete: bool,
    organisation: &str,
    rows: u64,
    held_back: u64,
    pointed_at: u64,
) -> String {
    let done = match rows {
        0 => format!(
            "{organisation} looked for data that is older than promised and found none to destroy"
        ),
        rows => format!(
            "{organisation} has destroyed {} that had reached the end of their time",
            count(rows, "row", "rows")
        ),
    };
    let held = match held_back.saturating_sub(pointed_at) {
        0 => String::new(),
        rows => format!("; {} must be kept and stay", count(rows, "row", "rows")),
    };
    let pointed = match pointed_at {
        0 => String::new(),
        rows => format!(
            "; {} past the limit and {}, because others point there",
            count(rows, "row is", "rows are"),
            if rows == 1 { "stays" } else { "stay" }
        ),
    };
    let open = if complete { "" } else { "; not everything could be done" };
    format!("{done}{held}{pointed}{open}.")
}

/// An interrupted batch.
pub fn unknown(what: &str, rows: u64) -> String {
    format!(
        "{what}: the run was interrupted; up to {} more, with what goes along, may be gone than the counts say",
        count(rows, "row", "rows")
    )
}
