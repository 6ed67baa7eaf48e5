//! The sentences of the console's pages about requests, letters, disclosures and jobs.

mod en;

use app::desk::Status;
use app::intake::{Capacity, Kind};
use policy::clock::PauseReason;

pub use en::ENGLISH;

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
    /// A fee could be asked for: amount and reason.
    pub fee_named: fn(&str, &str) -> String,
    /// A fee is awaited.
    pub fee_awaited: fn(&str) -> String,
    /// Somebody else decides on the second look.
    pub another_person: &'static str,
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
