//! The words of the notice with its states.

use super::{count, number};
use crate::coverage::{State, Tally};

/// The question that the page answers.
pub const TITLE: &str = "Is our privacy notice true?";

/// A state's word.
pub const fn state(state: State) -> &'static str {
    match state {
        State::Upheld => "upheld",
        State::AtRisk => "at risk",
        State::Broken => "broken",
        State::Unproven => "unproven",
    }
}

/// On what the answer rests.
pub fn basis(notice: &str, moment: &str, systems: u64, not_reached: u64) -> String {
    if systems + not_reached == 0 {
        return format!("{notice} · read {moment}; no system was looked at");
    }
    let mut text =
        format!("{notice} · checked {moment} against {}", count(systems, "system", "systems"));
    if not_reached > 0 {
        text.push_str(&format!(" · {} not reached", count(not_reached, "system", "systems")));
    }
    text
}

/// The answer, in one sentence.
pub fn answer(tally: &Tally) -> String {
    let promises = tally.upheld + tally.at_risk + tally.broken + tally.unproven;
    if promises == 0 {
        return "No promise points at this notice yet.".to_owned();
    }
    if tally.broken > 0 {
        return format!(
            "{} in it {} false now.",
            count(tally.broken, "promise", "promises"),
            if tally.broken == 1 { "is" } else { "are" }
        );
    }
    if tally.unproven > 0 {
        return format!(
            "Nothing in it is known to be false, and {} {} without proof.",
            count(tally.unproven, "promise", "promises"),
            if tally.unproven == 1 { "is" } else { "are" }
        );
    }
    if tally.at_risk > 0 {
        return format!(
            "Yes, and {} {} near a limit.",
            count(tally.at_risk, "promise", "promises"),
            if tally.at_risk == 1 { "is" } else { "are" }
        );
    }
    if promises == 1 {
        "Yes: its one promise is upheld.".to_owned()
    } else {
        format!("Yes: all {} promises are upheld.", number(promises))
    }
}

/// Sentences that no promise quotes.
pub fn unquoted(n: u64) -> String {
    match n {
        0 => "Every sentence is quoted by a promise.".to_owned(),
        1 => "1 sentence is quoted by no promise.".to_owned(),
        n => format!("{} sentences are quoted by no promise.", number(n)),
    }
}

/// What needs a person.
pub const NEEDS_YOU: &str = "What needs somebody";

/// What nothing shows yet.
pub const UNPROVEN: &str = "Not proven yet";

/// What several promises lack.
pub fn of_them(n: u64, why: &str) -> String {
    format!("{why} This holds for {} of them.", number(n))
}

/// The way from a promise to its sentence.
pub const IN_THE_NOTICE: &str = "Read it in the notice";

/// Link to the page of a promise, where one is served.
pub const HISTORY: &str = "Last runs and proof";

/// When a control was looked at.
pub fn looked_at(moment: &str) -> String {
    format!("checked {moment}")
}

/// Nothing does.
pub const NEEDS_NOBODY: &str = "Nothing needs you today.";

/// No control.
pub const NO_CONTROL: &str = "no control";

/// What stands differently than the time before.
pub fn since(moment: &str, turned: usize) -> String {
    match turned {
        0 => format!("Nothing stands differently since {moment}."),
        n => {
            format!(
                "{} since {moment}",
                count(n as u64, "promise has turned", "promises have turned")
            )
        }
    }
}

/// One promise that has turned.
pub fn turned(turned: &crate::coverage::Turned) -> String {
    format!("{}: {} → {}", turned.promise, state(turned.from), state(turned.to))
}

/// Where a result is proved.
pub fn entry(entry: u64) -> String {
    format!("entry {} of the log", number(entry))
}

/// Column: the promise.
pub const PROMISE: &str = "Promise";
/// Column: what was found.
pub const FOUND: &str = "What was found";
/// Column: what is confirmed.
pub const WHAT: &str = "What is confirmed";
/// Column: who confirms it.
pub const OWNER: &str = "By the";
/// Column: when it was confirmed last.
pub const LAST: &str = "Last";
/// Column: until when it must be confirmed again.
pub const DUE: &str = "Due";
/// It was never confirmed.
pub const NEVER: &str = "never";
/// It is due now.
pub const NOW: &str = "now";

/// When it was confirmed, and by whom.
pub fn confirmed(day: &str, by: &str) -> String {
    format!("{day}, {by}")
}

/// Column: the state.
pub const STATE: &str = "State";
/// Column: the sentence.
pub const SENTENCE: &str = "Sentence";
/// Column: the controls.
pub const UPHELD_BY: &str = "Upheld by";
/// The promises that hold.
pub const THE_UPHELD: &str = "Upheld";
/// Label of the notice.
pub const NOTICE: &str = "Privacy notice";
/// Label of the counts.
pub const COUNTS: &str = "How many promises stand how";
/// Systems that were not reached.
pub const NOT_REACHED: &str = "Not reached";
/// The foot of the page.
pub const FOOTER: &str = "● upheld: every control passed. ◆ at risk: a limit is near. ✕ broken: the \
    sentence is false now. ○ unproven: no control, or evidence too old.";

/// Why a promise stands as it does.
pub fn why(promise: &crate::coverage::Promise) -> String {
    match (promise.reason.is_empty(), promise.state) {
        (false, _) => promise.reason.clone(),
        (true, State::Unproven) if promise.controls.is_empty() => {
            "No control stands behind it.".to_owned()
        }
        (true, State::Unproven) => "The evidence is too old.".to_owned(),
        (true, State::Broken) => "A control failed.".to_owned(),
        (true, State::AtRisk) => "A limit is near.".to_owned(),
        (true, State::Upheld) => "Every control passed.".to_owned(),
    }
}

/// A system that was not reached.
pub fn system_not_reached(system: &str) -> String {
    format!("{system} was not reached; what it holds was not checked.")
}
