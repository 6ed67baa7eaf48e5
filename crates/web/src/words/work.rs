//! The sentences about what is done with map, retention, holds, confirmations and webhooks.

use render::words::{count, number};

/// These sentences in one language.
pub(crate) struct Work {
    pub(crate) proposals: &'static str,
    pub(crate) proposals_lede: &'static str,
    pub(crate) no_proposals: &'static str,
    pub(crate) sure: fn(u8) -> String,
    pub(crate) writes: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) accept_above: &'static str,
    pub(crate) above: &'static str,
    pub(crate) run: &'static str,
    pub(crate) run_lede: fn(u64) -> String,
    pub(crate) run_sure: &'static str,
    pub(crate) running: fn(&str, u64) -> String,
    pub(crate) run_failed: fn(&str) -> String,
    pub(crate) second: &'static str,
    pub(crate) agree: &'static str,
    pub(crate) agreed: &'static str,
    pub(crate) agreed_by_you: &'static str,
    pub(crate) step_up: &'static str,
    pub(crate) place: &'static str,
    pub(crate) hold_labels: [&'static str; 5],
    pub(crate) hold_kinds: [(&'static str, &'static str); 5],
    pub(crate) hold_help: &'static str,
    pub(crate) lift: &'static str,
    pub(crate) lift_reason: &'static str,
    pub(crate) duties: &'static str,
    pub(crate) duty_last: fn(&str) -> String,
    pub(crate) duty_due: fn(&str) -> String,
    pub(crate) attest: &'static str,
    pub(crate) attest_note: &'static str,
    pub(crate) attest_sure: &'static str,
    pub(crate) webhooks: &'static str,
    pub(crate) webhooks_lede: &'static str,
    pub(crate) webhooks_empty: &'static str,
    pub(crate) told_of: fn(&[String]) -> String,
    pub(crate) works: &'static str,
    pub(crate) paused: &'static str,
    pub(crate) pause: &'static str,
    pub(crate) resume: &'static str,
    pub(crate) test: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) add: &'static str,
    pub(crate) url: &'static str,
    pub(crate) kinds: &'static str,
    pub(crate) secret: &'static str,
    pub(crate) messages: &'static str,
    pub(crate) no_messages: &'static str,
    pub(crate) delivered: &'static str,
    pub(crate) tried: fn(u64) -> String,
}

/// In English.
pub(crate) const ENGLISH: Work = Work {
    proposals: "Proposals for the map",
    proposals_lede: "What is taken over is written into the policy folder; comments and everything else in its files stay. The systems are looked at once more before it, which may take minutes.",
    no_proposals: "No proposal waits. What a person must decide stands above with what to do.",
    sure: |percent| format!("{percent} % sure"),
    writes: "Writes:",
    accept: "Take over what is ticked",
    accept_above: "Take over all that are so sure",
    above: "At least so sure, in percent",
    run: "Dispose of what is due",
    run_lede: |rows| {
        format!(
            "{} would go now, in small batches, with a signed record. What the law, a hold or a restriction keeps stays.",
            count(rows, "row", "rows")
        )
    },
    run_sure: "I have read what is due. What goes cannot be brought back.",
    running: |since, rows| {
        format!(
            "A run is under way since {since}: {} disposed of so far.",
            count(rows, "row", "rows")
        )
    },
    run_failed: |why| format!("The last run did not come about: {why}"),
    second: "The policy asks for a second person: one says yes to this list, another starts the run. A yes holds for the day.",
    agree: "Say yes to this list",
    agreed: "Somebody else has said yes to this list.",
    agreed_by_you: "You have said yes to this list; somebody else starts the run.",
    step_up: "A factor is asked for first.",
    place: "Place a hold",
    hold_labels: [
        "What is held",
        "Which one",
        "Why (names no person)",
        "Who answers for it",
        "Last day; empty until it is lifted",
    ],
    hold_kinds: [
        ("client", "A client, with all that belongs to it"),
        ("system", "A whole system"),
        ("collection", "A collection"),
        ("record", "One record"),
        ("person", "A person"),
    ],
    hold_help: "The key of the client or system; `system.collection`; `system.collection:key` for a record; the e-mail address of a person, which is sealed.",
    lift: "Lift it",
    lift_reason: "Why it is lifted",
    duties: "Confirmed by a person",
    duty_last: |day| format!("last confirmed {day}"),
    duty_due: |day| format!("to be confirmed again by {day}"),
    attest: "Confirm it",
    attest_note: "A remark; it is sealed",
    attest_sure: "I have looked, and it is so.",
    webhooks: "Webhooks",
    webhooks_lede: "Programs that are told what happens, signed in the form of Standard Webhooks. They are told ids and words, never who somebody is.",
    webhooks_empty: "No program is told anything.",
    told_of: |kinds| {
        if kinds.is_empty() {
            "told of everything".to_owned()
        } else {
            format!("told of {}", kinds.join(", "))
        }
    },
    works: "is told",
    paused: "paused",
    pause: "Pause",
    resume: "Go on",
    test: "Send a test",
    remove: "Remove",
    add: "Add a webhook",
    url: "Address, as https://hooks.acme.example/upheld",
    kinds: "What it is told of (everything if nothing is ticked)",
    secret: "It was added. This is the secret of its signatures, and it is shown this once:",
    messages: "Last messages",
    no_messages: "None yet.",
    delivered: "taken",
    tried: |times| format!("not taken yet, tried {} times", number(times)),
};
