//! The sentences of the console's pages about requests, letters, disclosures and jobs.

use app::desk::Status;
use app::intake::{Capacity, Kind};
use policy::clock::PauseReason;
use render::words::{count, number};

/// These sentences in one language.
pub struct Desk {
    /// Heading of the queue, and the way back to it.
    pub requests: &'static str,
    /// The ways from here: key and words.
    pub ways: [(&'static str, &'static str); 6],
    /// Name of these ways.
    pub ways_name: &'static str,
    /// Heads of the queue.
    pub head: [&'static str; 5],
    /// The queue is empty.
    pub empty: &'static str,
    /// Nothing fits the filter.
    pub none_so: &'static str,
    /// Filter: labels.
    pub filter: &'static str,
    /// Filter: every state.
    pub any_state: &'static str,
    /// Filter: every kind.
    pub any_kind: &'static str,
    /// Filter: which list.
    pub list: &'static str,
    /// Filter: those that are open.
    pub open: &'static str,
    /// Filter: answered ones too.
    pub every: &'static str,
    /// Label: organisation.
    pub organisation: &'static str,
    /// Label: state.
    pub state: &'static str,
    /// Label: kind.
    pub kind_label: &'static str,
    /// Button: filter.
    pub show: &'static str,
    /// Link: go on.
    pub more: &'static str,
    /// Link: from the beginning.
    pub first: &'static str,
    /// What is asked.
    pub kind: fn(Kind) -> &'static str,
    /// By which door.
    pub channel: fn(&str) -> &'static str,
    /// Where it stands.
    pub status: fn(Status) -> &'static str,
    /// What a state means for whoever works here.
    pub next: fn(Status) -> &'static str,
    /// How many days are left.
    pub left: fn(i32) -> String,
    /// Nobody sets a day.
    pub no_day: &'static str,
    /// The clock stands still.
    pub paused: &'static str,
    /// The same was asked before.
    pub duplicate: &'static str,
    /// It went no further.
    pub trouble: &'static str,
    /// Today: heading.
    pub due_today: &'static str,
    /// Calendar: heading.
    pub calendar: &'static str,
    /// Calendar: nothing is due.
    pub calendar_empty: &'static str,
    /// Calendar: days of the week.
    pub weekdays: [&'static str; 7],
    /// Calendar: months.
    pub months: [&'static str; 12],
    /// Calendar: the month before.
    pub before: &'static str,
    /// Calendar: the month after.
    pub after: &'static str,
    /// Calendar: "3 due".
    pub due_count: fn(usize) -> String,
    /// Entry: heading.
    pub file: &'static str,
    /// Entry: what it is for.
    pub file_lede: &'static str,
    /// Entry: by which door.
    pub channel_label: &'static str,
    /// Entry: the day.
    pub received_label: &'static str,
    /// Entry: the language of letters.
    pub language_label: &'static str,
    /// Entry: for whom.
    pub acting_label: &'static str,
    /// Entry: for themselves.
    pub acting_none: &'static str,
    /// As what somebody asks for another.
    pub capacity: fn(Capacity) -> &'static str,
    /// Entry: button.
    pub keep: &'static str,
    /// Labels of who asks, in the order of the page: address, name, telephone, user name, account, further
    /// addresses, place, their words, purpose, who asks for them, the address of that person.
    pub who_labels: [&'static str; 11],
    /// Request: heading.
    pub title: fn(&str, &str) -> String,
    /// Request: came on, by.
    pub came: fn(&str, &str) -> String,
    /// Heading: what is to be done now.
    pub now: &'static str,
    /// Heading: further acts.
    pub other_acts: &'static str,
    /// Heading: who asks.
    pub who: &'static str,
    /// It is forgotten.
    pub forgotten: &'static str,
    /// Whoever reads may not see it.
    pub sealed: &'static str,
    /// Corrections asked for.
    pub corrections: &'static str,
    /// Heads of corrections.
    pub corrections_head: [&'static str; 3],
    /// What was shown.
    pub shown: fn(&str, &str) -> String,
    /// Nothing was shown.
    pub not_shown: &'static str,
    /// Heading: clock.
    pub clock: &'static str,
    /// Labels: answer, acknowledge, put off, waits.
    pub clock_labels: [&'static str; 5],
    /// Heads of those who set a day.
    pub clock_head: [&'static str; 3],
    /// What is awaited.
    pub waits_for: fn(PauseReason) -> &'static str,
    /// A rule was not verified.
    pub unverified: &'static str,
    /// Answered in time or not.
    pub in_time: fn(bool) -> &'static str,
    /// Heading: plan.
    pub plan: &'static str,
    /// The plan in plain words: changed rows, systems, kept, not reached.
    pub plan_said: fn(bool, u64, usize, u64, usize) -> String,
    /// Nobody is known.
    pub plan_nobody: &'static str,
    /// More than one person was found.
    pub several: fn(u64) -> String,
    /// More rows than the cap.
    pub over_cap: fn(u64, u64) -> String,
    /// Heads of changes.
    pub changes_head: [&'static str; 4],
    /// Heading: kept.
    pub kept: &'static str,
    /// Heads of kept.
    pub kept_head: [&'static str; 4],
    /// Heading: corrections in the plan.
    pub corrected_head: [&'static str; 5],
    /// Heading: not reached.
    pub not_reached: &'static str,
    /// Heading: not read.
    pub unread: &'static str,
    /// Heading: may be the person's.
    pub possible: &'static str,
    /// Heading: stands against it.
    pub against: &'static str,
    /// Heading: notes.
    pub notes: &'static str,
    /// Heading: steps.
    pub steps: &'static str,
    /// "7 rows"
    pub rows: fn(u64) -> String,
    /// Digest.
    pub digest: &'static str,
    /// Heading: how far.
    pub progress: &'static str,
    /// A system that waits, was changed, was searched again, and what was left there.
    pub system_waits: &'static str,
    /// Rows changed.
    pub system_done: fn(u64) -> String,
    /// Searched again.
    pub system_verified: &'static str,
    /// Something is left.
    pub system_left: fn(u64) -> String,
    /// It is being worked on.
    pub live: &'static str,
    /// See whether it is done.
    pub look_again: &'static str,
    /// Not before.
    pub not_before: fn(&str) -> String,
    /// Approved by.
    pub approved_by: fn(&str, &str) -> String,
    /// Heading: outcome.
    pub outcome: &'static str,
    /// The outcome's word.
    pub outcome_said: fn(&str, u64, u64) -> String,
    /// Heading: incomplete.
    pub incomplete: &'static str,
    /// Heading: tasks.
    pub tasks: &'static str,
    /// No task.
    pub tasks_empty: &'static str,
    /// Task: labels.
    pub task_labels: [&'static str; 4],
    /// Task: button: ask.
    pub task_ask: &'static str,
    /// Task: nobody has it.
    pub task_nobody: &'static str,
    /// Task: by a day.
    pub task_by: fn(&str) -> String,
    /// Task: done on.
    pub task_done: fn(&str) -> String,
    /// Task: open.
    pub task_open: &'static str,
    /// Task: take it on.
    pub task_take: &'static str,
    /// Task: what was done.
    pub task_what_done: &'static str,
    /// Task: file.
    pub task_file: &'static str,
    /// Task: button: done.
    pub task_finish: &'static str,
    /// Task: look at the file.
    pub task_evidence: fn(&str) -> String,
    /// Heading: processors.
    pub processors: &'static str,
    /// No processor.
    pub processors_empty: &'static str,
    /// Told on.
    pub told: fn(&str) -> String,
    /// Not told yet.
    pub not_told: &'static str,
    /// Not told yet, and there is no address.
    pub not_told_by_mail: &'static str,
    /// Answered on.
    pub answered: fn(&str) -> String,
    /// Has not answered.
    pub not_answered: &'static str,
    /// Button: was told.
    pub note_told: &'static str,
    /// Button: has answered.
    pub note_answered: &'static str,
    /// Heading: letters.
    pub letters: &'static str,
    /// No letter.
    pub letters_empty: &'static str,
    /// A letter, by its name.
    pub letter: fn(&str) -> String,
    /// A letter that waits.
    pub letter_waits: &'static str,
    /// A letter that went out.
    pub letter_sent: &'static str,
    /// A letter that came back.
    pub letter_failed: fn(&str) -> String,
    /// Heading: files for the person.
    pub files: &'static str,
    /// A file, and how often it was fetched.
    pub file_said: fn(&str, u64) -> String,
    /// Heading: notes and messages.
    pub said: &'static str,
    /// A note's kind.
    pub note: fn(&str) -> &'static str,
    /// Heading: log.
    pub events: &'static str,
    /// Waits to be sealed.
    pub waits: &'static str,
    /// Acts: their headings or buttons, by key.
    pub act: fn(&str) -> &'static str,
    /// Acts: what they do, by key.
    pub act_help: fn(&str) -> &'static str,
    /// Acts: the box that is ticked first, by key.
    pub sure: fn(&str) -> &'static str,
    /// The box was not ticked.
    pub not_sure: &'static str,
    /// Label: kind.
    pub sort_label: &'static str,
    /// Label: how it was shown.
    pub identify_label: &'static str,
    /// The ways in which something is shown: key and words.
    pub identify_ways: [(&'static str, &'static str); 5],
    /// A document was handed in.
    pub document: &'static str,
    /// Button: look at it.
    pub document_open: &'static str,
    /// Label: the question, the reason, the answer.
    pub text_label: fn(&str) -> &'static str,
    /// A factor is asked for.
    pub step_up: &'static str,
    /// The same was asked under another number.
    pub same_as: fn(&str) -> String,
    /// A second person is needed.
    pub second_person: &'static str,
    /// Letters: heading.
    pub letters_title: &'static str,
    /// Letters: lede.
    pub letters_lede: &'static str,
    /// Letters: whose words.
    pub letters_own: fn(bool) -> &'static str,
    /// Letters: broken.
    pub letters_wrong: fn(&str) -> String,
    /// Disclosures: heading.
    pub disclosures: &'static str,
    /// Disclosures: lede.
    pub disclosures_lede: &'static str,
    /// Disclosures: none.
    pub disclosures_empty: &'static str,
    /// Disclosures: heads.
    pub disclosures_head: [&'static str; 6],
    /// Disclosures: write one down.
    pub disclosures_new: &'static str,
    /// Disclosures: labels.
    pub disclosures_labels: [&'static str; 5],
    /// Disclosures: counts of a year.
    pub disclosures_year: fn(i16) -> String,
    /// Disclosures: button.
    pub disclosures_keep: &'static str,
    /// Jobs: heading.
    pub jobs: &'static str,
    /// Jobs: counts.
    pub jobs_counts: fn(u64, u64, u64) -> String,
    /// Jobs: none was given up.
    pub jobs_empty: &'static str,
    /// Jobs: lede.
    pub jobs_lede: &'static str,
    /// Jobs: tried so often, given up on.
    pub jobs_tried: fn(u64, &str) -> String,
    /// Jobs: button: retry.
    pub jobs_retry: &'static str,
    /// Jobs: button: drop.
    pub jobs_drop: &'static str,
    /// Jobs: a kind of job.
    pub job: fn(&str) -> &'static str,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Desk({})", self.requests)
    }
}

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
            "The person was asked something. Their answer comes by mail; say so here when it has come."
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
        "refusal" => "refused".to_owned(),
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
        "put-off" => "Take more time",
        "refuse" => "Refuse",
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
        "put-off" => {
            "Once, and only where every law and the notice let you. The person is told why."
        }
        "refuse" => {
            "The letter names the reason, the way to have it looked at again, and the regulator."
        }
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
        _ => "What was done, as the person reads it",
    },
    step_up: "This asks for a sign-in no older than ten minutes.",
    same_as: |other| format!("The same person asked for the same before: request {other}."),
    second_person: "The policy asks for a second person: whoever had the plan made, or wrote the request down, cannot approve it.",
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
