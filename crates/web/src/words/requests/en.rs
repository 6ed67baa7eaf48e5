//! English.

use app::desk::Status;
use app::intake::{Capacity, Kind};
use policy::clock::PauseReason;
use render::words::{count, number};

use super::Desk;

/// The desk in English.
pub const ENGLISH: Desk = Desk {
    requests: "Requests",
    ways: [
        ("queue", "Queue"),
        ("calendar", "Calendar"),
        ("file", "Write one down"),
        ("letters", "Letters"),
        ("disclosures", "Disclosures"),
        ("jobs", "Jobs"),
    ],
    ways_name: "Requests",
    head: ["Request", "Asks for", "Stands at", "Due", "Came"],
    empty: "No request waits. They come by the form of the privacy centre, by the mailbox, and by what you write down here.",
    none_so: "No request is like that. Show all, or look at those that were answered.",
    filter: "Show",
    any_state: "every state",
    any_kind: "everything",
    list: "Which",
    open: "open",
    every: "all, answered ones too",
    organisation: "Organisation",
    state: "State",
    kind_label: "Asks for",
    show: "Show",
    more: "Further requests",
    first: "From the beginning",
    kind: |kind| match kind {
        Kind::Access => "a copy of the data",
        Kind::Portability => "a copy for another service",
        Kind::Rectification => "a correction",
        Kind::Erasure => "erasure",
        Kind::Closure => "closure of the account",
        Kind::Restriction => "a restriction",
        Kind::Objection => "an objection to a use",
        Kind::OptOut => "no sale and no sharing",
        Kind::ConsentWithdrawal => "the end of a consent",
        Kind::AutomatedDecisionReview => "review of an automated decision",
        Kind::ShineTheLight => "“Shine the Light”",
        Kind::Complaint => "a complaint",
        Kind::Unsorted => "not sorted yet",
    },
    channel: |channel| match channel {
        "form" => "by the form",
        "api" => "by a program",
        "mail" => "by mail to the mailbox",
        "phone" => "by telephone",
        "post" => "by post",
        _ => "in person",
    },
    status: |status| match status {
        Status::Unsorted => "to be sorted",
        Status::Unconfirmed => "not confirmed",
        Status::Unidentified => "who is it?",
        Status::Ready => "to be begun",
        Status::Planning => "being planned",
        Status::Planned => "to be approved",
        Status::Approved => "approved",
        Status::Running => "being carried out",
        Status::Waiting => "waits for the person",
        Status::ByHand => "tasks by hand",
        Status::Incomplete => "incomplete",
        Status::Done => "done",
        Status::Refused => "refused",
        Status::Withdrawn => "withdrawn",
        Status::Duplicate => "duplicate",
        Status::Lapsed => "lapsed",
        Status::Appealed => "to be looked at again",
    },
    next: |status| match status {
        Status::Unsorted => "Read the mail, and say what it asks for.",
        Status::Unconfirmed => {
            "The code that was written to the address is awaited. Without it, the request is forgotten after 14 days. Nothing is to be done."
        }
        Status::Unidentified => {
            "Decide whether whoever asks is who they say. Until then nothing is looked up."
        }
        Status::Ready => "Have the plan made. It asks the systems, and changes nothing in them.",
        Status::Planning => "The systems are being asked.",
        Status::Planned => "Read the plan, and approve it.",
        Status::Approved => "It runs as soon as the time to think it over has passed.",
        Status::Running => "It is being carried out, system by system.",
        Status::Waiting => {
            "Something is awaited from the person: an answer, or a fee. It comes by mail; say so here when it has come."
        }
        Status::ByHand => "The systems are done. With the last task by hand the answer goes out.",
        Status::Incomplete => {
            "Not everything could be done. See what is missing, mend it, and go on."
        }
        Status::Done => "It is answered. What it said is forgotten with the page of the person.",
        Status::Refused => "It was answered with no.",
        Status::Withdrawn => "It was taken back.",
        Status::Duplicate => "The same is answered under another number.",
        Status::Lapsed => "Nobody confirmed it, and what it said is forgotten.",
        Status::Appealed => {
            "It was answered, and the person asks for a second look. Read what they say, look at the answer from the beginning, and decide."
        }
    },
    left: |days| match days {
        0 => "today".to_owned(),
        1.. => format!("in {}", count(days.unsigned_abs().into(), "day", "days")),
        _ => format!("{} late", count(days.unsigned_abs().into(), "day", "days")),
    },
    no_day: "no day is set",
    paused: "the clock stands still",
    duplicate: "asked before",
    trouble: "It went no further",
    due_today: "Requests that are due",
    calendar: "Calendar",
    calendar_empty: "No answer is due in this month.",
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    before: "Month before",
    after: "Month after",
    due_count: |n| format!("{} due", number(n as u64)),
    file: "Write a request down",
    file_lede: "For what came by telephone, by post or in person. Fill in what you were told: all but the first three may stay empty.",
    channel_label: "It came",
    received_label: "On (today, if left empty)",
    language_label: "Letters in",
    acting_label: "Asked by",
    acting_none: "the person",
    capacity: |capacity| match capacity {
        Capacity::Agent => "an authorised agent",
        Capacity::Parent => "a parent or guardian",
    },
    keep: "Write it down",
    who_labels: [
        "E-mail address",
        "Name",
        "Telephone",
        "User name",
        "Customer or account number",
        "Further e-mail addresses",
        "Lives in",
        "In their words",
        "The use that it is about",
        "Asked for them by",
        "Their address",
    ],
    title: |number, kind| format!("Request {number}: {kind}"),
    came: |day, how| format!("came {how} on {day}"),
    now: "What is to be done",
    other_acts: "Something else",
    who: "Who asks",
    forgotten: "What was said is forgotten.",
    sealed: "Sealed: your role does not show who asks.",
    corrections: "What is wrong, and what is right",
    corrections_head: ["What", "Stands there", "Is right"],
    shown: |how, day| format!("Shown by: {how}, on {day}."),
    not_shown: "Nothing was shown yet of who they are.",
    clock: "Clock",
    clock_labels: ["Answer by", "Acknowledge by", "Put off on", "Waits for", "Answered"],
    clock_head: ["Who sets a day", "Until", "How it was found"],
    waits_for: |reason| match reason {
        PauseReason::Identity => "proof of who they are",
        PauseReason::Clarification => "an answer of the person",
        PauseReason::Fee => "the fee",
    },
    unverified: "The rule that sets the day was not verified by a lawyer of yours.",
    in_time: |yes| if yes { "in time" } else { "too late" },
    plan: "Plan",
    plan_said: |changes, rows, systems, kept, away| {
        let rows = count(rows, "row", "rows");
        let systems = count(systems as u64, "system", "systems");
        let does = if changes {
            format!("It changes or deletes {rows} in {systems}")
        } else {
            format!("It hands out {rows} of {systems}")
        };
        let keeps = match kept {
            0 => ", and keeps nothing back".to_owned(),
            n => format!(", and keeps {} that must stay", count(n, "row", "rows")),
        };
        let away = match away {
            0 => String::new(),
            n => format!(" {} not reached.", count(n as u64, "system was", "systems were")),
        };
        format!("{does}{keeps}.{away}")
    },
    plan_nobody: "Nobody is known by what was given: there is nothing to change or to hand out.",
    several: |n| {
        format!(
            "What was given found {} differently named people. That is a shared mailbox or a switchboard: look closely before you agree.",
            number(n)
        )
    },
    over_cap: |planned, limit| {
        format!(
            "It would change {} rows, and the policy's cap is {}: it cannot be approved here. Raise the cap in policy.yaml if that is right.",
            number(planned),
            number(limit)
        )
    },
    changes_head: ["System", "What", "What happens", "Rows"],
    kept: "What is kept, and why",
    kept_head: ["System", "What", "Why", "Rows"],
    corrected_head: ["System", "Field", "Before", "After", "Rows"],
    not_reached: "Not reached",
    unread: "Could not be looked into",
    possible: "May be the person's, and is not touched",
    against: "Stands against it",
    notes: "To know",
    steps: "How it was found, step by step",
    rows: |n| count(n, "row", "rows"),
    digest: "Digest of the plan",
    progress: "System by system",
    system_waits: "waits",
    system_done: |n| format!("{} changed or deleted", count(n, "row", "rows")),
    system_verified: "searched again",
    system_left: |n| {
        format!("{} left that should not be there", count(n, "place is", "places are"))
    },
    live: "The systems are being worked on. This page looks again by itself.",
    look_again: "See how far it is",
    not_before: |moment| {
        format!("It begins on {moment}. Until then the approval can be taken back.")
    },
    approved_by: |who, moment| format!("Approved by {who} on {moment}"),
    outcome: "What came of it",
    outcome_said: |word, rows, systems| {
        let rows = count(rows, "row", "rows");
        let systems = count(systems, "system", "systems");
        match word {
            "handed out" => format!("Handed out: {rows} of {systems}."),
            "erased" => format!("Erased: {rows} in {systems}, searched again afterwards."),
            "corrected" => format!("Corrected: {rows} in {systems}."),
            "marked" => "The person's choice is recorded, and holds from now on.".to_owned(),
            "nobody known" => "Nobody is known by what was given.".to_owned(),
            "refused" => "Answered with no.".to_owned(),
            _ => "Answered by hand.".to_owned(),
        }
    },
    incomplete: "Not done",
    tasks: "Tasks by hand",
    tasks_empty: "None. Ask for one where a system has no connector: a filing cabinet, a supplier's portal.",
    task_labels: ["Where", "What is to be done", "By whom", "Until"],
    task_ask: "Ask for a task",
    task_nobody: "nobody yet",
    task_by: |day| format!("until {day}"),
    task_done: |day| format!("done on {day}"),
    task_open: "open",
    task_take: "Take it on",
    task_what_done: "What was done",
    task_file: "A file that shows it (at most 16 MB; it is sealed, and its hash goes into the log)",
    task_finish: "It is done",
    task_evidence: |name| format!("Look at {name}"),
    processors: "Processors",
    processors_empty: "Nobody else must be told of this.",
    told: |day| format!("told on {day}"),
    not_told: "not told yet",
    not_told_by_mail: "not told yet: recipients.yaml names no address, so tell them yourself",
    answered: |day| format!("answered on {day}"),
    not_answered: "has not answered",
    note_told: "Was told",
    note_answered: "Has answered",
    letters: "Letters",
    letters_empty: "None was written. Without an e-mail address, or without `[mail.out]` in upheld.toml, nobody can be written to: tell them yourself.",
    letter: |name| match name {
        "verification" => "code to confirm".to_owned(),
        "acknowledgement" => "it has arrived".to_owned(),
        "clarification" => "a question".to_owned(),
        "extension" => "put off".to_owned(),
        "fee" => "a fee".to_owned(),
        "refusal" => "refused".to_owned(),
        "appeal-received" => "we look again".to_owned(),
        "appeal-kept" => "the answer stays".to_owned(),
        "appeal-granted" => "taken up again".to_owned(),
        "completion" => "what was done".to_owned(),
        "package" => "the package is ready".to_owned(),
        "code" => "code for the page".to_owned(),
        "warning" => "warning to us".to_owned(),
        other => other.to_owned(),
    },
    letter_waits: "waits to be sent",
    letter_sent: "sent",
    letter_failed: |code| format!("came back ({code})"),
    files: "For the person to fetch",
    file_said: |kind, times| {
        let what = match kind {
            "package" => "package",
            "certificate" => "certificate (JSON)",
            "certificate page" => "certificate (HTML)",
            other => other,
        };
        match times {
            0 => format!("{what}: not fetched yet"),
            n => format!("{what}: fetched {}", count(n, "time", "times")),
        }
    },
    said: "What was written",
    note: |kind| match kind {
        "question" => "Question to the person",
        "reason" => "Reason given",
        "answer" => "Answer",
        "appeal" => "Why the person does not agree",
        "kept" => "Why the answer stays",
        "granted" => "What happens after the second look",
        _ => "Message of the person",
    },
    events: "In the log",
    waits: "waits to be sealed",
    act: |key| match key {
        "sort" => "Say what it asks for",
        "identify" => "They are who they say",
        "plan" => "Make the plan",
        "plan again" => "Make the plan anew",
        "approve" => "Approve this plan",
        "approve mark" => "Say yes",
        "hold-back" => "Take the approval back",
        "go-on" => "Go on",
        "ask" => "Ask the person",
        "answered" => "The person has answered",
        "fee" => "Ask for the fee",
        "fee-paid" => "The fee was paid",
        "fee-waived" => "Waive the fee",
        "put-off" => "Take more time",
        "refuse" => "Refuse",
        "appeal" => "The person wants a second look",
        "appeal-grant" => "Take it up again",
        "appeal-keep" => "The answer stays",
        "withdraw" => "The person takes it back",
        "duplicate" => "Close as a duplicate",
        _ => "Answer by hand",
    },
    act_help: |key| match key {
        "sort" => "If an address is known, a code goes there first: a sender is easily forged.",
        "identify" => {
            "The work can begin. A document that was handed in is erased with this decision."
        }
        "plan" | "plan again" => {
            "Asks the connected systems and changes nothing in them. May take minutes."
        }
        "approve" => {
            "The yes is to this plan and to no other: if anything of it changes, it must be approved anew."
        }
        "approve mark" => "The choice is recorded and passed on to those who got the data.",
        "hold-back" => "Nothing was done yet. The plan stays.",
        "go-on" => "What is done already is not done twice.",
        "ask" => {
            "A mail goes out. Where the law lets it, the clock stands still until they answer."
        }
        "answered" => "The clock goes on, and so does the work.",
        "fee" => {
            "A mail names amount and reason. Where the law lets it, the clock stands still until the fee is settled. Without this nothing is charged."
        }
        "fee-paid" | "fee-waived" => "The clock goes on, and so does the work.",
        "put-off" => {
            "Once, and only where every law and the notice let you. The person is told why."
        }
        "refuse" => {
            "The letter names the reason, the way to have it looked at again, and the regulator."
        }
        "appeal" => {
            "For what came by mail, by telephone or by post. A clock of its own begins, and the person is told."
        }
        "appeal-grant" => {
            "The work begins again from the plan. The person is told what happens now."
        }
        "appeal-keep" => "The letter names the reason and the regulator. It is the last answer.",
        "withdraw" => "Nothing is done, and what it said is forgotten after a while.",
        "duplicate" => "Only this one is closed; the other one goes on.",
        _ => {
            "For what no system can do: the answer goes out with these words, and the clock stops."
        }
    },
    sure: |key| match key {
        "approve" => "I have read this plan, and what is kept.",
        "approve mark" => "I have read what is asked.",
        "refuse" => "The request shall be refused.",
        "appeal-grant" => "I have read why the person does not agree.",
        "appeal-keep" => "I have read why the person does not agree, and looked at it anew.",
        "withdraw" => "The person has said so.",
        "duplicate" => "Both are of the same person, for the same thing.",
        _ => "I am sure.",
    },
    not_sure: "tick the box before the button: nothing was done",
    sort_label: "It asks for",
    identify_label: "They have shown it by",
    identify_ways: [
        ("document", "a document"),
        ("data points", "what only they know"),
        ("known to us", "we know them"),
        ("authority", "an authority to ask for the person"),
        ("call back", "a call back to the number that we hold"),
    ],
    document: "A document was handed in. It is erased with the decision; that you look at it stands in the log.",
    document_open: "Look at the document",
    text_label: |key| match key {
        "ask" => "The question, as the person reads it",
        "put-off" => "Why it takes longer, as the person reads it",
        "refuse" => "Why not, as the person reads it",
        "appeal" => "What the person says against the answer, if anything",
        "appeal-grant" => "What happens now, as the person reads it",
        "appeal-keep" => "Why the answer stays, as the person reads it",
        _ => "What was done, as the person reads it",
    },
    step_up: "This asks for a sign-in no older than ten minutes.",
    same_as: |other| format!("The same person asked for the same before: request {other}."),
    second_person: "The policy asks for a second person: whoever had the plan made, or wrote the request down, cannot approve it.",
    fee_named: |amount, because| format!("The policy names a fee of {amount}: {because}"),
    fee_awaited: |amount| format!("A fee of {amount} is awaited."),
    another_person: "You gave the answer: somebody else says whether it stays. You can take the request up again.",
    letters_title: "Letters",
    letters_lede: "What people are sent, with samples. Put your own words into `letters/NAME.LANGUAGE.md` of the policy folder; `upheld check` tries them.",
    letters_own: |own| if own { "your words" } else { "our words" },
    letters_wrong: |why| format!("Your words cannot be used, and ours go out: {why}"),
    disclosures: "Disclosures to authorities",
    disclosures_lede: "Every demand of an authority by law, and what became of it. The counts of a year stand on the contact page of the privacy centre.",
    disclosures_empty: "None was written down. Write each one down when it is answered, refused ones too.",
    disclosures_head: ["When", "Authority", "Demand", "Answer", "People", "Particulars"],
    disclosures_new: "Write one down",
    disclosures_labels: [
        "Kind of authority",
        "Kind of demand",
        "How it was answered",
        "About how many people",
        "Particulars: who asked, by which law, what was handed over (sealed)",
    ],
    disclosures_year: |year| format!("In {year}"),
    disclosures_keep: "Write it down",
    jobs: "Jobs",
    jobs_counts: |waiting, running, dead| {
        format!(
            "{} waiting, {} running, {} given up",
            number(waiting),
            number(running),
            number(dead)
        )
    },
    jobs_empty: "None was given up. What fails is tried again by itself, later each time.",
    jobs_lede: "What was tried in vain too often waits here for a person: mend the cause and try it again, or drop it.",
    jobs_tried: |times, day| format!("tried {}, given up on {day}", count(times, "time", "times")),
    jobs_retry: "Try again",
    jobs_drop: "Drop",
    job: |kind| match kind {
        "send mail" => "Send a mail",
        "read mailbox" => "Look into the mailbox",
        "check promises" => "Check the promises",
        "watch request" => "Watch the clock of a request",
        "plan request" => "Make the plan of a request",
        "run request" => "Carry out a request",
        "tell processors" => "Tell the processors",
        "forget request" => "Forget an answered request",
        "expire" => "Forget what has run out",
        "scrub" => "Wipe what was forgotten",
        _ => "Something of another version",
    },
};
