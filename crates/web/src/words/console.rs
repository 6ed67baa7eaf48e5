//! The sentences of the console.

use render::words::{count, number};

/// The sentences of the console in one language.
pub struct Console {
    /// Its tag.
    pub lang: &'static str,
    /// Link for whoever uses a keyboard.
    pub skip: &'static str,
    /// Name of the navigation.
    pub navigation: &'static str,
    /// Entries of the navigation, by key.
    pub entries: &'static [(&'static str, &'static str)],
    /// Link to one's own account.
    pub account: &'static str,
    /// Button that ends the session.
    pub sign_out: &'static str,
    /// Link to the public pages.
    pub public: &'static str,
    /// A role's word, by its key.
    pub role: fn(&str) -> String,
    /// Today: heading.
    pub today: &'static str,
    /// Today: nothing waits.
    pub nothing_today: &'static str,
    /// Today: promises that need somebody.
    pub promises_need: fn(u64) -> String,
    /// Today: confirmations.
    pub to_confirm: &'static str,
    /// Today: due on, by.
    pub confirm_by: fn(&str, &str) -> String,
    /// Today: never confirmed.
    pub confirm_first: fn(&str) -> String,
    /// Today: rows that are due.
    pub rows_due: fn(u64) -> String,
    /// Link to retention.
    pub see_retention: &'static str,
    /// What changed since yesterday.
    pub since_yesterday: &'static str,
    /// Nothing did.
    pub no_change: &'static str,
    /// Promises: heading.
    pub question: &'static str,
    /// Promises: the filter's name.
    pub filter: &'static str,
    /// Promises: every state.
    pub all: &'static str,
    /// Promises: no promise stands so.
    pub none_so: fn(&str) -> String,
    /// The button that has the systems asked.
    pub look_now: &'static str,
    /// What that button does.
    pub looking_asks: &'static str,
    /// A look is under way since.
    pub looking: fn(&str) -> String,
    /// See whether it is done.
    pub look_again: &'static str,
    /// The last look failed.
    pub look_failed: fn(&str) -> String,
    /// Nothing was looked at so far.
    pub never_looked: &'static str,
    /// "seen 23 November 2026, 14:05"
    pub seen: fn(&str) -> String,
    /// "checked … against 4 systems"
    pub checked: fn(&str, u64) -> String,
    /// The policy folder is not sound.
    pub unsound: &'static str,
    /// Promise: its controls.
    pub controls: &'static str,
    /// Promise: last runs.
    pub last_runs: &'static str,
    /// Promise: proof.
    pub proof: &'static str,
    /// "entry 17"
    pub entry: fn(u64) -> String,
    /// Link: download a proof.
    pub download: &'static str,
    /// Waits to be sealed.
    pub waits: &'static str,
    /// Promise: where it stands in the notice.
    pub in_notice: &'static str,
    /// Promise: the sentence is not in the notice.
    pub not_in_notice: &'static str,
    /// Promise: no run.
    pub no_runs: &'static str,
    /// A state's word, and what it means.
    pub back: &'static str,
    /// Map: heading.
    pub map: &'static str,
    /// Map: nothing seen.
    pub map_empty: &'static str,
    /// Systems: heading.
    pub systems: &'static str,
    /// Systems: none.
    pub systems_empty: &'static str,
    /// Systems: in order.
    pub healthy: &'static str,
    /// Systems: not in order.
    pub unhealthy: &'static str,
    /// Systems: not looked at.
    pub not_looked: &'static str,
    /// Systems: rights that are missing.
    pub missing: &'static str,
    /// Systems: rights too many.
    pub beyond: &'static str,
    /// Systems: what could not be seen.
    pub unseen: &'static str,
    /// Systems: how to connect another.
    pub connect_another: &'static str,
    /// Systems: so many tables and fields.
    pub holds_tables: fn(usize, usize) -> String,
    /// Retention: heading.
    pub retention: &'static str,
    /// Retention: nothing seen.
    pub retention_empty: &'static str,
    /// Retention: what is due.
    pub due_rows: fn(u64, bool) -> String,
    /// Retention: heads of the table.
    pub retention_head: [&'static str; 6],
    /// Retention: how to run.
    pub run_with: &'static str,
    /// Retention: what no rule covers.
    pub not_covered: &'static str,
    /// Retention: runs.
    pub runs: &'static str,
    /// Retention: no run.
    pub runs_empty: &'static str,
    /// Retention: a run's row.
    pub run_rows: fn(u64) -> String,
    /// Retention: a run that ended well.
    pub complete: &'static str,
    /// Retention: one that did not.
    pub incomplete: &'static str,
    /// Retention: holds.
    pub holds: &'static str,
    /// Retention: no hold.
    pub holds_empty: &'static str,
    /// Retention: until a day.
    pub until: fn(&str) -> String,
    /// Retention: without an end.
    pub open_end: &'static str,
    /// Retention: it was lifted.
    pub lifted: &'static str,
    /// Evidence: heading.
    pub evidence: &'static str,
    /// Evidence: the sentence below.
    pub evidence_lede: fn(u64, u64) -> String,
    /// Evidence: labels.
    pub log_name: &'static str,
    /// The log's key.
    pub log_key: &'static str,
    /// Its checkpoint.
    pub checkpoint: &'static str,
    /// Evidence: heads of the table.
    pub evidence_head: [&'static str; 4],
    /// Evidence: empty.
    pub evidence_empty: &'static str,
    /// Evidence: an erased event.
    pub erased: &'static str,
    /// Evidence: sealed.
    pub sealed: &'static str,
    /// Evidence: what it says.
    pub opening: &'static str,
    /// Evidence: older.
    pub older: &'static str,
    /// Evidence: newest.
    pub newest: &'static str,
    /// Evidence: heading of the instructions.
    pub verify: &'static str,
    /// Evidence: the instructions.
    pub verify_steps: &'static [&'static str],
    /// Versions: heading.
    pub versions: &'static str,
    /// Versions: none on its way.
    pub versions_empty: &'static str,
    /// Versions: the promised lead time.
    pub lead_promised: fn(&str) -> String,
    /// Versions: none is promised.
    pub lead_none: &'static str,
    /// "Version 4"
    pub version_named: fn(&str) -> String,
    /// "in force from 1 March 2027"
    pub effective_on: fn(&str) -> String,
    /// Its day has come, and its text is not there.
    pub version_overdue: &'static str,
    /// Sentences added, removed, all.
    pub version_changes: fn(u64, u64, u64) -> String,
    /// Every promise in it is true and proven.
    pub version_sound: &'static str,
    /// Promises that are false.
    pub version_broken: &'static str,
    /// Promises that are not proven.
    pub version_unproven: &'static str,
    /// Promises whose words are gone.
    pub version_lost: &'static str,
    /// How many were told.
    pub version_told: &'static str,
    /// Heading of the snippets for the home page.
    pub banner: &'static str,
    /// Button: check again.
    pub check_again: &'static str,
    /// Label: the day.
    pub effective_label: &'static str,
    /// Label: the reason.
    pub because_label: &'static str,
    /// Button: schedule.
    pub schedule: &'static str,
    /// Button: discard.
    pub discard: &'static str,
    /// Heading of the form.
    pub new_version: &'static str,
    /// Label: version.
    pub version_label: &'static str,
    /// Label: form.
    pub form_label: &'static str,
    /// Label: text.
    pub text_label: &'static str,
    /// Button: keep the draft.
    pub keep_draft: &'static str,
    /// Settings: heading.
    pub settings: &'static str,
    /// Settings: where they are changed.
    pub settings_lede: &'static str,
    /// Settings: labels, in the order of the page.
    pub settings_labels: [&'static str; 8],
    /// Yes and no.
    pub yes_no: fn(bool) -> &'static str,
    /// Nothing set.
    pub unset: &'static str,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Console({})", self.lang)
    }
}

/// The console in English.
pub const ENGLISH: Console = Console {
    lang: "en",
    skip: "Skip to the content",
    navigation: "Main",
    entries: &[
        ("today", "Today"),
        ("promises", "Promises"),
        ("versions", "Versions"),
        ("requests", "Requests"),
        ("map", "Data map"),
        ("systems", "Systems"),
        ("retention", "Retention"),
        ("evidence", "Evidence"),
        ("people", "People"),
        ("tokens", "Tokens"),
        ("webhooks", "Webhooks"),
        ("settings", "Settings"),
    ],
    account: "Your account",
    sign_out: "Sign out",
    public: "Public pages",
    role: |role| role.replace('-', " "),
    today: "Today",
    nothing_today: "Nothing needs you today. Every promise that was looked at holds, and nothing is due.",
    promises_need: |n| format!("{} you", count(n, "promise needs", "promises need")),
    to_confirm: "To be confirmed by a person",
    confirm_by: |who, day| format!("by the {who}, until {day}"),
    confirm_first: |who| format!("by the {who}; it was never confirmed"),
    rows_due: |n| format!("{} older than promised", count(n, "row is", "rows are")),
    see_retention: "See what is due",
    since_yesterday: "Changed since yesterday",
    no_change: "No promise stands differently than a day ago.",
    question: "Is our privacy notice true?",
    filter: "Show",
    all: "all",
    none_so: |state| format!("No promise is {state}."),
    look_now: "Look now",
    looking_asks: "Asks the connected systems and changes nothing in them. May take minutes.",
    looking: |since| format!("The systems are being asked since {since}."),
    look_again: "See whether it is done",
    look_failed: |why| format!("The last look did not come about: {why}."),
    never_looked: "Nothing was looked at yet, so nothing is proven. Have the systems looked at, or run `upheld status`.",
    seen: |moment| format!("seen {moment}"),
    checked: |moment, systems| {
        format!("checked {moment} against {}", count(systems, "system", "systems"))
    },
    unsound: "The policy folder was changed and has errors. These pages show the last version without; `upheld check` says what is wrong.",
    controls: "What holds it up",
    last_runs: "Last runs",
    proof: "Proof",
    entry: |n| format!("entry {}", number(n)),
    download: "download and check it yourself",
    waits: "waits to be sealed",
    in_notice: "Read it in the notice",
    not_in_notice: "This sentence is not in the notice any more.",
    no_runs: "No control of this promise was run yet.",
    back: "All promises",
    map: "Data map",
    map_empty: "The systems were not compared with the map yet. Look now, or run `upheld map`.",
    systems: "Systems",
    systems_empty: "No system is connected. Run `upheld connect NAME URL`: it looks into the system and writes its map.",
    healthy: "in order",
    unhealthy: "needs somebody",
    not_looked: "not looked at yet",
    missing: "Rights that are missing, with the statements that give them",
    beyond: "Rights that are not needed, with the statements that take them away",
    unseen: "Could not be looked at",
    connect_another: "To connect another one, run `upheld connect NAME URL`. The password is asked for, sealed, and shown to nobody.",
    holds_tables: |tables, fields| {
        format!(
            "{}, {}",
            count(tables as u64, "collection", "collections"),
            count(fields as u64, "field", "fields")
        )
    },
    retention: "Retention",
    retention_empty: "What is due was not counted yet. Look now, or run `upheld retain plan`.",
    due_rows: |n, at_least| {
        let at_least = if at_least { "At least " } else { "" };
        match n {
            0 => "Nothing is older than promised.".to_owned(),
            n => format!("{at_least}{} older than promised.", count(n, "row is", "rows are")),
        }
    },
    retention_head: ["System", "What", "Rule", "Due", "Oldest", "Must stay"],
    run_with: "`upheld retain run` disposes of what is due, and issues a signed record.",
    not_covered: "Not covered by any rule",
    runs: "Runs",
    runs_empty: "No run so far.",
    run_rows: |n| count(n, "row", "rows"),
    complete: "complete",
    incomplete: "not complete",
    holds: "Legal holds",
    holds_empty: "No hold. `upheld hold add` places one.",
    until: |day| format!("until {day}"),
    open_end: "until it is lifted",
    lifted: "lifted",
    evidence: "Evidence",
    evidence_lede: |sealed, events| {
        let waiting = events.saturating_sub(sealed);
        let sealed = count(sealed, "entry is", "entries are");
        match waiting {
            0 => format!(
                "{sealed} sealed. Nothing can be changed or taken out without everybody seeing it."
            ),
            n => format!("{sealed} sealed, {} waiting to be.", number(n)),
        }
    },
    log_name: "Log",
    log_key: "Public key",
    checkpoint: "Signed checkpoint",
    evidence_head: ["Entry", "When", "What happened", "Proof"],
    evidence_empty: "Nothing happened yet. The first look at the promises makes the first entry.",
    erased: "what it stood for was erased; it is still proved",
    sealed: "proof",
    opening: "what it says",
    older: "Older entries",
    newest: "Newest entries",
    verify: "Check it without us",
    verify_steps: &[
        "Download the proof of an entry, and beside it what the entry says.",
        "Run `upheld ledger export log`, which copies the log with its public key and a reader in Python that needs nothing else; or use any tool for C2SP tlog-tiles logs.",
        "Compare the key with the one that the organisation has published. `upheld ledger verify --folder log --key KEY` checks every entry, hash and signature offline.",
    ],
    versions: "Versions of the notice",
    versions_empty: "No version is on its way. Draft one below: it is laid beside the promises before it gets its day.",
    lead_promised: |period| format!("changes are announced {period} before they take effect"),
    lead_none: "the notice promises no time between announcing a change and its taking effect",
    version_named: |version| format!("Version {version}"),
    effective_on: |day| format!("in force from {day}"),
    version_overdue: "Its day has come, and the policy folder does not have it: put the text into the notice's file, its version, its day and the version before it into policy.yaml. The server takes it within a second.",
    version_changes: |added, removed, all| {
        format!(
            "{}: {} added or changed, {} taken out or replaced",
            count(all, "sentence", "sentences"),
            number(added),
            number(removed)
        )
    },
    version_sound: "Every promise in it is true and proven.",
    version_broken: "False now:",
    version_unproven: "Not proven:",
    version_lost: "Words that are gone; take these promises back or give them new quotes:",
    version_told: "People who were told, by route:",
    banner: "For the home page, until it holds",
    check_again: "Check again",
    effective_label: "In force from",
    because_label: "Why, if something in it is false or not proven (stands in the log; name nobody)",
    schedule: "Schedule and announce",
    discard: "Discard",
    new_version: "Draft a version",
    version_label: "Version",
    form_label: "Written as",
    text_label: "Text",
    keep_draft: "Keep and check",
    settings: "Settings",
    settings_lede: "They stand in upheld.toml in the policy folder. The server takes them when it starts.",
    settings_labels: [
        "Address for people",
        "TLS spoken here",
        "Trusted proxies",
        "Zone of moments",
        "Language of the notice",
        "States shown to the public",
        "Colour and logo",
        "Connected systems",
    ],
    yes_no: |yes| if yes { "yes" } else { "no" },
    unset: "not set",
};
