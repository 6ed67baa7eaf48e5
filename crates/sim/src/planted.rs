//! Mistakes made on purpose, and the hunt for each: that all of them are found proves that the
//! simulation finds mistakes.

use crate::{Seed, Violation, play};

/// A planted mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bug {
    /// Its name, as it stands in the code.
    pub name: &'static str,
    /// What it does.
    pub does: &'static str,
}

const fn bug(name: &'static str, does: &'static str) -> Bug {
    Bug { name, does }
}

/// Every planted mistake.
pub const ALL: [Bug; 28] = [
    bug("a_minimum_age_ends_a_day_early", "a row goes on the last day on which the law keeps it"),
    bug("an_unreadable_day_keeps_nothing", "a minimum age that cannot be judged is taken as over"),
    bug("a_hold_is_read_once", "a hold put on while the plan waited is not seen"),
    bug("the_second_look_is_skipped", "what was changed is taken for complete"),
    bug("who_was_not_reached_is_not_named", "a system that was gone is passed over in silence"),
    bug("a_failed_act_is_not_named", "an act that failed is passed over in silence"),
    bug(
        "a_time_limit_counts_as_done",
        "a server that stopped the statement is taken to have done it",
    ),
    bug("a_broken_commit_counts_as_failed", "an unknown outcome is taken for a failure"),
    bug(
        "changed_rows_are_overwritten",
        "rows that changed since the plan are changed all the same",
    ),
    bug("candidates_are_people", "what a case-blind database returns is taken for the person"),
    bug("a_mention_is_left", "the person stays in texts of other people's rows"),
    bug("a_shared_row_is_deleted", "a row that is not the person's alone is deleted"),
    bug("kept_rows_are_changed", "rows that a law or a hold keeps are changed with the others"),
    bug("a_waiting_step_is_not_written_down", "the last waiting step is lost with the process"),
    bug("an_act_is_not_written_down", "a change is not kept before the next one begins"),
    bug("the_cap_is_not_asked", "a plan of any size is agreed to"),
    bug("a_shared_number_is_followed", "the switchboard's number makes colleagues one person"),
    bug("unmapped_tables_are_not_looked_at", "what nobody mapped is taken for clean"),
    bug("others_are_not_covered", "other people's names are handed out"),
    bug("a_text_is_not_looked_at_again", "after a restore only whole fields are compared"),
    bug("a_woken_case_judges_by_its_first_day", "what was kept is kept for ever"),
    bug("a_limit_is_inclusive", "a row goes one moment before its minimum age ends"),
    bug("dependents_are_forgotten", "rows that belong to a deleted row are left behind"),
    bug("a_dependents_minimum_age_is_forgotten", "a row goes although what hangs on it must stay"),
    bug("a_held_row_is_forgotten", "single rows on hold are not left out of a run"),
    bug("a_rules_condition_is_forgotten", "a rule for closed tickets deletes open ones"),
    bug("a_batch_is_written_down_after_it", "what a killed batch may have done is not known"),
    bug("a_batch_is_counted_twice", "a batch of unknown outcome is counted and tried again"),
];

/// What a hunt came to.
#[derive(Debug, Clone)]
pub struct Found {
    /// The mistake.
    pub bug: Bug,
    /// How many seeds were played until one found it, and what it saw; `None` if none did.
    pub by: Option<(u64, u64, Violation)>,
}

/// Plays seeds with a mistake planted until one finds it, at most so many.
pub fn hunt(bug: Bug, from: u64, at_most: u64) -> Found {
    model::planted::plant(Some(bug.name));
    let mut by = None;
    for (played, number) in (1..).zip(from..from.saturating_add(at_most)) {
        if let Err(violation) = play(&Seed::new(number)) {
            by = Some((played, number, violation));
            break;
        }
    }
    model::planted::plant(None);
    Found { bug, by }
}
